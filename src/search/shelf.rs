//! Which records on a shelf carry these marks, best first? A shelf is one segment of the index, kept in the order of rank.
//!
//! Each way of a word opens lists of records; a word's lists are united, the words are intersected, and each record gets the surest way of
//! each word. As records stand in the order of rank, a list whose class can no longer reach the best ten is put away: the
//! search of a single letter looks at a handful of records instead of a hundred thousand.

use super::{
    index::Fields,
    marks::{SLOTS, Slot},
    query::{Near, Test, Way},
    row::Kind,
};
use std::{
    collections::{HashMap, hash_map::Entry},
    io,
    sync::Arc,
};
use tantivy::{
    DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term,
    columnar::ColumnValues,
    postings::{SegmentPostings, TermInfo},
    query::{DfaWrapper, FuzzyTermQuery},
    schema::IndexRecordOption,
};

/// Words near a slip, or beginning alike, beyond which the rest is left out: a search that wide is no search.
const MOST_TERMS: usize = 256;

pub(crate) type Numbers<T> = Arc<dyn ColumnValues<T>>;

/// One segment, opened for reading.
pub(crate) struct Shelf {
    reader: SegmentReader,
    fields: Fields,
    marks: Vec<Arc<InvertedIndexReader>>,
    pub(crate) uid: Numbers<u64>,
    pub(crate) rank: Numbers<i64>,
    pub(crate) owner: Numbers<u64>,
    pub(crate) score: Numbers<i64>,
    pub(crate) at: Numbers<i64>,
    pub(crate) name: [Numbers<u64>; 2],
    pub(crate) lot: Numbers<u64>,
    pub(crate) price_cents: Numbers<i64>,
    pub(crate) since: Numbers<i64>,
    pub(crate) flags: Numbers<u64>,
}

/// A record on the shelf that answers every word.
pub(crate) struct Match {
    pub(crate) doc: DocId,
    /// The sum of the classes.
    pub(crate) class: u32,
    /// The surest way of each word, by its place in the word's list.
    pub(crate) ways: [u8; 8],
}

