//! The local search against the truth about tiny problems.
mod common;

use rotashare_core::points::Points;
use rotashare_rules::problem::{OptionId, Problem};
use rotashare_solve::engine::Stop;
use rotashare_solve::local::{Effort, Scope, State, improve, improve_within};

#[test]
fn a_state_counts_as_the_problem_does() {
    for seed in 0..300 {
        let problem = common::tiny(seed, false);
        let mut state = State::new(&problem);
        let mut dice = common::Dice::new(seed + 7);
        let empty = vec![false; problem.options().len()];
        // Hard rows and bars only: a state knows nothing of what must be chosen.
        let set = |chosen: &[bool]| {
            let mut all = chosen.to_vec();
            problem.fixes().iter().filter(|f| f.chosen).for_each(|f| all[f.option.index()] = true);
            all != chosen
        };
        assert_eq!(state.points(), problem.points(&empty));
        for _ in 0..40 {
            let option = OptionId::new(dice.below(problem.options().len()));
            let before = state.points();
            let mut after = state.chosen().to_vec();
            after[option.index()] = !after[option.index()];
            if state.is_chosen(option) {
                let delta = state.remove_delta(option);
                assert_eq!(state.remove(option), delta.is_some());
                assert_eq!(before + delta.unwrap_or(Points::ZERO), state.points());
            } else {
                let delta = state.add_delta(option);
                assert_eq!(state.add(option), delta.is_some());
                assert_eq!(before + delta.unwrap_or(Points::ZERO), state.points());
                if !set(&after) {
                    assert_eq!(delta.is_some(), problem.broken(&after).is_empty(), "seed {seed}");
                }
            }
            assert_eq!(state.points(), problem.points(state.chosen()), "seed {seed}");
        }
    }
}

#[test]
fn choosing_makes_nothing_cheaper_for_others() {
    let mut dearer = 0;
    for seed in 0..300 {
        let problem = common::tiny(seed, seed % 2 == 0);
        let mut state = State::new(&problem);
        let mut dice = common::Dice::new(seed + 7);
        let options = problem.options();
        for _ in 0..options.len() {
            let all = (0..options.len()).map(OptionId::new);
            let before: Vec<_> = all.clone().map(|option| state.add_delta(option)).collect();
            let added = dice.below(options.len());
            if !state.add(OptionId::new(added)) {
                continue;
            }
            let others = all.filter(|o| problem.option(*o).consultant != options[added].consultant);
            for other in others {
                let (before, now) = (before[other.index()], state.add_delta(other));
                assert!(now.is_none_or(|now| before.is_some_and(|b| now >= b)), "seed {seed}");
                dearer += usize::from(now != before);
            }
        }
    }
    assert!(dearer > 300, "{dearer}");
}

#[test]
fn the_search_breaks_nothing_and_mostly_finds_the_best() {
    mostly_finds_the_best(|problem| improve(problem, None, Effort::Tries(1500), &Stop::default()));
}

#[test]
fn so_does_one_among_likely_options() {
    mostly_finds_the_best(|problem| {
        let stop = Stop::default();
        let start = improve(problem, None, Effort::Build, &stop)?;
        improve_within(problem, Some(&start), Scope::Likely, Effort::Tries(1500), &stop)
    });
}

fn mostly_finds_the_best(search: impl Fn(&Problem) -> Option<Vec<bool>>) {
    let mut found = 0;
    let mut all = 0;
    for seed in 0..300 {
        let problem = common::tiny(seed, false);
        let truth = common::best(&problem);
        let answer = search(&problem);
        assert_eq!(answer, search(&problem));
        let Some(answer) = answer else {
            assert!(truth.is_none(), "seed {seed}: there is a rota");
            continue;
        };
        assert!(problem.broken(&answer).is_empty(), "seed {seed}");
        let (_, least) = truth.expect("the search has found one");
        assert!(problem.points(&answer) >= least);
        all += 1;
        found += usize::from(problem.points(&answer) == least);
    }
    assert!(found * 100 >= all * 97, "the best in {found} of {all}");
}

#[test]
fn a_start_is_never_made_worse() {
    for seed in 0..100 {
        let problem = common::tiny(seed, true);
        if let Some((best, least)) = common::best(&problem) {
            let again = improve(&problem, Some(&best), Effort::Build, &Stop::default());
            assert_eq!(again.map(|chosen| problem.points(&chosen)), Some(least));
        }
    }
}
