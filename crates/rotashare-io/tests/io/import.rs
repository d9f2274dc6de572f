//! Exports of any usual kind come to the same rows, and every row is accounted for.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rotashare_core::fault::Table;
use rotashare_io::grid::{ReadOptions, parse};
use rotashare_io::import::{
    Base, KnownAs, Mapping, Outcome, Ready, guess, import, read_people, review,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::common::folder;

const LEAVE: [[&str; 5]; 5] = [
    ["GMC No", "Name", "Leave Type", "From", "To"],
    ["9900001", "SHAH, Anita (Dr)", "A/L", "02/03/2027", "05/03/2027"],
    ["9900002", "PRICE, Owain (Dr)", "S/L", "09/03/2027", "09/03/2027"],
    ["9900001", "SHAH, Anita (Dr)", "Père leave", "23/03/2027", "23/03/2027"],
    ["9900002", "PRICE, Owain (Dr)", "TOIL", "16/03/2027", "17/03/2027"],
];
const MADE: &str = "consultant,from,to,part,kind\n\
    9900001,2027-03-02,2027-03-05,all,annual\n\
    9900002,2027-03-09,2027-03-09,all,study\n\
    9900001,2027-03-23,2027-03-23,all,Père leave\n\
    9900002,2027-03-16,2027-03-17,all,toil\n";

fn read(bytes: &[u8], mapping: &Mapping) -> Outcome {
    let dir = folder(&[("leave.csv", None)]);
    let base = Base::read(dir.path(), &mapping.tables()).expect("a base");
    let grids = parse("export", bytes, &ReadOptions::default()).expect("a grid");
    import(&[grids], mapping, &base, &KnownAs::default())
}

fn leave_list() -> Mapping {
    Ready::named("leave-list").and_then(|ready| ready.mapping()).expect("a ready mapping")
}

/// The file that an export without a fault makes.
fn made(outcome: &Outcome, table: Table) -> String {
    assert!(outcome.faults.is_empty() && outcome.asks.is_empty(), "{outcome:#?}");
    let file = outcome.files.iter().find(|file| file.table == table).expect("a file");
    String::from_utf8(file.content.clone()).expect("text")
}

#[test]
fn separators_encodings_titles_and_totals_change_nothing() {
    for separator in [",", ";", "\t", "|"] {
        for (above, below) in
            [("", ""), ("Leave report\n\nPrinted 01/02/2027\n", "\nTotal rows,4\n")]
        {
            for end in ["\n", "\r\n", "\r"] {
                let cell = |cell: &&str| {
                    if cell.contains(separator) {
                        format!("\"{cell}\"")
                    } else {
                        (*cell).to_owned()
                    }
                };
                let row =
                    |row: &[&str; 5]| row.iter().map(cell).collect::<Vec<_>>().join(separator);
                let rows: Vec<String> = LEAVE.iter().map(row).collect();
                let text = format!("{above}{}\n{below}", rows.join("\n")).replace('\n', end);
                let utf16 =
                    |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
                let windows: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
                let little: Vec<u8> = utf16(u16::to_le_bytes);
                let big: Vec<u8> = utf16(u16::to_be_bytes);
                let mark = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
                for bytes in [
                    text.as_bytes().to_vec(),
                    mark(b"\xef\xbb\xbf", text.as_bytes()),
                    windows,
                    mark(b"\xff\xfe", &little),
                    mark(b"\xfe\xff", &big),
                    little.clone(),
                ] {
                    let outcome = read(&bytes, &leave_list());
                    assert_eq!(made(&outcome, Table::Leave), MADE, "{text:?}");
                }
            }
        }
    }
}

#[test]
fn a_workbook_with_serial_numbers_comes_to_the_same() {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd mmm yy");
    workbook.add_worksheet().set_name("Notes").and_then(|s| s.write(0, 0, "x")).expect("a sheet");
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 4, "Leave", &Format::new()).expect("a title");
    for (number, row) in (2..).zip(&LEAVE) {
        for (column, cell) in (0..).zip(row) {
            let day =
                cell.split('/').map(|part| part.parse::<u16>()).collect::<Result<Vec<_>, _>>();
            match (day.as_deref(), cell.parse::<u32>()) {
                (Ok([day, month, year]), _) => {
                    let day = ExcelDateTime::from_ymd(*year, *month as u8, *day as u8);
                    sheet.write_with_format(number, column, day.expect("a day"), &date)
                }
                (_, Ok(code)) => sheet.write(number, column, code),
                _ => sheet.write(number, column, *cell),
            }
            .expect("a cell");
        }
    }
    let outcome = read(&workbook.save_to_buffer().expect("a workbook"), &leave_list());
    assert_eq!(made(&outcome, Table::Leave), MADE);
    assert_eq!(outcome.not_read, ["export, sheet \"Notes\""]);
}

