//! Rules that concern one person's own time: a rota that keeps each, one that breaks it.

use rotashare_core::draft::{
    AccreditationRow, ConsultantRow, Draft, JobPlanRow, LeaveRow, OnCallRow, Setting, TravelRow,
};
use rotashare_core::time::{Part, days_after};
use rotashare_core::values::{Firmness, OnCallKind};

use crate::draft::*;
use crate::settings::{set, switch_off};
use crate::world::World;

/// The network of [`with`] with these sessions: code, site, date, start, end.
fn sessions(rows: &[[&str; 5]], alter: impl FnOnce(&mut Draft)) -> World {
    World::new(&with(|draft| {
        let row =
            |[code, site, date, start, end]: &[&str; 5]| session(code, site, date, start, end);
        draft.sessions = Some(rows.iter().map(row).collect());
        alter(draft);
    }))
}

#[test]
fn one_place() {
    let rows = [
        ["S1", "L1", "2027-03-02", "09:00", "13:00"],
        ["S2", "L1", "2027-03-02", "12:59", "16:00"],
        ["S3", "L1", "2027-03-02", "13:00", "17:00"],
        ["S4", "L1", "2027-03-02", "20:00", "08:00"],
        ["S5", "L1", "2027-03-03", "07:00", "09:00"],
    ];
    let world = sessions(&rows, |_| {});
    world.keeps(&[("A", "S1"), ("A", "S3"), ("B", "S2")]);
    world.breaks(&[("A", "S1"), ("A", "S2")], "one-place", &["S1 overlaps S2"]);
    world.breaks(&[("A", "S4"), ("A", "S5")], "one-place", &["S4 overlaps S5"]);
    let world = sessions(&rows, |draft| switch_off(draft, "one-place"));
    world.keeps(&[("A", "S1"), ("A", "S2")]);
}

#[test]
fn one_place_twice_in_a_session() {
    let row = ["S1", "L1", "2027-03-02", "09:00", "13:00"];
    let world = sessions(&[row], |draft| {
        draft.sessions.as_mut().expect("sessions")[0].consultants = Some(2);
    });
    let verdict = world.audit(&world.rota(&[("A", "S1"), ("A", "S1")]));
    let details: Vec<&str> = verdict.breaches().iter().map(|b| b.detail.as_str()).collect();
    assert_eq!(details, ["has two places of S1"]);
    world.keeps(&[("A", "S1"), ("B", "S1")]);
}

#[test]
fn one_place_with_a_published_night_before_the_horizon() {
    let rows = [
        ["S1", "L1", "2027-03-01", "07:00", "09:00"],
        ["S2", "L1", "2027-03-01", "19:00", "21:00"],
    ];
    let world = sessions(&rows, |draft| {
        let night = published_at("A", "L1", "2027-02-28", ("20:00", "08:00"));
        draft.published = Some(vec![night]);
    });
    world.breaks(&[("A", "S1")], "one-place", &["Sun 28 Feb 2027 20:00"]);
    world.keeps(&[("A", "S2"), ("B", "S1")]);
}

#[test]
fn travel_time() {
    let rows = [
        ["S1", "L1", "2027-03-02", "09:00", "12:00"],
        ["S2", "H1", "2027-03-02", "13:14", "17:00"],
        ["S3", "H1", "2027-03-02", "13:15", "17:00"],
        ["S4", "L1", "2027-03-02", "12:00", "14:00"],
    ];
    let world = sessions(&rows, |_| {});
    world.keeps(&[("A", "S1"), ("A", "S3")]);
    world.keeps(&[("A", "S1"), ("A", "S4")]);
    let said = ["Tue 2 Mar 2027 12:00 to 13:14: 60 minutes from L1 to H1"];
    world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &said);
    let slack = |minutes| {
        move |draft: &mut Draft| {
            set(draft, "travel-time", "slack_minutes", Setting::Whole(minutes));
        }
    };
    sessions(&rows, slack(14)).keeps(&[("A", "S1"), ("A", "S2")]);
    sessions(&rows, slack(16)).breaks(&[("A", "S1"), ("A", "S3")], "travel-time", &["60 minutes"]);
    let off = |draft: &mut Draft| switch_off(draft, "travel-time");
    sessions(&rows, off).keeps(&[("A", "S1"), ("A", "S2")]);
}

