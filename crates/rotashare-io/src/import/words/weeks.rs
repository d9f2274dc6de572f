//! Week patterns as exports write them.

use rotashare_core::time::FormError;
use rotashare_core::values::WeekPattern;

/// The longest cycle that a rota has, in weeks.
const LONGEST: u32 = 52;

/// Reads a week pattern: as the dataset has it, or `Weekly`, `1st & 3rd`, `Week 1, 3 of 4`, `Alternate
/// week 2`, `4-weekly 1,3`, `Odd weeks`. Weeks without the length of their cycle take that of the mapping.
pub(in crate::import) fn weeks(text: &str, cycle: Option<u32>) -> Result<WeekPattern, FormError> {
    if let Ok(pattern) = text.parse() {
        return Ok(pattern);
    }
    let wrong = || {
        let remedy = "write all, nth:1,3, iso:odd or cycle:1,3/4, or give it under values";
        FormError::new(format!("{text:?} is not a week pattern"), remedy)
    };
    let words = Words::read(text).ok_or_else(wrong)?;
    if words.is_odd || words.is_even {
        let alone = words.numbers.is_empty() && words.nth.is_empty() && !words.is_last;
        return match (words.is_odd, alone) {
            (true, true) if !words.is_even => Ok(WeekPattern::IsoOdd),
            (false, true) => Ok(WeekPattern::IsoEven),
            _ => Err(wrong()),
        };
    }
    let is_of_month = words.is_monthly || !words.nth.is_empty() || words.is_last;
    if is_of_month && words.length.is_none() {
        let mut which: Vec<u32> = [words.nth, words.numbers].concat();
        which.sort_unstable();
        which.dedup();
        if which.is_empty() && !words.is_last || which.iter().any(|one| !(1..=5).contains(one)) {
            let problem = format!("{text:?} does not say which of the month");
            return Err(FormError::new(
                problem,
                "write nth:1 for the first, or give it under values",
            ));
        }
        let which = which.into_iter().filter_map(|one| u8::try_from(one).ok()).collect();
        return Ok(WeekPattern::Nth { which, last: words.is_last });
    }
    let mut which = [words.numbers, words.nth].concat();
    which.sort_unstable();
    which.dedup();
    if which.is_empty() {
        return match words.length {
            None | Some(1) if words.is_weekly => Ok(WeekPattern::All),
            Some(length) if length > 1 => {
                let problem = format!("{text:?} does not say in which of {length} weeks");
                let remedy = format!("write cycle:1/{length}, or give it under values");
                Err(FormError::new(problem, remedy))
            }
            _ => Err(wrong()),
        };
    }
    let length = match words.length.or(cycle) {
        Some(length) => length,
        None => {
            let problem = format!("{text:?} does not say in a cycle of how many weeks");
            let remedy = "give the length at the top of the mapping: cycle = 4";
            return Err(FormError::new(problem, remedy));
        }
    };
    if !(1..=LONGEST).contains(&length) || which.iter().any(|one| !(1..=length).contains(one)) {
        let problem = format!("{text:?} has a week that a cycle of {length} weeks has not");
        return Err(FormError::new(problem, "correct it, or the cycle of the mapping"));
    }
    if which.len() as u32 == length {
        return Ok(WeekPattern::All);
    }
    Ok(WeekPattern::Cycle { which, length })
}

/// What the words of a pattern say one by one.
#[derive(Default)]
struct Words {
    is_weekly: bool,
    is_monthly: bool,
    is_odd: bool,
    is_even: bool,
    is_last: bool,
    /// Weeks in the cycle, where it is said.
    length: Option<u32>,
    numbers: Vec<u32>,
    nth: Vec<u32>,
}

