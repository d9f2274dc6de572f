//! `rotashare replan`: a rota already given out, changed as little as it can be.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::options::{SearchOptions, Window};
use crate::planning::{self, Task};

/// Plan again from a rota already given out, changing as little as possible
///
/// Takes the rota as published.csv: places keep their people where they can, places inside the notice
/// period are changed only where somebody can no longer do them. Prints what changed, by person and
/// by clinic. People who left and sessions that are no longer there are named.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare replan data/gstt-dartford --from out/rota.csv --out out2
  rotashare replan data/gstt-dartford --from out --out out2 --today 2027-02-20

Exit codes: 0 done, 2 faults, 3 the result failed its own audit (nothing is written).")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    /// The rota already given out: a rota.csv, or the folder of an earlier result
    #[arg(long = "from", value_name = "ROTA.csv")]
    published: PathBuf,
    /// The folder for the result; made where it is not there
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
    #[command(flatten)]
    search: SearchOptions,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let task = Task {
            dir: &self.dir,
            out: &self.out,
            published: Some(&self.published),
            window: &Window::default(),
            search: &self.search,
        };
        planning::run(&task)?;
        Ok(ExitCode::SUCCESS)
    }
}
