//! Random problems, and the truth about tiny ones by trying every choice.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Step, Tariff};
use rotashare_rules::problem::{Demand, Item, Mark, OptionId, Problem, Sketch};

/// A small generator of pseudo-random numbers (SplitMix64), so that a seed means the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both inclusive.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    /// One of `len`.
    pub(crate) fn below(&mut self, len: usize) -> usize {
        (self.next() % len as u64) as usize
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }
}

/// A problem of at most 12 options that uses all six words with random weights, wild ones too:
/// groups within clashes, marks that occur twice, tariffs that pay, bounds out of reach. Whole points
/// where `whole`, else also quarters. One in a dozen or so has no rota at all.
pub(crate) fn tiny(seed: u64, whole: bool) -> Problem {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let consultants = dice.between(1, 4) as usize;
    let sessions = dice.between(1, 5) as usize;
    let mut pairs: Vec<(ConsultantId, SessionId)> = Vec::new();
    for consultant in 0..consultants {
        for session in 0..sessions {
            if pairs.len() < 12 && dice.chance(75) {
                pairs.push((ConsultantId::new(consultant), SessionId::new(session)));
            }
        }
    }
    if pairs.is_empty() {
        pairs.push((ConsultantId::new(0), SessionId::new(0)));
    }
    let mut sketch = Sketch::new(pairs);
    let amount = |dice: &mut Dice, low: i64, high: i64| {
        if whole || dice.chance(60) {
            Points::whole(dice.between(low, high))
        } else {
            Points::quarters(dice.between(4 * low, 4 * high))
        }
    };
    let rising = |dice: &mut Dice, lowest: i64| {
        let steps = dice.between(1, 3);
        let mut each = amount(dice, lowest, 20);
        let mut list = Vec::new();
        for _ in 0..steps {
            list.push(Step { units: dice.between(1, 3), each });
            each += amount(dice, 0, 25);
        }
        let base = if dice.chance(20) { amount(dice, -5, 5) } else { Points::ZERO };
        Tariff::from_steps(base, list)
    };

    let options = sketch.options().len();
    for index in 0..options {
        if dice.chance(70) {
            let points = amount(dice, -15, 40);
            sketch.add_points(OptionId::new(index), points);
        }
    }
    sketch.add_constant(amount(dice, -10, 10));

    for consultant in sketch.consultants() {
        let own: Vec<OptionId> = sketch.options_of(consultant).map(|(id, _)| id).collect();
        for (index, a) in own.iter().enumerate() {
            for b in &own[index + 1..] {
                if dice.chance(20) {
                    sketch.clash("clash", *a, *b);
                }
            }
        }
        for _ in 0..dice.between(0, 2) {
            let items = items(&mut sketch, dice, &own, 3);
            let max = dice.between(0, 5);
            sketch.limit("limit", consultant, items, max);
        }
        for _ in 0..dice.between(0, 3) {
            let items = items(&mut sketch, dice, &own, 2);
            let tariff = rising(dice, -20);
            sketch.charge("charge", consultant, items, tariff);
        }
    }
    let all: Vec<OptionId> = (0..options).map(OptionId::new).collect();
    for session in 0..sessions {
        let of_session: Vec<Item> = all
            .iter()
            .filter(|o| sketch.option(**o).session == SessionId::new(session))
            .map(|o| Item::one(Mark::Option(*o)))
            .collect();
        let tariff = rising(dice, 0);
        let demand = Demand::Fill(dice.between(1, 2), tariff);
        sketch.row("coverage", format!("S {session}"), of_session, demand);
    }
    for number in 0..dice.between(0, 4) {
        let mut items = Vec::new();
        for consultant in sketch.consultants() {
            let own: Vec<OptionId> = sketch.options_of(consultant).map(|(id, _)| id).collect();
            items.extend(self::items(&mut sketch, dice, &own, 2));
        }
        let bound = dice.between(0, 4);
        let demand = match dice.below(4) {
            0 => Demand::AtMost(bound),
            1 => Demand::AtMostOr(bound - 1, rising(dice, 0)),
            2 => Demand::AtLeastOr(bound + 1, rising(dice, 0)),
            _ => Demand::Fill(bound, rising(dice, -10)),
        };
        sketch.row("row", format!("R{number}"), items, demand);
    }
    for option in &all {
        if dice.chance(4) {
            sketch.fix("pin", *option, true);
        } else if dice.chance(5) {
            sketch.fix("pin", *option, false);
        }
    }
    sketch.finish()
}

