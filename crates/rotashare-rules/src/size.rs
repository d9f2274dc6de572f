//! How large a problem is, before anybody tries to solve it.

use std::collections::BTreeMap;

use rotashare_core::ids::SessionId;
use rotashare_core::network::Network;
use rotashare_core::points::{Points, Tariff};
use rotashare_core::time::Date;

use crate::candidates::Candidates;
use crate::problem::{Demand, Item, Problem};
use crate::rule::Context;
use crate::rulebook::Rulebook;

/// The most quarters of a point that any rota may have: up to here every sum is exact, also in the
/// floating-point numbers of solvers.
pub const MOST_QUARTERS: i128 = 1 << 51;

/// The most pairs of a consultant and a session that are looked at: the country has some 10 million.
pub const MOST_PAIRS: usize = 60_000_000;

/// The most pairs of sessions on one date, a consultant each time: what may clash. The country has
/// some 80 million, a quarter of which do.
pub const MOST_CLASHES: usize = 100_000_000;

/// How many pairs of a consultant and a session [`crate::compile::compile`] looks at.
#[must_use]
pub fn pairs(network: &Network, book: &Rulebook) -> usize {
    let mut candidates = Candidates::new(Context { network, book });
    network.session_ids().map(|session| candidates.of(session).len()).sum()
}

/// How many pairs of sessions on one date there are for consultants to choose from, each as often as
/// there are consultants who could have both.
#[must_use]
pub fn clashes(network: &Network, book: &Rulebook) -> usize {
    let mut dates: BTreeMap<Date, Vec<SessionId>> = BTreeMap::new();
    for id in network.session_ids() {
        dates.entry(network.session(id).date()).or_default().push(id);
    }
    let mut candidates = Candidates::new(Context { network, book });
    let mut pairs = 0_usize;
    let mut had = vec![0_usize; network.consultants().len()];
    for sessions in dates.into_values() {
        had.fill(0);
        for session in sessions {
            for who in candidates.of(session) {
                pairs = pairs.saturating_add(had[who.index()]);
                had[who.index()] += 1;
            }
        }
    }
    pairs
}

impl Problem {
    /// No choice has more quarters of a point than this, nor fewer than this below nothing.
    #[must_use]
    pub fn most_quarters(&self) -> i128 {
        let weights = |items: &[Item]| -> i128 { items.iter().map(|i| i128::from(i.weight)).sum() };
        let options = self.options().iter().map(|option| quarters(option.points.in_quarters()));
        let charges = self.charges().iter().map(|one| most(&one.tariff, weights(&one.items)));
        let rows = self.rows().iter().map(|row| match &row.demand {
            Demand::AtMost(_) => 0,
            Demand::AtMostOr(bound, tariff) => {
                most(tariff, weights(&row.items) - i128::from(*bound))
            }
            Demand::AtLeastOr(bound, tariff) | Demand::Fill(bound, tariff) => {
                most(tariff, i128::from(*bound))
            }
        });
        let constant = quarters(self.constant().in_quarters());
        constant + options.chain(charges).chain(rows).sum::<i128>()
    }

    /// The most that a single option or unit costs, either way.
    #[must_use]
    pub fn largest_price(&self) -> Points {
        let charges = self.charges().iter().map(|charge| &charge.tariff);
        let rows = self.rows().iter().filter_map(|row| match &row.demand {
            Demand::AtMost(_) => None,
            Demand::AtMostOr(_, tariff)
            | Demand::AtLeastOr(_, tariff)
            | Demand::Fill(_, tariff) => Some(tariff),
        });
        let steps = charges.chain(rows).flat_map(Tariff::steps).map(|step| step.each);
        let prices = self.options().iter().map(|option| option.points).chain(steps);
        let most = prices.map(|price| price.in_quarters().saturating_abs()).max();
        Points::quarters(most.unwrap_or(0))
    }
}

fn quarters(points: i64) -> i128 {
    i128::from(points).abs()
}

/// The most quarters either way that a tariff can come to for up to so many units.
fn most(tariff: &Tariff, units: i128) -> i128 {
    let mut left = units.max(0);
    let mut sum = quarters(tariff.base().in_quarters());
    for step in tariff.steps() {
        let taken = left.min(i128::from(step.units));
        sum += taken * quarters(step.each.in_quarters());
        left -= taken;
    }
    sum
}
