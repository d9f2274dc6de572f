//! The notice period.

use std::collections::BTreeSet;

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::rota::Rota;
use rotashare_core::time::{days_after, in_words};
use rotashare_core::values::PinKind;

use crate::audit::{Breach, Verdict, audit_by};
use crate::problem::{RuleId, Sketch};
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// Published places inside the notice period.
#[derive(Debug)]
pub struct Notice;

const ID: RuleId = "notice";

const META: Meta = Meta {
    id: ID,
    severity: Severity::Hard,
    applies: Applies::With(Table::Published),
    holds: "A published place inside the notice period is not changed, unless its consultant can no longer \
            do it.",
    why: "Clinics are cancelled or changed with six weeks' notice; people have planned their lives by it.",
    formula: "For a session before from + days: whoever has a published place keeps it, unless it breaks \
              another rule, by itself, with others of theirs, or then together with the other places kept, or \
              a pin says no.",
    source: "The contract's table of rules.",
    params: &[
        Param { key: "days", holds: "days of notice", kind: ParamKind::Whole(Some(42)) },
        Param { key: "from", holds: "the day from which they count", kind: ParamKind::Today },
    ],
    weights: &[],
};

/// Whether a session is inside the notice period.
#[must_use]
pub fn inside_notice(context: Context<'_>, session: SessionId) -> bool {
    let days = context.book.whole(ID, "days").unwrap_or(0);
    let first_free = days_after(context.book.date(ID, "from"), days);
    context.network.session(session).date() < first_free
}

/// The published places inside the notice period that can be kept together, in order of session and
/// place.
///
/// A place that is the trouble by itself goes first (leave, a lapsed authority), then what one person can't
/// do together; what then still breaks a rule together goes together, and the plan decides between them.
#[must_use]
pub fn kept_places(context: Context<'_>) -> Vec<(SessionId, ConsultantId)> {
    let Context { network, book } = context;
    if !network.has_published() || !book.is_on(ID) {
        return Vec::new();
    }
    let pinned_off = |session, who| {
        let mut pins = network.pins().iter();
        book.is_on("pins")
            && pins.any(|p| (p.session, p.consultant, p.kind) == (session, who, PinKind::No))
    };
    let mut kept: Vec<(SessionId, ConsultantId)> = Vec::new();
    for session in network.session_ids().filter(|session| inside_notice(context, *session)) {
        let first = kept.len();
        for who in network.published_places(session).iter().filter_map(|(_, who)| *who) {
            if !pinned_off(session, who) && !kept[first..].contains(&(session, who)) {
                kept.push((session, who));
            }
        }
    }
    loop {
        let mut rota = Rota::empty(network);
        // More than there are places for: the first places are kept, as long as somebody can come.
        let fit = |(session, who): &&(SessionId, ConsultantId)| rota.add(*session, *who).is_ok();
        let held: Vec<(SessionId, ConsultantId)> = kept.iter().filter(fit).copied().collect();
        for pin in network.pins().iter().filter(|pin| pin.kind == PinKind::Yes) {
            if book.is_on("pins") && !rota.has(pin.session, pin.consultant) {
                // Where no place is left, the pin is a fault of its own.
                let _ = rota.add(pin.session, pin.consultant);
            }
        }
        let verdict = audit_by(network, book, &rota, |rule| rule != ID && rule != "pins");
        let is_held: BTreeSet<&(SessionId, ConsultantId)> = held.iter().collect();
        let concerns = |breach: &&Breach| breach.places.iter().any(|place| is_held.contains(place));
        let breaches: Vec<&Breach> = verdict.breaches().iter().filter(concerns).collect();
        // What is one place's trouble goes first, then what is one person's.
        let rank = |breach: &Breach| (breach.places.len() > 1, breach.consultant.is_none());
        let Some(first) = breaches.iter().map(|breach| rank(breach)).min() else { return held };
        let now = breaches.iter().filter(|breach| rank(breach) == first);
        let gone: BTreeSet<_> = now.flat_map(|breach| &breach.places).collect();
        kept.retain(|place| !gone.contains(place));
    }
}

