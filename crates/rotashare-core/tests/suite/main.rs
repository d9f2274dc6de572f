//! Clinics expanded, faults found, the published rota read: the domain against the contract.

mod broken;
mod draft;
mod expansion;
mod faults;
mod network;
mod rotas;
mod unknown;
mod warnings;
