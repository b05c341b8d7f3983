//! What people of the store say of a customer by hand: values, tags, whose they are, who is one with whom. Each is a journal entry whose
//! effects are had at once, and each can be taken back.

use super::{Policy, Rooms, advance, details, people, seen, think};
use crate::{
    domain::{
        bulk::Bulk,
        customer::Customer,
        edit::{Edit, Edits},
        event::Event,
        field::Field,
        ids::{CustomerId, MergeId, PartId, StaffId},
        merge::Merge,
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Customers changed at once by one act.
pub const BULK_MOST: usize = 1_000;
/// Fields a store may define.
pub const FIELDS_MOST: usize = 60;
const TAG_MOST_CHARS: usize = 40;
/// Bulk changes that can still be undone; older ones are let go of.
const BULKS_KEPT: u64 = 50;

/// Why an act was not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// A sentence: what cannot be taken and why.
    Unusable(String),
    /// Somebody changed the same values since they were read.
    Conflict(Vec<Conflict>),
}

/// One value that somebody else changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What was to be said.
    pub yours: Edit,
    /// What stands there now.
    pub theirs: Edit,
    pub by: Option<StaffId>,
    pub at: Option<At>,
}

/// One thing to be changed by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub edit: Edit,
    /// What stood there when the person began; another value now is a conflict, unless it is the new one. None: whatever stood in the
    /// version that was seen.
    pub before: Option<Edit>,
}

/// Changes a customer by hand. Another's change of other values is no conflict. The same key twice changes once.
///
/// `seen` is the version of the page that the person looked at; it counts for changes that do not say what stood there before.
pub async fn edit(
    rooms: &Rooms,
    id: CustomerId,
    seen: Option<String>,
    changes: Vec<Change>,
    by: StaffId,
    key: Option<String>,
    now: At,
) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if done_before(tx, by, key.as_deref())? {
                return Ok(Ok(()));
            }
            let Some(customer) = people::shown(tx, id)? else { return Ok(Err(Refusal::NotThere)) };
            let mut edits = Vec::with_capacity(changes.len());
            for change in &changes {
                match usable(tx, &change.edit)? {
                    Ok(edit) => edits.push(edit),
                    Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
                }
            }
            let is_stale = seen.as_ref().is_some_and(|seen| *seen != details::version(&customer));
            let conflicts = conflicts(tx, &customer, &changes, is_stale)?;
            if !conflicts.is_empty() {
                return Ok(Err(Refusal::Conflict(conflicts)));
            }
            edits.retain(|edit| now_said(&customer, edit) != *edit);
            if !edits.is_empty() {
                let seq = advance::append_applied(tx, &policy, Event::Edited { customers: vec![customer.id], by, edits }, now)?;
                remember(tx, by, key.as_deref(), seq)?;
                think::think(tx, &policy, customer.id, now)?;
            }
            Ok(Ok(()))
        })
        .await
}

fn done_before(tx: &WriteTx<'_>, by: StaffId, key: Option<&str>) -> Result<bool, StoreError> {
    match key {
        Some(key) => Ok(seen::before(tx, "edit", &format!("{by}/{key}"))?.is_some()),
        None => Ok(false),
    }
}

fn remember(tx: &WriteTx<'_>, by: StaffId, key: Option<&str>, seq: crate::domain::ids::Seq) -> Result<(), StoreError> {
    key.map_or(Ok(()), |key| seen::remember(tx, "edit", &format!("{by}/{key}"), seq))
}

/// The edit as it is kept, or a sentence why it cannot be.
fn usable(tx: &impl Rows, edit: &Edit) -> Result<Result<Edit, String>, StoreError> {
    Ok(match edit {
        Edit::Name(name) if name.is_empty() => Err("A customer has a name, or is called by phone or email: leave the name as it was.".to_owned()),
        Edit::Owner(Some(staff)) if !tx.get(tables::STAFF, staff)?.is_some_and(|s| s.active) => {
            Err("Nobody by that number works here; choose a colleague.".to_owned())
        }
        Edit::Tag { tag, on } => {
            let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
            if tag.is_empty() || tag.chars().count() > TAG_MOST_CHARS || tag.contains([',', ';', '|']) {
                Err(format!("A tag has 1 to {TAG_MOST_CHARS} characters, without commas."))
            } else {
                Ok(Edit::Tag { tag, on: *on })
            }
        }
        Edit::Field { key, value } => match tx.get(tables::FIELDS, key)? {
            Some(field) => field.read(value).map(|value| Edit::Field { key: key.clone(), value }),
            None => Err("This store has no such field.".to_owned()),
        },
        Edit::Name(_) | Edit::Address(_) | Edit::Birth(_) | Edit::Phones(_) | Edit::Emails(_) | Edit::Owner(_) => Ok(edit.clone()),
        Edit::Unknown => Err("This version does not know what is to be changed.".to_owned()),
    })
}

