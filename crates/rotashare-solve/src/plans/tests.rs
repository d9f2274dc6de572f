//! The engine against the truth about tiny problems.

use rotashare_core::points::Points;

use super::Plans;
use crate::engine::{Engine, NoWatch, SolveError, Stop};

#[path = "../../tests/common/mod.rs"]
mod common;

#[test]
fn the_bound_is_true_and_the_rota_breaks_nothing() {
    let (mut proven, mut all) = (0, 0);
    for seed in 0..400 {
        let problem = common::tiny(seed, seed % 2 == 0);
        let truth = common::best(&problem);
        let answer = match Plans.solve(&problem, &Stop::default(), &NoWatch) {
            Ok(answer) => answer,
            Err(SolveError::Infeasible) => {
                assert!(truth.is_none(), "seed {seed}: there is a rota");
                continue;
            }
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let (_, least) = truth.expect("the engine has found a rota");
        assert!(problem.broken(&answer.chosen).is_empty(), "seed {seed}");
        assert_eq!(problem.points(&answer.chosen), answer.objective, "seed {seed}");
        assert!(answer.bound <= least && least <= answer.objective, "seed {seed}");
        all += 1;
        proven += usize::from(answer.objective - answer.bound < Points::ONE);
    }
    assert_eq!(proven, all);
}
