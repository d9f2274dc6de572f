//! A dataset as read: cells typed, nothing looked up yet. [`crate::network::Network::build`] checks it.
//!
//! Every row has the `line` it stands on (the header is line 1), so that a fault found later still has
//! its place. A field that is `Option` was empty or its column absent, unless a default applies at
//! reading: then the field has it.

use crate::fault::Table;
use crate::time::{
    Clock, DAY_MINUTES, Date, Moment, Part, Span, Validity, Weekday, WorkingDays, days_after,
};
use crate::values::{
    BankHolidayPolicy, ChangeKind, Firmness, Hundredths, Instrument, Nation, OnCallKind, Pence,
    PinKind, Priority, Thousandths, WeekPattern,
};

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The line in its file.
            pub line: u32,
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )*};
}

/// A value in `network.toml`.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Fraction(f64),
    /// A text, and whatever else.
    Text(String),
    /// A date, bare or as text.
    Date(Date),
}

/// `network.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkToml {
    /// `name`
    pub name: String,
    /// `timezone`; `Europe/London` where not given.
    pub timezone: String,
    /// `[horizon] from, to`; `None` where missing or not a date (a fault of its own).
    pub horizon: Option<(Date, Date)>,
    /// The line of `[horizon]`.
    pub horizon_line: u32,
    /// `cycle_anchor` with its line.
    pub cycle_anchor: Option<(u32, Date)>,
    /// `[weights]`: line, name, value.
    pub weights: Vec<(u32, String, Setting)>,
    /// `[rules.<id>]`: line, rule, key, value; a section with no key says that the rule is enabled.
    pub rules: Vec<(u32, String, String, Setting)>,
}

