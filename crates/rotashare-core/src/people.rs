//! Consultants: what they may do, where, and when they are there.

use crate::ids::{SiteId, SpecialtyId, TrustId};
use crate::time::{Clock, Date, HalfDay, Part, Span, Validity, Weekday, WorkingDays};
use crate::values::{Firmness, Instrument, OnCallKind, Thousandths, WeekPattern};

/// A consultant with everything that is theirs alone. Made by [`crate::network::Network::build`].
#[derive(Clone, Debug, PartialEq)]
pub struct Consultant {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) employer: TrustId,
    pub(crate) base: SiteId,
    pub(crate) fte: Thousandths,
    pub(crate) working_days: WorkingDays,
    pub(crate) target_minutes: Option<i64>,
    pub(crate) max_minutes: Option<i64>,
    pub(crate) max_away_days: Option<u32>,
    pub(crate) active: Validity,
    pub(crate) email: Option<String>,
    pub(crate) accreditations: Vec<Accreditation>,
    pub(crate) authorisations: Vec<Authorisation>,
    pub(crate) duties: Vec<DutyPattern>,
    pub(crate) leave: Vec<Leave>,
    pub(crate) on_call: Vec<OnCall>,
    pub(crate) preferences: Vec<Preference>,
    pub(crate) history: History,
}

impl Consultant {
    /// Code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The trust that employs them.
    #[must_use]
    pub fn employer(&self) -> TrustId {
        self.employer
    }

    /// Base site.
    #[must_use]
    pub fn base(&self) -> SiteId {
        self.base
    }

    /// Whole-time equivalent, over 0.
    #[must_use]
    pub fn fte(&self) -> Thousandths {
        self.fte
    }

    /// Hours of planned sessions aimed at in the horizon, in minutes.
    #[must_use]
    pub fn target_minutes(&self) -> Option<i64> {
        self.target_minutes
    }

    /// The most hours of planned sessions in the horizon, in minutes.
    #[must_use]
    pub fn max_minutes(&self) -> Option<i64> {
        self.max_minutes
    }

    /// The most away days in a week, where they have a number of their own.
    #[must_use]
    pub fn max_away_days(&self) -> Option<u32> {
        self.max_away_days
    }

    /// The dates between which they are there at all.
    #[must_use]
    pub fn active(&self) -> Validity {
        self.active
    }

    /// Address. Not for any output that is not theirs.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// What they are accredited for.
    #[must_use]
    pub fn accreditations(&self) -> &[Accreditation] {
        &self.accreditations
    }

    /// Where they may work as a guest.
    #[must_use]
    pub fn authorisations(&self) -> &[Authorisation] {
        &self.authorisations
    }

    /// The job plan.
    #[must_use]
    pub fn duties(&self) -> &[DutyPattern] {
        &self.duties
    }

    /// Leave.
    #[must_use]
    pub fn leave(&self) -> &[Leave] {
        &self.leave
    }

    /// On-calls and hot weeks.
    #[must_use]
    pub fn on_call(&self) -> &[OnCall] {
        &self.on_call
    }

    /// Likes and dislikes.
    #[must_use]
    pub fn preferences(&self) -> &[Preference] {
        &self.preferences
    }

    /// What they did before the horizon.
    #[must_use]
    pub fn history(&self) -> History {
        self.history
    }

    /// Whether a date is a working day of theirs, leave apart.
    #[must_use]
    pub fn works_on(&self, day: Date) -> bool {
        self.working_days.contains(day.weekday()) && self.active.contains(day)
    }

    /// Leave in a half-day.
    #[must_use]
    pub fn leave_in(&self, day: Date, half: HalfDay) -> Option<&Leave> {
        self.leave.iter().find(|leave| leave.covers(day, half))
    }

    /// Leave in any half-day that a span takes any time of.
    #[must_use]
    pub fn leave_over(&self, span: Span) -> Option<&Leave> {
        if self.leave.is_empty() {
            return None;
        }
        span.half_days().find_map(|(day, half)| self.leave_in(day, half))
    }

    /// Whether leave covers every half-day that a span takes any time of on the date of its start. A
    /// morning of leave leaves the afternoon of a whole day's duty.
    pub(crate) fn on_leave_from(&self, span: Span) -> bool {
        !self.leave.is_empty()
            && span
                .half_days()
                .filter(|(day, _)| *day == span.start().date())
                .all(|(day, half)| self.leave_in(day, half).is_some())
    }

    /// Whether they are at work in a half-day: a working day and no leave.
    #[must_use]
    pub fn at_work(&self, day: Date, half: HalfDay) -> bool {
        self.works_on(day) && self.leave_in(day, half).is_none()
    }

    /// Whether they are accredited for a specialty on a date, whatever the subspecialty.
    #[must_use]
    pub fn has_specialty(&self, specialty: SpecialtyId, day: Date) -> bool {
        self.accreditations.iter().any(|a| a.specialty == specialty && a.valid.contains(day))
    }
}

/// Accreditation for a specialty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accreditation {
    /// Treatment function.
    pub specialty: SpecialtyId,
    /// Subspecialty.
    pub subspecialty: Option<String>,
    /// When.
    pub valid: Validity,
}

/// Authority to work at a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// Host.
    pub trust: TrustId,
    /// Only there.
    pub site: Option<SiteId>,
    /// Only that.
    pub specialty: Option<SpecialtyId>,
    /// What it rests on.
    pub instrument: Option<Instrument>,
    /// When.
    pub valid: Validity,
}

/// A row of a job plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyPattern {
    /// Day.
    pub weekday: Weekday,
    /// Start.
    pub start: Clock,
    /// End.
    pub end: Clock,
    /// Which weeks.
    pub weeks: WeekPattern,
    /// `DCC`, `SPA`, `ANR`, `ED`, `on-call` or any text.
    pub activity: String,
    /// Where.
    pub site: SiteId,
    /// Fixed or movable.
    pub firmness: Firmness,
    /// Programmed activities.
    pub pas: Option<Thousandths>,
    /// When.
    pub valid: Validity,
}

/// A job-plan duty on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty<'a> {
    /// When.
    pub span: Span,
    /// What.
    pub pattern: &'a DutyPattern,
}

/// Leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Part of each day.
    pub part: Part,
    /// Kind; for the employer's eyes only.
    pub kind: Option<String>,
}

impl Leave {
    /// Whether it covers a half-day.
    #[must_use]
    pub fn covers(&self, day: Date, half: HalfDay) -> bool {
        (self.from..=self.to).contains(&day) && self.part.covers(half)
    }
}

/// An on-call or a hot week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnCall {
    /// Which.
    pub kind: OnCallKind,
    /// When.
    pub span: Span,
}

/// A like (negative points) or a dislike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Points.
    pub points: i64,
    /// Only there.
    pub site: Option<SiteId>,
    /// Only that.
    pub specialty: Option<SpecialtyId>,
    /// Only that clinic.
    pub clinic: Option<crate::ids::ClinicId>,
    /// Only that day.
    pub weekday: Option<Weekday>,
    /// Only that part.
    pub part: Part,
}

/// What somebody did before the horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Away days.
    pub away_days: u32,
    /// Minutes worked.
    pub minutes: i64,
    /// Over how many weeks, in thousandths. Both are 0 where one of them is not given.
    pub weeks: i64,
}
