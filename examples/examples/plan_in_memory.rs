//! Plans a month that was never on disk: two cardiologists, one clinic a week at a partner hospital.
//!
//! `cargo run --release -p rotashare-examples --example plan_in_memory`

use std::error::Error;

use rotashare_core::draft::{Draft, NetworkToml};
use rotashare_core::time::{Date, Weekday, in_words};
use rotashare_explain::Case;
use rotashare_io::generate::rows;
use rotashare_rules::audit::audit;
use rotashare_rules::compile::{compile, rota_of};
use rotashare_solve::{Compact, NoWatch, Solver, Stop, solve};

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    // A case is a draft that was checked: the network, and the rulebook that goes with it.
    let case = Case::new(draft(), Date::constant(2027, 1, 15))?;
    let (network, book) = (case.network(), case.book());

    // Every rule says what it has to say, once; an engine knows no rule by name.
    let problem = compile(network, book);
    let engine = Compact::new(Solver::Microlp);
    let solution = solve(&problem, &engine, &Stop::default(), &NoWatch, 1)?;
    let rota = rota_of(network, &problem, &solution.chosen);

    for (place, consultant) in rota.cells() {
        let session = network.session(place.session);
        let name = consultant.map_or("nobody", |who| network.consultant(who).name());
        println!("{}  {}  {name}", in_words(session.span().start().date()), session.code());
    }
    // The audit reads the rota and shares nothing with the engine.
    let verdict = audit(network, book, &rota);
    println!("{} broken rules, {} points", verdict.breaches().len(), verdict.objective());
    for (term, points) in verdict.terms().iter().filter(|(_, points)| points.in_quarters() != 0) {
        println!("  {term} {points}");
    }
    Ok(())
}

/// What the files of a dataset would say.
fn draft() -> Draft {
    let morning = (rows::clock(9, 0), rows::clock(12, 30));
    let mut lead = rows::site("LEAD1", "LEAD", "Lead Infirmary");
    let mut partner = rows::site("PART1", "PART", "Partner Hospital");
    (lead.latitude, lead.longitude) = (Some(52.0), Some(0.0));
    (partner.latitude, partner.longitude) = (Some(52.1), Some(0.2));
    let mut draft = Draft {
        network: NetworkToml {
            name: "Two cardiologists".into(),
            timezone: "Europe/London".into(),
            horizon: Some((Date::constant(2027, 3, 1), Date::constant(2027, 3, 31))),
            ..NetworkToml::default()
        },
        trusts: vec![rows::trust("LEAD", "The lead"), rows::trust("PART", "The partner")],
        sites: vec![lead, partner],
        consultants: vec![
            rows::consultant("9999001", "Dr Morwen Ashemere", "LEAD", "LEAD1"),
            rows::consultant("9999002", "Dr Tariq Holmewold", "LEAD", "LEAD1"),
        ],
        accreditations: vec![
            rows::accreditation("9999001", "320", None),
            rows::accreditation("9999002", "320", None),
        ],
        // The first has a ward round on Tuesdays, so only the second can go; in the week in which the
        // second is on leave the place stays empty.
        job_plans: Some(vec![rows::duty("9999001", Weekday::Tuesday, morning, "Ward round")]),
        leave: Some(vec![rows::leave(
            "9999002",
            Date::constant(2027, 3, 8),
            Date::constant(2027, 3, 12),
            "annual",
        )]),
        clinics: Some(vec![rows::clinic("CARD-TUE", "PART1", "320", Weekday::Tuesday, morning)]),
        ..Draft::default()
    };
    rows::number_lines(&mut draft);
    draft
}
