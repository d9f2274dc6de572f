//! The least that would fill a place, or most places: changes to the files, each tried by solving again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use rotashare_core::ids::SessionId;
use rotashare_core::points::Points;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::values::Instrument;
use rotashare_rules::audit::audit;

use crate::candidates::{Candidates, fitted};
use crate::case::Case;
use crate::change::{Change, name};
use crate::obstacles::{Obstacle, Pair, Reach, Survey};
use crate::replan::Replanner;
use crate::view::View;

/// How many combinations of changes are tried.
const MOST_TRIED: usize = 120;
/// How many suggestions are given.
const MOST_GIVEN: usize = 10;

/// Changes to the files, with what planning again gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to change.
    pub changes: Vec<Change>,
    /// How much that asks, roughly: the sum of the changes' sizes.
    pub size: u32,
    /// How many more places are filled than by planning again without it.
    pub fills: i64,
    /// Points fewer than by planning again without it.
    pub saves: Points,
    /// Sessions with more places filled, in order, once for each place.
    pub filled: Vec<SessionId>,
    /// Sessions with fewer places filled, in order, once for each place.
    pub emptied: Vec<SessionId>,
    /// How many other suggestions, no smaller, fill the same places.
    pub alternatives: usize,
    /// The rota that shows it; it keeps every rule.
    pub rota: Rota,
    /// The points of that rota, by the audit.
    pub objective: Points,
}

impl Suggestion {
    /// What to do, in a manager's words, in one sentence without a full stop.
    #[must_use]
    pub fn title(&self, case: &Case) -> String {
        let draft = case.draft();
        let renewed: Vec<&str> = self
            .changes
            .iter()
            .filter(|change| matches!(change, Change::ExtendAuthorisation { .. }))
            .flat_map(|change| change.consultants(draft))
            .collect();
        if renewed.len() < 2 || renewed.len() < self.changes.len() {
            let words: Vec<String> = self.changes.iter().map(|one| one.words(case)).collect();
            return words.join("; ");
        }
        let hosts: BTreeSet<&str> = self.changes.iter().flat_map(|c| c.parties(draft)).collect();
        let hosts: Vec<&str> = hosts.into_iter().collect();
        let names: Vec<String> = renewed.iter().map(|code| name(draft, code)).collect();
        let (many, hosts, names) = (renewed.len(), hosts.join(" and "), names.join(", "));
        let instruments: BTreeSet<Option<Instrument>> =
            self.changes.iter().map(|change| change.instrument(draft)).collect();
        let what = match instruments.into_iter().collect::<Vec<_>>()[..] {
            [Some(Instrument::HonoraryContract)] => "honorary contracts",
            [Some(Instrument::LicenceToAttend)] => "licences to attend",
            [Some(Instrument::Passport)] => "passports",
            [Some(Instrument::Secondment)] => "secondments",
            _ => "authorities to work",
        };
        format!("renew {many} {what} at {hosts}: {names}")
    }
}

/// The best that could be done about a whole rota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Places filled and points saved by planning again without any change.
    pub by_itself: (i64, Points),
    /// The best changes, the one that fills most places first, then the smaller.
    pub suggestions: Vec<Suggestion>,
}

/// The changes that would fill the most places of a rota, each by itself.
#[must_use]
pub fn advice(case: &Case, rota: &Rota, view: View) -> Advice {
    let planner = Replanner::new(case, rota, EFFORT);
    planner.warm();
    let again = planner.without_change();
    let points = |rota: &Rota| audit(case.network(), case.book(), rota).objective();
    let by_itself = (again.filled() as i64 - rota.filled() as i64, points(rota) - points(&again));
    let places = empty_places(&again, |_| true);
    let studied = study(case, &again, &places);
    let mut tries = promising(case, &studied, view);
    let groups = groups(case, &tries);
    tries.truncate(MOST_TRIED);
    tries.extend(groups);
    let mut found: Vec<Suggestion> =
        tries.into_par_iter().filter_map(|set| verify(&planner, set.changes)).collect();
    found.retain(|one| one.fills > 0);
    found.par_iter_mut().for_each(|one| trim(&planner, one));
    hide(case, view, &mut found);
    rank(case, &mut found);
    one_a_place(&mut found);
    found.truncate(MOST_GIVEN);
    Advice { by_itself, suggestions: found }
}

/// The changes that would fill an empty place of a session, the least first.
pub(crate) fn for_session(
    planner: &Replanner<'_>,
    session: SessionId,
    view: View,
) -> Vec<Suggestion> {
    let case = planner.case;
    let places = empty_places(planner.rota, |place| place.session == session);
    let Some(place) = places.first() else { return Vec::new() };
    let studied = study(case, planner.rota, &[*place]);
    let tries = promising(case, &studied, view);
    let mut found: Vec<Suggestion> = tries
        .into_par_iter()
        .take(MOST_TRIED)
        .filter_map(|set| verify(planner, set.changes))
        .filter(|one| one.fills > 0 && one.filled.contains(&session))
        .map(|mut one| {
            trim(planner, &mut one);
            one
        })
        .filter(|one| one.filled.contains(&session))
        .collect();
    hide(case, view, &mut found);
    rank(case, &mut found);
    found.truncate(MOST_GIVEN);
    found
}

