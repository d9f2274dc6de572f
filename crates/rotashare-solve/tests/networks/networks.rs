//! Random networks for proptest: one a seed, and where one fails, ever fewer rows of it.

use std::cell::Cell;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rotashare_core::draft::{Draft, Setting};

use crate::dice::Dice;
use crate::random::{Case, case};

/// A network, and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Seeded {
    pub(crate) seed: u64,
    pub(crate) case: Case,
}

impl Seeded {
    /// Whether it has weights far apart.
    pub(crate) fn is_extreme(&self) -> bool {
        self.seed.is_multiple_of(2)
    }
}

/// The network of a seed: every fourth has weights from nothing to the most there may be, every fourth
/// some that people could set.
pub(crate) fn seeded(seed: u64) -> Seeded {
    let mut seeded = Seeded { seed, case: case(seed) };
    if seeded.is_extreme() {
        let case = &mut seeded.case;
        let mut dice = Dice::new(!seed);
        case.draft.network.weights.clear();
        for weight in rotashare_rules::registry::weights() {
            let points = if seed.is_multiple_of(4) {
                dice.pick(&[0, 1, 7, 1000, 1_000_000, 999_999_999, 1_000_000_000])
            } else {
                dice.pick(&[0, 1, 60, 400, 5000, 30_000, 200_000])
            };
            if dice.percent(70) {
                let row = (1, weight.term.to_owned(), Setting::Whole(points));
                case.draft.network.weights.push(row);
            }
        }
    }
    seeded
}

/// Networks of one seed after the other.
#[derive(Debug)]
pub(crate) struct Networks(Cell<u64>);

impl Networks {
    pub(crate) fn from(seed: u64) -> Self {
        Self(Cell::new(seed))
    }
}

impl Strategy for Networks {
    type Tree = Tree;
    type Value = Seeded;

    fn new_tree(&self, _: &mut TestRunner) -> NewTree<Self> {
        let seed = self.0.replace(self.0.get() + 1);
        Ok(Tree { now: seeded(seed), before: None, at: 0 })
    }
}

/// A network that loses rows as long as it still fails.
pub(crate) struct Tree {
    now: Seeded,
    before: Option<Seeded>,
    at: usize,
}

impl ValueTree for Tree {
    type Value = Seeded;

    fn current(&self) -> Seeded {
        self.now.clone()
    }

    fn simplify(&mut self) -> bool {
        let mut less = self.now.clone();
        if !cut(&mut less.case.draft, self.at) {
            return false;
        }
        self.before = Some(std::mem::replace(&mut self.now, less));
        true
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.now = before;
        self.at += 1;
        true
    }
}

/// Takes out the `at`-th thing that can be taken out: files first, then rows; `false` where there is
/// none.
fn cut(draft: &mut Draft, mut at: usize) -> bool {
    macro_rules! files {
        ($($field:ident),*) => {$(
            if draft.$field.is_some() {
                if at == 0 {
                    draft.$field = None;
                    return true;
                }
                at -= 1;
            }
        )*};
    }
    macro_rules! rows {
        ($($rows:expr),*) => {$(
            let rows = $rows;
            if at < rows.len() {
                rows.remove(at);
                return true;
            }
            at -= rows.len();
        )*};
    }
    files! {
        specialties, bank_holidays, travel, authorisations, job_plans, leave, on_call, clinics,
        clinic_changes, sessions, cover, agreements, preferences, pins, published, history
    }
    rows! {
        &mut draft.network.weights, &mut draft.network.rules, &mut draft.trusts, &mut draft.sites,
        &mut draft.consultants, &mut draft.accreditations
    }
    macro_rules! rows_if_there {
        ($($field:ident),*) => {$(
            if let Some(rows) = &mut draft.$field {
                if at < rows.len() {
                    rows.remove(at);
                    return true;
                }
                at -= rows.len();
            }
        )*};
    }
    rows_if_there! {
        specialties, bank_holidays, travel, authorisations, job_plans, leave, on_call, clinics,
        clinic_changes, sessions, cover, agreements, preferences, pins, published, history
    }
    let _ = at;
    false
}

#[test]
fn a_failing_network_shrinks_to_the_rows_that_matter() {
    use proptest::test_runner::{Config, TestError};
    let config = Config {
        cases: 200,
        failure_persistence: None,
        max_shrink_iters: 5000,
        ..Config::default()
    };
    // As if whoever has two accreditations failed.
    let fails = |seeded: &Seeded| seeded.case.draft.accreditations.len() >= 2;
    let run = TestRunner::new(config).run(&Networks::from(0), |seeded| {
        proptest::prop_assert!(!fails(&seeded));
        Ok(())
    });
    let Err(TestError::Fail(_, least)) = run else { panic!("{run:?}") };
    let draft = &least.case.draft;
    assert_eq!((draft.accreditations.len(), draft.consultants.len(), draft.sites.len()), (2, 0, 0));
    assert_eq!((draft.clinics.is_none(), draft.leave.is_none()), (true, true));
}
