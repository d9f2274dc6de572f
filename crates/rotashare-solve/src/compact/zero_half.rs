//! Zero-half cuts (Caprara and Fischetti, 1996): rows added up, halved and rounded down.
//!
//! A sum of rows whose coefficients are all even and whose right-hand side is odd loses a half when it
//! is halved and rounded down. Which rows to add is a system of equations over {0, 1}: it is eliminated
//! as far as rows without slack allow, and what comes out odd and nearly tight makes a cut. They see
//! that two can't share what needs one and a half.

use std::collections::BTreeSet;

use crate::programme::{Cut, Programme};

/// Values as near to whole as this are.
const NEARLY: f64 = 1e-6;
/// A cut must be missed by this much for each unit of its length.
const LEAST_EFFICACY: f64 = 0.02;
/// Rows with more slack than this can't make one.
const MOST_SLACK: f64 = 0.8;
const LONGEST: usize = 600;

/// Cuts that these column values miss, at most so many, the deepest first.
pub(super) fn separate(programme: &Programme, values: &[f64], most: usize) -> Vec<Cut> {
    let system = System::new(programme, values);
    let mut found: BTreeSet<Cut> = BTreeSet::new();
    system.eliminate(|combination| found.extend(system.cut(combination)));
    let mut cuts: Vec<(f64, Cut)> = found
        .into_iter()
        .map(|cut| {
            let length: i64 = cut.terms.iter().map(|(_, weight)| weight * weight).sum();
            (cut.excess(values) / (length.max(1) as f64).sqrt(), cut)
        })
        .filter(|(efficacy, _)| *efficacy >= LEAST_EFFICACY)
        .collect();
    cuts.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    // A column that many cuts share is enough for a few of them.
    let mut uses = vec![0_u32; values.len()];
    cuts.retain(|(_, cut)| {
        let crowded = cut.terms.iter().filter(|(column, _)| uses[*column] >= 6).count();
        let keep = crowded * 2 <= cut.terms.len();
        if keep {
            cut.terms.iter().for_each(|(column, _)| uses[*column] += 1);
        }
        keep
    });
    cuts.truncate(most);
    cuts.into_iter().map(|(_, cut)| cut).collect()
}

/// A set of numbers below a limit.
#[derive(Clone)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    fn flip(&mut self, bit: usize) {
        self.0[bit / 64] ^= 1 << (bit % 64);
    }

    fn has(&self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a ^= b);
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    index * 64 + bit
                })
            })
        })
    }
}

/// A sum of rows, over {0, 1}.
#[derive(Clone)]
struct Sum {
    /// Columns between their bounds whose coefficient is odd.
    columns: Bits,
    /// Which rows are in it.
    rows: Bits,
    slack: f64,
    odd: bool,
}

struct System<'a> {
    programme: &'a Programme,
    values: &'a [f64],
    /// Which bound each column is counted from: the nearer one.
    from: Vec<i64>,
    upper: Vec<bool>,
    /// The columns between their bounds, the farthest from both first, and how far that is.
    between: Vec<(usize, f64)>,
    /// Lines that are nearly tight, with the sign that makes each a "at most".
    rows: Vec<(usize, i64)>,
    sums: Vec<Sum>,
}

impl<'a> System<'a> {
    fn new(programme: &'a Programme, values: &'a [f64]) -> Self {
        let columns = programme.columns();
        let mut from = Vec::with_capacity(columns.len());
        let mut upper = Vec::with_capacity(columns.len());
        let mut between = Vec::new();
        for (index, (column, value)) in columns.iter().zip(values).enumerate() {
            let (below, above) = (value - column.lower as f64, column.upper as f64 - value);
            upper.push(above < below);
            from.push(if above < below { column.upper } else { column.lower });
            let distance = below.min(above);
            if distance > NEARLY {
                between.push((index, distance));
            }
        }
        between.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut place = vec![usize::MAX; columns.len()];
        for (at, (column, _)) in between.iter().enumerate() {
            place[*column] = at;
        }
        let mut rows = Vec::new();
        let mut slacks = Vec::new();
        for (index, line) in programme.lines().iter().enumerate() {
            let sum: f64 = line.terms.iter().map(|(c, w)| values[*c] * *w as f64).sum();
            let mut consider = |sign: i64, slack: f64| {
                if slack < MOST_SLACK {
                    rows.push((index, sign));
                    slacks.push(slack.max(0.0));
                }
            };
            match (line.lower, line.upper) {
                (_, Some(most)) => consider(1, most as f64 - sum),
                (Some(least), None) => consider(-1, sum - least as f64),
                (None, None) => {}
            }
        }
        let mut sums = Vec::with_capacity(rows.len());
        for (at, ((line, sign), slack)) in rows.iter().zip(slacks).enumerate() {
            let line = &programme.lines()[*line];
            let mut sum = Sum {
                columns: Bits::new(between.len()),
                rows: Bits::new(rows.len()),
                slack,
                odd: false,
            };
            sum.rows.flip(at);
            let side = line.upper.or(line.lower).unwrap_or(0);
            let mut rest = sign * side;
            for (column, weight) in &line.terms {
                rest -= sign * weight * from[*column];
                if weight % 2 != 0 && place[*column] != usize::MAX {
                    sum.columns.flip(place[*column]);
                }
            }
            sum.odd = rest % 2 != 0;
            sums.push(sum);
        }
        Self { programme, values, from, upper, between, rows, sums }
    }

