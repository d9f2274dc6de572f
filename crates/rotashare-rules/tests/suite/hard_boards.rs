//! Rules between boards, and what is settled: a rota that keeps each, one that breaks it.

use rotashare_core::draft::{AgreementRow, AuthorisationRow, CoverRow, Draft, Setting};
use rotashare_core::time::Part;
use rotashare_core::values::{Pence, PinKind};
use rotashare_rules::rules::pins;

use crate::draft::*;
use crate::settings::set;
use crate::world::World;

/// Three days at the host with a morning and an afternoon, and a morning at home.
fn draft(alter: impl FnOnce(&mut Draft)) -> Draft {
    with(|draft| {
        let mut rows = Vec::new();
        for (name, date) in [
            ("MON", "2027-03-01"),
            ("TUE", "2027-03-02"),
            ("WED", "2027-03-03"),
            ("NEXT", "2027-03-08"),
        ] {
            rows.push(session(&format!("{name}-AM"), "H1", date, "09:00", "13:00"));
            rows.push(session(&format!("{name}-PM"), "H1", date, "13:00", "17:00"));
        }
        rows.push(session("HOME", "L1", "2027-03-02", "09:00", "13:00"));
        draft.sessions = Some(rows);
        alter(draft);
    })
}

fn world(alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&draft(alter))
}

#[test]
fn authorisation() {
    world(|_| {}).keeps(&[("A", "TUE-AM")]);
    let world = world(|draft| {
        draft.authorisations = Some(vec![AuthorisationRow {
            valid: valid("", "2027-03-02"),
            ..crate::draft::authorisation("A", "H")
        }]);
    });
    world.keeps(&[("A", "TUE-AM"), ("B", "HOME")]);
    let said = ["honorary contract at H ended Tue 2 Mar 2027"];
    world.breaks(&[("A", "WED-AM")], "authorisation", &said);
    world.breaks(&[("B", "TUE-AM")], "authorisation", &["no authority to work at H"]);
}

#[test]
fn authorisation_for_a_site_or_specialty() {
    let world = world(|draft| {
        draft.sites.push(site("H2", "H"));
        draft.travel.as_mut().expect("travel").extend([way("L1", "H2", 60), way("H1", "H2", 10)]);
        let row = |who| crate::draft::authorisation(who, "H");
        draft.authorisations = Some(vec![
            AuthorisationRow { site: Some("H2".into()), ..row("A") },
            AuthorisationRow { specialty: Some("100".into()), ..row("A") },
            AuthorisationRow { valid: valid("2027-03-03", ""), ..row("B") },
            AuthorisationRow { site: Some("H1".into()), specialty: Some("320".into()), ..row("B") },
        ]);
    });
    let said = ["authority at H does not cover Cardiology at H1"];
    world.breaks(&[("A", "TUE-AM")], "authorisation", &said);
    world.keeps(&[("B", "TUE-AM")]);
}

#[test]
fn agreement_there_must_be() {
    let said = ["no agreement by which L lends Cardiology to H that day"];
    let none = world(|draft| draft.agreements = Some(Vec::new()));
    none.keeps(&[("A", "HOME")]);
    none.breaks(&[("A", "TUE-AM")], "agreement", &said);
    // The other way round, or for another specialty, is no agreement.
    let other = world(|draft| {
        let skin = AgreementRow { specialty: Some("330".into()), ..agreement("G2", "L", "H") };
        draft.agreements = Some(vec![agreement("G1", "H", "L"), skin]);
    });
    other.breaks(&[("A", "TUE-AM")], "agreement", &said);
    let dated = world(|draft| {
        let row = AgreementRow { valid: valid("2027-03-02", ""), ..agreement("G1", "L", "H") };
        draft.agreements = Some(vec![row]);
    });
    dated.keeps(&[("A", "TUE-AM")]);
    dated.breaks(&[("A", "MON-AM")], "agreement", &said);
}

