//! Rows that say one thing together made one: one a key, one a run of days, one a cycle.

use std::collections::BTreeMap;

use rotashare_core::fault::Table;
use rotashare_core::time::{Date, days_after};
use rotashare_core::values::WeekPattern;

use super::fault::{Findings, Place};
use super::kind::is_keyed;
use super::make::MadeRow;
use super::mapping::{GridCells, Mapping};
use crate::cell::Cell;
use crate::column::columns;

/// The rows of a table as they go into its file. `place` gives where a row of a sheet stands.
pub(super) fn combine(
    table: Table,
    rows: Vec<MadeRow>,
    mapping: &Mapping,
    place: &dyn Fn(usize, u32) -> Place,
    findings: &mut Findings,
) -> Vec<MadeRow> {
    let mut rows = if is_keyed(table) {
        one_a_key(table, rows, mapping, place, findings)
    } else {
        distinct(rows)
    };
    if matches!(table, Table::JobPlans | Table::Clinics) {
        rows = cycles(table, rows);
    }
    let is_of_days = mapping.grid.as_ref().is_some_and(|grid| grid.cells == GridCells::Dates);
    if is_of_days && matches!(table, Table::Leave | Table::OnCall) {
        rows = runs(table, rows);
    }
    rows
}

/// Rows each once, in order.
fn distinct(rows: Vec<MadeRow>) -> Vec<MadeRow> {
    let mut seen = std::collections::BTreeSet::new();
    rows.into_iter().filter(|row| seen.insert(row.cells.clone())).collect()
}

fn at(table: Table, name: &str) -> Option<usize> {
    columns(table).iter().position(|column| column.name() == name)
}

/// One row for each key. What the rows of one key say must agree, but for columns of which the
/// commonest is taken; empty ones say nothing.
fn one_a_key(
    table: Table,
    rows: Vec<MadeRow>,
    mapping: &Mapping,
    place: &dyn Fn(usize, u32) -> Place,
    findings: &mut Findings,
) -> Vec<MadeRow> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<MadeRow>> = BTreeMap::new();
    for row in rows {
        let key = row.cells.first().cloned().flatten().unwrap_or_default();
        // Rows without a key are no more alike than others.
        let key = if key.is_empty() { format!("#{}", order.len()) } else { key };
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_default().push(row);
    }
    let specs = mapping.tables.iter().filter(|spec| spec.table == table);
    let commonest: Vec<&str> = specs
        .flat_map(|spec| &spec.columns)
        .filter(|column| column.commonest)
        .map(|column| column.target.name())
        .collect();
    let mut made = Vec::new();
    for key in order {
        let Some(group) = groups.remove(&key) else { continue };
        let Some(first) = group.first() else { continue };
        let mut row = first.clone();
        for (index, column) in columns(table).iter().enumerate() {
            if group.iter().all(|row| row.cells[index].is_none()) {
                continue;
            }
            let said: Vec<(&str, &MadeRow)> = group
                .iter()
                .filter_map(|row| row.cells[index].as_deref().map(|text| (text, row)))
                .filter(|(text, _)| !text.is_empty())
                .collect();
            let Some((text, one)) = said.first() else {
                row.cells[index] = Some(String::new());
                if column.must_be_filled() {
                    let (name, doc) = (column.name(), column.doc());
                    let problem = if key.starts_with('#') {
                        format!("{name} is empty")
                    } else {
                        format!("{name} of {key:?} is empty in every row")
                    };
                    let remedy = format!("give {doc}, or leave such rows out with [[leave_out]]");
                    let place = place(row.sheet, row.row).column(name);
                    findings.fault(place.fault("", problem, remedy));
                }
                continue;
            };
            let other = said.iter().find(|(other, _)| other != text);
            row.cells[index] = Some((*text).to_owned());
            if commonest.contains(&column.name()) {
                row.cells[index] = Some(most(&said).to_owned());
            } else if let Some((other, at)) = other {
                let (name, what) =
                    (column.name(), if at.sheet == one.sheet { "line" } else { "sheet" });
                let problem = format!(
                    "{name} of {key} is {other:?} here and {text:?} on {what} {}",
                    if at.sheet == one.sheet {
                        one.row.to_string()
                    } else {
                        (one.sheet + 1).to_string()
                    }
                );
                let remedy = format!("correct one, or write take = \"commonest\" for {name}");
                let place = place(at.sheet, at.row).column(name);
                findings.fault(place.fault(other, problem, remedy));
            }
        }
        made.push(row);
    }
    made
}

/// The text said most often, the first of those said as often.
fn most<'a>(said: &[(&'a str, &MadeRow)]) -> &'a str {
    let count = |text: &str| said.iter().filter(|(one, _)| *one == text).count();
    let mut best = said.first().map_or("", |(text, _)| text);
    for (text, _) in said {
        if count(text) > count(best) {
            best = text;
        }
    }
    best
}

