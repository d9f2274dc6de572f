//! Taking out of a problem what its fixes decide.
//!
//! A rota that is planned again inside the notice period has nearly every place fixed. What is left to
//! decide is small, and an engine should see only that.

use rotashare_core::points::Points;

use crate::problem::{
    Charge, Clash, Demand, Group, GroupId, Item, Limit, Mark, OptionId, Part, Pieces, Problem, Row,
};

/// What is left of a problem once its fixes and what follows from them are taken out.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The rest, with ids of its own; points of what is settled are in its constant.
    pub rest: Part,
    /// The options that are chosen in any case, in order.
    pub chosen: Vec<OptionId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Chosen,
    Barred,
}

/// See [`Problem::settle_with`].
pub(crate) fn settle(problem: &Problem, decided: &[Option<bool>]) -> Option<Settled> {
    let state = |option: usize| match decided.get(option).copied().flatten() {
        Some(true) => State::Chosen,
        Some(false) => State::Barred,
        None => State::Free,
    };
    let mut states: Vec<State> = (0..problem.options().len()).map(state).collect();
    for fix in problem.fixes() {
        states[fix.option.index()] = if fix.chosen { State::Chosen } else { State::Barred };
    }
    while follow(problem, &mut states)? {}

    let mut cutter = Cutter::new(problem, &states);
    cutter.groups();
    for (id, option) in problem.options().iter().enumerate() {
        match states[id] {
            State::Chosen => cutter.constant += option.points,
            State::Free => cutter.pieces.options.push(*option),
            State::Barred => {}
        }
    }
    for clash in problem.clashes() {
        if let (Some(a), Some(b)) = (cutter.new_id[clash.a.index()], cutter.new_id[clash.b.index()])
        {
            cutter.pieces.clashes.push(Clash { a, b, ..*clash });
        }
    }
    for limit in problem.limits() {
        cutter.limit(limit);
    }
    for charge in problem.charges() {
        cutter.charge(charge);
    }
    for row in problem.rows() {
        cutter.row(row);
    }
    let with = |state: State| {
        let ids = states.iter().enumerate().filter(move |(_, one)| **one == state);
        ids.map(|(index, _)| OptionId::new(index)).collect::<Vec<_>>()
    };
    let rest = Part {
        problem: Problem::of_pieces(cutter.pieces, cutter.constant),
        options: with(State::Free),
    };
    Some(Settled { rest, chosen: with(State::Chosen) })
}

/// Bars what can't be chosen beside what is; whether there was anything. `None` where what is chosen
/// breaks something already.
fn follow(problem: &Problem, states: &mut [State]) -> Option<bool> {
    let mut barred = false;
    let mut bar = |option: OptionId, states: &mut [State]| {
        if states[option.index()] == State::Free {
            states[option.index()] = State::Barred;
            barred = true;
        }
    };
    for clash in problem.clashes() {
        match (states[clash.a.index()], states[clash.b.index()]) {
            (State::Chosen, State::Chosen) => return None,
            (State::Chosen, _) => bar(clash.b, states),
            (_, State::Chosen) => bar(clash.a, states),
            _ => {}
        }
    }
    let limits = problem.limits().iter().map(|limit| (&limit.items, limit.max));
    let rows = problem.rows().iter().filter_map(|row| match row.demand {
        Demand::AtMost(most) | Demand::Fill(most, _) => Some((&row.items, most)),
        Demand::AtMostOr(..) | Demand::AtLeastOr(..) => None,
    });
    for (items, most) in limits.chain(rows) {
        let left = most - base(problem, items, states);
        if left < 0 {
            return None;
        }
        for item in items.iter().filter(|item| item.weight > left) {
            let options = problem.options_of(&item.mark);
            if options.iter().all(|option| states[option.index()] != State::Chosen) {
                for option in options {
                    bar(*option, states);
                }
            }
        }
    }
    Some(barred)
}

/// The weights of the items that are chosen in any case.
fn base(problem: &Problem, items: &[Item], states: &[State]) -> i64 {
    let chosen = |option: &OptionId| states[option.index()] == State::Chosen;
    let marked = |item: &&Item| problem.options_of(&item.mark).iter().any(chosen);
    items.iter().filter(marked).map(|item| item.weight).sum()
}

