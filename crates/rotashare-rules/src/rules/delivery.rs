//! Hours aimed at.

use rotashare_core::points::{Points, Tariff};
use rotashare_core::rota::Rota;
use rotashare_core::values::round_div;

use crate::audit::Verdict;
use crate::problem::{Item, Mark, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Hours over or under a consultant's target.
#[derive(Debug)]
pub struct Delivery;

const META: Meta = Meta {
    id: "delivery",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "The sessions given to a consultant add up to their target hours.",
    why: "An annualised job plan owes a number of sessions, not fifty-two weeks of them.",
    formula: "weight × |hours of sessions given − target_hours|, counted in quarters of an hour; each \
              session and the target are rounded to a quarter.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "delivery",
        default: 4,
        unit: "an hour, over or under, between the sessions given and `target_hours`",
    }],
};

/// A number of minutes in quarters of an hour.
fn quarters(minutes: i64) -> i64 {
    round_div(minutes, 15)
}

impl Rule for Delivery {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        // A quarter of an hour costs a quarter of the weight.
        let each = Points::quarters(context.book.weight(META.id));
        for who in context.network.consultant_ids() {
            let Some(target) = context.network.consultant(who).target_minutes() else { continue };
            let items: Vec<Item> = sketch
                .options_of(who)
                .map(|(id, option)| Item {
                    mark: Mark::Option(id),
                    weight: quarters(context.network.session(option.session).minutes().into()),
                })
                .collect();
            sketch.charge(META.id, who, items, Tariff::around(quarters(target), each));
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (consultant, month) in network.consultants().iter().zip(rota.by_consultant(network)) {
            let Some(target) = consultant.target_minutes() else { continue };
            let given: i64 = month
                .iter()
                .map(|session| round_div(network.session(*session).minutes().into(), 15))
                .sum();
            let off = (given - round_div(target, 15)).abs();
            verdict.charge(META.id, Points::quarters(context.book.weight(META.id)) * off);
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::points::Points;

    use crate::settings::weigh;
    use crate::world::{sessions, costs};

    #[test]
    fn delivery_in_quarters_of_an_hour() {
        let rows = [
            ["S1", "L1", "2027-03-01", "08:00", "12:00"],
            ["S2", "L1", "2027-03-02", "08:00", "11:45"],
            // 127 minutes are eight quarters of an hour, 128 are nine.
            ["S3", "L1", "2027-03-03", "08:00", "10:07"],
            ["S4", "L1", "2027-03-04", "08:00", "10:08"],
        ];
        let world = sessions(&rows, |draft| {
            weigh(draft, "delivery", 5);
            draft.consultants[0].target_hours = Some(360);
        });
        // Twenty-four quarters of an hour are aimed at; each costs 1.25.
        for (pairs, quarters) in [
            (&[][..], 24 * 5),
            (&[("A", "S1")], 8 * 5),
            (&[("A", "S2")], 9 * 5),
            (&[("A", "S3")], 16 * 5),
            (&[("A", "S4")], 15 * 5),
            (&[("A", "S1"), ("A", "S2")], 7 * 5),
            (&[("A", "S1"), ("A", "S3")], 0),
            (&[("B", "S1")], 24 * 5),
        ] {
            assert_eq!(world.points("delivery", pairs), Points::quarters(quarters), "{pairs:?}");
        }
        assert!(!world.problem.counts_in_whole_points());
        assert_eq!(world.points("delivery", &[("A", "S2")]).to_string(), "11.25");
        let usual = sessions(&rows, |draft| draft.consultants[0].target_hours = Some(360));
        costs(&usual, "delivery", &[(&[], 24), (&[("A", "S1"), ("A", "S2")], 7)]);
        assert!(usual.problem.counts_in_whole_points());
    }
}
