//! Inputs made to fill the memory or to take for ever: refused in words, in little of either.
//!
//! `ROTASHARE_LONG=1` uses the largest files that are read; run it in release.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use crate::full::{Full, remove};

/// A file, its header, and its rows by number.
type Rows = (&'static str, &'static str, fn(usize) -> String);

/// A file of so many bytes.
type Shape = (&'static str, fn(usize) -> String);

/// How many bytes the large files have.
fn size() -> usize {
    let long = std::env::var_os("ROTASHARE_LONG").is_some();
    if long { 63 << 20 } else { 2 << 20 }
}

/// A header and as many rows as fit.
fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    let mut number = 0;
    while text.len() < size() {
        number += 1;
        let _ = writeln!(text, "{}", row(number));
    }
    text
}

/// Checks a dataset under a limit on memory: 1 GB of addresses, which is more than it may use.
fn refused(full: &Full, what: &str) {
    let start = Instant::now();
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -v 1048576; exec \"$0\" check \"$1\""]);
        shell.arg(env!("CARGO_BIN_EXE_rotashare"));
        shell
    } else {
        let mut plain = Command::new(env!("CARGO_BIN_EXE_rotashare"));
        plain.arg("check");
        plain
    };
    let output = command.arg(full.dir()).output().expect("the program runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{what}: {}", &err[..err.len().min(2000)]);
    assert!(!err.contains("panicked"), "{what}");
    // A message for every row would be none.
    assert!(err.len() < 1 << 20, "{what}: {} bytes of messages", err.len());
    eprintln!(
        "{what}: refused in {:.1} s, {} bytes of messages",
        start.elapsed().as_secs_f64(),
        err.len()
    );
}

#[test]
fn files_of_many_rows() {
    let full = Full::new();
    let many: &[Rows] = &[
        ("leave.csv", "consultant,from,to", |n| format!("88{n:07},2027-03-01,2027-03-02")),
        ("leave.csv", "consultant,from,to", |_| "9900001,x,y".into()),
        ("job_plans.csv", "consultant,weekday,start,end", |n| format!("99{n},mon,09:00,13:00")),
        ("sites.csv", "site,trust,name", |n| format!("S{n},RJ1,x")),
        ("trusts.csv", "trust,name", |n| format!("T{n},x")),
        ("consultants.csv", "consultant,name,trust,base_site", |n| format!("{n},x,RJX,RJ12{n}")),
        ("accreditations.csv", "consultant,specialty", |n| format!("x{n},{n}")),
        ("clinics.csv", "clinic,site,specialty,weekday,start,end", |n| {
            format!("C{n},RN707,32{n},mon,09:00,13:00")
        }),
        ("clinics.csv", "clinic,site,specialty,weekday,start,end,consultants", |n| {
            format!("C{n},RN707,320,mon,09:00,13:00,99")
        }),
        ("clinic_changes.csv", "clinic,date,change", |n| format!("DVH-{n},2027-03-09,add")),
        ("sessions.csv", "session,site,specialty,date,start,end,consultants", |n| {
            format!("S{n},RN707,320,2027-03-05,14:00,17:00,99")
        }),
        ("pins.csv", "session,consultant", |n| format!("EXTRA-{n},9900001")),
        ("published.csv", "session,consultant,date", |n| format!("X{n},1,31/02/2027")),
        ("travel.csv", "from_site,to_site,minutes", |n| format!("RJ1{n},RN707,5")),
        ("preferences.csv", "consultant,points,clinic", |n| format!("9900001,1,DVH-{n}")),
        ("agreements.csv", "agreement,lender,host", |n| format!("A{n},RJ{n},RN7")),
        ("history.csv", "consultant,away_days", |_| "9900001,1".into()),
        ("specialties.csv", "specialty,name", |_| ",x".into()),
    ];
    for (file, header, row) in many {
        full.write(file, rows(header, row));
        refused(&full, &format!("{file} of rows like {:?}", row(7)));
        full.mend(file);
    }
}

#[test]
fn files_of_odd_shape() {
    let full = Full::new();
    let size = size();
    let shapes: &[Shape] = &[
        ("commas", |size| ",".repeat(size)),
        ("quotes", |size| "\"".repeat(size - 1)),
        ("line breaks", |size| "\n".repeat(size)),
        ("returns", |size| "\r".repeat(size)),
        ("letters", |size| "x".repeat(size)),
        ("one cell", |size| format!("consultant,from,to\n\"{}\"", "x\n".repeat(size / 2))),
        ("rows of one cell", |size| format!("consultant,from,to\n{}", "x\n".repeat(size / 2))),
        ("quoted line breaks", |size| {
            format!("consultant,from,to\n{}", "\"\n\",".repeat(size / 5))
        }),
        ("many columns", |size| {
            format!("consultant,from,to{}\n", ",x".repeat(size.min(180_000) / 2))
        }),
        ("short lines of commas", |size| {
            format!("consultant,from,to\n{}x", ",,,,,,,,\n".repeat(size / 9))
        }),
    ];
    for (what, shape) in shapes {
        full.write("leave.csv", shape(size));
        refused(&full, what);
    }
}

