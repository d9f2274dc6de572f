//! What must not change an answer, and what may change it in one direction only.

use std::collections::BTreeMap;

use rotashare_core::draft::{Draft, LeaveRow, Setting};
use rotashare_core::fault::Fault;
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::time::{Date, Part, Validity, days_after};
use rotashare_core::values::WeekPattern;
use rotashare_rules::audit::audit;
use rotashare_rules::compile::{choice_of, compile, rota_of};
use rotashare_rules::problem::Problem;
use rotashare_rules::registry::RULES;
use rotashare_rules::rule::{Meta, Severity};
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::pins;

use crate::dice::Dice;
use crate::draft::*;
use crate::random::{Case, case};
use crate::settings::{switch_off, weigh};
use crate::world::World;

const MOST: usize = 10;

/// The best choice and its points, of all that are allowed.
fn best(problem: &Problem) -> Option<(Points, Vec<bool>)> {
    let count = problem.options().len();
    (0..1_u32 << count)
        .map(|mask| (0..count).map(|i| mask >> i & 1 == 1).collect::<Vec<bool>>())
        .filter(|chosen| problem.broken(chosen).is_empty())
        .map(|chosen| (problem.points(&chosen), chosen))
        .min_by_key(|(points, _)| *points)
}

fn optimum(problem: &Problem) -> Option<Points> {
    best(problem).map(|(points, _)| points)
}

/// Random small datasets without pins that break a rule, each with its world.
fn cases(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, Case, World)> {
    seeds.filter_map(|seed| {
        let case = case(seed);
        let world = World::on(&case.draft, case.today);
        let count = world.problem.options().len();
        let sound = pins::faults(&world.network, &world.book).is_empty();
        ((1..=MOST).contains(&count) && sound).then_some((seed, case, world))
    })
}

/// The optimum of a dataset altered; `None` where it has faults or grew too large.
fn altered(draft: &Draft, today: Date) -> Option<Points> {
    let (network, _) = Network::build(draft).ok()?;
    let book = Rulebook::new(&network, today).ok()?;
    let problem = compile(&network, &book);
    let fit = problem.options().len() <= MOST + 2 && pins::faults(&network, &book).is_empty();
    fit.then(|| optimum(&problem)).flatten()
}

#[test]
fn leave_added_never_improves_the_points() {
    let mut worse = 0;
    for (seed, mut case, world) in cases(1000..1500) {
        // Leave takes fixed duties and rivals for the drawbridge away, and it frees a published place
        // from notice: only then may a rota be better for it.
        case.draft.job_plans = None;
        case.draft.published = None;
        let mut dice = Dice::new(seed);
        let who = world
            .network
            .consultant(dice.pick(&world.network.consultant_ids().collect::<Vec<_>>()));
        let session = dice.pick(world.network.sessions());
        let on = session.date().to_string();
        let Some(before) = altered(&case.draft, case.today) else { continue };
        let part = dice.pick(&[Part::All, Part::Am, Part::Pm]);
        let row = LeaveRow { part, ..leave(who.code(), &on, &on) };
        case.draft.leave.get_or_insert_default().push(row);
        let Some(after) = altered(&case.draft, case.today) else { continue };
        assert!(after >= before, "seed {seed}: {before} before, {after} after leave on {on}");
        worse += usize::from(after > before);
    }
    assert!(worse > 20, "leave mattered {worse} times only");
}

/// A dataset without one rule, or without the points of one term.
fn without(draft: &Draft, meta: &Meta) -> Draft {
    let mut draft = draft.clone();
    if meta.severity == Severity::Hard {
        switch_off(&mut draft, meta.id);
    }
    for weight in meta.weights {
        draft.network.weights.retain(|(_, term, _)| term != weight.term);
        weigh(&mut draft, weight.term, 0);
    }
    draft
}

