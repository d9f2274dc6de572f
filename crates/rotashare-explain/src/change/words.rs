//! Changes in words: for people, and exactly as they are written into the files.

use rotashare_core::draft::Draft;
use rotashare_core::time::{Date, HalfDay, Validity, Weekday, in_words, weekday_name};
use rotashare_core::values::{Instrument, OnCallKind, Pence, write_decimal};

use super::Change;
use crate::case::Case;

impl Change {
    /// What to write into the file, exactly.
    #[must_use]
    pub fn edit(&self, draft: &Draft) -> String {
        let at = self.line(draft).map_or("a new line".to_owned(), |line| format!("line {line}"));
        let what = match self {
            Self::ExtendAuthorisation { row, valid } => {
                let row = draft.authorisations.as_ref().and_then(|rows| rows.get(*row));
                dates(row.map(|row| row.valid), *valid)
            }
            Self::ExtendAccreditation { row, valid } => {
                dates(draft.accreditations.get(*row).map(|row| row.valid), *valid)
            }
            Self::ExtendAgreement { row, valid } => {
                let row = draft.agreements.as_ref().and_then(|rows| rows.get(*row));
                dates(row.map(|row| row.valid), *valid)
            }
            Self::GrantAuthorisation { consultant, trust, specialty, valid } => format!(
                "consultant {consultant}, trust {trust}, specialty {specialty}, instrument \
                 honorary-contract, {}",
                dates(None, *valid)
            ),
            Self::AwayDays { to, .. } => format!("max_away_days_per_week {to}"),
            Self::Hours { to, .. } => format!("max_hours {}", hours(*to)),
            Self::OneFewerOnBase { row, weekday, half } => {
                let keep = draft.cover.as_ref().and_then(|rows| rows.get(*row));
                let keep = keep.map_or(0, |row| row.keep_on_base);
                format!(
                    "keep_on_base {} with weekday {} and part {half}, and {keep} in lines for the \
                     other half-days that it covers",
                    keep.saturating_sub(1),
                    weekday_name(*weekday)
                )
            }
            Self::ReleaseDuty { date, .. } => format!(
                "firmness movable with valid_from and valid_to {date}, and as before in lines for \
                 the dates before and after"
            ),
            Self::RaiseAgreement { max_sessions, max_cost, .. } => {
                let sessions = max_sessions.map(|most| format!("max_sessions {most}"));
                let cost = max_cost.map(|most| format!("max_cost {}", write_decimal(most.0, 2)));
                sessions.into_iter().chain(cost).collect::<Vec<_>>().join(", ")
            }
            Self::SwapOnCall { row, other } => {
                let rows = draft.on_call.as_deref().unwrap_or_default();
                let (Some(one), Some(two)) = (rows.get(*row), rows.get(*other)) else {
                    return String::new();
                };
                format!(
                    "consultant {}, and line {}: consultant {}",
                    two.consultant, two.line, one.consultant
                )
            }
            Self::HandOver { session, from, to } => format!(
                "session {session}, consultant {from}, pin no; and another: session {session}, \
                 consultant {to}, pin yes"
            ),
        };
        format!("{}, {at}: {what}", self.table().file_name())
    }

