//! The clinic's named consultant.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Places done by another than the named consultant.
#[derive(Debug)]
pub struct Named;

const META: Meta = Meta {
    id: "named",
    severity: Severity::Term,
    applies: Applies::Usually,
    holds: "A place of a clinic with a named consultant is done by one of those named.",
    why: "The clinic runs under that name: letters, referrals and follow-ups go there.",
    formula: "weight × places done by somebody not named, where anybody is.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "named",
        default: 40,
        unit: "a place done by another than the clinic's named consultant",
    }],
};

impl Rule for Named {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> Points {
        let named = context.network.session(session).named();
        if named.is_empty() || named.binary_search(&who).is_ok() {
            Points::ZERO
        } else {
            context.weight(META.id)
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let others = rota.assignments().filter(|(session, who)| {
            let named = context.network.session(*session).named();
            !named.is_empty() && !named.contains(who)
        });
        verdict.charge(META.id, context.weight(META.id) * others.count() as i64);
    }
}

#[cfg(test)]
mod tests {
    use crate::world::{costs, series};

    #[test]
    fn named_consultant() {
        let world = series(|draft| {
            draft.clinics.as_mut().expect("clinics")[1].named_consultant = vec!["A".into(), "C".into()];
        });
        let two = "TWO@2027-03-04";
        costs(
            &world,
            "named",
            &[
                (&[], 0),
                (&[("A", two), ("C", two)], 0),
                (&[("A", two), ("B", two)], 40),
                (&[("B", "ONE@2027-03-02")], 0),
            ],
        );
    }
}
