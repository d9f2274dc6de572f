//! What a dataset sets for the rules: weights, parameters, what is on. Checked against the registry.

use std::collections::BTreeMap;

use rotashare_core::draft::Setting;
use rotashare_core::fault::{Fault, Table, did_you_mean};
use rotashare_core::network::Network;
use rotashare_core::time::{Date, Horizon};

use crate::problem::RuleId;
use crate::registry::{self, RULES};
use crate::rule::{Applies, Meta, ParamKind, Severity};

/// The largest weight: beyond it sums could leave the range in which they are exact.
pub const MAX_WEIGHT: i64 = 1_000_000_000;

/// Weights, parameters and switches, all known to be right.
#[derive(Clone, Debug, PartialEq)]
pub struct Rulebook {
    weights: BTreeMap<&'static str, i64>,
    off: Vec<RuleId>,
    params: BTreeMap<(RuleId, &'static str), Value>,
    today: Date,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Switch(bool),
    Whole(i64),
    Share(f64),
    Date(Date),
}

impl Rulebook {
    /// Checks what `network.toml` sets. `today` is the date of the run.
    ///
    /// # Errors
    /// With every unknown name and every value of the wrong kind.
    pub fn new(network: &Network, today: Date) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut book = Self {
            weights: registry::weights().map(|weight| (weight.term, weight.default)).collect(),
            off: Vec::new(),
            params: BTreeMap::new(),
            today,
        };
        for (line, name, value) in network.weights() {
            if let Err(fault) = book.set_weight(*line, name, value) {
                faults.push(*fault);
            }
        }
        for (line, rule, key, value) in network.rule_settings() {
            if let Err(fault) = book.set_param(*line, rule, key, value) {
                faults.push(*fault);
            }
        }
        faults.extend(book.half_set(network));
        if faults.is_empty() { Ok(book) } else { Err(faults) }
    }

    /// A rule that applies only with all its parameters, and has some of them.
    fn half_set(&self, network: &Network) -> Vec<Fault> {
        let mut faults = Vec::new();
        for meta in RULES.iter().map(|r| r.meta()).filter(|m| m.applies == Applies::WhenSet) {
            let settings = || network.rule_settings().iter().filter(|(_, id, ..)| id == meta.id);
            // What has a wrong value is a fault already.
            let is_tried = |key: &&str| settings().any(|(_, _, tried, _)| tried == key);
            let missing: Vec<&str> =
                self.unset(meta).into_iter().filter(|key| !is_tried(key)).collect();
            let is_set = |key: &str| self.params.keys().any(|(id, k)| (*id, *k) == (meta.id, key));
            let given = settings().find(|(_, _, key, _)| is_set(key));
            if let Some((line, _, key, value)) = given
                && !missing.is_empty()
            {
                let missing = missing.join(" and ");
                let column = format!("rules.{}.{key}", meta.id);
                let problem = format!("rule {} needs {missing} too", meta.id);
                let remedy = format!("give {missing}, or take {key} out");
                faults.push(*fault(*line, column, shown(value), problem, remedy));
            }
        }
        faults
    }

    /// The points of one unit of a term; 0 where there is no such term.
    #[must_use]
    pub fn weight(&self, term: &str) -> i64 {
        self.weights.get(term).copied().unwrap_or(0)
    }

    /// Whether a rule counts: not switched off, or, for a term, with some weight; and set where it
    /// must be. Whether its file is there is not asked.
    #[must_use]
    pub fn is_on(&self, id: RuleId) -> bool {
        let Some(meta) = registry::find(id).map(|rule| rule.meta()) else { return false };
        let enabled = match meta.severity {
            Severity::Hard => !self.off.contains(&id),
            Severity::Term => meta.weights.iter().any(|w| self.weight(w.term) != 0),
        };
        match meta.applies {
            Applies::Always => true,
            Applies::Usually | Applies::With(_) => enabled,
            Applies::WhenSet => enabled && self.unset(meta).is_empty(),
        }
    }