#[test]
fn agreement_with_a_most() {
    let world = |alter: fn(&mut AgreementRow)| {
        self::world(|draft| {
            let mut row = agreement("G1", "L", "H");
            alter(&mut row);
            draft.agreements = Some(vec![row]);
        })
    };
    let most = world(|row| row.max_sessions = Some(2));
    most.keeps(&[("A", "MON-AM"), ("B", "TUE-AM"), ("A", "HOME")]);
    let said = ["G1 allows 2 sessions, 3 are given"];
    most.breaks(&[("A", "MON-AM"), ("B", "TUE-AM"), ("A", "NEXT-AM")], "agreement", &said);
    // £400 and 60 miles at 56p: £433.60 each.
    let cost = world(|row| row.max_cost = Some(Pence(86_720)));
    cost.keeps(&[("A", "MON-AM"), ("A", "MON-PM")]);
    let cost = world(|row| row.max_cost = Some(Pence(86_719)));
    let said = ["G1 allows £867.19, the sessions given cost £867.20"];
    cost.breaks(&[("A", "MON-AM"), ("A", "MON-PM")], "agreement", &said);
}

#[test]
fn agreement_for_the_specialty_comes_first() {
    let world = world(|draft| {
        let all = AgreementRow { max_sessions: Some(0), ..agreement("G1", "L", "H") };
        let own = AgreementRow {
            specialty: Some("320".into()),
            valid: valid("", "2027-03-02"),
            ..agreement("G2", "L", "H")
        };
        draft.agreements = Some(vec![all, own]);
    });
    world.keeps(&[("A", "MON-AM"), ("B", "TUE-AM")]);
    world.breaks(&[("A", "WED-AM")], "agreement", &["G1 allows 0 sessions, 1 are given"]);
}

#[test]
fn away_days_in_a_week() {
    let two = world(|_| {});
    // Two sessions of a date are one away day; weeks are Monday to Sunday.
    two.keeps(&[("A", "MON-AM"), ("A", "MON-PM"), ("A", "TUE-AM"), ("A", "NEXT-AM")]);
    let said = [
        "3 away days in the week of Mon 1 Mar 2027: Mon 1 Mar 2027, Tue 2 Mar 2027, Wed 3 Mar 2027 (2 allowed)",
    ];
    two.breaks(&[("A", "MON-AM"), ("A", "TUE-PM"), ("A", "WED-AM")], "away-days", &said);
    let own = world(|draft| {
        draft.consultants[0].max_away_days_per_week = Some(1);
        draft.consultants[1].max_away_days_per_week = Some(3);
        set(draft, "away-days", "max_per_week", Setting::Whole(0));
    });
    own.keeps(&[("A", "MON-AM"), ("B", "MON-PM"), ("B", "TUE-AM"), ("B", "WED-AM"), ("A", "HOME")]);
    own.breaks(&[("A", "MON-AM"), ("A", "WED-AM")], "away-days", &["(1 allowed)"]);
    let none = world(|draft| set(draft, "away-days", "max_per_week", Setting::Whole(0)));
    none.breaks(&[("A", "MON-AM")], "away-days", &["1 away days", "(0 allowed)"]);
}

#[test]
fn away_days_across_the_edges_of_the_month() {
    let world = world(|draft| {
        draft.network.horizon = Some((day("2027-03-02"), day("2027-03-09")));
        draft.sessions.as_mut().expect("sessions").retain(|row| row.date > day("2027-03-01"));
        let before = published_at("A", "H1", "2027-03-01", ("09:00", "13:00"));
        let home = published_at("B", "L1", "2027-03-01", ("09:00", "13:00"));
        let after = published_at("A", "H1", "2027-03-10", ("09:00", "13:00"));
        draft.published = Some(vec![before, home, after]);
    });
    world.keeps(&[("A", "TUE-AM"), ("A", "NEXT-AM"), ("B", "WED-AM"), ("B", "TUE-PM")]);
    let said = ["3 away days in the week of Mon 1 Mar 2027: Mon 1 Mar 2027"];
    world.breaks(&[("A", "TUE-AM"), ("A", "WED-AM")], "away-days", &said);
}

