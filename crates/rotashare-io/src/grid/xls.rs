//! What an old Excel workbook claims, looked at before it is read.

use std::io::{Cursor, Read};

use super::{GridError, limits, packed};

const BOUND_SHEET: u16 = 0x0085;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const MERGED: u16 = 0x00E5;
const STRINGS: u16 = 0x00FC;
const CONTINUED: u16 = 0x003C;
/// A cell that has a text of the table of strings.
const LABEL: u16 = 0x00FD;
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

    let mut starts = Vec::new();
    let mut table: Vec<&[u8]> = Vec::new();
    let mut in_table = false;
    for (kind, content) in Records(&stream) {
        in_table = kind == STRINGS || in_table && kind == CONTINUED;
        if in_table {
            table.push(content);
        }
        match kind {
            BOUND_SHEET => starts.push(long(content, 0).ok_or_else(damaged)?),
            END => break,
            _ => {}
        }
    }
    let lengths =
        if table.is_empty() { Vec::new() } else { lengths(&table).ok_or_else(damaged)? };
    let (mut cells, mut text): (u64, u64) = (0, 0);
    for start in starts {
        let sheet = stream.get(usize::try_from(start).unwrap_or(usize::MAX)..);
        let sheet = size(sheet.ok_or_else(damaged)?, &lengths).ok_or_else(damaged)?;
        cells = cells.saturating_add(sheet.0);
        text = text.saturating_add(sheet.1);
    }
    if text > limits::TEXT as u64 {
        let problem = format!("there are more than {} MiB of text", limits::TEXT >> 20);
        let remedy = "leave out what does not concern the horizon";
        return Err(GridError::refused(name, problem, remedy));
    }
    if cells > limits::CELLS as u64 {
        let problem = format!("there are more than {} cells", limits::CELLS);
        let remedy = "delete what stands far to the right or far below";
        return Err(GridError::refused(name, problem, remedy));
    }
    Ok(())
}

/// The cells of the rectangle that a sheet's cells span, and the letters of the texts in them; `None`
/// where a record is not as it must be.
fn size(sheet: &[u8], lengths: &[u16]) -> Option<(u64, u64)> {
    let (mut rows, mut columns, mut text): (u64, u64, u64) = (0, 0, 0);
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
                if kind == LABEL {
                    let index = usize::try_from(long(content, 6)?).ok()?;
                    text = text.saturating_add(u64::from(*lengths.get(index)?));
                }
            }
            _ => {}
        }
    }
    Some((rows * columns, text))
}

/// The lengths in letters of the texts in the table of strings, which may go on in several records.
fn lengths(table: &[&[u8]]) -> Option<Vec<u16>> {
    let count = usize::try_from(long(table.first()?, 4)?).ok()?;
    let mut at = Position { table, record: 0, byte: 8 };
    let mut lengths = Vec::new();
    for _ in 0..count {
        // Some writers count more than there are.
        let Some(length) = at.short() else { break };
        let flags = at.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(at.short()?) };
        let more = if flags & 4 == 0 {
            0
        } else {
            let (low, high) = (at.short()?, at.short()?);
            usize::from(low) | usize::from(high) << 16
        };
        at.letters(usize::from(length), flags & 1 == 1)?;
        at.skip(runs * 4 + more)?;
        lengths.push(length);
    }
    Some(lengths)
}

/// A place in the records of the table of strings.
struct Position<'a> {
    table: &'a [&'a [u8]],
    record: usize,
    byte: usize,
}

impl Position<'_> {
    /// The bytes left in the record; goes to the next one where there are none.
    fn left(&mut self) -> Option<usize> {
        loop {
            let left = self.table.get(self.record)?.len().checked_sub(self.byte)?;
            if left > 0 {
                return Some(left);
            }
            (self.record, self.byte) = (self.record + 1, 0);
        }
    }

    fn byte(&mut self) -> Option<u8> {
        self.left()?;
        let byte = *self.table.get(self.record)?.get(self.byte)?;
        self.byte += 1;
        Some(byte)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.left()?.min(bytes);
            self.byte += step;
            bytes -= step;
        }
        Some(())
    }

    /// Goes over letters of one or two bytes; a record that goes on with them says anew of how many.
    fn letters(&mut self, mut count: usize, mut is_wide: bool) -> Option<()> {
        while count > 0 {
            let record = self.record;
            let left = self.left()?;
            if self.record != record {
                is_wide = self.byte()? & 1 == 1;
                continue;
            }
            let width = if is_wide { 2 } else { 1 };
            let step = (left / width).min(count);
            if step == 0 {
                return None;
            }
            self.byte += step * width;
            count -= step;
        }
        Some(())
    }
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
