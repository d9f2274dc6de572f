//! What each file of a dataset may hold: one description, from which reading, writing and the
//! documentation of the format are made.

use rotashare_core::draft::{
    AccreditationRow, AgreementRow, AuthorisationRow, BankHolidayRow, ClinicChangeRow, ClinicRow,
    ConsultantRow, CoverRow, HistoryRow, JobPlanRow, LeaveRow, OnCallRow, PinRow, PreferenceRow,
    RotaRow, SessionRow, SiteRow, SpecialtyRow, TravelRow, TrustRow,
};
use rotashare_core::fault::Table;

use crate::tables::Record;

/// A column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    required: bool,
    may_be_empty: bool,
    default: &'static str,
    refers_to: Option<Table>,
    doc: &'static str,
}

impl Column {
    /// A column that must be there, with something in every cell.
    pub(crate) const fn required(name: &'static str, doc: &'static str) -> Self {
        Self { name, required: true, may_be_empty: false, default: "", refers_to: None, doc }
    }

    /// A column that may be absent, and whose cells may be empty.
    pub(crate) const fn optional(name: &'static str, doc: &'static str) -> Self {
        Self { name, required: false, may_be_empty: true, default: "", refers_to: None, doc }
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
