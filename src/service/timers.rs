//! What comes due? Timers are rows on disk; firing one is a journal entry like any other, so that a replay fires it too.

use super::{Policy, advance, first_response, people, price_drops, staff, standing, think};
use crate::{
    domain::{
        alert::AlertState,
        event::Event,
        ids::VehicleId,
        time::At,
        timer::{Timer, TimerKind},
        vehicle::LotSaid,
    },
    engine::routing,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Fires up to `at_most` timers that are due. How many were.
pub fn fire_due(tx: &WriteTx<'_>, policy: &Policy, now: At, at_most: usize) -> Result<usize, StoreError> {
    let due = tx.some(tables::TIMERS, &Span::between(&At(i64::MIN), &now.plus_ms(1)), at_most)?;
    for (key, timer) in &due {
        // One that fired before it may have made it needless.
        if tx.has(tables::TIMERS, key)? {
            tx.remove(tables::TIMERS, key)?;
            advance::append_applied(tx, policy, Event::TimerFired(timer.clone()), now)?;
        }
    }
    Ok(due.len())
}

/// One timer a matter and instant: setting it again changes nothing.
pub(super) fn set(tx: &WriteTx<'_>, timer: &Timer) -> Result<(), StoreError> {
    key(timer).map_or(Ok(()), |key| tx.put(tables::TIMERS, &key, timer))
}

pub(super) fn clear(tx: &WriteTx<'_>, timer: &Timer) -> Result<(), StoreError> {
    key(timer).map_or(Ok(()), |key| tx.remove(tables::TIMERS, &key).map(|_| ()))
}

/// The timer of a hold, when what was said is one that ends by itself.
pub(super) fn clear_hold(tx: &WriteTx<'_>, vehicle: VehicleId, said: &LotSaid) -> Result<(), StoreError> {
    match said {
        LotSaid::Held { until: Some(due), .. } => clear(tx, &Timer { due: *due, what: TimerKind::HoldEnds { vehicle } }),
        LotSaid::Held { until: None, .. } | LotSaid::Recon { .. } | LotSaid::Inbound { .. } | LotSaid::Back | LotSaid::Unknown => Ok(()),
    }
}

fn key(timer: &Timer) -> Option<(At, u64)> {
    let what = match timer.what {
        TimerKind::SnoozeEnds { alert } => alert.0 << 2 | 1,
        TimerKind::ClockRunsOut { alert } => alert.0 << 2 | 2,
        TimerKind::ThinkAgain { customer } => customer.0 << 2 | 3,
        TimerKind::AbsenceBegins { staff } => staff.0 << 2,
        // Above the numbers that the others reach.
        TimerKind::PriceDropGoesOn { vehicle } => 1 << 62 | vehicle.0,
        // Beyond every number of the others, with a bit of its own.
        TimerKind::HoldEnds { vehicle } => 1 << 61 | vehicle.0,
        TimerKind::Unknown => return None,
    };
    Some((timer.due, what))
}

pub fn any_due(tx: &impl Rows, now: At) -> Result<bool, StoreError> {
    Ok(!tx.keys(tables::TIMERS, &Span::between(&At(i64::MIN), &now.plus_ms(1)), 1)?.is_empty())
}

pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, timer: &Timer, now: At) -> Result<(), StoreError> {
    // Fired is gone, in a replay as when it was lived.
    clear(tx, timer)?;
    match timer.what {
        TimerKind::SnoozeEnds { alert } => {
            let Some(alert) = tx.get(tables::ALERTS, &alert)? else { return Ok(()) };
            // A later snooze has its own timer.
            if matches!(alert.state, AlertState::Snoozed { until, .. } if until <= now) {
                think::think(tx, policy, alert.customer, now)?;
            }
        }
        TimerKind::ClockRunsOut { alert } => {
            let Some(mut alert) = tx.get(tables::ALERTS, &alert)? else { return Ok(()) };
            let running = alert.clock.as_ref().is_some_and(|c| c.stopped.is_none() && c.due <= now);
            let waiting = matches!(alert.state, AlertState::Open | AlertState::Claimed { .. });
            if running && waiting {
                let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(()) };
                let everybody = think::staff_now(tx)?;
                let picture = think::gather(tx, policy, &customer, &everybody, now)?;
                first_response::answer_late(tx, &picture, &alert, now)?;
                let Some(route) = routing::on_clock_out(&picture, &alert, now) else { return Ok(()) };
                if route.to.is_some() {
                    alert.owner = route.to;
                    alert.state = AlertState::Open;
                    alert.routed_because = route.because;
                    alert.for_all = route.for_all;
                    alert.refreshed = now;
                }
                alert.clock = route.clock;
                think::reword(&mut alert, &picture, now);
                think::put_alert(tx, &alert)?;
            }
        }
        TimerKind::ThinkAgain { customer } => think::think(tx, policy, customer, now)?,
        TimerKind::HoldEnds { vehicle } => standing::hold_ends(tx, vehicle, now)?,
        TimerKind::AbsenceBegins { staff } => staff::absence_begins(tx, policy, staff, now)?,
        TimerKind::PriceDropGoesOn { vehicle } => price_drops::go_on(tx, policy, vehicle, now)?,
        TimerKind::Unknown => {}
    }
    Ok(())
}
