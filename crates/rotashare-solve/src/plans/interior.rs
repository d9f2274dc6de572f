//! A primal-dual interior point method (Mehrotra, 1992) for the masters of column generation.
//!
//! A general solver factorises a system of all columns and all rows. Here nearly every column belongs to
//! one consultant, whose row asks that his columns add up to 1: eliminating these rows first leaves a
//! dense system of a few hundred rows, which makes a master several times faster. Its duals are central,
//! which column generation thrives on; no bound relies on their precision.

use pulp::{Arch, NullaryFnOnce};

/// How far towards the nearest bound a step goes.
const NEARLY: f64 = 0.9995;
/// Iterations at most.
const ITERATIONS: usize = 80;
/// What a factor does in a step of work, in multiplications by its rows to the third.
const FLOPS_A_STEP: u64 = 8_000;

/// `min c·x`, where `rows` sums equal `rhs`, the columns of each group add up to 1, and
/// `0 ≤ x ≤ upper`.
#[derive(Clone, Debug, Default)]
pub(super) struct Programme {
    rhs: Vec<f64>,
    groups: usize,
    cost: Vec<f64>,
    upper: Vec<f64>,
    /// Which group; `NONE` for columns of no group.
    group: Vec<u32>,
    starts: Vec<u32>,
    entries: Vec<(u32, f64)>,
}

const NONE: u32 = u32::MAX;

/// What came out.
#[derive(Clone, Debug)]
pub(super) struct Optimum {
    /// Of each column.
    pub(super) values: Vec<f64>,
    /// What a unit more of each row's right-hand side costs.
    pub(super) duals: Vec<f64>,
    /// `c·x`.
    pub(super) objective: f64,
    /// What it took, in steps of work.
    pub(super) steps: u64,
}

impl Programme {
    pub(super) fn new(groups: usize, rhs: Vec<f64>) -> Self {
        Self { rhs, groups, starts: vec![0], ..Self::default() }
    }

    /// Adds a column; `upper` may be infinite.
    pub(super) fn column(
        &mut self,
        group: Option<usize>,
        cost: f64,
        upper: f64,
        entries: impl IntoIterator<Item = (u32, f64)>,
    ) {
        self.cost.push(cost);
        self.upper.push(upper);
        self.group.push(group.map_or(NONE, |group| group as u32));
        self.entries.extend(entries);
        self.starts.push(self.entries.len() as u32);
    }

    fn entries_of(&self, column: usize) -> &[(u32, f64)] {
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
        let start = if group == NONE { 0.0 } else { y.groups[group as usize] };
        let entries = self.entries_of(column).iter();
        entries.fold(start, |sum, (row, weight)| sum + weight * y.rows[*row as usize])
    }

    /// About what an iteration takes, in steps of work: a factor of the rows, and passes over the entries.
    fn steps(&self) -> u64 {
        let rows = self.rhs.len() as u64;
        rows * rows * rows / FLOPS_A_STEP + (self.entries.len() + 40 * self.cost.len()) as u64 / 20
    }

