//! Consultants and everything that is theirs alone.

use std::collections::HashMap;

use super::places::{Places, Specialties};
use super::series::Series;
use super::{Codes, Report};
use crate::draft::Draft;
use crate::fault::{Fault, Table};
use crate::ids::{ConsultantId, SiteId, TrustId};
use crate::people::{
    Accreditation, Authorisation, Consultant, DutyPattern, History, Leave, OnCall, Preference,
};
use crate::time::Date;

pub(super) struct People {
    pub(super) list: Vec<Consultant>,
    pub(super) codes: Codes<ConsultantId>,
}

pub(super) fn build(
    draft: &Draft,
    places: &Places,
    specialties: &Specialties,
    cycle_anchor: Option<Date>,
    report: &mut Report,
) -> People {
    let rows = draft.consultants.iter().map(|row| (row.line, row.consultant.as_str()));
    let (codes, order) = Codes::new(Table::Consultants, "consultant", "consultant", rows, report);
    let list =
        order.into_iter().map(|i| consultant(&draft.consultants[i], places, report)).collect();
    let mut people = People { list, codes };
    rights(draft, &mut people, places, specialties, report);
    duties(draft, &mut people, places, cycle_anchor, report);
    absences(draft, &mut people, report);
    history(draft, &mut people, report);
    for consultant in &mut people.list {
        // Rows may come in any order; what is theirs stands in one.
        consultant.authorisations.sort_by_key(|a| {
            (a.trust, a.valid.to, a.valid.from, a.site, a.specialty, a.instrument)
        });
        consultant.leave.sort_by_key(|leave| (leave.from, leave.to, leave.part));
        consultant.on_call.sort_by_key(|on_call| (on_call.span, on_call.kind));
        consultant.duties.sort_by(|a, b| {
            let key = |duty: &DutyPattern| {
                (duty.weekday.to_monday_zero_offset(), duty.start, duty.end, duty.site)
            };
            (key(a), &a.activity).cmp(&(key(b), &b.activity))
        });
    }
    people
}

fn consultant(
    row: &crate::draft::ConsultantRow,
    places: &Places,
    report: &mut Report,
) -> Consultant {
    let table = Table::Consultants;
    let employer = places.trust_codes.find(&row.trust, table, row.line, "trust", report);
    let base = places.site_codes.find(&row.base_site, table, row.line, "base_site", report);
    report.validity(table, row.line, "active_to", row.active);
    if let (Some(employer), Some(base)) = (employer, base)
        && places.sites[base.index()].trust != employer
    {
        report.warn(Fault::of_cell(
            table,
            row.line,
            "base_site",
            row.base_site.clone(),
            format!("base site {} is not a site of the employer, {}", row.base_site, row.trust),
            "check both; sessions there will count as away",
        ));
    }
    Consultant {
        code: row.consultant.clone(),
        name: row.name.clone(),
        employer: employer.unwrap_or(TrustId::new(0)),
        base: base.unwrap_or(SiteId::new(0)),
        fte: row.fte,
        working_days: row.working_days,
        target_minutes: row.target_hours,
        max_minutes: row.max_hours,
        max_away_days: row.max_away_days_per_week,
        active: row.active,
        email: row.email.clone(),
        accreditations: Vec::new(),
        authorisations: Vec::new(),
        duties: Vec::new(),
        leave: Vec::new(),
        on_call: Vec::new(),
        preferences: Vec::new(),
        history: History::default(),
    }
}

fn rights(
    draft: &Draft,
    people: &mut People,
    places: &Places,
    specialties: &Specialties,
    report: &mut Report,
) {
    for row in &draft.accreditations {
        let table = Table::Accreditations;
        report.validity(table, row.line, "valid_to", row.valid);
        if let Some(who) = people.codes.find(&row.consultant, table, row.line, "consultant", report)
        {
            people.list[who.index()].accreditations.push(Accreditation {
                specialty: specialties.id(&row.specialty),
                subspecialty: row.subspecialty.clone(),
                valid: row.valid,
            });
        }
    }
    for row in draft.authorisations.iter().flatten() {
        let table = Table::Authorisations;
        report.validity(table, row.line, "valid_to", row.valid);
        let who = people.codes.find(&row.consultant, table, row.line, "consultant", report);
        let trust = places.trust_codes.find(&row.trust, table, row.line, "trust", report);
        let site =
            places.site_codes.find_if_given(row.site.as_deref(), table, row.line, "site", report);
        let (Some(who), Some(trust), Ok(site)) = (who, trust, site) else { continue };
        if let Some(site) = site
            && places.sites[site.index()].trust != trust
        {
            let code = &places.sites[site.index()].code;
            report.fault(Fault::of_cell(
                table,
                row.line,
                "site",
                code.clone(),
                format!("site {code} does not belong to trust {}", row.trust),
                "correct the trust or the site, or leave the site empty",
            ));
        }
        people.list[who.index()].authorisations.push(Authorisation {
            trust,
            site,
            specialty: row.specialty.as_deref().map(|code| specialties.id(code)),
            instrument: row.instrument,
            valid: row.valid,
        });
    }
}

