//! Clinics expanded to dated sessions.

use rotashare_core::draft::{ClinicChangeRow, ClinicRow, Draft, SessionRow};
use rotashare_core::network::Network;
use rotashare_core::values::{BankHolidayPolicy, ChangeKind, Nation, Priority, Thousandths};

use crate::draft::*;

fn build(draft: &Draft) -> Network {
    Network::build(draft).expect("a network without faults").0
}

/// The sessions of a dataset: id and when, in order.
fn sessions(draft: &Draft) -> Vec<String> {
    let network = build(draft);
    let said = |session: &rotashare_core::clinics::Session| {
        format!(
            "{} {}-{}",
            session.code(),
            session.span().start().clock(),
            session.span().end().clock()
        )
    };
    network.sessions().iter().map(said).collect()
}

fn codes(draft: &Draft) -> Vec<String> {
    build(draft).sessions().iter().map(|session| session.code().to_owned()).collect()
}

/// March 2027, which has five Mondays; bank holidays on Friday the 26th and Monday the 29th.
fn march(alter: impl FnOnce(&mut ClinicRow)) -> Draft {
    with(|draft| {
        draft.network.horizon = Some((day("2027-03-01"), day("2027-03-31")));
        let mut row = clinic("K", "H1", "mon", "09:00", "12:30");
        alter(&mut row);
        draft.clinics = Some(vec![row]);
    })
}

fn days_of(draft: &Draft) -> Vec<String> {
    let network = build(draft);
    network.sessions().iter().map(|session| session.date().day().to_string()).collect()
}

#[test]
fn week_patterns_and_bank_holidays() {
    assert_eq!(
        codes(&march(|_| {})),
        ["K@2027-03-01", "K@2027-03-08", "K@2027-03-15", "K@2027-03-22"]
    );
    let run = BankHolidayPolicy::Run;
    assert_eq!(days_of(&march(|row| row.bank_holidays = run)), ["1", "8", "15", "22", "29"]);
    assert_eq!(days_of(&march(|row| row.weeks = weeks("nth:1,3"))), ["1", "15"]);
    assert_eq!(days_of(&march(|row| row.weeks = weeks("nth:5"))), [""; 0]);
    let last = |row: &mut ClinicRow| {
        row.weeks = weeks("nth:last");
        row.bank_holidays = run;
    };
    assert_eq!(days_of(&march(last)), ["29"]);
    // 1 March 2027 is in ISO week 9.
    assert_eq!(days_of(&march(|row| row.weeks = weeks("iso:odd"))), ["1", "15"]);
    assert_eq!(days_of(&march(|row| row.weeks = weeks("iso:even"))), ["8", "22"]);
    let mut cycle = march(|row| row.weeks = weeks("cycle:1,2/3"));
    cycle.network.cycle_anchor = Some((3, day("2027-03-08")));
    assert_eq!(days_of(&cycle), ["8", "15"]);
    // Before its anchor a cycle runs all the same: the 8th is in week 3 of one before.
    cycle.network.cycle_anchor = Some((3, day("2027-04-05")));
    assert_eq!(days_of(&cycle), ["1", "15", "22"]);
    assert_eq!(days_of(&march(|row| row.valid = valid("2027-03-08", "2027-03-15"))), ["8", "15"]);
}

#[test]
fn bank_holidays_are_those_of_the_nation_of_the_site() {
    // Easter Monday is none in Scotland, St Patrick's Day is one in Northern Ireland only.
    let of = |nation, on: &str| {
        let mut draft = march(|row| row.weekday = weekday(on));
        draft.trusts[1].nation = nation;
        days_of(&draft)
    };
    assert_eq!(of(Nation::Scotland, "mon"), ["1", "8", "15", "22", "29"]);
    assert_eq!(of(Nation::Wales, "mon"), ["1", "8", "15", "22"]);
    assert_eq!(of(Nation::England, "wed"), ["3", "10", "17", "24", "31"]);
    assert_eq!(of(Nation::NorthernIreland, "wed"), ["3", "10", "24", "31"]);
    // The nation of the lender does not matter.
    let mut draft = march(|_| {});
    draft.trusts[0].nation = Nation::Scotland;
    assert_eq!(days_of(&draft), ["1", "8", "15", "22"]);
}

#[test]
fn bank_holidays_of_the_dataset() {
    let mut draft = march(|row| row.weekday = weekday("wed"));
    draft.bank_holidays = Some(vec![bank_holiday("2027-03-10", None)]);
    assert_eq!(days_of(&draft), ["3", "17", "24", "31"]);
    draft.bank_holidays = Some(vec![bank_holiday("2027-03-10", Some(Nation::Wales))]);
    assert_eq!(days_of(&draft), ["3", "10", "17", "24", "31"]);
}

