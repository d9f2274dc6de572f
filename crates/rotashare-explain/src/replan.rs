//! Solving again after a change: only the parts of the problem that the change has changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_rules::compile::compile;
use rotashare_rules::problem::{Part, Problem};
use rotashare_solve::engine::Stop;
use rotashare_solve::local::{Effort, improve};

use crate::case::Case;

/// A case and its rota, ready to be compared with changed ones.
pub(crate) struct Replanner<'a> {
    pub(crate) case: &'a Case,
    pub(crate) rota: &'a Rota,
    apart: Points,
    parts: Vec<Part>,
    part_of: HashMap<ConsultantId, usize>,
    /// What the search makes of each part as it is, starting from the rota: only what goes beyond that
    /// is a change's doing.
    as_is: Vec<OnceLock<Solved>>,
    effort: Effort,
}

/// A choice in a part.
#[derive(Clone, Debug)]
struct Solved {
    pairs: Vec<(ConsultantId, SessionId)>,
    points: Points,
}

/// What solving again gives.
#[derive(Clone, Debug)]
pub(crate) struct Replanned {
    /// The new rota.
    pub(crate) rota: Rota,
    /// More places filled than without the change.
    pub(crate) fills: i64,
    /// Points fewer than without the change.
    pub(crate) saves: Points,
    /// Sessions with more places filled than without the change, in order, once for each place.
    pub(crate) filled: Vec<SessionId>,
    /// Sessions with fewer.
    pub(crate) emptied: Vec<SessionId>,
}

impl<'a> Replanner<'a> {
    pub(crate) fn new(case: &'a Case, rota: &'a Rota, effort: Effort) -> Self {
        let (apart, parts) = compile(case.network(), case.book()).split();
        let mut part_of = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            part_of.extend(part.problem.options().iter().map(|option| (option.consultant, index)));
        }
        let as_is = parts.iter().map(|_| OnceLock::new()).collect();
        Self { case, rota, apart, parts, part_of, as_is, effort }
    }

    /// Solves a changed case again from the rota; `None` where nothing keeps every rule and pin.
    pub(crate) fn replan(&self, changed: &Case) -> Option<Replanned> {
        let (apart, parts) = compile(changed.network(), changed.book()).split();
        let mut same = vec![false; self.parts.len()];
        let mut new = Vec::new();
        for part in &parts {
            let twin = part.problem.options().first().and_then(|o| self.part_of.get(&o.consultant));
            match twin {
                Some(twin) if is_same(&self.parts[*twin].problem, &part.problem) => {
                    same[*twin] = true;
                }
                _ => new.push(part),
            }
        }
        let mut before = Solved { pairs: Vec::new(), points: self.apart };
        let mut kept = Vec::new();
        for (index, same) in same.iter().enumerate() {
            if *same {
                kept.extend(self.pairs_of_rota(&self.parts[index].problem));
            } else {
                let solved = self.as_is(index);
                before.pairs.extend(&solved.pairs);
                before.points += solved.points;
            }
        }
        let mut after = Solved { pairs: Vec::new(), points: apart };
        for part in &new {
            let start = choice(&part.problem, &before.pairs);
            let chosen = improve(&part.problem, Some(&start), self.effort, &Stop::default())?;
            let solved = solved(&part.problem, &chosen);
            after.pairs.extend(&solved.pairs);
            after.points += solved.points;
        }
        let mut rota = Rota::empty(changed.network());
        for (who, session) in kept.iter().chain(&after.pairs) {
            rota.add(*session, *who).ok()?;
        }
        rota.number_like_published(changed.network());
        Some(Replanned {
            rota,
            fills: after.pairs.len() as i64 - before.pairs.len() as i64,
            saves: before.points - after.points,
            filled: more(&before, &after),
            emptied: more(&after, &before),
        })
    }

    /// The rota as the search leaves it without any change.
    pub(crate) fn without_change(&self) -> Rota {
        let mut rota = Rota::empty(self.case.network());
        for index in 0..self.parts.len() {
            for (who, session) in &self.as_is(index).pairs {
                // Options of a part fit: the search keeps coverage.
                let _ = rota.add(*session, *who);
            }
        }
        rota.number_like_published(self.case.network());
        rota
    }

    /// Solves every part as it is, so that nobody has to wait for another.
    pub(crate) fn warm(&self) {
        use rayon::prelude::*;
        (0..self.parts.len()).into_par_iter().for_each(|index| {
            self.as_is(index);
        });
    }

    fn as_is(&self, index: usize) -> &Solved {
        self.as_is[index].get_or_init(|| {
            let problem = &self.parts[index].problem;
            let start = choice(problem, &self.pairs_of_rota(problem));
            // Pins that contradict each other are faults of the input, found before this.
            let chosen = improve(problem, Some(&start), self.effort, &Stop::default());
            solved(problem, &chosen.unwrap_or(start))
        })
    }

    /// Who does what in the rota, as far as it is an option of a part.
    fn pairs_of_rota(&self, problem: &Problem) -> Vec<(ConsultantId, SessionId)> {
        let pairs = problem.options().iter().map(|option| (option.consultant, option.session));
        pairs.filter(|(who, session)| self.rota.has(*session, *who)).collect()
    }
}

fn solved(problem: &Problem, chosen: &[bool]) -> Solved {
    let options = problem.options().iter().zip(chosen).filter(|(_, chosen)| **chosen);
    let pairs = options.map(|(option, _)| (option.consultant, option.session)).collect();
    Solved { pairs, points: problem.points(chosen) }
}

fn choice(problem: &Problem, pairs: &[(ConsultantId, SessionId)]) -> Vec<bool> {
    let mut chosen = vec![false; problem.options().len()];
    for pair in pairs {
        let key =
            |option: &rotashare_rules::problem::PlanOption| (option.consultant, option.session);
        if let Ok(at) = problem.options().binary_search_by_key(pair, key) {
            chosen[at] = true;
        }
    }
    chosen
}

/// The sessions of which the second has more places filled, once for each.
fn more(one: &Solved, other: &Solved) -> Vec<SessionId> {
    let mut counts: BTreeMap<SessionId, i32> = BTreeMap::new();
    other.pairs.iter().for_each(|(_, session)| *counts.entry(*session).or_default() += 1);
    one.pairs.iter().for_each(|(_, session)| *counts.entry(*session).or_default() -= 1);
    counts
        .into_iter()
        .flat_map(|(session, count)| {
            std::iter::repeat_n(session, usize::try_from(count).unwrap_or(0))
        })
        .collect()
}

/// Whether two problems are the same but for what their rows are called.
fn is_same(one: &Problem, other: &Problem) -> bool {
    one.options() == other.options()
        && one.fixes() == other.fixes()
        && one.groups() == other.groups()
        && one.clashes() == other.clashes()
        && one.limits() == other.limits()
        && one.charges() == other.charges()
        && one.rows().len() == other.rows().len()
        && one
            .rows()
            .iter()
            .zip(other.rows())
            .all(|(a, b)| (a.rule, &a.items, &a.demand) == (b.rule, &b.items, &b.demand))
}
