//! From a fractional master to a rota: months that it is nearly sure of are fixed, a few at a time, and
//! the others are priced anew around them.

use super::generate::{Node, shares_of};
use super::master::Solved;
use super::month::UNITS;
use super::pool::Pool;
use super::price::{Rules, Search};
use super::region::Region;
use crate::engine::{SolveError, Stop};

/// A month of which the master takes so much is fixed.
const SURE: f64 = 0.9;
/// The master's precision.
const PRECISION: f64 = 1e-3;
/// Points by which months are made to differ at most, so that of many equally good ways the master takes
/// one and not the middle of all.
const NOISE: f64 = 4.0;
/// Labels that the pricing keeps.
const BEAM: usize = 100;

/// How a dive goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Of those who are left one in so many at least is fixed in each round.
    pub(super) one_in: usize,
    /// After so many masters, with months priced in between.
    pub(super) masters: usize,
    /// Whether these are only solved roughly.
    pub(super) roughly: bool,
}

/// The options of a rota near what the master says; another number of `noise` may give another. It may
/// break hard rows; `None` where it is time to stop.
pub(super) fn dive(
    pool: &mut Pool<'_>,
    node: &Node,
    noise: u64,
    pace: Pace,
    stop: &Stop,
) -> Result<Option<Vec<bool>>, SolveError> {
    pool.noise = noise;
    let rules = pool.rules(&[]);
    let mut fixed: Vec<Option<usize>> = vec![None; pool.months.len()];
    let mut free: Vec<usize> = (0..pool.months.len()).collect();
    let (mut picked, mut shares) = (node.picked.clone(), node.shares.clone());
    let mut region = Region::of_dive(&pool.centre, &pool.cut_centre);
    loop {
        if stop.now() {
            return Ok(None);
        }
        if pace.roughly {
            region.suit_rough_dive(free.len() as f64 / pool.months.len() as f64);
        }
        let is_fixed: Vec<bool> = fixed.iter().map(Option::is_some).collect();
        let mut master = |pool: &Pool<'_>, picked: &[usize]| {
            let start = pace.roughly.then(|| shares_of(picked, &shares));
            let start = start.as_deref();
            let solved = pool.master(picked, &is_fixed, NOISE, PRECISION, &region, start)?;
            if pace.roughly {
                shares = picked.iter().copied().zip(solved.shares.iter().copied()).collect();
                shares.sort_unstable_by_key(|share| share.0);
            }
            Ok::<_, SolveError>(solved)
        };
        let mut solved = master(pool, &picked)?;
        for _ in 1..pace.masters {
            reprice(pool, &rules, &solved, &free, &mut picked);
            solved = master(pool, &picked)?;
        }
        region.go_to(&solved.row_duals, &solved.cut_duals);
        let mut best: Vec<(f64, usize)> = vec![(0.0, usize::MAX); pool.months.len()];
        for (index, share) in picked.iter().zip(&solved.shares) {
            let best = &mut best[pool.columns[*index].person];
            if *share > best.0 {
                *best = (*share, *index);
            }
        }
        let mut order: Vec<usize> =
            free.iter().copied().filter(|person| best[*person].1 != usize::MAX).collect();
        order.sort_by(|a, b| best[*b].0.total_cmp(&best[*a].0).then(a.cmp(b)));
        let least = order.len().div_ceil(pace.one_in);
        for (number, person) in order.iter().enumerate() {
            if number < least || best[*person].0 > SURE {
                fixed[*person] = Some(best[*person].1);
            }
        }
        free.retain(|person| fixed[*person].is_none());
        if order.is_empty() || free.is_empty() {
            break;
        }
        picked.retain(|index| fixed[pool.columns[*index].person].is_none_or(|f| f == *index));
        reprice(pool, &rules, &solved, &free, &mut picked);
    }
    let mut chosen = vec![false; pool.problem.options().len()];
    for index in fixed.into_iter().flatten() {
        pool.columns[index].options.iter().for_each(|option| chosen[*option as usize] = true);
    }
    Ok(Some(chosen))
}

/// Months of those who are free that would better a master.
fn reprice(
    pool: &mut Pool<'_>,
    rules: &[Rules],
    solved: &Solved,
    free: &[usize],
    picked: &mut Vec<usize>,
) {
    let duals = (&solved.row_duals[..], &solved.cut_duals[..]);
    let below: Vec<i64> = pool.cheapest(picked, duals).into_iter().map(|best| best.0).collect();
    let search = Search { beam: BEAM, most: 2, ..Search::default() };
    let found = pool.price(free, rules, duals, search, &below);
    for (person, found) in free.iter().zip(found) {
        for (cost, options) in found.months {
            if cost < below[*person] - UNITS / 4 {
                let index = pool.find_month(*person, &options);
                picked.extend(index.filter(|index| !picked.contains(index)));
            }
        }
    }
}
