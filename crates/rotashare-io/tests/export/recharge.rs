//! Recharge: sums are the sums of their parts, to the penny, whatever was delivered.

use std::sync::LazyLock;

use proptest::prelude::*;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::values::parse_decimal;
use rotashare_io::export::delivered::{Canceller, DeliveredError, Fate, Fates, read_delivered};
use rotashare_io::export::recharge::{Amount, Statement};
use rotashare_io::export::statement::{accounts_csv, entries_csv, workbook};
use rotashare_io::generate::{self, Shape};
use rotashare_io::grid::{self, ReadOptions};

/// A network with agreements of odd prices, and a rota of it.
static CASE: LazyLock<(Network, Rota)> = LazyLock::new(|| {
    let shape = Shape { consultants: 24, sites: 4, clinics: 20, ..Shape::default() };
    let mut draft = generate::network(&shape).expect("a network");
    for (index, agreement) in (0..).zip(draft.agreements.iter_mut().flatten()) {
        agreement.price_per_session = Some(rotashare_core::values::Pence(36_433 + index * 7));
        agreement.mileage_pence = Some(rotashare_core::values::Hundredths(5611 + index));
    }
    let (network, _) = Network::build(&draft).expect("no faults");
    let rota = crate::common::rota(&network);
    (network, rota)
});

fn fate(number: u8) -> Option<Fate> {
    match number % 6 {
        0 => None,
        1 => Some(Fate::Cancelled(Canceller::Lender)),
        2 => Some(Fate::Cancelled(Canceller::Host)),
        3 => Some(Fate::Cancelled(Canceller::Other)),
        _ => Some(Fate::Delivered),
    }
}

/// The pounds in a column of a CSV, in pence, without the row of sums.
fn pence(csv: &[u8], column: &str) -> (i64, Option<i64>) {
    let mut reader = csv::Reader::from_reader(csv);
    let index = reader.headers().expect("a header").iter().position(|one| one == column);
    let (mut sum, mut total) = (0, None);
    for record in reader.records() {
        let record = record.expect("a row");
        let amount = parse_decimal(&record[index.expect("a column")], 2).expect("an amount");
        if &record[0] == "total" {
            total = Some(amount);
        } else {
            sum += amount;
        }
    }
    (sum, total)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sums_are_the_sums_of_their_parts(
        numbers in proptest::collection::vec(any::<u8>(), 1..400),
        swaps in proptest::collection::vec((any::<u16>(), any::<u16>()), 0..20),
        is_handed_in in any::<bool>(),
    ) {
        let (network, rota) = &*CASE;
        let mut fates = Fates::new();
        for (place, number) in rota.assignments().zip(numbers.iter().cycle()) {
            fates.extend(fate(*number).map(|fate| (place, fate)));
        }
        for (session, who) in swaps {
            let session = SessionId::new(usize::from(session) % network.sessions().len());
            let who = ConsultantId::new(usize::from(who) % network.consultants().len());
            fates.insert((session, who), Fate::Delivered);
        }
        let statement = Statement::new(network, rota, is_handed_in.then_some(&fates), None);
        let all = statement.charged();
        let mut parts = Amount::default();
        for account in &statement.accounts {
            let agreement = network.agreement(account.agreement);
            for entry in &account.entries {
                let Amount { sessions, price, miles, mileage } = entry.cost;
                prop_assert_eq!((sessions, price), (1, agreement.price()));
                // The nearest penny to miles (hundredths) times rate (hundredths of a penny).
                let exact = i128::from(miles.0) * i128::from(agreement.mileage().0);
                prop_assert!((i128::from(mileage.0) * 10_000 - exact).abs() <= 5_000);
            }
            let entries: Amount = account.entries.iter().map(|entry| entry.charged()).sum();
            prop_assert_eq!(entries, account.charged());
            if is_handed_in {
                prop_assert_eq!(account.charged(), account.delivered());
                let planned = account.entries.iter().filter(|entry| entry.planned).count();
                let planned_fates = account.cancelled(Canceller::Lender).sessions
                    + account.cancelled(Canceller::Host).sessions
                    + account.cancelled(Canceller::Other).sessions
                    + account.not_reported().sessions;
                prop_assert!(planned_fates as usize <= planned);
            } else {
                prop_assert_eq!(account.charged(), account.planned());
            }
            parts += entries;
        }
        prop_assert_eq!(parts, all);
        prop_assert_eq!(all.total().0, all.price.0 + all.mileage.0);
        let (rows, sum) = (entries_csv(network, &statement), accounts_csv(network, &statement));
        let (by_entry, _) = pence(&rows, "charged_pounds");
        let (by_account, total) = pence(&sum, "charged_pounds");
        prop_assert_eq!((by_entry, by_account), (all.total().0, all.total().0));
        prop_assert_eq!(total, Some(all.total().0));
        prop_assert_eq!(pence(&sum, "mileage_pounds").1, Some(all.mileage.0));
    }
}

