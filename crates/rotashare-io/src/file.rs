//! A file's bytes, refused early where they can't be a dataset's.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rotashare_core::fault::{Fault, Table};

/// The largest file that is read, in bytes: 64 MiB.
pub(crate) const MAX_BYTES: u64 = 64 << 20;

/// Reads a file of a dataset; `None` where there is none. Nothing over [`MAX_BYTES`] is loaded.
pub(crate) fn load(path: &Path, table: Table) -> Result<Option<Vec<u8>>, Fault> {
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
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    if metadata.is_dir() {
        return fault("it is a folder, not a file".into(), "put the file in its place");
    }
    if !metadata.is_file() {
        return fault("it is not a regular file".into(), "put a file in its place");
    }
    let too_large = |bytes: u64| {
        format!("the file has {} MiB, over the limit of {} MiB", bytes >> 20, MAX_BYTES >> 20)
    };
    let remedy = "leave out what does not concern the horizon";
    if metadata.len() > MAX_BYTES {
        return fault(too_large(metadata.len()), remedy);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // It may grow while it is read.
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return fault(too_large(bytes.len() as u64), remedy);
    }
    Ok(Some(bytes))
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
