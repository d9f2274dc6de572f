//! A good rota made better piece by piece: a part of it is planned anew, exactly or nearly so, while the
//! rest stays. A part is the months of a few consultants who could take each other's sessions, or a few
//! series for everybody, or a few days: what is best in one of these ways often is not in another.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rotashare_rules::problem::Problem;

use super::Standing;
use super::generate::Node;
use super::opened::Opened;
use super::pool::Pool;
use super::search::{Depth, search};
use crate::dice::Dice;
use crate::engine::{NoWatch, Stop};

/// The parts that are planned anew at a time.
const AT_ONCE: [Kind; 4] = [Kind::People, Kind::Series, Kind::People, Kind::Days];
/// How many consultants are planned anew together, to begin with and at most.
const SIZE: usize = 8;
const LARGEST: usize = 24;
/// They become more once groups for one in so many consultants have brought nothing.
const GROWS: usize = 6;
/// These have at most so many times as many options as there are of so many consultants on the average.
const MOST_ROOM: usize = 2;
/// Steps of work that a group is worth: of those that take longer, hardly one leads to a better rota.
const MOST_STEPS: u64 = 6_000_000;

/// What is planned anew.
#[derive(Clone, Copy, Debug)]
enum Kind {
    People,
    Series,
    Days,
}

/// Who could take whose sessions.
pub(super) struct Around {
    /// For each consultant the sessions that he could be given, in order.
    can: Vec<Vec<u32>>,
    /// The options in the order of sessions.
    by_session: Vec<usize>,
    /// The options of each series.
    by_series: BTreeMap<u32, Vec<usize>>,
    dice: Dice,
    /// Where the next group begins.
    next: usize,
    /// How many consultants are planned anew together.
    size: usize,
    /// Groups in a row without a better rota.
    idle: usize,
}

impl Around {
    pub(super) fn new(pool: &Pool<'_>) -> Self {
        let session = |option: usize| pool.problem.options()[option].session.index() as u32;
        let can = pool.months.iter().map(|m| m.options.clone().map(session).collect()).collect();
        let options = 0..pool.problem.options().len();
        let mut by_session: Vec<usize> = options.clone().collect();
        by_session.sort_by_key(|option| (session(*option), *option));
        let mut by_series: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        options.for_each(|o| by_series.entry(pool.series(o)).or_default().push(o));
        Self { can, by_session, by_series, dice: Dice::new(1), next: 0, size: SIZE, idle: 0 }
    }

    /// Plans so many groups anew; the rota is left the better for it, or as it was.
    pub(super) fn improve(
        &mut self,
        pool: &Pool<'_>,
        standing: &mut Standing<'_>,
        node: &Node,
        groups: usize,
        stop: &Stop,
    ) {
        let mut done = 0;
        let regrets = regrets(pool, node, &standing.chosen);
        let mut order: Vec<usize> = (0..regrets.len()).collect();
        order.sort_by(|a, b| regrets[*b].total_cmp(&regrets[*a]).then(a.cmp(b)));
        while done < groups && !stop.now() && !standing.is_proven() {
            let batch: Vec<Vec<usize>> = AT_ONCE
                .iter()
                .map(|kind| {
                    let first = order[self.next % order.len()];
                    self.next += 1;
                    match kind {
                        Kind::People => self.people(pool, &standing.chosen, first, &regrets),
                        Kind::Series => self.series(pool, first),
                        Kind::Days => self.days(),
                    }
                })
                .collect();
            done += AT_ONCE.len();
            let chosen = &standing.chosen;
            let stops: Vec<Stop> = batch.iter().map(|_| stop.within(MOST_STEPS)).collect();
            let better: Vec<Option<Vec<bool>>> = batch
                .par_iter()
                .zip(&stops)
                .map(|(free, stop)| match free.is_empty() {
                    true => None,
                    false => anew(pool.problem, chosen, free, Depth::SMALL, stop),
                })
                .collect();
            stops.iter().for_each(|aside| stop.count_of(aside));
            let before = standing.objective;
            for (free, better) in batch.iter().zip(better) {
                let Some(better) = better else { continue };
                // Not even counted where nothing is new.
                if free.iter().all(|option| better[*option] == standing.chosen[*option]) {
                    continue;
                }
                let mut all = standing.chosen.clone();
                free.iter().for_each(|option| all[*option] = better[*option]);
                standing.offer(all);
            }
            let is_better = standing.objective < before;
            self.idle = if is_better { 0 } else { self.idle + AT_ONCE.len() };
            if GROWS * self.idle > pool.months.len() {
                self.idle = 0;
                self.size = (self.size * 3 / 2).min(LARGEST);
            }
        }
    }

    /// About as many options as so many consultants have.
    fn room(&self) -> usize {
        self.by_session.len() * self.size / self.can.len().max(1)
    }

