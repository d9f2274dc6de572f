//! Changes to a dataset that could fill a place, each exactly a change of the files.

mod words;

use rotashare_core::draft::{AuthorisationRow, CoverRow, Draft, PinRow};
use rotashare_core::fault::Table;
use rotashare_core::time::{Date, HalfDay, Part, Validity, WEEKDAYS, Weekday, days_after};
use rotashare_core::values::{Firmness, Instrument, Pence, PinKind};

pub(crate) use words::name;

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
    /// Two consultants take each other's row of `on_call.csv`.
    SwapOnCall {
        /// Whose on-call is in the way.
        row: usize,
        /// Who takes it, giving this one for it.
        other: usize,
    },
    /// Two new rows of `pins.csv`: a session that was given out goes to somebody else.
    HandOver {
        /// Which session.
        session: String,
        /// Who has it.
        from: String,
        /// Who takes it.
        to: String,
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
            Self::SwapOnCall { row, other } => {
                if let Some(rows) = &mut draft.on_call
                    && let (Some(one), Some(two)) = (rows.get(*row), rows.get(*other))
                {
                    let (one, two) = (one.consultant.clone(), two.consultant.clone());
                    (rows[*row].consultant, rows[*other].consultant) = (two, one);
                }
            }
            Self::HandOver { session, from, to } => {
                let rows = draft.pins.get_or_insert_default();
                for (consultant, pin) in [(from, PinKind::No), (to, PinKind::Yes)] {
                    rows.push(PinRow {
                        line: next_line(rows.last().map(|row| row.line)),
                        session: session.clone(),
                        consultant: consultant.clone(),
                        pin,
                    });
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
            Self::SwapOnCall { .. } => Table::OnCall,
            Self::HandOver { .. } => Table::Pins,
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
            Self::SwapOnCall { row, .. } => draft.on_call.as_ref()?.get(*row).map(|row| row.line),
            Self::GrantAuthorisation { .. } | Self::HandOver { .. } => None,
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
            Self::ReleaseDuty { .. }
            | Self::GrantAuthorisation { .. }
            | Self::SwapOnCall { .. }
            | Self::HandOver { .. } => 3,
            Self::AwayDays { .. } | Self::OneFewerOnBase { .. } => 4,
            Self::Hours { row, to } => {
                let before = draft.consultants.get(*row).and_then(|row| row.max_hours).unwrap_or(0);
                2 + u32::try_from((to - before).max(0) / 120).unwrap_or(u32::MAX / 2)
            }
        }
    }

    /// The consultants whom it concerns, where it concerns any one by name.
    #[must_use]
    pub fn consultants<'a>(&'a self, draft: &'a Draft) -> Vec<&'a str> {
        let person = |row: &usize| draft.consultants.get(*row).map(|row| row.consultant.as_str());
        let on_call = |row: &usize| {
            draft.on_call.as_ref().and_then(|rows| rows.get(*row)).map(|r| r.consultant.as_str())
        };
        let one = match self {
            Self::ExtendAuthorisation { row, .. } => {
                let row = draft.authorisations.as_ref().and_then(|rows| rows.get(*row));
                row.map(|row| row.consultant.as_str())
            }
            Self::ExtendAccreditation { row, .. } => {
                draft.accreditations.get(*row).map(|row| row.consultant.as_str())
            }
            Self::GrantAuthorisation { consultant, .. } => Some(consultant.as_str()),
            Self::AwayDays { row, .. } | Self::Hours { row, .. } => person(row),
            Self::ReleaseDuty { row, .. } => {
                let row = draft.job_plans.as_ref().and_then(|rows| rows.get(*row));
                row.map(|row| row.consultant.as_str())
            }
            Self::SwapOnCall { row, other } => {
                return [row, other].into_iter().filter_map(on_call).collect();
            }
            Self::HandOver { from, to, .. } => return vec![from, to],
            Self::ExtendAgreement { .. }
            | Self::RaiseAgreement { .. }
            | Self::OneFewerOnBase { .. } => None,
        };
        one.into_iter().collect()
    }

    /// What an authority that is renewed rests on, where it says.
    pub(crate) fn instrument(&self, draft: &Draft) -> Option<Instrument> {
        let Self::ExtendAuthorisation { row, .. } = self else { return None };
        draft.authorisations.as_ref()?.get(*row)?.instrument
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
            | Self::ReleaseDuty { .. }
            | Self::SwapOnCall { .. }
            | Self::HandOver { .. } => Vec::new(),
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

fn next_line(last: Option<u32>) -> u32 {
    last.unwrap_or(1).saturating_add(1)
}
