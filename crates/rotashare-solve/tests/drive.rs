//! Parts, threads and time limits.
mod common;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use rotashare_core::points::Points;
use rotashare_solve::{Compact, NoWatch, SolveError, Stop, Watch, engine_by_name, solve};

#[derive(Default)]
struct Record(Mutex<Vec<(Option<Points>, Option<Points>)>>);

impl Watch for Record {
    fn progress(&self, best: Option<Points>, bound: Option<Points>) {
        self.0.lock().expect("nobody panics").push((best, bound));
    }
}

#[test]
fn parts_add_up_to_the_truth_on_any_number_of_threads() {
    for seed in 0..150 {
        let problem = common::tiny(seed, true);
        let record = Record::default();
        let one = solve(&problem, &Compact::default(), &Stop::default(), &record, 1);
        let many = solve(&problem, &Compact::default(), &Stop::default(), &NoWatch, 3);
        match (one, many, common::best(&problem)) {
            (Ok(one), Ok(many), Some((_, least))) => {
                assert_eq!(one, many, "seed {seed}");
                assert_eq!((one.objective, one.bound), (least, least), "seed {seed}");
                assert!(one.is_proven() && problem.broken(&one.chosen).is_empty());
                let heard = record.0.into_inner().expect("nobody panics");
                assert_eq!(heard.last(), Some(&(Some(least), Some(least))), "seed {seed}");
            }
            (Err(SolveError::Infeasible), Err(SolveError::Infeasible), None) => {}
            (one, _, truth) => panic!("seed {seed}: {one:?} where {truth:?}"),
        }
    }
}

#[test]
fn a_time_limit_is_kept_and_the_bound_holds() {
    let problem = common::specialty(30, 4, 24, 4, 5);
    let begin = Instant::now();
    let deadline = Some(begin + Duration::from_secs(2));
    let stop = Stop { deadline, ..Stop::default() };
    let solution = solve(&problem, &Compact::default(), &stop, &NoWatch, 2).expect("a rota");
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert!(problem.broken(&solution.chosen).is_empty());
    assert_eq!(solution.objective, problem.points(&solution.chosen));
    assert!(solution.bound <= solution.objective);
}

#[test]
fn engines_go_by_name() {
    let engine = engine_by_name("compact", rotashare_solve::Solver::Microlp);
    assert_eq!(engine.map(|engine| engine.name()), Some("compact"));
    assert!(engine_by_name("abacus", rotashare_solve::Solver::Microlp).is_none());
}
