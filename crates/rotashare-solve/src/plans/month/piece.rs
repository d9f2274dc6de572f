//! A consultant's limits and charges before it is known which of them span blocks.

/// A limit or charge before it is known whether it spans blocks.
pub(super) struct Piece {
    pub(super) items: Vec<(Local, i64)>,
    /// `None` for a charge.
    pub(super) max: Option<i64>,
    /// Empty for a limit.
    pub(super) prices: Vec<(i64, i64)>,
}

/// What a piece counts, by its number among the consultant's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    Option(u32),
    Group(u32),
}

impl Piece {
    /// Whether it is a limit that nothing he can be given reaches.
    pub(super) fn is_idle(
        &self,
        sets: &[Vec<Vec<u32>>],
        groups: &[(u32, Vec<u32>)],
        span_of: &[Option<u32>],
    ) -> bool {
        let Some(max) = self.max else { return false };
        // Spanning groups count once, whatever is chosen; all else by the dearest filling of each block.
        let spanning = |local: Local| match local {
            Local::Option(_) => false,
            Local::Group(g) => span_of[g as usize].is_some(),
        };
        let whole = self.items.iter().filter(|item| spanning(item.0)).map(|item| item.1.max(0));
        let counts = |set: &[u32], local: Local| match local {
            Local::Option(o) => set.contains(&o),
            Local::Group(g) => set.iter().any(|o| groups[g as usize].1.contains(o)),
        };
        let sum = |set: &Vec<u32>| -> i64 {
            let plain = self.items.iter().filter(|item| !spanning(item.0) && counts(set, item.0));
            plain.map(|item| item.1).sum()
        };
        let dearest = sets.iter().map(|sets| sets.iter().map(sum).max().unwrap_or(0).max(0));
        whole.sum::<i64>() + dearest.sum::<i64>() <= max
    }

    /// Divides a limit's weights by what they have in common: few values are easier to follow.
    pub(super) fn simplify(&mut self) {
        let Some(max) = &mut self.max else { return };
        let common = self.items.iter().fold(0, |common, item| gcd(common, item.1.abs()));
        if common > 1 {
            self.items.iter_mut().for_each(|item| item.1 /= common);
            *max = max.div_euclid(common);
        }
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
