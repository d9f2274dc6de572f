//! What was delivered in the end, as it comes back from the hosts: `delivered.csv`.

use std::collections::BTreeMap;
use std::fmt;

use rotashare_core::fault::{MOST_TOLD, did_you_mean};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;

use crate::cell::shorten;
use crate::grid::{self, Grid, GridError, ReadOptions};

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was delivered.
    Delivered,
    /// It was cancelled, by whom.
    Cancelled(Canceller),
}

/// Who cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Canceller {
    /// The employer of the consultant.
    Lender,
    /// The trust of the site.
    Host,
    /// Somebody else, or it is not said.
    Other,
}

impl Canceller {
    /// The word in the file and in statements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lender => "lender",
            Self::Host => "host",
            Self::Other => "other",
        }
    }
}

/// What became of each session and consultant that a file speaks of.
pub type Fates = BTreeMap<(SessionId, ConsultantId), Fate>;

/// A fault of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredFault {
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// Line or row, from 1 (the header).
    pub line: u32,
    /// Column; empty where it is the row's.
    pub column: &'static str,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for DeliveredFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "sheet {sheet:?}, row {}", self.line)?,
            None => write!(f, "line {}", self.line)?,
        }
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

/// Why what was delivered could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveredError {
    /// It is no table at all.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// Of several sheets none has the name by which it is found.
    #[error(
        "the workbook has no sheet \"{SHEET}\"; give the sheet with what was delivered that name"
    )]
    NoSheet,
    /// What is wrong with its rows, all of it.
    #[error("there are faults in what was delivered")]
    Faults(Vec<DeliveredFault>),
}

/// The sheet that is read of a workbook with several.
const SHEET: &str = "delivered";

/// Reads `session,consultant,status,by` (in any order; `by` may be absent): status is `delivered` or
/// `cancelled`, `by` is `lender`, `host` or `other`. The file may be CSV as any spreadsheet saves it, or a
/// workbook: its sheet `delivered`, or its only one.
///
/// # Errors
/// With every fault found.
pub fn read_delivered(
    network: &Network,
    name: &str,
    bytes: &[u8],
) -> Result<Fates, DeliveredError> {
    let options = ReadOptions { sheet: Some(SHEET.to_owned()), ..ReadOptions::default() };
    let grids = grid::parse(name, bytes, &options)?;
    let [grid] = &grids[..] else { return Err(DeliveredError::NoSheet) };
    read(network, grid).map_err(DeliveredError::Faults)
}

fn read(network: &Network, grid: &Grid) -> Result<Fates, Vec<DeliveredFault>> {
    let sheet = grid.sheet().map(str::to_owned);
    let at = |line: u32, column: &'static str, problem: String, remedy: String| DeliveredFault {
        sheet: sheet.clone(),
        line,
        column,
        problem,
        remedy,
    };
    let (head, rows) = match grid.rows().split_first() {
        Some((head, rows)) => (head.cells(), rows),
        None => (&[][..], &[][..]),
    };
    let column = |name: &str| head.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let (Some(session), Some(consultant), Some(status)) =
        (column("session"), column("consultant"), column("status"))
    else {
        let problem = format!("the header is {:?}", shorten(&head.join(",")));
        let remedy =
            "give the columns session, consultant and status, and by where it was cancelled";
        let line = grid.rows().first().map_or(1, grid::GridRow::number);
        return Err(vec![at(line, "", problem, remedy.to_owned())]);
    };
    let by = column("by");
    let mut fates = Fates::new();
    let mut lines: BTreeMap<(SessionId, ConsultantId), u32> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let line = row.number();
        if faults.len() >= MOST_TOLD {
            let problem = "there are more faults from here on".to_owned();
            faults.push(at(line, "", problem, "mend those above first".to_owned()));
            break;
        }
        let cell = |index: usize| row.cell(index);
        let shown = |index: usize| shorten(cell(index));
        let mut fault = |column: &'static str, problem: String, remedy: String| {
            faults.push(at(line, column, problem, remedy));
        };
        let found_session = network.find_session(cell(session));
        if found_session.is_none() {
            let known = network.sessions().iter().map(|one| one.code());
            let remedy =
                did_you_mean(cell(session), known, "give the id of a session of the horizon");
            fault("session", format!("there is no session {:?}", shown(session)), remedy);
        }
        let found_consultant = network.find_consultant(cell(consultant));
        if found_consultant.is_none() {
            let known = network.consultants().iter().map(|one| one.code());
            let remedy = did_you_mean(cell(consultant), known, "give a code of consultants.csv");
            fault("consultant", format!("there is no consultant {:?}", shown(consultant)), remedy);
        }
        let said_by = by.map(cell).unwrap_or_default().to_ascii_lowercase();
        let whom = match said_by.as_str() {
            "lender" => Some(Canceller::Lender),
            "host" => Some(Canceller::Host),
            "" | "other" => Some(Canceller::Other),
            _ => None,
        };
        let fate = match (cell(status).to_ascii_lowercase().as_str(), whom) {
            ("delivered", _) if said_by.is_empty() => Some(Fate::Delivered),
            ("delivered", _) => {
                let problem = "what was delivered was cancelled by nobody".to_owned();
                fault("by", problem, "leave it empty, or write cancelled".to_owned());
                None
            }
            ("cancelled", Some(whom)) => Some(Fate::Cancelled(whom)),
            ("cancelled", None) => {
                let problem =
                    format!("{:?} is nobody who cancels", by.map(shown).unwrap_or_default());
                fault("by", problem, "write lender, host or other".to_owned());
                None
            }
            (other, _) => {
                let problem = format!("{:?} is not a status", shorten(other));
                fault("status", problem, "write delivered or cancelled".to_owned());
                None
            }
        };
        if let (Some(session), Some(consultant), Some(fate)) =
            (found_session, found_consultant, fate)
        {
            let key = (session, consultant);
            if let Some(first) = lines.insert(key, line) {
                let problem = format!("the session and consultant are on line {first} already");
                fault("session", problem, "keep one of the rows".to_owned());
                continue;
            }
            fates.insert(key, fate);
            let delivered = fates.range((session, ConsultantId::new(0))..);
            let delivered = delivered.take_while(|((one, _), _)| *one == session);
            let many = delivered.filter(|(_, fate)| **fate == Fate::Delivered).count();
            let places = network.session(session).places() as usize;
            if fate == Fate::Delivered && many == places + 1 {
                let noun = if places == 1 { "place" } else { "places" };
                let problem = format!("{many} people delivered it, and it has {places} {noun}");
                fault("session", problem, "say of one that it was cancelled".to_owned());
            }
        }
    }
    if faults.is_empty() { Ok(fates) } else { Err(faults) }
}
