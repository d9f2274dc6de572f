//! The end game: bound and rota are near, all months within the gap are listed, and what is left is
//! settled over the list by cuts and branching, without pricing.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;

use super::Standing;
use super::cuts::{self, Taken};
use super::decide::{Candidate, Choice, Known, TRIED, choose};
use super::generate::Node;
use super::list::{List, Programmes, Relaxed};
use super::master::{Cut, Duals};
use super::month::{UNITS, UNITS_PER_QUARTER};
use super::pool::Pool;
use super::rows::Rows;
use crate::engine::{SolveError, Stop};
use crate::local::Effort;

/// Cuts that a round adds, and that a list has at most.
const CUTS_A_ROUND: usize = 60;
const MOST_CUTS: usize = 300;
/// A cut stays where its dual is above this, in units.
const IN_USE: i64 = UNITS / 16;
/// Rounds of cuts, while one gains such a part of the room that is left.
const CUT_ROUNDS: usize = 12;
const WORTH: i64 = 25;
/// Rounds of cuts for a subproblem that the bound waits for, and what one adds at most. They are true of all
/// others as well.
const CUT_NODE_ROUNDS: usize = 3;
const CUTS_A_NODE: usize = 30;
/// Subproblems looked at together.
const BATCH: usize = 4;
/// After so many subproblems one is rounded to a rota.
const ROUNDED: usize = 20;
/// And after so many better rotas are looked for in other ways.
const ASIDE: usize = 8;
/// Precision of masters.
const PRECISION: f64 = 1e-6;
const NODE_PRECISION: f64 = 1e-5;

/// Months near the bound.
pub(super) struct Near {
    list: List,
    /// The bound they are near to, in units.
    bound: i64,
    /// Every rota that costs less than `bound` and so much is made of them.
    room: i64,
    /// Whether that is every better rota.
    pub(super) whole: bool,
}

/// What may be hoped for of longer lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// One ten times as long may be whole.
    Close,
    /// A far longer one.
    Wide,
    /// None.
    Beyond,
}

impl Near {
    pub(super) fn reach(&self, standing: &Standing<'_>) -> Reach {
        let missing = standing.enough() - self.bound;
        if 2 * self.room >= missing {
            Reach::Close
        } else if 8 * self.room >= missing {
            Reach::Wide
        } else {
            Reach::Beyond
        }
    }
}

/// Lists the months near a node's bound, as many as make a better rota or as are few enough; `None` where
/// these are as good as none.
pub(super) fn near(
    pool: &Pool<'_>,
    standing: &Standing<'_>,
    node: &Node,
    most: usize,
    stop: &Stop,
) -> Option<Near> {
    let duals = (&node.row_duals[..], &node.cut_duals[..]);
    let gap = standing.enough() - node.bound;
    if gap <= 0 || stop.now() {
        return None;
    }
    let (listed, room) = pool.list(duals, &node.least, gap, most);
    if room < gap.min(UNITS) {
        return None;
    }
    let mut list = List::new(pool.rows.costs.len(), pool.months.len());
    for (person, months) in listed.into_iter().enumerate() {
        // What the pricing lists is allowed.
        let columns = months.iter().filter_map(|(_, options)| pool.column(person, options));
        columns.for_each(|column| list.push(&column));
    }
    Some(Near { list, bound: node.bound, room, whole: room == gap })
}

/// A subproblem that is not settled.
struct Open {
    number: usize,
    depth: usize,
    /// What the one before it came to.
    start: Arc<Relaxed>,
    /// Its months.
    alive: Vec<u32>,
    /// How often cuts were added for it.
    cut: usize,
}

/// What becomes of a subproblem in which there may be a better rota.
enum Outcome {
    /// Cuts that its master breaks.
    Cut(Vec<Cut>),
    /// What to decide next.
    Branch(Choice),
}

