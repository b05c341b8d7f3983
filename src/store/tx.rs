//! Reading and writing through typed tables: one snapshot to read, one transaction to write, the same verbs in both.

use super::{
    StoreError,
    key::{Key, Span},
    log::Logged,
    record::{self, Encoded, Record},
    seal::Sealer,
    tables::{self, TABLES, Table},
    writer::Command,
};
use crate::domain::{
    change::{Change, Changed},
    ids::Seq,
};
use redb::{ReadOnlyTable, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction};
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    ops::ControlFlow,
    sync::Arc,
};
use tokio::sync::mpsc;

type Raw = TableDefinition<'static, &'static [u8], &'static [u8]>;
type RawReading = ReadOnlyTable<&'static [u8], &'static [u8]>;
type RawWriting<'t> = redb::Table<'t, &'static [u8], &'static [u8]>;
/// Gets key and sealed value of each row of a walk, and says whether to go on.
pub(super) type EachRaw<'e> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, StoreError> + 'e;

fn raw(index: usize) -> Raw {
    TableDefinition::new(TABLES[index])
}

/// What both kinds of transaction can do.
pub trait Rows {
    #[doc(hidden)]
    fn raw_get(&self, index: usize, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    #[doc(hidden)]
    fn raw_count(&self, index: usize) -> Result<u64, StoreError>;
    #[doc(hidden)]
    fn raw_range(&self, index: usize, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError>;
    fn sealer(&self) -> &Sealer;

    fn get<K: Key, R: Record>(&self, table: Table<K, R>, key: &K) -> Result<Option<R>, StoreError> {
        let key = key.bytes();
        let Some(sealed) = self.raw_get(table.index, &key)? else { return Ok(None) };
        let (version, plain) = self.sealer().open(table.name, &key, &sealed)?;
        record::decode(table.name, version, &plain).map(Some)
    }

    /// How many rows a table has.
    fn count<K: Key, R: Record>(&self, table: Table<K, R>) -> Result<u64, StoreError> {
        self.raw_count(table.index)
    }

    fn has<K: Key, R: Record>(&self, table: Table<K, R>, key: &K) -> Result<bool, StoreError> {
        Ok(self.raw_get(table.index, &key.bytes())?.is_some())
    }

    /// Walks a span in key order until told to stop.
    fn each<K: Key, R: Record>(
        &self,
        table: Table<K, R>,
        span: &Span,
        mut act: impl FnMut(K, R) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.raw_range(table.index, span, false, &mut |key, sealed| {
            let (k, r) = self.opened(table, key, sealed)?;
            act(k, r)
        })
    }

    /// Walks a span from its end.
    fn each_back<K: Key, R: Record>(
        &self,
        table: Table<K, R>,
        span: &Span,
        mut act: impl FnMut(K, R) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.raw_range(table.index, span, true, &mut |key, sealed| {
            let (k, r) = self.opened(table, key, sealed)?;
            act(k, r)
        })
    }

    /// At most `limit` rows of a span, in key order.
    fn some<K: Key, R: Record>(&self, table: Table<K, R>, span: &Span, limit: usize) -> Result<Vec<(K, R)>, StoreError> {
        let mut rows = Vec::new();
        if limit == 0 {
            return Ok(rows);
        }
        self.each(table, span, |k, r| {
            rows.push((k, r));
            Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(rows)
    }

    /// At most `limit` rows from the end of a span, last first.
    fn last<K: Key, R: Record>(&self, table: Table<K, R>, span: &Span, limit: usize) -> Result<Vec<(K, R)>, StoreError> {
        let mut rows = Vec::new();
        if limit == 0 {
            return Ok(rows);
        }
        self.each_back(table, span, |k, r| {
            rows.push((k, r));
            Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(rows)
    }

    /// Keys only, at most `limit`, without opening the values.
    fn keys<K: Key, R: Record>(&self, table: Table<K, R>, span: &Span, limit: usize) -> Result<Vec<K>, StoreError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        self.raw_range(table.index, span, false, &mut |key, _| {
            found.push(read_key(table, key)?);
            Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(found)
    }

    #[doc(hidden)]
    fn opened<K: Key, R: Record>(&self, table: Table<K, R>, key: &[u8], sealed: &[u8]) -> Result<(K, R), StoreError> {
        let (version, plain) = self.sealer().open(table.name, key, sealed)?;
        Ok((read_key(table, key)?, record::decode(table.name, version, &plain)?))
    }
}

fn read_key<K: Key, R: Record>(table: Table<K, R>, mut key: &[u8]) -> Result<K, StoreError> {
    K::read(&mut key)
        .filter(|_| key.is_empty())
        .ok_or_else(|| StoreError::Damaged { table: table.name.to_owned(), why: "has a key that is not one of this table".to_owned() })
}

/// One snapshot: sees the last commit before it began, whatever is written meanwhile. Keep it short, it pins pages.
pub struct ReadTx<'s> {
    txn: redb::ReadTransaction,
    open: RefCell<Vec<Option<RawReading>>>,
    sealer: &'s Sealer,
    /// Who opens the file anew when the disk refused a read: until then redb refuses every other.
    writer: Option<&'s mpsc::Sender<Command>>,
}

impl<'s> ReadTx<'s> {
    pub(super) fn new(txn: redb::ReadTransaction, sealer: &'s Sealer, writer: Option<&'s mpsc::Sender<Command>>) -> Self {
        Self { txn, open: RefCell::new(TABLES.iter().map(|_| None).collect()), sealer, writer }
    }

    fn with<T>(&self, index: usize, act: impl FnOnce(&RawReading) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // Taken out while in use, so that a walk may read the same table again.
        let taken = self.open.borrow_mut()[index].take();
        let table = match taken {
            Some(table) => table,
            None => self.txn.open_table(raw(index)).map_err(|e| self.told(e.into()))?,
        };
        let out = act(&table);
        self.open.borrow_mut()[index] = Some(table);
        out.map_err(|e| self.told(e))
    }

    fn told(&self, error: StoreError) -> StoreError {
        if error.is_io()
            && let Some(writer) = self.writer
        {
            // It finds that it cannot begin, and opens the file anew. A writer that is busy comes to the same by itself.
            let _ = writer.try_send(Command::nothing().0);
        }
        error
    }

    /// Rows of a table as stored, for backup: key and sealed value.
    pub(super) fn each_raw(&self, index: usize, each: &mut EachRaw<'_>) -> Result<(), StoreError> {
        self.raw_range(index, &Span::all(), false, each)
    }
}

impl Rows for ReadTx<'_> {
    fn raw_get(&self, index: usize, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(index, |table| Ok(ReadableTable::get(table, key)?.map(|v| v.value().to_vec())))
    }

    fn raw_count(&self, index: usize) -> Result<u64, StoreError> {
        self.with(index, |table| Ok(table.len()?))
    }

    fn raw_range(&self, index: usize, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError> {
        self.with(index, |table| walk(table, span, newest_first, each))
    }

    fn sealer(&self) -> &Sealer {
        self.sealer
    }
}

fn walk(table: &impl ReadableTable<&'static [u8], &'static [u8]>, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError> {
    use std::ops::Bound;
    if span.to.as_ref().is_some_and(|to| *to <= span.from) {
        return Ok(());
    }
    let bounds = (Bound::Included(span.from.as_slice()), span.to.as_deref().map_or(Bound::Unbounded, Bound::Excluded));
    let mut range = table.range::<&[u8]>(bounds)?;
    loop {
        let next = if newest_first { range.next_back() } else { range.next() };
        let Some(row) = next else { return Ok(()) };
        let (key, value) = row?;
        if each(key.value(), value.value())?.is_break() {
            return Ok(());
        }
    }
}

/// The last number of the log that the file has, among the counters.
pub(super) const LOG_MARK: &str = "log";

pub(super) fn log_mark(tx: &impl Rows) -> Result<u64, StoreError> {
    Ok(tx.get(tables::COUNTERS, &LOG_MARK.to_owned())?.unwrap_or(0))
}

/// Key and sealed value.
type RawRow = (Vec<u8>, Vec<u8>);

/// What the rows of one table are for a writer.
enum Slot<'t> {
    /// Of the file, within a transaction.
    Real(RawWriting<'t>),
    /// Of a snapshot, with what a rehearsal wrote (and removed) above it.
    Rehearsed { below: RawReading, above: BTreeMap<Vec<u8>, Option<Vec<u8>>> },
}

impl Slot<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self {
            Self::Real(table) => Ok(table.get(key)?.map(|v| v.value().to_vec())),
            Self::Rehearsed { below, above } => match above.get(key) {
                Some(value) => Ok(value.clone()),
                None => Ok(ReadableTable::get(below, key)?.map(|v| v.value().to_vec())),
            },
        }
    }

    fn insert(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        match self {
            Self::Real(table) => {
                table.insert(key, value)?;
            }
            Self::Rehearsed { above, .. } => {
                above.insert(key.to_vec(), Some(value.to_vec()));
            }
        }
        Ok(())
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, StoreError> {
        if let Self::Real(table) = self {
            return Ok(table.remove(key)?.is_some());
        }
        let was = self.get(key)?.is_some();
        if let Self::Rehearsed { above, .. } = self {
            above.insert(key.to_vec(), None);
        }
        Ok(was)
    }

    fn count(&self) -> Result<u64, StoreError> {
        match self {
            Self::Real(table) => Ok(table.len()?),
            Self::Rehearsed { below, above } => {
                let mut count = below.len()?;
                for (key, value) in above {
                    let was = ReadableTable::get(below, key.as_slice())?.is_some();
                    count = count + u64::from(value.is_some() && !was) - u64::from(value.is_none() && was);
                }
                Ok(count)
            }
        }
    }

    /// Up to `at_most` rows of a span from its beginning, or from its end.
    fn stretch(&self, span: &Span, newest_first: bool, at_most: usize) -> Result<Vec<RawRow>, StoreError> {
        let mut rows: Vec<RawRow> = Vec::new();
        let mut take = |k: &[u8], v: &[u8]| {
            rows.push((k.to_vec(), v.to_vec()));
            Ok(if rows.len() < at_most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        };
        match self {
            Self::Real(table) => walk(table, span, newest_first, &mut take)?,
            Self::Rehearsed { below, above } => walk_rehearsed(below, above, span, newest_first, &mut take)?,
        }
        Ok(rows)
    }
}

fn walk_rehearsed(
    below: &RawReading,
    above: &BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    span: &Span,
    newest_first: bool,
    each: &mut EachRaw<'_>,
) -> Result<(), StoreError> {
    use std::{cmp::Ordering, ops::Bound};
    if span.to.as_ref().is_some_and(|to| *to <= span.from) {
        return Ok(());
    }
    let end = span.to.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut written = above.range::<Vec<u8>, _>((Bound::Included(&span.from), end));
    let mut next = || if newest_first { written.next_back() } else { written.next() };
    let mut held = next();
    let mut stopped = false;
    walk(below, span, newest_first, &mut |key, value| {
        // What was written stands where it belongs among the rows of the snapshot, and in place of one of the same key.
        while let Some((k, v)) = held {
            let order = if newest_first { key.cmp(k.as_slice()) } else { k.as_slice().cmp(key) };
            match order {
                Ordering::Greater => break,
                Ordering::Less | Ordering::Equal => {
                    held = next();
                    if let Some(v) = v
                        && each(k, v)?.is_break()
                    {
                        stopped = true;
                        return Ok(ControlFlow::Break(()));
                    }
                    if order == Ordering::Equal {
                        return Ok(ControlFlow::Continue(()));
                    }
                }
            }
        }
        let flow = each(key, value)?;
        stopped = flow.is_break();
        Ok(flow)
    })?;
    while let Some((k, v)) = held.filter(|_| !stopped) {
        held = next();
        if let Some(v) = v {
            stopped = each(k, v)?.is_break();
        }
    }
    Ok(())
}

/// Where the tables of a writer come from.
enum Under<'t> {
    File(&'t WriteTransaction),
    Snapshot(&'t redb::ReadTransaction),
}

/// One write among those that share a commit. All checks come before the first write: a refused act must leave nothing.
pub struct WriteTx<'t> {
    under: Under<'t>,
    open: RefCell<Vec<Option<Slot<'t>>>>,
    sealer: &'t Sealer,
    counters: RefCell<Vec<(&'static str, u64)>>,
    changes: RefCell<(Vec<Changed>, HashSet<Changed>)>,
}

impl<'t> WriteTx<'t> {
    pub(super) fn new(txn: &'t WriteTransaction, sealer: &'t Sealer) -> Self {
        Self::over(Under::File(txn), sealer)
    }

    /// Writes that go nowhere: above a snapshot, in memory, to see what an act would do.
    pub(super) fn rehearsal(txn: &'t redb::ReadTransaction, sealer: &'t Sealer) -> Self {
        Self::over(Under::Snapshot(txn), sealer)
    }

    fn over(under: Under<'t>, sealer: &'t Sealer) -> Self {
        Self { under, open: RefCell::new(TABLES.iter().map(|_| None).collect()), sealer, counters: RefCell::default(), changes: RefCell::default() }
    }

    fn with<T>(&self, index: usize, act: impl FnOnce(&mut Slot<'t>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut open = self.open.borrow_mut();
        let table = match &mut open[index] {
            Some(table) => table,
            slot => slot.insert(match self.under {
                Under::File(txn) => Slot::Real(txn.open_table(raw(index))?),
                Under::Snapshot(txn) => Slot::Rehearsed { below: txn.open_table(raw(index))?, above: BTreeMap::new() },
            }),
        };
        act(table)
    }

    /// Ends a span where its rows end now.
    fn bound(&self, index: usize, span: &mut Span, newest_first: bool) -> Result<(), StoreError> {
        let far = self.with(index, |table| table.stretch(span, !newest_first, 1))?.pop();
        match far {
            Some((first, _)) if newest_first => span.from = first,
            Some((mut last, _)) => {
                last.push(0);
                span.to = Some(last);
            }
            None => {}
        }
        Ok(())
    }

    pub fn put<K: Key, R: Record>(&self, table: Table<K, R>, key: &K, record: &R) -> Result<(), StoreError> {
        let key = key.bytes();
        let about = if size_of::<R>() == 0 { 1 } else { record::USUAL_BYTES };
        let sealed = self.sealer.seal_written(table.name, &key, R::VERSION, about, |out| record::write(out, record))?;
        self.put_raw(table.index, &key, &sealed)
    }

    /// The same of a record that was written before.
    pub fn put_encoded<K: Key, R: Record>(&self, table: Table<K, R>, key: &K, record: &Encoded<R>) -> Result<(), StoreError> {
        let key = key.bytes();
        let sealed = self.sealer.seal(table.name, &key, R::VERSION, &record.plain)?;
        self.put_raw(table.index, &key, &sealed)
    }

    pub(super) fn put_raw(&self, index: usize, key: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        self.with(index, |t| t.insert(key, sealed))
    }

    /// Whether there was one.
    pub fn remove<K: Key, R: Record>(&self, table: Table<K, R>, key: &K) -> Result<bool, StoreError> {
        let key = key.bytes();
        self.with(table.index, |t| t.remove(&key))
    }

    /// The next number of a kind, from 1, without gaps within a commit that lands.
    pub fn next(&self, kind: &'static str) -> Result<u64, StoreError> {
        let known = self.counters.borrow().iter().position(|(k, _)| *k == kind);
        let place = if let Some(place) = known {
            place
        } else {
            let last = self.get(tables::COUNTERS, &kind.to_owned())?.unwrap_or(0);
            self.counters.borrow_mut().push((kind, last));
            self.counters.borrow().len() - 1
        };
        let mut counters = self.counters.borrow_mut();
        counters[place].1 += 1;
        Ok(counters[place].1)
    }

    /// Journals what the log holds and the file has not.
    pub(super) fn take_in(&self, logged: &[Arc<Logged>]) -> Result<(), StoreError> {
        let Some(last) = logged.last() else { return Ok(()) };
        let mark = log_mark(self)?;
        for (version, plain) in logged.iter().filter(|l| l.number > mark).flat_map(|l| &l.entries) {
            let key = Seq(self.next("journal")?).bytes();
            let sealed = self.sealer.seal(tables::JOURNAL.name, &key, *version, plain)?;
            self.put_raw(tables::JOURNAL.index, &key, &sealed)?;
        }
        self.mark_log(last.number)
    }

    /// The file has everything of the log up to this number.
    pub(super) fn mark_log(&self, number: u64) -> Result<(), StoreError> {
        let number = number.max(log_mark(self)?);
        self.put(tables::COUNTERS, &LOG_MARK.to_owned(), &number)
    }

    /// Will be announced once the commit is on disk; the same thing twice in one commit is announced once.
    pub fn announce(&self, what: Changed) {
        let (in_order, known) = &mut *self.changes.borrow_mut();
        if known.insert(what) {
            in_order.push(what);
        }
    }

    /// Writes counters and announcements; the last thing before the commit.
    pub(super) fn finish(self) -> Result<Vec<Change>, StoreError> {
        let (announced, _) = self.changes.take();
        let mut changes = Vec::with_capacity(announced.len());
        for what in announced {
            let seq = self.next("change")?;
            self.put(tables::CHANGES, &seq, &what)?;
            changes.push(Change { seq, what });
        }
        for (kind, last) in self.counters.take() {
            self.put(tables::COUNTERS, &kind.to_owned(), &last)?;
        }
        Ok(changes)
    }
}

impl Rows for WriteTx<'_> {
    fn raw_get(&self, index: usize, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(index, |table| table.get(key))
    }

    fn raw_count(&self, index: usize) -> Result<u64, StoreError> {
        self.with(index, |table| table.count())
    }

    /// A walk inside a write goes by the rows of the moment, so that the walker may write, and no further than they went at the start,
    /// so that a walker who adds rows ahead of itself comes to an end.
    fn raw_range(&self, index: usize, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError> {
        const AT_ONCE: usize = 64;
        let mut span = span.clone();
        let mut bounded = false;
        loop {
            let rows = self.with(index, |table| table.stretch(&span, newest_first, AT_ONCE))?;
            let more = rows.len() == AT_ONCE;
            if more && !bounded {
                self.bound(index, &mut span, newest_first)?;
                bounded = true;
            }
            for (key, value) in &rows {
                if each(key, value)?.is_break() {
                    return Ok(());
                }
            }
            let Some((last, _)) = rows.last().filter(|_| more) else { return Ok(()) };
            if newest_first {
                span.to = Some(last.clone());
            } else {
                span.from = last.iter().copied().chain([0]).collect();
            }
        }
    }

    fn sealer(&self) -> &Sealer {
        self.sealer
    }
}
