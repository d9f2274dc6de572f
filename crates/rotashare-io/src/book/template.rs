//! The workbook to fill in: a sheet a file, with headers, notes, lists to choose from and validation.

use rotashare_core::clinics::TREATMENT_FUNCTIONS;
use rotashare_core::draft::{Draft, Setting};
use rotashare_core::fault::Table;
use rotashare_core::time::parse_date;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format,
    FormatAlign, Formula, Note, Worksheet, XlsxError,
};

use super::{CODES, READ_ME, settings, sheet_name};
use crate::cell::{plain_text, text_cell};
use crate::column::{Column, Form, columns, is_required};
use crate::export::ExportError;
use crate::export::xlsx::style::{self, Paper, Style, excel, header, printable, text};
use crate::write::cells_of;

/// Rows beyond those filled in that have formats, lists and validation.
const ROOM: u32 = 1000;

/// A setting that a network may have, for the sheet `network`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDoc {
    /// Its key: `weights.continuity`, `rules.rest.rest_hours`.
    pub key: String,
    /// What holds where it is not given.
    pub default: String,
    /// What it says, in a few words.
    pub doc: String,
}

/// Makes the workbook; filled in where there is a draft. Read again it is the same draft, but for lines.
///
/// `known` are the settings of rules and terms, which this crate does not know.
///
/// # Errors
/// Where a sheet can't hold what there is: more than 1,048,576 rows, or 32,767 characters in a cell.
pub fn template(draft: Option<&Draft>, known: &[SettingDoc]) -> Result<Vec<u8>, ExportError> {
    let style = Style::new();
    let name = draft.map_or("A network of hospitals", |draft| draft.network.name.as_str());
    // Any fixed day: the workbook of a dataset is the same bytes whenever it is made.
    let mut workbook = style::workbook(name, jiff::civil::date(2027, 1, 1))?;
    read_me(workbook.add_worksheet(), &style)?;
    network(workbook.add_worksheet(), &style, draft, known)?;
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Network) {
        let rows = draft.and_then(|draft| cells_of(draft, table)).unwrap_or_default();
        sheet(workbook.add_worksheet(), &style, table, &rows, draft)?;
    }
    codes(workbook.add_worksheet(), &style)?;
    Ok(workbook.save_to_buffer()?)
}

const HELP: &[&str] = &[
    "Each sheet is a file of a dataset. Fill in network, trusts, sites, consultants, accreditations, and \
     clinics or sessions; of the others what you have.",
    "A sheet with no rows asks for nothing; one that has rows counts. One that shall count though it has \
     no rows is named in network, counts_though_empty.",
    "Headers in dark blue must be filled in, those in grey may be empty. The note on each header says what \
     goes in; where there is a list, an arrow shows it.",
    "Days are dd/mm/yyyy, times hh:mm. An end at or before its start is on the next day. Codes are text: \
     leading zeros stay. Lists inside a cell are separated by ;",
    "Keep the names of the sheets and headers. Columns may be moved, and empty ones deleted. This sheet \
     and Codes are not read.",
    "rotashare check WORKBOOK.xlsx tells what is wrong, with sheet, row and cell; rotashare plan \
     WORKBOOK.xlsx --out OUT plans it.",
];

fn read_me(sheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(READ_ME)?;
    sheet.set_column_width(0, 20)?;
    sheet.set_column_width(1, 100)?;
    printable(sheet, Paper::A4, READ_ME, Some(0))?;
    sheet.write_string_with_format(0, 0, "How to fill this workbook in", &style.title)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 2;
    for line in HELP {
        sheet.merge_range(row, 0, row, 1, line, &wrapped)?;
        sheet.set_row_height(row, if line.len() > 150 { 32 } else { 17 })?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "Sheet", &style.head)?;
    sheet.write_string_with_format(row, 1, "What it says", &style.head)?;
    for table in Table::ALL {
        row += 1;
        let name = sheet_name(table);
        let link = rust_xlsxwriter::Url::new(format!("internal:'{name}'!A1")).set_text(name);
        sheet.write_url_with_format(row, 0, link, &style.link)?;
        let must = if is_required(table) { "Must be filled in. " } else { "" };
        let says = format!("{must}{}", purpose(table));
        sheet.write_string_with_format(row, 1, says, &wrapped)?;
    }
    Ok(())
}

