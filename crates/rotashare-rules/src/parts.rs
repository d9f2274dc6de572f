//! Cutting a problem into parts that share no consultant and no row.

use std::collections::HashMap;

use rotashare_core::ids::ConsultantId;
use rotashare_core::points::Points;

use crate::problem::{Demand, GroupId, Item, Mark, OptionId, Part, Pieces, Problem};

/// See [`Problem::split`].
pub(crate) fn split(problem: &Problem) -> (Points, Vec<Part>) {
    let people = problem.by_consultant();
    let position: HashMap<ConsultantId, usize> =
        people.iter().enumerate().map(|(index, (consultant, _))| (*consultant, index)).collect();
    let person = |mark: Mark| position[&problem.consultant_of(mark)];

    let mut sets = Sets::new(people.len());
    for row in problem.rows() {
        for pair in row.items.windows(2) {
            sets.join(person(pair[0].mark), person(pair[1].mark));
        }
    }

    // Numbered by first person, hence by first option.
    let mut part_of_root = HashMap::new();
    let part_of: Vec<usize> = (0..people.len())
        .map(|index| {
            let next = part_of_root.len();
            *part_of_root.entry(sets.root(index)).or_insert(next)
        })
        .collect();
    let mut cutters: Vec<Cutter> = (0..part_of_root.len()).map(|_| Cutter::default()).collect();
    let mut new_option = vec![OptionId::new(0); problem.options().len()];
    for ((_, range), part) in people.iter().zip(&part_of) {
        let cutter = &mut cutters[*part];
        for index in range.clone() {
            new_option[index] = OptionId::new(cutter.pieces.options.len());
            cutter.pieces.options.push(problem.options()[index]);
            cutter.options.push(OptionId::new(index));
        }
    }
    let mut new_group = Vec::with_capacity(problem.groups().len());
    for group in problem.groups() {
        let groups = &mut cutters[part_of[position[&group.consultant]]].pieces.groups;
        new_group.push(GroupId::new(groups.len()));
        let mut group = group.clone();
        for option in &mut group.options {
            *option = new_option[option.index()];
        }
        groups.push(group);
    }
    let renumber = |items: &[Item]| -> Vec<Item> {
        items
            .iter()
            .map(|item| Item {
                mark: match item.mark {
                    Mark::Option(option) => Mark::Option(new_option[option.index()]),
                    Mark::Group(group) => Mark::Group(new_group[group.index()]),
                },
                weight: item.weight,
            })
            .collect()
    };
    let of_option = |option: OptionId| part_of[person(Mark::Option(option))];

    for clash in problem.clashes() {
        let mut new = *clash;
        (new.a, new.b) = (new_option[clash.a.index()], new_option[clash.b.index()]);
        cutters[of_option(clash.a)].pieces.clashes.push(new);
    }
    for fix in problem.fixes() {
        let mut new = *fix;
        new.option = new_option[fix.option.index()];
        cutters[of_option(fix.option)].pieces.fixes.push(new);
    }
    for limit in problem.limits() {
        let mut new = limit.clone();
        new.items = renumber(&limit.items);
        cutters[part_of[position[&limit.consultant]]].pieces.limits.push(new);
    }
    for charge in problem.charges() {
        let mut new = charge.clone();
        new.items = renumber(&charge.items);
        cutters[part_of[position[&charge.consultant]]].pieces.charges.push(new);
    }
    let mut apart = problem.constant();
    for row in problem.rows() {
        match row.items.first() {
            Some(item) => {
                let mut new = row.clone();
                new.items = renumber(&row.items);
                cutters[part_of[person(item.mark)]].pieces.rows.push(new);
            }
            None => {
                apart += match &row.demand {
                    Demand::AtMost(_) => Points::ZERO,
                    Demand::AtMostOr(bound, tariff) => tariff.points(-bound),
                    Demand::AtLeastOr(bound, tariff) | Demand::Fill(bound, tariff) => {
                        tariff.points(*bound)
                    }
                };
            }
        }
    }
    let parts = cutters
        .into_iter()
        .map(|Cutter { pieces, options }| {
            let pieces = Pieces { days: problem.days(), ..pieces };
            Part { problem: Problem::of_pieces(pieces, Points::ZERO), options }
        })
        .collect();
    (apart, parts)
}

#[derive(Default)]
struct Cutter {
    pieces: Pieces,
    options: Vec<OptionId>,
}

/// Disjoint sets, with path halving.
struct Sets(Vec<usize>);

impl Sets {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
