//! Every rule and every term of a rota, each in a room of its own; the algebra by which they speak to
//! the engines; and the audit, which needs no engine.

pub mod audit;
pub mod compile;
mod parts;
pub mod problem;
pub mod registry;
pub mod rule;
pub mod rulebook;
pub mod rules;
mod settle;
pub mod size;
