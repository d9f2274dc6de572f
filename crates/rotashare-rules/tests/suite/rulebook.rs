//! Names, defaults and parameters as the contract has them; faults of `[weights]` and `[rules]`.

use rotashare_core::draft::{Draft, Setting};
use rotashare_core::fault::Fault;
use rotashare_core::network::Network;
use rotashare_rules::registry::{self, RULES};
use rotashare_rules::rule::{Applies, ParamKind, Severity};
use rotashare_rules::rulebook::Rulebook;

use crate::draft::*;
use crate::settings::{set, switch_off, weigh};

fn book(alter: impl FnOnce(&mut Draft)) -> Result<Rulebook, Vec<Fault>> {
    let (network, _) = Network::build(&with(alter)).expect("a network without faults");
    Rulebook::new(&network, day("2027-01-01"))
}

fn fault(alter: impl FnOnce(&mut Draft)) -> String {
    let faults = book(alter).expect_err("a fault");
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].to_string()
}

#[test]
fn terms_and_weights_of_the_contract() {
    let contract = [
        ("unfilled.must", 10_000),
        ("unfilled.should", 3000),
        ("unfilled.could", 500),
        ("continuity", 60),
        ("named", 40),
        ("travel", 1),
        ("split_day", 30),
        ("fairness", 10),
        ("delivery", 4),
        ("preference", 1),
        ("change", 50),
        ("dark_clinic", 200),
        ("agreement_shortfall", 150),
        ("shared_shortfall", 25),
        ("cost", 0),
        ("people_used", 0),
        ("friday_pm", 5),
        ("first_day_back", 10),
    ];
    let found: Vec<(&str, i64)> = registry::weights().map(|w| (w.term, w.default)).collect();
    let (found, more): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| contract.contains(one));
    assert_eq!(found, contract);
    assert!(more.iter().all(|(_, points)| *points == 0), "on unasked: {more:?}");
    let book = book(|_| {}).expect("a rulebook");
    for (term, points) in contract {
        assert_eq!(book.weight(term), points, "{term}");
    }
}

#[test]
fn rules_and_parameters_of_the_contract() {
    let contract = [
        "one-place",
        "travel-time slack_minutes=15 max_minutes=off",
        "leave",
        "working-days",
        "fixed-duty",
        "on-call rest_hours=11",
        "rest rest_hours=11",
        "accreditation",
        "authorisation",
        "agreement",
        "away-days max_per_week=2",
        "max-hours count_travel=false",
        "max-days window_days=off max=off",
        "working-time average_hours=48",
        "drawbridge",
        "away-share max_share=off",
        "pins",
        "notice days=42 from=2027-01-01",
    ];
    let book = book(|_| {}).expect("a rulebook");
    let hard = RULES.iter().map(|rule| rule.meta()).filter(|m| m.severity == Severity::Hard);
    let found: Vec<String> = hard
        .map(|meta| {
            let params = meta.params.iter();
            let shown = params.map(|p| format!(" {}={}", p.key, book.shown(meta.id, p.key)));
            format!("{}{}", meta.id, shown.collect::<String>())
        })
        .collect();
    let is_known = |shown: &String| contract.contains(&shown.as_str());
    let (found, more): (Vec<_>, Vec<_>) = found.into_iter().partition(is_known);
    assert_eq!(found, contract);
    // Rules beyond the contract change nothing unless they are asked for.
    for shown in more {
        let id = shown.split(' ').next().and_then(registry::find).expect("a rule").meta().id;
        assert!(!book.is_on(id), "on unasked: {shown}");
    }
}

#[test]
fn every_rule_says_what_it_is() {
    for meta in RULES.iter().map(|rule| rule.meta()) {
        for text in [meta.holds, meta.why, meta.formula, meta.source] {
            assert!(text.ends_with('.') && text.len() > 10, "{}: {text:?}", meta.id);
        }
        assert_eq!(registry::find(meta.id).map(|rule| rule.meta().id), Some(meta.id));
        assert_eq!(meta.severity == Severity::Term, !meta.weights.is_empty(), "{}", meta.id);
        assert!(meta.params.iter().all(|param| !param.holds.is_empty()), "{}", meta.id);
    }
    let needs = |id: &str| registry::find(id).map(|rule| rule.meta().needs());
    assert_eq!(needs("leave"), Some(vec!["leave.csv"]));
    assert_eq!(needs("max-days"), Some(vec!["window_days", "max"]));
    let always = RULES.iter().map(|rule| rule.meta()).filter(|m| m.applies == Applies::Always);
    assert!(always.flat_map(|meta| meta.needs()).next().is_none());
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.meta().id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len(), "two rules of one name");
}

