//! The first day back from leave.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::people::Consultant;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, HalfDay, days_after};

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Away sessions on the first working day after leave.
#[derive(Debug)]
pub struct FirstDayBack;

const META: Meta = Meta {
    id: "first_day_back",
    severity: Severity::Term,
    applies: Applies::With(Table::Leave),
    holds: "Nobody is away on the first working day after three or more days' leave.",
    why: "Results, letters and inpatients wait at home.",
    formula: "weight × away places on a consultant's first working day after a leave of three or more \
              calendar days; whole days of leave with only days off between them are one leave.",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight {
        term: "first_day_back",
        default: 10,
        unit: "an away session on the first working day after three or more days' leave",
    }],
};

fn all_day_leave(consultant: &Consultant, day: Date) -> bool {
    [HalfDay::Am, HalfDay::Pm].iter().all(|half| consultant.leave_in(day, *half).is_some())
}

/// Whether a date is the first working day after three or more days' leave.
fn is_first_day_back(consultant: &Consultant, day: Date) -> bool {
    if consultant.leave().is_empty() || !consultant.works_on(day) || all_day_leave(consultant, day)
    {
        return false;
    }
    let mut days = 0;
    let mut before = days_after(day, -1);
    // Two years of days off in a row are no leave.
    for _ in 0..731 {
        if all_day_leave(consultant, before) {
            days += 1;
        } else if consultant.works_on(before) {
            break;
        }
        if days >= 3 {
            return true;
        }
        before = days_after(before, -1);
    }
    false
}

impl Rule for FirstDayBack {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> Points {
        let network = context.network;
        let day = network.session(session).date();
        if network.is_away(who, session) && is_first_day_back(network.consultant(who), day) {
            context.weight(META.id)
        } else {
            Points::ZERO
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (session, who) in rota.assignments().filter(|(s, who)| network.is_away(*who, *s)) {
            let consultant = network.consultant(who);
            if is_first_day_back(consultant, network.session(session).date()) {
                verdict.charge(META.id, context.weight(META.id));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::ConsultantRow;

    use crate::draft::*;
    use crate::world::{sessions, costs, Pairs};

    #[test]
    fn first_day_back_after_three_days_of_leave() {
        let rows = [
            ["MON", "H1", "2027-03-08", "09:00", "12:00"],
            ["TUE", "H1", "2027-03-09", "09:00", "12:00"],
            ["HOME", "L1", "2027-03-09", "13:30", "15:00"],
            ["WED", "H1", "2027-03-10", "09:00", "12:00"],
        ];
        let world = |spans: &[(&str, &str)], alter: fn(&mut ConsultantRow)| {
            sessions(&rows, |draft| {
                draft.leave = Some(spans.iter().map(|(from, to)| leave("A", from, to)).collect());
                alter(&mut draft.consultants[0]);
            })
        };
        let (tue, wed, mon): (Pairs<'_>, Pairs<'_>, Pairs<'_>) =
            (&[("A", "TUE")], &[("A", "WED")], &[("A", "MON")]);
        // Friday to Monday is four days.
        let long = world(&[("2027-03-05", "2027-03-08")], |_| {});
        costs(&long, "first_day_back", &[(tue, 10), (wed, 0), (&[("A", "HOME")], 0)]);
        costs(&long, "first_day_back", &[(&[("B", "TUE")], 0)]);
        // Two days, though no work between Wednesday and Monday.
        let short = world(&[("2027-03-04", "2027-03-05")], |_| {});
        costs(&short, "first_day_back", &[(mon, 0), (tue, 0)]);
        // Thursday, Friday and, after the weekend, Monday.
        let apart = world(&[("2027-03-04", "2027-03-05"), ("2027-03-08", "2027-03-08")], |_| {});
        costs(&apart, "first_day_back", &[(tue, 10)]);
        // Back on a Wednesday where Tuesday is a day off.
        let part_time = world(&[("2027-03-04", "2027-03-08")], |row| {
            row.working_days = "M-WTF--".parse().expect("days");
        });
        costs(&part_time, "first_day_back", &[(wed, 10)]);
    }
}
