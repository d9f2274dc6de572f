//! Why a place is empty, and the least that would fill it.
//!
//! Every reason comes from a rule: from what it forbids outright, or from its audit of the rota with the
//! person put in. No solver is asked why.

mod gaps;
mod obstacles;
mod view;
mod words;

pub use gaps::{Gap, NEEDED_ELSEWHERE, gaps, gaps_for};
pub use obstacles::{Obstacle, Reach};
pub use view::{UNAVAILABLE, View};
