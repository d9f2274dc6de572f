//! A text of an export as a cell of the dataset.

use rotashare_core::time::{FormError, weekday_name};
use rotashare_core::values::parse_decimal;

use super::kind::Kind;
use super::mapping::{ColumnSpec, Meaning, Take, is_like};
use super::places::Places;
use super::words::names::Name;
use super::words::{dates, times, weekdays, weeks};
use crate::cell::Cell;

/// What a text comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Cell(String),
    /// The row is left out, for this value.
    LeftOut,
}

/// What a formula that failed leaves in a cell.
const ERRORS: [&str; 8] =
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"];

/// Reads a text as the mapping says. A start or an end is taken of a range of times; where the column is
/// not known to be one (`is_range`), a single time will do as well.
pub(super) fn cell(
    spec: &ColumnSpec,
    text: &str,
    is_range: bool,
    cycle: Option<u32>,
    places: &mut Places,
) -> Result<Read, FormError> {
    let text = match theirs(spec, text)? {
        Some(text) => text,
        None => return Ok(Read::LeftOut),
    };
    if text.is_empty() {
        return Ok(Read::Cell(String::new()));
    }
    let text = match spec.take {
        Some(_) if !is_range && times::clock(&text).is_ok() => text,
        Some(Take::Start) => times::range(&text)?.0.to_string(),
        Some(Take::End) => times::range(&text)?.1.to_string(),
        None => text,
    };
    of_kind(spec.kind, &padded(text, spec.pad), cycle, places).map(Read::Cell)
}

/// A text after the value map; `None` where the map leaves it out.
fn theirs(spec: &ColumnSpec, text: &str) -> Result<Option<String>, FormError> {
    let known = spec.values.iter().find(|(value, _)| is_like(text, value));
    Ok(match (known, &spec.otherwise) {
        (Some((_, Meaning::Text(text))), _) => Some(text.clone()),
        (Some((_, Meaning::LeftOut)), _) => None,
        (None, _) if ERRORS.contains(&text) => {
            let problem = format!("{text} is a formula that failed");
            return Err(FormError::new(problem, "correct the formula, or give it under values"));
        }
        (None, _) if spec.only_values && !text.is_empty() => {
            let problem = format!("{text:?} is not among the values of the mapping");
            let remedy = format!("add it there: {text:?} = \"…\", or = false to leave it out");
            return Err(FormError::new(problem, remedy));
        }
        (None, Some(otherwise)) if !text.is_empty() => Some(otherwise.clone()),
        (None, _) if text.is_empty() => Some(spec.default.clone().unwrap_or_default()),
        (None, _) => Some(text.to_owned()),
    })
}

/// A number with the zeros that a spreadsheet took from it.
pub(super) fn padded(text: String, pad: Option<usize>) -> String {
    match pad {
        Some(width) if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("{text:0>width$}"),
        _ => text,
    }
}

fn of_kind(
    kind: Kind,
    text: &str,
    cycle: Option<u32>,
    places: &mut Places,
) -> Result<String, FormError> {
    match kind {
        Kind::Weekday => weekdays::weekday(text).map(|day| weekday_name(day).to_owned()),
        Kind::Weeks => weeks::weeks(text, cycle).map(|pattern| pattern.show()),
        Kind::Clock => times::clock(text).map(|clock| clock.to_string()),
        Kind::Date => dates::date(text).map(|day| match day {
            dates::Day::On(date) => date.to_string(),
            dates::Day::Open => String::new(),
        }),
        Kind::Part => weekdays::part(text).map(|part| part.show()),
        Kind::Number => number(text),
        Kind::Site | Kind::Trust | Kind::Specialty => places.code(kind, text),
        Kind::PersonName => Ok(Name::read(text).show()),
        Kind::Word => Ok(text.to_lowercase().replace([' ', '_'], "-")),
        Kind::Text | Kind::Person | Kind::People => Ok(text.to_owned()),
    }
}

/// A number without a currency sign, with thousands told from decimals.
fn number(text: &str) -> Result<String, FormError> {
    let plain = text.replace(['£', ' '], "");
    let plain = match plain.split_once(',') {
        None => plain,
        Some((whole, rest)) => {
            let groups: Vec<&str> = rest.split('.').next().unwrap_or("").split(',').collect();
            let is_thousands = groups.iter().all(|group| group.len() == 3) && whole.len() <= 3;
            if is_thousands {
                plain.replace(',', "")
            } else if groups.len() == 1 && !rest.contains('.') {
                format!("{whole}.{rest}")
            } else {
                plain
            }
        }
    };
    parse_decimal(&plain, 6).map(|_| plain).map_err(|_| {
        FormError::new(format!("{text:?} is not a number"), "write a plain number, such as 3.5")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, plain) in
            [("£1,203.50", "1203.50"), ("1,5", "1.5"), ("0.8", "0.8"), ("12,345", "12345")]
        {
            assert_eq!(number(text), Ok(plain.into()), "{text}");
        }
        for text in ["1.203,5", "about 3", "1,2,3"] {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn zeros_come_back() {
        assert_eq!(padded("42".into(), Some(7)), "0000042");
        assert_eq!(padded("A42".into(), Some(7)), "A42");
    }
}
