//! The order of things: column generation, a rota from what the master says, cuts, and again; then
//! branching.

use super::around::Around;
use super::dive::dive;
use super::generate::{Goal, Node};
use super::month::UNITS;
use super::pool::Pool;
use super::{Standing, cuts, tree};
use crate::engine::{SolveError, Stop};
use crate::local::{self, Effort};

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    /// How often cuts are added.
    turns: usize,
    /// Subproblems of the branching.
    nodes: usize,
    /// Whether better rotas are looked for by all means.
    thorough: bool,
}

impl Depth {
    /// To the proof.
    pub(super) const FULL: Self = Self { turns: 20, nodes: 20_000, thorough: true };
    /// For a few consultants, to better what they have.
    pub(super) const SMALL: Self = Self { turns: 4, nodes: 10, thorough: false };
}

/// How many cuts a turn adds at most.
const CUTS_A_TURN: usize = 40;
/// Rounds of column generation at most.
const ROUNDS: usize = 150;
/// What master and bound may differ by, as a share, before there are cuts, and after.
const SLACK: (f64, f64) = (1e-3, 2e-4);
/// Dives in each turn, and changes that the local search tries for each option after one.
const DIVES: usize = 2;
const TRIES: u32 = 700;
/// Groups of consultants that are planned anew in each turn, at most.
const GROUPS: usize = 24;
/// So few consultants are better planned all together.
const FEW: usize = 25;
/// How often a better rota is looked for in vain, once cuts are exhausted, before branching.
const PATIENCE: usize = 3;

/// Brings rota and bound together as far as `depth` goes, or until it is time to stop.
pub(super) fn search(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    depth: Depth,
    stop: &Stop,
) -> Result<(), SolveError> {
    let mut finder = Finder { around: Around::new(pool), dives: 0 };
    let mut last: Option<i64> = None;
    for turn in 0..depth.turns {
        let slack = if turn == 0 { SLACK.0 } else { SLACK.1 };
        let goal = Goal { enough: standing.enough(), rounds: ROUNDS, slack };
        let mut node = pool.generate(&[], goal, stop, |bound| standing.raise(bound))?;
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        if depth.thorough {
            finder.find(pool, standing, &node, stop)?;
        } else {
            polish(pool, standing, &node, stop);
        }
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        let columns: Vec<_> = node.shares.iter().map(|(i, s)| (&pool.columns[*i], *s)).collect();
        let cuts = cuts::separate(&columns, &pool.rows, &pool.cuts, &pool.kin, CUTS_A_TURN);
        let room = standing.enough() - node.bound;
        let stalls = last.is_some_and(|last| node.bound - last < (room / 20).max(UNITS / 2));
        if turn + 1 == depth.turns || cuts.is_empty() || stalls {
            let mut idle = if depth.thorough { 0 } else { PATIENCE };
            while idle < PATIENCE && !standing.is_proven() && !stop.now() {
                idle = if finder.find(pool, standing, &node, stop)? { 0 } else { idle + 1 };
            }
            pool.bar(&node, standing.enough());
            return tree::branch(pool, standing, &node, depth.nodes, stop);
        }
        pool.bar(&node, standing.enough());
        let keep: Vec<bool> = node.cut_duals.iter().map(|dual| *dual > UNITS / 16).collect();
        pool.start_from(&node.row_duals, &node.cut_duals);
        pool.retain_cuts(&keep);
        node.cut_duals.clear();
        last = Some(node.bound);
        for cut in cuts {
            pool.add_cut(cut);
        }
    }
    Ok(())
}

/// Looks for better rotas, each time starting elsewhere.
struct Finder {
    around: Around,
    dives: u64,
}

impl Finder {
    /// Whether there is a better rota now.
    fn find(
        &mut self,
        pool: &mut Pool<'_>,
        standing: &mut Standing<'_>,
        node: &Node,
        stop: &Stop,
    ) -> Result<bool, SolveError> {
        let before = standing.objective;
        for _ in 0..DIVES {
            self.dives += 1;
            if let Some(start) = dive(pool, node, self.dives << 32, stop)? {
                let tries = Effort::Tries(TRIES);
                if let Some(chosen) = local::improve(pool.problem, Some(&start), tries, stop) {
                    // Whether or not it is the best, the master may use its months.
                    pool.add_rota(&chosen);
                    standing.offer(chosen);
                }
            }
        }
        if pool.months.len() > FEW {
            self.around.improve(pool, standing, GROUPS.min(pool.months.len() / 2), stop);
        }
        pool.add_rota(&standing.chosen);
        Ok(standing.objective < before)
    }
}

/// Rounds what the master says to a rota and searches from there.
pub(super) fn polish(pool: &mut Pool<'_>, standing: &mut Standing<'_>, node: &Node, stop: &Stop) {
    let mut best: Vec<Option<(f64, usize)>> = vec![None; pool.months.len()];
    for (index, share) in &node.shares {
        let best = &mut best[pool.columns[*index].person];
        if best.is_none_or(|(most, _)| *share > most) {
            *best = Some((*share, *index));
        }
    }
    let mut start = vec![false; pool.problem.options().len()];
    for (_, index) in best.into_iter().flatten() {
        pool.columns[index].options.iter().for_each(|option| start[*option as usize] = true);
    }
    if let Some(chosen) = local::improve(pool.problem, Some(&start), Effort::Quick, stop)
        && standing.offer(chosen)
    {
        pool.add_rota(&standing.chosen);
    }
}
