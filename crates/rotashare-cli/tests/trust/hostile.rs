//! Every command with broken input of every kind: exit code 2 and words, never a panic, nothing written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rotashare_core::fault::Table;

use crate::common::{Run, names, run};
use crate::full::{FILES, Full, remove};

/// Commands that read a dataset, with all else they need.
const READERS: &[&[&str]] = &[
    &["check", "@DIR"],
    &["check", "@DIR", "--json"],
    &["plan", "@DIR", "--out", "@NEW"],
    &["replan", "@DIR", "--from", "@OUT/rota.csv", "--out", "@NEW"],
    &["audit", "@DIR", "@OUT"],
    &["explain", "@DIR", "@OUT"],
    &["export", "@DIR", "@OUT", "--out", "@NEW"],
    &["recharge", "@DIR", "@OUT", "--out", "@NEW"],
    &["report", "@DIR", "@OUT", "--svg", "@NEW"],
    &["rules", "@DIR"],
    &["model", "@DIR", "--out", "@NEW"],
];

/// Commands that read a rota (`@ROTA`).
const JUDGES: &[&[&str]] = &[
    &["audit", "@DIR", "@ROTA"],
    &["explain", "@DIR", "@ROTA"],
    &["export", "@DIR", "@ROTA", "--out", "@NEW"],
    &["export", "@DIR", "@OUT", "--previous", "@ROTA", "--out", "@NEW"],
    &["recharge", "@DIR", "@ROTA"],
    &["report", "@DIR", "@ROTA"],
    &["compare", "@ROTA", "@OUT"],
    &["compare", "@OUT", "@ROTA"],
    &["replan", "@DIR", "--from", "@ROTA", "--out", "@NEW"],
    &["plan", "@DIR", "--pin-from", "@ROTA", "--out", "@NEW"],
    &["recharge", "@DIR", "@OUT", "--delivered", "@ROTA"],
    &["report", "@DIR", "@OUT", "--delivered", "@ROTA"],
];

