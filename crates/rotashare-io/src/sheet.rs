//! A CSV file, or a sheet of a workbook: header, rows, and the faults of both.

use csv::{ReaderBuilder, StringRecord};
use rotashare_core::draft::Reference;
use rotashare_core::fault::{Fault, did_you_mean, nearest};

use crate::cell::{shorten, trim};
use crate::column::Column;
use crate::file::{is_separated_by, lines_in};
use crate::findings::Findings;
use crate::grid::{Grid, GridRow};
use crate::row::{Layout, Row};
use crate::tables::Record;

/// The most rows of a file.
pub(crate) const MAX_ROWS: usize = 1_000_000;
/// The most cells of a header or row.
const MAX_CELLS: usize = 1_000;
/// The most bytes of a cell: 32 KiB.
pub(crate) const MAX_CELL: usize = 32 << 10;
/// Codes of rows that are left out: far more than are told.
const MOST_REFERENCES: usize = 20_000;
/// How far down a header is looked for that is not in the first row.
const TITLE_ROWS: usize = 10;

/// What was read of a file.
pub(crate) struct Sheet<R> {
    /// Its rows; where the file defines codes, those with a fault too.
    pub(crate) rows: Vec<R>,
    /// Whether all its keys could be read.
    pub(crate) is_legible: bool,
    /// Required columns that it has not.
    pub(crate) missing: Vec<&'static str>,
    /// The keys of those rows that have faults.
    pub(crate) doubtful: Vec<String>,
    /// The codes of rows that are left out.
    pub(crate) references: Vec<Reference>,
}

impl<R> Sheet<R> {
    fn empty() -> Self {
        Self {
            rows: Vec::new(),
            is_legible: false,
            missing: Vec::new(),
            doubtful: Vec::new(),
            references: Vec::new(),
        }
    }
}

/// Reads a CSV text of at most `rows_left` rows. With `any_separator`, semicolons and tabs will do
/// where the header has no comma.
pub(crate) fn read<R: Record>(
    text: &str,
    any_separator: bool,
    rows_left: usize,
    findings: &mut Findings,
) -> Sheet<R> {
    let other = [b';', b'\t'].into_iter().find(|one| is_separated_by(text.as_bytes(), *one));
    let separator = match other {
        Some(separator) if any_separator => separator,
        Some(separator) => {
            let name = if separator == b';' { "semicolons" } else { "tabs" };
            findings.of_line(
                1,
                format!("the file is separated by {name}"),
                "save it with commas: in the spreadsheet, \"CSV UTF-8 (Comma delimited)\"",
            );
            return Sheet::empty();
        }
        None => b',',
    };
    if let Some(line) = line_of_many(text, separator) {
        let problem = format!("the line has over {MAX_LINE_CELLS} cells");
        findings.of_line(line, problem, "check that this is the right file");
        return Sheet::empty();
    }
    read_from(|| Records::Text(Text::new(text, separator)), rows_left, findings)
}

/// Reads a sheet of a workbook, of at most `rows_left` rows.
pub(crate) fn read_grid<R: Record>(
    grid: &Grid,
    rows_left: usize,
    findings: &mut Findings,
) -> Sheet<R> {
    read_from(
        || Records::Sheet(Rows { rows: grid.rows().iter(), failed: false }),
        rows_left,
        findings,
    )
}

/// Reads records; `open` begins them anew.
fn read_from<'a, R: Record>(
    open: impl Fn() -> Records<'a>,
    rows_left: usize,
    findings: &mut Findings,
) -> Sheet<R> {
    let mut sheet = Sheet::empty();
    let mut records = open();
    let mut record = StringRecord::new();
    let Some(line) = records.next_filled(&mut record, findings) else {
        if !records.failed() {
            let names: Vec<&str> =
                R::COLUMNS.iter().filter(|c| c.is_required()).map(Column::name).collect();
            let remedy = format!("begin it with a header: {}", names.join(","));
            findings.of_file("the file is empty", remedy);
        }
        return sheet;
    };
    let below = || header_below::<R>(open());
    let Some(layout) = layout::<R>(&record, line, below, findings) else { return sheet };
    sheet.is_legible = true;
    sheet.missing = missing(&layout.positions, R::COLUMNS).map(Column::name).collect();
    let mut count = 0;
    while let Some(line) = records.next_filled(&mut record, findings) {
        count += 1;
        if count > MAX_ROWS.min(rows_left) {
            let problem = if rows_left < MAX_ROWS {
                "from here on the dataset has too many rows in all its files together".to_owned()
            } else {
                format!("the file has more than {MAX_ROWS} rows")
            };
            findings.of_line(line, problem, "leave out what does not concern the horizon");
            sheet.is_legible = false;
            break;
        }
        records.pad(&mut record, layout.width);
        if record.len() != layout.width {
            torn(&record, &layout, line, records.is_sheet(), findings);
        }
        let mut row = Row::new(&layout, &record, line, findings);
        let key = row.cell(R::COLUMNS[0].name());
        let read = R::read(&mut row);
        if row.is_sound() && sheet.missing.is_empty() {
            sheet.rows.push(read);
        } else if R::DEFINES && !key.is_empty() {
            sheet.doubtful.push(key.to_owned());
            sheet.rows.push(read);
        } else if sheet.references.len() < MOST_REFERENCES {
            sheet.references.extend(row.references());
        }
    }
    // What would have come then is not known.
    sheet.is_legible &= !records.failed();
    sheet
}

