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

use std::ops::ControlFlow;

use rotashare_core::points::Points;
use rotashare_rules::problem::Problem;

use self::generate::{Goal, Pool};
use self::month::{UNITS, UNITS_PER_QUARTER};
use crate::engine::{Answer, Engine, SolveError, Stop, Watch};
use crate::local::{self, Effort};

macro_rules! note {
    ($($t:tt)*) => { if false { let _ = format_args!($($t)*); } };
}
pub(crate) use note;

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
        note!("local {objective}");
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
    let t = std::time::Instant::now();
    let climbed = ascent::climb(pool, standing.enough(), 300, stop, |bound| standing.raise(bound));
    note!(
        "climbed {:.2} cols {} at {:.2}s",
        climbed.bound as f64 / UNITS as f64,
        pool.columns.len(),
        t.elapsed().as_secs_f64()
    );
    let mut last = i64::MIN;
    for _ in 0..25 {
        let goal = Goal { enough: standing.enough(), rounds: 100, slack: 2e-4, width: 15.0 };
        let node = pool.generate(&[], goal, stop, |bound| {
            standing.raise(bound);
            ControlFlow::Continue(())
        })?;
        note!(
            "root {:.2} cuts {} at {:.2}s",
            node.bound as f64 / UNITS as f64,
            pool.cuts.len(),
            t.elapsed().as_secs_f64()
        );
        if standing.is_proven() || stop.now() {
            break;
        }
        let keep: Vec<bool> = (0..pool.cuts.len())
            .map(|i| node.cut_duals.get(i).is_some_and(|d| *d > UNITS / 16))
            .collect();
        let columns: Vec<_> = node.shares.iter().map(|(i, s)| (&pool.columns[*i], *s)).collect();
        let cuts = cuts::separate(&columns, &pool.rows, &pool.cuts, 60);
        pool.retain_cuts(&keep);
        if cuts.is_empty() || node.bound < last + UNITS {
            break;
        }
        last = node.bound;
        for cut in cuts {
            pool.add_cut(cut);
        }
    }
    Ok(())
}
