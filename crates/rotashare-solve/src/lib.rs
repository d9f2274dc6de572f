//! The engines: from a problem to a rota, with its proof.
pub mod bound;
pub mod compact;
pub mod engine;
pub mod local;
pub mod plans;
pub mod programme;
