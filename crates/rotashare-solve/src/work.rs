//! Work, counted the same on every machine and for any number of threads: what a search may do is limited
//! by it where the same answer is wanted everywhere.

use std::sync::atomic::{AtomicU64, Ordering};

/// Steps in a unit of work, which takes a processor of 2025 about a second.
const STEPS: f64 = 7e6;

/// How much may be done, and has been. Counted and looked at only where the search is in one thread, so
/// that the count is the same for any number of them.
#[derive(Debug, Default)]
pub struct Work {
    limit: u64,
    done: AtomicU64,
}

impl Work {
    /// So many units, each about a second of one processor.
    #[must_use]
    pub fn of_units(units: f64) -> Self {
        Self::of_steps((units * STEPS).clamp(0.0, 1e18) as u64)
    }

    pub(crate) fn of_steps(limit: u64) -> Self {
        Self { limit, done: AtomicU64::new(0) }
    }

    pub(crate) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.done())
    }

    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }
}
