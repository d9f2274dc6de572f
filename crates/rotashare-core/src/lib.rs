//! The domain of shared consultant rotas: no input or output, no solver, no clock.
pub mod draft;
pub mod fault;
pub mod ids;
pub mod points;
pub mod time;
pub mod values;
