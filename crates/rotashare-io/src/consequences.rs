//! What is wrong in itself, and what only follows from a fault told already.

use std::collections::BTreeSet;

use rotashare_core::fault::{Fault, Table};
use rotashare_core::network::{Faults, Network};

use crate::column::columns;
use crate::dataset::Reading;

impl Reading {
    /// The network of what was read, with the warnings of reading and building.
    ///
    /// # Errors
    /// With every fault of the cells and of what they say together; see [`Self::with_built`].
    pub fn build(&self) -> Result<(Network, Vec<Fault>), Faults> {
        // Where there is no site, nothing has a place.
        if self.draft.sites.is_empty() {
            return Err(self.with_built(Faults::default()));
        }
        match Network::build(&self.draft) {
            Ok((network, warnings)) => {
                let all = self.with_built(Faults { faults: Vec::new(), warnings });
                if all.faults.is_empty() { Ok((network, all.warnings)) } else { Err(all) }
            }
            Err(built) => Err(self.with_built(built)),
        }
    }

    /// The faults and warnings of the reading together with those that building the network found,
    /// without those that only follow from a cell, column or file that could not be read: a reference
    /// into `consultants.csv` is not wrong because that file has a header to mend. In order of file,
    /// line and column.
    #[must_use]
    pub fn with_built(&self, built: Faults) -> Faults {
        let mut all = Faults { faults: self.faults.clone(), warnings: self.warnings.clone() };
        if self.faults.is_empty() {
            all.faults.extend(built.faults);
            all.warnings.extend(built.warnings);
        } else {
            let told = Told::new(self);
            all.faults.extend(built.faults.into_iter().filter(|fault| !told.explains(fault)));
            // Where every fault of a file is told already, so are the many more.
            let tables: BTreeSet<Table> =
                all.faults.iter().filter(|one| !one.is_many_more()).map(|one| one.table).collect();
            all.faults.retain(|one| !one.is_many_more() || tables.contains(&one.table));
            // A dataset that is not whole gives warnings that would go with what is missing.
            let warnings = built.warnings.into_iter().filter(|_| self.illegible.is_empty());
            let warnings = warnings.filter(|one| !told.goes_with_what_is_missing(one));
            all.warnings.extend(warnings.filter(|warning| !told.explains(warning)));
        }
        for list in [&mut all.faults, &mut all.warnings] {
            list.sort();
            list.dedup();
        }
        all
    }
}

/// What is known to be wrong.
struct Told<'a> {
    reading: &'a Reading,
    cells: BTreeSet<(Table, u32, &'a str)>,
    /// Lines with the wrong number of cells.
    lines: BTreeSet<(Table, u32)>,
}

impl<'a> Told<'a> {
    fn new(reading: &'a Reading) -> Self {
        let mut told = Self { reading, cells: BTreeSet::new(), lines: BTreeSet::new() };
        for fault in &reading.faults {
            match (fault.line, fault.column.as_deref()) {
                (Some(line), Some(column)) => {
                    told.cells.insert((fault.table, line, column));
                }
                (Some(line), None) => {
                    told.lines.insert((fault.table, line));
                }
                _ => {}
            }
        }
        told
    }

    fn explains(&self, fault: &Fault) -> bool {
        let Some(column) = fault.column.as_deref() else { return false };
        let table = fault.table;
        let refers =
            columns(table).iter().find(|one| one.name() == column).and_then(|one| one.refers());
        let at_line = fault.line.is_some_and(|line| {
            self.cells.contains(&(table, line, column)) || self.lines.contains(&(table, line))
        });
        at_line
            || self.reading.missing.contains(&(table, column))
            || refers.is_some_and(|table| self.reading.illegible.contains(&table))
            || self.concerns_doubtful_series(fault)
            || self.concerns_unread_way(fault)
    }

    /// Whether a warning is about what nobody else has, and may be for a row that could not be read.
    fn goes_with_what_is_missing(&self, warning: &Fault) -> bool {
        let others: &[Table] = match (warning.table, warning.column.as_deref()) {
            (Table::Cover, Some("site")) => &[Table::Consultants],
            (Table::Clinics | Table::Sessions, Some("specialty")) => &[Table::Accreditations],
            (_, Some("specialty")) => &[Table::Clinics, Table::Sessions, Table::Specialties],
            _ => return false,
        };
        self.reading.faults.iter().any(|fault| others.contains(&fault.table))
    }

    /// Whether it is about a way that a coordinate or a row of travel.csv would tell that was not read.
    fn concerns_unread_way(&self, fault: &Fault) -> bool {
        let is_way = fault.table == Table::Sites && fault.column.as_deref() == Some("latitude");
        is_way
            && (self.reading.faults.iter().any(|one| one.table == Table::Travel)
                || fault
                    .line
                    .is_some_and(|line| self.cells.contains(&(Table::Sites, line, "longitude"))))
    }

    /// Whether it is about sessions that can't be known, because a clinic, a change to one, a session
    /// or the horizon is not.
    fn concerns_doubtful_series(&self, fault: &Fault) -> bool {
        let draft = &self.reading.draft;
        let clinic = match (fault.table, fault.column.as_deref()) {
            (Table::Pins | Table::Published, Some("session")) => {
                fault.value.split('@').next().unwrap_or_default()
            }
            (Table::ClinicChanges, _) => {
                let mut rows = draft.clinic_changes.iter().flatten();
                rows.find(|row| Some(row.line) == fault.line).map_or("", |row| row.clinic.as_str())
            }
            _ => return false,
        };
        let is_unknown = [Table::Clinics, Table::Sessions, Table::Network]
            .iter()
            .any(|table| self.reading.illegible.contains(table));
        let has_wrong_changes =
            self.reading.faults.iter().any(|fault| fault.table == Table::ClinicChanges);
        let doubtful = |table: Table, code: &str| {
            self.reading.doubtful.get(&table).is_some_and(|keys| keys.iter().any(|k| k == code))
        };
        is_unknown
            || has_wrong_changes && fault.table != Table::ClinicChanges
            || doubtful(Table::Clinics, clinic)
            || doubtful(Table::Sessions, &fault.value)
    }
}
