//! Guy's and St Thomas' lends paediatrics, cardiology and vascular surgery to Dartford and Gravesham.

use rotashare_core::draft::Draft;
use rotashare_core::time::{HalfDay, Weekday};
use rotashare_core::values::{
    BankHolidayPolicy, ChangeKind, Pence, PinKind, Priority, WeekPattern,
};
use rotashare_io::generate::rows::{self, clock};

use super::book::{Book, Member, Team, march, session_time};
use super::lending::{Held, Lending, People};

const GSTT: &str = "RJ1";
const GUYS: &str = "RJ121";
const ST_THOMAS: &str = "RJ122";
const DARTFORD: &str = "RN7";
const DARENT_VALLEY: &str = "RN707";

const LENDERS: Team = Team {
    trust: GSTT,
    bases: &[ST_THOMAS],
    specialty: "420",
    surgical: false,
    size: 0,
    subspecialties: &[],
    host: DARTFORD,
    sessions: (3, 7),
    authorised: 0,
    lapsed: 0,
    cover: Some(8),
    nights: false,
};

const LOCALS: Team = Team {
    trust: DARTFORD,
    bases: &[DARENT_VALLEY],
    host: GSTT,
    sessions: (3, 6),
    cover: None,
    ..LENDERS
};

/// The dataset.
pub(super) fn draft() -> Draft {
    let mut book = Book::new("Guy's and St Thomas' with Dartford and Gravesham, March 2027", 1, 0);
    book.trust(
        GSTT,
        "Guy's and St Thomas' NHS Foundation Trust",
        &[
            (GUYS, "Guy's Hospital", "SE1 9RT", 51.5035, -0.0868),
            (ST_THOMAS, "St Thomas' Hospital", "SE1 7EH", 51.4980, -0.1189),
        ],
    );
    book.trust(
        DARTFORD,
        "Dartford and Gravesham NHS Trust",
        &[(DARENT_VALLEY, "Darent Valley Hospital", "DA2 8DA", 51.4350, 0.2587)],
    );
    book.journey(GUYS, DARENT_VALLEY, 45, 60, 178);
    book.journey(ST_THOMAS, DARENT_VALLEY, 50, 65, 192);
    book.journey(GUYS, ST_THOMAS, 15, 20, 18);

    let paediatrics = paediatrics(&mut book);
    let cardiology = cardiology(&mut book);
    let vascular = vascular(&mut book);
    // The SLA: sessions in the month, pounds a session.
    book.agreement(GSTT, DARTFORD, "420", (20, 48), 391);
    book.agreement(GSTT, DARTFORD, "421", (6, 14), 418);
    book.agreement(GSTT, DARTFORD, "320", (20, 32), 446);
    book.agreement(GSTT, DARTFORD, "107", (8, 30), 482).max_cost = Some(Pence(1_200_000));
    changes(&mut book);
    by_hand(&mut book, &paediatrics, &cardiology, &vascular);
    book.finish()
}

fn paediatrics(book: &mut Book) -> People {
    let people = book.lending(&Lending {
        lenders: Team {
            size: 31,
            subspecialties: &[("allergy", 4), ("diabetes", 5)],
            authorised: 13,
            lapsed: 3,
            nights: true,
            ..LENDERS
        },
        locals: Team { size: 6, ..LOCALS },
        away: Held { code: "DVH-PAED", site: DARENT_VALLEY, weekly: 12 },
        home: Some(Held { code: "STH-PAED", site: ST_THOMAS, weekly: 5 }),
        far: true,
        hard: 0.25,
    });
    book.lending(&Lending {
        lenders: Team {
            specialty: "421",
            size: 6,
            subspecialties: &[("epilepsy", 2)],
            authorised: 4,
            lapsed: 1,
            ..LENDERS
        },
        locals: Team { size: 0, ..LOCALS },
        away: Held { code: "DVH-PNEU", site: DARENT_VALLEY, weekly: 3 },
        home: Some(Held { code: "STH-PNEU", site: ST_THOMAS, weekly: 1 }),
        far: true,
        hard: 0.0,
    });
    people
}

fn cardiology(book: &mut Book) -> People {
    book.lending(&Lending {
        lenders: Team {
            bases: &[ST_THOMAS, GUYS],
            specialty: "320",
            size: 26,
            subspecialties: &[("electrophysiology", 3), ("heart failure", 6)],
            authorised: 13,
            lapsed: 3,
            nights: true,
            ..LENDERS
        },
        locals: Team { specialty: "320", size: 5, ..LOCALS },
        away: Held { code: "DVH-CARD", site: DARENT_VALLEY, weekly: 13 },
        home: Some(Held { code: "GUY-CARD", site: GUYS, weekly: 5 }),
        far: true,
        hard: 0.25,
    })
}

