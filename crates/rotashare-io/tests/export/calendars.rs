//! Calendars, read by another library.

use std::collections::BTreeMap;

use icalendar::{Calendar, CalendarComponent, Component};
use rotashare_core::ids::ConsultantId;
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, Rota};
use rotashare_io::export::facts::Facts;
use rotashare_io::export::ics::{Calendars, Index, IndexError, calendars};
use rotashare_io::export::view::View;

/// Status and sequence of every event of a file, by UID.
fn events(bytes: &[u8]) -> BTreeMap<String, (String, u32)> {
    let text = std::str::from_utf8(bytes).expect("text");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "a line is too long");
    let calendar: Calendar = text.parse().expect("a calendar");
    let mut found = BTreeMap::new();
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else { continue };
        let value = |key: &str| event.property_value(key).expect("a property").to_owned();
        let sequence = value("SEQUENCE").parse().expect("a number");
        assert!(event.properties()["DTSTART"].params().contains_key("TZID"));
        let before = found.insert(value("UID"), (value("STATUS"), sequence));
        assert!(before.is_none(), "a UID stands twice");
    }
    if !found.is_empty() {
        assert!(text.contains("BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n"));
    }
    found
}

fn make(network: &Network, rota: &Rota, before: Option<&Index>) -> Calendars {
    let facts = Facts::on(crate::common::today());
    calendars(&View::new(network, rota, &facts, None), before).expect("calendars")
}

fn of<'a>(network: &Network, all: &'a Calendars, who: ConsultantId) -> &'a [u8] {
    let name = format!("{}.ics", network.consultant(who).code());
    let found = all.consultants.iter().find(|(one, _)| *one == name);
    &found.expect("a file a consultant").1
}

#[test]
fn what_is_taken_away_is_cancelled_and_what_stays_is_as_it_was() {
    let network = crate::common::small();
    let mut rota = crate::common::rota(&network);
    let first = make(&network, &rota, None);
    assert_eq!(first.consultants.len(), network.consultants().len());
    assert_eq!(first.sites.len(), network.sites().len());
    let index = Index::parse(&first.index).expect("an index");
    assert_eq!(make(&network, &rota, Some(&index)), first, "nothing changed");

    // One person's first session goes to somebody else.
    let (session, loser) = rota.assignments().next().expect("an assignment");
    let winner =
        network.consultant_ids().find(|who| !rota.has(session, *who)).expect("somebody else");
    let number = rota.places(session).iter().position(|cell| *cell == Some(loser));
    let number = u32::try_from(number.expect("a place")).expect("small") + 1;
    let place = Place { session, number };
    rota.clear(place);
    rota.put(place, winner).expect("a free place");
    let second = make(&network, &rota, Some(&index));

    let (was, is) = (events(of(&network, &first, loser)), events(of(&network, &second, loser)));
    let changed: Vec<_> = is.iter().filter(|(uid, event)| was.get(*uid) != Some(event)).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].1, &("CANCELLED".to_owned(), 1));
    assert_eq!(was.len(), is.len(), "nothing goes without being cancelled");

    let (was, is) = (events(of(&network, &first, winner)), events(of(&network, &second, winner)));
    let new: Vec<_> = is.iter().filter(|(uid, _)| !was.contains_key(*uid)).collect();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].1, &("CONFIRMED".to_owned(), 0));

    let site = network.site(network.session(session).site()).code();
    let at = |all: &Calendars| {
        let found = all.sites.iter().find(|(name, _)| *name == format!("{site}.ics"));
        events(&found.expect("a file a site").1)
    };
    let (was, is) = (at(&first), at(&second));
    let risen: Vec<_> = is.iter().filter(|(uid, event)| was.get(*uid) != Some(event)).collect();
    assert_eq!(risen.len(), 1);
    assert_eq!(risen[0].1, &("CONFIRMED".to_owned(), 1));

    // Given back: the same event, once more on.
    let index = Index::parse(&second.index).expect("an index");
    rota.clear(place);
    rota.put(place, loser).expect("a free place");
    let third = events(of(&network, &make(&network, &rota, Some(&index)), loser));
    assert_eq!(third[changed[0].0], ("CONFIRMED".to_owned(), 2));
}

#[test]
fn another_readers_index_is_refused() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let index = Index::parse(&make(&network, &rota, None).index).expect("an index");
    let facts = Facts::on(crate::common::today());
    let view = View::new(&network, &rota, &facts, Some(crate::common::host(&network)));
    assert!(matches!(calendars(&view, Some(&index)), Err(IndexError::OtherView { .. })));
    for wrong in ["", "{}", "{\"format\":1,\"calendars\":{},\"events\":{\"x\":{}}}", "[1]"] {
        assert!(matches!(Index::parse(wrong.as_bytes()), Err(IndexError::Malformed(_))), "{wrong}");
    }
}
