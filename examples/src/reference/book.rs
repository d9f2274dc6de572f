//! A dataset in the making: people with their job plans, leave and on-calls.

use rotashare_core::draft::{AgreementRow, ClinicRow, Draft, NetworkToml, SessionRow};
use rotashare_core::time::{
    Clock, Date, HalfDay, Part, Validity, WEEKDAYS, Weekday, WorkingDays, days_after, weekday_name,
};
use rotashare_core::values::{Firmness, Hundredths, Instrument, Pence, Thousandths, WeekPattern};
use rotashare_io::generate::rows::{self, clock};
use rotashare_io::generate::{Draw, person, person_code};

/// Minutes of a clinic session.
pub(super) const SESSION: i64 = 210;

/// The Mondays of the horizon's weeks.
pub(super) const MONDAYS: [i8; 5] = [1, 8, 15, 22, 29];

/// A date in March 2027.
pub(super) fn march(day: i8) -> Date {
    days_after(Date::constant(2027, 3, 1), i64::from(day) - 1)
}

/// A clinic's times: 09:00 to 12:30 or 13:30 to 17:00.
pub(super) fn session_time(half: HalfDay) -> (Clock, Clock) {
    match half {
        HalfDay::Am => (clock(9, 0), clock(12, 30)),
        HalfDay::Pm => (clock(13, 30), clock(17, 0)),
    }
}

/// The consultants of one specialty at one employer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Team {
    /// Employer.
    pub(super) trust: &'static str,
    /// Base sites, taken in turn.
    pub(super) bases: &'static [&'static str],
    /// Treatment function.
    pub(super) specialty: &'static str,
    /// Whether they are surgeons.
    pub(super) surgical: bool,
    /// How many.
    pub(super) size: usize,
    /// Subspecialties and how many have each.
    pub(super) subspecialties: &'static [(&'static str, usize)],
    /// The trust that they are lent to.
    pub(super) host: &'static str,
    /// The fewest and the most sessions that one of them may be given in the month.
    pub(super) sessions: (usize, usize),
    /// How many have authority there, lapsed ones included.
    pub(super) authorised: usize,
    /// How many of these lapsed on 28 February.
    pub(super) lapsed: usize,
    /// The day of the month, counted from the worst one, on which `cover.csv` lets one of them go.
    pub(super) cover: Option<usize>,
    /// Whether they are on call at night.
    pub(super) nights: bool,
}

/// What has been drawn about a consultant and clinics look at.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) code: String,
    /// Authorised at the host, lapsed or not.
    pub(super) lent: bool,
    /// Whether that has lapsed.
    pub(super) lapsed: bool,
    /// Subspecialties.
    pub(super) subspecialties: Vec<&'static str>,
    free: [[bool; 2]; 5],
}

impl Member {
    /// Whether no fixed duty or day off stands on a half-day.
    pub(super) fn is_free(&self, day: usize, half: HalfDay) -> bool {
        self.free[day][half as usize]
    }
}

/// The dataset so far, and the draws.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) draft: Draft,
    pub(super) draw: Draw,
    next: usize,
}

impl Book {
    /// An empty dataset for March 2027. `first` is the number of its first person, so that no two
    /// datasets share one.
    pub(super) fn new(name: &str, seed: u64, first: usize) -> Self {
        let draft = Draft {
            network: NetworkToml {
                name: name.into(),
                timezone: "Europe/London".into(),
                horizon: Some((march(1), march(31))),
                cycle_anchor: Some((0, march(1))),
                ..NetworkToml::default()
            },
            ..Draft::default()
        };
        Self { draft, draw: Draw::new(seed), next: first }
    }

    /// A trust and its sites: code, name, postcode, latitude, longitude.
    pub(super) fn trust(&mut self, code: &str, name: &str, sites: &[(&str, &str, &str, f64, f64)]) {
        self.draft.trusts.push(rows::trust(code, name));
        for (site, name, postcode, latitude, longitude) in sites {
            let mut row = rows::site(site, code, name);
            row.postcode = Some((*postcode).into());
            row.latitude = Some(*latitude);
            row.longitude = Some(*longitude);
            self.draft.sites.push(row);
        }
    }

    /// A journey both ways: minutes off peak, minutes for departures from 07:00 to 10:00 and from 16:00
    /// to 19:00, tenths of a mile.
    pub(super) fn journey(
        &mut self,
        one: &str,
        other: &str,
        off_peak: u32,
        peak: u32,
        tenths: i64,
    ) {
        let journeys = self.draft.travel.get_or_insert_default();
        for (from, to) in [(one, other), (other, one)] {
            let mut row = rows::travel(from, to, off_peak);
            row.miles = Some(Hundredths(10 * tenths));
            journeys.push(row.clone());
            if peak == off_peak {
                continue;
            }
            for (depart_from, depart_to) in [(7, 10), (16, 19)] {
                row.minutes = peak;
                row.depart_from = Some(clock(depart_from, 0));
                row.depart_to = Some(clock(depart_to, 0));
                journeys.push(row.clone());
            }
        }
    }

