//! What does a screen show of feeds, and of where a car stands?

use super::{People, named, named_vehicle, reasons};
use crate::{
    domain::{
        feed::{CarDid, Feed, FeedDid, FeedFetch, FeedRead, ReadOutcome},
        ids::{FeedId, VehicleId},
        time::{At, MINUTE_MS},
        vehicle::{Listing, LotSaid, Vehicle},
    },
    service::{Policy, feeds, people, shapes as s},
    store::{Rows, Span, StoreError, tables},
};
use std::collections::HashSet;

/// Cars of one feed, and of the lot, that are counted.
const CARS_MOST: usize = 50_000;
/// Readings on the page of a feed.
const READS_SHOWN: usize = 30;
/// Cars named of one reading there.
const CARS_SHOWN: usize = 100;

pub fn list(tx: &impl Rows, policy: &Policy) -> Result<s::FeedList, StoreError> {
    let people = People::read(tx)?;
    let all = feeds::all(tx)?;
    let mut spoken_of: HashSet<VehicleId> = HashSet::new();
    let mut items = Vec::new();
    for feed in &all {
        spoken_of.extend(tx.keys(tables::FEED_CARS, &Span::under(&feed.id), CARS_MOST)?.into_iter().map(|(_, id)| id));
        items.push(shape(tx, policy, &people, feed)?);
    }
    let on_lot = tx.keys(tables::ON_LOT, &Span::all(), CARS_MOST)?;
    let in_no_feed = on_lot.iter().filter(|id| !spoken_of.contains(id)).count() as u64;
    Ok(s::FeedList { items, on_lot: on_lot.len() as u64, in_no_feed })
}

pub fn page(tx: &impl Rows, policy: &Policy, id: FeedId) -> Result<Option<s::FeedPage>, StoreError> {
    let Some(feed) = tx.get(tables::FEEDS, &id)? else { return Ok(None) };
    let people = People::read(tx)?;
    let mut reads = Vec::new();
    for (number, read) in feeds::reads(tx, id, READS_SHOWN)? {
        let mut cars = Vec::new();
        for did in read.cars.iter().take(CARS_SHOWN) {
            if let Some(car) = tx.get(tables::VEHICLES, &did.vehicle)? {
                cars.push(car_did(did, &car));
            }
        }
        reads.push(s::FeedReadPage { read: read_shape(&people, number, &read), cars });
    }
    Ok(Some(s::FeedPage { feed: shape(tx, policy, &people, &feed)?, reads }))
}

fn shape(tx: &impl Rows, policy: &Policy, people: &People, feed: &Feed) -> Result<s::FeedShape, StoreError> {
    let cars = tx.some(tables::FEED_CARS, &Span::under(&feed.id), CARS_MOST)?;
    let not_listed = cars.iter().filter(|(_, car)| car.absent > 0).count() as u64;
    let fetch = policy.fetches.iter().find(|fetch| fetch.name.eq_ignore_ascii_case(&feed.name));
    let went = feeds::fetching(tx, feed.id)?;
    Ok(s::FeedShape {
        id: feed.id.0,
        name: feed.name.clone(),
        covers: feed.covers,
        patience: feed.patience,
        most_gone_percent: feed.most_gone_percent,
        listed: cars.len() as u64 - not_listed,
        not_listed,
        stands_ms: feed.stands.as_ref().map(|stands| stands.at.0),
        last: tx.get(tables::FEED_READS, &(feed.id, feed.last))?.map(|read| read_shape(people, feed.last, &read)),
        may_take_anyway: feeds::waits(tx, feed.id)?,
        may_undo: feed.may_take_back,
        folder: policy.drop_folder.as_ref().map(|folder| feeds::folder(folder, feed).display().to_string()),
        fetch: fetch.map(|fetch| fetch_shape(fetch, &went)),
    })
}

fn fetch_shape(fetch: &feeds::Fetch, went: &FeedFetch) -> s::FeedFetchShape {
    let asked = went.asked > At(0);
    s::FeedFetchShape {
        host: fetch.host.clone(),
        every_minutes: fetch.every_ms / MINUTE_MS,
        asked_ms: asked.then_some(went.asked.0),
        next_ms: asked.then_some(went.next.0),
        trouble: went.trouble.clone(),
    }
}

fn read_shape(people: &People, number: u64, read: &FeedRead) -> s::FeedReadShape {
    let (outcome, why) = match &read.outcome {
        ReadOutcome::Taken | ReadOutcome::Unknown => (s::ReadWord::Taken, None),
        ReadOutcome::TakenAnyway => (s::ReadWord::TakenAnyway, None),
        ReadOutcome::Refused { why, .. } => (s::ReadWord::Refused, Some(why.clone())),
        ReadOutcome::TakenBack { .. } => (s::ReadWord::TakenBack, None),
    };
    s::FeedReadShape {
        number,
        at_ms: read.at.0,
        file: read.file.clone(),
        by: read.by.and_then(|id| people.person(id)),
        outcome,
        why,
        counts: read.counts,
        held_back: reasons(&read.held_back),
        notes: read.notes.clone(),
    }
}

fn car_did(did: &CarDid, car: &Vehicle) -> s::CarDidShape {
    let named = named_vehicle(car);
    let (word, from, price) = match &did.did {
        FeedDid::Arrived => (s::CarDidWord::Arrived, None, named.price_cents),
        FeedDid::Repriced { from, to } if to < from => (s::CarDidWord::Cheaper, Some(from.0), Some(to.0)),
        FeedDid::Repriced { from, to } => (s::CarDidWord::Dearer, Some(from.0), Some(to.0)),
        FeedDid::Changed | FeedDid::Unknown => (s::CarDidWord::Changed, None, named.price_cents),
        FeedDid::NotListed => (s::CarDidWord::NotListed, None, named.price_cents),
        FeedDid::Missing => (s::CarDidWord::Missing, None, named.price_cents),
        FeedDid::Sold => (s::CarDidWord::Sold, None, named.price_cents),
    };
    s::CarDidShape { vehicle_id: named.id, label: named.label, stock: named.stock, did: word, from_cents: from, price_cents: price }
}

/// What somebody said of where a car stands, while it holds.
pub(super) fn standing(tx: &impl Rows, people: &People, listing: &Listing) -> Result<Option<s::StandingShape>, StoreError> {
    let Some(word) = &listing.word else { return Ok(None) };
    let mut shape =
        s::StandingShape { by: people.person(word.by), at_ms: word.at.0, customer: None, until_ms: None, note: None, step: None, due_ms: None };
    match &word.said {
        LotSaid::Held { customer, until, note } => {
            let held_for = customer.map(|id| people::shown(tx, id)).transpose()?.flatten();
            shape.customer = held_for.as_ref().map(named);
            shape.until_ms = until.map(|at| at.0);
            shape.note = (!note.is_empty()).then(|| note.clone());
        }
        LotSaid::Recon { step } => shape.step = *step,
        LotSaid::Inbound { due } => shape.due_ms = due.map(|at| at.0),
        LotSaid::Back | LotSaid::Unknown => {}
    }
    Ok(Some(shape))
}

/// The feeds that speak of a car.
pub(super) fn listed_by(tx: &impl Rows, car: VehicleId) -> Result<Vec<s::ListedBy>, StoreError> {
    let mut by = Vec::new();
    for feed in feeds::all(tx)? {
        if let Some(said) = tx.get(tables::FEED_CARS, &(feed.id, car))? {
            by.push(s::ListedBy { feed_id: feed.id.0, name: feed.name, absent: said.absent });
        }
    }
    Ok(by)
}
