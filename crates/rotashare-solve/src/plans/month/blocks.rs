//! Cutting a month into blocks, the ways to fill one, and slots for what lives from one to another.

use std::ops::Range;

/// The most patterns that a block may have before it is cut in two.
const MOST_PATTERNS: usize = 1000;
/// A group that spans more options than this does not hold a block together.
const SHORT_SPAN: usize = 16;

/// Where blocks end: an end is after an option, no clash or short group goes across it, unless a block
/// would have too many patterns.
pub(super) fn cut(
    count: usize,
    groups: &[(u32, Vec<u32>)],
    clashes: &[(u32, u32)],
) -> Vec<Range<usize>> {
    let mut tied = vec![0_i32; count + 1];
    let mut tie = |a: u32, b: u32| {
        tied[a as usize] += 1;
        tied[b as usize] -= 1;
    };
    for (a, b) in clashes {
        if (*b - *a) as usize <= 3 * SHORT_SPAN {
            tie(*a, *b);
        }
    }
    for (_, options) in groups {
        if let (Some(a), Some(b)) = (options.first(), options.last())
            && (*b - *a) as usize <= SHORT_SPAN
            && options.len() > (*b - *a) as usize / 4
        {
            tie(*a, *b);
        }
    }
    let (mut ends, mut depth, mut start) = (Vec::new(), 0, 0);
    for (option, change) in tied.iter().enumerate().take(count) {
        depth += change;
        if depth == 0 {
            ends.push(start..option + 1);
            start = option + 1;
        }
    }
    if start < count {
        ends.push(start..count);
    }
    let mut blocks = Vec::new();
    for range in ends {
        halve(range, clashes, &mut blocks);
    }
    blocks
}

/// Cuts a block until it has few enough patterns, each time where the fewest clashes go across.
fn halve(range: Range<usize>, clashes: &[(u32, u32)], blocks: &mut Vec<Range<usize>>) {
    if range.len() <= 1 || fillings(&range, clashes, MOST_PATTERNS).is_some() {
        blocks.push(range);
        return;
    }
    let across = |at: usize| {
        let over = |(a, b): &&(u32, u32)| {
            (*a as usize) < at && (*b as usize) >= at && *a as usize >= range.start
        };
        clashes.iter().filter(over).count()
    };
    let middle = range.start + range.len() / 2;
    let width = range.len() / 4;
    let at = (middle - width..=middle + width)
        .filter(|at| *at > range.start && *at < range.end)
        .min_by_key(|at| (across(*at), at.abs_diff(middle)))
        .unwrap_or(middle);
    halve(range.start..at, clashes, blocks);
    halve(at..range.end, clashes, blocks);
}

/// A set of options of a block without a clash.
pub(super) struct Filling {
    pub(super) options: Vec<u32>,
    /// The groups that they mark, each once.
    pub(super) groups: Vec<u32>,
}

impl Filling {
    /// All of a block, the empty one first; `groups_of` says which groups each option marks.
    pub(super) fn all(
        range: &Range<usize>,
        clashes: &[(u32, u32)],
        groups_of: &[Vec<u32>],
    ) -> Vec<Self> {
        let filling = |options: Vec<u32>| {
            let mut groups: Vec<u32> =
                options.iter().flat_map(|o| &groups_of[*o as usize]).copied().collect();
            groups.sort_unstable();
            groups.dedup();
            Self { options, groups }
        };
        let sets = fillings(range, clashes, usize::MAX).unwrap_or_default();
        sets.into_iter().map(filling).collect()
    }
}

/// All sets of options of a block without a clash, the empty one first; `None` where they are more than
/// `most`.
fn fillings(range: &Range<usize>, clashes: &[(u32, u32)], most: usize) -> Option<Vec<Vec<u32>>> {
    let within: Vec<(u32, u32)> = clashes
        .iter()
        .copied()
        .filter(|(a, b)| range.contains(&(*a as usize)) && range.contains(&(*b as usize)))
        .collect();
    let mut sets: Vec<Vec<u32>> = vec![Vec::new()];
    for option in range.clone() {
        let option = option as u32;
        let against: Vec<u32> = within.iter().filter(|c| c.1 == option).map(|c| c.0).collect();
        let mut more: Vec<Vec<u32>> = sets
            .iter()
            .filter(|set| set.iter().all(|o| !against.contains(o)))
            .map(|set| set.iter().copied().chain([option]).collect())
            .collect();
        sets.append(&mut more);
        if sets.len() > most {
            return None;
        }
    }
    Some(sets)
}

/// Gives out slots for stretches of blocks, the lowest that is free.
#[derive(Default)]
pub(super) struct Slots {
    taken: Vec<Vec<(usize, usize)>>,
}

impl Slots {
    pub(super) fn take(&mut self, first: usize, last: usize) -> usize {
        let free = |uses: &Vec<(usize, usize)>| uses.iter().all(|u| u.1 < first || last < u.0);
        let slot = self.taken.iter().position(free).unwrap_or_else(|| {
            self.taken.push(Vec::new());
            self.taken.len() - 1
        });
        self.taken[slot].push((first, last));
        slot
    }

    pub(super) fn count(&self) -> usize {
        self.taken.len()
    }
}
