//! What an old Excel workbook claims, looked at before it is read.

use std::io::{Cursor, Read};

use super::{GridError, limits, packed};

const BOUND_SHEET: u16 = 0x0085;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const MERGED: u16 = 0x00E5;
/// Formula, number, label, boolean, rich label, several numbers, label of the table, number.
const CELLS: [u16; 8] = [0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00BD, 0x00FD, 0x027E];
/// Columns that the format has.
const COLUMNS: u64 = 256;

/// Refuses a workbook whose cells would not fit: one at each far corner of a sheet is enough to ask for
/// gigabytes.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<(), GridError> {
    let damaged = || packed::damaged(name);
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    let path = ["/Workbook", "/Book"].into_iter().find(|path| file.is_stream(path));
    let Some(path) = path else {
        let problem = "it is an Office file, but no Excel workbook";
        let remedy = "save the sheet as .xlsx; a workbook with a password, without it";
        return Err(GridError::refused(name, problem, remedy));
    };
    let mut stream = Vec::new();
    let opened = file.open_stream(path).map_err(|_| damaged())?;
    opened.take(limits::BYTES).read_to_end(&mut stream).map_err(|_| damaged())?;

    let mut cells: u64 = 0;
    for (kind, content) in Records(&stream) {
        match kind {
            BOUND_SHEET => {
                let start =
                    content.get(..4).and_then(|at| at.try_into().ok()).ok_or_else(damaged)?;
                let start = usize::try_from(u32::from_le_bytes(start)).unwrap_or(usize::MAX);
                let sheet = stream.get(start..).ok_or_else(damaged)?;
                cells = cells.saturating_add(size(sheet).ok_or_else(damaged)?);
            }
            END => break,
            _ => {}
        }
    }
    if cells > limits::CELLS as u64 {
        let problem = format!("there are more than {} cells", limits::CELLS);
        let remedy = "delete what stands far to the right or far below";
        return Err(GridError::refused(name, problem, remedy));
    }
    Ok(())
}

/// The cells of the rectangle that a sheet's cells span; `None` where a record is not as it must be.
fn size(sheet: &[u8]) -> Option<u64> {
    let (mut rows, mut columns): (u64, u64) = (0, 0);
    for (kind, content) in Records(sheet) {
        match kind {
            END => break,
            DIMENSIONS => {
                let claimed = match content.len() {
                    14 => u64::from(long(content, 4)?.checked_sub(long(content, 0)?)?),
                    _ => u64::from(short(content, 2)?.checked_sub(short(content, 0)?)?),
                };
                let at = if content.len() == 14 { 8 } else { 4 };
                let wide = short(content, at + 2)?.checked_sub(short(content, at)?)?;
                // It is room that is set aside, so the claim counts.
                if claimed > 65_536 || u64::from(wide) > COLUMNS {
                    return None;
                }
            }
            MERGED => {
                let count = usize::from(short(content, 0)?);
                content.get(..2 + count * 8)?;
            }
            kind if CELLS.contains(&kind) => {
                let last = if kind == 0x00BD { content.len().checked_sub(2)? } else { 2 };
                let column = u64::from(short(content, last)?);
                if column >= COLUMNS || short(content, 2)? > short(content, last)? {
                    return None;
                }
                rows = rows.max(u64::from(short(content, 0)?) + 1);
                columns = columns.max(column + 1);
            }
            _ => {}
        }
    }
    Some(rows * columns)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// The records of a stream: kind and content.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let content = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, content))
    }
}
