//! `rotashare rules`: every rule and every term, from their own metadata.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::draft::Draft;
use rotashare_rules::registry::RULES;
use rotashare_rules::rule::{Applies, Meta, Param, ParamKind, Severity};
use rotashare_rules::rulebook::Rulebook;
use serde_json::{Value, json};

use crate::dataset::{self, Sources};
use crate::failure::Failure;
use crate::options::Today;
use crate::say;

/// List the rules and terms: what they hold, their parameters and defaults, and whether they are on
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare rules
  rotashare rules data/gstt-dartford
  rotashare rules --markdown > docs/rules.md

Exit codes: 0 done, 2 faults in the dataset.")]
pub(super) struct Args {
    /// A dataset: shows what is on and what is set there
    dir: Option<PathBuf>,
    #[command(flatten)]
    today: Today,
    /// Print them as a Markdown document
    #[arg(long, conflicts_with_all = ["json", "dir"])]
    markdown: bool,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let set = match &self.dir {
            Some(dir) => {
                let reading = dataset::read(dir)?;
                let draft = reading.draft.clone();
                let book = dataset::check(reading, &self.today).tell(Sources::default())?.book;
                Some(Set { draft, book })
            }
            None => None,
        };
        if self.markdown {
            say::result(&as_markdown())?;
        } else if self.json {
            say::json(&as_json(set.as_ref()))?;
        } else {
            say::result(&as_text(set.as_ref()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What a dataset sets.
struct Set {
    draft: Draft,
    book: Rulebook,
}

impl Set {
    /// Why a rule does nothing there, where it does nothing.
    fn idle(&self, meta: &Meta) -> Option<String> {
        match meta.applies {
            _ if !self.book.is_on(meta.id) => Some("off".to_owned()),
            Applies::With(table) if !self.draft.has(table) => {
                Some(format!("off: there is no {}", table.file_name()))
            }
            _ => None,
        }
    }
}

/// What must be there for a rule to apply, as a sentence after others; empty where nothing must.
fn needs(meta: &Meta, quote: &str) -> String {
    let list = meta.needs().iter().map(|key| format!("{quote}{key}{quote}")).collect::<Vec<_>>();
    match meta.applies {
        _ if list.is_empty() => String::new(),
        Applies::With(_) => format!(" Applies where there is {}.", list.join(", ")),
        _ if list.len() == 1 => format!(" Off unless {} is given.", list[0]),
        _ => format!(" Off unless {} are given.", list.join(" and ")),
    }
}

fn metas(severity: Severity) -> impl Iterator<Item = &'static Meta> {
    RULES.iter().map(|rule| rule.meta()).filter(move |meta| meta.severity == severity)
}

pub(super) fn default(param: &Param) -> String {
    match param.kind {
        ParamKind::Switch(on) => on.to_string(),
        ParamKind::Whole(Some(number)) | ParamKind::Days(Some(number)) => number.to_string(),
        ParamKind::Share(Some(share)) => share.to_string(),
        ParamKind::Whole(None) | ParamKind::Days(None) | ParamKind::Share(None) => {
            "off unless given".into()
        }
        ParamKind::Today => "the date of the run".into(),
    }
}

fn as_text(set: Option<&Set>) -> String {
    let book = set.map(|set| &set.book);
    let state = |meta: &Meta| {
        let idle = set.and_then(|set| set.idle(meta));
        idle.map(|why| format!(" ({why})")).unwrap_or_default()
    };
    let mut text = String::from("Rules that are never broken\n");
    for meta in metas(Severity::Hard) {
        let (state, needs) = (state(meta), needs(meta, ""));
        let _ = writeln!(text, "\n  {}{state}\n    {}{needs}", meta.id, meta.holds);
        for param in meta.params {
            let value = match book {
                Some(book) => {
                    format!("{} (default {})", book.shown(meta.id, param.key), default(param))
                }
                None => default(param),
            };
            let _ = writeln!(text, "    {} = {value}: {}", param.key, param.holds);
        }
    }
    text.push_str("\nTerms of the objective, in points\n");
    for meta in metas(Severity::Term) {
        let (state, needs) = (state(meta), needs(meta, ""));
        let _ = writeln!(text, "\n  {}{state}\n    {}{needs}", meta.id, meta.holds);
        for weight in meta.weights {
            let value = match book {
                Some(book) => format!("{} (default {})", book.weight(weight.term), weight.default),
                None => weight.default.to_string(),
            };
            let _ = writeln!(text, "    {} = {value}: {}", weight.term, weight.unit);
        }
    }
    text
}

fn as_json(set: Option<&Set>) -> Value {
    let book = set.map(|set| &set.book);
    RULES
        .iter()
        .map(|rule| {
            let meta = rule.meta();
            let params: Vec<Value> = meta
                .params
                .iter()
                .map(|param| {
                    json!({
                        "key": param.key,
                        "holds": param.holds,
                        "default": default(param),
                        "value": book.map(|book| book.shown(meta.id, param.key)),
                    })
                })
                .collect();
            let weights: Vec<Value> = meta
                .weights
                .iter()
                .map(|weight| {
                    json!({
                        "term": weight.term,
                        "unit": weight.unit,
                        "default": weight.default,
                        "value": book.map(|book| book.weight(weight.term)),
                    })
                })
                .collect();
            json!({
                "id": meta.id,
                "kind": if meta.severity == Severity::Hard { "rule" } else { "term" },
                "on": set.map(|set| set.idle(meta).is_none()),
                "needs": meta.needs(),
                "holds": meta.holds,
                "why": meta.why,
                "formula": meta.formula,
                "source": meta.source,
                "parameters": params,
                "weights": weights,
            })
        })
        .collect()
}

const MARKDOWN_HEAD: &str = "\
# Rules and terms

Made by `rotashare rules --markdown` from what the rules say of themselves. Change it there.

`[rules.<id>]` in `network.toml` sets a rule's parameters, `enabled = false` switches it off; `[weights]`
sets the points of a term's unit, 0 switches it off.
";

fn as_markdown() -> String {
    let mut text = String::from(MARKDOWN_HEAD);
    text.push_str("\n## Rules that are never broken\n");
    for meta in metas(Severity::Hard) {
        section(&mut text, meta);
        if !meta.params.is_empty() {
            text.push_str("\n| parameter | default | what |\n|---|---|---|\n");
        }
        for param in meta.params {
            let _ = writeln!(text, "| `{}` | {} | {} |", param.key, default(param), param.holds);
        }
    }
    text.push_str("\n## Terms of the objective\n");
    for meta in metas(Severity::Term) {
        section(&mut text, meta);
        text.push_str("\n| weight | default | one unit |\n|---|---|---|\n");
        for weight in meta.weights {
            let _ = writeln!(text, "| `{}` | {} | {} |", weight.term, weight.default, weight.unit);
        }
    }
    text
}

fn section(text: &mut String, meta: &Meta) {
    let _ = writeln!(
        text,
        "\n### `{}`\n\n{}{}\n\n- Why: {}\n- Counted: {}\n- Source: {}",
        meta.id,
        meta.holds,
        needs(meta, "`"),
        meta.why,
        meta.formula,
        meta.source
    );
}
