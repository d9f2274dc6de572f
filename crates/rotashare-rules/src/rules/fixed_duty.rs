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

impl Rule for FixedDuty {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let network = context.network;
        let against = network.duties_against(who, id, Firmness::Fixed, slack(context));
        let detail = describe(network, against.first()?);
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
