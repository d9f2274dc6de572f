//! The small vocabularies and exact numbers of the dataset's cells.

use std::fmt;
use std::str::FromStr;

use crate::time::{Date, FormError, days_between, monday_of};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $what:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal $(| $also:literal)*,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every word that a cell may have.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// The word in the dataset.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = FormError;

            fn from_str(text: &str) -> Result<Self, FormError> {
                match text.to_ascii_lowercase().as_str() {
                    $($word $(| $also)* => Ok(Self::$variant),)*
                    _ => Err(FormError::new(
                        format!("{text:?} is not {}", $what),
                        format!("write {}", Self::WORDS.join(", ")),
                    )),
                }
            }
        }
    )*};
}

words! {
    /// A nation of the United Kingdom, for its bank holidays.
    Nation: "a nation" {
        /// England.
        England = "england",
        /// Wales.
        Wales = "wales",
        /// Scotland.
        Scotland = "scotland",
        /// Northern Ireland.
        NorthernIreland = "northern-ireland",
    }
    /// How much a session matters.
    Priority: "a priority" {
        /// Must run.
        Must = "must",
        /// Should run.
        Should = "should",
        /// Could run.
        Could = "could",
    }
    /// Whether a job-plan duty may be given up for a session.
    Firmness: "a firmness" {
        /// It may not.
        Fixed = "fixed",
        /// It may.
        Movable = "movable",
    }
    /// What an authority to work at a host rests on.
    Instrument: "an instrument" {
        /// Honorary contract.
        HonoraryContract = "honorary-contract",
        /// Licence to attend.
        LicenceToAttend = "licence-to-attend",
        /// Passport.
        Passport = "passport",
        /// Secondment.
        Secondment = "secondment",
    }
    /// Kind of on-call.
    OnCallKind: "a kind of on-call" {
        /// Consultant of the week: off elective work from the first day to the last.
        HotWeek = "hot-week",
        /// From a time to a time.
        OnCall = "on-call",
    }
    /// What a clinic does on a bank holiday of its site's nation.
    BankHolidayPolicy: "a word for bank holidays" {
        /// It does not run.
        Skip = "skip",
        /// It runs.
        Run = "run",
    }
    /// What happens to a clinic on a day.
    ChangeKind: "a change" {
        /// It does not run.
        Cancel = "cancel",
        /// It runs on another day or at another time.
        Move = "move",
        /// It runs once more.
        Add = "add",
    }
    /// Whether a pinned person does the session or does not.
    PinKind: "a pin" {
        /// Does it.
        Yes = "yes",
        /// Does not.
        No = "no",
    }
}

/// A number with up to three decimal places, exactly, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thousandths(pub i64);

/// A number with up to two decimal places, exactly, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(pub i64);

/// An amount of money in pence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pence(pub i64);

/// Parses a plain decimal number (`12`, `0.5`, `-3.25`) to a whole number of its `10^-places`;
/// further decimals are rounded half up.
///
/// # Errors
/// Where it is no such number, or beyond ±10^12.
pub fn parse_decimal(text: &str, places: u32) -> Result<i64, FormError> {
    let wrong =
        || FormError::new(format!("{text:?} is not a number"), "write a plain number, such as 3.5");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty())
        || !all_digits(whole)
        || !all_digits(fraction)
        || whole.trim_start_matches('0').len() > 12
    {
        return Err(wrong());
    }
    let mut value: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| wrong())? };
    let mut decimals = fraction.bytes().map(|byte| i64::from(byte - b'0'));
    for _ in 0..places {
        value = value * 10 + decimals.next().unwrap_or(0);
    }
    if decimals.next().unwrap_or(0) >= 5 {
        value += 1;
    }
    Ok(if negative { -value } else { value })
}

