//! How long it takes; run with `--release -- --ignored --nocapture`.

mod common;

use std::collections::BTreeMap;
use std::time::Instant;

use rotashare_explain::gaps;
use rotashare_io::generate::{Shape, network};
use rotashare_solve::local::Effort;

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
    let (network, book) = common::build(&network(&shape).expect("a shape"));
    let start = Instant::now();
    let rota = common::plan(&network, &book, Effort::Tries(50));
    let planned = start.elapsed();
    let start = Instant::now();
    let all = gaps(&network, &book, &rota);
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
