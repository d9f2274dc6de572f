//! A row of a file, read cell by cell by the names of its columns.

use std::fmt::Display;
use std::ops::RangeInclusive;

use csv::StringRecord;
use rotashare_core::draft::Reference;
use rotashare_core::fault::{Fault, Table};
use rotashare_core::time::{Clock, FormError, Validity};
use rotashare_core::values::{parse_decimal, write_decimal};

use crate::cell::{Cell, plain_text, shorten, trim};
use crate::column::{Column, Form};
use crate::findings::Findings;

/// Where each described column stands in the rows of a file; `None` where it is absent.
pub(crate) struct Layout {
    pub(crate) columns: &'static [Column],
    pub(crate) positions: Vec<Option<usize>>,
    /// How many cells the header has.
    pub(crate) width: usize,
}

/// A row being read. What is wrong with a cell goes to the findings, and a default into the record.
pub(crate) struct Row<'a> {
    layout: &'a Layout,
    record: &'a StringRecord,
    line: u32,
    findings: &'a mut Findings,
    sound: bool,
    /// The cells are not to be trusted, and no word is said about them.
    torn: bool,
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        layout: &'a Layout,
        record: &'a StringRecord,
        line: u32,
        findings: &'a mut Findings,
    ) -> Self {
        let torn = record.len() != layout.width;
        Self { layout, record, line, findings, sound: !torn, torn }
    }

    /// The line on which it starts.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    pub(crate) fn table(&self) -> Table {
        self.findings.table()
    }

    /// Whether every cell read so far was right.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// A cell without blanks around it; empty where its column is absent.
    pub(crate) fn cell(&self, name: &str) -> &'a str {
        self.find(name).1
    }

    /// The codes in it that other files give; none where its cells are not to be trusted.
    pub(crate) fn references(&self) -> impl Iterator<Item = Reference> {
        let columns = if self.torn { &[] } else { self.layout.columns };
        let codes = columns.iter().filter_map(|column| {
            let (cell, given_by) = (self.cell(column.name()), column.refers()?);
            let is_list = column.cell_form() == Form::Codes;
            let codes = cell.split(move |c| is_list && c == ';');
            Some(codes.map(move |code| (column.name(), trim(code), given_by)))
        });
        let codes = codes.flatten().filter(|(_, code, _)| !code.is_empty());
        let (table, line) = (self.table(), self.line);
        codes.map(move |(column, code, given_by)| {
            let code = code.to_owned();
            Reference { table, line, column, code, given_by }
        })
    }

    fn find(&self, name: &str) -> (Option<&'static Column>, &'a str) {
        let index = self.layout.columns.iter().position(|column| column.name() == name);
        debug_assert!(index.is_some(), "column {name} is not described");
        let Some(index) = index else { return (None, "") };
        let position = self.layout.positions[index];
        let text = position.and_then(|position| self.record.get(position)).unwrap_or("");
        let column = &self.layout.columns[index];
        let text = trim(text);
        (Some(column), if column.is_free_text() { plain_text(text) } else { text })
    }

    /// A cell that is not empty; a fault where it must not be.
    fn filled(&mut self, name: &'static str) -> Option<&'a str> {
        let (column, text) = self.find(name);
        if !text.is_empty() {
            return Some(text);
        }
        if let Some(column) = column.filter(|column| column.must_be_filled()) {
            // A missing column is told once, at the header.
            let is_there = self.layout.columns.iter().zip(&self.layout.positions);
            if is_there.into_iter().any(|(one, at)| one.name() == name && at.is_some()) {
                let error =
                    FormError::new(format!("{name} is empty"), format!("give {}", column.doc()));
                self.fault(name, "", error);
            }
            self.sound = false;
        }
        None
    }

    /// Adds a fault of a cell.
    pub(crate) fn fault(&mut self, name: &str, value: &str, error: FormError) {
        self.sound = false;
        if self.torn {
            return;
        }
        let shown = shorten(value);
        // What quotes an endless cell is told by the column instead.
        let problem = if shown.len() < value.len() {
            format!("{shown:?} can't be read as {name}")
        } else {
            error.problem
        };
        let table = self.table();
        self.findings.fault(Fault::of_cell(table, self.line, name, shown, problem, error.remedy));
    }

    /// Adds a warning about a cell.
    pub(crate) fn warn(&mut self, name: &str, value: &str, problem: &str, remedy: &str) {
        if !self.torn {
            let table = self.table();
            let value = shorten(value);
            self.findings.warn(Fault::of_cell(table, self.line, name, value, problem, remedy));
        }
    }

    /// A value; `None` where the cell is empty or wrong.
    pub(crate) fn maybe<T: Cell>(&mut self, name: &'static str) -> Option<T> {
        let text = self.filled(name)?;
        T::parse(text).map_err(|error| self.fault(name, text, error)).ok()
    }

    /// A value, or another where the cell is empty or wrong.
    pub(crate) fn get_or<T: Cell>(&mut self, name: &'static str, otherwise: T) -> T {
        self.maybe(name).unwrap_or(otherwise)
    }

    /// A time at which something starts.
    pub(crate) fn start(&mut self, name: &'static str) -> Option<Clock> {
        let start = self.maybe(name)?;
        if start == Clock::END_OF_DAY {
            let error = FormError::new(
                "24:00 is the end of a day, and nothing starts there",
                "write 00:00 and the day after",
            );
            self.fault(name, self.cell(name), error);
            return None;
        }
        Some(start)
    }

    /// A text; empty where the cell is.
    pub(crate) fn text(&mut self, name: &'static str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    /// The entries of a list separated by `;`.
    pub(crate) fn list(&mut self, name: &'static str) -> Vec<String> {
        let text = self.filled(name).unwrap_or("");
        text.split(';').map(trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }

    /// Dates from one column to another.
    pub(crate) fn validity(&mut self, from: &'static str, to: &'static str) -> Validity {
        Validity { from: self.maybe(from), to: self.maybe(to) }
    }

    /// A number of units of `10^-places` within a range of them.
    pub(crate) fn scaled(
        &mut self,
        name: &'static str,
        places: u32,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let text = self.filled(name)?;
        match parse_decimal(text, places) {
            Ok(value) if range.contains(&value) => Some(value),
            Ok(_) => {
                let (low, high) = range.into_inner();
                let (low, high) = (write_decimal(low, places), write_decimal(high, places));
                self.out_of_range(name, text, &low, &high);
                None
            }
            Err(error) => {
                self.fault(name, text, error);
                None
            }
        }
    }

    /// A whole number within a range.
    pub(crate) fn whole<T>(&mut self, name: &'static str, range: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + Copy + Display,
    {
        const MILLION: i64 = 1_000_000;
        let text = self.filled(name)?;
        match parse_decimal(text, 6) {
            Ok(value) if value % MILLION != 0 => {
                let problem = format!("{text:?} is not a whole number");
                self.fault(name, text, FormError::new(problem, "write a whole number, such as 3"));
                None
            }
            Ok(value) => {
                let value = T::try_from(value / MILLION).ok().filter(|one| range.contains(one));
                if value.is_none() {
                    self.out_of_range(name, text, range.start(), range.end());
                }
                value
            }
            Err(mut error) => {
                error.remedy = "write a whole number, such as 3".into();
                self.fault(name, text, error);
                None
            }
        }
    }

    /// Degrees within ± `most`.
    pub(crate) fn degrees(&mut self, name: &'static str, most: i64) -> Option<f64> {
        self.scaled(name, 0, -most..=most)?;
        let text = self.cell(name);
        let value: f64 = text.parse().ok()?;
        if value.abs() > most as f64 {
            self.out_of_range(name, text, -most, most);
            return None;
        }
        Some(value)
    }

    fn out_of_range(&mut self, name: &str, text: &str, low: impl Display, high: impl Display) {
        let problem = format!("{} is not from {low} to {high}", shorten(text));
        let remedy = format!("give a number from {low} to {high}");
        self.fault(name, text, FormError::new(problem, remedy));
    }
}
