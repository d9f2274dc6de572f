//! `consultants.csv` and what belongs to one consultant each: `accreditations.csv`,
//! `authorisations.csv`, `job_plans.csv`, `leave.csv`, `on_call.csv`, `preferences.csv`, `history.csv`.

use rotashare_core::draft::{
    AccreditationRow, AuthorisationRow, ConsultantRow, HistoryRow, JobPlanRow, LeaveRow, OnCallRow,
    PreferenceRow,
};
use rotashare_core::fault::Table;
use rotashare_core::time::{Clock, Part, Weekday, WorkingDays};
use rotashare_core::values::{
    Firmness, Instrument, OnCallKind, Thousandths, WeekPattern, round_div, write_decimal,
};

use super::{MOST, MOST_POINTS, NO_DATE, Record};
use crate::cell::{Cell, number, show};
use crate::column::{Column, Form, PART_WORDS, WEEKDAY_WORDS};
use crate::row::Row;

const CONSULTANT: Column =
    Column::required("consultant", "the consultant's code").refers_to(Table::Consultants);
const VALID_FROM: Column =
    Column::optional("valid_from", "the first day on which it holds").form(Form::Date);
const VALID_TO: Column =
    Column::optional("valid_to", "the last day on which it holds").form(Form::Date);

/// Hours to the minute.
fn hours(row: &mut Row<'_>, name: &'static str) -> Option<i64> {
    // Four decimals tell every minute from the next.
    row.scaled(name, 4, 0..=1_000_000 * 10_000).map(|hours| round_div(hours * 60, 10_000))
}

fn show_hours(minutes: Option<i64>) -> String {
    minutes
        .map(|minutes| write_decimal(round_div(minutes.saturating_mul(10_000), 60), 4))
        .unwrap_or_default()
}

fn thousandths(value: Option<Thousandths>) -> String {
    value.map(|value| write_decimal(value.0, 3)).unwrap_or_default()
}

impl Record for ConsultantRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("consultant", "a code for the consultant, such as a GMC number"),
        Column::required("name", "the consultant's name").form(Form::Words),
        Column::required("trust", "the code of the trust that employs them")
            .refers_to(Table::Trusts),
        Column::required("base_site", "the code of the base site").refers_to(Table::Sites),
        Column::optional("fte", "whole-time equivalent, over 0 and at most 2")
            .form(Form::Number(0, 2))
            .default("1.0"),
        Column::optional("working_days", "seven letters, Monday first, - for a day off")
            .default("MTWTF--"),
        Column::optional("target_hours", "hours of planned sessions aimed at in the horizon")
            .form(Form::Number(0, 1_000_000)),
        Column::optional("max_hours", "the most hours of planned sessions in the horizon")
            .form(Form::Number(0, 1_000_000)),
        Column::optional("max_away_days_per_week", "the most away days in a week, 0 to 7")
            .form(Form::Whole(0, 7)),
        Column::optional("active_from", "the first day they are there").form(Form::Date),
        Column::optional("active_to", "the last day they are there").form(Form::Date),
        Column::optional("email", "address; for no output that is not theirs").form(Form::Words),
        Column::optional("employee_number", "the employer's own number for them; matches imports"),
    ];
    const DEFINES: bool = true;

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            name: row.text("name"),
            trust: row.text("trust"),
            base_site: row.text("base_site"),
            fte: Thousandths(row.scaled("fte", 3, 1..=2000).unwrap_or(1000)),
            working_days: row.get_or("working_days", WorkingDays::WEEKDAYS),
            target_hours: hours(row, "target_hours"),
            max_hours: hours(row, "max_hours"),
            max_away_days_per_week: row.whole("max_away_days_per_week", 0..=7),
            active: row.validity("active_from", "active_to"),
            email: row.maybe("email"),
            employee_number: row.maybe("employee_number"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.name.clone(),
            self.trust.clone(),
            self.base_site.clone(),
            write_decimal(self.fte.0, 3),
            self.working_days.show(),
            show_hours(self.target_hours),
            show_hours(self.max_hours),
            number(self.max_away_days_per_week),
            show(&self.active.from),
            show(&self.active.to),
            show(&self.email),
            show(&self.employee_number),
        ]
    }
}

impl Record for AccreditationRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("specialty", "the treatment function's code, such as 320"),
        Column::optional("subspecialty", "a subspecialty besides"),
        VALID_FROM,
        VALID_TO,
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            specialty: row.text("specialty"),
            subspecialty: row.maybe("subspecialty"),
            valid: row.validity("valid_from", "valid_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.specialty.clone(),
            show(&self.subspecialty),
            show(&self.valid.from),
            show(&self.valid.to),
        ]
    }
}

impl Record for AuthorisationRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("trust", "the code of the trust that hosts").refers_to(Table::Trusts),
        Column::optional("site", "only at that site").refers_to(Table::Sites),
        Column::optional("specialty", "only in that specialty"),
        Column::optional(
            "instrument",
            "honorary-contract, licence-to-attend, passport or secondment",
        )
        .form(Form::OneOf(Instrument::WORDS)),
        VALID_FROM,
        VALID_TO,
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            trust: row.text("trust"),
            site: row.maybe("site"),
            specialty: row.maybe("specialty"),
            instrument: row.maybe("instrument"),
            valid: row.validity("valid_from", "valid_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.trust.clone(),
            show(&self.site),
            show(&self.specialty),
            show(&self.instrument),
            show(&self.valid.from),
            show(&self.valid.to),
        ]
    }
}

