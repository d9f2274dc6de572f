//! Bank holidays by nation, with substitute, moved and single days.
//!
//! Source: the Banking and Financial Dealings Act 1971 and the royal proclamations under it, as listed
//! on gov.uk/bank-holidays.

use crate::time::{Date, Weekday, days_after};
use crate::values::Nation;

/// The bank holidays of a nation in a year, in order of date.
#[must_use]
pub fn bank_holidays(nation: Nation, year: i16) -> Vec<Date> {
    let on = |month: i8, day: i8| Date::new(year, month, day).ok();
    let nth = |month: i8, nth: i8| {
        Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, Weekday::Monday).ok()
    };
    let scotland = nation == Nation::Scotland;
    let ireland = nation == Nation::NorthernIreland;

    // Fixed days that move to the next free weekday, in the order in which they take it.
    let fixed = [
        on(1, 1),
        if scotland { on(1, 2) } else { None },
        if ireland { on(3, 17) } else { None },
        if ireland { on(7, 12) } else { None },
        if scotland { on(11, 30) } else { None },
        on(12, 25),
        on(12, 26),
    ];
    let early_may = if year == 2020 { on(5, 8) } else { nth(5, 1) };
    let spring = if year == 2022 { on(6, 2) } else { nth(5, -1) };
    let easter = easter_sunday(year);
    let movable = [
        easter.map(|sunday| days_after(sunday, -2)),
        easter.filter(|_| !scotland).map(|sunday| days_after(sunday, 1)),
        early_may,
        spring,
        if scotland { nth(8, 1) } else { nth(8, -1) },
    ];
    let single = [(2022, on(6, 3)), (2022, on(9, 19)), (2023, on(5, 8))];

    let mut days: Vec<Date> = movable.into_iter().flatten().collect();
    days.extend(single.into_iter().filter(|(only, _)| *only == year).filter_map(|(_, day)| day));
    let fixed: Vec<Date> = fixed.into_iter().flatten().collect();
    // A day that falls on a weekday stays there; only then do the others look for a free one.
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    days.extend(fixed.iter().copied().filter(|day| !weekend(*day)));
    for day in fixed.into_iter().filter(|day| weekend(*day)) {
        let mut substitute = day;
        while weekend(substitute) || days.contains(&substitute) {
            substitute = days_after(substitute, 1);
        }
        days.push(substitute);
    }
    days.sort_unstable();
    days
}

/// Easter Sunday (the anonymous Gregorian computus, Meeus 1991).
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(nation: Nation, year: i16) -> Vec<String> {
        bank_holidays(nation, year)
            .into_iter()
            .map(|day| format!("{:02}-{:02}", day.month(), day.day()))
            .collect()
    }

    #[test]
    fn england_as_published() {
        assert_eq!(
            days(Nation::England, 2027),
            ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]
        );
        assert_eq!(
            days(Nation::Wales, 2022),
            [
                "01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26",
                "12-27"
            ]
        );
        assert_eq!(days(Nation::England, 2020)[3], "05-08");
        assert!(days(Nation::England, 2023).contains(&"05-08".to_owned()));
    }

    #[test]
    fn scotland_and_northern_ireland() {
        assert_eq!(
            days(Nation::Scotland, 2022),
            [
                "01-03", "01-04", "04-15", "05-02", "06-02", "06-03", "08-01", "09-19", "11-30",
                "12-26", "12-27"
            ]
        );
        assert_eq!(days(Nation::Scotland, 2023)[..2], ["01-02", "01-03"]);
        assert_eq!(
            days(Nation::NorthernIreland, 2027),
            [
                "01-01", "03-17", "03-26", "03-29", "05-03", "05-31", "07-12", "08-30", "12-27",
                "12-28"
            ]
        );
    }
}
