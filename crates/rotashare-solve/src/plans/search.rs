//! The order of things: column generation, a rota from what the master says, cuts, and again, until the
//! months that a better rota can be made of are few enough to be listed and settled.

use super::around::Around;
use super::dive::{Pace, dive};
use super::finish::{Aside, Reach, cut, cut_unlisted, near, settle};
use super::generate::{Aim, Goal, NEAR_ENOUGH, Node};
use super::month::{Month, UNITS};
use super::pool::{Footing, Pool};
use super::{Standing, slices, tree};
use crate::engine::{NoWatch, SolveError, Stop};
use crate::local::{self, Effort};

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    /// How often cuts are added.
    turns: usize,
    /// Months that are listed at most after each turn, and at the end.
    listed: usize,
    most_listed: usize,
    /// Subproblems at most.
    nodes: usize,
    /// Whether better rotas are looked for by all means.
    thorough: bool,
    /// Whether it ends with the first bound and a rota near it.
    rough: bool,
    /// Whether masters are solved roughly as far as that will do.
    hasty: bool,
}

impl Depth {
    /// To the proof.
    pub(super) const FULL: Self = Self {
        turns: 20,
        listed: 30_000,
        most_listed: 300_000,
        nodes: 20_000,
        thorough: true,
        rough: false,
        hasty: false,
    };
    /// To the first bound and a rota near it.
    pub(super) const ROUGH: Self = Self { rough: true, ..Self::FULL };
    /// The same where there is little time: the bound is claimed once, and the rota found from rough masters.
    pub(super) const HASTY: Self = Self { hasty: true, ..Self::ROUGH };
    /// For a few consultants, to better what they have.
    pub(super) const SMALL: Self = Self {
        turns: 4,
        listed: 10_000,
        most_listed: 10_000,
        nodes: 24,
        thorough: false,
        rough: false,
        hasty: false,
    };

    /// Whether it begins with what is there.
    pub(super) fn is_hasty(&self) -> bool {
        self.hasty
    }

    /// Whether it ends with the first bound.
    pub(super) fn is_rough(&self) -> bool {
        self.rough
    }
}

/// Rounds of column generation at most.
pub(super) const ROUNDS: usize = 150;
/// What master and bound may differ by, as a share, before there are cuts, and after; and where they need
/// only be near.
const SLACK: (f64, f64) = (1e-3, 2e-4);
const ROUGH_SLACK: f64 = NEAR_ENOUGH;
/// In haste, before masters are solved precisely, and then: a bound nearer than this takes masters that the
/// rota needs more.
const HASTY_SLACK: (f64, f64) = (1.5e-2, 5e-4);
/// And over a long time, while rota and bound are further apart than such a share, and when they are near.
pub(super) const LONG_SLACK: (f64, f64) = (1e-2, 3e-3);
const FAR: f64 = 3e-2;
/// A dive fixes one in so many consultants at a time, at least, after so many masters: where there is
/// little time, and in general. Of quick ones (3, 1) leads to rotas 0.7 % dearer, (6, 2) to none cheaper.
const QUICK_DIVE: Pace = Pace { one_in: 3, masters: 2, roughly: false };
const DIVE: Pace = Pace { one_in: 12, ..QUICK_DIVE };
/// Changes that the local search tries for each option after a dive.
const TRIES: Effort = Effort::Tries(700);
/// And over a long time for each option of what the master's months leave open, first from what the
/// master says, then from the best. In a quarter of a lead of 1,300 the second makes rotas 0.1 % cheaper,
/// a third no more.
const LONG_TRIES: [Effort; 2] = [Effort::Tries(4000); 2];
/// Of a sketch: for each place the options that it tries beside those of the months that are there.
const NEAR: usize = 10;
/// The share of its time that is for the bound at most, the same with a last look at months more closely,
/// and of what is left then for the dive.
const BOUND: f64 = 0.55;
const CLOSELY: f64 = 0.7;
const DIVING: f64 = 0.5;
/// In haste, how often cuts are added at most, and the share of its time after which they no longer are. Months
/// of a master with cuts also lead to better rotas: both take a fifth off the gap of large networks.
const HASTY_CUTS: usize = 2;
const CUTTING: f64 = 0.25;
/// How often each is tried. 400 leave the rotas of a network of 2,850 consultants 0.04 % dearer, and 1,400 make
/// them 0.08 % cheaper.
const SKETCH_TRIES: Effort = Effort::Tries(550);
/// Groups of consultants that are planned anew after the first dive, and after others.
const FIRST_GROUPS: usize = 4;
const GROUPS: usize = 16;
/// So few consultants are better planned all together.
const FEW: usize = 25;
/// Subproblems that are looked at before more is done for the rota.
const FIRST_NODES: usize = 120;
/// More months than this are not listed: they fill the machine.
const LARGEST: usize = 3_000_000;

