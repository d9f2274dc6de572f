//! The prices that column generation looks for the next ones around: a proximal bundle method (Kiwiel,
//! 1990; for column generation Briant and others, 2008).
//!
//! While a master has few months its prices swing from one end to the other, and what is found under them
//! is of little use. So its prices count for less the further they are from the best so far, by the square
//! of the distance. They then settle in a half of the rounds, and where prices are known from before,
//! nothing of that is lost. How far they may go from there is found on the way, by how much of what a
//! master promises comes true; in the end it is so far that the best prices of all are in reach.

use super::generate::in_units;
use super::interior::Programme;
use super::month::UNITS;
use super::rows::RowCost;

/// How far prices may go: the share of the dearest step of a row by which its price moves for each unit
/// that it is missed by. From a guess, from what is known, in a dive, at least and at most.
const FROM_GUESS: f64 = 0.1;
const FROM_KNOWN: f64 = 0.02;
const IN_A_DIVE: f64 = 1.0;
/// And in one whose masters are solved roughly, to begin with: exchanges don't come near the best prices in a
/// wide region until few are left.
const IN_A_ROUGH_DIVE: f64 = 0.05;
const LEAST: f64 = 1e-4;
const MOST: f64 = 1000.0;
/// What a master may lack at any rate, in points.
const LITTLE_LACK: f64 = 5.0;
/// Where more than such a share of what was promised came true, or the promise was only so `LITTLE` of the
/// whole, it goes so many times further: to the end, and where master and bound need only be near. The
/// latter takes a network of 2,850 consultants from 18 rounds a part to 8; to the end it costs as much later.
const MUCH: Leap = Leap { from: 0.9, times: 5.0 };
const MUCH_WHERE_NEAR: Leap = Leap { from: 0.7, times: 20.0 };
const LITTLE: f64 = 0.01;
/// Otherwise by what came true, from which share on, so much further, or less far.
const FURTHER: [(f64, f64); 4] = [(0.5, 2.0), (0.2, 1.2), (0.0, 1.0), (-1.0, 0.6)];
const FAR_LESS: f64 = 0.3;

/// From what share of a promise on prices may go how much further.
#[derive(Clone, Copy, Debug)]
struct Leap {
    from: f64,
    times: f64,
}

/// Where the best prices so far are, and how far from there the next may be.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// In units.
    pub(super) rows: Vec<i64>,
    pub(super) cuts: Vec<i64>,
    /// The bound under them if no month is cheaper than those known, in units; `None` before the first.
    value: Option<i64>,
    reach: f64,
    leap: Leap,
    /// What the last master may lack, in points, of what it would come to without a region.
    lack: f64,
}

impl Region {
    /// Around prices that are a guess, or known; `to_the_end` where the best of all are looked for.
    pub(super) fn new(rows: &[i64], cuts: &[i64], are_known: bool, to_the_end: bool) -> Self {
        let reach = if are_known { FROM_KNOWN } else { FROM_GUESS };
        let leap = if to_the_end { MUCH } else { MUCH_WHERE_NEAR };
        let (rows, cuts) = (rows.to_vec(), cuts.to_vec());
        Self { rows, cuts, value: None, reach, leap, lack: f64::INFINITY }
    }

    /// Around the prices that a dive starts from.
    pub(super) fn of_dive(rows: &[i64], cuts: &[i64]) -> Self {
        let reach = IN_A_DIVE;
        Self { reach, ..Self::new(rows, cuts, true, true) }
    }

    /// Is as wide as it may be in a dive whose masters are solved roughly, where such a share of consultants is
    /// free.
    pub(super) fn suit_rough_dive(&mut self, free: f64) {
        self.reach = (IN_A_ROUGH_DIVE / free).min(IN_A_DIVE);
    }

    /// Goes to other prices.
    pub(super) fn go_to(&mut self, rows: &[i64], cuts: &[i64]) {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.cuts.clear();
        self.cuts.extend_from_slice(cuts);
    }

