//! Photos and documents of a customer. They lie under the record they were added to, sealed like everything else.

use super::{Rooms, advance, people, seen, story};
use crate::{
    domain::{
        change::Changed,
        event::Event,
        file::{FileKind, StoredFile},
        ids::{CustomerId, FileId, StaffId},
        set_aside::Raw,
        staff::Role,
        story::StoryRow,
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use bytes::Bytes;
use std::ops::ControlFlow;

/// A long contract scanned in color, or a photo straight from a camera.
pub const FILE_MOST_BYTES: usize = 20 << 20;
pub const NAME_MOST_CHARS: usize = 120;
/// A row of a backup has a limit, a file has almost none.
const PIECE_BYTES: usize = 1 << 20;

/// A file as somebody brings it.
#[derive(Debug, Clone)]
pub struct Brought {
    pub name: String,
    pub bytes: Bytes,
}

/// Why a file was not taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotHere,
    /// Somebody else added it.
    NotYours,
}

/// Adds a file to a customer, all of it or nothing; `None` when there is no such customer. The same key twice adds one file.
pub async fn add(
    rooms: &Rooms,
    customer: CustomerId,
    by: StaffId,
    brought: Brought,
    key: Option<String>,
    now: At,
) -> Result<Option<(story::Place, StoryRow)>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(person) = people::shown(tx, customer)? else { return Ok(None) };
            let before = match &key {
                Some(key) => seen::before(tx, "file", &format!("{by}/{key}"))?,
                None => None,
            };
            if let Some(seq) = before {
                return story::caused(tx, &person, seq);
            }
            let kind = FileKind::of(&brought.bytes);
            let added = Event::FileAdded { customer: person.id, by, name: brought.name.clone(), kind, bytes: brought.bytes.len() as u64 };
            let seq = advance::append_applied(tx, &policy, added, now)?;
            if let Some(key) = &key {
                seen::remember(tx, "file", &format!("{by}/{key}"), seq)?;
            }
            let line = story::caused(tx, &person, seq)?;
            if let Some(id) = line.as_ref().and_then(|(_, row)| row.file) {
                for (place, piece) in (0_u32..).zip(brought.bytes.chunks(PIECE_BYTES)) {
                    tx.put(tables::FILE_PIECES, &(id, place), &Raw { bytes: piece.to_vec() })?;
                }
            }
            Ok(line)
        })
        .await
}

/// Takes a file away, bytes and all; the story keeps saying that it was there. One that is gone already is gone.
pub async fn remove(rooms: &Rooms, id: FileId, by: StaffId, role: Role, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = tx.get(tables::FILES, &id)? else { return Ok(Err(Refusal::NotHere)) };
            if held.removed.is_some() {
                return Ok(Ok(()));
            }
            if !may_remove(&held, by, role) {
                return Ok(Err(Refusal::NotYours));
            }
            advance::append_applied(tx, &policy, Event::FileRemoved { file: id, by }, now)?;
            Ok(Ok(()))
        })
        .await
}

/// Whoever added it may take it away, and a manager.
#[must_use]
pub fn may_remove(file: &StoredFile, by: StaffId, role: Role) -> bool {
    file.removed.is_none() && (file.by == by || role.manages())
}

/// A file with its bytes; `None` when it is not there or was taken away.
pub fn read(tx: &impl Rows, id: FileId) -> Result<Option<(StoredFile, Vec<u8>)>, StoreError> {
    let Some(held) = tx.get(tables::FILES, &id)?.filter(|f| f.removed.is_none()) else { return Ok(None) };
    let mut bytes = Vec::with_capacity(usize::try_from(held.bytes).unwrap_or(0).min(FILE_MOST_BYTES));
    tx.each(tables::FILE_PIECES, &Span::under(&id), |_, piece: Raw| {
        bytes.extend_from_slice(&piece.bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    if bytes.len() as u64 == held.bytes {
        return Ok(Some((held, bytes)));
    }
    Err(StoreError::Damaged { table: "FILE_PIECES".to_owned(), why: format!("file {id} has {} bytes of {}", bytes.len(), held.bytes) })
}

/// Gives a file that the journal speaks of its number; its bytes lie beside.
pub(super) fn file(tx: &WriteTx<'_>, said: StoredFile) -> Result<FileId, StoreError> {
    let id = FileId(tx.next("file")?);
    tx.put(tables::FILES, &id, &StoredFile { id, ..said })?;
    Ok(id)
}

pub(super) fn take_away(tx: &WriteTx<'_>, id: FileId, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::FILES, &id)? else { return Ok(()) };
    for piece in tx.keys(tables::FILE_PIECES, &Span::under(&id), usize::MAX)? {
        tx.remove(tables::FILE_PIECES, &piece)?;
    }
    let part = held.part;
    tx.put(tables::FILES, &id, &StoredFile { removed: Some((now, by)), ..held })?;
    tx.announce(Changed::Customer(people::root_of(tx, part)?));
    Ok(())
}
