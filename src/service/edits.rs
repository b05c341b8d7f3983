//! What people of the store say of a customer by hand: values, tags, whose they are, who is one with whom. Each is a journal entry whose
//! effects are had at once, and each can be taken back.

use super::{Policy, Rooms, advance, details, people, seen::Asked, think};
use crate::{
    domain::{
        bulk::Bulk,
        customer::Customer,
        edit::{Edit, Edits},
        event::Event,
        field::Field,
        ids::{CustomerId, MergeId, PartId, Seq, StaffId},
        merge::{Decision, Merge, Parting},
        staff::Role,
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Customers changed at once by one act.
pub const BULK_MOST: usize = 1_000;
/// Fields a store may define.
pub const FIELDS_MOST: usize = 60;
const TAG_MOST_CHARS: usize = 40;
/// Changes that can still be undone; older ones are let go of.
const BULKS_KEPT: u64 = 500;

/// Why an act was not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// A sentence: what cannot be taken and why.
    Unusable(String),
    /// Somebody changed the same values since they were read.
    Conflict(Vec<Conflict>),
    /// A sentence: what somebody did since, over which nothing is undone.
    DoneSince(String),
    /// Somebody else said it.
    NotYours,
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

/// Changes a customer by hand; gives the number by which that can be undone, none when all of it stood there already. Another's change of
/// other values is no conflict. The same key twice changes once.
///
/// `seen` is the version of the page that the person looked at; it counts for changes that do not say what stood there before.
pub async fn edit(
    rooms: &Rooms,
    id: CustomerId,
    seen: Option<String>,
    changes: Vec<Change>,
    asked: Asked,
    now: At,
) -> Result<Result<Option<u64>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(undo) = asked.before(tx, "edit by hand")? {
                return Ok(Ok(Some(undo).filter(|undo| *undo != NOTHING)));
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
            let undo = if edits.is_empty() {
                None
            } else {
                let undo = tx.next("bulk")?;
                let event = Event::Edited { customers: vec![customer.id], by: asked.by, edits, undo: Some(undo) };
                advance::append_applied(tx, &policy, event, now)?;
                think::think(tx, &policy, customer.id, now)?;
                Some(undo)
            };
            asked.remember(tx, "edit by hand", undo.unwrap_or(NOTHING))?;
            Ok(Ok(undo))
        })
        .await
}

/// What an act gave that had nothing to do.
const NOTHING: u64 = 0;

/// The effects of what somebody said by hand of customers, and how it was before.
pub(super) fn say(tx: &WriteTx<'_>, policy: &Policy, said: Said<'_>, now: At) -> Result<(), StoreError> {
    let Said { customers, by, edits, undo } = said;
    if let (Some(number), [edit, more @ ..]) = (undo, edits) {
        let (edit, more) = (edit.clone(), more.to_vec());
        let are_phones_said = edits.iter().any(|edit| matches!(edit, Edit::Phones(_)));
        let mut bulk = Bulk { at: now, by, edit, more, changed: vec![], wrong_numbers: vec![], undone: false };
        for id in customers {
            let Some(customer) = people::shown(tx, *id)? else { continue };
            let Some(own) = people::own(tx, customer.id.into())? else { continue };
            bulk.wrong_numbers.extend(Some(customer.id).filter(|_| are_phones_said && own.wrong_number));
            bulk.changed.push((customer.id, own.edits));
        }
        tx.put(tables::BULKS, &number, &bulk)?;
        if number > BULKS_KEPT {
            tx.remove(tables::BULKS, &(number - BULKS_KEPT))?;
        }
    }
    for customer in customers {
        people::edit(tx, policy, *customer, edits, by, now)?;
    }
    Ok(())
}

/// What somebody said by hand, as the journal has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) customers: &'a [CustomerId],
    pub(super) by: StaffId,
    pub(super) edits: &'a [Edit],
    pub(super) undo: Option<u64>,
}

