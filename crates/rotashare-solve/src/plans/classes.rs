//! Rows taken together, for masters that have too many: of each clinic's series a few weeks are one row.
//!
//! The rows of a class keep what sets their prices apart, and the master finds one price for all of them
//! on top. That is a restriction of the prices, so every bound holds; and once it is at an end classes are
//! split where their rows pull apart (dynamic constraint aggregation: Elhallaoui, Villeneuve, Soumis and
//! Desaulniers, 2005).

use std::collections::BTreeMap;

use super::master::{Column, Piece};
use super::month::NEVER;
use super::play::Play;
use super::rows::{RowCost, add_up};

/// More rows than this in a master are taken together.
pub(super) const MANY_ROWS: usize = 300;
/// What a row's sum may be off, in units of it, without pulling.
const OFF: f64 = 0.02;
/// Of the classes one in so many is split at a time, at least.
const ONE_IN: usize = 3;

/// Which rows are taken together.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    /// The class of each row.
    of: Vec<u32>,
    /// Its rows. A class of one row is that row.
    members: Vec<Vec<u32>>,
    /// What each row's price is beside its class's, in units; 0 for a row by itself.
    offset: Vec<i64>,
}

/// A master's rows and months, taken together.
pub(super) struct Merged {
    pub(super) rows: Vec<RowCost>,
    pub(super) play: Play,
    months: Vec<Column>,
}

impl Classes {
    /// Of the rows in a master those with the same key are one class each, all others by themselves.
    pub(super) fn new(keys: impl Iterator<Item = Option<(u32, usize)>>, prices: &[i64]) -> Self {
        let mut known = BTreeMap::new();
        let mut classes = Self { of: Vec::new(), members: Vec::new(), offset: Vec::new() };
        for (row, key) in keys.enumerate() {
            let new = classes.members.len();
            let class = key.map_or(new, |key| *known.entry(key).or_insert(new));
            if class == new {
                classes.members.push(Vec::new());
            }
            classes.members[class].push(row as u32);
            classes.of.push(class as u32);
        }
        classes.start_from(prices);
        classes
    }

    fn start_from(&mut self, prices: &[i64]) {
        let alone = |class: &u32| self.members[*class as usize].len() == 1;
        let offsets =
            self.of.iter().zip(prices).map(|(c, price)| if alone(c) { 0 } else { *price });
        self.offset = offsets.collect();
    }

    /// Whether each row is by itself.
    pub(super) fn are_single(&self) -> bool {
        self.members.len() == self.of.len()
    }

    /// How many of the rows that are in play stand for others.
    pub(super) fn count(&self, play: &Play) -> usize {
        self.members.iter().filter(|rows| play.active[rows[0] as usize]).count()
    }

