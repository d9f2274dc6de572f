//! Days of the week and parts of the day as exports write them.

use rotashare_core::time::{FormError, Part, Weekday, parse_weekday};

/// Reads a weekday: its name, short or whole, with a full stop or an `s` after it (`Tues.`, `Mondays`).
pub(in crate::import) fn weekday(text: &str) -> Result<Weekday, FormError> {
    let word = text.trim_end_matches('.').to_lowercase();
    let single = word.strip_suffix('s').filter(|word| word.ends_with("day"));
    parse_weekday(single.unwrap_or(&word))
        .map_err(|error| FormError { problem: format!("{text:?} is not a weekday"), ..error })
}

/// Reads a part of the day: `AM`, `morning`, `PM`, `afternoon`, `all day`, `full`.
pub(in crate::import) fn part(text: &str) -> Result<Part, FormError> {
    match super::bare(text).as_str() {
        "am" | "morning" | "mornings" | "halfdayam" | "amonly" | "halfam" => Ok(Part::Am),
        "pm" | "afternoon" | "afternoons" | "halfdaypm" | "pmonly" | "halfpm" => Ok(Part::Pm),
        "all" | "allday" | "full" | "fullday" | "wholeday" | "day" | "ampm" | "fulltime" => {
            Ok(Part::All)
        }
        _ => {
            Err(FormError::new(format!("{text:?} is not a part of the day"), "write am, pm or all"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_parts() {
        for text in ["Tue", "tues", "Tues.", "TUESDAY", "Tuesdays"] {
            assert_eq!(weekday(text), Ok(Weekday::Tuesday), "{text}");
        }
        for text in ["T", "Tuesdy", "2", "day", "Mon/Tue"] {
            assert!(weekday(text).is_err(), "{text}");
        }
        assert_eq!(part("Full Day"), Ok(Part::All));
        assert_eq!(part("Half day (AM)"), Ok(Part::Am));
        assert!(part("evening").is_err());
    }
}
