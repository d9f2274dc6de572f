//! Writing a problem down, piece by piece.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Tariff};

use super::{
    Charge, Clash, Demand, Fix, Group, GroupId, Item, Limit, Mark, OptionId, PlanOption, Problem,
    Row, RuleId,
};

/// A problem in the making: the options are there, the rules add what they have to say.
#[derive(Debug)]
pub struct Sketch {
    problem: Problem,
    ranges: HashMap<ConsultantId, Range<usize>>,
    /// The options in the order of (session, consultant).
    by_session: Vec<OptionId>,
    known_groups: HashMap<Box<[OptionId]>, GroupId>,
    known_clashes: HashSet<(OptionId, OptionId)>,
    fixed: HashMap<OptionId, bool>,
}

impl Sketch {
    /// Starts from all pairs that no rule forbids; duplicates are dropped.
    #[must_use]
    pub fn new(mut pairs: Vec<(ConsultantId, SessionId)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let options = pairs
            .into_iter()
            .map(|(consultant, session)| PlanOption { consultant, session, points: Points::ZERO })
            .collect();
        let problem = Problem { options, ..Problem::default() };
        let ranges = problem.by_consultant().into_iter().collect();
        let mut by_session: Vec<OptionId> = (0..problem.options.len()).map(OptionId::new).collect();
        by_session.sort_by_key(|id| problem.option(*id).session);
        Self {
            problem,
            ranges,
            by_session,
            known_groups: HashMap::new(),
            known_clashes: HashSet::new(),
            fixed: HashMap::new(),
        }
    }

    /// All options, in the order of (consultant, session).
    #[must_use]
    pub fn options(&self) -> &[PlanOption] {
        &self.problem.options
    }

    /// One option.
    #[must_use]
    pub fn option(&self, id: OptionId) -> &PlanOption {
        self.problem.option(id)
    }

