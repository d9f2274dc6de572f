//! Tables of the page: empty places, changes, broken rules, points, and the numbers behind the plots.

use rotashare_core::points::Points;
use rotashare_core::time::{in_words, monday_of};
use rotashare_core::values::{round_div, write_decimal};

use super::folded;
use super::grid::Keys;
use crate::export::facts::{Change, GapReason};
use crate::export::figures::{self, Fill, pool_name};
use crate::export::reasons;
use crate::export::text::{escape, hours, percent, put};
use crate::export::view::View;

/// The most names a reason is shown with.
const NAMES: usize = 6;

/// A cell with the label that it has on a phone.
fn cell(to: &mut String, label: &str, text: &str) {
    put!(to, "<td data-l=\"{label}\">{}", escape(text));
}

fn number(to: &mut String, label: &str, text: &str) {
    put!(to, "<td class=num data-l=\"{label}\">{}", escape(text));
}

fn head(to: &mut String, caption: &str, columns: &[&str]) {
    put!(to, "<table class=\"list\"><caption class=\"vh\">{caption}</caption><thead><tr>");
    for column in columns {
        put!(to, "<th scope=\"col\">{column}");
    }
    to.push_str("</thead><tbody>\n");
}

pub(super) fn gaps(view: &View<'_>) -> String {
    let gaps = view.gaps();
    if gaps.is_empty() {
        return "<p>No place is empty.</p>\n".to_owned();
    }
    let network = view.network();
    let keys = Keys::new(view);
    let open = if gaps.len() <= 20 { " open" } else { "" };
    let mut to = String::from("<div id=\"gap-list\">");
    head(&mut to, "Empty places", &["When", "Site", "Specialty", "Session", "Priority", "Why"]);
    for (line, reasons) in &gaps {
        let session = view.session(line);
        let span = session.span();
        let key = |index: Option<&usize>| index.copied().unwrap_or_default();
        put!(
            to,
            "<tr data-w={} data-s={} data-f={}>",
            key(keys.weeks.get(&monday_of(session.date()))),
            key(keys.sites.get(&session.site())),
            key(keys.specialties.get(&session.specialty()))
        );
        let when = format!("{}–{}", span.start(), span.end().clock());
        cell(&mut to, "When", &when);
        cell(&mut to, "Site", network.site(session.site()).name());
        cell(&mut to, "Specialty", network.specialty(session.specialty()).name());
        let place = match session.places() {
            1 => session.code().to_owned(),
            _ => format!("{}, place {}", session.code(), line.place.number),
        };
        cell(&mut to, "Session", &place);
        cell(&mut to, "Priority", session.priority().word());
        to.push_str("<td class=why data-l=\"Why\">");
        if reasons.is_empty() {
            to.push_str(&escape(&reasons::counts(reasons)));
        } else {
            put!(to, "<details{open}><summary>{}</summary><ul>", escape(&reasons::counts(reasons)));
            for (rule, people) in reasons::by_rule(reasons) {
                put!(to, "<li><b>{}</b>: {}", escape(rule), escape(&names(view, &people)));
            }
            to.push_str("</ul></details>");
        }
        to.push('\n');
    }
    to.push_str("</tbody></table></div>\n");
    to
}

/// `Dr Ada Moss, Dr Ben Reed and 4 more (not accredited for Cardiology); Dr Cai Holt (…)`: other trusts'
/// people are counted, not named.
fn names(view: &View<'_>, people: &[&GapReason]) -> String {
    let (ours, others): (Vec<_>, Vec<_>) =
        people.iter().copied().partition(|reason| view.is_ours(reason.consultant));
    let mut by_detail: Vec<(&str, Vec<&str>)> = Vec::new();
    for reason in &ours {
        let name = view.network().consultant(reason.consultant).name();
        match by_detail.iter_mut().find(|(detail, _)| *detail == reason.detail) {
            Some((_, names)) => names.push(name),
            None => by_detail.push((&reason.detail, vec![name])),
        }
    }
    let (mut left, mut unnamed) = (NAMES, 0);
    let mut parts: Vec<String> = Vec::new();
    for (detail, names) in by_detail {
        let shown = names.len().min(left);
        left -= shown;
        if shown == 0 {
            unnamed += names.len();
            continue;
        }
        let mut part = names[..shown].join(", ");
        if names.len() > shown {
            put!(part, " and {} more", names.len() - shown);
        }
        if !detail.is_empty() {
            put!(part, " ({detail})");
        }
        parts.push(part);
    }
    if unnamed > 0 {
        parts.push(format!("{unnamed} more"));
    }
    if !others.is_empty() {
        parts.push(format!("{} of other trusts", others.len()));
    }
    parts.join("; ")
}

pub(super) fn changes(view: &View<'_>, changes: &[Change]) -> String {
    if changes.is_empty() {
        return "<p>No place changed.</p>\n".to_owned();
    }
    let mut to = String::new();
    head(&mut to, "Changes", &["When", "Site", "Session", "Change", "Before", "After"]);
    let who = |code: &Option<String>| {
        code.as_deref().map_or_else(|| "–".to_owned(), |code| view.name_of(code).to_owned())
    };
    for change in changes {
        to.push_str("<tr>");
        let date = change.date.map(in_words).unwrap_or_default();
        let start = change.start.map(|start| format!(" {start}")).unwrap_or_default();
        cell(&mut to, "When", &format!("{date}{start}"));
        let site = change.site.as_deref().unwrap_or_default();
        let known = view.network().sites().iter().find(|one| one.code() == site);
        cell(&mut to, "Site", known.map_or(site, |one| one.name()));
        cell(&mut to, "Session", &change.session);
        cell(&mut to, "Change", &change.kind);
        cell(&mut to, "Before", &who(&change.before));
        cell(&mut to, "After", &who(&change.after));
        to.push('\n');
    }
    to.push_str("</tbody></table>\n");
    to
}

