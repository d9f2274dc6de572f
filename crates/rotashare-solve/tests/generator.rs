//! The generator of random problems is itself what the other tests stand on.
mod common;