#[test]
fn travel_time_at_the_hour_of_departure() {
    let rows = [
        ["S1", "L1", "2027-03-02", "09:00", "12:00"],
        ["S2", "H1", "2027-03-02", "13:45", "17:00"],
        ["S3", "L1", "2027-03-02", "09:00", "11:30"],
    ];
    let world = sessions(&rows, |draft| {
        let noon = TravelRow {
            depart_from: Some(at("12:00")),
            depart_to: Some(at("13:00")),
            ..way("L1", "H1", 100)
        };
        draft.travel.as_mut().expect("travel").push(noon);
    });
    world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &["100 minutes from L1 to H1"]);
    world.keeps(&[("A", "S3"), ("A", "S2")]);
}

#[test]
fn travel_time_no_longer_than_a_most() {
    let rows = [
        ["S1", "L1", "2027-03-02", "08:00", "09:00"],
        ["S2", "H1", "2027-03-02", "17:00", "19:00"],
        ["S3", "L2", "2027-03-02", "17:00", "19:00"],
    ];
    let longest = |minutes| {
        move |draft: &mut Draft| {
            set(draft, "travel-time", "max_minutes", Setting::Whole(minutes));
            draft.job_plans = Some(vec![duty("B", "tue", "08:00", "09:00")]);
        }
    };
    let world = sessions(&rows, longest(59));
    world.keeps(&[("A", "S1"), ("A", "S3")]);
    world.keeps(&[("B", "S3")]);
    world.breaks(&[("A", "S1"), ("A", "S2")], "travel-time", &["60 minutes from L1 to H1"]);
    world.breaks(&[("B", "S2")], "travel-time", &["duty at L1 from Tue 2 Mar 2027 08:00"]);
    sessions(&rows, longest(60)).keeps(&[("A", "S1"), ("A", "S2")]);
}

#[test]
fn on_leave() {
    let rows = [
        ["AM", "L1", "2027-03-02", "09:00", "13:00"],
        ["OVER", "L1", "2027-03-02", "12:00", "13:01"],
        ["PM", "L1", "2027-03-02", "13:00", "17:00"],
        ["NIGHT", "L1", "2027-03-01", "20:00", "00:30"],
        ["NEXT", "L1", "2027-03-03", "09:00", "13:00"],
    ];
    let on_leave = |part| {
        move |draft: &mut Draft| {
            draft.leave = Some(vec![LeaveRow { part, ..leave("A", "2027-03-02", "2027-03-02") }]);
        }
    };
    let world = sessions(&rows, on_leave(Part::Am));
    world.keeps(&[("A", "PM"), ("B", "AM")]);
    for code in ["AM", "OVER", "NIGHT"] {
        world.breaks(&[("A", code)], "leave", &["on leave Tue 2 Mar 2027 (mornings)"]);
    }
    let world = sessions(&rows, on_leave(Part::Pm));
    world.keeps(&[("A", "AM")]);
    world.keeps(&[("A", "NIGHT")]);
    for code in ["OVER", "PM"] {
        world.breaks(&[("A", code)], "leave", &["(afternoons)"]);
    }
    let world = sessions(&rows, on_leave(Part::All));
    world.keeps(&[("A", "NEXT"), ("B", "OVER")]);
    world.breaks(&[("A", "AM"), ("B", "OVER")], "leave", &["on leave Tue 2 Mar 2027"]);
    sessions(&rows, |draft| {
        on_leave(Part::All)(draft);
        switch_off(draft, "leave");
    })
    .keeps(&[("A", "AM")]);
}

#[test]
fn working_days() {
    let rows = [
        ["FRI", "L1", "2027-03-05", "09:00", "13:00"],
        ["SAT", "L1", "2027-03-06", "09:00", "13:00"],
        ["MON", "L1", "2027-03-08", "09:00", "13:00"],
    ];
    let world = sessions(&rows, |draft| {
        let active = |from, to| move |row: &mut ConsultantRow| row.active = valid(from, to);
        active("", "2027-03-07")(&mut draft.consultants[0]);
        active("2027-03-06", "")(&mut draft.consultants[1]);
        draft.consultants[1].working_days = "MTWTFSS".parse().expect("days");
    });
    world.keeps(&[("A", "FRI"), ("B", "SAT"), ("B", "MON")]);
    world.breaks(&[("A", "SAT")], "working-days", &["does not work on a saturday"]);
    world.breaks(&[("A", "MON")], "working-days", &["not there after Sun 7 Mar 2027"]);
    world.breaks(&[("B", "FRI")], "working-days", &["not there before Sat 6 Mar 2027"]);
}

