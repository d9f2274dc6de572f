//! The share of a specialty that is away.

use rotashare_core::ids::{SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;

use super::lending::{Away, AwayOptions, Pool, half_days};
use crate::audit::Verdict;
use crate::problem::Sketch;
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Rule, Severity};

/// At most a share of those at work is away.
#[derive(Debug)]
pub struct AwayShare;

const META: Meta = Meta {
    id: "away-share",
    severity: Severity::Hard,
    applies: Applies::WhenSet,
    holds: "At each half-day at most this share of a trust's consultants of a specialty that are at work \
            is away.",
    why: "A drawbridge for trusts that would rather name a share than a number.",
    formula: "Consultants away ≤ max_share × consultants at work, by trust, specialty and half-day.",
    source: "The contract's table of rules.",
    params: &[Param {
        key: "max_share",
        holds: "the share from 0 to 1 that may be away",
        kind: ParamKind::Share(None),
    }],
    weights: &[],
};

fn pools(network: &Network) -> Vec<Pool> {
    let mut pools = Vec::new();
    for specialty in (0..network.specialties().len()).map(SpecialtyId::new) {
        let employers = network.accredited(specialty).iter().map(|who| network.consultant(*who));
        let mut trusts: Vec<TrustId> = employers.map(|consultant| consultant.employer()).collect();
        trusts.sort_unstable();
        trusts.dedup();
        pools.extend(trusts.into_iter().map(|trust| Pool { trust, specialty, site: None }));
    }
    pools
}

/// The most that may be away; a share such as 0.3 of 10 is 3, whatever its last binary digit.
fn most(share: f64, at_work: usize) -> usize {
    (share * at_work as f64 + 1e-9).floor() as usize
}

impl Rule for AwayShare {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        let Some(share) = context.book.share(META.id, "max_share") else { return };
        let away = AwayOptions::new(context, sketch);
        for pool in pools(network) {
            for when in half_days(network) {
                let people = pool.at_work(network, when);
                let most = most(share, people.len()) as i64;
                away.cap(META.id, sketch, pool.about(network, when), &people, when, most);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let Some(share) = context.book.share(META.id, "max_share") else { return };
        let away = Away::new(network, META.id, rota);
        let wanted = format!("a share of {share} may be away");
        for pool in pools(network) {
            for when in half_days(network) {
                let most = |at_work| most(share, at_work);
                away.check(pool, when, verdict, most, &wanted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::Setting;

    use crate::settings::set;
    use crate::world::boards;

    #[test]
    fn away_share() {
        let share = |share| {
            boards(move |draft| {
                draft.sessions.as_mut().expect("sessions")[0].consultants = Some(2);
                set(draft, "away-share", "max_share", Setting::Fraction(share));
            })
        };
        share(1.0).keeps(&[("A", "MON-AM"), ("B", "MON-AM")]);
        let half = share(0.5);
        half.keeps(&[("A", "MON-AM"), ("B", "MON-PM")]);
        let said = ["L Cardiology on Mon 1 Mar 2027 am: a share of 0.5 may be away, 2 are at work, 2"];
        half.breaks(&[("A", "MON-AM"), ("B", "MON-AM")], "away-share", &said);
        share(0.49).breaks(&[("A", "MON-AM")], "away-share", &["1 of them away"]);
    }
}
