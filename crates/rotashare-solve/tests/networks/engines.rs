//! Both engines against the truth.
//!
//! `ROTASHARE_LONG=1` looks at ten thousand networks from `ROTASHARE_SEED` (0) on;
//! `ROTASHARE_CASES=N` at another number.

use std::cell::RefCell;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use rotashare_core::points::Points;
use rotashare_rules::compile::rota_of;
use rotashare_solve::{NoWatch, SolveError, Solver, Stop, engine_by_name, solve};

use crate::networks::{Networks, Seeded, seeded};
use crate::truth::World;

/// The most options of a network of which every rota is looked at.
const MOST: usize = 12;

/// Networks that once told something, by what it was.
const REMEMBERED: [(&str, u64); 2] = [
    ("all columns were decided, and the interior point method was asked for none", 7576),
    ("prices of 400,000,000,000 points: months that can't be told from dear ones", 11_408),
];

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics, also those that are caught.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::Relaxed);
            usual(info);
        }));
    });
}

#[derive(Debug, Default)]
struct Tally {
    networks: usize,
    rotas: usize,
    refused: usize,
    larger: usize,
    unproven: usize,
}

/// Checks one network; networks with faults, or too many options to try them all, are only counted.
fn check(seeded: &Seeded, tally: &mut Tally) -> Result<(), String> {
    count_panics();
    let Some(world) = World::of(&seeded.case.draft, seeded.case.today) else {
        tally.refused += 1;
        return Ok(());
    };
    if world.problem.options().len() > MOST {
        tally.larger += 1;
        return agree(seeded, &world, None, tally);
    }
    let (best, seen) = world.best();
    tally.networks += 1;
    tally.rotas += seen;
    let Some(best) = best else {
        return Err("no rota keeps every rule, though no pin breaks one".into());
    };
    agree(seeded, &world, Some(best), tally)
}

/// Checks what both engines say against the truth where it is known, and against each other.
fn agree(
    seeded: &Seeded,
    world: &World,
    truth: Option<Points>,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut proven = truth;
    for name in ["compact", "plans"] {
        let engine = engine_by_name(name, Solver::Microlp).ok_or("no such engine")?;
        let threads = 1 + usize::try_from(seeded.seed % 3).unwrap_or(0);
        // The larger ones are not sought to the end.
        let deadline = truth.is_none().then(|| Instant::now() + Duration::from_secs(2));
        let stop = Stop { deadline, ..Stop::default() };
        let panics = PANICS.load(Ordering::Relaxed);
        let solution = match solve(&world.problem, engine.as_ref(), &stop, &NoWatch, threads) {
            Ok(solution) => solution,
            Err(SolveError::Infeasible) => return Err(format!("{name} finds no rota")),
            Err(error) => return Err(format!("{name}: {error}")),
        };
        // An engine survives a solver's panic, but there must be none.
        if PANICS.load(Ordering::Relaxed) > panics {
            return Err(format!("{name} panicked"));
        }
        let rota = rota_of(&world.network, &world.problem, &solution.chosen);
        let Some(points) = world.judged(&rota) else { return Err(format!("{name} breaks a rule")) };
        if points != solution.objective {
            return Err(format!("{name} counts {} points, the audit {points}", solution.objective));
        }
        if solution.bound > solution.objective {
            return Err(format!("{name} has its bound above its rota"));
        }
        if let Some(best) = proven {
            if solution.bound > best {
                return Err(format!("{name} proves {}, the best is {best}", solution.bound));
            }
            if solution.is_proven() && points != best {
                return Err(format!("{name} says {points} is the best, {best} is"));
            }
        }
        // With weights far apart a solver's arithmetic may not reach the last point, and then says so.
        if truth.is_some() && !solution.is_proven() {
            if !seeded.is_extreme() {
                return Err(format!(
                    "{name} proves nothing of {points} points: {}",
                    solution.bound
                ));
            }
            tally.unproven += 1;
        }
        if solution.is_proven() {
            proven = Some(points);
        }
    }
    Ok(())
}

#[test]
fn both_engines_find_the_best_of_all_rotas() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let usual = if std::env::var_os("ROTASHARE_LONG").is_some() { 10_000 } else { 300 };
    let cases = number("ROTASHARE_CASES").unwrap_or(usual);
    let first = number("ROTASHARE_SEED").unwrap_or(0);
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 3000, ..Config::default() };
    let tally = RefCell::new(Tally::default());
    let run = TestRunner::new(config).run(&Networks::from(first.into()), |seeded| {
        check(&seeded, &mut tally.borrow_mut())
            .map_err(|wrong| TestCaseError::fail(format!("seed {}: {wrong}", seeded.seed)))
    });
    let tally = tally.into_inner();
    match run {
        Ok(()) => {}
        Err(TestError::Fail(why, least)) => panic!("{why}\n{least:#?}"),
        Err(other) => panic!("{other}"),
    }
    eprintln!("{cases} seeds from {first}: {tally:?}");
    assert!(tally.networks * 5 > cases as usize * 2, "{tally:?}");
}

#[test]
fn networks_that_once_told_something() {
    for (what, seed) in REMEMBERED {
        let wrong = check(&seeded(seed), &mut Tally::default());
        assert_eq!(wrong, Ok(()), "{what}");
    }
}
