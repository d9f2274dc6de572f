//! Cambridge lends five specialties to West Suffolk.

use rotashare_core::draft::Draft;
use rotashare_core::time::{HalfDay, Weekday};
use rotashare_core::values::{Pence, Priority};

use super::book::{Book, Team, march, session_time};
use super::lending::{Held, Lending};

const CAMBRIDGE: &str = "RGT";
const ADDENBROOKES: &str = "RGT01";
const WEST_SUFFOLK: &str = "RGR";
const BURY: &str = "RGR50";

const LENDERS: Team = Team {
    trust: CAMBRIDGE,
    bases: &[ADDENBROOKES],
    specialty: "400",
    surgical: false,
    size: 17,
    subspecialties: &[("epilepsy", 3), ("headache", 4)],
    host: WEST_SUFFOLK,
    sessions: (3, 7),
    authorised: 9,
    lapsed: 2,
    cover: Some(4),
    nights: true,
};

const LOCALS: Team = Team {
    trust: WEST_SUFFOLK,
    bases: &[BURY],
    host: CAMBRIDGE,
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
    let mut book = Book::new("Cambridge with West Suffolk, March 2027", 3, 2000);
    book.trust(
        CAMBRIDGE,
        "Cambridge University Hospitals NHS Foundation Trust",
        &[(ADDENBROOKES, "Addenbrooke's Hospital", "CB2 0QQ", 52.1751, 0.1408)],
    );
    book.trust(
        WEST_SUFFOLK,
        "West Suffolk NHS Foundation Trust",
        &[(BURY, "West Suffolk Hospital", "IP33 2QZ", 52.2317, 0.7092)],
    );
    book.journey(ADDENBROOKES, BURY, 35, 40, 305);
    let away = |code, weekly| Held { code, site: BURY, weekly };
    let home = |code, weekly| Some(Held { code, site: ADDENBROOKES, weekly });
    let lendings = [
        Lending {
            lenders: LENDERS,
            locals: LOCALS,
            away: away("WSH-NEUR", 8),
            home: home("ADD-NEUR", 2),
            far: false,
            hard: 0.15,
        },
        Lending {
            lenders: Team {
                specialty: "303",
                size: 13,
                subspecialties: &[("myeloma", 3)],
                authorised: 6,
                lapsed: 2,
                ..LENDERS
            },
            locals: Team { specialty: "303", size: 2, ..LOCALS },
            away: away("WSH-HAEM", 6),
            home: home("ADD-HAEM", 2),
            far: false,
            hard: 0.2,
        },
        Lending {
            lenders: Team {
                specialty: "160",
                surgical: true,
                size: 11,
                subspecialties: &[("skin cancer", 3)],
                authorised: 7,
                lapsed: 1,
                ..LENDERS
            },
            locals: Team { specialty: "160", surgical: true, ..LOCALS },
            away: away("WSH-PLAS", 5),
            home: home("ADD-PLAS", 1),
            far: false,
            hard: 0.2,
        },
        Lending {
            lenders: Team {
                specialty: "361",
                size: 10,
                subspecialties: &[],
                authorised: 5,
                lapsed: 1,
                ..LENDERS
            },
            locals: Team { specialty: "361", ..LOCALS },
            away: away("WSH-RENA", 4),
            home: home("ADD-RENA", 1),
            far: false,
            hard: 0.2,
        },
        Lending {
            lenders: Team {
                specialty: "410",
                size: 8,
                subspecialties: &[],
                authorised: 4,
                lapsed: 1,
                nights: false,
                ..LENDERS
            },
            locals: Team { specialty: "410", size: 2, ..LOCALS },
            away: away("WSH-RHEU", 4),
            home: home("ADD-RHEU", 1),
            far: false,
            hard: 0.2,
        },
    ];
    for lending in &lendings {
        book.lending(lending);
    }
    for (specialty, terms, pounds) in [
        ("400", (12, 30), 452),
        ("303", (8, 20), 437),
        ("160", (6, 18), 474),
        ("361", (0, 16), 409),
        ("410", (4, 12), 382),
    ] {
        book.agreement(CAMBRIDGE, WEST_SUFFOLK, specialty, terms, pounds);
    }
    if let Some(row) = book.draft.agreements.iter_mut().flatten().last() {
        row.max_cost = Some(Pence(500_000));
    }
    let evening = (session_time(HalfDay::Pm).1, rotashare_io::generate::rows::clock(20, 0));
    let row = book.session("WSH-NEUR-EVE-1", BURY, "400", march(18), evening);
    row.priority = Some(Priority::Could);
    let row = book.clinic("WSH-NEUR-URG", BURY, "400", Weekday::Friday, HalfDay::Am);
    row.priority = Priority::Must;
    book.finish()
}
