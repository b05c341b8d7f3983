//! What should a car cost? A manager tries a price, sees who would be told, sets it, and may take it back while nothing has left.

use super::{Policy, Rooms, advance, cars, price_drops, seen::Asked, shapes as s, views, watchers};
use crate::{
    domain::{
        change::Changed,
        consent::Channel,
        event::Event,
        ids::{StaffId, VehicleId},
        money::Cents,
        outbox::OutboxState,
        price_alert::PriceMove,
        time::{At, HOUR_MS},
        vehicle::{Listing, ListingStatus, Vehicle},
    },
    engine::{
        matching::drop::{A_DAY_MOST, LeftOut},
        wording::{self, PriceNews},
    },
    store::{Rows, StoreError, WriteTx, tables},
};

/// Dearer than any car of a small store: more is a slip of the finger.
const PRICE_MOST: Cents = Cents(2_000_000 * 100);
const UNDO_MS: i64 = HOUR_MS;
/// People shown by name in a plan; all are counted.
const SHOWN_MOST: usize = 30;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    Unusable(String),
    /// The price is another one by now.
    ChangedSince,
    /// A sentence: why it cannot be taken back.
    Stays(&'static str),
}

/// Changes with every price of a car and with what keeps it from being sold.
#[must_use]
pub fn version(listing: &Listing) -> String {
    let price = listing.price.map_or(0, |price| price.0);
    format!("{price}-{}", listing.prices.len())
}

fn usable(car: &Vehicle, price: Cents) -> Result<&Listing, Refusal> {
    let unusable = |sentence: &str| Err(Refusal::Unusable(sentence.to_owned()));
    let gone = |l: &&Listing| matches!(l.status, ListingStatus::Sold | ListingStatus::Missing);
    let Some(listing) = car.listing.as_ref().filter(|l| !gone(l)) else { return unusable("The car is not on the lot any more.") };
    if price.0 <= 0 || price > PRICE_MOST {
        return unusable("A price is more than nothing and at most $2,000,000.");
    }
    Ok(listing)
}

/// Who would be told if a car cost so much; nothing is changed. Gross is for managers only.
pub fn plan(rooms: &Rooms, id: VehicleId, price: Cents, sees_gross: bool, now: At) -> Result<Result<s::PricePlan, Refusal>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(Err(Refusal::NotThere)) };
    let listing = match usable(&car, price) {
        Ok(listing) => listing,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let from = listing.price.unwrap_or(price);
    let plan = price_drops::plan(&tx, &car, from, price, now)?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let tell = plan.tell.iter().take(SHOWN_MOST).enumerate().filter_map(|(place, cared)| {
        let (channel, _) = cared.to.as_ref()?;
        let link = listing.url.as_deref();
        let news = PriceNews { car: &car, from, to: price, asked: cared.asked, link };
        Some(s::WouldBeTold {
            customer: views::named(&cared.customer),
            score: cared.customer.score.points,
            why: cared.why.clone(),
            channel: views::channel(*channel),
            day: count(place / A_DAY_MOST),
            not_before_ms: price_drops::leaves(&rooms.policy, *channel, now).0,
            text: wording::price_drop(&cared.customer, &rooms.policy.rooftop, &news, *channel, now),
        })
    });
    let left_out = LeftOut::ALL.into_iter().filter_map(|why| {
        let who: Vec<_> = plan.left_out.iter().filter(|(_, w)| *w == why).map(|(cared, _)| views::named(&cared.customer)).collect();
        (!who.is_empty()).then(|| s::LeftOutShape {
            why,
            says: why.words().to_owned(),
            count: count(who.len()),
            who: who.into_iter().take(5).collect(),
        })
    });
    Ok(Ok(s::PricePlan {
        price_cents: price.0,
        version: version(listing),
        stop: plan.stop.map(str::to_owned),
        alerts_set: count(plan.alerts_set),
        alerts_met: count(plan.alerts_met),
        told: count(plan.tell.len()),
        a_day: count(A_DAY_MOST),
        may_text: count(plan.tell.iter().filter(|c| c.may_text).count()),
        may_email: count(plan.tell.iter().filter(|c| c.may_email).count()),
        tell: tell.collect(),
        left_out: left_out.collect(),
        gross_cents: listing.cost.filter(|_| sees_gross).map(|cost| price.0 - cost.0),
    }))
}

