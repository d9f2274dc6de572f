//! Every consultant (of many, some) puts a block of what he holds on the table, and all blocks are dealt anew
//! at once, one to each, as is cheapest in total, each priced alone with the table full: that finds how blocks
//! can go round, which one exchange after another hardly does (a neighbourhood by assignment, Ahuja, Ergun,
//! Orlin and Punnen, 2002).

use super::super::assignment::assign;
use super::{BLUR, Search};

/// At most about so many consultants are in a deal.
const MOST_PEOPLE: usize = 250;
/// In one of so many deals blocks are all that consultants hold.
const WHOLE: usize = 3;
/// So many blocks are priced between two looks at the clock.
const BETWEEN_LOOKS: usize = 32;

/// Kept from deal to deal to spare allocations.
#[derive(Default)]
pub(super) struct Deal {
    /// Who is in it.
    people: Vec<u32>,
    /// The place of each person among these.
    seat_of: Vec<Option<u32>>,
    /// The sessions of the blocks, one after another, and where each block ends.
    sessions: Vec<u32>,
    ends: Vec<usize>,
    /// What each block would add with whom, by his place, one block after another, and where each ends.
    offers: Vec<(u32, i64)>,
    offers_end: Vec<usize>,
}

impl Search {
    /// Says whether there was time for it; if not, what it did is to be undone.
    pub(super) fn deal(&mut self, heat: f64) -> bool {
        let mut dealt = std::mem::take(&mut self.dealt);
        self.put_on_table(&mut dealt);
        let done = self.price_blocks(&mut dealt, heat);
        if done {
            self.hand_out(&dealt);
        }
        self.dealt = dealt;
        if done {
            self.repair(0.0);
        }
        done
    }

    /// Who is in the deal, and what they give up for it.
    fn put_on_table(&mut self, dealt: &mut Deal) {
        let all = self.index.options_of_person.len();
        dealt.people.clear();
        dealt.seat_of.clear();
        dealt.seat_of.resize(all, None);
        for person in 0..all {
            if all <= MOST_PEOPLE || self.dice.below(all) < MOST_PEOPLE {
                dealt.seat_of[person] = Some(dealt.people.len() as u32);
                dealt.people.push(person as u32);
            }
        }
        dealt.sessions.clear();
        dealt.ends.clear();
        let whole = self.dice.below(WHOLE) == 0;
        let mut block = Vec::new();
        for person in &dealt.people {
            self.block_of(*person, whole, &mut block);
            for option in block.drain(..) {
                self.remove(option);
                dealt.sessions.push(self.index.session_of[option]);
            }
            if dealt.ends.last().copied().unwrap_or(0) < dealt.sessions.len() {
                dealt.ends.push(dealt.sessions.len());
            }
        }
    }

    /// All that a person can give up, or of that an option or a group. What a row counts together stays
    /// together: in parts it would stand in more ways than one.
    fn block_of(&mut self, person: u32, whole: bool, block: &mut Vec<usize>) {
        let index = &*self.index;
        let may_go = |option: &usize| self.state.chosen[*option] && !self.state.is_set(*option);
        let own = index.options_of_person.of(person as usize).iter().map(|option| *option as usize);
        block.extend(own.filter(may_go));
        if whole || block.is_empty() {
            return;
        }
        let one = block[self.dice.below(block.len())];
        block.clear();
        let groups = index.groups_of.of(one);
        let of_group = |group: u32| {
            let options = index.options_of_group.of(group as usize).iter().map(|o| *o as usize);
            options.filter(may_go)
        };
        match groups.get(self.dice.below(groups.len() + 1)) {
            Some(group) => block.extend(of_group(*group)),
            None => block.push(one),
        }
        let mut at = 0;
        while let Some(option) = block.get(at).copied() {
            at += 1;
            for group in index.groups_of.of(option) {
                if index.is_shared[*group as usize] {
                    for other in of_group(*group) {
                        if !block.contains(&other) {
                            block.push(other);
                        }
                    }
                }
            }
        }
    }

    /// What each block would add with each of those who can have some of it; `false` where there was no time.
    fn price_blocks(&mut self, dealt: &mut Deal, heat: f64) -> bool {
        let index = std::sync::Arc::clone(&self.index);
        dealt.offers.clear();
        dealt.offers_end.clear();
        let (mut begin, mut takers) = (0, Vec::new());
        for (block, end) in dealt.ends.iter().enumerate() {
            if block % BETWEEN_LOOKS == 0 && self.stop.now() {
                return false;
            }
            let sessions = &dealt.sessions[begin..*end];
            begin = *end;
            for session in sessions {
                let options = index.options_of_session.of(*session as usize);
                takers.extend(options.iter().map(|option| index.person_of[*option as usize]));
            }
            takers.sort_unstable();
            takers.dedup();
            for taker in takers.drain(..) {
                let Some(seat) = dealt.seat_of[taker as usize] else { continue };
                let mark = self.log.len();
                let before = self.state.points;
                for session in sessions {
                    if let Some(option) = index.option_of(taker, *session)
                        && self.state.try_add(option).is_some()
                    {
                        self.add(option);
                    }
                }
                let delta = self.state.points - before;
                self.undo(mark);
                if delta < 0 {
                    let blur = (BLUR * heat * self.dice.fraction()) as i64;
                    dealt.offers.push((seat, delta + blur));
                }
            }
            dealt.offers_end.push(dealt.offers.len());
        }
        true
    }

    /// Hands the blocks out as is cheapest; what nobody takes is left to be filled.
    fn hand_out(&mut self, dealt: &Deal) {
        let seats = assign(dealt.people.len(), &dealt.offers_end, &dealt.offers);
        let mut begin = 0;
        for (end, seat) in dealt.ends.iter().zip(seats) {
            for session in &dealt.sessions[begin..*end] {
                let taker = seat.map(|seat| dealt.people[seat as usize]);
                match taker.and_then(|taker| self.index.option_of(taker, *session)) {
                    Some(option) if self.state.try_add(option).is_some() => self.add(option),
                    _ => self.touched.sessions.push(*session),
                }
            }
            begin = *end;
        }
    }
}
