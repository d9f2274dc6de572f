//! Trusts, sites, ways, specialties.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::people::People;
use super::series::Series;
use super::{Codes, Report};
use crate::clinics::{Specialty, TREATMENT_FUNCTIONS};
use crate::draft::Draft;
use crate::fault::{Fault, Table};
use crate::ids::{ConsultantId, SiteId, SpecialtyId, TrustId};
use crate::sites::{Coordinates, Site, Travel, Trust, Way};
use crate::time::Clock;

pub(super) struct Places {
    pub(super) trusts: Vec<Trust>,
    pub(super) trust_codes: Codes<TrustId>,
    pub(super) sites: Vec<Site>,
    pub(super) site_codes: Codes<SiteId>,
    pub(super) site_lines: Vec<u32>,
    pub(super) travel: Travel,
}

pub(super) fn build(draft: &Draft, report: &mut Report) -> Places {
    let rows = draft.trusts.iter().map(|row| (row.line, row.trust.as_str()));
    let (trust_codes, order) = Codes::new(Table::Trusts, "trust", "trust", rows, report);
    let trusts = order
        .into_iter()
        .map(|i| &draft.trusts[i])
        .map(|row| Trust { code: row.trust.clone(), name: row.name.clone(), nation: row.nation })
        .collect();

    let rows = draft.sites.iter().map(|row| (row.line, row.site.as_str()));
    let (site_codes, order) = Codes::<SiteId>::new(Table::Sites, "site", "site", rows, report);
    let mut sites = Vec::new();
    let mut site_lines = Vec::new();
    for row in order.into_iter().map(|i| &draft.sites[i]) {
        let trust = trust_codes.find(&row.trust, Table::Sites, row.line, "trust", report);
        let coordinates = match (row.latitude, row.longitude) {
            (Some(latitude), Some(longitude)) => Some(Coordinates { latitude, longitude }),
            (None, None) => None,
            (given, _) => {
                let missing = if given.is_some() { "longitude" } else { "latitude" };
                report.fault(Fault::of_cell(
                    Table::Sites,
                    row.line,
                    missing,
                    "",
                    format!("site {} has one coordinate only", row.site),
                    "give both latitude and longitude, or neither",
                ));
                None
            }
        };
        sites.push(Site {
            code: row.site.clone(),
            name: row.name.clone(),
            // A site without a trust is a fault: the network is never made.
            trust: trust.unwrap_or(TrustId::new(0)),
            postcode: row.postcode.clone(),
            coordinates,
        });
        site_lines.push(row.line);
    }
    let travel = travel(draft, &sites, &site_codes, report);
    Places { trusts, trust_codes, sites, site_codes, site_lines, travel }
}

fn travel(
    draft: &Draft,
    sites: &[Site],
    site_codes: &Codes<SiteId>,
    report: &mut Report,
) -> Travel {
    let mut listed: HashMap<(SiteId, SiteId), Vec<Way>> = HashMap::new();
    let mut seen = HashMap::new();
    for row in draft.travel.iter().flatten() {
        let table = Table::Travel;
        let from = site_codes.find(&row.from_site, table, row.line, "from_site", report);
        let to = site_codes.find(&row.to_site, table, row.line, "to_site", report);
        let depart = match (row.depart_from, row.depart_to) {
            (None, None) => None,
            (from, to) => Some((from.unwrap_or(Clock::MIDNIGHT), to.unwrap_or(Clock::MIDNIGHT))),
        };
        let (Some(from), Some(to)) = (from, to) else { continue };
        if let Some(first) = seen.insert((from, to, depart), row.line) {
            report.fault(Fault::of_cell(
                table,
                row.line,
                "from_site",
                row.from_site.clone(),
                format!("{} to {} is on line {first} already", row.from_site, row.to_site),
                "keep one row for each pair and time window",
            ));
            continue;
        }
        let way = Way { minutes: row.minutes, miles: row.miles, depart };
        listed.entry((from, to)).or_default().push(way);
    }
    Travel::new(sites, &listed)
}

