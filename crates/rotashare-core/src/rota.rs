//! The one type of answer: who does which place of which session.

use crate::ids::{ConsultantId, SessionId};
use crate::network::Network;

/// Who has each place of each session. It may break any rule; the audit says which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rota {
    places: Vec<Vec<Option<ConsultantId>>>,
}

/// A place of a session, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which session.
    pub session: SessionId,
    /// Which of its places, from 1.
    pub number: u32,
}

/// Why somebody can't be put into a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// The session has fewer places.
    #[error("the session has {} {}", .0, if *.0 == 1 { "place" } else { "places" })]
    NoSuchPlace(u32),
    /// Somebody is in it already.
    #[error("the place is taken already")]
    Taken,
    /// No place is left.
    #[error("the session has no place left")]
    Full,
}

impl Rota {
    /// Every place empty.
    #[must_use]
    pub fn empty(network: &Network) -> Self {
        let places = |session: &crate::clinics::Session| vec![None; session.places() as usize];
        Self { places: network.sessions().iter().map(places).collect() }
    }

    /// Puts somebody into a place.
    ///
    /// # Errors
    /// Where there is no such place, or it is taken.
    pub fn put(&mut self, place: Place, consultant: ConsultantId) -> Result<(), PlaceError> {
        let places = &mut self.places[place.session.index()];
        let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let index = (place.number as usize).wrapping_sub(1);
        let cell = places.get_mut(index).ok_or(PlaceError::NoSuchPlace(count))?;
        if cell.is_some() {
            return Err(PlaceError::Taken);
        }
        *cell = Some(consultant);
        Ok(())
    }

    /// Puts somebody into the first empty place of a session.
    ///
    /// # Errors
    /// Where none is left.
    pub fn add(&mut self, session: SessionId, consultant: ConsultantId) -> Result<(), PlaceError> {
        let cell = self.places[session.index()].iter_mut().find(|cell| cell.is_none());
        *cell.ok_or(PlaceError::Full)? = Some(consultant);
        Ok(())
    }

    /// Takes whoever is in a place out of it.
    pub fn clear(&mut self, place: Place) -> Option<ConsultantId> {
        let index = (place.number as usize).wrapping_sub(1);
        self.places[place.session.index()].get_mut(index)?.take()
    }

    /// The places of a session, from the first on.
    #[must_use]
    pub fn places(&self, session: SessionId) -> &[Option<ConsultantId>] {
        &self.places[session.index()]
    }

    /// The consultants of a session, in order of places.
    pub fn consultants(&self, session: SessionId) -> impl Iterator<Item = ConsultantId> + '_ {
        self.places[session.index()].iter().flatten().copied()
    }

    /// Whether somebody has a place of a session.
    #[must_use]
    pub fn has(&self, session: SessionId, consultant: ConsultantId) -> bool {
        self.places[session.index()].contains(&Some(consultant))
    }

    /// Every place with whoever is in it, in order of sessions and places.
    pub fn cells(&self) -> impl Iterator<Item = (Place, Option<ConsultantId>)> + '_ {
        self.places.iter().enumerate().flat_map(|(session, places)| {
            let session = SessionId::new(session);
            places.iter().zip(1..).map(move |(cell, number)| (Place { session, number }, *cell))
        })
    }

    /// Every place that somebody has, in order of sessions and places.
    pub fn assignments(&self) -> impl Iterator<Item = (SessionId, ConsultantId)> + '_ {
        self.cells().filter_map(|(place, cell)| cell.map(|who| (place.session, who)))
    }

    /// Each consultant's sessions, in order of time; a list a consultant of the network.
    #[must_use]
    pub fn by_consultant(&self, network: &Network) -> Vec<Vec<SessionId>> {
        let mut lists = vec![Vec::new(); network.consultants().len()];
        for (session, consultant) in self.assignments() {
            lists[consultant.index()].push(session);
        }
        lists
    }

    /// How many places are taken.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.places.iter().flatten().flatten().count()
    }

    /// How many places there are.
    #[must_use]
    pub fn place_count(&self) -> usize {
        self.places.iter().map(Vec::len).sum()
    }

    /// Numbers the places anew: somebody who had a place of the published rota keeps its number where
    /// it can be kept, everybody else follows in order of id. Who does what stays as it is.
    pub fn number_like_published(&mut self, network: &Network) {
        for session in network.session_ids() {
            let published = network.published_places(session);
            let places = &mut self.places[session.index()];
            let mut people: Vec<ConsultantId> = places.iter().flatten().copied().collect();
            people.sort_unstable();
            let mut cells = vec![None; places.len()];
            for (number, who) in published {
                let index = (*number as usize).wrapping_sub(1);
                if let (Some(who), Some(cell)) = (who, cells.get_mut(index))
                    && cell.is_none()
                    && let Some(at) = people.iter().position(|one| one == who)
                {
                    *cell = Some(people.remove(at));
                }
            }
            // Newcomers take places that were empty before they take somebody's.
            let was_taken = |index: usize| {
                published.iter().any(|(n, who)| *n as usize == index + 1 && who.is_some())
            };
            let mut free: Vec<usize> = (0..cells.len()).filter(|i| cells[*i].is_none()).collect();
            free.sort_by_key(|index| (was_taken(*index), *index));
            for (index, who) in free.into_iter().zip(people) {
                cells[index] = Some(who);
            }
            *places = cells;
        }
    }
}
