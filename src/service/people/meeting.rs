//! Who else could this be? Everybody who shares a key with a person, and what is to be made of it.

use super::{
    keys::{SHARED_BY_MOST, hash, with_key},
    person, person_of, profiles,
};
use crate::{
    domain::ids::{CustomerId, PartId},
    engine::identity::{self, Person, Verdict},
    service::Policy,
    store::{Rows, Span, StoreError, key::Hash, tables},
};

/// Everybody who has one of these keys with this person, and what is to be made of it.
pub(super) fn meet(tx: &impl Rows, policy: &Policy, part: PartId, me: &Person, keys: &[Hash]) -> Result<Vec<(PartId, Verdict)>, StoreError> {
    let model = policy.identity.of(tx)?;
    let mut found: Vec<(PartId, Verdict)> = Vec::new();
    for key in keys {
        let parts = with_key(tx, key)?;
        if parts.len() > SHARED_BY_MOST {
            continue;
        }
        for other in parts {
            if other != part && !found.iter().any(|(held, _)| *held == other) {
                let them = person_of(tx, policy, other)?;
                let verdict = identity::judge(&model, me, &them);
                found.push((other, verdict));
            }
        }
    }
    Ok(found)
}

/// Everybody who shares any key with this person, and those whom a scan of the whole base met with them, whatever they share.
pub(super) fn meet_again(
    tx: &impl Rows,
    policy: &Policy,
    part: PartId,
    me: &Person,
    scanned: &[PartId],
) -> Result<Vec<(PartId, Verdict)>, StoreError> {
    let keys: Vec<Hash> = identity::keys(me).iter().map(|key| hash(tx.sealer(), key)).collect();
    let mut found = meet(tx, policy, part, me, &keys)?;
    let model = policy.identity.of(tx)?;
    for other in scanned {
        if !found.iter().any(|(held, _)| held == other) {
            let them = person_of(tx, policy, *other)?;
            let verdict = identity::judge(&model, me, &them);
            found.push((*other, verdict));
        }
    }
    Ok(found)
}

/// Records as people to be compared.
pub struct ToCompare {
    pub people: Vec<(PartId, Person)>,
    /// After this customer there may be more.
    pub next: Option<CustomerId>,
}

/// All records of the customers after this one, at most so many customers.
pub fn to_compare(tx: &impl Rows, policy: &Policy, after: Option<CustomerId>, at_most: usize) -> Result<ToCompare, StoreError> {
    let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
    let customers = tx.some(tables::CUSTOMERS, &span, at_most)?;
    let mut people = Vec::with_capacity(customers.len());
    for (id, customer) in &customers {
        if customer.parts.is_empty() {
            people.push(((*id).into(), person(policy, customer, &profiles(tx, &customer.profiles)?).tight()));
        }
        for part in &customer.parts {
            people.push((*part, person_of(tx, policy, *part)?.tight()));
        }
    }
    Ok(ToCompare { people, next: customers.last().filter(|_| customers.len() == at_most).map(|(id, _)| *id) })
}