#[test]
fn fixed_duty() {
    let rows = [
        ["OVER", "L1", "2027-03-02", "11:59", "13:00"],
        ["SAME", "L1", "2027-03-02", "12:00", "13:00"],
        ["SOON", "H1", "2027-03-02", "13:14", "17:00"],
        ["LATE", "H1", "2027-03-02", "13:15", "17:00"],
        ["NEXT", "L1", "2027-03-09", "09:00", "13:00"],
    ];
    let duties = |alter: fn(&mut JobPlanRow)| {
        move |draft: &mut Draft| {
            let mut row = duty("A", "tue", "09:00", "12:00");
            alter(&mut row);
            draft.job_plans = Some(vec![row]);
        }
    };
    let world = sessions(&rows, duties(|row| row.weeks = weeks("nth:1")));
    world.keeps(&[("A", "SAME"), ("A", "NEXT"), ("B", "OVER")]);
    world.keeps(&[("A", "LATE")]);
    let said = ["fixed duty DCC Tue 2 Mar 2027 09:00–12:00 at L1"];
    world.breaks(&[("A", "OVER")], "fixed-duty", &said);
    world.breaks(&[("A", "SOON")], "fixed-duty", &said);
    sessions(&rows, duties(|row| row.firmness = Firmness::Movable)).keeps(&[("A", "OVER")]);
    sessions(&rows, duties(|row| row.valid = valid("2027-03-03", ""))).keeps(&[("A", "OVER")]);
    let elsewhere = sessions(&rows, duties(|row| row.site = Some("H1".into())));
    elsewhere.keeps(&[("A", "SOON")]);
    elsewhere.breaks(&[("A", "SAME")], "fixed-duty", &["at H1"]);
    // Leave in all of it takes a duty away; leave in the morning leaves the afternoon of it.
    let on_leave = |part| {
        sessions(&rows, move |draft| {
            duties(|row| (row.start, row.end) = (at("12:00"), at("14:00")))(draft);
            let row = leave("A", "2027-03-02", "2027-03-02");
            draft.leave = Some(vec![LeaveRow { part, ..row }]);
        })
    };
    let said = ["fixed duty DCC Tue 2 Mar 2027 12:00–14:00 at L1"];
    on_leave(Part::Am).breaks(&[("A", "LATE")], "fixed-duty", &said);
    let night = sessions(&[["WED", "L1", "2027-03-03", "07:00", "09:00"]], |draft| {
        draft.job_plans = Some(vec![duty("A", "tue", "20:00", "08:00")]);
        draft.leave = Some(vec![leave("A", "2027-03-02", "2027-03-02")]);
    });
    night.keeps(&[("A", "WED")]);
}

#[test]
fn fixed_duty_given_up_for_leave() {
    let rows = [["PM", "L1", "2027-03-02", "13:00", "17:00"]];
    let busy = |draft: &mut Draft| {
        draft.job_plans = Some(vec![duty("A", "tue", "09:00", "13:00")]);
        set(draft, "working-time", "average_hours", Setting::Whole(4));
    };
    // Two weeks of four hours: four go to the clinic, four to each duty that is left.
    let said = ["4 hours of sessions and travel, 0 left"];
    sessions(&rows, busy).breaks(&[("A", "PM")], "working-time", &said);
    let on_leave = sessions(&rows, |draft| {
        busy(draft);
        let row = leave("A", "2027-03-02", "2027-03-02");
        draft.leave = Some(vec![LeaveRow { part: Part::Am, ..row }]);
    });
    on_leave.keeps(&[("A", "PM")]);
}

#[test]
fn fixed_duty_that_began_two_days_before() {
    let rows = [["S1", "L1", "2027-03-03", "00:10", "04:00"]];
    let world = sessions(&rows, |draft| {
        let row = JobPlanRow { site: Some("H1".into()), ..duty("A", "mon", "23:30", "23:00") };
        draft.job_plans = Some(vec![row]);
        switch_off(draft, "rest");
    });
    world.breaks(&[("A", "S1")], "fixed-duty", &["Mon 1 Mar 2027 23:30–23:00 at H1"]);
}