/// Takes back what somebody said of one customer by hand: the sources speak again, as if it had never been said. Whoever said it may, and
/// a manager; nothing is undone over what was said of the same values since. Done before, it is done.
pub async fn undo_edit(rooms: &Rooms, id: CustomerId, number: u64, by: StaffId, role: Role, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let (Some(bulk), Some(customer)) = (tx.get(tables::BULKS, &number)?, people::shown(tx, id)?) else { return Ok(Err(Refusal::NotThere)) };
            let [(changed, _)] = bulk.changed.as_slice() else { return Ok(Err(Refusal::NotThere)) };
            if !customer.all_parts().any(|part| part == PartId::from(*changed)) {
                return Ok(Err(Refusal::NotThere));
            }
            if bulk.undone {
                return Ok(Ok(()));
            }
            if bulk.by != by && !role.manages() {
                return Ok(Err(Refusal::NotYours));
            }
            if let Some(sentence) = said_since(tx, &bulk, (*changed).into(), by)? {
                return Ok(Err(Refusal::DoneSince(sentence)));
            }
            advance::append_applied(tx, &policy, Event::BulkUndone { bulk: number, by }, now)?;
            // As it was, it may be another's by what their records say.
            if let Some(customer) = people::shown(tx, *changed)? {
                think::think(tx, &policy, customer.id, now)?;
            }
            Ok(Ok(()))
        })
        .await
}

/// Who said what of the same values since, as a sentence.
fn said_since(tx: &impl Rows, bulk: &Bulk, part: PartId, me: StaffId) -> Result<Option<String>, StoreError> {
    let now = people::edits_of(tx, part)?.unwrap_or_default();
    let Some(other) = bulk.edits().find(|edit| !now.stands(edit, bulk.by, bulk.at)) else { return Ok(None) };
    let what = match other {
        Edit::Name(_) => "the name".to_owned(),
        Edit::Address(_) => "the address".to_owned(),
        Edit::Birth(_) => "the birth date".to_owned(),
        Edit::Phones(_) => "the phones".to_owned(),
        Edit::Emails(_) => "the emails".to_owned(),
        Edit::Owner(_) => "the salesperson".to_owned(),
        Edit::Tag { tag, .. } => format!("the tag \u{201c}{tag}\u{201d}"),
        Edit::Field { key, .. } => tx.get(tables::FIELDS, key)?.map_or_else(|| "that field".to_owned(), |field| field.label),
        Edit::Unknown => "it".to_owned(),
    };
    let who = match people::own(tx, part)?.map(|own| who_said(tx, &own, other)).transpose()? {
        Some((Some(by), _)) if by == me => "You".to_owned(),
        Some((Some(by), _)) => tx.get(tables::STAFF, &by)?.map_or_else(|| "A former colleague".to_owned(), |staff| staff.name),
        Some((None, _)) | None => "Somebody".to_owned(),
    };
    Ok(Some(format!("{who} changed {what} since, so nothing was undone.")))
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

/// Joins two customers; gives the joining. The same key twice joins once.
pub async fn merge(
    rooms: &Rooms,
    kept: CustomerId,
    folded: CustomerId,
    choices: Vec<Edit>,
    asked: Asked,
    now: At,
) -> Result<Result<Option<MergeId>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(merge) = asked.before(tx, "merge")? {
                return Ok(Ok(Some(MergeId(merge)).filter(|_| merge != NOTHING)));
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
            let event = Event::Merged { kept: one.id, folded: other.id, choices: usable_choices, by: asked.by };
            advance::append_applied(tx, &policy, event, now)?;
            think::think(tx, &policy, one.id, now)?;
            let merge = newest_merge(tx, one.id)?;
            asked.remember(tx, "merge", merge.map_or(NOTHING, |m| m.0))?;
            Ok(Ok(merge))
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

/// What saying that two are two came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The customers there are now.
    pub customers: Vec<CustomerId>,
    /// By which it can be taken back; none when it was so already.
    pub undo: Option<Seq>,
}

/// Says that one record of a customer is somebody else's. The same key twice says it once.
pub async fn separate(rooms: &Rooms, id: CustomerId, part: PartId, asked: Asked, now: At) -> Result<Result<Apart, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(done) = asked.before(tx, "separate")? {
                return apart_before(tx, Seq(done));
            }
            let Some(customer) = people::shown(tx, id)? else { return Ok(Err(Refusal::NotThere)) };
            if !customer.all_parts().any(|p| p == part) {
                return Ok(Err(Refusal::NotThere));
            }
            let Some(other) = customer.all_parts().find(|p| *p != part) else {
                return Ok(Err(Refusal::Unusable("It is the only record of this customer.".to_owned())));
            };
            let seq = advance::append_applied(tx, &policy, Event::Separated { part, by: asked.by }, now)?;
            asked.remember(tx, "separate", seq.0)?;
            Ok(Ok(Apart { customers: two_now(tx, &policy, other.into(), part.into(), now)?, undo: Some(seq) }))
        })
        .await
}

