//! Numbers at their ends: right or refused, never wrong.

use std::fs;

use serde_json::Value;

use crate::common::Run;
use crate::full::{FILES, Full, remove};

const TERMS: [&str; 19] = [
    "unfilled.must",
    "unfilled.should",
    "unfilled.could",
    "continuity",
    "named",
    "travel",
    "split_day",
    "fairness",
    "delivery",
    "preference",
    "change",
    "dark_clinic",
    "agreement_shortfall",
    "shared_shortfall",
    "cost",
    "people_used",
    "friday_pm",
    "first_day_back",
    "unfilled.must",
];

fn toml(from: &str, to: &str, weights: &str) -> String {
    format!(
        "name = \"Numbers\"\ncycle_anchor = 2027-03-01\n\n[horizon]\nfrom = {from}\nto = {to}\n\n[weights]\n{weights}"
    )
}

fn all_weights(points: i64) -> String {
    TERMS[..18].iter().map(|term| format!("\"{term}\" = {points}\n")).collect()
}

/// Plans with both engines; where they give a rota the audit must find the same points, and where both
/// have proven theirs they must be alike. Gives the points, or `None` where it was refused in words.
fn planned(full: &Full, said: &str) -> Option<f64> {
    let mut proven: Option<f64> = None;
    let mut points = None;
    for engine in ["compact", "plans"] {
        remove(&full.path("OUT"));
        let plan = full.run(&[
            "plan",
            "@DIR",
            "--out",
            "@OUT",
            "--json",
            "--engine",
            engine,
            "--today",
            "2027-01-10",
            "--time-limit",
            "20",
        ]);
        if plan.code == Some(2) {
            assert!(plan.err.contains("exactly"), "{said}: {plan:?}");
            assert!(!full.path("OUT").exists(), "{said}");
            return None;
        }
        let summary = json(&plan, said);
        let (objective, bound) = (number(&summary, "objective"), number(&summary, "bound"));
        assert!(bound <= objective, "{said}, {engine}: {summary}");
        let terms = summary["terms"].as_object().expect("terms").values();
        let sum: f64 = terms.map(|points| points.as_f64().expect("points")).sum();
        assert!((sum - objective).abs() < 0.1, "{said}, {engine}: {sum} and {objective}");
        let audit = full.run(&["audit", "@DIR", "@OUT", "--json", "--today", "2027-01-10"]);
        assert_eq!(number(&json(&audit, said), "objective"), objective, "{said}, {engine}");
        if summary["status"] == "optimal" {
            assert!(objective - bound < 1.0, "{said}, {engine}: {summary}");
            if let Some(other) = proven.replace(objective) {
                assert!((other - objective).abs() < 1.0, "{said}: {other} and {objective}");
            }
        }
        points = Some(objective);
    }
    points
}

fn json(run: &Run, said: &str) -> Value {
    assert_eq!(run.code, Some(0), "{said}: {run:?}");
    serde_json::from_str(&run.out).expect("JSON")
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().expect("a number")
}

#[test]
fn weights_from_nothing_to_the_most() {
    let full = Full::new();
    for points in [0, 1, 3, 1000, 999_999_999, 1_000_000_000] {
        full.write("network.toml", toml("2027-03-01", "2027-03-14", &all_weights(points)));
        let found = planned(&full, &format!("all weights {points}"));
        assert!(points > 1000 || found.is_some(), "{points}");
        assert!(points > 0 || found == Some(0.0), "nothing costs anything: {found:?}");
    }
    for term in &TERMS[..18] {
        full.write(
            "network.toml",
            toml("2027-03-01", "2027-03-14", &format!("\"{term}\" = 1000000000\n")),
        );
        planned(&full, &format!("{term} at its most"));
    }
}

#[test]
fn counts_that_would_not_fit() {
    let full = Full::new();
    full.write("network.toml", toml("2027-03-01", "2027-03-14", &all_weights(1_000_000_000)));
    for (file, from, to) in [
        ("preferences.csv", "9900001,-5", "9900001,-1000000000"),
        ("preferences.csv", "9900001,-5", "9900001,1000000000"),
        ("history.csv", "9900001,3,120,4", "9900001,1000000,0,10000"),
        ("consultants.csv", "RJ122,0.8", "RJ122,0.001"),
        ("agreements.csv", "1,20,420.50,56,20000", "1000000,1000000,1000000,10000,100000000"),
        ("cover.csv", "RJ1,320,1", "RJ1,320,1000000"),
    ] {
        let good = FILES.iter().find(|(name, _)| *name == file).expect("a file").1;
        assert!(good.contains(from), "{file} has no {from}");
        full.write(file, good.replace(from, to));
        planned(&full, &format!("{file}: {to}"));
        full.mend(file);
    }
    full.write("preferences.csv", "consultant,points\n9900001,-1000000000\n9900001,-1000000000\n");
    assert_eq!(planned(&full, "preferences beyond all"), None);
}

