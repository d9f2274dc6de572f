//! The whole problem as an integer programme in MPS, for any other solver.
//!
//! The form is free MPS: `NAME`, `ROWS`, `COLUMNS` with whole columns between `INTORG` and `INTEND`
//! markers, `RHS`, `BOUNDS`. The objective row is `points`, to be minimised. Its constant stands as the
//! negative of its right-hand side, as CPLEX, Gurobi, HiGHS and SCIP read it. Every number is exact.
//!
//! | column | what |
//! |---|---|
//! | `x[consultant,session]` | 1 where the consultant is given a place of the session |
//! | `any[consultant,first..last]` | 1 where the consultant is given any of a group of sessions |
//! | `term.k[consultant]` | units of a charge at the (k + 1)-th price of its tariff |
//! | `term.k[about]` | units of a row's shortfall or excess at the (k + 1)-th price |
//!
//! Rows are named `rule[what it is about]`, and `any-least`, `any-most` for the meaning of `any`. A name
//! that would occur twice gets `~2`, `~3` and so on.

use std::collections::HashMap;
use std::io::{self, Write};

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_rules::problem::{GroupId, OptionId, Problem};

use crate::programme::{ColumnKind, Line, LineKind, Programme};

/// The codes by which rows and columns are named.
pub trait Names {
    /// A consultant's.
    fn consultant(&self, consultant: ConsultantId) -> &str;
    /// A session's.
    fn session(&self, session: SessionId) -> &str;
}

/// The longest name: what readers of MPS commonly take.
const LONGEST_NAME: usize = 255;

/// Writes the problem.
///
/// # Errors
/// Those of `out`.
pub fn write(
    problem: &Problem,
    title: &str,
    names: &dyn Names,
    out: &mut dyn Write,
) -> io::Result<()> {
    let programme = Programme::new(problem);
    let speaker = Speaker { problem, names };
    let mut unique = Unique::default();
    let columns: Vec<String> = programme
        .columns()
        .iter()
        .map(|column| unique.name(&speaker.column(column.kind)))
        .collect();
    let mut unique = Unique::default();
    let objective = unique.name("points");
    let rows: Vec<String> =
        programme.lines().iter().map(|line| unique.name(&speaker.row(line))).collect();

    writeln!(out, "NAME {}", clean(title))?;
    writeln!(out, "ROWS")?;
    writeln!(out, " N {objective}")?;
    for (line, name) in programme.lines().iter().zip(&rows) {
        writeln!(out, " {} {name}", sense(line))?;
    }
    let mut entries: Vec<Vec<(usize, i64)>> = vec![Vec::new(); columns.len()];
    for (row, line) in programme.lines().iter().enumerate() {
        for (column, weight) in &line.terms {
            entries[*column].push((row, *weight));
        }
    }
    writeln!(out, "COLUMNS")?;
    let mut whole = false;
    let mut markers = 0;
    for (index, column) in programme.columns().iter().enumerate() {
        if column.integer != whole {
            whole = column.integer;
            let kind = if whole { "INTORG" } else { "INTEND" };
            writeln!(out, " MARKER{markers} 'MARKER' '{kind}'")?;
            markers += 1;
        }
        let name = &columns[index];
        // A column in no row and at no price is there all the same.
        if column.points != Points::ZERO || entries[index].is_empty() {
            writeln!(out, " {name} {objective} {}", column.points)?;
        }
        for (row, weight) in &entries[index] {
            writeln!(out, " {name} {} {weight}", rows[*row])?;
        }
    }
    if whole {
        writeln!(out, " MARKER{markers} 'MARKER' 'INTEND'")?;
    }
    writeln!(out, "RHS")?;
    if programme.constant() != Points::ZERO {
        writeln!(out, " RHS {objective} {}", -programme.constant())?;
    }
    for (line, name) in programme.lines().iter().zip(&rows) {
        let side = line.upper.or(line.lower).unwrap_or(0);
        if side != 0 {
            writeln!(out, " RHS {name} {side}")?;
        }
    }
    writeln!(out, "BOUNDS")?;
    for (column, name) in programme.columns().iter().zip(&columns) {
        if column.lower == column.upper {
            writeln!(out, " FX BND {name} {}", column.lower)?;
        } else {
            writeln!(out, " UP BND {name} {}", column.upper)?;
        }
    }
    writeln!(out, "ENDATA")
}

