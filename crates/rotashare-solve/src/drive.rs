//! Solving a whole network: part by part, in parallel, within one time limit.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rotashare_core::points::Points;
use rotashare_rules::problem::{Part, Problem, Settled};
use rotashare_rules::size::MOST_QUARTERS;

use crate::bound::trivial;
use crate::engine::{Answer, Engine, Grounds, SolveError, Stop, Watch};
use crate::local::{Effort, improve};

/// A rota for a whole problem and how good it is known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Whether each option of the problem is chosen. Breaks nothing.
    pub chosen: Vec<bool>,
    /// Its points, counted exactly from the problem.
    pub objective: Points,
    /// No choice costs less than this; at most `objective`.
    pub bound: Points,
    /// How the parts fared, in the order of their first option.
    pub parts: Vec<PartReport>,
}

impl Solution {
    /// Whether objective − bound is under one point.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.objective - self.bound < Points::ONE
    }
}

/// How one part fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartReport {
    /// How many options it has.
    pub options: usize,
    /// Its points.
    pub objective: Points,
    /// No choice costs less than this.
    pub bound: Points,
}

/// A part is tried again only where it gets so many times what it had.
const WORTH_ANOTHER_TRY: f64 = 1.5;
/// Of work that is limited the share that goes to sketches, and the power of a part's options by which:
/// large parts take longer than in proportion.
const SKETCHED: f64 = 0.5;
const GROWTH: f64 = 1.5;
/// So many times its share of the time a sketch may take, and the power of a part's options by which shares
/// go: cuts, for which there is time in some, gain most where options are few.
const SPARE: f64 = 1.5;
const SPARING: f64 = 0.9;
/// With more options than this for each second of a thread, sketches are made in haste.
const HASTY: f64 = 1500.0;
/// The share of the time that quick rotas take at most, where the engine does not sketch.
const QUICK: f64 = 0.3;
/// How often parts without a proof are tried again with time left over by others.
const TRIES: usize = 3;

/// Solves a problem with an engine on so many threads (0: as many as the machine has).
///
/// First every part gets a rota, then one with a bound near it, as far as the engine has short ways to
/// both; so there is something for each whenever time runs out. Then the engine goes on with the parts
/// that are open: without a deadline the largest first, so that all threads end together; with one the
/// smallest first, each with a share of the time left by its gap, so that what these spare goes to the
/// large ones. Without a deadline the answer does not depend on the number of threads, nor does it where
/// the work is limited.
///
/// # Errors
/// Where some part has no rota, the engine fails, threads can't be started, or the points of a rota could
/// leave the range in which they are exact.
pub fn solve(
    problem: &Problem,
    engine: &dyn Engine,
    stop: &Stop,
    watch: &dyn Watch,
    threads: usize,
) -> Result<Solution, SolveError> {
    let most = problem.most_quarters();
    if most > MOST_QUARTERS {
        return Err(SolveError::TooManyPoints(most / 4));
    }
    // What pins and notice decide is not for the engine to find out.
    let Settled { rest, chosen: certain } = problem.settle().ok_or(SolveError::Infeasible)?;
    let (apart, parts) = rest.problem.split();
    // A large problem need not be held three times.
    let Part { options: rest, problem: whole } = rest;
    drop(whole);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
        SolveError::Solver { solver: engine.name(), message: error.to_string() }
    })?;
    let board = Board::new(apart, parts.len(), watch);
    let drive =
        Drive { parts: &parts, engine, stop, board: &board, threads: pool.current_num_threads() };
    pool.install(|| drive.all());
    let answers = board.into_answers()?;

    let mut chosen = vec![false; problem.options().len()];
    for option in &certain {
        chosen[option.index()] = true;
    }
    let mut reports = Vec::with_capacity(parts.len());
    let mut bound = apart;
    for (part, answer) in parts.iter().zip(&answers) {
        for (option, is_chosen) in part.options.iter().zip(&answer.chosen) {
            chosen[rest[option.index()].index()] = *is_chosen;
        }
        bound += answer.bound;
        let options = part.options.len();
        reports.push(PartReport { options, objective: answer.objective, bound: answer.bound });
    }
    let objective = problem.points(&chosen);
    let bound = bound.min(objective);
    // Where nothing is left to solve nobody has said it yet.
    watch.progress(Some(objective), Some(bound));
    Ok(Solution { chosen, objective, bound, parts: reports })
}

struct Drive<'a> {
    parts: &'a [Part],
    engine: &'a dyn Engine,
    stop: &'a Stop,
    board: &'a Board<'a>,
    threads: usize,
}

