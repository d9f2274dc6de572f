//! The statement of a recharge as files: CSV to book from, a workbook to send.

use rotashare_core::network::Network;
use rotashare_core::time::{Date, in_words};
use rotashare_core::values::Pence;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::ExportError;
use super::delivered::Canceller;
use super::recharge::{Account, Amount, Entry, Outcome, Statement};
use super::text::{hundredths, pounds};
use super::xlsx::style::{
    self, Head, Names, PAGE, Paper, Style, excel, header, numbers, printable, text,
};
use crate::cell::text_cell;
use crate::write::Csv;

const ENTRY_COLUMNS: [&str; 17] = [
    "agreement",
    "lender",
    "host",
    "session",
    "date",
    "start",
    "end",
    "site",
    "specialty",
    "consultant",
    "consultant_name",
    "planned",
    "outcome",
    "cancelled_by",
    "miles",
    "mileage_pounds",
    "charged_pounds",
];

const ACCOUNT_COLUMNS: [&str; 16] = [
    "agreement",
    "lender",
    "host",
    "specialty",
    "contracted_min",
    "contracted_max",
    "planned",
    "delivered",
    "cancelled_by_lender",
    "cancelled_by_host",
    "cancelled_by_other",
    "not_reported",
    "price_pounds",
    "miles",
    "mileage_pounds",
    "charged_pounds",
];

/// A row a place: what was planned, what became of it, what is charged.
#[must_use]
pub fn entries_csv(network: &Network, statement: &Statement) -> Vec<u8> {
    let mut csv = Csv::default();
    csv.row(ENTRY_COLUMNS);
    for account in &statement.accounts {
        for entry in &account.entries {
            csv.row(entry_cells(network, account, entry));
        }
    }
    csv.into_bytes()
}

/// A row an agreement, and one with the sums.
#[must_use]
pub fn accounts_csv(network: &Network, statement: &Statement) -> Vec<u8> {
    let mut csv = Csv::default();
    csv.row(ACCOUNT_COLUMNS);
    for account in &statement.accounts {
        csv.row(account_cells(network, account));
    }
    csv.row(total_cells(statement));
    csv.into_bytes()
}

fn entry_cells(network: &Network, account: &Account, entry: &Entry) -> Vec<String> {
    let agreement = network.agreement(account.agreement);
    let session = network.session(entry.session);
    let consultant = network.consultant(entry.consultant);
    let by = match entry.outcome {
        Outcome::Cancelled(by) => by.word(),
        _ => "",
    };
    let charged = entry.charged();
    vec![
        agreement.code().to_owned(),
        network.trust(agreement.lender()).code().to_owned(),
        network.trust(agreement.host()).code().to_owned(),
        session.code().to_owned(),
        session.date().to_string(),
        session.span().start().clock().to_string(),
        session.span().end().clock().to_string(),
        network.site(session.site()).code().to_owned(),
        network.specialty(session.specialty()).code().to_owned(),
        consultant.code().to_owned(),
        text_cell(consultant.name()).into_owned(),
        if entry.planned { "yes" } else { "no" }.to_owned(),
        entry.outcome.word().to_owned(),
        by.to_owned(),
        hundredths(charged.miles),
        pounds(charged.mileage),
        pounds(charged.total()),
    ]
}

fn account_cells(network: &Network, account: &Account) -> Vec<String> {
    let agreement = network.agreement(account.agreement);
    let bound = |bound: Option<u32>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    let specialty = agreement.specialty().map(|id| network.specialty(id).code().to_owned());
    let mut cells = vec![
        agreement.code().to_owned(),
        network.trust(agreement.lender()).code().to_owned(),
        network.trust(agreement.host()).code().to_owned(),
        specialty.unwrap_or_default(),
        bound(agreement.min_sessions()),
        bound(agreement.max_sessions()),
    ];
    cells.extend(counts(std::slice::from_ref(account)).map(|count| count.to_string()));
    cells.extend(amounts(account.charged()));
    cells
}

/// Planned, delivered, cancelled by lender, host, others, not reported.
fn counts(accounts: &[Account]) -> [u32; 6] {
    let sum = |of: &dyn Fn(&Account) -> Amount| accounts.iter().map(of).sum::<Amount>().sessions;
    [
        sum(&Account::planned),
        sum(&Account::delivered),
        sum(&|account| account.cancelled(Canceller::Lender)),
        sum(&|account| account.cancelled(Canceller::Host)),
        sum(&|account| account.cancelled(Canceller::Other)),
        sum(&Account::not_reported),
    ]
}

fn amounts(charged: Amount) -> [String; 4] {
    [
        pounds(charged.price),
        hundredths(charged.miles),
        pounds(charged.mileage),
        pounds(charged.total()),
    ]
}

fn total_cells(statement: &Statement) -> Vec<String> {
    let mut cells = vec!["total".to_owned()];
    cells.resize(6, String::new());
    cells.extend(counts(&statement.accounts).map(|count| count.to_string()));
    cells.extend(amounts(statement.charged()));
    cells
}

