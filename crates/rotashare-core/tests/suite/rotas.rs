//! The one type of answer.

use rotashare_core::draft::{ClinicRow, Draft, RotaRow};
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, PlaceError, Rota};

use crate::draft::*;

/// A session with three places, published so.
fn network(rows: Vec<RotaRow>) -> Network {
    let draft: Draft = with(|draft| {
        draft.network.horizon = Some((day("2027-03-01"), day("2027-03-07")));
        draft.consultants.extend([consultant("C", "L", "L1"), consultant("D", "L", "L1")]);
        let row = clinic("K", "H1", "mon", "09:00", "12:30");
        draft.clinics = Some(vec![ClinicRow { consultants: 3, ..row }]);
        draft.published = Some(rows);
    });
    Network::build(&draft).expect("a network without faults").0
}

/// Puts people into the first places that are free and numbers them anew.
fn numbered(rows: Vec<RotaRow>, people: &[&str]) -> String {
    let network = network(rows);
    let session = network.find_session("K@2027-03-01").expect("a session");
    let mut rota = Rota::empty(&network);
    for code in people {
        let who = network.find_consultant(code).expect("a consultant");
        rota.add(session, who).expect("a place is left");
    }
    rota.number_like_published(&network);
    let code = |cell: &Option<_>| cell.map_or("-", |who| network.consultant(who).code());
    rota.places(session).iter().map(code).collect()
}

#[test]
fn places_are_numbered_like_the_published_ones() {
    let row = |place, who| published("K@2027-03-01", place, who);
    let given = || vec![row(1, Some("C")), row(2, None), row(3, Some("A"))];
    assert_eq!(numbered(given(), &["A", "C"]), "C-A");
    assert_eq!(numbered(given(), &["A", "B"]), "-BA");
    assert_eq!(numbered(given(), &["B"]), "-B-");
    assert_eq!(numbered(given(), &["B", "D"]), "DB-");
    assert_eq!(numbered(given(), &["D", "C", "B"]), "CBD");
    assert_eq!(numbered(Vec::new(), &["D", "A"]), "AD-");
    // A place that the session no longer has.
    assert_eq!(numbered(vec![row(4, Some("A")), row(1, Some("B"))], &["A", "B"]), "BA-");
}

#[test]
fn places_are_taken_once() {
    let network = network(Vec::new());
    let session = network.find_session("K@2027-03-01").expect("a session");
    let [a, b] = ["A", "B"].map(|code| network.find_consultant(code).expect("a consultant"));
    let place = |number| Place { session, number };
    let mut rota = Rota::empty(&network);
    assert_eq!(rota.put(place(2), a), Ok(()));
    assert_eq!(rota.put(place(2), b), Err(PlaceError::Taken));
    assert_eq!(rota.put(place(4), b), Err(PlaceError::NoSuchPlace(3)));
    assert_eq!(rota.put(place(0), b), Err(PlaceError::NoSuchPlace(3)));
    assert_eq!(rota.add(session, b), Ok(()));
    assert_eq!(rota.places(session), [Some(b), Some(a), None]);
    assert!(rota.has(session, a) && rota.filled() == 2 && rota.place_count() == 3);
    assert_eq!(rota.clear(place(2)), Some(a));
    assert_eq!(rota.clear(place(9)), None);
    assert_eq!(rota.consultants(session).collect::<Vec<_>>(), [b]);
    assert_eq!((rota.add(session, a), rota.add(session, a)), (Ok(()), Ok(())));
    assert_eq!(rota.add(session, a), Err(PlaceError::Full));
}
