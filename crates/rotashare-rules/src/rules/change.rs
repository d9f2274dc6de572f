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

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, SessionRow};

    use crate::draft::*;
    use crate::world::{costs, Pairs, World};

    /// `ONE` is published with A; `TWO`, with two places, with A and nobody.
    fn given_out(alter: impl FnOnce(&mut Draft)) -> Draft {
        with(|draft| {
            draft.consultants.push(consultant("C", "L", "L1"));
            draft.accreditations.push(accreditation("C", "320"));
            let two = session("TWO", "L1", "2027-03-03", "09:00", "13:00");
            draft.sessions = Some(vec![
                session("ONE", "L1", "2027-03-02", "09:00", "13:00"),
                SessionRow { consultants: Some(2), ..two },
            ]);
            draft.published = Some(vec![
                published("ONE", 1, Some("A")),
                published("TWO", 1, Some("A")),
                published("TWO", 2, None),
            ]);
            alter(draft);
        })
    }

    #[test]
    fn change_of_a_published_place() {
        let world = World::new(&given_out(|_| {}));
        costs(
            &world,
            "change",
            &[
                (&[], 0),
                (&[("A", "ONE"), ("A", "TWO"), ("B", "TWO")], 0),
                (&[("B", "ONE")], 50),
                // The newcomer takes the empty place.
                (&[("B", "TWO")], 0),
                (&[("B", "TWO"), ("C", "TWO")], 50),
                (&[("B", "ONE"), ("B", "TWO"), ("C", "TWO")], 100),
            ],
        );
    }

    #[test]
    fn change_inside_the_notice_period_costs_four_times() {
        let ill = given_out(|draft| {
            draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-03")]);
        });
        let world = World::on(&ill, day("2027-02-20"));
        costs(&world, "change", &[(&[("B", "ONE")], 200), (&[("B", "TWO"), ("C", "TWO")], 200)]);
        // The first day outside: 42 days from 20 January is 3 March.
        let world = World::on(&ill, day("2027-01-20"));
        let both: Pairs<'_> = &[("B", "ONE"), ("B", "TWO"), ("C", "TWO")];
        costs(&world, "change", &[(both, 250)]);
    }
}
