//! The master: a linear programme over months, one of each consultant, coupled by rows and cuts.

use super::interior::Programme;
use super::month::UNITS;
use super::play::Play;
use super::region::Region;
use super::rows::RowCost;
use crate::dice::Dice;
use crate::engine::Stop;

/// A month that a consultant may work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Whose, by place among those who have options.
    pub(super) person: usize,
    /// Chosen options, by their number in the problem.
    pub(super) options: Vec<u32>,
    /// What it costs by itself, in units.
    pub(super) cost: i64,
    /// What it adds to rows: each row once, in order.
    pub(super) sums: Vec<(u32, i64)>,
}

impl Column {
    pub(super) fn piece(&self) -> Piece<'_> {
        Piece { person: self.person, cost: self.cost, sums: &self.sums }
    }
}

/// What a master needs to know of a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// See [`Column`].
    pub(super) person: usize,
    /// Likewise.
    pub(super) cost: i64,
    /// Likewise.
    pub(super) sums: &'a [(u32, i64)],
}

/// A rank-one cut: packing rows, and consultants, who have one month each, weighted by numbers over `of`,
/// rounded down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// The rows in order, with their numerators; a consultant's number is behind those of all rows.
    pub(super) rows: Vec<(u32, u8)>,
    /// The denominator.
    pub(super) of: u8,
    /// The bound.
    pub(super) most: i64,
}

impl Cut {
    /// A consultant's number in cuts, where there are so many rows.
    pub(super) fn own(rows: usize, person: usize) -> u32 {
        (rows + person) as u32
    }

    /// What a month counts in the cut: of the consultant with this number there, with these sums of rows.
    pub(super) fn count(&self, own: u32, sums: &[(u32, i64)]) -> i64 {
        let mut sum = 0;
        for (row, weight) in &self.rows {
            if *row == own {
                sum += i64::from(*weight);
            } else if let Ok(at) = sums.binary_search_by_key(row, |entry| entry.0) {
                sum += i64::from(*weight) * sums[at].1;
            }
        }
        sum / i64::from(self.of)
    }
}

/// Some cuts, and in which of them each row and consultant is: a month is in few.
pub(super) struct Lookup<'a> {
    cuts: &'a [Cut],
    cuts_of: Vec<Vec<u32>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(cuts: &'a [Cut], rows: usize, people: usize) -> Self {
        let mut cuts_of = vec![Vec::new(); rows + people];
        for (number, cut) in cuts.iter().enumerate() {
            cut.rows.iter().for_each(|(row, _)| cuts_of[*row as usize].push(number as u32));
        }
        Self { cuts, cuts_of }
    }

    /// What a month counts in the cuts, as for [`Cut::count`]: by their number, where that is not 0.
    pub(super) fn counts(&self, own: u32, sums: &[(u32, i64)]) -> Vec<(u32, i64)> {
        let held = sums.iter().map(|(row, _)| *row).chain([own]);
        let mut touched: Vec<u32> =
            held.flat_map(|row| &self.cuts_of[row as usize]).copied().collect();
        touched.sort_unstable();
        touched.dedup();
        let count = |cut: u32| (cut, self.cuts[cut as usize].count(own, sums));
        touched.into_iter().map(count).filter(|count| count.1 > 0).collect()
    }
}

/// Prices of rows and cuts, in units. Cuts that came later have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Duals {
    pub(super) rows: Vec<i64>,
    pub(super) cuts: Vec<i64>,
}

impl Duals {
    /// Which of so many cuts have a price.
    pub(super) fn with_price(&self, count: usize) -> Vec<bool> {
        (0..count).map(|cut| self.of_cut(cut) > 0).collect()
    }

    /// What a unit of a cut costs.
    pub(super) fn of_cut(&self, cut: usize) -> i64 {
        self.cuts.get(cut).copied().unwrap_or(0)
    }
}

/// What the master says.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    /// In points, up to the solver's precision.
    pub(super) objective: f64,
    /// How much of each column given.
    pub(super) shares: Vec<f64>,
    /// What a unit of each row's sum is to cost the months, in units; 0 for rows that are not in.
    pub(super) row_duals: Vec<i64>,
    /// The same for cuts.
    pub(super) cut_duals: Vec<i64>,
    /// What it took, in steps of work.
    pub(super) steps: u64,
}

