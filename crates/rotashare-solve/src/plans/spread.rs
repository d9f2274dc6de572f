//! The price of a spanning group is paid once, in whichever block marks it first; for the completion bound
//! it is spread over all blocks that may mark it, so that each choice seems to cost some of it. Where limits
//! let a month mark groups in a few blocks only, it is enough that no such few have more than all of it.
//! The better the spread, the higher the bound: a dual ascent.
//!
//! The direction is not where the cheapest month marks groups but how nearly each block would: from what a
//! month costs at least that marks a group in a block and one that does not, known for all blocks at once
//! from a pass there and back (min-marginals, as in message passing; Werner, 2007). It comes in five steps
//! as far as the cheapest month alone does in forty.

use super::month::{Month, NEVER};
use super::relax::{Bounds, Keys, Reckoned};
use crate::lists::Lists;

/// By such a share of a group's price the cost with and without a mark may differ and the mark still be
/// half as likely as where they are the same.
const DOUBT: f64 = 0.25;
/// How far a step goes at first, as a share of what would bring the bound to its target; and what becomes
/// of it after one that is for the better, and after one that is not.
const REACH: f64 = 0.3;
const LONGER: f64 = 1.2;
const SHORTER: f64 = 0.6;
const MOST_REACH: f64 = 0.5;
/// Less than that is not tried.
const LEAST_REACH: f64 = 0.02;
/// What a small step adds to a part at most.
const SMALL: f64 = 0.1;

/// How the prices of a consultant's spanning groups are spread; kept from pricing to pricing.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    /// For each block and group what share of its price.
    parts: Vec<f64>,
    reach: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Self { parts: Vec::new(), reach: REACH }
    }
}

/// A month's prices, for which a spread is looked for.
pub(super) struct Task<'a> {
    pub(super) month: &'a Month,
    pub(super) keys: &'a Keys,
    /// Each block's patterns; `NEVER` where it is not allowed.
    pub(super) patterns: &'a Lists<i64>,
    /// What each group costs at least.
    pub(super) lows: &'a [i64],
    /// For each block and group whether a pattern that is allowed marks it there.
    pub(super) usable: &'a [bool],
    /// In how many blocks a month marks groups at most.
    pub(super) most_marks: usize,
}

/// A spread's bounds.
pub(super) struct Outcome {
    pub(super) bounds: Bounds,
    /// For each block and group what its use there counts for.
    pub(super) shares: Vec<i64>,
    /// For each block and pattern what no month that has it can cost less than.
    pub(super) through: Lists<i64>,
    /// How many spreads were looked at.
    pub(super) tried: u64,
    /// What no month can cost less than.
    least: i64,
}

impl Spread {
    /// Betters the spread in so many steps, or until the bound of nothing chosen is `target`.
    pub(super) fn better(&mut self, task: &Task<'_>, steps: usize, target: i64) -> Outcome {
        self.fit(task);
        let mut best = task.outcome(&self.parts);
        let mut tried = 1;
        let mut direction = Vec::new();
        // No spread gains more than all prices.
        let most: i64 = task.lows.iter().filter(|low| **low > 0).sum();
        self.reach = self.reach.max(LEAST_REACH);
        for _ in 0..steps {
            if best.least >= target {
                break;
            }
            if direction.is_empty() {
                direction = task.direction(&self.parts, &best.through);
            }
            let length: f64 = direction.iter().map(|part| part * part).sum();
            if length <= 1e-9 {
                break;
            }
            let missing = (target - best.least).min(most) as f64;
            let parts = task.step(&self.parts, &direction, self.reach * missing / length);
            let next = task.outcome(&parts);
            tried += 1;
            if next.least > best.least {
                (best, self.parts) = (next, parts);
                direction.clear();
                self.reach = (self.reach * LONGER).min(MOST_REACH);
            } else {
                self.reach *= SHORTER;
                if self.reach < LEAST_REACH {
                    break;
                }
            }
        }
        Outcome { tried, ..best }
    }

    /// All of each price on the blocks that may be used.
    fn fit(&mut self, task: &Task<'_>) {
        let (blocks, spans) = (task.month.blocks.len(), task.month.spans.len());
        self.parts.resize(blocks * spans, 0.0);
        let mut order = Vec::new();
        for span in 0..spans {
            let usable = || task.usable_of(span);
            order.clear();
            order.extend(usable().map(|at| self.parts[at]));
            order.sort_unstable_by(|a, b| b.total_cmp(a));
            order.truncate(task.most_marks);
            let total: f64 = order.iter().sum();
            let many = order.len() as f64;
            for at in usable() {
                let part = &mut self.parts[at];
                *part = if total > 0.0 { *part / total } else { 1.0 / many };
            }
        }
    }
}

