//! Is this browser theirs? Somebody of the store says that it is not, or takes that back: each a journal entry whose effects are had at once.

use super::{Policy, Rooms, advance, people};
use crate::{
    domain::{
        event::Event,
        ids::{CustomerId, PartId, StaffId, VisitorId},
        time::At,
        visitor::Visitor,
    },
    store::{Rows as _, StoreError, WriteTx, tables},
};
use std::sync::Arc;

/// A browser of this customer is not theirs: their story and score are as if it had never been, and what it did is its own. Done before,
/// it is done. Whether there is such a browser.
pub async fn part(rooms: &Rooms, id: CustomerId, browser: VisitorId, by: StaffId, now: At) -> Result<bool, StoreError> {
    change(rooms, id, browser, now, move |visitor, is_theirs| {
        let part = visitor.tie.as_ref().map(|tie| tie.part).filter(is_theirs)?;
        Some(Event::BrowserParted { browser, part, by })
    })
    .await
}

/// It is theirs after all, with all it did meanwhile. Done before, it is done. Whether there is such a browser.
pub async fn give_back(rooms: &Rooms, id: CustomerId, browser: VisitorId, by: StaffId, now: At) -> Result<bool, StoreError> {
    change(rooms, id, browser, now, move |visitor, is_theirs| {
        let part = visitor.parted.iter().map(|tie| tie.part).find(is_theirs).filter(|_| visitor.tie.is_none())?;
        Some(Event::BrowserReturned { browser, part, by })
    })
    .await
}

async fn change(
    rooms: &Rooms,
    id: CustomerId,
    browser: VisitorId,
    now: At,
    event: impl Fn(&Visitor, &dyn Fn(&PartId) -> bool) -> Option<Event> + Send + Sync + 'static,
) -> Result<bool, StoreError> {
    let policy: Arc<Policy> = rooms.policy.clone();
    rooms
        .store
        .write(move |tx: &WriteTx<'_>| {
            let (Some(customer), Some(visitor)) = (people::shown(tx, id)?, tx.get(tables::VISITORS, &browser)?) else { return Ok(false) };
            let is_theirs = |part: &PartId| customer.all_parts().any(|own| own == *part);
            if let Some(event) = event(&visitor, &is_theirs) {
                advance::append_applied(tx, &policy, event, now)?;
                return Ok(true);
            }
            Ok(visitor.tie.iter().chain(&visitor.parted).any(|tie| is_theirs(&tie.part)))
        })
        .await
}
