//! A primal-dual interior point method (Mehrotra, 1992) for the masters of column generation.
//!
//! A general solver factorises a system of all columns and all rows. Here nearly every column belongs to
//! one consultant, whose row asks that his columns add up to 1: eliminating these rows first leaves a
//! dense system of a few hundred rows, which makes a master several times faster. Its duals are central,
//! which column generation thrives on; no bound relies on their precision.

use super::factor::System;
use crate::engine::Stop;

/// How far towards the nearest bound a step goes.
const NEARLY: f64 = 0.9995;
/// Iterations at most.
const ITERATIONS: usize = 80;
/// The products at the start: so many times what a group's columns cost more than its cheapest, in the
/// mean, over how many it has.
const START: f64 = 3.0;
/// Newton's steps to make a group's columns add up to 1, at most, and how nearly.
const TO_ONE: (usize, f64) = (20, 1e-3);
/// Corrections of a step at most (Gondzio, 1996), where a factor takes so many times what passes take.
const CORRECTIONS: (usize, u64) = (3, 2);
/// How much further a corrected step aims, how much of that it has to gain, and the step that needs none.
const FURTHER: f64 = 0.2;
const WORTH_IT: f64 = 0.1;
const LONG: f64 = 0.9;
/// A step that is shorter is no good: one that makes products so many times as large is tried as well.
const SHORT: f64 = 0.1;
const LARGER: f64 = 10.0;
/// So many times what is aimed at, and so small a part of it, products may be.
const BAND: f64 = 10.0;

/// `min c·x`, where `rows` sums equal `rhs`, the columns of each group add up to 1, and
/// `0 ≤ x ≤ upper`.
#[derive(Clone, Debug, Default)]
pub(super) struct Programme {
    rhs: Vec<f64>,
    /// Where blocks of rows end; what is behind them is the border.
    ends: Vec<usize>,
    groups: usize,
    cost: Vec<f64>,
    upper: Vec<f64>,
    /// Which group; `NONE` for columns of no group.
    group: Vec<u32>,
    starts: Vec<u32>,
    entries: Vec<(u32, f64)>,
    /// For each row where its dual begins and is drawn to, and how strongly.
    towards: Vec<f64>,
    pull: Vec<f64>,
}

const NONE: u32 = u32::MAX;

/// What came out.
#[derive(Clone, Debug)]
pub(super) struct Optimum {
    /// Of each column.
    pub(super) values: Vec<f64>,
    /// What a unit more of each row's right-hand side costs.
    pub(super) duals: Vec<f64>,
    /// What the duals come to: `c·x`, where they are not drawn anywhere.
    pub(super) objective: f64,
    /// What it took, in steps of work.
    pub(super) steps: u64,
}

impl Programme {
    /// With these right-hand sides. No column has entries in two of the blocks of rows that end at
    /// `ends`, one after the other; the rows behind them may share columns with all.
    pub(super) fn new(groups: usize, rhs: Vec<f64>, ends: Vec<usize>) -> Self {
        let (towards, pull) = (vec![0.0; rhs.len()], vec![0.0; rhs.len()]);
        Self { rhs, ends, groups, starts: vec![0], towards, pull, ..Self::default() }
    }

    /// Adds a column; `upper` may be infinite, and is for a column of a group.
    pub(super) fn column(
        &mut self,
        group: Option<usize>,
        cost: f64,
        upper: f64,
        entries: impl IntoIterator<Item = (u32, f64)>,
    ) {
        debug_assert!(group.is_none() || upper.is_infinite());
        self.cost.push(cost);
        self.upper.push(upper);
        self.group.push(group.map_or(NONE, |group| group as u32));
        self.entries.extend(entries);
        self.starts.push(self.entries.len() as u32);
    }

    /// Draws a row's dual towards a value: `pull / 2` times the square of its distance from there is taken
    /// from what the duals come to. The row may then be missed, by `pull` times the distance.
    pub(super) fn draw(&mut self, row: usize, pull: f64, towards: f64) {
        (self.pull[row], self.towards[row]) = (pull, towards);
    }

    /// Has a row's dual begin at a value. Near the best ones that saves a third of the iterations.
    pub(super) fn begin(&mut self, row: usize, dual: f64) {
        self.towards[row] = dual;
    }

    /// How strongly each row's dual is drawn.
    pub(super) fn pull(&self) -> &[f64] {
        &self.pull
    }

    /// How strongly a row's dual is drawn, and where to.
    pub(super) fn drawn(&self, row: usize) -> (f64, f64) {
        (self.pull[row], self.towards[row])
    }

