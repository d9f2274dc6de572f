//! `specialties.csv`, `bank_holidays.csv`, `trusts.csv`, `sites.csv`, `travel.csv`.

use rotashare_core::draft::{BankHolidayRow, SiteRow, SpecialtyRow, TravelRow, TrustRow};
use rotashare_core::fault::Table;
use rotashare_core::values::{Hundredths, Nation, write_decimal};

use super::{NO_DATE, Record};
use crate::cell::{Cell, number, show};
use crate::column::{Column, Form};
use crate::row::Row;

impl Record for SpecialtyRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("specialty", "a code of the dataset's own, or a national one"),
        Column::required("name", "the specialty's name").form(Form::Words),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self { line: row.line(), specialty: row.text("specialty"), name: row.text("name") }
    }

    fn cells(&self) -> Vec<String> {
        vec![self.specialty.clone(), self.name.clone()]
    }
}

impl Record for BankHolidayRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("date", "the day").form(Form::Date),
        Column::required("name", "the holiday's name").form(Form::Words),
        Column::optional("nation", "only there: england, wales, scotland or northern-ireland")
            .form(Form::OneOf(Nation::WORDS)),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            date: row.get_or("date", NO_DATE),
            name: row.text("name"),
            nation: row.maybe("nation"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![self.date.show(), self.name.clone(), show(&self.nation)]
    }
}

impl Record for TrustRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("trust", "the trust's ODS code"),
        Column::required("name", "the trust's name").form(Form::Words),
        Column::optional("nation", "england, wales, scotland or northern-ireland")
            .form(Form::OneOf(Nation::WORDS))
            .default("england"),
    ];
    const DEFINES: bool = true;

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            trust: row.text("trust"),
            name: row.text("name"),
            nation: row.get_or("nation", Nation::England),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![self.trust.clone(), self.name.clone(), self.nation.show()]
    }
}

impl Record for SiteRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("site", "the site's ODS code"),
        Column::required("trust", "the code of the trust whose site it is")
            .refers_to(Table::Trusts),
        Column::required("name", "the site's name").form(Form::Words),
        Column::optional("postcode", "its postcode"),
        Column::optional("latitude", "degrees north, such as 51.5035").form(Form::Number(-90, 90)),
        Column::optional("longitude", "degrees east, such as -0.0868")
            .form(Form::Number(-180, 180)),
    ];
    const DEFINES: bool = true;

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            site: row.text("site"),
            trust: row.text("trust"),
            name: row.text("name"),
            postcode: row.maybe("postcode"),
            latitude: row.degrees("latitude", 90),
            longitude: row.degrees("longitude", 180),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.site.clone(),
            self.trust.clone(),
            self.name.clone(),
            show(&self.postcode),
            number(self.latitude),
            number(self.longitude),
        ]
    }
}

impl Record for TravelRow {
    const COLUMNS: &'static [Column] = &[
        Column::required("from_site", "the code of the site where it starts")
            .refers_to(Table::Sites),
        Column::required("to_site", "the code of the site where it ends").refers_to(Table::Sites),
        Column::required("minutes", "minutes from door to door, 0 to 1440")
            .form(Form::Whole(0, 1440)),
        Column::optional("miles", "miles by road").form(Form::Number(0, 1000)),
        Column::optional("depart_from", "holds only for departures from then on").form(Form::Time),
        Column::optional("depart_to", "holds only for departures before then").form(Form::Time),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            line: row.line(),
            from_site: row.text("from_site"),
            to_site: row.text("to_site"),
            minutes: row.whole("minutes", 0..=1440).unwrap_or(0),
            miles: row.scaled("miles", 2, 0..=100_000).map(Hundredths),
            depart_from: row.start("depart_from"),
            depart_to: row.maybe("depart_to"),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.from_site.clone(),
            self.to_site.clone(),
            self.minutes.to_string(),
            self.miles.map(|miles| write_decimal(miles.0, 2)).unwrap_or_default(),
            show(&self.depart_from),
            show(&self.depart_to),
        ]
    }
}
