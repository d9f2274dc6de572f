//! Why a place is empty, and the least that would fill it.
//!
//! Every reason comes from a rule: from what it forbids outright, or from its audit of the rota with the
//! person put in. No solver is asked why.

mod candidates;
mod case;
mod change;
mod gaps;
mod obstacles;
mod replan;
mod session;
mod suggest;
mod swaps;
mod view;
mod words;

pub use case::{Case, Faulty};
pub use change::Change;
pub use gaps::{Gap, NEEDED_ELSEWHERE, gaps, gaps_for};
pub use obstacles::{Obstacle, Reach};
pub use session::{Candidate, Explanation, Holder, Price, session};
pub use suggest::{Advice, Suggestion, advice};
pub use view::{UNAVAILABLE, View};
