//! Auditing, comparing, replanning; the list of rules.

use crate::common::{Dataset, run};
use serde_json::Value;

const TODAY: [&str; 2] = ["--today", "2027-01-15"];

fn audit(dataset: &Dataset, rota: &str, more: &[&str]) -> crate::common::Run {
    std::fs::write(dataset.path("OUT-rota.csv"), rota).expect("written");
    let today = if more.contains(&"--today") { &[][..] } else { &TODAY };
    dataset.run(&[&["audit", "DIR", "OUT-rota.csv"], today, more].concat())
}

#[test]
fn an_edited_rota_that_breaks_a_rule() {
    let dataset = Dataset::small();
    let rota = "session,place,consultant\nDVH-A@2027-03-09,1,9900003\n";
    let run = audit(&dataset, rota, &[]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("leave (1)") && run.out.contains("Dr Cy Lane"), "{}", run.out);
    assert!(run.err.contains("no row for") && run.err.contains("count as empty"), "{}", run.err);

    let run = audit(&dataset, rota, &["--json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["keeps_every_rule"], false);
    assert_eq!(json["breaches"][0]["rule"], "leave");
    assert_eq!(json["breaches"][0]["consultant"], "9900003");
    assert_eq!(json["breaches"][0]["sessions"][0], "DVH-A@2027-03-09");
    assert!(json["terms"]["unfilled.must"].is_number(), "{json}");
}

#[test]
fn a_row_that_contradicts_its_session_is_told() {
    let dataset = Dataset::small();
    let rota = "session,consultant,date,start,site\nDVH-A@2027-03-02,9900003,03/03/2027,8:00,XX\n\
                DVH-A@2027-03-09,,2027-03-09,9:30,\n";
    let run = audit(&dataset, rota, &[]);
    let told: Vec<&str> = run.err.lines().filter(|line| line.contains("the row says")).collect();
    let wanted = "line 2, date: DVH-A@2027-03-02 has date 2027-03-02, and the row says 2027-03-03, one \
                  of 2 such rows; check that no column was sorted alone";
    assert!(told.len() == 1 && told[0].contains(wanted), "{}", run.err);
}

#[test]
fn the_points_of_plan_and_audit_are_the_same() {
    let dataset = Dataset::small();
    let planned = dataset.plan("OUT", &["--json"]);
    let planned: Value = serde_json::from_str(&planned.out).expect("JSON");
    let run = dataset.run(&["audit", "DIR", "OUT", "--json", "--today", "2027-01-15"]);
    let judged: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(planned["objective"], judged["objective"]);
    assert_eq!(planned["terms"], judged["terms"]);
    assert_eq!(judged["breaches"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_rota_with_faults() {
    let dataset = Dataset::small();
    for (row, words) in [
        ("DVH-A@2027-03-03,1,9900003", &["line 2, session", "did you mean DVH-A@2027-03-02?"][..]),
        ("DVH-A@2027-03-02,1,9900009", &["line 2, consultant", "did you mean"]),
        ("DVH-A@2027-03-02,2,9900003", &["line 2, place", "no place 2"]),
        ("DVH-A@2027-03-02,0,9900003", &["line 2, place"]),
        ("DVH-B@2027-03-03,1,9900003\nDVH-B@2027-03-03,1,9900001", &["line 3, place", "line 2"]),
    ] {
        let run = audit(&dataset, &format!("session,place,consultant\n{row}\n"), &[]);
        assert_eq!(run.code, Some(2), "{row}: {run:?}");
        assert!(run.err.contains("OUT-rota.csv"), "{}", run.err);
        for word in words {
            assert!(run.err.contains(word), "{row}: no {word:?} in {}", run.err);
        }
        assert!(run.out.is_empty(), "{run:?}");
    }
    // Faults of cells and of what they refer to are told together.
    let rota = "session,place,consultant,status\nDVH-A@2027-03-02,1,9900003,unfilled\n\
                OLD-X,1,9900001,\nDVH-A@2027-03-09,1,9900009,\n";
    let run = audit(&dataset, rota, &[]);
    for word in ["line 2, status", "line 3, session", "line 4, consultant", "3 faults"] {
        assert!(run.err.contains(word), "no {word:?} in {}", run.err);
    }
    for rota in ["", "session;place\n", "who,when\n1,2\n"] {
        let run = audit(&dataset, rota, &[]);
        assert_eq!(run.code, Some(2), "{rota:?}: {run:?}");
    }
    let run = dataset.run(&["audit", "DIR", "OUT-nowhere.csv"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("OUT-nowhere.csv"), "{run:?}");
}

#[test]
fn two_rotas_compared() {
    let dataset = Dataset::small();
    let rota = |who: [&str; 3]| {
        format!(
            "session,place,consultant\nDVH-A@2027-03-02,1,{}\nDVH-B@2027-03-03,1,{}\nGUY-C@2027-03-04,1,{}\n",
            who[0], who[1], who[2]
        )
    };
    std::fs::write(dataset.path("OUT-a.csv"), rota(["9900001", "9900002", ""])).expect("written");
    std::fs::write(dataset.path("OUT-b.csv"), rota(["9900003", "9900002", "9900001"]))
        .expect("written");
    let run = dataset.run(&["compare", "OUT-a.csv", "OUT-b.csv"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for word in ["2 places changed", "reassigned", "filled", "By person", "By clinic", "GUY-C"] {
        assert!(run.out.contains(word), "no {word:?} in {}", run.out);
    }
    let run = dataset.run(&["compare", "OUT-a.csv", "OUT-b.csv", "--csv"]);
    assert_eq!(
        run.out,
        "session,place,date,change,before,after\n\
         DVH-A@2027-03-02,1,,reassigned,9900001,9900003\n\
         GUY-C@2027-03-04,1,,filled,,9900001\n"
    );
    let run = dataset.run(&["compare", "OUT-a.csv", "OUT-b.csv", "--json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["changes"], 2);
    assert_eq!(json["places"][1]["after"], "9900001");
    let run = dataset.run(&["compare", "OUT-a.csv", "OUT-a.csv"]);
    assert_eq!(run.out, "No place changed.\n");
    // Names are shown where either rota has them.
    let named = "session,consultant,consultant_name\nDVH-A@2027-03-02,9900001,Dr Ada Moss\n";
    std::fs::write(dataset.path("OUT-named.csv"), named).expect("written");
    let run = dataset.run(&["compare", "OUT-named.csv", "OUT-b.csv"]);
    assert!(run.out.contains("9900001 Dr Ada Moss"), "{}", run.out);
    let run = dataset.run(&["compare", "OUT-a.csv", "OUT-nowhere"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[test]
fn replanning_changes_only_what_it_must() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &[]);
    let run = dataset.run(&[
        "replan",
        "DIR",
        "--from",
        "OUT",
        "--out",
        "OUT-same",
        "--today",
        "2027-02-28",
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("No place changed."), "{}", run.out);
    assert_eq!(dataset.read("OUT/rota.csv"), dataset.read("OUT-same/rota.csv"));

    // Somebody who had a session in the second week falls ill for it.
    let rota = dataset.read("OUT/rota.csv");
    let guy = rota.lines().find(|line| line.starts_with("GUY-C@2027-03-11")).expect("a row");
    let who = ["9900001", "9900002"].into_iter().find(|who| guy.contains(who)).expect("somebody");
    dataset.replace("leave.csv", "from,to\n", &format!("from,to\n{who},2027-03-11,2027-03-11\n"));
    let run = dataset.run(&[
        "replan",
        "DIR",
        "--from",
        "OUT/rota.csv",
        "--out",
        "OUT-next",
        "--today",
        "2027-02-28",
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for word in ["1 place changed", "GUY-C@2027-03-11", "By person", who] {
        assert!(run.out.contains(word), "no {word:?} in {}", run.out);
    }
}

#[test]
fn replanning_repairs_what_broke_and_keeps_the_rest() {
    let dataset = Dataset::small();
    let given_out = "session,place,consultant\n\
        DVH-A@2027-03-02,1,9900002\nDVH-A@2027-03-09,1,9900001\n\
        DVH-B@2027-03-03,1,9900001\nDVH-B@2027-03-03,2,9900003\n\
        GUY-C@2027-03-04,1,9900002\nGUY-C@2027-03-11,1,9900001\n";
    std::fs::write(dataset.path("OUT-given.csv"), given_out).expect("written");
    // An authority has lapsed, a clinic is cancelled on a day, and a new one is held.
    dataset.replace("authorisations.csv", "2027-03-05", "2027-03-01");
    dataset.write("clinic_changes.csv", "clinic,date,change\nGUY-C,2027-03-04,cancel\n");
    let clinics = std::fs::read_to_string(dataset.dir().join("clinics.csv")).expect("a file");
    dataset.write("clinics.csv", format!("{clinics}GUY-D,RJ122,320,fri,09:00,12:00,1,must\n"));
    let again = ["replan", "DIR", "--from", "OUT-given.csv", "--out", "OUT", "--json"];
    let run = dataset.run(&[&again[..], &["--today", "2027-02-20"]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.err.contains("OUT-given.csv, line 6, session"), "{}", run.err);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let changes = json["changes"].as_array().expect("a list");
    let change = |session: &str| {
        let found: Vec<&Value> = changes.iter().filter(|one| one["session"] == session).collect();
        found.iter().map(|one| one["change"].as_str().expect("a word")).collect::<Vec<_>>()
    };
    // Who has no authority any more goes, and only they.
    assert_eq!(change("DVH-A@2027-03-02"), ["reassigned"], "{changes:?}");
    assert_eq!(change("GUY-C@2027-03-04"), ["removed"]);
    assert_eq!(change("GUY-D@2027-03-05"), ["added"]);
    assert_eq!(change("GUY-D@2027-03-12"), ["added"]);
    for kept in ["DVH-A@2027-03-09", "DVH-B@2027-03-03", "GUY-C@2027-03-11"] {
        assert_eq!(change(kept), [] as [&str; 0], "{kept}: {changes:?}");
    }
    let audit = dataset.run(&["audit", "DIR", "OUT", "--today", "2027-02-20"]);
    assert_eq!(audit.code, Some(0), "{audit:?}");
}

#[test]
fn an_illness_at_the_flagship_changes_what_it_must() {
    let dataset = Dataset::of_repository("gstt-dartford");
    let today = ["--today", "2027-03-01"];
    let planned = dataset.run(
        &[&["plan", "DIR", "--out", "OUT", "--time-limit", "2", "--json"], &today[..]].concat(),
    );
    assert_eq!(planned.code, Some(0), "{planned:?}");
    // Whoever has the most sessions in the week from tomorrow.
    let rota = dataset.read("OUT/rota.csv");
    let week = ["02", "03", "04", "05", "06", "07", "08"].map(|day| format!("2027-03-{day}"));
    let busy = |who: &&str| {
        let in_week = |line: &&str| week.iter().any(|day| line.contains(&format!(",{day},")));
        rota.lines().filter(in_week).filter(|line| line.contains(&format!(",{who},"))).count()
    };
    let people: Vec<&str> =
        rota.lines().skip(1).filter_map(|line| line.split(',').nth(9)).collect();
    let ill = people.into_iter().filter(|who| !who.is_empty()).max_by_key(busy).expect("somebody");
    let lost = busy(&ill);
    assert!(lost > 0);
    let leave = std::fs::read_to_string(dataset.dir().join("leave.csv")).expect("a file");
    dataset.write("leave.csv", format!("{leave}{ill},2027-03-02,2027-03-08,all,sick\n"));

    let again = ["replan", "DIR", "--from", "OUT", "--out", "OUT2", "--json"];
    let run = dataset.run(&[&again[..], &today].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["status"], "optimal");
    let changes = json["changes"].as_array().expect("a list");
    let of_ill = |one: &&Value| one["before"] == ill;
    assert_eq!(changes.iter().filter(of_ill).count(), lost, "{changes:?}");
    // What is left of the rota, and what can't stand in it: with one fewer at work, somebody else may be
    // needed on base.
    let left: String = rota
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let is_lost = cells[9] == ill && week.iter().any(|day| day == cells[3]);
            format!("{},{},{}\n", cells[0], cells[1], if is_lost { "" } else { cells[9] })
        })
        .collect();
    let left = audit(
        &dataset,
        &format!("session,place,consultant\n{left}"),
        &["--json", "--today", "2027-03-01"],
    );
    let left: Value = serde_json::from_str(&left.out).expect("JSON");
    let breaches = left["breaches"].as_array().expect("a list").iter();
    let broken: Vec<&Value> =
        breaches.flat_map(|breach| breach["sessions"].as_array().expect("a list")).collect();
    for one in changes {
        let day = one["date"].as_str().expect("a date");
        let is_theirs = one["before"] == ill && week.iter().any(|one| one == day);
        // What they leave free may fill a place that was empty; nobody else is touched.
        let must = is_theirs || one["before"].is_null() || broken.contains(&&one["session"]);
        assert!(must, "{one}");
    }
    let audit = dataset.run(&[&["audit", "DIR", "OUT2"], &today[..]].concat());
    assert_eq!(audit.code, Some(0), "{audit:?}");
}

#[test]
fn people_who_left_and_sessions_that_are_gone_are_told() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &[]);
    let rota = dataset.read("OUT/rota.csv").replace("GUY-C@2027-03-04", "OLD-X@2027-03-04");
    std::fs::write(dataset.path("OUT-old.csv"), rota).expect("written");
    for file in ["consultants.csv", "accreditations.csv", "leave.csv"] {
        let text = std::fs::read_to_string(dataset.dir().join(file)).expect("a file");
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("9900003")).collect();
        dataset.write(file, kept.join("\n") + "\n");
    }
    let run = dataset.run(&[
        "replan",
        "DIR",
        "--from",
        "OUT-old.csv",
        "--out",
        "OUT2",
        "--today",
        "2027-02-28",
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.err.contains("9900003") && run.err.contains("OLD-X@2027-03-04"), "{}", run.err);
    assert!(run.err.contains("OUT-old.csv, line"), "{}", run.err);
    assert!(run.out.contains("removed") && run.out.contains("added"), "{}", run.out);
}

#[test]
fn the_list_of_rules() {
    let run = run(&["rules"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for word in ["travel-time", "slack_minutes", "unfilled.must", "10000"] {
        assert!(run.out.contains(word), "no {word:?}");
    }
    let dataset = Dataset::small();
    dataset.replace(
        "network.toml",
        "[horizon]",
        "[weights]\nnamed = 0\n\n[rules.rest]\nenabled = false\n\n[rules.travel-time]\nslack_minutes = 25\n\n[horizon]",
    );
    let run = dataset.run(&["rules", "DIR"]);
    for word in [
        "rest (off)",
        "named (off)",
        "slack_minutes = 25 (default 15)",
        "max-days (off)",
        "agreement (off: there is no agreements.csv)",
        "  leave\n",
    ] {
        assert!(run.out.contains(word), "no {word:?} in {}", run.out);
    }
    let run = dataset.run(&["rules", "DIR", "--json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let on = |id: &str| {
        let mut rules = json.as_array().expect("a list").iter();
        rules.find(|rule| rule["id"] == id).expect("a rule")["on"].clone()
    };
    let expected = [("rest", false), ("leave", true), ("max-days", false), ("pins", false)];
    assert_eq!(expected.map(|(id, _)| on(id)), expected.map(|(_, on)| Value::from(on)));
    let markdown = dataset.run(&["rules", "--markdown"]);
    assert!(markdown.out.starts_with("# Rules and terms"), "{}", markdown.out);
}

#[test]
fn help_is_there_for_everybody() {
    for command in ["check", "plan", "replan", "audit", "compare", "rules", "model", "generate"] {
        let run = run(&[command, "--help"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.out.contains("Examples:") && run.out.contains("Exit codes:"), "{}", run.out);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_early_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_rotashare"))
        .args(["rules", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
}
