//! Minutes on the road.

use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use super::months::{marks_by_date_and_site, visits};
use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Minutes from the base site to a site and back.
#[derive(Debug)]
pub struct Travel;

const META: Meta = Meta {
    id: "travel",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "Travel from base to a site and back is short.",
    why: "Travel from the main base is working time that sees no patient.",
    formula: "weight × minutes from base site to site and back, once for each consultant, date and site.",
    source: "The contract's table of points; terms and conditions of service count this travel as work.",
    params: &[],
    weights: &[Weight {
        term: "travel",
        default: 1,
        unit: "a minute from base site to site and back, once for each consultant, date and site",
    }],
};

impl Rule for Travel {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for who in sketch.consultants() {
            let base = context.network.consultant(who).base();
            for ((_, site), mark) in marks_by_date_and_site(context, sketch, who) {
                let minutes = i64::from(context.network.travel().return_minutes(base, site));
                let tariff = Tariff::flat(context.weight(META.id) * minutes);
                sketch.charge(META.id, who, [Item::one(mark)], tariff);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let months = rota.by_consultant(network);
        for (consultant, month) in network.consultants().iter().zip(&months) {
            for (_, site) in visits(network, month) {
                let minutes = network.travel().return_minutes(consultant.base(), site);
                verdict.charge(META.id, context.weight(META.id) * i64::from(minutes));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::TravelRow;

    use crate::draft::*;
    use crate::settings::weigh;
    use crate::world::{sessions, costs};

    #[test]
    fn travel_once_for_a_date_and_site() {
        let rows = [
            ["AM", "H1", "2027-03-02", "08:00", "10:00"],
            ["PM", "H1", "2027-03-02", "10:00", "12:00"],
            ["L2", "L2", "2027-03-02", "14:00", "16:00"],
            ["NEXT", "H1", "2027-03-03", "08:00", "10:00"],
            ["HOME", "L1", "2027-03-04", "08:00", "10:00"],
        ];
        let world = sessions(&rows, |_| {});
        costs(
            &world,
            "travel",
            &[
                (&[("A", "AM")], 120),
                (&[("A", "AM"), ("A", "PM")], 120),
                (&[("A", "AM"), ("A", "NEXT")], 240),
                (&[("A", "AM"), ("B", "PM")], 240),
                (&[("A", "AM"), ("A", "L2")], 160),
                (&[("A", "HOME")], 0),
            ],
        );
        // The way back may take another time; a row for a time of day does not count here.
        let world = sessions(&rows, |draft| {
            let late = TravelRow {
                depart_from: Some(at("07:00")),
                depart_to: Some(at("10:00")),
                ..way("L1", "H1", 90)
            };
            draft.travel.as_mut().expect("travel").extend([way("H1", "L1", 45), late]);
            weigh(draft, "travel", 3);
        });
        costs(&world, "travel", &[(&[("A", "AM"), ("A", "PM")], 315)]);
    }

    #[test]
    fn travel_by_the_straight_line() {
        // 15.62 miles in a straight line, 19.5 by road, 39.06 minutes: 40 each way.
        let world = sessions(&[["S1", "H1", "2027-03-02", "08:00", "10:00"]], |draft| {
            draft.travel = None;
            for (row, at) in
                draft.sites.iter_mut().zip([(51.5035, -0.0868), (51.5035, -0.0868), (51.4350, 0.2587)])
            {
                (row.latitude, row.longitude) = (Some(at.0), Some(at.1));
            }
        });
        costs(&world, "travel", &[(&[("A", "S1")], 80)]);
    }
}
