//! Lines of an export to rows of the dataset.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::fault::Table;
use rotashare_core::time::FormError;

use super::bound::{Bound, bind, coverage};
use super::convert::{self, Read};
use super::fault::{Findings, Place};
use super::header::{Headed, Source};
use super::kind::{Kind, is_keyed};
use super::lines::{self, LeftOuts, Line, Row};
use super::mapping::{ColumnSpec, GridCells, Mapping, Names, PersonSpec};
use super::people::{People, Said, Who};
use super::places::Places;
use super::unfold;
use super::words::names::Name;
use crate::column::columns;

/// The most lines of a sheet, the cells of a grid being lines.
const MOST_LINES: usize = 500_000;
/// How many texts of a column are kept with what they mean.
const MOST_KNOWN: usize = 20_000;

/// What texts mean.
type Meanings = BTreeMap<String, Result<Read, FormError>>;

/// A row of the dataset in the making: a text a column, `None` where the mapping says nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MadeRow {
    pub(super) cells: Vec<Option<String>>,
    /// Of which sheet, and which row of it.
    pub(super) sheet: usize,
    pub(super) row: u32,
}

/// What all lines came to.
#[derive(Debug, Default)]
pub(super) struct Making {
    pub(super) rows: BTreeMap<Table, Vec<MadeRow>>,
    pub(super) findings: Findings,
    /// Texts that nobody has said yet who they are, with the rows that have them.
    pub(super) asks: BTreeMap<String, Vec<u32>>,
}

/// What was read of a sheet.
#[derive(Debug, Default)]
pub(super) struct SheetDone {
    /// Rows below the header.
    pub(super) rows: usize,
    /// Those of which something was made.
    pub(super) used: usize,
    pub(super) left: Left,
    /// Their headings that the mapping does not take.
    pub(super) unused: Vec<String>,
    /// Columns of the mapping that they have not.
    pub(super) absent: Vec<String>,
}

/// Lines that were left out.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Of which nothing was made.
    pub(super) out: LeftOuts,
    /// Of which some table that takes only some rows made nothing, though others did.
    pub(super) partly: LeftOuts,
}

/// Everything that making rows looks things up in.
pub(super) struct Maker<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) people: People,
    pub(super) places: Places,
    /// A date that bare days and months lie near to.
    pub(super) near: Option<rotashare_core::time::Date>,
    /// On which days of a grid of weekdays somebody works at some time, by code.
    pub(super) at_work: BTreeMap<String, BTreeMap<String, bool>>,
    /// What texts of a column mean, once found out.
    pub(super) known: BTreeMap<(Table, &'static str), Meanings>,
}