#[test]
fn what_is_set_counts() {
    let book = book(|draft| {
        weigh(draft, "continuity", 7);
        weigh(draft, "travel", 0);
        switch_off(draft, "rest");
        set(draft, "leave", "enabled", Setting::Bool(true));
        set(draft, "max-hours", "count_travel", Setting::Bool(true));
        set(draft, "max-days", "max", Setting::Whole(6));
        set(draft, "max-days", "window_days", Setting::Whole(7));
        set(draft, "away-share", "max_share", Setting::Whole(1));
        set(draft, "notice", "from", Setting::Date(day("2027-02-01")));
    })
    .expect("a rulebook");
    assert_eq!((book.weight("continuity"), book.weight("travel")), (7, 0));
    assert!(book.is_on("continuity") && !book.is_on("travel"));
    assert!(book.is_on("leave") && !book.is_on("rest"));
    assert!(book.switch("max-hours", "count_travel"));
    assert_eq!(book.whole("max-days", "max"), Some(6));
    assert_eq!(book.whole("travel-time", "max_minutes"), None);
    assert!(book.is_on("max-days") && book.is_on("away-share"));
    assert!(!book.without("max-days").is_on("max-days"));
    assert_eq!(book.share("away-share", "max_share"), Some(1.0));
    assert_eq!(book.date("notice", "from"), day("2027-02-01"));
    assert_eq!(book.today(), day("2027-01-01"));
    assert!(!book.without("leave").is_on("leave"));
    assert_eq!(book.with_weight("travel", 3).weight("travel"), 3);
    // Coverage holds even where an empty place costs nothing.
    let free = ["unfilled.must", "unfilled.should", "unfilled.could"];
    let free = free.iter().fold(book, |book, term| book.with_weight(term, 0));
    assert!(free.is_on("unfilled"));
}

#[test]
fn what_applies_only_when_set_is_off_until_all_of_it_is() {
    let usual = book(|_| {}).expect("a rulebook");
    assert!(!usual.is_on("max-days") && !usual.is_on("away-share"));
    let said = fault(|draft| set(draft, "max-days", "max", Setting::Whole(6)));
    assert_eq!(
        said,
        "network.toml, line 20, rules.max-days.max: rule max-days needs window_days too; give \
         window_days, or take max out"
    );
    // One wrong value is one fault.
    let off = book(|draft| {
        set(draft, "max-days", "max", Setting::Whole(6));
        set(draft, "max-days", "window_days", Setting::Whole(7));
        switch_off(draft, "max-days");
    });
    assert!(!off.expect("a rulebook").is_on("max-days"));
    let said = fault(|draft| {
        set(draft, "max-days", "max", Setting::Whole(6));
        set(draft, "max-days", "window_days", Setting::Whole(0));
    });
    assert!(said.ends_with("write a whole number of days from 1 to 731"), "{said}");
}

#[test]
fn unknown_names_with_the_nearest_known() {
    assert_eq!(
        fault(|draft| weigh(draft, "continuty", 1)),
        "network.toml, line 6, weights.continuty: there is no term \"continuty\"; did you mean \
         continuity?"
    );
    assert_eq!(
        fault(|draft| switch_off(draft, "workingdays")),
        "network.toml, line 20, rules.workingdays: there is no rule \"workingdays\"; did you mean \
         working-days?"
    );
    assert_eq!(
        fault(|draft| switch_off(draft, "continuity")),
        "network.toml, line 20, rules.continuity: there is no rule \"continuity\"; continuity is a \
         term: set its weight in [weights]"
    );
    assert_eq!(
        fault(|draft| set(draft, "rest", "rest_hour", Setting::Whole(9))),
        "network.toml, line 20, rules.rest.rest_hour: rule rest has no parameter \"rest_hour\"; did you \
         mean rest_hours?"
    );
    assert_eq!(
        fault(|draft| set(draft, "leave", "xyz", Setting::Whole(9))),
        "network.toml, line 20, rules.leave.xyz: rule leave has no parameter \"xyz\"; it has enabled"
    );
}

