//! Views of options and rotas that several rules look through.

use std::collections::BTreeMap;

use rotashare_core::ids::{ConsultantId, SessionId, SiteId};
use rotashare_core::network::Network;
use rotashare_core::time::{Date, in_words};

use crate::problem::{Mark, OptionId, Sketch};
use crate::rule::Context;

/// A mark a date on which a consultant could work, for the options that `wanted` picks.
#[must_use]
pub fn marks_by_date(
    context: Context<'_>,
    sketch: &mut Sketch,
    who: ConsultantId,
    wanted: impl Fn(SessionId) -> bool,
) -> BTreeMap<Date, Mark> {
    let mut dates: BTreeMap<Date, Vec<OptionId>> = BTreeMap::new();
    for (id, option) in sketch.options_of(who).filter(|(_, option)| wanted(option.session)) {
        dates.entry(context.network.session(option.session).date()).or_default().push(id);
    }
    let marks = dates.into_iter().filter_map(|(day, ids)| Some((day, sketch.any_of(ids)?)));
    marks.collect()
}

/// A mark a date and site at which a consultant could work.
#[must_use]
pub fn marks_by_date_and_site(
    context: Context<'_>,
    sketch: &mut Sketch,
    who: ConsultantId,
) -> BTreeMap<(Date, SiteId), Mark> {
    let mut visits: BTreeMap<(Date, SiteId), Vec<OptionId>> = BTreeMap::new();
    for (id, option) in sketch.options_of(who) {
        let session = context.network.session(option.session);
        visits.entry((session.date(), session.site())).or_default().push(id);
    }
    let marks = visits.into_iter().filter_map(|(visit, ids)| Some((visit, sketch.any_of(ids)?)));
    marks.collect()
}

/// The dates and sites that a month of sessions goes to, each once, in order.
#[must_use]
pub fn visits(network: &Network, month: &[SessionId]) -> Vec<(Date, SiteId)> {
    let mut visits: Vec<_> = month
        .iter()
        .map(|id| network.session(*id))
        .map(|session| (session.date(), session.site()))
        .collect();
    visits.sort_unstable();
    visits.dedup();
    visits
}

/// The dates on which a consultant is away in a month of sessions, each once, in order.
#[must_use]
pub fn away_dates(network: &Network, who: ConsultantId, month: &[SessionId]) -> Vec<Date> {
    let mut dates: Vec<Date> = month
        .iter()
        .filter(|id| network.is_away(who, **id))
        .map(|id| network.session(*id).date())
        .collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// Dates as people write a list of them: `Tue 2 Mar 2027, Thu 4 Mar 2027`.
#[must_use]
pub fn list_of_dates(dates: &[Date]) -> String {
    dates.iter().map(|day| in_words(*day)).collect::<Vec<_>>().join(", ")
}
