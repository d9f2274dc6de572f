//! `cover.csv`, `agreements.csv`, `pins.csv`.

use rotashare_core::draft::{AgreementRow, CoverRow, PinRow};
use rotashare_core::fault::Table;
use rotashare_core::time::Part;
use rotashare_core::values::{Hundredths, Pence, PinKind, write_decimal};

use super::{MOST, Record};
use crate::cell::{Cell, number, show};
use crate::column::{Column, Form, PART_WORDS, WEEKDAY_WORDS};
use crate::row::Row;

/// The largest sum of money, in pence: a hundred million pounds.
const MOST_PENCE: i64 = 10_000_000_000;

fn pounds(row: &mut Row<'_>, name: &'static str) -> Option<Pence> {
    row.scaled(name, 2, 0..=MOST_PENCE).map(Pence)
}

fn show_pounds(pence: Option<Pence>) -> String {
    pence.map(|pence| write_decimal(pence.0, 2)).unwrap_or_default()
}

impl Record for CoverRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("trust", "the code of the trust that lends").refers_to(Table::Trusts),
        Column::required("specialty", "the treatment function's code, such as 320"),
        Column::required("keep_on_base", "how many consultants stay")
            .form(Form::Whole(0, MOST as i64)),
        Column::optional("weekday", "only on that day of the week").form(WEEKDAY_WORDS),
        Column::optional("part", "only in that part of the day: all, am or pm")
            .form(PART_WORDS)
            .default("all"),
        Column::optional("site", "only those based there").refers_to(Table::Sites),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            trust: row.text("trust"),
            specialty: row.text("specialty"),
            keep_on_base: row.whole("keep_on_base", 0..=MOST).unwrap_or(0),
            weekday: row.maybe("weekday"),
            part: row.get_or("part", Part::All),
            site: row.maybe("site"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.trust.clone(),
            self.specialty.clone(),
            self.keep_on_base.to_string(),
            show(&self.weekday),
            self.part.show(),
            show(&self.site),
        ]
    }
}

impl Record for AgreementRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("agreement", "a code for the agreement"),
        Column::required("lender", "the code of the trust that lends").refers_to(Table::Trusts),
        Column::required("host", "the code of the trust that hosts").refers_to(Table::Trusts),
        Column::optional("specialty", "only in that specialty"),
        Column::optional("min_sessions", "the least sessions in the horizon")
            .form(Form::Whole(0, MOST as i64)),
        Column::optional("max_sessions", "the most sessions in the horizon")
            .form(Form::Whole(0, MOST as i64)),
        Column::optional("price_per_session", "pounds a session")
            .form(Form::Number(0, MOST_PENCE / 100)),
        Column::optional("mileage_pence", "pence a mile").form(Form::Number(0, 10_000)),
        Column::optional("max_cost", "the most pounds in the horizon")
            .form(Form::Number(0, MOST_PENCE / 100)),
        Column::optional("valid_from", "the first day on which it holds").form(Form::Date),
        Column::optional("valid_to", "the last day on which it holds").form(Form::Date),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            agreement: row.text("agreement"),
            lender: row.text("lender"),
            host: row.text("host"),
            specialty: row.maybe("specialty"),
            min_sessions: row.whole("min_sessions", 0..=MOST),
            max_sessions: row.whole("max_sessions", 0..=MOST),
            price_per_session: pounds(row, "price_per_session"),
            mileage_pence: row.scaled("mileage_pence", 2, 0..=1_000_000).map(Hundredths),
            max_cost: pounds(row, "max_cost"),
            valid: row.validity("valid_from", "valid_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.agreement.clone(),
            self.lender.clone(),
            self.host.clone(),
            show(&self.specialty),
            number(self.min_sessions),
            number(self.max_sessions),
            show_pounds(self.price_per_session),
            self.mileage_pence.map(|pence| write_decimal(pence.0, 2)).unwrap_or_default(),
            show_pounds(self.max_cost),
            show(&self.valid.from),
            show(&self.valid.to),
        ]
    }
}

impl Record for PinRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("session", "the session's id, such as DVH-CARD-TUE@2027-03-02"),
        Column::required("consultant", "the consultant's code").refers_to(Table::Consultants),
        Column::optional("pin", "yes: this person does it; no: this person does not")
            .form(Form::OneOf(PinKind::WORDS))
            .default("yes"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            session: row.text("session"),
            consultant: row.text("consultant"),
            pin: row.get_or("pin", PinKind::Yes),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![self.session.clone(), self.consultant.clone(), self.pin.show()]
    }
}
