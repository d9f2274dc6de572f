//! One specialty of one lead: its people, its clinics and what ties them.

use rotashare_core::draft::Draft;
use rotashare_core::time::{Clock, Date, Validity, WEEKDAYS, days_after};
use rotashare_core::values::{
    Firmness, Hundredths, Instrument, Pence, Priority, Thousandths, WeekPattern,
};

use super::FIRST_DAY;
use super::draw::Draw;
use super::names::{SPECIALTIES, person, person_code};
use super::places::Places;
use super::rows;
use super::shape::Part;
use super::specialty_code;

/// Minutes of a clinic session.
const SESSION: i64 = 210;
/// Subspecialties, the same in every specialty.
const SUBSPECIALTIES: [&str; 4] = ["complex", "young adult", "rapid access", "surveillance"];

/// Which specialty, and how much of it.
#[derive(Debug)]
pub(super) struct Size {
    /// Its position in the list of specialties.
    pub(super) specialty: usize,
    /// The number of its first consultant.
    pub(super) first: usize,
    pub(super) people: usize,
    /// Weekly clinics.
    pub(super) clinics: usize,
}

/// What has been drawn about a consultant and later draws look at.
struct Person {
    code: String,
    fte: i64,
    works: [bool; 5],
    /// Fixed duties by weekday and half-day.
    busy: [[bool; 2]; 5],
    /// Authorised partners, lapsed or not.
    hosts: Vec<usize>,
    subspecialties: Vec<&'static str>,
    /// On leave, by date of the horizon.
    away: Vec<bool>,
}

/// Where and when a clinic is.
struct Slot {
    host: usize,
    day: usize,
    half: usize,
}

struct Team<'a, 'b> {
    draft: &'a mut Draft,
    part: &'a Part<'b>,
    places: &'a Places,
    size: &'a Size,
    code: String,
    draw: &'a mut Draw,
}

/// Adds a specialty's rows to the draft.
pub(super) fn add(
    draft: &mut Draft,
    part: &Part<'_>,
    places: &Places,
    size: &Size,
    draw: &mut Draw,
) {
    let code = specialty_code(size.specialty);
    let mut team = Team { draft, part, places, size, code, draw };
    let (slots, hosted) = team.slots();
    let mut people = Vec::with_capacity(size.people);
    for index in 0..size.people {
        people.push(team.person(size.first + index, &hosted));
    }
    team.leave(&mut people);
    team.on_call(&people);
    let demand = team.clinics(&slots, &people);
    team.hours(&people, demand.iter().sum());
    team.cover(&people, &slots);
    team.agreements(&hosted, &demand);
}

/// Joins the agreements between each lender and host into one for all specialties.
pub(super) fn share_agreements(draft: &mut Draft) {
    let mut joined: Vec<rotashare_core::draft::AgreementRow> = Vec::new();
    for row in draft.agreements.take().unwrap_or_default() {
        match joined.iter_mut().find(|one| one.lender == row.lender && one.host == row.host) {
            Some(one) => {
                let sum = |a: Option<u32>, b: Option<u32>| Some(a.unwrap_or(0) + b.unwrap_or(0));
                one.min_sessions = sum(one.min_sessions, row.min_sessions);
                one.max_sessions = sum(one.max_sessions, row.max_sessions);
            }
            None => joined.push(rotashare_core::draft::AgreementRow {
                agreement: format!("{}-{}", row.lender, row.host),
                specialty: None,
                ..row
            }),
        }
    }
    draft.agreements = Some(joined);
}

impl Team<'_, '_> {
    fn weeks(&self) -> usize {
        self.part.shape.weeks as usize
    }

    fn date(&self, week: usize, day: usize) -> Date {
        days_after(FIRST_DAY, (7 * week + day) as i64)
    }

