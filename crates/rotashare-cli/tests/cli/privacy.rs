//! Every output is searched for what must not be there.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::common::{Dataset, Run};

const TODAY: [&str; 2] = ["--today", "2027-01-15"];

/// Kinds of leave, and addresses: for nobody's eyes.
const FOR_NOBODY: [&str; 3] = ["chemotherapy", "bereavement", "example.org"];

/// What a trust must not read, beside that: another's job plans, and sessions at its sites by its staff.
const OF_OTHERS: [(&str, &[&str]); 2] = [("RN7", &["Tribunal", "GUY-C"]), ("RJ1", &["Outreach"])];

/// Two trusts with diaries, kinds of leave and addresses; a rota with somebody on leave in it.
fn with_secrets() -> Dataset {
    let dataset = Dataset::small();
    dataset.write(
        "consultants.csv",
        "consultant,name,trust,base_site,fte,email\n\
         9900001,Dr Ada Moss,RJ1,RJ121,1.0,ada.moss@example.org\n\
         9900002,Dr Ben Reed,RJ1,RJ122,0.8,ben.reed@example.org\n\
         9900003,Dr Cy Lane,RN7,RN707,1.0,cy.lane@example.org\n",
    );
    dataset.write(
        "leave.csv",
        "consultant,from,to,kind\n\
         9900001,2027-03-02,2027-03-02,chemotherapy\n\
         9900003,2027-03-08,2027-03-12,bereavement\n",
    );
    dataset.write(
        "job_plans.csv",
        "consultant,weekday,start,end,activity,firmness\n\
         9900001,wed,09:00,12:00,Tribunal,fixed\n\
         9900001,thu,13:30,15:00,Tribunal,movable\n\
         9900003,tue,08:00,09:00,Outreach,movable\n",
    );
    dataset.write(
        "agreements.csv",
        "agreement,lender,host,max_sessions,price_per_session,mileage_pence\n\
         CARD,RJ1,RN7,10,412.35,56\n",
    );
    dataset.plan("OUT", &[]);
    let broken =
        "session,place,consultant\nDVH-A@2027-03-02,1,9900001\nDVH-A@2027-03-09,1,9900003\n";
    fs::create_dir(dataset.path("OUT-broken")).expect("a folder");
    fs::write(dataset.path("OUT-broken/rota.csv"), broken).expect("a file");
    dataset
}

/// Every file in a folder and below as text; the parts of workbooks one by one.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            found.extend(texts(&path));
            continue;
        }
        let name = path.display().to_string();
        let bytes = fs::read(&path).expect("a file");
        if name.ends_with(".xlsx") {
            let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
            for index in 0..book.len() {
                let mut part = book.by_index(index).expect("a part");
                let name = format!("{name}/{}", part.name().expect("a name"));
                let mut text = String::new();
                part.read_to_string(&mut text).expect("text");
                found.push((name, text));
            }
        } else {
            found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}

fn search(run: &Run, folder: &Path, words: &[&str]) -> usize {
    let mut all = texts(folder);
    all.push(("the output".to_owned(), run.out.clone()));
    all.push(("the messages".to_owned(), run.err.clone()));
    for (name, text) in &all {
        // Lines of calendars are folded.
        let text = text.replace("\r\n ", "");
        for word in words {
            assert!(!text.contains(word), "{word} in {name}: {text}");
        }
    }
    all.len()
}

/// The commands that take a rota, each with a folder of its own to write to.
const COMMANDS: [&[&str]; 9] = [
    &["explain"],
    &["explain", "--json"],
    &["export", "--out", "OUT-export"],
    &["recharge", "--out", "OUT-recharge"],
    &["report"],
    &["report", "--json"],
    &["report", "--svg", "OUT-figures.svg"],
    &["audit"],
    &["audit", "--json"],
];

#[test]
fn no_output_has_a_kind_of_leave_or_an_address() {
    let dataset = with_secrets();
    let planned = dataset.plan("OUT", &[]);
    search(&planned, &dataset.path("OUT"), &FOR_NOBODY);
    for rota in ["OUT", "OUT-broken"] {
        for command in COMMANDS {
            let arguments = [&[command[0], "DIR", rota], &command[1..], &TODAY].concat();
            let run = dataset.run(&arguments);
            let expected = if (command[0], rota) == ("audit", "OUT-broken") { 1 } else { 0 };
            assert_eq!(run.code, Some(expected), "{arguments:?}: {run:?}");
            for out in ["OUT-export", "OUT-recharge", "OUT-figures.svg"] {
                search(&run, &dataset.path(out), &FOR_NOBODY);
            }
        }
        for session in ["DVH-A@2027-03-02", "DVH-A@2027-03-09", "DVH-B@2027-03-10"] {
            let run = dataset.run(&[&["explain", "DIR", rota, session], &TODAY[..]].concat());
            assert_eq!(run.code, Some(0), "{run:?}");
            search(&run, &dataset.path("none"), &FOR_NOBODY);
        }
    }
    let picture = fs::read_to_string(dataset.path("OUT-figures.svg")).expect("a picture");
    assert!(!FOR_NOBODY.iter().any(|word| picture.contains(word)));
}

#[test]
fn no_trust_reads_what_is_another_trusts() {
    for (reader, secrets) in OF_OTHERS {
        let dataset = with_secrets();
        let words = [&FOR_NOBODY, secrets].concat();
        for rota in ["OUT", "OUT-broken"] {
            for command in COMMANDS.iter().filter(|command| command[0] != "audit") {
                let own = ["--for", reader];
                let arguments =
                    [&[command[0], "DIR", rota], &command[1..], &own[..], &TODAY].concat();
                let run = dataset.run(&arguments);
                assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
                let seen: usize = ["OUT-export", "OUT-recharge"]
                    .iter()
                    .map(|out| search(&run, &dataset.path(out), &words))
                    .sum();
                assert!(command[0] != "export" || seen > 10, "{seen} texts were searched");
                if let Ok(picture) = fs::read_to_string(dataset.path("OUT-figures.svg")) {
                    assert!(!words.iter().any(|word| picture.contains(word)));
                }
            }
        }
    }
}
