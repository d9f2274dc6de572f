//! Engine `compact`: the whole problem as one integer programme, given to a general solver.
//!
//! The solver proves; the rota of the local search is where it starts from and what is returned where
//! it finds nothing better in time. A solver's numbers are never taken at their word: its rota is
//! rounded and counted again from the problem, and its bound is made safe.

#[cfg(feature = "highs")]
mod highs;
mod microlp;
mod model;
mod relaxation;
mod root;
mod zero_half;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rotashare_core::points::Points;
use rotashare_rules::problem::Problem;

use crate::bound::{Grid, trivial};
use crate::engine::{Answer, Engine, Grounds, SolveError, Stop, Watch};
use crate::local::{Effort, improve};
use crate::programme::Programme;

/// The general solvers that the engine can use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Solver {
    /// [microlp](https://docs.rs/microlp): pure Rust, in every build.
    #[default]
    Microlp,
    /// [HiGHS](https://highs.dev): stronger; in builds with the feature `highs`.
    Highs,
}

impl Solver {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Microlp, Self::Highs];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Microlp => "microlp",
            Self::Highs => "highs",
        }
    }

    /// The solver of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|solver| solver.name() == name)
    }

    /// Whether this build has it.
    #[must_use]
    pub fn is_built(self) -> bool {
        match self {
            Self::Microlp => true,
            Self::Highs => cfg!(feature = "highs"),
        }
    }
}

/// The engine. See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact {
    solver: Solver,
}

impl Compact {
    /// With this solver.
    #[must_use]
    pub fn new(solver: Solver) -> Self {
        Self { solver }
    }
}

impl Engine for Compact {
    fn name(&self) -> &'static str {
        "compact"
    }

    fn solve(
        &self,
        problem: &Problem,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Answer, SolveError> {
        if !self.solver.is_built() {
            return Err(SolveError::NotBuilt(self.solver.name()));
        }
        // Everything hard only limits what is chosen, so that a problem has a rota exactly when the
        // options that must be chosen go together.
        let Some(chosen) = improve(problem, None, Effort::Full, stop) else {
            return Err(SolveError::Infeasible);
        };
        let mut run = Run::new(problem, chosen, watch);
        if run.is_done() || stop.now() {
            return Ok(run.into_answer());
        }
        let programme = Programme::new(problem);
        // A solver that gives up on its arithmetic may do so by a panic: what was known before stands.
        let _ = catch_unwind(AssertUnwindSafe(|| match self.solver {
            Solver::Microlp => microlp::solve(&programme, &mut run, stop),
            #[cfg(feature = "highs")]
            Solver::Highs => highs::solve(programme, &mut run, stop),
            #[cfg(not(feature = "highs"))]
            Solver::Highs => {}
        }));
        Ok(run.into_answer())
    }
}

/// The best rota and the best bound so far.
struct Run<'a> {
    problem: &'a Problem,
    watch: &'a dyn Watch,
    grid: Grid,
    chosen: Vec<bool>,
    objective: Points,
    bound: Points,
    trivial: Points,
    /// Whether the solver has claimed what is plainly not so.
    misled: bool,
}

impl<'a> Run<'a> {
    fn new(problem: &'a Problem, chosen: Vec<bool>, watch: &'a dyn Watch) -> Self {
        let objective = problem.points(&chosen);
        let grid = Grid::of(problem);
        let trivial = trivial(problem);
        let bound = grid.round_up(trivial.as_f64()).unwrap_or(trivial).max(trivial);
        let run = Self { problem, watch, grid, chosen, objective, bound, trivial, misled: false };
        run.report();
        run
    }

    fn report(&self) {
        self.watch.progress(Some(self.objective), Some(self.bound.min(self.objective)));
    }

    fn is_done(&self) -> bool {
        self.bound >= self.objective
    }

    /// A solver's rota: kept where it breaks nothing and is better than the best.
    fn offer(&mut self, chosen: Vec<bool>) {
        if chosen == self.chosen || !self.problem.broken(&chosen).is_empty() {
            return;
        }
        let points = self.problem.points(&chosen);
        if points < self.objective {
            (self.chosen, self.objective) = (chosen, points);
            self.report();
        }
    }

    /// What a solver has proven: no rota costs less.
    fn raise(&mut self, bound: f64) {
        let Some(bound) = self.grid.round_up(bound).filter(|_| !self.misled) else { return };
        if bound - self.objective >= self.grid.grain() {
            // A rota in hand costs less than the solver holds possible: none of its bounds can be
            // trusted.
            self.bound = self.trivial;
            self.misled = true;
            return;
        }
        if bound > self.bound {
            self.bound = bound;
            self.report();
        }
    }

    fn into_answer(self) -> Answer {
        let Self { chosen, objective, bound, .. } = self;
        Answer { chosen, objective, bound: bound.min(objective), grounds: Grounds::default() }
    }
}
