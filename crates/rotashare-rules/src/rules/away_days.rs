//! Away days in a week.

use std::collections::BTreeMap;

use rotashare_core::ids::ConsultantId;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, in_words, monday_of};

use super::months::{away_dates, list_of_dates, marks_by_date};
use crate::audit::Verdict;
use crate::problem::{Item, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Away dates in a week beyond the most allowed.
#[derive(Debug)]
pub struct AwayDays;

const META: Meta = Meta {
    id: "away-days",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Away dates in a week ≤ max_away_days_per_week.",
    why: "Two days away at most: patients, trainees and teams at home need their consultant too.",
    formula: "Dates from Monday to Sunday with an away session, those of `published.csv` outside the \
              horizon included, are at most max_away_days_per_week of the person, else max_per_week.",
    source: "The contract's table of rules.",
    params: &[Param {
        key: "max_per_week",
        holds: "away dates a week, where the person gives none",
        kind: ParamKind::Whole(Some(2)),
    }],
    weights: &[],
};

fn most(context: Context<'_>, who: ConsultantId) -> i64 {
    let own = context.network.consultant(who).max_away_days().map(i64::from);
    own.or(context.book.whole(META.id, "max_per_week")).unwrap_or(i64::from(u32::MAX))
}

/// Away dates outside the horizon, from the published rota; each once, in order.
fn before_and_after(context: Context<'_>, who: ConsultantId) -> Vec<Date> {
    let network = context.network;
    let employer = network.consultant(who).employer();
    let mut dates: Vec<Date> = network
        .published_outside(who)
        .iter()
        .filter(|place| network.site(place.site).trust() != employer)
        .map(|place| place.span.start().date())
        .collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

impl Rule for AwayDays {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for who in sketch.consultants() {
            let outside = before_and_after(context, who);
            let away = |session| context.network.is_away(who, session);
            let mut weeks: BTreeMap<Date, Vec<Item>> = BTreeMap::new();
            for (day, mark) in marks_by_date(context, sketch, who, away) {
                weeks.entry(monday_of(day)).or_default().push(Item::one(mark));
            }
            for (monday, items) in weeks {
                let there = outside.iter().filter(|day| monday_of(**day) == monday).count();
                sketch.limit(META.id, who, items, most(context, who) - there as i64);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (who, month) in network.consultant_ids().zip(rota.by_consultant(network)) {
            let inside = away_dates(network, who, &month);
            let mut all = inside.clone();
            all.extend(before_and_after(context, who));
            all.sort_unstable();
            for week in all.chunk_by(|a, b| monday_of(*a) == monday_of(*b)) {
                let most = most(context, who);
                if week.len() as i64 <= most || !week.iter().any(|day| inside.contains(day)) {
                    continue;
                }
                let sessions = month.iter().copied().filter(|session| {
                    network.is_away(who, *session)
                        && week.contains(&network.session(*session).date())
                });
                let detail = format!(
                    "{} away days in the week of {}: {} ({most} allowed)",
                    week.len(),
                    in_words(monday_of(week[0])),
                    list_of_dates(week)
                );
                verdict.breach(META.id, who, sessions, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::Setting;

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::boards;

    #[test]
    fn away_days_in_a_week() {
        let two = boards(|_| {});
        // Two sessions of a date are one away day; weeks are Monday to Sunday.
        two.keeps(&[("A", "MON-AM"), ("A", "MON-PM"), ("A", "TUE-AM"), ("A", "NEXT-AM")]);
        let said = [
            "3 away days in the week of Mon 1 Mar 2027: Mon 1 Mar 2027, Tue 2 Mar 2027, Wed 3 Mar 2027 (2 allowed)",
        ];
        two.breaks(&[("A", "MON-AM"), ("A", "TUE-PM"), ("A", "WED-AM")], "away-days", &said);
        let own = boards(|draft| {
            draft.consultants[0].max_away_days_per_week = Some(1);
            draft.consultants[1].max_away_days_per_week = Some(3);
            set(draft, "away-days", "max_per_week", Setting::Whole(0));
        });
        own.keeps(&[("A", "MON-AM"), ("B", "MON-PM"), ("B", "TUE-AM"), ("B", "WED-AM"), ("A", "HOME")]);
        own.breaks(&[("A", "MON-AM"), ("A", "WED-AM")], "away-days", &["(1 allowed)"]);
        let none = boards(|draft| set(draft, "away-days", "max_per_week", Setting::Whole(0)));
        none.breaks(&[("A", "MON-AM")], "away-days", &["1 away days", "(0 allowed)"]);
    }

    #[test]
    fn away_days_across_the_edges_of_the_month() {
        let world = boards(|draft| {
            draft.network.horizon = Some((day("2027-03-02"), day("2027-03-09")));
            draft.sessions.as_mut().expect("sessions").retain(|row| row.date > day("2027-03-01"));
            let before = published_at("A", "H1", "2027-03-01", ("09:00", "13:00"));
            let home = published_at("B", "L1", "2027-03-01", ("09:00", "13:00"));
            let after = published_at("A", "H1", "2027-03-10", ("09:00", "13:00"));
            draft.published = Some(vec![before, home, after]);
        });
        world.keeps(&[("A", "TUE-AM"), ("A", "NEXT-AM"), ("B", "WED-AM"), ("B", "TUE-PM")]);
        let said = ["3 away days in the week of Mon 1 Mar 2027: Mon 1 Mar 2027"];
        world.breaks(&[("A", "TUE-AM"), ("A", "WED-AM")], "away-days", &said);
    }
}
