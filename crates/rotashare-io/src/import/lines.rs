//! The lines of an export below its header, without those that say nothing of anybody.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::header::{Headed, Source};
use super::kind::Kind;
use super::mapping::{Mapping, Names};
use super::unfold::MadeCells;
use super::words::{tidy, tokens};

/// Words with which a line of totals, or of the report's own, begins.
/// `#` stands for a number.
const TOTALS: [&[&str]; 16] = [
    &["total"],
    &["totals"],
    &["subtotal"],
    &["sub", "total"],
    &["grand", "total"],
    &["sum", "of"],
    &["count", "of"],
    &["end", "of"],
    &["printed"],
    &["generated"],
    &["exported"],
    &["page", "#"],
    &["#", "records"],
    &["#", "rows"],
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

    /// The rows among them.
    pub(super) fn rows(&self) -> BTreeSet<u32> {
        self.0.values().flat_map(|one| one.rows.iter().copied()).collect()
    }

    pub(super) fn into_vec(self) -> Vec<LeftOut> {
        self.0.into_values().collect()
    }
}

/// A row: its number and its cells.
pub(super) type Row<'a> = (u32, Cow<'a, [String]>);

/// The rows with blanks filled from above, as the mapping asks.
pub(super) fn filled_rows<'a>(headed: &Headed<'a>, fill_down: &[Names]) -> Vec<Row<'a>> {
    let columns: Vec<usize> = fill_down
        .iter()
        .filter_map(|names| match headed.find(names) {
            Some(Source::Column(column)) => Some(column),
            _ => None,
        })
        .collect();
    let mut above: BTreeMap<usize, String> = BTreeMap::new();
    let rows = headed.rows.iter().map(|row| {
        let mut cells = Cow::Borrowed(row.cells());
        // What a header or a total says is nobody's.
        if is_header_again(headed, row.cells()) || is_total(row.cells()) {
            return (row.number(), cells);
        }
        for column in &columns {
            if !row.cell(*column).is_empty() {
                above.insert(*column, row.cell(*column).to_owned());
            } else if let Some(text) = above.get(column) {
                let cells = cells.to_mut();
                if cells.len() <= *column {
                    cells.resize(column + 1, String::new());
                }
                cells[*column].clone_from(text);
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
    rows: &'a [Row<'_>],
    columns: Option<&[(usize, MadeCells)]>,
    left: &mut LeftOuts,
) -> Vec<Line<'a>> {
    let must: Vec<Source> = must_have(headed, mapping);
    // The words of a total may stand where a name does, so that cell does not count as filled.
    let is_empty = |line: &Line<'_>, one: Source| {
        line.text(Some(one)).is_empty() || one == Source::Column(first_filled(line.cells))
    };
    let empty = |line: &Line<'_>| must.iter().filter(|one| is_empty(line, **one)).count();
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

fn first_filled(cells: &[String]) -> usize {
    cells.iter().position(|cell| !tidy(cell).is_empty()).unwrap_or(0)
}

fn is_total(cells: &[String]) -> bool {
    let first = cells.iter().map(|cell| tokens(cell)).find(|words| !words.is_empty());
    let is_word = |word: &String, pattern: &str| match pattern {
        "#" => word.bytes().all(|byte| byte.is_ascii_digit()),
        _ => word == pattern,
    };
    // Without words there are marks alone, such as a line of stars or dashes.
    first.is_none_or(|words| {
        TOTALS.iter().any(|total| {
            words.len() >= total.len()
                && words.iter().zip(*total).all(|(word, one)| is_word(word, one))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_told_from_people() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        for first in
            ["Total PAs", "GRAND TOTAL", "Sub-total", "Page 1 of 2", "11 records", "End of report"]
        {
            assert!(is_total(&row(&["", first, "3"])), "{first}");
        }
        assert!(is_total(&row(&["****", "--"])), "marks alone");
        for first in ["PAGE, Jane", "Count, Basil", "Totalle, Ann", "9900001", "Sumner"] {
            assert!(!is_total(&row(&[first, "x"])), "{first}");
        }
    }
}
