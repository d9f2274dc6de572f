//! The algebra that rules and engines share.
//!
//! A rule speaks to an engine in six words: **option**, **clash**, **limit**, **charge**, **row** and
//! **fix**. An engine knows these six and no rule by name. All but the row concern one consultant;
//! only rows tie people together, so a problem falls into parts that share no row.

mod sketch;

use std::ops::Range;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Tariff};

pub use crate::settle::Settled;
use crate::slices::Sliced;
pub use sketch::Sketch;

/// The id of a rule or term, as in `network.toml` and in the result.
pub type RuleId = &'static str;

/// An option's position in [`Problem::options`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionId(u32);

/// A group's position in [`Problem::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(u32);

macro_rules! position {
    ($($name:ident)*) => {$(
        impl $name {
            /// The id of the entry at `index`.
            ///
            /// # Panics
            /// Where the index is beyond `u32`.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 pieces in a problem"))
            }

            /// The position in its table.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
position! { OptionId GroupId }

/// A consultant who may be given a place of a session. Places of one session are alike, so the option
/// is for the session; `coverage` says how many of a session's options can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanOption {
    /// Who.
    pub consultant: ConsultantId,
    /// Which session.
    pub session: SessionId,
    /// Points for choosing it, from all rules together.
    pub points: Points,
}

/// Some options of one consultant, of which it matters only whether any is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whose.
    pub consultant: ConsultantId,
    /// Which, in order; two or more.
    pub options: Box<[OptionId]>,
    /// Whether any two of them clash, so that the group's mark is the plain sum of its options.
    pub exclusive: bool,
}

/// What a limit, a charge or a row counts: 1 where chosen, else 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Whether this option is chosen.
    Option(OptionId),
    /// Whether any option of this group is chosen.
    Group(GroupId),
}

/// A mark and how much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is counted.
    pub mark: Mark,
    /// What it weighs; never 0.
    pub weight: i64,
}

impl Item {
    /// A mark that weighs 1.
    #[must_use]
    pub fn one(mark: Mark) -> Self {
        Self { mark, weight: 1 }
    }

    /// Options that weigh 1 each.
    pub fn ones<'a>(options: impl IntoIterator<Item = &'a OptionId>) -> Vec<Self> {
        options.into_iter().map(|option| Self::one(Mark::Option(*option))).collect()
    }
}

/// Two options of one consultant that exclude each other; `a < b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The rule that says so.
    pub rule: RuleId,
    /// The earlier option.
    pub a: OptionId,
    /// The later option.
    pub b: OptionId,
}

/// The weights of a consultant's chosen items sum to at most `max`. Weights are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The rule that says so.
    pub rule: RuleId,
    /// Whose options.
    pub consultant: ConsultantId,
    /// What is counted.
    pub items: Vec<Item>,
    /// The most there may be; 0 or more.
    pub max: i64,
}

/// Points on the sum of a consultant's chosen items. Weights are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The term it belongs to.
    pub rule: RuleId,
    /// Whose options.
    pub consultant: ConsultantId,
    /// What is counted.
    pub items: Vec<Item>,
    /// Points by the sum. Its base is in [`Problem::constant`] already, and is 0 here.
    pub tariff: Tariff,
}

/// What a row asks of the sum of its chosen items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// At most so much, always.
    AtMost(i64),
    /// At most so much, or points by the excess (a tariff with no negative price).
    AtMostOr(i64, Tariff),
    /// At least so much, or points by the shortfall (a tariff with no negative price).
    AtLeastOr(i64, Tariff),
    /// Never more than so much, and points by what is missing to it.
    Fill(i64, Tariff),
}

/// A linear row over options of several consultants. Weights are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The rule or term it belongs to.
    pub rule: RuleId,
    /// What it is about, in codes: `DVH-CARD-TUE@2027-03-02`. Unique within the rule.
    pub about: String,
    /// What is counted.
    pub items: Vec<Item>,
    /// What is asked.
    pub demand: Demand,
}

