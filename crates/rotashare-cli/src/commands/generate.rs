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
  rotashare generate --consultants 80 --sites 8 --specialties 4 --clinics 48 --weeks 4 \
--partner-trusts 3 --leave-share 0.2 --shared-agreements --out tight
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
    #[arg(long, value_name = "N", default_value_t = Shape::default().networks)]
    networks: usize,
    /// Partner trusts in all, over which the sites are dealt out [default: one a site]
    #[arg(long, value_name = "N")]
    partner_trusts: Option<usize>,
    /// Base sites of each lead
    #[arg(long, value_name = "N", default_value_t = Shape::default().base_sites)]
    base_sites: usize,
    /// Specialties all of one size, rather than few large and many small
    #[arg(long)]
    even_specialties: bool,
    /// Where the draws start
    #[arg(long, value_name = "S", default_value_t = Shape::default().seed)]
    seed: u64,
    /// The folder for the dataset; made where it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten, next_help_heading = "How tight")]
    tightness: Tightness,
    #[command(flatten, next_help_heading = "What ties specialties together")]
    ties: Ties,
}

#[derive(clap::Args)]
struct Tightness {
    /// The share of working days on leave, at most 0.9
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = Shape::default().leave_share)]
    leave_share: f64,
    /// The share of its specialty's host trusts at which a consultant is authorised, at one at least
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = Shape::default().authorised_share)]
    authorised_share: f64,
    /// The share of authorisations that have lapsed, or lapse within the horizon
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = Shape::default().lapsed_share)]
    lapsed_share: f64,
    /// Hours that consultants may be lent, all together, over the hours of all clinics
    #[arg(long, value_name = "RATIO", default_value_t = Shape::default().capacity)]
    capacity: f64,
}

#[derive(clap::Args)]
struct Ties {
    /// The share of consultants accredited in a second specialty
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = Shape::default().second_specialty_share)]
    second_specialty_share: f64,
    /// One agreement for all specialties between a lender and a host
    #[arg(long)]
    shared_agreements: bool,
}

/// A share on the command line.
fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share from 0 to 1, such as 0.25".into()),
    }
}

impl Args {
    fn shape(&self) -> Shape {
        Shape {
            seed: self.seed,
            consultants: self.consultants,
            sites: self.sites,
            specialties: self.specialties,
            even_specialties: self.even_specialties,
            clinics: self.clinics,
            weeks: self.weeks,
            networks: self.networks,
            partner_trusts: self.partner_trusts,
            base_sites: self.base_sites,
            leave_share: self.tightness.leave_share,
            authorised_share: self.tightness.authorised_share,
            lapsed_share: self.tightness.lapsed_share,
            second_specialty_share: self.ties.second_specialty_share,
            shared_agreements: self.ties.shared_agreements,
            capacity: self.tightness.capacity,
        }
    }

    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let draft = network(&self.shape()).map_err(|error| Failure::Message(error.to_string()))?;
        write_dataset(&self.out, &draft).map_err(|error| Failure::Message(with_causes(&error)))?;
        say::result(&format!(
            "{} in {}\n",
            say::count(self.consultants, "consultant", "consultants"),
            self.out.display()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
