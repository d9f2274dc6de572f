//! The rota as one page: nothing to fetch, usable by keyboard and screen reader, on a phone and on paper.
//!
//! All of it is in the markup; the script only hides what a filter leaves out.

mod grid;
mod lists;

use rotashare_core::time::in_words;

use super::charts;
use super::figures;
use super::text::{count, escape, put};
use super::view::View;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// From so many places on the page opens with its first week.
const LARGE: usize = 1500;

/// Makes the page.
#[must_use]
pub fn page(view: &View<'_>) -> String {
    let horizon = view.network().horizon();
    let title = view.title();
    let mut page = String::with_capacity(64 * 1024 + view.lines().len() * 160);
    put!(
        page,
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>Rota: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#rota\">Skip to the rota</a>\n<header>\n<h1>{title}</h1>\n\
         <p>{} to {}. Made on {}.</p>\n</header>\n<main>\n",
        in_words(horizon.from()),
        in_words(horizon.to()),
        in_words(view.today()),
        title = escape(&title),
    );
    let sections = sections(view);
    cards(&mut page, view);
    page.push_str("<nav aria-label=\"On this page\"><ul>");
    for (id, heading, _) in &sections {
        put!(page, "<li><a href=\"#{id}\">{heading}</a></li>");
    }
    page.push_str("</ul></nav>\n");
    for (id, heading, content) in sections {
        put!(
            page,
            "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{heading}</h2>\n\
             {content}</section>\n"
        );
    }
    put!(
        page,
        "</main>\n<footer>Times are {} time. Leave and reasons of absence of other trusts’ staff are not \
         in a trust’s own page.</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(view.network().timezone())
    );
    page
}

/// Id, heading and content of each section that has any.
fn sections(view: &View<'_>) -> Vec<(&'static str, &'static str, String)> {
    let mut sections = vec![
        ("rota", "Rota", grid::grid(view, view.lines().len() >= LARGE)),
        ("gaps", "Empty places and why", lists::gaps(view)),
    ];
    if let Some(changes) = view.changes() {
        sections.push((
            "changes",
            "Changes since the last version",
            lists::changes(view, &changes),
        ));
    }
    if !view.breaches().is_empty() {
        sections.push(("rules", "Broken rules", lists::breaches(view)));
    }
    if !view.points().is_empty() {
        sections.push(("points", "Points", lists::points(view)));
    }
    let plots = plots(view);
    if !plots.is_empty() {
        sections.push(("plots", "Figures", plots));
    }
    sections
}

fn cards(page: &mut String, view: &View<'_>) {
    let coverage = figures::coverage(view);
    let all = coverage.all;
    let away: u32 = figures::months(view).iter().map(|month| month.away_days).sum();
    let broken = view.breaches().len();
    let mut cards = vec![
        ("Places filled", format!("{} of {}", all.filled, all.places), false),
        ("Empty", all.empty().to_string(), all.empty() > 0),
        ("Empty though they must run", all.empty_must.to_string(), all.empty_must > 0),
        ("Away days", away.to_string(), false),
        ("Rules broken", broken.to_string(), broken > 0),
    ];
    if !view.points().is_empty() {
        let sum = view.points().iter().map(|(_, points)| *points);
        let sum: rotashare_core::points::Points = sum.sum();
        cards.push(("Points", sum.to_string(), false));
    }
    page.push_str("<dl class=\"cards\">");
    for (label, value, warn) in cards {
        let class = if warn { " class=\"warn\"" } else { "" };
        put!(page, "<div{class}><dt>{label}</dt><dd>{value}</dd></div>");
    }
    page.push_str("</dl>\n");
}

fn plots(view: &View<'_>) -> String {
    let charts = charts::all(view);
    let mut content = String::new();
    if charts.is_empty() {
        return content;
    }
    content.push_str("<div class=\"plots\">\n");
    for chart in charts {
        // The drawbridge is as wide as the horizon is long; on a phone every plot is wider than the page.
        let class = if chart.id == "drawbridge" { " class=\"wide\"" } else { "" };
        let title = escape(&chart.title);
        put!(
            content,
            "<figure{class}><figcaption><b>{title}</b><span>{}</span></figcaption>\
             <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}, scrolls sideways\">\
             {}</div></figure>\n",
            escape(&chart.note),
            chart.plot.svg
        );
    }
    content.push_str("</div>\n");
    content.push_str(&lists::coverage(view));
    content.push_str(&lists::people(view));
    content.push_str(&lists::cover(view));
    content
}

/// `<details>` with a table in it.
fn folded(summary: &str, rows: usize, table: &str) -> String {
    let rows = count(rows, "row", "rows");
    format!("<details><summary>{summary} ({rows})</summary>{table}</details>\n")
}
