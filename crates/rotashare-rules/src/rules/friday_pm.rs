//! Friday afternoons away.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::{HalfDay, Weekday};

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Away sessions on a Friday afternoon.
#[derive(Debug)]
pub struct FridayPm;

const META: Meta = Meta {
    id: "friday_pm",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "Few away sessions are on a Friday afternoon.",
    why: "The road home is longest then.",
    formula: "weight × away places in sessions that start at 13:00 or later on a Friday.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "friday_pm",
        default: 5,
        unit: "an away session on a Friday afternoon",
    }],
};

impl Rule for FridayPm {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Points {
        let session = context.network.session(id);
        let friday = session.date().weekday() == Weekday::Friday;
        if friday && session.half_day() == HalfDay::Pm && context.network.is_away(who, id) {
            context.weight(META.id)
        } else {
            Points::ZERO
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (id, who) in rota.assignments() {
            let start = network.session(id).span().start();
            let late = start.clock().minutes() >= 13 * 60;
            let employer = network.consultant(who).employer();
            if start.date().weekday() == Weekday::Friday && late && network.host(id) != employer {
                verdict.charge(META.id, context.weight(META.id));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::world::{sessions, costs};

    #[test]
    fn friday_afternoon_away() {
        let rows = [
            ["PM", "H1", "2027-03-05", "13:00", "15:00"],
            ["LATE", "H1", "2027-03-05", "15:00", "17:00"],
            ["NOON", "H1", "2027-03-05", "12:59", "15:00"],
            ["HOME", "L1", "2027-03-05", "13:00", "15:00"],
            ["THU", "H1", "2027-03-04", "13:00", "15:00"],
        ];
        let world = sessions(&rows, |_| {});
        costs(
            &world,
            "friday_pm",
            &[
                (&[("A", "PM"), ("A", "THU")], 5),
                (&[("A", "PM"), ("A", "LATE")], 10),
                (&[("A", "NOON")], 0),
                (&[("A", "HOME")], 0),
            ],
        );
    }
}
