//! What could not be understood: kept with its bytes, counted, shown, never in the way of what comes behind.

use crate::{
    domain::{
        change::Changed,
        ids::{SetAsideId, StaffId},
        lead::NoLead,
        set_aside::{Restored, SetAside, SetAsideRoad},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

pub fn put(tx: &WriteTx<'_>, road: SetAsideRoad, source: &str, reason: &str, bytes: &[u8], now: At) -> Result<SetAsideId, StoreError> {
    keep(tx, road, source, reason, bytes, None, now)
}

/// Keeps a message that was taken for no lead; whoever looks may take it for one.
pub fn put_no_lead(tx: &WriteTx<'_>, source: &str, why: NoLead, bytes: &[u8], now: At) -> Result<SetAsideId, StoreError> {
    keep(tx, SetAsideRoad::Lead, source, &reason_of(why), bytes, Some(why), now)
}

/// What is said of a message that was taken for no lead.
#[must_use]
pub fn reason_of(why: NoLead) -> String {
    format!("It looks like {}. If it is a lead after all, take it up.", why.words())
}

fn keep(
    tx: &WriteTx<'_>,
    road: SetAsideRoad,
    source: &str,
    reason: &str,
    bytes: &[u8],
    no_lead: Option<NoLead>,
    now: At,
) -> Result<SetAsideId, StoreError> {
    let id = SetAsideId(tx.next("set_aside")?);
    let item = SetAside { id, at: now, road, source: source.to_owned(), reason: reason.to_owned(), bytes: bytes.to_vec(), no_lead, restored: None };
    tx.put(tables::SET_ASIDE, &id, &item)?;
    tx.announce(Changed::SetAside(id));
    Ok(id)
}

/// Somebody took it up: it is a lead now, and stays on the list as what it was.
pub(super) fn taken_up(tx: &WriteTx<'_>, item: SetAside, by: StaffId, now: At) -> Result<(), StoreError> {
    let id = item.id;
    tx.put(tables::SET_ASIDE, &id, &SetAside { restored: Some(Restored { at: now, by }), ..item })?;
    tx.announce(Changed::SetAside(id));
    Ok(())
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
