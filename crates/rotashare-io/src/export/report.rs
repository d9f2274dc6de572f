//! The month's figures, for people and for other programs.

use std::collections::BTreeMap;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::Date;
use rotashare_core::values::{Thousandths, round_div};
use serde_json::{Value, json};

use super::delivered::{Fate, Fates};
use super::figures::{self, CoverPool, CoverRow, Coverage, Month};
use super::view::View;

/// A consultant's month, with what was delivered of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// What the rota plans.
    pub month: Month,
    /// Hours of sessions aimed at, in minutes.
    pub target_minutes: Option<i64>,
    /// Programmed activities delivered; `None` where nothing was handed in.
    pub delivered_pas: Option<Thousandths>,
}

/// How away days are spread over those who have any, or could have their share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many people.
    pub people: usize,
    /// Away days, those before the horizon included: of whoever has fewest.
    pub least: u32,
    /// The middle one's.
    pub median: u32,
    /// Of whoever has most.
    pub most: u32,
    /// How far somebody is over their fair share, in hundredths of a day.
    pub most_over_share: i64,
    /// How far somebody is under it, in hundredths of a day.
    pub most_under_share: i64,
}

/// A published session that nobody does any more, inside the notice period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateCancellation {
    /// Which session.
    pub session: SessionId,
    /// How many of its published places are empty now.
    pub places: usize,
}

/// The month's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Places filled.
    pub coverage: Coverage,
    /// Everybody's month, in order.
    pub people: Vec<Person>,
    /// Minutes of travel by week.
    pub travel_by_week: BTreeMap<Date, i64>,
    /// Away days.
    pub spread: Spread,
    /// Published sessions cancelled inside the notice period; `None` where no rota was published or
    /// there is no such period.
    pub late: Option<Vec<LateCancellation>>,
    /// Cover on base.
    pub cover: BTreeMap<CoverPool, CoverRow>,
}

impl Report {
    /// Draws up the figures.
    #[must_use]
    pub fn new(view: &View<'_>, rota: &Rota, fates: Option<&Fates>) -> Self {
        let network = view.network();
        let mut delivered: BTreeMap<ConsultantId, i64> = BTreeMap::new();
        for ((session, who), fate) in fates.into_iter().flatten() {
            if *fate == Fate::Delivered {
                *delivered.entry(*who).or_default() += network.session(*session).pas().0;
            }
        }
        let people: Vec<Person> = figures::months(view)
            .into_iter()
            .map(|month| Person {
                month,
                target_minutes: network.consultant(month.who).target_minutes(),
                delivered_pas: fates
                    .map(|_| Thousandths(delivered.get(&month.who).copied().unwrap_or(0))),
            })
            .collect();
        Self {
            coverage: figures::coverage(view),
            spread: spread(&people),
            people,
            travel_by_week: figures::travel_by_week(view),
            late: late(view, rota),
            cover: figures::cover(view),
        }
    }

    /// Minutes of travel in all.
    #[must_use]
    pub fn travel_minutes(&self) -> i64 {
        self.travel_by_week.values().sum()
    }

