//! Spreadsheets and delimited text as plain rows of text, each cell with its place.
//!
//! [`read`] takes what other systems export: CSV with any usual separator and encoding, and the
//! workbooks XLSX, XLS and ODS. Dates and times of a workbook become `2027-03-02` and `09:00`, a merged
//! cell fills all that it covers. Nothing is understood yet: what a row means is for others to say.
//!
//! Every input ends in rows or in a refusal within bounded memory and time, see [`limits`].

mod build;
mod delimited;
mod encoding;
mod error;
mod moment;
mod ods;
mod packed;
mod shield;
mod workbook;
mod xls;

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

pub use error::GridError;
pub(crate) use moment::serial_date;

use crate::cell::trim;
use crate::file::Stamp;

/// What an input may have at most.
pub mod limits {
    /// Bytes of a file: 64 MiB.
    pub const BYTES: u64 = 64 << 20;
    /// Bytes of the parts of a workbook, unpacked: 128 MiB.
    pub const UNPACKED: u64 = 128 << 20;
    /// Columns of a sheet.
    pub const COLUMNS: usize = 2_000;
    /// Cells of all sheets, those between others counted too.
    pub const CELLS: usize = 4_000_000;
    /// Bytes of a cell: 32 KiB.
    pub const CELL_BYTES: usize = 32 << 10;
    /// Bytes of all cells together: 128 MiB.
    pub const TEXT: usize = 128 << 20;
}

/// A sheet of a workbook, or a text file: the rows in which anything stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    file: String,
    sheet: Option<String>,
    form: String,
    is_hidden: bool,
    rows: Vec<GridRow>,
}

/// A row of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    number: u32,
    cells: Vec<String>,
}

impl Grid {
    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The sheet's name; `None` for a text file.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// How it was read: `XLSX`, or `CSV with semicolons, Windows-1252`.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// Whether the sheet is hidden from those who open the workbook.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// The rows in which anything stands, in order.
    #[must_use]
    pub fn rows(&self) -> &[GridRow] {
        &self.rows
    }

    /// How many columns there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// `leave.csv`, or `rota.xlsx, sheet "March"`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.sheet {
            Some(sheet) => format!("{}, sheet {sheet:?}", self.file),
            None => self.file.clone(),
        }
    }

    /// The place of a row: `leave.csv, line 7`, or `rota.xlsx, sheet "March", row 7`.
    #[must_use]
    pub fn place(&self, row: u32) -> String {
        let what = if self.sheet.is_some() { "row" } else { "line" };
        format!("{}, {what} {row}", self.name())
    }
}

impl GridRow {
    /// Its number in the sheet, or the line on which it starts; from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its cells from the first column on; the last one is not empty.
    #[must_use]
    pub fn cells(&self) -> &[String] {
        &self.cells
    }

    /// A cell without blanks around it; empty beyond the last.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| trim(cell))
    }
}

/// How a text is separated, where it is not to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The separator of a text file; found from its rows where not given.
    pub separator: Option<u8>,
    /// Of a workbook with more than one sheet, only the sheet of this name, in any case.
    pub sheet: Option<String>,
}

/// Reads a file: a sheet each of a workbook, one of a text.
///
/// # Errors
/// Where there is no such file, it is over a limit, damaged, or of another kind.
pub fn read(path: &Path, options: &ReadOptions) -> Result<Vec<Grid>, GridError> {
    let (name, bytes) = load(path)?;
    parse(&name, &bytes, options)
}

/// The name and the bytes of a file.
pub(crate) fn load(path: &Path) -> Result<(String, Vec<u8>), GridError> {
    let unreadable = |source| GridError::Unreadable { path: path.to_owned(), source };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(GridError::NotFound { path: path.to_owned() });
        }
        Err(error) => return Err(unreadable(error)),
    };
    if !metadata.is_file() {
        return Err(GridError::NotAFile { path: path.to_owned() });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let too_large = |bytes: u64| {
        let (size, most) = (bytes >> 20, limits::BYTES >> 20);
        let problem = format!("the file has {size} MiB, over the limit of {most} MiB");
        GridError::refused(&name, problem, "leave out what does not concern the horizon")
    };
    if metadata.len() > limits::BYTES {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // It may grow while it is read.
    let mut file = File::open(path).map_err(unreadable)?;
    (&mut file).take(limits::BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limits::BYTES {
        return Err(too_large(bytes.len() as u64));
    }
    let (stamp, now) = (Stamp::of(&metadata), Stamp::of(&file.metadata().map_err(unreadable)?));
    if now != stamp || bytes.len() as u64 != metadata.len() {
        let remedy = "wait until it is saved, and run again";
        return Err(GridError::refused(&name, "the file was changed while it was read", remedy));
    }
    Ok((name, bytes))
}

/// Reads the bytes of a file of this name. What kind it is the bytes say, not the name.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Vec<Grid>, GridError> {
    match workbook::Kind::of(bytes) {
        Some(kind) => workbook::parse(name, bytes, kind, options),
        None => delimited::parse(name, bytes, options).map(|grid| vec![grid]),
    }
}

/// Whether the bytes of a file are a workbook's.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    workbook::Kind::of(bytes).is_some()
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
#[must_use]
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(column_letters).into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
