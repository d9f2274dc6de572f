//! Changes to a dataset that could fill a place, each exactly a change of the files.

use rotashare_core::draft::{AuthorisationRow, CoverRow, Draft};
use rotashare_core::fault::Table;
use rotashare_core::time::{
    Date, HalfDay, Part, Validity, WEEKDAYS, Weekday, days_after, in_words, weekday_name,
};
use rotashare_core::values::{Firmness, Instrument, Pence, write_decimal};

use crate::case::Case;

/// A change to the files of a dataset. Rows are counted from 0 in the order of their file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// A row of `authorisations.csv` holds for longer.
    ExtendAuthorisation {
        /// Which row.
        row: usize,
        /// First and last day.
        valid: (Option<Date>, Option<Date>),
    },
    /// A row of `accreditations.csv` holds for longer.
    ExtendAccreditation {
        /// Which row.
        row: usize,
        /// First and last day.
        valid: (Option<Date>, Option<Date>),
    },
    /// A row of `agreements.csv` holds for longer.
    ExtendAgreement {
        /// Which row.
        row: usize,
        /// First and last day.
        valid: (Option<Date>, Option<Date>),
    },
    /// A new row of `authorisations.csv`: an honorary contract for a specialty.
    GrantAuthorisation {
        /// Who.
        consultant: String,
        /// Host.
        trust: String,
        /// Treatment function.
        specialty: String,
        /// First and last day.
        valid: (Option<Date>, Option<Date>),
    },
    /// `max_away_days_per_week` of a row of `consultants.csv`.
    AwayDays {
        /// Which row.
        row: usize,
        /// What held before, by the row or the rule.
        from: u32,
        /// Away days a week.
        to: u32,
    },
    /// `max_hours` of a row of `consultants.csv`.
    Hours {
        /// Which row.
        row: usize,
        /// In minutes.
        to: i64,
    },
    /// One fewer of a row of `cover.csv` on one half-day of the week; the row is split.
    OneFewerOnBase {
        /// Which row.
        row: usize,
        /// On this day.
        weekday: Weekday,
        /// In this half of it.
        half: HalfDay,
    },
    /// A fixed duty of `job_plans.csv` may give way on one date; the row is split.
    ReleaseDuty {
        /// Which row.
        row: usize,
        /// When.
        date: Date,
    },
    /// More sessions or a higher cost in a row of `agreements.csv`.
    RaiseAgreement {
        /// Which row.
        row: usize,
        /// `max_sessions`, where it changes.
        max_sessions: Option<u32>,
        /// `max_cost`, where it changes.
        max_cost: Option<Pence>,
    },
}

fn validity((from, to): (Option<Date>, Option<Date>)) -> Validity {
    Validity { from, to }
}

