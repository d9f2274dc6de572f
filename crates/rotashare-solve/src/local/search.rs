//! Simulated annealing by destroy and repair: some options are given up, or one is forced in and what stands
//! in its way given up, then the sessions concerned are filled again by regret. Among likely options mostly
//! two consultants exchange what they hold ([`exchange`]), and now and then what all hold is dealt anew at
//! once ([`deal`]).

mod deal;
mod exchange;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Scope;
use super::index::{Index, PieceKind};
use super::ledger::{Candidate, Ledger};
use super::state::{State, Way};
use crate::dice::Dice;
use crate::engine::Stop;

/// Among likely options, the share of moves that are exchanges, and of how many moves for each
/// consultant one is a deal. Over the 40 parts of a network of 2,850 consultants 0.9 for the exchanges or
/// half as many deals lead to rotas 0.05 % dearer, and neither of them 0.5 %.
const EXCHANGES: f64 = 0.98;
const DEALT: usize = 10;
/// Every so many moves is looked which sessions nobody holds.
const LOOKED: u32 = 1024;
/// How many options one move gives up at most, before what a forced one throws out.
const MOST_DESTROYED: usize = 10;
/// What one forced option may throw out, in rounds.
const MOST_EJECTIONS: usize = 6;
/// The first temperature, as a share of the typical price, where all begins from nothing, and where there
/// is a rota to begin with; and the last, as a share of the first. Over 13 parts of 900 to 11,000 options,
/// from nothing, with 1,500 changes an option: 0.4 with a last of 0.01 ends 1.1 % dearer.
const HEAT: (f64, f64) = (1.0, 0.3);
const LAST_HEAT: f64 = 0.05;
/// Until so much of its time is gone a search does not go by the clock: what one comes to that has plenty of
/// time is the same on every run.
const PLENTY: f64 = 0.2;
/// What the points of a candidate, or of a block that is dealt, are blurred by at most, as a multiple of the
/// temperature.
const BLUR: f64 = 4.0;
/// From so many candidates on the clock is looked at while they are chosen from.
const LARGE: usize = 1000;

pub(super) struct Search {
    state: State,
    index: Arc<Index>,
    dice: Dice,
    best: Vec<bool>,
    best_points: i64,
    /// Changes of the current move, to be undone: an option, and whether it was added.
    log: Vec<(u32, bool)>,
    /// Groups that some charge or row counts and that hold several options.
    groups: Vec<u32>,
    /// The sessions that nobody held when that was last looked at.
    empty: Vec<u32>,
    price: f64,
    /// The first temperature, as a share of the price.
    heat: f64,
    scope: Scope,
    stop: Stop,
    // Kept from move to move to spare allocations.
    found: Vec<usize>,
    /// Of each session that changes hands the giver's option, if anybody gives it, and the taker's.
    taken: Vec<(Option<usize>, usize)>,
    places: Vec<(u32, u32, i64)>,
    ledger: Ledger,
    touched: Touched,
}

/// The sessions and people whose options a repair looks at.
#[derive(Default)]
struct Touched {
    sessions: Vec<u32>,
    people: Vec<u32>,
}

impl Touched {
    fn clear(&mut self) {
        self.sessions.clear();
        self.people.clear();
    }
}

impl Search {
    /// The options that must be chosen, as much of `start` as goes with them, and then greedily more.
    pub(super) fn start(
        index: Arc<Index>,
        start: Option<&[bool]>,
        scope: Scope,
        stop: &Stop,
    ) -> Option<Self> {
        let mut state = State::over(Arc::clone(&index));
        if index.pieces.iter().any(|piece| piece.max < 0) {
            return None;
        }
        for option in 0..index.options {
            if state.is_set(option) {
                state.try_add(option)?;
                state.put(option);
            }
        }
        for option in start.into_iter().flatten().enumerate().filter(|(_, c)| **c).map(|(o, _)| o) {
            if option < index.options && state.try_add(option).is_some() {
                state.put(option);
            }
        }
        let groups = (0..index.options_of_group.len())
            .filter(|group| !index.uses.of(index.options + group).is_empty())
            .map(|group| group as u32)
            .collect();
        let mut search = Self {
            best: state.chosen.clone(),
            best_points: state.points,
            dice: Dice::new(0x5EED),
            log: Vec::new(),
            groups,
            empty: Vec::new(),
            price: index.typical_price() as f64,
            heat: if start.is_some() { HEAT.1 } else { HEAT.0 },
            scope,
            stop: stop.clone(),
            found: Vec::new(),
            taken: Vec::new(),
            places: Vec::new(),
            ledger: Ledger::new(index.options),
            touched: Touched::default(),
            state,
            index,
        };
        search.build();
        search.descend();
        search.keep_if_best();
        Some(search)
    }

