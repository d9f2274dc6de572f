//! What a reader may see of a rota: all of it, or one trust's part.

use std::collections::{BTreeMap, BTreeSet};

use rotashare_core::clinics::Session;
use rotashare_core::fault::Table;
use rotashare_core::ids::{AgreementId, ConsultantId, SessionId, SiteId, SpecialtyId, TrustId};
use rotashare_core::network::Network;
use rotashare_core::people::Consultant;
use rotashare_core::rota::{Place, Rota};
use rotashare_core::time::{Date, days_after, monday_of};
use rotashare_core::values::PinKind;

use super::facts::{Broken, Change, CoverHalfDay, Facts, GapReason};

/// A place of a session, with whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which place.
    pub place: Place,
    /// Who has it; `None` where it is empty.
    pub who: Option<ConsultantId>,
    /// Whether the site is another trust's than the employer.
    pub away: bool,
    /// Minutes from base and back.
    pub travel_minutes: u32,
    /// The agreement it is under.
    pub agreement: Option<AgreementId>,
    /// Whether it is pinned.
    pub pinned: bool,
}

/// A rota as its reader may see it.
///
/// A trust (`only`) sees every place at its own sites and every place of its own employees, and nothing
/// else: no diary of anybody else, no reason for anybody else's absence, no other board's cover. Kinds of
/// leave and addresses are shown to nobody.
#[derive(Clone, Debug)]
pub struct View<'a> {
    network: &'a Network,
    facts: &'a Facts,
    only: Option<TrustId>,
    lines: Vec<Line>,
    by_person: Vec<Vec<usize>>,
}

impl<'a> View<'a> {
    /// What `only` may see of a rota; everything where there is no `only`.
    #[must_use]
    pub fn new(
        network: &'a Network,
        rota: &'a Rota,
        facts: &'a Facts,
        only: Option<TrustId>,
    ) -> Self {
        let pinned: BTreeSet<(SessionId, ConsultantId)> = network
            .pins()
            .iter()
            .filter(|pin| pin.kind == PinKind::Yes)
            .map(|pin| (pin.session, pin.consultant))
            .collect();
        let is_shown = |place: Place, who: Option<ConsultantId>| {
            only.is_none_or(|trust| {
                network.host(place.session) == trust
                    || who.is_some_and(|who| network.consultant(who).employer() == trust)
            })
        };
        let line = |(place, who): (Place, Option<ConsultantId>)| {
            let away = who.is_some_and(|who| network.is_away(who, place.session));
            let site = network.session(place.session).site();
            let base = who.map(|who| network.consultant(who).base());
            Line {
                place,
                who,
                away,
                travel_minutes: base.map_or(0, |base| network.travel().return_minutes(base, site)),
                agreement: who
                    .filter(|_| away)
                    .and_then(|who| network.agreement_for(who, place.session)),
                pinned: who.is_some_and(|who| pinned.contains(&(place.session, who))),
            }
        };
        let lines: Vec<Line> =
            rota.cells().filter(|(place, who)| is_shown(*place, *who)).map(line).collect();
        let mut by_person = vec![Vec::new(); network.consultants().len()];
        for (index, line) in lines.iter().enumerate() {
            if let Some(who) = line.who {
                by_person[who.index()].push(index);
            }
        }
        Self { network, facts, only, lines, by_person }
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The trust whose view it is.
    #[must_use]
    pub fn only(&self) -> Option<TrustId> {
        self.only
    }

    /// The date of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.facts.today
    }

    /// Minutes kept free beside travel.
    #[must_use]
    pub fn slack_minutes(&self) -> i32 {
        self.facts.slack_minutes
    }

    /// The cells of `rota.csv` of a place shown; what a guest gives up is their employer's business.
    pub(crate) fn rota_cells(&self, line: &Line) -> Vec<String> {
        let mut cells =
            crate::output::rota_cells(self.network, line.place, line.who, self.facts.slack_minutes);
        if line.who.is_some_and(|who| !self.is_ours(who)) {
            for (cell, column) in cells.iter_mut().zip(crate::columns(Table::Rota)) {
                if column.name() == "gives_up" {
                    cell.clear();
                }
            }
        }
        cells
    }

    /// The first day that is not inside the notice period.
    #[must_use]
    pub fn notice_until(&self) -> Option<Date> {
        self.facts.notice_until
    }

    /// A title: the network, and the trust whose view it is.
    #[must_use]
    pub fn title(&self) -> String {
        match self.only {
            Some(trust) => {
                format!("{}: {}", self.network.name(), self.network.trust(trust).name())
            }
            None => self.network.name().to_owned(),
        }
    }

    /// Every place shown, in order of sessions and places.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The places that somebody has, in order of time.
    pub fn lines_of(&self, who: ConsultantId) -> impl Iterator<Item = &Line> {
        self.by_person[who.index()].iter().map(|index| &self.lines[*index])
    }

