//! Core.
pub mod ids;
pub mod points;