rows! {
    /// `specialties.csv`: the dataset's own codes.
    SpecialtyRow {
        /// Code.
        specialty: String,
        /// Name.
        name: String,
    }
    /// `bank_holidays.csv`: days beyond the statutory ones.
    BankHolidayRow {
        /// Day.
        date: Date,
        /// Name.
        name: String,
        /// Where; everywhere if empty.
        nation: Option<Nation>,
    }
    /// `trusts.csv`
    TrustRow {
        /// ODS code.
        trust: String,
        /// Name.
        name: String,
        /// England by default.
        nation: Nation,
    }
    /// `sites.csv`
    SiteRow {
        /// ODS code.
        site: String,
        /// Its trust.
        trust: String,
        /// Name.
        name: String,
        /// Postcode.
        postcode: Option<String>,
        /// Degrees north, −90 to 90.
        latitude: Option<f64>,
        /// Degrees east, −180 to 180.
        longitude: Option<f64>,
    }
    /// `travel.csv`
    TravelRow {
        /// From.
        from_site: String,
        /// To.
        to_site: String,
        /// Minutes, 0 or more.
        minutes: u32,
        /// Miles in hundredths.
        miles: Option<Hundredths>,
        /// Holds for departures from then on.
        depart_from: Option<Clock>,
        /// Holds for departures before then.
        depart_to: Option<Clock>,
    }
    /// `consultants.csv`
    ConsultantRow {
        /// Code.
        consultant: String,
        /// Name.
        name: String,
        /// Employer.
        trust: String,
        /// Base.
        base_site: String,
        /// Whole-time equivalent in thousandths, over 0; 1000 by default.
        fte: Thousandths,
        /// Monday to Friday by default.
        working_days: WorkingDays,
        /// In minutes.
        target_hours: Option<i64>,
        /// In minutes.
        max_hours: Option<i64>,
        /// Away days a week.
        max_away_days_per_week: Option<u32>,
        /// `active_from`, `active_to`
        active: Validity,
        /// Address.
        email: Option<String>,
        /// The number that the employer's own systems know them by.
        employee_number: Option<String>,
    }
    /// `accreditations.csv`
    AccreditationRow {
        /// Who.
        consultant: String,
        /// Treatment function.
        specialty: String,
        /// Text.
        subspecialty: Option<String>,
        /// `valid_from`, `valid_to`
        valid: Validity,
    }
    /// `authorisations.csv`
    AuthorisationRow {
        /// Who.
        consultant: String,
        /// Host.
        trust: String,
        /// Only there; the whole trust if empty.
        site: Option<String>,
        /// Only that; every specialty if empty.
        specialty: Option<String>,
        /// What it rests on.
        instrument: Option<Instrument>,
        /// `valid_from`, `valid_to`
        valid: Validity,
    }
    /// `job_plans.csv`
    JobPlanRow {
        /// Who.
        consultant: String,
        /// Day.
        weekday: Weekday,
        /// Start.
        start: Clock,
        /// End.
        end: Clock,
        /// Every week by default.
        weeks: WeekPattern,
        /// Activity; empty if not given.
        activity: String,
        /// The base site if empty.
        site: Option<String>,
        /// Fixed by default.
        firmness: Firmness,
        /// Programmed activities.
        pas: Option<Thousandths>,
        /// `valid_from`, `valid_to`
        valid: Validity,
    }
    /// `leave.csv`
    LeaveRow {
        /// Who.
        consultant: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// Part of each day.
        part: Part,
        /// Kind; for the employer's eyes only.
        kind: Option<String>,
    }
    /// `on_call.csv`
    OnCallRow {
        /// Who.
        consultant: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// From when on the first day.
        start: Option<Clock>,
        /// Until when on the last day.
        end: Option<Clock>,
        /// `on-call` by default.
        kind: OnCallKind,
    }
    /// `clinics.csv`
    ClinicRow {
        /// Code.
        clinic: String,
        /// Where.
        site: String,
        /// Treatment function.
        specialty: String,
        /// Day.
        weekday: Weekday,
        /// Start.
        start: Clock,
        /// End.
        end: Clock,
        /// Text.
        subspecialty: Option<String>,
        /// Every week by default.
        weeks: WeekPattern,
        /// Places a session, 1 or more.
        consultants: u32,
        /// Should by default.
        priority: Priority,
        /// Codes.
        named_consultant: Vec<String>,
        /// Room.
        room: Option<String>,
        /// Programmed activities.
        pas: Option<Thousandths>,
        /// New patients.
        new_slots: Option<u32>,
        /// Follow-up patients.
        follow_up_slots: Option<u32>,
        /// Skip by default.
        bank_holidays: BankHolidayPolicy,
        /// `valid_from`, `valid_to`
        valid: Validity,
    }
    /// `clinic_changes.csv`
    ClinicChangeRow {
        /// Which clinic.
        clinic: String,
        /// Which day.
        date: Date,
        /// What happens.
        change: ChangeKind,
        /// Moved to.
        to_date: Option<Date>,
        /// New start.
        start: Option<Clock>,
        /// New end.
        end: Option<Clock>,
        /// Note.
        note: Option<String>,
    }
    /// `sessions.csv`
    SessionRow {
        /// Id.
        session: String,
        /// Where.
        site: String,
        /// Treatment function.
        specialty: String,
        /// Day.
        date: Date,
        /// Start.
        start: Clock,
        /// End.
        end: Clock,
        /// Makes it one of that clinic's series.
        clinic: Option<String>,
        /// Text.
        subspecialty: Option<String>,
        /// Places; the clinic's, else 1.
        consultants: Option<u32>,
        /// The clinic's, else should.
        priority: Option<Priority>,
        /// Codes; the clinic's if none.
        named_consultant: Vec<String>,
        /// Room.
        room: Option<String>,
        /// Programmed activities.
        pas: Option<Thousandths>,
    }
    /// `cover.csv`
    CoverRow {
        /// Lender.
        trust: String,
        /// Treatment function.
        specialty: String,
        /// How many stay.
        keep_on_base: u32,
        /// Only that day.
        weekday: Option<Weekday>,
        /// Only that part.
        part: Part,
        /// Only those based there.
        site: Option<String>,
    }
    /// `agreements.csv`
    AgreementRow {
        /// Code.
        agreement: String,
        /// Lender.
        lender: String,
        /// Host.
        host: String,
        /// Only that; every specialty if empty.
        specialty: Option<String>,
        /// Sessions in the horizon.
        min_sessions: Option<u32>,
        /// Sessions in the horizon.
        max_sessions: Option<u32>,
        /// Price.
        price_per_session: Option<Pence>,
        /// Pence a mile, in hundredths of a penny.
        mileage_pence: Option<Hundredths>,
        /// Most in the horizon.
        max_cost: Option<Pence>,
        /// `valid_from`, `valid_to`
        valid: Validity,
    }
    /// `preferences.csv`
    PreferenceRow {
        /// Who.
        consultant: String,
        /// Points; negative for a like.
        points: i64,
        /// Only there.
        site: Option<String>,
        /// Only that.
        specialty: Option<String>,
        /// Only that clinic.
        clinic: Option<String>,
        /// Only that day.
        weekday: Option<Weekday>,
        /// Only that part.
        part: Part,
    }
    /// `pins.csv`
    PinRow {
        /// Which session.
        session: String,
        /// Who.
        consultant: String,
        /// Yes by default.
        pin: PinKind,
    }
    /// A row of `rota.csv` or `published.csv`; what is not needed to know who does what is not read.
    RotaRow {
        /// Which session.
        session: String,
        /// Which place, from 1; 1 by default.
        place: u32,
        /// Who; `None` where unfilled.
        consultant: Option<String>,
        /// Date, where given.
        date: Option<Date>,
        /// Start, where given.
        start: Option<Clock>,
        /// End, where given.
        end: Option<Clock>,
        /// Site, where given.
        site: Option<String>,
        /// Treatment function, where given.
        specialty: Option<String>,
        /// Clinic, where given.
        clinic: Option<String>,
    }
    /// `history.csv`
    HistoryRow {
        /// Who.
        consultant: String,
        /// Away days before the horizon.
        away_days: Option<u32>,
        /// Minutes worked before the horizon.
        hours: Option<i64>,
        /// Over how many weeks, in thousandths.
        weeks: Option<Thousandths>,
    }
}