    /// The session of a line.
    #[must_use]
    pub fn session(&self, line: &Line) -> &'a Session {
        self.network.session(line.place.session)
    }

    /// The consultant of a line.
    #[must_use]
    pub fn consultant(&self, line: &Line) -> Option<&'a Consultant> {
        line.who.map(|who| self.network.consultant(who))
    }

    /// Whether a consultant's own affairs are shown: no `only`, or it employs them.
    #[must_use]
    pub fn is_ours(&self, who: ConsultantId) -> bool {
        self.only.is_none_or(|trust| self.network.consultant(who).employer() == trust)
    }

    /// Whether a site is the reader's own.
    #[must_use]
    pub fn is_our_site(&self, site: SiteId) -> bool {
        self.only.is_none_or(|trust| self.network.site(site).trust() == trust)
    }

    /// Consultants whose own affairs are shown, in order.
    pub fn our_people(&self) -> impl Iterator<Item = ConsultantId> {
        self.network.consultant_ids().filter(|who| self.is_ours(*who))
    }

    /// Everybody who has a place shown, in order.
    #[must_use]
    pub fn people(&self) -> Vec<ConsultantId> {
        let busy = |who: &ConsultantId| !self.by_person[who.index()].is_empty();
        self.network.consultant_ids().filter(busy).collect()
    }

    /// Sites with a place shown, in order.
    #[must_use]
    pub fn sites(&self) -> Vec<SiteId> {
        let sites: BTreeSet<SiteId> =
            self.lines.iter().map(|line| self.session(line).site()).collect();
        sites.into_iter().collect()
    }

    /// Specialties with a place shown, in order.
    #[must_use]
    pub fn specialties(&self) -> Vec<SpecialtyId> {
        let all: BTreeSet<SpecialtyId> =
            self.lines.iter().map(|line| self.session(line).specialty()).collect();
        all.into_iter().collect()
    }

    /// The Mondays of the weeks of the horizon.
    #[must_use]
    pub fn weeks(&self) -> Vec<Date> {
        let horizon = self.network.horizon();
        let mut monday = monday_of(horizon.from());
        let mut weeks = Vec::new();
        while monday <= horizon.to() {
            weeks.push(monday);
            monday = days_after(monday, 7);
        }
        weeks
    }

    /// The offsets from Monday of the weekdays to show: Monday to Friday, and what else has a session.
    #[must_use]
    pub fn weekdays(&self) -> Vec<i64> {
        let used: BTreeSet<i64> = self
            .lines
            .iter()
            .map(|line| i64::from(self.session(line).date().weekday().to_monday_zero_offset()))
            .chain(0..5)
            .collect();
        used.into_iter().collect()
    }

    /// Lines by week (its Monday), site and date.
    #[must_use]
    pub fn grid(&self) -> BTreeMap<Date, BTreeMap<SiteId, BTreeMap<Date, Vec<&Line>>>> {
        let mut grid: BTreeMap<Date, BTreeMap<SiteId, BTreeMap<Date, Vec<&Line>>>> =
            BTreeMap::new();
        for line in &self.lines {
            let session = self.session(line);
            let cell = grid.entry(monday_of(session.date())).or_default();
            let cell = cell.entry(session.site()).or_default().entry(session.date()).or_default();
            cell.push(line);
        }
        grid
    }

    /// Empty places at sites that the reader has a say in, each with the reasons that may be shown.
    #[must_use]
    pub fn gaps(&self) -> Vec<(&Line, Vec<&'a GapReason>)> {
        let mut reasons: BTreeMap<Place, Vec<&GapReason>> = BTreeMap::new();
        for reason in &self.facts.gaps {
            reasons.entry(reason.place).or_default().push(reason);
        }
        let empty = self.lines.iter().filter(|line| line.who.is_none());
        empty.map(|line| (line, reasons.remove(&line.place).unwrap_or_default())).collect()
    }

    /// Points by term: the whole network's business, not a single trust's.
    #[must_use]
    pub fn points(&self) -> &'a [(String, rotashare_core::points::Points)] {
        if self.only.is_none() { &self.facts.points } else { &[] }
    }

    /// Broken rules that may be shown: all of them, or those of the trust's own employees.
    #[must_use]
    pub fn breaches(&self) -> Vec<&'a Broken> {
        let shown = |broken: &&Broken| {
            self.only.is_none() || broken.consultant.is_some_and(|who| self.is_ours(who))
        };
        self.facts.breaches.iter().filter(shown).collect()
    }

    /// The drawbridge, the trust's own only.
    #[must_use]
    pub fn cover(&self) -> Vec<&'a CoverHalfDay> {
        let shown = |cover: &&CoverHalfDay| self.only.is_none_or(|trust| cover.trust == trust);
        self.facts.cover.iter().filter(shown).collect()
    }

    /// What differs from the last version, as far as it concerns the reader.
    ///
    /// Of a place at another trust's site, a trust sees only that its own employee lost or got it.
    #[must_use]
    pub fn changes(&self) -> Option<Vec<Change>> {
        let ours = |code: &Option<String>| {
            code.as_deref()
                .and_then(|code| self.network.find_consultant(code))
                .is_some_and(|who| self.is_ours(who))
        };
        let shown = |change: &Change| -> Option<Change> {
            let Some(trust) = self.only else { return Some(change.clone()) };
            let site = change.site.as_deref();
            let site = self.network.sites().iter().find(|one| Some(one.code()) == site);
            if site.is_some_and(|site| site.trust() == trust) {
                return Some(change.clone());
            }
            let mut change = change.clone();
            let (before, after) = (ours(&change.before), ours(&change.after));
            if !before {
                change.before = None;
            }
            if !after {
                change.after = None;
            }
            if change.kind == "reassigned" && before != after {
                change.kind = if before { "emptied" } else { "filled" }.to_owned();
            }
            (before || after).then_some(change)
        };
        self.facts.changes.as_ref().map(|changes| changes.iter().filter_map(shown).collect())
    }

    /// A consultant's name for a code; the code where it is not known.
    #[must_use]
    pub fn name_of<'b>(&self, code: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.network.find_consultant(code).map_or(code, |who| self.network.consultant(who).name())
    }
}
