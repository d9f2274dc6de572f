//! Networks with rotas to explain.

use jiff::civil::date;
use rotashare_core::draft::Draft;
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::engine::Stop;
use rotashare_solve::local::{Effort, improve};

/// A network with its rulebook.
pub fn build(draft: &Draft) -> (Network, Rulebook) {
    let (network, _) = Network::build(draft).expect("the dataset is clean");
    let book = Rulebook::new(&network, date(2027, 1, 4)).expect("the settings are right");
    (network, book)
}

/// A good rota.
pub fn plan(network: &Network, book: &Rulebook, effort: Effort) -> Rota {
    let problem = compile(network, book);
    let chosen = improve(&problem, None, effort, &Stop::default()).expect("there is a rota");
    rota_of(network, &problem, &chosen)
}