#[test]
fn a_grid_of_half_days_comes_to_runs() {
    let text = "Leave March 2027\nGMC No,Name,1 am,1 pm,2 am,2 pm,3 am,3 pm\n\
                9900001,Shah,AL,AL,AL,,,SL\n9900002,Price,,,,,,\n";
    let mapping = Ready::named("leave-grid").and_then(|ready| ready.mapping()).expect("a mapping");
    let outcome = read(text.as_bytes(), &mapping);
    assert_eq!(
        made(&outcome, Table::Leave),
        "consultant,from,to,part,kind\n\
         9900001,2027-03-01,2027-03-01,all,annual\n\
         9900001,2027-03-02,2027-03-02,am,annual\n\
         9900001,2027-03-03,2027-03-03,pm,study\n"
    );
    assert_eq!(outcome.sheets[0].left_out[0].why, "no day of it has anything");
    // The same with halves below the days.
    let two = "GMC No,Name,2027-03-01,,2027-03-02,,3 Mar,\n,,AM,PM,AM,PM,AM,PM\n\
               9900001,Shah,AL,AL,AL,,,SL\n9900002,Price,,,,,,\n";
    let deep = Mapping::parse("my.toml", "like = \"leave-grid\"\nheader_rows = 2\n");
    let deep = read(two.as_bytes(), &deep.expect("a mapping"));
    assert_eq!(made(&deep, Table::Leave), made(&outcome, Table::Leave));
    // A code that nobody has explained is no leave and no nothing, but a fault.
    let outcome = read(text.replace("SL", "ZZ").as_bytes(), &mapping);
    let fault = outcome.faults.first().expect("a fault").to_string();
    assert!(fault.starts_with("export, line 3, 3 pm: \"ZZ\" is not among the values"), "{fault}");
    assert!(outcome.files.is_empty());
}

#[test]
fn a_sheet_a_month_is_read_with_the_month_of_its_name() {
    let mut workbook = Workbook::new();
    for (name, day) in [("February 2027", 28), ("March 2027", 1)] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        sheet.write_row(0, 0, ["GMC No", "Name"]).expect("headings");
        for number in 1..=28_u16 {
            sheet.write(0, 1 + number, number).expect("a heading");
        }
        sheet.write(1, 0, 9_900_001).and_then(|s| s.write(1, 1 + day, "AL")).expect("a row");
    }
    let mapping = Ready::named("leave-grid").and_then(|ready| ready.mapping()).expect("a mapping");
    let outcome = read(&workbook.save_to_buffer().expect("a workbook"), &mapping);
    // From sheet to sheet the leave goes on.
    let leave = "consultant,from,to,part,kind\n9900001,2027-02-28,2027-03-01,all,annual\n";
    assert_eq!(made(&outcome, Table::Leave), leave);
}

#[test]
fn a_heading_that_is_there_twice_is_a_fault_and_not_a_guess() {
    let text = "GMC No,Mon,Mon\n9900001,Clinic,Ward\n";
    let mapping = Ready::named("weekly-rota").and_then(|ready| ready.mapping()).expect("a mapping");
    let fault = read(text.as_bytes(), &mapping).faults.remove(0).to_string();
    assert!(fault.contains("there are two columns for \"Mon\""), "{fault}");
}

#[test]
fn time_off_is_kept_free_in_a_rota_that_brings_no_people() {
    let text = "GMC No,Week,Mon AM,Mon PM\n9900001,Week 1,OFF,Clinic\n9900001,Week 2,OFF,\n";
    let mapping = Ready::named("weekly-rota").and_then(|ready| ready.mapping()).expect("a mapping");
    let duties = made(&read(text.as_bytes(), &mapping), Table::JobPlans);
    assert_eq!(
        duties,
        "consultant,weekday,start,end,weeks,activity,firmness\n\
         9900001,monday,08:30,12:30,\"cycle:1,2/4\",OFF,fixed\n\
         9900001,monday,13:30,17:30,cycle:1/4,Clinic,fixed\n"
    );
}

