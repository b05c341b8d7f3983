//! What only a person knows: a note in a customer's story.

use super::{Rooms, advance, people, seen, story};
use crate::{
    domain::{
        event::Event,
        ids::{CustomerId, Seq, StaffId},
        story::StoryRow,
        time::At,
    },
    store::StoreError,
};

/// Longer than any note; shorter than a book.
pub const NOTE_MOST_CHARS: usize = 4_000;

/// Adds a note; `None` when there is no such customer. The same key twice adds one note.
pub async fn add(
    rooms: &Rooms,
    customer: CustomerId,
    by: StaffId,
    text: String,
    key: Option<String>,
    now: At,
) -> Result<Option<(story::Place, StoryRow)>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(person) = people::shown(tx, customer)? else { return Ok(None) };
            let customer = person.id;
            let before = match &key {
                Some(key) => seen::before(tx, "note", &format!("{by}/{key}"))?,
                None => None,
            };
            let seq: Seq = if let Some(seq) = before {
                seq
            } else {
                let seq = advance::append_applied(tx, &policy, Event::Noted { customer, by, text: text.clone() }, now)?;
                if let Some(key) = &key {
                    seen::remember(tx, "note", &format!("{by}/{key}"), seq)?;
                }
                seq
            };
            Ok(story::page(tx, &person, None, None, 20)?.into_iter().find(|(place, _)| place.cause == seq))
        })
        .await
}
