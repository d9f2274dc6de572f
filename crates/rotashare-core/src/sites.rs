//! Trusts, their sites, and the ways between them.

use std::collections::HashMap;

use crate::ids::{SiteId, TrustId};
use crate::time::Clock;
use crate::values::{Hundredths, Nation};

/// A trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) nation: Nation,
}

impl Trust {
    /// ODS code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose bank holidays its sites keep.
    #[must_use]
    pub fn nation(&self) -> Nation {
        self.nation
    }
}

/// A hospital site.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) trust: TrustId,
    pub(crate) postcode: Option<String>,
    pub(crate) coordinates: Option<Coordinates>,
}

impl Site {
    /// ODS code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose site.
    #[must_use]
    pub fn trust(&self) -> TrustId {
        self.trust
    }

    /// Postcode.
    #[must_use]
    pub fn postcode(&self) -> Option<&str> {
        self.postcode.as_deref()
    }

    /// Where it is.
    #[must_use]
    pub fn coordinates(&self) -> Option<Coordinates> {
        self.coordinates
    }
}

/// A place on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// North.
    pub latitude: f64,
    /// East.
    pub longitude: f64,
}

impl Coordinates {
    /// Miles in a straight line: the haversine formula on a sphere of 6,371.0088 km (the Earth's mean
    /// radius, IUGG).
    #[must_use]
    pub fn miles_to(self, other: Self) -> f64 {
        const RADIUS_MILES: f64 = 6371.0088 / 1.609_344;
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_north = (b - a) / 2.0;
        let half_east = (other.longitude - self.longitude).to_radians() / 2.0;
        let h = half_north.sin().powi(2) + a.cos() * b.cos() * half_east.sin().powi(2);
        2.0 * RADIUS_MILES * h.sqrt().min(1.0).asin()
    }
}

/// A way from one site to another as listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) minutes: u32,
    pub(crate) miles: Option<Hundredths>,
    pub(crate) depart: Option<(Clock, Clock)>,
}

impl Way {
    fn holds_at(self, departure: Clock) -> bool {
        self.depart.is_some_and(|(from, to)| {
            if from < to {
                (from..to).contains(&departure)
            } else {
                departure >= from || departure < to
            }
        })
    }
}

/// Minutes and miles between all sites.
///
/// A way that is listed in one direction only holds in the other too. A pair that is not listed takes
/// the straight line × 1.25 at 30 mph, rounded up to 5 minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Travel {
    sites: usize,
    usual: Vec<Option<u32>>,
    miles: Vec<Hundredths>,
    timed: HashMap<(SiteId, SiteId), Vec<Way>>,
}

impl Travel {
    pub(crate) fn new(sites: &[Site], listed: &HashMap<(SiteId, SiteId), Vec<Way>>) -> Self {
        let count = sites.len();
        let mut travel = Self {
            sites: count,
            usual: Vec::with_capacity(count * count),
            miles: Vec::with_capacity(count * count),
            timed: HashMap::new(),
        };
        for from in 0..count {
            for to in 0..count {
                let pair = (SiteId::new(from), SiteId::new(to));
                let ways = listed.get(&pair).or_else(|| listed.get(&(pair.1, pair.0)));
                let road_miles = sites[from]
                    .coordinates
                    .zip(sites[to].coordinates)
                    .map(|(a, b)| 1.25 * a.miles_to(b));
                let straight = || road_miles.map(by_road_minutes);
                let (minutes, miles) = match ways.map(Vec::as_slice) {
                    _ if from == to => (Some(0), Some(Hundredths(0))),
                    None | Some([]) => (straight(), None),
                    Some(ways) => {
                        if ways.iter().any(|way| way.depart.is_some()) {
                            travel.timed.insert(pair, ways.to_vec());
                        }
                        let always = ways.iter().find(|way| way.depart.is_none());
                        let slowest = ways.iter().map(|way| way.minutes).max();
                        (
                            always.map(|way| way.minutes).or_else(straight).or(slowest),
                            ways.iter().find_map(|way| way.miles),
                        )
                    }
                };
                // 30 mph: half a mile a minute.
                let miles = miles
                    .or(road_miles.map(|miles| Hundredths((miles * 100.0).round() as i64)))
                    .or(minutes.map(|minutes| Hundredths(i64::from(minutes) * 50)));
                travel.usual.push(minutes);
                travel.miles.push(miles.unwrap_or(Hundredths(0)));
            }
        }
        travel
    }