/// The parts of a master.
#[derive(Clone, Copy)]
pub(super) struct Master<'a> {
    pub(super) people: usize,
    pub(super) columns: &'a [Piece<'a>],
    pub(super) rows: &'a [RowCost],
    pub(super) play: &'a Play,
    pub(super) cuts: &'a [Cut],
    /// Which cuts are in; all of them where this is empty.
    pub(super) live: &'a [bool],
    /// The slice of time of each row; rows of several are of none, and so are all where this is empty.
    pub(super) slices: &'a [Option<u32>],
    /// Points by which months are made dearer at most, each by another number, and where these start.
    pub(super) noise: (f64, u64),
    /// Whose one column is fixed; nobody's where this is empty.
    pub(super) fixed: &'a [bool],
    /// Relative precision.
    pub(super) precision: f64,
    /// Where prices are drawn to; the objective is what they come to without that.
    pub(super) region: Option<&'a Region>,
    /// Where it need only be solved roughly, the shares of columns to begin with. For masters with a region
    /// and without slices; others are solved as precisely as ever.
    pub(super) rough: Option<&'a [f64]>,
    /// Where there is no region, what prices are likely to be.
    pub(super) from: Option<&'a Duals>,
    /// When there is no time for it any more: then it is not solved.
    pub(super) stop: &'a Stop,
}

impl Master<'_> {
    /// Solves it.
    pub(super) fn solve(&self) -> Result<Solved, String> {
        let points = |units: i64| units as f64 / UNITS as f64;
        let counts = self.counts();
        let rest = Rest::new(self, &counts);
        // Rows that there is something to choose in come first, slice by slice, then cuts.
        let (mut row_in, mut cut_in) = (vec![false; self.rows.len()], vec![false; self.cuts.len()]);
        for number in rest.open() {
            self.columns[number].sums.iter().for_each(|(row, _)| row_in[*row as usize] = true);
            counts[number].iter().for_each(|(cut, _)| cut_in[*cut as usize] = true);
        }
        let slice = |row: usize| self.slices.get(row).copied().flatten();
        let mut order: Vec<usize> =
            (0..self.rows.len()).filter(|row| row_in[*row] && self.play.active[*row]).collect();
        order.sort_by_key(|row| (slice(*row).unwrap_or(u32::MAX), *row));
        let is_live = |cut: usize| self.live.get(cut).copied().unwrap_or(true);
        let cuts: Vec<usize> =
            (0..self.cuts.len()).filter(|cut| cut_in[*cut] && is_live(*cut)).collect();
        let mut place = vec![NOWHERE; self.rows.len()];
        order.iter().enumerate().for_each(|(at, row)| place[*row] = at as u32);
        let mut place_of_cut = vec![NOWHERE; self.cuts.len()];
        let behind = cuts.iter().enumerate();
        behind.for_each(|(at, cut)| place_of_cut[*cut] = (order.len() + at) as u32);
        let inside = order.iter().take_while(|row| slice(**row).is_some()).count();
        let ends = (1..=inside)
            .filter(|at| *at == inside || slice(order[*at]) != slice(order[at - 1]))
            .collect();
        let mut rhs: Vec<f64> = order.iter().map(|row| -rest.sums[*row] as f64).collect();
        rhs.extend(cuts.iter().map(|cut| -rest.counts[*cut] as f64));
        let mut programme = Programme::new(rest.choosing, rhs, ends);
        for number in rest.open() {
            let column = &self.columns[number];
            let rows = column.sums.iter().filter(|(row, _)| place[*row as usize] != NOWHERE);
            let rows = rows.map(|(row, weight)| (place[*row as usize], *weight as f64));
            let counts = counts[number].iter();
            let counts = counts.filter(|(cut, _)| place_of_cut[*cut as usize] != NOWHERE);
            let counts = counts.map(|(cut, count)| (place_of_cut[*cut as usize], *count as f64));
            let group = rest.group_of[column.person];
            programme.column(group, self.cost(number), f64::INFINITY, rows.chain(counts));
        }
        for group in rest.without.iter().filter_map(|person| rest.group_of[*person]) {
            programme.column(Some(group), self.play.penalty, f64::INFINITY, []);
        }
        let penalty = self.play.penalty * UNITS as f64;
        let mut constant = rest.cost;
        for (number, (place, row)) in place.iter().zip(self.rows).enumerate() {
            if *place == NOWHERE {
                if self.play.active[number] {
                    constant += row.at_fraction(rest.sums[number] as f64, penalty) / UNITS as f64;
                }
                continue;
            }
            constant += points(row.base);
            for (units, each) in &row.steps {
                programme.column(None, points(*each), *units as f64, [(*place, -1.0)]);
            }
            if row.hard {
                programme.column(None, self.play.penalty, f64::INFINITY, [(*place, -1.0)]);
            }
        }
        for (place, cut) in (order.len() as u32..).zip(&cuts) {
            programme.column(None, 0.0, self.cuts[*cut].most as f64, [(place, -1.0)]);
            // Months that were picked out may break it.
            programme.column(None, self.play.penalty, f64::INFINITY, [(place, -1.0)]);
        }
        if let Some(from) = self.from {
            let rows = order.iter().map(|row| from.rows[*row]);
            let cuts = cuts.iter().map(|cut| from.of_cut(*cut));
            rows.chain(cuts).enumerate().for_each(|(at, dual)| programme.begin(at, -points(dual)));
        }
        if let Some(region) = self.region {
            region.draw(&mut programme, self.rows, &order, &cuts);
        }
        let may_be_rough = self.region.is_some() && self.slices.is_empty();
        let optimum = match self.rough.filter(|_| may_be_rough) {
            Some(shares) => {
                let shares: Vec<f64> = rest.open().map(|number| shares[number]).collect();
                programme.exchange(&shares, self.precision, constant)
            }
            None => {
                let solved = programme.solve(self.precision, constant, self.stop);
                solved.ok_or("no precise solution")?
            }
        };
        let mut shares = rest.shares();
        rest.open().zip(&optimum.values).for_each(|(number, share)| shares[number] = *share);
        let units = |price: f64| {
            let price = -price * UNITS as f64;
            if price.is_finite() { price.round().clamp(-1e12, 1e12) as i64 } else { 0 }
        };
        // Where there is nothing to choose, a row's price is that of its next unit.
        let dual = |(row, place): (usize, &u32)| match *place {
            NOWHERE if !self.play.active[row] => 0,
            NOWHERE => self.rows[row].next(rest.sums[row], penalty as i64),
            place => units(optimum.duals[place as usize]),
        };
        let row_duals = place.iter().enumerate().map(dual).collect();
        let dual = |place: &u32| match *place {
            NOWHERE => 0,
            place => units(optimum.duals[place as usize]).max(0),
        };
        let cut_duals = place_of_cut.iter().map(dual).collect();
        let (objective, steps) = (optimum.objective + constant, optimum.steps);
        Ok(Solved { objective, shares, row_duals, cut_duals, steps })
    }

    /// What a column costs by itself, in points.
    fn cost(&self, number: usize) -> f64 {
        let noise = self.noise.0 * fraction(self.noise.1 ^ number as u64);
        self.columns[number].cost as f64 / UNITS as f64 + noise
    }

    /// The cuts that each column counts in, and what.
    fn counts(&self) -> Vec<Vec<(u32, i64)>> {
        let lookup = Lookup::new(self.cuts, self.rows.len(), self.people);
        let own = |column: &Piece<'_>| Cut::own(self.rows.len(), column.person);
        self.columns.iter().map(|column| lookup.counts(own(column), column.sums)).collect()
    }
}

