//! Audit and algebra held against each other: on random tiny networks, for every rota.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_rules::problem::{
    Demand, Item, Mark, OptionId, PlanOption, Problem, RuleId, Settled,
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
    let pairs: Vec<_> = problem.options().iter().map(|o| (o.consultant, o.session)).collect();
    let sound = pins::faults(&world.network, &world.book).is_empty();
    let (constant, parts) = problem.split();
    let settled = problem.settle();
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
            settles(problem, &chosen, settled.as_ref(), &said);
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
    unsettles(seed, problem);
    forbidden(seed, &world, &pairs, tally);
}

/// What the pieces of a problem promise to an engine.
fn well_formed(seed: u64, problem: &Problem) {
    let owner = |mark: Mark| problem.consultant_of(mark);
    let positive = |items: &[Item]| items.iter().all(|item| item.weight > 0);
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
    }
    for charge in problem.charges() {
        let own = charge.items.iter().all(|item| owner(item.mark) == charge.consultant);
        let free = charge.tariff.base() == Points::ZERO;
        assert!(own && free && positive(&charge.items), "seed {seed}: {charge:?}");
    }
    let mut names = BTreeSet::new();
    for row in problem.rows() {
        assert!(positive(&row.items), "seed {seed}: {row:?}");
        assert!(names.insert((row.rule, &row.about)), "seed {seed}: two rows {}", row.about);
        if let Demand::AtMostOr(_, tariff) | Demand::AtLeastOr(_, tariff) = &row.demand {
            let dear = tariff.steps().iter().all(|step| step.each >= Points::ZERO);
            assert!(dear, "seed {seed}: {row:?}");
        }
    }
    let fixed: BTreeSet<OptionId> = problem.fixes().iter().map(|fix| fix.option).collect();
    assert_eq!(fixed.len(), problem.fixes().len(), "seed {seed}: an option fixed twice");
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
fn unsettles(seed: u64, problem: &Problem) {
    let Some(Settled { rest, chosen: decided }) = problem.settle() else { return };
    for mask in 0..1_u32 << rest.options.len() {
        let own: Vec<bool> = (0..rest.options.len()).map(|i| mask >> i & 1 == 1).collect();
        let mut chosen = vec![false; problem.options().len()];
        decided.iter().for_each(|option| chosen[option.index()] = true);
        for (option, own) in rest.options.iter().zip(&own) {
            chosen[option.index()] = *own;
        }
        let (inside, whole) = (rest.problem.broken(&own), problem.broken(&chosen));
        assert_eq!(inside.is_empty(), whole.is_empty(), "seed {seed}: {inside:?}, {whole:?}");
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
