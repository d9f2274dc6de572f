//! Changes to a rota already given out.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Tariff};
use rotashare_core::rota::Rota;

use super::notice::inside_notice;
use crate::audit::Verdict;
use crate::problem::{Demand, Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Published places given to another.
#[derive(Debug)]
pub struct Change;

const META: Meta = Meta {
    id: "change",
    severity: Severity::Term,
    applies: Applies::With(Table::Published),
    holds: "A place of `published.csv` stays with whom it was given to.",
    why: "People arrange their weeks around the published rota; the fewer calls, the better.",
    formula: "weight × published places now with another person, × 4 inside the notice period. The \
              places of a session are alike: newcomers take places that were empty first.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "change",
        default: 50,
        unit: "a place of `published.csv` that is given to another; × 4 inside the notice period",
    }],
};

fn price(context: Context<'_>, session: SessionId) -> Points {
    context.weight(META.id) * if inside_notice(context, session) { 4 } else { 1 }
}

/// Who had a session in the published rota, and how many of its places nobody had.
fn before(context: Context<'_>, session: SessionId) -> (Vec<ConsultantId>, i64) {
    let published = context.network.published_places(session);
    let people: Vec<ConsultantId> = published.iter().filter_map(|(_, who)| *who).collect();
    let empty = i64::from(context.network.session(session).places()) - people.len() as i64;
    (people, empty.max(0))
}

impl Rule for Change {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        if !context.network.has_published() {
            return;
        }
        for session in context.network.session_ids() {
            let (people, empty) = before(context, session);
            if people.is_empty() {
                continue;
            }
            let mut newcomers = sketch.options_for(session).to_vec();
            newcomers.retain(|option| !people.contains(&sketch.option(*option).consultant));
            if empty == 0 {
                for option in newcomers {
                    sketch.add_points(option, price(context, session));
                }
                continue;
            }
            sketch.row(
                META.id,
                context.network.session(session).code().to_owned(),
                Item::ones(&newcomers),
                Demand::AtMostOr(empty, Tariff::flat(price(context, session))),
            );
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        if !context.network.has_published() {
            return;
        }
        for session in context.network.session_ids() {
            let (people, empty) = before(context, session);
            if !people.is_empty() {
                let new = rota.consultants(session).filter(|who| !people.contains(who)).count();
                let replaced = (new as i64 - empty).max(0);
                verdict.charge(META.id, price(context, session) * replaced);
            }
        }
    }
}