/// The most separators of a line: a quoted cell may have many, but a line without an end would fill
/// the memory with the bounds of its cells.
const MAX_LINE_CELLS: usize = 100_000;

/// The first line with more separators than that.
fn line_of_many(text: &str, separator: u8) -> Option<u32> {
    let mut count = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => count = 0,
            byte if byte == separator => count += 1,
            _ => {}
        }
        if count > MAX_LINE_CELLS {
            return Some(lines_in(&text.as_bytes()[..at]).saturating_add(1));
        }
    }
    None
}

/// The required columns that are not there.
fn missing<'a>(
    positions: &'a [Option<usize>],
    columns: &'static [Column],
) -> impl Iterator<Item = &'static Column> + 'a {
    let absent = columns.iter().zip(positions).filter(|(_, position)| position.is_none());
    absent.map(|(column, _)| column).filter(|column| column.is_required())
}

/// Says that a row has too many cells or too few.
fn torn(
    record: &StringRecord,
    layout: &Layout,
    line: u32,
    is_sheet: bool,
    findings: &mut Findings,
) {
    let spans_lines = record.iter().any(|cell| cell.contains(['\n', '\r']));
    let cells = |count: usize| if count == 1 { "cell" } else { "cells" };
    let problem = format!(
        "the row has {} {}, the header has {}",
        record.len(),
        cells(record.len()),
        layout.width
    );
    let remedy = if is_sheet {
        "delete what stands to the right of the last header"
    } else if spans_lines {
        "check for a quote mark that is opened and not closed"
    } else {
        "put quote marks around text that has a comma, or add the commas that are missing"
    };
    findings.of_line(line, problem, remedy);
}

/// The records of a file or a sheet, each with its line or row.
enum Records<'a> {
    Text(Text<'a>),
    Sheet(Rows<'a>),
}

/// The rows of a sheet.
struct Rows<'a> {
    rows: std::slice::Iter<'a, GridRow>,
    failed: bool,
}

impl Records<'_> {
    /// Goes to the next record in which anything stands; gives its line, or `None` at the end and
    /// where it can't go on.
    fn next_filled(&mut self, record: &mut StringRecord, findings: &mut Findings) -> Option<u32> {
        match self {
            Self::Text(text) => text.next_filled(record, findings),
            Self::Sheet(sheet) => {
                let row = sheet.rows.next().filter(|_| !sheet.failed)?;
                if row.cells().len() > MAX_CELLS {
                    sheet.failed = true;
                    too_wide(row.number(), row.cells().len(), findings);
                    return None;
                }
                record.clear();
                row.cells().iter().for_each(|cell| record.push_field(cell));
                Some(row.number())
            }
        }
    }

    /// Whether it ended before its end.
    fn failed(&self) -> bool {
        match self {
            Self::Text(text) => text.failed,
            Self::Sheet(sheet) => sheet.failed,
        }
    }

    fn is_sheet(&self) -> bool {
        matches!(self, Self::Sheet(_))
    }

    /// Adds the empty cells at the end of a row, which a sheet does not tell from none.
    fn pad(&self, record: &mut StringRecord, width: usize) {
        if self.is_sheet() {
            (record.len()..width).for_each(|_| record.push_field(""));
        }
    }
}

/// Says that a row has far too many cells.
fn too_wide(line: u32, cells: usize, findings: &mut Findings) {
    let problem = format!("the row has {cells} cells, over the limit of {MAX_CELLS}");
    findings.of_line(line, problem, "check that this is the right file");
}

/// The records of a text.
struct Text<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// A byte and the line on which it is.
    at: (usize, u32),
    failed: bool,
}

