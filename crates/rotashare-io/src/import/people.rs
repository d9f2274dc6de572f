//! Who a row is about: by number, never by a guess.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::fault::{Table, nearest};

use super::base::Base;
use super::words::bare;
use super::words::names::Name;

/// How like a name must be to be proposed.
const PROPOSED: f64 = 0.84;
/// How many are proposed at most.
const MOST_PROPOSED: usize = 3;

/// What a row says of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: String,
    pub(super) employee: String,
    /// The name as it stands there.
    pub(super) written: String,
    pub(super) name: Name,
}

/// Somebody known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    code: String,
    employee: String,
    trust: String,
    name: Name,
}

/// Who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// This consultant, by code.
    Is(String),
    /// Nobody of the dataset: the rows are left out.
    Nobody,
    /// To be asked for, under this text.
    Ask(String),
    /// It can't be: what is wrong, what to do.
    Wrong(String, String),
}

/// Everybody known, of the dataset and of this export.
#[derive(Clone, Debug)]
pub(super) struct People {
    all: Vec<Person>,
    by_code: BTreeMap<String, Vec<usize>>,
    by_employee: BTreeMap<String, Vec<usize>>,
    /// Who a text is, as somebody has said.
    said: BTreeMap<String, String>,
    trust: Option<String>,
}

impl People {
    pub(super) fn new(base: &Base, said: BTreeMap<String, String>, trust: Option<&str>) -> Self {
        let mut people = Self {
            all: Vec::new(),
            by_code: BTreeMap::new(),
            by_employee: BTreeMap::new(),
            said,
            trust: trust.map(str::to_owned),
        };
        let raw = base.file(Table::Consultants).cloned().unwrap_or_default();
        let columns =
            ["consultant", "employee_number", "trust", "name"].map(|name| raw.column(name));
        let [codes, employees, trusts, names] = columns;
        for (index, code) in codes.into_iter().enumerate() {
            people.add(Person {
                code: code.to_owned(),
                employee: employees[index].to_owned(),
                trust: trusts[index].to_owned(),
                name: Name::read(names[index]),
            });
        }
        people
    }

    fn add(&mut self, person: Person) {
        let index = self.all.len();
        self.by_code.entry(canonical(&person.code)).or_default().push(index);
        if !person.employee.is_empty() {
            self.by_employee.entry(canonical(&person.employee)).or_default().push(index);
        }
        self.all.push(person);
    }

    /// Takes somebody of an export that brings its own people; the first row that has a code makes it.
    pub(super) fn learn(&mut self, said: &Said, trust: Option<&str>) {
        if said.code.is_empty() {
            return;
        }
        let key = canonical(&said.code);
        if let Some(known) = self.by_code.get(&key).map(|list| list[0]) {
            if self.all[known].employee.is_empty() && !said.employee.is_empty() {
                self.all[known].employee.clone_from(&said.employee);
                self.by_employee.entry(canonical(&said.employee)).or_default().push(known);
            }
            return;
        }
        self.add(Person {
            code: said.code.clone(),
            employee: said.employee.clone(),
            trust: trust.unwrap_or_default().to_owned(),
            name: said.name.clone(),
        });
    }

    /// Who that is; a warning with it where number and name don't agree.
    pub(super) fn who(&self, said: &Said) -> (Who, Option<String>) {
        for text in [&said.employee, &said.written] {
            if let Some(code) = self.said.get(&bare(text)).filter(|_| !text.is_empty()) {
                return (self.confirmed(text, code), None);
            }
        }
        if !said.code.is_empty() {
            let who = match self.by_code.get(&canonical(&said.code)).map(Vec::as_slice) {
                Some([one]) => Who::Is(self.all[*one].code.clone()),
                Some(_) => several(&said.code),
                None => return (self.unknown(&said.code), None),
            };
            return self.with_name(who, said);
        }
        if !said.employee.is_empty() {
            let found = self.by_employee.get(&canonical(&said.employee));
            let mut found: Vec<usize> = found.cloned().unwrap_or_default();
            match &self.trust {
                Some(trust) => found.retain(|index| self.all[*index].trust == *trust),
                None if !found.is_empty() && self.employers() > 1 => {
                    let problem = format!(
                        "{} is an employer's own number, and there are several",
                        said.employee
                    );
                    let remedy =
                        "give the trust whose export it is, with --trust or in the mapping";
                    return (Who::Wrong(problem, remedy.into()), None);
                }
                None => {}
            }
            match found[..] {
                [one] => return self.with_name(Who::Is(self.all[one].code.clone()), said),
                [] if said.name.is_empty() => return (Who::Ask(said.employee.clone()), None),
                [] => {}
                _ => return (several(&said.employee), None),
            }
        }
        if said.written.is_empty() {
            let remedy = "give the number, or leave such rows out with [[leave_out]]";
            return (Who::Wrong("the row does not say who it is".into(), remedy.into()), None);
        }
        (Who::Ask(said.written.clone()), None)
    }

