//! How many people a rota takes.

use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Consultants given any session at all.
#[derive(Debug)]
pub struct PeopleUsed;

const META: Meta = Meta {
    id: "people_used",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "Few different consultants are given sessions.",
    why: "Each person sent needs induction, passes and logins at the host.",
    formula: "weight × consultants with at least one session.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "people_used",
        default: 0,
        unit: "a consultant given any session at all",
    }],
};

impl Rule for PeopleUsed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for who in sketch.consultants() {
            let all = sketch.options_of(who).map(|(id, _)| id).collect();
            if let Some(mark) = sketch.any_of(all) {
                let tariff = Tariff::flat(context.weight(META.id));
                sketch.charge(META.id, who, [Item::one(mark)], tariff);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let months = rota.by_consultant(context.network);
        let used = months.iter().filter(|month| !month.is_empty()).count();
        verdict.charge(META.id, context.weight(META.id) * used as i64);
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::weigh;
    use crate::world::{sessions, costs};

    #[test]
    fn people_used() {
        let rows = [
            ["S1", "L1", "2027-03-01", "08:00", "09:00"],
            ["S2", "L1", "2027-03-02", "08:00", "09:00"],
        ];
        let world = sessions(&rows, |draft| weigh(draft, "people_used", 7));
        let (one, two) = (&[("A", "S1"), ("A", "S2")], &[("A", "S1"), ("B", "S2")]);
        costs(&world, "people_used", &[(&[], 0), (one, 7), (two, 14)]);
    }
}