/// Brings rota and bound together as far as `depth` goes, or until it is time to stop.
pub(super) fn search(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    depth: Depth,
    stop: &Stop,
) -> Result<(), SolveError> {
    let mut finder = Finder { around: Around::new(pool), afresh: Around::new(pool), dives: 0 };
    let mut last: Option<i64> = None;
    if depth.thorough && slices::is_long(pool.problem) {
        let slack = if standing.gap() > FAR { LONG_SLACK.0 } else { LONG_SLACK.1 };
        nearer(pool, standing, slack, stop)?;
    }
    for turn in 0..depth.turns {
        let slack = match turn {
            0 if depth.rough => ROUGH_SLACK,
            0 => SLACK.0,
            _ => SLACK.1,
        };
        let goal = Goal { enough: standing.enough(), rounds: ROUNDS, slack, aim: Aim::Bound };
        let share = |share: f64| if depth.rough { stop.sooner(share) } else { stop.clone() };
        let soon = share(BOUND);
        pool.go_on_until(&share(CLOSELY));
        let node = if depth.hasty {
            in_haste(pool, standing, goal, (&share(CUTTING), &soon))?
        } else {
            pool.generate(&[], goal, &soon, |bound| standing.raise(bound))?
        };
        pool.go_on_until(stop);
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        if depth.rough {
            sketch(pool, standing, &node, depth.hasty, stop);
            return Ok(());
        }
        if depth.thorough {
            let groups = if turn == 0 { FIRST_GROUPS } else { GROUPS };
            finder.find(pool, standing, &node, (DIVE, groups), stop);
        } else {
            polish(pool, standing, &node, &[Effort::Quick], stop);
        }
        if standing.is_proven() || stop.now() {
            return Ok(());
        }
        let room = standing.enough() - node.bound;
        let stalls = last.is_some_and(|last| node.bound - last < (room / 10).max(UNITS / 2));
        last = Some(node.bound);
        let is_last = turn + 1 == depth.turns || stalls;
        let Some(near) = near(pool, standing, &node, depth.listed, stop) else {
            if !is_last && cut_unlisted(pool, &node) {
                continue;
            }
            // One consultant with many months may be in the way of a list that is short.
            return finish(pool, standing, &node, &mut finder, depth, Reach::Close, stop);
        };
        let reach = near.reach(standing);
        if near.whole {
            settle(pool, standing, &node, near, depth.nodes, None, stop)?;
            return Ok(());
        }
        if is_last || !cut(pool, &node, near, stop) {
            return finish(pool, standing, &node, &mut finder, depth, reach, stop);
        }
    }
    Ok(())
}

/// Prices from masters that are solved roughly, from there the bound, and as long as it is time for
/// `cutting` what cuts make of it.
fn in_haste(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    goal: Goal,
    (cutting, stop): (&Stop, &Stop),
) -> Result<Node, SolveError> {
    let first = Goal { slack: HASTY_SLACK.0, aim: Aim::Prices, ..goal };
    let node = pool.generate(&[], first, stop, |bound| standing.raise(bound))?;
    if standing.is_proven() {
        return Ok(node);
    }
    pool.footing = Footing::Masters;
    let then = Goal { slack: HASTY_SLACK.1, aim: Aim::BoundOnce, ..goal };
    let mut node = pool.generate(&[], then, stop, |bound| standing.raise(bound))?;
    for _ in 0..HASTY_CUTS {
        if standing.is_proven() || cutting.now() || !cut_unlisted(pool, &node) {
            break;
        }
        let next = pool.generate(&[], then, stop, |bound| standing.raise(bound))?;
        // There may have been no time for a master.
        if next.shares.is_empty() {
            break;
        }
        node = next;
    }
    Ok(node)
}

/// Whole months in place of slices: a bound to within such a share of the master, and a rota near it.
pub(super) fn nearer(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    slack: f64,
    stop: &Stop,
) -> Result<(), SolveError> {
    let goal = Goal { enough: standing.enough(), rounds: ROUNDS, slack, aim: Aim::Bound };
    let node = pool.generate(&[], goal, stop, |bound| standing.raise(bound))?;
    polish(pool, standing, &node, &LONG_TRIES, stop);
    Ok(())
}

