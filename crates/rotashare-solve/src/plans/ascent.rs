//! The first prices: steps along what rows are missed by, of which each takes the pricing of a few
//! consultants and no master (an incremental subgradient method; Nedić and Bertsekas, 2001).
//!
//! Who is priced meets what those before him raised, so that not all go for the same places at once. In a
//! network of 2,850 consultants twelve turns come to 93 % of the best bound, in the time of three rounds
//! with a master; to 77 % where prices that rise together (`joint`) are left to the steps as well.

use std::collections::BTreeMap;

use super::month::{UNITS, UNKNOWN};
use super::pool::{Footing, Pool};
use super::price::Search;
use crate::dice::Dice;
use crate::engine::Stop;

/// How often everybody is priced, and after what share of all consultants there is a step.
const TURNS: usize = 12;
const STEPS_A_TURN: usize = 32;
/// Labels kept after a block, and the most months of one consultant that a turn adds: more fill the masters.
const BEAM: usize = 15;
const MONTHS_A_TURN: usize = 2;
/// What is left of the steps' length after each turn.
const SHORTER: f64 = 0.85;
/// How far the price of a row without places moves beside that of one with, where it is missed by as much:
/// it counts many, and its price is small.
const WITHOUT_PLACES: f64 = 0.03;
/// A row that is missed the same way by more than this, in the mean of two turns, goes so many times as far
/// in the next: a price of what is scarce has ten times as far to go as others. Else it comes back by half.
const THE_SAME_WAY: f64 = 0.15;
const FURTHER: f64 = 2.0;
const MOST_FURTHER: f64 = 200.0;
/// Rows without places whose price comes to less, in points for the most that one of their items counts,
/// are left to the masters: each makes these larger.
const LEAST_PRICE: i64 = UNITS;

/// The last found month of each consultant, and what all of them come to.
struct Taken {
    /// By number; of who has none a number that is none's.
    months: Vec<usize>,
    cost: i64,
    sums: Vec<i64>,
}

impl Taken {
    fn of_anchor(pool: &Pool<'_>) -> Self {
        let months = vec![usize::MAX; pool.months.len()];
        let mut taken = Self { months, cost: 0, sums: vec![0; pool.rows.costs.len()] };
        pool.anchor.iter().for_each(|index| taken.take(pool, *index));
        taken
    }

    /// Puts a month in the place of its consultant's last.
    fn take(&mut self, pool: &Pool<'_>, index: usize) {
        let person = pool.columns[index].person;
        let last = std::mem::replace(&mut self.months[person], index);
        for (index, sign) in [(last, -1), (index, 1)] {
            let Some(column) = pool.columns.get(index) else { continue };
            self.cost += sign * column.cost;
            column.sums.iter().for_each(|(row, w)| self.sums[*row as usize] += sign * w);
        }
    }

    /// What the Lagrangian function would be if nobody had a cheaper month: a guide and no bound.
    fn value(&self, pool: &Pool<'_>, duals: &[i64]) -> i64 {
        let priced: i64 = self.sums.iter().zip(duals).map(|(sum, dual)| sum * dual).sum();
        pool.bound((duals, &[]), std::iter::once(self.cost + priced))
    }
}

/// How far each row's price goes for what the row is missed by.
struct Strides {
    /// Rows with places, those of a clinic's series together: their prices mostly rise together.
    series: Vec<Vec<usize>>,
    /// What each row was missed by in this turn's steps, in the mean, and in the last turn's.
    turn: Vec<f64>,
    last: Vec<f64>,
    /// How many times as far each goes.
    further: Vec<f64>,
}

impl Strides {
    fn new(pool: &Pool<'_>) -> Self {
        let count = pool.rows.costs.len();
        let mut series: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in (0..count).filter(|row| pool.rows.costs[*row].pays_for_places()) {
            series.entry(pool.kin[row]).or_default().push(row);
        }
        let series = series.into_values().collect();
        Self { series, turn: vec![0.0; count], last: vec![0.0; count], further: vec![1.0; count] }
    }

    /// A direction to go in where rows are missed by so much.
    fn along(&mut self, missed: &[f64]) -> Vec<f64> {
        let mut along: Vec<f64> = missed.iter().map(|missed| WITHOUT_PLACES * missed).collect();
        for rows in &self.series {
            let mean = rows.iter().map(|row| missed[*row]).sum::<f64>() / rows.len() as f64;
            for row in rows {
                along[*row] = self.further[*row] * missed[*row] + mean;
            }
        }
        let turn = self.turn.iter_mut().zip(missed);
        turn.for_each(|(turn, missed)| *turn += missed / STEPS_A_TURN as f64);
        along
    }

