//! Branching on what consultants do: first on whether one works in a clinic's series at all, then on
//! single sessions. Best bound first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Standing;
use super::finish::Aside;
use super::generate::{Aim, Goal, Node};
use super::month::UNITS;
use super::pool::{Decision, Pool};
use super::search::polish;
use crate::engine::{SolveError, Stop};
use crate::local::Effort;

/// A subproblem that is not settled.
struct Open {
    bound: i64,
    number: usize,
    decisions: Vec<Decision>,
    row_duals: Vec<i64>,
    cut_duals: Vec<i64>,
}

impl Open {
    /// Of equal bounds, in whole points, the deepest first: it is the nearest to a rota.
    fn key(&self) -> (Reverse<i64>, usize, Reverse<usize>) {
        let points = (self.bound - UNITS / 16).div_euclid(UNITS);
        (Reverse(points), self.decisions.len(), Reverse(self.number))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// After so many subproblems better rotas are looked for in other ways.
const ASIDE: usize = 2;

/// Branches from the root until all is settled, or `most` subproblems are done, and now and then looks for
/// a better rota `aside`.
pub(super) fn branch(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    root: &Node,
    most: usize,
    mut aside: Option<Aside<'_>>,
    stop: &Stop,
) -> Result<(), SolveError> {
    let mut open = BinaryHeap::new();
    let mut number = 0;
    spread(pool, standing, &mut open, root, &[], &mut number);
    let mut done = 0;
    while let Some(next) = open.pop() {
        // The least bound of all that is open is the bound of the whole.
        standing.raise(open.iter().map(|other: &Open| other.bound).fold(next.bound, i64::min));
        if standing.is_proven() {
            return Ok(());
        }
        if stop.now() || done >= most {
            return Ok(());
        }
        if let Some(find) = aside.as_mut().filter(|_| done % ASIDE == ASIDE - 1) {
            pool.start_from(&root.row_duals, &root.cut_duals);
            find(pool, standing);
        }
        done += 1;
        pool.start_from(&next.row_duals, &next.cut_duals);
        let goal = Goal { enough: standing.enough(), rounds: 60, slack: 2e-5, aim: Aim::Bound };
        let mut node = pool.generate(&next.decisions, goal, stop, |_| ())?;
        node.bound = node.bound.max(next.bound);
        if stop.now() {
            return Ok(());
        }
        if node.bound < standing.enough() {
            if done % 10 == 1 {
                polish(pool, standing, &node, &[Effort::Quick], stop);
            }
            spread(pool, standing, &mut open, &node, &next.decisions, &mut number);
        }
    }
    // Nothing is open: no rota is better by a point.
    standing.raise(standing.enough());
    Ok(())
}

/// Offers what is whole, and opens two subproblems where something is not.
fn spread(
    pool: &Pool<'_>,
    standing: &mut Standing<'_>,
    open: &mut BinaryHeap<Open>,
    node: &Node,
    decisions: &[Decision],
    number: &mut usize,
) {
    let mut shares = vec![0.0; pool.problem.options().len()];
    for (index, share) in &node.shares {
        for option in &pool.columns[*index].options {
            shares[*option as usize] += share;
        }
    }
    if shares.iter().all(|share| *share < 1e-3 || *share > 1.0 - 1e-3) {
        standing.offer(shares.iter().map(|share| *share > 0.5).collect());
        if node.bound >= standing.enough() {
            return;
        }
    }
    let Some((person, options)) = choose(pool, node, &shares, decisions) else {
        // All is decided: there is one choice, or none. The last master need not have got there.
        let mut only = vec![false; shares.len()];
        for decision in decisions.iter().filter(|decision| decision.chosen) {
            if let [option] = decision.options[..] {
                only[option as usize] = true;
            }
        }
        standing.offer(only);
        return;
    };
    for chosen in [true, false] {
        *number += 1;
        let mut decisions = decisions.to_vec();
        decisions.push(Decision { person, options: options.clone(), chosen });
        open.push(Open {
            bound: node.bound,
            number: *number,
            decisions,
            row_duals: node.row_duals.clone(),
            cut_duals: node.cut_duals.clone(),
        });
    }
}

/// What to decide next: the group that is most in doubt, else the option, else any that is undecided.
fn choose(
    pool: &Pool<'_>,
    node: &Node,
    shares: &[f64],
    decisions: &[Decision],
) -> Option<(usize, Vec<u32>)> {
    let mut best: Option<(f64, usize, Vec<u32>)> = None;
    for (person, month) in pool.months.iter().enumerate() {
        let columns: Vec<&(usize, f64)> =
            node.shares.iter().filter(|(i, _)| pool.columns[*i].person == person).collect();
        if columns.iter().all(|(_, share)| *share > 1.0 - 1e-3) {
            continue;
        }
        for span in &month.spans {
            let group = pool.marking(span);
            let any = |index: usize| {
                group.iter().any(|o| pool.columns[index].options.binary_search(o).is_ok())
            };
            let value: f64 = columns.iter().filter(|(i, _)| any(*i)).map(|(_, share)| *share).sum();
            let doubt = 0.5 - (value - 0.55).abs();
            if value > 0.02 && value < 0.98 && best.as_ref().is_none_or(|b| doubt > b.0) {
                best = Some((doubt, person, group));
            }
        }
    }
    if let Some((_, person, group)) = best {
        return Some((person, group));
    }
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| (shares[*a] - 0.5).abs().total_cmp(&(shares[*b] - 0.5).abs()));
    let undecided = |option: &usize| {
        let this = [*option as u32];
        !decisions.iter().any(|d| d.options == this)
    };
    order.into_iter().find(undecided).map(|option| (pool.person_of(option), vec![option as u32]))
}
