//! What the program promises whatever is done to it: see docs/trust.md.

#![expect(clippy::print_stderr, reason = "what a long run has seen, and what is skipped and why")]

#[path = "../cli/common.rs"]
#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
mod common;
mod full;
mod hostile;
#[cfg(unix)]
mod killed;
mod large;
mod numbers;
mod privacy;
mod same;
