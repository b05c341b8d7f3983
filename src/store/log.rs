//! What stands in front of the file? Journal entries that one short synced write has put on disk, until the next commit takes them in.
//!
//! A commit of the file writes many pages and syncs twice; a page view waits for neither. Its entry goes to the log, is answered, and is
//! in the file with the next commit, before anything that is written after the answer. The log has two halves: one is filled while the
//! writer takes in the other. Each frame is sealed to this store, its epoch, the opening of the log that its head names, and its own number,
//! so that what is read back after a cut is what was written since that opening; the file's mark tells which frames it has already.

use super::{
    Identity, Shared, StoreError,
    backend::Backend,
    record::{self, Record},
    seal::Sealer,
    writer::Command,
};
use crate::domain::event::Entry;
use redb::StorageBackend;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};
use tokio::sync::{mpsc, oneshot};

/// Appends in one synced write.
const TOGETHER_MOST: usize = 512;
/// Appends that wait while this many do get no place.
const WAITING_MOST: usize = 4_096;
/// The writer is woken when this many appends wait for it; before that, whoever reads the journal wakes it.
const WAKES_WRITER: usize = 4_096;
/// A frame begins with its length and its number.
const HEAD: usize = 12;
const SEALED_AS: &str = "log";
/// Before the halves: which opening of the log this is. Random, so that no frame of an earlier one, left by a cut in the middle of a
/// group, is ever taken for one of this.
const OPENING: usize = 16;
const HALVES_FROM: u64 = 4_096;
/// Bytes in one synced write, before which no further append joins it.
const TOGETHER_BYTES: usize = 1 << 20;

type Opening = [u8; OPENING];

/// Entries that came together, in the form in which the journal keeps them.
#[derive(Debug)]
pub(super) struct Logged {
    pub(super) number: u64,
    /// Version and bytes of each.
    pub(super) entries: Vec<(u8, Vec<u8>)>,
}

/// What is on disk in the log and not yet in the file.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    queue: Mutex<VecDeque<Arc<Logged>>>,
}

impl Waiting {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Arc<Logged>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn all(&self) -> Vec<Arc<Logged>> {
        self.queue().iter().cloned().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.queue().len()
    }

    /// How many wait now.
    fn add(&self, logged: impl IntoIterator<Item = Logged>) -> usize {
        let mut queue = self.queue();
        queue.extend(logged.into_iter().map(Arc::new));
        queue.len()
    }

    /// They are in the file up to this one.
    pub(super) fn forget(&self, up_to: u64) {
        let mut queue = self.queue();
        while queue.front().is_some_and(|l| l.number <= up_to) {
            queue.pop_front();
        }
    }
}

