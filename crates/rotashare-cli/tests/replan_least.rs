//! Somebody of the flagship falls ill for a week from tomorrow: only what must change changes.

use std::path::Path;

use rotashare_core::draft::{Draft, LeaveRow, RotaRow};
use rotashare_core::ids::ConsultantId;
use rotashare_core::network::Network;
use rotashare_core::points::Points;
use rotashare_core::rota::Rota;
use rotashare_core::time::{Date, Part, days_after};
use rotashare_rules::audit::audit;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_rules::registry;
use rotashare_rules::rulebook::Rulebook;
use rotashare_solve::local::{Effort, improve};
use rotashare_solve::{Compact, NoWatch, Solver, Stop, solve};

const TODAY: Date = Date::constant(2027, 3, 1);

fn flagship() -> Draft {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/gstt-dartford");
    rotashare_io::read_dataset(&folder).expect("the flagship is there").draft
}

fn network(draft: &Draft) -> (Network, Rulebook) {
    let (network, _) = Network::build(draft).expect("the draft has no faults");
    let book = Rulebook::new(&network, TODAY).expect("the settings are right");
    (network, book)
}

/// The best rota by a book, proven.
fn best(network: &Network, book: &Rulebook) -> (Rota, Points) {
    let problem = compile(network, book);
    let engine = Compact::new(Solver::Microlp);
    let solution = solve(&problem, &engine, &Stop::default(), &NoWatch, 1).expect("a rota");
    assert!(solution.is_proven());
    (rota_of(network, &problem, &solution.chosen), solution.objective)
}

fn published(network: &Network, rota: &Rota) -> Vec<RotaRow> {
    let row = |(place, who): (rotashare_core::rota::Place, Option<ConsultantId>)| RotaRow {
        line: 0,
        session: network.session(place.session).code().to_owned(),
        place: place.number,
        consultant: who.map(|who| network.consultant(who).code().to_owned()),
        date: None,
        start: None,
        end: None,
        site: None,
        specialty: None,
        clinic: None,
    };
    rota.cells().map(row).collect()
}

/// The points of the empty places, and the rest of what a book counts.
fn empty_and_rest(network: &Network, book: &Rulebook, rota: &Rota) -> (Points, Points) {
    let verdict = audit(network, book, rota);
    assert_eq!(verdict.breaches(), []);
    let empty = verdict.terms().iter().filter(|(term, _)| term.starts_with("unfilled."));
    let empty: Points = empty.map(|(_, points)| *points).sum();
    (empty, verdict.objective() - empty)
}

#[test]
fn only_what_must_change_changes() {
    let mut draft = flagship();
    let (before, book) = network(&draft);
    let problem = compile(&before, &book);
    let chosen = improve(&problem, None, Effort::Quick, &Stop::default()).expect("a rota");
    let given_out = rota_of(&before, &problem, &chosen);
    draft.published = Some(published(&before, &given_out));

    // Those with the most to do that week.
    let (first, last) = (days_after(TODAY, 1), days_after(TODAY, 7));
    let mut busy: Vec<(usize, ConsultantId)> = before
        .consultant_ids()
        .zip(given_out.by_consultant(&before))
        .map(|(who, month)| {
            let that_week = |id: &&_| (first..=last).contains(&before.session(**id).date());
            (month.iter().filter(that_week).count(), who)
        })
        .collect();
    busy.sort_unstable_by(|a, b| b.cmp(a));

    for (sessions, ill) in busy.into_iter().take(3) {
        assert!(sessions > 0);
        let mut draft = draft.clone();
        draft.leave.get_or_insert_default().push(LeaveRow {
            line: 0,
            consultant: before.consultant(ill).code().to_owned(),
            from: first,
            to: last,
            part: Part::All,
            kind: None,
        });
        let (after, book) = network(&draft);
        let (rota, _) = best(&after, &book);

        // What counts only empty places, as before, and each change as 1 (4 inside the notice).
        let mut least = book.clone();
        for weight in registry::weights().filter(|w| !w.term.starts_with("unfilled.")) {
            least = least.with_weight(weight.term, i64::from(weight.term == "change"));
        }
        let (fewest, _) = best(&after, &least);
        let (empty, changes) = empty_and_rest(&after, &least, &rota);
        assert_eq!(
            (empty, changes),
            empty_and_rest(&after, &least, &fewest),
            "as many places can be filled with fewer changes"
        );

        // Nobody else's cell is touched, but where what is left can't stand together.
        let kept = rotashare_rules::rules::notice::kept_places(rotashare_rules::rule::Context {
            network: &after,
            book: &book,
        });
        assert!(kept.iter().all(|(session, who)| rota.has(*session, *who)));
        assert!(given_out.assignments().filter(|pair| !kept.contains(pair)).count() <= 12);
    }
}
