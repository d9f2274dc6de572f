//! `rotashare report`: the month's figures.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::network::Network;
use rotashare_core::values::write_decimal;
use rotashare_io::export::figures::{Fill, pool_name};
use rotashare_io::export::picture;
use rotashare_io::export::report::{self, Report};
use rotashare_io::export::text::{hours, percent};
use rotashare_io::export::view::View;

use super::reader::{self, Given};
use crate::dataset::with_causes;
use crate::failure::Failure;
use crate::report::period;
use crate::table::TextTable;
use crate::{output, say};

/// Show the month's figures
///
/// Places filled by site and specialty, PAs delivered against plan by person, travel, how away days are
/// spread, sessions cancelled inside the notice, and cover on base. --delivered names a CSV with the
/// columns session, consultant and status (delivered or cancelled).
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare report data/gstt-dartford out/rota.csv
  rotashare report data/gstt-dartford out --delivered delivered.csv --json
  rotashare report data/gstt-dartford out --for RN7 --png figures.png

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    /// What was delivered: session, consultant, status
    #[arg(long, value_name = "DELIVERED.csv")]
    delivered: Option<PathBuf>,
    /// Draw the figures into this file
    #[arg(long, value_name = "FILE.svg")]
    svg: Option<PathBuf>,
    /// Draw the figures into this file, for whatever shows no SVG
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let mut read = self.given.paths().to_vec();
        read.extend(self.delivered.as_deref());
        for file in [&self.svg, &self.png].into_iter().flatten() {
            output::check_file(file, &read)?;
        }
        if self.svg.is_some() && self.svg == self.png {
            let message = "--svg and --png name one file; name two".to_owned();
            return Err(Failure::Message(message));
        }
        let read = self.given.read()?;
        let network = &read.dataset.network;
        let fates = reader::delivered(network, self.delivered.as_deref())?;
        let facts = read.facts(None, false);
        let view = View::new(network, &read.rota, &facts, read.only);
        let drawn = Report::new(&view, &read.rota, fates.as_ref());
        let png = self.png.as_ref().map(|_| picture::png(&view)).transpose();
        let png = png.map_err(|error| Failure::Message(with_causes(&error)))?;
        if let Some(file) = &self.svg {
            output::write_file(file, picture::svg(&view).as_bytes())?;
        }
        if let (Some(file), Some(png)) = (&self.png, png) {
            output::write_file(file, &png)?;
        }
        if self.json {
            say::json(&drawn.to_json(network))?;
        } else {
            say::result(&as_text(&view, &drawn))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn as_text(view: &View<'_>, drawn: &Report) -> String {
    let network = view.network();
    let all = &drawn.coverage.all;
    let mut text = format!(
        "{}\n{}\n{} of {} filled ({})\n\nFilled\n",
        view.title(),
        period(network.horizon()),
        all.filled,
        say::count(all.places, "place", "places"),
        percent(all.filled, all.places)
    );
    let columns = ["Site", "Specialty", ">Places", ">Filled", ">Empty", ">Share"];
    let mut table = TextTable::new(&columns);
    let row = |site: &str, specialty: &str, fill: &Fill| {
        [
            site.to_owned(),
            specialty.to_owned(),
            fill.places.to_string(),
            fill.filled.to_string(),
            fill.empty().to_string(),
            percent(fill.filled, fill.places),
        ]
    };
    let coverage = &drawn.coverage;
    for ((site, specialty), fill) in &coverage.by_both {
        table.row(row(network.site(*site).name(), network.specialty(*specialty).name(), fill));
    }
    for (id, fill) in &coverage.by_site {
        table.row(row(network.site(*id).name(), "all", fill));
    }
    for (id, fill) in &coverage.by_specialty {
        table.row(row("all", network.specialty(*id).name(), fill));
    }
    text.push_str(&table.text());
    text.push_str("\nPeople\n");
    text.push_str(&people(network, drawn));
    let spread = &drawn.spread;
    text.push_str(&format!(
        "\nTravel: {} hours\nAway days: {} to {} for each of {}, the middle one {}; at most {} over and {} under \
         a fair share\n",
        hours(drawn.travel_minutes()),
        spread.least,
        spread.most,
        say::count(spread.people, "person", "people"),
        spread.median,
        report::days(spread.most_over_share),
        report::days(spread.most_under_share)
    ));
    text.push_str(&match &drawn.late {
        None => {
            "Cancelled inside the notice: not known, for there is no published rota\n".to_owned()
        }
        Some(late) => {
            let ids: Vec<&str> =
                late.iter().map(|one| network.session(one.session).code()).collect();
            let list = if ids.is_empty() { String::new() } else { format!(": {}", ids.join(", ")) };
            let many = say::count(ids.len(), "session", "sessions");
            format!("Cancelled inside the notice: {many}{list}\n")
        }
    });
    if !drawn.cover.is_empty() {
        text.push_str("\nCover on base\n");
        text.push_str(&cover(network, drawn));
    }
    text
}

fn people(network: &Network, drawn: &Report) -> String {
    let columns = [
        "Consultant",
        "Name",
        ">Sessions",
        ">PAs planned",
        ">PAs delivered",
        ">Hours",
        ">Target",
        ">Away days",
        ">Fair share",
        ">Travel hours",
    ];
    let mut table = TextTable::new(&columns);
    let some = |person: &&report::Person| {
        person.month.sessions > 0
            || person.month.fair_share > 0
            || person.delivered_pas.is_some_and(|pas| pas.0 > 0)
    };
    for person in drawn.people.iter().filter(some) {
        let month = &person.month;
        let consultant = network.consultant(month.who);
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        table.row([
            consultant.code().to_owned(),
            consultant.name().to_owned(),
            month.sessions.to_string(),
            write_decimal(month.pas.0, 3),
            or_dash(person.delivered_pas.map(|pas| write_decimal(pas.0, 3))),
            hours(month.minutes),
            or_dash(person.target_minutes.map(hours)),
            (month.away_days + month.away_before).to_string(),
            report::days(month.fair_share),
            hours(month.travel_minutes),
        ]);
    }
    table.text()
}

/// The drawbridge, a row a pool.
fn cover(network: &Network, drawn: &Report) -> String {
    let columns = [
        "Lender's pool",
        ">Days",
        ">Days below",
        ">Days with none to spare",
        ">Fewest on base",
        ">Most to keep",
    ];
    let mut table = TextTable::new(&columns);
    for (pool, row) in &drawn.cover {
        let days = || row.days.values();
        let or_dash =
            |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |one| one.to_string());
        table.row([
            pool_name(network, *pool),
            days().count().to_string(),
            days().filter(|day| day.spare < 0).count().to_string(),
            days().filter(|day| day.spare == 0).count().to_string(),
            or_dash(days().map(|day| day.on_base).min()),
            or_dash(days().map(|day| day.keep).max()),
        ]);
    }
    table.text()
}
