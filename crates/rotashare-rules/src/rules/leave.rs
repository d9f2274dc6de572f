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

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let span = context.network.session(id).span();
        context.network.consultant(who).leave_over(span).is_none()
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

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{Draft, LeaveRow};
    use rotashare_core::time::Part;

    use crate::draft::*;
    use crate::settings::switch_off;
    use crate::world::sessions;

    #[test]
    fn on_leave() {
        let rows = [
            ["AM", "L1", "2027-03-02", "09:00", "13:00"],
            ["OVER", "L1", "2027-03-02", "12:00", "13:01"],
            ["PM", "L1", "2027-03-02", "13:00", "17:00"],
            ["NIGHT", "L1", "2027-03-01", "20:00", "00:30"],
            ["NEXT", "L1", "2027-03-03", "09:00", "13:00"],
        ];
        let on_leave = |part| {
            move |draft: &mut Draft| {
                draft.leave = Some(vec![LeaveRow { part, ..leave("A", "2027-03-02", "2027-03-02") }]);
            }
        };
        let world = sessions(&rows, on_leave(Part::Am));
        world.keeps(&[("A", "PM"), ("B", "AM")]);
        for code in ["AM", "OVER", "NIGHT"] {
            world.breaks(&[("A", code)], "leave", &["on leave Tue 2 Mar 2027 (mornings)"]);
        }
        let world = sessions(&rows, on_leave(Part::Pm));
        world.keeps(&[("A", "AM")]);
        world.keeps(&[("A", "NIGHT")]);
        for code in ["OVER", "PM"] {
            world.breaks(&[("A", code)], "leave", &["(afternoons)"]);
        }
        let world = sessions(&rows, on_leave(Part::All));
        world.keeps(&[("A", "NEXT"), ("B", "OVER")]);
        world.breaks(&[("A", "AM"), ("B", "OVER")], "leave", &["on leave Tue 2 Mar 2027"]);
        sessions(&rows, |draft| {
            on_leave(Part::All)(draft);
            switch_off(draft, "leave");
        })
        .keeps(&[("A", "AM")]);
    }
}
