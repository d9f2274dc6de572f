//! The exports of a month of 1,300 consultants, with the reasons of its empty places.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::error::Error;

use jiff::civil::date;
use rotashare_benches::{lead, quick_rota, slowest};
use rotashare_explain::{Case, Gap, gaps};
use rotashare_io::export::facts::{Facts, GapReason};
use rotashare_io::export::view::View;
use rotashare_io::export::{fhir, html, ics, xlsx};
use rotashare_io::generate;

fn main() -> Result<(), Box<dyn Error>> {
    let today = date(2027, 1, 4);
    let case = Case::new(generate::network(&lead(1))?, today)?;
    let network = case.network();
    let rota = quick_rota(network, case.book()).ok_or("no rota")?;
    let mut facts = Facts::on(today);
    let reason = |gap: Gap| GapReason {
        place: gap.place,
        consultant: gap.consultant,
        rule: gap.reason.to_owned(),
        detail: gap.detail,
    };
    facts.gaps = gaps(network, case.book(), &rota).into_iter().map(reason).collect();
    let view = View::new(network, &rota, &facts, None);
    println!(
        "{} consultants, {} places, {} empty, {} reasons",
        network.consultants().len(),
        view.lines().len(),
        view.gaps().len(),
        facts.gaps.len()
    );
    let (seconds, page) = slowest(3, || html::page(&view));
    println!("html {seconds:>7.3} s {:>10} bytes", page.len());
    let (seconds, book) = slowest(3, || xlsx::workbook(&view));
    println!("xlsx {seconds:>7.3} s {:>10} bytes", book?.len());
    let (seconds, bundle) = slowest(3, || fhir::bundle_json(&view));
    println!("json {seconds:>7.3} s {:>10} bytes", bundle.len());
    let (seconds, calendars) = slowest(3, || ics::calendars(&view, None));
    let calendars = calendars?;
    let files = calendars.consultants.iter().chain(&calendars.sites);
    let bytes: usize = files.map(|(_, bytes)| bytes.len()).sum();
    println!("ics  {seconds:>7.3} s {bytes:>10} bytes");
    Ok(())
}
