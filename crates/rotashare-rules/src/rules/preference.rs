//! Likes and dislikes.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Rule, Severity, Weight};

/// Points in `preferences.csv`.
#[derive(Debug)]
pub struct Preferences;

const META: Meta = Meta {
    id: "preference",
    severity: Severity::Term,
    applies: Applies::With(Table::Preferences),
    holds: "Places match the likes and dislikes in `preferences.csv`.",
    why: "Who is asked what they would rather do says yes more often.",
    formula: "weight × the points of every row of `preferences.csv` that a place matches in all that \
              the row gives (site, specialty, clinic, weekday, part).",
    source: "The contract's table of points.",
    params: &[],
    weights: &[Weight { term: "preference", default: 1, unit: "a point in `preferences.csv`" }],
};

/// The points of the rows that a consultant's session matches.
fn matched(context: Context<'_>, who: ConsultantId, session: SessionId) -> i64 {
    let session = context.network.session(session);
    context
        .network
        .consultant(who)
        .preferences()
        .iter()
        .filter(|row| {
            row.site.is_none_or(|site| site == session.site())
                && row.specialty.is_none_or(|specialty| specialty == session.specialty())
                && row.clinic.is_none_or(|clinic| Some(clinic) == session.clinic())
                && row.weekday.is_none_or(|day| day == session.date().weekday())
                && row.part.covers(session.half_day())
        })
        .map(|row| row.points)
        .sum()
}

impl Rule for Preferences {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn points(&self, context: Context<'_>, who: ConsultantId, session: SessionId) -> Points {
        context.weight(META.id) * matched(context, who, session)
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let sum: i64 = rota.assignments().map(|(s, who)| matched(context, who, s)).sum();
        verdict.charge(META.id, context.weight(META.id) * sum);
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::PreferenceRow;
    use rotashare_core::time::Part;

    use crate::draft::*;
    use crate::settings::weigh;
    use crate::world::{sessions, costs, series, Pairs};

    #[test]
    fn preferences_that_match_add_up() {
        let rows = [
            ["MON-PM", "H1", "2027-03-01", "13:00", "15:00"],
            ["TUE-AM", "H1", "2027-03-02", "09:00", "12:00"],
            ["HOME", "L1", "2027-03-08", "09:00", "12:00"],
        ];
        let world = sessions(&rows, |draft| {
            weigh(draft, "preference", 2);
            let row = || preference("A", 0);
            draft.preferences = Some(vec![
                PreferenceRow { points: -30, site: Some("H1".into()), ..row() },
                PreferenceRow { points: 7, weekday: Some(weekday("mon")), part: Part::Pm, ..row() },
                PreferenceRow { points: 100, specialty: Some("330".into()), ..row() },
                PreferenceRow { points: 1, part: Part::Am, ..row() },
            ]);
        });
        costs(
            &world,
            "preference",
            &[
                (&[("A", "MON-PM")], -46),
                (&[("A", "TUE-AM")], -58),
                (&[("A", "HOME")], 2),
                (&[("A", "TUE-AM"), ("A", "HOME")], -56),
                (&[("B", "TUE-AM")], 0),
            ],
        );
    }

    #[test]
    fn preference_for_a_clinic() {
        let world = series(|draft| {
            draft.preferences =
                Some(vec![PreferenceRow { clinic: Some("TWO".into()), ..preference("B", 12) }]);
        });
        let pairs: Pairs<'_> = &[("B", "TWO@2027-03-04"), ("B", "ONE@2027-03-02")];
        costs(&world, "preference", &[(pairs, 12)]);
    }
}
