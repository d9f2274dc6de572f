//! Agreements between boards, and what the lender keeps at home.

use crate::ids::{SiteId, SpecialtyId, TrustId};
use crate::time::{Date, HalfDay, Part, Validity, Weekday};
use crate::values::{Hundredths, Pence, round_div};

/// An agreement by which a lender's consultants do sessions at a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub(crate) code: String,
    pub(crate) lender: TrustId,
    pub(crate) host: TrustId,
    pub(crate) specialty: Option<SpecialtyId>,
    pub(crate) min_sessions: Option<u32>,
    pub(crate) max_sessions: Option<u32>,
    pub(crate) price: Pence,
    pub(crate) mileage: Hundredths,
    pub(crate) max_cost: Option<Pence>,
    pub(crate) valid: Validity,
}

/// Hundredths of a mile at hundredths of a penny come to so many a penny.
const A_PENNY: i64 = 10_000;

impl Agreement {
    /// Code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Who lends.
    #[must_use]
    pub fn lender(&self) -> TrustId {
        self.lender
    }

    /// Who hosts.
    #[must_use]
    pub fn host(&self) -> TrustId {
        self.host
    }

    /// Only that specialty.
    #[must_use]
    pub fn specialty(&self) -> Option<SpecialtyId> {
        self.specialty
    }

    /// The least sessions in the horizon.
    #[must_use]
    pub fn min_sessions(&self) -> Option<u32> {
        self.min_sessions
    }

    /// The most sessions in the horizon.
    #[must_use]
    pub fn max_sessions(&self) -> Option<u32> {
        self.max_sessions
    }

    /// The price of a session.
    #[must_use]
    pub fn price(&self) -> Pence {
        self.price
    }

    /// Hundredths of a penny a mile.
    #[must_use]
    pub fn mileage(&self) -> Hundredths {
        self.mileage
    }

    /// The most that it may cost in the horizon.
    #[must_use]
    pub fn max_cost(&self) -> Option<Pence> {
        self.max_cost
    }

    /// When it holds.
    #[must_use]
    pub fn valid(&self) -> Validity {
        self.valid
    }

    /// Whether a session of a lender's consultant at a host falls under it.
    #[must_use]
    pub fn covers(
        &self,
        lender: TrustId,
        host: TrustId,
        specialty: SpecialtyId,
        day: Date,
    ) -> bool {
        self.lender == lender
            && self.host == host
            && self.specialty.is_none_or(|only| only == specialty)
            && self.valid.contains(day)
    }

    /// The cost of one session with so many miles there and back, rounded to the penny.
    #[must_use]
    pub fn session_cost(&self, miles: Hundredths) -> Pence {
        Pence(round_div(self.exact_cost(miles), A_PENNY))
    }

    /// The same, rounded to the pound.
    #[must_use]
    pub fn session_pounds(&self, miles: Hundredths) -> i64 {
        round_div(self.exact_cost(miles), 100 * A_PENNY)
    }

    fn exact_cost(&self, miles: Hundredths) -> i64 {
        let mileage = miles.0.saturating_mul(self.mileage.0);
        self.price.0.saturating_mul(A_PENNY).saturating_add(mileage)
    }
}

/// How many consultants of a specialty a lender keeps on base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cover {
    /// Lender.
    pub trust: TrustId,
    /// Treatment function.
    pub specialty: SpecialtyId,
    /// How many stay.
    pub keep_on_base: u32,
    /// Only that day; 0 is Monday.
    pub weekday: Option<u8>,
    /// Only that part.
    pub part: Part,
    /// Only those based there.
    pub site: Option<SiteId>,
}

impl Cover {
    /// Whether it asks for anything in a half-day.
    #[must_use]
    pub fn holds_in(&self, day: Date, half: HalfDay) -> bool {
        let offset = day.weekday().to_monday_zero_offset().unsigned_abs();
        self.weekday.is_none_or(|only| only == offset) && self.part.covers(half)
    }

    /// A weekday as it is kept here.
    #[must_use]
    pub fn offset(weekday: Weekday) -> u8 {
        weekday.to_monday_zero_offset().unsigned_abs()
    }
}