/// The work that a try may take: changes of the rota tried, for each option.
pub(crate) const EFFORT: rotashare_solve::local::Effort =
    rotashare_solve::local::Effort::Tries(150);

fn empty_places(rota: &Rota, wanted: impl Fn(&Place) -> bool) -> Vec<Place> {
    rota.cells().filter(|(place, cell)| cell.is_none() && wanted(place)).map(|(p, _)| p).collect()
}

/// A pair, and what would have to change for it.
struct Studied {
    pair: Pair,
    changes: Vec<Change>,
    /// Whether other sessions of the consultant would have to go to somebody else too.
    moves: bool,
}

fn study(case: &Case, rota: &Rota, places: &[Place]) -> Vec<Studied> {
    let network = case.network();
    let pairs: Vec<Pair> = places
        .iter()
        .flat_map(|place| {
            let specialty = network.session(place.session).specialty();
            network.accredited(specialty).iter().map(|who| (*place, *who))
        })
        .collect();
    let obstacles = Survey::new(network, case.book(), rota).obstacles(&pairs, true);
    let candidates = Candidates::new(case, rota, places);
    let is_moved = |one: &Obstacle| {
        one.reach == Reach::Month && !matches!(one.reason.rule, "away-days" | "max-hours")
    };
    pairs
        .into_iter()
        .zip(obstacles)
        .flat_map(|(pair, obstacles)| {
            let moves = obstacles.iter().any(is_moved);
            let ways = candidates.against(pair.1, pair.0.session, &obstacles);
            ways.into_iter().map(move |mut changes| {
                sort(&mut changes);
                Studied { pair, changes, moves }
            })
        })
        .filter(|one| !one.changes.is_empty())
        .collect()
}

fn sort(changes: &mut Vec<Change>) {
    changes.sort_by_cached_key(|change| format!("{change:?}"));
    changes.dedup();
}

/// Changes to try together.
#[derive(Clone, Debug)]
struct Set {
    changes: Vec<Change>,
    size: u32,
    /// The places that it might fill.
    places: BTreeSet<Place>,
}

/// Each set of changes once, the most promising first.
fn promising(case: &Case, studied: &[Studied], view: View) -> Vec<Set> {
    let mut sets: HashMap<Vec<Change>, (BTreeSet<Place>, usize)> = HashMap::new();
    for one in studied.iter().filter(|one| one.changes.iter().all(|c| may_show(case, view, c))) {
        let set = sets.entry(one.changes.clone()).or_default();
        set.0.insert(one.pair.0);
        set.1 += usize::from(!one.moves);
    }
    let mut sets: Vec<(Set, usize)> = sets
        .into_iter()
        .map(|(changes, (places, at_once))| {
            let size = size(case, &changes);
            (Set { changes, size, places }, at_once)
        })
        .collect();
    sets.sort_by_cached_key(|(set, at_once)| {
        (Reverse(set.places.len() + at_once), set.size, format!("{:?}", set.changes))
    });
    sets.into_iter().map(|(set, _)| set).collect()
}

fn size(case: &Case, changes: &[Change]) -> u32 {
    changes.iter().map(|change| change.size(case.draft())).fold(0, u32::saturating_add)
}

/// What makes changes alike: papers for one host, agreements between the same two, cover of one lender.
fn kind(case: &Case, change: &Change) -> Option<(u8, String)> {
    let kind = match change {
        Change::ExtendAuthorisation { .. } => 0,
        Change::RaiseAgreement { .. } | Change::ExtendAgreement { .. } => 1,
        Change::OneFewerOnBase { .. } => 2,
        _ => return None,
    };
    Some((kind, change.parties(case.draft()).join(" ")))
}

/// All changes that are alike, together, from whatever sets; what is not needed is left out later.
fn groups(case: &Case, sets: &[Set]) -> Vec<Set> {
    let mut groups: BTreeMap<(u8, String), Vec<Change>> = BTreeMap::new();
    for change in sets.iter().flat_map(|set| &set.changes) {
        if let Some(kind) = kind(case, change) {
            groups.entry(kind).or_default().push(change.clone());
        }
    }
    let mut together = Vec::new();
    for mut changes in groups.into_values() {
        sort(&mut changes);
        // Of several changes of one row one will do; what it is too large by is taken off later.
        changes.dedup_by(|next, kept| same_row(kept, next));
        if changes.len() > 1 {
            together.push(Set { size: size(case, &changes), changes, places: BTreeSet::new() });
        }
    }
    together
}

fn same_row(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (
            Change::ExtendAuthorisation { row: a, .. },
            Change::ExtendAuthorisation { row: b, .. },
        )
        | (Change::RaiseAgreement { row: a, .. }, Change::RaiseAgreement { row: b, .. })
        | (Change::ExtendAgreement { row: a, .. }, Change::ExtendAgreement { row: b, .. })
        | (Change::OneFewerOnBase { row: a, .. }, Change::OneFewerOnBase { row: b, .. }) => a == b,
        _ => false,
    }
}

