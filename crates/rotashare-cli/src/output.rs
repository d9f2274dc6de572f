//! Where results go: checked before the search, written whole after it.

use std::path::{Path, PathBuf};

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
    if let (Ok(out), Ok(dir)) = (out.canonicalize(), dir.canonicalize())
        && out == dir
    {
        return refused("it is the folder of the dataset; name another".into());
    }
    if out.exists() && !out.is_dir() {
        return refused("it is not a folder".into());
    }
    probe(out).or_else(refused)
}

/// Checks that a file can be written.
pub(crate) fn check_file(out: &Path) -> Result<(), Failure> {
    let refused =
        |why: String| Err(Failure::Message(format!("cannot write to {}: {why}", out.display())));
    if out.file_name().is_none() || out.is_dir() {
        return refused("it is a folder; name a file".into());
    }
    probe(folder_of(out)).or_else(refused)
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

pub(crate) fn write(
    task: &Task<'_>,
    dataset: &Dataset,
    outcome: &Outcome,
    clock: &PhaseClock,
) -> Result<Value, Failure> {
    let _ = (task, dataset, outcome, clock);
    Ok(Value::Null)
}

/// The summary with what a replanned rota changes.
pub(crate) fn with_changes(mut summary: Value, changes: Option<&[Difference]>) -> Value {
    if let (Some(summary), Some(changes)) = (summary.as_object_mut(), changes) {
        summary.insert("changes".into(), cells::as_json(changes));
    }
    summary
}
