//! Who of the whole base is there twice?

use super::{
    blocks::Blocks,
    judge::{Verdict, judge},
    model::Model,
    person::Person,
};
use std::ops::Range;

/// A search of the whole base for doubles, in slices: a job can stop after each, keep the place and go on later.
///
/// [`Scan::look`] only reads, so two threads may each take their own stretch of people.
pub struct Scan {
    model: Model,
    people: Vec<(u64, Person)>,
    blocks: Blocks,
    next: usize,
}

impl Scan {
    /// Values that more than `shared_by_most` people have join nobody. People are taken in the order of their ids, so that a scan of the
    /// same base can be resumed by an id.
    #[must_use]
    pub fn new(model: Model, mut people: Vec<(u64, Person)>, shared_by_most: usize) -> Self {
        people.sort_unstable_by_key(|(id, _)| *id);
        let model = model.passing_over(people.iter().map(|(_, person)| person), shared_by_most);
        let blocks = Blocks::new(people.iter().map(|(_, person)| person), &model.crowded);
        Self { model, people, blocks, next: 0 }
    }

    /// Compares on from where the last step ended, and stops after the person with whom `at_most_pairs` is reached. Gives every pair that
    /// is not simply two strangers; an empty answer does not mean the end, see [`Scan::is_done`].
    pub fn step(&mut self, at_most_pairs: usize) -> Vec<(u64, u64, Verdict)> {
        let mut found = Vec::new();
        let mut pairs = 0;
        while pairs < at_most_pairs && self.next < self.people.len() {
            pairs += self.look_from(self.next, &mut found);
            self.next += 1;
        }
        found
    }

    /// Every pair that is not simply two strangers of which the earlier one is in this stretch of people, counted from 0.
    #[must_use]
    pub fn look(&self, stretch: Range<usize>) -> Vec<(u64, u64, Verdict)> {
        let mut found = Vec::new();
        for at in stretch.start..stretch.end.min(self.people.len()) {
            self.look_from(at, &mut found);
        }
        found
    }

    fn look_from(&self, at: usize, found: &mut Vec<(u64, u64, Verdict)>) -> usize {
        let mut others = Vec::new();
        self.blocks.candidates(at, &mut others);
        let (id, person) = &self.people[at];
        for other in &others {
            let (other_id, other) = &self.people[*other as usize];
            match judge(&self.model, person, other) {
                Verdict::Different { household: false } => {}
                verdict @ (Verdict::Same(_) | Verdict::Likely(_) | Verdict::Different { household: true }) => found.push((*id, *other_id, verdict)),
            }
        }
        others.len() + 1
    }

