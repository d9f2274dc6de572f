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

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, Setting, TravelRow};

    use crate::draft::*;
    use crate::settings::{set, switch_off};
    use crate::world::sessions;

    #[test]
    fn travel_time() {
        let rows = [
            ["S1", "L1", "2027-03-02", "09:00", "12:00"],
            ["S2", "H1", "2027-03-02", "13:14", "17:00"],
            ["S3", "H1", "2027-03-02", "13:15", "17:00"],
            ["S4", "L1", "2027-03-02", "12:00", "14:00"],
        ];
        let world = sessions(&rows, |_| {});
        world.keeps(&[("A", "S1"), ("A", "S3")]);
        world.keeps(&[("A", "S1"), ("A", "S4")]);
        let said = ["Tue 2 Mar 2027 12:00 to 13:14: 60 minutes from L1 to H1"];
        world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &said);
        let slack = |minutes| {
            move |draft: &mut Draft| {
                set(draft, "travel-time", "slack_minutes", Setting::Whole(minutes));
            }
        };
        sessions(&rows, slack(14)).keeps(&[("A", "S1"), ("A", "S2")]);
        sessions(&rows, slack(16)).breaks(&[("A", "S1"), ("A", "S3")], "travel-time", &["60 minutes"]);
        let off = |draft: &mut Draft| switch_off(draft, "travel-time");
        sessions(&rows, off).keeps(&[("A", "S1"), ("A", "S2")]);
    }

    #[test]
    fn travel_time_at_the_hour_of_departure() {
        let rows = [
            ["S1", "L1", "2027-03-02", "09:00", "12:00"],
            ["S2", "H1", "2027-03-02", "13:45", "17:00"],
            ["S3", "L1", "2027-03-02", "09:00", "11:30"],
        ];
        let world = sessions(&rows, |draft| {
            let noon = TravelRow {
                depart_from: Some(at("12:00")),
                depart_to: Some(at("13:00")),
                ..way("L1", "H1", 100)
            };
            draft.travel.as_mut().expect("travel").push(noon);
        });
        world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &["100 minutes from L1 to H1"]);
        world.keeps(&[("A", "S3"), ("A", "S2")]);
    }

    #[test]
    fn travel_time_no_longer_than_a_most() {
        let rows = [
            ["S1", "L1", "2027-03-02", "08:00", "09:00"],
            ["S2", "H1", "2027-03-02", "17:00", "19:00"],
            ["S3", "L2", "2027-03-02", "17:00", "19:00"],
        ];
        let longest = |minutes| {
            move |draft: &mut Draft| {
                set(draft, "travel-time", "max_minutes", Setting::Whole(minutes));
                draft.job_plans = Some(vec![duty("B", "tue", "08:00", "09:00")]);
            }
        };
        let world = sessions(&rows, longest(59));
        world.keeps(&[("A", "S1"), ("A", "S3")]);
        world.keeps(&[("B", "S3")]);
        world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &["60 minutes from L1 to H1"]);
        world.breaks(&[("B", "S2")], "travel-time", &["duty at L1 from Tue 2 Mar 2027 08:00"]);
        sessions(&rows, longest(60)).keeps(&[("A", "S1"), ("A", "S2")]);
    }
}
