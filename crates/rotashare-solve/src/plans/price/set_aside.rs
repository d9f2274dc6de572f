//! What the completion bound has set aside for groups that a label has marked already: it counts their
//! shares in later blocks, which such a label does not pay.

use crate::plans::month::Month;

/// So many numbers of marks that are left are told apart.
const MOST_LEVELS: usize = 8;

/// What shares come to at most that fall on blocks after one, by how many of these.
pub(super) struct SetAside {
    spans: usize,
    /// The numbers that are told apart; the last stands for all from there on.
    levels: usize,
    /// For each block, number from 1 on, and group.
    most: Vec<i64>,
    nothing: Vec<i64>,
}

impl SetAside {
    pub(super) fn new(month: &Month, shares: &[i64], most_marks: usize) -> Self {
        let (blocks, spans) = (month.blocks.len(), month.spans.len());
        let longest = month.spans.iter().map(|span| span.blocks.len()).max().unwrap_or(0);
        let levels = most_marks.min(longest).clamp(1, MOST_LEVELS);
        let mut most = vec![0_i64; blocks * levels * spans];
        let (mut largest, mut sums) = (Vec::with_capacity(longest), vec![0_i64; levels]);
        for (number, span) in month.spans.iter().enumerate() {
            largest.clear();
            sums.fill(0);
            let mut end = blocks;
            let firsts = span.blocks.iter().rev().map(|block| (*block as usize, Some(*block)));
            for (first, block) in firsts.chain([(0, None)]) {
                for before in first..end {
                    for (level, sum) in sums.iter().enumerate() {
                        most[(before * levels + level) * spans + number] = *sum;
                    }
                }
                end = first;
                let Some(block) = block else { break };
                let share = shares[block as usize * spans + number].max(0);
                let at = largest.partition_point(|other| *other >= share);
                largest.insert(at, share);
                largest.truncate(most_marks);
                let mut sum = 0;
                for (level, share) in largest.iter().enumerate() {
                    sum += share;
                    sums[level.min(levels - 1)..].fill(sum);
                }
            }
        }
        Self { spans, levels, most, nothing: vec![0; spans] }
    }

    /// For each group what the shares of so many blocks after this one come to at most.
    pub(super) fn after(&self, block: usize, marks: usize) -> &[i64] {
        match marks.min(self.levels).checked_sub(1) {
            Some(level) => {
                let begin = (block * self.levels + level) * self.spans;
                &self.most[begin..begin + self.spans]
            }
            None => &self.nothing,
        }
    }
}
