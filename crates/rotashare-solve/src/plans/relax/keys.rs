//! Which counters a month's completion bound follows, what states these can be in between its blocks, and how
//! a block leads from one to the next.

use std::borrow::Cow;

use crate::plans::month::{Block, Counter, Month, NEVER, Pattern};

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
pub(in crate::plans) struct Keys {
    /// For each counter whether it is followed.
    pub(super) followed: Vec<bool>,
    /// For each block what happens to followed counters in it.
    steps: Vec<Vec<KeyStep>>,
    /// For each block the followed counters' values before it: counter, slot, stride, values.
    before: Vec<Vec<(usize, usize, usize, usize)>>,
    /// For each block what patterns add to the followed counters of `steps`, each set of additions once: a
    /// turn for each that is not nothing.
    pub(super) classes: Vec<Vec<Vec<Turn>>>,
    /// For each block and pattern which of these are its own.
    pub(super) class_of: Vec<Vec<u32>>,
    /// What turns do.
    effects: Vec<Effect>,
    /// For each block and pattern whether it adds to followed counters alone, whatever groups it marks.
    plain: Vec<Vec<bool>>,
    /// For each charge not followed, where it is made linear, and at which price.
    pub(super) linear: Vec<(i64, i64)>,
    /// For each block what making linear those that begin in it or later may have got wrong.
    pub(super) pending: Vec<i64>,
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
pub(super) struct Moves {
    classes: usize,
    costs: Vec<i64>,
    nexts: Vec<u32>,
}

impl Moves {
    /// What each class costs in a state, and the next state.
    #[inline]
    pub(super) fn of(&self, state: usize) -> impl Iterator<Item = (i64, usize)> {
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
pub(super) struct Turn {
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
    pub(in crate::plans) fn new(month: &Month) -> Self {
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

    #[inline]
    pub(super) fn moves(&self, block: usize) -> Cow<'_, Moves> {
        let kept = self.kept.get(block).map(Cow::Borrowed);
        kept.unwrap_or_else(|| Cow::Owned(self.work_out(block)))
    }

    /// The patterns of a block that mark a group.
    pub(super) fn marking(&self, block: usize, group: u32) -> impl Iterator<Item = usize> {
        let of_block = &self.marking[block];
        let first = of_block.partition_point(|entry| entry.0 < group);
        let of_group = of_block[first..].iter().take_while(move |entry| entry.0 == group);
        of_group.map(|entry| entry.1 as usize)
    }

    /// How many steps of work a bound takes.
    pub(in crate::plans) fn work(&self) -> usize {
        let of = |(block, classes): (usize, &Vec<_>)| self.states(block) * classes.len();
        self.classes.iter().enumerate().map(of).sum()
    }

    /// In how many blocks spanning groups can be marked at most.
    pub(in crate::plans) fn most_marks(&self) -> usize {
        self.marks[0][0] as usize
    }

    /// The same from a block on, for a label with these sums.
    #[inline]
    pub(in crate::plans) fn marks(&self, block: usize, sums: &[i64]) -> usize {
        self.marks[block][self.state(block, sums)] as usize
    }

    /// The same after a block in which nothing is added.
    #[inline]
    pub(in crate::plans) fn marks_after_nothing(&self, block: usize, sums: &[i64]) -> usize {
        let sum = |step: &KeyStep| step.after * (sums[step.slot] as usize).min(step.values - 1);
        let begun = self.steps[block].iter().filter(|step| step.before > 0);
        self.marks[block + 1][begun.map(sum).sum::<usize>()] as usize
    }

    /// The state before a block of a label with these sums.
    #[inline]
    pub(in crate::plans) fn state(&self, block: usize, sums: &[i64]) -> usize {
        self.before[block]
            .iter()
            .map(|(_, slot, stride, values)| stride * (sums[*slot] as usize).min(values - 1))
            .sum()
    }

    /// Which additions to followed counters a pattern of a block makes, where it makes no others.
    #[inline]
    pub(in crate::plans) fn class(&self, block: usize, pattern: usize) -> Option<usize> {
        self.plain[block][pattern].then(|| self.class_of[block][pattern] as usize)
    }

    /// How many states there are before a block.
    #[inline]
    pub(super) fn states(&self, block: usize) -> usize {
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

    /// What each class of additions costs in a block for a label with these sums, and the state after it.
    #[inline]
    pub(super) fn each_move(&self, block: usize, sums: &[i64], mut hear: impl FnMut(i64, usize)) {
        if let Some(moves) = self.kept.get(block) {
            moves.of(self.state(block, sums)).for_each(|(cost, next)| hear(cost, next));
            return;
        }
        let sum = |step: &KeyStep| match step.before {
            0 => 0,
            _ => (sums[step.slot] as usize).min(step.values - 1),
        };
        let here: Vec<usize> = self.steps[block].iter().map(sum).collect();
        let still = self.steps[block].iter().zip(&here).map(|(step, sum)| step.after * sum).sum();
        for turns in &self.classes[block] {
            let (cost, next) = self.advance(turns, &here, still);
            hear(cost, next);
        }
    }

    /// What making charges linear gets wrong of the blocks from `block` on, for a label with these sums.
    #[inline]
    pub(in crate::plans) fn wrong(&self, month: &Month, block: usize, sums: &[i64]) -> i64 {
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
pub(in crate::plans) fn look_ahead(month: &mut Month) {
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
