//! Which labels stay: those that no other beats in all that still matters, and of these not too many.

use super::{BESIDE, Found, Labels, Pricer, Search};

impl Pricer<'_> {
    /// Drops labels that others beat, and the worst where there are too many.
    pub(super) fn keep(
        &self,
        grown: &mut Labels,
        block: usize,
        search: Search,
        compare: bool,
        found: &mut Found,
    ) -> Labels {
        let mut order: Vec<usize> = (0..grown.len()).collect();
        order.sort_by_key(|label| (grown.cost[*label], *label));
        let mut kept: Vec<usize> = Vec::new();
        for label in order {
            let beaten = compare
                && kept.iter().take(BESIDE).any(|other| self.beats(grown, *other, label, block));
            if !beaten {
                kept.push(label);
            }
        }
        if kept.len() > search.beam {
            kept.sort_by_key(|label| (grown.bound[*label], *label));
            found.exact = false;
            let dropped = grown.bound[kept[search.beam]];
            found.least = found.least.min(dropped);
            kept.truncate(search.beam);
        }
        let mut labels = Labels::default();
        for label in kept {
            labels.push_copy(grown, label, self.sizes());
        }
        labels
    }

    /// Whether a label can mark a group later without reaching a limit, and need not.
    fn may_mark(&self, labels: &Labels, label: usize, group: usize, block: usize) -> bool {
        let sums = &labels.sums[label * self.month.slots..];
        let fits = |(counter, _): &(u32, i64)| {
            let counter = &self.month.counters[*counter as usize];
            !counter.is_limit || sums[counter.slot] + counter.ahead[block] <= counter.max
        };
        !self.rules.required.contains(&(group as u32))
            && self.month.spans[group].adds.iter().all(fits)
    }

    /// Whether whatever the second label can still become, the first can at no higher cost.
    fn beats(&self, labels: &Labels, one: usize, other: usize, block: usize) -> bool {
        let (words, slots, cuts) = self.sizes();
        let mut spare = labels.cost[other] - labels.cost[one];
        if spare < 0 {
            return false;
        }
        let here = &self.month.blocks[block];
        let (a, b) = (&labels.bits[one * words..], &labels.bits[other * words..]);
        for ((a, b), flags) in a.iter().zip(b).zip(&here.flag_bits) {
            if a & !b & flags != 0 {
                return false;
            }
        }
        for (word, later) in self.later[block].iter().enumerate() {
            let mut only_b = b[word] & !a[word] & later;
            while only_b != 0 {
                let bit = only_b.trailing_zeros() as usize;
                only_b &= only_b - 1;
                let group = here.group_of_bit[64 * word + bit] as usize;
                spare -= self.group_range[group].0.max(0);
                if spare < 0 || self.delicate[group] && !self.may_mark(labels, one, group, block) {
                    return false;
                }
            }
            if self.some_pay {
                let mut only_a = a[word] & !b[word] & later;
                while only_a != 0 {
                    let bit = only_a.trailing_zeros() as usize;
                    only_a &= only_a - 1;
                    spare += self.group_range[here.group_of_bit[64 * word + bit] as usize].1.min(0);
                }
                if spare < 0 {
                    return false;
                }
            }
        }
        let (sums_a, sums_b) = (&labels.sums[one * slots..], &labels.sums[other * slots..]);
        for index in &here.live_counters {
            let counter = &self.month.counters[*index as usize];
            let (sum_a, sum_b) = (sums_a[counter.slot], sums_b[counter.slot]);
            if sum_a > sum_b {
                let ahead = counter.ahead[block].min(counter.max - sum_b);
                if !counter.is_limit {
                    spare -= (counter.cost(sum_a + ahead) - counter.cost(sum_a))
                        - (counter.cost(sum_b + ahead) - counter.cost(sum_b));
                } else if sum_a + ahead > counter.max {
                    return false;
                }
            }
            if spare < 0 {
                return false;
            }
        }
        let (owed_a, owed_b) = (&labels.cuts[one * cuts..], &labels.cuts[other * cuts..]);
        for ((cut, a), b) in self.cuts.iter().zip(owed_a).zip(owed_b) {
            if a > b {
                spare -= cut.price;
                if spare < 0 {
                    return false;
                }
            }
        }
        true
    }
}
