//! Calendars: a file a consultant and a file a site.
//!
//! An event keeps its UID as long as the session and the person (or the site) are the same. Where it
//! says something else than last time its SEQUENCE rises; where it is gone it is CANCELLED. What lies
//! outside the horizon stays as it was.

mod index;
mod write;

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use rotashare_core::ids::{ConsultantId, SessionId, SiteId};
use rotashare_core::time::Moment;
use rotashare_core::values::write_decimal;
use sha2::{Digest, Sha256};

use self::index::{Content, Event};
pub use self::index::{Index, IndexError};
use self::write::{Lines, stamp};
use super::text::put;
use super::view::{Line, View};

/// The files of a folder of calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendars {
    /// `CODE.ics` of each consultant.
    pub consultants: Vec<(String, Vec<u8>)>,
    /// `CODE.ics` of each site.
    pub sites: Vec<(String, Vec<u8>)>,
    /// `index.json`, from which the next version learns what was sent out.
    pub index: Vec<u8>,
}

/// Makes the calendars of a view, on from what was sent out before.
///
/// # Errors
/// Where what was sent out before was another reader's.
pub fn calendars(view: &View<'_>, before: Option<&Index>) -> Result<Calendars, IndexError> {
    let network = view.network();
    let here = view.only().map(|trust| network.trust(trust).code().to_owned());
    let mut index = before.cloned().unwrap_or_default();
    if before.is_some() && index.view != here {
        return Err(IndexError::OtherView { there: index.view, here });
    }
    index.view = here;
    let mut now = BTreeMap::new();
    for who in view.our_people() {
        let consultant = network.consultant(who);
        let calendar = format!("consultants/{}", file_name(consultant.code()));
        for line in view.lines_of(who) {
            let session = network.session(line.place.session);
            let uid = uid("consultant", consultant.code(), session.code());
            now.insert(uid, (calendar.clone(), personal(view, line, who)));
        }
        index.names.insert(calendar, format!("{}: rota", consultant.name()));
    }
    let mut sessions: BTreeMap<SessionId, Vec<&Line>> = BTreeMap::new();
    for line in view.lines() {
        sessions.entry(line.place.session).or_default().push(line);
    }
    let our_sites = (0..network.sites().len()).map(SiteId::new).filter(|id| view.is_our_site(*id));
    for id in our_sites {
        let site = network.site(id);
        let calendar = format!("sites/{}", file_name(site.code()));
        index.names.insert(calendar, format!("{}: rota", site.name()));
    }
    for (id, lines) in &sessions {
        let session = network.session(*id);
        if view.is_our_site(session.site()) {
            let code = network.site(session.site()).code();
            let calendar = format!("sites/{}", file_name(code));
            let uid = uid("site", code, session.code());
            now.insert(uid, (calendar, at_site(view, *id, lines)));
        }
    }
    bring_up_to_date(view, &mut index, now);
    Ok(files(view, &index))
}

/// What is new, what changed, what is gone.
fn bring_up_to_date(view: &View<'_>, index: &mut Index, now: BTreeMap<String, (String, Content)>) {
    let (today, horizon) = (view.today(), view.network().horizon());
    for (uid, event) in &mut index.events {
        let is_gone = !now.contains_key(uid) && horizon.contains(event.content.start.date());
        if is_gone && !event.content.cancelled {
            event.content.cancelled = true;
            event.sequence = event.sequence.saturating_add(1);
            event.stamp = today;
        }
    }
    for (uid, (calendar, content)) in now {
        match index.events.get_mut(&uid) {
            None => {
                index.events.insert(uid, Event { calendar, sequence: 0, stamp: today, content });
            }
            Some(event) if event.content != content => {
                event.content = content;
                event.sequence = event.sequence.saturating_add(1);
                event.stamp = today;
            }
            Some(_) => {}
        }
    }
}

fn files(view: &View<'_>, index: &Index) -> Calendars {
    let zone = view.network().timezone();
    let mut events: BTreeMap<&str, Vec<(&str, &Event)>> =
        index.names.keys().map(|calendar| (calendar.as_str(), Vec::new())).collect();
    for (uid, event) in &index.events {
        events.entry(&event.calendar).or_default().push((uid, event));
    }
    let mut calendars =
        Calendars { consultants: Vec::new(), sites: Vec::new(), index: index.to_bytes() };
    for (calendar, mut events) in events {
        events.sort_by_key(|(uid, event)| (event.content.start, event.content.end, *uid));
        let name = index.names.get(calendar).map_or(calendar, String::as_str);
        let mut lines = Lines::calendar(name);
        let starts = events.iter().map(|(_, event)| event.content.start);
        if let (Some(first), Some(last)) = (starts.clone().min(), starts.max()) {
            lines.zone(zone, first, last);
        }
        for (uid, event) in events {
            write_event(&mut lines, zone, uid, event);
        }
        let (folder, file) = calendar.split_once('/').unwrap_or(("sites", calendar));
        let file = (format!("{file}.ics"), lines.finish());
        if folder == "consultants" {
            calendars.consultants.push(file);
        } else {
            calendars.sites.push(file);
        }
    }
    calendars
}

