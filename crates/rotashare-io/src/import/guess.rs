//! A first mapping for an export, to be corrected by somebody who knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::base::Base;
use super::convert::{self, Read};
use super::header::{self, Headed, SEARCHED, Source};
use super::kind::Kind;
use super::likely::{self, Fitted};
use super::lines::{LeftOuts, Line, filled_rows, lines};
use super::mapping::{ColumnSpec, Condition, GridCells, Mapping, Meaning, Names, Take, Test};
use super::mapping_toml::stem;
use super::places::Places;
use super::ready::{READY, Ready};
use super::unfold;
use crate::grid::Grid;
use crate::network_toml::{in_comment, quoted};

/// How many values that can't be read are written out.
const MOST_VALUES: usize = 40;
/// How many rows a header has at most.
const MOST_HEADER_ROWS: usize = 3;
/// How many values of a column are shown.
const SAMPLES: usize = 3;

/// A first mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Guess {
    /// The ready mapping that it is like.
    pub like: &'static str,
    /// The sheet or file that it was guessed from.
    pub sheet: String,
    /// The row of the header.
    pub header_row: u32,
    /// The mapping's text.
    pub toml: String,
}

/// Guesses a mapping from the header of an export and what stands below it; `None` where nothing in it
/// is like any usual export.
#[must_use]
pub fn guess(grids: &[Grid], base: &Base) -> Option<Guess> {
    let mut places = Places::new(base);
    let mut best: Option<Candidate<'_>> = None;
    for ready in READY {
        let Some(mapping) = ready.mapping() else { continue };
        // Only the headings of a grid come in several rows.
        let most_rows = if mapping.grid.is_some() { MOST_HEADER_ROWS } else { 1 };
        for header_rows in 1..=most_rows {
            let mapping = Mapping { header_rows, ..mapping.clone() };
            for grid in grids.iter().filter(|grid| !grid.is_hidden()) {
                let last = grid.rows().len().saturating_sub(header_rows - 1).min(SEARCHED);
                for at in 0..last {
                    let Some(fitted) = likely::fit(grid, &mapping, at, &mut places) else {
                        continue;
                    };
                    if best.as_ref().is_none_or(|other| fitted.value > other.fitted.value) {
                        best = Some(Candidate { ready, fitted, grid, at });
                    }
                }
            }
        }
    }
    let Candidate { ready, fitted, grid, at } = best.filter(|best| best.fitted.value > 0)?;
    let headed = header::headed(grid, at, fitted.mapping.header_rows);
    let toml = Writer {
        headed: &headed,
        mapping: &fitted.mapping,
        guessed: &fitted.guessed,
        places,
        text: String::new(),
    }
    .write(ready, base);
    let header_row = headed.header.first().map_or(1, crate::grid::GridRow::number);
    Some(Guess { like: ready.name, sheet: grid.name(), header_row, toml })
}

/// A ready mapping with the row of a sheet that may be its header.
struct Candidate<'a> {
    ready: Ready,
    fitted: Fitted,
    grid: &'a Grid,
    at: usize,
}

struct Writer<'a> {
    headed: &'a Headed<'a>,
    mapping: &'a Mapping,
    /// Headings that are not known, but taken for some that are.
    guessed: &'a BTreeSet<String>,
    places: Places,
    text: String,
}

