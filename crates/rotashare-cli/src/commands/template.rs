//! `rotashare template`: a workbook to fill in.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_io::book::{SettingDoc, template};
use rotashare_rules::registry::{RULES, weights};
use rotashare_rules::rule::Severity;

use super::rules::default;
use crate::dataset::{self, Sources, with_causes};
use crate::failure::Failure;
use crate::options::Today;
use crate::{output, say};

/// Write a workbook to fill in: a sheet a file, with notes, lists to choose from, and validation
///
/// The workbook stands in for the folder of a dataset in every command. With --from it is filled with one.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare template --out network.xlsx
  rotashare template --from data/gstt-dartford --out gstt.xlsx
  rotashare check gstt.xlsx

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    /// The workbook to write
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
    /// Fill it with this dataset
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        output::check_file(&self.out, self.from.as_deref().as_slice())?;
        if self.out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx")) {
            let message = format!("{} does not end in .xlsx; name a workbook", self.out.display());
            return Err(Failure::Message(message));
        }
        let draft = match &self.from {
            Some(dir) => {
                let reading = dataset::read(dir)?;
                let draft = reading.draft.clone();
                let today = Today { today: None };
                dataset::check(reading, &today).tell(Sources::default())?;
                Some(draft)
            }
            None => None,
        };
        let workbook = template(draft.as_ref(), &settings())
            .map_err(|error| Failure::Message(with_causes(&error)))?;
        output::write_file(&self.out, &workbook)?;
        say::result(&format!("{}\n", self.out.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What rules and terms may have set.
fn settings() -> Vec<SettingDoc> {
    let mut settings: Vec<SettingDoc> = weights()
        .map(|weight| SettingDoc {
            key: format!("weights.{}", weight.term),
            default: weight.default.to_string(),
            doc: format!("points: {}", weight.unit),
        })
        .collect();
    for rule in RULES {
        let meta = rule.meta();
        if meta.severity == Severity::Hard {
            settings.push(SettingDoc {
                key: format!("rules.{}.enabled", meta.id),
                default: "TRUE".to_owned(),
                doc: meta.holds.to_owned(),
            });
        }
        settings.extend(meta.params.iter().map(|param| SettingDoc {
            key: format!("rules.{}.{}", meta.id, param.key),
            default: default(param),
            doc: param.holds.to_owned(),
        }));
    }
    settings
}
