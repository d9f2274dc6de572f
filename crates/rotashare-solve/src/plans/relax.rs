//! The completion bound: what the rest of a month costs at least, by dynamic programming from its end
//! over a few key counters, exact in these and optimistic in all else.

use std::borrow::Cow;

use super::lists::Lists;
use super::month::{Block, Counter, Month, NEVER, Pattern};

/// The most states of key counters between two blocks.
const MOST_STATES: usize = 1024;
/// Of counters with no more values than this charges are followed first, then limits, then all others.
const FEW_VALUES: usize = 32;
/// And the most values of one of them: minutes are as well made linear.
const MOST_VALUES: usize = 128;
/// Where a bound takes no more steps than this, what happens in them is kept: 12 bytes each, for each
/// consultant. Those of four weeks take some thousands.
const MOST_KEPT: usize = 16_000;

/// Which counters a month's completion bound follows, and how; settled once.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// For each counter whether it is followed.
    followed: Vec<bool>,
    /// For each block what happens to followed counters in it.
    steps: Vec<Vec<KeyStep>>,
    /// For each block the followed counters' values before it: counter, slot, stride, values.
    before: Vec<Vec<(usize, usize, usize, usize)>>,
    /// For each block what patterns add to the followed counters of `steps`, each set of additions once: a
    /// turn for each that is not nothing.
    classes: Vec<Vec<Vec<Turn>>>,
    /// For each block and pattern which of these are its own.
    class_of: Vec<Vec<u32>>,
    /// What turns do.
    effects: Vec<Effect>,
    /// For each block and pattern whether it adds to followed counters alone, whatever groups it marks.
    plain: Vec<Vec<bool>>,
    /// For each charge not followed, where it is made linear, and at which price.
    linear: Vec<(i64, i64)>,
    /// For each block what making linear those that begin in it or later may have got wrong.
    pending: Vec<i64>,
    /// Before each block, and at the end, for each state in how many blocks from there on spanning groups
    /// can be marked at most.
    marks: Vec<Vec<u32>>,
    /// For each block the groups and the patterns that mark them, in order.
    marking: Vec<Vec<(u32, u32)>>,
    /// Each block's moves; none where they are too many.
    kept: Vec<Moves>,
}

/// State by state before a block what each class of additions costs in it, more than `NEVER / 2` where a
/// limit does not allow it, and the state after it.
#[derive(Clone, Debug)]
struct Moves {
    classes: usize,
    costs: Vec<i64>,
    nexts: Vec<u32>,
}

impl Moves {
    /// What each class costs in a state, and the next state.
    #[inline]
    fn of(&self, state: usize) -> impl Iterator<Item = (i64, usize)> {
        let here = state * self.classes..(state + 1) * self.classes;
        let nexts = self.nexts[here.clone()].iter().map(|next| *next as usize);
        self.costs[here].iter().copied().zip(nexts)
    }
}

#[derive(Clone, Copy, Debug)]
struct KeyStep {
    counter: usize,
    slot: usize,
    /// Stride before the block; 0 where it begins here.
    before: usize,
    /// Stride after it; 0 where it ends here.
    after: usize,
    values: usize,
}

/// Something added to a followed counter.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Which of the block's steps.
    step: usize,
    /// Where its effects begin: one for each value that the counter may have had.
    effects: usize,
}

#[derive(Clone, Copy, Debug)]
struct Effect {
    /// `NEVER` where a limit does not allow it.
    cost: i64,
    /// How much further on the state after the block is.
    further: usize,
}

impl Effect {
    fn of(counter: &Counter, step: &KeyStep, had: usize, add: i64) -> Self {
        let (old, last) = (had as i64, step.values - 1);
        let new = old + add;
        let is_over = counter.is_limit && new > counter.max;
        let cost = if is_over { NEVER } else { counter.cost(new) - counter.cost(old) };
        Self { cost, further: step.after * ((new as usize).min(last) - had) }
    }
}

fn values(counter: &Counter) -> usize {
    usize::try_from(counter.max.saturating_add(1)).unwrap_or(usize::MAX)
}

impl Keys {
    pub(super) fn new(month: &Month) -> Self {
        let mut keys = Self::of(month, |_| true);
        let tables = keys.most_from(month, |pattern| i64::from(!pattern.groups.is_empty()));
        let count = |most: i64| u32::try_from(most).unwrap_or(u32::MAX);
        let marking = |block: &Block| {
            let patterns = block.patterns.iter().enumerate();
            let mut marking: Vec<(u32, u32)> = patterns
                .flat_map(|(number, p)| p.groups.iter().map(move |group| (*group, number as u32)))
                .collect();
            marking.sort_unstable();
            marking
        };
        keys.marking = month.blocks.iter().map(marking).collect();
        keys.marks =
            tables.into_iter().map(|table| table.into_iter().map(count).collect()).collect();
        if keys.work() <= MOST_KEPT {
            keys.kept = (0..month.blocks.len()).map(|block| keys.work_out(block)).collect();
        }
        keys
    }

