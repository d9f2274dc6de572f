//! `[weights]` and `[rules.<id>]` of a draft.

use rotashare_core::draft::{Draft, Setting};

/// Sets a weight.
pub(crate) fn weigh(draft: &mut Draft, term: &str, points: i64) {
    draft.network.weights.push((6, term.into(), Setting::Whole(points)));
}

/// Sets a parameter of a rule.
pub(crate) fn set(draft: &mut Draft, rule: &str, key: &str, value: Setting) {
    draft.network.rules.push((20, rule.into(), key.into(), value));
}

/// Switches a rule off.
pub(crate) fn switch_off(draft: &mut Draft, rule: &str) {
    set(draft, rule, "enabled", Setting::Bool(false));
}
