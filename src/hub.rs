//! Who hears that something changed? Everybody in this process who asked: browsers' streams, the index, the wheels.

use crate::domain::{change::Change, ids::CustomerId};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::{Notify, broadcast};

/// Listeners further behind than this many changes are told to read again instead.
const REMEMBERED: usize = 4_096;

/// In-process announcements, in the order of the commits.
#[derive(Clone)]
pub struct Hub {
    changes: broadcast::Sender<Change>,
    viewers: broadcast::Sender<CustomerId>,
    journal: Arc<Notify>,
    index: Arc<Notify>,
    imports: Arc<Notify>,
    duplicates: Arc<Notify>,
    revocations: Arc<AtomicU64>,
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    #[must_use]
    pub fn new() -> Self {
        Self {
            changes: broadcast::channel(REMEMBERED).0,
            viewers: broadcast::channel(REMEMBERED).0,
            journal: Arc::default(),
            index: Arc::default(),
            imports: Arc::default(),
            duplicates: Arc::default(),
            revocations: Arc::default(),
        }
    }

    /// Tells everybody; called after the commit is on disk.
    pub fn publish(&self, changes: &[Change]) {
        for change in changes {
            // Nobody listening is no error.
            let _ = self.changes.send(*change);
        }
        if !changes.is_empty() {
            self.nudge_index();
        }
    }

    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Tells everybody that others look at these customers than before. No change of the store: it has no place in the order of those,
    /// and nobody is told of it later.
    pub fn tell_viewers(&self, customers: &[CustomerId]) {
        for customer in customers {
            // Nobody listening is no error.
            let _ = self.viewers.send(*customer);
        }
    }

    #[must_use]
    pub fn subscribe_viewers(&self) -> broadcast::Receiver<CustomerId> {
        self.viewers.subscribe()
    }

    /// A sender's key was revoked: whoever remembers keys forgets them.
    pub fn tell_revocation(&self) {
        self.revocations.fetch_add(1, Ordering::SeqCst);
    }

    /// How many were told of in this process.
    #[must_use]
    pub fn revocations(&self) -> u64 {
        self.revocations.load(Ordering::SeqCst)
    }

    /// Something was appended to the journal.
    pub fn nudge_journal(&self) {
        self.journal.notify_one();
    }

    pub async fn journal_nudged(&self) {
        self.journal.notified().await;
    }

    /// A file waits to be rehearsed, run or taken back.
    pub fn nudge_imports(&self) {
        self.imports.notify_one();
    }

    pub async fn imports_nudged(&self) {
        self.imports.notified().await;
    }

    /// A search for doubles was asked for, or has more to do.
    pub fn nudge_duplicates(&self) {
        self.duplicates.notify_one();
    }

    pub async fn duplicates_nudged(&self) {
        self.duplicates.notified().await;
    }

    /// Asks the index wheel to turn now.
    pub fn nudge_index(&self) {
        self.index.notify_one();
    }

    /// Something the search index shows has changed.
    pub async fn index_nudged(&self) {
        self.index.notified().await;
    }
}