    /// Follows no others than these counters.
    fn of(month: &Month, may_follow: impl Fn(&Counter) -> bool) -> Self {
        let blocks = month.blocks.len();
        let mut states = vec![1_usize; blocks + 1];
        // A sum of groups over blocks alone is none that patterns say anything of.
        let mut counts = vec![false; month.counters.len()];
        let patterns = month.blocks.iter().flat_map(|block| &block.patterns);
        patterns.flat_map(|p| &p.adds).for_each(|(counter, _)| counts[*counter as usize] = true);
        let mut order: Vec<usize> = (0..month.counters.len())
            .filter(|c| counts[*c] && may_follow(&month.counters[*c]))
            .collect();
        order.sort_by_key(|c| {
            let counter = &month.counters[*c];
            (values(counter) > FEW_VALUES, counter.prices.is_empty(), values(counter), *c)
        });
        let mut followed = vec![false; month.counters.len()];
        for index in order {
            let counter = &month.counters[index];
            let (first, last) = counter.blocks;
            let more = |s: &usize| s.saturating_mul(values(counter));
            if values(counter) <= MOST_VALUES
                && states[first + 1..=last].iter().all(|s| more(s) <= MOST_STATES)
            {
                states[first + 1..=last].iter_mut().for_each(|s| *s = more(s));
                followed[index] = true;
            }
        }
        let mut before = Vec::with_capacity(blocks + 1);
        for block in 0..=blocks {
            let mut stride = 1;
            let mut list = Vec::new();
            for (index, counter) in month.counters.iter().enumerate() {
                if followed[index] && counter.blocks.0 < block && block <= counter.blocks.1 {
                    list.push((index, counter.slot, stride, values(counter)));
                    stride *= values(counter);
                }
            }
            before.push(list);
        }
        let stride = |block: usize, counter: usize| {
            before[block].iter().find(|entry| entry.0 == counter).map_or(0, |entry| entry.2)
        };
        let steps: Vec<Vec<KeyStep>> = (0..blocks)
            .map(|block| {
                let here = |c: &usize| {
                    let (first, last) = month.counters[*c].blocks;
                    followed[*c] && first <= block && block <= last
                };
                (0..month.counters.len())
                    .filter(here)
                    .map(|counter| KeyStep {
                        counter,
                        slot: month.counters[counter].slot,
                        before: stride(block, counter),
                        after: stride(block + 1, counter),
                        values: values(&month.counters[counter]),
                    })
                    .collect()
            })
            .collect();
        let add_of = |p: &Pattern, counter: usize| {
            p.adds.iter().find(|add| add.0 as usize == counter).map_or(0, |add| add.1)
        };
        let (mut classes, mut class_of, mut effects) = (Vec::new(), Vec::new(), Vec::new());
        for (block, steps) in month.blocks.iter().zip(&steps) {
            let mut adds: Vec<Vec<i64>> = Vec::new();
            let mut class = |p: &Pattern| {
                let of: Vec<i64> = steps.iter().map(|s| add_of(p, s.counter)).collect();
                let known = adds.iter().position(|other| *other == of);
                known.unwrap_or_else(|| {
                    adds.push(of);
                    adds.len() - 1
                }) as u32
            };
            class_of.push(block.patterns.iter().map(&mut class).collect());
            let mut known: Vec<(usize, i64, usize)> = Vec::new();
            let mut turn = |(step, add): (usize, &i64)| {
                let begun = known.iter().find(|turn| (turn.0, turn.1) == (step, *add));
                let begin = begun.map_or(effects.len(), |turn| turn.2);
                if begun.is_none() {
                    let (counter, of) = (&month.counters[steps[step].counter], &steps[step]);
                    effects.extend((0..of.values).map(|had| Effect::of(counter, of, had, *add)));
                    known.push((step, *add, begin));
                }
                Turn { step, effects: begin }
            };
            let turns = |adds: Vec<i64>| {
                adds.iter().enumerate().filter(|(_, add)| **add > 0).map(&mut turn).collect()
            };
            classes.push(adds.into_iter().map(turns).collect());
        }
        let no_others = |p: &Pattern| {
            p.adds.iter().all(|add| followed[add.0 as usize])
                && p.groups.iter().all(|group| month.spans[*group as usize].adds.is_empty())
        };
        let plain =
            month.blocks.iter().map(|b| b.patterns.iter().map(no_others).collect()).collect();
        let linear: Vec<(i64, i64)> = month.counters.iter().map(linear).collect();
        let fault = |block: usize, index: usize, counter: &Counter| {
            if followed[index] || counter.blocks.0 < block {
                return 0;
            }
            let (at, each) = linear[index];
            let at = at.min(counter.max);
            counter.cost(at) - each * at
        };
        let pending = (0..=blocks)
            .map(|b| month.counters.iter().enumerate().map(|(i, c)| fault(b, i, c)).sum())
            .collect();
        Self {
            followed,
            steps,
            before,
            classes,
            class_of,
            effects,
            plain,
            linear,
            pending,
            marks: Vec::new(),
            marking: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn work_out(&self, block: usize) -> Moves {
        let classes = &self.classes[block];
        let (mut costs, mut nexts) = (Vec::new(), Vec::new());
        self.each_state(block, |sums, still| {
            for turns in classes {
                let (cost, next) = self.advance(turns, sums, still);
                costs.push(cost);
                nexts.push(next as u32);
            }
        });
        Moves { classes: classes.len(), costs, nexts }
    }

    fn moves(&self, block: usize) -> Cow<'_, Moves> {
        let kept = self.kept.get(block).map(Cow::Borrowed);
        kept.unwrap_or_else(|| Cow::Owned(self.work_out(block)))
    }

    /// The patterns of a block that mark a group.
    fn marking(&self, block: usize, group: u32) -> impl Iterator<Item = usize> {
        let of_block = &self.marking[block];
        let first = of_block.partition_point(|entry| entry.0 < group);
        let of_group = of_block[first..].iter().take_while(move |entry| entry.0 == group);
        of_group.map(|entry| entry.1 as usize)
    }

    /// How many steps of work a bound takes.
    pub(super) fn work(&self) -> usize {
        let of = |(block, classes): (usize, &Vec<_>)| self.states(block) * classes.len();
        self.classes.iter().enumerate().map(of).sum()
    }

    /// In how many blocks spanning groups can be marked at most.
    pub(super) fn most_marks(&self) -> usize {
        self.marks[0][0] as usize
    }

    /// The same from a block on, for a label with these sums.
    pub(super) fn marks(&self, block: usize, sums: &[i64]) -> usize {
        self.marks[block][self.state(block, sums)] as usize
    }

    /// The same after a block in which nothing is added.
    pub(super) fn marks_after_nothing(&self, block: usize, sums: &[i64]) -> usize {
        let sum = |step: &KeyStep| step.after * (sums[step.slot] as usize).min(step.values - 1);
        let begun = self.steps[block].iter().filter(|step| step.before > 0);
        self.marks[block + 1][begun.map(sum).sum::<usize>()] as usize
    }

    /// The state before a block of a label with these sums.
    pub(super) fn state(&self, block: usize, sums: &[i64]) -> usize {
        self.before[block]
            .iter()
            .map(|(_, slot, stride, values)| stride * (sums[*slot] as usize).min(values - 1))
            .sum()
    }

    /// Which additions to followed counters a pattern of a block makes, where it makes no others.
    pub(super) fn class(&self, block: usize, pattern: usize) -> Option<usize> {
        self.plain[block][pattern].then(|| self.class_of[block][pattern] as usize)
    }

    /// How many states there are before a block.
    fn states(&self, block: usize) -> usize {
        self.before[block].iter().map(|entry| entry.3).product()
    }

    /// Goes through the states before a block: hears of each what followed counters have come to, in the
    /// order of `steps`, and the state after the block where nothing is added.
    fn each_state(&self, block: usize, mut hear: impl FnMut(&[usize], usize)) {
        let steps = &self.steps[block];
        let (mut sums, mut still) = (vec![0; steps.len()], 0);
        for _ in 0..self.states(block) {
            hear(&sums, still);
            for (step, sum) in steps.iter().zip(&mut sums).filter(|(step, _)| step.before > 0) {
                if *sum + 1 < step.values {
                    *sum += 1;
                    still += step.after;
                    break;
                }
                still -= step.after * *sum;
                *sum = 0;
            }
        }
    }

    /// What a class of additions costs in a block, and the state after it; more than `NEVER / 2` where a
    /// limit does not allow them.
    #[inline]
    fn advance(&self, turns: &[Turn], sums: &[usize], still: usize) -> (i64, usize) {
        let (cost, next) = turns.iter().fold((0_i64, still), |(cost, next), turn| {
            let effect = self.effects[turn.effects + sums[turn.step]];
            (cost.saturating_add(effect.cost), next + effect.further)
        });
        (cost.min(NEVER), next)
    }

    /// What making charges linear gets wrong of the blocks from `block` on, for a label with these sums.
    pub(super) fn wrong(&self, month: &Month, block: usize, sums: &[i64]) -> i64 {
        let mut wrong = self.pending[block];
        if block > 0 {
            for index in &month.blocks[block - 1].live_counters {
                let counter = &month.counters[*index as usize];
                if !counter.prices.is_empty() && !self.followed[*index as usize] {
                    let (at, each) = self.linear[*index as usize];
                    let sum = sums[counter.slot];
                    let more = (at - sum).clamp(0, counter.ahead[block - 1]);
                    wrong += counter.cost(sum + more) - counter.cost(sum) - each * more;
                }
            }
        }
        wrong
    }

    /// The most that a counter can still come to before each block, and at the end, under the limits that
    /// are followed.
    fn most(&self, month: &Month, counter: usize) -> Vec<i64> {
        let add_of = |adds: &[(u32, i64)]| -> i64 {
            adds.iter().filter(|add| add.0 as usize == counter).map(|add| add.1).sum()
        };
        let tables = self.most_from(month, |pattern| {
            let spans = pattern.groups.iter().map(|g| add_of(&month.spans[*g as usize].adds));
            add_of(&pattern.adds) + spans.sum::<i64>()
        });
        tables.into_iter().map(|table| table[0]).collect()
    }

    /// The most that patterns can come to, each at its `gain`, before each block and at the end, from each
    /// state on, under the limits that are followed.
    fn most_from(&self, month: &Month, gain: impl Fn(&Pattern) -> i64) -> Vec<Vec<i64>> {
        let blocks = month.blocks.len();
        let mut tables = vec![Vec::new(); blocks + 1];
        tables[blocks] = vec![0];
        for block in (0..blocks).rev() {
            let mut gains = vec![None; self.classes[block].len()];
            for (pattern, class) in month.blocks[block].patterns.iter().zip(&self.class_of[block]) {
                let best = &mut gains[*class as usize];
                *best = (*best).max(Some(gain(pattern)));
            }
            let after = &tables[block + 1];
            let mut table = Vec::with_capacity(self.states(block));
            self.each_state(block, |sums, still| {
                let classes = self.classes[block].iter().zip(&gains);
                let gain = |(turns, gain): (&Vec<Turn>, &Option<i64>)| {
                    let (cost, next) = self.advance(turns, sums, still);
                    if cost > NEVER / 2 { None } else { Some((*gain)? + after[next]) }
                };
                table.push(classes.filter_map(gain).max().unwrap_or(0));
            });
            tables[block] = table;
        }
        tables
    }
}

/// Says of each counter what can still be added after each block at most, and of each charge what it can
/// come to at most, under the limits.
pub(super) fn look_ahead(month: &mut Month) {
    let (limited, free) = (Keys::of(month, |counter| counter.is_limit), Keys::of(month, |_| false));
    for index in 0..month.counters.len() {
        let is_limit = month.counters[index].is_limit;
        let most = if is_limit { &free } else { &limited }.most(month, index);
        let counter = &mut month.counters[index];
        if !is_limit {
            counter.max = counter.max.min(most[0]);
        }
        counter.ahead = most[1..].to_vec();
    }
}

/// Where a charge is least, and a price that holds there.
fn linear(counter: &Counter) -> (i64, i64) {
    let mut at = 0_i64;
    for (units, each) in &counter.prices {
        if *each >= 0 {
            return (at, if at == 0 { *each } else { 0 });
        }
        at = at.saturating_add(*units);
        if at >= counter.max {
            return (counter.max, 0);
        }
    }
    (0, 0)
}

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
        let of = |(cost, next): (i64, usize)| (rest[next] + cost + wrong).min(NEVER);
        beyond.clear();
        if let Some(moves) = keys.kept.get(block) {
            beyond.extend(moves.of(keys.state(block, sums)).map(of));
            return;
        }
        let sum = |step: &KeyStep| match step.before {
            0 => 0,
            _ => (sums[step.slot] as usize).min(step.values - 1),
        };
        let here: Vec<usize> = keys.steps[block].iter().map(sum).collect();
        let still = keys.steps[block].iter().zip(&here).map(|(step, sum)| step.after * sum).sum();
        let classes = keys.classes[block].iter();
        beyond.extend(classes.map(|turns| of(keys.advance(turns, &here, still))));
    }

    /// What the blocks from `block` on cost at least for a label with these sums.
    pub(super) fn at(&self, month: &Month, keys: &Keys, block: usize, sums: &[i64]) -> i64 {
        self.before(block)[keys.state(block, sums)] + keys.wrong(month, block, sums)
    }
}
