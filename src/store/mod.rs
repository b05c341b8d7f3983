//! The only room that knows redb: one file, one writer, every value sealed, every table typed.
//!
//! Reading: [`Store::read`] gives a snapshot. Writing: [`Store::write`] runs an act on the writer's thread, together with whatever else
//! waits, and answers after the commit is on disk. Entries of the journal that nobody waits to see applied go by [`Store::append`] and
//! the log in front of the file. See [`tables`] for all tables on one page.
pub mod backend;
pub mod backup;
pub mod export;
pub mod key;
mod log;
mod record;
pub mod seal;
pub mod tables;
pub mod tx;
mod writer;

pub use key::Span;
pub use record::{Encoded, RECORDS, Record, decode_plain, encode_plain};
pub use tx::{ReadTx, Rows, WriteTx};

use crate::domain::{change::Change, event::Entry, ids::Seq};
use backend::Backend;
use log::{LogWriter, Waiting};
use redb::{Database, ReadableDatabase, WriteTransaction};
use seal::{MasterKey, Sealer};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};
use writer::Writer;

/// The form of the tables. Raised with each step in `upgrade`.
const SCHEMA: u64 = 1;

/// Why the store could not do it. Sentences without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// A value or page that is not what was written.
    Damaged { table: String, why: String },
    /// The disk said no; nothing was written.
    Io(String),
    /// The disk said no at the very end: the write may or may not be kept. Retry with the same key.
    Uncertain(String),
    /// Too many writes wait.
    Busy,
    /// Being opened anew, or closed.
    Unavailable(String),
    /// Another process holds the file.
    InUse,
    /// Made by a newer Headlight.
    TooNew { schema: u64 },
}

impl StoreError {
    fn is_io(&self) -> bool {
        match self {
            Self::Io(_) | Self::Uncertain(_) => true,
            Self::Damaged { .. } | Self::Busy | Self::Unavailable(_) | Self::InUse | Self::TooNew { .. } => false,
        }
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Damaged { table, why } => write!(f, "a record of {table} {why}; restore the last backup or run `headlight check`"),
            Self::Io(why) => write!(f, "the disk refused: {why}; nothing was written"),
            Self::Uncertain(why) => write!(f, "the disk refused at the end of a write: {why}; try again, a second try does nothing twice"),
            Self::Busy => f.write_str("too many writes wait; try again in a moment"),
            Self::Unavailable(why) => write!(f, "the store is not available: {why}"),
            Self::InUse => f.write_str("another Headlight has this data folder open"),
            Self::TooNew { schema } => {
                write!(f, "this data was written by a newer Headlight (form {schema}); install that version or restore an older backup")
            }
        }
    }
}

impl std::error::Error for StoreError {}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e.to_string())
    }
}

macro_rules! through_redb {
    ($($e:ty),+) => {$(
        impl From<$e> for StoreError {
            fn from(e: $e) -> Self {
                redb::Error::from(e).into()
            }
        }
    )+};
}
through_redb!(redb::StorageError, redb::DatabaseError, redb::TableError, redb::TransactionError, redb::CommitError);

#[expect(clippy::wildcard_enum_match_arm, reason = "redb's enum, not ours: whatever it adds is an error of the disk to us")]
impl From<redb::Error> for StoreError {
    fn from(e: redb::Error) -> Self {
        match e {
            redb::Error::Corrupted(why) => Self::Damaged { table: "the store file".to_owned(), why },
            redb::Error::DatabaseAlreadyOpen => Self::InUse,
            // A snapshot that was held while the file was opened anew.
            redb::Error::DatabaseClosed => Self::Unavailable(OPENED_ANEW.to_owned()),
            other => Self::Io(other.to_string()),
        }
    }
}

const OPENED_ANEW: &str = "the store file is being opened anew; try again in a second";

struct Shared {
    backend: Backend,
    /// Empty while the file is opened anew.
    db: RwLock<Option<Arc<Database>>>,
    sealer: Sealer,
    announce: Announce,
    identity: Identity,
    /// On disk in the log, and not yet in the file.
    waiting: Waiting,
    /// Acts somebody waits for, that the writer has taken up.
    acts: AtomicU64,
}

