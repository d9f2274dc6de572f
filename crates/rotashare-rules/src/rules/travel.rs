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
