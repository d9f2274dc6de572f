//! Clinics expanded to dated sessions, with changes and bank holidays applied.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::limits::{MOST_SESSIONS, too_many_sessions};
use super::people::{People, no_anchor};
use super::places::{Places, Specialties};
use super::{Codes, Report};
use crate::calendar::bank_holidays;
use crate::clinics::{Clinic, Session};
use crate::draft::{ClinicChangeRow, ClinicRow, Draft};
use crate::fault::{Fault, Table};
use crate::ids::{ClinicId, ConsultantId, SessionId, SiteId};
use crate::time::{Clock, Date, Horizon, Span};
use crate::values::{BankHolidayPolicy, ChangeKind, Nation, Priority, Thousandths, round_div};

pub(super) struct Series {
    pub(super) clinics: Vec<Clinic>,
    pub(super) clinic_codes: Codes<ClinicId>,
    pub(super) sessions: Vec<Session>,
    pub(super) session_ids: HashMap<String, SessionId>,
}

/// What the expansion looks at.
pub(super) struct Context<'a> {
    pub(super) horizon: Horizon,
    pub(super) cycle_anchor: Option<Date>,
    pub(super) places: &'a Places,
    pub(super) specialties: &'a Specialties,
    pub(super) people: &'a People,
}

/// A session, and where it was read.
struct Dated {
    session: Session,
    table: Table,
    line: u32,
}

/// Expands clinics and one-off sessions; `None` where there are too many, which is a fault.
pub(super) fn build(draft: &Draft, context: &Context<'_>, report: &mut Report) -> Option<Series> {
    let (clinic_codes, order) = clinic_codes(draft, report);
    let holidays = Holidays::new(draft, context);
    let mut changes: HashMap<&str, Vec<&ClinicChangeRow>> = HashMap::new();
    for row in draft.clinic_changes.iter().flatten() {
        let table = Table::ClinicChanges;
        if clinic_codes.find(&row.clinic, table, row.line, "clinic", report).is_none() {
            continue;
        }
        if draft.clinics.is_none() {
            let problem = format!("clinic {:?} is known from sessions.csv alone", row.clinic);
            let remedy = "change its sessions there; the row changes nothing";
            report.warn(Fault::of_cell(table, row.line, "clinic", &row.clinic, problem, remedy));
            continue;
        }
        changes.entry(&row.clinic).or_default().push(row);
    }
    let mut clinics = Vec::new();
    let mut dated = Vec::new();
    let rows = draft.clinics.as_deref().unwrap_or_default();
    // Codes that only sessions.csv names have no row.
    for (index, row) in order.into_iter().filter_map(|i| rows.get(i)).enumerate() {
        let (clinic, pattern) = clinic(row, context, report);
        clinics.push(clinic);
        let mut changes = changes.remove(row.clinic.as_str()).unwrap_or_default();
        changes.sort_by_key(|change| (change.date, change.start, change.line));
        let runs = runs(row, &changes, &holidays, pattern.site, context, report);
        if dated.len() + runs.len() > MOST_SESSIONS {
            too_many_sessions(Table::Clinics, row.line, report);
            return None;
        }
        for (code, span) in runs {
            let mut session = pattern.clone();
            session.code = code;
            session.clinic = Some(ClinicId::new(index));
            session.pas = pas(row.pas, span);
            (session.span, session.date) = (span, span.start().date());
            dated.push(Dated { session, table: Table::Clinics, line: row.line });
        }
    }
    if draft.clinics.is_none() {
        // Without clinics.csv the series are those that sessions.csv names.
        clinics = named_series(draft, &clinic_codes, context);
    }
    one_offs(draft, &clinic_codes, context, &mut dated, report)?;

    dated.sort_by(|a, b| (a.session.span, &a.session.code).cmp(&(b.session.span, &b.session.code)));
    let mut session_ids = HashMap::new();
    let mut sessions: Vec<Session> = Vec::new();
    for Dated { session, table, line } in dated {
        let id = SessionId::new(sessions.len());
        if session_ids.insert(session.code.clone(), id).is_some() {
            report.fault(Fault::of_cell(
                table,
                line,
                if table == Table::Clinics { "clinic" } else { "session" },
                session.code.clone(),
                format!("session {:?} is there already", session.code),
                "give each session an id of its own",
            ));
        }
        if let Some(clinic) = session.clinic
            && let Some(clinic) = clinics.get_mut(clinic.index())
        {
            clinic.sessions.push(id);
        }
        sessions.push(session);
    }
    Some(Series { clinics, clinic_codes, sessions, session_ids })
}

fn clinic_codes(draft: &Draft, report: &mut Report) -> (Codes<ClinicId>, Vec<usize>) {
    match &draft.clinics {
        Some(rows) => {
            let codes = rows.iter().map(|row| (row.line, row.clinic.as_str()));
            Codes::new(Table::Clinics, "clinic", "clinic", codes, report)
        }
        None => {
            let named: BTreeSet<&str> =
                draft.sessions.iter().flatten().filter_map(|row| row.clinic.as_deref()).collect();
            let codes = named.into_iter().map(|code| (0, code));
            Codes::new(Table::Clinics, "clinic", "clinic", codes, report)
        }
    }
}

