//! From a draft to a network: every reference looked up, every fault collected.

mod limits;
mod people;
mod places;
mod plans;
mod series;

use std::collections::{BTreeMap, HashMap};

use crate::draft::{Draft, Reference};
use crate::fault::{Fault, MOST_TOLD, Table, did_you_mean};
use crate::ids::{ClinicId, ConsultantId, SessionId, SiteId, SpecialtyId, TrustId};
use crate::network::{Faults, Network};
use crate::time::{Date, Horizon, Validity, Weekday, days_between};

/// See [`Network::build`].
pub(crate) fn network(draft: &Draft) -> Result<(Network, Vec<Fault>), Faults> {
    let mut report = Report::default();
    let toml = &draft.network;
    let horizon = horizon(draft, &mut report);
    let cycle_anchor = toml.cycle_anchor.map(|(line, day)| {
        if day.weekday() != Weekday::Monday {
            report.fault(Fault::of_cell(
                Table::Network,
                line,
                "cycle_anchor",
                day.to_string(),
                format!("{day} is not a Monday"),
                "give the Monday on which week 1 of the cycle starts",
            ));
        }
        day
    });
    if jiff::tz::TimeZone::get(&toml.timezone).is_err() {
        report.fault(Fault {
            column: Some("timezone".into()),
            value: toml.timezone.clone(),
            ..Fault::of_file(
                Table::Network,
                format!("there is no time zone {:?}", toml.timezone),
                "write an IANA name, such as Europe/London",
            )
        });
    }

    if limits::too_many_sites(draft, &mut report) {
        return Err(report.into_faults());
    }
    let places = places::build(draft, &mut report);
    let specialties = places::specialties(draft, &mut report);
    let mut people = people::build(draft, &places, &specialties, cycle_anchor, &mut report);
    let Some(horizon) = horizon else {
        look_up(draft, &places, &people, None, &mut report);
        return Err(report.into_faults());
    };
    let series = series::build(
        draft,
        &series::Context {
            horizon,
            cycle_anchor,
            places: &places,
            specialties: &specialties,
            people: &people,
        },
        &mut report,
    );
    let Some(series) = series else { return Err(report.into_faults()) };
    look_up(draft, &places, &people, Some(&series), &mut report);
    limits::places(draft, &series.sessions, &mut report);
    people::preferences(draft, &mut people, &places, &specialties, &series, &mut report);

    let mut accredited: Vec<Vec<ConsultantId>> = vec![Vec::new(); specialties.list.len()];
    for (index, consultant) in people.list.iter().enumerate() {
        for accreditation in &consultant.accreditations {
            enter(&mut accredited[accreditation.specialty.index()], ConsultantId::new(index));
        }
    }
    plans::check_specialties(draft, &specialties, &accredited, &mut report);
    let agreements = plans::agreements(draft, &places, &specialties, &mut report);
    let agreement_index = plans::index_agreements(agreements.as_deref());
    let cover = plans::cover(draft, &places, &specialties, &people, &mut report);
    let pins = plans::pins(draft, horizon, &people, &series, &mut report);
    let published = plans::published(draft, horizon, &places, &people, &series, &mut report);
    places::check_ways(&places, &people, &series, &accredited, &mut report);

    if report.has_faults() {
        return Err(report.into_faults());
    }
    // Only now every consultant is known to have an employer.
    let mut employed: HashMap<_, Vec<ConsultantId>> = HashMap::new();
    let mut admitted: Vec<Vec<ConsultantId>> = vec![Vec::new(); places.trusts.len()];
    for (index, consultant) in people.list.iter().enumerate() {
        let id = ConsultantId::new(index);
        for accreditation in &consultant.accreditations {
            let key = (consultant.employer, accreditation.specialty);
            enter(employed.entry(key).or_default(), id);
        }
        enter(&mut admitted[consultant.employer.index()], id);
        for authorisation in &consultant.authorisations {
            enter(&mut admitted[authorisation.trust.index()], id);
        }
    }
    let network = Network {
        name: toml.name.clone(),
        timezone: toml.timezone.clone(),
        horizon,
        weights: toml.weights.clone(),
        rule_settings: toml.rules.clone(),
        specialties: specialties.list,
        trusts: places.trusts,
        sites: places.sites,
        travel: places.travel,
        consultants: people.list,
        clinics: series.clinics,
        sessions: series.sessions,
        session_ids: series.session_ids,
        accredited,
        admitted,
        employed,
        has_authorisations: draft.authorisations.is_some(),
        agreements,
        agreement_index,
        cover,
        pins,
        published,
        cycle_anchor,
    };
    Ok((network, report.into_faults().warnings))
}

