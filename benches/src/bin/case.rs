//! One case, one seed, one process, so that the memory is its own: prints a line of JSON.
#![expect(clippy::print_stdout, reason = "a benchmark prints its line")]

use std::error::Error;
use std::path::PathBuf;

use rotashare_benches::case::Case;
use rotashare_benches::run::{How, run};
use rotashare_solve::ENGINES;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let usage = "case FILE.toml [--seed S] [--engine NAME] [--seconds S] [--threads N] [--loud] \
                 [--steps]";
    let file = PathBuf::from(words.next().ok_or(usage)?);
    let case = Case::read(&file)?;
    let engine = ENGINES[0].to_owned();
    let mut how = How::new(1, engine, case.seconds());
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(usage);
        match word.as_str() {
            "--seed" => how.seed = value()?.parse()?,
            "--engine" => how.engine = value()?,
            "--seconds" => how.seconds = value()?.parse()?,
            "--threads" => how.threads = value()?.parse()?,
            "--loud" => how.loud = true,
            "--steps" => how.steps = true,
            _ => return Err(usage.into()),
        }
    }
    println!("{}", run(&case, &how)?);
    Ok(())
}
