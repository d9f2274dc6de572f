//! Exports of other systems into a dataset.
//!
//! A [`Mapping`] says which of their columns is which of ours. [`import`] reads an export with it and
//! gives the files of the dataset as they would be, with everything that was left out, changed or asked;
//! it writes nothing. [`verify`] checks the dataset as it would be. Nothing is dropped in silence: each
//! row is used, counted among those left out with the reason, or a fault.

mod base;
mod bound;
mod combine;
mod convert;
mod days;
mod fault;
mod guess;
mod header;
mod kind;
mod likely;
mod lines;
mod make;
mod mapping;
mod mapping_parts;
mod mapping_toml;
mod merge;
mod people;
mod places;
mod ready;
mod review;
mod toml_values;
mod unfold;
mod verify;
mod words;

pub use base::Base;
pub use fault::ImportFault;
pub use guess::{Guess, guess};
pub use lines::LeftOut;
pub use mapping::Mapping;
pub use merge::{CellChange, FileChange, RowChange};
pub use people::Proposal;
pub use ready::{READY, Ready};
pub use review::{Ask, KnownAs, read_people, review};
pub use verify::{Verified, verify};

use std::collections::BTreeMap;

use fault::Place;
use header::Headed;
use make::{Maker, Making, SheetDone};
use people::People;
use places::Places;
use rotashare_core::fault::Table;

use crate::grid::Grid;

/// How many names are asked for at a time.
const MOST_ASKS: usize = 200;

/// What an import comes to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// What was read, a sheet each.
    pub sheets: Vec<SheetReport>,
    /// Visible sheets of a workbook that have no such header and were not read.
    pub not_read: Vec<String>,
    /// The files of the dataset as they would be; empty where anything is wrong or asked.
    pub files: Vec<FileChange>,
    /// Names that somebody must say who they are.
    pub asks: Vec<Ask>,
    /// Places and specialties that were read by name: the text, and what it was read as.
    pub readings: Vec<(String, String)>,
    /// What is wrong.
    pub faults: Vec<ImportFault>,
    /// What is worth a look.
    pub warnings: Vec<ImportFault>,
}

/// What was read of a sheet or text file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SheetReport {
    /// `leave.csv`, or `rota.xlsx, sheet "March"`.
    pub name: String,
    /// What its rows are called: `row` of a sheet, `line` of a text.
    pub row_word: &'static str,
    /// How it was read: `XLSX`, or `CSV with semicolons, Windows-1252`.
    pub form: String,
    /// The row of the header.
    pub header_row: u32,
    /// What stands above the header: row and text.
    pub above: Vec<(u32, String)>,
    /// Rows below the header in which anything stands.
    pub rows: usize,
    /// Rows of which something was made.
    pub used: usize,
    /// Rows, or cells of a grid, that were left out, by reason.
    pub left_out: Vec<LeftOut>,
    /// Rows that one file of the dataset took and another did not, by reason.
    pub partly: Vec<LeftOut>,
    /// Columns that the mapping does not take.
    pub unused: Vec<String>,
    /// Columns of the mapping that the export has not.
    pub absent: Vec<String>,
}

/// Reads exports of one shape into the dataset that is there. `known_as` says who names are, beside the
/// mapping's own list.
#[must_use]
pub fn import(
    exports: &[Vec<Grid>],
    mapping: &Mapping,
    base: &Base,
    known_as: &KnownAs,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut making = Making::default();
    let mut sheets: Vec<Headed<'_>> = Vec::new();
    for grids in exports {
        match header::find(grids, mapping) {
            Ok((found, without)) => {
                sheets.extend(found);
                outcome.not_read.extend(without);
            }
            Err(faults) => faults.into_iter().for_each(|fault| making.findings.fault(fault)),
        }
    }
    let mut said = mapping.people.clone();
    said.extend(known_as.0.iter().map(|(text, code)| (text.clone(), code.clone())));
    let mut maker = Maker {
        mapping,
        people: People::new(base, said, mapping.trust.as_deref()),
        places: Places::new(base),
        near: base.horizon.map(|(from, _)| from),
        at_work: BTreeMap::new(),
        known: BTreeMap::new(),
    };
    for headed in &sheets {
        maker.learn(headed);
    }
    for headed in &sheets {
        maker.learn_days(headed);
    }
    for (index, headed) in sheets.iter().enumerate() {
        let done = maker.sheet(index, headed, &mut making);
        if headed.rows.is_empty() {
            let row = headed.header.last().map_or(1, crate::grid::GridRow::number);
            let fault = headed.place().row(row).fault(
                "",
                "there are no rows below the header",
                "export it again; nothing is changed",
            );
            making.findings.fault(fault);
        }
        outcome.sheets.push(report(headed, done));
    }
    finish(outcome, making, &sheets, &maker, base)
}

