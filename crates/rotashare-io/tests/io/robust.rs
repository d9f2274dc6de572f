//! Nothing in a file makes the program panic, and nothing large makes it slow.

use std::fs;
use std::time::Instant;

use proptest::prelude::*;
use rotashare_core::fault::Table;
use rotashare_core::network::Network;
use rotashare_io::generate::{Shape, network};
use rotashare_io::{columns, read_dataset, read_rota, write_dataset};

use crate::common::{GOOD, all_faults, folder, read};

/// Bytes with a taste for what matters in CSV and TOML.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..6),
        proptest::sample::select(vec![
            ",",
            "\n",
            "\r\n",
            "\"",
            ";",
            "\u{feff}",
            "\u{a0}",
            "é",
            "consultant",
            "clinic",
            "[",
            "]",
            "horizon",
            "from",
            "=",
            "2027-03-01",
            "31/02/2027",
            "99999999999999",
            "-",
            "nth:",
            "\0",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// The good content of a file with some bytes put in and some taken out.
fn spoilt(good: &str, at: usize, out: usize, add: &[u8]) -> Vec<u8> {
    let at = at % (good.len() + 1);
    let end = (at + out).min(good.len());
    [&good.as_bytes()[..at], add, &good.as_bytes()[end..]].concat()
}

fn survives(name: &str, content: &[u8]) {
    let dir = folder(&[(name, Some(content))]);
    let reading = read(dir.path());
    all_faults(&reading);
    assert!(read_rota(&dir.path().join(name)).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_file(table in 0..Table::ALL.len(), content in bytes()) {
        survives(Table::ALL[table].file_name(), &content);
    }

    #[test]
    fn any_bytes_under_a_good_header(table in 0..Table::ALL.len(), content in bytes()) {
        let table = Table::ALL[table];
        let header: Vec<&str> = columns(table).iter().map(|column| column.name()).collect();
        let mut text = header.join(",").into_bytes();
        text.push(b'\n');
        text.extend(content);
        survives(table.file_name(), &text);
    }

    #[test]
    fn good_files_spoilt(file in 0..GOOD.len(), at in 0..500_usize, out in 0..9_usize, add in bytes()) {
        let (name, good) = GOOD[file];
        survives(name, &spoilt(good, at, out, &add));
    }

    #[test]
    fn any_cells_in_any_table(
        table in 0..Table::ALL.len(),
        cells in proptest::collection::vec(
            proptest::sample::select(vec![
                "", "9900001", "RN707", "320", "2027-03-02", "09:00", "-1", "1e9", "tuesday", "yes",
                "0.5", "9999999999999", "all", "cycle:1/4", "DVH-CARD-TUE", "DVH-CARD-TUE@2027-03-02",
                "move", "cancel", "1900-01-01", "9999-12-31", "24:00", "RJ1",
            ]),
            60,
        ),
    ) {
        let table = Table::ALL[table];
        let columns = columns(table);
        if !columns.is_empty() {
            let header: Vec<&str> = columns.iter().map(|column| column.name()).collect();
            let rows: Vec<String> = cells.chunks(columns.len()).map(|row| row.join(",")).collect();
            let text = format!("{}\n{}\n", header.join(","), rows.join("\n"));
            survives(table.file_name(), text.as_bytes());
        }
    }
}

#[test]
fn deep_toml_is_refused_and_not_followed() {
    let deep = format!("a = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    survives("network.toml", deep.as_bytes());
    let deep = format!("[{}]\n", vec!["a"; 50_000].join("."));
    survives("network.toml", deep.as_bytes());
    let deep = format!("[weights]\n{} = 1\n", vec!["a"; 50_000].join("."));
    survives("network.toml", deep.as_bytes());
}

/// A large network is read in no time: the bound is far from what it takes, to hold on a slow machine.
#[test]
fn a_large_network_is_read_at_once() {
    let shape =
        Shape { consultants: 1300, specialties: 40, sites: 12, clinics: 1000, ..Shape::default() };
    let draft = network(&shape).expect("a possible shape");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let dir = dir.path().join("dataset");
    write_dataset(&dir, &draft).expect("it can be written");
    let bytes: u64 = fs::read_dir(&dir)
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .sum();
    let started = Instant::now();
    let reading = read_dataset(&dir).expect("the folder is there");
    let read_in = started.elapsed();
    assert_eq!(reading.draft.consultants.len(), 1300);
    assert!(Network::build(&reading.draft).is_ok());
    assert!(read_in.as_secs_f64() < 3.0, "{bytes} bytes in {read_in:?}");
}