fn duties(
    draft: &Draft,
    people: &mut People,
    places: &Places,
    cycle_anchor: Option<Date>,
    report: &mut Report,
) {
    for row in draft.job_plans.iter().flatten() {
        let table = Table::JobPlans;
        report.validity(table, row.line, "valid_to", row.valid);
        if row.weeks.needs_anchor() && cycle_anchor.is_none() {
            report.fault(no_anchor(table, row.line));
        }
        let who = people.codes.find(&row.consultant, table, row.line, "consultant", report);
        let site =
            places.site_codes.find_if_given(row.site.as_deref(), table, row.line, "site", report);
        let (Some(who), Ok(site)) = (who, site) else { continue };
        let consultant = &mut people.list[who.index()];
        let site = site.unwrap_or(consultant.base);
        consultant.duties.push(DutyPattern {
            weekday: row.weekday,
            start: row.start,
            end: row.end,
            weeks: row.weeks.clone(),
            activity: row.activity.clone(),
            site,
            firmness: row.firmness,
            pas: row.pas,
            valid: row.valid,
        });
    }
}

/// A cycle without a `cycle_anchor`.
pub(super) fn no_anchor(table: Table, line: u32) -> Fault {
    Fault::of_cell(
        table,
        line,
        "weeks",
        "cycle",
        "a cycle needs to know where it starts",
        "add cycle_anchor, a Monday, to network.toml",
    )
}

fn absences(draft: &Draft, people: &mut People, report: &mut Report) {
    for row in draft.leave.iter().flatten() {
        let table = Table::Leave;
        report.dates(table, row.line, row.from, row.to);
        if let Some(who) = people.codes.find(&row.consultant, table, row.line, "consultant", report)
        {
            people.list[who.index()].leave.push(Leave {
                from: row.from,
                to: row.to,
                part: row.part,
                kind: row.kind.clone(),
            });
        }
    }
    for row in draft.on_call.iter().flatten() {
        let table = Table::OnCall;
        report.dates(table, row.line, row.from, row.to);
        if let Some(who) = people.codes.find(&row.consultant, table, row.line, "consultant", report)
        {
            let on_call = OnCall { kind: row.kind, span: row.span() };
            people.list[who.index()].on_call.push(on_call);
        }
    }
}

fn history(draft: &Draft, people: &mut People, report: &mut Report) {
    let mut seen: HashMap<ConsultantId, u32> = HashMap::new();
    for row in draft.history.iter().flatten() {
        let table = Table::History;
        let Some(who) = people.codes.find(&row.consultant, table, row.line, "consultant", report)
        else {
            continue;
        };
        if let Some(first) = seen.insert(who, row.line) {
            let (column, remedy) = ("consultant", "add the two rows up into one");
            report.doubled(table, row.line, column, (column, &row.consultant), first, remedy);
        }
        let weeks = row.weeks.map(|weeks| weeks.0).filter(|weeks| *weeks > 0);
        let (minutes, weeks) = row.hours.zip(weeks).unwrap_or_default();
        let away_days = row.away_days.unwrap_or(0);
        people.list[who.index()].history = History { away_days, minutes, weeks };
    }
}

pub(super) fn preferences(
    draft: &Draft,
    people: &mut People,
    places: &Places,
    specialties: &Specialties,
    series: &Series,
    report: &mut Report,
) {
    for row in draft.preferences.iter().flatten() {
        let (table, line) = (Table::Preferences, row.line);
        let who = people.codes.find(&row.consultant, table, line, "consultant", report);
        let site =
            places.site_codes.find_if_given(row.site.as_deref(), table, line, "site", report);
        let clinic =
            series.clinic_codes.find_if_given(row.clinic.as_deref(), table, line, "clinic", report);
        let (Some(who), Ok(site), Ok(clinic)) = (who, site, clinic) else { continue };
        people.list[who.index()].preferences.push(Preference {
            points: row.points,
            site,
            specialty: row.specialty.as_deref().map(|code| specialties.id(code)),
            clinic,
            weekday: row.weekday,
            part: row.part,
        });
    }
}
