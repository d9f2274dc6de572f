//! Agreements between boards.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::rota::Rota;

use super::agreement_shortfall::options_by_agreement;
use super::cost::session_cost;
use crate::audit::Verdict;
use crate::problem::{Demand, Item, Mark, Sketch};
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Away sessions under no agreement, or beyond what one allows.
#[derive(Debug)]
pub struct UnderAgreement;

const META: Meta = Meta {
    id: "agreement",
    severity: Severity::Hard,
    applies: Applies::With(Table::Agreements),
    holds: "An away session is under an agreement valid that day, and none exceeds max_sessions or \
            max_cost.",
    why: "What is not agreed between the boards is not paid, not insured and not answered for.",
    formula: "Lender, host, specialty and date of an away session fit an agreement; of several, it falls \
              under one for the specialty before one for all, then the first by code. Places under an \
              agreement ≤ max_sessions; the sum of their price and mileage ≤ max_cost, in pence.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

impl Rule for UnderAgreement {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let network = context.network;
        network.agreements().is_none()
            || !network.is_away(who, id)
            || network.agreement_for(who, id).is_some()
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let detail = || none_between(context, who, id);
        (!self.allows(context, who, id)).then(|| Reason { rule: META.id, detail: detail() })
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        for (id, options) in options_by_agreement(context, sketch) {
            let agreement = network.agreement(id);
            if let Some(most) = agreement.max_sessions() {
                let about = format!("{}/sessions", agreement.code());
                let demand = Demand::AtMost(i64::from(most));
                sketch.row(META.id, about, Item::ones(&options), demand);
            }
            if let Some(most) = agreement.max_cost() {
                let about = format!("{}/cost", agreement.code());
                let items: Vec<Item> = options
                    .iter()
                    .map(|option| {
                        let (who, session) =
                            (sketch.option(*option).consultant, sketch.option(*option).session);
                        let weight = session_cost(network, who, session).0;
                        Item { mark: Mark::Option(*option), weight }
                    })
                    .collect();
                sketch.row(META.id, about, items, Demand::AtMost(most.0));
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let Some(agreements) = network.agreements() else { return };
        let mut under: Vec<Vec<(SessionId, ConsultantId)>> = vec![Vec::new(); agreements.len()];
        for (session, who) in rota.assignments() {
            let employer = network.consultant(who).employer();
            if network.host(session) == employer {
                continue;
            }
            match network.agreement_for(who, session) {
                Some(id) => under[id.index()].push((session, who)),
                None => {
                    let detail = none_between(context, who, session);
                    verdict.breach(META.id, who, [session], detail);
                }
            }
        }
        for (agreement, places) in agreements.iter().zip(under) {
            let code = agreement.code();
            if let Some(most) = agreement.max_sessions()
                && places.len() > most as usize
            {
                let noun = if most == 1 { "session" } else { "sessions" };
                let detail = format!("{code} allows {most} {noun}, {} are given", places.len());
                verdict.breach_together(META.id, places.iter().copied(), detail);
            }
            let pence: i64 =
                places.iter().map(|(session, who)| session_cost(network, *who, *session).0).sum();
            if let Some(most) = agreement.max_cost()
                && pence > most.0
            {
                let detail = format!(
                    "{code} allows {}, the sessions given cost {}",
                    pounds(most.0),
                    pounds(pence)
                );
                verdict.breach_together(META.id, places.iter().copied(), detail);
            }
        }
    }
}

fn pounds(pence: i64) -> String {
    format!("£{}.{:02}", pence / 100, pence.abs() % 100)
}

fn none_between(context: Context<'_>, who: ConsultantId, session: SessionId) -> String {
    let network = context.network;
    let lender = network.trust(network.consultant(who).employer()).code();
    let host = network.trust(network.host(session)).code();
    let specialty = network.specialty(network.session(session).specialty()).name();
    format!("no agreement by which {lender} lends {specialty} to {host} that day")
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::AgreementRow;
    use rotashare_core::values::Pence;

    use crate::draft::*;
    use crate::world::boards;

    #[test]
    fn agreement_there_must_be() {
        let said = ["no agreement by which L lends Cardiology to H that day"];
        let none = boards(|draft| draft.agreements = Some(Vec::new()));
        none.keeps(&[("A", "HOME")]);
        none.breaks(&[("A", "TUE-AM")], "agreement", &said);
        // The other way round, or for another specialty, is no agreement.
        let other = boards(|draft| {
            let skin = AgreementRow { specialty: Some("330".into()), ..agreement("G2", "L", "H") };
            draft.agreements = Some(vec![agreement("G1", "H", "L"), skin]);
        });
        other.breaks(&[("A", "TUE-AM")], "agreement", &said);
        let dated = boards(|draft| {
            let row = AgreementRow { valid: valid("2027-03-02", ""), ..agreement("G1", "L", "H") };
            draft.agreements = Some(vec![row]);
        });
        dated.keeps(&[("A", "TUE-AM")]);
        dated.breaks(&[("A", "MON-AM")], "agreement", &said);
    }

    #[test]
    fn agreement_with_a_most() {
        let world = |alter: fn(&mut AgreementRow)| {
            boards(|draft| {
                let mut row = agreement("G1", "L", "H");
                alter(&mut row);
                draft.agreements = Some(vec![row]);
            })
        };
        let most = world(|row| row.max_sessions = Some(2));
        most.keeps(&[("A", "MON-AM"), ("B", "TUE-AM"), ("A", "HOME")]);
        let said = ["G1 allows 2 sessions, 3 are given"];
        most.breaks(&[("A", "MON-AM"), ("B", "TUE-AM"), ("A", "NEXT-AM")], "agreement", &said);
        // £400 and 60 miles at 56p: £433.60 each.
        let cost = world(|row| row.max_cost = Some(Pence(86_720)));
        cost.keeps(&[("A", "MON-AM"), ("A", "MON-PM")]);
        let cost = world(|row| row.max_cost = Some(Pence(86_719)));
        let said = ["G1 allows £867.19, the sessions given cost £867.20"];
        cost.breaks(&[("A", "MON-AM"), ("A", "MON-PM")], "agreement", &said);
    }

    #[test]
    fn agreement_for_the_specialty_comes_first() {
        let world = boards(|draft| {
            let all = AgreementRow { max_sessions: Some(0), ..agreement("G1", "L", "H") };
            let own = AgreementRow {
                specialty: Some("320".into()),
                valid: valid("", "2027-03-02"),
                ..agreement("G2", "L", "H")
            };
            draft.agreements = Some(vec![all, own]);
        });
        world.keeps(&[("A", "MON-AM"), ("B", "TUE-AM")]);
        world.breaks(&[("A", "WED-AM")], "agreement", &["G1 allows 0 sessions, 1 are given"]);
    }
}