fn vascular(book: &mut Book) -> People {
    book.lending(&Lending {
        lenders: Team {
            specialty: "107",
            surgical: true,
            size: 14,
            subspecialties: &[("aortic", 3)],
            authorised: 7,
            lapsed: 2,
            nights: true,
            ..LENDERS
        },
        locals: Team { specialty: "107", surgical: true, size: 2, ..LOCALS },
        away: Held { code: "DVH-VASC", site: DARENT_VALLEY, weekly: 5 },
        home: Some(Held { code: "STH-VASC", site: ST_THOMAS, weekly: 2 }),
        far: true,
        hard: 0.2,
    })
}

/// A clinic each that is cancelled, moved and added, and the one-off sessions.
fn changes(book: &mut Book) {
    // A clinic of every week on that weekday, so that the change has something to change.
    let on = |weekday: Weekday, specialty: &str| {
        let weekly = |row: &&rotashare_core::draft::ClinicRow| {
            row.weekday == weekday
                && row.specialty == specialty
                && row.site == DARENT_VALLEY
                && row.weeks == WeekPattern::All
        };
        let clinics = book.draft.clinics.iter().flatten();
        clinics.filter(|row| weekly(row)).map(|row| row.clinic.clone()).next()
    };
    let found = [
        (Weekday::Tuesday, 16, ChangeKind::Cancel, "320", "Rooms closed for repair"),
        (Weekday::Wednesday, 10, ChangeKind::Move, "420", "Moved for the regional audit day"),
        (Weekday::Thursday, 18, ChangeKind::Add, "320", "Waiting list initiative"),
    ]
    .map(|(weekday, day, kind, specialty, note)| (on(weekday, specialty), day, kind, note));
    let changes = book.draft.clinic_changes.get_or_insert_default();
    for (clinic, day, kind, note) in found {
        let Some(clinic) = clinic else { continue };
        let mut row = rows::change(&clinic, march(day), kind, note);
        match kind {
            ChangeKind::Move => row.to_date = Some(march(day + 1)),
            ChangeKind::Add => {
                row.start = Some(clock(17, 30));
                row.end = Some(clock(19, 30));
            }
            ChangeKind::Cancel => {}
        }
        changes.push(row);
    }

    let evening = (clock(17, 30), clock(20, 0));
    book.session("DVH-VASC-ADHOC-1", DARENT_VALLEY, "107", march(11), session_time(HalfDay::Am))
        .priority = Some(Priority::Must);
    book.session("DVH-CARD-EVE-1", DARENT_VALLEY, "320", march(17), evening).priority =
        Some(Priority::Could);
    let saturday = (clock(9, 0), clock(13, 0));
    book.session("DVH-PAED-SAT-1", DARENT_VALLEY, "420", march(13), saturday).priority =
        Some(Priority::Could);
    // Nobody is accredited for fetal cardiology: it stays empty whatever is done.
    let row = book.session(
        "DVH-CARD-FETAL-1",
        DARENT_VALLEY,
        "320",
        march(23),
        session_time(HalfDay::Pm),
    );
    row.subspecialty = Some("fetal".into());
    row.priority = Some(Priority::Could);
}

/// What stands by name: two-place clinics, a clinic on Easter Monday, pins.
fn by_hand(book: &mut Book, paediatrics: &People, cardiology: &People, vascular: &People) {
    let row = book.clinic("DVH-PAED-URG", DARENT_VALLEY, "420", Weekday::Monday, HalfDay::Pm);
    row.bank_holidays = BankHolidayPolicy::Run;
    row.priority = Priority::Must;
    row.room = Some("Children's Outpatients 2".into());
    for (specialty, weeks) in [("420", WeekPattern::All), ("320", WeekPattern::All)] {
        let two = book.draft.clinics.iter_mut().flatten().find(|row| {
            row.specialty == specialty
                && row.site == DARENT_VALLEY
                && row.weeks == weeks
                && row.subspecialty.is_none()
        });
        if let Some(row) = two {
            row.consultants = 2;
        }
    }
    // A cardiologist of Darent Valley leaves, and a clinic of theirs goes with them.
    if let Some(leaver) = cardiology.locals.last() {
        book.active_to(&leaver.code, march(19));
    }
    let row = book.clinic("DVH-CARD-ECHO", DARENT_VALLEY, "320", Weekday::Wednesday, HalfDay::Pm);
    row.priority = Priority::Could;
    row.valid.to = Some(march(19));
    // The extra vascular session is promised to a surgeon of Darent Valley, or else to one who is lent.
    let able: Vec<&Member> = vascular.locals.iter().chain(vascular.lent()).collect();
    let promised = able.into_iter().find(|member| book.can(member, march(11)));
    let mut pins = Vec::new();
    pins.extend(promised.map(|one| rows::pin("DVH-VASC-ADHOC-1", &one.code, PinKind::Yes)));
    // Two people who asked not to be called for these.
    pins.extend(
        [(paediatrics, "DVH-PAED-URG-MON-PM@2027-03-15"), (cardiology, "DVH-CARD-EVE-1")]
            .into_iter()
            .filter_map(|(people, session)| {
                people.lent().first().map(|one| rows::pin(session, &one.code, PinKind::No))
            }),
    );
    book.draft.pins = Some(pins);
}