/// A whole dataset as read. An optional file that is absent is `None`; `clinics` and `sessions` too,
/// though one of them must be there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// `network.toml`
    pub network: NetworkToml,
    /// `specialties.csv`
    pub specialties: Option<Vec<SpecialtyRow>>,
    /// `bank_holidays.csv`
    pub bank_holidays: Option<Vec<BankHolidayRow>>,
    /// `trusts.csv`
    pub trusts: Vec<TrustRow>,
    /// `sites.csv`
    pub sites: Vec<SiteRow>,
    /// `travel.csv`
    pub travel: Option<Vec<TravelRow>>,
    /// `consultants.csv`
    pub consultants: Vec<ConsultantRow>,
    /// `accreditations.csv`
    pub accreditations: Vec<AccreditationRow>,
    /// `authorisations.csv`
    pub authorisations: Option<Vec<AuthorisationRow>>,
    /// `job_plans.csv`
    pub job_plans: Option<Vec<JobPlanRow>>,
    /// `leave.csv`
    pub leave: Option<Vec<LeaveRow>>,
    /// `on_call.csv`
    pub on_call: Option<Vec<OnCallRow>>,
    /// `clinics.csv`
    pub clinics: Option<Vec<ClinicRow>>,
    /// `clinic_changes.csv`
    pub clinic_changes: Option<Vec<ClinicChangeRow>>,
    /// `sessions.csv`
    pub sessions: Option<Vec<SessionRow>>,
    /// `cover.csv`
    pub cover: Option<Vec<CoverRow>>,
    /// `agreements.csv`
    pub agreements: Option<Vec<AgreementRow>>,
    /// `preferences.csv`
    pub preferences: Option<Vec<PreferenceRow>>,
    /// `pins.csv`
    pub pins: Option<Vec<PinRow>>,
    /// `published.csv`
    pub published: Option<Vec<RotaRow>>,
    /// `history.csv`
    pub history: Option<Vec<HistoryRow>>,
    /// Codes in rows that are left out for another fault, to be looked up all the same.
    pub references: Vec<Reference>,
}

/// A code in a cell that another file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The file of the cell.
    pub table: Table,
    /// The line on which its row starts.
    pub line: u32,
    /// Its column.
    pub column: &'static str,
    /// The code.
    pub code: String,
    /// The file that gives such codes.
    pub given_by: Table,
}

impl Draft {
    /// Whether the dataset has a file. Those that it must have count as there.
    #[must_use]
    pub fn has(&self, table: Table) -> bool {
        match table {
            Table::Network
            | Table::Trusts
            | Table::Sites
            | Table::Consultants
            | Table::Accreditations => true,
            Table::Specialties => self.specialties.is_some(),
            Table::BankHolidays => self.bank_holidays.is_some(),
            Table::Travel => self.travel.is_some(),
            Table::Authorisations => self.authorisations.is_some(),
            Table::JobPlans => self.job_plans.is_some(),
            Table::Leave => self.leave.is_some(),
            Table::OnCall => self.on_call.is_some(),
            Table::Clinics => self.clinics.is_some(),
            Table::ClinicChanges => self.clinic_changes.is_some(),
            Table::Sessions => self.sessions.is_some(),
            Table::Cover => self.cover.is_some(),
            Table::Agreements => self.agreements.is_some(),
            Table::Preferences => self.preferences.is_some(),
            Table::Pins => self.pins.is_some(),
            Table::Published => self.published.is_some(),
            Table::History => self.history.is_some(),
            Table::Rota => false,
        }
    }
}

impl OnCallRow {
    /// When it is: whole days for a hot week, and where no times are given; an end on the day of the
    /// start, and no later than it, is on the next day.
    #[must_use]
    pub fn span(&self) -> Span {
        let midnight = |day| Moment::start_of(day);
        let whole = Span::between(midnight(self.from), midnight(days_after(self.to, 1)));
        if self.kind == OnCallKind::HotWeek {
            return whole;
        }
        let start = self.start.map_or(whole.start(), |start| Moment::new(self.from, start));
        let end = match self.end {
            None => whole.end(),
            Some(end) => {
                let start = self.start.unwrap_or(Clock::MIDNIGHT);
                let next = self.from == self.to && end <= start;
                Moment::new(self.to, end).plus(if next { DAY_MINUTES } else { 0 })
            }
        };
        Span::between(start, end)
    }
}
