//! `network.toml`: read with the line of every key, and written.

use std::fmt::Write as _;
use std::ops::Range;

use rotashare_core::draft::{NetworkToml, Setting};
use rotashare_core::fault::{Fault, Table, did_you_mean};
use rotashare_core::time::{Date, FormError, parse_date};
use toml::de::{DeTable, DeValue};

use crate::cell::{shorten, trim};
use crate::file::lines_in;
use crate::findings::Findings;

const KEYS: [&str; 6] = ["name", "timezone", "cycle_anchor", "horizon", "weights", "rules"];
const HORIZON_KEYS: [&str; 2] = ["from", "to"];
const DATE_FORM: &str = "write it as 2027-03-02 or 02/03/2027 (day first)";

/// The keys of `network.toml` with what they say, for the documentation of the format.
pub const NETWORK_KEYS: &[(&str, &str)] = &[
    ("name", "the network's name"),
    ("timezone", "IANA name of the time zone of all times; Europe/London if not given"),
    ("cycle_anchor", "the Monday on which week 1 of cycle:… begins"),
    ("horizon.from", "the first date that is planned; must be given"),
    ("horizon.to", "the last date that is planned; must be given"),
    ("weights.<term>", "points of one unit of a term"),
    ("rules.<id>.<key>", "a parameter of a rule; enabled = false switches it off"),
];

/// A value with the byte at which its key starts.
pub(crate) type Entry<'a> = (usize, String, &'a DeValue<'a>);

/// One that says nothing.
pub(crate) fn empty() -> NetworkToml {
    NetworkToml { timezone: "Europe/London".into(), ..NetworkToml::default() }
}

/// Reads the text of `network.toml`. What is missing or wrong is left at its default.
pub(crate) fn read(text: &str, findings: &mut Findings) -> NetworkToml {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { starts: starts_of_lines(text), broken: Vec::new() };
    let start = |span: Option<Range<usize>>| span.map_or(0, |span| span.start);
    reader.broken = errors.iter().map(|error| reader.line(start(error.span()))).collect();
    for (error, line) in errors.iter().zip(&reader.broken) {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let remedy = "correct it; text goes in quotes: name = \"North West\"";
        findings.of_line(*line, format!("it is not valid TOML: {}", shorten(&message)), remedy);
    }
    let mut toml = empty();
    let mut has_horizon = false;
    for (at, key, value) in entries(document.get_ref()) {
        let line = reader.line(at);
        match key.as_str() {
            "name" => toml.name = reader.string(line, &key, value, findings).unwrap_or_default(),
            "timezone" => {
                if let Some(zone) = reader.string(line, &key, value, findings) {
                    toml.timezone = zone;
                }
            }
            "cycle_anchor" => {
                let date = reader.date(line, &key, value, findings);
                toml.cycle_anchor = date.map(|date| (line, date));
            }
            "horizon" => {
                has_horizon = true;
                toml.horizon_line = line;
                toml.horizon = reader.horizon(line, value, findings);
            }
            "weights" => {
                for (at, name, value) in reader.table(line, &key, value, findings) {
                    for (at, name, value) in flat(at, name, value) {
                        let line = reader.line(at);
                        if !is_endless(line, &name, findings) {
                            toml.weights.push((line, name, setting(value)));
                        }
                    }
                }
            }
            "rules" => {
                for (at, rule, value) in reader.table(line, &key, value, findings) {
                    if is_endless(reader.line(at), &rule, findings) {
                        continue;
                    }
                    let column = format!("rules.{rule}");
                    let is_empty = value.as_table().is_some_and(|keys| keys.is_empty());
                    if is_empty {
                        // A section without a key still names a rule, which must be one.
                        let on = Setting::Bool(true);
                        toml.rules.push((reader.line(at), rule.clone(), "enabled".into(), on));
                    }
                    let keys = reader.table(reader.line(at), &column, value, findings);
                    let keys = keys.into_iter().flat_map(|(at, key, value)| flat(at, key, value));
                    for (at, key, value) in keys {
                        let line = reader.line(at);
                        if !is_endless(line, &key, findings) {
                            toml.rules.push((line, rule.clone(), key, setting(value)));
                        }
                    }
                }
            }
            _ => reader.unknown(line, "", &key, &KEYS, findings),
        }
    }
    twice(&toml, findings);
    if !has_horizon && errors.is_empty() {
        findings.fault(Fault {
            column: Some("horizon".into()),
            ..Fault::of_file(
                Table::Network,
                "the horizon is missing",
                "add [horizon] with from = 2027-03-01 and to = 2027-03-28",
            )
        });
    }
    toml
}

