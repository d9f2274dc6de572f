//! The engine against the truth about tiny problems.

use std::time::{Duration, Instant};

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Tariff};
use rotashare_rules::problem::{Item, OptionId, Problem, Sketch};

use super::generate::{Aim, Goal};
use super::month::{NEVER, UNITS, UNKNOWN};
use super::pool::{Decision, Footing, Pool};
use super::price::{LIST_SPREADS, Pricer, Prices, Rules, Search, Sight};
use super::relax::Keys;
use super::spread::Spread;
use super::{Plans, Standing, slices};
use crate::common;
use crate::engine::{Answer, Engine, Grounds, NoWatch, SolveError, Stop};
use crate::local::{Effort, improve};

/// Where a search begins: with a first rota.
fn begun(problem: &Problem) -> Standing<'_> {
    let start = improve(problem, None, Effort::Build, &Stop::default()).expect("there is a rota");
    Standing::new(problem, &NoWatch, start)
}

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
fn in_haste_too_the_bound_is_true_and_the_rota_breaks_nothing() {
    let mut all = 0;
    for seed in 0..400 {
        let problem = common::tiny(seed, seed % 2 == 0);
        let Some((_, least)) = common::best(&problem) else { continue };
        let stop = Stop::default();
        let start = improve(&problem, None, Effort::Build, &stop).expect("there is a rota");
        let sketch = Plans.sketch(&problem, &start, true, &stop, &NoWatch);
        let answer = sketch.expect("masters are solved").expect("there are short ways");
        assert!(problem.broken(&answer.chosen).is_empty(), "seed {seed}");
        assert_eq!(problem.points(&answer.chosen), answer.objective, "seed {seed}");
        assert!(answer.objective <= problem.points(&start), "seed {seed}");
        assert!(answer.bound <= least && least <= answer.objective, "seed {seed}");
        all += 1;
    }
    assert!(all > 200, "only {all} problems have a rota");
}

#[test]
fn steps_lead_from_a_guess_to_better_prices() {
    let problem = common::specialty(16, 3, 26, 4, 3);
    let stop = Stop::default();
    let standing = begun(&problem);
    let mut pool = standing.pool(&stop);
    let bound = |pool: &mut Pool<'_>| {
        let (rules, everybody) = (pool.rules(&[]), Vec::from_iter(0..pool.months.len()));
        let (rows, below) = (pool.centre.clone(), vec![0; everybody.len()]);
        let search = Search { beam: 500, most: 1, ..Search::default() };
        let found = pool.price(&everybody, &rules, (&rows, &[]), search, &below);
        pool.bound((&rows, &[]), found.iter().map(|found| found.least)) as f64 / UNITS as f64
    };
    let guessed = bound(&mut pool);
    pool.climb(standing.enough(), &stop);
    let climbed = bound(&mut pool);
    let most = standing.objective.as_f64();
    assert!(climbed <= most, "{climbed} is above a rota");
    assert!(most - climbed < 0.4 * (most - guessed), "from {guessed} to {climbed} only, of {most}");

    // From where they lead column generation goes on.
    let goal = Goal { enough: standing.enough(), rounds: 1, slack: 1e-3, aim: Aim::Bound };
    let node = standing.pool(&stop).generate(&[], goal, &stop, |_| ()).expect("masters are solved");
    let mut pool = standing.pool(&stop);
    pool.climb(standing.enough(), &stop);
    assert_eq!(node.row_duals, pool.centre);
    // Also the master goes by rows that have a price there, and is no lower for it.
    let two = Goal { rounds: 2, ..goal };
    let node = standing.pool(&stop).generate(&[], two, &stop, |_| ()).expect("masters are solved");
    assert!(node.objective > climbed, "{} is below {climbed}", node.objective);
}

