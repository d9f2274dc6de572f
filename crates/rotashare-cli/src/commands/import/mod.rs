//! `rotashare import`: exports of other systems into a dataset.

mod as_json;
mod as_text;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rotashare_io::grid::{self, Grid, ReadOptions};
use rotashare_io::import::{
    Base, FileChange, ImportFault, KnownAs, Mapping, Outcome, READY, Ready, Verified, guess,
    import, read_people, review, verify,
};

use crate::dataset::with_causes;
use crate::failure::{FAULTS, Failure};
use crate::table::TextTable;
use crate::{output, say};

/// Read exports of other systems into a dataset
///
/// An export is a CSV file of any usual kind or an XLSX, XLS or ODS workbook. A mapping says which of its
/// columns is which of the dataset's; there are ready ones for the usual shapes, and --guess writes one
/// to start from. People are matched by number; where there is only a name, it is asked who that is.
/// Every row is used, told as a fault, or counted among those left out, with the reason. Nothing is
/// written where anything is wrong, and importing the same export again changes nothing.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare import --list
  rotashare import leave.xlsx --mapping leave-list --out my-network --trust RJ1 --dry-run
  rotashare import leave.xlsx --mapping leave-list --out my-network --trust RJ1 --people people.toml
  rotashare import clinics.csv --guess --out my-network > clinics.toml
  rotashare import clinics.csv --mapping clinics.toml --out my-network

Exit codes: 0 done, 2 faults, or names to confirm.")]
pub(super) struct Args {
    /// Exports of one shape: CSV, XLSX, XLS or ODS
    #[arg(value_name = "EXPORT")]
    exports: Vec<PathBuf>,
    /// The mapping: the name of a ready one, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    mapping: Option<String>,
    /// The folder of the dataset; other files in it stay as they are
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The trust whose export it is: only rows of that trust are replaced
    #[arg(long, value_name = "CODE")]
    trust: Option<String>,
    /// A file that says who names are; names to confirm are added to it
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Show what would change and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what was read and what changes as JSON
    #[arg(long)]
    json: bool,
    /// Print a first mapping for the export, to be corrected
    #[arg(long, conflicts_with_all = ["mapping", "people", "dry_run", "json", "trust"])]
    guess: bool,
    /// List the ready mappings
    #[arg(long, conflicts_with_all = ["exports", "mapping", "guess", "show"])]
    list: bool,
    /// Print a ready mapping, to be saved and changed
    #[arg(long, value_name = "NAME", conflicts_with_all = ["exports", "mapping", "guess"])]
    show: Option<String>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if self.list {
            return list();
        }
        if let Some(name) = &self.show {
            say::result(ready(name)?.toml)?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.exports.is_empty() {
            let message = "name an export to read, or ask for --list; see rotashare import --help";
            return Err(Failure::Message(message.into()));
        }
        if self.guess { self.guess() } else { self.import() }
    }

    fn guess(&self) -> Result<ExitCode, Failure> {
        let [export] = &self.exports[..] else {
            return Err(Failure::Message("--guess takes one export at a time".into()));
        };
        let grids = read(export, None)?;
        let base = match &self.out {
            Some(dir) => base(dir, None)?,
            None => Base::default(),
        };
        let Some(guess) = guess(&grids, &base) else {
            let message = format!(
                "{}: no row of it looks like the header of any usual export; take a ready mapping \
                 (--show NAME) and give its headings by hand",
                export.display()
            );
            return Err(Failure::Message(message));
        };
        say::message(&format!(
            "{}: header in row {}, most like the ready mapping {}; look over every line",
            guess.sheet, guess.header_row, guess.like
        ));
        say::result(&guess.toml)?;
        Ok(ExitCode::SUCCESS)
    }

