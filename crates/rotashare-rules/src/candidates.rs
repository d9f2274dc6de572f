//! Who is looked at for a session, before any rule is asked about one of them.

use std::collections::HashMap;

use rotashare_core::ids::{ConsultantId, SessionId, SpecialtyId, TrustId};

use crate::registry::RULES;
use crate::rule::{Context, Rule};

/// The consultants whom no rule's list leaves out, looked up once for a specialty and host.
pub(crate) struct Candidates<'a> {
    context: Context<'a>,
    rules: Vec<&'static dyn Rule>,
    known: HashMap<(SpecialtyId, TrustId), Vec<ConsultantId>>,
}

impl<'a> Candidates<'a> {
    pub(crate) fn new(context: Context<'a>) -> Self {
        let on = |rule: &&dyn Rule| context.book.is_on(rule.meta().id);
        let rules = RULES.iter().copied().filter(on).collect();
        Self { context, rules, known: HashMap::new() }
    }

    /// In order.
    pub(crate) fn of(&mut self, session: SessionId) -> &[ConsultantId] {
        let network = self.context.network;
        let key = (network.session(session).specialty(), network.host(session));
        self.known.entry(key).or_insert_with(|| {
            let lists = self.rules.iter().filter_map(|rule| rule.only(self.context, key.0, key.1));
            let mut lists: Vec<&[ConsultantId]> = lists.collect();
            lists.sort_by_key(|list| list.len());
            let Some((shortest, others)) = lists.split_first() else {
                return network.consultant_ids().collect();
            };
            let on_all = |who: &&ConsultantId| others.iter().all(|l| l.binary_search(who).is_ok());
            shortest.iter().filter(on_all).copied().collect()
        })
    }
}
