//! Breaches of a rota with somebody put in, in a manager's words.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::time::{Date, in_words, monday_of};
use rotashare_rules::audit::{Breach, Verdict};

/// What a breach says to somebody who asks why the person does not have the session.
pub(crate) fn with_this_session(
    network: &Network,
    breach: &Breach,
    session: SessionId,
    who: ConsultantId,
) -> String {
    let others: Vec<SessionId> =
        breach.sessions.iter().copied().filter(|other| *other != session).collect();
    match breach.rule {
        "one-place" if others.is_empty() => "has a place of this session already".to_owned(),
        "one-place" => format!("has {} at that time", sessions(network, &others)),
        "travel-time" => {
            format!("has {}; {}", sessions(network, &others), breach.detail)
        }
        "rest" if !others.is_empty() => {
            format!("has {}; {}", sessions(network, &others), breach.detail)
        }
        "away-days" => away_days(network, &others, session, who, &breach.detail),
        "drawbridge" | "away-share" => {
            let would_be = breach.detail.replace(" of them away", " of them would be away");
            format!("needed on base: {would_be}")
        }
        "agreement" if breach.consultant.is_none() => {
            format!("the agreement is used up: with this session {}", breach.detail)
        }
        _ => format!("with this session {}", breach.detail),
    }
}

/// `already 2 away days that week: Tue 2 Mar 2027, Thu 4 Mar 2027 (2 allowed)`.
fn away_days(
    network: &Network,
    others: &[SessionId],
    session: SessionId,
    who: ConsultantId,
    detail: &str,
) -> String {
    let monday = monday_of(network.session(session).date());
    let employer = network.consultant(who).employer();
    let published = network.published_outside(who).iter();
    let outside = published
        .filter(|place| network.site(place.site).trust() != employer)
        .map(|place| place.span.start().date());
    let inside = others.iter().map(|other| network.session(*other).date());
    let mut dates: Vec<Date> =
        outside.chain(inside).filter(|day| monday_of(*day) == monday).collect();
    dates.sort_unstable();
    dates.dedup();
    let allowed = detail.rfind('(').map_or("", |at| &detail[at..]);
    match dates.len() {
        0 => format!("no away day that week {allowed}"),
        1 => format!("already 1 away day that week: {} {allowed}", in_words(dates[0])),
        many => {
            let list: Vec<String> = dates.into_iter().map(in_words).collect();
            format!("already {many} away days that week: {} {allowed}", list.join(", "))
        }
    }
}

/// Codes of sessions, the first few of many.
pub(crate) fn sessions(network: &Network, sessions: &[SessionId]) -> String {
    const SHOWN: usize = 4;
    let codes: Vec<&str> =
        sessions.iter().take(SHOWN).map(|id| network.session(*id).code()).collect();
    let list = codes.join(", ");
    match sessions.len().saturating_sub(SHOWN) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// What filling a place costs, from the verdicts without and with it.
pub(crate) fn price(before: &Verdict, after: &Verdict) -> String {
    let difference = after.objective() - before.objective();
    let dearer: Vec<String> = before
        .terms()
        .iter()
        .zip(after.terms())
        .map(|((term, before), (_, after))| (*term, *after - *before))
        .filter(|(_, points)| *points > Points::ZERO)
        .map(|(term, points)| format!("{term} {points}"))
        .collect();
    let why = if dearer.is_empty() { String::new() } else { format!(" ({})", dearer.join(", ")) };
    match difference {
        Points::ZERO => format!("would cost as much as it saves{why}"),
        more if more > Points::ZERO => format!("would cost {more} points more than it saves{why}"),
        less => format!("nothing: the rota would be {} points better with it", -less),
    }
}
