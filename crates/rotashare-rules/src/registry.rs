//! Looking rules and terms up. They are listed in `rules/mod.rs`, a line each.

use crate::rule::{Rule, Weight};
use crate::rules;

/// All of them, in the order in which they are shown.
pub const RULES: &[&dyn Rule] = rules::ALL;

/// The rule with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.meta().id == id)
}

/// Every weight of every term.
pub fn weights() -> impl Iterator<Item = &'static Weight> {
    RULES.iter().flat_map(|rule| rule.meta().weights)
}
