//! `check` on a lead of 1,300 consultants and 4,000 sessions: reading, validating, compiling.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use rotashare_benches::{lead, peak_mebibytes, slowest};
use rotashare_core::network::Network;
use rotashare_io::{generate, read_dataset, write_dataset};
use rotashare_rules::compile::compile;
use rotashare_rules::rulebook::Rulebook;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let dataset = folder.path().join("lead");
    write_dataset(&dataset, &generate::network(&lead(1))?)?;

    let (read, reading) = slowest(5, || read_dataset(&dataset));
    let reading = reading?;
    let (build, built) = slowest(5, || Network::build(&reading.draft));
    let (network, _) = built.map_err(|faults| format!("{:?}", faults.faults))?;
    let checked = peak_mebibytes();
    let today = network.horizon().from();
    let book = Rulebook::new(&network, today).map_err(|faults| format!("{faults:?}"))?;
    let (compiled, problem) = slowest(5, || compile(&network, &book));

    println!("consultants {}", network.consultants().len());
    println!("sessions    {}", network.sessions().len());
    println!("options     {}", problem.options().len());
    println!("read        {read:.3} s (slowest of 5)");
    println!("validate    {build:.3} s (slowest of 5)");
    println!("compile     {compiled:.3} s (slowest of 5)");
    if let Some(peak) = checked {
        println!("peak memory {peak:.0} MiB, reading and validating five times over");
    }
    Ok(())
}
