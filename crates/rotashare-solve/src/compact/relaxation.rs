//! The linear relaxation of a programme: solved by microlp, rows added as cuts are found, and its prices
//! by clarabel.

use std::time::{Duration, Instant};

use good_lp::clarabel as interior_point;
use good_lp::{DualValues, Expression, ProblemVariables, SolutionWithDual, SolverModel, variable};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, SolveOutcome};

use crate::engine::Stop;
use crate::programme::{Cut, Programme};

/// A solved relaxation.
pub(super) struct Relaxation {
    solution: microlp::Solution,
    variables: Vec<microlp::Variable>,
    constant: f64,
}

impl Relaxation {
    /// Solves it; none where it is time to stop or the solver fails.
    pub(super) fn new(programme: &Programme, stop: &Stop) -> Option<Self> {
        let mut problem = microlp::Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<microlp::Variable> = programme
            .columns()
            .iter()
            .map(|column| {
                let bounds = (column.lower as f64, column.upper as f64);
                problem.add_var(column.points.as_f64(), bounds)
            })
            .collect();
        for line in programme.lines() {
            let sum = expression(&line.terms, &variables);
            match (line.lower, line.upper) {
                (Some(low), Some(high)) if low == high => {
                    problem.add_constraint(sum, ComparisonOp::Eq, low as f64);
                }
                (low, high) => {
                    if let Some(low) = low {
                        problem.add_constraint(sum.clone(), ComparisonOp::Ge, low as f64);
                    }
                    if let Some(high) = high {
                        problem.add_constraint(sum, ComparisonOp::Le, high as f64);
                    }
                }
            }
        }
        // A search that is paused by the clock may go on another way: without a deadline there is none.
        if let Some(deadline) = stop.deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            problem.set_time_limit(left.max(Duration::from_millis(1)));
        }
        let solution = solved(problem.solve().ok()?)?;
        Some(Self { solution, variables, constant: programme.constant().as_f64() })
    }

    /// With a row more.
    pub(super) fn with(self, cut: &Cut, stop: &Stop) -> Option<Self> {
        let Self { solution, variables, constant } = self;
        let sum = expression(&cut.terms, &variables);
        let outcome = solution.add_constraint(sum, ComparisonOp::Le, cut.most as f64).ok()?;
        (!stop.now()).then_some(())?;
        Some(Self { solution: solved(outcome)?, variables, constant })
    }

    pub(super) fn objective(&self) -> f64 {
        self.solution.objective() + self.constant
    }

    pub(super) fn values(&self) -> Vec<f64> {
        self.variables.iter().map(|variable| self.solution.var_value_raw(*variable)).collect()
    }
}

fn expression(terms: &[(usize, i64)], variables: &[microlp::Variable]) -> LinearExpr {
    let mut sum = LinearExpr::empty();
    for (column, weight) in terms {
        sum.add(variables[*column], *weight as f64);
    }
    sum
}

fn solved(outcome: SolveOutcome) -> Option<microlp::Solution> {
    if outcome.is_optimal() { outcome.into_solution().ok() } else { None }
}

/// What the relaxation proves of each column.
pub(super) struct Prices {
    /// No solution costs less; counted from the prices themselves, so that it holds however rough they
    /// are.
    pub(super) bound: f64,
    /// What a unit of each column more (or, where it is negative, a unit less) adds to the bound.
    pub(super) reduced: Vec<f64>,
}

/// The rows' prices, by an interior point method; none where it fails or it is time to stop.
pub(super) fn prices(programme: &Programme, stop: &Stop) -> Option<Prices> {
    let mut variables = ProblemVariables::new();
    let mut objective = Expression::with_capacity(programme.columns().len());
    let mut columns = Vec::with_capacity(programme.columns().len());
    for column in programme.columns() {
        let added = variables.add(variable().min(column.lower as f64).max(column.upper as f64));
        objective.add_mul(column.points.as_f64(), added);
        columns.push(added);
    }
    let mut model = variables.minimise(objective).using(interior_point);
    if let Some(left) = stop.seconds_left() {
        model.settings().time_limit(left);
    }
    let mut references = Vec::with_capacity(programme.lines().len());
    for line in programme.lines() {
        let mut sum = Expression::with_capacity(line.terms.len());
        for (column, weight) in &line.terms {
            sum.add_mul(*weight as f64, columns[*column]);
        }
        references.push(model.add_constraint(match (line.lower, line.upper) {
            (Some(low), Some(_)) => sum.eq(low as f64),
            (Some(low), None) => sum.geq(low as f64),
            (None, high) => sum.leq(high.unwrap_or(i64::MAX) as f64),
        }));
    }
    let mut solved = model.solve().ok()?;
    let duals = solved.compute_dual();
    let mut reduced: Vec<f64> = programme.columns().iter().map(|c| c.points.as_f64()).collect();
    let mut bound = programme.constant().as_f64();
    for (line, reference) in programme.lines().iter().zip(references) {
        let dual = duals.dual(reference);
        // A price of the wrong sign would prove nothing.
        let (price, side) = match (line.lower, line.upper) {
            (Some(low), Some(_)) => (dual, low),
            (Some(low), None) => (dual.max(0.0), low),
            (None, high) => (dual.min(0.0), high?),
        };
        if !price.is_finite() {
            return None;
        }
        bound += price * side as f64;
        for (column, weight) in &line.terms {
            reduced[*column] -= price * *weight as f64;
        }
    }
    for (column, reduced) in programme.columns().iter().zip(&reduced) {
        bound += (reduced * column.lower as f64).min(reduced * column.upper as f64);
    }
    Some(Prices { bound, reduced })
}
