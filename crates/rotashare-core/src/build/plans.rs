//! Agreements, cover, pins, and the rota already given out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::people::People;
use super::places::{Places, Specialties};
use super::series::Series;
use super::{Codes, Report};
use crate::agreements::{Agreement, Cover};
use crate::draft::{Draft, PinRow, RotaRow};
use crate::fault::{Fault, MOST_TOLD, Table, nearest};
use crate::ids::{AgreementId, ConsultantId, SessionId, TrustId};
use crate::network::{OutsidePlace, Pin, Published};
use crate::time::{Date, Horizon, Span, parse_date};
use crate::values::{Hundredths, Pence, PinKind};

/// Warns of clinics in a specialty that nobody is accredited for, and of rows about one that no clinic is
/// in and that is nearly the code of one: often a code mistyped.
pub(super) fn check_specialties(
    draft: &Draft,
    specialties: &Specialties,
    accredited: &[Vec<ConsultantId>],
    report: &mut Report,
) {
    let known: BTreeSet<&str> = specialties
        .list
        .iter()
        .zip(accredited)
        .filter(|(_, people)| !people.is_empty())
        .map(|(specialty, _)| specialty.code.as_str())
        .collect();
    let clinics = draft.clinics.iter().flatten().map(|r| (Table::Clinics, r.line, &r.specialty));
    let sessions = draft.sessions.iter().flatten().map(|r| (Table::Sessions, r.line, &r.specialty));
    for (table, line, code) in clinics.chain(sessions) {
        if !known.contains(code.as_str()) {
            let remedy = report.did_you_mean(
                table,
                code,
                known.iter().copied(),
                "its places will stay empty",
            );
            let problem = format!("nobody is accredited for specialty {code:?}");
            report.warn(Fault::of_cell(table, line, "specialty", code.clone(), problem, remedy));
        }
    }
    let clinics = draft.clinics.iter().flatten().map(|row| row.specialty.as_str());
    let sessions = draft.sessions.iter().flatten().map(|row| row.specialty.as_str());
    let listed = draft.specialties.iter().flatten().map(|row| row.specialty.as_str());
    let own: BTreeSet<&str> = clinics.chain(sessions).chain(listed).collect();
    let mut is_near: BTreeMap<&str, bool> = BTreeMap::new();
    for (table, line, code) in others_about_specialties(draft) {
        // Three digits are a national code, of which people are accredited for more than is shared.
        let is_national = code.len() == 3 && code.bytes().all(|digit| digit.is_ascii_digit());
        if own.contains(code) || is_national {
            continue;
        }
        // The same few codes come in many rows, and where they are many they are no slips.
        if is_near.len() < MOST_TOLD {
            let is_one = || nearest(code, own.iter().copied()).is_some();
            is_near.entry(code).or_insert_with(is_one);
        }
        if is_near.get(code) != Some(&true) {
            continue;
        }
        let remedy = report.did_you_mean(table, code, own.iter().copied(), "check the code");
        let problem = format!("no clinic is in specialty {code:?}");
        report.warn(Fault::of_cell(table, line, "specialty", code, problem, remedy));
    }
}

/// The specialties in rows of other files than those of clinics and sessions.
fn others_about_specialties(draft: &Draft) -> impl Iterator<Item = (Table, u32, &str)> {
    let accreditations = draft.accreditations.iter();
    let authorisations = draft.authorisations.iter().flatten();
    let agreements = draft.agreements.iter().flatten();
    let cover = draft.cover.iter().flatten();
    let preferences = draft.preferences.iter().flatten();
    accreditations
        .map(|row| (Table::Accreditations, row.line, Some(&row.specialty)))
        .chain(authorisations.map(|r| (Table::Authorisations, r.line, r.specialty.as_ref())))
        .chain(agreements.map(|row| (Table::Agreements, row.line, row.specialty.as_ref())))
        .chain(cover.map(|row| (Table::Cover, row.line, Some(&row.specialty))))
        .chain(preferences.map(|row| (Table::Preferences, row.line, row.specialty.as_ref())))
        .filter_map(|(table, line, code)| Some((table, line, code?.as_str())))
}

