//! Every fault of a dataset: in which file, on which line, which value, what to do.

use rotashare_core::draft::{AgreementRow, AuthorisationRow, ClinicRow, Draft, SessionRow};
use rotashare_core::fault::{Fault, MOST_TOLD, Table};
use rotashare_core::network::{Faults, Network};
use rotashare_core::values::{ChangeKind, PinKind};

use crate::draft::*;

pub(crate) fn faults(alter: impl FnOnce(&mut Draft)) -> Faults {
    let draft = with(|draft| {
        draft.clinics = Some(vec![clinic("KLINIK", "H1", "mon", "09:00", "12:30")]);
        alter(draft);
    });
    Network::build(&draft).expect_err("a dataset with a fault")
}

/// One fault and no other; as it is shown.
pub(crate) fn fault(alter: impl FnOnce(&mut Draft)) -> String {
    let mut found = faults(alter).faults;
    assert_eq!(found.len(), 1, "{found:#?}");
    let fault = found.remove(0);
    complete(&fault);
    fault.to_string()
}

/// A place, what is wrong, and what to do.
pub(crate) fn complete(fault: &Fault) {
    assert!(fault.line.is_some() || fault.column.is_some(), "no place: {fault}");
    assert!(!fault.problem.is_empty() && !fault.remedy.is_empty(), "{fault}");
    assert!(!fault.problem.ends_with('.') && !fault.remedy.ends_with('.'), "{fault}");
}

#[test]
fn the_whole_network() {
    assert_eq!(
        fault(|draft| draft.network.horizon = Some((day("2027-03-14"), day("2027-03-01")))),
        "network.toml, line 4, horizon: the horizon ends on 2027-03-01, before it begins on \
         2027-03-14; give a month or a quarter"
    );
    let long = fault(|draft| draft.network.horizon = Some((day("2027-03-01"), day("2029-03-02"))));
    assert!(long.contains("the horizon has 733 days, over two years"), "{long}");
    assert_eq!(
        fault(|draft| draft.network.cycle_anchor = Some((3, day("2027-03-02")))),
        "network.toml, line 3, cycle_anchor: 2027-03-02 is not a Monday; give the Monday on which \
         week 1 of the cycle starts"
    );
    assert_eq!(
        fault(|draft| draft.network.timezone = "Europe/Londn".into()),
        "network.toml, timezone: there is no time zone \"Europe/Londn\"; write an IANA name, such as \
         Europe/London"
    );
}

/// Of a table with an alteration, what the second of two alike is told.
fn twice(wanted: &str, alter: impl FnOnce(&mut Draft)) {
    let found = fault(alter);
    assert!(found.starts_with(wanted) && found.contains("already"), "{found}");
}

#[test]
fn the_same_twice() {
    twice("trusts.csv, line 4, trust: trust \"L\" is on line 2", |draft| {
        draft.trusts.push(trust("L"));
    });
    twice("sites.csv, line 5, site: site \"L1\" is on line 2", |draft| {
        draft.sites.push(site("L1", "H"));
    });
    twice("consultants.csv, line 4, consultant: consultant \"A\" is on line 2", |draft| {
        draft.consultants.push(consultant("A", "L", "L1"));
    });
    twice("clinics.csv, line 3, clinic: clinic \"KLINIK\" is on line 2", |draft| {
        let row = clinic("KLINIK", "L1", "tue", "09:00", "10:00");
        draft.clinics.as_mut().expect("clinics").push(row);
    });
    twice("agreements.csv, line 3, agreement: agreement \"G\" is on line 2", |draft| {
        draft.agreements = Some(vec![agreement("G", "L", "H"), agreement("G", "H", "L")]);
    });
    twice("history.csv, line 3, consultant: consultant \"A\" is on line 2", |draft| {
        draft.history = Some(vec![history("A"), history("A")]);
    });
    twice("travel.csv, line 5, from_site: L1 to H1 is on line 3", |draft| {
        draft.travel.as_mut().expect("travel").push(way("L1", "H1", 5));
    });
    let row = |code| session(code, "H1", "2027-03-01", "09:00", "10:00");
    twice("sessions.csv, line 3, session: session \"X\" is there", |draft| {
        draft.sessions = Some(vec![row("X"), row("X")]);
    });
    twice("sessions.csv, line 2, session: session \"KLINIK@2027-03-01\" is there", |draft| {
        let mut row = row("KLINIK@2027-03-01");
        row.start = at("09:30");
        draft.sessions = Some(vec![row]);
    });
    twice("published.csv, line 3, session: place 1 of it is on line 2", |draft| {
        let row = |who| published("KLINIK@2027-03-01", 1, Some(who));
        draft.published = Some(vec![row("A"), row("B")]);
    });
}

