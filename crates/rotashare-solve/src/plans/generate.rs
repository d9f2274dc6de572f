//! Column generation: master and pricing in turn until no month can better the master, with a true
//! lower bound every round.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::ControlFlow;

use rayon::prelude::*;
use rotashare_rules::problem::Problem;

use super::cuts;
use super::master::{Column, Cut, Master, Solved};
use super::month::{Month, NEVER, UNITS, months};
use super::price::{CutView, Found, Pricer, Prices, Rules, Search};
use super::relax::Keys;
use super::rows::Rows;
use crate::engine::{SolveError, Stop};

/// Labels kept after a block at first, and at most.
const BEAM: usize = 400;
const WIDEST_BEAM: usize = 25_600;

/// Something decided of one consultant's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// Whose, by place among those who have options.
    pub(super) person: usize,
    /// Options by their number in the problem.
    pub(super) options: Vec<u32>,
    /// Whether one of them at least is chosen, or none.
    pub(super) chosen: bool,
}

impl Decision {
    fn allows(&self, column: &Column) -> bool {
        column.person != self.person
            || self.options.iter().any(|o| column.options.binary_search(o).is_ok()) == self.chosen
    }
}

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    /// A bound from which on nothing more is to be had, in units.
    pub(super) enough: i64,
    /// Rounds at most.
    pub(super) rounds: usize,
    /// The share of the objective that master and bound may still differ by.
    pub(super) slack: f64,
    /// How far duals may at first go from where they start, in points.
    pub(super) width: f64,
}

/// Where column generation ended.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// No rota under the decisions costs less, in units.
    pub(super) bound: i64,
    /// The last master's objective, in points.
    pub(super) objective: f64,
    /// The columns that the last master uses, and how much of each.
    pub(super) shares: Vec<(usize, f64)>,
    /// Duals of the best bound.
    pub(super) row_duals: Vec<i64>,
    /// Likewise.
    pub(super) cut_duals: Vec<i64>,
}

/// A problem with all that column generation knows of it.
pub(super) struct Pool<'a> {
    pub(super) problem: &'a Problem,
    pub(super) rows: Rows,
    pub(super) months: Vec<Month>,
    keys: Vec<Keys>,
    /// For each consultant how the completion bound last spread the prices of groups.
    weights: Vec<Vec<f64>>,
    pub(super) columns: Vec<Column>,
    known: HashMap<(usize, Vec<u32>), usize>,
    /// The columns of the best rota, which the master always has.
    anchor: Vec<usize>,
    pub(super) cuts: Vec<Cut>,
    /// See [`cuts::kin`].
    pub(super) kin: Vec<u32>,
    /// For each consultant the cuts that he can count in.
    views: Vec<Vec<(usize, CutView)>>,
    active: Vec<bool>,
    penalty: f64,
    /// See [`Master::caps`].
    caps: Vec<i64>,
    /// The duals of the best bound so far without decisions, or a guess.
    centre: Vec<i64>,
    cut_centre: Vec<i64>,
    /// For each option whether it is known not to be in a better rota.
    pub(super) barred: Vec<bool>,
}

