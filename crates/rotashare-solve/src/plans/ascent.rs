//! Dual ascent by the volume algorithm (Barahona and Anbil, 2000): a cheap way to good duals, a bound
//! and useful months, from which column generation then starts.

use super::generate::Pool;
use super::month::UNITS;
use super::price::Search;
use super::rows::RowCost;
use crate::engine::Stop;

/// How much of the average the newest months make up.
const NEWEST: f64 = 0.12;
/// Rounds without a better bound before the step is shortened.
const PATIENCE: usize = 6;

/// Climbs for at most `rounds` from the pool's centre towards `target` (in units), and leaves the best
/// duals there.
pub(super) fn climb(
    pool: &mut Pool<'_>,
    target: i64,
    rounds: usize,
    stop: &Stop,
    mut heard: impl FnMut(i64),
) {
    let rules = pool.rules(&[]);
    let everybody: Vec<usize> = (0..pool.months.len()).collect();
    let cut_duals = vec![0; pool.cuts.len()];
    let mut duals = pool.centre().to_vec();
    let mut best = (i64::MIN, duals.clone());
    let mut average: Vec<f64> = Vec::new();
    // A guess is mostly too generous: as much of it as bounds best.
    if rounds > 20 {
        let guess = duals.clone();
        let mut least = i64::MIN;
        for tenths in [3, 4, 5, 6, 7, 8, 10] {
            // What is not to be had at all keeps its full price.
            let scaled = |(dual, row): (&i64, &RowCost)| {
                if *dual <= row.range().0 { *dual } else { dual * tenths / 10 }
            };
            let some: Vec<i64> = guess.iter().zip(&pool.rows.costs).map(scaled).collect();
            let allowed = pool.allowed(&[]);
            let below = pool.cheapest(&allowed, (&some, &cut_duals));
            let thresholds: Vec<i64> = below.iter().map(|best| best.0).collect();
            let search = Search { below: 0, beam: 40, most: 2, all: false };
            let found = pool.price(&rules, (&some, &cut_duals), search, &thresholds);
            let bound = pool.bound((&some, &cut_duals), found.iter().map(|found| found.least));
            for (person, found) in everybody.iter().zip(&found) {
                for (_, options) in &found.months {
                    pool.add_month(*person, options);
                }
            }
            if bound > least {
                least = bound;
                duals = some;
            }
        }
    }
    let mut share = 0.3;
    let mut idle = 0;
    let mut milestones = (i64::MIN, 0);
    for round in 0..rounds {
        let allowed = pool.allowed(&[]);
        let mut below = pool.cheapest(&allowed, (&duals, &cut_duals));
        let thresholds: Vec<i64> = below.iter().map(|best| best.0).collect();
        let search = Search { below: 0, beam: 80, most: 2, all: false };
        let found = pool.price(&rules, (&duals, &cut_duals), search, &thresholds);
        let bound = pool.bound((&duals, &cut_duals), found.iter().map(|found| found.least));
        for (person, found) in everybody.iter().zip(&found) {
            for (number, (cost, options)) in found.months.iter().enumerate() {
                let index = pool.add_month(*person, options);
                if number == 0
                    && let Some(index) = index
                {
                    below[*person] = (*cost, index);
                }
            }
        }
        let mut sums = vec![0.0; pool.rows.costs.len()];
        for (_, index) in &below {
            if let Some(column) = pool.columns.get(*index) {
                for (row, weight) in &column.sums {
                    sums[*row as usize] += *weight as f64;
                }
            }
        }
        if bound > best.0 {
            let much = best.0 == i64::MIN || bound - best.0 > (bound.abs() / 1000);
            best = (bound, duals.clone());
            pool.set_centre(&duals);
            heard(bound);
            share = f64::min(share * if much { 1.15 } else { 1.02 }, 1.5);
            idle = 0;
        } else {
            idle += 1;
            if idle >= PATIENCE {
                idle = 0;
                share *= 0.66;
            }
        }
        if average.is_empty() {
            average = sums;
        } else {
            for (average, sum) in average.iter_mut().zip(&sums) {
                *average += NEWEST * (sum - *average);
            }
        }
        // Less than a thousandth in 25 rounds is no climbing.
        if milestones.0 == i64::MIN || best.0 - milestones.0 > best.0.abs() / 1000 {
            milestones = (best.0, round);
        } else if round - milestones.1 > 25 {
            break;
        }
        if stop.now() || best.0 >= target {
            break;
        }
        pool.let_in(&average);
        let slopes: Vec<f64> = (0..average.len())
            .map(|row| {
                if pool.is_active(row) {
                    slope(&pool.rows.costs[row], best.1[row], average[row])
                } else {
                    0.0
                }
            })
            .collect();
        let square: f64 = slopes.iter().map(|slope| slope * slope).sum();
        if square < 1e-9 {
            break;
        }
        let step = share * (target - best.0).max(UNITS) as f64 / square;
        for (row, dual) in duals.iter_mut().enumerate() {
            let moved = best.1[row] as f64 + (step * slopes[row]).clamp(-1e12, 1e12);
            let (low, high) = pool.rows.costs[row].range();
            *dual = (moved.round() as i64).clamp(low, high);
        }
    }
}

/// How the bound changes with a row's dual, where the months' sum is `sum`.
fn slope(row: &RowCost, dual: i64, sum: f64) -> f64 {
    let mut low = 0_i64;
    let mut high = 0_i64;
    for (units, each) in &row.steps {
        if *each < dual - UNITS / 8 {
            low += units;
        }
        if *each <= dual + UNITS / 8 {
            high += units;
        }
    }
    sum - sum.clamp(low as f64, high as f64)
}
