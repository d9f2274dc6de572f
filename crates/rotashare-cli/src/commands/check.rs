//! `rotashare check`: reads and validates.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::clinics::Session;
use rotashare_core::network::Network;
use rotashare_core::values::Priority;
use serde_json::{Value, json};

use crate::dataset::{self, Checked};
use crate::failure::{FAULTS, Failure};
use crate::options::Today;
use crate::report::period;
use crate::say;

/// Read a dataset and tell everything that is wrong with it
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare check data/gstt-dartford
  rotashare check data/gstt-dartford --json > faults.json
  rotashare check network.xlsx

Exit codes: 0 clean, 2 faults.")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    #[command(flatten)]
    today: Today,
    /// Print what was read, and every fault, as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let checked = dataset::check(dataset::read(&self.dir)?, &self.today);
        let sources = checked.sources();
        dataset::tell(&checked.faults, &checked.warnings, &sources);
        if self.json {
            say::json(&as_json(&checked))?;
        } else if let Some(network) = checked.network() {
            let warnings = match checked.warnings.len() {
                0 => String::new(),
                many => format!(", {}", say::count(many, "warning", "warnings")),
            };
            say::result(&format!("{}0 faults{warnings}\n", as_text(network)))?;
        }
        Ok(if checked.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAULTS) })
    }
}

/// How many places there are, in all and of this priority.
fn places(network: &Network, only: Option<Priority>) -> u32 {
    let counted = network.sessions().iter().filter(|one| only.is_none_or(|p| one.priority() == p));
    counted.map(Session::places).sum()
}

fn as_text(network: &Network) -> String {
    let [must, should, could] =
        [Priority::Must, Priority::Should, Priority::Could].map(|one| places(network, Some(one)));
    format!(
        "{}\n\
         {}\n\
         {}, {}, {}, {}\n\
         {}, {}, {} ({must} must, {should} should, {could} could)\n",
        network.name(),
        period(network.horizon()),
        say::count(network.trusts().len(), "trust", "trusts"),
        say::count(network.sites().len(), "site", "sites"),
        say::count(network.consultants().len(), "consultant", "consultants"),
        say::count(network.specialties().len(), "specialty", "specialties"),
        say::count(network.clinics().len(), "clinic", "clinics"),
        say::count(network.sessions().len(), "session", "sessions"),
        say::count(places(network, None) as usize, "place", "places"),
    )
}

fn as_json(checked: &Checked) -> Value {
    let sources = checked.sources();
    let read = checked.network().map(|network| {
        json!({
            "name": network.name(),
            "from": network.horizon().from().to_string(),
            "to": network.horizon().to().to_string(),
            "trusts": network.trusts().len(),
            "sites": network.sites().len(),
            "consultants": network.consultants().len(),
            "specialties": network.specialties().len(),
            "clinics": network.clinics().len(),
            "sessions": network.sessions().len(),
            "places": places(network, None),
        })
    });
    json!({
        "network": read,
        "faults": dataset::faults_json(&checked.faults, &sources),
        "warnings": dataset::faults_json(&checked.warnings, &sources),
    })
}
