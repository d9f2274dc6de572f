//! Rota files as cells: put into a rota of a network, and compared with one another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rotashare_core::draft::RotaRow;
use rotashare_core::fault::{Fault, MOST_TOLD, Table, did_you_mean};
use rotashare_core::ids::SessionId;
use rotashare_core::network::Network;
use rotashare_core::rota::{Place, PlaceError, Rota};
use rotashare_io::{RotaReading, read_rota};
use serde_json::{Value, json};

use crate::dataset::{self, RotaSource, Sources};
use crate::failure::Failure;

/// The rota file that a path names: itself, or `rota.csv` in it where it is a folder.
fn rota_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("rota.csv") } else { path.to_owned() }
}

/// Reads a rota file, telling its faults and warnings under its own name; gives its rows, and where they
/// come from.
pub(crate) fn read(path: &Path) -> Result<(Vec<RotaRow>, RotaSource), Failure> {
    let reading = load(path)?;
    let source = source(path, &reading);
    tell(&source, reading.faults, &reading.warnings)?;
    Ok((reading.rows, source))
}

/// The rows with the names that the file gives consultants, by code.
pub(crate) fn read_named(path: &Path) -> Result<(Vec<RotaRow>, BTreeMap<String, String>), Failure> {
    let reading = load(path)?;
    let source = source(path, &reading);
    tell(&source, reading.faults, &reading.warnings)?;
    Ok((reading.rows, reading.names))
}

/// Reads a rota file and puts it into a rota of the network, telling all that is wrong with it together.
/// A quiet reader is told no warnings: they speak of anybody's rows.
pub(crate) fn rota_in(
    network: &Network,
    path: &Path,
    quiet: bool,
) -> Result<(Rota, Vec<RotaRow>), Failure> {
    let reading = load(path)?;
    let source = source(path, &reading);
    let RotaReading { rows, mut faults, mut warnings, .. } = reading;
    let is_legible = faults.is_empty() || !rows.is_empty();
    if is_legible {
        let (rota, more, doubts) = rota_of(network, &rows);
        let is_whole = faults.is_empty() && more.is_empty();
        faults.extend(more);
        // Rows that could not be read are not missing.
        warnings.extend(doubts.into_iter().filter(|_| is_whole));
        if quiet {
            warnings.clear();
        }
        tell(&source, faults, &warnings)?;
        return Ok((rota, rows));
    }
    tell(&source, faults, &warnings)?;
    Err(Failure::Told)
}

fn load(path: &Path) -> Result<RotaReading, Failure> {
    read_rota(&rota_file(path)).map_err(|error| Failure::Message(dataset::with_causes(&error)))
}

fn source(path: &Path, reading: &RotaReading) -> RotaSource {
    RotaSource { file: rota_file(path).display().to_string(), sheet: reading.sheet.clone() }
}

/// Tells faults and warnings of a rota file under its own name; an error where there are faults.
fn tell(source: &RotaSource, mut faults: Vec<Fault>, warnings: &[Fault]) -> Result<(), Failure> {
    faults.sort();
    let sources = Sources { rota: Some(source.clone()), ..Sources::default() };
    dataset::tell(&faults, warnings, &sources);
    if faults.is_empty() { Ok(()) } else { Err(Failure::Told) }
}

