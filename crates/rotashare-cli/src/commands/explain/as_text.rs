//! Explanations for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::in_words;
use rotashare_explain::{
    Advice, Candidate, Case, Explanation, Gap, NEEDED_ELSEWHERE, Price, Suggestion, View,
};

use crate::report::period;
use crate::say;
use crate::table::TextTable;

/// The whole rota.
pub(super) fn whole(case: &Case, rota: &Rota, advice: &Advice, gaps: &[Gap], view: View) -> String {
    let network = case.network();
    let cells = rota.cells().filter(|(place, _)| view.shows(network, place.session));
    let (mut places, mut empty) = (0, 0);
    for (_, cell) in cells {
        places += 1;
        empty += usize::from(cell.is_none());
    }
    let whose = reader(network, view);
    let mut text = format!(
        "{}\n{}{whose}\n\n{empty} of {} empty\n",
        network.name(),
        period(network.horizon()),
        say::count(places, "place", "places"),
    );
    if empty == 0 {
        return text;
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in gaps {
        *reasons.entry(gap.reason).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
    text.push_str("\nWhat keeps people out of them\n");
    let mut table = TextTable::new(&["Reason", ">Place and consultant"]);
    for (reason, count) in reasons {
        table.row([reason.to_owned(), count.to_string()]);
    }
    text.push_str(&table.text());
    let (more, saved) = advice.by_itself;
    if more > 0 {
        let more = say::count(usize::try_from(more).unwrap_or(0), "more place", "more places");
        let _ = write!(text, "\nPlanning again fills {more} without any change.\n");
    } else if saved > Points::ZERO && view.0.is_none() {
        let _ = write!(text, "\nPlanning again saves {saved} points without any change.\n");
    }
    text.push_str("\nWhat would fill the most\n");
    suggestions(case, &advice.suggestions, &mut text);
    text
}

/// One session.
pub(super) fn session(case: &Case, told: &Explanation, view: View) -> String {
    let network = case.network();
    let session = network.session(told.session);
    let specialty = network.specialty(session.specialty()).name();
    let sub = session.subspecialty().map(|sub| format!(" ({sub})")).unwrap_or_default();
    let mut text = format!(
        "{}\n{specialty}{sub} at {}, {} {}–{}, {}{}\n\n{}, {} empty\n",
        session.code(),
        network.site(session.site()).name(),
        in_words(session.date()),
        session.span().start().clock(),
        session.span().end().clock(),
        session.priority(),
        reader(network, view),
        say::count(session.places() as usize, "place", "places"),
        told.empty,
    );
    for holder in &told.holders {
        let because = if holder.because.is_empty() {
            String::new()
        } else {
            format!(": {}", holder.because.join("; "))
        };
        let _ = write!(text, "\n{} has it{because}\n", name(network, holder.consultant));
        for breach in &holder.breaches {
            let _ = writeln!(text, "  and breaks {}: {}", breach.rule, breach.detail);
        }
    }
    if told.empty == 0 && view.0.is_none() {
        text.push_str(
            &match told.others.first().and_then(|one| Some((one, one.price.as_ref()?))) {
                Some((next, price)) => format!(
                    "Next best is {}: {}\n",
                    name(network, next.consultant),
                    consequence(network, price)
                ),
                None => "Nobody else of the specialty can have it.\n".to_owned(),
            },
        );
    }
    text.push_str(if told.empty > 0 {
        "\nWhat stands in the way, the nearest first\n"
    } else {
        "\nThe others of the specialty, the nearest first\n"
    });
    let mut table = TextTable::new(&["Consultant", "Employer", "Reason", "What it is"]);
    for one in &told.others {
        let employer = network.trust(network.consultant(one.consultant).employer()).code();
        let mut first = [name(network, one.consultant), employer.to_owned()];
        for (reason, detail) in lines(network, one) {
            let [person, employer] = std::mem::take(&mut first);
            table.row([person, employer, reason, detail]);
        }
    }
    text.push_str(&table.text());
    if told.empty > 0 {
        text.push_str("\nThe least that would fill it\n");
        suggestions(case, &told.suggestions, &mut text);
    }
    text
}

fn reader(network: &Network, view: View) -> String {
    view.0.map(|trust| format!("\nfor {}", network.trust(trust).name())).unwrap_or_default()
}

fn name(network: &Network, who: ConsultantId) -> String {
    let consultant = network.consultant(who);
    format!("{} {}", consultant.code(), consultant.name())
}

/// Every reason, and what it would cost all the same.
fn lines(network: &Network, one: &Candidate) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> =
        one.reasons.iter().map(|reason| (reason.rule.to_owned(), reason.detail.clone())).collect();
    match &one.price {
        Some(price) => lines.push((NEEDED_ELSEWHERE.to_owned(), consequence(network, price))),
        None if lines.is_empty() => {
            let detail = "no rota that keeps every rule and pin gives it to them".to_owned();
            lines.push((NEEDED_ELSEWHERE.to_owned(), detail));
        }
        None => {}
    }
    lines
}

fn consequence(network: &Network, price: &Price) -> String {
    let points = match price.points {
        Points::ZERO => "as good a rota".to_owned(),
        more if more > Points::ZERO => format!("{more} points more"),
        less => format!("{} points fewer", -less),
    };
    if price.emptied.is_empty() {
        points
    } else {
        format!("{points}, would leave {} empty", list(network, &price.emptied))
    }
}

fn list(network: &Network, sessions: &[SessionId]) -> String {
    sessions.iter().map(|id| network.session(*id).code()).collect::<Vec<_>>().join(", ")
}

fn suggestions(case: &Case, all: &[Suggestion], text: &mut String) {
    let network = case.network();
    if all.is_empty() {
        text.push_str("  No change to the files that was tried fills a place.\n");
    }
    for (number, one) in (1..).zip(all) {
        let places = say::count(usize::try_from(one.fills).unwrap_or(0), "place", "places");
        let points = if one.saves < Points::ZERO {
            format!("{} points more", -one.saves)
        } else {
            format!("{} points fewer", one.saves)
        };
        let _ = writeln!(text, "  {number}. {}", one.title(case));
        let _ = writeln!(text, "     fills {places}, {points}: {}", list(network, &one.filled));
        if !one.emptied.is_empty() {
            let _ = writeln!(text, "     leaves empty {}", list(network, &one.emptied));
        }
        for change in &one.changes {
            let _ = writeln!(text, "     {}", change.edit(case.draft()));
        }
        if one.alternatives > 0 {
            let ways = say::count(one.alternatives, "other way", "other ways");
            let _ = writeln!(text, "     or in {ways}");
        }
    }
}
