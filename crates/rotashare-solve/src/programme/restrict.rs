//! A programme with some columns decided: what is left of it.

use super::{Line, LineKind, Programme};

/// What is left of a programme once some of its columns are decided.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    pub(crate) programme: Programme,
    /// For each column that is left, its position in the whole.
    pub(crate) columns: Vec<usize>,
}

impl Programme {
    /// Without the columns that have a value here; rows that can't bind any more are left out too.
    pub(crate) fn restrict(&self, decided: &[Option<i64>]) -> Rest {
        let mut place = vec![None; self.columns.len()];
        let mut kept = Vec::new();
        let mut constant = self.constant;
        for (index, column) in self.columns.iter().enumerate() {
            match decided[index] {
                Some(value) => constant += column.points * value,
                None => {
                    place[index] = Some(kept.len());
                    kept.push(index);
                }
            }
        }
        let columns: Vec<_> = kept.iter().map(|index| self.columns[*index]).collect();
        let mut lines = Vec::new();
        for line in &self.lines {
            let (mut terms, mut gone, mut least, mut most) = (Vec::new(), 0, 0, 0);
            for (column, weight) in &line.terms {
                match (place[*column], decided[*column]) {
                    (Some(place), _) => {
                        let column = &self.columns[*column];
                        let ends = (column.lower * weight, column.upper * weight);
                        least += ends.0.min(ends.1);
                        most += ends.0.max(ends.1);
                        terms.push((place, *weight));
                    }
                    (None, value) => gone += weight * value.unwrap_or(0),
                }
            }
            let lower = line.lower.map(|lower| lower - gone).filter(|lower| least < *lower);
            let upper = line.upper.map(|upper| upper - gone).filter(|upper| most > *upper);
            // An equation stays one.
            let (lower, upper) = match (line.lower, line.upper) {
                (Some(low), Some(high)) if low == high && (lower.is_some() || upper.is_some()) => {
                    (Some(low - gone), Some(high - gone))
                }
                _ => (lower, upper),
            };
            if lower.is_some() || upper.is_some() {
                lines.push(Line { terms, lower, upper, ..line.clone() });
            }
        }
        let programme = Self { columns, lines, constant, options: 0 };
        Rest { programme, columns: kept }
    }

    /// With rows more that every rota keeps.
    pub(crate) fn with_cuts(mut self, cuts: impl IntoIterator<Item = Cut>) -> Self {
        self.lines.extend(cuts.into_iter().map(|cut| Line {
            kind: LineKind::Cut,
            rule: None,
            terms: cut.terms,
            lower: None,
            upper: Some(cut.most),
        }));
        self
    }
}

/// A row that every rota keeps, though not every solution of the relaxation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cut {
    pub(crate) terms: Vec<(usize, i64)>,
    pub(crate) most: i64,
}

impl Cut {
    pub(crate) fn excess(&self, values: &[f64]) -> f64 {
        let sum: f64 =
            self.terms.iter().map(|(column, weight)| values[*column] * *weight as f64).sum();
        sum - self.most as f64
    }
}