#[test]
fn in_haste_too_cuts_bring_the_bound_above_what_months_alone_come_to() {
    let stop = Stop::default();
    for seed in [2, 5] {
        let problem = common::specialty(30, 4, 40, 4, seed);
        let standing = begun(&problem);
        let goal = Goal { enough: standing.enough(), rounds: 100, slack: 1e-4, aim: Aim::Bound };
        let mut pool = standing.pool(&stop);
        let alone = pool.generate(&[], goal, &stop, |_| ()).expect("masters are solved");
        let sketch = Plans.sketch(&problem, &standing.chosen, true, &stop, &NoWatch);
        let sketch = sketch.expect("masters are solved").expect("it has a short way");
        assert!(sketch.bound.as_f64() > alone.objective, "seed {seed}: {}", sketch.bound);
        assert!(sketch.bound <= sketch.objective && sketch.objective <= standing.objective);
    }
}

#[test]
fn prices_come_first_and_then_their_bound_once_though_time_is_up() {
    let problem = common::specialty(40, 5, 60, 4, 3);
    let stop = Stop::default();
    let standing = begun(&problem);
    let generate = |pool: &mut Pool<'_>, slack: f64, aim: Aim, stop: &Stop| {
        let goal = Goal { enough: standing.enough(), rounds: 100, slack, aim };
        pool.generate(&[], goal, stop, |_| ()).expect("masters are solved")
    };
    let prices = |pool: &mut Pool<'_>| {
        let node = generate(pool, 1.5e-2, Aim::Prices, &stop);
        pool.footing = Footing::Masters;
        node
    };
    let best = generate(&mut standing.pool(&stop), 1e-4, Aim::Bound, &stop);
    let share = |bound: i64| bound as f64 / best.bound as f64;
    let mut pool = standing.pool(&stop);
    let rough = prices(&mut pool);
    let once = generate(&mut pool, 5e-4, Aim::BoundOnce, &stop);
    assert!(once.bound as f64 / UNITS as f64 <= best.objective);
    assert!(share(rough.bound) < 0.98 && share(once.bound) > 0.99, "{rough:?} {once:?}");

    // Where time is up the prices that are there have their bound all the same.
    let late = Stop { deadline: Some(Instant::now()), ..Stop::default() };
    let mut pool = standing.pool(&stop);
    prices(&mut pool);
    let late = generate(&mut pool, 5e-4, Aim::BoundOnce, &late);
    assert_eq!(late.row_duals, pool.centre);
    assert!(share(late.bound) > share(rough.bound) + 0.005, "{}", share(late.bound));
}

#[test]
fn prices_that_rise_together_change_no_month() {
    let mut raised = 0;
    for seed in 0..400 {
        let problem = common::tiny(seed, seed % 2 == 0);
        let stop = Stop::default();
        let Some(start) = improve(&problem, None, Effort::Quick, &stop) else { continue };
        let standing = Standing::new(&problem, &NoWatch, start);
        let mut pool = Pool::new(&problem, &stop);
        pool.add_rota(&standing.chosen);
        pool.climb(standing.enough(), &stop);
        // As if nobody had told the rows that keep places empty.
        let before: Vec<i64> =
            pool.rows.costs.iter().map(|cost| cost.range().0.min(0) / 3).collect();
        let mut after = before.clone();
        pool.raise(&mut after);
        let (least, most) = (pool.rows.least(&before), pool.rows.least(&after));
        assert!(most >= least, "seed {seed}: from {least} to {most}");
        for column in &pool.columns {
            let cost = |duals: &[i64]| pool.priced(column, duals, &[]);
            assert_eq!(cost(&after), cost(&before), "seed {seed}");
        }
        raised += usize::from(most > least);
    }
    assert!(raised > 20, "only in {raised} problems a price was raised");
}

