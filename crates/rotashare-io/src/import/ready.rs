//! Mappings for the usual shapes of exports, ready to use or to start from.

use super::mapping::Mapping;

/// A mapping that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ready {
    /// Its name.
    pub name: &'static str,
    /// Its text, to be saved and changed.
    pub toml: &'static str,
}

/// Every mapping that comes with the program.
pub const READY: [Ready; 5] = [
    Ready { name: "job-plan", toml: include_str!("ready/job-plan.toml") },
    Ready { name: "weekly-rota", toml: include_str!("ready/weekly-rota.toml") },
    Ready { name: "clinic-list", toml: include_str!("ready/clinic-list.toml") },
    Ready { name: "leave-list", toml: include_str!("ready/leave-list.toml") },
    Ready { name: "leave-grid", toml: include_str!("ready/leave-grid.toml") },
];

impl Ready {
    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        READY.into_iter().find(|ready| ready.name == name)
    }

    /// Reads it. `None` only if it were wrong, which a test keeps from being so.
    #[must_use]
    pub fn mapping(&self) -> Option<Mapping> {
        Mapping::parse(self.name, self.toml).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_mapping_is_right_and_says_what_it_is_for() {
        for ready in READY {
            let mapping = Mapping::parse(ready.name, ready.toml);
            let mapping = mapping.unwrap_or_else(|faults| panic!("{}: {faults:#?}", ready.name));
            assert!(!mapping.about().is_empty(), "{}", ready.name);
            assert_eq!(Ready::named(ready.name), Some(ready));
        }
    }
}
