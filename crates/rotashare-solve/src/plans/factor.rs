//! The matrix that an interior point method factorises in each iteration: dense, or in blocks with a border.
//!
//! Where months are cut into slices, rows of different slices share no column but those of the rows that
//! tie slices together. Each slice's block is then factorised with its part of the border alone, which is
//! many times less than the whole.

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};

use super::interior::{Duals, Programme};

/// What a factor does in a step of work, in multiplications by its rows to the third.
const FLOPS_A_STEP: u64 = 8_000;

/// `A·D·Aᵀ` with the groups eliminated, factorised.
pub(super) struct System {
    /// The border's rows are the last.
    blocks: Vec<Block>,
    /// The upper triangles of all blocks by rows, each row followed by its part of the border.
    lines: Vec<f64>,
    /// The first row of the border.
    border: usize,
    /// Where each row's line begins.
    line: Vec<usize>,
    /// How far behind that the border's columns are.
    shift: Vec<usize>,
    /// Each row's place in its block.
    place: Vec<usize>,
    /// For each group the sum of its weights, and what it has in rows.
    group: Vec<(f64, Vec<(u32, f64)>)>,
    /// The columns of each group, and of none.
    members: Vec<Vec<u32>>,
}

/// Rows that share columns with each other, and with the border.
struct Block {
    rows: Range<usize>,
    /// The length of a line.
    width: usize,
}

impl Block {
    fn size(&self) -> usize {
        self.rows.len() * self.width
    }

    /// Of a number for each row those of its own, and those of the border; the border has no other.
    fn split<'a>(&self, all: &'a mut [f64]) -> (&'a mut [f64], &'a mut [f64]) {
        let (own, later) = all[self.rows.start..].split_at_mut(self.rows.len());
        let edge = self.width - own.len();
        let between = later.len() - edge;
        (own, &mut later[between..])
    }
}

impl System {
    pub(super) fn new(programme: &Programme) -> Self {
        let mut members = vec![Vec::new(); programme.groups() + 1];
        for (column, group) in programme.group_of().enumerate() {
            members[group.unwrap_or(programme.groups())].push(column as u32);
        }
        let (all, ends) = (programme.rows(), programme.ends());
        let border = ends.last().copied().unwrap_or(0);
        let mut system = Self {
            blocks: Vec::with_capacity(ends.len() + 1),
            lines: Vec::new(),
            border,
            line: Vec::with_capacity(all),
            shift: Vec::with_capacity(all),
            place: Vec::with_capacity(all),
            group: Vec::new(),
            members,
        };
        let (mut first, mut size) = (0, 0);
        for (number, end) in ends.iter().copied().chain([all]).enumerate() {
            let is_border = number == ends.len();
            let (count, edge) = (end - first, if is_border { 0 } else { all - border });
            let block = Block { rows: first..end, width: count + edge };
            system.line.extend((0..count).map(|row| size + row * block.width));
            system.place.extend(0..count);
            system.shift.resize(end, if is_border { 0 } else { count });
            size += block.size();
            first = end;
            system.blocks.push(block);
        }
        system.lines.resize(size, 0.0);
        system
    }

    /// The columns of each group, in order.
    pub(super) fn members(&self) -> &[Vec<u32>] {
        // The last are of none.
        &self.members[..self.members.len() - 1]
    }

    /// What a factor takes, in steps of work.
    pub(super) fn steps(&self) -> u64 {
        let of = |block: &Block| (block.rows.len() * block.width * block.width) as u64;
        self.blocks.iter().map(of).sum::<u64>() / FLOPS_A_STEP
    }

