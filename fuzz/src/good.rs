//! The good dataset: every file of the contract, each with something in every column that counts. The
//! command line's tests attack the same.

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../good/", $name)))),*] };
}

/// The files by name, `network.toml` last.
pub(crate) const FILES: &[(&str, &str)] = files![
    "specialties.csv",
    "bank_holidays.csv",
    "trusts.csv",
    "sites.csv",
    "travel.csv",
    "consultants.csv",
    "accreditations.csv",
    "authorisations.csv",
    "job_plans.csv",
    "leave.csv",
    "on_call.csv",
    "clinics.csv",
    "clinic_changes.csv",
    "sessions.csv",
    "cover.csv",
    "agreements.csv",
    "preferences.csv",
    "pins.csv",
    "published.csv",
    "history.csv",
    "network.toml",
];
