//! Two people swap what keeps one of them from an empty place.

use rotashare_core::draft::Draft;
use rotashare_core::rota::Rota;
use rotashare_explain::{Case, Change, Explanation, View, advice, session};
use rotashare_io::read_dataset;
use rotashare_rules::audit::audit;

use crate::common::case;

/// A lender of two cardiologists, a host with a clinic on Tuesdays, a fortnight.
const FILES: [(&str, &str); 8] = [
    ("network.toml", "name = \"Two\"\n[horizon]\nfrom = 2027-03-01\nto = 2027-03-14\n"),
    ("trusts.csv", "trust,name\nL,Lender\nH,Host\n"),
    ("sites.csv", "site,trust,name\nL1,L,Lender\nH1,H,Host\n"),
    ("travel.csv", "from_site,to_site,minutes\nL1,H1,30\n"),
    (
        "consultants.csv",
        "consultant,name,trust,base_site,max_away_days_per_week\n\
         A,Dr Ann Ash,L,L1,\nB,Dr Bob Birch,L,L1,0\n",
    ),
    ("accreditations.csv", "consultant,specialty\nA,320\nB,320\n"),
    (
        "clinics.csv",
        "clinic,site,specialty,weekday,start,end,consultants\nC,H1,320,tue,09:00,12:00,1\n",
    ),
    ("authorisations.csv", "consultant,trust\nA,H\n"),
];

/// The dataset with more files, or other ones.
fn dataset(more: &[(&str, &str)]) -> Draft {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in FILES.iter().chain(more) {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let reading = read_dataset(folder.path()).expect("a folder");
    assert_eq!(reading.faults, []);
    reading.draft
}

fn rota(case: &Case, pairs: &[(&str, &str)]) -> Rota {
    let network = case.network();
    let mut rota = Rota::empty(network);
    for (session, who) in pairs {
        let session = network.find_session(session).expect("a session");
        rota.add(session, network.find_consultant(who).expect("a person")).expect("a place");
    }
    assert_eq!(audit(network, case.book(), &rota).breaches(), []);
    rota
}

fn explained(case: &Case, rota: &Rota, code: &str, view: View) -> Explanation {
    let id = case.network().find_session(code).expect("a session");
    session(case, rota, id, view).expect("it is shown")
}

/// The words and edits of suggestions, each of one change, that are swaps.
fn swaps(case: &Case, told: &Explanation) -> Vec<[String; 2]> {
    let is_swap =
        |change: &Change| matches!(change, Change::SwapOnCall { .. } | Change::HandOver { .. });
    let swaps = told.suggestions.iter().filter(|one| one.changes.iter().all(is_swap));
    swaps
        .map(|one| {
            let changed = case.changed(&one.changes).expect("a sound dataset");
            let verdict = audit(changed.network(), changed.book(), &one.rota);
            assert_eq!(verdict.breaches(), []);
            assert!(one.rota.consultants(told.session).next().is_some());
            [one.title(case), one.changes[0].edit(case.draft())]
        })
        .collect()
}

const HOT_WEEKS: (&str, &str) = (
    "on_call.csv",
    "consultant,from,to,kind\nA,2027-03-01,2027-03-07,hot-week\nB,2027-03-08,2027-03-14,hot-week\n",
);

#[test]
fn hot_weeks_of_two_colleagues() {
    // A's other Tuesday is cancelled, so that the swap costs nothing.
    let cancelled = ("clinic_changes.csv", "clinic,date,change\nC,2027-03-09,cancel\n");
    let case = case(dataset(&[HOT_WEEKS, cancelled]));
    let nobody = rota(&case, &[]);
    let told = explained(&case, &nobody, "C@2027-03-02", View::default());
    assert_eq!(
        swaps(&case, &told),
        [[
            "swap two hot weeks: Dr Bob Birch (B) takes Mon 1 Mar 2027 to Sun 7 Mar 2027, Dr Ann Ash (A) \
             takes Mon 8 Mar 2027 to Sun 14 Mar 2027"
                .to_owned(),
            "on_call.csv, line 2: consultant B, and line 3: consultant A".to_owned()
        ]]
    );
    let whole = advice(&case, &nobody, View::default());
    assert!(
        whole.suggestions.iter().any(|one| {
            matches!(one.changes[..], [Change::SwapOnCall { .. }]) && one.fills == 1
        })
    );
    // The host does not hear of the lender's on-call rota.
    let host = View(case.network().find_trust("H"));
    assert_eq!(explained(&case, &nobody, "C@2027-03-02", host).suggestions, []);
}

#[test]
fn no_swap_with_somebody_who_is_on_leave_or_on_call_then() {
    let with = |more: &[(&str, &str)]| {
        let case = case(dataset(&[&[HOT_WEEKS], more].concat()));
        let told = explained(&case, &rota(&case, &[]), "C@2027-03-02", View::default());
        swaps(&case, &told).len()
    };
    let leave = "consultant,from,to\nB,2027-03-05,2027-03-05\n";
    assert_eq!(with(&[("leave.csv", leave)]), 0);
    let other = "consultant,from,to,kind\nA,2027-03-01,2027-03-07,hot-week\n\
                 B,2027-03-08,2027-03-14,hot-week\nB,2027-03-03,2027-03-04,on-call\n";
    assert_eq!(with(&[("on_call.csv", other)]), 0);
    let shorter = "consultant,from,to,kind\nA,2027-03-01,2027-03-07,hot-week\n\
                   B,2027-03-08,2027-03-12,hot-week\n";
    assert_eq!(with(&[("on_call.csv", shorter)]), 0);
}

#[test]
fn a_session_given_out_goes_to_a_colleague() {
    let home = "session,site,specialty,date,start,end\nHOME,L1,320,2027-03-02,09:00,12:00\n";
    let given_out = "session,consultant\nHOME,A\n";
    let case = case(dataset(&[("sessions.csv", home), ("published.csv", given_out)]));
    // The date of the run is the 4th of January.
    let book = case.book();
    assert!(book.whole("notice", "days").is_some_and(|days| days < 57));
    let far = explained(&case, &rota(&case, &[("HOME", "A")]), "C@2027-03-02", View::default());
    assert_eq!(swaps(&case, &far), [] as [[String; 2]; 0], "outside the notice a plan moves it");

    let notice = "name = \"Two\"\n[horizon]\nfrom = 2027-03-01\nto = 2027-03-14\n\
                  [rules.notice]\ndays = 90\n";
    let files = [("sessions.csv", home), ("published.csv", given_out), ("network.toml", notice)];
    let case = crate::common::case(dataset(&files));
    let told = explained(&case, &rota(&case, &[("HOME", "A")]), "C@2027-03-02", View::default());
    assert_eq!(
        swaps(&case, &told),
        [[
            "let Dr Bob Birch (B) do HOME instead of Dr Ann Ash (A)".to_owned(),
            "pins.csv, a new line: session HOME, consultant A, pin no; and another: session HOME, \
             consultant B, pin yes"
                .to_owned()
        ]]
    );
}
