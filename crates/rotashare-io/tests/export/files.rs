//! Workbook, page and bundle of a small network.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use rotashare_core::ids::{ConsultantId, SiteId};
use rotashare_io::export::facts::Facts;
use rotashare_io::export::view::View;
use rotashare_io::export::{fhir, html, picture, xlsx};
use serde_json::Value;

#[test]
fn nothing_in_a_page_comes_from_elsewhere_and_no_name_is_markup() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    let page = html::page(&view);
    assert!(!page.contains("<b onclick"), "a name is markup");
    assert!(page.contains("&lt;b onclick=&quot;x&quot;&gt;O&#39;Neil&lt;/b&gt;"));
    for outside in ["src=", "@import", "url(", "fetch(", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains("secret"), "a kind of leave or an address is shown");
    for line in view.lines() {
        let specialty = network.specialty(view.session(line).specialty());
        assert!(page.contains(specialty.name()));
    }
    let places = page.matches("<li data-p=").count()
        + page.matches("<li class=a data-p=").count()
        + page.matches("<li class=e data-f=").count();
    assert_eq!(places, view.lines().len());
    assert_eq!(page, html::page(&view), "the page is not the same twice");
    assert!(picture::svg(&view).contains("Coverage by specialty"));
}

#[test]
fn the_page_of_a_large_month_is_small_enough_to_send() {
    let network = crate::common::large();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let page = html::page(&View::new(&network, &rota, &facts, None));
    assert!(page.len() < 3_000_000, "the page has {} bytes", page.len());
}

#[test]
fn a_trust_sees_its_sites_and_its_staff_and_nothing_else() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let only = crate::common::host(&network);
    let view = View::new(&network, &rota, &facts, Some(only));
    assert!(!view.lines().is_empty());
    let texts = [
        html::page(&view),
        String::from_utf8(fhir::bundle_json(&view)).expect("text"),
        picture::svg(&view),
    ];
    for site in (0..network.sites().len()).map(SiteId::new) {
        if network.site(site).trust() != only {
            for text in &texts {
                assert!(!text.contains(network.site(site).name()), "another trust's site is shown");
            }
        }
    }
    let guests: BTreeSet<ConsultantId> = view.people().into_iter().collect();
    let at_ours = |who: ConsultantId| {
        rota.assignments().any(|(session, one)| one == who && network.host(session) == only)
    };
    for who in network.consultant_ids() {
        assert_eq!(guests.contains(&who), at_ours(who));
        for line in view.lines_of(who) {
            assert_eq!(network.host(line.place.session), only);
        }
    }
    assert!(view.points().is_empty() && view.cover().is_empty());
}

#[test]
fn every_reference_of_a_bundle_is_in_it() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = Facts::on(crate::common::today());
    let view = View::new(&network, &rota, &facts, None);
    let bundle = fhir::bundle(&view);
    let entries = bundle["entry"].as_array().expect("entries");
    let urls: BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry["fullUrl"].as_str()).collect();
    assert_eq!(urls.len(), entries.len(), "every entry has an address of its own");
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        let kind = entry["resource"]["resourceType"].as_str().expect("a kind");
        *kinds.entry(kind).or_default() += 1;
        for reference in references(&entry["resource"]) {
            assert!(urls.contains(reference), "{kind} refers to {reference}");
        }
    }
    assert_eq!(kinds.get("Slot"), Some(&view.lines().len()));
    for kind in ["Schedule", "PractitionerRole", "Location", "HealthcareService"] {
        assert!(kinds.contains_key(kind), "no {kind}");
    }
    // Summer time begins on 28 March 2027.
    let text = bundle.to_string();
    assert!(text.contains("T09:00:00+00:00") || text.contains("T09:30:00+00:00"));
}

fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(object) => {
            let own = object.get("reference").and_then(Value::as_str);
            own.into_iter().chain(object.values().flat_map(references)).collect()
        }
        Value::Array(array) => array.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Letters are drawn on machines without fonts too.
#[test]
fn the_picture_has_letters() {
    use resvg::tiny_skia::Pixmap;
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    let png = picture::png(&view).expect("a picture");
    assert!(png == picture::png(&view).expect("a picture"), "not the same twice");
    let pixels = Pixmap::decode_png(&png).expect("a PNG");
    // The title stands above everything else, in black on white.
    let title = pixels.pixels().iter().take(pixels.width() as usize * 90);
    let dark = title.filter(|pixel| pixel.red() < 64 && pixel.alpha() == 255).count();
    assert!(dark > 300, "{dark} dark pixels");
    let svg = picture::svg(&view);
    assert!(!svg.contains("<b onclick") && !svg.contains("secret"));
}

