//! The engines: from a [problem](rotashare_rules::problem) to a choice of options, with its proof.
//!
//! An engine knows the six words of the algebra and no rule by name. [`drive::solve`] splits a problem
//! into parts that have nothing to do with each other and gives each to an engine:
//!
//! | engine | how |
//! |---|---|
//! | [`plans`] | column generation: a column is a consultant's whole month |
//! | [`compact`] | the whole as one integer programme, for a general solver |
//!
//! Both start from the [local search](local), prove what they can in time, and say honestly how far
//! they came: an [`engine::Answer`] breaks nothing, its objective is counted from the problem, and its
//! bound holds. [`mps`] writes the same integer programme for any other solver.

pub mod bound;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;
pub mod compact;
mod dice;
pub mod drive;
pub mod engine;
pub mod keep;
mod lists;
pub mod local;
pub mod mps;
pub mod plans;
pub mod programme;
mod work;

pub use compact::{Compact, Solver};
pub use drive::{Solution, solve};
pub use engine::{Answer, Engine, Grounds, NoWatch, SolveError, Stop, Watch};
pub use keep::keep;
pub use plans::Plans;
pub use work::Work;

/// The engines' names, the default one first.
pub const ENGINES: [&str; 2] = ["plans", "compact"];

/// The engine of that name; `solver` is the general solver it uses where it needs one.
#[must_use]
pub fn engine_by_name(name: &str, solver: Solver) -> Option<Box<dyn Engine>> {
    match name {
        "plans" => Some(Box::new(Plans)),
        "compact" => Some(Box::new(Compact::new(solver))),
        _ => None,
    }
}
