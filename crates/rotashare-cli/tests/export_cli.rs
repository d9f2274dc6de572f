//! `export`, `recharge` and `report` as people run them.

#[expect(dead_code, reason = "another suite uses the rest")]
#[path = "cli/common.rs"]
mod common;

use std::fs;

use common::{Dataset, Run, names};
use serde_json::Value;

const TODAY: [&str; 2] = ["--today", "2027-01-15"];

fn with_rota() -> Dataset {
    let dataset = Dataset::small();
    dataset.write(
        "agreements.csv",
        "agreement,lender,host,min_sessions,max_sessions,price_per_session,mileage_pence\n\
         CARD,RJ1,RN7,1,10,412.35,56\n",
    );
    write_rota(&dataset, "OUT", "9900001");
    dataset
}

/// A rota in a folder, with somebody in its first place.
fn write_rota(dataset: &Dataset, folder: &str, first: &str) {
    fs::create_dir_all(dataset.path(folder)).expect("a folder");
    let rota = format!(
        "session,place,consultant\n\
         DVH-A@2027-03-02,1,{first}\n\
         DVH-A@2027-03-09,1,9900001\n\
         DVH-B@2027-03-03,1,9900002\n\
         DVH-B@2027-03-03,2,9900003\n\
         DVH-B@2027-03-10,1,\n\
         DVH-B@2027-03-10,2,\n\
         GUY-C@2027-03-04,1,9900001\n\
         GUY-C@2027-03-11,1,9900001\n"
    );
    fs::write(dataset.path(folder).join("rota.csv"), rota).expect("a written file");
}

