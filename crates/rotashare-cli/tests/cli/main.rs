//! The program as people run it.

mod common;
mod faults;
mod judge;
mod plan;
