//! Sheets that are lists: people, specialties, gaps, changes, points, cover.

use rotashare_core::ids::{ConsultantId, SpecialtyId};
use rotashare_core::time::in_words;
use rotashare_core::values::write_decimal;
use rust_xlsxwriter::{Url, Workbook, Worksheet, XlsxError};

use super::style::{Head, PAGE, Paper, Style, excel, header, numbers, printable, text};
use crate::export::facts::Change;
use crate::export::figures::{Coverage, Month};
use crate::export::reasons;
use crate::export::text::{count, percent};
use crate::export::view::{Line, View};

/// The last row that a sheet has, from 0.
const LAST_ROW: u32 = 1_048_575;

/// Writes cells of text one after another.
pub(super) fn texts(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    cells: &[&str],
) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string_with_format(row, column, *cell, &style.text)?;
        }
    }
    Ok(())
}

fn number(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    column: u16,
    value: f64,
) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, column, value, &style.text)?;
    Ok(())
}

/// Title, figures, points, broken rules.
pub(super) fn summary(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
    coverage: &Coverage,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, 22)?;
    sheet.set_column_width(2, 90)?;
    printable(sheet, Paper::A4, &view.title(), Some(0))?;
    let horizon = view.network().horizon();
    sheet.write_string_with_format(0, 0, view.title(), &style.title)?;
    let period = format!("{} to {}", in_words(horizon.from()), in_words(horizon.to()));
    sheet.write_string_with_format(1, 0, period, &style.note)?;
    let made = format!("Made on {}", in_words(view.today()));
    sheet.write_string_with_format(2, 0, made, &style.note)?;
    let mut row = 4;
    let all = coverage.all;
    let figures = [
        ("Places", all.places),
        ("Filled", all.filled),
        ("Empty", all.empty()),
        ("Empty though they must run", all.empty_must),
        ("Rules broken", view.breaches().len()),
    ];
    for (label, value) in figures {
        sheet.write_string_with_format(row, 0, label, &style.text)?;
        number(sheet, style, row, 1, value as f64)?;
        row += 1;
    }
    if !view.points().is_empty() {
        row += 1;
        sheet.write_string_with_format(row, 0, "Points by term", &style.head)?;
        sheet.write_string_with_format(row, 1, "Points", &style.head)?;
        row += 1;
        for (term, points) in view.points() {
            sheet.write_string_with_format(row, 0, term, &style.text)?;
            number(sheet, style, row, 1, points.as_f64())?;
            row += 1;
        }
        let sum = view.points().iter().map(|(_, points)| *points);
        let sum: rotashare_core::points::Points = sum.sum();
        sheet.write_string_with_format(row, 0, "All", &style.strong)?;
        sheet.write_number_with_format(row, 1, sum.as_f64(), &style.strong)?;
        row += 1;
    }
    let breaches = view.breaches();
    if !breaches.is_empty() {
        row += 1;
        for (column, name) in (0_u16..).zip(["Broken rule", "Who", "What"]) {
            sheet.write_string_with_format(row, column, name, &style.head)?;
        }
        row += 1;
        for broken in breaches {
            let who = broken.consultant.map_or("", |who| view.network().consultant(who).name());
            texts(sheet, style, row, &[&broken.rule, who, &broken.detail])?;
            row += 1;
        }
    }
    Ok(())
}

/// Everybody with their figures, linked to their sheets.
pub(super) fn people(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
    months: &[Month],
    sheets: &[(ConsultantId, String)],
) -> Result<(), XlsxError> {
    let network = view.network();
    let sheet = workbook.add_worksheet();
    sheet.set_name("People")?;
    let columns = [
        text("Name", 28.0),
        text("Consultant", 12.0),
        text("Employer", 10.0),
        text("Base", 24.0),
        numbers("WTE", 7.0),
        numbers("Sessions", 9.0),
        numbers("Hours", 8.0),
        numbers("PAs", 8.0),
        numbers("Away days", 8.0),
        numbers("Away before", 8.0),
        numbers("Fair share", 8.0),
        numbers("Travel hours", 8.0),
    ];
    header(sheet, style, 0, &columns)?;
    sheet.set_freeze_panes(1, 1)?;
    printable(sheet, Paper::A4, &view.title(), Some(0))?;
    let link = |who: ConsultantId| {
        let found = sheets.binary_search_by_key(&who, |(one, _)| *one);
        found.ok().and_then(|index| sheets.get(index)).map(|(_, name)| name)
    };
    let mut row = 1;
    let ours = months.iter().map(|month| (month.who, Some(month)));
    let guests = view.people().into_iter().filter(|who| !view.is_ours(*who));
    for (who, month) in ours.chain(guests.map(|who| (who, None))) {
        let consultant = network.consultant(who);
        match link(who) {
            Some(name) => {
                let url = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''")))
                    .set_text(consultant.name());
                sheet.write_url_with_format(row, 0, url, &style.link)?;
            }
            None => {
                sheet.write_string_with_format(row, 0, consultant.name(), &style.text)?;
            }
        }
        sheet.write_string_with_format(row, 1, consultant.code(), &style.text)?;
        let employer = network.trust(consultant.employer()).code();
        sheet.write_string_with_format(row, 2, employer, &style.text)?;
        if let Some(month) = month {
            let base = network.site(consultant.base()).name();
            sheet.write_string_with_format(row, 3, base, &style.text)?;
            let values = [
                consultant.fte().0 as f64 / 1000.0,
                month.sessions as f64,
                month.minutes as f64 / 60.0,
                month.pas.0 as f64 / 1000.0,
                f64::from(month.away_days),
                f64::from(month.away_before),
                month.fair_share as f64 / 100.0,
                (month.travel_minutes as f64 / 6.0).round() / 10.0,
            ];
            for (column, value) in (4_u16..).zip(values) {
                number(sheet, style, row, column, value)?;
            }
        }
        row += 1;
    }
    sheet.autofilter(0, 0, row.saturating_sub(1).max(1), 11)?;
    Ok(())
}

