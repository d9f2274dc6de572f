//! A choice in the making: what one more or one fewer option costs and whether it is allowed, without
//! counting everything again.

use std::sync::Arc;

use rotashare_core::points::Points;
use rotashare_rules::problem::{OptionId, Problem};

use super::index::Index;

/// What a piece's marks come to, and where its points by the sum are in the index's costs (for no sum
/// where they are counted).
#[derive(Clone, Copy, Debug)]
struct Sum {
    now: i64,
    start: u32,
    sums: u32,
}

impl Sum {
    /// What it adds to come to `after`, in quarters; `None` where that may not be.
    #[inline]
    fn step(self, index: &Index, piece: u32, after: i64) -> Option<i64> {
        if self.sums == 0 {
            return index.pieces[piece as usize].step(self.now, after);
        }
        let costs = &index.costs[self.start as usize..][..self.sums as usize];
        Some(costs.get(after as usize)? - costs[self.now as usize])
    }
}

/// A choice of options, its points, and all sums that limits, charges and rows look at. It never
/// breaks a clash, a limit, a hard row or a bar; whether options that must be set are, is up to who
/// drives it.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) index: Arc<Index>,
    pub(super) chosen: Vec<bool>,
    /// What keeps each option from being chosen: chosen options that clash with it, that it is chosen
    /// already, that it is barred.
    blocks: Vec<u32>,
    /// How many options of each group are chosen.
    counts: Vec<u32>,
    sums: Vec<Sum>,
    /// What a change that is only tried adds to sums that it reaches in several ways.
    tried: Tried,
    /// In quarters.
    pub(super) points: i64,
    /// How many changes have been tried or made: the measure of work.
    pub(super) work: u64,
}

