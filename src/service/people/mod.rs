//! Whose word is this? Each source's record is a part; parts that are one person's are shown as one customer. Joining moves nothing:
//! what came under a part stays under it, so that two who were joined can be taken apart without a trace.

mod cars;
mod deciding;
mod filing;
mod grouping;
mod keys;
mod meeting;
mod parting;
mod taking_back;

use crate::{
    domain::{
        change::Changed,
        customer::Customer,
        edit::{Edit, Edits},
        ids::{CustomerId, PartId, ProfileId, StaffId},
        merge::Because,
        profile::Profile,
        time::At,
    },
    engine::identity::{self, Person},
    service::Policy,
    store::{Rows, StoreError, WriteTx, tables},
};
pub use cars::{bought, came_with, drives, drives_alone, gave_away, look_back, named_with, reclaim};
pub use deciding::{is_decided, leave_open, likely_of, merge, resolve, unmerge};
pub use filing::{Filed, FiledAs, Introduced, file, file_introduced};
pub(super) use grouping::in_words;
use grouping::{Cause, regroup};
use keys::put_keys;
pub use keys::{SHARED_BY_MOST, holders, housemates, sharers};
pub use meeting::{ToCompare, to_compare};
pub use parting::{keep_apart, separate, undo_parting};
pub use taking_back::{is_last_word, rests_on, take_back};

/// Records that one regrouping looks at. Beyond it is no person and no family.
const REGROUPED_MOST: usize = 200;

/// The customer a part is shown in.
pub fn root_of(tx: &impl Rows, part: PartId) -> Result<CustomerId, StoreError> {
    Ok(tx.get(tables::JOINED, &part)?.unwrap_or_else(|| part.into()))
}

/// The customer of this number, or the one it is shown in now.
pub fn shown(tx: &impl Rows, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    if let Some(customer) = tx.get(tables::CUSTOMERS, &id)? {
        return Ok(Some(customer));
    }
    match tx.get(tables::JOINED, &id.into())? {
        Some(root) => tx.get(tables::CUSTOMERS, &root),
        None => Ok(None),
    }
}

/// The customer a part is shown in.
pub fn of_part(tx: &impl Rows, part: PartId) -> Result<Option<Customer>, StoreError> {
    shown(tx, part.into())
}

/// A part as it is alone.
pub fn own(tx: &impl Rows, part: PartId) -> Result<Option<Customer>, StoreError> {
    match tx.get(tables::PARTS, &part)? {
        Some(own) => Ok(Some(own)),
        None => tx.get(tables::CUSTOMERS, &part.into()),
    }
}

fn own_or_damaged(tx: &impl Rows, part: PartId) -> Result<Customer, StoreError> {
    own(tx, part)?.ok_or_else(|| StoreError::Damaged { table: "PARTS".to_owned(), why: "names a record that is not there".to_owned() })
}

fn profiles(tx: &impl Rows, ids: &[ProfileId]) -> Result<Vec<Profile>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(tx.get(tables::PROFILES, id)?);
    }
    Ok(all)
}

fn person(policy: &Policy, own: &Customer, profiles: &[Profile]) -> Person {
    let by_hand = own.edits.as_profile();
    let mut said: Vec<&Profile> = profiles.iter().chain(by_hand.as_ref()).collect();
    // By when it was said, not by when it came: a person is the same whatever order files are brought in.
    said.sort_by(|a, b| (a.at, &a.phones, &a.emails).cmp(&(b.at, &b.phones, &b.emails)));
    Person::of(&said, &policy.own_points)
}

fn person_of(tx: &impl Rows, policy: &Policy, part: PartId) -> Result<Person, StoreError> {
    let own = own_or_damaged(tx, part)?;
    Ok(person(policy, &own, &profiles(tx, &own.profiles)?))
}
/// Changes the facts of one part; gives the customer it is shown in. Profiles and words by hand have their own acts.
pub fn change(tx: &WriteTx<'_>, part: PartId, act: impl FnOnce(&mut Customer)) -> Result<Option<Customer>, StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(None) };
    act(&mut own);
    put_own(tx, &own)?;
    of_part(tx, part)
}

/// Writes down what was concluded of a customer.
pub fn conclude(tx: &WriteTx<'_>, customer: &Customer) -> Result<(), StoreError> {
    tx.put(tables::CUSTOMERS, &customer.id, customer)?;
    tx.announce(Changed::Customer(customer.id));
    Ok(())
}

