//! Taking out what the fixes decide leaves the truth as it is.
mod common;

use rotashare_rules::problem::Problem;

/// For every choice of the rest: allowed just when it is with what is settled put back, at the same
/// points. And nothing else is allowed at all.
fn says_the_same(problem: &Problem, seed: u64) {
    let count = problem.options().len();
    let choice = |bits: usize| -> Vec<bool> { (0..count).map(|i| bits >> i & 1 == 1).collect() };
    let allowed = |chosen: &[bool]| problem.broken(chosen).is_empty();
    let Some(settled) = problem.settle() else {
        assert!((0..1 << count).all(|bits| !allowed(&choice(bits))), "seed {seed}");
        return;
    };
    let rest = &settled.rest;
    let free = rest.options.len();
    let mut found = 0;
    for bits in 0..1_usize << free {
        let part: Vec<bool> = (0..free).map(|i| bits >> i & 1 == 1).collect();
        let mut whole = vec![false; count];
        for option in &settled.chosen {
            whole[option.index()] = true;
        }
        for (option, chosen) in rest.options.iter().zip(&part) {
            whole[option.index()] = *chosen;
        }
        let good = rest.problem.broken(&part).is_empty();
        assert_eq!(good, allowed(&whole), "seed {seed}: {bits:b}");
        if good {
            found += 1;
            assert_eq!(rest.problem.points(&part), problem.points(&whole), "seed {seed}: {bits:b}");
        }
    }
    let all = (0..1 << count).filter(|bits| allowed(&choice(*bits))).count();
    assert_eq!(found, all, "seed {seed}: settled what was open");
}

#[test]
fn settling_changes_nothing() {
    let mut fixed = 0;
    for seed in 0..600 {
        let problem = common::tiny(seed, seed % 3 > 0);
        fixed += usize::from(!problem.fixes().is_empty());
        says_the_same(&problem, seed);
    }
    assert!(fixed > 50, "only {fixed} problems had fixes");
}