impl Writer<'_> {
    fn write(mut self, ready: Ready, base: &Base) -> String {
        let mapping = self.mapping;
        let row = self.headed.header.first().map_or(1, crate::grid::GridRow::number);
        let name = in_comment(&self.headed.grid.name());
        self.line(&format!("# Guessed from {name}, header in row {row}."));
        self.line(&format!("# Like the ready mapping {}: {}.", ready.name, mapping.about));
        self.line("# Look over every line. # ? marks a column that is only a guess, or was not found. A value that");
        self.line("# means \"?\" is not understood: give ours for it, or false (without quotes) to leave such rows out.");
        let unused = self.unused();
        if !unused.is_empty() {
            self.line(&format!("# Nothing takes these columns: {}.", unused.join(", ")));
        }
        self.line("");
        self.line(&format!("about = {}", quoted(&mapping.about)));
        if self.headed.grid.sheet().is_some() && self.headed.grid.sheet() != Some("Sheet1") {
            self.line(&format!("sheet = {}", quoted(self.headed.grid.sheet().unwrap_or_default())));
        }
        self.line("# trust = \"RJ1\"  # whose export it is; or --trust on the command line");
        if mapping.header_rows > 1 {
            self.line(&format!("header_rows = {}", mapping.header_rows));
        }
        if let Some(cycle) = mapping.cycle {
            self.line(&format!("cycle = {cycle}"));
        }
        if mapping.grid.as_ref().is_some_and(|grid| grid.cells == GridCells::Dates) {
            self.line("# month = \"2027-03\"  # where headings are only the numbers of days");
        }
        let found: Vec<String> = mapping
            .fill_down
            .iter()
            .filter_map(|names| self.heading(names))
            .map(|heading| quoted(&heading))
            .collect();
        if !found.is_empty() {
            self.line(&format!("fill_down = [{}]", found.join(", ")));
        }
        self.person();
        self.grid();
        self.leave_out();
        self.tables(base);
        self.text
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The heading of theirs that some names match. One that begins like what a grid makes can't be
    /// written in a mapping.
    fn heading(&self, names: &Names) -> Option<String> {
        match self.headed.find(names)? {
            Source::Column(column) => {
                let label = &self.headed.labels[column];
                (!label.starts_with('@')).then(|| label.clone())
            }
            Source::Made(_) => self.mapping.grid.is_some().then(|| names.first().to_owned()),
        }
    }

    fn unused(&self) -> Vec<String> {
        let every = header::every(self.mapping);
        let is_day = |label: &str| match self.mapping.grid.as_ref().map(|grid| grid.cells) {
            Some(GridCells::Dates) => unfold::is_date(label),
            Some(GridCells::Weekdays) => unfold::weekday_heading(label).is_some(),
            None => false,
        };
        let is_unused = |label: &&String| {
            !label.is_empty() && !is_day(label) && !every.iter().any(|names| names.matches(label))
        };
        self.headed.labels.iter().filter(is_unused).map(|label| quoted(label)).collect()
    }

    fn person(&mut self) {
        let Some(person) = &self.mapping.person else { return };
        self.line("\n[person]");
        let slots = [
            ("code", &person.code),
            ("employee", &person.employee),
            ("name", &person.name),
            ("title", &person.title),
            ("forename", &person.forename),
            ("surname", &person.surname),
        ];
        let mut some = false;
        for (key, names) in slots {
            let heading = names.as_ref().and_then(|names| self.heading(names));
            if let Some(heading) = heading {
                some = true;
                let mark = if self.guessed.contains(&heading) { "  # ?" } else { "" };
                self.line(&format!("{key} = {}{mark}", quoted(&heading)));
            }
        }
        if !some {
            self.line("name = \"?\"  # which column says who it is? code: our code; employee: their number");
        }
    }

    fn grid(&mut self) {
        let Some(grid) = &self.mapping.grid else { return };
        self.line("\n[grid]");
        let cells = if grid.cells == GridCells::Dates { "dates" } else { "weekdays" };
        self.line(&format!("cells = {}", quoted(cells)));
        for (key, times) in [("am", &grid.am), ("pm", &grid.pm), ("day", &grid.day)] {
            if let Some((start, end)) = times {
                self.line(&format!("{key} = \"{start}-{end}\""));
            }
        }
        if !grid.off.is_empty() {
            let off: Vec<String> = grid.off.iter().map(|text| quoted(text)).collect();
            self.line(&format!("off = [{}]", off.join(", ")));
        }
    }

    fn leave_out(&mut self) {
        for one in &self.mapping.leave_out {
            let Some(heading) = self.heading(&one.when.column) else { continue };
            self.line("\n[[leave_out]]");
            let test = test(&one.when.test);
            self.line(&format!(
                "column = {}\n{test}\nbecause = {}",
                quoted(&heading),
                quoted(&one.because)
            ));
        }
    }

    fn tables(&mut self, base: &Base) {
        let near = base.horizon.map(|(from, _)| from);
        let days = self.mapping.grid.as_ref().map(|grid| {
            unfold::cell_columns(self.headed, grid, self.mapping, near).unwrap_or_default()
        });
        let rows = filled_rows(self.headed, &self.mapping.fill_down);
        let all =
            lines(self.headed, self.mapping, &rows, days.as_deref(), &mut LeftOuts::default());
        let is_left_out = |line: &Line<'_>| {
            self.mapping.leave_out.iter().any(|one| {
                let source = self.headed.find(&one.when.column);
                source.is_some_and(|source| one.when.holds(&line.text(Some(source))))
            })
        };
        let all: Vec<Line<'_>> = all.into_iter().filter(|line| !is_left_out(line)).collect();
        for table in &self.mapping.tables {
            self.line(&format!("\n[{}]", stem(table.table)));
            if let Some(Condition { column, test: when }) = &table.when {
                let heading = self.heading(column).unwrap_or_else(|| "?".to_owned());
                self.line(&format!("when = {{ column = {}, {} }}", quoted(&heading), test(when)));
            }
            for column in &table.columns {
                let sources: Vec<Option<Source>> =
                    column.from.iter().map(|names| self.headed.find(names)).collect();
                let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                let is_taken = |line: &&Line<'_>| {
                    table
                        .when
                        .as_ref()
                        .is_none_or(|when| when.holds(&line.text(self.headed.find(&when.column))))
                };
                for line in all.iter().filter(is_taken) {
                    let texts = sources.iter().map(|source| line.text(*source));
                    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
                    *counts.entry(texts.join(&column.joined_by)).or_default() += 1;
                }
                self.column(column, &counts);
            }
        }
    }

    fn column(&mut self, column: &ColumnSpec, counts: &BTreeMap<String, usize>) {
        let name = column.target.name();
        let found: Vec<String> =
            column.from.iter().filter_map(|names| self.heading(names)).collect();
        if found.is_empty() && column.constant.is_none() {
            let must = column.target.must_be_filled() && column.default.is_none();
            let doc = column.target.doc();
            let mark = if must { "" } else { "# " };
            self.line(&format!("{mark}{name} = \"?\"  # ? {doc}"));
            return;
        }
        let unread = self.unread(column, counts);
        let mut keys: Vec<String> = Vec::new();
        match &found[..] {
            [one] => keys.push(format!("column = {}", quoted(one))),
            [] => {}
            several => {
                let several: Vec<String> = several.iter().map(|one| quoted(one)).collect();
                keys.push(format!("join = [{}]", several.join(", ")));
            }
        }
        if column.joined_by != " " && found.len() > 1 {
            keys.push(format!("by = {}", quoted(&column.joined_by)));
        }
        let texts = [
            ("constant", &column.constant),
            ("default", &column.default),
            ("otherwise", &column.otherwise),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                keys.push(format!("{key} = {}", quoted(text)));
            }
        }
        match column.take {
            Some(Take::Start) => keys.push("take = \"start\"".into()),
            Some(Take::End) => keys.push("take = \"end\"".into()),
            None if column.commonest => keys.push("take = \"commonest\"".into()),
            None => {}
        }
        if column.only_values {
            keys.push("only_values = true".into());
        }
        let mut values: Vec<String> = column
            .values
            .iter()
            .map(|(theirs, meaning)| match meaning {
                Meaning::Text(ours) => format!("{} = {}", quoted(theirs), quoted(ours)),
                Meaning::LeftOut => format!("{} = false", quoted(theirs)),
            })
            .collect();
        values.extend(
            unread.iter().take(MOST_VALUES).map(|text| format!("{} = \"?\"", quoted(text))),
        );
        if !values.is_empty() {
            keys.push(format!("values = {{ {} }}", values.join(", ")));
        }
        let sample: Vec<String> = counts
            .keys()
            .filter(|text| !text.is_empty() && !unread.contains(*text))
            .take(SAMPLES)
            .map(|text| in_comment(&crate::cell::shorten(text)))
            .collect();
        // Names of people have no place in a file that goes from hand to hand.
        let is_shown = !matches!(column.kind, Kind::People | Kind::PersonName | Kind::Person)
            && name != "email"
            && !sample.is_empty();
        let mark =
            if found.iter().any(|heading| self.guessed.contains(heading)) { "? " } else { "" };
        let sample = match (is_shown, mark) {
            (true, _) => format!("  # {mark}{}", sample.join(" · ")),
            (false, "") => String::new(),
            (false, _) => "  # ?".to_owned(),
        };
        let mut line = String::new();
        // Writing to a String can't fail.
        let _ = match &keys[..] {
            [only] if only.starts_with("column = ") => {
                write!(line, "{name} = {}{sample}", &only["column = ".len()..])
            }
            _ => write!(line, "{name} = {{ {} }}{sample}", keys.join(", ")),
        };
        self.line(&line);
    }

    /// The texts of a column that can't be read, the commonest first.
    fn unread(&mut self, column: &ColumnSpec, counts: &BTreeMap<String, usize>) -> Vec<String> {
        let mut unread: BTreeSet<(usize, String)> = BTreeSet::new();
        for (text, count) in counts {
            if text.is_empty() || matches!(column.kind, Kind::People | Kind::Person) {
                continue;
            }
            let read = convert::cell(column, text, false, self.mapping.cycle, &mut self.places);
            if !matches!(read, Ok(Read::Cell(_) | Read::LeftOut)) {
                unread.insert((usize::MAX - count, text.clone()));
            }
        }
        unread.into_iter().map(|(_, text)| text).collect()
    }
}

fn test(test: &Test) -> String {
    let list = |list: &[String]| list.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ");
    match test {
        Test::Is(patterns) => format!("is = [{}]", list(patterns)),
        Test::Not(patterns) => format!("not = [{}]", list(patterns)),
        Test::Empty(empty) => format!("empty = {empty}"),
    }
}
