//! What is said of empty places held against the audit, and what is suggested against new plans.

mod common;
mod gaps;
mod privacy;
mod promises;
mod swaps;
