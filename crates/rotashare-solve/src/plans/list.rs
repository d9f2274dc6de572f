//! All months that a better rota can be made of, listed: within a small gap they are few, and what is
//! listed needs no pricing any more. Linear programmes over them, with an exact bound.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::master::{Column, Cut, Duals, Lookup, Master, Piece, Solved};
use super::month::{NEVER, UNITS};
use super::play::Play;
use super::rows::Rows;
use crate::engine::Stop;

/// Rows of different lengths, one after another.
#[derive(Clone, Debug)]
struct Ragged<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Ragged<T> {
    fn new() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }

    fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.items.extend(row);
        self.starts.push(self.items.len() as u32);
    }

    fn row(&self, number: u32) -> &[T] {
        let number = number as usize;
        &self.items[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

/// Listed months, those of one consultant together, and the cuts that hold for them.
#[derive(Clone, Debug)]
pub(super) struct List {
    /// How many rows and consultants there are.
    rows: usize,
    people: usize,
    months: Vec<(u32, i64)>,
    options: Ragged<u32>,
    sums: Ragged<(u32, i64)>,
    cuts: Vec<Cut>,
    /// For each month what it counts in cuts, where that is not 0.
    counts: Ragged<(u32, i64)>,
}

impl List {
    /// None yet, of so many consultants, with so many rows.
    pub(super) fn new(rows: usize, people: usize) -> Self {
        Self {
            rows,
            people,
            months: Vec::new(),
            options: Ragged::new(),
            sums: Ragged::new(),
            cuts: Vec::new(),
            counts: Ragged::new(),
        }
    }

    /// Adds a month.
    pub(super) fn push(&mut self, column: &Column) {
        self.months.push((column.person as u32, column.cost));
        self.options.push(column.options.iter().copied());
        self.sums.push(column.sums.iter().copied());
    }

    pub(super) fn len(&self) -> usize {
        self.months.len()
    }

    pub(super) fn person(&self, month: u32) -> usize {
        self.months[month as usize].0 as usize
    }

    /// The number in cuts of the consultant whose month it is.
    pub(super) fn own(&self, month: u32) -> u32 {
        Cut::own(self.rows, self.person(month))
    }

    pub(super) fn options(&self, month: u32) -> &[u32] {
        self.options.row(month)
    }

    pub(super) fn sums(&self, month: u32) -> &[(u32, i64)] {
        self.sums.row(month)
    }

    pub(super) fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Whether a month has one of these options.
    pub(super) fn has_any(&self, month: u32, options: &[u32]) -> bool {
        let held = self.options(month);
        options.iter().any(|option| held.binary_search(option).is_ok())
    }

    fn piece(&self, month: u32) -> Piece<'_> {
        let (person, cost) = self.months[month as usize];
        Piece { person: person as usize, cost, sums: self.sums.row(month) }
    }

    /// Sets the cuts.
    pub(super) fn set_cuts(&mut self, cuts: Vec<Cut>) {
        self.cuts.clear();
        self.counts = Ragged::new();
        (0..self.months.len()).for_each(|_| self.counts.push([]));
        self.add_cuts(cuts);
    }

    /// Adds cuts behind those that are there.
    pub(super) fn add_cuts(&mut self, cuts: Vec<Cut>) {
        let first = self.cuts.len() as u32;
        let lookup = Lookup::new(&cuts, self.rows, self.people);
        let counted: Vec<Vec<(u32, i64)>> = (0..self.months.len() as u32)
            .into_par_iter()
            .map(|month| lookup.counts(self.own(month), self.sums.row(month)))
            .collect();
        let before = std::mem::replace(&mut self.counts, Ragged::new());
        for (month, counts) in counted.into_iter().enumerate() {
            let counts = counts.into_iter().map(|(cut, count)| (first + cut, count));
            self.counts.push(before.row(month as u32).iter().copied().chain(counts));
        }
        self.cuts.extend(cuts);
    }

    /// Lets cuts in that so much of these months breaks; whether there were any.
    fn let_in(&self, shares: &[(u32, f64)], live: &mut [bool]) -> bool {
        let mut sums = vec![0.0; live.len()];
        for (month, share) in shares {
            for (cut, count) in self.counts.row(*month) {
                sums[*cut as usize] += *count as f64 * share;
            }
        }
        let mut any = false;
        for ((live, sum), cut) in live.iter_mut().zip(sums).zip(&self.cuts) {
            let is_new = !*live && sum > cut.most as f64 + BROKEN;
            *live |= is_new;
            any |= is_new;
        }
        any
    }

    /// What a month costs under duals.
    fn reduced(&self, month: u32, duals: &Duals) -> i64 {
        let (_, cost) = self.months[month as usize];
        let rows: i64 = self.sums.row(month).iter().map(|(r, w)| duals.rows[*r as usize] * w).sum();
        let counts = self.counts.row(month).iter();
        cost + rows + counts.map(|(cut, count)| duals.of_cut(*cut as usize) * count).sum::<i64>()
    }
}

/// What does not change from one programme over a list to the next.
pub(super) struct Programmes<'a> {
    pub(super) people: usize,
    pub(super) rows: &'a Rows,
    /// Points that every rota has, in units.
    pub(super) constant: i64,
    pub(super) stop: &'a Stop,
    /// Steps of work that are not counted yet: they are once all that runs beside each other is over.
    pub(super) steps: AtomicU64,
}

