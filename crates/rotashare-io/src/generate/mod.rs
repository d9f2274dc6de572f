//! Synthetic networks of any size, seeded: the same [`Shape`] gives the same [`Draft`], in every release.
//!
//! Everything in them is invented. What they share with the real thing is their shape: a few large
//! specialties and many small; clinics at partner sites from Monday to Friday, morning and afternoon;
//! part-time work, fixed duties, leave, hot weeks, on-calls, lapsed honorary contracts, cover, agreements.
//! Specialties share no row, so that a network falls into one part a specialty, unless
//! [`Shape::second_specialty_share`] or [`Shape::shared_agreements`] ties them together.

mod draw;
mod names;
mod places;
pub mod rows;
mod shape;
mod team;

pub use draw::Draw;
pub use names::{SPECIALTIES, Specialty, person, person_code};
pub use shape::{Shape, ShapeError};

use rotashare_core::draft::{Draft, NetworkToml, SpecialtyRow};
use rotashare_core::time::{Date, days_after};

/// The Monday on which every generated horizon begins.
pub const FIRST_DAY: Date = jiff::civil::date(2027, 3, 1);

/// Makes the network of a shape.
///
/// # Errors
/// Where the shape cannot be: no consultants, a share outside 0 to 1, more networks than sites.
pub fn network(shape: &Shape) -> Result<Draft, ShapeError> {
    shape.check()?;
    let draw = Draw::new(shape.seed);
    let mut draft = Draft {
        network: NetworkToml {
            name: format!("Synthetic network, seed {}", shape.seed),
            timezone: "Europe/London".into(),
            horizon: Some((FIRST_DAY, days_after(FIRST_DAY, 7 * i64::from(shape.weeks) - 1))),
            cycle_anchor: Some((0, FIRST_DAY)),
            ..NetworkToml::default()
        },
        specialties: Some(
            (0..shape.specialties)
                .map(|index| SpecialtyRow {
                    line: 0,
                    specialty: specialty_code(index),
                    name: specialty_name(index),
                })
                .collect(),
        ),
        travel: Some(Vec::new()),
        authorisations: Some(Vec::new()),
        job_plans: Some(Vec::new()),
        leave: Some(Vec::new()),
        on_call: Some(Vec::new()),
        clinics: Some(Vec::new()),
        cover: Some(Vec::new()),
        agreements: Some(Vec::new()),
        preferences: Some(Vec::new()),
        history: Some(Vec::new()),
        ..Draft::default()
    };
    for number in 0..shape.networks {
        let draw = draw.part(number as u64);
        let part = shape.one_network(number);
        let places = places::add(&mut draft, &part, &mut draw.part(u64::MAX));
        let split = |total| apportion(total, part.specialties, shape.even_specialties);
        let (people, clinics) = (split(part.consultants), split(part.clinics));
        let mut first = part.first_consultant;
        for (index, (people, clinics)) in people.into_iter().zip(clinics).enumerate() {
            let size = team::Size { specialty: index, first, people, clinics };
            team::add(&mut draft, &part, &places, &size, &mut draw.part(index as u64));
            first += people;
        }
    }
    if shape.shared_agreements {
        team::share_agreements(&mut draft);
    }
    rows::number_lines(&mut draft);
    Ok(draft)
}

/// Splits `total` over specialties, evenly or few large and many small (the k-th has a share in proportion
/// to 1 / (k + 4)), by largest remainder, and none to some only where there are too few to go round.
fn apportion(total: usize, specialties: usize, even: bool) -> Vec<usize> {
    let least = usize::from(total >= specialties);
    let to_share = total - least * specialties;
    let share = |k: usize| if even { 1.0 } else { 1.0 / (k as f64 + 4.0) };
    let shares: Vec<f64> = (1..=specialties).map(share).collect();
    let sum: f64 = shares.iter().sum();
    let exact: Vec<f64> = shares.iter().map(|share| share / sum * to_share as f64).collect();
    let mut counts: Vec<usize> = exact.iter().map(|share| *share as usize).collect();
    let mut order: Vec<usize> = (0..specialties).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()).then(a.cmp(b)));
    let left = to_share.saturating_sub(counts.iter().sum());
    for index in order.into_iter().cycle().take(left) {
        counts[index] += 1;
    }
    counts.iter_mut().for_each(|count| *count += least);
    counts
}

/// The code of the `index`-th specialty: a national one as long as the list lasts.
fn specialty_code(index: usize) -> String {
    SPECIALTIES.get(index).map_or_else(|| format!("S{:03}", index + 1), |one| one.code.into())
}

fn specialty_name(index: usize) -> String {
    SPECIALTIES.get(index).map_or_else(|| format!("Specialty {}", index + 1), |one| one.name.into())
}

#[cfg(test)]
mod tests;
