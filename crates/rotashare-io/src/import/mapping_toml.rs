//! A mapping from its TOML, every fault with its line.

use std::collections::BTreeMap;

use rotashare_core::fault::{Table, did_you_mean};
use toml::de::DeValue;

use super::fault::{Findings, ImportFault};
use super::header::every;
use super::kind::Kind;
use super::mapping::{ColumnSpec, Mapping, Meaning, Names, TableSpec, Take};
use super::ready::{READY, Ready};
use super::toml_values::Reader;
use crate::column::columns;
use crate::network_toml::entries;

const KEYS: [&str; 13] = [
    "like",
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

impl Reader<'_> {
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
            if key == "like"
                && let Some(ready) = self.like(at, value)
            {
                mapping = Mapping { name: mapping.name, ..ready };
            }
        }
        for (at, key, value) in entries(&document) {
            match key.as_str() {
                "like" => {}
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
                "leave_out" => mapping.leave_out.extend(self.leave_out(at, value)),
                "person" => mapping.person = self.person(at, value),
                "people" => mapping.people.extend(self.people(at, value)),
                "grid" => mapping.grid = self.grid(at, value),
                _ => match table_of(&key) {
                    Some(table) => {
                        let before = mapping.tables.iter().position(|one| one.table == table);
                        let before = before.map(|index| mapping.tables.remove(index));
                        mapping.tables.extend(self.table_spec(at, table, before, value));
                    }
                    None => self.unknown(at, &key, KEYS.into_iter().chain(stems())),
                },
            }
        }
        self.look_over(&mapping);
        mapping
    }

    /// The ready mapping that this one is like but for what it says itself.
    fn like(&mut self, at: usize, value: &DeValue<'_>) -> Option<Mapping> {
        let name = self.string(at, "like", value)?;
        if let Some(ready) = Ready::named(&name) {
            return ready.mapping();
        }
        let names = READY.iter().map(|ready| ready.name);
        let remedy = did_you_mean(&name, names, "see rotashare import --list");
        self.fault(at, "like", &name, format!("there is no ready mapping {name:?}"), remedy);
        None
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

    /// A table, after what the mapping that it is like says of it.
    fn table_spec(
        &mut self,
        at: usize,
        table: Table,
        before: Option<TableSpec>,
        value: &DeValue<'_>,
    ) -> Option<TableSpec> {
        let stem = stem(table);
        let line = self.line(at);
        let new = TableSpec { table, line, when: None, columns: Vec::new() };
        let mut spec = TableSpec { line, ..before.unwrap_or(new) };
        for (at, key, value) in self.table(at, stem, value)? {
            if key == "when" {
                spec.when = self.condition(at, &format!("{stem}.when"), value, &[]);
                continue;
            }
            let described = columns(table);
            match described.iter().find(|column| column.name() == key) {
                Some(target) => {
                    let before = spec.columns.iter().position(|one| one.target == target);
                    let before = before.map(|index| spec.columns.remove(index));
                    if !matches!(value, DeValue::Boolean(false)) {
                        spec.columns.extend(self.column(at, table, target, before, value));
                    }
                }
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
        before: Option<ColumnSpec>,
        value: &DeValue<'_>,
    ) -> Option<ColumnSpec> {
        let key = format!("{}.{}", stem(table), target.name());
        let new = ColumnSpec {
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
        // What does not say where it comes from adds to what stood before.
        let says_whence = match value {
            DeValue::Table(table) => table
                .iter()
                .any(|(key, _)| matches!(&**key.get_ref(), "column" | "join" | "constant")),
            _ => true,
        };
        let mut spec = before.filter(|_| !says_whence).unwrap_or(new);
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
                "values" => {
                    let after = std::mem::take(&mut spec.values);
                    spec.values = [self.values(at, &path, value), after].concat();
                }
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
