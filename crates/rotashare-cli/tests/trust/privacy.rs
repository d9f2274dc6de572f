//! Kinds of leave, notes and addresses are in no output, message or fault of any command.

use std::fs;
use std::path::Path;

use crate::common::Run;
use crate::full::{Full, SECRETS};

/// Every file below a folder, with its bytes; of workbooks what is packed in them.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
            continue;
        }
        let name = path.display().to_string();
        let bytes = fs::read(&path).expect("a file");
        if bytes.starts_with(b"PK") {
            let mut archive =
                zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
            for index in 0..archive.len() {
                let mut part = archive.by_index(index).expect("a part");
                let mut bytes = Vec::new();
                std::io::copy(&mut part, &mut bytes).expect("it can be unpacked");
                found.push((format!("{name}, part {index}"), bytes));
            }
        } else {
            found.push((name, bytes));
        }
    }
}

/// A secret in some bytes, in any case.
fn secret_in(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    // Long lines of calendars are folded.
    let text = text.replace("\r\n ", "").replace("\n ", "");
    SECRETS.into_iter().find(|secret| text.contains(&secret.to_lowercase()))
}

fn is_clean(run: &Run, said: &str) {
    for text in [&run.out, &run.err] {
        assert_eq!(secret_in(text.as_bytes()), None, "{said}: {run:?}");
    }
}

#[test]
fn no_output_of_any_command_has_a_secret() {
    let full = Full::planned();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["check", "@DIR"],
        vec!["check", "@DIR", "--json"],
        vec!["plan", "@DIR", "--out", "@WRITTEN/plan", "--json"],
        vec!["plan", "@DIR", "--out", "@WRITTEN/plan2"],
        vec!["replan", "@DIR", "--from", "@OUT", "--out", "@WRITTEN/replan"],
        vec!["audit", "@DIR", "@OUT"],
        vec!["audit", "@DIR", "@OUT", "--json"],
        vec!["compare", "@OUT", "@WRITTEN/replan"],
        vec!["rules", "@DIR"],
        vec!["rules", "@DIR", "--json"],
        vec!["model", "@DIR", "--out", "@WRITTEN/model.mps"],
        vec!["explain", "@DIR", "@OUT", "DVH-B@2027-03-10"],
        vec!["explain", "@DIR", "@OUT", "DVH-B@2027-03-10", "--json"],
        vec!["recharge", "@DIR", "@OUT", "--out", "@WRITTEN/recharge"],
        vec!["report", "@DIR", "@OUT", "--json", "--svg", "@WRITTEN/figures.svg"],
        vec!["export", "@DIR", "@OUT", "--out", "@WRITTEN/sent"],
        vec!["export", "@DIR", "@OUT", "--out", "@WRITTEN/sent2", "--previous", "@WRITTEN/replan"],
    ];
    for reader in ["RJ1", "RN7"] {
        let folder = if reader == "RJ1" { "@WRITTEN/rj1" } else { "@WRITTEN/rn7" };
        commands.push(vec!["export", "@DIR", "@OUT", "--out", folder, "--for", reader]);
        commands.push(vec!["explain", "@DIR", "@OUT", "--for", reader]);
        commands.push(vec!["report", "@DIR", "@OUT", "--for", reader]);
        commands.push(vec!["recharge", "@DIR", "@OUT", "--for", reader]);
    }
    fs::create_dir(full.path("WRITTEN")).expect("a folder");
    for arguments in &commands {
        let run = full.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        is_clean(&run, &format!("{arguments:?}"));
    }
    let mut found = Vec::new();
    files(&full.path("WRITTEN"), &mut found);
    assert!(found.len() > 40, "{}", found.len());
    for (name, bytes) in found {
        assert_eq!(secret_in(&bytes), None, "{name}");
    }
}

/// A rota that breaks what the secrets are about is judged without them.
#[test]
fn no_breach_or_reason_tells_a_secret() {
    let full = Full::planned();
    // On leave, both of them.
    let rota = "session,place,consultant\nDVH-B@2027-03-10,1,9900003\nDVH-B@2027-03-10,2,9900001\n\
                GUY-C@2027-03-04,1,9900002\nDVH-A@2027-03-11,1,9900003\n";
    fs::write(full.path("EDITED"), rota).expect("a file");
    for more in [&[][..], &["--json"]] {
        let run = full.run(&[&["audit", "@DIR", "@EDITED"], more].concat());
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.out.contains("leave"), "{run:?}");
        is_clean(&run, "audit");
    }
    full.write("pins.csv", "session,consultant\nDVH-B@2027-03-10,9900003\n");
    for arguments in
        [&["check", "@DIR"][..], &["check", "@DIR", "--json"], &["audit", "@DIR", "@OUT"]]
    {
        let run = full.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("leave"), "{run:?}");
        is_clean(&run, "a pin");
    }
}

/// A fault in a row that has a secret tells the cell that is wrong and no other.
#[test]
fn no_fault_tells_the_rest_of_its_row() {
    let full = Full::planned();
    for (file, from, to) in [
        ("leave.csv", "2027-03-12,all", "2027-02-12,all"),
        ("leave.csv", "9900003,", "9909999,"),
        ("leave.csv", "2027-03-08", "someday"),
        ("leave.csv", ",all,", ",most,"),
        ("leave.csv", ",pm,SECRET-KIND-SICK", ",pm,SECRET-KIND-SICK,SECRET-NOTE-WARD"),
        ("leave.csv", "SECRET-KIND-SICK", "\"SECRET-KIND-SICK"),
        ("leave.csv", "consultant,from", "who,from"),
        ("consultants.csv", "9900002,", "9900001,"),
        ("consultants.csv", "RJ1,RJ121", "RJ9,RJ121"),
        ("consultants.csv", ",1.0,MTWTF--,16", ",9.0,MTWTF--,16"),
        ("consultants.csv", "2028-01-01,secret", "2020-01-01,secret"),
        ("clinic_changes.csv", "move", "moved"),
        ("clinic_changes.csv", "2027-03-09", "2027-03-10"),
        ("clinic_changes.csv", "DVH-A,", "DVH-Q,"),
        ("clinic_changes.csv", "18:00", "99:00"),
    ] {
        let good = crate::full::FILES.iter().find(|(name, _)| *name == file).expect("a file").1;
        assert!(good.contains(from), "{file} has no {from}");
        full.write(file, good.replacen(from, to, 1));
        for arguments in
            [&["check", "@DIR"][..], &["check", "@DIR", "--json"], &["report", "@DIR", "@OUT"]]
        {
            let run = full.run(arguments);
            assert!(!run.err.is_empty(), "{file}, {from}: {run:?}");
            is_clean(&run, &format!("{file}, {from} for {to}"));
        }
        full.mend(file);
    }
}