    /// What it took, in steps of work.
    pub(super) fn steps(&self) -> u64 {
        self.state.work
    }

    pub(super) fn into_best(self) -> Vec<bool> {
        self.best
    }

    /// Searches until `tries` changes have been tried, made or undone, or as long as there is time and work
    /// left: then it cools down the sooner, since a search that is cut off while hot is worth little.
    pub(super) fn run(&mut self, tries: u64, stop: &Stop) {
        if self.index.options == 0 || tries == 0 {
            return;
        }
        let begin = self.state.work;
        // What was done before is counted in the end.
        let left = stop.steps_left().map(|left| left.saturating_sub(begin));
        let tries = left.map_or(tries, |left| left.clamp(1, tries));
        let seconds = stop.seconds_left();
        let mut of_time = 0.0;
        let mut moves = 0_u32;
        loop {
            if moves.is_multiple_of(64) {
                if stop.now() {
                    break;
                }
                let left = stop.seconds_left().zip(seconds);
                let gone = left.map_or(0.0, |(left, all)| 1.0 - left / all.max(f64::MIN_POSITIVE));
                of_time = if gone > PLENTY { gone } else { 0.0 };
            }
            let done = ((self.state.work - begin) as f64 / tries as f64).max(of_time);
            moves = moves.wrapping_add(1);
            if done >= 1.0 {
                break;
            }
            // A move that finds nothing to do is work too.
            self.state.work += 1;
            let heat = self.price * self.heat * LAST_HEAT.powf(done);
            let bar = -heat * self.dice.fraction().max(1e-12).ln();
            let most = self.state.points.saturating_add(bar as i64);
            self.begin_move();
            if self.scope == Scope::Likely && moves % LOOKED == 1 {
                self.look_for_empty();
            }
            if self.change(heat, most) && self.state.points <= most {
                self.keep_if_best();
            } else {
                self.undo(0);
            }
        }
        self.return_to_best();
        self.descend();
        self.keep_if_best();
    }

    fn begin_move(&mut self) {
        self.log.clear();
        self.touched.clear();
    }

    /// One move. Says whether it is worth a look: if not, or if it comes to more than `most` points, what it
    /// did is to be undone.
    fn change(&mut self, heat: f64, most: i64) -> bool {
        if self.scope == Scope::Likely {
            if self.dice.below(DEALT * self.index.options_of_person.len()) == 0 {
                return self.deal(heat);
            }
            if self.dice.fraction() < EXCHANGES {
                return self.exchange(most);
            }
        }
        let shaken = self.shake();
        if shaken {
            self.repair(heat);
        }
        shaken
    }

    fn look_for_empty(&mut self) {
        let options = &self.index.options_of_session;
        let is_held = |session: &u32| {
            options.of(*session as usize).iter().any(|option| self.state.chosen[*option as usize])
        };
        self.empty.clear();
        self.empty.extend((0..options.len() as u32).filter(|session| !is_held(session)));
    }

    fn keep_if_best(&mut self) {
        if self.state.points < self.best_points {
            self.best_points = self.state.points;
            self.best.clone_from(&self.state.chosen);
        }
    }

    fn return_to_best(&mut self) {
        for option in 0..self.index.options {
            if self.state.chosen[option] && !self.best[option] {
                self.state.take(option);
            }
        }
        for option in 0..self.index.options {
            if !self.state.chosen[option] && self.best[option] {
                self.state.put(option);
            }
        }
    }

    fn add(&mut self, option: usize) {
        self.state.put(option);
        self.log.push((option as u32, true));
    }

    fn remove(&mut self, option: usize) {
        self.state.take(option);
        self.log.push((option as u32, false));
    }

    /// Takes back all changes but the first so many.
    fn undo(&mut self, kept: usize) {
        for (option, added) in self.log.drain(kept..).rev() {
            if added {
                self.state.take(option as usize);
            } else {
                self.state.put(option as usize);
            }
        }
    }

    /// Fills all sessions by regret.
    fn build(&mut self) {
        self.touched.clear();
        self.touched.sessions.extend(0..self.index.options_of_session.len() as u32);
        self.repair(0.0);
    }