    /// When and where the clinics are, and the partners that host any. A large specialty goes to every
    /// site, a small one to few; often morning and afternoon on one day.
    fn slots(&mut self) -> (Vec<Slot>, Vec<usize>) {
        let hosts = &self.places.hosts;
        let mut order: Vec<usize> = (0..hosts.len()).collect();
        self.draw.shuffle(&mut order);
        order.truncate(self.size.clinics.div_ceil(2).max(1));
        let sizes: Vec<usize> = order.iter().map(|host| hosts[*host].size).collect();
        let mut slots: Vec<Slot> = Vec::with_capacity(self.size.clinics);
        while slots.len() < self.size.clinics {
            let host = order[self.draw.weighted(&sizes)];
            let day = self.draw.weighted(&[5, 6, 6, 6, 4]);
            if slots.len() + 1 < self.size.clinics && self.draw.chance(0.3) {
                slots.push(Slot { host, day, half: 0 });
                slots.push(Slot { host, day, half: 1 });
            } else {
                let half = self.draw.below(2);
                slots.push(Slot { host, day, half });
            }
        }
        slots.sort_by_key(|slot| (slot.host, slot.day, slot.half));
        let mut hosted: Vec<usize> = slots.iter().map(|slot| hosts[slot.host].partner).collect();
        hosted.sort_unstable();
        hosted.dedup();
        (slots, hosted)
    }

    /// A consultant with accreditation, authorisations, job plan, preferences and history.
    fn person(&mut self, index: usize, hosted: &[usize]) -> Person {
        let code = person_code(index);
        let surgical = SPECIALTIES.get(self.size.specialty).is_some_and(|one| one.surgical);
        let base = self.draw.below(self.places.bases.len());
        let base_site = &self.places.bases[base].site;
        let mut row =
            rows::consultant(&code, &person(index, surgical), &self.places.lead, base_site);
        let days_off = [0, 1, 2][self.draw.weighted(&[70, 20, 10])];
        let mut works = [true; 5];
        for _ in 0..days_off {
            works[self.draw.below(5)] = false;
        }
        let fte = 200 * works.iter().filter(|works| **works).count() as i64;
        row.fte = Thousandths(fte);
        row.working_days = working_days(works);
        row.max_away_days_per_week = [None, Some(1), Some(3)][self.draw.weighted(&[80, 15, 5])];
        self.draft.consultants.push(row);

        let mut subspecialties = Vec::new();
        self.draft.accreditations.push(rows::accreditation(&code, &self.code, None));
        if self.size.people >= 10 {
            for name in SUBSPECIALTIES {
                if self.draw.chance(0.35) {
                    let row = rows::accreditation(&code, &self.code, Some(name));
                    self.draft.accreditations.push(row);
                    subspecialties.push(name);
                }
            }
        }
        if self.part.specialties > 1 && self.draw.chance(self.part.shape.second_specialty_share) {
            let second = specialty_code((self.size.specialty + 1) % self.part.specialties);
            self.draft.accreditations.push(rows::accreditation(&code, &second, None));
        }
        let hosts = self.authorisations(&code, hosted);
        let busy = self.job_plan(&code, works);
        if self.draw.chance(0.2) {
            self.preference(&code);
        }
        let weeks = 12;
        let away_days = u32::try_from(self.draw.between(0, 14)).unwrap_or(0);
        let minutes = (self.draw.between(34, 44) as i64) * weeks * 60 * fte / 1000;
        let row = rows::history(&code, away_days, minutes, weeks);
        self.draft.history.get_or_insert_default().push(row);
        Person {
            code,
            fte,
            works,
            busy,
            hosts,
            subspecialties,
            away: vec![false; 7 * self.weeks()],
        }
    }