/// What a file says.
fn purpose(table: Table) -> &'static str {
    match table {
        Table::Network => "The network's name and horizon, weights, and parameters of rules.",
        Table::Specialties => "Specialties with codes of your own.",
        Table::BankHolidays => "Bank holidays besides those of the nations.",
        Table::Trusts => "The trusts that share.",
        Table::Sites => "Their sites.",
        Table::Travel => "Minutes and miles between sites; straight lines where not given.",
        Table::Consultants => "Who there is: employer, base, whole-time equivalent, working days.",
        Table::Accreditations => "Who may do what.",
        Table::Authorisations => "Who may work at which other trust.",
        Table::JobPlans => "Fixed and movable duties of the week.",
        Table::Leave => "Who is away when. The kind is for the employer's eyes only.",
        Table::OnCall => "Hot weeks and on-calls.",
        Table::Clinics => "Weekly clinics; these or sessions must be filled in.",
        Table::ClinicChanges => "Clinics cancelled, moved or added on a date.",
        Table::Sessions => "One-off sessions on a date.",
        Table::Cover => "How many consultants a lender keeps on base.",
        Table::Agreements => "Who lends to whom, how much, at what price.",
        Table::Preferences => "Likes and dislikes, in points.",
        Table::Pins => "Who does, or does not, a certain session.",
        Table::Published => "The rota already given out.",
        Table::History => "What each did before the horizon.",
        _ => "",
    }
}

/// The sheet `network`: a key a row, with the default and what it says beside.
fn network(
    sheet: &mut Worksheet,
    style: &Style,
    draft: Option<&Draft>,
    known: &[SettingDoc],
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(Table::Network))?;
    let heads = [
        text(settings::COLUMNS[0], 38.0),
        text(settings::COLUMNS[1], 34.0),
        text("if empty", 24.0),
        text("what it is", 90.0),
    ];
    header(sheet, style, 0, &heads)?;
    printable(sheet, Paper::A4, READ_ME, Some(0))?;
    let doc = |key: &str, default: &str, doc: &str| SettingDoc {
        key: key.to_owned(),
        default: default.to_owned(),
        doc: doc.to_owned(),
    };
    let mut docs = vec![
        doc("name", "must be given", "the network's name"),
        doc("timezone", "Europe/London", "IANA name of the time zone of all times"),
        doc("horizon.from", "must be given", "the first day that is planned"),
        doc("horizon.to", "must be given", "the last day that is planned"),
        doc("cycle_anchor", "", "the Monday on which week 1 of cycle:… begins"),
        doc(settings::COUNTING, "", "sheets that count though they have no rows, separated by ;"),
    ];
    docs.extend(known.iter().cloned());
    let mut values = draft.map(|draft| settings::written(&draft.network)).unwrap_or_default();
    let empty: Vec<&str> = draft.map(empty_files).unwrap_or_default();
    if !empty.is_empty() {
        values.push((settings::COUNTING.to_owned(), Setting::Text(empty.join(";"))));
    }
    for (key, _) in &values {
        if docs.iter().all(|doc| doc.key != *key) {
            docs.push(doc(key, "", ""));
        }
    }
    let input = Format::new().set_background_color(0xFF_FB_DD).set_align(FormatAlign::Left);
    let day = input.clone().set_num_format("dd/mm/yyyy");
    for (row, doc) in (1_u32..).zip(&docs) {
        sheet.write_string_with_format(row, 0, &doc.key, &style.text)?;
        sheet.write_string_with_format(row, 2, &doc.default, &style.note)?;
        sheet.write_string_with_format(row, 3, &doc.doc, &style.note)?;
        let is_day = doc.key.starts_with("horizon.") || doc.key == "cycle_anchor";
        let format = if is_day { &day } else { &input };
        let value = values.iter().find(|(key, _)| *key == doc.key).map(|(_, value)| value);
        match value {
            None => sheet.write_blank(row, 1, format)?,
            Some(Setting::Bool(value)) => {
                sheet.write_boolean_with_format(row, 1, *value, format)?
            }
            // A cell's number has fifteen digits.
            Some(Setting::Whole(value)) if value.unsigned_abs() < 1_000_000_000_000_000 => {
                sheet.write_number_with_format(row, 1, *value as f64, format)?
            }
            Some(Setting::Whole(value)) => {
                sheet.write_string_with_format(row, 1, value.to_string(), format)?
            }
            // With its decimals, so that 2.0 does not come back as 2.
            Some(Setting::Fraction(value)) => {
                sheet.write_string_with_format(row, 1, format!("{value:?}"), format)?
            }
            Some(Setting::Text(value)) => sheet.write_string_with_format(row, 1, value, format)?,
            Some(Setting::Date(value)) => {
                sheet.write_datetime_with_format(row, 1, &excel(*value)?, &day)?
            }
        };
        if is_day {
            sheet.add_data_validation(row, 1, row, 1, &days()?)?;
        } else if doc.key.ends_with(".enabled") {
            sheet.add_data_validation(row, 1, row, 1, &words(&["TRUE", "FALSE"])?)?;
        }
    }
    Ok(())
}

