//! Clashes of one consultant, gathered: sets of options, or of whole groups of options, of which one
//! at most can be used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// An option or a group of options of one consultant. Positions are the consultant's own.
#[derive(Clone, Debug)]
struct Node {
    /// Its column in the programme.
    column: usize,
    options: Vec<usize>,
    members: BTreeSet<usize>,
}

/// What one consultant's options and groups exclude.
pub(super) struct Exclusions {
    /// Options first, in order, then groups.
    nodes: Vec<Node>,
    options: usize,
    first: usize,
    /// For each option the others that it clashes with, and which clash says so.
    clashes: Vec<BTreeMap<usize, usize>>,
    /// For each option the groups that hold it, the largest first.
    holders: Vec<Vec<usize>>,
}

/// A row: columns of which one at most is 1, and the first clash it stands for.
pub(super) struct Clique {
    pub(super) clash: usize,
    pub(super) columns: Vec<usize>,
}

impl Exclusions {
    /// Of the consultant whose options these are. A group is its column and its options.
    pub(super) fn new(
        range: Range<usize>,
        groups: &[(usize, Vec<usize>)],
        clashes: &[(usize, usize, usize)],
    ) -> Self {
        let (first, options) = (range.start, range.len());
        let mut by_option = vec![BTreeMap::new(); options];
        for (clash, a, b) in clashes {
            by_option[a - first].insert(b - first, *clash);
            by_option[b - first].insert(a - first, *clash);
        }
        let node = |column: usize, options: Vec<usize>| Node {
            column,
            members: options.iter().copied().collect(),
            options,
        };
        let mut nodes: Vec<Node> =
            (0..options).map(|option| node(first + option, vec![option])).collect();
        let mut holders = vec![Vec::new(); options];
        for (column, of_group) in groups {
            let own: Vec<usize> = of_group.iter().map(|option| option - first).collect();
            for option in &own {
                holders[*option].push(nodes.len());
            }
            nodes.push(node(*column, own));
        }
        for list in &mut holders {
            list.sort_by_key(|node| (std::cmp::Reverse(nodes[*node].options.len()), *node));
        }
        Self { nodes, options, first, clashes: by_option, holders }
    }

    /// Whether any option of the one clashes with any of the other.
    fn exclude(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.nodes[one], &self.nodes[other]);
        one.options.iter().all(|a| {
            self.clashes[*a].len() >= other.options.len()
                && other.options.iter().all(|b| self.clashes[*a].contains_key(b))
        })
    }

    /// All clashes, in cliques as large as greed makes them.
    pub(super) fn cliques(&self) -> Vec<Clique> {
        let mut covered: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut cliques = Vec::new();
        for a in 0..self.options {
            for (b, clash) in self.clashes[a].range(a + 1..) {
                if covered.contains(&(a, *b)) {
                    continue;
                }
                let one = self.widest(a, |node| self.exclude(node, *b));
                let other = self.widest(*b, |node| self.exclude(node, one));
                let mut clique = vec![one, other];
                let near: Vec<usize> = self.clashes[a].keys().copied().collect();
                self.extend(&mut clique, &near, |_| true);
                for (position, one) in clique.iter().enumerate() {
                    for other in &clique[position + 1..] {
                        for a in &self.nodes[*one].options {
                            for b in &self.nodes[*other].options {
                                covered.insert((*a.min(b), *a.max(b)));
                            }
                        }
                    }
                }
                cliques.push(Clique { clash: *clash, columns: self.columns(&clique) });
            }
        }
        cliques
    }

    /// For a group: cliques of its options and of smaller groups inside it that reach every option of
    /// it. The group is at least the sum of each.
    pub(super) fn supports(&self, group: &[usize]) -> Vec<Vec<usize>> {
        let own: Vec<usize> = group.iter().map(|option| option - self.first).collect();
        let set: BTreeSet<usize> = own.iter().copied().collect();
        let inside = |node: usize| {
            let node = &self.nodes[node];
            node.options.len() < set.len() && node.members.is_subset(&set)
        };
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        let mut supports = Vec::new();
        for option in &own {
            if reached.contains(option) {
                continue;
            }
            let mut clique = vec![self.widest(*option, inside)];
            self.extend(&mut clique, &own, inside);
            reached.extend(clique.iter().flat_map(|node| &self.nodes[*node].options));
            supports.push(self.columns(&clique));
        }
        supports
    }

    fn columns(&self, clique: &[usize]) -> Vec<usize> {
        let mut columns: Vec<usize> = clique.iter().map(|node| self.nodes[*node].column).collect();
        columns.sort_unstable();
        columns
    }

    /// The largest group that holds the option and suits, else the option alone.
    fn widest(&self, option: usize, suits: impl Fn(usize) -> bool) -> usize {
        self.holders[option].iter().copied().find(|node| suits(*node)).unwrap_or(option)
    }

    fn extend(&self, clique: &mut Vec<usize>, options: &[usize], suits: impl Fn(usize) -> bool) {
        for option in options {
            let joins =
                |node: usize| suits(node) && clique.iter().all(|other| self.exclude(node, *other));
            // An option inside a node of the clique doesn't clash with itself, and stays out.
            if joins(*option) {
                let node = self.widest(*option, joins);
                clique.push(node);
            }
        }
    }
}