/// Makes the changes and solves again; `None` where that can't be, or the audit is against it.
fn verify(planner: &Replanner<'_>, changes: Vec<Change>) -> Option<Suggestion> {
    let changed = planner.case.changed(&changes).ok()?;
    let replanned = planner.replan(&changed)?;
    let verdict = audit(changed.network(), changed.book(), &replanned.rota);
    verdict.breaches().is_empty().then(|| Suggestion {
        size: size(planner.case, &changes),
        changes,
        fills: replanned.fills,
        saves: replanned.saves,
        filled: replanned.filled,
        emptied: replanned.emptied,
        alternatives: 0,
        rota: replanned.rota,
        objective: verdict.objective(),
    })
}

/// Leaves out what is not needed to fill as many places.
fn trim(planner: &Replanner<'_>, suggestion: &mut Suggestion) {
    let fit = |change: &Change| fitted(planner.case, &suggestion.rota, change);
    let changes: Vec<Change> = suggestion.changes.iter().map(fit).collect();
    if changes != suggestion.changes
        && let Some(fitted) = verify(planner, changes)
        && fitted.fills >= suggestion.fills
    {
        *suggestion = fitted;
    }
    // Of many changes most are not needed: halves are left out before single ones.
    let mut size = (suggestion.changes.len() / 2).max(1);
    loop {
        let mut end = suggestion.changes.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut fewer = suggestion.changes.clone();
            fewer.drain(start..end);
            if !fewer.is_empty()
                && let Some(smaller) = verify(planner, fewer)
                && smaller.fills >= suggestion.fills
            {
                *suggestion = smaller;
            }
            end = start;
        }
        if size == 1 {
            return;
        }
        size /= 2;
    }
}

/// The best first. What others do as well with less, or by themselves, is left out.
fn rank(case: &Case, found: &mut Vec<Suggestion>) {
    found.sort_by_cached_key(|one| {
        let words: Vec<String> = one.changes.iter().map(|c| c.words(case)).collect();
        (Reverse(one.fills), one.size, Reverse(one.saves), words)
    });
    found.dedup_by(|next, kept| next.changes == kept.changes);
    let all = found.clone();
    let has = |one: &Suggestion, change: &Change| {
        one.changes.iter().any(|own| own == change || same_row(own, change))
    };
    let is_needless = |one: &Suggestion| {
        all.iter().any(|part| {
            if part.changes == one.changes || !part.changes.iter().all(|c| has(one, c)) {
                return false;
            }
            let smaller = part.size < one.size;
            let rest: Vec<&Change> = one.changes.iter().filter(|c| !has(part, c)).collect();
            let by_rest = all.iter().find(|other| {
                other.changes.len() == rest.len() && rest.iter().all(|change| has(other, change))
            });
            let sum = part.fills + by_rest.map_or(0, |other| other.fills);
            (smaller && part.fills >= one.fills)
                || (!rest.is_empty() && !are_alike(case, &one.changes) && sum >= one.fills)
        })
    };
    found.retain(|one| !is_needless(one));
}

fn are_alike(case: &Case, changes: &[Change]) -> bool {
    let kinds: Vec<_> = changes.iter().map(|change| kind(case, change)).collect();
    kinds.iter().all(|kind| kind.is_some() && *kind == kinds[0])
}

/// Of suggestions that fill the same places the first is kept, with the number of the others.
fn one_a_place(found: &mut Vec<Suggestion>) {
    let mut kept: Vec<Suggestion> = Vec::new();
    for one in found.drain(..) {
        let same = kept
            .iter_mut()
            .find(|other| (&other.filled, &other.emptied) == (&one.filled, &one.emptied));
        match same {
            Some(other) => other.alternatives += 1,
            None => kept.push(one),
        }
    }
    *found = kept;
}

/// Whether a reader may hear of a change: it is about their own people, their own sites or agreements
/// they are a party to.
fn may_show(case: &Case, view: View, change: &Change) -> bool {
    let Some(trust) = view.0 else { return true };
    let (network, draft) = (case.network(), case.draft());
    let code = network.trust(trust).code();
    let is_theirs = |who: &&str| {
        let found = network.find_consultant(who);
        found.is_some_and(|who| network.consultant(who).employer() == trust)
    };
    let people = change.consultants(draft);
    let is_own = !people.is_empty() && people.iter().all(is_theirs);
    is_own || change.parties(draft).contains(&code)
}

/// Takes out what a reader may not see of the consequences, and suggestions that do nothing for them.
fn hide(case: &Case, view: View, found: &mut Vec<Suggestion>) {
    if view.0.is_none() {
        return;
    }
    let shown = |session: &SessionId| view.shows(case.network(), *session);
    for one in found.iter_mut() {
        one.filled.retain(shown);
        one.emptied.retain(shown);
        one.fills = one.filled.len() as i64 - one.emptied.len() as i64;
    }
    found.retain(|one| one.fills > 0);
}
