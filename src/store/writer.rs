//! Who writes? One thread. It takes every waiting write into one commit, so that durability costs one sync for many.

use super::{Shared, StoreError, tx::WriteTx};
use crate::domain::change::Change;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
};
use tokio::sync::{mpsc, oneshot};

/// May run twice: once with its neighbours, and again alone when one of them fails.
pub(super) type Act = Box<dyn FnMut(&WriteTx<'_>) -> Result<(), StoreError> + Send>;

pub(super) struct Command {
    pub(super) act: Act,
    pub(super) done: oneshot::Sender<Result<(), StoreError>>,
}

/// Writes that wait while this many do get no place: the caller answers "busy" rather than piling up memory.
pub(super) const WAITING_MOST: usize = 4_096;
/// Writes in one commit. Past some hundreds a larger commit saves nothing and makes its first writer wait.
const TOGETHER_MOST: usize = 512;

/// Ends when every sender is gone, having committed what was sent.
pub(super) fn run(shared: &Weak<Shared>, mut commands: mpsc::Receiver<Command>) {
    let mut batch: Vec<Command> = Vec::with_capacity(TOGETHER_MOST);
    while let Some(first) = commands.blocking_recv() {
        batch.push(first);
        while batch.len() < TOGETHER_MOST {
            match commands.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let Some(shared) = shared.upgrade() else { return };
        commit_batch(&shared, &mut batch);
    }
}

fn commit_batch(shared: &Arc<Shared>, batch: &mut Vec<Command>) {
    match commit(shared, batch.iter_mut().map(|c| &mut c.act)) {
        Ok(changes) => {
            (shared.announce)(&changes);
            for command in batch.drain(..) {
                let _ = command.done.send(Ok(()));
            }
        }
        Err(Failed::Act(_)) if batch.len() > 1 => {
            for mut command in batch.drain(..) {
                let result = commit(shared, std::iter::once(&mut command.act));
                let result = finish_one(shared, result);
                let _ = command.done.send(result);
            }
        }
        Err(failed) => {
            let result = finish_one(shared, Err(failed));
            for command in batch.drain(..) {
                let _ = command.done.send(result.clone());
            }
        }
    }
}

fn finish_one(shared: &Arc<Shared>, result: Result<Vec<Change>, Failed>) -> Result<(), StoreError> {
    match result {
        Ok(changes) => {
            (shared.announce)(&changes);
            Ok(())
        }
        Err(Failed::Act(error)) => {
            // A read inside the act can meet the disk's error first.
            if error.is_io() {
                shared.reopen();
            }
            Err(error)
        }
        Err(Failed::Disk(error)) => {
            tracing::error!(error = %error, "the disk refused a commit; the store file is opened anew");
            shared.reopen();
            Err(StoreError::Uncertain(error.to_string()))
        }
    }
}

enum Failed {
    /// An act could not be done; nothing of this transaction is kept.
    Act(StoreError),
    /// The commit failed; it may or may not be on disk.
    Disk(StoreError),
}

fn commit<'a>(shared: &Shared, acts: impl Iterator<Item = &'a mut Act>) -> Result<Vec<Change>, Failed> {
    let mut txn = shared.begin_write().map_err(Failed::Disk)?;
    // Both syncs: a torn or forged commit is told from a whole one, and a killed process opens at once.
    txn.set_two_phase_commit(true);
    txn.set_quick_repair(true);
    let changes = {
        let tx = WriteTx::new(&txn, &shared.sealer);
        for act in acts {
            match catch_unwind(AssertUnwindSafe(|| act(&tx))) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(Failed::Act(error)),
                Err(_) => return Err(Failed::Act(StoreError::Unavailable("a write ended unexpectedly; nothing of it was kept".to_owned()))),
            }
        }
        tx.finish().map_err(Failed::Act)?
    };
    txn.commit().map_err(|e| Failed::Disk(e.into()))?;
    Ok(changes)
}
