//! What hosts owe lenders, agreement by agreement, to the penny.
//!
//! A session's mileage is counted as the agreement's cost is: from base to the site and back, each
//! session for itself, rounded to the penny. A cancelled session costs nothing.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::AddAssign;

use rotashare_core::ids::{AgreementId, ConsultantId, SessionId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::values::{Hundredths, Pence};

use super::delivered::{Canceller, Fate, Fates};

/// Sessions and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How many.
    pub sessions: u32,
    /// Their price.
    pub price: Pence,
    /// Miles there and back.
    pub miles: Hundredths,
    /// What the miles cost.
    pub mileage: Pence,
}

impl Amount {
    /// Price and mileage.
    #[must_use]
    pub fn total(&self) -> Pence {
        Pence(self.price.0.saturating_add(self.mileage.0))
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self { sessions: 0, price: Pence(0), miles: Hundredths(0), mileage: Pence(0) }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.sessions = self.sessions.saturating_add(other.sessions);
        self.price.0 = self.price.0.saturating_add(other.price.0);
        self.miles.0 = self.miles.0.saturating_add(other.miles.0);
        self.mileage.0 = self.mileage.0.saturating_add(other.mileage.0);
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        let mut sum = Self::default();
        amounts.for_each(|amount| sum += amount);
        sum
    }
}

/// What is known of a place under an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was handed in yet: it is planned.
    Planned,
    /// It was delivered.
    Delivered,
    /// It was cancelled, by whom.
    Cancelled(Canceller),
    /// It was planned, and what was handed in does not speak of it.
    NotReported,
}

impl Outcome {
    /// The word in statements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Delivered => "delivered",
            Self::Cancelled(_) => "cancelled",
            Self::NotReported => "not reported",
        }
    }
}

/// A place under an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which session.
    pub session: SessionId,
    /// Who.
    pub consultant: ConsultantId,
    /// Whether the rota has it.
    pub planned: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// What it costs if it is charged.
    pub cost: Amount,
}

impl Entry {
    /// What is charged for it: its cost where it was delivered, or is planned and nothing was handed in.
    #[must_use]
    pub fn charged(&self) -> Amount {
        match self.outcome {
            Outcome::Planned | Outcome::Delivered => self.cost,
            Outcome::Cancelled(_) | Outcome::NotReported => Amount::default(),
        }
    }
}

/// An agreement's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Which agreement.
    pub agreement: AgreementId,
    /// Its places, in order of time.
    pub entries: Vec<Entry>,
}

impl Account {
    /// What the rota planned.
    #[must_use]
    pub fn planned(&self) -> Amount {
        self.entries.iter().filter(|entry| entry.planned).map(|entry| entry.cost).sum()
    }

    /// What was delivered.
    #[must_use]
    pub fn delivered(&self) -> Amount {
        self.with(Outcome::Delivered)
    }

    /// What somebody cancelled.
    #[must_use]
    pub fn cancelled(&self, by: Canceller) -> Amount {
        self.with(Outcome::Cancelled(by))
    }

    /// What was planned and not spoken of.
    #[must_use]
    pub fn not_reported(&self) -> Amount {
        self.with(Outcome::NotReported)
    }

    /// What is charged.
    #[must_use]
    pub fn charged(&self) -> Amount {
        self.entries.iter().map(Entry::charged).sum()
    }

    fn with(&self, outcome: Outcome) -> Amount {
        let mut sum = Amount::default();
        for entry in self.entries.iter().filter(|entry| entry.outcome == outcome) {
            sum += entry.cost;
        }
        sum
    }
}

/// Every agreement's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// By agreement, in order of code.
    pub accounts: Vec<Account>,
    /// Whether what was delivered was handed in.
    pub is_delivered: bool,
    /// Away places that are under no agreement, and so are nobody's to pay.
    pub without_agreement: Vec<(SessionId, ConsultantId)>,
}

impl Statement {
    /// Draws up the accounts of a rota, of `only` where it is given: agreements by which it lends or
    /// hosts.
    #[must_use]
    pub fn new(
        network: &Network,
        rota: &Rota,
        fates: Option<&Fates>,
        only: Option<TrustId>,
    ) -> Self {
        let mut places: BTreeMap<(SessionId, ConsultantId), (bool, Outcome)> = BTreeMap::new();
        for place in rota.assignments() {
            let outcome = match fates.map(|fates| fates.get(&place)) {
                None => Outcome::Planned,
                Some(None) => Outcome::NotReported,
                Some(Some(fate)) => outcome_of(*fate),
            };
            places.insert(place, (true, outcome));
        }
        for (place, fate) in fates.into_iter().flatten() {
            places.entry(*place).or_insert((false, outcome_of(*fate)));
        }
        let mut accounts: BTreeMap<AgreementId, Vec<Entry>> = BTreeMap::new();
        let shown = |id: &AgreementId| {
            let agreement = network.agreement(*id);
            only.is_none_or(|trust| agreement.lender() == trust || agreement.host() == trust)
        };
        let all = network.agreements().map_or(0, <[_]>::len);
        for id in (0..all).map(AgreementId::new).filter(shown) {
            accounts.insert(id, Vec::new());
        }
        let mut without_agreement = Vec::new();
        for ((session, consultant), (planned, outcome)) in places {
            if !network.is_away(consultant, session) {
                continue;
            }
            let Some(id) =
                network.agreements().and_then(|_| network.agreement_for(consultant, session))
            else {
                let (lender, host) =
                    (network.consultant(consultant).employer(), network.host(session));
                if only.is_none_or(|trust| lender == trust || host == trust) {
                    without_agreement.push((session, consultant));
                }
                continue;
            };
            if let Some(entries) = accounts.get_mut(&id) {
                let cost = cost(network, id, session, consultant);
                entries.push(Entry { session, consultant, planned, outcome, cost });
            }
        }
        let accounts =
            accounts.into_iter().map(|(agreement, entries)| Account { agreement, entries });
        Self { accounts: accounts.collect(), is_delivered: fates.is_some(), without_agreement }
    }

    /// What is charged in all.
    #[must_use]
    pub fn charged(&self) -> Amount {
        self.accounts.iter().map(Account::charged).sum()
    }
}

fn outcome_of(fate: Fate) -> Outcome {
    match fate {
        Fate::Delivered => Outcome::Delivered,
        Fate::Cancelled(by) => Outcome::Cancelled(by),
    }
}

fn cost(
    network: &Network,
    id: AgreementId,
    session: SessionId,
    consultant: ConsultantId,
) -> Amount {
    let agreement = network.agreement(id);
    let (base, site) = (network.consultant(consultant).base(), network.session(session).site());
    let travel = network.travel();
    let miles = Hundredths(travel.miles(base, site).0 + travel.miles(site, base).0);
    let total = agreement.session_cost(miles);
    let price = agreement.price();
    Amount { sessions: 1, price, miles, mileage: Pence(total.0.saturating_sub(price.0)) }
}
