//! The trusts, sites and journeys of one network.

use rotashare_core::draft::Draft;
use rotashare_core::values::Hundredths;

use super::draw::Draw;
use super::rows::{clock, site, travel, trust};
use super::shape::Part;

/// A hospital and where it is, in kilometres from the middle of its network.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) site: String,
    pub(super) east: f64,
    pub(super) north: f64,
    /// How many clinics it takes, beside the others.
    pub(super) size: usize,
    /// Its trust's position in [`Places::partners`].
    pub(super) partner: usize,
}

/// The places of one network.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) lead: String,
    pub(super) partners: Vec<String>,
    pub(super) bases: Vec<Place>,
    pub(super) hosts: Vec<Place>,
}

/// Kilometres in a degree of latitude, and in a degree of longitude at about 53° north.
const DEGREE_KM: (f64, f64) = (111.2, 66.9);

/// Adds trusts, sites and journeys to the draft.
pub(super) fn add(draft: &mut Draft, part: &Part<'_>, draw: &mut Draw) -> Places {
    let lead = trust_code(part.first_trust);
    let partners: Vec<String> =
        (1..=part.partners).map(|index| trust_code(part.first_trust + index)).collect();
    let number = part.number + 1;
    draft.trusts.push(trust(&lead, &format!("Lead Teaching Hospitals {number} (synthetic)")));
    for (index, partner) in partners.iter().enumerate() {
        let name = format!("Partner Hospitals {number}.{} (synthetic)", index + 1);
        draft.trusts.push(trust(partner, &name));
    }
    let bases: Vec<Place> = (0..part.shape.base_sites)
        .map(|index| {
            let (east, north) = somewhere(draw, 0.0, 4.0);
            let site = format!("{lead}{:02}", index + 1);
            Place { site, east, north, size: 0, partner: 0 }
        })
        .collect();
    let mut sites_of = vec![0; part.partners];
    let hosts: Vec<Place> = (0..part.sites)
        .map(|index| {
            let partner = index % part.partners;
            sites_of[partner] += 1;
            let (east, north) = somewhere(draw, 8.0, 36.0);
            let site = format!("{}{:02}", partners[partner], sites_of[partner]);
            Place { site, east, north, size: draw.between(2, 6), partner }
        })
        .collect();
    // Networks stand in a grid, well apart from one another.
    let middle = (
        50.6 + 0.9 * (part.number / 5 % 5) as f64,
        -4.0 + 1.4 * (part.number % 5) as f64 + 0.1 * (part.number / 25) as f64,
    );
    for (trust, places) in [(None, &bases), (Some(&partners), &hosts)] {
        for (index, place) in places.iter().enumerate() {
            let owner = trust.map_or(&lead, |partners| &partners[place.partner]);
            let kind = if trust.is_some() { "District Hospital" } else { "Teaching Hospital" };
            let mut row = site(&place.site, owner, &format!("{kind} {number}.{}", index + 1));
            row.latitude = Some(four_decimals(middle.0 + place.north / DEGREE_KM.0));
            row.longitude = Some(four_decimals(middle.1 + place.east / DEGREE_KM.1));
            draft.sites.push(row);
        }
    }
    let journeys = draft.travel.get_or_insert_default();
    for base in &bases {
        for host in &hosts {
            let (east, north) = (base.east - host.east, base.north - host.north);
            let miles = (east * east + north * north).sqrt() / 1.609 * 1.25;
            let minutes = miles * (1.7 + 0.6 * draw.fraction());
            for (from, to) in [(base, host), (host, base)] {
                let mut row = travel(&from.site, &to.site, five_minutes(minutes));
                row.miles = Some(Hundredths((miles * 10.0) as i64 * 10));
                journeys.push(row.clone());
                row.minutes = five_minutes(minutes * 1.25);
                for (depart_from, depart_to) in
                    [(clock(7, 0), clock(9, 30)), (clock(16, 0), clock(18, 30))]
                {
                    row.depart_from = Some(depart_from);
                    row.depart_to = Some(depart_to);
                    journeys.push(row.clone());
                }
            }
        }
    }
    Places { lead, partners, bases, hosts }
}

/// A point between two distances (in kilometres) from the middle.
fn somewhere(draw: &mut Draw, least: f64, most: f64) -> (f64, f64) {
    loop {
        let mut across = || (2.0 * draw.fraction() - 1.0) * most;
        let (east, north) = (across(), across());
        if (least * least..=most * most).contains(&(east * east + north * north)) {
            return (east, north);
        }
    }
}

fn four_decimals(degrees: f64) -> f64 {
    (degrees * 10_000.0).round() / 10_000.0
}

fn five_minutes(minutes: f64) -> u32 {
    ((minutes / 5.0).ceil() as u32).max(1) * 5
}

/// Invented trust codes: X00, X01, … X0Z, X10, …
fn trust_code(index: usize) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let digit = |value: usize| char::from(DIGITS[value % 36]);
    let mut code = format!("{}{}", digit(index / 36), digit(index));
    if index >= 36 * 36 {
        code.insert(0, digit(index / 1296));
    }
    format!("X{code}")
}