fn named_series(
    draft: &Draft,
    clinic_codes: &Codes<ClinicId>,
    context: &Context<'_>,
) -> Vec<Clinic> {
    let mut clinics: BTreeMap<&str, Clinic> = BTreeMap::new();
    for row in draft.sessions.iter().flatten() {
        let Some(code) = row.clinic.as_deref().filter(|c| clinic_codes.get(c).is_some()) else {
            continue;
        };
        let places = row.consultants.unwrap_or(1);
        clinics
            .entry(code)
            .and_modify(|clinic| clinic.places = clinic.places.max(places))
            .or_insert_with(|| Clinic {
                code: code.to_owned(),
                site: context.places.site_codes.get(&row.site).unwrap_or(SiteId::new(0)),
                specialty: context.specialties.id(&row.specialty),
                places,
                new_slots: None,
                follow_up_slots: None,
                sessions: Vec::new(),
            });
    }
    clinics.into_values().collect()
}

/// The clinic and what all its sessions have in common.
fn clinic(row: &ClinicRow, context: &Context<'_>, report: &mut Report) -> (Clinic, Session) {
    let table = Table::Clinics;
    let site = context.places.site_codes.find(&row.site, table, row.line, "site", report);
    let site = site.unwrap_or(SiteId::new(0));
    report.validity(table, row.line, "valid_to", row.valid);
    if row.weeks.needs_anchor() && context.cycle_anchor.is_none() {
        report.fault(no_anchor(table, row.line));
    }
    let specialty = context.specialties.id(&row.specialty);
    let clinic = Clinic {
        code: row.clinic.clone(),
        site,
        specialty,
        places: row.consultants,
        new_slots: row.new_slots,
        follow_up_slots: row.follow_up_slots,
        sessions: Vec::new(),
    };
    let pattern = Session {
        code: String::new(),
        site,
        specialty,
        subspecialty: row.subspecialty.clone(),
        span: Span::on(context.horizon.from(), row.start, row.end),
        date: context.horizon.from(),
        places: row.consultants,
        priority: row.priority,
        named: named(&row.named_consultant, table, row.line, context, report),
        room: row.room.clone(),
        pas: Thousandths(0),
        clinic: None,
    };
    (clinic, pattern)
}

fn named(
    codes: &[String],
    table: Table,
    line: u32,
    context: &Context<'_>,
    report: &mut Report,
) -> Vec<ConsultantId> {
    let find =
        |code: &String| context.people.codes.find(code, table, line, "named_consultant", report);
    let mut named: Vec<ConsultantId> = codes.iter().filter_map(find).collect();
    named.sort_unstable();
    named.dedup();
    named
}

fn pas(given: Option<Thousandths>, span: Span) -> Thousandths {
    // Hours / 4.
    given.unwrap_or_else(|| Thousandths(round_div(i64::from(span.minutes()) * 1000, 240)))
}

/// When a clinic runs in the horizon, each with the session's id.
fn runs(
    row: &ClinicRow,
    changes: &[&ClinicChangeRow],
    holidays: &Holidays,
    site: SiteId,
    context: &Context<'_>,
    report: &mut Report,
) -> Vec<(String, Span)> {
    let horizon = context.horizon;
    let in_pattern = |day: Date| {
        day.weekday() == row.weekday
            && row.valid.contains(day)
            && row.weeks.contains(day, context.cycle_anchor)
    };
    let skipped =
        |day: Date| row.bank_holidays == BankHolidayPolicy::Skip && holidays.contains(site, day);
    let mut changed: HashMap<Date, &ClinicChangeRow> = HashMap::new();
    // Moved and added ones come after the regular one of a day when ids are given out.
    let mut extra: Vec<(Date, Span)> = Vec::new();
    for change in changes {
        let span = |day| Span::on(day, change.start.unwrap_or(row.start), end(row, change));
        if change.change == ChangeKind::Add {
            extra.push((change.date, span(change.date)));
            continue;
        }
        if !in_pattern(change.date) {
            if horizon.contains(change.date) {
                let problem = format!("clinic {} does not run on {}", row.clinic, change.date);
                report.warn(Fault::of_cell(
                    Table::ClinicChanges,
                    change.line,
                    "date",
                    change.date.to_string(),
                    problem,
                    "check the date; the row changes nothing",
                ));
            }
            continue;
        }
        if let Some(first) = changed.insert(change.date, change) {
            report.fault(Fault::of_cell(
                Table::ClinicChanges,
                change.line,
                "date",
                change.date.to_string(),
                format!("{} on {} is changed on line {} too", row.clinic, change.date, first.line),
                "keep one of the two",
            ));
            continue;
        }
        if change.change == ChangeKind::Move {
            let day = change.to_date.unwrap_or(change.date);
            extra.push((day, span(day)));
        }
    }
    let mut all: Vec<(Date, u8, Span)> = horizon
        .dates()
        .filter(|day| in_pattern(*day) && !changed.contains_key(day) && !skipped(*day))
        .map(|day| (day, 0, Span::on(day, row.start, row.end)))
        .collect();
    all.extend(
        extra.into_iter().filter(|(day, _)| horizon.contains(*day)).map(|(day, s)| (day, 1, s)),
    );
    all.sort_unstable();
    let mut count: BTreeMap<Date, u32> = BTreeMap::new();
    all.into_iter()
        .map(|(day, _, span)| {
            let number = count.entry(day).and_modify(|n| *n += 1).or_insert(1);
            let code = match number {
                1 => format!("{}@{day}", row.clinic),
                n => format!("{}@{day}#{n}", row.clinic),
            };
            (code, span)
        })
        .collect()
}

