//! `import` as people run it: the example exports, and what goes wrong.

#[expect(dead_code, reason = "another suite uses the rest")]
#[path = "cli/common.rs"]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{Run, names, run};
use serde_json::Value;
use tempfile::TempDir;

/// The example exports in the order in which they build on each other.
const EXPORTS: [(&str, &str); 5] = [
    ("job-plans-rj1.csv", "job-plans-rj1.toml"),
    ("weekly-rota-rn7.xlsx", "weekly-rota-rn7.toml"),
    ("clinics-rn7.xls", "clinics-rn7.toml"),
    ("leave-rj1.txt", "leave-rj1.toml"),
    ("leave-grid-rn7.ods", "leave-grid-rn7.toml"),
];

fn exports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/exports")
}

/// A folder with the base of the example exports in `network`.
struct Work(TempDir);

impl Work {
    fn new() -> Self {
        let work = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::create_dir(work.network()).expect("a folder");
        for entry in fs::read_dir(exports().join("base")).expect("the base") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, work.network().join(path.file_name().expect("a name")))
                .expect("copied");
        }
        work
    }

    /// With all example exports imported.
    fn whole() -> Self {
        static WHOLE: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
        let files = WHOLE.get_or_init(|| {
            let work = Self::new();
            for (export, mapping) in EXPORTS {
                let run = work.import(export, &exports().join(mapping).display().to_string(), &[]);
                assert_eq!(run.code, Some(0), "{run:?}");
            }
            work.bytes()
        });
        let work = Self::new();
        for (name, bytes) in files {
            fs::write(work.network().join(name), bytes).expect("a written file");
        }
        work
    }

    fn network(&self) -> PathBuf {
        self.0.path().join("network")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file beside the dataset; gives its path.
    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).expect("a written file");
        self.path(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.network().join(name)).expect("a file of the dataset")
    }

    /// Imports an example export, or a file of one's own.
    fn import(&self, export: &str, mapping: &str, more: &[&str]) -> Run {
        let path =
            if export.contains('/') { PathBuf::from(export) } else { exports().join(export) };
        let (path, out) = (path.display().to_string(), self.network().display().to_string());
        run(&[&["import", &path, "--mapping", mapping, "--out", &out][..], more].concat())
    }

    /// All bytes of the dataset.
    fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        let read = |name: String| {
            let bytes = fs::read(self.network().join(&name)).expect("a file");
            (name, bytes)
        };
        names(&self.network()).into_iter().map(read).collect()
    }
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).expect("JSON")
}

#[test]
fn every_example_export_imports_with_its_mapping_alone_and_plans_to_the_end() {
    let work = Work::whole();
    let dir = work.network().display().to_string();
    let out = work.path("out").display().to_string();
    let check = run(&["check", &dir]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(check.out.contains("13 consultants"), "{}", check.out);
    let plan = run(&["plan", &dir, "--out", &out, "--today", "2027-01-15", "--time-limit", "none"]);
    assert_eq!(plan.code, Some(0), "{plan:?}");
    let summary = fs::read_to_string(work.path("out/summary.json")).expect("a summary");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["status"], "optimal");
    assert_eq!((&summary["places"], &summary["filled"]), (&39.into(), &38.into()));

    // What was in the exports is in the dataset.
    let consultants = work.read("consultants.csv");
    assert!(consultants.contains("9930101,Dr Siân Alderwick,RJ1,RJ122,1.0,MTWTF--,00412087"));
    assert!(consultants.contains("9930105,Prof José Quillfeather,RJ1,RJ121,0.6"));
    assert!(consultants.contains("9930201,Dr Amina Khalidor,RN7,RN707,1.0,MTW-F--"));
    let leave = work.read("leave.csv");
    assert!(leave.contains("9930104,2027-03-15,2027-03-15,am,annual"));
    assert!(leave.contains("9930202,2027-03-08,2027-03-12,all,annual"));
    assert!(leave.contains("9930204,2027-03-19,2027-03-19,pm,annual"));
    assert!(!leave.contains("2027-03-22"), "leave that was declined, or a hot week: {leave}");
    assert!(work.read("on_call.csv").contains("9930201,2027-03-22,2027-03-25,hot-week"));
    let clinics = work.read("clinics.csv");
    assert!(
        clinics.contains("DVPAE03,RN707,420,thursday,13:30,17:00,\"nth:1,3\",1,should,9930107")
    );
    assert!(!clinics.contains("DVCAR05"));
    let duties = work.read("job_plans.csv");
    assert!(
        duties.contains("9930102,tuesday,13:30,17:30,\"cycle:1,3/4\",DCC: Echo list,RJ122,fixed")
    );
    assert!(duties.contains("9930201,wednesday,13:30,17:30,\"cycle:2,4/4\",MDT"));
    assert!(duties.contains("9930203,monday,13:30,17:30,all,Clinic"));
}

