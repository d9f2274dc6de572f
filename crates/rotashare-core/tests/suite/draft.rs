//! Drafts in code: a row a call, with the defaults of the contract; more by struct update.
//!
//! The test suite of `rotashare-rules` uses this file too.

use rotashare_core::draft::{
    AccreditationRow, AgreementRow, AuthorisationRow, BankHolidayRow, ClinicChangeRow, ClinicRow,
    ConsultantRow, CoverRow, Draft, HistoryRow, JobPlanRow, LeaveRow, NetworkToml, OnCallRow,
    PinRow, PreferenceRow, RotaRow, SessionRow, SiteRow, SpecialtyRow, TravelRow, TrustRow,
};
use rotashare_core::time::{
    Clock, Date, Part, Validity, Weekday, WorkingDays, parse_date, parse_weekday,
};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Firmness, Hundredths, Instrument, Nation, OnCallKind, Pence,
    PinKind, Priority, Thousandths, WeekPattern,
};

/// A date such as `2027-03-02`.
pub(crate) fn day(text: &str) -> Date {
    parse_date(text).expect("a date")
}

/// A time such as `09:00`.
pub(crate) fn at(text: &str) -> Clock {
    text.parse().expect("a time")
}

/// A weekday such as `tue`.
pub(crate) fn weekday(text: &str) -> Weekday {
    parse_weekday(text).expect("a weekday")
}

/// Weeks such as `nth:1,3`.
pub(crate) fn weeks(text: &str) -> WeekPattern {
    text.parse().expect("a week pattern")
}

/// From a date to a date; `""` leaves the end open.
pub(crate) fn valid(from: &str, to: &str) -> Validity {
    let end = |text: &str| (!text.is_empty()).then(|| day(text));
    Validity { from: end(from), to: end(to) }
}

/// An empty dataset over a horizon.
pub(crate) fn dataset(from: &str, to: &str) -> Draft {
    Draft {
        network: NetworkToml {
            name: "test".into(),
            timezone: "Europe/London".into(),
            horizon: Some((day(from), day(to))),
            horizon_line: 4,
            ..NetworkToml::default()
        },
        ..Draft::default()
    }
}

/// Two weeks in March 2027 from Monday the 1st: trust `L` with sites `L1` and `L2`, trust `H` with
/// site `H1`; 20 minutes between `L1` and `L2`, 60 from either to `H1`; consultants `A` and `B` of
/// `L`, based at `L1`, accredited for `320`. No session yet.
pub(crate) fn lender_and_host() -> Draft {
    Draft {
        trusts: vec![trust("L"), trust("H")],
        sites: vec![site("L1", "L"), site("L2", "L"), site("H1", "H")],
        travel: Some(vec![way("L1", "L2", 20), way("L1", "H1", 60), way("L2", "H1", 60)]),
        consultants: vec![consultant("A", "L", "L1"), consultant("B", "L", "L1")],
        accreditations: vec![accreditation("A", "320"), accreditation("B", "320")],
        ..dataset("2027-03-01", "2027-03-14")
    }
}

/// The same, altered, with every row's line as in a file.
pub(crate) fn with(alter: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = lender_and_host();
    alter(&mut draft);
    number(&mut draft);
    draft
}

/// Gives every row the line on which it would stand.
pub(crate) fn number(draft: &mut Draft) {
    macro_rules! lines {
        ($($rows:expr),*) => {$(
            for (row, line) in $rows.zip(2..) {
                row.line = line;
            }
        )*};
    }
    lines!(draft.trusts.iter_mut(), draft.sites.iter_mut(), draft.consultants.iter_mut());
    lines!(draft.accreditations.iter_mut());
    lines!(draft.specialties.iter_mut().flatten(), draft.bank_holidays.iter_mut().flatten());
    lines!(draft.travel.iter_mut().flatten(), draft.authorisations.iter_mut().flatten());
    lines!(draft.job_plans.iter_mut().flatten(), draft.leave.iter_mut().flatten());
    lines!(draft.on_call.iter_mut().flatten(), draft.clinics.iter_mut().flatten());
    lines!(draft.clinic_changes.iter_mut().flatten(), draft.sessions.iter_mut().flatten());
    lines!(draft.cover.iter_mut().flatten(), draft.agreements.iter_mut().flatten());
    lines!(draft.preferences.iter_mut().flatten(), draft.pins.iter_mut().flatten());
    lines!(draft.published.iter_mut().flatten(), draft.history.iter_mut().flatten());
}

pub(crate) fn own_specialty(code: &str, name: &str) -> SpecialtyRow {
    SpecialtyRow { line: 2, specialty: code.into(), name: name.into() }
}

pub(crate) fn bank_holiday(date: &str, nation: Option<Nation>) -> BankHolidayRow {
    BankHolidayRow { line: 2, date: day(date), name: "holiday".into(), nation }
}

pub(crate) fn trust(code: &str) -> TrustRow {
    TrustRow { line: 2, trust: code.into(), name: code.into(), nation: Nation::England }
}

pub(crate) fn site(code: &str, trust: &str) -> SiteRow {
    SiteRow {
        line: 2,
        site: code.into(),
        trust: trust.into(),
        name: code.into(),
        postcode: None,
        latitude: None,
        longitude: None,
    }
}

pub(crate) fn way(from: &str, to: &str, minutes: u32) -> TravelRow {
    TravelRow {
        line: 2,
        from_site: from.into(),
        to_site: to.into(),
        minutes,
        miles: None,
        depart_from: None,
        depart_to: None,
    }
}

