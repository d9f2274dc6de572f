//! Good rotas fast, without a proof: greedy construction, then a local search.
//!
//! Every engine starts from what this finds, and it is the answer where a proof is out of reach. The
//! search is deterministic: its random numbers come from a fixed seed, and it is limited by the number
//! of changes it tries, not by the clock, unless there is a deadline or it is stopped.

mod assignment;
pub(crate) mod index;
mod ledger;
mod search;
mod state;

use std::sync::Arc;

use rotashare_rules::problem::Problem;

pub use self::state::State;
use crate::engine::Stop;

/// How long a search goes on, as changes tried, made or undone for each option of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Construction and a descent only.
    Build,
    /// A moment: seconds for a large problem.
    Quick,
    /// Until little more can be hoped for.
    Full,
    /// So many changes tried for each option.
    Tries(u32),
}

impl Effort {
    fn tries(self, options: usize) -> u64 {
        let each = match self {
            Self::Build => 0,
            Self::Quick => 500,
            Self::Full => 6_000,
            Self::Tries(each) => u64::from(each),
        };
        each * options as u64
    }
}

/// Whether a problem has all options or those that bid fair to be of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that there are: most lead to nothing good.
    All,
    /// Few for each place: then it pays to pick one at random.
    Likely,
}

/// A choice that breaks nothing, at least as good as `start` where that breaks nothing; of a start that
/// breaks something as much is kept as goes together. `None` where the options that must be chosen
/// break something between them, or a row asks for less than nothing: then there is no such choice.
#[must_use]
pub fn improve(
    problem: &Problem,
    start: Option<&[bool]>,
    effort: Effort,
    stop: &Stop,
) -> Option<Vec<bool>> {
    improve_within(problem, start, Scope::All, effort, stop)
}

/// [`improve`] where the options are of such a scope.
#[must_use]
pub fn improve_within(
    problem: &Problem,
    start: Option<&[bool]>,
    scope: Scope,
    effort: Effort,
    stop: &Stop,
) -> Option<Vec<bool>> {
    let index = Arc::new(index::Index::new(problem));
    let mut search = search::Search::start(Arc::clone(&index), start, scope, stop)?;
    search.run(effort.tries(index.options), stop);
    stop.count(search.steps());
    Some(search.into_best())
}
