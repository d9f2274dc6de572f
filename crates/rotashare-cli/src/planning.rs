//! From a folder to a written result: what `plan` and `replan` share.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rotashare_core::draft::{Draft, PinRow, RotaRow};
use rotashare_core::fault::{Fault, Table};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::values::PinKind;
use rotashare_io::Reading;
use rotashare_rules::audit::{Verdict, audit};
use rotashare_rules::compile::{compile, published_choice, rota_of};
use rotashare_solve::{ENGINES, Engine, Stop, Work, engine_by_name, keep, solve};

use crate::cells::{self, Difference};
use crate::dataset::{self, Dataset, PIN_LINES, Sources};
use crate::ending::Ending;
use crate::failure::Failure;
use crate::options::{EngineName, SearchOptions, Window};
use crate::report::{self, Outcome};
use crate::{interrupt, output, progress, say};

/// What to plan, how, and where to.
pub(crate) struct Task<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) out: &'a Path,
    /// The rota already given out, where it is not the dataset's own.
    pub(crate) published: Option<&'a Path>,
    pub(crate) window: &'a Window,
    pub(crate) search: &'a SearchOptions,
}

/// Checks, plans, audits, writes, and prints what came of it.
pub(crate) fn run(task: &Task<'_>) -> Result<(), Failure> {
    let mut clock = PhaseClock::new();
    output::check_folder(task.out, task.dir)?;
    let engine = engine(task.search)?;

    let mut reading = dataset::read(task.dir)?;
    let mut sources = Sources::default();
    set_window(&mut reading, task.window)?;
    let published = task.published.map(|path| publish(&mut reading.draft, path, &mut sources));
    let published = published.transpose()?;
    if let Some(path) = &task.search.pin_from {
        pin(&mut reading, path, &mut sources)?;
    }
    let dataset = dataset::check(reading, &task.search.today).tell(sources)?;
    let Dataset { network, book, .. } = &dataset;
    dataset::check_size(&dataset)?;
    clock.end("read");

    let problem = compile(network, book);
    clock.end("compile");

    let limit = task.search.time_limit().map(Duration::from_secs_f64);
    let work = task.search.work_limit.map(|units| Arc::new(Work::of_units(units)));
    let stop = Stop {
        deadline: limit.and_then(|limit| Instant::now().checked_add(limit)),
        interrupt: Some(interrupt::flag()),
        work,
    };
    let threads = task.search.threads.map_or(0, usize::from);
    let solution = progress::shown(|watch| solve(&problem, engine.as_ref(), &stop, watch, threads))
        .map_err(|error| Failure::Message(dataset::with_causes(&error)))?;
    let ending = Ending::of(&solution, &stop);
    clock.end("solve");

    let chosen = match published_choice(network, &problem) {
        Some(published) => keep(&problem, solution.chosen, &published),
        None => solution.chosen,
    };
    let objective = problem.points(&chosen);
    let rota = rota_of(network, &problem, &chosen);
    let verdict = audit(network, book, &rota);
    own_audit(network, &verdict, objective)?;
    clock.end("audit");

    let gaps = rotashare_explain::gaps(network, book, &rota);
    clock.end("explain");

    let bound = solution.bound.min(objective);
    let outcome = Outcome { objective, bound, ending, rota, verdict, gaps };
    let summary = output::write(task, engine.name(), &dataset, &outcome, &clock)?;
    let changes = published.map(|before| changes(network, &before, &outcome.rota));
    if task.search.json {
        return say::json(&output::with_changes(summary, changes.as_deref()));
    }
    let mut text = report::plan(network, &outcome, task.out);
    if let Some(changes) = changes {
        let name = |code: &str| match network.find_consultant(code) {
            Some(who) => format!("{code} {}", network.consultant(who).name()),
            None => code.to_owned(),
        };
        text = format!("{}\n{text}", report::changes(&changes, name));
    }
    say::result(&text)
}

/// Seconds by phase.
pub(crate) struct PhaseClock {
    last: Instant,
    phases: Vec<(&'static str, f64)>,
}

impl PhaseClock {
    fn new() -> Self {
        Self { last: Instant::now(), phases: Vec::new() }
    }

    /// Ends a phase and begins the next.
    fn end(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.phases.push((phase, (now - self.last).as_secs_f64()));
        self.last = now;
    }

