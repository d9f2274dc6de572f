//! Authority to work at a host.

use rotashare_core::fault::Table;
use rotashare_core::ids::{ConsultantId, SessionId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::people::Authorisation;
use rotashare_core::rota::Rota;
use rotashare_core::time::in_words;
use rotashare_core::values::Instrument;

use crate::audit::Verdict;
use crate::rule::{Applies, Context, Meta, Reason, Rule, Severity};

/// Away sessions without authority.
#[derive(Debug)]
pub struct Authorised;

const META: Meta = Meta {
    id: "authorisation",
    severity: Severity::Hard,
    applies: Applies::With(Table::Authorisations),
    holds: "Authorised at the host trust (site, specialty) on that date.",
    why: "Without an honorary contract, licence to attend, passport or secondment nobody is insured \
          there.",
    formula: "For an away session a row of `authorisations.csv` names the host trust, is valid on the \
              date, and names the site and the specialty of the session or none.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn instrument(row: &Authorisation) -> &'static str {
    match row.instrument {
        Some(Instrument::HonoraryContract) => "honorary contract",
        Some(Instrument::LicenceToAttend) => "licence to attend",
        Some(Instrument::Passport) => "passport",
        Some(Instrument::Secondment) => "secondment",
        None => "authority",
    }
}

fn describe(network: &Network, who: ConsultantId, id: SessionId) -> String {
    let session = network.session(id);
    let host = network.host(id);
    let code = network.trust(host).code();
    let at_host = |row: &&Authorisation| row.trust == host;
    let rows = network.consultant(who).authorisations().iter().filter(at_host);
    let fits = |row: &&Authorisation| {
        row.site.is_none_or(|site| site == session.site())
            && row.specialty.is_none_or(|specialty| specialty == session.specialty())
    };
    let day = session.date();
    let ended = rows
        .clone()
        .filter(fits)
        .filter(|r| r.valid.to.is_some_and(|to| to < day))
        .max_by_key(|r| r.valid.to);
    let begins = rows
        .clone()
        .filter(fits)
        .filter(|r| r.valid.from.is_some_and(|from| from > day))
        .min_by_key(|r| r.valid.from);
    match (ended, begins) {
        (Some(row), _) => {
            let to = row.valid.to.map(in_words).unwrap_or_default();
            format!("{} at {code} ended {to}", instrument(row))
        }
        (None, Some(row)) => {
            let from = row.valid.from.map(in_words).unwrap_or_default();
            format!("{} at {code} begins {from}", instrument(row))
        }
        (None, None) if rows.count() > 0 => {
            let (site, specialty) =
                (network.site(session.site()), network.specialty(session.specialty()));
            format!("authority at {code} does not cover {} at {}", specialty.name(), site.code())
        }
        (None, None) => format!("no authority to work at {code}"),
    }
}

impl Rule for Authorised {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn only<'a>(
        &self,
        context: Context<'a>,
        _: SpecialtyId,
        host: TrustId,
    ) -> Option<&'a [ConsultantId]> {
        context.network.has_authorisations().then(|| context.network.admitted(host))
    }

    fn allows(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> bool {
        let network = context.network;
        if !network.has_authorisations() || !network.is_away(who, id) {
            return true;
        }
        let (session, host) = (network.session(id), network.host(id));
        network.consultant(who).authorisations().iter().any(|row| {
            row.trust == host
                && row.site.is_none_or(|site| site == session.site())
                && row.specialty.is_none_or(|specialty| specialty == session.specialty())
                && row.valid.contains(session.date())
        })
    }

    fn forbids(&self, context: Context<'_>, who: ConsultantId, id: SessionId) -> Option<Reason> {
        let detail = || describe(context.network, who, id);
        (!self.allows(context, who, id)).then(|| Reason { rule: META.id, detail: detail() })
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        if !network.has_authorisations() {
            return;
        }
        for (id, who) in rota.assignments() {
            let session = network.session(id);
            let trust = network.site(session.site()).trust();
            let consultant = network.consultant(who);
            if trust == consultant.employer() {
                continue;
            }
            let mut rows: Vec<&Authorisation> = consultant.authorisations().iter().collect();
            rows.retain(|row| row.trust == trust && row.valid.contains(session.date()));
            rows.retain(|row| row.site.is_none() || row.site == Some(session.site()));
            rows.retain(|row| {
                row.specialty.is_none() || row.specialty == Some(session.specialty())
            });
            if rows.is_empty() {
                verdict.breach(META.id, who, [id], describe(network, who, id));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::AuthorisationRow;

    use crate::draft::*;
    use crate::world::boards;

    #[test]
    fn authorisation() {
        boards(|_| {}).keeps(&[("A", "TUE-AM")]);
        let world = boards(|draft| {
            draft.authorisations = Some(vec![AuthorisationRow {
                valid: valid("", "2027-03-02"),
                ..crate::draft::authorisation("A", "H")
            }]);
        });
        world.keeps(&[("A", "TUE-AM"), ("B", "HOME")]);
        let said = ["honorary contract at H ended Tue 2 Mar 2027"];
        world.breaks(&[("A", "WED-AM")], "authorisation", &said);
        world.breaks(&[("B", "TUE-AM")], "authorisation", &["no authority to work at H"]);
    }

    #[test]
    fn authorisation_for_a_site_or_specialty() {
        let world = boards(|draft| {
            draft.sites.push(site("H2", "H"));
            draft.travel.as_mut().expect("travel").extend([way("L1", "H2", 60), way("H1", "H2", 10)]);
            let row = |who| crate::draft::authorisation(who, "H");
            draft.authorisations = Some(vec![
                AuthorisationRow { site: Some("H2".into()), ..row("A") },
                AuthorisationRow { specialty: Some("100".into()), ..row("A") },
                AuthorisationRow { valid: valid("2027-03-03", ""), ..row("B") },
                AuthorisationRow { site: Some("H1".into()), specialty: Some("320".into()), ..row("B") },
            ]);
        });
        let said = ["authority at H does not cover Cardiology at H1"];
        world.breaks(&[("A", "TUE-AM")], "authorisation", &said);
        world.keeps(&[("B", "TUE-AM")]);
    }
}
