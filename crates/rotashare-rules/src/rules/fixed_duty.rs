//! Fixed duties of the job plan.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::people::Duty;
use rotashare_core::rota::Rota;
use rotashare_core::time::{DAY_MINUTES, days_after};
use rotashare_core::values::Firmness;

use super::travel_time::slack;
use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Sessions over fixed duties.
#[derive(Debug)]
pub struct FixedDuty;

const META: Meta = Meta {
    id: "fixed-duty",
    severity: Severity::Hard,
    applies: Applies::With(Table::JobPlans),
    holds: "No session over a fixed job-plan duty, with travel time to and from it.",
    why: "Theatre lists, ward rounds and MDTs are other people's plans too.",
    formula: "No overlap with a duty that is `fixed`; to one at another site the gap is at least the travel \
              at that time of day + slack_minutes of travel-time. A duty does not count where leave covers \
              every half-day of it on the date on which it starts. Movable duties are given up.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn describe(network: &Network, duty: &Duty<'_>) -> String {
    let what = if duty.pattern.activity.is_empty() { "duty" } else { &duty.pattern.activity };
    let site = network.site(duty.pattern.site).code();
    let (start, end) = (duty.span.start(), duty.span.end().clock());
    format!("fixed duty {what} {start}–{end} at {site}")
}

fn against(context: Context<'_>, who: ConsultantId, id: SessionId) -> Vec<Duty<'_>> {
    context.network.duties_against(who, id, Firmness::Fixed, slack(context))
}

impl Rule for FixedDuty {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        against(context, who, id).is_empty()
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let detail = describe(context.network, against(context, who, id).first()?);
        Some(Reason { rule: META.id, detail })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let slack = slack(context);
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            let (Some(first), Some(last)) = (month.first(), month.last()) else { continue };
            let from = days_after(network.session(*first).date(), -2);
            let to = days_after(network.session(*last).span().end().date(), 1);
            for duty in network.duties(who, from, to) {
                if duty.pattern.firmness != Firmness::Fixed {
                    continue;
                }
                for id in &month {
                    let session = network.session(*id);
                    let (work, at) = (session.span(), session.site());
                    let site = duty.pattern.site;
                    // Nobody travels for over a day.
                    if work.gap(duty.span) > DAY_MINUTES {
                        continue;
                    }
                    let enough = if duty.span.end() <= work.start() {
                        let way = network.travel().minutes(site, at, duty.span.end().clock());
                        duty.span.end().plus(way as i32 + slack) <= work.start() || site == at
                    } else if work.end() <= duty.span.start() {
                        let way = network.travel().minutes(at, site, work.end().clock());
                        work.end().plus(way as i32 + slack) <= duty.span.start() || site == at
                    } else {
                        false
                    };
                    if !enough {
                        verdict.breach(META.id, who, [*id], describe(network, &duty));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, JobPlanRow, LeaveRow, Setting};
    use rotashare_core::time::Part;
    use rotashare_core::values::Firmness;

    use crate::draft::*;
    use crate::settings::{set, switch_off};
    use crate::world::sessions;

    #[test]
    fn fixed_duty() {
        let rows = [
            ["OVER", "L1", "2027-03-02", "11:59", "13:00"],
            ["SAME", "L1", "2027-03-02", "12:00", "13:00"],
            ["SOON", "H1", "2027-03-02", "13:14", "17:00"],
            ["LATE", "H1", "2027-03-02", "13:15", "17:00"],
            ["NEXT", "L1", "2027-03-09", "09:00", "13:00"],
        ];
        let duties = |alter: fn(&mut JobPlanRow)| {
            move |draft: &mut Draft| {
                let mut row = duty("A", "tue", "09:00", "12:00");
                alter(&mut row);
                draft.job_plans = Some(vec![row]);
            }
        };
        let world = sessions(&rows, duties(|row| row.weeks = weeks("nth:1")));
        world.keeps(&[("A", "SAME"), ("A", "NEXT"), ("B", "OVER")]);
        world.keeps(&[("A", "LATE")]);
        let said = ["fixed duty DCC Tue 2 Mar 2027 09:00–12:00 at L1"];
        world.breaks(&[("A", "OVER")], "fixed-duty", &said);
        world.breaks(&[("A", "SOON")], "fixed-duty", &said);
        sessions(&rows, duties(|row| row.firmness = Firmness::Movable)).keeps(&[("A", "OVER")]);
        sessions(&rows, duties(|row| row.valid = valid("2027-03-03", ""))).keeps(&[("A", "OVER")]);
        let elsewhere = sessions(&rows, duties(|row| row.site = Some("H1".into())));
        elsewhere.keeps(&[("A", "SOON")]);
        elsewhere.breaks(&[("A", "SAME")], "fixed-duty", &["at H1"]);
        // Leave in all of it takes a duty away; leave in the morning leaves the afternoon of it.
        let on_leave = |part| {
            sessions(&rows, move |draft| {
                duties(|row| (row.start, row.end) = (at("12:00"), at("14:00")))(draft);
                let row = leave("A", "2027-03-02", "2027-03-02");
                draft.leave = Some(vec![LeaveRow { part, ..row }]);
            })
        };
        let said = ["fixed duty DCC Tue 2 Mar 2027 12:00–14:00 at L1"];
        on_leave(Part::Am).breaks(&[("A", "LATE")], "fixed-duty", &said);
        let night = sessions(&[["WED", "L1", "2027-03-03", "07:00", "09:00"]], |draft| {
            draft.job_plans = Some(vec![duty("A", "tue", "20:00", "08:00")]);
            draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
        });
        night.keeps(&[("A", "WED")]);
    }

    #[test]
    fn fixed_duty_given_up_for_leave() {
        let rows = [["PM", "L1", "2027-03-02", "13:00", "17:00"]];
        let busy = |draft: &mut Draft| {
            draft.job_plans = Some(vec![duty("A", "tue", "09:00", "13:00")]);
            set(draft, "working-time", "average_hours", Setting::Whole(4));
        };
        // Two weeks of four hours: four go to the clinic, four to each duty that is left.
        let said = ["4 hours of sessions and travel, 0 left"];
        sessions(&rows, busy).breaks(&[("A", "PM")], "working-time", &said);
        let on_leave = sessions(&rows, |draft| {
            busy(draft);
            let row = leave("A", "2027-03-02", "2027-03-02");
            draft.leave = Some(vec![LeaveRow { part: Part::Am, ..row }]);
        });
        on_leave.keeps(&[("A", "PM")]);
    }

    #[test]
    fn fixed_duty_that_began_two_days_before() {
        let rows = [["S1", "L1", "2027-03-03", "00:10", "04:00"]];
        let world = sessions(&rows, |draft| {
            let row = JobPlanRow { site: Some("H1".into()), ..duty("A", "mon", "23:30", "23:00") };
            draft.job_plans = Some(vec![row]);
            switch_off(draft, "rest");
        });
        world.breaks(&[("A", "S1")], "fixed-duty", &["Mon 1 Mar 2027 23:30–23:00 at H1"]);
    }
}
