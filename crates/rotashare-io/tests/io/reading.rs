//! What is wrong with a dataset is told: all of it, where it is, and what to do.

use std::fs::{self, File};

use crate::common::{GOOD, all_faults, faults, folder, read, texts, with};
use rotashare_core::network::Network;
use rotashare_io::{ReadError, read_dataset};

fn one(file: &str, content: &[u8]) -> String {
    let all = faults(&[(file, Some(content))]);
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].clone()
}

#[test]
fn the_good_dataset_is_good() {
    let reading = read(folder(&[]).path());
    assert_eq!(texts(&reading.faults), [""; 0]);
    assert_eq!(texts(&reading.warnings), [""; 0]);
    let built = Network::build(&reading.draft);
    let (network, warnings) = built.expect("it can be built");
    assert_eq!(warnings, []);
    assert_eq!(network.sessions().len(), 4);
    assert_eq!(reading.sha256, read(folder(&[]).path()).sha256);
    let other = folder(&[("trusts.csv", Some(&with("trusts.csv", "Guy's", "Guys")))]);
    assert_ne!(reading.sha256, read(other.path()).sha256);
}

#[test]
fn a_column_renamed() {
    assert_eq!(
        one("consultants.csv", &with("consultants.csv", "base_site", "base_sit")),
        "consultants.csv, line 1, base_site: the column base_site is missing; did you mean the \
         column base_sit? Rename it to base_site"
    );
    // Whatever refers to the key is not wrong.
    assert_eq!(
        one("consultants.csv", &with("consultants.csv", "consultant,", "id,")),
        "consultants.csv, line 1, consultant: the column consultant is missing; add it: a code for \
         the consultant, such as a GMC number"
    );
    let dir = folder(&[("clinics.csv", Some(&with("clinics.csv", "consultants", "consultant")))]);
    let warnings = texts(&all_faults(&read(dir.path())).warnings);
    assert_eq!(
        warnings,
        ["clinics.csv, line 1, consultant: there is no column consultant in this file; it is not \
          read; did you mean consultants?"]
    );
}

#[test]
fn a_date_that_is_none() {
    assert_eq!(
        one("leave.csv", &with("leave.csv", "12/03/2027", "31/02/2027")),
        "leave.csv, line 2, to: there is no day 31/02/2027; write it as 2027-03-02 or 02/03/2027 \
         (day first)"
    );
    // The consultant is there nevertheless: nothing that names them is wrong.
    assert_eq!(
        one("consultants.csv", &with("consultants.csv", "01/01/2026", "2026-13-01")),
        "consultants.csv, line 3, active_from: there is no day 2026-13-01; write it as 2027-03-02 \
         or 02/03/2027 (day first)"
    );
    // A clinic on an unknown day has unknown sessions: the pin on one is not wrong either.
    assert!(
        one("clinics.csv", &with("clinics.csv", "tuesday", "tosday"))
            .starts_with("clinics.csv, line 2, weekday: \"tosday\" is not a weekday;")
    );
}

#[test]
fn a_site_that_does_not_exist_and_a_duplicate_id() {
    assert_eq!(
        one("clinics.csv", &with("clinics.csv", "RN707", "RN770")),
        "clinics.csv, line 2, site: site \"RN770\" is not in sites.csv; did you mean RN707?"
    );
    let twice = with("consultants.csv", "9900002", "9900001");
    let all = faults(&[
        ("consultants.csv", Some(&twice)),
        ("accreditations.csv", Some(b"consultant,specialty\n9900001,320\n")),
        ("leave.csv", None),
    ]);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].starts_with(
        "consultants.csv, line 3, consultant: consultant \"9900001\" is on line 2 already;"
    ));
}