    pub(super) fn factorise(&mut self, programme: &Programme, weights: &[f64]) {
        let rows = programme.rows();
        self.lines.fill(0.0);
        self.group.clear();
        let (border, place) = (self.border, &self.place);
        let edge = |row: u32| usize::from(row as usize >= border);
        let mut sums = vec![0.0; rows];
        let mut touched: Vec<u32> = Vec::new();
        let mut whole = vec![0.0; rows];
        for (number, members) in self.members.iter().enumerate() {
            let mut all = 0.0;
            // A group's only column is 1 whatever it costs.
            let fixed = number < programme.groups() && members.len() == 1;
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
                        let (high, low) = (*a.max(b), *a.min(b) as usize);
                        let at =
                            self.line[low] + place[high as usize] + edge(high) * self.shift[low];
                        self.lines[at] += scaled * weight_b;
                    }
                }
            }
            if number == programme.groups() {
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
                let (line, shift) = (self.line[*a as usize], self.shift[*a as usize]);
                let line = &mut self.lines[line..];
                for (b, sum_b) in &shared[at..] {
                    line[place[*b as usize] + edge(*b) * shift] -= scaled * sum_b;
                }
            }
            self.group.push((all, shared));
        }
        for (row, pull) in programme.pull().iter().enumerate() {
            self.lines[self.line[row] + place[row]] += pull;
            whole[row] += pull;
        }
        let (blocks, lines) = (&self.blocks[..], &mut self.lines[..]);
        Arch::new().dispatch(Cholesky { blocks, lines, whole: &whole });
    }

    pub(super) fn solve(&self, mut right: Duals) -> Duals {
        for ((all, shared), group) in self.group.iter().zip(&right.groups) {
            for (row, sum) in shared {
                right.rows[*row as usize] -= sum * group / all;
            }
        }
        for block in &self.blocks {
            let (own, border) = block.split(&mut right.rows);
            for (i, line) in self.lines_of(block).enumerate() {
                let (line, edge) = line.split_at(own.len());
                own[i] /= line[i];
                let value = own[i];
                own[i + 1..].iter_mut().zip(&line[i + 1..]).for_each(|(y, u)| *y -= value * u);
                border.iter_mut().zip(edge).for_each(|(y, u)| *y -= value * u);
            }
        }
        for block in self.blocks.iter().rev() {
            let (own, border) = block.split(&mut right.rows);
            for (i, line) in self.lines_of(block).enumerate().rev() {
                let (line, edge) = line.split_at(own.len());
                let later = dot(&line[i + 1..], &own[i + 1..]) + dot(edge, border);
                own[i] = (own[i] - later) / line[i];
            }
        }
        for ((all, shared), group) in self.group.iter().zip(&mut right.groups) {
            let sum: f64 = shared.iter().map(|(row, sum)| sum * right.rows[*row as usize]).sum();
            *group = (*group - sum) / all;
        }
        right
    }

    fn lines_of(&self, block: &Block) -> std::slice::ChunksExact<'_, f64> {
        let from = self.line.get(block.rows.start).copied().unwrap_or(self.lines.len());
        self.lines[from..from + block.size()].chunks_exact(block.width.max(1))
    }
}

/// So many rows and columns are worked on together: what fits into registers.
const TALL: usize = 4;
const WIDE: usize = 8;
/// So many rows go through the rows above them together, of which a strip is then read once for all of
/// them from where memory is slow. A multiple of `TALL`.
const BAND: usize = 32;
/// From so many multiplications on, for a band, two processors share them: some 0.1 ms.
const SHARED: usize = 500_000;

/// [`cholesky`] of each block on whatever registers the processor has: the same operations in the same
/// order, only wider. A closure would not be compiled for each kind. `whole` is the diagonal before
/// anything was taken from it.
struct Cholesky<'a> {
    blocks: &'a [Block],
    lines: &'a mut [f64],
    whole: &'a [f64],
}

impl NullaryFnOnce for Cholesky<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Some((border, blocks)) = self.blocks.split_last() else { return };
        let (mut rest, edge) = self.lines.split_at_mut(self.lines.len() - border.size());
        let mut above = Above::default();
        let end = border.width;
        for block in blocks {
            let (lines, others) = std::mem::take(&mut rest).split_at_mut(block.size());
            rest = others;
            let (count, width) = (block.rows.len(), block.width);
            cholesky(lines, width, count, &self.whole[block.rows.clone()], &mut above);
            for first in (0..end).step_by(BAND).filter(|_| count > 0) {
                let rows = first..end.min(first + BAND);
                let here = &mut edge[first * end..rows.end * end];
                above.take(here, end, rows, Done { lines, width, behind: count });
            }
        }
        cholesky(edge, end, end, &self.whole[border.rows.clone()], &mut above);
    }
}

/// Finished lines, of a width, of which what a band's rows have from the first column on stands behind so
/// many others.
#[derive(Clone, Copy)]
struct Done<'a> {
    lines: &'a [f64],
    width: usize,
    behind: usize,
}

/// Copies of what lies rows apart.
#[derive(Default)]
struct Above {
    bands: Vec<[f64; BAND]>,
    strip: Vec<[f64; WIDE]>,
}

impl Above {
    /// Takes from some rows, so `width` wide, the products of finished lines with themselves.
    #[inline(always)]
    fn take(&mut self, here: &mut [f64], width: usize, rows: Range<usize>, done: Done<'_>) {
        self.bands.clear();
        let (first, end) = (done.behind + rows.start, done.behind + rows.end);
        for other in done.lines.chunks_exact(done.width) {
            let mut of_band = [0.0; BAND];
            of_band[..rows.len()].copy_from_slice(&other[first..end]);
            self.bands.push(of_band);
        }
        let (bands, count) = (&self.bands[..], rows.len());
        let strips = |columns: Range<usize>| Strips { bands, done, count, columns, width };
        if bands.len() * BAND * (width - rows.start) < SHARED {
            strips(rows.start..width).each(&mut self.strip, |column, sums| {
                subtract(here, width, column, sums);
            });
            return;
        }
        let middle = rows.start + ((width - rows.start) / 2).next_multiple_of(WIDE);
        let gather = |columns: Range<usize>| Arch::new().dispatch(strips(columns));
        let halves = rayon::join(|| gather(rows.start..middle), || gather(middle..width));
        for (column, sums) in halves.0.iter().chain(&halves.1) {
            subtract(here, width, *column, sums);
        }
    }
}

/// The products of a band's rows with a strip.
type Products = [[[f64; WIDE]; TALL]; BAND / TALL];