#[test]
fn an_export_of_which_nothing_is_used_says_what_goes() {
    let dir = folder(&[]);
    let mapping = leave_list();
    let base = Base::read(dir.path(), &mapping.tables()).expect("a base");
    let text = "GMC No,Leave Type,From,To,Status\n9900001,A/L,02/03/2027,02/03/2027,Rejected\n";
    let grids = parse("export", text.as_bytes(), &ReadOptions::default()).expect("a grid");
    let outcome = import(&[grids], &mapping, &base, &KnownAs::default());
    let warning = outcome.warnings.first().expect("a warning").to_string();
    assert_eq!(
        warning,
        "export: no row of it is used, so 1 row of leave.csv goes; check that it is the right export"
    );
}

#[test]
fn whatever_stands_in_an_export_what_is_written_of_it_can_be_read() {
    for odd in ["A/L\u{1}", "O'Neill \"Jo\"", "\u{7f}", "a\\b", "'''\"\"\"", "x # y"] {
        let cell = odd.replace('"', "\"\"");
        let text = format!(
            "GMC No,Name,Leave Type,From,To,Part\n\
             9900001,Shah,\"{cell}\",02/03/2027,02/03/2027,\"{cell}\"\n\
             ,\"Locum {cell}\",A/L,02/03/2027,02/03/2027,\n"
        );
        let grids = parse("odd\u{7}.csv", text.as_bytes(), &ReadOptions::default());
        let guess = guess(&grids.expect("a grid"), &Base::default()).expect("a guess").toml;
        Mapping::parse("guess", &guess).unwrap_or_else(|faults| panic!("{faults:?} in {guess}"));
        if let Some(asked) = review(None, &read(text.as_bytes(), &leave_list()).asks) {
            read_people("people", &asked).expect("what is asked can be read");
            // The same with every mark taken away.
            let lines = asked.lines().skip_while(|line| !line.starts_with('['));
            let said = lines.map(|line| format!("{}\n", line.trim_start_matches("# ")));
            let said = said.collect::<String>();
            read_people("people", &said).unwrap_or_else(|faults| panic!("{faults:?} in {said}"));
        }
    }
}

#[test]
fn headers_again_and_blanks_that_mean_the_same_again() {
    let mapping = Mapping::parse("my.toml", "like = \"leave-list\"\nfill_down = [\"GMC No\"]\n");
    let text = "GMC No,Leave Type,From,To\n9900001,A/L,02/03/2027,02/03/2027\n\n\
                GMC No,Leave Type,From,To\n,S/L,04/03/2027,04/03/2027\n";
    let outcome = read(text.as_bytes(), &mapping.expect("a mapping"));
    assert_eq!(
        made(&outcome, Table::Leave),
        "consultant,from,to,part,kind\n9900001,2027-03-02,2027-03-02,all,annual\n\
         9900001,2027-03-04,2027-03-04,all,study\n"
    );
    let left = &outcome.sheets[0].left_out[0];
    assert_eq!((left.why.as_str(), &left.rows[..]), ("it is the header again", &[4][..]));
}

#[test]
fn a_value_that_leaves_a_row_out_of_one_file_is_said_where_another_takes_it() {
    let mapping = Mapping::parse(
        "rota.toml",
        "like = \"weekly-rota\"\ntrust = \"RJ1\"\n[[leave_out]]\ncolumn = \"@cell\"\nnot = [\"*\"]\n\
         [consultants]\nbase_site = { constant = \"RJ121\" }\n",
    );
    let text = "GMC No,Name,Mon AM,Tue AM\n9900007,Dr New Person,-,-\n";
    let outcome = read(text.as_bytes(), &mapping.expect("a mapping"));
    assert!(made(&outcome, Table::Consultants).contains("9900007,Dr New Person,RJ1,RJ121"));
    assert_eq!((outcome.sheets[0].used, outcome.sheets[0].left_out.len()), (1, 0));
    let partly = &outcome.sheets[0].partly[0];
    assert_eq!(partly.why, "the cell is \"-\", which the mapping leaves out");
    assert_eq!(partly.rows, [2, 2]);
}

