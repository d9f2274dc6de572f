//! Which changes to the files would take an obstacle away.

use std::collections::BTreeMap;

use rotashare_core::draft::Draft;
use rotashare_core::ids::{AgreementId, ConsultantId, SessionId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::time::{Date, Validity};
use rotashare_core::values::{Firmness, Pence};
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::cost::session_cost;
use rotashare_rules::rules::lending::Pool;

use crate::case::Case;
use crate::change::Change;
use crate::obstacles::{Obstacle, Reach};
use crate::swaps::Swaps;

/// Looks for changes in one case.
pub(crate) struct Candidates<'a> {
    draft: &'a Draft,
    network: &'a Network,
    book: &'a Rulebook,
    rota: &'a Rota,
    /// For how many sessions an agreement is raised, by host and specialty.
    wanted: BTreeMap<(TrustId, SpecialtyId), u32>,
    swaps: Swaps<'a>,
}

/// How many ways to fill a place by one person are tried.
const MOST_WAYS: usize = 6;

impl<'a> Candidates<'a> {
    /// For a rota, and the places that are to be filled.
    pub(crate) fn new(case: &'a Case, rota: &'a Rota, places: &[Place]) -> Self {
        let network = case.network();
        let mut wanted = BTreeMap::new();
        for place in places {
            let specialty = network.session(place.session).specialty();
            *wanted.entry((network.host(place.session), specialty)).or_default() += 1;
        }
        let swaps = Swaps::new(case, rota);
        Self { draft: case.draft(), network, book: case.book(), rota, wanted, swaps }
    }

    /// The changes that together take every obstacle away that a rota can't get round by itself, in
    /// each way there is; none where an obstacle is not for a file to change (leave, days off, rest).
    pub(crate) fn against(
        &self,
        who: ConsultantId,
        session: SessionId,
        obstacles: &[Obstacle],
    ) -> Vec<Vec<Change>> {
        let mut ways: Vec<Vec<Change>> = vec![Vec::new()];
        for obstacle in obstacles {
            let each = self.against_one(who, session, obstacle).unwrap_or_default();
            ways = ways
                .iter()
                .flat_map(|so_far| each.iter().map(move |more| [&so_far[..], more].concat()))
                .take(MOST_WAYS)
                .collect();
        }
        ways
    }

    fn against_one(
        &self,
        who: ConsultantId,
        session: SessionId,
        obstacle: &Obstacle,
    ) -> Option<Vec<Vec<Change>>> {
        let changes = match (obstacle.reach, obstacle.reason.rule) {
            (Reach::Alone, "accreditation") => vec![self.accreditation(who, session)?],
            (Reach::Alone, "authorisation") => vec![self.authorisation(who, session)],
            (Reach::Alone, "agreement") => vec![self.agreement(who, session)?],
            (Reach::Alone, "fixed-duty") => self.duties(who, session)?,
            (Reach::Alone, "on-call") => {
                let swaps = self.swaps.on_calls(who, session);
                return Some(swaps.into_iter().map(|swap| vec![swap]).collect());
            }
            (Reach::Month, "away-days") => vec![self.away_days(who)?],
            (Reach::Month, "max-hours") => vec![self.hours(who, session)?],
            (Reach::Across, "agreement") => vec![self.raise(who, session)?],
            (Reach::Across, "drawbridge") => self.base(who, session)?,
            (Reach::Month, rule) => {
                let is_own = |other: &SessionId| self.rota.has(*other, who);
                if obstacle.others.is_empty() || !obstacle.others.iter().all(is_own) {
                    return None;
                }
                // Those of their sessions that are not given out yet can go to somebody else: that is
                // for the search.
                if matches!(rule, "one-place" | "travel-time" | "rest") {
                    return Some(self.swaps.hand_overs(who, &obstacle.others));
                }
                Vec::new()
            }
            _ => return None,
        };
        Some(vec![changes])
    }

