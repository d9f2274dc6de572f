//! A mapping from its TOML, every fault with its line.

use std::collections::BTreeMap;

use rotashare_core::fault::{Table, did_you_mean};
use toml::de::{DeTable, DeValue};

use super::fault::{Findings, ImportFault, Place};
use super::header::every;
use super::kind::Kind;
use super::mapping::{
    ColumnSpec, Condition, GridCells, GridSpec, LeaveOut, Made, Mapping, Meaning, Names,
    PersonSpec, TableSpec, Take, Test,
};
use super::words::{bare, dates};
use crate::cell::{shorten, trim};
use crate::column::columns;
use crate::network_toml::{Entry, as_text, entries, kind, line};

const KEYS: [&str; 12] = [
    "about",
    "sheet",
    "separator",
    "header_rows",
    "trust",
    "cycle",
    "month",
    "fill_down",
    "leave_out",
    "person",
    "people",
    "grid",
];
const COLUMN_KEYS: [&str; 10] = [
    "column",
    "join",
    "by",
    "constant",
    "default",
    "values",
    "only_values",
    "otherwise",
    "take",
    "pad",
];

impl Mapping {
    /// Reads the text of a mapping.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<ImportFault>> {
        let mut reader = Reader { name, text, findings: Findings::default() };
        let mapping = reader.mapping();
        let (faults, _) = reader.findings.into_parts();
        if faults.is_empty() { Ok(mapping) } else { Err(faults) }
    }
}

