//! Running a case: the seconds of every phase, how far the search had come at each mark, and the most
//! memory held.
#![expect(clippy::print_stderr, reason = "a benchmark shows how far it is")]

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_io::{generate, read_dataset, write_dataset};
use rotashare_rules::audit::audit;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::engine::Watch;
use rotashare_solve::{Solver, Stop, engine_by_name, solve};
use serde_json::{Map, Value, json};

use crate::case::Case;
use crate::peak_mebibytes;

/// How to run a case.
#[derive(Clone, Debug)]
pub struct How {
    /// The seed of the network.
    pub seed: u64,
    /// The engine's name.
    pub engine: String,
    /// The time limit of the search.
    pub seconds: f64,
    /// 0: as many as the machine has.
    pub threads: usize,
    /// Whether every step is told on standard error.
    pub loud: bool,
    /// Whether every step stands in the result.
    pub steps: bool,
}

impl How {
    /// On all processors, in silence.
    #[must_use]
    pub fn new(seed: u64, engine: String, seconds: f64) -> Self {
        Self { seed, engine, seconds, threads: 0, loud: false, steps: false }
    }
}

/// The gaps, in percent of the objective, of which is told when they were reached.
const GAPS: [f64; 4] = [2.0, 1.0, 0.5, 0.3];

/// Seconds from the start of the search, the best rota and the bound.
type Step = (f64, Option<Points>, Option<Points>);

/// What became known when.
struct Trace {
    start: Instant,
    steps: Mutex<Vec<Step>>,
    loud: bool,
}

impl Watch for Trace {
    fn progress(&self, best: Option<Points>, bound: Option<Points>) {
        let at = self.start.elapsed().as_secs_f64();
        if self.loud {
            let number = |p: Option<Points>| p.map_or_else(|| "-".to_owned(), |p| p.to_string());
            let gap = best.zip(bound).map(|(best, bound)| share(best, bound) * 100.0);
            let gap = gap.map_or_else(|| "-".to_owned(), |gap| format!("{gap:.3} %"));
            eprintln!("{at:8.2} s  best {}  bound {}  gap {gap}", number(best), number(bound));
        }
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps.push((at, best, bound));
    }
}

/// The gap as a share of the objective.
fn share(best: Points, bound: Points) -> f64 {
    (best - bound).as_f64() / best.as_f64().abs().max(1.0)
}

/// Makes the network, reads it back, plans and audits it.
///
/// # Errors
/// Where the case can't be run, or the audit does not agree with the engine.
pub fn run(case: &Case, how: &How) -> Result<Value, Box<dyn Error>> {
    let How { seed, seconds, threads, loud, .. } = *how;
    let shape = case.shape(seed);
    let engine = engine_by_name(&how.engine, Solver::default()).ok_or("no such engine")?;

    let folder = tempfile::tempdir()?;
    let dataset = folder.path().join("case");
    write_dataset(&dataset, &generate::network(&shape)?)?;
    let mut phases = Map::new();
    let mut clock = Instant::now();
    let mut lap = |phase: &str| {
        phases.insert(phase.to_owned(), json!(clock.elapsed().as_secs_f64()));
        clock = Instant::now();
    };

    let reading = read_dataset(&dataset)?;
    lap("read");
    let (network, _) =
        Network::build(&reading.draft).map_err(|faults| format!("{:?}", faults.faults))?;
    drop(reading);
    lap("validate");
    let today = network.horizon().from();
    let book = Rulebook::new(&network, today).map_err(|faults| format!("{faults:?}"))?;
    let problem = compile(&network, &book);
    lap("compile");
    let stop = Stop {
        deadline: Some(Instant::now() + Duration::from_secs_f64(seconds)),
        ..Stop::default()
    };
    let trace = Trace { start: Instant::now(), steps: Mutex::new(Vec::new()), loud };
    let solution = solve(&problem, engine.as_ref(), &stop, &trace, threads)?;
    lap("solve");
    if loud {
        for part in &solution.parts {
            let gap = share(part.objective, part.bound) * 100.0;
            eprintln!(
                "part of {} options: {} {} gap {gap:.3} %",
                part.options, part.objective, part.bound
            );
        }
    }
    let verdict = audit(&network, &book, &rota_of(&network, &problem, &solution.chosen));
    lap("audit");
    if loud {
        let terms: Vec<String> =
            verdict.terms().iter().map(|(term, points)| format!("{term} {points}")).collect();
        eprintln!("terms: {}", terms.join(", "));
    }
    if !verdict.breaches().is_empty() || verdict.objective() != solution.objective {
        return Err("the audit does not agree with the engine".into());
    }

    let steps = trace.steps.into_inner().unwrap_or_else(PoisonError::into_inner);
    let first = steps.iter().find(|step| step.1.is_some()).map(|step| step.0);
    let bound = steps.iter().find(|step| step.2.is_some()).map(|step| step.0);
    let when = |is_there: &dyn Fn(Points, Points) -> bool| {
        let step = |(_, best, bound): &&Step| {
            best.zip(*bound).is_some_and(|(best, bound)| is_there(best, bound))
        };
        steps.iter().find(step).map(|step| step.0)
    };
    let proof = when(&|best, bound| best - bound < Points::ONE);
    let mut reached: Map<String, Value> = GAPS
        .iter()
        .map(|gap| (format!("{gap}"), json!(when(&|b, bound| share(b, bound) * 100.0 <= *gap))))
        .collect();
    reached.insert("proof".to_owned(), json!(proof));
    phases.insert("first_rota".to_owned(), json!(first));
    phases.insert("first_bound".to_owned(), json!(bound));
    phases.insert("proof".to_owned(), json!(proof));
    let marks: Map<String, Value> = case
        .marks()
        .iter()
        .filter(|mark| **mark <= seconds)
        .map(|mark| {
            let last = steps.iter().take_while(|step| step.0 <= *mark).last();
            let known = last.and_then(|(_, best, bound)| best.zip(*bound));
            let value = known.map(|(best, bound)| {
                json!({
                    "objective": best.as_f64(),
                    "bound": bound.as_f64(),
                    "gap_percent": share(best, bound) * 100.0,
                })
            });
            (format!("{mark}"), json!(value))
        })
        .collect();
    let mut line = json!({
        "case": case.name(),
        "seed": seed,
        "engine": how.engine,
        "consultants": network.consultants().len(),
        "specialties": shape.specialties,
        "even_specialties": shape.even_specialties,
        "networks": shape.networks,
        "weeks": shape.weeks,
        "sessions": network.sessions().len(),
        "options": problem.options().len(),
        "parts": solution.parts.len(),
        "seconds": phases,
        "marks": marks,
        "reached": reached,
        "objective": solution.objective.as_f64(),
        "bound": solution.bound.as_f64(),
        "gap_percent": share(solution.objective, solution.bound) * 100.0,
        "proven": solution.is_proven(),
        "peak_mebibytes": peak_mebibytes(),
    });
    if how.steps {
        let number = |points: &Option<Points>| points.map(Points::as_f64);
        let steps = steps.iter().map(|(at, best, bound)| json!([at, number(best), number(bound)]));
        line["steps"] = steps.collect();
    }
    Ok(line)
}
