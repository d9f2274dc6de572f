//! A small network with its rulebook and problem, and rotas written as pairs of codes.

use rotashare_core::draft::Draft;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::Date;
use rotashare_rules::audit::{Verdict, audit};
use rotashare_rules::compile::{choice_of, compile, reasons_against};
use rotashare_rules::problem::{Problem, RuleId};
use rotashare_rules::rulebook::Rulebook;

use crate::draft::day;

/// Who does what, by code.
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

pub(crate) struct World {
    pub(crate) network: Network,
    pub(crate) book: Rulebook,
    pub(crate) problem: Problem,
}

impl World {
    /// On a day long before the horizon of the tests' networks.
    pub(crate) fn new(draft: &Draft) -> Self {
        Self::on(draft, day("2026-12-01"))
    }

    /// With a date of the run.
    pub(crate) fn on(draft: &Draft, today: Date) -> Self {
        let (network, _) = Network::build(draft).expect("a network without faults");
        let book = Rulebook::new(&network, today).expect("a rulebook without faults");
        let problem = compile(&network, &book);
        Self { network, book, problem }
    }

    pub(crate) fn who(&self, code: &str) -> ConsultantId {
        self.network.find_consultant(code).expect("a consultant of the network")
    }

    pub(crate) fn session(&self, code: &str) -> SessionId {
        self.network.find_session(code).expect("a session of the network")
    }

    pub(crate) fn rota(&self, pairs: Pairs<'_>) -> Rota {
        let mut rota = Rota::empty(&self.network);
        for (who, session) in pairs {
            rota.add(self.session(session), self.who(who)).expect("a place is left");
        }
        rota
    }

    pub(crate) fn audit(&self, rota: &Rota) -> Verdict {
        audit(&self.network, &self.book, rota)
    }

    /// The rules by which the algebra forbids a rota, in order.
    pub(crate) fn forbidden_by(&self, rota: &Rota) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = rota
            .assignments()
            .flat_map(|(session, who)| reasons_against(&self.network, &self.book, who, session))
            .map(|reason| reason.rule)
            .collect();
        match choice_of(&self.problem, rota) {
            Some(chosen) => rules.extend(self.problem.broken(&chosen)),
            None => assert!(!rules.is_empty(), "a pair is no option, and nothing says why"),
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// A rota that keeps every rule, to the audit as to the algebra, and costs the same to both.
    pub(crate) fn keeps(&self, pairs: Pairs<'_>) {
        let rota = self.rota(pairs);
        let verdict = self.audit(&rota);
        assert_eq!(verdict.breaches(), [], "{pairs:?}");
        assert_eq!(self.forbidden_by(&rota), [] as [RuleId; 0], "{pairs:?}");
        let chosen = choice_of(&self.problem, &rota).expect("every pair is an option");
        assert_eq!(verdict.objective(), self.problem.points(&chosen), "{pairs:?}");
    }

    /// A rota that breaks this rule and no other, to the audit as to the algebra; the audit says
    /// each of `words`.
    pub(crate) fn breaks(&self, pairs: Pairs<'_>, rule: RuleId, words: &[&str]) {
        let rota = self.rota(pairs);
        let verdict = self.audit(&rota);
        assert!(!verdict.breaches().is_empty(), "{rule}: no breach by {pairs:?}");
        for breach in verdict.breaches() {
            assert_eq!(breach.rule, rule, "{pairs:?}: {}", breach.detail);
            assert!(!breach.sessions.is_empty(), "{rule} names no session");
        }
        for word in words {
            assert!(
                verdict.breaches().iter().any(|breach| breach.detail.contains(word)),
                "{rule}: {word:?} is not in {:?}",
                verdict.breaches()
            );
        }
        assert_eq!(self.forbidden_by(&rota), [rule], "{pairs:?}");
    }

    /// The points of a term in a rota; the algebra's sum over all terms is the same.
    pub(crate) fn points(&self, term: &str, pairs: Pairs<'_>) -> Points {
        let rota = self.rota(pairs);
        let verdict = self.audit(&rota);
        let chosen = choice_of(&self.problem, &rota).expect("every pair is an option");
        assert_eq!(verdict.objective(), self.problem.points(&chosen), "{pairs:?}");
        let term = verdict.terms().iter().find(|(name, _)| *name == term);
        term.expect("a term of the contract").1
    }
}