type Announce = Box<dyn Fn(&[Change]) + Send + Sync>;

/// Whose data this is, and which life of it: a restore begins a new epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub store_id: [u8; 16],
    pub epoch: u64,
}

/// The store. Cheap to clone; the file closes when the last clone is gone and the writer has ended.
#[derive(Clone)]
pub struct Store {
    // Dropped in this order: nothing more is sent, the log ends, the writer ends, the file closes.
    /// None where there is no log.
    appends: Option<mpsc::Sender<log::Append>>,
    log: Option<Arc<LogWriter>>,
    commands: mpsc::Sender<writer::Command>,
    writer: Arc<Writer>,
    shared: Arc<Shared>,
}

impl Store {
    /// Opens or creates the file. `announce` is told of every change after it is on disk, in order, on the writer's thread.
    ///
    /// # Errors
    /// When the file is in use, damaged, of a newer form, or sealed with another key.
    pub fn open(backend: Backend, master: &MasterKey, announce: impl Fn(&[Change]) + Send + Sync + 'static) -> Result<Self, StoreError> {
        let mut sealer = Sealer::new(master)?;
        let (db, found) = guarded(|| {
            let db = backend.create()?;
            let found = prepare(&db, &sealer)?;
            let log_mark = take_in_log(&db, &backend, &sealer, &found)?;
            Ok((db, Found { log_mark, ..found }))
        })?;
        let Found { identity, changes, log_mark, lookup } = found;
        if let Some(lookup) = lookup {
            sealer.look_up_with(lookup);
        }
        let waiting = Waiting::default();
        let has_log = backend.has_log();
        let shared = Arc::new(Shared {
            backend,
            db: RwLock::new(Some(Arc::new(db))),
            sealer,
            announce: Box::new(announce),
            identity,
            waiting,
            acts: AtomicU64::new(0),
        });
        let (commands, writer) = Writer::start(Arc::clone(&shared), changes)?;
        let (appends, log) = if has_log {
            let (appends, log) = LogWriter::start(Arc::clone(&shared), commands.clone(), log_mark)?;
            (Some(appends), Some(Arc::new(log)))
        } else {
            (None, None)
        };
        Ok(Self { appends, log, commands, writer: Arc::new(writer), shared })
    }

    /// Journals entries whose effects nobody waits for. Answered when they are on disk in the log; in the file with its next commit, before
    /// anything that is written after the answer. Refused at once when too many wait.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let Some(appends) = &self.appends else {
            return self.try_write(move |tx| entries.iter().try_for_each(|entry| tx.put(tables::JOURNAL, &Seq(tx.next("journal")?), entry))).await;
        };
        let (done, answer) = oneshot::channel();
        appends.try_send(log::Append::of(&entries, done)?).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => closed(),
        })?;
        answer.await.map_err(|_| closed())?
    }

    /// How many appends are in the log that the file has not. Any write takes them in.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.waiting.len()
    }

    /// Acts somebody waits for, that the writer has taken up since the store was opened: a wheel that writes in turns sees by it whether
    /// anybody else writes.
    #[must_use]
    pub fn acts(&self) -> u64 {
        self.shared.acts.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.shared.sealer
    }

    /// A snapshot of the last commit.
    pub fn read(&self) -> Result<ReadTx<'_>, StoreError> {
        self.shared.read_through(Some(&self.commands))
    }

    /// Runs `act` over a snapshot, in memory: it sees its own writes, and nobody else ever does. What it wrote is gone when it ends.
    pub fn rehearse<R>(&self, act: impl FnOnce(&WriteTx<'_>) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let snapshot = self.shared.database()?.begin_read()?;
        act(&WriteTx::rehearsal(&snapshot, &self.shared.sealer))
    }

    /// Runs `act` in a transaction and answers once it is on disk. `act` may run twice, so it must not consume what it captured.
    pub async fn write<R: Send + 'static>(&self, act: impl FnMut(&WriteTx<'_>) -> Result<R, StoreError> + Send + 'static) -> Result<R, StoreError> {
        let (command, answer, result) = packed(act);
        self.commands.send(command).await.map_err(|_| closed())?;
        Writing { answer, result }.done().await
    }

    /// The same, by a wheel, which may prepare the next while it is written.
    pub async fn write_behind<R: Send + 'static>(
        &self,
        act: impl FnMut(&WriteTx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<Writing<R>, StoreError> {
        let (command, answer, result) = packed(act);
        self.commands.send(writer::Command { is_awaited: false, ..command }).await.map_err(|_| closed())?;
        Ok(Writing { answer, result })
    }

    /// The same, refused at once when too many wait: for senders who can come back.
    pub async fn try_write<R: Send + 'static>(
        &self,
        act: impl FnMut(&WriteTx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let (command, answer, result) = packed(act);
        self.commands.try_send(command).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => closed(),
        })?;
        answer.await.map_err(|_| closed())??;
        taken(&result)
    }

    /// The same for threads without a runtime.
    pub fn write_blocking<R: Send + 'static>(
        &self,
        act: impl FnMut(&WriteTx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let (command, answer, result) = packed(act);
        self.commands.blocking_send(command).map_err(|_| closed())?;
        answer.blocking_recv().map_err(|_| closed())??;
        taken(&result)
    }

    /// Commits what waits and closes the file, when this is the last clone; so does dropping it.
    pub fn close(self) {
        let Self { appends, log, commands, writer, shared } = self;
        drop(appends);
        drop(log);
        drop(commands);
        drop(writer);
        drop(shared);
    }
}

