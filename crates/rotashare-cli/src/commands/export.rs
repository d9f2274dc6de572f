//! `rotashare export`: workbook, page, calendars, FHIR bundle.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rotashare_io::export::ics::{self, Index};
use rotashare_io::export::view::View;
use rotashare_io::export::{fhir, html, xlsx};

use super::reader::Given;
use crate::dataset::with_causes;
use crate::failure::Failure;
use crate::{cells, output, say};

/// Write the rota for people and systems: workbook, web page, calendars, FHIR
///
/// Writes what is asked for, or all of it where nothing is. rota.xlsx has the grid by week and site, a
/// sheet a consultant and a specialty, gaps with reasons, and a sheet `rota` to edit. rota.html is one
/// page with filters and plots that needs no network. calendars/ has an iCalendar file a consultant and
/// a site; written again into the same folder, what changed gets a higher SEQUENCE and what is gone is
/// cancelled. rota.fhir.json is a FHIR R4 bundle.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare export data/gstt-dartford out/rota.csv --out sent
  rotashare export data/gstt-dartford out --out sent --xlsx --previous last/rota.csv
  rotashare export data/gstt-dartford out --out sent-rn7 --html --ics --for RN7

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    /// The folder to write to
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
    /// Write rota.xlsx
    #[arg(long)]
    xlsx: bool,
    /// Write rota.html
    #[arg(long)]
    html: bool,
    /// Write calendars/
    #[arg(long)]
    ics: bool,
    /// Write rota.fhir.json
    #[arg(long)]
    fhir: bool,
    /// The last version: a rota.csv to show changes from, or a folder with one, with calendars/ to
    /// carry on from, or with both [default for calendars: those in OUT]
    #[arg(long, value_name = "ROTA.csv")]
    previous: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        output::check_folder(&self.out, &self.given.dir)?;
        let all = !(self.xlsx || self.html || self.ics || self.fhir);
        let read = self.given.read()?;
        let before = match &self.previous {
            Some(path) if path.is_file() || path.join("rota.csv").is_file() => {
                Some(cells::read(path)?.0)
            }
            Some(path) if path.join("calendars").is_dir() => None,
            Some(path) => {
                let path = path.display();
                let message =
                    format!("{path} is no rota.csv, nor a folder with one or with calendars");
                return Err(Failure::Message(message));
            }
            None => None,
        };
        let facts = read.facts(before.as_deref(), all || self.xlsx || self.html);
        let view = View::new(&read.dataset.network, &read.rota, &facts, read.only);

        // Everything is made before anything is written.
        let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
        if all || self.xlsx {
            let workbook = xlsx::workbook(&view);
            files.push(("rota.xlsx", workbook.map_err(|e| Failure::Message(with_causes(&e)))?));
        }
        if all || self.html {
            files.push(("rota.html", html::page(&view).into_bytes()));
        }
        if all || self.fhir {
            files.push(("rota.fhir.json", fhir::bundle_json(&view)));
        }
        let calendars = if all || self.ics { Some(self.calendars(&view)?) } else { None };

        let mut written: Vec<String> = Vec::new();
        if !files.is_empty() {
            write(&self.out, &files)?;
            let path = |(name, _): &(&str, _)| self.out.join(name).display().to_string();
            written.extend(files.iter().map(path));
        }
        if let Some(calendars) = calendars {
            let folder = self.out.join("calendars");
            for (name, files) in
                [("consultants", &calendars.consultants), ("sites", &calendars.sites)]
            {
                if files.is_empty() {
                    continue;
                }
                let folder = folder.join(name);
                write_many(&folder, files)?;
                let many = say::count(files.len(), "calendar", "calendars");
                written.push(format!("{} ({many})", folder.display()));
            }
            write(&folder, &[("index.json", calendars.index)])?;
        }
        say::result(&format!("{}\n", written.join("\n")))?;
        Ok(ExitCode::SUCCESS)
    }

    fn calendars(&self, view: &View<'_>) -> Result<ics::Calendars, Failure> {
        let there = |folder: &Path| folder.join("calendars").join("index.json");
        let previous = self.previous.as_deref().map(there).filter(|path| path.is_file());
        let path = previous.unwrap_or_else(|| there(&self.out));
        let told = |error: &dyn std::error::Error| {
            Failure::Message(format!("{}: {}", path.display(), with_causes(error)))
        };
        let before = match fs::read(&path) {
            Ok(bytes) => Some(Index::parse(&bytes).map_err(|error| told(&error))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(told(&error)),
        };
        ics::calendars(view, before.as_ref()).map_err(|error| told(&error))
    }
}

fn write(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), Failure> {
    rotashare_io::write_folder(folder, files).map_err(|error| Failure::Message(with_causes(&error)))
}

/// Writes a great many small files: a new folder appears with all of them; in one that is there only
/// what differs is touched.
fn write_many(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    if folder.exists() {
        let differs = |(name, bytes): &&(String, Vec<u8>)| {
            fs::read(folder.join(name)).map_or(true, |there| there != *bytes)
        };
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .filter(differs)
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        return if files.is_empty() { Ok(()) } else { write(folder, &files) };
    }
    let made = || -> std::io::Result<()> {
        let parent = folder.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let aside = tempfile::Builder::new().prefix(".rotashare-").tempdir_in(parent)?;
        let new = aside.path().join("new");
        fs::create_dir(&new)?;
        for (name, bytes) in files {
            fs::write(new.join(name), bytes)?;
        }
        fs::rename(&new, folder)
    };
    made().map_err(|error| {
        Failure::Message(format!("{} can't be written: {error}", folder.display()))
    })
}