/// Optional files that are there and have no rows.
fn empty_files(draft: &Draft) -> Vec<&'static str> {
    let is_empty = |table: &Table| cells_of(draft, *table).is_some_and(|rows| rows.is_empty());
    let optional = Table::ALL.into_iter().filter(|table| !is_required(*table));
    optional.filter(is_empty).map(sheet_name).collect()
}

fn sheet(
    sheet: &mut Worksheet,
    style: &Style,
    table: Table,
    rows: &[Vec<String>],
    draft: Option<&Draft>,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(table))?;
    let columns = columns(table);
    let filled = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let last = filled.saturating_add(ROOM).min(1_048_575);
    let optional = style.head.clone().set_background_color(0x5F_6B_76);
    sheet.set_freeze_panes(1, 1)?;
    printable(sheet, Paper::A3, sheet_name(table), Some(0))?;
    for ((index, column), position) in (0_u16..).zip(columns).zip(0_usize..) {
        let head = if column.must_be_filled() { &style.head } else { &optional };
        sheet.write_string_with_format(0, index, column.name(), head)?;
        let format = format(column.cell_form());
        sheet.set_column_format(index, &format)?;
        let longest = rows.iter().map(|row| row[position].chars().count()).max().unwrap_or(0);
        let width = longest.max(column.name().len() + 3).clamp(9, 40);
        sheet.set_column_width(index, u32::try_from(width).unwrap_or(40))?;
        let note = Note::new(note(column)).set_author("rotashare").set_width(260).set_height(110);
        sheet.insert_note(0, index, &note)?;
        if let Some(validation) = validation(column, draft)? {
            sheet.add_data_validation(1, index, last, index, &validation)?;
        }
        for (row, cells) in (1_u32..).zip(rows) {
            write(sheet, row, index, column.cell_form(), &cells[position], &format)?;
        }
    }
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    sheet.autofilter(0, 0, filled.max(1), width)?;
    Ok(())
}

/// What a header's note says.
fn note(column: &Column) -> String {
    let mut text = format!("{}: {}.", column.name(), column.doc());
    text.push_str(match (column.is_required(), column.must_be_filled()) {
        (true, true) => " Must be filled in.",
        (true, false) => " The column must be there.",
        _ => "",
    });
    if !column.default_value().is_empty() {
        text.push_str(&format!(" If empty: {}.", column.default_value()));
    }
    if let Form::OneOf(words) = column.cell_form() {
        text.push_str(&format!(" One of {}.", words.join(", ")));
    }
    if let Some(table) = column.refers() {
        text.push_str(&format!(" A code of the sheet {}.", sheet_name(table)));
    }
    text
}

/// How the cells of a column are shown, and what is typed into them taken for.
fn format(form: Form) -> Format {
    match form {
        Form::Date => Format::new().set_num_format("dd/mm/yyyy"),
        Form::Time => Format::new().set_num_format("hh:mm"),
        Form::Whole(..) | Form::Number(..) => Format::new(),
        // As text, so that 0042 stays 0042 and =x is no formula.
        Form::Code | Form::Codes | Form::Words | Form::OneOf(_) => {
            Format::new().set_num_format("@")
        }
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    form: Form,
    cell: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if cell.is_empty() {
        return Ok(());
    }
    match form {
        Form::Date => {
            if let Ok(day) = parse_date(cell) {
                sheet.write_datetime_with_format(row, column, &excel(day)?, format)?;
                return Ok(());
            }
        }
        Form::Time => {
            if let Some(time) = time(cell) {
                sheet.write_datetime_with_format(row, column, &time, format)?;
                return Ok(());
            }
        }
        // A cell's number has fifteen digits; what has more stays text.
        Form::Whole(..) | Form::Number(..) if cell.len() <= 15 => {
            if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number_with_format(row, column, number, format)?;
                return Ok(());
            }
        }
        // As text it is safe; an apostrophe that is part of it would be taken away in reading.
        Form::Words if plain_text(cell) != cell => {
            sheet.write_string_with_format(row, column, text_cell(cell), format)?;
            return Ok(());
        }
        _ => {}
    }
    sheet.write_string_with_format(row, column, cell, format)?;
    Ok(())
}