impl Record for JobPlanRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("weekday", "the day of the week").form(WEEKDAY_WORDS),
        Column::required("start", "when it starts, such as 09:00").form(Form::Time),
        Column::required("end", "when it ends; at or before the start is the next day")
            .form(Form::Time),
        Column::optional("weeks", "in which weeks: all, nth:1,3, iso:odd, cycle:1,3/4")
            .default("all"),
        Column::optional("activity", "DCC, SPA, ANR, ED, on-call or any text").form(Form::Words),
        Column::optional("site", "the site's code; the base site if empty").refers_to(Table::Sites),
        Column::optional("firmness", "fixed, or movable: may be given up for a session")
            .form(Form::OneOf(Firmness::WORDS))
            .default("fixed"),
        Column::optional("pas", "programmed activities").form(Form::Number(0, 100)),
        VALID_FROM,
        VALID_TO,
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            weekday: row.get_or("weekday", Weekday::Monday),
            start: row.start("start").unwrap_or(Clock::MIDNIGHT),
            end: row.get_or("end", Clock::MIDNIGHT),
            weeks: row.get_or("weeks", WeekPattern::All),
            activity: row.text("activity"),
            site: row.maybe("site"),
            firmness: row.get_or("firmness", Firmness::Fixed),
            pas: row.scaled("pas", 3, 0..=100_000).map(Thousandths),
            valid: row.validity("valid_from", "valid_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.weekday.show(),
            self.start.show(),
            self.end.show(),
            self.weeks.show(),
            self.activity.clone(),
            show(&self.site),
            self.firmness.show(),
            thousandths(self.pas),
            show(&self.valid.from),
            show(&self.valid.to),
        ]
    }
}

impl Record for LeaveRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("from", "the first day").form(Form::Date),
        Column::required("to", "the last day").form(Form::Date),
        Column::optional("part", "of each day: all, am or pm").form(PART_WORDS).default("all"),
        Column::optional("kind", "annual, study, …; for the employer's eyes only")
            .form(Form::Words),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            from: row.get_or("from", NO_DATE),
            to: row.get_or("to", NO_DATE),
            part: row.get_or("part", Part::All),
            kind: row.maybe("kind"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.from.show(),
            self.to.show(),
            self.part.show(),
            show(&self.kind),
        ]
    }
}

impl Record for OnCallRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("from", "the first day").form(Form::Date),
        Column::required("to", "the last day").form(Form::Date),
        Column::optional("start", "from when on the first day").form(Form::Time),
        Column::optional("end", "until when on the last day").form(Form::Time),
        Column::optional("kind", "hot-week, which blocks every session, or on-call")
            .form(Form::OneOf(OnCallKind::WORDS))
            .default("on-call"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let read = Self {
            line: row.line(),
            consultant: row.text("consultant"),
            from: row.get_or("from", NO_DATE),
            to: row.get_or("to", NO_DATE),
            start: row.start("start"),
            end: row.maybe("end"),
            kind: row.get_or("kind", OnCallKind::OnCall),
        };
        let whole = [("start", read.start, Clock::MIDNIGHT), ("end", read.end, Clock::END_OF_DAY)];
        for (column, clock, anyhow) in whole {
            if clock.is_some_and(|clock| clock != anyhow) && read.kind == OnCallKind::HotWeek {
                let problem = "a hot week takes whole days";
                row.warn(column, row.cell(column), problem, "the time counts for nothing");
            }
        }
        read
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.from.show(),
            self.to.show(),
            show(&self.start),
            show(&self.end),
            self.kind.show(),
        ]
    }
}

impl Record for PreferenceRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::required("points", "points: negative for a like, positive for a dislike")
            .form(Form::Whole(-MOST_POINTS, MOST_POINTS)),
        Column::optional("site", "only at that site").refers_to(Table::Sites),
        Column::optional("specialty", "only in that specialty"),
        Column::optional("clinic", "only in that clinic").refers_to(Table::Clinics),
        Column::optional("weekday", "only on that day of the week").form(WEEKDAY_WORDS),
        Column::optional("part", "only in that part of the day: all, am or pm")
            .form(PART_WORDS)
            .default("all"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            consultant: row.text("consultant"),
            points: row.whole("points", -MOST_POINTS..=MOST_POINTS).unwrap_or(0),
            site: row.maybe("site"),
            specialty: row.maybe("specialty"),
            clinic: row.maybe("clinic"),
            weekday: row.maybe("weekday"),
            part: row.get_or("part", Part::All),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            self.points.to_string(),
            show(&self.site),
            show(&self.specialty),
            show(&self.clinic),
            show(&self.weekday),
            self.part.show(),
        ]
    }
}

impl Record for HistoryRow {
    const COLUMNS: &'static [Column] = &[
        CONSULTANT,
        Column::optional("away_days", "away days before the horizon")
            .form(Form::Whole(0, MOST as i64)),
        Column::optional("hours", "hours worked before the horizon")
            .form(Form::Number(0, 1_000_000)),
        Column::optional("weeks", "over how many weeks").form(Form::Number(0, 10_000)),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let history = Self {
            line: row.line(),
            consultant: row.text("consultant"),
            away_days: row.whole("away_days", 0..=MOST),
            hours: hours(row, "hours"),
            weeks: row.scaled("weeks", 3, 0..=10_000_000).map(Thousandths),
        };
        if history.hours.is_some() && history.weeks.is_none_or(|weeks| weeks.0 == 0) {
            let problem = "hours are given, but not over how many weeks";
            row.warn("weeks", row.cell("weeks"), problem, "the hours don't count without");
        }
        history
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.consultant.clone(),
            number(self.away_days),
            show_hours(self.hours),
            thousandths(self.weeks),
        ]
    }
}