#[test]
fn drawbridge() {
    let keep = |alter: fn(&mut CoverRow)| {
        move |draft: &mut Draft| {
            let mut row = cover("L", 1);
            alter(&mut row);
            draft.cover = Some(vec![row]);
        }
    };
    let both = [("A", "TUE-AM"), ("B", "TUE-AM2")];
    let second = |draft: &mut Draft| {
        let row = session("TUE-AM2", "H1", "2027-03-02", "11:00", "13:30");
        draft.sessions.as_mut().expect("sessions").push(row);
    };
    let one = world(|draft| {
        second(draft);
        keep(|_| {})(draft);
    });
    one.keeps(&[("A", "TUE-AM"), ("B", "TUE-PM")]);
    one.keeps(&[("A", "TUE-AM"), ("B", "HOME")]);
    let said =
        ["L Cardiology on Tue 2 Mar 2027 am: keeps 1 on base, 2 are at work, 2 of them away"];
    one.breaks(&both, "drawbridge", &said);
    // A session that runs past one o'clock takes the afternoon too.
    one.breaks(&[("A", "TUE-PM"), ("B", "TUE-AM2")], "drawbridge", &["Tue 2 Mar 2027 pm"]);
    for alter in [
        (|row| row.weekday = Some(weekday("wed"))) as fn(&mut CoverRow),
        |row| row.part = Part::Pm,
        |row| row.site = Some("L2".into()),
        |row| row.specialty = "330".into(),
        |row| row.keep_on_base = 0,
    ] {
        let world = world(|draft| {
            second(draft);
            keep(alter)(draft);
        });
        world.keeps(&both);
    }
}

#[test]
fn drawbridge_where_fewer_are_at_work_anyway() {
    let world = world(|draft| {
        draft.cover = Some(vec![cover("L", 1)]);
        let row = leave("B", "2027-03-02", "2027-03-02");
        draft.leave = Some(vec![row]);
    });
    let said = ["Tue 2 Mar 2027 am: keeps 1 on base, 1 are at work, 1 of them away"];
    world.breaks(&[("A", "TUE-AM")], "drawbridge", &said);
    world.keeps(&[("A", "WED-AM"), ("A", "HOME")]);
}

#[test]
fn away_share() {
    let share = |share| {
        world(move |draft| {
            draft.sessions.as_mut().expect("sessions")[0].consultants = Some(2);
            set(draft, "away-share", "max_share", Setting::Fraction(share));
        })
    };
    share(1.0).keeps(&[("A", "MON-AM"), ("B", "MON-AM")]);
    let half = share(0.5);
    half.keeps(&[("A", "MON-AM"), ("B", "MON-PM")]);
    let said = ["L Cardiology on Mon 1 Mar 2027 am: a share of 0.5 may be away, 2 are at work, 2"];
    half.breaks(&[("A", "MON-AM"), ("B", "MON-AM")], "away-share", &said);
    share(0.49).breaks(&[("A", "MON-AM")], "away-share", &["1 of them away"]);
}

#[test]
fn pins_hold() {
    let world = world(|draft| {
        draft.pins = Some(vec![pin("TUE-AM", "A", PinKind::Yes), pin("WED-AM", "B", PinKind::No)]);
    });
    assert_eq!(pins::faults(&world.network, &world.book), []);
    world.keeps(&[("A", "TUE-AM"), ("A", "WED-AM")]);
    world.breaks(&[], "pins", &["pinned to TUE-AM"]);
    world.breaks(&[("B", "TUE-AM")], "pins", &["pinned to TUE-AM, which is not theirs"]);
    world.breaks(&[("A", "TUE-AM"), ("B", "WED-AM")], "pins", &["pinned not to do WED-AM"]);
}

