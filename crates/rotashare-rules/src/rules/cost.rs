//! What the host pays.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::values::{Hundredths, Pence, round_div};

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Session price and mileage under an agreement.
#[derive(Debug)]
pub struct Cost;

const META: Meta = Meta {
    id: "cost",
    severity: Severity::Term,
    applies: Applies::With(Table::Agreements),
    holds: "Away sessions cost little under their agreements.",
    why: "Where two rotas are alike, the cheaper one will do.",
    formula: "weight × round((price_per_session + miles from base to site and back × mileage_pence) in \
              pounds), for each place done under an agreement.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "cost",
        default: 0,
        unit: "a pound of session price and mileage under an agreement, rounded for each place",
    }],
};

/// What a consultant's session costs under its agreement, to the penny; nothing where there is none.
#[must_use]
pub fn session_cost(network: &Network, who: ConsultantId, session: SessionId) -> Pence {
    let agreement = network.is_away(who, session).then(|| network.agreement_for(who, session));
    let Some(id) = agreement.flatten() else { return Pence(0) };
    let (base, site) = (network.consultant(who).base(), network.session(session).site());
    let travel = network.travel();
    let miles = Hundredths(travel.miles(base, site).0 + travel.miles(site, base).0);
    network.agreement(id).session_cost(miles)
}

impl Rule for Cost {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> Points {
        context.weight(META.id) * round_div(session_cost(context.network, who, session).0, 100)
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for (session, who) in rota.assignments() {
            let pounds = round_div(session_cost(context.network, who, session).0, 100);
            verdict.charge(META.id, context.weight(META.id) * pounds);
        }
    }
}
