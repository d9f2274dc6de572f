//! What was delivered in the end, as it comes back from the hosts: `delivered.csv`.

use std::collections::BTreeMap;
use std::fmt;

use rotashare_core::fault::{MOST_TOLD, did_you_mean};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;

use crate::cell::shorten;

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
    /// Line, from 1 (the header).
    pub line: u64,
    /// Column.
    pub column: &'static str,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for DeliveredFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}; {}", self.line, self.column, self.problem, self.remedy)
    }
}

/// Reads `session,consultant,status,by` (in any order; `by` may be absent): status is `delivered` or
/// `cancelled`, `by` is `lender`, `host` or `other`.
///
/// # Errors
/// With every fault found.
pub fn read_delivered(network: &Network, bytes: &[u8]) -> Result<Fates, Vec<DeliveredFault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let file_fault = |line: u64, problem: String, remedy: &str| {
        vec![DeliveredFault { line, column: "file", problem, remedy: remedy.to_owned() }]
    };
    let save = "save the file as CSV in UTF-8, with commas";
    let head = match reader.headers() {
        Ok(head) => head.clone(),
        Err(error) => return Err(file_fault(1, error.to_string(), save)),
    };
    let column = |name: &str| head.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let (Some(session), Some(consultant), Some(status)) =
        (column("session"), column("consultant"), column("status"))
    else {
        let problem =
            format!("the header is {:?}", shorten(&head.iter().collect::<Vec<_>>().join(",")));
        let remedy =
            "give the columns session, consultant and status, and by where it was cancelled";
        return Err(file_fault(1, problem, remedy));
    };
    let by = column("by");
    let mut fates = Fates::new();
    let mut lines: BTreeMap<(SessionId, ConsultantId), u64> = BTreeMap::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        if faults.len() >= MOST_TOLD {
            let problem = "there are more faults from here on".to_owned();
            let line = record.ok().and_then(|record| Some(record.position()?.line())).unwrap_or(0);
            faults.extend(file_fault(line, problem, "mend those above first"));
            break;
        }
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.extend(file_fault(line, error.to_string(), save));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |index: usize| record.get(index).unwrap_or_default();
        let shown = |index: usize| shorten(cell(index));
        let mut fault = |column: &'static str, problem: String, remedy: String| {
            faults.push(DeliveredFault { line, column, problem, remedy });
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
        let whom = by.map(cell).unwrap_or_default().to_ascii_lowercase();
        let whom = match whom.as_str() {
            "lender" => Some(Canceller::Lender),
            "host" => Some(Canceller::Host),
            "" | "other" => Some(Canceller::Other),
            _ => None,
        };
        let fate = match (cell(status).to_ascii_lowercase().as_str(), whom) {
            ("delivered", _) => Some(Fate::Delivered),
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
            }
            fates.insert(key, fate);
        }
    }
    if faults.is_empty() { Ok(fates) } else { Err(faults) }
}
