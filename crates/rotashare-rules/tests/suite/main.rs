//! Every rule and term held against the contract by hand, and audit and algebra against each other.

mod dice;
#[path = "../../../rotashare-core/tests/suite/draft.rs"]
#[expect(dead_code, reason = "the rules' own tests use the rest")]
mod draft;
mod exhaustive;
mod metamorphic;
mod oracle;
mod random;
mod rulebook;
mod settings;
#[expect(dead_code, reason = "the rules' own tests use the rest")]
mod world;