#[test]
fn settings_of_odd_shape() {
    let full = Full::new();
    let toml = "[horizon]\nfrom = 2027-03-01\nto = 2027-03-14\n";
    let keys = |key: fn(usize) -> String| -> String {
        let mut text = format!("{toml}[weights]\n");
        for number in 0.. {
            if text.len() > 1_000_000 {
                break;
            }
            let _ = writeln!(text, "{}", key(number));
        }
        text
    };
    for (what, text) in [
        ("unknown weights", keys(|n| format!("w{n} = 1"))),
        ("nested weights", keys(|n| format!("a.b.c.d.w{n} = 1"))),
        ("broken lines", keys(|n| format!("w{n} = = 1"))),
        ("brackets", format!("{toml}x = {}", "[".repeat(900_000))),
        ("braces", format!("{toml}x = {}", "{a=".repeat(300_000))),
        ("dots", format!("{toml}x{} = 1\n", ".x".repeat(400_000))),
        ("one name", format!("{toml}[rules.{}]\nenabled = 1\n", "x".repeat(900_000))),
        ("one key", format!("{toml}[rules.rest]\n{} = 1\n", "x".repeat(900_000))),
        ("one weight", format!("{toml}[weights]\n{} = 1\n", "x".repeat(900_000))),
        ("one value", format!("{toml}[weights]\ntravel = \"{}\"\n", "x".repeat(900_000))),
        ("one list", format!("{toml}[weights]\ntravel = [{}]\n", "1,".repeat(400_000))),
        ("tables", format!("{toml}{}", "[[rules.notice]]\n".repeat(50_000))),
        ("too long", format!("{toml}# {}", "x".repeat(2 << 20))),
    ] {
        full.write("network.toml", text);
        refused(&full, what);
    }
}

#[test]
fn all_files_large_at_once() {
    let full = Full::new();
    for (file, header) in [
        ("leave.csv", "consultant,from,to"),
        ("job_plans.csv", "consultant,weekday,start,end"),
        ("accreditations.csv", "consultant,specialty"),
        ("published.csv", "session,consultant"),
        ("pins.csv", "session,consultant"),
        ("preferences.csv", "consultant,points"),
    ] {
        full.write(file, rows(header, |n| format!("{n},1,2027-03-01,2027-03-02")));
    }
    refused(&full, "six files at once");
}

/// A horizon of two years and more clinics than anybody has.
#[test]
fn more_sessions_than_a_horizon_may_have() {
    let full = Full::new();
    for file in
        ["pins.csv", "published.csv", "clinic_changes.csv", "preferences.csv", "sessions.csv"]
    {
        remove(&full.dir().join(file));
    }
    full.write("network.toml", "[horizon]\nfrom = 2027-01-01\nto = 2028-12-31\n");
    let clinics: String = (0..6000).map(|n| format!("C{n},RN707,320,mon,09:00,13:00\n")).collect();
    full.write("clinics.csv", format!("clinic,site,specialty,weekday,start,end\n{clinics}"));
    refused(&full, "600,000 sessions");
    let clinics: String =
        (0..110).map(|n| format!("C{n},RN707,320,mon,09:00,13:00,99\n")).collect();
    full.write(
        "clinics.csv",
        format!("clinic,site,specialty,weekday,start,end,consultants\n{clinics}"),
    );
    refused(&full, "a million places and more");
}

/// More pairs than can be looked at are refused by whoever would look at them, and by nobody else.
#[test]
fn more_pairs_than_can_be_looked_at() {
    for (clinics, pairs) in
        [("9000", "pairs of a consultant and a session"), ("400", "pairs of sessions on one date")]
    {
        let full = Full::new();
        let mut generate = vec!["generate", "--consultants", "5000", "--sites", "20"];
        generate.extend(["--specialties", "1", "--clinics", clinics, "--weeks", "4"]);
        generate.extend(["--out", "@MADE"]);
        let made = full.run(&generate);
        assert_eq!(made.code, Some(0), "{made:?}");
        assert_eq!(full.run(&["check", "@MADE"]).code, Some(0));
        for arguments in
            [&["plan", "@MADE", "--out", "@OUT"][..], &["model", "@MADE", "--out", "@MODEL"]]
        {
            let run = full.run(arguments);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.err.contains(pairs), "{run:?}");
        }
    }
}