impl Words {
    /// `None` where there is a word that is not known.
    fn read(text: &str) -> Option<Self> {
        let mut words = Self::default();
        let tokens = super::tokens(text);
        let token = |at: usize| tokens.get(at).map_or("", String::as_str);
        let mut at = 0;
        while at < tokens.len() {
            let number: Option<u32> = token(at).parse().ok();
            let next = token(at + 1);
            if let Some(number) = number {
                match next {
                    "st" | "nd" | "rd" | "th" => {
                        words.nth.push(number);
                        at += 1;
                    }
                    "weekly" | "wkly" => {
                        words.set_length(number)?;
                        at += 1;
                    }
                    // A four-week cycle, but weeks 2 weeks … is nothing.
                    "week" | "wk" if matches!(token(at + 2), "cycle" | "rota" | "rolling") => {
                        words.set_length(number)?;
                        at += 2;
                    }
                    "weeks" if at > 0 && matches!(token(at - 1), "every" | "in" | "of" | "per") => {
                        words.set_length(number)?;
                        at += 1;
                    }
                    _ if at > 0 && matches!(token(at - 1), "of" | "in") => {
                        words.set_length(number)?
                    }
                    _ => words.numbers.push(number),
                }
            } else {
                words.word(token(at))?;
            }
            at += 1;
        }
        Some(words)
    }

    fn set_length(&mut self, length: u32) -> Option<()> {
        if self.length.is_some_and(|one| one != length) {
            return None;
        }
        self.length = Some(length);
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        match word {
            "weekly" | "wkly" => self.is_weekly = true,
            "every" | "each" | "all" => self.is_weekly = true,
            "monthly" | "month" => self.is_monthly = true,
            "odd" => self.is_odd = true,
            "even" => self.is_even = true,
            "last" => self.is_last = true,
            "first" => self.nth.push(1),
            "second" => self.nth.push(2),
            "third" => self.nth.push(3),
            "fourth" => self.nth.push(4),
            "fifth" => self.nth.push(5),
            "alternate" | "alternating" | "alt" | "fortnightly" | "biweekly" => {
                self.set_length(2)?;
            }
            "a" => self.numbers.push(1),
            "b" => self.numbers.push(2),
            "week" | "weeks" | "wk" | "wks" | "w" | "of" | "in" | "and" | "the" | "cycle"
            | "rota" | "rolling" | "only" | "on" | "per" | "monday" | "tuesday" | "wednesday"
            | "thursday" | "friday" | "saturday" | "sunday" => {}
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Cell;

    #[test]
    fn patterns_of_every_usual_form() {
        for (text, pattern) in [
            ("all", "all"),
            ("Weekly", "all"),
            ("Every week", "all"),
            ("Weekly all", "all"),
            ("1st & 3rd", "nth:1,3"),
            ("1st and 3rd Tuesday of the month", "nth:1,3"),
            ("Monthly 2", "nth:2"),
            ("Last Friday of month", "nth:last"),
            ("Odd weeks", "iso:odd"),
            ("iso:even", "iso:even"),
            ("Week 1, 3 of 4", "cycle:1,3/4"),
            ("Weeks 1 & 3 of 4 week cycle", "cycle:1,3/4"),
            ("4-weekly 1,3", "cycle:1,3/4"),
            ("Every 2 weeks: week 2", "cycle:2/2"),
            ("Alternate week 2", "cycle:2/2"),
            ("Fortnightly B", "cycle:2/2"),
            ("Wk 1", "cycle:1/6"),
            ("1,2", "cycle:1,2/6"),
            ("1,2,3,4 of 4", "all"),
            ("cycle:1/3", "cycle:1/3"),
        ] {
            let read = weeks(text, Some(6)).map(|pattern| pattern.show());
            assert_eq!(read, Ok(pattern.into()), "{text}");
        }
        for text in
            ["Alternate", "Monthly", "when needed", "4-weekly", "7", "Odd 1", "6th of month", ""]
        {
            assert!(weeks(text, Some(6)).is_err(), "{text}");
        }
        let error = weeks("1,3", None).expect_err("no length");
        assert!(error.remedy.contains("cycle = 4"));
    }
}