    fn code(&self, who: ConsultantId) -> &'a str {
        self.network.consultant(who).code()
    }

    /// A stretch that holds a date, and the horizon to its end on that side.
    fn longer(&self, valid: Validity, day: Date) -> (Option<Date>, Option<Date>) {
        let horizon = self.network.horizon();
        let from = valid.from.map(|from| if day < from { horizon.from().min(day) } else { from });
        let to = valid.to.map(|to| if day > to { horizon.to().max(day) } else { to });
        (from, to)
    }

    fn accreditation(&self, who: ConsultantId, session: SessionId) -> Option<Change> {
        let session = self.network.session(session);
        let specialty = self.network.specialty(session.specialty()).code();
        let row = self.draft.accreditations.iter().position(|row| {
            let fits = |wanted: &str| {
                row.subspecialty.as_deref().is_some_and(|one| one.eq_ignore_ascii_case(wanted))
            };
            row.consultant == self.code(who)
                && row.specialty == specialty
                && session.subspecialty().is_none_or(fits)
                && !row.valid.contains(session.date())
        })?;
        let valid = self.longer(self.draft.accreditations[row].valid, session.date());
        Some(Change::ExtendAccreditation { row, valid })
    }

    /// A lapsed authority is renewed; where there is none, a new one is given for the specialty.
    fn authorisation(&self, who: ConsultantId, id: SessionId) -> Change {
        let network = self.network;
        let session = network.session(id);
        let trust = network.trust(network.host(id)).code();
        let site = network.site(session.site()).code();
        let specialty = network.specialty(session.specialty()).code();
        let rows = self.draft.authorisations.as_deref().unwrap_or_default();
        let lapsed = rows.iter().position(|row| {
            row.consultant == self.code(who)
                && row.trust == trust
                && row.site.as_deref().is_none_or(|only| only == site)
                && row.specialty.as_deref().is_none_or(|only| only == specialty)
                && !row.valid.contains(session.date())
        });
        if let Some(row) = lapsed {
            let valid = self.longer(rows[row].valid, session.date());
            return Change::ExtendAuthorisation { row, valid };
        }
        let horizon = network.horizon();
        Change::GrantAuthorisation {
            consultant: self.code(who).to_owned(),
            trust: trust.to_owned(),
            specialty: specialty.to_owned(),
            valid: (Some(horizon.from()), Some(horizon.to())),
        }
    }

    fn agreement(&self, who: ConsultantId, id: SessionId) -> Option<Change> {
        let network = self.network;
        let session = network.session(id);
        let host = network.trust(network.host(id)).code();
        let lender = network.trust(network.consultant(who).employer()).code();
        let specialty = network.specialty(session.specialty()).code();
        let rows = self.draft.agreements.as_deref().unwrap_or_default();
        let row = rows.iter().position(|row| {
            row.lender == lender
                && row.host == host
                && row.specialty.as_deref().is_none_or(|only| only == specialty)
        })?;
        let valid = self.longer(rows[row].valid, session.date());
        Some(Change::ExtendAgreement { row, valid })
    }

    /// Each duty in the way gives way on that date.
    fn duties(&self, who: ConsultantId, session: SessionId) -> Option<Vec<Change>> {
        let slack =
            self.book.is_on("travel-time").then(|| self.book.whole("travel-time", "slack_minutes"));
        let slack = slack.flatten().and_then(|minutes| i32::try_from(minutes).ok()).unwrap_or(0);
        let rows = self.draft.job_plans.as_deref().unwrap_or_default();
        let against = self.network.duties_against(who, session, Firmness::Fixed, slack);
        let mut changes = Vec::new();
        for duty in against {
            let pattern = duty.pattern;
            let row = rows.iter().position(|row| {
                row.consultant == self.code(who)
                    && row.firmness == Firmness::Fixed
                    && (row.weekday, row.start, row.end)
                        == (pattern.weekday, pattern.start, pattern.end)
                    && row.weeks == pattern.weeks
                    && row.valid == pattern.valid
                    && row.activity == pattern.activity
            })?;
            changes.push(Change::ReleaseDuty { row, date: duty.span.start().date() });
        }
        (!changes.is_empty()).then_some(changes)
    }

    fn person(&self, who: ConsultantId) -> Option<usize> {
        self.draft.consultants.iter().position(|row| row.consultant == self.code(who))
    }

    fn away_days(&self, who: ConsultantId) -> Option<Change> {
        let own = self.network.consultant(who).max_away_days();
        let by_rule = || u32::try_from(self.book.whole("away-days", "max_per_week")?).ok();
        let from = own.or_else(by_rule)?;
        Some(Change::AwayDays { row: self.person(who)?, from, to: from.saturating_add(1) })
    }

    fn hours(&self, who: ConsultantId, session: SessionId) -> Option<Change> {
        let consultant = self.network.consultant(who);
        let most = consultant.max_minutes()?;
        let session = self.network.session(session);
        let mut more = i64::from(session.minutes());
        if self.book.switch("max-hours", "count_travel") {
            let travel = self.network.travel();
            more += i64::from(travel.return_minutes(consultant.base(), session.site()));
        }
        Some(Change::Hours { row: self.person(who)?, to: most + more })
    }

    /// Room under the agreement for what the rota has and all that is wanted, and its cost.
    fn raise(&self, who: ConsultantId, session: SessionId) -> Option<Change> {
        let network = self.network;
        let id = network.agreement_for(who, session)?;
        let agreement = network.agreement(id);
        let rows = self.draft.agreements.as_deref().unwrap_or_default();
        let row = rows.iter().position(|row| row.agreement == agreement.code())?;
        let (sessions, pence, mut dearest) = used(network, self.rota, id);
        dearest = dearest.max(session_cost(network, who, session).0);
        let key = (network.host(session), network.session(session).specialty());
        let more = self.wanted.get(&key).copied().unwrap_or(1);
        let sessions = sessions.saturating_add(more);
        let pence = pence.saturating_add(dearest.saturating_mul(i64::from(more)));
        Some(Change::RaiseAgreement {
            row,
            max_sessions: agreement
                .max_sessions()
                .filter(|most| *most < sessions)
                .map(|_| sessions),
            max_cost: agreement.max_cost().filter(|most| most.0 < pence).map(|_| Pence(pence)),
        })
    }

    /// One fewer on base in every half-day in which the consultant would be one too many away.
    fn base(&self, who: ConsultantId, id: SessionId) -> Option<Vec<Change>> {
        let network = self.network;
        let employer = network.consultant(who).employer();
        let rows = self.draft.cover.as_deref().unwrap_or_default();
        let mut changes = Vec::new();
        for when in network.session(id).span().half_days() {
            for cover in network.cover().iter().filter(|cover| cover.holds_in(when.0, when.1)) {
                let pool =
                    Pool { trust: cover.trust, specialty: cover.specialty, site: cover.site };
                let at_work = pool.at_work(network, when);
                if cover.trust != employer || at_work.binary_search(&who).is_err() {
                    continue;
                }
                let mut away: Vec<ConsultantId> = vec![who];
                for (session, other) in self.rota.assignments() {
                    if network.is_away(other, session)
                        && at_work.binary_search(&other).is_ok()
                        && network.session(session).span().half_days().any(|half| half == when)
                    {
                        away.push(other);
                    }
                }
                away.sort_unstable();
                away.dedup();
                let spare = at_work.len() as i64 - i64::from(cover.keep_on_base);
                match away.len() as i64 - spare {
                    ..=0 => {}
                    1 => {
                        let site = cover.site.map(|site| network.site(site).code());
                        let row = rows.iter().position(|row| {
                            row.trust == network.trust(cover.trust).code()
                                && row.specialty == network.specialty(cover.specialty).code()
                                && row.keep_on_base == cover.keep_on_base
                                && row.part == cover.part
                                && row.weekday.map(rotashare_core::agreements::Cover::offset)
                                    == cover.weekday
                                && row.site.as_deref() == site
                        })?;
                        let weekday = when.0.weekday();
                        changes.push(Change::OneFewerOnBase { row, weekday, half: when.1 });
                    }
                    _ => return None,
                }
            }
        }
        (!changes.is_empty()).then_some(changes)
    }
}

