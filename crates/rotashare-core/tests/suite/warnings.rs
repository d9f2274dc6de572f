//! What is odd but stops nothing.

use rotashare_core::draft::{
    AccreditationRow, CoverRow, Draft, PreferenceRow, RotaRow, SessionRow,
};
use rotashare_core::fault::Fault;
use rotashare_core::network::Network;
use rotashare_core::values::{ChangeKind, PinKind};

use crate::draft::*;
use crate::faults::complete;

/// The one warning of a dataset without faults.
fn warning(alter: impl FnOnce(&mut Draft)) -> String {
    let draft = with(|draft| {
        draft.clinics = Some(vec![clinic("KLINIK", "H1", "mon", "09:00", "12:30")]);
        alter(draft);
    });
    let (_, mut warnings) = Network::build(&draft).expect("a network without faults");
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    complete(&warnings[0]);
    warnings.remove(0).to_string()
}

#[test]
fn warnings_are_told_and_stop_nothing() {
    let cases = [
        (
            "consultants.csv, line 2, base_site: base site H1 is not a site of the employer, L",
            warning(|draft| draft.consultants[0].base_site = "H1".into()),
        ),
        (
            "clinics.csv, line 2, specialty: nobody is accredited for specialty \"32O\"; did you mean 320?",
            warning(|draft| draft.clinics.as_mut().expect("clinics")[0].specialty = "32O".into()),
        ),
        (
            "accreditations.csv, line 4, specialty: no clinic is in specialty \"32O\"; did you mean 320?",
            warning(|draft| {
                let row = draft.accreditations[0].clone();
                draft.accreditations.push(AccreditationRow { specialty: "32O".into(), ..row });
                number(draft);
            }),
        ),
        (
            "preferences.csv, line 2, specialty: no clinic is in specialty \"3200\"; did you mean 320?",
            warning(|draft| {
                // National codes, and others of which none is near, may be known elsewhere.
                for code in ["350", "HEART"] {
                    let row = draft.accreditations[0].clone();
                    draft.accreditations.push(AccreditationRow { specialty: code.into(), ..row });
                }
                let row = preference("A", 5);
                draft.preferences =
                    Some(vec![PreferenceRow { specialty: Some("3200".into()), ..row }]);
            }),
        ),
        (
            "published.csv, line 2, date: KLINIK@2027-03-01 is on 2027-03-01, the row says 2027-03-08",
            warning(|draft| {
                let row = published("KLINIK@2027-03-01", 1, Some("A"));
                draft.published = Some(vec![RotaRow { date: Some(day("2027-03-08")), ..row }]);
            }),
        ),
        (
            "cover.csv, line 2, site: nobody employed by L is based at H1; check trust and site",
            warning(|draft| {
                draft.cover = Some(vec![CoverRow { site: Some("H1".into()), ..cover("L", 1) }]);
            }),
        ),
        (
            "clinic_changes.csv, line 2, date: clinic KLINIK does not run on 2027-03-02; check the date",
            warning(|draft| {
                let row = clinic_change("KLINIK", "2027-03-02", ChangeKind::Cancel);
                draft.clinic_changes = Some(vec![row]);
            }),
        ),
        (
            "clinic_changes.csv, line 2, clinic: clinic \"KLINIK\" is known from sessions.csv alone",
            warning(|draft| {
                draft.clinics = None;
                let row = session("ONE", "H1", "2027-03-01", "09:00", "13:00");
                draft.sessions = Some(vec![SessionRow { clinic: Some("KLINIK".into()), ..row }]);
                let change = clinic_change("KLINIK", "2027-03-01", ChangeKind::Cancel);
                draft.clinic_changes = Some(vec![change]);
            }),
        ),
        (
            "pins.csv, line 2, session: session \"KLINIK@2027-04-05\" is outside the horizon",
            warning(|draft| {
                draft.pins = Some(vec![pin("KLINIK@2027-04-05", "A", PinKind::Yes)]);
            }),
        ),
        (
            "published.csv, line 2, consultant: consultant \"GONE\" is not in consultants.csv any more",
            warning(|draft| {
                draft.published = Some(vec![published("KLINIK@2027-03-01", 1, Some("GONE"))]);
            }),
        ),
        (
            "published.csv, line 2, place: KLINIK@2027-03-01 has no place 2 any more",
            warning(|draft| {
                draft.published = Some(vec![published("KLINIK@2027-03-01", 2, Some("A"))]);
            }),
        ),
        (
            "published.csv, line 2, session: session \"OLD@2027-03-02\" is not there any more",
            warning(|draft| {
                draft.published = Some(vec![published("OLD@2027-03-02", 1, Some("A"))]);
            }),
        ),
    ];
    for (wanted, found) in cases {
        assert!(found.starts_with(wanted), "{found}");
    }
}

#[test]
fn a_pin_on_a_one_off_session_outside_the_horizon_is_left_out() {
    let draft = with(|draft| {
        draft.sessions = Some(vec![session("EXTRA", "H1", "2027-04-05", "09:00", "13:00")]);
        draft.pins = Some(vec![pin("EXTRA", "A", PinKind::Yes)]);
    });
    let (network, warnings) = Network::build(&draft).expect("a network without faults");
    let texts: Vec<String> = warnings.iter().map(Fault::to_string).collect();
    let pin = "pins.csv, line 2, session: session \"EXTRA\" is outside the horizon; it is left out";
    assert!(texts.iter().any(|text| text == pin), "{texts:?}");
    assert_eq!(network.pins(), []);
}
