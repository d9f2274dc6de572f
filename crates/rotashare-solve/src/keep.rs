//! Of rotas that are equally good, the one nearest to a rota that is already given out.
//!
//! An engine says which choice is best, not which of several: a place emptied and another filled may
//! cost the same as leaving both alone, and nobody wants to be told of it.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_rules::problem::Problem;

/// How often all that differs is looked at again.
const PASSES: usize = 3;
/// How many months and exchanges are tried in all: each counts all points anew.
const TRIES: usize = 500;

/// A choice that is no worse than `chosen` and breaks nothing, with as much of `start` as can be had
/// for that, month by month (both have an entry an option).
#[must_use]
pub fn keep(problem: &Problem, chosen: Vec<bool>, start: &[bool]) -> Vec<bool> {
    let may = |choice: &[bool], than: &[bool]| {
        problem.points(choice) <= problem.points(than) && problem.broken(choice).is_empty()
    };
    if may(start, &chosen) {
        return start.to_vec();
    }
    let people = problem.by_consultant();
    let mut best = chosen;
    let mut tries = TRIES;
    for _ in 0..PASSES {
        let mut changed = false;
        for group in groups(problem, &best, start) {
            if tries == 0 {
                return best;
            }
            tries -= 1;
            let mut choice = best.clone();
            for person in group {
                let range = people[person].1.clone();
                choice[range.clone()].copy_from_slice(&start[range]);
            }
            if choice != best && may(&choice, &best) {
                best = choice;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    best
}

/// Consultants whose months differ, each alone, and those together who have a session, or had it, that
/// has changed hands.
fn groups(problem: &Problem, chosen: &[bool], start: &[bool]) -> BTreeSet<BTreeSet<usize>> {
    let mut groups = BTreeSet::new();
    let mut hands: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (person, (_, range)) in problem.by_consultant().into_iter().enumerate() {
        for option in range.filter(|option| chosen[*option] != start[*option]) {
            groups.insert(BTreeSet::from([person]));
            hands.entry(problem.options()[option].session).or_default().insert(person);
        }
    }
    groups.extend(hands.into_values());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use rotashare_core::ids::{ConsultantId, SessionId};
    use rotashare_core::points::{Points, Tariff};
    use rotashare_rules::problem::{Demand, Item, Mark, OptionId, Sketch};

    /// Two consultants and two sessions, each with a place that costs 10 empty; nobody has both.
    fn problem(dearer: i64) -> Problem {
        let pair = |who, session| (ConsultantId::new(who), SessionId::new(session));
        let mut sketch = Sketch::new(vec![pair(0, 0), pair(0, 1), pair(1, 0), pair(1, 1)]);
        let option = OptionId::new;
        sketch.clash("one-place", option(0), option(1));
        sketch.clash("one-place", option(2), option(3));
        sketch.add_points(option(0), Points::whole(dearer));
        for session in 0..2 {
            let items = [session, session + 2].map(|o| Item::one(Mark::Option(option(o))));
            let demand = Demand::Fill(1, Tariff::flat(Points::whole(10)));
            sketch.row("unfilled", session.to_string(), items, demand);
        }
        sketch.finish()
    }

    #[test]
    fn what_costs_the_same_is_left_alone() {
        let (straight, crossed) = ([true, false, false, true], [false, true, true, false]);
        assert_eq!(keep(&problem(0), crossed.to_vec(), &straight), straight);
        // Where the start is dearer, it goes.
        assert_eq!(keep(&problem(1), crossed.to_vec(), &straight), crossed);
        // A start that can't stand as a whole is kept as far as it can.
        let both = [true, true, false, false];
        assert_eq!(keep(&problem(0), crossed.to_vec(), &both), crossed);
    }
}
