//! Every rule and term held against the contract by hand, and audit and algebra against each other.

mod dice;
#[path = "../../../rotashare-core/tests/suite/draft.rs"]
mod draft;
mod exhaustive;
mod hard_boards;
mod hard_person;
mod metamorphic;
mod oracle;
mod random;
mod rulebook;
mod settings;
mod terms;
mod world;