type Packed<R> = (writer::Command, oneshot::Receiver<Result<(), StoreError>>, Arc<Mutex<Option<R>>>);

/// A write that was handed to the writer.
pub struct Writing<R> {
    answer: oneshot::Receiver<Result<(), StoreError>>,
    result: Arc<Mutex<Option<R>>>,
}

impl<R> Writing<R> {
    /// What it gave, when it is on disk.
    pub async fn done(self) -> Result<R, StoreError> {
        self.answer.await.map_err(|_| closed())??;
        taken(&self.result)
    }
}

fn packed<R: Send + 'static>(mut act: impl FnMut(&WriteTx<'_>) -> Result<R, StoreError> + Send + 'static) -> Packed<R> {
    let result = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&result);
    let (done, answer) = oneshot::channel();
    let act = Box::new(move |tx: &WriteTx<'_>| {
        let value = act(tx)?;
        if let Ok(mut slot) = slot.lock() {
            *slot = Some(value);
        }
        Ok(())
    });
    (writer::Command { act, is_awaited: true, done }, answer, result)
}

fn taken<R>(result: &Mutex<Option<R>>) -> Result<R, StoreError> {
    result.lock().ok().and_then(|mut r| r.take()).ok_or_else(closed)
}

fn closed() -> StoreError {
    StoreError::Unavailable("it is closing".to_owned())
}

impl Shared {
    fn database(&self) -> Result<Arc<Database>, StoreError> {
        let db = self.db.read().unwrap_or_else(PoisonError::into_inner);
        db.clone().ok_or_else(|| StoreError::Unavailable(OPENED_ANEW.to_owned()))
    }

    fn read(&self) -> Result<ReadTx<'_>, StoreError> {
        self.read_through(None)
    }

    fn read_through<'s>(&'s self, writer: Option<&'s mpsc::Sender<writer::Command>>) -> Result<ReadTx<'s>, StoreError> {
        Ok(ReadTx::new(self.database()?.begin_read()?, &self.sealer, writer))
    }

    fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        Ok(self.database()?.begin_write()?)
    }

    /// After an I/O error redb refuses every later write until the file is opened anew. Snapshots that are held end with an error.
    /// A file that will not open leaves the store unavailable, which the health check reports; every later write tries again.
    fn reopen(&self) {
        // Only a reader that is just beginning its snapshot still holds the old handle, for microseconds.
        const TRIES: u32 = 20;
        let old = self.put(None);
        let was_open = old.is_some();
        let _ = guarded(|| {
            drop(old);
            Ok(())
        });
        for _ in 0..TRIES {
            match guarded(|| self.open_again()) {
                Ok(db) => {
                    self.put(Some(Arc::new(db)));
                    tracing::warn!("the store file is open again");
                    return;
                }
                Err(StoreError::InUse) => std::thread::sleep(Duration::from_millis(50)),
                // Said once, not at every write that finds it so.
                Err(error) if was_open => {
                    tracing::error!(error = %error, "the store file could not be opened again; each write tries once more");
                    return;
                }
                Err(_) => return,
            }
        }
        tracing::error!("the store file is held by something else and could not be opened again");
    }

    fn put(&self, db: Option<Arc<Database>>) -> Option<Arc<Database>> {
        std::mem::replace(&mut self.db.write().unwrap_or_else(PoisonError::into_inner), db)
    }

    /// The same store as before, not whatever lies at its place now.
    fn open_again(&self) -> Result<Database, StoreError> {
        let db = self.backend.open()?;
        let found = identity(&ReadTx::new(db.begin_read()?, &self.sealer, None))?;
        if found.store_id == self.identity.store_id {
            Ok(db)
        } else {
            Err(StoreError::Unavailable("another store lies in the place of this one".to_owned()))
        }
    }
}