    /// The consultants of a team with everything that is theirs.
    pub(super) fn team(&mut self, team: &Team) -> Vec<Member> {
        let mut lent: Vec<usize> = (0..team.size).collect();
        self.draw.shuffle(&mut lent);
        lent.truncate(team.authorised);
        let mut members = Vec::with_capacity(team.size);
        for index in 0..team.size {
            let code = person_code(self.next);
            let name = person(self.next, team.surgical);
            self.next += 1;
            let base = team.bases[index % team.bases.len()];
            let is_lent = lent.contains(&index);
            let free = self.consultant(team, &code, &name, base, is_lent);
            let lapsed = lent.iter().take(team.lapsed).any(|one| *one == index);
            members.push(Member { code, lent: is_lent, lapsed, subspecialties: Vec::new(), free });
        }
        for member in members.iter().filter(|member| member.lent) {
            self.authority(team, member);
        }
        for (name, count) in team.subspecialties {
            let mut order: Vec<usize> = (0..members.len()).collect();
            self.draw.shuffle(&mut order);
            // Those who are lent come first: a subspecialty that never travels would bite too hard.
            order.sort_by_key(|index| !members[*index].lent || members[*index].lapsed);
            for index in order.into_iter().take(*count) {
                let row = rows::accreditation(&members[index].code, team.specialty, Some(name));
                self.draft.accreditations.push(row);
                members[index].subspecialties.push(name);
            }
        }
        let away = self.leave(&members);
        self.on_call(team, &members, &away);
        if let Some(day) = team.cover {
            self.cover(team, &members, day);
        }
        members
    }

    /// Keeps one fewer on base than are at work on one of the worst days of the month: one clinic at a
    /// time can be served on that day, and perhaps none on worse ones.
    fn cover(&mut self, team: &Team, members: &[Member], day: usize) {
        let works = |member: &Member, day: Date| {
            let row = self.draft.consultants.iter().find(|row| row.consultant == member.code);
            let leave = self.draft.leave.iter().flatten();
            row.is_some_and(|row| row.working_days.contains(day.weekday()))
                && !leave
                    .filter(|row| row.consultant == member.code)
                    .any(|row| (row.from..=row.to).contains(&day))
        };
        let mut at_work: Vec<usize> = (1..=31)
            .map(march)
            .filter(|day| WorkingDays::WEEKDAYS.contains(day.weekday()))
            .filter(|day| ![march(26), march(29)].contains(day))
            .map(|day| members.iter().filter(|member| works(member, day)).count())
            .collect();
        at_work.sort_unstable();
        let keep = at_work.get(day.saturating_sub(1)).map_or(0, |count| count.saturating_sub(1));
        if let Some(keep) = u32::try_from(keep).ok().filter(|keep| *keep > 0) {
            let row = rows::cover(team.trust, team.specialty, keep);
            self.draft.cover.get_or_insert_default().push(row);
        }
    }

    /// A consultant's own row, accreditation, job plan and history.
    fn consultant(
        &mut self,
        team: &Team,
        code: &str,
        name: &str,
        base: &str,
        lent: bool,
    ) -> [[bool; 2]; 5] {
        let mut works = [true; 5];
        for _ in 0..[0, 1, 2][self.draw.weighted(&[65, 25, 10])] {
            works[self.draw.below(5)] = false;
        }
        let fte = 200 * works.iter().filter(|works| **works).count() as i64;
        let mut row = rows::consultant(code, name, team.trust, base);
        row.fte = Thousandths(fte);
        row.working_days = working_days(works);
        let most = self.draw.between(team.sessions.0, team.sessions.1) as i64;
        row.max_hours = Some(most * SESSION);
        if self.draw.chance(0.4) {
            row.target_hours = Some((most - 1).max(2) * SESSION);
        }
        row.max_away_days_per_week = [None, Some(1)][self.draw.below(2)];
        let mut words = name.to_ascii_lowercase();
        words = words.split_whitespace().skip(1).collect::<Vec<_>>().join(".");
        row.email = Some(format!("{words}@example.org"));
        self.draft.consultants.push(row);
        self.draft.accreditations.push(rows::accreditation(code, team.specialty, None));
        let minutes = self.draw.between(36, 45) as i64 * 60 * 12 * fte / 1000;
        let away_days = if lent { self.draw.between(2, 12) } else { 0 };
        let away_days = u32::try_from(away_days).unwrap_or(0);
        let row = rows::history(code, away_days, minutes, 12);
        self.draft.history.get_or_insert_default().push(row);
        self.job_plan(team, code, works, lent)
    }