impl Shelf {
    pub(crate) fn open(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let unsigned = |name: &str| columns.u64(name).map(|c| c.first_or_default_col(0));
        let signed = |name: &str| columns.i64(name).map(|c| c.first_or_default_col(0));
        let marks = SLOTS.iter().map(|slot| reader.inverted_index(fields.slots[slot.number()])).collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Self {
            marks,
            fields: fields.clone(),
            uid: unsigned("uid")?,
            rank: signed("rank")?,
            owner: unsigned("owner")?,
            score: signed("score")?,
            at: signed("at")?,
            name: [unsigned("name_a")?, unsigned("name_b")?],
            lot: unsigned("lot")?,
            price_cents: signed("price")?,
            since: signed("since")?,
            flags: unsigned("flags")?,
            reader: reader.clone(),
        })
    }

    pub(crate) fn docs(&self) -> u64 {
        u64::from(self.reader.num_docs())
    }

    /// The table of contents, the columns and the list of the deleted speak of as many records.
    pub(crate) fn is_whole(&self) -> bool {
        let alive = self.reader.alive_bitset().map_or(self.reader.max_doc() as usize, tantivy::fastfield::AliveBitSet::num_alive_docs);
        self.uid.num_vals() == self.reader.max_doc() && self.reader.num_docs() as usize == alive
    }

    /// Shows every record that answers all words to `see`, in the order of rank. `see` answers with the class that a
    /// record of lower rank must exceed to matter, or nothing as long as all matter.
    pub(crate) fn visit(&self, words: &[&[Way]], near: &NearWords, mut see: impl FnMut(&Match) -> Option<u32>) -> tantivy::Result<()> {
        let mut unions = vec![];
        for ways in words {
            let union = self.union(ways, near)?;
            if union.lists.is_empty() {
                return Ok(());
            }
            unions.push(union);
        }
        let Some(driver) = (0..unions.len()).min_by_key(|&i| unions[i].size()) else { return Ok(()) };
        let mut floor = 0;
        let mut doc = unions[driver].first();
        while doc != TERMINATED {
            let miss = (0..unions.len()).filter(|&i| i != driver).find_map(|i| unions[i].reach(doc));
            if let Some(next) = miss {
                doc = unions[driver].seek(next);
                continue;
            }
            if !self.reader.is_deleted(doc) {
                let found = matched(&mut unions, doc);
                let new_floor = see(&found).unwrap_or(0);
                if new_floor > floor {
                    floor = new_floor;
                    if !put_away(&mut unions, floor) {
                        return Ok(());
                    }
                }
            }
            doc = unions[driver].seek(doc + 1);
        }
        Ok(())
    }

    fn union(&self, ways: &[Way], near: &NearWords) -> tantivy::Result<Union> {
        let mut lists = vec![];
        for (number, way) in ways.iter().enumerate() {
            let number = u8::try_from(number).unwrap_or(u8::MAX);
            let kinds = [way.may_be(Kind::Customer), way.may_be(Kind::Vehicle)];
            let mut open = |list| lists.push(Open { class: way.class, way: number, kinds, list });
            match &way.test {
                Test::One(slot, mark) => self.postings(*slot, mark)?.into_iter().for_each(|p| open(List::One(Box::new(p)))),
                Test::All(marks) => self.together(marks)?.into_iter().for_each(open),
                Test::Begins(slot, text) => self.beginning(*slot, text)?.into_iter().for_each(open),
                Test::Near(n) => {
                    if let Some(dfa) = near.get(n) {
                        self.nearby(n, dfa)?.into_iter().for_each(open);
                    }
                }
            }
        }
        lists.sort_by_key(|open| std::cmp::Reverse(open.class));
        Ok(Union { lists })
    }

    fn postings(&self, slot: Slot, mark: &str) -> io::Result<Option<SegmentPostings>> {
        let term = Term::from_field_text(self.fields.slots[slot.number()], mark);
        self.marks[slot.number()].read_postings(&term, IndexRecordOption::Basic)
    }

    /// All records that carry a mark, in order.
    pub(crate) fn carrying(&self, slot: Slot, mark: &str) -> io::Result<Vec<DocId>> {
        let mut docs = Vec::new();
        if let Some(mut postings) = self.postings(slot, mark)? {
            docs.reserve(postings.doc_freq() as usize);
            while postings.doc() != TERMINATED {
                docs.push(postings.doc());
                postings.advance();
            }
        }
        Ok(docs)
    }

    /// Records that carry all these marks.
    fn together(&self, marks: &[String]) -> io::Result<Option<List>> {
        let mut all = vec![];
        for mark in marks {
            let Some(postings) = self.postings(Slot::Tag, mark)? else { return Ok(None) };
            all.push(postings);
        }
        all.sort_by_key(SegmentPostings::doc_freq);
        if all.is_empty() {
            return Ok(None);
        }
        let mut list = List::All(all);
        list.settle();
        Ok(Some(list))
    }

    fn beginning(&self, slot: Slot, text: &str) -> io::Result<Vec<List>> {
        // No mark holds the highest character, so everything that begins so stands before it.
        let mut terms = self.marks[slot.number()].terms().range().ge(text).lt(format!("{text}\u{10FFFF}")).into_stream()?;
        let mut few = vec![];
        while let Some((_, info)) = terms.next()
            && few.len() < MOST_TERMS
        {
            few.push(info.clone());
        }
        self.gather(slot, &few)
    }

    /// Shows up to `most` marks that begin so, whoever carries them.
    pub(crate) fn marks_beginning(&self, slot: Slot, text: &str, most: usize, mut see: impl FnMut(&str)) -> io::Result<()> {
        let mut terms = self.marks[slot.number()].terms().range().ge(text).lt(format!("{text}\u{10FFFF}")).into_stream()?;
        let mut seen = 0;
        while seen < most && terms.advance() {
            seen += 1;
            std::str::from_utf8(terms.key()).into_iter().for_each(&mut see);
        }
        Ok(())
    }

    fn nearby(&self, near: &Near, dfa: &DfaWrapper) -> io::Result<Vec<List>> {
        let mut terms = self.marks[near.slot.number()].terms().search(dfa);
        if near.same_first {
            let first: String = near.text.chars().take(1).collect();
            terms = terms.ge(&first).lt(format!("{first}\u{10FFFF}"));
        }
        let mut terms = terms.into_stream()?;
        let mut few = vec![];
        while let Some((term, info)) = terms.next()
            && few.len() < MOST_TERMS
        {
            if term != near.text.as_bytes() {
                few.push(info.clone());
            }
        }
        self.gather(near.slot, &few)
    }

    /// A few terms stay lists of their own; more become one list of records.
    fn gather(&self, slot: Slot, terms: &[TermInfo]) -> io::Result<Vec<List>> {
        let index = &self.marks[slot.number()];
        let mut docs = vec![];
        let mut lists = vec![];
        for info in terms {
            let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            if terms.len() <= 3 {
                lists.push(List::One(Box::new(postings)));
                continue;
            }
            let mut doc = postings.doc();
            while doc != TERMINATED {
                docs.push(doc);
                doc = postings.advance();
            }
        }
        if !docs.is_empty() {
            docs.sort_unstable();
            docs.dedup();
            lists.push(List::Docs(docs, 0));
        }
        Ok(lists)
    }
}

/// The automata of the words' near ways, made once a search and used in every slot of every shelf.
pub(crate) struct NearWords(HashMap<(String, u8, bool), DfaWrapper>);

