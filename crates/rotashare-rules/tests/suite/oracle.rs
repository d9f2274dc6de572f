//! Points and rules counted a third time, from the rows of the files and the contract alone, for what
//! audit and algebra look at through the same eyes: random rotas of random tiny networks.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::draft::{AgreementRow, ConsultantRow, Draft, HistoryRow, Setting};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::{
    Date, HalfDay, Moment, Span, dates, days_after, days_between, monday_of,
};
use rotashare_core::values::Firmness;

use crate::dice::Dice;
use crate::random::case;
use crate::world::World;

const HALVES: [HalfDay; 2] = [HalfDay::Am, HalfDay::Pm];

/// A place that somebody has, in the words of the files.
struct Done<'a> {
    who: &'a ConsultantRow,
    session: String,
    clinic: Option<String>,
    site: String,
    host: String,
    specialty: String,
    span: Span,
    miles: i64,
    travel: i64,
}

impl Done<'_> {
    fn date(&self) -> Date {
        self.span.start().date()
    }

    fn away(&self) -> bool {
        self.host != self.who.trust
    }
}

struct Oracle<'a> {
    draft: &'a Draft,
    world: &'a World,
    today: Date,
    done: Vec<Done<'a>>,
}

impl<'a> Oracle<'a> {
    fn new(draft: &'a Draft, world: &'a World, today: Date, rota: &Rota) -> Self {
        let network = &world.network;
        let done = rota.assignments().map(|(id, who)| {
            let (session, person) = (network.session(id), network.consultant(who));
            let (base, site) = (person.base(), session.site());
            let travel = network.travel();
            Done {
                who: draft.consultants.iter().find(|r| r.consultant == person.code()).expect("row"),
                session: session.code().into(),
                clinic: session.clinic().map(|clinic| network.clinic(clinic).code().into()),
                site: network.site(site).code().into(),
                host: network.trust(network.site(site).trust()).code().into(),
                specialty: network.specialty(session.specialty()).code().into(),
                span: session.span(),
                miles: travel.miles(base, site).0 + travel.miles(site, base).0,
                travel: i64::from(travel.usual_minutes(base, site))
                    + i64::from(travel.usual_minutes(site, base)),
            }
        });
        Self { draft, world, today, done: done.collect() }
    }

    fn weight(&self, term: &str) -> i64 {
        self.world.book.weight(term)
    }

    fn param(&self, rule: &str, key: &str) -> Option<&Setting> {
        let mut rows = self.draft.network.rules.iter().rev();
        rows.find(|(_, r, k, _)| r == rule && k == key).map(|(_, _, _, value)| value)
    }

    fn whole(&self, rule: &str, key: &str) -> Option<i64> {
        self.param(rule, key).map(|value| match value {
            Setting::Whole(value) => *value,
            other => panic!("{rule}.{key} is {other:?}"),
        })
    }

