//! Column generation: a column is a consultant's whole month.
