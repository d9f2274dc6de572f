//! Every class of fault: a clear message, exit code 2, nothing written.

use crate::common::{Dataset, names, run};

/// Checks that `check` and `plan` both end with code 2 and these words, and write nothing.
fn is_a_fault(dataset: &Dataset, words: &[&str]) {
    for arguments in [&["check", "DIR"][..], &["plan", "DIR", "--out", "OUT"]] {
        let run = dataset.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        for word in words {
            assert!(run.err.contains(word), "no {word:?} in {}", run.err);
        }
        assert!(run.err.contains("fault"), "{}", run.err);
    }
    assert!(!dataset.path("OUT").exists());
}

#[test]
fn a_column_renamed() {
    let dataset = Dataset::small();
    dataset.replace("consultants.csv", "base_site", "base");
    is_a_fault(&dataset, &["consultants.csv", "base_site"]);
}

#[test]
fn a_date_that_is_none() {
    let dataset = Dataset::small();
    dataset.write("leave.csv", "consultant,from,to\n9900003,31/02/2027,2027-03-12\n");
    is_a_fault(&dataset, &["leave.csv, line 2, from", "31/02/2027"]);
}

#[test]
fn a_site_that_does_not_exist() {
    let dataset = Dataset::small();
    dataset.replace("clinics.csv", "DVH-A,RN707", "DVH-A,RN77");
    is_a_fault(&dataset, &["clinics.csv, line 2, site", "RN77", "did you mean RN707?"]);
}

#[test]
fn a_duplicate_id() {
    let dataset = Dataset::small();
    dataset.replace("consultants.csv", "9900002,Dr Ben Reed", "9900001,Dr Ben Reed");
    is_a_fault(&dataset, &["consultants.csv, line 3", "9900001", "line 2"]);
}

