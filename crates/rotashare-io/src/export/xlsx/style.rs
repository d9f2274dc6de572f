//! How a workbook looks: formats, columns, printing. Every cell of text is written as text.

use std::collections::BTreeSet;

use rotashare_core::time::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

/// Formats that the sheets share. Tints of Okabe and Ito's colours; words say the same as the tints.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) title: Format,
    pub(crate) note: Format,
    pub(crate) head: Format,
    /// Over numbers.
    pub(crate) number_head: Format,
    pub(crate) text: Format,
    pub(crate) right: Format,
    pub(crate) wrapped: Format,
    pub(crate) empty: Format,
    pub(crate) away: Format,
    pub(crate) site: Format,
    pub(crate) week: Format,
    pub(crate) date: Format,
    pub(crate) money: Format,
    pub(crate) strong_money: Format,
    pub(crate) strong: Format,
    pub(crate) link: Format,
    pub(crate) input: Format,
}

impl Style {
    pub(crate) fn new() -> Self {
        let text = Format::new().set_align(FormatAlign::Top);
        let boxed =
            text.clone().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xBB_BB_BB));
        let wrapped = boxed.clone().set_text_wrap();
        let strong = text.clone().set_bold();
        let head = boxed
            .clone()
            .set_bold()
            .set_text_wrap()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x00_3B_5C));
        Self {
            title: Format::new().set_bold().set_font_size(14),
            note: Format::new().set_font_color(Color::RGB(0x44_44_44)),
            number_head: head.clone().set_align(FormatAlign::Right),
            head,
            empty: wrapped.clone().set_bold().set_background_color(Color::RGB(0xF6_C6_8A)),
            away: wrapped.clone().set_background_color(Color::RGB(0xCF_E8_F7)),
            site: wrapped.clone().set_bold(),
            week: strong.clone().set_background_color(Color::RGB(0xE4_E4_E4)),
            date: text.clone().set_num_format("ddd d mmm yyyy").set_align(FormatAlign::Left),
            money: text.clone().set_num_format("#,##0.00"),
            strong_money: strong.clone().set_num_format("#,##0.00"),
            link: Format::new()
                .set_font_color(Color::RGB(0x00_55_8A))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            right: text.clone().set_align(FormatAlign::Right),
            input: text.clone().set_background_color(Color::RGB(0xFF_FB_DD)),
            text,
            wrapped,
            strong,
        }
    }
}

/// A workbook that is the same bytes whenever it is made.
pub(crate) fn workbook(title: &str, today: Date) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let (month, day) = (today.month().unsigned_abs(), today.day().unsigned_abs());
    let created = ExcelDateTime::from_ymd(today.year().unsigned_abs(), month, day)?;
    let properties = DocProperties::new().set_title(title).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    Ok(workbook)
}

/// A date for a cell with a date format.
pub(crate) fn excel(day: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        day.year().unsigned_abs(),
        day.month().unsigned_abs(),
        day.day().unsigned_abs(),
    )
}

/// Paper.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paper {
    A3,
    A4,
}

/// Rows that fit on a page of either size.
pub(crate) const PAGE: usize = 30;

/// Sets a sheet up for printing: landscape, as wide as a page, `title` above and the page's number below.
/// The rows down to `repeated` are on each page.
///
/// Rows to repeat are a name of the whole workbook, and LibreOffice compares each with all others: where
/// every sheet of a large trust has one it takes minutes to open, else seconds. So only for sheets of more
/// than [`PAGE`] rows.
pub(crate) fn printable(
    sheet: &mut Worksheet,
    paper: Paper,
    title: &str,
    repeated: Option<u32>,
) -> Result<(), XlsxError> {
    // A page's header has at most 255 characters, and & begins a code in it.
    let title: String = title.chars().take(100).collect();
    sheet
        .set_paper_size(match paper {
            Paper::A3 => 8,
            Paper::A4 => 9,
        })
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_header(format!("&L{}&R&A", title.replace('&', "&&")))
        .set_footer("&RPage &P of &N");
    if let Some(last) = repeated {
        sheet.set_repeat_rows(0, last)?;
    }
    Ok(())
}

/// Writes a header row with column widths, as tall as its names need, and freezes what is above and in it.
pub(crate) fn header(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    columns: &[Head<'_>],
) -> Result<(), XlsxError> {
    let mut lines = 1;
    for (column, head) in (0_u16..).zip(columns) {
        let format = if head.is_number { &style.number_head } else { &style.head };
        sheet.write_string_with_format(row, column, head.name, format)?;
        sheet.set_column_width(column, head.width)?;
        lines = lines.max(head.lines());
    }
    sheet.set_row_height(row, 15 * lines + 1)?;
    sheet.set_freeze_panes(row + 1, 0)?;
    Ok(())
}

/// A column's head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    name: &'a str,
    width: f64,
    is_number: bool,
}

/// The head of a column of text; the width in characters.
pub(crate) const fn text(name: &str, width: f64) -> Head<'_> {
    Head { name, width, is_number: false }
}

/// The head of a column of numbers.
pub(crate) const fn numbers(name: &str, width: f64) -> Head<'_> {
    Head { name, width, is_number: true }
}

impl Head<'_> {
    /// How many lines its name takes, broken at blanks.
    fn lines(&self) -> u32 {
        // Bold letters are wider than the digits that a width counts, and the cell has a margin.
        let fits = |letters: usize| letters as f64 * 1.15 + 1.0 <= self.width;
        let (mut lines, mut length) = (1, 0);
        for word in self.name.split(' ').map(|word| word.chars().count()) {
            if length > 0 && !fits(length + 1 + word) {
                lines += 1;
                length = word;
            } else {
                length += word + usize::from(length > 0);
            }
        }
        lines
    }
}

/// Names of sheets: what Excel allows, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// A name as near to the wanted one as is free.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let clean: String = wanted
            .chars()
            .map(|letter| {
                let refused = letter.is_control()
                    || matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
                if refused { ' ' } else { letter }
            })
            .collect();
        let trimmed = |most: usize| -> String {
            // Excel counts UTF-16 units.
            let mut units = 0;
            let fits = clean.trim().trim_matches('\'').chars().take_while(|letter| {
                units += letter.len_utf16();
                units <= most
            });
            fits.collect::<String>().trim().trim_matches('\'').to_owned()
        };
        let mut name = trimmed(31);
        if name.is_empty() {
            name = "Sheet".to_owned();
        }
        let mut number = 2;
        // Excel keeps "History" for itself.
        while name.eq_ignore_ascii_case("history") || self.0.contains(&name.to_lowercase()) {
            name = format!("{} ({number})", trimmed(24));
            number += 1;
        }
        self.0.insert(name.to_lowercase());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_unique() {
        let mut names = Names::default();
        assert_eq!(names.take("A/B [x]:*?"), "A B  x");
        assert_eq!(names.take("'History'"), "History (2)");
        let long = "x".repeat(40);
        assert_eq!(names.take(&long).chars().count(), 31);
        assert!(names.take(&long.to_uppercase()).ends_with(" (2)"));
        assert_eq!(names.take("[]"), "Sheet");
    }
}
