//! What is printed for people.

mod plan;

use std::collections::BTreeMap;

use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::time::{Horizon, in_words};
use rotashare_rules::audit::{Breach, Verdict};

use crate::cells::Difference;
use crate::say;
use crate::table::TextTable;

pub(crate) use plan::{Outcome, plan};

/// `Mon 1 March 2027 to Wed 31 March 2027`, as the library words dates.
pub(crate) fn period(horizon: Horizon) -> String {
    format!("{} to {}", in_words(horizon.from()), in_words(horizon.to()))
}

/// A breach in a line: who, which sessions, what.
pub(crate) fn breach(network: &Network, breach: &Breach) -> String {
    let who = breach.consultant.map(|who| network.consultant(who));
    let sessions: Vec<&str> =
        breach.sessions.iter().map(|session| network.session(*session).code()).collect();
    let mut parts = Vec::new();
    if let Some(who) = who {
        parts.push(format!("{} {}", who.code(), who.name()));
    }
    if !sessions.is_empty() {
        parts.push(sessions.join(", "));
    }
    parts.push(breach.detail.clone());
    parts.join(": ")
}

/// Points by term, those with any, and their sum.
pub(crate) fn terms(verdict: &Verdict) -> String {
    let mut table = TextTable::new(&["Term", ">Points"]);
    for (term, points) in verdict.terms().iter().filter(|(_, points)| *points != Points::ZERO) {
        table.row([(*term).to_owned(), points.to_string()]);
    }
    table.row(["all".to_owned(), verdict.objective().to_string()]);
    table.text()
}

/// What changed: place by place, by person, by clinic. `name` gives a consultant's name for a code.
pub(crate) fn changes(differences: &[Difference], name: impl Fn(&str) -> String) -> String {
    if differences.is_empty() {
        return "No place changed.\n".to_owned();
    }
    let who = |cell: &Option<String>| cell.as_deref().map_or_else(|| "–".to_owned(), &name);
    let many = say::count(differences.len(), "place changed", "places changed");
    let mut text = format!("{many}\n\n");
    let mut places = TextTable::new(&["Session", ">Place", "Change", "Before", "After"]);
    let mut people: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    let mut clinics: BTreeMap<&str, usize> = BTreeMap::new();
    for one in differences {
        places.row([
            one.session.clone(),
            one.place.to_string(),
            one.kind.word().to_owned(),
            who(&one.before),
            who(&one.after),
        ]);
        if one.before != one.after {
            for (side, cell) in [&one.before, &one.after].into_iter().enumerate() {
                if let Some(code) = cell {
                    people.entry(code).or_default()[side].push(&one.session);
                }
            }
        }
        let clinic = one.row.clinic.as_deref();
        let series =
            || one.session.split_once('@').map_or(one.session.as_str(), |(clinic, _)| clinic);
        *clinics.entry(clinic.unwrap_or_else(series)).or_default() += 1;
    }
    text.push_str(&places.text());
    if !people.is_empty() {
        text.push_str("\nBy person\n");
        let mut table = TextTable::new(&["Consultant", "Gives up", "Takes on"]);
        for (code, [gives, takes]) in people {
            let list = |sessions: Vec<&str>| {
                if sessions.is_empty() { "–".to_owned() } else { sessions.join(", ") }
            };
            table.row([name(code), list(gives), list(takes)]);
        }
        text.push_str(&table.text());
    }
    text.push_str("\nBy clinic\n");
    let mut table = TextTable::new(&["Clinic", ">Places changed"]);
    for (clinic, places) in clinics {
        table.row([clinic.to_owned(), places.to_string()]);
    }
    text.push_str(&table.text());
    text
}
