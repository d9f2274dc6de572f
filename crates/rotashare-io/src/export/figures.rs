//! The month's figures, from what a reader may see: coverage, people, travel, cover on base.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::ids::{ConsultantId, SiteId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::time::{Date, monday_of};
use rotashare_core::values::{Priority, Thousandths, round_div};

use super::view::{Line, View};

/// How many places there are and how many somebody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// Places that somebody has.
    pub filled: usize,
    /// All places.
    pub places: usize,
    /// Empty places of sessions that must run.
    pub empty_must: usize,
}

impl Fill {
    /// Empty places.
    #[must_use]
    pub fn empty(&self) -> usize {
        self.places - self.filled
    }

    fn count(&mut self, line: &Line, priority: Priority) {
        self.places += 1;
        self.filled += usize::from(line.who.is_some());
        self.empty_must += usize::from(line.who.is_none() && priority == Priority::Must);
    }
}

/// A consultant's month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Who.
    pub who: ConsultantId,
    /// Sessions.
    pub sessions: usize,
    /// Minutes of sessions.
    pub minutes: i64,
    /// Programmed activities of sessions.
    pub pas: Thousandths,
    /// Dates with a session at another trust's site.
    pub away_days: u32,
    /// Away days before the horizon.
    pub away_before: u32,
    /// Their fair share of the away days of their pool (those before included), in hundredths.
    pub fair_share: i64,
    /// Minutes from base to sites and back, once a date and site.
    pub travel_minutes: i64,
}

impl Month {
    /// Away days less the fair share, in hundredths.
    #[must_use]
    pub fn over_share(&self) -> i64 {
        i64::from(self.away_days + self.away_before) * 100 - self.fair_share
    }
}

/// Coverage of everything, by site, and by specialty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All places.
    pub all: Fill,
    /// By site.
    pub by_site: BTreeMap<SiteId, Fill>,
    /// By specialty.
    pub by_specialty: BTreeMap<SpecialtyId, Fill>,
    /// By site, and there by specialty.
    pub by_both: BTreeMap<(SiteId, SpecialtyId), Fill>,
}

/// Counts coverage at the sites that the reader has a say in.
#[must_use]
pub fn coverage(view: &View<'_>) -> Coverage {
    let mut coverage = Coverage::default();
    for line in view.lines() {
        let session = view.session(line);
        if !view.is_our_site(session.site()) {
            continue;
        }
        let priority = session.priority();
        coverage.all.count(line, priority);
        coverage.by_site.entry(session.site()).or_default().count(line, priority);
        coverage.by_specialty.entry(session.specialty()).or_default().count(line, priority);
        let both = (session.site(), session.specialty());
        coverage.by_both.entry(both).or_default().count(line, priority);
    }
    coverage
}

/// The months of everybody whose own affairs are shown, in order.
///
/// A pool is the consultants of one employer and one first specialty who may be lent: authorised at
/// another trust, or, where the dataset has no authorisations, all of them. The fair share of one is the
/// pool's away days (those before the horizon included) by whole-time equivalent.
#[must_use]
pub fn months(view: &View<'_>) -> Vec<Month> {
    let network = view.network();
    let mut months: Vec<Month> = view.our_people().map(|who| month(view, who)).collect();
    let mut pools: BTreeMap<(TrustId, Option<SpecialtyId>), (i64, i64)> = BTreeMap::new();
    let pool = |who: ConsultantId| {
        let consultant = network.consultant(who);
        (consultant.employer(), consultant.accreditations().first().map(|one| one.specialty))
    };
    let may_be_lent = |month: &Month| {
        let consultant = network.consultant(month.who);
        let mut authorisations = consultant.authorisations().iter();
        month.away_days + month.away_before > 0
            || !network.has_authorisations()
            || authorisations.any(|one| one.trust != consultant.employer())
    };
    for month in months.iter().filter(|month| may_be_lent(month)) {
        let (days, fte) = pools.entry(pool(month.who)).or_default();
        *days += i64::from(month.away_days + month.away_before);
        *fte += network.consultant(month.who).fte().0;
    }
    for month in &mut months {
        if may_be_lent(month)
            && let Some((days, fte)) = pools.get(&pool(month.who))
        {
            let share = days * 100 * network.consultant(month.who).fte().0;
            month.fair_share = round_div(share, *fte);
        }
    }
    months
}