#[test]
fn a_binary_file() {
    let dataset = Dataset::small();
    let bytes: Vec<u8> =
        (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    dataset.write("sites.csv", bytes);
    is_a_fault(&dataset, &["sites.csv"]);
}

#[test]
fn an_empty_file() {
    let dataset = Dataset::small();
    dataset.write("trusts.csv", "");
    is_a_fault(&dataset, &["trusts.csv"]);
}

#[test]
fn a_file_with_nothing_but_its_header() {
    for file in ["trusts.csv", "sites.csv", "consultants.csv"] {
        let dataset = Dataset::small();
        let text = std::fs::read_to_string(dataset.dir().join(file)).expect("a file");
        dataset.write(file, text.lines().next().unwrap_or_default());
        is_a_fault(&dataset, &[file]);
    }
}

#[test]
fn a_file_that_must_be_there() {
    let dataset = Dataset::small();
    std::fs::remove_file(dataset.dir().join("accreditations.csv")).expect("removed");
    is_a_fault(&dataset, &["accreditations.csv"]);
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let dataset = Dataset::small();
    let line = "9900001,2027-03-01,2027-03-02\n";
    dataset.write(
        "leave.csv",
        format!("consultant,from,to\n{}", line.repeat(100_000_000 / line.len())),
    );
    let run = dataset.run(&["check", "DIR"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("leave.csv"), "{}", run.err);
}

#[test]
fn all_faults_together() {
    let dataset = Dataset::small();
    dataset.replace("clinics.csv", "DVH-A,RN707", "DVH-A,RN77");
    dataset.replace("leave.csv", "2027-03-12", "2027-02-12");
    dataset.replace("network.toml", "[horizon]", "[weights]\ncontinuty = 60\n\n[horizon]");
    is_a_fault(&dataset, &["RN707", "leave.csv, line 2", "faults"]);
}

#[test]
fn an_unknown_rule_or_weight() {
    let dataset = Dataset::small();
    dataset.replace(
        "network.toml",
        "[horizon]",
        "[weights]\ncontinuty = 60\n\n[rules.travel-tme]\nslack_minutes = 5\n\n[horizon]",
    );
    is_a_fault(&dataset, &["continuty", "did you mean continuity?", "did you mean travel-time?"]);
    let dataset = Dataset::small();
    dataset.replace("network.toml", "[horizon]", "[rules.rset]\n\n[horizon]");
    is_a_fault(&dataset, &["network.toml, line 3, rules.rset", "did you mean rest?"]);
}

#[test]
fn a_pin_that_breaks_a_rule() {
    let dataset = Dataset::small();
    dataset.write("pins.csv", "session,consultant\nDVH-A@2027-03-09,9900003\n");
    is_a_fault(&dataset, &["pins.csv, line 2", "leave"]);
}

#[test]
fn faults_as_json() {
    let dataset = Dataset::small();
    dataset.replace("clinics.csv", "DVH-A,RN707", "DVH-A,RN77");
    let run = dataset.run(&["check", "DIR", "--json"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["faults"][0]["file"], "clinics.csv");
    assert_eq!(json["faults"][0]["line"], 2);
    assert_eq!(json["faults"][0]["value"], "RN77");
}

#[test]
fn a_folder_that_is_not_there() {
    let dataset = Dataset::small();
    for command in ["check", "plan", "model", "rules"] {
        let mut arguments = vec![command, "OUT-nowhere"];
        if ["plan", "model"].contains(&command) {
            arguments.extend(["--out", "OUT"]);
        }
        let run = dataset.run(&arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("OUT-nowhere"), "{run:?}");
        assert!(run.out.is_empty(), "{run:?}");
    }
    assert!(!dataset.path("OUT").exists());
}

#[test]
fn an_output_folder_that_cannot_be() {
    let dataset = Dataset::small();
    std::fs::write(dataset.path("OUT-file"), "mine").expect("written");
    let before = names(&dataset.dir());
    for out in ["OUT-file", "OUT-file/out", "/dev/null/out", "DIR", "/proc/rotashare-out"] {
        let run = dataset.run(&["plan", "DIR", "--out", out]);
        assert_eq!(run.code, Some(2), "{out}: {run:?}");
        assert!(run.err.starts_with("rotashare: "), "{out}: {run:?}");
    }
    assert_eq!(names(&dataset.dir()), before);
    assert_eq!(dataset.read("OUT-file"), "mine");
    for (command, out) in [("model", "/dev/null/x.mps"), ("model", "DIR")] {
        let run = dataset.run(&[command, "DIR", "--out", out]);
        assert_eq!(run.code, Some(2), "{out}: {run:?}");
    }
}

#[test]
fn an_output_file_that_is_read() {
    let dataset = Dataset::small();
    let inside = |name: &str| dataset.dir().join(name).display().to_string();
    let before = dataset.read("dataset/clinics.csv");
    let run = dataset.run(&["model", "DIR", "--out", &inside("clinics.csv")]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("it is a file that is read; name another"), "{run:?}");
    dataset.plan("OUT", &[]);
    let rota = dataset.read("OUT/rota.csv");
    for file in ["OUT/rota.csv", &inside("cover.csv")] {
        let run = dataset.run(&["report", "DIR", "OUT/rota.csv", "--svg", file]);
        assert_eq!(run.code, Some(2), "{file}: {run:?}");
    }
    let run = dataset.run(&["report", "DIR", "OUT", "--svg", "OUT.svg", "--png", "OUT.svg"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(dataset.read("OUT/rota.csv"), rota);
    assert_eq!(dataset.read("dataset/clinics.csv"), before);
    // What is not read may be beside it.
    let run = dataset.run(&["model", "DIR", "--out", &inside("model.mps")]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn wrong_arguments() {
    for arguments in [
        &["plan"][..],
        &["plan", "x", "--out", "y", "--time-limit", "-1"],
        &["plan", "x", "--out", "y", "--time-limit", "nan"],
        &["plan", "x", "--out", "y", "--threads", "0"],
        &["plan", "x", "--out", "y", "--today", "31/02/2027"],
        &["plan", "x", "--out", "y", "--solver", "cplex"],
        &["fly"],
        &[
            "generate",
            "--consultants",
            "0",
            "--sites",
            "1",
            "--specialties",
            "1",
            "--clinics",
            "1",
            "--weeks",
            "1",
            "--out",
            "/tmp/rotashare-never",
        ],
    ] {
        let run = run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(!run.err.is_empty());
    }
}
