//! A draft back to a folder.

use std::borrow::Cow;
use std::path::Path;

use rotashare_core::draft::Draft;
use rotashare_core::fault::Table;

use crate::cell::text_cell;
use crate::column::{Column, columns};
use crate::folder::{WriteError, write_folder};
use crate::network_toml;
use crate::tables::Record;

/// Writes a draft as a dataset: `network.toml` and a CSV file a table, without the optional columns in
/// which nothing stands. Read again it is the same draft, but for lines: rows stand on the lines from 2
/// on, and blanks around text go.
///
/// # Errors
/// Where the folder can't be written, or has a file of a dataset that this one has not; then nothing
/// is written.
pub fn write_dataset(dir: &Path, draft: &Draft) -> Result<(), WriteError> {
    let files = dataset_files(draft);
    let stray = Table::ALL
        .into_iter()
        .map(Table::file_name)
        .find(|name| files.iter().all(|(one, _)| one != name) && dir.join(name).exists());
    if let Some(name) = stray {
        return Err(WriteError::InTheWay { path: dir.join(name) });
    }
    write_folder(dir, &files)
}

/// The files of a draft, `network.toml` last.
#[must_use]
pub fn dataset_files(draft: &Draft) -> Vec<(&'static str, Vec<u8>)> {
    let tables = Table::ALL.into_iter().filter_map(|table| Some((table, cells_of(draft, table)?)));
    let mut files: Vec<(&'static str, Vec<u8>)> =
        tables.map(|(table, rows)| (table.file_name(), csv_of(columns(table), &rows))).collect();
    let network = network_toml::write(&draft.network).into_bytes();
    files.push((Table::Network.file_name(), network));
    files
}

/// The rows of a file as cells; `None` where there is no such file, or it has no rows by nature.
pub(crate) fn cells_of(draft: &Draft, table: Table) -> Option<Vec<Vec<String>>> {
    fn cells<R: Record>(rows: &[R]) -> Vec<Vec<String>> {
        rows.iter().map(Record::cells).collect()
    }
    match table {
        Table::Specialties => draft.specialties.as_deref().map(cells),
        Table::BankHolidays => draft.bank_holidays.as_deref().map(cells),
        Table::Trusts => Some(cells(&draft.trusts)),
        Table::Sites => Some(cells(&draft.sites)),
        Table::Travel => draft.travel.as_deref().map(cells),
        Table::Consultants => Some(cells(&draft.consultants)),
        Table::Accreditations => Some(cells(&draft.accreditations)),
        Table::Authorisations => draft.authorisations.as_deref().map(cells),
        Table::JobPlans => draft.job_plans.as_deref().map(cells),
        Table::Leave => draft.leave.as_deref().map(cells),
        Table::OnCall => draft.on_call.as_deref().map(cells),
        Table::Clinics => draft.clinics.as_deref().map(cells),
        Table::ClinicChanges => draft.clinic_changes.as_deref().map(cells),
        Table::Sessions => draft.sessions.as_deref().map(cells),
        Table::Cover => draft.cover.as_deref().map(cells),
        Table::Agreements => draft.agreements.as_deref().map(cells),
        Table::Preferences => draft.preferences.as_deref().map(cells),
        Table::Pins => draft.pins.as_deref().map(cells),
        Table::Published => draft.published.as_deref().map(cells),
        Table::History => draft.history.as_deref().map(cells),
        _ => None,
    }
}

/// Rows as CSV, without the optional columns in which nothing stands.
fn csv_of(all: &[Column], rows: &[Vec<String>]) -> Vec<u8> {
    let kept: Vec<usize> = (0..all.len())
        .filter(|column| {
            all[*column].is_required() || rows.iter().any(|row| !row[*column].is_empty())
        })
        .collect();
    let columns: Vec<&Column> = kept.iter().map(|column| &all[*column]).collect();
    let mut csv = Csv::with_header(&columns);
    for row in rows {
        csv.cells(&columns, kept.iter().map(|column| row[*column].as_str()));
    }
    csv.into_bytes()
}

/// CSV as RFC 4180 has it, with lines that end in a line feed alone.
#[derive(Default)]
pub(crate) struct Csv(String);

impl Csv {
    /// Begins with the names of columns.
    pub(crate) fn with_header(columns: &[&Column]) -> Self {
        let mut csv = Self::default();
        csv.row(columns.iter().map(|column| column.name()));
        csv
    }

    /// A row of cells of these columns.
    pub(crate) fn cells<'a>(
        &mut self,
        columns: &[&Column],
        cells: impl IntoIterator<Item = &'a str>,
    ) {
        let cell = |(column, cell): (&&Column, &'a str)| {
            if column.is_free_text() { text_cell(cell) } else { Cow::Borrowed(cell) }
        };
        self.row(columns.iter().zip(cells).map(cell));
    }

    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            let cell = cell.as_ref();
            if cell.contains([',', '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ')
            {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(cell);
            }
        }
        self.0.push('\n');
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}
