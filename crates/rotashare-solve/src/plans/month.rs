//! One consultant's month: what he may be given, cut into blocks (mostly a date each) whose few
//! possible fillings, the *patterns*, are listed once.
//!
//! What concerns a single block only (a clash, the travel of a date) is settled when its patterns are
//! listed. What spans blocks stays for the pricing: groups (a clinic's series), flags (an option that
//! clashes with a later block's) and counters (limits and charges). Each has a slot from its first block
//! to its last.

mod blocks;
mod piece;

use std::ops::Range;

use rotashare_core::points::Tariff;
use rotashare_rules::problem::{Item, Mark, Problem};

use self::blocks::{Filling, Slots, cut};
use self::piece::{Adds, Local, Piece};
use super::relax::look_ahead;

/// Units of the engine's arithmetic in a quarter of a point: duals are rounded to 1/1024 point.
pub(super) const UNITS_PER_QUARTER: i64 = 256;
/// Units in a point.
pub(super) const UNITS: i64 = 4 * UNITS_PER_QUARTER;
/// Stands for "not allowed"; sums of a few of them do not overflow.
pub(super) const NEVER: i64 = i64::MAX / 8;
/// What the cheapest month costs of whom none is known: more than any, and far below [`NEVER`].
pub(super) const UNKNOWN: i64 = NEVER / 64;

/// Of a bit that stands for no group.
pub(super) const NO_GROUP: u32 = u32::MAX;

/// A way to fill a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Pattern {
    /// Which of the consultant's options are chosen (counted from his first).
    pub(super) options: Vec<u32>,
    /// What it costs by itself, in units.
    pub(super) base: i64,
    /// Groups of this block alone that it marks, by their number in the problem.
    pub(super) own_groups: Vec<u32>,
    /// Spanning groups that it marks.
    pub(super) groups: Vec<u32>,
    /// What it adds to counters, whatever groups were marked before.
    pub(super) adds: Vec<(u32, i64)>,
    /// Flags that must not be up.
    pub(super) needs_clear: Vec<u32>,
    /// Flags that it puts up.
    pub(super) raises: Vec<u32>,
}

/// A few neighbouring options.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The first is the empty one, unless an option is fixed.
    pub(super) patterns: Vec<Pattern>,
    /// Counters that have items in this or an earlier block and in a later one.
    pub(super) live_counters: Vec<u32>,
    /// Groups, likewise, by their bit; `NO_GROUP` where the bit is none's.
    pub(super) group_of_bit: Vec<u32>,
    /// The bits of live groups and flags.
    pub(super) live_bits: Vec<u64>,
    /// The bits of live flags alone.
    pub(super) flag_bits: Vec<u64>,
}

impl Block {
    /// The pattern of these options.
    fn with(&self, options: &[u32]) -> Option<&Pattern> {
        // They are in the order of their last options, of those before these, and so on.
        let order = |p: &Pattern| p.options.iter().rev().cmp(options.iter().rev());
        self.patterns.binary_search_by(order).ok().map(|at| &self.patterns[at])
    }
}

/// A group that spans blocks.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Its number in the problem.
    pub(super) group: u32,
    /// Its bit.
    pub(super) bit: usize,
    /// What marking it adds to counters.
    pub(super) adds: Vec<(u32, i64)>,
    /// The blocks in which it has options.
    pub(super) blocks: Vec<u32>,
}

/// A sum over blocks that is limited, or charged, or both.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    /// The most that it may reach; where it is no limit the most that it can.
    pub(super) max: i64,
    /// The charge, in units by the sum; empty where there is none.
    pub(super) prices: Vec<(i64, i64)>,
    /// Whether it limits.
    pub(super) is_limit: bool,
    /// Where it is kept.
    pub(super) slot: usize,
    /// Its first and last block.
    pub(super) blocks: (usize, usize),
    /// What can still be added after each block, at most.
    pub(super) ahead: Vec<i64>,
    /// The charge for each sum, where these are few.
    table: Vec<i64>,
}

