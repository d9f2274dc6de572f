//! A grid of days unfolded: each filled cell becomes a line of its own.

use rotashare_core::time::{Date, Part, Weekday, parse_weekday, weekday_name};

use super::header::Headed;
use super::mapping::{GridCells, GridSpec, Made, Mapping};
use super::words::{dates, tidy, times, tokens, weekdays};

/// What a cell of a grid has beside its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MadeCells {
    pub(super) cell: String,
    pub(super) heading: String,
    pub(super) date: String,
    pub(super) part: String,
    pub(super) weekday: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) week: String,
}

impl MadeCells {
    pub(super) fn get(&self, made: Made) -> &str {
        match made {
            Made::Cell => &self.cell,
            Made::Heading => &self.heading,
            Made::Date => &self.date,
            Made::Part => &self.part,
            Made::Weekday => &self.weekday,
            Made::Start => &self.start,
            Made::End => &self.end,
            Made::Week => &self.week,
        }
    }
}

/// The columns of a grid that are cells, with what their headings say; a reason where a heading begins
/// like a day and can't be read.
pub(super) fn cell_columns(
    headed: &Headed<'_>,
    spec: &GridSpec,
    mapping: &Mapping,
    near: Option<Date>,
) -> Result<Vec<(usize, MadeCells)>, (String, String)> {
    let month = mapping.month.or_else(|| month_around(headed));
    let mut columns = Vec::new();
    for (index, label) in headed.labels.iter().enumerate() {
        let mut made = MadeCells { heading: label.clone(), ..MadeCells::default() };
        match spec.cells {
            GridCells::Dates => {
                if !is_date(label) {
                    continue;
                }
                let (date, part) =
                    date_heading(label, month, near).map_err(|problem| (label.clone(), problem))?;
                made.date = date.to_string();
                made.weekday = weekday_name(date.weekday()).to_owned();
                made.part = part_word(part);
                (made.start, made.end) = hours(spec, part);
            }
            GridCells::Weekdays => {
                let Some(heading) = weekday_heading(label) else { continue };
                made.weekday = weekday_name(heading.weekday).to_owned();
                made.part = part_word(heading.part);
                made.week = heading.week.map(|week| week.to_string()).unwrap_or_default();
                (made.start, made.end) = heading.times.unwrap_or_else(|| hours(spec, heading.part));
            }
        }
        let is_again = |(_, other): &(usize, MadeCells)| {
            (&other.date, &other.part, &other.weekday, &other.start, &other.end, &other.week)
                == (&made.date, &made.part, &made.weekday, &made.start, &made.end, &made.week)
        };
        if columns.iter().any(is_again) {
            let problem = format!("there are two columns for {label:?}");
            return Err((label.clone(), problem));
        }
        columns.push((index, made));
    }
    Ok(columns)
}

fn part_word(part: Part) -> String {
    match part {
        Part::All => "all",
        Part::Am => "am",
        Part::Pm => "pm",
    }
    .to_owned()
}

fn hours(spec: &GridSpec, part: Part) -> (String, String) {
    let both = match part {
        Part::Am => &spec.am,
        Part::Pm => &spec.pm,
        Part::All => &spec.day,
    };
    both.clone().unwrap_or_default()
}

/// Whether a heading is a date, a day and month, or the number of a day.
pub(super) fn is_date(label: &str) -> bool {
    let (day, _) = without_part(label);
    matches!(dates::date(&day), Ok(dates::Day::On(_)))
        || dates::parts(&day).is_some()
        || day_number(&day).is_some()
}

/// A heading such as `Mon 1` or `17`.
fn day_number(text: &str) -> Option<u8> {
    let mut tokens = tokens(text);
    tokens.retain(|token| {
        parse_weekday(token).is_err() && !matches!(token.as_str(), "st" | "nd" | "rd" | "th")
    });
    match tokens.as_slice() {
        [number] => number.parse().ok().filter(|day| (1..=31).contains(day)),
        _ => None,
    }
}

/// A heading without the half of the day at its end or start.
fn without_part(label: &str) -> (String, Part) {
    let words: Vec<&str> = label.split_whitespace().collect();
    let half = |word: &str| weekdays::part(word).ok().filter(|part| *part != Part::All);
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() && half(last).is_some() => {
            (rest.join(" "), half(last).unwrap_or(Part::All))
        }
        _ => (tidy(label), Part::All),
    }
}

