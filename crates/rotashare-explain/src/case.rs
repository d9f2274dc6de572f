//! A dataset with what was built from it.

use rotashare_core::draft::{Draft, PinRow};
use rotashare_core::fault::Fault;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::time::Date;
use rotashare_core::values::PinKind;
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::pins;

use crate::change::Change;

/// A dataset as read, the network that was built from it, and its rulebook.
#[derive(Clone, Debug)]
pub struct Case {
    draft: Draft,
    network: Network,
    book: Rulebook,
}

/// A dataset with faults.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} faults in the dataset, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
pub struct Faulty(pub Vec<Fault>);

impl Case {
    /// Builds everything from a draft. `today` is the date of the run.
    ///
    /// # Errors
    /// With every fault of the dataset.
    pub fn new(draft: Draft, today: Date) -> Result<Self, Faulty> {
        let (network, _) = Network::build(&draft).map_err(|faults| Faulty(faults.faults))?;
        let book = Rulebook::new(&network, today).map_err(Faulty)?;
        let faults = pins::faults(&network, &book);
        if faults.is_empty() { Ok(Self { draft, network, book }) } else { Err(Faulty(faults)) }
    }

    /// From a draft and what was built from it.
    #[must_use]
    pub fn of(draft: Draft, network: Network, book: Rulebook) -> Self {
        Self { draft, network, book }
    }

    /// The dataset as read.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The rulebook.
    #[must_use]
    pub fn book(&self) -> &Rulebook {
        &self.book
    }

    /// The case after changes to its files.
    ///
    /// # Errors
    /// Where the changed dataset has faults.
    pub fn changed(&self, changes: &[Change]) -> Result<Self, Faulty> {
        let mut draft = self.draft.clone();
        for change in changes {
            change.apply(&mut draft);
        }
        Self::new(draft, self.book.today())
    }

    /// The case with a consultant pinned to a session.
    pub(crate) fn pinned(&self, session: SessionId, who: ConsultantId) -> Result<Self, Faulty> {
        let mut draft = self.draft.clone();
        let pins = draft.pins.get_or_insert_default();
        pins.push(PinRow {
            line: pins.last().map_or(2, |row| row.line.saturating_add(1)),
            session: self.network.session(session).code().to_owned(),
            consultant: self.network.consultant(who).code().to_owned(),
            pin: PinKind::Yes,
        });
        Self::new(draft, self.book.today())
    }
}
