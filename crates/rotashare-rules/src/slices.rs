//! A long time cut into slices: the same problem with a consultant for each of theirs and each slice.
//!
//! What a consultant's limits and charges count in more than one slice becomes rows over the slices, and
//! what spans a seam otherwise is let go. So any rota of the problem is one of the sliced problem, option
//! by option, and costs no more there: the sliced problem's bounds hold for the whole. It is far easier,
//! since a consultant's month is short.

use rotashare_core::ids::{ConsultantId, SessionId};
use rotashare_core::points::{Points, Step, Tariff};

use crate::problem::{
    Charge, Demand, Group, GroupId, Item, Limit, Mark, OptionId, Pieces, PlanOption, Problem, Row,
};

/// The parts of a mark that several slices share: each slice's own mark counts for some of them, so that
/// all together count for no more than the whole does.
const SHARES: i64 = 12;

/// A problem cut into slices.
#[derive(Clone, Debug)]
pub struct Sliced {
    /// The options are the whole problem's, in the same order, and so are the first rows; those that
    /// follow tie the slices together.
    pub problem: Problem,
    /// For each of the whole problem's rows how many units of it one unit is here.
    pub scale: Vec<i64>,
    /// The slice of each consultant here, in order.
    pub slice_of: Vec<usize>,
}

/// See [`Problem::slice`].
pub(crate) fn slice(problem: &Problem, starts: &[SessionId]) -> Sliced {
    let slice_of = |session: SessionId| starts.partition_point(|start| *start <= session);
    let mut cutter = Cutter {
        problem,
        slices: problem.options().iter().map(|option| slice_of(option.session)).collect(),
        marks: Vec::new(),
        shares: Vec::new(),
        pieces: Pieces { days: problem.days(), ..Pieces::default() },
        constant: problem.constant(),
    };
    let mut slices = Vec::new();
    let mut last = None;
    for (option, slice) in problem.options().iter().zip(&cutter.slices) {
        if last != Some((option.consultant, *slice)) {
            last = Some((option.consultant, *slice));
            slices.push(*slice);
        }
        let consultant = ConsultantId::new(slices.len() - 1);
        cutter.pieces.options.push(PlanOption { consultant, ..*option });
    }
    cutter.groups();
    for clash in problem.clashes() {
        if cutter.slices[clash.a.index()] == cutter.slices[clash.b.index()] {
            cutter.pieces.clashes.push(*clash);
        }
    }
    let scale = problem.rows().iter().map(|row| cutter.row(row)).collect();
    for (number, limit) in problem.limits().iter().enumerate() {
        cutter.limit(number, limit);
    }
    for (number, charge) in problem.charges().iter().enumerate() {
        cutter.charge(number, charge);
    }
    cutter.pieces.fixes = problem.fixes().to_vec();
    let problem = Problem::of_pieces(cutter.pieces, cutter.constant);
    Sliced { problem, scale, slice_of: slices }
}

struct Cutter<'a> {
    problem: &'a Problem,
    /// Of each option.
    slices: Vec<usize>,
    /// Of each group the marks that stand for it, by slice.
    marks: Vec<Vec<Mark>>,
    /// How many of [`SHARES`] each of them counts for.
    shares: Vec<Vec<i64>>,
    pieces: Pieces,
    constant: Points,
}

