//! What an export shows that the rules know and this crate does not: handed over as plain facts.

use rotashare_core::ids::{ConsultantId, SessionId, SiteId, SpecialtyId, TrustId};
use rotashare_core::points::Points;
use rotashare_core::rota::Place;
use rotashare_core::time::{Clock, Date, HalfDay};

/// What the rules say of a rota.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The date of the run.
    pub today: Date,
    /// Places dated before this day are inside the notice period; `None` where there is no such rule.
    pub notice_until: Option<Date>,
    /// Minutes kept free between a duty and a session at another site, besides the travel.
    pub slack_minutes: i32,
    /// Points by term, in the order in which they are shown.
    pub points: Vec<(String, Points)>,
    /// Every broken rule.
    pub breaches: Vec<Broken>,
    /// Why each consultant of the specialty is not in an empty place, in order of places.
    pub gaps: Vec<GapReason>,
    /// The drawbridge: each half-day on which a lender keeps anybody on base.
    pub cover: Vec<CoverHalfDay>,
    /// What differs from the last version, where there is one.
    pub changes: Option<Vec<Change>>,
}

impl Facts {
    /// Nothing but the date of the run.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self {
            today,
            notice_until: None,
            slack_minutes: 0,
            points: Vec::new(),
            breaches: Vec::new(),
            gaps: Vec::new(),
            cover: Vec::new(),
            changes: None,
        }
    }
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule's id.
    pub rule: String,
    /// Who breaks it, where it concerns one person.
    pub consultant: Option<ConsultantId>,
    /// The sessions that break it together.
    pub sessions: Vec<SessionId>,
    /// In a manager's words.
    pub detail: String,
}

/// Why a consultant is not in an empty place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapReason {
    /// Which place.
    pub place: Place,
    /// Who.
    pub consultant: ConsultantId,
    /// A rule's id, or `needed-elsewhere`.
    pub rule: String,
    /// In a manager's words.
    pub detail: String,
}

/// What the drawbridge asks of a half-day, and what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverHalfDay {
    /// Lender.
    pub trust: TrustId,
    /// Treatment function.
    pub specialty: SpecialtyId,
    /// Only those based there.
    pub site: Option<SiteId>,
    /// Date.
    pub day: Date,
    /// Morning or afternoon.
    pub half: HalfDay,
    /// How many are to stay.
    pub keep: u32,
    /// How many are at work.
    pub at_work: u32,
    /// How many of them are away.
    pub away: u32,
}

impl CoverHalfDay {
    /// How many stay on base.
    #[must_use]
    pub fn on_base(&self) -> u32 {
        self.at_work.saturating_sub(self.away)
    }

    /// How many more stay than must: negative where the drawbridge is down too far. Where fewer are at
    /// work than must stay, only those who are can be missed.
    #[must_use]
    pub fn spare(&self) -> i64 {
        i64::from(self.on_base()) - i64::from(self.keep.min(self.at_work))
    }
}

/// A place that differs from the last version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Id of the session, which may be gone.
    pub session: String,
    /// Place, from 1.
    pub place: u32,
    /// `added`, `removed`, `filled`, `emptied`, `reassigned` or `moved`.
    pub kind: String,
    /// Date, where known.
    pub date: Option<Date>,
    /// Start, where known.
    pub start: Option<Clock>,
    /// Code of the site, where known.
    pub site: Option<String>,
    /// Code of the consultant who had it.
    pub before: Option<String>,
    /// Code of the consultant who has it.
    pub after: Option<String>,
}
