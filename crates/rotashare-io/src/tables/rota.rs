//! `rota.csv` and `published.csv`, which have one form.

use rotashare_core::draft::RotaRow;
use rotashare_core::time::FormError;

use super::Record;
use crate::cell::show;
use crate::column::{Column, Form};
use crate::row::Row;

impl Record for RotaRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("session", "the session's id, such as DVH-CARD-TUE@2027-03-02"),
        Column::optional("place", "which of the session's places, from 1")
            .form(Form::Whole(1, 9999))
            .default("1"),
        Column::optional("clinic", "the clinic's code"),
        Column::optional("date", "the day").form(Form::Date),
        Column::optional("start", "when it starts").form(Form::Time),
        Column::optional("end", "when it ends").form(Form::Time),
        Column::optional("site", "the site's code"),
        Column::optional("specialty", "the treatment function's code"),
        Column::optional("status", "assigned or unfilled")
            .form(Form::OneOf(&["assigned", "unfilled"])),
        Column::required("consultant", "the consultant's code; empty where unfilled")
            .may_be_empty(),
        Column::optional("consultant_name", "the consultant's name; not read").form(Form::Words),
        Column::optional("employer", "the code of the employing trust; not read"),
        Column::optional("pinned", "whether the place is pinned: yes or no; not read"),
        Column::optional("travel_minutes", "minutes from base and back; not read")
            .form(Form::Whole(0, 100_000)),
        Column::optional("pas", "programmed activities; not read").form(Form::Number(0, 100)),
        Column::optional("agreement", "the agreement's code; not read"),
        Column::optional("gives_up", "the movable duties given up for it; not read")
            .form(Form::Words),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let read = Self {
            line: row.line(),
            session: row.text("session"),
            place: row.whole("place", 1..=9999).unwrap_or(1),
            consultant: row.maybe("consultant"),
            date: row.maybe("date"),
            start: row.start("start"),
            end: row.maybe("end"),
            site: row.maybe("site"),
            specialty: row.maybe("specialty"),
            clinic: row.maybe("clinic"),
        };
        let status = row.cell("status");
        match (status.to_ascii_lowercase().as_str(), &read.consultant) {
            ("" | "assigned", Some(_)) | ("" | "unfilled", None) => {}
            ("unfilled", Some(who)) => {
                let problem = format!("the place is unfilled, but consultant {who:?} has it");
                let remedy = "write assigned, or take the consultant out";
                row.fault("status", status, FormError::new(problem, remedy));
            }
            ("assigned", None) => row.warn(
                "consultant",
                "",
                "the place is assigned, but to nobody",
                "it counts as unfilled",
            ),
            _ => {
                let problem = format!("{status:?} is not a status");
                row.fault("status", status, FormError::new(problem, "write assigned or unfilled"));
            }
        }
        read
    }

    fn cells(&self) -> Vec<String> {
        let status = if self.consultant.is_some() { "assigned" } else { "unfilled" };
        let mut cells = vec![
            self.session.clone(),
            self.place.to_string(),
            show(&self.clinic),
            show(&self.date),
            show(&self.start),
            show(&self.end),
            show(&self.site),
            show(&self.specialty),
            status.to_owned(),
            show(&self.consultant),
        ];
        cells.resize(Self::COLUMNS.len(), String::new());
        cells
    }
}

/// A consultant as a row of a rota names them.
pub(crate) struct NamedConsultant {
    /// Code; empty where the place is unfilled.
    pub(crate) code: String,
    /// Name; empty where the rota gives none.
    pub(crate) name: String,
}

impl Record for NamedConsultant {
    const COLUMNS: &'static [Column] = &[
        Column::optional("consultant", "the consultant's code"),
        Column::optional("consultant_name", "the consultant's name"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let text = |name| row.cell(name).to_owned();
        Self { code: text("consultant"), name: text("consultant_name") }
    }

    fn cells(&self) -> Vec<String> {
        vec![self.code.clone(), self.name.clone()]
    }
}
