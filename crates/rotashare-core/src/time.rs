//! Dates, local wall-clock times, half-days, weeks and week patterns.
//!
//! All times are wall-clock times of the network's time zone, counted as if every day had 24 hours.

use std::fmt;
use std::str::FromStr;

use jiff::civil::date;
pub use jiff::civil::{Date, Weekday};

/// Minutes in a day.
pub const DAY_MINUTES: i32 = 24 * 60;

/// A text that is not of the form asked for; says what the form is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct FormError {
    /// What is wrong, in a few words.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

impl FormError {
    /// What is wrong and what to write instead.
    pub fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}

/// The date `days` after (before, if negative) another, held at the ends of the calendar.
#[must_use]
pub fn days_after(start: Date, days: i64) -> Date {
    let number = (day_number(start) + days.clamp(-8_000_000, 8_000_000))
        .clamp(day_number(Date::MIN), day_number(Date::MAX));
    date_of(number)
}

/// Days since 1 March of year 0, as the calendar counts them, in eras of 400 years (H. Hinnant:
/// chrono-compatible low-level date algorithms). Every rule asks for dates, millions of times.
fn day_number(day: Date) -> i64 {
    // A year begins in March, so that the leap day is its last.
    let month = (i64::from(day.month()) + 9) % 12;
    let year = i64::from(day.year()) - i64::from(day.month() <= 2);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + i64::from(day.day()) - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year
}

fn date_of(number: i64) -> Date {
    let (era, day) = (number.div_euclid(146_097), number.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year + i64::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    date(year as i16, month as i8, day as i8)
}

/// The number of days from one date to another.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    day_number(to) - day_number(from)
}

