//! Trusts, sites and specialties by code or by name.

use std::collections::BTreeMap;

use rotashare_core::clinics::TREATMENT_FUNCTIONS;
use rotashare_core::fault::{Table, nearest};
use rotashare_core::time::FormError;

use super::base::Base;
use super::kind::Kind;
use super::words::bare;

/// Codes with their names.
#[derive(Clone, Debug, Default)]
struct Codes {
    what: &'static str,
    /// The file that has them.
    file: &'static str,
    /// Code and name.
    list: Vec<(String, String)>,
    /// Texts that were read by name, and as what.
    read: BTreeMap<String, String>,
}

/// What an export's words for places and specialties may mean.
#[derive(Clone, Debug)]
pub(super) struct Places {
    trusts: Codes,
    sites: Codes,
    specialties: Codes,
    site_trusts: BTreeMap<String, String>,
}

impl Places {
    pub(super) fn new(base: &Base) -> Self {
        let codes = |table: Table, what, key: &str| {
            let raw = base.file(table).cloned().unwrap_or_default();
            let list = raw.column(key).into_iter().zip(raw.column("name"));
            let list = list.map(|(code, name)| (code.to_owned(), name.to_owned())).collect();
            Codes { what, file: table.file_name(), list, read: BTreeMap::new() }
        };
        let mut specialties = codes(Table::Specialties, "specialty", "specialty");
        for (code, name) in TREATMENT_FUNCTIONS {
            if specialties.list.iter().all(|(one, _)| one != code) {
                specialties.list.push(((*code).to_owned(), (*name).to_owned()));
            }
        }
        let sites = base.file(Table::Sites).cloned().unwrap_or_default();
        let pairs = sites.column("site").into_iter().zip(sites.column("trust"));
        Self {
            trusts: codes(Table::Trusts, "trust", "trust"),
            sites: codes(Table::Sites, "site", "site"),
            specialties,
            site_trusts: pairs.map(|(site, trust)| (site.to_owned(), trust.to_owned())).collect(),
        }
    }

    /// The code that a text means.
    pub(super) fn code(&mut self, kind: Kind, text: &str) -> Result<String, FormError> {
        match kind {
            Kind::Trust => self.trusts.code(text),
            Kind::Site => self.sites.code(text),
            _ => self.specialties.code(text),
        }
    }

    /// The trust of a site.
    pub(super) fn trust_of(&self, site: &str) -> Option<&str> {
        self.site_trusts.get(site).map(String::as_str)
    }

    /// Texts that were read by name: text, code and name, in order.
    pub(super) fn readings(&self) -> Vec<(String, String)> {
        let all = [&self.trusts, &self.sites, &self.specialties];
        let mut readings: Vec<(String, String)> = all
            .into_iter()
            .flat_map(|codes| {
                codes.read.iter().map(|(text, code)| {
                    let name = codes.list.iter().find(|(one, _)| one == code);
                    let name = name.map_or("", |(_, name)| name.as_str());
                    (text.clone(), format!("{code} {name}"))
                })
            })
            .collect();
        readings.sort();
        readings
    }
}

impl Codes {
    fn code(&mut self, text: &str) -> Result<String, FormError> {
        if let Some((code, _)) = self.list.iter().find(|(code, _)| code.eq_ignore_ascii_case(text))
        {
            return Ok(code.clone());
        }
        if let Some(code) = self.by_name(text) {
            self.read.insert(text.to_owned(), code.clone());
            return Ok(code);
        }
        let is_code = !text.contains(char::is_whitespace)
            && text.len() <= 9
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && text.bytes().any(|byte| byte.is_ascii_digit());
        // Without a list to look it up in, and a specialty's number, it may be right: `check` will say.
        let is_number = self.what == "specialty" && text.len() == 3;
        if is_code && (self.list.is_empty() || is_number) {
            return Ok(text.to_owned());
        }
        let (what, file) = (self.what, self.file);
        let near = nearest(text, self.list.iter().flat_map(|(code, name)| [code.as_str(), name]));
        let near = near.map(|near| format!("did you mean {near}? Else ")).unwrap_or_default();
        let remedy = format!("{near}give its code in the mapping, under values: {text:?} = \"…\"");
        let problem = if self.list.is_empty() {
            format!("{text:?} is no code, and there is no {file} to look the name up in")
        } else {
            format!("there is no {what} {text:?} in {file}")
        };
        Err(FormError::new(problem, remedy))
    }

    /// By its name, by code and name together, or by the first words of one name only.
    fn by_name(&self, text: &str) -> Option<String> {
        let words = super::words::tokens(text);
        let wanted = bare(text);
        if wanted.is_empty() {
            return None;
        }
        let whole = |(code, name): &&(String, String)| {
            let name = bare(name);
            let both = [format!("{}{name}", bare(code)), format!("{name}{}", bare(code))];
            name == wanted || both.contains(&wanted)
        };
        let begins = |(_, name): &&(String, String)| {
            let name = super::words::tokens(name);
            wanted.len() >= 4 && name.len() > words.len() && name[..words.len()] == words[..]
        };
        let only = |found: Vec<&(String, String)>| match found[..] {
            [(code, _)] => Some(code.clone()),
            _ => None,
        };
        only(self.list.iter().filter(whole).collect())
            .or_else(|| only(self.list.iter().filter(begins).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::base::Raw;

    fn places() -> Places {
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let sites = Raw {
            header: text(&["site", "trust", "name"]),
            rows: vec![
                text(&["RJ121", "RJ1", "Guy's Hospital"]),
                text(&["RJ122", "RJ1", "St Thomas' Hospital"]),
                text(&["RN707", "RN7", "Darent Valley Hospital"]),
            ],
        };
        let mut base = Base::default();
        base.files.insert(Table::Sites, sites);
        Places::new(&base)
    }

    #[test]
    fn sites_and_specialties_by_code_or_name() {
        let mut places = places();
        for (text, code) in [
            ("rn707", "RN707"),
            ("Guys Hospital", "RJ121"),
            ("St. Thomas'", "RJ122"),
            ("Darent Valley", "RN707"),
            ("RN707 Darent Valley Hospital", "RN707"),
        ] {
            assert_eq!(places.code(Kind::Site, text), Ok(code.into()), "{text}");
        }
        for text in ["Hospital", "RN70", "Dart", "Maidstone"] {
            assert!(places.code(Kind::Site, text).is_err(), "{text}");
        }
        assert_eq!(places.code(Kind::Specialty, "320 - Cardiology"), Ok("320".into()));
        assert_eq!(places.code(Kind::Specialty, "cardiology"), Ok("320".into()));
        assert_eq!(places.trust_of("RN707"), Some("RN7"));
        assert!(
            places
                .readings()
                .contains(&("Darent Valley".into(), "RN707 Darent Valley Hospital".into()))
        );
    }

    #[test]
    fn without_a_list_only_a_code_will_do() {
        let mut places = Places::new(&Base::default());
        assert_eq!(places.code(Kind::Site, "RN707"), Ok("RN707".into()));
        let error = places.code(Kind::Site, "Guy's").expect_err("no list");
        assert!(error.problem.contains("there is no sites.csv to look the name up in"));
    }
}
