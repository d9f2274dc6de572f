//! A consultant takes over a session of another's, or what he can of a group, and that one what the first has
//! to give up for it. Most such moves fail, so each is left as soon as it can't come to what it may.

use super::Search;

/// The share of moves that begin with a session that nobody holds, as far as there are any.
const FILLS: f64 = 0.02;
/// The share in which sessions that neither of the two can hold may go to others. These take ten times as
/// long and lead to something as rarely.
const OPEN: f64 = 0.2;

impl Search {
    /// Says whether anything changed that may come to `most` points; if not, what it did is to be undone.
    pub(super) fn exchange(&mut self, most: i64) -> bool {
        let index = std::sync::Arc::clone(&self.index);
        let session = if !self.empty.is_empty() && self.dice.fraction() < FILLS {
            self.empty[self.dice.below(self.empty.len())] as usize
        } else {
            self.dice.below(index.options_of_session.len())
        };
        let options = index.options_of_session.of(session);
        let option = options[self.dice.below(options.len())] as usize;
        if self.state.chosen[option] || self.state.is_barred(option) {
            return false;
        }
        let taker = index.person_of[option];
        // Where there is a place left nobody need give one.
        let is_free = self.state.try_add(option).is_some();
        let held = if is_free { None } else { self.any_holder(options) };
        let giver = held.map(|held| index.person_of[held]);
        let may_open = giver.is_none() || self.dice.fraction() < OPEN;
        self.taken.clear();
        match held {
            Some(held) => self.list_taken(held, taker),
            None => self.taken.push((None, option)),
        }
        if let Some(giver) = giver
            && !may_open
            && !self.is_even(giver)
        {
            return false;
        }
        for at in 0..self.taken.len() {
            if let (Some(given), _) = self.taken[at] {
                self.remove(given);
            }
        }
        let mut changed = false;
        for at in 0..self.taken.len() {
            let (given, option) = self.taken[at];
            let begin = self.touched.sessions.len();
            if self.state.try_add(option).is_some() {
                self.add(option);
                changed = true;
            } else if self.make_way(option) {
                changed = true;
                let back = |session: &u32| giver.and_then(|it| index.option_of(it, *session));
                if !may_open && self.touched.sessions[begin..].iter().any(|s| back(s).is_none()) {
                    return false;
                }
            } else if given.is_some() {
                self.touched.sessions.push(index.session_of[option]);
            }
        }
        if !changed || self.is_hopeless(most) {
            return false;
        }
        if let Some(giver) = giver {
            self.give_back(giver);
        }
        if self.is_hopeless(most) || (!may_open && !self.touched.sessions.is_empty()) {
            return false;
        }
        while let Some(session) = self.touched.sessions.pop() {
            self.fill(session);
            if self.is_hopeless(most) {
                return false;
            }
        }
        true
    }

    /// One of those who hold a session and may give it.
    fn any_holder(&mut self, options: &[u32]) -> Option<usize> {
        let (mut any, mut count) = (None, 0);
        for option in options.iter().map(|option| *option as usize) {
            if self.state.can_go(option) {
                count += 1;
                if self.dice.below(count) == 0 {
                    any = Some(option);
                }
            }
        }
        any
    }

    /// What goes from who holds an option to the taker, and as what: that alone, or all of a group of it that
    /// the taker may have.
    fn list_taken(&mut self, held: usize, taker: u32) {
        let index = &*self.index;
        let groups = index.groups_of.of(held);
        let own = [held as u32];
        let given = match groups.get(self.dice.below(groups.len() + 1)) {
            Some(group) => index.options_of_group.of(*group as usize),
            None => &own,
        };
        let given = given.iter().map(|option| *option as usize);
        let given = given.filter(|option| self.state.can_go(*option));
        self.taken.extend(given.filter_map(|given| {
            let theirs = index.option_of(taker, index.session_of[given])?;
            let may_have = !self.state.is_barred(theirs) && !self.state.chosen[theirs];
            may_have.then_some((Some(given), theirs))
        }));
    }

    /// Whether the giver can have all that clashes with what is taken.
    fn is_even(&self, giver: u32) -> bool {
        let index = &*self.index;
        let blocked = self.taken.iter().map(|taken| taken.1).filter(|o| self.state.is_blocked(*o));
        blocked
            .flat_map(|option| index.clashes.of(option))
            .filter(|other| self.state.chosen[**other as usize])
            .all(|other| index.option_of(giver, index.session_of[*other as usize]).is_some())
    }

    /// Whether filling all that is open can't bring the points down to `most`.
    fn is_hopeless(&self, most: i64) -> bool {
        let worth = self.touched.sessions.iter().map(|session| self.index.worth[*session as usize]);
        worth.fold(self.state.points, i64::saturating_sub) > most
    }

    /// The giver takes what is open, as far as that makes it cheaper.
    fn give_back(&mut self, giver: u32) {
        let mut left = 0;
        for at in 0..self.touched.sessions.len() {
            let session = self.touched.sessions[at];
            match self.index.option_of(giver, session) {
                Some(option) if self.state.try_add(option).is_some_and(|delta| delta < 0) => {
                    self.add(option);
                }
                _ => {
                    self.touched.sessions[left] = session;
                    left += 1;
                }
            }
        }
        self.touched.sessions.truncate(left);
    }

    /// A session goes to whom it is cheapest with, if that is better than nobody.
    fn fill(&mut self, session: u32) {
        let mut best = (0, None);
        for option in self.index.options_of_session.of(session as usize) {
            if let Some(delta) = self.state.try_add(*option as usize)
                && delta < best.0
            {
                best = (delta, Some(*option as usize));
            }
        }
        if let Some(option) = best.1 {
            self.add(option);
        }
    }
}