/// The Monday of a date's week.
#[must_use]
pub fn monday_of(day: Date) -> Date {
    days_after(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// Every date from one to another, both included.
pub fn dates(from: Date, to: Date) -> impl Iterator<Item = Date> + Clone {
    (0..=days_between(from, to)).map(move |days| days_after(from, days))
}

/// Parses `2027-03-02` or `02/03/2027` (day first).
///
/// # Errors
/// Where it is neither, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, FormError> {
    let remedy = "write it as 2027-03-02 or 02/03/2027 (day first)";
    let wrong = || FormError::new(format!("{text:?} is not a date"), remedy);
    let (parts, day_first): (Vec<&str>, bool) = if text.contains('/') {
        (text.split('/').collect(), true)
    } else {
        (text.split('-').collect(), false)
    };
    let [a, b, c] = parts[..] else { return Err(wrong()) };
    let (year, month, day) = if day_first { (c, b, a) } else { (a, b, c) };
    let digits = |part: &str, least: usize, most: usize| {
        let all = part.bytes().all(|byte| byte.is_ascii_digit());
        (all && (least..=most).contains(&part.len())).then(|| part.parse::<i16>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) =
        (digits(year, 4, 4), digits(month, 1, 2), digits(day, 1, 2))
    else {
        return Err(wrong());
    };
    let no_such = || FormError::new(format!("there is no day {text}"), remedy);
    let small = |n: i16| i8::try_from(n).map_err(|_| no_such());
    if year < 1900 {
        return Err(no_such());
    }
    Date::new(year, small(month)?, small(day)?).map_err(|_| no_such())
}

/// Parses a weekday's English name, whole or its first letters (two or more), in any case.
///
/// # Errors
/// Where it is none.
pub fn parse_weekday(text: &str) -> Result<Weekday, FormError> {
    let lower = text.to_ascii_lowercase();
    WEEKDAYS
        .into_iter()
        .find(|day| lower.len() >= 2 && weekday_name(*day).starts_with(&lower))
        .or(match lower.as_str() {
            "tues" => Some(Weekday::Tuesday),
            "weds" => Some(Weekday::Wednesday),
            "thur" | "thurs" => Some(Weekday::Thursday),
            _ => None,
        })
        .ok_or_else(|| {
            FormError::new(
                format!("{text:?} is not a weekday"),
                "write monday, tuesday, wednesday, thursday, friday, saturday or sunday",
            )
        })
}

/// Monday to Sunday.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A weekday's English name in lower case.
#[must_use]
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

/// A date as people write it: `Tue 2 Mar 2027`.
#[must_use]
pub fn in_words(day: Date) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = weekday_name(day.weekday());
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    format!("{}{} {} {month} {}", name[..1].to_uppercase(), &name[1..3], day.day(), day.year())
}

/// A time of day on the clock, to the minute; the end of a day is told from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

impl Clock {
    /// Midnight at the start of the day.
    pub const MIDNIGHT: Self = Self(0);
    /// Midnight at the end of the day, `24:00`.
    pub const END_OF_DAY: Self = Self(24 * 60);
    /// 13:00, where the afternoon begins.
    pub const AFTERNOON: Self = Self(13 * 60);

    /// From hours and minutes.
    #[must_use]
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then(|| Self(hour * 60 + minute))
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for Clock {
    type Err = FormError;

    /// Parses `09:00`, `9:00`, `0900`, `900` or `09:00:00`. `24:00` is the end of the day.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let wrong = || {
            FormError::new(format!("{text:?} is not a time of day"), "write it as 09:00 or 0900")
        };
        let number = |part: &str| {
            (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        let (hour, minute) = match text.split(':').collect::<Vec<_>>()[..] {
            [hour, minute] | [hour, minute, "00"] if minute.len() == 2 && hour.len() <= 2 => {
                (number(hour), number(minute))
            }
            [digits] if digits.is_ascii() && (3..=4).contains(&digits.len()) => {
                let (hour, minute) = digits.split_at(digits.len() - 2);
                (number(hour), number(minute))
            }
            _ => return Err(wrong()),
        };
        match (hour, minute) {
            (Some(24), Some(0)) => Ok(Self::END_OF_DAY),
            (Some(hour), Some(minute)) => Self::new(hour, minute).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

/// A moment on the wall clock: minutes since the start of 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i32);

impl Moment {
    /// A time on a date.
    #[must_use]
    pub fn new(day: Date, time: Clock) -> Self {
        let days = days_between(date(1970, 1, 1), day);
        let days = i32::try_from(days).unwrap_or(i32::MAX / DAY_MINUTES - 1);
        Self(days.saturating_mul(DAY_MINUTES).saturating_add(time.minutes()))
    }

    /// The start of a date.
    #[must_use]
    pub fn start_of(day: Date) -> Self {
        Self::new(day, Clock::MIDNIGHT)
    }

    /// So many minutes later (earlier, if negative).
    #[must_use]
    pub fn plus(self, minutes: i32) -> Self {
        Self(self.0.saturating_add(minutes))
    }

    /// Minutes from `earlier` to this.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Its date.
    #[must_use]
    pub fn date(self) -> Date {
        days_after(date(1970, 1, 1), i64::from(self.0.div_euclid(DAY_MINUTES)))
    }

    /// Its time of day.
    #[must_use]
    pub fn clock(self) -> Clock {
        Clock(u16::try_from(self.0.rem_euclid(DAY_MINUTES)).unwrap_or(0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", in_words(self.date()), self.clock())
    }
}

/// A stretch of time, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: Moment,
    end: Moment,
}

impl Span {
    /// On a date from one time to another; an end at or before the start is on the next day.
    #[must_use]
    pub fn on(day: Date, start: Clock, end: Clock) -> Self {
        let next = if end <= start { DAY_MINUTES } else { 0 };
        Self { start: Moment::new(day, start), end: Moment::new(day, end).plus(next) }
    }

    /// Between two moments; empty where the end is not after the start.
    #[must_use]
    pub fn between(start: Moment, end: Moment) -> Self {
        Self { start, end: end.max(start) }
    }

    /// When it starts.
    #[must_use]
    pub fn start(self) -> Moment {
        self.start
    }

    /// When it ends.
    #[must_use]
    pub fn end(self) -> Moment {
        self.end
    }

    /// How many minutes it lasts.
    #[must_use]
    pub fn minutes(self) -> i32 {
        self.end.since(self.start)
    }

    /// Whether the two share any time.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Minutes between the two, where neither overlaps the other: from the end of the earlier to the
    /// start of the later. Negative where they overlap.
    #[must_use]
    pub fn gap(self, other: Self) -> i32 {
        self.start.since(other.end).max(other.start.since(self.end))
    }

    /// The half-day it belongs to, by its start.
    #[must_use]
    pub fn half_day(self) -> HalfDay {
        HalfDay::of(self.start.clock())
    }

    /// Every half-day it takes any time of: one that runs past 13:00 takes the afternoon too.
    pub fn half_days(self) -> impl Iterator<Item = (Date, HalfDay)> {
        let last = self.end.plus(-1).max(self.start).date();
        dates(self.start.date(), last)
            .flat_map(|day| [(day, HalfDay::Am), (day, HalfDay::Pm)])
            .filter(move |(day, half)| half.span(*day).overlaps(self))
    }
}

/// Morning or afternoon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HalfDay {
    /// Starts before 13:00.
    Am,
    /// Starts at 13:00 or later.
    Pm,
}

impl HalfDay {
    /// The half-day of a time.
    #[must_use]
    pub fn of(time: Clock) -> Self {
        if time < Clock::AFTERNOON { Self::Am } else { Self::Pm }
    }

    /// Its stretch of a date: midnight to 13:00, or 13:00 to midnight.
    #[must_use]
    pub fn span(self, day: Date) -> Span {
        match self {
            Self::Am => Span::on(day, Clock::MIDNIGHT, Clock::AFTERNOON),
            Self::Pm => Span::on(day, Clock::AFTERNOON, Clock::MIDNIGHT),
        }
    }
}

impl fmt::Display for HalfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Am => "am",
            Self::Pm => "pm",
        })
    }
}

/// The part of a day that something covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Both half-days.
    #[default]
    All,
    /// The morning.
    Am,
    /// The afternoon.
    Pm,
}

