//! Why a file can't be read as rows.

use std::io;
use std::path::PathBuf;

/// Why a file can't be read as rows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// There is nothing there.
    #[error("there is no file {}", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// It is a folder or a device.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// What was asked for.
        path: PathBuf,
    },
    /// It can't be read.
    #[error("{} can't be read", path.display())]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is over a limit, damaged, or of another kind.
    #[error("{file}{}: {problem}{}", place(sheet.as_deref(), *row), after(remedy))]
    Refused {
        /// The file's name.
        file: String,
        /// The sheet, where the fault lies in one.
        sheet: Option<String>,
        /// The row or line, where it lies in one.
        row: Option<u32>,
        /// What is wrong, a clause without a full stop.
        problem: String,
        /// What to do about it; may be empty.
        remedy: String,
    },
}

impl GridError {
    pub(super) fn refused(
        file: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Refused {
            file: file.to_owned(),
            sheet: None,
            row: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same at a row.
    pub(super) fn at(self, number: u32) -> Self {
        match self {
            Self::Refused { file, sheet, problem, remedy, .. } => {
                Self::Refused { file, sheet, row: Some(number), problem, remedy }
            }
            other => other,
        }
    }

    /// The same in a sheet.
    pub(super) fn inside(self, name: &str) -> Self {
        match self {
            Self::Refused { file, row, problem, remedy, .. } => {
                Self::Refused { file, sheet: Some(name.to_owned()), row, problem, remedy }
            }
            other => other,
        }
    }
}

fn place(sheet: Option<&str>, row: Option<u32>) -> String {
    let what = if sheet.is_some() { "row" } else { "line" };
    let sheet = sheet.map(|name| format!(", sheet {name:?}")).unwrap_or_default();
    let row = row.map(|number| format!(", {what} {number}")).unwrap_or_default();
    format!("{sheet}{row}")
}

fn after(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("; {text}") }
}
