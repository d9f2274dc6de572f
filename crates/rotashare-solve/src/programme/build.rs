//! The translation, word by word.

use rotashare_core::points::{Points, Tariff};
use rotashare_rules::problem::{Demand, GroupId, Item, Mark, OptionId, Problem, RuleId};

use super::cliques::Exclusions;
use super::{Column, ColumnKind, Line, LineKind, Programme};

/// The units that a row's tariff is about, at this sum.
pub(super) fn units(demand: &Demand, sum: i64) -> i64 {
    match demand {
        Demand::AtMost(_) => 0,
        Demand::AtMostOr(bound, _) => (sum - bound).max(0),
        Demand::AtLeastOr(bound, _) | Demand::Fill(bound, _) => (bound - sum).max(0),
    }
}

pub(super) fn programme(problem: &Problem) -> Programme {
    let mut builder = Builder {
        problem,
        columns: Vec::new(),
        lines: Vec::new(),
        constant: problem.constant(),
        column_of_group: vec![None; problem.groups().len()],
        uses: Uses::of(problem),
    };
    builder.options();
    builder.group_columns();
    let people = builder.people();
    builder.group_rows(&people);
    builder.clashes(&people);
    builder.limits();
    builder.charges();
    builder.rows();
    let Builder { columns, lines, constant, .. } = builder;
    Programme { columns, lines, constant, options: problem.options().len() }
}

struct Builder<'a> {
    problem: &'a Problem,
    columns: Vec<Column>,
    lines: Vec<Line>,
    constant: Points,
    /// None for an exclusive group, and for one that nothing counts.
    column_of_group: Vec<Option<usize>>,
    uses: Uses,
}

/// A consultant's groups that have a column, each with its options, and what excludes what.
struct Person {
    groups: Vec<(usize, Vec<usize>)>,
    exclusions: Exclusions,
}

