//! `rotashare recharge`: what hosts owe lenders.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::network::Network;
use rotashare_io::export::delivered::Canceller;
use rotashare_io::export::recharge::Statement;
use rotashare_io::export::statement;
use rotashare_io::export::text::{hundredths, sterling};

use super::reader::{self, Given};
use crate::dataset::with_causes;
use crate::failure::Failure;
use crate::table::TextTable;
use crate::{output, say};

/// Draw up what hosts owe lenders, agreement by agreement, to the penny
///
/// Planned from the rota, charged from what was delivered: --delivered names a CSV with the columns
/// session, consultant, status (delivered or cancelled) and by (lender, host or other). What it does not
/// speak of is listed and not charged. Without it, what is planned is charged. With --out the statement
/// is written as recharge.csv (an agreement a row), recharge-sessions.csv (a session a row) and
/// recharge.xlsx.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare recharge data/gstt-dartford out/rota.csv
  rotashare recharge data/gstt-dartford out --delivered delivered.csv --out recharge
  rotashare recharge data/gstt-dartford out --for RN7

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    /// What was delivered: session, consultant, status, by
    #[arg(long, value_name = "DELIVERED.csv")]
    delivered: Option<PathBuf>,
    /// The folder to write the statement to
    #[arg(long, value_name = "OUT")]
    out: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if let Some(out) = &self.out {
            output::check_folder(out, &self.given.dir)?;
        }
        let read = self.given.read()?;
        let network = &read.dataset.network;
        if network.agreements().is_none() {
            let message = "the dataset has no agreements.csv: there is nothing to charge by";
            return Err(Failure::Message(message.to_owned()));
        }
        let fates = reader::delivered(network, self.delivered.as_deref())?;
        let drawn = Statement::new(network, &read.rota, fates.as_ref(), read.only);
        if let Some(out) = &self.out {
            let workbook = statement::workbook(network, &drawn, read.dataset.book.today())
                .map_err(|error| Failure::Message(with_causes(&error)))?;
            let files = [
                ("recharge.csv", statement::accounts_csv(network, &drawn)),
                ("recharge-sessions.csv", statement::entries_csv(network, &drawn)),
                ("recharge.xlsx", workbook),
            ];
            rotashare_io::write_folder(out, &files)
                .map_err(|error| Failure::Message(with_causes(&error)))?;
        }
        say::result(&as_text(network, &drawn))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn as_text(network: &Network, drawn: &Statement) -> String {
    let columns = [
        "Agreement",
        "Lender",
        "Host",
        "Contracted",
        ">Planned",
        ">Delivered",
        ">Cancelled by lender",
        ">by host",
        ">by others",
        ">Not reported",
        ">Miles",
        ">Mileage",
        ">Charged",
    ];
    let mut table = TextTable::new(&columns);
    for account in &drawn.accounts {
        let agreement = network.agreement(account.agreement);
        let bound = |bound: Option<u32>| bound.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let cancelled = |by| account.cancelled(by).sessions.to_string();
        let charged = account.charged();
        table.row([
            agreement.code().to_owned(),
            network.trust(agreement.lender()).code().to_owned(),
            network.trust(agreement.host()).code().to_owned(),
            format!("{} to {}", bound(agreement.min_sessions()), bound(agreement.max_sessions())),
            account.planned().sessions.to_string(),
            account.delivered().sessions.to_string(),
            cancelled(Canceller::Lender),
            cancelled(Canceller::Host),
            cancelled(Canceller::Other),
            account.not_reported().sessions.to_string(),
            hundredths(charged.miles),
            sterling(charged.mileage),
            sterling(charged.total()),
        ]);
    }
    let basis = if drawn.is_delivered {
        "Charged: what was delivered."
    } else {
        "Nothing is handed in yet; charged: what is planned."
    };
    let mut text = format!("{}\n{basis}\n\n{}", network.name(), table.text());
    let charged = drawn.charged();
    text.push_str(&format!(
        "\n{} charged: {} for sessions, {} for {} miles, {} in all\n",
        say::count(charged.sessions as usize, "session", "sessions"),
        sterling(charged.price),
        sterling(charged.mileage),
        hundredths(charged.miles),
        sterling(charged.total())
    ));
    if !drawn.without_agreement.is_empty() {
        let many =
            say::count(drawn.without_agreement.len(), "away session is", "away sessions are");
        text.push_str(&format!("{many} under no agreement and not charged\n"));
    }
    text
}
