//! What the rest of a month costs at least for one label: the completion bound that is its own. Groups that
//! it has marked are free in it, and the prices of others fall on what is left of their blocks alone.

use std::collections::HashMap;

use super::{Labels, Pricer, ones};
use crate::plans::relax::{Bounds, Reckoned};

/// The completion bounds of the labels after a block, as far as they were asked for.
pub(super) struct Ahead<'p> {
    pricer: &'p Pricer<'p>,
    block: usize,
    /// By the number of blocks in which groups can still be marked.
    plain: HashMap<usize, Plain>,
    /// By the same and what is marked, for each state.
    marked: HashMap<(usize, Vec<u64>), Vec<i64>>,
}

/// What is left where nothing is marked.
struct Plain {
    /// For each block and group what its use there counts for.
    shares: Vec<i64>,
    reckoned: Reckoned,
    bounds: Bounds,
}

impl<'p> Ahead<'p> {
    pub(super) fn new(pricer: &'p Pricer<'p>, block: usize) -> Self {
        Self { pricer, block, plain: HashMap::new(), marked: HashMap::new() }
    }

    /// What it took, in steps of work.
    pub(super) fn steps(&self) -> u64 {
        (self.marked.len() * self.pricer.keys.work()) as u64 / 8
    }

    /// What a label comes to at least.
    pub(super) fn bound(&mut self, labels: &Labels, label: usize) -> i64 {
        let (words, slots, cuts) = self.pricer.sizes();
        let Pricer { month, keys, .. } = self.pricer;
        let bits = &labels.bits[label * words..(label + 1) * words];
        let sums = &labels.sums[label * slots..(label + 1) * slots];
        let owed = &labels.cuts[label * cuts..(label + 1) * cuts];
        let next = self.block + 1;
        let marks = keys.marks(next, sums);
        let later = self.pricer.later(self.block);
        let key: Vec<u64> = bits.iter().zip(later).map(|(bits, later)| bits & later).collect();
        let Self { pricer, plain, marked, .. } = self;
        let table = marked.entry((marks, key)).or_insert_with_key(|(_, key)| {
            let here = &month.blocks[next - 1];
            let bits = key.iter().enumerate().flat_map(|(number, word)| ones(number, *word));
            let groups: Vec<u32> = bits.map(|bit| here.group_of_bit[bit]).collect();
            let plain = plain.entry(marks).or_insert_with(|| Plain::new(pricer, next, marks));
            plain.bounds.with_free(keys, &plain.reckoned, month, &groups, &plain.shares, next)
        });
        let rest = table[keys.state(next, sums)];
        let short = self.pricer.short(self.block, bits, owed);
        labels.cost[label] + rest + keys.wrong(month, next, sums) - short
    }
}

impl Plain {
    fn new(pricer: &Pricer<'_>, from: usize, marks: usize) -> Self {
        let (month, keys) = (pricer.month, pricer.keys);
        let spans = month.spans.len();
        let mut shares = vec![0; month.blocks.len() * spans];
        let mut order = Vec::new();
        for (number, (span, low)) in month.spans.iter().zip(&pricer.lows).enumerate() {
            let later = span.blocks.iter().map(|block| *block as usize * spans + number);
            let later = later.filter(|at| *at >= from * spans && pricer.usable[*at]);
            if *low <= 0 {
                later.for_each(|at| shares[at] = *low);
                continue;
            }
            order.clear();
            order.extend(later.clone().map(|at| pricer.shares[at]));
            order.sort_unstable_by(|a, b| b.cmp(a));
            order.truncate(marks);
            let sum: i64 = order.iter().sum();
            for at in later {
                // A little less than all of it, so that no rounding makes it more.
                let part = match sum {
                    _ if marks <= 1 => 1.0,
                    0 => 1.0 / order.len() as f64,
                    _ => pricer.shares[at] as f64 / sum as f64,
                };
                shares[at] = (*low as f64 * part * 0.999_999) as i64;
            }
        }
        let reckoned = Reckoned::new(month, keys, &pricer.leaned, &shares, from);
        let bounds = Bounds::new(keys, &reckoned, from);
        Self { shares, reckoned, bounds }
    }
}
