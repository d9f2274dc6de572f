//! Where the header of an export stands, and which column is which.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::fault::nearest;

use super::fault::{ImportFault, Place};
use super::kind::Kind;
use super::mapping::{GridCells, Made, Mapping, Names, PersonSpec, is_like};
use super::unfold;
use super::words::{bare, tidy};
use crate::grid::{Grid, GridRow};

/// How many filled rows down a header is looked for.
pub(super) const SEARCHED: usize = 40;

/// A sheet with its header found.
pub(super) struct Headed<'a> {
    pub(super) grid: &'a Grid,
    /// The headings, of several rows joined.
    pub(super) labels: Vec<String>,
    /// The lowest row of the heading of each column.
    lowest: Vec<String>,
    /// The filled rows above the header.
    pub(super) above: &'a [GridRow],
    pub(super) header: &'a [GridRow],
    pub(super) rows: &'a [GridRow],
    /// Where headings stand, once found.
    found: RefCell<BTreeMap<Names, Option<Source>>>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Column(usize),
    Made(Made),
}

impl Headed<'_> {
    /// Where the first of some headings stands; `None` where none does.
    pub(super) fn find(&self, names: &Names) -> Option<Source> {
        if let Some(known) = self.found.borrow().get(names) {
            return *known;
        }
        let source = match names.made() {
            Some(made) => Some(Source::Made(made)),
            None => names.0.iter().find_map(|name| self.column(name)).map(Source::Column),
        };
        self.found.borrow_mut().insert(names.clone(), source);
        source
    }

    /// The heading of theirs under which some names stand.
    pub(super) fn heading(&self, names: &Names) -> String {
        match self.find(names) {
            Some(Source::Column(column)) => self.labels[column].clone(),
            Some(Source::Made(Made::Cell)) => "the cell".to_owned(),
            _ => names.first().to_owned(),
        }
    }

    fn column(&self, name: &str) -> Option<usize> {
        let wanted = bare(name);
        let at = |labels: &[String]| labels.iter().position(|label| bare(label) == wanted);
        at(&self.labels).or_else(|| at(&self.lowest)).filter(|_| !wanted.is_empty())
    }

    pub(super) fn place(&self) -> Place {
        Place {
            file: self.grid.file().to_owned(),
            sheet: self.grid.sheet().map(str::to_owned),
            row: None,
            column: None,
        }
    }
}

/// The sheets to read, each with its header; the names of visible sheets that have none.
pub(super) fn find<'a>(
    grids: &'a [Grid],
    mapping: &Mapping,
) -> Result<(Vec<Headed<'a>>, Vec<String>), Vec<ImportFault>> {
    let wanted: Vec<&Grid> = grids
        .iter()
        .filter(|grid| match (&mapping.sheet, grid.sheet()) {
            (Some(pattern), Some(sheet)) => is_like(sheet, pattern),
            _ => !grid.is_hidden(),
        })
        .collect();
    let file = grids.first().map_or(mapping.name.as_str(), Grid::file);
    if wanted.is_empty() {
        let names: Vec<&str> = grids.iter().filter_map(Grid::sheet).collect();
        let problem = "the workbook has no such sheet";
        let remedy = format!("its sheets are {}: give one as sheet = \"…\"", names.join(", "));
        let pattern = mapping.sheet.as_deref().unwrap_or_default();
        return Err(vec![Place::file(file).column("sheet").fault(pattern, problem, remedy)]);
    }
    let (mut found, mut without, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for grid in wanted {
        match header_of(grid, mapping) {
            Ok(headed) => found.push(headed),
            Err(fault) => {
                without.push(grid.name());
                faults.push(*fault);
            }
        }
    }
    if found.is_empty() || (mapping.sheet.is_some() && !faults.is_empty()) {
        return Err(faults);
    }
    Ok((found, without))
}

/// The row that fits best to be the header of a sheet: how much of the mapping it has, how much of what
/// must be there it has not, and where it stands among the filled rows.
pub(super) fn best(grid: &Grid, mapping: &Mapping) -> Option<(usize, usize, usize)> {
    let depth = mapping.header_rows;
    let last = grid.rows().len().saturating_sub(depth - 1).min(SEARCHED);
    let mut best: Option<(usize, usize, usize)> = None;
    for at in 0..last {
        let (score, missing) = fit(&headed(grid, at, depth), mapping);
        let is_better = |(most, least, _)| {
            (missing, std::cmp::Reverse(score)) < (least, std::cmp::Reverse(most))
        };
        if score > 0 && best.is_none_or(is_better) {
            best = Some((score, missing, at));
        }
    }
    best
}

/// The best row to be the header of a sheet.
fn header_of<'a>(grid: &'a Grid, mapping: &Mapping) -> Result<Headed<'a>, Box<ImportFault>> {
    let depth = mapping.header_rows;
    let place = headed(grid, 0, depth).place();
    let Some((_, missing, at)) = best(grid, mapping) else {
        let names: Vec<&str> = wanted(mapping).iter().map(|names| names.first()).collect();
        let problem = "no header with these headings was found: ".to_owned() + &names.join(", ");
        let remedy = "give their headings in the mapping; import --guess writes one to start from";
        return Err(Box::new(place.fault("", problem, remedy)));
    };
    let found = headed(grid, at, depth);
    if missing == 0 {
        return Ok(found);
    }
    let row = found.header.first().map_or(1, GridRow::number);
    let labels: Vec<&str> =
        found.labels.iter().map(String::as_str).filter(|l| !l.is_empty()).collect();
    let lacking: Vec<String> = wanted(mapping)
        .into_iter()
        .filter(|names| found.find(names).is_none())
        .map(|names| {
            let near = nearest(names.first(), labels.iter().copied());
            let near = near.map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default();
            format!("{:?}{near}", names.first())
        })
        .collect();
    let problem = if lacking.is_empty() && mapping.grid.is_some() {
        "no column of the header is a day".to_owned()
    } else if lacking.is_empty() {
        "no column says who it is".to_owned()
    } else {
        format!("the header has no column {}", lacking.join(", "))
    };
    let remedy = format!("it has {}: give theirs in the mapping", quoted(&labels));
    Err(Box::new(place.row(row).fault("", problem, remedy)))
}

