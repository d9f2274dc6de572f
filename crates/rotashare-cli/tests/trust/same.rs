//! What must not change a rota, on whole datasets and through the program: the order of rows and
//! columns, other codes, another month, more threads, another network beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rotashare_core::time::{Date, days_after, parse_date};
use serde_json::Value;

use crate::full::{Full, remove};

/// A dataset by file.
type Files = BTreeMap<String, String>;

/// A small network that is solved to the proof in a moment.
fn generated(full: &Full, seed: u32, weeks: u32) -> Files {
    remove(&full.path("MADE"));
    // The longer, the fewer clinics.
    let (people, clinics) = if weeks > 3 { ("8", "4") } else { ("14", "10") };
    let made = full.run(&[
        "generate",
        "--consultants",
        people,
        "--sites",
        "3",
        "--specialties",
        "2",
        "--clinics",
        clinics,
        "--weeks",
        &weeks.to_string(),
        "--seed",
        &seed.to_string(),
        "--out",
        "@MADE",
    ]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let entries = fs::read_dir(full.path("MADE")).expect("a folder");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a file"))
        })
        .collect()
}

fn write(folder: &Path, files: &Files) {
    remove(folder);
    fs::create_dir(folder).expect("a folder");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("a file");
    }
}

/// Plans to the proof: the points, and `rota.csv`.
fn plan(full: &Full, files: &Files, more: &[&str], said: &str) -> (f64, String) {
    write(&full.path("DATA"), files);
    let usual = ["plan", "@DATA", "--out", "@PLAN", "--time-limit", "none", "--json"];
    let today = if more.contains(&"--today") { &[][..] } else { &["--today", "2026-12-01"] };
    let run = full.run(&[&usual[..], today, more].concat());
    assert_eq!(run.code, Some(0), "{said}: {run:?}");
    let summary: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(summary["status"], "optimal", "{said}");
    let points = summary["objective"].as_f64().expect("points");
    (points, fs::read_to_string(full.path("PLAN/rota.csv")).expect("a rota"))
}

/// Draws: a stream of numbers from a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end.max(1) as u64).expect("a small number")
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other = self.below(end + 1);
            list.swap(end, other);
        }
    }
}

/// Rows and columns in another order.
fn shuffled(text: &str, draw: &mut Draw) -> String {
    let mut rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    let mut order: Vec<usize> = (0..rows[0].len()).collect();
    draw.shuffle(&mut order);
    draw.shuffle(&mut rows[1..]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(order.iter().map(|at| &row[*at])).expect("it is written");
    }
    String::from_utf8(writer.into_inner().expect("it is written")).expect("text")
}

#[test]
fn the_order_of_rows_and_columns_changes_no_byte() {
    let full = Full::new();
    let mut draw = Draw(5);
    for seed in 0..4 {
        let files = generated(&full, seed, 3);
        for engine in ["compact", "plans"] {
            let before = plan(&full, &files, &["--engine", engine], "as it is");
            let mut other = files.clone();
            for (_, text) in other.iter_mut().filter(|(name, _)| name.ends_with(".csv")) {
                *text = shuffled(text, &mut draw);
            }
            assert_ne!(files, other);
            let after = plan(&full, &other, &["--engine", engine], "shuffled");
            assert_eq!(before, after, "seed {seed}, {engine}");
        }
    }
}

#[test]
fn threads_change_no_byte() {
    let full = Full::new();
    for seed in 4..6 {
        let files = generated(&full, seed, 3);
        for engine in ["compact", "plans"] {
            let one = plan(&full, &files, &["--engine", engine, "--threads", "1"], "one");
            for threads in ["2", "3", "4", "5", "6", "7", "8"] {
                let many =
                    plan(&full, &files, &["--engine", engine, "--threads", threads], threads);
                assert_eq!(one, many, "seed {seed}, {engine}, {threads} threads");
            }
        }
    }
}

