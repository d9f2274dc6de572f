//! Faults and warnings of an import: where in the export or in the mapping, and what to do.

use std::fmt;

/// The most faults that are told one by one.
const MOST: usize = 500;

/// Something wrong with an export or a mapping, or (as a warning) worth a look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ImportFault {
    /// The file.
    pub file: String,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// The row of the sheet, or the line of a text.
    pub row: Option<u32>,
    /// The column by its heading, or the key of a mapping.
    pub column: Option<String>,
    /// The value found there; may be empty.
    pub value: String,
    /// What is wrong, a clause without a full stop.
    pub problem: String,
    /// What to do about it, a clause without a full stop; may be empty.
    pub remedy: String,
}

impl fmt::Display for ImportFault {
    /// `leave.xlsx, sheet "March", row 7, From: "31/02/2027" is not a date; write it as …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet:?}")?;
        }
        if let Some(row) = self.row {
            let what = if self.sheet.is_some() { "row" } else { "line" };
            write!(f, ", {what} {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

/// Where a fault lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) sheet: Option<String>,
    pub(super) row: Option<u32>,
    pub(super) column: Option<String>,
}

impl Place {
    pub(super) fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), sheet: None, row: None, column: None }
    }

    pub(super) fn row(self, row: u32) -> Self {
        Self { row: Some(row), ..self }
    }

    pub(super) fn column(self, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..self }
    }

    pub(super) fn fault(
        self,
        value: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ImportFault {
        let Self { file, sheet, row, column } = self;
        let (problem, remedy) = (problem.into(), remedy.into());
        ImportFault {
            file,
            sheet,
            row,
            column,
            value: crate::cell::shorten(value),
            problem,
            remedy,
        }
    }
}

/// Faults and warnings as they are found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<ImportFault>,
    warnings: Vec<ImportFault>,
    more: usize,
}

impl Findings {
    pub(super) fn fault(&mut self, fault: ImportFault) {
        if self.faults.len() < MOST {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn warn(&mut self, warning: ImportFault) {
        if self.warnings.len() < MOST {
            self.warnings.push(warning);
        }
    }

    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Faults and warnings, each once, in order.
    pub(super) fn into_parts(self) -> (Vec<ImportFault>, Vec<ImportFault>) {
        let Self { mut faults, mut warnings, more } = self;
        for list in [&mut faults, &mut warnings] {
            list.sort();
            list.dedup();
        }
        if more > 0
            && let Some(last) = faults.last()
        {
            let problem = format!("… and {more} more faults");
            let remedy = "mend those above first: many may have one cause";
            faults.push(Place::file(last.file.clone()).fault("", problem, remedy));
        }
        (faults, warnings)
    }
}
