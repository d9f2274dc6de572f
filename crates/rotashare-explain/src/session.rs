//! One session explained: who stands where with each consultant of its specialty.

use rayon::prelude::*;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::values::PinKind;
use rotashare_rules::audit::{Breach, audit};
use rotashare_rules::rule::Reason;

use crate::candidates::Candidates;
use crate::case::Case;
use crate::obstacles::{Obstacle, Pair, Reach, Survey};
use crate::replan::Replanner;
use crate::suggest::{EFFORT, Suggestion, for_session};
use crate::view::{UNAVAILABLE, View, hidden};

/// Why a session's places are as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Which session.
    pub session: SessionId,
    /// Who has its places.
    pub holders: Vec<Holder>,
    /// How many places are empty.
    pub empty: usize,
    /// Everybody else of the specialty, the nearest first.
    pub others: Vec<Candidate>,
    /// For an empty place: the changes to the files that would fill it, the least first.
    pub suggestions: Vec<Suggestion>,
}

/// Somebody who has a place of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub consultant: ConsultantId,
    /// What speaks for them, each a clause; may be empty.
    pub because: Vec<String>,
    /// Rules that they break there.
    pub breaches: Vec<Reason>,
}

/// Somebody who could have a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub consultant: ConsultantId,
    /// What stands in the way, the most telling first.
    pub reasons: Vec<Reason>,
    /// What the rota would cost with them in the session, where it can be done at all.
    pub price: Option<Price>,
}

/// What a rota costs in which somebody has a session, all else planned again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Points more than the rota, planned again, has as it is.
    pub points: Points,
    /// Sessions that would have fewer places filled, in order.
    pub emptied: Vec<SessionId>,
    /// Sessions that would have more.
    pub filled: Vec<SessionId>,
    /// The rota that shows it; it keeps every rule.
    pub rota: Rota,
}

/// Explains a session; `None` where the reader may not see it.
#[must_use]
pub fn session(case: &Case, rota: &Rota, id: SessionId, view: View) -> Option<Explanation> {
    let network = case.network();
    if !view.shows(network, id) {
        return None;
    }
    let planner = Replanner::new(case, rota, EFFORT);
    let cells = rota.places(id);
    let empty = cells.iter().filter(|cell| cell.is_none()).count();
    let specialty = network.session(id).specialty();
    let people: Vec<ConsultantId> =
        network.accredited(specialty).iter().copied().filter(|who| !rota.has(id, *who)).collect();
    // Where nothing is empty, the last place is what others would have.
    let number = cells.iter().position(Option::is_none).unwrap_or(cells.len().max(1) - 1);
    let place = Place { session: id, number: u32::try_from(number + 1).unwrap_or(u32::MAX) };
    let mut without = rota.clone();
    without.clear(place);
    let pairs: Vec<Pair> = people.iter().map(|who| (place, *who)).collect();
    let survey = Survey::new(network, case.book(), &without);
    let obstacles = survey.obstacles(&pairs, true);
    let candidates = Candidates::new(case, &without, &[place]);
    let mut others: Vec<(u32, Candidate)> = people
        .into_par_iter()
        .zip(obstacles)
        .map(|(who, obstacles)| candidate(&planner, &candidates, view, id, who, obstacles))
        .collect();
    others.sort_by_key(|(distance, one)| (nearness(*distance, one), one.consultant));
    let others = others.into_iter().map(|(_, one)| one).collect();
    let verdict = audit(network, case.book(), rota);
    let holders = rota
        .consultants(id)
        .map(|who| holder(case, rota, view, verdict.breaches(), (id, who)))
        .collect();
    let suggestions = if empty > 0 { for_session(&planner, id, view) } else { Vec::new() };
    Some(Explanation { session: id, holders, empty, others, suggestions })
}

/// The nearest first: by price where there is one, then by how much would have to change.
fn nearness(distance: u32, one: &Candidate) -> (bool, Points, u32, usize) {
    let price = one.price.as_ref().map(|price| price.points);
    (price.is_none(), price.unwrap_or(Points::ZERO), distance, one.reasons.len())
}