    /// What to do, in a manager's words.
    #[must_use]
    pub fn words(&self, case: &Case) -> String {
        let draft = case.draft();
        let specialty = |code: &str| {
            let mut all = case.network().specialties().iter();
            let found = all.find(|one| one.code() == code);
            found.map_or_else(|| code.to_owned(), |one| one.name().to_owned())
        };
        let name = |code: &str| name(draft, code);
        let person = |row: &usize| {
            draft.consultants.get(*row).map(|row| name(&row.consultant)).unwrap_or_default()
        };
        match self {
            Self::ExtendAuthorisation { row, valid } => {
                let rows = draft.authorisations.as_deref().unwrap_or_default();
                let Some(row) = rows.get(*row) else { return String::new() };
                let (until, what) = (until(*valid), instrument(row.instrument));
                format!("renew {}'s {what} at {}{until}", name(&row.consultant), row.trust)
            }
            Self::ExtendAccreditation { row, valid } => {
                let Some(row) = draft.accreditations.get(*row) else { return String::new() };
                let sub = row.subspecialty.as_deref().map(|sub| format!(" ({sub})"));
                format!(
                    "renew {}'s accreditation for {}{}{}",
                    name(&row.consultant),
                    specialty(&row.specialty),
                    sub.unwrap_or_default(),
                    until(*valid)
                )
            }
            Self::ExtendAgreement { row, valid } => {
                let rows = draft.agreements.as_deref().unwrap_or_default();
                let Some(row) = rows.get(*row) else { return String::new() };
                format!(
                    "extend agreement {} ({} to {}){}",
                    row.agreement,
                    row.lender,
                    row.host,
                    until(*valid)
                )
            }
            Self::GrantAuthorisation { consultant, trust, specialty: code, .. } => format!(
                "give {} an honorary contract at {trust} for {}",
                name(consultant),
                specialty(code)
            ),
            Self::AwayDays { row, from, to } => {
                format!("let {} be away {to} days a week instead of {from}", person(row))
            }
            Self::Hours { row, to } => {
                let before = draft.consultants.get(*row).and_then(|row| row.max_hours);
                let before = before.map(|minutes| format!(" instead of {}", hours(minutes)));
                format!(
                    "let {} do {} hours of sessions{}",
                    person(row),
                    hours(*to),
                    before.unwrap_or_default()
                )
            }
            Self::OneFewerOnBase { row, weekday, half } => {
                let rows = draft.cover.as_deref().unwrap_or_default();
                let Some(row) = rows.get(*row) else { return String::new() };
                let site = row.site.as_deref().map(|site| format!(" at {site}"));
                let part = if *half == HalfDay::Am { "mornings" } else { "afternoons" };
                format!(
                    "{} keeps one fewer of {} on base{} on {} {part} ({} instead of {})",
                    row.trust,
                    specialty(&row.specialty),
                    site.unwrap_or_default(),
                    title(*weekday),
                    row.keep_on_base.saturating_sub(1),
                    row.keep_on_base
                )
            }
            Self::ReleaseDuty { row, date } => {
                let rows = draft.job_plans.as_deref().unwrap_or_default();
                let Some(row) = rows.get(*row) else { return String::new() };
                let activity = if row.activity.is_empty() { "duty" } else { &row.activity };
                format!(
                    "free {} from {activity} {}–{} on {}",
                    name(&row.consultant),
                    row.start,
                    row.end,
                    in_words(*date)
                )
            }
            Self::RaiseAgreement { row, max_sessions, max_cost } => {
                let rows = draft.agreements.as_deref().unwrap_or_default();
                let Some(row) = rows.get(*row) else { return String::new() };
                let before = row.max_sessions.map_or(0, i64::from);
                let sessions =
                    max_sessions.map(|most| format!("{most} sessions instead of {before}"));
                let pounds = |pence: Pence| write_decimal(pence.0, 2);
                let cost = max_cost.map(|most| {
                    let before = row.max_cost.map(pounds).unwrap_or_default();
                    format!("£{} instead of £{before}", pounds(most))
                });
                let both: Vec<String> = sessions.into_iter().chain(cost).collect();
                format!(
                    "allow {} under agreement {} ({} to {})",
                    both.join(" and "),
                    row.agreement,
                    row.lender,
                    row.host
                )
            }
            Self::SwapOnCall { row, other } => {
                let rows = draft.on_call.as_deref().unwrap_or_default();
                let (Some(one), Some(two)) = (rows.get(*row), rows.get(*other)) else {
                    return String::new();
                };
                let what = if one.kind == OnCallKind::HotWeek { "hot weeks" } else { "on-calls" };
                format!(
                    "swap two {what}: {} takes {}, {} takes {}",
                    name(&two.consultant),
                    stretch(one.from, one.to),
                    name(&one.consultant),
                    stretch(two.from, two.to)
                )
            }
            Self::HandOver { session, from, to } => {
                format!("let {} do {session} instead of {}", name(to), name(from))
            }
        }
    }
}

/// A consultant's name and code.
pub(crate) fn name(draft: &Draft, code: &str) -> String {
    let row = draft.consultants.iter().find(|row| row.consultant == code);
    row.map_or_else(|| code.to_owned(), |row| format!("{} ({code})", row.name))
}

fn hours(minutes: i64) -> String {
    write_decimal(minutes * 100 / 60, 2)
}

fn title(day: Weekday) -> String {
    let name = weekday_name(day);
    format!("{}{}", name[..1].to_uppercase(), &name[1..])
}

fn instrument(instrument: Option<Instrument>) -> &'static str {
    match instrument {
        Some(Instrument::HonoraryContract) => "honorary contract",
        Some(Instrument::LicenceToAttend) => "licence to attend",
        Some(Instrument::Passport) => "passport",
        Some(Instrument::Secondment) => "secondment",
        None => "authority",
    }
}

fn until((_, to): (Option<Date>, Option<Date>)) -> String {
    to.map(|to| format!(" to {}", in_words(to))).unwrap_or_default()
}

/// The dates that are not as they were.
fn dates(before: Option<Validity>, (from, to): (Option<Date>, Option<Date>)) -> String {
    let show = |day: Option<Date>| day.map_or_else(|| "empty".to_owned(), |day| day.to_string());
    let from = Some(from).filter(|from| before.is_none_or(|before| before.from != *from));
    let to = Some(to).filter(|to| before.is_none_or(|before| before.to != *to));
    let from = from.map(|from| format!("valid_from {}", show(from)));
    let to = to.map(|to| format!("valid_to {}", show(to)));
    from.into_iter().chain(to).collect::<Vec<_>>().join(", ")
}

fn stretch(from: Date, to: Date) -> String {
    if from == to { in_words(from) } else { format!("{} to {}", in_words(from), in_words(to)) }
}