pub(super) struct Append {
    entries: Vec<(u8, Vec<u8>)>,
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl Append {
    fn bytes(&self) -> usize {
        self.entries.iter().map(|(_, entry)| entry.len()).sum()
    }

    pub(super) fn of(entries: &[Entry], done: oneshot::Sender<Result<(), StoreError>>) -> Result<Self, StoreError> {
        let entries = entries.iter().map(|e| Ok((Entry::VERSION, record::encode(e)?))).collect::<Result<_, StoreError>>()?;
        Ok(Self { entries, done })
    }
}

/// The thread that writes the log. It ends when every sender is gone; whoever drops this waits for that.
pub(super) struct LogWriter(Option<JoinHandle<()>>);

impl LogWriter {
    /// `mark` is the last number that the file has.
    pub(super) fn start(shared: Arc<Shared>, writer: mpsc::Sender<Command>, mark: u64) -> Result<(mpsc::Sender<Append>, Self), StoreError> {
        let (appends, receiver) = mpsc::channel(WAITING_MOST);
        let place = Place { half: 0, at: 0, last: [mark; 2] };
        let half_bytes = shared.backend.log_half_bytes();
        let work = Work { shared, writer, disk: None, half_bytes, next: mark + 1, place, in_doubt: false };
        let thread = thread::Builder::new()
            .name("store-log".to_owned())
            .spawn(move || work.run(receiver))
            .map_err(|e| StoreError::Unavailable(format!("the log could not start: {e}")))?;
        Ok((appends, Self(Some(thread))))
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take().filter(|t| t.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

/// Where the next frame goes.
struct Place {
    half: usize,
    at: u64,
    /// The last number in each half.
    last: [u64; 2],
}

struct Work {
    shared: Arc<Shared>,
    writer: mpsc::Sender<Command>,
    /// Opened with the first append: a store that takes none has no log.
    disk: Option<(Box<dyn StorageBackend>, Opening)>,
    half_bytes: u64,
    next: u64,
    place: Place,
    /// The disk refused: frames may lie there that nobody was promised.
    in_doubt: bool,
}

impl Work {
    fn run(mut self, mut appends: mpsc::Receiver<Append>) {
        let mut group: Vec<Append> = Vec::with_capacity(TOGETHER_MOST);
        while let Some(first) = appends.blocking_recv() {
            let mut bytes = first.bytes();
            group.push(first);
            while group.len() < TOGETHER_MOST && bytes < TOGETHER_BYTES {
                let Ok(next) = appends.try_recv() else { break };
                bytes += next.bytes();
                group.push(next);
            }
            self.take(&mut group);
        }
    }

    fn take(&mut self, group: &mut Vec<Append>) {
        let mut answers = Vec::with_capacity(group.len());
        let mut logged = Vec::with_capacity(group.len());
        for (n, append) in (self.next..).zip(group.drain(..)) {
            answers.push(append.done);
            logged.push(Logged { number: n, entries: append.entries });
        }
        let result = self.write(&logged);
        if result.is_ok() {
            self.next += logged.len() as u64;
            if self.shared.waiting.add(logged) > WAKES_WRITER {
                // When it has no place for this it is awake.
                let _ = self.writer.try_send(Command::nothing().0);
            }
        }
        for done in answers {
            let _ = done.send(result.clone());
        }
    }

    fn write(&mut self, logged: &[Logged]) -> Result<(), StoreError> {
        if self.in_doubt {
            self.settle_doubt()?;
        }
        let written = match self.open() {
            Ok(opening) => self.write_frames(logged, &opening)?,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            self.in_doubt = true;
            // Numbers are not used twice, so that what may lie there can be told from what comes.
            self.next += logged.len() as u64;
            tracing::error!(error = %error, "the disk refused the log");
            return self.settle_doubt().map_err(|_| StoreError::Uncertain(error.to_string())).and(Err(error));
        }
        self.place.last[self.place.half] = logged.last().map_or(0, |l| l.number);
        Ok(())
    }

    /// The outer error came before anything was written, the inner one from the disk.
    fn write_frames(&mut self, logged: &[Logged], opening: &Opening) -> Result<Result<(), StoreError>, StoreError> {
        let mut bytes = Vec::new();
        for one in logged {
            frame(&self.shared.sealer, &self.shared.identity, opening, one, &mut bytes)?;
        }
        let len = bytes.len() as u64;
        if len > self.half_bytes {
            return Err(StoreError::Busy);
        }
        if self.place.at + len > self.half_bytes {
            self.turn()?;
        }
        let Some((disk, _)) = &self.disk else { return Err(super::closed()) };
        let at = HALVES_FROM + self.place.half as u64 * self.half_bytes + self.place.at;
        let written = disk.write(at, &bytes).and_then(|()| disk.sync_data());
        self.place.at += len;
        Ok(written.map_err(StoreError::from))
    }

    /// To the other half, once the file has all of it.
    fn turn(&mut self) -> Result<(), StoreError> {
        let other = 1 - self.place.half;
        let last = self.place.last[other];
        if self.shared.waiting.queue().front().is_some_and(|l| l.number <= last) {
            self.ask_writer(Command::nothing())?;
        }
        self.place.half = other;
        self.place.at = 0;
        Ok(())
    }

    fn ask_writer(&self, (command, answer): (Command, oneshot::Receiver<Result<(), StoreError>>)) -> Result<(), StoreError> {
        self.writer.blocking_send(command).map_err(|_| super::closed())?;
        answer.blocking_recv().map_err(|_| super::closed())?
    }

    /// Moves the file's mark past the frames in doubt, so that no later start takes them in, and begins the log anew.
    fn settle_doubt(&mut self) -> Result<(), StoreError> {
        let past = self.next - 1;
        self.ask_writer(Command::mark(past))?;
        self.disk = None;
        self.place = Place { half: 0, at: 0, last: [past; 2] };
        self.in_doubt = false;
        Ok(())
    }

    /// Opens the log, unless it is open. The file has by then all that was answered from an earlier opening.
    fn open(&mut self) -> Result<Opening, StoreError> {
        const ZEROS: u64 = 1 << 20;
        if let Some((_, opening)) = &self.disk {
            return Ok(*opening);
        }
        let disk = self.shared.backend.log()?.ok_or_else(|| StoreError::Unavailable("there is no log".to_owned()))?;
        // Written out now, so that a sync later has bytes to write and no lengths or places.
        let whole = HALVES_FROM + 2 * self.half_bytes;
        let mut at = disk.len()?;
        if at < whole {
            disk.set_len(whole)?;
            while at < whole {
                let piece = ZEROS.min(whole - at);
                disk.write(at, &vec![0; usize::try_from(piece).unwrap_or_default()])?;
                at += piece;
            }
        }
        let mut opening = Opening::default();
        getrandom::fill(&mut opening).map_err(|e| StoreError::Unavailable(format!("the system gave no random bytes: {e}")))?;
        disk.write(0, &opening)?;
        disk.sync_data()?;
        self.disk = Some((disk, opening));
        Ok(opening)
    }
}

fn associated(identity: &Identity, opening: &Opening, number: u64) -> Vec<u8> {
    [&identity.store_id[..], &identity.epoch.to_le_bytes(), opening, &number.to_le_bytes()].concat()
}

/// Length, number, and the entries sealed: each with its version and length.
fn frame(sealer: &Sealer, identity: &Identity, opening: &Opening, logged: &Logged, out: &mut Vec<u8>) -> Result<(), StoreError> {
    let mut plain = Vec::with_capacity(logged.entries.iter().map(|(_, e)| e.len() + 5).sum());
    for (version, entry) in &logged.entries {
        plain.push(*version);
        plain.extend(u32::try_from(entry.len()).map_err(|_| StoreError::Busy)?.to_le_bytes());
        plain.extend(entry);
    }
    let sealed = sealer.seal(SEALED_AS, &associated(identity, opening, logged.number), 1, &plain)?;
    out.extend(u32::try_from(sealed.len()).map_err(|_| StoreError::Busy)?.to_le_bytes());
    out.extend(logged.number.to_le_bytes());
    out.extend(sealed);
    Ok(())
}

/// What the log holds beyond the file's mark, in order. What ends it (a torn frame, another life's, none) was never answered.
pub(super) fn read(backend: &Backend, sealer: &Sealer, identity: &Identity, mark: u64) -> Result<Vec<Logged>, StoreError> {
    let Some(disk) = backend.old_log()? else { return Ok(vec![]) };
    let mut found = Vec::new();
    let half_bytes = backend.log_half_bytes();
    if disk.len()? < HALVES_FROM {
        return Ok(vec![]);
    }
    let mut opening = Opening::default();
    disk.read(0, &mut opening)?;
    for half in 0..2 {
        let from = HALVES_FROM + half * half_bytes;
        let len = disk.len()?.saturating_sub(from).min(half_bytes);
        let mut bytes = vec![0; usize::try_from(len).unwrap_or_default()];
        if len > 0 {
            disk.read(from, &mut bytes)?;
        }
        read_half(&bytes, sealer, identity, &opening, &mut found);
    }
    found.sort_unstable_by_key(|l| l.number);
    found.retain(|l| l.number > mark);
    Ok((mark + 1..).zip(found).take_while(|(number, l)| l.number == *number).map(|(_, l)| l).collect())
}

fn read_half(mut bytes: &[u8], sealer: &Sealer, identity: &Identity, opening: &Opening, found: &mut Vec<Logged>) {
    let mut expected = None;
    while let Some((logged, rest)) = first_frame(bytes, sealer, identity, opening) {
        if expected.is_some_and(|n| n != logged.number) {
            return;
        }
        expected = Some(logged.number + 1);
        found.push(logged);
        bytes = rest;
    }
}

fn first_frame<'b>(bytes: &'b [u8], sealer: &Sealer, identity: &Identity, opening: &Opening) -> Option<(Logged, &'b [u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (len, number) = head.split_first_chunk::<4>()?;
    let number = u64::from_le_bytes(number.try_into().ok()?);
    let (sealed, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    let (_, plain) = sealer.open(SEALED_AS, &associated(identity, opening, number), sealed).ok()?;
    let mut entries = Vec::new();
    let mut plain = plain.as_slice();
    while let Some((version, after)) = plain.split_first() {
        let (len, after) = after.split_first_chunk::<4>()?;
        let (entry, after) = after.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
        entries.push((*version, entry.to_vec()));
        plain = after;
    }
    Some((Logged { number, entries }, rest))
}
