//! A consultant's limits and charges before it is known which of them span blocks.

use super::blocks::Filling;

/// A limit or charge, or both of the same sum, before it is known whether it spans blocks.
pub(super) struct Piece {
    /// In order.
    pub(super) items: Vec<(Local, i64)>,
    /// `None` where nothing limits it.
    pub(super) max: Option<i64>,
    /// From a sum of 0 on so many units at so much each; empty where nothing is charged.
    pub(super) prices: Vec<(i64, i64)>,
}

/// What a piece counts, by its number among the consultant's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Local {
    Option(u32),
    Group(u32),
}

impl Piece {
    /// Whether it is a limit that nothing he can be given, of so many options, reaches.
    pub(super) fn is_idle(
        &self,
        blocks: &[Vec<Filling>],
        options: usize,
        span_of: &[Option<u32>],
    ) -> bool {
        let Some(max) = self.max else { return false };
        // Spanning groups count once, whatever is chosen; all else by the dearest filling of each block.
        let mut whole = 0;
        let (mut by_option, mut by_group) = (vec![0; options], vec![0; span_of.len()]);
        for (local, weight) in &self.items {
            match local {
                Local::Option(o) => by_option[*o as usize] += weight,
                Local::Group(g) if span_of[*g as usize].is_some() => whole += *weight.max(&0),
                Local::Group(g) => by_group[*g as usize] += weight,
            }
        }
        let sum = |filling: &Filling| -> i64 {
            filling.options.iter().map(|o| by_option[*o as usize]).sum::<i64>()
                + filling.groups.iter().map(|g| by_group[*g as usize]).sum::<i64>()
        };
        let dearest = |fillings: &Vec<Filling>| fillings.iter().map(sum).max().unwrap_or(0).max(0);
        whole + blocks.iter().map(dearest).sum::<i64>() <= max
    }

    /// Divides its weights by what they have in common: few values are easier to follow.
    pub(super) fn simplify(&mut self) {
        let common = self.items.iter().fold(0, |common, item| gcd(common, item.1.abs()));
        if common > 1 {
            self.items.iter_mut().for_each(|item| item.1 /= common);
            self.max = self.max.map(|max| max.div_euclid(common));
            self.prices = coarser(&self.prices, common);
        }
    }

    /// Takes in another piece of the same sum.
    pub(super) fn join(&mut self, other: &Self) {
        self.max = self.max.into_iter().chain(other.max).min();
        self.prices = both(&self.prices, &other.prices);
    }
}

/// What is added to sums where something is chosen.
pub(super) struct Adds {
    /// By each option itself.
    pub(super) options: Vec<Vec<(u32, i64)>>,
    /// By each group, once it is marked.
    pub(super) groups: Vec<Vec<(u32, i64)>>,
}

impl Adds {
    pub(super) fn new(options: usize, groups: usize) -> Self {
        Self { options: vec![Vec::new(); options], groups: vec![Vec::new(); groups] }
    }

    pub(super) fn of(&mut self, local: Local) -> &mut Vec<(u32, i64)> {
        match local {
            Local::Option(o) => &mut self.options[o as usize],
            Local::Group(g) => &mut self.groups[g as usize],
        }
    }
}

/// Prices for so many units at a time.
fn coarser(prices: &[(i64, i64)], many: i64) -> Vec<(i64, i64)> {
    let mut coarse = Vec::with_capacity(prices.len());
    // What there is of a unit that is not whole yet, and what it costs.
    let (mut part, mut cost) = (0, 0_i64);
    for (units, each) in prices {
        let more = if part > 0 { (many - part).min(*units) } else { 0 };
        part += more;
        cost = cost.saturating_add(each.saturating_mul(more));
        if part == many {
            coarse.push((1, cost));
            (part, cost) = (0, 0);
        }
        let left = units - more;
        if left >= many {
            coarse.push((left / many, each.saturating_mul(many)));
        }
        if left % many > 0 {
            (part, cost) = (left % many, each.saturating_mul(left % many));
        }
    }
    if part > 0 {
        coarse.push((1, cost));
    }
    coarse
}

/// The sum of two.
fn both(some: &[(i64, i64)], others: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut sum = Vec::with_capacity(some.len() + others.len());
    let (mut some, mut others) = (some.iter().copied(), others.iter().copied());
    let (mut one, mut other) = (some.next(), others.next());
    // Behind its end each costs nothing.
    while let Some(units) = one.into_iter().chain(other).map(|step| step.0).min() {
        let each = |step: Option<(i64, i64)>| step.map_or(0, |step| step.1);
        sum.push((units, each(one).saturating_add(each(other))));
        let left = |step: Option<(i64, i64)>| match step {
            Some((all, each)) if all > units => Some((all - units, each)),
            _ => None,
        };
        one = left(one).or_else(|| some.next());
        other = left(other).or_else(|| others.next());
    }
    sum
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::super::cost_of;
    use super::*;

    /// Tariffs of several shapes; the last ends.
    fn tariffs() -> [Vec<(i64, i64)>; 5] {
        [
            vec![],
            vec![(i64::MAX, 3)],
            vec![(42, -1), (i64::MAX, 1)],
            vec![(1, 0), (4, 2), (3, 5), (i64::MAX, 9)],
            vec![(2, -7), (5, 1)],
        ]
    }

    #[test]
    fn coarser_prices_cost_the_same() {
        for (prices, many) in tariffs().iter().flat_map(|p| (2..9).map(move |many| (p, many))) {
            let coarse = coarser(prices, many);
            for sum in 0..40 {
                let (fine, coarse) = (cost_of(prices, many * sum), cost_of(&coarse, sum));
                assert_eq!(fine, coarse, "{prices:?} by {many}: {sum}");
            }
        }
    }

    #[test]
    fn prices_add_up() {
        for (one, other) in tariffs().iter().flat_map(|one| tariffs().map(|other| (one, other))) {
            let sum_of = both(one, &other);
            for sum in 0..100 {
                let apart = cost_of(one, sum) + cost_of(&other, sum);
                assert_eq!(cost_of(&sum_of, sum), apart, "{one:?} and {other:?}: {sum}");
            }
        }
    }
}
