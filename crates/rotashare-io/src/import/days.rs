//! Working days from a grid of weekdays.

use rotashare_core::fault::Table;
use rotashare_core::time::{WEEKDAYS, weekday_name};

use super::header::{Headed, Source};
use super::lines::{self, Line};
use super::make::{Maker, said};
use super::people::Who;
use super::unfold;

impl Maker<'_> {
    /// Learns on which days of the week nobody of a grid works: those on which every cell says so.
    pub(super) fn learn_days(&mut self, headed: &Headed<'_>) {
        let mapping = self.mapping;
        let (Some(grid), Some(person)) = (&mapping.grid, &mapping.person) else { return };
        if grid.off.is_empty() || !mapping.makes(Table::Consultants) {
            return;
        }
        let Ok(columns) = unfold::cell_columns(headed, grid, mapping, self.near) else { return };
        for row in lines::filled_rows(headed, &mapping.fill_down) {
            let line = Line::of(&row);
            let (Who::Is(code), _) = self.people.who(&said(person, headed, &line)) else {
                continue;
            };
            let days = self.at_work.entry(code).or_default();
            for (column, made) in &columns {
                let works = !grid.is_off(&line.text(Some(Source::Column(*column))));
                *days.entry(made.weekday.clone()).or_default() |= works;
            }
        }
    }

    /// The days on which somebody of a grid works, as the dataset writes them.
    pub(super) fn working_days(&self, code: &str) -> Option<String> {
        let days = self.at_work.get(code)?;
        let letters = WEEKDAYS.into_iter().zip("MTWTFSS".chars()).enumerate();
        let shown = letters.map(|(index, (day, letter))| {
            // A day without a column is a weekend off, or a weekday about which nothing is said.
            let works = days.get(weekday_name(day)).copied().unwrap_or(index < 5);
            if works { letter } else { '-' }
        });
        Some(shown.collect())
    }

    /// Whether a cell says that somebody is off on a day on which they never work.
    pub(super) fn is_day_off(&self, code: &str, line: &Line<'_>) -> bool {
        let Some((made, grid)) = line.made.as_ref().zip(self.mapping.grid.as_ref()) else {
            return false;
        };
        let works = self.at_work.get(code).and_then(|days| days.get(&made.weekday));
        works == Some(&false) && grid.is_off(&made.cell)
    }
}
