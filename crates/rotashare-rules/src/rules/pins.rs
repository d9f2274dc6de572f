//! Pinned places.

use rotashare_core::fault::{Fault, Table};
use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::network::{Network, Pin};
use rotashare_core::rota::Rota;
use rotashare_core::values::PinKind;

use super::notice::kept_places;
use crate::audit::{Verdict, audit_by};
use crate::problem::Sketch;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};
use crate::rulebook::Rulebook;

/// What a manager has decided already.
#[derive(Debug)]
pub struct Pins;

const META: Meta = Meta {
    id: "pins",
    severity: Severity::Hard,
    applies: Applies::With(Table::Pins),
    holds: "Pinned places are as pinned.",
    why: "Some things are settled by word of mouth before any plan is made.",
    formula: "A person pinned with `yes` has the session; one pinned with `no` has not.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn of_kind(network: &Network, kind: PinKind) -> impl Iterator<Item = &Pin> {
    network.pins().iter().filter(move |pin| pin.kind == kind)
}

impl Rule for Pins {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn forbids(
        &self,
        context: Context<'_>,
        who: ConsultantId,
        session: SessionId,
    ) -> Option<Reason> {
        let pins = context.network.pins();
        let at = pins.binary_search_by_key(&(session, who), |pin| (pin.session, pin.consultant));
        let pinned_off = at.is_ok_and(|at| pins[at].kind == PinKind::No);
        pinned_off.then(|| Reason { rule: META.id, detail: "pinned not to do this session".into() })
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        for pin in of_kind(context.network, PinKind::Yes) {
            if let Some(option) = sketch.find(pin.consultant, pin.session) {
                sketch.fix(META.id, option, true);
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for pin in network.pins() {
            let has = rota.has(pin.session, pin.consultant);
            let code = network.session(pin.session).code();
            match pin.kind {
                PinKind::Yes if !has => {
                    let detail = format!("pinned to {code}, which is not theirs");
                    verdict.breach(META.id, pin.consultant, [pin.session], detail);
                }
                PinKind::No if has => {
                    let detail = format!("pinned not to do {code}");
                    verdict.breach(META.id, pin.consultant, [pin.session], detail);
                }
                PinKind::Yes | PinKind::No => {}
            }
        }
    }
}

/// Pins that break another rule: faults of the input, with the rule's name and what it says.
#[must_use]
pub fn faults(network: &Network, book: &Rulebook) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !book.is_on(META.id) {
        return faults;
    }
    let mut rota = Rota::empty(network);
    for pin in of_kind(network, PinKind::Yes) {
        // A network has no more people pinned to a session than places.
        let _ = rota.add(pin.session, pin.consultant);
    }
    let verdict = audit_by(network, book, &rota, |rule| rule != META.id && rule != "notice");
    for breach in verdict.breaches() {
        let involved: Vec<&Pin> = of_kind(network, PinKind::Yes)
            .filter(|pin| breach.places.contains(&(pin.session, pin.consultant)))
            .collect();
        let Some(last) = involved.last() else { continue };
        let names: Vec<String> = involved
            .iter()
            .map(|pin| {
                let who = network.consultant(pin.consultant).code();
                format!("{who} on {} (line {})", network.session(pin.session).code(), pin.line)
            })
            .collect();
        let (noun, verb) = if names.len() == 1 { ("pin", "breaks") } else { ("pins", "break") };
        faults.push(Fault::of_cell(
            Table::Pins,
            last.line,
            "session",
            network.session(last.session).code(),
            format!("the {noun} {} {verb} {}: {}", names.join(", "), breach.rule, breach.detail),
            format!("take a pin out, or change what {} says", breach.rule),
        ));
    }
    let kept = kept_places(Context { network, book });
    for pin in of_kind(network, PinKind::Yes) {
        let session = network.session(pin.session);
        let kept_there: Vec<ConsultantId> =
            kept.iter().filter(|(s, _)| *s == pin.session).map(|(_, who)| *who).collect();
        let pinned = of_kind(network, PinKind::Yes).filter(|other| other.session == pin.session);
        let newcomers = pinned.filter(|other| !kept_there.contains(&other.consultant)).count();
        if !kept_there.contains(&pin.consultant)
            && kept_there.len() + newcomers > session.places() as usize
        {
            let others: Vec<&str> =
                kept_there.iter().map(|who| network.consultant(*who).code()).collect();
            faults.push(Fault::of_cell(
                Table::Pins,
                pin.line,
                "session",
                session.code(),
                format!(
                    "the pin of {} breaks notice: {} is published with {} and inside the notice period",
                    network.consultant(pin.consultant).code(),
                    session.code(),
                    others.join(", ")
                ),
                "pin the published person with no as well, or take the pin out",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use rotashare_core::values::PinKind;

    use crate::draft::*;
    use super::faults;
    use crate::world::boards;

    #[test]
    fn pins_hold() {
        let world = boards(|draft| {
            draft.pins = Some(vec![pin("TUE-AM", "A", PinKind::Yes), pin("WED-AM", "B", PinKind::No)]);
        });
        assert_eq!(faults(&world.network, &world.book), []);
        world.keeps(&[("A", "TUE-AM"), ("A", "WED-AM")]);
        world.breaks(&[], "pins", &["pinned to TUE-AM"]);
        world.breaks(&[("B", "TUE-AM")], "pins", &["pinned to TUE-AM, which is not theirs"]);
        world.breaks(&[("A", "TUE-AM"), ("B", "WED-AM")], "pins", &["pinned not to do WED-AM"]);
    }

    #[test]
    fn pins_that_break_a_rule_are_faults_with_both_sides_named() {
        let world = boards(|draft| {
            draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
            draft.pins = Some(vec![
                pin("TUE-AM", "A", PinKind::Yes),
                pin("MON-AM", "B", PinKind::Yes),
                pin("TUE-PM", "B", PinKind::Yes),
                pin("WED-AM", "B", PinKind::Yes),
            ]);
        });
        let faults = faults(&world.network, &world.book);
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].starts_with("pins.csv, line 5, session: the pins B on MON-AM (line 3), B on TUE-PM (line 4), B on WED-AM (line 5) break away-days: 3 away days"), "{}", said[0]);
        assert!(said[1].starts_with("pins.csv, line 2, session: the pin A on TUE-AM (line 2) breaks leave: on leave Tue 2 Mar 2027; take a pin out"), "{}", said[1]);
    }
}