#[test]
fn values_of_the_wrong_kind() {
    let shown = [
        (Setting::Whole(7), "7"),
        (Setting::Fraction(2.5), "2.5"),
        (Setting::Text("yes".into()), "\"yes\""),
        (Setting::Date(day("2027-02-01")), "2027-02-01"),
    ];
    for (value, shown) in shown {
        let said = fault(|draft| set(draft, "leave", "enabled", value));
        assert!(said.contains(&format!("rules.leave.enabled can't be {shown}; ")), "{said}");
    }
    let weight =
        |value: Setting| fault(|draft| draft.network.weights.push((6, "travel".into(), value)));
    for value in [
        Setting::Whole(-1),
        Setting::Whole(1_000_000_001),
        Setting::Fraction(1.5),
        Setting::Text("2".into()),
        Setting::Bool(true),
    ] {
        let said = weight(value);
        assert!(said.contains("; write a whole number from 0 (off) to 1000000000"), "{said}");
    }
    for meta in RULES.iter().map(|rule| rule.meta()).filter(|m| m.severity == Severity::Hard) {
        let said = fault(|draft| set(draft, meta.id, "enabled", Setting::Whole(1)));
        assert!(said.ends_with("; write true or false"), "{said}");
        for param in meta.params {
            let wrong: &[Setting] = match param.kind {
                ParamKind::Switch(_) => &[Setting::Whole(1), Setting::Text("yes".into())],
                ParamKind::Whole(_) => &[Setting::Whole(-1), Setting::Fraction(2.5)],
                ParamKind::Days(_) => &[Setting::Whole(0), Setting::Whole(732)],
                ParamKind::Share(_) => &[Setting::Fraction(1.01), Setting::Whole(2)],
                _ => &[Setting::Text("soon".into()), Setting::Whole(3)],
            };
            for value in wrong {
                let said = fault(|draft| set(draft, meta.id, param.key, value.clone()));
                let place = format!("network.toml, line 20, rules.{}.{}: ", meta.id, param.key);
                assert!(said.starts_with(&place) && said.contains("; write "), "{said}");
            }
        }
    }
}

#[test]
fn all_faults_of_the_settings_together() {
    let faults = book(|draft| {
        weigh(draft, "nonsense", 1);
        weigh(draft, "travel", -1);
        switch_off(draft, "nonsense");
    });
    assert_eq!(faults.map_err(|faults| faults.len()), Err(3));
}

#[test]
fn a_term_among_the_rules_is_told_as_one() {
    // A rule's own name, and that of one of its weights.
    for term in ["fairness", "unfilled", "unfilled.must"] {
        let text = fault(|draft| set(draft, term, "enabled", Setting::Bool(false)));
        assert!(text.contains(&format!("{term} is a term: set its weight in [weights]")), "{text}");
    }
}

#[test]
fn pairs_are_counted_as_they_are_looked_at() {
    use rotashare_rules::size::{clashes, pairs};
    let alter = |draft: &mut Draft| {
        draft.clinics = Some(vec![clinic("KLINIK", "H1", "mon", "09:00", "12:30")]);
    };
    let (network, _) = Network::build(&with(alter)).expect("a network without faults");
    let sessions = network.sessions().len();
    let count = |alter: &dyn Fn(&mut Draft)| {
        let (network, _) = Network::build(&with(|draft| alter(draft))).expect("no faults");
        let book = Rulebook::new(&network, day("2027-01-01")).expect("a rulebook");
        (pairs(&network, &book), network.consultants().len())
    };
    let (accredited, people) = count(&alter);
    assert!(sessions > 1 && accredited > 1 && accredited <= sessions * people, "{accredited}");
    // Without accreditation everybody is looked at.
    let (all, _) = count(&|draft| {
        alter(draft);
        switch_off(draft, "accreditation");
    });
    assert_eq!(all, sessions * people);
    // One session a day has none to clash with; two have one pair for each who could have them.
    let two = |draft: &mut Draft| {
        let row = |code: &str| session(code, "H1", "2027-03-02", "09:00", "12:30");
        draft.sessions = Some(vec![row("X1"), row("X2"), row("X3")]);
        switch_off(draft, "accreditation");
    };
    let (network, _) = Network::build(&with(two)).expect("a network without faults");
    let book = Rulebook::new(&network, day("2027-01-01")).expect("a rulebook");
    assert_eq!(clashes(&network, &book), 3 * network.consultants().len());
}