/// Lender and host read the same of their agreement, and the workbook has the pence of the CSV.
#[test]
fn everybody_reads_the_same_sums() {
    let (network, rota) = &*CASE;
    let statement = Statement::new(network, rota, None, None);
    for account in &statement.accounts {
        let agreement = network.agreement(account.agreement);
        for only in [agreement.lender(), agreement.host()] {
            let theirs = Statement::new(network, rota, None, Some(only));
            let found = theirs.accounts.iter().find(|one| one.agreement == account.agreement);
            assert_eq!(found, Some(account));
            for other in &theirs.accounts {
                let other = network.agreement(other.agreement);
                assert!([other.lender(), other.host()].contains(&only));
            }
        }
    }
    let bytes = workbook(network, &statement, crate::common::today()).expect("a workbook");
    let grids = grid::parse("recharge.xlsx", &bytes, &ReadOptions::default()).expect("sheets");
    let in_pence = |text: &str| parse_decimal(text, 2).expect("an amount");
    let total = grids[0].rows().iter().find(|row| row.cell(0) == "Total").expect("the total");
    let charged = statement.charged();
    assert_eq!(in_pence(total.cell(12)), charged.price.0);
    assert_eq!(in_pence(total.cell(14)), charged.mileage.0);
    assert_eq!(in_pence(total.cell(15)), charged.total().0);
    for (sheet, account) in grids[1..].iter().zip(&statement.accounts) {
        let total = sheet.rows().last().expect("the total");
        assert_eq!(in_pence(total.cell(12)), account.charged().total().0);
    }
    assert_eq!(grids.len(), statement.accounts.len() + 1);
}

#[test]
fn a_statement_is_a_workbook_and_faults_of_the_file_are_all_told() {
    let (network, rota) = &*CASE;
    let statement = Statement::new(network, rota, None, None);
    assert!(statement.charged().sessions > 0, "the case has something to charge");
    assert!(!workbook(network, &statement, crate::common::today()).expect("a workbook").is_empty());

    let (session, who) = rota.assignments().next().expect("an assignment");
    let (session, who) = (network.session(session).code(), network.consultant(who).code());
    let good = format!("Session,status,by,consultant\n{session},cancelled,host,{who}\n");
    let fates = read_delivered(network, "delivered.csv", good.as_bytes()).expect("no fault");
    assert_eq!(fates.values().collect::<Vec<_>>(), [&Fate::Cancelled(Canceller::Host)]);
    let wrong = format!(
        "session,consultant,status,by\nX,{who},delivered,\n{session},Y,gone,\n{session},{who},cancelled,me\n\
         {session},{who},delivered,\n{session},{who},delivered,\n"
    );
    let faults = read_delivered(network, "delivered.csv", wrong.as_bytes());
    let Err(DeliveredError::Faults(faults)) = faults else { panic!("{faults:?}") };
    let told: Vec<(u32, &str)> = faults.iter().map(|fault| (fault.line, fault.column)).collect();
    assert_eq!(told, [(2, "session"), (3, "consultant"), (3, "status"), (4, "by"), (6, "session")]);
    assert!(read_delivered(network, "delivered.csv", b"a,b\n1,2\n").is_err());

    // Nobody is charged twice for a place, nor for one that somebody cancelled.
    let single = |(one, _): &(SessionId, _)| network.session(*one).places() == 1;
    let (one, first) = rota.assignments().filter(single).last().expect("a session of one place");
    let second = network.consultant_ids().find(|who| *who != first).expect("somebody else");
    let (one, first) = (network.session(one).code(), network.consultant(first).code());
    let second = network.consultant(second).code();
    let both = format!(
        "session,consultant,status,by\n{one},{first},delivered,\n{one},{second},delivered,\n\
         {session},{who},delivered,host\n"
    );
    let faults = read_delivered(network, "delivered.csv", both.as_bytes());
    let Err(DeliveredError::Faults(faults)) = faults else { panic!("{faults:?}") };
    let told: Vec<(u32, &str)> = faults.iter().map(|fault| (fault.line, &*fault.problem)).collect();
    let twice = (3, "2 people delivered it, and it has 1 place");
    assert_eq!(told, [twice, (4, "what was delivered was cancelled by nobody")]);
    let instead = both.replace(&format!("{first},delivered"), &format!("{first},cancelled"));
    let instead = instead.replace(",delivered,host", ",delivered,");
    assert!(read_delivered(network, "delivered.csv", instead.as_bytes()).is_ok(), "{instead}");

    // As a spreadsheet saves it, and as a workbook.
    let saved = good.replace(',', ";").into_bytes();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(good.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    book.add_worksheet().set_name("notes").expect("a name");
    let nameless = book.save_to_buffer().expect("a workbook");
    let error = read_delivered(network, "delivered.xlsx", &nameless);
    assert!(matches!(error, Err(DeliveredError::NoSheet)), "{error:?}");
    book.worksheets_mut()[0].set_name("Delivered").expect("a name");
    for bytes in [saved, book.save_to_buffer().expect("a workbook")] {
        assert_eq!(read_delivered(network, "delivered", &bytes).expect("no fault"), fates);
    }
}
