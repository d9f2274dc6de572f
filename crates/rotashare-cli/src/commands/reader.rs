//! A rota and its reader: what `export`, `recharge` and `report` share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rotashare_core::draft::RotaRow;
use rotashare_core::fault::did_you_mean;
use rotashare_core::ids::{ConsultantId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, days_after};
use rotashare_explain::gaps_for;
use rotashare_io::export::delivered::{DeliveredError, Fates, read_delivered};
use rotashare_io::export::facts::{Broken, Change, CoverHalfDay, Facts, GapReason};
use rotashare_io::read_bytes;
use rotashare_rules::audit::audit;
use rotashare_rules::rules::lending::{Pool, When, half_days};

use crate::cells::{self, Difference};
use crate::dataset::{self, Dataset, Sources};
use crate::failure::Failure;
use crate::options::Today;
use crate::say;

/// The dataset, the rota, and who reads.
#[derive(clap::Args)]
pub(super) struct Given {
    /// The folder with network.toml and the CSV files, or a workbook in its place
    pub(super) dir: PathBuf,
    /// The rota: a rota.csv, a workbook with a sheet rota, or the folder of a result
    #[arg(value_name = "ROTA.csv")]
    rota: PathBuf,
    /// Show what this trust may see: its own sites and its own staff
    #[arg(long = "for", value_name = "TRUST")]
    reader: Option<String>,
    #[command(flatten)]
    today: Today,
}

/// A checked dataset and a rota of it.
pub(super) struct Read {
    pub(super) dataset: Dataset,
    pub(super) rota: Rota,
    rows: Vec<RotaRow>,
    /// The trust that reads; `None` for whoever answers for the whole network.
    pub(super) only: Option<TrustId>,
}

impl Given {
    /// What is read.
    pub(super) fn paths(&self) -> [&Path; 2] {
        [&self.dir, &self.rota]
    }

    /// Reads and checks; tells every fault.
    pub(super) fn read(&self) -> Result<Read, Failure> {
        let mut checked = dataset::check(dataset::read(&self.dir)?, &self.today);
        if self.reader.is_some() {
            // Warnings speak of anybody's rows.
            checked.warnings.clear();
        }
        let dataset = checked.tell(Sources::default())?;
        let network = &dataset.network;
        let only = self.reader.as_deref().map(|code| trust(network, code)).transpose()?;
        let (rota, rows) = cells::rota_in(network, &self.rota, only.is_some())?;
        Ok(Read { dataset, rota, rows, only })
    }
}

fn trust(network: &Network, code: &str) -> Result<TrustId, Failure> {
    network.find_trust(code).ok_or_else(|| {
        let known = network.trusts().iter().map(|trust| trust.code());
        let remedy = did_you_mean(code, known, "give the code of a trust in trusts.csv");
        Failure::Message(format!("there is no trust {code:?}; {remedy}"))
    })
}

impl Read {
    /// What the rules say of the rota. `before` is the last version, where there is one; reasons of empty
    /// places are looked for where they are wanted.
    pub(super) fn facts(&self, before: Option<&[RotaRow]>, with_reasons: bool) -> Facts {
        let Dataset { network, book, .. } = &self.dataset;
        let verdict = audit(network, book, &self.rota);
        let mut facts = Facts::on(book.today());
        facts.notice_until = notice_until(&self.dataset);
        facts.slack_minutes = crate::output::slack_minutes(book);
        let terms = verdict.terms().iter();
        facts.points = terms.map(|(term, points)| ((*term).to_owned(), *points)).collect();
        facts.breaches = verdict
            .breaches()
            .iter()
            .map(|breach| Broken {
                rule: breach.rule.to_owned(),
                consultant: breach.consultant,
                sessions: breach.sessions.clone(),
                detail: breach.detail.clone(),
            })
            .collect();
        if with_reasons {
            let gaps = gaps_for(network, book, &self.rota, rotashare_explain::View(self.only));
            let reason = |gap: rotashare_explain::Gap| GapReason {
                place: gap.place,
                consultant: gap.consultant,
                rule: gap.reason.to_owned(),
                detail: gap.detail,
            };
            facts.gaps = gaps.into_iter().map(reason).collect();
        }
        if book.is_on("drawbridge") {
            facts.cover = cover(network, &self.rota);
        }
        facts.changes = before.map(|before| self.changes(before));
        facts
    }

    fn changes(&self, before: &[RotaRow]) -> Vec<Change> {
        let network = &self.dataset.network;
        let horizon = network.horizon();
        let inside = |row: &&RotaRow| row.date.is_none_or(|date| horizon.contains(date));
        let before: Vec<RotaRow> = before.iter().filter(inside).cloned().collect();
        let change = |one: Difference| {
            let session = network.find_session(&one.session).map(|id| network.session(id));
            Change {
                place: one.place,
                kind: one.kind.word().to_owned(),
                date: one.row.date.or(session.map(|session| session.date())),
                start: one.row.start.or(session.map(|session| session.span().start().clock())),
                site: one
                    .row
                    .site
                    .or(session.map(|session| network.site(session.site()).code().to_owned())),
                session: one.session,
                before: one.before,
                after: one.after,
            }
        };
        cells::differences(&before, &self.rows).into_iter().map(change).collect()
    }
}

/// The first day outside the notice period.
fn notice_until(dataset: &Dataset) -> Option<Date> {
    let book = &dataset.book;
    let days = book.is_on("notice").then(|| book.whole("notice", "days")).flatten()?;
    Some(days_after(book.date("notice", "from"), days))
}

/// The drawbridge at each half-day.
fn cover(network: &Network, rota: &Rota) -> Vec<CoverHalfDay> {
    let mut away: BTreeMap<When, BTreeSet<ConsultantId>> = BTreeMap::new();
    for (session, who) in
        rota.assignments().filter(|(session, who)| network.is_away(*who, *session))
    {
        for when in network.session(session).span().half_days() {
            away.entry(when).or_default().insert(who);
        }
    }
    let count = |people: usize| u32::try_from(people).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for cover in network.cover() {
        let pool = Pool { trust: cover.trust, specialty: cover.specialty, site: cover.site };
        for when in half_days(network).filter(|(day, half)| cover.holds_in(*day, *half)) {
            let at_work = pool.at_work(network, when);
            let gone = away.get(&when);
            let gone = at_work.iter().filter(|who| gone.is_some_and(|gone| gone.contains(who)));
            found.push(CoverHalfDay {
                trust: cover.trust,
                specialty: cover.specialty,
                site: cover.site,
                day: when.0,
                half: when.1,
                keep: cover.keep_on_base,
                away: count(gone.count()),
                at_work: count(at_work.len()),
            });
        }
    }
    found
}

/// Reads what was delivered, telling every fault under the file's name.
pub(super) fn delivered(network: &Network, path: Option<&Path>) -> Result<Option<Fates>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let bytes = read_bytes(path).map_err(|error| Failure::Message(dataset::with_causes(&error)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match read_delivered(network, &name, &bytes) {
        Ok(fates) => Ok(Some(fates)),
        Err(DeliveredError::Faults(faults)) => {
            for fault in &faults {
                say::message(&format!("{}, {fault}", path.display()));
            }
            say::message(&say::count(faults.len(), "fault", "faults"));
            Err(Failure::Told)
        }
        Err(DeliveredError::Grid(error)) => Err(Failure::Message(dataset::with_causes(&error))),
        Err(error) => Err(Failure::Message(format!("{}: {error}", path.display()))),
    }
}
