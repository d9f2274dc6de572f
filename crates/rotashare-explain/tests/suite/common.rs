//! Networks with rotas to explain.

use std::path::PathBuf;

use jiff::civil::date;
use rotashare_core::draft::Draft;
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_explain::Case;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::engine::Stop;
use rotashare_solve::local::{Effort, improve};

/// A case of a clean dataset.
pub(crate) fn case(draft: Draft) -> Case {
    Case::new(draft, date(2027, 1, 4)).expect("the dataset is clean")
}

/// A dataset of the repository.
pub(crate) fn dataset(name: &str) -> Case {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let reading = rotashare_io::read_dataset(&data.join(name)).expect("a folder");
    assert_eq!(reading.faults, [], "{name}");
    case(reading.draft)
}

/// The four datasets of the repository, by name.
pub(crate) fn datasets() -> Vec<(&'static str, Case)> {
    ["gstt-dartford", "derby-burton", "cambridge-west-suffolk", "brighton-surrey-sussex"]
        .into_iter()
        .map(|name| (name, dataset(name)))
        .collect()
}

/// A good rota.
pub(crate) fn plan(network: &Network, book: &Rulebook, effort: Effort) -> Rota {
    let problem = compile(network, book);
    let chosen = improve(&problem, None, effort, &Stop::default()).expect("there is a rota");
    rota_of(network, &problem, &chosen)
}
