//! The domain of shared consultant rotas: trusts, consultants, clinics, sessions, and the rota.
//!
//! No input or output, no solver, no clock. A [`draft::Draft`] is a dataset as read; a
//! [`network::Network`] is one that was checked, and the only thing that rules and engines look at.

pub mod agreements;
mod build;
pub mod calendar;
pub mod clinics;
pub mod draft;
pub mod fault;
pub mod ids;
pub mod network;
pub mod people;
pub mod points;
pub mod rota;
pub mod sites;
pub mod time;
pub mod values;