#[test]
fn ends_before_their_starts() {
    let late = valid("2027-03-05", "2027-03-04");
    let said = "2027-03-04 is before the start, 2027-03-05; put the later date last";
    for (place, found) in [
        ("consultants.csv, line 2, active_to", fault(|d| d.consultants[0].active = late)),
        ("accreditations.csv, line 2, valid_to", fault(|d| d.accreditations[0].valid = late)),
        (
            "authorisations.csv, line 2, valid_to",
            fault(|d| {
                d.authorisations =
                    Some(vec![AuthorisationRow { valid: late, ..authorisation("A", "H") }])
            }),
        ),
        (
            "job_plans.csv, line 2, valid_to",
            fault(|d| {
                let mut row = duty("A", "mon", "09:00", "10:00");
                row.valid = late;
                d.job_plans = Some(vec![row]);
            }),
        ),
        (
            "leave.csv, line 2, to",
            fault(|d| d.leave = Some(vec![leave("A", "2027-03-05", "2027-03-04")])),
        ),
        (
            "on_call.csv, line 2, to",
            fault(|d| d.on_call = Some(vec![on_call("A", "2027-03-05", "2027-03-04")])),
        ),
        (
            "clinics.csv, line 2, valid_to",
            fault(|d| d.clinics.as_mut().expect("clinics")[0].valid = late),
        ),
        (
            "agreements.csv, line 2, valid_to",
            fault(|d| {
                d.agreements = Some(vec![AgreementRow { valid: late, ..agreement("G", "L", "H") }])
            }),
        ),
    ] {
        assert_eq!(found, format!("{place}: {said}"));
    }
}

#[test]
fn cycles_need_an_anchor() {
    let said = "a cycle needs to know where it starts; add cycle_anchor, a Monday, to network.toml";
    let of_clinic =
        |d: &mut Draft| d.clinics.as_mut().expect("clinics")[0].weeks = weeks("cycle:1/2");
    assert_eq!(fault(of_clinic), format!("clinics.csv, line 2, weeks: {said}"));
    let of_duty = |d: &mut Draft| {
        let mut row = duty("A", "mon", "09:00", "10:00");
        row.weeks = weeks("cycle:2/4");
        d.job_plans = Some(vec![row]);
    };
    assert_eq!(fault(of_duty), format!("job_plans.csv, line 2, weeks: {said}"));
}

#[test]
fn boards() {
    let of = |alter: fn(&mut AgreementRow)| {
        fault(|draft| {
            let mut row = agreement("G", "L", "H");
            alter(&mut row);
            draft.agreements = Some(vec![row]);
        })
    };
    let said = of(|row| row.host = "L".into());
    assert!(said.starts_with("agreements.csv, line 2, host: L lends to itself; "), "{said}");
    let said = of(|row| (row.min_sessions, row.max_sessions) = (Some(3), Some(2)));
    assert!(
        said.contains("line 2, min_sessions: min_sessions is 3, max_sessions only 2"),
        "{said}"
    );
    let said = fault(|draft| {
        let row = AuthorisationRow { site: Some("L2".into()), ..authorisation("A", "H") };
        draft.authorisations = Some(vec![row]);
    });
    assert!(said.contains("line 2, site: site L2 does not belong to trust H"), "{said}");
}

#[test]
fn ways_that_nobody_knows() {
    let found = faults(|draft| draft.travel = Some(vec![way("L1", "L2", 20)])).faults;
    found.iter().for_each(complete);
    let remedy = "give both sites a latitude and longitude, or list the way in travel.csv";
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    // Every site without coordinates is named.
    assert_eq!(
        said,
        [
            format!(
                "sites.csv, line 2, latitude: the way between L1 and H1 is not known; {remedy}"
            ),
            format!(
                "sites.csv, line 4, latitude: the way between H1 and L1 is not known; {remedy}"
            ),
        ]
    );
}

#[test]
fn one_coordinate_only() {
    let said = fault(|draft| draft.sites[0].latitude = Some(51.5));
    assert!(
        said.starts_with("sites.csv, line 2, longitude: site L1 has one coordinate only; "),
        "{said}"
    );
}

