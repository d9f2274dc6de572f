//! A problem as an integer programme, for any solver.
//!
//! - An option is a column of 0 or 1.
//! - A group is the plain sum of its options where any two of them clash; else a column of its own,
//!   which its options push up, and hold down only where something rewards it.
//! - Clashes are gathered into cliques, of which one column at most is 1: fewer rows, and a tighter
//!   relaxation than a row a pair.
//! - A convex tariff is a column a step, at the step's price. Because prices only rise, the cheap steps
//!   fill first of themselves.
//!
//! Every number is whole, but for points, which come in quarters.

mod build;
mod cliques;
mod restrict;

use rotashare_core::points::Points;
use rotashare_rules::problem::{GroupId, OptionId, Problem, RuleId};

pub(crate) use self::restrict::Cut;

/// What a column stands for. Numbers are positions in the problem's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whether an option is chosen.
    Option(OptionId),
    /// Whether any option of a group is chosen.
    Group(GroupId),
    /// Units of a charge that fall to a step of its tariff after the first.
    ChargeStep {
        /// Which charge.
        charge: usize,
        /// Which step.
        step: usize,
    },
    /// Units of a row's shortfall or excess that fall to a step of its tariff.
    RowStep {
        /// Which row.
        row: usize,
        /// Which step.
        step: usize,
    },
}

/// A column: a whole number between two bounds, at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it stands for.
    pub kind: ColumnKind,
    /// The least it can be.
    pub lower: i64,
    /// The most it can be.
    pub upper: i64,
    /// Whether a solver must be told that it is whole; else it is so of itself where the others are.
    pub integer: bool,
    /// Points a unit.
    pub points: Points,
}

/// What a row of the programme comes from. Numbers are positions in the problem's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Columns of which one at most can be 1, for a clash and others like it.
    Clash {
        /// The first clash it stands for.
        clash: usize,
    },
    /// A group is at least what some of its options are.
    AtLeastOptions(GroupId),
    /// A group is at most what its options are together.
    AtMostOptions(GroupId),
    /// A limit.
    Limit(usize),
    /// Where a charge's units go.
    Charge(usize),
    /// A row.
    Row(usize),
    /// What every rota keeps, though no rule says so: it makes a relaxation tighter.
    Cut,
}

/// A row of the programme: the terms' sum lies between two bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it comes from.
    pub kind: LineKind,
    /// The rule it comes from; none for the meaning of a group.
    pub rule: Option<RuleId>,
    /// Columns by position, each once, in order, and their coefficients, never 0.
    pub terms: Vec<(usize, i64)>,
    /// The least the sum can be.
    pub lower: Option<i64>,
    /// The most the sum can be.
    pub upper: Option<i64>,
}

/// An integer programme: the points of its columns, plus a constant, are to be least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    columns: Vec<Column>,
    lines: Vec<Line>,
    constant: Points,
    options: usize,
}

impl Programme {
    /// The whole of `problem`, exactly.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        build::programme(problem)
    }

    /// Its columns; the options come first, in their order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its rows.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Points besides those of the columns.
    #[must_use]
    pub fn constant(&self) -> Points {
        self.constant
    }

    /// The choice that column values stand for, each rounded.
    #[must_use]
    pub fn decode(&self, value: impl Fn(usize) -> f64) -> Vec<bool> {
        (0..self.options).map(|column| value(column) > 0.5).collect()
    }

    /// The column values of a choice that breaks nothing, as cheap as they can be.
    #[must_use]
    pub fn encode(&self, problem: &Problem, chosen: &[bool]) -> Vec<i64> {
        let mut values: Vec<i64> = Vec::with_capacity(self.columns.len());
        // Steps of one tariff stand together, the cheapest first.
        let mut left = 0;
        for column in &self.columns {
            values.push(match column.kind {
                ColumnKind::Option(option) => i64::from(chosen[option.index()]),
                ColumnKind::Group(group) => {
                    let options = &problem.group(group).options;
                    i64::from(options.iter().any(|option| chosen[option.index()]))
                }
                ColumnKind::ChargeStep { charge, step } => {
                    if step == 1 {
                        let charge = &problem.charges()[charge];
                        let first = charge.tariff.steps()[0].units;
                        left = (problem.sum(&charge.items, chosen) - first).max(0);
                    }
                    let taken = left.min(column.upper);
                    left -= taken;
                    taken
                }
                ColumnKind::RowStep { row, step } => {
                    if step == 0 {
                        let row = &problem.rows()[row];
                        left = build::units(&row.demand, problem.sum(&row.items, chosen));
                    }
                    let taken = left.min(column.upper);
                    left -= taken;
                    taken
                }
            });
        }
        values
    }

    /// The points of column values.
    #[must_use]
    pub fn points(&self, values: &[i64]) -> Points {
        let each = self.columns.iter().zip(values).map(|(column, value)| column.points * *value);
        self.constant + each.sum()
    }

    /// Whether column values keep all bounds and rows.
    #[must_use]
    pub fn allows(&self, values: &[i64]) -> bool {
        let within = |value: i64, lower: Option<i64>, upper: Option<i64>| {
            lower.is_none_or(|lower| value >= lower) && upper.is_none_or(|upper| value <= upper)
        };
        let mut columns = self.columns.iter().zip(values);
        columns.all(|(column, value)| within(*value, Some(column.lower), Some(column.upper)))
            && self.lines.iter().all(|line| {
                let sum = line.terms.iter().map(|(column, weight)| values[*column] * weight).sum();
                within(sum, line.lower, line.upper)
            })
    }

    /// A bound that needs no solver: every column at its cheaper end.
    #[must_use]
    pub fn trivial_bound(&self) -> Points {
        let cheapest = self
            .columns
            .iter()
            .map(|column| (column.points * column.lower).min(column.points * column.upper));
        self.constant + cheapest.sum()
    }
}
