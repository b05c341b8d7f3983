//! Whose day is full? The places that cards took of somebody's day, and what is held back for the next morning.

use super::think;
use crate::{
    domain::{
        alert::{Alert, AlertState},
        ids::{AlertId, StaffId},
        picture::Picture,
        time::{At, HOUR_MS},
    },
    engine::attention::{self, Admission, Taken},
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Gives a card a place of its person's day, or the next morning.
pub(super) fn admit(tx: &WriteTx<'_>, picture: &Picture<'_>, alert: &mut Alert, now: At) -> Result<(), StoreError> {
    const SWEPT_AT_ONCE: usize = 100;
    let Some(owner) = alert.owner else { return Ok(()) };
    let rooftop = picture.rooftop;
    let day = rooftop.zone.day_number(now);
    let value = u64::try_from(alert.score.points).unwrap_or(0);
    for key in tx.keys(tables::ATTENTION, &Span::under(&owner).before(&(owner, (day, AlertId(0)))), SWEPT_AT_ONCE)? {
        tx.remove(tables::ATTENTION, &key)?;
    }
    let taken = places_taken(tx, owner, day)?;
    if taken.iter().any(|t| t.alert == alert.id) {
        return Ok(());
    }
    match attention::admit(&taken, rooftop.cards_a_day, value) {
        Admission::Comes => {}
        Admission::InsteadOf(other) => {
            tx.remove(tables::ATTENTION, &(owner, (day, other)))?;
            if let Some(mut other) = tx.get(tables::ALERTS, &other)? {
                hold_back(&mut other, owner, picture, now);
                think::put_alert(tx, &other)?;
            }
        }
        Admission::Waits => {
            hold_back(alert, owner, picture, now);
            return Ok(());
        }
    }
    tx.put(tables::ATTENTION, &(owner, (day, alert.id)), &value)
}

fn places_taken(tx: &impl Rows, owner: StaffId, day: i32) -> Result<Vec<Taken>, StoreError> {
    let mut taken = Vec::new();
    for ((_, (_, id)), value) in tx.some(tables::ATTENTION, &Span::under(&(owner, day)), usize::from(u16::MAX))? {
        let alert = tx.get(tables::ALERTS, &id)?;
        let untouched = alert.is_some_and(|a| a.owner == Some(owner) && a.state == AlertState::Open && a.before.is_none());
        taken.push(Taken { alert: id, value, untouched });
    }
    Ok(taken)
}

fn hold_back(alert: &mut Alert, owner: StaffId, picture: &Picture<'_>, now: At) {
    let zone = &picture.rooftop.zone;
    let tomorrow = zone.midnight(zone.midnight(now).plus_ms(36 * HOUR_MS));
    alert.state = AlertState::Snoozed { by: owner, until: picture.rooftop.next_open(tomorrow) };
    alert.held_back = true;
    alert.refreshed = now;
}