impl Rule for Notice {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for (session, who) in kept_places(context) {
            if let Some(option) = sketch.find(who, session) {
                sketch.fix(ID, option, true);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for (session, who) in kept_places(context) {
            if !rota.has(session, who) {
                let date = context.network.session(session).date();
                let code = context.network.session(session).code();
                let detail = format!(
                    "{code} on {} was given out and is inside the notice period",
                    in_words(date)
                );
                verdict.breach(ID, who, [session], detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, Setting};
    use rotashare_core::values::PinKind;

    use crate::draft::*;
    use crate::rules::pins;
    use crate::settings::set;
    use crate::world::{board_draft, World};

    #[test]
    fn notice() {
        let published = |draft: &mut Draft| {
            draft.published = Some(vec![
                crate::draft::published("TUE-AM", 1, Some("A")),
                crate::draft::published("WED-AM", 1, None),
            ]);
        };
        // 42 days from 20 January end after 2 March; from the 19th they do not.
        let inside = World::on(&board_draft(published), day("2027-01-20"));
        inside.keeps(&[("A", "TUE-AM"), ("B", "WED-AM")]);
        let said = ["TUE-AM on Tue 2 Mar 2027 was given out and is inside the notice period"];
        inside.breaks(&[("B", "TUE-AM")], "notice", &said);
        inside.breaks(&[("B", "WED-AM")], "notice", &said);
        World::on(&board_draft(published), day("2027-01-19")).keeps(&[("B", "TUE-AM")]);
        let days = |days| {
            board_draft(|draft| {
                published(draft);
                set(draft, "notice", "days", Setting::Whole(days));
                set(draft, "notice", "from", Setting::Date(day("2027-02-23")));
            })
        };
        World::new(&days(7)).keeps(&[("B", "TUE-AM")]);
        World::new(&days(8)).breaks(&[("B", "TUE-AM")], "notice", &said);
    }

    #[test]
    fn notice_unless_its_consultant_can_no_longer_do_it() {
        let published = |draft: &mut Draft| {
            draft.published = Some(vec![crate::draft::published("TUE-AM", 1, Some("A"))]);
        };
        let on_leave = board_draft(|draft| {
            published(draft);
            draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
        });
        let world = World::on(&on_leave, day("2027-02-20"));
        world.keeps(&[("B", "TUE-AM")]);
        world.keeps(&[]);
        let pinned_off = board_draft(|draft| {
            published(draft);
            draft.pins = Some(vec![pin("TUE-AM", "A", PinKind::No)]);
        });
        World::on(&pinned_off, day("2027-02-20")).keeps(&[("B", "TUE-AM")]);
        // Pinned elsewhere at the time: the pin wins.
        let elsewhere = board_draft(|draft| {
            published(draft);
            draft.pins = Some(vec![pin("HOME", "A", PinKind::Yes)]);
        });
        let world = World::on(&elsewhere, day("2027-02-20"));
        assert_eq!(pins::faults(&world.network, &world.book), []);
        world.keeps(&[("A", "HOME"), ("B", "TUE-AM")]);
        // Another pinned into the one place: named as a fault.
        let instead = board_draft(|draft| {
            published(draft);
            draft.pins = Some(vec![pin("TUE-AM", "B", PinKind::Yes)]);
        });
        let world = World::on(&instead, day("2027-02-20"));
        let faults = pins::faults(&world.network, &world.book);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].problem.contains("TUE-AM is published with A"), "{}", faults[0]);
    }

    #[test]
    fn notice_stands_where_another_of_the_session_can_no_longer_come() {
        // A and B are L's, the clinics H's.
        let world = |most: u32, alter: fn(&mut Draft)| {
            let draft = board_draft(|draft| {
                let places = [("TUE-AM", 1, "A"), ("TUE-AM", 2, "B"), ("WED-AM", 1, "A")];
                let row = |(session, place, who)| crate::draft::published(session, place, Some(who));
                draft.published = Some(places.map(row).to_vec());
                let mut sessions = draft.sessions.iter_mut().flatten();
                let tuesday = sessions.find(|row| row.session == "TUE-AM");
                tuesday.expect("it is there").consultants = Some(2);
                let mut agreement = agreement("G1", "L", "H");
                agreement.max_sessions = Some(most);
                draft.agreements = Some(vec![agreement]);
                alter(draft);
            });
            World::on(&draft, day("2027-02-20"))
        };
        // Two of three are agreed on: which is the plan's to say.
        let two = world(2, |_| ());
        two.keeps(&[("A", "TUE-AM"), ("B", "TUE-AM")]);
        two.keeps(&[("A", "TUE-AM"), ("A", "WED-AM")]);
        // B is away anyhow, and both of A's stay.
        let away = world(2, |draft| draft.leave = Some(vec![leave("B", "2027-03-02", "2027-03-02")]));
        away.keeps(&[("A", "TUE-AM"), ("A", "WED-AM")]);
        away.breaks(&[("A", "TUE-AM")], "notice", &["WED-AM on Wed 3 Mar 2027"]);
        away.breaks(&[("A", "WED-AM")], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
        // A may be away on no day: that is his trouble, though it shows in two places at a time, and B
        // stays whom a day without both would have cost the place.
        let none = world(2, |draft| {
            let a = draft.consultants.iter_mut().find(|row| row.consultant == "A");
            a.expect("there is an A").max_away_days_per_week = Some(0);
        });
        none.keeps(&[("B", "TUE-AM")]);
        none.breaks(&[], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
        // B is H's own, and no agreement's concern.
        let own = world(0, |draft| {
            let b = draft.consultants.iter_mut().find(|row| row.consultant == "B");
            let b = b.expect("there is a B");
            (b.trust, b.base_site) = ("H".into(), "H1".into());
        });
        own.keeps(&[("B", "TUE-AM")]);
        own.breaks(&[], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
    }

    #[test]
    fn notice_where_a_session_has_fewer_places_now() {
        let fewer = board_draft(|draft| {
            draft.published = Some(vec![
                crate::draft::published("TUE-AM", 1, Some("B")),
                crate::draft::published("TUE-AM", 2, Some("A")),
            ]);
        });
        let world = World::on(&fewer, day("2027-02-20"));
        world.keeps(&[("B", "TUE-AM")]);
        world.breaks(&[("A", "TUE-AM")], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
        // The place goes on to A where B can't come.
        let mut away = fewer;
        away.leave = Some(vec![leave("B", "2027-03-02", "2027-03-02")]);
        let world = World::on(&away, day("2027-02-20"));
        world.keeps(&[("A", "TUE-AM")]);
        world.breaks(&[], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
    }
}
