//! Placeholder.
pub mod generate;