/// A way to break a file, given its good content.
type Spoil = (&'static str, fn(&str) -> Vec<u8>);

fn columns(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn joined(rows: &[Vec<String>]) -> Vec<u8> {
    rows.iter().map(|row| row.join(",") + "\n").collect::<String>().into_bytes()
}

/// What must be refused in any CSV file.
const SPOILED: &[Spoil] = &[
    ("nothing in it", |_| Vec::new()),
    ("blank lines only", |_| b"\n\r\n  \n".to_vec()),
    ("no key column", |text| {
        let rows = columns(text);
        joined(&rows.iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>())
    }),
    ("a column twice", |text| {
        let rows = columns(text);
        joined(&rows.iter().map(|row| [&row[..], &row[..1]].concat()).collect::<Vec<_>>())
    }),
    ("a cell too few", |text| format!("{text}lonely\n").into_bytes()),
    ("cells too many", |text| format!("{text}{}\n", "x,".repeat(300)).into_bytes()),
    ("two thousand cells", |text| format!("{text}{}\n", "x,".repeat(2000)).into_bytes()),
    ("a hundred thousand cells", |text| format!("{text}{}\n", ",".repeat(100_001)).into_bytes()),
    ("a header without an end", |_| ",".repeat(300_000).into_bytes()),
    ("bytes that are not UTF-8", |text| [text.as_bytes(), b"\xff\xfe,\x80\n"].concat()),
    ("Windows-1252", |text| [text.as_bytes(), b"caf\xe9,caf\xe9\n"].concat()),
    ("NUL", |text| text.replacen(',', ",\0", 1).into_bytes()),
    ("a cell without an end", |text| format!("{text}\"{}", "x".repeat(40_000)).into_bytes()),
    ("a cell of 40 KiB", |text| {
        text.replace('\n', &format!("{}\n", "y".repeat(40_960))).into_bytes()
    }),
    ("a quote left open", |text| format!("{text}\"open\n,\n").into_bytes()),
    ("UTF-16", |text| {
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(wide).collect()
    }),
    ("a workbook", |_| b"PK\x03\x04\x14\x00\x06\x00and so on".to_vec()),
    ("an old workbook", |_| b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1and so on".to_vec()),
    ("an executable", |_| b"\x7fELF\x02\x01\x01\x00\x00\x00".to_vec()),
    ("a web page", |_| b"<!DOCTYPE html><html><body>Sign in</body></html>".to_vec()),
    ("JSON", |_| b"{\"a\": [1, 2, {\"b\": null}]}\n".to_vec()),
    ("semicolons", |text| text.replace(',', ";").into_bytes()),
    ("cut short", |text| text.as_bytes()[..text.len() - 3].to_vec()),
];

/// What must be refused in `network.toml`.
const SPOILED_TOML: &[Spoil] = &[
    ("nothing in it", |_| Vec::new()),
    ("no horizon", |text| text.replace("[horizon]", "[horizont]").into_bytes()),
    ("half a horizon", |text| text.replace("to = ", "too = ").into_bytes()),
    ("an end before the beginning", |text| text.replace("2027-03-14", "2026-03-14").into_bytes()),
    ("no such day", |text| text.replace("2027-03-14", "2027-02-31").into_bytes()),
    ("three years", |text| text.replace("2027-03-14", "2030-03-14").into_bytes()),
    ("the year 0", |text| text.replace("2027-03-01\nto", "0000-01-01\nto").into_bytes()),
    ("a weight below nothing", |text| text.replace("= 60", "= -1").into_bytes()),
    ("a weight beyond measure", |text| text.replace("= 60", "= 1000000001").into_bytes()),
    ("a weight no computer holds", |text| {
        text.replace("= 60", "= 99999999999999999999").into_bytes()
    }),
    ("half a point", |text| text.replace("= 60", "= 0.5").into_bytes()),
    ("no number", |text| text.replace("= 60", "= nan").into_bytes()),
    ("no end of numbers", |text| text.replace("= 60", "= inf").into_bytes()),
    ("a list for a weight", |text| text.replace("= 60", "= [60]").into_bytes()),
    ("a key twice", |text| text.replace("cost", "continuity").into_bytes()),
    ("an unknown weight", |text| text.replace("continuity", "continuty").into_bytes()),
    ("an unknown rule", |text| text.replace("rules.notice", "rules.nottice").into_bytes()),
    ("rules that are no table", |text| {
        format!("rules = 5\n{}", text.replace("rules.", "x.")).into_bytes()
    }),
    ("an anchor on a Tuesday", |text| {
        text.replace("anchor = 2027-03-01", "anchor = 2027-03-02").into_bytes()
    }),
    ("no such zone", |text| text.replace("Europe/London", "Europe/Atlantis").into_bytes()),
    ("a zone that leads elsewhere", |text| {
        text.replace("Europe/London", "../../../etc/passwd").into_bytes()
    }),
    ("a quote left open", |text| text.replace("trusts\"", "trusts").into_bytes()),
    ("brackets without an end", |_| "[".repeat(100_000).into_bytes()),
    ("a name of a million letters", |text| text.replace("Two", &"x".repeat(1 << 20)).into_bytes()),
    ("bytes that are not UTF-8", |text| [text.as_bytes(), b"# \xff\n"].concat()),
    ("NUL", |text| text.replace('#', "\0").into_bytes().into_iter().chain([0]).collect()),
    ("UTF-16", |text| {
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(wide).collect()
    }),
];

/// A name, and what puts it at a path.
type Put = (&'static str, fn(&Path));

/// Something that is not a file, put where a file should be.
#[cfg(unix)]
const IN_PLACE: &[Put] = &[
    ("a folder", |path| fs::create_dir(path).expect("a folder")),
    ("a link to itself", |path| std::os::unix::fs::symlink(path, path).expect("a link")),
    ("a link to nothing", |path| {
        std::os::unix::fs::symlink("/nowhere/at/all", path).expect("a link")
    }),
    ("an endless device", |path| std::os::unix::fs::symlink("/dev/zero", path).expect("a link")),
    ("a silent device", |path| std::os::unix::fs::symlink("/dev/null", path).expect("a link")),
    ("a socket", |path| drop(std::os::unix::net::UnixListener::bind(path).expect("a socket"))),
];
#[cfg(not(unix))]
const IN_PLACE: &[Put] = &[("a folder", |path| fs::create_dir(path).expect("a folder"))];

/// What went wrong, all of it together.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    /// Checks that a run was refused in words, and wrote nothing.
    fn unless_refused(&mut self, full: &Full, run: &Run, what: &str) {
        self.unless(run.code == Some(2), || format!("{what}: {run:?}"));
        self.unless(!run.err.trim().is_empty(), || format!("{what}: not a word"));
        self.unless(!full.path("NEW").exists(), || format!("{what}: something was written"));
        remove(&full.path("NEW"));
        // An endless cell is no message.
        let longest = run.err.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        self.unless(longest < 2000, || format!("{what}: a message of {longest} letters"));
    }
}

impl Drop for Wrong {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let shown: Vec<String> =
                self.0.iter().take(12).map(|one| one.chars().take(900).collect()).collect();
            assert!(self.0.is_empty(), "{} wrong:\n{}", self.0.len(), shown.join("\n"));
        }
    }
}

#[test]
fn the_good_dataset_is_good_and_has_every_file() {
    let full = Full::planned();
    let given: BTreeSet<&str> = FILES.iter().map(|(name, _)| *name).collect();
    assert_eq!(given, Table::ALL.iter().map(|table| table.file_name()).collect());
    let check = full.run(&["check", "@DIR"]);
    assert_eq!((check.code, check.err.as_str()), (Some(0), ""), "{check:?}");
    for arguments in READERS.iter().chain(JUDGES) {
        let arguments: Vec<String> = arguments.iter().map(|a| a.replace("@ROTA", "@OUT")).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if arguments.contains(&"--delivered") {
            continue;
        }
        remove(&full.path("NEW"));
        let run = full.run(&arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    }
    for command in ["recharge", "report"] {
        let run = full.run(&[command, "@DIR", "@OUT", "--delivered", "@DELIVERED"]);
        assert_eq!(run.code, Some(0), "{run:?}");
    }
}

#[test]
fn no_command_is_left_out() {
    let mut wrong = Wrong::default();
    let help = run(&["--help"]).out;
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let listed: Vec<&str> = listed
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(listed.len() >= 12, "{help}");
    let full = Full::new();
    fs::write(full.path("FILE"), "no,dataset\n1,2\n").expect("a file");
    for name in listed {
        for arguments in [
            &["--no-such-option"][..],
            &["@NOWHERE", "@NOWHERE", "@NOWHERE", "@NOWHERE", "@NOWHERE"],
            &["--out"],
            &["--out", "@NEW", "--out", "@NEW", "--json", "--json"],
            &["@FILE", "@FILE", "--out", "@NEW"],
            &["@FILE", "--out", "@NEW"],
            &["@NOWHERE", "--out", "@NEW"],
            &["", "", "--out", ""],
            &["@DIR", "@DIR", "--today", "31/02/2027", "--out", "@NEW"],
        ] {
            let arguments = [&[name], arguments].concat();
            let run = full.run(&arguments);
            wrong.unless_refused(&full, &run, &format!("{arguments:?}"));
        }
    }
}

#[test]
fn every_file_broken_in_every_way() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    // Each broken file goes to `check` and to one more command, so that each command gets every kind.
    let mut next = 0;
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut try_it = |next: &mut usize, file: &str, kind: &'static str| {
        let more = READERS[1 + *next % (READERS.len() - 1)];
        *next += 1;
        for arguments in [READERS[0], more] {
            let run = full.run(arguments);
            wrong.unless_refused(&full, &run, &format!("{file}, {kind}, {arguments:?}"));
            let named = run.err.contains(file) || run.err.contains("fault");
            wrong.unless(named, || format!("{file}, {kind}: {}", run.err));
            seen.insert((arguments[0], kind));
        }
    };
    for (file, good) in FILES {
        let kinds = if *file == "network.toml" { SPOILED_TOML } else { SPOILED };
        for (kind, spoil) in kinds {
            let bad = spoil(good);
            full.write(file, &bad);
            // A cut in a last cell that may be anything is no fault that can be seen.
            let may_pass = *kind == "cut short" || bad == good.as_bytes();
            if may_pass {
                let code = full.run(READERS[0]).code;
                assert!(matches!(code, Some(0 | 2)), "{file}, {kind}");
            } else {
                try_it(&mut next, file, kind);
            }
        }
        for (kind, put) in IN_PLACE {
            remove(&full.dir().join(file));
            put(&full.dir().join(file));
            try_it(&mut next, file, kind);
        }
        full.mend(file);
        next += 1;
    }
    assert_eq!(full.run(READERS[0]).code, Some(0), "all is mended");
    for arguments in READERS {
        let kinds = SPOILED.iter().filter(|(kind, _)| seen.contains(&(arguments[0], *kind)));
        assert!(kinds.count() > SPOILED.len() * 3 / 4, "{} saw few kinds", arguments[0]);
    }
}

