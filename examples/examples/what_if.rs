//! Plans a dataset, then asks which changes to its files would do most good, and what each would give.
//!
//! `cargo run --release -p rotashare-examples --example what_if -- data/cambridge-west-suffolk`

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rotashare_core::time::Date;
use rotashare_explain::{Case, View, advice};
use rotashare_io::read_dataset;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_solve::{Compact, NoWatch, Solver, Stop, solve};

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/cambridge-west-suffolk");
    let dir = std::env::args_os().nth(1).map_or_else(|| default.into(), PathBuf::from);
    let reading = read_dataset(&dir)?;
    if let Some(fault) = reading.faults.first() {
        return Err(format!("{} faults, the first: {fault}", reading.faults.len()).into());
    }
    let case = Case::new(reading.draft, Date::constant(2027, 1, 15))?;

    let problem = compile(case.network(), case.book());
    let deadline = Instant::now() + Duration::from_secs(10);
    let stop = Stop { deadline: Some(deadline), ..Stop::default() };
    let solution = solve(&problem, &Compact::new(Solver::Microlp), &stop, &NoWatch, 0)?;
    let rota = rota_of(case.network(), &problem, &solution.chosen);
    println!("{} of {} places filled", rota.filled(), rota.place_count());

    // Each suggestion was planned again with its change, and keeps every rule.
    for suggestion in advice(&case, &rota, View::default()).suggestions {
        let (fills, saves) = (suggestion.fills, suggestion.saves);
        println!("{fills:>3} more places, {saves:>6} points saved: {}", suggestion.title(&case));
    }
    Ok(())
}
