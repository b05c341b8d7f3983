//! Where does a car of the lot stand, as somebody of the store says it: on hold and for whom, in recon, on its way, for sale again?

use super::{Policy, Rooms, advance, cars, people, seen::Asked, story, timers};
use crate::{
    domain::{
        alert::Icon,
        event::Event,
        ids::{Seq, StaffId, VehicleId},
        story::{Road, StoryRow},
        time::{At, DAY_MS},
        timer::{Timer, TimerKind},
        vehicle::{Listing, ListingStatus, LotSaid, LotWord, ReconStep, Standing, Vehicle},
    },
    engine::wording::times,
    store::{Rows, StoreError, WriteTx, tables},
};

const NOTE_MOST_CHARS: usize = 200;
/// A car is held for a customer, not put by for good.
const HELD_MOST_MS: i64 = 90 * DAY_MS;

/// Why nothing was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// The car is sold or was never on the lot.
    NotOnLot,
    NothingToUndo,
    /// A sentence.
    Unusable(String),
}

/// Says where a car stands. The same key twice says it once.
pub async fn say(rooms: &Rooms, car: VehicleId, said: LotSaid, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "say standing", || {
                let Some(vehicle) = tx.get(tables::VEHICLES, &car)? else { return Ok(Err(Refusal::NotThere)) };
                if let Err(refusal) = may(tx, &vehicle, &said, now)? {
                    return Ok(Err(refusal));
                }
                advance::append_applied(tx, &policy, Event::LotSaid { vehicle: car, said: said.clone(), by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

fn may(tx: &WriteTx<'_>, vehicle: &Vehicle, said: &LotSaid, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let unusable = |sentence: String| Ok(Err(Refusal::Unusable(sentence)));
    // What a feed no longer lists may well stand on the lot: whoever sees it there says so.
    if vehicle.listing.as_ref().is_none_or(|l| l.status == ListingStatus::Sold) {
        return Ok(Err(Refusal::NotOnLot));
    }
    match said {
        LotSaid::Held { until: Some(until), .. } if *until <= now => unusable("The time until which it is held has passed.".to_owned()),
        LotSaid::Held { until: Some(until), .. } if until.since(now) > HELD_MOST_MS => unusable("A car is held for at most 90 days.".to_owned()),
        LotSaid::Held { note, .. } if note.chars().count() > NOTE_MOST_CHARS => unusable(format!("A note has at most {NOTE_MOST_CHARS} characters.")),
        LotSaid::Held { customer: Some(customer), .. } if people::shown(tx, *customer)?.is_none() => {
            unusable("There is no customer of that number.".to_owned())
        }
        LotSaid::Recon { step: Some(ReconStep::Unknown) } | LotSaid::Unknown => unusable("That is unknown to this edition.".to_owned()),
        LotSaid::Held { .. } | LotSaid::Recon { .. } | LotSaid::Inbound { .. } | LotSaid::Back => Ok(Ok(())),
    }
}

/// Takes the last word back: the car stands as it did before.
pub async fn undo(rooms: &Rooms, car: VehicleId, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "unsay standing", || {
                let Some(vehicle) = tx.get(tables::VEHICLES, &car)? else { return Ok(Err(Refusal::NotThere)) };
                if vehicle.listing.is_none_or(|listing| listing.word.is_none()) {
                    return Ok(Err(Refusal::NothingToUndo));
                }
                advance::append_applied(tx, &policy, Event::LotUnsaid { vehicle: car, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// The effects of a word.
pub(super) fn take(
    tx: &WriteTx<'_>,
    policy: &Policy,
    cause: Seq,
    (car, said, by): (VehicleId, &LotSaid, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(mut vehicle) = tx.get(tables::VEHICLES, &car)? else { return Ok(()) };
    let was = vehicle.clone();
    let label = vehicle.facts.label();
    let Some(listing) = &mut vehicle.listing else { return Ok(()) };
    let status = match said {
        LotSaid::Held { .. } => ListingStatus::Hold,
        LotSaid::Recon { .. } => ListingStatus::Recon,
        LotSaid::Inbound { .. } => ListingStatus::Inbound,
        LotSaid::Back | LotSaid::Unknown => ListingStatus::Available,
    };
    let said_before = listing.word.take();
    if let Some(word) = &said_before {
        timers::clear_hold(tx, car, &word.said)?;
    }
    let before =
        Standing { status: listing.status, since: listing.status_since, word: said_before.map(|word| (word.said, word.by, word.at, word.cause)) };
    if listing.status != status {
        (listing.status, listing.status_since) = (status, Some(now));
    }
    listing.word = Some(LotWord { said: said.clone(), by, at: now, cause, before });
    cars::put(tx, &vehicle)?;
    cars::tell_of(tx, policy, Some(&was), &vehicle, None, now)?;
    if let LotSaid::Held { until: Some(until), .. } = said {
        timers::set(tx, &Timer { due: *until, what: TimerKind::HoldEnds { vehicle: car } })?;
    }
    if let LotSaid::Held { customer: Some(customer), until, note } = said {
        let zone = &policy.rooftop.zone;
        let until = until.map(|at| format!("Until {}.", times::moment(zone, at, now)));
        let detail = until.into_iter().chain((!note.is_empty()).then(|| note.clone())).collect::<Vec<_>>().join(" ");
        let row = StoryRow::new(now, Road::Sales, Icon::Car, format!("Held the {label} for them"), cause);
        story::tell(tx, (*customer).into(), &StoryRow { detail, vehicle: Some(car), by: Some(by), ..row })?;
        tx.announce(crate::domain::change::Changed::Customer(*customer));
    }
    Ok(())
}

/// The effects of taking it back: as if it had not been said.
pub(super) fn take_back(tx: &WriteTx<'_>, car: VehicleId) -> Result<(), StoreError> {
    let Some(mut vehicle) = tx.get(tables::VEHICLES, &car)? else { return Ok(()) };
    let Some(word) = vehicle.listing.as_mut().and_then(stand_as_before) else { return Ok(()) };
    timers::clear_hold(tx, car, &word.said)?;
    if let Some(LotSaid::Held { until: Some(until), .. }) = vehicle.listing.as_ref().and_then(|l| l.word.as_ref()).map(|w| &w.said) {
        timers::set(tx, &Timer { due: *until, what: TimerKind::HoldEnds { vehicle: car } })?;
    }
    if let LotSaid::Held { customer: Some(customer), .. } = &word.said {
        tx.remove(tables::STORY, &(tables::story_of_part((*customer).into()), (word.at, word.cause)))?;
        tx.announce(crate::domain::change::Changed::Customer(*customer));
    }
    cars::put(tx, &vehicle)
}

/// Brings a listing to where it stood before the last word; gives that word.
fn stand_as_before(listing: &mut Listing) -> Option<LotWord> {
    let word = listing.word.take()?;
    let Standing { status, since, word: earlier } = word.before.clone();
    (listing.status, listing.status_since) = (status, since);
    // What stood before an earlier word is no longer known; only the last can be taken back further.
    let bare = Standing { status: ListingStatus::Available, since: None, word: None };
    listing.word = earlier.map(|(said, by, at, cause)| LotWord { said, by, at, cause, before: bare });
    Some(word)
}

/// A hold runs out: the car is for sale again. Its line stays in the story, for it was held.
pub(super) fn hold_ends(tx: &WriteTx<'_>, car: VehicleId, now: At) -> Result<(), StoreError> {
    let Some(mut vehicle) = tx.get(tables::VEHICLES, &car)? else { return Ok(()) };
    let held = vehicle.listing.as_ref().and_then(|l| l.word.as_ref());
    // A later word has its own timer, or none.
    if held.is_some_and(|word| matches!(word.said, LotSaid::Held { until: Some(until), .. } if until <= now)) {
        cars::set_status(tx, &mut vehicle, ListingStatus::Available, now)?;
    }
    Ok(())
}
