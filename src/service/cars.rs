//! Which car is this, and what happened to its price? Cars are found by VIN, then by stock number.

use crate::{
    domain::{
        change::Changed,
        event::NewListing,
        ids::VehicleId,
        time::At,
        vehicle::{CarFacts, Listing, ListingStatus, PricePoint, Vehicle},
        vin::Vin,
    },
    engine::cars::decode,
    store::{Rows, StoreError, WriteTx, tables},
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
    car.listing = Some(relisted(car.listing.take(), said, at));
    if !stock.is_empty() {
        tx.put(tables::STOCKS, &stock, &id)?;
    }
    let gone = matches!(said.status, ListingStatus::Sold | ListingStatus::Missing);
    if gone {
        tx.remove(tables::ON_LOT, &id)?;
    } else {
        tx.put(tables::ON_LOT, &id, &())?;
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

/// Whether a row says of a car what those who care for it want to hear: that it was sold, or costs less.
pub(super) fn is_news(before: &Vehicle, said: &NewListing) -> bool {
    let Some(listing) = &before.listing else { return false };
    let sold = said.status == ListingStatus::Sold && listing.status != ListingStatus::Sold;
    sold || said.price.zip(listing.price).is_some_and(|(now, then)| now < then)
}

fn on_lot(tx: &impl Rows, id: VehicleId) -> Result<bool, StoreError> {
    tx.has(tables::ON_LOT, &id)
}

fn has_vin(tx: &impl Rows, id: VehicleId) -> Result<bool, StoreError> {
    Ok(tx.get(tables::VEHICLES, &id)?.is_some_and(|v| v.vin.is_some()))
}

/// The listing after this row: a price is added to the history only when it differs, and nothing known is lost to a blank.
fn relisted(before: Option<Listing>, said: &NewListing, at: At) -> Listing {
    let old = before.unwrap_or_else(|| Listing {
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
    });
    let mut prices = old.prices;
    if let Some(price) = said.price
        && prices.last().is_none_or(|p| p.price != price && p.at <= at)
    {
        prices.push(PricePoint { at, price });
    }
    Listing {
        stock: if said.stock.trim().is_empty() { old.stock } else { said.stock.trim().trim_start_matches('#').to_owned() },
        status: said.status,
        status_since: if said.status == old.status { old.status_since } else { Some(at) },
        price: said.price.or(old.price),
        prices,
        cost: said.cost.or(old.cost),
        in_stock_since: said.in_stock_since.or(old.in_stock_since),
        first_seen: old.first_seen,
        last_seen: at,
        photos: if said.photos.is_empty() { old.photos } else { said.photos.clone() },
        url: said.url.clone().or(old.url),
        condition: said.condition,
        certified: said.certified,
        description: if said.description.is_empty() { old.description } else { said.description.clone() },
    }
}
