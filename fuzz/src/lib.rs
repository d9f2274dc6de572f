//! The readers under attack. Each takes any bytes and must not panic, hang, or take what is wrong for
//! right: a dataset without faults makes a network, and whatever it says can be planned and judged.

pub mod flat;
mod good;
pub mod imports;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use rotashare_core::fault::{Fault, Table};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::parse_date;
use rotashare_io::export::delivered::{DeliveredError, read_delivered};
use rotashare_io::export::ics::Index;
use rotashare_io::{ReadError, Reading, read_dataset, read_rota};
use rotashare_rules::audit::audit;
use rotashare_rules::compile::compile;
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::pins;
use rotashare_rules::size::pairs;
use tempfile::TempDir;

/// What is done with an input.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("tables", tables),
    ("workbook", workbook),
    ("mapping", imports::mapping),
    ("network_toml", network_toml),
    ("rota", rota),
    ("delivered", delivered),
    ("calendar_index", calendar_index),
];

thread_local! {
    /// A good dataset in memory, of which one file at a time is replaced.
    static FOLDER: RefCell<TempDir> = RefCell::new(folder());
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a temporary folder");
    for (name, text) in good::FILES {
        fs::write(folder.path().join(name), text).expect("a file is written");
    }
    folder
}

/// Does something with the dataset in which a file has this content.
fn with(name: &str, data: &[u8], act: impl FnOnce(&Path)) {
    FOLDER.with_borrow(|folder| {
        let path = folder.path().join(name);
        fs::write(&path, data).expect("a file is written");
        act(folder.path());
        restore(folder.path(), name);
    });
}

/// Puts a file back as it was.
fn restore(dir: &Path, name: &str) {
    let path = dir.join(name);
    match good::FILES.iter().find(|(one, _)| *one == name) {
        Some((_, text)) => fs::write(&path, text).expect("a file is written"),
        None => fs::remove_file(&path).expect("it is there"),
    }
}

/// A file of a dataset: the first byte says which, the rest is in it.
pub fn tables(data: &[u8]) {
    let Some((which, content)) = data.split_first() else { return };
    let table = Table::ALL[usize::from(*which) % Table::ALL.len()];
    with(table.file_name(), content, judge);
}

/// `network.toml`.
pub fn network_toml(data: &[u8]) {
    with("network.toml", data, judge);
}

/// A workbook in place of the folder, and as a rota that comes back.
pub fn workbook(data: &[u8]) {
    with("dataset.xlsx", &flat::packed(data), |dir| {
        let path = dir.join("dataset.xlsx");
        match read_dataset(&path) {
            Ok(reading) => judge_reading(&reading),
            Err(ReadError::Workbook(error)) => drop(error.to_string()),
            Err(ReadError::NotADataset { .. }) => {}
            Err(error) => panic!("the file is there: {error}"),
        }
        judge_rota(&path);
    });
}

fn judge(dir: &Path) {
    judge_reading(&read_dataset(dir).expect("the folder is there"));
}

/// Where a dataset has no fault, what the rules say of it, and of a rota in which everybody does
/// everything.
fn judge_reading(reading: &Reading) {
    let today = parse_date("2027-01-10").expect("a date");
    let tell = |fault: &Fault| match &reading.book {
        Some(book) => drop(book.text(fault)),
        None => drop(fault.to_string()),
    };
    let (network, warnings) = match reading.build() {
        Ok(built) => built,
        Err(faults) => {
            assert!(!faults.faults.is_empty(), "refused without a word");
            return faults.faults.iter().chain(&faults.warnings).for_each(tell);
        }
    };
    warnings.iter().for_each(tell);
    let Ok(book) = Rulebook::new(&network, today) else { return };
    let small = network.sessions().iter().map(|one| one.places()).sum::<u32>() < 400;
    if !small || pairs(&network, &book) > 2000 {
        return;
    }
    let sound = pins::faults(&network, &book).is_empty();
    let problem = compile(&network, &book);
    assert!(!sound || problem.settle().is_some(), "pins without a fault leave no rota");
    let mut rota = Rota::empty(&network);
    for session in network.session_ids() {
        for who in network.consultant_ids() {
            let _ = rota.add(session, who);
        }
    }
    let _ = audit(&network, &book, &rota);
}

/// A rota as people hand it back.
pub fn rota(data: &[u8]) {
    with("rota-edited.csv", data, |dir| judge_rota(&dir.join("rota-edited.csv")));
}

fn judge_rota(path: &Path) {
    let reading = match read_rota(path) {
        Ok(reading) => reading,
        // A workbook can be damaged as a whole.
        Err(ReadError::Workbook(error)) => return drop(error.to_string()),
        Err(error) => panic!("the file is there: {error}"),
    };
    reading.faults.iter().chain(&reading.warnings).for_each(|fault| drop(fault.to_string()));
}

thread_local! {
    static NETWORK: Network = FOLDER.with_borrow(|folder| {
        let reading = read_dataset(folder.path()).expect("the folder is there");
        reading.build().expect("it is good").0
    });
}

/// What was delivered.
pub fn delivered(data: &[u8]) {
    NETWORK.with(|network| match read_delivered(network, "delivered", data) {
        Ok(_) => {}
        Err(DeliveredError::Faults(faults)) => {
            assert!(!faults.is_empty(), "refused without a word");
            faults.iter().for_each(|fault| drop(fault.to_string()));
        }
        Err(error) => drop(error.to_string()),
    });
}

/// The index beside calendars.
pub fn calendar_index(data: &[u8]) {
    let _ = Index::parse(data);
}
