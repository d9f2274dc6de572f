//! A problem with all that column generation knows of it: months, columns, cuts, and which rows and
//! prices are in play.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use rotashare_rules::problem::{Item, Problem, Row};

use super::cuts;
use super::joint::{self, Joint};
use super::master::{Column, Cut, Master, Piece, Solved};
use super::month::{Month, NEVER, Span, UNITS, UNKNOWN, months};
use super::play::Play;
use super::price::{CutView, Found, LIST_SPREADS, PricedCut, Pricer, Prices, Rules, Search, Sight};
use super::region::Region;
use super::relax::Keys;
use super::rows::{RowCost, Rows};
use super::spread::Spread;
use crate::engine::{Grounds, SolveError, Stop};

/// Months of one consultant, by places in them, with what they cost under duals.
pub(super) type Priced = Vec<(i64, Vec<u32>)>;

/// Months within so many points of the bound are listed first, and then within so many times as much,
/// until they are as many as may be.
const FIRST_ROOM: i64 = 16 * UNITS;
const WIDER: (i64, i64) = (3, 2);
/// Where no more than one in so many is priced, others' options need no price.
const FEW: usize = 4;
/// Steps of work for each month that is listed.
const LISTING: u64 = 20;

/// Something decided of one consultant's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// Whose, by place among those who have options.
    pub(super) person: usize,
    /// Options by their number in the problem.
    pub(super) options: Vec<u32>,
    /// Whether one of them at least is chosen, or none.
    pub(super) chosen: bool,
}

impl Decision {
    pub(super) fn allows(&self, column: &Column) -> bool {
        column.person != self.person
            || self.options.iter().any(|o| column.options.binary_search(o).is_ok()) == self.chosen
    }
}

/// What the prices that a search starts from go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Footing {
    /// A rota alone.
    Guess,
    /// Steps from the guess, which found months as well.
    Steps,
    /// A bound, or masters.
    Masters,
}

/// A problem with all that column generation knows of it.
pub(super) struct Pool<'a> {
    pub(super) problem: &'a Problem,
    stop: Stop,
    pub(super) rows: Rows,
    pub(super) months: Vec<Month>,
    keys: Vec<Keys>,
    /// Each consultant's, as the last pricing left it.
    spreads: Vec<Spread>,
    pub(super) columns: Vec<Column>,
    known: HashMap<(usize, Vec<u32>), usize>,
    /// The columns of the best rota, which the master always has.
    pub(super) anchor: Vec<usize>,
    /// The columns of the last master without decisions.
    pub(super) latest: Vec<usize>,
    pub(super) cuts: Vec<Cut>,
    /// See [`cuts::kin`].
    pub(super) kin: Vec<u32>,
    /// For each consultant the cuts that he can count in.
    views: Vec<Vec<(usize, CutView)>>,
    joints: Vec<Joint>,
    pub(super) play: Play,
    /// See [`Master::slices`].
    slices: Vec<Option<u32>>,
    /// See [`Master::noise`]: where its numbers start.
    pub(super) noise: u64,
    /// The duals of the best bound so far without decisions, or a guess.
    pub(super) centre: Vec<i64>,
    pub(super) cut_centre: Vec<i64>,
    /// What these go by.
    pub(super) footing: Footing,
}

impl<'a> Pool<'a> {
    /// Of a problem; when it is time to stop, pricing is content with what it has.
    pub(super) fn new(problem: &'a Problem, stop: &Stop) -> Self {
        let mut fixed = vec![None; problem.options().len()];
        for fix in problem.fixes() {
            fixed[fix.option.index()] = Some(fix.chosen);
        }
        let months = months(problem, &fixed);
        let keys = months.iter().map(Keys::new).collect();
        let rows = Rows::new(problem);
        let kin = cuts::kin(&months, &rows, problem.groups());
        let views = vec![Vec::new(); months.len()];
        Self {
            problem,
            stop: stop.clone(),
            play: Play::new(&rows.costs),
            joints: joint::joints(problem, &rows),
            rows,
            kin,
            spreads: vec![Spread::default(); months.len()],
            months,
            keys,
            columns: Vec::new(),
            known: HashMap::new(),
            anchor: Vec::new(),
            latest: Vec::new(),
            cuts: Vec::new(),
            views,
            noise: 0,
            centre: vec![0; problem.rows().len()],
            cut_centre: Vec::new(),
            footing: Footing::Guess,
            slices: Vec::new(),
        }
    }

