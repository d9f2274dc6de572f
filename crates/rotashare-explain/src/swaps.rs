//! Swaps between two people that would free one of them for a place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rotashare_core::draft::{Draft, OnCallRow};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::time::{Span, days_between};
use rotashare_core::values::OnCallKind;
use rotashare_rules::rule::Context;
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::notice::kept_places;

use crate::case::Case;
use crate::change::Change;
use crate::obstacles::{Pair, Survey};

/// How many people to swap with are tried.
const MOST: usize = 3;

/// Looks for swaps in one case and rota.
pub(crate) struct Swaps<'a> {
    draft: &'a Draft,
    network: &'a Network,
    book: &'a Rulebook,
    rota: &'a Rota,
    /// The rows of `on_call.csv` of each consultant.
    on_call: BTreeMap<&'a str, Vec<usize>>,
    /// Places that a plan may not change, for they are given out.
    kept: BTreeSet<(SessionId, ConsultantId)>,
    /// Who could take a kept place over, as far as asked.
    takers: Mutex<BTreeMap<(SessionId, ConsultantId), Vec<ConsultantId>>>,
}

impl<'a> Swaps<'a> {
    pub(crate) fn new(case: &'a Case, rota: &'a Rota) -> Self {
        let (network, book) = (case.network(), case.book());
        let kept = kept_places(Context { network, book }).into_iter().collect();
        let mut on_call: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, row) in case.draft().on_call.iter().flatten().enumerate() {
            on_call.entry(&row.consultant).or_default().push(at);
        }
        Self { draft: case.draft(), network, book, rota, on_call, kept, takers: Mutex::default() }
    }

    /// Swaps of the on-call or hot week that keeps somebody from a session with one as long of a
    /// colleague in the specialty, the nearest in time first.
    pub(crate) fn on_calls(&self, who: ConsultantId, session: SessionId) -> Vec<Change> {
        let rows = self.draft.on_call.as_deref().unwrap_or_default();
        let work = self.network.session(session).span();
        let mut own = self.rows_of(who).iter().filter(|at| self.bars(&rows[**at], work));
        let (Some(&at), None) = (own.next(), own.next()) else { return Vec::new() };
        let row = &rows[at];
        let colleagues = self.network.accredited(self.network.session(session).specialty()).iter();
        let employer = self.network.consultant(who).employer();
        let is_alike = |other: &OnCallRow| {
            other.kind == row.kind
                && other.span().minutes() == row.span().minutes()
                && (other.start, other.end) == (row.start, row.end)
        };
        let mut swaps: Vec<(i64, usize)> = colleagues
            .filter(|one| **one != who && self.network.consultant(**one).employer() == employer)
            .flat_map(|one| self.rows_of(*one).iter().map(move |other| (*one, *other)))
            .filter(|(colleague, other)| {
                is_alike(&rows[*other])
                    && !self.bars(&rows[*other], work)
                    && self.can_take(who, at, &rows[*other])
                    && self.can_take(*colleague, *other, row)
            })
            .map(|(_, other)| (days_between(row.from, rows[other].from).abs(), other))
            .collect();
        swaps.sort_unstable();
        let swap = |(_, other)| Change::SwapOnCall { row: at, other };
        swaps.into_iter().take(MOST).map(swap).collect()
    }

    fn rows_of(&self, who: ConsultantId) -> &[usize] {
        self.on_call.get(self.network.consultant(who).code()).map_or(&[], Vec::as_slice)
    }

    /// Whether an on-call, with the rest after it, is in the way of work.
    fn bars(&self, row: &OnCallRow, work: Span) -> bool {
        let hours = match row.kind {
            OnCallKind::HotWeek => 0,
            OnCallKind::OnCall => self.book.whole("on-call", "rest_hours").unwrap_or(0),
        };
        let rest = i32::try_from(hours.saturating_mul(60)).unwrap_or(i32::MAX);
        let span = row.span();
        Span::between(span.start(), span.end().plus(rest)).overlaps(work)
    }

    /// Whether somebody who gives one row up can be on call in another: there, not on leave, and not on
    /// call then already.
    fn can_take(&self, who: ConsultantId, gives: usize, takes: &OnCallRow) -> bool {
        let consultant = self.network.consultant(who);
        let rows = self.draft.on_call.as_deref().unwrap_or_default();
        let mut others = self.rows_of(who).iter().filter(|at| **at != gives);
        consultant.active().contains(takes.from)
            && consultant.active().contains(takes.to)
            && consultant.leave_over(takes.span()).is_none()
            && !others.any(|at| rows[*at].span().overlaps(takes.span()))
    }

    /// The ways in which a consultant's sessions, as far as they are given out and must stay, could go to
    /// others; one way, with nothing to change, where all can be moved by the plan.
    pub(crate) fn hand_overs(&self, who: ConsultantId, sessions: &[SessionId]) -> Vec<Vec<Change>> {
        let mut ways: Vec<Vec<Change>> = vec![Vec::new()];
        for session in sessions.iter().filter(|session| self.kept.contains(&(**session, who))) {
            let code = |who| self.network.consultant(who).code().to_owned();
            let hand_over = |to: &ConsultantId| Change::HandOver {
                session: self.network.session(*session).code().to_owned(),
                from: code(who),
                to: code(*to),
            };
            let each: Vec<Change> = self.takers(*session, who).iter().map(hand_over).collect();
            ways = ways
                .iter()
                .flat_map(|so_far| {
                    each.iter().map(move |more| [&so_far[..], std::slice::from_ref(more)].concat())
                })
                .take(MOST)
                .collect();
        }
        ways
    }

    /// Whom nothing keeps from taking a session over, in order.
    fn takers(&self, session: SessionId, from: ConsultantId) -> Vec<ConsultantId> {
        let known = || self.takers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(takers) = known().get(&(session, from)) {
            return takers.clone();
        }
        let cells = self.rota.places(session);
        let Some(at) = cells.iter().position(|cell| *cell == Some(from)) else { return Vec::new() };
        let place = Place { session, number: u32::try_from(at + 1).unwrap_or(u32::MAX) };
        let mut rota = self.rota.clone();
        rota.clear(place);
        let people = self.network.accredited(self.network.session(session).specialty()).iter();
        let pairs: Vec<Pair> = people
            .filter(|who| **who != from && !rota.has(session, **who))
            .map(|who| (place, *who))
            .collect();
        let obstacles = Survey::new(self.network, self.book, &rota).obstacles(&pairs, false);
        let free = pairs.iter().zip(obstacles).filter(|(_, obstacles)| obstacles.is_empty());
        let takers: Vec<ConsultantId> = free.map(|((_, who), _)| *who).take(MOST).collect();
        known().insert((session, from), takers.clone());
        takers
    }
}
