//! The price of a spanning group is paid once, in whichever block marks it first; for the completion bound
//! it is spread over all blocks that may mark it, so that each choice seems to cost some of it. The better
//! the spread, the higher the bound: a dual ascent.
//!
//! The direction is not where the cheapest month marks groups but how nearly each block would: from what a
//! month costs at least that marks a group in a block and one that does not, known for all blocks at once
//! from a pass there and back (min-marginals, as in message passing; Werner, 2007). It comes in five steps
//! as far as the cheapest month alone does in forty.

use super::month::{Month, NEVER};
use super::relax::{Bounds, Keys, Reckoned};

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
    pub(super) patterns: &'a [Vec<i64>],
    /// What each group costs at least.
    pub(super) lows: &'a [i64],
    /// For each block and group whether a pattern that is allowed marks it there.
    pub(super) usable: &'a [bool],
}

/// A spread's bounds.
pub(super) struct Outcome {
    pub(super) bounds: Bounds,
    /// For each block and group what its use there counts for.
    pub(super) shares: Vec<i64>,
    /// For each block and pattern what no month that has it can cost less than.
    pub(super) through: Vec<Vec<i64>>,
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
                direction = task.direction(&best.through);
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
        for span in 0..spans {
            let usable = || task.usable_of(span);
            let total: f64 = usable().map(|at| self.parts[at]).sum();
            let many = usable().count() as f64;
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
        let reckoned = Reckoned::new(self.month, self.keys, self.patterns, &shares);
        let bounds = Bounds::new(self.keys, &reckoned);
        let through = bounds.through(self.keys, &reckoned);
        let least = bounds.at(self.month, self.keys, 0, &vec![0; self.month.slots]);
        Outcome { bounds, shares, through, tried: 1, least }
    }

    /// How nearly each block marks each group, beside the mean of all that may.
    fn direction(&self, through: &[Vec<i64>]) -> Vec<f64> {
        let (blocks, spans) = (self.month.blocks.len(), self.month.spans.len());
        let mut direction = vec![0.0; blocks * spans];
        // What marks a group at least, and what does not.
        let (mut with, mut without) = (vec![NEVER; spans], vec![NEVER; spans]);
        for (number, (block, through)) in self.month.blocks.iter().zip(through).enumerate() {
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
        for span in 0..spans {
            let sum: f64 = self.usable_of(span).map(|at| direction[at]).sum();
            let mean = sum / self.usable_of(span).count().max(1) as f64;
            for at in self.usable_of(span).filter(|_| self.lows[span] > 0) {
                direction[at] -= mean;
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
            // The projection on all spreads takes the same off each part that stays above nothing.
            order.sort_unstable_by(|a, b| b.total_cmp(a));
            let (mut sum, mut off) = (0.0, 0.0);
            for (number, part) in order.iter().enumerate() {
                sum += part;
                let each = (sum - 1.0) / (number + 1) as f64;
                if *part > each {
                    off = each;
                }
            }
            self.usable_of(span).for_each(|at| next[at] = (next[at] - off).max(0.0));
        }
        next
    }
}
