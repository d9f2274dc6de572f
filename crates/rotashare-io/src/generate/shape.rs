//! How large and how tight a synthetic network is.

/// The size and tightness of a synthetic network. Start from the default and change what matters:
///
/// ```
/// use rotashare_io::generate::{Shape, network};
/// let shape = Shape { consultants: 20, sites: 4, clinics: 16, seed: 3, ..Shape::default() };
/// assert_eq!(network(&shape)?.consultants.len(), 20);
/// # Ok::<(), rotashare_io::generate::ShapeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Where the draws start.
    pub seed: u64,
    /// Consultants in all, employed by the leads.
    pub consultants: usize,
    /// Partner sites in all, beside the leads' own.
    pub sites: usize,
    /// Specialties that each lead has.
    pub specialties: usize,
    /// Whether a lead's specialties are all of one size; few are large and many small where not.
    pub even_specialties: bool,
    /// Weekly clinics in all, all of them at partner sites.
    pub clinics: usize,
    /// Weeks in the horizon.
    pub weeks: u32,
    /// Leads, each with partners of its own and nothing shared between them.
    pub networks: usize,
    /// Partner trusts in all; a trust a partner site where not given.
    pub partner_trusts: Option<usize>,
    /// Base sites of each lead.
    pub base_sites: usize,
    /// The share of working days on leave.
    pub leave_share: f64,
    /// The share of a specialty's host trusts at which a consultant is authorised.
    pub authorised_share: f64,
    /// The share of authorisations that have lapsed, or lapse within the horizon.
    pub lapsed_share: f64,
    /// The share of consultants accredited in a second specialty, which ties specialties together.
    pub second_specialty_share: f64,
    /// Whether an agreement covers all specialties between a lender and a host, which ties them together.
    pub shared_agreements: bool,
    /// Hours that consultants may be lent, all together, over the hours of all clinics.
    pub capacity: f64,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            seed: 1,
            consultants: 80,
            sites: 8,
            specialties: 1,
            even_specialties: false,
            clinics: 48,
            weeks: 4,
            networks: 1,
            partner_trusts: None,
            base_sites: 2,
            leave_share: 0.10,
            authorised_share: 0.65,
            lapsed_share: 0.06,
            second_specialty_share: 0.0,
            shared_agreements: false,
            capacity: 1.15,
        }
    }
}

/// A shape that no network can have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// A number outside what it may be.
    #[error("{what} must be from {least} to {most}, not {value}")]
    Number {
        /// Which.
        what: &'static str,
        /// As given.
        value: usize,
        /// Least.
        least: usize,
        /// Most.
        most: usize,
    },
    /// A fraction outside what it may be.
    #[error("{what} must be from {least} to {most}, not {value}")]
    Fraction {
        /// Which.
        what: &'static str,
        /// As given.
        value: f64,
        /// Least.
        least: f64,
        /// Most.
        most: f64,
    },
}

impl Shape {
    /// Whether there can be such a network.
    ///
    /// # Errors
    /// The first number that is out of bounds.
    pub(super) fn check(&self) -> Result<(), ShapeError> {
        let numbers = [
            ("networks", self.networks, 1, 200),
            ("specialties", self.specialties, 1, 200),
            ("sites", self.sites, self.networks, 2_000),
            ("base sites", self.base_sites, 1, 20),
            ("weeks", self.weeks as usize, 1, 104),
            ("consultants", self.consultants, self.networks, 100_000),
            ("clinics", self.clinics, self.networks, 100_000),
        ];
        let trusts =
            self.partner_trusts.map(|trusts| ("partner trusts", trusts, self.networks, self.sites));
        for (what, value, least, most) in numbers.into_iter().chain(trusts) {
            if !(least..=most).contains(&value) {
                return Err(ShapeError::Number { what, value, least, most });
            }
        }
        for (what, value, most) in [
            ("the share of leave", self.leave_share, 0.9),
            ("the share of authorisations", self.authorised_share, 1.0),
            ("the share of lapsed authorisations", self.lapsed_share, 1.0),
            ("the share of second specialties", self.second_specialty_share, 1.0),
            ("capacity", self.capacity, 100.0),
        ] {
            if !(0.0..=most).contains(&value) {
                return Err(ShapeError::Fraction { what, value, least: 0.0, most });
            }
        }
        Ok(())
    }

    /// The share of the `number`-th network, and where its codes begin.
    pub(super) fn one_network(&self, number: usize) -> Part<'_> {
        let share = |total: usize| {
            let from = total * number / self.networks;
            (from, total * (number + 1) / self.networks - from)
        };
        let (first_consultant, consultants) = share(self.consultants);
        let (_, sites) = share(self.sites);
        let (first_partner, partners) = share(self.partner_trusts.unwrap_or(self.sites));
        Part {
            shape: self,
            number,
            consultants,
            first_consultant,
            sites,
            partners: partners.min(sites),
            first_trust: number + first_partner,
            clinics: share(self.clinics).1,
            specialties: self.specialties.min(consultants),
        }
    }
}

/// One lead with its partners.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) shape: &'a Shape,
    pub(super) number: usize,
    pub(super) consultants: usize,
    pub(super) first_consultant: usize,
    pub(super) sites: usize,
    pub(super) partners: usize,
    pub(super) first_trust: usize,
    pub(super) clinics: usize,
    pub(super) specialties: usize,
}
