//! Masters that need only be solved roughly: months are exchanged, consultant by consultant.
//!
//! Where prices are drawn to where they are, each row's price follows from its sum. So a share of a
//! consultant's dearest month goes to his cheapest, as far as that lowers what all come to, and prices follow
//! at once (pairwise steps of a block-coordinate Frank-Wolfe method; Lacoste-Julien and others, 2013). It
//! begins with the shares of the last master. Going through all consultants takes as long as reading their
//! columns: of 240 consultants and 1,100 rows 30 to 100 times come to 2 % to 0.3 % of the optimum in a
//! twentieth of the time of an interior point method. The wider the region, the more it takes: to the end
//! of column generation that is too much.

use std::ops::Range;

use super::interior::{Optimum, Programme};
use crate::lists::Lists;

/// How often all are gone through at most, and how often in a row with no more than the columns that may
/// count.
const SWEEPS: usize = 100;
const SWEEPS_OF_FEW: usize = 4;
/// It is not solved more precisely than to such a share.
const PRECISION: f64 = 1e-3;
/// An exchange ends where what it gains for a unit is such a share of what it did at first.
const NEARLY: f64 = 0.1;
/// Or after so many looks.
const LOOKS: usize = 6;
/// No gain, in points for a unit.
const NOTHING: f64 = 1e-9;
/// Entries read in a step of work.
const ENTRIES_A_STEP: usize = 128;

/// Units of a row's sum that cost the same.
struct Run {
    /// The sums at which the row's price is theirs: what draws prices moves these.
    sums: (f64, f64),
    each: f64,
    /// How many units come before.
    before: f64,
}

/// A column's entries in rows.
type Entry = (u32, f64);

/// A programme's columns by group, how much there is of each, and what follows from that.
struct Exchange<'a> {
    programme: &'a Programme,
    /// The columns of each group, from where to where in what follows.
    groups: Vec<Range<usize>>,
    /// Their numbers in the programme.
    numbers: Vec<u32>,
    costs: Vec<f64>,
    entries: Lists<Entry>,
    shares: Vec<f64>,
    /// For each row the runs of its tariff, and one behind all that is never reached.
    runs: Lists<Run>,
    sums: Vec<f64>,
    /// What a unit of each row's sum costs.
    prices: Vec<f64>,
    // Kept to spare allocations.
    change: Vec<Entry>,
}

impl Programme {
    /// Solves it to a precision relative to what it comes to with `constant`, and no better than is
    /// quickly done. The duals of all rows are drawn, and each row has columns of no group with −1 in it
    /// alone, none with anything else; entries are in the order of rows. `shares` are where to begin, by
    /// column; groups that have little of any begin with their cheapest.
    pub(super) fn exchange(&self, shares: &[f64], precision: f64, constant: f64) -> Optimum {
        let mut exchange = Exchange::new(self, shares);
        let mut active = vec![Vec::new(); exchange.groups.len()];
        let (mut sweeps, mut read) = (0, 0);
        let objective = loop {
            let gap = exchange.sweep(&mut active);
            (sweeps, read) = (sweeps + 1, read + exchange.entries.values().len());
            let objective = exchange.objective();
            let whole = (objective + constant).abs();
            if sweeps >= SWEEPS || gap <= precision.max(PRECISION) * (1.0 + whole) {
                break objective;
            }
            for _ in 0..SWEEPS_OF_FEW {
                read += exchange.sweep_of(&active);
                sweeps += 1;
            }
        };
        let mut values = vec![0.0; self.columns()];
        for (number, share) in exchange.numbers.iter().zip(&exchange.shares) {
            values[*number as usize] = *share;
        }
        let duals = exchange.prices.iter().map(|price| -price).collect();
        let steps = read / ENTRIES_A_STEP + sweeps * exchange.groups.len();
        Optimum { values, duals, objective, steps: steps as u64 }
    }
}