fn run(dataset: &Dataset, arguments: &[&str]) -> Run {
    let run = dataset.run(&[arguments, &TODAY].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    run
}

#[test]
fn everything_is_written_and_written_again_is_the_same() {
    let dataset = with_rota();
    run(&dataset, &["export", "DIR", "OUT", "--out", "OUT-sent"]);
    let sent = dataset.path("OUT-sent");
    assert_eq!(names(&sent), ["calendars", "rota.fhir.json", "rota.html", "rota.xlsx"]);
    assert_eq!(
        names(&sent.join("calendars/consultants")),
        ["9900001.ics", "9900002.ics", "9900003.ics"]
    );
    assert_eq!(names(&sent.join("calendars/sites")), ["RJ121.ics", "RJ122.ics", "RN707.ics"]);
    let files = [
        "rota.html",
        "rota.xlsx",
        "rota.fhir.json",
        "calendars/index.json",
        "calendars/sites/RN707.ics",
    ];
    let read = || files.map(|name| fs::read(sent.join(name)).expect("a file"));
    let before = read();
    run(&dataset, &["export", "DIR", "OUT", "--out", "OUT-sent"]);
    assert!(read() == before, "the files are not the same twice");
}

#[test]
fn calendars_go_on_from_the_last_version_and_changes_are_shown() {
    let dataset = with_rota();
    run(&dataset, &["export", "DIR", "OUT", "--out", "OUT-sent", "--ics"]);
    write_rota(&dataset, "OUT2", "");
    let previous = dataset.path("OUT");
    let previous = previous.to_str().expect("a path");
    run(
        &dataset,
        &["export", "DIR", "OUT2", "--out", "OUT-sent", "--ics", "--html", "--previous", previous],
    );
    let calendar = dataset.read("OUT-sent/calendars/consultants/9900001.ics");
    assert!(calendar.contains("STATUS:CANCELLED") && calendar.contains("SEQUENCE:1"));
    let page = dataset.read("OUT-sent/rota.html");
    assert!(page.contains("Changes since the last version") && page.contains("emptied"));
}

#[test]
fn a_trusts_calendars_and_the_networks_do_not_mix() {
    let dataset = with_rota();
    run(&dataset, &["export", "DIR", "OUT", "--out", "OUT-sent", "--ics", "--for", "RN7"]);
    let consultants = dataset.path("OUT-sent/calendars/consultants");
    assert_eq!(names(&consultants), ["9900003.ics"], "only its own staff");
    let all = ["export", "DIR", "OUT", "--out", "OUT-sent", "--ics"];
    let refused = dataset.run(&[&all[..], &TODAY].concat());
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("use another folder"), "{refused:?}");
    let unknown = dataset.run(&["export", "DIR", "OUT", "--out", "OUT-x", "--for", "RN8"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.err.contains("did you mean \"RN7\"?") || unknown.err.contains("RN7"),
        "{unknown:?}"
    );
    assert!(!dataset.path("OUT-x").exists());
}

#[test]
fn recharge_bills_what_was_delivered() {
    let dataset = with_rota();
    let planned = run(&dataset, &["recharge", "DIR", "OUT"]);
    assert!(planned.out.contains("CARD") && planned.out.contains("charged: what is planned"));
    let file = dataset.path("OUT-delivered.csv");
    let text = "session,consultant,status,by\n\
                DVH-A@2027-03-02,9900001,delivered,\n\
                DVH-B@2027-03-03,9900002,cancelled,host\n\
                DVH-B@2027-03-10,9900001,delivered,\n";
    fs::write(&file, text).expect("a written file");
    let path = file.to_str().expect("a path");
    run(&dataset, &["recharge", "DIR", "OUT", "--delivered", path, "--out", "OUT-bill"]);
    assert_eq!(
        names(&dataset.path("OUT-bill")),
        ["recharge-sessions.csv", "recharge.csv", "recharge.xlsx"]
    );
    let bill = dataset.read("OUT-bill/recharge.csv");
    let total = bill.lines().last().expect("the total");
    // Three planned; two delivered, one of them not planned; one cancelled by the host, one not spoken of.
    assert!(total.starts_with("total,,,,,,3,2,0,1,0,1,824.70,"), "{bill}");

    fs::write(&file, "session,consultant,status\nX,9900001,gone\n").expect("a written file");
    let wrong = dataset.run(&["recharge", "DIR", "OUT", "--delivered", path]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("line 2, session") && wrong.err.contains("line 2, status"),
        "{wrong:?}"
    );
}

#[test]
fn the_report_is_text_json_and_a_picture() {
    let dataset = with_rota();
    let text = run(&dataset, &["report", "DIR", "OUT"]).out;
    assert!(text.contains("Darent Valley") && text.contains("Away days:"), "{text}");
    assert!(text.contains("Cover on base") == dataset.dir().join("cover.csv").exists());
    let pictures = ["--svg", "OUT-figures.svg", "--png", "OUT-figures.png"];
    let json = run(&dataset, &[&["report", "DIR", "OUT", "--json"][..], &pictures].concat()).out;
    let png = fs::read(dataset.path("OUT-figures.png")).expect("a picture");
    assert!(png.starts_with(b"\x89PNG\r\n"));
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let all = &report["coverage"]["all"];
    assert_eq!(all["places"], 8);
    let both = report["coverage"]["by_site_and_specialty"].as_array().expect("rows");
    let sum: u64 = both.iter().map(|row| row["places"].as_u64().expect("a number")).sum();
    assert_eq!((both.len(), sum), (2, 8));
    assert!(dataset.read("OUT-figures.svg").starts_with("<svg"));
}

/// Every text of a file: of a workbook that of its parts.
fn texts(path: &std::path::Path) -> String {
    let bytes = fs::read(path).expect("a file");
    if !bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut text = String::new();
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).expect("a part");
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
    }
    text
}