/// Rows that differ only in the weeks of a cycle made one.
fn cycles(table: Table, rows: Vec<MadeRow>) -> Vec<MadeRow> {
    let Some(weeks) = at(table, "weeks") else { return rows };
    let cycle = |row: &MadeRow| match row.cells[weeks].as_deref().map(str::parse) {
        Some(Ok(WeekPattern::Cycle { which, length })) => Some((which, length)),
        _ => None,
    };
    let mut made: Vec<MadeRow> = Vec::new();
    let mut first: BTreeMap<(Vec<Option<String>>, u32), usize> = BTreeMap::new();
    for row in rows {
        let Some((which, length)) = cycle(&row) else {
            made.push(row);
            continue;
        };
        let mut same = row.cells.clone();
        same[weeks] = None;
        match first.get(&(same.clone(), length)) {
            Some(index) => {
                let Some((before, _)) = cycle(&made[*index]) else { continue };
                let mut all = [before, which].concat();
                all.sort_unstable();
                all.dedup();
                made[*index].cells[weeks] = Some(WeekPattern::Cycle { which: all, length }.show());
            }
            None => {
                first.insert((same, length), made.len());
                made.push(row);
            }
        }
    }
    for row in &mut made {
        if let Some((which, length)) = cycle(row)
            && which.len() as u32 == length
        {
            row.cells[weeks] = Some("all".to_owned());
        }
    }
    made
}

/// Days that follow each other, alike in all else, made one row from the first to the last. A morning and
/// an afternoon of one day are the whole day.
fn runs(table: Table, rows: Vec<MadeRow>) -> Vec<MadeRow> {
    let (Some(from), Some(to)) = (at(table, "from"), at(table, "to")) else { return rows };
    let part = at(table, "part");
    let date = |row: &MadeRow, at: usize| {
        row.cells[at].as_deref().and_then(|text| text.parse::<Date>().ok())
    };
    let mut rows = rows;
    // By person and everything but the dates, then by date: what can be joined lies side by side.
    let like = |row: &MadeRow, without: &[Option<usize>]| {
        let mut cells = row.cells.clone();
        for at in without.iter().flatten() {
            cells[*at] = None;
        }
        cells
    };
    if let Some(part) = part {
        rows.sort_by_cached_key(|row| (like(row, &[Some(part)]), row.cells[part].clone()));
        rows.dedup_by(|later, earlier| {
            let halves = (earlier.cells[part].as_deref(), later.cells[part].as_deref());
            let is_day = halves == (Some("am"), Some("pm"))
                && like(later, &[Some(part)]) == like(earlier, &[Some(part)]);
            if is_day {
                earlier.cells[part] = Some("all".to_owned());
            }
            is_day
        });
    }
    let dates = [Some(from), Some(to)];
    rows.sort_by_cached_key(|row| (like(row, &dates), date(row, from)));
    rows.dedup_by(|later, earlier| {
        let follows = date(earlier, to).map(|end| days_after(end, 1)) == date(later, from);
        let joins = follows && like(later, &dates) == like(earlier, &dates);
        if joins {
            earlier.cells[to] = later.cells[to].take();
        }
        joins
    });
    rows.sort_by_cached_key(|row| (row.cells[0].clone(), date(row, from), row.cells.clone()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str], number: u32) -> MadeRow {
        let cells = cells.iter().map(|cell| Some((*cell).to_owned())).collect();
        MadeRow { cells, sheet: 0, row: number }
    }

    fn shown(rows: &[MadeRow]) -> Vec<String> {
        let cells =
            |row: &MadeRow| row.cells.iter().flatten().cloned().collect::<Vec<_>>().join(",");
        rows.iter().map(cells).collect()
    }

    #[test]
    fn days_become_runs() {
        let day =
            |who: &str, day: &str, part: &str, kind: &str| row(&[who, day, day, part, kind], 1);
        let rows = vec![
            day("1", "2027-03-01", "all", "annual"),
            day("2", "2027-03-02", "all", "annual"),
            day("1", "2027-03-02", "am", "annual"),
            day("1", "2027-03-02", "pm", "annual"),
            day("1", "2027-03-03", "am", "annual"),
            day("1", "2027-03-04", "all", "study"),
            day("1", "2027-03-05", "all", "study"),
        ];
        assert_eq!(
            shown(&runs(Table::Leave, rows)),
            [
                "1,2027-03-01,2027-03-02,all,annual",
                "1,2027-03-03,2027-03-03,am,annual",
                "1,2027-03-04,2027-03-05,all,study",
                "2,2027-03-02,2027-03-02,all,annual",
            ]
        );
    }

    #[test]
    fn weeks_of_a_cycle_join() {
        let duty = |weeks: &str, activity: &str| {
            row(&["1", "monday", "09:00", "12:30", weeks, activity, "", "fixed", "", "", ""], 1)
        };
        let rows = vec![
            duty("cycle:1/2", "Clinic"),
            duty("cycle:1/2", "SPA"),
            duty("cycle:2/2", "Clinic"),
        ];
        let weeks: Vec<_> =
            cycles(Table::JobPlans, rows).into_iter().map(|row| row.cells[4].clone()).collect();
        assert_eq!(weeks, [Some("all".to_owned()), Some("cycle:1/2".to_owned())]);
    }
}