fn date_heading(
    label: &str,
    month: Option<(u16, u8)>,
    near: Option<Date>,
) -> Result<(Date, Part), String> {
    let (text, part) = without_part(label);
    if let Ok(dates::Day::On(date)) = dates::date(&text) {
        return Ok((date, part));
    }
    if let Some((day, number, None)) = dates::parts(&text) {
        let around = near.or_else(|| month.and_then(|(year, month)| day_of(year, month, 1)));
        let Some(around) = around else {
            return Err("the heading has no year, nor has anything around it".into());
        };
        let date = dates::nearest_year(day, number, around);
        return date.map(|date| (date, part)).ok_or_else(|| "there is no such day".into());
    }
    let (Some(day), Some((year, number))) = (day_number(&text), month) else {
        return Err("the heading is a day of a month that is not said".into());
    };
    let date = day_of(year, number, day);
    date.map(|date| (date, part)).ok_or_else(|| format!("{year}-{number:02} has no day {day}"))
}

fn day_of(year: u16, month: u8, day: u8) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The month that the sheet's name or a title says.
fn month_around(headed: &Headed<'_>) -> Option<(u16, u8)> {
    let sheet = headed.grid.sheet().and_then(dates::month_in);
    sheet.or_else(|| {
        let titles = headed.above.iter().rev().flat_map(|row| row.cells());
        titles.filter_map(|title| dates::month_in(title)).next()
    })
}

/// What a heading such as `Week 2 Tue PM` or `Mon 09:00-12:30` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WeekdayHeading {
    weekday: Weekday,
    part: Part,
    week: Option<u32>,
    times: Option<(String, String)>,
}

/// Reads a heading of a day of the week; `None` where it is none.
pub(super) fn weekday_heading(label: &str) -> Option<WeekdayHeading> {
    let mut heading =
        WeekdayHeading { weekday: Weekday::Monday, part: Part::All, week: None, times: None };
    let words: Vec<&str> = label.split_whitespace().collect();
    let at = words.iter().position(|word| is_weekday(word))?;
    heading.weekday = weekdays::weekday(words[at]).ok()?;
    let before = tokens(&words[..at].join(" "));
    match before.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {}
        ["week" | "wk" | "w", number] => heading.week = Some(number.parse().ok()?),
        _ => return None,
    }
    let after = words[at + 1..].join(" ");
    if after.is_empty() {
        return Some(heading);
    }
    if let Ok(part) = weekdays::part(&after) {
        heading.part = part;
        return Some(heading);
    }
    let (start, end) = times::range(&after).ok()?;
    heading.part = if start < rotashare_core::time::Clock::AFTERNOON { Part::Am } else { Part::Pm };
    heading.times = Some((start.to_string(), end.to_string()));
    Some(heading)
}

fn is_weekday(word: &str) -> bool {
    word.len() >= 3 && weekdays::weekday(word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_are_dates() {
        let march = Some((2027, 3));
        let near = Some(jiff::civil::date(2027, 1, 1));
        for (label, date, part) in [
            ("2027-03-02", "2027-03-02", Part::All),
            ("Tue 02/03/2027 PM", "2027-03-02", Part::Pm),
            ("2 Mar am", "2027-03-02", Part::Am),
            ("02", "2027-03-02", Part::All),
            ("Tue 2", "2027-03-02", Part::All),
        ] {
            assert!(is_date(label), "{label}");
            let read =
                date_heading(label, march, near).map(|(date, part)| (date.to_string(), part));
            assert_eq!(read, Ok((date.to_owned(), part)), "{label}");
        }
        assert!(date_heading("31", Some((2027, 2)), near).is_err());
        assert!(date_heading("31", None, near).is_err());
        for label in ["Name", "Grade", "AM", "Employee 12 no", "32", ""] {
            assert!(!is_date(label), "{label}");
        }
    }

    #[test]
    fn headings_that_are_weekdays() {
        let heading = weekday_heading("Week 2 Tuesday PM").expect("a heading");
        assert_eq!(
            (heading.weekday, heading.part, heading.week),
            (Weekday::Tuesday, Part::Pm, Some(2))
        );
        let heading = weekday_heading("Mon 13:30-17:00").expect("a heading");
        assert_eq!(heading.times, Some(("13:30".into(), "17:00".into())));
        assert_eq!(heading.part, Part::Pm);
        for label in ["Name", "Monthly", "Month", "Base Mon", "Mon something", "Day"] {
            assert_eq!(weekday_heading(label), None, "{label}");
        }
    }
}