impl Drive<'_> {
    fn all(&self) {
        let mut order: Vec<usize> = (0..self.parts.len()).collect();
        order.sort_by_key(|part| (std::cmp::Reverse(self.parts[*part].options.len()), *part));
        // One part alone is solved from its beginning.
        if order.len() > 1 {
            let many = |part: usize| self.parts[part].options.len() as f64;
            let size = |part: usize| many(part).powf(GROWTH);
            let sketched = |part: usize| many(part).powf(SPARING);
            self.each(&order, 1.0, &size, |part, _, own| self.quick(part, Effort::Build, own));
            let quick = self.stop.sooner(QUICK);
            if self.stop.deadline.is_some() {
                order.reverse();
            }
            let options: usize = self.parts.iter().map(|part| part.options.len()).sum();
            let in_haste = self
                .stop
                .seconds_left()
                .is_some_and(|left| options as f64 > HASTY * left * self.threads as f64);
            self.each(&order, SKETCHED, &size, |part, waiting, own| {
                let quick = Stop { deadline: quick.deadline, ..own.clone() };
                // While the last and largest is at work, other threads have nothing to do.
                let last = waiting.iter().map(|part| sketched(*part)).fold(0.0, f64::max);
                let idle = (self.threads - 1) as f64 * last;
                // Which part takes longer than others of its size is not known before.
                let own = self.share(part, waiting, own, SPARE, (&sketched, idle));
                self.sketch(part, in_haste, &own, &quick);
            });
            order.retain(|part| self.board.is_open(*part));
            if !in_haste {
                self.each(&order, SKETCHED, &size, |part, _, own| self.refine(part, own));
                order.retain(|part| self.board.is_open(*part));
            }
        }
        let mut given = vec![0.0; self.parts.len()];
        for round in 0..TRIES {
            if round > 0 {
                order.retain(|part| self.board.is_open(*part));
                let many = order.len().max(1) as f64;
                let seconds = self.stop.seconds_left().unwrap_or(0.0);
                let steps = self.stop.steps_left().map_or(0.0, |steps| steps as f64);
                let share = (seconds * self.threads as f64 / many).min(seconds).max(steps / many);
                order.retain(|part| share > given[*part] * WORTH_ANOTHER_TRY);
            }
            if order.is_empty() || self.board.has_failed() || (round > 0 && self.stop.now()) {
                return;
            }
            let started: Mutex<Vec<(usize, f64)>> = Mutex::new(Vec::new());
            self.each(&order, 1.0, &|part| self.board.open(part), |part, waiting, own| {
                let open = |part| self.board.open(part);
                let stop = self.share(part, waiting, own, 1.0, (&open, 0.0));
                let left = stop.steps_left().map(|steps| steps as f64).or(stop.seconds_left());
                lock(&started).push((part, left.unwrap_or(f64::INFINITY)));
                self.full(part, &stop);
            });
            for (part, given_now) in started.into_inner().unwrap_or_else(PoisonError::into_inner) {
                given[part] = given_now;
            }
        }
    }

    /// Does something with each part, on all threads, in this order. It hears which parts wait still, and
    /// when to stop: of the work that may still be done all parts together get a share, each by its size.
    fn each(
        &self,
        order: &[usize],
        share: f64,
        size: &dyn Fn(usize) -> f64,
        act: impl Fn(usize, &[usize], &Stop) + Sync,
    ) {
        let left = self.stop.steps_left().unwrap_or(0) as f64 * share;
        let sizes: Vec<f64> = order.iter().map(|part| size(*part)).collect();
        let all = sizes.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let of = |size: &f64| self.stop.aside((left * size / all) as u64);
        let stops: Vec<Stop> = sizes.iter().map(of).collect();
        let queue: Mutex<VecDeque<usize>> = Mutex::new((0..order.len()).collect());
        rayon::scope(|scope| {
            for _ in 0..self.threads.min(order.len()) {
                scope.spawn(|_| {
                    loop {
                        let mut waiting = lock(&queue);
                        let Some(next) = waiting.pop_front() else { return };
                        let rest: Vec<usize> = waiting.iter().map(|next| order[*next]).collect();
                        drop(waiting);
                        act(order[next], &rest, &stops[next]);
                    }
                });
            }
        });
        stops.iter().for_each(|own| self.stop.count_of(own));
    }

    /// A part's share of the time left by its size among those that wait (and so much that goes by idly), or
    /// some times that: all of it where nobody waits for a thread.
    fn share(
        &self,
        part: usize,
        waiting: &[usize],
        own: &Stop,
        times: f64,
        (size, idle): (&dyn Fn(usize) -> f64, f64),
    ) -> Stop {
        if own.deadline.is_none() || waiting.is_empty() {
            return own.clone();
        }
        let all = size(part) + waiting.iter().map(|part| size(*part)).sum::<f64>() + idle;
        own.sooner((times * self.threads as f64 * size(part) / all.max(1.0)).min(1.0))
    }

    fn quick(&self, part: usize, effort: Effort, stop: &Stop) {
        if stop.now() && self.board.has_answer(part) {
            return;
        }
        let problem = &self.parts[part].problem;
        let Some(chosen) = improve(problem, None, effort, stop) else {
            self.board.fail(part, SolveError::Infeasible);
            return;
        };
        let objective = problem.points(&chosen);
        let bound = trivial(problem).min(objective);
        self.board.settle(part, Answer { chosen, objective, bound, grounds: Grounds::default() });
    }

    /// A good rota and a bound; where the engine has no short way to them, a better rota, until `quick`.
    fn sketch(&self, part: usize, in_haste: bool, stop: &Stop, quick: &Stop) {
        let Some(Answer { chosen, .. }) = self.board.answer(part) else { return };
        if stop.now() {
            return;
        }
        let watch = PartWatch { board: self.board, part };
        match self.engine.sketch(&self.parts[part].problem, &chosen, in_haste, stop, &watch) {
            Ok(Some(answer)) => self.board.settle(part, answer),
            Ok(None) => self.quick(part, Effort::Quick, quick),
            Err(error) => self.board.fail(part, error),
        }
    }

    /// A better sketch, where the engine has one.
    fn refine(&self, part: usize, stop: &Stop) {
        let Some(known) = self.board.answer(part).filter(|_| !stop.now()) else { return };
        let watch = PartWatch { board: self.board, part };
        match self.engine.refine(&self.parts[part].problem, &known, stop, &watch) {
            Ok(answer) => answer.into_iter().for_each(|answer| self.board.settle(part, answer)),
            Err(error) => self.board.fail(part, error),
        }
    }

    fn full(&self, part: usize, stop: &Stop) {
        // Too late even to begin: what is there stands.
        if self.board.has_failed() || (stop.now() && self.board.has_answer(part)) {
            return;
        }
        let problem = &self.parts[part].problem;
        let watch = PartWatch { board: self.board, part };
        let answer = match self.board.answer(part) {
            Some(known) => self.engine.resume(problem, &known, stop, &watch),
            None => self.engine.solve(problem, stop, &watch),
        };
        match answer {
            Ok(answer) => self.board.settle(part, answer),
            Err(error) => self.board.fail(part, error),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of each part, and of all together.
struct Board<'a> {
    apart: Points,
    watch: &'a dyn Watch,
    entries: Mutex<Vec<Entry>>,
}

#[derive(Default)]
struct Entry {
    answer: Option<Answer>,
    failure: Option<SolveError>,
    /// As heard, ahead of the answer.
    best: Option<Points>,
    bound: Option<Points>,
}

impl<'a> Board<'a> {
    fn new(apart: Points, parts: usize, watch: &'a dyn Watch) -> Self {
        let entries = Mutex::new((0..parts).map(|_| Entry::default()).collect());
        Self { apart, watch, entries }
    }

    /// A better rota for a part, or a better bound, or both.
    fn settle(&self, part: usize, new: Answer) {
        let mut entries = lock(&self.entries);
        let entry = &mut entries[part];
        let kept = match entry.answer.take() {
            None => new,
            Some(old) => old.with(new),
        };
        (entry.best, entry.bound) = (Some(kept.objective), Some(kept.bound));
        entry.answer = Some(kept);
        self.tell(&entries);
    }

    fn fail(&self, part: usize, error: SolveError) {
        lock(&self.entries)[part].failure.get_or_insert(error);
    }

    fn hear(&self, part: usize, best: Option<Points>, bound: Option<Points>) {
        let mut entries = lock(&self.entries);
        let entry = &mut entries[part];
        let before = (entry.best, entry.bound);
        entry.best = entry.best.into_iter().chain(best).min();
        entry.bound = entry.bound.max(bound);
        if (entry.best, entry.bound) != before {
            self.tell(&entries);
        }
    }

    /// Tells the sums, as far as every part has one.
    fn tell(&self, entries: &[Entry]) {
        let sum = |one: fn(&Entry) -> Option<Points>| {
            entries.iter().map(one).try_fold(self.apart, |sum, points| Some(sum + points?))
        };
        self.watch.progress(sum(|entry| entry.best), sum(|entry| entry.bound));
    }

    fn is_open(&self, part: usize) -> bool {
        lock(&self.entries)[part]
            .answer
            .as_ref()
            .is_none_or(|answer| answer.bound < answer.objective)
    }

    /// The points that are open in a part; 1 where there is no rota yet.
    fn open(&self, part: usize) -> f64 {
        let open = |answer: &Answer| (answer.objective - answer.bound).as_f64();
        lock(&self.entries)[part].answer.as_ref().map_or(1.0, open)
    }

    /// A copy of what is known of a part: of a large one some megabytes.
    fn answer(&self, part: usize) -> Option<Answer> {
        lock(&self.entries)[part].answer.clone()
    }

    fn has_answer(&self, part: usize) -> bool {
        lock(&self.entries)[part].answer.is_some()
    }

    fn has_failed(&self) -> bool {
        lock(&self.entries).iter().any(|entry| entry.failure.is_some())
    }

    /// The answers, or the first failure by the order of parts.
    fn into_answers(self) -> Result<Vec<Answer>, SolveError> {
        let entries = self.entries.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut answers = Vec::with_capacity(entries.len());
        let mut failed = None;
        for entry in entries {
            if let Some(error) = entry.failure {
                failed.get_or_insert(error);
            }
            answers.extend(entry.answer);
        }
        failed.map_or(Ok(answers), Err)
    }
}

struct PartWatch<'a> {
    board: &'a Board<'a>,
    part: usize,
}

impl Watch for PartWatch<'_> {
    fn progress(&self, best: Option<Points>, bound: Option<Points>) {
        self.board.hear(self.part, best, bound);
    }
}
