//! Was this done before? Keys of writes already done, so that a retry does nothing twice.

use crate::{
    domain::{
        ids::{Seq, StaffId},
        time::{At, DAY_MS},
    },
    store::{Rows, StoreError, WriteTx, tables},
};

/// Content without an id of its own is the same thing again within this time (field guide 3.1, class 11).
const SAME_CONTENT_MS: i64 = DAY_MS;

/// Who asks for a write, and by which key they ask for it again when no answer came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub by: StaffId,
    pub key: Option<String>,
}

impl Asked {
    /// Every asking is a new one.
    #[must_use]
    pub fn without_key(by: StaffId) -> Self {
        Self { by, key: None }
    }

    /// The number that this act gave when it was asked for by this key before.
    pub fn before(&self, tx: &impl Rows, act: &str) -> Result<Option<u64>, StoreError> {
        Ok(self.scoped().map(|key| before(tx, act, &key)).transpose()?.flatten().map(|gave| gave.0))
    }

    pub fn remember(&self, tx: &WriteTx<'_>, act: &str, gave: u64) -> Result<(), StoreError> {
        self.scoped().map_or(Ok(()), |key| remember(tx, act, &key, Seq(gave)))
    }

    /// Does an act that gives nothing; done before by this key, it is done.
    pub fn once<E>(
        &self,
        tx: &WriteTx<'_>,
        act: &str,
        does: impl FnOnce() -> Result<Result<(), E>, StoreError>,
    ) -> Result<Result<(), E>, StoreError> {
        if self.before(tx, act)?.is_some() {
            return Ok(Ok(()));
        }
        let done = does()?;
        if done.is_ok() {
            self.remember(tx, act, 1)?;
        }
        Ok(done)
    }

    fn scoped(&self) -> Option<String> {
        self.key.as_ref().map(|key| format!("{}/{key}", self.by))
    }
}

/// The journal entry that `key` gave before, if any.
pub fn before(tx: &impl Rows, scope: &str, key: &str) -> Result<Option<Seq>, StoreError> {
    Ok(tx.get(tables::SEEN, &tx.sealer().lookup(scope, key))?.map(Seq))
}

/// The same, forgotten after a day.
pub fn content_before(tx: &WriteTx<'_>, scope: &str, key: &str, now: At) -> Result<Option<Seq>, StoreError> {
    let Some(seq) = before(tx, scope, key)? else { return Ok(None) };
    let recent = tx.get(tables::JOURNAL, &seq)?.is_some_and(|entry| now.since(entry.at) < SAME_CONTENT_MS);
    Ok(recent.then_some(seq))
}

pub fn remember(tx: &WriteTx<'_>, scope: &str, key: &str, gave: Seq) -> Result<(), StoreError> {
    tx.put(tables::SEEN, &tx.sealer().lookup(scope, key), &gave.0)
}
