//! People's names as exports write them.

const TITLES: [(&str, &str); 12] = [
    ("dr", "Dr"),
    ("doctor", "Dr"),
    ("mr", "Mr"),
    ("mrs", "Mrs"),
    ("ms", "Ms"),
    ("miss", "Miss"),
    ("mx", "Mx"),
    ("prof", "Prof"),
    ("professor", "Prof"),
    ("sir", "Sir"),
    ("dame", "Dame"),
    ("lady", "Lady"),
];

/// A name in its parts; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) struct Name {
    pub(in crate::import) title: String,
    pub(in crate::import) forename: String,
    pub(in crate::import) surname: String,
}

impl Name {
    /// Reads `SMITH, John (Dr)`, `Smith, Dr John`, `Dr John Smith`, `SMITH John`.
    pub(in crate::import) fn read(text: &str) -> Self {
        let text = super::tidy(text).replace(['(', ')', '[', ']'], " ");
        let (first, rest) = match text.split_once(',') {
            Some((surname, rest)) => (surname.to_owned(), Some(rest.to_owned())),
            None => (text.clone(), None),
        };
        let mut title = String::new();
        let mut words = |text: &str| -> Vec<String> {
            let mut kept = Vec::new();
            for word in text.split_whitespace() {
                match known_title(word) {
                    Some(known) if title.is_empty() => title = known.to_owned(),
                    Some(_) => {}
                    None => kept.push(word.to_owned()),
                }
            }
            kept
        };
        let (forenames, surnames) = match rest {
            Some(rest) => {
                let surnames = words(&first);
                (words(&rest.replace(',', " ")), surnames)
            }
            None => {
                let all = words(&first);
                // Of a name without a comma what is in capitals is the surname, else its last word.
                let is_capital = |word: &String| word.len() > 1 && *word == word.to_uppercase();
                let capitals = all.iter().filter(|word| is_capital(word)).count();
                if capitals > 0 && capitals < all.len() {
                    all.into_iter().partition(|word| !is_capital(word))
                } else {
                    let at = all.len().saturating_sub(1);
                    (all[..at].to_vec(), all[at..].to_vec())
                }
            }
        };
        Self::new(&title, &forenames.join(" "), &surnames.join(" "))
    }

    /// From its parts, as they stand in columns of their own.
    pub(in crate::import) fn new(title: &str, forename: &str, surname: &str) -> Self {
        let title = known_title(title).map_or_else(|| super::tidy(title), str::to_owned);
        Self {
            title,
            forename: cased(&super::tidy(forename)),
            surname: cased(&super::tidy(surname)),
        }
    }

    /// `Dr John Smith`.
    pub(in crate::import) fn show(&self) -> String {
        let parts = [&self.title, &self.forename, &self.surname].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    pub(in crate::import) fn is_empty(&self) -> bool {
        self.surname.is_empty() && self.forename.is_empty()
    }

    /// How like another it is, from 0 to 1: the surname above all, then the forename or its first letter.
    pub(in crate::import) fn likeness(&self, other: &Self) -> f64 {
        let surnames = strsim::jaro_winkler(&plain(&self.surname), &plain(&other.surname));
        let (a, b) = (plain(&self.forename), plain(&other.forename));
        let forenames =
            match (a.chars().next(), b.chars().next()) {
                (Some(x), Some(y)) if a.chars().count() == 1 || b.chars().count() == 1 => {
                    if x == y { 0.95 } else { 0.0 }
                }
                (Some(_), Some(_)) => strsim::jaro_winkler(&a, &b),
                _ => 0.8,
            };
        surnames * 0.7 + forenames * 0.3
    }

    /// Whether the two may be one person's: the surnames are alike, or one is part of the other.
    pub(in crate::import) fn may_be(&self, other: &Self) -> bool {
        let (a, b) = (plain(&self.surname), plain(&other.surname));
        a.is_empty()
            || b.is_empty()
            || a.contains(&b)
            || b.contains(&a)
            || strsim::jaro_winkler(&a, &b) > 0.9
    }
}

fn known_title(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches('.').to_lowercase();
    TITLES.iter().find(|(known, _)| *known == word).map(|(_, title)| *title)
}

/// A part of a name in capitals as it is written else: `O'NEILL` is `O'Neill`, `MCKAY` is `McKay`.
fn cased(part: &str) -> String {
    let is_capital =
        part.chars().filter(|c| c.is_alphabetic()).count() > 1 && part == part.to_uppercase();
    if !is_capital {
        return part.to_owned();
    }
    let mut shown = String::with_capacity(part.len());
    let mut at_start = true;
    for letter in part.chars() {
        if at_start {
            shown.push(letter);
        } else {
            shown.extend(letter.to_lowercase());
        }
        at_start = !letter.is_alphanumeric() || shown.ends_with("Mc");
    }
    shown
}

/// A name for comparison: lower case, without accents, letters only.
fn plain(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphabetic());
    letters
        .map(|letter| match letter {
            'à'..='å' => 'a',
            'ç' => 'c',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ñ' => 'n',
            'ò'..='ö' | 'ø' => 'o',
            'ù'..='ü' => 'u',
            'ý' | 'ÿ' => 'y',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_usual_form() {
        for (text, name) in [
            ("SMITH, John (Dr)", "Dr John Smith"),
            ("Smith, Dr John", "Dr John Smith"),
            ("Dr. John Smith", "Dr John Smith"),
            ("John SMITH", "John Smith"),
            ("SMITH John", "John Smith"),
            ("Prof O'NEILL-MCKAY, Siân", "Prof Siân O'Neill-McKay"),
            ("VAN DER BERG, Anna\u{a0}Maria", "Anna Maria Van Der Berg"),
            ("Smith", "Smith"),
            ("", ""),
        ] {
            assert_eq!(Name::read(text).show(), name, "{text}");
        }
        assert_eq!(Name::read("VAN DER BERG, Anna").surname, "Van Der Berg");
    }

    #[test]
    fn likeness_goes_by_surname_first() {
        let smith = Name::read("Dr John Smith");
        assert!(smith.likeness(&Name::read("SMITH, J")) > 0.95);
        assert!(smith.likeness(&Name::read("Smyth, John")) > 0.85);
        assert!(smith.likeness(&Name::read("Jones, John")) < 0.75);
        assert!(smith.may_be(&Name::read("Smith-Jones, Ann")));
        assert!(!smith.may_be(&Name::read("Patel, John")));
        assert!(Name::read("Siân Owen").likeness(&Name::read("OWEN, Sian")) > 0.99);
    }
}