impl Maker<'_> {
    /// Learns who is in an export that brings its own people.
    pub(super) fn learn(&mut self, headed: &Headed<'_>) {
        let Some(person) = &self.mapping.person else { return };
        if !self.mapping.makes(Table::Consultants) {
            return;
        }
        for row in lines::filled_rows(headed, &self.mapping.fill_down) {
            let line = Line::of(&row);
            if self.left_out(headed, &line).is_none() {
                let said = said(person, headed, &line);
                self.people.learn(&said, self.mapping.trust.as_deref());
            }
        }
    }

    /// Makes the rows of a sheet.
    pub(super) fn sheet(
        &mut self,
        index: usize,
        headed: &Headed<'_>,
        making: &mut Making,
    ) -> SheetDone {
        let mapping = self.mapping;
        self.known.clear();
        let bound: Vec<Bound<'_>> = mapping.tables.iter().map(|spec| bind(spec, headed)).collect();
        let mut left = Left::default();
        let days = mapping.grid.as_ref().map(|grid| {
            unfold::cell_columns(headed, grid, mapping, self.near).unwrap_or_else(
                |(label, problem)| {
                    let remedy = match grid.cells {
                        GridCells::Dates => {
                            "give month = \"2027-03\" in the mapping; header_rows = 2 where the \
                             heading has two rows"
                        }
                        GridCells::Weekdays => {
                            "write it as Mon AM; give header_rows = 2 where the heading has two rows"
                        }
                    };
                    let row = headed.header.first().map_or(1, |row| row.number());
                    let place = headed.place().row(row).column(&label);
                    making.findings.fault(place.fault(&label, problem, remedy));
                    Vec::new()
                },
            )
        });
        let rows = lines::filled_rows(headed, &mapping.fill_down);
        let all = lines::lines(headed, mapping, &rows, days.as_deref(), &mut left.out);
        if all.len() > MOST_LINES {
            let problem = format!("there are more than {MOST_LINES} rows or cells to read");
            let remedy = "leave out what does not concern the horizon";
            making.findings.fault(headed.place().fault("", problem, remedy));
            return SheetDone::default();
        }
        let mut used = BTreeSet::new();
        for line in &all {
            if self.line(index, headed, line, &bound, making, &mut left) {
                used.insert(line.row);
            }
        }
        debug_assert!(
            left.out.rows().union(&used).count() == rows.len(),
            "a row is neither used nor left out"
        );
        let (unused, absent) = coverage(headed, mapping, days.as_deref());
        SheetDone { rows: rows.len(), used: used.len(), left, unused, absent }
    }

    /// Why a line is left out, where a condition of the mapping says so.
    fn left_out(&self, headed: &Headed<'_>, line: &Line<'_>) -> Option<String> {
        self.mapping.leave_out.iter().find_map(|one| {
            let source = headed.find(&one.when.column)?;
            // What a cell says is nothing that its row says.
            if matches!(source, Source::Made(_)) && line.made.is_none() {
                return None;
            }
            let text = line.text(Some(source));
            one.when.holds(&text).then(|| {
                let heading = headed.heading(&one.when.column);
                let reason = if text.is_empty() {
                    format!("{heading} is empty")
                } else {
                    format!("{heading} is {:?}", crate::cell::shorten(&text))
                };
                if one.because.is_empty() { reason } else { format!("{reason}: {}", one.because) }
            })
        })
    }

    /// Makes what a line says; whether anything was made, or is wrong with it.
    fn line(
        &mut self,
        sheet: usize,
        headed: &Headed<'_>,
        line: &Line<'_>,
        bound: &[Bound<'_>],
        making: &mut Making,
        left: &mut Left,
    ) -> bool {
        let sample = || line.shown();
        if let Some(why) = self.left_out(headed, line) {
            left.out.add(&why, line.row, sample);
            return false;
        }
        // Whether it came to something, and whether a table of those that take only some lines took it.
        let (mut used, mut chosen) = (false, false);
        // Why the first table that made nothing of it did not.
        let (mut refused, mut left_by_value) = (None, None);
        let mut who = None;
        for table in bound {
            if let Some((when, source)) = table.when {
                let text = line.text(source);
                if !when.holds(&text) {
                    let stem = super::mapping_toml::stem(table.spec.table);
                    let (heading, text) =
                        (headed.heading(&when.column), crate::cell::shorten(&text));
                    refused.get_or_insert(format!("nothing in {stem}: {heading} is {text:?}"));
                    continue;
                }
                chosen = true;
            }
            if who.is_none()
                && let Some(person) = &self.mapping.person
            {
                match self.who(person, headed, line, making) {
                    Asked::Is(code, name) => who = Some((code, name)),
                    Asked::Nobody(text) => {
                        let why = format!("[people] says that {text:?} is nobody of the dataset");
                        left.out.add(&why, line.row, sample);
                        return false;
                    }
                    Asked::Not => return true,
                }
            }
            if let Some((code, _)) = &who
                && table.takes_cells()
                && self.is_day_off(code, line)
            {
                left_by_value.get_or_insert("it is a day on which they don't work".to_owned());
                continue;
            }
            match self.row(headed, line, table, who.as_ref(), making) {
                Ok(Some(cells)) => {
                    let row = MadeRow { cells, sheet, row: line.row };
                    making.rows.entry(table.spec.table).or_default().push(row);
                    used = true;
                }
                // A fault has been told.
                Ok(None) => used = true,
                Err(why) => {
                    left_by_value.get_or_insert(why);
                }
            }
        }
        if let Some(why) = left_by_value.or(refused.filter(|_| !chosen)) {
            let list = if used { &mut left.partly } else { &mut left.out };
            list.add(&why, line.row, sample);
        }
        used
    }

    fn who(
        &self,
        person: &PersonSpec,
        headed: &Headed<'_>,
        line: &Line<'_>,
        making: &mut Making,
    ) -> Asked {
        let said = said(person, headed, line);
        let (who, warning) = self.people.who(&said);
        let heading = person.columns().find_map(|names| match headed.find(names)? {
            Source::Column(column) => Some(headed.labels[column].as_str()),
            Source::Made(_) => None,
        });
        let place = headed.place().row(line.row).column(heading.unwrap_or_default());
        if let Some(warning) = warning {
            let remedy = "check that the number is right; the number counts";
            making.findings.warn(place.clone().fault(&said.written, warning, remedy));
        }
        match who {
            Who::Is(code) => Asked::Is(code, said.name.show()),
            Who::Nobody => {
                let text = if said.written.is_empty() { said.employee } else { said.written };
                Asked::Nobody(text)
            }
            Who::Ask(text) => {
                making.asks.entry(text).or_default().push(line.row);
                Asked::Not
            }
            Who::Wrong(problem, remedy) => {
                let value = [&said.code, &said.employee, &said.written];
                let value = value.into_iter().find(|one| !one.is_empty()).map_or("", |one| one);
                making.findings.fault(place.fault(value, problem, remedy));
                Asked::Not
            }
        }
    }

    /// The cells of a row of a table; `None` where one is wrong, `Err` with the reason where a value
    /// leaves the row out.
    fn row(
        &mut self,
        headed: &Headed<'_>,
        line: &Line<'_>,
        table: &Bound<'_>,
        who: Option<&(String, String)>,
        making: &mut Making,
    ) -> Result<Option<Vec<Option<String>>>, String> {
        let described = columns(table.spec.table);
        let mut cells: Vec<Option<String>> = vec![None; described.len()];
        if let Some((code, name)) = who {
            for (cell, column) in cells.iter_mut().zip(described) {
                match Kind::of(table.spec.table, column.name()) {
                    Kind::Person => *cell = Some(code.clone()),
                    Kind::PersonName if !name.is_empty() => *cell = Some(name.clone()),
                    _ => {}
                }
            }
        }
        if let (Table::Consultants, Some((code, _))) = (table.spec.table, who) {
            self.own_columns(headed, line, code, described, &mut cells);
        }
        let mut is_sound = true;
        for (spec, sources) in &table.columns {
            let Some(at) = described.iter().position(|column| column == spec.target) else {
                continue;
            };
            let read = match &spec.constant {
                Some(constant) => self.read(table.spec.table, spec, constant, false),
                None if sources.iter().all(Option::is_none) => match &spec.default {
                    Some(_) => self.read(table.spec.table, spec, "", false),
                    None => continue,
                },
                None => {
                    let texts = sources.iter().map(|source| line.text(*source));
                    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
                    let text = texts.join(&spec.joined_by);
                    // Start and end of one column must be a range of times.
                    let is_range = table.columns.iter().any(|(other, from)| {
                        other.target != spec.target && other.take.is_some() && from == sources
                    });
                    match spec.kind {
                        Kind::People => self.several(&text, line.row, making).map(Read::Cell),
                        _ => self.read(table.spec.table, spec, &text, is_range),
                    }
                }
            };
            match read {
                // Of several rows of one key another may give it.
                Ok(Read::Cell(text))
                    if text.is_empty()
                        && spec.target.must_be_filled()
                        && !is_keyed(table.spec.table) =>
                {
                    let name = spec.target.name();
                    let error = FormError::new(
                        format!("{name} is empty"),
                        format!(
                            "give {}, or leave such rows out with [[leave_out]]",
                            spec.target.doc()
                        ),
                    );
                    wrong(headed, line, spec, "", error, &mut making.findings);
                    is_sound = false;
                }
                Ok(Read::Cell(text)) => {
                    // Nothing where somebody is meant overrides nobody.
                    if !text.is_empty() || cells[at].is_none() {
                        cells[at] = Some(text);
                    }
                }
                Ok(Read::LeftOut) => {
                    let texts: Vec<String> =
                        sources.iter().map(|source| line.text(*source)).collect();
                    let heading = spec.from.first().map(|names| headed.heading(names));
                    let heading = heading.unwrap_or_default();
                    let text = texts.join(&spec.joined_by);
                    return Err(format!("{heading} is {text:?}, which the mapping leaves out"));
                }
                Err(error) => {
                    let texts: Vec<String> =
                        sources.iter().map(|source| line.text(*source)).collect();
                    wrong(
                        headed,
                        line,
                        spec,
                        &texts.join(&spec.joined_by),
                        error,
                        &mut making.findings,
                    );
                    is_sound = false;
                }
            }
        }
        Ok(is_sound.then_some(cells))
    }

    /// What a text of a column means. Exports say the same few things again and again.
    fn read(
        &mut self,
        table: Table,
        spec: &ColumnSpec,
        text: &str,
        is_range: bool,
    ) -> Result<Read, FormError> {
        let known = self.known.entry((table, spec.target.name())).or_default();
        if let Some(read) = known.get(text) {
            return read.clone();
        }
        let read = convert::cell(spec, text, is_range, self.mapping.cycle, &mut self.places);
        if known.len() < MOST_KNOWN {
            known.insert(text.to_owned(), read.clone());
        }
        read
    }

    /// What a consultant has without a word of the mapping: the trust, the employer's number, and the
    /// working days of a grid.
    fn own_columns(
        &self,
        headed: &Headed<'_>,
        line: &Line<'_>,
        code: &str,
        described: &[crate::Column],
        cells: &mut [Option<String>],
    ) {
        let employee = self.mapping.person.as_ref().and_then(|person| person.employee.as_ref());
        for (cell, column) in cells.iter_mut().zip(described) {
            match column.name() {
                "trust" => cell.clone_from(&self.mapping.trust),
                "working_days" => *cell = self.working_days(code),
                "employee_number" => {
                    let source = employee.and_then(|names| headed.find(names));
                    *cell = source.map(|source| line.text(Some(source)));
                }
                _ => {}
            }
        }
    }

    /// Codes of several people named in one cell.
    fn several(&self, text: &str, row: u32, making: &mut Making) -> Result<String, FormError> {
        let mut codes: Vec<String> = Vec::new();
        for one in text.split([';', '/', '&', '|', '\n']).map(super::words::tidy) {
            if one.is_empty()
                || matches!(one.to_lowercase().as_str(), "vacant" | "tbc" | "any" | "-")
            {
                continue;
            }
            match self.people.named(&one) {
                Who::Is(code) if !codes.contains(&code) => codes.push(code),
                Who::Is(_) | Who::Nobody => {}
                Who::Ask(text) => making.asks.entry(text).or_default().push(row),
                Who::Wrong(problem, remedy) => return Err(FormError::new(problem, remedy)),
            }
        }
        Ok(codes.join(";"))
    }
}