    /// The options of a consultant, in the order of sessions.
    pub fn options_of(
        &self,
        consultant: ConsultantId,
    ) -> impl Iterator<Item = (OptionId, &PlanOption)> + '_ {
        let range = self.ranges.get(&consultant).cloned().unwrap_or(0..0);
        let start = range.start;
        self.problem.options[range]
            .iter()
            .enumerate()
            .map(move |(offset, option)| (OptionId::new(start + offset), option))
    }

    /// The options for a session, in the order of consultants.
    #[must_use]
    pub fn options_for(&self, session: SessionId) -> &[OptionId] {
        let of = |id: &OptionId| self.problem.option(*id).session;
        let from = self.by_session.partition_point(|id| of(id) < session);
        let length = self.by_session[from..].partition_point(|id| of(id) == session);
        &self.by_session[from..from + length]
    }

    /// The consultants that have options, in order.
    #[must_use]
    pub fn consultants(&self) -> Vec<ConsultantId> {
        let mut all: Vec<_> = self.ranges.keys().copied().collect();
        all.sort_unstable();
        all
    }

    /// The option of a consultant for a session, where there is one.
    #[must_use]
    pub fn find(&self, consultant: ConsultantId, session: SessionId) -> Option<OptionId> {
        self.problem
            .options
            .binary_search_by_key(&(consultant, session), |o| (o.consultant, o.session))
            .ok()
            .map(OptionId::new)
    }

    /// Says how many days the problem is about.
    pub fn set_days(&mut self, days: i64) {
        self.problem.days = days;
    }

    /// Adds points to an option.
    pub fn add_points(&mut self, option: OptionId, points: Points) {
        self.problem.options[option.index()].points += points;
    }

    /// Adds points that no choice changes.
    pub fn add_constant(&mut self, points: Points) {
        self.problem.constant += points;
    }

    /// The mark of "any of these" options of one consultant; `None` where there are none. The same
    /// options give the same mark.
    #[must_use]
    pub fn any_of(&mut self, mut options: Vec<OptionId>) -> Option<Mark> {
        options.sort_unstable();
        options.dedup();
        match options[..] {
            [] => None,
            [one] => Some(Mark::Option(one)),
            [first, ..] => {
                let consultant = self.problem.option(first).consultant;
                debug_assert!(options.iter().all(|o| self.option(*o).consultant == consultant));
                let options = options.into_boxed_slice();
                let next = GroupId::new(self.problem.groups.len());
                let id = *self.known_groups.entry(options.clone()).or_insert(next);
                if id == next {
                    self.problem.groups.push(Group { consultant, options, exclusive: false });
                }
                Some(Mark::Group(id))
            }
        }
    }

    /// Two options of one consultant exclude each other. The first rule to say so is kept.
    pub fn clash(&mut self, rule: RuleId, one: OptionId, other: OptionId) {
        let (a, b) = (one.min(other), one.max(other));
        debug_assert!(a != b && self.option(a).consultant == self.option(b).consultant);
        if self.known_clashes.insert((a, b)) {
            self.problem.clashes.push(Clash { rule, a, b });
        }
    }

    /// A consultant's chosen items weigh at most `max` together (a negative `max` counts as 0). A
    /// limit that can't bind is dropped.
    pub fn limit(
        &mut self,
        rule: RuleId,
        consultant: ConsultantId,
        items: impl IntoIterator<Item = Item>,
        max: i64,
    ) {
        let items = weighted(items);
        let max = max.max(0);
        if total(&items) > max {
            self.problem.limits.push(Limit { rule, consultant, items, max });
        }
    }

    /// Points by the sum of a consultant's chosen items. What no choice changes goes to the constant,
    /// and a charge on a single option becomes points of that option.
    pub fn charge(
        &mut self,
        rule: RuleId,
        consultant: ConsultantId,
        items: impl IntoIterator<Item = Item>,
        tariff: Tariff,
    ) {
        let items = weighted(items);
        self.problem.constant += tariff.base();
        if let [Item { mark: Mark::Option(option), weight }] = items[..] {
            self.add_points(option, tariff.points(weight) - tariff.base());
            return;
        }
        let flat = tariff.steps().iter().all(|step| step.each == Points::ZERO);
        if !items.is_empty() && !flat {
            let tariff = Tariff::from_steps(Points::ZERO, tariff.steps().to_vec());
            self.problem.charges.push(Charge { rule, consultant, items, tariff });
        }
    }

    /// A row over options of several consultants. A hard row that can't bind is dropped.
    pub fn row(
        &mut self,
        rule: RuleId,
        about: String,
        items: impl IntoIterator<Item = Item>,
        demand: Demand,
    ) {
        let items = weighted(items);
        let idle = match &demand {
            Demand::AtMost(bound) => total(&items) <= *bound,
            Demand::AtMostOr(bound, tariff) => {
                *bound >= 0
                    && (total(&items) <= *bound
                        || tariff.steps().iter().all(|step| step.each == Points::ZERO))
            }
            Demand::AtLeastOr(bound, tariff) => {
                *bound <= 0 || tariff.steps().iter().all(|step| step.each == Points::ZERO)
            }
            Demand::Fill(..) => false,
        };
        if !idle {
            self.problem.rows.push(Row { rule, about, items, demand });
        }
    }

    /// Sets or bars an option. The first rule to fix an option is kept.
    pub fn fix(&mut self, rule: RuleId, option: OptionId, chosen: bool) {
        if self.fixed.insert(option, chosen).is_none() {
            self.problem.fixes.push(Fix { rule, option, chosen });
        }
    }

    /// The finished problem.
    #[must_use]
    pub fn finish(mut self) -> Problem {
        for group in &mut self.problem.groups {
            let options = &group.options;
            group.exclusive = options.iter().enumerate().all(|(i, a)| {
                options[i + 1..].iter().all(|b| self.known_clashes.contains(&(*a, *b)))
            });
        }
        self.problem.clashes.sort_unstable_by_key(|clash| (clash.a, clash.b));
        self.problem.fixes.sort_unstable_by_key(|fix| fix.option);
        self.problem
    }
}

fn weighted(items: impl IntoIterator<Item = Item>) -> Vec<Item> {
    items.into_iter().filter(|item| item.weight != 0).collect()
}

fn total(items: &[Item]) -> i64 {
    items.iter().map(|item| item.weight).sum()
}
