//! What an import read and changes, for people.

use std::fmt::Write as _;
use std::path::Path;

use rotashare_core::fault::Fault;
use rotashare_io::import::{FileChange, LeftOut, Outcome, SheetReport, Verified};

use crate::say;
use crate::table::TextTable;

/// How many rows, changes or faults of one kind are shown.
const SHOWN: usize = 12;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Written,
    DryRun,
    Refused,
}

/// The report.
pub(super) fn text(outcome: &Outcome, dir: &Path, done: Done) -> String {
    let mut text = String::new();
    for sheet in &outcome.sheets {
        sheet_text(&mut text, sheet);
    }
    for name in &outcome.not_read {
        line(&mut text, &format!("{name}: not read, it has no such header"));
    }
    if !outcome.readings.is_empty() {
        line(&mut text, "\nRead by name:");
        let mut table = TextTable::new(&["Theirs", "Ours"]);
        for (theirs, ours) in &outcome.readings {
            table.row([theirs.clone(), ours.clone()]);
        }
        text.push_str(&table.text());
    }
    if done == Done::Refused {
        line(&mut text, "\nNothing is written.");
        return text;
    }
    files(&mut text, outcome, done == Done::DryRun);
    let is_same = outcome.files.iter().all(FileChange::is_same);
    let end = match done {
        Done::DryRun => "Nothing is written: this was a dry run.".to_owned(),
        _ if is_same => format!("{} stays as it is.", dir.display()),
        _ => {
            let changed = outcome.files.iter().filter(|one| !one.is_same());
            let names: Vec<&str> = changed.map(|one| one.table.file_name()).collect();
            format!("Written to {}: {}", dir.display(), names.join(", "))
        }
    };
    line(&mut text, &format!("\n{end}"));
    text
}

fn line(text: &mut String, more: &str) {
    text.push_str(more);
    text.push('\n');
}

fn sheet_text(text: &mut String, sheet: &SheetReport) {
    let word = sheet.row_word;
    line(text, &format!("{}: {}, header on {word} {}", sheet.name, sheet.form, sheet.header_row));
    for (row, above) in &sheet.above {
        line(text, &format!("  above it, {word} {row}: {above}"));
    }
    let rows = say::count(sheet.rows, "row", "rows");
    line(text, &format!("  {rows} read, {} used", sheet.used));
    left(text, "left out", word, &sheet.left_out);
    left(text, "of rows that are used", word, &sheet.partly);
    if !sheet.unused.is_empty() {
        line(text, &format!("  columns not taken: {}", sheet.unused.join(", ")));
    }
    if !sheet.absent.is_empty() {
        line(text, &format!("  columns it has not: {}", sheet.absent.join(", ")));
    }
}

fn left(text: &mut String, what: &str, word: &str, list: &[LeftOut]) {
    if list.is_empty() {
        return;
    }
    line(text, &format!("  {what}:"));
    for one in list {
        let sample =
            if one.rows.len() == 1 { one.sample.clone() } else { format!("{}, …", one.sample) };
        let (count, why, rows) = (one.rows.len(), &one.why, rows(word, &one.rows));
        line(text, &format!("    {count}: {why} ({rows}: {sample})"));
    }
}

/// `row 7`, or `rows 7, 8, 9 and 20 more`.
pub(super) fn rows(word: &str, all: &[u32]) -> String {
    let mut all = all.to_vec();
    all.dedup();
    let shown: Vec<String> = all.iter().take(SHOWN).map(u32::to_string).collect();
    let word = if all.len() == 1 { word.to_owned() } else { format!("{word}s") };
    match all.len().saturating_sub(SHOWN) {
        0 => format!("{word} {}", shown.join(", ")),
        more => format!("{word} {} and {more} more", shown.join(", ")),
    }
}

fn files(text: &mut String, outcome: &Outcome, in_full: bool) {
    text.push('\n');
    let columns = ["File", ">Before", ">Now", ">Added", ">Changed", ">Removed", ">Of others"];
    let mut table = TextTable::new(&columns);
    for change in &outcome.files {
        let numbers = [
            change.before,
            change.now,
            change.added.len(),
            change.changed.len(),
            change.removed.len(),
            change.kept,
        ];
        let cells = numbers.map(|number| number.to_string());
        table.row([change.table.file_name().to_owned()].into_iter().chain(cells));
    }
    text.push_str(&table.text());
    if in_full {
        outcome.files.iter().for_each(|change| differences(text, change));
    }
}

fn differences(text: &mut String, change: &FileChange) {
    if change.is_same() {
        return;
    }
    line(text, &format!("\n{}", change.table.file_name()));
    let mut some = |lines: Vec<String>| {
        let more = lines.len().saturating_sub(SHOWN);
        for shown in lines.into_iter().take(SHOWN) {
            line(text, &shown);
        }
        if more > 0 {
            line(text, &format!("    … and {more} more (--json has all)"));
        }
    };
    some(change.removed.iter().map(|row| format!("  - {row}")).collect());
    some(change.added.iter().map(|row| format!("  + {row}")).collect());
    let changed = change.changed.iter().map(|row| {
        let mut text = format!("  ~ {}", row.key);
        for cell in &row.cells {
            // Writing to a String can't fail.
            let _ = write!(text, ", {}: {:?} to {:?}", cell.column, cell.before, cell.now);
        }
        text
    });
    some(changed.collect());
}

/// A fault of a row that the import makes, with the row of the export that it comes from.
pub(super) fn with_origin(fault: &Fault, outcome: &Outcome) -> String {
    let made = outcome.files.iter().find(|change| change.table == fault.table);
    let origin = made.zip(fault.line).and_then(|(change, line)| change.origin(line));
    match origin.and_then(|(sheet, row)| outcome.sheets.get(sheet).map(|sheet| (sheet, row))) {
        Some((sheet, row)) => format!("{fault} ({}, {} {row})", sheet.name, sheet.row_word),
        None => fault.to_string(),
    }
}

/// What else is wrong with the dataset as it is now.
pub(super) fn others(verified: &Verified, dir: &Path) -> Vec<String> {
    if verified.others.is_empty() {
        return Vec::new();
    }
    let faults = say::count(verified.others.len(), "fault", "faults");
    let dir = dir.display();
    let mut lines = vec![format!(
        "note: {dir} can't be planned yet, it has {faults} that this import did not make:"
    )];
    lines.extend(verified.others.iter().take(SHOWN).map(|fault| format!("  {fault}")));
    if verified.others.len() > SHOWN {
        lines.push(format!("  … see rotashare check {dir}"));
    }
    lines
}