    /// Says when it is time to stop from now on.
    pub(super) fn go_on_until(&mut self, stop: &Stop) {
        self.stop = stop.clone();
    }

    /// Guesses duals from a good rota: a place is worth what the one who has it would save without it.
    pub(super) fn guess(&mut self, chosen: &[bool]) {
        let mut worth = vec![0_i64; self.rows.costs.len()];
        for month in &self.months {
            let start = month.options.start;
            let all = month.places(chosen);
            for option in &all {
                let rest: Vec<u32> = all.iter().copied().filter(|o| o != option).collect();
                let (Some(with), Some(without)) = (month.cost(&all), month.cost(&rest)) else {
                    continue;
                };
                let saved = with - without;
                for (row, _) in self.rows.sums(std::iter::once(start + *option as usize)) {
                    if self.rows.costs[row as usize].pays_for_places() {
                        worth[row as usize] = worth[row as usize].max(saved);
                    }
                }
            }
        }
        let dearest = |row: &RowCost| row.steps.last().map_or(0, |step| step.1);
        let extra = self.rows.costs.iter().map(dearest).max().unwrap_or(0).max(0);
        let mut sums = vec![0_i64; self.rows.costs.len()];
        for month in &self.months {
            let mine = month.options.clone().filter(|o| chosen[*o]);
            for (row, weight) in self.rows.sums(mine) {
                sums[row as usize] += weight;
            }
        }
        for (row, cost) in self.rows.costs.iter().enumerate() {
            if !cost.pays_for_places() {
                if !cost.hard && dearest(cost) > 0 {
                    // Between what the last unit costs and what the next would.
                    self.centre[row] = (cost.next(sums[row] - 1, 0) + cost.next(sums[row], 0)) / 2;
                }
                continue;
            }
            if sums[row] < cost.steps.iter().filter(|s| s.1 < 0).map(|s| s.0).sum() {
                // Nobody is to be had for it: worth its full price.
                self.centre[row] = cost.range().0;
            } else {
                self.centre[row] = -(worth[row] + extra / 2);
            }
        }
    }

    /// Betters prices by steps that change no month's cost; rows that have a price then are in play.
    pub(super) fn raise(&mut self, duals: &mut [i64]) {
        joint::raise(&self.joints, &self.rows.costs, duals);
        for row in self.joints.iter().map(Joint::row) {
            self.play.active[row] |= duals[row] != 0;
        }
    }

    /// Takes duals that are known from before, and months.
    pub(super) fn know(&mut self, grounds: &Grounds) {
        self.centre.copy_from_slice(&grounds.prices);
        self.footing = Footing::Masters;
        self.play.know(&grounds.prices);
        for options in &grounds.months {
            let Some(first) = options.first() else { continue };
            let person = self.person_of(*first as usize);
            let places = self.months[person].local(options);
            self.add_month(person, &places);
        }
    }

    /// Whose an option is.
    pub(super) fn person_of(&self, option: usize) -> usize {
        self.months.partition_point(|month| month.options.end <= option)
    }

    /// What another search may go on from.
    pub(super) fn into_grounds(self) -> Grounds {
        let mut columns: Vec<Vec<u32>> = self.columns.into_iter().map(|c| c.options).collect();
        let months = self.latest.iter().map(|index| std::mem::take(&mut columns[*index])).collect();
        Grounds { prices: self.centre, months }
    }