    /// Every phase so far.
    pub(crate) fn phases(&self) -> &[(&'static str, f64)] {
        &self.phases
    }
}

fn engine(search: &SearchOptions) -> Result<Box<dyn Engine>, Failure> {
    let solver = search.solver.solver();
    if !solver.is_built() {
        let name = solver.name();
        return Err(Failure::Message(format!(
            "this build has no solver {name}; build it with `cargo build --release --features {name}`"
        )));
    }
    let asked = search.engine.map(EngineName::word);
    if let Some(name) = asked
        && search.work_limit.is_some()
        && name != ENGINES[0]
    {
        return Err(Failure::Message(format!(
            "engine {name} does not count its work; take --time-limit, or engine {}",
            ENGINES[0]
        )));
    }
    let names = asked.map_or(ENGINES.to_vec(), |name| vec![name]);
    names
        .iter()
        .find_map(|name| engine_by_name(name, solver))
        .ok_or_else(|| Failure::Message(format!("this build has no engine {}", names.join(" or "))))
}

/// Sets the dates to plan.
fn set_window(reading: &mut Reading, window: &Window) -> Result<(), Failure> {
    let Window { from, to } = *window;
    if from.is_none() && to.is_none() {
        return Ok(());
    }
    let draft = &mut reading.draft;
    let given = draft.network.horizon;
    let from = from.or(given.map(|(from, _)| from));
    let to = to.or(given.map(|(_, to)| to));
    let (Some(from), Some(to)) = (from, to) else { return Ok(()) };
    if to < from {
        return Err(Failure::Message(format!("there is no date from {from} to {to}")));
    }
    draft.network.horizon = Some((from, to));
    Ok(())
}

/// Makes a rota the published one. What `published.csv` says of dates outside the horizon stays: rests
/// and rolling limits look at it.
fn publish(draft: &mut Draft, path: &Path, sources: &mut Sources) -> Result<Vec<RotaRow>, Failure> {
    let (rows, source) = cells::read(path)?;
    let mut all = rows.clone();
    let named: BTreeSet<&str> = rows.iter().map(|row| row.session.as_str()).collect();
    let outside = |row: &RotaRow| {
        let date = row.date.zip(draft.network.horizon);
        date.is_some_and(|(date, (from, to))| date < from || date > to)
    };
    let kept = draft.published.iter().flatten().filter(|row| outside(row));
    all.extend(kept.filter(|row| !named.contains(row.session.as_str())).cloned());
    draft.published = Some(all);
    sources.published = Some(source);
    Ok(rows)
}

/// Makes every filled cell of a rota a pin, unless `pins.csv` has it already. Cells dated outside the
/// horizon are left out, with a warning.
fn pin(reading: &mut Reading, path: &Path, sources: &mut Sources) -> Result<(), Failure> {
    let (mut rows, source) = cells::read(path)?;
    let draft = &mut reading.draft;
    if let Some((from, to)) = draft.network.horizon {
        let is_outside = |row: &RotaRow| row.date.is_some_and(|day| !(from..=to).contains(&day));
        if let Some(first) = rows.iter().find(|row| is_outside(row)) {
            let problem = "its date is outside the horizon";
            let remedy = "this row and all others like it are no pins";
            let line = PIN_LINES.saturating_add(first.line);
            let session = first.session.as_str();
            let warning = Fault::of_cell(Table::Pins, line, "session", session, problem, remedy);
            reading.warnings.push(warning);
        }
        rows.retain(|row| !is_outside(row));
    }
    let pins = draft.pins.get_or_insert_default();
    let known: BTreeSet<(String, String)> = pins
        .iter()
        .filter(|pin| pin.pin == PinKind::Yes)
        .map(|pin| (pin.session.clone(), pin.consultant.clone()))
        .collect();
    for row in rows {
        let Some(consultant) = row.consultant else { continue };
        if !known.contains(&(row.session.clone(), consultant.clone())) {
            let line = PIN_LINES.saturating_add(row.line);
            pins.push(PinRow { line, session: row.session, consultant, pin: PinKind::Yes });
        }
    }
    sources.pins = Some(source);
    Ok(())
}

/// What the audit must say of a result before it is written.
fn own_audit(network: &Network, verdict: &Verdict, objective: Points) -> Result<(), Failure> {
    let mut found: Vec<String> = verdict
        .breaches()
        .iter()
        .map(|breach| format!("{}: {}", breach.rule, report::breach(network, breach)))
        .collect();
    if verdict.objective() != objective {
        found.push(format!(
            "the engine counts {objective} points, the audit {}",
            verdict.objective()
        ));
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::OwnAudit(format!(
        "the result failed its own audit, and nothing was written; please report this\n  {}",
        found.join("\n  ")
    )))
}

/// What a rota changes in the published one.
fn changes(network: &Network, before: &[RotaRow], rota: &Rota) -> Vec<Difference> {
    let after: Vec<RotaRow> = rota
        .cells()
        .map(|(place, who)| {
            let session = network.session(place.session);
            RotaRow {
                line: 0,
                session: session.code().to_owned(),
                place: place.number,
                consultant: who.map(|who| network.consultant(who).code().to_owned()),
                date: Some(session.date()),
                start: Some(session.span().start().clock()),
                end: Some(session.span().end().clock()),
                site: Some(network.site(session.site()).code().to_owned()),
                specialty: Some(network.specialty(session.specialty()).code().to_owned()),
                clinic: session.clinic().map(|clinic| network.clinic(clinic).code().to_owned()),
            }
        })
        .collect();
    let horizon = network.horizon();
    let inside = |row: &&RotaRow| row.date.is_none_or(|date| horizon.contains(date));
    let before: Vec<RotaRow> = before.iter().filter(inside).cloned().collect();
    cells::differences(&before, &after)
}
