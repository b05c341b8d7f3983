//! What does this store's own data say about the weights?

use super::{
    blocks::Blocks,
    compare::{FIELDS, Field, Pattern, birth, compare, levels},
    model::{Model, NamesShares, Table},
    person::Person,
};
use std::collections::BTreeMap;

/// The weights of before speak with the voice of so many pairs, so that few or odd data cannot ruin them.
const PRIOR_SAME: f64 = 60.0;
const PRIOR_STRANGERS: f64 = 200.0;
/// Before any was seen: the doubles, and the pairs of housemates, for each person.
const PRIOR_DOUBLES_A_PERSON: f64 = 0.01;
const PRIOR_HOUSEMATES_A_PERSON: f64 = 0.003;
/// A day of birth is seldom plainly wrong. Where it seems so more often than this, fathers and sons were taken for one person.
const MOST_WRONG_BIRTHS: f64 = 0.08;
/// Pairs looked at: of strangers by chance, and of those that share a block.
const CHANCE_PAIRS: usize = 200_000;
const PIVOTS: usize = 20_000;
const MOST_ROUNDS: usize = 40;
/// Below this change of any share nothing more is learnt.
const SETTLED: f64 = 1e-5;
/// A name below this share is not kept by itself.
const NAME_KEPT_FROM: f64 = 1.0 / 5_000.0;

impl Model {
    /// The same weights after looking at the store's own people: expectation and maximisation over the pairs that blocking yields, with
    /// what was known before as pairs already seen. The same people in any order give the same weights.
    #[must_use]
    pub fn learnt<'p>(&self, people: impl IntoIterator<Item = &'p Person>) -> Self {
        let mut people: Vec<&Person> = people.into_iter().filter(|p| !p.is_blank()).collect();
        people.sort_unstable();
        if people.len() < 2 {
            return self.clone();
        }
        let seen = Seen::of(&people, self);
        let mut model = self.with_names(&people);
        for _ in 0..MOST_ROUNDS {
            let next = model.round(self, &seen);
            let change = model.furthest(&next);
            model = next;
            if change < SETTLED {
                break;
            }
        }
        model
    }

    fn with_names(&self, people: &[&Person]) -> Self {
        let (mut firsts, mut lasts, mut named) = (BTreeMap::new(), BTreeMap::new(), 0_u32);
        for name in people.iter().filter_map(|p| p.names.first()) {
            named += 1;
            *firsts.entry(name.first.clone()).or_insert(0.0) += 1.0;
            *lasts.entry(name.last.clone()).or_insert(0.0) += 1.0;
        }
        let shares = |counts: BTreeMap<String, f64>| -> BTreeMap<String, f64> {
            let all = f64::from(named.max(1));
            let shares = counts.into_iter().map(|(name, count)| (name, count / all));
            shares.filter(|(name, share)| !name.is_empty() && *share >= NAME_KEPT_FROM).collect()
        };
        Self { firsts: shares(firsts), lasts: shares(lasts), counted: named, ..self.clone() }
    }

    fn round(&self, prior: &Self, seen: &Seen) -> Self {
        let mut same = Tally::new();
        let (mut same_pairs, mut housemates_pairs) = (0.0, 0.0);
        for (pattern, count) in &seen.blocked {
            let kinds = self.kinds(pattern, NamesShares::default());
            let all = kinds.same + kinds.housemates + kinds.strangers;
            same.add(pattern, count * kinds.same / all);
            same_pairs += count * kinds.same / all;
            housemates_pairs += count * kinds.housemates / all;
        }
        let mut strangers = Tally::new();
        for (pattern, count) in &seen.by_chance {
            let kinds = self.kinds(pattern, NamesShares::default());
            strangers.add(pattern, count * kinds.strangers / (kinds.same + kinds.housemates + kinds.strangers));
        }
        Self {
            same: with_few_wrong_births(same.shares(&prior.same, PRIOR_SAME)),
            strangers: strangers.shares(&prior.strangers, PRIOR_STRANGERS),
            same_share: (same_pairs + PRIOR_DOUBLES_A_PERSON * seen.people) / seen.pairs,
            housemates_share: (housemates_pairs + PRIOR_HOUSEMATES_A_PERSON * seen.people) / seen.pairs,
            ..self.clone()
        }
    }

    fn furthest(&self, other: &Self) -> f64 {
        let shares = self.same.iter().flatten().zip(other.same.iter().flatten());
        shares.map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
    }
}

fn with_few_wrong_births(mut shares: Table) -> Table {
    let births = &mut shares[Field::Birth as usize];
    let over = births[usize::from(birth::OTHER)] - MOST_WRONG_BIRTHS;
    if over > 0.0 {
        births[usize::from(birth::OTHER)] -= over;
        births[usize::from(birth::SAME)] += over;
    }
    shares
}

/// Every pattern once, with how many pairs show it.
struct Seen {
    people: f64,
    /// Of all people with all others.
    pairs: f64,
    by_chance: Vec<(Pattern, f64)>,
    blocked: Vec<(Pattern, f64)>,
}