fn finish(
    mut outcome: Outcome,
    making: Making,
    sheets: &[Headed<'_>],
    maker: &Maker<'_>,
    base: &Base,
) -> Outcome {
    let Making { mut rows, mut findings, asks } = making;
    let mapping = maker.mapping;
    let place = |sheet: usize, row: u32| match sheets.get(sheet) {
        Some(headed) => headed.place().row(row),
        None => Place::file(mapping.name()),
    };
    let proposals = |text: &str| maker.people.proposals(text);
    let mut asks = asks;
    if maker.people.is_empty() && !asks.is_empty() {
        asks.clear();
        let problem = "the dataset has no consultants yet, so nobody can be matched";
        let remedy = "import the staff first, from the job plans or a list that has their codes";
        findings.fault(Place::file(Table::Consultants.file_name()).fault("", problem, remedy));
    }
    if asks.len() > MOST_ASKS {
        let problem = format!("{} names or numbers are not known", asks.len());
        let remedy = "check which column [person] takes, and whether the staff are imported";
        findings.fault(Place::file(mapping.name()).column("person").fault("", problem, remedy));
    }
    outcome.asks = asks
        .into_iter()
        .take(MOST_ASKS)
        .map(|(text, rows)| Ask { proposals: proposals(&text), text, rows })
        .collect();
    if let Some(trust) = &mapping.trust {
        let trusts = base.file(Table::Trusts).map(|raw| raw.column("trust")).unwrap_or_default();
        if !trusts.is_empty() && !trusts.contains(&trust.as_str()) {
            let remedy =
                rotashare_core::fault::did_you_mean(trust, trusts, "give the trust's code");
            let problem = format!("there is no trust {trust:?} in trusts.csv");
            findings
                .fault(Place::file(mapping.name()).column("trust").fault(trust, problem, remedy));
        }
    } else if mapping.makes(Table::Consultants)
        && rows
            .get(&Table::Consultants)
            .is_some_and(|rows| rows.iter().any(|row| row.cells[2].is_none()))
    {
        let problem = "it does not say whose employees they are";
        let remedy = "give the trust's code with --trust, or trust = \"…\" in the mapping";
        findings.fault(Place::file(mapping.name()).column("trust").fault("", problem, remedy));
    }
    let mut tables = mapping.tables();
    tables.sort_unstable();
    for table in tables {
        let made = rows.remove(&table).unwrap_or_default();
        let is_new = base.file(table).is_none();
        let made = combine::combine(table, made, mapping, &place, &mut findings);
        if made.is_empty() && is_new {
            continue;
        }
        let known = (&maker.people, &maker.places);
        let trust = mapping.trust.as_deref();
        outcome.files.push(merge::merge(table, made, base, trust, known, &place, &mut findings));
    }
    if outcome.sheets.iter().all(|sheet| sheet.used == 0) {
        for change in outcome.files.iter().filter(|change| !change.removed.is_empty()) {
            let (count, file) = (change.removed.len(), change.table.file_name());
            let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
            let goes = if count == 1 { "goes" } else { "go" };
            let problem = format!("no row of it is used, so {rows} of {file} {goes}");
            let name = sheets.first().map_or(mapping.name(), |headed| headed.grid.file());
            let remedy = "check that it is the right export";
            findings.warn(Place::file(name).fault("", problem, remedy));
        }
    }
    outcome.readings = maker.places.readings();
    (outcome.faults, outcome.warnings) = findings.into_parts();
    if !outcome.faults.is_empty() || !outcome.asks.is_empty() {
        outcome.files.clear();
    }
    outcome
}

fn report(headed: &Headed<'_>, done: SheetDone) -> SheetReport {
    SheetReport {
        name: headed.grid.name(),
        row_word: if headed.grid.sheet().is_some() { "row" } else { "line" },
        form: headed.grid.form().to_owned(),
        header_row: headed.header.first().map_or(1, crate::grid::GridRow::number),
        above: headed.above.iter().map(|row| (row.number(), lines::shown(row.cells()))).collect(),
        rows: done.rows,
        used: done.used,
        left_out: done.left.out.into_vec(),
        partly: done.left.partly.into_vec(),
        unused: done.unused,
        absent: done.absent,
    }
}
