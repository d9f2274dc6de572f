//! What a workbook has for dates, times and numbers, as text.

use jiff::civil::{Date, date};

use rotashare_core::time::days_after;

const DAY_SECONDS: f64 = 86_400.0;
/// Serial days that have a date: up to 31 December 9999.
const LAST_DAY: f64 = 2_958_466.0;

/// The day of a serial number, in the calendar that a workbook counts from.
#[must_use]
pub(crate) fn serial_date(days: i64, is_1904: bool) -> Date {
    if is_1904 {
        return days_after(date(1904, 1, 1), days);
    }
    // Excel has a 29 February 1900.
    days_after(date(1899, 12, 30), if days < 60 { days + 1 } else { days })
}

/// A date, a time of day, or both: `2027-03-02`, `09:00`, `2027-03-02 09:00`.
pub(super) fn serial(value: f64, is_1904: bool) -> String {
    if !(0.0..LAST_DAY).contains(&value) {
        return number(value);
    }
    // To the second: what a spreadsheet computes is off by less.
    let seconds = (value * DAY_SECONDS).round() as i64;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    if value < 1.0 {
        return clock(seconds);
    }
    let day = serial_date(days, is_1904);
    if rest == 0 { day.to_string() } else { format!("{day} {}", clock(rest)) }
}

/// A length of time, in hours that may be more than a day has: `37:30`.
pub(super) fn duration(value: f64) -> String {
    if !(0.0..LAST_DAY).contains(&value) {
        return number(value);
    }
    clock((value * DAY_SECONDS).round() as i64)
}

fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// A number as a spreadsheet shows it, to fifteen digits.
pub(super) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// `2027-03-02T09:00:00` as `2027-03-02 09:00`, without the time where it is midnight.
pub(super) fn iso(text: &str) -> String {
    let Some((day, time)) = text.split_once(['T', ' ']) else { return text.to_owned() };
    let time = time.trim_end_matches('Z').split('.').next().unwrap_or_default();
    let time = time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time);
    if time == "00:00" { day.to_owned() } else { format!("{day} {time}") }
}

/// `PT09H30M00S` as `09:30`; as it is where it is no such thing.
pub(super) fn iso_duration(text: &str) -> String {
    let parse = || {
        let mut seconds: i64 = 0;
        let mut digits = String::new();
        for letter in text.strip_prefix("PT")?.chars() {
            match letter {
                '0'..='9' | '.' | ',' => digits.push(letter),
                'H' | 'M' | 'S' => {
                    let unit = match letter {
                        'H' => 3600,
                        'M' => 60,
                        _ => 1,
                    };
                    let whole: i64 = digits.split(['.', ',']).next()?.parse().ok()?;
                    seconds = seconds.checked_add(whole.checked_mul(unit)?)?;
                    digits.clear();
                }
                _ => return None,
            }
        }
        Some(clock(seconds))
    };
    parse().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_and_times() {
        assert_eq!(serial(46_448.0, false), "2027-03-02");
        assert_eq!(serial(46_448.375, false), "2027-03-02 09:00");
        assert_eq!(serial(44_986.0, true), "2027-03-02");
        assert_eq!(serial(0.375, false), "09:00");
        // 13:40 as a spreadsheet computes it.
        assert_eq!(serial(0.569_444_444_444_44, false), "13:40");
        assert_eq!(serial(0.999_999_99, false), "24:00");
        assert_eq!(serial(1.0, false), "1900-01-01");
        assert_eq!(serial(59.0, false), "1900-02-28");
        assert_eq!(serial(61.0, false), "1900-03-01");
        assert_eq!(serial(-1.0, false), "-1");
        assert_eq!(serial(f64::NAN, false), "NaN");
        assert_eq!(duration(1.5625), "37:30");
    }

    #[test]
    fn numbers_are_as_shown() {
        assert_eq!(number(9_900_001.0), "9900001");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(7.25), "7.25");
    }

    #[test]
    fn iso_forms() {
        assert_eq!(iso("2027-03-02"), "2027-03-02");
        assert_eq!(iso("2027-03-02T00:00:00"), "2027-03-02");
        assert_eq!(iso("2027-03-02T09:30:00.000"), "2027-03-02 09:30");
        assert_eq!(iso_duration("PT09H30M00S"), "09:30");
        assert_eq!(iso_duration("PT13H30M00.000000000S"), "13:30");
        assert_eq!(iso_duration("P1D"), "P1D");
    }
}
