//! The validated, immutable whole of a dataset.

use std::collections::HashMap;

use crate::agreements::{Agreement, Cover};
use crate::build;
use crate::clinics::{Clinic, Session, Specialty};
use crate::draft::{Draft, Setting};
use crate::fault::Fault;
use crate::ids::{AgreementId, ClinicId, ConsultantId, SessionId, SiteId, SpecialtyId, TrustId};
use crate::people::{Consultant, Duty};
use crate::sites::{Site, Travel, Trust};
use crate::time::{DAY_MINUTES, Date, Horizon, Span, dates, days_after};
use crate::values::{Firmness, PinKind};

/// Every fault of a dataset, and the warnings that go with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What is worth a look.
    pub warnings: Vec<Fault>,
}

/// A network of trusts that share consultants, over a horizon. It can only be built checked: every
/// id refers to an entry, every table is sorted by code (sessions by time, then code).
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(crate) name: String,
    pub(crate) timezone: String,
    pub(crate) horizon: Horizon,
    pub(crate) weights: Vec<(u32, String, Setting)>,
    pub(crate) rule_settings: Vec<(u32, String, String, Setting)>,
    pub(crate) specialties: Vec<Specialty>,
    pub(crate) trusts: Vec<Trust>,
    pub(crate) sites: Vec<Site>,
    pub(crate) travel: Travel,
    pub(crate) consultants: Vec<Consultant>,
    pub(crate) clinics: Vec<Clinic>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) session_ids: HashMap<String, SessionId>,
    pub(crate) accredited: Vec<Vec<ConsultantId>>,
    pub(crate) admitted: Vec<Vec<ConsultantId>>,
    pub(crate) employed: HashMap<(TrustId, SpecialtyId), Vec<ConsultantId>>,
    pub(crate) has_authorisations: bool,
    pub(crate) agreements: Option<Vec<Agreement>>,
    /// Agreements by lender and host, those for a specialty first, then by code.
    pub(crate) agreement_index: HashMap<(TrustId, TrustId), Vec<AgreementId>>,
    pub(crate) cover: Vec<Cover>,
    pub(crate) pins: Vec<Pin>,
    pub(crate) published: Option<Published>,
    pub(crate) cycle_anchor: Option<Date>,
}

/// A pinned person of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// Which session.
    pub session: SessionId,
    /// Who.
    pub consultant: ConsultantId,
    /// Does it or does not.
    pub kind: PinKind,
    /// The line in `pins.csv`.
    pub line: u32,
}

/// The rota already given out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// For each session of the horizon: place number and who has it.
    pub(crate) places: Vec<Vec<(u32, Option<ConsultantId>)>>,
    /// Places outside the horizon that somebody has, in order of (consultant, time).
    pub(crate) outside: Vec<OutsidePlace>,
}

/// A published place outside the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutsidePlace {
    /// Who.
    pub consultant: ConsultantId,
    /// When.
    pub span: Span,
    /// Where.
    pub site: SiteId,
}