/// Where a programme over a list starts, and how it ended.
#[derive(Clone, Debug)]
pub(super) struct Relaxed {
    /// No rota of months of the list costs less, in units.
    pub(super) bound: i64,
    /// The last master's objective, in points.
    pub(super) objective: f64,
    /// The duals of the bound.
    pub(super) duals: Duals,
    /// Those of the last master.
    pub(super) last: Duals,
    /// The months that may still be in a better rota.
    pub(super) alive: Vec<u32>,
    /// The months of the last master.
    pub(super) picked: Vec<u32>,
    /// How much of which it takes.
    pub(super) shares: Vec<(u32, f64)>,
    pub(super) play: Play,
}

/// Rounds at most.
const ROUNDS: usize = 40;
/// Months of one consultant that come in in one round.
const MONTHS_A_ROUND: usize = 6;
/// A month that betters the master by less than this, in units, does not count.
const LEAST_GAIN: i64 = UNITS / 64;
/// A cut that is out comes in where it is broken by more.
const BROKEN: f64 = 1e-3;
/// What master and bound may differ by, in points.
const SLACK: f64 = 0.1;

/// The precision of an estimate.
const ROUGHLY: f64 = 1e-4;

struct Scan {
    bound: i64,
    /// For each living month what it costs more than the cheapest of his.
    over: Vec<i64>,
}

