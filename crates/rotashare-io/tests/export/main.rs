//! What goes out: workbook, page, calendars, FHIR bundle, recharge.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod calendars;
mod common;
mod files;
mod recharge;