    /// Authority at a share of the hosts, at one at least; some of it lapsed, or soon to lapse.
    fn authorisations(&mut self, code: &str, hosted: &[usize]) -> Vec<usize> {
        let shape = self.part.shape;
        let mut hosts: Vec<usize> = Vec::new();
        for host in hosted {
            if self.draw.chance(shape.authorised_share) {
                hosts.push(*host);
            }
        }
        if hosts.is_empty() {
            hosts.extend(self.draw.pick(hosted));
        }
        for host in &hosts {
            let mut row = rows::authorisation(code, &self.places.partners[*host]);
            row.instrument = Some(
                [
                    Instrument::HonoraryContract,
                    Instrument::Passport,
                    Instrument::LicenceToAttend,
                    Instrument::Secondment,
                ][self.draw.weighted(&[70, 15, 12, 3])],
            );
            let end = if self.draw.chance(shape.lapsed_share) {
                // Two lapses in three lie before the horizon.
                match self.draw.below(3) {
                    0 => self.draw.below(7 * self.part.shape.weeks as usize) as i64,
                    _ => -1 - self.draw.below(90) as i64,
                }
            } else {
                400 + self.draw.below(700) as i64
            };
            row.valid = Validity {
                from: Some(days_after(FIRST_DAY, -400 - self.draw.below(600) as i64)),
                to: Some(days_after(FIRST_DAY, end.max(-399))),
            };
            self.draft.authorisations.get_or_insert_default().push(row);
        }
        hosts
    }

    /// Two to five fixed half-days a week and one or two that may move.
    fn job_plan(&mut self, code: &str, works: [bool; 5]) -> [[bool; 2]; 5] {
        let mut halves: Vec<(usize, usize)> =
            (0..10).map(|slot| (slot / 2, slot % 2)).filter(|(day, _)| works[*day]).collect();
        self.draw.shuffle(&mut halves);
        let fixed = 2 + self.draw.weighted(&[4, 4, 2, 1]);
        let movable = self.draw.between(1, 2);
        let mut busy = [[false; 2]; 5];
        for (index, (day, half)) in halves.into_iter().take(fixed + movable).enumerate() {
            let is_fixed = index < fixed;
            let activity = if is_fixed {
                ["Theatre", "Clinic", "MDT", "Ward round"][self.draw.weighted(&[3, 5, 2, 4])]
            } else {
                "SPA"
            };
            let mut row = rows::duty(code, WEEKDAYS[day], duty_time(half), activity);
            row.weeks = match self.draw.weighted(&[85, 5, 5, 5]) {
                1 => WeekPattern::IsoOdd,
                2 => WeekPattern::IsoEven,
                3 => WeekPattern::Nth { which: vec![1, 3], last: false },
                _ => WeekPattern::All,
            };
            row.firmness = if is_fixed { Firmness::Fixed } else { Firmness::Movable };
            row.pas = Some(Thousandths(1000));
            busy[day][half] |= is_fixed;
            self.draft.job_plans.get_or_insert_default().push(row);
        }
        busy
    }

    fn preference(&mut self, code: &str) {
        let points = self.draw.between(1, 6) as i64 * 5;
        let mut row = rows::preference(code, if self.draw.chance(0.4) { -points } else { points });
        if self.draw.chance(0.5) {
            row.weekday = Some(WEEKDAYS[self.draw.below(5)]);
        } else {
            row.site = self.draw.pick(&self.places.hosts).map(|place| place.site.clone());
        }
        self.draft.preferences.get_or_insert_default().push(row);
    }

    /// Whole weeks and single days, so that the share of leave is met on average.
    fn leave(&mut self, people: &mut [Person]) {
        // Of the default 10 %: 6 in 100 weeks are wholly off, and 14 in 100 others have one or two days.
        // Of higher shares single days, 0.28 of a week on average, give less: whole weeks make up for it.
        let scale = self.part.shape.leave_share / 0.10;
        let single = (0.14 * scale).min(1.0);
        let days = |single: f64| 0.28 * single;
        let whole = (scale * (0.06 + 0.94 * days(0.14)) - days(single)) / (1.0 - days(single));
        for person in people {
            for week in 0..self.weeks() {
                let (first, days, kind) = if self.draw.chance(whole) {
                    (0, 5, ["annual", "study", "parental"][self.draw.weighted(&[14, 3, 1])])
                } else if self.draw.chance(single) {
                    let first = self.draw.below(5);
                    let days = self.draw.between(1, 2).min(5 - first);
                    let kind = ["annual", "study", "professional", "sick", "toil"];
                    (first, days, kind[self.draw.weighted(&[10, 4, 3, 2, 1])])
                } else {
                    continue;
                };
                let (from, to) = (self.date(week, first), self.date(week, first + days - 1));
                let row = rows::leave(&person.code, from, to, kind);
                self.draft.leave.get_or_insert_default().push(row);
                person.away[7 * week + first..7 * week + first + days].fill(true);
            }
        }
    }