/// Looks the codes up of rows that have been left out.
fn look_up(
    draft: &Draft,
    places: &places::Places,
    people: &people::People,
    series: Option<&series::Series>,
    report: &mut Report,
) {
    // Where there is no clinics.csv the codes are those of sessions.csv.
    let clinics = series.filter(|_| draft.clinics.is_some()).map(|series| &series.clinic_codes);
    for reference in &draft.references {
        let Reference { table, line, column, code, given_by } = reference;
        let (table, line) = (*table, *line);
        match given_by {
            Table::Trusts => _ = places.trust_codes.find(code, table, line, column, report),
            Table::Sites => _ = places.site_codes.find(code, table, line, column, report),
            Table::Consultants => _ = people.codes.find(code, table, line, column, report),
            Table::Clinics => {
                _ = clinics.map(|codes| codes.find(code, table, line, column, report));
            }
            _ => {}
        }
    }
}

/// Adds a consultant to a list of them, once; they come in order.
fn enter(list: &mut Vec<ConsultantId>, id: ConsultantId) {
    if list.last() != Some(&id) {
        list.push(id);
    }
}

fn horizon(draft: &Draft, report: &mut Report) -> Option<Horizon> {
    let (from, to) = draft.network.horizon?;
    let horizon = Horizon::new(from, to);
    if horizon.is_none() {
        let problem = if to < from {
            format!("the horizon ends on {to}, before it begins on {from}")
        } else {
            format!("the horizon has {} days, over two years", days_between(from, to) + 1)
        };
        report.fault(Fault::of_cell(
            Table::Network,
            draft.network.horizon_line,
            "horizon",
            format!("{from} to {to}"),
            problem,
            "give a month or a quarter",
        ));
    }
    horizon
}

/// The most faults of one file that are kept: more than are told, for some of them only follow from
/// others.
const MOST_KEPT: usize = 20_000;

/// Faults and warnings as they are found.
#[derive(Default)]
struct Report {
    found: Faults,
    /// How many faults and warnings each file has.
    counts: BTreeMap<Table, (usize, usize)>,
    /// Faults beyond [`MOST_KEPT`]: how many, and the line of the first.
    more: BTreeMap<Table, (usize, Option<u32>)>,
}

impl Report {
    fn fault(&mut self, fault: Fault) {
        let count = &mut self.counts.entry(fault.table).or_default().0;
        *count += 1;
        if *count <= MOST_KEPT {
            self.found.faults.push(fault);
        } else {
            self.more.entry(fault.table).or_insert((0, fault.line)).0 += 1;
        }
    }

    fn warn(&mut self, warning: Fault) {
        let count = &mut self.counts.entry(warning.table).or_default().1;
        *count += 1;
        if *count <= MOST_KEPT {
            self.found.warnings.push(warning);
        }
    }

    /// A fault of a code that stands on an earlier line already.
    fn doubled(
        &mut self,
        table: Table,
        line: u32,
        column: &str,
        (noun, code): (&str, &str),
        first: u32,
        remedy: &str,
    ) {
        let problem = format!("{noun} {code:?} is on line {first} already");
        self.fault(Fault::of_cell(table, line, column, code, problem, remedy));
    }

    fn has_faults(&self) -> bool {
        !self.found.faults.is_empty()
    }

