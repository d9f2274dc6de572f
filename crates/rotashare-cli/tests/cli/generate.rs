//! Synthetic networks: every flag does what it says, and what can't be is refused in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Dataset, names};

const SIZE: [&str; 12] = [
    "--consultants",
    "60",
    "--sites",
    "6",
    "--specialties",
    "3",
    "--clinics",
    "36",
    "--weeks",
    "4",
    "--seed",
    "5",
];

/// A row by column.
type Row = BTreeMap<String, String>;

/// A network with these flags, checked.
struct Made(Dataset);

impl Made {
    fn new(flags: &[&str]) -> Self {
        let dataset = Dataset::small();
        let run = dataset.run(&[&["generate", "--out", "OUT"], &SIZE[..], flags].concat());
        assert_eq!(run.code, Some(0), "{flags:?}: {run:?}");
        let check = dataset.run(&["check", "OUT"]);
        assert_eq!(check.code, Some(0), "{flags:?}: {check:?}");
        Self(dataset)
    }

    fn rows(&self, file: &str) -> Vec<Row> {
        let text = self.0.read(&format!("OUT/{file}"));
        csv::Reader::from_reader(text.as_bytes())
            .deserialize()
            .map(|row| row.expect("a row"))
            .collect()
    }

    fn count(&self, file: &str, keep: impl Fn(&Row) -> bool) -> usize {
        self.rows(file).iter().filter(|row| keep(row)).count()
    }

    fn distinct(&self, file: &str, column: &str) -> usize {
        self.rows(file).iter().map(|row| row[column].clone()).collect::<BTreeSet<_>>().len()
    }

    /// Consultants by specialty, the largest first; those with two count in both.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        for row in self.rows("accreditations.csv") {
            if row["subspecialty"].is_empty() {
                *sizes.entry(row["specialty"].clone()).or_default() += 1;
            }
        }
        let mut sizes: Vec<usize> = sizes.into_values().collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    fn files(&self) -> Vec<(String, String)> {
        let files = names(&self.0.path("OUT")).into_iter();
        files.map(|name| (name.clone(), self.0.read(&format!("OUT/{name}")))).collect()
    }
}

#[test]
fn the_same_numbers_give_the_same_bytes_and_what_is_left_out_has_its_default() {
    let usual = Made::new(&[]).files();
    assert_eq!(usual, Made::new(&[]).files());
    let spelt_out = [
        "--networks=1",
        "--partner-trusts=6",
        "--base-sites=2",
        "--leave-share=0.1",
        "--authorised-share=0.65",
        "--lapsed-share=0.06",
        "--second-specialty-share=0",
        "--capacity=1.15",
    ];
    assert_eq!(usual, Made::new(&spelt_out).files());
}

#[test]
fn trusts_and_sites() {
    let usual = Made::new(&[]);
    assert_eq!((usual.distinct("trusts.csv", "trust"), usual.rows("sites.csv").len()), (7, 8));
    let made = Made::new(&["--partner-trusts", "2", "--base-sites", "3"]);
    assert_eq!((made.distinct("trusts.csv", "trust"), made.rows("sites.csv").len()), (3, 9));
    assert_eq!(made.distinct("sites.csv", "trust"), 3);
}

#[test]
fn sizes_of_specialties() {
    let usual = Made::new(&[]).sizes();
    assert!(usual[0] > usual[2] + 3, "{usual:?}");
    assert_eq!(Made::new(&["--even-specialties"]).sizes(), [20, 20, 20]);
}

#[test]
fn leave() {
    let days = |flags: &[&str]| {
        let rows = Made::new(flags).rows("leave.csv");
        let day = |text: &str| text.parse::<jiff::civil::Date>().expect("a date");
        let long = |row: &Row| (day(&row["to"]) - day(&row["from"])).get_days() + 1;
        rows.iter().map(long).sum::<i32>()
    };
    assert_eq!(days(&["--leave-share", "0"]), 0);
    // Of 60 people on 20 days.
    for (share, about) in [("0.1", 120), ("0.5", 600)] {
        let days = days(&["--leave-share", share]);
        assert!((about * 7 / 10..about * 13 / 10).contains(&days), "{days} of about {about}");
    }
}

#[test]
fn authority() {
    let rows = |flags: &[&str]| Made::new(flags).rows("authorisations.csv").len();
    // With a share of nothing everybody has one host still.
    assert_eq!(rows(&["--authorised-share", "0"]), 60);
    let (usual, all) = (rows(&[]), rows(&["--authorised-share", "1"]));
    assert!(60 < usual && usual < all * 8 / 10, "{usual} of {all}");

    let lasting = |flags: &[&str]| {
        // Dates written year first compare as text.
        Made::new(flags).count("authorisations.csv", |row| *row["valid_to"] > *"2027-03-28")
    };
    assert_eq!(lasting(&["--lapsed-share", "1", "--authorised-share", "1"]), 0);
    assert_eq!(lasting(&["--lapsed-share", "0", "--authorised-share", "1"]), all);
}

#[test]
fn capacity() {
    let hours = |flags: &[&str]| {
        let rows = Made::new(flags).rows("consultants.csv").into_iter();
        rows.map(|row| row["max_hours"].parse::<f64>().expect("hours")).sum::<f64>()
    };
    let ratio = hours(&["--capacity", "4"]) / hours(&["--capacity", "2"]);
    assert!((1.8..2.2).contains(&ratio), "{ratio}");
}

#[test]
fn ties_between_specialties() {
    let usual = Made::new(&[]);
    assert_eq!(usual.sizes().iter().sum::<usize>(), 60);
    assert_eq!(usual.count("agreements.csv", |row| row["specialty"].is_empty()), 0);

    assert_eq!(Made::new(&["--second-specialty-share", "1"]).sizes().iter().sum::<usize>(), 120);

    let made = Made::new(&["--shared-agreements"]);
    let agreements = made.rows("agreements.csv");
    assert!(agreements.len() < usual.rows("agreements.csv").len());
    assert_eq!(made.distinct("agreements.csv", "host"), agreements.len());
    // A column without anything in it is not written.
    assert!(!agreements[0].contains_key("specialty"), "{agreements:?}");
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let dataset = Dataset::small();
    for (flag, said) in [
        ("--leave-share=1.5", "'--leave-share <SHARE>': write a share from 0 to 1"),
        ("--leave-share=0.95", "the share of leave must be from 0 to 0.9, not 0.95"),
        ("--authorised-share=-0.1", "'--authorised-share <SHARE>': write a share from 0 to 1"),
        ("--lapsed-share=10%", "'--lapsed-share <SHARE>': write a share from 0 to 1"),
        ("--second-specialty-share=nan", "write a share from 0 to 1"),
        ("--capacity=-1", "capacity must be from 0 to 100, not -1"),
        ("--capacity=inf", "capacity must be from 0 to 100, not inf"),
        ("--partner-trusts=7", "partner trusts must be from 1 to 6, not 7"),
        ("--partner-trusts=0", "partner trusts must be from 1 to 6, not 0"),
        ("--base-sites=0", "base sites must be from 1 to 20, not 0"),
        ("--networks=7", "sites must be from 7 to 2000, not 6"),
    ] {
        let run = dataset.run(&[&["generate", "--out", "OUT", flag], &SIZE[..]].concat());
        assert_eq!(run.code, Some(2), "{flag}: {run:?}");
        assert!(run.err.contains(said), "{flag}: {}", run.err);
        assert!(!dataset.path("OUT").exists(), "{flag}");
    }
}
