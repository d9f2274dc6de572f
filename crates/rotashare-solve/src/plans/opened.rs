//! A problem of which most is decided, so that what is left can be searched at its own size.

use rotashare_rules::problem::{OptionId, Part, Problem, Settled};

/// What is left of a problem, and what the rest has come to.
pub(super) struct Opened {
    part: Part,
    kept: Vec<OptionId>,
    options: usize,
}

impl Opened {
    /// What a problem leaves open where so much is decided; `None` where that contradicts itself.
    pub(super) fn new(problem: &Problem, decided: &[Option<bool>]) -> Option<Self> {
        let Settled { rest, chosen } = problem.settle_with(decided)?;
        Some(Self { part: rest, kept: chosen, options: decided.len() })
    }

    pub(super) fn problem(&self) -> &Problem {
        &self.part.problem
    }

    /// A choice of the whole, as far as it is open.
    pub(super) fn part_of(&self, chosen: &[bool]) -> Vec<bool> {
        self.part.options.iter().map(|option| chosen[option.index()]).collect()
    }

    /// A choice of what is open with what is decided.
    pub(super) fn whole(&self, chosen: &[bool]) -> Vec<bool> {
        let mut all = vec![false; self.options];
        self.kept.iter().for_each(|option| all[option.index()] = true);
        for (option, is_chosen) in self.part.options.iter().zip(chosen) {
            all[option.index()] = *is_chosen;
        }
        all
    }
}