    fn at(&self, from: SiteId, to: SiteId) -> usize {
        from.index() * self.sites + to.index()
    }

    /// Whether the way between two sites is known at all.
    #[must_use]
    pub(crate) fn knows(&self, from: SiteId, to: SiteId) -> bool {
        self.usual[self.at(from, to)].is_some()
    }

    /// Minutes at no particular time of day: the row that always holds, else the straight line, else
    /// the slowest row.
    #[must_use]
    pub fn usual_minutes(&self, from: SiteId, to: SiteId) -> u32 {
        self.usual[self.at(from, to)].unwrap_or(0)
    }

    /// Minutes for a departure at a time of day.
    #[must_use]
    pub fn minutes(&self, from: SiteId, to: SiteId, departure: Clock) -> u32 {
        let timed = self.timed.get(&(from, to)).into_iter().flatten();
        timed
            .filter(|way| way.holds_at(departure))
            .map(|way| way.minutes)
            .max()
            .unwrap_or_else(|| self.usual_minutes(from, to))
    }

    /// Minutes there and back, at no particular time of day.
    #[must_use]
    pub fn return_minutes(&self, base: SiteId, site: SiteId) -> u32 {
        self.usual_minutes(base, site) + self.usual_minutes(site, base)
    }

    /// Miles; by the straight line × 1.25, or half a mile a minute, where none are listed.
    #[must_use]
    pub fn miles(&self, from: SiteId, to: SiteId) -> Hundredths {
        self.miles[self.at(from, to)]
    }
}

/// Minutes at 30 mph, rounded up to 5.
fn by_road_minutes(miles: f64) -> u32 {
    // Guards the rounding up against the last bits of the trigonometry.
    let fives = (miles * 2.0 / 5.0 - 1e-9).ceil().max(0.0);
    fives as u32 * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_line_rows_and_windows() {
        let site = |code: &str, at: Option<(f64, f64)>| Site {
            code: code.into(),
            name: code.into(),
            trust: TrustId::new(0),
            postcode: None,
            coordinates: at.map(|(latitude, longitude)| Coordinates { latitude, longitude }),
        };
        let sites = [
            site("A", Some((51.5035, -0.0868))),
            site("B", Some((51.4350, 0.2587))),
            site("C", None),
        ];
        let [a, b, c] = [0, 1, 2].map(SiteId::new);
        let clock = |hour| Clock::new(hour, 0).unwrap_or(Clock::MIDNIGHT);
        let way = |minutes, depart| Way { minutes, miles: None, depart };
        let listed =
            HashMap::from([((a, c), vec![way(40, None), way(60, Some((clock(7), clock(10))))])]);
        let travel = Travel::new(&sites, &listed);
        // 15.62 miles in a straight line, 19.5 by road.
        assert_eq!(travel.usual_minutes(a, b), 40);
        assert_eq!(travel.usual_minutes(a, a), 0);
        assert_eq!(travel.minutes(a, c, clock(9)), 60);
        assert_eq!(travel.minutes(a, c, clock(10)), 40);
        assert_eq!(travel.minutes(c, a, clock(9)), 60);
        assert_eq!(travel.miles(a, c), Hundredths(2000));
        assert!(!travel.knows(b, c));
        assert_eq!(travel.return_minutes(a, c), 80);
    }
}