#[test]
fn importing_again_changes_nothing() {
    let work = Work::whole();
    let before = work.bytes();
    for (export, mapping) in EXPORTS {
        let run = work.import(export, &exports().join(mapping).display().to_string(), &[]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.out.contains("stays as it is"), "{}", run.out);
    }
    assert_eq!(work.bytes(), before);
}

#[test]
fn the_order_of_imports_of_different_trusts_does_not_matter_to_what_is_in() {
    let work = Work::whole();
    let sorted = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    let before =
        ["consultants.csv", "job_plans.csv", "leave.csv"].map(|name| sorted(&work.read(name)));
    for (export, mapping) in [EXPORTS[1], EXPORTS[0], EXPORTS[4], EXPORTS[3]] {
        work.import(export, &exports().join(mapping).display().to_string(), &[]);
    }
    let after =
        ["consultants.csv", "job_plans.csv", "leave.csv"].map(|name| sorted(&work.read(name)));
    assert_eq!(before, after);
}

#[test]
fn a_dry_run_shows_what_would_change_and_writes_nothing() {
    let work = Work::whole();
    let before = work.bytes();
    let export = work.write(
        "leave.csv",
        "Emp No,Name,Leave Type,Start Date,End Date,Part,Status\n\
         412087,\"ALDERWICK, Siân\",A/L,08/03/2027,12/03/2027,Full day,Approved\n\
         412113,\"O'BRANNOCK, Cormac\",S/L,25/03/2027,25/03/2027,Full day,Approved\n",
    );
    let run = work.import(&export, "leave-list", &["--trust", "RJ1", "--dry-run"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for words in [
        "  + 9930102,2027-03-25,2027-03-25,all,study",
        "  - 9930102,2027-03-18,2027-03-19,all,study",
        "Nothing is written: this was a dry run.",
    ] {
        assert!(run.out.contains(words), "no {words:?} in {}", run.out);
    }
    assert!(!run.out.contains("9930101,"), "what stays is not shown: {}", run.out);
    assert!(!run.out.contains("9930202"), "what is of another trust stays: {}", run.out);
    assert_eq!(work.bytes(), before);

    // For real, the rows of the other trust stay.
    let run = work.import(&export, "leave-list", &["--trust", "RJ1"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let leave = work.read("leave.csv");
    assert!(leave.contains("9930202,2027-03-08") && !leave.contains("9930103"), "{leave}");
}

#[test]
fn no_row_is_dropped_in_silence() {
    let work = Work::whole();
    for (export, mapping) in EXPORTS {
        let run = work.import(export, &exports().join(mapping).display().to_string(), &["--json"]);
        for sheet in json(&run)["sheets"].as_array().expect("sheets") {
            let number = |key: &str| sheet[key].as_u64().expect("a number");
            let left: usize = sheet["left_out"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| {
                    assert!(!one["why"].as_str().expect("a reason").is_empty());
                    one["rows"].as_array().expect("rows").len()
                })
                .sum();
            assert!(number("used") + left as u64 >= number("rows"), "{export}: {sheet:#}");
            if !export.contains("grid") && !export.contains("rota") {
                assert_eq!(number("used") + left as u64, number("rows"), "{export}: {sheet:#}");
            }
        }
    }
}

#[test]
fn a_name_alone_is_asked_for_and_counts_once_somebody_has_said_who_it_is() {
    let work = Work::whole();
    let before = work.bytes();
    let export = work.write(
        "leave.csv",
        "Name;Leave Type;From;To\n\"ALDERWICK, S\";A/L;02/03/2027;02/03/2027\n\
         Nobody Known;A/L;03/03/2027;03/03/2027\nALDERWICK, S;A/L;04/03/2027;04/03/2027\n",
    );
    let people = work.path("people.toml").display().to_string();
    let ask = work.import(&export, "leave-list", &["--trust", "RJ1", "--people", &people]);
    assert_eq!(ask.code, Some(2), "{ask:?}");
    assert!(ask.err.contains("2 names to confirm"), "{}", ask.err);
    assert!(
        ask.err.contains("\"ALDERWICK, S\" = \"9930101\"  # Dr Siân Alderwick, RJ1"),
        "{}",
        ask.err
    );
    assert!(ask.err.contains("lines 2, 4"), "{}", ask.err);
    assert_eq!(work.bytes(), before, "nothing is written");

    // Asked again it does not ask twice in the file, and still writes nothing.
    let text = fs::read_to_string(&people).expect("the names");
    work.import(&export, "leave-list", &["--trust", "RJ1", "--people", &people]);
    assert_eq!(fs::read_to_string(&people).expect("the names"), text);
    assert_eq!(work.bytes(), before);

    let confirmed = text
        .replace("# \"ALDERWICK", "\"ALDERWICK")
        .replace("# \"Nobody Known\" = \"?\"", "\"Nobody Known\" = \"\"");
    fs::write(&people, confirmed).expect("written");
    let done = work.import(&export, "leave-list", &["--trust", "RJ1", "--people", &people]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("is nobody of the dataset (line 3"), "{}", done.out);
    assert!(work.read("leave.csv").contains("9930101,2027-03-04,2027-03-04,all,annual"));
}

#[test]
fn a_number_counts_even_where_the_name_is_another_and_that_is_said() {
    let work = Work::whole();
    let export = work.write(
        "leave.csv",
        "GMC No,Name,Leave Type,From,To\n9930101,\"PATEL, Asha\",A/L,02/03/2027,02/03/2027\n",
    );
    let run = work.import(&export, "leave-list", &["--trust", "RJ1"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let words = "warning: leave.csv, line 2, GMC No: 9930101 is Dr Siân Alderwick so far, and Asha Patel here";
    assert!(run.err.contains(words), "{}", run.err);
}

#[test]
fn all_faults_are_told_with_their_places_and_nothing_is_written() {
    let work = Work::whole();
    let before = work.bytes();
    let export = work.write(
        "leave.csv",
        "Leave\n\nGMC No,Leave Type,From,To,Part\n\
         9930101,A/L,31/02/2027,05/03/2027,all\n\
         9930999,A/L,02/03/2027,02/03/2027,all\n\
         9930102,A/L,02/03/2027,,evening\n\
         ,A/L,02/03/2027,02/03/2027,all\n\
         9930102,#N/A,02/03/2027,02/03/2027,all\n",
    );
    let run = work.import(&export, "leave-list", &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    for words in [
        "leave.csv, line 4, From: there is no day 31/02/2027",
        "leave.csv, line 5, GMC No: there is no consultant 9930999",
        "leave.csv, line 6, To: to is empty",
        "leave.csv, line 6, Part: \"evening\" is not a part of the day",
        "leave.csv, line 7, GMC No: the row does not say who it is",
        "leave.csv, line 8, Leave Type: #N/A is a formula that failed",
        "6 faults",
    ] {
        assert!(run.err.contains(words), "no {words:?} in {}", run.err);
    }
    assert!(run.out.contains("Nothing is written."), "{}", run.out);
    assert_eq!(work.bytes(), before);
}

#[test]
fn what_a_dataset_would_refuse_is_told_with_the_row_of_the_export() {
    let work = Work::whole();
    let before = work.bytes();
    let export =
        work.write("leave.csv", "GMC No,Leave Type,From,To\n9930101,A/L,05/03/2027,02/03/2027\n");
    let run = work.import(&export, "leave-list", &["--trust", "RJ1"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("(leave.csv, line 2)"), "{}", run.err);
    assert_eq!(work.bytes(), before);
}

#[test]
fn a_row_of_another_trust_is_a_fault_where_one_trusts_rows_are_replaced() {
    let work = Work::whole();
    let before = work.bytes();
    let export = work.write(
        "leave.csv",
        "GMC No,Leave Type,From,To\n9930201,A/L,02/03/2027,02/03/2027\n9930101,A/L,02/03/2027,02/03/2027\n",
    );
    let run = work.import(&export, "leave-list", &["--trust", "RN7"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let words = "leave.csv, line 3: 9930101 is of RJ1; this import replaces rows of RN7 only";
    assert!(run.err.contains(words), "{}", run.err);
    assert_eq!(work.bytes(), before);
}

#[test]
fn headings_that_are_not_there_are_told_with_those_that_are() {
    let work = Work::whole();
    let export =
        work.write("leave.csv", "GMC No,Leave Type,Frm,To\n9930101,A/L,05/03/2027,05/03/2027\n");
    let run = work.import(&export, "leave-list", &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("the header has no column \"Start date\""), "{}", run.err);
    assert!(run.err.contains("it has \"GMC No\", \"Leave Type\", \"Frm\", \"To\""), "{}", run.err);
    let export = work.write("empty.csv", "GMC No,Leave Type,From,To\n");
    let run = work.import(&export, "leave-list", &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.err.contains("empty.csv, line 1: there are no rows below the header"),
        "{}",
        run.err
    );
}

#[test]
fn mistakes_on_the_command_line_and_in_mappings_are_told() {
    let work = Work::whole();
    let said = |run: Run, words: &str| {
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(words), "no {words:?} in {}", run.err);
    };
    said(run::<&str>(&["import"]), "name an export");
    said(work.import("leave-rj1.txt", "leave-lst", &[]), "did you mean leave-list?");
    said(work.import("leave-rj1.txt", "/no/such.toml", &[]), "/no/such.toml can't be read");
    said(work.import("/no/such.csv", "leave-list", &[]), "there is no file /no/such.csv");
    said(
        work.import("leave-rj1.txt", "leave-list", &["--trust", "RJ2"]),
        "there is no trust \"RJ2\"",
    );
    let mapping = work.write("my.toml", "like = \"leave-list\"\n[leave]\nform = \"Start\"\n");
    said(
        work.import("leave-rj1.txt", &mapping, &[]),
        "line 3, leave.form: there is no key leave.form",
    );
    let folder = work.network().display().to_string();
    said(work.import(&folder, "leave-list", &[]), "is not a file");
}

#[test]
fn what_somebody_added_by_hand_stays() {
    let work = Work::whole();
    let consultants = work.read("consultants.csv");
    let edited = consultants
        .replace("employee_number\n", "employee_number,max_away_days_per_week\n")
        .replace("MTWTF--,00412087\n", "MTWTF--,00412087,1\n");
    assert_ne!(edited, consultants);
    fs::write(work.network().join("consultants.csv"), edited).expect("written");
    // The job plans say nothing of subspecialties.
    let accreditations = work.read("accreditations.csv");
    let edited = accreditations
        .replace("consultant,specialty\n", "consultant,specialty,subspecialty\n")
        .replace("9930101,320\n", "9930101,320,aortic\n9930101,320,\n");
    assert_ne!(edited, accreditations);
    fs::write(work.network().join("accreditations.csv"), edited).expect("written");
    let (export, mapping) = EXPORTS[0];
    let run = work.import(export, &exports().join(mapping).display().to_string(), &["--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(json(&run)["written"], false);
    assert!(work.read("consultants.csv").contains("MTWTF--,00412087,1"));
    assert!(work.read("accreditations.csv").contains("9930101,320,aortic"));
}

#[test]
fn a_guessed_mapping_is_one_to_start_from() {
    for (export, like) in [
        ("job-plans-rj1.csv", "job-plan"),
        ("weekly-rota-rn7.xlsx", "weekly-rota"),
        ("clinics-rn7.xls", "clinic-list"),
        ("leave-rj1.txt", "leave-list"),
        ("leave-grid-rn7.ods", "leave-grid"),
    ] {
        let work = Work::whole();
        let path = exports().join(export).display().to_string();
        let out = work.network().display().to_string();
        let guess = run(&["import", &path, "--guess", "--out", &out]);
        assert_eq!(guess.code, Some(0), "{guess:?}");
        assert!(
            guess.err.contains(&format!("most like the ready mapping {like};")),
            "{}",
            guess.err
        );
        let mapping = work.write("guessed.toml", &guess.out);
        let run = work.import(export, &mapping, &["--dry-run", "--trust", "RJ1"]);
        assert!(!run.err.contains("guessed.toml"), "the guess is a mapping: {}", run.err);
        assert!(
            !guess.out.contains("ALDERWICK") && !guess.out.contains("Khalidor"),
            "{}",
            guess.out
        );
        if export.starts_with("job") {
            assert_eq!(run.code, Some(0), "{run:?}");
        }
    }
    let work = Work::new();
    let path = work.write("letter.csv", "Dear all,\nplease find attached\n");
    let guess = run(&["import", &path, "--guess"]);
    assert_eq!(guess.code, Some(2), "{guess:?}");
}

#[test]
fn odd_headings_are_guessed_by_likeness_and_by_what_stands_below() {
    let work = Work::whole();
    let path = work.write(
        "odd.csv",
        "Absences of the medical staff\nStaff no.;Full nme;Absnce type;Beginning;Last;Remarks\n\
         412087;ALDERWICK Siân;AL;1.3.27;3.3.27;\n412113;O'BRANNOCK Cormac;SL;25/03/2027;25/03/2027;x\n",
    );
    let guess = run(&["import", &path, "--guess"]);
    assert_eq!(guess.code, Some(0), "{guess:?}");
    for line in [
        "employee = \"Staff no.\"  # ?",
        "name = \"Full nme\"  # ?",
        "from = \"Beginning\"  # ? 1.3.27",
        "to = \"Last\"  # ?",
        "# Nothing takes these columns: \"Remarks\".",
    ] {
        assert!(guess.out.contains(line), "no {line:?} in {}", guess.out);
    }
    let mapping = work.write("odd.toml", &guess.out);
    let run = work.import(&path, &mapping, &["--trust", "RJ1"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let leave = work.read("leave.csv");
    assert!(leave.contains("9930101,2027-03-01,2027-03-03,all,annual"), "{leave}");
    assert!(leave.contains("9930102,2027-03-25,2027-03-25,all,study"), "{leave}");
}

#[test]
fn ready_mappings_are_listed_and_shown() {
    let list = run(&["import", "--list"]);
    assert_eq!(list.code, Some(0));
    for name in ["job-plan", "weekly-rota", "clinic-list", "leave-list", "leave-grid"] {
        assert!(list.out.contains(name), "{}", list.out);
        let shown = run(&["import", "--show", name]);
        assert_eq!(shown.code, Some(0));
        assert!(shown.out.starts_with("about = "), "{}", shown.out);
    }
}

#[test]
fn hostile_files_are_refused() {
    let work = Work::whole();
    let before = work.bytes();
    let zeros = work.write("zeros.csv", vec![0_u8; 100_000]);
    let noise: Vec<u8> =
        (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let noise = work.write("noise.xlsx", noise);
    let open = work.write("open.csv", format!("GMC No,Type,From,To\n1,\"{}", "x\n".repeat(50_000)));
    let wide = work.write("wide.csv", ",".repeat(1_000_000) + "x");
    let page =
        work.write("page.html", "<html><body><table><tr><td>a</td></tr></table></body></html>");
    for path in [zeros, noise, open, wide, page] {
        let run = work.import(&path, "leave-list", &[]);
        assert_eq!(run.code, Some(2), "{path}: {run:?}");
        assert!(run.err.len() < 4000, "{path}: {}", run.err);
    }
    assert_eq!(work.bytes(), before);
}
