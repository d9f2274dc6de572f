//! What moves leave behind, on tiny problems and on a specialty.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rotashare_core::points::Points;
use rotashare_rules::problem::{OptionId, Problem};

use super::{Index, Search};
use crate::common;
use crate::engine::Stop;
use crate::local::{Scope, State};

fn begun(problem: &Problem) -> Option<Search> {
    let index = Arc::new(Index::new(problem));
    Search::start(index, None, Scope::Likely, &Stop::default())
}

/// Makes a move of a search; whether it changed what is chosen, which then breaks nothing and costs what the
/// problem says, and which is as before once it is undone.
fn is_move_sound(
    problem: &Problem,
    search: &mut Search,
    make: impl Fn(&mut Search) -> bool,
) -> bool {
    let before = (search.state.chosen.clone(), search.state.points);
    search.begin_move();
    search.look_for_empty();
    make(search);
    assert!(problem.broken(&search.state.chosen).is_empty());
    assert_eq!(search.state.points(), problem.points(&search.state.chosen));
    let changed = search.state.chosen != before.0;
    search.undo(0);
    assert_eq!((search.state.chosen.clone(), search.state.points), before);
    changed
}

#[test]
fn moves_break_nothing_and_can_be_undone() {
    let (mut exchanges, mut deals) = (0, 0);
    for seed in 0..300 {
        let problem = common::tiny(seed, false);
        let Some(mut search) = begun(&problem) else { continue };
        if problem.options().is_empty() {
            continue;
        }
        for _ in 0..40 {
            let exchanged = is_move_sound(&problem, &mut search, |s| s.exchange(i64::MAX));
            exchanges += usize::from(exchanged);
            deals += usize::from(is_move_sound(&problem, &mut search, |s| s.deal(20.0)));
        }
    }
    assert!(exchanges > 500 && deals > 100, "{exchanges} exchanges, {deals} deals");
}

#[test]
fn filling_a_session_is_worth_no_more_than_is_said() {
    let mut worthy = 0;
    for seed in 0..300 {
        let problem = common::tiny(seed, false);
        let index = Index::new(&problem);
        let mut state = State::new(&problem);
        let mut dice = common::Dice::new(seed);
        for _ in 0..30 {
            let option = dice.below(index.options);
            let least = -index.worth[index.session_of[option] as usize];
            if let Some(delta) = state.add_delta(OptionId::new(option)) {
                assert!(delta >= Points::quarters(least), "seed {seed}");
                worthy += usize::from(delta == Points::quarters(least));
            }
            if !state.add(OptionId::new(option)) {
                state.remove(OptionId::new(option));
            }
        }
    }
    assert!(worthy > 100, "{worthy}");
}

#[test]
fn an_exchange_that_is_given_up_early_would_have_been_too_dear() {
    let problem = common::specialty(12, 4, 10, 4, 1);
    let Some(mut search) = begun(&problem) else { panic!("there is a rota") };
    let (mut good, mut left) = (0, 0);
    for _ in 0..20_000 {
        let (dice, most) = (search.dice.clone(), search.state.points + 200);
        let mut try_it = |most: i64| {
            search.dice = dice.clone();
            search.begin_move();
            let is_worth_it = search.exchange(most);
            let points = search.state.points;
            search.undo(0);
            is_worth_it.then_some(points)
        };
        let (soon, late) = (try_it(most), try_it(i64::MAX));
        if late.is_some_and(|points| points <= most) {
            assert_eq!(soon, late);
            good += 1;
        }
        left += usize::from(soon.is_none() && late.is_some());
    }
    assert!(good > 100 && left > 1000, "{good} good, {left} left");
}

#[test]
fn deals_mend_a_rota_of_stand_ins() {
    let (mut first, mut last, mut better) = (0, 0, 0);
    for seed in 0..5 {
        let problem = common::specialty(20, 4, 16, 4, seed);
        let Some(mut search) = begun(&problem) else { panic!("there is a rota") };
        // Anybody who may stands in for who is there.
        for option in 0..search.index.options {
            if search.state.chosen[option] {
                search.state.take(option);
                let session = search.index.session_of[option] as usize;
                let options = search.index.options_of_session.of(session).to_vec();
                let mut may =
                    options.iter().filter(|o| search.state.try_add(**o as usize).is_some());
                let stand_in = may.nth(search.dice.below(4)).copied().unwrap_or(option as u32);
                search.state.put(stand_in as usize);
            }
        }
        first += search.state.points;
        for _ in 0..50 {
            let before = search.state.points;
            search.begin_move();
            if search.deal(0.0) && search.state.points <= before {
                better += usize::from(search.state.points < before);
            } else {
                search.undo(0);
            }
        }
        assert!(problem.broken(&search.state.chosen).is_empty());
        last += search.state.points;
    }
    assert!(better > 40 && last < first * 3 / 4, "{better} better, {last} after {first}");
}

#[test]
fn a_deal_that_there_is_no_time_for_can_be_undone() {
    let problem = common::specialty(20, 4, 16, 4, 1);
    let Some(mut search) = begun(&problem) else { panic!("there is a rota") };
    let before = (search.state.chosen.clone(), search.state.points);
    search.begin_move();
    search.stop = Stop::default().within(0);
    assert!(!search.deal(0.0));
    assert_ne!(search.state.chosen, before.0);
    search.undo(0);
    assert_eq!((search.state.chosen, search.state.points), before);
}

#[test]
fn a_search_goes_no_further_than_the_work_that_is_left() {
    let problem = common::specialty(20, 4, 16, 4, 1);
    let Some(mut search) = begun(&problem) else { panic!("there is a rota") };
    let (begin, before) = (search.steps(), search.best_points);
    search.run(u64::MAX, &Stop::default().within(begin + 50_000));
    assert!(search.steps() > begin + 50_000);
    // The last descent.
    assert!(search.steps() < begin + 50_000 + 20 * 2 * problem.options().len() as u64);
    assert!(search.best_points < before);
}

#[test]
fn a_search_that_has_little_time_cools_down_in_it() {
    let problem = common::specialty(20, 4, 16, 4, 1);
    let Some(mut search) = begun(&problem) else { panic!("there is a rota") };
    let before = search.best_points;
    let soon = Instant::now() + Duration::from_millis(300);
    search.run(u64::MAX, &Stop { deadline: Some(soon), ..Stop::default() });
    assert!(search.best_points < before);
    assert_eq!(search.state.points(), problem.points(&search.state.chosen));
}
