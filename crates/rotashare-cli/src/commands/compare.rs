//! `rotashare compare`: two rotas' differences.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::cells::{self, Difference};
use crate::failure::Failure;
use crate::{report, say};

/// Show what differs between two rotas, place by place
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare compare out out2
  rotashare compare out/rota.csv edited.csv --csv > changes.csv

Exit codes: 0 done (whether or not they differ), 2 faults.")]
pub(super) struct Args {
    /// The earlier rota: a rota.csv, or the folder of a result
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The later rota: a rota.csv, or the folder of a result
    #[arg(value_name = "B")]
    after: PathBuf,
    /// Print the differences as JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print the differences as CSV
    #[arg(long)]
    csv: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (before, mut names) = cells::read_named(&self.before)?;
        let (after, later_names) = cells::read_named(&self.after)?;
        names.extend(later_names);
        let differences = cells::differences(&before, &after);
        if self.json {
            let places = cells::as_json(&differences);
            say::json(&json!({ "changes": differences.len(), "places": places }))?;
        } else if self.csv {
            say::result(&as_csv(&differences)?)?;
        } else {
            let name = |code: &str| match names.get(code) {
                Some(name) => format!("{code} {name}"),
                None => code.to_owned(),
            };
            say::result(&report::changes(&differences, name))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn as_csv(differences: &[Difference]) -> Result<String, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::Message(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["session", "place", "date", "change", "before", "after"];
    writer.write_record(head).map_err(|error| failed(&error))?;
    for one in differences {
        let row = [
            one.session.clone(),
            one.place.to_string(),
            one.row.date.map(|date| date.to_string()).unwrap_or_default(),
            one.kind.word().to_owned(),
            one.before.clone().unwrap_or_default(),
            one.after.clone().unwrap_or_default(),
        ];
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
