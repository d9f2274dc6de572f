//! Prices that rise together: what a row over whole sessions costs more, its places pay for.
//!
//! Where an agreement allows fewer sessions than there are clinics, or a day at home needs more consultants
//! than its clinics leave, some places stay empty, and all of them are worth nearly their full price, ten
//! times as much as elsewhere. What a consultant sees is this less the price of the row that is in the way,
//! no more than before: no month costs less or more. So the best of such a step is found without pricing
//! anybody, which steps by what rows are missed by take many turns for.

use rotashare_rules::problem::{Item, Mark, OptionId, Problem};

use super::month::UNITS;
use super::rows::{RowCost, Rows};

/// How often all are gone through: one may be in several rows' way.
const SWEEPS: usize = 3;
/// A step that raises the bound by less, in units, is not taken.
const LEAST_GAIN: i64 = UNITS / 4;
/// No price makes sense that is further off, in units; sums of them do not overflow.
const MOST_STEP: i64 = 1 << 40;

/// A row that counts nothing but whole sessions.
#[derive(Clone, Debug)]
pub(super) struct Joint {
    row: usize,
    /// What each of their options counts in it.
    weight: i64,
    /// The rows that pay for their places.
    sessions: Vec<usize>,
}

/// All of a problem's.
pub(super) fn joints(problem: &Problem, rows: &Rows) -> Vec<Joint> {
    let costs = &rows.costs;
    let session_of = |option: &OptionId| {
        let mut of = rows.of_option(option.index()).iter().map(|(row, _)| *row as usize);
        of.find(|row| costs[*row].pays_for_places())
    };
    let joint = |row: usize| {
        let items = &problem.rows()[row].items;
        let weight = items.first()?.weight;
        // The mark of a group that is not exclusive is less than the sum of its options.
        let is_sum = |item: &Item| match item.mark {
            Mark::Option(_) => true,
            Mark::Group(group) => problem.group(group).exclusive,
        };
        if !items.iter().all(|item| item.weight == weight && is_sum(item)) {
            return None;
        }
        let mut options: Vec<OptionId> =
            items.iter().flat_map(|item| problem.options_of(&item.mark)).copied().collect();
        options.sort_unstable();
        let is_once = options.windows(2).all(|two| two[0] < two[1]);
        let mut sessions: Vec<usize> = options.iter().map(session_of).collect::<Option<_>>()?;
        sessions.sort_unstable();
        sessions.dedup();
        // All options of these, and no other.
        let all: usize = sessions.iter().map(|row| problem.rows()[*row].items.len()).sum();
        (is_once && all == options.len()).then_some(Joint { row, weight, sessions })
    };
    (0..costs.len()).filter(|row| !costs[*row].pays_for_places()).filter_map(joint).collect()
}

impl Joint {
    /// The row.
    pub(super) fn row(&self) -> usize {
        self.row
    }

    /// What the rows' part of the bound is after a step.
    fn value(&self, costs: &[RowCost], duals: &[i64], step: i64) -> i64 {
        let of = |row: &usize| costs[*row].least(duals[*row] - self.weight * step);
        let sessions: i64 = self.sessions.iter().map(of).sum();
        sessions + costs[self.row].least(duals[self.row] + step)
    }

    /// The least step that raises the bound the most; 0 where none raises it.
    fn best(&self, costs: &[RowCost], duals: &[i64]) -> i64 {
        let own = costs[self.row].steps.iter().map(|(_, each)| each - duals[self.row]);
        let mut turns: Vec<i64> = own.collect();
        for row in &self.sessions {
            turns.extend(costs[*row].steps.iter().map(|(_, e)| (duals[*row] - e) / self.weight));
        }
        turns.retain(|step| step.abs() <= MOST_STEP / self.weight);
        turns.sort_unstable();
        turns.dedup();
        let value = |step: i64| self.value(costs, duals, step);
        // It rises, is level and falls.
        let still = |worth: fn(i64, i64) -> bool| {
            let (mut from, mut to) = (0, turns.len().saturating_sub(1));
            while from < to {
                let middle = from.midpoint(to);
                if worth(value(turns[middle + 1]), value(turns[middle])) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            turns.get(from).copied().unwrap_or(0)
        };
        let first = still(|next, here| next > here);
        let step = if first >= 0 { first } else { still(|next, here| next >= here).min(0) };
        if value(step) - value(0) >= LEAST_GAIN { step } else { 0 }
    }
}

/// Takes such steps until none raises the bound, or nearly so.
pub(super) fn raise(joints: &[Joint], costs: &[RowCost], duals: &mut [i64]) {
    for _ in 0..SWEEPS {
        let mut any = false;
        for joint in joints {
            let step = joint.best(costs, duals);
            if step != 0 {
                any = true;
                duals[joint.row] += step;
                joint.sessions.iter().for_each(|row| duals[*row] -= joint.weight * step);
            }
        }
        if !any {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn the_least_of_the_best_steps_is_found() {
        let mut dice = Dice::new(1);
        let mut up = 0;
        for _ in 0..300 {
            let mut row = |hard: bool| {
                let mut each = -(dice.below(40) as i64);
                let mut step = || {
                    each += dice.below(25) as i64;
                    (1 + dice.below(3) as i64, each * UNITS)
                };
                let steps = vec![step(), step()];
                let packs = hard.then(|| steps.iter().map(|step| step.0).sum());
                RowCost { base: 0, steps, hard, packs, largest: 1 }
            };
            let costs = [row(false), row(true), row(true), row(true)];
            let duals: Vec<i64> =
                costs.iter().map(|cost| cost.steps[0].1 + dice.below(20) as i64 * UNITS).collect();
            let joint = Joint { row: 0, weight: 1, sessions: vec![1, 2, 3] };
            let value = |points: i64| joint.value(&costs, &duals, points * UNITS);
            // All turns are at whole points.
            let most = (-200..200).map(value).max().expect("there are steps");
            let best = joint.best(&costs, &duals) / UNITS;
            assert_eq!(value(best), most);
            assert!((-best.abs() + 1..best.abs()).all(|nearer| value(nearer) < most));
            up += usize::from(best > 0);
        }
        assert!(up > 50, "only {up} are upwards");
    }
}
