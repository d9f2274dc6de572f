//! A mapping bound to the columns of a sheet.

use std::collections::BTreeSet;

use super::header::{Headed, Source};
use super::mapping::{ColumnSpec, Condition, Mapping, TableSpec};
use super::unfold::MadeCells;

/// A table of the mapping bound to the columns of a sheet.
pub(super) struct Bound<'m> {
    pub(super) spec: &'m TableSpec,
    pub(super) when: Option<(&'m Condition, Option<Source>)>,
    pub(super) columns: Vec<(&'m ColumnSpec, Vec<Option<Source>>)>,
}

impl Bound<'_> {
    /// Whether it makes something of the cells of a grid, and not only of their rows.
    pub(super) fn takes_cells(&self) -> bool {
        self.columns.iter().flat_map(|(column, _)| &column.from).any(|names| names.made().is_some())
    }
}

pub(super) fn bind<'m>(spec: &'m TableSpec, headed: &Headed<'_>) -> Bound<'m> {
    let when = spec.when.as_ref().map(|when| (when, headed.find(&when.column)));
    let columns = spec
        .columns
        .iter()
        .map(|column| (column, column.from.iter().map(|names| headed.find(names)).collect()));
    Bound { spec, when, columns: columns.collect() }
}

/// Their columns that nothing takes, and those of the mapping that are not there.
pub(super) fn coverage(
    headed: &Headed<'_>,
    mapping: &Mapping,
    days: Option<&[(usize, MadeCells)]>,
) -> (Vec<String>, Vec<String>) {
    let mut taken: BTreeSet<usize> = days.unwrap_or_default().iter().map(|(at, _)| *at).collect();
    let mut absent = Vec::new();
    for names in super::header::every(mapping) {
        match headed.find(names) {
            None if mapping.fill_down.contains(names) => {}
            Some(Source::Column(column)) => {
                taken.insert(column);
            }
            Some(Source::Made(_)) => {}
            None if !absent.contains(&names.first().to_owned()) => {
                absent.push(names.first().to_owned());
            }
            None => {}
        }
    }
    let labels = headed.labels.iter().enumerate();
    let unused = labels.filter(|(at, label)| !taken.contains(at) && !label.is_empty());
    (unused.map(|(_, label)| label.clone()).collect(), absent)
}
