//! Dates as exports write them.

use rotashare_core::time::{Date, FormError, days_between, parse_date};

use crate::grid::serial_date;

const REMEDY: &str = "write it as 2027-03-02 or 02/03/2027 (day first)";
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// What stands for no end.
const OPEN: [&str; 9] =
    ["ongoing", "present", "current", "open", "openended", "noenddate", "none", "na", "permanent"];
/// Serial numbers that a date cell can mean: 1 January 1990 to 31 December 2099.
const SERIALS: std::ops::RangeInclusive<i64> = 32_874..=73_050;

/// What a date cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Day {
    /// A day.
    On(Date),
    /// No end, as `ongoing` says.
    Open,
}

/// Reads a date: as the dataset has it, or with two digits for the year, dots or dashes, a month's name,
/// a weekday before it, a time after it, or the serial number of a spreadsheet. Day first, always.
pub(in crate::import) fn date(text: &str) -> Result<Day, FormError> {
    if OPEN.contains(&super::bare(text).as_str()) || matches!(text, "-" | "–" | "—") {
        return Ok(Day::Open);
    }
    if let Ok(serial) = text.parse::<i64>()
        && SERIALS.contains(&serial)
    {
        return Ok(Day::On(serial_date(serial, false)));
    }
    // A time that goes with it says nothing more.
    let day = match text.split_once([' ', 'T']) {
        Some((day, time)) if time.contains(':') && day.contains(['-', '/', '.']) => day,
        _ => text,
    };
    if let Ok(date) = parse_date(day) {
        return Ok(Day::On(date));
    }
    match parts(day) {
        Some((number, month, Some(year))) => {
            let date = parse_date(&format!("{year:04}-{month:02}-{number:02}"));
            date.map(Day::On).map_err(|_| FormError::new(format!("there is no day {text}"), REMEDY))
        }
        Some((_, _, None)) => {
            Err(FormError::new(format!("{text:?} is a date without a year"), REMEDY))
        }
        None => Err(FormError::new(format!("{text:?} is not a date"), REMEDY)),
    }
}

/// Day, month and perhaps year of a date in words or numbers, such as `Mon 1 March`, `01-Mar-27`.
pub(in crate::import) fn parts(text: &str) -> Option<(u8, u8, Option<u16>)> {
    let mut tokens = super::tokens(text);
    tokens.retain(|token| {
        !matches!(token.as_str(), "st" | "nd" | "rd" | "th" | "of")
            && rotashare_core::time::parse_weekday(token).is_err()
    });
    let (day, month, year) = match tokens.as_slice() {
        [day, month] => (day, month, None),
        [day, month, year] => (day, month, Some(year)),
        _ => return None,
    };
    // A year in front, and the day last.
    let (day, year) = match year {
        Some(last) if day.len() == 4 => (last, Some(day)),
        _ => (day, year),
    };
    let day: u8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = month_number(month).or_else(|| month.parse().ok())?;
    let year = match year {
        None => None,
        Some(year) => match (year.len(), year.parse::<u16>().ok()?) {
            (2, year) => Some(2000 + year),
            (4, year) => Some(year),
            _ => return None,
        },
    };
    (1..=12).contains(&month).then_some((day, month, year))
}

/// The number of a month from its English name, whole or its first three letters.
fn month_number(word: &str) -> Option<u8> {
    if word.len() < 3 {
        return None;
    }
    let word = if word == "sept" { "sep" } else { word };
    let at = MONTHS.iter().position(|name| name.starts_with(word))?;
    u8::try_from(at + 1).ok()
}

/// The one month with its year that a text names, such as `Leave, March 2027` or `2027-03`.
pub(in crate::import) fn month_in(text: &str) -> Option<(u16, u8)> {
    let tokens = super::tokens(text);
    let named = tokens.windows(2).filter_map(|pair| {
        let year: u16 = pair[1].parse().ok().filter(|year| (1990..2100).contains(year))?;
        Some((year, month_number(&pair[0])?))
    });
    let numbered = tokens.windows(2).filter_map(|pair| {
        let year: u16 = pair[0].parse().ok().filter(|year| (1990..2100).contains(year))?;
        let month: u8 = pair[1].parse().ok().filter(|month| (1..=12).contains(month))?;
        Some((year, month))
    });
    let mut found: Vec<(u16, u8)> = named.chain(numbered).collect();
    found.dedup();
    if let [only] = found[..] { Some(only) } else { None }
}

/// The date of a day and month that lies nearest to another.
pub(in crate::import) fn nearest_year(day: u8, month: u8, to: Date) -> Option<Date> {
    let small = |number: u8| i8::try_from(number).ok();
    let years = [to.year() - 1, to.year(), to.year() + 1];
    let dates =
        years.into_iter().filter_map(|year| Date::new(year, small(month)?, small(day)?).ok());
    dates.min_by_key(|date| days_between(*date, to).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_usual_form() {
        for text in [
            "2027-03-02",
            "02/03/2027",
            "2/3/27",
            "02.03.2027",
            "02-03-2027",
            "2 March 2027",
            "02-Mar-27",
            "Tue 2nd Mar 2027",
            "2027/03/02",
            "02/03/2027 00:00:00",
            "2027-03-02T09:00",
            "46448",
        ] {
            assert_eq!(
                date(text).map(|day| format!("{day:?}")),
                Ok("On(2027-03-02)".into()),
                "{text}"
            );
        }
        assert_eq!(date("Ongoing"), Ok(Day::Open));
        for text in ["31/02/2027", "2 Mar", "03/13/2027", "soon", "12", "TBC", "1/2/3/4"] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn months_and_years_around_a_date() {
        assert_eq!(month_in("Annual leave - March 2027"), Some((2027, 3)));
        assert_eq!(month_in("2027-03"), Some((2027, 3)));
        assert_eq!(month_in("March to April 2027"), Some((2027, 4)));
        assert_eq!(month_in("March 2027 to April 2027"), None);
        let start = jiff::civil::date(2027, 1, 4);
        assert_eq!(nearest_year(28, 12, start), Some(jiff::civil::date(2026, 12, 28)));
        assert_eq!(nearest_year(30, 2, start), None);
    }
}
