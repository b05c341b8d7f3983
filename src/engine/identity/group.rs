//! Who of all these is one person, whatever order they came in?

use super::{
    judge::{Probability, must_differ},
    person::Person,
};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of those who are one person, each in order, the groups by their first member; whoever is joined with nobody stands alone.
///
/// Depends on the set of people and edges and on nothing else: edges are taken by falling probability, those of equal probability by
/// what the two people say. Two groups are joined unless a pair across them must differ or stands in `apart`. What a person joined
/// (`together`) comes first, and only `apart` speaks against it: whoever is met by one of its names need not bear the other.
#[must_use]
pub fn group(people: &[(u64, Person)], edges: &[(u64, u64, Probability)], together: &[(u64, u64)], apart: &[(u64, u64)]) -> Vec<Vec<u64>> {
    let mut groups = Groups::new(people, apart);
    let mut joined: Vec<(usize, usize)> = together.iter().filter_map(|(a, b)| groups.pair(*a, *b)).collect();
    joined.sort_unstable();
    for (a, b) in joined {
        groups.join(a, b, |_| false, |_, _| false);
    }
    let by_hand = groups.head.clone();
    let mut weighed: Vec<(std::cmp::Reverse<Probability>, usize, usize)> =
        edges.iter().filter_map(|(a, b, p)| groups.pair(*a, *b).map(|(a, b)| (std::cmp::Reverse(*p), a, b))).collect();
    weighed.sort_unstable();
    for (_, a, b) in weighed {
        let stands_aside = |x: usize| (x != a && by_hand[x] == by_hand[a]) || (x != b && by_hand[x] == by_hand[b]);
        groups.join(a, b, stands_aside, must_differ);
    }
    groups.into_sorted()
}

struct Groups<'p> {
    /// By what they say, then by id: a place in this list is the order of everything below.
    people: Vec<&'p (u64, Person)>,
    places: BTreeMap<u64, usize>,
    /// For each person, the first member of their group.
    head: Vec<usize>,
    members: BTreeMap<usize, Vec<usize>>,
    apart: BTreeSet<(usize, usize)>,
}

impl<'p> Groups<'p> {
    fn new(people: &'p [(u64, Person)], apart: &[(u64, u64)]) -> Self {
        let mut people: Vec<&(u64, Person)> = people.iter().collect();
        people.sort_unstable_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        let places: BTreeMap<u64, usize> = people.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let mut groups = Self { head: (0..people.len()).collect(), members: BTreeMap::new(), apart: BTreeSet::new(), people, places };
        groups.apart = apart.iter().filter_map(|(a, b)| groups.pair(*a, *b)).collect();
        groups
    }

    /// The places of two ids, the smaller first; `None` for one we do not have, and for a pair of one.
    fn pair(&self, a: u64, b: u64) -> Option<(usize, usize)> {
        let (a, b) = (*self.places.get(&a)?, *self.places.get(&b)?);
        (a != b).then_some((a.min(b), a.max(b)))
    }

    fn join(&mut self, a: usize, b: usize, stands_aside: impl Fn(usize) -> bool, against: impl Fn(&Person, &Person) -> bool) {
        let (a, b) = (self.head[a], self.head[b]);
        if a == b {
            return;
        }
        let (kept, moved) = (self.group(a.min(b)), self.group(a.max(b)));
        let is_barred = |x: usize, y: usize| {
            let differ = || against(&self.people[x].1, &self.people[y].1);
            self.apart.contains(&(x.min(y), x.max(y))) || (!stands_aside(x) && !stands_aside(y) && differ())
        };
        if kept.iter().any(|x| moved.iter().any(|y| is_barred(*x, *y))) {
            return;
        }
        for member in &moved {
            self.head[*member] = a.min(b);
        }
        self.members.remove(&a.max(b));
        self.members.insert(a.min(b), [kept, moved].concat());
    }

    fn group(&self, head: usize) -> Vec<usize> {
        self.members.get(&head).cloned().unwrap_or_else(|| vec![head])
    }

    fn into_sorted(self) -> Vec<Vec<u64>> {
        let mut found: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for (at, (id, _)) in self.people.iter().enumerate() {
            found.entry(self.head[at]).or_default().push(*id);
        }
        let mut groups: Vec<Vec<u64>> = found.into_values().collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }
}
