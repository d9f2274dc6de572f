//! One rule a file: what it is, its terms for the engines, its audit, its tests.

use crate::rule::Rule;

pub mod lending;
pub mod months;

/// A line `file::Type` declares the file and registers its rule.
macro_rules! rooms {
    ($($file:ident::$rule:ident)*) => {
        $(pub mod $file;)*

        /// Every rule and term, in the order in which they are shown.
        pub(crate) const ALL: &[&dyn Rule] = &[$(&$file::$rule),*];
    };
}

rooms! {
    unfilled::Unfilled
    continuity::Continuity
    named::Named
    travel::Travel
    split_day::SplitDay
    fairness::Fairness
    delivery::Delivery
    preference::Preferences
    change::Change
    dark_clinic::DarkClinic
    agreement_shortfall::AgreementShortfall
    shared_shortfall::SharedShortfall
    cost::Cost
    people_used::PeopleUsed
    friday_pm::FridayPm
    first_day_back::FirstDayBack

    one_place::OnePlace
    travel_time::TravelTime
    leave::OnLeave
    working_days::WorkingDays
    fixed_duty::FixedDuty
    on_call::OnCallRule
    rest::Rest
    accreditation::Accredited
    authorisation::Authorised
    agreement::UnderAgreement
    away_days::AwayDays
    max_hours::MaxHours
    max_days::MaxDays
    weekends::Weekends
    working_time::WorkingTime
    drawbridge::Drawbridge
    away_share::AwayShare
    pins::Pins
    notice::Notice
}
