//! How large a problem is, before anybody tries to solve it.

use std::collections::BTreeMap;

use rotashare_core::ids::{SessionId, SpecialtyId};
use rotashare_core::network::Network;
use rotashare_core::points::{Points, Tariff};
use rotashare_core::time::Date;

use crate::problem::{Demand, Item, Problem};
use crate::registry::RULES;
use crate::rule::Context;
use crate::rulebook::Rulebook;

/// The most quarters of a point that any rota may have: up to here every sum is exact, also in the
/// floating-point numbers of solvers.
pub const MOST_QUARTERS: i128 = 1 << 51;

/// The most pairs of a consultant and a session that are looked at.
pub const MOST_PAIRS: usize = 5_000_000;

/// The most pairs of sessions on one date, a consultant each time: what may clash.
pub const MOST_CLASHES: usize = 30_000_000;

/// How many pairs of a consultant and a session [`crate::compile::compile`] looks at.
#[must_use]
pub fn pairs(network: &Network, book: &Rulebook) -> usize {
    network.session_ids().map(|session| candidates(network, book, session)).sum()
}

/// How many pairs of sessions of one specialty on one date there are for consultants to choose from,
/// each as often as there are consultants who could have both.
#[must_use]
pub fn clashes(network: &Network, book: &Rulebook) -> usize {
    let mut dates: BTreeMap<(SpecialtyId, Date), (usize, usize)> = BTreeMap::new();
    for id in network.session_ids() {
        let session = network.session(id);
        let entry = dates.entry((session.specialty(), session.date())).or_default();
        entry.0 += 1;
        entry.1 = entry.1.max(candidates(network, book, id));
    }
    let pairs = dates.into_values().map(|(sessions, people)| {
        people.saturating_mul(sessions).saturating_mul(sessions.saturating_sub(1)) / 2
    });
    pairs.fold(0, usize::saturating_add)
}

fn candidates(network: &Network, book: &Rulebook, session: SessionId) -> usize {
    let context = Context { network, book };
    let on = RULES.iter().filter(|rule| book.is_on(rule.meta().id));
    let lists = on.filter_map(|rule| rule.only(context, session));
    lists.map(<[_]>::len).min().unwrap_or(network.consultants().len())
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
