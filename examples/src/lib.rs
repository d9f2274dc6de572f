//! Programs on the library, and the reference datasets that one of them writes.

pub mod reference;