/// Checks that every way somebody may have to travel is known.
pub(super) fn check_ways(
    places: &Places,
    people: &People,
    series: &Series,
    accredited: &[Vec<ConsultantId>],
    report: &mut Report,
) {
    if places.sites.is_empty() {
        // Every site that is named is a fault already.
        return;
    }
    let mut unknown: BTreeMap<SiteId, BTreeSet<SiteId>> = BTreeMap::new();
    let mut hosts: BTreeMap<SpecialtyId, BTreeSet<SiteId>> = BTreeMap::new();
    for session in &series.sessions {
        hosts.entry(session.specialty).or_default().insert(session.site);
    }
    for (specialty, sites) in &hosts {
        let mut starts: BTreeSet<SiteId> = sites.clone();
        for who in &accredited[specialty.index()] {
            let consultant = &people.list[who.index()];
            starts.insert(consultant.base);
            starts.extend(consultant.duties.iter().map(|duty| duty.site));
        }
        for from in starts {
            for to in sites.iter().filter(|to| !places.travel.knows(from, **to)) {
                for (one, other) in [(from, *to), (*to, from)] {
                    if places.sites[one.index()].coordinates.is_none() {
                        unknown.entry(one).or_default().insert(other);
                    }
                }
            }
        }
    }
    for (site, others) in unknown {
        let codes: Vec<&str> =
            others.iter().map(|other| places.sites[other.index()].code.as_str()).collect();
        let code = &places.sites[site.index()].code;
        report.fault(Fault::of_cell(
            Table::Sites,
            places.site_lines[site.index()],
            "latitude",
            "",
            format!("the way between {code} and {} is not known", codes.join(", ")),
            "give both sites a latitude and longitude, or list the way in travel.csv",
        ));
    }
}

pub(super) struct Specialties {
    pub(super) list: Vec<Specialty>,
    ids: HashMap<String, SpecialtyId>,
}

impl Specialties {
    /// Every code that stands anywhere in the dataset has an id.
    pub(super) fn id(&self, code: &str) -> SpecialtyId {
        self.ids.get(code).copied().unwrap_or(SpecialtyId::new(0))
    }
}

pub(super) fn specialties(draft: &Draft, report: &mut Report) -> Specialties {
    let mut names: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut own: HashMap<&str, &str> = TREATMENT_FUNCTIONS.iter().copied().collect();
    let mut seen = HashMap::new();
    for row in draft.specialties.iter().flatten() {
        let code = row.specialty.as_str();
        if let Some(first) = seen.insert(code, row.line) {
            let (column, remedy) = ("specialty", "keep one row for each code");
            report.doubled(Table::Specialties, row.line, column, (column, code), first, remedy);
        }
        own.insert(&row.specialty, &row.name);
    }
    let codes = draft
        .accreditations
        .iter()
        .map(|row| row.specialty.as_str())
        .chain(draft.clinics.iter().flatten().map(|row| row.specialty.as_str()))
        .chain(draft.sessions.iter().flatten().map(|row| row.specialty.as_str()))
        .chain(draft.cover.iter().flatten().map(|row| row.specialty.as_str()))
        .chain(draft.authorisations.iter().flatten().filter_map(|row| row.specialty.as_deref()))
        .chain(draft.agreements.iter().flatten().filter_map(|row| row.specialty.as_deref()))
        .chain(draft.preferences.iter().flatten().filter_map(|row| row.specialty.as_deref()));
    for code in codes {
        names.entry(code).or_insert_with(|| own.get(code).copied());
    }
    let list: Vec<Specialty> = names
        .into_iter()
        .map(|(code, name)| Specialty { code: code.into(), name: name.unwrap_or(code).into() })
        .collect();
    let ids = list.iter().enumerate().map(|(i, s)| (s.code.clone(), SpecialtyId::new(i))).collect();
    Specialties { list, ids }
}