impl Cutter<'_> {
    fn groups(&mut self) {
        for group in self.problem.groups() {
            let of = |option: &OptionId| self.slices[option.index()];
            let mut marks = Vec::new();
            for options in group.options.chunk_by(|a, b| of(a) == of(b)) {
                let consultant = self.pieces.options[options[0].index()].consultant;
                marks.push(match options {
                    [one] => Mark::Option(*one),
                    _ => {
                        let id = GroupId::new(self.pieces.groups.len());
                        let exclusive = group.exclusive;
                        self.pieces.groups.push(Group {
                            consultant,
                            options: options.into(),
                            exclusive,
                        });
                        Mark::Group(id)
                    }
                });
            }
            let parts = marks.len() as i64;
            self.shares.push((0..parts).map(|at| (SHARES + at) / parts).collect());
            self.marks.push(marks);
        }
    }

    /// The items with the slices' marks. With `shares` a mark that lies in several slices counts in all
    /// of them together for no more than it does, and every other one so many times as much.
    fn items(&self, items: &[Item], shares: Option<i64>) -> Vec<Item> {
        let mut new = Vec::with_capacity(items.len());
        for item in items {
            match item.mark {
                Mark::Option(_) => {
                    new.push(Item { weight: item.weight * shares.unwrap_or(1), ..*item });
                }
                Mark::Group(group) => {
                    let (marks, parts) = (&self.marks[group.index()], &self.shares[group.index()]);
                    for (mark, part) in marks.iter().zip(parts) {
                        let times = match shares {
                            Some(all) if marks.len() == 1 => all,
                            Some(_) => *part,
                            None => 1,
                        };
                        new.push(Item { mark: *mark, weight: item.weight * times });
                    }
                }
            }
        }
        new.retain(|item| item.weight > 0);
        new
    }

    /// Whether a mark lies in several slices.
    fn is_shared(&self, items: &[Item]) -> bool {
        items.iter().any(|item| match item.mark {
            Mark::Option(_) => false,
            Mark::Group(group) => self.marks[group.index()].len() > 1,
        })
    }

    /// What a sum that is to be small counts, and how many units of it one is.
    fn at_most(&self, items: &[Item]) -> (Vec<Item>, i64) {
        if self.is_shared(items) {
            (self.items(items, Some(SHARES)), SHARES)
        } else {
            (self.items(items, None), 1)
        }
    }

    /// A row; how many units of it one is.
    fn row(&mut self, row: &Row) -> i64 {
        let (small, times) = self.at_most(&row.items);
        let (items, demand, times) = match &row.demand {
            Demand::AtMost(most) => (small, Demand::AtMost(most * times), times),
            Demand::AtMostOr(most, tariff) => {
                (small, Demand::AtMostOr(most * times, shared(tariff, times)), times)
            }
            Demand::AtLeastOr(..) => (self.items(&row.items, None), row.demand.clone(), 1),
            Demand::Fill(..) if times == 1 => (small, row.demand.clone(), 1),
            // Marks that count more than once may fill more than there is.
            Demand::Fill(places, tariff) => {
                (self.items(&row.items, None), Demand::AtLeastOr(*places, tariff.clone()), 1)
            }
        };
        self.pieces.rows.push(Row { rule: row.rule, about: row.about.clone(), items, demand });
        times
    }

    /// The slices that items have options in, each with its items; `None` where they are in one.
    fn by_slice(&self, items: &[Item]) -> Option<Vec<(ConsultantId, Vec<Item>)>> {
        let of = |mark: &Mark| {
            let option = match mark {
                Mark::Option(option) => *option,
                Mark::Group(group) => self.pieces.groups[group.index()].options[0],
            };
            self.pieces.options[option.index()].consultant
        };
        let mut new: Vec<(ConsultantId, Item)> =
            self.items(items, None).into_iter().map(|item| (of(&item.mark), item)).collect();
        new.sort_by_key(|(consultant, item)| (*consultant, item.mark));
        let slices: Vec<(ConsultantId, Vec<Item>)> = new
            .chunk_by(|a, b| a.0 == b.0)
            .map(|own| (own[0].0, own.iter().map(|(_, item)| *item).collect()))
            .collect();
        (slices.len() > 1).then_some(slices)
    }

    fn limit(&mut self, number: usize, limit: &Limit) {
        let (rule, max) = (limit.rule, limit.max);
        let Some(slices) = self.by_slice(&limit.items) else {
            let items = self.items(&limit.items, None);
            let consultant = self.consultant(&items);
            self.pieces.limits.extend(consultant.map(|consultant| Limit {
                rule,
                consultant,
                items,
                max,
            }));
            return;
        };
        for (consultant, items) in slices {
            if items.iter().map(|item| item.weight).sum::<i64>() > max {
                self.pieces.limits.push(Limit { rule, consultant, items, max });
            }
        }
        let (items, times) = self.at_most(&limit.items);
        if items.iter().map(|item| item.weight).sum::<i64>() > max * times {
            let (about, demand) = (format!("limit {number}"), Demand::AtMost(max * times));
            self.pieces.rows.push(Row { rule, about, items, demand });
        }
    }

    fn charge(&mut self, number: usize, charge: &Charge) {
        let rule = charge.rule;
        if self.by_slice(&charge.items).is_none() {
            let (items, tariff) = (self.items(&charge.items, None), charge.tariff.clone());
            let consultant = self.consultant(&items);
            let charge = consultant.map(|consultant| Charge { rule, consultant, items, tariff });
            self.pieces.charges.extend(charge);
            return;
        }
        // What falls first and then rises is missing units and then units too many.
        let (mut falling, mut rising, mut turn) = (Vec::new(), Vec::new(), 0_i64);
        for step in charge.tariff.steps() {
            if step.each < Points::ZERO {
                falling.push(Step { units: step.units, each: -step.each });
                turn = turn.saturating_add(step.units);
            } else {
                rising.push(*step);
            }
        }
        if !falling.is_empty() {
            let items = self.items(&charge.items, None);
            let total: i64 = items.iter().map(|item| item.weight).sum();
            // Beyond what there is nothing is missing.
            let least = turn.min(total);
            let mut left = least;
            for step in &mut falling {
                step.units = step.units.min(left);
                left -= step.units;
                self.constant -= step.each * step.units;
            }
            falling.reverse();
            let tariff = Tariff::from_steps(Points::ZERO, falling);
            let (about, demand) = (format!("missing {number}"), Demand::AtLeastOr(least, tariff));
            self.pieces.rows.push(Row { rule, about, items, demand });
        }
        if rising.iter().any(|step| step.each > Points::ZERO) {
            let (items, times) = self.at_most(&charge.items);
            let tariff = shared(&Tariff::from_steps(Points::ZERO, rising), times);
            let (about, most) = (format!("charge {number}"), turn.saturating_mul(times));
            let demand = Demand::AtMostOr(most, tariff);
            self.pieces.rows.push(Row { rule, about, items, demand });
        }
    }

    fn consultant(&self, items: &[Item]) -> Option<ConsultantId> {
        let option = match items.first()?.mark {
            Mark::Option(option) => option,
            Mark::Group(group) => self.pieces.groups[group.index()].options[0],
        };
        Some(self.pieces.options[option.index()].consultant)
    }
}

/// A tariff by parts of units, rounded down.
fn shared(tariff: &Tariff, times: i64) -> Tariff {
    let step = |step: &Step| Step {
        units: step.units.saturating_mul(times),
        each: Points::quarters(step.each.in_quarters().div_euclid(times)),
    };
    let base = Points::quarters(tariff.base().in_quarters());
    Tariff::from_steps(base, tariff.steps().iter().map(step).collect())
}