/// What becomes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It may be chosen.
    Open,
    /// It is chosen.
    Fixed,
    /// Those that are fixed are in its way.
    Out,
}

/// What is left of a master beside months that are fixed. In a dive that is ever less.
struct Rest {
    fates: Vec<Fate>,
    /// What fixed months add to rows and to cuts, and what they cost, in points.
    sums: Vec<i64>,
    counts: Vec<i64>,
    cost: f64,
    /// The group of each consultant who has a choice, and how many there are.
    group_of: Vec<Option<usize>>,
    choosing: usize,
    /// Those who have no month at all.
    without: Vec<usize>,
}

impl Rest {
    fn new(master: &Master<'_>, counts: &[Vec<(u32, i64)>]) -> Self {
        let mut without = vec![true; master.people];
        master.columns.iter().for_each(|column| without[column.person] = false);
        let mut rest = Self {
            fates: vec![Fate::Open; master.columns.len()],
            sums: vec![0; master.rows.len()],
            counts: vec![0; master.cuts.len()],
            cost: 0.0,
            group_of: vec![None; master.people],
            choosing: 0,
            without: (0..master.people).filter(|person| without[*person]).collect(),
        };
        let is_fixed = |person: usize| master.fixed.get(person).copied().unwrap_or(false);
        for person in (0..master.people).filter(|person| !is_fixed(*person)) {
            rest.group_of[person] = Some(rest.choosing);
            rest.choosing += 1;
        }
        if rest.choosing == master.people {
            return rest;
        }
        for (number, column) in master.columns.iter().enumerate() {
            if is_fixed(column.person) {
                rest.fates[number] = Fate::Fixed;
                rest.cost += master.cost(number);
                column.sums.iter().for_each(|(row, w)| rest.sums[*row as usize] += w);
                counts[number].iter().for_each(|(cut, c)| rest.counts[*cut as usize] += c);
            }
        }
        let room = |row: usize| match master.rows[row].packs {
            Some(most) if master.rows[row].hard => most - rest.sums[row],
            _ => i64::MAX,
        };
        let room: Vec<i64> = (0..master.rows.len()).map(room).collect();
        let fits =
            |column: &Piece<'_>| column.sums.iter().all(|(row, w)| *w <= room[*row as usize]);
        let fitting: Vec<bool> = master.columns.iter().map(fits).collect();
        let mut left = vec![false; master.people];
        for (column, fits) in master.columns.iter().zip(&fitting) {
            left[column.person] |= fits;
        }
        for ((column, fits), fate) in master.columns.iter().zip(&fitting).zip(&mut rest.fates) {
            // Who would be left without a month keeps those that break something.
            if *fate == Fate::Open && !fits && left[column.person] {
                *fate = Fate::Out;
            }
        }
        rest
    }

