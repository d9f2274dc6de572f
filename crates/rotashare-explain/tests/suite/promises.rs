//! Suggested changes, made in the files: a new plan gives what was promised.

use std::time::{Duration, Instant};

use rotashare_core::rota::Rota;
use rotashare_explain::{Case, Suggestion, View, advice, session};
use rotashare_io::{read_dataset, write_dataset};
use rotashare_rules::audit::audit;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_solve::local::Effort;
use rotashare_solve::{ENGINES, NoWatch, Solver, Stop, engine_by_name, solve};

use crate::common;

/// Writes the changed dataset into a folder and reads it again.
fn through_files(case: &Case, one: &Suggestion) -> Case {
    let mut draft = case.draft().clone();
    one.changes.iter().for_each(|change| change.apply(&mut draft));
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("changed");
    write_dataset(&dir, &draft).expect("a written dataset");
    let reading = read_dataset(&dir).expect("a folder");
    assert_eq!(reading.faults, []);
    common::case(reading.draft)
}

/// The rota that shows it keeps every rule of the changed files and counts as promised; gives the case
/// that these make.
fn shown(case: &Case, rota: &Rota, one: &Suggestion) -> Case {
    let changed = through_files(case, one);
    let (network, book) = (changed.network(), changed.book());
    let title = one.title(case);
    let shown = audit(network, book, &one.rota);
    assert_eq!(shown.breaches(), [], "{title}");
    assert_eq!(shown.objective(), one.objective, "{title}");
    assert!(one.fills > 0);
    let before = audit(case.network(), case.book(), rota);
    assert!(one.rota.filled() as i64 >= rota.filled() as i64 + one.fills, "{title}");
    assert!(one.objective + one.saves <= before.objective(), "{title}");
    for change in &one.changes {
        assert!(!change.words(case).is_empty());
        assert!(change.edit(case.draft()).starts_with(change.table().file_name()));
    }
    changed
}

/// How many places a plan of a dataset fills that knows no rota of it.
fn plan_anew(case: &Case) -> usize {
    let problem = compile(case.network(), case.book());
    let engine = engine_by_name(ENGINES[0], Solver::default()).expect("the default engine");
    // Enough by far for what the search finds first, on any machine; the last points do not matter.
    let stop = Stop { deadline: Some(Instant::now() + Duration::from_secs(4)), ..Stop::default() };
    let anew = solve(&problem, engine.as_ref(), &stop, &NoWatch, 0).expect("there is a rota");
    rota_of(case.network(), &problem, &anew.chosen).filled()
}

/// Every suggestion for a whole rota of a dataset.
fn all_keep_their_promise(name: &str) {
    let case = common::dataset(name);
    let rota = common::plan(case.network(), case.book(), Effort::Tries(300));
    let given = advice(&case, &rota, View::default());
    assert!((1..=10).contains(&given.suggestions.len()));
    let order: Vec<i64> = given.suggestions.iter().map(|one| -one.fills).collect();
    assert!(order.is_sorted());
    for one in &given.suggestions {
        let filled = plan_anew(&shown(&case, &rota, one));
        let title = one.title(&case);
        assert!(filled >= one.rota.filled(), "{title}: {filled} places filled anew");
        let promised = rota.filled() as i64 + one.fills;
        assert!(filled as i64 >= promised, "{title}: {filled} filled, {promised} promised");
    }
}

#[test]
fn a_new_plan_gives_what_was_promised_to_guys_and_dartford() {
    all_keep_their_promise("gstt-dartford");
}

#[test]
fn a_new_plan_gives_what_was_promised_to_derby_and_burton() {
    all_keep_their_promise("derby-burton");
}

#[test]
fn a_new_plan_gives_what_was_promised_to_cambridge_and_west_suffolk() {
    all_keep_their_promise("cambridge-west-suffolk");
}

#[test]
fn a_new_plan_gives_what_was_promised_to_brighton_and_surrey() {
    all_keep_their_promise("brighton-surrey-sussex");
}

#[test]
fn the_same_advice_every_time() {
    let case = common::dataset("brighton-surrey-sussex");
    let rota = common::plan(case.network(), case.book(), Effort::Tries(300));
    let once = advice(&case, &rota, View::default());
    assert_eq!(once, advice(&case, &rota, View::default()));
}

#[test]
fn prices_and_suggestions_of_a_session_are_verified() {
    let case = common::dataset("cambridge-west-suffolk");
    let (network, book) = (case.network(), case.book());
    let rota = common::plan(network, book, Effort::Tries(300));
    let before = audit(network, book, &rota);
    let empty = rota.cells().filter(|(_, cell)| cell.is_none()).map(|(place, _)| place.session);
    let filled = rota.assignments().map(|(session, _)| session).step_by(20);
    for id in empty.chain(filled) {
        let told = session(&case, &rota, id, View::default()).expect("everything is shown");
        for one in &told.suggestions {
            assert!(one.filled.contains(&id));
            shown(&case, &rota, one);
        }
        for other in &told.others {
            let Some(price) = &other.price else {
                assert!(!other.reasons.is_empty() || told.empty == 0);
                continue;
            };
            assert!(price.rota.has(id, other.consultant));
            let verdict = audit(network, book, &price.rota);
            assert_eq!(verdict.breaches(), []);
            // At most the price above the rota: planned again without the pin it may be better.
            assert!(verdict.objective() - before.objective() <= price.points);
        }
    }
}