struct Cutter<'a> {
    problem: &'a Problem,
    states: &'a [State],
    new_id: Vec<Option<OptionId>>,
    new_mark: Vec<Option<Mark>>,
    pieces: Pieces,
    constant: Points,
}

impl<'a> Cutter<'a> {
    fn new(problem: &'a Problem, states: &'a [State]) -> Self {
        let mut next = 0;
        let new_id = states
            .iter()
            .map(|state| {
                (*state == State::Free).then(|| {
                    next += 1;
                    OptionId::new(next - 1)
                })
            })
            .collect();
        let pieces = Pieces { days: problem.days(), ..Pieces::default() };
        let constant = problem.constant();
        Self { problem, states, new_id, new_mark: Vec::new(), pieces, constant }
    }

    /// The groups that are still open, and the mark that stands for each.
    fn groups(&mut self) {
        for group in self.problem.groups() {
            let settled = group.options.iter().any(|o| self.states[o.index()] == State::Chosen);
            let free = group.options.iter().filter_map(|o| self.new_id[o.index()]);
            let free: Box<[OptionId]> = if settled { Box::default() } else { free.collect() };
            self.new_mark.push(match &free[..] {
                [] => None,
                [one] => Some(Mark::Option(*one)),
                _ => {
                    let id = GroupId::new(self.pieces.groups.len());
                    self.pieces.groups.push(Group { options: free, ..*group });
                    Some(Mark::Group(id))
                }
            });
        }
    }

    /// The items that are still open, each mark once.
    fn open(&self, items: &[Item]) -> Vec<Item> {
        let mut open: Vec<Item> = items
            .iter()
            .filter_map(|item| {
                let mark = match item.mark {
                    Mark::Option(option) => self.new_id[option.index()].map(Mark::Option),
                    Mark::Group(group) => self.new_mark[group.index()],
                };
                Some(Item { mark: mark?, weight: item.weight })
            })
            .collect();
        open.sort_by_key(|item| item.mark);
        open.dedup_by(|later, first| {
            let same = later.mark == first.mark;
            if same {
                first.weight += later.weight;
            }
            same
        });
        open
    }

    fn limit(&mut self, limit: &Limit) {
        let items = self.open(&limit.items);
        let max = limit.max - base(self.problem, &limit.items, self.states);
        if items.iter().map(|item| item.weight).sum::<i64>() > max {
            let (rule, consultant) = (limit.rule, limit.consultant);
            self.pieces.limits.push(Limit { rule, consultant, items, max });
        }
    }

    fn charge(&mut self, charge: &Charge) {
        let base = base(self.problem, &charge.items, self.states);
        self.constant += charge.tariff.points(base);
        let items = self.open(&charge.items);
        if !items.is_empty() {
            let (rule, consultant) = (charge.rule, charge.consultant);
            let tariff = charge.tariff.after(base);
            self.pieces.charges.push(Charge { rule, consultant, items, tariff });
        }
    }

    fn row(&mut self, row: &Row) {
        let base = base(self.problem, &row.items, self.states);
        let items = self.open(&row.items);
        let demand = match &row.demand {
            Demand::AtMost(most) => Demand::AtMost(most - base),
            Demand::AtMostOr(most, tariff) if base > *most => {
                self.constant += tariff.points(base - most);
                Demand::AtMostOr(0, tariff.after(base - most))
            }
            Demand::AtMostOr(most, tariff) => Demand::AtMostOr(most - base, tariff.clone()),
            Demand::AtLeastOr(least, tariff) => {
                Demand::AtLeastOr((least - base).max(0), tariff.clone())
            }
            Demand::Fill(places, tariff) => Demand::Fill(places - base, tariff.clone()),
        };
        let total: i64 = items.iter().map(|item| item.weight).sum();
        match &demand {
            Demand::AtMost(most) if total <= *most => {}
            Demand::AtMostOr(most, tariff) if total <= *most => self.constant += tariff.base(),
            Demand::AtLeastOr(0, tariff) => self.constant += tariff.base(),
            Demand::AtLeastOr(least, tariff) | Demand::Fill(least, tariff) if items.is_empty() => {
                self.constant += tariff.points(*least);
            }
            _ => {
                let (rule, about) = (row.rule, row.about.clone());
                self.pieces.rows.push(Row { rule, about, items, demand });
            }
        }
    }
}