#[test]
fn cells_out_of_range_or_missing() {
    for (file, from, to, expected) in [
        ("clinics.csv", "13:00,1", "13:00,2.5", "consultants: \"2.5\" is not a whole number"),
        ("clinics.csv", "13:00,1", "13:00,0", "consultants: 0 is not from 1 to 99"),
        ("clinics.csv", "13:00,1", "13:00,100", "consultants: 100 is not from 1 to 99"),
        ("clinics.csv", "09:00", "25:00", "start: \"25:00\" is not a time of day"),
        ("clinics.csv", "09:00", "24:00", "start: 24:00 is the end of a day"),
        ("clinics.csv", "320", " \u{a0} ", "specialty: specialty is empty"),
        ("consultants.csv", "0.8", "0", "fte: 0 is not from 0.001 to 2"),
        ("consultants.csv", "0.8", "\"0,8\"", "fte: \"0,8\" is not a number"),
        ("consultants.csv", "0.8", "2.1", "fte: 2.1 is not from 0.001 to 2"),
        ("sites.csv", "51.4350", "514350", "latitude: 514350 is not from -90 to 90"),
        ("sites.csv", "0.2587", "180.1", "longitude: 180.1 is not from -180 to 180"),
    ] {
        let text = one(file, &with(file, from, to));
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn rows_that_are_torn() {
    let torn = with("consultants.csv", "\"Shah, Anita\"", "Shah, Anita");
    assert_eq!(
        one("consultants.csv", &torn),
        "consultants.csv, line 2: the row has 7 cells, the header has 6; put quote marks around \
         text that has a comma, or add the commas that are missing"
    );
    let all = faults(&[(
        "leave.csv",
        Some(b"consultant,from,to,kind\n9900001,2027-03-01,\"2027-03-02,x\n9900002,1,2,3\n"),
    )]);
    assert!(all[0].contains("line 2: a quote mark is opened here and not closed"), "{all:#?}");
    // Who would have come after it is not unknown.
    let endless = with("consultants.csv", "Owen Price", &"x".repeat(40_000));
    for spoilt in [with("consultants.csv", "\"Shah, Anita\"", "\"Shah, Anita"), endless] {
        let all = faults(&[("consultants.csv", Some(&spoilt))]);
        let is_of_it = |text: &String| text.starts_with("consultants.csv, line ");
        assert!(!all.is_empty() && all.iter().all(is_of_it), "{all:#?}");
    }
}

#[test]
fn lines_are_those_of_the_file() {
    let text = "\u{feff}consultant,from,to,kind\r\n\r\n9900001,2027-03-01,2027-03-01,\"two\r\nlines\"\r\n\
                ,,,\r\n9900002,2027-03-01,2027-03-32,x\r\n";
    assert!(one("leave.csv", text.as_bytes()).starts_with("leave.csv, line 6, to: "));
    let text = "consultant,from,to\n\n\n9900002,2027-03-01,wrong";
    assert!(one("leave.csv", text.as_bytes()).starts_with("leave.csv, line 4, to: "));
    let text = "consultant,from,to\r9900001,2027-03-01,2027-03-01\r9900002,2027-03-01,wrong\r";
    assert!(one("leave.csv", text.as_bytes()).starts_with("leave.csv, line 3, to: "));
}

#[test]
fn what_spreadsheets_write_is_read() {
    let text = "\u{feff} Kind ,TO,from,Consultant,\r\n\u{a0}A/L\u{a0},02/03/2027,1/3/2027, 9900001 ,\r\n,,,,\r\n";
    let dir = folder(&[("leave.csv", Some(text.as_bytes()))]);
    let reading = read(dir.path());
    assert_eq!(texts(&reading.faults), [""; 0]);
    let leave = reading.draft.leave.unwrap_or_default();
    assert_eq!(leave.len(), 1);
    assert_eq!((leave[0].consultant.as_str(), leave[0].kind.as_deref()), ("9900001", Some("A/L")));
    assert_eq!(leave[0].from.to_string(), "2027-03-01");
}

#[test]
fn files_that_are_no_csv() {
    let cases: &[(&[u8], &str)] = &[
        (b"\x7fELF\x02\0\0\0", "leave.csv: it is a binary file, not text; "),
        (b"PK\x03\x04\x14\0", "leave.csv: it is a spreadsheet workbook, not text; "),
        (b"\xff\xfec\0o\0", "leave.csv: it is text in UTF-16, not UTF-8; "),
        (b"", "leave.csv: the file is empty; begin it with a header: consultant,from,to"),
        (b"\xef\xbb\xbf\n\n", "leave.csv: the file is empty; "),
        (
            b"consultant;from;to\n9900001;2027-03-01;2027-03-02\n",
            "leave.csv, line 1: the file is separated by semicolons; save it with commas",
        ),
        (b"consultant\tfrom\tto\n", "leave.csv, line 1: the file is separated by tabs; "),
        (
            b"consultant;from;to;kind\n9900001;2027-03-01;2027-03-02;Cong\xe9\n",
            "leave.csv, line 2: the text is not UTF-8 (byte 0xe9), perhaps Windows-1252; ",
        ),
        (
            b"Leave of the department\n\nconsultant,from,to\n9900001,2027-03-01,2027-03-02\n",
            "leave.csv, line 1: the header is on line 3, under other rows; delete the rows above",
        ),
        (
            b"consultant,from,from,to\n",
            "leave.csv, line 1, from: there are two columns from, the 2nd and the 3rd; ",
        ),
    ];
    for (content, expected) in cases {
        let text = one("leave.csv", content);
        assert!(text.starts_with(expected), "{text}");
    }
    assert!(one("leave.csv", cases[7].0).contains("semicolons now"));
    assert!(one("leave.csv", cases[0].0).contains("CSV UTF-8"));
}

#[test]
fn files_that_are_too_large() {
    let dir = folder(&[]);
    let path = dir.path().join("leave.csv");
    File::create(&path).and_then(|file| file.set_len(100 << 20)).expect("a file of 100 MB");
    let started = std::time::Instant::now();
    let all = texts(&read(dir.path()).faults);
    assert!(
        all[0].starts_with("leave.csv: the file has 100 MiB, over the limit of 64 MiB;"),
        "{all:#?}"
    );
    assert!(started.elapsed().as_secs() < 5);

    let long =
        format!("consultant,from,to,kind\n9900001,1/3/2027,1/3/2027,{}\n", "x".repeat(40_000));
    assert!(one("leave.csv", long.as_bytes()).contains("line 2: a cell has 40000 bytes"));
    let long = format!("consultant,from,to\n9900001,{},1/3/2027\n", "1".repeat(5000));
    assert!(one("leave.csv", long.as_bytes()).len() < 400);
    let many = format!("consultant,from,to\n{}", "9900001,wrong,1/3/2027\n".repeat(502));
    let all = faults(&[("leave.csv", Some(many.as_bytes()))]);
    assert_eq!(all.len(), 501);
    assert!(
        all[500].starts_with("leave.csv, line 502: … and 2 more faults from here on"),
        "{}",
        all[500]
    );
}

#[test]
fn folders_and_files_that_are_not_there() {
    let dir = folder(&[]);
    let nowhere = read_dataset(&dir.path().join("nowhere"));
    assert!(matches!(nowhere, Err(ReadError::NotFound { .. })));
    let file = read_dataset(&dir.path().join("trusts.csv"));
    assert!(matches!(file, Err(ReadError::NotADataset { .. })));

    let all = faults(&[("consultants.csv", None), ("consultant.csv", Some(GOOD[3].1.as_bytes()))]);
    assert_eq!(
        all,
        ["consultants.csv: the file is missing; rename consultant.csv to consultants.csv"]
    );
    let all = faults(&[("clinics.csv", None)]);
    assert_eq!(
        all[0],
        "clinics.csv: there is neither clinics.csv nor sessions.csv; add one of the two, or both"
    );
    let all = faults(&[("network.toml", None)]);
    assert_eq!(all, ["network.toml: the file is missing; add network.toml to the folder"]);
    let all = faults(&[("network.toml", None), ("kent.xlsx", Some(b""))]);
    assert_eq!(
        all,
        [
            "network.toml: the file is missing; give kent.xlsx in place of the folder, or add network.toml"
        ]
    );

    assert_eq!(
        one("sites.csv", b"site,trust,name\n"),
        "sites.csv: the file has no rows; add at least one"
    );

    fs::create_dir(dir.path().join("pins.csv.d")).expect("a folder");
    fs::write(dir.path().join("README.md"), "").expect("a file");
    fs::write(dir.path().join(".hidden"), "").expect("a file");
    fs::write(dir.path().join("jobplans.csv"), "").expect("a file");
    fs::write(dir.path().join("budget.xlsx"), "").expect("a file");
    let warnings = texts(&read(dir.path()).warnings);
    assert_eq!(
        warnings,
        [
            "network.toml: the folder has \"budget.xlsx\", which is no part of a dataset and is not \
             read; take it out if it is not needed",
            "job_plans.csv: the folder has \"jobplans.csv\", which is no part of a dataset and is \
             not read; did you mean job_plans.csv?"
        ]
    );
    fs::remove_file(dir.path().join("leave.csv")).expect("it is there");
    fs::create_dir(dir.path().join("leave.csv")).expect("a folder");
    assert_eq!(
        texts(&read(dir.path()).faults),
        ["leave.csv: it is a folder, not a file; put the file in its place"]
    );
}

#[test]
fn network_toml_has_its_lines() {
    let toml = |text: &str| one("network.toml", text.as_bytes());
    assert_eq!(
        toml("name = \"Kent\"\n[horizon]\nfrom = 31/02/2027\nto = 2027-03-28\n").split(':').next(),
        Some("network.toml, line 3")
    );
    let horizon = "[horizon]\nfrom = 2027-03-01\nto = 2027-03-28\n";
    for (text, expected) in [
        ("", "network.toml, horizon: the horizon is missing; add [horizon]"),
        ("[horizon]\nfrom = 2027-03-01\n", "network.toml, line 1, horizon.to: to is missing"),
        (
            "[horizon]\nfrom = \"31/02/2027\"\nto = 2027-03-28\n",
            "network.toml, line 2, horizon.from: there is no day 31/02/2027",
        ),
        (
            "[horizon]\nfrom = 1\nto = 2027-03-28\n",
            "network.toml, line 2, horizon.from: horizon.from must be a date, not a number",
        ),
        ("horizon = 3\n", "network.toml, line 1, horizon: horizon must be a table"),
        (
            &format!("name = 7\n{horizon}"),
            "network.toml, line 1, name: name must be text, not a number",
        ),
        (
            &format!("{horizon}[rules]\nleave = false\n"),
            "network.toml, line 5, rules.leave: rules.leave must be a table, not true or false",
        ),
        (
            &format!("{horizon}[weights]\nunfilled.must = 1\ncost = 2\n\"unfilled.must\" = 3\n"),
            "network.toml, line 7, weights.unfilled.must: weights.unfilled.must is on line 5 already",
        ),
        (
            &format!("cycle_anchor = 2027-03-02\n{horizon}"),
            "network.toml, line 1, cycle_anchor: 2027-03-02 is not a Monday",
        ),
    ] {
        let text = toml(text);
        assert!(text.starts_with(expected), "{text}");
    }
    let text = format!("tiemzone = \"x\"\n{horizon}cycle_anchor = 2027-03-01\n");
    let dir = folder(&[("network.toml", Some(text.as_bytes()))]);
    assert_eq!(
        texts(&read(dir.path()).warnings),
        [
            "network.toml, line 1, tiemzone: there is no key tiemzone; it is not read; did you mean \
             timezone?",
            "network.toml, line 5, horizon.cycle_anchor: there is no key horizon.cycle_anchor; it is \
             not read; put it above the first [table]: it belongs to the whole file"
        ]
    );
}

#[test]
fn settings_are_what_they_say() {
    use rotashare_core::draft::Setting::{Date, Whole};
    let draft = read(folder(&[]).path()).draft.network;
    let date = jiff::civil::date(2027, 1, 15);
    assert_eq!(
        draft.weights,
        [(9, "continuity".into(), Whole(60)), (10, "unfilled.must".into(), Whole(20_000))]
    );
    assert_eq!(
        draft.rules,
        [
            (13, "notice".into(), "days".into(), Whole(42)),
            (14, "notice".into(), "from".into(), Date(date))
        ]
    );
}

#[test]
fn faults_of_many_files_come_together_in_order() {
    let all = faults(&[
        ("leave.csv", Some(&with("leave.csv", "12/03/2027", "30/02/2027"))),
        ("clinics.csv", Some(&with("clinics.csv", "RN707", "RX1"))),
        ("consultants.csv", Some(&with("consultants.csv", "0.8,01/01/2026", "x,32/01/2026"))),
        ("sites.csv", Some(&with("sites.csv", "RN7,", "RN8,"))),
        ("network.toml", Some(&with("network.toml", "2027-03-01\n\n", "2027-03-03\n\n"))),
    ]);
    let places: Vec<&str> = all.iter().filter_map(|text| text.split(": ").next()).collect();
    assert_eq!(
        places,
        [
            "network.toml, line 2, cycle_anchor",
            "sites.csv, line 3, trust",
            "consultants.csv, line 3, active_from",
            "consultants.csv, line 3, fte",
            "leave.csv, line 2, to",
            "clinics.csv, line 2, site",
        ],
        "{all:#?}"
    );
}

#[test]
fn codes_are_looked_up_also_where_another_cell_of_the_row_is_wrong() {
    let leave = "consultant,from,to,kind\n990002,30/02/2027,12/03/2027,A/L\n9900002,x,,\n";
    let preferences = "consultant,points,site,clinic\n9900001,many,RN77,DVH-CARD-TEU\n";
    let authorisations = "consultant,trust,valid_from\n9900001,RN9,soon\n";
    let all = faults(&[
        ("leave.csv", Some(leave.as_bytes())),
        ("preferences.csv", Some(preferences.as_bytes())),
        ("authorisations.csv", Some(authorisations.as_bytes())),
    ]);
    let places: Vec<&str> = all.iter().filter_map(|text| text.split(": ").next()).collect();
    assert_eq!(
        places,
        [
            "authorisations.csv, line 2, trust",
            "authorisations.csv, line 2, valid_from",
            "leave.csv, line 2, consultant",
            "leave.csv, line 2, from",
            "leave.csv, line 3, from",
            "leave.csv, line 3, to",
            "preferences.csv, line 2, clinic",
            "preferences.csv, line 2, points",
            "preferences.csv, line 2, site",
        ],
        "{all:#?}"
    );
    // A list is so many codes, and where there is no clinics.csv nobody has to know a clinic.
    let sessions = "session,site,specialty,date,start,end,clinic,named_consultant\n\
                    ,RN707,320,2027-03-02,09:00,13:00,K2,9900001;9900002; 990002\n";
    let all = faults(&[
        ("clinics.csv", None),
        ("sessions.csv", Some(sessions.as_bytes())),
        ("pins.csv", None),
    ]);
    let wanted = ["named_consultant: consultant \"990002\" is not", "session: session is empty"];
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all.iter().zip(wanted).all(|(text, wanted)| text.contains(wanted)), "{all:#?}");
    // Not where it is not known which cell is which, nor where the file itself can't be read.
    let torn = "consultant,from,to,kind\n990002,2027-03-08,12/03/2027\n";
    assert_eq!(faults(&[("leave.csv", Some(torn.as_bytes()))]).len(), 1);
    let unread = [("leave.csv", Some(leave.as_bytes())), ("consultants.csv", Some(&b"x\n1\n"[..]))];
    let all = faults(&unread);
    assert!(!all.iter().any(|text| text.contains("is not in consultants.csv")), "{all:#?}");
}

#[test]
fn cells_that_count_for_nothing_are_told() {
    let changes = "clinic,date,change,to_date,start,end\n\
                   DVH-CARD-TUE,2027-03-09,cancel,2027-03-10,,13:00\n\
                   DVH-CARD-TUE,2027-03-11,add,2027-03-12,10:00,\n\
                   DVH-CARD-TUE,2027-03-16,move,2027-03-17,10:00,12:00\n";
    let on_call = "consultant,from,to,start,end,kind\n9900001,2027-03-22,2027-03-26,08:00,,hot-week\n\
                   9900001,2027-03-22,2027-03-26,08:00,20:00,on-call\n";
    let dir = folder(&[
        ("clinic_changes.csv", Some(changes.as_bytes())),
        ("on_call.csv", Some(on_call.as_bytes())),
    ]);
    let nothing = "counts for nothing";
    assert_eq!(
        texts(&read(dir.path()).warnings),
        [
            format!("on_call.csv, line 2, start: a hot week takes whole days; the time {nothing}"),
            format!(
                "clinic_changes.csv, line 2, to_date: cancel has no use for to_date; the cell {nothing}"
            ),
            format!(
                "clinic_changes.csv, line 3, to_date: add has no use for to_date; the cell {nothing}"
            ),
        ]
    );
}

#[test]
fn what_only_a_row_with_a_fault_would_tell_is_no_warning() {
    let own = with("clinics.csv", "320", "CARD");
    let mistyped = "consultant,specialty\n9900001,CARD\n9900002,CARDX\n";
    let told = |clinics: &[u8]| {
        let dir = folder(&[
            ("clinics.csv", Some(clinics)),
            ("accreditations.csv", Some(mistyped.as_bytes())),
            ("cover.csv", Some(b"trust,specialty,keep_on_base,site\nRJ1,CARD,1,RJ121\n")),
        ]);
        texts(&all_faults(&read(dir.path())).warnings)
    };
    let whole = told(&own);
    assert!(whole.len() == 1 && whole[0].contains("did you mean CARD?"), "{whole:#?}");
    let torn = String::from_utf8(own).expect("text").replace(",1\n", ",1,,\n");
    assert_eq!(told(torn.as_bytes()), [""; 0]);
}
