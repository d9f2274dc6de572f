//! Column generation: a column is a consultant's whole month.
//!
//! The master chooses months, one of each consultant, so that the rows cost least; the pricing finds
//! months that would better it. Every round gives a lower bound that is computed in whole numbers, so
//! that no rounding of the master's can make it too high.

mod ascent;
mod cuts;
mod generate;
mod master;
mod month;
mod price;
mod relax;
mod rows;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::ControlFlow;

use rotashare_core::points::Points;
use rotashare_rules::problem::Problem;

use self::generate::{Goal, Node, Pool};
use self::month::{UNITS, UNITS_PER_QUARTER};
use crate::engine::{Answer, Engine, SolveError, Stop, Watch};
use crate::local::{self, Effort};

/// Column generation with exact pricing, cuts and branching.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plans;

/// The best so far and what is known of the rest.
struct Standing<'a> {
    problem: &'a Problem,
    watch: &'a dyn Watch,
    chosen: Vec<bool>,
    objective: Points,
    bound: Points,
    whole: bool,
}

impl Standing<'_> {
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

    /// The bound from which on no rota is better by a point, in units.
    fn enough(&self) -> i64 {
        let units = self.objective.in_quarters() * UNITS_PER_QUARTER;
        units - UNITS + 1
    }

    fn is_proven(&self) -> bool {
        self.objective - self.bound < Points::ONE
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
        let Some(chosen) = local::improve(problem, None, Effort::Quick, stop) else {
            return Err(SolveError::Infeasible);
        };
        let objective = problem.points(&chosen);
        let mut standing = Standing {
            problem,
            watch,
            chosen,
            objective,
            bound: Points::quarters(i64::MIN / 1024),
            whole: problem.counts_in_whole_points(),
        };
        watch.progress(Some(objective), None);
        let mut pool = Pool::new(problem);
        pool.add_rota(&vec![false; problem.options().len()]);
        pool.add_rota(&standing.chosen);
        pool.guess(&standing.chosen);
        search(&mut pool, &mut standing, stop)?;
        let Standing { chosen, objective, bound, .. } = standing;
        Ok(Answer { chosen, objective, bound })
    }
}

fn search(pool: &mut Pool<'_>, standing: &mut Standing<'_>, stop: &Stop) -> Result<(), SolveError> {
    ascent::climb(pool, standing.enough(), 200, stop, |bound| standing.raise(bound));
    let mut last: Option<i64> = None;
    for turn in 0..MOST_CUT_ROUNDS {
        let slack = if turn == 0 { 1e-3 } else { 2e-4 };
        let goal = Goal { enough: standing.enough(), rounds: 150, slack, width: 15.0 };
        let mut node = pool.generate(&[], goal, stop, |bound| {
            standing.raise(bound);
            ControlFlow::Continue(())
        })?;
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        polish(pool, standing, &node, stop);
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        pool.bar(&node, standing.enough());
        let columns: Vec<_> = node.shares.iter().map(|(i, s)| (&pool.columns[*i], *s)).collect();
        let cuts = cuts::separate(&columns, &pool.rows, &pool.cuts, &pool.kin, 40);
        let room = standing.enough() - node.bound;
        let stalls = last.is_some_and(|last| node.bound - last < (room / 20).max(UNITS / 2));
        if turn + 1 == MOST_CUT_ROUNDS || cuts.is_empty() || stalls {
            return tree::branch(pool, standing, &node, MOST_NODES, stop);
        }
        let keep: Vec<bool> = node.cut_duals.iter().map(|dual| *dual > UNITS / 16).collect();
        pool.start_from(&node.row_duals, &node.cut_duals);
        pool.retain_cuts(&keep);
        node.cut_duals.clear();
        last = Some(node.bound);
        for cut in cuts {
            pool.add_cut(cut);
        }
    }
    Ok(())
}

/// How often cuts are added.
const MOST_CUT_ROUNDS: usize = 20;
/// Subproblems in all.
const MOST_NODES: usize = 20_000;

/// Rounds what the master says to a rota and searches from there.
fn polish(pool: &mut Pool<'_>, standing: &mut Standing<'_>, node: &Node, stop: &Stop) {
    let mut best: Vec<Option<(f64, usize)>> = vec![None; pool.months.len()];
    for (index, share) in &node.shares {
        let best = &mut best[pool.columns[*index].person];
        if best.is_none_or(|(most, _)| *share > most) {
            *best = Some((*share, *index));
        }
    }
    let mut start = vec![false; pool.problem.options().len()];
    for (_, index) in best.into_iter().flatten() {
        pool.columns[index].options.iter().for_each(|option| start[*option as usize] = true);
    }
    if let Some(chosen) = local::improve(pool.problem, Some(&start), Effort::Quick, stop)
        && standing.offer(chosen)
    {
        pool.add_rota(&standing.chosen);
    }
}
