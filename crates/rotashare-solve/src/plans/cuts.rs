//! Rank-one cuts over packing rows: a few sessions, and where months are listed consultants, taken together,
//! where half months add up to what whole months cannot.

use std::collections::BTreeMap;

use rotashare_rules::problem::Group;

use super::master::Cut;
use super::month::Month;
use super::price::CutView;
use super::rows::{RowCost, Rows};
use crate::lists::Lists;

/// A cut is worth adding where it is broken by so much.
const LEAST_BREACH: f64 = 0.03;

/// So much of a month that a fractional master takes.
pub(super) struct Taken<'a> {
    /// The consultant's number behind the rows, where consultants may be in cuts.
    pub(super) own: Option<u32>,
    pub(super) sums: &'a [(u32, i64)],
    pub(super) share: f64,
}

/// The cuts that a fractional master breaks most: at most `most` of them, the worst first. Each is of rows of
/// one `kin`, where these are given.
pub(super) fn separate(
    months: &[Taken<'_>],
    rows: &[RowCost],
    known: &[Cut],
    kin: Option<&[u32]>,
    most: usize,
) -> Vec<Cut> {
    let packs = |row: u32| rows[row as usize].packs == Some(1);
    // What each month holds of packing rows.
    let held: Vec<(Vec<u32>, f64)> = months
        .iter()
        .filter(|taken| taken.share > 1e-4 && taken.share < 1.0 - 1e-4)
        .map(|taken| {
            let rows = taken.sums.iter().filter(|s| s.1 == 1 && packs(s.0)).map(|s| s.0);
            (rows.chain(taken.own).collect(), taken.share)
        })
        .filter(|(held, _): &(Vec<u32>, f64)| held.len() >= 2)
        .collect();
    let are_kin = |a: u32, b: u32| kin.is_none_or(|kin| kin[a as usize] == kin[b as usize]);
    let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, (held, share)) in held.iter().enumerate() {
        for (at, a) in held.iter().enumerate() {
            holders.entry(*a).or_default().push(index);
            for b in held[at + 1..].iter().filter(|b| are_kin(*a, **b)) {
                *pairs.entry((*a, *b)).or_default() += share;
            }
        }
    }
    let mut near: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (a, b) in pairs.keys() {
        near.entry(*a).or_default().push(*b);
        near.entry(*b).or_default().push(*a);
    }
    let mut found: BTreeMap<Cut, f64> = BTreeMap::new();
    let mut consider = |rows: Vec<(u32, u8)>, of: u8| {
        let total: i64 = rows.iter().map(|row| i64::from(row.1)).sum();
        let cut = Cut { rows, of, most: total / i64::from(of) };
        let mut touching: Vec<usize> = cut
            .rows
            .iter()
            .flat_map(|row| holders.get(&row.0).into_iter().flatten())
            .copied()
            .collect();
        touching.sort_unstable();
        touching.dedup();
        let count = |held: &[u32]| {
            let of_row = |r: &u32| cut.rows.iter().find(|row| row.0 == *r).map_or(0, |row| row.1);
            held.iter().map(|r| i64::from(of_row(r))).sum::<i64>() / i64::from(of)
        };
        let sum: f64 = touching.iter().map(|i| count(&held[*i].0) as f64 * held[*i].1).sum();
        let breach = sum - cut.most as f64;
        if breach > LEAST_BREACH && !known.contains(&cut) {
            found.insert(cut, breach);
        }
        breach
    };
    let pair = |a: u32, b: u32| pairs.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0);
    let mut triples: Vec<(Vec<u32>, f64)> = Vec::new();
    for (a, b) in pairs.keys() {
        // Third rows near either; each triple from its first pair only.
        let mut thirds: Vec<u32> = near[a].iter().chain(&near[b]).copied().collect();
        thirds.sort_unstable();
        thirds.dedup();
        for c in thirds {
            if c == *a || c == *b {
                continue;
            }
            let mut triple = [*a, *b, c];
            triple.sort_unstable();
            let first = [(0, 1), (0, 2), (1, 2)]
                .into_iter()
                .find(|(i, j)| pairs.contains_key(&(triple[*i], triple[*j])));
            let is_first = first.is_some_and(|(i, j)| (triple[i], triple[j]) == (*a, *b));
            if is_first && pair(*a, *b) + pair(*a, c) + pair(*b, c) > 0.9 {
                let breach = consider(triple.iter().map(|r| (*r, 1)).collect(), 2);
                if breach > -0.1 {
                    triples.push((triple.to_vec(), breach));
                }
            }
        }
    }
    triples.sort_by(|x, y| y.1.total_cmp(&x.1).then_with(|| x.0.cmp(&y.0)));
    triples.truncate(200);
    let mut done = std::collections::BTreeSet::new();
    for (triple, _) in &triples {
        let mut fourths: Vec<u32> = triple.iter().flat_map(|r| &near[r]).copied().collect();
        fourths.sort_unstable();
        fourths.dedup();
        for d in fourths {
            if triple.contains(&d) {
                continue;
            }
            let mut four = triple.clone();
            four.push(d);
            four.sort_unstable();
            if !done.insert(four.clone()) {
                continue;
            }
            consider(four.iter().map(|r| (*r, 1)).collect(), 3);
            for heavy in 0..4 {
                let weighted =
                    four.iter().enumerate().map(|(i, r)| (*r, if i == heavy { 2 } else { 1 }));
                consider(weighted.collect(), 3);
            }
        }
    }
    let mut found: Vec<(Cut, f64)> = found.into_iter().collect();
    found.sort_by(|x, y| y.1.total_cmp(&x.1).then_with(|| x.0.cmp(&y.0)));
    // No row in too many of them at once.
    let mut used: BTreeMap<u32, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (cut, _) in found {
        let full = cut.rows.iter().any(|row| used.get(&row.0).copied().unwrap_or(0) >= 5);
        if !full && chosen.len() < most {
            cut.rows.iter().for_each(|row| *used.entry(row.0).or_default() += 1);
            chosen.push(cut);
        }
    }
    chosen
}