/// Who a line is about.
enum Asked {
    /// Code and name.
    Is(String, String),
    Nobody(String),
    /// Not known; that has been noted.
    Not,
}

impl<'a> Line<'a> {
    pub(super) fn of(row: &'a Row<'_>) -> Self {
        Self::new(row.0, &row.1)
    }
}

pub(super) fn said(person: &PersonSpec, headed: &Headed<'_>, line: &Line<'_>) -> Said {
    let text = |names: &Option<Names>| {
        names
            .as_ref()
            .and_then(|names| headed.find(names))
            .map_or_else(String::new, |source| line.text(Some(source)))
    };
    let whole = text(&person.name);
    let (title, forename, surname) =
        (text(&person.title), text(&person.forename), text(&person.surname));
    let name = if surname.is_empty() {
        Name::read(&whole)
    } else {
        Name::new(&title, &forename, &surname)
    };
    let written = if whole.is_empty() { name.show() } else { whole };
    Said { code: text(&person.code), employee: text(&person.employee), written, name }
}

fn wrong(
    headed: &Headed<'_>,
    line: &Line<'_>,
    spec: &ColumnSpec,
    value: &str,
    error: FormError,
    findings: &mut Findings,
) {
    let heading = spec.from.iter().find_map(|names| match headed.find(names)? {
        Source::Column(column) => Some(headed.labels[column].clone()),
        Source::Made(_) => line.made.as_ref().map(|made| made.heading.clone()),
    });
    let heading = heading.unwrap_or_else(|| spec.target.name().to_owned());
    let place: Place = headed.place().row(line.row).column(heading);
    findings.fault(place.fault(value, error.problem, error.remedy));
}