/// The rota that rows give, with what is wrong with them and what is worth a look.
fn rota_of(network: &Network, rows: &[RotaRow]) -> (Rota, Vec<Fault>, Vec<Fault>) {
    let mut rota = Rota::empty(network);
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    let sessions: BTreeMap<&str, _> =
        network.session_ids().map(|id| (network.session(id).code(), id)).collect();
    let mut seen: BTreeMap<Place, u32> = BTreeMap::new();
    let (mut contradicting, mut first_contradicting) = (0, None);
    for (index, row) in rows.iter().enumerate() {
        if faults.len() >= MOST_TOLD {
            let problem = format!("the other {} rows were not looked at", rows.len() - index);
            let remedy = "mend those above first: many may have one cause";
            let rest = Fault::of_file(Table::Rota, problem, remedy);
            faults.push(Fault { line: Some(row.line), ..rest });
            return (rota, faults, warnings);
        }
        let mut fault = |column: &str, value: &str, problem: String, remedy: String| {
            faults.push(Fault::of_cell(Table::Rota, row.line, column, value, problem, remedy));
        };
        let Some(session) = sessions.get(row.session.as_str()).copied() else {
            let known = sessions.keys().copied();
            let otherwise = "give the id of a session of the horizon, or take the row out";
            let remedy = did_you_mean(&row.session, known, otherwise);
            let problem = format!("there is no session {:?} in the horizon", row.session);
            fault("session", &row.session, problem, remedy);
            continue;
        };
        let place = Place { session, number: row.place };
        if let Some(first) = seen.insert(place, row.line) {
            let problem =
                format!("place {} of {} is on line {first} already", row.place, row.session);
            fault("place", &row.place.to_string(), problem, "keep one row a place".into());
            continue;
        }
        let places = network.session(session).places();
        if row.place == 0 || row.place > places {
            let problem = format!("{} has no place {}", row.session, row.place);
            let remedy = match places {
                1 => "it has one place, 1".to_owned(),
                _ => format!("its places are 1 to {places}"),
            };
            fault("place", &row.place.to_string(), problem, remedy);
            continue;
        }
        if let Some((column, said, is)) = contradiction(network, row, session) {
            contradicting += 1;
            first_contradicting.get_or_insert((row, column, said, is));
        }
        let Some(code) = &row.consultant else { continue };
        let Some(who) = network.find_consultant(code) else {
            let known = network.consultants().iter().map(|one| one.code());
            let remedy =
                did_you_mean(code, known, "add them to consultants.csv or correct it here");
            let problem = format!("consultant {code:?} is not in consultants.csv");
            fault("consultant", code, problem, remedy);
            continue;
        };
        if let Err(error @ (PlaceError::NoSuchPlace(_) | PlaceError::Taken)) = rota.put(place, who)
        {
            fault("place", &row.place.to_string(), error.to_string(), String::new());
        }
    }
    let missing: Vec<String> = rota
        .cells()
        .filter(|(place, _)| !seen.contains_key(place))
        .map(|(place, _)| {
            format!("{} place {}", network.session(place.session).code(), place.number)
        })
        .collect();
    if let Some((row, column, said, is)) = first_contradicting {
        let mut problem = format!("{} has {column} {is}, and the row says {said}", row.session);
        if contradicting > 1 {
            problem += &format!(", one of {contradicting} such rows");
        }
        let remedy = "check that no column was sorted alone, or whether it was changed since; what the \
                      session is now counts";
        warnings.push(Fault::of_cell(Table::Rota, row.line, column, said, problem, remedy));
    }
    if let Some(first) = missing.first() {
        let problem = match missing.len() {
            1 => format!("there is no row for {first}"),
            many => format!("there is no row for {many} places, the first {first}"),
        };
        warnings.push(Fault::of_file(Table::Rota, problem, "they count as empty"));
    }
    (rota, faults, warnings)
}

/// The first column in which a row says another day, start or site than its session has, as when a column was
/// sorted by itself; what it says, and what is.
fn contradiction(
    network: &Network,
    row: &RotaRow,
    id: SessionId,
) -> Option<(&'static str, String, String)> {
    let session = network.session(id);
    let (date, start) = (session.date(), session.span().start().clock());
    let site = network.site(session.site()).code();
    if let Some(said) = row.date.filter(|said| *said != date) {
        return Some(("date", said.to_string(), date.to_string()));
    }
    if let Some(said) = row.start.filter(|said| *said != start) {
        return Some(("start", said.to_string(), start.to_string()));
    }
    let said = row.site.as_ref().filter(|said| !said.eq_ignore_ascii_case(site))?;
    Some(("site", said.clone(), site.to_owned()))
}

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Its session is only in the later rota.
    Added,
    /// Its session is only in the earlier rota.
    Removed,
    /// It was empty and is not.
    Filled,
    /// It is empty and was not.
    Emptied,
    /// It went to somebody else.
    Reassigned,
    /// The same person has it, at another time or site.
    Moved,
}