#[test]
fn pins_against_each_other() {
    let said = fault(|draft| {
        draft.pins = Some(vec![
            pin("KLINIK@2027-03-01", "A", PinKind::Yes),
            pin("KLINIK@2027-03-01", "A", PinKind::No),
        ]);
    });
    assert_eq!(
        said,
        "pins.csv, line 3, pin: line 2 says yes of the same place; keep one of the two pins on \
         KLINIK@2027-03-01"
    );
    let said = fault(|draft| {
        draft.pins = Some(vec![
            pin("KLINIK@2027-03-01", "A", PinKind::Yes),
            pin("KLINIK@2027-03-01", "B", PinKind::Yes),
        ]);
    });
    assert!(
        said.starts_with(
            "pins.csv, line 3, session: 2 people are pinned to KLINIK@2027-03-01, which has 1 place"
        ),
        "{said}"
    );
}

#[test]
fn clinics_changed_twice_on_a_day() {
    let said = fault(|draft| {
        draft.clinic_changes = Some(vec![
            clinic_change("KLINIK", "2027-03-01", ChangeKind::Cancel),
            clinic_change("KLINIK", "2027-03-01", ChangeKind::Move),
        ]);
    });
    assert_eq!(
        said,
        "clinic_changes.csv, line 3, date: KLINIK on 2027-03-01 is changed on line 2 too; keep one of the two"
    );
}

#[test]
fn a_specialty_that_is_there_twice() {
    let said = fault(|draft| {
        draft.specialties =
            Some(vec![own_specialty("320", "Cardiology"), own_specialty("320", "Hearts")]);
    });
    assert_eq!(
        said,
        "specialties.csv, line 3, specialty: specialty \"320\" is on line 2 already; keep one row for each code"
    );
}

#[test]
fn all_faults_together_in_order_of_file_and_line() {
    let found = faults(|draft| {
        draft.pins = Some(vec![pin("NONE", "A", PinKind::Yes)]);
        draft.consultants[1].base_site = "X".into();
        draft.consultants[0].trust = "X".into();
        draft.clinics.as_mut().expect("clinics").push(ClinicRow {
            valid: valid("2027-03-05", "2027-03-04"),
            ..clinic("K2", "X", "mon", "09:00", "10:00")
        });
        draft.network.timezone = "Mars".into();
        number(draft);
    });
    let places: Vec<String> = found
        .faults
        .iter()
        .map(|f| {
            format!(
                "{} {} {}",
                f.table.file_name(),
                f.line.unwrap_or(0),
                f.column.as_deref().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "network.toml 0 timezone",
            "consultants.csv 2 trust",
            "consultants.csv 3 base_site",
            "clinics.csv 3 site",
            "clinics.csv 3 valid_to",
            "pins.csv 2 session",
        ]
    );
    found.faults.iter().for_each(complete);
}

#[test]
fn of_very_many_faults_the_first_are_told_and_the_rest_counted() {
    let of = |table, line| Fault::of_cell(table, line, "x", "", format!("wrong {line}"), "");
    let many: Vec<Fault> = (2..1302).rev().map(|line| of(Table::Leave, line)).collect();
    let few = [of(Table::Pins, 5), Fault::of_many_more(Table::Pins, 7, Some(9))];
    let told = Fault::told(many.into_iter().chain(few).collect());
    assert_eq!(told.len(), MOST_TOLD + 3);
    let texts: Vec<String> = told.iter().map(Fault::to_string).collect();
    assert!(texts[0].starts_with("leave.csv, line 2, x: wrong 2"), "{}", texts[0]);
    assert!(
        texts[MOST_TOLD].starts_with("leave.csv, line 502: … and 800 more faults"),
        "{}",
        texts[500]
    );
    assert!(texts[MOST_TOLD + 2].starts_with("pins.csv, line 9: … and 7 more faults"), "{texts:?}");
}

#[test]
fn networks_beyond_all_measure_are_refused() {
    let all = |alter: &dyn Fn(&mut Draft)| -> String {
        faults(|draft| alter(draft)).faults.iter().map(|fault| format!("{fault}\n")).collect()
    };
    let sites = all(&|draft| {
        draft.sites = (0..2001).map(|n| site(&format!("S{n}"), "L")).collect();
    });
    assert!(sites.contains("there are 2001 sites, over the limit of 2000"), "{sites}");
    let sessions = all(&|draft| {
        let row = |n: usize| session(&format!("X{n}"), "H1", "2027-03-05", "09:00", "13:00");
        draft.sessions = Some((0..500_001).map(row).collect());
    });
    assert!(sessions.contains("over 500000 sessions"), "{}", &sessions[..sessions.len().min(500)]);
    let places = all(&|draft| {
        let row = |n: usize| session(&format!("X{n}"), "H1", "2027-03-05", "09:00", "13:00");
        let wide = |n| SessionRow { consultants: Some(99), ..row(n) };
        draft.sessions = Some((0..11_000).map(wide).collect());
    });
    assert!(places.contains("over the limit of 1000000"), "{}", &places[..places.len().min(500)]);
}
