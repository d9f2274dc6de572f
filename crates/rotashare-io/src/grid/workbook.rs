//! Workbooks: XLSX, XLS, ODS.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Ods, Reader, SheetVisible, Xls, Xlsx};

use super::build::{Budget, Builder, Merged};
use super::{Grid, GridError, ReadOptions, moment, ods, packed, shield, xls};

/// What a workbook is, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A ZIP archive: XLSX or ODS.
    Zip,
    /// A compound file: XLS.
    Compound,
}

impl Kind {
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"PK\x03\x04") {
            Some(Self::Zip)
        } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            Some(Self::Compound)
        } else {
            None
        }
    }
}

pub(super) fn parse(
    name: &str,
    bytes: &[u8],
    kind: Kind,
    options: &ReadOptions,
) -> Result<Vec<Grid>, GridError> {
    let only = options.sheet.as_deref();
    shield::run(|| match kind {
        Kind::Compound => xls(name, bytes, only),
        Kind::Zip => {
            let parts = packed::check(name, bytes)?;
            let has = |part: &str| parts.iter().any(|one| one == part);
            if has("content.xml") {
                ods(name, bytes, only)
            } else if has("xl/workbook.bin") {
                let problem = "it is a binary Excel workbook (.xlsb)";
                Err(GridError::refused(name, problem, "save it as .xlsx"))
            } else if has("[Content_Types].xml") {
                xlsx(name, bytes, only)
            } else {
                let problem = "it is a ZIP archive, but no workbook";
                Err(GridError::refused(name, problem, "unpack it and give the file in it"))
            }
        }
    })
    .unwrap_or_else(|| Err(packed::damaged(name)))
}

/// The sheets of a workbook that hold cells, or that of the name asked for: position, name, and whether
/// it is hidden.
fn sheets<R>(workbook: &R, only: Option<&str>) -> Vec<(usize, String, bool)>
where
    R: Reader<Cursor<Vec<u8>>>,
{
    let all = workbook.sheets_metadata().iter();
    let all: Vec<_> = all
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .enumerate()
        .map(|(at, sheet)| (at, sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    if all.len() == 1 {
        return all;
    }
    let is_wanted = |name: &str| only.is_none_or(|only| name.trim().eq_ignore_ascii_case(only));
    all.into_iter().filter(|(_, name, _)| is_wanted(name)).collect()
}

fn xlsx(name: &str, bytes: &[u8], only: Option<&str>) -> Result<Vec<Grid>, GridError> {
    let damaged = |error: calamine::XlsxError| broken(name, &error);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).map_err(damaged)?;
    let is_1904 = workbook.has_1904_epoch();
    let mut budget = Budget::new();
    let mut grids = Vec::new();
    for (_, sheet, is_hidden) in sheets(&workbook, only) {
        let mut builder = Builder::new(name, &mut budget);
        let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(damaged)?;
        let mut reader = workbook.worksheet_cells_reader(&sheet).map_err(damaged)?;
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::SharedString(text) => (*text).to_owned(),
                other => text(&Data::from(other.clone()), is_1904),
            };
            let put = builder.put(row.saturating_add(1), column as usize, text);
            put.map_err(|error| error.inside(&sheet))?;
        }
        grids.push(grid(name, &sheet, "XLSX", is_hidden, builder, &areas(&merged))?);
    }
    Ok(grids)
}

fn xls(name: &str, bytes: &[u8], only: Option<&str>) -> Result<Vec<Grid>, GridError> {
    xls::check(name, bytes)?;
    let damaged = |error: calamine::XlsError| broken(name, &error);
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes.to_vec())).map_err(damaged)?;
    let is_1904 = workbook.has_1904_epoch();
    let mut budget = Budget::new();
    let mut grids = Vec::new();
    for (_, sheet, is_hidden) in sheets(&workbook, only) {
        let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(damaged)?;
        let range = workbook.worksheet_range(&sheet).map_err(damaged)?;
        let builder = filled(name, &sheet, &range, is_1904, &mut budget)?;
        grids.push(grid(name, &sheet, "XLS", is_hidden, builder, &areas(&merged))?);
    }
    Ok(grids)
}

fn ods(name: &str, bytes: &[u8], only: Option<&str>) -> Result<Vec<Grid>, GridError> {
    let merged = ods::merged(name, bytes)?;
    let damaged = |error: calamine::OdsError| broken(name, &error);
    let mut workbook: Ods<_> = Ods::new(Cursor::new(bytes.to_vec())).map_err(damaged)?;
    let mut budget = Budget::new();
    let mut grids = Vec::new();
    for (index, sheet, is_hidden) in sheets(&workbook, only) {
        let range = workbook.worksheet_range(&sheet).map_err(damaged)?;
        let builder = filled(name, &sheet, &range, false, &mut budget)?;
        let areas = merged.get(index).map_or(&[][..], Vec::as_slice);
        grids.push(grid(name, &sheet, "ODS", is_hidden, builder, areas)?);
    }
    Ok(grids)
}

/// The cells of a range in rows.
fn filled<'a>(
    name: &'a str,
    sheet: &str,
    range: &calamine::Range<Data>,
    is_1904: bool,
    budget: &'a mut Budget,
) -> Result<Builder<'a>, GridError> {
    let mut builder = Builder::new(name, budget);
    let (top, left) = range.start().unwrap_or((0, 0));
    for (row, column, value) in range.used_cells() {
        let number = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top).saturating_add(1);
        let put = builder.put(number, column + left as usize, text(value, is_1904));
        put.map_err(|error| error.inside(sheet))?;
    }
    Ok(builder)
}

fn grid(
    name: &str,
    sheet: &str,
    form: &str,
    is_hidden: bool,
    mut builder: Builder<'_>,
    merged: &[Merged],
) -> Result<Grid, GridError> {
    builder.fill(merged).map_err(|error| error.inside(sheet))?;
    Ok(Grid {
        file: name.to_owned(),
        sheet: Some(sheet.to_owned()),
        form: form.to_owned(),
        is_hidden,
        rows: builder.rows(),
    })
}

fn areas(merged: &[Dimensions]) -> Vec<Merged> {
    merged
        .iter()
        .map(|area| Merged {
            top: area.start.0,
            left: area.start.1 as usize,
            bottom: area.end.0,
            right: area.end.1 as usize,
        })
        .collect()
}

/// A cell as text.
fn text(value: &Data, is_1904: bool) -> String {
    match value {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => moment::number(*number),
        Data::String(text) => text.clone(),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(serial) if serial.is_duration() => moment::duration(serial.as_f64()),
        Data::DateTime(serial) => moment::serial(serial.as_f64(), is_1904),
        Data::DateTimeIso(text) => moment::iso(text),
        Data::DurationIso(text) => moment::iso_duration(text),
        Data::Error(error) => error.to_string(),
    }
}

fn broken(name: &str, error: &dyn std::error::Error) -> GridError {
    let text = error.to_string();
    if text.to_lowercase().contains("password") {
        let problem = "the workbook has a password";
        return GridError::refused(name, problem, "save it without one");
    }
    let remedy = "open it in the spreadsheet and save it again as .xlsx";
    GridError::refused(name, format!("the workbook is damaged: {text}"), remedy)
}
