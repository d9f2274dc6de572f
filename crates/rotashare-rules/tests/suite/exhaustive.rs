//! Audit and algebra held against each other: on random tiny networks, for every rota.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rotashare_core::draft::{Draft, RotaRow};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_rules::compile::published_choice;
use rotashare_rules::problem::{
    Demand, Item, Mark, OptionId, PlanOption, Problem, Row, RuleId, Settled,
};
use rotashare_rules::registry::RULES;
use rotashare_rules::rule::Severity;
use rotashare_rules::rules::pins;

use crate::dice::Dice;
use crate::random::{Case, case};
use crate::world::World;

/// The most options of a network of which every choice is looked at.
const MOST: usize = 12;

/// How often each rule was broken, each term charged, over all networks.
#[derive(Default)]
struct Tally {
    networks: usize,
    rotas: usize,
    allowed: usize,
    seen: BTreeMap<&'static str, usize>,
    /// Allowed choices in a sliced problem, and how many of them cost as much as in the whole.
    sliced: (usize, usize),
    /// Choices that a row between slices forbids there.
    tied: usize,
}

fn rota(world: &World, pairs: &[(ConsultantId, SessionId)]) -> Option<Rota> {
    let mut rota = Rota::empty(&world.network);
    pairs.iter().all(|(who, session)| rota.add(*session, *who).is_ok()).then_some(rota)
}

fn rules_of(world: &World, rota: &Rota) -> (BTreeSet<RuleId>, Points) {
    let verdict = world.audit(rota);
    (verdict.breaches().iter().map(|breach| breach.rule).collect(), verdict.objective())
}

/// Looks at every choice of a network's options, and at every pair that is none.
fn check(seed: u64, tally: &mut Tally) {
    let Case { draft, today } = case(seed);
    let world = World::on(&draft, today);
    let problem = &world.problem;
    let count = problem.options().len();
    if count == 0 || count > MOST {
        return;
    }
    tally.networks += 1;
    well_formed(seed, problem);
    sized(seed, problem);
    let pairs: Vec<_> = problem.options().iter().map(|o| (o.consultant, o.session)).collect();
    let sound = pins::faults(&world.network, &world.book).is_empty();
    published(seed, &world, &draft);
    let (constant, parts) = problem.split();
    assert_eq!(parts.len(), components(problem), "seed {seed}: parts");
    let days = world.network.horizon().days();
    let all = std::iter::once(problem).chain(parts.iter().map(|part| &part.problem));
    all.for_each(|problem| assert_eq!(problem.days(), days, "seed {seed}"));
    let whole = problem.counts_in_whole_points();
    let mut allowed: Vec<Vec<bool>> = Vec::new();
    let most = problem.most_quarters();
    let mut possible = false;
    for mask in 0..1_u32 << count {
        let chosen: Vec<bool> = (0..count).map(|i| mask >> i & 1 == 1).collect();
        let picked: Vec<_> =
            pairs.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(p, _)| *p).collect();
        let broken = problem.broken(&chosen);
        let points = problem.points(&chosen);
        let said = || format!("seed {seed}, {picked:?}, algebra {broken:?}");
        let quarters = i128::from(points.in_quarters()).abs();
        assert!(quarters <= most, "{quarters} quarters where {most} are the most, {}", said());
        assert!(!whole || points.is_whole(), "{quarters} quarters in whole points, {}", said());
        let parted: Points = parts
            .iter()
            .map(|part| {
                let own: Vec<bool> = part.options.iter().map(|o| chosen[o.index()]).collect();
                part.problem.points(&own)
            })
            .sum();
        assert_eq!(constant + parted, points, "parts, {}", said());
        let Some(rota) = rota(&world, &picked) else {
            assert!(broken.contains(&"unfilled"), "over capacity, {}", said());
            continue;
        };
        tally.rotas += 1;
        let verdict = world.audit(&rota);
        let audited: BTreeSet<RuleId> = verdict.breaches().iter().map(|b| b.rule).collect();
        assert_eq!(verdict.objective(), points, "points, {}, {:?}", said(), verdict.terms());
        let known = broken.iter().all(|rule| audited.contains(rule));
        assert!(known, "{}, audit {:?}", said(), verdict.breaches());
        if sound {
            assert_eq!(
                broken.is_empty(),
                audited.is_empty(),
                "{}, audit {:?}",
                said(),
                verdict.breaches()
            );
        }
        if broken.is_empty() {
            allowed.push(chosen);
        }
        possible |= audited.is_empty();
        tally.allowed += usize::from(audited.is_empty());
        for (term, _) in verdict.terms().iter().filter(|(_, points)| *points != Points::ZERO) {
            *tally.seen.entry(term).or_default() += 1;
        }
        for rule in audited {
            *tally.seen.entry(rule).or_default() += 1;
        }
    }
    assert_eq!(possible, sound, "seed {seed}: a rota is possible where no pin breaks a rule");
    decide(seed, problem, &allowed);
    slice(seed, problem, &allowed, tally);
    forbidden(seed, &world, &pairs, tally);
}

