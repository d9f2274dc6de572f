//! What a network says of its people: duties, leave, agreements, the published rota outside.

use rotashare_core::draft::{AgreementRow, Draft, JobPlanRow, LeaveRow, OnCallRow, RotaRow};
use rotashare_core::network::Network;
use rotashare_core::time::Part;
use rotashare_core::values::{Firmness, Hundredths, OnCallKind, Pence};

use crate::draft::*;

fn build(alter: impl FnOnce(&mut Draft)) -> Network {
    let draft = with(|draft| {
        draft.clinics = Some(vec![clinic("K", "H1", "mon", "09:00", "12:30")]);
        alter(draft);
    });
    Network::build(&draft).expect("a network without faults").0
}

#[test]
fn published_places_in_and_outside_the_horizon() {
    let network = build(|draft| {
        let outside = |who, on| published_at(who, "H1", on, ("09:00", "12:30"));
        draft.published = Some(vec![
            published("K@2027-03-08", 2, Some("B")),
            published("K@2027-03-08", 1, None),
            published("K@2027-03-01", 1, Some("A")),
            outside("B", "2027-03-15"),
            outside("A", "2027-03-16"),
            outside("B", "2027-02-22"),
            // In the horizon, but of a session that is no more; and without a site.
            outside("A", "2027-03-02"),
            RotaRow { site: None, ..outside("A", "2027-02-28") },
        ]);
    });
    let [a, b] = ["A", "B"].map(|code| network.find_consultant(code).expect("a consultant"));
    let places = |code| network.published_places(network.find_session(code).expect("a session"));
    assert_eq!(places("K@2027-03-01"), [(1, Some(a))]);
    assert_eq!(places("K@2027-03-08"), [(1, None), (2, Some(b))]);
    let outside = |who| {
        let all = network.published_outside(who).iter();
        all.map(|place| place.span.start().date().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(outside(a), ["2027-03-16"]);
    assert_eq!(outside(b), ["2027-02-22", "2027-03-15"]);
    assert!(network.has_published());
    assert!(!build(|_| {}).has_published());
}

#[test]
fn duties_follow_weeks_validity_and_leave() {
    let network = build(|draft| {
        let half = JobPlanRow {
            valid: valid("2027-03-08", ""),
            firmness: Firmness::Movable,
            ..duty("A", "tue", "13:00", "15:00")
        };
        draft.job_plans = Some(vec![half, duty("A", "tue", "09:00", "14:00")]);
        let row = leave("A", "2027-03-02", "2027-03-02");
        draft.leave = Some(vec![LeaveRow { part: Part::Pm, ..row }]);
        draft.consultants[0].active = valid("", "2027-03-12");
    });
    let a = network.find_consultant("A").expect("a consultant");
    let duties = network.duties(a, day("2027-02-23"), day("2027-03-31"));
    let said: Vec<String> = duties.iter().map(|duty| duty.span.start().to_string()).collect();
    assert_eq!(
        said,
        [
            "Tue 23 Feb 2027 09:00",
            "Tue 2 Mar 2027 09:00",
            "Tue 9 Mar 2027 09:00",
            "Tue 9 Mar 2027 13:00"
        ]
    );
    assert_eq!(duties[0].pattern.site, network.consultant(a).base());
}

#[test]
fn on_call_spans() {
    let spans = |alter: fn(&mut OnCallRow)| {
        let network = build(|draft| {
            let mut row = on_call("A", "2027-03-01", "2027-03-02");
            alter(&mut row);
            draft.on_call = Some(vec![row]);
        });
        let a = network.find_consultant("A").expect("a consultant");
        let span = network.consultant(a).on_call()[0].span;
        format!("{} to {}", span.start(), span.end())
    };
    assert_eq!(spans(|_| {}), "Mon 1 Mar 2027 00:00 to Wed 3 Mar 2027 00:00");
    let night: fn(&mut OnCallRow) =
        |row| (row.start, row.end) = (Some(at("20:00")), Some(at("08:00")));
    assert_eq!(spans(night), "Mon 1 Mar 2027 20:00 to Tue 2 Mar 2027 08:00");
    let over_midnight: fn(&mut OnCallRow) = |row| {
        (row.start, row.end) = (Some(at("20:00")), Some(at("08:00")));
        row.to = row.from;
    };
    assert_eq!(spans(over_midnight), "Mon 1 Mar 2027 20:00 to Tue 2 Mar 2027 08:00");
    // A hot week is of whole days.
    let hot: fn(&mut OnCallRow) = |row| {
        (row.start, row.kind) = (Some(at("20:00")), OnCallKind::HotWeek);
    };
    assert_eq!(spans(hot), "Mon 1 Mar 2027 00:00 to Wed 3 Mar 2027 00:00");
}

#[test]
fn the_agreement_of_a_session() {
    let network = build(|draft| {
        let row = |code| agreement(code, "L", "H");
        draft.agreements = Some(vec![
            row("G3"),
            row("G2"),
            AgreementRow {
                specialty: Some("320".into()),
                valid: valid("2027-03-08", ""),
                ..row("G9")
            },
            AgreementRow { valid: valid("", "2027-02-28"), ..row("G1") },
        ]);
    });
    let a = network.find_consultant("A").expect("a consultant");
    let of = |code| {
        let session = network.find_session(code).expect("a session");
        network.agreement_for(a, session).map(|id| network.agreement(id).code().to_owned())
    };
    assert_eq!(of("K@2027-03-01").as_deref(), Some("G2"));
    assert_eq!(of("K@2027-03-08").as_deref(), Some("G9"));
    let any = &network.agreements().expect("agreements")[0];
    // £400 and 10.5 miles at 56p.
    assert_eq!(any.session_cost(Hundredths(1050)), Pence(40_588));
}

#[test]
fn sessions_away_and_at_home() {
    let network = build(|draft| {
        draft.sessions = Some(vec![session("HOME", "L2", "2027-03-02", "09:00", "10:00")]);
    });
    let a = network.find_consultant("A").expect("a consultant");
    let away = |code| network.is_away(a, network.find_session(code).expect("a session"));
    assert!(away("K@2027-03-01") && !away("HOME"));
}
