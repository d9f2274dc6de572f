//! Pricing: the cheapest months of a consultant under given prices, by label setting block by block.
//!
//! A label is a choice up to a block. One that a cheaper one beats in all that still matters is dropped
//! (dominance), and so is one that even the completion bound cannot bring below the threshold. Where
//! labels become too many the worst are dropped; the bound of what was dropped then limits what is
//! claimed, so that the lower bound is always true. Where that says too little, labels have completion
//! bounds of their own (`ahead`), and then `branch` goes on.

mod ahead;
mod branch;
mod dominance;
mod prepare;
mod set_aside;

use self::ahead::Ahead;
use self::set_aside::SetAside;
use super::month::{Month, NEVER};
use super::relax::{Bounds, Keys};
use crate::engine::Stop;
use crate::lists::Lists;

/// Points that rows put on options and groups, in units; by their numbers in the problem.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    pub(super) options: Vec<i64>,
    pub(super) groups: Vec<i64>,
}

/// A rank-one cut as one consultant sees it: each time the sum of his chosen weights reaches another
/// multiple of `of`, he pays its price.
#[derive(Clone, Debug)]
pub(super) struct CutView {
    pub(super) of: u8,
    /// For each block and pattern the weight.
    pub(super) adds: Lists<u8>,
    /// The blocks in which it has any.
    pub(super) blocks: Vec<u32>,
    /// The most that can still be added after each block.
    pub(super) ahead: Vec<u32>,
    /// A spanning group that holds all options it counts.
    pub(super) span: Option<u32>,
}

/// A cut that has a price, above 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct PricedCut<'a> {
    pub(super) view: &'a CutView,
    pub(super) price: i64,
}

/// What is decided of a month beyond the problem.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// His options that are barred, by their place in the month.
    pub(super) barred: Vec<bool>,
    /// Spanning groups that must be marked.
    pub(super) required: Vec<u32>,
    /// Spanning groups that must not be marked, and such as are paid for already.
    pub(super) unmarked: Vec<u32>,
    pub(super) paid: Vec<u32>,
    /// Sets of options of which one at least must be chosen, all in one block.
    pub(super) one_of: Vec<(u32, Vec<u32>)>,
}

/// A consultant as pricing sees him.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) month: &'a Month,
    pub(super) keys: &'a Keys,
    pub(super) cuts: &'a [PricedCut<'a>],
    pub(super) prices: &'a Prices,
}

/// What to look for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Search {
    /// Only months that cost less.
    pub(super) below: i64,
    /// The most labels after a block.
    pub(super) beam: usize,
    /// The most months to give back.
    pub(super) most: usize,
    /// Whether each label gets a completion bound of its own, where these are quickly made.
    pub(super) closely: bool,
    /// Where labels are too many, how often to branch at most.
    pub(super) branches: usize,
}

impl Search {
    /// Steps by which the spread is bettered before.
    pub(super) fn spreads(self) -> usize {
        if self.closely { CLOSE_SPREADS } else { SPREADS }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Cost under the prices, in units, and chosen options by their place in the month; cheapest first.
    pub(super) months: Vec<(i64, Vec<u32>)>,
    /// No month costs less than this, or than the threshold.
    pub(super) least: i64,
    /// Whether no label was dropped for want of room.
    pub(super) exact: bool,
    /// What it took, in steps of work.
    pub(super) steps: u64,
}

impl Found {
    /// What the cheapest month costs that is known, where one is that costs `below`.
    pub(super) fn best(&self, below: i64) -> i64 {
        self.months.first().map_or(below, |month| month.0.min(below))
    }
}

#[derive(Default)]
struct Labels {
    cost: Vec<i64>,
    bound: Vec<i64>,
    bits: Vec<u64>,
    sums: Vec<i64>,
    cuts: Vec<u8>,
    from: Vec<(u32, u32)>,
}

impl Labels {
    fn push_copy(&mut self, other: &Self, index: usize, sizes: (usize, usize, usize)) {
        let (words, slots, cuts) = sizes;
        self.cost.push(other.cost[index]);
        self.bound.push(other.bound[index]);
        self.bits.extend_from_slice(&other.bits[index * words..(index + 1) * words]);
        self.sums.extend_from_slice(&other.sums[index * slots..(index + 1) * slots]);
        self.cuts.extend_from_slice(&other.cuts[index * cuts..(index + 1) * cuts]);
        self.from.push(other.from[index]);
    }

    fn len(&self) -> usize {
        self.cost.len()
    }

