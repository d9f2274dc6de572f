//! Engine `compact` against the truth about tiny problems.
mod common;

use rotashare_core::points::Points;
use rotashare_solve::bound::{Grid, trivial};
use rotashare_solve::compact::{Compact, Solver};
use rotashare_solve::engine::{Engine, NoWatch, SolveError, Stop};
use rotashare_solve::programme::Programme;

fn agrees_with_the_truth(solver: Solver, seeds: std::ops::Range<u64>) {
    let engine = Compact::new(solver);
    for seed in seeds {
        let problem = common::tiny(seed, seed % 3 > 0);
        let answer = engine.solve(&problem, &Stop::default(), &NoWatch);
        match (answer, common::best(&problem)) {
            (Ok(answer), Some((_, least))) => {
                assert!(problem.broken(&answer.chosen).is_empty(), "seed {seed}");
                assert_eq!(answer.objective, problem.points(&answer.chosen), "seed {seed}");
                assert_eq!(answer.objective, least, "seed {seed}");
                assert_eq!(answer.bound, least, "seed {seed}: not proven");
            }
            (Err(SolveError::Infeasible), None) => {}
            (answer, truth) => panic!("seed {seed}: {answer:?} where {truth:?}"),
        }
    }
}

#[test]
fn microlp_agrees_with_the_truth() {
    agrees_with_the_truth(Solver::Microlp, 0..400);
}

#[cfg(feature = "highs")]
#[test]
fn highs_agrees_with_the_truth() {
    agrees_with_the_truth(Solver::Highs, 0..400);
}

#[test]
fn a_solver_that_is_not_built_is_named() {
    if !Solver::Highs.is_built() {
        let problem = common::tiny(1, true);
        let answer = Compact::new(Solver::Highs).solve(&problem, &Stop::default(), &NoWatch);
        assert!(matches!(answer, Err(SolveError::NotBuilt("highs"))));
    }
}

#[test]
fn the_programme_says_what_the_problem_says() {
    for seed in 0..150 {
        let problem = common::tiny(seed, false);
        let programme = Programme::new(&problem);
        let options = problem.options().len();
        for code in 0_u32..1 << options {
            let chosen: Vec<bool> = (0..options).map(|bit| code >> bit & 1 == 1).collect();
            let values = programme.encode(&problem, &chosen);
            assert_eq!(
                programme.allows(&values),
                problem.broken(&chosen).is_empty(),
                "seed {seed}, choice {code:b}"
            );
            if programme.allows(&values) {
                assert_eq!(programme.points(&values), problem.points(&chosen), "seed {seed}");
            }
            assert_eq!(programme.decode(|column| values[column] as f64), chosen);
        }
    }
}

#[test]
fn cheap_bounds_hold_and_every_rota_is_on_the_grid() {
    for seed in 0..300 {
        let problem = common::tiny(seed, false);
        let grid = Grid::of(&problem);
        if let Some((chosen, least)) = common::best(&problem) {
            assert!(trivial(&problem) <= least, "seed {seed}");
            assert!(Programme::new(&problem).trivial_bound() <= least, "seed {seed}");
            assert_eq!(grid.round_up(least.as_f64()), Some(problem.points(&chosen)));
            let beyond = least.as_f64() + 0.01;
            assert_eq!(grid.round_up(beyond), Some(least + grid.grain()), "seed {seed}");
        }
    }
}

#[test]
fn a_moment_is_enough_for_a_rota_and_a_bound_that_holds() {
    let problem = common::specialty(12, 3, 10, 4, 3);
    let stop = Stop { deadline: Some(std::time::Instant::now()), ..Stop::default() };
    let answer = Compact::default().solve(&problem, &stop, &NoWatch).expect("there is a rota");
    assert!(problem.broken(&answer.chosen).is_empty());
    assert!(answer.bound <= answer.objective);
    assert!(answer.bound >= Points::ZERO);
}