    /// After a turn.
    fn turn(&mut self) {
        for ((further, turn), last) in self.further.iter_mut().zip(&self.turn).zip(&self.last) {
            let goes_on = turn * last > 0.0 && turn.abs() > THE_SAME_WAY;
            *further *= if goes_on { FURTHER } else { 0.5 };
            *further = further.clamp(1.0, MOST_FURTHER);
        }
        std::mem::swap(&mut self.turn, &mut self.last);
        self.turn.fill(0.0);
    }
}

impl Pool<'_> {
    /// Goes from guessed prices towards better ones, and keeps the months found on the way; no bound is
    /// above `target`, in units.
    pub(super) fn climb(&mut self, target: i64, stop: &Stop) {
        self.footing = Footing::Steps;
        let rules = self.rules(&[]);
        let people = self.months.len();
        let mut order: Vec<usize> = (0..people).collect();
        let mut dice = Dice::new(0);
        let mut columns_of: Vec<Vec<usize>> = vec![Vec::new(); people];
        for (index, column) in self.columns.iter().enumerate() {
            columns_of[column.person].push(index);
        }
        let mut taken = Taken::of_anchor(self);
        let mut duals = std::mem::take(&mut self.centre);
        let mut strides = Strides::new(self);
        let mut below = vec![0; people];
        let mut length = 1.0;
        let mut sums = vec![0_i64; duals.len()];
        let mut steps = 0;
        for _ in 0..TURNS {
            self.raise(&mut duals);
            // What counts in the end is the mean of the last turn.
            sums.fill(0);
            steps = 0;
            for last in (1..people).rev() {
                order.swap(last, dice.below(last + 1));
            }
            for some in order.chunks(people.div_ceil(STEPS_A_TURN).max(1)) {
                if stop.now() {
                    break;
                }
                let priced =
                    |index: &usize| (self.priced(&self.columns[*index], &duals, &[]), *index);
                let known = |person: &usize| columns_of[*person].iter().map(priced).min();
                let mut best: Vec<Option<(i64, usize)>> = some.iter().map(known).collect();
                for (person, best) in some.iter().zip(&best) {
                    below[*person] = best.map_or(UNKNOWN, |best| best.0);
                }
                let search = Search { beam: BEAM, most: MONTHS_A_TURN, ..Search::default() };
                let found = self.price(some, &rules, (&duals, &[]), search, &below);
                for ((person, best), found) in some.iter().zip(&mut best).zip(&found) {
                    for (cost, options) in &found.months {
                        if *cost < below[*person]
                            && let Some(new) = self.add_month(*person, options)
                        {
                            columns_of[*person].push(new);
                            *best = best.map_or(Some((*cost, new)), |b| Some(b.min((*cost, new))));
                        }
                    }
                }
                best.iter().flatten().for_each(|(_, index)| taken.take(self, *index));
                let share = some.len() as f64 / people as f64;
                self.step(&mut duals, &taken, target, share * length, &mut strides);
                sums.iter_mut().zip(&duals).for_each(|(sum, dual)| *sum += dual);
                steps += 1;
            }
            length *= SHORTER;
            strides.turn();
            if stop.now() {
                break;
            }
        }
        if steps > 0 {
            duals = sums.into_iter().map(|sum| sum / steps).collect();
        }
        for (dual, cost) in duals.iter_mut().zip(&self.rows.costs) {
            if !cost.pays_for_places() && dual.abs().saturating_mul(cost.largest) <= LEAST_PRICE {
                *dual = 0;
            }
        }
        self.raise(&mut duals);
        self.play.know(&duals);
        self.centre = duals;
    }

    /// One step, so many times as long as would reach the target if the bound rose evenly (Polyak, 1969).
    fn step(
        &self,
        duals: &mut [i64],
        taken: &Taken,
        target: i64,
        length: f64,
        strides: &mut Strides,
    ) {
        let missing = target.saturating_sub(taken.value(self, duals)).max(0) as f64;
        let rows = self.rows.costs.iter().zip(&taken.sums).zip(&*duals);
        let missed: Vec<f64> =
            rows.map(|((cost, sum), dual)| cost.missed(*sum, *dual) as f64).collect();
        let along = strides.along(&missed);
        let rise: f64 = along.iter().zip(&missed).map(|(along, missed)| along * missed).sum();
        let times = length * missing / rise.max(1.0);
        for ((dual, along), cost) in duals.iter_mut().zip(&along).zip(&self.rows.costs) {
            let (least, most) = cost.range();
            *dual = dual.saturating_add((times * along) as i64).clamp(least, most);
        }
    }
}