impl<'a> Text<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        Self { text, reader, at: (0, 1), failed: false }
    }

    /// Goes to the next record in which anything stands; gives its line, or `None` at the end and
    /// where it can't go on.
    fn next_filled(&mut self, record: &mut StringRecord, findings: &mut Findings) -> Option<u32> {
        loop {
            match self.reader.read_record(record) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.failed = true;
                    findings.of_line(self.at.1, format!("the row can't be read: {error}"), "");
                    return None;
                }
            }
            let start = record.position().map_or(0, |position| position.byte());
            let line = self.line_of(usize::try_from(start).unwrap_or(usize::MAX));
            if let Some(cell) = record.iter().find(|cell| cell.len() > MAX_CELL) {
                self.failed = true;
                let problem =
                    format!("a cell has {} bytes, over the limit of {MAX_CELL}", cell.len());
                let remedy = "check for a quote mark that is opened and not closed";
                findings.of_line(line, problem, remedy);
                return None;
            }
            if record.len() > MAX_CELLS {
                self.failed = true;
                too_wide(line, record.len(), findings);
                return None;
            }
            if self.is_unclosed(record) {
                let problem = "a quote mark is opened here and not closed before the file ends";
                findings.of_line(line, problem, "close it, or take it out");
                self.failed = true;
            }
            if record.iter().any(|cell| !trim(cell).is_empty()) {
                return Some(line);
            }
        }
    }

    /// The line of the first byte from `start` on that is no line break.
    fn line_of(&mut self, start: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let start = start.clamp(self.at.0, bytes.len());
        let blank = bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let end = start + blank;
        self.at = (end, self.at.1.saturating_add(lines_in(&bytes[self.at.0..end])));
        self.at.1
    }

    /// Whether a record ends inside quotes: at the end of the file, with a line break in a cell and an
    /// odd number of quote marks.
    fn is_unclosed(&self, record: &StringRecord) -> bool {
        usize::try_from(self.reader.position().byte()) == Ok(self.text.len())
            && record.iter().any(|cell| cell.contains(['\n', '\r']))
            && self.text.as_bytes()[self.at.0..].iter().filter(|byte| **byte == b'"').count() % 2
                == 1
    }
}

/// Finds the described columns in a header; `None` where the key is not among them.
fn layout<R: Record>(
    header: &StringRecord,
    line: u32,
    below: impl Fn() -> Option<u32>,
    findings: &mut Findings,
) -> Option<Layout> {
    let table = findings.table();
    let names: Vec<String> = header.iter().map(|name| trim(name).to_lowercase()).collect();
    let mut positions = vec![None; R::COLUMNS.len()];
    let mut unknown: Vec<&str> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        let Some(index) = R::COLUMNS.iter().position(|column| column.name() == name) else {
            unknown.push(name);
            continue;
        };
        if let Some(first) = positions[index] {
            let problem = format!(
                "there are two columns {name}, the {} and the {}",
                nth(first),
                nth(position)
            );
            let remedy = "take one of the two out or rename it";
            findings.fault(Fault::of_cell(table, line, name, name, problem, remedy));
        } else {
            positions[index] = Some(position);
        }
    }
    let missing: Vec<&Column> = missing(&positions, R::COLUMNS).collect();
    if !missing.is_empty()
        && let Some(at) = below()
    {
        let problem = format!("the header is on line {at}, under other rows");
        findings.of_line(line, problem, "delete the rows above the header");
        return None;
    }
    for column in missing {
        let problem = format!("the column {} is missing", column.name());
        let remedy = match nearest(column.name(), unknown.iter().copied()) {
            Some(near) => {
                format!("did you mean the column {near}? Rename it to {}", column.name())
            }
            None => format!("add it: {}", column.doc()),
        };
        findings.fault(Fault::of_cell(table, line, column.name(), "", problem, remedy));
    }
    let absent: Vec<&str> = R::COLUMNS
        .iter()
        .zip(&positions)
        .filter(|(_, position)| position.is_none())
        .map(|(column, _)| column.name())
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    for name in unknown {
        let shown = shorten(name);
        let problem = if name.is_empty() {
            "a column has no name and is not read".to_owned()
        } else {
            format!("there is no column {shown} in this file; it is not read")
        };
        let remedy = did_you_mean(name, absent.iter().copied(), "");
        findings.warn(Fault::of_cell(table, line, shown.clone(), shown, problem, remedy));
    }
    let has_key = positions[0].is_some();
    has_key.then_some(Layout { columns: R::COLUMNS, positions, width: names.len() })
}

fn nth(position: usize) -> String {
    let number = position + 1;
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// The line of a header with all required columns below the first row: exports often have a title.
fn header_below<R: Record>(mut records: Records<'_>) -> Option<u32> {
    let mut unheard = Findings::new(rotashare_core::fault::Table::Rota);
    let mut record = StringRecord::new();
    for _ in 0..TITLE_ROWS {
        let line = records.next_filled(&mut record, &mut unheard)?;
        let names: Vec<String> = record.iter().map(|name| trim(name).to_lowercase()).collect();
        let has = |column: &Column| names.iter().any(|name| name == column.name());
        if R::COLUMNS.iter().filter(|column| column.is_required()).all(has) {
            return Some(line);
        }
    }
    None
}
