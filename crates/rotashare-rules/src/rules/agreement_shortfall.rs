//! Sessions owed under an agreement.

use rotashare_core::fault::Table;
use rotashare_core::ids::AgreementId;
use rotashare_core::points::Tariff;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{Demand, Item, OptionId, Sketch};
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Sessions below an agreement's minimum.
#[derive(Debug)]
pub struct AgreementShortfall;

const META: Meta = Meta {
    id: "agreement_shortfall",
    severity: Severity::Term,
    applies: Applies::With(Table::Agreements),
    holds: "An agreement's `min_sessions` are given in the horizon.",
    why: "The host has planned its clinics on what was agreed.",
    formula: "weight × max(0, min_sessions − places done under the agreement).",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "agreement_shortfall",
        default: 150,
        unit: "a session below an agreement's `min_sessions`",
    }],
};

/// The options under each agreement.
pub(super) fn options_by_agreement(
    context: Context<'_>,
    sketch: &Sketch,
) -> Vec<(AgreementId, Vec<OptionId>)> {
    let count = context.network.agreements().map_or(0, <[_]>::len);
    let mut lists = vec![Vec::new(); count];
    for (index, option) in sketch.options().iter().enumerate() {
        if context.network.is_away(option.consultant, option.session)
            && let Some(id) = context.network.agreement_for(option.consultant, option.session)
        {
            lists[id.index()].push(OptionId::new(index));
        }
    }
    lists.into_iter().enumerate().map(|(index, list)| (AgreementId::new(index), list)).collect()
}

impl Rule for AgreementShortfall {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for (id, options) in options_by_agreement(context, sketch) {
            let agreement = context.network.agreement(id);
            let least = i64::from(agreement.min_sessions().unwrap_or(0));
            sketch.row(
                META.id,
                agreement.code().to_owned(),
                Item::ones(&options),
                Demand::AtLeastOr(least, Tariff::flat(context.weight(META.id))),
            );
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let mut done = vec![0_i64; network.agreements().map_or(0, <[_]>::len)];
        for (session, who) in rota.assignments().filter(|(s, who)| network.is_away(*who, *s)) {
            if let Some(id) = network.agreement_for(who, session) {
                done[id.index()] += 1;
            }
        }
        for (agreement, done) in network.agreements().into_iter().flatten().zip(done) {
            let least = i64::from(agreement.min_sessions().unwrap_or(0));
            verdict.charge(META.id, context.weight(META.id) * (least - done).max(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::AgreementRow;

    use crate::draft::*;
    use crate::world::{sessions, costs};

    #[test]
    fn agreement_shortfall() {
        let rows = [
            ["S1", "H1", "2027-03-01", "08:00", "09:00"],
            ["S2", "H1", "2027-03-01", "09:00", "10:00"],
            ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
        ];
        let world = sessions(&rows, |draft| {
            let back = AgreementRow { min_sessions: Some(2), ..agreement("G2", "H", "L") };
            let row = AgreementRow { min_sessions: Some(3), ..agreement("G1", "L", "H") };
            draft.agreements = Some(vec![row, back]);
        });
        // The host lends nobody: two sessions short whatever is done.
        costs(
            &world,
            "agreement_shortfall",
            &[(&[], 750), (&[("A", "S1"), ("A", "HOME")], 600), (&[("A", "S1"), ("B", "S2")], 450)],
        );
    }
}
