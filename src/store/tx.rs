//! Reading and writing through typed tables: one snapshot to read, one transaction to write, the same verbs in both.

use super::{
    StoreError,
    key::{Key, Span},
    log::Logged,
    record::{self, Record},
    seal::Sealer,
    tables::{self, TABLES, Table},
    writer::Command,
};
use crate::domain::{
    change::{Change, Changed},
    ids::Seq,
};
use redb::{ReadOnlyTable, ReadableTable, TableDefinition, WriteTransaction};
use std::{cell::RefCell, collections::HashSet, ops::ControlFlow, sync::Arc};
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
    fn raw_range(&self, index: usize, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError>;
    fn sealer(&self) -> &Sealer;

    fn get<K: Key, R: Record>(&self, table: Table<K, R>, key: &K) -> Result<Option<R>, StoreError> {
        let key = key.bytes();
        let Some(sealed) = self.raw_get(table.index, &key)? else { return Ok(None) };
        let (version, plain) = self.sealer().open(table.name, &key, &sealed)?;
        record::decode(table.name, version, &plain).map(Some)
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

/// One write among those that share a commit. All checks come before the first write: a refused act must leave nothing.
pub struct WriteTx<'t> {
    txn: &'t WriteTransaction,
    open: RefCell<Vec<Option<RawWriting<'t>>>>,
    sealer: &'t Sealer,
    counters: RefCell<Vec<(&'static str, u64)>>,
    changes: RefCell<(Vec<Changed>, HashSet<Changed>)>,
}

impl<'t> WriteTx<'t> {
    pub(super) fn new(txn: &'t WriteTransaction, sealer: &'t Sealer) -> Self {
        Self { txn, open: RefCell::new(TABLES.iter().map(|_| None).collect()), sealer, counters: RefCell::default(), changes: RefCell::default() }
    }

    fn with<T>(&self, index: usize, act: impl FnOnce(&mut RawWriting<'t>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut open = self.open.borrow_mut();
        let table = match &mut open[index] {
            Some(table) => table,
            slot => slot.insert(self.txn.open_table(raw(index))?),
        };
        act(table)
    }

    /// Ends a span where its rows end now.
    fn bound(&self, index: usize, span: &mut Span, newest_first: bool) -> Result<(), StoreError> {
        let mut far = None;
        self.with(index, |table| {
            walk(table, span, !newest_first, &mut |key, _| {
                far = Some(key.to_vec());
                Ok(ControlFlow::Break(()))
            })
        })?;
        match far {
            Some(first) if newest_first => span.from = first,
            Some(mut last) => {
                last.push(0);
                span.to = Some(last);
            }
            None => {}
        }
        Ok(())
    }

    pub fn put<K: Key, R: Record>(&self, table: Table<K, R>, key: &K, record: &R) -> Result<(), StoreError> {
        let key = key.bytes();
        let plain = record::encode(record)?;
        let sealed = self.sealer.seal(table.name, &key, R::VERSION, &plain)?;
        self.put_raw(table.index, &key, &sealed)
    }

    pub(super) fn put_raw(&self, index: usize, key: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        self.with(index, |t| {
            t.insert(key, sealed)?;
            Ok(())
        })
    }

    /// Whether there was one.
    pub fn remove<K: Key, R: Record>(&self, table: Table<K, R>, key: &K) -> Result<bool, StoreError> {
        let key = key.bytes();
        self.with(table.index, |t| Ok(t.remove(key.as_slice())?.is_some()))
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
        self.with(index, |table| Ok(table.get(key)?.map(|v| v.value().to_vec())))
    }

    /// A walk inside a write goes by the rows of the moment, so that the walker may write, and no further than they went at the start,
    /// so that a walker who adds rows ahead of itself comes to an end.
    fn raw_range(&self, index: usize, span: &Span, newest_first: bool, each: &mut EachRaw<'_>) -> Result<(), StoreError> {
        const AT_ONCE: usize = 64;
        let mut span = span.clone();
        let mut bounded = false;
        loop {
            let mut rows: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
            self.with(index, |table| {
                walk(table, &span, newest_first, &mut |k, v| {
                    rows.push((k.to_vec(), v.to_vec()));
                    Ok(if rows.len() < AT_ONCE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
                })
            })?;
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