    /// What a row's sum is to be.
    pub(super) fn right_hand_side(&self, row: usize) -> f64 {
        self.rhs[row]
    }

    /// What each row is missed by under duals, because these are drawn.
    fn missed<'a>(&'a self, y: &'a Duals) -> impl Iterator<Item = f64> + 'a {
        let rows = y.rows.iter().zip(&self.towards).zip(&self.pull);
        rows.map(|((y, towards), pull)| pull * (y - towards))
    }

    /// How many groups there are.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rhs.len()
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.cost.len()
    }

    /// What a column costs, and how much of it there may be.
    pub(super) fn cost_of(&self, column: usize) -> (f64, f64) {
        (self.cost[column], self.upper[column])
    }

    /// See [`Programme::new`].
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// The group of each column.
    pub(super) fn group_of(&self) -> impl Iterator<Item = Option<usize>> {
        self.group.iter().map(|group| (*group != NONE).then_some(*group as usize))
    }

    /// A column's rows, with what it has in them.
    pub(super) fn entries_of(&self, column: usize) -> &[(u32, f64)] {
        &self.entries[self.starts[column] as usize..self.starts[column + 1] as usize]
    }

    /// `A·x`: groups, then rows.
    fn times(&self, x: &[f64]) -> Duals {
        let mut sum = Duals { groups: vec![0.0; self.groups], rows: vec![0.0; self.rhs.len()] };
        for (column, x) in x.iter().enumerate() {
            if self.group[column] != NONE {
                sum.groups[self.group[column] as usize] += x;
            }
            for (row, weight) in self.entries_of(column) {
                sum.rows[*row as usize] += weight * x;
            }
        }
        sum
    }

    /// A column of `Aᵀ·y`.
    fn priced(&self, column: usize, y: &Duals) -> f64 {
        let group = self.group[column];
        let of_group = if group == NONE { 0.0 } else { y.groups[group as usize] };
        of_group + self.priced_by_rows(column, y)
    }

    fn priced_by_rows(&self, column: usize, y: &Duals) -> f64 {
        self.entries_of(column).iter().map(|(row, weight)| weight * y.rows[*row as usize]).sum()
    }

    /// About what the passes over all entries take in an iteration, in steps of work.
    fn steps(&self) -> u64 {
        (self.entries.len() + 40 * self.cost.len()) as u64 / 20
    }

    /// Solves it to a precision relative to what it comes to with `constant`; `None` where that is not
    /// reached, or not in time.
    pub(super) fn solve(&self, precision: f64, constant: f64, stop: &Stop) -> Option<Optimum> {
        let count = self.cost.len();
        let scale = self.cost.iter().map(|c| c.abs()).sum::<f64>() / count.max(1) as f64 + 1.0;
        let bounded: Vec<bool> = self.upper.iter().map(|upper| upper.is_finite()).collect();
        let mut system = System::new(self);
        let mut at = Point::start(self, &bounded, system.members());
        let is_drawn = self.pull.iter().any(|pull| *pull > 0.0);
        let complements = (count + bounded.iter().filter(|b| **b).count()) as f64;
        let largest = self.rhs.iter().fold(1.0_f64, |most, b| most.max(b.abs()));
        let mut corrected = 0;
        let corrections =
            if system.steps() > CORRECTIONS.1 * self.steps() { CORRECTIONS.0 } else { 0 };
        for iteration in 0..ITERATIONS {
            let sums = self.times(&at.x);
            let residual = Duals {
                groups: sums.groups.iter().map(|sum| 1.0 - sum).collect(),
                rows: (self.rhs.iter().zip(&sums.rows).zip(self.missed(&at.y)))
                    .map(|((b, sum), missed)| b - sum - missed)
                    .collect(),
            };
            let mut slack_d = vec![0.0; count];
            let mut slack_u = vec![0.0; count];
            let (mut gap, mut objective, mut worst_d, mut worst_u) = (0.0, 0.0, 0.0_f64, 0.0_f64);
            for j in 0..count {
                slack_d[j] = self.cost[j] - self.priced(j, &at.y) - at.z[j] + at.v[j];
                gap += at.x[j] * at.z[j];
                objective += self.cost[j] * at.x[j];
                worst_d = worst_d.max(slack_d[j].abs());
                if bounded[j] {
                    slack_u[j] = self.upper[j] - at.x[j] - at.w[j];
                    gap += at.w[j] * at.v[j];
                    worst_u = worst_u.max(slack_u[j].abs());
                }
            }
            let worst_p = residual.largest().max(worst_u);
            if !gap.is_finite() || !objective.is_finite() {
                return None;
            }
            // A rough optimum may break rows by a little.
            let small = precision.min(1e-6).max(precision / 20.0);
            if gap <= precision * (1.0 + (objective + constant).abs())
                && worst_p <= small * largest
                && worst_d <= small * scale
            {
                objective +=
                    at.y.rows.iter().zip(self.missed(&at.y)).map(|(y, r)| y * r).sum::<f64>();
                let steps = (iteration + 1) as u64 * (system.steps() + self.steps());
                let steps = steps + corrected * self.steps() / 2;
                return Some(Optimum { values: at.x, duals: at.y.rows, objective, steps });
            }
            // With thousands of rows a step takes long.
            if stop.now() {
                return None;
            }
            let centre = gap / complements;
            let weights: Vec<f64> =
                (0..count).map(|j| 1.0 / (at.z[j] / at.x[j] + at.v[j] / at.w[j])).collect();
            system.factorise(self, &weights);
            let straight = |aim: f64| Wanted {
                xz: (0..count).map(|j| aim - at.x[j] * at.z[j]).collect(),
                wv: (0..count).map(|j| aim - at.w[j] * at.v[j]).collect(),
            };
            // Straight ahead first, to see how far that goes.
            let ahead = straight(0.0);
            let step =
                at.step(self, &system, &weights, &bounded, &residual, &slack_d, &slack_u, &ahead);
            let (primal, dual) = at.room(&step, &bounded, 1.0);
            let mut after = 0.0;
            for (j, bounded) in bounded.iter().enumerate() {
                after += (at.x[j] + primal * step.x[j]) * (at.z[j] + dual * step.z[j]);
                if *bounded {
                    after += (at.w[j] + primal * step.w[j]) * (at.v[j] + dual * step.v[j]);
                }
            }
            let mut aim = centre * (after / gap).max(0.0).powi(3);
            let mut wanted = Wanted {
                xz: (0..count).map(|j| aim - at.x[j] * at.z[j] - step.x[j] * step.z[j]).collect(),
                wv: (0..count).map(|j| aim - at.w[j] * at.v[j] - step.w[j] * step.v[j]).collect(),
            };
            let step_to = |wanted: &Wanted| {
                let (weights, bounded) = (&weights, &bounded);
                let step =
                    at.step(self, &system, weights, bounded, &residual, &slack_d, &slack_u, wanted);
                let (mut primal, mut dual) = at.room(&step, bounded, NEARLY);
                if is_drawn {
                    // What rows are missed by ties the two.
                    primal = primal.min(dual);
                    dual = primal;
                }
                (step, primal, dual)
            };
            let (mut step, mut primal, mut dual) = step_to(&wanted);
            if primal.min(dual) < SHORT {
                // Products fell faster than rows came right, and duals stop at every step of a row's
                // tariff. With larger ones they go over several at once.
                let larger = LARGER * centre;
                let outward = straight(larger);
                let other = step_to(&outward);
                corrected += 1;
                if other.1 + other.2 > primal + dual {
                    (step, primal, dual) = other;
                    (wanted, aim) = (outward, larger);
                }
            }
            // Products that would leave the band keep steps short: they are drawn back into it.
            let back =
                |product: f64| (product.clamp(aim / BAND, aim * BAND) - product).max(-aim * BAND);
            for _ in 0..corrections {
                if primal.min(dual) > LONG {
                    break;
                }
                let (p, d) = ((primal + FURTHER).min(1.0), (dual + FURTHER).min(1.0));
                for (j, bounded) in bounded.iter().enumerate() {
                    wanted.xz[j] += back((at.x[j] + p * step.x[j]) * (at.z[j] + d * step.z[j]));
                    if *bounded {
                        wanted.wv[j] += back((at.w[j] + p * step.w[j]) * (at.v[j] + d * step.v[j]));
                    }
                }
                let better = step_to(&wanted);
                corrected += 1;
                if better.1 + better.2 < primal + dual + 2.0 * WORTH_IT * FURTHER {
                    break;
                }
                (step, primal, dual) = better;
            }
            at.go(&step, primal, dual, &bounded);
        }
        None
    }
}

