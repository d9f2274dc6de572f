//! Which labels stay: those that no other beats in all that still matters, and of these not too many.

use super::ahead::Ahead;
use super::{BESIDE, Found, Labels, OVER, Pricer, Search, ones};

impl Pricer<'_> {
    /// Says which labels stay: not those that others beat, those that come to too much by what is `ahead` of
    /// them, where that is looked at, and the worst where there are too many.
    pub(super) fn keep(
        &self,
        grown: &mut Labels,
        block: usize,
        search: Search,
        ahead: &mut Option<Ahead<'_>>,
        found: &mut Found,
        labels: &mut Labels,
    ) {
        // At the end all that is left of a label is what it costs.
        let compare = block + 1 < self.month.blocks.len();
        let mut order: Vec<usize> = (0..grown.len()).collect();
        order.sort_unstable_by_key(|label| (grown.bound[*label], grown.cost[*label], *label));
        // Those that stay, cheapest first. What is too many anyway need not be compared.
        let mut kept: Vec<usize> = Vec::new();
        let mut compared = 0_u64;
        let most = if ahead.is_some() { OVER * search.beam } else { search.beam };
        for label in order {
            let cheaper = kept.partition_point(|other| grown.cost[*other] <= grown.cost[label]);
            let beaten = compare
                && kept[..cheaper.min(BESIDE)].iter().any(|other| {
                    compared += 1;
                    self.beats(grown, *other, label, block)
                });
            if beaten {
                continue;
            }
            if kept.len() == most {
                found.exact = false;
                found.least = found.least.min(grown.bound[label]);
                break;
            }
            if let Some(ahead) = ahead {
                let bound = ahead.bound(grown, label).max(grown.bound[label]);
                grown.bound[label] = bound;
                if bound >= search.below {
                    continue;
                }
            }
            kept.insert(cheaper, label);
        }
        if kept.len() > search.beam {
            kept.sort_unstable_by_key(|label| (grown.bound[*label], grown.cost[*label], *label));
            found.exact = false;
            found.least = found.least.min(grown.bound[kept[search.beam]]);
            kept.truncate(search.beam);
        }
        found.steps += compared / 4;
        labels.clear();
        kept.sort_unstable_by_key(|label| (grown.bound[*label], *label));
        for label in kept {
            labels.push_copy(grown, label, self.sizes());
        }
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
        for (word, later) in self.later(block).iter().enumerate() {
            for bit in ones(word, b[word] & !a[word] & later) {
                let group = here.group_of_bit[bit] as usize;
                spare -= self.group_range[group].0.max(0);
                if spare < 0 || self.delicate[group] && !self.may_mark(labels, one, group, block) {
                    return false;
                }
            }
            if self.some_pay {
                for bit in ones(word, a[word] & !b[word] & later) {
                    spare += self.group_range[here.group_of_bit[bit] as usize].1.min(0);
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
                if counter.is_limit && sum_a + ahead > counter.max {
                    return false;
                }
                spare -= (counter.cost(sum_a + ahead) - counter.cost(sum_a))
                    - (counter.cost(sum_b + ahead) - counter.cost(sum_b));
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
