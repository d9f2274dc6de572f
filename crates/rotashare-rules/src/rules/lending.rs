//! What the drawbridge and the away-share have in common: who of a specialty is at work in a
//! half-day, and who of them is away.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rotashare_core::ids::{ConsultantId, SessionId, SiteId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, HalfDay, in_words};

use crate::audit::Verdict;
use crate::problem::{Demand, Item, OptionId, RuleId, Sketch};
use crate::rule::Context;

/// A morning or afternoon of a date.
pub type When = (Date, HalfDay);

/// The consultants of a specialty that a trust employs (and, where given, that are based at a site),
/// with those of them who are at work.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// Employer.
    pub trust: TrustId,
    /// Treatment function.
    pub specialty: SpecialtyId,
    /// Only those based there.
    pub site: Option<SiteId>,
}

impl Pool {
    /// Who of it is at work in a half-day: employed there, accredited on the date, a working day, not
    /// on leave.
    #[must_use]
    pub fn at_work(&self, network: &Network, when: When) -> Vec<ConsultantId> {
        let in_pool = |who: &ConsultantId| {
            let consultant = network.consultant(*who);
            self.site.is_none_or(|site| site == consultant.base())
                && consultant.has_specialty(self.specialty, when.0)
                && consultant.at_work(when.0, when.1)
        };
        network.employed(self.trust, self.specialty).iter().copied().filter(in_pool).collect()
    }

    /// Its codes, and the half-day: `RJ1/320 2027-03-02 am`.
    #[must_use]
    pub fn about(&self, network: &Network, when: When) -> String {
        let trust = network.trust(self.trust).code();
        let specialty = network.specialty(self.specialty).code();
        let site = self.site.map(|site| format!("/{}", network.site(site).code()));
        format!("{trust}/{specialty}{} {} {}", site.unwrap_or_default(), when.0, when.1)
    }
}

/// Each half-day of the horizon.
pub fn half_days(network: &Network) -> impl Iterator<Item = When> {
    network.horizon().dates().flat_map(|day| [(day, HalfDay::Am), (day, HalfDay::Pm)])
}

/// The options by which each consultant can be away in each half-day.
#[derive(Debug)]
pub struct AwayOptions(HashMap<(ConsultantId, Date, HalfDay), Vec<OptionId>>);

impl AwayOptions {
    /// Sorts the options of a sketch.
    #[must_use]
    pub fn new(context: Context<'_>, sketch: &Sketch) -> Self {
        let mut lists: HashMap<_, Vec<OptionId>> = HashMap::new();
        for (index, option) in sketch.options().iter().enumerate() {
            if context.network.is_away(option.consultant, option.session) {
                for (day, half) in context.network.session(option.session).span().half_days() {
                    let list = lists.entry((option.consultant, day, half)).or_default();
                    list.push(OptionId::new(index));
                }
            }
        }
        Self(lists)
    }

    /// Adds the row "at most `most` of these people are away then".
    pub fn cap(
        &self,
        rule: RuleId,
        sketch: &mut Sketch,
        about: String,
        people: &[ConsultantId],
        when: When,
        most: i64,
    ) {
        let items: Vec<Item> = people
            .iter()
            .filter_map(|who| self.0.get(&(*who, when.0, when.1)))
            .filter_map(|options| sketch.any_of(options.clone()))
            .map(Item::one)
            .collect();
        sketch.row(rule, about, items, Demand::AtMost(most));
    }
}

/// Who is away when in a rota, and with which sessions.
#[derive(Debug)]
pub struct Away<'a> {
    network: &'a Network,
    rule: RuleId,
    by_half_day: BTreeMap<When, BTreeSet<(ConsultantId, SessionId)>>,
}

impl<'a> Away<'a> {
    /// Reads a rota on behalf of a rule.
    #[must_use]
    pub fn new(network: &'a Network, rule: RuleId, rota: &Rota) -> Self {
        let mut by_half_day: BTreeMap<When, BTreeSet<_>> = BTreeMap::new();
        for (session, who) in rota.assignments() {
            if network.host(session) != network.consultant(who).employer() {
                for when in network.session(session).span().half_days() {
                    by_half_day.entry(when).or_default().insert((who, session));
                }
            }
        }
        Self { network, rule, by_half_day }
    }

    /// Notes a breach where more than `most(at work)` of a pool are away in a half-day.
    pub fn check(
        &self,
        pool: Pool,
        when: When,
        verdict: &mut Verdict,
        most: impl Fn(usize) -> usize,
        wanted: &str,
    ) {
        let network = self.network;
        let Some(everybody) = self.by_half_day.get(&when) else { return };
        let at_work = pool.at_work(network, when);
        let away: Vec<_> =
            everybody.iter().filter(|(who, _)| at_work.binary_search(who).is_ok()).collect();
        let people: BTreeSet<ConsultantId> = away.iter().map(|(who, _)| *who).collect();
        if people.len() > most(at_work.len()) {
            let detail = format!(
                "{} {} on {} {}: {wanted}, {} are at work, {} of them away",
                network.trust(pool.trust).code(),
                network.specialty(pool.specialty).name(),
                in_words(when.0),
                when.1,
                at_work.len(),
                people.len()
            );
            let places = away.iter().map(|(who, session)| (*session, *who));
            verdict.breach_together(self.rule, places, detail);
        }
    }
}
