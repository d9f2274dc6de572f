//! Clinics and their dated sessions.

use crate::ids::{ClinicId, ConsultantId, SessionId, SiteId, SpecialtyId};
use crate::time::{Date, HalfDay, Span};
use crate::values::{Priority, Thousandths};

/// A treatment function or a dataset's own specialty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specialty {
    pub(crate) code: String,
    pub(crate) name: String,
}

impl Specialty {
    /// Code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Name; the code where none is known.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Names of the common treatment functions (NHS Data Dictionary, treatment function code).
pub const TREATMENT_FUNCTIONS: &[(&str, &str)] = &[
    ("100", "General Surgery"),
    ("101", "Urology"),
    ("103", "Breast Surgery"),
    ("104", "Colorectal Surgery"),
    ("107", "Vascular Surgery"),
    ("110", "Trauma and Orthopaedics"),
    ("120", "Ear, Nose and Throat"),
    ("130", "Ophthalmology"),
    ("140", "Oral Surgery"),
    ("150", "Neurosurgery"),
    ("160", "Plastic Surgery"),
    ("170", "Cardiothoracic Surgery"),
    ("191", "Pain Management"),
    ("300", "General Internal Medicine"),
    ("301", "Gastroenterology"),
    ("302", "Endocrinology"),
    ("303", "Clinical Haematology"),
    ("307", "Diabetes"),
    ("320", "Cardiology"),
    ("321", "Paediatric Cardiology"),
    ("330", "Dermatology"),
    ("340", "Respiratory Medicine"),
    ("361", "Renal Medicine"),
    ("370", "Medical Oncology"),
    ("400", "Neurology"),
    ("410", "Rheumatology"),
    ("420", "Paediatrics"),
    ("421", "Paediatric Neurology"),
    ("430", "Elderly Medicine"),
    ("502", "Gynaecology"),
    ("800", "Clinical Oncology"),
];

/// A clinic: a series of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    pub(crate) code: String,
    pub(crate) site: SiteId,
    pub(crate) specialty: SpecialtyId,
    pub(crate) places: u32,
    pub(crate) new_slots: Option<u32>,
    pub(crate) follow_up_slots: Option<u32>,
    pub(crate) sessions: Vec<SessionId>,
}

impl Clinic {
    /// Code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Where.
    #[must_use]
    pub fn site(&self) -> SiteId {
        self.site
    }

    /// Treatment function.
    #[must_use]
    pub fn specialty(&self) -> SpecialtyId {
        self.specialty
    }

    /// The consultants it needs at a time.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.places
    }

    /// New patients a session.
    #[must_use]
    pub fn new_slots(&self) -> Option<u32> {
        self.new_slots
    }

    /// Follow-up patients a session.
    #[must_use]
    pub fn follow_up_slots(&self) -> Option<u32> {
        self.follow_up_slots
    }

    /// Its sessions in the horizon, in order of time.
    #[must_use]
    pub fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }
}

/// A dated session of the horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(crate) code: String,
    pub(crate) site: SiteId,
    pub(crate) specialty: SpecialtyId,
    pub(crate) subspecialty: Option<String>,
    pub(crate) span: Span,
    /// On which it starts: rules ask for it millions of times.
    pub(crate) date: Date,
    pub(crate) places: u32,
    pub(crate) priority: Priority,
    pub(crate) named: Vec<ConsultantId>,
    pub(crate) room: Option<String>,
    pub(crate) pas: Thousandths,
    pub(crate) clinic: Option<ClinicId>,
}

impl Session {
    /// Id: `CLINIC@DATE`, or its own.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Where.
    #[must_use]
    pub fn site(&self) -> SiteId {
        self.site
    }

    /// Treatment function.
    #[must_use]
    pub fn specialty(&self) -> SpecialtyId {
        self.specialty
    }

    /// Subspecialty it asks for.
    #[must_use]
    pub fn subspecialty(&self) -> Option<&str> {
        self.subspecialty.as_deref()
    }

    /// When.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The date on which it starts.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// The half-day in which it starts.
    #[must_use]
    pub fn half_day(&self) -> HalfDay {
        self.span.half_day()
    }

    /// How long, in minutes.
    #[must_use]
    pub fn minutes(&self) -> i32 {
        self.span.minutes()
    }

    /// How many consultants it needs.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.places
    }

    /// How much it matters.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// The named consultants, in order of id; may be none.
    #[must_use]
    pub fn named(&self) -> &[ConsultantId] {
        &self.named
    }

    /// Room.
    #[must_use]
    pub fn room(&self) -> Option<&str> {
        self.room.as_deref()
    }

    /// Programmed activities: as given, else hours / 4.
    #[must_use]
    pub fn pas(&self) -> Thousandths {
        self.pas
    }

    /// The clinic whose series it belongs to.
    #[must_use]
    pub fn clinic(&self) -> Option<ClinicId> {
        self.clinic
    }
}
