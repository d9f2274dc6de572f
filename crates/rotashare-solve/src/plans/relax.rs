//! The completion bound: what the rest of a month costs at least, by dynamic programming from its end
//! over a few key counters, exact in these and optimistic in all else.

mod keys;

pub(super) use self::keys::{Keys, look_ahead};
use super::month::{Month, NEVER, Pattern};
use crate::lists::Lists;

/// Says what the states before a block cost at least, from what classes of additions cost in it and what
/// the states after it do.
fn fill(table: &mut [i64], keys: &Keys, block: usize, cheapest: &[i64], after: &[i64]) {
    let moves = keys.moves(block);
    for (state, least) in table.iter_mut().enumerate() {
        let costs = moves.of(state).zip(cheapest);
        let less = |least: i64, ((cost, next), price): ((i64, usize), &i64)| {
            least.min(price + cost + after[next])
        };
        *least = costs.fold(NEVER, less);
    }
}

/// The bounds for one set of prices.
pub(super) struct Bounds {
    blocks: usize,
    /// From the end: what the states there cost, before the last block, and so on.
    tables: Lists<i64>,
}

/// What a bound is made from: what it reckons each block's patterns at.
pub(super) struct Reckoned {
    /// `NEVER` where one is not allowed.
    patterns: Lists<i64>,
    /// Of those that add the same only the cheapest counts: for each block and class.
    cheapest: Lists<i64>,
}

impl Reckoned {
    /// From each block's patterns at their prices, `NEVER` where one is not allowed, and for each block and
    /// spanning group what its use there counts for; nothing of blocks before `from`.
    pub(super) fn new(
        month: &Month,
        keys: &Keys,
        patterns: &Lists<i64>,
        shares: &[i64],
        from: usize,
    ) -> Self {
        let mut all = Self { patterns: Lists::new(), cheapest: Lists::new() };
        for _ in 0..from {
            all.patterns.add([]);
            all.cheapest.add([]);
        }
        let blocks = month.blocks.iter().zip(patterns.iter());
        for (number, (block, prices)) in blocks.enumerate().skip(from) {
            let shares = &shares[number * month.spans.len()..];
            let reckon = |(pattern, price): (&Pattern, &i64)| {
                if *price >= NEVER {
                    return NEVER;
                }
                let spans = pattern.groups.iter().map(|group| shares[*group as usize]);
                let charges = pattern.adds.iter().map(|(counter, add)| {
                    let counter = *counter as usize;
                    if keys.followed[counter] { 0 } else { keys.linear[counter].1 * add }
                });
                price + spans.sum::<i64>() + charges.sum::<i64>()
            };
            all.patterns.add(block.patterns.iter().zip(prices).map(reckon));
            let (_, cheapest) = all.cheapest.grow(keys.classes[number].len(), NEVER);
            for (class, cost) in keys.class_of[number].iter().zip(&all.patterns[number]) {
                let least = &mut cheapest[*class as usize];
                *least = (*least).min(*cost);
            }
        }
        all
    }
}

impl Bounds {
    /// What it took to make them, in steps of work.
    pub(super) fn steps(&self) -> u64 {
        self.tables.values().len() as u64 / 8
    }

    /// Of the blocks from `from` on.
    pub(super) fn new(keys: &Keys, reckoned: &Reckoned, from: usize) -> Self {
        let blocks = reckoned.cheapest.len();
        let mut tables = Lists::new();
        tables.add([0]);
        for block in (from..blocks).rev() {
            let (after, table) = tables.grow(keys.states(block), NEVER);
            fill(table, keys, block, &reckoned.cheapest[block], after);
        }
        Self { blocks, tables }
    }

    /// What the states before a block cost, or those at the end.
    fn before(&self, block: usize) -> &[i64] {
        &self.tables[self.blocks - block]
    }

    /// The states before block `from` where the use of some groups counts for nothing.
    pub(super) fn with_free(
        &self,
        keys: &Keys,
        reckoned: &Reckoned,
        month: &Month,
        groups: &[u32],
        shares: &[i64],
        from: usize,
    ) -> Vec<i64> {
        let spans = month.spans.len();
        let mut own: Option<Vec<i64>> = None;
        for block in (from..month.blocks.len()).rev() {
            let mut cheapest: Option<Vec<i64>> = None;
            for group in groups {
                for pattern in keys.marking(block, *group) {
                    let marks = month.blocks[block].patterns[pattern].groups.iter();
                    let free = marks.filter(|group| groups.contains(group));
                    let free: i64 = free.map(|group| shares[block * spans + *group as usize]).sum();
                    let cost = reckoned.patterns[block][pattern];
                    if cost < NEVER && free != 0 {
                        let class = keys.class_of[block][pattern] as usize;
                        let cheapest =
                            cheapest.get_or_insert_with(|| reckoned.cheapest[block].to_vec());
                        cheapest[class] = cheapest[class].min(cost - free);
                    }
                }
            }
            if own.is_none() && cheapest.is_none() {
                continue;
            }
            let cheapest = cheapest.as_deref().unwrap_or(&reckoned.cheapest[block]);
            let after = own.as_deref().unwrap_or_else(|| self.before(block + 1));
            let mut table = vec![NEVER; keys.states(block)];
            fill(&mut table, keys, block, cheapest, after);
            own = Some(table);
        }
        own.unwrap_or_else(|| self.before(from).to_vec())
    }

    /// For each block and pattern what no month that has it can cost less than.
    pub(super) fn through(&self, keys: &Keys, reckoned: &Reckoned) -> Lists<i64> {
        // What comes before at least, by the state that it leads to.
        let (mut before, mut after) = (vec![keys.pending[0]], Vec::new());
        let (mut around, mut all) = (Vec::new(), Lists::new());
        let blocks = reckoned.patterns.iter().zip(reckoned.cheapest.iter());
        for (block, (patterns, plain)) in blocks.enumerate() {
            let rest = self.before(block + 1);
            after.clear();
            after.resize(rest.len(), NEVER);
            around.clear();
            around.resize(plain.len(), NEVER);
            let moves = keys.moves(block);
            for (state, cost) in before.iter().enumerate().filter(|(_, cost)| **cost < NEVER) {
                let classes = moves.of(state).zip(plain).zip(&mut around);
                for (((more, next), price), around) in classes {
                    let with = cost + more;
                    *around = (*around).min(with + rest[next]);
                    after[next] = after[next].min(with + price);
                }
            }
            let of = |(cost, class): (&i64, &u32)| {
                cost.saturating_add(around[*class as usize]).min(NEVER)
            };
            all.add(patterns.iter().zip(&keys.class_of[block]).map(of));
            std::mem::swap(&mut before, &mut after);
        }
        all
    }

    /// What each set of additions to followed counters costs in a block, with all blocks after it at
    /// least, for a label with these sums; `NEVER` where a limit does not allow it.
    pub(super) fn beyond(
        &self,
        month: &Month,
        keys: &Keys,
        block: usize,
        sums: &[i64],
        beyond: &mut Vec<i64>,
    ) {
        let wrong = keys.wrong(month, block + 1, sums);
        let rest = self.before(block + 1);
        beyond.clear();
        keys.each_move(block, sums, |cost, next| {
            beyond.push((rest[next] + cost + wrong).min(NEVER));
        });
    }

    /// What the blocks from `block` on cost at least for a label with these sums.
    pub(super) fn at(&self, month: &Month, keys: &Keys, block: usize, sums: &[i64]) -> i64 {
        self.before(block)[keys.state(block, sums)] + keys.wrong(month, block, sums)
    }
}
