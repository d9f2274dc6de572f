//! Explanations for programs.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_explain::{Advice, Candidate, Case, Explanation, Gap, Price, Suggestion, View};
use rotashare_rules::rule::Reason;
use serde_json::{Value, json};

use rotashare_io::points;

/// The whole rota.
pub(super) fn whole(case: &Case, rota: &Rota, advice: &Advice, gaps: &[Gap], view: View) -> Value {
    let network = case.network();
    let cells = || rota.cells().filter(|(place, _)| view.shows(network, place.session));
    let (fills, saves) = advice.by_itself;
    json!({
        "for": reader(network, view),
        "places": cells().count(),
        "unfilled": cells().filter(|(_, cell)| cell.is_none()).count(),
        "by_planning_again": { "fills": fills, "saves": points(saves) },
        "suggestions": suggestions(case, &advice.suggestions),
        "gaps": gaps.iter().map(|gap| json!({
            "session": network.session(gap.place.session).code(),
            "place": gap.place.number,
            "consultant": network.consultant(gap.consultant).code(),
            "consultant_name": network.consultant(gap.consultant).name(),
            "reasons": reasons(&gap.all),
        })).collect::<Vec<_>>(),
    })
}

/// One session.
pub(super) fn session(case: &Case, told: &Explanation, view: View) -> Value {
    let network = case.network();
    let session = network.session(told.session);
    let person = |who: ConsultantId| {
        let consultant = network.consultant(who);
        let employer = network.trust(consultant.employer()).code();
        json!({ "consultant": consultant.code(), "name": consultant.name(), "employer": employer })
    };
    let candidate = |one: &Candidate| {
        let mut value = person(one.consultant);
        value["reasons"] = reasons(&one.reasons);
        value["price"] = one.price.as_ref().map_or(Value::Null, |price| cost(network, price));
        value
    };
    json!({
        "for": reader(network, view),
        "session": session.code(),
        "site": network.site(session.site()).code(),
        "specialty": network.specialty(session.specialty()).code(),
        "date": session.date().to_string(),
        "places": session.places(),
        "unfilled": told.empty,
        "assigned": told.holders.iter().map(|holder| {
            let mut value = person(holder.consultant);
            value["because"] = json!(holder.because);
            value["breaches"] = reasons(&holder.breaches);
            value
        }).collect::<Vec<_>>(),
        "others": told.others.iter().map(candidate).collect::<Vec<_>>(),
        "suggestions": suggestions(case, &told.suggestions),
    })
}

fn reader(network: &Network, view: View) -> Option<&str> {
    view.0.map(|trust| network.trust(trust).code())
}

fn reasons(all: &[Reason]) -> Value {
    all.iter().map(|one| json!({ "reason": one.rule, "detail": one.detail })).collect()
}

fn cost(network: &Network, price: &Price) -> Value {
    json!({
        "points": points(price.points),
        "would_empty": codes(network, &price.emptied),
        "would_fill": codes(network, &price.filled),
    })
}

fn codes<'a>(network: &'a Network, sessions: &[SessionId]) -> Vec<&'a str> {
    sessions.iter().map(|id| network.session(*id).code()).collect()
}

fn suggestions(case: &Case, all: &[Suggestion]) -> Value {
    let (network, draft) = (case.network(), case.draft());
    let suggestion = |one: &Suggestion| {
        let changes: Vec<Value> = one
            .changes
            .iter()
            .map(|change| {
                json!({
                    "what": change.words(case),
                    "file": change.table().file_name(),
                    "line": change.line(draft),
                    "edit": change.edit(draft),
                })
            })
            .collect();
        json!({
            "what": one.title(case),
            "changes": changes,
            "size": one.size,
            "fills": one.fills,
            "saves": points(one.saves),
            "filled": codes(network, &one.filled),
            "emptied": codes(network, &one.emptied),
            "alternatives": one.alternatives,
        })
    };
    all.iter().map(suggestion).collect()
}
