//! Column generation: a column is a consultant's whole month.
//!
//! The master chooses months, one of each consultant, so that the rows cost least; the pricing finds
//! months that would better it. Every round gives a lower bound that is computed in whole numbers, so
//! that no rounding of the master's can make it too high. Once bound and rota are near, all months that a
//! better rota can be made of are few enough to be listed, and what is left is settled over the list.
//!
//! In the order of use: `month` and `rows` are the problem as pricing and master see it, `pool` what is
//! known of it, `price` (with the completion bound of `relax`, its `keys` and its `spread`) and `master` (with
//! `interior` and its `factor`, or `exchange` where it need only be rough, `play` for the rows that are in,
//! and the `region` that prices stay in) what `generate` goes between; `ascent` finds the first prices,
//! `joint` those that rise together, and `slices` those over a long time; `dive` and `around` make rotas
//! (where most of a problem is decided, from what is `opened`); `list` and `finish`, with `cuts` and `decide`,
//! settle; `tree` branches with pricing, where months can't be listed; `search` says what comes when.

mod around;
mod ascent;
mod cuts;
mod decide;
mod dive;
mod exchange;
mod factor;
mod finish;
mod generate;
mod interior;
mod joint;
mod list;
mod master;
mod month;
mod opened;
mod play;
mod pool;
mod price;
mod region;
mod relax;
mod rows;
mod search;
mod slices;
mod spread;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;

use rotashare_core::points::Points;
use rotashare_rules::problem::Problem;

use self::month::{UNITS, UNITS_PER_QUARTER};
use self::opened::Opened;
use self::pool::Pool;
use self::search::Depth;
use crate::bound::trivial;
use crate::engine::{Answer, Engine, Grounds, SolveError, Stop, Watch};
use crate::local::{self, Effort, Scope};

/// Column generation with exact pricing, cuts and branching.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plans;

/// From here on prices leave the range in which a master's arithmetic tells a choice that can't be from
/// one that is dear: then there is a rota, and no bound but the plain one.
const MOST_PRICE: Points = Points::whole(10_000_000);

/// The best so far and what is known of the rest.
struct Standing<'a> {
    problem: &'a Problem,
    watch: &'a dyn Watch,
    chosen: Vec<bool>,
    objective: Points,
    bound: Points,
    whole: bool,
}

impl<'a> Standing<'a> {
    fn new(problem: &'a Problem, watch: &'a dyn Watch, chosen: Vec<bool>) -> Self {
        Self {
            problem,
            watch,
            objective: problem.points(&chosen),
            chosen,
            bound: trivial(problem),
            whole: problem.counts_in_whole_points(),
        }
    }

    /// A bound in units, rounded up to what a rota can cost.
    fn raise(&mut self, units: i64) {
        let quarters = units.div_euclid(UNITS_PER_QUARTER)
            + i64::from(units.rem_euclid(UNITS_PER_QUARTER) > 0);
        let step = if self.whole { 4 } else { 1 };
        let bound = Points::quarters((quarters + step - 1).div_euclid(step) * step);
        let bound = bound.min(self.objective);
        if bound > self.bound {
            self.bound = bound;
            self.watch.progress(Some(self.objective), Some(self.bound));
        }
    }

    /// A rota; kept where it is better.
    fn offer(&mut self, chosen: Vec<bool>) -> bool {
        let objective = self.problem.points(&chosen);
        if objective >= self.objective || !self.problem.broken(&chosen).is_empty() {
            return false;
        }
        self.chosen = chosen;
        self.objective = objective;
        self.watch.progress(Some(self.objective), Some(self.bound));
        true
    }

    /// Takes of each consultant the month that a programme takes most of (given as whose, its options, and
    /// how much of it), and searches from there among the options of all these months, of the rota that
    /// stands, and others that are `near` (empty: none), and with each further effort from the best so far;
    /// whether that is a better rota.
    fn round_off<'m>(
        &mut self,
        months: impl Iterator<Item = (usize, &'m [u32], f64)>,
        mut near: Vec<bool>,
        efforts: &[Effort],
        stop: &Stop,
    ) -> bool {
        let mut best: BTreeMap<usize, (f64, &[u32])> = BTreeMap::new();
        near.resize(self.chosen.len(), false);
        near.iter_mut().zip(&self.chosen).for_each(|(near, chosen)| *near |= chosen);
        for (person, options, share) in months {
            options.iter().for_each(|option| near[*option as usize] = true);
            let best = best.entry(person).or_insert((share, options));
            if share > best.0 {
                *best = (share, options);
            }
        }
        let mut start = vec![false; self.chosen.len()];
        for (_, options) in best.into_values() {
            options.iter().for_each(|option| start[*option as usize] = true);
        }
        let decided: Vec<Option<bool>> =
            near.iter().map(|is_near| (!is_near).then_some(false)).collect();
        let Some(opened) = Opened::new(self.problem, &decided) else { return false };
        let before = self.objective;
        for effort in efforts {
            let part = opened.part_of(&start);
            let (problem, scope) = (opened.problem(), Scope::Likely);
            let found = local::improve_within(problem, Some(&part), scope, *effort, stop);
            found.into_iter().for_each(|found| _ = self.offer(opened.whole(&found)));
            start.clone_from(&self.chosen);
        }
        self.objective < before
    }

