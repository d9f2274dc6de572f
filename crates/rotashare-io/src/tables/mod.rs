//! The rows of each file: its columns, how a row is read, how it is written. One file a group.

mod clinics;
mod people;
mod rota;
mod sharing;
mod sites;

pub(crate) use rota::NamedConsultant;

use crate::column::Column;
use crate::row::Row;

/// A row of a file.
pub(crate) trait Record: Sized {
    /// What the file may hold, its key first.
    const COLUMNS: &'static [Column];

    /// Whether other files refer to its key. Then a row with a fault is kept as long as its key can be
    /// read, so that those references aren't taken for wrong.
    const DEFINES: bool = false;

    /// Reads a row; a default stands where a cell is wrong.
    fn read(row: &mut Row<'_>) -> Self;

    /// The cells in the order of [`Self::COLUMNS`].
    fn cells(&self) -> Vec<String>;
}

/// Stands in for a date that can't be read, outside any horizon.
const NO_DATE: rotashare_core::time::Date = jiff::civil::date(1900, 1, 1);
/// The largest count of anything.
const MOST: u32 = 1_000_000;
/// The most points a preference may have either way.
const MOST_POINTS: i64 = 1_000_000_000;