/// A damaged file can make redb panic while it opens or closes; that is a refusal like any other.
fn guarded<T>(act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(StoreError::Damaged { table: "the store file".to_owned(), why: "could not be opened".to_owned() }))
}

/// What an opened file says of itself.
struct Found {
    identity: Identity,
    /// The last change on disk.
    changes: u64,
    /// The last number of the log that is in the file.
    log_mark: u64,
    /// What its hashes are keyed with, when that does not come from its own master key.
    lookup: Option<[u8; 32]>,
}

/// Among the rows about the store itself: what the hashes of an imported store are keyed with.
const LOOKUP: &str = "lookup";

/// Makes all tables, and the identity of a new store; checks form and key of an old one.
fn prepare(db: &Database, sealer: &Sealer) -> Result<Found, StoreError> {
    let mut txn = db.begin_write()?;
    txn.set_two_phase_commit(true);
    txn.set_quick_repair(true);
    let found = {
        let tx = WriteTx::new(&txn, sealer);
        for index in 0..tables::TABLES.len() {
            tx.raw_get(index, &[])?;
        }
        let schema = tx.get(tables::META, &"schema".to_owned())?.and_then(|s| s.parse::<u64>().ok());
        match schema {
            Some(newer) if newer > SCHEMA => return Err(StoreError::TooNew { schema: newer }),
            Some(_) => {}
            None => {
                let mut id = [0; 16];
                getrandom::fill(&mut id).map_err(|e| StoreError::Unavailable(format!("the system gave no random bytes: {e}")))?;
                tx.put(tables::META, &"schema".to_owned(), &SCHEMA.to_string())?;
                tx.put(tables::META, &"store_id".to_owned(), &data_encoding::HEXLOWER.encode(&id))?;
                tx.put(tables::META, &"epoch".to_owned(), &"1".to_owned())?;
            }
        }
        let identity = identity(&tx)?;
        let changes = tx.get(tables::COUNTERS, &"change".to_owned())?.unwrap_or(0);
        let log_mark = tx::log_mark(&tx)?;
        let lookup = tx.get(tables::META, &LOOKUP.to_owned())?.map(|text| lookup_key(&text)).transpose()?;
        tx.finish()?;
        Found { identity, changes, log_mark, lookup }
    };
    txn.commit()?;
    Ok(found)
}

/// Journals what an earlier life answered and did not come to take in. The mark then.
fn take_in_log(db: &Database, backend: &Backend, sealer: &Sealer, found: &Found) -> Result<u64, StoreError> {
    let logged: Vec<_> = log::read(backend, sealer, &found.identity, found.log_mark)?.into_iter().map(Arc::new).collect();
    let Some(last) = logged.last() else { return Ok(found.log_mark) };
    let mut txn = db.begin_write()?;
    txn.set_two_phase_commit(true);
    txn.set_quick_repair(true);
    let tx = WriteTx::new(&txn, sealer);
    tx.take_in(&logged)?;
    tx.finish()?;
    txn.commit()?;
    Ok(last.number)
}

