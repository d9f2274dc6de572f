//! Bounds that can be trusted: what floating-point numbers say, made safe and rounded up to what a rota
//! can cost at all.

use rotashare_core::points::{Points, Tariff};
use rotashare_rules::problem::{Demand, Problem};

/// What share of its size a solver's bound may be wrong by.
const DOUBT: f64 = 1e-6;

/// The numbers of points that a rota of a problem can cost: an offset and every multiple of a grain.
/// All prices may be multiples of five or ten points; then so is any improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    offset: i64,
    grain: i64,
    /// How large the numbers are that make up the points.
    size: i64,
}

impl Grid {
    /// Of this problem.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        let mut grid = Self { offset: problem.constant().in_quarters(), grain: 0, size: 0 };
        for option in problem.options() {
            grid.note(option.points);
        }
        for charge in problem.charges() {
            grid.tariff(&charge.tariff);
        }
        for row in problem.rows() {
            match &row.demand {
                Demand::AtMost(_) => {}
                Demand::AtMostOr(_, tariff)
                | Demand::AtLeastOr(_, tariff)
                | Demand::Fill(_, tariff) => grid.tariff(tariff),
            }
        }
        // Where nothing costs anything there is one number only.
        grid.grain = grid.grain.max(1);
        grid
    }

    fn tariff(&mut self, tariff: &Tariff) {
        self.offset += tariff.base().in_quarters();
        for step in tariff.steps() {
            self.note(step.each);
        }
    }

    fn note(&mut self, points: Points) {
        let (mut a, mut b) = (self.grain, points.in_quarters().abs());
        self.size = self.size.max(b);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        self.grain = a;
    }

    /// The least difference there can be between two rotas that don't cost the same.
    #[must_use]
    pub fn grain(&self) -> Points {
        Points::quarters(self.grain)
    }

    /// The least number of points on the grid that is not below what a solver has proven, less what
    /// its arithmetic may be wrong by; nothing where that is no number.
    #[must_use]
    pub fn round_up(&self, bound: f64) -> Option<Points> {
        // Beyond this a floating-point number of quarters is not exact.
        if !bound.is_finite() || bound.abs() > 1e14 {
            return None;
        }
        let doubt = DOUBT * bound.abs().max(self.size as f64 / 4.0).max(1.0);
        let quarters = ((bound - doubt) * 4.0).ceil() as i64;
        let steps = (quarters - self.offset).div_euclid(self.grain);
        let below = self.offset + steps * self.grain;
        let above = if below < quarters { below + self.grain } else { below };
        Some(Points::quarters(above))
    }
}

/// A bound that needs no solver: every option and every piece at its cheapest.
#[must_use]
pub fn trivial(problem: &Problem) -> Points {
    let options = problem.options().iter().map(|option| option.points.min(Points::ZERO)).sum();
    let weight = |items: &[rotashare_rules::problem::Item]| -> i64 {
        items.iter().map(|item| item.weight).sum()
    };
    // Convex: the least is where prices turn from paying to costing.
    let least = |tariff: &Tariff, most: i64| {
        let paying = tariff.steps().iter().filter(|step| step.each < Points::ZERO);
        let units = paying.fold(0_i64, |sum, step| sum.saturating_add(step.units));
        tariff.points(units.min(most.max(0)))
    };
    let charges =
        problem.charges().iter().map(|charge| least(&charge.tariff, weight(&charge.items))).sum();
    let rows = problem.rows().iter().map(|row| match &row.demand {
        Demand::AtMost(_) => Points::ZERO,
        Demand::AtMostOr(bound, tariff) => tariff.points((-bound).max(0)),
        Demand::AtLeastOr(bound, tariff) => tariff.points((bound - weight(&row.items)).max(0)),
        Demand::Fill(bound, tariff) => {
            let fewest = (bound - weight(&row.items)).max(0);
            let best = least(tariff, *bound);
            // The cheapest number of missing units, where that can be reached.
            if tariff.steps()[0].each < Points::ZERO { best } else { tariff.points(fewest) }
        }
    });
    problem.constant() + options + charges + rows.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rotashare_core::ids::{ConsultantId, SessionId};
    use rotashare_rules::problem::{OptionId, Sketch};

    #[test]
    fn a_bound_is_rounded_up_to_the_grid() {
        let pairs = (0..3).map(|s| (ConsultantId::new(0), SessionId::new(s))).collect();
        let mut sketch = Sketch::new(pairs);
        sketch.add_points(OptionId::new(0), Points::whole(10));
        sketch.add_points(OptionId::new(1), Points::whole(25));
        sketch.add_constant(Points::whole(3));
        let grid = Grid::of(&sketch.finish());
        assert_eq!(grid.grain(), Points::whole(5));
        let up = |bound| grid.round_up(bound).map(|points| points.to_string());
        assert_eq!(up(13.000_001), Some("13".to_owned()));
        assert_eq!(up(13.1), Some("18".to_owned()));
        assert_eq!(up(-4.0), Some("-2".to_owned()));
        assert_eq!(up(f64::NEG_INFINITY), None);
    }
}
