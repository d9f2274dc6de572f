//! `rotashare report`: the month's figures.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::network::Network;
use rotashare_core::values::write_decimal;
use rotashare_io::export::figures::Fill;
use rotashare_io::export::report::{self, Report};
use rotashare_io::export::text::{hours, percent};
use rotashare_io::export::view::View;

use super::reader::{self, Given};
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
  rotashare report data/gstt-dartford out --for RN7 --svg figures.svg

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
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if let Some(svg) = &self.svg {
            output::check_file(svg)?;
        }
        let read = self.given.read()?;
        let network = &read.dataset.network;
        let fates = reader::delivered(network, self.delivered.as_deref())?;
        let facts = read.facts(None, false);
        let view = View::new(network, &read.rota, &facts, read.only);
        let drawn = Report::new(&view, &read.rota, fates.as_ref());
        if let Some(svg) = &self.svg {
            output::write_file(svg, report::picture(&view).as_bytes())?;
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
    let mut table =
        TextTable::new(&["Site or specialty", ">Places", ">Filled", ">Empty", ">Share"]);
    let row = |name: &str, fill: &Fill| {
        [
            name.to_owned(),
            fill.places.to_string(),
            fill.filled.to_string(),
            fill.empty().to_string(),
            percent(fill.filled, fill.places),
        ]
    };
    for (id, fill) in &drawn.coverage.by_site {
        table.row(row(network.site(*id).name(), fill));
    }
    for (id, fill) in &drawn.coverage.by_specialty {
        table.row(row(network.specialty(*id).name(), fill));
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
    let days = || drawn.cover.values().flat_map(|row| row.days.values());
    if days().count() > 0 {
        text.push_str(&format!(
            "Cover on base: {}, {} below what must stay, {} with none to spare\n",
            say::count(days().count(), "pool and day", "pools and days"),
            days().filter(|day| day.spare < 0).count(),
            days().filter(|day| day.spare == 0).count()
        ));
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
