//! A reason for every empty place and consultant of its specialty.

use rayon::prelude::*;
use rotashare_core::ids::ConsultantId;
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, Rota};
use rotashare_rules::audit::{Verdict, audit_by};
use rotashare_rules::problem::RuleId;
use rotashare_rules::registry;
use rotashare_rules::rule::{Reason, Severity};
use rotashare_rules::rulebook::Rulebook;

use crate::obstacles::{Pair, Survey, put};
use crate::view::{View, hidden};
use crate::words;

/// The reason where no rule is broken: the rota is worth more points without.
pub const NEEDED_ELSEWHERE: RuleId = "needed-elsewhere";

/// An empty place, and why a consultant of its specialty is not in it: a row of `gaps.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which place.
    pub place: Place,
    /// Who.
    pub consultant: ConsultantId,
    /// The rule that is most in the way, [`NEEDED_ELSEWHERE`], or [`crate::UNAVAILABLE`].
    pub reason: RuleId,
    /// What it says, in a manager's words, with dates and numbers; no full stop.
    pub detail: String,
    /// Everything found, the most telling first.
    pub all: Vec<Reason>,
}

/// Every empty place with every consultant of its specialty (whose accreditation may have lapsed), in
/// order of places and consultants.
#[must_use]
pub fn gaps(network: &Network, book: &Rulebook, rota: &Rota) -> Vec<Gap> {
    gaps_for(network, book, rota, View::default())
}

/// The same as a trust may see it.
#[must_use]
pub fn gaps_for(network: &Network, book: &Rulebook, rota: &Rota, view: View) -> Vec<Gap> {
    let pairs: Vec<Pair> = rota
        .cells()
        .filter(|(place, cell)| cell.is_none() && view.shows(network, place.session))
        .flat_map(|(place, _)| {
            let specialty = network.session(place.session).specialty();
            network.accredited(specialty).iter().map(move |who| (place, *who))
        })
        .collect();
    let survey = Survey::new(network, book, rota);
    let found = survey.obstacles(&pairs, false);
    pairs
        .into_par_iter()
        .zip(found)
        .map(|((place, consultant), obstacles)| {
            let obstacles = view.obstacles(network, consultant, obstacles);
            let mut all: Vec<Reason> = obstacles.into_iter().map(|one| one.reason).collect();
            if all.is_empty() {
                all.push(if view.is_theirs(network, consultant) {
                    needed_elsewhere(&survey, (place, consultant))
                } else {
                    hidden().reason
                });
            }
            let Reason { rule, detail } = all[0].clone();
            Gap { place, consultant, reason: rule, detail, all }
        })
        .collect()
}

/// What it would cost to put somebody in whom no rule keeps out.
fn needed_elsewhere(survey: &Survey<'_>, pair: Pair) -> Reason {
    let mut rota = survey.around_pair(pair);
    let before = points(survey.network, survey.book, &rota);
    put(&mut rota, pair.0, pair.1);
    let after = points(survey.network, survey.book, &rota);
    Reason { rule: NEEDED_ELSEWHERE, detail: words::price(&before, &after) }
}

/// The points of every term.
fn points(network: &Network, book: &Rulebook, rota: &Rota) -> Verdict {
    let is_term = |rule: RuleId| {
        registry::find(rule).is_some_and(|one| one.meta().severity == Severity::Term)
    };
    audit_by(network, book, rota, is_term)
}