impl Part {
    /// Whether it covers a half-day.
    #[must_use]
    pub fn covers(self, half: HalfDay) -> bool {
        match self {
            Self::All => true,
            Self::Am => half == HalfDay::Am,
            Self::Pm => half == HalfDay::Pm,
        }
    }
}

impl FromStr for Part {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        match text.to_ascii_lowercase().as_str() {
            "all" => Ok(Self::All),
            "am" => Ok(Self::Am),
            "pm" => Ok(Self::Pm),
            _ => Err(FormError::new(
                format!("{text:?} is not a part of the day"),
                "write all, am or pm",
            )),
        }
    }
}

/// The days of the week on which a person works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingDays([bool; 7]);

impl WorkingDays {
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self([true, true, true, true, true, false, false]);

    /// Whether this is one of them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0[usize::from(day.to_monday_zero_offset().unsigned_abs())]
    }
}

impl FromStr for WorkingDays {
    type Err = FormError;

    /// Parses seven characters, Monday first: the day's letter, or `-` for a day off.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let wrong = || {
            FormError::new(
                format!("{text:?} does not say seven days"),
                "write seven characters, Monday first, - for a day off: MTWTF--",
            )
        };
        let letters = ['M', 'T', 'W', 'T', 'F', 'S', 'S'];
        let characters: Vec<char> = text.chars().collect();
        if characters.len() != 7 {
            return Err(wrong());
        }
        let mut days = [false; 7];
        for ((day, letter), character) in days.iter_mut().zip(letters).zip(characters) {
            *day = match character {
                '-' | '_' | '.' => false,
                c if c.to_ascii_uppercase() == letter => true,
                _ => return Err(wrong()),
            };
        }
        Ok(Self(days))
    }
}

