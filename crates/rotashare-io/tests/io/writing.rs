//! Datasets and results are written whole, read back the same, or are not written at all.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rotashare_core::draft::{Draft, NetworkToml, RotaRow, Setting};
use rotashare_core::fault::Table;
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::time::{Clock, Part, Validity, WEEKDAYS};
use rotashare_core::values::{Hundredths, Instrument, Pence, Thousandths, WeekPattern};
use rotashare_io::book::template;
use rotashare_io::generate::{self, Shape, rows};
use rotashare_io::{
    GapRow, Summary, WriteError, columns, dataset_files, gaps_csv, read_dataset, read_rota,
    rota_csv, summary_json, write_dataset, write_file, write_folder,
};

use crate::common::{folder, read, texts};

/// Writes a draft, reads it, and gives what was read, its keys in `network.toml` on no line.
fn there_and_back(draft: &Draft) -> Draft {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let dir = dir.path().join("dataset");
    write_dataset(&dir, draft).expect("it can be written");
    let reading = read(&dir);
    assert_eq!(texts(&reading.faults), [""; 0]);
    assert_eq!(texts(&reading.warnings), [""; 0]);
    without_lines(reading.draft)
}

fn without_lines(mut draft: Draft) -> Draft {
    let network = &mut draft.network;
    network.horizon_line = 0;
    network.cycle_anchor = network.cycle_anchor.map(|(_, anchor)| (0, anchor));
    network.weights.iter_mut().for_each(|weight| weight.0 = 0);
    network.rules.iter_mut().for_each(|rule| rule.0 = 0);
    draft
}

/// The same through a workbook.
fn through_a_workbook(draft: &Draft) -> Draft {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("network.xlsx");
    let bytes = template(Some(draft), &[]).expect("a workbook");
    assert_eq!(template(Some(draft), &[]).expect("a workbook"), bytes, "not the same twice");
    fs::write(&path, bytes).expect("a written file");
    let reading = read(&path);
    assert_eq!(texts(&reading.faults), [""; 0]);
    assert_eq!(texts(&reading.warnings), [""; 0]);
    without_lines(reading.draft)
}

#[test]
fn generated_datasets_come_back() {
    for seed in 0..3 {
        let shape = Shape { consultants: 40, sites: 5, clinics: 40, seed, ..Shape::default() };
        let draft = generate::network(&shape).expect("a possible shape");
        assert_eq!(there_and_back(&draft), draft);
        assert_eq!(through_a_workbook(&draft), draft);
    }
}

/// Whoever names a seed means these bytes.
#[test]
fn a_seed_gives_the_same_bytes_in_every_release() {
    let small = Shape { consultants: 12, sites: 3, specialties: 2, clinics: 6, ..Shape::default() };
    let large =
        Shape { consultants: 90, sites: 9, specialties: 5, clinics: 60, ..Shape::default() };
    for (shape, sha256) in [
        (
            Shape { weeks: 2, seed: 5, ..small },
            "473e54d04cdc1b0fa110a49641f3356a19d30ba3f4ae355fe5324191331287e5",
        ),
        (
            Shape { networks: 3, ..large },
            "728ef90fca046ab3c9694b2a92889f4c9893dac626ecda47ce3e2466194bc98e",
        ),
    ] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let dir = dir.path().join("dataset");
        write_dataset(&dir, &generate::network(&shape).expect("a possible shape"))
            .expect("it can be written");
        assert_eq!(read(&dir).sha256, sha256, "{shape:?}");
    }
}

#[test]
fn the_reference_datasets_come_back_from_a_workbook() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let mut seen = 0;
    for entry in fs::read_dir(data).expect("the folder of datasets") {
        let dir = entry.expect("an entry").path();
        if dir.join("network.toml").is_file() {
            let folder = without_lines(read(&dir).draft);
            // By the files they are written as: lines of a file with blank ones differ.
            assert_eq!(dataset_files(&through_a_workbook(&folder)), dataset_files(&folder));
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen} datasets");
}

#[test]
fn a_file_without_rows_still_counts_after_a_workbook() {
    let shape = Shape { consultants: 10, sites: 3, clinics: 5, ..Shape::default() };
    let mut draft = generate::network(&shape).expect("a possible shape");
    draft.authorisations = Some(Vec::new());
    draft.history = Some(Vec::new());
    draft.leave = None;
    assert_eq!(through_a_workbook(&draft), draft);
}

