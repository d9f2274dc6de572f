//! The MPS file, read again by a parser of a few lines and solved, says what the problem says.
mod common;

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, microlp, variable};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_solve::mps::{Names, write};

struct Codes(Vec<String>);

impl Names for Codes {
    fn consultant(&self, consultant: ConsultantId) -> &str {
        &self.0[consultant.index()]
    }

    fn session(&self, session: SessionId) -> &str {
        &self.0[10 + session.index()]
    }
}

/// Two consultants and two sessions share a code once it is cleaned.
fn codes() -> Codes {
    let people =
        (0..10).map(|n| if n < 2 { format!("Dr{}A", ['é', 'ü'][n]) } else { format!("C{n}") });
    Codes(people.chain((0..10).map(|n| format!("CL {}@2027", n / 2))).collect())
}

#[derive(Default)]
struct Read {
    /// Name, sense, right-hand side; the objective is the first.
    rows: Vec<(String, char, f64)>,
    columns: BTreeMap<String, ReadColumn>,
}

#[derive(Default)]
struct ReadColumn {
    whole: bool,
    entries: Vec<(String, f64)>,
    bounds: Option<(f64, f64)>,
}

fn read(text: &str) -> Read {
    let mut read = Read::default();
    let (mut section, mut whole) = (String::new(), false);
    for line in text.lines() {
        assert!(line.is_ascii());
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        assert!(words.iter().all(|word| word.len() <= 255));
        if !line.starts_with(' ') {
            section = words[0].to_owned();
            continue;
        }
        let number = |word: &str| word.parse::<f64>().expect("a number");
        match (section.as_str(), &words[..]) {
            ("ROWS", [sense, name]) => {
                assert!(read.rows.iter().all(|row| row.0 != *name), "{name} twice");
                read.rows.push(((*name).to_owned(), sense.chars().next().expect("one"), 0.0));
            }
            ("COLUMNS", [_, "'MARKER'", kind]) => whole = *kind == "'INTORG'",
            ("COLUMNS", [column, row, value]) => {
                let entry = read.columns.entry((*column).to_owned());
                let entry = entry.or_insert(ReadColumn { whole, ..ReadColumn::default() });
                assert_eq!(entry.whole, whole);
                assert!(
                    entry.entries.iter().all(|(other, _)| other != row),
                    "{column} {row} twice"
                );
                entry.entries.push(((*row).to_owned(), number(value)));
            }
            ("RHS", [_, row, value]) => {
                let row = read.rows.iter_mut().find(|other| other.0 == *row).expect("a row");
                row.2 = number(value);
            }
            ("BOUNDS", [kind, _, column, value]) => {
                let low = if *kind == "FX" { number(value) } else { 0.0 };
                let column = read.columns.get_mut(*column).expect("a column");
                column.bounds = Some((low, number(value)));
            }
            (section, words) => panic!("{section}: {words:?}"),
        }
    }
    assert_eq!(section, "ENDATA");
    read
}

/// The least objective, where there is one.
fn least(read: &Read) -> Option<f64> {
    let mut variables = ProblemVariables::new();
    let mut sums: BTreeMap<&str, Expression> =
        read.rows.iter().map(|row| (row.0.as_str(), Expression::from(0.0))).collect();
    for ReadColumn { whole, entries, bounds } in read.columns.values() {
        let (low, high) = bounds.expect("every column has bounds");
        let mut definition = variable().min(low).max(high);
        if *whole {
            definition = definition.integer();
        }
        let column = variables.add(definition);
        for (row, value) in entries {
            sums.get_mut(row.as_str()).expect("a row").add_mul(*value, column);
        }
    }
    let (objective, sense, constant) = &read.rows[0];
    assert_eq!(*sense, 'N');
    let objective = sums[objective.as_str()].clone();
    let mut model = variables.minimise(objective.clone()).using(microlp);
    for (name, sense, side) in &read.rows[1..] {
        let sum = sums[name.as_str()].clone();
        model.add_constraint(match sense {
            'L' => sum.leq(*side),
            'G' => sum.geq(*side),
            'E' => sum.eq(*side),
            sense => panic!("{sense}"),
        });
    }
    model.solve().ok().map(|solution| solution.eval(&objective) - constant)
}

#[test]
fn read_again_it_has_the_same_optimum() {
    for seed in 0..200 {
        let problem = common::tiny(seed, false);
        let mut text = Vec::new();
        write(&problem, "tiny network", &codes(), &mut text).expect("memory takes everything");
        let text = String::from_utf8(text).expect("ASCII");
        let truth = common::best(&problem).map(|(_, least)| least.as_f64());
        match (least(&read(&text)), truth) {
            (Some(read), Some(truth)) => {
                assert!((read - truth).abs() < 1e-4, "seed {seed}: {read} is not {truth}\n{text}");
            }
            (None, None) => {}
            (read, truth) => panic!("seed {seed}: {read:?} where {truth:?}"),
        }
    }
}

#[test]
fn rows_and_columns_are_named() {
    let problem = common::specialty(6, 3, 10, 2, 2);
    let mut text = Vec::new();
    let codes = Codes((0..40).map(|n| format!("N{n}")).collect());
    write(&problem, "a network", &codes, &mut text).expect("memory takes everything");
    let text = String::from_utf8(text).expect("ASCII");
    assert!(text.starts_with("NAME a_network\nROWS\n N points\n"));
    for name in ["unfilled[C0@0]", "unfilled.0[C0@0]", "x[N", "any-least[", "away-days[N"] {
        assert!(text.contains(name), "{name} in\n{text}");
    }
}
