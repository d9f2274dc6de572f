//! Average weekly hours.

use rotashare_core::ids::ConsultantId;
use rotashare_core::rota::Rota;
use rotashare_core::values::{Firmness, write_decimal};

use super::months::{marks_by_date_and_site, visits};
use crate::audit::Verdict;
use crate::problem::{Item, Mark, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Average weekly hours beyond the most allowed.
#[derive(Debug)]
pub struct WorkingTime;

const META: Meta = Meta {
    id: "working-time",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Average weekly hours (fixed duties, sessions, travel between sites) over the horizon, with \
            history, ≤ average_hours.",
    why: "Forty-eight hours a week on average is the law, all employers together.",
    formula: "(history hours + hours of fixed duties not on leave + of sessions + of travel from base to \
              another site and back, once for each date and site) ÷ (history weeks + days of the horizon \
              ÷ 7) ≤ average_hours. Where duties alone exceed it, no session is added.",
    source: "The contract's table of rules; Working Time Regulations 1998, regulation 4.",
    params: &[Param {
        key: "average_hours",
        holds: "hours a week on average",
        kind: ParamKind::Whole(Some(48)),
    }],
    weights: &[],
};

/// Minutes that are left for sessions and their travel; may be negative.
fn minutes_left(context: Context<'_>, who: ConsultantId) -> i64 {
    let network = context.network;
    let horizon = network.horizon();
    let history = network.consultant(who).history();
    let hours = context.book.whole(META.id, "average_hours").unwrap_or(i64::from(u32::MAX));
    // Weeks in seven-thousandths, so that days and thousandths of weeks add up exactly.
    let weeks = history.weeks.saturating_mul(7).saturating_add(horizon.days() * 1000);
    let allowed = i128::from(hours) * 60 * i128::from(weeks) / 7000;
    let duties = network.duties(who, horizon.from(), horizon.to()).into_iter();
    let fixed = duties.filter(|duty| duty.pattern.firmness == Firmness::Fixed);
    let worked: i64 = fixed.map(|duty| i64::from(duty.span.minutes())).sum();
    i64::try_from(allowed)
        .unwrap_or(i64::MAX)
        .saturating_sub(history.minutes)
        .saturating_sub(worked)
}

impl Rule for WorkingTime {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        for who in sketch.consultants() {
            let mut items: Vec<Item> = sketch
                .options_of(who)
                .map(|(id, option)| Item {
                    mark: Mark::Option(id),
                    weight: network.session(option.session).minutes().into(),
                })
                .collect();
            let base = network.consultant(who).base();
            for ((_, site), mark) in marks_by_date_and_site(context, sketch, who) {
                let minutes = network.travel().return_minutes(base, site);
                items.push(Item { mark, weight: minutes.into() });
            }
            sketch.limit(META.id, who, items, minutes_left(context, who));
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let months = rota.by_consultant(network);
        for (who, month) in network.consultant_ids().zip(months).filter(|(_, m)| !m.is_empty()) {
            let base = network.consultant(who).base();
            let sessions: i64 =
                month.iter().map(|id| i64::from(network.session(*id).minutes())).sum();
            let way = |site| i64::from(network.travel().return_minutes(base, site));
            let travel: i64 = visits(network, &month).iter().map(|(_, site)| way(*site)).sum();
            let left = minutes_left(context, who);
            if sessions + travel > left.max(0) {
                let hours = |minutes: i64| write_decimal(minutes * 100 / 60, 2);
                let detail = format!(
                    "{} hours of sessions and travel, {} left under the weekly average",
                    hours(sessions + travel),
                    hours(left.max(0))
                );
                verdict.breach(META.id, who, month, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, Setting};
    use rotashare_core::time::days_after;

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::sessions;

    #[test]
    fn working_time_with_history() {
        // Four hours a week over two weeks: eight hours.
        let rows = [
            ["S1", "L1", "2027-03-02", "08:00", "12:00"],
            ["S2", "L1", "2027-03-03", "08:00", "12:00"],
            ["S3", "L1", "2027-03-04", "08:00", "08:01"],
            ["S4", "H1", "2027-03-05", "08:00", "10:00"],
        ];
        let average =
            |draft: &mut Draft| set(draft, "working-time", "average_hours", Setting::Whole(4));
        let world = sessions(&rows, average);
        world.keeps(&[("A", "S1"), ("A", "S2")]);
        // Two hours there, two on the road.
        world.keeps(&[("A", "S1"), ("A", "S4")]);
        let said = ["8.01 hours of sessions and travel, 8 left"];
        world.breaks(&[("A", "S1"), ("A", "S2"), ("A", "S3")], "working-time", &said);
        // Two weeks before with ten hours leave 16 − 10; a fixed duty of an hour a week takes two more,
        // and none in the week on leave.
        let world = sessions(&rows, |draft| {
            average(draft);
            let mut row = history("A");
            (row.hours, row.weeks) = (Some(600), Some(rotashare_core::values::Thousandths(2000)));
            draft.history = Some(vec![row]);
            draft.job_plans = Some(vec![duty("A", "mon", "09:00", "10:00")]);
            draft.leave = Some(vec![leave("A", "2027-03-08", "2027-03-08")]);
        });
        world.keeps(&[("A", "S1"), ("A", "S3")]);
        world.breaks(&[("A", "S1"), ("A", "S2")], "working-time", &["8 hours", "5 left"]);
        // Hours in no time are no average.
        let world = sessions(&rows, |draft| {
            average(draft);
            let mut row = history("A");
            row.hours = Some(600);
            draft.history = Some(vec![row]);
        });
        world.keeps(&[("A", "S1"), ("A", "S2")]);
    }

    #[test]
    fn working_time_used_up_by_duties() {
        let rows = [["S1", "L1", "2027-03-02", "08:00", "08:01"]];
        let world = sessions(&rows, |draft| {
            set(draft, "working-time", "average_hours", Setting::Whole(4));
            draft.job_plans = Some(vec![duty("A", "wed", "08:00", "18:00")]);
        });
        world.keeps(&[]);
        world.breaks(&[("A", "S1")], "working-time", &["0 left"]);
        assert_eq!(days_after(day("2027-03-01"), 13), day("2027-03-14"), "the horizon is two weeks");
    }
}
