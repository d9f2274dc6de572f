//! Text separated by commas, semicolons, tabs or bars.

use csv::{ReaderBuilder, StringRecord};

use super::build::{Budget, Builder};
use super::{Grid, GridError, ReadOptions, encoding};
use crate::file::lines_in;

/// What may separate cells, the likelier first.
const SEPARATORS: [(u8, &str); 4] =
    [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];
/// How many rows tell the separator.
const SAMPLE: usize = 60;

pub(super) fn parse(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Grid, GridError> {
    let (text, encoding) = encoding::decode(bytes).map_err(|problem| {
        GridError::refused(name, problem, "export it again, as CSV or as an Excel workbook (.xlsx)")
    })?;
    let begin = text.trim_start().get(..9).unwrap_or_default().to_lowercase();
    if ["<html", "<!doctype", "<table", "<?xml"].iter().any(|mark| begin.starts_with(mark)) {
        let problem = "it is a web page or XML, whatever its name says, not text in columns";
        let remedy = "open it in the spreadsheet and save it as .xlsx";
        return Err(GridError::refused(name, problem, remedy));
    }
    let (separator, body, first) = match declared(&text) {
        Some((separator, rest)) => (separator, rest, 2),
        None => (options.separator.unwrap_or_else(|| likely(&text)), text.as_ref(), 1),
    };
    let word = SEPARATORS.iter().find(|(one, _)| *one == separator).map_or("", |(_, word)| word);
    let mut budget = Budget::new();
    let mut builder = Builder::new(name, &mut budget);
    let mut reader = reader(body, separator);
    let mut record = StringRecord::new();
    // A byte, and the line on which it is.
    let mut at = (0, first);
    loop {
        let more = reader.read_record(&mut record).map_err(|error| {
            GridError::refused(name, format!("the row can't be read: {error}"), "").at(at.1)
        })?;
        if !more {
            break;
        }
        let start = record.position().map_or(0, csv::Position::byte);
        at = line_of(body, usize::try_from(start).unwrap_or(usize::MAX), at);
        let line = at.1;
        if ends_in_quotes(body, &reader, &record, at.0) {
            let problem = "a quote mark is opened here and not closed before the file ends";
            return Err(GridError::refused(name, problem, "close it, or take it out").at(line));
        }
        for (column, cell) in record.iter().enumerate() {
            builder.put(line, column, cell.to_owned())?;
        }
    }
    Ok(Grid {
        file: name.to_owned(),
        sheet: None,
        form: format!("CSV with {word}, {encoding}"),
        is_hidden: false,
        rows: builder.rows(),
    })
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

/// The separator that a first line `sep=;` gives, and what follows that line.
fn declared(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let separator = *rest.as_bytes().first()?;
    let rest = &rest.get(1..)?;
    let body = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
    SEPARATORS.iter().any(|(one, _)| *one == separator).then_some((separator, body))
}

/// The separator that makes most cells in rows of one width.
fn likely(text: &str) -> u8 {
    let score = |separator: u8| {
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        for record in reader(text, separator).into_records().take(SAMPLE).map_while(Result::ok) {
            *widths.entry(record.len()).or_default() += 1;
        }
        widths.into_iter().map(|(width, rows)| (width - 1) * rows).max().unwrap_or(0)
    };
    let mut best = (0, b',');
    for (separator, _) in SEPARATORS {
        let score = score(separator);
        if score > best.0 {
            best = (score, separator);
        }
    }
    best.1
}

/// The place of the first byte from `start` on that is no line break, counted from another.
fn line_of(text: &str, start: usize, from: (usize, u32)) -> (usize, u32) {
    let bytes = text.as_bytes();
    let start = start.clamp(from.0, bytes.len());
    let blank = bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let end = start + blank;
    (end, from.1.saturating_add(lines_in(&bytes[from.0..end])))
}

/// Whether the text ends inside quotes: with a line break in a cell of the last record, and an odd
/// number of quote marks in it.
fn ends_in_quotes(
    text: &str,
    reader: &csv::Reader<&[u8]>,
    record: &StringRecord,
    start: usize,
) -> bool {
    usize::try_from(reader.position().byte()) == Ok(text.len())
        && record.iter().any(|cell| cell.contains(['\n', '\r']))
        && text.as_bytes()[start..].iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(bytes: &[u8]) -> Grid {
        parse("x.csv", bytes, &ReadOptions::default()).expect("a grid")
    }

    fn rows(grid: &Grid) -> Vec<(u32, Vec<&str>)> {
        grid.rows()
            .iter()
            .map(|row| (row.number(), row.cells().iter().map(String::as_str).collect()))
            .collect()
    }

    #[test]
    fn separators_are_found_though_titles_and_names_have_others() {
        for (separator, word) in SEPARATORS {
            let s = char::from(separator);
            let name = if separator == b',' { "\"SMITH, John\"" } else { "SMITH, John" };
            let text = format!(
                "Leave, all staff; March\n\nnumber{s}name{s}from{s}note\n\
                 1{s}{name}{s}02/03/2027{s}a;b\n2{s}{name}{s}03/03/2027{s}\n"
            );
            let text = if separator == b';' { text.replace("a;b", "a") } else { text };
            let grid = grid(text.as_bytes());
            assert_eq!(grid.form(), format!("CSV with {word}, UTF-8"));
            assert_eq!(grid.rows()[2].cell(1), "SMITH, John");
            assert_eq!(grid.rows()[2].number(), 4);
        }
    }

    #[test]
    fn a_declared_or_given_separator_goes_before_the_likely_one() {
        let grid = grid(b"sep=;\r\na;b,c,d\r\n1;2\r\n");
        assert_eq!(rows(&grid), [(2, vec!["a", "b,c,d"]), (3, vec!["1", "2"])]);
        let options = ReadOptions { separator: Some(b'|'), ..ReadOptions::default() };
        let grid = parse("x.csv", b"a|b,c,d\n", &options).expect("a grid");
        assert_eq!(rows(&grid), [(1, vec!["a", "b,c,d"])]);
    }

    #[test]
    fn rows_have_the_lines_on_which_they_start_and_blank_ones_go() {
        let grid = grid(b"a,b\r\n\r\n ,\xa0\r\n\"x\r\ny\",2\r\n3,,\r\n");
        assert_eq!(rows(&grid), [(1, vec!["a", "b"]), (4, vec!["x\r\ny", "2"]), (6, vec!["3"])]);
    }

    #[test]
    fn a_web_page_that_is_called_a_workbook_is_told() {
        let page = b"\r\n<HTML><body><table><tr><td>Name</td></tr></table></body></HTML>";
        let error = parse("leave.xls", page, &ReadOptions::default()).expect_err("a fault");
        assert!(error.to_string().starts_with("leave.xls: it is a web page or XML"), "{error}");
    }

    #[test]
    fn an_open_quote_is_told_where_it_opens() {
        let error = parse("x.csv", b"a,b\n1,\"two\n3,4\n", &ReadOptions::default());
        let text = error.expect_err("a fault").to_string();
        assert!(text.starts_with("x.csv, line 2: a quote mark"), "{text}");
    }

    #[test]
    fn what_is_too_large_is_refused_at_its_place() {
        let cell = "x".repeat(super::super::limits::CELL_BYTES + 1);
        let error = parse("x.csv", format!("a\n{cell}\n").as_bytes(), &ReadOptions::default());
        assert!(
            error.expect_err("a fault").to_string().contains("x.csv, line 2: the cell in column A")
        );
        let wide = ",".repeat(super::super::limits::COLUMNS) + "x";
        let error = parse("x.csv", wide.as_bytes(), &ReadOptions::default());
        assert!(error.expect_err("a fault").to_string().contains("column BXY"));
        let row = ",".repeat(super::super::limits::COLUMNS - 1) + "x\n";
        let rows = row.repeat(super::super::limits::CELLS / super::super::limits::COLUMNS + 1);
        let error = parse("x.csv", rows.as_bytes(), &ReadOptions::default());
        let text = error.expect_err("a fault").to_string();
        assert!(text.contains("x.csv, line 2001: there are more than 4000000 cells"), "{text}");
    }
}
