//! A problem laid out for speed: who touches what, in flat lists.

use std::collections::BTreeMap;

use rotashare_core::points::{Points, Step, Tariff};
use rotashare_rules::problem::{Demand, Item, Mark, Problem};

/// Lists of numbers, one after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists<T> {
    starts: Vec<u32>,
    entries: Vec<T>,
}

impl<T> Lists<T> {
    pub(crate) fn new(lists: Vec<Vec<T>>) -> Self {
        let mut starts = Vec::with_capacity(lists.len() + 1);
        let mut entries = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        starts.push(0);
        for list in lists {
            entries.extend(list);
            starts.push(entries.len() as u32);
        }
        Self { starts, entries }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub(crate) fn of(&self, index: usize) -> &[T] {
        &self.entries[self.starts[index] as usize..self.starts[index + 1] as usize]
    }
}

/// Whose piece it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    Limit,
    Charge,
    Row,
}

/// A limit, a charge or a row: a sum of marks that must not exceed `max` and costs points by the sum.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) max: i64,
    /// Where its points by the sum, from 0 on, begin in [`Index::costs`], and for how many sums they are
    /// there: to the last that may be, or for none where that is too many.
    pub(crate) start: u32,
    pub(crate) sums: u32,
    cost: Cost,
}

#[derive(Clone, Debug)]
enum Cost {
    Free,
    /// Points by `sum − bound`.
    Over(i64, Tariff),
    /// Points by `bound − sum`.
    Under(i64, Tariff),
}

impl Piece {
    /// What it adds to go from one sum to another, in quarters, counted anew; `None` where the other may
    /// not be.
    #[cold]
    pub(crate) fn step(&self, before: i64, after: i64) -> Option<i64> {
        (after <= self.max).then(|| self.cost(after) - self.cost(before))
    }

    /// By how many quarters one more of the sum lowers its points at most.
    fn steepest(&self) -> i64 {
        // No tariff gets cheaper a unit.
        let each = |step: Option<&Step>| step.map_or(0, |step| step.each.in_quarters());
        match &self.cost {
            Cost::Free => 0,
            Cost::Over(_, tariff) => (-each(tariff.steps().first())).max(0),
            Cost::Under(_, tariff) => each(tariff.steps().last()).max(0),
        }
    }

    /// Quarters of points at this sum, counted anew.
    pub(crate) fn cost(&self, sum: i64) -> i64 {
        match &self.cost {
            Cost::Free => 0,
            Cost::Over(bound, tariff) => tariff.points(sum - bound).in_quarters(),
            Cost::Under(bound, tariff) => tariff.points(bound - sum).in_quarters(),
        }
    }
}

/// Up to so many sums of a piece have their points looked up, and of one that costs nothing.
const MOST_SUMS: i64 = 16_384;
const MOST_FREE_SUMS: i64 = 2048;

/// See the module. Options, groups, sessions and pieces are numbered from 0; a mark is an option, or
/// the number of options plus a group.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) options: usize,
    /// Points of each option alone, in quarters.
    pub(crate) points: Vec<i64>,
    /// What no choice changes, in quarters.
    pub(crate) constant: i64,
    pub(crate) clashes: Lists<u32>,
    pub(crate) groups_of: Lists<u32>,
    pub(crate) options_of_group: Lists<u32>,
    /// The pieces that count a mark, and its weight in each; first those that may say no.
    pub(crate) uses: Lists<(u32, i64)>,
    /// The marks that a piece counts, and the weight of each.
    pub(crate) marks_of: Lists<(u32, i64)>,
    pub(crate) pieces: Vec<Piece>,
    /// Points by the sum, in quarters, of one piece after another; those of like pieces once.
    pub(crate) costs: Vec<i64>,
    /// Whether an option reaches some piece in two ways, so that its effects can't be added up singly.
    pub(crate) tangled: Vec<bool>,
    pub(crate) session_of: Vec<u32>,
    pub(crate) options_of_session: Lists<u32>,
    /// What filling a session once can lower the points by at most, in quarters.
    pub(crate) worth: Vec<i64>,
    /// Whether a row counts a group: then it stands in the way of other consultants.
    pub(crate) is_shared: Vec<bool>,
    pub(crate) person_of: Vec<u32>,
    pub(crate) options_of_person: Lists<u32>,
    /// Options decided beforehand.
    pub(crate) fixed: Vec<Option<bool>>,
}