/// The end of a changed session: as given, else as long as the clinic lasts.
fn end(row: &ClinicRow, change: &ClinicChangeRow) -> Clock {
    match (change.start, change.end) {
        (_, Some(end)) => end,
        (None, None) => row.end,
        (Some(start), None) => {
            let length = Span::on(Date::constant(2000, 1, 1), row.start, row.end).minutes();
            Span::on(Date::constant(2000, 1, 1), start, start).start().plus(length).clock()
        }
    }
}

fn one_offs(
    draft: &Draft,
    clinic_codes: &Codes<ClinicId>,
    context: &Context<'_>,
    dated: &mut Vec<Dated>,
    report: &mut Report,
) -> Option<()> {
    let clinics: HashMap<&str, &ClinicRow> =
        draft.clinics.iter().flatten().map(|row| (row.clinic.as_str(), row)).collect();
    let mut outside: Option<(u32, u32)> = None;
    for row in draft.sessions.iter().flatten() {
        let (table, line) = (Table::Sessions, row.line);
        let site = context.places.site_codes.find(&row.site, table, line, "site", report);
        let clinic =
            clinic_codes.find_if_given(row.clinic.as_deref(), table, line, "clinic", report);
        let mut people = named(&row.named_consultant, table, line, context, report);
        let (Some(site), Ok(clinic)) = (site, clinic) else { continue };
        let series = row.clinic.as_deref().and_then(|code| clinics.get(code));
        if people.is_empty()
            && let Some(series) = series
        {
            // Unknown codes are reported at the clinic.
            let codes = series.named_consultant.iter();
            people = codes.filter_map(|code| context.people.codes.get(code)).collect();
            people.sort_unstable();
            people.dedup();
        }
        if !context.horizon.contains(row.date) {
            outside =
                Some((outside.map_or(line, |(first, _)| first), outside.map_or(1, |o| o.1 + 1)));
            continue;
        }
        if dated.len() == MOST_SESSIONS {
            too_many_sessions(table, line, report);
            return None;
        }
        let span = Span::on(row.date, row.start, row.end);
        let session = Session {
            code: row.session.clone(),
            site,
            specialty: context.specialties.id(&row.specialty),
            subspecialty: row.subspecialty.clone(),
            span,
            date: row.date,
            places: row.consultants.or(series.map(|s| s.consultants)).unwrap_or(1),
            priority: row.priority.or(series.map(|s| s.priority)).unwrap_or(Priority::Should),
            named: people,
            room: row.room.clone(),
            pas: pas(row.pas, span),
            clinic,
        };
        dated.push(Dated { session, table, line });
    }
    if let Some((line, count)) = outside {
        report.warn(Fault::of_cell(
            Table::Sessions,
            line,
            "date",
            "",
            match count {
                1 => "the session is outside the horizon".to_owned(),
                _ => format!("{count} sessions from here on are outside the horizon"),
            },
            "not planned",
        ));
    }
    Some(())
}

/// Bank holidays at each site.
struct Holidays {
    by_nation: HashMap<Nation, BTreeSet<Date>>,
    nation: Vec<Nation>,
}

impl Holidays {
    fn new(draft: &Draft, context: &Context<'_>) -> Self {
        let places = context.places;
        let nation = |site: &crate::sites::Site| {
            places.trusts.get(site.trust.index()).map_or(Nation::England, |trust| trust.nation)
        };
        let nations = [Nation::England, Nation::Wales, Nation::Scotland, Nation::NorthernIreland];
        let years = context.horizon.from().year()..=context.horizon.to().year();
        let mut by_nation: HashMap<Nation, BTreeSet<Date>> = nations
            .into_iter()
            .map(|n| (n, years.clone().flat_map(|year| bank_holidays(n, year)).collect()))
            .collect();
        for row in draft.bank_holidays.iter().flatten() {
            for (_, days) in
                by_nation.iter_mut().filter(|(n, _)| row.nation.is_none_or(|only| only == **n))
            {
                days.insert(row.date);
            }
        }
        Self { by_nation, nation: places.sites.iter().map(nation).collect() }
    }

    fn contains(&self, site: SiteId, day: Date) -> bool {
        self.nation
            .get(site.index())
            .and_then(|nation| self.by_nation.get(nation))
            .is_some_and(|days| days.contains(&day))
    }
}