impl Network {
    /// Checks a draft and makes a network of it, with the warnings.
    ///
    /// # Errors
    /// With every fault found, in order of file, line and column.
    pub fn build(draft: &Draft) -> Result<(Self, Vec<Fault>), Faults> {
        build::network(draft)
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// IANA name of the time zone.
    #[must_use]
    pub fn timezone(&self) -> &str {
        &self.timezone
    }

    /// The dates that are planned.
    #[must_use]
    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// `[weights]` as given: line, name, value.
    #[must_use]
    pub fn weights(&self) -> &[(u32, String, Setting)] {
        &self.weights
    }

    /// `[rules.<id>]` as given: line, rule, key, value.
    #[must_use]
    pub fn rule_settings(&self) -> &[(u32, String, String, Setting)] {
        &self.rule_settings
    }

    /// All specialties.
    #[must_use]
    pub fn specialties(&self) -> &[Specialty] {
        &self.specialties
    }

    /// One specialty.
    #[must_use]
    pub fn specialty(&self, id: SpecialtyId) -> &Specialty {
        &self.specialties[id.index()]
    }

    /// All trusts.
    #[must_use]
    pub fn trusts(&self) -> &[Trust] {
        &self.trusts
    }

    /// One trust.
    #[must_use]
    pub fn trust(&self, id: TrustId) -> &Trust {
        &self.trusts[id.index()]
    }

    /// All sites.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// One site.
    #[must_use]
    pub fn site(&self, id: SiteId) -> &Site {
        &self.sites[id.index()]
    }

    /// The ways between sites.
    #[must_use]
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// All consultants.
    #[must_use]
    pub fn consultants(&self) -> &[Consultant] {
        &self.consultants
    }

    /// Ids of all consultants.
    pub fn consultant_ids(&self) -> impl Iterator<Item = ConsultantId> + use<> {
        (0..self.consultants.len()).map(ConsultantId::new)
    }

    /// One consultant.
    #[must_use]
    pub fn consultant(&self, id: ConsultantId) -> &Consultant {
        &self.consultants[id.index()]
    }

    /// The consultant with a code.
    #[must_use]
    pub fn find_consultant(&self, code: &str) -> Option<ConsultantId> {
        let found = self.consultants.binary_search_by(|c| c.code.as_str().cmp(code));
        found.ok().map(ConsultantId::new)
    }

    /// The trust with a code.
    #[must_use]
    pub fn find_trust(&self, code: &str) -> Option<TrustId> {
        let found = self.trusts.binary_search_by(|t| t.code.as_str().cmp(code));
        found.ok().map(TrustId::new)
    }

    /// All clinics.
    #[must_use]
    pub fn clinics(&self) -> &[Clinic] {
        &self.clinics
    }

    /// One clinic.
    #[must_use]
    pub fn clinic(&self, id: ClinicId) -> &Clinic {
        &self.clinics[id.index()]
    }

    /// All sessions of the horizon, by time and code.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Ids of all sessions.
    pub fn session_ids(&self) -> impl Iterator<Item = SessionId> + use<> {
        (0..self.sessions.len()).map(SessionId::new)
    }

    /// One session.
    #[must_use]
    pub fn session(&self, id: SessionId) -> &Session {
        &self.sessions[id.index()]
    }

    /// The session with an id.
    #[must_use]
    pub fn find_session(&self, code: &str) -> Option<SessionId> {
        self.session_ids.get(code).copied()
    }

    /// Consultants with an accreditation for a specialty at any time, in order.
    #[must_use]
    pub fn accredited(&self, specialty: SpecialtyId) -> &[ConsultantId] {
        &self.accredited[specialty.index()]
    }

    /// Those of them whom a trust employs, in order.
    #[must_use]
    pub fn employed(&self, trust: TrustId, specialty: SpecialtyId) -> &[ConsultantId] {
        self.employed.get(&(trust, specialty)).map_or(&[], Vec::as_slice)
    }

    /// Consultants whom a trust employs or who have an authorisation there, for anything at any time,
    /// in order.
    #[must_use]
    pub fn admitted(&self, trust: TrustId) -> &[ConsultantId] {
        &self.admitted[trust.index()]
    }

    /// Whether there is `authorisations.csv`.
    #[must_use]
    pub fn has_authorisations(&self) -> bool {
        self.has_authorisations
    }

    /// All agreements; `None` where there is no `agreements.csv`.
    #[must_use]
    pub fn agreements(&self) -> Option<&[Agreement]> {
        self.agreements.as_deref()
    }

    /// The agreement under which a consultant does a session away: of those that cover it one for
    /// the specialty before one for all, then the first by code.
    #[must_use]
    pub fn agreement_for(&self, who: ConsultantId, session: SessionId) -> Option<AgreementId> {
        let session = self.session(session);
        let host = self.site(session.site).trust;
        let lender = self.consultant(who).employer;
        let between = self.agreement_index.get(&(lender, host))?;
        between
            .iter()
            .copied()
            .find(|id| self.agreement(*id).covers(lender, host, session.specialty, session.date()))
    }

    /// One agreement.
    ///
    /// # Panics
    /// Where there is no `agreements.csv`: then there is no id of one.
    #[must_use]
    pub fn agreement(&self, id: AgreementId) -> &Agreement {
        &self.agreements.as_ref().expect("an agreement's id comes from agreements.csv")[id.index()]
    }

    /// What lenders keep on base, in order.
    #[must_use]
    pub fn cover(&self) -> &[Cover] {
        &self.cover
    }

    /// Pins, in order of (session, consultant).
    #[must_use]
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Whether there is a published rota.
    #[must_use]
    pub fn has_published(&self) -> bool {
        self.published.is_some()
    }

    /// The published places of a session of the horizon, by number.
    #[must_use]
    pub fn published_places(&self, session: SessionId) -> &[(u32, Option<ConsultantId>)] {
        self.published.as_ref().map_or(&[], |published| &published.places[session.index()])
    }

    /// Published places outside the horizon that a consultant has, in order of time.
    #[must_use]
    pub fn published_outside(&self, who: ConsultantId) -> &[OutsidePlace] {
        let all = self.published.as_ref().map_or(&[][..], |published| &published.outside);
        let start = all.partition_point(|place| place.consultant < who);
        let end = all.partition_point(|place| place.consultant <= who);
        &all[start..end]
    }

    /// The trust whose site a session is at.
    #[must_use]
    pub fn host(&self, session: SessionId) -> TrustId {
        self.site(self.session(session).site).trust
    }

    /// Whether a session is away for a consultant: at a site of another trust than the employer.
    #[must_use]
    pub fn is_away(&self, who: ConsultantId, session: SessionId) -> bool {
        self.host(session) != self.consultant(who).employer
    }

    /// The job-plan duties of a consultant that start on dates of a stretch, in order of time,
    /// without those outside their active dates and those from which leave keeps them: leave in every
    /// half-day that a duty takes any time of on the date on which it starts.
    #[must_use]
    pub fn duties(&self, who: ConsultantId, from: Date, to: Date) -> Vec<Duty<'_>> {
        let consultant = self.consultant(who);
        let mut duties: Vec<Duty<'_>> = Vec::new();
        if consultant.duties.is_empty() {
            return duties;
        }
        for day in dates(from, to).filter(|day| consultant.active.contains(*day)) {
            let weekday = day.weekday();
            for pattern in consultant.duties.iter().filter(|duty| duty.weekday == weekday) {
                let span = Span::on(day, pattern.start, pattern.end);
                if pattern.valid.contains(day)
                    && pattern.weeks.contains(day, self.cycle_anchor)
                    && !consultant.on_leave_from(span)
                {
                    duties.push(Duty { span, pattern });
                }
            }
        }
        duties.sort_by_key(|duty| duty.span);
        duties
    }

