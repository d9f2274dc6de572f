//! What a subproblem over listed months decides next: of what is in doubt, that which raises the bound most
//! both where it is and where it is not (strong branching, until enough is known of a decision; Achterberg,
//! Koch and Martin, 2005).

use std::collections::HashMap;

use rayon::prelude::*;

use super::list::{List, Programmes, Relaxed};
use super::month::UNITS;
use super::pool::Pool;

/// Something that may be decided, and by how much the objective rises where it is, up and down, in
/// points.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) person: usize,
    pub(super) options: Vec<u32>,
    value: f64,
    up: f64,
    down: f64,
}

/// What is known of decisions that were tried: by consultant and first option and number of options, the
/// sum of rises per unit, up and down, and how often.
pub(super) type Known = HashMap<(usize, u32, usize), (f64, f64, u32)>;

/// Candidates that are tried at a subproblem at most. Half as many save no time: 80 consultants then take more
/// subproblems for the same bound.
pub(super) const TRIED: usize = 8;
/// So often is one tried before what is known of it will do.
const RELIABLE: u32 = 2;

/// What a decision that was never tried is taken to cost a unit, in points.
const UNKNOWN: f64 = 4.0;

impl Candidate {
    fn key(&self) -> (usize, u32, usize) {
        (self.person, self.options[0], self.options.len())
    }

    fn score(&self) -> f64 {
        self.up.max(0.05) * self.down.max(0.05)
    }

    /// Adds what a trial gave to what is known.
    pub(super) fn note(&self, known: &mut Known) {
        let entry = known.entry(self.key()).or_insert((0.0, 0.0, 0));
        entry.0 += self.up / (1.0 - self.value);
        entry.1 += self.down / self.value;
        entry.2 += 1;
    }
}

/// What to decide next, if anything is in doubt, and all that was tried for it.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) best: Option<Candidate>,
    pub(super) tried: Vec<Candidate>,
}

/// Chooses between what is in doubt, by trying so many of those that look best, or else by what is known.
pub(super) fn choose(
    pool: &Pool<'_>,
    programmes: &Programmes<'_>,
    list: &List,
    relaxed: &Relaxed,
    known: &Known,
    (enough, tried): (i64, usize),
) -> Choice {
    let mut all = in_doubt(pool, list, relaxed);
    for candidate in &mut all {
        if let Some((up, down, count)) = known.get(&candidate.key()) {
            candidate.up = up / f64::from(*count) * (1.0 - candidate.value);
            candidate.down = down / f64::from(*count) * candidate.value;
        } else {
            // Those in the middle first.
            candidate.up = UNKNOWN * (1.0 - candidate.value);
            candidate.down = UNKNOWN * candidate.value;
        }
    }
    all.sort_by(|a, b| b.score().total_cmp(&a.score()));
    if tried == 0 {
        return Choice { best: all.into_iter().next(), tried: Vec::new() };
    }
    all.truncate(tried);
    let enough = enough as f64 / UNITS as f64;
    let is_alive = |month: &u32| relaxed.alive.binary_search(month).is_ok();
    let picked: Vec<u32> = relaxed.picked.iter().copied().filter(is_alive).collect();
    let rise = |candidate: &Candidate, chosen: bool| {
        let stays = |month: &u32| {
            list.person(*month) != candidate.person
                || list.has_any(*month, &candidate.options) == chosen
        };
        let months: Vec<u32> = picked.iter().copied().filter(stays).collect();
        let after = programmes.estimate(list, relaxed, &months);
        (after.min(enough) - relaxed.objective).max(0.0)
    };
    let is_new =
        |candidate: &Candidate| known.get(&candidate.key()).is_none_or(|known| known.2 < RELIABLE);
    all.par_iter_mut().filter(|candidate| is_new(candidate)).for_each(|candidate| {
        candidate.up = rise(candidate, true);
        candidate.down = rise(candidate, false);
    });
    let tried = all.iter().filter(|candidate| is_new(candidate)).cloned().collect();
    // Of equal ones the first.
    let best = all.into_iter().rev().max_by(|a, b| a.score().total_cmp(&b.score()));
    Choice { best, tried }
}

/// What a master leaves in doubt: whether one works in a clinic's series at all, and where that is little,
/// single options.
fn in_doubt(pool: &Pool<'_>, list: &List, relaxed: &Relaxed) -> Vec<Candidate> {
    let mut of_person: Vec<Vec<(u32, f64)>> = vec![Vec::new(); pool.months.len()];
    for (month, share) in &relaxed.shares {
        of_person[list.person(*month)].push((*month, *share));
    }
    let mut all = Vec::new();
    for single in [false, true] {
        for (person, months) in of_person.iter().enumerate() {
            if months.iter().any(|(_, share)| *share > 1.0 - 1e-3) {
                continue;
            }
            let sets: Vec<Vec<u32>> = if single {
                pool.months[person].options.clone().map(|o| vec![o as u32]).collect()
            } else {
                pool.months[person].spans.iter().map(|span| pool.marking(span)).collect()
            };
            for options in sets {
                let value: f64 =
                    months.iter().filter(|m| list.has_any(m.0, &options)).map(|m| m.1).sum();
                if value > 0.01 && value < 0.99 {
                    all.push(Candidate { person, options, value, up: 0.0, down: 0.0 });
                }
            }
        }
        if !single && all.len() >= TRIED {
            break;
        }
    }
    all
}