pub(super) fn breaches(view: &View<'_>) -> String {
    let mut to = String::new();
    head(&mut to, "Broken rules", &["Rule", "Who", "Sessions", "What"]);
    for broken in view.breaches() {
        to.push_str("<tr>");
        cell(&mut to, "Rule", &broken.rule);
        let who = broken.consultant.map_or("", |who| view.network().consultant(who).name());
        cell(&mut to, "Who", who);
        let sessions: Vec<&str> =
            broken.sessions.iter().map(|id| view.network().session(*id).code()).collect();
        cell(&mut to, "Sessions", &sessions.join(", "));
        cell(&mut to, "What", &broken.detail);
        to.push('\n');
    }
    to.push_str("</tbody></table>\n");
    to
}

pub(super) fn points(view: &View<'_>) -> String {
    let mut to = String::from("<p>What the rota costs by term; the fewer points the better.</p>\n");
    head(&mut to, "Points by term", &["Term", "Points"]);
    for (term, points) in view.points().iter().filter(|(_, points)| *points != Points::ZERO) {
        to.push_str("<tr>");
        cell(&mut to, "Term", term);
        number(&mut to, "Points", &points.to_string());
    }
    let sum: Points = view.points().iter().map(|(_, points)| *points).sum();
    put!(to, "<tr><td data-l=\"Term\"><b>All</b><td class=num data-l=\"Points\"><b>{sum}</b>");
    to.push_str("</tbody></table>\n");
    to
}

/// Coverage by site and specialty, as numbers.
pub(super) fn coverage(view: &View<'_>) -> String {
    let network = view.network();
    let coverage = figures::coverage(view);
    let mut to = String::new();
    head(&mut to, "Coverage", &["What", "Code", "Places", "Filled", "Empty", "Share filled"]);
    let mut row = |name: &str, code: &str, fill: &Fill| {
        to.push_str("<tr>");
        cell(&mut to, "What", name);
        cell(&mut to, "Code", code);
        number(&mut to, "Places", &fill.places.to_string());
        number(&mut to, "Filled", &fill.filled.to_string());
        number(&mut to, "Empty", &fill.empty().to_string());
        number(&mut to, "Share filled", &percent(fill.filled, fill.places));
        to.push('\n');
    };
    for (id, fill) in &coverage.by_specialty {
        let specialty = network.specialty(*id);
        row(specialty.name(), specialty.code(), fill);
    }
    for (id, fill) in &coverage.by_site {
        let site = network.site(*id);
        row(site.name(), site.code(), fill);
    }
    to.push_str("</tbody></table>");
    let rows = coverage.by_specialty.len() + coverage.by_site.len();
    folded("Coverage by specialty and site, as a table", rows, &to)
}

/// Everybody's month, as numbers.
pub(super) fn people(view: &View<'_>) -> String {
    let network = view.network();
    let months = figures::months(view);
    let busy = |month: &&figures::Month| month.sessions > 0 || month.fair_share > 0;
    let months: Vec<_> = months.iter().filter(busy).collect();
    let columns =
        ["Name", "Employer", "Sessions", "Hours", "PAs", "Away days", "Fair share", "Travel h"];
    let mut to = String::new();
    head(&mut to, "People", &columns);
    for month in &months {
        let consultant = network.consultant(month.who);
        to.push_str("<tr>");
        cell(&mut to, "Name", consultant.name());
        cell(&mut to, "Employer", network.trust(consultant.employer()).code());
        number(&mut to, "Sessions", &month.sessions.to_string());
        number(&mut to, "Hours", &hours(month.minutes));
        number(&mut to, "PAs", &write_decimal(month.pas.0, 3));
        number(&mut to, "Away days", &(month.away_days + month.away_before).to_string());
        number(&mut to, "Fair share", &write_decimal(round_div(month.fair_share, 10), 1));
        number(&mut to, "Travel h", &hours(month.travel_minutes));
        to.push('\n');
    }
    to.push_str("</tbody></table>");
    folded("Everybody’s month, as a table", months.len(), &to)
}

/// The drawbridge, as numbers.
pub(super) fn cover(view: &View<'_>) -> String {
    let rows = figures::cover(view);
    if rows.is_empty() {
        return String::new();
    }
    let mut to = String::new();
    let columns = ["Pool", "Days", "Days below", "Days with none to spare", "Fewest to spare"];
    head(&mut to, "Cover on base", &columns);
    for (pool, row) in &rows {
        let below = row.days.values().filter(|day| day.spare < 0).count();
        let tight = row.days.values().filter(|day| day.spare == 0).count();
        let least = row.days.values().map(|day| day.spare).min();
        to.push_str("<tr>");
        cell(&mut to, "Pool", &pool_name(view.network(), *pool));
        number(&mut to, "Days", &row.days.len().to_string());
        number(&mut to, "Days below", &below.to_string());
        number(&mut to, "Days with none to spare", &tight.to_string());
        number(&mut to, "Fewest to spare", &least.map_or("–".into(), |least| least.to_string()));
        to.push('\n');
    }
    to.push_str("</tbody></table>");
    folded("Cover on base, as a table", rows.len(), &to)
}
