//! A dataset as a workbook: a sheet for each file, in place of a folder.
//!
//! The sheet of `consultants.csv` is `consultants`, with the same columns; `network` has a key and its
//! value in each row, `weights.unfilled.must` and `20000`.

mod read;
pub(crate) mod settings;
mod template;

use std::collections::BTreeMap;

use rotashare_core::fault::{Fault, Table};

pub(crate) use read::read;
pub use template::{SettingDoc, template};

use crate::grid::column_letters;

/// The sheet that says how to fill the others in. It is not read.
const READ_ME: &str = "Read me";
/// The sheet with the national codes. It is not read.
const CODES: &str = "Codes";

/// The name of the sheet of a file: the file's without its ending. Excel keeps "History" for itself, so
/// that one has its ending.
#[must_use]
pub fn sheet_name(table: Table) -> &'static str {
    match table {
        Table::History => table.file_name(),
        _ => stem(table),
    }
}

fn stem(table: Table) -> &'static str {
    let name = table.file_name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a sheet's name is that of a file, with its ending or without, in any case.
fn is_name_of(name: &str, table: Table) -> bool {
    let name = name.trim();
    name.eq_ignore_ascii_case(stem(table)) || name.eq_ignore_ascii_case(table.file_name())
}

/// A workbook that a dataset was read from, by which faults are told in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    name: String,
    /// The position of each column of each sheet.
    columns: BTreeMap<(Table, String), usize>,
}

impl Book {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), columns: BTreeMap::new() }
    }

    /// Its file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A fault with sheets, rows and cells in place of files, lines and columns:
    /// `network.xlsx, sheet consultants, row 14, base_site (D14): site "RN77" is not in sheet sites; …`
    #[must_use]
    pub fn text(&self, fault: &Fault) -> String {
        let sheet = sheet_name(fault.table);
        let mut text = format!("{}, sheet {sheet}", self.name);
        if let Some(row) = fault.line {
            text.push_str(&format!(", row {row}"));
        }
        if let Some(column) = &fault.column {
            text.push_str(&format!(", {column}"));
            // Of a setting the value is what is wrong.
            let position = match fault.table {
                Table::Network => Some(settings::VALUE_COLUMN),
                table => self.columns.get(&(table, column.clone())).copied(),
            };
            if let (Some(row), Some(position)) = (fault.line, position) {
                text.push_str(&format!(" ({}{row})", column_letters(position)));
            }
        }
        text.push_str(&format!(": {}", in_sheets(&fault.problem)));
        if !fault.remedy.is_empty() {
            text.push_str(&format!("; {}", in_sheets(&fault.remedy)));
        }
        text
    }
}

/// A sentence about files of a folder as one about sheets of a workbook.
fn in_sheets(text: &str) -> String {
    let mut text = text.to_owned();
    for table in Table::ALL {
        text = text.replace(table.file_name(), &format!("sheet {}", sheet_name(table)));
    }
    for (of_folder, of_book) in [
        ("the file ", "the sheet "),
        ("this file", "this sheet"),
        ("the folder", "the workbook"),
        (" on line ", " in row "),
        ("begin it with a header: ", "write these into its first row: "),
        (
            "add [horizon] with from = 2027-03-01 and to = 2027-03-28",
            "give horizon.from and horizon.to",
        ),
    ] {
        text = text.replace(of_folder, of_book);
    }
    match text.strip_prefix("line ") {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_digit()) => {
            format!("row {rest}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_sheet_row_and_cell() {
        let mut book = Book::new("march.xlsx");
        book.columns.insert((Table::Consultants, "base_site".to_owned()), 3);
        let problem = "site \"RN77\" is not in sites.csv";
        let fault = Fault::of_cell(Table::Consultants, 14, "base_site", "RN77", problem, "");
        assert_eq!(
            book.text(&fault),
            "march.xlsx, sheet consultants, row 14, base_site (D14): site \"RN77\" is not in sheet sites"
        );
        let problem = "trust \"RJ1\" is on line 2 already";
        let fault = Fault::of_cell(Table::Trusts, 3, "trust", "RJ1", problem, "");
        assert_eq!(
            book.text(&fault),
            "march.xlsx, sheet trusts, row 3, trust: trust \"RJ1\" is in row 2 already"
        );
        let fault =
            Fault::of_file(Table::Sites, "the file is missing", "add sites.csv to the folder");
        assert_eq!(
            book.text(&fault),
            "march.xlsx, sheet sites: the sheet is missing; add sheet sites to the workbook"
        );
    }
}