impl Index {
    pub(crate) fn new(problem: &Problem) -> Self {
        let options = problem.options().len();
        let marks = options + problem.groups().len();
        let number = |mark: Mark| match mark {
            Mark::Option(option) => option.index(),
            Mark::Group(group) => options + group.index(),
        };
        let mut builder = Builder::new(marks);
        for limit in problem.limits() {
            builder.piece(PieceKind::Limit, &limit.items, limit.max, Cost::Free, number);
        }
        for charge in problem.charges() {
            let cost = Cost::Over(0, charge.tariff.clone());
            builder.piece(PieceKind::Charge, &charge.items, i64::MAX, cost, number);
        }
        for row in problem.rows() {
            let (max, cost) = match &row.demand {
                Demand::AtMost(bound) => (*bound, Cost::Free),
                Demand::AtMostOr(bound, tariff) => (i64::MAX, Cost::Over(*bound, tariff.clone())),
                Demand::AtLeastOr(bound, tariff) => (i64::MAX, Cost::Under(*bound, tariff.clone())),
                Demand::Fill(bound, tariff) => (*bound, Cost::Under(*bound, tariff.clone())),
            };
            builder.piece(PieceKind::Row, &row.items, max, cost, number);
        }
        let Builder { mut uses, marks_of, pieces, costs, .. } = builder;
        // A session that is full says no most often.
        uses.iter_mut().for_each(|uses| {
            uses.sort_by_key(|(piece, _)| {
                let piece = &pieces[*piece as usize];
                (piece.max == i64::MAX, piece.kind != PieceKind::Row)
            });
        });

        let mut clashes = vec![Vec::new(); options];
        for clash in problem.clashes() {
            clashes[clash.a.index()].push(clash.b.index() as u32);
            clashes[clash.b.index()].push(clash.a.index() as u32);
        }
        let mut groups_of = vec![Vec::new(); options];
        let mut options_of_group = Vec::with_capacity(problem.groups().len());
        for (group, it) in problem.groups().iter().enumerate() {
            for option in &it.options {
                // A group that nothing counts needs no counting.
                if !uses[options + group].is_empty() {
                    groups_of[option.index()].push(group as u32);
                }
            }
            options_of_group.push(it.options.iter().map(|o| o.index() as u32).collect());
        }
        let tangled = (0..options)
            .map(|option| {
                let own = std::iter::once(option);
                let groups = groups_of[option].iter().map(|group| options + *group as usize);
                let mut reached: Vec<u32> =
                    own.chain(groups).flat_map(|m| uses[m].iter().map(|(p, _)| *p)).collect();
                reached.sort_unstable();
                reached.windows(2).any(|pair| pair[0] == pair[1])
            })
            .collect();

        let mut sessions: Vec<_> = problem.options().iter().map(|o| o.session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        let mut options_of_session = vec![Vec::new(); sessions.len()];
        let mut session_of = Vec::with_capacity(options);
        for (index, option) in problem.options().iter().enumerate() {
            let session = sessions.partition_point(|session| *session < option.session);
            options_of_session[session].push(index as u32);
            session_of.push(session as u32);
        }
        let mut person_of = vec![0; options];
        let mut options_of_person = Vec::new();
        for (person, (_, range)) in problem.by_consultant().into_iter().enumerate() {
            person_of[range.clone()].fill(person as u32);
            options_of_person.push(range.map(|option| option as u32).collect());
        }
        let is_row = |(piece, _): &(u32, i64)| pieces[*piece as usize].kind == PieceKind::Row;
        let is_shared = uses[options..].iter().map(|uses| uses.iter().any(is_row)).collect();
        let steepest: Vec<i64> = pieces.iter().map(Piece::steepest).collect();
        let fall = |mark: usize| {
            let falls = uses[mark].iter().map(|(p, w)| steepest[*p as usize].saturating_mul(*w));
            falls.fold(0_i64, i64::saturating_add)
        };
        let mut worth = vec![0; sessions.len()];
        for (option, it) in problem.options().iter().enumerate() {
            let groups = groups_of[option].iter().map(|group| fall(options + *group as usize));
            let fall = groups.fold(fall(option), i64::saturating_add) - it.points.in_quarters();
            let worth: &mut i64 = &mut worth[session_of[option] as usize];
            *worth = fall.max(*worth);
        }
        let mut fixed = vec![None; options];
        for fix in problem.fixes() {
            fixed[fix.option.index()] = Some(fix.chosen);
        }
        Self {
            options,
            points: problem.options().iter().map(|o| o.points.in_quarters()).collect(),
            constant: problem.constant().in_quarters(),
            clashes: Lists::new(clashes),
            groups_of: Lists::new(groups_of),
            options_of_group: Lists::new(options_of_group),
            uses: Lists::new(uses),
            marks_of: Lists::new(marks_of),
            pieces,
            costs,
            tangled,
            session_of,
            options_of_session: Lists::new(options_of_session),
            worth,
            is_shared,
            person_of,
            options_of_person: Lists::new(options_of_person),
            fixed,
        }
    }

    /// What a person has in a session, if anything.
    pub(crate) fn option_of(&self, person: u32, session: u32) -> Option<usize> {
        let options = self.options_of_session.of(session as usize);
        let at = options.partition_point(|option| self.person_of[*option as usize] < person);
        let option = *options.get(at)? as usize;
        (self.person_of[option] == person).then_some(option)
    }

    /// The points of choosing nothing, in quarters.
    pub(crate) fn empty_points(&self) -> i64 {
        self.constant + self.pieces.iter().map(|piece| piece.cost(0)).sum::<i64>()
    }

    /// The price of the middle one of all that a choice can cost, rows apart: what a small change is
    /// typically worth. In quarters, 1 at least.
    pub(crate) fn typical_price(&self) -> i64 {
        let mut prices: Vec<i64> = self.points.iter().map(|p| p.abs()).collect();
        for (piece, marks) in self.pieces.iter().zip(0..) {
            if piece.kind == PieceKind::Charge {
                let least = self.marks_of.of(marks).iter().map(|(_, w)| *w).min().unwrap_or(0);
                prices.push((piece.cost(least) - piece.cost(0)).abs());
            }
        }
        prices.retain(|price| *price > 0);
        prices.sort_unstable();
        prices.get(prices.len() / 2).copied().unwrap_or(Points::ONE.in_quarters())
    }
}

struct Builder {
    uses: Vec<Vec<(u32, i64)>>,
    marks_of: Vec<Vec<(u32, i64)>>,
    pieces: Vec<Piece>,
    costs: Vec<i64>,
    /// Where points that are there already begin.
    known: BTreeMap<Vec<i64>, u32>,
}

impl Builder {
    fn new(marks: usize) -> Self {
        Self {
            uses: vec![Vec::new(); marks],
            marks_of: Vec::new(),
            pieces: Vec::new(),
            costs: Vec::new(),
            known: BTreeMap::new(),
        }
    }

    fn piece(
        &mut self,
        kind: PieceKind,
        items: &[Item],
        max: i64,
        cost: Cost,
        number: impl Fn(Mark) -> usize,
    ) {
        let mut marks: Vec<(u32, i64)> =
            items.iter().map(|item| (number(item.mark) as u32, item.weight)).collect();
        marks.sort_unstable();
        marks.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        let number = self.pieces.len() as u32;
        let total: i64 = marks.iter().map(|(_, weight)| weight).sum();
        for (mark, weight) in &marks {
            self.uses[*mark as usize].push((number, *weight));
        }
        let mut piece = Piece { kind, max, start: 0, sums: 0, cost };
        let last = total.min(max);
        let most = if matches!(piece.cost, Cost::Free) { MOST_FREE_SUMS } else { MOST_SUMS };
        if (0..most).contains(&last) {
            let table: Vec<i64> = (0..=last).map(|sum| piece.cost(sum)).collect();
            piece.sums = table.len() as u32;
            piece.start = *self.known.entry(table).or_insert_with_key(|table| {
                self.costs.extend(table);
                (self.costs.len() - table.len()) as u32
            });
        }
        self.pieces.push(piece);
        self.marks_of.push(marks);
    }
}
