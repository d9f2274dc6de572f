//! What was made put into the dataset that is there, and what changes by it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::fault::Table;

use super::base::{Base, Raw};
use super::fault::{Findings, Place};
use super::kind::is_keyed;
use super::make::MadeRow;
use super::people::People;
use super::places::Places;
use crate::cell::{text_cell, trim};
use crate::column::columns;
use crate::write::Csv;

/// A file of the dataset as it will be, and how it differs from what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileChange {
    /// Which.
    pub table: Table,
    /// Rows before and now.
    pub before: usize,
    /// Rows now.
    pub now: usize,
    /// Rows of other trusts, which stay as they are.
    pub kept: usize,
    /// New rows, as they will stand in the file.
    pub added: Vec<String>,
    /// Rows that go.
    pub removed: Vec<String>,
    /// Rows of one key that change.
    pub changed: Vec<RowChange>,
    /// The file's content.
    pub content: Vec<u8>,
    /// Where each row of the file comes from: sheet and row of the export; `None` where it was there.
    pub(super) origins: Vec<Option<(usize, u32)>>,
}

impl FileChange {
    /// Whether the file stays as it is.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// How a row of one key changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowChange {
    /// Its key.
    pub key: String,
    /// The cells that change.
    pub cells: Vec<CellChange>,
}

/// How a cell changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CellChange {
    /// Its column.
    pub column: String,
    /// What stands there.
    pub before: String,
    /// What will.
    pub now: String,
}

/// A row of the file as it will be, and the sheet and row that it comes from.
struct Placed {
    cells: Vec<String>,
    origin: Option<(usize, u32)>,
}

/// Puts rows into a file. With a trust, only the rows of that trust are replaced.
pub(super) fn merge(
    table: Table,
    rows: Vec<MadeRow>,
    base: &Base,
    trust: Option<&str>,
    known: (&People, &Places),
    place: &dyn Fn(usize, u32) -> Place,
    findings: &mut Findings,
) -> FileChange {
    let empty = Raw::default();
    let old = base.file(table).unwrap_or(&empty);
    let described = columns(table);
    // The contract's columns in its order, then those that somebody added.
    let own: Vec<&str> = described.iter().map(crate::Column::name).collect();
    let added = old.header.iter().map(String::as_str).filter(|name| !own.contains(name));
    let header: Vec<&str> = own.iter().copied().chain(added).collect();
    let lay = |row: &[String]| -> Vec<String> {
        let cell = |name: &&str| {
            old.position(name).map_or_else(String::new, |at| trim(&row[at]).to_owned())
        };
        header.iter().map(cell).collect()
    };
    let old_rows: Vec<Vec<String>> = old.rows.iter().map(|row| lay(row)).collect();

    let owner = |cells: &[String]| owner(table, &own, cells, known);
    let (mut kept, replaced): (Vec<Vec<String>>, Vec<Vec<String>>) = match trust {
        Some(trust) => {
            old_rows.iter().cloned().partition(|row| owner(row).is_some_and(|owner| owner != trust))
        }
        None => (Vec::new(), old_rows.clone()),
    };
    let key = |row: &[String]| row.first().cloned().unwrap_or_default();
    let by_key: BTreeMap<String, &Vec<String>> = if is_keyed(table) {
        old_rows.iter().map(|row| (key(row), row)).collect()
    } else {
        BTreeMap::new()
    };

    // Of files without a key a row stays that says the same as far as the mapping says anything.
    let made_columns: Vec<usize> =
        (0..own.len()).filter(|at| rows.iter().any(|row| row.cells[*at].is_some())).collect();
    let or_default = |at: usize, text: &str| {
        if text.is_empty() { described[at].default_value().to_owned() } else { text.to_owned() }
    };
    let mut alike: BTreeMap<Vec<String>, Vec<&Vec<String>>> = BTreeMap::new();
    if !is_keyed(table) {
        for row in &replaced {
            let said = made_columns.iter().map(|at| or_default(*at, &row[*at])).collect();
            alike.entry(said).or_default().push(row);
        }
    }

    let mut new_rows = Vec::with_capacity(rows.len());
    for made in rows {
        let origin = Some((made.sheet, made.row));
        let text = |at: &usize| made.cells[*at].as_deref().unwrap_or_default();
        let said: Vec<String> = made_columns.iter().map(|at| or_default(*at, text(at))).collect();
        if let Some(stay) = alike.remove(&said) {
            new_rows.extend(stay.into_iter().map(|row| Placed { cells: row.clone(), origin }));
            continue;
        }
        let before =
            made.cells.first().cloned().flatten().and_then(|key| by_key.get(&key).copied());
        let cells = cells_of(&made, before, described, header.len());
        if let (Some(trust), Some(owner)) = (trust, owner(&cells))
            && owner != trust
        {
            let problem =
                format!("{} is of {owner}; this import replaces rows of {trust} only", cells[0]);
            let remedy = format!("leave it out, or import without trust = {trust:?}");
            findings.fault(place(made.sheet, made.row).fault(&cells[0], problem, remedy));
        }
        new_rows.push(Placed { cells, origin });
    }
    // A row that is there twice, kept and new, is one.
    let fresh: BTreeSet<Vec<String>> = new_rows.iter().map(|row| row.cells.clone()).collect();
    kept.retain(|row| !fresh.contains(row));

    let mut change = FileChange {
        table,
        before: old_rows.len(),
        now: kept.len() + new_rows.len(),
        kept: kept.len(),
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        content: Vec::new(),
        origins: Vec::new(),
    };
    differences(&mut change, &header, &replaced, &new_rows, &by_key);
    let kept = kept.into_iter().map(|cells| Placed { cells, origin: None });
    let all: Vec<Placed> = kept.chain(new_rows).collect();
    change.content = content(&header, described, old, &all);
    change.origins = all.into_iter().map(|row| row.origin).collect();
    change
}

