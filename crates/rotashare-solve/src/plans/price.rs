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
mod set_aside;

use self::ahead::Ahead;
use self::set_aside::SetAside;
use super::month::{Month, NEVER};
use super::relax::{Bounds, Keys};
use super::spread::{Outcome, Spread, Task};
use crate::engine::Stop;

/// Points that rows put on options and groups, in units; by their numbers in the problem.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    pub(super) options: Vec<i64>,
    pub(super) groups: Vec<i64>,
}

/// A rank-one cut as one consultant sees it: each time the sum of his chosen weights reaches another
/// multiple of `of`, he pays `price`.
#[derive(Clone, Debug)]
pub(super) struct CutView {
    pub(super) of: u8,
    pub(super) price: i64,
    /// For each block and pattern the weight.
    pub(super) adds: Vec<Vec<u8>>,
    /// The most that can still be added after each block.
    pub(super) ahead: Vec<u32>,
    /// A spanning group that holds all options it counts.
    pub(super) span: Option<u32>,
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
    pub(super) cuts: &'a [CutView],
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
}

/// All that one pricing needs to know.
pub(super) struct Pricer<'a> {
    month: &'a Month,
    keys: &'a Keys,
    cuts: Vec<&'a CutView>,
    /// For each block the cuts that count something in it.
    cuts_in: Vec<Vec<u32>>,
    /// For each block the cuts that can count something later, with `lean` above 0.
    leaning: Vec<Vec<u32>>,
    /// For each cut what the completion bound reckons for a unit of its weights: since a sum of `s`
    /// reaches a multiple of `of` at least `(s − (of − 1)) / of` times, and never where its group is
    /// not marked, so much a unit less `of − 1` times so much on the group is never too high.
    lean: Vec<i64>,
    rules: &'a Rules,
    patterns: Vec<Vec<i64>>,
    /// The same with what cuts are reckoned at.
    leaned: Vec<Vec<i64>>,
    /// For each block and group whether a pattern that is allowed marks it there.
    usable: Vec<bool>,
    group_price: Vec<i64>,
    /// A spanning group's dearest and cheapest price, with what it adds to charges.
    group_range: Vec<(i64, i64)>,
    /// For each block the bits of groups that can still be marked later.
    later: Vec<Vec<u64>>,
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
    through: Vec<Vec<i64>>,
}

/// The bits that are set in a word, the first of which is the `number`th of 64.
fn ones(number: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| 64 * number + word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        bit
    })
}