    /// The parameters of a rule that have no value.
    fn unset(&self, meta: &Meta) -> Vec<&'static str> {
        let keys = meta.params.iter().map(|param| param.key);
        keys.filter(|key| self.value(meta.id, key).is_none()).collect()
    }

    /// The same book with a rule switched off.
    #[must_use]
    pub fn without(&self, id: RuleId) -> Self {
        let mut book = self.clone();
        book.off.push(id);
        book
    }

    /// The same book with another weight for a term.
    #[must_use]
    pub fn with_weight(&self, term: &str, points: i64) -> Self {
        let mut book = self.clone();
        if let Some(weight) = book.weights.get_mut(term) {
            *weight = points.clamp(0, MAX_WEIGHT);
        }
        book
    }

    /// The date of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// A whole-number parameter; `None` where it is off.
    #[must_use]
    pub fn whole(&self, rule: RuleId, key: &str) -> Option<i64> {
        match self.value(rule, key)? {
            Value::Whole(value) => Some(value),
            _ => None,
        }
    }

    /// A share; `None` where it is off.
    #[must_use]
    pub fn share(&self, rule: RuleId, key: &str) -> Option<f64> {
        match self.value(rule, key)? {
            Value::Share(value) => Some(value),
            _ => None,
        }
    }

    /// A switch.
    #[must_use]
    pub fn switch(&self, rule: RuleId, key: &str) -> bool {
        self.value(rule, key) == Some(Value::Switch(true))
    }

    /// A date; the date of the run where none is given.
    #[must_use]
    pub fn date(&self, rule: RuleId, key: &str) -> Date {
        match self.value(rule, key) {
            Some(Value::Date(date)) => date,
            _ => self.today,
        }
    }

    /// A parameter as text, for a list of the rules.
    #[must_use]
    pub fn shown(&self, rule: RuleId, key: &str) -> String {
        match self.value(rule, key) {
            None => "off".into(),
            Some(Value::Switch(on)) => on.to_string(),
            Some(Value::Whole(value)) => value.to_string(),
            Some(Value::Share(value)) => value.to_string(),
            Some(Value::Date(date)) => date.to_string(),
        }
    }

    fn value(&self, rule: RuleId, key: &str) -> Option<Value> {
        let param = registry::find(rule)?.meta().params.iter().find(|param| param.key == key)?;
        self.params.get(&(rule, param.key)).copied().or(match param.kind {
            ParamKind::Switch(default) => Some(Value::Switch(default)),
            ParamKind::Whole(default) | ParamKind::Days(default) => default.map(Value::Whole),
            ParamKind::Share(default) => default.map(Value::Share),
            ParamKind::Today => Some(Value::Date(self.today)),
        })
    }

    fn set_weight(&mut self, line: u32, name: &str, value: &Setting) -> Result<(), Box<Fault>> {
        let column = format!("weights.{name}");
        let Some(weight) = registry::weights().find(|weight| weight.term == name) else {
            let known = registry::weights().map(|weight| weight.term);
            let remedy = did_you_mean(name, known, "`rotashare rules` lists the terms");
            let problem = format!("there is no term {name:?}");
            return Err(fault(line, column, name, problem, remedy));
        };
        match value {
            Setting::Whole(points) if (0..=MAX_WEIGHT).contains(points) => {
                self.weights.insert(weight.term, *points);
                Ok(())
            }
            other => {
                let shown = shown(other);
                let problem = format!("a weight can't be {shown}");
                let remedy = format!("write a whole number from 0 (off) to {MAX_WEIGHT}");
                Err(fault(line, column, shown, problem, remedy))
            }
        }
    }

    fn set_param(
        &mut self,
        line: u32,
        rule: &str,
        key: &str,
        value: &Setting,
    ) -> Result<(), Box<Fault>> {
        let column = format!("rules.{rule}.{key}");
        let hard = || RULES.iter().map(|r| r.meta()).filter(|m| m.severity == Severity::Hard);
        let Some(meta) = hard().find(|meta| meta.id == rule) else {
            let is_term = registry::find(rule).is_some()
                || registry::weights().any(|weight| weight.term == rule);
            let remedy = if is_term {
                format!("{rule} is a term: set its weight in [weights]")
            } else {
                let known = hard().map(|meta| meta.id);
                did_you_mean(rule, known, "`rotashare rules` lists the rules")
            };
            let problem = format!("there is no rule {rule:?}");
            return Err(fault(line, format!("rules.{rule}"), rule, problem, remedy));
        };
        if key == "enabled" {
            return match value {
                Setting::Bool(true) => Ok(()),
                Setting::Bool(false) => {
                    self.off.push(meta.id);
                    Ok(())
                }
                other => Err(wrong_kind(line, column, other, "true or false")),
            };
        }
        let Some(param) = meta.params.iter().find(|param| param.key == key) else {
            let known = meta.params.iter().map(|param| param.key).chain(["enabled"]);
            let problem = format!("rule {rule} has no parameter {key:?}");
            let all: Vec<&str> = known.clone().collect();
            let remedy = did_you_mean(key, known, &format!("it has {}", all.join(", ")));
            return Err(fault(line, column, key, problem, remedy));
        };
        let value = match (param.kind, value) {
            (ParamKind::Switch(_), Setting::Bool(on)) => Value::Switch(*on),
            (ParamKind::Whole(_), Setting::Whole(n)) if (0..=1_000_000).contains(n) => {
                Value::Whole(*n)
            }
            (ParamKind::Days(_), Setting::Whole(n)) if (1..=Horizon::MAX_DAYS).contains(n) => {
                Value::Whole(*n)
            }
            (ParamKind::Share(_), Setting::Fraction(share)) if (0.0..=1.0).contains(share) => {
                Value::Share(*share)
            }
            (ParamKind::Share(_), Setting::Whole(share @ 0..=1)) => Value::Share(*share as f64),
            (ParamKind::Today, Setting::Date(date)) => Value::Date(*date),
            (kind, other) => {
                let wanted = match kind {
                    ParamKind::Switch(_) => "true or false",
                    ParamKind::Whole(_) => "a whole number from 0 to 1000000",
                    ParamKind::Days(_) => "a whole number of days from 1 to 731",
                    ParamKind::Share(_) => "a share from 0 to 1, such as 0.4",
                    ParamKind::Today => "a date, such as 2027-01-15",
                };
                return Err(wrong_kind(line, column, other, wanted));
            }
        };
        self.params.insert((meta.id, param.key), value);
        Ok(())
    }
}

fn shown(value: &Setting) -> String {
    match value {
        Setting::Bool(on) => on.to_string(),
        Setting::Whole(value) => value.to_string(),
        Setting::Fraction(value) => value.to_string(),
        Setting::Text(text) => format!("{text:?}"),
        Setting::Date(date) => date.to_string(),
    }
}

fn wrong_kind(line: u32, column: String, value: &Setting, wanted: &str) -> Box<Fault> {
    let shown = shown(value);
    let problem = format!("{column} can't be {shown}");
    fault(line, column, shown, problem, format!("write {wanted}"))
}

fn fault(
    line: u32,
    column: String,
    value: impl Into<String>,
    problem: String,
    remedy: impl Into<String>,
) -> Box<Fault> {
    Box::new(Fault::of_cell(Table::Network, line, column, value, problem, remedy))
}
