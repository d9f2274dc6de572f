//! From a folder to a checked network, telling every fault and warning on the way.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rotashare_core::draft::{Draft, NetworkToml};
use rotashare_core::fault::{Fault, Table};
use rotashare_core::network::{Faults, Network};
use rotashare_core::time::Date;
use rotashare_io::book::{Book, sheet_name};
use rotashare_io::{Reading, read_dataset};
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::size;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::options::Today;
use crate::say;

/// Lines from here on are lines of the rota whose cells are pins, not of `pins.csv`.
pub(crate) const PIN_LINES: u32 = 4_000_000_000;

/// A checked dataset.
pub(crate) struct Dataset {
    pub(crate) network: Network,
    pub(crate) book: Rulebook,
    pub(crate) sha256: String,
}

/// What checking a dataset gave, good or bad.
pub(crate) struct Checked {
    built: Option<(Network, Rulebook)>,
    sha256: String,
    book: Option<Book>,
    /// What is wrong, in order.
    pub(crate) faults: Vec<Fault>,
    /// What is worth a look, in order.
    pub(crate) warnings: Vec<Fault>,
}

/// What stands in for the files of the dataset.
#[derive(Default)]
pub(crate) struct Sources {
    /// For the folder.
    pub(crate) book: Option<Book>,
    /// For `rota.csv`.
    pub(crate) rota: Option<RotaSource>,
    /// For `published.csv`.
    pub(crate) published: Option<RotaSource>,
    /// For the part of `pins.csv` from [`PIN_LINES`] on.
    pub(crate) pins: Option<RotaSource>,
}

/// Where a rota was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RotaSource {
    /// Path of the file.
    pub(crate) file: String,
    /// Name of the sheet, of a workbook.
    pub(crate) sheet: Option<String>,
}

impl RotaSource {
    /// A fault's text under the name of the file, or of the sheet, with rows in place of lines.
    fn text(&self, fault: &Fault) -> String {
        let text = fault.to_string();
        let rest = text.strip_prefix(fault.table.file_name()).unwrap_or(&text);
        match &self.sheet {
            Some(sheet) => {
                let rest = rest.replacen(", line ", ", row ", 1).replace(" on line ", " in row ");
                format!("{}, sheet {sheet}{rest}", self.file)
            }
            None => format!("{}{rest}", self.file),
        }
    }
}

/// Reads a folder or a workbook; what is wrong inside its files is in the reading.
pub(crate) fn read(dir: &Path) -> Result<Reading, Failure> {
    read_dataset(dir).map_err(|error| Failure::Message(with_causes(&error)))
}

/// Checks what was read.
pub(crate) fn check(reading: Reading, today: &Today) -> Checked {
    let today = today.today.unwrap_or_else(|| date_of_run(&reading.draft));
    let has_sites = !reading.draft.sites.is_empty();
    let (network, built) = match has_sites.then(|| Network::build(&reading.draft)) {
        Some(Ok((network, warnings))) => (Some(network), Faults { warnings, ..Faults::default() }),
        Some(Err(faults)) => (None, faults),
        // Without a site there is nothing that anything else could refer to.
        None => (None, Faults::default()),
    };
    let Faults { mut faults, warnings } = reading.with_built(built);
    if !has_sites && faults.is_empty() {
        faults.push(Fault::of_file(Table::Sites, "the file has no rows", "add a row a site"));
    }
    faults.extend(settings_faults(&reading.draft, today));
    let mut built = None;
    if let Some(network) = network.filter(|_| faults.is_empty()) {
        match Rulebook::new(&network, today) {
            Ok(book) => {
                faults = rotashare_rules::rules::pins::faults(&network, &book);
                built = Some((network, book)).filter(|_| faults.is_empty());
            }
            Err(more) => faults = more,
        }
    }
    let (faults, warnings) = (Fault::told(faults), Fault::told(warnings));
    Checked { built, sha256: reading.sha256, book: reading.book, faults, warnings }
}

impl Checked {
    /// The network, where there is no fault.
    pub(crate) fn network(&self) -> Option<&Network> {
        self.built.as_ref().map(|(network, _)| network)
    }

    /// The workbook that the dataset is, where it is one, as the source of faults.
    pub(crate) fn sources(&self) -> Sources {
        Sources { book: self.book.clone(), ..Sources::default() }
    }

    /// Tells warnings and faults, and gives the dataset where there is no fault.
    pub(crate) fn tell(self, sources: Sources) -> Result<Dataset, Failure> {
        let sources = Sources { book: self.book, ..sources };
        tell(&self.faults, &self.warnings, &sources);
        let (network, book) = self.built.ok_or(Failure::Told)?;
        Ok(Dataset { network, book, sha256: self.sha256 })
    }
}

/// Reads, checks and tells.
pub(crate) fn load(dir: &Path, today: &Today) -> Result<Dataset, Failure> {
    check(read(dir)?, today).tell(Sources::default())
}

/// Checks that a dataset is not too large to be planned.
pub(crate) fn check_size(dataset: &Dataset) -> Result<(), Failure> {
    let Dataset { network, book, .. } = dataset;
    let pairs = size::pairs(network, book);
    let (what, count, most) = if pairs > size::MOST_PAIRS {
        ("of a consultant and a session of their specialty", pairs, size::MOST_PAIRS)
    } else {
        let clashes = size::clashes(network, book);
        if clashes <= size::MOST_CLASHES {
            return Ok(());
        }
        ("of sessions on one date that a consultant could have", clashes, size::MOST_CLASHES)
    };
    Err(Failure::Message(format!(
        "there are {count} pairs {what}, over the limit of {most}; plan a shorter horizon (--from, --to), \
         or parts of the network one by one"
    )))
}

