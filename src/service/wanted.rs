//! What is wanted that is not here? For whoever watched a car that went, the closest that can be had; for whoever buys for the lot, what
//! people look for in vain.

use super::{
    Rooms, household,
    matching::{self, Suits},
    people, price_alerts, shapes as s, think, views, watchers, wishes,
};
use crate::{
    domain::{
        customer::Customer,
        ids::{CustomerId, VehicleId, VisitorId},
        money::Cents,
        time::{At, DAY_MS},
        vehicle::Vehicle,
    },
    engine::{
        matching::{seek, traits::is_same_body},
        wording::cars::is_available,
    },
    store::{Rows, Span, StoreError, tables},
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
};

/// Whoever has not looked for so long has found another.
const WATCHED_MS: i64 = 60 * DAY_MS;
const LOT_MOST: usize = 2_000;

/// Who watched a car that went, the nearest to buying first, and which two of the lot each could be offered. Nobody whose household has it.
pub fn instead_of(rooms: &Rooms, id: VehicleId, now: At) -> Result<Option<s::Instead>, StoreError> {
    const SHOWN_MOST: usize = 12;
    let tx = rooms.store.read()?;
    let Some(gone) = tx.get(tables::VEHICLES, &id)? else { return Ok(None) };
    let people = views::People::read(&tx)?;
    let watched = watchers_of(&tx, &people, id, now)?;
    let total = u32::try_from(watched.len()).unwrap_or(u32::MAX);
    let lot = lot(&tx)?;
    let for_sale: Vec<&Vehicle> = lot.iter().filter(|car| car.id != id && is_available(car)).collect();
    let staff = think::staff_now(&tx)?;
    let mut who = Vec::new();
    for watcher in watched.into_iter().take(SHOWN_MOST) {
        let Some(customer) = people::shown(&tx, CustomerId(watcher.customer.id))? else { continue };
        let picture = think::gather(&tx, &rooms.policy, &customer, &staff, now)?;
        let (sought, wishes) = (seek::seek(&picture, now), wishes::of_customer(&tx, &customer)?);
        let ranked = ranked(&gone, &for_sale, |car| matching::suits(sought.as_ref(), &wishes, car));
        who.push(s::InsteadFor { watcher, cars: offered(&tx, rooms, &customer, ranked, now)? });
    }
    Ok(Some(s::Instead { who, total }))
}

/// Everybody who looked at a car lately, asked about it, or wants to hear of its price.
fn watchers_of(tx: &impl Rows, people: &views::People, id: VehicleId, now: At) -> Result<Vec<s::Watcher>, StoreError> {
    let had_it = household::owners_of(tx, id)?;
    let (mut all, _) = views::watchers(tx, people, id, now)?;
    let mut others: Vec<(CustomerId, At, &str)> = Vec::new();
    for alert in price_alerts::on(tx, id)? {
        others.push((people::root_of(tx, alert.part)?, alert.said.consent.at, "Set a price alert"));
    }
    others
        .extend(watchers::of(tx, id)?.into_iter().filter(|(_, last)| now.since(*last) <= WATCHED_MS).map(|(id, last)| (id, last, "Asked about it")));
    for (id, last, what) in others {
        if all.iter().any(|watcher| watcher.customer.id == id.0) {
            continue;
        }
        let Some(customer) = people::shown(tx, id)? else { continue };
        all.push(views::watcher(people, &customer, what.to_owned(), last));
    }
    all.retain(|watcher| !had_it.contains(&CustomerId(watcher.customer.id)));
    all.sort_by_key(|watcher| (Reverse(watcher.score), Reverse(watcher.last_ms)));
    Ok(all)
}

/// Cars in the order in which they are offered in place of one that went, each with why: what they wish for, what suits what they look at,
/// then what is closest to it.
fn ranked<'c>(gone: &Vehicle, for_sale: &[&'c Vehicle], suits: impl Fn(&Vehicle) -> Option<Suits>) -> Vec<(&'c Vehicle, Vec<String>)> {
    let mut found: Vec<_> = for_sale
        .iter()
        .filter_map(|car| {
            let apart = apart(gone, car);
            match suits(car) {
                Some(suits) => Some(((Reverse((suits.wished, suits.points)), apart, car.id), *car, suits.because)),
                None if is_alike(gone, car) => Some(((Reverse((false, 0)), apart, car.id), *car, close_words(gone, car))),
                None => None,
            }
        })
        .collect();
    found.sort_by_key(|(place, _, _)| *place);
    found.into_iter().map(|(_, car, because)| (car, because)).collect()
}