impl<'a> Exchange<'a> {
    fn new(programme: &'a Programme, shares: &[f64]) -> Self {
        let mut members = vec![Vec::new(); programme.groups()];
        let mut tariffs = vec![Vec::new(); programme.rows()];
        for (column, group) in programme.group_of().enumerate() {
            match (group, programme.entries_of(column)) {
                (Some(group), _) => members[group].push(column),
                (None, [(row, _)]) => tariffs[*row as usize].push(programme.cost_of(column)),
                (None, _) => debug_assert!(false, "a column of no group is of one row"),
            }
        }
        let mut runs = Lists::new();
        for (row, mut tariff) in tariffs.into_iter().enumerate() {
            tariff.sort_unstable_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0));
            let (pull, towards) = programme.drawn(row);
            let mut before = 0.0;
            let mut of_row = Vec::with_capacity(tariff.len() + 1);
            for (each, units) in tariff {
                let missed = pull * (each + towards);
                let sums = (before + missed, before + units + missed);
                of_row.push(Run { sums, each, before });
                before += units;
            }
            let sums = (f64::INFINITY, f64::INFINITY);
            of_row.push(Run { sums, each: f64::INFINITY, before });
            runs.add(of_row);
        }
        let mut exchange = Self {
            programme,
            groups: Vec::with_capacity(members.len()),
            numbers: Vec::new(),
            costs: Vec::new(),
            entries: Lists::new(),
            shares: Vec::new(),
            runs,
            sums: (0..programme.rows()).map(|row| -programme.right_hand_side(row)).collect(),
            prices: (0..programme.rows()).map(|row| -programme.drawn(row).1).collect(),
            change: Vec::new(),
        };
        for members in members {
            let begin = exchange.costs.len();
            for column in members {
                exchange.numbers.push(column as u32);
                exchange.costs.push(programme.cost_of(column).0);
                debug_assert!(programme.entries_of(column).is_sorted_by_key(|entry| entry.0));
                exchange.entries.add(programme.entries_of(column).iter().copied());
                exchange.shares.push(shares.get(column).copied().unwrap_or(0.0));
            }
            exchange.groups.push(begin..exchange.costs.len());
        }
        exchange.begin();
        exchange
    }

    /// Brings each group's shares to 1, and says what rows come to.
    fn begin(&mut self) {
        for group in self.groups.clone() {
            let all: f64 = self.shares[group.clone()].iter().sum();
            if all > 0.5 {
                self.shares[group].iter_mut().for_each(|share| *share /= all);
                continue;
            }
            self.shares[group.clone()].fill(0.0);
            let cheapest = group.min_by(|a, b| self.priced(*a).total_cmp(&self.priced(*b)));
            cheapest.into_iter().for_each(|column| self.shares[column] = 1.0);
        }
        for (entries, share) in self.entries.iter().zip(&self.shares).filter(|(_, s)| **s > 0.0) {
            for (row, weight) in entries {
                self.sums[*row as usize] += weight * share;
            }
        }
        for row in 0..self.sums.len() {
            self.prices[row] = self.price_at(row, self.sums[row]);
        }
    }

    /// What a column costs under the prices.
    #[inline]
    fn priced(&self, column: usize) -> f64 {
        let rows = self.entries[column].iter();
        self.costs[column] + rows.map(|(row, w)| w * self.prices[*row as usize]).sum::<f64>()
    }

    /// What a unit of a row's sum costs where the sum is so much: within a run what each of its units does,
    /// between two what it is drawn to, the more the further the sum is from where they meet.
    #[inline]
    fn price_at(&self, row: usize, sum: f64) -> f64 {
        for run in &self.runs[row] {
            if sum < run.sums.0 {
                let (pull, towards) = self.programme.drawn(row);
                return (sum - run.before) / pull - towards;
            }
            if sum <= run.sums.1 {
                return run.each;
            }
        }
        f64::INFINITY
    }

    /// Goes through all groups and says which columns may count: those that there is some of, and those
    /// that cost no more than the dearest of these. By how much all cost more than the cheapest.
    fn sweep(&mut self, active: &mut [Vec<u32>]) -> f64 {
        let (mut gap, mut priced) = (0.0, Vec::new());
        for (number, active) in active.iter_mut().enumerate() {
            let group = self.groups[number].clone();
            priced.clear();
            priced.extend(group.clone().map(|column| self.priced(column)));
            let shares = &self.shares[group.clone()];
            let mean: f64 = shares.iter().zip(&priced).map(|(share, cost)| share * cost).sum();
            let Some(ends) = ends(group.clone().zip(priced.iter().copied()), &self.shares) else {
                continue;
            };
            gap += mean - ends.least.1;
            let counts = |(at, cost): (usize, &f64)| *cost <= ends.most.1 || shares[at] > 0.0;
            active.clear();
            let few = priced.iter().enumerate().filter(|of| counts(*of));
            active.extend(few.map(|(at, _)| (group.start + at) as u32));
            self.give(ends);
        }
        gap
    }

    /// Goes through all groups with some of their columns alone. How many entries that took.
    fn sweep_of(&mut self, active: &[Vec<u32>]) -> usize {
        let mut read = 0;
        for columns in active.iter().filter(|columns| columns.len() > 1) {
            let columns = columns.iter().map(|column| *column as usize);
            read += columns.clone().map(|column| self.entries[column].len()).sum::<usize>();
            if let Some(ends) = ends(columns.map(|c| (c, self.priced(c))), &self.shares) {
                self.give(ends);
            }
        }
        read
    }

    /// Gives the cheapest column as much of the dearest one's share as lowers what all come to.
    fn give(&mut self, ends: Ends) {
        let Ends { least: (to, least), most: (from, most) } = ends;
        let gain = most - least;
        if gain <= NOTHING {
            return;
        }
        let mut change = std::mem::take(&mut self.change);
        change.clear();
        difference(&self.entries[from], &self.entries[to], &mut change);
        let cost = self.costs[to] - self.costs[from];
        let slope = |step: f64| -> f64 {
            let row = |(row, by): &Entry| {
                by * self.price_at(*row as usize, self.sums[*row as usize] + by * step)
            };
            cost + change.iter().map(row).sum::<f64>()
        };
        let all = self.shares[from];
        let (mut low, mut high) = ((0.0, -gain), (all, slope(all)));
        let mut step = all;
        if high.1 > 0.0 {
            for _ in 0..LOOKS {
                let share = (low.1 / (low.1 - high.1)).clamp(0.02, 0.98);
                step = low.0 + (high.0 - low.0) * share;
                let here = slope(step);
                if here.abs() < NEARLY * gain {
                    break;
                }
                *(if here < 0.0 { &mut low } else { &mut high }) = (step, here);
            }
        }
        self.shares[to] += step;
        self.shares[from] = if step < all { all - step } else { 0.0 };
        for (row, by) in &change {
            let row = *row as usize;
            self.sums[row] += by * step;
            self.prices[row] = self.price_at(row, self.sums[row]);
        }
        self.change = change;
    }

    /// What prices and shares come to, as for [`Optimum::objective`].
    fn objective(&self) -> f64 {
        let columns = self.costs.iter().zip(&self.shares).map(|(cost, share)| cost * share);
        let row = |row: usize| {
            let (pull, towards) = self.programme.drawn(row);
            let missed = pull * (self.prices[row] + towards);
            let paid = self.sums[row] - missed;
            let run =
                |two: &[Run]| (paid.min(two[1].before) - two[0].before).max(0.0) * two[0].each;
            self.runs[row].windows(2).map(run).sum::<f64>() + self.prices[row] * missed
        };
        columns.sum::<f64>() + (0..self.sums.len()).map(row).sum::<f64>()
    }
}