/// See [`Pricer::lean`]; takes from `lows` what groups are reckoned cheaper for it.
fn lean(cuts: &[&CutView], lows: &mut [i64]) -> Vec<i64> {
    let mut wanted = vec![0_i64; lows.len()];
    for cut in cuts {
        if let Some(span) = cut.span {
            wanted[span as usize] += cut.price / i64::from(cut.of) * (i64::from(cut.of) - 1);
        }
    }
    let before = lows.to_vec();
    cuts.iter()
        .map(|cut| {
            let Some(span) = cut.span.map(|span| span as usize) else { return 0 };
            let full = cut.price / i64::from(cut.of);
            let lean = if before[span] <= 0 {
                0
            } else if wanted[span] <= before[span] {
                full
            } else {
                (full as f64 * before[span] as f64 / wanted[span] as f64 * 0.999_999) as i64
            };
            lows[span] -= lean * (i64::from(cut.of) - 1);
            lean
        })
        .collect()
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
    /// `spread` is the consultant's, by how many steps it is bettered at most, and until which bound.
    pub(super) fn new(
        sight: Sight<'a>,
        rules: &'a Rules,
        spread: (&mut Spread, usize, i64),
    ) -> Self {
        let Sight { month, keys, cuts, prices } = sight;
        let first = month.options.start;
        let barred = |o: &u32| rules.barred.get(*o as usize).copied().unwrap_or(false);
        let patterns: Vec<Vec<i64>> = month
            .blocks
            .iter()
            .enumerate()
            .map(|(number, block)| {
                let cost = |p: &super::month::Pattern| {
                    let missed = |(at, set): &(u32, Vec<u32>)| {
                        *at as usize == number && !set.iter().any(|o| p.options.contains(o))
                    };
                    let unmarked = |group: &u32| rules.unmarked.contains(group);
                    if p.options.iter().any(barred)
                        || p.groups.iter().any(unmarked)
                        || rules.one_of.iter().any(missed)
                    {
                        return NEVER;
                    }
                    let options = p.options.iter().map(|o| prices.options[first + *o as usize]);
                    let groups = p.own_groups.iter().map(|g| prices.groups[*g as usize]);
                    p.base + options.sum::<i64>() + groups.sum::<i64>()
                };
                block.patterns.iter().map(cost).collect()
            })
            .collect();
        let mut group_price: Vec<i64> =
            month.spans.iter().map(|s| prices.groups[s.group as usize]).collect();
        rules.paid.iter().for_each(|group| group_price[*group as usize] = 0);
        let group_range: Vec<(i64, i64)> = month
            .spans
            .iter()
            .zip(&group_price)
            .map(|(span, price)| {
                let (mut high, mut low) = (*price, *price);
                for (counter, weight) in &span.adds {
                    let counter = &month.counters[*counter as usize];
                    high += weight * counter.highest().max(0);
                    low += weight * counter.lowest().min(counter.highest());
                }
                (high, low)
            })
            .collect();
        let (blocks, spans) = (month.blocks.len(), month.spans.len());
        let mut usable = vec![false; blocks * spans];
        for (number, block) in month.blocks.iter().enumerate() {
            for (pattern, price) in block.patterns.iter().zip(&patterns[number]) {
                if *price < NEVER {
                    pattern.groups.iter().for_each(|g| usable[number * spans + *g as usize] = true);
                }
            }
        }
        let cuts: Vec<&CutView> = cuts.iter().filter(|cut| cut.price > 0).collect();
        let mut lows: Vec<i64> = group_range.iter().map(|range| range.1).collect();
        let lean = lean(&cuts, &mut lows);
        let leaned: Vec<Vec<i64>> = patterns
            .iter()
            .enumerate()
            .map(|(block, prices)| {
                let more = |pattern: usize| -> i64 {
                    let of =
                        |(cut, lean): (&&CutView, &i64)| lean * i64::from(cut.adds[block][pattern]);
                    cuts.iter().zip(&lean).filter(|(_, lean)| **lean > 0).map(of).sum()
                };
                let of = |(pattern, price): (usize, &i64)| {
                    if *price < NEVER { price + more(pattern) } else { NEVER }
                };
                prices.iter().enumerate().map(of).collect()
            })
            .collect();
        let task = Task {
            month,
            keys,
            patterns: &leaned,
            lows: &lows,
            usable: &usable,
            most_marks: keys.most_marks().max(1),
        };
        let (spread, steps, target) = spread;
        let Outcome { bounds, shares, through, tried, .. } = spread.better(&task, steps, target);
        let mut later = vec![vec![0_u64; month.words]; blocks];
        let mut is_later = vec![false; blocks * spans];
        for at in (0..(blocks * spans).saturating_sub(spans)).rev() {
            let (block, bit) = (at / spans, month.spans[at % spans].bit);
            // A slot is free for another group once this one has ended.
            if month.blocks[block].group_of_bit[bit] == (at % spans) as u32
                && (usable[at + spans] || is_later[at + spans])
            {
                later[block][bit / 64] |= 1 << (bit % 64);
            }
            is_later[at] = is_later[at + spans] || usable[at + spans];
        }
        let set_aside = SetAside::new(month, &shares, keys.most_marks());
        let delicate = (0..spans as u32)
            .map(|group| {
                let mut adds = month.spans[group as usize].adds.iter();
                rules.required.contains(&group)
                    || adds.any(|(counter, _)| month.counters[*counter as usize].is_limit)
            })
            .collect();
        let some_pay = group_range.iter().any(|(_, low)| *low < 0);
        let leaning = (0..month.blocks.len())
            .map(|block| {
                let later = |cut: &usize| lean[*cut] > 0 && cuts[*cut].ahead[block] > 0;
                (0..cuts.len()).filter(later).map(|cut| cut as u32).collect()
            })
            .collect();
        let counts = |block: usize, cut: &CutView| cut.adds[block].iter().any(|add| *add > 0);
        let cuts_in = (0..month.blocks.len())
            .map(|block| {
                let here = (0..cuts.len()).filter(|cut| counts(block, cuts[*cut]));
                here.map(|cut| cut as u32).collect()
            })
            .collect();
        Self {
            month,
            keys,
            cuts,
            cuts_in,
            leaning,
            lean,
            rules,
            patterns,
            leaned,
            usable,
            group_price,
            group_range,
            later,
            delicate,
            some_pay,
            set_aside,
            tried,
            lows,
            shares,
            bounds,
            through,
        }
    }

    fn sizes(&self) -> (usize, usize, usize) {
        (self.month.words, self.month.slots, self.cuts.len())
    }

    /// What no month can cost less than, without a search.
    pub(super) fn quick_least(&self) -> i64 {
        self.bounds.at(self.month, self.keys, 0, &vec![0; self.month.slots])
    }

    /// For each option of the month by how much more than the least a month with it costs at least.
    pub(super) fn overs(&self) -> Vec<i64> {
        let mut overs = vec![NEVER; self.month.options.len()];
        let least = self.quick_least();
        for (block, through) in self.month.blocks.iter().zip(&self.through) {
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
        let mut labels = self.nothing(start);
        let mut trail: Vec<Vec<(u32, u32)>> = Vec::with_capacity(self.month.blocks.len());
        let last = self.month.blocks.len().saturating_sub(1);
        let looks_ahead = search.closely && self.keys.work() <= MOST_WORK;
        for block in 0..self.month.blocks.len() {
            let mut grown = self.extend(&labels, block, search.below);
            found.steps += (labels.len() * self.patterns[block].len()) as u64;
            let mut ahead = looks_ahead.then(|| Ahead::new(self, block));
            labels = self.keep(&mut grown, block, search, block < last, &mut ahead, &mut found);
            found.steps += ahead.map_or(0, |ahead| ahead.steps());
            trail.push(std::mem::take(&mut labels.from));
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
    /// have to be held at a time.
    pub(super) fn list(&self, below: i64, most: usize) -> Option<Vec<(i64, Vec<u32>)>> {
        let mut labels = self.nothing(self.quick_least());
        let mut trail: Vec<Vec<(u32, u32)>> = Vec::with_capacity(self.month.blocks.len());
        for block in 0..self.month.blocks.len() {
            labels = self.extend(&labels, block, below);
            if labels.len() > most {
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
            let cut = self.cuts[*index as usize];
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

    fn extend(&self, labels: &Labels, block: usize, below: i64) -> Labels {
        let (words, slots, cuts) = self.sizes();
        let here = &self.month.blocks[block];
        let mut grown = Labels::default();
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
            let cut = self.cuts[*index as usize];
            let short = (u32::from(cut.of) - 1).min(cut.ahead[block]);
            self.lean[*index as usize] * i64::from(short)
        };
        let short: i64 = self.leaning[block].iter().map(short).sum();
        let mut beyond = Vec::new();
        for label in 0..labels.len() {
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
                    let (cut, owed) = (self.cuts[*index as usize], &mut owed[*index as usize]);
                    *owed += cut.adds[block][number];
                    while *owed >= cut.of {
                        *owed -= cut.of;
                        cost += cut.price;
                    }
                    // Where it can't come to the next multiple, what is owed does not matter.
                    if u32::from(*owed) + cut.ahead[block] < u32::from(cut.of) {
                        *owed = 0;
                    }
                }
                for group in &self.rules.required {
                    let span = &self.month.spans[*group as usize];
                    if span.blocks.last() == Some(&(block as u32)) && !has(&bits, span.bit) {
                        continue 'patterns;
                    }
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
        grown
    }
}
