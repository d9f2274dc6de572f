//! What ended a search, and with it whether another run may end elsewhere.

use std::time::Instant;

use rotashare_solve::{Solution, Stop};

/// What ended a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing better can exist.
    Proof,
    /// The engine went as far as it goes.
    Work,
    /// The clock.
    Time,
    /// Ctrl-C.
    Interrupt,
}

impl Ending {
    /// To be asked right after the search.
    pub(crate) fn of(solution: &Solution, stop: &Stop) -> Self {
        // Each of several parts gets a share of the time: any may have been cut short before it was over.
        let is_cut = |deadline| solution.parts.len() > 1 || Instant::now() >= deadline;
        if solution.is_proven() {
            Self::Proof
        } else if stop.is_interrupted() {
            Self::Interrupt
        } else if stop.deadline.is_some_and(is_cut) {
            Self::Time
        } else {
            Self::Work
        }
    }

    /// As `summary.json` has it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Work => "work-limit",
            Self::Time => "time-limit",
            Self::Interrupt => "interrupt",
        }
    }
}
