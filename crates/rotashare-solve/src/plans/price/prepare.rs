//! What one pricing needs to know, worked out before the search: what patterns and groups cost under the
//! prices, what cuts are reckoned at, and the completion bound.

use super::set_aside::SetAside;
use super::{PricedCut, Pricer, Rules, Sight};
use crate::lists::Lists;
use crate::plans::month::{NEVER, Pattern};
use crate::plans::spread::{Outcome, Spread, Task};

/// See [`Pricer::lean`]; takes from `lows` what groups are reckoned cheaper for it.
fn lean(cuts: &[PricedCut<'_>], lows: &mut [i64]) -> Vec<i64> {
    let mut wanted = vec![0_i64; lows.len()];
    for PricedCut { view, price } in cuts {
        if let Some(span) = view.span {
            wanted[span as usize] += price / i64::from(view.of) * (i64::from(view.of) - 1);
        }
    }
    let before = lows.to_vec();
    cuts.iter()
        .map(|PricedCut { view, price }| {
            let Some(span) = view.span.map(|span| span as usize) else { return 0 };
            let full = price / i64::from(view.of);
            let lean = if before[span] <= 0 {
                0
            } else if wanted[span] <= before[span] {
                full
            } else {
                (full as f64 * before[span] as f64 / wanted[span] as f64 * 0.999_999) as i64
            };
            lows[span] -= lean * (i64::from(view.of) - 1);
            lean
        })
        .collect()
}

impl<'a> Pricer<'a> {
    /// `spread` is the consultant's, by how many steps it is bettered at most, and until which bound.
    pub(in crate::plans) fn new(
        sight: Sight<'a>,
        rules: &'a Rules,
        spread: (&mut Spread, usize, i64),
    ) -> Self {
        let Sight { month, keys, cuts, prices } = sight;
        let first = month.options.start;
        let barred = |o: &u32| rules.barred.get(*o as usize).copied().unwrap_or(false);
        let mut patterns = Lists::new();
        for (number, block) in month.blocks.iter().enumerate() {
            let cost = |p: &Pattern| {
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
            patterns.add(block.patterns.iter().map(cost));
        }
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
        let mut lows: Vec<i64> = group_range.iter().map(|range| range.1).collect();
        let lean = lean(cuts, &mut lows);
        let mut leaned = Lists::new();
        let mut cuts_in = vec![Vec::new(); blocks];
        for (number, cut) in cuts.iter().enumerate() {
            cut.view.blocks.iter().for_each(|block| cuts_in[*block as usize].push(number as u32));
        }
        for (block, prices) in patterns.iter().enumerate() {
            let more = |pattern: usize| -> i64 {
                let of = |cut: usize| lean[cut] * i64::from(cuts[cut].view.adds[block][pattern]);
                cuts_in[block].iter().map(|cut: &u32| of(*cut as usize)).sum()
            };
            let of = |(pattern, price): (usize, &i64)| {
                if *price < NEVER { price + more(pattern) } else { NEVER }
            };
            leaned.add(prices.iter().enumerate().map(of));
        }
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
        let mut later = vec![0_u64; blocks * month.words];
        let mut is_later = vec![false; blocks * spans];
        for at in (0..(blocks * spans).saturating_sub(spans)).rev() {
            let (block, bit) = (at / spans, month.spans[at % spans].bit);
            // A slot is free for another group once this one has ended.
            if month.blocks[block].group_of_bit[bit] == (at % spans) as u32
                && (usable[at + spans] || is_later[at + spans])
            {
                later[block * month.words + bit / 64] |= 1 << (bit % 64);
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
                let later = |cut: &usize| lean[*cut] > 0 && cuts[*cut].view.ahead[block] > 0;
                (0..cuts.len()).filter(later).map(|cut| cut as u32).collect()
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
}
