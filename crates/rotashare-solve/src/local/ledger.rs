//! What a repair may add, and which of it comes next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// An option that may be added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) option: u32,
    pub(super) session: u32,
    /// What it adds; `None` where it can't be.
    pub(super) delta: Option<i64>,
    pub(super) noise: i64,
}

/// The candidates of one session, side by side.
#[derive(Clone, Debug)]
struct Slot {
    positions: Range<usize>,
    /// What its best candidate is worth, where one lowers the points.
    rank: Option<Rank>,
}

/// The least comes first: what the session has to lose, negated, and what its best candidate adds;
/// then the slot, and where the candidate stands.
type Rank = (i64, i64, usize, usize);

/// Candidates by session, with the session first that has most to lose. Entries of the queue that a
/// later rank has overtaken are left in it and passed over.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) candidates: Vec<Candidate>,
    slots: Vec<Slot>,
    slot_of: Vec<usize>,
    /// Where each option stands, `NOWHERE` if it is no candidate.
    places: Vec<u32>,
    queue: BinaryHeap<Reverse<Rank>>,
    is_ranked: bool,
}

const NOWHERE: u32 = u32::MAX;

impl Ledger {
    pub(super) fn new(options: usize) -> Self {
        Self {
            candidates: Vec::new(),
            slots: Vec::new(),
            slot_of: Vec::new(),
            places: vec![NOWHERE; options],
            queue: BinaryHeap::new(),
            is_ranked: false,
        }
    }

    pub(super) fn clear(&mut self) {
        for candidate in &self.candidates {
            self.places[candidate.option as usize] = NOWHERE;
        }
        self.candidates.clear();
        self.slots.clear();
        self.slot_of.clear();
        self.is_ranked = false;
    }

    /// One more; those of a session come one after another.
    pub(super) fn enter(&mut self, candidate: Candidate) {
        let position = self.candidates.len();
        self.places[candidate.option as usize] = position as u32;
        match (self.slots.last_mut(), self.candidates.last()) {
            (Some(slot), Some(last)) if last.session == candidate.session => {
                slot.positions.end = position + 1;
            }
            _ => self.slots.push(Slot { positions: position..position + 1, rank: None }),
        }
        self.slot_of.push(self.slots.len() - 1);
        self.candidates.push(candidate);
    }

    /// Where an option stands, if it is a candidate.
    pub(super) fn position(&self, option: u32) -> Option<usize> {
        let place = self.places[option as usize];
        (place != NOWHERE).then_some(place as usize)
    }

    /// The positions of the candidates of the same session.
    pub(super) fn session_of(&self, position: usize) -> Range<usize> {
        self.slots[self.slot_of[position]].positions.clone()
    }

    /// The best candidate of the session that has most to lose if it had to take its second choice;
    /// only candidates that lower the points count.
    pub(super) fn most_regretted(&mut self) -> Option<usize> {
        if !self.is_ranked {
            self.rank_all();
        }
        loop {
            let Reverse(first) = *self.queue.peek()?;
            if self.slots[first.2].rank == Some(first) {
                return Some(first.3);
            }
            self.queue.pop();
        }
    }

    /// To be called when what the candidates of a session add has changed.
    pub(super) fn rank(&mut self, position: usize) {
        let slot = self.slot_of[position];
        let rank = self.rank_of(slot);
        if rank != self.slots[slot].rank {
            self.slots[slot].rank = rank;
            self.queue.extend(rank.map(Reverse));
        }
    }

    pub(super) fn rank_all(&mut self) {
        let mut queue = std::mem::take(&mut self.queue).into_vec();
        queue.clear();
        for slot in 0..self.slots.len() {
            self.slots[slot].rank = self.rank_of(slot);
            queue.extend(self.slots[slot].rank.map(Reverse));
        }
        self.queue = queue.into();
        self.is_ranked = true;
    }

    fn rank_of(&self, slot: usize) -> Option<Rank> {
        let mut best: Option<(i64, usize)> = None;
        let mut second = 0;
        for position in self.slots[slot].positions.clone() {
            let candidate = &self.candidates[position];
            let Some(delta) = candidate.delta.filter(|delta| *delta < 0) else { continue };
            let value = delta + candidate.noise;
            match best {
                Some((least, _)) if value >= least => second = second.min(value),
                _ => {
                    second = second.min(best.map_or(0, |(least, _)| least));
                    best = Some((value, position));
                }
            }
        }
        best.map(|(value, position)| (value - second, value, slot, position))
    }
}