impl<'a> Pool<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let mut fixed = vec![None; problem.options().len()];
        for fix in problem.fixes() {
            fixed[fix.option.index()] = Some(fix.chosen);
        }
        let months = months(problem, &fixed);
        let keys = months.iter().map(Keys::new).collect();
        let rows = Rows::new(problem);
        let active =
            rows.costs.iter().map(|row| row.steps.first().is_some_and(|step| step.1 < 0)).collect();
        let kin = cuts::kin(&months, &rows, problem.groups());
        let dearest = rows
            .costs
            .iter()
            .flat_map(|row| row.steps.iter().map(|step| step.1.abs()))
            .max()
            .unwrap_or(0);
        let penalty = 5.0 * (dearest as f64 / UNITS as f64) + 20_000.0;
        let views = vec![Vec::new(); months.len()];
        Self {
            problem,
            rows,
            kin,
            weights: vec![Vec::new(); months.len()],
            months,
            keys,
            columns: Vec::new(),
            known: HashMap::new(),
            anchor: Vec::new(),
            cuts: Vec::new(),
            views,
            active,
            penalty,
            caps: vec![NEVER; problem.rows().len()],
            centre: vec![0; problem.rows().len()],
            cut_centre: Vec::new(),
            barred: vec![false; problem.options().len()],
        }
    }

    /// Guesses duals from a good rota: a place is worth what the one who has it would save without it.
    pub(super) fn guess(&mut self, chosen: &[bool]) {
        let mut worth = vec![0_i64; self.rows.costs.len()];
        let mut most = 0;
        for month in &self.months {
            let start = month.options.start;
            let all: Vec<u32> =
                month.options.clone().filter(|o| chosen[*o]).map(|o| (o - start) as u32).collect();
            for option in &all {
                let rest: Vec<u32> = all.iter().copied().filter(|o| o != option).collect();
                let (Some(with), Some(without)) = (month.cost(&all), month.cost(&rest)) else {
                    continue;
                };
                let saved = with - without;
                most = most.max(saved);
                for (row, _) in self.rows.sums(std::iter::once(start + *option as usize)) {
                    let cost = &self.rows.costs[row as usize];
                    if cost.steps.first().is_some_and(|step| step.1 < 0) && cost.packs.is_some() {
                        worth[row as usize] = worth[row as usize].max(saved);
                    }
                }
            }
        }
        let mut extra = 0;
        for (dual, row) in self.centre.iter_mut().zip(&self.rows.costs) {
            if let [.., (_, each)] = row.steps[..]
                && each > 0
            {
                *dual = each / 2;
                extra = extra.max(each);
            }
        }
        let mut sums = vec![0_i64; self.rows.costs.len()];
        for month in &self.months {
            let mine = month.options.clone().filter(|o| chosen[*o]);
            for (row, weight) in self.rows.sums(mine) {
                sums[row as usize] += weight;
            }
        }
        let cap = most + most / 4 + extra + 50 * UNITS;
        for (row, cost) in self.rows.costs.iter().enumerate() {
            let (first, _) = cost.range();
            if cost.packs.is_none() || first >= 0 {
                self.caps[row] = cap;
            } else if sums[row] < cost.steps.iter().filter(|s| s.1 < 0).map(|s| s.0).sum() {
                // Nobody is to be had for it: worth its full price.
                self.centre[row] = first;
            } else {
                self.centre[row] = -(worth[row] + extra / 2);
                self.caps[row] = cap;
            }
        }
    }

    /// Adds the months of a rota, which the master has from now on.
    pub(super) fn add_rota(&mut self, chosen: &[bool]) {
        self.anchor.clear();
        for person in 0..self.months.len() {
            let month = &self.months[person];
            let range = month.options.clone();
            let options: Vec<u32> =
                range.clone().filter(|o| chosen[*o]).map(|o| (o - range.start) as u32).collect();
            self.add_month(person, &options);
            let all = options.iter().map(|o| range.start as u32 + o).collect();
            self.anchor.extend(self.known.get(&(person, all)));
        }
        self.anchor.sort_unstable();
    }

    /// Adds a month, given by places in it; its number where it is new and allowed.
    pub(super) fn add_month(&mut self, person: usize, options: &[u32]) -> Option<usize> {
        let month = &self.months[person];
        let start = month.options.start;
        let all: Vec<u32> = options.iter().map(|o| start as u32 + o).collect();
        let cost = month.cost(options)?;
        let index = self.columns.len();
        match self.known.entry((person, all.clone())) {
            Entry::Occupied(_) => return None,
            Entry::Vacant(entry) => entry.insert(index),
        };
        let sums = self.rows.sums(all.iter().map(|o| *o as usize));
        self.columns.push(Column { person, options: all, cost, sums });
        Some(index)
    }

    /// Adds a cut.
    pub(super) fn add_cut(&mut self, cut: Cut) {
        let number = self.cuts.len();
        for (month, views) in self.months.iter().zip(&mut self.views) {
            if let Some(view) = cuts::view(&cut, month, &self.rows, self.problem.groups()) {
                views.push((number, view));
            }
        }
        self.cuts.push(cut);
    }

    /// Drops cuts for which `keep` is false.
    pub(super) fn retain_cuts(&mut self, keep: &[bool]) {
        let mut number = 0;
        let numbers: Vec<Option<usize>> = keep
            .iter()
            .map(|keep| {
                keep.then(|| {
                    number += 1;
                    number - 1
                })
            })
            .collect();
        for views in &mut self.views {
            *views = std::mem::take(views)
                .into_iter()
                .filter_map(|(cut, view)| numbers[cut].map(|cut| (cut, view)))
                .collect();
        }
        self.cut_centre.resize(keep.len(), 0);
        let mut kept = keep.iter();
        self.cut_centre.retain(|_| kept.next().copied().unwrap_or(true));
        let mut kept = keep.iter();
        self.cuts.retain(|_| kept.next().copied().unwrap_or(true));
    }

    /// What a column costs under duals, in units.
    fn priced(&self, column: &Column, row_duals: &[i64], cut_duals: &[i64]) -> i64 {
        let rows: i64 = column.sums.iter().map(|(row, w)| row_duals[*row as usize] * w).sum();
        let cuts = self.cuts.iter().zip(cut_duals).filter(|(_, dual)| **dual > 0);
        let cuts: i64 = cuts.map(|(cut, dual)| cut.count(&column.sums) * dual).sum();
        column.cost + rows + cuts
    }

    pub(super) fn rules(&self, decisions: &[Decision]) -> Vec<Rules> {
        let mut all: Vec<Rules> = self
            .months
            .iter()
            .map(|month| Rules {
                barred: self.barred[month.options.clone()].to_vec(),
                ..Rules::default()
            })
            .collect();
        for decision in decisions {
            let rules = &mut all[decision.person];
            let month = &self.months[decision.person];
            let local = |o: &u32| *o as usize - month.options.start;
            if !decision.chosen {
                decision.options.iter().for_each(|o| rules.barred[local(o)] = true);
                continue;
            }
            let mut blocks: Vec<u32> =
                decision.options.iter().map(|o| month.block_of[local(o)]).collect();
            blocks.dedup();
            if let [block] = blocks[..] {
                let options = decision.options.iter().map(|o| local(o) as u32).collect();
                rules.one_of.push((block, options));
            } else {
                let same = |span: &super::month::Span| {
                    let group = &self.problem.groups()[span.group as usize].options;
                    group.iter().map(|o| o.index() as u32).eq(decision.options.iter().copied())
                };
                // Only groups are decided on as a whole.
                rules.required.extend(month.spans.iter().position(same).map(|s| s as u32));
            }
        }
        all
    }

    /// The columns that go with the decisions and with what is barred.
    pub(super) fn allowed(&self, decisions: &[Decision]) -> Vec<usize> {
        let free = |column: &Column| column.options.iter().all(|o| !self.barred[*o as usize]);
        (0..self.columns.len())
            .filter(|index| {
                let column = &self.columns[*index];
                free(column) && decisions.iter().all(|decision| decision.allows(column))
            })
            .collect()
    }

    /// Each consultant's cheapest column under duals: what it costs and its number.
    pub(super) fn cheapest(&self, allowed: &[usize], duals: (&[i64], &[i64])) -> Vec<(i64, usize)> {
        let mut cheapest = vec![(NEVER / 64, usize::MAX); self.months.len()];
        let priced: Vec<i64> = allowed
            .par_iter()
            .map(|index| self.priced(&self.columns[*index], duals.0, duals.1))
            .collect();
        for (index, cost) in allowed.iter().zip(priced) {
            let best = &mut cheapest[self.columns[*index].person];
            *best = (*best).min((cost, *index));
        }
        cheapest
    }

    /// Duals to start from.
    pub(super) fn centre(&self) -> &[i64] {
        &self.centre
    }

    /// Sets the duals to start from.
    pub(super) fn set_centre(&mut self, duals: &[i64]) {
        self.centre.clear();
        self.centre.extend_from_slice(duals);
    }

    /// Sets all duals to start from.
    pub(super) fn start_from(&mut self, row_duals: &[i64], cut_duals: &[i64]) {
        self.set_centre(row_duals);
        self.cut_centre.clear();
        self.cut_centre.extend_from_slice(cut_duals);
    }

    /// Bars options that are in no rota that costs less than `enough`.
    pub(super) fn bar(&mut self, node: &Node, enough: i64) {
        let rules = self.rules(&[]);
        let duals = (&node.row_duals[..], &node.cut_duals[..]);
        let allowed = self.allowed(&[]);
        let below: Vec<i64> =
            self.cheapest(&allowed, duals).into_iter().map(|best| best.0).collect();
        let search = Search { below: 0, beam: 2000, most: 1, all: false };
        let least: Vec<i64> =
            self.price(&rules, duals, search, &below).iter().map(|found| found.least).collect();
        let bound = self.bound(duals, least.iter().copied());
        let room = enough - bound;
        if room <= 0 {
            return;
        }
        let below: Vec<i64> = least.iter().map(|least| least + room).collect();
        let search = Search { below: 0, beam: 4000, most: 1, all: false };
        let found = self.price(&rules, duals, search, &below);
        for ((month, found), below) in self.months.iter().zip(&found).zip(&below) {
            for (option, least) in month.options.clone().zip(&found.with_option) {
                self.barred[option] |= *least >= *below;
            }
        }
    }

    /// Whether a row is in the master.
    pub(super) fn is_active(&self, row: usize) -> bool {
        self.active[row]
    }

    /// Prices every consultant's months. `below` says for each what is worth finding.
    pub(super) fn price(
        &mut self,
        rules: &[Rules],
        duals: (&[i64], &[i64]),
        search: Search,
        below: &[i64],
    ) -> Vec<Found> {
        let prices: Prices = self.rows.prices(duals.0);
        for views in &mut self.views {
            for (cut, view) in views {
                view.price = duals.1.get(*cut).copied().unwrap_or(0);
            }
        }
        let mut weights = std::mem::take(&mut self.weights);
        let found = weights
            .par_iter_mut()
            .enumerate()
            .map(|(person, weights)| {
                let cuts: Vec<CutView> = self.views[person]
                    .iter()
                    .filter(|(_, view)| view.price > 0)
                    .map(|(_, view)| view.clone())
                    .collect();
                let (month, keys) = (&self.months[person], &self.keys[person]);
                let pricer = Pricer::new(month, keys, &cuts, &prices, &rules[person], weights);
                pricer.run(Search { below: below[person], ..search })
            })
            .collect();
        self.weights = weights;
        found
    }

    /// The Lagrangian bound that goes with the least costs of months.
    pub(super) fn bound(&self, duals: (&[i64], &[i64]), least: impl Iterator<Item = i64>) -> i64 {
        let cuts: i64 = self.cuts.iter().zip(duals.1).map(|(cut, dual)| cut.most * dual).sum();
        let whole = self.problem.constant().in_quarters() * super::month::UNITS_PER_QUARTER;
        whole + self.rows.least(duals.0) - cuts + least.fold(0_i64, i64::saturating_add)
    }

    fn master(
        &self,
        picked: &[usize],
        centre: (&[i64], &[i64]),
        width: f64,
        precision: f64,
    ) -> Result<Solved, SolveError> {
        let columns: Vec<&Column> = picked.iter().map(|index| &self.columns[*index]).collect();
        let master = |precision: f64| {
            Master {
                people: self.months.len(),
                columns: &columns,
                rows: &self.rows.costs,
                active: &self.active,
                cuts: &self.cuts,
                caps: &self.caps,
                centre,
                width,
                precision,
                penalty: self.penalty,
            }
            .solve()
        };
        master(precision)
            .or_else(|_| master(precision * 100.0))
            .map_err(|message| SolveError::Solver { solver: "clarabel", message })
    }

    /// Lets rows in that the master breaks, and whether there were any; and whether it leaves units
    /// away because of the cap.
    fn let_rows_in(&mut self, shares: &[(usize, f64)]) -> (bool, bool) {
        let mut sums = vec![0.0_f64; self.rows.costs.len()];
        for (index, share) in shares {
            for (row, weight) in &self.columns[*index].sums {
                sums[*row as usize] += *weight as f64 * share;
            }
        }
        self.let_in(&sums)
    }

    /// The same for given sums of rows.
    pub(super) fn let_in(&mut self, sums: &[f64]) -> (bool, bool) {
        let (mut any, mut capped) = (false, false);
        for (index, active) in self.active.iter_mut().enumerate() {
            let row = &self.rows.costs[index];
            if !*active {
                let over = self.penalty * UNITS as f64;
                let pays = row.at_fraction(sums[index], if row.hard { over } else { 0.0 });
                if pays > row.least(0) as f64 + 0.01 * UNITS as f64 {
                    *active = true;
                    any = true;
                }
            } else if self.caps[index] < NEVER {
                let dear = row.steps.iter().filter(|step| step.1 < -self.caps[index]);
                capped |= sums[index] < dear.map(|step| step.0).sum::<i64>() as f64 - 1e-3;
            }
        }
        (any, capped)
    }

    /// Column generation under the decisions.
    pub(super) fn generate(
        &mut self,
        decisions: &[Decision],
        goal: Goal,
        stop: &Stop,
        mut heard: impl FnMut(i64) -> ControlFlow<()>,
    ) -> Result<Node, SolveError> {
        let rules = self.rules(decisions);
        let mut node = Node {
            bound: i64::MIN,
            objective: f64::INFINITY,
            shares: Vec::new(),
            row_duals: self.centre.clone(),
            cut_duals: self.cut_centre.clone(),
        };
        node.cut_duals.resize(self.cuts.len(), 0);
        // How far duals may go from the best so far, in points.
        let mut width = goal.width;
        let mut beam = BEAM;
        let mut used: Vec<usize> = self.anchor.clone();
        let mut picked: Vec<usize> = Vec::new();
        for round in 0..goal.rounds {
            let allowed = self.allowed(decisions);
            let (mut grew, mut capped, mut strayed) = (false, false, f64::INFINITY);
            let (mut row_duals, mut cut_duals) = (node.row_duals.clone(), node.cut_duals.clone());
            if round > 0 {
                let precision = if round < 5 { 1e-4 } else { 1e-6 };
                let solved = match self.master(&picked, (&row_duals, &cut_duals), width, precision)
                {
                    Ok(solved) => solved,
                    Err(_) if node.bound > i64::MIN => break,
                    Err(error) => return Err(error),
                };
                node.objective = solved.objective + self.problem.constant().as_f64();
                let share = |(i, share): (&usize, &f64)| (*share > 1e-5).then_some((*i, *share));
                node.shares = picked.iter().zip(&solved.shares).filter_map(share).collect();
                let in_use = node.shares.iter().map(|(index, _)| *index);
                used = in_use.chain(self.anchor.iter().copied()).collect();
                used.sort_unstable();
                strayed = solved.strayed;
                if strayed < 0.05 {
                    (grew, capped) = self.let_rows_in(&node.shares);
                }
                row_duals = solved.row_duals;
                cut_duals = solved.cut_duals;
            }
            let duals = (&row_duals[..], &cut_duals[..]);
            let priced: Vec<i64> = allowed
                .par_iter()
                .map(|index| self.priced(&self.columns[*index], duals.0, duals.1))
                .collect();
            let mut below = vec![NEVER / 64; self.months.len()];
            for (index, cost) in allowed.iter().zip(&priced) {
                let below = &mut below[self.columns[*index].person];
                *below = (*below).min(*cost);
            }
            let woken = self.pick(&allowed, &priced, &used, &mut picked);
            let search = Search { below: 0, beam, most: 3, all: false };
            let found = self.price(&rules, duals, search, &below);
            let exact = found.iter().all(|found| found.exact);
            let bound = self.bound(duals, found.iter().map(|found| found.least));
            let better = bound > node.bound;
            if better {
                node.bound = bound;
                node.row_duals.clone_from(&row_duals);
                node.cut_duals.clone_from(&cut_duals);
                if decisions.is_empty() {
                    self.centre.clone_from(&row_duals);
                    self.cut_centre.clone_from(&cut_duals);
                }
            }
            let mut added = woken;
            let before = self.columns.len();
            for (person, found) in found.iter().enumerate() {
                for (cost, options) in &found.months {
                    if *cost < below[person] - UNITS / 64 || round == 0 {
                        added += usize::from(self.add_month(person, options).is_some());
                    }
                }
            }
            picked.extend(before..self.columns.len());
            if heard(node.bound).is_break() || node.bound >= goal.enough || stop.now() {
                break;
            }
            let gap = node.objective - node.bound as f64 / UNITS as f64;
            let held = strayed > 1e-3;
            // Where the master says that nothing better is left, the bound is to say so too.
            let over = node.objective * UNITS as f64 >= goal.enough as f64;
            let slack = if over { 0.0 } else { goal.slack * node.objective.abs() };
            let close = round > 0 && !held && gap <= slack + 0.01;
            if capped && (close || added == 0) {
                self.caps.iter_mut().for_each(|cap| *cap = cap.saturating_mul(3).min(NEVER));
                continue;
            }
            if !grew && close {
                break;
            }
            if round > 0 && added == 0 && !grew && !held {
                if exact || beam >= WIDEST_BEAM {
                    break;
                }
                beam *= 4;
            } else if held && (better || added == 0) {
                width = (width * if added == 0 { 3.0 } else { 1.3 }).min(1e7);
            } else if round > 0 && !better {
                width = (width * 0.85).max(2.0);
            }
            // Where labels were dropped and no bound came of it, the beam is too narrow.
            if !exact && !better && added < self.months.len() / 4 && beam < WIDEST_BEAM {
                beam *= 2;
            }
        }
        Ok(node)
    }

    /// Chooses the columns of the next master: those of the last that it used or that cost little beside
    /// their consultant's best, and others that now cost less than all of his in it. How many of these.
    fn pick(
        &self,
        allowed: &[usize],
        priced: &[i64],
        used: &[usize],
        picked: &mut Vec<usize>,
    ) -> usize {
        let most = 4 * (self.months.len() + self.active.iter().filter(|a| **a).count()) + 200;
        let mut least = vec![i64::MAX; self.months.len()];
        let mut inside = vec![false; self.columns.len()];
        picked.iter().for_each(|index| inside[*index] = true);
        let first = picked.is_empty();
        for (index, cost) in allowed.iter().zip(priced) {
            if inside[*index] || first {
                let least = &mut least[self.columns[*index].person];
                *least = (*least).min(*cost);
            }
        }
        let mut order: Vec<(i64, usize)> = allowed
            .iter()
            .zip(priced)
            .map(|(index, cost)| {
                let over = cost.saturating_sub(least[self.columns[*index].person]);
                (if used.binary_search(index).is_ok() { i64::MIN } else { over }, *index)
            })
            .collect();
        // Of those that were outside only what is better, and not too many of one consultant.
        order.sort_unstable();
        let mut woken = vec![0_usize; self.months.len()];
        let mut kept = Vec::new();
        for (over, index) in order {
            let person = self.columns[index].person;
            if over == i64::MIN || first || inside[index] {
                kept.push(index);
            } else if over < -UNITS / 64 && woken[person] < 5 {
                woken[person] += 1;
                kept.push(index);
            }
        }
        kept.truncate(most.max(used.len() + woken.iter().sum::<usize>()));
        kept.sort_unstable();
        *picked = kept;
        woken.iter().sum()
    }
}