/// What stands where this edit would write.
#[must_use]
pub fn now_said(customer: &Customer, edit: &Edit) -> Edit {
    match edit {
        Edit::Name(_) => Edit::Name(customer.name.clone()),
        Edit::Address(_) => Edit::Address(customer.address.clone()),
        Edit::Birth(_) => Edit::Birth(customer.birth),
        Edit::Phones(_) => Edit::Phones(customer.phones.clone()),
        Edit::Emails(_) => Edit::Emails(customer.emails.clone()),
        Edit::Owner(_) => Edit::Owner(customer.owner),
        Edit::Tag { tag, .. } => Edit::Tag { tag: tag.clone(), on: customer.tags.iter().any(|t| t.to_lowercase() == tag.to_lowercase()) },
        Edit::Field { key, .. } => {
            let value = customer.fields.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap_or_default();
            Edit::Field { key: key.clone(), value }
        }
        Edit::Unknown => Edit::Unknown,
    }
}

fn conflicts(tx: &impl Rows, customer: &Customer, changes: &[Change], is_stale: bool) -> Result<Vec<Conflict>, StoreError> {
    let mut found = Vec::new();
    for change in changes {
        let theirs = now_said(customer, &change.edit);
        let stands = change.before.as_ref().map_or(!is_stale, |before| *before == theirs);
        if !stands && theirs != change.edit {
            let (by, at) = who_said(tx, customer, &theirs)?;
            found.push(Conflict { yours: change.edit.clone(), theirs, by, at });
        }
    }
    Ok(found)
}

/// Who said by hand what stands there now, and when; nobody when a source did.
fn who_said(tx: &impl Rows, customer: &Customer, theirs: &Edit) -> Result<(Option<StaffId>, Option<At>), StoreError> {
    let mut newest: Option<(At, StaffId)> = None;
    for part in customer.all_parts() {
        let Some(edits) = people::edits_of(tx, part)? else { continue };
        let said = match theirs {
            Edit::Name(_) => edits.name.map(|s| (s.at, s.by)),
            Edit::Address(_) => edits.address.map(|s| (s.at, s.by)),
            Edit::Birth(_) => edits.birth.map(|s| (s.at, s.by)),
            Edit::Phones(_) => edits.phones.map(|s| (s.at, s.by)),
            Edit::Emails(_) => edits.emails.map(|s| (s.at, s.by)),
            Edit::Owner(_) => edits.owner.map(|s| (s.at, s.by)),
            Edit::Tag { tag, .. } => edits.tags.into_iter().find(|(t, _)| t == tag).map(|(_, s)| (s.at, s.by)),
            Edit::Field { key, .. } => edits.fields.into_iter().find(|(k, _)| k == key).map(|(_, s)| (s.at, s.by)),
            Edit::Unknown => None,
        };
        newest = newest.max(said);
    }
    Ok((newest.map(|(_, by)| by), newest.map(|(at, _)| at)))
}

/// Joins two customers. Gives the joining; none when they are one already.
pub async fn merge(
    rooms: &Rooms,
    kept: CustomerId,
    folded: CustomerId,
    choices: Vec<Edit>,
    by: StaffId,
    key: Option<String>,
    now: At,
) -> Result<Result<Option<MergeId>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if done_before(tx, by, key.as_deref())? {
                return Ok(Ok(newest_merge(tx, kept)?));
            }
            let (Some(one), Some(other)) = (people::shown(tx, kept)?, people::shown(tx, folded)?) else { return Ok(Err(Refusal::NotThere)) };
            if one.id == other.id {
                return Ok(Err(Refusal::Unusable("The two are one customer already.".to_owned())));
            }
            let mut usable_choices = Vec::with_capacity(choices.len());
            for choice in &choices {
                match usable(tx, choice)? {
                    Ok(edit) => usable_choices.push(edit),
                    Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
                }
            }
            let event = Event::Merged { kept: one.id, folded: other.id, choices: usable_choices, by };
            let seq = advance::append_applied(tx, &policy, event, now)?;
            remember(tx, by, key.as_deref(), seq)?;
            think::think(tx, &policy, one.id, now)?;
            Ok(Ok(newest_merge(tx, one.id)?))
        })
        .await
}