    /// Hot weeks in specialties of eight or more, nights on call in those of sixteen or more.
    fn on_call(&mut self, people: &[Person]) {
        let mut turn: Vec<usize> = (0..people.len()).collect();
        self.draw.shuffle(&mut turn);
        let mut next = 0;
        let hot = match people.len() {
            ..8 => 0,
            8..60 => 1,
            _ => 2,
        };
        for week in 0..self.weeks() {
            for _ in 0..hot {
                let mut free = (0..turn.len()).map(|step| turn[(next + step) % turn.len()]);
                let week_of = 7 * week..7 * week + 5;
                let Some(who) =
                    free.find(|who| !people[*who].away[week_of.clone()].contains(&true))
                else {
                    continue;
                };
                next += 1;
                let (from, to) = (self.date(week, 0), self.date(week, 6));
                let row = rows::hot_week(&people[who].code, from, to);
                self.draft.on_call.get_or_insert_default().push(row);
            }
            for day in (0..7).filter(|_| people.len() >= 16) {
                let who = &people[self.draw.below(people.len())];
                if who.away[7 * week + day] || who.away.get(7 * week + day + 1) == Some(&true) {
                    continue;
                }
                let row = rows::on_call(
                    &who.code,
                    (self.date(week, day), rows::clock(18, 30)),
                    (days_after(self.date(week, day), 1), rows::clock(8, 0)),
                );
                self.draft.on_call.get_or_insert_default().push(row);
            }
        }
    }

    /// The clinics; returns the sessions that each partner has in the horizon.
    fn clinics(&mut self, slots: &[Slot], people: &[Person]) -> Vec<i64> {
        let mut demand = vec![0; self.places.partners.len()];
        let mut same = (usize::MAX, usize::MAX, usize::MAX, 0);
        for slot in slots {
            let number = if (same.0, same.1, same.2) == (slot.host, slot.day, slot.half) {
                same.3 + 1
            } else {
                1
            };
            same = (slot.host, slot.day, slot.half, number);
            let host = &self.places.hosts[slot.host];
            let day = ["MON", "TUE", "WED", "THU", "FRI"][slot.day];
            let half = ["AM", "PM"][slot.half];
            let code = format!("{}-{}-{day}-{half}{number}", host.site, self.code);
            let mut row = rows::clinic(
                &code,
                &host.site,
                &self.code,
                WEEKDAYS[slot.day],
                session_time(slot.half),
            );
            row.weeks = match self.draw.weighted(&[94, 2, 2, 2]) {
                1 => WeekPattern::Nth { which: vec![1, 3], last: false },
                2 => WeekPattern::IsoOdd,
                3 => WeekPattern::Cycle { which: vec![1, 3], length: 4 },
                _ => WeekPattern::All,
            };
            if people.len() >= 10 && self.draw.chance(0.10) {
                row.subspecialty = self.draw.pick(&SUBSPECIALTIES).map(|name| (*name).into());
            }
            if self.draw.chance(0.03) {
                row.consultants = 2;
            }
            row.priority = [Priority::Must, Priority::Should, Priority::Could]
                [self.draw.weighted(&[15, 65, 20])];
            row.new_slots = u32::try_from(self.draw.between(3, 8)).ok();
            row.follow_up_slots = u32::try_from(self.draw.between(5, 12)).ok();
            if self.draw.chance(0.35) {
                let able: Vec<&Person> = people
                    .iter()
                    .filter(|person| {
                        person.works[slot.day]
                            && !person.busy[slot.day][slot.half]
                            && person.hosts.contains(&host.partner)
                            && row
                                .subspecialty
                                .as_ref()
                                .is_none_or(|name| person.subspecialties.contains(&name.as_str()))
                    })
                    .collect();
                row.named_consultant.extend(self.draw.pick(&able).map(|one| one.code.clone()));
            }
            let runs = (0..self.weeks())
                .filter(|week| row.weeks.contains(self.date(*week, slot.day), Some(FIRST_DAY)))
                .count();
            demand[host.partner] += runs as i64 * i64::from(row.consultants);
            self.draft.clinics.get_or_insert_default().push(row);
        }
        demand
    }