/// How far something is that no file should change: leave, days off, training.
const FAR: u32 = 12;
/// How far something is that the reader may not know.
const UNKNOWN: u32 = 6;

fn candidate(
    planner: &Replanner<'_>,
    candidates: &Candidates<'_>,
    view: View,
    id: SessionId,
    consultant: ConsultantId,
    obstacles: Vec<Obstacle>,
) -> (u32, Candidate) {
    let (network, draft) = (planner.case.network(), planner.case.draft());
    let theirs = view.is_theirs(network, consultant);
    let outright = obstacles.iter().any(|one| one.reach == Reach::Alone);
    let mut price = None;
    if theirs && !outright {
        price = price_of(planner, id, consultant);
        if let Some(price) = &mut price {
            price.emptied.retain(|session| view.shows(network, *session));
            price.filled.retain(|session| view.shows(network, *session));
        }
    }
    let mut shown = view.obstacles(network, consultant, obstacles);
    if shown.is_empty() && !theirs {
        shown.push(hidden());
    }
    let far = |one: &Obstacle| {
        if one.reason.rule == UNAVAILABLE {
            return UNKNOWN;
        }
        let ways = candidates.against(consultant, id, std::slice::from_ref(one));
        let sizes = ways.iter().map(|way| way.iter().map(|change| change.size(draft)).sum::<u32>());
        sizes.min().map_or(FAR, |size| size.max(1))
    };
    let distance = shown.iter().map(far).fold(0, u32::saturating_add);
    let reasons: Vec<Reason> = shown.into_iter().map(|one| one.reason).collect();
    (distance, Candidate { consultant, reasons, price })
}

/// Pins the consultant to the session and plans again.
fn price_of(planner: &Replanner<'_>, id: SessionId, who: ConsultantId) -> Option<Price> {
    let pinned = planner.case.pinned(id, who).ok()?;
    let replanned = planner.replan(&pinned)?;
    let keeps = replanned.rota.has(id, who)
        && audit(pinned.network(), pinned.book(), &replanned.rota).breaches().is_empty();
    keeps.then(|| Price {
        points: -replanned.saves,
        emptied: replanned.emptied,
        filled: replanned.filled,
        rota: replanned.rota,
    })
}

fn holder(
    case: &Case,
    rota: &Rota,
    view: View,
    breaches: &[Breach],
    (id, who): (SessionId, ConsultantId),
) -> Holder {
    let network = case.network();
    let session = network.session(id);
    let mut because = Vec::new();
    if network
        .pins()
        .iter()
        .any(|pin| (pin.session, pin.consultant, pin.kind) == (id, who, PinKind::Yes))
    {
        because.push("pinned to it".to_owned());
    }
    if network.published_places(id).iter().any(|(_, one)| *one == Some(who)) {
        because.push("published with it".to_owned());
    }
    if session.named().contains(&who) {
        because.push("named for it".to_owned());
    }
    if let Some(clinic) = session.clinic() {
        let series = network.clinic(clinic).sessions();
        let theirs = series.iter().filter(|one| rota.has(**one, who)).count();
        if theirs > 1 {
            because.push(format!("has {theirs} of the {} sessions of its series", series.len()));
        }
    }
    let employer = network.consultant(who).employer();
    if network.is_away(who, id) {
        if view.is_theirs(network, who) {
            let base = network.consultant(who).base();
            let minutes = network.travel().return_minutes(base, session.site());
            because.push(format!("{minutes} minutes there and back from base"));
        }
    } else {
        because.push(format!("employed by {}", network.trust(employer).code()));
    }
    let broken = breaches
        .iter()
        .filter(|breach| breach.consultant == Some(who) && breach.sessions.contains(&id))
        .map(|breach| Obstacle {
            reach: Reach::Month,
            reason: Reason { rule: breach.rule, detail: breach.detail.clone() },
            others: breach.sessions.iter().copied().filter(|one| *one != id).collect(),
        })
        .collect();
    let broken = view.obstacles(network, who, broken);
    Holder {
        consultant: who,
        because,
        breaches: broken.into_iter().map(|one| one.reason).collect(),
    }
}
