//! Who is thought of anew because the store judges otherwise from here on? A few in each transaction: whoever else writes waits meanwhile.

use super::{Policy, advance};
use crate::{
    domain::{
        event::Event,
        ids::{AlertId, CustomerId},
        time::At,
        timer::{Timer, TimerKind},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

const THOUGHT_AT_ONCE: usize = 100;

/// The next customers behind this one whose score moves by itself, or of whom something is due: all others have a score of 0 by any weights,
/// and did nothing lately. Where to go on; `None` at the end.
pub(super) fn customers(tx: &WriteTx<'_>, policy: &Policy, after: CustomerId, now: At) -> Result<Option<CustomerId>, StoreError> {
    let next = tx.keys(tables::THINK_AGAIN, &Span::all().after(&after), THOUGHT_AT_ONCE)?;
    next.iter().try_for_each(|customer| again(tx, policy, *customer, now))?;
    Ok(next.last().copied().filter(|_| next.len() == THOUGHT_AT_ONCE))
}

/// The same of customers with an open card.
pub(super) fn with_cards(tx: &WriteTx<'_>, policy: &Policy, after: AlertId, now: At) -> Result<Option<AlertId>, StoreError> {
    let next: Vec<AlertId> = tx.keys(tables::ALERTS_OPEN, &Span::all().after(&after), THOUGHT_AT_ONCE)?;
    for id in &next {
        if let Some(alert) = tx.get(tables::ALERTS, id)? {
            again(tx, policy, alert.customer, now)?;
        }
    }
    Ok(next.last().copied().filter(|_| next.len() == THOUGHT_AT_ONCE))
}

/// A second thought is an entry of the journal, so that a replay has it in the same place.
fn again(tx: &WriteTx<'_>, policy: &Policy, customer: CustomerId, now: At) -> Result<(), StoreError> {
    let timer = Timer { due: now, what: TimerKind::ThinkAgain { customer } };
    advance::append_applied(tx, policy, Event::TimerFired(timer), now).map(|_| ())
}
