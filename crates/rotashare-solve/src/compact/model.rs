//! The programme in the words of `good_lp`.

use good_lp::variable::UnsolvedProblem;
use good_lp::{Constraint, Expression, ProblemVariables, variable};

use crate::programme::Programme;

/// A programme's columns and objective, and its rows, in their order, for any of `good_lp`'s solvers.
pub(super) struct Model {
    pub(super) unsolved: UnsolvedProblem,
    pub(super) rows: Vec<Constraint>,
}

/// Builds it. `good_lp` keeps terms in hash maps without random state, so that the same programme
/// gives the same model.
pub(super) fn model(programme: &Programme) -> Model {
    let mut variables = ProblemVariables::new();
    let mut columns = Vec::with_capacity(programme.columns().len());
    let mut objective = Expression::with_capacity(programme.columns().len());
    for column in programme.columns() {
        let mut definition = variable().min(column.lower as f64).max(column.upper as f64);
        if column.integer {
            definition = definition.integer();
        }
        let added = variables.add(definition);
        objective.add_mul(column.points.as_f64(), added);
        columns.push(added);
    }
    let mut rows = Vec::with_capacity(programme.lines().len());
    for line in programme.lines() {
        let mut sum = Expression::with_capacity(line.terms.len());
        for (column, weight) in &line.terms {
            sum.add_mul(*weight as f64, columns[*column]);
        }
        match (line.lower, line.upper) {
            (Some(lower), Some(upper)) if lower == upper => rows.push(sum.eq(lower as f64)),
            (lower, upper) => {
                rows.extend(lower.map(|lower| sum.clone().geq(lower as f64)));
                rows.extend(upper.map(|upper| sum.leq(upper as f64)));
            }
        }
    }
    Model { unsolved: variables.minimise(objective), rows }
}
