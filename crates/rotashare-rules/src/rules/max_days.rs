//! Working dates in a rolling window.

use std::collections::BTreeSet;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, dates, days_after, in_words};
use rotashare_core::values::Firmness;

use super::months::marks_by_date;
use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Working dates in any window beyond the most allowed.
#[derive(Debug)]
pub struct MaxDays;

const META: Meta = Meta {
    id: "max-days",
    severity: Severity::Hard,
    applies: Applies::WhenSet,
    holds: "Working dates in any `window_days` dates ≤ `max`.",
    why: "Nobody should work twelve days in a row because a month ended in between.",
    formula: "In any window_days dates in a row that touch the horizon, the dates with a session, a fixed \
              duty, or a published place outside the horizon are at most max. Where duties alone \
              exceed it, no further date is added.",
    source: "The contract's table of rules.",
    params: &[
        Param { key: "window_days", holds: "dates in a window", kind: ParamKind::Days(None) },
        Param { key: "max", holds: "working dates in a window", kind: ParamKind::Whole(None) },
    ],
    weights: &[],
};

/// The length of the window and the most working dates in it.
fn window(context: Context<'_>) -> Option<(i64, i64)> {
    let whole = |key| context.book.whole(META.id, key);
    whole("window_days").zip(whole("max"))
}

/// Dates that are worked anyway, a window's length around the horizon.
fn settled(network: &Network, who: ConsultantId, length: i64) -> BTreeSet<Date> {
    let horizon = network.horizon();
    let (from, to) = (days_after(horizon.from(), -length), days_after(horizon.to(), length));
    let duties = network.duties(who, from, to).into_iter();
    let fixed = duties.filter(|duty| duty.pattern.firmness == Firmness::Fixed);
    let outside = network.published_outside(who).iter().map(|place| place.span);
    fixed.map(|duty| duty.span).chain(outside).map(|span| span.start().date()).collect()
}

impl Rule for MaxDays {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let Some((length, most)) = window(context) else { return };
        let horizon = context.network.horizon();
        for who in sketch.consultants() {
            let settled = settled(context.network, who, length);
            let mut marks = marks_by_date(context, sketch, who, |_| true);
            marks.retain(|day, _| !settled.contains(day));
            for start in dates(days_after(horizon.from(), 1 - length), horizon.to()) {
                let end = days_after(start, length - 1);
                let worked = settled.range(start..=end).count() as i64;
                let items: Vec<Item> =
                    marks.range(start..=end).map(|(_, mark)| Item::one(*mark)).collect();
                sketch.limit(META.id, who, items, most - worked);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let Some((length, most)) = window(context) else { return };
        let network = context.network;
        let months = rota.by_consultant(network);
        for (who, month) in network.consultant_ids().zip(months).filter(|(_, m)| !m.is_empty()) {
            let settled = settled(network, who, length);
            let date = |id: &SessionId| network.session(*id).date();
            let added: BTreeSet<Date> =
                month.iter().map(date).filter(|day| !settled.contains(day)).collect();
            let all: BTreeSet<Date> = settled.union(&added).copied().collect();
            // A window that is too full has one that ends on a date worked and is as full.
            for end in &all {
                let start = days_after(*end, 1 - length);
                let worked = all.range(start..=*end).count() as i64;
                let new: BTreeSet<Date> = added.range(start..=*end).copied().collect();
                if worked > most && !new.is_empty() {
                    let detail = format!(
                        "{worked} working days from {} to {} ({most} allowed)",
                        in_words(start),
                        in_words(*end)
                    );
                    let sessions = month.iter().copied().filter(|id| new.contains(&date(id)));
                    verdict.breach(META.id, who, sessions, detail);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, Setting};

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::sessions;

    #[test]
    fn max_days_in_any_window() {
        let rows = [
            ["MON", "L1", "2027-03-01", "09:00", "12:00"],
            ["MON2", "L1", "2027-03-01", "13:00", "16:00"],
            ["TUE", "L1", "2027-03-02", "09:00", "12:00"],
            ["WED", "L1", "2027-03-03", "09:00", "12:00"],
            ["THU", "L1", "2027-03-04", "09:00", "12:00"],
        ];
        let window = |draft: &mut Draft| {
            set(draft, "max-days", "window_days", Setting::Whole(3));
            set(draft, "max-days", "max", Setting::Whole(2));
        };
        let world = sessions(&rows, window);
        world.keeps(&[("A", "MON"), ("A", "MON2"), ("A", "TUE"), ("A", "THU")]);
        let said = ["3 working days from Mon 1 Mar 2027 to Wed 3 Mar 2027 (2 allowed)"];
        world.breaks(&[("A", "MON"), ("A", "TUE"), ("A", "WED")], "max-days", &said);
        sessions(&rows, |_| {}).keeps(&[("A", "MON"), ("A", "TUE"), ("A", "WED")]);
        // Fixed duties count, also those on a date with a session.
        let world = sessions(&rows, |draft| {
            window(draft);
            draft.job_plans = Some(vec![duty("A", "tue", "14:00", "16:00")]);
        });
        world.keeps(&[("A", "MON"), ("A", "TUE"), ("A", "THU")]);
        let said = ["3 working days from Mon 1 Mar 2027 to Wed 3 Mar 2027"];
        world.breaks(&[("A", "MON"), ("A", "WED")], "max-days", &said);
        // So do the days before the horizon.
        let world = sessions(&rows, |draft| {
            window(draft);
            draft.published = Some(vec![published_at("A", "L1", "2027-02-28", ("09:00", "12:00"))]);
        });
        world.keeps(&[("A", "MON"), ("A", "WED")]);
        let said = ["from Sun 28 Feb 2027 to Tue 2 Mar 2027"];
        world.breaks(&[("A", "MON"), ("A", "TUE")], "max-days", &said);
    }
}