    /// The duties of a firmness that a session is in the way of: they overlap it, or leave no time to
    /// travel between the two and `slack` minutes besides. Nobody travels for over a day: what is
    /// further apart is never in the way.
    #[must_use]
    pub fn duties_against(
        &self,
        who: ConsultantId,
        session: SessionId,
        firmness: Firmness,
        slack: i32,
    ) -> Vec<Duty<'_>> {
        let session = self.session(session);
        // A duty lasts up to a day, and may end a day before the session.
        let first = days_after(session.date(), -2);
        let last = days_after(session.span.end().date(), 1);
        let mut duties = self.duties(who, first, last);
        duties.retain(|duty| {
            duty.pattern.firmness == firmness
                && session.span.gap(duty.span) <= DAY_MINUTES
                && self.too_near(
                    (session.span, session.site),
                    (duty.span, duty.pattern.site),
                    slack,
                )
        });
        duties
    }

    /// Whether two stretches of work overlap or, at different sites, leave no time to travel between
    /// them and `slack` minutes besides.
    #[must_use]
    pub fn too_near(&self, one: (Span, SiteId), other: (Span, SiteId), slack: i32) -> bool {
        let gap = one.0.gap(other.0);
        if gap < 0 || one.1 == other.1 {
            return gap < 0;
        }
        let (first, second) =
            if one.0.end() <= other.0.start() { (one, other) } else { (other, one) };
        let minutes = self.travel.minutes(first.1, second.1, first.0.end().clock());
        gap < i32::try_from(minutes).unwrap_or(i32::MAX).saturating_add(slack)
    }
}