/// Sets a price. The same key twice sets it once; `seen` is the version that the person looked at.
pub async fn set(rooms: &Rooms, id: VehicleId, price: Cents, seen: Option<String>, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "price", || {
                let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(Err(Refusal::NotThere)) };
                let listing = match usable(&car, price) {
                    Ok(listing) => listing,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if listing.price == Some(price) {
                    return Ok(Ok(()));
                }
                if seen.as_ref().is_some_and(|seen| *seen != version(listing)) {
                    return Ok(Err(Refusal::ChangedSince));
                }
                advance::append_applied(tx, &policy, Event::Priced { vehicle: id, price, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Takes the newest price set by hand back, within the hour and while no message has left. Done before, it is done.
pub async fn take_back(rooms: &Rooms, id: VehicleId, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "price back", || {
                let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(Err(Refusal::NotThere)) };
                let moved = tx.get(tables::PRICE_MOVES, &id)?;
                if let Err(why) = may_take_back(tx, &car, moved.as_ref(), now)? {
                    return Ok(Err(Refusal::Stays(why)));
                }
                advance::append_applied(tx, &policy, Event::PriceTakenBack { vehicle: id, by: asked.by }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Whether the newest price may be taken back, or why not.
pub(super) fn may_take_back(tx: &impl Rows, car: &Vehicle, moved: Option<&PriceMove>, now: At) -> Result<Result<(), &'static str>, StoreError> {
    let Some(moved) = moved.filter(|m| m.by.is_some() && car.listing.as_ref().is_some_and(|l| l.price == Some(m.to))) else {
        return Ok(Err("The newest price was not set by hand."));
    };
    if now.since(moved.at) > UNDO_MS {
        return Ok(Err("More than an hour has passed. Set the price you want."));
    }
    for id in &moved.messages {
        if tx.get(tables::OUTBOX, id)?.is_some_and(|row| matches!(row.state, OutboxState::Sent { .. })) {
            return Ok(Err("Somebody has been told already. Set the price you want."));
        }
    }
    Ok(Ok(()))
}

/// The effects of a price set by hand.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, id: VehicleId, price: Cents, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(before) = tx.get(tables::VEHICLES, &id)? else { return Ok(()) };
    let mut car = before.clone();
    let Some(listing) = &mut car.listing else { return Ok(()) };
    listing.reprice(price, now);
    cars::put(tx, &car)?;
    cars::tell_of(tx, policy, Some(&before), &car, Some(by), now)
}

/// And of taking it back: the price before stands, as if this one had never been.
pub(super) fn take_taking_back(tx: &WriteTx<'_>, id: VehicleId, now: At) -> Result<(), StoreError> {
    let (Some(mut car), Some(moved)) = (tx.get(tables::VEHICLES, &id)?, tx.get(tables::PRICE_MOVES, &id)?) else { return Ok(()) };
    price_drops::withdraw(tx, &moved, "The price was taken back.", now)?;
    let Some(listing) = &mut car.listing else { return Ok(()) };
    listing.price = moved.from;
    listing.prices.pop_if(|point| point.at == moved.at && point.price == moved.to);
    tx.put(tables::VEHICLES, &id, &car)?;
    tx.remove(tables::PRICE_MOVES, &id)?;
    tx.announce(Changed::Vehicle(id));
    // Cards that stood by the lower price close by themselves.
    watchers::tell(tx, id, now)
}

/// What a page says of prices beside the price itself.
pub(super) fn standing(tx: &impl Rows, car: &Vehicle, now: At) -> Result<s::PriceStanding, StoreError> {
    let moved = tx.get(tables::PRICE_MOVES, &car.id)?;
    let mut waiting = 0;
    for id in moved.iter().flat_map(|m| &m.messages) {
        waiting += u32::from(tx.get(tables::OUTBOX, id)?.is_some_and(|row| matches!(row.state, OutboxState::Waiting { .. })));
    }
    let may = may_take_back(tx, car, moved.as_ref(), now)?.is_ok();
    Ok(s::PriceStanding {
        version: car.listing.as_ref().map(version).unwrap_or_default(),
        alerts_set: u32::try_from(super::price_alerts::on(tx, car.id)?.len()).unwrap_or(u32::MAX),
        told_waiting: waiting,
        undo_until_ms: moved.filter(|_| may).map(|m| m.at.plus_ms(UNDO_MS).0),
    })
}

/// By text or by email, as the wire says it.
#[must_use]
pub fn channel_of(word: s::ChannelWord) -> Channel {
    match word {
        s::ChannelWord::Text => Channel::Text,
        s::ChannelWord::Call => Channel::Call,
        s::ChannelWord::Email => Channel::Email,
    }
}