impl Programmes<'_> {
    /// Counts the work since the last time.
    pub(super) fn count(&self) {
        self.stop.count(self.steps.swap(0, Ordering::Relaxed));
    }

    fn scan(&self, list: &List, alive: &[u32], duals: &Duals) -> Scan {
        let mut over: Vec<i64> =
            alive.par_iter().with_min_len(512).map(|month| list.reduced(*month, duals)).collect();
        let mut least = vec![i64::MAX; self.people];
        for (month, cost) in alive.iter().zip(&over) {
            let least = &mut least[list.person(*month)];
            *least = (*least).min(*cost);
        }
        for (month, over) in alive.iter().zip(&mut over) {
            *over -= least[list.person(*month)];
        }
        let cuts: i64 = list.cuts.iter().zip(&duals.cuts).map(|(cut, dual)| cut.most * dual).sum();
        // Without a month for somebody there is no rota.
        let bound = if least.contains(&i64::MAX) {
            NEVER
        } else {
            self.constant + self.rows.least(&duals.rows) - cuts + least.iter().sum::<i64>()
        };
        Scan { bound, over }
    }

    /// The linear programme over living months. Ends early where no rota costs less than `enough`.
    pub(super) fn relax(
        &self,
        list: &List,
        start: &Relaxed,
        alive: Vec<u32>,
        enough: i64,
        precision: f64,
    ) -> Relaxed {
        let mut at = Relaxed {
            bound: start.bound,
            objective: f64::INFINITY,
            duals: start.duals.clone(),
            last: start.last.clone(),
            alive,
            picked: Vec::new(),
            shares: Vec::new(),
            play: start.play.clone(),
        };
        let first = self.scan(list, &at.alive, &at.duals);
        at.bound = at.bound.max(first.bound);
        let most = 6 * self.people + 3 * at.play.count() + 300;
        at.picked = pick(&at.alive, &first.over, &start.picked, most);
        self.keep(&mut at, &first, enough);
        let mut live = at.last.with_price(list.cuts.len());
        for _ in 0..ROUNDS {
            if at.bound >= enough || self.stop.now() {
                break;
            }
            // What can't be solved precisely leaves the bound as it is.
            let in_play = (&at.play, &live[..], &at.last);
            let solve = |precision| self.solve(list, in_play, &at.picked, precision);
            let again = |said| if self.stop.now() { Err(said) } else { solve(100.0 * precision) };
            let Ok(solved) = solve(precision).or_else(again) else { break };
            at.objective = solved.objective;
            let share = |(month, share): (&u32, &f64)| (*share > 1e-5).then_some((*month, *share));
            at.shares = at.picked.iter().zip(&solved.shares).filter_map(share).collect();
            let rows_grew = at.play.let_in(&self.rows.costs, &self.sums(list, &at.shares));
            let grew = list.let_in(&at.shares, &mut live) || rows_grew;
            at.last = Duals { rows: solved.row_duals, cuts: solved.cut_duals };
            let scan = self.scan(list, &at.alive, &at.last);
            let more = better(list, &at.alive, &scan.over, &at.picked);
            if scan.bound > at.bound {
                at.bound = scan.bound;
                at.duals.clone_from(&at.last);
                if at.bound >= enough {
                    break;
                }
                self.keep(&mut at, &scan, enough);
            }
            let near = (at.objective - SLACK) * UNITS as f64 <= at.bound as f64;
            if !grew && (near || more.is_empty()) {
                break;
            }
            at.picked.extend(more);
            at.picked.sort_unstable();
            at.picked.dedup();
        }
        at
    }

    /// What a programme over some months comes to that differs a little from one that is solved, in points,
    /// roughly; infinite where nothing is known. Cuts that had no price there are left out.
    pub(super) fn estimate(&self, list: &List, solved: &Relaxed, months: &[u32]) -> f64 {
        let live = solved.last.with_price(list.cuts.len());
        let in_play = (&solved.play, &live[..], &solved.last);
        let solved = self.solve(list, in_play, months, ROUGHLY);
        solved.map_or(f64::INFINITY, |solved| solved.objective)
    }

    /// A master over some months, its objective with the points that every rota has; with these rows and
    /// cuts in, and from these prices on.
    fn solve(
        &self,
        list: &List,
        (play, live, from): (&Play, &[bool], &Duals),
        months: &[u32],
        precision: f64,
    ) -> Result<Solved, String> {
        let pieces: Vec<Piece<'_>> = months.iter().map(|month| list.piece(*month)).collect();
        let master = Master {
            people: self.people,
            columns: &pieces,
            rows: &self.rows.costs,
            play,
            slices: &[],
            fixed: &[],
            cuts: &list.cuts,
            precision,
            noise: (0.0, 0),
            region: None,
            rough: None,
            live,
            from: Some(from),
            stop: self.stop,
        };
        let mut solved = master.solve()?;
        self.steps.fetch_add(solved.steps, Ordering::Relaxed);
        solved.objective += self.constant as f64 / UNITS as f64;
        Ok(solved)
    }

    /// Keeps the months that may be in a rota that costs less than `enough`.
    fn keep(&self, at: &mut Relaxed, scan: &Scan, enough: i64) {
        let room = enough.saturating_sub(scan.bound);
        let mut over = scan.over.iter();
        at.alive.retain(|_| over.next().is_some_and(|over| *over < room));
        // The master keeps what it has: a month too many does no harm there.
    }

    fn sums(&self, list: &List, shares: &[(u32, f64)]) -> Vec<f64> {
        let mut sums = vec![0.0_f64; self.rows.costs.len()];
        for (month, share) in shares {
            for (row, weight) in list.sums(*month) {
                sums[*row as usize] += *weight as f64 * share;
            }
        }
        sums
    }
}

/// The months of the first master: those of an earlier one that live, and the cheapest.
fn pick(alive: &[u32], over: &[i64], earlier: &[u32], most: usize) -> Vec<u32> {
    let mut order: Vec<(i64, u32)> =
        over.iter().zip(alive).map(|(over, month)| (*over, *month)).collect();
    if order.len() > most {
        order.select_nth_unstable(most);
        order.truncate(most);
    }
    let mut picked: Vec<u32> = order.into_iter().map(|(_, month)| month).collect();
    picked.extend(earlier.iter().filter(|month| alive.binary_search(month).is_ok()));
    picked.sort_unstable();
    picked.dedup();
    picked
}

/// Of each consultant the months outside the master that cost less than all of his inside.
fn better(list: &List, alive: &[u32], over: &[i64], picked: &[u32]) -> Vec<u32> {
    let mut inside: Vec<i64> = Vec::new();
    let mut outside: Vec<(usize, i64, u32)> = Vec::new();
    for (month, over) in alive.iter().zip(over) {
        let person = list.person(*month);
        if inside.len() <= person {
            inside.resize(person + 1, i64::MAX);
        }
        if picked.binary_search(month).is_ok() {
            inside[person] = inside[person].min(*over);
        }
    }
    for (month, over) in alive.iter().zip(over) {
        let person = list.person(*month);
        if *over < inside[person].saturating_sub(LEAST_GAIN) && picked.binary_search(month).is_err()
        {
            outside.push((person, *over, *month));
        }
    }
    outside.sort_unstable();
    let mut taken = (usize::MAX, 0);
    outside.retain(|(person, ..)| {
        taken = if taken.0 == *person { (*person, taken.1 + 1) } else { (*person, 1) };
        taken.1 <= MONTHS_A_ROUND
    });
    outside.into_iter().map(|(_, _, month)| month).collect()
}
