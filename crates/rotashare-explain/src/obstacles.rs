//! What stands between a consultant and an empty place.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::time::days_between;
use rotashare_rules::audit::{Breach, audit_by};
use rotashare_rules::compile::reasons_against;
use rotashare_rules::problem::RuleId;
use rotashare_rules::registry;
use rotashare_rules::rule::{Reason, Severity};
use rotashare_rules::rulebook::Rulebook;

use crate::words;

/// How far one has to look to see an obstacle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It is there whatever else the rota holds.
    Alone,
    /// It comes from the consultant's own other sessions.
    Month,
    /// It comes from what several consultants do.
    Across,
}

/// A rule that a rota would break, were a consultant put into a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// How far one has to look.
    pub reach: Reach,
    /// The rule and what it says, in a manager's words.
    pub reason: Reason,
    /// The other sessions that are part of it, in order.
    pub others: Vec<SessionId>,
}

/// A consultant and the empty place that they might have.
pub(crate) type Pair = (Place, ConsultantId);

/// Rules from the most to the least telling: what would take longest to change comes first.
const TELLING: [RuleId; 16] = [
    "accreditation",
    "authorisation",
    "agreement",
    "pins",
    "working-days",
    "leave",
    "on-call",
    "fixed-duty",
    "one-place",
    "away-days",
    "max-hours",
    "working-time",
    "max-days",
    "travel-time",
    "rest",
    "drawbridge",
];

fn rank(rule: RuleId) -> (usize, usize) {
    let telling = TELLING.iter().position(|one| *one == rule).unwrap_or(TELLING.len());
    let shown = registry::RULES.iter().position(|one| one.meta().id == rule);
    (telling, shown.unwrap_or(usize::MAX))
}

/// Puts the most telling first.
pub(crate) fn by_telling(obstacles: &mut Vec<Obstacle>) {
    obstacles
        .sort_by(|a, b| (a.reach, rank(a.reason.rule), a).cmp(&(b.reach, rank(b.reason.rule), b)));
    obstacles.dedup();
}

/// Whether putting one more person into an empty place could break a rule. Notice asks only that
/// people stay where they are, and is dear to ask.
pub(crate) fn is_asked(rule: RuleId) -> bool {
    let hard = registry::find(rule).is_some_and(|one| one.meta().severity == Severity::Hard);
    hard && rule != "notice"
}

/// A rota, and what about it every pair needs.
pub(crate) struct Survey<'a> {
    pub(crate) network: &'a Network,
    pub(crate) book: &'a Rulebook,
    pub(crate) rota: &'a Rota,
    /// Each consultant's places, in order.
    months: Vec<Vec<Place>>,
    /// What is broken already by somebody.
    broken: Vec<Breach>,
}

impl<'a> Survey<'a> {
    pub(crate) fn new(network: &'a Network, book: &'a Rulebook, rota: &'a Rota) -> Self {
        let mut months = vec![Vec::new(); network.consultants().len()];
        for (place, cell) in rota.cells() {
            if let Some(who) = cell {
                months[who.index()].push(place);
            }
        }
        let verdict = audit_by(network, book, rota, is_asked);
        Self { network, book, rota, months, broken: verdict.breaches().to_vec() }
    }

    /// The obstacles of each pair, the most telling first. Where something forbids a pair outright and
    /// `thorough` is not set, that is all that is looked for.
    pub(crate) fn obstacles(&self, pairs: &[Pair], thorough: bool) -> Vec<Vec<Obstacle>> {
        let mut found: Vec<Vec<Obstacle>> =
            pairs.par_iter().map(|pair| self.alone(*pair)).collect();
        let open = |found: &[Vec<Obstacle>]| -> Vec<usize> {
            (0..pairs.len()).filter(|index| thorough || found[*index].is_empty()).collect()
        };
        let of_months: Vec<Vec<(usize, Obstacle)>> = batches(pairs, open(&found))
            .into_par_iter()
            .map(|batch| self.in_months(pairs, &batch))
            .collect();
        for (index, obstacle) in of_months.into_iter().flatten() {
            found[index].push(obstacle);
        }
        let mut by_session: BTreeMap<SessionId, Vec<usize>> = BTreeMap::new();
        for index in open(&found) {
            by_session.entry(pairs[index].0.session).or_default().push(index);
        }
        let across: Vec<Vec<(usize, Obstacle)>> = by_session
            .into_par_iter()
            .map(|(session, list)| self.across(pairs, session, &list))
            .collect();
        for (index, obstacle) in across.into_iter().flatten() {
            found[index].push(obstacle);
        }
        found.iter_mut().for_each(by_telling);
        found
    }

    /// What forbids it outright.
    fn alone(&self, (place, who): Pair) -> Vec<Obstacle> {
        let reasons = reasons_against(self.network, self.book, who, place.session);
        let obstacle = |reason| Obstacle { reach: Reach::Alone, reason, others: Vec::new() };
        reasons.into_iter().map(obstacle).collect()
    }

