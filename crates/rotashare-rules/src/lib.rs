//! Every rule and every term of a rota, each in a room of its own; the algebra by which they speak to
//! the engines; and the audit, which needs no engine.

pub mod audit;
mod candidates;
pub mod compile;
mod parts;
pub mod problem;
pub mod registry;
pub mod rule;
pub mod rulebook;
pub mod rules;
mod settle;
pub mod size;
pub mod slices;

// The rules' own tests and those of the suite share their networks.
#[cfg(test)]
extern crate self as rotashare_rules;
#[cfg(test)]
#[path = "../../rotashare-core/tests/suite/draft.rs"]
#[expect(dead_code, reason = "the suite uses the rest")]
mod draft;
#[cfg(test)]
#[path = "../tests/suite/settings.rs"]
mod settings;
#[cfg(test)]
#[path = "../tests/suite/world.rs"]
mod world;
