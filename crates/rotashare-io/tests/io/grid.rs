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

/// The example exports, whose workbooks a spreadsheet program wrote.
fn example(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/exports/");
    std::fs::read(format!("{path}{name}")).expect("an example export")
}

#[test]
fn an_old_workbook_has_dates_and_times() {
    let grids = grids(&example("clinics-rn7.xls")).expect("a workbook");
    assert_eq!((grids[0].form(), grids[0].sheet()), ("XLS", Some("Templates")));
    assert_eq!(grids[0].rows()[0].cells(), ["Clinic templates", "", "", "", "2027-01-11"]);
    let row = &grids[0].rows()[2];
    assert_eq!(
        (row.number(), row.cell(0), row.cell(6), row.cell(16)),
        (4, "DVCAR01", "13:30", "2026-04-01")
    );
    assert_eq!(row.cell(12), "KHALIDOR, Amina (Dr)");
}

#[test]
fn merged_cells_of_an_opendocument_sheet_are_filled() {
    let grids = grids(&example("leave-grid-rn7.ods")).expect("a workbook");
    assert_eq!((grids[0].form(), grids[0].sheet()), ("ODS", Some("March")));
    let rows = grids[0].rows();
    assert_eq!(rows[0].cell(32), "Consultant leave – March 2027");
    // A heading over two rows stands in both.
    assert_eq!((rows[1].cell(0), rows[2].cell(0)), ("Name", "Name"));
    assert_eq!((rows[1].cell(2), rows[2].cell(2)), ("Mon", "1"));
    assert_eq!(rows[3].cell(3), "AL");
}

#[test]
fn damaged_workbooks_of_every_kind_are_read_or_refused() {
    for name in ["clinics-rn7.xls", "leave-grid-rn7.ods", "weekly-rota-rn7.xlsx"] {
        let whole = example(name);
        for at in (0..whole.len()).step_by(13) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            let _ = grids(&bytes);
            bytes[at] = 0;
            let _ = grids(&bytes);
        }
        for end in (0..whole.len()).step_by(211) {
            let _ = grids(&whole[..end]);
        }
    }
}

/// A ZIP archive of these parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("a part");
        std::io::Write::write_all(&mut zip, text.as_bytes()).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// An OpenDocument workbook of one sheet.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" \
         xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"A\">{rows}\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    archive(&[("mimetype", mime), ("META-INF/manifest.xml", "<m/>"), ("content.xml", &content)])
}

#[test]
fn an_opendocument_sheet_that_breaks_off_is_refused_and_not_waited_for() {
    let row = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    let open = "<a xmlns:office=\"o\" xmlns:table=\"t\"><table:table table:name=\"A\">";
    for content in [
        format!("{open}{row}</table:table-row></table:tabl></a>"),
        format!("{open}{row}</table:table-row>"),
        format!("{open}{row}<table:table-cell office:value-type=\"string\"><office:annotation>"),
        format!("{open}{row}"),
    ] {
        let parts =
            [("mimetype", mime), ("META-INF/manifest.xml", "<m/>"), ("content.xml", &content)];
        let error = grids(&archive(&parts)).expect_err("it breaks off");
        assert!(error.contains("the workbook is damaged"), "{error}");
    }
}

