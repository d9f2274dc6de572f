//! Which rows a master has.

use super::month::UNITS;
use super::rows::RowCost;

/// Rows come in when a master breaks them.
#[derive(Clone, Debug)]
pub(super) struct Play {
    /// Which rows are in.
    pub(super) active: Vec<bool>,
    /// What breaking a hard row or leaving a consultant without a month costs, in points: a master
    /// always has a solution, and one that still pays this says that there is none.
    pub(super) penalty: f64,
}

impl Play {
    /// Those rows that pay for the places they fill.
    pub(super) fn new(rows: &[RowCost]) -> Self {
        let dearest = rows.iter().flat_map(|row| row.steps.iter().map(|step| step.1.abs())).max();
        Self {
            active: rows.iter().map(RowCost::pays_for_places).collect(),
            penalty: 5.0 * (dearest.unwrap_or(0) as f64 / UNITS as f64) + 20_000.0,
        }
    }

    /// Takes prices to be near what they will be: rows that have one are in.
    pub(super) fn know(&mut self, prices: &[i64]) {
        for (active, price) in self.active.iter_mut().zip(prices) {
            *active |= *price != 0;
        }
    }

    /// How many rows are in.
    pub(super) fn count(&self) -> usize {
        self.active.iter().filter(|active| **active).count()
    }

    /// Lets rows in that a master with these sums breaks, and says whether there were any.
    pub(super) fn let_in(&mut self, rows: &[RowCost], sums: &[f64]) -> bool {
        let mut any = false;
        let outside =
            self.active.iter_mut().zip(rows).zip(sums).filter(|((active, _), _)| !**active);
        for ((active, row), sum) in outside {
            let over = if row.hard { self.penalty * UNITS as f64 } else { 0.0 };
            if row.at_fraction(*sum, over) > row.least(0) as f64 + 0.01 * UNITS as f64 {
                *active = true;
                any = true;
            }
        }
        any
    }
}