/// Every file under a folder.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn nothing_goes_to_a_trust_that_it_must_not_see() {
    let dataset = with_rota();
    dataset.replace("sites.csv", "RJ121,RJ1,Guy's", "RJ121,RJ1,Alpha House");
    dataset.replace("sites.csv", "RJ122,RJ1,St Thomas'", "RJ122,RJ1,Beta House");
    dataset.write(
        "consultants.csv",
        "consultant,name,trust,base_site,fte,email\n\
         9900001,Dr Ada Moss,RJ1,RJ121,1.0,ada@secret.example\n\
         9900002,Dr Ben Reed,RJ1,RJ122,0.8,ben@secret.example\n\
         9900003,Dr Cy Lane,RN7,RN707,1.0,cy@secret.example\n",
    );
    dataset.write(
        "leave.csv",
        "consultant,from,to,kind\n9900003,2027-03-08,2027-03-12,secret-sick\n\
         9900002,2027-03-08,2027-03-12,secret-parental\n",
    );
    dataset.write(
        "job_plans.csv",
        "consultant,weekday,start,end,activity,firmness\n\
         9900001,tue,08:00,12:00,secret-duty-of-ada,movable\n\
         9900002,wed,14:00,17:00,secret-duty-of-ben,fixed\n",
    );
    dataset.write("cover.csv", "trust,specialty,keep_on_base\nRJ1,320,1\n");
    write_rota(&dataset, "OUT-before", "9900002");
    fs::write(
        dataset.path("OUT-delivered.csv"),
        "session,consultant,status,by\nDVH-A@2027-03-02,9900001,delivered,\nGUY-C@2027-03-04,9900001,delivered,\n",
    )
    .expect("a written file");
    let path = |name: &str| dataset.path(name).to_str().expect("a path").to_owned();
    let (before, delivered) = (path("OUT-before"), path("OUT-delivered.csv"));

    let to_host =
        ["secret", "Alpha House", "Beta House", "RJ121", "RJ122", "GUY-C", "unfilled.must"];
    let to_lender = [
        // Nobody of theirs is in these.
        "DVH-B@2027-03-10",
        "Dr Cy Lane",
        "9900003",
        "secret-sick",
        "secret-parental",
        "secret.example",
        "unfilled.must",
    ];
    for (trust, forbidden) in [("RN7", &to_host[..]), ("RJ1", &to_lender[..])] {
        let out = |what: &str| format!("OUT-{trust}-{what}");
        let (sent, bill, svg) = (out("sent"), out("bill"), out("figures.svg"));
        let for_trust = ["--for", trust];
        let runs = [
            &["export", "DIR", "OUT", "--out", &sent, "--previous", &before][..],
            &["recharge", "DIR", "OUT", "--delivered", &delivered, "--out", &bill],
            &["report", "DIR", "OUT", "--delivered", &delivered, "--svg", &svg],
            &["report", "DIR", "OUT", "--json"],
        ]
        .map(|arguments| run(&dataset, &[arguments, &for_trust].concat()));
        let mut told: Vec<(String, String)> = runs
            .into_iter()
            .map(|run| ("a terminal".to_owned(), format!("{}{}", run.out, run.err)))
            .collect();
        let mut written = files(&dataset.path(&sent));
        written.extend(files(&dataset.path(&bill)));
        written.push(dataset.path(&svg));
        assert!(written.len() >= 9, "{written:?}");
        told.extend(written.iter().map(|path| (path.display().to_string(), texts(path))));
        for (place, text) in &told {
            for word in forbidden {
                assert!(!text.contains(word), "{trust} reads {word} in {place}");
            }
        }
        // What it must see is there.
        let all: String = told.into_iter().map(|(_, text)| text).collect();
        for word in ["DVH-A@2027-03-02", "Dr Ada Moss", "Darent Valley", "reassigned", "CARD"] {
            assert!(all.contains(word) || (trust, word) == ("RN7", "CARD"), "{trust}: {word}");
        }
    }
    // Whoever answers for the whole network reads all of that, but nobody of kinds of leave and addresses.
    run(&dataset, &["export", "DIR", "OUT", "--out", "OUT-all"]);
    let all: String = files(&dataset.path("OUT-all")).iter().map(|path| texts(path)).collect();
    for word in ["secret-sick", "secret-parental", "secret.example"] {
        assert!(!all.contains(word), "{word}");
    }
    for word in
        ["Alpha House", "GUY-C", "DVH-B@2027-03-10", "Dr Cy Lane", "secret-duty", "unfilled.must"]
    {
        assert!(all.contains(word), "{word} is nowhere to be found");
    }
}
