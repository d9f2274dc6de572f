//! What an OpenDocument sheet has of merged cells, and how large it will be, before it is read.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::build::Merged;
use super::{GridError, limits, packed};

/// The merged cells of each sheet, in order of the sheets.
///
/// A few bytes can repeat a cell a thousand million times, so what would not fit is refused here.
pub(super) fn merged(name: &str, bytes: &[u8]) -> Result<Vec<Vec<Merged>>, GridError> {
    let Some(text) = packed::text(name, bytes, "content.xml")? else {
        return Err(packed::damaged(name));
    };
    let mut reader = Reader::from_str(&text);
    let mut sheets: Vec<Vec<Merged>> = Vec::new();
    let mut walk = Walk::default();
    // How many tags are open: what ends before they do, calamine would wait for.
    let mut open = 0_u32;
    loop {
        let event = reader.read_event().map_err(|_| packed::damaged(name))?;
        match &event {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            Event::Eof if open > 0 => return Err(packed::damaged(name)),
            _ => {}
        }
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_closed = matches!(event, Event::Empty(_));
                let repeats = |key| repeats(tag, key).ok_or_else(|| packed::damaged(name));
                match tag.name().as_ref() {
                    // A sheet in a sheet or a row in a row would be counted apart and read as one.
                    "table:table" if walk.is_in_sheet => return Err(packed::damaged(name)),
                    "table:table-row" if walk.is_in_row => return Err(packed::damaged(name)),
                    "table:table" => {
                        walk.next_sheet();
                        walk.is_in_sheet = !is_closed;
                        sheets.push(Vec::new());
                    }
                    "table:table-row" => {
                        walk.row_repeats = repeats("table:number-rows-repeated")?;
                        walk.is_in_row = !is_closed;
                        walk.column = 0;
                        walk.filled = 0;
                        if is_closed {
                            walk.end_row();
                        }
                    }
                    "table:table-cell" | "table:covered-table-cell" => {
                        let columns = repeats("table:number-columns-spanned")?;
                        let rows = repeats("table:number-rows-spanned")?;
                        let area = walk.area(columns, rows);
                        if let (Some(sheet), Some(area)) = (sheets.last_mut(), area) {
                            sheet.push(area);
                        }
                        walk.cell(tag, repeats("table:number-columns-repeated")?);
                    }
                    "text:s" => walk.text(repeats("text:c")?),
                    _ => {}
                }
            }
            Event::Text(text) => walk.text(text.len() as u64),
            Event::End(tag) => match tag.name().as_ref() {
                "table:table" => walk.is_in_sheet = false,
                "table:table-row" => walk.end_row(),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
        if walk.text > limits::TEXT as u64 {
            let problem = format!("there are more than {} MiB of text", limits::TEXT >> 20);
            let remedy = "leave out what does not concern the horizon";
            return Err(GridError::refused(name, problem, remedy));
        }
        if walk.is_too_large() {
            let problem = format!("there are more than {} cells", limits::CELLS);
            let remedy = "delete what stands far to the right or far below";
            return Err(GridError::refused(name, problem, remedy));
        }
    }
    Ok(sheets)
}

/// What a cell has that is not empty, as calamine has it.
const FILLED: [&str; 8] = [
    "office:value-type",
    "calcext:value-type",
    "table:formula",
    "office:value",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
];

/// Where the walk over a sheet is, and how many cells it takes so far.
#[derive(Default)]
struct Walk {
    is_in_sheet: bool,
    is_in_row: bool,
    row: u64,
    row_repeats: u64,
    column: u64,
    /// The end of the filled cells of the row.
    filled: u64,
    width: u64,
    height: u64,
    /// Cells of the sheets before, and single cells written out in rows of this one.
    before: u64,
    written: u64,
    /// How often the cell being read is there, and the bytes of all texts.
    copies: u64,
    text: u64,
}

impl Walk {
    fn next_sheet(&mut self) {
        let before = self.before.saturating_add(self.width.saturating_mul(self.height));
        *self = Self { before, written: self.written, text: self.text, ..Self::default() };
    }

    fn cell(&mut self, tag: &BytesStart<'_>, columns: u64) {
        self.column = self.column.saturating_add(columns);
        self.copies = columns.saturating_mul(self.row_repeats);
        let value = tag.try_get_attribute("office:string-value").ok().flatten();
        self.text(value.map_or(0, |value| value.value.len() as u64));
        let has = |key: &str| matches!(tag.try_get_attribute(key), Ok(Some(_)));
        if FILLED.into_iter().any(has) {
            self.written = self.written.saturating_add(self.column - self.filled);
            self.filled = self.column;
        }
    }

    /// A text in the cell being read.
    fn text(&mut self, bytes: u64) {
        // What is repeated and empty is not written out.
        let copies = self.copies.min(limits::CELLS as u64).max(1);
        self.text = self.text.saturating_add(bytes.saturating_mul(copies));
    }

    /// What a cell that spans others covers.
    fn area(&self, columns: u64, rows: u64) -> Option<Merged> {
        if columns.max(rows) == 1 {
            return None;
        }
        let row = u32::try_from(self.row).ok()?;
        let column = usize::try_from(self.column).ok()?;
        Some(Merged {
            top: row,
            left: column,
            bottom: row.saturating_add(u32::try_from(rows - 1).ok()?),
            right: column.saturating_add(usize::try_from(columns - 1).ok()?),
        })
    }

    fn end_row(&mut self) {
        self.is_in_row = false;
        self.row = self.row.saturating_add(self.row_repeats);
        if self.filled > 0 {
            self.height = self.row;
            self.width = self.width.max(self.filled);
        }
    }

    fn is_too_large(&self) -> bool {
        let dense = self.width.max(self.filled).saturating_mul(self.height.max(1));
        let most = limits::CELLS as u64;
        self.before.saturating_add(dense) > most || self.written > most
    }
}

/// The number in an attribute, 1 where there is none; `None` where it is no number.
fn repeats(tag: &BytesStart<'_>, key: &str) -> Option<u64> {
    match tag.try_get_attribute(key).ok()? {
        Some(one) => one.value.trim().parse().ok().map(|count: u64| count.max(1)),
        None => Some(1),
    }
}