/// The products of a band of `count` rows with some columns, of so many in all.
struct Strips<'a> {
    bands: &'a [[f64; BAND]],
    done: Done<'a>,
    count: usize,
    columns: Range<usize>,
    width: usize,
}

impl Strips<'_> {
    /// Hears of each strip its first column and the products with the band's rows. What is below the
    /// diagonal is worked out as well and never looked at.
    #[inline(always)]
    fn each(self, strip: &mut Vec<[f64; WIDE]>, mut hear: impl FnMut(usize, &Products)) {
        for column in self.columns.step_by(WIDE) {
            let wide = WIDE.min(self.width - column);
            let first = self.done.behind + column;
            strip.clear();
            for other in self.done.lines.chunks_exact(self.done.width) {
                let mut of_strip = [0.0; WIDE];
                of_strip[..wide].copy_from_slice(&other[first..first + wide]);
                strip.push(of_strip);
            }
            let mut sums = [[[0.0; WIDE]; TALL]; BAND / TALL];
            for (number, sums) in sums.iter_mut().enumerate().take(self.count.div_ceil(TALL)) {
                *sums = product(self.bands, number * TALL, strip);
            }
            hear(column, &sums);
        }
    }
}

impl NullaryFnOnce for Strips<'_> {
    type Output = Vec<(usize, Products)>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let mut all = Vec::with_capacity(self.columns.len().div_ceil(WIDE));
        self.each(&mut Vec::new(), |column, sums| all.push((column, *sums)));
        all
    }
}

/// Takes products from the lines of a band, from a column on.
#[inline(always)]
fn subtract(here: &mut [f64], width: usize, column: usize, sums: &Products) {
    let wide = WIDE.min(width - column);
    for (line, sums) in here.chunks_exact_mut(width).zip(sums.iter().flatten()) {
        let line = line[column..column + wide].iter_mut();
        line.zip(sums).for_each(|(entry, sum)| *entry -= sum);
    }
}

/// Factorises a symmetric matrix, given by `count` lines of its upper triangle, in place: the lines'
/// products with themselves make up the matrix. `whole` is the diagonal before anything was taken from
/// it: a row of which next to nothing is left is made up by others and counts for nothing.
#[inline(always)]
fn cholesky(lines: &mut [f64], width: usize, count: usize, whole: &[f64], above: &mut Above) {
    for first in (0..count).step_by(BAND) {
        let end = count.min(first + BAND);
        let (done, here) = lines.split_at_mut(first * width);
        let here = &mut here[..(end - first) * width];
        above.take(here, width, first..end, Done { lines: done, width, behind: 0 });
        for i in first..end {
            let (line, below) = here[(i - first) * width..].split_at_mut(width);
            let is_there = line[i] > 1e-13 * whole[i];
            let pivot = if is_there { line[i].sqrt() } else { 1e64 };
            line[i] = pivot;
            line[i + 1..].iter_mut().for_each(|entry| *entry /= pivot);
            for (number, other) in below.chunks_exact_mut(width).enumerate() {
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

    /// Rows of which those of a block share columns with each other and the border alone.
    fn entry(i: usize, j: usize, ends: &[usize]) -> f64 {
        let block = |row: usize| ends.iter().filter(|end| **end <= row).count();
        let apart = block(i) != block(j) && block(i.max(j)) < ends.len();
        let own = if i == j { 8.0 } else { 0.0 };
        if apart { 0.0 } else { own + 1.0 / (1.0 + (i + j) as f64) }
    }

    #[test]
    fn a_factor_solves_what_it_was_made_of() {
        let rows = 143;
        for ends in [vec![], vec![40], vec![37, 90], vec![37, 37, 140], vec![60, 143]] {
            let mut programme = Programme::new(0, vec![0.0; rows], ends.clone());
            // A column for each pair of rows, so that the sums of products are the entries.
            let mut weights = Vec::new();
            for i in 0..rows {
                for j in 0..i {
                    let both = entry(i, j, &ends);
                    if both > 0.0 {
                        programme.column(None, 0.0, 1.0, [(j as u32, 1.0), (i as u32, 1.0)]);
                        weights.push(both);
                    }
                }
                programme.column(None, 0.0, 1.0, [(i as u32, 1.0)]);
                weights.push(entry(i, i, &ends));
            }
            let mut matrix = vec![vec![0.0; rows]; rows];
            for (column, weight) in weights.iter().enumerate() {
                for (a, _) in programme.entries_of(column) {
                    for (b, _) in programme.entries_of(column) {
                        matrix[*a as usize][*b as usize] += weight;
                    }
                }
            }
            let mut system = System::new(&programme);
            system.factorise(&programme, &weights);
            let right: Vec<f64> = (0..rows).map(|row| (row % 7) as f64 - 2.5).collect();
            let duals = system.solve(Duals { groups: Vec::new(), rows: right.clone() });
            for (line, right) in matrix.iter().zip(&right) {
                let sum: f64 = line.iter().zip(&duals.rows).map(|(a, y)| a * y).sum();
                assert!((sum - right).abs() < 1e-9, "blocks to {ends:?}: {sum} is not {right}");
            }
        }
    }
}