#[test]
fn a_rule_switched_off_never_worsens_the_points() {
    let mut better: BTreeMap<&str, usize> = BTreeMap::new();
    for (seed, mut case, _) in cases(2000..2700) {
        let with_notice = altered(&case.draft, case.today);
        // What breaks a rule is freed from notice; without the rule it is not.
        switch_off(&mut case.draft, "notice");
        let Some(before) = altered(&case.draft, case.today) else { continue };
        if let Some(with_notice) = with_notice {
            assert!(before <= with_notice, "seed {seed}, notice off: {with_notice} to {before}");
            *better.entry("notice").or_default() += usize::from(before < with_notice);
        }
        for meta in RULES.iter().map(|rule| rule.meta()) {
            let draft = without(&case.draft, meta);
            let Some(after) = altered(&draft, case.today) else { continue };
            // Likes are points to the good, and lost with their term.
            let liked = draft.preferences.iter().flatten().any(|row| row.points < 0);
            assert!(
                after <= before || (meta.id == "preference" && liked),
                "seed {seed}, {} off: {before} to {after}",
                meta.id
            );
            *better.entry(meta.id).or_default() += usize::from(after < before);
        }
    }
    assert_eq!(better.len(), RULES.len());
    let hardly: Vec<_> = better.iter().filter(|(_, times)| **times < 3).collect();
    assert!(hardly.is_empty(), "these hardly matter: {hardly:?} of {better:?}");
}

