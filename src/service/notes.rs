//! What only a person knows: a note in a customer's story, and whom of the store it speaks to.

use super::{Rooms, advance, people, seen, story};
use crate::{
    domain::{
        alert::Alert,
        customer::Customer,
        event::Event,
        ids::{CustomerId, PartId, Seq, StaffId},
        message::{Mention, Remark},
        picture::Mentioned,
        story::StoryRow,
        time::At,
    },
    engine::matching::words,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Longer than any note; shorter than a book.
pub const NOTE_MOST_CHARS: usize = 4_000;
/// A note to more people is a meeting.
pub const MENTIONS_MOST: usize = 10;
/// Notes to colleagues of one record that are looked at.
const WAITING_MOST: usize = 200;
/// What somebody wants is in the last few.
const REMARKS_MOST: usize = 20;

/// A note as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// The colleagues it speaks to.
    pub mentions: Vec<StaffId>,
    /// It may be said where the customer hears it.
    pub aloud: bool,
}

/// Why a note was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotHere,
    /// It speaks to somebody who does not work here.
    NobodyByThatId,
}

/// Adds a note. The same key twice adds one note.
pub async fn add(
    rooms: &Rooms,
    customer: CustomerId,
    by: StaffId,
    note: Written,
    key: Option<String>,
    now: At,
) -> Result<Result<(story::Place, StoryRow), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(person) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotHere)) };
            let before = match &key {
                Some(key) => seen::before(tx, "note", &format!("{by}/{key}"))?,
                None => None,
            };
            let seq: Seq = if let Some(seq) = before {
                seq
            } else {
                let mut mentions = note.mentions.clone();
                mentions.sort_unstable();
                mentions.dedup();
                for id in &mentions {
                    if !tx.get(tables::STAFF, id)?.is_some_and(|s| s.active) {
                        return Ok(Err(Refusal::NobodyByThatId));
                    }
                }
                let noted = Event::Noted { customer: person.id, by, text: note.text.clone(), mentions, aloud: note.aloud };
                let seq = advance::append_applied(tx, &policy, noted, now)?;
                if let Some(key) = &key {
                    seen::remember(tx, "note", &format!("{by}/{key}"), seq)?;
                }
                seq
            };
            Ok(story::caused(tx, &person, seq)?.ok_or(Refusal::NotHere))
        })
        .await
}

/// Remembers whom a note speaks to. A word to oneself asks nothing of anybody.
pub(super) fn mention(tx: &WriteTx<'_>, part: PartId, seq: Seq, by: StaffId, text: &str, to: &[StaffId], now: At) -> Result<(), StoreError> {
    for staff in to.iter().filter(|staff| **staff != by) {
        tx.put(tables::MENTIONS, &(part, (seq, *staff)), &Mention { at: now, by, text: text.to_owned(), done: None })?;
    }
    Ok(())
}

/// Keeps what somebody of the store wrote down of the car they want; gives whether it says anything of one.
pub(super) fn remark(tx: &WriteTx<'_>, part: PartId, seq: Seq, by: StaffId, text: &str, now: At) -> Result<bool, StoreError> {
    let is_telling = words::noted(text).is_some();
    if is_telling {
        tx.put(tables::REMARKS, &(part, seq), &Remark { at: now, by, text: text.to_owned() })?;
    }
    Ok(is_telling)
}

/// What somebody wrote down at that moment was taken back.
pub(super) fn unremark(tx: &WriteTx<'_>, customer: &Customer, by: StaffId, at: At) -> Result<(), StoreError> {
    for part in customer.all_parts() {
        for (key, remark) in tx.last(tables::REMARKS, &Span::under(&part), REMARKS_MOST)? {
            if remark.by == by && remark.at == at {
                tx.remove(tables::REMARKS, &key)?;
            }
        }
    }
    Ok(())
}

/// What was written down of the car they want, oldest first.
pub(super) fn remarks(tx: &impl Rows, customer: &Customer) -> Result<Vec<Remark>, StoreError> {
    let mut all = Vec::new();
    for part in customer.all_parts() {
        all.extend(tx.last(tables::REMARKS, &Span::under(&part), REMARKS_MOST)?.into_iter().map(|(_, remark)| remark));
    }
    all.sort_by_key(|remark| remark.at);
    Ok(all)
}

/// Notes about this customer that speak to somebody who is not done with them, oldest first.
pub fn waiting(tx: &impl Rows, customer: &Customer) -> Result<Vec<Mentioned>, StoreError> {
    let mut waiting = Vec::new();
    for part in customer.all_parts() {
        for ((_, (_, to)), Mention { at, by, text, done }) in tx.last(tables::MENTIONS, &Span::under(&part), WAITING_MOST)? {
            if done.is_none() {
                waiting.push(Mentioned { to, by, at, text });
            }
        }
    }
    waiting.sort_by_key(|m| (m.at, m.to));
    Ok(waiting)
}

/// Whoever was mentioned is done with what a card of theirs was about, or that is taken back.
pub(super) fn dealt_with(tx: &WriteTx<'_>, alert: &Alert, from: Option<At>, to: Option<At>) -> Result<(), StoreError> {
    let Some(staff) = alert.matter.to else { return Ok(()) };
    let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(()) };
    for part in customer.all_parts() {
        for (key, mut mention) in tx.last(tables::MENTIONS, &Span::under(&part), WAITING_MOST)? {
            let (_, (_, mentioned)) = key;
            if mentioned == staff && mention.done == from {
                mention.done = to;
                tx.put(tables::MENTIONS, &key, &mention)?;
            }
        }
    }
    Ok(())
}
