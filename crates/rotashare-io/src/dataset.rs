//! A folder to a draft, with every fault of its cells.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rotashare_core::draft::Draft;
use rotashare_core::fault::{Fault, MOST_TOLD, Table, nearest};
use sha2::{Digest, Sha256};

use crate::column::is_required;
use crate::file::Stamp;
use crate::findings::Findings;
use crate::sheet::{self, Sheet};
use crate::tables::Record;
use crate::{file, network_toml};

/// The most rows of all files of a dataset together.
const MAX_ALL_ROWS: usize = 1_500_000;

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
    /// It is a file; a dataset is a folder.
    #[error("{} is not a folder; give the folder that has network.toml", path.display())]
    NotAFolder {
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
    /// Files whose keys could not be read.
    pub(crate) illegible: Vec<Table>,
    /// Required columns that a file has not.
    pub(crate) missing: Vec<(Table, &'static str)>,
    /// Keys of rows with faults, by file.
    pub(crate) doubtful: BTreeMap<Table, Vec<String>>,
}

/// Reads the dataset in a folder.
///
/// # Errors
/// Where there is no such folder or it can't be listed. What is wrong with the files in it is no error
/// but a fault of the [`Reading`].
pub fn read_dataset(dir: &Path) -> Result<Reading, ReadError> {
    let path = || dir.to_owned();
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(ReadError::NotAFolder { path: path() }),
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
        rows_left: MAX_ALL_ROWS,
        reading: Reading {
            draft: Draft { network: network_toml::empty(), ..Draft::default() },
            faults: Vec::new(),
            warnings: Vec::new(),
            sha256: String::new(),
            illegible: Vec::new(),
            missing: Vec::new(),
            doubtful: BTreeMap::new(),
        },
    };
    let mut tables = Table::ALL;
    tables.sort_by_key(|table| table.file_name());
    for table in tables {
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
    reading.sha256 = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    reading.faults.sort();
    reading.warnings.sort();
    Ok(reading)
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
    let near = others.iter().find(|name| meant(name) == Some(table))?;
    Some(format!("rename {near} to {}", table.file_name()))
}

struct Files<'a> {
    dir: &'a Path,
    others: &'a [String],
    digest: Sha256,
    /// What has been read, to be looked at again at the end.
    read: Vec<(Table, Stamp)>,
    bytes_left: u64,
    rows_left: usize,
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
                    Ok(text) => self.fill(table, Some(text), &mut findings),
                    Err(fault) => {
                        findings.fault(fault);
                        self.fill(table, None, &mut findings);
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
                self.fill(table, None, &mut findings);
            }
        }
        let (faults, warnings) = findings.into_parts();
        self.reading.faults.extend(faults);
        self.reading.warnings.extend(warnings);
    }

    /// Puts a file into the draft; `None` for one that is there but can't be read.
    fn fill(&mut self, table: Table, text: Option<&str>, findings: &mut Findings) {
        match table {
            Table::Network => match text {
                Some(text) => self.reading.draft.network = network_toml::read(text, findings),
                None => self.reading.illegible.push(table),
            },
            Table::Specialties => self.reading.draft.specialties = Some(self.rows(text, findings)),
            Table::BankHolidays => {
                self.reading.draft.bank_holidays = Some(self.rows(text, findings));
            }
            Table::Trusts => self.reading.draft.trusts = self.rows(text, findings),
            Table::Sites => self.reading.draft.sites = self.rows(text, findings),
            Table::Travel => self.reading.draft.travel = Some(self.rows(text, findings)),
            Table::Consultants => self.reading.draft.consultants = self.rows(text, findings),
            Table::Accreditations => {
                self.reading.draft.accreditations = self.rows(text, findings);
            }
            Table::Authorisations => {
                self.reading.draft.authorisations = Some(self.rows(text, findings));
            }
            Table::JobPlans => self.reading.draft.job_plans = Some(self.rows(text, findings)),
            Table::Leave => self.reading.draft.leave = Some(self.rows(text, findings)),
            Table::OnCall => self.reading.draft.on_call = Some(self.rows(text, findings)),
            Table::Clinics => self.reading.draft.clinics = Some(self.rows(text, findings)),
            Table::ClinicChanges => {
                self.reading.draft.clinic_changes = Some(self.rows(text, findings));
            }
            Table::Sessions => self.reading.draft.sessions = Some(self.rows(text, findings)),
            Table::Cover => self.reading.draft.cover = Some(self.rows(text, findings)),
            Table::Agreements => self.reading.draft.agreements = Some(self.rows(text, findings)),
            Table::Preferences => self.reading.draft.preferences = Some(self.rows(text, findings)),
            Table::Pins => self.reading.draft.pins = Some(self.rows(text, findings)),
            Table::Published => self.reading.draft.published = Some(self.rows(text, findings)),
            Table::History => self.reading.draft.history = Some(self.rows(text, findings)),
            _ => {}
        }
    }

    fn rows<R: Record>(&mut self, text: Option<&str>, findings: &mut Findings) -> Vec<R> {
        let table = findings.table();
        let Some(text) = text else {
            self.reading.illegible.push(table);
            return Vec::new();
        };
        let Sheet { rows, is_legible, missing, doubtful } =
            sheet::read(text, false, self.rows_left, findings);
        self.rows_left = self.rows_left.saturating_sub(rows.len());
        if !is_legible {
            self.reading.illegible.push(table);
        }
        self.reading.missing.extend(missing.into_iter().map(|column| (table, column)));
        if !doubtful.is_empty() {
            self.reading.doubtful.insert(table, doubtful);
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
