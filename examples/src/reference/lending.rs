//! One specialty that is lent: the lender's team, the host's own, and the clinics of both.

use rotashare_core::time::{HalfDay, WEEKDAYS};
use rotashare_core::values::{Priority, WeekPattern};
use rotashare_io::generate::rows;

use super::book::{Book, Member, Team};

/// Where clinics of a specialty are held, and how many a week.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The beginning of the clinics' codes.
    pub(super) code: &'static str,
    /// Site.
    pub(super) site: &'static str,
    /// Weekly clinics.
    pub(super) weekly: usize,
}

/// A specialty and its clinics.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lending {
    /// Those who are lent.
    pub(super) lenders: Team,
    /// Those who work at the host already.
    pub(super) locals: Team,
    /// Clinics at the host.
    pub(super) away: Held,
    /// Clinics at the lender's own sites.
    pub(super) home: Option<Held>,
    /// Whether the drive is too long to have a duty at home on the other half of the day.
    pub(super) far: bool,
    /// The share of clinics put where few are free.
    pub(super) hard: f64,
}

/// Both teams, for what is written by hand afterwards.
#[derive(Debug)]
pub(super) struct People {
    pub(super) lenders: Vec<Member>,
    pub(super) locals: Vec<Member>,
}

impl People {
    /// Those with authority at the host, lapsed or not.
    pub(super) fn lent(&self) -> Vec<&Member> {
        self.lenders.iter().filter(|member| member.lent).collect()
    }
}

impl Book {
    /// Adds a specialty: its people, its clinics, some preferences.
    pub(super) fn lending(&mut self, lending: &Lending) -> People {
        let lenders = self.team(&lending.lenders);
        let locals = if lending.locals.size > 0 { self.team(&lending.locals) } else { Vec::new() };
        let people = People { lenders, locals };
        let can_go = |member: &&Member, day, half| {
            if lending.far && member.lent {
                member.is_free(day, HalfDay::Am) && member.is_free(day, HalfDay::Pm)
            } else {
                member.is_free(day, half)
            }
        };
        let able: Vec<&Member> = people.lent().into_iter().chain(&people.locals).collect();
        let away = lending.lenders.subspecialties;
        self.clinics(lending, lending.away, away, &|day, half| {
            able.iter().copied().filter(|member| can_go(member, day, half)).collect()
        });
        if let Some(home) = lending.home {
            let back = lending.locals.subspecialties;
            self.clinics(lending, home, back, &|day, half| {
                let visitors = people.locals.iter().filter(|member| member.lent);
                people
                    .lenders
                    .iter()
                    .chain(visitors)
                    .filter(|member| member.is_free(day, half))
                    .collect()
            });
        }
        for member in people.lent() {
            if self.draw.chance(0.3) {
                self.preference(&member.code, lending.away.site);
            }
        }
        people
    }

    /// Weekly clinics, more of them where more people are free.
    fn clinics<'a>(
        &mut self,
        lending: &Lending,
        held: Held,
        subspecialties: &[(&str, usize)],
        free_at: &dyn Fn(usize, HalfDay) -> Vec<&'a Member>,
    ) {
        let specialty = lending.lenders.specialty;
        let slots: Vec<(usize, HalfDay)> =
            (0..5).flat_map(|day| [(day, HalfDay::Am), (day, HalfDay::Pm)]).collect();
        let mut weights: Vec<usize> =
            slots.iter().map(|(day, half)| free_at(*day, *half).len()).collect();
        let mut subspecialties = subspecialties.iter();
        for number in 0..held.weekly {
            // Each subspecialty of those who come has one clinic, the others are general.
            let subspecialty = if number % 3 == 1 { subspecialties.next() } else { None };
            let subspecialty = subspecialty.map(|(name, _)| *name);
            let at = if let Some(name) = subspecialty {
                let has = |member: &&&Member| member.subspecialties.contains(&name);
                let free = |(day, half): &(usize, HalfDay)| {
                    let count = free_at(*day, *half).iter().filter(has).count();
                    count * count
                };
                self.draw.weighted(&slots.iter().map(free).collect::<Vec<_>>())
            } else if self.draw.chance(lending.hard) {
                self.draw.below(slots.len())
            } else {
                self.draw.weighted(&weights)
            };
            weights[at] = weights[at].saturating_sub(2);
            let (day, half) = slots[at];
            let free = free_at(day, half);
            let named = self.draw.chance(0.4).then(|| self.draw.pick(&free)).flatten();
            let named = named.map(|member| member.code.clone());
            let weeks = match self.draw.weighted(&[80, 5, 5, 5, 5]) {
                1 => WeekPattern::Nth { which: vec![1, 3], last: false },
                2 => WeekPattern::Nth { which: vec![2, 4], last: false },
                3 => WeekPattern::IsoOdd,
                4 => WeekPattern::Cycle { which: vec![1, 3], length: 4 },
                _ => WeekPattern::All,
            };
            let priority = [Priority::Must, Priority::Should, Priority::Could]
                [self.draw.weighted(&[20, 60, 20])];
            let (new, follow_up) = (self.draw.between(3, 8), self.draw.between(6, 12));
            let row = self.clinic(held.code, held.site, specialty, WEEKDAYS[day], half);
            row.weeks = weeks;
            row.priority = priority;
            row.new_slots = u32::try_from(new).ok();
            row.follow_up_slots = u32::try_from(follow_up).ok();
            match subspecialty {
                Some(name) => row.subspecialty = Some(name.into()),
                None => row.named_consultant.extend(named),
            }
        }
    }

    fn preference(&mut self, code: &str, site: &str) {
        let points = 5 * self.draw.between(1, 5) as i64;
        let mut row = rows::preference(code, points);
        match self.draw.below(3) {
            0 => row.weekday = Some(WEEKDAYS[self.draw.below(5)]),
            1 => row.site = Some(site.into()),
            _ => {
                row.site = Some(site.into());
                row.points = -points;
            }
        }
        self.draft.preferences.get_or_insert_default().push(row);
    }
}