/// Every table's rows in another order; lines go with the rows or stay with the place.
fn shuffle(draft: &mut Draft, dice: &mut Dice) {
    macro_rules! shuffled {
        ($($rows:expr),*) => {$( dice.shuffle(&mut $rows); )*};
    }
    shuffled!(draft.trusts, draft.sites, draft.consultants, draft.accreditations);
    macro_rules! shuffled_if_there {
        ($($rows:expr),*) => {$( if let Some(rows) = &mut $rows { dice.shuffle(rows); } )*};
    }
    shuffled_if_there!(draft.specialties, draft.bank_holidays, draft.travel, draft.authorisations);
    shuffled_if_there!(draft.job_plans, draft.leave, draft.on_call, draft.clinics);
    shuffled_if_there!(draft.clinic_changes, draft.sessions, draft.cover, draft.agreements);
    shuffled_if_there!(draft.preferences, draft.pins, draft.published, draft.history);
    shuffled!(draft.network.weights);
    if dice.percent(50) {
        number(draft);
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    for (seed, case, world) in cases(3000..3400) {
        let mut dice = Dice::new(seed);
        let mut draft = case.draft.clone();
        shuffle(&mut draft, &mut dice);
        let other = World::on(&draft, case.today);
        assert_eq!(world.problem, other.problem, "seed {seed}");
        // What is said of a rota, too, word for word; here one of everything that is allowed.
        let chosen: Vec<bool> = world.problem.options().iter().map(|_| dice.percent(60)).collect();
        let mut rota = rotashare_core::rota::Rota::empty(&world.network);
        for session in world.network.session_ids() {
            let _ =
                rota.add(session, dice.pick(&world.network.consultant_ids().collect::<Vec<_>>()));
        }
        assert_eq!(world.audit(&rota), other.audit(&rota), "seed {seed}");
        if !world.problem.broken(&chosen).contains(&"unfilled") {
            let (one, two) = (
                rota_of(&world.network, &world.problem, &chosen),
                rota_of(&other.network, &other.problem, &chosen),
            );
            assert_eq!(one, two, "seed {seed}");
            assert_eq!(choice_of(&world.problem, &one), Some(chosen), "seed {seed}");
        }
    }
}

/// Every code of trusts, sites, consultants, clinics and sessions turned round in order. Agreements keep theirs:
/// the first by code counts.
fn rename(draft: &mut Draft) {
    let swap = |code: &mut String| {
        let turned: String = code
            .bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' => char::from(b'A' + (b'Z' - byte)),
                b'0'..=b'9' => char::from(b'0' + (b'9' - byte)),
                other => char::from(other),
            })
            .collect();
        *code = format!("n{turned}");
    };
    // Of `K1@2027-03-02#2` the clinic is renamed.
    let of_session = |code: &mut String| {
        let (clinic, rest) = code.split_once('@').unwrap_or((code.as_str(), ""));
        let (mut clinic, rest) = (clinic.to_owned(), rest.to_owned());
        swap(&mut clinic);
        *code = if rest.is_empty() { clinic } else { format!("{clinic}@{rest}") };
    };
    macro_rules! codes {
        ($($rows:expr => $($field:ident),*;)*) => {$(
            for row in $rows { $( row.$field.iter_mut().for_each(&swap); )* }
        )*};
    }
    macro_rules! plain {
        ($($rows:expr => $($field:ident),*;)*) => {$(
            for row in $rows { $( swap(&mut row.$field); )* }
        )*};
    }
    plain! {
        &mut draft.trusts => trust;
        &mut draft.sites => site, trust;
        draft.travel.iter_mut().flatten() => from_site, to_site;
        &mut draft.consultants => consultant, trust, base_site;
        &mut draft.accreditations => consultant, specialty;
        draft.authorisations.iter_mut().flatten() => consultant, trust;
        draft.job_plans.iter_mut().flatten() => consultant;
        draft.leave.iter_mut().flatten() => consultant;
        draft.on_call.iter_mut().flatten() => consultant;
        draft.clinics.iter_mut().flatten() => clinic, site, specialty;
        draft.clinic_changes.iter_mut().flatten() => clinic;
        draft.sessions.iter_mut().flatten() => site, specialty;
        draft.cover.iter_mut().flatten() => trust, specialty;
        draft.agreements.iter_mut().flatten() => lender, host;
        draft.preferences.iter_mut().flatten() => consultant;
        draft.pins.iter_mut().flatten() => consultant;
        draft.history.iter_mut().flatten() => consultant;
    }
    codes! {
        draft.authorisations.iter_mut().flatten() => site, specialty;
        draft.job_plans.iter_mut().flatten() => site;
        draft.clinics.iter_mut().flatten() => named_consultant;
        draft.sessions.iter_mut().flatten() => clinic, named_consultant;
        draft.cover.iter_mut().flatten() => site;
        draft.agreements.iter_mut().flatten() => specialty;
        draft.preferences.iter_mut().flatten() => site, specialty, clinic;
        draft.published.iter_mut().flatten() => consultant, site;
    }
    draft.sessions.iter_mut().flatten().for_each(|row| of_session(&mut row.session));
    draft.pins.iter_mut().flatten().for_each(|row| of_session(&mut row.session));
    draft.published.iter_mut().flatten().for_each(|row| of_session(&mut row.session));
}

#[test]
fn other_codes_cost_the_same() {
    for (seed, mut case, world) in cases(4000..4300) {
        let before = optimum(&world.problem);
        rename(&mut case.draft);
        let other = World::on(&case.draft, case.today);
        assert_eq!(world.problem.options().len(), other.problem.options().len(), "seed {seed}");
        assert_eq!(before, optimum(&other.problem), "seed {seed}");
    }
}

