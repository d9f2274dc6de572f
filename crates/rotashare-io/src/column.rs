//! What each file of a dataset may hold: one description, from which reading, writing and the
//! documentation of the format are made.

use rotashare_core::draft::{
    AccreditationRow, AgreementRow, AuthorisationRow, BankHolidayRow, ClinicChangeRow, ClinicRow,
    ConsultantRow, CoverRow, HistoryRow, JobPlanRow, LeaveRow, OnCallRow, PinRow, PreferenceRow,
    RotaRow, SessionRow, SiteRow, SpecialtyRow, TravelRow, TrustRow,
};
use rotashare_core::fault::Table;

use crate::tables::Record;

/// What the cells of a column look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A code or a pattern: text to the letter.
    Code,
    /// Codes, separated by `;`.
    Codes,
    /// Words for people. What looks like a formula is written with an apostrophe before it, and read
    /// without.
    Words,
    /// A day.
    Date,
    /// A time of the day.
    Time,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number from the least to the most.
    Whole(i64, i64),
    /// A number, with decimals or without, from the least to the most.
    Number(i64, i64),
}

/// The days of the week, as they are written.
pub(crate) const WEEKDAY_WORDS: Form =
    Form::OneOf(&["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
/// Parts of a day.
pub(crate) const PART_WORDS: Form = Form::OneOf(&["all", "am", "pm"]);

/// A column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    required: bool,
    may_be_empty: bool,
    default: &'static str,
    refers_to: Option<Table>,
    form: Form,
    doc: &'static str,
}

impl Column {
    /// A column that must be there, with something in every cell.
    pub(crate) const fn required(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            required: true,
            may_be_empty: false,
            default: "",
            refers_to: None,
            form: Form::Code,
            doc,
        }
    }

    /// A column that may be absent, and whose cells may be empty.
    pub(crate) const fn optional(name: &'static str, doc: &'static str) -> Self {
        Self { required: false, may_be_empty: true, ..Self::required(name, doc) }
    }

    /// The same, though a cell of it may be empty.
    pub(crate) const fn may_be_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }

    /// The same with what an empty cell means.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// The same, its cells being codes that another file gives.
    pub(crate) const fn refers_to(self, table: Table) -> Self {
        Self { refers_to: Some(table), ..self }
    }

    /// The same with what its cells look like.
    pub(crate) const fn form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// Name in the header.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it must be there.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether every cell of it must have something.
    #[must_use]
    pub fn must_be_filled(&self) -> bool {
        !self.may_be_empty
    }

    /// What an empty cell means, as it would be written; empty where it means "not given".
    #[must_use]
    pub fn default_value(&self) -> &'static str {
        self.default
    }

    /// The file whose codes stand in it.
    #[must_use]
    pub fn refers(&self) -> Option<Table> {
        self.refers_to
    }

    /// What its cells look like.
    pub(crate) fn cell_form(&self) -> Form {
        self.form
    }

    /// Whether its cells are words for people, such as names, not codes.
    pub(crate) fn is_free_text(&self) -> bool {
        self.form == Form::Words
    }

    /// What it says, in a few words.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc
    }
}

/// The columns of a file, in the order of the contract; none for `network.toml`, which has keys.
#[must_use]
pub fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::Specialties => SpecialtyRow::COLUMNS,
        Table::BankHolidays => BankHolidayRow::COLUMNS,
        Table::Trusts => TrustRow::COLUMNS,
        Table::Sites => SiteRow::COLUMNS,
        Table::Travel => TravelRow::COLUMNS,
        Table::Consultants => ConsultantRow::COLUMNS,
        Table::Accreditations => AccreditationRow::COLUMNS,
        Table::Authorisations => AuthorisationRow::COLUMNS,
        Table::JobPlans => JobPlanRow::COLUMNS,
        Table::Leave => LeaveRow::COLUMNS,
        Table::OnCall => OnCallRow::COLUMNS,
        Table::Clinics => ClinicRow::COLUMNS,
        Table::ClinicChanges => ClinicChangeRow::COLUMNS,
        Table::Sessions => SessionRow::COLUMNS,
        Table::Cover => CoverRow::COLUMNS,
        Table::Agreements => AgreementRow::COLUMNS,
        Table::Preferences => PreferenceRow::COLUMNS,
        Table::Pins => PinRow::COLUMNS,
        Table::Published | Table::Rota => RotaRow::COLUMNS,
        Table::History => HistoryRow::COLUMNS,
        _ => &[],
    }
}

/// Whether a dataset must have a file. Of `clinics.csv` and `sessions.csv` it must have one.
#[must_use]
pub fn is_required(table: Table) -> bool {
    matches!(
        table,
        Table::Network | Table::Trusts | Table::Sites | Table::Consultants | Table::Accreditations
    )
}
