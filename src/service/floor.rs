//! Who is free, and what becomes of the cards of whoever is not? Urgent ones go on at once, and nobody's go to whoever comes free.

use super::{Policy, people, think};
use crate::{
    domain::{
        alert::{Alert, AlertState},
        ids::{AlertId, StaffId},
        picture::Picture,
        time::At,
    },
    engine::routing::{self, Route},
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Somebody is with a customer now, or has gone: what waits for an answer goes to the next who is free.
pub(super) fn left(tx: &WriteTx<'_>, policy: &Policy, staff: StaffId, now: At) -> Result<(), StoreError> {
    offer_anew(tx, policy, now, |alert| alert.owner == Some(staff), |picture, alert| routing::on_busy(picture, alert, now))
}

/// Somebody is free again: what nobody had is offered.
pub(super) fn came_free(tx: &WriteTx<'_>, policy: &Policy, now: At) -> Result<(), StoreError> {
    offer_anew(tx, policy, now, |alert| alert.owner.is_none(), |picture, alert| routing::to_whoever_came_free(picture, alert, now))
}

/// Somebody is away, or works here no longer: whatever they had goes on, oldest first, taken or not. What is put off stays so.
pub(super) fn gone(tx: &WriteTx<'_>, policy: &Policy, staff: StaffId, now: At) -> Result<(), StoreError> {
    offer_anew(tx, policy, now, |alert| alert.owner == Some(staff), |picture, alert| routing::on_absence(picture, alert, now))
}

fn offer_anew(
    tx: &WriteTx<'_>,
    policy: &Policy,
    now: At,
    is_meant: impl Fn(&Alert) -> bool,
    route: impl Fn(&Picture<'_>, &Alert) -> Option<Route>,
) -> Result<(), StoreError> {
    let open: Vec<AlertId> = tx.keys(tables::ALERTS_OPEN, &Span::all(), usize::MAX)?;
    for id in open {
        let Some(mut alert) = tx.get(tables::ALERTS, &id)?.filter(|a| is_meant(a)) else { continue };
        let Some(customer) = people::shown(tx, alert.customer)? else { continue };
        // Each offer changes whose turn is next.
        let staff = think::staff_now(tx)?;
        let picture = think::gather(tx, policy, &customer, &staff, now)?;
        let Some(Route { to: Some(to), because, clock, .. }) = route(&picture, &alert) else { continue };
        (alert.owner, alert.routed_because, alert.clock, alert.refreshed) = (Some(to), because, clock, now);
        if matches!(alert.state, AlertState::Claimed { .. }) {
            alert.state = AlertState::Open;
        }
        // What somebody did who had it is no longer theirs to take back.
        alert.before = None;
        think::reword(&mut alert, &picture, now);
        think::put_alert(tx, &alert)?;
    }
    Ok(())
}
