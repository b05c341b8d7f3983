//! Who is expected in service, and when? The bookings in the order of their times.

use crate::{
    domain::{
        appointment::Appointment,
        change::Changed,
        ids::AppointmentId,
        time::{At, DAY_MS},
    },
    service::Rooms,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// The boards of the service drive show today and tomorrow; a booking further off changes nothing on them.
const SHOWN_MS: i64 = 2 * DAY_MS;
/// Of more bookings a day nobody reads.
const A_DAY_MOST: usize = 500;
const FILLED: &str = "bookings by time";

/// A booking is there, or says something else than before.
pub fn put(tx: &WriteTx<'_>, appointment: &Appointment, now: At) -> Result<(), StoreError> {
    tx.put(tables::APPOINTMENTS_AT, &(appointment.said.at, appointment.id), &())?;
    tell(tx, appointment, now);
    Ok(())
}

/// A booking is gone from its time.
pub fn remove(tx: &WriteTx<'_>, appointment: &Appointment, now: At) -> Result<(), StoreError> {
    tx.remove(tables::APPOINTMENTS_AT, &(appointment.said.at, appointment.id))?;
    tell(tx, appointment, now);
    Ok(())
}

fn tell(tx: &WriteTx<'_>, appointment: &Appointment, now: At) {
    if appointment.said.at.since(now).abs() <= SHOWN_MS {
        tx.announce(Changed::Appointment(appointment.id));
    }
}

/// The bookings of a stretch of time, the earliest first.
pub fn between(tx: &impl Rows, from: At, to: At) -> Result<Vec<Appointment>, StoreError> {
    let mut all = Vec::new();
    for (_, id) in tx.keys(tables::APPOINTMENTS_AT, &Span::between(&from, &to), A_DAY_MOST)? {
        all.extend(tx.get(tables::APPOINTMENTS, &id)?);
    }
    Ok(all)
}

/// How many there are, without reading them.
pub fn count_between(tx: &impl Rows, from: At, to: At) -> Result<usize, StoreError> {
    Ok(tx.keys(tables::APPOINTMENTS_AT, &Span::between(&from, &to), A_DAY_MOST)?.len())
}

/// Puts the bookings of a store from before there was this list into it, once: some thousand a commit.
pub async fn fill_once(rooms: &Rooms) -> Result<(), StoreError> {
    const AT_ONCE: usize = 2_000;
    if rooms.store.read()?.has(tables::META, &FILLED.to_owned())? {
        return Ok(());
    }
    let mut after = Some(AppointmentId(0));
    while let Some(from) = after {
        after = rooms
            .store
            .write(move |tx| {
                let some = tx.some(tables::APPOINTMENTS, &Span::all().after(&from), AT_ONCE)?;
                for (id, appointment) in &some {
                    tx.put(tables::APPOINTMENTS_AT, &(appointment.said.at, *id), &())?;
                }
                if some.len() < AT_ONCE {
                    tx.put(tables::META, &FILLED.to_owned(), &"all".to_owned())?;
                    return Ok(None);
                }
                Ok(some.last().map(|(id, _)| *id))
            })
            .await?;
    }
    Ok(())
}