/// The cells of a new row, with those of the row of its key that was there where the mapping says nothing.
fn cells_of(
    made: &MadeRow,
    before: Option<&Vec<String>>,
    described: &[crate::Column],
    width: usize,
) -> Vec<String> {
    let columns = made.cells.iter().zip(described).enumerate();
    let mut cells: Vec<String> = columns
        .map(|(at, (cell, column))| match (cell, before) {
            // An empty cell says its default already.
            (Some(text), Some(before))
                if before[at].is_empty() && text == column.default_value() =>
            {
                String::new()
            }
            (Some(text), _) => text.clone(),
            (None, Some(before)) => before[at].clone(),
            (None, None) => column.default_value().to_owned(),
        })
        .collect();
    cells.extend(before.map_or(&[][..], |before| &before[described.len()..]).iter().cloned());
    cells.resize(width, String::new());
    cells
}

fn differences(
    change: &mut FileChange,
    header: &[&str],
    old: &[Vec<String>],
    new: &[Placed],
    by_key: &BTreeMap<String, &Vec<String>>,
) {
    let mut left: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    for row in old {
        *left.entry(row).or_default() += 1;
    }
    let mut unmatched = Vec::new();
    for Placed { cells: row, .. } in new {
        match left.get_mut(row) {
            Some(count) if *count > 0 => *count -= 1,
            _ => unmatched.push(row),
        }
    }
    let mut gone: Vec<&Vec<String>> = Vec::new();
    for row in old {
        if let Some(count) = left.get_mut(row)
            && *count > 0
        {
            *count -= 1;
            gone.push(row);
        }
    }
    let line = |row: &[String]| {
        let end = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        row[..end].join(",")
    };
    let mut changed: BTreeSet<&str> = BTreeSet::new();
    for row in unmatched {
        let Some(before) = row.first().and_then(|key| by_key.get(key)) else {
            change.added.push(line(row));
            continue;
        };
        let cells = header.iter().zip(before.iter().zip(row)).filter(|(_, (a, b))| a != b);
        let cells = cells.map(|(column, (before, now))| CellChange {
            column: (*column).to_owned(),
            before: before.clone(),
            now: now.clone(),
        });
        change.changed.push(RowChange { key: row[0].clone(), cells: cells.collect() });
        changed.insert(&row[0]);
    }
    gone.retain(|row| !changed.contains(row[0].as_str()));
    change.removed = gone.into_iter().map(|row| line(row)).collect();
}

/// The file: columns that must be there, and those in which something stands.
fn content(header: &[&str], described: &[crate::Column], old: &Raw, rows: &[Placed]) -> Vec<u8> {
    let is_kept = |at: &usize| {
        described.get(*at).is_none_or(crate::Column::is_required)
            || old.position(header[*at]).is_some()
            || rows.iter().any(|row| !row.cells[*at].is_empty())
    };
    let kept: Vec<usize> = (0..header.len()).filter(is_kept).collect();
    let mut csv = Csv::default();
    csv.row(kept.iter().map(|at| header[*at]));
    for row in rows {
        csv.row(kept.iter().map(|at| match described.get(*at) {
            Some(column) if column.is_free_text() => text_cell(&row.cells[*at]),
            _ => Cow::Borrowed(row.cells[*at].as_str()),
        }));
    }
    csv.into_bytes()
}

/// The trust whose row it is: of its consultant, of its site, or its own; `None` where that is not known.
fn owner(
    table: Table,
    own: &[&str],
    cells: &[String],
    known: (&People, &Places),
) -> Option<String> {
    let (people, places) = known;
    let cell = |name: &str| {
        let at = own.iter().position(|one| *one == name)?;
        Some(cells[at].as_str()).filter(|text| !text.is_empty())
    };
    if matches!(table, Table::Consultants | Table::Trusts | Table::Sites | Table::Cover) {
        return cell("trust").map(str::to_owned);
    }
    if let Some(consultant) = cell("consultant") {
        return people.trust_of(consultant).map(str::to_owned);
    }
    if table == Table::Agreements {
        return cell("lender").map(str::to_owned);
    }
    cell("site")
        .or_else(|| cell("from_site"))
        .and_then(|site| places.trust_of(site))
        .map(str::to_owned)
}