    /// Solves it to a relative precision; `None` where that is not reached.
    pub(super) fn solve(&self, precision: f64) -> Option<Optimum> {
        let count = self.cost.len();
        let scale = self.cost.iter().map(|c| c.abs()).sum::<f64>() / count.max(1) as f64 + 1.0;
        let bounded: Vec<bool> = self.upper.iter().map(|upper| upper.is_finite()).collect();
        let mut sizes = vec![0_usize; self.groups];
        self.group.iter().filter(|g| **g != NONE).for_each(|g| sizes[*g as usize] += 1);
        let mut at = Point::start(self, &bounded, &sizes, scale);
        let complements = (count + bounded.iter().filter(|b| **b).count()) as f64;
        let largest = self.rhs.iter().fold(1.0_f64, |most, b| most.max(b.abs()));
        let mut system = System::new(self);
        for iteration in 0..ITERATIONS {
            let sums = self.times(&at.x);
            let residual = Duals {
                groups: sums.groups.iter().map(|sum| 1.0 - sum).collect(),
                rows: self.rhs.iter().zip(&sums.rows).map(|(b, sum)| b - sum).collect(),
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
            if gap <= precision * (1.0 + objective.abs())
                && worst_p <= small * largest
                && worst_d <= small * scale
            {
                let steps = (iteration + 1) as u64 * self.steps();
                return Some(Optimum { values: at.x, duals: at.y.rows, objective, steps });
            }
            let centre = gap / complements;
            let weights: Vec<f64> =
                (0..count).map(|j| 1.0 / (at.z[j] / at.x[j] + at.v[j] / at.w[j])).collect();
            system.factorise(self, &weights);
            // Straight ahead first, to see how far that goes.
            let ahead = Wanted {
                xz: (0..count).map(|j| -at.x[j] * at.z[j]).collect(),
                wv: (0..count).map(|j| -at.w[j] * at.v[j]).collect(),
            };
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
            let aim = centre * (after / gap).max(0.0).powi(3);
            let wanted = Wanted {
                xz: (0..count).map(|j| aim - at.x[j] * at.z[j] - step.x[j] * step.z[j]).collect(),
                wv: (0..count).map(|j| aim - at.w[j] * at.v[j] - step.w[j] * step.v[j]).collect(),
            };
            let step =
                at.step(self, &system, &weights, &bounded, &residual, &slack_d, &slack_u, &wanted);
            let (primal, dual) = at.room(&step, &bounded, NEARLY);
            at.go(&step, primal, dual, &bounded);
        }
        None
    }
}

/// A number for each group and each row.
#[derive(Clone, Debug)]
struct Duals {
    groups: Vec<f64>,
    rows: Vec<f64>,
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
    fn start(programme: &Programme, bounded: &[bool], sizes: &[usize], scale: f64) -> Self {
        let count = programme.cost.len();
        let mut at = Self {
            x: vec![1.0; count],
            w: vec![1.0; count],
            y: Duals { groups: vec![0.0; programme.groups], rows: vec![0.0; programme.rhs.len()] },
            z: vec![scale; count],
            v: vec![0.0; count],
        };
        for j in 0..count {
            let cost = programme.cost[j];
            if programme.group[j] != NONE {
                at.x[j] = 1.0 / sizes[programme.group[j] as usize] as f64;
            }
            at.z[j] = cost.max(0.0) + scale;
            if bounded[j] {
                at.x[j] = programme.upper[j] / 2.0;
                at.w[j] = programme.upper[j] / 2.0;
                at.v[j] = (-cost).max(0.0) + scale;
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

/// `A·D·Aᵀ` with the groups eliminated, factorised.
struct System {
    rows: usize,
    /// Upper triangle, by rows.
    factor: Vec<f64>,
    /// For each group the sum of its weights, and what it has in rows.
    group: Vec<(f64, Vec<(u32, f64)>)>,
    /// The columns of each group, and of none.
    members: Vec<Vec<u32>>,
}

impl System {
    fn new(programme: &Programme) -> Self {
        let rows = programme.rhs.len();
        let mut members = vec![Vec::new(); programme.groups + 1];
        for (column, group) in programme.group.iter().enumerate() {
            let group = if *group == NONE { programme.groups } else { *group as usize };
            members[group].push(column as u32);
        }
        Self { rows, factor: vec![0.0; rows * rows], group: Vec::new(), members }
    }

    fn factorise(&mut self, programme: &Programme, weights: &[f64]) {
        let rows = self.rows;
        self.factor.fill(0.0);
        self.group.clear();
        let mut sums = vec![0.0; rows];
        let mut touched: Vec<u32> = Vec::new();
        let mut whole = vec![0.0; rows];
        for (number, members) in self.members.iter().enumerate() {
            let mut all = 0.0;
            // A group's only column is 1 whatever it costs.
            let fixed = number < programme.groups && members.len() == 1;
            for column in members {
                let weight = weights[*column as usize];
                all += weight;
                let entries = programme.entries_of(*column as usize);
                for (at, (a, weight_a)) in entries.iter().enumerate() {
                    if sums[*a as usize] == 0.0 {
                        touched.push(*a);
                    }
                    let scaled = weight * weight_a;
                    sums[*a as usize] += scaled;
                    whole[*a as usize] += scaled * weight_a;
                    if fixed {
                        continue;
                    }
                    for (b, weight_b) in &entries[..=at] {
                        let (high, low) = (a.max(b), a.min(b));
                        self.factor[*low as usize * rows + *high as usize] += scaled * weight_b;
                    }
                }
            }
            if number == programme.groups {
                break;
            }
            touched.sort_unstable();
            touched.dedup();
            let shared: Vec<(u32, f64)> = touched
                .iter()
                .map(|row| (*row, std::mem::take(&mut sums[*row as usize])))
                .collect();
            touched.clear();
            for (at, (a, sum_a)) in shared.iter().enumerate().filter(|_| !fixed) {
                let scaled = sum_a / all;
                let line = &mut self.factor[*a as usize * rows..];
                for (b, sum_b) in &shared[at..] {
                    line[*b as usize] -= scaled * sum_b;
                }
            }
            self.group.push((all, shared));
        }
        self.cholesky(&whole);
    }

    /// `whole` is the diagonal before anything was taken from it.
    fn cholesky(&mut self, whole: &[f64]) {
        Arch::new().dispatch(Cholesky { factor: &mut self.factor, rows: self.rows, whole });
    }

    fn solve(&self, mut right: Duals) -> Duals {
        let rows = self.rows;
        for ((all, shared), group) in self.group.iter().zip(&right.groups) {
            for (row, sum) in shared {
                right.rows[*row as usize] -= sum * group / all;
            }
        }
        let y = &mut right.rows;
        for i in 0..rows {
            let line = &self.factor[i * rows + i..(i + 1) * rows];
            y[i] /= line[0];
            let value = y[i];
            y[i + 1..].iter_mut().zip(&line[1..]).for_each(|(y, u)| *y -= value * u);
        }
        for i in (0..rows).rev() {
            let line = &self.factor[i * rows + i..(i + 1) * rows];
            y[i] = (y[i] - dot(&line[1..], &y[i + 1..])) / line[0];
        }
        for ((all, shared), group) in self.group.iter().zip(&mut right.groups) {
            let sum: f64 = shared.iter().map(|(row, sum)| sum * right.rows[*row as usize]).sum();
            *group = (*group - sum) / all;
        }
        right
    }
}

/// So many rows and columns are worked on together: what fits into registers.
const TALL: usize = 4;
const WIDE: usize = 8;
/// So many rows go through the rows above them together, of which a strip is then read once for all of
/// them from where memory is slow. A multiple of `TALL`.
const BAND: usize = 32;

/// [`cholesky`] on whatever registers the processor has: the same operations in the same order, only
/// wider. A closure would not be compiled for each kind.
struct Cholesky<'a> {
    factor: &'a mut [f64],
    rows: usize,
    whole: &'a [f64],
}

impl NullaryFnOnce for Cholesky<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        cholesky(self.factor, self.rows, self.whole);
    }
}

/// Factorises a symmetric matrix, given by its upper triangle, in place: the rows' products with
/// themselves make up the matrix. `whole` is the diagonal before anything was taken from it: a row of
/// which next to nothing is left is made up by others and counts for nothing.
#[inline(always)]
fn cholesky(factor: &mut [f64], rows: usize, whole: &[f64]) {
    // Copies of what lies rows apart.
    let (mut bands, mut strip) = (Vec::new(), Vec::new());
    for first in (0..rows).step_by(BAND) {
        let end = rows.min(first + BAND);
        let (above, here) = factor.split_at_mut(first * rows);
        let here = &mut here[..(end - first) * rows];
        bands.clear();
        for other in above.chunks_exact(rows) {
            let mut of_band = [0.0; BAND];
            of_band[..end - first].copy_from_slice(&other[first..end]);
            bands.push(of_band);
        }
        for column in (first..rows).step_by(WIDE) {
            let wide = WIDE.min(rows - column);
            strip.clear();
            for other in above.chunks_exact(rows) {
                let mut of_strip = [0.0; WIDE];
                of_strip[..wide].copy_from_slice(&other[column..column + wide]);
                strip.push(of_strip);
            }
            // What is below the diagonal is worked out as well and never looked at.
            for (number, lines) in here.chunks_mut(TALL * rows).enumerate() {
                let sums = product(&bands, number * TALL, &strip);
                for (line, sums) in lines.chunks_exact_mut(rows).zip(&sums) {
                    let line = line[column..column + wide].iter_mut();
                    line.zip(sums).for_each(|(entry, sum)| *entry -= sum);
                }
            }
        }
        for i in first..end {
            let (line, below) = here[(i - first) * rows..].split_at_mut(rows);
            let is_there = line[i] > 1e-13 * whole[i];
            let pivot = if is_there { line[i].sqrt() } else { 1e64 };
            line[i] = pivot;
            line[i + 1..].iter_mut().for_each(|entry| *entry /= pivot);
            for (number, other) in below.chunks_exact_mut(rows).enumerate() {
                let row = i + 1 + number;
                let by = line[row];
                other[row..].iter_mut().zip(&line[row..]).for_each(|(o, l)| *o -= by * l);
            }
        }
    }
}

/// The products of `TALL` columns of a band, from one on, with a strip.
#[inline(always)]
fn product(bands: &[[f64; BAND]], from: usize, strip: &[[f64; WIDE]]) -> [[f64; WIDE]; TALL] {
    let mut sums = [[0.0; WIDE]; TALL];
    for (band, strip) in bands.iter().zip(strip) {
        for i in 0..TALL {
            let by = band[from + i];
            for k in 0..WIDE {
                sums[i][k] += by * strip[k];
            }
        }
    }
    sums
}

/// With several sums at a time, so that the compiler can use wide registers; always in the same order.
#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; WIDE];
    let (a_wide, a_rest) = a.split_at(a.len() - a.len() % WIDE);
    let (b_wide, b_rest) = b.split_at(a_wide.len());
    for (a, b) in a_wide.chunks_exact(WIDE).zip(b_wide.chunks_exact(WIDE)) {
        for k in 0..WIDE {
            sums[k] += a[k] * b[k];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_share_a_place() {
        // Two people, each idle (0) or at a place (3, 5); the place pays 10 for one, none for a second.
        let mut programme = Programme::new(2, vec![0.0]);
        for (person, cost) in [(0, 3.0), (1, 5.0)] {
            programme.column(Some(person), 0.0, f64::INFINITY, []);
            programme.column(Some(person), cost, f64::INFINITY, [(0, 1.0)]);
        }
        programme.column(None, -10.0, 1.0, [(0, -1.0)]);
        programme.column(None, 0.0, 1.0, [(0, -1.0)]);
        let optimum = programme.solve(1e-9).expect("it has an optimum");
        assert!((optimum.objective + 7.0).abs() < 1e-6, "{optimum:?}");
        assert!((optimum.values[1] - 1.0).abs() < 1e-6 && optimum.values[3].abs() < 1e-6);
        // Between what the second would cost and what the place pays.
        assert!((-5.0..=-3.0).contains(&-optimum.duals[0].abs()), "{optimum:?}");
    }

    #[test]
    fn a_factor_makes_up_the_matrix() {
        let rows = 83;
        let entry = |i: usize, j: usize| 1.0 / (1.0 + (i + j) as f64) + f64::from(u8::from(i == j));
        let mut factor = vec![0.0; rows * rows];
        for i in 0..rows {
            (i..rows).for_each(|j| factor[i * rows + j] = entry(i, j));
        }
        let whole: Vec<f64> = (0..rows).map(|i| entry(i, i)).collect();
        cholesky(&mut factor, rows, &whole);
        for i in 0..rows {
            for j in 0..=i {
                let sum: f64 = (0..=j).map(|k| factor[k * rows + i] * factor[k * rows + j]).sum();
                assert!((sum - entry(i, j)).abs() < 1e-12, "{i}, {j}: {sum}");
            }
        }
    }
}
