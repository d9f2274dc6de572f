//! Cells put into rows, within the limits.

use std::collections::BTreeMap;

use super::{GridError, GridRow, column_letters, limits};
use crate::cell::trim;

/// What may still be read, of all sheets of a file together.
pub(super) struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { cells: limits::CELLS, text: limits::TEXT }
    }

    fn spend(&mut self, cells: usize, text: usize) -> Result<(), (String, &'static str)> {
        let less = "leave out what does not concern the horizon";
        let Some(left) = self.cells.checked_sub(cells) else {
            return Err((format!("there are more than {} cells", limits::CELLS), less));
        };
        self.cells = left;
        let Some(left) = self.text.checked_sub(text) else {
            return Err((format!("there are more than {} MiB of text", limits::TEXT >> 20), less));
        };
        self.text = left;
        Ok(())
    }
}

/// A rectangle of cells that were merged: first row and column, last row and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) top: u32,
    pub(super) left: usize,
    pub(super) bottom: u32,
    pub(super) right: usize,
}

/// The rows of a sheet as they come in.
pub(super) struct Builder<'a> {
    file: &'a str,
    budget: &'a mut Budget,
    rows: BTreeMap<u32, Vec<String>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: &'a str, budget: &'a mut Budget) -> Self {
        Self { file, budget, rows: BTreeMap::new() }
    }

    /// Puts a text into a cell; row numbers start at 1, columns at 0.
    pub(super) fn put(
        &mut self,
        number: u32,
        column: usize,
        text: String,
    ) -> Result<(), GridError> {
        if text.is_empty() {
            return Ok(());
        }
        let refused = |(problem, remedy): (String, &str)| {
            GridError::refused(self.file, problem, remedy).at(number)
        };
        if column >= limits::COLUMNS {
            let problem = format!(
                "something stands in column {}, beyond the limit of {} columns",
                column_letters(column),
                limits::COLUMNS
            );
            return Err(refused((problem, "delete what stands there")));
        }
        if text.len() > limits::CELL_BYTES {
            let (size, most) = (text.len(), limits::CELL_BYTES);
            let problem = format!(
                "the cell in column {} has {size} bytes, over the limit of {most}",
                column_letters(column)
            );
            return Err(refused((problem, "check for a quote mark that is opened and not closed")));
        }
        let row = self.rows.entry(number).or_default();
        let new = (column + 1).saturating_sub(row.len());
        self.budget.spend(new, text.len()).map_err(refused)?;
        if new > 0 {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        Ok(())
    }

    /// Fills the cells that merged ones cover with what stands in the first of each.
    pub(super) fn fill(&mut self, merged: &[Merged]) -> Result<(), GridError> {
        let mut left = limits::CELLS;
        for area in merged {
            let Some(first) = self.rows.get(&(area.top + 1)).and_then(|row| row.get(area.left))
            else {
                continue;
            };
            let text = first.clone();
            if trim(&text).is_empty() {
                continue;
            }
            // A title across the whole width is no table of two thousand columns.
            let right = area.right.min(limits::COLUMNS - 1);
            // Areas that lie over each other would fill the same cells again and again.
            let covered = (area.bottom.saturating_sub(area.top) as usize + 1)
                .saturating_mul(right.saturating_sub(area.left) + 1);
            left = left.checked_sub(covered).ok_or_else(|| {
                let problem = format!("merged cells cover more than {} cells", limits::CELLS);
                GridError::refused(self.file, problem, "undo what is merged far down or far right")
            })?;
            for row in area.top..=area.bottom {
                for column in area.left..=right {
                    if (row, column) != (area.top, area.left) {
                        self.put(row + 1, column, text.clone())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The rows in which anything stands.
    pub(super) fn rows(self) -> Vec<GridRow> {
        let rows = self.rows.into_iter().map(|(number, mut cells)| {
            let end = cells.iter().rposition(|cell| !trim(cell).is_empty()).map_or(0, |at| at + 1);
            cells.truncate(end);
            GridRow { number, cells }
        });
        rows.filter(|row| !row.cells.is_empty()).collect()
    }
}
