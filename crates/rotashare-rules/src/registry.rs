//! Every rule and term, a line each, in the order in which they are shown.

use crate::rule::{Rule, Weight};
use crate::rules;

/// All of them.
pub const RULES: &[&dyn Rule] = &[
    &rules::unfilled::Unfilled,
    &rules::continuity::Continuity,
    &rules::named::Named,
    &rules::travel::Travel,
    &rules::split_day::SplitDay,
    &rules::fairness::Fairness,
    &rules::delivery::Delivery,
    &rules::preference::Preferences,
    &rules::change::Change,
    &rules::dark_clinic::DarkClinic,
    &rules::agreement_shortfall::AgreementShortfall,
    &rules::shared_shortfall::SharedShortfall,
    &rules::cost::Cost,
    &rules::people_used::PeopleUsed,
    &rules::friday_pm::FridayPm,
    &rules::first_day_back::FirstDayBack,
    &rules::one_place::OnePlace,
    &rules::travel_time::TravelTime,
    &rules::leave::OnLeave,
    &rules::working_days::WorkingDays,
    &rules::fixed_duty::FixedDuty,
    &rules::on_call::OnCallRule,
    &rules::rest::Rest,
    &rules::accreditation::Accredited,
    &rules::authorisation::Authorised,
    &rules::agreement::UnderAgreement,
    &rules::away_days::AwayDays,
    &rules::max_hours::MaxHours,
    &rules::max_days::MaxDays,
    &rules::working_time::WorkingTime,
    &rules::drawbridge::Drawbridge,
    &rules::away_share::AwayShare,
    &rules::pins::Pins,
    &rules::notice::Notice,
];

/// The rule with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.meta().id == id)
}

/// Every weight of every term.
pub fn weights() -> impl Iterator<Item = &'static Weight> {
    RULES.iter().flat_map(|rule| rule.meta().weights)
}