/// Specialties with their coverage, linked to their sheets.
pub(super) fn specialties(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
    coverage: &Coverage,
    sheets: &[(SpecialtyId, String)],
) -> Result<(), XlsxError> {
    let network = view.network();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Coverage")?;
    let columns = [
        text("Specialty or site", 34.0),
        text("Code", 10.0),
        numbers("Places", 9.0),
        numbers("Filled", 9.0),
        numbers("Empty", 9.0),
        numbers("Must run, empty", 10.0),
        numbers("Filled of all", 10.0),
    ];
    header(sheet, style, 0, &columns)?;
    printable(sheet, Paper::A4, &view.title(), Some(0))?;
    let mut row = 1;
    let mut line = |sheet: &mut Worksheet,
                    name: &str,
                    code: &str,
                    fill: crate::export::figures::Fill,
                    link: Option<&str>| {
        match link {
            Some(target) => {
                let url = Url::new(format!("internal:'{}'!A1", target.replace('\'', "''")));
                sheet.write_url_with_format(row, 0, url.set_text(name), &style.link)?;
            }
            None => {
                sheet.write_string_with_format(row, 0, name, &style.text)?;
            }
        }
        sheet.write_string_with_format(row, 1, code, &style.text)?;
        for (column, value) in
            (2_u16..).zip([fill.places, fill.filled, fill.empty(), fill.empty_must])
        {
            number(sheet, style, row, column, value as f64)?;
        }
        let share = percent(fill.filled, fill.places);
        sheet.write_string_with_format(row, 6, share, &style.right)?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    for (id, name) in sheets {
        let fill = coverage.by_specialty.get(id).copied().unwrap_or_default();
        let specialty = network.specialty(*id);
        line(sheet, specialty.name(), specialty.code(), fill, Some(name))?;
    }
    for (id, fill) in &coverage.by_site {
        let site = network.site(*id);
        line(sheet, site.name(), site.code(), *fill, None)?;
    }
    Ok(())
}

/// Empty places: one row each, with how often each reason stands.
pub(super) fn gaps(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
) -> Result<(), XlsxError> {
    let network = view.network();
    let gaps = view.gaps();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Gaps")?;
    let columns = [
        text("Date", 17.0),
        text("Start", 7.0),
        text("End", 7.0),
        text("Site", 24.0),
        text("Specialty", 24.0),
        text("Session", 32.0),
        numbers("Place", 6.0),
        text("Priority", 9.0),
        text("Why: consultants of the specialty by reason", 80.0),
    ];
    header(sheet, style, 0, &columns)?;
    printable(sheet, Paper::A3, &view.title(), Some(0))?;
    for (row, (line, reasons)) in (1_u32..).zip(&gaps) {
        let session = view.session(line);
        let span = session.span();
        sheet.write_datetime_with_format(row, 0, &excel(session.date())?, &style.date)?;
        let (start, end) = (span.start().clock().to_string(), span.end().clock().to_string());
        let why = reasons::counts(reasons);
        let cells = [
            "",
            &start,
            &end,
            network.site(session.site()).name(),
            network.specialty(session.specialty()).name(),
            session.code(),
            "",
            session.priority().word(),
        ];
        texts(sheet, style, row, &cells)?;
        number(sheet, style, row, 6, f64::from(line.place.number))?;
        sheet.write_string_with_format(row, 8, why, &style.wrapped)?;
    }
    let last = u32::try_from(gaps.len()).unwrap_or(u32::MAX - 1).max(1);
    sheet.autofilter(0, 0, last, 8)?;

    let sheet = workbook.add_worksheet();
    sheet.set_name("Gap reasons")?;
    let columns = [
        text("Session", 32.0),
        numbers("Place", 6.0),
        text("Consultant", 12.0),
        text("Name", 28.0),
        text("Reason", 18.0),
        text("Detail", 80.0),
    ];
    header(sheet, style, 0, &columns)?;
    printable(sheet, Paper::A3, &view.title(), Some(0))?;
    let mut row = 1;
    for (line, reasons) in &gaps {
        // Other trusts' people are counted in the sheet before, not named.
        for reason in reasons.iter().filter(|reason| view.is_ours(reason.consultant)) {
            if row == LAST_ROW {
                let all = gaps.iter().flat_map(|(_, reasons)| reasons);
                let all = all.filter(|reason| view.is_ours(reason.consultant)).count();
                let left = all.saturating_sub(usize::try_from(row).unwrap_or(0) - 1);
                let more = format!("and {}: see gaps.csv", count(left, "more", "more"));
                texts(sheet, style, row, &[&more])?;
                return Ok(());
            }
            let consultant = network.consultant(reason.consultant);
            let session = view.session(line).code();
            let name = consultant.name();
            texts(
                sheet,
                style,
                row,
                &[session, "", consultant.code(), name, &reason.rule, &reason.detail],
            )?;
            number(sheet, style, row, 1, f64::from(line.place.number))?;
            row += 1;
        }
    }
    Ok(())
}

/// What differs from the last version.
pub(super) fn changes(
    workbook: &mut Workbook,
    style: &Style,
    view: &View<'_>,
    changes: &[Change],
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("Changes")?;
    let columns = [
        text("Date", 17.0),
        text("Start", 7.0),
        text("Site", 12.0),
        text("Session", 32.0),
        numbers("Place", 6.0),
        text("Change", 12.0),
        text("Before", 28.0),
        text("After", 28.0),
    ];
    header(sheet, style, 0, &columns)?;
    printable(sheet, Paper::A4, &view.title(), Some(0))?;
    let name = |code: &Option<String>| {
        code.as_deref().map_or_else(String::new, |code| view.name_of(code).to_owned())
    };
    for (row, change) in (1_u32..).zip(changes) {
        if let Some(date) = change.date {
            sheet.write_datetime_with_format(row, 0, &excel(date)?, &style.date)?;
        }
        let start = change.start.map(|start| start.to_string()).unwrap_or_default();
        let site = change.site.as_deref().unwrap_or_default();
        let (before, after) = (name(&change.before), name(&change.after));
        texts(
            sheet,
            style,
            row,
            &["", &start, site, &change.session, "", &change.kind, &before, &after],
        )?;
        number(sheet, style, row, 4, f64::from(change.place))?;
    }
    if changes.is_empty() {
        texts(sheet, style, 1, &["No place changed."])?;
    }
    Ok(())
}

const SESSION_COLUMNS: [Head<'_>; 11] = [
    text("Date", 17.0),
    text("Start", 7.0),
    text("End", 7.0),
    text("Site", 24.0),
    text("Specialty", 24.0),
    text("Consultant", 28.0),
    text("Room", 12.0),
    numbers("PAs", 7.0),
    numbers("Travel min", 8.0),
    text("Agreement", 14.0),
    text("Session", 32.0),
];

/// A sheet of sessions: one consultant's, or one specialty's.
pub(super) fn sessions(
    sheet: &mut Worksheet,
    style: &Style,
    view: &View<'_>,
    title: &str,
    note: &str,
    lines: &[&Line],
) -> Result<(), XlsxError> {
    let network = view.network();
    header(sheet, style, 2, &SESSION_COLUMNS)?;
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    sheet.write_string_with_format(1, 0, note, &style.note)?;
    printable(sheet, Paper::A4, &view.title(), (lines.len() > PAGE).then_some(2))?;
    for (row, line) in (3_u32..).zip(lines) {
        let session = view.session(line);
        let span = session.span();
        sheet.write_datetime_with_format(row, 0, &excel(session.date())?, &style.date)?;
        let (start, end) = (span.start().clock().to_string(), span.end().clock().to_string());
        let who = view.consultant(line);
        let cells = [
            "",
            &start,
            &end,
            network.site(session.site()).name(),
            network.specialty(session.specialty()).name(),
            who.map_or("", |who| who.name()),
            session.room().unwrap_or_default(),
        ];
        texts(sheet, style, row, &cells)?;
        if who.is_none() {
            let empty = format!("EMPTY ({})", session.priority());
            sheet.write_string_with_format(row, 5, empty, &style.empty)?;
        }
        number(sheet, style, row, 7, session.pas().0 as f64 / 1000.0)?;
        if who.is_some() {
            number(sheet, style, row, 8, f64::from(line.travel_minutes))?;
        }
        if let Some(agreement) = line.agreement {
            let code = network.agreement(agreement).code();
            sheet.write_string_with_format(row, 9, code, &style.text)?;
        }
        sheet.write_string_with_format(row, 10, session.code(), &style.text)?;
    }
    Ok(())
}

/// A consultant's line under the title: employer, base, whole-time equivalent.
pub(super) fn who_note(view: &View<'_>, who: ConsultantId) -> String {
    let network = view.network();
    let consultant = network.consultant(who);
    let employer = network.trust(consultant.employer()).name();
    if !view.is_ours(who) {
        return format!("{}, {employer}", consultant.code());
    }
    format!(
        "{}, {employer}, base {}, {} WTE",
        consultant.code(),
        network.site(consultant.base()).name(),
        write_decimal(consultant.fte().0, 3)
    )
}
