//! Lines of a calendar file: RFC 5545, with no clock and no chance in them.
//!
//! The `icalendar` crate stamps every component, VTIMEZONE too, with the time of writing and a random
//! UID; its parser reads these files in the tests.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Dst, Offset, TimeZone};

use crate::export::text::put;

/// A calendar file under way.
#[derive(Debug)]
pub(super) struct Lines(String);

impl Lines {
    /// Opens a calendar.
    pub(super) fn calendar(name: &str) -> Self {
        let mut lines = Self(String::new());
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//rotashare//rota//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
        ] {
            lines.raw(line);
        }
        lines.text("NAME", name);
        lines.text("X-WR-CALNAME", name);
        lines
    }

    /// A line as it is.
    pub(super) fn raw(&mut self, line: &str) {
        // A line has at most 75 octets; what follows begins with a blank (section 3.1).
        let mut rest = line;
        let mut most = 75;
        while rest.len() > most {
            let mut cut = most;
            while !rest.is_char_boundary(cut) {
                cut -= 1;
            }
            let (head, tail) = rest.split_at(cut);
            self.0.push_str(head);
            self.0.push_str("\r\n ");
            rest = tail;
            most = 74;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    /// A line whose value is text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        for letter in value.chars() {
            match letter {
                '\\' => line.push_str("\\\\"),
                ';' => line.push_str("\\;"),
                ',' => line.push_str("\\,"),
                '\n' => line.push_str("\\n"),
                other if other.is_control() => {}
                other => line.push(other),
            }
        }
        self.raw(&line);
    }

    /// The time zone of the events, with its changes from a year before the first to a year after the
    /// last.
    pub(super) fn zone(&mut self, name: &str, first: DateTime, last: DateTime) {
        if name == "Europe/London" {
            LONDON.lines().for_each(|line| self.raw(line));
            return;
        }
        self.raw("BEGIN:VTIMEZONE");
        self.raw(&format!("TZID:{name}"));
        let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
        let stamp = |at: DateTime, years: i64| {
            let year = 365 * 24 * 3600;
            let at = Offset::UTC.to_timestamp(at).map_or(0, Timestamp::as_second);
            Timestamp::from_second(at + years * year).unwrap_or(Timestamp::UNIX_EPOCH)
        };
        let (from, until) = (stamp(first, -1), stamp(last, 1));
        let before = zone.to_offset_info(from);
        let mut offset = before.offset();
        self.observance(before.dst() == Dst::Yes, from, offset, offset);
        for change in zone.following(from).take_while(|change| change.timestamp() <= until) {
            self.observance(change.dst() == Dst::Yes, change.timestamp(), offset, change.offset());
            offset = change.offset();
        }
        self.raw("END:VTIMEZONE");
    }

    fn observance(&mut self, is_summer: bool, at: Timestamp, from: Offset, to: Offset) {
        let kind = if is_summer { "DAYLIGHT" } else { "STANDARD" };
        let offset = |offset: Offset| {
            let seconds = offset.seconds();
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.abs() / 60;
            format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
        };
        self.raw(&format!("BEGIN:{kind}"));
        self.raw(&format!("DTSTART:{}", stamp(from.to_datetime(at))));
        self.raw(&format!("TZOFFSETFROM:{}", offset(from)));
        self.raw(&format!("TZOFFSETTO:{}", offset(to)));
        self.raw(&format!("END:{kind}"));
    }

    /// Closes the calendar.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.raw("END:VCALENDAR");
        self.0.into_bytes()
    }
}

/// `20270302T090000`
pub(super) fn stamp(at: DateTime) -> String {
    let mut text = String::new();
    put!(text, "{:04}{:02}{:02}", at.year(), at.month(), at.day());
    put!(text, "T{:02}{:02}{:02}", at.hour(), at.minute(), at.second());
    text
}

/// Summer time in the United Kingdom as since 1996: from 01:00 UTC on the last Sunday of March to the
/// last of October (Directive 2000/84/EC, kept by the Summer Time Order 2002).
const LONDON: &str = "\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE";

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn lines_are_folded_between_letters_and_text_is_escaped() {
        let mut lines = Lines(String::new());
        lines.text("SUMMARY", &format!("a,b;c\\d\r\ne{}", "é".repeat(100)));
        let text = &lines.0;
        assert!(text.starts_with("SUMMARY:a\\,b\\;c\\\\d\\neé"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").matches('é').count(), 100);
    }

    #[test]
    fn other_zones_have_their_changes() {
        let mut lines = Lines(String::new());
        let day = date(2027, 3, 1).at(9, 0, 0, 0);
        lines.zone("Europe/Dublin", day, day);
        assert!(
            lines.0.contains("DTSTART:20270328T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100")
        );
    }
}
