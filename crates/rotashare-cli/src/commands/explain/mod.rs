//! `rotashare explain`: why a place is empty, and the least that would fill it.

mod as_json;
mod as_text;

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::fault::did_you_mean;
use rotashare_core::ids::SessionId;
use rotashare_core::network::Network;
use rotashare_explain::{Case, View, advice, gaps_for, session};

use crate::dataset::{self, Dataset, Sources};
use crate::failure::Failure;
use crate::options::Today;
use crate::{cells, say};

/// Say why places are empty, and what would fill them
///
/// With a SESSION: what stands in the way of each consultant of its specialty, the nearest first; what
/// it would cost to give it to them; and for an empty place the least changes to the files that would
/// fill it. Without: the ten changes that would fill the most places of the rota. Every reason is one
/// that the audit names when the person is put in, and every change was made and planned again.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare explain data/gstt-dartford out/rota.csv
  rotashare explain data/gstt-dartford out/rota.csv DVH-CARD-TUE-PM@2027-03-02
  rotashare explain data/gstt-dartford out --for RN7 --json

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    /// The rota to explain: a rota.csv, or the folder of a result
    #[arg(value_name = "ROTA.csv")]
    rota: PathBuf,
    /// The id of a session; all empty places where none is given
    session: Option<String>,
    /// Show what this trust may see: its own sites, and of other trusts' people only what concerns it
    #[arg(long = "for", value_name = "TRUST")]
    reader: Option<String>,
    #[command(flatten)]
    today: Today,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let reading = dataset::read(&self.dir)?;
        let draft = reading.draft.clone();
        let mut checked = dataset::check(reading, &self.today);
        if self.reader.is_some() {
            // Warnings speak of anybody's rows.
            checked.warnings.clear();
        }
        let dataset = checked.tell(Sources::default())?;
        dataset::check_size(&dataset)?;
        let Dataset { network, book, .. } = dataset;
        let view = view(&network, self.reader.as_deref())?;
        let (rota, _) = cells::rota_in(&network, &self.rota, self.reader.is_some())?;
        let case = Case::of(draft, network, book);
        match &self.session {
            Some(code) => {
                let id = find(case.network(), code, view)?;
                let Some(told) = session(&case, &rota, id, view) else {
                    return Err(unknown(case.network(), code, view));
                };
                if self.json {
                    say::json(&as_json::session(&case, &told, view))?;
                } else {
                    say::result(&as_text::session(&case, &told, view))?;
                }
            }
            None => {
                let told = advice(&case, &rota, view);
                let gaps = gaps_for(case.network(), case.book(), &rota, view);
                if self.json {
                    say::json(&as_json::whole(&case, &rota, &told, &gaps, view))?;
                } else {
                    say::result(&as_text::whole(&case, &rota, &told, &gaps, view))?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn view(network: &Network, code: Option<&str>) -> Result<View, Failure> {
    let Some(code) = code else { return Ok(View(None)) };
    let known = network.trusts().iter().map(|trust| trust.code());
    let remedy = did_you_mean(code, known, "give the code of a trust in trusts.csv");
    let missing = || Failure::Message(format!("there is no trust {code:?}; {remedy}"));
    network.find_trust(code).map(|trust| View(Some(trust))).ok_or_else(missing)
}

fn find(network: &Network, code: &str, view: View) -> Result<SessionId, Failure> {
    network.find_session(code).ok_or_else(|| unknown(network, code, view))
}

/// There is no such session, or it is none of the reader's business: the same words for both.
fn unknown(network: &Network, code: &str, view: View) -> Failure {
    let ids = network.session_ids().filter(|id| view.shows(network, *id));
    let known = ids.map(|id| network.session(id).code());
    let remedy = did_you_mean(code, known, "rota.csv has the ids of all sessions");
    let whose = if view.0.is_some() { " at the trust's sites" } else { "" };
    Failure::Message(format!("there is no session {code:?}{whose} in the horizon; {remedy}"))
}
