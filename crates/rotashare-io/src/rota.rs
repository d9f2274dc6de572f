//! A rota file on its own, as people hand it back.

use std::path::Path;

use rotashare_core::draft::RotaRow;
use rotashare_core::fault::{Fault, Table};

use crate::dataset::ReadError;
use crate::findings::Findings;
use crate::sheet::MAX_ROWS;
use crate::{file, sheet};

/// A rota file as far as it could be read.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RotaReading {
    /// The rows without a fault.
    pub rows: Vec<RotaRow>,
    /// What is wrong, in order of line and column.
    pub faults: Vec<Fault>,
    /// What is worth a look, in the same order.
    pub warnings: Vec<Fault>,
}

/// Reads a file in the form of `rota.csv`, as the program writes it or as a spreadsheet does: with
/// semicolons or tabs for commas, dates day first, `9:00`, and no columns but `session` and
/// `consultant`.
///
/// # Errors
/// Where there is no such file. What is wrong in it is a fault of the reading.
pub fn read_rota(path: &Path) -> Result<RotaReading, ReadError> {
    let mut findings = Findings::new(Table::Rota);
    let mut rows = Vec::new();
    match file::load(path, Table::Rota, file::MAX_BYTES) {
        Ok(None) => return Err(ReadError::NotFound { path: path.to_owned() }),
        Ok(Some((bytes, _))) => match file::text(&bytes, Table::Rota) {
            Ok(text) => rows = sheet::read(text, true, MAX_ROWS, &mut findings).rows,
            Err(fault) => findings.fault(fault),
        },
        Err(fault) => findings.fault(fault),
    }
    let (mut faults, mut warnings) = findings.into_parts();
    faults.sort();
    warnings.sort();
    Ok(RotaReading { rows, faults, warnings })
}
