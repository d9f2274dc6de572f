//! What goes out: workbook, page, calendars, FHIR bundle, recharge.

mod calendars;
mod common;
mod files;
mod recharge;
mod speed;