fn newest_merge(tx: &impl Rows, of: CustomerId) -> Result<Option<MergeId>, StoreError> {
    Ok(tx.last(tables::CUSTOMER_MERGES, &Span::under(&of), 1)?.into_iter().next().map(|((_, id), ())| id))
}

/// The joinings of a customer, newest first.
pub fn merges_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<Merge>, StoreError> {
    const MERGES_MOST: usize = 20;
    let mut all: Vec<Merge> = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_MERGES, &Span::under(&CustomerId::from(part)), MERGES_MOST)? {
            if !all.iter().any(|m| m.id == id) {
                all.extend(tx.get(tables::MERGES, &id)?);
            }
        }
    }
    all.sort_by_key(|m| std::cmp::Reverse(m.id));
    all.truncate(MERGES_MOST);
    Ok(all)
}

/// Takes a joining apart again; gives the customers there are then.
pub async fn unmerge(rooms: &Rooms, id: MergeId, by: StaffId, now: At) -> Result<Result<Vec<CustomerId>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(merge) = tx.get(tables::MERGES, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if merge.undone.is_none() {
                advance::append_applied(tx, &policy, Event::Unmerged { merge: id, by }, now)?;
            }
            two_now(tx, &policy, merge.kept, merge.folded, now).map(Ok)
        })
        .await
}

fn two_now(tx: &WriteTx<'_>, policy: &Policy, one: CustomerId, other: CustomerId, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let mut ids = Vec::new();
    for id in [one, other] {
        if let Some(customer) = people::shown(tx, id)?
            && !ids.contains(&customer.id)
        {
            think::think(tx, policy, customer.id, now)?;
            ids.push(customer.id);
        }
    }
    Ok(ids)
}

/// Says that one record of a customer is somebody else's; gives the customers there are then.
pub async fn separate(rooms: &Rooms, id: CustomerId, part: PartId, by: StaffId, now: At) -> Result<Result<Vec<CustomerId>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(customer) = people::shown(tx, id)? else { return Ok(Err(Refusal::NotThere)) };
            if !customer.all_parts().any(|p| p == part) {
                return Ok(Err(Refusal::NotThere));
            }
            let Some(other) = customer.all_parts().find(|p| *p != part) else {
                return Ok(Err(Refusal::Unusable("It is the only record of this customer.".to_owned())));
            };
            advance::append_applied(tx, &policy, Event::Separated { part, by }, now)?;
            two_now(tx, &policy, other.into(), part.into(), now).map(Ok)
        })
        .await
}

/// Says that two who look like one are two.
pub async fn keep_apart(rooms: &Rooms, one: CustomerId, other: CustomerId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let (Some(one), Some(other)) = (people::shown(tx, one)?, people::shown(tx, other)?) else { return Ok(Err(Refusal::NotThere)) };
            if one.id == other.id {
                return Ok(Err(Refusal::Unusable("The two are one customer; take the record out instead.".to_owned())));
            }
            advance::append_applied(tx, &policy, Event::KeptApart { one: one.id, other: other.id, by }, now)?;
            Ok(Ok(()))
        })
        .await
}

/// What a change of many did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkDone {
    /// By which it can be undone.
    pub id: u64,
    pub changed: usize,
    /// Had it already, or are not there.
    pub unchanged: usize,
}

/// Says one thing of many customers at once.
pub async fn bulk(
    rooms: &Rooms,
    ids: Vec<CustomerId>,
    edit: Edit,
    by: StaffId,
    key: Option<String>,
    now: At,
) -> Result<Result<BulkDone, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if !matches!(edit, Edit::Owner(_) | Edit::Tag { .. }) {
                return Ok(Err(Refusal::Unusable("Of many customers at once the owner and tags can be changed.".to_owned())));
            }
            if ids.len() > BULK_MOST {
                return Ok(Err(Refusal::Unusable(format!("At most {BULK_MOST} customers are changed at once; {} were chosen.", ids.len()))));
            }
            let edit = match usable(tx, &edit)? {
                Ok(edit) => edit,
                Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
            };
            if let Some(key) = &key
                && let Some(done) = seen::before(tx, "bulk", &format!("{by}/{key}"))?
            {
                let changed = tx.get(tables::BULKS, &done.0)?.map_or(0, |b| b.changed.len());
                return Ok(Ok(BulkDone { id: done.0, changed, unchanged: ids.len().saturating_sub(changed) }));
            }
            let mut changed: Vec<(CustomerId, Edits)> = Vec::new();
            for id in &ids {
                if let Some(customer) = people::shown(tx, *id)?.filter(|c| now_said(c, &edit) != edit)
                    && !changed.iter().any(|(known, _)| *known == customer.id)
                {
                    changed.push((customer.id, people::edits_of(tx, customer.id.into())?.unwrap_or_default()));
                }
            }
            let id = tx.next("bulk")?;
            let customers: Vec<CustomerId> = changed.iter().map(|(id, _)| *id).collect();
            let done = BulkDone { id, changed: customers.len(), unchanged: ids.len() - customers.len() };
            tx.put(tables::BULKS, &id, &Bulk { at: now, by, edit: edit.clone(), changed, undone: false })?;
            if id > BULKS_KEPT {
                tx.remove(tables::BULKS, &(id - BULKS_KEPT))?;
            }
            if !customers.is_empty() {
                advance::append_applied(tx, &policy, Event::Edited { customers, by, edits: vec![edit.clone()] }, now)?;
            }
            if let Some(key) = &key {
                seen::remember(tx, "bulk", &format!("{by}/{key}"), crate::domain::ids::Seq(id))?;
            }
            Ok(Ok(done))
        })
        .await
}