#[test]
fn on_call_and_hot_week() {
    let rows = [
        ["MON", "L1", "2027-03-01", "13:00", "17:00"],
        ["INTO", "L1", "2027-03-01", "18:00", "20:01"],
        ["SOON", "L1", "2027-03-02", "18:59", "21:00"],
        ["LATE", "L1", "2027-03-02", "19:00", "21:00"],
        ["NEXT", "L1", "2027-03-08", "00:00", "04:00"],
    ];
    let row = || OnCallRow {
        start: Some(at("20:00")),
        end: Some(at("08:00")),
        ..on_call("A", "2027-03-01", "2027-03-02")
    };
    let world = sessions(&rows, |draft| draft.on_call = Some(vec![row()]));
    world.keeps(&[("A", "MON"), ("A", "LATE"), ("B", "INTO")]);
    let said = ["on call Mon 1 Mar 2027 20:00 to Tue 2 Mar 2027 08:00"];
    world.breaks(&[("A", "INTO")], "on-call", &said);
    world.breaks(&[("A", "SOON")], "on-call", &said);
    let world = sessions(&rows, |draft| {
        draft.on_call = Some(vec![row()]);
        set(draft, "on-call", "rest_hours", Setting::Whole(10));
    });
    world.keeps(&[("A", "SOON")]);
    let world = sessions(&rows, |draft| {
        let row = on_call("A", "2027-03-02", "2027-03-07");
        draft.on_call = Some(vec![OnCallRow { kind: OnCallKind::HotWeek, ..row }]);
    });
    world.keeps(&[("A", "MON"), ("A", "NEXT")]);
    let said = ["hot week Tue 2 Mar 2027 to Sun 7 Mar 2027"];
    world.breaks(&[("A", "LATE")], "on-call", &said);
}

#[test]
fn rest_between_days() {
    let rows = [
        ["EVE", "L1", "2027-03-01", "17:00", "22:00"],
        ["SOON", "L1", "2027-03-02", "08:59", "12:00"],
        ["LATE", "L1", "2027-03-02", "09:00", "12:00"],
        ["SAME", "L1", "2027-03-01", "13:00", "16:00"],
    ];
    let world = sessions(&rows, |_| {});
    world.keeps(&[("A", "SAME"), ("A", "EVE"), ("A", "LATE")]);
    let said = ["from Mon 1 Mar 2027 22:00 to Tue 2 Mar 2027 08:59", "11 hours"];
    world.breaks(&[("A", "EVE"), ("A", "SOON")], "rest", &said);
    let world = sessions(&rows, |draft| set(draft, "rest", "rest_hours", Setting::Whole(10)));
    world.keeps(&[("A", "EVE"), ("A", "SOON")]);
    // A fixed duty the next morning, and one movable.
    let world = sessions(&rows, |draft| {
        let movable =
            JobPlanRow { firmness: Firmness::Movable, ..duty("B", "tue", "08:00", "09:00") };
        draft.job_plans = Some(vec![duty("A", "tue", "08:00", "09:00"), movable]);
    });
    world.breaks(&[("A", "EVE")], "rest", &["to Tue 2 Mar 2027 08:00"]);
    world.keeps(&[("B", "EVE")]);
    // Work before the horizon.
    let world = sessions(&rows, |draft| {
        let evening = published_at("A", "L1", "2027-02-28", ("20:00", "02:01"));
        draft.published = Some(vec![evening]);
    });
    world.breaks(&[("A", "SAME")], "rest", &["from Mon 1 Mar 2027 02:01 to Mon 1 Mar 2027 13:00"]);
}

#[test]
fn rest_after_a_duty_that_began_two_days_before() {
    let rows = [["S1", "L1", "2027-03-03", "08:00", "12:00"]];
    let world = sessions(&rows, |draft| {
        draft.job_plans = Some(vec![duty("A", "mon", "23:30", "23:00")]);
    });
    world.breaks(&[("A", "S1")], "rest", &["from Tue 2 Mar 2027 23:00"]);
    world.keeps(&[("B", "S1")]);
}

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

#[test]
fn max_hours() {
    let rows = [
        ["S1", "L1", "2027-03-02", "08:00", "12:00"],
        ["S2", "H1", "2027-03-03", "09:00", "12:00"],
        ["S3", "H1", "2027-03-03", "13:00", "14:15"],
    ];
    let most = |minutes| move |draft: &mut Draft| draft.consultants[0].max_hours = Some(minutes);
    sessions(&rows, most(495)).keeps(&[("A", "S1"), ("A", "S2"), ("A", "S3")]);
    let world = sessions(&rows, most(494));
    world.keeps(&[("A", "S1"), ("A", "S2"), ("B", "S3")]);
    let said = ["8.25 hours, 8.23 allowed"];
    world.breaks(&[("A", "S1"), ("A", "S2"), ("A", "S3")], "max-hours", &said);
    // With the way from L1 to H1 and back, once for the date: 3 + 1.25 + 2.
    let counted = |minutes| {
        move |draft: &mut Draft| {
            most(minutes)(draft);
            set(draft, "max-hours", "count_travel", Setting::Bool(true));
        }
    };
    sessions(&rows, counted(375)).keeps(&[("A", "S2"), ("A", "S3")]);
    let said = ["6.25 hours"];
    sessions(&rows, counted(374)).breaks(&[("A", "S2"), ("A", "S3")], "max-hours", &said);
}