impl Kind {
    /// In a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Filled => "filled",
            Self::Emptied => "emptied",
            Self::Reassigned => "reassigned",
            Self::Moved => "moved",
        }
    }
}

/// A place that differs between two rotas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) session: String,
    pub(crate) place: u32,
    pub(crate) kind: Kind,
    /// Who had it.
    pub(crate) before: Option<String>,
    /// Who has it.
    pub(crate) after: Option<String>,
    /// The later row, or the earlier one where there is no later.
    pub(crate) row: RotaRow,
}

/// Every place that differs, in order of date, start, session and place.
pub(crate) fn differences(before: &[RotaRow], after: &[RotaRow]) -> Vec<Difference> {
    type Pair<'a> = (Option<&'a RotaRow>, Option<&'a RotaRow>);
    let mut cells: BTreeMap<(&str, u32), Pair> = BTreeMap::new();
    for row in before {
        cells.entry((&row.session, row.place)).or_default().0 = Some(row);
    }
    for row in after {
        cells.entry((&row.session, row.place)).or_default().1 = Some(row);
    }
    let mut found: Vec<Difference> = cells
        .into_iter()
        .filter_map(|((session, place), (before, after))| {
            let who = |row: Option<&RotaRow>| row.and_then(|row| row.consultant.clone());
            let difference = Difference {
                session: session.to_owned(),
                place,
                kind: kind(before, after)?,
                before: who(before),
                after: who(after),
                row: after.or(before)?.clone(),
            };
            Some(difference)
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |one: &Difference| (one.row.date, one.row.start, one.session.clone(), one.place);
        key(a).cmp(&key(b))
    });
    found
}

/// Differences as JSON.
pub(crate) fn as_json(differences: &[Difference]) -> Value {
    let one = |difference: &Difference| {
        json!({
            "session": difference.session,
            "place": difference.place,
            "change": difference.kind.word(),
            "date": difference.row.date.map(|date| date.to_string()),
            "before": difference.before,
            "after": difference.after,
        })
    };
    differences.iter().map(one).collect()
}

fn kind(before: Option<&RotaRow>, after: Option<&RotaRow>) -> Option<Kind> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => return Some(Kind::Added),
        (Some(_), None) => return Some(Kind::Removed),
        (None, None) => return None,
    };
    match (&before.consultant, &after.consultant) {
        (None, None) => None,
        (None, Some(_)) => Some(Kind::Filled),
        (Some(_), None) => Some(Kind::Emptied),
        (Some(a), Some(b)) if a != b => Some(Kind::Reassigned),
        _ => {
            let differs = differ(&before.date, &after.date)
                || differ(&before.start, &after.start)
                || differ(&before.end, &after.end)
                || differ(&before.site, &after.site);
            differs.then_some(Kind::Moved)
        }
    }
}

/// Whether both are given and not the same.
fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
    a.is_some() && b.is_some() && a != b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(session: &str, who: Option<&str>) -> RotaRow {
        RotaRow {
            line: 2,
            session: session.into(),
            place: 1,
            consultant: who.map(Into::into),
            date: None,
            start: None,
            end: None,
            site: None,
            specialty: None,
            clinic: None,
        }
    }

    #[test]
    fn every_kind_of_difference() {
        let before = [
            row("A", Some("1")),
            row("B", None),
            row("C", Some("1")),
            row("D", Some("1")),
            row("E", None),
        ];
        let after = [
            row("A", Some("2")),
            row("B", Some("1")),
            row("C", None),
            row("E", None),
            row("F", None),
        ];
        let kinds: Vec<_> = differences(&before, &after)
            .iter()
            .map(|d| (d.session.clone(), d.kind.word()))
            .collect();
        let expected = [
            ("A", "reassigned"),
            ("B", "filled"),
            ("C", "emptied"),
            ("D", "removed"),
            ("F", "added"),
        ];
        assert_eq!(kinds, expected.map(|(session, kind)| (session.to_owned(), kind)));
    }
}
