//! Where results go: checked before the search, written whole after it.

use std::path::{Path, PathBuf};

use rotashare_core::fault::Table;
use rotashare_explain::Gap;
use rotashare_io::{GapRow, Summary, gaps_csv, rota_csv, summary_json};
use rotashare_rules::rulebook::Rulebook;
use serde_json::Value;

use crate::cells::{self, Difference};
use crate::dataset::{Dataset, with_causes};
use crate::failure::Failure;
use crate::planning::{PhaseClock, Task};
use crate::report::Outcome;

/// Checks that a result can be written into a folder, before anybody waits for it.
pub(crate) fn check_folder(out: &Path, dir: &Path) -> Result<(), Failure> {
    let refused =
        |why: String| Err(Failure::Message(format!("cannot write to {}: {why}", out.display())));
    if out.as_os_str().is_empty() {
        return Err(Failure::Message("--out is empty; name a folder".into()));
    }
    if is_same(out, dir) {
        return refused("it is the folder of the dataset; name another".into());
    }
    if out.exists() && !out.is_dir() {
        return refused("it is not a folder".into());
    }
    probe(out).or_else(refused)
}

/// Checks that a file can be written, and that it is none of the `inputs`: files, or folders of what is read.
pub(crate) fn check_file(out: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    let refused =
        |why: String| Err(Failure::Message(format!("cannot write to {}: {why}", out.display())));
    if out.file_name().is_none() || out.is_dir() {
        return refused("it is a folder; name a file".into());
    }
    if inputs.iter().any(|input| is_read_from(out, input)) {
        return refused("it is a file that is read; name another".into());
    }
    probe(folder_of(out)).or_else(refused)
}

/// Whether a file is an input, or by its name one of those that a folder is read for.
fn is_read_from(out: &Path, input: &Path) -> bool {
    if !input.is_dir() {
        return is_same(out, input);
    }
    let name = out.file_name().unwrap_or_default();
    let mut read = Table::ALL.into_iter().chain([Table::Rota]);
    is_same(folder_of(out), input) && read.any(|table| name.eq_ignore_ascii_case(table.file_name()))
}

/// Whether two paths lead to one file or folder that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The folder that a file is in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Tries a file in the folder, or in the nearest one above it that is there.
fn probe(folder: &Path) -> Result<(), String> {
    let mut there: PathBuf = folder.to_owned();
    while !there.exists() {
        there = match there.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
    }
    if !there.is_dir() {
        return Err(format!("{} is not a folder", there.display()));
    }
    match tempfile::tempfile_in(&there) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_file(out: &Path, content: &[u8]) -> Result<(), Failure> {
    rotashare_io::write_file(out, content).map_err(|error| Failure::Message(with_causes(&error)))
}

/// Writes the result's files, all or none; gives the summary.
pub(crate) fn write(
    task: &Task<'_>,
    engine: &str,
    dataset: &Dataset,
    outcome: &Outcome,
    clock: &PhaseClock,
) -> Result<Value, Failure> {
    let Dataset { network, book, sha256 } = dataset;
    let gap = |gap: &Gap| GapRow {
        session: network.session(gap.place.session).code().to_owned(),
        place: gap.place.number,
        consultant: network.consultant(gap.consultant).code().to_owned(),
        reason: gap.reason.to_owned(),
        detail: gap.detail.clone(),
    };
    let gaps: Vec<GapRow> = outcome.gaps.iter().map(gap).collect();
    let terms = outcome.verdict.terms().iter();
    let summary = Summary {
        objective: outcome.objective,
        bound: outcome.bound,
        terms: terms.map(|(term, points)| ((*term).to_owned(), *points)).collect(),
        places: outcome.rota.place_count(),
        filled: outcome.rota.filled(),
        engine: engine.to_owned(),
        seed: task.search.seed,
        seconds: clock.phases().iter().map(|(name, time)| ((*name).to_owned(), *time)).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        input_sha256: sha256.clone(),
        more: vec![
            ("ended_by".to_owned(), outcome.ending.word().into()),
            ("time_limit".to_owned(), seconds(task.search.time_limit())),
            ("work_limit".to_owned(), seconds(task.search.work_limit)),
            ("solver".to_owned(), task.search.solver.solver().name().into()),
            ("today".to_owned(), book.today().to_string().into()),
            ("from".to_owned(), network.horizon().from().to_string().into()),
            ("to".to_owned(), network.horizon().to().to_string().into()),
        ],
    };
    let files = [
        ("rota.csv", rota_csv(network, &outcome.rota, slack_minutes(book))),
        ("gaps.csv", gaps_csv(&gaps)),
        ("summary.json", summary_json(&summary)),
    ];
    rotashare_io::write_folder(task.out, &files)
        .map_err(|error| Failure::Message(with_causes(&error)))?;
    Ok(summary.to_json())
}

/// Seconds as they are usually written, whole where they are.
fn seconds(limit: Option<f64>) -> Value {
    match limit {
        Some(seconds) if seconds.fract() == 0.0 => (seconds as i64).into(),
        other => other.into(),
    }
}

/// The summary with what a replanned rota changes.
pub(crate) fn with_changes(mut summary: Value, changes: Option<&[Difference]>) -> Value {
    if let (Some(summary), Some(changes)) = (summary.as_object_mut(), changes) {
        summary.insert("changes".into(), cells::as_json(changes));
    }
    summary
}

/// The slack with which duties are given up: that of `travel-time`, none where it is off.
pub(crate) fn slack_minutes(book: &Rulebook) -> i32 {
    let slack = book.is_on("travel-time").then(|| book.whole("travel-time", "slack_minutes"));
    slack.flatten().and_then(|minutes| i32::try_from(minutes).ok()).unwrap_or(0)
}