    /// Says which slice of time each consultant is in, by id, so that masters may make use of it.
    pub(super) fn set_slices(&mut self, slice_of: &[usize]) {
        let slice = |row: &Row| {
            let of = |item: &Item| slice_of[self.problem.consultant_of(item.mark).index()] as u32;
            let mut all = row.items.iter().map(of);
            let first = all.next()?;
            all.all(|other| other == first).then_some(first)
        };
        self.slices = self.problem.rows().iter().map(slice).collect();
    }

    /// Adds the months of a rota, which the master has from now on.
    pub(super) fn add_rota(&mut self, chosen: &[bool]) {
        self.anchor.clear();
        for person in 0..self.months.len() {
            let options = self.months[person].places(chosen);
            let month = self.find_month(person, &options);
            self.anchor.extend(month);
        }
        self.anchor.sort_unstable();
    }

    /// The number of a month, given by places in it; it is added where it is new.
    pub(super) fn find_month(&mut self, person: usize, options: &[u32]) -> Option<usize> {
        let new = self.add_month(person, options);
        let all = self.months[person].numbers(options);
        new.or_else(|| self.known.get(&(person, all)).copied())
    }

    /// Adds a month, given by places in it; its number where it is new and allowed.
    pub(super) fn add_month(&mut self, person: usize, options: &[u32]) -> Option<usize> {
        let key = (person, self.months[person].numbers(options));
        if self.known.contains_key(&key) {
            return None;
        }
        let column = self.column(person, options)?;
        let index = self.columns.len();
        self.known.insert(key, index);
        self.columns.push(column);
        Some(index)
    }

    /// A month, given by places in it, as a column; `None` where it is not allowed.
    pub(super) fn column(&self, person: usize, options: &[u32]) -> Option<Column> {
        let month = &self.months[person];
        let cost = month.cost(options)?;
        let options = month.numbers(options);
        let sums = self.rows.sums(options.iter().map(|o| *o as usize));
        Some(Column { person, options, cost, sums })
    }

    /// Adds cuts.
    pub(super) fn add_cuts(&mut self, new: &[Cut]) {
        let mut of_row: Vec<Vec<(u32, u8)>> = vec![Vec::new(); self.rows.costs.len()];
        for (number, cut) in new.iter().enumerate() {
            cut.rows.iter().for_each(|(row, w)| of_row[*row as usize].push((number as u32, *w)));
        }
        for (month, views) in self.months.iter().zip(&mut self.views) {
            // Few of the cuts are any of one consultant's business.
            let mut counted: BTreeMap<u32, Vec<(u32, u8)>> = BTreeMap::new();
            for (place, option) in month.options.clone().enumerate() {
                for (row, _) in self.rows.of_option(option) {
                    for (cut, weight) in &of_row[*row as usize] {
                        counted.entry(*cut).or_default().push((place as u32, *weight));
                    }
                }
            }
            for (cut, counted) in counted {
                let number = self.cuts.len() + cut as usize;
                let view = cuts::view(&new[cut as usize], &counted, month, self.problem.groups());
                views.extend(view.map(|view| (number, view)));
            }
        }
        self.cuts.extend_from_slice(new);
    }

    /// Drops cuts for which `keep` is false; where to start from is to be set anew.
    pub(super) fn retain_cuts(&mut self, keep: &[bool]) {
        let mut number = 0;
        let numbers: Vec<Option<usize>> = keep
            .iter()
            .map(|keep| {
                keep.then(|| {
                    number += 1;
                    number - 1
                })
            })
            .collect();
        for views in &mut self.views {
            *views = std::mem::take(views)
                .into_iter()
                .filter_map(|(cut, view)| numbers[cut].map(|cut| (cut, view)))
                .collect();
        }
        let mut kept = keep.iter();
        self.cuts.retain(|_| kept.next().copied().unwrap_or(true));
    }

