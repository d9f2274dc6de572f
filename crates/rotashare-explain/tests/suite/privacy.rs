//! What a trust reads of the four datasets says nothing that is none of its business.

use std::collections::BTreeSet;

use rotashare_core::ids::{ConsultantId, TrustId};
use rotashare_explain::{Case, UNAVAILABLE, View, gaps_for, session};
use rotashare_rules::rule::Reason;
use rotashare_solve::local::Effort;

use crate::common;

/// Words that must be in no detail that this trust reads: kinds of leave, addresses, sessions at other
/// trusts' sites.
fn forbidden(case: &Case, reader: TrustId) -> BTreeSet<String> {
    let (draft, network) = (case.draft(), case.network());
    let kinds = draft.leave.iter().flatten().filter_map(|row| row.kind.clone());
    let addresses = draft.consultants.iter().filter_map(|row| row.email.clone());
    let sessions = network.session_ids().filter(|id| network.host(*id) != reader);
    let sessions = sessions.map(|id| network.session(id).code().to_owned());
    kinds.chain(addresses).chain(sessions).filter(|word| !word.is_empty()).collect()
}

fn check(
    case: &Case,
    reader: TrustId,
    words: &BTreeSet<String>,
    who: ConsultantId,
    all: &[Reason],
) {
    let consultant = case.network().consultant(who);
    for reason in all {
        for word in words {
            assert!(!reason.detail.contains(word.as_str()), "{word}: {reason:?}");
        }
        if consultant.employer() == reader {
            continue;
        }
        match reason.rule {
            "accreditation" | "authorisation" | "agreement" => {}
            "drawbridge" | "away-share" => {
                assert_eq!(reason.detail, "not released by the employer");
            }
            other => assert_eq!((other, reason.detail.as_str()), (UNAVAILABLE, "")),
        }
    }
}

#[test]
fn a_trust_reads_of_others_people_only_what_it_is_a_party_to() {
    for (name, case) in common::datasets() {
        let network = case.network();
        let rota = common::plan(network, case.book(), Effort::Build);
        for reader in (0..network.trusts().len()).map(TrustId::new) {
            let view = View(Some(reader));
            let words = forbidden(&case, reader);
            assert!(words.len() > 5, "{name}");
            let all = gaps_for(network, case.book(), &rota, view);
            for gap in &all {
                assert_eq!(network.host(gap.place.session), reader);
                check(&case, reader, &words, gap.consultant, &gap.all);
            }
            for id in network.session_ids().step_by(network.sessions().len() / 5) {
                let told = session(&case, &rota, id, view);
                assert_eq!(told.is_some(), network.host(id) == reader);
                for other in told.iter().flat_map(|told| &told.others) {
                    check(&case, reader, &words, other.consultant, &other.reasons);
                    let theirs = network.consultant(other.consultant).employer() == reader;
                    assert!(theirs || other.price.is_none());
                    let shown = other.price.iter().flat_map(|p| p.emptied.iter().chain(&p.filled));
                    assert!(shown.into_iter().all(|id| network.host(*id) == reader));
                }
                for one in told.iter().flat_map(|told| &told.suggestions) {
                    let mut shown = one.filled.iter().chain(&one.emptied);
                    assert!(shown.all(|id| network.host(*id) == reader));
                }
            }
        }
    }
}
