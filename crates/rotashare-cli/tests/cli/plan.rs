//! From a folder to a result: its files, its report, its audit.

use crate::common::{Dataset, names};
use serde_json::Value;

fn summary(dataset: &Dataset, out: &str) -> Value {
    serde_json::from_str(&dataset.read(&format!("{out}/summary.json"))).expect("JSON")
}

#[test]
fn a_plan_is_written_whole_and_keeps_every_rule() {
    let dataset = Dataset::small();
    let run = dataset.plan("OUT", &[]);
    assert_eq!(names(&dataset.path("OUT")), ["gaps.csv", "rota.csv", "summary.json"]);
    assert!(run.err.is_empty(), "{}", run.err);
    for word in ["Two trusts", "Cardiology", "Darent Valley", "Points", "Proven", "OUT"] {
        assert!(run.out.contains(word), "no {word:?} in {}", run.out);
    }
    let summary = summary(&dataset, "OUT");
    assert_eq!(summary["status"], "optimal");
    assert_eq!(summary["objective"], summary["bound"]);
    // In the second week only one of the three may work at Darent Valley.
    assert_eq!(summary["places"], 8);
    assert_eq!(summary["unfilled"], 1);
    let audit = dataset.run(&["audit", "DIR", "OUT/rota.csv", "--today", "2027-01-15"]);
    assert_eq!(audit.code, Some(0), "{audit:?}");
    assert!(audit.out.contains("keeps every rule"), "{}", audit.out);
}

#[test]
fn the_gaps_say_why() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &[]);
    let gaps = dataset.read("OUT/gaps.csv");
    assert!(gaps.starts_with("session,place,consultant,reason,detail\n"), "{gaps}");
    assert!(gaps.contains("DVH-B@2027-03-10,2,9900002,authorisation,"), "{gaps}");
    assert!(gaps.contains("DVH-B@2027-03-10,2,9900003,leave,"), "{gaps}");
}

#[test]
fn the_commonest_reason_is_that_of_people_trained_for_it() {
    let dataset = Dataset::small();
    dataset.write(
        "accreditations.csv",
        "consultant,specialty,subspecialty\n9900001,320,\n9900002,320,\n9900003,320,Echo\n",
    );
    dataset.write(
        "clinics.csv",
        "clinic,site,specialty,subspecialty,weekday,start,end\nECHO,RN707,320,Echo,tue,09:00,13:00\n\
         MRI,RN707,320,MRI,wed,09:00,13:00\n",
    );
    let out = dataset.plan("OUT", &[]).out;
    let reason = |clinic: &str| {
        let line = out.lines().find(|line| line.trim_start().starts_with(clinic));
        line.and_then(|line| line.split_whitespace().last()).map(str::to_owned)
    };
    // Two are not trained, the third is on leave; for the other clinic nobody is.
    assert_eq!(reason("ECHO").as_deref(), Some("leave"), "{out}");
    assert_eq!(reason("MRI").as_deref(), Some("accreditation"), "{out}");
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let dataset = Dataset::small();
    dataset.plan("OUT1", &["--threads", "1"]);
    dataset.plan("OUT2", &["--threads", "2"]);
    for file in ["rota.csv", "gaps.csv"] {
        assert_eq!(dataset.read(&format!("OUT1/{file}")), dataset.read(&format!("OUT2/{file}")));
    }
}

#[test]
fn the_engines_prove_the_same_points() {
    let dataset = Dataset::small();
    let objective = |engine: &str| {
        dataset.plan("OUT", &["--engine", engine]);
        let summary = summary(&dataset, "OUT");
        assert_eq!((&summary["status"], &summary["engine"]), (&"optimal".into(), &engine.into()));
        summary["objective"].clone()
    };
    assert_eq!(objective("plans"), objective("compact"));
}