/// What somebody said by hand of a customer.
pub fn edit(tx: &WriteTx<'_>, policy: &Policy, id: CustomerId, edits: &[Edit], by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(customer) = shown(tx, id)? else { return Ok(()) };
    let mut own = own_or_damaged(tx, customer.id.into())?;
    let before = person(policy, &own, &profiles(tx, &own.profiles)?);
    for edit in edits {
        if matches!(edit, Edit::Owner(_)) && own.edits.owner.is_none() {
            own.edits.owner_before = own.owner;
        }
        own.edits.say(edit.clone(), &customer.phones, &customer.emails, by, now);
        if let Edit::Phones(_) = edit {
            own.wrong_number = false;
        }
    }
    refresh(tx, policy, own, &before, now)
}

/// Two customers as one, without joining them.
pub fn shown_together(tx: &impl Rows, one: &Customer, other: &Customer) -> Result<Customer, StoreError> {
    let mut parts = Vec::new();
    for part in one.all_parts().chain(other.all_parts()) {
        parts.push(own_or_damaged(tx, part)?);
    }
    let ids: Vec<ProfileId> = parts.iter().flat_map(|p| p.profiles.iter().copied()).collect();
    Ok(identity::shown(&parts, &profiles(tx, &ids)?).unwrap_or_else(|| one.clone()))
}

/// What was said by hand of one part.
pub fn edits_of(tx: &impl Rows, part: PartId) -> Result<Option<Edits>, StoreError> {
    Ok(own(tx, part)?.map(|own| own.edits))
}

/// What one person said by hand at one moment, and how the part was before.
#[derive(Debug, Clone, Copy)]
pub struct SaidThen<'a> {
    pub edits: &'a [Edit],
    pub before: &'a Edits,
    pub by: StaffId,
    pub at: At,
}

/// Takes back what was said by hand of a part, as far as it still stands.
pub fn take_edits_back(tx: &WriteTx<'_>, policy: &Policy, part: PartId, said: SaidThen<'_>, now: At) -> Result<(), StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(()) };
    let me = person(policy, &own, &profiles(tx, &own.profiles)?);
    let was_said = own.edits.owner.is_some();
    own.edits.take_back(said.edits, said.before, said.by, said.at);
    if was_said && own.edits.owner.is_none() {
        own.owner = own.edits.owner_before.take();
    }
    refresh(tx, policy, own, &me, now)
}
/// A record with other profiles or other words by hand than before: its values, its keys, and whose it is.
fn refresh(tx: &WriteTx<'_>, policy: &Policy, own: Customer, before: &Person, now: At) -> Result<(), StoreError> {
    let part = PartId::from(own.id);
    let said = profiles(tx, &own.profiles)?;
    let own = Customer { parts: own.parts.clone(), ..identity::shown(&[Customer { parts: vec![], ..own.clone() }], &said).unwrap_or(own) };
    let me = person(policy, &own, &said);
    put_own(tx, &own)?;
    put_keys(tx, part, &identity::keys(before), &identity::keys(&me))?;
    if me == *before { Ok(()) } else { regroup(tx, policy, &[part], Cause::Learnt, now).map(|_| ()) }
}

/// Writes a part as it is alone, and the customer it is shown in.
fn put_own(tx: &WriteTx<'_>, own: &Customer) -> Result<(), StoreError> {
    let part = PartId::from(own.id);
    let root = root_of(tx, part)?;
    if tx.has(tables::PARTS, &part)? {
        tx.put(tables::PARTS, &part, &Customer { parts: vec![], ..own.clone() })?;
        show(tx, root)
    } else {
        tx.put(tables::CUSTOMERS, &root, own)?;
        tx.announce(Changed::Customer(root));
        Ok(())
    }
}

/// Computes a customer of several parts anew; what was concluded of them stays.
fn show(tx: &WriteTx<'_>, root: CustomerId) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::CUSTOMERS, &root)? else { return Ok(()) };
    let mut parts = Vec::with_capacity(held.parts.len());
    for part in held.all_parts() {
        parts.push(own_or_damaged(tx, part)?);
    }
    let ids: Vec<ProfileId> = parts.iter().flat_map(|p| p.profiles.iter().copied()).collect();
    if let Some(mut customer) = identity::shown(&parts, &profiles(tx, &ids)?) {
        customer.score = held.score;
        customer.open_alert = held.open_alert;
        customer.drives = drives(tx, &customer)?;
        tx.put(tables::CUSTOMERS, &root, &customer)?;
    }
    tx.announce(Changed::Customer(root));
    Ok(())
}
/// Why a part was joined to the others of its customer.
pub fn because_of_part(tx: &impl Rows, part: PartId) -> Result<Option<Because>, StoreError> {
    Ok(own(tx, part)?.and_then(|own| own.because))
}