/// The end game: ever more months are listed and settled, until they are all that a better rota can be
/// made of, or else subproblems are priced; `reach` says what lists may come to.
fn finish(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    node: &Node,
    finder: &mut Finder,
    depth: Depth,
    reach: Reach,
    stop: &Stop,
) -> Result<(), SolveError> {
    let mut find = |pool: &mut Pool<'_>, standing: &mut Standing<'_>| {
        finder.find(pool, standing, node, (DIVE, GROUPS), stop)
    };
    if depth.thorough
        && reach == Reach::Close
        && let Some(near) = near(pool, standing, node, depth.most_listed, stop)
    {
        let whole = near.whole;
        // A list that is whole leads to the best rota by itself.
        let aside: Option<Aside<'_>> = if whole { None } else { Some(&mut find) };
        if settle(pool, standing, node, near, FIRST_NODES, aside, stop)? && whole {
            return Ok(());
        }
    }
    while depth.thorough && !standing.is_proven() && !stop.now() && find(pool, standing) {}
    let mut most = depth.most_listed;
    while (reach != Reach::Beyond || !depth.thorough)
        && most <= LARGEST
        && let Some(near) = near(pool, standing, node, most, stop)
    {
        let is_last = near.whole || !depth.thorough;
        let aside: Option<Aside<'_>> = if is_last { None } else { Some(&mut find) };
        if !settle(pool, standing, node, near, depth.nodes, aside, stop)? || is_last {
            return Ok(());
        }
        most *= 3;
    }
    // Months that can't be listed, or no more of them.
    let is_large = depth.thorough && pool.months.len() > FEW;
    let aside: Option<Aside<'_>> = if is_large { Some(&mut find) } else { None };
    tree::branch(pool, standing, node, depth.nodes, aside, stop)
}

/// Looks for better rotas, each time starting elsewhere.
struct Finder {
    /// For the best rota.
    around: Around,
    /// For others.
    afresh: Around,
    dives: u64,
}

impl Finder {
    /// By a dive (over a long time at first by rounding), and so many groups that are planned anew; whether
    /// there is a better rota now.
    fn find(
        &mut self,
        pool: &mut Pool<'_>,
        standing: &mut Standing<'_>,
        node: &Node,
        (pace, groups): (Pace, usize),
        stop: &Stop,
    ) -> bool {
        let before = standing.objective;
        let is_large = pool.months.len() > FEW;
        let is_first = self.dives == 0;
        self.dives += 1;
        if is_first && slices::is_long(pool.problem) {
            // A dive takes ten times as long there and leaves the local search more to mend.
            polish(pool, standing, node, &LONG_TRIES, stop);
            return standing.objective < before;
        }
        // Where a master of a dive can't be solved there is no rota, and that is all.
        if let Some(start) = dive(pool, node, self.dives << 32, pace, stop).unwrap_or(None)
            && let Some(chosen) = local::improve(pool.problem, Some(&start), TRIES, stop)
        {
            // Whether or not it is the best, the master may use its months.
            pool.add_rota(&chosen);
            if !standing.offer(chosen.clone()) && is_large && !is_first {
                // It may lead elsewhere than the best does.
                let mut other = Standing::new(pool.problem, &NoWatch, chosen);
                self.afresh.improve(pool, &mut other, node, groups, stop);
                standing.offer(other.chosen);
            }
        }
        if is_large {
            self.around.improve(pool, standing, node, groups, stop);
        }
        pool.add_rota(&standing.chosen);
        standing.objective < before
    }
}

/// Looks for a rota near a bound in a short time: a quick dive, and a search from there among the options
/// of the master's months and for each place some others.
fn sketch(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    node: &Node,
    roughly: bool,
    stop: &Stop,
) {
    // Not the node's: there may be cuts that it does not know of.
    let near = pool.near((&pool.centre, &pool.cut_centre), NEAR);
    let pace = Pace { roughly, ..QUICK_DIVE };
    let start = dive(pool, node, 1 << 32, pace, &stop.sooner(DIVING)).unwrap_or(None);
    // There may have been no time for a master either.
    let start = start.or_else(|| node.shares.is_empty().then(|| standing.chosen.clone()));
    let of_dive = |chosen: Vec<bool>| {
        let numbers = |month: &Month| month.numbers(&month.places(&chosen));
        pool.months.iter().map(numbers).enumerate().collect()
    };
    let of_dive: Vec<(usize, Vec<u32>)> = start.map_or(Vec::new(), of_dive);
    // More than the master takes of any.
    let of_dive = of_dive.iter().map(|(person, options)| (*person, &options[..], 2.0));
    let months = node.months(pool).chain(of_dive);
    standing.round_off(months, near, &[SKETCH_TRIES], stop);
}

/// Rounds what the master says to a rota and searches from there, among the options of its months.
pub(super) fn polish(
    pool: &mut Pool<'_>,
    standing: &mut Standing<'_>,
    node: &Node,
    efforts: &[Effort],
    stop: &Stop,
) {
    if standing.round_off(node.months(pool), Vec::new(), efforts, stop) {
        pool.add_rota(&standing.chosen);
    }
}
