//! By what is a person met? Each way to reach or find somebody is a keyed hash, and under it the records that have it.

use super::root_of;
use crate::{
    domain::{
        customer::Customer,
        ids::{CustomerId, PartId},
        phone::Phone,
    },
    engine::identity::Key,
    store::{Rows, Span, StoreError, WriteTx, key::Hash, seal::Sealer, tables},
};

/// A point can stand for a whole street; past this many records it tells nobody apart.
pub const SHARED_BY_MOST: usize = 24;
/// Past this many under one roof it is a building whose doors nobody wrote down.
const UNDER_ONE_ROOF_MOST: usize = 8;

pub(super) fn hash(sealer: &Sealer, key: &Key) -> Hash {
    let (kind, text) = key.parts();
    sealer.lookup(kind, &text)
}

/// Every record with this key, at most one more than tells anybody apart.
pub(super) fn with_key(tx: &impl Rows, key: &Hash) -> Result<Vec<PartId>, StoreError> {
    Ok(tx.keys(tables::POINTS, &Span::under(key), SHARED_BY_MOST + 1)?.into_iter().map(|(_, id)| id).collect())
}

/// Every customer with this key, while it tells anything about them.
pub fn holders(tx: &impl Rows, key: &Key) -> Result<Vec<CustomerId>, StoreError> {
    let parts = with_key(tx, &hash(tx.sealer(), key))?;
    if parts.len() > SHARED_BY_MOST {
        return Ok(vec![]);
    }
    let mut customers: Vec<CustomerId> = Vec::new();
    for part in parts {
        let root = root_of(tx, part)?;
        if !customers.contains(&root) {
            customers.push(root);
        }
    }
    Ok(customers)
}

/// Everybody who has this phone, while it tells anything about them.
pub fn sharers(tx: &impl Rows, phone: &Phone) -> Result<Vec<CustomerId>, StoreError> {
    holders(tx, &Key::phone(phone))
}

/// The others who live where this customer does.
pub fn housemates(tx: &impl Rows, customer: &Customer) -> Result<Vec<CustomerId>, StoreError> {
    let Some(key) = Key::home(customer) else { return Ok(vec![]) };
    let mut there = Vec::new();
    for id in holders(tx, &key)? {
        // Who moved away is still met by the address of then.
        if tx.get(tables::CUSTOMERS, &id)?.is_some_and(|c| Key::home(&c).as_ref() == Some(&key)) {
            there.push(id);
        }
    }
    Ok(if there.len() > UNDER_ONE_ROOF_MOST { vec![] } else { there.into_iter().filter(|id| *id != customer.id).collect() })
}

pub(super) fn put_keys(tx: &WriteTx<'_>, part: PartId, before: &[Key], now: &[Key]) -> Result<(), StoreError> {
    for gone in before.iter().filter(|k| !now.contains(k)) {
        tx.remove(tables::POINTS, &(hash(tx.sealer(), gone), part))?;
    }
    for new in now.iter().filter(|k| !before.contains(k)) {
        tx.put(tables::POINTS, &(hash(tx.sealer(), new), part), &())?;
    }
    Ok(())
}