    /// Caps and targets, in whole sessions, by whole-time equivalent.
    fn hours(&mut self, people: &[Person], demand: i64) {
        let fte: i64 = people.iter().map(|person| person.fte).sum();
        let first = self.draft.consultants.len() - people.len();
        for (index, person) in people.iter().enumerate() {
            let share = demand as f64 * person.fte as f64 / fte as f64;
            let cap = share * self.part.shape.capacity * (0.5 + self.draw.fraction());
            let cap = (cap + self.draw.fraction()) as i64;
            let row = &mut self.draft.consultants[first + index];
            row.max_hours = Some(cap.max(1) * SESSION);
            if self.draw.chance(0.5) {
                row.target_hours = Some(((share + 0.5) as i64).min(cap.max(1)) * SESSION);
            }
        }
    }

    /// As many kept on base as leaves all clinics coverable on about 15 half-days in 16.
    fn cover(&mut self, people: &[Person], slots: &[Slot]) {
        let mut spare: Vec<usize> = Vec::new();
        for week in 0..self.weeks() {
            for day in 0..5 {
                let at_work = people
                    .iter()
                    .filter(|person| person.works[day] && !person.away[7 * week + day])
                    .count();
                for half in 0..2 {
                    let wanted =
                        slots.iter().filter(|slot| (slot.day, slot.half) == (day, half)).count();
                    spare.push(at_work.saturating_sub(wanted));
                }
            }
        }
        spare.sort_unstable();
        let keep = spare.get(spare.len() / 16).copied().unwrap_or(0);
        if keep > 0 {
            let keep = u32::try_from(keep).unwrap_or(u32::MAX);
            let row = rows::cover(&self.places.lead, &self.code, keep);
            self.draft.cover.get_or_insert_default().push(row);
        }
    }

    /// An agreement with every host; one in seven allows less than its clinics need.
    fn agreements(&mut self, hosted: &[usize], demand: &[i64]) {
        for host in hosted {
            let host_code = &self.places.partners[*host];
            let wanted = demand[*host];
            let lead = &self.places.lead;
            let code = format!("{lead}-{host_code}-{}", self.code);
            let mut row = rows::agreement(&code, lead, host_code, &self.code);
            let most = if self.draw.chance(0.15) {
                (wanted * 85 / 100).max(1)
            } else {
                wanted + self.draw.between(0, 6) as i64
            };
            row.max_sessions = u32::try_from(most).ok();
            if self.draw.chance(0.3) {
                row.min_sessions = u32::try_from(wanted * 6 / 10).ok();
            }
            row.price_per_session = Some(Pence(100 * self.draw.between(364, 482) as i64));
            row.mileage_pence = Some(Hundredths(5600));
            self.draft.agreements.get_or_insert_default().push(row);
        }
    }
}

/// A clinic's times: 09:00 to 12:30 or 13:30 to 17:00.
fn session_time(half: usize) -> (Clock, Clock) {
    if half == 0 {
        (rows::clock(9, 0), rows::clock(12, 30))
    } else {
        (rows::clock(13, 30), rows::clock(17, 0))
    }
}

/// A fixed duty's times: 08:30 to 12:30 or 13:30 to 17:30.
fn duty_time(half: usize) -> (Clock, Clock) {
    if half == 0 {
        (rows::clock(8, 30), rows::clock(12, 30))
    } else {
        (rows::clock(13, 30), rows::clock(17, 30))
    }
}

/// Working days of a week from Monday to Friday.
fn working_days(works: [bool; 5]) -> rotashare_core::time::WorkingDays {
    let letters: String = WEEKDAYS
        .into_iter()
        .zip(['M', 'T', 'W', 'T', 'F'])
        .zip(works)
        .map(|((_, letter), works)| if works { letter } else { '-' })
        .chain(['-', '-'])
        .collect();
    letters.parse().unwrap_or(rotashare_core::time::WorkingDays::WEEKDAYS)
}