    /// How many employers have numbers of their own for their people.
    fn employers(&self) -> usize {
        let numbered = self.all.iter().filter(|person| !person.employee.is_empty());
        numbered.map(|person| person.trust.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Somebody whom a text names, alone in a cell: by code, by number or by confirmed name.
    pub(super) fn named(&self, text: &str) -> Who {
        let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
        let said = if has_digits {
            let is_code = self.by_code.contains_key(&canonical(text));
            let (code, employee) = if is_code { (text, "") } else { ("", text) };
            Said { code: code.to_owned(), employee: employee.to_owned(), ..Said::default() }
        } else {
            Said { written: text.to_owned(), name: Name::read(text), ..Said::default() }
        };
        self.who(&said).0
    }

    fn confirmed(&self, text: &str, code: &str) -> Who {
        if code.is_empty() {
            return Who::Nobody;
        }
        match self.by_code.get(&canonical(code)).map(Vec::as_slice) {
            Some([one]) => Who::Is(self.all[*one].code.clone()),
            Some(_) => several(code),
            None => {
                let problem = format!("[people] says that {text:?} is {code}, who is not known");
                Who::Wrong(problem, "correct the code there".into())
            }
        }
    }

    fn unknown(&self, code: &str) -> Who {
        let near = nearest(code, self.all.iter().map(|person| person.code.as_str()));
        let near = near.map(|near| format!(" (nearest: {near})")).unwrap_or_default();
        Who::Wrong(
            format!("there is no consultant {code}{near}"),
            "import the staff first, or correct the number".into(),
        )
    }

    fn with_name(&self, who: Who, said: &Said) -> (Who, Option<String>) {
        let Who::Is(code) = &who else { return (who, None) };
        let known = self.all.iter().find(|person| person.code == *code);
        let differs = known.filter(|known| !said.name.is_empty() && !known.name.may_be(&said.name));
        let warning = differs.map(|known| {
            let (theirs, ours) = (said.name.show(), known.name.show());
            format!("{code} is {ours} so far, and {theirs} here")
        });
        (who, warning)
    }

    /// Those whom a text may mean, the likeliest first: code, name, trust, likeness in hundredths.
    pub(super) fn proposals(&self, text: &str) -> Vec<Proposal> {
        let name = Name::read(text);
        // Without a comma the surname may stand first.
        let turned =
            Name { forename: name.surname.clone(), surname: name.forename.clone(), ..name.clone() };
        let mut all: Vec<Proposal> = self
            .all
            .iter()
            .map(|person| Proposal {
                consultant: person.code.clone(),
                name: person.name.show(),
                trust: person.trust.clone(),
                likeness: person.name.likeness(&name).max(person.name.likeness(&turned)),
            })
            .filter(|proposal| proposal.likeness >= PROPOSED)
            .collect();
        all.sort_by(|a, b| {
            b.likeness.total_cmp(&a.likeness).then_with(|| a.consultant.cmp(&b.consultant))
        });
        all.truncate(MOST_PROPOSED);
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The trust of a consultant.
    pub(super) fn trust_of(&self, code: &str) -> Option<&str> {
        let found = self.by_code.get(&canonical(code))?;
        found.first().map(|index| self.all[*index].trust.as_str()).filter(|trust| !trust.is_empty())
    }
}

/// Somebody whom a name may mean.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Proposal {
    /// Code.
    pub consultant: String,
    /// Name.
    pub name: String,
    /// Employer.
    pub trust: String,
    /// How like the names are, from 0 to 1.
    pub likeness: f64,
}

fn several(number: &str) -> Who {
    let problem = format!("the number {number} belongs to several consultants");
    Who::Wrong(problem, "say who it is under [people], or give the trust".into())
}

/// A number for comparison: without leading zeros, marks, and the C that payrolls put before a GMC number.
fn canonical(number: &str) -> String {
    let bare = bare(number);
    let digits = bare.strip_prefix('c').filter(|rest| rest.len() == 7 && is_digits(rest));
    let text = digits.unwrap_or(&bare);
    if is_digits(text) { text.trim_start_matches('0').to_owned() } else { text.to_owned() }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::base::Raw;

    fn people(said: &[(&str, &str)]) -> People {
        of_trust(said, Some("RJ1"))
    }

    fn of_trust(said: &[(&str, &str)], trust: Option<&str>) -> People {
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let raw = Raw {
            header: text(&["consultant", "name", "trust", "employee_number"]),
            rows: vec![
                text(&["9900001", "Dr John Smith", "RJ1", "0042"]),
                text(&["9900002", "Dr Joan Smith", "RJ1", "77"]),
                text(&["9900003", "Mr Ali Khan", "RN7", "77"]),
            ],
        };
        let mut base = Base::default();
        base.files.insert(Table::Consultants, raw);
        let said = said.iter().map(|(name, code)| (bare(name), (*code).to_owned())).collect();
        People::new(&base, said, trust)
    }

    fn said(code: &str, employee: &str, written: &str) -> Said {
        let name = Name::read(written);
        Said { code: code.into(), employee: employee.into(), written: written.into(), name }
    }

    #[test]
    fn numbers_match_whatever_became_of_their_zeros() {
        let people = people(&[]);
        let is = |who: &str| (Who::Is(who.into()), None);
        assert_eq!(people.who(&said("C9900001", "", "")), is("9900001"));
        assert_eq!(people.who(&said("", "42", "SMITH, J")), is("9900001"));
        let (who, warning) = people.who(&said("9900003", "", "PATEL, Asha"));
        assert_eq!(who, Who::Is("9900003".into()));
        assert_eq!(warning.as_deref(), Some("9900003 is Mr Ali Khan so far, and Asha Patel here"));
        assert!(matches!(people.who(&said("9900009", "", "")).0, Who::Wrong(..)));
        // An employer's number is that employer's only.
        assert_eq!(people.who(&said("", "77", "")), is("9900002"));
        let of_other = of_trust(&[], Some("RN7"));
        assert_eq!(of_other.who(&said("", "0077", "")), is("9900003"));
        assert_eq!(of_other.who(&said("", "42", "")).0, Who::Ask("42".into()));
        let of_nobody = of_trust(&[], None);
        assert!(matches!(of_nobody.who(&said("", "42", "")).0, Who::Wrong(..)));
    }

    #[test]
    fn a_name_alone_is_asked_for_until_somebody_says_who_it_is() {
        let nobody_said = people(&[]);
        let name = said("", "", "SMITH, John (Dr)");
        assert_eq!(nobody_said.who(&name).0, Who::Ask("SMITH, John (Dr)".into()));
        let proposed: Vec<String> = nobody_said
            .proposals("SMITH, John (Dr)")
            .into_iter()
            .map(|one| one.consultant)
            .collect();
        assert_eq!(proposed, ["9900001", "9900002"]);
        let said_so = people(&[("SMITH, John (Dr)", "9900001"), ("Locum 1", ""), ("X", "1")]);
        assert_eq!(said_so.who(&name).0, Who::Is("9900001".into()));
        assert_eq!(said_so.who(&said("", "", "LOCUM 1")).0, Who::Nobody);
        assert!(matches!(said_so.who(&said("", "", "X")).0, Who::Wrong(..)));
        let turned: Vec<String> =
            nobody_said.proposals("Khan Ali").into_iter().map(|one| one.consultant).collect();
        assert_eq!(turned, ["9900003"]);
        // An employee number that nobody has is asked for as well.
        assert_eq!(nobody_said.who(&said("", "555", "")).0, Who::Ask("555".into()));
    }
}
