//! Why a command ends without a result, and the exit code that says so.

use std::process::ExitCode;

use crate::say;

/// The rota breaks a rule (`audit`).
pub(crate) const BREAKS_A_RULE: u8 = 1;
/// The input has faults, or a path or an argument is no good.
pub(crate) const FAULTS: u8 = 2;
/// The result failed its own audit.
pub(crate) const FAILED_AUDIT: u8 = 3;

/// Why a command ends without a result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input has faults, which have been told.
    Told,
    /// Something that one sentence says.
    Message(String),
    /// The result failed its own audit.
    OwnAudit(String),
}

impl Failure {
    /// Says it on standard error.
    pub(crate) fn tell(self) -> ExitCode {
        match self {
            Self::Told => ExitCode::from(FAULTS),
            Self::Message(message) => {
                say::message(&format!("rotashare: {message}"));
                ExitCode::from(FAULTS)
            }
            Self::OwnAudit(message) => {
                say::message(&format!("rotashare: {message}"));
                ExitCode::from(FAILED_AUDIT)
            }
        }
    }
}
