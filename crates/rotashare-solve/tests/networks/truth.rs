//! The truth about a tiny network: every rota of it, judged by the audit.

use rotashare_core::draft::Draft;
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::Date;
use rotashare_rules::audit::audit;
use rotashare_rules::compile::compile;
use rotashare_rules::problem::Problem;
use rotashare_rules::rulebook::Rulebook;
use rotashare_rules::rules::pins;

/// A dataset with all that is made of it.
pub(crate) struct World {
    pub(crate) network: Network,
    pub(crate) book: Rulebook,
    pub(crate) problem: Problem,
}

impl World {
    /// `None` where the dataset has a fault.
    pub(crate) fn of(draft: &Draft, today: Date) -> Option<Self> {
        let (network, _) = Network::build(draft).ok()?;
        let book = Rulebook::new(&network, today).ok()?;
        let problem = compile(&network, &book);
        pins::faults(&network, &book).is_empty().then_some(Self { network, book, problem })
    }

    /// The points of a rota that breaks nothing; `None` where it breaks something.
    pub(crate) fn judged(&self, rota: &Rota) -> Option<Points> {
        let verdict = audit(&self.network, &self.book, rota);
        verdict.breaches().is_empty().then(|| verdict.objective())
    }

    /// The fewest points of any rota, and how many rotas were looked at.
    pub(crate) fn best(&self) -> (Option<Points>, usize) {
        let mut search =
            Search { world: self, rota: Rota::empty(&self.network), best: None, seen: 0 };
        search.from(0);
        (search.best, search.seen)
    }
}

/// Every way to choose options, one after the other; a full session takes nobody more.
struct Search<'a> {
    world: &'a World,
    rota: Rota,
    best: Option<Points>,
    seen: usize,
}

impl Search<'_> {
    fn from(&mut self, option: usize) {
        let Some(next) = self.world.problem.options().get(option).copied() else {
            self.seen += 1;
            if let Some(points) = self.world.judged(&self.rota) {
                self.best = Some(self.best.map_or(points, |best| best.min(points)));
            }
            return;
        };
        self.from(option + 1);
        let before = self.rota.clone();
        if self.rota.add(next.session, next.consultant).is_ok() {
            self.from(option + 1);
        }
        self.rota = before;
    }
}