#[test]
fn a_name_like_a_formula_is_text_in_csv_and_comes_back() {
    let shape = Shape { consultants: 10, sites: 3, clinics: 5, ..Shape::default() };
    let mut draft = generate::network(&shape).expect("a possible shape");
    let names = ["=HYPERLINK(\"http://x\")", "+44", "-1+1", "@SUM(A1)", "'=1", "O'Neil"];
    for (consultant, name) in draft.consultants.iter_mut().zip(names) {
        consultant.name = name.to_owned();
    }
    let files = dataset_files(&draft);
    let (_, csv) = files.iter().find(|(name, _)| *name == "consultants.csv").expect("the file");
    let mut reader = csv::Reader::from_reader(&csv[..]);
    for record in reader.records() {
        for cell in record.expect("a row").iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    assert_eq!(there_and_back(&draft), draft);
    assert_eq!(through_a_workbook(&draft), draft);
}

/// Texts as cells have them: trimmed, not empty, with everything CSV and TOML must quote.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9é,;'\"=\\\\#@ \n-]{0,12}".prop_map(|text| format!("x{}", text.trim_end()))
}

fn option<T: Clone + std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(strategy)
}

fn day() -> impl Strategy<Value = jiff::civil::Date> {
    (1900..2100_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn clock() -> impl Strategy<Value = Clock> {
    (0..24_u16, 0..60_u16).prop_map(|(hour, minute)| rows::clock(hour, minute))
}

fn valid() -> impl Strategy<Value = Validity> {
    (option(day()), option(day())).prop_map(|(from, to)| Validity { from, to })
}

fn weeks() -> impl Strategy<Value = WeekPattern> {
    let known = ["all", "nth:1,3", "nth:last", "nth:2,last", "iso:odd", "iso:even", "cycle:1,3/4"];
    proptest::sample::select(known.to_vec())
        .prop_map(|text| text.parse().expect("a known week pattern"))
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        any::<bool>().prop_map(Setting::Bool),
        any::<i64>().prop_map(Setting::Whole),
        (-1e9..1e9_f64).prop_map(Setting::Fraction),
        text().prop_map(Setting::Text),
        day().prop_map(Setting::Date),
    ]
}

fn network() -> impl Strategy<Value = NetworkToml> {
    let names = proptest::collection::btree_set("[a-z_.]{1,9}", 0..4);
    let keys = proptest::collection::btree_set("[a-z_]{1,9}", 0..4);
    (text(), option((day(), day())), names, keys, setting()).prop_map(
        |(name, horizon, names, keys, value)| NetworkToml {
            name,
            timezone: "Europe/London".into(),
            horizon: horizon.or(Some((generate::FIRST_DAY, generate::FIRST_DAY))),
            horizon_line: 0,
            cycle_anchor: None,
            weights: names.into_iter().map(|name| (0, name, value.clone())).collect(),
            rules: keys.into_iter().map(|key| (0, "rest".into(), key, value.clone())).collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rows_come_back(
        network in network(),
        (name, postcode, place) in (text(), option(text()), option((-90.0..90.0_f64, -180.0..180.0_f64))),
        (fte, hours, away, active) in (1..=2000_i64, option(0..600_000_i64), option(0..=7_u32), valid()),
        (start, end, weeks, pas, list) in (clock(), clock(), weeks(), option(0..50_000_i64), proptest::collection::vec("[A-Z0-9]{1,5}", 0..3)),
        (price, mileage, max_cost) in (option(0..1_000_000_i64), option(0..10_000_i64), option(0..1_000_000_i64)),
        (weekday, instrument, points) in (0..7_usize, option(0..4_usize), -1000..1000_i64),
    ) {
        let mut draft = Draft { network, ..Draft::default() };
        let mut site = rows::site("S1", "T1", &name);
        site.postcode = postcode.clone();
        site.latitude = place.map(|place| place.0);
        site.longitude = place.map(|place| place.1);
        draft.sites = vec![site];
        draft.trusts = vec![rows::trust("T1", &name)];
        let mut consultant = rows::consultant("007", &name, "T1", "S1");
        consultant.fte = Thousandths(fte);
        consultant.target_hours = hours;
        consultant.max_hours = hours;
        consultant.max_away_days_per_week = away;
        consultant.active = active;
        consultant.email = postcode.clone();
        draft.consultants = vec![consultant.clone(), rows::consultant("008", "y", "T1", "S1")];
        draft.accreditations = vec![rows::accreditation("007", "0320", postcode.as_deref())];
        let mut right = rows::authorisation("007", "T1");
        right.instrument = instrument.map(|which| {
            Instrument::WORDS[which].parse().expect("a word of the vocabulary")
        });
        right.valid = active;
        draft.authorisations = Some(vec![right]);
        let mut clinic = rows::clinic("C1", "S1", "0320", WEEKDAYS[weekday], (start, end));
        clinic.weeks = weeks.clone();
        clinic.pas = pas.map(Thousandths);
        clinic.named_consultant = list;
        clinic.new_slots = away;
        draft.clinics = Some(vec![clinic]);
        let mut duty = rows::duty("007", WEEKDAYS[weekday], (start, end), &name);
        duty.weeks = weeks;
        duty.valid = active;
        draft.job_plans = Some(vec![duty]);
        let mut agreement = rows::agreement("A", "T1", "T2", "0320");
        agreement.price_per_session = price.map(Pence);
        agreement.mileage_pence = mileage.map(Hundredths);
        agreement.max_cost = max_cost.map(Pence);
        draft.agreements = Some(vec![agreement]);
        let mut preference = rows::preference("007", points);
        preference.weekday = Some(WEEKDAYS[weekday]);
        preference.part = Part::Pm;
        draft.preferences = Some(vec![preference]);
        draft.published = Some(vec![RotaRow {
            line: 0,
            session: "C1@2027-03-02".into(),
            place: 2,
            consultant: postcode,
            date: active.from,
            start: Some(start),
            end: Some(end),
            site: None,
            specialty: None,
            clinic: None,
        }]);
        draft.pins = Some(Vec::new());
        rows::number_lines(&mut draft);
        // A text with a line break takes two lines; only the first rows' lines are sure.
        let mut read = there_and_back(&draft);
        rows::number_lines(&mut read);
        prop_assert_eq!(&read, &draft);
        let mut read = through_a_workbook(&draft);
        rows::number_lines(&mut read);
        prop_assert_eq!(read, draft);
    }
}

#[test]
fn every_table_describes_its_columns() {
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Network) {
        let columns = columns(table);
        assert!(columns[0].is_required(), "{table:?}");
        for column in columns {
            assert!(!column.doc().is_empty());
            assert!(column.is_required() || !column.must_be_filled());
        }
    }
    let names: Vec<&str> = columns(Table::Rota).iter().map(|column| column.name()).collect();
    assert_eq!(
        names.join(", "),
        "session, place, clinic, date, start, end, site, specialty, status, consultant, \
         consultant_name, employer, pinned, travel_minutes, pas, agreement, gives_up"
    );
}

#[test]
fn a_dataset_is_not_mixed_with_another() {
    let dir = folder(&[]);
    let before = read(dir.path());
    let mut draft = before.draft.clone();
    draft.leave = None;
    let refused = write_dataset(dir.path(), &draft);
    assert!(matches!(refused, Err(WriteError::InTheWay { path }) if path.ends_with("leave.csv")));
    assert_eq!(read(dir.path()).sha256, before.sha256);
    // The same files again are no mixture.
    assert!(write_dataset(dir.path(), &before.draft).is_ok());
    assert_eq!(dataset_files(&before.draft).last().map(|file| file.0), Some("network.toml"));
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .expect("the folder is there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[test]
fn folders_are_written_whole_or_not_at_all() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let out = dir.path().join("a/b/out");
    let files =
        |text: &str| ["rota.csv", "summary.json"].map(|name| (name, text.as_bytes().to_vec()));
    write_folder(&out, &files("1")).expect("it can be written");
    assert_eq!(names(&out), ["rota.csv", "summary.json"]);
    fs::write(out.join("notes.txt"), "mine").expect("a file");
    write_folder(&out, &files("2")).expect("it can be written again");
    assert_eq!(names(&out), ["notes.txt", "rota.csv", "summary.json"]);
    assert_eq!(fs::read(out.join("rota.csv")).ok(), Some(b"2".to_vec()));

    // A folder is in the way of one file: the other stays as it was.
    fs::remove_file(out.join("summary.json")).expect("it is there");
    fs::create_dir(out.join("summary.json")).expect("a folder");
    let error = write_folder(&out, &files("3")).expect_err("it can't be written");
    assert!(error.to_string().contains("summary.json can't be written"), "{error}");
    assert_eq!(fs::read(out.join("rota.csv")).ok(), Some(b"2".to_vec()));
    assert_eq!(names(&out), ["notes.txt", "rota.csv", "summary.json"]);

    // A file is in the way of the folder, or of one above it.
    for out in ["a/b/out/notes.txt", "a/b/out/notes.txt/deeper", "new/a\0b"] {
        let error = write_folder(&dir.path().join(out), &files("4"));
        assert!(error.is_err(), "{out}");
    }
    assert_eq!(names(dir.path()), ["a"]);
    assert_eq!(fs::read(out.join("notes.txt")).ok(), Some(b"mine".to_vec()));
    for name in ["../place.csv", "/tmp/place.csv", "a/../../place.csv", ""] {
        let bad = write_folder(&dir.path().join("bad"), &[(name, Vec::new())]);
        assert!(bad.is_err(), "{name:?} leads out of the folder");
    }
    assert_eq!(names(dir.path()), ["a"]);

    let file = dir.path().join("model.mps");
    write_file(&file, b"1").and_then(|()| write_file(&file, b"2")).expect("it can be written");
    assert_eq!(fs::read(&file).ok(), Some(b"2".to_vec()));
    assert!(write_file(dir.path(), b"3").is_err());
    #[cfg(unix)]
    {
        assert!(write_file(Path::new("/dev/null"), b"3").is_ok());
        assert!(fs::metadata("/dev/null").is_ok_and(|it| !it.is_file()));
        let link = dir.path().join("a/link");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        assert!(write_file(&link, b"4").is_ok());
        assert!(fs::symlink_metadata(&link).is_ok_and(|it| it.is_symlink()));
        assert_eq!(fs::read(&file).ok(), Some(b"4".to_vec()));
        fs::remove_file(&link).expect("it is there");
    }
    assert!(write_file(&dir.path().join("none/x"), b"3").is_err());
    assert_eq!(names(dir.path()), ["a", "model.mps"]);
}

#[cfg(unix)]
#[test]
fn what_is_written_may_be_read_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mode = |path: &Path| fs::metadata(path).map_or(0, |it| it.permissions().mode() & 0o777);
    let plain = dir.path().join("plain");
    fs::create_dir(&plain).and_then(|()| fs::write(plain.join("x"), "")).expect("it is written");
    let out = dir.path().join("out");
    write_folder(&out, &[("x", Vec::new())]).expect("it can be written");
    assert_eq!((mode(&out), mode(&out.join("x"))), (mode(&plain), mode(&plain.join("x"))));
}

fn planned() -> (Network, Rota) {
    let consultants = "consultant,name,trust,base_site\n9900001,\"=Shah, Anita\",RJ1,RJ121\n9900002,Owen Price,RJ1,RJ121\n";
    let clinics = "clinic,site,specialty,weekday,start,end,consultants,pas\n\
                   DVH-CARD-TUE,RN707,320,tuesday,0900,1300,2,1.25\n";
    let job_plans =
        "consultant,weekday,start,end,activity,firmness\n9900001,tuesday,08:00,10:00,SPA,movable\n";
    let dir = folder(&[
        ("consultants.csv", Some(consultants.as_bytes())),
        ("clinics.csv", Some(clinics.as_bytes())),
        ("job_plans.csv", Some(job_plans.as_bytes())),
        ("agreements.csv", Some(b"agreement,lender,host\nGD,RJ1,RN7\n")),
    ]);
    let (network, _) = Network::build(&read(dir.path()).draft).expect("it is right");
    let mut rota = Rota::empty(&network);
    let who = network.find_consultant("9900001").expect("she is there");
    let session = network.find_session("DVH-CARD-TUE@2027-03-02").expect("it is there");
    rota.put(Place { session, number: 1 }, who).expect("the place is free");
    (network, rota)
}

#[test]
fn rotas_are_written_as_the_contract_has_it() {
    let (network, rota) = planned();
    let bytes = rota_csv(&network, &rota, 15);
    let text = String::from_utf8(bytes.clone()).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 9);
    assert_eq!(
        lines[1],
        "DVH-CARD-TUE@2027-03-02,1,DVH-CARD-TUE,2027-03-02,09:00,13:00,RN707,320,assigned,9900001,\
         \"'=Shah, Anita\",RJ1,yes,80,1.25,GD,SPA 2027-03-02 08:00-10:00"
    );
    assert_eq!(
        lines[2],
        "DVH-CARD-TUE@2027-03-02,2,DVH-CARD-TUE,2027-03-02,09:00,13:00,RN707,320,unfilled,,,,,,1.25,,"
    );
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("rota.csv");
    write_file(&path, &bytes).expect("it can be written");
    let reading = read_rota(&path).expect("it is there");
    assert_eq!((texts(&reading.faults), texts(&reading.warnings)), (vec![], vec![]));
    assert_eq!(reading.rows.len(), 8);
    assert_eq!(reading.rows[0].consultant.as_deref(), Some("9900001"));
}

#[test]
fn rotas_edited_by_hand_are_read() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("mine.csv");
    let read = |text: &str| {
        fs::write(&path, text).expect("a file");
        read_rota(&path).expect("it is there")
    };
    let good = read(
        "\u{feff}Session;Consultant;date;start\r\nA@2027-03-02;9900001;02/03/2027;9:00\r\nB;;;\r\n",
    );
    assert_eq!(texts(&good.faults), [""; 0]);
    assert_eq!(good.rows[0].date, Some(jiff::civil::date(2027, 3, 2)));
    assert_eq!((good.rows[0].place, &good.rows[1].consultant), (1, &None));
    let bad = read("session,consultant,status\nA,1,unfilled\nB,,assigned\nC,,lost\n");
    assert_eq!(
        texts(&bad.faults),
        [
            "rota.csv, line 2, status: the place is unfilled, but consultant \"1\" has it; write \
             assigned, or take the consultant out",
            "rota.csv, line 4, status: \"lost\" is not a status; write assigned or unfilled"
        ]
    );
    assert_eq!(
        texts(&bad.warnings),
        [
            "rota.csv, line 3, consultant: the place is assigned, but to nobody; it counts as unfilled"
        ]
    );
    let bad = read("session,place\nA,1\n");
    assert_eq!(
        texts(&bad.faults),
        [
            "rota.csv, line 1, consultant: the column consultant is missing; add it: the consultant's \
          code; empty where unfilled"
        ]
    );
    assert!(read_rota(&dir.path().join("none.csv")).is_err());
    assert!(read_dataset(&dir.path().join("none")).is_err());
}

