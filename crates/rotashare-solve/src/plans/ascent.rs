//! The first prices where there is little time: steps along what rows are missed by, of which each takes a
//! pricing and no master (a deflected subgradient method; Camerini, Fratta and Maffioli, 1975). For
//! parts of 10,000 to 37,000 options they come two thirds of the way from a guess to the best bound in a
//! third of the time that masters take for it; the last third is for these.

use super::pool::Pool;
use super::price::Search;
use crate::engine::Stop;

const STEPS: usize = 12;
/// Labels kept after a block, and the most months of one consultant that a step adds: more fill the masters.
const BEAM: usize = 15;
const MONTHS_A_STEP: usize = 2;
/// How much of the last direction the next keeps.
const KEPT: f64 = 0.5;
/// What is left of the steps' length after each that leads to no better bound.
const SHORTER: f64 = 0.7;

impl Pool<'_> {
    /// Goes from guessed prices towards better ones, and keeps the months found on the way; no bound is
    /// above `target`, in units.
    pub(super) fn climb(&mut self, target: i64, stop: &Stop) {
        self.climbed = true;
        let rules = self.rules(&[]);
        let everybody: Vec<usize> = (0..self.months.len()).collect();
        let cut_duals = vec![0; self.cuts.len()];
        let mut duals = self.centre.clone();
        let mut along = vec![0.0; duals.len()];
        let (mut best, mut length) = (i64::MIN, 1.0);
        for _ in 0..STEPS {
            let allowed = self.allowed(&[]);
            let mut cheapest = self.cheapest(&allowed, (&duals, &cut_duals));
            let below: Vec<i64> = cheapest.iter().map(|known| known.0).collect();
            let search = Search { beam: BEAM, most: MONTHS_A_STEP, ..Search::default() };
            let found = self.price(&everybody, &rules, (&duals, &cut_duals), search, &below);
            for (person, found) in found.iter().enumerate() {
                for (cost, options) in &found.months {
                    if *cost < below[person]
                        && let Some(new) = self.add_month(person, options)
                    {
                        cheapest[person] = cheapest[person].min((*cost, new));
                    }
                }
            }
            let costs = cheapest.iter().map(|(cost, _)| *cost);
            // A dearer month may have been dropped, so this is a guide and no bound.
            let value = self.bound((&duals, &cut_duals), costs);
            if value > best {
                best = value;
                self.centre.clone_from(&duals);
            } else {
                length *= SHORTER;
            }
            if stop.now() {
                return;
            }
            // Who has no month at all has a number that is none's.
            let months = cheapest.iter().filter(|(_, index)| *index < self.columns.len());
            let taken: Vec<(usize, f64)> = months.map(|(_, index)| (*index, 1.0)).collect();
            let sums = self.sums(&taken);
            let rows = || (0..duals.len()).filter(|row| self.play.active[*row]);
            for row in rows() {
                let missed = sums[row] - self.rows.costs[row].chosen(duals[row]) as f64;
                along[row] = missed + KEPT * along[row];
            }
            let square: f64 = rows().map(|row| along[row] * along[row]).sum();
            // As far as would reach the target if the bound rose evenly (Polyak, 1969).
            let times = length * target.saturating_sub(value) as f64 / square.max(1.0);
            for ((dual, along), row) in duals.iter_mut().zip(&along).zip(&self.rows.costs) {
                let (least, most) = row.range();
                *dual = dual.saturating_add((times * along) as i64).clamp(least, most);
            }
        }
    }
}
