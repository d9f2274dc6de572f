//! How long it takes; run with `--release -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::time::Instant;

use rotashare_explain::{View, advice, gaps, session};
use rotashare_io::generate::{Shape, network};
use rotashare_solve::local::Effort;

use crate::common;

#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "it is what it is for")]
fn a_month_of_1300_consultants() {
    let shape = Shape {
        consultants: 1300,
        sites: 20,
        specialties: 40,
        clinics: 700,
        capacity: 1.1,
        ..Shape::default()
    };
    let case = common::case(network(&shape).expect("a shape"));
    let (network, book) = (case.network(), case.book());
    let start = Instant::now();
    let rota = common::plan(network, book, Effort::Tries(50));
    let planned = start.elapsed();
    let start = Instant::now();
    let all = gaps(network, book, &rota);
    let took = start.elapsed();
    let mut reasons: BTreeMap<_, usize> = BTreeMap::new();
    for gap in &all {
        *reasons.entry(gap.reason).or_default() += 1;
    }
    println!(
        "{} places, {} empty; planned in {planned:?}; {} rows in {took:?}: {reasons:?}",
        rota.place_count(),
        rota.place_count() - rota.filled(),
        all.len()
    );
    for gap in all.iter().step_by(all.len() / 40 + 1) {
        println!("{}: {}", gap.reason, gap.detail);
    }
}

#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "it is what it is for")]
fn the_reference_datasets() {
    for (name, case) in common::datasets() {
        let (network, book) = (case.network(), case.book());
        let start = Instant::now();
        let rota = common::plan(network, book, Effort::Full);
        let planned = start.elapsed();
        let empty: Vec<_> = rota.cells().filter(|(_, cell)| cell.is_none()).collect();
        println!(
            "\n{name}: {} consultants, {} places, {} empty; planned in {planned:?}",
            network.consultants().len(),
            rota.place_count(),
            empty.len()
        );
        let start = Instant::now();
        let rows = gaps(network, book, &rota);
        println!("{} gaps in {:?}", rows.len(), start.elapsed());
        let start = Instant::now();
        let advice = advice(&case, &rota, View::default());
        println!("advice in {:?}; by itself {:?}", start.elapsed(), advice.by_itself);
        for one in &advice.suggestions {
            let words: Vec<_> = one.changes.iter().map(|c| c.words(&case)).collect();
            println!("  fills {} saves {} size {}: {words:?}", one.fills, one.saves, one.size);
        }
        for (place, _) in empty.iter().take(3) {
            let start = Instant::now();
            let told = session(&case, &rota, place.session, View::default()).expect("seen");
            println!("{} in {:?}", network.session(place.session).code(), start.elapsed());
            for one in told.others.iter().take(8) {
                let price = one.price.as_ref().map(|price| (price.points, price.emptied.len()));
                println!("    {price:?} {:?}", one.reasons);
            }
            for one in told.suggestions.iter().take(4) {
                let words: Vec<_> = one.changes.iter().map(|c| c.words(&case)).collect();
                println!("  fills {} saves {} size {}: {words:?}", one.fills, one.saves, one.size);
            }
        }
    }
}