pub(crate) fn consultant(code: &str, trust: &str, base: &str) -> ConsultantRow {
    ConsultantRow {
        line: 2,
        consultant: code.into(),
        name: code.into(),
        trust: trust.into(),
        base_site: base.into(),
        fte: Thousandths(1000),
        working_days: WorkingDays::WEEKDAYS,
        target_hours: None,
        max_hours: None,
        max_away_days_per_week: None,
        active: Validity::default(),
        email: None,
        employee_number: None,
    }
}

pub(crate) fn accreditation(consultant: &str, specialty: &str) -> AccreditationRow {
    AccreditationRow {
        line: 2,
        consultant: consultant.into(),
        specialty: specialty.into(),
        subspecialty: None,
        valid: Validity::default(),
    }
}

pub(crate) fn authorisation(consultant: &str, trust: &str) -> AuthorisationRow {
    AuthorisationRow {
        line: 2,
        consultant: consultant.into(),
        trust: trust.into(),
        site: None,
        specialty: None,
        instrument: Some(Instrument::HonoraryContract),
        valid: Validity::default(),
    }
}

pub(crate) fn duty(consultant: &str, on: &str, start: &str, end: &str) -> JobPlanRow {
    JobPlanRow {
        line: 2,
        consultant: consultant.into(),
        weekday: weekday(on),
        start: at(start),
        end: at(end),
        weeks: WeekPattern::All,
        activity: "DCC".into(),
        site: None,
        firmness: Firmness::Fixed,
        pas: None,
        valid: Validity::default(),
    }
}

pub(crate) fn leave(consultant: &str, from: &str, to: &str) -> LeaveRow {
    let (from, to) = (day(from), day(to));
    LeaveRow { line: 2, consultant: consultant.into(), from, to, part: Part::All, kind: None }
}

pub(crate) fn on_call(consultant: &str, from: &str, to: &str) -> OnCallRow {
    OnCallRow {
        line: 2,
        consultant: consultant.into(),
        from: day(from),
        to: day(to),
        start: None,
        end: None,
        kind: OnCallKind::OnCall,
    }
}

pub(crate) fn clinic(code: &str, site: &str, on: &str, start: &str, end: &str) -> ClinicRow {
    ClinicRow {
        line: 2,
        clinic: code.into(),
        site: site.into(),
        specialty: "320".into(),
        weekday: weekday(on),
        start: at(start),
        end: at(end),
        subspecialty: None,
        weeks: WeekPattern::All,
        consultants: 1,
        priority: Priority::Should,
        named_consultant: Vec::new(),
        room: None,
        pas: None,
        new_slots: None,
        follow_up_slots: None,
        bank_holidays: BankHolidayPolicy::Skip,
        valid: Validity::default(),
    }
}

pub(crate) fn clinic_change(clinic: &str, date: &str, change: ChangeKind) -> ClinicChangeRow {
    ClinicChangeRow {
        line: 2,
        clinic: clinic.into(),
        date: day(date),
        change,
        to_date: None,
        start: None,
        end: None,
        note: None,
    }
}

pub(crate) fn session(code: &str, site: &str, date: &str, start: &str, end: &str) -> SessionRow {
    SessionRow {
        line: 2,
        session: code.into(),
        site: site.into(),
        specialty: "320".into(),
        date: day(date),
        start: at(start),
        end: at(end),
        clinic: None,
        subspecialty: None,
        consultants: None,
        priority: None,
        named_consultant: Vec::new(),
        room: None,
        pas: None,
    }
}

pub(crate) fn cover(trust: &str, keep_on_base: u32) -> CoverRow {
    CoverRow {
        line: 2,
        trust: trust.into(),
        specialty: "320".into(),
        keep_on_base,
        weekday: None,
        part: Part::All,
        site: None,
    }
}

pub(crate) fn agreement(code: &str, lender: &str, host: &str) -> AgreementRow {
    AgreementRow {
        line: 2,
        agreement: code.into(),
        lender: lender.into(),
        host: host.into(),
        specialty: None,
        min_sessions: None,
        max_sessions: None,
        price_per_session: Some(Pence(40_000)),
        mileage_pence: Some(Hundredths(5600)),
        max_cost: None,
        valid: Validity::default(),
    }
}

pub(crate) fn preference(consultant: &str, points: i64) -> PreferenceRow {
    PreferenceRow {
        line: 2,
        consultant: consultant.into(),
        points,
        site: None,
        specialty: None,
        clinic: None,
        weekday: None,
        part: Part::All,
    }
}

pub(crate) fn pin(session: &str, consultant: &str, pin: PinKind) -> PinRow {
    PinRow { line: 2, session: session.into(), consultant: consultant.into(), pin }
}

pub(crate) fn published(session: &str, place: u32, consultant: Option<&str>) -> RotaRow {
    RotaRow {
        line: 2,
        session: session.into(),
        place,
        consultant: consultant.map(Into::into),
        date: None,
        start: None,
        end: None,
        site: None,
        specialty: None,
        clinic: None,
    }
}

/// A published place of a session that is not in the horizon.
pub(crate) fn published_at(
    consultant: &str,
    site: &str,
    date: &str,
    hours: (&str, &str),
) -> RotaRow {
    RotaRow {
        date: Some(day(date)),
        start: Some(at(hours.0)),
        end: Some(at(hours.1)),
        site: Some(site.into()),
        ..published(&format!("OUT-{consultant}@{date}"), 1, Some(consultant))
    }
}

pub(crate) fn history(consultant: &str) -> HistoryRow {
    HistoryRow { line: 2, consultant: consultant.into(), away_days: None, hours: None, weeks: None }
}