fn time(cell: &str) -> Option<ExcelDateTime> {
    let (hours, minutes) = cell.split_once(':')?;
    ExcelDateTime::from_hms(hours.parse().ok()?, minutes.parse().ok()?, 0).ok()
}

fn validation(column: &Column, draft: Option<&Draft>) -> Result<Option<DataValidation>, XlsxError> {
    let between = |least: i64, most: i64| -> Result<DataValidation, XlsxError> {
        // A cell's whole number has 32 bits in some spreadsheets.
        let bound = |value: i64| {
            i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
        };
        let (least, most) = (bound(least), bound(most));
        let message = format!("Give a number from {least} to {most}.");
        let rule = match column.cell_form() {
            Form::Whole(..) => {
                DataValidation::new().allow_whole_number(DataValidationRule::Between(least, most))
            }
            _ => DataValidation::new().allow_decimal_number(DataValidationRule::Between(
                f64::from(least),
                f64::from(most),
            )),
        };
        rule.set_error_title("Not a number that fits")?.set_error_message(message)
    };
    Ok(match column.cell_form() {
        Form::Date => Some(days()?),
        Form::Time => {
            let (from, to) =
                (ExcelDateTime::from_hms(0, 0, 0)?, ExcelDateTime::from_hms(23, 59, 59)?);
            let rule = DataValidation::new().allow_time(DataValidationRule::Between(from, to));
            let rule = rule.set_error_title("Not a time")?;
            Some(rule.set_error_message("Write it as 09:00.")?)
        }
        Form::OneOf(list) => Some(words(list)?),
        Form::Whole(least, most) | Form::Number(least, most) => Some(between(least, most)?),
        Form::Codes | Form::Words => None,
        Form::Code => match column.refers() {
            Some(table) => Some(codes_of(table, draft)?),
            None if column.name() == "specialty" => {
                let last = TREATMENT_FUNCTIONS.len() + 1;
                let list = Formula::new(format!("={CODES}!$A$2:$A${last}"));
                // A dataset may have codes of its own.
                let rule = DataValidation::new().allow_list_formula(list);
                let rule = rule.set_error_style(DataValidationErrorStyle::Information);
                let rule = rule.set_error_title("Not a national code")?;
                Some(rule.set_error_message("Codes of your own go into the sheet specialties.")?)
            }
            None => None,
        },
    })
}

/// The codes that another sheet gives, with room for more.
fn codes_of(table: Table, draft: Option<&Draft>) -> Result<DataValidation, XlsxError> {
    let filled = draft.and_then(|draft| cells_of(draft, table)).map_or(0, |rows| rows.len());
    let last = u32::try_from(filled).unwrap_or(u32::MAX).saturating_add(ROOM).min(1_048_575) + 1;
    let sheet = sheet_name(table);
    let list = Formula::new(format!("={sheet}!$A$2:$A${last}"));
    DataValidation::new()
        .allow_list_formula(list)
        .set_error_title(format!("Not in {sheet}"))?
        .set_error_message(format!("Choose a code of the sheet {sheet}, or add it there first."))
}

fn words(list: &[&str]) -> Result<DataValidation, XlsxError> {
    let message = format!("Write one of {}.", list.join(", "));
    DataValidation::new()
        .allow_list_strings(list)?
        .set_error_title("Not on the list")?
        .set_error_message(message)
}

fn days() -> Result<DataValidation, XlsxError> {
    let (from, to) = (ExcelDateTime::from_ymd(1990, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
    DataValidation::new()
        .allow_date(DataValidationRule::Between(from, to))
        .set_error_title("Not a day")?
        .set_error_message("Write it as 02/03/2027, day first.")
}

/// The sheet `Codes`: national codes with their names, to choose from.
fn codes(sheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(CODES)?;
    header(sheet, style, 0, &[text("specialty", 12.0), text("name", 40.0)])?;
    printable(sheet, Paper::A4, CODES, Some(0))?;
    for (row, (code, name)) in (1_u32..).zip(TREATMENT_FUNCTIONS) {
        sheet.write_string_with_format(row, 0, *code, &style.text)?;
        sheet.write_string_with_format(row, 1, *name, &style.text)?;
    }
    Ok(())
}
