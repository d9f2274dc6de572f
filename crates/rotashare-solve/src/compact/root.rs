//! Before any branching: cuts that raise the relaxation, and columns decided by what they would cost.
//!
//! A column is decided where the bound and its reduced cost together leave no room for a better rota.
//! With a good rota in hand and a bound near it, that is most of them; what is left is small enough to
//! be cut again, and then to be searched.

use super::Run;
use super::relaxation::{Prices, Relaxation, prices};
use super::zero_half::separate;
use crate::engine::Stop;
use crate::programme::{Cut, Programme};

/// How often columns are decided and the rest is cut again.
const PASSES: usize = 5;
/// How often cuts are looked for in one pass.
const ROUNDS: usize = 30;
/// How many cuts a round adds at most.
const CUTS_A_ROUND: usize = 60;
/// Cuts stay where they have no more slack than this.
const TIGHT: f64 = 1e-6;
/// What share of the time left all this may take.
const SHARE: f64 = 0.6;
/// Of a reduced cost's digits, those that can be trusted.
const DOUBT: f64 = 1e-6;

/// A programme whose better rotas are all those of the whole.
pub(super) struct Core {
    pub(super) programme: Programme,
    /// For each of its columns, the one of the whole.
    pub(super) columns: Vec<usize>,
    /// For each column of the whole its value, where that is decided.
    decided: Vec<Option<i64>>,
}

impl Core {
    /// All of it.
    pub(super) fn new(whole: &Programme) -> Self {
        Self {
            programme: whole.clone(),
            columns: (0..whole.columns().len()).collect(),
            decided: vec![None; whole.columns().len()],
        }
    }

    /// Column values of the whole.
    pub(super) fn whole(&self, values: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut whole: Vec<f64> =
            self.decided.iter().map(|value| value.unwrap_or(0) as f64).collect();
        for (at, column) in self.columns.iter().enumerate() {
            whole[*column] = values(at);
        }
        whole
    }

    /// The part of the whole's values that is not decided.
    pub(super) fn of(&self, whole: &[i64]) -> Vec<i64> {
        self.columns.iter().map(|column| whole[*column]).collect()
    }
}

/// Raises the run's bound and leaves what there is still to search.
pub(super) fn tighten(core: &mut Core, whole: &Programme, run: &mut Run<'_>, stop: &Stop) {
    let stop = stop.sooner(SHARE);
    let start = whole.encode(run.problem, &run.chosen);
    for _ in 0..PASSES {
        let Some(cuts) = cut(&core.programme, run, &stop) else { break };
        let some_cuts = !cuts.is_empty();
        core.add(cuts);
        // Where all is decided there are no prices, and the solver would panic.
        if run.is_done() || stop.now() || core.columns.is_empty() {
            break;
        }
        let Some(prices) = prices(&core.programme, &stop) else { break };
        run.raise(prices.bound);
        let before = core.columns.len();
        if run.is_done() || !core.decide(&prices, run, &start) {
            break;
        }
        if core.columns.len() * 20 > before * 19 || !some_cuts {
            break;
        }
    }
}

impl Core {
    fn add(&mut self, cuts: Vec<Cut>) {
        self.programme = std::mem::take(&mut self.programme).with_cuts(cuts);
    }

    /// Decides what can be. Says whether anything was.
    fn decide(&mut self, prices: &Prices, run: &Run<'_>, start: &[i64]) -> bool {
        let better = (run.objective - run.grid.grain()).as_f64();
        let doubt = DOUBT * prices.bound.abs().max(better.abs()).max(1.0);
        let room = better - prices.bound + doubt;
        let columns = self.programme.columns();
        let decided: Vec<Option<i64>> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let value = if prices.reduced[at] > 0.0 { column.lower } else { column.upper };
                // The rota in hand stays possible, so that the search can start from it.
                let fits = start[self.columns[at]] == value;
                let settled = column.lower == column.upper || prices.reduced[at].abs() > room;
                (fits && settled).then_some(value)
            })
            .collect();
        if decided.iter().all(Option::is_none) {
            return false;
        }
        let rest = self.programme.restrict(&decided);
        for (at, value) in decided.iter().enumerate() {
            self.decided[self.columns[at]] = *value;
        }
        self.columns = rest.columns.iter().map(|at| self.columns[*at]).collect();
        self.programme = rest.programme;
        true
    }
}

/// Solves the relaxation and cuts it until that brings little, and gives the cuts that matter; none
/// where it is time to stop or the solver fails.
fn cut(programme: &Programme, run: &mut Run<'_>, stop: &Stop) -> Option<Vec<Cut>> {
    let mut relaxation = Relaxation::new(programme, stop)?;
    run.raise(relaxation.objective());
    let mut cuts: Vec<Cut> = Vec::new();
    let mut last = relaxation.objective();
    let mut idle = 0;
    for _ in 0..ROUNDS {
        if run.is_done() || idle == 3 {
            break;
        }
        // Cuts found before take part: what they leave can be cut once more.
        let with_cuts = programme.clone().with_cuts(cuts.iter().cloned());
        let new = separate(&with_cuts, &relaxation.values(), CUTS_A_ROUND);
        if new.is_empty() {
            break;
        }
        for cut in &new {
            relaxation = relaxation.with(cut, stop)?;
        }
        cuts.extend(new);
        let bound = relaxation.objective();
        run.raise(bound);
        let missing = run.objective.as_f64() - last;
        idle = if bound - last < 0.01 * missing { idle + 1 } else { 0 };
        last = bound;
    }
    let values = relaxation.values();
    cuts.retain(|cut| cut.excess(&values) > -TIGHT);
    cuts.sort_unstable();
    cuts.dedup();
    Some(cuts)
}
