//! The sheet `network`: `network.toml` as rows of a key and its value.

use std::collections::BTreeMap;

use rotashare_core::draft::{NetworkToml, Setting};
use rotashare_core::fault::{Fault, Table, did_you_mean};
use rotashare_core::time::parse_date;

use super::sheet_name;
use crate::cell::shorten;
use crate::file::MAX_TOML;
use crate::findings::Findings;
use crate::grid::{Grid, GridRow};
use crate::network_toml;

/// The header of the sheet; what stands to the right of these is not read.
pub(super) const COLUMNS: [&str; 2] = ["key", "value"];
/// Where the values stand, from 0.
pub(super) const VALUE_COLUMN: usize = 1;
/// The key of the sheets that count as files though they have no rows.
pub(super) const COUNTING: &str = "counts_though_empty";

/// Reads the sheet. Faults have the row, and the key for their column.
pub(crate) fn read(grid: &Grid, findings: &mut Findings) -> NetworkToml {
    let mut toml = String::new();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut at = 1;
    for row in settings(grid) {
        let (key, value) = (row.cell(0), row.cell(VALUE_COLUMN));
        let mut fault = |problem: String, remedy: String| {
            let column = if key.is_empty() { COLUMNS[0].to_owned() } else { shorten(key) };
            findings.fault(Fault::of_cell(
                Table::Network,
                row.number(),
                column,
                shorten(value),
                problem,
                remedy,
            ));
        };
        if key.is_empty() {
            if !value.is_empty() {
                let problem = format!("{:?} has no key before it", shorten(value));
                fault(problem, "write its key".to_owned());
            }
            continue;
        }
        if let Some(first) = seen.get(key) {
            let problem = format!("{} is on line {first} already", shorten(key));
            fault(problem, "keep one of the two".to_owned());
            continue;
        }
        seen.insert(key, row.number());
        if key == COUNTING {
            for name in unknown_sheets(value) {
                let known = Table::ALL.into_iter().map(sheet_name);
                let problem = format!("there is no sheet {:?}", shorten(name));
                fault(problem, did_you_mean(name, known, ""));
            }
            continue;
        }
        if value.is_empty() {
            continue;
        }
        // One line a row, so that a place in the text is a place in the sheet.
        while at < row.number() {
            toml.push('\n');
            at += 1;
        }
        toml.push_str(&format!("{} = {}", toml_key(key), toml_value(key, value)));
        if toml.len() as u64 > MAX_TOML {
            let problem = format!("the file has over {} MiB up to here", MAX_TOML >> 20);
            findings.of_line(row.number(), problem, "check that this is the right sheet");
            return network_toml::empty();
        }
    }
    network_toml::read(&toml, findings)
}

/// The files that count though their sheets have no rows.
pub(super) fn counting(grid: &Grid) -> Vec<Table> {
    let row = settings(grid).find(|row| row.cell(0) == COUNTING);
    let names = row.map_or("", |row| row.cell(VALUE_COLUMN));
    names.split(';').filter_map(table).collect()
}

fn table(name: &str) -> Option<Table> {
    Table::ALL.into_iter().find(|table| super::is_name_of(name, *table))
}

fn unknown_sheets(names: &str) -> impl Iterator<Item = &str> {
    names.split(';').map(str::trim).filter(|name| !name.is_empty() && table(name).is_none())
}

/// The rows under the header.
fn settings(grid: &Grid) -> impl Iterator<Item = &GridRow> {
    let is_header = |row: &&GridRow| row.cell(0).eq_ignore_ascii_case(COLUMNS[0]);
    grid.rows().iter().filter(move |row| !is_header(row))
}

/// A text as TOML on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A key as TOML. What comes after `weights.` is one name, though it may have dots.
fn toml_key(key: &str) -> String {
    let parts: Vec<&str> = match key.split_once('.') {
        Some(("rules", rest)) => match rest.split_once('.') {
            Some((rule, key)) => vec!["rules", rule, key],
            None => vec!["rules", rest],
        },
        Some((table, rest)) => vec![table, rest],
        None => vec![key],
    };
    parts.into_iter().map(quoted).collect::<Vec<_>>().join(".")
}

/// A cell as TOML: a number, a day or a truth bare, everything else as text.
fn toml_value(key: &str, value: &str) -> String {
    if matches!(key, "name" | "timezone") {
        return quoted(value);
    }
    let lower = value.to_ascii_lowercase();
    if matches!(lower.as_str(), "true" | "false") {
        return lower;
    }
    if let Ok(number) = value.parse::<i64>() {
        return number.to_string();
    }
    let is_decimal = value.bytes().all(|byte| byte.is_ascii_digit() || b".-+e".contains(&byte));
    if let (true, Ok(number)) = (is_decimal, value.parse::<f64>()) {
        return toml::Value::Float(number).to_string();
    }
    parse_date(value).map_or_else(|_| quoted(value), |date| date.to_string())
}

/// The keys of a network with their values, as they stand in the sheet.
pub(super) fn written(network: &NetworkToml) -> Vec<(String, Setting)> {
    let text = |text: &str| Setting::Text(text.to_owned());
    let mut rows = vec![
        ("name".to_owned(), text(&network.name)),
        ("timezone".to_owned(), text(&network.timezone)),
    ];
    if let Some((from, to)) = network.horizon {
        rows.push(("horizon.from".to_owned(), Setting::Date(from)));
        rows.push(("horizon.to".to_owned(), Setting::Date(to)));
    }
    if let Some((_, anchor)) = network.cycle_anchor {
        rows.push(("cycle_anchor".to_owned(), Setting::Date(anchor)));
    }
    let weights = network.weights.iter();
    rows.extend(weights.map(|(_, term, value)| (format!("weights.{term}"), value.clone())));
    let rules = network.rules.iter();
    rows.extend(rules.map(|(_, rule, key, value)| (format!("rules.{rule}.{key}"), value.clone())));
    rows
}
