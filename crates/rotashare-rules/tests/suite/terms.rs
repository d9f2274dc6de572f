//! Every term on an example worked out by hand from the contract.

use rotashare_core::draft::{
    AgreementRow, ClinicRow, ConsultantRow, Draft, PreferenceRow, SessionRow, TravelRow,
};
use rotashare_core::points::Points;
use rotashare_core::time::Part;
use rotashare_core::values::{Hundredths, Pence, Priority, Thousandths};

use crate::draft::*;
use crate::settings::weigh;
use crate::world::{Pairs, World};

fn sessions(rows: &[[&str; 5]], alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&with(|draft| {
        let row =
            |[code, site, date, start, end]: &[&str; 5]| session(code, site, date, start, end);
        draft.sessions = Some(rows.iter().map(row).collect());
        alter(draft);
    }))
}

/// Asserts the whole points of a term for several rotas.
fn costs(world: &World, term: &str, rotas: &[(Pairs<'_>, i64)]) {
    for (pairs, points) in rotas {
        let found = world.points(term, pairs);
        assert_eq!(found, Points::whole(*points), "{term}, {pairs:?}: {found}");
    }
}

#[test]
fn unfilled_by_priority() {
    let world = World::new(&with(|draft| {
        let row = |code, date| session(code, "L1", date, "09:00", "13:00");
        draft.sessions = Some(vec![
            SessionRow {
                priority: Some(Priority::Must),
                consultants: Some(2),
                ..row("M", "2027-03-01")
            },
            row("S", "2027-03-02"),
            SessionRow { priority: Some(Priority::Could), ..row("C", "2027-03-03") },
        ]);
    }));
    costs(&world, "unfilled.must", &[(&[], 20_000), (&[("A", "M")], 10_000)]);
    costs(&world, "unfilled.should", &[(&[], 3000), (&[("A", "S")], 0), (&[("A", "M")], 3000)]);
    costs(&world, "unfilled.could", &[(&[], 500), (&[("B", "C")], 0)]);
}

/// Five Tuesdays of March 2027 at home and at the host, three consultants.
fn series(alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&with(|draft| {
        draft.network.horizon = Some((day("2027-03-01"), day("2027-04-04")));
        draft.consultants.push(consultant("C", "L", "L1"));
        draft.accreditations.push(accreditation("C", "320"));
        draft.clinics = Some(vec![
            clinic("ONE", "L1", "tue", "09:00", "13:00"),
            ClinicRow { consultants: 2, ..clinic("TWO", "L1", "thu", "09:00", "13:00") },
        ]);
        alter(draft);
    }))
}

#[test]
fn continuity_beyond_the_number_at_a_time() {
    let world = series(|_| {});
    let (one, two) = (["ONE@2027-03-02", "ONE@2027-03-09", "ONE@2027-03-16"], "TWO@2027-03-04");
    let next = "TWO@2027-03-11";
    costs(
        &world,
        "continuity",
        &[
            (&[], 0),
            (&[("A", one[0]), ("A", one[1])], 0),
            (&[("A", one[0]), ("B", one[1])], 60),
            (&[("A", one[0]), ("B", one[1]), ("C", one[2])], 120),
            (&[("A", two), ("B", two), ("A", next), ("B", next)], 0),
            (&[("A", two), ("B", two), ("A", next), ("C", next)], 60),
            (&[("A", one[0]), ("B", two)], 0),
        ],
    );
}

#[test]
fn named_consultant() {
    let world = series(|draft| {
        draft.clinics.as_mut().expect("clinics")[1].named_consultant = vec!["A".into(), "C".into()];
    });
    let two = "TWO@2027-03-04";
    costs(
        &world,
        "named",
        &[
            (&[], 0),
            (&[("A", two), ("C", two)], 0),
            (&[("A", two), ("B", two)], 40),
            (&[("B", "ONE@2027-03-02")], 0),
        ],
    );
}

#[test]
fn dark_clinic_third_in_a_row_and_later() {
    let world = series(|draft| {
        draft.clinics.as_mut().expect("clinics").truncate(1);
    });
    let on = ["ONE@2027-03-02", "ONE@2027-03-09", "ONE@2027-03-16", "ONE@2027-03-23"];
    costs(
        &world,
        "dark_clinic",
        &[
            // Of five in a row the third, fourth and fifth.
            (&[], 600),
            (&[("A", on[0])], 400),
            (&[("A", on[1])], 200),
            (&[("A", on[2])], 0),
            (&[("A", on[3])], 200),
        ],
    );
    // With two places one filled is not dark.
    let world = series(|draft| {
        draft.clinics.as_mut().expect("clinics").remove(0);
    });
    costs(&world, "dark_clinic", &[(&[], 600), (&[("B", "TWO@2027-03-18")], 0)]);
}

#[test]
fn travel_once_for_a_date_and_site() {
    let rows = [
        ["AM", "H1", "2027-03-02", "08:00", "10:00"],
        ["PM", "H1", "2027-03-02", "10:00", "12:00"],
        ["L2", "L2", "2027-03-02", "14:00", "16:00"],
        ["NEXT", "H1", "2027-03-03", "08:00", "10:00"],
        ["HOME", "L1", "2027-03-04", "08:00", "10:00"],
    ];
    let world = sessions(&rows, |_| {});
    costs(
        &world,
        "travel",
        &[
            (&[("A", "AM")], 120),
            (&[("A", "AM"), ("A", "PM")], 120),
            (&[("A", "AM"), ("A", "NEXT")], 240),
            (&[("A", "AM"), ("B", "PM")], 240),
            (&[("A", "AM"), ("A", "L2")], 160),
            (&[("A", "HOME")], 0),
        ],
    );
    // The way back may take another time; a row for a time of day does not count here.
    let world = sessions(&rows, |draft| {
        let late = TravelRow {
            depart_from: Some(at("07:00")),
            depart_to: Some(at("10:00")),
            ..way("L1", "H1", 90)
        };
        draft.travel.as_mut().expect("travel").extend([way("H1", "L1", 45), late]);
        weigh(draft, "travel", 3);
    });
    costs(&world, "travel", &[(&[("A", "AM"), ("A", "PM")], 315)]);
}

#[test]
fn travel_by_the_straight_line() {
    // 15.62 miles in a straight line, 19.5 by road, 39.06 minutes: 40 each way.
    let world = sessions(&[["S1", "H1", "2027-03-02", "08:00", "10:00"]], |draft| {
        draft.travel = None;
        for (row, at) in
            draft.sites.iter_mut().zip([(51.5035, -0.0868), (51.5035, -0.0868), (51.4350, 0.2587)])
        {
            (row.latitude, row.longitude) = (Some(at.0), Some(at.1));
        }
    });
    costs(&world, "travel", &[(&[("A", "S1")], 80)]);
}

#[test]
fn split_day_for_each_site_beyond_the_first() {
    let rows = [
        ["S1", "L1", "2027-03-02", "08:00", "09:00"],
        ["S2", "L2", "2027-03-02", "10:00", "11:00"],
        ["S3", "H1", "2027-03-02", "13:00", "14:00"],
        ["S4", "H1", "2027-03-02", "14:00", "15:00"],
        ["S5", "L2", "2027-03-03", "10:00", "11:00"],
    ];
    let world = sessions(&rows, |_| {});
    costs(
        &world,
        "split_day",
        &[
            (&[("A", "S3"), ("A", "S4")], 0),
            (&[("A", "S1"), ("A", "S2")], 30),
            (&[("A", "S1"), ("A", "S2"), ("A", "S3"), ("A", "S4")], 60),
            (&[("A", "S1"), ("A", "S5"), ("B", "S2")], 0),
        ],
    );
}

#[test]
fn fairness_is_rounded_for_each_away_day() {
    let rows = [
        ["S1", "H1", "2027-03-01", "08:00", "09:00"],
        ["S2", "H1", "2027-03-01", "09:00", "10:00"],
        ["S3", "H1", "2027-03-03", "08:00", "09:00"],
        ["S4", "H1", "2027-03-08", "08:00", "09:00"],
        ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
    ];
    let all: Pairs<'_> = &[("A", "S1"), ("A", "S2"), ("A", "S3"), ("A", "S4"), ("A", "HOME")];
    let two: Pairs<'_> = &[("A", "S1"), ("A", "S3")];
    let world = |fte, before: Option<u32>| {
        sessions(&rows, |draft| {
            draft.consultants[0].fte = Thousandths(fte);
            let mut row = history("A");
            row.away_days = before;
            draft.history = before.map(|_| vec![row]);
        })
    };
    // 0 + 10 + 20
    costs(
        &world(1000, None),
        "fairness",
        &[(&[("A", "S1"), ("A", "S2")], 0), (two, 10), (all, 30)],
    );
    // 0 + round(16.67) + round(33.33)
    costs(&world(600, None), "fairness", &[(two, 17), (all, 50)]);
    // 0 + round(12.5) + 25
    costs(&world(800, None), "fairness", &[(two, 13), (all, 38)]);
    // round(20 / 0.6) + round(30 / 0.6) + round(40 / 0.6) = 33 + 50 + 67
    costs(&world(600, Some(2)), "fairness", &[(&[("A", "HOME")], 0), (two, 83), (all, 150)]);
}

#[test]
fn delivery_in_quarters_of_an_hour() {
    let rows = [
        ["S1", "L1", "2027-03-01", "08:00", "12:00"],
        ["S2", "L1", "2027-03-02", "08:00", "11:45"],
        // 127 minutes are eight quarters of an hour, 128 are nine.
        ["S3", "L1", "2027-03-03", "08:00", "10:07"],
        ["S4", "L1", "2027-03-04", "08:00", "10:08"],
    ];
    let world = sessions(&rows, |draft| {
        weigh(draft, "delivery", 5);
        draft.consultants[0].target_hours = Some(360);
    });
    // Twenty-four quarters of an hour are aimed at; each costs 1.25.
    for (pairs, quarters) in [
        (&[][..], 24 * 5),
        (&[("A", "S1")], 8 * 5),
        (&[("A", "S2")], 9 * 5),
        (&[("A", "S3")], 16 * 5),
        (&[("A", "S4")], 15 * 5),
        (&[("A", "S1"), ("A", "S2")], 7 * 5),
        (&[("A", "S1"), ("A", "S3")], 0),
        (&[("B", "S1")], 24 * 5),
    ] {
        assert_eq!(world.points("delivery", pairs), Points::quarters(quarters), "{pairs:?}");
    }
    assert!(!world.problem.counts_in_whole_points());
    assert_eq!(world.points("delivery", &[("A", "S2")]).to_string(), "11.25");
    let usual = sessions(&rows, |draft| draft.consultants[0].target_hours = Some(360));
    costs(&usual, "delivery", &[(&[], 24), (&[("A", "S1"), ("A", "S2")], 7)]);
    assert!(usual.problem.counts_in_whole_points());
}

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

/// `ONE` is published with A; `TWO`, with two places, with A and nobody.
fn given_out(alter: impl FnOnce(&mut Draft)) -> Draft {
    with(|draft| {
        draft.consultants.push(consultant("C", "L", "L1"));
        draft.accreditations.push(accreditation("C", "320"));
        let two = session("TWO", "L1", "2027-03-03", "09:00", "13:00");
        draft.sessions = Some(vec![
            session("ONE", "L1", "2027-03-02", "09:00", "13:00"),
            SessionRow { consultants: Some(2), ..two },
        ]);
        draft.published = Some(vec![
            published("ONE", 1, Some("A")),
            published("TWO", 1, Some("A")),
            published("TWO", 2, None),
        ]);
        alter(draft);
    })
}

#[test]
fn change_of_a_published_place() {
    let world = World::new(&given_out(|_| {}));
    costs(
        &world,
        "change",
        &[
            (&[], 0),
            (&[("A", "ONE"), ("A", "TWO"), ("B", "TWO")], 0),
            (&[("B", "ONE")], 50),
            // The newcomer takes the empty place.
            (&[("B", "TWO")], 0),
            (&[("B", "TWO"), ("C", "TWO")], 50),
            (&[("B", "ONE"), ("B", "TWO"), ("C", "TWO")], 100),
        ],
    );
}

#[test]
fn change_inside_the_notice_period_costs_four_times() {
    let ill = given_out(|draft| {
        draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-03")]);
    });
    let world = World::on(&ill, day("2027-02-20"));
    costs(&world, "change", &[(&[("B", "ONE")], 200), (&[("B", "TWO"), ("C", "TWO")], 200)]);
    // The first day outside: 42 days from 20 January is 3 March.
    let world = World::on(&ill, day("2027-01-20"));
    let both: Pairs<'_> = &[("B", "ONE"), ("B", "TWO"), ("C", "TWO")];
    costs(&world, "change", &[(both, 250)]);
}

#[test]
fn agreement_shortfall() {
    let rows = [
        ["S1", "H1", "2027-03-01", "08:00", "09:00"],
        ["S2", "H1", "2027-03-01", "09:00", "10:00"],
        ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
    ];
    let world = sessions(&rows, |draft| {
        let back = AgreementRow { min_sessions: Some(2), ..agreement("G2", "H", "L") };
        let row = AgreementRow { min_sessions: Some(3), ..agreement("G1", "L", "H") };
        draft.agreements = Some(vec![row, back]);
    });
    // The host lends nobody: two sessions short whatever is done.
    costs(
        &world,
        "agreement_shortfall",
        &[(&[], 750), (&[("A", "S1"), ("A", "HOME")], 600), (&[("A", "S1"), ("B", "S2")], 450)],
    );
}

#[test]
fn shared_shortfall_counts_from_the_second() {
    let world = World::new(&with(|draft| {
        let row = |code, site| session(code, site, "2027-03-01", "08:00", "10:00");
        draft.sessions = Some(vec![
            SessionRow { consultants: Some(2), ..row("H-A", "H1") },
            row("H-B", "H1"),
            row("L-A", "L1"),
            SessionRow { specialty: "330".into(), ..row("H-SKIN", "H1") },
        ]);
    }));
    costs(
        &world,
        "shared_shortfall",
        &[
            // Three at H1 in 320: 0 + 25 + 50. One each at L1 and in 330: nothing.
            (&[], 75),
            (&[("A", "H-B")], 25),
            (&[("A", "L-A")], 75),
            (&[("A", "H-A"), ("B", "H-A")], 0),
        ],
    );
}

#[test]
fn cost_is_rounded_for_each_place() {
    let rows = [
        ["S1", "H1", "2027-03-01", "08:00", "09:00"],
        ["S2", "H1", "2027-03-01", "09:00", "10:00"],
        ["HOME", "L1", "2027-03-09", "08:00", "09:00"],
    ];
    let world = |alter: fn(&mut Draft)| {
        sessions(&rows, |draft| {
            draft.agreements = Some(vec![agreement("G1", "L", "H")]);
            weigh(draft, "cost", 2);
            alter(draft);
        })
    };
    let both: Pairs<'_> = &[("A", "S1"), ("A", "S2")];
    // £400 and 2 × 30 miles at 56p: £433.60, which is 434.
    let usual = world(|_| {});
    costs(&usual, "cost", &[(&[("A", "HOME")], 0), (&[("A", "S1")], 868), (both, 1736)]);
    // 2 × 12.34 miles at 56p: £13.82; with £400.49 it is £414.31.
    let listed = world(|draft| {
        draft.travel.as_mut().expect("travel")[1].miles = Some(Hundredths(1234));
        draft.agreements.as_mut().expect("agreements")[0].price_per_session = Some(Pence(40_049));
    });
    costs(&listed, "cost", &[(both, 1656)]);
    let free = world(|draft| {
        let row = &mut draft.agreements.as_mut().expect("agreements")[0];
        (row.price_per_session, row.mileage_pence) = (None, None);
    });
    costs(&free, "cost", &[(both, 0)]);
}

#[test]
fn people_used() {
    let rows = [
        ["S1", "L1", "2027-03-01", "08:00", "09:00"],
        ["S2", "L1", "2027-03-02", "08:00", "09:00"],
    ];
    let world = sessions(&rows, |draft| weigh(draft, "people_used", 7));
    let (one, two) = (&[("A", "S1"), ("A", "S2")], &[("A", "S1"), ("B", "S2")]);
    costs(&world, "people_used", &[(&[], 0), (one, 7), (two, 14)]);
}

#[test]
fn friday_afternoon_away() {
    let rows = [
        ["PM", "H1", "2027-03-05", "13:00", "15:00"],
        ["LATE", "H1", "2027-03-05", "15:00", "17:00"],
        ["NOON", "H1", "2027-03-05", "12:59", "15:00"],
        ["HOME", "L1", "2027-03-05", "13:00", "15:00"],
        ["THU", "H1", "2027-03-04", "13:00", "15:00"],
    ];
    let world = sessions(&rows, |_| {});
    costs(
        &world,
        "friday_pm",
        &[
            (&[("A", "PM"), ("A", "THU")], 5),
            (&[("A", "PM"), ("A", "LATE")], 10),
            (&[("A", "NOON")], 0),
            (&[("A", "HOME")], 0),
        ],
    );
}

#[test]
fn first_day_back_after_three_days_of_leave() {
    let rows = [
        ["MON", "H1", "2027-03-08", "09:00", "12:00"],
        ["TUE", "H1", "2027-03-09", "09:00", "12:00"],
        ["HOME", "L1", "2027-03-09", "13:30", "15:00"],
        ["WED", "H1", "2027-03-10", "09:00", "12:00"],
    ];
    let world = |spans: &[(&str, &str)], alter: fn(&mut ConsultantRow)| {
        sessions(&rows, |draft| {
            draft.leave = Some(spans.iter().map(|(from, to)| leave("A", from, to)).collect());
            alter(&mut draft.consultants[0]);
        })
    };
    let (tue, wed, mon): (Pairs<'_>, Pairs<'_>, Pairs<'_>) =
        (&[("A", "TUE")], &[("A", "WED")], &[("A", "MON")]);
    // Friday to Monday is four days.
    let long = world(&[("2027-03-05", "2027-03-08")], |_| {});
    costs(&long, "first_day_back", &[(tue, 10), (wed, 0), (&[("A", "HOME")], 0)]);
    costs(&long, "first_day_back", &[(&[("B", "TUE")], 0)]);
    // Two days, though no work between Wednesday and Monday.
    let short = world(&[("2027-03-04", "2027-03-05")], |_| {});
    costs(&short, "first_day_back", &[(mon, 0), (tue, 0)]);
    // Thursday, Friday and, after the weekend, Monday.
    let apart = world(&[("2027-03-04", "2027-03-05"), ("2027-03-08", "2027-03-08")], |_| {});
    costs(&apart, "first_day_back", &[(tue, 10)]);
    // Back on a Wednesday where Tuesday is a day off.
    let part_time = world(&[("2027-03-04", "2027-03-08")], |row| {
        row.working_days = "M-WTF--".parse().expect("days");
    });
    costs(&part_time, "first_day_back", &[(wed, 10)]);
}
