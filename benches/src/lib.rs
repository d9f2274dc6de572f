//! What the benchmarks share: cases made by the generator, and how they are measured.

pub mod case;
pub mod run;

use std::time::Instant;

use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_io::generate::Shape;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::engine::Stop;
use rotashare_solve::local::{Effort, improve};

/// A lead of 1,300 consultants in 40 specialties, with some 4,000 sessions in four weeks.
#[must_use]
pub fn lead(seed: u64) -> Shape {
    Shape {
        consultants: 1_300,
        sites: 8,
        specialties: 40,
        clinics: 1_075,
        weeks: 4,
        seed,
        ..Shape::default()
    }
}

/// A rota that is quickly found, to explain or to export; `None` where there is none.
#[must_use]
pub fn quick_rota(network: &Network, book: &Rulebook) -> Option<Rota> {
    let problem = compile(network, book);
    let chosen = improve(&problem, None, Effort::Tries(50), &Stop::default())?;
    Some(rota_of(network, &problem, &chosen))
}

/// Runs something so many times and gives the seconds of the slowest run with its last result.
pub fn slowest<T>(runs: u32, mut run: impl FnMut() -> T) -> (f64, T) {
    let mut slowest = 0.0_f64;
    let mut once = || {
        let start = Instant::now();
        let result = run();
        slowest = slowest.max(start.elapsed().as_secs_f64());
        result
    };
    let mut last = once();
    for _ in 1..runs {
        last = once();
    }
    (slowest, last)
}

/// The most memory this process has held, in MiB, where the system tells (Linux).
#[must_use]
pub fn peak_mebibytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / 1024.0)
}