    /// How many people were looked at, of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.next, self.people.len())
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next == self.people.len()
    }

    /// The id of whoever comes next; `None` at the end.
    #[must_use]
    pub fn place(&self) -> Option<u64> {
        self.people.get(self.next).map(|(id, _)| *id)
    }

    /// Goes on with whoever has this id, or the next larger one.
    #[must_use]
    pub fn resume(mut self, place: u64) -> Self {
        self.next = self.people.partition_point(|(id, _)| *id < place);
        self
    }

    /// The people scanned, in the order of their ids.
    #[must_use]
    pub fn people(&self) -> &[(u64, Person)] {
        &self.people
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::identity::{Probability, Written, group};

    /// A town of made-up people of whom every fifth is there twice, the second time with a slip, a short form or a new phone.
    fn town(people: u64) -> Vec<(u64, Person)> {
        const FIRSTS: &[&str] = &["Robert", "Dana", "Susan", "William", "Ruth", "Charles", "Teresa", "Miguel", "Ingrid", "Otis", "Vera"];
        const LASTS: &[&str] =
            &["Whitfield", "Cole", "Abernathy", "Nair", "Okafor", "Lindqvist", "Barros", "Tanaka", "Moreau", "Petrov", "Hale", "Quist", "Yates"];
        const STREETS: &[&str] =
            &["Stevens Avenue", "Harbor Road", "Quarry Lane", "Mill Street", "Birch Terrace", "Union Court", "Spring Hill Drive"];
        // Each thing of a person has its own chance, the same each time.
        let chance = |n: u64, of: u64| {
            let mut mixed = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ of.wrapping_mul(0xD1B5_4A32_D192_ED03);
            for _ in 0..3 {
                mixed ^= mixed >> 29;
                mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
            }
            mixed >> 20
        };
        let pick = |list: &[&'static str], n: u64, of: u64| list[usize::try_from(chance(n, of)).unwrap() % list.len()];
        let row = |n: u64| Written {
            first_name: pick(FIRSTS, n, 1).into(),
            last_name: format!("{}{}", pick(LASTS, n, 2), pick(&["", "s", "son", "er", "man"], n, 3)),
            phone: format!("207{:03}{:04}", 200 + chance(n, 4) % 700, chance(n, 5) % 10_000),
            email: if chance(n, 6).is_multiple_of(3) { String::new() } else { format!("reader{}@example.com", chance(n, 7)) },
            street_number: (chance(n, 8) % 900 + 1).to_string(),
            street: pick(STREETS, n, 9).into(),
            city: "Portland".into(),
            region: "ME".into(),
            postcode: format!("04{:03}", 100 + chance(n, 10) % 40),
            birth_date: if chance(n, 11).is_multiple_of(2) {
                String::new()
            } else {
                format!("{}-{:02}-{:02}", 1940 + chance(n, 12) % 60, chance(n, 13) % 12 + 1, chance(n, 14) % 28 + 1)
            },
            ..Written::default()
        };
        let again = |n: u64| {
            let mut row = row(n);
            match n / 5 % 3 {
                0 => row.last_name.truncate(row.last_name.len() - 1),
                1 => row.phone = String::new(),
                _ => row.street = row.street.to_uppercase().replace(" ROAD", " RD"),
            }
            row
        };
        let firsts = (0..people).map(|n| (n, Person::written(&row(n))));
        firsts.chain((0..people).filter(|n| n % 5 == 0).map(|n| (people + n, Person::written(&again(n))))).collect()
    }

    fn doubles(found: &[(u64, u64, Verdict)]) -> Vec<(u64, u64, Probability)> {
        let same = |verdict: &Verdict| match verdict {
            Verdict::Same(found) => Some(found.probability),
            Verdict::Likely(_) | Verdict::Different { .. } => None,
        };
        found.iter().filter_map(|(a, b, verdict)| Some((*a, *b, same(verdict)?))).collect()
    }

    #[test]
    fn who_is_there_twice_is_found_and_nobody_else() {
        let people = town(400);
        let all: Vec<Person> = people.iter().map(|(_, person)| person.clone()).collect();
        let learnt = Model::shipped().learnt(&all);
        assert!(learnt.is_plausible());
        let mut scan = Scan::new(learnt, people, 20);
        let found = scan.step(usize::MAX);
        assert!(scan.is_done());
        let groups = group(scan.people(), &doubles(&found), &[], &[]);
        let joined: Vec<&Vec<u64>> = groups.iter().filter(|g| g.len() > 1).collect();
        assert!(joined.iter().all(|g| g.len() == 2 && g[0] + 400 == g[1]), "{joined:?}");
        assert!(joined.len() >= 78, "{} of 80", joined.len());
    }

    #[test]
    fn a_scan_in_slices_by_two_threads_or_resumed_finds_the_same() {
        let people = town(300);
        let whole = Scan::new(Model::shipped(), people.clone(), 20).step(usize::MAX);
        let mut scan = Scan::new(Model::shipped(), people.clone(), 20);
        let mut found = scan.step(500);
        let place = scan.place().unwrap();
        assert!(!scan.is_done() && scan.progress().0 > 0 && scan.progress().1 == 360);
        let mut scan = Scan::new(Model::shipped(), people.iter().rev().cloned().collect(), 20).resume(place);
        while !scan.is_done() {
            found.extend(scan.step(700));
        }
        assert_eq!(found, whole);
        let scan = Scan::new(Model::shipped(), people, 20);
        assert_eq!([scan.look(0..123), scan.look(123..usize::MAX)].concat(), whole);
        assert_eq!((scan.place(), scan.resume(u64::MAX).place()), (Some(0), None));
    }

    #[test]
    fn a_phone_that_very_many_share_glues_nobody() {
        let towed = |n: u64| Written { first_name: "Dana".into(), last_name: format!("Reader{n}"), phone: "2075550148".into(), ..Written::default() };
        let people: Vec<(u64, Person)> = (0..30).map(|n| (n, Person::written(&towed(n)))).collect();
        assert!(!doubles(&Scan::new(Model::shipped(), people.clone(), 40).step(usize::MAX)).is_empty());
        assert_eq!(doubles(&Scan::new(Model::shipped(), people, 20).step(usize::MAX)), vec![]);
    }

    #[test]
    fn a_quarter_of_a_million_people_are_scanned_within_a_minute() {
        if std::env::var_os("HEADLIGHT_SLOW").is_none() {
            return;
        }
        let people = town(208_334);
        assert!(people.len() >= 250_000);
        let began = std::time::Instant::now();
        let all: Vec<Person> = people.iter().map(|(_, person)| person.clone()).collect();
        let model = Model::shipped().learnt(&all);
        drop(all);
        let scan = Scan::new(model, people, 20);
        let half = scan.people().len() / 2;
        let found = std::thread::scope(|threads| {
            let first = threads.spawn(|| scan.look(0..half));
            [scan.look(half..usize::MAX), first.join().unwrap()].concat()
        });
        let seconds = began.elapsed().as_secs();
        assert!(found.len() > 30_000, "{}", found.len());
        // Without optimisation everything takes about ten times as long.
        let limit = if cfg!(debug_assertions) { 600 } else { 60 };
        assert!(seconds < limit, "{seconds} s");
    }
}
