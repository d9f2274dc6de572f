//! Faults of the input: where, what value, what is wrong, what to do.

use std::fmt;

/// A file of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// `network.toml`
    Network,
    /// `specialties.csv`
    Specialties,
    /// `bank_holidays.csv`
    BankHolidays,
    /// `trusts.csv`
    Trusts,
    /// `sites.csv`
    Sites,
    /// `travel.csv`
    Travel,
    /// `consultants.csv`
    Consultants,
    /// `accreditations.csv`
    Accreditations,
    /// `authorisations.csv`
    Authorisations,
    /// `job_plans.csv`
    JobPlans,
    /// `leave.csv`
    Leave,
    /// `on_call.csv`
    OnCall,
    /// `clinics.csv`
    Clinics,
    /// `clinic_changes.csv`
    ClinicChanges,
    /// `sessions.csv`
    Sessions,
    /// `cover.csv`
    Cover,
    /// `agreements.csv`
    Agreements,
    /// `preferences.csv`
    Preferences,
    /// `pins.csv`
    Pins,
    /// `published.csv`
    Published,
    /// `history.csv`
    History,
    /// A rota handed over for judgement or comparison.
    Rota,
}

impl Table {
    /// Every file that a dataset may have, in the order of the contract.
    pub const ALL: [Self; 21] = [
        Self::Network,
        Self::Specialties,
        Self::BankHolidays,
        Self::Trusts,
        Self::Sites,
        Self::Travel,
        Self::Consultants,
        Self::Accreditations,
        Self::Authorisations,
        Self::JobPlans,
        Self::Leave,
        Self::OnCall,
        Self::Clinics,
        Self::ClinicChanges,
        Self::Sessions,
        Self::Cover,
        Self::Agreements,
        Self::Preferences,
        Self::Pins,
        Self::Published,
        Self::History,
    ];

    /// The file's name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Network => "network.toml",
            Self::Specialties => "specialties.csv",
            Self::BankHolidays => "bank_holidays.csv",
            Self::Trusts => "trusts.csv",
            Self::Sites => "sites.csv",
            Self::Travel => "travel.csv",
            Self::Consultants => "consultants.csv",
            Self::Accreditations => "accreditations.csv",
            Self::Authorisations => "authorisations.csv",
            Self::JobPlans => "job_plans.csv",
            Self::Leave => "leave.csv",
            Self::OnCall => "on_call.csv",
            Self::Clinics => "clinics.csv",
            Self::ClinicChanges => "clinic_changes.csv",
            Self::Sessions => "sessions.csv",
            Self::Cover => "cover.csv",
            Self::Agreements => "agreements.csv",
            Self::Preferences => "preferences.csv",
            Self::Pins => "pins.csv",
            Self::Published => "published.csv",
            Self::History => "history.csv",
            Self::Rota => "rota.csv",
        }
    }
}

/// Something wrong with the input, or (as a warning) worth a look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// In which file.
    pub table: Table,
    /// On which line, the header being line 1; `None` where it concerns the whole file.
    pub line: Option<u32>,
    /// In which column (or key of `network.toml`), where it concerns one.
    pub column: Option<String>,
    /// The value found there; may be empty.
    pub value: String,
    /// What is wrong, a clause without a full stop.
    pub problem: String,
    /// What to do about it, a clause without a full stop; may be empty.
    pub remedy: String,
}

impl Fault {
    /// A fault of a whole file.
    pub fn of_file(table: Table, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            table,
            line: None,
            column: None,
            value: String::new(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A fault of a cell.
    pub fn of_cell(
        table: Table,
        line: u32,
        column: impl Into<String>,
        value: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            table,
            line: Some(line),
            column: Some(column.into()),
            value: value.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

/// The most faults of one file that are told one by one.
pub const MOST_TOLD: usize = 500;

impl Fault {
    /// Stands for faults of a file beyond those that are told one by one, the first of them on `line`.
    #[must_use]
    pub fn of_many_more(table: Table, count: usize, line: Option<u32>) -> Self {
        let noun = if count == 1 { "fault" } else { "faults" };
        Self {
            line,
            value: count.to_string(),
            ..Self::of_file(
                table,
                format!("{MANY_MORE}{count} more {noun} from here on"),
                "mend those above first: many may have one cause",
            )
        }
    }

    /// Whether it stands for faults that are not told one by one.
    #[must_use]
    pub fn is_many_more(&self) -> bool {
        self.column.is_none() && self.problem.starts_with(MANY_MORE)
    }

    /// The same faults, in order, at most [`MOST_TOLD`] of a file one by one.
    #[must_use]
    pub fn told(mut faults: Vec<Self>) -> Vec<Self> {
        faults.sort();
        let mut told = Vec::with_capacity(faults.len().min(MOST_TOLD));
        for of_table in faults.chunk_by(|a, b| a.table == b.table) {
            let single = || of_table.iter().filter(|fault| !fault.is_many_more());
            let hidden = of_table.iter().filter(|fault| fault.is_many_more());
            let hidden: usize = hidden.filter_map(|fault| fault.value.parse::<usize>().ok()).sum();
            let more = single().count().saturating_sub(MOST_TOLD) + hidden;
            told.extend(single().take(MOST_TOLD).cloned());
            if more > 0 {
                let next = single().nth(MOST_TOLD).and_then(|fault| fault.line);
                let lines = of_table.iter().filter(|fault| fault.is_many_more());
                let line = next.or(lines.filter_map(|fault| fault.line).min());
                told.push(Self::of_many_more(of_table[0].table, more, line));
            }
        }
        told
    }
}

const MANY_MORE: &str = "… and ";

impl fmt::Display for Fault {
    /// `consultants.csv, line 14, base_site: site "RN77" is not in sites.csv; did you mean RN707?`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table.file_name())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

/// The candidate nearest to what was written, where one is near enough to be meant.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then(y.cmp(x)))
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?`, or the remedy given where nothing is near. Numbers are near each other whatever they
/// stand for: there it is one or the other.
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let is_number = written.bytes().all(|byte| byte.is_ascii_digit());
    match nearest(written, candidates) {
        Some(candidate) if is_number => format!("did you mean {candidate}? If not, {otherwise}"),
        Some(candidate) => format!("did you mean {candidate}?"),
        None => otherwise.to_owned(),
    }
}
