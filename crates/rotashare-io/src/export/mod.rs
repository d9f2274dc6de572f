//! Everything a manager sends round: workbook, page, calendars, FHIR bundle, statement, report.
//!
//! Every maker takes a [`view::View`]: what its reader may see. What the rules know is handed over as
//! [`facts::Facts`]; this crate knows no rule.

mod charts;
pub mod delivered;
pub mod facts;
pub mod fhir;
pub mod figures;
pub mod html;
pub mod ics;
pub mod picture;
pub mod reasons;
pub mod recharge;
pub mod report;
pub mod statement;
mod svg;
pub mod text;
pub mod view;
pub mod xlsx;

/// Why an export can't be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A workbook can't hold what there is.
    #[error("the workbook can't be made")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}
