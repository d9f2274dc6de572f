//! The dataset as it would be after an import, checked before anything is written.

use std::fs;
use std::path::Path;

use rotashare_core::fault::{Fault, Table};

use super::merge::FileChange;
use crate::dataset::read_dataset;
use crate::folder::WriteError;

/// What is wrong with the dataset as it would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Faults of the rows that the import makes; they stand in its way.
    pub own: Vec<Fault>,
    /// Faults of files or rows that it does not make: the dataset is not whole, or they are older.
    pub others: Vec<Fault>,
}

/// Checks the dataset in a folder as it would be with these files.
///
/// # Errors
/// Where the files can't be copied aside.
pub fn verify(dir: &Path, changes: &[FileChange]) -> Result<Verified, WriteError> {
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |source| WriteError::Unwritable { path, source }
    };
    let staging = tempfile::tempdir().map_err(unwritable(dir))?;
    for table in Table::ALL {
        let (name, made) = (table.file_name(), changes.iter().find(|one| one.table == table));
        let (from, to) = (dir.join(name), staging.path().join(name));
        match made {
            Some(change) => fs::write(&to, &change.content).map_err(unwritable(&to))?,
            None if from.is_file() => {
                fs::copy(&from, &to).map_err(unwritable(&from))?;
            }
            None => {}
        }
    }
    let Ok(reading) = read_dataset(staging.path()) else { return Ok(Verified::default()) };
    let faults = reading.build().err().map(|faults| faults.faults).unwrap_or_default();
    let is_own = |fault: &Fault| {
        let made = changes.iter().find(|one| one.table == fault.table);
        // A row that was there before is not this import's; the header is.
        made.is_some_and(|change| match fault.line {
            Some(line) if line >= 2 => change.origin(line).is_some(),
            _ => true,
        })
    };
    let (own, others) = faults.into_iter().partition(is_own);
    Ok(Verified { own, others })
}

impl FileChange {
    /// Where the row on a line of the file comes from: the sheet, counted from 0, and its row.
    #[must_use]
    pub fn origin(&self, line: u32) -> Option<(usize, u32)> {
        // A cell with a line break would move the lines after it; cells are tidied, so there is none.
        let at = usize::try_from(line).ok()?.checked_sub(2)?;
        self.origins.get(at).copied().flatten()
    }
}
