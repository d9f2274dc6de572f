//! The parts of a zipped workbook, never more of them than the limit.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{GridError, limits};

/// The names of the parts, after unpacking them all once to see that they stay within the limit: what
/// the archive claims of their size need not be so.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<Vec<String>, GridError> {
    let damaged = |_: zip::result::ZipError| damaged(name);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = limits::UNPACKED;
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) if part.is_file() => part,
            Ok(_) => continue,
            Err(error) => {
                let problem = format!("the workbook can't be unpacked: {error}");
                return Err(GridError::refused(name, problem, "save it without a password"));
            }
        };
        names.push(part.name().map_err(damaged)?.into_owned());
        let size =
            io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| self::damaged(name))?;
        left = left.checked_sub(size).ok_or_else(|| {
            let most = limits::UNPACKED >> 20;
            let problem = format!("the workbook has more than {most} MiB, unpacked");
            GridError::refused(name, problem, "leave out what does not concern the horizon")
        })?;
    }
    Ok(names)
}

/// A part as text; `None` where there is no such part.
pub(super) fn text(name: &str, bytes: &[u8], part: &str) -> Result<Option<String>, GridError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
    let Ok(part) = archive.by_name(part) else { return Ok(None) };
    let mut text = String::new();
    part.take(limits::UNPACKED).read_to_string(&mut text).map_err(|_| damaged(name))?;
    Ok(Some(text))
}

pub(super) fn damaged(name: &str) -> GridError {
    let remedy = "open it in the spreadsheet and save it again as .xlsx";
    GridError::refused(name, "the workbook is damaged", remedy)
}
