//! A dataset to a draft, with every fault of its cells.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rotashare_core::draft::Draft;
use rotashare_core::fault::{Fault, MOST_TOLD, Table, nearest};
use sha2::{Digest, Sha256};

use crate::book::{self, Book};
use crate::column::is_required;
use crate::file::{self, Stamp};
use crate::fill::Content;
use crate::findings::Findings;
use crate::grid::GridError;

/// The most rows of all files or sheets of a dataset together.
pub(crate) const MAX_ALL_ROWS: usize = 1_500_000;

/// Why nothing could be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing there.
    #[error("there is no file or folder {}", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// It is a file that is no workbook.
    #[error(
        "{} is neither a folder nor a workbook; give the folder that has network.toml, or the workbook \
         (.xlsx, .ods)",
        path.display()
    )]
    NotADataset {
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
    /// It is a workbook that can't be read.
    #[error(transparent)]
    Workbook(#[from] GridError),
}

/// A dataset as far as it could be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// What was read. A row with a fault is left out, unless other files refer to it: then defaults
    /// stand where its cells are wrong.
    pub draft: Draft,
    /// What is wrong, in order of file, line and column.
    pub faults: Vec<Fault>,
    /// What is worth a look, in the same order.
    pub warnings: Vec<Fault>,
    /// SHA-256 in hexadecimal over name, length and bytes of every file read, in order of name.
    pub sha256: String,
    /// The workbook that it was read from; `None` for a folder.
    pub book: Option<Book>,
    /// Files whose keys could not be read.
    pub(crate) illegible: Vec<Table>,
    /// Required columns that a file has not.
    pub(crate) missing: Vec<(Table, &'static str)>,
    /// Keys of rows with faults, by file.
    pub(crate) doubtful: BTreeMap<Table, Vec<String>>,
    /// How many rows may still be read.
    pub(crate) rows_left: usize,
}

/// Reads the dataset in a folder, or in a workbook that has a sheet for each file.
///
/// # Errors
/// Where there is no such folder or workbook, or it can't be listed or opened. What is wrong with the
/// files or sheets in it is no error but a fault of the [`Reading`].
pub fn read_dataset(dir: &Path) -> Result<Reading, ReadError> {
    let path = || dir.to_owned();
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return book::read(dir),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ReadError::NotFound { path: path() });
        }
        Err(source) => return Err(ReadError::Unreadable { path: path(), source }),
    }
    let others =
        other_files(dir).map_err(|source| ReadError::Unreadable { path: path(), source })?;

    let mut files = Files {
        dir,
        others: &others,
        digest: Sha256::new(),
        read: Vec::new(),
        bytes_left: file::MAX_ALL,
        reading: Reading::empty(),
    };
    for table in by_name() {
        files.read(table);
    }
    let Files { digest, read, mut reading, .. } = files;
    for (table, stamp) in read {
        // Files of two versions of a dataset don't belong together.
        let unchanged = file::check_unchanged(&dir.join(table.file_name()), table, stamp);
        reading.faults.extend(unchanged.err());
    }
    if reading.draft.clinics.is_none() && reading.draft.sessions.is_none() {
        let near = rename(&others, Table::Clinics).or_else(|| rename(&others, Table::Sessions));
        reading.faults.push(Fault::of_file(
            Table::Clinics,
            "there is neither clinics.csv nor sessions.csv",
            near.unwrap_or_else(|| "add one of the two, or both".into()),
        ));
    }
    for name in others.iter().take(MOST_TOLD) {
        reading.warnings.push(unread(name));
    }
    Ok(reading.finish(digest.finalize()))
}

/// The files of a dataset in order of name, in which they are read.
pub(crate) fn by_name() -> [Table; Table::ALL.len()] {
    let mut tables = Table::ALL;
    tables.sort_by_key(|table| table.file_name());
    tables
}

/// The files of the folder that are no part of a dataset, by name; README, hidden files and folders
/// don't count.
fn other_files(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_known = Table::ALL.iter().any(|table| table.file_name() == name);
        let is_quiet = name.starts_with(['.', '~'])
            || name.to_ascii_uppercase().starts_with("README")
            || name.to_ascii_uppercase().starts_with("LICEN");
        if !is_known && !is_quiet && !entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The file of a dataset that a name may be meant for.
fn meant(name: &str) -> Option<Table> {
    let lower = name.to_lowercase();
    let near = nearest(&lower, Table::ALL.into_iter().map(Table::file_name))?;
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    // All names end alike, so the stems decide.
    nearest(&stem(&lower), [stem(near).as_str()])?;
    Table::ALL.into_iter().find(|table| table.file_name() == near)
}

fn unread(name: &str) -> Fault {
    let problem = format!("the folder has {name:?}, which is no part of a dataset and is not read");
    match meant(name) {
        Some(table) => {
            Fault::of_file(table, problem, format!("did you mean {}?", table.file_name()))
        }
        None => Fault::of_file(Table::Network, problem, "take it out if it is not needed"),
    }
}

/// Where a file is absent and another one has nearly its name: what to do.
fn rename(others: &[String], table: Table) -> Option<String> {
    if let Some(near) = others.iter().find(|name| meant(name) == Some(table)) {
        return Some(format!("rename {near} to {}", table.file_name()));
    }
    let book = others.iter().find(|name| name.to_lowercase().ends_with(".xlsx"))?;
    (table == Table::Network)
        .then(|| format!("give {book} in place of the folder, or add {}", table.file_name()))
}

struct Files<'a> {
    dir: &'a Path,
    others: &'a [String],
    digest: Sha256,
    /// What has been read, to be looked at again at the end.
    read: Vec<(Table, Stamp)>,
    bytes_left: u64,
    reading: Reading,
}

impl Files<'_> {
    fn read(&mut self, table: Table) {
        let mut findings = Findings::new(table);
        let path = self.dir.join(table.file_name());
        match file::load(&path, table, self.bytes_left) {
            Ok(Some((bytes, stamp))) => {
                self.read.push((table, stamp));
                self.bytes_left = self.bytes_left.saturating_sub(bytes.len() as u64);
                self.digest.update(table.file_name().as_bytes());
                self.digest.update([0]);
                self.digest.update((bytes.len() as u64).to_le_bytes());
                self.digest.update(&bytes);
                match file::text(&bytes, table) {
                    Ok(text) => {
                        self.reading.fill(table, Some(Content::Text(text)), &mut findings);
                    }
                    Err(fault) => {
                        findings.fault(fault);
                        self.reading.fill(table, None, &mut findings);
                    }
                }
            }
            Ok(None) if is_required(table) => {
                let remedy = rename(self.others, table)
                    .unwrap_or_else(|| format!("add {} to the folder", table.file_name()));
                findings.of_file("the file is missing", remedy);
                self.reading.illegible.push(table);
            }
            Ok(None) => {}
            Err(fault) => {
                findings.fault(fault);
                self.reading.fill(table, None, &mut findings);
            }
        }
        self.reading.add(findings);
    }
}