/// Values that no column, or hardly any, should take.
const ABSURD: [&str; 22] = [
    "-1",
    "0",
    "1e9",
    "99999999999999999999",
    "-99999999999999999999",
    "0.0000000000001",
    "NaN",
    "inf",
    "31/02/2027",
    "0000-00-00",
    "10000-01-01",
    "9999-12-31",
    "1900-01-01",
    "25:99",
    "24:00",
    "=1+1",
    "\u{202e}abc",
    "💉",
    "cycle:1/0",
    "nth:99999999999",
    "' OR 1=1 --",
    "../../etc/passwd",
];

#[test]
fn absurd_values_in_every_cell() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    let mut next = 0;
    for (file, good) in FILES.iter().filter(|(file, _)| file.ends_with(".csv")) {
        let rows = columns(good);
        for column in 0..rows[0].len() {
            for turn in 0..3 {
                let value = ABSURD[(column + next * 7 + turn * 5) % ABSURD.len()];
                let mut bad = rows.clone();
                bad[1][column] = value.to_owned();
                full.write(file, joined(&bad));
                let arguments = READERS[(next + turn) % READERS.len()];
                remove(&full.path("NEW"));
                let run = full.run(arguments);
                let said = format!("{file}, column {column}, {value:?}, {arguments:?}: {run:?}");
                // `audit` may find the rota planned before broken now.
                let may = match run.code {
                    Some(0) => true,
                    Some(1) => arguments[0] == "audit",
                    Some(2) => !run.err.is_empty(),
                    _ => false,
                };
                wrong.unless(may, || said);
            }
            next += 1;
        }
        full.mend(file);
    }
}