    fn clear(&mut self) {
        self.cost.clear();
        self.bound.clear();
        self.bits.clear();
        self.sums.clear();
        self.cuts.clear();
        self.from.clear();
    }
}

/// All that one pricing needs to know.
pub(super) struct Pricer<'a> {
    month: &'a Month,
    keys: &'a Keys,
    cuts: &'a [PricedCut<'a>],
    /// For each block the cuts that count something in it.
    cuts_in: Vec<Vec<u32>>,
    /// For each block the cuts that can count something later, with `lean` above 0.
    leaning: Vec<Vec<u32>>,
    /// For each cut what the completion bound reckons for a unit of its weights: since a sum of `s`
    /// reaches a multiple of `of` at least `(s − (of − 1)) / of` times, and never where its group is
    /// not marked, so much a unit less `of − 1` times so much on the group is never too high.
    lean: Vec<i64>,
    rules: &'a Rules,
    patterns: Lists<i64>,
    /// The same with what cuts are reckoned at.
    leaned: Lists<i64>,
    /// For each block and group whether a pattern that is allowed marks it there.
    usable: Vec<bool>,
    group_price: Vec<i64>,
    /// A spanning group's dearest and cheapest price, with what it adds to charges.
    group_range: Vec<(i64, i64)>,
    /// For each block the bits of groups that can still be marked later.
    later: Vec<u64>,
    /// Spanning groups whose mark does more than cost: it may reach a limit, or it must be there.
    delicate: Vec<bool>,
    /// Whether some group's mark pays.
    some_pay: bool,
    /// What the completion bound has set aside for marking a group after a block, by how often at most.
    set_aside: SetAside,
    /// How many spreads were looked at.
    tried: u64,
    /// What groups cost at least, less what cuts take.
    lows: Vec<i64>,
    /// For each block and group what its use there counts for.
    shares: Vec<i64>,
    bounds: Bounds,
    /// For each block and pattern what no month that has it can cost less than.
    through: Lists<i64>,
}

/// The bits that are set in a word, the first of which is the `number`th of 64.
fn ones(number: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| 64 * number + word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        bit
    })
}

/// With how many of the cheapest a label is compared.
const BESIDE: usize = 150;
/// Steps by which the spread is bettered before a pricing, before one that is to look closer, and before
/// months are listed.
const SPREADS: usize = 2;
const CLOSE_SPREADS: usize = 6;
pub(super) const LIST_SPREADS: usize = 15;
/// Where a completion bound takes more steps than this, labels have none of their own. Those of four weeks
/// take some thousands; over a quarter a label's own takes longer than the branches that it saves.
const MOST_WORK: usize = 16_000;
/// So many times the labels that may stay are looked at so.
const OVER: usize = 4;

impl<'a> Pricer<'a> {
    fn sizes(&self) -> (usize, usize, usize) {
        (self.month.words, self.month.slots, self.cuts.len())
    }

    fn later(&self, block: usize) -> &[u64] {
        &self.later[block * self.month.words..(block + 1) * self.month.words]
    }

    /// What no month can cost less than, without a search.
    pub(super) fn quick_least(&self) -> i64 {
        self.bounds.at(self.month, self.keys, 0, &vec![0; self.month.slots])
    }

    /// For each option of the month by how much more than the least a month with it costs at least.
    pub(super) fn overs(&self) -> Vec<i64> {
        let mut overs = vec![NEVER; self.month.options.len()];
        let least = self.quick_least();
        for (block, through) in self.month.blocks.iter().zip(self.through.iter()) {
            for (pattern, cost) in block.patterns.iter().zip(through) {
                for option in &pattern.options {
                    let over = &mut overs[*option as usize];
                    *over = (*over).min(cost.saturating_sub(least));
                }
            }
        }
        overs
    }

    /// The label of nothing chosen yet.
    fn nothing(&self, bound: i64) -> Labels {
        let (words, slots, cuts) = self.sizes();
        Labels {
            cost: vec![0],
            bound: vec![bound],
            bits: vec![0; words],
            sums: vec![0; slots],
            cuts: vec![0; cuts],
            from: vec![(0, 0)],
        }
    }

