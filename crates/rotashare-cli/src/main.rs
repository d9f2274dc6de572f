//! `rotashare`: plans how hospitals share their consultants.
//!
//! A thin shell around the library crates: it reads arguments, calls them, and prints what they say.
//! No rule and no arithmetic of the domain lives here.

mod cells;
mod commands;
mod dataset;
mod ending;
mod failure;
mod interrupt;
mod options;
mod output;
mod planning;
mod progress;
mod report;
mod say;
mod table;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match commands::Cli::parse().run() {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}
