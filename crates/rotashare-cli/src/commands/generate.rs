//! `rotashare generate`: a synthetic network of any size.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_io::generate::{Shape, network};
use rotashare_io::write_dataset;

use crate::dataset::with_causes;
use crate::failure::Failure;
use crate::say;

/// Write a synthetic network of any size, everything in it invented
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  rotashare generate --consultants 80 --sites 8 --specialties 1 --clinics 48 --weeks 4 --seed 1 \
--out synthetic
  rotashare plan synthetic --out out

The same numbers and seed give the same network.

Exit codes: 0 done, 2 numbers that cannot be, or a folder that cannot be written.")]
pub(super) struct Args {
    /// Consultants in all
    #[arg(long, value_name = "N")]
    consultants: usize,
    /// Partner sites in all, beside the lead's own
    #[arg(long, value_name = "N")]
    sites: usize,
    /// Specialties
    #[arg(long, value_name = "N")]
    specialties: usize,
    /// Weekly clinics in all
    #[arg(long, value_name = "N")]
    clinics: usize,
    /// Weeks in the horizon
    #[arg(long, value_name = "N")]
    weeks: u32,
    /// Networks that share nothing, in one dataset
    #[arg(long, value_name = "N", default_value_t = 1)]
    networks: usize,
    /// Where the draws start
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The folder for the dataset; made where it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let shape = Shape {
            seed: self.seed,
            consultants: self.consultants,
            sites: self.sites,
            specialties: self.specialties,
            clinics: self.clinics,
            weeks: self.weeks,
            networks: self.networks,
            ..Shape::default()
        };
        let draft = network(&shape).map_err(|error| Failure::Message(error.to_string()))?;
        write_dataset(&self.out, &draft).map_err(|error| Failure::Message(with_causes(&error)))?;
        say::result(&format!(
            "{} in {}\n",
            say::count(self.consultants, "consultant", "consultants"),
            self.out.display()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
