//! The rota as a workbook: to read, to print, and to edit.
//!
//! The sheet `rota` has the columns of `rota.csv`: what is changed in it can be judged again.

pub(crate) mod editable;
mod grid;
mod lists;
pub(crate) mod style;

use rotashare_core::ids::{ConsultantId, SpecialtyId};
use rust_xlsxwriter::{Workbook, XlsxError};

use self::style::{Names, Style};
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

fn build(view: &View<'_>) -> Result<Workbook, XlsxError> {
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
    editable::editable(&mut workbook, &style, view)?;
    for (id, name) in &specialties {
        let lines: Vec<_> =
            view.lines().iter().filter(|line| view.session(line).specialty() == *id).collect();
        let note = count(lines.len(), "place", "places");
        let title = network.specialty(*id).name();
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        lists::sessions(sheet, &style, view, title, &note, &lines)?;
    }
    for (who, name) in &people {
        let title = network.consultant(*who).name();
        let note = lists::who_note(view, *who);
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        let lines: Vec<_> = view.lines_of(*who).collect();
        lists::sessions(sheet, &style, view, title, &note, &lines)?;
    }
    Ok(workbook)
}
