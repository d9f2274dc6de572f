//! A good rota made better piece by piece: a few consultants who could take each other's sessions are
//! planned anew, exactly or nearly so, while all others keep their months.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rotashare_rules::problem::Settled;

use super::Standing;
use super::generate::Node;
use super::pool::Pool;
use super::search::{Depth, search};
use crate::dice::Dice;
use crate::engine::{NoWatch, Stop};

/// How many groups of consultants are planned anew at a time.
const AT_ONCE: usize = 4;
/// How many consultants are planned anew together, to begin with and at most.
const SIZE: usize = 16;
const LARGEST: usize = 24;

/// Who could take whose sessions.
pub(super) struct Around {
    /// For each consultant the sessions that he could be given, in order.
    can: Vec<Vec<u32>>,
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
        Self { can, dice: Dice::new(1), next: 0, size: SIZE, idle: 0 }
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
            let batch: Vec<Vec<usize>> = (0..AT_ONCE)
                .map(|_| {
                    let first = order[self.next % order.len()];
                    self.next += 1;
                    self.group(pool, &standing.chosen, first, &regrets)
                })
                .collect();
            done += AT_ONCE;
            let chosen = &standing.chosen;
            let better: Vec<Option<Vec<bool>>> =
                batch.par_iter().map(|group| anew(pool, chosen, group, stop)).collect();
            let before = standing.objective;
            for (group, better) in batch.iter().zip(better) {
                let Some(better) = better else { continue };
                let mut all = standing.chosen.clone();
                for person in group {
                    let range = pool.months[*person].options.clone();
                    all[range.clone()].copy_from_slice(&better[range]);
                }
                standing.offer(all);
            }
            self.idle = if standing.objective < before { 0 } else { self.idle + AT_ONCE };
            if 2 * self.idle > pool.months.len() {
                self.idle = 0;
                self.size = (self.size * 3 / 2).min(LARGEST);
            }
        }
    }

    /// Consultants around one, by how many of their sessions they could take from each other.
    fn group(
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
        let size = self.size.min(held.len());
        while members.len() < size {
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
        }
        members.sort_unstable();
        members
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

/// A better choice for a group, where one is found; the rest is as it was.
fn anew(pool: &Pool<'_>, chosen: &[bool], group: &[usize], stop: &Stop) -> Option<Vec<bool>> {
    let mut decided: Vec<Option<bool>> = chosen.iter().map(|chosen| Some(*chosen)).collect();
    for person in group {
        decided[pool.months[*person].options.clone()].fill(None);
    }
    let Settled { rest, chosen: kept } = pool.problem.settle_with(&decided)?;
    let start: Vec<bool> = rest.options.iter().map(|option| chosen[option.index()]).collect();
    let mut standing = Standing::new(&rest.problem, &NoWatch, start.clone());
    let mut small = standing.pool(stop);
    search(&mut small, &mut standing, Depth::SMALL, stop).ok()?;
    if standing.chosen == start {
        return None;
    }
    let mut all = vec![false; chosen.len()];
    kept.iter().for_each(|option| all[option.index()] = true);
    for (old, chosen) in rest.options.iter().zip(&standing.chosen) {
        all[old.index()] = *chosen;
    }
    Some(all)
}
