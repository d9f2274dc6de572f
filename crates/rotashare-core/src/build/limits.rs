//! How large a network may be: beyond any that is real, below what fills a machine.

use super::Report;
use crate::clinics::Session;
use crate::draft::Draft;
use crate::fault::{Fault, Table};

/// The most sites: every pair of them has a way.
pub(super) const MOST_SITES: usize = 2_000;
/// The most sessions in a horizon.
pub(super) const MOST_SESSIONS: usize = 500_000;
/// The most places of all sessions together.
const MOST_PLACES: u64 = 1_000_000;

const SHORTER: &str = "plan a shorter horizon, or leave out what is planned elsewhere";

/// Whether the sites are too many, which is a fault.
pub(super) fn too_many_sites(draft: &Draft, report: &mut Report) -> bool {
    let count = draft.sites.len();
    if count > MOST_SITES {
        let problem = format!("there are {count} sites, over the limit of {MOST_SITES}");
        let remedy = "leave out sites where nobody is based and no clinic runs";
        report.fault(Fault::of_file(Table::Sites, problem, remedy));
    }
    count > MOST_SITES
}

/// Says that the sessions are too many.
pub(super) fn too_many_sessions(table: Table, line: u32, report: &mut Report) {
    let problem = format!("up to here there are over {MOST_SESSIONS} sessions in the horizon");
    report.fault(Fault { line: Some(line), ..Fault::of_file(table, problem, SHORTER) });
}

/// Checks how many places the sessions have together.
pub(super) fn places(draft: &Draft, sessions: &[Session], report: &mut Report) {
    let count: u64 = sessions.iter().map(|session| u64::from(session.places)).sum();
    if count > MOST_PLACES {
        let table = if draft.clinics.is_some() { Table::Clinics } else { Table::Sessions };
        let problem = format!("the sessions have {count} places, over the limit of {MOST_PLACES}");
        report.fault(Fault::of_file(table, problem, SHORTER));
    }
}