pub(super) fn agreements(
    draft: &Draft,
    places: &Places,
    specialties: &Specialties,
    report: &mut Report,
) -> Option<Vec<Agreement>> {
    let rows = draft.agreements.as_deref()?;
    let table = Table::Agreements;
    let codes = rows.iter().map(|row| (row.line, row.agreement.as_str()));
    let (_, order) = Codes::<TrustId>::new(table, "agreement", "agreement", codes, report);
    let mut agreements = Vec::new();
    for row in order.into_iter().map(|i| &rows[i]) {
        let line = row.line;
        report.validity(table, line, "valid_to", row.valid);
        let lender = places.trust_codes.find(&row.lender, table, line, "lender", report);
        let host = places.trust_codes.find(&row.host, table, line, "host", report);
        if row.lender == row.host {
            let problem = format!("{} lends to itself", row.lender);
            let remedy = "give the trust that lends and the one that hosts";
            report.fault(Fault::of_cell(table, line, "host", &row.host, problem, remedy));
        }
        if let (Some(min), Some(max)) = (row.min_sessions, row.max_sessions)
            && min > max
        {
            let problem = format!("min_sessions is {min}, max_sessions only {max}");
            let remedy = "correct one of the two";
            report.fault(Fault::of_cell(
                table,
                line,
                "min_sessions",
                min.to_string(),
                problem,
                remedy,
            ));
        }
        agreements.push(Agreement {
            code: row.agreement.clone(),
            lender: lender.unwrap_or(TrustId::new(0)),
            host: host.unwrap_or(TrustId::new(0)),
            specialty: row.specialty.as_deref().map(|code| specialties.id(code)),
            min_sessions: row.min_sessions,
            max_sessions: row.max_sessions,
            price: row.price_per_session.unwrap_or(Pence(0)),
            mileage: row.mileage_pence.unwrap_or(Hundredths(0)),
            max_cost: row.max_cost,
            valid: row.valid,
        });
    }
    Some(agreements)
}

/// Agreements by lender and host, those for a specialty first, then by code.
pub(super) fn index_agreements(
    agreements: Option<&[Agreement]>,
) -> HashMap<(TrustId, TrustId), Vec<AgreementId>> {
    let mut index: HashMap<_, Vec<AgreementId>> = HashMap::new();
    let all = agreements.unwrap_or_default();
    for (position, agreement) in all.iter().enumerate() {
        let between = index.entry((agreement.lender, agreement.host)).or_default();
        between.push(AgreementId::new(position));
    }
    for between in index.values_mut() {
        between.sort_by_key(|id| (all[id.index()].specialty.is_none(), *id));
    }
    index
}

pub(super) fn cover(
    draft: &Draft,
    places: &Places,
    specialties: &Specialties,
    people: &People,
    report: &mut Report,
) -> Vec<Cover> {
    let mut cover = Vec::new();
    for row in draft.cover.iter().flatten() {
        let table = Table::Cover;
        let trust = places.trust_codes.find(&row.trust, table, row.line, "trust", report);
        let site =
            places.site_codes.find_if_given(row.site.as_deref(), table, row.line, "site", report);
        let (Some(trust), Ok(site)) = (trust, site) else { continue };
        if let Some(site) = site
            && places.sites[site.index()].trust != trust
            && !people.list.iter().any(|one| (one.employer, one.base) == (trust, site))
        {
            let code = &places.sites[site.index()].code;
            let problem = format!("nobody employed by {} is based at {code}", row.trust);
            let remedy = "check trust and site; the row keeps nobody on base";
            report.warn(Fault::of_cell(table, row.line, "site", code, problem, remedy));
        }
        cover.push(Cover {
            trust,
            specialty: specialties.id(&row.specialty),
            keep_on_base: row.keep_on_base,
            weekday: row.weekday.map(Cover::offset),
            part: row.part,
            site,
        });
    }
    cover.sort_unstable();
    cover
}

pub(super) fn pins(
    draft: &Draft,
    horizon: Horizon,
    people: &People,
    series: &Series,
    report: &mut Report,
) -> Vec<Pin> {
    let table = Table::Pins;
    let one_offs: HashMap<&str, Date> =
        draft.sessions.iter().flatten().map(|row| (row.session.as_str(), row.date)).collect();
    let mut pins: Vec<Pin> = Vec::new();
    for row in draft.pins.iter().flatten() {
        let who = people.codes.find(&row.consultant, table, row.line, "consultant", report);
        let session = series.session_ids.get(&row.session).copied();
        if session.is_none() {
            unknown_session(row, &one_offs, horizon, series, report);
        }
        if let (Some(session), Some(consultant)) = (session, who) {
            pins.push(Pin { session, consultant, kind: row.pin, line: row.line });
        }
    }
    pins.sort_unstable_by_key(|pin| (pin.session, pin.consultant, pin.line));
    pins.dedup_by_key(|pin| (pin.session, pin.consultant, pin.kind));
    for pair in pins.windows(2) {
        if (pair[0].session, pair[0].consultant) == (pair[1].session, pair[1].consultant) {
            let code = &series.sessions[pair[0].session.index()].code;
            report.fault(Fault::of_cell(
                table,
                pair[1].line,
                "pin",
                pair[1].kind.word(),
                format!("line {} says {} of the same place", pair[0].line, pair[0].kind),
                format!("keep one of the two pins on {code}"),
            ));
        }
    }
    for group in pins.chunk_by(|a, b| a.session == b.session) {
        let session = &series.sessions[group[0].session.index()];
        let yes: Vec<&Pin> = group.iter().filter(|pin| pin.kind == PinKind::Yes).collect();
        if let Some(over) = yes.get(session.places as usize) {
            report.fault(Fault::of_cell(
                table,
                over.line,
                "session",
                session.code.clone(),
                format!(
                    "{} people are pinned to {}, which has {} {}",
                    yes.len(),
                    session.code,
                    session.places,
                    if session.places == 1 { "place" } else { "places" }
                ),
                "take pins out",
            ));
        }
    }
    pins
}

