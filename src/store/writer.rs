//! Who writes? One thread. It takes every waiting write into one commit, so that durability costs one sync for many.

use super::{
    Shared, StoreError,
    key::Span,
    tables,
    tx::{Rows, WriteTx},
};
use crate::domain::change::Change;
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    thread::{self, JoinHandle},
};
use tokio::sync::{mpsc, oneshot};

/// May run twice: once with its neighbours, and again alone when one of them fails.
pub(super) type Act = Box<dyn FnMut(&WriteTx<'_>) -> Result<(), StoreError> + Send>;

pub(super) struct Command {
    pub(super) act: Act,
    /// Whether somebody waits for it, other than a wheel of the house.
    pub(super) is_awaited: bool,
    pub(super) done: oneshot::Sender<Result<(), StoreError>>,
}

impl Command {
    /// Only takes in what the log holds.
    pub(super) fn nothing() -> (Self, oneshot::Receiver<Result<(), StoreError>>) {
        let (done, answer) = oneshot::channel();
        (Self { act: Box::new(|_| Ok(())), is_awaited: false, done }, answer)
    }

    /// Moves the mark of the log: what lies there up to it is never taken in.
    pub(super) fn mark(number: u64) -> (Self, oneshot::Receiver<Result<(), StoreError>>) {
        let (done, answer) = oneshot::channel();
        (Self { act: Box::new(move |tx| tx.mark_log(number)), is_awaited: false, done }, answer)
    }
}

/// Writes that wait while this many do get no place: the caller answers "busy" rather than piling up memory.
const WAITING_MOST: usize = 4_096;
/// Writes in one commit. Past some hundreds a larger commit saves nothing and makes its first writer wait.
const TOGETHER_MOST: usize = 512;

/// The thread. It ends when every sender is gone, having committed what was sent; whoever drops this waits for that.
pub(super) struct Writer(Option<JoinHandle<()>>);

impl Writer {
    /// `announced` is the last change that needs no telling any more.
    pub(super) fn start(shared: Arc<Shared>, announced: u64) -> Result<(mpsc::Sender<Command>, Self), StoreError> {
        let (commands, receiver) = mpsc::channel(WAITING_MOST);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Work { shared, announced }.run(receiver))
            .map_err(|e| StoreError::Unavailable(format!("the writer could not start: {e}")))?;
        Ok((commands, Self(Some(thread))))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // An act may own the last clone of the store; a thread cannot wait for itself.
        if let Some(thread) = self.0.take().filter(|t| t.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

enum Failed {
    /// It could not begin; nothing was written.
    Begin(StoreError),
    /// An act could not be done; nothing of this transaction is kept.
    Act(StoreError),
    /// The commit failed; it may or may not be on disk.
    Commit(StoreError),
}

impl Failed {
    /// What the sender is told.
    fn told(self) -> StoreError {
        match self {
            Self::Begin(error) | Self::Act(error) => error,
            Self::Commit(StoreError::Io(why)) => StoreError::Uncertain(why),
            Self::Commit(error) => StoreError::Uncertain(error.to_string()),
        }
    }

    /// A read inside an act can meet the disk's error first.
    fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Begin(_) | Self::Commit(_) => true,
            Self::Act(error) => error.is_io(),
        }
    }
}

struct Work {
    shared: Arc<Shared>,
    /// The last change that was announced.
    announced: u64,
}

impl Work {
    fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut batch: Vec<Command> = Vec::with_capacity(TOGETHER_MOST);
        while let Some(first) = commands.blocking_recv() {
            batch.push(first);
            while batch.len() < TOGETHER_MOST {
                match commands.try_recv() {
                    Ok(next) => batch.push(next),
                    Err(_) => break,
                }
            }
            let awaited = batch.iter().filter(|command| command.is_awaited).count();
            self.shared.acts.fetch_add(awaited as u64, Ordering::Relaxed);
            self.commit_batch(&mut batch);
        }
        // The last senders are gone; what the log still holds need not wait for the next start.
        if self.shared.waiting.len() > 0 && self.commit(&mut []).is_err() {
            tracing::warn!("the log was not taken into the file; the next start does it");
        }
    }

    fn commit_batch(&mut self, batch: &mut Vec<Command>) {
        match self.commit(batch) {
            // One of them cannot be done, so each goes alone.
            Err(Failed::Act(_)) if batch.len() > 1 => {
                for mut command in batch.drain(..) {
                    let result = self.commit(std::slice::from_mut(&mut command)).map_err(Failed::told);
                    let _ = command.done.send(result);
                }
            }
            result => {
                let result = result.map_err(Failed::told);
                for command in batch.drain(..) {
                    let _ = command.done.send(result.clone());
                }
            }
        }
    }

    /// One commit and its announcements. After an error of the disk the file is opened anew: at once when nothing had begun, so that
    /// a write does not fail for an error that an earlier one or a reader met.
    fn commit(&mut self, batch: &mut [Command]) -> Result<(), Failed> {
        let mut result = self.try_commit(batch);
        if let Err(Failed::Begin(_)) = result {
            self.reopen();
            result = self.try_commit(batch);
        }
        match result {
            Ok(changes) => {
                self.announce(&changes);
                Ok(())
            }
            Err(failed) => {
                if failed.is_of_the_disk() {
                    self.reopen();
                }
                Err(failed)
            }
        }
    }

    fn try_commit(&self, batch: &mut [Command]) -> Result<Vec<Change>, Failed> {
        let whole = catch_unwind(AssertUnwindSafe(|| {
            let mut txn = self.shared.begin_write().map_err(Failed::Begin)?;
            // Both syncs: a torn or forged commit is told from a whole one, and a killed process opens at once.
            txn.set_two_phase_commit(true);
            txn.set_quick_repair(true);
            // First what was answered before these acts were sent.
            let logged = self.shared.waiting.all();
            let changes = {
                let tx = WriteTx::new(&txn, &self.shared.sealer);
                tx.take_in(&logged).map_err(Failed::Act)?;
                for command in batch {
                    run_act(&mut command.act, &tx).map_err(Failed::Act)?;
                }
                tx.finish().map_err(Failed::Act)?
            };
            txn.commit().map_err(|e| Failed::Commit(e.into()))?;
            if let Some(last) = logged.last() {
                self.shared.waiting.forget(last.number);
            }
            Ok(changes)
        }));
        // Damage can make redb panic. The writer must outlive it.
        whole.unwrap_or_else(|_| Err(Failed::Commit(StoreError::Unavailable("the store file met an unexpected fault".to_owned()))))
    }

    fn reopen(&mut self) {
        tracing::error!("the disk refused; the store file is opened anew");
        self.shared.reopen();
        self.announce_landed();
    }

    /// A commit that failed may be on disk all the same; what it changed is announced now, or nobody would hear of it.
    fn announce_landed(&mut self) {
        let mut landed = Vec::new();
        let read = self.shared.read().and_then(|tx| {
            tx.each(tables::CHANGES, &Span::all().after(&self.announced), |seq, what| {
                landed.push(Change { seq, what });
                Ok(ControlFlow::Continue(()))
            })
        });
        if read.is_ok() {
            self.announce(&landed);
        }
    }

    fn announce(&mut self, changes: &[Change]) {
        if let Some(last) = changes.last() {
            self.announced = last.seq;
        }
        if catch_unwind(AssertUnwindSafe(|| (self.shared.announce)(changes))).is_err() {
            tracing::error!("a listener failed while it was told of changes");
        }
    }
}

fn run_act(act: &mut Act, tx: &WriteTx<'_>) -> Result<(), StoreError> {
    catch_unwind(AssertUnwindSafe(|| act(tx)))
        .unwrap_or_else(|_| Err(StoreError::Unavailable("a write ended unexpectedly; nothing of it was kept".to_owned())))
}