/// Reads the `[people]` of a file of its own: who a name or number is.
///
/// # Errors
/// With everything that is wrong with it.
pub(super) fn people(name: &str, text: &str) -> Result<BTreeMap<String, String>, Vec<ImportFault>> {
    let mut reader = Reader { name, text, findings: Findings::default() };
    let mut people = BTreeMap::new();
    let document = reader.document();
    for (at, key, value) in entries(&document) {
        if key == "people" {
            people = reader.people(at, value);
        } else {
            reader.unknown(at, &key, ["people"].into_iter());
        }
    }
    let (faults, _) = reader.findings.into_parts();
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    findings: Findings,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> DeTable<'a> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            let problem = format!("it is not valid TOML: {}", shorten(&message));
            self.fault(at, "", "", problem, "correct it; text goes in quotes: weekday = \"Day\"");
        }
        document.into_inner()
    }

    fn mapping(&mut self) -> Mapping {
        let mut mapping = Mapping {
            name: self.name.to_owned(),
            about: String::new(),
            sheet: None,
            separator: None,
            header_rows: 1,
            trust: None,
            cycle: None,
            month: None,
            fill_down: Vec::new(),
            leave_out: Vec::new(),
            person: None,
            people: BTreeMap::new(),
            grid: None,
            tables: Vec::new(),
        };
        let document = self.document();
        for (at, key, value) in entries(&document) {
            match key.as_str() {
                "about" => mapping.about = self.string(at, &key, value).unwrap_or_default(),
                "sheet" => mapping.sheet = self.string(at, &key, value),
                "separator" => mapping.separator = self.separator(at, value),
                "header_rows" => {
                    let rows = self.whole(at, &key, value, 1..=4);
                    mapping.header_rows = rows.unwrap_or(1) as usize;
                }
                "trust" => mapping.trust = self.string(at, &key, value),
                "cycle" => mapping.cycle = self.whole(at, &key, value, 2..=52),
                "month" => mapping.month = self.month(at, value),
                "fill_down" => {
                    let names = self.strings(at, &key, value).unwrap_or_default();
                    mapping.fill_down = names.into_iter().map(|name| Names(vec![name])).collect();
                }
                "leave_out" => mapping.leave_out = self.leave_out(at, value),
                "person" => mapping.person = self.person(at, value),
                "people" => mapping.people = self.people(at, value),
                "grid" => mapping.grid = self.grid(at, value),
                _ => match table_of(&key) {
                    Some(table) => mapping.tables.extend(self.table_spec(at, table, value)),
                    None => self.unknown(at, &key, KEYS.into_iter().chain(stems())),
                },
            }
        }
        self.look_over(&mapping);
        mapping
    }

    /// What the parts say together.
    fn look_over(&mut self, mapping: &Mapping) {
        if mapping.tables.is_empty() && !self.findings.has_faults() {
            let stems: Vec<&str> = stems().collect();
            let remedy = format!("add a table for one of {}", stems.join(", "));
            self.fault(0, "", "", "it makes no file of the dataset".into(), remedy);
        }
        if mapping.grid.is_none()
            && let Some(made) = every(mapping).into_iter().find(|names| names.made().is_some())
        {
            let name = made.first();
            let problem = format!("{name} is there only where a grid is unfolded");
            self.fault(
                0,
                "grid",
                name,
                problem,
                "add [grid] with cells = \"dates\" or \"weekdays\"",
            );
        }
        for spec in &mapping.tables {
            let has = |name: &str| spec.columns.iter().any(|one| one.target.name() == name);
            let stem = stem(spec.table);
            for column in columns(spec.table).iter().filter(|column| column.must_be_filled()) {
                let is_given = match Kind::of(spec.table, column.name()) {
                    Kind::Person => mapping.person.is_some(),
                    // The person's own name, the trust of the mapping.
                    Kind::PersonName => mapping.person.is_some(),
                    Kind::Trust if spec.table == Table::Consultants => true,
                    _ => false,
                };
                if !is_given && !has(column.name()) {
                    let problem = format!("{stem} must have the column {}", column.name());
                    let remedy = if column.name() == "consultant" {
                        "add [person] with code, employee or name".to_owned()
                    } else {
                        let name = column.name();
                        format!("add {name} = \"their heading\": {}", column.doc())
                    };
                    self.at_line(spec.line, stem, "", problem, remedy);
                }
            }
        }
    }

    fn table_spec(&mut self, at: usize, table: Table, value: &DeValue<'_>) -> Option<TableSpec> {
        let stem = stem(table);
        let mut spec = TableSpec { table, line: self.line(at), when: None, columns: Vec::new() };
        for (at, key, value) in self.table(at, stem, value)? {
            if key == "when" {
                spec.when = self.condition(at, &format!("{stem}.when"), value, &[]);
                continue;
            }
            let described = columns(table);
            match described.iter().find(|column| column.name() == key) {
                Some(target) => spec.columns.extend(self.column(at, table, target, value)),
                None => {
                    let known = described.iter().map(crate::Column::name).chain(["when"]);
                    self.unknown_in(at, &format!("{stem}."), &key, known);
                }
            }
        }
        Some(spec)
    }

    fn column(
        &mut self,
        at: usize,
        table: Table,
        target: &'static crate::Column,
        value: &DeValue<'_>,
    ) -> Option<ColumnSpec> {
        let key = format!("{}.{}", stem(table), target.name());
        let mut spec = ColumnSpec {
            target,
            kind: Kind::of(table, target.name()),
            from: Vec::new(),
            joined_by: " ".to_owned(),
            constant: None,
            default: None,
            values: Vec::new(),
            only_values: false,
            otherwise: None,
            take: None,
            pad: None,
            commonest: false,
        };
        if spec.kind == Kind::Person {
            let remedy = "say under [person] where a row says who it is";
            self.fault(at, &key, "", format!("{key} comes from [person]"), remedy);
            return None;
        }
        if !matches!(value, DeValue::Table(_)) {
            spec.from = vec![self.names(at, &key, value)?];
            return Some(spec);
        }
        for (at, inner, value) in self.table(at, &key, value)? {
            let path = format!("{key}.{inner}");
            match inner.as_str() {
                "column" => spec.from.extend(self.names(at, &path, value)),
                "join" => {
                    let DeValue::Array(list) = value else {
                        spec.from.extend(self.names(at, &path, value));
                        continue;
                    };
                    for item in list {
                        spec.from.extend(self.names(item.span().start, &path, item.get_ref()));
                    }
                }
                "by" => spec.joined_by = self.raw_string(at, &path, value).unwrap_or_default(),
                "constant" => spec.constant = self.scalar(at, &path, value),
                "default" => spec.default = self.scalar(at, &path, value),
                "otherwise" => spec.otherwise = self.scalar(at, &path, value),
                "values" => spec.values = self.values(at, &path, value),
                "only_values" => spec.only_values = self.truth(at, &path, value),
                "take" => match self.string(at, &path, value).as_deref() {
                    Some("start") => spec.take = Some(Take::Start),
                    Some("end") => spec.take = Some(Take::End),
                    Some("commonest") => spec.commonest = true,
                    Some(other) => {
                        let problem = format!("{other:?} can't be taken of a text");
                        let remedy = "write start or end (of a time range), or commonest (of \
                                      several rows)";
                        self.fault(at, &path, other, problem, remedy);
                    }
                    None => {}
                },
                "pad" => spec.pad = self.whole(at, &path, value, 1..=20).map(|n| n as usize),
                _ => self.unknown_in(at, &format!("{key}."), &inner, COLUMN_KEYS.into_iter()),
            }
        }
        if spec.from.is_empty() && spec.constant.is_none() {
            let problem = format!("{key} comes from nowhere");
            self.fault(
                at,
                &key,
                "",
                problem,
                "give column = \"their heading\" or constant = \"…\"",
            );
            return None;
        }
        Some(spec)
    }

    fn values(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Vec<(String, Meaning)> {
        let mut values = Vec::new();
        for (at, theirs, value) in self.table(at, key, value).unwrap_or_default() {
            let meaning = match value {
                DeValue::Boolean(false) => Meaning::LeftOut,
                _ => match self.scalar(at, &format!("{key}.{theirs}"), value) {
                    Some(text) => Meaning::Text(text),
                    None => continue,
                },
            };
            values.push((theirs, meaning));
        }
        values
    }

    fn person(&mut self, at: usize, value: &DeValue<'_>) -> Option<PersonSpec> {
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

    fn people(&mut self, at: usize, value: &DeValue<'_>) -> BTreeMap<String, String> {
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

    fn grid(&mut self, at: usize, value: &DeValue<'_>) -> Option<GridSpec> {
        let mut cells = None;
        let (mut am, mut pm, mut day) = (None, None, None);
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
                _ => self.unknown_in(at, "grid.", &key, ["cells", "am", "pm", "day"].into_iter()),
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
        Some(GridSpec { cells: cells?, am, pm, day })
    }

    fn range(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<(String, String)> {
        let text = self.string(at, key, value)?;
        match super::words::times::range(&text) {
            Ok((start, end)) => Some((start.to_string(), end.to_string())),
            Err(error) => {
                self.fault(at, key, &text, error.problem, error.remedy);
                None
            }
        }
    }

    fn leave_out(&mut self, at: usize, value: &DeValue<'_>) -> Vec<LeaveOut> {
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

    fn condition(
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

    fn truth(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> bool {
        if let DeValue::Boolean(truth) = value {
            return *truth;
        }
        let problem = format!("{key} must be true or false");
        self.fault(at, key, &as_text(value), problem, "write true or false, without quotes");
        false
    }

    /// Headings: one, or a list of which the first there counts.
    fn names(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<Names> {
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

    fn strings(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<Vec<String>> {
        match value {
            DeValue::Array(list) if !list.is_empty() => list
                .iter()
                .map(|item| self.string(item.span().start, key, item.get_ref()))
                .collect(),
            _ => self.string(at, key, value).map(|one| vec![one]),
        }
    }

    fn string(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<String> {
        self.raw_string(at, key, value).map(|text| trim(&text).to_owned())
    }

    fn raw_string(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<String> {
        if let DeValue::String(text) = value {
            return Some(text.to_string());
        }
        let problem = format!("{key} must be text, not {}", kind(value));
        self.fault(at, key, &as_text(value), problem, "put it in quotes");
        None
    }

    /// A text, or a number as text.
    fn scalar(&mut self, at: usize, key: &str, value: &DeValue<'_>) -> Option<String> {
        match value {
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => Some(as_text(value)),
            _ => self.string(at, key, value),
        }
    }

    fn whole(
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

    fn separator(&mut self, at: usize, value: &DeValue<'_>) -> Option<u8> {
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

    fn month(&mut self, at: usize, value: &DeValue<'_>) -> Option<(u16, u8)> {
        let text = self.string(at, "month", value)?;
        let month = dates::month_in(&text);
        if month.is_none() {
            let problem = format!("{text:?} is not a month");
            self.fault(at, "month", &text, problem, "write it as \"2027-03\"");
        }
        month
    }

    fn table<'v>(
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

    fn unknown<'k>(&mut self, at: usize, key: &str, known: impl Iterator<Item = &'k str>) {
        self.unknown_in(at, "", key, known);
    }

    fn unknown_in<'k>(
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

    fn line(&self, at: usize) -> u32 {
        line(self.text, at)
    }

    fn fault(
        &mut self,
        at: usize,
        key: &str,
        value: &str,
        problem: String,
        remedy: impl Into<String>,
    ) {
        self.at_line(self.line(at), key, value, problem, remedy);
    }

    fn at_line(
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

/// The files that a mapping may make, by the stems of their names.
fn stems() -> impl Iterator<Item = &'static str> {
    Table::ALL.into_iter().filter(|table| *table != Table::Network).map(stem)
}

fn table_of(key: &str) -> Option<Table> {
    Table::ALL.into_iter().find(|table| *table != Table::Network && stem(*table) == key)
}

/// `leave` of `leave.csv`.
pub(super) fn stem(table: Table) -> &'static str {
    let name = table.file_name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> String {
        let faults = Mapping::parse("my.toml", text).expect_err("faults");
        faults.iter().map(|fault| format!("{fault}\n")).collect()
    }

    #[test]
    fn a_mapping_is_read() {
        let text = "\
            trust = \"RJ1\"\ncycle = 4\nmonth = \"2027-03\"\nseparator = \";\"\n\
            [person]\nemployee = \"Emp No\"\nname = [\"Name\", \"Full name\"]\n\
            [people]\n\"SMITH, J\" = 9900001\n\
            [[leave_out]]\ncolumn = \"Status\"\nis = \"Rejected\"\nbecause = \"not approved\"\n\
            [leave]\nwhen = { column = \"Type\", not = [\"Training\"] }\nfrom = \"Start\"\n\
            to = { column = \"End\", default = \"ongoing\" }\n\
            kind = { column = \"Type\", values = { \"A/L\" = \"annual\", OFF = false } }\n";
        let mapping = Mapping::parse("my.toml", text).expect("a mapping");
        assert_eq!(mapping.people.get("smithj").map(String::as_str), Some("9900001"));
        assert_eq!(mapping.month, Some((2027, 3)));
        assert_eq!(mapping.leave_out[0].because, "not approved");
        let kind = &mapping.tables[0].columns[2];
        assert_eq!(kind.values[1], ("OFF".to_owned(), Meaning::LeftOut));
    }

    #[test]
    fn every_fault_of_a_mapping_has_its_line() {
        let text = "truts = \"RJ1\"\ncycle = \"four\"\nseparator = \"x\"\n\n[leav]\nfrom = 1\n\n\
                    [job_plans]\nweekdy = \"Day\"\nstart = { colum = \"Start\" }\n\n[grid]\ncells = \"hours\"\n";
        let told = faults(text);
        for words in [
            "my.toml, line 1, truts: there is no key truts; did you mean trust?",
            "my.toml, line 2, cycle: cycle must be a whole number from 2 to 52",
            "my.toml, line 3, separator",
            "my.toml, line 5, leav: there is no key leav; did you mean leave?",
            "my.toml, line 9, job_plans.weekdy: there is no key job_plans.weekdy; did you mean weekday?",
            "my.toml, line 10, job_plans.start.colum",
            "my.toml, line 10, job_plans.start: job_plans.start comes from nowhere",
            "my.toml, line 8, job_plans: job_plans must have the column weekday",
            "my.toml, line 8, job_plans: job_plans must have the column consultant; add [person]",
            "my.toml, line 13, grid.cells: \"hours\" is no kind of grid; write dates or weekdays",
        ] {
            assert!(told.contains(words), "no {words:?} in\n{told}");
        }
        assert!(faults("[job_plans\n").contains("my.toml, line 1: it is not valid TOML"));
        assert!(faults("").contains("it makes no file of the dataset"));
    }
}