    /// Adds, removes and exchanges within a session while that helps.
    fn descend(&mut self) {
        let index = Arc::clone(&self.index);
        for _ in 0..20 {
            let before = self.state.points;
            for session in 0..index.options_of_session.len() {
                if self.stop.now() {
                    return;
                }
                let options = index.options_of_session.of(session);
                for option in options.iter().map(|o| *o as usize) {
                    if self.state.chosen[option] {
                        if self.state.try_remove(option).is_some_and(|delta| delta < 0) {
                            self.state.take(option);
                        }
                        continue;
                    }
                    if self.state.try_add(option).is_some_and(|delta| delta < 0) {
                        self.state.put(option);
                        continue;
                    }
                    for holder in options.iter().map(|o| *o as usize) {
                        if !self.state.can_go(holder) {
                            continue;
                        }
                        let points = self.state.points;
                        self.state.take(holder);
                        let given_up = self.state.points - points;
                        if self.state.try_add(option).is_some_and(|delta| delta + given_up < 0) {
                            self.state.put(option);
                            break;
                        }
                        self.state.put(holder);
                    }
                }
            }
            if self.state.points >= before {
                break;
            }
        }
    }

    /// Gives something up or forces something in. Says whether anything changed.
    fn shake(&mut self) -> bool {
        match self.dice.below(5) {
            0 => self.force_one(),
            1 => self.force_group(),
            2 => self.give_up_group(),
            3 => self.give_up_two(),
            _ => self.give_up_row(),
        }
    }

    fn force_one(&mut self) -> bool {
        for _ in 0..8 {
            let option = self.dice.below(self.index.options);
            if !self.state.chosen[option] {
                return self.force(option);
            }
        }
        false
    }

    /// One consultant takes over what a group holds, or much of it.
    fn force_group(&mut self) -> bool {
        let Some(group) = self.any_group() else { return self.force_one() };
        let index = Arc::clone(&self.index);
        let options = index.options_of_group.of(group);
        let share = if self.dice.below(2) == 0 { 1.0 } else { 0.6 };
        let mut changed = false;
        for option in options.iter().map(|o| *o as usize) {
            if !self.state.chosen[option] && self.dice.fraction() < share {
                changed |= self.force(option);
            }
        }
        changed
    }

    fn any_group(&mut self) -> Option<usize> {
        (!self.groups.is_empty()).then(|| self.groups[self.dice.below(self.groups.len())] as usize)
    }

    /// All who hold the sessions of a group give them up.
    fn give_up_group(&mut self) -> bool {
        let Some(group) = self.any_group() else { return self.give_up_person() };
        let index = Arc::clone(&self.index);
        for option in index.options_of_group.of(group) {
            let session = index.session_of[*option as usize] as usize;
            for holder in index.options_of_session.of(session) {
                self.give_up(*holder as usize);
            }
        }
        !self.log.is_empty()
    }

    fn give_up_person(&mut self) -> bool {
        let person = self.dice.below(self.index.options_of_person.len());
        self.give_up_some(person, MOST_DESTROYED)
    }

    /// Two consultants who could do the same session.
    fn give_up_two(&mut self) -> bool {
        let option = self.dice.below(self.index.options);
        let session = self.index.session_of[option] as usize;
        let others = self.index.options_of_session.of(session);
        let other = others[self.dice.below(others.len())] as usize;
        let (one, two) = (self.index.person_of[option], self.index.person_of[other]);
        let some = self.give_up_some(one as usize, MOST_DESTROYED / 2);
        let more = one != two && self.give_up_some(two as usize, MOST_DESTROYED / 2);
        some || more
    }

    fn give_up_some(&mut self, person: usize, most: usize) -> bool {
        let index = Arc::clone(&self.index);
        let options = index.options_of_person.of(person);
        let begin = self.dice.below(options.len());
        let mut left = 1 + self.dice.below(most);
        for option in options[begin..].iter().chain(&options[..begin]) {
            if left > 0 && self.give_up(*option as usize) {
                left -= 1;
            }
        }
        if !self.log.is_empty() {
            self.touched.people.push(person as u32);
        }
        !self.log.is_empty()
    }

    /// Some of what one row counts.
    fn give_up_row(&mut self) -> bool {
        let index = Arc::clone(&self.index);
        let option = self.dice.below(index.options);
        let groups = index.groups_of.of(option).iter().map(|g| index.options + *g as usize);
        let rows: Vec<usize> = std::iter::once(option)
            .chain(groups)
            .flat_map(|mark| index.uses.of(mark))
            .map(|(piece, _)| *piece as usize)
            .filter(|piece| index.pieces[*piece].kind == PieceKind::Row)
            .collect();
        if rows.is_empty() {
            return self.give_up_person();
        }
        let marks = index.marks_of.of(rows[self.dice.below(rows.len())]);
        let begin = self.dice.below(marks.len());
        let mut left = 1 + self.dice.below(MOST_DESTROYED / 2);
        for (mark, _) in marks[begin..].iter().chain(&marks[..begin]) {
            if left == 0 {
                break;
            }
            let mark = *mark as usize;
            if mark < index.options {
                left -= usize::from(self.give_up(mark));
                continue;
            }
            for option in index.options_of_group.of(mark - index.options) {
                if left > 0 && self.give_up(*option as usize) {
                    left -= 1;
                }
            }
        }
        !self.log.is_empty()
    }

