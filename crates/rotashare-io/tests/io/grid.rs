//! Workbooks as rows of text.

use rotashare_io::grid::{Grid, ReadOptions, parse};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

fn grids(bytes: &[u8]) -> Result<Vec<Grid>, String> {
    parse("book", bytes, &ReadOptions::default()).map_err(|error| error.to_string())
}

fn xlsx(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().expect("a workbook")
}

fn rows(grid: &Grid) -> Vec<(u32, Vec<&str>)> {
    grid.rows()
        .iter()
        .map(|row| (row.number(), row.cells().iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn dates_times_numbers_and_merged_cells_of_a_workbook() {
    let bytes = xlsx(|sheet| {
        let (date, time) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new());
        let time = time.set_num_format("hh:mm");
        let day = ExcelDateTime::from_ymd(2027, 3, 2).expect("a day");
        let nine = ExcelDateTime::from_hms(9, 0, 0).expect("a time");
        sheet.merge_range(0, 0, 0, 3, "Leave", &Format::new()).expect("a title");
        sheet.merge_range(2, 0, 3, 0, "SMITH, John", &Format::new()).expect("a name");
        sheet.write_with_format(2, 1, &day, &date).expect("a date");
        sheet.write_with_format(2, 2, &nine, &time).expect("a time");
        sheet.write(2, 3, 9_900_001).expect("a number");
        sheet.write(3, 1, "0042").expect("a text");
        sheet.write(3, 3, true).expect("a truth");
    });
    let grids = grids(&bytes).expect("a workbook");
    assert_eq!(grids.len(), 1);
    assert_eq!(grids[0].sheet(), Some("Sheet1"));
    assert_eq!(grids[0].form(), "XLSX");
    assert_eq!(
        rows(&grids[0]),
        [
            (1, vec!["Leave", "Leave", "Leave", "Leave"]),
            (3, vec!["SMITH, John", "2027-03-02", "09:00", "9900001"]),
            (4, vec!["SMITH, John", "0042", "", "TRUE"]),
        ]
    );
    assert_eq!(grids[0].place(4), "book, sheet \"Sheet1\", row 4");
}

#[test]
fn a_cell_far_away_is_refused_at_its_place() {
    let bytes = xlsx(|sheet| {
        sheet.write(0, 0, "a").expect("a cell");
        sheet.write(1_048_575, 16_383, "b").expect("a cell");
    });
    let error = grids(&bytes).expect_err("refused");
    assert!(
        error.contains("sheet \"Sheet1\", row 1048576: something stands in column XFD"),
        "{error}"
    );
}

#[test]
fn a_damaged_workbook_is_refused_whatever_is_wrong_with_it() {
    let whole = xlsx(|sheet| {
        for row in 0..40 {
            sheet.write(row, 0, format!("text {row}")).expect("a cell");
            sheet.write(row, 1, row).expect("a cell");
        }
        sheet.merge_range(50, 0, 52, 2, "merged", &Format::new()).expect("merged");
    });
    for end in (5..whole.len()).step_by(97) {
        grids(&whole[..end]).expect_err("a torn workbook");
    }
    // Some wounds heal; none may do more than be refused.
    for at in (0..whole.len()).step_by(23) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = grids(&bytes);
    }
    assert!(grids(b"PK\x03\x04").is_err());
    assert!(grids(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").is_err());
}
