//! Who cares for this car, and must be thought of because something happened to it?

use super::{people, price_drops, shoppers, think};
use crate::{
    domain::{
        ids::{CustomerId, PartId, VehicleId},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::collections::BTreeMap;

/// Browsers that looked at one car, and leads about it. Behind these nobody is told by a card; the car's page shows all.
const WATCHERS_MOST: usize = 500;

/// A car was sold or its price came down: whoever looked at it, and whom we know, or asked about it, is thought of soon.
pub(super) fn tell(tx: &WriteTx<'_>, car: VehicleId, now: At) -> Result<(), StoreError> {
    if let Some(vehicle) = tx.get(tables::VEHICLES, &car)? {
        price_drops::withdraw_stale(tx, &vehicle, now)?;
    }
    for (customer, _) in of(tx, car)? {
        think::soon(tx, customer, now)?;
    }
    Ok(())
}

/// Customers who looked at a car or asked about it, each with the last time they did.
pub(super) fn of(tx: &impl Rows, car: VehicleId) -> Result<BTreeMap<CustomerId, At>, StoreError> {
    let mut parts: Vec<(PartId, At)> = Vec::new();
    for ((_, visitor), interest) in tx.some(tables::INTEREST, &Span::under(&car), WATCHERS_MOST)? {
        parts.extend(tx.get(tables::VISITORS, &visitor)?.and_then(|v| v.tie).map(|tie| (tie.part, interest.last)));
    }
    for lead in shoppers::leads_about(tx, car, WATCHERS_MOST)? {
        parts.extend(tx.get(tables::LEADS, &lead)?.map(|l| (l.part, l.received)));
    }
    let mut customers = BTreeMap::new();
    for (part, at) in parts {
        let last = customers.entry(people::root_of(tx, part)?).or_insert(at);
        *last = at.max(*last);
    }
    Ok(customers)
}
