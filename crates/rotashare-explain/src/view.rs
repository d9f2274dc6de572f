//! What a trust may see of another's people.

use rotashare_core::ids::{ConsultantId, SessionId, TrustId};
use rotashare_core::network::Network;
use rotashare_rules::problem::RuleId;
use rotashare_rules::rule::Reason;

use crate::obstacles::{Obstacle, Reach};

/// The reason that stands for whatever is none of the reader's business.
pub const UNAVAILABLE: RuleId = "unavailable";

/// Who reads: a trust, or (`None`) whoever answers for the whole network.
///
/// A trust sees sessions at its own sites, all reasons of its own employees, and of other trusts'
/// employees only what it is a party to: accreditation, authority at its own sites, agreements, and that
/// the employer does not release them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View(pub Option<TrustId>);

impl View {
    /// Whether sessions of this one are shown at all.
    #[must_use]
    pub fn shows(self, network: &Network, session: SessionId) -> bool {
        self.0.is_none_or(|trust| network.host(session) == trust)
    }

    /// Whether everything about a consultant may be shown: nobody asks for a trust, or it employs them.
    #[must_use]
    pub fn is_theirs(self, network: &Network, who: ConsultantId) -> bool {
        self.0.is_none_or(|trust| network.consultant(who).employer() == trust)
    }

    /// Obstacles as this reader may see them, in the same order; what may not be told apart is one.
    #[must_use]
    pub fn obstacles(
        self,
        network: &Network,
        who: ConsultantId,
        obstacles: Vec<Obstacle>,
    ) -> Vec<Obstacle> {
        if self.0.is_none() {
            return obstacles;
        }
        let mut shown: Vec<Obstacle> = Vec::new();
        for obstacle in obstacles {
            let obstacle = if self.is_theirs(network, who) {
                self.without_others_sessions(network, obstacle)
            } else {
                foreign(obstacle)
            };
            if !shown.contains(&obstacle) {
                shown.push(obstacle);
            }
        }
        shown
    }

    /// An own employee's obstacle, without the names of sessions at other trusts.
    fn without_others_sessions(self, network: &Network, obstacle: Obstacle) -> Obstacle {
        let is_foreign = |session: &SessionId| !self.shows(network, *session);
        let Some(foreign) = obstacle.others.iter().copied().find(is_foreign) else {
            return obstacle;
        };
        let Obstacle { reach, mut reason, mut others } = obstacle;
        others.retain(|session| self.shows(network, *session));
        if reach == Reach::Month && matches!(reason.rule, "one-place" | "travel-time" | "rest") {
            let trust = network.trust(network.host(foreign)).code();
            reason.detail = match reason.rule {
                "one-place" => format!("at {trust} at that time"),
                "rest" => format!("too little rest before or after a session at {trust}"),
                _ => format!("no time to travel to or from a session at {trust}"),
            };
        }
        Obstacle { reach, reason, others }
    }
}

/// The obstacle of another trust's employee.
fn foreign(obstacle: Obstacle) -> Obstacle {
    let Obstacle { reach, reason, .. } = obstacle;
    match reason.rule {
        "accreditation" | "authorisation" | "agreement" => {
            Obstacle { reach, reason, others: Vec::new() }
        }
        "drawbridge" | "away-share" => {
            let detail = "not released by the employer".to_owned();
            Obstacle { reach, reason: Reason { rule: reason.rule, detail }, others: Vec::new() }
        }
        _ => hidden(),
    }
}

/// Unavailable, and that is all.
pub(crate) fn hidden() -> Obstacle {
    Obstacle {
        reach: Reach::Alone,
        reason: Reason { rule: UNAVAILABLE, detail: String::new() },
        others: Vec::new(),
    }
}
