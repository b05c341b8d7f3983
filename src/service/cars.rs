//! Which car is this, and what happened to its price? Cars are found by VIN, then by stock number.

use super::{Policy, matching, price_drops, watchers};
use crate::{
    domain::{
        change::Changed,
        event::NewListing,
        ids::{StaffId, VehicleId},
        time::{At, DAY_MS},
        vehicle::{CarFacts, Listing, ListingStatus, Vehicle},
        vin::Vin,
    },
    engine::cars::{decode, features},
    store::{Rows, Span, StoreError, WriteTx, encode_plain, tables},
};

/// The form in which stock numbers are compared: letters upper case, no space, no leading `#`.
#[must_use]
pub fn stock_key(stock: &str) -> String {
    stock.trim().trim_start_matches('#').chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).take(64).collect()
}

pub fn find(tx: &impl Rows, vin: Option<&Vin>, stock: &str) -> Result<Option<VehicleId>, StoreError> {
    if let Some(vin) = vin
        && let Some(id) = tx.get(tables::VINS, &vin.as_str().to_owned())?
    {
        return Ok(Some(id));
    }
    let key = stock_key(stock);
    if key.is_empty() { Ok(None) } else { tx.get(tables::STOCKS, &key) }
}

/// The car with this VIN, made when we have never met it.
pub fn file(tx: &WriteTx<'_>, vin: &Vin, facts: &CarFacts, newer: bool) -> Result<VehicleId, StoreError> {
    let key = vin.as_str().to_owned();
    if let Some(id) = tx.get(tables::VINS, &key)? {
        if let Some(mut vehicle) = tx.get(tables::VEHICLES, &id)? {
            let before = vehicle.clone();
            vehicle.hear(facts, newer, &told_by(vin));
            if vehicle != before {
                tx.put(tables::VEHICLES, &id, &vehicle)?;
                tx.announce(Changed::Vehicle(id));
            }
        }
        return Ok(id);
    }
    let id = VehicleId(tx.next("vehicle")?);
    let mut vehicle = Vehicle { id, vin: Some(vin.clone()), facts: CarFacts::default(), from_vin: CarFacts::default(), listing: None };
    vehicle.hear(facts, newer, &told_by(vin));
    tx.put(tables::VEHICLES, &id, &vehicle)?;
    tx.put(tables::VINS, &key, &id)?;
    tx.announce(Changed::Vehicle(id));
    Ok(id)
}

/// What the number alone says of its car, its trim too: [`Vehicle::hear`] keeps that as the hint it is. Nothing of a number whose digit fails
/// where it must hold: it may be another car's.
fn told_by(vin: &Vin) -> CarFacts {
    if vin.fault().is_some() {
        return CarFacts::default();
    }
    let car = decode(vin);
    CarFacts { trim: car.one_trim().to_owned(), ..car.facts() }
}

/// What a feed row did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    New(VehicleId),
    Changed(VehicleId),
    Unchanged(VehicleId),
    HeldBack(&'static str),
}

/// Takes one row of an inventory feed. VIN and stock number that point at two different cars hold the row back: a feed never overwrites
/// one car with another.
pub fn list(tx: &WriteTx<'_>, said: &NewListing, at: At) -> Result<Listed, StoreError> {
    let stock = stock_key(&said.stock);
    let by_stock = if stock.is_empty() { None } else { tx.get(tables::STOCKS, &stock)? };
    let by_vin = match &said.vin {
        Some(vin) => tx.get(tables::VINS, &vin.as_str().to_owned())?,
        None => None,
    };
    if stock.is_empty() && said.vin.is_none() {
        return Ok(Listed::HeldBack("The row has neither a VIN nor a stock number; add one and import it again."));
    }
    let (id, mut vehicle) = match (by_vin, by_stock) {
        (Some(v), Some(s)) if v != s && on_lot(tx, s)? => {
            return Ok(Listed::HeldBack("Its stock number belongs to another VIN that is still on the lot; correct one of the two in the feed."));
        }
        (None, Some(s)) if said.vin.is_some() && on_lot(tx, s)? && has_vin(tx, s)? => {
            return Ok(Listed::HeldBack("Its stock number belongs to another VIN that is still on the lot; correct one of the two in the feed."));
        }
        (Some(id), _) => (id, tx.get(tables::VEHICLES, &id)?),
        (None, Some(id)) if said.vin.is_none() || !has_vin(tx, id)? => (id, tx.get(tables::VEHICLES, &id)?),
        (None, _) => (VehicleId(tx.next("vehicle")?), None),
    };
    let is_new = vehicle.as_ref().is_none_or(|v| v.listing.is_none());
    let mut car =
        vehicle.take().unwrap_or_else(|| Vehicle { id, vin: None, facts: CarFacts::default(), from_vin: CarFacts::default(), listing: None });
    let before = car.clone();
    if let Some(vin) = &said.vin {
        car.vin = Some(vin.clone());
        tx.put(tables::VINS, &vin.as_str().to_owned(), &id)?;
    }
    let told = car.vin.as_ref().map(told_by).unwrap_or_default();
    car.hear(&said.facts, true, &told);
    let mut listing = relisted(car.listing.take(), said, at);
    listing.features = features::read(&car.facts, &listing.options, &listing.description);
    keep_on_lot(tx, id, Some(&listing))?;
    car.listing = Some(listing);
    if !stock.is_empty() {
        tx.put(tables::STOCKS, &stock, &id)?;
    }
    let same = {
        let mut quiet = car.clone();
        if let (Some(now), Some(then)) = (&mut quiet.listing, &before.listing) {
            now.last_seen = then.last_seen;
        }
        quiet == before
    };
    tx.put(tables::VEHICLES, &id, &car)?;
    if same {
        return Ok(Listed::Unchanged(id));
    }
    tx.announce(Changed::Vehicle(id));
    Ok(if is_new { Listed::New(id) } else { Listed::Changed(id) })
}

