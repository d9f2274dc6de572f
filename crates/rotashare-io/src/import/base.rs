//! The dataset that is there already: what an import goes into.

use std::collections::BTreeMap;
use std::path::Path;

use rotashare_core::fault::Table;
use rotashare_core::time::Date;

use crate::cell::{plain_text, trim};
use crate::column::columns;
use crate::file;
use crate::findings::Findings as Unheard;
use crate::grid::{self, GridError, ReadOptions};
use crate::network_toml;

/// Files that an import looks things up in.
const LOOKED_UP: [Table; 4] = [Table::Trusts, Table::Sites, Table::Specialties, Table::Consultants];

/// A file of the dataset as text: header and rows, each as wide as the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Raw {
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The cells of a column, without blanks around them; empty where it is absent.
    pub(super) fn column(&self, name: &str) -> Vec<&str> {
        let at = self.position(name);
        self.rows.iter().map(|row| at.map_or("", |at| trim(&row[at]))).collect()
    }
}

/// The dataset that an import goes into; it may be a part of one, or nothing yet.
#[derive(Clone, Debug, Default)]
pub struct Base {
    pub(super) files: BTreeMap<Table, Raw>,
    pub(super) horizon: Option<(Date, Date)>,
}

impl Base {
    /// Reads what a folder has of the files that an import makes or looks up. A folder that is not there
    /// has none.
    ///
    /// # Errors
    /// Where one of them can't be read.
    pub fn read(dir: &Path, makes: &[Table]) -> Result<Self, GridError> {
        let mut base = Self::default();
        for table in Table::ALL {
            let path = dir.join(table.file_name());
            if !(LOOKED_UP.contains(&table) || makes.contains(&table)) || !path.exists() {
                continue;
            }
            let grids = grid::read(
                &path,
                &ReadOptions { separator: Some(b','), ..ReadOptions::default() },
            )?;
            let rows = grids.first().map_or(&[][..], |grid| grid.rows());
            base.files.insert(table, raw(table, rows));
        }
        let path = dir.join(Table::Network.file_name());
        if let Ok(Some((bytes, _))) = file::load(&path, Table::Network, file::MAX_TOML)
            && let Ok(text) = file::text(&bytes, Table::Network)
        {
            base.horizon = network_toml::read(text, &mut Unheard::new(Table::Network)).horizon;
        }
        Ok(base)
    }

    pub(super) fn file(&self, table: Table) -> Option<&Raw> {
        self.files.get(&table)
    }
}

fn raw(table: Table, rows: &[grid::GridRow]) -> Raw {
    let Some((head, rows)) = rows.split_first() else { return Raw::default() };
    let header: Vec<String> = head.cells().iter().map(|name| trim(name).to_lowercase()).collect();
    let is_free_text: Vec<bool> = header
        .iter()
        .map(|name| columns(table).iter().any(|one| one.name() == name && one.is_free_text()))
        .collect();
    let rows = rows.iter().map(|row| {
        let mut cells = row.cells().to_vec();
        cells.resize(header.len(), String::new());
        for (cell, _) in cells.iter_mut().zip(&is_free_text).filter(|(_, is_free)| **is_free) {
            *cell = plain_text(trim(cell)).to_owned();
        }
        cells
    });
    Raw { rows: rows.collect(), header }
}
