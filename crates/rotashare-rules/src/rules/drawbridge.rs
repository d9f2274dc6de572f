//! Enough left at home.

use rotashare_core::fault::Table;
use rotashare_core::agreements::Cover;
use rotashare_core::rota::Rota;

use super::lending::{Away, AwayOptions, Pool, half_days};
use crate::audit::Verdict;
use crate::problem::Sketch;
use crate::rule::{Applies, Context, Meta, Rule, Severity};

/// Consultants that a lender keeps on base.
#[derive(Debug)]
pub struct Drawbridge;

const META: Meta = Meta {
    id: "drawbridge",
    severity: Severity::Hard,
    applies: Applies::With(Table::Cover),
    holds: "At each half-day, the lender keeps `keep_on_base` consultants of the specialty on base: \
            employed there, accredited, at work and not away. Where fewer are at work anyway, none is \
            lent.",
    why: "The lender's own wards and emergencies come first; without it no board would lend.",
    formula: "Of those at work (working day, active, no leave in the half-day), at most max(0, at work − \
              keep_on_base) have an away session that takes any time of the half-day.",
    source: "The contract's table of rules.",
    params: &[],
    weights: &[],
};

fn pool(cover: &Cover) -> Pool {
    Pool { trust: cover.trust, specialty: cover.specialty, site: cover.site }
}

impl Rule for Drawbridge {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn tell(&self, context: Context<'_>, sketch: &mut Sketch) {
        let network = context.network;
        if network.cover().is_empty() {
            return;
        }
        let away = AwayOptions::new(context, sketch);
        for (index, cover) in network.cover().iter().enumerate() {
            let pool = pool(cover);
            for when in half_days(network).filter(|(day, half)| cover.holds_in(*day, *half)) {
                let people = pool.at_work(network, when);
                let most = people.len() as i64 - i64::from(cover.keep_on_base);
                let about = format!("{} {index}", pool.about(network, when));
                away.cap(META.id, sketch, about, &people, when, most.max(0));
            }
        }
    }

    fn audit(&self, context: Context<'_>, rota: &Rota, verdict: &mut Verdict) {
        let network = context.network;
        if network.cover().is_empty() {
            return;
        }
        let away = Away::new(network, META.id, rota);
        for cover in network.cover() {
            let keep = cover.keep_on_base as usize;
            let wanted = format!("keeps {keep} on base");
            for when in half_days(network).filter(|(day, half)| cover.holds_in(*day, *half)) {
                let spare = |at_work: usize| at_work.saturating_sub(keep);
                away.check(pool(cover), when, verdict, spare, &wanted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rotashare_core::draft::{CoverRow, Draft};
    use rotashare_core::time::Part;

    use crate::draft::*;
    use crate::world::boards;

    #[test]
    fn drawbridge() {
        let keep = |alter: fn(&mut CoverRow)| {
            move |draft: &mut Draft| {
                let mut row = cover("L", 1);
                alter(&mut row);
                draft.cover = Some(vec![row]);
            }
        };
        let both = [("A", "TUE-AM"), ("B", "TUE-AM2")];
        let second = |draft: &mut Draft| {
            let row = session("TUE-AM2", "H1", "2027-03-02", "11:00", "13:30");
            draft.sessions.as_mut().expect("sessions").push(row);
        };
        let one = boards(|draft| {
            second(draft);
            keep(|_| {})(draft);
        });
        one.keeps(&[("A", "TUE-AM"), ("B", "TUE-PM")]);
        one.keeps(&[("A", "TUE-AM"), ("B", "HOME")]);
        let said =
            ["L Cardiology on Tue 2 Mar 2027 am: keeps 1 on base, 2 are at work, 2 of them away"];
        one.breaks(&both, "drawbridge", &said);
        // A session that runs past one o'clock takes the afternoon too.
        one.breaks(&[("A", "TUE-PM"), ("B", "TUE-AM2")], "drawbridge", &["Tue 2 Mar 2027 pm"]);
        for alter in [
            (|row| row.weekday = Some(weekday("wed"))) as fn(&mut CoverRow),
            |row| row.part = Part::Pm,
            |row| row.site = Some("L2".into()),
            |row| row.specialty = "330".into(),
            |row| row.keep_on_base = 0,
        ] {
            let world = boards(|draft| {
                second(draft);
                keep(alter)(draft);
            });
            world.keeps(&both);
        }
    }

    #[test]
    fn drawbridge_where_fewer_are_at_work_anyway() {
        let world = boards(|draft| {
            draft.cover = Some(vec![cover("L", 1)]);
            let row = leave("B", "2027-03-02", "2027-03-02");
            draft.leave = Some(vec![row]);
        });
        let said = ["Tue 2 Mar 2027 am: keeps 1 on base, 1 are at work, 1 of them away"];
        world.breaks(&[("A", "TUE-AM")], "drawbridge", &said);
        world.keeps(&[("A", "WED-AM"), ("A", "HOME")]);
    }
}