impl Counter {
    /// The charge for a sum, in units.
    pub(super) fn cost(&self, sum: i64) -> i64 {
        if self.prices.is_empty() {
            return 0;
        }
        match usize::try_from(sum).ok().and_then(|sum| self.table.get(sum)) {
            Some(cost) => *cost,
            None => cost_of(&self.prices, sum),
        }
    }

    /// The price of the first unit.
    pub(super) fn lowest(&self) -> i64 {
        self.prices.first().map_or(0, |price| price.1)
    }

    /// The price of the last unit that can be reached.
    pub(super) fn highest(&self) -> i64 {
        if self.max > 0 { self.cost(self.max) - self.cost(self.max - 1) } else { 0 }
    }
}

fn cost_of(prices: &[(i64, i64)], sum: i64) -> i64 {
    let (mut left, mut cost) = (sum.max(0), 0_i64);
    for (units, each) in prices {
        let taken = left.min(*units);
        cost = cost.saturating_add(each.saturating_mul(taken));
        left -= taken;
        if left == 0 {
            break;
        }
    }
    cost
}

/// The steps of a tariff as (units, units of arithmetic each).
pub(super) fn prices_of(tariff: &Tariff) -> Vec<(i64, i64)> {
    let each = |s: &rotashare_core::points::Step| s.each.in_quarters() * UNITS_PER_QUARTER;
    tariff.steps().iter().map(|step| (step.units, each(step))).collect()
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Month {
    /// His options in the problem.
    pub(super) options: Range<usize>,
    /// In order.
    pub(super) blocks: Vec<Block>,
    /// The block of each of his options.
    pub(super) block_of: Vec<u32>,
    /// Groups that span blocks.
    pub(super) spans: Vec<Span>,
    /// Limits and charges that span blocks.
    pub(super) counters: Vec<Counter>,
    /// Words of bits in a label.
    pub(super) words: usize,
    /// Slots of counters in a label.
    pub(super) slots: usize,
}

/// What belongs to each consultant, gathered in one pass over the problem.
struct Gathered {
    groups: Vec<Vec<(u32, Vec<u32>)>>,
    clashes: Vec<Vec<(u32, u32)>>,
    pieces: Vec<Vec<Piece>>,
}

/// All months of a problem, in the order of consultants. `fixed` says what is decided of each option.
pub(super) fn months(problem: &Problem, fixed: &[Option<bool>]) -> Vec<Month> {
    let people = problem.by_consultant();
    let mut person_of = vec![0_usize; problem.options().len()];
    for (person, (_, range)) in people.iter().enumerate() {
        person_of[range.clone()].fill(person);
    }
    let all = gather(problem, &people, &person_of);
    let mut months = Vec::with_capacity(people.len());
    let parts = all.groups.into_iter().zip(all.clashes).zip(all.pieces);
    for ((_, range), ((groups, clashes), pieces)) in people.into_iter().zip(parts) {
        months.push(build(problem, range, groups, clashes, pieces, fixed));
    }
    months
}

fn gather(
    problem: &Problem,
    people: &[(rotashare_core::ids::ConsultantId, Range<usize>)],
    person_of: &[usize],
) -> Gathered {
    let mut groups: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); people.len()];
    let mut local_group = vec![0_u32; problem.groups().len()];
    for (index, group) in problem.groups().iter().enumerate() {
        let person = person_of[group.options[0].index()];
        let first = people[person].1.start;
        local_group[index] = groups[person].len() as u32;
        let options = group.options.iter().map(|o| (o.index() - first) as u32).collect();
        groups[person].push((index as u32, options));
    }
    let mut clashes = vec![Vec::new(); people.len()];
    for clash in problem.clashes() {
        let person = person_of[clash.a.index()];
        let first = people[person].1.start;
        clashes[person].push(((clash.a.index() - first) as u32, (clash.b.index() - first) as u32));
    }
    let mut pieces: Vec<Vec<Piece>> = people.iter().map(|_| Vec::new()).collect();
    let mut add = |items: &[Item], max: Option<i64>, prices: Vec<(i64, i64)>| {
        let Some(first) = items.first() else { return };
        let person = person_of[problem.options_of(&first.mark)[0].index()];
        let start = people[person].1.start;
        let local = |item: &Item| match item.mark {
            Mark::Option(o) => (Local::Option((o.index() - start) as u32), item.weight),
            Mark::Group(g) => (Local::Group(local_group[g.index()]), item.weight),
        };
        pieces[person].push(Piece { items: items.iter().map(local).collect(), max, prices });
    };
    for limit in problem.limits() {
        add(&limit.items, Some(limit.max), Vec::new());
    }
    for charge in problem.charges() {
        add(&charge.items, None, prices_of(&charge.tariff));
    }
    Gathered { groups, clashes, pieces }
}