impl State {
    /// Nothing chosen.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        Self::over(Arc::new(Index::new(problem)))
    }

    pub(super) fn over(index: Arc<Index>) -> Self {
        Self {
            chosen: vec![false; index.options],
            blocks: index.fixed.iter().map(|fixed| u32::from(*fixed == Some(false))).collect(),
            counts: vec![0; index.options_of_group.len()],
            sums: index
                .pieces
                .iter()
                .map(|piece| Sum { now: 0, start: piece.start, sums: piece.sums })
                .collect(),
            tried: Tried::new(index.pieces.len()),
            points: index.empty_points(),
            work: 0,
            index,
        }
    }

    /// Whether each option is chosen.
    #[must_use]
    pub fn chosen(&self) -> &[bool] {
        &self.chosen
    }

    /// The points of the choice: those of [`Problem::points`].
    #[must_use]
    pub fn points(&self) -> Points {
        Points::quarters(self.points)
    }

    /// Whether an option is chosen.
    #[must_use]
    pub fn is_chosen(&self, option: OptionId) -> bool {
        self.chosen[option.index()]
    }

    /// What choosing the option too would add; `None` where it is chosen already or would break
    /// something.
    #[must_use]
    pub fn add_delta(&mut self, option: OptionId) -> Option<Points> {
        self.try_add(option.index()).map(Points::quarters)
    }

    /// What giving the option up would add; `None` where it is not chosen or is fixed.
    #[must_use]
    pub fn remove_delta(&mut self, option: OptionId) -> Option<Points> {
        self.try_remove(option.index()).map(Points::quarters)
    }

    /// Chooses an option, where it is not chosen and breaks nothing. Says whether it did.
    pub fn add(&mut self, option: OptionId) -> bool {
        let may = self.try_add(option.index()).is_some();
        if may {
            self.put(option.index());
        }
        may
    }

    /// Gives an option up, where it is chosen and not fixed. Says whether it did.
    pub fn remove(&mut self, option: OptionId) -> bool {
        let may = self.can_go(option.index());
        if may {
            self.take(option.index());
        }
        may
    }

    /// Whether the option must be chosen.
    pub(super) fn is_set(&self, option: usize) -> bool {
        self.index.fixed[option] == Some(true)
    }

    /// Whether the option is chosen and need not be.
    pub(super) fn can_go(&self, option: usize) -> bool {
        self.chosen[option] && !self.is_set(option)
    }

    /// Whether it clashes with what is chosen, is chosen itself or is barred.
    pub(super) fn is_blocked(&self, option: usize) -> bool {
        self.blocks[option] > 0
    }

    pub(super) fn is_barred(&self, option: usize) -> bool {
        self.index.fixed[option] == Some(false)
    }

    /// The marks that choosing (or giving up) the option turns, itself apart: groups of which it is
    /// the first (or last).
    fn turned(&self, option: usize, others: u32) -> impl Iterator<Item = usize> + '_ {
        let groups = self.index.groups_of.of(option).iter();
        groups
            .filter(move |group| self.counts[**group as usize] == others)
            .map(|group| self.index.options + *group as usize)
    }

    pub(super) fn try_add(&mut self, option: usize) -> Option<i64> {
        self.work += 1;
        if self.blocks[option] > 0 {
            return None;
        }
        if self.index.tangled[option] {
            return self.tangled_delta(option, 1);
        }
        let index = &*self.index;
        let mut delta = index.points[option];
        for mark in std::iter::once(option).chain(self.turned(option, 0)) {
            for (piece, weight) in index.uses.of(mark) {
                let sum = self.sums[*piece as usize];
                delta += sum.step(index, *piece, sum.now + weight)?;
            }
        }
        Some(delta)
    }

    pub(super) fn try_remove(&mut self, option: usize) -> Option<i64> {
        self.work += 1;
        if !self.can_go(option) {
            return None;
        }
        if self.index.tangled[option] {
            return self.tangled_delta(option, -1);
        }
        let index = &*self.index;
        let mut delta = -index.points[option];
        for mark in std::iter::once(option).chain(self.turned(option, 1)) {
            for (piece, weight) in index.uses.of(mark) {
                let sum = self.sums[*piece as usize];
                delta += sum.step(index, *piece, sum.now - weight)?;
            }
        }
        Some(delta)
    }

    /// What choosing (1) or giving up (−1) an option adds that reaches some piece in several ways.
    fn tangled_delta(&mut self, option: usize, sign: i64) -> Option<i64> {
        let others = u32::from(sign < 0);
        let Self { index, counts, sums, tried, .. } = self;
        tried.begin();
        let groups = index.groups_of.of(option).iter().map(|group| *group as usize);
        let turned =
            groups.filter(|group| counts[*group] == others).map(|group| index.options + group);
        let mut delta = sign * index.points[option];
        for mark in std::iter::once(option).chain(turned) {
            for (piece, weight) in index.uses.of(mark) {
                let mut sum = sums[*piece as usize];
                sum.now += tried.of(*piece as usize);
                tried.add(*piece as usize, sign * weight);
                delta += sum.step(index, *piece, sum.now + sign * weight)?;
            }
        }
        Some(delta)
    }

    /// Chooses without asking.
    pub(super) fn put(&mut self, option: usize) {
        debug_assert!(!self.chosen[option]);
        self.count(option, 1);
    }

    /// Gives up without asking.
    pub(super) fn take(&mut self, option: usize) {
        debug_assert!(self.chosen[option]);
        self.count(option, -1);
    }

    /// Counts an option as chosen (1) or no longer (−1).
    #[inline]
    fn count(&mut self, option: usize, sign: i32) {
        self.work += 1;
        let Self { index, chosen, blocks, counts, sums, points, .. } = self;
        let index = &**index;
        let others = u32::from(sign < 0);
        chosen[option] = sign > 0;
        blocks[option] = blocks[option].wrapping_add_signed(sign);
        *points += i64::from(sign) * index.points[option];
        for other in index.clashes.of(option) {
            let blocks = &mut blocks[*other as usize];
            *blocks = blocks.wrapping_add_signed(sign);
        }
        *points += turn(index, sums, option, sign);
        for group in index.groups_of.of(option) {
            let count = &mut counts[*group as usize];
            if *count == others {
                *points += turn(index, sums, index.options + *group as usize, sign);
            }
            *count = count.wrapping_add_signed(sign);
        }
    }

    /// Says whether an option can be chosen, and puts the chosen options that would have to go for it first
    /// into `found`: all that it clashes with, else those of one mark in a full limit or row, of several the
    /// one that `pick` says.
    pub(super) fn in_the_way(
        &self,
        option: usize,
        mut pick: impl FnMut(usize) -> usize,
        found: &mut Vec<usize>,
    ) -> Way {
        let index = &*self.index;
        found.clear();
        if self.is_barred(option) {
            return Way::Blocked;
        }
        if self.blocks[option] > 0 {
            let clashing = index.clashes.of(option).iter().map(|o| *o as usize);
            found.extend(clashing.filter(|o| self.chosen[*o]));
            return if found.iter().any(|o| self.is_set(*o)) { Way::Blocked } else { Way::Through };
        }
        for mark in std::iter::once(option).chain(self.turned(option, 0)) {
            for (piece, weight) in index.uses.of(mark) {
                if self.sums[*piece as usize].now + weight <= index.pieces[*piece as usize].max {
                    continue;
                }
                // One mark at a time: all its options have to go.
                let marks =
                    index.marks_of.of(*piece as usize).iter().map(|(mark, _)| *mark as usize);
                let can_go =
                    |m: &usize| self.is_marked(*m) && !self.chosen_of(*m).any(|o| self.is_set(o));
                found.extend(marks.filter(can_go));
                if found.is_empty() {
                    return Way::Blocked;
                }
                let mark = found[pick(found.len())];
                found.clear();
                found.extend(self.chosen_of(mark));
                return Way::Through;
            }
        }
        Way::Clear
    }

    fn is_marked(&self, mark: usize) -> bool {
        match mark.checked_sub(self.index.options) {
            None => self.chosen[mark],
            Some(group) => self.counts[group] > 0,
        }
    }

    /// The chosen options of a mark.
    fn chosen_of(&self, mark: usize) -> impl Iterator<Item = usize> + '_ {
        let (one, group) = match mark.checked_sub(self.index.options) {
            None => (Some(mark), &[][..]),
            Some(group) => (None, self.index.options_of_group.of(group)),
        };
        one.into_iter().chain(group.iter().map(|o| *o as usize)).filter(|o| self.chosen[*o])
    }
}

