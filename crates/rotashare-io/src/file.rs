//! A file's bytes, refused early where they can't be a dataset's.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use rotashare_core::fault::{Fault, Table};

use crate::dataset::ReadError;

/// The largest file that is read, in bytes: 64 MiB.
pub(crate) const MAX_BYTES: u64 = 64 << 20;
/// The largest `network.toml`: 1 MiB.
pub(crate) const MAX_TOML: u64 = 1 << 20;
/// The most bytes of all files of a dataset together: 256 MiB.
pub(crate) const MAX_ALL: u64 = 256 << 20;

/// What a file was like when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), changed: metadata.modified().ok() }
    }
}

/// Reads a file of a dataset, of which `left` bytes may still be read; `None` where there is none.
/// Nothing over [`MAX_BYTES`] is loaded.
pub(crate) fn load(
    path: &Path,
    table: Table,
    left: u64,
) -> Result<Option<(Vec<u8>, Stamp)>, Fault> {
    let fault = |problem: String, remedy: &str| Err(Fault::of_file(table, problem, remedy));
    let unreadable = |error: io::Error| {
        Fault::of_file(
            table,
            format!("the file can't be read: {error}"),
            "check that it is there and may be read",
        )
    };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if fs::symlink_metadata(path).is_ok() {
                return fault(
                    "it is a link to a file that is not there".into(),
                    "put the file there",
                );
            }
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error)),
    };
    if metadata.is_dir() {
        return fault("it is a folder, not a file".into(), "put the file in its place");
    }
    if !metadata.is_file() {
        return fault("it is not a regular file".into(), "put a file in its place");
    }
    let most = if table == Table::Network { MAX_TOML } else { MAX_BYTES };
    let too_large = |bytes: u64| {
        if bytes > most {
            let problem = format!("the file has {}, over the limit of {}", mib(bytes), mib(most));
            return fault(problem, "leave out what does not concern the horizon");
        }
        let problem = format!(
            "with this file's {} the dataset has over {}, the limit of all files together",
            mib(bytes),
            mib(MAX_ALL)
        );
        fault(problem, "leave out what does not concern the horizon")
    };
    let most_now = most.min(left);
    if metadata.len() > most_now {
        return too_large(metadata.len());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // It may grow while it is read.
    let mut file = File::open(path).map_err(unreadable)?;
    (&mut file).take(most_now + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most_now {
        return too_large(bytes.len() as u64);
    }
    let stamp = Stamp::of(&metadata);
    let now = file.metadata().map_err(unreadable)?;
    if Stamp::of(&now) != stamp || bytes.len() as u64 != stamp.bytes {
        return Err(changed(table));
    }
    Ok(Some((bytes, stamp)))
}

/// Reads a file that is no part of a dataset, within the same limits.
///
/// # Errors
/// Where it is not there, is no regular file, is too large or can't be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    match load(path, Table::Rota, MAX_BYTES) {
        Ok(Some((bytes, _))) => Ok(bytes),
        Ok(None) => Err(ReadError::NotFound { path: path.to_owned() }),
        Err(fault) => Err(ReadError::Unreadable {
            path: path.to_owned(),
            source: io::Error::other(format!("{}; {}", fault.problem, fault.remedy)),
        }),
    }
}

/// Checks that a file is as it was when it was read.
pub(crate) fn check_unchanged(path: &Path, table: Table, stamp: Stamp) -> Result<(), Fault> {
    match fs::metadata(path) {
        Ok(metadata) if Stamp::of(&metadata) == stamp => Ok(()),
        _ => Err(changed(table)),
    }
}

fn changed(table: Table) -> Fault {
    let problem = "the file was changed while it was read";
    Fault::of_file(table, problem, "wait until it is saved, and run again")
}

fn mib(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{bytes} bytes"),
        many => format!("{many} MiB"),
    }
}

const SAVE_AS: &str =
    "in the spreadsheet choose Save As, \"CSV UTF-8 (Comma delimited) (*.csv)\", and use that file";
const SAVE_TEXT: &str = "save it as plain text in UTF-8";

/// The bytes as text without a byte-order mark; a fault where they are none.
pub(crate) fn text(bytes: &[u8], table: Table) -> Result<&str, Fault> {
    let remedy = if table == Table::Network { SAVE_TEXT } else { SAVE_AS };
    let fault = |problem: String, remedy: &str| Err(Fault::of_file(table, problem, remedy));
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return fault("it is a spreadsheet workbook, not text".into(), remedy);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return fault("it is text in UTF-16, not UTF-8".into(), remedy);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return fault("it is a binary file, not text".into(), remedy);
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = lines_in(&bytes[..at]) + 1;
        let byte = bytes.get(at).copied().unwrap_or(0);
        let is_semicolons = is_separated_by(&bytes[..at], b';');
        let commas = if is_semicolons { "; it is separated by semicolons now" } else { "" };
        Fault {
            line: Some(line),
            ..Fault::of_file(
                table,
                format!("the text is not UTF-8 (byte {byte:#04x}), perhaps Windows-1252"),
                format!("{remedy}{commas}"),
            )
        }
    })
}

/// Whether the first line has a separator and no comma.
pub(crate) fn is_separated_by(bytes: &[u8], separator: u8) -> bool {
    let first = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_empty());
    first.is_some_and(|line| line.contains(&separator) && !line.contains(&b','))
}

/// How many lines end in a text: at `\n`, `\r\n` or a `\r` alone.
pub(crate) fn lines_in(bytes: &[u8]) -> u32 {
    let mut lines: u32 = 0;
    let mut after_return = false;
    for byte in bytes {
        match byte {
            b'\n' if !after_return => lines = lines.saturating_add(1),
            b'\r' => lines = lines.saturating_add(1),
            _ => {}
        }
        after_return = *byte == b'\r';
    }
    lines
}