/// For each row a number that rows share whose options stand together in a group that spans blocks:
/// the sessions of a clinic's series.
pub(super) fn kin(months: &[Month], rows: &Rows, groups: &[Group]) -> Vec<u32> {
    let mut root: Vec<u32> = (0..rows.costs.len() as u32).collect();
    fn find(root: &mut [u32], mut at: u32) -> u32 {
        while root[at as usize] != at {
            root[at as usize] = root[root[at as usize] as usize];
            at = root[at as usize];
        }
        at
    }
    for span in months.iter().flat_map(|month| &month.spans) {
        let mut first = None;
        for option in &groups[span.group as usize].options {
            for (row, _) in rows.of_option(option.index()) {
                if rows.costs[*row as usize].packs.is_some() {
                    let this = find(&mut root, *row);
                    let other = *first.get_or_insert(this);
                    let other = find(&mut root, other);
                    root[this.max(other) as usize] = this.min(other);
                }
            }
        }
    }
    (0..root.len() as u32).map(|row| find(&mut root, row)).collect()
}

/// A cut as one consultant sees it, given what his options count in it, by place in his month, each as
/// often as it stands in rows of the cut; `None` where he can't count in it.
pub(super) fn view(
    cut: &Cut,
    counted: &[(u32, u8)],
    month: &Month,
    groups: &[Group],
) -> Option<CutView> {
    if counted.iter().map(|(_, weight)| u32::from(*weight)).sum::<u32>() < u32::from(cut.of) {
        return None;
    }
    let mut weights = vec![0_u8; month.options.len()];
    counted.iter().for_each(|(option, weight)| weights[*option as usize] += weight);
    let of_pattern =
        |p: &super::month::Pattern| p.options.iter().map(|o| weights[*o as usize]).sum::<u8>();
    let mut adds = Lists::new();
    month.blocks.iter().for_each(|block| adds.add(block.patterns.iter().map(of_pattern)));
    let most = |block: usize| u32::from(adds[block].iter().copied().max().unwrap_or(0));
    let mut ahead = vec![0; month.blocks.len()];
    for block in (1..ahead.len()).rev() {
        ahead[block - 1] = ahead[block] + most(block);
    }
    let total = ahead.first().map_or(0, |ahead| ahead + most(0));
    let blocks = (0..month.blocks.len() as u32).filter(|block| most(*block as usize) > 0).collect();
    let holds = |span: &super::month::Span| {
        let options = &groups[span.group as usize].options;
        let has = |o: u32| options.iter().any(|p| p.index() == month.options.start + o as usize);
        counted.iter().all(|(option, _)| has(*option))
    };
    let span = month.spans.iter().position(holds).map(|span| span as u32);
    (total >= u32::from(cut.of)).then_some(CutView { of: cut.of, adds, blocks, ahead, span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    const ROWS: usize = 6;
    const PEOPLE: usize = 4;
    const MONTHS: usize = 3;

    /// A consultant's number behind the rows, and what a month of his adds to rows.
    type Held = (u32, Vec<(u32, i64)>);

    fn rows() -> Vec<RowCost> {
        let row = RowCost { base: 0, steps: Vec::new(), hard: true, packs: Some(1), largest: 1 };
        vec![row; ROWS]
    }

    /// How many of these months hold the row that most of them hold.
    fn most(months: &[Held]) -> i64 {
        let held = |row: u32| months.iter().filter(|m| m.1.contains(&(row, 1))).count() as i64;
        (0..ROWS as u32).map(held).max().unwrap_or(0)
    }

    #[test]
    fn no_rota_breaks_a_cut() {
        let rows = rows();
        let mut with_consultants = 0;
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let months: Vec<Vec<Held>> = (0..PEOPLE)
                .map(|person| {
                    let mut month = || {
                        let held = (0..ROWS as u32).filter(|_| dice.below(5) < 2);
                        ((ROWS + person) as u32, held.map(|row| (row, 1)).collect())
                    };
                    (0..MONTHS).map(|_| month()).collect()
                })
                .collect();
            let taken: Vec<Taken<'_>> = (months.iter().flatten())
                .map(|(own, sums)| Taken { own: Some(*own), sums, share: 1.0 / MONTHS as f64 })
                .collect();
            for cut in separate(&taken, &rows, &[], None, 60) {
                with_consultants += usize::from(cut.rows.iter().any(|row| row.0 >= ROWS as u32));
                for number in 0..MONTHS.pow(PEOPLE as u32) {
                    let of = |person: usize| number / MONTHS.pow(person as u32) % MONTHS;
                    let chosen: Vec<_> =
                        (0..PEOPLE).map(|person| months[person][of(person)].clone()).collect();
                    let counted: i64 = chosen.iter().map(|(own, sums)| cut.count(*own, sums)).sum();
                    assert!(most(&chosen) > 1 || counted <= cut.most, "seed {seed}: {cut:?}");
                }
            }
        }
        assert!(with_consultants > 20, "only {with_consultants} cuts have consultants in them");
    }

    #[test]
    fn half_months_of_one_consultant_break_a_cut() {
        // One has either of two sessions, another both or none: in halves that fills both, in whole months
        // only where the second has none.
        let (first, both, none) = ([(0, 1)], [(0, 1), (1, 1)], []);
        let second = [(1, 1)];
        let own = |person: u32| Some(ROWS as u32 + person);
        let of = |person: u32, sums| Taken { own: own(person), sums, share: 0.5 };
        let taken = [of(0, &first), of(0, &second), of(1, &both), of(1, &none)];
        let cuts = separate(&taken, &rows(), &[], None, 60);
        let wanted = Cut { rows: vec![(0, 1), (1, 1), (ROWS as u32, 1)], of: 2, most: 1 };
        assert!(cuts.contains(&wanted), "{cuts:?}");
    }
}
