//! Codes that another file does not have: told in every column that has one, with the nearest known.

use rotashare_core::draft::{AuthorisationRow, CoverRow, PreferenceRow, SessionRow};
use rotashare_core::network::Faults;
use rotashare_core::values::{ChangeKind, PinKind};

use crate::draft::*;
use crate::faults::{complete, fault, faults};

#[test]
fn unknown_codes_with_the_nearest_known() {
    let cases: Vec<(&str, String)> = vec![
        (
            "sites.csv, line 4, trust: trust \"HH\" is not in trusts.csv; did you mean H?",
            fault(|draft| {
                draft.sites[2].trust = "HH".into();
            }),
        ),
        (
            "travel.csv, line 2, from_site: site \"L11\" is not in sites.csv; did you mean L1?",
            fault(|draft| {
                draft.travel.as_mut().expect("travel").insert(0, way("L11", "L2", 20));
                number(draft);
            }),
        ),
        (
            "consultants.csv, line 2, base_site: site \"XYZ\" is not in sites.csv; add it to sites.csv or \
             correct it here",
            fault(|draft| draft.consultants[0].base_site = "XYZ".into()),
        ),
        (
            "accreditations.csv, line 2, consultant: consultant \"a\" is not in consultants.csv; did you \
             mean A?",
            fault(|draft| draft.accreditations[0].consultant = "a".into()),
        ),
        (
            "authorisations.csv, line 2, trust: trust \"Z\" is not in trusts.csv; add it to trusts.csv or \
             correct it here",
            fault(|draft| draft.authorisations = Some(vec![authorisation("A", "Z")])),
        ),
        (
            "job_plans.csv, line 2, consultant: consultant \"Z\" is not in consultants.csv; add it to \
             consultants.csv or correct it here",
            fault(|draft| draft.job_plans = Some(vec![duty("Z", "mon", "09:00", "10:00")])),
        ),
        (
            "clinic_changes.csv, line 2, clinic: clinic \"KLINIC\" is not in clinics.csv; did you mean \
             KLINIK?",
            fault(|draft| {
                let row = clinic_change("KLINIC", "2027-03-01", ChangeKind::Cancel);
                draft.clinic_changes = Some(vec![row]);
            }),
        ),
        (
            "pins.csv, line 2, session: there is no session \"KLINIK@2027-03-02\" in the horizon; did you \
             mean KLINIK@2027-03-01?",
            fault(|draft| {
                draft.pins = Some(vec![pin("KLINIK@2027-03-02", "A", PinKind::Yes)]);
            }),
        ),
    ];
    for (wanted, found) in cases {
        assert_eq!(found, wanted);
    }
}

#[test]
fn unknown_codes_in_every_column_that_has_one() {
    let unknown = || Some("NOBODY-KNOWS".to_owned());
    let cases: Vec<(&str, Faults)> = vec![
        (
            "travel.csv to_site",
            faults(|d| d.travel = Some(vec![way("L1", "NOBODY-KNOWS", 5), way("L1", "H1", 60)])),
        ),
        ("consultants.csv trust", faults(|d| d.consultants[0].trust = "NOBODY-KNOWS".into())),
        (
            "authorisations.csv site",
            faults(|d| {
                d.authorisations =
                    Some(vec![AuthorisationRow { site: unknown(), ..authorisation("A", "H") }])
            }),
        ),
        (
            "leave.csv consultant",
            faults(|d| d.leave = Some(vec![leave("NOBODY-KNOWS", "2027-03-01", "2027-03-02")])),
        ),
        (
            "on_call.csv consultant",
            faults(|d| d.on_call = Some(vec![on_call("NOBODY-KNOWS", "2027-03-01", "2027-03-02")])),
        ),
        ("history.csv consultant", faults(|d| d.history = Some(vec![history("NOBODY-KNOWS")]))),
        (
            "clinics.csv site",
            faults(|d| d.clinics.as_mut().expect("clinics")[0].site = "NOBODY-KNOWS".into()),
        ),
        (
            "clinics.csv named_consultant",
            faults(|d| {
                d.clinics.as_mut().expect("clinics")[0].named_consultant =
                    vec!["A".into(), "NOBODY-KNOWS".into()]
            }),
        ),
        (
            "sessions.csv site",
            faults(|d| {
                d.sessions =
                    Some(vec![session("X", "NOBODY-KNOWS", "2027-03-01", "09:00", "10:00")])
            }),
        ),
        (
            "sessions.csv clinic",
            faults(|d| {
                d.sessions = Some(vec![SessionRow {
                    clinic: unknown(),
                    ..session("X", "H1", "2027-03-01", "09:00", "10:00")
                }])
            }),
        ),
        ("cover.csv trust", faults(|d| d.cover = Some(vec![cover("NOBODY-KNOWS", 1)]))),
        (
            "cover.csv site",
            faults(|d| d.cover = Some(vec![CoverRow { site: unknown(), ..cover("L", 1) }])),
        ),
        (
            "agreements.csv lender",
            faults(|d| d.agreements = Some(vec![agreement("G", "NOBODY-KNOWS", "H")])),
        ),
        (
            "agreements.csv host",
            faults(|d| d.agreements = Some(vec![agreement("G", "L", "NOBODY-KNOWS")])),
        ),
        (
            "preferences.csv consultant",
            faults(|d| d.preferences = Some(vec![preference("NOBODY-KNOWS", 1)])),
        ),
        (
            "preferences.csv site",
            faults(|d| {
                d.preferences = Some(vec![PreferenceRow { site: unknown(), ..preference("A", 1) }])
            }),
        ),
        (
            "preferences.csv clinic",
            faults(|d| {
                d.preferences =
                    Some(vec![PreferenceRow { clinic: unknown(), ..preference("A", 1) }])
            }),
        ),
        (
            "pins.csv consultant",
            faults(|d| d.pins = Some(vec![pin("KLINIK@2027-03-01", "NOBODY-KNOWS", PinKind::Yes)])),
        ),
    ];
    for (wanted, found) in cases {
        let said: Vec<String> = found
            .faults
            .iter()
            .map(|f| format!("{} {}", f.table.file_name(), f.column.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(said, [wanted], "{found:#?}");
        let fault = &found.faults[0];
        complete(fault);
        assert_eq!((fault.value.as_str(), fault.line.is_some()), ("NOBODY-KNOWS", true));
    }
}

#[test]
fn a_number_near_another_may_still_be_missing() {
    let said = fault(|draft| {
        draft.consultants[0].consultant = "9900001".into();
        draft.accreditations = vec![accreditation("9900002", "320")];
    });
    assert_eq!(
        said,
        "accreditations.csv, line 2, consultant: consultant \"9900002\" is not in consultants.csv; \
         did you mean 9900001? If not, add it to consultants.csv or correct it here"
    );
}
