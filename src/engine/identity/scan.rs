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
