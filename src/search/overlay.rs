//! Which of the records that changed since the last commit carry these marks? Read by the same ways as the shelves.

use super::{
    Doc,
    marks::{Marks, SLOTS, Slot},
    query::{Near, Test, Way},
    row::{Row, Uid},
};
use std::collections::HashMap;

/// Records newer than the index. An entry hides what the index says of the same record.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    entries: HashMap<Uid, Entry>,
}

#[derive(Debug)]
struct Entry {
    seq: u64,
    /// `None` when the record is gone.
    leaf: Option<Leaf>,
}

/// One changed record.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) row: Row,
    /// Sorted.
    marks: Vec<(Slot, Box<str>)>,
}

impl Overlay {
    pub(crate) fn put(&mut self, seq: u64, doc: &Doc) {
        self.set(doc.uid(), seq, Some(Leaf::of(doc)));
    }

    pub(crate) fn remove(&mut self, seq: u64, uid: Uid) {
        self.set(uid, seq, None);
    }

    /// A late report of an older state does not undo a newer one.
    fn set(&mut self, uid: Uid, seq: u64, leaf: Option<Leaf>) {
        if self.entries.get(&uid).is_none_or(|e| e.seq <= seq) {
            self.entries.insert(uid, Entry { seq, leaf });
        }
    }

    /// The index now holds everything up to `seq`.
    pub(crate) fn covered(&mut self, seq: u64) {
        self.entries.retain(|_, e| e.seq > seq);
        self.entries.shrink_to_fit();
    }

    pub(crate) fn hides(&self, uid: Uid) -> bool {
        !self.entries.is_empty() && self.entries.contains_key(&uid)
    }

    pub(crate) fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        self.entries.values().filter_map(|e| e.leaf.as_ref())
    }
}

impl Leaf {
    fn of(doc: &Doc) -> Self {
        let texts = Marks::of(doc);
        let mut marks: Vec<(Slot, Box<str>)> = vec![];
        for slot in SLOTS {
            marks.extend(texts.text(slot).split_ascii_whitespace().map(|m| (slot, m.into())));
        }
        marks.sort_unstable();
        marks.dedup();
        Self { row: Row::of(doc), marks }
    }

    pub(crate) fn passes(&self, way: &Way) -> bool {
        match &way.test {
            Test::One(slot, mark) => self.begins(*slot, mark).next().is_some_and(|m| m == mark),
            Test::All(marks) => marks.iter().all(|mark| self.begins(Slot::Tag, mark).next().is_some_and(|m| m == mark)),
            Test::Begins(slot, text) => self.begins(*slot, text).next().is_some(),
            Test::Near(near) => self.begins(near.slot, "").any(|mark| is_near(near, mark)),
        }
    }

    fn begins<'a>(&'a self, slot: Slot, text: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.marks.partition_point(|(s, m)| (*s, &**m) < (slot, text));
        self.marks[from..].iter().take_while(move |(s, m)| *s == slot && m.starts_with(text)).map(|(_, m)| &**m)
    }
}

fn is_near(near: &Near, mark: &str) -> bool {
    if near.same_first && near.text.chars().next() != mark.chars().next() {
        return false;
    }
    let slips = if near.unfinished { slips_to_a_beginning(&near.text, mark) } else { slips(&near.text, mark) };
    slips <= usize::from(near.slips)
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