/// Says that two who look like one are two. The same key twice says it once.
pub async fn keep_apart(rooms: &Rooms, one: CustomerId, other: CustomerId, asked: Asked, now: At) -> Result<Result<Apart, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(done) = asked.before(tx, "keep apart")? {
                return apart_before(tx, Seq(done));
            }
            let (Some(one), Some(other)) = (people::shown(tx, one)?, people::shown(tx, other)?) else { return Ok(Err(Refusal::NotThere)) };
            if one.id == other.id {
                return Ok(Err(Refusal::Unusable("The two are one customer; take the record out instead.".to_owned())));
            }
            let undo = if are_apart(tx, &one, &other)? {
                None
            } else {
                let seq = advance::append_applied(tx, &policy, Event::KeptApart { one: one.id, other: other.id, by: asked.by }, now)?;
                asked.remember(tx, "keep apart", seq.0)?;
                Some(seq)
            };
            Ok(Ok(Apart { customers: vec![one.id, other.id], undo }))
        })
        .await
}

/// Whether it was said of all their records.
fn are_apart(tx: &impl Rows, one: &Customer, other: &Customer) -> Result<bool, StoreError> {
    for a in one.all_parts() {
        for b in other.all_parts() {
            if tx.get(tables::DECISIONS, &(a, b))? != Some(Decision::Apart) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// What the same key was answered before.
fn apart_before(tx: &impl Rows, id: Seq) -> Result<Result<Apart, Refusal>, StoreError> {
    let Some(parting) = tx.get(tables::PARTINGS, &id)? else { return Ok(Err(Refusal::NotThere)) };
    Ok(Ok(Apart { customers: customers_of(tx, &parting)?, undo: Some(id) }))
}

fn customers_of(tx: &impl Rows, parting: &Parting) -> Result<Vec<CustomerId>, StoreError> {
    let mut ids: Vec<CustomerId> = Vec::new();
    for part in parting.pairs.first().into_iter().flat_map(|pair| [pair.one, pair.other]) {
        ids.extend(people::of_part(tx, part)?.map(|customer| customer.id).filter(|id| !ids.contains(id)));
    }
    Ok(ids)
}

/// Takes back that two are two, unless somebody decided about them since; gives the customers there are then. Done before, it is done.
pub async fn undo_parting(rooms: &Rooms, id: Seq, by: StaffId, now: At) -> Result<Result<Vec<CustomerId>, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(parting) = tx.get(tables::PARTINGS, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if parting.undone.is_none() {
                if is_decided_since(tx, id, &parting)? {
                    let sentence = "Somebody decided since whether they are one person, so nothing was undone.";
                    return Ok(Err(Refusal::DoneSince(sentence.to_owned())));
                }
                advance::append_applied(tx, &policy, Event::PartingUndone { parting: id, by }, now)?;
            }
            let customers = customers_of(tx, &parting)?;
            for customer in &customers {
                think::think(tx, &policy, *customer, now)?;
            }
            Ok(Ok(customers))
        })
        .await
}

/// Whether somebody joined two of them, said it once more, or took a joining of them apart.
fn is_decided_since(tx: &impl Rows, id: Seq, parting: &Parting) -> Result<bool, StoreError> {
    let is_of_them = |a: PartId, b: PartId| parting.pairs.iter().any(|p| (p.one, p.other) == (a, b) || (p.other, p.one) == (a, b));
    for pair in &parting.pairs {
        let are_there = people::own(tx, pair.one)?.is_some() && people::own(tx, pair.other)?.is_some();
        if are_there && tx.get(tables::DECISIONS, &(pair.one, pair.other))? != Some(Decision::Apart) {
            return Ok(true);
        }
    }
    for (_, later) in tx.some(tables::PARTINGS, &Span::all().after(&id), usize::MAX)? {
        if later.undone.is_none() && later.pairs.iter().any(|p| is_of_them(p.one, p.other)) {
            return Ok(true);
        }
    }
    for part in parting.pairs.iter().flat_map(|pair| [pair.one, pair.other]) {
        for ((_, merge), ()) in tx.some(tables::CUSTOMER_MERGES, &Span::under(&CustomerId::from(part)), usize::MAX)? {
            let Some(merge) = tx.get(tables::MERGES, &merge)?.filter(|m| m.undone.is_some_and(|(at, _)| at > parting.at)) else { continue };
            if merge.kept_parts.iter().any(|a| merge.folded_parts.iter().any(|b| is_of_them(*a, *b))) {
                return Ok(true);
            }
        }
    }
    Ok(false)
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
pub async fn bulk(rooms: &Rooms, ids: Vec<CustomerId>, edit: Edit, asked: Asked, now: At) -> Result<Result<BulkDone, Refusal>, StoreError> {
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
            if let Some(id) = asked.before(tx, "bulk")? {
                let changed = tx.get(tables::BULKS, &id)?.map_or(0, |b| b.changed.len());
                return Ok(Ok(BulkDone { id, changed, unchanged: ids.len().saturating_sub(changed) }));
            }
            let mut customers: Vec<CustomerId> = Vec::new();
            for id in &ids {
                if let Some(customer) = people::shown(tx, *id)?.filter(|c| now_said(c, &edit) != edit)
                    && !customers.contains(&customer.id)
                {
                    customers.push(customer.id);
                }
            }
            let id = tx.next("bulk")?;
            let done = BulkDone { id, changed: customers.len(), unchanged: ids.len() - customers.len() };
            if customers.is_empty() {
                let bulk = Bulk { at: now, by: asked.by, edit: edit.clone(), more: vec![], changed: vec![], wrong_numbers: vec![], undone: false };
                tx.put(tables::BULKS, &id, &bulk)?;
            } else {
                advance::append_applied(tx, &policy, Event::Edited { customers, by: asked.by, edits: vec![edit], undo: Some(id) }, now)?;
            }
            asked.remember(tx, "bulk", id)?;
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

/// The effects of undoing a change: of what was said since nothing is undone.
pub(super) fn take_back(tx: &WriteTx<'_>, policy: &Policy, number: u64, now: At) -> Result<(), StoreError> {
    let Some(bulk) = tx.get(tables::BULKS, &number)?.filter(|b: &Bulk| !b.undone) else { return Ok(()) };
    let edits: Vec<Edit> = bulk.edits().cloned().collect();
    for (customer, before) in &bulk.changed {
        let part = PartId::from(*customer);
        let said = people::SaidThen { edits: &edits, before, by: bulk.by, at: bulk.at };
        let is_wrong_again = bulk.wrong_numbers.contains(customer) && phones_stand(tx, part, said)?;
        people::take_edits_back(tx, policy, part, said, now)?;
        if is_wrong_again {
            people::change(tx, part, |own| own.wrong_number = true)?;
        }
    }
    tx.put(tables::BULKS, &number, &Bulk { undone: true, ..bulk })
}

fn phones_stand(tx: &impl Rows, part: PartId, said: people::SaidThen<'_>) -> Result<bool, StoreError> {
    let now: Edits = people::edits_of(tx, part)?.unwrap_or_default();
    Ok(said.edits.iter().any(|edit| matches!(edit, Edit::Phones(_)) && now.stands(edit, said.by, said.at)))
}

/// The fields of this store, by label.
pub fn fields(tx: &impl Rows) -> Result<Vec<Field>, StoreError> {
    let mut all: Vec<Field> = tx.some(tables::FIELDS, &Span::all(), FIELDS_MOST)?.into_iter().map(|(_, f)| f).collect();
    all.sort_by_key(|f| f.label.to_lowercase());
    Ok(all)
}

/// Defines a field, or changes label and choices of one that is there. Its kind stays: values are kept by it. The same key twice defines
/// once.
pub async fn define_field(rooms: &Rooms, field: Field, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "define field", || {
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
                advance::append_applied(tx, &policy, Event::FieldChanged { field, gone: false, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Takes a field away. Values that were given stay with their customers, and are shown again when it is defined again.
pub async fn drop_field(rooms: &Rooms, key: String, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "drop field", || {
                let Some(field) = tx.get(tables::FIELDS, &key)? else { return Ok(Err(Refusal::NotThere)) };
                advance::append_applied(tx, &policy, Event::FieldChanged { field, gone: true, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}