    /// The options of some series that one consultant could be in.
    fn series(&mut self, pool: &Pool<'_>, first: usize) -> Vec<usize> {
        let mine: BTreeSet<u32> =
            pool.months[first].options.clone().map(|option| pool.series(option)).collect();
        let mut mine: Vec<u32> = mine.into_iter().collect();
        let (room, mut free) = (self.room(), Vec::new());
        while !mine.is_empty() && free.len() < room {
            let series = mine.swap_remove(self.dice.below(mine.len()));
            let new = &self.by_series[&series];
            // One that is far too large is planned anew by its people and days.
            if free.len() + new.len() <= MOST_ROOM * room {
                free.extend_from_slice(new);
            }
        }
        free
    }

    /// The options of neighbouring sessions.
    fn days(&mut self) -> Vec<usize> {
        let count = self.by_session.len();
        let room = self.room().min(count);
        let start = self.dice.below(count - room + 1);
        self.by_session[start..start + room].to_vec()
    }

    /// The options of consultants around one, by how many of their sessions they could take from each
    /// other.
    fn people(
        &mut self,
        pool: &Pool<'_>,
        chosen: &[bool],
        first: usize,
        regrets: &[f64],
    ) -> Vec<usize> {
        let held: Vec<Vec<(u32, u32)>> = pool
            .months
            .iter()
            .map(|month| {
                let mine = month.options.clone().filter(|option| chosen[*option]);
                mine.map(|o| (pool.problem.options()[o].session.index() as u32, pool.series(o)))
                    .collect()
            })
            .collect();
        let mut members = vec![first];
        let mut inside = vec![false; held.len()];
        inside[first] = true;
        let mut scores = vec![0.0; held.len()];
        // Now fewer, now more.
        let size = self.size * 3 / 4 + self.dice.below(self.size / 2 + 1);
        let size = size.min(held.len());
        let most = MOST_ROOM * self.room();
        let mut free = pool.months[first].options.len();
        while members.len() < size && free < most {
            let last = members[members.len() - 1];
            let series: BTreeSet<u32> = held[last].iter().map(|(_, series)| *series).collect();
            let could =
                |person: usize, session: u32| self.can[person].binary_search(&session).is_ok();
            for person in 0..held.len() {
                if inside[person] {
                    continue;
                }
                let gives = held[person].iter().filter(|(s, _)| could(last, *s)).count();
                let takes = held[last].iter().filter(|(s, _)| could(person, *s)).count();
                let shared = held[person].iter().filter(|(_, c)| series.contains(c)).count();
                scores[person] += (gives + takes) as f64 + 3.0 * shared.min(1) as f64;
            }
            let mut best: Option<(f64, usize)> = None;
            for person in 0..held.len() {
                let score = scores[person] * (0.5 + self.dice.fraction()) * (1.0 + regrets[person]);
                if !inside[person] && best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, person));
                }
            }
            let Some((_, person)) = best else { break };
            inside[person] = true;
            members.push(person);
            free += pool.months[person].options.len();
        }
        members.sort_unstable();
        members.into_iter().flat_map(|person| pool.months[person].options.clone()).collect()
    }
}

/// How much more each consultant's month costs under a node's duals than his cheapest would, beside the
/// mean of all, and no more than three times that: where bound and rota part.
fn regrets(pool: &Pool<'_>, node: &Node, chosen: &[bool]) -> Vec<f64> {
    let over = |(person, least): (usize, &i64)| {
        // The months of a rota are allowed.
        let column = pool.column(person, &pool.months[person].places(chosen));
        let priced = |column| pool.priced(&column, &node.row_duals, &node.cut_duals);
        column.map_or(0.0, |column| (priced(column) - least).max(0) as f64)
    };
    let overs: Vec<f64> = node.least.iter().enumerate().map(over).collect();
    let mean = overs.iter().sum::<f64>() / overs.len().max(1) as f64 + 1.0;
    overs.iter().map(|over| (over / mean).min(3.0)).collect()
}

/// Plans the options that are free; the rest is as it was.
fn anew(
    problem: &Problem,
    chosen: &[bool],
    free: &[usize],
    depth: Depth,
    stop: &Stop,
) -> Option<Vec<bool>> {
    let mut decided: Vec<Option<bool>> = chosen.iter().map(|chosen| Some(*chosen)).collect();
    free.iter().for_each(|option| decided[*option] = None);
    let opened = Opened::new(problem, &decided)?;
    let mut standing = Standing::new(opened.problem(), &NoWatch, opened.part_of(chosen));
    let mut small = standing.pool(stop);
    search(&mut small, &mut standing, depth, stop).ok()?;
    Some(opened.whole(&standing.chosen))
}