/// The cheapest column of some, and the dearest that there is some of, with what they cost.
#[derive(Clone, Copy)]
struct Ends {
    least: (usize, f64),
    most: (usize, f64),
}

fn ends(priced: impl Iterator<Item = (usize, f64)>, shares: &[f64]) -> Option<Ends> {
    let mut least = (usize::MAX, f64::INFINITY);
    let mut most = (usize::MAX, f64::NEG_INFINITY);
    for (column, cost) in priced {
        if cost < least.1 {
            least = (column, cost);
        }
        if cost > most.1 && shares[column] > 0.0 {
            most = (column, cost);
        }
    }
    (least.0 != usize::MAX && most.0 != usize::MAX).then_some(Ends { least, most })
}

/// What changes in rows where one column comes in the place of another; both have theirs in order.
fn difference(from: &[Entry], to: &[Entry], change: &mut Vec<Entry>) {
    let (mut from, mut to) = (from.iter().peekable(), to.iter().peekable());
    loop {
        let row = match (from.peek(), to.peek()) {
            (Some(one), Some(other)) => one.0.min(other.0),
            (Some(one), None) | (None, Some(one)) => one.0,
            (None, None) => return,
        };
        let less = from.next_if(|entry| entry.0 == row).map_or(0.0, |entry| entry.1);
        let more = to.next_if(|entry| entry.0 == row).map_or(0.0, |entry| entry.1);
        if more != less {
            change.push((row, more - less));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::engine::Stop;

    /// Months of some places each; the places pay for one, and a row that counts all of them is dearer from
    /// so many on.
    fn programme(seed: u64, pull: f64) -> Programme {
        let mut dice = Dice::new(seed);
        let (people, places) = (12, 15);
        let mut programme = Programme::new(people, vec![0.0; places + 1], Vec::new());
        for person in 0..people {
            programme.column(Some(person), 0.0, f64::INFINITY, []);
            for _ in 0..8 {
                let mut rows: Vec<u32> =
                    (0..1 + dice.below(4)).map(|_| dice.below(places) as u32).collect();
                rows.sort_unstable();
                rows.dedup();
                let all = (places as u32, rows.len() as f64);
                let entries = rows.into_iter().map(|row| (row, 1.0)).chain([all]);
                programme.column(Some(person), dice.below(60) as f64, f64::INFINITY, entries);
            }
        }
        for place in 0..places as u32 {
            programme.column(None, -30.0 - f64::from(place), 1.0, [(place, -1.0)]);
            programme.column(None, 500.0, f64::INFINITY, [(place, -1.0)]);
        }
        programme.column(None, 7.0, f64::INFINITY, [(places as u32, -1.0)]);
        programme.column(None, 0.0, 9.0, [(places as u32, -1.0)]);
        for row in 0..=places {
            programme.draw(row, pull, 4.0 * dice.fraction());
        }
        programme
    }

    #[test]
    fn it_comes_near_what_an_interior_point_method_finds() {
        for seed in 0..40 {
            let programme = programme(seed, [0.3, 0.1, 0.03][seed as usize % 3]);
            let best = programme.solve(1e-9, 0.0, &Stop::default()).expect("it has an optimum");
            let rough = programme.exchange(&[], 0.0, 0.0);
            let apart = (rough.objective - best.objective).abs() / (1.0 + best.objective.abs());
            assert!(apart < 3e-3, "{seed}: {} and {}", rough.objective, best.objective);
            // From the best shares there is next to nothing to gain.
            let again = programme.exchange(&best.values, 0.0, 0.0);
            assert!(again.steps < rough.steps || again.steps < 200, "{seed}: {}", again.steps);
            for (rough, best) in rough.duals.iter().zip(&best.duals) {
                assert!((rough - best).abs() < 2.0, "{seed}: {rough} and {best}");
            }
            for person in 0..programme.groups() {
                let own = programme.group_of().zip(&rough.values);
                let all: f64 = own.filter(|(of, _)| *of == Some(person)).map(|(_, v)| v).sum();
                assert!((all - 1.0).abs() < 1e-9, "{seed}: {all}");
            }
        }
    }

    #[test]
    fn what_comes_in_the_place_of_another_changes_rows() {
        let mut change = Vec::new();
        difference(&[(1, 1.0), (4, 2.0), (6, 1.0)], &[(1, 1.0), (5, 3.0), (6, 4.0)], &mut change);
        assert_eq!(change, [(4, -2.0), (5, 3.0), (6, 3.0)]);
    }
}
