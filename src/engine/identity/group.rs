//! Who of all these is one person, whatever order they came in?

use super::{
    judge::{Against, Probability, speaks_against},
    person::Person,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The groups of those who are one person, each in order, the groups by their first member; whoever is joined with nobody stands alone.
///
/// Depends on the set of people and edges and on nothing else: edges are taken by falling probability, those of equal probability by
/// what the two people say. Two groups are joined unless a pair across them stands in `apart` or must differ (see
/// [`must_differ`](super::must_differ): a pair that only no chain may join needs an edge of its own). What a person joined (`together`)
/// comes first, and only `apart` speaks against it: whoever is met by one of its names need not bear the other.
#[must_use]
pub fn group(people: &[(u64, Person)], edges: &[(u64, u64, Probability)], together: &[(u64, u64)], apart: &[(u64, u64)]) -> Vec<Vec<u64>> {
    let mut groups = Groups::new(people, apart);
    let mut joined: Vec<(usize, usize)> = together.iter().filter_map(|(a, b)| groups.pair(*a, *b)).collect();
    joined.sort_unstable();
    for (a, b) in joined {
        groups.join(a, b, |_, _| true);
    }
    let by_hand = groups.head.clone();
    let mut weighed: Vec<(std::cmp::Reverse<Probability>, usize, usize)> =
        edges.iter().filter_map(|(a, b, p)| groups.pair(*a, *b).map(|(a, b)| (std::cmp::Reverse(*p), a, b))).collect();
    weighed.sort_unstable();
    let seen: HashSet<(usize, usize)> = weighed.iter().map(|(_, a, b)| (*a, *b)).collect();
    for (_, a, b) in weighed {
        let stands_aside = |x: usize| (x != a && by_hand[x] == by_hand[a]) || (x != b && by_hand[x] == by_hand[b]);
        groups.join(a, b, |people, pairs| {
            let open: Vec<(usize, usize)> = pairs.iter().copied().filter(|(x, y)| !stands_aside(*x) && !stands_aside(*y)).collect();
            !is_barred(people, &open, &seen)
        });
    }
    groups.into_sorted()
}

/// So many pairs found to be one are needed for each that was not even open to question.
const OUTVOTED_BY: usize = 3;

/// One pair that cannot be one person bars the way. Of pairs that only a chain would join, those that were found to be one must outnumber
/// those that were not: one wrong day of birth among five records is a slip, one among two is a father and his son.
fn is_barred(people: &[&(u64, Person)], across: &[(usize, usize)], seen: &HashSet<(usize, usize)>) -> bool {
    let (mut found, mut doubted) = (0, 0);
    for (x, y) in across {
        let is_found = seen.contains(&(*x.min(y), *x.max(y)));
        found += usize::from(is_found);
        match speaks_against(&people[*x].1, &people[*y].1) {
            Against::Nothing => {}
            Against::Chains => doubted += usize::from(!is_found),
            Against::Pair => doubted += OUTVOTED_BY,
            Against::Everything => return true,
        }
    }
    doubted > 0 && doubted >= found
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

    fn join(&mut self, a: usize, b: usize, may: impl Fn(&[&(u64, Person)], &[(usize, usize)]) -> bool) {
        let (a, b) = (self.head[a], self.head[b]);
        if a == b {
            return;
        }
        let (kept, moved) = (self.group(a.min(b)), self.group(a.max(b)));
        let across: Vec<(usize, usize)> = kept.iter().flat_map(|x| moved.iter().map(move |y| (*x, *y))).collect();
        if across.iter().any(|(x, y)| self.apart.contains(&(*x.min(y), *x.max(y)))) || !may(&self.people, &across) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::identity::Written;
    use proptest::prelude::*;

    fn person(first: &str, last: &str, phone: &str, birth: &str) -> Person {
        let row = Written { first_name: first.into(), last_name: last.into(), phone: phone.into(), birth_date: birth.into(), ..Written::default() };
        Person::written(&row)
    }

    fn sure(bps: u16) -> Probability {
        Probability::from_bps(bps)
    }

    fn whitfields() -> Vec<(u64, Person)> {
        vec![
            (1, person("Dana", "Whitfield", "2075550148", "")),
            (2, person("Dana & Robert", "Whitfield", "2075550148", "")),
            (3, person("Robert", "Whitfield", "2075550148", "")),
            (4, person("Bob", "Whitfield", "2075550149", "")),
        ]
    }

    #[test]
    fn a_couple_written_as_one_does_not_join_the_two() {
        let edges = [(1, 2, sure(9_800)), (2, 3, sure(9_700)), (3, 4, sure(9_900))];
        assert_eq!(group(&whitfields(), &edges, &[], &[]), vec![vec![1, 2], vec![3, 4]]);
    }

    #[test]
    fn what_a_person_decided_goes_before_every_weight() {
        let edges = [(3, 4, sure(9_900))];
        assert_eq!(group(&whitfields(), &edges, &[], &[(4, 3)]), vec![vec![1], vec![2], vec![3], vec![4]]);
        assert_eq!(group(&whitfields(), &[], &[(1, 3)], &[]), vec![vec![1, 3], vec![2], vec![4]]);
        assert_eq!(group(&whitfields(), &[], &[(1, 9), (7, 7)], &[(8, 9)]), vec![vec![1], vec![2], vec![3], vec![4]]);
    }

    #[test]
    fn a_father_and_a_son_are_not_joined_by_a_record_without_a_day_of_birth() {
        let people = vec![
            (1, person("Robert", "Whitfield", "2075550148", "1950-03-02")),
            (2, person("Robert", "Whitfield", "2075550148", "")),
            (3, person("Robert", "Whitfield", "2075550148", "1981-07-19")),
        ];
        let groups = group(&people, &[(1, 2, sure(9_800)), (2, 3, sure(9_800))], &[], &[]);
        assert_eq!(groups.len(), 2, "{groups:?}");
    }

    #[test]
    fn one_wrong_day_of_birth_among_many_records_is_a_slip() {
        let mut people: Vec<(u64, Person)> = (1..=4).map(|id| (id, person("Robert", "Whitfield", "2075550148", "1950-03-02"))).collect();
        people.push((5, person("Robert", "Whitfield", "2075550148", "1981-07-19")));
        let edges: Vec<(u64, u64, Probability)> = [(1, 2), (1, 3), (1, 4), (1, 5), (2, 5), (3, 5)].map(|(a, b)| (a, b, sure(9_800))).to_vec();
        assert_eq!(group(&people, &edges, &[], &[]), vec![vec![1, 2, 3, 4, 5]]);
        assert_eq!(group(&people, &edges[..4], &[], &[]), vec![vec![1, 2, 3, 4], vec![5]]);
    }

    fn anybody() -> impl Strategy<Value = Person> {
        let first = prop::sample::select(vec!["", "Dana", "Robert", "Bob", "R", "Mary"]);
        let last = prop::sample::select(vec!["Whitfield", "Cole", ""]);
        let phone = prop::sample::select(vec!["", "2075550148", "2075550149"]);
        let birth = prop::sample::select(vec!["", "1950-03-02", "1981-07-19"]);
        (first, last, phone, birth).prop_map(|(f, l, p, b)| person(f, l, p, b))
    }

    proptest! {
        #[test]
        fn the_groups_depend_on_the_set_and_not_on_the_order(
            people in prop::collection::vec(anybody(), 1..9),
            edges in prop::collection::vec((0_u64..9, 0_u64..9, prop::sample::select(vec![9_000_u16, 9_500, 9_900])), 0..20),
            apart in prop::collection::vec((0_u64..9, 0_u64..9), 0..3),
            together in prop::collection::vec((0_u64..9, 0_u64..9), 0..2),
            seed in 0_usize..1_000,
        ) {
            let people: Vec<(u64, Person)> = (0..).zip(people).collect();
            let edges: Vec<(u64, u64, Probability)> = edges.into_iter().map(|(a, b, p)| (a, b, sure(p))).collect();
            let groups = group(&people, &edges, &together, &apart);
            let turned: Vec<_> = edges.iter().rev().map(|(a, b, p)| (*b, *a, *p)).collect();
            let mut moved = people.clone();
            moved.rotate_left(seed % people.len());
            moved.reverse();
            prop_assert_eq!(&group(&moved, &turned, &together, &apart), &groups);
            prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), people.len());
            for (a, b) in groups.iter().flat_map(|g| g.iter().flat_map(move |a| g.iter().map(move |b| (*a, *b)))).filter(|(a, b)| a < b) {
                prop_assert!(!apart.contains(&(a, b)) && !apart.contains(&(b, a)), "{} and {} are kept apart", a, b);
                let (x, y) = (&people[usize::try_from(a).unwrap()].1, &people[usize::try_from(b).unwrap()].1);
                prop_assert!(!together.is_empty() || speaks_against(x, y) != Against::Everything, "{} and {} cannot be one", a, b);
            }
        }
    }
}
