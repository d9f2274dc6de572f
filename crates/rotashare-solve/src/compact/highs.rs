//! HiGHS: a branch-and-cut solver with presolve and cuts.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use good_lp::SolverModel;
use good_lp::solvers::highs::highs;

use super::Run;
use super::model::{Model, model};
use crate::engine::Stop;
use crate::programme::Programme;

/// How long to wait before asking whether there is an interrupt.
const PATIENCE: Duration = Duration::from_millis(100);

/// Column values, where there are any, and a bound.
struct Found {
    values: Vec<f64>,
    bound: f64,
}

/// Improves the run's rota and bound until they meet or it is time to stop. HiGHS can't be paused: after
/// an interrupt it is left to itself, and what was known before it began stands.
pub(super) fn solve(programme: Programme, run: &mut Run<'_>, stop: &Stop) {
    let start = programme.encode(run.problem, &run.chosen);
    debug_assert!(programme.allows(&start));
    let constant = programme.constant().as_f64();
    let grain = run.grid.grain().as_f64();
    let seconds = stop.seconds_left();
    let (answer, found) = channel();
    let work = programme.clone();
    let spawned = thread::Builder::new().name("highs".to_owned()).spawn(move || {
        // Nobody listens any more after an interrupt.
        let _ = answer.send(attempt(&work, &start, grain, seconds));
    });
    if spawned.is_err() {
        return;
    }
    let found = loop {
        match found.recv_timeout(PATIENCE) {
            Ok(found) => break found,
            Err(RecvTimeoutError::Timeout) if !stop.is_interrupted() => {}
            Err(_) => return,
        }
    };
    if let Some(found) = found {
        if found.values.len() == programme.columns().len() {
            run.offer(programme.decode(|column| found.values[column]));
        }
        run.raise(found.bound + constant);
    }
}

fn attempt(
    programme: &Programme,
    start: &[i64],
    grain: f64,
    seconds: Option<f64>,
) -> Option<Found> {
    let Model { unsolved, rows } = model(programme);
    let mut model = unsolved.using(highs);
    for row in rows {
        model.add_constraint(row);
    }
    let mut model = model.try_into_inner().ok()?;
    // Proven is what no rota can be better than by a grain; the default, a share of the objective,
    // would hide small terms under large weights.
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    model.try_set_option("mip_abs_gap", 0.9 * grain).ok()?;
    model.try_set_option("threads", 1).ok()?;
    if let Some(seconds) = seconds {
        model.try_set_option("time_limit", seconds).ok()?;
    }
    let values: Vec<f64> = start.iter().map(|value| *value as f64).collect();
    // A start is a help, and no more.
    let _ = model.try_set_solution(Some(&values), None, None, None);
    let solved = model.try_solve().ok()?;
    let bound = solved.double_info_value(c"mip_dual_bound").ok()?;
    Some(Found { values: solved.get_solution().columns().to_vec(), bound })
}