/// Tells those who care for a car what they want to hear of it: that it was sold, costs less, or came. Every road by which a car comes or changes
/// ends here: a feed, an import, a deal, a word or a price by hand.
pub(super) fn tell_of(
    tx: &WriteTx<'_>,
    policy: &Policy,
    before: Option<&Vehicle>,
    after: &Vehicle,
    by: Option<StaffId>,
    now: At,
) -> Result<(), StoreError> {
    if before.is_some_and(|before| is_news(before, after)) {
        watchers::tell(tx, after.id, now)?;
    }
    if let Some(before) = before {
        price_drops::moved(tx, policy, before, by, now)?;
    }
    matching::arrived(tx, before, after.id, now)
}

fn is_news(before: &Vehicle, after: &Vehicle) -> bool {
    let (Some(then), Some(now)) = (&before.listing, &after.listing) else { return false };
    let sold = now.status == ListingStatus::Sold && then.status != ListingStatus::Sold;
    sold || now.price.zip(then.price).is_some_and(|(now, then)| now < then)
}

/// Brings a car to another status, and on the lot or off it. What was said of it by hand no longer holds.
pub(super) fn set_status(tx: &WriteTx<'_>, car: &mut Vehicle, status: ListingStatus, now: At) -> Result<(), StoreError> {
    let Some(listing) = &mut car.listing else { return Ok(()) };
    if listing.status != status {
        (listing.status, listing.status_since) = (status, Some(now));
    }
    listing.word = None;
    put(tx, car)
}

/// Writes a car that is or was listed, with its place on the lot.
pub(super) fn put(tx: &WriteTx<'_>, car: &Vehicle) -> Result<(), StoreError> {
    keep_on_lot(tx, car.id, car.listing.as_ref())?;
    tx.put(tables::VEHICLES, &car.id, car)?;
    tx.announce(Changed::Vehicle(car.id));
    Ok(())
}

fn note_leaving(tx: &WriteTx<'_>, id: VehicleId, at: At) -> Result<(), StoreError> {
    const KEPT_MS: i64 = 180 * DAY_MS;
    const FORGOTTEN_AT_ONCE: usize = 4;
    for key in tx.keys(tables::LEFT_LOT, &Span::all(), FORGOTTEN_AT_ONCE)? {
        if at.since(key.0) > KEPT_MS {
            tx.remove(tables::LEFT_LOT, &key)?;
        }
    }
    tx.put(tables::LEFT_LOT, &(at, id), &())
}

fn keep_on_lot(tx: &WriteTx<'_>, id: VehicleId, listing: Option<&Listing>) -> Result<(), StoreError> {
    if listing.is_some_and(|l| l.status.is_on_lot()) {
        return tx.put(tables::ON_LOT, &id, &());
    }
    let was_here = tx.remove(tables::ON_LOT, &id)?;
    match listing.and_then(|l| l.status_since).filter(|_| was_here) {
        Some(since) => note_leaving(tx, id, since),
        None => Ok(()),
    }
}

