//! A workbook to a draft.

use std::path::Path;

use rotashare_core::fault::{Fault, MOST_TOLD, Table, nearest};
use sha2::{Digest, Sha256};

use super::{Book, CODES, READ_ME, is_name_of, settings, sheet_name};
use crate::cell::shorten;
use crate::column::is_required;
use crate::dataset::{ReadError, Reading, by_name};
use crate::fill::Content;
use crate::findings::Findings;
use crate::grid::{self, Grid, ReadOptions};

/// Reads a workbook in place of a folder.
///
/// A sheet without rows stands for a file that is not there, unless `counts_though_empty` in the sheet
/// `network` names it.
pub(crate) fn read(path: &Path) -> Result<Reading, ReadError> {
    let (name, bytes) = grid::load(path)?;
    let grids = grid::parse(&name, &bytes, &ReadOptions::default())?;
    if grids.iter().any(|grid| grid.sheet().is_none()) {
        return Err(ReadError::NotADataset { path: path.to_owned() });
    }
    let mut reading = Reading::empty();
    let mut book = Book::new(&name);
    let sheet = |table| grids.iter().find(|grid| is_sheet_of(grid, table));
    let network = sheet(Table::Network);
    let counting = network.map(settings::counting).unwrap_or_default();
    for table in by_name() {
        let mut findings = Findings::new(table);
        match sheet(table) {
            Some(grid) => {
                note_columns(&mut book, table, grid);
                let is_empty = grid.rows().len() <= 1 && table != Table::Network;
                if !is_empty || is_required(table) || counting.contains(&table) {
                    reading.fill(table, Some(Content::Sheet(grid)), &mut findings);
                }
            }
            None if is_required(table) => {
                let remedy = rename(&grids, table)
                    .unwrap_or_else(|| format!("add {} to the folder", table.file_name()));
                findings.of_file("the file is missing", remedy);
                reading.illegible.push(table);
            }
            None => {}
        }
        reading.add(findings);
    }
    if reading.draft.clinics.is_none() && reading.draft.sessions.is_none() {
        let remedy = rename(&grids, Table::Clinics).or_else(|| rename(&grids, Table::Sessions));
        reading.faults.push(Fault::of_file(
            Table::Clinics,
            "there is no clinic here, and no session in sessions.csv",
            remedy.unwrap_or_else(|| "fill in one of the two, or both".into()),
        ));
    }
    reading.warnings.extend(unread(&grids).take(MOST_TOLD));
    reading.book = Some(book);
    let mut digest = Sha256::new();
    digest.update(b"workbook");
    digest.update([0]);
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(&bytes);
    Ok(reading.finish(digest.finalize()))
}

fn is_sheet_of(grid: &Grid, table: Table) -> bool {
    grid.sheet().is_some_and(|name| is_name_of(name, table))
}

/// Where each column of a sheet stands, for faults.
fn note_columns(book: &mut Book, table: Table, grid: &Grid) {
    let Some(header) = grid.rows().first() else { return };
    for position in 0..header.cells().len() {
        let name = header.cell(position).to_lowercase();
        book.columns.entry((table, name)).or_insert(position);
    }
}

/// The file that the name of a sheet may be meant for.
fn meant(sheet: &str) -> Option<Table> {
    let near = nearest(&sheet.to_lowercase(), Table::ALL.into_iter().map(sheet_name))?;
    Table::ALL.into_iter().find(|table| sheet_name(*table) == near)
}

/// Where a sheet is absent and another one has nearly its name: what to do.
fn rename(grids: &[Grid], table: Table) -> Option<String> {
    let near = strangers(grids).find(|sheet| meant(sheet) == Some(table))?;
    Some(format!("rename sheet {:?} to {}", shorten(near), sheet_name(table)))
}

/// Sheets that are no part of a dataset, and do not belong to the template.
fn strangers(grids: &[Grid]) -> impl Iterator<Item = &str> {
    let is_known = |grid: &&Grid| {
        Table::ALL.into_iter().any(|table| is_sheet_of(grid, table))
            || grid.sheet().is_some_and(|name| [READ_ME, CODES].contains(&name))
    };
    grids.iter().filter(move |grid| !is_known(grid)).filter_map(Grid::sheet)
}

/// Warnings about sheets that are not read.
fn unread(grids: &[Grid]) -> impl Iterator<Item = Fault> {
    strangers(grids).map(|sheet| {
        let problem = format!(
            "the workbook has a sheet {:?}, which is no part of a dataset and is not read",
            shorten(sheet)
        );
        match meant(sheet) {
            Some(table) => {
                Fault::of_file(table, problem, format!("did you mean {}?", sheet_name(table)))
            }
            None => Fault::of_file(Table::Network, problem, "take it out if it is not needed"),
        }
    })
}
