//! What does a screen show of wishes and price alerts?

use super::{People, channel};
use crate::{
    domain::{price_alert::PriceAlert, wish::Wish},
    service::shapes as s,
    store::{Rows, StoreError, tables},
};

#[must_use]
pub fn wish(people: &People, wish: &Wish) -> s::WishShape {
    s::WishShape {
        id: wish.id.0,
        label: wish.said.label(),
        words: wish.said.words.clone(),
        at_ms: wish.at.0,
        by: wish.by.and_then(|by| people.short_name(by)),
    }
}

pub fn price_alert(tx: &impl Rows, people: &People, alert: &PriceAlert) -> Result<s::PriceAlertShape, StoreError> {
    let car = tx.get(tables::VEHICLES, &alert.said.vehicle)?;
    let listing = car.as_ref().and_then(|car| car.listing.as_ref());
    Ok(s::PriceAlertShape {
        id: alert.id.0,
        vehicle_id: alert.said.vehicle.0,
        vehicle: car.as_ref().map(|car| car.facts.label()).unwrap_or_default(),
        stock: listing.map(|l| l.stock.clone()).filter(|stock| !stock.is_empty()),
        below_cents: alert.said.below.map(|below| below.0),
        price_cents: listing.and_then(|l| l.price).map(|price| price.0),
        channel: channel(alert.said.channel),
        to: alert.said.to.clone(),
        agreed: alert.said.consent.evidence.clone(),
        at_ms: alert.set.0,
        by: alert.by.and_then(|by| people.short_name(by)),
    })
}
