//! From a dataset to a rota and back through the audit: both engines against the truth, on random
//! networks with every file, rule and term of the contract.

#![expect(clippy::print_stderr, reason = "what a long run has seen")]

#[path = "../../../rotashare-rules/tests/suite/dice.rs"]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
mod dice;
#[path = "../../../rotashare-core/tests/suite/draft.rs"]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
mod draft;
mod engines;
mod networks;
#[path = "../../../rotashare-rules/tests/suite/random.rs"]
mod random;
#[path = "../../../rotashare-rules/tests/suite/settings.rs"]
mod settings;
mod truth;