fn items(sketch: &mut Sketch, dice: &mut Dice, own: &[OptionId], heaviest: i64) -> Vec<Item> {
    let mut items = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let picked: Vec<OptionId> = own.iter().copied().filter(|_| dice.chance(45)).collect();
        if dice.chance(50) {
            let mark = sketch.any_of(picked);
            items.extend(mark.map(|mark| Item { mark, weight: dice.between(1, heaviest) }));
        } else {
            items.extend(
                picked
                    .into_iter()
                    .map(|o| Item { mark: Mark::Option(o), weight: dice.between(1, heaviest) }),
            );
        }
    }
    items
}

/// One specialty as in the field: clinics weekly over `weeks`, one site a day and two away days a
/// week for each consultant, empty 3000, travel by date and site, continuity 60, fairness convex in
/// away days, a drawbridge row a half-day.
pub(crate) fn specialty(
    consultants: usize,
    sites: usize,
    clinics: usize,
    weeks: usize,
    seed: u64,
) -> Problem {
    weekly(consultants, sites, clinics, weeks, seed, 0)
}

/// The same with a third of the options missing here and there, so that hardly a series can stay with
/// one consultant: what makes a proof hard.
pub(crate) fn patchy(
    consultants: usize,
    sites: usize,
    clinics: usize,
    weeks: usize,
    seed: u64,
) -> Problem {
    weekly(consultants, sites, clinics, weeks, seed, 33)
}

fn weekly(
    consultants: usize,
    sites: usize,
    clinics: usize,
    weeks: usize,
    seed: u64,
    missing: i64,
) -> Problem {
    let mut dice = Dice::new(seed);
    // A clinic: its site, weekday and half-day. A consultant: base site, away at the others.
    let mut clinic: Vec<(usize, usize, usize)> =
        (0..clinics).map(|_| (dice.below(sites), dice.below(5), dice.below(2))).collect();
    // Sessions are numbered by time.
    clinic.sort_by_key(|(site, day, half)| (*day, *half, *site));
    let base: Vec<usize> = (0..consultants).map(|_| dice.below(sites)).collect();
    let minutes: Vec<Vec<i64>> = (0..sites)
        .map(|a| (0..sites).map(|b| if a == b { 0 } else { dice.between(4, 18) * 5 }).collect())
        .collect();
    let session = |clinic: usize, week: usize| SessionId::new(week * clinics + clinic);
    let mut pairs = Vec::new();
    for (consultant, home) in base.iter().enumerate() {
        let at: Vec<bool> = (0..sites).map(|site| site == *home || dice.chance(45)).collect();
        // Fixed duties take two to five half-days of ten, leave a tenth of the weeks.
        let busy: Vec<bool> = (0..10).map(|_| dice.chance(40)).collect();
        for week in 0..weeks {
            if dice.chance(10) {
                continue;
            }
            for (number, (site, day, half)) in clinic.iter().enumerate() {
                let free = missing == 0 || !dice.chance(missing);
                if at[*site] && !busy[day * 2 + half] && free {
                    pairs.push((ConsultantId::new(consultant), session(number, week)));
                }
            }
        }
    }
    let mut sketch = Sketch::new(pairs);
    sketch.set_days(7 * weeks as i64);
    let place = |s: SessionId| {
        let (site, day, half) = clinic[s.index() % clinics];
        (site, day, half, s.index() / clinics)
    };
    let mut away_at: Vec<Vec<Item>> = vec![Vec::new(); weeks * 10];
    for consultant in sketch.consultants() {
        let home = base[consultant.index()];
        let own: Vec<(OptionId, SessionId)> =
            sketch.options_of(consultant).map(|(id, option)| (id, option.session)).collect();
        for (index, (a, one)) in own.iter().enumerate() {
            for (b, other) in &own[index + 1..] {
                let (p, q) = (place(*one), place(*other));
                let same_date = (p.1, p.3) == (q.1, q.3);
                if same_date && (p.2 == q.2 || p.0 != q.0) {
                    sketch.clash(if p.2 == q.2 { "one-place" } else { "travel-time" }, *a, *b);
                }
            }
        }
        let mut away_days = Vec::new();
        for week in 0..weeks {
            let mut in_week = Vec::new();
            for day in 0..5 {
                let on_date = |s: SessionId| (place(s).1, place(s).3) == (day, week);
                for site in (0..sites).filter(|site| *site != home) {
                    let there = own.iter().filter(|(_, s)| on_date(*s) && place(*s).0 == site);
                    let there: Vec<OptionId> = there.map(|(o, _)| *o).collect();
                    if let Some(mark) = sketch.any_of(there) {
                        let travel = Tariff::flat(Points::whole(2 * minutes[home][site]));
                        sketch.charge("travel", consultant, [Item::one(mark)], travel);
                    }
                }
                let away = |s: SessionId| on_date(s) && place(s).0 != home;
                let away_options = own.iter().filter(|(_, s)| away(*s)).map(|(o, _)| *o).collect();
                in_week.extend(sketch.any_of(away_options).map(Item::one));
                for half in 0..2 {
                    let out = |s: SessionId| away(s) && place(s).2 == half;
                    let out = own.iter().filter(|(_, s)| out(*s)).map(|(o, _)| *o).collect();
                    away_at[week * 10 + day * 2 + half].extend(sketch.any_of(out).map(Item::one));
                }
            }
            sketch.limit("away-days", consultant, in_week.iter().copied(), 2);
            away_days.extend(in_week);
        }
        let fte = if dice.chance(25) { 2 } else { 1 };
        let prices = (0..away_days.len() as i64).map(|k| Points::whole(10 * k * fte));
        sketch.charge("fairness", consultant, away_days, Tariff::rising(prices));
        let all_own = own.iter().map(|(o, _)| Item::one(Mark::Option(*o)));
        sketch.limit("max-hours", consultant, all_own, weeks as i64 * 4);
        for number in 0..clinics {
            let series = own.iter().filter(|(_, s)| s.index() % clinics == number).map(|(o, _)| *o);
            if let Some(mark) = sketch.any_of(series.collect()) {
                let each = Tariff::flat(Points::whole(60));
                sketch.charge("continuity", consultant, [Item::one(mark)], each);
            }
        }
    }
    for (slot, items) in away_at.into_iter().enumerate() {
        let most = (consultants as i64 * 2) / 3;
        sketch.row("drawbridge", format!("{slot}"), items, Demand::AtMost(most));
    }
    for number in 0..clinics {
        let empty = Tariff::flat(Points::whole(if number % 5 == 0 { 10_000 } else { 3_000 }));
        for week in 0..weeks {
            let id = session(number, week);
            let here: Vec<Item> = (0..sketch.options().len())
                .map(OptionId::new)
                .filter(|o| sketch.option(*o).session == id)
                .map(|o| Item::one(Mark::Option(o)))
                .collect();
            sketch.row(
                "unfilled",
                format!("C{number}@{week}"),
                here,
                Demand::Fill(1, empty.clone()),
            );
        }
    }
    sketch.finish()
}