impl Change {
    /// Makes the change. A row that is not there changes nothing.
    pub fn apply(&self, draft: &mut Draft) {
        match self {
            Self::ExtendAuthorisation { row, valid } => {
                if let Some(row) = draft.authorisations.as_mut().and_then(|rows| rows.get_mut(*row))
                {
                    row.valid = validity(*valid);
                }
            }
            Self::ExtendAccreditation { row, valid } => {
                if let Some(row) = draft.accreditations.get_mut(*row) {
                    row.valid = validity(*valid);
                }
            }
            Self::ExtendAgreement { row, valid } => {
                if let Some(row) = draft.agreements.as_mut().and_then(|rows| rows.get_mut(*row)) {
                    row.valid = validity(*valid);
                }
            }
            Self::GrantAuthorisation { consultant, trust, specialty, valid } => {
                let rows = draft.authorisations.get_or_insert_default();
                rows.push(AuthorisationRow {
                    line: next_line(rows.last().map(|row| row.line)),
                    consultant: consultant.clone(),
                    trust: trust.clone(),
                    site: None,
                    specialty: Some(specialty.clone()),
                    instrument: Some(Instrument::HonoraryContract),
                    valid: validity(*valid),
                });
            }
            Self::AwayDays { row, to, .. } => {
                if let Some(row) = draft.consultants.get_mut(*row) {
                    row.max_away_days_per_week = Some(*to);
                }
            }
            Self::Hours { row, to } => {
                if let Some(row) = draft.consultants.get_mut(*row) {
                    row.max_hours = Some(*to);
                }
            }
            Self::OneFewerOnBase { row, weekday, half } => {
                if let Some(rows) = &mut draft.cover
                    && *row < rows.len()
                {
                    let old = rows.remove(*row);
                    rows.extend(one_fewer(&old, *weekday, *half));
                }
            }
            Self::ReleaseDuty { row, date } => {
                if let Some(rows) = &mut draft.job_plans
                    && let Some(old) = rows.get(*row).cloned()
                {
                    let stretch = |from, to| Validity { from, to };
                    let (mut before, mut after) = (old.clone(), old.clone());
                    before.valid = stretch(old.valid.from, Some(days_after(*date, -1)));
                    after.valid = stretch(Some(days_after(*date, 1)), old.valid.to);
                    rows[*row].valid = stretch(Some(*date), Some(*date));
                    rows[*row].firmness = Firmness::Movable;
                    rows.extend([before, after].into_iter().filter(|row| {
                        row.valid.from.zip(row.valid.to).is_none_or(|(from, to)| from <= to)
                    }));
                }
            }
            Self::RaiseAgreement { row, max_sessions, max_cost } => {
                if let Some(row) = draft.agreements.as_mut().and_then(|rows| rows.get_mut(*row)) {
                    row.max_sessions = max_sessions.or(row.max_sessions);
                    row.max_cost = max_cost.or(row.max_cost);
                }
            }
        }
    }

    /// The file that it changes.
    #[must_use]
    pub fn table(&self) -> Table {
        match self {
            Self::ExtendAuthorisation { .. } | Self::GrantAuthorisation { .. } => {
                Table::Authorisations
            }
            Self::ExtendAccreditation { .. } => Table::Accreditations,
            Self::ExtendAgreement { .. } | Self::RaiseAgreement { .. } => Table::Agreements,
            Self::AwayDays { .. } | Self::Hours { .. } => Table::Consultants,
            Self::OneFewerOnBase { .. } => Table::Cover,
            Self::ReleaseDuty { .. } => Table::JobPlans,
        }
    }