/// Writes warnings, then faults, then their number to standard error.
pub(crate) fn tell(faults: &[Fault], warnings: &[Fault], sources: &Sources) {
    for warning in warnings {
        say::message(&format!("warning: {}", sources.text(warning)));
    }
    for fault in faults {
        say::message(&sources.text(fault));
    }
    if !faults.is_empty() {
        say::message(&say::count(faults.len(), "fault", "faults"));
    }
}

impl Sources {
    /// A fault as text, with the names of the files that were really read.
    pub(crate) fn text(&self, fault: &Fault) -> String {
        let is_rota_pin = fault.line.is_some_and(|line| line > PIN_LINES);
        let rota = match fault.table {
            Table::Rota => self.rota.as_ref(),
            Table::Published => self.published.as_ref(),
            Table::Pins if is_rota_pin => self.pins.as_ref(),
            _ => None,
        };
        let mut fault = fault.clone();
        if let Some(pins) = self.pins.as_ref().filter(|_| fault.table == Table::Pins) {
            fault.line = fault.line.map(|line| if is_rota_pin { line - PIN_LINES } else { line });
            fault.problem = with_files(&fault.problem, &pins.file);
        }
        match (rota, &self.book) {
            (Some(rota), _) => rota.text(&fault),
            (None, Some(book)) if fault.table != Table::Rota => book.text(&fault),
            _ => fault.to_string(),
        }
    }
}

/// The text with the file that each of its `line N` is in: beyond [`PIN_LINES`] that of the pins, else
/// `pins.csv`.
fn with_files(text: &str, pins: &str) -> String {
    const WORD: &str = "line ";
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(WORD) {
        let (before, after) = rest.split_at(at + WORD.len());
        shown.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        match after[..end].parse::<u32>() {
            Ok(line) if line > PIN_LINES => {
                shown.push_str(&format!("{} of {pins}", line - PIN_LINES))
            }
            Ok(line) => shown.push_str(&format!("{line} of {}", Table::Pins.file_name())),
            Err(_) => shown.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    shown + rest
}

/// Faults as JSON.
pub(crate) fn faults_json(faults: &[Fault], sources: &Sources) -> Value {
    faults
        .iter()
        .map(|fault| {
            let sheet = sources.book.as_ref().map(|_| sheet_name(fault.table));
            json!({
                "file": sources.book.as_ref().map_or(fault.table.file_name(), Book::name),
                "sheet": sheet,
                "line": fault.line,
                "column": fault.column,
                "value": fault.value,
                "problem": fault.problem,
                "remedy": fault.remedy,
                "text": sources.text(fault),
            })
        })
        .collect()
}

/// An error with what caused it.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}

/// What is wrong with the settings of the rules, also where the rest makes no network: all faults are
/// told together.
fn settings_faults(draft: &Draft, today: Date) -> Vec<Fault> {
    let network = NetworkToml {
        horizon: Some((today, today)),
        timezone: "UTC".into(),
        cycle_anchor: None,
        ..draft.network.clone()
    };
    let settings = Draft { network, clinics: Some(Vec::new()), ..Draft::default() };
    let Ok((network, _)) = Network::build(&settings) else { return Vec::new() };
    Rulebook::new(&network, today).err().unwrap_or_default()
}

/// Today, where the network is.
fn date_of_run(draft: &Draft) -> Date {
    let zone = TimeZone::get(&draft.network.timezone).unwrap_or(TimeZone::UTC);
    Timestamp::now().to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_from_a_rota_are_told_with_its_own_lines() {
        let mut rota = RotaSource { file: "edited.csv".into(), sheet: None };
        let sources = Sources { pins: Some(rota.clone()), ..Sources::default() };
        let line = PIN_LINES + 7;
        let problem = format!("line {line} says yes of the same place");
        let fault = Fault::of_cell(Table::Pins, line, "pin", "yes", problem, "");
        assert_eq!(
            sources.text(&fault),
            "edited.csv, line 7, pin: line 7 of edited.csv says yes of the same place"
        );
        let problem = format!("the pins A on X (line 2), A on Y (line {line}) break one-place");
        let fault = Fault::of_cell(Table::Pins, line, "session", "Y", problem, "");
        assert_eq!(
            sources.text(&fault),
            "edited.csv, line 7, session: the pins A on X (line 2 of pins.csv), A on Y (line 7 of \
             edited.csv) break one-place"
        );
        rota = RotaSource { file: "edited.xlsx".into(), sheet: Some("rota".into()) };
        let of_sheet = Sources { pins: Some(rota), ..Sources::default() };
        assert_eq!(
            of_sheet.text(&fault),
            "edited.xlsx, sheet rota, row 7, session: the pins A on X (line 2 of pins.csv), A on Y \
             (line 7 of edited.xlsx) break one-place"
        );
        let fault = Fault::of_cell(Table::Pins, 3, "session", "X", "there is no session \"X\"", "");
        assert_eq!(sources.text(&fault), "pins.csv, line 3, session: there is no session \"X\"");
    }
}
