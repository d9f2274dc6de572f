//! Words and numbers as people read them.

use std::borrow::Cow;

use rotashare_core::time::{Date, in_words};
use rotashare_core::values::{Hundredths, Pence, write_decimal};

/// Text for the inside of an HTML or SVG element, or of a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// `1234.50`: pounds and pence, with no sign of the currency.
#[must_use]
pub fn pounds(amount: Pence) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let (pounds, pence) = (amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100);
    format!("{sign}{pounds}.{pence:02}")
}

/// `£1,234.50`
#[must_use]
pub fn sterling(amount: Pence) -> String {
    let plain = pounds(amount);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, pence) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}£{grouped}.{pence}")
}

/// `12.5`: hundredths as a plain number.
#[must_use]
pub fn hundredths(value: Hundredths) -> String {
    write_decimal(value.0, 2)
}

/// Minutes as hours to a tenth: `7.5`.
#[must_use]
pub fn hours(minutes: i64) -> String {
    write_decimal(rotashare_core::values::round_div(minutes, 6), 1)
}

/// A share as a whole percentage, rounded down so that 100 % means all; `–` of nothing.
#[must_use]
pub fn percent(part: usize, whole: usize) -> String {
    (part * 100).checked_div(whole).map_or_else(|| "–".to_owned(), |share| format!("{share} %"))
}

/// `2 Mar`: a date within a year that is known.
#[must_use]
pub fn day_month(day: Date) -> String {
    let words = in_words(day);
    let parts: Vec<&str> = words.split(' ').collect();
    parts.get(1..3).map_or_else(|| words.clone(), |parts| parts.join(" "))
}

/// `1 place`, `2 places`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `put!(text, "…{}…", …)`: appends formatted text to a `String`, which takes whatever is written to it.
macro_rules! put {
    ($to:expr, $($what:tt)*) => {{
        use std::fmt::Write as _;
        let written = $to.write_fmt(format_args!($($what)*));
        debug_assert!(written.is_ok(), "a String takes everything");
    }};
}
pub(crate) use put;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }

    #[test]
    fn money_hours_and_shares() {
        assert_eq!(pounds(Pence(-5)), "-0.05");
        assert_eq!(sterling(Pence(123_456_789)), "£1,234,567.89");
        assert_eq!(sterling(Pence(-100_000)), "-£1,000.00");
        assert_eq!((hours(450), hours(20)), ("7.5".to_owned(), "0.3".to_owned()));
        assert_eq!((percent(999, 1000), percent(0, 0)), ("99 %".to_owned(), "–".to_owned()));
    }
}
