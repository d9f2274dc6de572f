//! The short cases: how long to the first rota, the first bound and the proof.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::error::Error;

use rotashare_benches::case::Case;
use rotashare_benches::run::{How, run};
use rotashare_solve::ENGINES;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:<16} {:>4} {:>8} {:>8} {:>8} {:>10} {:>10} {:>7}",
        "case", "seed", "rota s", "bound s", "proof s", "objective", "bound", "gap %"
    );
    for case in Case::all()?.iter().filter(|case| case.is_short()) {
        for seed in 1..=case.seeds() {
            let engine = ENGINES[0].to_owned();
            let how = How::new(seed, engine, case.seconds());
            let line = run(case, &how)?;
            let seconds = |phase: &str| shown(&line["seconds"][phase], 2);
            println!(
                "{:<16} {seed:>4} {:>8} {:>8} {:>8} {:>10} {:>10} {:>7}",
                case.name(),
                seconds("first_rota"),
                seconds("first_bound"),
                seconds("proof"),
                shown(&line["objective"], 0),
                shown(&line["bound"], 0),
                shown(&line["gap_percent"], 3),
            );
        }
    }
    Ok(())
}

fn shown(value: &Value, digits: usize) -> String {
    value.as_f64().map_or_else(|| "–".to_owned(), |number| format!("{number:.digits$}"))
}
