//! Column generation: master and pricing in turn until no month can better the master, with a true
//! lower bound every round.

use rayon::prelude::*;

use super::month::UNITS;
use super::pool::{Decision, Footing, Pool};
use super::price::{Found, Rules, Search};
use super::region::Region;
use crate::engine::{SolveError, Stop};

/// Labels kept after a block at first, and at most.
const BEAM: usize = 60;
const WIDEST_BEAM: usize = 15_360;
/// For a bound that may be of use: labels kept, and how often to branch; and again where it may be the
/// last. Over a quarter 40 branches of 60 labels leave a fourteenth of what 240 labels lose, in 44 ms each;
/// 960 labels take 100 ms.
const CLOSE_BEAM: usize = 120;
const BRANCHES: [usize; 2] = [30, 200];
/// The most branches are of no use where master and bound may differ by such a share.
const COARSE: f64 = 5e-3;
/// From such a share on that they may differ by prices need not be the best.
pub(super) const NEAR_ENOUGH: f64 = 2e-3;
/// The most months of one consultant that a round adds.
const MONTHS_A_ROUND: usize = 3;
/// Of months that were outside the master, those of one consultant that come in again in one round.
const WOKEN_A_ROUND: usize = 5;
/// A month that betters the master by less than this, in units, does not count.
const LEAST_GAIN: i64 = UNITS / 64;
/// The master's relative precision: the best, the least, and in between this share of the gap that is
/// left. Prices of a master that is solved roughly are central, which months thrive on (Gondzio,
/// González-Brevis and Munari, 2013).
const PRECISION: (f64, f64) = (1e-6, 0.02);
const PRECISE: f64 = 0.05;
/// From when on, as a share of the objective, months are looked at more closely.
const NEAR: f64 = 0.02;

/// Until master and bound differ by no more than this share, prices are too far off for months to be
/// looked for with more than a part of the labels.
const WILD: f64 = 0.05;
const OF_THE_BEAM: usize = 4;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    /// A bound from which on nothing more is to be had, in units.
    pub(super) enough: i64,
    /// Rounds at most.
    pub(super) rounds: usize,
    /// The share of the objective that master and bound may still differ by.
    pub(super) slack: f64,
    pub(super) aim: Aim,
}

/// What column generation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// The bound of the master's own prices: months are looked at more closely whenever that may tell much.
    Bound,
    /// Prices and months to go on from, of masters that are solved roughly: the bound is what it happens to
    /// be.
    Prices,
    /// The bound of prices that are near enough, or that there was time for: months are looked at more
    /// closely once, in the end.
    BoundOnce,
}

/// Where column generation ended.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// No rota under the decisions costs less, in units.
    pub(super) bound: i64,
    /// The last master's objective, in points.
    pub(super) objective: f64,
    /// The columns that the last master uses, and how much of each.
    pub(super) shares: Vec<(usize, f64)>,
    /// All columns of the last master.
    pub(super) picked: Vec<usize>,
    /// Duals of the best bound.
    pub(super) row_duals: Vec<i64>,
    /// Likewise.
    pub(super) cut_duals: Vec<i64>,
    /// Under these, no month of each consultant costs less.
    pub(super) least: Vec<i64>,
}

/// What a master said beside what its node keeps.
struct Said {
    row_duals: Vec<i64>,
    cut_duals: Vec<i64>,
    /// Whether rows came into play for what it takes.
    grew: bool,
}

impl Node {
    /// Of no master yet, at the prices that the pool starts from.
    fn new(pool: &Pool<'_>) -> Self {
        let mut cut_duals = pool.cut_centre.clone();
        cut_duals.resize(pool.cuts.len(), 0);
        Self {
            bound: i64::MIN,
            objective: f64::INFINITY,
            shares: Vec::new(),
            picked: Vec::new(),
            row_duals: pool.centre.clone(),
            cut_duals,
            least: Vec::new(),
        }
    }

    /// Takes a bound, the duals that it is of and what was found under them, where it is the best; whether
    /// it is.
    fn claim(&mut self, bound: i64, duals: (&[i64], &[i64]), found: &[Found]) -> bool {
        let is_better = bound > self.bound;
        if is_better {
            self.bound = bound;
            self.row_duals = duals.0.to_vec();
            self.cut_duals = duals.1.to_vec();
            self.least = found.iter().map(|found| found.least).collect();
        }
        is_better
    }

