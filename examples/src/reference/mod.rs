//! The four reference datasets for March 2027: real trusts, sites and journeys, invented people.
//!
//! Codes, postcodes and coordinates are those of published ODS snapshots; drives at the peak are
//! measured ones, all other drives estimates. Everything about people is drawn from a seed.

mod book;
mod brighton;
mod cambridge;
mod derby;
mod gstt;
mod lending;

use rotashare_core::draft::Draft;

/// Every reference dataset with the name of its folder.
#[must_use]
pub fn datasets() -> Vec<(&'static str, Draft)> {
    vec![
        ("gstt-dartford", gstt::draft()),
        ("derby-burton", derby::draft()),
        ("cambridge-west-suffolk", cambridge::draft()),
        ("brighton-surrey-sussex", brighton::draft()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rotashare_core::network::Network;

    #[test]
    fn every_dataset_is_valid_and_comes_out_the_same() {
        for ((name, draft), (_, again)) in datasets().into_iter().zip(datasets()) {
            assert_eq!(draft, again, "{name}");
            match Network::build(&draft) {
                Ok((network, warnings)) => {
                    assert_eq!(warnings, [], "{name}");
                    assert!(network.sessions().len() >= 100, "{name}");
                }
                Err(faults) => panic!("{name}: {faults:?}"),
            }
        }
    }

    #[test]
    fn people_are_invented_and_in_one_dataset_only() {
        let mut codes: Vec<String> = datasets()
            .into_iter()
            .flat_map(|(_, draft)| draft.consultants)
            .map(|row| row.consultant)
            .collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
        assert!(codes.iter().all(|code| code.len() == 7 && code.starts_with("99")));
    }
}