    /// What a column costs under duals, in units.
    pub(super) fn priced(&self, column: &Column, row_duals: &[i64], cut_duals: &[i64]) -> i64 {
        let rows: i64 = column.sums.iter().map(|(row, w)| row_duals[*row as usize] * w).sum();
        let cuts = self.cuts.iter().zip(cut_duals).filter(|(_, dual)| **dual > 0);
        let own = Cut::own(self.rows.costs.len(), column.person);
        let cuts: i64 = cuts.map(|(cut, dual)| cut.count(own, &column.sums) * dual).sum();
        column.cost + rows + cuts
    }

    pub(super) fn rules(&self, decisions: &[Decision]) -> Vec<Rules> {
        let mut all: Vec<Rules> = self
            .months
            .iter()
            .map(|month| Rules { barred: vec![false; month.options.len()], ..Rules::default() })
            .collect();
        for decision in decisions {
            let rules = &mut all[decision.person];
            let month = &self.months[decision.person];
            let local = |o: &u32| *o as usize - month.options.start;
            if !decision.chosen {
                decision.options.iter().for_each(|o| rules.barred[local(o)] = true);
                continue;
            }
            let mut blocks: Vec<u32> =
                decision.options.iter().map(|o| month.block_of[local(o)]).collect();
            blocks.dedup();
            if let [block] = blocks[..] {
                let options = decision.options.iter().map(|o| local(o) as u32).collect();
                rules.one_of.push((block, options));
            } else {
                let same = |span: &Span| self.marking(span) == decision.options;
                // Only groups are decided on as a whole.
                rules.required.extend(month.spans.iter().position(same).map(|s| s as u32));
            }
        }
        all
    }