impl Seen {
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs, far below where a float skips")]
    fn of(people: &[&Person], model: &Model) -> Self {
        let n = people.len();
        let show = |a: usize, b: usize| compare(people[a], people[b], &model.crowded).pattern;
        let mut by_chance: BTreeMap<Pattern, f64> = BTreeMap::new();
        if n * (n - 1) / 2 <= CHANCE_PAIRS {
            for (a, b) in (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))) {
                *by_chance.entry(show(a, b)).or_default() += 1.0;
            }
        } else {
            let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
            for _ in 0..CHANCE_PAIRS {
                let (a, b) = (chance.below(n), chance.below(n));
                if a != b {
                    *by_chance.entry(show(a, b)).or_default() += 1.0;
                }
            }
        }
        let blocks = Blocks::new(people.iter().copied(), &model.crowded);
        let stride = n.div_ceil(PIVOTS);
        let mut blocked: BTreeMap<Pattern, f64> = BTreeMap::new();
        let mut others = Vec::new();
        for a in (0..n).step_by(stride) {
            blocks.candidates(a, &mut others);
            for b in &others {
                *blocked.entry(show(a, *b as usize)).or_default() += stride as f64;
            }
        }
        let pairs = n as f64 * (n as f64 - 1.0) / 2.0;
        Self { people: n as f64, pairs, by_chance: by_chance.into_iter().collect(), blocked: blocked.into_iter().collect() }
    }
}

/// The same numbers each time: learning twice from the same people gives the same weights.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit
    }
}

/// How many pairs show each level of each field.
struct Tally(Table);

impl Tally {
    fn new() -> Self {
        Self(FIELDS.into_iter().map(|field| vec![0.0; levels(field)]).collect())
    }

    fn add(&mut self, pattern: &Pattern, count: f64) {
        for (field, level) in self.0.iter_mut().zip(pattern) {
            field[usize::from(*level)] += count;
        }
    }

    /// Shares among the pairs where both say something, the prior counted as `weight` pairs.
    fn shares(&self, prior: &Table, weight: f64) -> Table {
        let field = |(counts, prior): (&Vec<f64>, &Vec<f64>)| {
            let said: f64 = counts[1..].iter().sum();
            let share = |(level, count): (usize, &f64)| if level == 0 { 0.0 } else { (count + weight * prior[level]) / (said + weight) };
            counts.iter().enumerate().map(share).collect()
        };
        self.0.iter().zip(prior).map(field).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::identity::{Verdict, Written, judge};

    fn row(n: u32) -> Written {
        Written {
            first_name: ["Dana", "Robert", "Ruth", "Miguel", "Ingrid"][n as usize % 5].into(),
            last_name: format!("{}field", ["Whit", "Can", "Hat", "Mans", "Shef", "Brad", "Green"][n as usize % 7]),
            phone: format!("207{:03}{:04}", 200 + n * 37 % 700, n * 7_919 % 10_000),
            birth_date: format!("19{:02}-{:02}-{:02}", 40 + n * 7 % 60, n % 12 + 1, n * 5 % 28 + 1),
            ..Written::default()
        }
    }

    fn people(rows: impl Iterator<Item = Written>) -> Vec<Person> {
        rows.map(|row| Person::written(&row)).collect()
    }

    #[test]
    fn nobody_or_one_person_teaches_nothing() {
        let shipped = Model::shipped();
        assert_eq!(shipped.learnt(&[]), shipped);
        assert_eq!(shipped.learnt(&people((0..1).map(row))), shipped);
        assert_eq!(shipped.learnt(&vec![Person::default(); 9]), shipped);
    }

    #[test]
    fn the_same_people_in_any_order_teach_the_same() {
        let mut all = people((0..200).chain(0..50).map(row));
        let learnt = Model::shipped().learnt(&all);
        all.reverse();
        assert_eq!(Model::shipped().learnt(&all), learnt);
    }

    #[test]
    fn every_field_still_makes_one_whole_after_learning() {
        let learnt = Model::shipped().learnt(&people((0..200).chain(0..50).map(row)));
        for shares in learnt.same.iter().chain(&learnt.strangers) {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares[1..].iter().all(|s| *s > 0.0), "{shares:?}");
        }
    }

    #[test]
    fn people_without_any_double_do_not_ruin_the_weights() {
        let all = people((0..300).map(row));
        let learnt = Model::shipped().learnt(&all);
        let again = Person::written(&Written { last_name: "Whitfeild".into(), ..row(0) });
        assert!(matches!(judge(&learnt, &all[0], &again), Verdict::Same(_)));
        assert!(all[1..].iter().all(|other| matches!(judge(&learnt, &all[0], other), Verdict::Different { .. })));
    }

    #[test]
    fn a_store_whose_rows_slip_often_learns_so() {
        let slipped = |n: u32| Written { birth_date: row(n).birth_date.replace("19", "18"), ..row(n) };
        let clean = Model::shipped().learnt(&people((0..150).chain(0..150).map(row)));
        let dirty = Model::shipped().learnt(&people((0..150).map(row).chain((0..150).map(slipped))));
        let slips = |model: &Model| model.same[Field::Birth as usize][usize::from(birth::SLIP)];
        assert!(slips(&dirty) > 0.4 && slips(&clean) < 0.1, "{} {}", slips(&dirty), slips(&clean));
    }
}
