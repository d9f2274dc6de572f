//! Arguments that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rotashare_core::time::{Date, parse_date};
use rotashare_solve::Solver;

/// A date on the command line.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| format!("{}; {}", error.problem, error.remedy))
}

/// Seconds, or `none`.
pub(crate) fn time_limit(text: &str) -> Result<TimeLimit, String> {
    if text == "none" {
        return Ok(TimeLimit(None));
    }
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=1e9).contains(&seconds) => Ok(TimeLimit(Some(seconds))),
        _ => Err("write a number of seconds, such as 30 or 0.5, or none".into()),
    }
}

/// Units of work.
pub(crate) fn work_limit(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(units) if (0.0..=1e9).contains(&units) => Ok(units),
        _ => Err("write a number of units, such as 30 or 0.5".into()),
    }
}

/// Seconds that a search takes where nothing else limits it.
const USUAL_SECONDS: f64 = 60.0;

/// How long the search may take, in seconds; `None` to the proof.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit(pub(crate) Option<f64>);

/// The way to solve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// One integer programme for each part of the network.
    Compact,
    /// Column generation over whole months of each consultant.
    Plans,
}

impl EngineName {
    /// Its name in the library.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Plans => "plans",
        }
    }
}

/// The solver of integer programmes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SolverName {
    /// Pure Rust, always there.
    Microlp,
    /// HiGHS: faster, in builds with `--features highs`.
    Highs,
}

impl SolverName {
    /// What the library calls it.
    pub(crate) fn solver(self) -> Solver {
        match self {
            Self::Microlp => Solver::Microlp,
            Self::Highs => Solver::Highs,
        }
    }
}

/// The date of the run.
#[derive(Args, Clone, Debug)]
pub(crate) struct Today {
    /// The date of the run, for notice periods: 2027-03-02 or 02/03/2027 [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) today: Option<Date>,
}

/// How to search for the rota.
#[derive(Args, Clone, Debug)]
pub(crate) struct SearchOptions {
    /// The way to solve [default: plans]
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) engine: Option<EngineName>,
    /// The solver of integer programmes
    #[arg(long, value_enum, default_value_t = SolverName::Microlp, value_name = "NAME")]
    pub(crate) solver: SolverName,
    /// End the search after so many seconds with the best rota so far, another one perhaps in every run;
    /// `none` searches to the proof, or as far as the engine goes [default: 60, or none with --work-limit]
    #[arg(long, value_name = "SECONDS", value_parser = time_limit)]
    pub(crate) time_limit: Option<TimeLimit>,
    /// End the search after so much work, counted so that every run on every machine ends with the same
    /// rota; a unit takes a processor about a second
    #[arg(long, value_name = "UNITS", value_parser = work_limit)]
    pub(crate) work_limit: Option<f64>,
    /// Threads to use; the rota is the same with any number [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) today: Today,
    /// A number that goes with the run into summary.json
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Keep every filled cell of this rota as a pin, beside pins.csv
    #[arg(long, value_name = "ROTA.csv")]
    pub(crate) pin_from: Option<PathBuf>,
    /// Print the summary as JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

impl SearchOptions {
    /// Seconds that the search may take; `None` to the proof, or to the work limit.
    pub(crate) fn time_limit(&self) -> Option<f64> {
        match self.time_limit {
            Some(TimeLimit(seconds)) => seconds,
            None if self.work_limit.is_some() => None,
            None => Some(USUAL_SECONDS),
        }
    }
}

/// The dates to plan.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Window {
    /// Plan from this date on, instead of the horizon in network.toml
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) from: Option<Date>,
    /// Plan up to and with this date, instead of the horizon in network.toml
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) to: Option<Date>,
}