/// The statement as a workbook: a summary, and a sheet an agreement.
///
/// # Errors
/// Where a sheet can't hold what there is.
pub fn workbook(
    network: &Network,
    statement: &Statement,
    today: Date,
) -> Result<Vec<u8>, ExportError> {
    let style = Style::new();
    let title = format!("Recharge: {}", network.name());
    let mut workbook = style::workbook(&title, today)?;
    summary(&mut workbook, &style, network, statement, &title)?;
    let mut names = Names::default();
    names.take("Recharge");
    for account in &statement.accounts {
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.take(network.agreement(account.agreement).code()))?;
        account_sheet(sheet, &style, network, account)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Pence as pounds for a cell of money: exact to the penny up to 2^53 pence.
fn in_pounds(amount: Pence) -> f64 {
    amount.0 as f64 / 100.0
}

fn summary(
    workbook: &mut Workbook,
    style: &Style,
    network: &Network,
    statement: &Statement,
    title: &str,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("Recharge")?;
    let columns: Vec<Head<'_>> = [
        "Agreement",
        "Lender",
        "Host",
        "Specialty",
        "Contracted, least",
        "Contracted, most",
        "Planned",
        "Delivered",
        "Cancelled by lender",
        "Cancelled by host",
        "Cancelled by others",
        "Not reported",
        "Sessions, £",
        "Miles",
        "Mileage, £",
        "Charged, £",
    ]
    .into_iter()
    .enumerate()
    .map(|(index, name)| match index {
        0 => text(name, 22.0),
        1..4 => text(name, 10.0),
        _ => numbers(name, 12.0),
    })
    .collect();
    header(sheet, style, 3, &columns)?;
    printable(sheet, Paper::A4, title, Some(3))?;
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    let horizon = network.horizon();
    let period = format!("{} to {}", in_words(horizon.from()), in_words(horizon.to()));
    sheet.write_string_with_format(1, 0, period, &style.note)?;
    let basis = if statement.is_delivered {
        "Charged: what was delivered"
    } else {
        "Nothing handed in yet; charged: what is planned"
    };
    sheet.write_string_with_format(2, 0, basis, &style.note)?;
    let mut row = 4;
    for account in &statement.accounts {
        let cells = account_cells(network, account);
        for (column, cell) in (0_u16..4).zip(&cells) {
            sheet.write_string_with_format(row, column, cell, &style.text)?;
        }
        let agreement = network.agreement(account.agreement);
        let bounds = [agreement.min_sessions(), agreement.max_sessions()];
        for (column, bound) in (4_u16..).zip(bounds) {
            if let Some(bound) = bound {
                sheet.write_number_with_format(row, column, f64::from(bound), &style.text)?;
            }
        }
        sums(sheet, row, std::slice::from_ref(account), &style.text, &style.money)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, "Total", &style.strong)?;
    sums(sheet, row, &statement.accounts, &style.strong, &style.strong_money)?;
    if !statement.without_agreement.is_empty() {
        let note = format!(
            "{} away sessions are under no agreement and are not charged",
            statement.without_agreement.len()
        );
        sheet.write_string_with_format(row + 2, 0, note, &style.note)?;
    }
    Ok(())
}

fn sums(
    sheet: &mut Worksheet,
    row: u32,
    accounts: &[Account],
    plain: &rust_xlsxwriter::Format,
    money: &rust_xlsxwriter::Format,
) -> Result<(), XlsxError> {
    for (column, count) in (6_u16..).zip(counts(accounts)) {
        sheet.write_number_with_format(row, column, f64::from(count), plain)?;
    }
    let charged: Amount = accounts.iter().map(Account::charged).sum();
    sheet.write_number_with_format(row, 12, in_pounds(charged.price), money)?;
    sheet.write_number_with_format(row, 13, charged.miles.0 as f64 / 100.0, money)?;
    sheet.write_number_with_format(row, 14, in_pounds(charged.mileage), money)?;
    sheet.write_number_with_format(row, 15, in_pounds(charged.total()), money)?;
    Ok(())
}

fn account_sheet(
    sheet: &mut Worksheet,
    style: &Style,
    network: &Network,
    account: &Account,
) -> Result<(), XlsxError> {
    let columns = [
        text("Date", 17.0),
        text("Start", 7.0),
        text("Session", 32.0),
        text("Site", 24.0),
        text("Consultant", 12.0),
        text("Name", 28.0),
        text("Planned", 9.0),
        text("Outcome", 14.0),
        text("Cancelled by", 12.0),
        numbers("Price, £", 11.0),
        numbers("Miles", 9.0),
        numbers("Mileage, £", 11.0),
        numbers("Charged, £", 11.0),
    ];
    let agreement = network.agreement(account.agreement);
    header(sheet, style, 2, &columns)?;
    printable(sheet, Paper::A4, network.name(), (account.entries.len() > PAGE).then_some(2))?;
    sheet.write_string_with_format(0, 0, agreement.code(), &style.title)?;
    let note = format!(
        "{} lends to {}; £{} a session, {} pence a mile",
        network.trust(agreement.lender()).name(),
        network.trust(agreement.host()).name(),
        pounds(agreement.price()),
        hundredths(agreement.mileage())
    );
    sheet.write_string_with_format(1, 0, note, &style.note)?;
    let mut row = 3;
    for entry in &account.entries {
        let cells = entry_cells(network, account, entry);
        let session = network.session(entry.session);
        sheet.write_datetime_with_format(row, 0, &excel(session.date())?, &style.date)?;
        let site = network.site(session.site()).name();
        let name = network.consultant(entry.consultant).name();
        let texts =
            [&cells[5], &cells[3], site, &cells[9], name, &cells[11], &cells[12], &cells[13]];
        for (column, text) in (1_u16..).zip(texts) {
            sheet.write_string_with_format(row, column, text, &style.text)?;
        }
        amount(sheet, row, entry.charged(), &style.money)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, "Total", &style.strong)?;
    amount(sheet, row, account.charged(), &style.strong_money)
}

fn amount(
    sheet: &mut Worksheet,
    row: u32,
    amount: Amount,
    format: &rust_xlsxwriter::Format,
) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, 9, in_pounds(amount.price), format)?;
    sheet.write_number_with_format(row, 10, amount.miles.0 as f64 / 100.0, format)?;
    sheet.write_number_with_format(row, 11, in_pounds(amount.mileage), format)?;
    sheet.write_number_with_format(row, 12, in_pounds(amount.total()), format)?;
    Ok(())
}