#[test]
fn horizons_from_a_day_to_two_years() {
    let full = Full::new();
    for (from, to, fits) in [
        ("2027-03-02", "2027-03-02", true),
        ("2028-02-29", "2028-02-29", true),
        ("2027-03-28", "2027-03-28", true),
        ("2026-12-28", "2027-01-03", true),
        ("2027-01-01", "2028-12-31", true),
        ("2027-01-01", "2029-01-01", false),
        ("9999-12-25", "9999-12-31", true),
        ("1900-01-01", "1900-01-07", true),
    ] {
        full.write("network.toml", toml(from, to, ""));
        for optional in ["pins.csv", "published.csv"] {
            remove(&full.dir().join(optional));
        }
        let check = full.run(&["check", "@DIR", "--today", "2027-01-10"]);
        assert_eq!(check.code, Some(if fits { 0 } else { 2 }), "{from} to {to}: {check:?}");
        let arguments =
            ["plan", "@DIR", "--out", "@OUT", "--time-limit", "5", "--today", "2027-01-10"];
        let plan = full.run(&arguments);
        assert_eq!(plan.code, check.code, "{from} to {to}: {plan:?}");
        if fits {
            let audit = full.run(&["audit", "@DIR", "@OUT", "--today", "2027-01-10"]);
            assert_eq!(audit.code, Some(0), "{from} to {to}: {audit:?}");
        }
    }
}

#[test]
fn none_and_one_of_everything() {
    let header = |text: &str| text.lines().next().expect("a header").to_owned() + "\n";
    let first =
        |text: &str| text.lines().take(2).map(|line| line.to_owned() + "\n").collect::<String>();
    for (keep, cut) in [("none", &header as &dyn Fn(&str) -> String), ("one", &first)] {
        for (file, text) in FILES.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let full = Full::new();
            full.write(file, cut(text));
            if ["consultants.csv", "clinics.csv", "sites.csv", "trusts.csv"].contains(file) {
                // What refers to those that went.
                for other in ["pins.csv", "published.csv", "clinic_changes.csv", "preferences.csv"]
                {
                    remove(&full.dir().join(other));
                }
            }
            let run = full.run(&["plan", "@DIR", "--out", "@OUT", "--today", "2027-01-10"]);
            assert!(matches!(run.code, Some(0 | 2)), "{keep} in {file}: {run:?}");
            if run.code == Some(0) {
                let audit = full.run(&["audit", "@DIR", "@OUT", "--today", "2027-01-10"]);
                assert_eq!(audit.code, Some(0), "{keep} in {file}: {audit:?}");
            }
        }
    }
    // Nothing but what must be there.
    let full = Full::new();
    for (file, text) in FILES {
        match *file {
            "network.toml" | "trusts.csv" | "sites.csv" => {}
            "consultants.csv" | "accreditations.csv" | "clinics.csv" => {
                full.write(file, header(text))
            }
            _ => remove(&full.dir().join(file)),
        }
    }
    let run = full.run(&["plan", "@DIR", "--out", "@OUT"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let rota = fs::read_to_string(full.path("OUT/rota.csv")).expect("a rota");
    assert_eq!(rota.lines().count(), 1, "{rota}");
    for arguments in [
        &["audit", "@DIR", "@OUT"][..],
        &["explain", "@DIR", "@OUT"],
        &["export", "@DIR", "@OUT", "--out", "@SENT"],
        &["report", "@DIR", "@OUT"],
        &["compare", "@OUT", "@OUT"],
        &["replan", "@DIR", "--from", "@OUT", "--out", "@OUT"],
        &["model", "@DIR", "--out", "@MODEL"],
    ] {
        let run = full.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    }
}

#[test]
fn generated_networks_at_the_ends_of_their_numbers() {
    let full = Full::new();
    for (numbers, may) in [
        ("1 1 1 1 1", true),
        ("1 1 1 1 104", true),
        ("0 1 1 1 1", false),
        ("1 0 1 1 1", false),
        ("1 1 0 1 1", false),
        ("1 1 1 0 1", false),
        ("1 1 1 1 0", false),
        ("1 1 1 1 105", false),
        ("99999999999 1 1 1 1", false),
        ("1 99999999999999999999999 1 1 1", false),
        ("-1 1 1 1 1", false),
    ] {
        let names = ["--consultants", "--sites", "--specialties", "--clinics", "--weeks"];
        let mut arguments = vec!["generate".to_owned(), "--out".to_owned(), "@MADE".to_owned()];
        for (name, number) in names.iter().zip(numbers.split(' ')) {
            arguments.push(format!("{name}={number}"));
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        remove(&full.path("MADE"));
        let run = full.run(&arguments);
        assert_eq!(run.code, Some(if may { 0 } else { 2 }), "{numbers}: {run:?}");
        if may {
            let check = full.run(&["check", "@MADE"]);
            assert_eq!(check.code, Some(0), "{numbers}: {check:?}");
        }
    }
}
