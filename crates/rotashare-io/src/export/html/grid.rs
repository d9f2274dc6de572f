//! The grid by week and site, and its filters.

use std::collections::BTreeMap;

use rotashare_core::ids::{ConsultantId, SiteId, SpecialtyId};
use rotashare_core::time::{Date, days_after, in_words};

use crate::export::text::{escape, put};
use crate::export::view::{Line, View};

/// Positions by which the markup names things.
pub(super) struct Keys {
    pub(super) weeks: BTreeMap<Date, usize>,
    pub(super) sites: BTreeMap<SiteId, usize>,
    pub(super) specialties: BTreeMap<SpecialtyId, usize>,
}

impl Keys {
    pub(super) fn new(view: &View<'_>) -> Self {
        let numbered = |(index, key)| (key, index);
        Self {
            weeks: view.weeks().into_iter().enumerate().map(numbered).collect(),
            sites: view.sites().into_iter().enumerate().map(|(i, key)| (key, i)).collect(),
            specialties: view
                .specialties()
                .into_iter()
                .enumerate()
                .map(|(i, key)| (key, i))
                .collect(),
        }
    }
}

/// Filters, key and a table a week.
pub(super) fn grid(view: &View<'_>, large: bool) -> String {
    let network = view.network();
    let keys = Keys::new(view);
    let mut page = String::with_capacity(view.lines().len() * 150);
    filters(&mut page, view, &keys, large);
    page.push_str(
        "<ul class=\"key\"><li>Own consultant</li><li class=\"a\">Consultant of another trust, with its \
         code</li><li class=\"e\">Empty place</li></ul>\n",
    );
    if view.lines().is_empty() {
        page.push_str("<p>There is no session.</p>\n");
    }
    let weekdays = view.weekdays();
    for (monday, sites) in view.grid() {
        let week = keys.weeks.get(&monday).copied().unwrap_or_default();
        let heading = format!("Week of {}", in_words(monday));
        put!(
            page,
            "<div class=\"week\" data-w=\"{week}\"><h3>{heading}</h3>\n<div class=\"scroll\" tabindex=\"0\" \
             role=\"region\" aria-label=\"{heading}, scrolls sideways\"><table class=\"grid\">\
             <thead><tr><th scope=\"col\">Site</th>"
        );
        let days: Vec<(Date, String)> = weekdays
            .iter()
            .map(|offset| days_after(monday, *offset))
            .map(|day| (day, short_day(day)))
            .collect();
        for (_, label) in &days {
            put!(page, "<th scope=\"col\">{label}</th>");
        }
        page.push_str("</tr></thead>\n<tbody>\n");
        for (site, lines) in sites {
            let key = keys.sites.get(&site).copied().unwrap_or_default();
            let name = escape(network.site(site).name()).into_owned();
            put!(page, "<tr data-s={key}><th scope=row>{name}</th>");
            for (day, label) in &days {
                match lines.get(day) {
                    None => page.push_str("<td></td>"),
                    Some(lines) => {
                        put!(page, "<td data-l=\"{label}\"><ul>");
                        for line in lines {
                            place(&mut page, view, &keys, line);
                        }
                        page.push_str("</ul></td>");
                    }
                }
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</tbody></table></div></div>\n");
    }
    page
}

/// `Mon 1 Mar`
fn short_day(day: Date) -> String {
    let words = in_words(day);
    words.rsplit_once(' ').map_or(words.clone(), |(rest, _)| rest.to_owned())
}

/// End tags and quotes that HTML lets go are left out: a large network has ten thousand of these.
fn place(page: &mut String, view: &View<'_>, keys: &Keys, line: &Line) {
    let network = view.network();
    let session = view.session(line);
    let specialty = network.specialty(session.specialty());
    let key = keys.specialties.get(&session.specialty()).copied().unwrap_or_default();
    let (start, end) = (session.span().start().clock(), session.span().end().clock());
    let name = escape(specialty.name());
    match (line.who, view.consultant(line)) {
        (Some(who), Some(consultant)) => {
            let (class, employer) = if line.away {
                let code = network.trust(consultant.employer()).code();
                (" class=a", format!(" ({})", escape(code)))
            } else {
                ("", String::new())
            };
            put!(
                page,
                "<li{class} data-p={} data-f={key}>{start}–{end} <i>{name}</i><br>{}{employer}",
                who.index(),
                escape(consultant.name())
            );
        }
        _ => put!(
            page,
            "<li class=e data-f={key}>{start}–{end} <i>{name}</i><br>Empty ({})",
            session.priority()
        ),
    }
}

fn filters(page: &mut String, view: &View<'_>, keys: &Keys, large: bool) {
    let network = view.network();
    let large = if large { " data-large=\"1\"" } else { "" };
    put!(
        page,
        "<form id=\"filters\" role=\"search\" aria-label=\"Filter the rota\" hidden{large}>\n"
    );
    let weeks = keys
        .weeks
        .iter()
        .map(|(monday, key)| (key.to_string(), format!("Week of {}", in_words(*monday))));
    select(page, "week", "Week", "All weeks", weeks);
    let sites = keys.sites.iter();
    let sites = sites.map(|(id, key)| (key.to_string(), network.site(*id).name().to_owned()));
    select(page, "site", "Site", "All sites", sites);
    let specialties = keys.specialties.iter();
    let specialties =
        specialties.map(|(id, key)| (key.to_string(), network.specialty(*id).name().to_owned()));
    select(page, "specialty", "Specialty", "All specialties", specialties);
    let mut people: Vec<ConsultantId> = view.people();
    people.sort_by_key(|who| (last_name(network.consultant(*who).name()), *who));
    let people = people.into_iter().map(|who| {
        let consultant = network.consultant(who);
        (who.index().to_string(), format!("{} ({})", consultant.name(), consultant.code()))
    });
    select(page, "person", "Person", "Everybody", people);
    page.push_str(
        "<div><label class=\"tick\"><input type=\"checkbox\" id=\"empty\">Empty places only</label></div>\n\
         <div><button type=\"reset\">Show all</button></div>\n</form>\n\
         <p id=\"status\" role=\"status\" aria-live=\"polite\"></p>\n",
    );
}

/// The name by which people look each other up: the last word.
fn last_name(name: &str) -> String {
    name.split_whitespace().next_back().unwrap_or_default().to_lowercase()
}

fn select(
    page: &mut String,
    id: &str,
    label: &str,
    everything: &str,
    options: impl Iterator<Item = (String, String)>,
) {
    put!(
        page,
        "<div><label for=\"{id}\">{label}</label><select id=\"{id}\" autocomplete=\"off\">\
         <option value=\"\">{everything}"
    );
    for (value, text) in options {
        put!(page, "<option value={value}>{}", escape(&text));
    }
    page.push_str("</select></div>\n");
}
