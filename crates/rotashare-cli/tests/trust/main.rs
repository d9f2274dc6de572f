//! What the program promises whatever is done to it: see docs/trust.md.

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