#[test]
fn a_sketch_without_time_is_a_rota_all_the_same() {
    let problem = common::specialty(16, 3, 26, 4, 3);
    let start = improve(&problem, None, Effort::Build, &Stop::default()).expect("there is a rota");
    for seconds in [0.0, 0.01, 0.03, 0.1] {
        let deadline = Some(Instant::now() + Duration::from_secs_f64(seconds));
        let stop = Stop { deadline, ..Stop::default() };
        let sketch = Plans.sketch(&problem, &start, true, &stop, &NoWatch);
        let answer = sketch.expect("nothing fails").expect("there are short ways");
        assert!(problem.broken(&answer.chosen).is_empty());
        assert!(answer.bound <= answer.objective && answer.objective <= problem.points(&start));
    }
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

/// Consultants at prices under which a mark costs more than any one option pays, which is `least` and up to
/// 28 points more, so that it takes several to be worth it.
fn each_sight(weeks: usize, least: i64, mut look: impl FnMut(u64, Sight<'_>)) {
    for seed in 0..6 {
        let problem = common::specialty(8, 3, 12, weeks, seed);
        let pool = Pool::new(&problem, &Stop::default());
        let pay = |option: usize| -UNITS * (least + 7 * (option % 5) as i64);
        let options = (0..problem.options().len()).map(pay).collect();
        let prices = Prices { options, groups: vec![60 * UNITS; problem.groups().len()] };
        for month in &pool.months {
            look(seed, Sight { month, keys: &Keys::new(month), cuts: &[], prices: &prices });
        }
    }
}

#[test]
fn a_better_spread_raises_the_bound_and_never_above_the_cheapest_month() {
    let (mut all, mut raised) = (0, 0);
    each_sight(4, 10, |seed, sight| {
        let rules = Rules::default();
        let bound = |steps: usize, target: i64| {
            let spread = (&mut Spread::default(), steps, target);
            let pricer = Pricer::new(sight, &rules, spread);
            let below = UNKNOWN;
            let everything = Search { below, beam: 1_000_000, most: 1, ..Search::default() };
            let found = pricer.run(everything, &Stop::default());
            assert!(found.exact, "seed {seed}");
            (pricer.quick_least(), found.least)
        };
        let (plain, least) = bound(0, 0);
        let (better, same) = bound(LIST_SPREADS, least);
        assert_eq!(least, same, "seed {seed}");
        assert!(plain <= better && better <= least, "seed {seed}: {plain} {better} {least}");
        all += 1;
        raised += usize::from(plain < better);
    });
    assert!(3 * raised > all, "{raised} of {all}");
}

#[test]
fn who_must_be_in_a_series_comes_in_its_first_session_where_the_later_ones_are_barred() {
    // Coming at all costs points, and the dearer for the series: the way into it is outdone by every other.
    let here = ConsultantId::new(0);
    let mut sketch = Sketch::new((0..40).map(|s| (here, SessionId::new(s))).collect());
    (0..40).for_each(|o| sketch.add_points(OptionId::new(o), Points::whole(10)));
    let series = [0_u32, 20, 39];
    let all = series.map(|o| OptionId::new(o as usize)).to_vec();
    let mark = sketch.any_of(all).expect("it is not empty");
    let tariff = Tariff::flat(Points::whole(60));
    sketch.charge("continuity", here, [Item::one(mark)], tariff);
    let problem = sketch.finish();
    let pool = &mut Pool::new(&problem, &Stop::default());
    let decision =
        |options: &[u32], chosen| Decision { person: 0, options: options.to_vec(), chosen };
    for only in series {
        let mut decisions = vec![decision(&series, true)];
        decisions.extend(series.iter().filter(|o| **o != only).map(|o| decision(&[*o], false)));
        let rules = pool.rules(&decisions);
        let search = Search { beam: 1000, most: 1, ..Search::default() };
        let found = pool.price(&[0], &rules, (&[], &[]), search, &[UNKNOWN]);
        assert_eq!(found[0].months, [(70 * UNITS, vec![only])]);
        assert_eq!(found[0].least, 70 * UNITS);
    }
}

#[test]
fn branches_find_the_cheapest_month_where_labels_are_too_few_for_it() {
    let (mut lost, mut left, mut all) = (0, 0, 0);
    each_sight(8, 5, |seed, sight| {
        let rules = Rules::default();
        let run = |beam: usize, branches: usize| {
            let stop = Stop::default();
            let search = Search { beam, most: 3, branches, ..Search::default() };
            let mut spread = Spread::default();
            let pricer = Pricer::new(sight, &rules, (&mut spread, 1, -NEVER));
            let mut found = pricer.run(search, &stop);
            if found.least < found.best(search.below) {
                sight.branch(&pricer, &spread, search, &mut found, &stop);
            }
            found
        };
        let exact = run(1_000_000, 0);
        assert!(exact.exact, "seed {seed}");
        for branches in [0, 1, 4, 10_000] {
            let found = run(4, branches);
            assert!(found.least <= exact.least, "seed {seed}: {branches} branches");
            for (cost, options) in &found.months {
                let is_month = sight.month.cost(options).is_some();
                assert!(*cost >= exact.least && is_month, "seed {seed}");
            }
            let is_lost = usize::from(found.least < exact.least);
            match branches {
                0 => lost += is_lost,
                10_000 => left += is_lost,
                _ => {}
            }
        }
        all += 1;
    });
    assert!(6 * lost > all && 10 * left < lost, "{left} of {lost} of {all}");
}

#[test]
fn a_bound_of_its_own_for_each_label_says_more_and_never_too_much() {
    let (mut lost, mut left, mut all) = (0, 0, 0);
    each_sight(4, 10, |seed, sight| {
        let rules = Rules::default();
        let run = |beam: usize, closely: bool| {
            let search = Search { beam, most: 3, closely, ..Search::default() };
            let spread = (&mut Spread::default(), 1, -NEVER);
            Pricer::new(sight, &rules, spread).run(search, &Stop::default())
        };
        let exact = run(1_000_000, false);
        assert!(exact.exact, "seed {seed}");
        let all_labels = run(1_000_000, true);
        assert_eq!((all_labels.least, all_labels.exact), (exact.least, true), "seed {seed}");
        let (plain, close) = (run(3, false), run(3, true));
        for found in [&plain, &close] {
            assert!(found.least <= exact.least, "seed {seed}");
            assert!(found.best(0) >= exact.least, "seed {seed}");
        }
        all += 1;
        lost += exact.least - plain.least;
        left += exact.least - close.least;
    });
    assert!(lost > 0 && 4 * left < lost, "{left} of {lost} units in {all} months");
}

#[test]
fn a_quarter_is_bounded_in_slices_and_then_by_whole_months() {
    let problem = common::specialty(16, 3, 26, 13, 3);
    assert!(slices::is_long(&problem));
    let stop = Stop::default();
    let mut standing = begun(&problem);
    let (before, trivial) = (standing.objective, standing.bound);
    let prices = slices::relax(&mut standing, &stop).expect("masters are solved");
    let sliced = standing.bound;
    assert!(sliced > trivial);
    assert!(standing.objective < before);
    assert!(problem.broken(&standing.chosen).is_empty());
    let refine = |known: &Answer| {
        Plans.refine(&problem, known, &stop, &NoWatch).expect("masters are solved")
    };
    let sketch = Answer {
        chosen: standing.chosen.clone(),
        objective: standing.objective,
        bound: sliced,
        grounds: Grounds { prices: prices.clone(), months: Vec::new() },
    };
    let refined = refine(&sketch).expect("a quarter takes more than one sketch");
    assert!(refined.objective <= sketch.objective && refined.bound > sliced);
    assert!(problem.broken(&refined.chosen).is_empty());
    assert!(refine(&Answer { grounds: Grounds::default(), ..sketch }).is_none());

    // Whole months, at the prices of their slices and at others: no bound is above what a master comes to
    // that chooses among months found so far, and the slices' is near it.
    let goal = Goal { enough: standing.enough(), rounds: 30, slack: 1e-3, aim: Aim::Bound };
    let generate =
        |pool: &mut Pool<'_>| pool.generate(&[], goal, &stop, |_| ()).expect("masters are solved");
    let plain = generate(&mut standing.pool(&stop));
    let mut known = standing.pool(&stop);
    known.know(&Grounds { prices, months: Vec::new() });
    let known = generate(&mut known);
    let most = plain.objective.min(known.objective).min(standing.objective.as_f64());
    let in_points = |units: i64| units as f64 / UNITS as f64;
    for bound in [sliced.as_f64(), in_points(known.bound), in_points(plain.bound)] {
        assert!(bound <= most + 1e-3, "{bound} above {most}");
        assert!(bound > 0.8 * most, "{bound} far below {most}");
    }
    assert!(sliced.as_f64() > 0.9 * most, "{sliced} is not near {most}");
}
