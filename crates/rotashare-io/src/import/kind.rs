//! What the cells of each column of the dataset mean, by the column's name.

use rotashare_core::fault::Table;

/// What a cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    PersonName,
    /// Somebody by code, number or name.
    Person,
    /// Several of them.
    People,
    Weekday,
    Weeks,
    Clock,
    Date,
    Part,
    Number,
    Site,
    Trust,
    Specialty,
    /// A word of a small vocabulary, in lower case with dashes.
    Word,
}

impl Kind {
    /// The kind of a column of a file.
    pub(super) fn of(table: Table, column: &str) -> Self {
        match column {
            "consultant" => Self::Person,
            "named_consultant" => Self::People,
            "name" if table == Table::Consultants => Self::PersonName,
            "weekday" => Self::Weekday,
            "weeks" if table != Table::History => Self::Weeks,
            "start" | "end" | "depart_from" | "depart_to" => Self::Clock,
            "from" | "to" | "date" | "to_date" | "valid_from" | "valid_to" | "active_from"
            | "active_to" => Self::Date,
            "part" => Self::Part,
            "site" | "base_site" | "from_site" | "to_site" => {
                if table == Table::Sites {
                    Self::Text
                } else {
                    Self::Site
                }
            }
            "trust" | "lender" | "host" => {
                if table == Table::Trusts {
                    Self::Text
                } else {
                    Self::Trust
                }
            }
            "specialty" => {
                if table == Table::Specialties {
                    Self::Text
                } else {
                    Self::Specialty
                }
            }
            "fte"
            | "pas"
            | "target_hours"
            | "max_hours"
            | "max_away_days_per_week"
            | "minutes"
            | "miles"
            | "consultants"
            | "new_slots"
            | "follow_up_slots"
            | "keep_on_base"
            | "min_sessions"
            | "max_sessions"
            | "price_per_session"
            | "mileage_pence"
            | "max_cost"
            | "points"
            | "away_days"
            | "hours"
            | "weeks"
            | "latitude"
            | "longitude" => Self::Number,
            "priority" | "firmness" | "bank_holidays" | "instrument" | "nation" | "change"
            | "pin" => Self::Word,
            "kind" if table == Table::OnCall => Self::Word,
            _ => Self::Text,
        }
    }
}

/// Whether the rows of a file are one a key, its first column.
pub(super) fn is_keyed(table: Table) -> bool {
    matches!(
        table,
        Table::Consultants
            | Table::Clinics
            | Table::Sessions
            | Table::Sites
            | Table::Trusts
            | Table::Specialties
            | Table::Agreements
            | Table::History
    )
}
