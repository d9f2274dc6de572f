//! Which column may be which, where a heading is not among those known: by how like the headings are, and
//! by what stands below.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{self, Headed, Source};
use super::kind::Kind;
use super::mapping::{Mapping, Names, PersonSpec};
use super::places::Places;
use super::words::{bare, dates, times, weekdays};
use crate::grid::Grid;

/// How like a heading must be to be taken for another.
const LIKE: f64 = 0.87;
/// How many rows are looked at, and which part of them must be of a kind, in tenths.
const SAMPLE: usize = 50;
const MOST_TENTHS: usize = 8;

/// A mapping fitted to a header, with the headings that were not known.
pub(super) struct Fitted {
    pub(super) mapping: Mapping,
    pub(super) guessed: BTreeSet<String>,
    /// How well it fits; the more the better.
    pub(super) value: i64,
}

/// Fits a mapping to a row of a sheet as its header; `None` where the row is none.
pub(super) fn fit(
    grid: &Grid,
    mapping: &Mapping,
    at: usize,
    places: &mut Places,
) -> Option<Fitted> {
    let headed = header::headed(grid, at, mapping.header_rows);
    let (exact, missing) = header::fit(&headed, mapping);
    let mut fitted = Fitted {
        mapping: mapping.clone(),
        guessed: BTreeSet::new(),
        value: value(exact, 0, missing),
    };
    if missing == 0 || !is_header(&headed) {
        return (exact > 0).then_some(fitted);
    }
    let mut search =
        Search { headed: &headed, places, taken: taken(&headed, mapping), found: BTreeMap::new() };
    search.by_heading(mapping);
    search.by_content(mapping);
    let found = search.found;
    for (names, column) in &found {
        let label = &headed.labels[*column];
        fitted.guessed.insert(label.clone());
        every_mut(&mut fitted.mapping, |one| {
            if one == names {
                one.0.insert(0, label.clone());
            }
        });
    }
    let headed = header::headed(grid, at, mapping.header_rows);
    let (_, missing) = header::fit(&headed, &fitted.mapping);
    fitted.value = value(exact, found.len(), missing);
    (exact + found.len() > 0).then_some(fitted)
}

fn value(exact: usize, guessed: usize, missing: usize) -> i64 {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX / 8);
    2 * count(exact) + count(guessed) - 3 * count(missing)
}

/// Whether a row has headings and not what stands under them.
fn is_header(headed: &Headed<'_>) -> bool {
    let labels: Vec<&String> = headed.labels.iter().filter(|label| !label.is_empty()).collect();
    let is_value = |label: &&&String| {
        !label.chars().any(char::is_alphabetic)
            || dates::date(label).is_ok()
            || times::clock(label).is_ok()
    };
    labels.len() >= 2 && !headed.rows.is_empty() && !labels.iter().any(|label| is_value(&label))
}

fn taken(headed: &Headed<'_>, mapping: &Mapping) -> BTreeSet<usize> {
    let sources = header::every(mapping).into_iter().filter_map(|names| headed.find(names));
    let columns = sources.filter_map(|source| match source {
        Source::Column(column) => Some(column),
        Source::Made(_) => None,
    });
    columns.collect()
}

struct Search<'a> {
    headed: &'a Headed<'a>,
    places: &'a mut Places,
    /// Columns that are some heading's already.
    taken: BTreeSet<usize>,
    found: BTreeMap<Names, usize>,
}

impl Search<'_> {
    fn is_open(&self, names: &Names) -> bool {
        self.headed.find(names).is_none() && !self.found.contains_key(names)
    }

    fn take(&mut self, names: &Names, column: usize) {
        self.taken.insert(column);
        self.found.insert(names.clone(), column);
    }

    /// Headings that are nearly those known, the likest first.
    fn by_heading(&mut self, mapping: &Mapping) {
        let mut pairs: Vec<(f64, usize, &Names)> = Vec::new();
        for names in header::every(mapping) {
            if !self.is_open(names) {
                continue;
            }
            for (column, label) in self.headed.labels.iter().enumerate() {
                let label = bare(label);
                let likeness = names.0.iter().map(|name| strsim::jaro_winkler(&label, &bare(name)));
                let likeness = likeness.fold(0.0, f64::max);
                if likeness >= LIKE && label.len() > 2 {
                    pairs.push((likeness, column, names));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, column, names) in pairs {
            if self.is_open(names) && !self.taken.contains(&column) {
                self.take(names, column);
            }
        }
    }

    /// What must be there, by what stands in the columns that are nobody's yet.
    fn by_content(&mut self, mapping: &Mapping) {
        if let Some(person) = &mapping.person {
            self.somebody(person);
        }
        for column in mapping.tables.iter().flat_map(|table| &table.columns) {
            let must = column.target.must_be_filled() && column.default.is_none();
            for names in column.from.iter().filter(|_| must) {
                if self.is_open(names)
                    && let Some(found) = self.of_kind(column.kind)
                {
                    self.take(names, found);
                }
            }
        }
    }

    fn somebody(&mut self, person: &PersonSpec) {
        let slots = [&person.code, &person.employee, &person.name, &person.surname];
        let is_said = |names: &Names| !self.is_open(names);
        if slots.into_iter().flatten().any(is_said) {
            return;
        }
        let is_code =
            |text: &str| text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = |text: &str| {
            let words = text.split_whitespace().count();
            (2..=5).contains(&words) && !text.bytes().any(|byte| byte.is_ascii_digit())
        };
        let code = person.code.as_ref().zip(self.column(|_, text| is_code(text)));
        let name = person.name.as_ref().zip(self.column(|_, text| is_name(text)));
        if let Some((names, column)) = code.or(name) {
            self.take(names, column);
        }
    }

    fn of_kind(&mut self, kind: Kind) -> Option<usize> {
        match kind {
            Kind::Date => self.column(|_, text| matches!(dates::date(text), Ok(dates::Day::On(_)))),
            Kind::Clock => {
                self.column(|_, text| times::clock(text).is_ok() || times::range(text).is_ok())
            }
            Kind::Weekday => self.column(|_, text| weekdays::weekday(text).is_ok()),
            Kind::Site | Kind::Specialty => {
                self.column(|places, text| places.code(kind, text).is_ok())
            }
            _ => None,
        }
    }

    /// The first column that is nobody's and whose texts are mostly of a kind.
    fn column(&mut self, is_of_kind: impl Fn(&mut Places, &str) -> bool) -> Option<usize> {
        (0..self.headed.labels.len()).filter(|column| !self.taken.contains(column)).find(|column| {
            let rows = self.headed.rows.iter().take(SAMPLE);
            let texts: Vec<&str> =
                rows.map(|row| row.cell(*column)).filter(|text| !text.is_empty()).collect();
            let fitting = texts.iter().filter(|text| is_of_kind(self.places, text)).count();
            !texts.is_empty() && fitting * 10 >= texts.len() * MOST_TENTHS
        })
    }
}

/// Does something to every column that a mapping may take.
fn every_mut(mapping: &mut Mapping, mut change: impl FnMut(&mut Names)) {
    if let Some(person) = &mut mapping.person {
        let slots = [
            &mut person.code,
            &mut person.employee,
            &mut person.name,
            &mut person.title,
            &mut person.forename,
            &mut person.surname,
        ];
        slots.into_iter().flatten().for_each(&mut change);
    }
    for one in &mut mapping.leave_out {
        change(&mut one.when.column);
    }
    for table in &mut mapping.tables {
        if let Some(when) = &mut table.when {
            change(&mut when.column);
        }
        table.columns.iter_mut().flat_map(|column| &mut column.from).for_each(&mut change);
    }
}
