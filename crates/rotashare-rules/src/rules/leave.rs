//! No session on leave.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::people::Leave;
use rotashare_core::rota::Rota;
use rotashare_core::time::{HalfDay, Part, dates, in_words};

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Sessions in somebody's leave.
#[derive(Debug)]
pub struct OnLeave;

const META: Meta = Meta {
    id: "leave",
    severity: Severity::Hard,
    applies: Applies::With(Table::Leave),
    holds: "Nobody has a session on leave.",
    why: "Leave that was granted is kept, whatever its kind.",
    formula: "A session takes the half-days that it has any time of: one that runs past 13:00 takes the \
              afternoon too. None of them is on leave.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

/// When, never what kind: that is for the employer's eyes only.
fn when(leave: &Leave) -> String {
    let part = match leave.part {
        Part::All => "",
        Part::Am => " (mornings)",
        Part::Pm => " (afternoons)",
    };
    if leave.from == leave.to {
        format!("on leave {}{part}", in_words(leave.from))
    } else {
        format!("on leave {} to {}{part}", in_words(leave.from), in_words(leave.to))
    }
}

impl Rule for OnLeave {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let span = context.network.session(id).span();
        let leave = context.network.consultant(who).leave_over(span)?;
        Some(Reason { rule: META.id, detail: when(leave) })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let months = rota.by_consultant(network);
        for (who, month) in network.consultant_ids().zip(months).filter(|(_, m)| !m.is_empty()) {
            for leave in network.consultant(who).leave() {
                for id in &month {
                    let span = network.session(*id).span();
                    if span.end().date() < leave.from || span.start().date() > leave.to {
                        continue;
                    }
                    let meets = dates(leave.from, leave.to).any(|day| {
                        [HalfDay::Am, HalfDay::Pm]
                            .into_iter()
                            .any(|half| leave.part.covers(half) && half.span(day).overlaps(span))
                    });
                    if meets {
                        verdict.breach(META.id, who, [*id], when(leave));
                    }
                }
            }
        }
    }
}
