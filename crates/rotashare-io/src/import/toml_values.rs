//! Values of a mapping's TOML, each fault with its line.

use rotashare_core::fault::did_you_mean;
use toml::de::{DeTable, DeValue};

use super::fault::{Findings, Place};
use super::mapping::{Made, Names};
use super::words::{bare, dates};
use crate::cell::{shorten, trim};
use crate::network_toml::{Entry, as_text, entries, kind, line};

/// A TOML text being read.
pub(super) struct Reader<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) findings: Findings,
}

impl<'a> Reader<'a> {
    pub(super) fn document(&mut self) -> DeTable<'a> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            let problem = format!("it is not valid TOML: {}", shorten(&message));
            self.fault(at, "", "", problem, "correct it; text goes in quotes: weekday = \"Day\"");
        }
        document.into_inner()
    }

    pub(super) fn truth(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> bool {
        if let DeValue::Boolean(truth) = value {
            return *truth;
        }
        let problem = format!("{key} must be true or false");
        self.fault(at, key, &as_text(value), problem, "write true or false, without quotes");
        false
    }

    /// Headings: one, or a list of which the first there counts.
    pub(super) fn names(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<Names> {
        let names = self.strings(at, key, value)?;
        for name in &names {
            let made = Made::ALL.iter().map(|(word, _)| *word);
            if name.starts_with('@') && Made::parse(name).is_none() {
                let problem = format!("there is no {name}");
                self.fault(at, key, name, problem, did_you_mean(name, made, "take the @ away"));
            } else if !name.starts_with('@') && bare(name).is_empty() {
                self.fault(at, key, name, format!("{key} is empty"), "give their heading");
            }
        }
        Some(Names(names))
    }

    pub(super) fn strings(
        &mut self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
    ) -> Option<Vec<String>> {
        match value {
            DeValue::Array(list) if !list.is_empty() => list
                .iter()
                .map(|item| self.string(item.span().start, key, item.get_ref()))
                .collect(),
            _ => self.string(at, key, value).map(|one| vec![one]),
        }
    }

    pub(super) fn string(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<String> {
        self.raw_string(at, key, value).map(|text| trim(&text).to_owned())
    }

    pub(super) fn raw_string(
        &mut self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
    ) -> Option<String> {
        if let DeValue::String(text) = value {
            return Some(text.to_string());
        }
        let problem = format!("{key} must be text, not {}", kind(value));
        self.fault(at, key, &as_text(value), problem, "put it in quotes");
        None
    }

    /// A text, or a number as text.
    pub(super) fn scalar(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<String> {
        match value {
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => Some(as_text(value)),
            _ => self.string(at, key, value),
        }
    }

    pub(super) fn whole(
        &mut self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let text = as_text(value);
        let number = match value {
            DeValue::Integer(_) => text.parse().ok().filter(|number| range.contains(number)),
            _ => None,
        };
        if number.is_none() {
            let (low, high) = (range.start(), range.end());
            let problem = format!("{key} must be a whole number from {low} to {high}");
            self.fault(at, key, &text, problem, "");
        }
        number
    }

    pub(super) fn separator(&mut self, at: usize, value: &DeValue<'_>) -> Option<u8> {
        let text = self.raw_string(at, "separator", value)?;
        match text.as_str() {
            "," | ";" | "\t" | "|" => text.bytes().next(),
            "tab" => Some(b'\t'),
            _ => {
                let problem = format!("{text:?} separates no cells");
                self.fault(at, "separator", &text, problem, "write \",\", \";\", \"|\" or \"tab\"");
                None
            }
        }
    }

    pub(super) fn month(&mut self, at: usize, value: &DeValue<'_>) -> Option<(u16, u8)> {
        let text = self.string(at, "month", value)?;
        let month = dates::month_in(&text);
        if month.is_none() {
            let problem = format!("{text:?} is not a month");
            self.fault(at, "month", &text, problem, "write it as \"2027-03\"");
        }
        month
    }

    pub(super) fn table<'v>(
        &mut self,
        at: usize,
        key: &str,
        value: &'v DeValue<'v>,
    ) -> Option<Vec<Entry<'v>>> {
        if let DeValue::Table(table) = value {
            return Some(entries(table));
        }
        let problem = format!("{key} must be a table, not {}", kind(value));
        self.fault(at, key, &as_text(value), problem, format!("write [{key}]"));
        None
    }

    pub(super) fn unknown<'k>(
        &mut self,
        at: usize,
        key: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        self.unknown_in(at, "", key, known);
    }

    pub(super) fn unknown_in<'k>(
        &mut self,
        at: usize,
        inside: &str,
        key: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.collect();
        let otherwise = format!("write one of {}", known.join(", "));
        let remedy = did_you_mean(key, known.iter().copied(), &otherwise);
        let problem = format!("there is no key {inside}{}", shorten(key));
        self.fault(at, &format!("{inside}{}", shorten(key)), key, problem, remedy);
    }

    pub(super) fn line(&self, at: usize) -> u32 {
        line(self.text, at)
    }

    pub(super) fn fault(
        &mut self,
        at: usize,
        key: &str,
        value: &str,
        problem: String,
        remedy: impl Into<String>,
    ) {
        self.at_line(self.line(at), key, value, problem, remedy);
    }

    pub(super) fn at_line(
        &mut self,
        line: u32,
        key: &str,
        value: &str,
        problem: String,
        remedy: impl Into<String>,
    ) {
        let mut place = Place::file(self.name).row(line);
        if !key.is_empty() {
            place = place.column(key);
        }
        self.findings.fault(place.fault(value, problem, remedy));
    }
}
