//! What a mapping says: which of their columns is which of ours, and how to read them.

use std::collections::BTreeMap;

use rotashare_core::fault::Table;

use super::kind::Kind;
use super::words::{bare, tidy};
use crate::column::Column;

/// A mapping from one shape of export to files of a dataset.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its file, or the name of a ready one.
    pub(super) name: String,
    pub(super) about: String,
    /// A pattern for the sheets to read.
    pub(super) sheet: Option<String>,
    pub(super) separator: Option<u8>,
    /// How many rows the header has.
    pub(super) header_rows: usize,
    /// The trust whose export it is: only its rows are replaced.
    pub(super) trust: Option<String>,
    /// The length of the cycle that bare week numbers belong to.
    pub(super) cycle: Option<u32>,
    /// The month that bare day numbers belong to.
    pub(super) month: Option<(u16, u8)>,
    pub(super) fill_down: Vec<Names>,
    pub(super) leave_out: Vec<LeaveOut>,
    pub(super) person: Option<PersonSpec>,
    /// Names and numbers that somebody has said who they are: by [`bare`], with the line and the code.
    pub(super) people: BTreeMap<String, String>,
    pub(super) grid: Option<GridSpec>,
    pub(super) tables: Vec<TableSpec>,
}

impl Mapping {
    /// Its file, or the name of a ready one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of export it is for.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The separator of a text export, where the mapping gives one.
    #[must_use]
    pub fn separator(&self) -> Option<u8> {
        self.separator
    }

    /// The files of the dataset that it makes.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        self.tables.iter().map(|one| one.table).collect()
    }

    /// The same for the export of one trust.
    #[must_use]
    pub fn for_trust(self, trust: &str) -> Self {
        Self { trust: Some(trust.to_owned()), ..self }
    }

    pub(super) fn makes(&self, table: Table) -> bool {
        self.tables.iter().any(|one| one.table == table)
    }
}

/// Headings that a column may have, the likelier first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names(pub(super) Vec<String>);

impl Names {
    /// The heading under which it is told of.
    pub(super) fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// What the mapping makes itself, such as `@cell`.
    pub(super) fn made(&self) -> Option<Made> {
        self.0.first().and_then(|name| Made::parse(name))
    }

    pub(super) fn matches(&self, heading: &str) -> bool {
        let heading = bare(heading);
        !heading.is_empty() && self.0.iter().any(|name| bare(name) == heading)
    }
}

/// What unfolding a grid gives to each of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Cell,
    Heading,
    Date,
    Part,
    Weekday,
    Start,
    End,
    Week,
}

impl Made {
    pub(super) const ALL: [(&'static str, Self); 8] = [
        ("@cell", Self::Cell),
        ("@heading", Self::Heading),
        ("@date", Self::Date),
        ("@part", Self::Part),
        ("@weekday", Self::Weekday),
        ("@start", Self::Start),
        ("@end", Self::End),
        ("@week", Self::Week),
    ];

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(word, _)| *word == name).map(|(_, made)| made)
    }
}

/// Rows that are meant, by what stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) column: Names,
    pub(super) test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Is(Vec<String>),
    Not(Vec<String>),
    Empty(bool),
}

impl Condition {
    /// Whether a text is meant.
    pub(super) fn holds(&self, text: &str) -> bool {
        match &self.test {
            Test::Is(patterns) => patterns.iter().any(|pattern| is_like(text, pattern)),
            Test::Not(patterns) => !patterns.iter().any(|pattern| is_like(text, pattern)),
            Test::Empty(empty) => text.is_empty() == *empty,
        }
    }
}

/// Rows that are left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeaveOut {
    pub(super) when: Condition,
    pub(super) because: String,
}

/// Where a row says who it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PersonSpec {
    pub(super) code: Option<Names>,
    pub(super) employee: Option<Names>,
    pub(super) name: Option<Names>,
    pub(super) title: Option<Names>,
    pub(super) forename: Option<Names>,
    pub(super) surname: Option<Names>,
}

impl PersonSpec {
    /// Every column it may take.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Names> {
        [&self.code, &self.employee, &self.name, &self.title, &self.forename, &self.surname]
            .into_iter()
            .flatten()
    }
}

/// Which columns of the export are cells of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridSpec {
    pub(super) cells: GridCells,
    /// Start and end of a morning, an afternoon and a whole day.
    pub(super) am: Option<(String, String)>,
    pub(super) pm: Option<(String, String)>,
    pub(super) day: Option<(String, String)>,
    /// What stands in a cell at a time at which somebody does not work.
    pub(super) off: Vec<String>,
}

impl GridSpec {
    /// Whether a text stands for time off.
    pub(super) fn is_off(&self, text: &str) -> bool {
        self.off.iter().any(|pattern| is_like(text, pattern))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GridCells {
    /// Those under a date.
    Dates,
    /// Those under a day of the week.
    Weekdays,
}

/// How a file of the dataset is made.
#[derive(Clone, Debug)]
pub(super) struct TableSpec {
    pub(super) table: Table,
    pub(super) line: u32,
    pub(super) when: Option<Condition>,
    pub(super) columns: Vec<ColumnSpec>,
}

/// How a column of the dataset is made.
#[derive(Clone, Debug)]
pub(super) struct ColumnSpec {
    pub(super) target: &'static Column,
    pub(super) kind: Kind,
    /// Where it comes from; several are joined.
    pub(super) from: Vec<Names>,
    pub(super) joined_by: String,
    pub(super) constant: Option<String>,
    /// What an empty cell means.
    pub(super) default: Option<String>,
    pub(super) values: Vec<(String, Meaning)>,
    /// Whether a filled cell that is not among the values is a fault.
    pub(super) only_values: bool,
    /// What every filled cell means that is not among the values.
    pub(super) otherwise: Option<String>,
    pub(super) take: Option<Take>,
    /// Zeros go before a number until it has so many digits.
    pub(super) pad: Option<usize>,
    /// Of differing values in rows of one key the commonest is taken.
    pub(super) commonest: bool,
}

/// What a value of theirs means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Text(String),
    /// The row is left out.
    LeftOut,
}

/// The part of a text that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// The first time of a range.
    Start,
    /// The second.
    End,
}

/// Whether a text is like a pattern in which `*` stands for anything; case and blanks don't count.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (tidy(text).to_lowercase(), tidy(pattern).to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(is_like("Consultant (Locum)", "consultant*"));
        assert!(is_like("A\u{a0}/ L", "a / l"));
        assert!(is_like("Acting Consultant", "*consultant"));
        assert!(is_like("March 2027", "m*20*7"));
        assert!(!is_like("Registrar", "consultant*"));
        assert!(!is_like("ab", "ab*b"));
        assert!(is_like("", "*"));
    }

    #[test]
    fn headings_match_whatever_their_case_and_marks() {
        let names = Names(vec!["GMC number".into(), "GMC No.".into()]);
        assert!(names.matches("GMC_Number"));
        assert!(names.matches(" gmc no"));
        assert!(!names.matches("GMC"));
        assert!(!names.matches(""));
    }
}
