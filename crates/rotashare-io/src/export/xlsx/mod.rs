//! The rota as a workbook: to read, to print, and to edit.
//!
//! The sheet `rota` has the columns and cells of `rota.csv`: what is changed in it can be judged again.

mod grid;
mod lists;
pub(super) mod style;

use rotashare_core::ids::{ConsultantId, SpecialtyId};
use rust_xlsxwriter::{DataValidation, Formula, IgnoreError, Workbook, XlsxError};

use self::style::{Names, Paper, Style, header, printable};
use super::ExportError;
use super::figures;
use super::text::count;
use super::view::View;

/// Sheets that are always there, or may be.
const FIXED: [&str; 8] =
    ["Summary", "Grid", "Coverage", "People", "Gaps", "Gap reasons", "Changes", "rota"];

/// Makes the workbook.
///
/// # Errors
/// Where a sheet can't hold what there is: more than 1,048,576 rows, or 32,767 characters in a cell.
pub fn workbook(view: &View<'_>) -> Result<Vec<u8>, ExportError> {
    Ok(build(view)?.save_to_buffer()?)
}

fn build(view: &View<'_>) -> Result<Workbook, ExportError> {
    let network = view.network();
    let style = Style::new();
    let mut workbook = style::workbook(&view.title(), view.today())?;
    let mut names = Names::default();
    for name in FIXED {
        names.take(name);
    }
    let specialties: Vec<(SpecialtyId, String)> = view
        .specialties()
        .into_iter()
        .map(|id| {
            let specialty = network.specialty(id);
            (id, names.take(&format!("{} {}", specialty.code(), specialty.name())))
        })
        .collect();
    let people: Vec<(ConsultantId, String)> = view
        .people()
        .into_iter()
        .map(|who| {
            let consultant = network.consultant(who);
            (who, names.take(&format!("{} {}", consultant.name(), consultant.code())))
        })
        .collect();
    let coverage = figures::coverage(view);
    let months = figures::months(view);

    lists::summary(&mut workbook, &style, view, &coverage)?;
    grid::grid(&mut workbook, &style, view)?;
    lists::specialties(&mut workbook, &style, view, &coverage, &specialties)?;
    lists::people(&mut workbook, &style, view, &months, &people)?;
    lists::gaps(&mut workbook, &style, view)?;
    if let Some(changes) = view.changes() {
        lists::changes(&mut workbook, &style, view, &changes)?;
    }
    editable(&mut workbook, &style, view)?;
    for (id, name) in &specialties {
        let lines: Vec<_> =
            view.lines().iter().filter(|line| view.session(line).specialty() == *id).collect();
        let note = count(lines.len(), "place", "places");
        let title = network.specialty(*id).name();
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        lists::sessions(sheet, &style, view, title, &note, lines.into_iter())?;
    }
    for (who, name) in &people {
        let title = network.consultant(*who).name();
        let note = lists::who_note(view, *who);
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        lists::sessions(sheet, &style, view, title, &note, view.lines_of(*who))?;
    }
    Ok(workbook)
}

/// The sheet `rota`: cell by cell what `rota.csv` has, with a list to choose consultants from.
fn editable(workbook: &mut Workbook, style: &Style, view: &View<'_>) -> Result<(), ExportError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("rota")?;
    let rows = view.rota_rows()?;
    let Some((head, rows)) = rows.split_first() else { return Ok(()) };
    let width = |name: &str| match name {
        "session" => 32.0,
        "consultant_name" | "gives_up" => 28.0,
        "clinic" => 20.0,
        "place" | "start" | "end" | "pas" => 7.0,
        _ => 12.0,
    };
    let columns: Vec<(&str, f64)> = head.iter().map(|name| (name.as_str(), width(name))).collect();
    header(sheet, style, 0, &columns)?;
    printable(sheet, Paper::A3, (0, 0))?;
    let consultant = head.iter().position(|name| name == "consultant");
    for (row, cells) in (1_u32..).zip(rows) {
        for (index, (column, cell)) in (0_u16..).zip(cells).enumerate() {
            let format = if Some(index) == consultant { &style.input } else { &style.text };
            if cell.is_empty() {
                sheet.write_blank(row, column, format)?;
            } else {
                sheet.write_string_with_format(row, column, cell, format)?;
            }
        }
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX - 1).max(1);
    let width = u16::try_from(head.len()).unwrap_or(u16::MAX).saturating_sub(1);
    sheet.autofilter(0, 0, last, width)?;
    // Codes keep their leading zeros: they are text, and no spreadsheet need say so in every cell.
    sheet.ignore_error_range(1, 0, last, width, IgnoreError::NumberStoredAsText)?;
    if let Some(column) = consultant.and_then(|column| u16::try_from(column).ok()) {
        choose_consultants(sheet, view, last, column)?;
    }
    Ok(())
}

fn choose_consultants(
    sheet: &mut rust_xlsxwriter::Worksheet,
    view: &View<'_>,
    last: u32,
    column: u16,
) -> Result<(), XlsxError> {
    let guests = view.people().into_iter().filter(|who| !view.is_ours(*who)).count();
    let people = view.our_people().count() + guests;
    if people == 0 {
        return Ok(());
    }
    let list = Formula::new(format!("=People!$B$2:$B${}", people + 1));
    let validation = DataValidation::new()
        .allow_list_formula(list)
        .set_error_title("Not on the list")?
        .set_error_message("Choose a consultant's code, or leave the cell empty.")?
        .set_input_title("Consultant")?
        .set_input_message("A code from the sheet People; empty where nobody does it.")?;
    sheet.add_data_validation(1, column, last, column, &validation)?;
    Ok(())
}
