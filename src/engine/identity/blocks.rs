//! Which pairs are worth comparing?
//!
//! Of 250,000 people there are 31 thousand million pairs. Each person stands in some twenty blocks, each of those who agree in one
//! thing that a slip elsewhere leaves alone; whoever shares no block with another is never compared with them.

use super::{
    compare::{Crowded, is_crowded, mail_text},
    person::{Name, Person, Place},
    words::sound,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// In a block up to this size everybody is compared with everybody.
const WHOLE_UP_TO: usize = 40;
/// In a larger one with so many neighbours on either side, in the order of their names.
const NEIGHBOURS: usize = 8;

pub(super) struct Blocks {
    /// Key of the block, then the place in the order of names, then the person: sorted, so that a block is a stretch of it.
    entries: Vec<(u32, u32)>,
    /// For each person in turn, where they stand in `entries`.
    standing: Vec<u32>,
    /// Where in `standing` each person's stretch begins; one more at the end.
    begins: Vec<u32>,
}

impl Blocks {
    pub(super) fn new<'p>(people: impl Iterator<Item = &'p Person> + Clone, crowded: &Crowded) -> Self {
        let mut by_name: Vec<(String, u32)> = people.clone().zip(0_u32..).map(|(person, at)| (name_order(person), at)).collect();
        by_name.sort_unstable();
        let mut rank = vec![0_u32; by_name.len()];
        for (nth, (_, at)) in (0_u32..).zip(&by_name) {
            rank[*at as usize] = nth;
        }
        let mut marked: Vec<(u32, u32, u32)> = Vec::with_capacity(rank.len() * 16);
        for (person, at) in people.zip(0_u32..) {
            let first = marked.len();
            block_keys(person, crowded, &mut |key| marked.push((key, rank[at as usize], at)));
            marked[first..].sort_unstable();
        }
        marked.sort_unstable();
        marked.dedup();
        let mut begins = vec![0_u32; rank.len() + 1];
        for (_, _, at) in &marked {
            begins[*at as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut next = begins.clone();
        let mut standing = vec![0_u32; marked.len()];
        for (nth, (_, _, at)) in (0_u32..).zip(&marked) {
            standing[next[*at as usize] as usize] = nth;
            next[*at as usize] += 1;
        }
        Self { entries: marked.into_iter().map(|(key, _, at)| (key, at)).collect(), standing, begins }
    }

    /// Those after this person in the order of people who share a block with them, each once and in order.
    pub(super) fn candidates(&self, person: usize, into: &mut Vec<u32>) {
        into.clear();
        let own = self.begins[person] as usize..self.begins[person + 1] as usize;
        for nth in &self.standing[own] {
            let nth = *nth as usize;
            let key = self.entries[nth].0;
            let from = nth - self.entries[nth.saturating_sub(WHOLE_UP_TO)..nth].iter().rev().take_while(|e| e.0 == key).count();
            let to = nth + self.entries[nth..].iter().take(WHOLE_UP_TO + 1).take_while(|e| e.0 == key).count();
            let is_whole = to - from <= WHOLE_UP_TO;
            let stretch = if is_whole { from..to } else { from.max(nth.saturating_sub(NEIGHBOURS))..to.min(nth + NEIGHBOURS + 1) };
            into.extend(self.entries[stretch].iter().map(|e| e.1).filter(|other| *other as usize > person));
        }
        into.sort_unstable();
        into.dedup();
    }
}

/// By surname as it sounds, then given name, then day of birth: people who may be one stand near each other.
fn name_order(person: &Person) -> String {
    let name = person.names.first();
    let (first, last) = name.map_or(("", person.firm.as_str()), |n| (n.first.as_str(), n.last.as_str()));
    let birth = person.births.first().map_or(String::new(), |b| String::from_utf8_lossy(b).into_owned());
    format!("{} {last} {first} {birth}", sound(last))
}

/// A block is known by its kind and by what its people agree in.
fn key(kind: u8, parts: &[&str]) -> u32 {
    let mut hasher = DefaultHasher::new();
    kind.hash(&mut hasher);
    parts.hash(&mut hasher);
    let hash = hasher.finish();
    u32::try_from(hash >> 32).unwrap_or(u32::MAX)
}

fn block_keys(person: &Person, crowded: &Crowded, put: &mut impl FnMut(u32)) {
    let mut block = |kind: u8, parts: &[&str]| {
        if parts.iter().all(|part| !part.is_empty()) {
            put(key(kind, parts));
        }
    };
    for phone in person.phones.iter().filter(|p| !crowded.contains(*p)) {
        block(1, &[phone]);
        // One wrong digit leaves one of the halves alone.
        for name in &person.names {
            block(2, &[&phone[phone.len().saturating_sub(4)..], &sound(&name.last)]);
        }
    }
    for mail in person.mails.iter().filter(|m| !is_crowded(m, crowded)) {
        block(3, &[&mail_text(mail)]);
        if mail.local.len() > 4 {
            block(4, &[&mail.local]);
        }
        for name in &person.names {
            block(5, &[beginning(&mail.local, 4), &mail.domain, beginning(&name.first, 1)]);
        }
    }
    if !person.firm.is_empty() {
        block(6, &[beginning(&person.firm, 6)]);
    }
    for (_, number) in &person.numbers {
        block(7, &[number]);
    }
    let births: Vec<&str> = person.births.iter().filter_map(|b| std::str::from_utf8(b).ok()).collect();
    let zips: Vec<&str> = person.places.iter().map(|p| p.zip.as_str()).collect();
    for name in &person.names {
        of_name(name, &births, &zips, &mut block);
    }
    for birth in &births {
        block(20, &[birth]);
        for zip in &zips {
            block(21, &[&birth[..4], zip]);
            block(22, &[&birth[4..], zip]);
        }
    }
    for place in &person.places {
        of_place(place, &births, &mut block);
    }
}

fn of_name(name: &Name, births: &[&str], zips: &[&str], block: &mut impl FnMut(u8, &[&str])) {
    let (first, last) = (sound(&name.first), sound(&name.last));
    // In order, so that names in each other's place meet.
    let (one, other) = if first < last { (&first, &last) } else { (&last, &first) };
    block(10, &[one, other]);
    for birth in births {
        for word in [&first, &last] {
            block(11, &[&birth[..4], word]);
            block(12, &[&birth[4..], word]);
            block(13, &[&birth[..6], beginning(word, 2)]);
        }
    }
    for zip in zips {
        for word in [&first, &last] {
            block(14, &[zip, word]);
        }
    }
}

fn of_place(place: &Place, births: &[&str], block: &mut impl FnMut(u8, &[&str])) {
    let (number, street, door) = (place.house.number.as_str(), place.house.street.as_str(), place.house.door.as_str());
    block(30, &[number, beginning(street, 5)]);
    block(31, &[beginning(street, 6), &place.zip]);
    block(32, &[number, &place.zip]);
    if door.len() > 4 {
        // A line may stand in the other's place.
        block(30, &[number, beginning(door, 5)]);
        block(31, &[beginning(door, 6), &place.zip]);
        block(33, &[beginning(door, 5), beginning(street, 4)]);
    }
    for birth in births {
        block(34, &[&birth[..4], beginning(street, 4)]);
    }
    block(35, &[beginning(street, 5), beginning(&place.city, 4)]);
}

fn beginning(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(at, _)| &text[..at])
}
