//! The same face each week.

use std::collections::BTreeSet;

use rotashare_core::ids::ConsultantId;
use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{Demand, Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Different consultants in a clinic's series beyond the number it needs at a time.
#[derive(Debug)]
pub struct Continuity;

const META: Meta = Meta {
    id: "continuity",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "A clinic's series has no more different consultants than it needs at a time.",
    why: "Patients and clinic staff want the same face each week.",
    formula: "weight × max(0, different consultants in the series − consultants at a time), by clinic.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "continuity",
        default: 60,
        unit: "each different consultant in a clinic's series beyond the number it needs at a time",
    }],
};

impl Rule for Continuity {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for clinic in context.network.clinics() {
            let mut options: Vec<_> = clinic
                .sessions()
                .iter()
                .flat_map(|session| sketch.options_for(*session))
                .map(|option| (sketch.option(*option).consultant, *option))
                .collect();
            options.sort_unstable();
            let items: Vec<Item> = options
                .chunk_by(|a, b| a.0 == b.0)
                .filter_map(|own| sketch.any_of(own.iter().map(|(_, option)| *option).collect()))
                .map(Item::one)
                .collect();
            sketch.row(
                META.id,
                clinic.code().to_owned(),
                items,
                Demand::AtMostOr(i64::from(clinic.places()), Tariff::flat(context.weight(META.id))),
            );
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for clinic in context.network.clinics() {
            let faces: BTreeSet<ConsultantId> =
                clinic.sessions().iter().flat_map(|session| rota.consultants(*session)).collect();
            let extra = (faces.len() as i64 - i64::from(clinic.places())).max(0);
            verdict.charge(META.id, context.weight(META.id) * extra);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::world::{costs, series};

    #[test]
    fn continuity_beyond_the_number_at_a_time() {
        let world = series(|_| {});
        let (one, two) = (["ONE@2027-03-02", "ONE@2027-03-09", "ONE@2027-03-16"], "TWO@2027-03-04");
        let next = "TWO@2027-03-11";
        costs(
            &world,
            "continuity",
            &[
                (&[], 0),
                (&[("A", one[0]), ("A", one[1])], 0),
                (&[("A", one[0]), ("B", one[1])], 60),
                (&[("A", one[0]), ("B", one[1]), ("C", one[2])], 120),
                (&[("A", two), ("B", two), ("A", next), ("B", next)], 0),
                (&[("A", two), ("B", two), ("A", next), ("C", next)], 60),
                (&[("A", one[0]), ("B", two)], 0),
            ],
        );
    }
}