/// All codes turned round, so that none keeps its place in the order.
fn renamed(files: &Files) -> Files {
    let turn = |text: &str| -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['X', '9']) {
            let code: String =
                rest[at..].chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            let starts = at == 0 || !rest.as_bytes()[at - 1].is_ascii_alphanumeric();
            let digits = code.len() > 1 && code[1..].bytes().all(|b| b.is_ascii_digit());
            let is_code = starts
                && digits
                && (code.starts_with('X') || code.len() == 7 && code.starts_with("99"));
            out.push_str(&rest[..at]);
            if is_code {
                out.push('Z');
                out.extend(code[1..].chars().map(|c| {
                    char::from_digit(9 - c.to_digit(10).expect("a digit"), 10).expect("a digit")
                }));
                // Consultants and sites stay apart.
                out.push(if code.starts_with('9') { 'p' } else { 's' });
            } else {
                out.push_str(&code);
            }
            rest = &rest[at + code.len()..];
        }
        out + rest
    };
    files.iter().map(|(name, text)| (name.clone(), turn(text))).collect()
}

#[test]
fn other_codes_cost_the_same() {
    let full = Full::new();
    for seed in 6..10 {
        let files = generated(&full, seed, 3);
        let other = renamed(&files);
        for name in ["consultants.csv", "sites.csv", "clinics.csv", "leave.csv"] {
            assert_ne!(files[name], other[name], "{name}");
        }
        for engine in ["compact", "plans"] {
            let (before, rota) = plan(&full, &files, &["--engine", engine], "as it is");
            let (after, other) = plan(&full, &other, &["--engine", engine], "renamed");
            assert_eq!(before, after, "seed {seed}, {engine}");
            assert_eq!(rota.lines().count(), other.lines().count());
        }
    }
}

/// Two networks that have nothing to do with each other in one dataset.
fn merged(one: &Files, other: &Files) -> Files {
    let mut both = one.clone();
    for (name, text) in other {
        if !name.ends_with(".csv") || name == "specialties.csv" {
            continue;
        }
        let text = text
            .replace("X0", "Y0")
            .replace(",99", ",98")
            .replace("\n99", "\n98")
            .replace(";99", ";98");
        let Some(mine) = both.get_mut(name) else {
            both.insert(name.clone(), text);
            continue;
        };
        // The columns that are there may differ.
        let parse = |text: &str| -> Vec<Vec<String>> {
            csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes())
                .records()
                .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
                .collect()
        };
        let (mut rows, more) = (parse(mine), parse(&text));
        for column in more[0].clone() {
            if !rows[0].contains(&column) {
                rows[0].push(column);
                rows[1..].iter_mut().for_each(|row| row.push(String::new()));
            }
        }
        let places: Vec<Option<usize>> =
            rows[0].iter().map(|name| more[0].iter().position(|one| one == name)).collect();
        for row in &more[1..] {
            let cell = |at: &Option<usize>| at.map_or_else(String::new, |at| row[at].clone());
            rows.push(places.iter().map(cell).collect());
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).expect("it is written"));
        *mine = String::from_utf8(writer.into_inner().expect("it is written")).expect("text");
    }
    if let (Some(mine), Some(theirs)) =
        (both.get_mut("specialties.csv"), other.get("specialties.csv"))
    {
        for line in theirs.lines().skip(1) {
            if !mine.lines().any(|one| one == line) {
                mine.push_str(&format!("{line}\n"));
            }
        }
    }
    both
}

#[test]
fn two_networks_cost_what_each_costs_alone() {
    let full = Full::new();
    for seed in 10..13 {
        let (one, other) = (generated(&full, seed, 3), generated(&full, seed + 50, 3));
        let both = merged(&one, &other);
        for engine in ["compact", "plans"] {
            let (a, rota_a) = plan(&full, &one, &["--engine", engine], "one");
            let (b, rota_b) = plan(&full, &other, &["--engine", engine], "the other");
            let (together, rota) = plan(&full, &both, &["--engine", engine], "both");
            assert_eq!(together, a + b, "seed {seed}, {engine}");
            assert_eq!(rota.lines().count() + 1, rota_a.lines().count() + rota_b.lines().count());
        }
    }
}