#[test]
fn what_is_no_rota_is_refused_by_all_who_read_one() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    let good = fs::read_to_string(full.path("OUT/rota.csv")).expect("a rota");
    let rota = full.path("ROTA");
    for arguments in JUDGES {
        let previous = arguments.contains(&"--previous");
        for (kind, spoil) in SPOILED {
            // What people hand back may have semicolons.
            let foreign = arguments.contains(&"--delivered");
            if (*kind == "semicolons" || *kind == "cut short") && !foreign {
                continue;
            }
            fs::write(&rota, spoil(&good)).expect("a file");
            let run = full.run(arguments);
            wrong.unless_refused(&full, &run, &format!("{kind}, {arguments:?}"));
        }
        remove(&rota);
        for (kind, put) in IN_PLACE {
            put(&rota);
            let run = full.run(arguments);
            wrong.unless_refused(&full, &run, &format!("{kind}, {arguments:?}"));
            remove(&rota);
        }
        let run = full.run(arguments);
        wrong.unless_refused(&full, &run, &format!("not there, {arguments:?}"));
        wrong.unless(previous || run.err.contains("ROTA"), || format!("{run:?}"));
    }
}

#[test]
fn a_rota_of_another_dataset_is_refused() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    let good = fs::read_to_string(full.path("OUT/rota.csv")).expect("a rota");
    for (what, from, to) in [
        ("sessions", "DVH-", "XXX-"),
        ("people", "9900001", "8800001"),
        ("places", "@2027-03-02,1,", "@2027-03-02,7,"),
        ("a place twice", "@2027-03-03,2,", "@2027-03-03,1,"),
    ] {
        fs::write(full.path("ROTA"), good.replace(from, to)).expect("a file");
        for command in ["audit", "explain", "recharge", "report"] {
            let run = full.run(&[command, "@DIR", "@ROTA"]);
            wrong.unless_refused(&full, &run, &format!("{command}, {what}"));
            let placed = run.err.contains("ROTA, line ");
            wrong.unless(placed, || format!("{command}, {what}: {}", run.err));
        }
    }
}

#[test]
fn datasets_that_are_none() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    fs::create_dir(full.path("EMPTY")).expect("a folder");
    let long = "x".repeat(300);
    for dir in ["@EMPTY", "@OUT", "@OUT/rota.csv", "@NOWHERE", "/dev/null", "/dev/zero", "", &long]
    {
        for arguments in READERS {
            let arguments: Vec<&str> =
                arguments.iter().map(|one| if *one == "@DIR" { dir } else { one }).collect();
            let run = full.run(&arguments);
            wrong.unless_refused(&full, &run, &format!("{arguments:?}"));
        }
    }
}

#[test]
fn outputs_that_cannot_be() {
    let mut wrong = Wrong::default();
    let full = Full::planned();
    fs::write(full.path("FILE"), "mine").expect("a file");
    let before = names(&full.dir());
    for arguments in READERS.iter().filter(|arguments| arguments.contains(&"@NEW")) {
        for out in ["@FILE/deeper", "/proc/rotashare-out", "", "/dev/null/x"] {
            let arguments: Vec<&str> =
                arguments.iter().map(|one| if *one == "@NEW" { out } else { one }).collect();
            let run = full.run(&arguments);
            wrong.unless_refused(&full, &run, &format!("{arguments:?}"));
        }
    }
    assert_eq!(fs::read(full.path("FILE")).expect("it is there"), b"mine");
    assert_eq!(names(&full.dir()), before);
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"/tmp/rotashare-\xff\xfe-nowhere");
    for command in ["check", "plan", "audit", "explain", "export", "rules", "model", "compare"] {
        let arguments = [OsStr::new(command), odd, odd, OsStr::new("--out"), odd];
        let run = run(&arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
    }
}