/// A number for each group and each row.
#[derive(Clone, Debug)]
pub(super) struct Duals {
    pub(super) groups: Vec<f64>,
    pub(super) rows: Vec<f64>,
}

impl Duals {
    fn largest(&self) -> f64 {
        self.groups.iter().chain(&self.rows).fold(0.0, |most, one| most.max(one.abs()))
    }
}

/// What the products are to change by.
struct Wanted {
    xz: Vec<f64>,
    wv: Vec<f64>,
}

/// Columns, their distance from the upper bound, and the prices of all of it. Where there is no upper
/// bound `w` is 1 and `v` 0.
struct Point {
    x: Vec<f64>,
    w: Vec<f64>,
    y: Duals,
    z: Vec<f64>,
    v: Vec<f64>,
}

impl Point {
    /// The central point under the duals that rows begin with: all products are the same, and nothing
    /// is wrong but the sums of rows. `members` are the columns of each group.
    fn start(programme: &Programme, bounded: &[bool], members: &[Vec<u32>]) -> Self {
        let count = programme.cost.len();
        let mut at = Self {
            x: vec![1.0; count],
            w: vec![1.0; count],
            y: Duals {
                groups: vec![f64::INFINITY; programme.groups],
                rows: programme.towards.clone(),
            },
            z: vec![0.0; count],
            v: vec![0.0; count],
        };
        let costs: Vec<f64> =
            (0..count).map(|j| programme.cost[j] - programme.priced_by_rows(j, &at.y)).collect();
        let grouped = || (0..count).filter(|j| programme.group[*j] != NONE);
        for (least, members) in at.y.groups.iter_mut().zip(members) {
            *least = members.iter().map(|j| costs[*j as usize]).fold(*least, f64::min);
        }
        let above = |j: usize| costs[j] - at.y.groups[programme.group[j] as usize];
        let many = grouped().count().max(1) as f64;
        let mean = grouped().map(above).sum::<f64>() / many;
        let product = START * (mean + 1.0) * programme.groups.max(1) as f64 / many;
        // What makes each group's columns add up to 1, from above.
        for (dual, members) in at.y.groups.iter_mut().zip(members) {
            *dual -= product;
            for _ in 0..TO_ONE.0 {
                let share = |j: &u32| product / (costs[*j as usize] - *dual);
                let sum: f64 = members.iter().map(share).sum();
                let slope: f64 = members.iter().map(share).map(|x| x * x / product).sum();
                *dual -= (sum - 1.0) / slope;
                if sum < 1.0 + TO_ONE.1 {
                    break;
                }
            }
        }
        for (j, cost) in costs.into_iter().enumerate() {
            if bounded[j] {
                let upper = programme.upper[j];
                let (much, root) = (cost * upper, (cost * upper).hypot(2.0 * product));
                at.x[j] = 2.0 * product * upper / (2.0 * product + much + root);
                at.w[j] = 2.0 * product * upper / (2.0 * product - much + root);
                at.z[j] = product / at.x[j];
                at.v[j] = product / at.w[j];
            } else {
                let group = programme.group[j];
                let over = if group == NONE { cost } else { cost - at.y.groups[group as usize] };
                at.z[j] = over.max(product);
                at.x[j] = product / at.z[j];
            }
        }
        at
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one Newton system")]
    fn step(
        &self,
        programme: &Programme,
        system: &System,
        weights: &[f64],
        bounded: &[bool],
        residual: &Duals,
        slack_d: &[f64],
        slack_u: &[f64],
        wanted: &Wanted,
    ) -> Self {
        let count = self.x.len();
        let held: Vec<f64> = (0..count)
            .map(|j| {
                let upper = if bounded[j] {
                    (wanted.wv[j] - self.v[j] * slack_u[j]) / self.w[j]
                } else {
                    0.0
                };
                slack_d[j] - wanted.xz[j] / self.x[j] + upper
            })
            .collect();
        let moved: Vec<f64> =
            held.iter().zip(weights).map(|(held, weight)| held * weight).collect();
        let mut right = programme.times(&moved);
        right.groups.iter_mut().zip(&residual.groups).for_each(|(right, more)| *right += more);
        right.rows.iter_mut().zip(&residual.rows).for_each(|(right, more)| *right += more);
        let y = system.solve(right);
        let mut step = Self {
            x: vec![0.0; count],
            w: vec![0.0; count],
            z: vec![0.0; count],
            v: vec![0.0; count],
            y,
        };
        for j in 0..count {
            let x = weights[j] * (programme.priced(j, &step.y) - held[j]);
            step.x[j] = x;
            step.z[j] = (wanted.xz[j] - self.z[j] * x) / self.x[j];
            if bounded[j] {
                step.w[j] = slack_u[j] - x;
                step.v[j] = (wanted.wv[j] - self.v[j] * step.w[j]) / self.w[j];
            }
        }
        step
    }

    /// How far the step may go, primal and dual.
    fn room(&self, step: &Self, bounded: &[bool], share: f64) -> (f64, f64) {
        let (mut primal, mut dual) = (1.0_f64, 1.0_f64);
        let limit = |room: &mut f64, value: f64, change: f64| {
            if change < 0.0 {
                *room = room.min(-value / change * share);
            }
        };
        for (j, bounded) in bounded.iter().enumerate() {
            limit(&mut primal, self.x[j], step.x[j]);
            limit(&mut dual, self.z[j], step.z[j]);
            if *bounded {
                limit(&mut primal, self.w[j], step.w[j]);
                limit(&mut dual, self.v[j], step.v[j]);
            }
        }
        (primal, dual)
    }

    fn go(&mut self, step: &Self, primal: f64, dual: f64, bounded: &[bool]) {
        let add = |to: &mut [f64], step: &[f64], share: f64| {
            to.iter_mut().zip(step).for_each(|(to, step)| *to += share * step);
        };
        add(&mut self.x, &step.x, primal);
        add(&mut self.z, &step.z, dual);
        add(&mut self.y.groups, &step.y.groups, dual);
        add(&mut self.y.rows, &step.y.rows, dual);
        for (j, bounded) in bounded.iter().enumerate() {
            if *bounded {
                self.w[j] += primal * step.w[j];
                self.v[j] += dual * step.v[j];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two people, each idle (0) or at a place (3, 5); the place pays 10 for one, none for a second.
    fn two_people() -> Programme {
        let mut programme = Programme::new(2, vec![0.0], Vec::new());
        for (person, cost) in [(0, 3.0), (1, 5.0)] {
            programme.column(Some(person), 0.0, f64::INFINITY, []);
            programme.column(Some(person), cost, f64::INFINITY, [(0, 1.0)]);
        }
        programme.column(None, -10.0, 1.0, [(0, -1.0)]);
        programme.column(None, 0.0, 1.0, [(0, -1.0)]);
        programme
    }

    #[test]
    fn two_people_share_a_place() {
        let optimum = two_people().solve(1e-9, 0.0, &Stop::default()).expect("it has an optimum");
        assert!((optimum.objective + 7.0).abs() < 1e-6, "{optimum:?}");
        assert!((optimum.values[1] - 1.0).abs() < 1e-6 && optimum.values[3].abs() < 1e-6);
        // Between what the second would cost and what the place pays.
        assert!((3.0..=5.0).contains(&optimum.duals[0]), "{optimum:?}");
    }

    #[test]
    fn a_dual_climbs_a_long_tariff() {
        // Each place pays a little less than the one before, and nobody comes: the dual starts below
        // all of them and ends above.
        let (people, places) = (200, 300);
        let mut programme = Programme::new(people, vec![0.0, 0.0], Vec::new());
        for person in 0..people {
            programme.column(Some(person), 0.0, f64::INFINITY, []);
            programme.column(Some(person), 1.0 + person as f64 / 64.0, f64::INFINITY, [(1, 1.0)]);
        }
        for place in 0..places {
            programme.column(None, -25.0 * (places - place) as f64, 1.0, [(0, -1.0)]);
        }
        programme.column(None, -5.0, 40.0, [(1, -1.0)]);
        let optimum = programme.solve(1e-6, 0.0, &Stop::default()).expect("it has an optimum");
        assert!(optimum.duals[0] > 25.0 * places as f64 - 1.0, "{:?}", optimum.duals);
    }

    #[test]
    fn duals_are_drawn() {
        let drawn = |pull: f64| {
            let mut programme = two_people();
            programme.draw(0, pull, 8.0);
            programme.solve(1e-9, 0.0, &Stop::default()).expect("it has an optimum")
        };
        // At 8 both would go: -5, -3, and -2 of the place.
        let firmly = drawn(1e6);
        assert!((firmly.objective + 10.0).abs() < 1e-3, "{firmly:?}");
        assert!((firmly.duals[0] - 8.0).abs() < 1e-3, "{firmly:?}");
        // From 5 on each unit costs one: the dual goes there as soon as that outweighs what draws it.
        let hardly = drawn(0.1);
        assert!((hardly.objective + 7.0).abs() < 1e-6, "{hardly:?}");
        assert!((hardly.duals[0] - 5.0).abs() < 1e-3, "{hardly:?}");
        // In between it goes until they are equal.
        let half = drawn(0.5);
        assert!((half.duals[0] - 6.0).abs() < 1e-3, "{half:?}");
        assert!((half.objective + 8.0).abs() < 1e-3, "{half:?}");
    }
}
