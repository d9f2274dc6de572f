//! Every consultant (of many, some) puts a block of what he holds on the table, and all blocks are dealt anew
//! at once, one to each, as is cheapest in total, each priced alone with the table full: that finds how blocks
//! can go round, which one exchange after another hardly does (a neighbourhood by assignment, Ahuja, Ergun,
//! Orlin and Punnen, 2002).

use std::sync::Arc;

use super::super::assignment::assign;
use super::{BLUR, Search};
use crate::lists::Lists;

/// At most about so many consultants are in a deal.
const MOST_PEOPLE: usize = 250;
/// In one of so many deals blocks are all that consultants hold.
const WHOLE: usize = 3;
/// So many blocks are priced between two looks at the clock.
const BETWEEN_LOOKS: usize = 32;

/// What is on the table.
struct Deal {
    /// Who is in it.
    people: Vec<u32>,
    /// The place of each person among these.
    seat_of: Vec<Option<u32>>,
    /// The sessions of each block.
    blocks: Lists<u32>,
}

impl Search {
    /// Says whether there was time for it; if not, what it did is to be undone.
    pub(super) fn deal(&mut self, heat: f64) -> bool {
        let deal = self.put_on_table();
        let Some(offers) = self.offers(&deal, heat) else { return false };
        self.hand_out(&deal, &offers);
        self.repair(0.0);
        true
    }

    /// Who is in the deal, and what they give up for it.
    fn put_on_table(&mut self) -> Deal {
        let all = self.index.options_of_person.len();
        let (mut people, mut seat_of) = (Vec::new(), vec![None; all]);
        for (person, seat) in seat_of.iter_mut().enumerate() {
            if all <= MOST_PEOPLE || self.dice.below(all) < MOST_PEOPLE {
                *seat = Some(people.len() as u32);
                people.push(person as u32);
            }
        }
        let mut blocks = Lists::new();
        let whole = self.dice.below(WHOLE) == 0;
        let mut block = Vec::new();
        for person in &people {
            self.block_of(*person, whole, &mut block);
            block.iter().for_each(|option| self.remove(*option));
            if !block.is_empty() {
                blocks.add(block.drain(..).map(|option| self.index.session_of[option]));
            }
        }
        Deal { people, seat_of, blocks }
    }

    /// All that a person can give up, or of that an option or a group. What a row counts together stays
    /// together: in parts it would stand in more ways than one.
    fn block_of(&mut self, person: u32, whole: bool, block: &mut Vec<usize>) {
        let index = &*self.index;
        let may_go = |option: &usize| self.state.can_go(*option);
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

    /// What each block would add with each of those who can have some of it, by their seats; `None` where
    /// there was no time.
    fn offers(&mut self, deal: &Deal, heat: f64) -> Option<Lists<(u32, i64)>> {
        let index = Arc::clone(&self.index);
        let mut offers = Lists::new();
        let (mut takers, mut own) = (Vec::new(), Vec::new());
        for (block, sessions) in deal.blocks.iter().enumerate() {
            if block % BETWEEN_LOOKS == 0 && self.stop.now() {
                return None;
            }
            for session in sessions {
                let options = index.options_of_session.of(*session as usize);
                takers.extend(options.iter().map(|option| index.person_of[*option as usize]));
            }
            takers.sort_unstable();
            takers.dedup();
            for taker in takers.drain(..) {
                let Some(seat) = deal.seat_of[taker as usize] else { continue };
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
                    own.push((seat, delta + blur));
                }
            }
            offers.add(own.drain(..));
        }
        Some(offers)
    }

    /// Hands the blocks out as is cheapest; what nobody takes is left to be filled.
    fn hand_out(&mut self, deal: &Deal, offers: &Lists<(u32, i64)>) {
        let seats = assign(deal.people.len(), offers);
        for (sessions, seat) in deal.blocks.iter().zip(seats) {
            let taker = seat.map(|seat| deal.people[seat as usize]);
            for session in sessions {
                match taker.and_then(|taker| self.index.option_of(taker, *session)) {
                    Some(option) if self.state.try_add(option).is_some() => self.add(option),
                    _ => self.touched.sessions.push(*session),
                }
            }
        }
    }
}
