//! A small dataset in a folder of its own, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const FILES: &[(&str, &str)] = &[
    ("network.toml", "name = \"Two trusts\"\n\n[horizon]\nfrom = 2027-03-01\nto = 2027-03-14\n"),
    ("trusts.csv", "trust,name\nRJ1,Guy's and St Thomas'\nRN7,Dartford and Gravesham\n"),
    (
        "sites.csv",
        "site,trust,name,latitude,longitude\n\
         RJ121,RJ1,Guy's,51.5035,-0.0868\n\
         RJ122,RJ1,St Thomas',51.4980,-0.1189\n\
         RN707,RN7,Darent Valley,51.4350,0.2587\n",
    ),
    ("travel.csv", "from_site,to_site,minutes\nRJ121,RN707,60\nRJ122,RN707,60\nRJ121,RJ122,20\n"),
    (
        "consultants.csv",
        "consultant,name,trust,base_site,fte\n\
         9900001,Dr Ada Moss,RJ1,RJ121,1.0\n\
         9900002,Dr Ben Reed,RJ1,RJ122,0.8\n\
         9900003,Dr Cy Lane,RN7,RN707,1.0\n",
    ),
    ("accreditations.csv", "consultant,specialty\n9900001,320\n9900002,320\n9900003,320\n"),
    (
        "authorisations.csv",
        "consultant,trust,instrument,valid_to\n\
         9900001,RN7,honorary-contract,2027-12-31\n\
         9900002,RN7,honorary-contract,2027-03-05\n",
    ),
    ("leave.csv", "consultant,from,to\n9900003,2027-03-08,2027-03-12\n"),
    (
        "clinics.csv",
        "clinic,site,specialty,weekday,start,end,consultants,priority\n\
         DVH-A,RN707,320,tue,09:00,13:00,1,must\n\
         DVH-B,RN707,320,wed,09:00,13:00,2,should\n\
         GUY-C,RJ121,320,thu,13:30,17:30,1,could\n",
    ),
];

/// A dataset in a temporary folder.
pub(crate) struct Dataset {
    folder: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// What it gave; a panic is none of it.
    pub(crate) fn of(output: &Output) -> Self {
        let run = Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!run.err.contains("panicked"), "{run:?}");
        run
    }
}

impl Dataset {
    /// Two trusts, three consultants, three clinics, a fortnight.
    pub(crate) fn small() -> Self {
        let dataset = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(dataset.dir()).expect("a folder");
        for (name, text) in FILES {
            dataset.write(name, text);
        }
        dataset
    }

    /// A copy of a dataset of the repository.
    pub(crate) fn of_repository(name: &str) -> Self {
        let dataset = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(dataset.dir()).expect("a folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name);
        for file in names(&from) {
            dataset.write(&file, fs::read(from.join(&file)).expect("a file"));
        }
        dataset
    }

    /// The folder of the dataset.
    pub(crate) fn dir(&self) -> PathBuf {
        self.path("dataset")
    }

    /// A path beside the dataset.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the dataset.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.dir().join(name), text).expect("a written file");
    }

    /// Replaces text in a file of the dataset.
    pub(crate) fn replace(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.dir().join(name)).expect("a file");
        assert!(text.contains(old), "{name} has no {old:?}");
        self.write(name, text.replace(old, new));
    }

    /// Runs the program; `DIR` and `OUT…` at the start of an argument stand for paths here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let place = |argument: &&str| -> PathBuf {
            match *argument {
                "DIR" => self.dir(),
                other if other.starts_with("OUT") => self.path(other),
                other => PathBuf::from(other),
            }
        };
        run(&arguments.iter().map(place).collect::<Vec<_>>())
    }

    /// Plans into a folder and expects it to go well.
    pub(crate) fn plan(&self, out: &str, more: &[&str]) -> Run {
        let arguments = [&["plan", "DIR", "--out", out, "--today", "2027-01-15"], more].concat();
        let run = self.run(&arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    }

    /// A file of a result.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file of the result")
    }
}

/// Runs the program and checks that it did not panic.
pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Run {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_rotashare"))
        .args(arguments)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the program runs");
    Run::of(&output)
}

/// The names in a folder, in order; none where there is no such folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
