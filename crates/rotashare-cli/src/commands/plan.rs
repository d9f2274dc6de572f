//! `rotashare plan`: checks, plans, audits its own result, writes.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::options::{SearchOptions, Window};
use crate::planning::{self, Task};

/// Plan a rota, audit it, and write it
///
/// Reads the folder DIR, finds the rota with the fewest points that keeps every rule, audits it, and
/// writes rota.csv, gaps.csv and summary.json into OUT. The search ends when the rota is proven to be
/// the best, at the time limit, or on Ctrl-C; then the best rota so far is written, with how far from
/// the best it may be.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare plan data/gstt-dartford --out out
  rotashare plan data/gstt-dartford --out out --time-limit 300 --threads 4
  rotashare plan data/gstt-dartford --out out --from 2027-03-08 --to 2027-03-14
  rotashare plan data/gstt-dartford --out out2 --pin-from out/rota-edited.csv

Exit codes: 0 done, 2 faults, 3 the result failed its own audit (nothing is written).")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    /// The folder for the result; made where it is not there
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
    #[command(flatten)]
    window: Window,
    #[command(flatten)]
    search: SearchOptions,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let task = Task {
            dir: &self.dir,
            out: &self.out,
            published: None,
            window: &self.window,
            search: &self.search,
        };
        planning::run(&task)?;
        Ok(ExitCode::SUCCESS)
    }
}
