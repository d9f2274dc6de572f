//! Rows as an engine of months sees them: each a convex function of one sum, priced by its dual.

use rotashare_core::points::Tariff;
use rotashare_rules::problem::{Demand, Mark, Problem, Row};

use super::month::{UNITS_PER_QUARTER, prices_of};
use super::price::Prices;

/// The points of a row by its sum: from 0, runs of units at rising prices. Beyond the last it may not go.
#[derive(Clone, Debug)]
pub(super) struct RowCost {
    /// For a sum of 0, in units.
    pub(super) base: i64,
    /// How many units of the sum, and what each adds.
    pub(super) steps: Vec<(i64, i64)>,
    /// Whether the sum may not go beyond the steps, though it could.
    pub(super) hard: bool,
    /// Whether it is a packing row: nothing but options, each counting 1, and never more than so much.
    pub(super) packs: Option<i64>,
    /// The most that one of its items counts, at least 1.
    pub(super) largest: i64,
}

impl RowCost {
    fn new(row: &Row) -> Self {
        let total: i64 = row.items.iter().map(|item| item.weight).sum();
        let (base, mut steps, most) = match &row.demand {
            Demand::AtMost(bound) => (0, Vec::new(), *bound),
            Demand::AtMostOr(bound, tariff) => {
                let mut steps = Vec::new();
                if *bound > 0 {
                    steps.push((*bound, 0));
                }
                let mut paid = (-*bound).max(0);
                for (units, each) in prices_of(tariff) {
                    let skipped = paid.min(units);
                    paid -= skipped;
                    if units > skipped {
                        steps.push((units - skipped, each));
                    }
                }
                (at(tariff, -*bound), steps, i64::MAX)
            }
            Demand::AtLeastOr(bound, tariff) => {
                (at(tariff, *bound), missing(*bound, tariff), i64::MAX)
            }
            Demand::Fill(bound, tariff) => (at(tariff, *bound), missing(*bound, tariff), *bound),
        };
        steps.push((i64::MAX, steps.last().map_or(0, |step| step.1.max(0))));
        let mut left = total.min(most).max(0);
        for step in &mut steps {
            step.0 = step.0.min(left);
            left -= step.0;
        }
        steps.retain(|step| step.0 > 0);
        let plain = |item: &rotashare_rules::problem::Item| {
            item.weight == 1 && matches!(item.mark, Mark::Option(_))
        };
        let packs = match &row.demand {
            Demand::AtMost(bound) | Demand::Fill(bound, _) => {
                row.items.iter().all(plain).then_some(*bound)
            }
            _ => None,
        };
        let largest = row.items.iter().map(|item| item.weight.abs()).max().unwrap_or(1).max(1);
        Self { base, steps, hard: most < total, packs, largest }
    }

    /// Whether it has places and pays for those that are filled.
    pub(super) fn pays_for_places(&self) -> bool {
        self.packs.is_some() && self.range().0 < 0
    }

    /// How many places it pays for.
    pub(super) fn places(&self) -> i64 {
        let paid = self.steps.iter().filter(|(_, each)| *each < 0);
        if self.packs.is_some() { paid.map(|(units, _)| units).sum() } else { 0 }
    }

    /// For a sum that need not be whole, in units; beyond the last step at `beyond` each.
    pub(super) fn at_fraction(&self, sum: f64, beyond: f64) -> f64 {
        let (mut left, mut cost) = (sum, self.base as f64);
        for (units, each) in &self.steps {
            let taken = left.min(*units as f64);
            cost += taken * *each as f64;
            left -= taken;
        }
        cost + left.max(0.0) * beyond
    }

    /// What the next unit of a sum costs, in units; `beyond` where it may not go further.
    pub(super) fn next(&self, mut sum: i64, beyond: i64) -> i64 {
        for (units, each) in &self.steps {
            if sum < *units {
                return *each;
            }
            sum -= units;
        }
        if self.hard { beyond } else { self.range().1 }
    }

    /// The duals that make sense: beyond them its sum is at an end anyway.
    pub(super) fn range(&self) -> (i64, i64) {
        let first = self.steps.first().map_or(0, |step| step.1);
        let last = self.steps.last().map_or(0, |step| step.1);
        (first, if self.hard { i64::MAX / 1024 } else { last.max(first) })
    }

    /// How far a sum is above those at which the row's points minus `price` for each unit are least;
    /// negative where it is below.
    pub(super) fn missed(&self, sum: i64, price: i64) -> i64 {
        let units = |steps: &[(i64, i64)]| steps.iter().map(|(units, _)| units).sum();
        let fewest = self.steps.partition_point(|(_, each)| *each < price);
        let most = self.steps.partition_point(|(_, each)| *each <= price);
        sum - sum.clamp(units(&self.steps[..fewest]), units(&self.steps[..most]))
    }

