//! Which plots there are, and the words that go with them.

use std::collections::BTreeSet;

use rotashare_core::network::Network;
use rotashare_core::time::Date;
use rotashare_core::values::write_decimal;

use super::figures::{self, Fill, Month, pool_name};
use super::svg::{self, Bar, Column, Plot};
use super::text::{count, day_month, hours, percent};
use super::view::View;

/// The most rows of a plot; the table under it has all of them.
const MOST: usize = 40;

/// A plot with its words.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// Id within its page.
    pub(crate) id: &'static str,
    /// Heading.
    pub(crate) title: String,
    /// How to read it.
    pub(crate) note: String,
    /// The plot.
    pub(crate) plot: Plot,
}

/// Every plot of a view that has something to show.
pub(crate) fn all(view: &View<'_>) -> Vec<Chart> {
    let coverage = figures::coverage(view);
    let network = view.network();
    let months = figures::months(view);
    let specialties = coverage.by_specialty.iter();
    let specialties = specialties.map(|(id, fill)| (network.specialty(*id).name(), *fill));
    let sites = coverage.by_site.iter();
    let sites = sites.map(|(id, fill)| (network.site(*id).name(), *fill));
    [
        filled("by-specialty", "Coverage by specialty", specialties.collect()),
        filled("by-site", "Coverage by site", sites.collect()),
        away(network, &months),
        travel_by_week(view),
        travel(network, &months),
        drawbridge(view),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn filled(id: &'static str, title: &str, mut rows: Vec<(&str, Fill)>) -> Option<Chart> {
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    rows.sort_by(|a, b| b.1.empty().cmp(&a.1.empty()).then(a.0.cmp(b.0)));
    rows.truncate(MOST);
    let bars: Vec<Bar> = rows
        .iter()
        .map(|(label, fill)| Bar {
            label: (*label).to_owned(),
            parts: vec![(fill.filled as f64, svg::GREEN), (fill.empty() as f64, svg::VERMILLION)],
            mark: None,
            value: format!(
                "{} of {} ({})",
                fill.filled,
                fill.places,
                percent(fill.filled, fill.places)
            ),
        })
        .collect();
    let shown = if all > MOST {
        format!(" The {MOST} with most empty places of {all}.")
    } else {
        String::new()
    };
    let note = format!(
        "Places filled (green, left) and empty (vermillion, right); most empty places first.{shown}"
    );
    let plot = svg::bars(id, title, &note, &bars);
    Some(Chart { id, title: title.to_owned(), note, plot })
}

fn away(network: &Network, months: &[Month]) -> Option<Chart> {
    let mut rows: Vec<&Month> = months
        .iter()
        .filter(|month| month.fair_share > 0 || month.away_days + month.away_before > 0)
        .collect();
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    rows.sort_by_key(|month| (std::cmp::Reverse(month.over_share().abs()), month.who));
    rows.truncate(MOST);
    rows.sort_by_key(|month| (std::cmp::Reverse(month.over_share()), month.who));
    let bars: Vec<Bar> = rows
        .iter()
        .map(|month| Bar {
            label: network.consultant(month.who).name().to_owned(),
            parts: vec![
                (f64::from(month.away_before), svg::SKY),
                (f64::from(month.away_days), svg::BLUE),
            ],
            mark: Some(month.fair_share as f64 / 100.0),
            value: format!(
                "{} (share {})",
                month.away_days + month.away_before,
                write_decimal(rotashare_core::values::round_div(month.fair_share, 10), 1)
            ),
        })
        .collect();
    let shown = if all > MOST {
        format!(" The {MOST} furthest from their share, of {all}.")
    } else {
        String::new()
    };
    let note = format!(
        "Away days before this period (light blue) and in it (dark blue); the line is the fair share by \
         whole-time equivalent.{shown}"
    );
    let title = "Away days against fair share";
    let plot = svg::bars("away", title, &note, &bars);
    Some(Chart { id: "away", title: title.to_owned(), note, plot })
}

fn travel_by_week(view: &View<'_>) -> Option<Chart> {
    let weeks = figures::travel_by_week(view);
    if weeks.values().all(|minutes| *minutes == 0) {
        return None;
    }
    let columns: Vec<Column> = weeks
        .iter()
        .map(|(week, minutes)| Column {
            label: day_month(*week),
            height: *minutes as f64,
            value: format!("{} h", hours(*minutes)),
        })
        .collect();
    let title = "Travel by week";
    let note =
        "Hours from base to sites and back, once a person, date and site; weeks by their Monday.";
    let plot = svg::columns("travel-week", title, note, &columns);
    Some(Chart { id: "travel-week", title: title.to_owned(), note: note.to_owned(), plot })
}

fn travel(network: &Network, months: &[Month]) -> Option<Chart> {
    let mut rows: Vec<&Month> = months.iter().filter(|month| month.travel_minutes > 0).collect();
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    rows.sort_by_key(|month| (std::cmp::Reverse(month.travel_minutes), month.who));
    rows.truncate(MOST / 2);
    let bars: Vec<Bar> = rows
        .iter()
        .map(|month| Bar {
            label: network.consultant(month.who).name().to_owned(),
            parts: vec![(month.travel_minutes as f64, svg::BLUE)],
            mark: None,
            value: format!("{} h", hours(month.travel_minutes)),
        })
        .collect();
    let shown = if all > rows.len() {
        format!(" The {} with most, of {all}.", rows.len())
    } else {
        String::new()
    };
    let note = format!("Hours from base to sites and back, by person.{shown}");
    let title = "Travel by person";
    let plot = svg::bars("travel", title, &note, &bars);
    Some(Chart { id: "travel", title: title.to_owned(), note, plot })
}

fn drawbridge(view: &View<'_>) -> Option<Chart> {
    let network = view.network();
    let rows = figures::cover(view);
    let mut rows: Vec<_> = rows.iter().filter(|(_, row)| !row.days.is_empty()).collect();
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    let tightness = |row: &figures::CoverRow| -> i64 {
        let tight = row.days.values().map(|day| match (day.spare, day.short) {
            (..0, _) => 1000,
            (0, false) => 10,
            (0, true) => 3,
            (1, _) => 1,
            _ => 0,
        });
        tight.sum()
    };
    rows.sort_by_key(|(pool, row)| (std::cmp::Reverse(tightness(row)), **pool));
    rows.truncate(MOST);
    let days: BTreeSet<Date> = rows.iter().flat_map(|(_, row)| row.days.keys().copied()).collect();
    let labels: Vec<String> = days.iter().map(|day| day_month(*day)).collect();
    let cells = |row: &figures::CoverRow| -> Vec<svg::Cell> {
        let cell = |day: &Date| {
            row.days.get(day).map(|day| {
                let colour = match (day.spare, day.short) {
                    (..0, _) => svg::VERMILLION,
                    (0, _) => svg::ORANGE,
                    _ => svg::SKY,
                };
                (format!("{}/{}", day.on_base, day.keep), colour)
            })
        };
        days.iter().map(cell).collect()
    };
    let rows: Vec<_> =
        rows.iter().map(|(pool, row)| (pool_name(network, **pool), cells(row))).collect();
    let shown = if all > MOST {
        format!(" The {MOST} tightest of {}.", count(all, "pool", "pools"))
    } else {
        String::new()
    };
    let note = format!(
        "Consultants on base / to keep on base, in the tighter half of each day. Light blue: more than must \
         stay; orange: none to spare, also where fewer are at work than must stay; vermillion: too few left.{shown}"
    );
    let title = "The drawbridge by day";
    let plot = svg::heat("drawbridge", title, &note, &labels, &rows);
    Some(Chart { id: "drawbridge", title: title.to_owned(), note, plot })
}
