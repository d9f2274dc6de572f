//! Files and sheets put into a draft, with what they have wrong.

use std::collections::BTreeMap;

use rotashare_core::draft::Draft;
use rotashare_core::fault::{Fault, Table};

use crate::book::settings;
use crate::column::is_required;
use crate::dataset::{MAX_ALL_ROWS, Reading};
use crate::findings::Findings;
use crate::grid::Grid;
use crate::network_toml;
use crate::sheet::{self, Sheet};
use crate::tables::Record;

/// What a file of a dataset has in it.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    /// CSV, or TOML.
    Text(&'a str),
    /// A sheet of a workbook.
    Sheet(&'a Grid),
}

impl Reading {
    /// Nothing read yet.
    pub(crate) fn empty() -> Self {
        Self {
            draft: Draft { network: network_toml::empty(), ..Draft::default() },
            faults: Vec::new(),
            warnings: Vec::new(),
            sha256: String::new(),
            book: None,
            illegible: Vec::new(),
            missing: Vec::new(),
            doubtful: BTreeMap::new(),
            rows_left: MAX_ALL_ROWS,
        }
    }

    /// Adds what was found.
    pub(crate) fn add(&mut self, findings: Findings) {
        let (faults, warnings) = findings.into_parts();
        self.faults.extend(faults);
        self.warnings.extend(warnings);
    }

    /// Sorts what was found; `digest` is of all that was read.
    pub(crate) fn finish(mut self, digest: impl IntoIterator<Item = u8>) -> Self {
        self.sha256 = digest.into_iter().map(|byte| format!("{byte:02x}")).collect();
        self.faults.sort();
        self.warnings.sort();
        self
    }

    /// Puts a file into the draft; `None` for one that is there but can't be read.
    pub(crate) fn fill(
        &mut self,
        table: Table,
        content: Option<Content<'_>>,
        findings: &mut Findings,
    ) {
        match table {
            Table::Network => match content {
                Some(Content::Text(text)) => {
                    self.draft.network = network_toml::read(text, findings);
                }
                Some(Content::Sheet(grid)) => {
                    self.draft.network = settings::read(grid, findings);
                }
                None => self.illegible.push(table),
            },
            Table::Specialties => self.draft.specialties = Some(self.rows(content, findings)),
            Table::BankHolidays => {
                self.draft.bank_holidays = Some(self.rows(content, findings));
            }
            Table::Trusts => self.draft.trusts = self.rows(content, findings),
            Table::Sites => self.draft.sites = self.rows(content, findings),
            Table::Travel => self.draft.travel = Some(self.rows(content, findings)),
            Table::Consultants => self.draft.consultants = self.rows(content, findings),
            Table::Accreditations => {
                self.draft.accreditations = self.rows(content, findings);
            }
            Table::Authorisations => {
                self.draft.authorisations = Some(self.rows(content, findings));
            }
            Table::JobPlans => self.draft.job_plans = Some(self.rows(content, findings)),
            Table::Leave => self.draft.leave = Some(self.rows(content, findings)),
            Table::OnCall => self.draft.on_call = Some(self.rows(content, findings)),
            Table::Clinics => self.draft.clinics = Some(self.rows(content, findings)),
            Table::ClinicChanges => {
                self.draft.clinic_changes = Some(self.rows(content, findings));
            }
            Table::Sessions => self.draft.sessions = Some(self.rows(content, findings)),
            Table::Cover => self.draft.cover = Some(self.rows(content, findings)),
            Table::Agreements => self.draft.agreements = Some(self.rows(content, findings)),
            Table::Preferences => self.draft.preferences = Some(self.rows(content, findings)),
            Table::Pins => self.draft.pins = Some(self.rows(content, findings)),
            Table::Published => self.draft.published = Some(self.rows(content, findings)),
            Table::History => self.draft.history = Some(self.rows(content, findings)),
            _ => {}
        }
    }

    fn rows<R: Record>(&mut self, content: Option<Content<'_>>, findings: &mut Findings) -> Vec<R> {
        let table = findings.table();
        let Sheet { rows, is_legible, missing, doubtful, references } = match content {
            Some(Content::Text(text)) => sheet::read(text, false, self.rows_left, findings),
            Some(Content::Sheet(grid)) => sheet::read_grid(grid, self.rows_left, findings),
            None => {
                self.illegible.push(table);
                return Vec::new();
            }
        };
        self.rows_left = self.rows_left.saturating_sub(rows.len());
        if !is_legible {
            self.illegible.push(table);
        }
        self.draft.references.extend(references);
        self.missing.extend(missing.into_iter().map(|column| (table, column)));
        if !doubtful.is_empty() {
            self.doubtful.insert(table, doubtful);
        }
        if is_legible && rows.is_empty() && is_required(table) && !findings.has_faults() {
            match table {
                Table::Trusts | Table::Sites => {
                    findings.of_file("the file has no rows", "add at least one");
                }
                _ => findings.warn(Fault::of_file(table, "the file has no rows", "")),
            }
        }
        rows
    }
}