/// Takes those to look at next, with how many decisions are tried for each: half of them those with the
/// least bounds, which the bound of the whole waits for, the others the deepest, which lead to rotas.
fn take(open: &mut Vec<Open>) -> Vec<(Open, usize)> {
    let mut batch = Vec::new();
    while batch.len() < BATCH && !open.is_empty() {
        let numbered = open.iter().enumerate();
        let (at, tried) = if batch.len() < BATCH / 2 {
            let key = |(_, o): &(_, &Open)| (o.start.bound / UNITS, Reverse(o.depth), o.number);
            (numbered.min_by_key(key), TRIED)
        } else {
            let key = |(_, o): &(_, &Open)| (Reverse(o.depth), o.start.bound / UNITS, o.number);
            (numbered.min_by_key(key), 0)
        };
        let at = at.map_or(0, |(at, _)| at);
        batch.push((open.swap_remove(at), tried));
    }
    batch
}

/// Another way to better rotas; whether there is one now.
pub(super) type Aside<'a> = &'a mut dyn FnMut(&mut Pool<'_>, &mut Standing<'_>) -> bool;

/// Finds the best rota of listed months, and now and then looks for one `aside`; whether it is certain that
/// they make none better than what then stands.
pub(super) fn settle(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    node: &Node,
    near: Near,
    most: usize,
    mut aside: Option<Aside<'_>>,
    stop: &Stop,
) -> Result<bool, SolveError> {
    let Near { mut list, bound, room, .. } = near;
    let limit = bound.saturating_add(room);
    let rows = pool.rows.clone();
    let programmes = programmes(pool, &rows, stop);
    let mut at = start(pool, node, &mut list);
    tighten(&programmes, &mut list, &mut at, limit, None, |bound| standing.raise(bound));
    let enough = limit.min(standing.enough());
    if at.bound >= enough {
        return Ok(true);
    }
    pool.play = at.play.clone();
    let alive = std::mem::take(&mut at.alive);
    let mut open = vec![Open { number: 0, depth: 0, start: Arc::new(at), alive, cut: 0 }];
    let mut known = Known::new();
    let (mut number, mut done, mut looked) = (0, 0, 0);
    while !open.is_empty() {
        if let Some(find) = &mut aside
            && done >= looked + ASIDE
        {
            find(pool, standing);
            looked = done;
        }
        let enough = limit.min(standing.enough());
        let least = open.iter().map(|open| open.start.bound).fold(enough, i64::min);
        standing.raise(least);
        if standing.is_proven() {
            return Ok(true);
        }
        if stop.now() || done >= most {
            return Ok(false);
        }
        open.retain(|open| open.start.bound < enough);
        let mut batch = take(&mut open);
        done += batch.len();
        let look_at = |(next, tried): &mut (Open, usize)| {
            let alive = std::mem::take(&mut next.alive);
            let relaxed = programmes.relax(&list, &next.start, alive, enough, NODE_PRECISION);
            if relaxed.bound >= enough {
                return None;
            }
            let gained = relaxed.bound - next.start.bound > (enough - relaxed.bound) / WORTH;
            if *tried > 0 && next.cut < CUT_NODE_ROUNDS && (next.cut == 0 || gained) {
                let new = separate(&programmes, &list, &relaxed.shares, None, CUTS_A_NODE);
                if !new.is_empty() {
                    return Some((relaxed, Outcome::Cut(new)));
                }
            }
            let choice = choose(pool, &programmes, &list, &relaxed, &known, (enough, *tried));
            Some((relaxed, Outcome::Branch(choice)))
        };
        let looked_at: Vec<Option<(Relaxed, Outcome)>> =
            batch.par_iter_mut().map(look_at).collect();
        programmes.count();
        let mut new_cuts: Vec<Cut> = Vec::new();
        for ((next, _), looked_at) in batch.into_iter().zip(looked_at) {
            let Some((mut relaxed, outcome)) = looked_at else { continue };
            // One that was looked at beside it may have led to a better rota.
            if relaxed.bound >= limit.min(standing.enough()) {
                continue;
            }
            let alive = std::mem::take(&mut relaxed.alive);
            let choice = match outcome {
                Outcome::Cut(cuts) => {
                    new_cuts.extend(cuts);
                    let (start, cut) = (Arc::new(relaxed), next.cut + 1);
                    open.push(Open { start, alive, cut, ..next });
                    continue;
                }
                Outcome::Branch(choice) => choice,
            };
            choice.tried.iter().for_each(|candidate| candidate.note(&mut known));
            if stop.now() {
                return Ok(false);
            }
            if done % ROUNDED < BATCH {
                let months = relaxed.shares.iter();
                let months = months.map(|(m, share)| (list.person(*m), list.options(*m), *share));
                standing.round_off(months, Vec::new(), &[Effort::Quick], stop);
            }
            let (person, is_up): (usize, Box<dyn Fn(u32) -> bool>) = match choice.best {
                Some(Candidate { person, options, .. }) => {
                    let list = &list;
                    (person, Box::new(move |month| list.has_any(month, &options)))
                }
                None => {
                    // All is whole: a rota. Where it costs more than the programme says, one month is set
                    // apart from the consultant's others.
                    offer(pool, standing, &list, &relaxed.shares);
                    let Some(apart) = pick_apart(&list, &alive, &relaxed.shares) else {
                        let all: Vec<(u32, f64)> =
                            alive.iter().map(|month| (*month, 1.0)).collect();
                        offer(pool, standing, &list, &all);
                        continue;
                    };
                    (list.person(apart), Box::new(move |month| month == apart))
                }
            };
            let start = Arc::new(relaxed);
            for up in [true, false] {
                number += 1;
                let stays = |month: &u32| list.person(*month) != person || is_up(*month) == up;
                let alive = alive.iter().copied().filter(stays).collect();
                let depth = next.depth + 1;
                open.push(Open { number, depth, start: start.clone(), alive, cut: 0 });
            }
        }
        if !new_cuts.is_empty() {
            new_cuts.sort_unstable();
            new_cuts.dedup();
            list.add_cuts(new_cuts);
        }
    }
    standing.raise(limit.min(standing.enough()));
    Ok(true)
}

