//! Was this done before? Keys of writes already done, so that a retry does nothing twice.

use crate::{
    domain::{
        ids::Seq,
        time::{At, DAY_MS},
    },
    store::{Rows, StoreError, WriteTx, tables},
};

/// Content without an id of its own is the same thing again within this time (field guide 3.1, class 11).
const SAME_CONTENT_MS: i64 = DAY_MS;

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
