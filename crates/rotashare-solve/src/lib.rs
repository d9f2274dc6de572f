//! The engines: from a problem to a rota, with its proof.
pub mod engine;
pub mod local;
pub mod plans;
