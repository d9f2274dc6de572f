//! Rows with everything optional left out, for writing datasets in code.

use rotashare_core::draft::{
    AccreditationRow, AgreementRow, AuthorisationRow, ClinicChangeRow, ClinicRow, ConsultantRow,
    CoverRow, Draft, HistoryRow, JobPlanRow, LeaveRow, OnCallRow, PinRow, PreferenceRow,
    SessionRow, SiteRow, TravelRow, TrustRow,
};
use rotashare_core::time::{Clock, Date, Part, Validity, Weekday, WorkingDays};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Firmness, Nation, OnCallKind, PinKind, Priority, Thousandths,
    WeekPattern,
};

/// A time of day; midnight where there is no such time.
#[must_use]
pub fn clock(hour: u16, minute: u16) -> Clock {
    Clock::new(hour, minute).unwrap_or(Clock::MIDNIGHT)
}

/// A trust in England.
#[must_use]
pub fn trust(trust: &str, name: &str) -> TrustRow {
    TrustRow { line: 0, trust: trust.into(), name: name.into(), nation: Nation::England }
}

/// A site with neither postcode nor coordinates.
#[must_use]
pub fn site(site: &str, trust: &str, name: &str) -> SiteRow {
    SiteRow {
        line: 0,
        site: site.into(),
        trust: trust.into(),
        name: name.into(),
        postcode: None,
        latitude: None,
        longitude: None,
    }
}

/// A journey that takes the same at all hours.
#[must_use]
pub fn travel(from: &str, to: &str, minutes: u32) -> TravelRow {
    TravelRow {
        line: 0,
        from_site: from.into(),
        to_site: to.into(),
        minutes,
        miles: None,
        depart_from: None,
        depart_to: None,
    }
}

