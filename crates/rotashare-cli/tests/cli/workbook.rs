//! A workbook in place of the folder, and in place of rota.csv.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::common::{Dataset, names};

const TODAY: [&str; 2] = ["--today", "2027-01-15"];

fn with_workbook() -> Dataset {
    let dataset = Dataset::small();
    let run = dataset.run(&["template", "--from", "DIR", "--out", "OUT.xlsx"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    dataset
}

/// The result of a plan, but for what tells of time and input.
fn summary(dataset: &Dataset, folder: &str) -> Value {
    let text = dataset.read(&format!("{folder}/summary.json"));
    let mut summary: Value = serde_json::from_str(&text).expect("JSON");
    for key in ["seconds", "input_sha256"] {
        assert!(summary.as_object_mut().expect("an object").remove(key).is_some(), "no {key}");
    }
    summary
}

#[test]
fn a_workbook_of_a_dataset_plans_to_the_same_bytes() {
    let dataset = with_workbook();
    let check = dataset.run(&["check", "OUT.xlsx"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert_eq!(check.out, dataset.run(&["check", "DIR"]).out);
    for (from, out) in [("DIR", "OUT-folder"), ("OUT.xlsx", "OUT-book")] {
        let run = dataset
            .run(&[&["plan", from, "--out", out, "--time-limit", "none"][..], &TODAY].concat());
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    for file in ["rota.csv", "gaps.csv"] {
        let read = |folder: &str| dataset.read(&format!("{folder}/{file}"));
        assert_eq!(read("OUT-folder"), read("OUT-book"), "{file}");
    }
    assert_eq!(summary(&dataset, "OUT-folder"), summary(&dataset, "OUT-book"));
    // Every other command that takes a dataset takes the workbook.
    for command in [
        &["audit", "OUT.xlsx", "OUT-folder"][..],
        &["explain", "OUT.xlsx", "OUT-folder"],
        &["report", "OUT.xlsx", "OUT-folder"],
        &["rules", "OUT.xlsx"],
        &["model", "OUT.xlsx", "--out", "OUT.mps"],
        &["replan", "OUT.xlsx", "--from", "OUT-folder", "--out", "OUT-again"],
        &["export", "OUT.xlsx", "OUT-folder", "--out", "OUT-sent", "--html"],
        &["template", "--from", "OUT.xlsx", "--out", "OUT-2.xlsx"],
    ] {
        let today: &[&str] = if command[0] == "template" { &[] } else { &TODAY };
        let run = dataset.run(&[command, today].concat());
        assert_eq!(run.code, Some(0), "{command:?}: {run:?}");
    }
    let read = |name: &str| fs::read(dataset.path(name)).expect("a workbook");
    assert_eq!(read("OUT.xlsx"), read("OUT-2.xlsx"), "a workbook of a workbook is the same");
}

#[test]
fn an_empty_template_says_what_it_wants() {
    let dataset = Dataset::small();
    assert_eq!(dataset.run(&["template", "--out", "OUT.xlsx"]).code, Some(0));
    let run = dataset.run(&["check", "OUT.xlsx"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    for wanted in [
        "OUT.xlsx, sheet network, horizon: the horizon is missing; give horizon.from and horizon.to",
        "OUT.xlsx, sheet trusts: the sheet has no rows; add at least one",
        "sheet clinics: there is no clinic here, and no session in sheet sessions",
    ] {
        assert!(run.err.contains(wanted), "{wanted}: {run:?}");
    }
    let refused = dataset.run(&["template", "--out", "OUT.csv"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("does not end in .xlsx"), "{refused:?}");
    assert!(!dataset.path("OUT.csv").exists());
}

/// A sheet, row by row, in a workbook that stands in for the small dataset.
fn spoilt(dataset: &Dataset, path: &Path) {
    let mut workbook = Workbook::new();
    let files = [
        (
            "network",
            "key,value\nname,Two trusts\nhorizon.from,2027-03-01\nhorizon.to,soon\nweights.travl,2\n",
        ),
        ("trusts", "trust,name\nRJ1,Guy's and St Thomas'\nRN7,Dartford and Gravesham\nRN7,Again\n"),
        (
            "sites",
            "site,trust,name,latitude,longitude\nRJ121,RJ1,Guy's,51.5,-0.08\nRN707,RN7,Darent Valley,51.4,0.2\n",
        ),
        (
            "consultants",
            "name,consultant,trust,base_site,fte\nDr Ada Moss,9900001,RJ1,RJ12,1.0\nDr Ben Reed,9900002,RJ1,RJ121,3\n",
        ),
        ("accreditations", "consultant,specialty\n9900001,320\n"),
        (
            "Clinics",
            "clinic,site,specialty,weekday,start,end\nDVH-A,RN707,320,tue,09:00,13:00,too much\n",
        ),
        ("leaves", "consultant,from,to\n9900001,2027-03-08,2027-03-12\n"),
    ];
    for (name, text) in files {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    workbook.save(path).expect("a workbook");
    assert!(dataset.dir().is_dir());
}

#[test]
fn faults_of_a_workbook_name_sheet_row_and_cell() {
    let dataset = Dataset::small();
    spoilt(&dataset, &dataset.path("OUT.xlsx"));
    let run = dataset.run(&["check", "OUT.xlsx"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    for wanted in [
        "OUT.xlsx, sheet network, row 4, horizon.to (B4): \"soon\" is not a date",
        "OUT.xlsx, sheet trusts, row 4, trust (A4): ",
        "OUT.xlsx, sheet consultants, row 3, fte (E3): 3 is not from",
        "OUT.xlsx, sheet clinics, row 2: the row has 7 cells, the header has 6; delete what stands to the right",
        "warning: OUT.xlsx, sheet leave: the workbook has a sheet \"leaves\", which is no part of a dataset and is \
         not read; did you mean leave?",
    ] {
        assert!(run.err.contains(wanted), "{wanted}: {run:?}");
    }
    assert!(!run.err.contains(".csv") && !run.err.contains("line"), "{run:?}");
    let json = dataset.run(&["check", "OUT.xlsx", "--json"]).out;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let fte = json["faults"].as_array().expect("faults").iter().find(|one| one["column"] == "fte");
    let fte = fte.expect("the fault");
    assert_eq!(
        (&fte["file"], &fte["sheet"], &fte["line"]),
        (&"OUT.xlsx".into(), &"consultants".into(), &3.into())
    );

    let run = dataset.run(&["check", "OUT-nowhere.xlsx"]);
    assert!(run.code == Some(2) && run.err.contains("there is no file or folder"), "{run:?}");
    fs::write(dataset.path("OUT.csv"), "a,b\n1,2\n").expect("a written file");
    let run = dataset.run(&["check", "OUT.csv"]);
    assert!(run.code == Some(2) && run.err.contains("neither a folder nor a workbook"), "{run:?}");
    fs::write(dataset.path("OUT.xlsx"), b"PK\x03\x04 torn").expect("a written file");
    let run = dataset.run(&["check", "OUT.xlsx"]);
    assert!(run.code == Some(2) && run.err.contains("OUT.xlsx"), "{run:?}");
}

/// A rota as rows of a sheet.
fn sheet(path: &Path, name: &str, rows: &[[&str; 3]]) {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Notes").expect("a name");
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).expect("a name");
    for (row, cells) in (0..).zip([["session", "place", "consultant"]].iter().chain(rows)) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, *cell).expect("a cell");
        }
    }
    workbook.save(path).expect("a workbook");
}

#[test]
fn an_exported_workbook_is_audited_as_the_rota_it_was_made_from() {
    let dataset = Dataset::small();
    dataset.plan("OUT", &["--time-limit", "none"]);
    let run = dataset
        .run(&[&["export", "DIR", "OUT", "--out", "OUT-sent", "--xlsx"][..], &TODAY].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(names(&dataset.path("OUT-sent")), ["rota.xlsx"]);
    let audit = |rota: &str| dataset.run(&[&["audit", "DIR", rota][..], &TODAY].concat());
    let (csv, book) = (audit("OUT"), audit("OUT-sent/rota.xlsx"));
    assert_eq!((csv.code, &csv.out), (Some(0), &book.out), "{book:?}");
    let compare = dataset.run(&["compare", "OUT", "OUT-sent/rota.xlsx", "--json"]).out;
    let compare: Value = serde_json::from_str(&compare).expect("JSON");
    assert_eq!(compare["changes"], 0);
}

#[test]
fn a_rota_edited_in_a_workbook_is_judged_and_its_faults_have_rows() {
    let dataset = Dataset::small();
    let path = dataset.path("OUT.xlsx");
    // On leave that week.
    sheet(&path, "Rota", &[["DVH-A@2027-03-09", "1", "9900003"]]);
    let run = dataset.run(&[&["audit", "DIR", "OUT.xlsx"][..], &TODAY].concat());
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.out.contains("leave (1)") && run.err.contains("OUT.xlsx, sheet Rota: there is no row"),
        "{run:?}"
    );

    sheet(
        &path,
        "rota",
        &[["DVH-A@2027-03-10", "1", "9900003"], ["DVH-A@2027-03-09", "1", "990003"]],
    );
    let run = dataset.run(&[&["audit", "DIR", "OUT.xlsx"][..], &TODAY].concat());
    assert_eq!(run.code, Some(2), "{run:?}");
    for wanted in
        ["OUT.xlsx, sheet rota, row 2, session: ", "OUT.xlsx, sheet rota, row 3, consultant: "]
    {
        assert!(run.err.contains(wanted), "{wanted}: {run:?}");
    }

    sheet(&path, "March", &[]);
    let run = dataset.run(&[&["audit", "DIR", "OUT.xlsx"][..], &TODAY].concat());
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("the workbook has no sheet \"rota\""), "{run:?}");
}