/// A problem cut into slices allows what the whole allows, and takes no more for it. Uncut it is the same.
fn slice(seed: u64, problem: &Problem, allowed: &[Vec<bool>], tally: &mut Tally) {
    let mut sessions: Vec<SessionId> = problem.options().iter().map(|o| o.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let middle = sessions[sessions.len() / 2];
    let cuts = [Vec::new(), vec![middle], sessions[1..].to_vec()];
    for (number, starts) in cuts.iter().enumerate() {
        let sliced = problem.slice(starts);
        assert_eq!(sliced.scale.len(), problem.rows().len(), "seed {seed}");
        assert_eq!(sliced.slice_of.len(), sliced.problem.by_consultant().len(), "seed {seed}");
        for chosen in allowed {
            let said = || format!("seed {seed}, {starts:?}, {chosen:?}");
            let (here, whole) = (sliced.problem.points(chosen), problem.points(chosen));
            assert!(sliced.problem.broken(chosen).is_empty(), "{}", said());
            assert!(here <= whole, "{here} for {whole}, {}", said());
            assert!(number > 0 || here == whole, "{here} for {whole}, {}", said());
            tally.sliced.0 += 1;
            tally.sliced.1 += usize::from(here == whole);
        }
        if number == 0 {
            assert_eq!(sliced.problem.rows(), problem.rows(), "seed {seed}");
            continue;
        }
        for mask in 0..1_u32 << problem.options().len().min(8) {
            let chosen: Vec<bool> =
                (0..problem.options().len()).map(|i| i < 8 && mask >> i & 1 == 1).collect();
            let over = |row: &Row| match row.demand {
                Demand::AtMost(most) => sliced.problem.sum(&row.items, &chosen) > most,
                _ => false,
            };
            tally.tied +=
                usize::from(sliced.problem.rows()[problem.rows().len()..].iter().any(over));
        }
    }
}

/// What a problem that is compiled promises beside: no piece that can't matter, and figures of its size
/// that are exact.
fn sized(seed: u64, problem: &Problem) {
    let clash = |a: OptionId, b: OptionId| problem.clashes().iter().any(|c| (c.a, c.b) == (a, b));
    for group in problem.groups() {
        let mut pairs = group.options.iter().zip(1..).flat_map(|(a, next)| {
            group.options[next..].iter().map(move |b| (*a.min(b), *a.max(b)))
        });
        assert_eq!(group.exclusive, pairs.all(|(a, b)| clash(a, b)), "seed {seed}: {group:?}");
    }
    let sum = |items: &[Item]| items.iter().map(|item| item.weight).sum::<i64>();
    let of_rows = problem.rows().iter().filter_map(|row| match &row.demand {
        Demand::AtMost(_) => None,
        Demand::AtMostOr(most, tariff) => Some((tariff, sum(&row.items) - most, true)),
        Demand::AtLeastOr(least, tariff) => Some((tariff, *least, true)),
        Demand::Fill(places, tariff) => Some((tariff, *places, false)),
    });
    let of_charges = problem.charges().iter().map(|one| (&one.tariff, sum(&one.items), true));
    let options = problem.options().iter().map(|option| option.points.in_quarters().abs());
    let mut most = problem.constant().in_quarters().abs() + options.clone().sum::<i64>();
    let mut dearest = options.max().unwrap_or(0);
    for (tariff, units, is_priced) in of_charges.chain(of_rows) {
        let prices = || tariff.steps().iter().map(|step| step.each.in_quarters().abs());
        dearest = dearest.max(prices().max().unwrap_or(0));
        assert!(!is_priced || prices().any(|price| price > 0), "seed {seed}: {tariff:?} is free");
        let step = |unit: i64| tariff.points(unit) - tariff.points(unit - 1);
        let steps = (1..=units).map(|unit| step(unit).in_quarters().abs());
        most += tariff.base().in_quarters().abs() + steps.sum::<i64>();
    }
    assert_eq!(problem.largest_price().in_quarters(), dearest, "seed {seed}: the largest price");
    assert_eq!(problem.most_quarters(), i128::from(most), "seed {seed}: the most quarters");
}

/// What the pieces of a problem promise to an engine.
fn well_formed(seed: u64, problem: &Problem) {
    let owner = |mark: Mark| problem.consultant_of(mark);
    let positive = |items: &[Item]| items.iter().all(|item| item.weight > 0);
    let sum = |items: &[Item]| items.iter().map(|item| item.weight).sum::<i64>();
    let pairs = problem.options().windows(2);
    for pair in pairs {
        let key = |option: &PlanOption| (option.consultant, option.session);
        assert!(key(&pair[0]) < key(&pair[1]), "seed {seed}: options in order, each once");
    }
    for group in problem.groups() {
        let own = |option: &OptionId| problem.option(*option).consultant == group.consultant;
        assert!(group.options.len() > 1 && group.options.iter().all(own), "seed {seed}: {group:?}");
    }
    for clash in problem.clashes() {
        let owners = [clash.a, clash.b].map(|option| owner(Mark::Option(option)));
        assert!(clash.a < clash.b && owners[0] == owners[1], "seed {seed}: {clash:?}");
    }
    for limit in problem.limits() {
        let own = limit.items.iter().all(|item| owner(item.mark) == limit.consultant);
        assert!(own && positive(&limit.items) && limit.max >= 0, "seed {seed}: {limit:?}");
        assert!(sum(&limit.items) > limit.max, "seed {seed}: {limit:?} can't bind");
    }
    for charge in problem.charges() {
        let own = charge.items.iter().all(|item| owner(item.mark) == charge.consultant);
        let free = charge.tariff.base() == Points::ZERO;
        assert!(own && free && positive(&charge.items), "seed {seed}: {charge:?}");
    }
    let mut names = BTreeSet::new();
    for row in problem.rows() {
        assert!(positive(&row.items), "seed {seed}: {row:?}");
        let binds = match row.demand {
            Demand::AtMost(most) => sum(&row.items) > most,
            Demand::AtMostOr(most, _) => most < 0 || sum(&row.items) > most,
            Demand::AtLeastOr(least, _) => least > 0,
            Demand::Fill(..) => true,
        };
        assert!(binds, "seed {seed}: {row:?} can't bind");
        assert!(names.insert((row.rule, &row.about)), "seed {seed}: two rows {}", row.about);
        if let Demand::AtMostOr(_, tariff) | Demand::AtLeastOr(_, tariff) = &row.demand {
            let dear = tariff.steps().iter().all(|step| step.each >= Points::ZERO);
            assert!(dear, "seed {seed}: {row:?}");
        }
    }
    let fixed: BTreeSet<OptionId> = problem.fixes().iter().map(|fix| fix.option).collect();
    assert_eq!(fixed.len(), problem.fixes().len(), "seed {seed}: an option fixed twice");
}

/// The choice of what is published, told from the rows.
fn published(seed: u64, world: &World, draft: &Draft) {
    let rows = draft.published.as_deref().map(|rows| {
        let said = |row: &RotaRow| (row.consultant.clone(), row.session.clone());
        rows.iter().map(said).collect::<BTreeSet<_>>()
    });
    let network = &world.network;
    let said = |option: &PlanOption| {
        let who = network.consultant(option.consultant).code().to_string();
        (Some(who), network.session(option.session).code().to_string())
    };
    let expected = rows.map(|rows| {
        let options = world.problem.options().iter();
        options.map(|option| rows.contains(&said(option))).collect::<Vec<bool>>()
    });
    assert_eq!(published_choice(network, &world.problem), expected, "seed {seed}: published");
}

/// How many groups of consultants share no row with each other.
fn components(problem: &Problem) -> usize {
    let mut people: BTreeMap<ConsultantId, usize> =
        problem.options().iter().zip(0..).map(|(option, own)| (option.consultant, own)).collect();
    for row in problem.rows() {
        let of = |item: &Item| problem.consultant_of(item.mark);
        let Some(first) = row.items.first().map(|item| people[&of(item)]) else { continue };
        let others: BTreeSet<usize> = row.items.iter().map(|item| people[&of(item)]).collect();
        for own in people.values_mut().filter(|own| others.contains(own)) {
            *own = first;
        }
    }
    people.values().collect::<BTreeSet<_>>().len()
}

/// The problem settled, as it is and with some options decided.
fn decide(seed: u64, problem: &Problem, allowed: &[Vec<bool>]) {
    let mut dice = Dice::new(seed);
    let fixed: BTreeSet<usize> = problem.fixes().iter().map(|fix| fix.option.index()).collect();
    for round in 0..8 {
        let mut one = |_| match dice.below(5) {
            0 if round > 0 => Some(true),
            1 if round > 0 => Some(false),
            _ => None,
        };
        let decided: Vec<Option<bool>> = (0..problem.options().len()).map(&mut one).collect();
        let settled = match round {
            0 => problem.settle(),
            _ => problem.settle_with(&decided),
        };
        let fits = |chosen: &&Vec<bool>| {
            let mut pairs = decided.iter().zip(&chosen[..]).enumerate();
            pairs.all(|(at, (want, is))| fixed.contains(&at) || want.is_none_or(|one| one == *is))
        };
        for chosen in allowed.iter().filter(fits) {
            let said = || format!("seed {seed}, decided {decided:?}, chosen {chosen:?}");
            settles(problem, chosen, settled.as_ref(), &said);
        }
        if let Some(settled) = &settled {
            unsettles(seed, problem, settled);
            bare(seed, &settled.rest.problem);
            assert_eq!(settled.rest.problem.days(), problem.days(), "seed {seed}");
        }
    }
}

/// Nothing is left of a problem settled that can't matter any more.
fn bare(seed: u64, rest: &Problem) {
    well_formed(seed, rest);
    for row in rest.rows() {
        let fits = |item: &Item| !matches!(row.demand, Demand::Fill(most, _) if item.weight > most);
        assert!(!row.items.is_empty() && row.items.iter().all(fits), "seed {seed}: {row:?}");
    }
}

/// What an allowed choice leaves open is allowed in the problem settled, and costs the same.
fn settles(
    problem: &Problem,
    chosen: &[bool],
    settled: Option<&Settled>,
    said: &impl Fn() -> String,
) {
    let Some(Settled { rest, chosen: decided }) = settled else {
        panic!("fixes contradict each other, {}", said());
    };
    let own: Vec<bool> = rest.options.iter().map(|option| chosen[option.index()]).collect();
    assert!(decided.iter().all(|option| chosen[option.index()]), "settled, {}", said());
    let count = own.iter().filter(|one| **one).count() + decided.len();
    assert_eq!(count, chosen.iter().filter(|one| **one).count(), "barred, {}", said());
    assert_eq!(rest.problem.broken(&own), [] as [RuleId; 0], "settled, {}", said());
    assert_eq!(rest.problem.points(&own), problem.points(chosen), "settled, {}", said());
}

/// What is allowed in the problem settled is allowed in the whole.
fn unsettles(seed: u64, problem: &Problem, settled: &Settled) {
    let Settled { rest, chosen: decided } = settled;
    for mask in 0..1_u32 << rest.options.len() {
        let own: Vec<bool> = (0..rest.options.len()).map(|i| mask >> i & 1 == 1).collect();
        let mut chosen = vec![false; problem.options().len()];
        decided.iter().for_each(|option| chosen[option.index()] = true);
        for (option, own) in rest.options.iter().zip(&own) {
            chosen[option.index()] = *own;
        }
        let (inside, whole) = (rest.problem.broken(&own), problem.broken(&chosen));
        assert_eq!(inside.is_empty(), whole.is_empty(), "seed {seed}: {inside:?}, {whole:?}");
        assert_eq!(rest.problem.points(&own), problem.points(&chosen), "seed {seed}: settled");
    }
}

/// Every pair that is no option: the audit finds what forbids it, alone and beside others.
fn forbidden(seed: u64, world: &World, options: &[(ConsultantId, SessionId)], tally: &mut Tally) {
    let mut dice = Dice::new(seed);
    for who in world.network.consultant_ids() {
        for session in world.network.session_ids() {
            if options.contains(&(who, session)) {
                continue;
            }
            let Some(alone) = rota(world, &[(who, session)]) else { continue };
            let (audited, _) = rules_of(world, &alone);
            let forbidden = world.forbidden_by(&alone);
            let known = forbidden.iter().all(|rule| audited.contains(rule));
            assert!(known, "seed {seed}: {forbidden:?} forbid, audit says {audited:?}");
            for rule in forbidden {
                *tally.seen.entry(rule).or_default() += 1;
            }
            let mut more = vec![(who, session)];
            more.extend(options.iter().copied().filter(|_| dice.percent(30)));
            if let Some(rota) = rota(world, &more) {
                let (audited, _) = rules_of(world, &rota);
                assert!(!audited.is_empty(), "seed {seed}: {more:?} breaks nothing");
            }
        }
    }
}

/// `ROTASHARE_LONG=1` looks at many more; `ROTASHARE_SEED=N` at one.
#[test]
fn audit_and_algebra_agree_on_every_rota() {
    let mut tally = Tally::default();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("ROTASHARE_SEED") {
        return check(seed, &mut tally);
    }
    let seeds = if number("ROTASHARE_LONG").is_some() { 6_000 } else { 400 };
    let mut wrong: Vec<String> = Vec::new();
    for seed in 0..seeds {
        // Several failures say more than the first.
        let tally = AssertUnwindSafe(&mut tally);
        if let Err(panic) = catch_unwind(move || check(seed, { tally }.0)) {
            let text = panic.downcast_ref::<String>().cloned();
            wrong.push(text.unwrap_or_else(|| format!("seed {seed} panicked")));
        }
    }
    assert!(wrong.is_empty(), "{} seeds: {:#?}", wrong.len(), &wrong[..wrong.len().min(6)]);
    let said = format!(
        "{} networks, {} rotas, {} allowed: {:?}",
        tally.networks, tally.rotas, tally.allowed, tally.seen
    );
    assert!(tally.networks > 200 && tally.allowed > 1000, "{said}");
    let ((all, same), tied) = (tally.sliced, tally.tied);
    assert!(2 * same > all && same < all && tied > 100, "{same} of {all}, {tied} tied");
    for meta in RULES.iter().map(|rule| rule.meta()) {
        match meta.severity {
            Severity::Hard => {
                let seen = tally.seen.get(meta.id).copied().unwrap_or(0);
                assert!(seen >= 5, "{} is hardly ever broken: {said}", meta.id);
            }
            Severity::Term => {
                for weight in meta.weights {
                    let seen = tally.seen.get(weight.term).copied().unwrap_or(0);
                    assert!(seen >= 20, "{} is hardly ever charged: {said}", weight.term);
                }
            }
        }
    }
}
