//! Networks and rotas to export.

use std::collections::BTreeSet;

use rotashare_core::ids::{ConsultantId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, HalfDay};
use rotashare_io::export::facts::{Change, CoverHalfDay, Facts, GapReason};
use rotashare_io::generate::{self, Shape};

/// The date of the runs.
pub(crate) fn today() -> Date {
    jiff::civil::date(2027, 1, 15)
}

/// A generated network, with names that do harm where they are not escaped.
pub(crate) fn network(shape: &Shape) -> Network {
    let mut draft = generate::network(shape).expect("a network of that shape");
    for (consultant, name) in draft
        .consultants
        .iter_mut()
        .zip(["=HYPERLINK(\"http://x\")", "<b onclick=\"x\">O'Neil</b>"])
    {
        consultant.name = name.to_owned();
        consultant.email = Some("secret@example.org".to_owned());
    }
    for leave in draft.leave.iter_mut().flatten() {
        leave.kind = Some("secret-kind".to_owned());
    }
    let (network, _) = Network::build(&draft).expect("a network without faults");
    network
}

/// A small network.
pub(crate) fn small() -> Network {
    network(&Shape { consultants: 24, sites: 4, specialties: 2, clinics: 20, ..Shape::default() })
}

/// A month of a large lead.
pub(crate) fn large() -> Network {
    let shape = Shape {
        consultants: 1300,
        sites: 24,
        specialties: 30,
        clinics: 1400,
        base_sites: 4,
        ..Shape::default()
    };
    network(&shape)
}

/// Whoever is accredited, at work and free that day, by turns; every ninth place stays empty.
pub(crate) fn rota(network: &Network) -> Rota {
    let mut rota = Rota::empty(network);
    let mut busy: BTreeSet<(ConsultantId, Date)> = BTreeSet::new();
    let mut turn = 0;
    for id in network.session_ids() {
        let session = network.session(id);
        let people = network.accredited(session.specialty());
        for _ in 0..session.places() {
            turn += 1;
            let free = (0..people.len()).map(|step| people[(turn * 7 + step) % people.len()]);
            let mut free = free.filter(|who| {
                network.consultant(*who).at_work(session.date(), session.half_day())
                    && !busy.contains(&(*who, session.date()))
            });
            if let Some(who) = free.next().filter(|_| turn % 9 != 0) {
                busy.insert((who, session.date()));
                rota.add(id, who).expect("a place is left");
            }
        }
    }
    rota
}

/// Facts as the rules might tell them.
pub(crate) fn facts(network: &Network, rota: &Rota) -> Facts {
    let mut facts = Facts::on(today());
    facts.points = vec![
        ("unfilled.must".to_owned(), Points::whole(20_000)),
        ("travel".to_owned(), Points::whole(1234)),
        ("delivery".to_owned(), Points::quarters(5)),
    ];
    for (place, _) in rota.cells().filter(|(_, who)| who.is_none()) {
        let specialty = network.session(place.session).specialty();
        for (index, who) in network.accredited(specialty).iter().enumerate() {
            let (rule, detail) = match index % 3 {
                0 => ("leave", "on leave Mon 1 Mar 2027 to Fri 5 Mar 2027"),
                1 => ("authorisation", "no authority at the host on that day"),
                _ => ("needed-elsewhere", "120 points more"),
            };
            facts.gaps.push(GapReason {
                place,
                consultant: *who,
                rule: rule.to_owned(),
                detail: detail.to_owned(),
            });
        }
    }
    for cover in network.cover() {
        for (index, day) in network.horizon().dates().enumerate() {
            for half in [HalfDay::Am, HalfDay::Pm] {
                facts.cover.push(CoverHalfDay {
                    trust: cover.trust,
                    specialty: cover.specialty,
                    site: cover.site,
                    day,
                    half,
                    keep: cover.keep_on_base,
                    at_work: if index % 7 > 4 { 0 } else { cover.keep_on_base + 3 },
                    away: u32::try_from(index % 5).unwrap_or(0),
                });
            }
        }
    }
    let first = network.session(rota.cells().next().expect("a place").0.session);
    facts.changes = Some(vec![Change {
        session: first.code().to_owned(),
        place: 1,
        kind: "reassigned".to_owned(),
        date: Some(first.date()),
        start: Some(first.span().start().clock()),
        site: Some(network.site(first.site()).code().to_owned()),
        before: Some(network.consultants()[0].code().to_owned()),
        after: Some(network.consultants()[1].code().to_owned()),
    }]);
    facts
}

/// A host: a trust that employs nobody.
pub(crate) fn host(network: &Network) -> TrustId {
    let employs = |id: TrustId| network.consultants().iter().any(|one| one.employer() == id);
    let ids = (0..network.trusts().len()).map(TrustId::new);
    ids.into_iter().find(|id| !employs(*id)).expect("a host")
}
