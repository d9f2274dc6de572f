//! Prices over a long time, and a bound, from a problem cut into weeks.
//!
//! A consultant's quarter has far more ways than a month, and prices that are found stretch by stretch do
//! not fit each other, since what he can give in all is worth something everywhere. Cut into weeks his
//! months are found at once, and what he has in all is in the master.

use rotashare_core::ids::SessionId;
use rotashare_rules::problem::Problem;

use super::Standing;
use super::generate::{Aim, Goal};
use super::search::ROUNDS;
use crate::engine::{NoWatch, SolveError, Stop};
use crate::local::Effort;

/// Slices are a week.
const SLICE: usize = 7;
/// From so many days on the time is long.
const LONG: i64 = 49;
/// With fewer rows all is as soon planned at once.
const WORTH_SLICES: usize = 100;
/// What master and bound may differ by, as a share.
const SLACK: f64 = 3e-3;
/// Changes that the local search tries for each option: it is only the first of several.
const SKETCHED: Effort = Effort::Tries(1000);

/// Where slices begin: near even parts of the sessions, where the fewest clashes and limits go across.
fn starts(problem: &Problem, count: usize) -> Vec<SessionId> {
    let mut sessions: Vec<SessionId> = problem.options().iter().map(|o| o.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let place = |session: SessionId| sessions.partition_point(|s| *s < session);
    // What goes across the seam before each session.
    let mut across = vec![0_i64; sessions.len() + 1];
    let mut tie = |first: usize, last: usize| {
        across[first + 1] += 1;
        across[last + 1] -= 1;
    };
    for clash in problem.clashes() {
        let (a, b) = (problem.option(clash.a).session, problem.option(clash.b).session);
        tie(place(a.min(b)), place(a.max(b)));
    }
    let limits = problem.limits().iter().map(|limit| &limit.items);
    for items in limits.chain(problem.charges().iter().map(|charge| &charge.items)) {
        let all = items.iter().flat_map(|item| problem.options_of(&item.mark));
        let places: Vec<usize> = all.map(|o| place(problem.option(*o).session)).collect();
        if let (Some(first), Some(last)) = (places.iter().min(), places.iter().max()) {
            tie(*first, *last);
        }
    }
    for at in 1..across.len() {
        across[at] += across[at - 1];
    }
    let size = sessions.len() / count;
    (1..count)
        .filter_map(|number| {
            let middle = sessions.len() * number / count;
            let near = middle - size / 4..=middle + size / 4;
            near.min_by_key(|at| (across[*at], at.abs_diff(middle))).map(|at| sessions[at])
        })
        .collect()
}

/// Whether a problem is about a time that had better be looked at in slices first.
pub(super) fn is_long(problem: &Problem) -> bool {
    problem.days() >= LONG && problem.rows().len() >= WORTH_SLICES && !problem.options().is_empty()
}

/// Raises the bound as far as slices of a week say, looks for a rota near that, and gives what a unit of
/// each row is worth by them.
pub(super) fn relax(standing: &mut Standing<'_>, stop: &Stop) -> Result<Vec<i64>, SolveError> {
    let problem = standing.problem;
    let count = usize::try_from(problem.days()).unwrap_or(0).div_ceil(SLICE);
    let sliced = problem.slice(&starts(problem, count));
    let inner = Standing::new(&sliced.problem, &NoWatch, standing.chosen.clone());
    let mut pool = inner.pool(stop);
    pool.set_slices(&sliced.slice_of);
    let goal = Goal { enough: standing.enough(), rounds: ROUNDS, slack: SLACK, aim: Aim::Bound };
    let node = pool.generate(&[], goal, stop, |bound| standing.raise(bound))?;
    standing.round_off(node.months(&pool), Vec::new(), &[SKETCHED], stop);
    Ok(pool.centre.iter().zip(&sliced.scale).map(|(price, times)| price * times).collect())
}