fn month(view: &View<'_>, who: ConsultantId) -> Month {
    let network = view.network();
    let consultant = network.consultant(who);
    let mut month = Month {
        who,
        sessions: 0,
        minutes: 0,
        pas: Thousandths(0),
        away_days: 0,
        away_before: consultant.history().away_days,
        fair_share: 0,
        travel_minutes: 0,
    };
    let mut away: BTreeSet<Date> = BTreeSet::new();
    let mut visits: BTreeSet<(Date, SiteId)> = BTreeSet::new();
    for line in view.lines_of(who) {
        let session = view.session(line);
        month.sessions += 1;
        month.minutes += i64::from(session.minutes());
        month.pas.0 += session.pas().0;
        if line.away {
            away.insert(session.date());
        }
        if visits.insert((session.date(), session.site())) {
            month.travel_minutes += i64::from(line.travel_minutes);
        }
    }
    month.away_days = u32::try_from(away.len()).unwrap_or(u32::MAX);
    month
}

/// Minutes of travel by week, of everybody whose own affairs are shown.
#[must_use]
pub fn travel_by_week(view: &View<'_>) -> BTreeMap<Date, i64> {
    let mut weeks: BTreeMap<Date, i64> = view.weeks().into_iter().map(|week| (week, 0)).collect();
    let mut visits: BTreeSet<(ConsultantId, Date, SiteId)> = BTreeSet::new();
    for line in view.lines() {
        let session = view.session(line);
        if let Some(who) = line.who.filter(|who| view.is_ours(*who))
            && visits.insert((who, session.date(), session.site()))
        {
            *weeks.entry(monday_of(session.date())).or_default() += i64::from(line.travel_minutes);
        }
    }
    weeks
}

/// A lender's cover of a specialty (perhaps at one site), day by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverRow {
    /// The tightest half-day of each date on which anybody must stay.
    pub days: BTreeMap<Date, CoverDay>,
}

/// The tightest half-day of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverDay {
    /// How many stay on base.
    pub on_base: u32,
    /// How many must.
    pub keep: u32,
    /// How many more stay than must.
    pub spare: i64,
    /// Whether fewer are at work than must stay, so that none may be lent.
    pub short: bool,
}

/// Whose cover a row is: the lender, the specialty, and the site where it is for one.
pub type CoverPool = (TrustId, SpecialtyId, Option<SiteId>);

/// A pool's name: `Cardiology, RJ1`.
#[must_use]
pub fn pool_name(network: &Network, (trust, specialty, site): CoverPool) -> String {
    let at = match site {
        Some(site) => network.site(site).name(),
        None => network.trust(trust).code(),
    };
    format!("{}, {at}", network.specialty(specialty).name())
}

/// The drawbridge by pool and date; dates on which nobody of the pool is at work (weekends) are left out.
#[must_use]
pub fn cover(view: &View<'_>) -> BTreeMap<CoverPool, CoverRow> {
    let mut rows: BTreeMap<CoverPool, CoverRow> = BTreeMap::new();
    for half in view.cover() {
        let row = rows.entry((half.trust, half.specialty, half.site)).or_default();
        if half.at_work == 0 {
            continue;
        }
        let day = CoverDay {
            on_base: half.on_base(),
            keep: half.keep,
            spare: half.spare(),
            short: half.at_work < half.keep,
        };
        let tightest = row.days.entry(half.day).or_insert(day);
        if (day.spare, day.on_base) < (tightest.spare, tightest.on_base) {
            *tightest = day;
        }
    }
    rows
}