/// The text with every date of the horizon `days` later.
fn later(text: &str, days: i64) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        let date = text.get(at..at + 10).filter(|_| text[at..].starts_with("20"));
        match date.and_then(|date| parse_date(date).ok()) {
            Some(date) => {
                out.push_str(&days_after(date, days).to_string());
                at += 10;
            }
            None => {
                let letter = text[at..].chars().next().expect("a letter");
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    out
}

/// Over a year of months, with bank holidays, both changes of the clocks, a leap day and an ISO week 53:
/// where nothing hangs on the calendar itself, a rota moves with its dates.
#[test]
fn a_rota_moves_with_its_dates() {
    let full = Full::new();
    let mut files = generated(&full, 20, 4);
    let (week_patterns, holidays) = ([",nth:1,3", ",iso:odd", ",iso:even"], ",skip");
    let clinics = files.get_mut("clinics.csv").expect("clinics");
    *clinics = clinics.replace(holidays, ",run").replace(",skip\n", ",run\n");
    for text in files.values_mut() {
        for pattern in week_patterns {
            *text = text.replace(&format!("{pattern},"), ",all,");
        }
        for quoted in ["\"nth:1,3\"", "\"nth:2,4\"", "iso:odd", "iso:even", "nth:last"] {
            *text = text.replace(quoted, "all");
        }
    }
    assert!(!files.values().any(|text| text.contains("nth:") || text.contains("iso:")));
    let (points, rota) = plan(&full, &files, &[], "as it is");
    let start: Date = parse_date("2027-03-01").expect("a date");
    // Back to December 2026, with its week 53, and on to May 2028, past 29 February.
    for moved in -3_i64..=15 {
        let days = moved * 28;
        let other: Files = files.iter().map(|(n, text)| (n.clone(), later(text, days))).collect();
        let today = days_after(start, days - 90).to_string();
        let (after, there) =
            plan(&full, &other, &["--today", &today], &format!("{days} days later"));
        assert_eq!((after, there), (points, later(&rota, days)), "{days} days later");
    }
}

/// Every month of two years with everything that hangs on the calendar: proven, and clean to the audit.
#[test]
fn every_month_is_planned_and_clean() {
    let full = Full::new();
    let mut files = generated(&full, 21, 4);
    let months =
        ["2026-12", "2027-01", "2027-03", "2027-05", "2027-10", "2027-12", "2028-02", "2028-03"];
    let toml = files.get("network.toml").expect("settings").clone();
    for month in months {
        let from = parse_date(&format!("{month}-01")).expect("a date");
        let days = i64::from(from.days_in_month());
        let to = days_after(from, days - 1);
        let horizon = format!("[horizon]\nfrom = {from}\nto = {to}\n");
        let text = toml.split("[horizon]").next().expect("a head").to_owned() + &horizon;
        files.insert("network.toml".into(), text);
        let today = days_after(from, -60).to_string();
        let (_, rota) = plan(&full, &files, &["--today", &today], month);
        assert!(rota.lines().count() > 8, "{month}");
        let audit = full.run(&["audit", "@DATA", "@PLAN", "--today", &today]);
        assert_eq!(audit.code, Some(0), "{month}: {audit:?}");
    }
}

/// Networks too large to try every rota of: each way to solve proves the same points.
#[test]
fn every_way_to_solve_proves_the_same() {
    let full = Full::new();
    let mut ways: Vec<&[&str]> =
        vec![&["--engine", "compact", "--solver", "microlp"], &["--engine", "plans"]];
    if cfg!(feature = "highs") {
        ways.push(&["--engine", "compact", "--solver", "highs"]);
    }
    for seed in 30..36 {
        let files = generated(&full, seed, 3);
        let points: Vec<f64> = ways
            .iter()
            .map(|way| plan(&full, &files, way, &format!("{seed}, {way:?}")).0)
            .collect();
        assert!(points.iter().all(|one| *one == points[0]), "seed {seed}: {points:?}");
    }
}
