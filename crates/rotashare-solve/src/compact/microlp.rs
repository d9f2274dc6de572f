//! microlp: branch and bound that can be paused, so that an interrupt is heard in good time.
//!
//! It has neither presolve nor cuts; both are done before it begins, and again with every better rota,
//! because that decides more.

use std::time::{Duration, Instant};

use good_lp::SolverModel;
use good_lp::solvers::microlp::microlp;
use microlp::{OptimizationDirection, ResumeOptions, SolutionStatus, SolveOptions};

use super::Run;
use super::model::{Model, model};
use super::root::{Core, tighten};
use crate::engine::Stop;
use crate::local::{Effort, improve};
use crate::programme::Programme;

/// How many nodes it visits before it is asked whether to go on. Not a time: a search that is paused
/// goes on another way, and must always go the same.
const NODES: u64 = 50;

/// Improves the run's rota and bound until they meet or it is time to stop. Where the solver fails, what
/// it had found so far stays.
pub(super) fn solve(whole: &Programme, run: &mut Run<'_>, stop: &Stop) {
    let mut core = Core::new(whole);
    loop {
        tighten(&mut core, whole, run, stop);
        if run.is_done() || stop.now() || search(&core, whole, run, stop) == Search::Over {
            return;
        }
        if let Some(chosen) = improve(run.problem, Some(&run.chosen), Effort::Quick, stop) {
            run.offer(chosen);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    /// There is a better rota, and so a smaller core.
    Better,
    /// Proven, stopped, or failed.
    Over,
}

/// Branch and bound over the core, until there is a better rota.
fn search(core: &Core, whole: &Programme, run: &mut Run<'_>, stop: &Stop) -> Search {
    let programme = &core.programme;
    let Model { unsolved, rows } = model(programme);
    let mut model = unsolved.using(microlp);
    for row in rows {
        model.add_constraint(row);
    }
    let constant = programme.constant().as_f64();
    let mut options = SolveOptions::default();
    options.time_limit = time_left(stop);
    options.node_limit = Some(NODES);
    // A node is worth a visit only where it can hold a rota better by a grain.
    let largest = [run.objective, run.bound].map(|p| (p.as_f64() - constant).abs());
    let grain = run.grid.grain().as_f64();
    options.tolerances.prune_epsilon = 0.9 * grain / largest[0].max(largest[1]).max(1.0);
    let start = core.of(&whole.encode(run.problem, &run.chosen));
    debug_assert!(programme.allows(&start));
    options.warm_start = Some(by_position(&start));
    let before = run.objective;
    let mut outcome = model.as_inner().solve_with(options);
    loop {
        let Ok(now) = outcome else { return Search::Over };
        if let Some(solution) = now.solution() {
            let values: Vec<f64> = solution.iter().map(|(_, value)| value).collect();
            let values = core.whole(|column| values[column]);
            run.offer(whole.decode(|column| values[column]));
            if solution.status() == SolutionStatus::Optimal {
                run.raise(solution.objective() + constant);
                return Search::Over;
            }
        }
        if let Some(bound) = now.stats().best_bound {
            run.raise(bound + constant);
        }
        if run.is_done() || stop.now() {
            return Search::Over;
        }
        if run.objective < before {
            return Search::Better;
        }
        let mut options = ResumeOptions::default();
        options.time_limit = time_left(stop);
        options.node_limit = Some(NODES);
        outcome = now.resume_with(options);
    }
}

fn time_left(stop: &Stop) -> Option<Duration> {
    stop.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Values for microlp's variables. They are known by their position alone, and good_lp keeps the ones
/// it made to itself; so these come from an empty problem.
fn by_position(values: &[i64]) -> Vec<(microlp::Variable, f64)> {
    let mut positions = microlp::Problem::new(OptimizationDirection::Minimize);
    values.iter().map(|value| (positions.add_var(0.0, (0.0, 0.0)), *value as f64)).collect()
}