/// Dates from one to another, both included; open where not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether a date lies in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The dates that are planned, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    from: Date,
    to: Date,
}

impl Horizon {
    /// The longest horizon: two years.
    pub const MAX_DAYS: i64 = 731;

    /// From one date to another; `None` where the end is before the start or over two years after.
    #[must_use]
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from <= to && days_between(from, to) < Self::MAX_DAYS).then_some(Self { from, to })
    }

    /// The first date.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// The last date.
    #[must_use]
    pub fn to(self) -> Date {
        self.to
    }

    /// Whether a date is planned.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// How many dates.
    #[must_use]
    pub fn days(self) -> i64 {
        days_between(self.from, self.to) + 1
    }

    /// Every date.
    pub fn dates(self) -> impl Iterator<Item = Date> + Clone {
        dates(self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        let mut day = date(-401, 12, 20);
        for count in 0..300_000 {
            assert_eq!(days_after(date(-401, 12, 20), count), day);
            assert_eq!(days_between(day, date(-401, 12, 20)), -count);
            day = day.tomorrow().expect("not the last day");
        }
        assert_eq!(days_after(date(2027, 3, 1), i64::MAX), Date::MAX);
        assert_eq!(days_after(date(2027, 3, 1), i64::MIN), Date::MIN);
    }

    #[test]
    fn dates_are_day_first_and_real() {
        assert_eq!(parse_date("02/03/2027"), Ok(date(2027, 3, 2)));
        assert_eq!(parse_date("2027-03-02"), Ok(date(2027, 3, 2)));
        for wrong in ["31/02/2027", "2027-13-01", "02/03/27", "", "2 Mar", "2027/03/02", "é/1/2027"]
        {
            assert!(parse_date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn clocks_with_and_without_colon() {
        for text in ["09:05", "9:05", "0905", "905", "09:05:00"] {
            assert_eq!(text.parse::<Clock>().map(|c| c.to_string()), Ok("09:05".into()), "{text}");
        }
        for wrong in ["25:00", "9", "09.05", "09:5", "1é", "-900", "09:60"] {
            assert!(wrong.parse::<Clock>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_over_midnight_and_one_o_clock() {
        let clock = |text: &str| text.parse::<Clock>().unwrap_or(Clock::MIDNIGHT);
        let day = date(2027, 3, 2);
        let night = Span::on(day, clock("20:00"), clock("08:00"));
        assert_eq!(night.minutes(), 720);
        assert_eq!(
            night.half_days().collect::<Vec<_>>(),
            [(day, HalfDay::Pm), (date(2027, 3, 3), HalfDay::Am)]
        );
        let evening = Span::on(day, clock("20:00"), clock("24:00"));
        assert_eq!(evening, Span::on(day, clock("20:00"), clock("00:00")));
        assert_eq!(Moment::new(day, clock("24:00")), Moment::start_of(date(2027, 3, 3)));
        assert_eq!(clock("24:00").to_string(), "24:00");
        let morning = Span::on(day, clock("09:00"), clock("13:00"));
        assert_eq!(morning.half_days().collect::<Vec<_>>(), [(day, HalfDay::Am)]);
        assert_eq!(Span::on(day, clock("09:00"), clock("17:00")).half_days().count(), 2);
        assert_eq!(morning.gap(night), 420);
        assert_eq!(night.start().to_string(), "Tue 2 Mar 2027 20:00");
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday_of(date(2027, 3, 7)), date(2027, 3, 1));
        assert_eq!(monday_of(date(2027, 3, 1)), date(2027, 3, 1));
        assert!("MTWT---".parse::<WorkingDays>().is_ok_and(|d| !d.contains(Weekday::Friday)));
        assert!("MTWTF".parse::<WorkingDays>().is_err());
        assert_eq!(parse_weekday("Weds"), Ok(Weekday::Wednesday));
        assert!(parse_weekday("t").is_err());
    }
}
