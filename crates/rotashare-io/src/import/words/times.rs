//! Times of day, and ranges of them, as exports write them.

use rotashare_core::time::{Clock, FormError};

const REMEDY: &str = "write it as 09:00";

/// Reads a time: `09:00`, `0900`, `9am`, `9.30 pm`, `09:00:00`, `noon`, or a spreadsheet's fraction of a
/// day (`0.375`).
pub(in crate::import) fn clock(text: &str) -> Result<Clock, FormError> {
    let wrong = || FormError::new(format!("{text:?} is not a time of day"), REMEDY);
    if let Ok(clock) = text.parse() {
        return Ok(clock);
    }
    let lower = text.to_lowercase().replace(' ', "");
    match lower.as_str() {
        "noon" | "midday" | "12noon" => return Clock::new(12, 0).ok_or_else(wrong),
        "midnight" => return Ok(Clock::MIDNIGHT),
        _ => {}
    }
    // A date that goes with it says nothing here.
    if let Some((day, time)) = text.split_once([' ', 'T'])
        && day.contains(['-', '/'])
    {
        return clock(time);
    }
    if let Some(fraction) = lower.strip_prefix("0.") {
        return of_day(text, fraction);
    }
    let lower = lower.replace("a.m", "am").replace("p.m", "pm");
    let lower = lower.trim_end_matches('.');
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (lower.trim_end_matches("hrs").trim_end_matches('h'), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() >= 2 => (hour, minute.split(':').next().unwrap_or("")),
        Some(_) => return Err(wrong()),
        None if digits.is_ascii() && digits.len() > 2 => digits.split_at(digits.len() - 2),
        // A bare 9 might be anything.
        None if half.is_none() => return Err(wrong()),
        None => (digits, "00"),
    };
    let number = |part: &str| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u16>().ok()).flatten().ok_or_else(wrong)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return Err(wrong()),
        None => hour,
    };
    Clock::new(hour, minute).ok_or_else(wrong)
}

/// A fraction of a day. `0.30` may be half past midnight as well: that is not for us to say.
fn of_day(text: &str, fraction: &str) -> Result<Clock, FormError> {
    let wrong = || FormError::new(format!("{text:?} is not a time of day"), REMEDY);
    if fraction.len() == 2 && !matches!(fraction, "25" | "50" | "75") {
        let problem = format!("{text:?} may be a time or a fraction of a day");
        return Err(FormError::new(problem, REMEDY));
    }
    let value: f64 = text.trim().parse().map_err(|_| wrong())?;
    let minutes = (value * 1440.0).round();
    if (value * 1440.0 - minutes).abs() > 0.02 {
        return Err(wrong());
    }
    let minutes = minutes as u16;
    Clock::new(minutes / 60, minutes % 60).ok_or_else(wrong)
}

/// Reads two times with `-`, `–` or `to` between: `09:00-12:30`, `9am to 12.30pm`.
pub(in crate::import) fn range(text: &str) -> Result<(Clock, Clock), FormError> {
    let wrong = || {
        let problem = format!("{text:?} is not a time to a time");
        FormError::new(problem, "write it as 09:00-12:30")
    };
    let lower = text.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-");
    let (start, end) = lower.split_once('-').ok_or_else(wrong)?;
    let (start, end) = (start.trim(), end.trim());
    let end_clock = clock(end).map_err(|_| wrong())?;
    // `9-12.30pm` and `9:00 - 12:30`: a bare hour before an end that has am or pm.
    let start_clock = match clock(start) {
        Ok(start) => start,
        Err(_) if end.ends_with('m') => {
            let am = clock(&format!("{start}am")).map_err(|_| wrong())?;
            let pm = clock(&format!("{start}pm")).map_err(|_| wrong())?;
            if pm < end_clock { pm } else { am }
        }
        Err(_) => return Err(wrong()),
    };
    Ok((start_clock, end_clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_usual_form() {
        for (text, time) in [
            ("09:00", "09:00"),
            ("0900", "09:00"),
            ("9am", "09:00"),
            ("9 AM", "09:00"),
            ("9.30 p.m.", "21:30"),
            ("12:15 am", "00:15"),
            ("12pm", "12:00"),
            ("9.05", "09:05"),
            ("13:30:00", "13:30"),
            ("0900hrs", "09:00"),
            ("0.375", "09:00"),
            ("0.5", "12:00"),
            ("0.5694444444", "13:40"),
            ("2027-03-02 17:00", "17:00"),
            ("noon", "12:00"),
        ] {
            assert_eq!(clock(text).map(|clock| clock.to_string()), Ok(time.into()), "{text}");
        }
        for text in [
            "9",
            "25:00",
            "20270302",
            "siân",
            "11 records",
            "0.30",
            "13pm",
            "9:5",
            "am",
            "soon",
            "0.37512",
            "",
        ] {
            assert!(clock(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ranges() {
        for (text, start, end) in [
            ("09:00-12:30", "09:00", "12:30"),
            ("9am to 12.30pm", "09:00", "12:30"),
            ("1–4pm", "13:00", "16:00"),
            ("9-12.30pm", "09:00", "12:30"),
            ("1330 - 1730", "13:30", "17:30"),
        ] {
            let read = range(text).map(|(a, b)| (a.to_string(), b.to_string()));
            assert_eq!(read, Ok((start.into(), end.into())), "{text}");
        }
        assert!(range("9-5").is_err());
        assert!(range("all day").is_err());
    }
}
