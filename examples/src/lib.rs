//! Programs on the library.
