//! Weekends worked.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, Span, dates, days_after, monday_of};
use rotashare_core::values::Firmness;

use super::months::list_of_dates;
use crate::audit::Verdict;
use crate::problem::{Item, OptionId, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Weekends worked beyond the most allowed.
#[derive(Debug)]
pub struct Weekends;

const META: Meta = Meta {
    id: "weekends",
    severity: Severity::Hard,
    applies: Applies::WhenSet,
    holds: "A consultant works at most `max` weekends of the horizon.",
    why: "Weekend clinics catch up on waiting lists, and the same few volunteer until they stop.",
    formula: "Weekends (a Saturday and its Sunday, either of them in the horizon) of which a session, a \
              fixed duty, an on-call or hot week, or a published place outside the horizon takes any time \
              are at most max. Where those that are settled exceed it, no further weekend is added.",
    source: "Job plans agreed locally: one weekend in so many.",
    params: &[Param {
        key: "max",
        holds: "weekends worked in the horizon",
        kind: ParamKind::Whole(None),
    }],
    weights: &[],
};

fn saturday_of(day: Date) -> Date {
    days_after(monday_of(day), 5)
}

/// The Saturdays of the weekends that touch the horizon and of which a stretch takes any time.
fn weekends_in(network: &Network, span: Span) -> BTreeSet<Date> {
    let (first, last) = (network.horizon().from(), network.horizon().to());
    let touched = dates(span.start().date(), span.end().plus(-1).date());
    touched
        .filter(|day| *day >= saturday_of(*day))
        .map(saturday_of)
        .filter(|saturday| *saturday <= last && days_after(*saturday, 1) >= first)
        .collect()
}

/// The weekends that are worked anyway.
fn settled(network: &Network, who: ConsultantId) -> BTreeSet<Date> {
    let horizon = network.horizon();
    // The night before the first weekend counts, and a Sunday after the last date.
    let duties = network.duties(who, days_after(horizon.from(), -2), days_after(horizon.to(), 1));
    let fixed = duties.iter().filter(|duty| duty.pattern.firmness == Firmness::Fixed);
    let outside = network.published_outside(who).iter().map(|place| place.span);
    let on_call = network.consultant(who).on_call().iter().map(|on_call| on_call.span);
    fixed
        .map(|duty| duty.span)
        .chain(outside)
        .chain(on_call)
        .flat_map(|span| weekends_in(network, span))
        .collect()
}

impl Rule for Weekends {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let Some(most) = context.book.whole(META.id, "max") else { return };
        let network = context.network;
        for who in sketch.consultants() {
            let settled = settled(network, who);
            let mut added: BTreeMap<Date, Vec<OptionId>> = BTreeMap::new();
            for (id, option) in sketch.options_of(who) {
                let weekends = weekends_in(network, network.session(option.session).span());
                for saturday in weekends.difference(&settled) {
                    added.entry(*saturday).or_default().push(id);
                }
            }
            let marks = added.into_values().filter_map(|options| sketch.any_of(options));
            let items: Vec<Item> = marks.map(Item::one).collect();
            sketch.limit(META.id, who, items, most - settled.len() as i64);
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let Some(most) = context.book.whole(META.id, "max") else { return };
        let network = context.network;
        let months = rota.by_consultant(network);
        for (who, month) in network.consultant_ids().zip(months).filter(|(_, m)| !m.is_empty()) {
            let settled = settled(network, who);
            let worked = |id: &SessionId| weekends_in(network, network.session(*id).span());
            let all: BTreeSet<Date> =
                month.iter().flat_map(worked).chain(settled.iter().copied()).collect();
            if all.len() as i64 <= most || all == settled {
                continue;
            }
            let sessions =
                month.iter().copied().filter(|id| !worked(id).is_subset(&settled));
            let list = list_of_dates(&all.iter().copied().collect::<Vec<_>>());
            let many = if all.len() == 1 { "weekend" } else { "weekends" };
            let detail = format!("{} {many} worked: {list} ({most} allowed)", all.len());
            verdict.breach(META.id, who, sessions, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, OnCallRow, Setting};
    use rotashare_core::values::OnCallKind;

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::{World, sessions};

    /// Three weekends from Sunday the 28th of February to Friday the 19th of March.
    fn weekends(most: i64, alter: impl FnOnce(&mut Draft)) -> World {
        let rows = [
            ["SUN1", "L1", "2027-02-28", "09:00", "12:00"],
            ["FRI", "L1", "2027-03-05", "09:00", "12:00"],
            ["NIGHT", "L1", "2027-03-05", "22:00", "02:00"],
            ["SAT2", "L1", "2027-03-06", "13:00", "16:00"],
            ["SUN2", "L1", "2027-03-07", "14:00", "16:00"],
            ["SAT3", "L1", "2027-03-13", "09:00", "12:00"],
        ];
        sessions(&rows, |draft| {
            draft.network.horizon = Some((day("2027-02-28"), day("2027-03-19")));
            for row in &mut draft.consultants {
                row.working_days = "MTWTFSS".parse().expect("days");
            }
            set(draft, "weekends", "max", Setting::Whole(most));
            alter(draft);
        })
    }

    #[test]
    fn weekends_in_the_horizon() {
        let world = weekends(2, |_| {});
        world.keeps(&[("A", "SUN1"), ("A", "FRI"), ("A", "SAT2"), ("A", "SUN2"), ("B", "SAT3")]);
        let said = ["3 weekends worked: Sat 27 Feb 2027, Sat 6 Mar 2027, Sat 13 Mar 2027 (2 allowed)"];
        world.breaks(&[("A", "SUN1"), ("A", "SUN2"), ("A", "SAT3")], "weekends", &said);
        // A night into Saturday is one, a Friday is none.
        world.breaks(&[("A", "SUN1"), ("A", "NIGHT"), ("A", "SAT3")], "weekends", &said);
        let none = weekends(0, |_| {});
        none.keeps(&[("A", "FRI")]);
        none.breaks(&[("B", "SUN1")], "weekends", &["1 weekend worked: Sat 27 Feb 2027 (0 allowed)"]);
    }

    #[test]
    fn weekends_that_are_settled_count() {
        let on_call = |kind| {
            move |draft: &mut Draft| {
                let row = on_call("A", "2027-03-14", "2027-03-19");
                draft.on_call = Some(vec![OnCallRow { kind, ..row }]);
            }
        };
        for kind in [OnCallKind::HotWeek, OnCallKind::OnCall] {
            let world = weekends(1, on_call(kind));
            world.keeps(&[("A", "SAT3"), ("B", "SAT2")]);
            let said = ["2 weekends worked: Sat 6 Mar 2027, Sat 13 Mar 2027 (1 allowed)"];
            world.breaks(&[("A", "SAT2")], "weekends", &said);
        }
        let duties = weekends(1, |draft| {
            draft.job_plans = Some(vec![duty("A", "sun", "09:00", "12:00")]);
        });
        // Three Sundays are more than allowed already: nothing is added, what is there is kept.
        duties.keeps(&[("A", "SAT2")]);
        let published = weekends(1, |draft| {
            let row = published_at("A", "L1", "2027-02-27", ("09:00", "12:00"));
            draft.published = Some(vec![row]);
        });
        published.keeps(&[("A", "SUN1")]);
        published.breaks(&[("A", "SAT3")], "weekends", &["Sat 27 Feb 2027, Sat 13 Mar 2027"]);
    }
}