    /// What the last master takes: whose month, its options, and how much of it.
    pub(super) fn months<'a>(
        &'a self,
        pool: &'a Pool<'_>,
    ) -> impl Iterator<Item = (usize, &'a [u32], f64)> {
        self.shares.iter().map(|(index, share)| {
            let column = &pool.columns[*index];
            (column.person, &column.options[..], *share)
        })
    }

    /// What a master's objective, in points, is above the bound, as a share of it; at most 1.
    fn gap(&self, objective: f64) -> f64 {
        if self.bound == i64::MIN || !objective.is_finite() {
            return 1.0;
        }
        ((objective - self.bound as f64 / UNITS as f64) / objective.abs().max(1.0)).min(1.0)
    }
}

impl Pool<'_> {
    /// Column generation under the decisions; `heard` is told the bound after each round.
    pub(super) fn generate(
        &mut self,
        decisions: &[Decision],
        goal: Goal,
        stop: &Stop,
        mut heard: impl FnMut(i64),
    ) -> Result<Node, SolveError> {
        if decisions.is_empty() && self.cuts.is_empty() && self.footing == Footing::Guess {
            self.climb(goal.enough, stop);
        }
        let rules = self.rules(decisions);
        let mut node = Node::new(self);
        let everybody: Vec<usize> = (0..self.months.len()).collect();
        let mut beam = BEAM;
        let mut used: Vec<usize> = self.anchor.clone();
        let mut most = 8 * (self.months.len() + self.play.count()) + 200;
        let mut last = f64::INFINITY;
        // Whether rough prices found nothing, so that the next are to be the master's own.
        let mut missed = false;
        let is_known = self.footing == Footing::Masters && self.cuts.is_empty();
        let to_the_end = goal.slack < NEAR_ENOUGH;
        let mut region = Region::new(&node.row_duals, &node.cut_duals, is_known, to_the_end);
        // What was lost of the bound with a wide beam, and with the widest, when it was last looked at so.
        let mut lost = [0_i64; 2];
        // What was found under the prices that the region is around.
        let mut best_found = Vec::new();
        for round in 0..goal.rounds {
            let allowed = self.allowed(decisions);
            let (mut grew, mut rough) = (false, false);
            let (mut row_duals, mut cut_duals) = (node.row_duals.clone(), node.cut_duals.clone());
            if round > 0 {
                let precise = (PRECISE * region.gap(last)).clamp(PRECISION.0, PRECISION.1);
                let precision = if missed { PRECISION.0 } else { precise };
                let roughly = goal.aim == Aim::Prices && !missed;
                let said = match self.next_prices(&mut node, &region, roughly, precision) {
                    Ok(said) => said,
                    Err(_) if node.bound > i64::MIN => break,
                    Err(error) => return Err(error),
                };
                let in_use = node.shares.iter().map(|(index, _)| *index);
                used = in_use.chain(self.anchor.iter().copied()).collect();
                used.sort_unstable();
                rough = roughly || precision > PRECISION.0;
                Said { row_duals, cut_duals, grew } = said;
            }
            let duals = (&row_duals[..], &cut_duals[..]);
            let priced: Vec<i64> = allowed
                .par_iter()
                .map(|index| self.priced(&self.columns[*index], duals.0, duals.1))
                .collect();
            let below: Vec<i64> =
                self.cheapest_of(&allowed, &priced).into_iter().map(|best| best.0).collect();
            let woken = self.pick(&allowed, &priced, &used, most, &mut node.picked);
            let width = match goal.aim {
                // What is missed here the look in the end finds, too late for the master.
                Aim::BoundOnce if region.gap(node.objective) < WILD => beam.max(CLOSE_BEAM),
                Aim::Bound | Aim::Prices if node.gap(node.objective) <= WILD => beam,
                _ => beam / OF_THE_BEAM,
            };
            // Where that does not do, labels are too many to have bounds of their own.
            let closely = (BEAM + 1..=4 * BEAM).contains(&width);
            let search = Search { beam: width, most: MONTHS_A_ROUND, closely, ..Search::default() };
            let found = self.price(&everybody, &rules, duals, search, &below);
            // Where the master says that nothing better is left, the bound is to say so too.
            let over = node.objective * UNITS as f64 >= goal.enough as f64;
            let slack = if over { 0.0 } else { goal.slack * node.objective.abs() } + 0.01;
            let enough = if round == 0 { goal.enough } else { in_units(node.objective - slack) };
            // What the bound would be if nothing better than what was found had been dropped.
            let best = found.iter().zip(&below).map(|(found, below)| found.best(*below));
            let hoped = self.bound(duals, best);
            // Months found since may be cheaper than those known when the region came where it is.
            let here = (&region.rows[..], &region.cuts[..]);
            let known: Vec<i64> =
                self.cheapest(&allowed, here).into_iter().map(|best| best.0).collect();
            let value = (round > 0).then(|| self.bound(here, known.iter().copied()));
            let is_best = region.learn(node.objective, value, hoped, duals, &self.rows.costs);
            // Of the best prices so far: what was found, what is known, and what the bound would be.
            let (best_below, seen) = match value {
                Some(value) if !is_best => (&known, value),
                _ => {
                    best_found.clone_from(&found);
                    (&below, hoped)
                }
            };
            let is_wide = region.is_wide(goal.slack * node.objective.abs());
            let within = |share: f64| in_units(node.objective - share * node.objective.abs());
            let missing = in_units(node.objective).saturating_sub(node.bound);
            let gain = seen.saturating_sub(node.bound);
            let is_last = seen >= enough;
            let lost = &mut lost[usize::from(is_last)];
            // Whether it ends here, and whether months are looked at more closely.
            let (is_over, looks) = match goal.aim {
                Aim::Bound => {
                    let tells = round > 0 && is_wide && seen > within(NEAR);
                    (false, tells && gain - *lost > missing / 2)
                }
                Aim::Prices => (round > 0 && is_wide && is_last, false),
                Aim::BoundOnce => {
                    let is_over = stop.now() || (round > 0 && seen >= within(goal.slack));
                    (is_over, is_over)
                }
            };
            let looked_at = looks.then(|| {
                let duals = (region.rows.clone(), region.cuts.clone());
                let is_worth_it = is_last && goal.slack < COARSE;
                let branches = if is_worth_it { &BRANCHES[..] } else { &BRANCHES[..1] };
                let at = (&duals.0[..], &duals.1[..]);
                self.look_closer(&mut best_found, &rules, at, best_below, branches, enough);
                *lost = lost_of(&best_found, best_below);
                duals
            });
            let (at, of_bound) = match &looked_at {
                Some((rows, cuts)) => ((&rows[..], &cuts[..]), &best_found),
                None => (duals, &found),
            };
            let bound = self.bound(at, of_bound.iter().map(|found| found.least));
            if node.claim(bound, at, of_bound) && decisions.is_empty() {
                self.start_from(at.0, at.1);
            }
            let before = self.columns.len();
            self.add_found(&found, &below, round == 0);
            if looks {
                self.add_found(&best_found, best_below, round == 0);
            }
            let exact = if looks && is_best { &best_found } else { &found };
            let exact = exact.iter().all(|found| found.exact);
            let added = self.columns.len() - before;
            node.picked.extend(before..self.columns.len());
            heard(node.bound);
            if node.bound >= goal.enough || stop.now() || is_over {
                break;
            }
            let idle = round > 0 && added + woken == 0;
            // Months that come and go without gain had better all stay.
            if woken > 0 && node.objective > last - 1e-4 * last.abs() {
                most += most / 2;
            }
            last = node.objective;
            missed = idle && rough;
            if missed || grew {
                continue;
            }
            if round > 0 && is_wide && (node.bound >= enough || (is_last && *lost > 0)) {
                // It is enough, or all that branches say.
                break;
            }
            if idle && (is_wide || !region.widen()) {
                if exact || beam >= WIDEST_BEAM {
                    break;
                }
                beam *= 4;
            }
        }
        if decisions.is_empty() {
            self.latest.clone_from(&node.picked);
        }
        if goal.aim == Aim::Prices {
            self.start_from(&region.rows, &region.cuts);
        }
        Ok(node)
    }

    /// Solves the next master, of the columns that are picked, to such a precision, or roughly from what the
    /// last one took; rows that what it takes calls for come into play.
    fn next_prices(
        &mut self,
        node: &mut Node,
        region: &Region,
        roughly: bool,
        precision: f64,
    ) -> Result<Said, SolveError> {
        let start = roughly.then(|| shares_of(&node.picked, &node.shares));
        let solved = self.master(&node.picked, &[], 0.0, precision, region, start.as_deref())?;
        node.objective = solved.objective + self.problem.constant().as_f64();
        let share = |(i, share): (&usize, &f64)| (*share > 1e-5).then_some((*i, *share));
        node.shares = node.picked.iter().zip(&solved.shares).filter_map(share).collect();
        let grew = self.let_rows_in(&node.shares);
        let (mut row_duals, cut_duals) = (solved.row_duals, solved.cut_duals);
        // A region holds these back, and they cost nothing to be found.
        self.raise(&mut row_duals);
        Ok(Said { row_duals, cut_duals, grew })
    }

    /// Adds months that cost less than what is known of their consultants, or all.
    fn add_found(&mut self, found: &[Found], below: &[i64], all: bool) {
        for (person, (found, below)) in found.iter().zip(below).enumerate() {
            for (cost, options) in &found.months {
                if all || *cost < below - LEAST_GAIN {
                    self.add_month(person, options);
                }
            }
        }
    }

    /// Prices those again whose months may be cheaper than what was found, each time with more branches,
    /// until the bound is `enough` or true to what was found.
    fn look_closer(
        &mut self,
        found: &mut [Found],
        rules: &[Rules],
        duals: (&[i64], &[i64]),
        below: &[i64],
        branches: &[usize],
        enough: i64,
    ) {
        for branches in branches.iter().copied() {
            let loose: Vec<usize> = (0..found.len())
                .filter(|person| found[*person].least < found[*person].best(below[*person]))
                .collect();
            let bound = self.bound(duals, found.iter().map(|found| found.least));
            if loose.is_empty() || bound >= enough {
                return;
            }
            let search = Search {
                below: 0,
                beam: CLOSE_BEAM,
                most: MONTHS_A_ROUND,
                closely: true,
                branches,
            };
            let again = self.price(&loose, rules, duals, search, below);
            for (person, mut again) in loose.into_iter().zip(again) {
                // Less is looked at where it is time to stop.
                again.least = again.least.max(found[person].least);
                found[person] = again;
            }
        }
    }

    /// Chooses the columns of the next master, `most` or few more: those of the last that it used or that cost little beside
    /// their consultant's best, and others that now cost less than all of his in it. How many of these.
    fn pick(
        &self,
        allowed: &[usize],
        priced: &[i64],
        used: &[usize],
        most: usize,
        picked: &mut Vec<usize>,
    ) -> usize {
        let mut least = vec![i64::MAX; self.months.len()];
        let mut inside = vec![false; self.columns.len()];
        picked.iter().for_each(|index| inside[*index] = true);
        let first = picked.is_empty();
        for (index, cost) in allowed.iter().zip(priced) {
            if inside[*index] || first {
                let least = &mut least[self.columns[*index].person];
                *least = (*least).min(*cost);
            }
        }
        let mut order: Vec<(i64, usize)> = allowed
            .iter()
            .zip(priced)
            .map(|(index, cost)| {
                let over = cost.saturating_sub(least[self.columns[*index].person]);
                (if used.binary_search(index).is_ok() { i64::MIN } else { over }, *index)
            })
            .collect();
        // Of those that were outside only what is better, and not too many of one consultant.
        order.sort_unstable();
        let mut woken = vec![0_usize; self.months.len()];
        let mut kept = Vec::new();
        for (over, index) in order {
            let person = self.columns[index].person;
            if over == i64::MIN || first || inside[index] {
                kept.push(index);
            } else if over < -LEAST_GAIN && woken[person] < WOKEN_A_ROUND {
                woken[person] += 1;
                kept.push(index);
            }
        }
        kept.truncate(most.max(used.len() + woken.iter().sum::<usize>()));
        kept.sort_unstable();
        *picked = kept;
        woken.iter().sum()
    }
}

/// How much there is of each of these columns, given that of some, in order.
pub(super) fn shares_of(columns: &[usize], shares: &[(usize, f64)]) -> Vec<f64> {
    let of = |column: &usize| {
        let at = shares.binary_search_by_key(column, |share| share.0);
        at.map_or(0.0, |at| shares[at].1)
    };
    columns.iter().map(of).collect()
}

/// A number of points in units, rounded down; for what is not finite the least there is.
pub(super) fn in_units(points: f64) -> i64 {
    if points.is_finite() { (points * UNITS as f64).floor() as i64 } else { i64::MIN }
}

/// What is lost of the bound because not all months could be looked at.
fn lost_of(found: &[Found], below: &[i64]) -> i64 {
    let lost = |(found, below): (&Found, &i64)| (found.best(*below) - found.least).max(0);
    found.iter().zip(below).map(lost).sum()
}
