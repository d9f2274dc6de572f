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