fn price_of(car: &Vehicle) -> Option<Cents> {
    car.listing.as_ref().and_then(|listing| listing.price)
}

/// How far apart two cars are in price, in cents; what has no price is furthest.
fn apart(gone: &Vehicle, car: &Vehicle) -> i64 {
    price_of(gone).zip(price_of(car)).map_or(i64::MAX, |(a, b)| (a.0 - b.0).abs())
}

/// The same kind of body: nobody who watched a pickup is offered a coupe for its price.
fn is_alike(gone: &Vehicle, car: &Vehicle) -> bool {
    is_same_body(&gone.facts.body, &car.facts.body)
}

/// `SUV like that one, $1,200 less`.
fn close_words(gone: &Vehicle, car: &Vehicle) -> Vec<String> {
    let mut words = vec![format!("{} like that one", car.facts.body.trim())];
    if let Some((then, now)) = price_of(gone).zip(price_of(car)) {
        words.push(match now.0 - then.0 {
            0 => "at the same price".to_owned(),
            less if less < 0 => format!("{} less", Cents(-less)),
            more => format!("{} more", Cents(more)),
        });
    }
    words
}

/// The first two that none of their household had.
fn offered(
    tx: &impl Rows,
    rooms: &Rooms,
    customer: &Customer,
    ranked: Vec<(&Vehicle, Vec<String>)>,
    now: At,
) -> Result<Vec<s::InsteadCar>, StoreError> {
    const EACH: usize = 2;
    let mut cars = Vec::new();
    for (car, because) in ranked {
        if cars.len() == EACH {
            break;
        }
        if !household::owners_of(tx, car.id)?.contains(&customer.id) {
            cars.push(s::InsteadCar { vehicle: views::vehicle_row(tx, &rooms.policy, car, now)?, because });
        }
    }
    Ok(cars)
}

fn lot(tx: &impl Rows) -> Result<Vec<Vehicle>, StoreError> {
    let mut cars = Vec::new();
    for id in tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST)? {
        cars.extend(tx.get(tables::VEHICLES, &id)?);
    }
    Ok(cars)
}

/// What somebody wants of which nothing stands on the lot.
#[derive(Default)]
struct InVain {
    label: String,
    wished: BTreeSet<CustomerId>,
    looked: BTreeSet<CustomerId>,
    unknown: HashSet<VisitorId>,
    last: Option<At>,
}

impl InVain {
    /// A wish says more than a look, and a look of somebody we know more than one of nobody.
    fn weight(&self) -> usize {
        self.wished.len() * 3 + self.looked.len() * 2 + self.unknown.len()
    }
}

/// What people look for in vain, the most wanted first: wishes that no car of the lot meets, and models they looked at lately of which the
/// last one went.
pub fn not_here(rooms: &Rooms, now: At) -> Result<s::NotHere, StoreError> {
    const ROWS_MOST: usize = 60;
    let tx = rooms.store.read()?;
    let lot = lot(&tx)?;
    let mut wanted: HashMap<String, InVain> = HashMap::new();
    for wish in wishes::open(&tx)? {
        if !lot.iter().any(|car| matching::meets(&wish, car).is_some()) {
            let row = wanted.entry(wish.said.label().to_lowercase()).or_insert_with(|| InVain { label: wish.said.label(), ..InVain::default() });
            row.wished.insert(people::root_of(&tx, wish.part)?);
            row.last = row.last.max(Some(wish.at));
        }
    }
    looked_in_vain(&tx, &lot, &mut wanted, now)?;
    let mut rows: Vec<InVain> = wanted.into_values().collect();
    rows.sort_by_cached_key(|row| (Reverse(row.weight()), Reverse(row.last), row.label.clone()));
    rows.truncate(ROWS_MOST);
    Ok(s::NotHere { items: rows.into_iter().map(|row| shape(&tx, row)).collect::<Result<_, _>>()? })
}