#[test]
fn columns_are_joined_padded_constant_and_given_values() {
    let mapping = Mapping::parse(
        "clinics.toml",
        "trust = \"RN7\"\ncycle = 4\n[clinics]\nclinic = { join = [\"Dept\", \"No\"], by = \"-\" }\n\
         site = { constant = \"Darent Valley\" }\nspecialty = { column = \"Tfc\", pad = 3 }\n\
         weekday = \"Day\"\nstart = { column = \"Hours\", take = \"start\" }\n\
         end = { column = \"Hours\", take = \"end\" }\nweeks = { column = \"Weeks\", default = \"all\" }\n\
         priority = { column = \"Urgent\", values = { Y = \"must\" }, otherwise = \"could\" }\n",
    );
    let text = "Dept,No,Tfc,Day,Hours,Weeks,Urgent\nCARD,1,320,Tues,9am-12.30pm,,Y\n\
                PAED,7,42,Mondays,1330-1700,\"1,3\",n\n";
    let outcome = read(text.as_bytes(), &mapping.expect("a mapping"));
    assert_eq!(
        made(&outcome, Table::Clinics).lines().collect::<Vec<_>>(),
        [
            "clinic,site,specialty,weekday,start,end,weeks,consultants,priority,bank_holidays",
            "CARD-1,RN707,320,tuesday,09:00,12:30,all,1,must,skip",
            "PAED-7,RN707,042,monday,13:30,17:00,\"cycle:1,3/4\",1,could,skip",
        ]
    );
}

#[test]
fn rows_of_one_key_that_disagree_are_told() {
    let mapping = Mapping::parse(
        "staff.toml",
        "trust = \"RJ1\"\n[person]\ncode = \"GMC\"\nname = \"Name\"\n[consultants]\n\
         base_site = \"Base\"\nfte = \"WTE\"\n",
    )
    .expect("a mapping");
    let text = "GMC,Name,Base,WTE\n9900001,Shah Anita,Guy's,1.0\n9900001,Shah Anita,Guy's,0.8\n";
    let fault = read(text.as_bytes(), &mapping).faults.remove(0).to_string();
    assert_eq!(
        fault,
        "export, line 3, fte: fte of 9900001 is \"0.8\" here and \"1.0\" on line 2; correct one, or \
         write take = \"commonest\" for fte"
    );
}

/// Rows of a sheet that are used or left out, as far as the report tells.
fn accounted(outcome: &Outcome) -> bool {
    outcome.sheets.iter().all(|sheet| {
        let left: BTreeSet<u32> =
            sheet.left_out.iter().flat_map(|one| one.rows.iter().copied()).collect();
        sheet.used + left.len() >= sheet.rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn whatever_stands_in_the_cells_every_row_is_used_left_out_or_a_fault(
        cells in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    Just("9900001".to_owned()),
                    Just("A/L".to_owned()),
                    Just("02/03/2027".to_owned()),
                    Just("Total".to_owned()),
                    Just("RN707".to_owned()),
                    Just("320".to_owned()),
                    Just("Tues".to_owned()),
                    "[0-9]{1,2}[:.]?[0-9]{2}( ?[ap]m)?",
                    Just(String::new()),
                    "[ -~é\u{a0}]{0,12}",
                    "[0-9/.:-]{1,10}",
                ],
                1..6,
            ),
            0..8,
        ),
        header in prop_oneof![
            Just("GMC No,Leave Type,From,To"),
            Just("Name,1 Mar,2 Mar"),
            Just("GMC,Mon AM,Mon PM"),
            Just("Clinic Code,Site,Specialty,Day,Start,End"),
        ],
    ) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let rows: Vec<String> =
            cells.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",")).collect();
        let text = format!("{header}\n{}\n", rows.join("\n"));
        for name in ["leave-list", "leave-grid", "weekly-rota", "clinic-list"] {
            let mapping = Ready::named(name).and_then(|ready| ready.mapping()).expect("a mapping");
            let outcome = read(text.as_bytes(), &mapping);
            prop_assert!(accounted(&outcome), "{text}\n{outcome:#?}");
            let refused = !outcome.faults.is_empty() || !outcome.asks.is_empty();
            prop_assert!(!refused || outcome.files.is_empty(), "{text}\n{outcome:#?}");
        }
    }
}
