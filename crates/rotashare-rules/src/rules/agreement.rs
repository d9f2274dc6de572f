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

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let network = context.network;
        network.agreements()?;
        if !network.is_away(who, id) || network.agreement_for(who, id).is_some() {
            return None;
        }
        Some(Reason { rule: META.id, detail: none_between(context, who, id) })
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
            let sessions = || places.iter().map(|(session, _)| *session);
            let code = agreement.code();
            if let Some(most) = agreement.max_sessions()
                && places.len() > most as usize
            {
                let detail = format!("{code} allows {most} sessions, {} are given", places.len());
                verdict.breach(META.id, None, sessions(), detail);
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
                verdict.breach(META.id, None, sessions(), detail);
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
