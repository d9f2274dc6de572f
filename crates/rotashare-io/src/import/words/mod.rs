//! Words as exports have them, read as the dataset's own.

pub(super) mod dates;
pub(super) mod names;
pub(super) mod times;
pub(super) mod weekdays;
pub(super) mod weeks;

use crate::cell::trim;

/// A text with single spaces between its words and none around it, whatever kind they were.
pub(super) fn tidy(text: &str) -> String {
    trim(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text for comparison: tidy, in lower case, letters and digits only.
pub(super) fn bare(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Runs of letters and runs of digits of a text in lower case, in order; all else separates.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = None;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let next = match letter {
            c if c.is_alphabetic() => Some(0),
            c if c.is_ascii_digit() => Some(1),
            _ => None,
        };
        match (next, tokens.last_mut()) {
            (None, _) => {}
            (Some(_), Some(last)) if next == kind => last.push(letter),
            (Some(_), _) => tokens.push(letter.to_string()),
        }
        kind = next;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_written_is_read_or_refused(
            text in prop_oneof![
                "(\\PC|[0-9apm:./-]){0,12}",
                "[0-9]{1,9}",
                "[0-9]{1,6}[.:-][0-9]{1,6}( ?[ap]m)?",
                "(week|wk|of|in|every|monthly|weekly|[0-9]{1,10}|st| |,|&){0,8}",
            ],
        ) {
            let text = tidy(&text);
            let _ = dates::date(&text);
            let _ = dates::month_in(&text);
            let _ = times::range(&text);
            let _ = weekdays::weekday(&text);
            let _ = weekdays::part(&text);
            let _ = weeks::weeks(&text, Some(4));
            let name = names::Name::read(&text);
            prop_assert!(name.likeness(&name) <= 1.0);
            // A time that is read is one of the day, and reads back as itself.
            if let Ok(clock) = times::clock(&text) {
                prop_assert_eq!(times::clock(&clock.to_string()), Ok(clock));
            }
        }
    }
}