fn build(
    problem: &Problem,
    options: Range<usize>,
    groups: Vec<(u32, Vec<u32>)>,
    clashes: Vec<(u32, u32)>,
    pieces: Vec<Piece>,
    fixed: &[Option<bool>],
) -> Month {
    let count = options.len();
    let ranges = cut(count, &groups, &clashes);
    let mut block_of = vec![0_u32; count];
    for (block, range) in ranges.iter().enumerate() {
        block_of[range.clone()].fill(block as u32);
    }
    let block_at = |option: u32| block_of[option as usize];
    let mut bits = Slots::default();
    let mut spans = Vec::new();
    // For each group its number among the spanning ones.
    let mut span_of = vec![None; groups.len()];
    for (local, (group, members)) in groups.iter().enumerate() {
        let mut blocks: Vec<u32> = members.iter().map(|o| block_at(*o)).collect();
        blocks.dedup();
        if let [first, .., last] = blocks[..] {
            span_of[local] = Some(spans.len() as u32);
            let bit = bits.take(first as usize, last as usize);
            spans.push(Span { group: *group, bit, adds: Vec::new(), blocks });
        }
    }
    // An option that clashes with a later block's has a flag, up to the last of these.
    let mut until: Vec<u32> = block_of.clone();
    for (a, b) in clashes.iter().filter(|c| block_at(c.1) > block_at(c.0)) {
        let until = &mut until[*a as usize];
        *until = (*until).max(block_at(*b));
    }
    let flags: Vec<Option<usize>> = (0..count)
        .map(|o| {
            let (here, until) = (block_of[o], until[o]);
            (until > here).then(|| bits.take(here as usize, until as usize))
        })
        .collect();
    // And for each option the flags that must not be up.
    let mut clear: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (a, b) in clashes.iter().filter(|c| block_at(c.0) < block_at(c.1)) {
        clear[*b as usize].extend(flags[*a as usize].map(|bit| bit as u32));
    }
    let blocks_of_item = |item: &(Local, i64)| match item.0 {
        Local::Option(o) => (block_at(o), block_at(o)),
        Local::Group(g) => {
            let members = &groups[g as usize].1;
            (block_at(members[0]), block_at(members[members.len() - 1]))
        }
    };
    // Limits and charges of the same sum are one.
    let mut all: Vec<Piece> = Vec::new();
    let mut counters: Vec<(Counter, Piece)> = Vec::new();
    let mut inner: Vec<(usize, Piece)> = Vec::new();
    let mut slots = Slots::default();
    let mut groups_of: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (local, (_, members)) in groups.iter().enumerate() {
        members.iter().for_each(|o| groups_of[*o as usize].push(local as u32));
    }
    let fillings: Vec<Vec<Filling>> =
        ranges.iter().map(|range| Filling::all(range, &clashes, &groups_of)).collect();
    for mut piece in pieces {
        if piece.is_idle(&fillings, count, &span_of) {
            continue;
        }
        piece.simplify();
        piece.items.sort_unstable();
        match all.iter_mut().find(|other| other.items == piece.items) {
            Some(same) => same.join(&piece),
            None => all.push(piece),
        }
    }
    for piece in all {
        let reach = piece.items.iter().map(blocks_of_item);
        let (first, last) = reach.fold((u32::MAX, 0), |r, b| (r.0.min(b.0), r.1.max(b.1)));
        if first == last {
            inner.push((first as usize, piece));
            continue;
        }
        let total: i64 = piece.items.iter().map(|item| item.1).sum();
        let table = match usize::try_from(total) {
            Ok(total) if total < 1 << 14 && !piece.prices.is_empty() => {
                (0..=total as i64).map(|sum| cost_of(&piece.prices, sum)).collect()
            }
            _ => Vec::new(),
        };
        let counter = Counter {
            max: piece.max.unwrap_or(total).min(total),
            prices: piece.prices.clone(),
            is_limit: piece.max.is_some(),
            slot: slots.take(first as usize, last as usize),
            blocks: (first as usize, last as usize),
            ahead: Vec::new(),
            table,
        };
        counters.push((counter, piece));
    }
    // What each option, and each group that does not span, adds to counters and to what is within its block.
    let mut adds = Adds::new(count, groups.len());
    for (number, (_, piece)) in counters.iter().enumerate() {
        for (local, weight) in &piece.items {
            match local {
                Local::Group(g) if let Some(span) = span_of[*g as usize] => {
                    let span: &mut Span = &mut spans[span as usize];
                    span.adds.push((number as u32, *weight));
                }
                local => adds.of(*local).push((number as u32, *weight)),
            }
        }
    }
    for (number, (_, piece)) in inner.iter().enumerate() {
        let number = (counters.len() + number) as u32;
        piece.items.iter().for_each(|(local, weight)| adds.of(*local).push((number, *weight)));
    }
    let words = bits.count().div_ceil(64).max(1);
    let mut blocks = Vec::with_capacity(ranges.len());
    let mut sums = vec![0_i64; counters.len() + inner.len()];
    for (number, (range, fillings)) in ranges.iter().zip(fillings).enumerate() {
        let fixed = &fixed[options.start..options.end];
        let must = range.clone().filter(|o| fixed[*o] == Some(true)).count();
        let within: Vec<usize> =
            (0..inner.len()).filter(|piece| inner[*piece].0 == number).collect();
        let mut patterns = Vec::with_capacity(fillings.len());
        for Filling { options: set, groups: marked } in fillings {
            let decided = set.iter().map(|o| fixed[*o as usize]);
            let (barred, chosen) = decided.fold((false, 0), |(barred, chosen), one| {
                (barred || one == Some(false), chosen + usize::from(one == Some(true)))
            });
            if barred || chosen < must {
                continue;
            }
            sums.fill(0);
            let of_options = set.iter().flat_map(|o| &adds.options[*o as usize]);
            let of_groups = marked.iter().flat_map(|g| &adds.groups[*g as usize]);
            of_options.chain(of_groups).for_each(|(at, weight)| sums[*at as usize] += weight);
            let (over, sums_within) = sums.split_at(counters.len());
            let here = || within.iter().map(|at| (&inner[*at].1, sums_within[*at]));
            if here().any(|(piece, sum)| piece.max.is_some_and(|max| sum > max)) {
                continue;
            }
            let points = set.iter().map(|o| problem.options()[options.start + *o as usize].points);
            let base = points.map(|points| points.in_quarters()).sum::<i64>() * UNITS_PER_QUARTER;
            let charged = here().map(|(piece, sum)| cost_of(&piece.prices, sum)).sum::<i64>();
            let mut pattern = Pattern { base: base + charged, ..Pattern::default() };
            for local in &marked {
                match span_of[*local as usize] {
                    Some(span) => pattern.groups.push(span),
                    None => pattern.own_groups.push(groups[*local as usize].0),
                }
            }
            let over = over.iter().enumerate().filter(|(_, add)| **add > 0);
            pattern.adds = over.map(|(counter, add)| (counter as u32, *add)).collect();
            let mut clear: Vec<u32> =
                set.iter().flat_map(|o| &clear[*o as usize]).copied().collect();
            clear.sort_unstable();
            clear.dedup();
            pattern.needs_clear = clear;
            let raised = set.iter().filter_map(|o| flags[*o as usize]);
            pattern.raises = raised.map(|bit| bit as u32).collect();
            pattern.options = set;
            patterns.push(pattern);
        }
        let lives = |first: usize, last: usize| first <= number && number < last;
        let live_counters = (0..counters.len() as u32)
            .filter(|c| {
                let (first, last) = counters[*c as usize].0.blocks;
                lives(first, last)
            })
            .collect();
        let mut live_bits = vec![0_u64; words];
        let mut flag_bits = vec![0_u64; words];
        let mut group_of_bit = vec![NO_GROUP; 64 * words];
        for (index, span) in spans.iter().enumerate() {
            if lives(span.blocks[0] as usize, span.blocks[span.blocks.len() - 1] as usize) {
                group_of_bit[span.bit] = index as u32;
                live_bits[span.bit / 64] |= 1 << (span.bit % 64);
            }
        }
        for (option, flag) in flags.iter().enumerate() {
            if let Some(bit) = flag
                && lives(block_of[option] as usize, until[option] as usize)
            {
                live_bits[bit / 64] |= 1 << (bit % 64);
                flag_bits[bit / 64] |= 1 << (bit % 64);
            }
        }
        blocks.push(Block { patterns, live_counters, group_of_bit, live_bits, flag_bits });
    }
    let mut month = Month {
        options,
        blocks,
        block_of,
        spans,
        counters: counters.into_iter().map(|(counter, _)| counter).collect(),
        words,
        slots: slots.count(),
    };
    look_ahead(&mut month);
    month
}