/// Undoes a change of many; whoever was changed again since keeps that. How many are as before.
pub async fn undo_bulk(rooms: &Rooms, id: u64, by: StaffId, now: At) -> Result<Result<usize, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(bulk) = tx.get(tables::BULKS, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if !bulk.undone {
                advance::append_applied(tx, &policy, Event::BulkUndone { bulk: id, by }, now)?;
            }
            Ok(Ok(bulk.changed.len()))
        })
        .await
}

/// The effects of undoing a change of many.
pub(super) fn take_bulk_back(tx: &WriteTx<'_>, policy: &Policy, id: u64, now: At) -> Result<(), StoreError> {
    let Some(mut bulk) = tx.get(tables::BULKS, &id)?.filter(|b: &Bulk| !b.undone) else { return Ok(()) };
    for (customer, before) in &bulk.changed {
        people::take_edits_back(tx, policy, (*customer).into(), before, bulk.at, now)?;
    }
    bulk.undone = true;
    tx.put(tables::BULKS, &id, &bulk)
}

/// The fields of this store, by label.
pub fn fields(tx: &impl Rows) -> Result<Vec<Field>, StoreError> {
    let mut all: Vec<Field> = tx.some(tables::FIELDS, &Span::all(), FIELDS_MOST)?.into_iter().map(|(_, f)| f).collect();
    all.sort_by_key(|f| f.label.to_lowercase());
    Ok(all)
}

/// Defines a field, or changes label and choices of one that is there. Its kind stays: values are kept by it.
pub async fn define_field(rooms: &Rooms, field: Field, by: StaffId, now: At) -> Result<Result<Field, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let label = field.label.split_whitespace().collect::<Vec<_>>().join(" ");
            if label.is_empty() || label.chars().count() > Field::LABEL_MOST_CHARS {
                return Ok(Err(Refusal::Unusable(format!("A field has a name of 1 to {} characters.", Field::LABEL_MOST_CHARS))));
            }
            let held = tx.get(tables::FIELDS, &field.key)?;
            if held.is_none() && tx.count(tables::FIELDS)? >= FIELDS_MOST as u64 {
                return Ok(Err(Refusal::Unusable(format!("A store has at most {FIELDS_MOST} fields of its own."))));
            }
            if Field::key_of(&field.key).as_ref() != Some(&field.key) {
                return Ok(Err(Refusal::Unusable("A field's key is made of letters, digits and dashes.".to_owned())));
            }
            if held.as_ref().is_some_and(|h| h.kind != field.kind) {
                return Ok(Err(Refusal::Unusable("A field keeps its kind; define another one.".to_owned())));
            }
            let choices: Vec<String> = field.choices.iter().map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
            if field.kind == crate::domain::field::FieldKind::Choice && choices.is_empty() {
                return Ok(Err(Refusal::Unusable("A choice needs at least one thing to choose.".to_owned())));
            }
            let field = Field { label, choices, ..field.clone() };
            advance::append_applied(tx, &policy, Event::FieldChanged { field: field.clone(), gone: false, by }, now)?;
            Ok(Ok(field))
        })
        .await
}

/// Takes a field away. Values that were given stay with their customers, and are shown again when it is defined again.
pub async fn drop_field(rooms: &Rooms, key: String, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(field) = tx.get(tables::FIELDS, &key)? else { return Ok(Err(Refusal::NotThere)) };
            advance::append_applied(tx, &policy, Event::FieldChanged { field, gone: true, by }, now)?;
            Ok(Ok(()))
        })
        .await
}
