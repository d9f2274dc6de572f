//! The reasons of empty places and the advice: for the datasets of the repository, and the reasons for a lead of
//! 1,300 consultants.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::error::Error;
use std::path::PathBuf;

use jiff::civil::date;
use rotashare_benches::{lead, quick_rota, slowest};
use rotashare_explain::{Case, View, advice, gaps, session};
use rotashare_io::{generate, read_dataset};

fn main() -> Result<(), Box<dyn Error>> {
    let today = date(2027, 1, 4);
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data");
    println!(
        "{:<24} {:>8} {:>7} {:>9} {:>9} {:>9}",
        "dataset", "places", "empty", "reasons s", "advice s", "session s"
    );
    let names =
        ["gstt-dartford", "derby-burton", "cambridge-west-suffolk", "brighton-surrey-sussex"];
    for name in names {
        let case = Case::new(read_dataset(&data.join(name))?.draft, today)?;
        let rota = quick_rota(case.network(), case.book()).ok_or("no rota")?;
        let (reasons, _) = slowest(3, || gaps(case.network(), case.book(), &rota));
        let (advised, _) = slowest(1, || advice(&case, &rota, View::default()));
        let empty = rota.cells().find(|(_, cell)| cell.is_none());
        let of_one = empty.map(|(place, _)| {
            slowest(1, || session(&case, &rota, place.session, View::default())).0
        });
        println!(
            "{name:<24} {:>8} {:>7} {reasons:>9.3} {advised:>9.3} {:>9}",
            rota.place_count(),
            rota.place_count() - rota.filled(),
            of_one.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.3}")),
        );
    }
    let case = Case::new(generate::network(&lead(1))?, today)?;
    let rota = quick_rota(case.network(), case.book()).ok_or("no rota")?;
    let (reasons, found) = slowest(1, || gaps(case.network(), case.book(), &rota));
    println!(
        "{:<24} {:>8} {:>7} {reasons:>9.3}, {} reasons",
        "a lead of 1,300",
        rota.place_count(),
        rota.place_count() - rota.filled(),
        found.len()
    );
    Ok(())
}
