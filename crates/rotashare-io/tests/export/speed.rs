//! How long exports of a large month take. Not part of the usual run:
//! `cargo test --release -p rotashare-io --test export -- --ignored --nocapture`.

use std::time::Instant;

use rotashare_io::export::view::View;
use rotashare_io::export::{fhir, html, ics, xlsx};

#[test]
#[ignore = "measures; build with --release"]
fn a_month_of_1300_consultants() {
    let network = crate::common::large();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    println!(
        "{} consultants, {} places, {} empty, {} reasons",
        network.consultants().len(),
        view.lines().len(),
        view.gaps().len(),
        facts.gaps.len()
    );
    let measured = |name: &str, make: &dyn Fn() -> Vec<u8>, most_seconds: f64| {
        let start = Instant::now();
        let bytes = make();
        let seconds = start.elapsed().as_secs_f64();
        println!("{name}: {seconds:.2} s, {} bytes", bytes.len());
        if let Ok(folder) = std::env::var("ROTASHARE_KEEP") {
            std::fs::write(format!("{folder}/large.{name}"), &bytes).expect("a written file");
        }
        assert!(seconds < most_seconds, "{name} took {seconds} s");
        bytes.len()
    };
    let page = measured("html", &|| html::page(&view).into_bytes(), 5.0);
    assert!(page < 3_000_000, "the page has {page} bytes");
    measured("xlsx", &|| xlsx::workbook(&view).expect("a workbook"), 5.0);
    measured("json", &|| fhir::bundle_json(&view), 5.0);
    let calendars = || {
        let all = ics::calendars(&view, None).expect("calendars");
        let files = all.consultants.into_iter().chain(all.sites);
        files.flat_map(|(_, bytes)| bytes).collect()
    };
    measured("ics", &calendars, 3.0);
}
