//! Rules.
mod parts;
pub mod problem;