#[test]
fn gaps_and_summaries_are_written_as_the_contract_has_it() {
    let gap = GapRow {
        session: "C@2027-03-02".into(),
        place: 1,
        consultant: "=9".into(),
        reason: "leave".into(),
        detail: "- on leave, until \"Friday\"".into(),
    };
    assert_eq!(
        String::from_utf8(gaps_csv(&[gap])).as_deref(),
        Ok("session,place,consultant,reason,detail\n\
            C@2027-03-02,1,=9,leave,\"'- on leave, until \"\"Friday\"\"\"\n")
    );
    let summary = Summary {
        objective: Points::quarters(4 * 20_301 + 1),
        bound: Points::whole(20_300),
        terms: vec![("unfilled.must".into(), Points::whole(20_000))],
        places: 9,
        filled: 7,
        engine: "plans".into(),
        seed: 1,
        seconds: vec![("read".into(), 0.012_345)],
        version: "0.1.0".into(),
        input_sha256: "00".into(),
        more: vec![("network".into(), "Kent".into())],
    };
    assert_eq!(
        String::from_utf8(summary_json(&summary)).as_deref(),
        Ok("{\n  \"status\": \"feasible\",\n  \"objective\": 20301.25,\n  \"bound\": 20300,\n  \
            \"gap\": 1.25,\n  \"terms\": {\n    \"unfilled.must\": 20000\n  },\n  \"places\": 9,\n  \
            \"filled\": 7,\n  \"unfilled\": 2,\n  \"engine\": \"plans\",\n  \"seed\": 1,\n  \
            \"seconds\": {\n    \"read\": 0.012\n  },\n  \"version\": \"0.1.0\",\n  \
            \"input_sha256\": \"00\",\n  \"network\": \"Kent\"\n}\n")
    );
    assert!(Summary { bound: Points::quarters(4 * 20_300 + 2), ..summary }.is_optimal());
}
