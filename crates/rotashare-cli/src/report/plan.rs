//! What `plan` prints for a person.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use rotashare_core::ids::{ClinicId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_explain::Gap;
use rotashare_rules::audit::Verdict;

use super::{period, terms};
use crate::ending::Ending;
use crate::say;
use crate::table::TextTable;

/// How many of the emptiest clinics are shown.
const CLINICS_SHOWN: usize = 8;

/// A rota and all that is known of it.
pub(crate) struct Outcome {
    pub(crate) rota: Rota,
    pub(crate) verdict: Verdict,
    pub(crate) objective: Points,
    pub(crate) bound: Points,
    pub(crate) ending: Ending,
    pub(crate) gaps: Vec<Gap>,
}

/// The whole report, up to and with where the files are.
pub(crate) fn plan(network: &Network, outcome: &Outcome, out: &Path) -> String {
    let (filled, places) = (outcome.rota.filled(), outcome.rota.place_count());
    let mut text = format!(
        "{}\n{}\n\n{filled} of {} filled\n\n",
        network.name(),
        period(network.horizon()),
        say::count(places, "place", "places"),
    );
    text.push_str(&by_specialty_and_site(network, &outcome.rota));
    text.push_str("\nPoints\n");
    text.push_str(&terms(&outcome.verdict));
    let _ = write!(text, "\n{}\n", proof(outcome));
    if filled < places {
        text.push_str("\nEmptiest clinics\n");
        text.push_str(&emptiest(network, outcome));
    }
    let _ = write!(text, "\nWritten to {}: rota.csv, gaps.csv, summary.json\n", out.display());
    text
}

fn by_specialty_and_site(network: &Network, rota: &Rota) -> String {
    let mut counts: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for (place, cell) in rota.cells() {
        let session = network.session(place.session);
        let count = counts.entry((session.specialty(), session.site())).or_default();
        count.0 += usize::from(cell.is_some());
        count.1 += 1;
    }
    let mut table = TextTable::new(&["Specialty", "Site", ">Places", ">Filled", ">Empty"]);
    for ((specialty, site), (filled, places)) in counts {
        table.row([
            network.specialty(specialty).name().to_owned(),
            network.site(site).name().to_owned(),
            places.to_string(),
            filled.to_string(),
            (places - filled).to_string(),
        ]);
    }
    let (filled, places) = (rota.filled(), rota.place_count());
    table.row([
        "all".to_owned(),
        String::new(),
        places.to_string(),
        filled.to_string(),
        (places - filled).to_string(),
    ]);
    table.text()
}

fn proof(outcome: &Outcome) -> String {
    let why = match outcome.ending {
        Ending::Proof => {
            return "Proven: no rota that keeps every rule has fewer points.".to_owned();
        }
        Ending::Work => "The search went as far as it goes.",
        Ending::Time => "The search ended at the time limit; another run may end elsewhere.",
        Ending::Interrupt => "The search was interrupted; another run may end elsewhere.",
    };
    let gap = outcome.objective - outcome.bound;
    let percent = 100.0 * gap.as_f64() / outcome.objective.as_f64().abs().max(1.0);
    format!(
        "Not proven: a better rota may save up to {gap} points ({percent:.1} %); none has fewer than {}.\n{why}",
        outcome.bound
    )
}

/// A clinic, or a session that belongs to none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Series {
    Clinic(ClinicId),
    Single(SessionId),
}

fn emptiest(network: &Network, outcome: &Outcome) -> String {
    let series =
        |id: SessionId| network.session(id).clinic().map_or(Series::Single(id), Series::Clinic);
    let mut counts: BTreeMap<Series, (usize, usize)> = BTreeMap::new();
    for (place, cell) in outcome.rota.cells() {
        let count = counts.entry(series(place.session)).or_default();
        count.0 += usize::from(cell.is_none());
        count.1 += 1;
    }
    let mut reasons: BTreeMap<Series, BTreeMap<&str, usize>> = BTreeMap::new();
    for gap in &outcome.gaps {
        *reasons.entry(series(gap.place.session)).or_default().entry(gap.reason).or_default() += 1;
    }
    let mut order: Vec<_> = counts.into_iter().filter(|(_, (empty, _))| *empty > 0).collect();
    order.sort_by_key(|(series, (empty, _))| (Reverse(*empty), *series));
    let mut table =
        TextTable::new(&["Clinic", "Specialty", "Site", ">Empty", ">Of", "Commonest reason"]);
    for (one, (empty, places)) in order.iter().take(CLINICS_SHOWN) {
        let (code, specialty, site) = match one {
            Series::Clinic(id) => {
                let clinic = network.clinic(*id);
                (clinic.code(), clinic.specialty(), clinic.site())
            }
            Series::Single(id) => {
                let session = network.session(*id);
                (session.code(), session.specialty(), session.site())
            }
        };
        let reason = reasons.get(one).and_then(commonest);
        table.row([
            code.to_owned(),
            network.specialty(specialty).name().to_owned(),
            network.site(site).name().to_owned(),
            empty.to_string(),
            places.to_string(),
            reason.unwrap_or("nobody of the specialty").to_owned(),
        ]);
    }
    let mut text = table.text();
    if let Some(more) = order.len().checked_sub(CLINICS_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more: gaps.csv has them all");
    }
    text
}

/// The reason that keeps most people out, of those who are trained for it where anybody is: of a
/// subspecialty nearly all are not, and that is no news.
fn commonest<'a>(counts: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    let is_trained = |name: &str| name != "accreditation";
    let somebody_is = counts.keys().any(|name| is_trained(name));
    let told = counts.iter().filter(|(name, _)| is_trained(name) || !somebody_is);
    told.max_by_key(|(name, count)| (**count, Reverse(**name))).map(|(name, _)| *name)
}
