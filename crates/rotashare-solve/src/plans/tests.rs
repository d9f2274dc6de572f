//! The engine against the truth about tiny problems.

use rotashare_core::points::Points;

use super::generate::Goal;
use super::month::UNITS;
use super::pool::Pool;
use super::{Plans, Standing, around};
use crate::engine::{Engine, NoWatch, SolveError, Stop};
use crate::local::{Effort, improve};

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

#[test]
fn a_quarter_is_planned_in_stretches_and_its_rows_taken_together_give_true_bounds() {
    let problem = common::specialty(16, 3, 26, 13, 3);
    let stop = Stop::default();
    let start = improve(&problem, None, Effort::Build, &stop).expect("there is a rota");
    let mut standing = Standing::new(&problem, &NoWatch, start);
    let before = standing.objective;
    let pool = standing.pool(&stop);
    let long = pool.stretches();
    assert!(long > 1, "{long}");
    let prices = around::stretches(&mut standing, &pool.centre, long, &stop);
    assert!(standing.objective < before);
    assert!(problem.broken(&standing.chosen).is_empty());

    let goal = |rounds| Goal { enough: standing.enough(), rounds, slack: 1e-3 };
    let generate = |pool: &mut Pool<'_>, rounds| {
        pool.generate(&[], goal(rounds), &stop, |_| ()).expect("masters are solved")
    };
    let mut plain = standing.pool(&stop);
    let plain = generate(&mut plain, 60);
    let mut merged = standing.pool(&stop);
    merged.know(&prices);
    let first = generate(&mut merged, 1);
    assert!(merged.is_merged(), "there are enough rows to take some together");
    let node = generate(&mut merged, 90);
    assert!(node.bound > first.bound);
    // No bound is above what the last master without merged rows came to, and the two come near
    // each other.
    let most = plain.objective * UNITS as f64;
    for bound in [first.bound, node.bound, plain.bound] {
        assert!(bound as f64 <= most + 1.0, "{bound} above {most}");
    }
    assert!((plain.bound - node.bound) as f64 <= 0.05 * most, "{} and {}", plain.bound, node.bound);
}
