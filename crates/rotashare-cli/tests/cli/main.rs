//! The program as people run it.

mod common;
mod explain;
mod faults;
mod generate;
mod judge;
mod plan;
mod privacy;
mod workbook;
