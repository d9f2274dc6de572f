//! `clinics.csv`, `clinic_changes.csv`, `sessions.csv`.

use rotashare_core::draft::{ClinicChangeRow, ClinicRow, SessionRow};
use rotashare_core::fault::Table;
use rotashare_core::time::{Clock, Weekday};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Priority, Thousandths, WeekPattern, write_decimal,
};

use super::{MOST, NO_DATE, Record};
use crate::cell::{Cell, number, show};
use crate::column::{Column, Form, WEEKDAY_WORDS};
use crate::row::Row;

/// The most consultants that a session may need.
const MOST_PLACES: u32 = 99;

const SITE: Column = Column::required("site", "the site's code").refers_to(Table::Sites);
const SPECIALTY: Column =
    Column::required("specialty", "the treatment function's code, such as 320");
const START: Column = Column::required("start", "when it starts, such as 09:00").form(Form::Time);
const END: Column = Column::required("end", "when it ends; at or before the start is the next day")
    .form(Form::Time);
const NAMED: Column =
    Column::optional("named_consultant", "codes of those who usually do it, separated by ;")
        .form(Form::Codes)
        .refers_to(Table::Consultants);
const ROOM: Column = Column::optional("room", "the room").form(Form::Words);
const SUBSPECIALTY: Column = Column::optional("subspecialty", "a subspecialty that it asks for");
const PAS: Column =
    Column::optional("pas", "programmed activities; hours / 4 if empty").form(Form::Number(0, 100));

fn pas(row: &mut Row<'_>) -> Option<Thousandths> {
    row.scaled("pas", 3, 0..=100_000).map(Thousandths)
}

fn show_pas(pas: Option<Thousandths>) -> String {
    pas.map(|pas| write_decimal(pas.0, 3)).unwrap_or_default()
}

impl Record for ClinicRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("clinic", "a code for the clinic"),
        SITE,
        SPECIALTY,
        Column::required("weekday", "the day of the week").form(WEEKDAY_WORDS),
        START,
        END,
        SUBSPECIALTY,
        Column::optional("weeks", "in which weeks: all, nth:1,3, iso:odd, cycle:1,3/4")
            .default("all"),
        Column::optional("consultants", "how many it needs at a time")
            .form(Form::Whole(1, MOST_PLACES as i64))
            .default("1"),
        Column::optional("priority", "must, should or could")
            .form(Form::OneOf(Priority::WORDS))
            .default("should"),
        NAMED,
        ROOM,
        PAS,
        Column::optional("new_slots", "new patients a session").form(Form::Whole(0, MOST as i64)),
        Column::optional("follow_up_slots", "follow-up patients a session")
            .form(Form::Whole(0, MOST as i64)),
        Column::optional("bank_holidays", "skip, or run")
            .form(Form::OneOf(BankHolidayPolicy::WORDS))
            .default("skip"),
        Column::optional("valid_from", "the first day on which it may run").form(Form::Date),
        Column::optional("valid_to", "the last day on which it may run").form(Form::Date),
    ];
    const DEFINES: bool = true;

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            clinic: row.text("clinic"),
            site: row.text("site"),
            specialty: row.text("specialty"),
            weekday: row.get_or("weekday", Weekday::Monday),
            start: row.start("start").unwrap_or(Clock::MIDNIGHT),
            end: row.get_or("end", Clock::MIDNIGHT),
            subspecialty: row.maybe("subspecialty"),
            weeks: row.get_or("weeks", WeekPattern::All),
            consultants: row.whole("consultants", 1..=MOST_PLACES).unwrap_or(1),
            priority: row.get_or("priority", Priority::Should),
            named_consultant: row.list("named_consultant"),
            room: row.maybe("room"),
            pas: pas(row),
            new_slots: row.whole("new_slots", 0..=MOST),
            follow_up_slots: row.whole("follow_up_slots", 0..=MOST),
            bank_holidays: row.get_or("bank_holidays", BankHolidayPolicy::Skip),
            valid: row.validity("valid_from", "valid_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.clinic.clone(),
            self.site.clone(),
            self.specialty.clone(),
            self.weekday.show(),
            self.start.show(),
            self.end.show(),
            show(&self.subspecialty),
            self.weeks.show(),
            self.consultants.to_string(),
            self.priority.show(),
            self.named_consultant.join(";"),
            show(&self.room),
            show_pas(self.pas),
            number(self.new_slots),
            number(self.follow_up_slots),
            self.bank_holidays.show(),
            show(&self.valid.from),
            show(&self.valid.to),
        ]
    }
}

impl Record for ClinicChangeRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("clinic", "the clinic's code").refers_to(Table::Clinics),
        Column::required("date", "the day that changes").form(Form::Date),
        Column::required("change", "cancel, move or add").form(Form::OneOf(ChangeKind::WORDS)),
        Column::optional("to_date", "the day to which it moves").form(Form::Date),
        Column::optional("start", "the new start").form(Form::Time),
        Column::optional("end", "the new end").form(Form::Time),
        Column::optional("note", "a note").form(Form::Words),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let read = Self {
            line: row.line(),
            clinic: row.text("clinic"),
            date: row.get_or("date", NO_DATE),
            change: row.get_or("change", ChangeKind::Cancel),
            to_date: row.maybe("to_date"),
            start: row.start("start"),
            end: row.maybe("end"),
            note: row.maybe("note"),
        };
        // A kind that can't be read is not said to be another.
        if row.is_sound() && read.change != ChangeKind::Move && read.to_date.is_some() {
            let problem = format!("{} has no use for to_date", read.change.show());
            row.warn("to_date", row.cell("to_date"), &problem, "the cell counts for nothing");
        }
        read
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.clinic.clone(),
            self.date.show(),
            self.change.show(),
            show(&self.to_date),
            show(&self.start),
            show(&self.end),
            show(&self.note),
        ]
    }
}

impl Record for SessionRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("session", "an id for the session"),
        SITE,
        SPECIALTY,
        Column::required("date", "the day").form(Form::Date),
        START,
        END,
        Column::optional("clinic", "makes it one of that clinic's series")
            .refers_to(Table::Clinics),
        SUBSPECIALTY,
        Column::optional("consultants", "how many it needs; the clinic's number, else 1")
            .form(Form::Whole(1, MOST_PLACES as i64)),
        Column::optional("priority", "must, should or could; the clinic's, else should")
            .form(Form::OneOf(Priority::WORDS)),
        NAMED,
        ROOM,
        PAS,
    ];
    const DEFINES: bool = true;

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            session: row.text("session"),
            site: row.text("site"),
            specialty: row.text("specialty"),
            date: row.get_or("date", NO_DATE),
            start: row.start("start").unwrap_or(Clock::MIDNIGHT),
            end: row.get_or("end", Clock::MIDNIGHT),
            clinic: row.maybe("clinic"),
            subspecialty: row.maybe("subspecialty"),
            consultants: row.whole("consultants", 1..=MOST_PLACES),
            priority: row.maybe("priority"),
            named_consultant: row.list("named_consultant"),
            room: row.maybe("room"),
            pas: pas(row),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.session.clone(),
            self.site.clone(),
            self.specialty.clone(),
            self.date.show(),
            self.start.show(),
            self.end.show(),
            show(&self.clinic),
            show(&self.subspecialty),
            number(self.consultants),
            show(&self.priority),
            self.named_consultant.join(";"),
            show(&self.room),
            show_pas(self.pas),
        ]
    }
}
