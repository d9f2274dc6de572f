//! Points: the unit in which every term of the objective is counted.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// Points of the objective; the fewer the better.
///
/// Counted exactly, in quarters: `delivery` charges a weight an hour for each quarter of an hour, so a
/// weight that 4 does not divide leaves quarters; everything else is whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);
    /// One point.
    pub const ONE: Self = Self(4);

    /// So many whole points.
    #[must_use]
    pub const fn whole(points: i64) -> Self {
        Self(points.saturating_mul(4))
    }

    /// So many quarters of a point.
    #[must_use]
    pub const fn quarters(quarters: i64) -> Self {
        Self(quarters)
    }

    /// The number of quarters of a point.
    #[must_use]
    pub const fn in_quarters(self) -> i64 {
        self.0
    }

    /// As a floating-point number of points: exact up to 2^51.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 4.0
    }

    /// Whether there is no quarter left over.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 % 4 == 0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() { (self.0 / 4).fmt(f) } else { self.as_f64().fmt(f) }
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Points {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Points {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, Add::add)
    }
}

/// A convex, piecewise linear tariff: points for a number of units, from 0 upwards.
///
/// The price of a unit never falls as units are added, which is what lets an engine write it as a
/// linear programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    base: Points,
    steps: Vec<Step>,
}

/// A run of units at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many units cost this much each; the last step of a tariff has no end.
    pub units: i64,
    /// Points a unit.
    pub each: Points,
}

impl Tariff {
    /// Every unit at the same price.
    #[must_use]
    pub fn flat(each: Points) -> Self {
        Self { base: Points::ZERO, steps: vec![Step { units: i64::MAX, each }] }
    }

    /// The first `free` units for nothing, each further one at `each`.
    #[must_use]
    pub fn beyond(free: i64, each: Points) -> Self {
        Self::from_steps(
            Points::ZERO,
            vec![Step { units: free, each: Points::ZERO }, Step { units: i64::MAX, each }],
        )
    }

    /// `each` for every unit below or above `target`.
    #[must_use]
    pub fn around(target: i64, each: Points) -> Self {
        Self::from_steps(
            each * target,
            vec![Step { units: target, each: -each }, Step { units: i64::MAX, each }],
        )
    }

    /// The price of each successive unit; the last holds for all that follow.
    #[must_use]
    pub fn rising(prices: impl IntoIterator<Item = Points>) -> Self {
        Self::from_steps(
            Points::ZERO,
            prices.into_iter().map(|each| Step { units: 1, each }).collect(),
        )
    }

    /// From a base and steps; empty steps are dropped, equal neighbours joined, and the last one made
    /// endless.
    ///
    /// # Panics
    /// Where the prices fall: a rule that says so is wrong, and no input can make it so.
    #[must_use]
    pub fn from_steps(base: Points, steps: Vec<Step>) -> Self {
        let mut kept: Vec<Step> = Vec::with_capacity(steps.len());
        for step in steps {
            match kept.last_mut() {
                _ if step.units <= 0 => {}
                Some(last) if last.each == step.each => {
                    last.units = last.units.saturating_add(step.units);
                }
                Some(last) => {
                    assert!(last.each < step.each, "a tariff's prices must not fall");
                    kept.push(step);
                }
                None => kept.push(step),
            }
        }
        match kept.last_mut() {
            Some(last) => last.units = i64::MAX,
            None => kept.push(Step { units: i64::MAX, each: Points::ZERO }),
        }
        Self { base, steps: kept }
    }

    /// What further units cost once so many are there: its base is 0.
    #[must_use]
    pub fn after(&self, units: i64) -> Self {
        let mut left = units.max(0);
        let steps = self.steps.iter().map(|step| {
            let gone = left.min(step.units);
            left -= gone;
            let endless = step.units == i64::MAX;
            Step { units: if endless { i64::MAX } else { step.units - gone }, each: step.each }
        });
        Self::from_steps(Points::ZERO, steps.collect())
    }

    /// The points for no unit at all.
    #[must_use]
    pub fn base(&self) -> Points {
        self.base
    }

    /// The steps, cheapest first; the last one is endless (`units == i64::MAX`).
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The points for `units` (a negative number counts as none).
    #[must_use]
    pub fn points(&self, units: i64) -> Points {
        let mut left = units.max(0);
        let mut sum = self.base;
        for step in &self.steps {
            let taken = left.min(step.units);
            sum += step.each * taken;
            left -= taken;
            if left == 0 {
                break;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tariffs_add_up_unit_by_unit() {
        let rising = Tariff::rising([0, 10, 10, 25].map(Points::whole));
        let totals: Vec<_> = (0..7).map(|n| rising.points(n).to_string()).collect();
        assert_eq!(totals, ["0", "0", "10", "20", "45", "70", "95"]);
        assert_eq!(rising.steps().len(), 3);
        let target = Tariff::around(3, Points::ONE);
        assert_eq!([0, 2, 3, 5].map(|n| target.points(n).to_string()), ["3", "1", "0", "2"]);
        assert_eq!(Tariff::beyond(2, Points::whole(7)).points(5), Points::whole(21));
    }

    #[test]
    fn a_tariff_goes_on_where_it_was_left() {
        let tariff = Tariff::around(4, Points::whole(3));
        for (there, more) in [(0, 2), (3, 4), (4, 1), (7, 2)] {
            let further = tariff.points(there + more) - tariff.points(there);
            assert_eq!(tariff.after(there).points(more), further, "{more} after {there}");
        }
    }

    #[test]
    fn quarters_show() {
        assert_eq!(Points::quarters(5).to_string(), "1.25");
        assert_eq!(Points::whole(-3).to_string(), "-3");
    }
}
