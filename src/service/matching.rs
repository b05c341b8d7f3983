//! Whom does a car suit that has just come, and which cars suit a customer? What everybody seeks lies packed in blocks, so that one arrival
//! is held against all of them at once.

use super::{Rooms, household, people, shapes as s, think, views, wishes};
use crate::{
    domain::{
        customer::Customer,
        ids::{CustomerId, PartId, VehicleId},
        picture::Picture,
        set_aside::Raw,
        time::{At, DAY_MS},
        vehicle::{ListingStatus, Vehicle},
        wish::{Match, Wish},
    },
    engine::matching::{self, Columns, Row, Seek, Traits, columns, fit, seek::SOUGHT_MS, wish},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::ops::ControlFlow;

/// Customers of one block: 7 kB when all of them seek something.
const BLOCK: u64 = 256;
/// A car that fits less well is no reason to disturb anybody.
const FIT_LEAST: u8 = 50;
/// Who is thought of for one car: more than a store can call.
const TOLD_MOST: usize = 60;
/// Matches are a reason to act for at most this long, whatever a store sets.
const KEPT_MS: i64 = 30 * DAY_MS;
const SHOWN_MOST: usize = 3;
const LOT_MOST: usize = 2_000;

/// Remembers what somebody seeks as of this thought; a block that stays as it is, is not written.
pub(super) fn note(tx: &WriteTx<'_>, picture: &Picture<'_>, now: At) -> Result<(), StoreError> {
    put(tx, picture.customer.id, matching::seek(picture, now).map(|seek| seek.row).as_ref())
}

/// Nobody of this number seeks anything any more.
pub(super) fn forget(tx: &WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    put(tx, customer, None)
}

fn put(tx: &WriteTx<'_>, customer: CustomerId, row: Option<&Row>) -> Result<(), StoreError> {
    let block = customer.0 / BLOCK;
    let held = tx.get(tables::SEEKERS, &block)?.map(|raw| raw.bytes).unwrap_or_default();
    match columns::with(&held, customer, row) {
        Some(bytes) if bytes.is_empty() => tx.remove(tables::SEEKERS, &block).map(|_| ()),
        Some(bytes) => tx.put(tables::SEEKERS, &block, &Raw { bytes }),
        None => Ok(()),
    }
}

/// What everybody seeks.
pub fn everybody(tx: &impl Rows) -> Result<Columns, StoreError> {
    let mut all = Columns::default();
    tx.each(tables::SEEKERS, &Span::all(), |_, raw| {
        all.absorb(&raw.bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Whom of everybody a car suits, the best first.
pub fn suited(tx: &impl Rows, car: &Vehicle, at_most: usize, now: At) -> Result<Vec<(CustomerId, u8)>, StoreError> {
    Ok(everybody(tx)?.suited(&Traits::of(car), columns::day_of(now.plus_ms(-SOUGHT_MS)), FIT_LEAST, at_most))
}

/// Whether a car meets a wish, and by what.
pub(super) fn meets(wish: &Wish, car: &Vehicle) -> Option<wish::Met> {
    wish::met(&wish.said, car)
}

/// A car can be had that could not before: whoever wished for it or seeks such a car is thought of soon. Nobody whose household had it.
pub(super) fn arrived(tx: &WriteTx<'_>, before: Option<&Vehicle>, id: VehicleId, now: At) -> Result<(), StoreError> {
    let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(()) };
    let could = |car: &Vehicle| car.listing.as_ref().map(|l| l.status);
    // What was on hold was here.
    let was_here = before.and_then(could).is_some_and(|s| matches!(s, ListingStatus::Available | ListingStatus::Hold));
    if was_here || could(&car) != Some(ListingStatus::Available) {
        return Ok(());
    }
    let had_it = household::owners_of(tx, id)?;
    let mut told: Vec<CustomerId> = Vec::new();
    for one in wishes::open(tx)? {
        let Some(met) = meets(&one, &car) else { continue };
        let customer = people::root_of(tx, one.part)?;
        if !had_it.contains(&customer) && !told.contains(&customer) {
            remember(tx, customer, &Match { vehicle: id, at: now, fit: met.points, wish: Some(one.id), because: met.because })?;
            told.push(customer);
        }
    }
    for (customer, points) in suited(tx, &car, TOLD_MOST, now)? {
        let Some(shown) = people::shown(tx, customer)?.filter(|c| !had_it.contains(&c.id) && !told.contains(&c.id)) else { continue };
        let because = because(tx, &shown, &car)?;
        remember(tx, shown.id, &Match { vehicle: id, at: now, fit: points, wish: None, because })?;
        told.push(shown.id);
    }
    for customer in told {
        think::soon(tx, customer, now)?;
    }
    Ok(())
}

/// What of a car fits a row that is kept, in words.
fn because(tx: &impl Rows, customer: &Customer, car: &Vehicle) -> Result<Vec<String>, StoreError> {
    let block = tx.get(tables::SEEKERS, &(customer.id.0 / BLOCK))?.map(|raw| raw.bytes).unwrap_or_default();
    let rows = block.as_chunks::<{ Row::BYTES }>().0.iter().map(Row::unpacked);
    let Some(row) = rows.into_iter().find(|row| row.customer == customer.id) else { return Ok(vec![]) };
    let seek = Seek { row, words: String::new(), evidence: String::new(), last: At(0) };
    Ok(seek.because(fit::fit(&row, &Traits::of(car)), car))
}

fn remember(tx: &WriteTx<'_>, customer: CustomerId, found: &Match) -> Result<(), StoreError> {
    let part = PartId::from(customer);
    for (key, old) in tx.some(tables::MATCHES, &Span::under(&part), TOLD_MOST)? {
        if found.at.since(old.at) > KEPT_MS {
            tx.remove(tables::MATCHES, &key)?;
        }
    }
    tx.put(tables::MATCHES, &(part, found.vehicle), found)
}

/// The cars that came lately and fit what a customer seeks.
pub(super) fn arrivals(tx: &impl Rows, customer: &Customer) -> Result<Vec<Match>, StoreError> {
    let mut all = Vec::new();
    for part in customer.all_parts() {
        all.extend(tx.some(tables::MATCHES, &Span::under(&part), TOLD_MOST)?.into_iter().map(|(_, found)| found));
    }
    Ok(all)
}

/// How well a car suits somebody, and by what of it.
#[derive(Debug, Clone)]
pub(super) struct Suits {
    /// 0 to 100.
    pub points: u8,
    pub because: Vec<String>,
    /// They said so; else it is by what they look at.
    pub wished: bool,
}

/// Whether a car is what somebody wishes for, or fits what they seek.
pub(super) fn suits(seek: Option<&Seek>, wishes: &[Wish], car: &Vehicle) -> Option<Suits> {
    if let Some(met) = wishes.iter().filter_map(|wish| meets(wish, car)).max_by_key(|met| met.points) {
        return Some(Suits { points: met.points, because: met.because, wished: true });
    }
    let (seek, fit) = seek.map(|seek| (seek, fit::fit(&seek.row, &Traits::of(car)))).filter(|(_, fit)| fit.points >= FIT_LEAST)?;
    Some(Suits { points: fit.points, because: seek.because(fit, car), wished: false })
}

/// What a customer wants and which cars of ours suit them, at most three, none of which their household had.
pub fn for_customer(rooms: &Rooms, id: CustomerId, now: At) -> Result<Option<s::CarsForThem>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, id)? else { return Ok(None) };
    let staff = think::staff_now(&tx)?;
    let picture = think::gather(&tx, &rooms.policy, &customer, &staff, now)?;
    let (seek, wishes) = (matching::seek(&picture, now), wishes::of_customer(&tx, &customer)?);
    let people = views::People::read(&tx)?;
    let mut found: Vec<(Vehicle, Suits)> = Vec::new();
    for id in tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST)? {
        let Some(car) = tx.get(tables::VEHICLES, &id)?.filter(|car| is_new_to_them(&picture, car)) else { continue };
        if let Some(suits) = suits(seek.as_ref(), &wishes, &car) {
            found.push((car, suits));
        }
    }
    found.sort_by_key(|(car, suits)| (std::cmp::Reverse((suits.wished, suits.points)), car.id));
    let mut cars = Vec::new();
    for (car, Suits { points, because, wished }) in found {
        if cars.len() == SHOWN_MOST {
            break;
        }
        if !household::owners_of(&tx, car.id)?.contains(&customer.id) {
            cars.push(s::CarForThem { vehicle: views::vehicle_row(&tx, &rooms.policy, &car, now)?, fit: points, because, wished });
        }
    }
    let alerts = super::price_alerts::of_customer(&tx, &customer)?;
    Ok(Some(s::CarsForThem {
        seeks: seek.map(|seek| s::Seeks { words: seek.words, evidence: seek.evidence, last_ms: seek.last.0 }),
        cars,
        wishes: wishes.iter().map(|wish| views::wish(&people, wish)).collect(),
        price_alerts: alerts.iter().map(|alert| views::price_alert(&tx, &people, alert)).collect::<Result<_, _>>()?,
    }))
}

/// For sale, and not one they look at already.
fn is_new_to_them(picture: &Picture<'_>, car: &Vehicle) -> bool {
    let looked_at = picture.activity.0.iter().any(|mark| mark.car == Some(car.id));
    crate::engine::wording::cars::is_available(car) && !looked_at
}

/// Who wants a car beside those who look at it: by wish, by alert, or because it suits what they seek.
pub fn for_vehicle(rooms: &Rooms, id: VehicleId, now: At) -> Result<Option<s::WantedBy>, StoreError> {
    const ROWS_MOST: usize = 12;
    let tx = rooms.store.read()?;
    let Some(car) = tx.get(tables::VEHICLES, &id)? else { return Ok(None) };
    let had_it = household::owners_of(&tx, id)?;
    let mut who: Vec<s::Wants> = Vec::new();
    let mut add = |customer: &Customer, fit: u8, because: Vec<String>, how: s::WantsBy| {
        if !had_it.contains(&customer.id) && !who.iter().any(|w| w.customer.id == customer.id.0) {
            who.push(s::Wants { customer: views::named(customer), score: customer.score.points, fit, because, how });
        }
    };
    for alert in super::price_alerts::on(&tx, id)? {
        if let Some(customer) = people::of_part(&tx, alert.part)? {
            let line = format!("Wants to hear when {}", super::price_alerts::costs_less(&car, alert.said.below));
            add(&customer, 100, vec![line], s::WantsBy::PriceAlert);
        }
    }
    for one in wishes::open(&tx)? {
        if let (Some(met), Some(customer)) = (meets(&one, &car), people::of_part(&tx, one.part)?) {
            add(&customer, met.points, vec![format!("Wishes for {}", one.said.label())], s::WantsBy::Wish);
        }
    }
    for (customer, points) in suited(&tx, &car, TOLD_MOST, now)? {
        if let Some(customer) = people::shown(&tx, customer)? {
            let because = because(&tx, &customer, &car)?;
            add(&customer, points, because, s::WantsBy::Looks);
        }
    }
    let total = u32::try_from(who.len()).unwrap_or(u32::MAX);
    who.truncate(ROWS_MOST);
    Ok(Some(s::WantedBy { who, total }))
}