    /// As JSON: numbers exact, hours as minutes, shares of away days in hundredths.
    #[must_use]
    pub fn to_json(&self, network: &Network) -> Value {
        let fill = |code: &str, name: &str, fill: &figures::Fill| {
            json!({
                "code": code,
                "name": name,
                "places": fill.places,
                "filled": fill.filled,
                "empty": fill.empty(),
                "empty_must": fill.empty_must,
            })
        };
        let sites = self.coverage.by_site.iter().map(|(id, one)| {
            let site = network.site(*id);
            fill(site.code(), site.name(), one)
        });
        let specialties = self.coverage.by_specialty.iter().map(|(id, one)| {
            let specialty = network.specialty(*id);
            fill(specialty.code(), specialty.name(), one)
        });
        let both = self.coverage.by_both.iter().map(|((site, specialty), one)| {
            json!({
                "site": network.site(*site).code(),
                "specialty": network.specialty(*specialty).code(),
                "places": one.places,
                "filled": one.filled,
                "empty": one.empty(),
                "empty_must": one.empty_must,
            })
        });
        let people = self.people.iter().map(|person| {
            let consultant = network.consultant(person.month.who);
            let month = &person.month;
            json!({
                "consultant": consultant.code(),
                "name": consultant.name(),
                "employer": network.trust(consultant.employer()).code(),
                "sessions": month.sessions,
                "minutes": month.minutes,
                "target_minutes": person.target_minutes,
                "planned_pas_thousandths": month.pas.0,
                "delivered_pas_thousandths": person.delivered_pas.map(|pas| pas.0),
                "away_days": month.away_days,
                "away_days_before": month.away_before,
                "fair_share_hundredths": month.fair_share,
                "travel_minutes": month.travel_minutes,
            })
        });
        let late = self.late.as_ref().map(|late| {
            let one = |one: &LateCancellation| {
                json!({ "session": network.session(one.session).code(), "places": one.places })
            };
            late.iter().map(one).collect::<Vec<_>>()
        });
        let cover = self.cover.iter().map(|((trust, specialty, site), row)| {
            let days = row.days.iter().map(|(day, cover)| {
                json!({
                    "date": day.to_string(),
                    "on_base": cover.on_base,
                    "keep": cover.keep,
                    "spare": cover.spare,
                })
            });
            json!({
                "trust": network.trust(*trust).code(),
                "specialty": network.specialty(*specialty).code(),
                "site": site.map(|site| network.site(site).code()),
                "days": days.collect::<Vec<_>>(),
            })
        });
        let weeks = self.travel_by_week.iter();
        let weeks =
            weeks.map(|(week, minutes)| json!({ "week": week.to_string(), "minutes": minutes }));
        json!({
            "network": network.name(),
            "from": network.horizon().from().to_string(),
            "to": network.horizon().to().to_string(),
            "coverage": {
                "all": fill("", "all", &self.coverage.all),
                "by_site": sites.collect::<Vec<_>>(),
                "by_specialty": specialties.collect::<Vec<_>>(),
                "by_site_and_specialty": both.collect::<Vec<_>>(),
            },
            "people": people.collect::<Vec<_>>(),
            "travel": {
                "minutes": self.travel_minutes(),
                "by_week": weeks.collect::<Vec<_>>(),
            },
            "away_days": {
                "people": self.spread.people,
                "least": self.spread.least,
                "median": self.spread.median,
                "most": self.spread.most,
                "most_over_share_hundredths": self.spread.most_over_share,
                "most_under_share_hundredths": self.spread.most_under_share,
            },
            "cancelled_inside_notice": late,
            "cover": cover.collect::<Vec<_>>(),
        })
    }
}

fn spread(people: &[Person]) -> Spread {
    let months: Vec<&Month> = people
        .iter()
        .map(|person| &person.month)
        .filter(|month| month.fair_share > 0 || month.away_days + month.away_before > 0)
        .collect();
    let mut days: Vec<u32> =
        months.iter().map(|month| month.away_days + month.away_before).collect();
    days.sort_unstable();
    let (Some(least), Some(most)) = (days.first(), days.last()) else { return Spread::default() };
    Spread {
        people: days.len(),
        least: *least,
        median: days[days.len() / 2],
        most: *most,
        most_over_share: months.iter().map(|month| month.over_share()).max().unwrap_or(0).max(0),
        most_under_share: months.iter().map(|month| -month.over_share()).max().unwrap_or(0).max(0),
    }
}

/// Published places inside the notice period of sessions where fewer people are left than were
/// published.
fn late(view: &View<'_>, rota: &Rota) -> Option<Vec<LateCancellation>> {
    let network = view.network();
    let until = view.notice_until().filter(|_| network.has_published())?;
    let late = network.session_ids().filter_map(|id| {
        let session = network.session(id);
        let inside = session.date() >= view.today() && session.date() < until;
        if !inside || !view.is_our_site(session.site()) {
            return None;
        }
        let published =
            network.published_places(id).iter().filter(|(_, who)| who.is_some()).count();
        let places = published.saturating_sub(rota.consultants(id).count());
        (places > 0).then_some(LateCancellation { session: id, places })
    });
    Some(late.collect())
}

/// A share of away days in hundredths, as days to a tenth.
#[must_use]
pub fn days(hundredths: i64) -> String {
    rotashare_core::values::write_decimal(round_div(hundredths, 10), 1)
}