    /// The bound from which on no rota is better by a point, in units.
    fn enough(&self) -> i64 {
        let units = self.objective.in_quarters() * UNITS_PER_QUARTER;
        units - UNITS + 1
    }

    fn is_proven(&self) -> bool {
        self.objective - self.bound < Points::ONE
    }

    /// Objective − bound as a share of the objective.
    fn gap(&self) -> f64 {
        (self.objective - self.bound).as_f64() / self.objective.as_f64().abs().max(1.0)
    }

    /// What column generation begins with.
    fn pool(&self, stop: &Stop) -> Pool<'a> {
        let mut pool = Pool::new(self.problem, stop);
        pool.add_rota(&vec![false; self.problem.options().len()]);
        pool.add_rota(&self.chosen);
        pool.guess(&self.chosen);
        pool
    }

    fn into_answer(self, grounds: Grounds) -> Answer {
        let Self { chosen, objective, bound, .. } = self;
        Answer { chosen, objective, bound: bound.min(objective), grounds }
    }
}

impl Engine for Plans {
    fn name(&self) -> &'static str {
        "plans"
    }

    fn solve(
        &self,
        problem: &Problem,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Answer, SolveError> {
        begin(problem, None, Depth::FULL, stop, watch)
    }

    fn sketch(
        &self,
        problem: &Problem,
        chosen: &[bool],
        in_haste: bool,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Option<Answer>, SolveError> {
        let depth = if in_haste { Depth::HASTY } else { Depth::ROUGH };
        begin(problem, Some(chosen), depth, stop, watch).map(Some)
    }

    fn refine(
        &self,
        problem: &Problem,
        known: &Answer,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Option<Answer>, SolveError> {
        if known.grounds.is_empty() || !slices::is_long(problem) {
            return Ok(None);
        }
        let nearer = |pool: &mut Pool<'_>, standing: &mut Standing<'_>, stop: &Stop| {
            search::nearer(pool, standing, search::LONG_SLACK.0, stop)
        };
        go_on(problem, known, nearer, stop, watch).map(Some)
    }

    fn resume(
        &self,
        problem: &Problem,
        known: &Answer,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Answer, SolveError> {
        if known.grounds.is_empty() {
            return begin(problem, Some(&known.chosen), Depth::FULL, stop, watch);
        }
        let full = |pool: &mut Pool<'_>, standing: &mut Standing<'_>, stop: &Stop| {
            search::search(pool, standing, Depth::FULL, stop)
        };
        go_on(problem, known, full, stop, watch)
    }
}

/// Goes on in some way from what is known.
fn go_on(
    problem: &Problem,
    known: &Answer,
    how: impl Fn(&mut Pool<'_>, &mut Standing<'_>, &Stop) -> Result<(), SolveError>,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Answer, SolveError> {
    let mut standing = Standing::new(problem, watch, known.chosen.clone());
    standing.bound = standing.bound.max(known.bound);
    let mut pool = standing.pool(stop);
    pool.know(&known.grounds);
    how(&mut pool, &mut standing, stop)?;
    Ok(standing.into_answer(pool.into_grounds()))
}

/// Solves a problem, from a rota where there is one.
fn begin(
    problem: &Problem,
    start: Option<&[bool]>,
    depth: Depth,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Answer, SolveError> {
    let is_beyond = problem.largest_price() > MOST_PRICE;
    let is_long = slices::is_long(problem);
    let effort = if is_beyond {
        Effort::Full
    } else if is_long || depth.is_hasty() {
        // What the slices say is a better beginning, and what the master says where there is little time.
        Effort::Build
    } else {
        Effort::Quick
    };
    let chosen = match start {
        // A rota that was built is not built again.
        Some(start) if depth.is_hasty() && effort == Effort::Build => start.to_vec(),
        _ => local::improve(problem, start, effort, stop).ok_or(SolveError::Infeasible)?,
    };
    let mut standing = Standing::new(problem, watch, chosen);
    watch.progress(Some(standing.objective), None);
    if is_beyond {
        return Ok(standing.into_answer(Grounds::default()));
    }
    let mut known = None;
    if is_long {
        let prices = slices::relax(&mut standing, stop)?;
        let grounds = Grounds { prices, months: Vec::new() };
        if depth.is_rough() {
            return Ok(standing.into_answer(grounds));
        }
        known = Some(grounds);
    }
    let mut pool = standing.pool(stop);
    if let Some(grounds) = known {
        pool.know(&grounds);
    }
    search::search(&mut pool, &mut standing, depth, stop)?;
    Ok(standing.into_answer(pool.into_grounds()))
}
