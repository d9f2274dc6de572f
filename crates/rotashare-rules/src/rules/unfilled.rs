//! Places left empty.

use rotashare_core::points::{Points, Tariff};
use rotashare_core::rota::Rota;
use rotashare_core::values::Priority;

use crate::audit::Verdict;
use crate::problem::{Demand, Item, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// A place left empty, by the session's priority. Also says that no session has more people than
/// places, which a rota can't even write down.
#[derive(Debug)]
pub struct Unfilled;

const META: Meta = Meta {
    id: "unfilled",
    severity: Severity::Term,
    applies: Applies::Always,
    holds: "A place left empty costs points by its session's priority.",
    why: "Filling clinics is what the rota is for; everything else decides between ways to fill them.",
    formula: "weight(priority) × empty places. Never more people in a session than places.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[
        Weight {
            term: "unfilled.must",
            default: 10_000,
            unit: "a place left empty in a session that must run",
        },
        Weight {
            term: "unfilled.should",
            default: 3_000,
            unit: "a place left empty in a session that should run",
        },
        Weight {
            term: "unfilled.could",
            default: 500,
            unit: "a place left empty in a session that could run",
        },
    ],
};

fn term(priority: Priority) -> &'static str {
    match priority {
        Priority::Must => "unfilled.must",
        Priority::Should => "unfilled.should",
        Priority::Could => "unfilled.could",
    }
}

impl Rule for Unfilled {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for id in context.network.session_ids() {
            let session = context.network.session(id);
            let tariff = Tariff::flat(context.weight(term(session.priority())));
            let demand = Demand::Fill(i64::from(session.places()), tariff);
            let items = Item::ones(sketch.options_for(id));
            sketch.row(META.id, session.code().to_owned(), items, demand);
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let mut empty = [(Priority::Must, 0), (Priority::Should, 0), (Priority::Could, 0)];
        for (place, cell) in rota.cells() {
            let priority = context.network.session(place.session).priority();
            let count = empty.iter_mut().find(|(one, _)| *one == priority && cell.is_none());
            if let Some((_, count)) = count {
                *count += 1;
            }
        }
        for (priority, count) in empty {
            verdict
                .charge(term(priority), Points::whole(context.book.weight(term(priority))) * count);
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::SessionRow;
    use rotashare_core::values::Priority;

    use crate::draft::*;
    use crate::world::{costs, World};

    #[test]
    fn unfilled_by_priority() {
        let world = World::new(&with(|draft| {
            let row = |code, date| session(code, "L1", date, "09:00", "13:00");
            draft.sessions = Some(vec![
                SessionRow {
                    priority: Some(Priority::Must),
                    consultants: Some(2),
                    ..row("M", "2027-03-01")
                },
                row("S", "2027-03-02"),
                SessionRow { priority: Some(Priority::Could), ..row("C", "2027-03-03") },
            ]);
        }));
        costs(&world, "unfilled.must", &[(&[], 20_000), (&[("A", "M")], 10_000)]);
        costs(&world, "unfilled.should", &[(&[], 3000), (&[("A", "S")], 0), (&[("A", "M")], 3000)]);
        costs(&world, "unfilled.could", &[(&[], 500), (&[("B", "C")], 0)]);
    }
}
