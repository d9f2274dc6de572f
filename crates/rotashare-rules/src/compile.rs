//! From a network and its rulebook to a problem for the engines.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;

use crate::candidates::Candidates;
use crate::problem::{Problem, Sketch};
use crate::registry::RULES;
use crate::rule::{Context, Reason, Rule};
use crate::rulebook::Rulebook;

/// Asks every rule that is on what it has to say.
#[must_use]
pub fn compile(network: &Network, book: &Rulebook) -> Problem {
    let context = Context { network, book };
    let rules = rules_on(book);
    let mut pairs = Vec::new();
    let mut candidates = Candidates::new(context);
    for session in network.session_ids() {
        let free =
            |who: &&ConsultantId| rules.iter().all(|rule| rule.allows(context, **who, session));
        pairs.extend(candidates.of(session).iter().filter(free).map(|who| (*who, session)));
    }
    let mut sketch = Sketch::new(pairs);
    sketch.set_days(network.horizon().days());
    for index in 0..sketch.options().len() {
        let option = crate::problem::OptionId::new(index);
        let (who, session) = (sketch.option(option).consultant, sketch.option(option).session);
        let points: Points = rules.iter().map(|rule| rule.points(context, who, session)).sum();
        sketch.add_points(option, points);
    }
    for rule in rules {
        rule.tell(context, &mut sketch);
    }
    sketch.finish()
}

/// Everything that forbids a consultant a session whatever else is chosen, a reason a rule.
#[must_use]
pub fn reasons_against(
    network: &Network,
    book: &Rulebook,
    who: ConsultantId,
    session: SessionId,
) -> Vec<Reason> {
    let context = Context { network, book };
    rules_on(book).iter().filter_map(|rule| rule.forbids(context, who, session)).collect()
}

/// The rota of a choice (`chosen` has an entry an option), its places numbered like the published
/// ones. What a session has no place for is left out; no choice that keeps coverage has such.
#[must_use]
pub fn rota_of(network: &Network, problem: &Problem, chosen: &[bool]) -> Rota {
    let mut rota = Rota::empty(network);
    for (option, _) in problem.options().iter().zip(chosen).filter(|(_, chosen)| **chosen) {
        let placed = rota.add(option.session, option.consultant);
        debug_assert!(placed.is_ok(), "more chosen than there are places");
    }
    rota.number_like_published(network);
    rota
}

/// As much of the published rota as there are options for; `None` where none is published.
#[must_use]
pub fn published_choice(network: &Network, problem: &Problem) -> Option<Vec<bool>> {
    let is_published = |(consultant, session): (ConsultantId, SessionId)| {
        network.published_places(session).iter().any(|(_, who)| *who == Some(consultant))
    };
    let options = problem.options().iter();
    network
        .has_published()
        .then(|| options.map(|o| is_published((o.consultant, o.session))).collect())
}

/// The choice that a rota makes, where every pair of it is an option.
#[must_use]
pub fn choice_of(problem: &Problem, rota: &Rota) -> Option<Vec<bool>> {
    let mut chosen = vec![false; problem.options().len()];
    for (session, who) in rota.assignments() {
        let key = (who, session);
        let index =
            problem.options().binary_search_by_key(&key, |o| (o.consultant, o.session)).ok()?;
        chosen[index] = true;
    }
    Some(chosen)
}

fn rules_on(book: &Rulebook) -> Vec<&'static dyn Rule> {
    RULES.iter().copied().filter(|rule| book.is_on(rule.meta().id)).collect()
}
