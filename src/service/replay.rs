//! Would the same journal give the same house? Lives a journal through again, in the order in which its effects were had.

use super::{Policy, advance};
use crate::{
    domain::{event::Entry, ids::Seq},
    store::{StoreError, WriteTx, tables},
};

/// Takes entries (in order of arrival, from the first) through an empty store.
///
/// Entries whose effects were had at once carry the entry after which they came; they take that place again.
pub fn replay(tx: &WriteTx<'_>, policy: &Policy, entries: &[(Seq, Entry)]) -> Result<(), StoreError> {
    let mut at_once: Vec<&(Seq, Entry)> = entries.iter().filter(|(_, e)| e.applied_after.is_some()).collect();
    at_once.sort_by_key(|(seq, e)| (e.applied_after, *seq));
    let mut at_once = at_once.into_iter().peekable();
    let mut place = Seq(0);
    for (seq, entry) in entries.iter().filter(|(_, e)| e.applied_after.is_none()) {
        while let Some((own, now)) = at_once.next_if(|(_, e)| e.applied_after.is_some_and(|after| after < *seq)) {
            live(tx, policy, *own, now)?;
        }
        live(tx, policy, *seq, entry)?;
        place = *seq;
    }
    for (own, now) in at_once {
        live(tx, policy, *own, now)?;
    }
    tx.put(tables::CURSORS, &advance::CURSOR.to_owned(), &place.0)
}

fn live(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, entry: &Entry) -> Result<(), StoreError> {
    tx.put(tables::JOURNAL, &seq, entry)?;
    advance::apply(tx, policy, seq, entry)
}