/// An option that is decided already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The rule that says so.
    pub rule: RuleId,
    /// Which option.
    pub option: OptionId,
    /// Set (true) or barred (false).
    pub chosen: bool,
}

/// A whole planning problem. Options stand in the order of (consultant, session).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    options: Vec<PlanOption>,
    groups: Vec<Group>,
    clashes: Vec<Clash>,
    limits: Vec<Limit>,
    charges: Vec<Charge>,
    rows: Vec<Row>,
    fixes: Vec<Fix>,
    constant: Points,
    days: i64,
}

impl Problem {
    /// How many days it is about, from the first to the last; 0 where nobody said.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.days
    }

    /// All options, in the order of (consultant, session).
    #[must_use]
    pub fn options(&self) -> &[PlanOption] {
        &self.options
    }

    /// One option.
    #[must_use]
    pub fn option(&self, id: OptionId) -> &PlanOption {
        &self.options[id.index()]
    }

    /// All groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// One group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// All clashes, each pair once.
    #[must_use]
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// All limits that could bind.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// All charges.
    #[must_use]
    pub fn charges(&self) -> &[Charge] {
        &self.charges
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All fixes, at most one an option, by option.
    #[must_use]
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    /// Points that no choice changes.
    #[must_use]
    pub fn constant(&self) -> Points {
        self.constant
    }

    /// The options that a mark looks at.
    #[must_use]
    pub fn options_of<'a>(&'a self, mark: &'a Mark) -> &'a [OptionId] {
        match mark {
            Mark::Option(option) => std::slice::from_ref(option),
            Mark::Group(group) => &self.group(*group).options,
        }
    }

    /// Whose options a mark looks at.
    #[must_use]
    pub fn consultant_of(&self, mark: Mark) -> ConsultantId {
        match mark {
            Mark::Option(option) => self.option(option).consultant,
            Mark::Group(group) => self.group(group).consultant,
        }
    }

    /// The consultants that have options, in order, each with the range of theirs.
    #[must_use]
    pub fn by_consultant(&self) -> Vec<(ConsultantId, Range<usize>)> {
        let mut runs: Vec<(ConsultantId, Range<usize>)> = Vec::new();
        for (index, option) in self.options.iter().enumerate() {
            match runs.last_mut() {
                Some((consultant, run)) if *consultant == option.consultant => run.end = index + 1,
                _ => runs.push((option.consultant, index..index + 1)),
            }
        }
        runs
    }

    /// Whether every number of points that a rota can cost is whole.
    #[must_use]
    pub fn counts_in_whole_points(&self) -> bool {
        let whole = |tariff: &Tariff| {
            tariff.base().is_whole() && tariff.steps().iter().all(|step| step.each.is_whole())
        };
        self.constant.is_whole()
            && self.options.iter().all(|option| option.points.is_whole())
            && self.charges.iter().all(|charge| whole(&charge.tariff))
            && self.rows.iter().all(|row| match &row.demand {
                Demand::AtMost(_) => true,
                Demand::AtMostOr(_, t) | Demand::AtLeastOr(_, t) | Demand::Fill(_, t) => whole(t),
            })
    }

    /// The sum of the items chosen (`chosen` has an entry an option).
    #[must_use]
    pub fn sum(&self, items: &[Item], chosen: &[bool]) -> i64 {
        items
            .iter()
            .filter(|item| self.options_of(&item.mark).iter().any(|o| chosen[o.index()]))
            .map(|item| item.weight)
            .sum()
    }

    /// The points of a choice (`chosen` has an entry an option), whether or not it is allowed.
    #[must_use]
    pub fn points(&self, chosen: &[bool]) -> Points {
        let options =
            self.options.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(o, _)| o.points);
        let charges =
            self.charges.iter().map(|charge| charge.tariff.points(self.sum(&charge.items, chosen)));
        let rows = self.rows.iter().map(|row| {
            let sum = self.sum(&row.items, chosen);
            match &row.demand {
                Demand::AtMost(_) => Points::ZERO,
                Demand::AtMostOr(bound, tariff) => tariff.points(sum - bound),
                Demand::AtLeastOr(bound, tariff) | Demand::Fill(bound, tariff) => {
                    tariff.points(bound - sum)
                }
            }
        });
        self.constant + options.sum() + charges.sum() + rows.sum()
    }

    /// The rules that a choice breaks (`chosen` has an entry an option), in order, each once.
    #[must_use]
    pub fn broken(&self, chosen: &[bool]) -> Vec<RuleId> {
        let mut broken: Vec<RuleId> = Vec::new();
        let both = |c: &&Clash| chosen[c.a.index()] && chosen[c.b.index()];
        broken.extend(self.clashes.iter().filter(both).map(|clash| clash.rule));
        let over = |limit: &&Limit| self.sum(&limit.items, chosen) > limit.max;
        broken.extend(self.limits.iter().filter(over).map(|limit| limit.rule));
        let full = |row: &&Row| match row.demand {
            Demand::AtMost(bound) | Demand::Fill(bound, _) => self.sum(&row.items, chosen) > bound,
            Demand::AtMostOr(..) | Demand::AtLeastOr(..) => false,
        };
        broken.extend(self.rows.iter().filter(full).map(|row| row.rule));
        let against = |fix: &&Fix| chosen[fix.option.index()] != fix.chosen;
        broken.extend(self.fixes.iter().filter(against).map(|fix| fix.rule));
        broken.sort_unstable();
        broken.dedup();
        broken
    }

    /// The parts that share no consultant and no row, in the order of their first option. Rows that
    /// count nothing cost the same whatever is chosen; they and the constant are in the points that
    /// come with the parts, so that these and the parts' points add up to the whole's.
    #[must_use]
    pub fn split(&self) -> (Points, Vec<Part>) {
        crate::parts::split(self)
    }

    /// The problem cut into slices of time, each from one of these sessions on (in order), the first from
    /// the beginning: a relaxation.
    #[must_use]
    pub fn slice(&self, starts: &[SessionId]) -> Sliced {
        crate::slices::slice(self, starts)
    }

    /// Takes out what the fixes decide, and what follows from them. `None` where they contradict each
    /// other or break a hard piece between them.
    #[must_use]
    pub fn settle(&self) -> Option<Settled> {
        crate::settle::settle(self, &[])
    }

    /// The same, with more options decided for the time being: set (`Some(true)`) or barred
    /// (`Some(false)`), an entry an option. The problem's own fixes go before them.
    #[must_use]
    pub fn settle_with(&self, decided: &[Option<bool>]) -> Option<Settled> {
        crate::settle::settle(self, decided)
    }
}

/// A problem of its own, cut out of a larger one.
#[derive(Clone, Debug)]
pub struct Part {
    /// The part, with ids of its own and a constant of 0.
    pub problem: Problem,
    /// For each of its options, the option of the whole problem.
    pub options: Vec<OptionId>,
}

/// The parts' constructor needs the inside of a problem.
#[derive(Default)]
pub(crate) struct Pieces {
    pub(crate) options: Vec<PlanOption>,
    pub(crate) groups: Vec<Group>,
    pub(crate) clashes: Vec<Clash>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) charges: Vec<Charge>,
    pub(crate) rows: Vec<Row>,
    pub(crate) fixes: Vec<Fix>,
    pub(crate) days: i64,
}

impl Problem {
    pub(crate) fn of_pieces(pieces: Pieces, constant: Points) -> Self {
        let Pieces { options, groups, clashes, limits, charges, rows, fixes, days } = pieces;
        Self { options, groups, clashes, limits, charges, rows, fixes, constant, days }
    }
}
