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
    let json = run(&dataset, &["report", "DIR", "OUT", "--json", "--svg", "OUT-figures.svg"]).out;
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let all = &report["coverage"]["all"];
    assert_eq!(all["places"], 8);
    assert!(dataset.read("OUT-figures.svg").starts_with("<svg"));
}
