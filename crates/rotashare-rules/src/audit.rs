//! Judging any rota: every broken rule by name, and the points by term.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;

use crate::problem::RuleId;
use crate::registry;
use crate::rule::Context;
use crate::rulebook::Rulebook;

/// A rule broken by a rota.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// The rule.
    pub rule: RuleId,
    /// Who breaks it, where it concerns one person.
    pub consultant: Option<ConsultantId>,
    /// The sessions that break it together, in order.
    pub sessions: Vec<SessionId>,
    /// In a manager's words, with dates and numbers; no full stop.
    pub detail: String,
    /// The places in these sessions that have a part in it, in order.
    pub places: Vec<(SessionId, ConsultantId)>,
}

/// What the audit says of a rota.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    breaches: Vec<Breach>,
    terms: Vec<(&'static str, Points)>,
}

impl Verdict {
    /// Every breach, by rule, consultant and session.
    #[must_use]
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// The points of every term, in the order of the registry.
    #[must_use]
    pub fn terms(&self) -> &[(&'static str, Points)] {
        &self.terms
    }

    /// The points of all terms.
    #[must_use]
    pub fn objective(&self) -> Points {
        self.terms.iter().map(|(_, points)| *points).sum()
    }

    /// Notes that a consultant breaks a rule with these sessions together.
    pub fn breach(
        &mut self,
        rule: RuleId,
        who: ConsultantId,
        sessions: impl IntoIterator<Item = SessionId>,
        detail: impl Into<String>,
    ) {
        let places = sessions.into_iter().map(|session| (session, who));
        self.note(rule, Some(who), places.collect(), detail.into());
    }

    /// Notes that these places together break a rule that is about no one person.
    pub fn breach_together(
        &mut self,
        rule: RuleId,
        places: impl IntoIterator<Item = (SessionId, ConsultantId)>,
        detail: impl Into<String>,
    ) {
        self.note(rule, None, places.into_iter().collect(), detail.into());
    }

    fn note(
        &mut self,
        rule: RuleId,
        consultant: Option<ConsultantId>,
        mut places: Vec<(SessionId, ConsultantId)>,
        detail: String,
    ) {
        places.sort_unstable();
        places.dedup();
        let mut sessions: Vec<_> = places.iter().map(|(session, _)| *session).collect();
        sessions.dedup();
        self.breaches.push(Breach { rule, consultant, sessions, detail, places });
    }

    /// Adds points to a term.
    pub fn charge(&mut self, term: &'static str, points: Points) {
        match self.terms.iter_mut().find(|(name, _)| *name == term) {
            Some((_, sum)) => *sum += points,
            None => self.terms.push((term, points)),
        }
    }
}

/// Judges a rota by every rule that is on.
#[must_use]
pub fn audit(network: &Network, book: &Rulebook, rota: &Rota) -> Verdict {
    audit_by(network, book, rota, |_| true)
}

/// Judges a rota by the rules that are on and asked for.
#[must_use]
pub fn audit_by(
    network: &Network,
    book: &Rulebook,
    rota: &Rota,
    asked: impl Fn(RuleId) -> bool,
) -> Verdict {
    let mut verdict = Verdict::default();
    for weight in registry::weights() {
        verdict.charge(weight.term, Points::ZERO);
    }
    for rule in registry::RULES {
        let id = rule.meta().id;
        if book.is_on(id) && asked(id) {
            rule.audit(Context { network, book }, rota, &mut verdict);
        }
    }
    verdict.breaches.sort();
    verdict.breaches.dedup();
    verdict
}