/// Says of names that stand there in two ways, `unfilled.must` and `"unfilled.must"`, which TOML lets pass.
fn twice(toml: &NetworkToml, findings: &mut Findings) {
    let weights =
        toml.weights.iter().map(|(line, name, value)| (*line, format!("weights.{name}"), value));
    let rules = toml.rules.iter();
    let rules = rules.map(|(line, rule, key, value)| (*line, format!("rules.{rule}.{key}"), value));
    let mut all: Vec<_> = weights.chain(rules).collect();
    all.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    for pair in all.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
        let (line, name, value) = &pair[1];
        let problem = format!("{name} is on line {} already", pair[0].0);
        let value = shorten(&shown(value));
        findings.fault(Fault::of_cell(
            Table::Network,
            *line,
            name,
            value,
            problem,
            "keep one of the two",
        ));
    }
}

/// The line of a byte.
pub(crate) fn line(text: &str, byte: usize) -> u32 {
    lines_in(&text.as_bytes()[..byte.min(text.len())]).saturating_add(1)
}

/// The bytes at which the lines of a text start, the first one left out.
fn starts_of_lines(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    ends.map(|(at, _)| at + 1).collect()
}

struct Reader {
    /// Where lines start, but for the first.
    starts: Vec<usize>,
    /// Lines that are not TOML; what is made of them is not to be trusted.
    broken: Vec<u32>,
}

impl Reader {
    /// The line of a byte.
    fn line(&self, byte: usize) -> u32 {
        let before = self.starts.partition_point(|start| *start <= byte);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn horizon(
        &self,
        line: u32,
        value: &DeValue<'_>,
        findings: &mut Findings,
    ) -> Option<(Date, Date)> {
        let DeValue::Table(_) = value else {
            self.table(line, "horizon", value, findings);
            return None;
        };
        let mut found: [Option<Option<Date>>; 2] = [None, None];
        for (at, key, value) in self.table(line, "horizon", value, findings) {
            let line = self.line(at);
            match HORIZON_KEYS.iter().position(|one| *one == key) {
                Some(index) => {
                    let column = format!("horizon.{key}");
                    found[index] = Some(self.date(line, &column, value, findings));
                }
                None => self.unknown(line, "horizon.", &key, &HORIZON_KEYS, findings),
            }
        }
        for (key, date) in HORIZON_KEYS.iter().zip(found) {
            if date.is_none() && self.broken.is_empty() {
                let problem = format!("{key} is missing from [horizon]");
                let remedy = format!("add {key} = 2027-03-01, with the date that you plan {key}");
                let column = format!("horizon.{key}");
                findings.fault(Fault::of_cell(Table::Network, line, column, "", problem, remedy));
            }
        }
        found[0].flatten().zip(found[1].flatten())
    }

    /// The entries of a table; a fault where it is none.
    fn table<'v>(
        &self,
        line: u32,
        key: &str,
        value: &'v DeValue<'v>,
        findings: &mut Findings,
    ) -> Vec<Entry<'v>> {
        if let DeValue::Table(table) = value {
            return entries(table);
        }
        let problem = format!("{key} must be a table, not {}", kind(value));
        self.wrong(line, key, value, FormError::new(problem, format!("write [{key}]")), findings);
        Vec::new()
    }

    fn string(
        &self,
        line: u32,
        key: &str,
        value: &DeValue<'_>,
        findings: &mut Findings,
    ) -> Option<String> {
        if let DeValue::String(text) = value {
            return Some(trim(text).to_owned());
        }
        let problem = format!("{key} must be text, not {}", kind(value));
        let remedy = format!("put it in quotes: {key} = \"…\"");
        self.wrong(line, key, value, FormError::new(problem, remedy), findings);
        None
    }

    fn date(
        &self,
        line: u32,
        key: &str,
        value: &DeValue<'_>,
        findings: &mut Findings,
    ) -> Option<Date> {
        let parsed = match value {
            DeValue::String(text) => parse_date(trim(text)),
            _ => plain_date(value).ok_or_else(|| {
                FormError::new(format!("{key} must be a date, not {}", kind(value)), DATE_FORM)
            }),
        };
        parsed.map_err(|error| self.wrong(line, key, value, error, findings)).ok()
    }

    fn wrong(
        &self,
        line: u32,
        key: &str,
        value: &DeValue<'_>,
        error: FormError,
        findings: &mut Findings,
    ) {
        if self.broken.contains(&line) {
            return;
        }
        let value = shorten(&as_text(value));
        findings.fault(Fault::of_cell(
            Table::Network,
            line,
            key,
            value,
            error.problem,
            error.remedy,
        ));
    }

    fn unknown(&self, line: u32, inside: &str, key: &str, known: &[&str], findings: &mut Findings) {
        let remedy = if !inside.is_empty() && KEYS.contains(&key) {
            "put it above the first [table]: it belongs to the whole file".to_owned()
        } else {
            did_you_mean(key, known.iter().copied(), "")
        };
        let key = shorten(key);
        let problem = format!("there is no key {inside}{key}; it is not read");
        let column = format!("{inside}{key}");
        findings.warn(Fault::of_cell(Table::Network, line, column, key, problem, remedy));
    }
}

