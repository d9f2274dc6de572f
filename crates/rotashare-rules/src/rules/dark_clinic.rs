//! Clinics that stay dark week after week.

use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{Demand, Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// The third and each later session in a row of a series with nobody in it.
#[derive(Debug)]
pub struct DarkClinic;

const META: Meta = Meta {
    id: "dark_clinic",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "No series stays empty three times in a row or more.",
    why: "Patients of one clinic should not bear the whole shortage.",
    formula: "weight × sessions of a series with nobody in them that follow two such sessions of the \
              series in the horizon.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "dark_clinic",
        default: 200,
        unit: "each session of a series that is the third or later in a row left empty",
    }],
};

impl Rule for DarkClinic {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for clinic in context.network.clinics() {
            for three in clinic.sessions().windows(3) {
                let options = three.iter().flat_map(|session| sketch.options_for(*session));
                let items = Item::ones(options);
                let about = context.network.session(three[2]).code().to_owned();
                let demand = Demand::AtLeastOr(1, Tariff::flat(context.weight(META.id)));
                sketch.row(META.id, about, items, demand);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for clinic in context.network.clinics() {
            let mut run = 0;
            for session in clinic.sessions() {
                run = if rota.consultants(*session).next().is_none() { run + 1 } else { 0 };
                if run >= 3 {
                    verdict.charge(META.id, context.weight(META.id));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::world::{costs, series};

    #[test]
    fn dark_clinic_third_in_a_row_and_later() {
        let world = series(|draft| {
            draft.clinics.as_mut().expect("clinics").truncate(1);
        });
        let on = ["ONE@2027-03-02", "ONE@2027-03-09", "ONE@2027-03-16", "ONE@2027-03-23"];
        costs(
            &world,
            "dark_clinic",
            &[
                // Of five in a row the third, fourth and fifth.
                (&[], 600),
                (&[("A", on[0])], 400),
                (&[("A", on[1])], 200),
                (&[("A", on[2])], 0),
                (&[("A", on[3])], 200),
            ],
        );
        // With two places one filled is not dark.
        let world = series(|draft| {
            draft.clinics.as_mut().expect("clinics").remove(0);
        });
        costs(&world, "dark_clinic", &[(&[], 600), (&[("B", "TWO@2027-03-18")], 0)]);
    }
}
