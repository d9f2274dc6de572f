//! Writes the reference datasets: `cargo run --release -p rotashare-examples --example reference_data`.
//!
//! They go to `data/` of this checkout, or to the folder given. The same version writes the same bytes.

use std::path::PathBuf;
use std::process::ExitCode;

use rotashare_examples::reference::datasets;
use rotashare_io::write_dataset;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
fn main() -> ExitCode {
    let checkout = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../data"));
    let to = std::env::args_os().nth(1).map_or(checkout, PathBuf::from);
    for (name, draft) in datasets() {
        let dir = to.join(name);
        if let Err(error) = write_dataset(&dir, &draft) {
            eprintln!("{}: {error}", dir.display());
            return ExitCode::FAILURE;
        }
        println!("{}: {} consultants", dir.display(), draft.consultants.len());
    }
    ExitCode::SUCCESS
}
