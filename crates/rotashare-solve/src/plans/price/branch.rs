//! Where labels are too many: branching on what spanning groups are marked. Where one is known to be, its
//! price is paid at once, and where it is known not to be, no choice marks it; labels then differ in less,
//! and what the spread of its price gets wrong is gone.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Found, Pricer, Rules, Search, Sight};
use crate::engine::Stop;
use crate::plans::month::NEVER;
use crate::plans::spread::Spread;

/// Steps by which the spread is bettered for each branch.
const STEPS: usize = 4;

/// Months of which it is known what groups they mark.
struct Branch {
    rules: Rules,
    spread: Spread,
    /// What the groups cost that they mark.
    paid: i64,
    /// The group that is decided next.
    next: usize,
}

impl Sight<'_> {
    /// Goes on from what a pricer found, with this spread, where labels were too many.
    pub(in crate::plans) fn branch(
        &self,
        whole: &Pricer<'_>,
        spread: &Spread,
        search: Search,
        found: &mut Found,
        stop: &Stop,
    ) {
        let mut target = found.best(search.below);
        let mut open: BinaryHeap<(Reverse<i64>, usize)> = BinaryHeap::new();
        let mut branches: Vec<Option<Branch>> = Vec::new();
        // No month of a branch that is done costs less.
        let mut done = NEVER;
        let Some(next) = whole.contested(target) else { return };
        let rules = whole.rules.clone();
        branches.push(Some(Branch { rules, spread: spread.clone(), paid: 0, next }));
        open.push((Reverse(found.least), 0));
        let mut looked = 0;
        while looked < search.branches
            && !stop.now()
            && let Some((Reverse(bound), number)) = open.pop()
        {
            let branch = if bound < target { branches[number].take() } else { None };
            let Some(Branch { rules, spread, paid, next }) = branch else {
                done = done.min(bound);
                break;
            };
            let mut without = rules.clone();
            without.unmarked.push(next as u32);
            let mut with = rules;
            with.paid.push(next as u32);
            let price = self.prices.groups[self.month.spans[next].group as usize];
            for (rules, paid) in [(without, paid), (with, paid + price)] {
                looked += 1;
                let mut spread = spread.clone();
                let below = target - paid;
                let pricer = Pricer::new(*self, &rules, (&mut spread, STEPS, below));
                let new = pricer.run(Search { below, ..search }, stop);
                found.steps += new.steps;
                for (cost, options) in new.months {
                    target = target.min(cost + paid);
                    found.months.push((cost + paid, options));
                }
                let least = (new.least + paid).max(bound);
                let is_open = !new.exact && least < target;
                if let Some(next) = pricer.contested(below).filter(|_| is_open) {
                    open.push((Reverse(least), branches.len()));
                    branches.push(Some(Branch { rules, spread, paid, next }));
                } else {
                    done = done.min(least);
                }
            }
        }
        found.months.sort();
        found.months.dedup_by(|a, b| a.1 == b.1);
        found.months.truncate(search.most);
        let rest = open.peek().map_or(NEVER, |(Reverse(bound), _)| *bound);
        let least = done.min(rest).min(target);
        found.least = found.least.max(least);
        found.exact |= found.least >= target;
    }
}

impl Pricer<'_> {
    /// The spanning group whose price is short by most where the best choices of all blocks mark it, or
    /// else the dearest that may be marked or not.
    fn contested(&self, below: i64) -> Option<usize> {
        let spans = self.month.spans.len();
        let mut short: Vec<(i64, bool)> = self.lows.iter().map(|low| (*low, false)).collect();
        let mut usable = vec![false; spans];
        for (number, block) in self.month.blocks.iter().enumerate() {
            let through = &self.through[number];
            let best = (0..block.patterns.len()).min_by_key(|pattern| through[*pattern]);
            let marks = best.map_or(&[][..], |best| &block.patterns[best].groups[..]);
            for group in marks {
                let short = &mut short[*group as usize];
                *short = (short.0 - self.shares[number * spans + *group as usize], true);
            }
            for (pattern, through) in block.patterns.iter().zip(through) {
                if *through < below {
                    pattern.groups.iter().for_each(|group| usable[*group as usize] = true);
                }
            }
        }
        // What pays for a mark would be paid twice where it is not there.
        let dear = |group: &usize| usable[*group] && self.group_price[*group] > 0;
        let marked = (0..spans).filter(dear).filter(|group| short[*group].1 && short[*group].0 > 0);
        let first = marked.max_by_key(|group| (short[*group].0, Reverse(*group)));
        let others = (0..spans).filter(dear).filter(|group| self.lows[*group] > 0);
        first.or_else(|| others.max_by_key(|group| (self.lows[*group], Reverse(*group))))
    }
}