    fn import(&self) -> Result<ExitCode, Failure> {
        let Some(name) = &self.mapping else {
            let message = "give --mapping: a ready one (see --list) or a TOML file (see --guess)";
            return Err(Failure::Message(message.into()));
        };
        let Some(dir) = &self.out else {
            return Err(Failure::Message("give --out: the folder of the dataset".into()));
        };
        if dir.as_os_str().is_empty() || dir.exists() && !dir.is_dir() {
            let message = format!("--out {} is not a folder; name the dataset's", dir.display());
            return Err(Failure::Message(message));
        }
        let mapping = mapping(name)?;
        let mapping = match &self.trust {
            Some(trust) => mapping.for_trust(trust),
            None => mapping,
        };
        let (known_as, there) = match &self.people {
            Some(path) => people(path)?,
            None => (KnownAs::default(), None),
        };
        let exports = self
            .exports
            .iter()
            .map(|path| read(path, mapping.separator()))
            .collect::<Result<Vec<Vec<Grid>>, Failure>>()?;
        let base = base(dir, Some(&mapping))?;
        let outcome = import(&exports, &mapping, &base, &known_as);
        let verified =
            verify(dir, &outcome.files).map_err(|error| Failure::Message(with_causes(&error)))?;
        self.tell(&outcome, &verified, there.as_deref())?;

        let is_good =
            outcome.faults.is_empty() && outcome.asks.is_empty() && verified.own.is_empty();
        let changed: Vec<&FileChange> = outcome.files.iter().filter(|one| !one.is_same()).collect();
        if is_good && !self.dry_run && !changed.is_empty() {
            let files: Vec<(&str, Vec<u8>)> = changed
                .iter()
                .map(|change| (change.table.file_name(), change.content.clone()))
                .collect();
            rotashare_io::write_folder(dir, &files)
                .map_err(|error| Failure::Message(with_causes(&error)))?;
        }
        if self.json {
            let written = is_good && !self.dry_run;
            say::json(&as_json::json(&outcome, &verified, written))?;
        } else {
            let done = match (is_good, self.dry_run) {
                (true, false) => as_text::Done::Written,
                (true, true) => as_text::Done::DryRun,
                (false, _) => as_text::Done::Refused,
            };
            say::result(&as_text::text(&outcome, dir, done))?;
        }
        if is_good {
            as_text::others(&verified, dir).iter().for_each(|line| say::message(line));
        }
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(FAULTS) })
    }

    /// Tells warnings, faults and names to confirm.
    fn tell(
        &self,
        outcome: &Outcome,
        verified: &Verified,
        there: Option<&str>,
    ) -> Result<(), Failure> {
        for warning in &outcome.warnings {
            say::message(&format!("warning: {warning}"));
        }
        told(&outcome.faults);
        for fault in &verified.own {
            say::message(&as_text::with_origin(fault, outcome));
        }
        let faults = outcome.faults.len() + verified.own.len();
        if faults > 0 {
            say::message(&say::count(faults, "fault", "faults"));
        }
        if outcome.asks.is_empty() {
            return Ok(());
        }
        let names = say::count(outcome.asks.len(), "name", "names");
        say::message(&format!("{names} to confirm; people are never matched by name alone:"));
        let word = outcome.sheets.first().map_or("row", |sheet| sheet.row_word);
        for ask in &outcome.asks {
            let rows = as_text::rows(word, &ask.rows);
            say::message(&format!("  {}  ({rows})", ask.line().trim_start_matches("# ")));
        }
        match &self.people {
            Some(path) if !self.dry_run => {
                if let Some(text) = review(there, &outcome.asks) {
                    output::write_file(path, text.as_bytes())?;
                }
                let path = path.display();
                say::message(&format!(
                    "They are in {path}: take the # away in front of each that is right, and import again"
                ));
            }
            Some(_) => {}
            None => say::message(
                "Put what is right under [people] in the mapping, or add --people people.toml: the \
                 names are then written there to be confirmed",
            ),
        }
        Ok(())
    }
}

fn told(faults: &[ImportFault]) {
    for fault in faults {
        say::message(&fault.to_string());
    }
}

fn list() -> Result<ExitCode, Failure> {
    let mut table = TextTable::new(&["Mapping", "For", "Makes"]);
    for ready in READY {
        let Some(mapping) = ready.mapping() else { continue };
        let files: Vec<&str> = mapping.tables().iter().map(|table| table.file_name()).collect();
        table.row([ready.name.to_owned(), mapping.about().to_owned(), files.join(", ")]);
    }
    say::result(&table.text())?;
    Ok(ExitCode::SUCCESS)
}

fn ready(name: &str) -> Result<Ready, Failure> {
    Ready::named(name).ok_or_else(|| {
        let names: Vec<&str> = READY.iter().map(|ready| ready.name).collect();
        let list = format!("the ready ones are {}", names.join(", "));
        let remedy = rotashare_core::fault::did_you_mean(name, names, &list);
        Failure::Message(format!("there is no ready mapping {name:?}; {remedy}"))
    })
}

/// A mapping by the name of a ready one, or from a file.
fn mapping(name: &str) -> Result<Mapping, Failure> {
    let path = Path::new(name);
    let is_name = !path.exists() && path.extension().is_none();
    let text = if is_name { ready(name)?.toml.to_owned() } else { text_of(path)? };
    Mapping::parse(name, &text).map_err(|faults| {
        told(&faults);
        say::message(&say::count(faults.len(), "fault", "faults"));
        Failure::Told
    })
}

/// Who names are, and the text of the file where it is there.
fn people(path: &Path) -> Result<(KnownAs, Option<String>), Failure> {
    if !path.exists() {
        output::check_file(path, &[])?;
        return Ok((KnownAs::default(), None));
    }
    let text = text_of(path)?;
    let known = read_people(&path.display().to_string(), &text).map_err(|faults| {
        told(&faults);
        say::message(&say::count(faults.len(), "fault", "faults"));
        Failure::Told
    })?;
    Ok((known, Some(text)))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    const MOST: u64 = 4 << 20;
    let unreadable =
        |why: String| Failure::Message(format!("{} can't be read: {why}", path.display()));
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(unreadable("it is far too large to be a mapping".into()));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| unreadable("it is not text in UTF-8; a mapping is a TOML file".into()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn read(path: &Path, separator: Option<u8>) -> Result<Vec<Grid>, Failure> {
    grid::read(path, &ReadOptions { separator, ..ReadOptions::default() })
        .map_err(|error| Failure::Message(with_causes(&error)))
}

fn base(dir: &Path, mapping: Option<&Mapping>) -> Result<Base, Failure> {
    let makes = mapping.map(Mapping::tables).unwrap_or_default();
    Base::read(dir, &makes).map_err(|error| {
        let message = with_causes(&error);
        Failure::Message(format!("{}: {message}; see rotashare check", dir.display()))
    })
}
