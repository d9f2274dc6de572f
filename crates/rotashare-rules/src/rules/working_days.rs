//! Working days.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::people::Consultant;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, in_words, weekday_name};

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Sessions on days that somebody does not work.
#[derive(Debug)]
pub struct WorkingDays;

const META: Meta = Meta {
    id: "working-days",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "No session on a day that the consultant does not work, or outside active_from–active_to.",
    why: "Part-time is part-time; who has left or not yet begun can't be sent.",
    formula: "The date on which the session starts is one of working_days and between active_from and \
              active_to.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn off(consultant: &Consultant, day: Date) -> String {
    let active = consultant.active();
    match (active.from, active.to) {
        (Some(from), _) if day < from => format!("not there before {}", in_words(from)),
        (_, Some(to)) if day > to => format!("not there after {}", in_words(to)),
        _ => {
            let name = weekday_name(day.weekday());
            format!("does not work on {}{}s", name[..1].to_uppercase(), &name[1..])
        }
    }
}

impl Rule for WorkingDays {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        context.network.consultant(who).works_on(context.network.session(id).date())
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let day = context.network.session(id).date();
        let consultant = context.network.consultant(who);
        (!consultant.works_on(day)).then(|| Reason { rule: META.id, detail: off(consultant, day) })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        for (session, who) in rota.assignments() {
            let consultant = context.network.consultant(who);
            let day = context.network.session(session).date();
            if !consultant.works_on(day) {
                verdict.breach(META.id, who, [session], off(consultant, day));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::ConsultantRow;

    use crate::draft::*;
    use crate::world::sessions;

    #[test]
    fn working_days() {
        let rows = [
            ["FRI", "L1", "2027-03-05", "09:00", "13:00"],
            ["SAT", "L1", "2027-03-06", "09:00", "13:00"],
            ["MON", "L1", "2027-03-08", "09:00", "13:00"],
        ];
        let world = sessions(&rows, |draft| {
            let active = |from, to| move |row: &mut ConsultantRow| row.active = valid(from, to);
            active("", "2027-03-07")(&mut draft.consultants[0]);
            active("2027-03-06", "")(&mut draft.consultants[1]);
            draft.consultants[1].working_days = "MTWTFSS".parse().expect("days");
        });
        world.keeps(&[("A", "FRI"), ("B", "SAT"), ("B", "MON")]);
        world.breaks(&[("A", "SAT")], "working-days", &["does not work on Saturdays"]);
        world.breaks(&[("A", "MON")], "working-days", &["not there after Sun 7 Mar 2027"]);
        world.breaks(&[("B", "FRI")], "working-days", &["not there before Sat 6 Mar 2027"]);
    }
}
