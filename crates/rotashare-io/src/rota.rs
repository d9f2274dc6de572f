//! A rota file on its own, as people hand it back.

use std::collections::BTreeMap;
use std::path::Path;

use rotashare_core::draft::RotaRow;
use rotashare_core::fault::{Fault, Table};

use crate::dataset::ReadError;
use crate::findings::Findings;
use crate::grid::{self, ReadOptions};
use crate::sheet::MAX_ROWS;
use crate::tables::NamedConsultant;
use crate::{file, sheet};

/// A rota file as far as it could be read.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RotaReading {
    /// The rows without a fault.
    pub rows: Vec<RotaRow>,
    /// The names that it gives consultants, by code.
    pub names: BTreeMap<String, String>,
    /// What is wrong, in order of line and column.
    pub faults: Vec<Fault>,
    /// What is worth a look, in the same order.
    pub warnings: Vec<Fault>,
    /// The sheet that was read of a workbook; the lines are its rows then.
    pub sheet: Option<String>,
}

/// The sheet of a workbook that has the rota.
const SHEET: &str = crate::export::xlsx::editable::SHEET;

/// Reads a file in the form of `rota.csv`, as the program writes it or as a spreadsheet does: with
/// semicolons or tabs for commas, dates day first, `9:00`, and no columns but `session` and
/// `consultant`. Of a workbook the sheet `rota` is read, or its only one.
///
/// # Errors
/// Where there is no such file. What is wrong in it is a fault of the reading.
pub fn read_rota(path: &Path) -> Result<RotaReading, ReadError> {
    let mut findings = Findings::new(Table::Rota);
    let mut reading = RotaReading::default();
    match file::load(path, Table::Rota, file::MAX_BYTES) {
        Ok(None) => return Err(ReadError::NotFound { path: path.to_owned() }),
        Ok(Some((bytes, _))) if grid::is_workbook(&bytes) => {
            let options = ReadOptions { sheet: Some(SHEET.to_owned()), ..ReadOptions::default() };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let grids = grid::parse(&name, &bytes, &options)?;
            match &grids[..] {
                [grid] => {
                    reading.sheet = grid.sheet().map(str::to_owned);
                    reading.rows = sheet::read_grid(grid, MAX_ROWS, &mut findings).rows;
                }
                _ => findings.of_file(
                    format!("the workbook has no sheet {SHEET:?}"),
                    format!("give the sheet with the rota the name {SHEET}"),
                ),
            }
        }
        Ok(Some((bytes, _))) => match file::text(&bytes, Table::Rota) {
            Ok(text) => {
                reading.rows = sheet::read(text, true, MAX_ROWS, &mut findings).rows;
                // What is wrong with it is told already.
                let again = &mut Findings::new(Table::Rota);
                let people: Vec<NamedConsultant> = sheet::read(text, true, MAX_ROWS, again).rows;
                let is_named = |one: &NamedConsultant| !one.code.is_empty() && !one.name.is_empty();
                reading.names =
                    people.into_iter().filter(is_named).map(|p| (p.code, p.name)).collect();
            }
            Err(fault) => findings.fault(fault),
        },
        Err(fault) => findings.fault(fault),
    }
    (reading.faults, reading.warnings) = findings.into_parts();
    reading.faults.sort();
    reading.warnings.sort();
    Ok(reading)
}
