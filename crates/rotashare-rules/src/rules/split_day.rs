//! Days cut between sites.

use std::collections::BTreeMap;

use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use super::months::{marks_by_date_and_site, visits};
use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Dates with sessions at more than one site.
#[derive(Debug)]
pub struct SplitDay;

const META: Meta = Meta {
    id: "split_day",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "A consultant's sessions of a date are at one site.",
    why: "A day cut between sites loses its middle to the road.",
    formula: "weight × (sites with a session − 1), by consultant and date.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "split_day",
        default: 30,
        unit: "a consultant's date with sessions at more than one site, for each site beyond the first",
    }],
};

impl Rule for SplitDay {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for who in sketch.consultants() {
            let mut days: BTreeMap<_, Vec<Item>> = BTreeMap::new();
            for ((day, _), mark) in marks_by_date_and_site(context, sketch, who) {
                days.entry(day).or_default().push(Item::one(mark));
            }
            for items in days.into_values().filter(|items| items.len() > 1) {
                sketch.charge(META.id, who, items, Tariff::beyond(1, context.weight(META.id)));
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for month in rota.by_consultant(context.network) {
            let visits = visits(context.network, &month);
            let second = visits.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
            verdict.charge(META.id, context.weight(META.id) * second as i64);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::world::{sessions, costs};

    #[test]
    fn split_day_for_each_site_beyond_the_first() {
        let rows = [
            ["S1", "L1", "2027-03-02", "08:00", "09:00"],
            ["S2", "L2", "2027-03-02", "10:00", "11:00"],
            ["S3", "H1", "2027-03-02", "13:00", "14:00"],
            ["S4", "H1", "2027-03-02", "14:00", "15:00"],
            ["S5", "L2", "2027-03-03", "10:00", "11:00"],
        ];
        let world = sessions(&rows, |_| {});
        costs(
            &world,
            "split_day",
            &[
                (&[("A", "S3"), ("A", "S4")], 0),
                (&[("A", "S1"), ("A", "S2")], 30),
                (&[("A", "S1"), ("A", "S2"), ("A", "S3"), ("A", "S4")], 60),
                (&[("A", "S1"), ("A", "S5"), ("B", "S2")], 0),
            ],
        );
    }
}
