//! What do they drive? Who had a car, since when and until when, by all that bears on it.

use super::{change, own, profiles};
use crate::{
    domain::{
        customer::{Customer, Touch},
        ids::{PartId, VehicleId},
        profile::Profile,
        time::At,
        vehicle::Ownership,
    },
    service::cars,
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// They bought it here. Dates of all who had the car are weighed together, so that files may come in any order.
pub fn bought(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |o| {
        o.bought_here = true;
        o.bought = o.bought.max(Some(at));
    })
}

/// They came with it: to the workshop, or in a lead that says it is theirs.
pub fn came_with(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |_| {})
}

/// A list names it beside them. One on our lot is not theirs: what somebody looks at is named in the same words.
pub fn named_with(tx: &WriteTx<'_>, part: PartId, said: &Profile) -> Result<(), StoreError> {
    let Some(named) = &said.car else { return Ok(()) };
    if let Some(known) = cars::find(tx, Some(&named.vin), "")?
        && tx.has(tables::ON_LOT, &known)?
    {
        return Ok(());
    }
    let vehicle = cars::file(tx, &named.vin, &named.facts, false)?;
    came_with(tx, part, vehicle, said.at)?;
    let drives = drives_alone(tx, part)?;
    change(tx, part, |own| own.drives = drives)?;
    Ok(())
}

/// They gave it away in a trade.
pub fn gave_away(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |o| o.gave = o.gave.max(Some(at)))
}

fn claim(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At, say: impl FnOnce(&mut Ownership)) -> Result<(), StoreError> {
    let new = Ownership { part, vehicle, since: at, until: None, bought_here: false, last_seen: at, bought: None, gave: None };
    let mut ownership = tx.get(tables::OWNERS, &(vehicle, part))?.unwrap_or(new);
    ownership.since = ownership.since.min(at);
    ownership.last_seen = ownership.last_seen.max(at);
    say(&mut ownership);
    tx.put(tables::OWNERS, &(vehicle, part), &ownership)?;
    tx.put(tables::OWNED, &(part, vehicle), &())?;
    settle_owners(tx, vehicle)
}

/// Until when each of them had it: until they gave it in trade, or somebody else bought it after them.
fn settle_owners(tx: &WriteTx<'_>, vehicle: VehicleId) -> Result<(), StoreError> {
    const OWNERS_MOST: usize = 100;
    let owners: Vec<Ownership> = tx.some(tables::OWNERS, &Span::under(&vehicle), OWNERS_MOST)?.into_iter().map(|(_, o)| o).collect();
    for owner in &owners {
        let begun = owner.bought.unwrap_or(owner.since);
        let given = owner.gave.filter(|at| *at >= begun);
        let sold_on = owners.iter().filter(|o| o.part != owner.part).filter_map(|o| o.bought).filter(|at| *at > begun);
        let until = given.into_iter().chain(sold_on).min();
        if until != owner.until {
            tx.put(tables::OWNERS, &(vehicle, owner.part), &Ownership { until, ..owner.clone() })?;
        }
    }
    Ok(())
}

/// Whose car it is by what is left, after something that said so was taken back.
pub fn reclaim(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId) -> Result<(), StoreError> {
    let on_lot = tx.has(tables::ON_LOT, &vehicle)?;
    tx.remove(tables::OWNERS, &(vehicle, part))?;
    tx.remove(tables::OWNED, &(part, vehicle))?;
    for (_, deal) in tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), usize::MAX)? {
        let Some(deal) = tx.get(tables::DEALS, &deal)?.filter(|d| d.said.is_retail()) else { continue };
        if deal.vehicle == Some(vehicle) {
            bought(tx, part, vehicle, deal.said.sold)?;
        }
        for vin in deal.said.trades().filter_map(|t| t.vin.as_ref()) {
            if tx.get(tables::VINS, &vin.as_str().to_owned())? == Some(vehicle) {
                gave_away(tx, part, vehicle, deal.said.sold)?;
            }
        }
    }
    for (_, order) in tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), usize::MAX)? {
        if let Some(order) = tx.get(tables::REPAIR_ORDERS, &order)?.filter(|o| o.vehicle == Some(vehicle)) {
            came_with(tx, part, vehicle, order.said.opened)?;
        }
    }
    for (_, lead) in tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), usize::MAX)? {
        let Some(lead) = tx.get(tables::LEADS, &lead)? else { continue };
        for vin in lead.said.cars.iter().filter(|c| c.is_theirs()).filter_map(|c| c.vin.as_ref()) {
            if tx.get(tables::VINS, &vin.as_str().to_owned())? == Some(vehicle) {
                came_with(tx, part, vehicle, lead.received)?;
            }
        }
    }
    let words = own(tx, part)?.map(|own| profiles(tx, &own.profiles)).transpose()?.unwrap_or_default();
    for word in words.iter().filter(|_| !on_lot) {
        if let Some(named) = &word.car
            && tx.get(tables::VINS, &named.vin.as_str().to_owned())? == Some(vehicle)
        {
            came_with(tx, part, vehicle, word.at)?;
        }
    }
    settle_owners(tx, vehicle)
}

/// What this part alone drives, and the newest thing that happened with it, by what is left of its story.
pub fn look_back(tx: &WriteTx<'_>, part: PartId, now: At) -> Result<(), StoreError> {
    let drives = drives_alone(tx, part)?;
    let until_now = Span::under(&tables::story_of_part(part)).before(&(tables::story_of_part(part), now.plus_ms(1)));
    let newest = tx.last(tables::STORY, &until_now, 1)?.into_iter().next().map(|(_, row)| Touch { at: row.at, text: row.title });
    change(tx, part, |own| {
        own.set_last_touch(newest);
        own.drives = drives;
    })?;
    Ok(())
}

pub fn drives_alone(tx: &impl Rows, part: PartId) -> Result<Option<String>, StoreError> {
    drives(tx, &Customer::new(part.into(), At(0)))
}

/// The newest car they own by our records.
pub fn drives(tx: &impl Rows, customer: &Customer) -> Result<Option<String>, StoreError> {
    const CARS_MOST: usize = 20;
    let mut newest: Option<(At, VehicleId)> = None;
    for part in customer.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), CARS_MOST)? {
            if let Some(o) = tx.get(tables::OWNERS, &(vehicle, part))?
                && o.until.is_none()
                && newest.is_none_or(|(at, _)| at <= o.since)
            {
                newest = Some((o.since, vehicle));
            }
        }
    }
    let Some((_, vehicle)) = newest else { return Ok(None) };
    Ok(tx.get(tables::VEHICLES, &vehicle)?.map(|v| v.facts.label()))
}
