//! The master: a linear programme over months, one of each consultant, coupled by rows and cuts.

use super::interior::Programme;
use super::month::UNITS;
use super::play::Play;
use super::region::Region;
use super::rows::RowCost;
use crate::dice::Dice;

/// A month that a consultant may work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Whose, by place among those who have options.
    pub(super) person: usize,
    /// Chosen options, by their number in the problem.
    pub(super) options: Vec<u32>,
    /// What it costs by itself, in units.
    pub(super) cost: i64,
    /// What it adds to rows: each row once, in order.
    pub(super) sums: Vec<(u32, i64)>,
}

impl Column {
    pub(super) fn piece(&self) -> Piece<'_> {
        Piece { person: self.person, cost: self.cost, sums: &self.sums }
    }
}

/// What a master needs to know of a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// See [`Column`].
    pub(super) person: usize,
    /// Likewise.
    pub(super) cost: i64,
    /// Likewise.
    pub(super) sums: &'a [(u32, i64)],
}

/// A rank-one cut: packing rows weighted by numbers over `of`, rounded down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// The rows in order, with their numerators.
    pub(super) rows: Vec<(u32, u8)>,
    /// The denominator.
    pub(super) of: u8,
    /// The bound.
    pub(super) most: i64,
}

impl Cut {
    /// What a month counts in the cut.
    pub(super) fn count(&self, sums: &[(u32, i64)]) -> i64 {
        let mut sum = 0;
        for (row, weight) in &self.rows {
            if let Ok(at) = sums.binary_search_by_key(row, |entry| entry.0) {
                sum += i64::from(*weight) * sums[at].1;
            }
        }
        sum / i64::from(self.of)
    }
}

/// What the master says.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    /// In points, up to the solver's precision.
    pub(super) objective: f64,
    /// How much of each column given.
    pub(super) shares: Vec<f64>,
    /// What a unit of each row's sum is to cost the months, in units; 0 for rows that are not in.
    pub(super) row_duals: Vec<i64>,
    /// The same for cuts.
    pub(super) cut_duals: Vec<i64>,
    /// What it took, in steps of work.
    pub(super) steps: u64,
}

/// The parts of a master.
#[derive(Clone, Copy)]
pub(super) struct Master<'a> {
    pub(super) people: usize,
    pub(super) columns: &'a [Piece<'a>],
    pub(super) rows: &'a [RowCost],
    pub(super) play: &'a Play,
    pub(super) cuts: &'a [Cut],
    /// The slice of time of each row; rows of several are of none, and so are all where this is empty.
    pub(super) slices: &'a [Option<u32>],
    /// Points by which months are made dearer at most, each by another number, and where these start.
    pub(super) noise: (f64, u64),
    /// Relative precision.
    pub(super) precision: f64,
    /// Where prices are drawn to; the objective is what they come to without that.
    pub(super) region: Option<&'a Region>,
}

impl Master<'_> {
    /// Solves it.
    pub(super) fn solve(&self) -> Result<Solved, String> {
        let points = |units: i64| units as f64 / UNITS as f64;
        // Rows that are in come first, slice by slice, then cuts.
        let mut place = vec![NOWHERE; self.rows.len()];
        let slice = |row: usize| self.slices.get(row).copied().flatten();
        let mut order: Vec<usize> =
            (0..self.rows.len()).filter(|row| self.play.active[*row]).collect();
        order.sort_by_key(|row| (slice(*row).unwrap_or(u32::MAX), *row));
        order.iter().enumerate().for_each(|(at, row)| place[*row] = at as u32);
        let inside = order.iter().take_while(|row| slice(**row).is_some()).count();
        let ends = (1..=inside)
            .filter(|at| *at == inside || slice(order[*at]) != slice(order[at - 1]))
            .collect();
        let first_cut = order.len() as u32;
        let mut rhs = vec![0.0; first_cut as usize];
        rhs.extend(self.cuts.iter().map(|cut| cut.most as f64));
        let mut programme = Programme::new(self.people, rhs, ends);
        let mut cuts_of_row: Vec<Vec<u32>> = vec![Vec::new(); self.rows.len()];
        for (number, cut) in self.cuts.iter().enumerate() {
            for (row, _) in &cut.rows {
                cuts_of_row[*row as usize].push(number as u32);
            }
        }
        let mut touched = Vec::new();
        let mut entries = Vec::new();
        let mut without = vec![true; self.people];
        for (number, column) in self.columns.iter().enumerate() {
            without[column.person] = false;
            touched.clear();
            entries.clear();
            for (row, weight) in column.sums {
                if place[*row as usize] != NOWHERE {
                    entries.push((place[*row as usize], *weight as f64));
                }
                touched.extend_from_slice(&cuts_of_row[*row as usize]);
            }
            touched.sort_unstable();
            touched.dedup();
            for cut in &touched {
                let count = self.cuts[*cut as usize].count(column.sums);
                if count > 0 {
                    entries.push((first_cut + cut, count as f64));
                }
            }
            let cost = points(column.cost) + self.noise.0 * fraction(self.noise.1 ^ number as u64);
            programme.column(Some(column.person), cost, f64::INFINITY, entries.drain(..));
        }
        for (person, _) in without.iter().enumerate().filter(|(_, without)| **without) {
            programme.column(Some(person), self.play.penalty, f64::INFINITY, []);
        }
        let mut constant = 0.0;
        for (place, row) in place.iter().zip(self.rows).filter(|(place, _)| **place != NOWHERE) {
            constant += points(row.base);
            for (units, each) in &row.steps {
                programme.column(None, points(*each), *units as f64, [(*place, -1.0)]);
            }
            if row.hard {
                programme.column(None, self.play.penalty, f64::INFINITY, [(*place, -1.0)]);
            }
        }
        for cut in 0..self.cuts.len() {
            let row = first_cut + cut as u32;
            programme.column(None, 0.0, f64::INFINITY, [(row, 1.0)]);
            // Months that were picked out may break it.
            programme.column(None, self.play.penalty, f64::INFINITY, [(row, -1.0)]);
        }
        if let Some(region) = self.region {
            region.draw(&mut programme, self.rows, &order);
        }
        let optimum = programme.solve(self.precision, constant).ok_or("no precise solution")?;
        let mut shares = optimum.values;
        shares.truncate(self.columns.len());
        let units = |price: f64| {
            let price = -price * UNITS as f64;
            if price.is_finite() { price.round().clamp(-1e12, 1e12) as i64 } else { 0 }
        };
        let row_duals = place
            .iter()
            .map(|place| if *place == NOWHERE { 0 } else { units(optimum.duals[*place as usize]) })
            .collect();
        let cut_duals =
            optimum.duals[first_cut as usize..].iter().map(|dual| units(*dual).max(0)).collect();
        let (objective, steps) = (optimum.objective + constant, optimum.steps);
        Ok(Solved { objective, shares, row_duals, cut_duals, steps })
    }
}

/// Of a row that is not in.
const NOWHERE: u32 = u32::MAX;

/// From 0 to 1, the same for the same number.
fn fraction(number: u64) -> f64 {
    Dice::new(number).fraction()
}
