//! On-calls and hot weeks.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::people::OnCall;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Span, in_words};
use rotashare_core::values::OnCallKind;

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Param, ParamKind, Reason, Rule, Severity};

/// Sessions in a hot week, over an on-call, or in the rest after one.
#[derive(Debug)]
pub struct OnCallRule;

const META: Meta = Meta {
    id: "on-call",
    severity: Severity::Hard,
    applies: Applies::With(Table::OnCall),
    holds: "No session in a hot week, over an on-call, or within the rest after one.",
    why: "The consultant of the week is off elective work; who was up at night rests.",
    formula: "No overlap with a hot week (whole days) or an on-call (`start` on `from` to `end` on `to`); \
              no session starts less than rest_hours after the end of an on-call.",
    source: "The contract's table of rules; 11 hours' rest: Working Time Regulations 1998, regulation 10.",
    params: &[Param {
        key: "rest_hours",
        holds: "hours between the end of an on-call and the next session",
        kind: ParamKind::Whole(Some(11)),
    }],
    weights: &[],
};

/// The stretch that a session must keep clear of.
fn kept_clear(context: Context<'_>, on_call: &OnCall) -> Span {
    let rest = match on_call.kind {
        OnCallKind::HotWeek => 0,
        OnCallKind::OnCall => context.book.whole(META.id, "rest_hours").unwrap_or(0),
    };
    let rest = i32::try_from(rest.saturating_mul(60)).unwrap_or(i32::MAX);
    Span::between(on_call.span.start(), on_call.span.end().plus(rest))
}

fn describe(on_call: &OnCall) -> String {
    let span = on_call.span;
    match on_call.kind {
        OnCallKind::HotWeek => format!(
            "hot week {} to {}",
            in_words(span.start().date()),
            in_words(span.end().plus(-1).date())
        ),
        OnCallKind::OnCall => {
            format!("on call {} to {}, and rest after it", span.start(), span.end())
        }
    }
}

impl Rule for OnCallRule {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let span = context.network.session(id).span();
        let on_calls = context.network.consultant(who).on_call();
        on_calls.iter().all(|one| !kept_clear(context, one).overlaps(span))
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let span = context.network.session(id).span();
        let on_calls = context.network.consultant(who).on_call();
        let met = on_calls.iter().find(|one| kept_clear(context, one).overlaps(span))?;
        Some(Reason { rule: META.id, detail: describe(met) })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        let rest_hours = context.book.whole(META.id, "rest_hours").unwrap_or(0);
        for (id, who) in rota.assignments() {
            let work = network.session(id).span();
            for on_call in network.consultant(who).on_call() {
                let (start, end) = (on_call.span.start(), on_call.span.end());
                let over = work.start() < end && start < work.end();
                let minutes_after = i64::from(work.start().since(end));
                let tired = on_call.kind == OnCallKind::OnCall
                    && (0..rest_hours * 60).contains(&minutes_after);
                if over || tired {
                    verdict.breach(META.id, who, [id], describe(on_call));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{OnCallRow, Setting};
    use rotashare_core::values::OnCallKind;

    use crate::draft::*;
    use crate::settings::set;
    use crate::world::sessions;

    #[test]
    fn on_call_and_hot_week() {
        let rows = [
            ["MON", "L1", "2027-03-01", "13:00", "17:00"],
            ["INTO", "L1", "2027-03-01", "18:00", "20:01"],
            ["SOON", "L1", "2027-03-02", "18:59", "21:00"],
            ["LATE", "L1", "2027-03-02", "19:00", "21:00"],
            ["NEXT", "L1", "2027-03-08", "00:00", "04:00"],
        ];
        let row = || OnCallRow {
            start: Some(at("20:00")),
            end: Some(at("08:00")),
            ..on_call("A", "2027-03-01", "2027-03-02")
        };
        let world = sessions(&rows, |draft| draft.on_call = Some(vec![row()]));
        world.keeps(&[("A", "MON"), ("A", "LATE"), ("B", "INTO")]);
        let said = ["on call Mon 1 Mar 2027 20:00 to Tue 2 Mar 2027 08:00"];
        world.breaks(&[("A", "INTO")], "on-call", &said);
        world.breaks(&[("A", "SOON")], "on-call", &said);
        let world = sessions(&rows, |draft| {
            draft.on_call = Some(vec![row()]);
            set(draft, "on-call", "rest_hours", Setting::Whole(10));
        });
        world.keeps(&[("A", "SOON")]);
        let world = sessions(&rows, |draft| {
            let row = on_call("A", "2027-03-02", "2027-03-07");
            draft.on_call = Some(vec![OnCallRow { kind: OnCallKind::HotWeek, ..row }]);
        });
        world.keeps(&[("A", "MON"), ("A", "NEXT")]);
        let said = ["hot week Tue 2 Mar 2027 to Sun 7 Mar 2027"];
        world.breaks(&[("A", "LATE")], "on-call", &said);
    }
}
