//! `rotashare audit`: judges any rota, also one edited by hand.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_rules::audit::{Breach, Verdict, audit};
use serde_json::{Map, Value, json};

use crate::dataset::{self, Dataset};
use crate::failure::{BREAKS_A_RULE, Failure};
use crate::options::Today;
use crate::report::{self, period};
use crate::{cells, say};

/// Judge any rota: every broken rule by name, and the points by term
///
/// Works on any rota in the form of rota.csv, also one edited by hand, and shares no logic with the
/// search. Only the columns session, place and consultant are needed; an empty consultant is an empty
/// place.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare audit data/gstt-dartford out/rota.csv
  rotashare audit data/gstt-dartford edited.csv --json
  rotashare audit data/gstt-dartford sent/rota.xlsx

Exit codes: 0 keeps every rule, 1 breaks one, 2 faults.")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    /// The rota to judge: a rota.csv, a workbook with a sheet rota, or the folder of a result
    #[arg(value_name = "ROTA.csv")]
    rota: PathBuf,
    #[command(flatten)]
    today: Today,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Dataset { network, book, .. } = dataset::load(&self.dir, &self.today)?;
        let (rota, _) = cells::rota_in(&network, &self.rota, false)?;
        let verdict = audit(&network, &book, &rota);
        // Beyond this sums are held at the end of the range, and would not be true.
        let beyond = |(_, points): &(_, Points)| points.in_quarters().unsigned_abs() > 1 << 53;
        if let Some((term, _)) = verdict.terms().iter().find(|term| beyond(term)) {
            return Err(Failure::Message(format!(
                "the points of {term} are more than can be counted exactly; lower its weight"
            )));
        }
        if self.json {
            say::json(&as_json(&network, &rota, &verdict))?;
        } else {
            say::result(&as_text(&network, &rota, &verdict))?;
        }
        let keeps = verdict.breaches().is_empty();
        Ok(if keeps { ExitCode::SUCCESS } else { ExitCode::from(BREAKS_A_RULE) })
    }
}

fn as_text(network: &Network, rota: &Rota, verdict: &Verdict) -> String {
    let mut text = format!(
        "{}\n{}\n{} of {} filled\n\n",
        network.name(),
        period(network.horizon()),
        rota.filled(),
        say::count(rota.place_count(), "place", "places"),
    );
    let breaches = verdict.breaches();
    if breaches.is_empty() {
        text.push_str("It keeps every rule.\n");
    } else {
        let many = say::count(breaches.len(), "breach", "breaches");
        text.push_str(&format!("It breaks rules: {many}.\n"));
    }
    for of_rule in breaches.chunk_by(|a, b| a.rule == b.rule) {
        text.push_str(&format!("\n{} ({})\n", of_rule[0].rule, of_rule.len()));
        for breach in of_rule {
            text.push_str(&format!("  {}\n", report::breach(network, breach)));
        }
    }
    text.push_str("\nPoints\n");
    text.push_str(&report::terms(verdict));
    text
}

fn as_json(network: &Network, rota: &Rota, verdict: &Verdict) -> Value {
    let breach = |breach: &Breach| {
        let consultant = breach.consultant.map(|who| network.consultant(who));
        let sessions: Vec<&str> =
            breach.sessions.iter().map(|session| network.session(*session).code()).collect();
        json!({
            "rule": breach.rule,
            "consultant": consultant.map(|one| one.code()),
            "consultant_name": consultant.map(|one| one.name()),
            "sessions": sessions,
            "detail": breach.detail,
        })
    };
    let terms: Map<String, Value> = verdict
        .terms()
        .iter()
        .map(|(term, points)| ((*term).to_owned(), rotashare_io::points(*points)))
        .collect();
    json!({
        "keeps_every_rule": verdict.breaches().is_empty(),
        "breaches": verdict.breaches().iter().map(breach).collect::<Vec<_>>(),
        "objective": rotashare_io::points(verdict.objective()),
        "terms": terms,
        "places": rota.place_count(),
        "filled": rota.filled(),
        "unfilled": rota.place_count() - rota.filled(),
    })
}