/// A full-time consultant, Monday to Friday.
#[must_use]
pub fn consultant(consultant: &str, name: &str, trust: &str, base_site: &str) -> ConsultantRow {
    ConsultantRow {
        line: 0,
        consultant: consultant.into(),
        name: name.into(),
        trust: trust.into(),
        base_site: base_site.into(),
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

/// An accreditation without an end.
#[must_use]
pub fn accreditation(
    consultant: &str,
    specialty: &str,
    subspecialty: Option<&str>,
) -> AccreditationRow {
    AccreditationRow {
        line: 0,
        consultant: consultant.into(),
        specialty: specialty.into(),
        subspecialty: subspecialty.map(str::to_owned),
        valid: Validity::default(),
    }
}

/// An authority to work anywhere in a trust, in every specialty, without an end.
#[must_use]
pub fn authorisation(consultant: &str, host: &str) -> AuthorisationRow {
    AuthorisationRow {
        line: 0,
        consultant: consultant.into(),
        trust: host.into(),
        site: None,
        specialty: None,
        instrument: None,
        valid: Validity::default(),
    }
}

/// A fixed weekly duty at the base site.
#[must_use]
pub fn duty(
    consultant: &str,
    weekday: Weekday,
    (start, end): (Clock, Clock),
    activity: &str,
) -> JobPlanRow {
    JobPlanRow {
        line: 0,
        consultant: consultant.into(),
        weekday,
        start,
        end,
        weeks: WeekPattern::All,
        activity: activity.into(),
        site: None,
        firmness: Firmness::Fixed,
        pas: None,
        valid: Validity::default(),
    }
}

/// Leave on whole days.
#[must_use]
pub fn leave(consultant: &str, from: Date, to: Date, kind: &str) -> LeaveRow {
    LeaveRow {
        line: 0,
        consultant: consultant.into(),
        from,
        to,
        part: Part::All,
        kind: Some(kind.into()),
    }
}

/// A hot week.
#[must_use]
pub fn hot_week(consultant: &str, from: Date, to: Date) -> OnCallRow {
    OnCallRow {
        line: 0,
        consultant: consultant.into(),
        from,
        to,
        start: None,
        end: None,
        kind: OnCallKind::HotWeek,
    }
}

/// An on-call from a time on one date to a time on another.
#[must_use]
pub fn on_call(
    consultant: &str,
    (from, start): (Date, Clock),
    (to, end): (Date, Clock),
) -> OnCallRow {
    OnCallRow {
        line: 0,
        consultant: consultant.into(),
        from,
        to,
        start: Some(start),
        end: Some(end),
        kind: OnCallKind::OnCall,
    }
}

/// A weekly clinic for one consultant.
#[must_use]
pub fn clinic(
    clinic: &str,
    site: &str,
    specialty: &str,
    weekday: Weekday,
    (start, end): (Clock, Clock),
) -> ClinicRow {
    ClinicRow {
        line: 0,
        clinic: clinic.into(),
        site: site.into(),
        specialty: specialty.into(),
        weekday,
        start,
        end,
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

/// A change to a clinic's day.
#[must_use]
pub fn change(clinic: &str, date: Date, change: ChangeKind, note: &str) -> ClinicChangeRow {
    ClinicChangeRow {
        line: 0,
        clinic: clinic.into(),
        date,
        change,
        to_date: None,
        start: None,
        end: None,
        note: Some(note.into()),
    }
}

/// A one-off session that belongs to no clinic.
#[must_use]
pub fn session(
    session: &str,
    site: &str,
    specialty: &str,
    date: Date,
    (start, end): (Clock, Clock),
) -> SessionRow {
    SessionRow {
        line: 0,
        session: session.into(),
        site: site.into(),
        specialty: specialty.into(),
        date,
        start,
        end,
        clinic: None,
        subspecialty: None,
        consultants: None,
        priority: None,
        named_consultant: Vec::new(),
        room: None,
        pas: None,
    }
}

/// Cover on every half-day, wherever in the trust.
#[must_use]
pub fn cover(trust: &str, specialty: &str, keep_on_base: u32) -> CoverRow {
    CoverRow {
        line: 0,
        trust: trust.into(),
        specialty: specialty.into(),
        keep_on_base,
        weekday: None,
        part: Part::All,
        site: None,
    }
}

/// An agreement for one specialty with no terms yet.
#[must_use]
pub fn agreement(agreement: &str, lender: &str, host: &str, specialty: &str) -> AgreementRow {
    AgreementRow {
        line: 0,
        agreement: agreement.into(),
        lender: lender.into(),
        host: host.into(),
        specialty: Some(specialty.into()),
        min_sessions: None,
        max_sessions: None,
        price_per_session: None,
        mileage_pence: None,
        max_cost: None,
        valid: Validity::default(),
    }
}

/// Points on every session until narrowed down.
#[must_use]
pub fn preference(consultant: &str, points: i64) -> PreferenceRow {
    PreferenceRow {
        line: 0,
        consultant: consultant.into(),
        points,
        site: None,
        specialty: None,
        clinic: None,
        weekday: None,
        part: Part::All,
    }
}

/// A pin.
#[must_use]
pub fn pin(session: &str, consultant: &str, pin: PinKind) -> PinRow {
    PinRow { line: 0, session: session.into(), consultant: consultant.into(), pin }
}

/// What somebody did before the horizon: away days, minutes, weeks.
#[must_use]
pub fn history(consultant: &str, away_days: u32, minutes: i64, weeks: i64) -> HistoryRow {
    HistoryRow {
        line: 0,
        consultant: consultant.into(),
        away_days: Some(away_days),
        hours: Some(minutes),
        weeks: Some(Thousandths(weeks * 1000)),
    }
}

/// Gives every row the line on which it will stand in its file.
pub fn number_lines(draft: &mut Draft) {
    macro_rules! number {
        ($($rows:expr),* $(,)?) => {$(
            for (line, row) in (2..).zip($rows) {
                row.line = line;
            }
        )*};
    }
    number!(
        draft.specialties.iter_mut().flatten(),
        draft.bank_holidays.iter_mut().flatten(),
        &mut draft.trusts,
        &mut draft.sites,
        draft.travel.iter_mut().flatten(),
        &mut draft.consultants,
        &mut draft.accreditations,
        draft.authorisations.iter_mut().flatten(),
        draft.job_plans.iter_mut().flatten(),
        draft.leave.iter_mut().flatten(),
        draft.on_call.iter_mut().flatten(),
        draft.clinics.iter_mut().flatten(),
        draft.clinic_changes.iter_mut().flatten(),
        draft.sessions.iter_mut().flatten(),
        draft.cover.iter_mut().flatten(),
        draft.agreements.iter_mut().flatten(),
        draft.preferences.iter_mut().flatten(),
        draft.pins.iter_mut().flatten(),
        draft.published.iter_mut().flatten(),
        draft.history.iter_mut().flatten(),
    );
}