    /// Hears every sum that would be missed if halved and rounded.
    fn eliminate(&self, mut hear: impl FnMut(&Bits)) {
        let missed = |sum: &Sum| {
            sum.odd && {
                let mut slack = sum.slack;
                let mut columns = sum.columns.iter();
                while let Some(column) = columns.next().filter(|_| slack < 0.95) {
                    slack += self.between[column].1;
                }
                slack < 0.95
            }
        };
        let mut sums = self.sums.clone();
        sums.iter().filter(|sum| missed(sum)).for_each(|sum| hear(&sum.rows));
        for column in 0..self.between.len() {
            let holders: Vec<usize> =
                (0..sums.len()).filter(|sum| sums[*sum].columns.has(column)).collect();
            let pivot = holders.iter().copied().min_by(|a, b| {
                let (a, b) = (&sums[*a], &sums[*b]);
                a.slack.total_cmp(&b.slack).then_with(|| a.columns.count().cmp(&b.columns.count()))
            });
            let Some(pivot) = pivot else { continue };
            let by = sums[pivot].clone();
            for holder in holders {
                if holder != pivot {
                    let sum = &mut sums[holder];
                    sum.columns.add(&by.columns);
                    sum.rows.add(&by.rows);
                    sum.slack += by.slack;
                    sum.odd ^= by.odd;
                    if missed(sum) {
                        hear(&sum.rows);
                    }
                }
            }
            sums.swap_remove(pivot);
            sums.retain(|sum| sum.slack < MOST_SLACK);
        }
    }

    /// The rows' sum, halved and rounded down, counted exactly; none where the values keep it.
    fn cut(&self, rows: &Bits) -> Option<Cut> {
        let mut terms: Vec<(usize, i64)> = Vec::new();
        let mut rest = 0;
        for row in rows.iter() {
            let (line, sign) = self.rows[row];
            let line = &self.programme.lines()[line];
            rest += sign * line.upper.or(line.lower)?;
            terms.extend(line.terms.iter().map(|(column, weight)| (*column, sign * weight)));
        }
        terms.sort_unstable();
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        // Counted from the nearer bound: x = from ± x′, where x′ ≥ 0.
        for (column, weight) in &terms {
            rest -= weight * self.from[*column];
        }
        let mut most = rest.div_euclid(2);
        for (column, weight) in &mut terms {
            let half =
                if self.upper[*column] { -(-*weight).div_euclid(2) } else { weight.div_euclid(2) };
            most += half * self.from[*column];
            *weight = half;
        }
        terms.retain(|(_, weight)| *weight != 0);
        let cut = Cut { terms, most };
        (!cut.terms.is_empty() && cut.terms.len() <= LONGEST && cut.excess(self.values) > 0.01)
            .then_some(cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rotashare_core::ids::{ConsultantId, SessionId};
    use rotashare_core::points::{Points, Tariff};
    use rotashare_rules::problem::{Demand, Item, Mark, OptionId, Sketch};

    /// Three consultants, each able to do two of three sessions, at a price for each consultant used:
    /// the relaxation uses half of each, and pays one and a half; a rota pays two.
    #[test]
    fn three_halves_are_two() {
        let pair = |c: usize, s: usize| (ConsultantId::new(c), SessionId::new(s));
        let pairs = (0..3).flat_map(|c| [pair(c, c), pair(c, (c + 1) % 3)]).collect();
        let mut sketch = Sketch::new(pairs);
        for consultant in sketch.consultants() {
            let own = sketch.options_of(consultant).map(|(option, _)| option).collect();
            let mark = sketch.any_of(own).expect("two options");
            let price = Tariff::flat(Points::whole(60));
            sketch.charge("people_used", consultant, [Item::one(mark)], price);
        }
        for session in (0..3).map(SessionId::new) {
            let items: Vec<Item> = (0..6)
                .map(OptionId::new)
                .filter(|option| sketch.option(*option).session == session)
                .map(|option| Item::one(Mark::Option(option)))
                .collect();
            let empty = Tariff::flat(Points::whole(3000));
            sketch.row("unfilled", format!("{}", session.index()), items, Demand::Fill(1, empty));
        }
        let programme = Programme::new(&sketch.finish());
        let half: Vec<f64> = programme
            .columns()
            .iter()
            .map(|column| if column.integer { 0.5 } else { 0.0 })
            .collect();
        let cuts = separate(&programme, &half, 10);
        assert!(!cuts.is_empty());
        assert!(cuts.iter().all(|cut| cut.excess(&half) > 0.4));
    }
}