/// Sessions under an agreement, their cost and that of the dearest, in pence.
fn used(network: &Network, rota: &Rota, id: AgreementId) -> (u32, i64, i64) {
    let mut sum = (0_u32, 0_i64, 0_i64);
    for (session, who) in rota.assignments() {
        if network.is_away(who, session) && network.agreement_for(who, session) == Some(id) {
            let cost = session_cost(network, who, session).0;
            sum = (sum.0 + 1, sum.1.saturating_add(cost), sum.2.max(cost));
        }
    }
    sum
}

/// The change with no more than a rota makes use of.
pub(crate) fn fitted(case: &Case, rota: &Rota, change: &Change) -> Change {
    let Change::RaiseAgreement { row, max_sessions, max_cost } = change else {
        return change.clone();
    };
    let network = case.network();
    let rows = case.draft().agreements.as_deref().unwrap_or_default();
    let code = rows.get(*row).map(|row| row.agreement.as_str());
    let agreements = network.agreements().unwrap_or_default();
    let Some(id) = agreements.iter().position(|one| Some(one.code()) == code) else {
        return change.clone();
    };
    let (sessions, pence, _) = used(network, rota, AgreementId::new(id));
    let (old_sessions, old_cost) = (agreements[id].max_sessions(), agreements[id].max_cost());
    Change::RaiseAgreement {
        row: *row,
        max_sessions: max_sessions
            .map(|_| sessions)
            .filter(|most| old_sessions.is_some_and(|old| old < *most)),
        max_cost: max_cost
            .map(|_| Pence(pence))
            .filter(|most| old_cost.is_some_and(|old| old < *most)),
    }
}
