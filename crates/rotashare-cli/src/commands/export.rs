//! `rotashare export`: workbook, page, calendars, FHIR bundle.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rotashare_io::export::ics::{self, Index};
use rotashare_io::export::view::View;
use rotashare_io::export::{fhir, html, xlsx};
use rotashare_io::{ReadError, read_bytes};

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

        // Everything is made before anything is written, and then written in one step: calendars belong
        // to the index beside them.
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        if all || self.xlsx {
            let workbook = xlsx::workbook(&view);
            let workbook = workbook.map_err(|e| Failure::Message(with_causes(&e)))?;
            files.push(("rota.xlsx".into(), workbook));
        }
        if all || self.html {
            files.push(("rota.html".into(), html::page(&view).into_bytes()));
        }
        if all || self.fhir {
            files.push(("rota.fhir.json".into(), fhir::bundle_json(&view)));
        }
        let mut written: Vec<String> =
            files.iter().map(|(name, _)| self.out.join(name).display().to_string()).collect();
        if all || self.ics {
            let calendars = self.calendars(&view)?;
            for (name, of_kind) in
                [("consultants", calendars.consultants), ("sites", calendars.sites)]
            {
                if of_kind.is_empty() {
                    continue;
                }
                let folder = self.out.join("calendars").join(name);
                let many = say::count(of_kind.len(), "calendar", "calendars");
                written.push(format!("{} ({many})", folder.display()));
                let path = |file: String| format!("calendars/{name}/{file}");
                files.extend(of_kind.into_iter().map(|(file, bytes)| (path(file), bytes)));
            }
            files.push(("calendars/index.json".into(), calendars.index));
        }
        let files: Vec<(&str, Vec<u8>)> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        rotashare_io::write_folder(&self.out, &files)
            .map_err(|error| Failure::Message(with_causes(&error)))?;
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
        let before = match read_bytes(&path) {
            Ok(bytes) => Some(Index::parse(&bytes).map_err(|error| told(&error))?),
            Err(ReadError::NotFound { .. }) => None,
            Err(error) => return Err(Failure::Message(with_causes(&error))),
        };
        ics::calendars(view, before.as_ref()).map_err(|error| told(&error))
    }
}