/// Every date so many days later.
fn shift(draft: &mut Draft, days: i64) {
    let on = |date: &mut Date| *date = days_after(*date, days);
    let valid = |valid: &mut Validity| {
        valid.from.iter_mut().for_each(on);
        valid.to.iter_mut().for_each(on);
    };
    if let Some((from, to)) = &mut draft.network.horizon {
        on(from);
        on(to);
    }
    draft.network.cycle_anchor.iter_mut().for_each(|(_, day)| on(day));
    for (_, _, _, value) in &mut draft.network.rules {
        if let Setting::Date(date) = value {
            on(date);
        }
    }
    draft.consultants.iter_mut().for_each(|row| valid(&mut row.active));
    draft.accreditations.iter_mut().for_each(|row| valid(&mut row.valid));
    draft.authorisations.iter_mut().flatten().for_each(|row| valid(&mut row.valid));
    draft.job_plans.iter_mut().flatten().for_each(|row| valid(&mut row.valid));
    draft.clinics.iter_mut().flatten().for_each(|row| valid(&mut row.valid));
    draft.agreements.iter_mut().flatten().for_each(|row| valid(&mut row.valid));
    for row in draft.leave.iter_mut().flatten() {
        on(&mut row.from);
        on(&mut row.to);
    }
    for row in draft.on_call.iter_mut().flatten() {
        on(&mut row.from);
        on(&mut row.to);
    }
    for row in draft.clinic_changes.iter_mut().flatten() {
        on(&mut row.date);
        row.to_date.iter_mut().for_each(on);
    }
    draft.sessions.iter_mut().flatten().for_each(|row| on(&mut row.date));
    let code = |code: &mut String| {
        if let Some((clinic, rest)) = code.clone().split_once('@') {
            let (date, number) = rest.split_at("2027-03-02".len().min(rest.len()));
            *code = format!("{clinic}@{}{number}", days_after(day(date), days));
        }
    };
    draft.pins.iter_mut().flatten().for_each(|row| code(&mut row.session));
    for row in draft.published.iter_mut().flatten() {
        code(&mut row.session);
        row.date.iter_mut().for_each(on);
    }
}

#[test]
fn a_year_of_weeks_later_it_is_the_same_problem() {
    for (seed, mut case, _) in cases(5000..5300) {
        // Nth weeks, ISO weeks and bank holidays are the calendar's own.
        for row in case.draft.job_plans.iter_mut().flatten() {
            if !matches!(row.weeks, WeekPattern::Cycle { .. }) {
                row.weeks = WeekPattern::All;
            }
        }
        for row in case.draft.clinics.iter_mut().flatten() {
            row.bank_holidays = rotashare_core::values::BankHolidayPolicy::Run;
        }
        let problem = |draft: &Draft, today| -> Option<Problem> {
            let (network, _) = Network::build(draft).ok()?;
            Some(compile(&network, &Rulebook::new(&network, today).ok()?))
        };
        let before = problem(&case.draft, case.today);
        shift(&mut case.draft, 364);
        let after = problem(&case.draft, days_after(case.today, 364));
        let (Some(before), Some(after)) = (before, after) else { continue };
        // Rows name their dates; all else is alike.
        assert_eq!(before.options(), after.options(), "seed {seed}");
        assert_eq!(before.clashes(), after.clashes(), "seed {seed}");
        assert_eq!(before.limits(), after.limits(), "seed {seed}");
        assert_eq!(before.charges(), after.charges(), "seed {seed}");
        assert_eq!(before.fixes(), after.fixes(), "seed {seed}");
        assert_eq!(before.constant(), after.constant(), "seed {seed}");
        assert_eq!(before.rows().len(), after.rows().len(), "seed {seed}");
        for (one, other) in before.rows().iter().zip(after.rows()) {
            assert_eq!((one.rule, &one.items), (other.rule, &other.items), "seed {seed}");
            assert_eq!(one.demand, other.demand, "seed {seed}");
        }
    }
}

#[test]
fn the_same_network_gives_the_same_problem_and_words() {
    for (seed, case, world) in cases(6000..6050) {
        let again = World::on(&case.draft, case.today);
        assert_eq!(world.problem, again.problem, "seed {seed}");
        let faults: Vec<Fault> = pins::faults(&again.network, &again.book);
        assert_eq!(faults, pins::faults(&world.network, &world.book), "seed {seed}");
        let rota = rotashare_core::rota::Rota::empty(&world.network);
        assert_eq!(audit(&world.network, &world.book, &rota), again.audit(&rota), "seed {seed}");
    }
}
