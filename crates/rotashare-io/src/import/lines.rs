//! The lines of an export below its header, without those that say nothing of anybody.

use std::collections::BTreeMap;

use super::header::{Headed, Source};
use super::kind::Kind;
use super::mapping::{Mapping, Names};
use super::unfold::MadeCells;
use super::words::{tidy, tokens};

/// Words with which a line of totals, or of the report's own, begins.
const TOTALS: [&[&str]; 14] = [
    &["total"],
    &["totals"],
    &["subtotal"],
    &["sub", "total"],
    &["grand", "total"],
    &["sum"],
    &["count"],
    &["end", "of"],
    &["printed"],
    &["generated"],
    &["exported"],
    &["page"],
    &["records"],
    &["report"],
];

/// A line: the row that it is, and the cell of a grid where it is one of many.
pub(super) struct Line<'a> {
    pub(super) row: u32,
    cells: &'a [String],
    pub(super) made: Option<MadeCells>,
}

impl<'a> Line<'a> {
    pub(super) fn new(row: u32, cells: &'a [String]) -> Self {
        Self { row, cells, made: None }
    }

    /// It in a few words.
    pub(super) fn shown(&self) -> String {
        match &self.made {
            Some(made) => format!("{}: {}", made.heading, made.cell),
            None => shown(self.cells),
        }
    }

    /// A text of it, tidy; empty where there is none.
    pub(super) fn text(&self, source: Option<Source>) -> String {
        match source {
            Some(Source::Column(column)) => {
                self.cells.get(column).map_or_else(String::new, |c| tidy(c))
            }
            Some(Source::Made(made)) => {
                self.made.as_ref().map_or_else(String::new, |cells| tidy(cells.get(made)))
            }
            None => String::new(),
        }
    }
}

/// Lines that were left out for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// Why.
    pub why: String,
    /// The rows, each as often as cells of it were left out.
    pub rows: Vec<u32>,
    /// What stands in the first of them.
    pub sample: String,
}

/// Those left out, by reason.
#[derive(Debug, Default)]
pub(super) struct LeftOuts(BTreeMap<String, LeftOut>);

impl LeftOuts {
    pub(super) fn add(&mut self, why: &str, row: u32, sample: impl FnOnce() -> String) {
        let entry = self.0.entry(why.to_owned()).or_insert_with(|| LeftOut {
            why: why.to_owned(),
            rows: Vec::new(),
            sample: sample(),
        });
        entry.rows.push(row);
    }

    pub(super) fn into_vec(self) -> Vec<LeftOut> {
        self.0.into_values().collect()
    }
}

/// The rows with blanks filled from above, as the mapping asks.
pub(super) fn filled_rows(headed: &Headed<'_>, fill_down: &[Names]) -> Vec<(u32, Vec<String>)> {
    let columns: Vec<usize> = fill_down
        .iter()
        .filter_map(|names| match headed.find(names) {
            Some(Source::Column(column)) => Some(column),
            _ => None,
        })
        .collect();
    let mut above: BTreeMap<usize, String> = BTreeMap::new();
    let rows = headed.rows.iter().map(|row| {
        let mut cells = row.cells().to_vec();
        for column in &columns {
            if row.cell(*column).is_empty() {
                if let Some(text) = above.get(column) {
                    if cells.len() <= *column {
                        cells.resize(column + 1, String::new());
                    }
                    cells[*column].clone_from(text);
                }
            } else {
                above.insert(*column, row.cell(*column).to_owned());
            }
        }
        (row.number(), cells)
    });
    rows.collect()
}

/// The lines to read, and how many rows they come from.
pub(super) fn lines<'a>(
    headed: &Headed<'_>,
    mapping: &Mapping,
    rows: &'a [(u32, Vec<String>)],
    columns: Option<&[(usize, MadeCells)]>,
    left: &mut LeftOuts,
) -> Vec<Line<'a>> {
    let must: Vec<Source> = must_have(headed, mapping);
    let empty =
        |line: &Line<'_>| must.iter().filter(|one| line.text(Some(**one)).is_empty()).count();
    let mut lines = Vec::new();
    for (number, cells) in rows {
        let whole = Line::new(*number, cells);
        let sample = || shown(cells);
        if is_header_again(headed, cells) {
            left.add("it is the header again", *number, sample);
        } else if is_total(cells) && 2 * empty(&whole) >= must.len() {
            left.add("it looks like a total or a note of the report", *number, sample);
        } else if let Some(columns) = columns {
            let mut some = false;
            for (column, made) in columns {
                let text = cells.get(*column).map_or_else(String::new, |cell| tidy(cell));
                if !text.is_empty() {
                    some = true;
                    let made = MadeCells { cell: text, ..made.clone() };
                    lines.push(Line { row: *number, cells, made: Some(made) });
                }
            }
            if !some {
                left.add("no day of it has anything", *number, sample);
            }
        } else {
            lines.push(whole);
        }
    }
    lines
}

/// The columns that a row about somebody has filled.
fn must_have(headed: &Headed<'_>, mapping: &Mapping) -> Vec<Source> {
    let person = mapping.person.iter().flat_map(|person| {
        [&person.code, &person.employee, &person.name, &person.surname].into_iter().flatten()
    });
    let tables = mapping.tables.iter().flat_map(|table| &table.columns);
    let columns = tables
        .filter(|column| column.target.must_be_filled() && column.kind != Kind::PersonName)
        .filter(|column| column.default.is_none())
        .flat_map(|column| &column.from);
    let all = person.chain(columns).filter_map(|names| headed.find(names));
    all.filter(|source| matches!(source, Source::Column(_))).collect()
}

fn is_header_again(headed: &Headed<'_>, cells: &[String]) -> bool {
    headed.header.iter().any(|row| {
        row.cells().len() == cells.len()
            && row.cells().iter().zip(cells).all(|(a, b)| tidy(a) == tidy(b))
    })
}

fn is_total(cells: &[String]) -> bool {
    let first = cells.iter().map(|cell| tokens(cell)).find(|words| !words.is_empty());
    // Without words there are marks alone, such as a line of stars or dashes.
    first.is_none_or(|words| {
        TOTALS
            .iter()
            .any(|total| words.iter().zip(*total).filter(|(a, b)| a == *b).count() == total.len())
    })
}

/// A row in a few words.
pub(super) fn shown(cells: &[String]) -> String {
    let mut filled: Vec<String> = Vec::new();
    for cell in cells.iter().map(|cell| tidy(cell)).filter(|cell| !cell.is_empty()) {
        if filled.last() != Some(&cell) {
            filled.push(cell);
        }
    }
    crate::cell::shorten(&filled.join("; "))
}
