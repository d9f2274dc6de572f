//! Time to get from one site to the next.

use rotashare_core::ids::{ConsultantId, SessionId, SiteId};
use rotashare_core::network::Network;
use rotashare_core::people::Duty;
use rotashare_core::rota::Rota;
use rotashare_core::time::{DAY_MINUTES, Span};
use rotashare_core::values::Firmness;

use crate::audit::Verdict;
use crate::problem::{OptionId, RuleId, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Reason, Rule, Severity};

/// Travel between commitments of a date.
#[derive(Debug)]
pub struct TravelTime;

pub(super) const ID: RuleId = "travel-time";

const META: Meta = Meta {
    id: ID,
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Between two commitments at different sites on a date there is time to travel.",
    why: "A clinic that starts late because the road was long starts late every week.",
    formula: "Between two sessions at different sites: gap ≥ minutes of travel at that time of day + \
              slack_minutes; with max_minutes, no travel between two commitments of a date takes longer. \
              The time to and from fixed duties belongs to fixed-duty, with the same slack.",
    source: "The contract's table of rules.",
    params: &[
        Param {
            key: "slack_minutes",
            holds: "minutes to park, walk and log in, beside the travel",
            kind: ParamKind::Whole(Some(15)),
        },
        Param {
            key: "max_minutes",
            holds: "the longest travel in minutes between two commitments on a date",
            kind: ParamKind::Whole(None),
        },
    ],
    weights: &[],
};

/// Minutes of slack between commitments at different sites; 0 where the rule is off.
pub(super) fn slack(context: Context<'_>) -> i32 {
    let minutes = context.book.is_on(ID).then(|| context.book.whole(ID, "slack_minutes")).flatten();
    minutes.and_then(|minutes| i32::try_from(minutes).ok()).unwrap_or(0)
}

type Stay = (Span, SiteId);

/// Whether two commitments that don't overlap are too far apart.
fn too_far(context: Context<'_>, one: Stay, other: Stay) -> bool {
    if one.1 == other.1 || one.0.overlaps(other.0) {
        return false;
    }
    let network = context.network;
    network.too_near(one, other, slack(context)) || too_long(context, one, other)
}

/// Whether the travel between two commitments of a date takes longer than is allowed at all.
fn too_long(context: Context<'_>, one: Stay, other: Stay) -> bool {
    let Some(longest) = context.book.whole(ID, "max_minutes") else { return false };
    let (first, second) =
        if one.0.start() <= other.0.start() { (one, other) } else { (other, one) };
    let same_date = first.0.start().date() == second.0.start().date();
    let minutes = context.network.travel().minutes(first.1, second.1, first.0.end().clock());
    same_date && one.1 != other.1 && i64::from(minutes) > longest
}

fn too_far_away(network: &Network, duty: &Duty<'_>) -> String {
    let site = network.site(duty.pattern.site).code();
    format!("the duty at {site} from {} is too far away that day", duty.span.start())
}

impl Rule for TravelTime {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        context.book.whole(ID, "max_minutes")?;
        let network = context.network;
        let session = network.session(id);
        let stay = (session.span(), session.site());
        let duties = network.duties(who, session.date(), session.date());
        let far = duties.iter().find(|duty| {
            duty.pattern.firmness == Firmness::Fixed
                && !duty.span.overlaps(stay.0)
                && too_long(context, (duty.span, duty.pattern.site), stay)
        })?;
        Some(Reason { rule: ID, detail: too_far_away(network, far) })
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        for who in sketch.consultants() {
            let options: Vec<(OptionId, Stay)> = sketch
                .options_of(who)
                .map(|(id, option)| (id, network.session(option.session)))
                .map(|(id, session)| (id, (session.span(), session.site())))
                .collect();
            for (index, (a, first)) in options.iter().enumerate() {
                for (b, second) in &options[index + 1..] {
                    // Nobody travels for a whole day.
                    if second.0.start().since(first.0.end()) > DAY_MINUTES {
                        break;
                    }
                    if too_far(context, *first, *second) {
                        sketch.clash(ID, *a, *b);
                    }
                }
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let slack = context.book.whole(ID, "slack_minutes").unwrap_or(0);
        let longest = context.book.whole(ID, "max_minutes").unwrap_or(i64::MAX);
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            for (index, a) in month.iter().enumerate() {
                let first = network.session(*a);
                for b in &month[index + 1..] {
                    let second = network.session(*b);
                    let (leaves, starts) = (first.span().end(), second.span().start());
                    let (from, to) = (first.site(), second.site());
                    let time = starts.since(leaves);
                    if from == to || !(0..=DAY_MINUTES).contains(&time) {
                        continue;
                    }
                    let minutes = i64::from(network.travel().minutes(from, to, leaves.clock()));
                    let too_long = minutes > longest && first.date() == second.date();
                    if i64::from(time) < minutes + slack || too_long {
                        let detail = format!(
                            "{leaves} to {}: {minutes} minutes from {} to {} do not fit",
                            starts.clock(),
                            network.site(from).code(),
                            network.site(to).code(),
                        );
                        verdict.breach(ID, who, [*a, *b], detail);
                    }
                }
                for duty in network.duties(who, first.date(), first.date()) {
                    let at = duty.pattern.site;
                    let minutes = if duty.span.end() <= first.span().start() {
                        let leaves = duty.span.end().clock();
                        network.travel().minutes(at, first.site(), leaves)
                    } else if first.span().end() <= duty.span.start() {
                        let leaves = first.span().end().clock();
                        network.travel().minutes(first.site(), at, leaves)
                    } else {
                        continue;
                    };
                    let fixed = duty.pattern.firmness == Firmness::Fixed;
                    if fixed && at != first.site() && i64::from(minutes) > longest {
                        verdict.breach(ID, who, [*a], too_far_away(network, &duty));
                    }
                }
            }
        }
    }
}
