//! Random tiny datasets in which every file, rule and term of the contract turns up.

use rotashare_core::draft::{
    AccreditationRow, AgreementRow, AuthorisationRow, ClinicChangeRow, ClinicRow, ConsultantRow,
    CoverRow, Draft, HistoryRow, JobPlanRow, LeaveRow, OnCallRow, PreferenceRow, SessionRow,
    Setting, SiteRow, TravelRow, TrustRow,
};
use rotashare_core::network::Network;
use rotashare_core::time::{Date, Part, Validity, days_after, days_between, monday_of};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Firmness, Hundredths, Instrument, Nation, OnCallKind, Pence,
    PinKind, Priority, Thousandths,
};
use rotashare_rules::registry::RULES;
use rotashare_rules::rule::{Applies, Param, ParamKind, Severity};

use crate::dice::Dice;
use crate::draft::*;
use crate::settings::{set, switch_off, weigh};

/// Start and end of a session or duty: mornings, afternoons, over one o'clock, whole days,
/// evenings, nights.
const HOURS: [(&str, &str); 12] = [
    ("09:00", "13:00"),
    ("09:00", "12:30"),
    ("08:00", "10:00"),
    ("10:00", "12:07"),
    ("13:00", "17:00"),
    ("13:30", "17:30"),
    ("14:00", "16:00"),
    ("11:00", "15:00"),
    ("09:00", "17:00"),
    ("17:30", "20:30"),
    ("20:00", "08:00"),
    ("22:30", "06:00"),
];
const PARTS: [Part; 3] = [Part::All, Part::Am, Part::Pm];
const SPECIALTIES: [&str; 2] = ["320", "100"];

/// A dataset and the date of the run.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) draft: Draft,
    pub(crate) today: Date,
}

struct Maker {
    dice: Dice,
    from: Date,
    to: Date,
    trusts: Vec<&'static str>,
    sites: Vec<(&'static str, &'static str)>,
    people: Vec<(&'static str, &'static str)>,
}

/// The dataset of a seed. It may have too many pairs, or pins that break a rule.
pub(crate) fn case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    // Over a new year, Easter, a change of clocks, and two plain weeks.
    let starts = ["2026-12-30", "2027-03-24", "2027-03-01", "2027-05-06", "2027-05-08"];
    let from = day(dice.pick(&starts));
    let to = days_after(from, dice.between(2, 12) as i64);
    let trusts = vec!["T1", "T2", "T3"][..dice.between(2, 3)].to_vec();
    let all = [("S11", "T1"), ("S12", "T1"), ("S21", "T2"), ("S22", "T2"), ("S31", "T3")];
    let sites = all.into_iter().filter(|(_, t)| trusts.contains(t)).collect::<Vec<_>>();
    let mut people = Vec::new();
    for code in ["A", "B", "C", "D"].into_iter().take(dice.between(1, 4)) {
        let trust = if dice.percent(70) { "T1" } else { dice.pick(&trusts) };
        people.push((code, trust));
    }
    let mut maker = Maker { dice, from, to, trusts, sites, people };
    let mut draft = dataset(&from.to_string(), &to.to_string());
    maker.places(&mut draft);
    maker.consultants(&mut draft);
    maker.times(&mut draft);
    maker.clinics(&mut draft);
    maker.boards(&mut draft);
    maker.settings(&mut draft);
    maker.decided(&mut draft);
    number(&mut draft);
    let notice = maker.dice.pick(&[0, 30, 38, 41, 44, 90]);
    Case { draft, today: days_after(from, -notice) }
}

impl Maker {
    fn date(&mut self, slack: i64) -> Date {
        let days = days_between(self.from, self.to) + 1 + 2 * slack;
        days_after(self.from, self.dice.below(usize::try_from(days).expect("days")) as i64 - slack)
    }

    fn validity(&mut self) -> Validity {
        let (one, other) = (self.date(1), self.date(1));
        match self.dice.below(12) {
            0 => Validity { from: Some(one), to: None },
            1 => Validity { from: None, to: Some(one) },
            2 => Validity { from: Some(one.min(other)), to: Some(one.max(other)) },
            _ => Validity::default(),
        }
    }

    fn hours(&mut self) -> (&'static str, &'static str) {
        // Ordinary hours mostly: they meet more often.
        let end = if self.dice.percent(80) { 9 } else { HOURS.len() };
        HOURS[self.dice.below(end)]
    }