fn quoted(labels: &[&str]) -> String {
    const SHOWN: usize = 25;
    let shown: Vec<String> = labels.iter().take(SHOWN).map(|label| format!("{label:?}")).collect();
    let more = labels.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// A sheet as if the header began at a row.
pub(super) fn headed(grid: &Grid, at: usize, depth: usize) -> Headed<'_> {
    let rows = grid.rows();
    let end = (at + depth).min(rows.len());
    let header = &rows[at.min(end)..end];
    let width = grid.width();
    let mut labels: Vec<Vec<String>> = vec![Vec::new(); width];
    let mut lowest = vec![String::new(); width];
    for (level, row) in header.iter().enumerate() {
        let is_last = level + 1 == header.len();
        let mut before = String::new();
        for column in 0..width {
            let text = tidy(row.cell(column));
            // An upper heading holds until the next one.
            let text = if text.is_empty() && !is_last { before.clone() } else { text };
            before.clone_from(&text);
            if is_last {
                lowest[column].clone_from(&text);
            }
            if !text.is_empty() && labels[column].last() != Some(&text) {
                labels[column].push(text);
            }
        }
    }
    Headed {
        grid,
        labels: labels.into_iter().map(|parts| parts.join(" ")).collect(),
        lowest,
        above: &rows[..at.min(rows.len())],
        header,
        rows: &rows[end..],
        found: RefCell::default(),
    }
}

/// How well a header fits: how much of the mapping it has, and how much of what it must have it has not.
pub(super) fn fit(headed: &Headed<'_>, mapping: &Mapping) -> (usize, usize) {
    let has = |names: &Names| names.made().is_none() && headed.find(names).is_some();
    let mut score = every(mapping).into_iter().filter(|names| has(names)).count();
    let mut missing =
        wanted(mapping).into_iter().filter(|names| headed.find(names).is_none()).count();
    if let Some(person) = &mapping.person {
        missing += usize::from(!says_who(person, |names| has(names)));
    }
    if let Some(grid) = &mapping.grid {
        let days = headed.labels.iter().filter(|label| is_day(label, grid.cells));
        // A heading that is there again says nothing new.
        let days = days.collect::<BTreeSet<_>>().len();
        score += days;
        missing += usize::from(days == 0);
    }
    (score, missing)
}

fn is_day(label: &str, cells: GridCells) -> bool {
    match cells {
        GridCells::Dates => unfold::is_date(label),
        GridCells::Weekdays => unfold::weekday_heading(label).is_some(),
    }
}

fn says_who(person: &PersonSpec, has: impl Fn(&Names) -> bool) -> bool {
    let slots = [&person.code, &person.employee, &person.name, &person.surname];
    slots.into_iter().flatten().any(has)
}

/// Every column that a mapping may take.
pub(super) fn every(mapping: &Mapping) -> Vec<&Names> {
    let person = mapping.person.iter().flat_map(PersonSpec::columns);
    let left_out = mapping.leave_out.iter().map(|one| &one.when.column);
    let tables = mapping.tables.iter().flat_map(|table| {
        let when = table.when.iter().map(|when| &when.column);
        when.chain(table.columns.iter().flat_map(|column| &column.from))
    });
    person.chain(left_out).chain(mapping.fill_down.iter()).chain(tables).collect()
}

/// The columns that an export must have for a mapping to make whole rows of it.
fn wanted(mapping: &Mapping) -> Vec<&Names> {
    let mut wanted: Vec<&Names> = Vec::new();
    for table in &mapping.tables {
        wanted.extend(table.when.iter().map(|when| &when.column));
        for column in &table.columns {
            let must = column.target.must_be_filled()
                && column.constant.is_none()
                && column.default.is_none()
                && !(column.kind == Kind::PersonName && mapping.person.is_some());
            if must {
                wanted.extend(&column.from);
            }
        }
    }
    wanted.dedup();
    wanted
}
