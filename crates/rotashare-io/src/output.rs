//! The files of a result: `rota.csv`, `gaps.csv`, `summary.json`.

use rotashare_core::draft::RotaRow;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::values::{Firmness, PinKind, write_decimal};
use serde_json::{Map, Number, Value};

use crate::cell::text_cell;
use crate::column::Column;
use crate::tables::Record;
use crate::write::Csv;

/// `rota.csv`: a row a place, in order of time, session and place.
///
/// `travel_minutes` is the way from the base site and back, 0 at the base site. `gives_up` names the
/// movable duties that the session takes the time of, with `slack_minutes` between sites.
#[must_use]
pub fn rota_csv(network: &Network, rota: &Rota, slack_minutes: i32) -> Vec<u8> {
    let columns: Vec<&Column> = RotaRow::COLUMNS.iter().collect();
    let mut csv = Csv::with_header(&columns);
    for (place, consultant) in rota.cells() {
        let cells = rota_cells(network, place, consultant, slack_minutes);
        csv.cells(&columns, cells.iter().map(String::as_str));
    }
    csv.into_bytes()
}

/// The cells of a place, in the order of the columns of `rota.csv`.
pub(crate) fn rota_cells(
    network: &Network,
    place: Place,
    consultant: Option<ConsultantId>,
    slack_minutes: i32,
) -> Vec<String> {
    let session = network.session(place.session);
    let mut cells = vec![
        session.code().to_owned(),
        place.number.to_string(),
        session.clinic().map_or("", |clinic| network.clinic(clinic).code()).to_owned(),
        session.date().to_string(),
        session.span().start().clock().to_string(),
        session.span().end().clock().to_string(),
        network.site(session.site()).code().to_owned(),
        network.specialty(session.specialty()).code().to_owned(),
    ];
    match consultant {
        Some(who) => cells.extend(of_consultant(network, place.session, who, slack_minutes)),
        None => {
            cells.push("unfilled".into());
            // pas is the session's, whoever does it.
            cells.extend(std::iter::repeat_n(String::new(), 5));
            cells.push(write_decimal(session.pas().0, 3));
            cells.extend([String::new(), String::new()]);
        }
    }
    cells
}

/// The cells from `status` on of a place that somebody has.
fn of_consultant(
    network: &Network,
    id: SessionId,
    who: ConsultantId,
    slack_minutes: i32,
) -> [String; 9] {
    let session = network.session(id);
    let consultant = network.consultant(who);
    // Pins are in order of session and consultant.
    let pins = network.pins();
    let first = pins.partition_point(|pin| (pin.session, pin.consultant) < (id, who));
    let is_pinned = pins[first..]
        .iter()
        .take_while(|pin| (pin.session, pin.consultant) == (id, who))
        .any(|pin| pin.kind == PinKind::Yes);
    let agreement = if network.is_away(who, id) { network.agreement_for(who, id) } else { None };
    let gives_up: Vec<String> = network
        .duties_against(who, id, Firmness::Movable, slack_minutes)
        .into_iter()
        .map(|duty| {
            let (start, end) = (duty.span.start(), duty.span.end());
            let activity = match duty.pattern.activity.as_str() {
                "" => "duty",
                activity => activity,
            };
            format!("{activity} {} {}-{}", start.date(), start.clock(), end.clock())
        })
        .collect();
    [
        "assigned".into(),
        consultant.code().to_owned(),
        consultant.name().to_owned(),
        network.trust(consultant.employer()).code().to_owned(),
        if is_pinned { "yes" } else { "no" }.into(),
        network.travel().return_minutes(consultant.base(), session.site()).to_string(),
        write_decimal(session.pas().0, 3),
        agreement.map_or("", |agreement| network.agreement(agreement).code()).to_owned(),
        gives_up.join("; "),
    ]
}

/// A row of `gaps.csv`: why a consultant of the specialty is not in an empty place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapRow {
    /// The session's id.
    pub session: String,
    /// Which of its places, from 1.
    pub place: u32,
    /// The consultant's code.
    pub consultant: String,
    /// A rule's id, or `needed-elsewhere`.
    pub reason: String,
    /// The same in words.
    pub detail: String,
}

/// `gaps.csv`, in the order given.
#[must_use]
pub fn gaps_csv(rows: &[GapRow]) -> Vec<u8> {
    let mut csv = Csv::default();
    csv.row(["session", "place", "consultant", "reason", "detail"]);
    for row in rows {
        csv.row([
            row.session.as_str(),
            &row.place.to_string(),
            &row.consultant,
            &row.reason,
            &text_cell(&row.detail),
        ]);
    }
    csv.into_bytes()
}

/// What `summary.json` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Points in all.
    pub objective: Points,
    /// No rota has fewer.
    pub bound: Points,
    /// Points by term, in the order in which they are to stand.
    pub terms: Vec<(String, Points)>,
    /// How many places there are.
    pub places: usize,
    /// How many of them somebody has.
    pub filled: usize,
    /// The engine's name.
    pub engine: String,
    /// The seed of the run.
    pub seed: u64,
    /// Seconds by phase, in order.
    pub seconds: Vec<(String, f64)>,
    /// The program's version.
    pub version: String,
    /// [`crate::Reading::sha256`] of the dataset.
    pub input_sha256: String,
    /// Further keys, which stand at the end.
    pub more: Vec<(String, Value)>,
}

impl Summary {
    /// Whether the rota is proven: objective − bound is under one point.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.objective - self.bound < Points::ONE
    }

    /// As JSON, the keys in the order of the contract.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let status = if self.is_optimal() { "optimal" } else { "feasible" };
        let terms: Map<String, Value> =
            self.terms.iter().map(|(term, sum)| (term.clone(), points(*sum))).collect();
        let seconds: Map<String, Value> = self
            .seconds
            .iter()
            .map(|(phase, seconds)| (phase.clone(), decimal((seconds * 1000.0).round() / 1000.0)))
            .collect();
        let mut summary = Map::new();
        let mut set = |key: &str, value: Value| summary.insert(key.to_owned(), value);
        set("status", status.into());
        set("objective", points(self.objective));
        set("bound", points(self.bound));
        set("gap", points(self.objective - self.bound));
        set("terms", terms.into());
        set("places", self.places.into());
        set("filled", self.filled.into());
        set("unfilled", self.places.saturating_sub(self.filled).into());
        set("engine", self.engine.as_str().into());
        set("seed", self.seed.into());
        set("seconds", seconds.into());
        set("version", self.version.as_str().into());
        set("input_sha256", self.input_sha256.as_str().into());
        for (key, value) in &self.more {
            set(key, value.clone());
        }
        summary.into()
    }
}

/// `summary.json`.
#[must_use]
pub fn summary_json(summary: &Summary) -> Vec<u8> {
    format!("{:#}\n", summary.to_json()).into_bytes()
}

/// Points as a JSON number: whole where they are.
#[must_use]
pub fn points(points: Points) -> Value {
    if points.is_whole() { (points.in_quarters() / 4).into() } else { decimal(points.as_f64()) }
}

/// A number with a fraction; null where it is no number.
fn decimal(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