/// Offers the rota that takes these months, where they are taken for more than a half.
fn offer(pool: &Pool<'_>, standing: &mut Standing<'_>, list: &List, months: &[(u32, f64)]) {
    let mut chosen = vec![false; pool.problem.options().len()];
    for (month, _) in months.iter().filter(|(_, share)| *share > 0.5) {
        list.options(*month).iter().for_each(|option| chosen[*option as usize] = true);
    }
    standing.offer(chosen);
}

/// A month of a consultant who has others: the one he is said to take, of the one who has the most;
/// `None` where nobody has a choice.
fn pick_apart(list: &List, alive: &[u32], shares: &[(u32, f64)]) -> Option<u32> {
    let runs = alive.chunk_by(|a, b| list.person(*a) == list.person(*b));
    let most = runs.filter(|run| run.len() > 1).max_by_key(|run| run.len())?;
    let taken = shares.iter().find(|(month, share)| *share > 0.5 && most.contains(month));
    Some(taken.map_or(most[0], |(month, _)| *month))
}

/// Adds cuts until they do little, or nothing is left below `limit`; of rows of one `kin`, where these are
/// given, for a pricing that knows of no others. Consultants are in cuts as well where they are not.
fn tighten(
    programmes: &Programmes<'_>,
    list: &mut List,
    at: &mut Relaxed,
    limit: i64,
    kin: Option<&[u32]>,
    mut heard: impl FnMut(i64),
) {
    let mut last: Option<i64> = None;
    for round in 0..CUT_ROUNDS {
        let alive = std::mem::take(&mut at.alive);
        *at = programmes.relax(list, at, alive, limit, PRECISION);
        programmes.count();
        heard(at.bound.min(limit));
        let room = limit - at.bound;
        let stalls = last.is_some_and(|last| at.bound - last < room / WORTH);
        last = Some(at.bound);
        if room <= 0 || stalls || programmes.stop.now() || round + 1 == CUT_ROUNDS {
            break;
        }
        let new = separate(programmes, list, &at.shares, kin, CUTS_A_ROUND);
        let (mut kept, mut prices) = (Vec::new(), Vec::new());
        for (cut, dual) in list.cuts().iter().zip(&at.duals.cuts) {
            if *dual > IN_USE {
                kept.push(cut.clone());
                prices.push(*dual);
            }
        }
        if new.is_empty() || kept.len() + new.len() > MOST_CUTS {
            break;
        }
        kept.extend(new);
        at.duals.cuts = prices;
        // The new ones are in from the start, at next to no price.
        at.last.clone_from(&at.duals);
        at.last.cuts.resize(kept.len(), 1);
        list.set_cuts(kept);
    }
}