impl Builder<'_> {
    fn options(&mut self) {
        for (index, option) in self.problem.options().iter().enumerate() {
            self.columns.push(Column {
                kind: ColumnKind::Option(OptionId::new(index)),
                lower: 0,
                upper: 1,
                integer: true,
                points: option.points,
            });
        }
        for fix in self.problem.fixes() {
            let column = &mut self.columns[fix.option.index()];
            (column.lower, column.upper) = if fix.chosen { (1, 1) } else { (0, 0) };
        }
    }

    /// Columns for the groups that need one.
    fn group_columns(&mut self) {
        for (index, group) in self.problem.groups().iter().enumerate() {
            if self.uses.counted[index] && !group.exclusive {
                self.column_of_group[index] = Some(self.columns.len());
                self.columns.push(Column {
                    kind: ColumnKind::Group(GroupId::new(index)),
                    lower: 0,
                    upper: 1,
                    integer: true,
                    points: Points::ZERO,
                });
            }
        }
    }

    /// What gives the groups' columns their meaning.
    fn group_rows(&mut self, people: &[Person]) {
        for person in people {
            for (index, options) in &person.groups {
                let Some(column) = self.column_of_group[*index] else { continue };
                let group = GroupId::new(*index);
                for support in person.exclusions.supports(options) {
                    let mut terms: Vec<_> = support.into_iter().map(|option| (option, 1)).collect();
                    terms.push((column, -1));
                    self.line(LineKind::AtLeastOptions(group), None, terms, None, Some(0));
                }
                if self.uses.rewarded[*index] {
                    let mut terms: Vec<_> = options.iter().map(|option| (*option, -1)).collect();
                    terms.push((column, 1));
                    self.line(LineKind::AtMostOptions(group), None, terms, None, Some(0));
                }
            }
        }
    }

    fn clashes(&mut self, people: &[Person]) {
        for clique in people.iter().flat_map(|person| person.exclusions.cliques()) {
            let kind = LineKind::Clash { clash: clique.clash };
            let rule = self.problem.clashes()[clique.clash].rule;
            let terms = clique.columns.into_iter().map(|column| (column, 1)).collect();
            self.line(kind, Some(rule), terms, None, Some(1));
        }
    }

    fn people(&self) -> Vec<Person> {
        let ranges = self.problem.by_consultant();
        let person = |option: usize| ranges.partition_point(|(_, range)| range.end <= option);
        let mut groups: Vec<Vec<(usize, Vec<usize>)>> = vec![Vec::new(); ranges.len()];
        for (index, group) in self.problem.groups().iter().enumerate() {
            if self.column_of_group[index].is_some() {
                let options: Vec<usize> = group.options.iter().map(|o| o.index()).collect();
                groups[person(options[0])].push((index, options));
            }
        }
        let mut clashes: Vec<Vec<(usize, usize, usize)>> = vec![Vec::new(); ranges.len()];
        for (index, clash) in self.problem.clashes().iter().enumerate() {
            clashes[person(clash.a.index())].push((index, clash.a.index(), clash.b.index()));
        }
        let mut people = Vec::with_capacity(ranges.len());
        for (((_, range), groups), clashes) in ranges.iter().zip(groups).zip(clashes) {
            let with_columns: Vec<(usize, Vec<usize>)> = groups
                .iter()
                .filter_map(|(index, options)| {
                    self.column_of_group[*index].map(|column| (column, options.clone()))
                })
                .collect();
            let exclusions = Exclusions::new(range.clone(), &with_columns, &clashes);
            people.push(Person { groups, exclusions });
        }
        people
    }

    fn limits(&mut self) {
        for (index, limit) in self.problem.limits().iter().enumerate() {
            let terms = self.terms(&limit.items);
            self.line(LineKind::Limit(index), Some(limit.rule), terms, None, Some(limit.max));
        }
    }

    /// The first price goes on the items themselves; only what is dearer needs columns.
    fn charges(&mut self) {
        for (index, charge) in self.problem.charges().iter().enumerate() {
            self.constant += charge.tariff.base();
            let steps = charge.tariff.steps();
            let first = steps[0];
            let mut terms = self.terms(&charge.items);
            for (column, weight) in &terms {
                self.columns[*column].points += first.each * *weight;
            }
            let mut left = total(&charge.items) - first.units.min(total(&charge.items));
            if left == 0 {
                continue;
            }
            for (step, it) in steps.iter().enumerate().skip(1) {
                let kind = ColumnKind::ChargeStep { charge: index, step };
                terms.push((self.step(kind, it.units.min(left), it.each - first.each), -1));
                left -= it.units.min(left);
                if left == 0 {
                    break;
                }
            }
            self.line(LineKind::Charge(index), Some(charge.rule), terms, None, Some(first.units));
        }
    }

    fn rows(&mut self) {
        for (index, row) in self.problem.rows().iter().enumerate() {
            let mut terms = self.terms(&row.items);
            let most = total(&row.items);
            let (lower, upper) = match &row.demand {
                Demand::AtMost(bound) => (None, Some(*bound)),
                Demand::AtMostOr(bound, tariff) => {
                    self.steps(index, tariff, most - bound, -1, &mut terms);
                    (None, Some(*bound))
                }
                Demand::AtLeastOr(bound, tariff) => {
                    self.steps(index, tariff, *bound, 1, &mut terms);
                    (Some(*bound), None)
                }
                Demand::Fill(bound, tariff) => {
                    self.steps(index, tariff, *bound, 1, &mut terms);
                    (Some(*bound), Some(*bound))
                }
            };
            self.line(LineKind::Row(index), Some(row.rule), terms, lower, upper);
        }
    }

    /// Columns for `most` units of a row's tariff.
    fn steps(
        &mut self,
        row: usize,
        tariff: &Tariff,
        most: i64,
        sign: i64,
        terms: &mut Vec<(usize, i64)>,
    ) {
        self.constant += tariff.base();
        let mut left = most.max(0);
        for (step, it) in tariff.steps().iter().enumerate() {
            if left == 0 {
                break;
            }
            let units = it.units.min(left);
            terms.push((self.step(ColumnKind::RowStep { row, step }, units, it.each), sign));
            left -= units;
        }
    }

    fn step(&mut self, kind: ColumnKind, upper: i64, points: Points) -> usize {
        self.columns.push(Column { kind, lower: 0, upper, integer: false, points });
        self.columns.len() - 1
    }

    /// The items over columns, each column once.
    fn terms(&self, items: &[Item]) -> Vec<(usize, i64)> {
        let mut terms = Vec::with_capacity(items.len());
        for item in items {
            match item.mark {
                Mark::Option(option) => terms.push((option.index(), item.weight)),
                Mark::Group(group) => match self.column_of_group[group.index()] {
                    Some(column) => terms.push((column, item.weight)),
                    None => {
                        let options = self.problem.group(group).options.iter();
                        terms.extend(options.map(|option| (option.index(), item.weight)));
                    }
                },
            }
        }
        merge(&mut terms);
        terms
    }

    fn line(
        &mut self,
        kind: LineKind,
        rule: Option<RuleId>,
        mut terms: Vec<(usize, i64)>,
        lower: Option<i64>,
        upper: Option<i64>,
    ) {
        merge(&mut terms);
        self.lines.push(Line { kind, rule, terms, lower, upper });
    }
}

fn merge(terms: &mut Vec<(usize, i64)>) {
    terms.sort_unstable();
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    terms.retain(|(_, weight)| *weight != 0);
}

fn total(items: &[Item]) -> i64 {
    items.iter().map(|item| item.weight).sum()
}

/// How groups are used.
struct Uses {
    counted: Vec<bool>,
    /// Whether something is the better for a group's mark being 1.
    rewarded: Vec<bool>,
}

impl Uses {
    fn of(problem: &Problem) -> Self {
        let groups = problem.groups().len();
        let mut uses = Self { counted: vec![false; groups], rewarded: vec![false; groups] };
        for limit in problem.limits() {
            uses.note(&limit.items, false);
        }
        for charge in problem.charges() {
            let pays = charge.tariff.steps()[0].each < Points::ZERO;
            uses.note(&charge.items, pays);
        }
        for row in problem.rows() {
            let pays = matches!(row.demand, Demand::AtLeastOr(..) | Demand::Fill(..));
            uses.note(&row.items, pays);
        }
        uses
    }

    fn note(&mut self, items: &[Item], rewards: bool) {
        for item in items {
            if let Mark::Group(group) = item.mark {
                self.counted[group.index()] = true;
                self.rewarded[group.index()] |= rewards;
            }
        }
    }
}