/// The entries of a table in the order in which they are written.
pub(crate) fn entries<'v>(table: &'v DeTable<'v>) -> Vec<Entry<'v>> {
    let mut entries: Vec<Entry<'v>> = table
        .iter()
        .map(|(key, value)| (key.span().start, key.get_ref().to_string(), value.get_ref()))
        .collect();
    entries.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    entries
}

/// The longest name of a weight, rule or parameter, in bytes: messages repeat it.
const MAX_NAME: usize = 200;

/// Says of a name that it is too long to be one.
fn is_endless(line: u32, name: &str, findings: &mut Findings) -> bool {
    if name.len() > MAX_NAME {
        let name = shorten(name);
        let problem = format!("there is no name as long as {name:?}");
        let fault = Fault::of_cell(Table::Network, line, "name", name, problem, "shorten it");
        findings.fault(fault);
        return true;
    }
    false
}

/// An entry with the entries of tables inside it under dotted names: `unfilled.must = 9` is one weight.
fn flat<'v>(at: usize, name: String, value: &'v DeValue<'v>) -> Vec<Entry<'v>> {
    match value {
        DeValue::Table(table) => entries(table)
            .into_iter()
            .flat_map(|(at, inner, value)| flat(at, format!("{name}.{inner}"), value))
            .collect(),
        _ => vec![(at, name, value)],
    }
}

fn plain_date(value: &DeValue<'_>) -> Option<Date> {
    let DeValue::Datetime(moment) = value else { return None };
    let date = moment.date.filter(|_| moment.time.is_none() && moment.offset.is_none())?;
    // Through the one reader of dates, so that the same years are allowed.
    parse_date(&format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)).ok()
}

fn setting(value: &DeValue<'_>) -> Setting {
    match value {
        DeValue::Boolean(value) => Setting::Bool(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Setting::Text(number.to_string()), Setting::Whole),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map_or_else(|_| Setting::Text(number.as_str().to_owned()), Setting::Fraction),
        DeValue::String(text) => {
            // What no setting takes is only told.
            let as_text = |_| {
                Setting::Text(if text.len() > MAX_NAME { shorten(text) } else { text.to_string() })
            };
            parse_date(trim(text)).map_or_else(as_text, Setting::Date)
        }
        _ => {
            plain_date(value).map_or_else(|| Setting::Text(shorten(&as_text(value))), Setting::Date)
        }
    }
}

pub(crate) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(crate) fn as_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(list) => {
            let items: Vec<String> = list.iter().map(|one| as_text(one.get_ref())).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(table) => {
            let items: Vec<String> = entries(table)
                .into_iter()
                .map(|(_, key, value)| format!("{key} = {}", as_text(value)))
                .collect();
            format!("{{ {} }}", items.join(", "))
        }
    }
}

/// Writes `network.toml`.
pub(crate) fn write(network: &NetworkToml) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(out, "name = {}", quoted(&network.name));
    let _ = writeln!(out, "timezone = {}", quoted(&network.timezone));
    if let Some((_, anchor)) = network.cycle_anchor {
        let _ = writeln!(out, "cycle_anchor = {anchor}");
    }
    if let Some((from, to)) = network.horizon {
        let _ = write!(out, "\n[horizon]\nfrom = {from}\nto = {to}\n");
    }
    if !network.weights.is_empty() {
        out.push_str("\n[weights]\n");
        for (_, name, value) in &network.weights {
            let _ = writeln!(out, "{} = {}", key(name), shown(value));
        }
    }
    let mut rules: Vec<&str> = Vec::new();
    for (_, rule, _, _) in &network.rules {
        if !rules.contains(&rule.as_str()) {
            rules.push(rule);
        }
    }
    for rule in rules {
        let _ = write!(out, "\n[rules.{}]\n", key(rule));
        for (_, _, name, value) in network.rules.iter().filter(|(_, one, _, _)| one == rule) {
            let _ = writeln!(out, "{} = {}", key(name), shown(value));
        }
    }
    out
}

/// A key bare where it can be, else quoted.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) { name.into() } else { quoted(name) }
}

/// A text in quotes, on one line: a key can't have more.
pub(crate) fn quoted(text: &str) -> String {
    let usual = toml::Value::String(text.to_owned()).to_string();
    if usual.starts_with("\"\"\"") || usual.starts_with("'''") {
        // JSON escapes what TOML wants escaped, but for one.
        return serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    }
    usual
}

/// A text as it may stand in a comment.
pub(crate) fn in_comment(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn shown(value: &Setting) -> String {
    match value {
        Setting::Bool(value) => value.to_string(),
        Setting::Whole(value) => value.to_string(),
        Setting::Fraction(value) => toml::Value::Float(*value).to_string(),
        Setting::Text(text) => quoted(text),
        Setting::Date(date) => date.to_string(),
    }
}