impl Month {
    /// Those of his options that are chosen, by their place in the month.
    pub(super) fn places(&self, chosen: &[bool]) -> Vec<u32> {
        let start = self.options.start;
        self.options.clone().filter(|o| chosen[*o]).map(|o| (o - start) as u32).collect()
    }

    /// The numbers in the problem of options given by their place in the month.
    pub(super) fn numbers(&self, places: &[u32]) -> Vec<u32> {
        places.iter().map(|place| self.options.start as u32 + place).collect()
    }

    /// The places in the month of options given by their number in the problem.
    pub(super) fn local(&self, numbers: &[u32]) -> Vec<u32> {
        numbers.iter().map(|number| number - self.options.start as u32).collect()
    }

    /// What a choice of his options costs by itself, in units; `None` where it is not allowed.
    pub(super) fn cost(&self, options: &[u32]) -> Option<i64> {
        let mut sums = vec![0_i64; self.counters.len()];
        let mut marked = vec![false; self.spans.len()];
        let mut up = vec![false; 64 * self.words];
        let (mut cost, mut rest) = (0, options);
        for (number, block) in self.blocks.iter().enumerate() {
            let here = |o: &&u32| self.block_of[**o as usize] as usize == number;
            let count = rest.iter().take_while(here).count();
            let pattern = block.with(&rest[..count])?;
            rest = &rest[count..];
            if pattern.needs_clear.iter().any(|flag| up[*flag as usize]) {
                return None;
            }
            cost += pattern.base;
            for group in &pattern.groups {
                if !std::mem::replace(&mut marked[*group as usize], true) {
                    for (counter, weight) in &self.spans[*group as usize].adds {
                        sums[*counter as usize] += weight;
                    }
                }
            }
            for (counter, weight) in &pattern.adds {
                sums[*counter as usize] += weight;
            }
            for flag in &pattern.raises {
                up[*flag as usize] = true;
            }
            for (bit, up) in up.iter_mut().enumerate() {
                *up &= block.flag_bits[bit / 64] >> (bit % 64) & 1 == 1;
            }
        }
        for (counter, sum) in self.counters.iter().zip(&sums) {
            if counter.is_limit && *sum > counter.max {
                return None;
            }
            cost += counter.cost(*sum);
        }
        rest.is_empty().then_some(cost)
    }
}
