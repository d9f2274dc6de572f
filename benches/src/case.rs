//! A benchmark case: a file in `benches/cases/`, found there by itself.

use std::error::Error;
use std::path::{Path, PathBuf};

use rotashare_io::generate::Shape;
use toml::{Table, Value};

/// The folder of the cases.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// A network to make, how long to plan it, and when to look.
#[derive(Clone, Debug)]
pub struct Case {
    name: String,
    shape: Shape,
    seconds: f64,
    marks: Vec<f64>,
    seeds: u64,
    short: bool,
}

impl Case {
    /// Reads a case from its file, by whose name it goes.
    ///
    /// # Errors
    /// Where the file can't be read, is no TOML, or has a key that no case has.
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let table: Table = std::fs::read_to_string(file)?.parse()?;
        let mut case = Self {
            name,
            shape: Shape::default(),
            seconds: 60.0,
            marks: Vec::new(),
            seeds: 5,
            short: false,
        };
        for (key, value) in &table {
            let count = || value.as_integer().and_then(|n| usize::try_from(n).ok());
            let known = match key.as_str() {
                "consultants" => count().map(|n| case.shape.consultants = n),
                "sites" => count().map(|n| case.shape.sites = n),
                "specialties" => count().map(|n| case.shape.specialties = n),
                "clinics" => count().map(|n| case.shape.clinics = n),
                "networks" => count().map(|n| case.shape.networks = n),
                "partner_trusts" => count().map(|n| case.shape.partner_trusts = Some(n)),
                "base_sites" => count().map(|n| case.shape.base_sites = n),
                "even_specialties" => {
                    value.as_bool().map(|even| case.shape.even_specialties = even)
                }
                "weeks" => count().map(|n| case.shape.weeks = n as u32),
                "seeds" => count().map(|n| case.seeds = n as u64),
                "seconds" => number(value).map(|s| case.seconds = s),
                "marks" => value.as_array().and_then(|marks| {
                    case.marks = marks.iter().map(number).collect::<Option<_>>()?;
                    Some(())
                }),
                "leave_share" => number(value).map(|share| case.shape.leave_share = share),
                "authorised_share" => {
                    number(value).map(|share| case.shape.authorised_share = share)
                }
                "lapsed_share" => number(value).map(|share| case.shape.lapsed_share = share),
                "capacity" => number(value).map(|ratio| case.shape.capacity = ratio),
                "second_specialty_share" => {
                    number(value).map(|share| case.shape.second_specialty_share = share)
                }
                "shared_agreements" => {
                    value.as_bool().map(|shared| case.shape.shared_agreements = shared)
                }
                "short" => value.as_bool().map(|short| case.short = short),
                _ => None,
            };
            known.ok_or_else(|| format!("{}: {key} = {value}", file.display()))?;
        }
        Ok(case)
    }

    /// All cases, by name.
    ///
    /// # Errors
    /// Where the folder or one of its files can't be read.
    pub fn all() -> Result<Vec<Self>, Box<dyn Error>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder())?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
        files.sort();
        files.iter().map(|file| Self::read(file)).collect()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The network to make with this seed.
    #[must_use]
    pub fn shape(&self, seed: u64) -> Shape {
        Shape { seed, ..self.shape.clone() }
    }

    /// How long to plan, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// When to look how far the search has come, in seconds.
    #[must_use]
    pub fn marks(&self) -> &[f64] {
        &self.marks
    }

    /// How many seeds a full run takes, from 1.
    #[must_use]
    pub fn seeds(&self) -> u64 {
        self.seeds
    }

    /// Whether `cargo bench` runs it.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.short
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_can_be_read_and_has_its_marks_in_time() -> Result<(), Box<dyn Error>> {
        for case in Case::all()? {
            let (marks, seconds) = (case.marks(), case.seconds());
            assert!(marks.iter().all(|mark| *mark <= seconds), "{}", case.name());
        }
        Ok(())
    }
}