#[test]
fn max_days_in_any_window() {
    let rows = [
        ["MON", "L1", "2027-03-01", "09:00", "12:00"],
        ["MON2", "L1", "2027-03-01", "13:00", "16:00"],
        ["TUE", "L1", "2027-03-02", "09:00", "12:00"],
        ["WED", "L1", "2027-03-03", "09:00", "12:00"],
        ["THU", "L1", "2027-03-04", "09:00", "12:00"],
    ];
    let window = |draft: &mut Draft| {
        set(draft, "max-days", "window_days", Setting::Whole(3));
        set(draft, "max-days", "max", Setting::Whole(2));
    };
    let world = sessions(&rows, window);
    world.keeps(&[("A", "MON"), ("A", "MON2"), ("A", "TUE"), ("A", "THU")]);
    let said = ["3 working days from Mon 1 Mar 2027 to Wed 3 Mar 2027 (2 allowed)"];
    world.breaks(&[("A", "MON"), ("A", "TUE"), ("A", "WED")], "max-days", &said);
    sessions(&rows, |_| {}).keeps(&[("A", "MON"), ("A", "TUE"), ("A", "WED")]);
    // Fixed duties count, also those on a date with a session.
    let world = sessions(&rows, |draft| {
        window(draft);
        draft.job_plans = Some(vec![duty("A", "tue", "14:00", "16:00")]);
    });
    world.keeps(&[("A", "MON"), ("A", "TUE"), ("A", "THU")]);
    let said = ["3 working days from Mon 1 Mar 2027 to Wed 3 Mar 2027"];
    world.breaks(&[("A", "MON"), ("A", "WED")], "max-days", &said);
    // So do the days before the horizon.
    let world = sessions(&rows, |draft| {
        window(draft);
        draft.published = Some(vec![published_at("A", "L1", "2027-02-28", ("09:00", "12:00"))]);
    });
    world.keeps(&[("A", "MON"), ("A", "WED")]);
    let said = ["from Sun 28 Feb 2027 to Tue 2 Mar 2027"];
    world.breaks(&[("A", "MON"), ("A", "TUE")], "max-days", &said);
}

#[test]
fn working_time_with_history() {
    // Four hours a week over two weeks: eight hours.
    let rows = [
        ["S1", "L1", "2027-03-02", "08:00", "12:00"],
        ["S2", "L1", "2027-03-03", "08:00", "12:00"],
        ["S3", "L1", "2027-03-04", "08:00", "08:01"],
        ["S4", "H1", "2027-03-05", "08:00", "10:00"],
    ];
    let average =
        |draft: &mut Draft| set(draft, "working-time", "average_hours", Setting::Whole(4));
    let world = sessions(&rows, average);
    world.keeps(&[("A", "S1"), ("A", "S2")]);
    // Two hours there, two on the road.
    world.keeps(&[("A", "S1"), ("A", "S4")]);
    let said = ["8.01 hours of sessions and travel, 8 left"];
    world.breaks(&[("A", "S1"), ("A", "S2"), ("A", "S3")], "working-time", &said);
    // Two weeks before with ten hours leave 16 − 10; a fixed duty of an hour a week takes two more,
    // and none in the week on leave.
    let world = sessions(&rows, |draft| {
        average(draft);
        let mut row = history("A");
        (row.hours, row.weeks) = (Some(600), Some(rotashare_core::values::Thousandths(2000)));
        draft.history = Some(vec![row]);
        draft.job_plans = Some(vec![duty("A", "mon", "09:00", "10:00")]);
        draft.leave = Some(vec![leave("A", "2027-03-08", "2027-03-08")]);
    });
    world.keeps(&[("A", "S1"), ("A", "S3")]);
    world.breaks(&[("A", "S1"), ("A", "S2")], "working-time", &["8 hours", "5 left"]);
}

#[test]
fn working_time_used_up_by_duties() {
    let rows = [["S1", "L1", "2027-03-02", "08:00", "08:01"]];
    let world = sessions(&rows, |draft| {
        set(draft, "working-time", "average_hours", Setting::Whole(4));
        draft.job_plans = Some(vec![duty("A", "wed", "08:00", "18:00")]);
    });
    world.keeps(&[]);
    world.breaks(&[("A", "S1")], "working-time", &["0 left"]);
    assert_eq!(days_after(day("2027-03-01"), 13), day("2027-03-14"), "the horizon is two weeks");
}
