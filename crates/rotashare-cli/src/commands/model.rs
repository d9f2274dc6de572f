//! `rotashare model`: the whole problem as an integer programme for any other solver.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_rules::compile::compile;
use rotashare_solve::mps;

use crate::dataset::{self, Dataset};
use crate::failure::Failure;
use crate::options::Today;
use crate::{output, say};

/// Write the whole problem as an integer programme in MPS form
///
/// Rows and columns bear the names of rules, consultants and sessions; the objective is the same sum of
/// points.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare model data/gstt-dartford --out gstt.mps

Exit codes: 0 done, 2 faults.")]
pub(super) struct Args {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    dir: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE.mps")]
    out: PathBuf,
    #[command(flatten)]
    today: Today,
}

struct Codes<'a>(&'a Network);

impl mps::Names for Codes<'_> {
    fn consultant(&self, consultant: ConsultantId) -> &str {
        self.0.consultant(consultant).code()
    }

    fn session(&self, session: SessionId) -> &str {
        self.0.session(session).code()
    }
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        output::check_file(&self.out, &[&self.dir])?;
        let dataset = dataset::load(&self.dir, &self.today)?;
        dataset::check_size(&dataset)?;
        let Dataset { network, book, .. } = dataset;
        let problem = compile(&network, &book);
        let mut text = Vec::new();
        mps::write(&problem, network.name(), &Codes(&network), &mut text)
            .map_err(|error| Failure::Message(error.to_string()))?;
        output::write_file(&self.out, &text)?;
        say::result(&format!("Written to {}\n", self.out.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
