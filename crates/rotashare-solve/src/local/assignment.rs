//! Who gets what, one thing each, so that all costs least.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::lists::Lists;

/// No taker or thing yet.
const NONE: u32 = u32::MAX;

/// For each thing who gets it, of so many takers each one thing at most, or nobody, which costs nothing.
/// `offers` are for each thing who could get it and what that costs.
///
/// One thing after another is placed along a shortest way to a taker who is free, under prices that keep
/// all such ways from being negative (Edmonds and Karp, 1972; Jonker and Volgenant, 1987): for `n` things
/// and `m` offers O(n m log m) at worst, and far less where few things are in each other's way.
pub(super) fn assign(takers: usize, offers: &Lists<(u32, i64)>) -> Vec<Option<u32>> {
    let things = offers.len();
    // Each thing has nobody of its own, numbered after the takers.
    let offers_of = |thing: usize| {
        let nobody = ((takers + thing) as u32, 0);
        offers[thing].iter().copied().chain(std::iter::once(nobody))
    };
    let mut taker_of = vec![NONE; things];
    let mut thing_of = vec![NONE; takers + things];
    // With the thing's price and the taker's no offer is negative, and those that are taken are zero.
    let mut thing_prices = vec![0_i64; things];
    let mut taker_prices = vec![0_i64; takers + things];
    for thing in 0..things {
        let least = offers_of(thing).min_by_key(|(_, cost)| *cost);
        let (taker, cost) = least.unwrap_or(((takers + thing) as u32, 0));
        thing_prices[thing] = cost;
        if thing_of[taker as usize] == NONE {
            thing_of[taker as usize] = thing as u32;
            taker_of[thing] = taker;
        }
    }
    let mut ways = Ways::new(takers + things);
    for start in 0..things {
        if taker_of[start] != NONE {
            continue;
        }
        ways.clear();
        let (mut thing, mut length) = (start, 0);
        let end = loop {
            for (taker, cost) in offers_of(thing) {
                let step = cost - thing_prices[thing] - taker_prices[taker as usize];
                ways.reach(taker, length + step, thing as u32);
            }
            let Some((shortest, taker)) = ways.next() else { break None };
            if thing_of[taker as usize] == NONE {
                break Some((taker, shortest));
            }
            (thing, length) = (thing_of[taker as usize] as usize, shortest);
        };
        // Nobody is always within reach.
        let Some((end, shortest)) = end else { continue };
        thing_prices[start] += shortest;
        for (taker, length) in ways.passed().filter(|(taker, _)| *taker != end) {
            taker_prices[taker as usize] -= shortest - length;
            thing_prices[thing_of[taker as usize] as usize] += shortest - length;
        }
        let mut taker = end;
        loop {
            let thing = ways.from[taker as usize] as usize;
            thing_of[taker as usize] = thing as u32;
            let before = std::mem::replace(&mut taker_of[thing], taker);
            if thing == start {
                break;
            }
            taker = before;
        }
    }
    taker_of.into_iter().map(|taker| ((taker as usize) < takers).then_some(taker)).collect()
}

/// Shortest ways to takers (Dijkstra).
struct Ways {
    lengths: Vec<i64>,
    /// The thing that the way to a taker comes from.
    from: Vec<u32>,
    is_passed: Vec<bool>,
    reached: Vec<u32>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Ways {
    fn new(all: usize) -> Self {
        Self {
            lengths: vec![i64::MAX; all],
            from: vec![NONE; all],
            is_passed: vec![false; all],
            reached: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    fn clear(&mut self) {
        self.queue.clear();
        for taker in self.reached.drain(..) {
            self.lengths[taker as usize] = i64::MAX;
            self.is_passed[taker as usize] = false;
        }
    }

    fn reach(&mut self, taker: u32, length: i64, from: u32) {
        let known = &mut self.lengths[taker as usize];
        if length < *known {
            if *known == i64::MAX {
                self.reached.push(taker);
            }
            *known = length;
            self.from[taker as usize] = from;
            self.queue.push(Reverse((length, taker)));
        }
    }

    /// The nearest that was not passed yet, which now is.
    fn next(&mut self) -> Option<(i64, u32)> {
        loop {
            let Reverse((length, taker)) = self.queue.pop()?;
            if !std::mem::replace(&mut self.is_passed[taker as usize], true) {
                return Some((length, taker));
            }
        }
    }

    /// Those who were passed, and how far they are.
    fn passed(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        let passed = self.reached.iter().filter(|taker| self.is_passed[**taker as usize]);
        passed.map(|taker| (*taker, self.lengths[*taker as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    /// The least that any way costs.
    fn least(takers: usize, offers: &[Vec<(u32, i64)>], taken: &mut Vec<bool>) -> i64 {
        taken.resize(takers, false);
        let Some((first, rest)) = offers.split_first() else { return 0 };
        let mut best = least(takers, rest, taken);
        for (taker, cost) in first {
            if !std::mem::replace(&mut taken[*taker as usize], true) {
                best = best.min(cost + least(takers, rest, taken));
                taken[*taker as usize] = false;
            }
        }
        best
    }

    #[test]
    fn no_other_way_costs_less() {
        let mut dice = Dice::new(1);
        for _ in 0..2000 {
            let (things, takers) = (dice.below(7), 1 + dice.below(6));
            let mut offers: Vec<Vec<(u32, i64)>> = Vec::new();
            for _ in 0..things {
                let mut own = Vec::new();
                for taker in 0..takers as u32 {
                    if dice.below(3) > 0 {
                        own.push((taker, dice.below(40) as i64 - 30));
                    }
                }
                offers.push(own);
            }
            let mut lists = Lists::new();
            offers.iter().for_each(|own| lists.add(own.iter().copied()));
            let dealt = assign(takers, &lists);
            let mut given: Vec<u32> = dealt.iter().flatten().copied().collect();
            let cost = |(own, taker): (&Vec<(u32, i64)>, &Option<u32>)| {
                let offer = own.iter().find(|offer| Some(offer.0) == *taker);
                assert_eq!(offer.is_some(), taker.is_some());
                offer.map_or(0, |offer| offer.1)
            };
            let total: i64 = offers.iter().zip(&dealt).map(cost).sum();
            assert_eq!(total, least(takers, &offers, &mut Vec::new()), "{offers:?} {dealt:?}");
            given.sort_unstable();
            assert!(given.windows(2).all(|pair| pair[0] != pair[1]), "{dealt:?}");
        }
    }
}
