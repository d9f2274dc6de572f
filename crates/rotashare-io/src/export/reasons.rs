//! Why a place is empty, put together by reason.

use std::collections::BTreeMap;

use super::facts::GapReason;

/// Reasons with those they hold for, the most frequent first.
#[must_use]
pub fn by_rule<'a>(reasons: &[&'a GapReason]) -> Vec<(&'a str, Vec<&'a GapReason>)> {
    let mut rules: BTreeMap<&str, Vec<&GapReason>> = BTreeMap::new();
    for reason in reasons {
        rules.entry(&reason.rule).or_default().push(reason);
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    rules
}

/// `leave 3, needed-elsewhere 2`: how many consultants each reason holds for.
#[must_use]
pub fn counts(reasons: &[&GapReason]) -> String {
    let rules = by_rule(reasons).into_iter();
    let counts: Vec<String> =
        rules.map(|(rule, people)| format!("{rule} {}", people.len())).collect();
    if counts.is_empty() { "no consultant of the specialty".to_owned() } else { counts.join(", ") }
}
