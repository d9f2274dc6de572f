//! Faults and warnings as they are found, held to a number that somebody can read.

use rotashare_core::fault::{Fault, MOST_TOLD, Table};

/// What is wrong with one file, and what is worth a look.
#[derive(Debug)]
pub(crate) struct Findings {
    table: Table,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
    /// Faults beyond the limit, and the line of the first of them.
    more: (usize, Option<u32>),
}

impl Findings {
    pub(crate) fn new(table: Table) -> Self {
        Self { table, faults: Vec::new(), warnings: Vec::new(), more: (0, None) }
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST_TOLD {
            self.faults.push(fault);
        } else {
            self.more = (self.more.0 + 1, self.more.1.or(fault.line));
        }
    }

    pub(crate) fn warn(&mut self, warning: Fault) {
        if self.warnings.len() < MOST_TOLD {
            self.warnings.push(warning);
        }
    }

    /// Adds a fault of the whole file.
    pub(crate) fn of_file(&mut self, problem: impl Into<String>, remedy: impl Into<String>) {
        self.fault(Fault::of_file(self.table, problem, remedy));
    }

    /// Adds a fault of a whole line.
    pub(crate) fn of_line(
        &mut self,
        line: u32,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.fault(Fault { line: Some(line), ..Fault::of_file(self.table, problem, remedy) });
    }

    pub(crate) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    pub(crate) fn table(&self) -> Table {
        self.table
    }

    /// Faults and warnings.
    pub(crate) fn into_parts(self) -> (Vec<Fault>, Vec<Fault>) {
        let Self { table, mut faults, warnings, more: (count, line) } = self;
        if count > 0 {
            faults.push(Fault::of_many_more(table, count, line));
        }
        (faults, warnings)
    }
}
