//! A small dataset that is right, to be spoilt file by file.

use std::fs;
use std::path::Path;

use rotashare_core::fault::Fault;
use rotashare_core::network::Faults;
use rotashare_io::{Reading, read_dataset};
use tempfile::TempDir;

/// The files of a dataset without a fault.
pub(crate) const GOOD: &[(&str, &str)] = &[
    (
        "network.toml",
        "name = \"Kent\"\ncycle_anchor = 2027-03-01\n\n[horizon]\nfrom = 2027-03-01\nto = 2027-03-28\n\n\
         [weights]\ncontinuity = 60\nunfilled.must = 20000\n\n[rules.notice]\ndays = 42\nfrom = \"2027-01-15\"\n",
    ),
    ("trusts.csv", "trust,name\nRJ1,Guy's and St Thomas'\nRN7,Dartford and Gravesham\n"),
    (
        "sites.csv",
        "site,trust,name,latitude,longitude\nRJ121,RJ1,Guy's,51.5035,-0.0868\n\
         RN707,RN7,Darent Valley,51.4350,0.2587\n",
    ),
    (
        "consultants.csv",
        "consultant,name,trust,base_site,fte,active_from\n\
         9900001,\"Shah, Anita\",RJ1,RJ121,1.0,\n9900002,Owen Price,RJ1,RJ121,0.8,01/01/2026\n",
    ),
    ("accreditations.csv", "consultant,specialty\n9900001,320\n9900002,320\n"),
    (
        "clinics.csv",
        "clinic,site,specialty,weekday,start,end,consultants\n\
         DVH-CARD-TUE,RN707,320,tuesday,09:00,13:00,1\n",
    ),
    ("leave.csv", "consultant,from,to,kind\n9900002,2027-03-08,12/03/2027,A/L\n"),
    ("pins.csv", "session,consultant\nDVH-CARD-TUE@2027-03-02,9900001\n"),
];

/// Writes the good dataset with some files replaced (`None` takes one away) or added.
pub(crate) fn folder(changes: &[(&str, Option<&[u8]>)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in GOOD {
        if changes.iter().all(|(changed, _)| changed != name) {
            fs::write(dir.path().join(name), text).expect("a file is written");
        }
    }
    for (name, content) in changes {
        if let Some(content) = content {
            fs::write(dir.path().join(name), content).expect("a file is written");
        }
    }
    dir
}

/// Reads a folder that is there.
pub(crate) fn read(dir: &Path) -> Reading {
    read_dataset(dir).expect("the folder is there")
}

/// Every fault of a dataset, those of building the network too.
pub(crate) fn all_faults(reading: &Reading) -> Faults {
    match reading.build() {
        Ok((_, warnings)) => Faults { faults: Vec::new(), warnings },
        Err(all) => all,
    }
}

/// The faults of the good dataset with changes, as text.
pub(crate) fn faults(changes: &[(&str, Option<&[u8]>)]) -> Vec<String> {
    let dir = folder(changes);
    texts(&all_faults(&read(dir.path())).faults)
}

/// Faults as text.
pub(crate) fn texts(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(Fault::to_string).collect()
}

/// The text of a file of the good dataset with something replaced.
pub(crate) fn with(file: &str, from: &str, to: &str) -> Vec<u8> {
    let text = GOOD.iter().find(|(name, _)| *name == file).expect("a file of the dataset").1;
    assert!(text.contains(from), "{file} has no {from}");
    text.replace(from, to).into_bytes()
}