/// An Excel workbook of one sheet, with one text in its table of strings.
fn excel(sheet: &str, text: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let relation = |id: u8, kind: &str, target: &str| {
        format!("<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |all: &str| {
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
    };
    let book = relation(1, "worksheet", "worksheets/sheet1.xml")
        + &relation(2, "sharedStrings", "sharedStrings.xml");
    archive(&[
        ("[Content_Types].xml", &format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        ("_rels/.rels", &relations(&relation(1, "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
                 <sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", &relations(&book)),
        ("xl/sharedStrings.xml", &format!("<sst xmlns=\"{MAIN}\"><si><t>{text}</t></si></sst>")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>")),
    ])
}

#[test]
fn small_files_that_would_unpack_to_gigabytes_are_refused() {
    let refused = |bytes: &[u8], words: &str| {
        assert!(bytes.len() < 1 << 20, "it is small: {} bytes", bytes.len());
        let error = grids(bytes).expect_err(words);
        assert!(error.contains(words), "no {words:?} in {error}");
    };
    let row = |cell: &str| {
        format!("<table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row>")
    };
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"1\" \
                  table:number-columns-repeated=\"16384\"/>";
    refused(&ods(&row(number)), "more than 4000000 cells");
    let blanks = "<table:table-cell office:value-type=\"string\"><text:p>a<text:s \
                  text:c=\"9000000000\"/></text:p></table:table-cell>";
    refused(&ods(&row(blanks)), "more than 128 MiB of text");
    let long = "a".repeat(30_000);
    let text = format!(
        "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"200\">\
         <text:p>{long}</text:p></table:table-cell>"
    );
    refused(&ods(&row(&text)), "more than 128 MiB of text");

    // What hides from the count: rows in a cell that is not closed, rows in a row, a number written
    // otherwise, a value without a type.
    let one = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    let cells = one.repeat(1000);
    let rest = format!("</table:table-row><table:table-row>{cells}");
    refused(&ods(&row(&format!("<table:table-cell>{rest}"))), "damaged");
    let inside = format!(
        "<table:table-cell office:value-type=\"string\"><table:table-row/></table:table-cell>{cells}"
    );
    refused(&ods(&row(&inside)), "damaged");
    refused(&ods(&row(&cells).replace("\"1048576\"", "\"&#49;048576\"")), "damaged");
    refused(&ods(&row(&cells.replace("office:value-type=\"float\"", ""))), "4000000 cells");

    let cell = "<c t=\"s\"><v>0</v></c>";
    let rows: String = (1..5000).map(|r| format!("<row r=\"{r}\">{cell}{cell}</row>")).collect();
    let sheet = format!("<sheetData>{rows}</sheetData>");
    refused(&excel(&sheet, &long), "more than 128 MiB of text");
    let merged = |area: &str| {
        format!("<sheetData><row r=\"1\">{cell}</row></sheetData><mergeCells>{area}</mergeCells>")
    };
    refused(&excel(&merged("<mergeCell ref=\"A1:XFD1048576\"/>"), "a"), "merged cells cover more");
    let again = "<mergeCell ref=\"A1:ALL3\"/>".repeat(2000);
    refused(&excel(&merged(&again), "a"), "merged cells cover more");
    let spaces = " ".repeat(200 << 20);
    refused(&excel(&spaces, "a"), "more than 128 MiB, unpacked");
    // The same parts without the bombs are read.
    let fine = grids(&excel(&merged("<mergeCell ref=\"A1:B2\"/>"), "a")).expect("a workbook");
    assert_eq!(rows_of(&fine), [["a", "a"], ["a", "a"]]);
}

fn rows_of(grids: &[Grid]) -> Vec<Vec<&str>> {
    let rows = grids.iter().flat_map(Grid::rows);
    rows.map(|row| row.cells().iter().map(String::as_str).collect()).collect()
}

#[test]
fn an_opendocument_sheet_has_dates_times_and_truths() {
    let cell = |kind: &str, value: &str| {
        format!("<table:table-cell office:value-type=\"{kind}\" office:{kind}-value=\"{value}\"/>")
    };
    let row = cell("date", "2027-03-02")
        + &cell("date", "2027-03-02T09:30:00")
        + &cell("time", "PT09H30M00S")
        + &cell("boolean", "true")
        + "<table:table-cell table:number-columns-repeated=\"3\"/>"
        + "<table:table-cell office:value-type=\"float\" office:value=\"0.5\"/>";
    let blank =
        "<table:table-row table:number-rows-repeated=\"5\"><table:table-cell/></table:table-row>";
    let grids =
        grids(&ods(&format!("{blank}<table:table-row>{row}</table:table-row>"))).expect("rows");
    let row = &grids[0].rows()[0];
    let cells = ["2027-03-02", "2027-03-02 09:30", "09:30", "TRUE", "", "", "", "0.5"];
    assert_eq!((row.number(), row.cells()), (6, &cells.map(str::to_owned)[..]));
}

#[test]
fn what_is_no_workbook_though_it_is_packed_like_one_is_told() {
    let error = grids(&archive(&[("word/document.xml", "<w/>"), ("[Content_Types].xml", "<t/>")]));
    assert!(error.is_err());
    let error = grids(&archive(&[("leave.csv", "a,b")])).expect_err("a ZIP archive");
    assert!(error.contains("it is a ZIP archive, but no workbook"), "{error}");
    let error = grids(&archive(&[("xl/workbook.bin", "")])).expect_err("another kind");
    assert!(error.contains("save it as .xlsx"), "{error}");
}