impl NearWords {
    pub(crate) fn of(words: &[&[Way]], fields: &Fields) -> tantivy::Result<Self> {
        let mut all = HashMap::new();
        for way in words.iter().copied().flatten() {
            if let Test::Near(near) = &way.test
                && let Entry::Vacant(place) = all.entry(Self::key(near))
            {
                let term = Term::from_field_text(fields.slots[near.slot.number()], &near.text);
                let make = if near.unfinished { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
                place.insert(make(term, near.slips, true).automaton()?);
            }
        }
        Ok(Self(all))
    }

    fn get(&self, near: &Near) -> Option<&DfaWrapper> {
        self.0.get(&Self::key(near))
    }

    fn key(near: &Near) -> (String, u8, bool) {
        (near.text.clone(), near.slips, near.unfinished)
    }
}

/// The records of one way of one word, in order.
enum List {
    One(Box<SegmentPostings>),
    /// Where all lists agree; the shortest first.
    All(Vec<SegmentPostings>),
    Docs(Vec<DocId>, usize),
}

impl List {
    fn doc(&self) -> DocId {
        match self {
            Self::One(postings) => postings.doc(),
            Self::All(all) => all.first().map_or(TERMINATED, DocSet::doc),
            Self::Docs(docs, at) => docs.get(*at).copied().unwrap_or(TERMINATED),
        }
    }

    /// The first record at or after `target`.
    fn seek(&mut self, target: DocId) -> DocId {
        let here = self.doc();
        if here >= target {
            return here;
        }
        match self {
            Self::One(postings) => postings.seek(target),
            Self::All(all) => {
                if let Some(first) = all.first_mut() {
                    first.seek(target);
                }
                self.settle()
            }
            Self::Docs(docs, at) => {
                *at += docs[*at..].partition_point(|d| *d < target);
                docs.get(*at).copied().unwrap_or(TERMINATED)
            }
        }
    }

    /// Moves an intersection to where its lists agree.
    fn settle(&mut self) -> DocId {
        let Self::All(all) = self else { return self.doc() };
        let Some((first, rest)) = all.split_first_mut() else { return TERMINATED };
        let mut doc = first.doc();
        while doc != TERMINATED {
            let further = rest.iter_mut().map(|p| if p.doc() < doc { p.seek(doc) } else { p.doc() }).find(|d| *d > doc);
            match further {
                None => break,
                Some(target) => doc = if target == TERMINATED { first.seek(TERMINATED) } else { first.seek(target) },
            }
        }
        doc
    }

    fn size(&self) -> u32 {
        match self {
            Self::One(postings) => postings.doc_freq(),
            Self::All(all) => all.first().map_or(0, SegmentPostings::doc_freq),
            Self::Docs(docs, _) => u32::try_from(docs.len()).unwrap_or(u32::MAX),
        }
    }
}

struct Open {
    class: u16,
    way: u8,
    /// Whether customers, whether vehicles may stand in it.
    kinds: [bool; 2],
    list: List,
}

/// The lists of one word, the surest first.
struct Union {
    lists: Vec<Open>,
}

impl Union {
    fn size(&self) -> u64 {
        self.lists.iter().map(|open| u64::from(open.list.size())).sum()
    }

    fn first(&self) -> DocId {
        self.lists.iter().map(|open| open.list.doc()).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.lists.iter_mut().map(|open| open.list.seek(target)).min().unwrap_or(TERMINATED)
    }

    /// `None` when a list stands at `doc`, else the next record of any list.
    fn reach(&mut self, doc: DocId) -> Option<DocId> {
        let mut next = TERMINATED;
        for open in &mut self.lists {
            match open.list.seek(doc) {
                d if d == doc => return None,
                d => next = next.min(d),
            }
        }
        Some(next)
    }

    fn best(&mut self, doc: DocId) -> (u16, u8) {
        self.lists.iter_mut().find_map(|open| (open.list.seek(doc) == doc).then_some((open.class, open.way))).unwrap_or((0, 0))
    }

    /// The highest class that a customer, that a vehicle can still reach.
    fn highest(&self) -> [Option<u32>; 2] {
        [0, 1].map(|kind| {
            let left = self.lists.iter().filter(|open| open.kinds[kind] && open.list.doc() != TERMINATED);
            left.map(|open| u32::from(open.class)).max()
        })
    }
}

fn matched(unions: &mut [Union], doc: DocId) -> Match {
    let mut found = Match { doc, class: 0, ways: [0; 8] };
    for (to, union) in found.ways.iter_mut().zip(unions) {
        let (class, way) = union.best(doc);
        found.class += u32::from(class);
        *to = way;
    }
    found
}

/// Puts away the lists that cannot lift a record above `floor`, however well the other words do; false when nothing can.
fn put_away(unions: &mut [Union], floor: u32) -> bool {
    let highest: Vec<[Option<u32>; 2]> = unions.iter().map(Union::highest).collect();
    // The most that the other words can give; nothing when one of them has no record of that kind left.
    let others = |word: usize, kind: usize| -> Option<u32> { highest.iter().enumerate().filter(|(w, _)| *w != word).map(|(_, h)| h[kind]).sum() };
    for (word, union) in unions.iter_mut().enumerate() {
        let others = [others(word, 0), others(word, 1)];
        union.lists.retain(|open| (0..2).any(|kind| open.kinds[kind] && others[kind].is_some_and(|o| u32::from(open.class) + o > floor)));
    }
    unions.iter().all(|union| !union.lists.is_empty())
}
