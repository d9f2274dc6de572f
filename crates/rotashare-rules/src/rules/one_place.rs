//! Nobody is in two places.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::OutsidePlace;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{OptionId, Sketch};
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Overlapping sessions.
#[derive(Debug)]
pub struct OnePlace;

const META: Meta = Meta {
    id: "one-place",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Nobody has two overlapping commitments.",
    why: "A person can be in one room at a time.",
    formula: "No two sessions of a consultant share any time, and none shares any with a place of \
              `published.csv` outside the horizon. Overlaps with duties and on-calls belong to fixed-duty \
              and on-call.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn over(place: &OutsidePlace) -> String {
    format!("overlaps the published place from {} to {}", place.span.start(), place.span.end())
}

impl Rule for OnePlace {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let span = context.network.session(id).span();
        let places = context.network.published_outside(who);
        let met = places.iter().find(|place| place.span.overlaps(span))?;
        Some(Reason { rule: META.id, detail: over(met) })
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        for who in sketch.consultants() {
            // In order of their starts.
            let options: Vec<(OptionId, _)> = sketch
                .options_of(who)
                .map(|(id, option)| (id, network.session(option.session).span()))
                .collect();
            for (index, (a, first)) in options.iter().enumerate() {
                let later = &options[index + 1..];
                for (b, _) in later.iter().take_while(|(_, span)| span.start() < first.end()) {
                    sketch.clash(META.id, *a, *b);
                }
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            for (index, a) in month.iter().enumerate() {
                for place in network.published_outside(who) {
                    let span = network.session(*a).span();
                    if place.span.start() < span.end() && span.start() < place.span.end() {
                        verdict.breach(META.id, who, [*a], over(place));
                    }
                }
                for b in &month[index + 1..] {
                    let (first, second) = (network.session(*a), network.session(*b));
                    if a == b || first.span().overlaps(second.span()) {
                        let detail = if a == b {
                            format!("has two places of {}", first.code())
                        } else {
                            format!("{} overlaps {}", first.code(), second.code())
                        };
                        verdict.breach(META.id, who, [*a, *b], detail);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::draft::*;
    use crate::settings::switch_off;
    use crate::world::sessions;

    #[test]
    fn one_place() {
        let rows = [
            ["S1", "L1", "2027-03-02", "09:00", "13:00"],
            ["S2", "L1", "2027-03-02", "12:59", "16:00"],
            ["S3", "L1", "2027-03-02", "13:00", "17:00"],
            ["S4", "L1", "2027-03-02", "20:00", "08:00"],
            ["S5", "L1", "2027-03-03", "07:00", "09:00"],
        ];
        let world = sessions(&rows, |_| {});
        world.keeps(&[("A", "S1"), ("A", "S3"), ("B", "S2")]);
        world.breaks(&[("A", "S1"), ("A", "S2")], "one-place", &["S1 overlaps S2"]);
        world.breaks(&[("A", "S4"), ("A", "S5")], "one-place", &["S4 overlaps S5"]);
        let world = sessions(&rows, |draft| switch_off(draft, "one-place"));
        world.keeps(&[("A", "S1"), ("A", "S2")]);
    }

    #[test]
    fn one_place_twice_in_a_session() {
        let row = ["S1", "L1", "2027-03-02", "09:00", "13:00"];
        let world = sessions(&[row], |draft| {
            draft.sessions.as_mut().expect("sessions")[0].consultants = Some(2);
        });
        let verdict = world.audit(&world.rota(&[("A", "S1"), ("A", "S1")]));
        let details: Vec<&str> = verdict.breaches().iter().map(|b| b.detail.as_str()).collect();
        assert_eq!(details, ["has two places of S1"]);
        world.keeps(&[("A", "S1"), ("B", "S1")]);
    }

    #[test]
    fn one_place_with_a_published_night_before_the_horizon() {
        let rows = [
            ["S1", "L1", "2027-03-01", "07:00", "09:00"],
            ["S2", "L1", "2027-03-01", "19:00", "21:00"],
        ];
        let world = sessions(&rows, |draft| {
            let night = published_at("A", "L1", "2027-02-28", ("20:00", "08:00"));
            draft.published = Some(vec![night]);
        });
        world.breaks(&[("A", "S1")], "one-place", &["Sun 28 Feb 2027 20:00"]);
        world.keeps(&[("A", "S2"), ("B", "S1")]);
    }
}
