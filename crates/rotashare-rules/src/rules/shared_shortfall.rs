//! A shortage is shared.

use std::collections::BTreeMap;

use rotashare_core::ids::{SiteId, SpecialtyId};
use rotashare_core::points::{Points, Tariff};
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{Demand, Item, OptionId, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Places left empty at one site in one specialty, each dearer than the one before.
#[derive(Debug)]
pub struct SharedShortfall;

const META: Meta = Meta {
    id: "shared_shortfall",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "Empty places are spread over sites and specialties.",
    why: "A shortage is shared, not dumped on one partner.",
    formula: "The k-th empty place at one site in one specialty costs (k − 1) × weight, beside what an \
              empty place costs anyway.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "shared_shortfall",
        default: 25,
        unit: "an empty place already there at the same site in the same specialty, for each further one",
    }],
};

impl Rule for SharedShortfall {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let mut rows: BTreeMap<(SiteId, SpecialtyId), (i64, Vec<OptionId>)> = BTreeMap::new();
        for id in context.network.session_ids() {
            let session = context.network.session(id);
            let row = rows.entry((session.site(), session.specialty())).or_default();
            row.0 += i64::from(session.places());
            row.1.extend(sketch.options_for(id));
        }
        for ((site, specialty), (places, mut options)) in rows {
            options.sort_unstable();
            let site = context.network.site(site).code();
            let specialty = context.network.specialty(specialty).code();
            let prices = (0..places).map(|k| context.weight(META.id) * k);
            sketch.row(
                META.id,
                format!("{site}/{specialty}"),
                Item::ones(&options),
                Demand::AtLeastOr(places, Tariff::rising(prices)),
            );
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let mut empty: BTreeMap<(SiteId, SpecialtyId), i64> = BTreeMap::new();
        for (place, _) in rota.cells().filter(|(_, cell)| cell.is_none()) {
            let session = context.network.session(place.session);
            let before = empty.entry((session.site(), session.specialty())).or_default();
            let points: Points = context.weight(META.id) * *before;
            verdict.charge(META.id, points);
            *before += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::SessionRow;

    use crate::draft::*;
    use crate::world::{costs, World};

    #[test]
    fn shared_shortfall_counts_from_the_second() {
        let world = World::new(&with(|draft| {
            let row = |code, site| session(code, site, "2027-03-01", "08:00", "10:00");
            draft.sessions = Some(vec![
                SessionRow { consultants: Some(2), ..row("H-A", "H1") },
                row("H-B", "H1"),
                row("L-A", "L1"),
                SessionRow { specialty: "330".into(), ..row("H-SKIN", "H1") },
            ]);
        }));
        costs(
            &world,
            "shared_shortfall",
            &[
                // Three at H1 in 320: 0 + 25 + 50. One each at L1 and in 330: nothing.
                (&[], 75),
                (&[("A", "H-B")], 25),
                (&[("A", "L-A")], 75),
                (&[("A", "H-A"), ("B", "H-A")], 0),
            ],
        );
    }
}