impl Task<'_> {
    /// Where in a spread a group's parts are that count.
    fn usable_of(&self, span: usize) -> impl Iterator<Item = usize> {
        let spans = self.month.spans.len();
        let all = self.month.spans[span].blocks.iter().map(move |b| *b as usize * spans + span);
        all.filter(|at| self.usable[*at])
    }

    fn outcome(&self, parts: &[f64]) -> Outcome {
        let spans = self.month.spans.len();
        // A little less than all of it, so that no rounding makes it more.
        let share = |(at, part): (usize, &f64)| match self.lows[at % spans] {
            _ if !self.usable[at] => 0,
            low if low > 0 => (low as f64 * part * 0.999_999) as i64,
            low => low,
        };
        let shares: Vec<i64> = parts.iter().enumerate().map(share).collect();
        let reckoned = Reckoned::new(self.month, self.keys, self.patterns, &shares, 0);
        let bounds = Bounds::new(self.keys, &reckoned, 0);
        let through = bounds.through(self.keys, &reckoned);
        let least = bounds.at(self.month, self.keys, 0, &vec![0; self.month.slots]);
        Outcome { bounds, shares, through, tried: 1, least }
    }

    /// How nearly each block marks each group, beside the mean of all that may; where a month marks it in some
    /// of them only, what a small step that way leaves of it.
    fn direction(&self, parts: &[f64], through: &Lists<i64>) -> Vec<f64> {
        let (blocks, spans) = (self.month.blocks.len(), self.month.spans.len());
        let mut direction = vec![0.0; blocks * spans];
        // What marks a group at least, and what does not.
        let (mut with, mut without) = (vec![NEVER; spans], vec![NEVER; spans]);
        for (number, (block, through)) in self.month.blocks.iter().zip(through.iter()).enumerate() {
            let best = through.iter().enumerate().min_by_key(|(_, cost)| **cost);
            let Some((best, least)) = best else { continue };
            with.fill(NEVER);
            without.fill(*least);
            let of_best = &block.patterns[best].groups;
            of_best.iter().for_each(|group| without[*group as usize] = NEVER);
            for (pattern, cost) in block.patterns.iter().zip(through) {
                for group in &pattern.groups {
                    with[*group as usize] = with[*group as usize].min(*cost);
                }
                for group in of_best.iter().filter(|group| !pattern.groups.contains(group)) {
                    without[*group as usize] = without[*group as usize].min(*cost);
                }
            }
            for span in 0..spans {
                let at = number * spans + span;
                if self.usable[at] && self.lows[span] > 0 {
                    let over = (with[span] - without[span]) as f64;
                    let over = over / (DOUBT * self.lows[span] as f64);
                    direction[at] = 0.5 - 0.5 * over / (1.0 + over.abs());
                }
            }
        }
        let mut reached = Vec::new();
        for span in (0..spans).filter(|span| self.lows[*span] > 0) {
            let of_span = || self.usable_of(span);
            let many = of_span().count();
            if many <= self.most_marks {
                let mean = of_span().map(|at| direction[at]).sum::<f64>() / many.max(1) as f64;
                of_span().for_each(|at| direction[at] -= mean);
                continue;
            }
            let way = SMALL / of_span().map(|at| direction[at]).fold(1e-9, f64::max);
            reached.clear();
            reached.extend(of_span().map(|at| parts[at] + way * direction[at]));
            bring_to_one(&mut reached, self.most_marks);
            for (at, reached) in of_span().zip(&reached) {
                direction[at] = (reached - parts[at]) / way;
            }
        }
        direction
    }

    /// A step, in units of price, and from there the nearest spread.
    fn step(&self, parts: &[f64], direction: &[f64], length: f64) -> Vec<f64> {
        let mut next = parts.to_vec();
        let mut order = Vec::new();
        for (span, low) in self.lows.iter().enumerate().filter(|(_, low)| **low > 0) {
            let length = length / *low as f64;
            order.clear();
            for at in self.usable_of(span) {
                next[at] += length * direction[at];
                order.push(next[at]);
            }
            bring_to_one(&mut order, self.most_marks);
            self.usable_of(span).zip(&order).for_each(|(at, part)| next[at] = *part);
        }
        next
    }
}

