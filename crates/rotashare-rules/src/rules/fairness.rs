//! A fair share of away days.

use rotashare_core::ids::ConsultantId;
use rotashare_core::points::{Points, Tariff};
use rotashare_core::rota::Rota;
use rotashare_core::values::round_div;

use super::months::{away_dates, marks_by_date};
use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Away days, each dearer than the one before.
#[derive(Debug)]
pub struct Fairness;

const META: Meta = Meta {
    id: "fairness",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "Away days are spread by whole-time equivalent, what was done before included.",
    why: "A rota that sends the same few people is not kept for long.",
    formula: "The k-th away day of a consultant costs round(weight × (k − 1 + away days before) / fte), \
              halves rounded up.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "fairness",
        default: 10,
        unit: "an away day already done, for each further one, divided by whole-time equivalent",
    }],
};

/// The price of the k-th away day (from 1).
fn price(context: Context<'_>, who: ConsultantId, k: usize) -> Points {
    let consultant = context.network.consultant(who);
    let before = k as i64 - 1 + i64::from(consultant.history().away_days);
    let weight = context.book.weight(META.id);
    let scaled = weight.saturating_mul(before).saturating_mul(1000);
    Points::whole(round_div(scaled, consultant.fte().0))
}

impl Rule for Fairness {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for who in sketch.consultants() {
            let away = |session| context.network.is_away(who, session);
            let days = marks_by_date(context, sketch, who, away);
            let prices: Vec<Points> = (1..=days.len()).map(|k| price(context, who, k)).collect();
            sketch.charge(META.id, who, days.into_values().map(Item::one), Tariff::rising(prices));
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            let days = away_dates(network, who, &month).len();
            verdict.charge(META.id, (1..=days).map(|k| price(context, who, k)).sum());
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::values::Thousandths;

    use crate::draft::*;
    use crate::world::{sessions, costs, Pairs};

    #[test]
    fn fairness_is_rounded_for_each_away_day() {
        let rows = [
            ["S1", "H1", "2027-03-01", "08:00", "09:00"],
            ["S2", "H1", "2027-03-01", "09:00", "10:00"],
            ["S3", "H1", "2027-03-03", "08:00", "09:00"],
            ["S4", "H1", "2027-03-08", "08:00", "09:00"],
            ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
        ];
        let all: Pairs<'_> = &[("A", "S1"), ("A", "S2"), ("A", "S3"), ("A", "S4"), ("A", "HOME")];
        let two: Pairs<'_> = &[("A", "S1"), ("A", "S3")];
        let world = |fte, before: Option<u32>| {
            sessions(&rows, |draft| {
                draft.consultants[0].fte = Thousandths(fte);
                let mut row = history("A");
                row.away_days = before;
                draft.history = before.map(|_| vec![row]);
            })
        };
        // 0 + 10 + 20
        costs(
            &world(1000, None),
            "fairness",
            &[(&[("A", "S1"), ("A", "S2")], 0), (two, 10), (all, 30)],
        );
        // 0 + round(16.67) + round(33.33)
        costs(&world(600, None), "fairness", &[(two, 17), (all, 50)]);
        // 0 + round(12.5) + 25
        costs(&world(800, None), "fairness", &[(two, 13), (all, 38)]);
        // round(20 / 0.6) + round(30 / 0.6) + round(40 / 0.6) = 33 + 50 + 67
        costs(&world(600, Some(2)), "fairness", &[(&[("A", "HOME")], 0), (two, 83), (all, 150)]);
    }
}
