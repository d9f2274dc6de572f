//! Datasets in, rotas out: CSV, TOML and JSON, with every fault in its place.
//!
//! [`read_dataset`] reads a folder, or a workbook, into a [`rotashare_core::draft::Draft`]; what a cell, row or file
//! has wrong is collected and never skipped in silence. [`write_dataset`] writes a draft back.
//! [`rota_csv`], [`gaps_csv`] and [`summary_json`] give the files of a result, and [`write_folder`]
//! writes them whole or not at all.

pub mod book;
mod cell;
mod column;
mod consequences;
mod dataset;
pub mod export;
mod file;
mod fill;
mod findings;
mod folder;
pub mod generate;
pub mod grid;
pub mod import;
mod network_toml;
mod output;
mod rota;
mod row;
mod sheet;
mod tables;
mod write;

pub use column::{Column, columns, is_required};
pub use dataset::{ReadError, Reading, read_dataset};
pub use file::read_bytes;
pub use folder::{WriteError, write_file, write_folder};
pub use network_toml::NETWORK_KEYS;
pub use output::{GapRow, Summary, gaps_csv, points, rota_csv, summary_json};
pub use rota::{RotaReading, read_rota};
pub use write::{dataset_files, write_dataset};