/// Brings parts to the nearest, none below 0, of which the `most` largest come to 1. Where there are more and
/// these come to less, all grow alike.
fn bring_to_one(parts: &mut [f64], most: usize) {
    let is_few = parts.len() > most;
    if is_few {
        parts.iter_mut().for_each(|part| *part = part.max(0.0));
    }
    let mut order = parts.to_vec();
    order.sort_unstable_by(|a, b| b.total_cmp(a));
    if !is_few {
        let off = off_all(&order);
        parts.iter_mut().for_each(|part| *part = (*part - off).max(0.0));
        return;
    }
    let sum: f64 = order[..most].iter().sum();
    if sum <= 0.0 {
        parts.fill(1.0 / most as f64);
        return;
    }
    if sum > 1.0 {
        let (off, cap) = off_the_largest(&order, most);
        parts.iter_mut().for_each(|part| *part = (*part - off).max(part.min(cap)));
        order.copy_from_slice(parts);
        order.sort_unstable_by(|a, b| b.total_cmp(a));
    }
    let sum: f64 = order[..most].iter().sum();
    parts.iter_mut().for_each(|part| *part /= sum);
}

/// What is taken off each of some parts, in falling order, that stays above nothing, so that all come to 1.
fn off_all(order: &[f64]) -> f64 {
    let (mut sum, mut off) = (0.0, 0.0);
    for (number, part) in order.iter().enumerate() {
        sum += part;
        let each = (sum - 1.0) / (number + 1) as f64;
        if *part > each {
            off = each;
        }
    }
    off
}

/// What parts may differ by and be the same.
const ROUNDING: f64 = 1e-12;

/// What is taken off the largest of some parts, in falling order, and how far at most: the first `above` stay
/// above the cap and give all of it, those up to `end` come to the cap, the rest stays.
fn off_the_largest(order: &[f64], most: usize) -> (f64, f64) {
    let mut sum = 0.0;
    for above in 0..most {
        let left = (most - above) as f64;
        let mut capped: f64 = order[above..most - 1].iter().sum();
        for end in most..=order.len() {
            capped += order[end - 1];
            let (many, first) = ((end - above) as f64, above as f64);
            let cap = (1.0 - sum + first * capped / left) / (first * many / left + left);
            let off = (capped - many * cap) / left;
            let is_above = above == 0 || order[above - 1] - off >= cap - ROUNDING;
            let is_below = order.get(end).is_none_or(|next| *next <= cap + ROUNDING);
            if is_above && is_below && order[above] - off <= cap + ROUNDING && cap >= 0.0 {
                return (off, cap);
            }
        }
        sum += order[above];
    }
    // A cap of nothing: then there are no more parts than make a whole.
    (off_all(order), 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    /// What the largest come to.
    fn come_to(parts: &[f64], most: usize) -> f64 {
        let mut order = parts.to_vec();
        order.sort_unstable_by(|a, b| b.total_cmp(a));
        order[..most].iter().sum()
    }

    #[test]
    fn the_nearest_parts_are_found_of_which_the_largest_come_to_one() {
        let mut dice = Dice::new(1);
        for _ in 0..2_000 {
            let many = 2 + dice.below(7);
            let most = 1 + dice.below(many - 1);
            let mut random = || -> Vec<f64> { (0..many).map(|_| dice.fraction()).collect() };
            let (before, mut others) = (random(), Vec::new());
            for _ in 0..30 {
                let other = random();
                let sum = come_to(&other, most);
                others.push(other.into_iter().map(|part| part / sum).collect::<Vec<f64>>());
            }
            let mut parts = before.clone();
            bring_to_one(&mut parts, most);
            assert!((come_to(&parts, most) - 1.0).abs() < 1e-9 && parts.iter().all(|p| *p >= 0.0));
            if come_to(&before, most) < 1.0 {
                continue;
            }
            // From the nearest point of a convex set no other is on the side where one comes from.
            for other in others {
                let steps = before.iter().zip(&parts).zip(&other);
                let along: f64 = steps.map(|((from, to), other)| (from - to) * (other - to)).sum();
                assert!(along < 1e-9, "{before:?} {parts:?} {other:?}");
            }
        }
        // What comes to less grows, and nothing becomes as much of each.
        let (mut small, mut nothing) = ([0.2, 0.1, 0.1], [0.0; 4]);
        bring_to_one(&mut small, 2);
        bring_to_one(&mut nothing, 2);
        assert_eq!((small.map(|part| (part * 3.0).round()), nothing), ([2.0, 1.0, 1.0], [0.5; 4]));
    }
}
