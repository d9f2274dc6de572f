//! A workbook as text: its parts one after the other, each below a line with its name. A change in it gets
//! past compression and checksums, to what reads the cells.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a line with the name of a part begins with.
const PART: &[u8] = b"@@ ";

/// The workbook of which these are the parts; anything else as it is.
#[must_use]
pub fn packed(data: &[u8]) -> Vec<u8> {
    if !data.starts_with(PART) {
        return data.to_vec();
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let between = [b"\n", PART].concat();
    for part in split(&data[PART.len()..], &between) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let (name, content) = part.split_at(end);
        let name = String::from_utf8_lossy(name);
        // A name can't be there twice.
        if zip.start_file(name, SimpleFileOptions::default()).is_ok() {
            zip.write_all(content.get(1..).unwrap_or_default()).expect("there is room");
        }
    }
    zip.finish().expect("there is room").into_inner()
}

/// What stands between separators.
#[must_use]
pub fn split<'a>(data: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(separator.len()).position(|one| one == separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}