    /// The cheapest months; none, and a bound without a search, where it is time to stop.
    pub(super) fn run(&self, search: Search, stop: &Stop) -> Found {
        let steps = self.bounds.steps() * self.tried;
        let mut found = Found { least: search.below, exact: true, steps, ..Found::default() };
        let start = self.quick_least();
        if start >= search.below {
            return found;
        }
        if stop.now() {
            found.least = start;
            found.exact = false;
            return found;
        }
        let (mut labels, mut grown) = (self.nothing(start), Labels::default());
        let mut trail: Vec<Vec<(u32, u32)>> = Vec::with_capacity(self.month.blocks.len());
        let looks_ahead = search.closely && self.keys.work() <= MOST_WORK;
        for block in 0..self.month.blocks.len() {
            self.extend(&labels, block, (search.below, usize::MAX), &mut grown);
            found.steps += (labels.len() * self.patterns[block].len()) as u64;
            let mut ahead = looks_ahead.then(|| Ahead::new(self, block));
            self.keep(&mut grown, block, search, &mut ahead, &mut found, &mut labels);
            found.steps += ahead.map_or(0, |ahead| ahead.steps());
            trail.push(labels.from.clone());
            if labels.len() == 0 {
                return found;
            }
        }
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|label| (labels.cost[*label], *label));
        if let Some(best) = order.first() {
            found.least = found.least.min(labels.cost[*best]);
        }
        if order.len() > search.most {
            order.truncate(search.most);
        }
        for label in order {
            found.months.push((labels.cost[label], self.options_of(&trail, label)));
        }
        found
    }

    /// All months that cost less than `below`, cheapest first; `None` where more than `most` labels would
    /// have to be held at a time, or where it is time to stop.
    pub(super) fn list(
        &self,
        below: i64,
        most: usize,
        stop: &Stop,
    ) -> Option<Vec<(i64, Vec<u32>)>> {
        let (mut labels, mut grown) = (self.nothing(self.quick_least()), Labels::default());
        let mut trail: Vec<Vec<(u32, u32)>> = Vec::with_capacity(self.month.blocks.len());
        for block in 0..self.month.blocks.len() {
            self.extend(&labels, block, (below, most), &mut grown);
            std::mem::swap(&mut labels, &mut grown);
            if labels.len() > most || stop.now() {
                return None;
            }
            trail.push(std::mem::take(&mut labels.from));
        }
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|label| (labels.cost[*label], *label));
        let month = |label: usize| (labels.cost[label], self.options_of(&trail, label));
        Some(order.into_iter().map(month).collect())
    }

    /// The options that a label at the end stands for.
    fn options_of(&self, trail: &[Vec<(u32, u32)>], label: usize) -> Vec<u32> {
        let mut options = Vec::new();
        let mut at = label as u32;
        for block in (0..trail.len()).rev() {
            let (from, pattern) = trail[block][at as usize];
            let chosen = &self.month.blocks[block].patterns[pattern as usize].options;
            options.extend(chosen.iter().rev().copied());
            at = from;
        }
        options.reverse();
        options
    }

    /// What cuts take from the bound of a label after a block.
    fn short(&self, block: usize, bits: &[u64], owed: &[u8]) -> i64 {
        let has = |bit: usize| bits[bit / 64] >> (bit % 64) & 1 == 1;
        let mut sum = 0;
        for index in &self.leaning[block] {
            let cut = self.cuts[*index as usize].view;
            if let Some(group) = cut.span
                && has(self.month.spans[group as usize].bit)
            {
                let short = u32::from(cut.of) - 1 - u32::from(owed[*index as usize]);
                let short = short.min(cut.ahead[block]);
                sum += self.lean[*index as usize] * i64::from(short);
            }
        }
        sum
    }

    /// The bits of groups that must be marked by the end of a block, if at all.
    fn due(&self, block: usize) -> impl Iterator<Item = usize> {
        let later = self.later(block);
        let spans = self.rules.required.iter().map(|group| &self.month.spans[*group as usize]);
        let here = spans.filter(move |span| {
            let (first, last) = (span.blocks[0], span.blocks[span.blocks.len() - 1]);
            (first..=last).contains(&(block as u32))
        });
        here.map(|span| span.bit).filter(|bit| later[bit / 64] >> (bit % 64) & 1 == 0)
    }

    /// Says which labels there are after a block that cost less than `below`; not all of them where they
    /// are more than `most`.
    fn extend(
        &self,
        labels: &Labels,
        block: usize,
        (below, most): (i64, usize),
        grown: &mut Labels,
    ) {
        let (words, slots, cuts) = self.sizes();
        let here = &self.month.blocks[block];
        grown.clear();
        let (mut bits, mut sums) = (vec![0_u64; words], vec![0_i64; slots]);
        let mut owed = vec![0_u8; cuts];
        // Slots of counters that end with this block are cleared for the next.
        let mut dead = Vec::new();
        for (index, counter) in self.month.counters.iter().enumerate() {
            if counter.blocks.1 == block {
                dead.push((index, counter.slot));
            }
        }
        let alive: Vec<usize> =
            (0..here.patterns.len()).filter(|p| self.through[block][*p] < below).collect();
        let aside_of = |bits: &[u64], marks: usize| -> i64 {
            let aside = self.set_aside.after(block, marks);
            let mut sum = 0;
            for ((number, word), flags) in bits.iter().enumerate().zip(&here.flag_bits) {
                for bit in ones(number, word & !flags) {
                    sum += aside[here.group_of_bit[bit] as usize];
                }
            }
            sum
        };
        // What cuts take from bounds at most.
        let short = |index: &u32| {
            let cut = self.cuts[*index as usize].view;
            let short = (u32::from(cut.of) - 1).min(cut.ahead[block]);
            self.lean[*index as usize] * i64::from(short)
        };
        let short: i64 = self.leaning[block].iter().map(short).sum();
        // Marks that must be there and that nothing later can set: labels without them lead nowhere, and
        // would outdo those that have them.
        let due: Vec<usize> = self.due(block).collect();
        let mut beyond = Vec::new();
        for label in 0..labels.len() {
            if grown.len() > most {
                return;
            }
            let has = |bits: &[u64], bit: usize| bits[bit / 64] >> (bit % 64) & 1 == 1;
            let old_bits = &labels.bits[label * words..(label + 1) * words];
            let old_sums = &labels.sums[label * slots..(label + 1) * slots];
            let old_owed = &labels.cuts[label * cuts..(label + 1) * cuts];
            self.bounds.beyond(self.month, self.keys, block, old_sums, &mut beyond);
            let masked = old_bits.iter().zip(&here.live_bits).map(|(old, live)| old & live);
            bits.iter_mut().zip(masked).for_each(|(bits, masked)| *bits = masked);
            let marks = self.keys.marks_after_nothing(block, old_sums);
            let aside = self.set_aside.after(block, marks);
            let first = labels.cost[label] - aside_of(&bits, marks) - short;
            'patterns: for number in alive.iter().copied() {
                let pattern = &here.patterns[number];
                let price = self.patterns[block][number];
                if pattern.needs_clear.iter().any(|flag| has(old_bits, *flag as usize)) {
                    continue;
                }
                // Most can be told to be too dear before all is worked out.
                if let Some(class) = self.keys.class(block, number) {
                    let new = |group: &&u32| !has(old_bits, self.month.spans[**group as usize].bit);
                    let of =
                        |group: &u32| self.group_price[*group as usize] - aside[*group as usize];
                    let groups: i64 = pattern.groups.iter().filter(new).map(of).sum();
                    if first + price + groups + beyond[class] >= below {
                        continue;
                    }
                }
                let mut cost = labels.cost[label] + price;
                bits.copy_from_slice(old_bits);
                sums.copy_from_slice(old_sums);
                owed.copy_from_slice(old_owed);
                let mut add = |index: u32, weight: i64, cost: &mut i64| {
                    let counter = &self.month.counters[index as usize];
                    let sum = &mut sums[counter.slot];
                    *cost += counter.cost(*sum + weight) - counter.cost(*sum);
                    *sum += weight;
                    !counter.is_limit || *sum <= counter.max
                };
                for (index, weight) in &pattern.adds {
                    if !add(*index, *weight, &mut cost) {
                        continue 'patterns;
                    }
                }
                for group in &pattern.groups {
                    let span = &self.month.spans[*group as usize];
                    if has(&bits, span.bit) {
                        continue;
                    }
                    bits[span.bit / 64] |= 1 << (span.bit % 64);
                    cost += self.group_price[*group as usize];
                    for (index, weight) in &span.adds {
                        if !add(*index, *weight, &mut cost) {
                            continue 'patterns;
                        }
                    }
                }
                for index in &self.cuts_in[block] {
                    let PricedCut { view: cut, price } = self.cuts[*index as usize];
                    let owed = &mut owed[*index as usize];
                    *owed += cut.adds[block][number];
                    while *owed >= cut.of {
                        *owed -= cut.of;
                        cost += price;
                    }
                    // Where it can't come to the next multiple, what is owed does not matter.
                    if u32::from(*owed) + cut.ahead[block] < u32::from(cut.of) {
                        *owed = 0;
                    }
                }
                if due.iter().any(|bit| !has(&bits, *bit)) {
                    continue;
                }
                for flag in &pattern.raises {
                    bits[*flag as usize / 64] |= 1 << (*flag % 64);
                }
                for (word, live) in bits.iter_mut().zip(&here.live_bits) {
                    *word &= live;
                }
                for (_, slot) in &dead {
                    sums[*slot] = 0;
                }
                let mut bound = cost + self.bounds.at(self.month, self.keys, block + 1, &sums);
                bound -= aside_of(&bits, self.keys.marks(block + 1, &sums));
                bound -= self.short(block, &bits, &owed);
                let bound = bound.max(labels.bound[label]);
                if bound >= below {
                    continue;
                }
                grown.cost.push(cost);
                grown.bound.push(bound);
                grown.bits.extend_from_slice(&bits);
                grown.sums.extend_from_slice(&sums);
                grown.cuts.extend_from_slice(&owed);
                grown.from.push((label as u32, number as u32));
            }
        }
    }
}
