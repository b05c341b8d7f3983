//! An import backwards, from its last row to its first: each row is reversed, or kept because somebody has worked on it, or failed, and
//! says which.

use super::{
    in_state, one, put,
    take::{self, Place},
};
use crate::{
    domain::{
        change::Changed,
        event::Event,
        ids::{ImportId, PartId, StaffId, VehicleId},
        import_run::{Effect, ImportRun, ImportState, ImportedRow, RowId, RowTakenBack, TakenBack},
        time::{At, DAY_MS},
        vehicle::ListingStatus,
    },
    service::{Policy, Rooms, advance, cars, duplicates, people, seen::Asked, service_drive::calendar},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::ops::ControlFlow;

/// As long as an import can be taken back; the rows of older ones are forgotten.
const TAKEN_BACK_WITHIN_MS: i64 = 30 * DAY_MS;
/// Rows of one journal entry.
const ROWS_AN_ENTRY: usize = 200;

/// Whether an import can be taken back now; else why not, in a sentence.
pub fn may_take_back(run: &ImportRun, now: At) -> Result<(), String> {
    match run.state {
        ImportState::Done | ImportState::Failed if now.since(run.started) <= TAKEN_BACK_WITHIN_MS => Ok(()),
        ImportState::Done | ImportState::Failed => Err("It is more than 30 days old; what it took to take it back is forgotten.".to_owned()),
        ImportState::Draft => Err("It was not begun; discard it instead.".to_owned()),
        ImportState::Running => Err("It is still running; take it back when it is done.".to_owned()),
        ImportState::TakingBack => Err("It is being taken back already.".to_owned()),
        ImportState::TakenBack => Err("It was taken back before.".to_owned()),
    }
}

/// Begins to take an import back. The inner error is a sentence: nothing was begun. The same key twice begins it once.
pub async fn order_back(rooms: &Rooms, id: ImportId, asked: Asked, now: At) -> Result<Result<(), String>, StoreError> {
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "take import back", || {
                let Some(mut run) = one(tx, id)? else { return Ok(Err("There is no such import.".to_owned())) };
                if let Err(sentence) = may_take_back(&run, now) {
                    return Ok(Err(sentence));
                }
                run.state = ImportState::TakingBack;
                run.taken_back = Some(TakenBack { begun: now, by: asked.by, above: u64::MAX, reversed: 0, kept: 0, failed: 0 });
                put(tx, &run)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Goes on with every import that is being taken back, to its end. How many there were.
pub async fn go_on_taking_back(rooms: &Rooms, now: At) -> Result<usize, StoreError> {
    const LATEST: usize = 200;
    let under_way: Vec<ImportId> = {
        let tx = rooms.store.read()?;
        let runs = tx.last(tables::IMPORTS, &Span::all(), LATEST)?;
        runs.into_iter().filter(|(_, run)| run.state == ImportState::TakingBack).map(|(id, _)| id).collect()
    };
    for id in &under_way {
        let id = *id;
        loop {
            let policy = rooms.policy.clone();
            let more = rooms.store.write(move |tx| step(tx, &policy, id, now)).await?;
            if !more {
                break;
            }
        }
    }
    Ok(under_way.len())
}

/// The next rows from the end. Whether there may be more.
fn step(tx: &WriteTx<'_>, policy: &Policy, id: ImportId, now: At) -> Result<bool, StoreError> {
    let Some(mut run) = in_state(tx, id, ImportState::TakingBack)? else { return Ok(false) };
    let Some(back) = &run.taken_back else { return Ok(false) };
    let has_changed = back.reversed > 0;
    let (by, span) = (back.by, Span::under(&id).before(&(id, back.above)));
    let mut lines = Vec::new();
    tx.each_back(tables::IMPORT_ROWS, &span, |(_, line), row: ImportedRow| {
        if !row.effects.is_empty() && row.taken_back.is_none() {
            lines.push(line);
        }
        Ok(if lines.len() < ROWS_AN_ENTRY { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if lines.is_empty() {
        run.state = ImportState::TakenBack;
        run.ended = Some(now);
        if run.kind.is_of_people() && has_changed {
            duplicates::ask_after(tx, now)?;
        }
        put(tx, &run)?;
        return Ok(false);
    }
    advance::append_applied(tx, policy, Event::ImportTakenBack { import: id, lines, by }, now)?;
    Ok(true)
}

/// The effects of taking rows back, in the order given.
pub(in crate::service) fn take_back(tx: &WriteTx<'_>, policy: &Policy, import: ImportId, lines: &[u64], now: At) -> Result<(), StoreError> {
    let Some(mut run) = one(tx, import)? else { return Ok(()) };
    let mut back = run.taken_back.take().unwrap_or(TakenBack { begun: now, by: StaffId(0), above: u64::MAX, reversed: 0, kept: 0, failed: 0 });
    for line in lines {
        let Some(mut row) = tx.get(tables::IMPORT_ROWS, &(import, *line))? else { continue };
        let outcome = match back_row(tx, policy, RowId { import, line: *line }, &row.effects, now) {
            Ok(outcome) => outcome,
            // What it rests on cannot be read: that is said, and the rest goes on.
            Err(StoreError::Damaged { table, why }) => RowTakenBack::Failed { why: format!("{table} {why}") },
            Err(other) => return Err(other),
        };
        match &outcome {
            RowTakenBack::Reversed => back.reversed += 1,
            RowTakenBack::Kept { .. } => back.kept += 1,
            RowTakenBack::Failed { .. } | RowTakenBack::Unknown => back.failed += 1,
        }
        row.taken_back = Some(outcome);
        back.above = back.above.min(*line);
        tx.put(tables::IMPORT_ROWS, &(import, *line), &row)?;
    }
    run.taken_back = Some(back);
    put(tx, &run)
}

fn back_row(tx: &WriteTx<'_>, policy: &Policy, me: RowId, effects: &[Effect], now: At) -> Result<RowTakenBack, StoreError> {
    for effect in effects {
        if let Some(why) = against(tx, me, effect, effects)? {
            return Ok(RowTakenBack::Kept { why });
        }
    }
    for effect in effects.iter().rev() {
        reverse(tx, policy, effect, now)?;
    }
    Ok(RowTakenBack::Reversed)
}

/// What speaks against taking one effect back.
fn against(tx: &WriteTx<'_>, me: RowId, effect: &Effect, all: &[Effect]) -> Result<Option<String>, StoreError> {
    let later = |what: &str, from: Option<RowId>| (from != Some(me)).then(|| format!("A later file says more of the {what}."));
    Ok(match effect {
        Effect::Said { part, profile } if people::is_last_word(tx, *part, *profile)? => people::rests_on(tx, *part, all)?,
        Effect::Deal { deal, .. } => tx.get(tables::DEALS, deal)?.and_then(|d| later("deal", d.from)),
        Effect::RepairOrder { order, .. } => tx.get(tables::REPAIR_ORDERS, order)?.and_then(|o| later("repair order", o.from)),
        Effect::Appointment { appointment, .. } if tx.has(tables::APPOINTMENTS_KEPT, appointment)? => {
            Some("Somebody came by this booking.".to_owned())
        }
        Effect::Appointment { appointment, .. } => tx.get(tables::APPOINTMENTS, appointment)?.and_then(|a| later("appointment", a.from)),
        Effect::Listed { vehicle, after, .. } => match tx.get(tables::VEHICLES, vehicle)? {
            Some(car) if cars::digest(&car)? != *after => Some("The car was changed since.".to_owned()),
            Some(_) | None => None,
        },
        Effect::Said { .. } | Effect::Owned { .. } | Effect::LeftLot { .. } | Effect::Unknown => None,
    })
}

fn reverse(tx: &WriteTx<'_>, policy: &Policy, effect: &Effect, now: At) -> Result<(), StoreError> {
    match effect {
        Effect::Said { part, profile } => people::take_back(tx, policy, *part, *profile, now),
        Effect::Owned { part, owner } => {
            people::change(tx, *part, |own| own.owner = own.owner.filter(|o| o != owner))?;
            Ok(())
        }
        Effect::LeftLot { vehicle, was } => came_back_to_lot(tx, *vehicle, *was),
        Effect::Deal { deal, before } => {
            let Some(held) = tx.get(tables::DEALS, deal)? else { return Ok(()) };
            take::take_line_back(tx, held.part, held.said.sold, &take::deal_line(&held.said.number))?;
            tx.remove(tables::CUSTOMER_DEALS, &(held.part, held.id))?;
            tx.remove(tables::DEALS, deal)?;
            let mut cars: Vec<VehicleId> = held.vehicle.into_iter().collect();
            for vin in held.said.trades().filter_map(|t| t.vin.as_ref()) {
                cars.extend(cars::find(tx, Some(vin), "")?);
            }
            reclaimed(tx, held.part, &cars, now)?;
            // What an earlier file said of it holds again.
            match before {
                Some(before) => take::take_deal(tx, policy, Place { from: before.from, now, introduced: &[] }, &before.said).map(|_| ()),
                None => tx.remove(tables::NUMBERS, &(tables::NUMBER_OF_DEAL, held.said.number.clone())).map(|_| ()),
            }
        }
        Effect::RepairOrder { order, before } => {
            let Some(held) = tx.get(tables::REPAIR_ORDERS, order)? else { return Ok(()) };
            take::take_line_back(tx, held.part, held.said.opened, &take::order_line(&held.said.number))?;
            tx.remove(tables::CUSTOMER_REPAIR_ORDERS, &(held.part, held.id))?;
            tx.remove(tables::REPAIR_ORDERS, order)?;
            reclaimed(tx, held.part, &held.vehicle.into_iter().collect::<Vec<_>>(), now)?;
            match before {
                Some(before) => take::take_repair_order(tx, policy, Place { from: before.from, now, introduced: &[] }, &before.said).map(|_| ()),
                None => tx.remove(tables::NUMBERS, &(tables::NUMBER_OF_REPAIR_ORDER, held.said.number.clone())).map(|_| ()),
            }
        }
        Effect::Appointment { appointment, before } => {
            let Some(held) = tx.get(tables::APPOINTMENTS, appointment)? else { return Ok(()) };
            take::take_line_back(tx, held.part, held.said.at, &take::visit_line(&held.said.number))?;
            tx.remove(tables::CUSTOMER_APPOINTMENTS, &(held.part, held.id))?;
            tx.remove(tables::APPOINTMENTS, appointment)?;
            calendar::remove(tx, &held, now)?;
            people::look_back(tx, held.part, now)?;
            match before {
                Some(before) => take::take_appointment(tx, policy, Place { from: before.from, now, introduced: &[] }, &before.said).map(|_| ()),
                None => tx.remove(tables::NUMBERS, &(tables::NUMBER_OF_APPOINTMENT, held.said.number.clone())).map(|_| ()),
            }
        }
        Effect::Listed { vehicle, before, .. } => cars::unlist(tx, *vehicle, before.as_deref(), now),
        Effect::Unknown => Err(StoreError::Damaged { table: "IMPORT_ROWS".to_owned(), why: "was written by a newer Headlight".to_owned() }),
    }
}

fn reclaimed(tx: &WriteTx<'_>, part: PartId, cars: &[VehicleId], now: At) -> Result<(), StoreError> {
    for car in cars {
        people::reclaim(tx, part, *car)?;
    }
    people::look_back(tx, part, now)
}

fn came_back_to_lot(tx: &WriteTx<'_>, vehicle: VehicleId, was: ListingStatus) -> Result<(), StoreError> {
    if let Some(mut car) = tx.get(tables::VEHICLES, &vehicle)?
        && let Some(listing) = car.listing.as_mut().filter(|l| l.status == ListingStatus::Sold)
    {
        (listing.status, listing.status_since) = (was, None);
        tx.put(tables::VEHICLES, &vehicle, &car)?;
        tx.put(tables::ON_LOT, &vehicle, &())?;
        tx.announce(Changed::Vehicle(vehicle));
    }
    Ok(())
}

/// Forgets what it took to take back imports that are too old for it. How many rows.
pub fn forget_old_rows(tx: &WriteTx<'_>, now: At) -> Result<usize, StoreError> {
    const AT_ONCE: usize = 5_000;
    const OLDEST: usize = 500;
    let mut gone = 0;
    for (id, run) in tx.some(tables::IMPORTS, &Span::all(), OLDEST)? {
        let old = now.since(run.started) > TAKEN_BACK_WITHIN_MS && !matches!(run.state, ImportState::Running | ImportState::TakingBack);
        if old && gone < AT_ONCE {
            for key in tx.keys(tables::IMPORT_ROWS, &Span::under(&id), AT_ONCE - gone)? {
                tx.remove(tables::IMPORT_ROWS, &key)?;
                gone += 1;
            }
        }
    }
    Ok(gone)
}