#[test]
fn changes_cancel_move_and_add() {
    let mut draft = march(|_| {});
    draft.clinic_changes = Some(vec![
        clinic_change("K", "2027-03-01", ChangeKind::Cancel),
        ClinicChangeRow {
            to_date: Some(day("2027-03-10")),
            start: Some(at("13:00")),
            ..clinic_change("K", "2027-03-08", ChangeKind::Move)
        },
        clinic_change("K", "2027-03-15", ChangeKind::Add),
        ClinicChangeRow {
            start: Some(at("14:00")),
            end: Some(at("15:00")),
            ..clinic_change("K", "2027-03-16", ChangeKind::Add)
        },
        // Off the bank holiday, and out of the horizon.
        ClinicChangeRow {
            to_date: Some(day("2027-03-30")),
            ..clinic_change("K", "2027-03-29", ChangeKind::Move)
        },
        ClinicChangeRow {
            to_date: Some(day("2027-04-06")),
            ..clinic_change("K", "2027-03-22", ChangeKind::Move)
        },
    ]);
    assert_eq!(
        sessions(&draft),
        [
            // As long as ever, from another time.
            "K@2027-03-10 13:00-16:30",
            "K@2027-03-15 09:00-12:30",
            "K@2027-03-15#2 09:00-12:30",
            "K@2027-03-16 14:00-15:00",
            "K@2027-03-30 09:00-12:30",
        ]
    );
}

#[test]
fn moved_into_the_horizon_or_within_its_day() {
    let mut draft = march(|_| {});
    draft.network.horizon = Some((day("2027-03-01"), day("2027-03-07")));
    draft.clinic_changes = Some(vec![
        ClinicChangeRow {
            to_date: Some(day("2027-03-03")),
            ..clinic_change("K", "2027-03-08", ChangeKind::Move)
        },
        ClinicChangeRow {
            end: Some(at("11:00")),
            ..clinic_change("K", "2027-03-01", ChangeKind::Move)
        },
    ]);
    assert_eq!(sessions(&draft), ["K@2027-03-01 09:00-11:00", "K@2027-03-03 09:00-12:30"]);
}

#[test]
fn two_of_a_day_are_numbered_in_order_of_time_the_regular_one_first() {
    let mut draft = march(|row| row.valid = valid("", "2027-03-01"));
    let add = |start: &str| ClinicChangeRow {
        start: Some(at(start)),
        ..clinic_change("K", "2027-03-01", ChangeKind::Add)
    };
    draft.clinic_changes = Some(vec![add("17:00"), add("05:00")]);
    assert_eq!(
        sessions(&draft),
        ["K@2027-03-01#2 05:00-08:30", "K@2027-03-01 09:00-12:30", "K@2027-03-01#3 17:00-20:30"]
    );
}

#[test]
fn one_off_sessions_of_a_series_take_what_they_do_not_give() {
    let draft = with(|draft| {
        draft.clinics = Some(vec![ClinicRow {
            consultants: 2,
            priority: Priority::Must,
            named_consultant: vec!["B".into(), "A".into(), "B".into()],
            ..clinic("K", "H1", "mon", "09:00", "12:30")
        }]);
        let row = |code: &str, date| session(code, "H1", date, "09:00", "13:00");
        draft.sessions = Some(vec![
            SessionRow { clinic: Some("K".into()), ..row("X1", "2027-03-03") },
            SessionRow {
                clinic: Some("K".into()),
                consultants: Some(1),
                priority: Some(Priority::Could),
                named_consultant: vec!["A".into()],
                pas: Some(Thousandths(1500)),
                ..row("X2", "2027-03-04")
            },
            row("X3", "2027-03-05"),
            row("GONE", "2027-04-05"),
        ]);
    });
    let (network, warnings) = Network::build(&draft).expect("a network without faults");
    let find = |code: &str| network.session(network.find_session(code).expect("a session"));
    let [a, b] = ["A", "B"].map(|code| network.find_consultant(code).expect("a consultant"));
    let (x1, x2, x3) = (find("X1"), find("X2"), find("X3"));
    assert_eq!((x1.places(), x1.priority(), x1.named()), (2, Priority::Must, &[a, b][..]));
    assert_eq!((x2.places(), x2.priority(), x2.named()), (1, Priority::Could, &[a][..]));
    assert_eq!((x3.places(), x3.priority(), x3.named()), (1, Priority::Should, &[][..]));
    assert_eq!((x1.pas(), x2.pas()), (Thousandths(1000), Thousandths(1500)));
    assert_eq!(find("K@2027-03-01").pas(), Thousandths(875));
    let series: Vec<&str> =
        network.clinics()[0].sessions().iter().map(|id| network.session(*id).code()).collect();
    assert_eq!(series, ["K@2027-03-01", "X1", "X2", "K@2027-03-08"]);
    assert_eq!(network.find_session("GONE"), None);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].problem.contains("the session is outside the horizon"), "{}", warnings[0]);
}

#[test]
fn sessions_alone_make_their_series() {
    let draft = with(|draft| {
        let row = |code: &str, date, places| SessionRow {
            clinic: Some("K".into()),
            consultants: places,
            ..session(code, "H1", date, "09:00", "13:00")
        };
        draft.sessions =
            Some(vec![row("X2", "2027-03-03", Some(2)), row("X1", "2027-03-04", None)]);
    });
    let network = build(&draft);
    assert_eq!(network.clinics().len(), 1);
    let series = &network.clinics()[0];
    assert_eq!((series.code(), series.places(), series.sessions().len()), ("K", 2, 2));
}

#[test]
fn a_session_over_midnight_ends_on_the_next_day() {
    let network = build(&march(|row| (row.start, row.end) = (at("20:00"), at("08:00"))));
    let first = &network.sessions()[0];
    assert_eq!((first.minutes(), first.date()), (720, day("2027-03-01")));
    assert_eq!(first.span().end().date(), day("2027-03-02"));
}