    fn person(&mut self) -> &'static str {
        self.dice.pick(&self.people).0
    }

    fn places(&mut self, draft: &mut Draft) {
        let nations = [Nation::England, Nation::Wales, Nation::Scotland, Nation::NorthernIreland];
        for code in self.trusts.clone() {
            let nation = if self.dice.percent(70) { nations[0] } else { self.dice.pick(&nations) };
            draft.trusts.push(TrustRow { nation, ..trust(code) });
        }
        if self.dice.percent(30) {
            draft.specialties = Some(vec![own_specialty("320", "Heart")]);
            let only = self.dice.perhaps(50, &nations);
            let on = self.date(0).to_string();
            draft.bank_holidays = Some(vec![bank_holiday(&on, only)]);
        }
        for (index, (code, of)) in self.sites.clone().into_iter().enumerate() {
            // Ten to forty miles apart.
            let north = 51.5 + 0.2 * index as f64;
            let row = SiteRow { latitude: Some(north), longitude: Some(0.1), ..site(code, of) };
            draft.sites.push(row);
        }
        let mut rows = Vec::new();
        for (i, (one, _)) in self.sites.iter().enumerate() {
            for (other, _) in &self.sites[i + 1..] {
                let minutes = self.dice.pick(&[0, 10, 30, 45, 90, 200]);
                if self.dice.percent(60) {
                    let miles = self.dice.perhaps(50, &[Hundredths(1234), Hundredths(0)]);
                    rows.push(TravelRow { miles, ..way(one, other, minutes) });
                }
                if self.dice.percent(20) {
                    let minutes = self.dice.pick(&[5, 60, 120]);
                    rows.push(way(other, one, minutes));
                }
                if self.dice.percent(20) {
                    let (from, to) = self.dice.pick(&[("12:00", "14:00"), ("16:00", "09:00")]);
                    let depart = (Some(at(from)), Some(at(to)));
                    let row = way(one, other, self.dice.pick(&[15, 75, 150]));
                    rows.push(TravelRow { depart_from: depart.0, depart_to: depart.1, ..row });
                }
            }
        }
        draft.travel = self.dice.percent(80).then_some(rows);
    }

    fn consultants(&mut self, draft: &mut Draft) {
        for (code, of) in self.people.clone() {
            let own: Vec<_> = self.sites.iter().filter(|(_, t)| *t == of).copied().collect();
            let base = if self.dice.percent(95) { self.dice.pick(&own) } else { self.sites[0] };
            let fte = Thousandths(self.dice.pick(&[1000, 1000, 500, 800, 333]));
            let days = self.dice.pick(&["MTWTF--", "MTWTFSS", "MTWTFSS", "M-WTF-S"]);
            draft.consultants.push(ConsultantRow {
                fte,
                working_days: days.parse().expect("days"),
                target_hours: self.dice.perhaps(40, &[0, 225, 240, 247, 480, 900]),
                max_hours: self.dice.perhaps(30, &[120, 240, 480, 600]),
                max_away_days_per_week: self.dice.perhaps(30, &[0, 1, 1, 2, 3]),
                active: self.validity(),
                ..consultant(code, of, base.0)
            });
            for (index, specialty) in SPECIALTIES.into_iter().enumerate() {
                let share = [92, 50][index];
                while self.dice.percent(share) {
                    let subspecialty = self.dice.perhaps(50, &["Echo".into(), "echo".into()]);
                    let valid = self.validity();
                    let row = accreditation(code, specialty);
                    draft.accreditations.push(AccreditationRow { subspecialty, valid, ..row });
                    if self.dice.percent(75) {
                        break;
                    }
                }
            }
        }
        if self.dice.percent(60) {
            let mut rows = Vec::new();
            for (code, of) in self.people.clone() {
                for host in self.trusts.clone().into_iter().filter(|host| *host != of) {
                    while self.dice.percent(85) {
                        let there = self.sites.iter().filter(|(_, t)| *t == host).copied();
                        let there: Vec<&str> = there.map(|(site, _)| site).collect();
                        rows.push(AuthorisationRow {
                            site: self.dice.perhaps(25, &there).map(Into::into),
                            specialty: self.dice.perhaps(25, &SPECIALTIES).map(Into::into),
                            instrument: self
                                .dice
                                .perhaps(80, &[Instrument::Passport, Instrument::Secondment]),
                            valid: self.validity(),
                            ..authorisation(code, host)
                        });
                        if self.dice.percent(80) {
                            break;
                        }
                    }
                }
            }
            draft.authorisations = Some(rows);
        }
    }

    /// Job plans, leave, on-call, history.
    fn times(&mut self, draft: &mut Draft) {
        let anchor = days_after(monday_of(self.from), 7 * (self.dice.below(6) as i64 - 3));
        draft.network.cycle_anchor = Some((3, anchor));
        let patterns = ["all", "all", "all", "nth:1,3", "nth:last", "iso:odd", "cycle:1,3/4"];
        if self.dice.percent(45) {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(0, 4) {
                let (start, end) = match self.dice.below(8) {
                    0 => ("23:30", "23:00"),
                    1 => ("12:00", "12:00"),
                    _ => self.hours(),
                };
                let on = self.date(1).weekday();
                let sites: Vec<&str> = self.sites.iter().map(|(site, _)| *site).collect();
                let firm = [Firmness::Fixed, Firmness::Fixed, Firmness::Movable];
                rows.push(JobPlanRow {
                    weekday: on,
                    weeks: weeks(self.dice.pick(&patterns)),
                    activity: self.dice.pick(&["SPA", "on-call", ""]).into(),
                    site: self.dice.perhaps(35, &sites).map(Into::into),
                    firmness: self.dice.pick(&firm),
                    valid: self.validity(),
                    ..duty(self.person(), "mon", start, end)
                });
            }
            draft.job_plans = Some(rows);
        }
        if self.dice.percent(45) {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(0, 3) {
                let from = self.date(5);
                let to = days_after(from, self.dice.pick(&[0, 0, 1, 2, 3, 4]));
                let part = if self.dice.percent(60) { Part::All } else { self.dice.pick(&PARTS) };
                let row = leave(self.person(), &from.to_string(), &to.to_string());
                rows.push(LeaveRow { part, kind: Some("annual".into()), ..row });
            }
            draft.leave = Some(rows);
        }
        if self.dice.percent(35) {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(0, 2) {
                let from = self.date(2);
                let to = days_after(from, self.dice.pick(&[0, 1, 1, 2]));
                let times = [at("08:00"), at("20:00"), at("00:00"), at("22:30")];
                let kind = [OnCallKind::HotWeek, OnCallKind::OnCall, OnCallKind::OnCall];
                rows.push(OnCallRow {
                    start: self.dice.perhaps(70, &times),
                    end: self.dice.perhaps(70, &times),
                    kind: self.dice.pick(&kind),
                    ..on_call(self.person(), &from.to_string(), &to.to_string())
                });
            }
            draft.on_call = Some(rows);
        }
        if self.dice.percent(40) {
            let mut rows = Vec::new();
            for (code, _) in self.people.clone() {
                if self.dice.percent(60) {
                    rows.push(HistoryRow {
                        away_days: self.dice.perhaps(70, &[0, 1, 3, 7]),
                        hours: self.dice.perhaps(50, &[0, 1200, 11_520, 13_000]),
                        weeks: self.dice.perhaps(50, &[Thousandths(4000), Thousandths(2500)]),
                        ..history(code)
                    });
                }
            }
            draft.history = Some(rows);
        }
    }

    fn clinics(&mut self, draft: &mut Draft) {
        let priorities = [Priority::Must, Priority::Should, Priority::Could];
        let people: Vec<String> = self.people.iter().map(|(code, _)| (*code).into()).collect();
        let places = [1, 1, 1, 2];
        if self.dice.percent(75) {
            let mut rows = Vec::new();
            for code in ["K1", "K2"].into_iter().take(self.dice.between(1, 2)) {
                let (start, end) = self.hours();
                let on = self.date(0).weekday();
                let holidays = [BankHolidayPolicy::Skip, BankHolidayPolicy::Run];
                rows.push(ClinicRow {
                    weekday: on,
                    specialty: self.dice.pick(&SPECIALTIES).into(),
                    subspecialty: self.dice.perhaps(15, &["Echo".into()]),
                    consultants: self.dice.pick(&places),
                    priority: self.dice.pick(&priorities),
                    named_consultant: self.dice.perhaps(35, &people).into_iter().collect(),
                    bank_holidays: self.dice.pick(&holidays),
                    valid: self.validity(),
                    ..clinic(code, self.site_of_session(), "mon", start, end)
                });
            }
            let mut changes = Vec::new();
            for _ in 0..self.dice.between(0, 3) {
                let code = self.dice.pick(&["K1", "K2"][..rows.len()]);
                let (on, to) = (self.date(0), self.date(1));
                let change = self.dice.pick(&[ChangeKind::Add, ChangeKind::Add, ChangeKind::Move]);
                let (start, end) = self.hours();
                let late = self.dice.percent(30);
                changes.push(ClinicChangeRow {
                    to_date: (change == ChangeKind::Move).then_some(to),
                    start: late.then(|| at(start)),
                    end: late.then(|| at(end)),
                    ..clinic_change(code, &on.to_string(), change)
                });
            }
            // A clinic is changed once a day, other than by more of it.
            changes.sort_by_key(|row| (row.clinic.clone(), row.date));
            changes.dedup_by_key(|row| (row.clinic.clone(), row.date));
            draft.clinics = Some(rows);
            draft.clinic_changes = Some(changes);
        }
        if draft.clinics.is_none() || self.dice.percent(60) {
            let mut rows = Vec::new();
            let series = if draft.clinics.is_some() { ["K1", "K1"] } else { ["M1", "M2"] };
            for code in ["X1", "X2", "X3", "X4"].into_iter().take(self.dice.between(1, 4)) {
                let on = self.date(0);
                let (start, end) = self.hours();
                rows.push(SessionRow {
                    specialty: self.dice.pick(&SPECIALTIES).into(),
                    clinic: self.dice.perhaps(50, &series).map(Into::into),
                    subspecialty: self.dice.perhaps(15, &["Echo".into()]),
                    consultants: self.dice.perhaps(40, &places),
                    priority: self.dice.perhaps(50, &priorities),
                    named_consultant: self.dice.perhaps(25, &people).into_iter().collect(),
                    ..session(code, self.site_of_session(), &on.to_string(), start, end)
                });
            }
            draft.sessions = Some(rows);
        }
    }

    fn site_of_session(&mut self) -> &'static str {
        self.dice.pick(&self.sites).0
    }

    /// Cover, agreements, preferences.
    fn boards(&mut self, draft: &mut Draft) {
        if self.dice.percent(40) {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(0, 2) {
                let of = self.dice.pick(&["T1", "T1", "T2"]);
                let own = self.sites.iter().filter(|(_, t)| *t == of);
                let own: Vec<&str> = own.map(|(site, _)| *site).collect();
                let on = self.date(0).weekday();
                rows.push(CoverRow {
                    specialty: self.dice.pick(&SPECIALTIES).into(),
                    weekday: self.dice.perhaps(40, &[on]),
                    part: self.dice.pick(&PARTS),
                    site: self.dice.perhaps(25, &own).map(Into::into),
                    ..cover(of, self.dice.pick(&[0, 1, 1, 2]))
                });
            }
            draft.cover = Some(rows);
        }
        if self.dice.percent(45) {
            let mut rows = Vec::new();
            for (index, lender) in self.trusts.clone().into_iter().enumerate() {
                for host in self.trusts.clone().into_iter().filter(|host| *host != lender) {
                    for number in 0..self.dice.pick(&[0, 1, 1, 1, 1, 2]) {
                        let least = self.dice.perhaps(40, &[0, 1, 2, 3]);
                        let most = self.dice.perhaps(35, &[1, 2, 3]);
                        rows.push(AgreementRow {
                            specialty: self.dice.perhaps(30, &SPECIALTIES).map(Into::into),
                            min_sessions: least.filter(|least| most.is_none_or(|m| *least <= m)),
                            max_sessions: most,
                            price_per_session: self.dice.perhaps(80, &[Pence(40_049), Pence(150)]),
                            mileage_pence: self.dice.perhaps(60, &[Hundredths(5600)]),
                            max_cost: self.dice.perhaps(25, &[Pence(45_000), Pence(100_000)]),
                            valid: self.validity(),
                            ..agreement(&format!("G{index}{host}{number}"), lender, host)
                        });
                    }
                }
            }
            draft.agreements = Some(rows);
        }
        if self.dice.percent(40) {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(1, 3) {
                let sites: Vec<&str> = self.sites.iter().map(|(site, _)| *site).collect();
                let on = self.date(0).weekday();
                let clinic = draft.clinics.as_ref().map(|rows| rows[0].clinic.clone());
                rows.push(PreferenceRow {
                    site: self.dice.perhaps(30, &sites).map(Into::into),
                    specialty: self.dice.perhaps(30, &SPECIALTIES).map(Into::into),
                    clinic: clinic.filter(|_| self.dice.percent(30)),
                    weekday: self.dice.perhaps(30, &[on]),
                    part: self.dice.pick(&PARTS),
                    ..preference(self.person(), self.dice.pick(&[-30, -1, 7, 100]))
                });
            }
            draft.preferences = Some(rows);
        }
    }

    fn settings(&mut self, draft: &mut Draft) {
        for weight in rotashare_rules::registry::weights() {
            if self.dice.percent(if weight.default == 0 { 60 } else { 25 }) {
                weigh(draft, weight.term, self.dice.pick(&[0, 1, 3, 5, 30]));
            }
        }
        for meta in RULES.iter().map(|rule| rule.meta()) {
            // What applies only when set is set as a whole.
            let share = if meta.applies == Applies::WhenSet { 100 } else { 30 };
            if share == 30 || self.dice.percent(40) {
                for param in meta.params {
                    if self.dice.percent(share) {
                        let value = self.setting(meta.id, param);
                        set(draft, meta.id, param.key, value);
                    }
                }
            }
            if meta.severity == Severity::Hard && self.dice.percent(6) {
                switch_off(draft, meta.id);
            }
        }
    }

    /// A value that a small network can come up against; for a parameter without any of its own here,
    /// one that its kind allows.
    fn setting(&mut self, rule: &str, param: &Param) -> Setting {
        let whole: &[i64] = match (rule, param.key) {
            ("travel-time", "slack_minutes") => &[0, 30, 2000],
            ("travel-time", "max_minutes") => &[20, 60],
            ("on-call", "rest_hours") => &[0, 24, 40],
            ("rest", "rest_hours") => &[0, 14, 30, 60],
            ("away-days", "max_per_week") => &[0, 1, 5],
            ("working-time", "average_hours") => &[0, 4, 10, 20],
            ("notice", "days") => &[0, 41, 60],
            _ => &[0, 1, 2],
        };
        match param.kind {
            ParamKind::Switch(usual) => Setting::Bool(!usual),
            ParamKind::Whole(_) => Setting::Whole(self.dice.pick(whole)),
            ParamKind::Days(_) => Setting::Whole(self.dice.pick(&[1, 3, 7])),
            ParamKind::Share(_) => Setting::Fraction(self.dice.pick(&[0.0, 0.3, 0.5, 1.0])),
            ParamKind::Today => Setting::Date(days_after(self.from, -40)),
        }
    }

    /// Pins and the published rota, which name sessions of the dataset so far.
    fn decided(&mut self, draft: &mut Draft) {
        let Ok((network, _)) = Network::build(draft) else { return };
        let sessions: Vec<(String, u32)> =
            network.sessions().iter().map(|s| (s.code().to_owned(), s.places())).collect();
        if self.dice.percent(25) && !sessions.is_empty() {
            // Back from leave on the day of a session.
            let to = days_after(self.dice.pick(network.sessions()).date(), -1);
            let from = days_after(to, -self.dice.pick(&[1, 2, 3]));
            let row = leave(self.person(), &from.to_string(), &to.to_string());
            draft.leave.get_or_insert_default().push(row);
        }
        if self.dice.percent(25) && !sessions.is_empty() {
            let mut rows = Vec::new();
            for _ in 0..self.dice.between(1, 2) {
                let kind = self.dice.pick(&[PinKind::Yes, PinKind::No]);
                rows.push(pin(&self.dice.pick(&sessions).0, self.person(), kind));
            }
            rows.sort_by_key(|row| (row.session.clone(), row.consultant.clone()));
            rows.dedup_by_key(|row| (row.session.clone(), row.consultant.clone()));
            draft.pins = Some(rows);
            // More people than places.
            if Network::build(draft).is_err() {
                draft.pins = None;
            }
        }
        if self.dice.percent(50) {
            let mut rows = Vec::new();
            for (code, places) in &sessions {
                for place in 1..=places + u32::from(self.dice.percent(10)) {
                    let who = self.dice.percent(75).then(|| self.person());
                    if self.dice.percent(80) {
                        rows.push(published(code, place, who));
                    }
                }
            }
            for _ in 0..self.dice.between(0, 3) {
                let on = match self.dice.percent(50) {
                    true => days_after(self.from, -(self.dice.between(1, 3) as i64)),
                    false => days_after(self.to, self.dice.between(1, 3) as i64),
                };
                let (site, hours) = (self.site_of_session(), self.dice.pick(&HOURS));
                let mut row = published_at(self.person(), site, &on.to_string(), hours);
                row.session = format!("OUT{}", rows.len());
                rows.push(row);
            }
            draft.published = Some(rows);
        }
    }
}