#[test]
fn the_partnerships_are_proven() {
    let partnerships =
        ["gstt-dartford", "derby-burton", "cambridge-west-suffolk", "brighton-surrey-sussex"];
    for name in partnerships {
        let dataset = Dataset::of_repository(name);
        dataset.plan("OUT", &["--work-limit", "40"]);
        assert_eq!(summary(&dataset, "OUT")["ended_by"], "proof", "{name}");
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let dataset = Dataset::small();
    dataset.plan("OUT1", &[]);
    for file in ["consultants.csv", "clinics.csv", "sites.csv"] {
        let text = std::fs::read_to_string(dataset.dir().join(file)).expect("a file");
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        dataset.write(file, lines.join("\n") + "\n");
    }
    dataset.plan("OUT2", &[]);
    assert_eq!(dataset.read("OUT1/rota.csv"), dataset.read("OUT2/rota.csv"));
}

#[test]
fn a_summary_as_json() {
    let dataset = Dataset::small();
    let run = dataset.plan("OUT", &["--json", "--seed", "7"]);
    let printed: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(printed, summary(&dataset, "OUT"));
    assert_eq!(printed["seed"], 7);
    assert_eq!(printed["engine"].as_str().map(str::is_empty), Some(false));
}

#[test]
fn a_window_of_the_horizon() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &["--from", "2027-03-01", "--to", "07/03/2027"]);
    let rota = dataset.read("OUT/rota.csv");
    assert!(rota.contains("DVH-A@2027-03-02") && !rota.contains("DVH-A@2027-03-09"), "{rota}");
    let run = dataset.run(&["plan", "DIR", "--out", "OUT2", "--from", "2027-04-01"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[test]
fn pins_on_sessions_outside_the_window_are_left_out_and_told() {
    let dataset = Dataset::small();
    dataset.write(
        "sessions.csv",
        "session,site,specialty,date,start,end\nEXTRA-1,RN707,320,2027-03-12,14:00,17:00\n",
    );
    dataset.write("pins.csv", "session,consultant\nEXTRA-1,9900001\nGUY-C@2027-03-11,9900001\n");
    let run = dataset.plan("OUT", &["--to", "2027-03-07"]);
    for word in ["pins.csv, line 2", "pins.csv, line 3", "outside the horizon"] {
        assert!(run.err.contains(word), "no {word:?} in {}", run.err);
    }
    dataset.plan("OUT", &[]);
    assert!(dataset.read("OUT/rota.csv").contains("9900001,Dr Ada Moss,RJ1,yes"));
}

#[test]
fn a_rota_longer_than_the_window_can_be_pinned() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &[]);
    let rota = dataset.path("OUT/rota.csv").display().to_string();
    let run = dataset.plan("OUT2", &["--to", "2027-03-07", "--pin-from", &rota]);
    assert!(run.err.contains("outside the horizon") && run.err.contains(&rota), "{}", run.err);
    let (whole, part) = (dataset.read("OUT/rota.csv"), dataset.read("OUT2/rota.csv"));
    let people = |rota: &str| -> Vec<String> {
        let rows = rota.lines().filter(|line| line.contains("2027-03-0"));
        rows.map(|line| line.split(',').nth(9).unwrap_or_default().to_owned()).collect()
    };
    let pinned = people(&part);
    assert_eq!(people(&whole)[..pinned.len()], pinned);
}

#[test]
fn a_window_without_a_session_is_an_empty_rota() {
    let dataset = Dataset::small();
    let run = dataset.plan("OUT", &["--from", "2027-03-06", "--to", "2027-03-07"]);
    assert!(run.out.contains("0 of 0 places filled"), "{}", run.out);
    assert_eq!(summary(&dataset, "OUT")["status"], "optimal");
}

#[test]
fn a_time_limit_of_nothing_is_still_a_rota() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &["--time-limit", "0"]);
    let audit = dataset.run(&["audit", "DIR", "OUT", "--today", "2027-01-15"]);
    assert_eq!(audit.code, Some(0), "{audit:?}");
    let summary = summary(&dataset, "OUT");
    let number = |key: &str| summary[key].as_f64().expect("a number");
    assert!(number("bound") <= number("objective"));
    let proven = number("objective") - number("bound") < 1.0;
    assert_eq!(summary["status"], if proven { "optimal" } else { "feasible" });
    assert_eq!(summary["ended_by"], if proven { "proof" } else { "time-limit" });
}

