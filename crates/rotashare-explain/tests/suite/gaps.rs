//! Reasons for empty places, held against the audit of the rota with the person put in.

use std::collections::BTreeSet;

use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_explain::{Gap, NEEDED_ELSEWHERE, gaps};
use rotashare_io::generate::{Shape, network};
use rotashare_rules::audit::audit;
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::local::Effort;

use crate::common;

/// Puts the person in: the audit names every rule that was given, and no other; or none, and the price
/// is the audit's.
fn confirm(network: &Network, book: &Rulebook, rota: &Rota, gaps: &[Gap]) {
    let before = audit(network, book, rota);
    for gap in gaps {
        let mut with = rota.clone();
        with.put(gap.place, gap.consultant).expect("the place is empty");
        let after = audit(network, book, &with);
        let new: BTreeSet<_> = after
            .breaches()
            .iter()
            .filter(|breach| !before.breaches().contains(breach))
            .map(|breach| breach.rule)
            .collect();
        let told: BTreeSet<_> = gap.all.iter().map(|reason| reason.rule).collect();
        assert_eq!(gap.all[0].rule, gap.reason);
        if gap.reason == NEEDED_ELSEWHERE {
            assert!(new.is_empty(), "{gap:?}: the audit says {new:?}");
            let points = after.objective() - before.objective();
            let expected = [
                format!("would cost {points} points more"),
                "would cost as much as it saves".to_owned(),
                format!("would be {} points better", before.objective() - after.objective()),
            ];
            assert!(expected.iter().any(|text| gap.detail.contains(text)), "{gap:?}: {points}");
        } else {
            assert!(told.is_subset(&new), "{gap:?}: the audit says {new:?}");
        }
        assert!(!gap.detail.is_empty());
    }
}

#[test]
fn the_audit_confirms_every_reason_of_a_synthetic_network() {
    for seed in 0..4 {
        let shape = Shape { seed, consultants: 24, sites: 4, clinics: 30, ..Shape::default() };
        let case = common::case(network(&shape).expect("a shape"));
        let (network, book) = (case.network(), case.book());
        for effort in [Effort::Build, Effort::Quick] {
            let rota = common::plan(network, book, effort);
            let all = gaps(network, book, &rota);
            let empty = rota.place_count() - rota.filled();
            let expected: usize = rota
                .cells()
                .filter(|(_, cell)| cell.is_none())
                .map(|(p, _)| network.accredited(network.session(p.session).specialty()).len())
                .sum();
            assert_eq!(all.len(), expected, "{empty} places");
            confirm(network, book, &rota, &all);
        }
    }
}

#[test]
fn the_audit_confirms_every_reason_of_the_four_datasets() {
    for (name, case) in common::datasets() {
        let (network, book) = (case.network(), case.book());
        for effort in [Effort::Build, Effort::Tries(50)] {
            let rota = common::plan(network, book, effort);
            let all = gaps(network, book, &rota);
            assert!(all.len() > 100, "{name}");
            confirm(network, book, &rota, &all);
        }
    }
}
