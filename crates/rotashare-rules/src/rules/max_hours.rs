//! Hours in the horizon.

use rotashare_core::rota::Rota;
use rotashare_core::values::write_decimal;

use super::months::{marks_by_date_and_site, visits};
use crate::audit::Verdict;
use crate::problem::{Item, Mark, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Session hours beyond a consultant's most.
#[derive(Debug)]
pub struct MaxHours;

const META: Meta = Meta {
    id: "max-hours",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Session hours in the horizon ≤ max_hours.",
    why: "A job plan has so many hours for planned sessions and no more.",
    formula: "Minutes of sessions, and with count_travel minutes from base to site and back once for each \
              date and site, ≤ max_hours × 60.",
    source: "The contract's table of rules.",
    params: &[Param {
        key: "count_travel",
        holds: "whether travel from base and back counts",
        kind: ParamKind::Switch(false),
    }],
    weights: &[],
};

impl Rule for MaxHours {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        for who in sketch.consultants() {
            let consultant = network.consultant(who);
            let Some(most) = consultant.max_minutes() else { continue };
            let mut items: Vec<Item> = sketch
                .options_of(who)
                .map(|(id, option)| Item {
                    mark: Mark::Option(id),
                    weight: network.session(option.session).minutes().into(),
                })
                .collect();
            if context.book.switch(META.id, "count_travel") {
                for ((_, site), mark) in marks_by_date_and_site(context, sketch, who) {
                    let minutes = network.travel().return_minutes(consultant.base(), site);
                    items.push(Item { mark, weight: minutes.into() });
                }
            }
            sketch.limit(META.id, who, items, most);
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            let consultant = network.consultant(who);
            let Some(most) = consultant.max_minutes() else { continue };
            let mut given: i64 =
                month.iter().map(|id| i64::from(network.session(*id).minutes())).sum();
            if context.book.switch(META.id, "count_travel") {
                let way = |site| network.travel().return_minutes(consultant.base(), site);
                given +=
                    visits(network, &month).iter().map(|(_, s)| i64::from(way(*s))).sum::<i64>();
            }
            if given > most {
                let hours = |minutes: i64| write_decimal(minutes * 100 / 60, 2);
                let detail = format!("{} hours, {} allowed", hours(given), hours(most));
                verdict.breach(META.id, who, month, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, Setting};

    use crate::settings::set;
    use crate::world::sessions;

    #[test]
    fn max_hours() {
        let rows = [
            ["S1", "L1", "2027-03-02", "08:00", "12:00"],
            ["S2", "H1", "2027-03-03", "09:00", "12:00"],
            ["S3", "H1", "2027-03-03", "13:00", "14:15"],
        ];
        let most = |minutes| move |draft: &mut Draft| draft.consultants[0].max_hours = Some(minutes);
        sessions(&rows, most(495)).keeps(&[("A", "S1"), ("A", "S2"), ("A", "S3")]);
        let world = sessions(&rows, most(494));
        world.keeps(&[("A", "S1"), ("A", "S2"), ("B", "S3")]);
        let said = ["8.25 hours, 8.23 allowed"];
        world.breaks(&[("A", "S1"), ("A", "S2"), ("A", "S3")], "max-hours", &said);
        // With the way from L1 to H1 and back, once for the date: 3 + 1.25 + 2.
        let counted = |minutes| {
            move |draft: &mut Draft| {
                most(minutes)(draft);
                set(draft, "max-hours", "count_travel", Setting::Bool(true));
            }
        };
        sessions(&rows, counted(375)).keeps(&[("A", "S2"), ("A", "S3")]);
        let said = ["6.25 hours"];
        sessions(&rows, counted(374)).breaks(&[("A", "S2"), ("A", "S3")], "max-hours", &said);
    }
}
