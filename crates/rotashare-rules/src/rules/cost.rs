//! What the host pays.

use rotashare_core::agreements::Agreement;
use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::values::{Hundredths, Pence};

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

/// The agreement that a consultant's session falls under, and the miles there and back.
fn terms(
    network: &Network,
    who: ConsultantId,
    session: SessionId,
) -> Option<(&Agreement, Hundredths)> {
    let id = network.is_away(who, session).then(|| network.agreement_for(who, session)).flatten()?;
    let (base, site) = (network.consultant(who).base(), network.session(session).site());
    let travel = network.travel();
    let miles = Hundredths(travel.miles(base, site).0 + travel.miles(site, base).0);
    Some((network.agreement(id), miles))
}

/// What a consultant's session costs under its agreement, to the penny; nothing where there is none.
#[must_use]
pub fn session_cost(network: &Network, who: ConsultantId, session: SessionId) -> Pence {
    terms(network, who, session).map_or(Pence(0), |(agreement, miles)| agreement.session_cost(miles))
}

/// The same, to the pound.
fn pounds(network: &Network, who: ConsultantId, session: SessionId) -> i64 {
    terms(network, who, session).map_or(0, |(agreement, miles)| agreement.session_pounds(miles))
}

impl Rule for Cost {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> Points {
        context.weight(META.id) * pounds(context.network, who, session)
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for (session, who) in rota.assignments() {
            verdict.charge(META.id, self.points(context, who, session));
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::Draft;
    use rotashare_core::values::{Hundredths, Pence};

    use crate::draft::*;
    use crate::settings::weigh;
    use crate::world::{sessions, costs, Pairs};

    #[test]
    fn cost_is_rounded_for_each_place() {
        let rows = [
            ["S1", "H1", "2027-03-01", "08:00", "09:00"],
            ["S2", "H1", "2027-03-01", "09:00", "10:00"],
            ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
        ];
        let world = |alter: fn(&mut Draft)| {
            sessions(&rows, |draft| {
                draft.agreements = Some(vec![agreement("G1", "L", "H")]);
                weigh(draft, "cost", 2);
                alter(draft);
            })
        };
        let both: Pairs<'_> = &[("A", "S1"), ("A", "S2")];
        // £400 and 2 × 30 miles at 56p: £433.60, which is 434.
        let usual = world(|_| {});
        costs(&usual, "cost", &[(&[("A", "HOME")], 0), (&[("A", "S1")], 868), (both, 1736)]);
        // 2 × 12.34 miles at 56p: £13.82; with £400.49 it is £414.31.
        let listed = world(|draft| {
            draft.travel.as_mut().expect("travel")[1].miles = Some(Hundredths(1234));
            draft.agreements.as_mut().expect("agreements")[0].price_per_session = Some(Pence(40_049));
        });
        costs(&listed, "cost", &[(both, 1656)]);
        // Rounded once: 2 × 12.34 miles at 55.99p are £13.818332; £414.498332 is not £414.50.
        let once = world(|draft| {
            draft.travel.as_mut().expect("travel")[1].miles = Some(Hundredths(1234));
            let row = &mut draft.agreements.as_mut().expect("agreements")[0];
            (row.price_per_session, row.mileage_pence) = (Some(Pence(40_068)), Some(Hundredths(5599)));
        });
        costs(&once, "cost", &[(&[("A", "S1")], 828)]);
        let free = world(|draft| {
            let row = &mut draft.agreements.as_mut().expect("agreements")[0];
            (row.price_per_session, row.mileage_pence) = (None, None);
        });
        costs(&free, "cost", &[(both, 0)]);
    }
}