/// Writes a number of `10^-places` as a plain decimal without needless zeros.
#[must_use]
pub fn write_decimal(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// `numerator / denominator`, rounded half up (away from zero for negative numbers).
#[must_use]
pub fn round_div(numerator: i64, denominator: i64) -> i64 {
    let (n, d) = (i128::from(numerator), i128::from(denominator.max(1)));
    let rounded = (n.abs() * 2 + d) / (d * 2) * n.signum();
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// In which weeks something happens on its weekday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WeekPattern {
    /// Every week.
    #[default]
    All,
    /// The so-many-th such weekdays of the month (1 to 5), and perhaps the last.
    Nth {
        /// Which, in order.
        which: Vec<u8>,
        /// Whether the last is one of them.
        last: bool,
    },
    /// ISO weeks with an odd number.
    IsoOdd,
    /// ISO weeks with an even number.
    IsoEven,
    /// Some weeks of a cycle that starts at the network's `cycle_anchor`.
    Cycle {
        /// Which, from 1, in order.
        which: Vec<u32>,
        /// Weeks in the cycle.
        length: u32,
    },
}

impl WeekPattern {
    /// Whether it needs `cycle_anchor`.
    #[must_use]
    pub fn needs_anchor(&self) -> bool {
        matches!(self, Self::Cycle { .. })
    }

    /// Whether a date's week is one of them. Without an anchor a cycle has no weeks.
    #[must_use]
    pub fn contains(&self, day: Date, anchor: Option<Date>) -> bool {
        match self {
            Self::All => true,
            Self::Nth { which, last } => {
                let nth = (day.day().unsigned_abs() - 1) / 7 + 1;
                which.contains(&nth) || (*last && day.day() + 7 > day.days_in_month())
            }
            Self::IsoOdd => day.iso_week_date().week() % 2 == 1,
            Self::IsoEven => day.iso_week_date().week() % 2 == 0,
            Self::Cycle { which, length } => anchor.is_some_and(|anchor| {
                let weeks = days_between(monday_of(anchor), monday_of(day)) / 7;
                let week = weeks.rem_euclid(i64::from(*length)) + 1;
                which.iter().any(|one| i64::from(*one) == week)
            }),
        }
    }
}

impl FromStr for WeekPattern {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let wrong = || {
            FormError::new(
                format!("{text:?} is not a week pattern"),
                "write all, nth:1,3, nth:last, iso:odd, iso:even or cycle:1,3/4",
            )
        };
        let lower = text.to_ascii_lowercase().replace(' ', "");
        let numbers = |list: &str, most: u32| -> Result<Vec<u32>, FormError> {
            let mut all = list
                .split(',')
                .map(|n| n.parse().ok().filter(|n| (1..=most).contains(n)).ok_or_else(wrong))
                .collect::<Result<Vec<u32>, _>>()?;
            all.sort_unstable();
            all.dedup();
            Ok(all)
        };
        match lower.split_once(':') {
            None if lower == "all" => Ok(Self::All),
            Some(("iso", "odd")) => Ok(Self::IsoOdd),
            Some(("iso", "even")) => Ok(Self::IsoEven),
            Some(("nth", list)) => {
                let (lasts, others): (Vec<&str>, Vec<&str>) =
                    list.split(',').partition(|word| *word == "last");
                let which = if others.is_empty() {
                    Vec::new()
                } else {
                    numbers(&others.join(","), 5)?
                        .into_iter()
                        .filter_map(|n| n.try_into().ok())
                        .collect()
                };
                Ok(Self::Nth { which, last: !lasts.is_empty() })
            }
            Some(("cycle", rest)) => {
                let (list, length) = rest.split_once('/').ok_or_else(wrong)?;
                let length: u32 =
                    length.parse().ok().filter(|n| (1..=52).contains(n)).ok_or_else(wrong)?;
                Ok(Self::Cycle { which: numbers(list, length)?, length })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nth_iso_and_cycle_weeks_are_three_things() {
        let pattern = |text: &str| text.parse::<WeekPattern>().unwrap_or_default();
        // March 2027 has five Mondays to Wednesdays; the 29th is the fifth and the last Monday.
        let mondays = [1, 8, 15, 22, 29].map(|day| date(2027, 3, day));
        let runs = |text: &str, anchor| {
            let pattern = pattern(text);
            mondays.map(|day| u8::from(pattern.contains(day, anchor)))
        };
        assert_eq!(runs("all", None), [1, 1, 1, 1, 1]);
        assert_eq!(runs("nth:1,3", None), [1, 0, 1, 0, 0]);
        assert_eq!(runs("nth:last", None), [0, 0, 0, 0, 1]);
        assert_eq!(runs("nth:2,last", None), [0, 1, 0, 0, 1]);
        assert_eq!(runs("iso:odd", None), [1, 0, 1, 0, 1]);
        assert_eq!(runs("iso:even", None), [0, 1, 0, 1, 0]);
        assert_eq!(runs("cycle:1,3/4", Some(date(2027, 2, 22))), [0, 1, 0, 1, 0]);
        assert_eq!(runs("cycle:1/4", None), [0, 0, 0, 0, 0]);
        for wrong in ["nth:6", "nth:0", "cycle:5/4", "cycle:1", "iso:both", "weekly", "nth:"] {
            assert!(wrong.parse::<WeekPattern>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(parse_decimal("0.875", 3), Ok(875));
        assert_eq!(parse_decimal("-3.2", 0), Ok(-3));
        assert_eq!(parse_decimal("482.50", 2), Ok(48_250));
        assert_eq!(write_decimal(875, 3), "0.875");
        assert_eq!(write_decimal(-1500, 3), "-1.5");
        for wrong in ["", ".", "1e3", "1,5", "NaN", "1.2.3", "9999999999999"] {
            assert!(parse_decimal(wrong, 2).is_err(), "{wrong}");
        }
        assert_eq!((round_div(125, 10), round_div(-125, 10), round_div(124, 10)), (13, -13, 12));
    }
}
