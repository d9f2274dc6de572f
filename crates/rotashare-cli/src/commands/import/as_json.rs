//! What an import read and changes, for programs.

use rotashare_io::import::{Ask, FileChange, ImportFault, LeftOut, Outcome, SheetReport, Verified};
use serde_json::{Value, json};

use super::as_text::with_origin;

pub(super) fn json(outcome: &Outcome, verified: &Verified, written: bool) -> Value {
    let texts = |faults: &[rotashare_core::fault::Fault]| -> Vec<String> {
        faults.iter().map(|fault| with_origin(fault, outcome)).collect()
    };
    json!({
        "written": written && outcome.files.iter().any(|one| !one.is_same()),
        "sheets": outcome.sheets.iter().map(sheet).collect::<Value>(),
        "sheets_not_read": outcome.not_read,
        "files": outcome.files.iter().map(file).collect::<Value>(),
        "people_to_confirm": outcome.asks.iter().map(ask).collect::<Value>(),
        "read_by_name": outcome.readings.iter().map(|(theirs, ours)| json!({"theirs": theirs, "ours": ours})).collect::<Value>(),
        "faults": outcome.faults.iter().map(fault).collect::<Value>(),
        "warnings": outcome.warnings.iter().map(fault).collect::<Value>(),
        "faults_of_rows_made": texts(&verified.own),
        "faults_elsewhere": texts(&verified.others),
    })
}

fn sheet(sheet: &SheetReport) -> Value {
    json!({
        "name": sheet.name,
        "form": sheet.form,
        "header_row": sheet.header_row,
        "above": sheet.above.iter().map(|(row, text)| json!({"row": row, "text": text})).collect::<Value>(),
        "rows": sheet.rows,
        "used": sheet.used,
        "left_out": sheet.left_out.iter().map(left_out).collect::<Value>(),
        "used_in_part": sheet.partly.iter().map(left_out).collect::<Value>(),
        "columns_not_taken": sheet.unused,
        "columns_absent": sheet.absent,
    })
}

fn left_out(left: &LeftOut) -> Value {
    json!({"why": left.why, "rows": left.rows, "first": left.sample})
}

fn file(change: &FileChange) -> Value {
    let changed = change.changed.iter().map(|row| {
        let cells = row
            .cells
            .iter()
            .map(|cell| json!({"column": cell.column, "before": cell.before, "now": cell.now}));
        json!({"key": row.key, "cells": cells.collect::<Value>()})
    });
    json!({
        "file": change.table.file_name(),
        "before": change.before,
        "now": change.now,
        "of_other_trusts": change.kept,
        "added": change.added,
        "removed": change.removed,
        "changed": changed.collect::<Value>(),
    })
}

fn ask(ask: &Ask) -> Value {
    let proposals = ask.proposals.iter().map(|one| {
        json!({
            "consultant": one.consultant,
            "name": one.name,
            "trust": one.trust,
            "likeness": (one.likeness * 100.0).round() / 100.0,
        })
    });
    json!({"text": ask.text, "rows": ask.rows, "proposals": proposals.collect::<Value>()})
}

fn fault(fault: &ImportFault) -> Value {
    json!({
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "problem": fault.problem,
        "remedy": fault.remedy,
        "text": fault.to_string(),
    })
}