fn write_event(lines: &mut Lines, zone: &str, uid: &str, event: &Event) {
    let content = &event.content;
    lines.raw("BEGIN:VEVENT");
    lines.raw(&format!("UID:{uid}"));
    lines.raw(&format!("DTSTAMP:{}Z", stamp(event.stamp.at(0, 0, 0, 0))));
    lines.raw(&format!("SEQUENCE:{}", event.sequence));
    lines.raw(&format!("DTSTART;TZID={zone}:{}", stamp(content.start)));
    lines.raw(&format!("DTEND;TZID={zone}:{}", stamp(content.end)));
    lines.text("SUMMARY", &content.summary);
    lines.text("LOCATION", &content.location);
    if !content.geo.is_empty() {
        lines.raw(&format!("GEO:{}", content.geo));
    }
    lines.text("DESCRIPTION", &content.description);
    let (status, transparency) = match (content.cancelled, content.tentative) {
        (true, _) => ("CANCELLED", "TRANSPARENT"),
        (_, true) => ("TENTATIVE", "OPAQUE"),
        _ => ("CONFIRMED", "OPAQUE"),
    };
    lines.raw(&format!("STATUS:{status}"));
    lines.raw(&format!("TRANSP:{transparency}"));
    lines.raw("END:VEVENT");
}

/// A session in the calendar of whoever does it.
fn personal(view: &View<'_>, line: &Line, who: ConsultantId) -> Content {
    let network = view.network();
    let session = network.session(line.place.session);
    let consultant = network.consultant(who);
    let base = network.site(consultant.base());
    let mut description = format!("Session {}", session.code());
    if let Some(room) = session.room() {
        put!(description, "\nRoom {room}");
    }
    put!(description, "\n{} PA", write_decimal(session.pas().0, 3));
    if line.travel_minutes > 0 {
        let minutes = network.travel().usual_minutes(consultant.base(), session.site());
        let leave = session.span().start().plus(-i32::try_from(minutes).unwrap_or(0));
        put!(
            description,
            "\nTravel: {minutes} min from {}, leave by {}; {} min there and back",
            base.name(),
            leave.clock(),
            line.travel_minutes
        );
    }
    if let Some(agreement) = line.agreement {
        put!(description, "\nAgreement {}", network.agreement(agreement).code());
    }
    let site = network.site(session.site()).name();
    let specialty = network.specialty(session.specialty()).name();
    content(view, line.place.session, format!("{specialty}, {site}"), description, false)
}

/// A session in the calendar of its site.
fn at_site(view: &View<'_>, id: SessionId, lines: &[&Line]) -> Content {
    let network = view.network();
    let session = network.session(id);
    let specialty = network.specialty(session.specialty()).name();
    let person = |line: &&Line| match view.consultant(line) {
        Some(consultant) if line.away => {
            let employer = network.trust(consultant.employer()).code();
            format!("{} ({employer})", consultant.name())
        }
        Some(consultant) => consultant.name().to_owned(),
        None => "EMPTY".to_owned(),
    };
    let people: Vec<String> = lines.iter().map(person).collect();
    let mut description = format!("Session {}", session.code());
    if let Some(room) = session.room() {
        put!(description, "\nRoom {room}");
    }
    for line in lines.iter().filter(|line| line.travel_minutes > 0) {
        if let Some(consultant) = view.consultant(line) {
            let minutes = line.travel_minutes;
            put!(description, "\n{}: {minutes} min there and back", consultant.name());
        }
    }
    let summary = format!("{specialty}: {}", people.join(", "));
    content(view, id, summary, description, lines.iter().all(|line| line.who.is_none()))
}

fn content(
    view: &View<'_>,
    id: SessionId,
    summary: String,
    description: String,
    tentative: bool,
) -> Content {
    let network = view.network();
    let session = network.session(id);
    let site = network.site(session.site());
    let postcode = site.postcode().map(|postcode| format!(", {postcode}")).unwrap_or_default();
    let geo = site.coordinates().map(|at| format!("{:.6};{:.6}", at.latitude, at.longitude));
    Content {
        cancelled: false,
        tentative,
        start: civil(session.span().start()),
        end: civil(session.span().end()),
        summary,
        location: format!("{}{postcode}", site.name()),
        geo: geo.unwrap_or_default(),
        description,
    }
}

/// A moment as a civil date and time.
pub(super) fn civil(moment: Moment) -> DateTime {
    let minutes = moment.clock().minutes();
    let part = |value: i32| i8::try_from(value).unwrap_or(0);
    moment.date().at(part(minutes / 60), part(minutes % 60), 0, 0)
}

/// A UID that is the same in every version: made from who or where, and the session's id.
fn uid(kind: &str, code: &str, session: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind, code, session] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hex: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}@rotashare")
}

/// A code as a file's name: what is not a letter, a digit, `.`, `-` or `_` is written as its number.
pub(super) fn file_name(code: &str) -> String {
    let mut name = String::new();
    for letter in code.chars() {
        let is_dot_first = letter == '.' && name.is_empty();
        if (letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')) && !is_dot_first {
            name.push(letter);
        } else {
            put!(name, "_{:x}_", u32::from(letter));
        }
    }
    name
}