/// Every choice of a tiny problem: the best one that breaks nothing, and its points.
pub(crate) fn best(problem: &Problem) -> Option<(Vec<bool>, Points)> {
    let options = problem.options().len();
    assert!(options <= 16, "too many to try them all");
    let mut best: Option<(Vec<bool>, Points)> = None;
    for code in 0_u32..1 << options {
        let chosen: Vec<bool> = (0..options).map(|bit| code >> bit & 1 == 1).collect();
        let points = problem.points(&chosen);
        if best.as_ref().is_none_or(|(_, least)| points < *least)
            && problem.broken(&chosen).is_empty()
        {
            best = Some((chosen, points));
        }
    }
    best
}

#[test]
fn random_problems_use_all_six_words() {
    let mut seen = [false; 6];
    let mut without = 0;
    for seed in 0..60 {
        let problem = tiny(seed, seed % 2 == 0);
        assert_eq!(problem, tiny(seed, seed % 2 == 0));
        assert!(seed % 2 == 1 || problem.counts_in_whole_points());
        seen[0] |= !problem.options().is_empty();
        seen[1] |= !problem.clashes().is_empty();
        seen[2] |= !problem.limits().is_empty();
        seen[3] |= !problem.charges().is_empty();
        seen[4] |= !problem.rows().is_empty();
        seen[5] |= !problem.fixes().is_empty();
        without += usize::from(best(&problem).is_none());
    }
    assert_eq!(seen, [true; 6]);
    assert!((1..20).contains(&without), "{without}");
    let (full, less) = (specialty(6, 3, 4, 2, 1), patchy(6, 3, 4, 2, 1));
    assert!(full.options().len() > 20 && less.options().len() > 10);
}
