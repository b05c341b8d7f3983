//! Which of the records that changed since the last commit carry these marks? Read by the same ways as the shelves.

use super::{
    Doc,
    marks::{Marks, SLOTS, Slot},
    query::{Near, Test, Way},
    row::{Row, Uid},
};
use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

/// Records newer than the index. An entry hides what the index says of the same record.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    entries: HashMap<Uid, Entry>,
    /// Who carries a mark, sorted; by [`Slot::number`].
    marks: [BTreeMap<Box<str>, Vec<Uid>>; SLOTS.len()],
}

#[derive(Debug)]
struct Entry {
    seq: u64,
    /// `None` when the record is gone.
    leaf: Option<Leaf>,
}

/// One changed record.
#[derive(Debug)]
struct Leaf {
    row: Row,
    marks: Marks,
}

/// A changed record that answers every word.
#[derive(Debug)]
pub(crate) struct Changed<'a> {
    pub(crate) row: &'a Row,
    /// The sum of the classes.
    pub(crate) class: u32,
    /// The surest way of each word, by its place in the word's list.
    pub(crate) ways: [u8; 8],
}

impl Overlay {
    pub(crate) fn put(&mut self, seq: u64, doc: &Doc) {
        self.set(doc.uid(), seq, Some(Leaf { row: Row::of(doc), marks: Marks::of(doc) }));
    }

    pub(crate) fn remove(&mut self, seq: u64, uid: Uid) {
        self.set(uid, seq, None);
    }

    /// A late report of an older state does not undo a newer one.
    fn set(&mut self, uid: Uid, seq: u64, leaf: Option<Leaf>) {
        if self.entries.get(&uid).is_some_and(|e| e.seq > seq) {
            return;
        }
        if let Some(Entry { leaf: Some(old), .. }) = self.entries.remove(&uid) {
            self.unmark(uid, &old);
        }
        for (slot, mark) in leaf.iter().flat_map(Leaf::each_mark) {
            let carriers = self.marks[slot.number()].entry(mark.into()).or_default();
            if let Err(at) = carriers.binary_search(&uid) {
                carriers.insert(at, uid);
            }
        }
        self.entries.insert(uid, Entry { seq, leaf });
    }

    /// The index now holds everything up to `seq`.
    pub(crate) fn covered(&mut self, seq: u64) {
        let covered: Vec<Uid> = self.entries.iter().filter(|(_, e)| e.seq <= seq).map(|(uid, _)| *uid).collect();
        if covered.len() == self.entries.len() {
            *self = Self::default();
            return;
        }
        for uid in covered {
            if let Some(Entry { leaf: Some(leaf), .. }) = self.entries.remove(&uid) {
                self.unmark(uid, &leaf);
            }
        }
    }