    /// The master over classes.
    pub(super) fn merge<'a>(
        &self,
        columns: impl Iterator<Item = &'a Column>,
        rows: &[RowCost],
        play: &Play,
    ) -> Merged {
        let mut merged = Merged {
            rows: Vec::with_capacity(self.members.len()),
            play: Play::of_none(play.penalty),
            months: Vec::new(),
        };
        for members in &self.members {
            let mut row = rows[members[0] as usize].clone();
            let mut cap = play.caps[members[0] as usize];
            let mut over = play.over[members[0] as usize];
            if members.len() > 1 {
                (row.base, row.hard) = (0, false);
                row.steps.clear();
                for member in members {
                    let (one, offset) = (&rows[*member as usize], self.offset[*member as usize]);
                    let cap = play.caps[*member as usize];
                    row.base += one.base;
                    for (units, each) in &one.steps {
                        // As in a master: what the cap does not pay for a unit counts as paid.
                        row.base -= (-each - cap).max(0) * units;
                        row.steps.push((*units, (*each).max(-cap) - offset));
                    }
                    row.hard |= one.hard;
                    over = over.max(play.over[*member as usize] - offset);
                }
                row.steps.sort_by_key(|step| step.1);
                cap = NEVER;
            }
            merged.rows.push(row);
            merged.play.add(play.active[members[0] as usize], cap, over);
        }
        for column in columns {
            let mut sums: Vec<(u32, i64)> = Vec::with_capacity(column.sums.len());
            let mut cost = column.cost;
            for (row, weight) in &column.sums {
                cost += self.offset[*row as usize] * weight;
                sums.push((self.of[*row as usize], *weight));
            }
            add_up(&mut sums);
            let (person, options) = (column.person, Vec::new());
            merged.months.push(Column { person, options, cost, sums });
        }
        merged
    }

    /// The prices of rows that go with those of classes.
    pub(super) fn prices(&self, of_classes: &[i64], play: &Play) -> Vec<i64> {
        let price = |(row, class): (usize, &u32)| {
            if play.active[row] { of_classes[*class as usize] + self.offset[row] } else { 0 }
        };
        self.of.iter().enumerate().map(price).collect()
    }

    /// Sums of rows, as if within a class all were filled alike.
    pub(super) fn even_out(&self, sums: &mut [f64], rows: &[RowCost]) {
        let units = |row: &u32| rows[*row as usize].steps.iter().map(|s| s.0).sum::<i64>() as f64;
        for members in self.members.iter().filter(|members| members.len() > 1) {
            let all: f64 = members.iter().map(|row| sums[*row as usize]).sum();
            let share = all / members.iter().map(units).sum::<f64>().max(1.0);
            members.iter().for_each(|row| sums[*row as usize] = share * units(row));
        }
    }

    /// Splits the classes whose rows pull apart most: some of a master's sums are above what their prices
    /// ask for, others below. Whether there was any.
    pub(super) fn split(&mut self, sums: &[f64], rows: &[RowCost], prices: &[i64]) -> bool {
        let pull = |row: &u32| {
            let (row, price) = (*row as usize, prices[*row as usize]);
            let units = |below: fn(i64, i64) -> bool| {
                let steps = rows[row].steps.iter().filter(|step| below(step.1, price));
                steps.map(|step| step.0).sum::<i64>() as f64
            };
            let (least, most) =
                (units(|each, price| each < price), units(|each, price| each <= price));
            (sums[row] - most).max(0.0) + (sums[row] - least).min(0.0)
        };
        let mut order: Vec<(f64, usize)> = Vec::new();
        for (class, members) in self.members.iter().enumerate().filter(|(_, m)| m.len() > 1) {
            let (up, down) = members.iter().map(pull).fold((0.0, 0.0), |(up, down), pull| {
                (up + f64::max(pull, 0.0), down + f64::max(-pull, 0.0))
            });
            if up > OFF && down > OFF {
                order.push((f64::min(up, down), class));
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.truncate(self.members.len() / ONE_IN + 1);
        for (_, class) in &order {
            let (up, rest): (Vec<u32>, Vec<u32>) =
                self.members[*class].iter().partition(|row| pull(row) > OFF);
            if up.is_empty() || rest.is_empty() {
                continue;
            }
            up.iter().for_each(|row| self.of[*row as usize] = self.members.len() as u32);
            self.members.push(up);
            self.members[*class] = rest;
        }
        self.start_from(prices);
        !order.is_empty()
    }
}

impl Merged {
    pub(super) fn pieces(&self) -> Vec<Piece<'_>> {
        self.months.iter().map(Column::piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session's row: worth so much, one place.
    fn session(worth: i64) -> RowCost {
        RowCost { base: worth, steps: vec![(1, -worth)], hard: true, packs: Some(1) }
    }

    #[test]
    fn merged_rows_cost_what_they_cost_apart_at_the_same_prices() {
        let rows = [session(700), session(500), session(900)];
        let prices = [-300, -450, -100];
        let classes = Classes::new([Some((0, 0)), Some((0, 0)), None].into_iter(), &prices);
        let mut play = Play::new(&rows);
        play.know(&prices);
        let month =
            Column { person: 0, options: vec![0, 1], cost: 40, sums: vec![(0, 1), (1, 1), (2, 1)] };
        let merged = classes.merge(std::iter::once(&month), &rows, &play);
        assert_eq!(merged.rows.len(), 2);
        assert_eq!(classes.prices(&[0, -100], &play), prices);
        // At the price of the class the parts of both bounds are the same, for any price.
        for price in [-60, 0, 35] {
            let apart = classes.prices(&[price, -100], &play);
            let rows_apart: i64 = rows.iter().zip(&apart).map(|(row, p)| row.least(*p)).sum();
            let together = merged.rows[0].least(price) + merged.rows[1].least(-100);
            assert_eq!(rows_apart, together, "rows at {price}");
            let month_apart = month.cost + apart.iter().sum::<i64>();
            let [piece] = &merged.pieces()[..] else { panic!("one month") };
            let of = |class: u32| if class == 0 { price } else { -100 };
            let month_together = piece.cost + piece.sums.iter().map(|s| of(s.0) * s.1).sum::<i64>();
            assert_eq!(month_apart, month_together, "months at {price}");
        }
    }

    #[test]
    fn a_class_whose_rows_pull_apart_is_split() {
        let rows = [session(700), session(700), session(700)];
        let prices = [-300, -300, -300];
        let mut classes = Classes::new([Some((0, 0)); 3].into_iter(), &prices);
        assert!(!classes.clone().split(&[1.0, 1.0, 1.0], &rows, &prices), "nothing pulls");
        assert!(classes.split(&[1.5, 0.5, 1.0], &rows, &prices));
        assert_eq!(classes.members, [vec![1, 2], vec![0]]);
        assert_eq!(classes.offset, [0, -300, -300], "a row by itself has its whole price");
        assert!(!classes.are_single());
    }
}
