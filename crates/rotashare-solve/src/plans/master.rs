//! The master: a linear programme over months, one of each consultant, coupled by rows and cuts.

use good_lp::clarabel as interior_point;
use good_lp::{
    Expression, ProblemVariables, Solution, SolutionWithDual, SolverModel, constraint, variable,
};

use super::month::UNITS;
use super::rows::RowCost;

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
    /// How much of rows and cuts is met only because duals are held back.
    pub(super) strayed: f64,
}

/// The parts of a master.
pub(super) struct Master<'a> {
    pub(super) people: usize,
    pub(super) columns: &'a [&'a Column],
    pub(super) rows: &'a [RowCost],
    /// Which rows are in.
    pub(super) active: &'a [bool],
    pub(super) cuts: &'a [Cut],
    /// In units, for each row: no unit of it is worth more than this for now. Keeps duals near what
    /// they will be.
    pub(super) caps: &'a [i64],
    /// Duals of rows and cuts, and how far, in points, this master's may be from them.
    pub(super) centre: (&'a [i64], &'a [i64]),
    pub(super) width: f64,
    /// Relative precision.
    pub(super) precision: f64,
    /// What breaking a hard row or leaving a consultant without a month costs, in points: a master
    /// always has a solution, and one that still pays this says that there is none.
    pub(super) penalty: f64,
}

impl Master<'_> {
    /// Solves it by an interior point method: its duals are central, which spares rounds.
    pub(super) fn solve(&self) -> Result<Solved, String> {
        let mut variables = ProblemVariables::new();
        let mut objective = Expression::default();
        let points = |units: i64| units as f64 / UNITS as f64;
        let mut convexity = vec![Expression::default(); self.people];
        let mut sums: Vec<Option<Expression>> =
            self.active.iter().map(|active| active.then(Expression::default)).collect();
        let mut counts = vec![Expression::default(); self.cuts.len()];
        let mut cuts_of_row: Vec<Vec<u32>> = vec![Vec::new(); self.rows.len()];
        for (number, cut) in self.cuts.iter().enumerate() {
            for (row, _) in &cut.rows {
                cuts_of_row[*row as usize].push(number as u32);
            }
        }
        let mut shares = Vec::with_capacity(self.columns.len());
        let mut touched = Vec::new();
        for column in self.columns {
            let share = variables.add(variable().min(0.0));
            objective.add_mul(points(column.cost), share);
            convexity[column.person].add_mul(1.0, share);
            touched.clear();
            for (row, weight) in &column.sums {
                if let Some(sum) = &mut sums[*row as usize] {
                    sum.add_mul(*weight as f64, share);
                }
                touched.extend_from_slice(&cuts_of_row[*row as usize]);
            }
            touched.sort_unstable();
            touched.dedup();
            for cut in &touched {
                let count = self.cuts[*cut as usize].count(&column.sums);
                if count > 0 {
                    counts[*cut as usize].add_mul(count as f64, share);
                }
            }
            shares.push(share);
        }
        let mut without = vec![true; self.people];
        self.columns.iter().for_each(|column| without[column.person] = false);
        for (convexity, without) in convexity.iter_mut().zip(without) {
            if without {
                let missing = variables.add(variable().min(0.0));
                objective.add_mul(self.penalty, missing);
                convexity.add_mul(1.0, missing);
            }
        }
        let mut strays = Vec::new();
        if self.width < 1e6 {
            for (count, centre) in counts.iter_mut().zip(self.centre.1) {
                let stray = variables.add(variable().min(0.0));
                objective.add_mul(points(*centre) + self.width, stray);
                count.add_mul(-1.0, stray);
                strays.push(stray);
            }
        }
        let mut constant = 0.0;
        let capped = self.rows.iter().zip(self.caps);
        for ((sum, (row, cap)), centre) in sums.iter_mut().zip(capped).zip(self.centre.0) {
            let Some(sum) = sum else { continue };
            if self.width < 1e6 {
                for side in [1.0, -1.0] {
                    let stray = variables.add(variable().min(0.0));
                    objective.add_mul(self.width - side * points(*centre), stray);
                    sum.add_mul(side, stray);
                    strays.push(stray);
                }
            }
            constant += points(row.base);
            for (units, each) in &row.steps {
                // What the cap does not pay for a unit counts as paid, so that a full row costs the same.
                constant -= points((-each - cap).max(0)) * *units as f64;
                let step = variables.add(variable().min(0.0).max(*units as f64));
                objective.add_mul(points((*each).max(-cap)), step);
                sum.add_mul(-1.0, step);
            }
            if row.hard {
                let over = variables.add(variable().min(0.0));
                objective.add_mul(self.penalty, over);
                sum.add_mul(-1.0, over);
            }
        }
        let mut model = variables.minimise(objective.clone()).using(interior_point);
        model
            .settings()
            .tol_feas(self.precision.min(1e-7))
            .tol_gap_rel(self.precision)
            .tol_gap_abs(self.precision)
            .max_threads(1);
        for expression in convexity {
            model.add_constraint(constraint!(expression == 1.0));
        }
        let rows: Vec<_> = sums
            .into_iter()
            .map(|sum| sum.map(|sum| model.add_constraint(constraint!(sum == 0.0))))
            .collect();
        let cuts: Vec<_> = counts
            .into_iter()
            .zip(self.cuts)
            .map(|(count, cut)| model.add_constraint(constraint!(count <= cut.most as f64)))
            .collect();
        let mut solution = model.solve().map_err(|error| error.to_string())?;
        let found = objective.eval_with(&solution) + constant;
        let shares = shares.into_iter().map(|share| solution.value(share)).collect();
        let strayed = strays.into_iter().map(|stray| solution.value(stray).max(0.0)).sum();
        let duals = solution.compute_dual();
        let units = |price: f64| {
            let price = -price * UNITS as f64;
            if price.is_finite() { price.round().clamp(-1e12, 1e12) as i64 } else { 0 }
        };
        use good_lp::DualValues;
        let row_duals =
            rows.into_iter().map(|row| row.map_or(0, |row| units(duals.dual(row)))).collect();
        let cut_duals = cuts.into_iter().map(|cut| units(duals.dual(cut)).max(0)).collect();
        Ok(Solved { objective: found, shares, row_duals, cut_duals, strayed })
    }
}
