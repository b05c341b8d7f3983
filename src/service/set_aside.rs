//! What could not be understood: kept with its bytes, counted, shown, never in the way of what comes behind.

use crate::{
    domain::{
        change::Changed,
        ids::SetAsideId,
        set_aside::{SetAside, SetAsideRoad},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

pub fn put(tx: &WriteTx<'_>, road: SetAsideRoad, source: &str, reason: &str, bytes: &[u8], now: At) -> Result<SetAsideId, StoreError> {
    let id = SetAsideId(tx.next("set_aside")?);
    let item = SetAside { id, at: now, road, source: source.to_owned(), reason: reason.to_owned(), bytes: bytes.to_vec() };
    tx.put(tables::SET_ASIDE, &id, &item)?;
    tx.announce(Changed::SetAside(id));
    Ok(id)
}

/// Newest first, those before `before` when given.
pub fn page(tx: &impl Rows, before: Option<SetAsideId>, limit: usize) -> Result<Vec<SetAside>, StoreError> {
    let span = match before {
        Some(id) => Span::all().before(&id),
        None => Span::all(),
    };
    Ok(tx.last(tables::SET_ASIDE, &span, limit)?.into_iter().map(|(_, item)| item).collect())
}

pub fn one(tx: &impl Rows, id: SetAsideId) -> Result<Option<SetAside>, StoreError> {
    tx.get(tables::SET_ASIDE, &id)
}

pub fn count(tx: &impl Rows) -> Result<u64, StoreError> {
    Ok(tx.get(tables::COUNTERS, &"set_aside".to_owned())?.unwrap_or(0))
}
