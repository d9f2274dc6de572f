//! Accreditation.

use rotashare_core::clinics::Session;
use rotashare_core::ids::{ConsultantId, SessionId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::rota::Rota;
use rotashare_core::time::in_words;

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Sessions without the accreditation for them.
#[derive(Debug)]
pub struct Accredited;

const META: Meta = Meta {
    id: "accreditation",
    severity: Severity::Hard,
    applies: Applies::Usually,
    holds: "Accredited for the specialty, and for the subspecialty where the session names one, on that \
            date.",
    why: "A clinic is safe in the hands of those trained for it.",
    formula: "A row of `accreditations.csv` for the specialty is valid on the date of the session; where \
              the session names a subspecialty, a row with that one is.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn same(one: Option<&str>, wanted: &str) -> bool {
    one.is_some_and(|one| one.eq_ignore_ascii_case(wanted))
}

fn describe(network: &Network, who: ConsultantId, session: &Session) -> String {
    let specialty = network.specialty(session.specialty()).name();
    let rows = network.consultant(who).accreditations().iter();
    let wanted = session.subspecialty();
    let right = rows.filter(|row| {
        row.specialty == session.specialty()
            && wanted.is_none_or(|wanted| same(row.subspecialty.as_deref(), wanted))
    });
    let what = wanted.map_or_else(|| specialty.to_owned(), |sub| format!("{specialty} ({sub})"));
    let ended =
        right.clone().filter_map(|row| row.valid.to).filter(|to| *to < session.date()).max();
    let begins = right.filter_map(|row| row.valid.from).filter(|from| *from > session.date()).min();
    match (ended, begins) {
        (Some(to), _) => format!("accreditation for {what} ended {}", in_words(to)),
        (None, Some(from)) => format!("accreditation for {what} begins {}", in_words(from)),
        (None, None) => format!("not accredited for {what}"),
    }
}

impl Rule for Accredited {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn only<'a>(
        &self,
        context: Context<'a>,
        specialty: SpecialtyId,
        _: TrustId,
    ) -> Option<&'a [ConsultantId]> {
        Some(context.network.accredited(specialty))
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let session = context.network.session(id);
        context.network.consultant(who).accreditations().iter().any(|row| {
            row.specialty == session.specialty()
                && row.valid.contains(session.date())
                && session.subspecialty().is_none_or(|sub| same(row.subspecialty.as_deref(), sub))
        })
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let detail = || describe(context.network, who, context.network.session(id));
        (!self.allows(context, who, id)).then(|| Reason { rule: META.id, detail: detail() })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        for (id, who) in rota.assignments() {
            let session = network.session(id);
            let mut valid = network.consultant(who).accreditations().to_vec();
            valid.retain(|row| row.valid.contains(session.date()));
            valid.retain(|row| row.specialty == session.specialty());
            if let Some(wanted) = session.subspecialty() {
                valid.retain(|row| same(row.subspecialty.as_deref(), wanted));
            }
            if valid.is_empty() {
                verdict.breach(META.id, who, [id], describe(network, who, session));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::AccreditationRow;

    use crate::draft::*;
    use crate::world::sessions;

    #[test]
    fn accreditation_for_specialty_and_subspecialty() {
        let rows = [
            ["S1", "L1", "2027-03-02", "09:00", "13:00"],
            ["S2", "L1", "2027-03-08", "09:00", "13:00"],
        ];
        let world = sessions(&rows, |draft| {
            draft.accreditations = vec![
                AccreditationRow {
                    valid: valid("", "2027-03-07"),
                    subspecialty: Some("Echo".into()),
                    ..accreditation("A", "320")
                },
                AccreditationRow { valid: valid("2027-03-08", ""), ..accreditation("B", "320") },
                accreditation("B", "100"),
            ];
        });
        world.keeps(&[("A", "S1"), ("B", "S2")]);
        let said = ["accreditation for Cardiology ended Sun 7 Mar 2027"];
        world.breaks(&[("A", "S2")], "accreditation", &said);
        let said = ["accreditation for Cardiology begins Mon 8 Mar 2027"];
        world.breaks(&[("B", "S1")], "accreditation", &said);
        let world = sessions(&rows, |draft| {
            draft.accreditations[0].subspecialty = Some("echo".into());
            let rows = draft.sessions.as_mut().expect("sessions");
            rows[0].subspecialty = Some("Echo".into());
            rows[1].specialty = "330".into();
        });
        world.keeps(&[("A", "S1")]);
        let said = ["not accredited for Cardiology (Echo)"];
        world.breaks(&[("B", "S1")], "accreditation", &said);
        world.breaks(&[("A", "S2")], "accreditation", &["not accredited for Dermatology"]);
    }
}
