//! A dataset that has every file of the contract, each with something in every column that counts.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) use self::good::FILES;
use crate::common::{Run, run};

#[path = "../../../../fuzz/src/good.rs"]
mod good;

/// What nobody may read who does not answer for it: kinds of leave, notes, addresses.
pub(crate) const SECRETS: [&str; 4] =
    ["SECRET-KIND-MATERNITY", "secret.address@example.org", "SECRET-NOTE-WARD", "SECRET-KIND-SICK"];

/// The dataset in a folder, with a rota of it and a report of what was delivered.
pub(crate) struct Full {
    folder: TempDir,
}

impl Full {
    pub(crate) fn new() -> Self {
        let full = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(full.dir()).expect("a folder");
        for (name, text) in FILES {
            full.write(name, text);
        }
        full
    }

    /// The same, planned into `out`, with `delivered.csv` beside it.
    pub(crate) fn planned() -> Self {
        let full = Self::new();
        let plan = full.run(&["plan", "@DIR", "--out", "@OUT"]);
        assert_eq!(plan.code, Some(0), "{plan:?}");
        let delivered = "session,consultant,status\nDVH-A@2027-03-02,9900001,delivered\n";
        fs::write(full.path("DELIVERED"), delivered).expect("a file");
        full
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.path("DIR")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.dir().join(name), bytes).expect("a written file");
    }

    /// Puts the good content of a file back, whatever is in its place.
    pub(crate) fn mend(&self, name: &str) {
        remove(&self.dir().join(name));
        let text = FILES.iter().find(|(one, _)| *one == name).expect("a file of the dataset").1;
        self.write(name, text);
    }

    /// Runs the program; an argument that begins with `@` is a path here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let place = |argument: &&str| match argument.strip_prefix('@') {
            Some(name) => self.path(name),
            None => PathBuf::from(argument),
        };
        run(&arguments.iter().map(place).collect::<Vec<_>>())
    }
}

/// Takes away whatever is there.
pub(crate) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = fs::remove_dir_all(path);
}
