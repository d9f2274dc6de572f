//! A small network with its rulebook and problem, and rotas written as pairs of codes.

use rotashare_core::draft::{ClinicRow, Draft};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::Date;
use rotashare_rules::audit::{Verdict, audit};
use rotashare_rules::compile::{choice_of, compile, reasons_against};
use rotashare_rules::problem::{Problem, RuleId};
use rotashare_rules::rulebook::Rulebook;

use crate::draft::*;

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

/// The network of [`with`] with these sessions: code, site, date, start, end.
pub(crate) fn sessions(rows: &[[&str; 5]], alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&with(|draft| {
        let row =
            |[code, site, date, start, end]: &[&str; 5]| session(code, site, date, start, end);
        draft.sessions = Some(rows.iter().map(row).collect());
        alter(draft);
    }))
}

/// Asserts the whole points of a term for several rotas.
pub(crate) fn costs(world: &World, term: &str, rotas: &[(Pairs<'_>, i64)]) {
    for (pairs, points) in rotas {
        let found = world.points(term, pairs);
        assert_eq!(found, Points::whole(*points), "{term}, {pairs:?}: {found}");
    }
}

/// Five Tuesdays of March 2027 at home and at the host, three consultants.
pub(crate) fn series(alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&with(|draft| {
        draft.network.horizon = Some((day("2027-03-01"), day("2027-04-04")));
        draft.consultants.push(consultant("C", "L", "L1"));
        draft.accreditations.push(accreditation("C", "320"));
        draft.clinics = Some(vec![
            clinic("ONE", "L1", "tue", "09:00", "13:00"),
            ClinicRow { consultants: 2, ..clinic("TWO", "L1", "thu", "09:00", "13:00") },
        ]);
        alter(draft);
    }))
}

/// Three days at the host with a morning and an afternoon, and a morning at home.
pub(crate) fn board_draft(alter: impl FnOnce(&mut Draft)) -> Draft {
    with(|draft| {
        let mut rows = Vec::new();
        for (name, date) in [
            ("MON", "2027-03-01"),
            ("TUE", "2027-03-02"),
            ("WED", "2027-03-03"),
            ("NEXT", "2027-03-08"),
        ] {
            rows.push(session(&format!("{name}-AM"), "H1", date, "09:00", "13:00"));
            rows.push(session(&format!("{name}-PM"), "H1", date, "13:00", "17:00"));
        }
        rows.push(session("HOME", "L1", "2027-03-02", "09:00", "13:00"));
        draft.sessions = Some(rows);
        alter(draft);
    })
}

/// The world of [`board_draft`].
pub(crate) fn boards(alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&board_draft(alter))
}