/// Car by car that left the lot lately: who looked at one is read only where no other of its model stands here.
fn looked_in_vain(tx: &impl Rows, lot: &[Vehicle], wanted: &mut HashMap<String, InVain>, now: At) -> Result<(), StoreError> {
    const SHOPPERS_MOST: usize = 1_000;
    const LEFT_MOST: usize = 2_000;
    let here: HashSet<String> = lot.iter().map(|car| model_of(car).to_lowercase()).collect();
    let mut left: Vec<VehicleId> = tx.last(tables::LEFT_LOT, &Span::all(), LEFT_MOST)?.into_iter().map(|((_, id), ())| id).collect();
    left.sort_unstable();
    left.dedup();
    for vehicle in left {
        let Some(car) = tx.get(tables::VEHICLES, &vehicle)? else { continue };
        let model = model_of(&car);
        if model.is_empty() || here.contains(&model.to_lowercase()) {
            continue;
        }
        for ((_, visitor), interest) in tx.some(tables::INTEREST, &Span::under(&vehicle), SHOPPERS_MOST)? {
            if now.since(interest.last) > WATCHED_MS {
                continue;
            }
            let row = wanted.entry(model.to_lowercase()).or_insert_with(|| InVain { label: model.clone(), ..InVain::default() });
            row.last = row.last.max(Some(interest.last));
            match tx.get(tables::VISITORS, &visitor)?.and_then(|visitor| visitor.tie) {
                Some(tie) => drop(row.looked.insert(people::root_of(tx, tie.part)?)),
                None => drop(row.unknown.insert(visitor)),
            }
        }
    }
    Ok(())
}

/// `Honda CR-V`; empty where either is not known.
fn model_of(car: &Vehicle) -> String {
    let (make, model) = (car.facts.make.trim(), car.facts.model.trim());
    if make.is_empty() || model.is_empty() { String::new() } else { format!("{make} {model}") }
}

fn shape(tx: &impl Rows, row: InVain) -> Result<s::NotHereRow, StoreError> {
    const NAMED_MOST: usize = 4;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut known: Vec<Customer> = Vec::new();
    for id in row.wished.union(&row.looked) {
        known.extend(people::shown(tx, *id)?);
    }
    known.sort_by_key(|customer| (Reverse(customer.score.points), customer.id));
    Ok(s::NotHereRow {
        label: row.label,
        wishes: count(row.wished.len()),
        looked: count(row.looked.len()),
        unknown: count(row.unknown.len()),
        last_ms: row.last.map(|at| at.0),
        who: known.iter().take(NAMED_MOST).map(views::named).collect(),
        people: count(known.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::vehicle::ListingStatus, engine::sample};

    fn car(id: u64, body: &str, dollars: i64) -> Vehicle {
        let mut car = sample::listed(id, &id.to_string(), "", ListingStatus::Available);
        body.clone_into(&mut car.facts.body);
        if let Some(listing) = &mut car.listing {
            listing.price = Some(Cents(dollars * 100));
        }
        car
    }

    #[test]
    fn what_suits_them_comes_before_what_is_only_close_and_another_body_never() {
        let gone = car(1, "SUV", 27_000);
        let (near, far, suited, truck) = (car(2, "suv", 26_000), car(3, "SUV", 31_500), car(4, "Wagon", 40_000), car(5, "Pickup", 27_000));
        let suits =
            |car: &Vehicle| (car.id == VehicleId(4)).then(|| Suits { points: 80, because: vec!["as they look for".to_owned()], wished: false });
        let found = ranked(&gone, &[&far, &truck, &near, &suited], suits);
        let told: Vec<(u64, String)> = found.into_iter().map(|(car, because)| (car.id.0, because.join(", "))).collect();
        let words = |id: u64, text: &str| (id, text.to_owned());
        assert_eq!(told, [words(4, "as they look for"), words(2, "suv like that one, $1,000 less"), words(3, "SUV like that one, $4,500 more")]);
    }
}