    /// What a master's objective, in points, is above the best so far, as a share of it; at most 1.
    pub(super) fn gap(&self, objective: f64) -> f64 {
        match self.value {
            Some(value) if objective.is_finite() => {
                let over = objective - value as f64 / UNITS as f64;
                (over / objective.abs().max(1.0)).clamp(0.0, 1.0)
            }
            _ => 1.0,
        }
    }

    /// Whether the last master's objective is within so many points of what it would be without a region.
    pub(super) fn is_wide(&self, points: f64) -> bool {
        self.lack <= points.max(LITTLE_LACK)
    }

    /// Lets the next master go further; whether it may.
    pub(super) fn widen(&mut self) -> bool {
        let before = self.reach;
        self.reach = (self.leap.times * self.reach).min(MOST);
        self.reach > before
    }

    /// Learns from a round: what the master said, in points, and what the bound then was, as far as is
    /// known, in units; `best` is what it is by now where the region is, where there has been a round.
    /// Whether these prices are better, and the region is where they are.
    pub(super) fn learn(
        &mut self,
        objective: f64,
        best: Option<i64>,
        hoped: i64,
        (rows, cuts): (&[i64], &[i64]),
        costs: &[RowCost],
    ) -> bool {
        // A row is missed by that over its dearest step, and each unit of it costs no more than that step.
        let apart =
            |((new, here), cost): ((&i64, &i64), &RowCost)| (new - here).abs() * cost.largest;
        let apart: i64 = rows.iter().zip(&self.rows).zip(costs).map(apart).sum();
        self.lack = apart as f64 / (UNITS as f64 * self.reach);
        if let Some(best) = best
            && objective.is_finite()
        {
            let promised = in_units(objective).saturating_sub(best).max(1) as f64;
            let true_share = hoped.saturating_sub(best) as f64 / promised;
            let is_little = promised < LITTLE * objective.abs() * UNITS as f64;
            if true_share > self.leap.from || (is_little && true_share > FURTHER[1].0) {
                self.widen();
            } else {
                let times = FURTHER.iter().find(|(from, _)| true_share > *from);
                let times = times.map_or(FAR_LESS, |times| times.1);
                self.reach = (self.reach * times).clamp(LEAST, MOST);
            }
        }
        self.value = best;
        let is_best = best.is_none_or(|best| hoped > best);
        if is_best {
            self.value = Some(hoped);
            self.go_to(rows, cuts);
        }
        is_best
    }

    /// Draws the duals of a programme here: first those of rows, in this order, then those of these cuts.
    pub(super) fn draw(
        &self,
        programme: &mut Programme,
        rows: &[RowCost],
        order: &[usize],
        cuts: &[usize],
    ) {
        let points = |units: i64| units as f64 / UNITS as f64;
        // A row without a price goes by the others.
        let dearest = |row: &RowCost| row.steps.iter().map(|step| step.1.abs()).max().unwrap_or(0);
        let priced = order.iter().map(|row| &rows[*row]).filter(|row| dearest(row) > 0);
        let count = priced.clone().count().max(1) as f64;
        let sum: f64 = priced.map(|row| points(dearest(row)) * row.largest as f64).sum();
        let mean = (sum / count).max(1.0);
        for (place, row) in order.iter().enumerate() {
            let (cost, largest) = (&rows[*row], rows[*row].largest as f64);
            let own = if dearest(cost) > 0 { points(dearest(cost)) } else { mean / largest };
            programme.draw(place, largest / (own * self.reach), -points(self.rows[*row]));
        }
        for (place, cut) in cuts.iter().enumerate() {
            // Cuts that are new have no price yet.
            if let Some(price) = self.cuts.get(*cut) {
                programme.draw(order.len() + place, 1.0 / (mean * self.reach), -points(*price));
            }
        }
    }
}