/// Cuts that so much of these months breaks; see [`tighten`].
fn separate(
    programmes: &Programmes<'_>,
    list: &List,
    shares: &[(u32, f64)],
    kin: Option<&[u32]>,
    most: usize,
) -> Vec<Cut> {
    let take = |(month, share): &(u32, f64)| {
        let own = kin.is_none().then(|| list.own(*month));
        Taken { own, sums: list.sums(*month), share: *share }
    };
    let taken: Vec<Taken<'_>> = shares.iter().map(take).collect();
    cuts::separate(&taken, &programmes.rows.costs, list.cuts(), kin, most)
}

/// Cuts for the pricing to work with, found over a list, and the months that they make the best of;
/// whether there are new ones.
pub(super) fn cut(pool: &mut Pool<'_>, node: &Node, near: Near, stop: &Stop) -> bool {
    let Near { mut list, bound, room, .. } = near;
    let rows = pool.rows.clone();
    let programmes = programmes(pool, &rows, stop);
    let mut at = start(pool, node, &mut list);
    tighten(&programmes, &mut list, &mut at, bound + room, Some(&pool.kin), |_| ());
    let new = exchange(pool, node, list.cuts());
    for (month, _) in &at.shares {
        let person = list.person(*month);
        let places = pool.months[person].local(list.options(*month));
        pool.add_month(person, &places);
    }
    new
}

/// Cuts that the node's own months break, where months are too many to be listed; whether there are any.
pub(super) fn cut_unlisted(pool: &mut Pool<'_>, node: &Node) -> bool {
    let take = |(index, share): &(usize, f64)| {
        let sums = &pool.columns[*index].sums[..];
        Taken { own: None, sums, share: *share }
    };
    let taken: Vec<Taken<'_>> = node.shares.iter().map(take).collect();
    let new = cuts::separate(&taken, &pool.rows.costs, &pool.cuts, Some(&pool.kin), CUTS_A_ROUND);
    let in_use = pool.cuts.iter().zip(&node.cut_duals).filter(|(_, dual)| **dual > IN_USE);
    let mut cuts: Vec<Cut> = in_use.map(|(cut, _)| cut.clone()).collect();
    cuts.extend(new);
    cuts.len() <= MOST_CUTS && exchange(pool, node, &cuts)
}

/// Has the pool go on with these cuts from a node's duals, where some are new to it; whether they are.
/// Otherwise its cuts stay those of the node.
fn exchange(pool: &mut Pool<'_>, node: &Node, cuts: &[Cut]) -> bool {
    let known = pool.cuts.clone();
    let new: Vec<Cut> = cuts.iter().filter(|cut| !known.contains(cut)).cloned().collect();
    if new.is_empty() {
        return false;
    }
    let keep: Vec<bool> = known.iter().map(|cut| cuts.contains(cut)).collect();
    pool.retain_cuts(&keep);
    pool.add_cuts(&new);
    let before = |cut: &Cut| known.iter().position(|other| other == cut);
    let dual = |cut: &Cut| before(cut).and_then(|at| node.cut_duals.get(at)).copied().unwrap_or(0);
    let cut_duals: Vec<i64> = pool.cuts.iter().map(dual).collect();
    pool.start_from(&node.row_duals, &cut_duals);
    true
}

fn programmes<'a>(pool: &Pool<'_>, rows: &'a Rows, stop: &'a Stop) -> Programmes<'a> {
    Programmes {
        people: pool.months.len(),
        rows,
        constant: pool.problem.constant().in_quarters() * UNITS_PER_QUARTER,
        stop,
        steps: AtomicU64::new(0),
    }
}

/// Where programmes over a list start: all its months, the pool's cuts and the duals of its bound.
fn start(pool: &Pool<'_>, node: &Node, list: &mut List) -> Relaxed {
    list.set_cuts(pool.cuts.clone());
    let duals = Duals { rows: node.row_duals.clone(), cuts: node.cut_duals.clone() };
    Relaxed {
        bound: i64::MIN,
        objective: f64::INFINITY,
        last: duals.clone(),
        duals,
        alive: (0..list.len() as u32).collect(),
        picked: Vec::new(),
        shares: Vec::new(),
        play: pool.play.clone(),
    }
}