    /// Three to five fixed half-days, one or two that may move; returns the half-days left. Who is lent
    /// has a day for it.
    fn job_plan(
        &mut self,
        team: &Team,
        code: &str,
        works: [bool; 5],
        lent: bool,
    ) -> [[bool; 2]; 5] {
        let days: Vec<usize> = (0..5).filter(|day| works[*day]).collect();
        let kept = if lent { self.draw.pick(&days).copied() } else { None };
        let mut halves: Vec<(usize, HalfDay)> = days
            .into_iter()
            .filter(|day| Some(*day) != kept)
            .flat_map(|day| [(day, HalfDay::Am), (day, HalfDay::Pm)])
            .collect();
        self.draw.shuffle(&mut halves);
        let fixed = self.draw.between(3, 5).min(halves.len() / 2);
        let movable = self.draw.between(1, 2);
        let mut free = works.map(|works| [works; 2]);
        for (index, (day, half)) in halves.into_iter().take(fixed + movable).enumerate() {
            let (start, end) = match half {
                HalfDay::Am => (clock(8, 30), clock(12, 30)),
                HalfDay::Pm => (clock(13, 30), clock(17, 30)),
            };
            let activity = match (index < fixed, team.surgical) {
                (true, true) => *self
                    .draw
                    .pick(&["Theatre", "Theatre", "MDT", "Ward round"][..])
                    .unwrap_or(&"Theatre"),
                (true, false) => *self
                    .draw
                    .pick(&["Ward round", "MDT", "Procedures", "Clinic"][..])
                    .unwrap_or(&"Clinic"),
                (false, _) => *self.draw.pick(&["SPA", "SPA", "ANR"][..]).unwrap_or(&"SPA"),
            };
            let mut row = rows::duty(code, WEEKDAYS[day], (start, end), activity);
            row.pas = Some(Thousandths(1000));
            row.weeks = match self.draw.weighted(&[76, 6, 6, 6, 6]) {
                1 => WeekPattern::IsoOdd,
                2 => WeekPattern::IsoEven,
                3 => WeekPattern::Nth { which: vec![1, 3], last: false },
                4 => WeekPattern::Cycle { which: vec![1, 2], length: 4 },
                _ => WeekPattern::All,
            };
            if index < fixed {
                free[day][half as usize] = false;
            } else {
                row.firmness = Firmness::Movable;
            }
            self.draft.job_plans.get_or_insert_default().push(row);
        }
        free
    }

    fn authority(&mut self, team: &Team, member: &Member) {
        let mut row = rows::authorisation(&member.code, team.host);
        let kinds =
            [Instrument::HonoraryContract, Instrument::Passport, Instrument::LicenceToAttend];
        row.instrument = Some(if member.lapsed {
            Instrument::HonoraryContract
        } else {
            kinds[self.draw.weighted(&[8, 2, 1])]
        });
        row.valid.from = Some(Date::constant(2025, 4, 1));
        row.valid.to = Some(if member.lapsed {
            Date::constant(2027, 2, 28)
        } else {
            *self
                .draw
                .pick(&[Date::constant(2027, 9, 30), Date::constant(2028, 3, 31)][..])
                .unwrap_or(&Date::constant(2028, 3, 31))
        });
        self.draft.authorisations.get_or_insert_default().push(row);
    }

    /// Whole weeks and single days, more of both around Easter; who is away in which week.
    fn leave(&mut self, members: &[Member]) -> Vec<[bool; 5]> {
        let mut all = Vec::with_capacity(members.len());
        for member in members {
            let mut away = [false; 5];
            for (week, monday) in MONDAYS.into_iter().enumerate() {
                let easter = week >= 3;
                let (from, to, kind) = if self.draw.chance(if easter { 0.12 } else { 0.05 }) {
                    let friday = march((monday + 4).min(31));
                    let kind = ["annual", "study"][self.draw.weighted(&[4, 1])];
                    (march(monday), friday, kind)
                } else if self.draw.chance(0.15) {
                    let day = march((monday + self.draw.below(5) as i8).min(31));
                    let kinds = ["annual", "study", "professional", "sick", "toil"];
                    (day, day, kinds[self.draw.weighted(&[6, 4, 3, 1, 1])])
                } else {
                    continue;
                };
                away[week] = true;
                let mut row = rows::leave(&member.code, from, to, kind);
                if from == to && self.draw.chance(0.2) {
                    row.part = [Part::Am, Part::Pm][self.draw.below(2)];
                }
                self.draft.leave.get_or_insert_default().push(row);
            }
            all.push(away);
        }
        all
    }

