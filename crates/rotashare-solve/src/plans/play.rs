//! Which rows a master has, and how dear it takes them to be for now.

use super::month::{NEVER, UNITS};
use super::rows::RowCost;

/// A cap that a master ran into is raised to so many times what it was.
const RAISE: i64 = 10;

/// Rows come in when a master breaks them. What a unit of a row is worth at most is capped, which keeps
/// duals near what they will be, until a master runs into a cap.
#[derive(Clone, Debug)]
pub(super) struct Play {
    /// Which rows are in.
    pub(super) active: Vec<bool>,
    /// In units, for each row: no unit of it is worth more than this.
    pub(super) caps: Vec<i64>,
    /// Likewise, what a unit beyond what a hard row allows costs.
    pub(super) over: Vec<i64>,
    /// Which of these the last master ran into.
    short: Vec<bool>,
    beyond: Vec<bool>,
    /// What breaking a hard row or leaving a consultant without a month costs, in points: a master
    /// always has a solution, and one that still pays this says that there is none.
    pub(super) penalty: f64,
}

impl Play {
    /// Those rows that pay for the places they fill; without caps.
    pub(super) fn new(rows: &[RowCost]) -> Self {
        let dearest = rows.iter().flat_map(|row| row.steps.iter().map(|step| step.1.abs())).max();
        Self {
            active: rows.iter().map(RowCost::pays_for_places).collect(),
            caps: vec![NEVER; rows.len()],
            over: vec![NEVER; rows.len()],
            short: vec![false; rows.len()],
            beyond: vec![false; rows.len()],
            penalty: 5.0 * (dearest.unwrap_or(0) as f64 / UNITS as f64) + 20_000.0,
        }
    }

    /// Takes prices to be near what they will be: rows that have one are in.
    pub(super) fn know(&mut self, prices: &[i64]) {
        for (row, price) in prices.iter().enumerate() {
            self.active[row] |= *price != 0;
            self.caps[row] = self.caps[row].max(2 * price.abs());
            self.over[row] = self.over[row].max(2 * price.abs());
        }
    }

    /// How many rows are in.
    pub(super) fn count(&self) -> usize {
        self.active.iter().filter(|active| **active).count()
    }

    /// Lets rows in that a master with these sums breaks, and says whether there were any; and whether
    /// it leaves units away because of a cap.
    pub(super) fn let_in(&mut self, rows: &[RowCost], sums: &[f64]) -> (bool, bool) {
        let (mut any, mut capped) = (false, false);
        for (index, active) in self.active.iter_mut().enumerate() {
            let row = &rows[index];
            if !*active {
                let over = self.penalty * UNITS as f64;
                let pays = row.at_fraction(sums[index], if row.hard { over } else { 0.0 });
                if pays > row.least(0) as f64 + 0.01 * UNITS as f64 {
                    *active = true;
                    any = true;
                }
            } else {
                let dear = row.steps.iter().filter(|step| step.1 < -self.caps[index]);
                let short = sums[index] < dear.map(|step| step.0).sum::<i64>() as f64 - 1e-3;
                let most: i64 = row.steps.iter().map(|step| step.0).sum();
                let beyond =
                    row.hard && self.over[index] < NEVER && sums[index] > most as f64 + 1e-3;
                (self.short[index], self.beyond[index]) = (short, beyond);
                capped |= short || beyond;
            }
        }
        (any, capped)
    }

    /// Raises the caps that the last master ran into.
    pub(super) fn raise_caps(&mut self) {
        let any_short = self.short.contains(&true);
        for row in 0..self.caps.len() {
            let cap = self.caps[row];
            if self.short[row] {
                self.caps[row] = cap.saturating_mul(RAISE).min(NEVER);
            } else if any_short {
                self.caps[row] = cap.saturating_add(cap / 2).min(NEVER);
            }
            if self.beyond[row] {
                self.over[row] = self.over[row].saturating_mul(3).min(NEVER);
            }
        }
    }
}
