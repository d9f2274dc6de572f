//! What an engine is given and what it gives back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rotashare_core::points::Points;
use rotashare_rules::problem::Problem;

use crate::work::Work;

/// When to stop short of the proof.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// No later than this.
    pub deadline: Option<Instant>,
    /// As soon as this is set (an interrupt).
    pub interrupt: Option<Arc<AtomicBool>>,
    /// When so much has been done. Engine `plans` counts it; others go on.
    pub work: Option<Arc<Work>>,
}

impl Stop {
    /// Whether it is time.
    #[must_use]
    pub fn now(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
            || self.is_interrupted()
            || self.steps_left() == Some(0)
    }

    /// Counts work that has been done.
    pub(crate) fn count(&self, steps: u64) {
        if let Some(work) = &self.work {
            work.add(steps);
        }
    }

    /// The same for what runs beside others: where work is counted, with a count of its own, see
    /// [`Stop::within`].
    pub(crate) fn aside(&self, steps: u64) -> Self {
        if self.work.is_some() { self.within(steps) } else { self.clone() }
    }

    /// The same with a count of its own, which goes to so many steps, or as many as are left. What it came
    /// to is to be counted afterwards with [`Stop::count_of`].
    pub(crate) fn within(&self, steps: u64) -> Self {
        let steps = self.steps_left().map_or(steps, |left| left.min(steps));
        Self { work: Some(Arc::new(Work::of_steps(steps))), ..self.clone() }
    }

    /// Counts what was done aside.
    pub(crate) fn count_of(&self, aside: &Self) {
        self.count(aside.work.as_ref().map_or(0, |work| work.done()));
    }

    /// Steps left, where they are counted.
    pub(crate) fn steps_left(&self) -> Option<u64> {
        self.work.as_ref().map(|work| work.left())
    }

    /// The same after such a share of the time left, where there is a deadline.
    pub(crate) fn sooner(&self, share: f64) -> Self {
        let Some(left) = self.seconds_left() else { return self.clone() };
        let soon = Instant::now() + Duration::from_secs_f64(share * left);
        Self { deadline: self.deadline.map(|end| end.min(soon)), ..self.clone() }
    }

    /// Whether there has been an interrupt.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Seconds left, where there is a deadline.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        self.deadline.map(|d| d.saturating_duration_since(Instant::now()).as_secs_f64())
    }
}

/// Hears how far an engine has come.
pub trait Watch: Sync {
    /// A better rota or a better bound for the part being solved.
    fn progress(&self, best: Option<Points>, bound: Option<Points>);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn progress(&self, _: Option<Points>, _: Option<Points>) {}
}

/// A choice of options and how good it is known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether each option of the problem is chosen. Breaks nothing.
    pub chosen: Vec<bool>,
    /// Its points, counted exactly from the problem.
    pub objective: Points,
    /// No choice costs less than this; at most `objective`.
    pub bound: Points,
    /// What the same engine can go on from.
    pub grounds: Grounds,
}

/// What a bound was found with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// What a unit of each row's sum costs, as the engine counts. Empty where there is nothing to go on
    /// from.
    pub prices: Vec<i64>,
    /// Choices of single consultants that rotas near the bound are made of, as numbers of options.
    pub months: Vec<Vec<u32>>,
}

impl Grounds {
    /// Whether there is nothing to go on from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }
}

impl Answer {
    /// Whether objective − bound is under one point.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.objective - self.bound < Points::ONE
    }

    /// The best of two answers to the same problem: the better rota, and the better bound with its
    /// grounds.
    #[must_use]
    pub(crate) fn with(self, other: Self) -> Self {
        let is_higher = other.bound >= self.bound && !other.grounds.is_empty();
        let bound = self.bound.max(other.bound);
        let grounds = if is_higher { other.grounds } else { self.grounds };
        let (chosen, objective) = if other.objective < self.objective {
            (other.chosen, other.objective)
        } else {
            (self.chosen, self.objective)
        };
        Self { chosen, objective, bound: bound.min(objective), grounds }
    }
}

/// A way to solve a problem. The same problem gives the same answer, whatever the number of threads,
/// unless stopped.
pub trait Engine: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Solves `problem`, or comes as near as it can before it must stop.
    ///
    /// # Errors
    /// Where fixes and hard pieces contradict each other, or a solver fails.
    fn solve(
        &self,
        problem: &Problem,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Answer, SolveError>;

    /// A good rota and a bound near it, in a small part of the time that a proof takes, from a rota that
    /// there is already. `None` of an engine that has no such short way. In haste the bound may be further
    /// off, since there are many parts and little time.
    ///
    /// # Errors
    /// As for [`Engine::solve`].
    fn sketch(
        &self,
        _problem: &Problem,
        _chosen: &[bool],
        _in_haste: bool,
        _stop: &Stop,
        _watch: &dyn Watch,
    ) -> Result<Option<Answer>, SolveError> {
        Ok(None)
    }

    /// A better sketch from the first; `None` where there is none between that and going on to the proof.
    ///
    /// # Errors
    /// As for [`Engine::solve`].
    fn refine(
        &self,
        _problem: &Problem,
        _known: &Answer,
        _stop: &Stop,
        _watch: &dyn Watch,
    ) -> Result<Option<Answer>, SolveError> {
        Ok(None)
    }

    /// Goes on where [`Engine::sketch`] or an earlier try ended, as far as that helps.
    ///
    /// # Errors
    /// As for [`Engine::solve`].
    fn resume(
        &self,
        problem: &Problem,
        _known: &Answer,
        stop: &Stop,
        watch: &dyn Watch,
    ) -> Result<Answer, SolveError> {
        self.solve(problem, stop, watch)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// No choice keeps every fix, clash, limit and hard row.
    #[error("no rota keeps every pin and every rule")]
    Infeasible,
    /// A solver stopped without an answer.
    #[error("the solver {solver} failed: {message}")]
    Solver {
        /// Its name.
        solver: &'static str,
        /// What it said.
        message: String,
    },
    /// Some rota could have so many points that they can't be counted exactly.
    #[error(
        "the points of a rota could come to {0}, more than can be counted exactly; lower weights in \
         network.toml, points in preferences.csv or counts in history.csv"
    )]
    TooManyPoints(i128),
    /// The solver is not in this build.
    #[error("this build has no solver {0}; build with --features {0}")]
    NotBuilt(&'static str),
}