    /// [`did_you_mean`] while a file's faults are few enough to be told: looking for the nearest of
    /// many codes takes time.
    fn did_you_mean<'a>(
        &self,
        table: Table,
        written: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        otherwise: &str,
    ) -> String {
        let (faults, warnings) = self.counts.get(&table).copied().unwrap_or_default();
        if faults.max(warnings) < MOST_TOLD {
            did_you_mean(written, candidates, otherwise)
        } else {
            otherwise.to_owned()
        }
    }

    fn into_faults(self) -> Faults {
        let mut found = self.found;
        found.faults.sort();
        found.faults.dedup();
        found.warnings.sort();
        found.warnings.dedup();
        let more = self.more.into_iter();
        found.faults.extend(more.map(|(table, (n, line))| Fault::of_many_more(table, n, line)));
        found
    }

    /// Checks that a validity's end is not before its start.
    fn validity(&mut self, table: Table, line: u32, column: &str, valid: Validity) {
        if let (Some(from), Some(to)) = (valid.from, valid.to)
            && to < from
        {
            let problem = format!("{to} is before the start, {from}");
            let remedy = "put the later date last";
            self.fault(Fault::of_cell(table, line, column, to.to_string(), problem, remedy));
        }
    }

    /// Checks that a stretch of dates has an end not before its start.
    fn dates(&mut self, table: Table, line: u32, from: Date, to: Date) {
        self.validity(table, line, "to", Validity { from: Some(from), to: Some(to) });
    }
}

/// The codes of a table, each with its index after sorting.
struct Codes<Id> {
    table: Table,
    noun: &'static str,
    ids: HashMap<String, Id>,
    sorted: Vec<String>,
}

/// What an id must do to be looked up by code.
trait Index: Copy {
    fn at(index: usize) -> Self;
}

macro_rules! index {
    ($($id:ident)*) => {$(impl Index for $id {
        fn at(index: usize) -> Self {
            Self::new(index)
        }
    })*};
}
index! { TrustId SiteId SpecialtyId ConsultantId ClinicId SessionId }

impl<Id: Index> Codes<Id> {
    /// Sorts the codes; the order of rows with which to fill the table comes with them. The second of
    /// two equal codes is a fault, and left out.
    fn new<'a>(
        table: Table,
        noun: &'static str,
        column: &str,
        rows: impl IntoIterator<Item = (u32, &'a str)>,
        report: &mut Report,
    ) -> (Self, Vec<usize>) {
        let mut order: Vec<(usize, u32, &str)> =
            rows.into_iter().enumerate().map(|(i, (line, code))| (i, line, code)).collect();
        order.sort_by_key(|(i, _, code)| (*code, *i));
        order.dedup_by(|later, first| {
            let same = later.2 == first.2;
            if same {
                let remedy = "give each a code of its own, or take one of the two rows out";
                report.doubled(table, later.1, column, (noun, later.2), first.1, remedy);
            }
            same
        });
        let ids = order
            .iter()
            .enumerate()
            .map(|(index, (_, _, code))| ((*code).to_owned(), Id::at(index)))
            .collect();
        let sorted = order.iter().map(|(_, _, code)| (*code).to_owned()).collect();
        (Self { table, noun, ids, sorted }, order.into_iter().map(|(i, _, _)| i).collect())
    }

    fn get(&self, code: &str) -> Option<Id> {
        self.ids.get(code).copied()
    }

    /// The id of a code in a cell; a fault where there is none.
    fn find(
        &self,
        code: &str,
        table: Table,
        line: u32,
        column: &str,
        report: &mut Report,
    ) -> Option<Id> {
        let found = self.get(code);
        if found.is_none() {
            let (noun, file) = (self.noun, self.table.file_name());
            let problem = format!("{noun} {code:?} is not in {file}");
            let otherwise = format!("add it to {file} or correct it here");
            let known = self.sorted.iter().map(String::as_str);
            let remedy = report.did_you_mean(table, code, known, &otherwise);
            report.fault(Fault::of_cell(table, line, column, code, problem, remedy));
        }
        found
    }

    /// The same for a cell that may be empty; `Err` where there is a code that is not known.
    fn find_if_given(
        &self,
        code: Option<&str>,
        table: Table,
        line: u32,
        column: &str,
        report: &mut Report,
    ) -> Result<Option<Id>, ()> {
        match code {
            None => Ok(None),
            Some(code) => self.find(code, table, line, column, report).map(Some).ok_or(()),
        }
    }
}
