//! Newtype ids: an index into the network's tables, which are sorted by code.
//!
//! Because the tables are sorted, the order of ids is the order of codes, and nothing depends on the
//! order of rows in the input.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id of the entry at `index` of its table.
            ///
            /// # Panics
            /// Where the index is beyond `u32`: more entries than memory holds.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 entries in a table"))
            }

            /// The position in its table.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

id! {
    /// A trust (an employer of consultants and a board of its own).
    TrustId;
    /// A hospital site of a trust.
    SiteId;
    /// A treatment function (`320` cardiology).
    SpecialtyId;
    /// A consultant.
    ConsultantId;
    /// A clinic: a series of sessions.
    ClinicId;
    /// A dated session of the horizon.
    SessionId;
    /// An agreement between a lender and a host.
    AgreementId;
}