    /// The columns that there is a choice of, by number.
    fn open(&self) -> impl Iterator<Item = usize> {
        let fates = self.fates.iter().enumerate();
        fates.filter(|(_, fate)| **fate == Fate::Open).map(|(number, _)| number)
    }

    /// How much there is of each column that there is no choice of.
    fn shares(&self) -> Vec<f64> {
        let share = |fate: &Fate| f64::from(u8::from(*fate == Fate::Fixed));
        self.fates.iter().map(share).collect()
    }
}

/// Of a row that is not in.
const NOWHERE: u32 = u32::MAX;

/// From 0 to 1, the same for the same number.
fn fraction(number: u64) -> f64 {
    Dice::new(number).fraction()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: usize = 12;
    const PEOPLE: usize = 8;

    /// Rows with one place each that cost more where they are empty, and one that counts them all.
    fn rows() -> Vec<RowCost> {
        let place = |row: usize| RowCost {
            base: 100 * UNITS,
            steps: vec![(1, -(60 + 3 * row as i64) * UNITS)],
            hard: true,
            packs: Some(1),
            largest: 1,
        };
        let all = RowCost {
            base: 0,
            steps: vec![(5, 0), (40, 9 * UNITS)],
            hard: false,
            packs: None,
            largest: 1,
        };
        (0..PLACES).map(place).chain([all]).collect()
    }

    /// Months of some places, the first of each consultant empty; of the first few one each.
    fn columns(fixed: &[bool], seed: u64) -> Vec<Column> {
        let mut dice = Dice::new(seed);
        let mut columns = Vec::new();
        let mut taken = [false; PLACES];
        for (person, fixed) in fixed.iter().enumerate() {
            for number in 0..if *fixed { 1 } else { 9 } {
                let mut places: Vec<u32> =
                    (0..dice.below(4)).map(|_| dice.below(PLACES) as u32).collect();
                places.sort_unstable();
                places.dedup();
                if *fixed {
                    places.retain(|place| !std::mem::replace(&mut taken[*place as usize], true));
                } else if number == 0 {
                    places.clear();
                }
                let cost = dice.below(50) as i64 * UNITS;
                let all = (PLACES as u32, places.len() as i64);
                let sums = places.iter().map(|place| (*place, 1)).chain([all]);
                let sums = sums.filter(|(_, weight)| *weight > 0).collect();
                columns.push(Column { person, options: places, cost, sums });
            }
        }
        columns
    }

    /// A precise master over columns, where all may be chosen and nothing says what prices are likely.
    fn master<'a>(
        columns: &'a [Piece<'a>],
        rows: &'a [RowCost],
        play: &'a Play,
        cuts: &'a [Cut],
        stop: &'a Stop,
    ) -> Master<'a> {
        Master {
            people: PEOPLE,
            columns,
            rows,
            play,
            cuts,
            slices: &[],
            noise: (0.0, 0),
            fixed: &[],
            precision: 1e-8,
            region: None,
            rough: None,
            live: &[],
            from: None,
            stop,
        }
    }

    #[test]
    fn what_is_fixed_may_as_well_be_left_out() {
        let rows = rows();
        let mut play = Play::new(&rows);
        play.active.fill(true);
        let cut = Cut { rows: vec![(0, 1), (1, 1), (2, 1)], of: 2, most: 1 };
        let (cuts, stop) = (std::slice::from_ref(&cut), Stop::default());
        for seed in 0..40 {
            let fixed: Vec<bool> = (0..PEOPLE).map(|person| person < 1 + seed % 7).collect();
            let columns = columns(&fixed, seed as u64);
            let pieces: Vec<Piece<'_>> = columns.iter().map(Column::piece).collect();
            let solve = |fixed: &[bool]| {
                let master = Master { fixed, ..master(&pieces, &rows, &play, cuts, &stop) };
                master.solve().unwrap_or_else(|error| panic!("seed {seed}: {error}"))
            };
            let (left_out, all) = (solve(&fixed), solve(&[]));
            let apart = (left_out.objective - all.objective).abs();
            assert!(apart < 1e-3, "seed {seed}: {} is not {}", left_out.objective, all.objective);
            for person in 0..PEOPLE {
                let of = |(column, share): (&Column, &f64)| {
                    if column.person == person { *share } else { 0.0 }
                };
                let sum: f64 = columns.iter().zip(&left_out.shares).map(of).sum();
                assert!((sum - 1.0).abs() < 1e-4, "seed {seed}: consultant {person} has {sum}");
            }
            // The duals make as high a bound, fixed months included.
            let own = |person: usize| (rows.len() + person) as u32;
            let priced = |column: &Column| {
                let sums = column.sums.iter();
                let sums_cost: i64 =
                    sums.map(|(row, w)| left_out.row_duals[*row as usize] * w).sum();
                let count = cut.count(own(column.person), &column.sums);
                column.cost + sums_cost + left_out.cut_duals[0] * count
            };
            let fits = |column: &&Column| {
                let held = |row: u32| {
                    let others =
                        columns.iter().filter(|c| fixed[c.person] && c.person != column.person);
                    others.flat_map(|c| &c.sums).any(|(other, _)| *other == row)
                };
                !column.options.iter().any(|place| held(*place))
            };
            let least = |person: usize| {
                let mine = columns.iter().filter(|column| column.person == person).filter(fits);
                mine.map(priced).min().unwrap_or(0)
            };
            let of_rows: i64 =
                rows.iter().zip(&left_out.row_duals).map(|(row, dual)| row.least(*dual)).sum();
            let of_cut = left_out.cut_duals[0] * cut.most;
            let bound = of_rows - of_cut + (0..PEOPLE).map(least).sum::<i64>();
            let bound = bound as f64 / UNITS as f64;
            let apart = (left_out.objective - bound).abs();
            assert!(apart < 0.5, "seed {seed}: {bound} is not {}", left_out.objective);
        }
    }

    #[test]
    fn rough_masters_know_of_cuts_too() {
        let rows = rows();
        let mut play = Play::new(&rows);
        play.active.fill(true);
        let places = PLACES as u32;
        let pairs = (0..places).flat_map(|a| (a + 1..places).map(move |b| (a, b)));
        let triples =
            pairs.flat_map(|(a, b)| (b + 1..places).map(move |c| [(a, 1), (b, 1), (c, 1)]));
        let cuts: Vec<Cut> =
            triples.map(|rows| Cut { rows: rows.to_vec(), of: 2, most: 1 }).collect();
        let region = Region::new(&vec![0; rows.len()], &vec![0; cuts.len()], false, true);
        let stop = Stop::default();
        let mut binding = 0;
        for seed in 0..40 {
            let columns = columns(&[false; PEOPLE], seed);
            let pieces: Vec<Piece<'_>> = columns.iter().map(Column::piece).collect();
            let none = vec![0.0; columns.len()];
            let solve = |rough: Option<&[f64]>| {
                let precision = if rough.is_some() { 0.0 } else { 1e-8 };
                let free = master(&pieces, &rows, &play, &cuts, &stop);
                let master = Master { precision, region: Some(&region), rough, ..free };
                master.solve().unwrap_or_else(|error| panic!("seed {seed}: {error}"))
            };
            let (precise, rough) = (solve(None), solve(Some(&none)));
            let apart =
                (rough.objective - precise.objective).abs() / (1.0 + precise.objective.abs());
            assert!(apart < 5e-3, "seed {seed}: {} and {}", rough.objective, precise.objective);
            let all = |solved: &Solved| solved.cut_duals.iter().sum::<i64>() as f64 / UNITS as f64;
            let (all, roughly) = (all(&precise), all(&rough));
            assert!((all - roughly).abs() < 0.3 + all / 20.0, "seed {seed}: {all} and {roughly}");
            binding += usize::from(all > 1.0);
        }
        assert!(binding > 10, "{binding}");
    }
}