    fn by_person(&self) -> BTreeMap<&str, Vec<&Done<'a>>> {
        let mut lists: BTreeMap<&str, Vec<&Done<'a>>> = BTreeMap::new();
        for done in &self.done {
            lists.entry(&done.who.consultant).or_default().push(done);
        }
        lists
    }

    fn horizon(&self) -> (Date, Date) {
        self.draft.network.horizon.expect("a horizon")
    }

    fn on_leave(&self, who: &str, day: Date, half: HalfDay) -> bool {
        self.draft.leave.iter().flatten().any(|row| {
            row.consultant == who && row.from <= day && day <= row.to && row.part.covers(half)
        })
    }

    fn all_day_off(&self, who: &str, day: Date) -> bool {
        HALVES.iter().all(|half| self.on_leave(who, day, *half))
    }

    /// Fixed duties that start in a stretch of dates.
    fn duties(&self, who: &ConsultantRow, from: Date, to: Date) -> Vec<Span> {
        let anchor = self.draft.network.cycle_anchor.map(|(_, day)| day);
        let rows = self.draft.job_plans.iter().flatten();
        rows.filter(|row| row.consultant == who.consultant && row.firmness == Firmness::Fixed)
            .flat_map(|row| {
                dates(from, to)
                    .filter(|day| day.weekday() == row.weekday && row.valid.contains(*day))
                    .filter(|day| row.weeks.contains(*day, anchor) && who.active.contains(*day))
                    .map(|day| Span::on(day, row.start, row.end))
                    .filter(|span| {
                        let day = span.start().date();
                        let mut here = span.half_days().filter(|(on, _)| *on == day);
                        !here.all(|(day, half)| self.on_leave(&who.consultant, day, half))
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Published places outside the horizon: when, and at which trust.
    fn outside(&self, who: &str) -> Vec<(Date, String)> {
        let (from, to) = self.horizon();
        let rows = self.draft.published.iter().flatten();
        rows.filter(|row| row.consultant.as_deref() == Some(who))
            .filter_map(|row| Some((row.date?, row.site.clone()?)))
            .filter(|(day, _)| *day < from || *day > to)
            .map(|(day, site)| {
                let row = self.draft.sites.iter().find(|row| row.site == site).expect("a site");
                (day, row.trust.clone())
            })
            .collect()
    }

    fn agreement(&self, done: &Done<'_>) -> Option<&AgreementRow> {
        let rows = self.draft.agreements.iter().flatten();
        rows.filter(|row| row.lender == done.who.trust && row.host == done.host)
            .filter(|row| row.specialty.as_ref().is_none_or(|only| *only == done.specialty))
            .filter(|row| row.valid.contains(done.date()))
            .min_by_key(|row| (row.specialty.is_none(), &row.agreement))
    }

    /// Price and mileage in so many ten-thousandths of a penny, rounded.
    fn cost_of(&self, done: &Done<'_>, unit: i64) -> i64 {
        self.agreement(done).filter(|_| done.away()).map_or(0, |row| {
            let rate = row.mileage_pence.map_or(0, |rate| rate.0);
            let price = row.price_per_session.map_or(0, |price| price.0);
            (price * 10_000 + done.miles * rate + unit / 2) / unit
        })
    }

    fn fairness(&self) -> i64 {
        let weight = self.weight("fairness");
        let lists = self.by_person();
        let of = |(who, list): (&&str, &Vec<&Done<'_>>)| -> i64 {
            let away = list.iter().filter(|done| done.away()).map(|done| done.date());
            let days = away.collect::<BTreeSet<Date>>().len() as i64;
            let mut rows = self.draft.history.iter().flatten();
            let before = rows.find(|row| row.consultant == **who).and_then(|row| row.away_days);
            let before = i64::from(before.unwrap_or(0));
            let fte = list[0].who.fte.0;
            (0..days).map(|k| (weight * (k + before) * 2000 + fte) / (2 * fte)).sum()
        };
        lists.iter().map(of).sum()
    }

    fn preference(&self) -> i64 {
        let points = self.done.iter().flat_map(|done| {
            let rows = self.draft.preferences.iter().flatten();
            rows.filter(|row| row.consultant == done.who.consultant)
                .filter(|row| row.site.as_ref().is_none_or(|site| *site == done.site))
                .filter(|row| row.specialty.as_ref().is_none_or(|one| *one == done.specialty))
                .filter(|row| row.clinic.is_none() || row.clinic == done.clinic)
                .filter(|row| row.weekday.is_none_or(|day| day == done.date().weekday()))
                .filter(|row| row.part.covers(HalfDay::of(done.span.start().clock())))
                .map(|row| row.points)
                .collect::<Vec<_>>()
        });
        points.sum::<i64>() * self.weight("preference")
    }

    fn cost(&self) -> i64 {
        let pounds = self.done.iter().map(|done| self.cost_of(done, 1_000_000));
        pounds.sum::<i64>() * self.weight("cost")
    }

    fn first_day_back(&self) -> i64 {
        let back = self.done.iter().filter(|done| {
            let (who, day) = (&done.who.consultant, done.date());
            let works = |day: Date| {
                done.who.working_days.contains(day.weekday()) && done.who.active.contains(day)
            };
            if !done.away() || !works(day) || self.all_day_off(who, day) {
                return false;
            }
            let before = |days: i64| days_after(day, -days);
            let last = (1..200).find(|n| works(before(*n)) && !self.all_day_off(who, before(*n)));
            let free = (1..last.unwrap_or(200)).filter(|n| self.all_day_off(who, before(*n)));
            free.count() >= 3
        });
        back.count() as i64 * self.weight("first_day_back")
    }

    fn change(&self) -> i64 {
        if self.draft.published.is_none() {
            return 0;
        }
        let days = self.whole("notice", "days").unwrap_or(42);
        let from = match self.param("notice", "from") {
            Some(Setting::Date(date)) => *date,
            _ => self.today,
        };
        let mut sum = 0;
        for session in self.world.network.sessions() {
            let rows = self.draft.published.iter().flatten();
            let rows = rows.filter(|row| row.session == session.code());
            let had: Vec<&str> = rows.filter_map(|row| row.consultant.as_deref()).collect();
            let here = self.done.iter().filter(|done| done.session == session.code());
            let new = here.filter(|done| !had.contains(&done.who.consultant.as_str())).count();
            let empty = (session.places() as usize).saturating_sub(had.len());
            let inside = days_between(from, session.date()) < days;
            let each = self.weight("change") * if inside { 4 } else { 1 };
            if !had.is_empty() {
                sum += each * new.saturating_sub(empty) as i64;
            }
        }
        sum
    }

    fn agreement_broken(&self) -> bool {
        let Some(rows) = &self.draft.agreements else { return false };
        let away = || self.done.iter().filter(|done| done.away());
        let under = |row: &AgreementRow| {
            let mine = away().filter(|done| {
                self.agreement(done).is_some_and(|one| one.agreement == row.agreement)
            });
            mine.map(|done| self.cost_of(done, 10_000)).collect::<Vec<i64>>()
        };
        away().any(|done| self.agreement(done).is_none())
            || rows.iter().any(|row| {
                let pence = under(row);
                row.max_sessions.is_some_and(|most| pence.len() > most as usize)
                    || row.max_cost.is_some_and(|most| pence.iter().sum::<i64>() > most.0)
            })
    }

    fn working_time_broken(&self) -> bool {
        let (from, to) = self.horizon();
        let hours = self.whole("working-time", "average_hours").unwrap_or(48);
        self.by_person().iter().any(|(who, list)| {
            let mut rows = self.draft.history.iter().flatten();
            let row = rows.find(|row| row.consultant == **who);
            let weeks = |row: &HistoryRow| row.weeks.filter(|weeks| weeks.0 > 0);
            let before = row.and_then(|row| row.hours.zip(weeks(row)));
            let (minutes, weeks) = before.map_or((0, 0), |(minutes, weeks)| (minutes, weeks.0));
            let duties = self.duties(list[0].who, from, to);
            let duties: i64 = duties.iter().map(|span| i64::from(span.minutes())).sum();
            let sessions: i64 = list.iter().map(|done| i64::from(done.span.minutes())).sum();
            let visits: BTreeMap<_, i64> =
                list.iter().map(|done| ((done.date(), &done.site), done.travel)).collect();
            let travel: i64 = visits.values().sum();
            // Minutes in all against minutes a week × weeks, both × 7000.
            let worked = (minutes + duties + sessions + travel) * 7000;
            worked > hours * 60 * (weeks * 7 + (days_between(from, to) + 1) * 1000)
        })
    }

    fn max_days_broken(&self) -> bool {
        let window = self.whole("max-days", "window_days").filter(|days| *days > 0);
        let (Some(window), Some(most)) = (window, self.whole("max-days", "max")) else {
            return false;
        };
        let (from, to) = self.horizon();
        let (first, last) = (days_after(from, -window), days_after(to, window));
        self.by_person().iter().any(|(who, list)| {
            let duties = self.duties(list[0].who, first, last).into_iter();
            let mut there: BTreeSet<Date> = duties.map(|span| span.start().date()).collect();
            there.extend(self.outside(who).into_iter().map(|(day, _)| day));
            let new: BTreeSet<Date> =
                list.iter().map(|done| done.date()).filter(|day| !there.contains(day)).collect();
            dates(first, last).any(|start| {
                let end = days_after(start, window - 1);
                let inside = |set: &BTreeSet<Date>| set.range(start..=end).count() as i64;
                inside(&new) > 0 && inside(&new) + inside(&there) > most
            })
        })
    }

    fn away_days_broken(&self) -> bool {
        let usual = self.whole("away-days", "max_per_week").unwrap_or(2);
        self.by_person().iter().any(|(who, list)| {
            let own = list[0].who.max_away_days_per_week.map(i64::from);
            let away = list.iter().filter(|done| done.away()).map(|done| done.date());
            let away: BTreeSet<Date> = away.collect();
            let mut all = away.clone();
            let outside = self.outside(who).into_iter();
            all.extend(outside.filter(|(_, t)| *t != list[0].who.trust).map(|(day, _)| day));
            away.iter().any(|day| {
                let week = all.iter().filter(|other| monday_of(**other) == monday_of(*day));
                week.count() as i64 > own.unwrap_or(usual)
            })
        })
    }

    /// Of the people of a trust and specialty (based at a site), who is at work in a half-day, and how
    /// many of them are away.
    fn lent(
        &self,
        trust: &str,
        specialty: &str,
        site: Option<&str>,
        (day, half): (Date, HalfDay),
    ) -> (usize, usize) {
        let noon = Moment::start_of(day).plus(13 * 60);
        let stretch = match half {
            HalfDay::Am => Span::between(Moment::start_of(day), noon),
            HalfDay::Pm => Span::between(noon, Moment::start_of(days_after(day, 1))),
        };
        let people = self.draft.consultants.iter().filter(|who| {
            who.trust == trust
                && site.is_none_or(|site| site == who.base_site)
                && who.working_days.contains(day.weekday())
                && who.active.contains(day)
                && !self.on_leave(&who.consultant, day, half)
                && self.draft.accreditations.iter().any(|row| {
                    row.consultant == who.consultant
                        && row.specialty == specialty
                        && row.valid.contains(day)
                })
        });
        let away = |who: &&ConsultantRow| {
            self.done.iter().any(|done| {
                done.who.consultant == who.consultant && done.away() && done.span.overlaps(stretch)
            })
        };
        let people: Vec<&ConsultantRow> = people.collect();
        (people.len(), people.iter().copied().filter(away).count())
    }

    fn half_days(&self) -> Vec<(Date, HalfDay)> {
        let (from, to) = self.horizon();
        dates(from, to).flat_map(|day| HALVES.map(|half| (day, half))).collect()
    }

    fn drawbridge_broken(&self) -> bool {
        self.draft.cover.iter().flatten().any(|row| {
            self.half_days().into_iter().any(|(day, half)| {
                let asked =
                    row.weekday.is_none_or(|on| on == day.weekday()) && row.part.covers(half);
                let site = row.site.as_deref();
                let (there, away) = self.lent(&row.trust, &row.specialty, site, (day, half));
                asked && away > 0 && there - away < row.keep_on_base as usize
            })
        })
    }

    fn away_share_broken(&self) -> bool {
        let Some(Setting::Fraction(share)) = self.param("away-share", "max_share") else {
            return false;
        };
        self.draft.trusts.iter().any(|trust| {
            ["320", "100"].iter().any(|specialty| {
                self.half_days().into_iter().any(|when| {
                    let (there, away) = self.lent(&trust.trust, specialty, None, when);
                    away as f64 > share * there as f64 + 1e-6
                })
            })
        })
    }
}

#[test]
fn the_rows_of_the_files_say_the_same() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 7000..7800 {
        let case = case(seed);
        let world = World::on(&case.draft, case.today);
        let mut dice = Dice::new(seed);
        let people: Vec<_> = world.network.consultant_ids().collect();
        for share in [15, 15, 30, 30, 60] {
            let mut rota = Rota::empty(&world.network);
            for session in world.network.session_ids() {
                for who in people.iter().filter(|_| dice.percent(share)) {
                    let _ = rota.add(session, *who);
                }
            }
            let oracle = Oracle::new(&case.draft, &world, case.today, &rota);
            let verdict = world.audit(&rota);
            for (name, points) in [
                ("fairness", oracle.fairness()),
                ("preference", oracle.preference()),
                ("cost", oracle.cost()),
                ("first_day_back", oracle.first_day_back()),
                ("change", oracle.change()),
            ] {
                let found = verdict.terms().iter().find(|(term, _)| *term == name);
                assert_eq!(found, Some(&(name, Points::whole(points))), "seed {seed}");
                *seen.entry(name).or_default() += usize::from(points != 0);
            }
            for (name, broken) in [
                ("agreement", oracle.agreement_broken()),
                ("working-time", oracle.working_time_broken()),
                ("max-days", oracle.max_days_broken()),
                ("away-days", oracle.away_days_broken()),
                ("drawbridge", oracle.drawbridge_broken()),
                ("away-share", oracle.away_share_broken()),
            ] {
                let found = verdict.breaches().iter().any(|breach| breach.rule == name);
                let on = world.book.is_on(name);
                assert_eq!(found, broken && on, "seed {seed}, {name}: {:?}", verdict.breaches());
                *seen.entry(name).or_default() += usize::from(found);
            }
        }
    }
    assert!(seen.values().all(|times| *times >= 20), "{seen:?}");
}