/// By which a car that somebody changed is told from one that nobody did. When a feed last saw it is no change.
pub(super) fn digest(car: &Vehicle) -> Result<String, StoreError> {
    let mut quiet = car.clone();
    if let Some(listing) = &mut quiet.listing {
        listing.last_seen = At(0);
    }
    Ok(data_encoding::HEXLOWER.encode(&blake3::hash(&encode_plain(&quiet)?).as_bytes()[..16]))
}

/// The car as it was before a file spoke of it; one that nothing else knows is gone again.
pub(super) fn unlist(tx: &WriteTx<'_>, vehicle: VehicleId, before: Option<&Vehicle>, at: At) -> Result<(), StoreError> {
    let Some(now) = tx.get(tables::VEHICLES, &vehicle)? else { return Ok(()) };
    if let Some(stock) = now.listing.as_ref().map(|l| stock_key(&l.stock))
        && tx.get(tables::STOCKS, &stock)? == Some(vehicle)
    {
        tx.remove(tables::STOCKS, &stock)?;
    }
    tx.remove(tables::ON_LOT, &vehicle)?;
    tx.announce(Changed::Vehicle(vehicle));
    match before {
        Some(before) => {
            if let Some(listing) = &before.listing {
                tx.put(tables::STOCKS, &stock_key(&listing.stock), &vehicle)?;
                keep_on_lot(tx, vehicle, Some(listing))?;
            }
            tx.put(tables::VEHICLES, &vehicle, before)?;
            // What was written of the price that is taken back stays.
            price_drops::withdraw_stale(tx, before, at)
        }
        None if somebody_cares(tx, vehicle)? => tx.put(tables::VEHICLES, &vehicle, &Vehicle { listing: None, ..now }),
        None => {
            if let Some(vin) = &now.vin {
                tx.remove(tables::VINS, &vin.as_str().to_owned())?;
            }
            tx.remove(tables::VEHICLES, &vehicle)?;
            Ok(())
        }
    }
}

/// Whether somebody owns a car, looked at it or asked about it: it is more than a row of a file then.
pub(super) fn somebody_cares(tx: &WriteTx<'_>, id: VehicleId) -> Result<bool, StoreError> {
    Ok(!tx.keys(tables::OWNERS, &Span::under(&id), 1)?.is_empty()
        || !tx.keys(tables::INTEREST, &Span::under(&id), 1)?.is_empty()
        || !tx.keys(tables::RECENT_LEADS, &Span::under(&id), 1)?.is_empty())
}

fn on_lot(tx: &impl Rows, id: VehicleId) -> Result<bool, StoreError> {
    tx.has(tables::ON_LOT, &id)
}

fn has_vin(tx: &impl Rows, id: VehicleId) -> Result<bool, StoreError> {
    Ok(tx.get(tables::VEHICLES, &id)?.is_some_and(|v| v.vin.is_some()))
}

/// The listing after this row: a price is added to the history only when it differs, nothing known is lost to a blank, and what somebody said
/// by hand of where the car stands holds over a file that only says it is for sale.
fn relisted(before: Option<Listing>, said: &NewListing, at: At) -> Listing {
    let mut listing = before.unwrap_or_else(|| Listing {
        stock: String::new(),
        status: said.status,
        status_since: None,
        price: None,
        prices: vec![],
        cost: None,
        in_stock_since: None,
        first_seen: at,
        last_seen: at,
        photos: vec![],
        url: None,
        condition: said.condition,
        certified: said.certified,
        description: String::new(),
        options: String::new(),
        features: vec![],
        word: None,
    });
    let is_for_sale = matches!(said.status, ListingStatus::Available | ListingStatus::Unknown);
    if said.status != listing.status && !(listing.word.is_some() && listing.status.is_on_lot() && is_for_sale) {
        (listing.status, listing.status_since) = (said.status, Some(at));
        listing.word = None;
    }
    if let Some(price) = said.price {
        listing.reprice(price, at);
    }
    let said_stock = said.stock.trim();
    if !said_stock.is_empty() {
        said_stock.trim_start_matches('#').clone_into(&mut listing.stock);
    }
    if !said.photos.is_empty() {
        listing.photos.clone_from(&said.photos);
    }
    for (mine, theirs) in [(&mut listing.description, &said.description), (&mut listing.options, &said.options)] {
        if !theirs.is_empty() {
            mine.clone_from(theirs);
        }
    }
    Listing {
        cost: said.cost.or(listing.cost),
        in_stock_since: said.in_stock_since.or(listing.in_stock_since),
        last_seen: at,
        url: said.url.clone().or(listing.url),
        condition: said.condition,
        certified: said.certified,
        ..listing
    }
}
