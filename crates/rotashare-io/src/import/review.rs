//! Names that somebody must say who they are: a file to be gone through by hand.

use std::collections::BTreeMap;

use super::fault::ImportFault;
use super::people::Proposal;
use crate::network_toml::{in_comment, quoted};

/// A name or number that nobody has said yet who it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ask {
    /// The text as it stands in the export.
    pub text: String,
    /// The rows that have it.
    pub rows: Vec<u32>,
    /// Who it may be, the likeliest first.
    pub proposals: Vec<Proposal>,
}

impl Ask {
    /// The line that says who it is, to be confirmed by taking the `#` away.
    #[must_use]
    pub fn line(&self) -> String {
        let text = quoted(&self.text);
        match self.proposals.first() {
            Some(first) => {
                let also: Vec<String> = self.proposals[1..]
                    .iter()
                    .map(|one| format!("{} {}", one.consultant, one.name))
                    .collect();
                let also = if also.is_empty() {
                    String::new()
                } else {
                    format!("; or {}", also.join("; "))
                };
                let code = quoted(&first.consultant);
                let trust = if first.trust.is_empty() {
                    String::new()
                } else {
                    format!(", {}", first.trust)
                };
                let who = in_comment(&format!("{}{trust}{also}", first.name));
                format!("# {text} = {code}  # {who}")
            }
            None => format!(
                "# {text} = \"?\"  # nobody has a name like it: give the code, or \"\" for nobody"
            ),
        }
    }
}

const HEAD: &str = "\
# Who is who in the exports. Take the # away in front of a line that is right; correct the code where the
# person proposed is another. \"\" means nobody of this dataset: those rows are left out.

[people]
";

/// The text of a file of names with those added that are not in it yet; `None` where there are none.
#[must_use]
pub fn review(there: Option<&str>, asks: &[Ask]) -> Option<String> {
    let text = there.unwrap_or_default();
    let is_new = |ask: &&Ask| !text.contains(&format!("{} =", quoted(&ask.text)));
    let lines: Vec<String> = asks.iter().filter(is_new).map(Ask::line).collect();
    if lines.is_empty() {
        return None;
    }
    let has_table = text.lines().any(|line| line.trim() == "[people]");
    let mut all = text.trim_end().to_owned();
    if !all.is_empty() {
        all.push('\n');
    }
    if !has_table {
        all.push_str(HEAD);
    }
    for line in lines {
        all.push_str(&line);
        all.push('\n');
    }
    Some(all)
}

/// Reads a file of names: who each name or number is.
///
/// # Errors
/// With everything that is wrong with it.
pub fn read_people(name: &str, text: &str) -> Result<KnownAs, Vec<ImportFault>> {
    super::mapping_toml::people(name, text).map(KnownAs)
}

/// Who names and numbers are, as somebody has said.
#[derive(Clone, Debug, Default)]
pub struct KnownAs(pub(super) BTreeMap<String, String>);

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(text: &str, proposed: &[&str]) -> Ask {
        let proposals = proposed.iter().map(|code| Proposal {
            consultant: (*code).to_owned(),
            name: "Dr John Smith".into(),
            trust: "RJ1".into(),
            likeness: 0.98,
        });
        Ask { text: text.into(), rows: vec![7], proposals: proposals.collect() }
    }

    #[test]
    fn names_are_added_once_and_count_when_the_mark_is_taken_away() {
        let asks = [ask("SMITH, J \"Jo\"", &["9900001", "9900002"]), ask("Locum", &[])];
        let text = review(None, &asks).expect("a review");
        assert!(read_people("people.toml", &text).expect("valid").0.is_empty());
        assert_eq!(review(Some(&text), &asks), None);
        let confirmed = text.replace("\n# ", "\n");
        let confirmed = confirmed.replace("the\nperson", "the\n# person");
        let at = confirmed.find("[people]").expect("a table");
        let known = read_people("people.toml", &confirmed[at..]).expect("valid").0;
        assert_eq!(known.get("smithjjo").map(String::as_str), Some("9900001"));
        assert_eq!(known.get("locum").map(String::as_str), Some("?"));
        let more = review(Some(&text), &[ask("KHAN, A", &[])]).expect("more");
        assert!(more.starts_with(&text), "{more}");
        assert_eq!(more.matches("[people]").count(), 1);
    }
}
