//! Parts of a mapping beside its tables: who a row is about, grids, what is left out.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::mapping::{Condition, GridCells, GridSpec, LeaveOut, PersonSpec, Test};
use super::toml_values::Reader;
use super::words::bare;
use crate::network_toml::{as_text, kind};

impl Reader<'_> {
    pub(super) fn person(&mut self, at: usize, value: &DeValue<'_>) -> Option<PersonSpec> {
        let mut spec = PersonSpec::default();
        for (at, key, value) in self.table(at, "person", value)? {
            let path = format!("person.{key}");
            let slot = match key.as_str() {
                "code" => &mut spec.code,
                "employee" => &mut spec.employee,
                "name" => &mut spec.name,
                "title" => &mut spec.title,
                "forename" => &mut spec.forename,
                "surname" => &mut spec.surname,
                _ => {
                    let known = ["code", "employee", "name", "title", "forename", "surname"];
                    self.unknown_in(at, "person.", &key, known.into_iter());
                    continue;
                }
            };
            *slot = self.names(at, &path, value);
        }
        if spec.code.is_none()
            && spec.employee.is_none()
            && spec.name.is_none()
            && spec.surname.is_none()
        {
            let remedy = "give code, employee, name, or surname and forename";
            self.fault(at, "person", "", "[person] says nothing of who it is".into(), remedy);
        }
        Some(spec)
    }

    pub(super) fn people(&mut self, at: usize, value: &DeValue<'_>) -> BTreeMap<String, String> {
        let mut people = BTreeMap::new();
        for (at, who, value) in self.table(at, "people", value).unwrap_or_default() {
            let Some(code) = self.scalar(at, &format!("people.{who:?}"), value) else { continue };
            if bare(&who).is_empty() {
                self.fault(at, "people", &who, "a name is empty".into(), "take it out");
            } else if let Some(other) = people.insert(bare(&who), code.clone())
                && other != code
            {
                let problem = format!("{who:?} is {other} and {code}");
                self.fault(at, "people", &who, problem, "take one of the two out");
            }
        }
        people
    }

    pub(super) fn grid(&mut self, at: usize, value: &DeValue<'_>) -> Option<GridSpec> {
        let mut cells = None;
        let (mut am, mut pm, mut day) = (None, None, None);
        let mut off = Vec::new();
        for (at, key, value) in self.table(at, "grid", value)? {
            let path = format!("grid.{key}");
            match key.as_str() {
                "cells" => match self.string(at, &path, value).as_deref() {
                    Some("dates") => cells = Some(GridCells::Dates),
                    Some("weekdays") => cells = Some(GridCells::Weekdays),
                    Some(other) => {
                        let problem = format!("{other:?} is no kind of grid");
                        self.fault(at, &path, other, problem, "write dates or weekdays");
                    }
                    None => {}
                },
                "am" => am = self.range(at, &path, value),
                "pm" => pm = self.range(at, &path, value),
                "day" => day = self.range(at, &path, value),
                "off" => off = self.strings(at, &path, value).unwrap_or_default(),
                _ => self.unknown_in(
                    at,
                    "grid.",
                    &key,
                    ["cells", "am", "pm", "day", "off"].into_iter(),
                ),
            }
        }
        if cells.is_none() && !self.findings.has_faults() {
            let remedy = "write cells = \"dates\" or cells = \"weekdays\"";
            self.fault(
                at,
                "grid",
                "",
                "[grid] does not say what stands over its cells".into(),
                remedy,
            );
        }
        Some(GridSpec { cells: cells?, am, pm, day, off })
    }

    pub(super) fn range(
        &mut self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
    ) -> Option<(String, String)> {
        let text = self.string(at, key, value)?;
        match super::words::times::range(&text) {
            Ok((start, end)) => Some((start.to_string(), end.to_string())),
            Err(error) => {
                self.fault(at, key, &text, error.problem, error.remedy);
                None
            }
        }
    }

    pub(super) fn leave_out(&mut self, at: usize, value: &DeValue<'_>) -> Vec<LeaveOut> {
        let DeValue::Array(list) = value else {
            let problem = format!("leave_out must be a list, not {}", kind(value));
            self.fault(at, "leave_out", &as_text(value), problem, "write [[leave_out]]");
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in list {
            let at = item.span().start;
            let because = match item.get_ref() {
                DeValue::Table(table) => {
                    table.iter().find(|(key, _)| key.get_ref() == "because").and_then(
                        |(key, value)| self.string(key.span().start, "because", value.get_ref()),
                    )
                }
                _ => None,
            };
            let when = self.condition(at, "leave_out", item.get_ref(), &["because"]);
            all.extend(when.map(|when| LeaveOut { when, because: because.unwrap_or_default() }));
        }
        all
    }

    pub(super) fn condition(
        &mut self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
        also: &[&str],
    ) -> Option<Condition> {
        let (mut column, mut test) = (None, None);
        for (at, inner, value) in self.table(at, key, value)? {
            let path = format!("{key}.{inner}");
            match inner.as_str() {
                "column" => column = self.names(at, &path, value),
                "is" => test = self.strings(at, &path, value).map(Test::Is),
                "not" => test = self.strings(at, &path, value).map(Test::Not),
                "empty" => test = Some(Test::Empty(self.truth(at, &path, value))),
                other if also.contains(&other) => {}
                _ => {
                    let known = ["column", "is", "not", "empty"].into_iter();
                    self.unknown_in(
                        at,
                        &format!("{key}."),
                        &inner,
                        known.chain(also.iter().copied()),
                    );
                }
            }
        }
        match (column, test) {
            (Some(column), Some(test)) => Some(Condition { column, test }),
            _ => {
                let problem = format!("{key} is not whole");
                let remedy = "give column = \"their heading\" and is = [\"…\"], not = [\"…\"] or \
                              empty = true";
                self.fault(at, key, "", problem, remedy);
                None
            }
        }
    }
}