#[test]
fn pins_that_break_a_rule_are_faults_with_both_sides_named() {
    let world = world(|draft| {
        draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
        draft.pins = Some(vec![
            pin("TUE-AM", "A", PinKind::Yes),
            pin("MON-AM", "B", PinKind::Yes),
            pin("TUE-PM", "B", PinKind::Yes),
            pin("WED-AM", "B", PinKind::Yes),
        ]);
    });
    let faults = pins::faults(&world.network, &world.book);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("pins.csv, line 5, session: the pins B on MON-AM (line 3), B on TUE-PM (line 4), B on WED-AM (line 5) break away-days: 3 away days"), "{}", said[0]);
    assert!(said[1].starts_with("pins.csv, line 2, session: the pin A on TUE-AM (line 2) breaks leave: on leave Tue 2 Mar 2027; take a pin out"), "{}", said[1]);
}

#[test]
fn notice() {
    let published = |draft: &mut Draft| {
        draft.published = Some(vec![
            crate::draft::published("TUE-AM", 1, Some("A")),
            crate::draft::published("WED-AM", 1, None),
        ]);
    };
    // 42 days from 20 January end after 2 March; from the 19th they do not.
    let inside = World::on(&draft(published), day("2027-01-20"));
    inside.keeps(&[("A", "TUE-AM"), ("B", "WED-AM")]);
    let said = ["TUE-AM on Tue 2 Mar 2027 was given out and is inside the notice period"];
    inside.breaks(&[("B", "TUE-AM")], "notice", &said);
    inside.breaks(&[("B", "WED-AM")], "notice", &said);
    World::on(&draft(published), day("2027-01-19")).keeps(&[("B", "TUE-AM")]);
    let days = |days| {
        draft(|draft| {
            published(draft);
            set(draft, "notice", "days", Setting::Whole(days));
            set(draft, "notice", "from", Setting::Date(day("2027-02-23")));
        })
    };
    World::new(&days(7)).keeps(&[("B", "TUE-AM")]);
    World::new(&days(8)).breaks(&[("B", "TUE-AM")], "notice", &said);
}

#[test]
fn notice_unless_its_consultant_can_no_longer_do_it() {
    let published = |draft: &mut Draft| {
        draft.published = Some(vec![crate::draft::published("TUE-AM", 1, Some("A"))]);
    };
    let on_leave = draft(|draft| {
        published(draft);
        draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
    });
    let world = World::on(&on_leave, day("2027-02-20"));
    world.keeps(&[("B", "TUE-AM")]);
    world.keeps(&[]);
    let pinned_off = draft(|draft| {
        published(draft);
        draft.pins = Some(vec![pin("TUE-AM", "A", PinKind::No)]);
    });
    World::on(&pinned_off, day("2027-02-20")).keeps(&[("B", "TUE-AM")]);
    // Pinned elsewhere at the time: the pin wins.
    let elsewhere = draft(|draft| {
        published(draft);
        draft.pins = Some(vec![pin("HOME", "A", PinKind::Yes)]);
    });
    let world = World::on(&elsewhere, day("2027-02-20"));
    assert_eq!(pins::faults(&world.network, &world.book), []);
    world.keeps(&[("A", "HOME"), ("B", "TUE-AM")]);
    // Another pinned into the one place: named as a fault.
    let instead = draft(|draft| {
        published(draft);
        draft.pins = Some(vec![pin("TUE-AM", "B", PinKind::Yes)]);
    });
    let world = World::on(&instead, day("2027-02-20"));
    let faults = pins::faults(&world.network, &world.book);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].problem.contains("TUE-AM is published with A"), "{}", faults[0]);
}

#[test]
fn notice_where_a_session_has_fewer_places_now() {
    let fewer = draft(|draft| {
        draft.published = Some(vec![
            crate::draft::published("TUE-AM", 1, Some("B")),
            crate::draft::published("TUE-AM", 2, Some("A")),
        ]);
    });
    let world = World::on(&fewer, day("2027-02-20"));
    world.keeps(&[("B", "TUE-AM")]);
    world.breaks(&[("A", "TUE-AM")], "notice", &["TUE-AM on Tue 2 Mar 2027"]);
}