    /// The least of the row's points minus `price` for each unit of its sum.
    pub(super) fn least(&self, price: i64) -> i64 {
        let below = |(units, each): &(i64, i64)| (each - price).min(0) * units;
        self.base + self.steps.iter().map(below).sum::<i64>()
    }
}

fn priced(rows: &[(u32, i64)], duals: &[i64]) -> i64 {
    rows.iter().map(|(row, weight)| duals[*row as usize] * weight).sum()
}

fn at(tariff: &Tariff, units: i64) -> i64 {
    tariff.points(units).in_quarters() * UNITS_PER_QUARTER
}

fn missing(bound: i64, tariff: &Tariff) -> Vec<(i64, i64)> {
    let (mut left, mut steps) = (bound.max(0), Vec::new());
    for (units, each) in prices_of(tariff) {
        let taken = left.min(units);
        left -= taken;
        if taken > 0 {
            steps.push((taken, -each));
        }
    }
    steps.reverse();
    steps
}

/// All rows, and who is in them.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) costs: Vec<RowCost>,
    of_option: Vec<Vec<(u32, i64)>>,
    of_group: Vec<Vec<(u32, i64)>>,
    groups_of_option: Vec<Vec<u32>>,
}

impl Rows {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut of_option = vec![Vec::new(); problem.options().len()];
        let mut of_group = vec![Vec::new(); problem.groups().len()];
        for (number, row) in problem.rows().iter().enumerate() {
            for item in &row.items {
                match item.mark {
                    Mark::Option(o) => of_option[o.index()].push((number as u32, item.weight)),
                    Mark::Group(g) => of_group[g.index()].push((number as u32, item.weight)),
                }
            }
        }
        let mut groups_of_option = vec![Vec::new(); problem.options().len()];
        for (number, group) in problem.groups().iter().enumerate() {
            for option in &group.options {
                groups_of_option[option.index()].push(number as u32);
            }
        }
        let costs = problem.rows().iter().map(RowCost::new).collect();
        Self { costs, of_option, of_group, groups_of_option }
    }

    /// The rows that count an option itself.
    pub(super) fn of_option(&self, option: usize) -> &[(u32, i64)] {
        &self.of_option[option]
    }

    /// What a set of options adds to rows: each row once, in order.
    pub(super) fn sums(&self, options: impl Iterator<Item = usize>) -> Vec<(u32, i64)> {
        let (mut groups, mut adds) = (Vec::new(), Vec::new());
        for option in options {
            groups.extend_from_slice(&self.groups_of_option[option]);
            adds.extend_from_slice(&self.of_option[option]);
        }
        groups.sort_unstable();
        groups.dedup();
        adds.extend(groups.iter().flat_map(|g| &self.of_group[*g as usize]).copied());
        adds.sort_unstable();
        adds.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        adds
    }

    /// What the rows' duals put on options and groups.
    pub(super) fn prices(&self, duals: &[i64]) -> Prices {
        Prices {
            options: self.of_option.iter().map(|rows| priced(rows, duals)).collect(),
            groups: self.of_group.iter().map(|rows| priced(rows, duals)).collect(),
        }
    }

    /// The same of some options alone, and the groups that they mark.
    pub(super) fn prices_of(&self, options: impl Iterator<Item = usize>, duals: &[i64]) -> Prices {
        let mut prices =
            Prices { options: vec![0; self.of_option.len()], groups: vec![0; self.of_group.len()] };
        for option in options {
            prices.options[option] = priced(&self.of_option[option], duals);
            for group in &self.groups_of_option[option] {
                prices.groups[*group as usize] = priced(&self.of_group[*group as usize], duals);
            }
        }
        prices
    }

    /// The rows' part of the Lagrangian bound.
    pub(super) fn least(&self, duals: &[i64]) -> i64 {
        self.costs.iter().zip(duals).map(|(cost, dual)| cost.least(*dual)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sum_is_missed_by_leads_to_where_the_points_are_least() {
        let row = RowCost {
            base: 100,
            steps: vec![(2, -30), (3, 0), (2, 20)],
            hard: false,
            packs: None,
            largest: 1,
        };
        let points = |sum: i64| row.at_fraction(sum as f64, 0.0) as i64;
        for price in [-40, -30, -10, 0, 7, 20, 30] {
            for sum in 0..=7 {
                let nearest = sum - row.missed(sum, price);
                let least = row.least(price);
                assert_eq!(points(nearest) - price * nearest, least, "{sum} at {price}");
                // None that is as good is nearer.
                for other in (0..=7).filter(|other| points(*other) - price * other == least) {
                    assert!((sum - other).abs() >= (sum - nearest).abs(), "{sum} at {price}");
                }
            }
        }
    }
}
