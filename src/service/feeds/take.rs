//! The effects of a snapshot, car by car; and the same backwards.

use super::{CARS_MOST, bring, put};
use crate::{
    domain::{
        event::NewListing,
        feed::{CarBefore, CarDid, Feed, FeedCar, FeedCounts, FeedDid, FeedRead, FeedUndo, ReadOutcome, Snapshot},
        ids::{FeedId, StaffId, VehicleId},
        import_run::HeldBack,
        time::At,
        vehicle::{ListingStatus, Vehicle},
    },
    service::{
        Policy,
        cars::{self, Listed},
        imports, price_drops, watchers,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Readings of one feed that are kept.
const READS_KEPT: usize = 60;
/// Cars named of one reading; the counts stay whole.
const CARS_NAMED: usize = 500;

/// The reading of this number, begun when it is not there.
fn reading(tx: &WriteTx<'_>, feed: FeedId, read: u64, now: At) -> Result<FeedRead, StoreError> {
    if let Some(begun) = tx.get(tables::FEED_READS, &(feed, read))? {
        return Ok(begun);
    }
    forget_undo(tx, feed)?;
    Ok(FeedRead {
        at: now,
        file: String::new(),
        by: None,
        outcome: ReadOutcome::Taken,
        counts: FeedCounts::default(),
        cars: vec![],
        held_back: vec![],
        notes: vec![],
        before: None,
    })
}

pub(super) fn forget_undo(tx: &WriteTx<'_>, feed: FeedId) -> Result<(), StoreError> {
    for key in tx.keys(tables::FEED_UNDO, &Span::under(&feed), CARS_MOST)? {
        tx.remove(tables::FEED_UNDO, &key)?;
    }
    Ok(())
}

fn name(read: &mut FeedRead, vehicle: VehicleId, did: FeedDid) {
    if read.cars.len() < CARS_NAMED {
        read.cars.push(CarDid { vehicle, did });
    }
}

/// Rows of a snapshot that say something new.
pub(in crate::service) fn take_listed(
    tx: &WriteTx<'_>,
    policy: &Policy,
    (feed, read): (FeedId, u64),
    rows: &[(u64, NewListing)],
    now: At,
) -> Result<(), StoreError> {
    let mut record = reading(tx, feed, read, now)?;
    let begun = tx.get(tables::FEEDS, &feed)?.is_some_and(|feed| feed.stands.is_some());
    for (line, row) in rows {
        take_row(tx, policy, (feed, begun), (*line, row), now, &mut record)?;
    }
    tx.put(tables::FEED_READS, &(feed, read), &record)
}

fn take_row(
    tx: &WriteTx<'_>,
    policy: &Policy,
    (feed, begun): (FeedId, bool),
    (line, row): (u64, &NewListing),
    now: At,
    record: &mut FeedRead,
) -> Result<(), StoreError> {
    let found = cars::find(tx, row.vin.as_ref(), &row.stock)?;
    let (before, known) = match found {
        Some(id) => (tx.get(tables::VEHICLES, &id)?, tx.get(tables::FEED_CARS, &(feed, id))?),
        None => (None, None),
    };
    let mut said = news(row, known.as_ref(), before.as_ref());
    // A car that the first snapshot lists may have stood there for long; one that comes later came then.
    if begun && said.in_stock_since.is_none() && before.as_ref().is_none_or(|car| car.listing.is_none()) {
        said.in_stock_since = Some(now);
    }
    let id = match cars::list(tx, &said, now)? {
        Listed::New(id) | Listed::Changed(id) | Listed::Unchanged(id) => id,
        Listed::HeldBack(reason) => {
            imports::add_reason(&mut record.held_back, reason, line);
            record.counts.held_back += 1;
            return Ok(());
        }
    };
    // A stock number that went to another car: what was found first is not the car of this row.
    let (before, known) = if found == Some(id) { (before, known) } else { (None, tx.get(tables::FEED_CARS, &(feed, id))?) };
    let Some(after) = tx.get(tables::VEHICLES, &id)? else { return Ok(()) };
    let left = cars::digest(&after)?;
    let car = match &before {
        Some(car) => CarBefore::Was { car: Box::new(car.clone()), after: left },
        None => CarBefore::NotThere { after: left },
    };
    tx.put(tables::FEED_UNDO, &(feed, id), &FeedUndo { car, said: known })?;
    tx.put(tables::FEED_CARS, &(feed, id), &FeedCar { row: bring::digest(row)?, status: row.status, price: row.price, absent: 0 })?;
    cars::tell_of(tx, policy, before.as_ref(), &after, None, now)?;
    count(record, id, before.as_ref(), &after);
    Ok(())
}

/// What a row says that the feed did not say before: a status or price that it only repeats does not undo what somebody did since.
fn news(row: &NewListing, known: Option<&FeedCar>, before: Option<&Vehicle>) -> NewListing {
    let mut said = row.clone();
    if let (Some(known), Some(listing)) = (known, before.and_then(|car| car.listing.as_ref())) {
        if known.status == row.status {
            said.status = listing.status;
        }
        if known.price == row.price {
            said.price = None;
        }
    }
    said
}

/// What a row did to its car.
fn count(record: &mut FeedRead, id: VehicleId, before: Option<&Vehicle>, after: &Vehicle) {
    let Some(now) = &after.listing else { return };
    let counts = &mut record.counts;
    let Some(then) = before.and_then(|car| car.listing.as_ref()).filter(|then| then.status.is_on_lot()) else {
        if now.status.is_on_lot() {
            counts.arrived += 1;
            name(record, id, FeedDid::Arrived);
        }
        return;
    };
    if now.status == ListingStatus::Sold {
        counts.sold += 1;
        return name(record, id, FeedDid::Sold);
    }
    let mut quiet = then.clone();
    quiet.last_seen = now.last_seen;
    if quiet == *now && before.is_some_and(|before| before.facts == after.facts) {
        return;
    }
    counts.changed += 1;
    match (then.price, now.price) {
        (Some(from), Some(to)) if from != to => {
            if to < from {
                counts.cheaper += 1;
            } else {
                counts.dearer += 1;
            }
            name(record, id, FeedDid::Repriced { from, to });
        }
        (Some(_) | None, Some(_) | None) => name(record, id, FeedDid::Changed),
    }
}

/// A snapshot that was read to its end, as its entry says it.
pub(in crate::service) struct ReadToEnd<'e> {
    pub(in crate::service) snapshot: &'e Snapshot,
    pub(in crate::service) file: &'e str,
    pub(in crate::service) listed: u64,
    pub(in crate::service) gone: &'e [VehicleId],
    pub(in crate::service) held_back: &'e [HeldBack],
    pub(in crate::service) notes: &'e [String],
    pub(in crate::service) by: Option<StaffId>,
    pub(in crate::service) anyway: bool,
}

/// What follows for the cars of which it does not speak, and the reading as it stands now.
pub(in crate::service) fn take_read(tx: &WriteTx<'_>, feed: FeedId, said: &ReadToEnd<'_>, now: At) -> Result<(), StoreError> {
    let Some(mut feed) = tx.get(tables::FEEDS, &feed)? else { return Ok(()) };
    let read = said.snapshot.read;
    let mut record = reading(tx, feed.id, read, now)?;
    for id in said.gone {
        take_absence(tx, &feed, *id, now, &mut record)?;
    }
    imports::add_reasons(&mut record.held_back, said.held_back);
    let counts = &mut record.counts;
    counts.listed = said.listed;
    counts.unchanged = said.listed.saturating_sub(counts.arrived + counts.changed + counts.sold + counts.held_back);
    counts.held_back += said.held_back.iter().map(|held| held.count).sum::<u64>();
    said.file.clone_into(&mut record.file);
    record.notes = said.notes.to_vec();
    record.by = said.by;
    record.outcome = if said.anyway { ReadOutcome::TakenAnyway } else { ReadOutcome::Taken };
    record.before = feed.stands.take();
    tx.put(tables::FEED_READS, &(feed.id, read), &record)?;
    forget_old_reads(tx, feed.id)?;
    feed.stands = Some(said.snapshot.clone());
    (feed.last, feed.may_take_back, feed.refused, feed.not_again) = (read, Some(read), None, None);
    put(tx, &feed)
}

/// One more snapshot without a car of the feed.
fn take_absence(tx: &WriteTx<'_>, feed: &Feed, id: VehicleId, now: At, record: &mut FeedRead) -> Result<(), StoreError> {
    let key = (feed.id, id);
    let (Some(known), Some(mut car)) = (tx.get(tables::FEED_CARS, &key)?, tx.get(tables::VEHICLES, &id)?) else { return Ok(()) };
    let before = car.clone();
    let Some(listing) = car.listing.as_ref().filter(|listing| listing.status.is_on_lot()) else {
        // Sold or gone already: the feed need not speak of it.
        tx.put(tables::FEED_UNDO, &key, &FeedUndo { car: CarBefore::Same, said: Some(known) })?;
        return tx.remove(tables::FEED_CARS, &key).map(|_| ());
    };
    let absent = known.absent.saturating_add(1);
    if absent == 1 {
        record.counts.not_listed += 1;
        name(record, id, FeedDid::NotListed);
    }
    // Whoever holds a car, or has it in recon or on its way, may well have taken it out of the feed.
    let is_missing = absent >= feed.patience && listing.word.is_none() && !is_listed_elsewhere(tx, feed.id, id)?;
    if !is_missing {
        tx.put(tables::FEED_UNDO, &key, &FeedUndo { car: CarBefore::Same, said: Some(known.clone()) })?;
        return tx.put(tables::FEED_CARS, &key, &FeedCar { absent, ..known });
    }
    cars::set_status(tx, &mut car, ListingStatus::Missing, now)?;
    price_drops::withdraw_stale(tx, &car, now)?;
    let was = CarBefore::Was { car: Box::new(before), after: cars::digest(&car)? };
    tx.put(tables::FEED_UNDO, &key, &FeedUndo { car: was, said: Some(known) })?;
    tx.remove(tables::FEED_CARS, &key)?;
    record.counts.missing += 1;
    name(record, id, FeedDid::Missing);
    Ok(())
}

fn is_listed_elsewhere(tx: &WriteTx<'_>, feed: FeedId, id: VehicleId) -> Result<bool, StoreError> {
    for other in super::all(tx)?.into_iter().filter(|other| other.id != feed) {
        if tx.get(tables::FEED_CARS, &(other.id, id))?.is_some_and(|car| car.absent == 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn forget_old_reads(tx: &WriteTx<'_>, feed: FeedId) -> Result<(), StoreError> {
    let keys = tx.keys(tables::FEED_READS, &Span::under(&feed), usize::MAX)?;
    for key in keys.iter().take(keys.len().saturating_sub(READS_KEPT)) {
        tx.remove(tables::FEED_READS, key)?;
    }
    Ok(())
}

/// A snapshot that was refused: only that it was.
pub(in crate::service) fn take_refusal(
    tx: &WriteTx<'_>,
    feed: FeedId,
    (read, digest): (u64, &str),
    refused: (&str, &ReadOutcome, Option<StaffId>),
    now: At,
) -> Result<(), StoreError> {
    let Some(mut feed) = tx.get(tables::FEEDS, &feed)? else { return Ok(()) };
    let (file, outcome, by) = refused;
    let record = FeedRead {
        at: now,
        file: file.to_owned(),
        by,
        outcome: outcome.clone(),
        counts: FeedCounts::default(),
        cars: vec![],
        held_back: vec![],
        notes: vec![],
        before: None,
    };
    tx.put(tables::FEED_READS, &(feed.id, read), &record)?;
    forget_old_reads(tx, feed.id)?;
    (feed.last, feed.refused) = (read, Some(digest.to_owned()));
    put(tx, &feed)
}

/// The last snapshot that was taken, backwards.
pub(in crate::service) fn take_back(tx: &WriteTx<'_>, feed: FeedId, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(mut feed) = tx.get(tables::FEEDS, &feed)? else { return Ok(()) };
    let Some(read) = feed.may_take_back.take() else { return Ok(()) };
    for (key, undo) in tx.some(tables::FEED_UNDO, &Span::under(&feed.id), CARS_MOST)? {
        match &undo.said {
            Some(said) => tx.put(tables::FEED_CARS, &key, said)?,
            None => tx.remove(tables::FEED_CARS, &key).map(|_| ())?,
        }
        match &undo.car {
            CarBefore::Same | CarBefore::Unknown => {}
            CarBefore::NotThere { .. } => cars::unlist(tx, key.1, None, now)?,
            CarBefore::Was { car, .. } => {
                cars::unlist(tx, key.1, Some(car.as_ref()), now)?;
                // A card that spoke of the lower price, or of the sale, has lost its reason.
                watchers::tell(tx, key.1, now)?;
            }
        }
    }
    forget_undo(tx, feed.id)?;
    let taken = feed.stands.take();
    if let Some(mut record) = tx.get(tables::FEED_READS, &(feed.id, read))? {
        feed.stands = record.before.take();
        record.outcome = ReadOutcome::TakenBack { by, at: now };
        tx.put(tables::FEED_READS, &(feed.id, read), &record)?;
    }
    feed.not_again = taken.map(|snapshot| snapshot.digest);
    put(tx, &feed)
}