/// Counts a mark once more (1) or less (−1); what that adds.
#[inline]
fn turn(index: &Index, sums: &mut [Sum], mark: usize, sign: i32) -> i64 {
    let mut delta = 0;
    for (piece, weight) in index.uses.of(mark) {
        let sum = &mut sums[*piece as usize];
        let after = sum.now + i64::from(sign) * weight;
        delta += sum.step(index, *piece, after).unwrap_or_default();
        sum.now = after;
    }
    delta
}

/// Additions to some sums, all of them forgotten at once.
#[derive(Clone, Debug)]
struct Tried {
    round: u32,
    /// The round in which each was added to last, and how much there is since.
    entries: Vec<(u32, i64)>,
}

impl Tried {
    fn new(pieces: usize) -> Self {
        Self { round: 0, entries: vec![(0, 0); pieces] }
    }

    fn begin(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.entries.fill((0, 0));
            self.round = 1;
        }
    }

    fn of(&self, piece: usize) -> i64 {
        let (round, sum) = self.entries[piece];
        if round == self.round { sum } else { 0 }
    }

    fn add(&mut self, piece: usize, weight: i64) {
        self.entries[piece] = (self.round, self.of(piece) + weight);
    }
}

/// What [`State::in_the_way`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing: the option can be chosen.
    Clear,
    /// Options that can go.
    Through,
    /// Something that can't go.
    Blocked,
}
