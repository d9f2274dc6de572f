//! Datasets read and written, results written, and everything that can be wrong on the way.

mod common;
mod grid;
mod import;
mod reading;
mod robust;
mod writing;
