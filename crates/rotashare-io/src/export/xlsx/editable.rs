//! The sheet `rota`: what `rota.csv` has, to be edited and judged again.
//!
//! Only `consultant` is for editing, from a list. Status, name and employer follow it by formula, so that
//! a sheet in which somebody was chosen does not contradict itself.

use rotashare_core::fault::Table;
use rust_xlsxwriter::{
    DataValidation, Format, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::style::{Head, Paper, Style, header, numbers, printable, text};
use crate::column::Form;
use crate::export::view::View;

/// The name of the sheet, by which it is found again.
pub(crate) const SHEET: &str = "rota";

pub(super) fn editable(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    let columns = crate::columns(Table::Rota);
    let position = |name: &str| columns.iter().position(|column| column.name() == name);
    let Some(chosen) = position("consultant").and_then(|at| u16::try_from(at).ok()) else {
        return Ok(());
    };
    let heads: Vec<Head<'_>> = columns
        .iter()
        .map(|column| match column.name() {
            name @ "session" => text(name, 32.0),
            name @ ("consultant_name" | "gives_up") => text(name, 28.0),
            name @ ("clinic" | "agreement") => text(name, 20.0),
            name @ ("travel_minutes" | "pas") => numbers(name, 8.0),
            name @ ("place" | "start" | "end") => text(name, 7.0),
            name => text(name, 12.0),
        })
        .collect();
    header(sheet, style, 0, &heads)?;
    sheet.set_freeze_panes(1, 1)?;
    printable(sheet, Paper::A3, &view.title(), Some(0))?;
    // Else a formula that gives nothing would show a 0 until it is computed again.
    sheet.set_formula_result_default("");
    let people = people(view);
    for (row, line) in (1_u32..).zip(view.lines()) {
        let code = rust_xlsxwriter::utility::row_col_to_cell(row, chosen);
        for ((index, column), cell) in (0_u16..).zip(columns).zip(view.rota_cells(line)) {
            let format = if index == chosen { &style.input } else { &style.text };
            let followed = match column.name() {
                "status" => Some(format!("=IF({code}=\"\",\"unfilled\",\"assigned\")")),
                "consultant_name" => Some(looked_up('A', &code, people)),
                "employer" => Some(looked_up('C', &code, people)),
                _ => None,
            };
            match (followed, column.cell_form()) {
                (Some(formula), _) => {
                    let formula = Formula::new(formula).set_result(cell);
                    sheet.write_formula_with_format(row, index, formula, &style.note)?;
                }
                (None, form) => write(sheet, row, index, form, &cell, format)?,
            }
        }
    }
    let last = u32::try_from(view.lines().len()).unwrap_or(u32::MAX - 1).max(1);
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    sheet.autofilter(0, 0, last, width)?;
    // Codes keep their leading zeros: they are text, and no spreadsheet need say so in every cell.
    sheet.ignore_error_range(1, 0, last, width, IgnoreError::NumberStoredAsText)?;
    choose_consultants(sheet, people, last, chosen)?;
    Ok(())
}

/// A cell: a number as one, everything else as text.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    form: Form,
    cell: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match (form, cell.parse::<f64>()) {
        _ if cell.is_empty() => sheet.write_blank(row, column, format)?,
        (Form::Whole(..) | Form::Number(..), Ok(number)) => {
            sheet.write_number_with_format(row, column, number, format)?
        }
        _ => sheet.write_string_with_format(row, column, cell, format)?,
    };
    Ok(())
}

/// How many people the sheet `People` has.
fn people(view: &View<'_>) -> usize {
    let guests = view.people().into_iter().filter(|who| !view.is_ours(*who)).count();
    view.our_people().count() + guests
}

/// A column of the sheet `People` for the code in a cell; nothing where it has no such code.
fn looked_up(column: char, code: &str, people: usize) -> String {
    let last = people.max(1) + 1;
    format!(
        "=IF({code}=\"\",\"\",IFERROR(INDEX(People!${column}$2:${column}${last},\
         MATCH({code},People!$B$2:$B${last},0)),\"\"))"
    )
}

fn choose_consultants(
    sheet: &mut Worksheet,
    people: usize,
    last: u32,
    column: u16,
) -> Result<(), XlsxError> {
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
