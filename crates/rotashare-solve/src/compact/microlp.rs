//! microlp: branch and bound that can be paused, so that an interrupt is heard in good time.

use std::time::{Duration, Instant};

use good_lp::SolverModel;
use good_lp::solvers::microlp::microlp;
use microlp::{OptimizationDirection, ResumeOptions, SolutionStatus, SolveOptions};

use super::Run;
use super::model::{Model, model};
use crate::engine::Stop;
use crate::programme::Programme;

/// How long it works before it is asked whether to go on.
const SLICE: Duration = Duration::from_millis(400);

/// Improves the run's rota and bound until they meet or it is time to stop. Where the solver fails, what
/// it had found so far stays.
pub(super) fn solve(programme: &Programme, run: &mut Run<'_>, stop: &Stop) {
    let Model { unsolved, rows } = model(programme);
    let mut model = unsolved.using(microlp);
    for row in rows {
        model.add_constraint(row);
    }
    let constant = programme.constant().as_f64();
    let mut options = SolveOptions::default();
    options.time_limit = Some(slice(stop));
    // A node is worth a visit only where it can hold a rota better by a grain.
    let largest = [run.objective, run.bound].map(|p| (p.as_f64() - constant).abs());
    let grain = run.grid.grain().as_f64();
    let size = largest[0].max(largest[1]).max(1.0);
    options.tolerances.prune_epsilon = (0.9 * grain / size).min(0.9 * grain);
    let start = programme.encode(run.problem, &run.chosen);
    debug_assert!(programme.allows(&start));
    options.warm_start = Some(by_position(&start));
    let mut outcome = model.as_inner().solve_with(options);
    loop {
        let Ok(now) = outcome else { return };
        if let Some(solution) = now.solution() {
            let values: Vec<f64> = solution.iter().map(|(_, value)| value).collect();
            run.offer(programme.decode(|column| values[column]));
            if solution.status() == SolutionStatus::Optimal {
                run.raise(solution.objective() + constant);
                return;
            }
        }
        if let Some(bound) = now.stats().best_bound {
            run.raise(bound + constant);
        }
        if run.is_done() || stop.now() {
            return;
        }
        let mut options = ResumeOptions::default();
        options.time_limit = Some(slice(stop));
        outcome = now.resume_with(options);
    }
}

fn slice(stop: &Stop) -> Duration {
    let left = stop.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    left.map_or(SLICE, |left| left.min(SLICE))
}

/// Values for microlp's variables. They are known by their position alone, and good_lp keeps the ones
/// it made to itself; so these come from an empty problem.
fn by_position(values: &[i64]) -> Vec<(microlp::Variable, f64)> {
    let mut positions = microlp::Problem::new(OptimizationDirection::Minimize);
    values.iter().map(|value| (positions.add_var(0.0, (0.0, 0.0)), *value as f64)).collect()
}