fn lookup_key(hex: &str) -> Result<[u8; 32], StoreError> {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| StoreError::Damaged { table: "META".to_owned(), why: "does not say what the hashes are keyed with".to_owned() })
}

fn identity(tx: &impl Rows) -> Result<Identity, StoreError> {
    let text = |name: &str| tx.get(tables::META, &name.to_owned());
    let store_id = text("store_id")?.and_then(|t| data_encoding::HEXLOWER.decode(t.as_bytes()).ok()).and_then(|b| <[u8; 16]>::try_from(b).ok());
    let epoch = text("epoch")?.and_then(|t| t.parse().ok());
    let (Some(store_id), Some(epoch)) = (store_id, epoch) else {
        return Err(StoreError::Damaged { table: "META".to_owned(), why: "has no identity".to_owned() });
    };
    Ok(Identity { store_id, epoch })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        change::Changed,
        ids::{CustomerId, Seq},
    };

    fn memory() -> Backend {
        Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))))
    }

    fn key() -> MasterKey {
        MasterKey::from_bytes([1; 32])
    }

    #[test]
    fn what_was_written_is_read_back_and_announced_after_the_commit() -> Result<(), StoreError> {
        let heard = Arc::new(Mutex::new(vec![]));
        let ears = Arc::clone(&heard);
        let store = Store::open(memory(), &key(), move |changes| {
            if let Ok(mut heard) = ears.lock() {
                heard.extend_from_slice(changes);
            }
        })?;
        store.write_blocking(|tx| {
            tx.put(tables::CURSORS, &"journal".to_owned(), &7)?;
            tx.announce(Changed::Customer(CustomerId(3)));
            tx.announce(Changed::Customer(CustomerId(3)));
            Ok(())
        })?;
        assert_eq!(store.read()?.get(tables::CURSORS, &"journal".to_owned())?, Some(7));
        assert_eq!(heard.lock().map(|h| h.clone()).unwrap_or_default(), vec![Change { seq: 1, what: Changed::Customer(CustomerId(3)) }]);
        Ok(())
    }

    #[test]
    fn a_refused_write_leaves_nothing_and_its_neighbours_stay() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        let bad = store.write_blocking::<()>(|tx| {
            tx.put(tables::CURSORS, &"a".to_owned(), &1)?;
            Err(StoreError::Busy)
        });
        assert_eq!(bad, Err(StoreError::Busy));
        let panicking = store.write_blocking::<()>(|_| panic!("a fault in an act"));
        assert!(panicking.is_err());
        store.write_blocking(|tx| tx.put(tables::CURSORS, &"b".to_owned(), &2))?;
        let tx = store.read()?;
        assert_eq!((tx.get(tables::CURSORS, &"a".to_owned())?, tx.get(tables::CURSORS, &"b".to_owned())?), (None, Some(2)));
        Ok(())
    }

    #[test]
    fn a_rehearsal_sees_its_own_writes_in_their_places_and_leaves_none() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| (0..300).step_by(2).try_for_each(|n| tx.put(tables::CHANGES, &n, &Changed::Customer(CustomerId(n)))))?;
        let before = backup::digest(&store.read()?)?;
        store.rehearse(|tx| {
            for n in (1..300).step_by(2) {
                tx.put(tables::CHANGES, &n, &Changed::Customer(CustomerId(n)))?;
            }
            tx.remove(tables::CHANGES, &4)?;
            tx.put(tables::CHANGES, &8, &Changed::Customer(CustomerId(800)))?;
            let all: Vec<u64> = (0..300).filter(|n| *n != 4).collect();
            assert_eq!(tx.keys(tables::CHANGES, &Span::all(), 1_000)?, all);
            let back: Vec<u64> = tx.last(tables::CHANGES, &Span::between(&2_u64, &10_u64), 1_000)?.into_iter().map(|(n, _)| n).collect();
            assert_eq!(back, vec![9, 8, 7, 6, 5, 3, 2]);
            assert_eq!((tx.get(tables::CHANGES, &8)?, tx.get(tables::CHANGES, &4)?), (Some(Changed::Customer(CustomerId(800))), None));
            assert_eq!(tx.count(tables::CHANGES)?, 299);
            assert_eq!(tx.next("x")?, 1);
            Ok(())
        })?;
        assert_eq!(backup::digest(&store.read()?)?, before);
        Ok(())
    }

    #[test]
    fn numbers_have_no_gaps_over_commits() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        let mut all = vec![];
        for _ in 0..3 {
            all.extend(store.write_blocking(|tx| Ok([tx.next("x")?, tx.next("x")?]))?);
        }
        assert_eq!(all, vec![1, 2, 3, 4, 5, 6]);
        Ok(())
    }

    #[test]
    fn a_walk_in_a_write_may_remove_what_it_meets() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| (0..500).try_for_each(|n| tx.put(tables::CHANGES, &n, &Changed::Customer(CustomerId(n)))))?;
        let left = store.write_blocking(|tx| {
            tx.each(tables::CHANGES, &Span::all(), |n: u64, _| {
                tx.remove(tables::CHANGES, &n)?;
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
            Ok(tx.keys(tables::CHANGES, &Span::all(), 1_000)?.len())
        })?;
        assert_eq!(left, 0);
        Ok(())
    }

    #[test]
    fn a_check_in_small_steps_opens_what_a_check_in_one_opens() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| (0..20).try_for_each(|n| tx.put(tables::CHANGES, &n, &Changed::Customer(CustomerId(n)))))?;
        store.write_blocking(|tx| (0..7).try_for_each(|n| tx.put(tables::CURSORS, &format!("reader {n}"), &n)))?;
        let whole = backup::check(&store.read()?, &mut vec![])?;
        for at_once in [1, 3, 7, 20, 1_000] {
            let (mut place, mut records) = (backup::Place::default(), 0);
            while !place.is_at_the_end() {
                let step = backup::check_some(&store.read()?, &mut place, at_once, &mut vec![])?;
                assert!(step <= at_once as u64);
                records += step;
            }
            assert_eq!(records, whole, "{at_once} at once");
        }
        Ok(())
    }

    #[test]
    fn a_backup_comes_back_with_the_same_digest_in_a_new_epoch() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| (0..1_000).try_for_each(|n| tx.put(tables::CURSORS, &format!("reader {n}"), &n)))?;
        let file = folder.path().join("one.hlb");
        let (_, digest) = store.backup(&file, &mut |_| {})?;
        let target = folder.path().join("new.redb");
        let (_, restored) = backup::restore(&file, Backend::File(target.clone()), &key(), &mut |_| {})?;
        assert_eq!(digest, restored);
        let reopened = Store::open(Backend::File(target), &key(), |_| {})?;
        assert_eq!((reopened.identity().store_id, reopened.identity().epoch), (store.identity().store_id, 2));
        assert_eq!(reopened.read()?.get(tables::CURSORS, &"reader 999".to_owned())?, Some(999));
        assert_eq!(backup::digest(&reopened.read()?)?, digest, "the new epoch is no other state");
        Ok(())
    }

    #[test]
    fn a_damaged_backup_or_another_key_is_refused_before_anything_is_written() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| tx.put(tables::CURSORS, &"a".to_owned(), &1))?;
        let file = folder.path().join("one.hlb");
        store.backup(&file, &mut |_| {})?;
        let whole = std::fs::read(&file)?;
        let target = folder.path().join("new.redb");
        for place in (0..whole.len()).step_by(7) {
            let mut bad = whole.clone();
            bad[place] ^= 0x20;
            std::fs::write(&file, &bad)?;
            assert!(backup::restore(&file, Backend::File(target.clone()), &key(), &mut |_| {}).is_err(), "byte {place}");
        }
        std::fs::write(&file, &whole[..whole.len() - 5])?;
        assert!(backup::restore(&file, Backend::File(target.clone()), &key(), &mut |_| {}).is_err());
        std::fs::write(&file, &whole)?;
        assert!(backup::restore(&file, Backend::File(target.clone()), &MasterKey::from_bytes([2; 32]), &mut |_| {}).is_err());
        assert!(!target.exists());
        Ok(())
    }

    #[test]
    fn a_second_process_is_told_that_the_file_is_in_use() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.redb");
        let _first = Store::open(Backend::File(path.clone()), &key(), |_| {})?;
        assert_eq!(Store::open(Backend::File(path), &key(), |_| {}).err(), Some(StoreError::InUse));
        Ok(())
    }

    #[test]
    fn the_file_is_closed_when_the_last_clone_is_dropped_wherever_that_is() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.redb");
        for round in 0..20 {
            let store = Store::open(Backend::File(path.clone()), &key(), |_| {})?;
            let clones: Vec<_> = (0..4).map(|n| (n, store.clone())).collect();
            drop(store);
            let writers = clones.into_iter().map(|(n, store)| {
                std::thread::spawn(move || {
                    let done = store.write_blocking(move |tx| tx.put(tables::CURSORS, &format!("{round} {n}"), &round));
                    if n % 2 == 0 {
                        store.close();
                    } else {
                        drop(store);
                    }
                    done
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                assert_eq!(writer.join().unwrap(), Ok(()));
            }
        }
        let store = Store::open(Backend::File(path), &key(), |_| {})?;
        assert_eq!(store.read()?.keys(tables::CURSORS, &Span::all(), 1_000)?.len(), 80);
        Ok(())
    }

    #[test]
    fn a_first_start_that_was_cut_short_is_begun_again() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.redb");
        std::fs::write(folder.path().join("store.new"), vec![0; 70_000])?;
        Store::open(Backend::File(path.clone()), &key(), |_| {})?.write_blocking(|tx| tx.put(tables::CURSORS, &"a".to_owned(), &1))?;
        let store = Store::open(Backend::File(path), &key(), |_| {})?;
        assert_eq!(store.read()?.get(tables::CURSORS, &"a".to_owned())?, Some(1));
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_file_that_is_no_store_is_refused_and_left_as_it_is() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.redb");
        std::fs::write(&path, vec![0; 70_000])?;
        assert!(Store::open(Backend::File(path.clone()), &key(), |_| {}).is_err());
        assert_eq!(std::fs::read(&path)?, vec![0; 70_000]);
        Ok(())
    }

    #[test]
    fn a_listener_that_fails_does_not_stop_the_writer() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| panic!("a fault in a listener"))?;
        for n in 1..4 {
            store.write_blocking(move |tx| {
                tx.announce(Changed::Customer(CustomerId(n)));
                tx.put(tables::CURSORS, &"a".to_owned(), &n)
            })?;
        }
        assert_eq!(store.read()?.get(tables::CURSORS, &"a".to_owned())?, Some(3));
        Ok(())
    }

    #[test]
    fn a_walk_in_a_write_that_adds_rows_ahead_of_itself_ends() -> Result<(), StoreError> {
        let store = Store::open(memory(), &key(), |_| {})?;
        store.write_blocking(|tx| (1_000..1_200).try_for_each(|n| tx.put(tables::CHANGES, &n, &Changed::Customer(CustomerId(n)))))?;
        for back in [false, true] {
            let met = store.write_blocking(move |tx| {
                let mut met = 0;
                let mut act = |n: u64, what| {
                    met += 1;
                    tx.put(tables::CHANGES, &if back { n - 200 } else { n + 200 }, &what)?;
                    Ok(if met < 10_000 { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) })
                };
                if back {
                    tx.each_back(tables::CHANGES, &Span::all(), &mut act)?;
                } else {
                    tx.each(tables::CHANGES, &Span::all(), &mut act)?;
                }
                Ok(met)
            })?;
            assert_eq!(met, if back { 400 } else { 200 });
        }
        Ok(())
    }

    #[test]
    fn another_key_is_refused_with_a_sentence() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.redb");
        let store = Store::open(Backend::File(path.clone()), &key(), |_| {})?;
        store.write_blocking(|tx| {
            tx.put(
                tables::JOURNAL,
                &Seq(1),
                &crate::domain::event::Entry { at: crate::domain::time::At(0), event: crate::domain::event::Event::Unknown, applied_after: None },
            )
        })?;
        store.close();
        let refused = Store::open(Backend::File(path), &MasterKey::from_bytes([9; 32]), |_| {}).err();
        assert!(refused.is_some_and(|e| e.to_string().contains("another key file")));
        Ok(())
    }
}
