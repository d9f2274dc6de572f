//! Exports of other systems, and the mappings that say what is what in them.

use std::fs;
use std::path::Path;

use rotashare_io::grid::{self, ReadOptions};
use rotashare_io::import::{
    Base, ImportFault, KnownAs, Mapping, guess, import, read_people, review, verify,
};

use crate::{FOLDER, flat, restore};

/// What stands between the parts of an input.
const BETWEEN: &[u8] = b"\n%%%\n";

/// A mapping, an export that it is for, and who its people are. Where there is no mapping it is guessed.
pub fn mapping(data: &[u8]) {
    let parts = flat::split(data, BETWEEN);
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let (Ok(text), Ok(people)) = (str::from_utf8(part(0)), str::from_utf8(part(2))) else { return };
    let export = flat::packed(part(1));
    let known_as = match read_people("people.toml", people) {
        Ok(known_as) => known_as,
        Err(faults) => return told(&faults),
    };
    FOLDER.with_borrow(|folder| {
        let dir = folder.path();
        let mapping = if text.trim().is_empty() {
            let Ok(grids) = grid::parse("export", &export, &ReadOptions::default()) else { return };
            let base = Base::read(dir, &[]).expect("it is good");
            let Some(guess) = guess(&grids, &base) else { return };
            match Mapping::parse("guessed.toml", &guess.toml) {
                Ok(mapping) => mapping,
                // What it asks is to be answered first.
                Err(faults) if faults.iter().all(|fault| fault.value == "?") => {
                    return told(&faults);
                }
                Err(faults) => panic!("{faults:#?} in {}", guess.toml),
            }
        } else {
            match Mapping::parse("mapping.toml", text) {
                Ok(mapping) => mapping,
                Err(faults) => return told(&faults),
            }
        };
        take_in(dir, &mapping, &export, &known_as);
    });
}

/// Imports, and imports again into what came of it, which changes nothing.
fn take_in(dir: &Path, mapping: &Mapping, export: &[u8], known_as: &KnownAs) {
    let options = ReadOptions { separator: mapping.separator(), ..ReadOptions::default() };
    let exports = match grid::parse("export", export, &options) {
        Ok(grids) => [grids],
        Err(error) => return drop(error.to_string()),
    };
    let base = Base::read(dir, &mapping.tables()).expect("it is good");
    let outcome = import(&exports, mapping, &base, known_as);
    outcome.warnings.iter().for_each(|warning| drop(warning.to_string()));
    if let Some(text) = review(None, &outcome.asks) {
        assert!(outcome.files.is_empty(), "made though names are asked for");
        let there = read_people("people.toml", &text);
        there.unwrap_or_else(|faults| panic!("{faults:#?} in {text}"));
    }
    if !outcome.faults.is_empty() {
        assert!(outcome.files.is_empty(), "made though it is wrong");
        return told(&outcome.faults);
    }
    if outcome.files.is_empty() {
        return;
    }
    let verified = verify(dir, &outcome.files).expect("there is room");
    if !verified.own.is_empty() {
        return verified.own.iter().for_each(|fault| drop(fault.to_string()));
    }
    let names = outcome.files.iter().map(|file| file.table.file_name());
    for (name, file) in names.clone().zip(&outcome.files) {
        fs::write(dir.join(name), &file.content).expect("a file is written");
    }
    let base = Base::read(dir, &mapping.tables());
    names.for_each(|name| restore(dir, name));
    let again = import(&exports, mapping, &base.expect("it has written it"), known_as);
    assert!(again.faults.is_empty() && again.asks.is_empty(), "again: {:#?}", again.faults);
    for file in &again.files {
        assert!(file.is_same(), "the same export again changes {file:#?}");
    }
}

fn told(faults: &[ImportFault]) {
    assert!(!faults.is_empty(), "refused without a word");
    faults.iter().for_each(|fault| drop(fault.to_string()));
}
