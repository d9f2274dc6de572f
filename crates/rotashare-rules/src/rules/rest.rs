//! Rest between days.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::{DAY_MINUTES, Date, Span, days_after};
use rotashare_core::values::Firmness;

use crate::audit::Verdict;
use crate::problem::{OptionId, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Reason, Rule, Severity};

/// Hours between one day's work and the next.
#[derive(Debug)]
pub struct Rest;

const META: Meta = Meta {
    id: "rest",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Hours between the end of one day's work and the start of the next.",
    why: "Eleven hours' rest is the law, and tired doctors err.",
    formula: "Between work that starts on different dates (sessions, fixed duties, published places \
              outside the horizon), where it does not overlap: gap ≥ rest_hours.",
    source: "The contract's table of rules; Working Time Regulations 1998, regulation 10.",
    params: &[Param {
        key: "rest_hours",
        holds: "hours of rest between two days' work",
        kind: ParamKind::Whole(Some(11)),
    }],
    weights: &[],
};

fn rest_minutes(context: Context<'_>) -> i32 {
    let hours = context.book.whole(META.id, "rest_hours").unwrap_or(0);
    i32::try_from(hours.saturating_mul(60)).unwrap_or(i32::MAX)
}

/// Whether two stretches of work are of different dates with too little rest between them.
fn too_short(one: Span, other: Span, minutes: i32) -> bool {
    one.start().date() != other.start().date() && (0..minutes).contains(&one.gap(other))
}

fn describe(one: Span, other: Span, hours: i64) -> String {
    let (first, second) = if one.start() <= other.start() { (one, other) } else { (other, one) };
    let (end, start) = (first.end(), second.start());
    format!("from {end} to {start} there are fewer than {hours} hours' rest")
}

/// Work around some dates that is settled: fixed duties, and published places outside the horizon.
fn settled(network: &Network, who: ConsultantId, from: Date, to: Date) -> Vec<Span> {
    let duties = network.duties(who, from, to).into_iter();
    let fixed = duties.filter(|duty| duty.pattern.firmness == Firmness::Fixed);
    let outside = network.published_outside(who).iter().map(|place| place.span);
    fixed.map(|duty| duty.span).chain(outside).collect()
}

/// Settled work too near to a session.
fn near(context: Context<'_>, who: ConsultantId, span: Span, minutes: i32) -> Option<Span> {
    // A rest of many hours may reach over several days, and the work before it lasts up to one.
    let days = i64::from(minutes / DAY_MINUTES) + 2;
    let (from, to) = (days_after(span.start().date(), -days), days_after(span.end().date(), days));
    let around = settled(context.network, who, from, to);
    around.into_iter().find(|other| too_short(span, *other, minutes))
}

impl Rule for Rest {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let span = context.network.session(id).span();
        near(context, who, span, rest_minutes(context)).is_none()
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let minutes = rest_minutes(context);
        let span = context.network.session(id).span();
        let near = near(context, who, span, minutes)?;
        Some(Reason { rule: META.id, detail: describe(span, near, i64::from(minutes / 60)) })
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let minutes = rest_minutes(context);
        for who in sketch.consultants() {
            let options: Vec<(OptionId, Span)> = sketch
                .options_of(who)
                .map(|(id, option)| (id, context.network.session(option.session).span()))
                .collect();
            for (index, (a, first)) in options.iter().enumerate() {
                let later = options[index + 1..].iter();
                let near = later.take_while(|(_, span)| span.start().since(first.end()) < minutes);
                for (b, span) in near {
                    if too_short(*first, *span, minutes) {
                        sketch.clash(META.id, *a, *b);
                    }
                }
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let hours = context.book.whole(META.id, "rest_hours").unwrap_or(0);
        let enough = |a: Span, b: Span| {
            let (first, second) = if a.start() <= b.start() { (a, b) } else { (b, a) };
            let rest = i64::from(second.start().since(first.end()));
            // Dates last: they take longest, and every pair comes here.
            rest < 0 || rest >= hours * 60 || a.start().date() == b.start().date()
        };
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            let (Some(first), Some(last)) = (month.first(), month.last()) else { continue };
            let days = hours / 24 + 2;
            let from = days_after(network.session(*first).date(), -days);
            let to = days_after(network.session(*last).date(), days);
            let settled = settled(network, who, from, to);
            for (index, a) in month.iter().enumerate() {
                let one: Span = network.session(*a).span();
                let mut found = |other: Span, sessions: &[SessionId]| {
                    if !enough(one, other) {
                        let sessions = sessions.iter().copied();
                        verdict.breach(META.id, who, sessions, describe(one, other, hours));
                    }
                };
                for b in &month[index + 1..] {
                    found(network.session(*b).span(), &[*a, *b]);
                }
                for other in &settled {
                    found(*other, &[*a]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{JobPlanRow, Setting};
    use rotashare_core::values::Firmness;

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::sessions;

    #[test]
    fn rest_between_days() {
        let rows = [
            ["EVE", "L1", "2027-03-01", "17:00", "22:00"],
            ["SOON", "L1", "2027-03-02", "08:59", "12:00"],
            ["LATE", "L1", "2027-03-02", "09:00", "12:00"],
            ["SAME", "L1", "2027-03-01", "13:00", "16:00"],
        ];
        let world = sessions(&rows, |_| {});
        world.keeps(&[("A", "SAME"), ("A", "EVE"), ("A", "LATE")]);
        let said = ["from Mon 1 Mar 2027 22:00 to Tue 2 Mar 2027 08:59", "11 hours"];
        world.breaks(&[("A", "EVE"), ("A", "SOON")], "rest", &said);
        let world = sessions(&rows, |draft| set(draft, "rest", "rest_hours", Setting::Whole(10)));
        world.keeps(&[("A", "EVE"), ("A", "SOON")]);
        // A fixed duty the next morning, and one movable.
        let world = sessions(&rows, |draft| {
            let movable =
                JobPlanRow { firmness: Firmness::Movable, ..duty("B", "tue", "08:00", "09:00") };
            draft.job_plans = Some(vec![duty("A", "tue", "08:00", "09:00"), movable]);
        });
        world.breaks(&[("A", "EVE")], "rest", &["to Tue 2 Mar 2027 08:00"]);
        world.keeps(&[("B", "EVE")]);
        // Work before the horizon.
        let world = sessions(&rows, |draft| {
            let evening = published_at("A", "L1", "2027-02-28", ("20:00", "02:01"));
            draft.published = Some(vec![evening]);
        });
        world.breaks(&[("A", "SAME")], "rest", &["from Mon 1 Mar 2027 02:01 to Mon 1 Mar 2027 13:00"]);
    }

    #[test]
    fn rest_after_a_duty_that_began_two_days_before() {
        let rows = [["S1", "L1", "2027-03-03", "08:00", "12:00"]];
        let world = sessions(&rows, |draft| {
            draft.job_plans = Some(vec![duty("A", "mon", "23:30", "23:00")]);
        });
        world.breaks(&[("A", "S1")], "rest", &["from Tue 2 Mar 2027 23:00"]);
        world.keeps(&[("B", "S1")]);
    }
}