#[test]
fn a_work_limit_ends_with_the_same_rota_on_any_number_of_threads() {
    let sizes = "--consultants 70 --sites 6 --specialties 3 --clinics 42 --weeks 4 --seed 3";
    let dataset = generated(sizes);
    let plan = |units: &str, threads: &str| {
        dataset.plan("OUT", &["--work-limit", units, "--threads", threads]);
        let mut summary = summary(&dataset, "OUT");
        summary.as_object_mut().expect("an object").remove("seconds");
        (summary, dataset.read("OUT/rota.csv"))
    };
    let one = plan("0.5", "1");
    is_feasible(&dataset, &one.0);
    assert_eq!(one.0["ended_by"], "work-limit");
    assert_eq!((&one.0["time_limit"], &one.0["work_limit"]), (&Value::Null, &0.5.into()));
    for threads in ["2", "3", "5"] {
        assert_eq!(one, plan("0.5", threads), "{threads} threads");
    }
    let more = plan("2", "2").0;
    let gap = |summary: &Value| summary["gap"].as_f64().expect("a number");
    assert!(gap(&more) < gap(&one.0), "{more} after {}", one.0);
    assert!(plan("0", "2").0["status"] == "feasible");
}

#[test]
fn a_work_limit_that_cannot_be_kept_is_refused() {
    let dataset = Dataset::small();
    let plan = |more: &[&str]| dataset.run(&[&["plan", "DIR", "--out", "OUT"], more].concat());
    let run = plan(&["--work-limit", "1", "--engine", "compact"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("does not count its work; take --time-limit"), "{run:?}");
    for wrong in ["-1", "much", "1e99", "NaN"] {
        let run = plan(&[&format!("--work-limit={wrong}")]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("write a number of units"), "{run:?}");
    }
}

/// A network that takes minutes to the proof.
fn large() -> Dataset {
    generated("--consultants 80 --sites 8 --specialties 1 --clinics 48 --weeks 4 --seed 1")
}

/// A synthetic network of these sizes.
fn generated(sizes: &str) -> Dataset {
    let dataset = Dataset::small();
    std::fs::remove_dir_all(dataset.dir()).expect("removed");
    let sizes: Vec<&str> = sizes.split(' ').collect();
    let run = dataset.run(&[&["generate", "--out", "DIR"], &sizes[..]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    dataset
}

/// What holds of a search that was cut short.
fn is_feasible(dataset: &Dataset, summary: &Value) {
    assert_eq!(summary["status"], "feasible", "{summary}");
    assert!(summary["bound"].as_f64() < summary["objective"].as_f64(), "{summary}");
    let audit = dataset.run(&["audit", "DIR", "OUT", "--today", "2027-01-15"]);
    assert_eq!(audit.code, Some(0), "{audit:?}");
}

#[test]
fn the_summary_says_what_ended_the_search() {
    let dataset = Dataset::small();
    for (flags, limit) in [
        (&[][..], 60.into()),
        (&["--time-limit", "12.5"], 12.5.into()),
        (&["--time-limit", "none"], Value::Null),
    ] {
        dataset.plan("OUT", flags);
        let summary = summary(&dataset, "OUT");
        assert_eq!((&summary["ended_by"], &summary["time_limit"]), (&"proof".into(), &limit));
    }

    // Weights beyond what prices can have leave the plain bound, with or without a clock.
    let settings = std::fs::read_to_string(dataset.dir().join("network.toml")).expect("a file");
    dataset.write("network.toml", settings + "\n[weights]\nnamed = 0\ntravel = 100000000\n");
    for limit in ["none", "60"] {
        let run = dataset.plan("OUT", &["--time-limit", limit]);
        let summary = summary(&dataset, "OUT");
        is_feasible(&dataset, &summary);
        assert_eq!(summary["ended_by"], "work-limit");
        assert!(run.out.contains("as far as it goes"), "{}", run.out);
    }

    let dataset = large();
    let run = dataset.plan("OUT", &["--time-limit", "0.5"]);
    let summary = summary(&dataset, "OUT");
    is_feasible(&dataset, &summary);
    assert_eq!(summary["ended_by"], "time-limit");
    assert_eq!(summary["time_limit"], 0.5);
    assert!(run.out.contains("ended at the time limit"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_the_best_rota_so_far_and_says_so() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let dataset = large();
    // Before the search begins an interrupt ends the program: on a slow machine it is tried later.
    for seconds in [2, 10, 40] {
        let child = Command::new(env!("CARGO_BIN_EXE_rotashare"))
            .arg("plan")
            .arg(dataset.dir())
            .arg("--out")
            .arg(dataset.path("OUT"))
            .args(["--time-limit", "none", "--today", "2027-01-15"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_secs(seconds));
        let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        let output = child.wait_with_output().expect("it ends");
        if output.status.signal().is_some() {
            assert!(!dataset.path("OUT").exists());
            continue;
        }
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let summary = summary(&dataset, "OUT");
        is_feasible(&dataset, &summary);
        assert_eq!(summary["ended_by"], "interrupt");
        assert_eq!(summary["time_limit"], Value::Null);
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(out.contains("was interrupted"), "{out}");
        return;
    }
    panic!("the search never began");
}

#[test]
fn pins_from_an_edited_rota_are_kept_or_named() {
    let dataset = Dataset::small();
    let cells = "session,place,consultant\nDVH-A@2027-03-02,1,9900002\n";
    std::fs::write(dataset.path("OUT-edited.csv"), cells).expect("written");
    let edited = dataset.path("OUT-edited.csv").display().to_string();
    dataset.plan("OUT", &["--pin-from", &edited]);
    let rota = dataset.read("OUT/rota.csv");
    let line = rota.lines().find(|line| line.starts_with("DVH-A@2027-03-02")).expect("a row");
    assert!(line.contains("9900002"), "{line}");

    dataset.write("pins.csv", "session,consultant,pin\nDVH-A@2027-03-02,9900002,no\n");
    let run = dataset.run(&["plan", "DIR", "--out", "OUT2", "--pin-from", &edited]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("OUT-edited.csv, line 2"), "{}", run.err);
    assert!(run.err.contains("line 2 of pins.csv says no"), "{}", run.err);

    let cells = "session,place,consultant\nDVH-A@2027-03-09,1,9900003\n";
    std::fs::write(dataset.path("OUT-edited.csv"), cells).expect("written");
    std::fs::remove_file(dataset.dir().join("pins.csv")).expect("removed");
    let run = dataset.run(&["plan", "DIR", "--out", "OUT2", "--pin-from", &edited]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("leave") && run.err.contains("9900003"), "{}", run.err);
    assert!(!dataset.path("OUT2").exists());
}

#[test]
fn an_earlier_result_is_replaced_whole() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &[]);
    let first = dataset.read("OUT/rota.csv");
    dataset.replace("leave.csv", "9900003", "9900001");
    dataset.plan("OUT", &[]);
    assert_ne!(dataset.read("OUT/rota.csv"), first);
    assert_eq!(names(&dataset.path("OUT")), ["gaps.csv", "rota.csv", "summary.json"]);
}

#[test]
fn a_model_for_any_other_solver() {
    let dataset = Dataset::small();
    let run = dataset.run(&["model", "DIR", "--out", "OUT.mps"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = dataset.read("OUT.mps");
    assert!(text.starts_with("NAME") && text.trim_end().ends_with("ENDATA"), "{text}");
    assert!(text.contains("x[9900001,DVH-A@2027-03-02]"), "{text}");
}
