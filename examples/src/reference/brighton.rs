//! Brighton lends five specialties to Surrey and Sussex, an hour away.

use rotashare_core::draft::Draft;
use rotashare_core::time::{HalfDay, Weekday};
use rotashare_core::values::{ChangeKind, Priority, WeekPattern};
use rotashare_io::generate::rows;

use super::book::{Book, Team, march, session_time};
use super::lending::{Held, Lending};

const SUSSEX: &str = "RYR";
const ROYAL_SUSSEX: &str = "RXH01";
const SURREY: &str = "RTP";
const EAST_SURREY: &str = "RTP04";

const LENDERS: Team = Team {
    trust: SUSSEX,
    bases: &[ROYAL_SUSSEX],
    specialty: "320",
    surgical: false,
    size: 14,
    subspecialties: &[("electrophysiology", 2), ("heart failure", 4)],
    host: SURREY,
    sessions: (4, 8),
    authorised: 10,
    lapsed: 2,
    cover: Some(4),
    nights: true,
};

const LOCALS: Team = Team {
    trust: SURREY,
    bases: &[EAST_SURREY],
    host: SUSSEX,
    size: 0,
    sessions: (2, 5),
    authorised: 0,
    lapsed: 0,
    cover: None,
    subspecialties: &[],
    nights: false,
    ..LENDERS
};

/// The dataset.
pub(super) fn draft() -> Draft {
    let mut book = Book::new("Brighton with Surrey and Sussex, March 2027", 4, 3000);
    book.trust(
        SUSSEX,
        "University Hospitals Sussex NHS Foundation Trust",
        &[(ROYAL_SUSSEX, "Royal Sussex County Hospital", "BN2 5BE", 50.8195, -0.1182)],
    );
    book.trust(
        SURREY,
        "Surrey and Sussex Healthcare NHS Trust",
        &[(EAST_SURREY, "East Surrey Hospital", "RH1 5RH", 51.2192, -0.1620)],
    );
    book.journey(ROYAL_SUSSEX, EAST_SURREY, 50, 60, 330);
    let away = |code, weekly| Held { code, site: EAST_SURREY, weekly };
    let home = |code, weekly| Some(Held { code, site: ROYAL_SUSSEX, weekly });
    let lendings = [
        Lending {
            lenders: LENDERS,
            locals: Team { size: 4, ..LOCALS },
            away: away("ESH-CARD", 7),
            home: home("RSC-CARD", 2),
            far: true,
            hard: 0.05,
        },
        Lending {
            lenders: Team {
                specialty: "361",
                size: 10,
                subspecialties: &[],
                authorised: 8,
                lapsed: 1,
                ..LENDERS
            },
            locals: Team { specialty: "361", ..LOCALS },
            away: away("ESH-RENA", 4),
            home: home("RSC-RENA", 1),
            far: true,
            hard: 0.05,
        },
        Lending {
            lenders: Team {
                specialty: "150",
                surgical: true,
                size: 9,
                subspecialties: &[("spine", 3)],
                authorised: 6,
                lapsed: 1,
                ..LENDERS
            },
            locals: Team { specialty: "150", surgical: true, ..LOCALS },
            away: away("ESH-NSUR", 3),
            home: home("RSC-NSUR", 2),
            far: true,
            hard: 0.05,
        },
        Lending {
            lenders: Team {
                specialty: "400",
                size: 11,
                subspecialties: &[("movement disorders", 3)],
                authorised: 8,
                lapsed: 2,
                ..LENDERS
            },
            locals: Team { specialty: "400", size: 1, ..LOCALS },
            away: away("ESH-NEUR", 6),
            home: home("RSC-NEUR", 2),
            far: true,
            hard: 0.05,
        },
        Lending {
            lenders: Team {
                specialty: "107",
                surgical: true,
                size: 7,
                subspecialties: &[],
                authorised: 5,
                lapsed: 1,
                ..LENDERS
            },
            locals: Team { specialty: "107", surgical: true, size: 1, ..LOCALS },
            away: away("ESH-VASC", 4),
            home: home("RSC-VASC", 1),
            far: true,
            hard: 0.05,
        },
    ];
    for lending in &lendings {
        book.lending(lending);
    }
    for (specialty, terms, pounds) in [
        ("320", (10, 24), 461),
        ("361", (6, 20), 412),
        ("150", (4, 12), 482),
        ("400", (8, 22), 448),
        ("107", (4, 14), 477),
    ] {
        book.agreement(SUSSEX, SURREY, specialty, terms, pounds);
    }
    let weekly = book.draft.clinics.iter().flatten().find(|row| {
        row.site == EAST_SURREY && row.weeks == WeekPattern::All && row.specialty == "361"
    });
    if let Some(clinic) = weekly {
        let day = march(15 + clinic.weekday.to_monday_zero_offset());
        let row = rows::change(&clinic.clinic, day, ChangeKind::Cancel, "Dialysis unit moves");
        book.draft.clinic_changes = Some(vec![row]);
    }
    let row = book.clinic("ESH-CARD-RAPID", EAST_SURREY, "320", Weekday::Thursday, HalfDay::Am);
    row.priority = Priority::Must;
    let times = session_time(HalfDay::Am);
    book.session("ESH-NSUR-SPINE-1", EAST_SURREY, "150", march(19), times).subspecialty =
        Some("spine".into());
    book.finish()
}
