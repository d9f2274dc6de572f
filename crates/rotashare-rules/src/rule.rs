//! What a rule is: its metadata, its words for the engines, its audit.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::problem::{RuleId, Sketch};
use crate::rulebook::Rulebook;

/// Whether a rule may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Never broken; `[rules.<id>]` may switch it off.
    Hard,
    /// A term of the objective; `[weights]` says how much it counts.
    Term,
}

/// When a rule has anything to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Unless it is switched off: a rule by `enabled = false`, a term by weights of 0.
    Usually,
    /// The same, in a dataset that has this file.
    With(Table),
    /// Where every one of its parameters is given; `enabled = false` switches it off all the same.
    WhenSet,
    /// Whatever its weights are.
    Always,
}

/// What a rule says of itself. The documentation is made from it.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// Its name in `network.toml` and in every result.
    pub id: RuleId,
    /// Whether it may be broken.
    pub severity: Severity,
    /// When it has anything to say.
    pub applies: Applies,
    /// What holds, or what one unit is.
    pub holds: &'static str,
    /// Why managers want it.
    pub why: &'static str,
    /// How it is counted, exactly.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its parameters in `[rules.<id>]`, beside `enabled`.
    pub params: &'static [Param],
    /// Its weights in `[weights]`.
    pub weights: &'static [Weight],
}

impl Meta {
    /// What must be there for it to apply, where anything must: `leave.csv`, `max_share`.
    #[must_use]
    pub fn needs(&self) -> Vec<&'static str> {
        match self.applies {
            Applies::Usually | Applies::Always => Vec::new(),
            Applies::With(table) => vec![table.file_name()],
            Applies::WhenSet => self.params.iter().map(|param| param.key).collect(),
        }
    }
}

/// A parameter of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Its key.
    pub key: &'static str,
    /// What it means, with its unit.
    pub holds: &'static str,
    /// Its kind and default.
    pub kind: ParamKind,
}

/// The kind of a parameter, with its default (`None`: off unless given).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamKind {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number, 0 or more.
    Whole(Option<i64>),
    /// A number of days, from 1 to two years.
    Days(Option<i64>),
    /// A share from 0 to 1.
    Share(Option<f64>),
    /// A date; the date of the run by default.
    Today,
}

/// A weight: points a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// The name of the term, in `[weights]` and in the result.
    pub term: &'static str,
    /// Points a unit where nothing else is given.
    pub default: i64,
    /// What one unit is.
    pub unit: &'static str,
}

/// What a rule looks at: the network and what is set for it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The network.
    pub network: &'a Network,
    /// Weights, parameters, and the date of the run.
    pub book: &'a Rulebook,
}

impl Context<'_> {
    /// The points of one unit of a term.
    #[must_use]
    pub fn weight(&self, term: &str) -> Points {
        Points::whole(self.book.weight(term))
    }
}

/// Why a consultant can't have a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The rule that says so.
    pub rule: RuleId,
    /// In a manager's words, with dates and numbers; no full stop.
    pub detail: String,
}

/// A rule or a term: one room of the house.
///
/// `only`, `forbids`, `points` and `tell` are its algebra; `audit` is written from its meaning and must
/// not call them. The tests hold the two against each other.
pub trait Rule: Sync {
    /// What it says of itself.
    fn meta(&self) -> &'static Meta;

    /// The only consultants who can have a session of this specialty at this host as far as this rule
    /// is concerned, in order, where it can list them cheaply. `forbids` is asked about them all the
    /// same.
    fn only<'a>(&self, _: Context<'a>, _: SpecialtyId, _: TrustId) -> Option<&'a [ConsultantId]> {
        None
    }

    /// Why a consultant can't have a session whatever else is chosen; `None` where nothing is in the
    /// way.
    fn forbids(&self, _: Context<'_>, _: ConsultantId, _: SessionId) -> Option<Reason> {
        None
    }

    /// Whether nothing is in the way: what `forbids` says, without the words. Most pairs of a
    /// consultant and a session are asked for no more than this.
    fn allows(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> bool {
        self.forbids(context, who, session).is_none()
    }

    /// Points for giving a consultant a session whatever else is chosen.
    fn points(&self, _: Context<'_>, _: ConsultantId, _: SessionId) -> Points {
        Points::ZERO
    }

    /// Clashes, limits, charges, rows and fixes.
    fn tell(&self, _: Context<'_>, _: &mut Sketch) {}

    /// Judges a rota: every breach, and the points of its terms.
    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict);
}
