//! The grid by week and site, for the wall.

use rotashare_core::time::{days_after, in_words};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::style::{Paper, Style, header, printable, text};
use crate::export::text::day_month;
use crate::export::view::{Line, View};

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A block a week, in it as many rows a site as its fullest day has places.
pub(super) fn grid(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("Grid")?;
    let weekdays = view.weekdays();
    let mut columns = vec![text("Site", 28.0)];
    let names = weekdays.iter().filter_map(|offset| DAYS.get(usize::try_from(*offset).ok()?));
    columns.extend(names.map(|name| text(name, 30.0)));
    header(sheet, style, 0, &columns)?;
    sheet.set_freeze_panes(1, 1)?;
    printable(sheet, Paper::A3, &view.title(), Some(0))?;
    let network = view.network();
    let (mut row, mut breaks) = (1, Vec::new());
    for (monday, sites) in view.grid() {
        if row > 1 {
            breaks.push(row);
        }
        let heading = format!("Week of {}", in_words(monday));
        sheet.write_string_with_format(row, 0, heading, &style.week)?;
        for (column, offset) in (1_u16..).zip(&weekdays) {
            let day = days_after(monday, *offset);
            sheet.write_string_with_format(row, column, day_month(day), &style.week)?;
        }
        row += 1;
        for (site, days) in sites {
            let tallest = days.values().map(Vec::len).max().unwrap_or(0);
            for index in 0..tallest {
                // The name on every row: filters and page breaks keep their sense.
                sheet.write_string_with_format(row, 0, network.site(site).name(), &style.site)?;
                sheet.set_row_height(row, 31)?;
                for (column, offset) in (1_u16..).zip(&weekdays) {
                    let day = days.get(&days_after(monday, *offset));
                    match day.and_then(|lines| lines.get(index)) {
                        Some(line) => {
                            let format = match (line.who, line.away) {
                                (None, _) => &style.empty,
                                (_, true) => &style.away,
                                _ => &style.wrapped,
                            };
                            sheet.write_string_with_format(
                                row,
                                column,
                                cell(view, line),
                                format,
                            )?;
                        }
                        None => {
                            sheet.write_blank(row, column, &style.wrapped)?;
                        }
                    }
                }
                row += 1;
            }
        }
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// When and what, and below it who.
fn cell(view: &View<'_>, line: &Line) -> String {
    let session = view.session(line);
    let specialty = view.network().specialty(session.specialty()).name();
    let (start, end) = (session.span().start().clock(), session.span().end().clock());
    let who = match view.consultant(line) {
        Some(consultant) if line.away => {
            let employer = view.network().trust(consultant.employer()).code();
            format!("{} ({employer})", consultant.name())
        }
        Some(consultant) => consultant.name().to_owned(),
        None => format!("EMPTY ({})", session.priority()),
    };
    format!("{start}–{end} {specialty}\n{who}")
}
