//! Looking rules and terms up. They are listed in `rules/mod.rs`, a line each.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::rule::{Rule, Weight};
use crate::rules;

/// All of them, in the order in which they are shown.
pub const RULES: &[&dyn Rule] = rules::ALL;

/// The rule with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Rule> {
    static BY_ID: LazyLock<HashMap<&str, &dyn Rule>> =
        LazyLock::new(|| RULES.iter().map(|rule| (rule.meta().id, *rule)).collect());
    BY_ID.get(id).copied()
}

/// Every weight of every term.
pub fn weights() -> impl Iterator<Item = &'static Weight> {
    RULES.iter().flat_map(|rule| rule.meta().weights)
}