    /// A hot week each week in teams of eight or more; nights and weekends where the team has them.
    fn on_call(&mut self, team: &Team, members: &[Member], away: &[[bool; 5]]) {
        let mut turn: Vec<usize> = (0..members.len()).collect();
        self.draw.shuffle(&mut turn);
        let mut turn = turn.into_iter().cycle().take(members.len() * 40);
        let mut next = |week: usize| turn.find(|who| !away[*who][week]);
        for (week, monday) in MONDAYS.into_iter().enumerate() {
            let mut add = |row| self.draft.on_call.get_or_insert_default().push(row);
            let date = |day: i8| days_after(march(monday), i64::from(day));
            if team.size >= 8
                && let Some(who) = next(week)
            {
                add(rows::hot_week(&members[who].code, date(0), date(6)));
            }
            if !team.nights {
                continue;
            }
            for (first, last) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 7)] {
                if let Some(who) = next(week) {
                    let (from, to) = ((date(first), clock(17, 0)), (date(last), clock(8, 0)));
                    add(rows::on_call(&members[who].code, from, to));
                }
            }
        }
    }

    /// A weekly clinic; its code is made of the given beginning, the day and the half-day.
    pub(super) fn clinic(
        &mut self,
        start: &str,
        site: &str,
        specialty: &str,
        weekday: Weekday,
        half: HalfDay,
    ) -> &mut ClinicRow {
        let clinics = self.draft.clinics.get_or_insert_default();
        let day = weekday_name(weekday)[..3].to_ascii_uppercase();
        let half_name = half.to_string().to_ascii_uppercase();
        let mut code = format!("{start}-{day}-{half_name}");
        let same = clinics.iter().filter(|row| row.clinic.starts_with(&code)).count();
        if same > 0 {
            code = format!("{code}{}", same + 1);
        }
        clinics.push(rows::clinic(&code, site, specialty, weekday, session_time(half)));
        let last = clinics.len() - 1;
        &mut clinics[last]
    }

    /// A one-off session.
    pub(super) fn session(
        &mut self,
        code: &str,
        site: &str,
        specialty: &str,
        date: Date,
        times: (Clock, Clock),
    ) -> &mut SessionRow {
        let sessions = self.draft.sessions.get_or_insert_default();
        sessions.push(rows::session(code, site, specialty, date, times));
        let last = sessions.len() - 1;
        &mut sessions[last]
    }

    /// An agreement for a specialty in the financial year, mileage at 56p.
    pub(super) fn agreement(
        &mut self,
        lender: &str,
        host: &str,
        specialty: &str,
        (min, max): (u32, u32),
        pounds: i64,
    ) -> &mut AgreementRow {
        let agreements = self.draft.agreements.get_or_insert_default();
        let code = format!("SLA-{lender}-{host}-{specialty}");
        let mut row = rows::agreement(&code, lender, host, specialty);
        row.min_sessions = Some(min).filter(|min| *min > 0);
        row.max_sessions = Some(max);
        row.price_per_session = Some(Pence(100 * pounds));
        row.mileage_pence = Some(Hundredths(5600));
        row.valid = Validity {
            from: Some(Date::constant(2026, 4, 1)),
            to: Some(Date::constant(2027, 3, 31)),
        };
        agreements.push(row);
        let last = agreements.len() - 1;
        &mut agreements[last]
    }

    /// Whether a member can surely go on a date: no day off, fixed duty, leave or on-call near it, and no
    /// lapsed contract.
    pub(super) fn can(&self, member: &Member, day: Date) -> bool {
        let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        let on_leave = self
            .draft
            .leave
            .iter()
            .flatten()
            .any(|row| row.consultant == member.code && (row.from..=row.to).contains(&day));
        let on_call = self.draft.on_call.iter().flatten().any(|row| {
            row.consultant == member.code && (row.from..=days_after(row.to, 1)).contains(&day)
        });
        let free = member.free.get(weekday).is_some_and(|free| free[0] && free[1]);
        free && !on_leave && !on_call && !member.lapsed
    }

    /// Sets somebody's last day in post.
    pub(super) fn active_to(&mut self, code: &str, day: Date) {
        for row in self.draft.consultants.iter_mut().filter(|row| row.consultant == code) {
            row.active.to = Some(day);
        }
    }

    /// The finished dataset.
    pub(super) fn finish(mut self) -> Draft {
        rows::number_lines(&mut self.draft);
        self.draft
    }
}

/// Working days of a week from Monday to Friday.
fn working_days(works: [bool; 5]) -> WorkingDays {
    let letters = ['M', 'T', 'W', 'T', 'F'].into_iter().zip(works);
    let text: String =
        letters.map(|(letter, works)| if works { letter } else { '-' }).chain(['-', '-']).collect();
    text.parse().unwrap_or(WorkingDays::WEEKDAYS)
}