    fn unmark(&mut self, uid: Uid, leaf: &Leaf) {
        for (slot, mark) in leaf.each_mark() {
            let marks = &mut self.marks[slot.number()];
            let Some(carriers) = marks.get_mut(mark) else { continue };
            carriers.retain(|carrier| *carrier != uid);
            if carriers.is_empty() {
                marks.remove(mark);
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn hides(&self, uid: Uid) -> bool {
        !self.is_empty() && self.entries.contains_key(&uid)
    }

    pub(crate) fn carries(&self, uid: Uid, slot: Slot, mark: &str) -> bool {
        self.marks[slot.number()].get(mark).is_some_and(|carriers| carriers.binary_search(&uid).is_ok())
    }

    /// Every changed record that answers all words, in no order.
    pub(crate) fn matches(&self, words: &[&[Way]]) -> Vec<Changed<'_>> {
        let mut found: HashMap<Uid, Changed<'_>> = HashMap::new();
        for (word, ways) in words.iter().enumerate() {
            let surest = if self.entries.is_empty() { HashMap::new() } else { self.surest(ways) };
            if word == 0 {
                found = surest.keys().filter_map(|uid| self.changed(*uid).map(|changed| (*uid, changed))).collect();
            }
            found.retain(|uid, changed| {
                let Some((class, way)) = surest.get(uid) else { return false };
                changed.class += u32::from(*class);
                if let Some(place) = changed.ways.get_mut(word) {
                    *place = *way;
                }
                true
            });
            if found.is_empty() {
                break;
            }
        }
        found.into_values().collect()
    }

    fn changed(&self, uid: Uid) -> Option<Changed<'_>> {
        let leaf = self.entries.get(&uid)?.leaf.as_ref()?;
        Some(Changed { row: &leaf.row, class: 0, ways: [0; 8] })
    }

    /// Who answers one word, and in which way most surely.
    fn surest(&self, ways: &[Way]) -> HashMap<Uid, (u16, u8)> {
        let mut surest: HashMap<Uid, (u16, u8)> = HashMap::new();
        for (number, way) in (0_u8..).zip(ways) {
            self.carriers(&way.test, |uid| {
                let best = surest.entry(uid).or_insert((way.class, number));
                if way.class > best.0 {
                    *best = (way.class, number);
                }
            });
        }
        surest
    }

    fn carriers(&self, test: &Test, mut see: impl FnMut(Uid)) {
        match test {
            Test::One(slot, mark) => self.marks[slot.number()].get(mark.as_str()).into_iter().flatten().for_each(|uid| see(*uid)),
            Test::All(marks) => {
                let lists: Vec<&Vec<Uid>> = marks.iter().filter_map(|mark| self.marks[Slot::Tag.number()].get(mark.as_str())).collect();
                if let Some(shortest) = lists.iter().min_by_key(|list| list.len())
                    && lists.len() == marks.len()
                {
                    shortest.iter().filter(|uid| lists.iter().all(|list| list.binary_search(uid).is_ok())).for_each(|uid| see(*uid));
                }
            }
            Test::Begins(slot, text) => self.beginning(*slot, text).for_each(|(_, carriers)| carriers.iter().for_each(|uid| see(*uid))),
            Test::Near(near) => {
                let first = if near.same_first { near.text.chars().take(1).collect() } else { String::new() };
                let letters = letters(&near.text);
                self.beginning(near.slot, &first)
                    .filter(|(mark, _)| is_near(near, letters, mark))
                    .for_each(|(_, carriers)| carriers.iter().for_each(|uid| see(*uid)));
            }
        }
    }

    pub(crate) fn beginning<'a>(&'a self, slot: Slot, text: &'a str) -> impl Iterator<Item = (&'a str, &'a [Uid])> {
        let from = (Bound::Included(text), Bound::Unbounded);
        let marks = self.marks[slot.number()].range::<str, _>(from);
        marks.take_while(move |(mark, _)| mark.starts_with(text)).map(|(mark, carriers)| (&**mark, carriers.as_slice()))
    }
}

impl Leaf {
    fn each_mark(&self) -> impl Iterator<Item = (Slot, &str)> {
        SLOTS.iter().flat_map(|slot| self.marks.text(*slot).split_ascii_whitespace().map(|mark| (*slot, mark)))
    }
}

/// Which letters occur, as bits: two words that share too few cannot be near, and most pairs share too few.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, b| bits | 1 << (b & 31))
}

fn is_near(near: &Near, typed_letters: u32, mark: &str) -> bool {
    let slips_allowed = usize::from(near.slips);
    let missing = (typed_letters & !letters(mark)).count_ones() as usize;
    if missing > slips_allowed || (!near.unfinished && mark.len().abs_diff(near.text.len()) > slips_allowed * 4) {
        return false;
    }
    let slips = if near.unfinished { slips_to_a_beginning(&near.text, mark) } else { slips(&near.text, mark) };
    slips <= slips_allowed
}

fn slips(typed: &str, meant: &str) -> usize {
    last_row(typed, meant).last().copied().unwrap_or(0)
}

/// The fewest slips to any beginning of `meant`.
fn slips_to_a_beginning(typed: &str, meant: &str) -> usize {
    last_row(typed, meant).into_iter().min().unwrap_or(0)
}

/// Optimal string alignment: letters too many, too few or wrong, and neighbours exchanged, cost one each.
/// The last row of the table: the distance of `typed` to each beginning of `meant`.
fn last_row(typed: &str, meant: &str) -> Vec<usize> {
    let meant: Vec<char> = meant.chars().collect();
    let mut before: Vec<usize> = vec![];
    let mut row: Vec<usize> = (0..=meant.len()).collect();
    let mut previous = None;
    for (i, a) in typed.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, &b) in meant.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if j > 0 && previous == Some(b) && a == meant[j - 1] && !before.is_empty() {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(a);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_fingers_make_them() {
        for (typed, meant, count) in [
            ("smtih", "smith", 1),
            ("smih", "smith", 1),
            ("smiith", "smith", 1),
            ("smoth", "smith", 1),
            ("smith", "smith", 0),
            ("jonh", "john", 1),
            ("", "ab", 2),
        ] {
            assert_eq!(slips(typed, meant), count, "{typed} {meant}");
        }
        assert_eq!(slips_to_a_beginning("whitf", "whitfield"), 0);
        assert_eq!(slips_to_a_beginning("whtif", "whitfield"), 1);
    }
}