    /// The line that it changes; `None` where it adds one.
    #[must_use]
    pub fn line(&self, draft: &Draft) -> Option<u32> {
        match self {
            Self::ExtendAuthorisation { row, .. } => {
                draft.authorisations.as_ref()?.get(*row).map(|row| row.line)
            }
            Self::ExtendAccreditation { row, .. } => {
                draft.accreditations.get(*row).map(|row| row.line)
            }
            Self::ExtendAgreement { row, .. } | Self::RaiseAgreement { row, .. } => {
                draft.agreements.as_ref()?.get(*row).map(|row| row.line)
            }
            Self::AwayDays { row, .. } | Self::Hours { row, .. } => {
                draft.consultants.get(*row).map(|row| row.line)
            }
            Self::OneFewerOnBase { row, .. } => draft.cover.as_ref()?.get(*row).map(|row| row.line),
            Self::ReleaseDuty { row, .. } => {
                draft.job_plans.as_ref()?.get(*row).map(|row| row.line)
            }
            Self::GrantAuthorisation { .. } => None,
        }
    }

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
        }
    }

    /// How much it asks, roughly, in whole numbers: a paper signed is less than a clinic moved, and that
    /// less than more work for somebody.
    #[must_use]
    pub fn size(&self, draft: &Draft) -> u32 {
        match self {
            Self::ExtendAuthorisation { .. }
            | Self::ExtendAccreditation { .. }
            | Self::ExtendAgreement { .. } => 1,
            Self::RaiseAgreement { row, max_sessions, .. } => {
                let rows = draft.agreements.as_deref().unwrap_or_default();
                let before = rows.get(*row).and_then(|row| row.max_sessions).unwrap_or(0);
                1 + max_sessions.map_or(1, |most| most.saturating_sub(before))
            }
            Self::ReleaseDuty { .. } | Self::GrantAuthorisation { .. } => 3,
            Self::AwayDays { .. } | Self::OneFewerOnBase { .. } => 4,
            Self::Hours { row, to } => {
                let before = draft.consultants.get(*row).and_then(|row| row.max_hours).unwrap_or(0);
                2 + u32::try_from((to - before).max(0) / 120).unwrap_or(u32::MAX / 2)
            }
        }
    }

    /// The consultant whom it concerns, where it concerns one.
    #[must_use]
    pub fn consultant<'a>(&'a self, draft: &'a Draft) -> Option<&'a str> {
        match self {
            Self::ExtendAuthorisation { row, .. } => {
                draft.authorisations.as_ref()?.get(*row).map(|row| row.consultant.as_str())
            }
            Self::ExtendAccreditation { row, .. } => {
                draft.accreditations.get(*row).map(|row| row.consultant.as_str())
            }
            Self::GrantAuthorisation { consultant, .. } => Some(consultant),
            Self::AwayDays { row, .. } | Self::Hours { row, .. } => {
                draft.consultants.get(*row).map(|row| row.consultant.as_str())
            }
            Self::ReleaseDuty { row, .. } => {
                draft.job_plans.as_ref()?.get(*row).map(|row| row.consultant.as_str())
            }
            Self::ExtendAgreement { .. }
            | Self::RaiseAgreement { .. }
            | Self::OneFewerOnBase { .. } => None,
        }
    }

    /// The trusts that have a say in it beside the employer, or (where it concerns no single consultant)
    /// at all.
    #[must_use]
    pub fn parties<'a>(&'a self, draft: &'a Draft) -> Vec<&'a str> {
        let agreement = |row: &usize| {
            let row = draft.agreements.as_ref().and_then(|rows| rows.get(*row));
            row.map(|row| vec![row.lender.as_str(), row.host.as_str()]).unwrap_or_default()
        };
        match self {
            Self::ExtendAuthorisation { row, .. } => {
                let row = draft.authorisations.as_ref().and_then(|rows| rows.get(*row));
                row.map(|row| row.trust.as_str()).into_iter().collect()
            }
            Self::GrantAuthorisation { trust, .. } => vec![trust],
            Self::ExtendAgreement { row, .. } | Self::RaiseAgreement { row, .. } => agreement(row),
            Self::OneFewerOnBase { row, .. } => {
                let row = draft.cover.as_ref().and_then(|rows| rows.get(*row));
                row.map(|row| row.trust.as_str()).into_iter().collect()
            }
            Self::ExtendAccreditation { .. }
            | Self::AwayDays { .. }
            | Self::Hours { .. }
            | Self::ReleaseDuty { .. } => Vec::new(),
        }
    }
}

/// The rows that ask together what one did, but one fewer in one half-day of the week.
fn one_fewer(old: &CoverRow, weekday: Weekday, half: HalfDay) -> Vec<CoverRow> {
    let mut rows = Vec::new();
    for day in WEEKDAYS.into_iter().filter(|day| old.weekday.is_none_or(|only| only == *day)) {
        if day != weekday {
            rows.push(CoverRow { weekday: Some(day), ..old.clone() });
            continue;
        }
        for (one, part) in [(HalfDay::Am, Part::Am), (HalfDay::Pm, Part::Pm)] {
            if old.part.covers(one) {
                let keep =
                    if one == half { old.keep_on_base.saturating_sub(1) } else { old.keep_on_base };
                rows.push(CoverRow { weekday: Some(day), part, keep_on_base: keep, ..old.clone() });
            }
        }
    }
    rows
}

/// A consultant's name and code.
pub(crate) fn name(draft: &Draft, code: &str) -> String {
    let row = draft.consultants.iter().find(|row| row.consultant == code);
    row.map_or_else(|| code.to_owned(), |row| format!("{} ({code})", row.name))
}

fn next_line(last: Option<u32>) -> u32 {
    last.unwrap_or(1).saturating_add(1)
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