    /// Gives up an option, where it is chosen and may be; its session wants filling then.
    fn give_up(&mut self, option: usize) -> bool {
        if !self.state.can_go(option) {
            return false;
        }
        self.remove(option);
        self.touched.sessions.push(self.index.session_of[option]);
        true
    }

    /// Chooses an option and gives up what stands in its way, for its session and its consultant to be looked
    /// at again.
    fn force(&mut self, option: usize) -> bool {
        let done = self.make_way(option);
        if done {
            self.touched.sessions.push(self.index.session_of[option]);
            self.touched.people.push(self.index.person_of[option]);
        }
        done
    }

    /// Chooses an option and gives up what stands in its way. Where that is too much or must not go,
    /// all is left as it was.
    fn make_way(&mut self, option: usize) -> bool {
        let (mark, sessions) = (self.log.len(), self.touched.sessions.len());
        let mut found = std::mem::take(&mut self.found);
        let mut done = false;
        for _ in 0..MOST_EJECTIONS {
            let way = self.state.in_the_way(option, |len| self.dice.below(len), &mut found);
            match way {
                Way::Clear => {
                    done = self.state.try_add(option).is_some();
                    break;
                }
                Way::Blocked => break,
                Way::Through => {
                    for holder in found.drain(..) {
                        self.give_up(holder);
                    }
                }
            }
        }
        self.found = found;
        if done {
            self.add(option);
            return true;
        }
        self.undo(mark);
        self.touched.sessions.truncate(sessions);
        false
    }

    /// Fills the sessions touched, and what people touched can do: always the session next that would
    /// lose most if it had to take its second choice. What is added makes nothing cheaper for others: no
    /// tariff falls, and no group is of several consultants.
    fn repair(&mut self, heat: f64) {
        self.list_candidates(heat);
        let index = Arc::clone(&self.index);
        // A look at all candidates of a large problem takes a while.
        let is_large = self.ledger.candidates.len() > LARGE;
        loop {
            if is_large && self.stop.now() {
                return;
            }
            let Some(position) = self.ledger.most_regretted() else { return };
            let Candidate { option, delta: expected, .. } = self.ledger.candidates[position];
            let option = option as usize;
            let delta = self.state.try_add(option);
            if delta != expected {
                self.ledger.candidates[position].delta = delta;
                self.ledger.rank(position);
                continue;
            }
            self.add(option);
            self.ledger.candidates[position].delta = None;
            for other in self.ledger.session_of(position) {
                self.look_again(other);
            }
            self.ledger.rank(position);
            let own = index.options_of_person.of(index.person_of[option] as usize);
            for other in own.iter().filter(|other| **other as usize != option) {
                if let Some(position) = self.ledger.position(*other)
                    && self.look_again(position)
                {
                    self.ledger.rank(position);
                }
            }
        }
    }

    /// Whether a candidate adds something else than it did.
    fn look_again(&mut self, position: usize) -> bool {
        let candidate = &mut self.ledger.candidates[position];
        let before = candidate.delta;
        candidate.delta = self.state.try_add(candidate.option as usize);
        candidate.delta != before
    }

    fn list_candidates(&mut self, heat: f64) {
        let index = Arc::clone(&self.index);
        self.touched.sessions.sort_unstable();
        self.touched.sessions.dedup();
        self.touched.people.sort_unstable();
        self.touched.people.dedup();
        // What may not be added now hardly may later in a repair, which only adds.
        self.places.clear();
        let sessions = self.touched.sessions.iter();
        let people = self.touched.people.iter();
        let theirs = people.flat_map(|person| index.options_of_person.of(*person as usize));
        let options = sessions.flat_map(|session| index.options_of_session.of(*session as usize));
        for option in options.chain(theirs) {
            let delta = self.state.try_add(*option as usize);
            let session = index.session_of[*option as usize];
            self.places.extend(delta.map(|delta| (session, *option, delta)));
        }
        // Those of sessions alone are in order, each once.
        if !self.touched.people.is_empty() {
            self.places.sort_unstable();
            self.places.dedup();
        }
        self.ledger.clear();
        for (session, option, delta) in self.places.drain(..) {
            let noise = if heat > 0.0 { (BLUR * heat * self.dice.fraction()) as i64 } else { 0 };
            self.ledger.enter(Candidate { option, session, delta: Some(delta), noise });
        }
    }
}
