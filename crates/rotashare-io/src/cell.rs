//! What stands in a cell: from text to value and back.

use std::borrow::Cow;
use std::fmt::Display;

use rotashare_core::time::{
    Clock, Date, FormError, Part, WEEKDAYS, Weekday, WorkingDays, parse_date, parse_weekday,
    weekday_name,
};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Firmness, Instrument, Nation, OnCallKind, PinKind, Priority,
    WeekPattern,
};

/// A value that a cell may hold. What is shown reads back as the same value.
pub(crate) trait Cell: Sized {
    /// Reads a cell that is not empty, without blanks around it.
    fn parse(text: &str) -> Result<Self, FormError>;
    /// The cell's text.
    fn show(&self) -> String;
}

impl Cell for String {
    fn parse(text: &str) -> Result<Self, FormError> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Cell for Date {
    fn parse(text: &str) -> Result<Self, FormError> {
        parse_date(text)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Cell for Weekday {
    fn parse(text: &str) -> Result<Self, FormError> {
        parse_weekday(text)
    }

    fn show(&self) -> String {
        weekday_name(*self).to_owned()
    }
}

impl Cell for Part {
    fn parse(text: &str) -> Result<Self, FormError> {
        text.parse()
    }

    fn show(&self) -> String {
        match self {
            Self::All => "all",
            Self::Am => "am",
            Self::Pm => "pm",
        }
        .to_owned()
    }
}

impl Cell for WorkingDays {
    fn parse(text: &str) -> Result<Self, FormError> {
        text.parse()
    }

    fn show(&self) -> String {
        let letters = WEEKDAYS.into_iter().zip("MTWTFSS".chars());
        letters.map(|(day, letter)| if self.contains(day) { letter } else { '-' }).collect()
    }
}

impl Cell for WeekPattern {
    fn parse(text: &str) -> Result<Self, FormError> {
        text.parse()
    }

    fn show(&self) -> String {
        let join = |list: Vec<String>| list.join(",");
        match self {
            Self::All => "all".into(),
            Self::Nth { which, last } => {
                let which = which.iter().map(u8::to_string);
                format!("nth:{}", join(which.chain(last.then(|| "last".into())).collect()))
            }
            Self::IsoOdd => "iso:odd".into(),
            Self::IsoEven => "iso:even".into(),
            Self::Cycle { which, length } => {
                format!("cycle:{}/{length}", join(which.iter().map(u32::to_string).collect()))
            }
        }
    }
}

macro_rules! from_str_cells {
    ($($name:ty),* $(,)?) => {$(impl Cell for $name {
        fn parse(text: &str) -> Result<Self, FormError> {
            text.parse()
        }

        fn show(&self) -> String {
            self.to_string()
        }
    })*};
}
from_str_cells! {
    Clock, Nation, Priority, Firmness, Instrument, OnCallKind, BankHolidayPolicy, ChangeKind, PinKind,
}

/// The text of a cell that may be empty.
pub(crate) fn show<T: Cell>(value: &Option<T>) -> String {
    value.as_ref().map(Cell::show).unwrap_or_default()
}

/// The text of a whole number that may be absent.
pub(crate) fn number<T: Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Whether a spreadsheet would take a cell of CSV for a formula, apostrophes before it left aside.
fn is_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Free text as a cell of CSV: what would be taken for a formula gets an apostrophe before it, which
/// [`plain_text`] takes away again. Not for numbers, nor for codes, which other programs compare.
/// Source: OWASP, CSV Injection.
pub(crate) fn text_cell(text: &str) -> Cow<'_, str> {
    if is_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that a cell of free text stands for: without the apostrophe of [`text_cell`].
pub(crate) fn plain_text(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_like_formula(rest)).unwrap_or(cell)
}

/// A text without blanks, non-breaking spaces and byte-order marks around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// The longest text that a message repeats, in characters.
const SHOWN: usize = 60;

/// A text short enough for a message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back() {
        fn holds<T: Cell + PartialEq>(text: &str) {
            let value = T::parse(text);
            assert_eq!(value.as_ref().map(Cell::show).as_deref(), Ok(text));
            assert!(value.is_ok_and(|value| T::parse(&value.show()) == Ok(value)), "{text}");
        }
        for text in
            ["all", "nth:1,3", "nth:last", "nth:2,last", "iso:odd", "iso:even", "cycle:1,3/4"]
        {
            holds::<WeekPattern>(text);
        }
        holds::<WorkingDays>("M-WT-S-");
        holds::<Part>("pm");
        holds::<Weekday>("sunday");
        holds::<Date>("2027-03-02");
        holds::<Clock>("09:05");
        holds::<Instrument>("licence-to-attend");
    }

    #[test]
    fn what_is_like_a_formula_is_text_and_comes_back() {
        for text in ["=1+1", "+44", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x"] {
            let cell = text_cell(text);
            assert!(cell.starts_with('\''), "{text:?}");
            assert_eq!(plain_text(&cell), text);
        }
        for text in ["O'Neil", "'t Hooft", "", "'"] {
            assert_eq!((text_cell(text).as_ref(), plain_text(text)), (text, text));
        }
    }

    #[test]
    fn blanks_of_all_kinds_go() {
        assert_eq!(trim("\u{a0} RN7\u{a0}\t"), "RN7");
        assert_eq!(shorten(&"é".repeat(70)).chars().count(), 61);
    }
}
