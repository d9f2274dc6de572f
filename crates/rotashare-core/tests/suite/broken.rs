//! Datasets broken at random: faults with their places, never a panic.

use rotashare_core::draft::{Draft, SessionRow};
use rotashare_core::network::Network;
use rotashare_core::values::{ChangeKind, PinKind};

use crate::draft::*;
use crate::faults::complete;

/// Every file of the contract with a row or more.
fn full() -> Draft {
    with(|draft| {
        draft.clinics = Some(vec![
            clinic("K1", "H1", "mon", "09:00", "12:30"),
            clinic("K2", "L2", "tue", "20:00", "08:00"),
        ]);
        draft.clinic_changes = Some(vec![
            clinic_change("K1", "2027-03-01", ChangeKind::Move),
            clinic_change("K2", "2027-03-03", ChangeKind::Add),
        ]);
        let one_off = session("X", "H1", "2027-03-04", "09:00", "10:00");
        draft.sessions = Some(vec![SessionRow { clinic: Some("K1".into()), ..one_off }]);
        draft.specialties = Some(vec![own_specialty("320", "Heart")]);
        draft.bank_holidays = Some(vec![bank_holiday("2027-03-09", None)]);
        draft.authorisations = Some(vec![authorisation("A", "H")]);
        draft.job_plans = Some(vec![duty("A", "mon", "09:00", "10:00")]);
        draft.leave = Some(vec![leave("B", "2027-03-01", "2027-03-02")]);
        draft.on_call = Some(vec![on_call("B", "2027-03-03", "2027-03-04")]);
        draft.cover = Some(vec![cover("L", 1)]);
        draft.agreements = Some(vec![agreement("G", "L", "H")]);
        draft.preferences = Some(vec![preference("A", -5)]);
        draft.pins = Some(vec![pin("X", "A", PinKind::Yes)]);
        draft.published = Some(vec![
            published("K1@2027-03-08", 1, Some("A")),
            published_at("B", "H1", "2027-02-28", ("09:00", "10:00")),
        ]);
        draft.history = Some(vec![history("A")]);
    })
}

#[test]
fn a_dataset_with_every_file_builds() {
    let (network, warnings) = Network::build(&full()).expect("a network without faults");
    assert_eq!(warnings, []);
    // K1 twice, K2 once beside a bank holiday and once more, and X.
    assert_eq!(network.sessions().len(), 5);
}

/// Takes rows out, empties files, and puts other codes and dates into what is left.
fn spoil(draft: &mut Draft, mut roll: impl FnMut(u64) -> u64) {
    // From hardly any harm to a lot.
    let calm = [6, 20, 100][roll(3) as usize];
    macro_rules! spoil {
        ($($rows:expr => $($code:ident),*;)*) => {$(
            let rows = &mut $rows;
            match roll(calm) {
                0 => rows.clear(),
                1 if !rows.is_empty() => { rows.remove(0); }
                2 => if let Some(row) = rows.last().cloned() { rows.push(row) },
                _ => {}
            }
            for row in rows.iter_mut() {
                $( if roll(2 * calm) == 0 { row.$code = ["", "H1", "A", "é", "K1"][roll(5) as usize].into(); } )*
            }
        )*};
    }
    spoil! {
        draft.trusts => trust;
        draft.sites => site, trust;
        draft.consultants => consultant, trust, base_site;
        draft.accreditations => consultant, specialty;
    }
    macro_rules! spoil_if_there {
        ($($rows:expr => $($code:ident),*;)*) => {$(
            if roll(calm) == 0 {
                $rows = None;
            } else if let Some(rows) = &mut $rows {
                spoil!(*rows => $($code),*;);
            }
        )*};
    }
    spoil_if_there! {
        draft.travel => from_site, to_site;
        draft.authorisations => consultant, trust;
        draft.job_plans => consultant;
        draft.leave => consultant;
        draft.on_call => consultant;
        draft.clinics => clinic, site, specialty;
        draft.clinic_changes => clinic;
        draft.sessions => session, site, specialty;
        draft.cover => trust, specialty;
        draft.agreements => agreement, lender, host;
        draft.preferences => consultant;
        draft.pins => session, consultant;
        draft.published => session;
        draft.history => consultant;
    }
    if roll(8) == 0 {
        draft.network.horizon = Some((day("1900-01-01"), day("9999-12-31")));
    }
    if roll(8) == 0 {
        draft.network.horizon = Some((day("9999-12-25"), day("9999-12-31")));
        for row in draft.sessions.iter_mut().flatten() {
            row.date = day("9999-12-31");
        }
    }
    number(draft);
}

#[test]
fn broken_datasets_have_faults_with_places_and_never_panic() {
    let mut state = 7_u64;
    let mut roll = |end: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let (mut sound, mut faulty) = (0, 0);
    for _ in 0..3000 {
        let mut draft = full();
        spoil(&mut draft, &mut roll);
        match Network::build(&draft) {
            Ok((_, warnings)) => {
                sound += 1;
                warnings.iter().for_each(complete);
            }
            Err(found) => {
                faulty += 1;
                assert!(!found.faults.is_empty());
                found.faults.iter().chain(&found.warnings).for_each(complete);
            }
        }
    }
    assert!(sound > 20 && faulty > 1000, "{sound} sound, {faulty} faulty");
}