    /// What the consultants' other sessions have against it. Every consultant is in the batch once and
    /// every place is taken once, and a breach of one person looks at that person's month only, so all
    /// are judged together.
    fn in_months(&self, pairs: &[Pair], batch: &[usize]) -> Vec<(usize, Obstacle)> {
        let mut rota = Rota::empty(self.network);
        let mut of: HashMap<ConsultantId, usize> = HashMap::new();
        for index in batch {
            let (place, who) = pairs[*index];
            for own in &self.months[who.index()] {
                put(&mut rota, *own, who);
            }
            put(&mut rota, place, who);
            of.insert(who, *index);
        }
        let verdict = audit_by(self.network, self.book, &rota, is_asked);
        let mut found = Vec::new();
        for breach in verdict.breaches() {
            let Some(index) = breach.consultant.and_then(|who| of.get(&who)) else { continue };
            // A pin that is not kept here is not the place's doing.
            if self.broken.contains(breach) || breach.rule == "pins" {
                continue;
            }
            let (place, who) = pairs[*index];
            let outright = breach.sessions == [place.session]
                && reasons_against(self.network, self.book, who, place.session)
                    .iter()
                    .any(|reason| reason.rule == breach.rule);
            if !outright {
                found.push((*index, self.obstacle(Reach::Month, breach, place, who)));
            }
        }
        found
    }

    /// What several people's sessions together have against it, for some pairs of one session.
    fn across(&self, pairs: &[Pair], session: SessionId, list: &[usize]) -> Vec<(usize, Obstacle)> {
        let mut rota = self.around(session);
        let before = audit_by(self.network, self.book, &rota, is_asked);
        let mut found = Vec::new();
        for index in list {
            let (place, who) = pairs[*index];
            put(&mut rota, place, who);
            let verdict = audit_by(self.network, self.book, &rota, is_asked);
            rota.clear(place);
            for breach in verdict.breaches() {
                if breach.consultant.is_none() && !before.breaches().contains(breach) {
                    found.push((*index, self.obstacle(Reach::Across, breach, place, who)));
                }
            }
        }
        found
    }

    /// The part of the rota with which a place of a session can be in one rule or one term across
    /// people: everything at its host (agreements, the clinic's series, shared shortfalls), everything of
    /// its series, and everything that day and those next to it (who is left on base).
    pub(crate) fn around(&self, session: SessionId) -> Rota {
        let network = self.network;
        let (host, clinic, day) = (
            network.host(session),
            network.session(session).clinic(),
            network.session(session).date(),
        );
        let mut rota = Rota::empty(network);
        for (place, cell) in self.rota.cells() {
            let Some(who) = cell else { continue };
            let other = network.session(place.session);
            if network.host(place.session) == host
                || (clinic.is_some() && other.clinic() == clinic)
                || days_between(day, other.date()).abs() <= 1
            {
                put(&mut rota, place, who);
            }
        }
        rota
    }

    /// The same with all of a consultant's places: enough to count what one more would cost.
    pub(crate) fn around_pair(&self, (place, who): Pair) -> Rota {
        let mut rota = self.around(place.session);
        for own in &self.months[who.index()] {
            if rota.places(own.session)[own.number as usize - 1].is_none() {
                put(&mut rota, *own, who);
            }
        }
        rota
    }

    fn obstacle(&self, reach: Reach, breach: &Breach, place: Place, who: ConsultantId) -> Obstacle {
        let others: Vec<SessionId> =
            breach.sessions.iter().copied().filter(|one| *one != place.session).collect();
        let detail = words::with_this_session(self.network, breach, place.session, who);
        Obstacle { reach, reason: Reason { rule: breach.rule, detail }, others }
    }
}

/// Puts somebody into a place known to be empty.
pub(crate) fn put(rota: &mut Rota, place: Place, who: ConsultantId) {
    let placed = rota.put(place, who);
    debug_assert!(placed.is_ok() || rota.has(place.session, who), "the place is empty");
}

/// Splits pairs into batches in which every place and every consultant occurs once.
fn batches(pairs: &[Pair], indices: Vec<usize>) -> Vec<Vec<usize>> {
    let mut next_of_place: HashMap<Place, usize> = HashMap::new();
    let mut next_of_person: HashMap<ConsultantId, usize> = HashMap::new();
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in indices {
        let (place, who) = pairs[index];
        let by_place = next_of_place.entry(place).or_default();
        let by_person = next_of_person.entry(who).or_default();
        let batch = (*by_place).max(*by_person);
        (*by_place, *by_person) = (batch + 1, batch + 1);
        if batch >= batches.len() {
            batches.resize_with(batch + 1, Vec::new);
        }
        batches[batch].push(index);
    }
    batches
}