    /// The columns that go with the decisions.
    pub(super) fn allowed(&self, decisions: &[Decision]) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|index| decisions.iter().all(|d| d.allows(&self.columns[*index])))
            .collect()
    }

    /// Each consultant's cheapest column under duals: what it costs and its number.
    pub(super) fn cheapest(&self, allowed: &[usize], duals: (&[i64], &[i64])) -> Vec<(i64, usize)> {
        let priced: Vec<i64> = allowed
            .par_iter()
            .map(|index| self.priced(&self.columns[*index], duals.0, duals.1))
            .collect();
        self.cheapest_of(allowed, &priced)
    }

    /// The same where it is known what they cost.
    pub(super) fn cheapest_of(&self, allowed: &[usize], priced: &[i64]) -> Vec<(i64, usize)> {
        let mut cheapest = vec![(UNKNOWN, usize::MAX); self.months.len()];
        for (index, cost) in allowed.iter().zip(priced) {
            let best = &mut cheapest[self.columns[*index].person];
            *best = (*best).min((*cost, *index));
        }
        cheapest
    }

    /// The series that an option's place belongs to, or a number of its own.
    pub(super) fn series(&self, option: usize) -> u32 {
        let rows = self.rows.of_option(option).iter();
        let packs = |row: &&(u32, i64)| self.rows.costs[row.0 as usize].packs.is_some();
        rows.filter(packs).map(|row| self.kin[row.0 as usize]).next().unwrap_or(u32::MAX)
    }

    /// Sets the duals to start from.
    pub(super) fn start_from(&mut self, row_duals: &[i64], cut_duals: &[i64]) {
        self.centre.clear();
        self.centre.extend_from_slice(row_duals);
        self.cut_centre.clear();
        self.cut_centre.extend_from_slice(cut_duals);
    }

    /// The cuts that a consultant can count in and that cost something, with their prices.
    fn priced_cuts(&self, person: usize, duals: &[i64]) -> Vec<PricedCut<'_>> {
        let price = |cut: usize| duals.get(cut).copied().unwrap_or(0);
        let views = self.views[person].iter().map(|(cut, view)| (price(*cut), view));
        views
            .filter(|(price, _)| *price > 0)
            .map(|(price, view)| PricedCut { view, price })
            .collect()
    }

    /// The options, by number, that mark a spanning group.
    pub(super) fn marking(&self, span: &Span) -> Vec<u32> {
        let options = &self.problem.groups()[span.group as usize].options;
        options.iter().map(|option| option.index() as u32).collect()
    }

    fn sight<'s>(
        &'s self,
        person: usize,
        cuts: &'s [PricedCut<'s>],
        prices: &'s Prices,
    ) -> Sight<'s> {
        Sight { month: &self.months[person], keys: &self.keys[person], cuts, prices }
    }

    /// Prices the months of some consultants. `below` says for each consultant what is worth finding.
    pub(super) fn price(
        &mut self,
        people: &[usize],
        rules: &[Rules],
        duals: (&[i64], &[i64]),
        search: Search,
        below: &[i64],
    ) -> Vec<Found> {
        let of_people = people.iter().flat_map(|person| self.months[*person].options.clone());
        let prices: Prices = if FEW * people.len() < self.months.len() {
            self.rows.prices_of(of_people, duals.0)
        } else {
            self.rows.prices(duals.0)
        };
        let mut spreads: Vec<Spread> =
            people.iter().map(|person| std::mem::take(&mut self.spreads[*person])).collect();
        let found: Vec<Found> = spreads
            .par_iter_mut()
            .zip(people)
            .map(|(spread, person)| {
                let person = *person;
                let cuts = self.priced_cuts(person, duals.1);
                let sight = self.sight(person, &cuts, &prices);
                let better = (&mut *spread, search.spreads(), below[person]);
                let search = Search { below: below[person], ..search };
                let pricer = Pricer::new(sight, &rules[person], better);
                let mut found = pricer.run(search, &self.stop);
                if search.branches > 0 && found.least < found.best(search.below) {
                    sight.branch(&pricer, spread, search, &mut found, &self.stop);
                }
                found
            })
            .collect();
        for (person, spread) in people.iter().zip(spreads) {
            self.spreads[*person] = spread;
        }
        self.stop.count(found.iter().map(|found| found.steps).sum());
        found
    }

    /// Of each consultant the months that cost less than so much more than his `least`, with what they
    /// cost under the duals; and how much more that is: `gap`, or as much as leaves no more than `most`;
    /// nothing and 0 where somebody has far more than that, or time is up.
    pub(super) fn list(
        &self,
        duals: (&[i64], &[i64]),
        least: &[i64],
        gap: i64,
        most: usize,
    ) -> (Vec<Priced>, i64) {
        let prices: Prices = self.rows.prices(duals.0);
        let rules = self.rules(&[]);
        let everybody = 0..self.months.len();
        let cuts: Vec<Vec<PricedCut<'_>>> =
            everybody.clone().map(|person| self.priced_cuts(person, duals.1)).collect();
        let pricers: Vec<Pricer<'_>> = everybody
            .into_par_iter()
            .map(|person| {
                let mut spread = self.spreads[person].clone();
                let spread = (&mut spread, LIST_SPREADS, least[person]);
                let sight = self.sight(person, &cuts[person], &prices);
                Pricer::new(sight, &rules[person], spread)
            })
            .collect();
        let (mut listed, mut room): (Vec<Priced>, i64) = (Vec::new(), 0);
        let mut wider = FIRST_ROOM.min(gap);
        while room < wider {
            let within = |(pricer, least): (&Pricer<'_>, &i64)| {
                pricer.list(least + wider, 2 * most, &self.stop)
            };
            let new: Option<Vec<Priced>> = pricers.par_iter().zip(least).map(within).collect();
            let many = |listed: &[Priced]| listed.iter().map(Vec::len).sum::<usize>();
            let counted = new.as_ref().map_or(most, |new| many(new));
            self.stop.count(LISTING * counted as u64);
            // Where one has too many, or time is up, the list ends before.
            let Some(new) = new else { break };
            (listed, room) = (new, wider);
            if counted > most || self.stop.now() {
                break;
            }
            wider = (room * WIDER.0 / WIDER.1).min(gap);
        }
        if room == 0 {
            return (Vec::new(), 0);
        }
        let overs = listed
            .iter()
            .zip(least)
            .flat_map(|(months, least)| months.iter().map(move |(cost, _)| cost - least));
        let mut overs: Vec<i64> = overs.filter(|over| *over < room).collect();
        if overs.len() > most {
            room = room.min(*overs.select_nth_unstable(most).1);
        }
        for (months, least) in listed.iter_mut().zip(least) {
            months.retain(|(cost, _)| cost - least < room);
        }
        (listed, room)
    }

    /// The options of which a month that has them costs least more, under duals, than the cheapest of its
    /// consultant: so many for each place.
    pub(super) fn near(&self, duals: (&[i64], &[i64]), each: usize) -> Vec<bool> {
        let places: i64 = self.rows.costs.iter().map(RowCost::places).sum();
        let most = each.saturating_mul(usize::try_from(places).unwrap_or(usize::MAX));
        let prices: Prices = self.rows.prices(duals.0);
        let rules = self.rules(&[]);
        let overs: Vec<i64> = (0..self.months.len())
            .into_par_iter()
            .flat_map_iter(|person| {
                let cuts = self.priced_cuts(person, duals.1);
                let mut spread = self.spreads[person].clone();
                let spread = (&mut spread, LIST_SPREADS, i64::MAX / 4);
                let sight = self.sight(person, &cuts, &prices);
                Pricer::new(sight, &rules[person], spread).overs()
            })
            .collect();
        let mut sorted = overs.clone();
        let room = if most < sorted.len() { *sorted.select_nth_unstable(most).1 } else { NEVER };
        overs.into_iter().map(|over| over <= room).collect()
    }

    /// The Lagrangian bound that goes with the least costs of months.
    pub(super) fn bound(&self, duals: (&[i64], &[i64]), least: impl Iterator<Item = i64>) -> i64 {
        let cuts: i64 = self.cuts.iter().zip(duals.1).map(|(cut, dual)| cut.most * dual).sum();
        let whole = self.problem.constant().in_quarters() * super::month::UNITS_PER_QUARTER;
        whole + self.rows.least(duals.0) - cuts + least.fold(0_i64, i64::saturating_add)
    }

    /// A master over some columns, which `noise` makes dearer; those who are `fixed` have one each. See
    /// [`Master::rough`].
    pub(super) fn master(
        &self,
        picked: &[usize],
        fixed: &[bool],
        noise: f64,
        precision: f64,
        region: &Region,
        rough: Option<&[f64]>,
    ) -> Result<Solved, SolveError> {
        let columns: Vec<Piece<'_>> =
            picked.iter().map(|index| self.columns[*index].piece()).collect();
        let master = |precision: f64| {
            Master {
                people: self.months.len(),
                columns: &columns,
                rows: &self.rows.costs,
                play: &self.play,
                cuts: &self.cuts,
                slices: &self.slices,
                fixed,
                precision,
                noise: (noise, self.noise),
                region: Some(region),
                rough,
                live: &[],
                from: None,
                stop: &self.stop,
            }
            .solve()
        };
        let solved = master(precision)
            .or_else(|said| if self.stop.now() { Err(said) } else { master(precision * 100.0) })
            .map_err(|message| SolveError::Solver { solver: "interior point", message })?;
        self.stop.count(solved.steps);
        Ok(solved)
    }

    /// What so much of each of these columns adds to rows.
    pub(super) fn sums(&self, shares: &[(usize, f64)]) -> Vec<f64> {
        let mut sums = vec![0.0_f64; self.rows.costs.len()];
        for (index, share) in shares {
            for (row, weight) in &self.columns[*index].sums {
                sums[*row as usize] += *weight as f64 * share;
            }
        }
        sums
    }

    /// Lets rows in that the master breaks, and whether there were any.
    pub(super) fn let_rows_in(&mut self, shares: &[(usize, f64)]) -> bool {
        let sums = self.sums(shares);
        self.play.let_in(&self.rows.costs, &sums)
    }
}
