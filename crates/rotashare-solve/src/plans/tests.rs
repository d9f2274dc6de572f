//! The engine against the truth about tiny problems.

use rotashare_core::points::Points;

use super::Plans;
use super::month::UNITS;
use super::pool::Pool;
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

#[test]
fn months_near_the_bound_are_all_listed() {
    let mut many = 0;
    for seed in 0..120 {
        let problem = common::tiny(seed, seed % 2 == 0);
        let pool = Pool::new(&problem, &Stop::default());
        // Without prices a month costs what it costs by itself.
        let duals = (&vec![0; problem.rows().len()][..], &[][..]);
        let all: Vec<Vec<(i64, Vec<u32>)>> = pool
            .months
            .iter()
            .map(|month| {
                let options = month.options.len() as u32;
                let set = |bits: u32| (0..options).filter(move |o| bits >> o & 1 == 1).collect();
                let priced = |set: Vec<u32>| month.cost(&set).map(|cost| (cost, set));
                (0..1_u32 << options).filter_map(|bits| priced(set(bits))).collect()
            })
            .collect();
        let Some(least) =
            all.iter().map(|months| months.iter().map(|m| m.0).min()).collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let gap = 60 * UNITS;
        let (listed, room) = pool.list(duals, &least, gap, 1_000_000);
        assert_eq!(room, gap, "seed {seed}");
        for ((mut listed, mut all), least) in listed.into_iter().zip(all).zip(&least) {
            all.retain(|month| month.0 < least + gap);
            all.sort();
            listed.sort();
            assert_eq!(listed, all, "seed {seed}");
            many += all.len();
        }
        // Where they are too many, the nearest are listed, and all of these.
        let (some, room) = pool.list(duals, &least, gap, 12);
        assert!(some.iter().map(Vec::len).sum::<usize>() <= 12 && room <= gap, "seed {seed}");
    }
    assert!(many > 300, "{many}");
}