/// A pin on a session that is not in the horizon: left out with a warning where its date says so, for
/// next month's pins may be there already; else a fault.
fn unknown_session(
    pin: &PinRow,
    one_offs: &HashMap<&str, Date>,
    horizon: Horizon,
    series: &Series,
    report: &mut Report,
) {
    let (table, line, code) = (Table::Pins, pin.line, pin.session.as_str());
    let in_code = || {
        let (_, date) = code.split_once('@')?;
        parse_date(date.split('#').next().unwrap_or(date)).ok()
    };
    let date = one_offs.get(code).copied().or_else(in_code);
    if date.is_some_and(|date| !horizon.contains(date)) {
        let problem = format!("session {code:?} is outside the horizon");
        report.warn(Fault::of_cell(table, line, "session", code, problem, "it is left out"));
        return;
    }
    let known = series.sessions.iter().map(|session| session.code.as_str());
    let otherwise = "give the id of a session of the horizon";
    let remedy = report.did_you_mean(table, code, known, otherwise);
    let problem = format!("there is no session {code:?} in the horizon");
    report.fault(Fault::of_cell(table, line, "session", code, problem, remedy));
}

pub(super) fn published(
    draft: &Draft,
    horizon: Horizon,
    places: &Places,
    people: &People,
    series: &Series,
    report: &mut Report,
) -> Option<Published> {
    let rows = draft.published.as_deref()?;
    let table = Table::Published;
    let mut published =
        Published { places: vec![Vec::new(); series.sessions.len()], outside: Vec::new() };
    let mut seen = HashMap::new();
    for row in rows {
        let line = row.line;
        if let Some(first) = seen.insert((row.session.as_str(), row.place), line) {
            let problem = format!("place {} of it is on line {first} already", row.place);
            let remedy = "keep one row a place";
            report.fault(Fault::of_cell(table, line, "session", &row.session, problem, remedy));
            continue;
        }
        let who = row.consultant.as_deref().and_then(|code| people.codes.get(code));
        if who.is_none()
            && let Some(code) = &row.consultant
        {
            let problem = format!("consultant {code:?} is not in consultants.csv any more");
            let remedy = "the place counts as empty";
            report.warn(Fault::of_cell(table, line, "consultant", code, problem, remedy));
        }
        let session: Option<SessionId> = series.session_ids.get(&row.session).copied();
        match (session, who) {
            (Some(session), who) => {
                if row.place > series.sessions[session.index()].places {
                    let problem = format!("{} has no place {} any more", row.session, row.place);
                    let remedy = "check how many consultants it takes";
                    let place = row.place.to_string();
                    report.warn(Fault::of_cell(table, line, "place", place, problem, remedy));
                }
                let date = series.sessions[session.index()].date;
                if let Some(said) = row.date.filter(|said| *said != date) {
                    let problem = format!("{} is on {date}, the row says {said}", row.session);
                    let remedy = "check that no column was sorted alone; the session's date counts";
                    let said = said.to_string();
                    report.warn(Fault::of_cell(table, line, "date", said, problem, remedy));
                }
                published.places[session.index()].push((row.place, who));
            }
            (None, Some(who)) => match outside(row, horizon, places) {
                Some(place) => published.outside.push(OutsidePlace { consultant: who, ..place }),
                None => {
                    let problem = format!("session {:?} is not there any more", row.session);
                    let remedy = "check whether its clinic was cancelled or moved";
                    report.warn(Fault::of_cell(
                        table,
                        line,
                        "session",
                        &row.session,
                        problem,
                        remedy,
                    ));
                }
            },
            (None, None) => {}
        }
    }
    for list in &mut published.places {
        list.sort_unstable();
    }
    published.outside.sort_unstable();
    Some(published)
}

/// A published place outside the horizon, where its row says when and where.
fn outside(row: &RotaRow, horizon: Horizon, places: &Places) -> Option<OutsidePlace> {
    let date = row.date.filter(|date| !horizon.contains(*date))?;
    let site = places.site_codes.get(row.site.as_deref()?)?;
    let span = Span::on(date, row.start?, row.end?);
    Some(OutsidePlace { consultant: ConsultantId::new(0), span, site })
}
