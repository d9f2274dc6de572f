//! Derby and Burton, eleven miles apart, lend to each other in eight specialties.

use rotashare_core::draft::Draft;
use rotashare_core::time::HalfDay;
use rotashare_core::values::{ChangeKind, Priority, WeekPattern};
use rotashare_io::generate::rows;

use super::book::{Book, Team, march, session_time};
use super::lending::{Held, Lending};

/// Derby's code, which since July 2018 is that of both hospitals.
const DERBY: &str = "RTG";
const ROYAL_DERBY: &str = "RTGFG";
/// Burton's code until July 2018, kept here so that the two boards are apart.
const BURTON: &str = "RJF";
const QUEENS: &str = "RTG02";

/// A specialty: how many at each, lent by each, kept by each, clinics at each for the other.
struct Both {
    specialty: &'static str,
    short: [&'static str; 2],
    surgical: bool,
    /// At Derby: people, lent, lapsed.
    derby: [usize; 3],
    /// At Burton: people, lent, lapsed.
    burton: [usize; 3],
    /// Weekly clinics at Burton that Derby helps with, and at Derby that Burton helps with.
    weekly: [usize; 2],
    subspecialties: &'static [(&'static str, usize)],
    /// What Burton's people are asked to Derby for.
    burton_subspecialties: &'static [(&'static str, usize)],
    /// Most sessions that Derby sends, and Burton.
    most: [u32; 2],
    pounds: i64,
}

const SPECIALTIES: [Both; 8] = [
    Both {
        specialty: "100",
        short: ["QHB-GSUR", "RDH-GSUR"],
        surgical: true,
        derby: [11, 5, 1],
        burton: [5, 3, 0],
        weekly: [5, 3],
        subspecialties: &[],
        burton_subspecialties: &[("hernia", 2)],
        most: [16, 9],
        pounds: 431,
    },
    Both {
        specialty: "110",
        short: ["QHB-ORTH", "RDH-ORTH"],
        surgical: true,
        derby: [12, 6, 1],
        burton: [6, 3, 1],
        weekly: [6, 3],
        subspecialties: &[("hand", 3)],
        burton_subspecialties: &[("foot and ankle", 2)],
        most: [20, 10],
        pounds: 452,
    },
    Both {
        specialty: "130",
        short: ["QHB-OPHT", "RDH-OPHT"],
        surgical: true,
        derby: [8, 4, 1],
        burton: [3, 2, 0],
        weekly: [4, 2],
        subspecialties: &[("glaucoma", 2)],
        burton_subspecialties: &[("paediatric", 2)],
        most: [14, 8],
        pounds: 405,
    },
    Both {
        specialty: "301",
        short: ["QHB-GAST", "RDH-GAST"],
        surgical: false,
        derby: [9, 4, 1],
        burton: [4, 2, 0],
        weekly: [5, 2],
        subspecialties: &[],
        burton_subspecialties: &[],
        most: [5, 6],
        pounds: 398,
    },
    Both {
        specialty: "320",
        short: ["QHB-CARD", "RDH-CARD"],
        surgical: false,
        derby: [11, 6, 1],
        burton: [4, 2, 0],
        weekly: [6, 2],
        subspecialties: &[("heart failure", 3)],
        burton_subspecialties: &[],
        most: [10, 8],
        pounds: 446,
    },
    Both {
        specialty: "340",
        short: ["QHB-RESP", "RDH-RESP"],
        surgical: false,
        derby: [9, 5, 2],
        burton: [4, 2, 1],
        weekly: [4, 2],
        subspecialties: &[("sleep", 2)],
        burton_subspecialties: &[("asthma", 2)],
        most: [16, 8],
        pounds: 391,
    },
    Both {
        specialty: "410",
        short: ["QHB-RHEU", "RDH-RHEU"],
        surgical: false,
        derby: [6, 3, 1],
        burton: [2, 1, 0],
        weekly: [3, 1],
        subspecialties: &[],
        burton_subspecialties: &[],
        most: [12, 4],
        pounds: 377,
    },
    Both {
        specialty: "502",
        short: ["QHB-GYNA", "RDH-GYNA"],
        surgical: true,
        derby: [10, 4, 1],
        burton: [5, 3, 0],
        weekly: [4, 3],
        subspecialties: &[],
        burton_subspecialties: &[("urogynaecology", 2)],
        most: [16, 12],
        pounds: 414,
    },
];

/// The dataset.
pub(super) fn draft() -> Draft {
    let mut book = Book::new("Derby and Burton, March 2027", 2, 1000);
    book.trust(
        DERBY,
        "Derby Hospitals (RTG)",
        &[(ROYAL_DERBY, "Royal Derby Hospital", "DE22 3NE", 52.9116, -1.5143)],
    );
    book.trust(
        BURTON,
        "Burton Hospitals (RJF)",
        &[(QUEENS, "Queen's Hospital, Burton", "DE13 0RB", 52.8178, -1.6564)],
    );
    book.journey(ROYAL_DERBY, QUEENS, 20, 25, 110);
    for both in &SPECIALTIES {
        specialty(&mut book, both);
    }
    changes(&mut book);
    book.finish()
}

fn specialty(book: &mut Book, both: &Both) {
    let team = Team {
        trust: DERBY,
        bases: &[ROYAL_DERBY],
        specialty: both.specialty,
        surgical: both.surgical,
        size: both.derby[0],
        subspecialties: both.subspecialties,
        host: BURTON,
        sessions: (2, 5),
        authorised: both.derby[1],
        lapsed: both.derby[2],
        cover: Some(4),
        nights: both.surgical,
    };
    book.lending(&Lending {
        lenders: team,
        locals: Team {
            trust: BURTON,
            bases: &[QUEENS],
            size: both.burton[0],
            subspecialties: both.burton_subspecialties,
            host: DERBY,
            authorised: both.burton[1],
            lapsed: both.burton[2],
            nights: false,
            ..team
        },
        away: Held { code: both.short[0], site: QUEENS, weekly: both.weekly[0] },
        home: Some(Held { code: both.short[1], site: ROYAL_DERBY, weekly: both.weekly[1] }),
        far: false,
        hard: 0.3,
    });
    let [from_derby, from_burton] = both.most;
    book.agreement(DERBY, BURTON, both.specialty, (from_derby / 4, from_derby), both.pounds);
    book.agreement(BURTON, DERBY, both.specialty, (0, from_burton), both.pounds - 10);
}

/// The first clinic of every week in each of three specialties is cancelled, moved or added to.
fn changes(book: &mut Book) {
    let mut changes = Vec::new();
    for (specialty, kind, note) in [
        ("110", ChangeKind::Cancel, "Plaster room closed"),
        ("301", ChangeKind::Move, "Endoscopy audit"),
        ("320", ChangeKind::Add, "Backlog"),
    ] {
        let mut clinics = book.draft.clinics.iter().flatten();
        let Some(clinic) =
            clinics.find(|row| row.specialty == specialty && row.weeks == WeekPattern::All)
        else {
            continue;
        };
        let day = march(8 + clinic.weekday.to_monday_zero_offset());
        let mut row = rows::change(&clinic.clinic, day, kind, note);
        if kind == ChangeKind::Move {
            row.to_date = Some(rotashare_core::time::days_after(day, 7));
            row.start = Some(session_time(HalfDay::Pm).0);
        }
        changes.push(row);
    }
    book.draft.clinic_changes = Some(changes);
    let times = session_time(HalfDay::Am);
    let row = book.session("QHB-ORTH-FRACTURE-1", QUEENS, "110", march(12), times);
    row.priority = Some(Priority::Must);
    row.consultants = Some(2);
}