/// The sheet `rota` says the same as `rota.csv`, names as text.
#[test]
fn the_sheet_rota_reads_back_as_the_rota() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    let folder = tempfile::tempdir().expect("a folder");
    let (book, file) = (folder.path().join("rota.xlsx"), folder.path().join("rota.csv"));
    std::fs::write(&book, xlsx::workbook(&view).expect("a workbook")).expect("a written file");
    let csv = rotashare_io::rota_csv(&network, &rota, facts.slack_minutes);
    std::fs::write(&file, csv).expect("a written file");
    let read = |path| rotashare_io::read_rota(path).expect("a rota");
    let (book, file) = (read(&book), read(&file));
    assert_eq!((book.faults, book.warnings), (vec![], vec![]));
    assert_eq!(book.sheet.as_deref(), Some("rota"));
    assert_eq!(book.rows, file.rows);
}

/// LibreOffice reads the workbook; the sheet `rota` comes back as `rota.csv`.
#[test]
fn a_workbook_opens_and_its_sheet_rota_is_the_rota() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    let bytes = xlsx::workbook(&view).expect("a workbook");
    assert_eq!(bytes, xlsx::workbook(&view).expect("a workbook"), "not the same twice");

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rota.xlsx");
    std::fs::write(&file, bytes).expect("a written file");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let ran = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to"])
        .arg("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
        .arg("--outdir")
        .arg(folder.path())
        .arg(&file)
        .output();
    let Ok(ran) = ran else {
        eprintln!("skipped: there is no soffice (LibreOffice) to open the workbook with");
        return;
    };
    assert!(ran.status.success(), "{ran:?}");
    let sheet = std::fs::read(folder.path().join("rota-rota.csv")).expect("the sheet rota");
    let rows = |bytes: &[u8]| -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        reader.records().map(|record| record.expect("a row")).collect()
    };
    let expected = rotashare_io::rota_csv(&network, &rota, facts.slack_minutes);
    // In a workbook a name is text whatever it begins with; in CSV an apostrophe says so.
    let expected = String::from_utf8(expected).expect("text").replace("'=HYPERLINK", "=HYPERLINK");
    assert_eq!(rows(&sheet), rows(expected.as_bytes()));
}

/// Chromium filters the page by every filter, as somebody at the keyboard would.
#[test]
fn the_filters_of_the_page_show_what_they_say() {
    let network = crate::common::small();
    let rota = crate::common::rota(&network);
    let facts = crate::common::facts(&network, &rota);
    let view = View::new(&network, &rota, &facts, None);
    let page = html::page(&view);
    let (site, specialty) = (view.sites()[0], view.specialties()[0]);
    let who = view.people()[0];
    let count = |wanted: &dyn Fn(&rotashare_io::export::view::Line) -> bool| {
        view.lines().iter().filter(|line| wanted(line)).count()
    };
    let monday = view.weeks()[0];
    let in_week = |line: &rotashare_io::export::view::Line| {
        rotashare_core::time::monday_of(view.session(line).date()) == monday
    };
    let cases = [
        ("", view.lines().len()),
        ("set('week', '0')", count(&in_week)),
        ("set('site', '0')", count(&|line| view.session(line).site() == site)),
        ("set('specialty', '0')", count(&|line| view.session(line).specialty() == specialty)),
        (&format!("set('person', '{}')", who.index()), view.lines_of(who).count()),
        ("document.getElementById('empty').click()", count(&|line| line.who.is_none())),
        (
            "set('site', '0'); set('week', '0')",
            count(&|line| view.session(line).site() == site && in_week(line)),
        ),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (actions, expected) in cases {
        let script = format!(
            "<script>const set = (id, value) => {{ const filter = document.getElementById(id); \
             filter.value = value; filter.dispatchEvent(new Event('change', {{bubbles: true}})); }};\n\
             {actions};\nconst shown = [...document.querySelectorAll('.grid li')]\
             .filter(item => item.checkVisibility()).length;\n\
             document.title = `seen ${{shown}} told ${{document.getElementById('status').textContent}}`;\
             </script></body>"
        );
        let file = folder.path().join("page.html");
        std::fs::write(&file, page.replace("</body>", &script)).expect("a written file");
        let ran = Command::new("chromium")
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("file://{}", file.display()))
            .output();
        let Ok(ran) = ran else {
            eprintln!("skipped: there is no chromium to open the page with");
            return;
        };
        let page = String::from_utf8_lossy(&ran.stdout);
        let told =
            if expected == 1 { "1 place shown".into() } else { format!("{expected} places shown") };
        let title = format!("<title>seen {expected} told {told}");
        let found = page.find("<title>").map(|at| &page[at..page.len().min(at + 90)]);
        assert!(page.contains(&title), "{actions}: {found:?} is not {title:?}; {ran:?}");
    }
}