fn sense(line: &Line) -> char {
    match (line.lower, line.upper) {
        (Some(_), Some(_)) => 'E',
        (Some(_), None) => 'G',
        (None, _) => 'L',
    }
}

/// What rows and columns are called.
struct Speaker<'a> {
    problem: &'a Problem,
    names: &'a dyn Names,
}

impl Speaker<'_> {
    fn column(&self, kind: ColumnKind) -> String {
        match kind {
            ColumnKind::Option(option) => format!("x[{}]", self.option(option)),
            ColumnKind::Group(group) => format!("any[{}]", self.group(group)),
            ColumnKind::ChargeStep { charge, step } => {
                let charge = &self.problem.charges()[charge];
                format!("{}.{step}[{}]", charge.rule, self.names.consultant(charge.consultant))
            }
            ColumnKind::RowStep { row, step } => {
                let row = &self.problem.rows()[row];
                format!("{}.{step}[{}]", row.rule, row.about)
            }
        }
    }

    fn row(&self, line: &Line) -> String {
        match line.kind {
            LineKind::Clash { clash } => {
                let clash = &self.problem.clashes()[clash];
                let other = self.names.session(self.problem.option(clash.b).session);
                format!("{}[{},{other}]", clash.rule, self.option(clash.a))
            }
            LineKind::AtLeastOptions(group) => format!("any-least[{}]", self.group(group)),
            LineKind::AtMostOptions(group) => format!("any-most[{}]", self.group(group)),
            LineKind::Limit(limit) => {
                let limit = &self.problem.limits()[limit];
                format!("{}[{}]", limit.rule, self.names.consultant(limit.consultant))
            }
            LineKind::Charge(charge) => {
                let charge = &self.problem.charges()[charge];
                format!("{}[{}]", charge.rule, self.names.consultant(charge.consultant))
            }
            LineKind::Row(row) => {
                let row = &self.problem.rows()[row];
                format!("{}[{}]", row.rule, row.about)
            }
            LineKind::Cut => "cut".to_owned(),
        }
    }

    fn option(&self, option: OptionId) -> String {
        let option = self.problem.option(option);
        format!(
            "{},{}",
            self.names.consultant(option.consultant),
            self.names.session(option.session)
        )
    }

    fn group(&self, group: GroupId) -> String {
        let options = &self.problem.group(group).options;
        let last = options
            .last()
            .map_or("", |last| self.names.session(self.problem.option(*last).session));
        format!("{}..{last}", self.option(options[0]))
    }
}

/// Hands out names, each once.
#[derive(Default)]
struct Unique {
    used: HashMap<String, usize>,
}

impl Unique {
    fn name(&mut self, wish: &str) -> String {
        let wish = clean(wish);
        let mut name = wish.clone();
        loop {
            let Some(times) = self.used.get_mut(&wish).filter(|_| name == wish) else {
                if self.used.contains_key(&name) {
                    // Somebody is really called so: the next number then.
                    let times = self.used.entry(wish.clone()).or_insert(1);
                    *times += 1;
                    name = numbered(&wish, *times);
                    continue;
                }
                self.used.insert(name.clone(), 1);
                return name;
            };
            *times += 1;
            name = numbered(&wish, *times);
        }
    }
}

fn numbered(name: &str, number: usize) -> String {
    let tail = format!("~{number}");
    let kept = name.len().min(LONGEST_NAME - tail.len());
    format!("{}{tail}", &name[..kept])
}

/// Printable ASCII without blanks, and not too long.
fn clean(name: &str) -> String {
    let mut clean: String =
        name.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect();
    clean.truncate(LONGEST_NAME);
    if clean.is_empty() { "_".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_clean_and_occur_once() {
        let mut unique = Unique::default();
        let names = ["a b", "a_b", "a_b", "a_b~2", "é", ""].map(|name| unique.name(name));
        assert_eq!(names, ["a_b", "a_b~2", "a_b~3", "a_b~2~2", "_", "_~2"]);
        let long = "x".repeat(300);
        assert_eq!(unique.name(&long).len(), LONGEST_NAME);
        assert!(unique.name(&long).ends_with("x~2"));
    }
}
