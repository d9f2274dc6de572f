use rotashare_core::network::Network;

use super::*;

fn shapes() -> Vec<Shape> {
    let base = Shape::default();
    vec![
        base.clone(),
        Shape { consultants: 20, sites: 4, clinics: 16, seed: 5, ..base.clone() },
        Shape {
            consultants: 160,
            specialties: 45,
            sites: 6,
            clinics: 90,
            weeks: 13,
            partner_trusts: Some(4),
            ..base.clone()
        },
        Shape {
            consultants: 90,
            specialties: 5,
            sites: 9,
            networks: 3,
            clinics: 60,
            second_specialty_share: 0.3,
            shared_agreements: true,
            leave_share: 0.3,
            ..base.clone()
        },
        Shape { consultants: 1, sites: 1, clinics: 1, weeks: 1, base_sites: 1, ..base },
    ]
}

#[test]
fn the_same_seed_gives_the_same_draft() -> Result<(), ShapeError> {
    for shape in shapes() {
        let draft = network(&shape)?;
        assert_eq!(draft, network(&shape)?);
        assert_eq!(draft.consultants.len(), shape.consultants);
        assert_eq!(draft.clinics.as_ref().map(Vec::len), Some(shape.clinics));
        assert_eq!(draft.sites.len(), shape.sites + shape.networks * shape.base_sites);
        let other = Shape { seed: shape.seed + 1, ..shape };
        assert_ne!(draft, network(&other)?);
    }
    Ok(())
}

#[test]
fn generated_networks_are_valid() -> Result<(), ShapeError> {
    for shape in shapes() {
        let built = Network::build(&network(&shape)?);
        let Ok((network, warnings)) = built else { panic!("{shape:?}: {:?}", built.err()) };
        assert_eq!(warnings, [], "{shape:?}");
        let weekly = network.sessions().len() as f64 / f64::from(shape.weeks);
        assert!(weekly > 0.7 * shape.clinics as f64, "{weekly} sessions a week of {shape:?}");
    }
    Ok(())
}

#[test]
fn leave_is_about_its_share() -> Result<(), ShapeError> {
    for leave_share in [0.0, 0.05, 0.1, 0.3, 0.6, 0.9] {
        let draft = network(&Shape { consultants: 2000, leave_share, ..Shape::default() })?;
        let days: i64 = draft
            .leave
            .iter()
            .flatten()
            .map(|row| rotashare_core::time::days_between(row.from, row.to) + 1)
            .sum();
        let share = days as f64 / (2000.0 * 20.0);
        assert!((share - leave_share).abs() <= 0.1 * leave_share, "{share}, not {leave_share}");
    }
    Ok(())
}

#[test]
fn few_specialties_are_large_and_many_small() {
    let counts = apportion(1300, 40, false);
    assert_eq!(counts.iter().sum::<usize>(), 1300);
    assert!(counts[0] > 100 && counts[39] < 16, "{counts:?}");
    assert_eq!(apportion(2, 3, false).iter().sum::<usize>(), 2);
    assert_eq!(apportion(11, 3, true), [4, 4, 3]);
}

/// Cases of growth rest on this: a longer list of specialties begins with the shorter one.
#[test]
fn more_specialties_of_one_size_leave_the_others_as_they_are() -> Result<(), ShapeError> {
    let of = |specialties: usize| {
        let (consultants, clinics) = (12 * specialties, 8 * specialties);
        network(&Shape {
            consultants,
            clinics,
            specialties,
            even_specialties: true,
            ..Shape::default()
        })
    };
    let (few, many) = (of(3)?, of(6)?);
    assert_eq!((few.consultants.len(), many.consultants.len()), (36, 72));
    assert!(many.consultants.starts_with(&few.consultants));
    let clinics = |draft: &Draft| draft.clinics.clone().unwrap_or_default();
    assert!(clinics(&many).starts_with(&clinics(&few)));
    assert_eq!(many.travel, few.travel);
    Ok(())
}

#[test]
fn impossible_shapes_are_named() {
    let wrong = |shape: Shape| network(&shape).err().map(|error| error.to_string());
    assert_eq!(
        wrong(Shape { consultants: 0, ..Shape::default() }),
        Some("consultants must be from 1 to 100000, not 0".into())
    );
    assert_eq!(
        wrong(Shape { leave_share: f64::NAN, ..Shape::default() }),
        Some("the share of leave must be from 0 to 0.9, not NaN".into())
    );
}
