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
    /// The slice of each consultant here, by id.
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

    /// The items with the slices' marks, each of which counts for the whole.
    fn items(&self, items: &[Item]) -> Vec<Item> {
        let mut new = Vec::with_capacity(items.len());
        for item in items {
            match item.mark {
                Mark::Option(_) => new.push(*item),
                Mark::Group(group) => {
                    let marks = self.marks[group.index()].iter();
                    new.extend(marks.map(|mark| Item { mark: *mark, weight: item.weight }));
                }
            }
        }
        new
    }

    /// The items with the slices' marks in [`SHARES`], of which a mark's slices together count for no
    /// more than it does.
    fn shared_items(&self, items: &[Item]) -> Vec<Item> {
        let mut new = Vec::with_capacity(items.len());
        for item in items {
            match item.mark {
                Mark::Option(_) => new.push(Item { weight: item.weight * SHARES, ..*item }),
                Mark::Group(group) => {
                    let (marks, parts) = (&self.marks[group.index()], &self.shares[group.index()]);
                    let part = |(mark, part): (&Mark, &i64)| Item {
                        mark: *mark,
                        weight: item.weight * part,
                    };
                    new.extend(marks.iter().zip(parts).map(part));
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
            (self.shared_items(items), SHARES)
        } else {
            (self.items(items), 1)
        }
    }

    /// A row; how many units of it one is.
    fn row(&mut self, row: &Row) -> i64 {
        let ((items, times), demand) = match &row.demand {
            Demand::AtMost(most) => {
                let (items, times) = self.at_most(&row.items);
                ((items, times), Demand::AtMost(most * times))
            }
            Demand::AtMostOr(most, tariff) => {
                let (items, times) = self.at_most(&row.items);
                ((items, times), Demand::AtMostOr(most * times, shared(tariff, times)))
            }
            // Marks that count more than once may fill more than there is.
            Demand::Fill(places, tariff) if self.is_shared(&row.items) => {
                ((self.items(&row.items), 1), Demand::AtLeastOr(*places, tariff.clone()))
            }
            Demand::AtLeastOr(..) | Demand::Fill(..) => {
                ((self.items(&row.items), 1), row.demand.clone())
            }
        };
        self.pieces.rows.push(Row { rule: row.rule, about: row.about.clone(), items, demand });
        times
    }

    /// A slice's consultant.
    fn consultant_of(&self, mark: Mark) -> ConsultantId {
        match mark {
            Mark::Option(option) => self.pieces.options[option.index()].consultant,
            Mark::Group(group) => self.pieces.groups[group.index()].consultant,
        }
    }

    /// The slices that items have options in, each with its items.
    fn by_slice(&self, items: &[Item]) -> Vec<(ConsultantId, Vec<Item>)> {
        let mut items = self.items(items);
        items.sort_by_key(|item| self.consultant_of(item.mark));
        items
            .chunk_by(|a, b| self.consultant_of(a.mark) == self.consultant_of(b.mark))
            .map(|own| (self.consultant_of(own[0].mark), own.to_vec()))
            .collect()
    }

    fn limit(&mut self, number: usize, limit: &Limit) {
        let (rule, max) = (limit.rule, limit.max);
        let slices = self.by_slice(&limit.items);
        let is_within_one = slices.len() < 2;
        for (consultant, items) in slices {
            if is_within_one || items.iter().map(|item| item.weight).sum::<i64>() > max {
                self.pieces.limits.push(Limit { rule, consultant, items, max });
            }
        }
        if is_within_one {
            return;
        }
        let (items, times) = self.at_most(&limit.items);
        if items.iter().map(|item| item.weight).sum::<i64>() > max * times {
            let (about, demand) = (format!("limit {number}"), Demand::AtMost(max * times));
            self.pieces.rows.push(Row { rule, about, items, demand });
        }
    }

    fn charge(&mut self, number: usize, charge: &Charge) {
        let rule = charge.rule;
        let mut slices = self.by_slice(&charge.items);
        if slices.len() < 2 {
            let tariff = charge.tariff.clone();
            let whole = slices.pop();
            let whole = whole.map(|(consultant, items)| Charge { rule, consultant, items, tariff });
            self.pieces.charges.extend(whole);
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
            let items = self.items(&charge.items);
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
}

/// A tariff by parts of units, rounded down.
fn shared(tariff: &Tariff, times: i64) -> Tariff {
    let step = |step: &Step| Step {
        units: step.units.saturating_mul(times),
        each: Points::quarters(step.each.in_quarters().div_euclid(times)),
    };
    Tariff::from_steps(tariff.base(), tariff.steps().iter().map(step).collect())
}
