//! Which cars on the lot, in which order? A few hundred, read whole, then filtered and sorted by what only the store knows.

use super::{Rooms, index, market, shapes as s, views};
use crate::{
    domain::{feature::Feature, ids::VehicleId, time::At, vehicle::CarFacts},
    search::{VehicleQuery, VehicleSort},
    store::{ReadTx, Rows, Span, StoreError, tables},
};
use std::{cmp::Reverse, collections::HashMap, ops::RangeInclusive};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LotView {
    #[default]
    All,
    Hot,
    Aging,
    New,
    NoPhotos,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LotSort {
    #[default]
    Hot,
    /// Longest on the lot first.
    Age,
    /// Came last, first.
    Newest,
    /// Lowest first.
    Price,
    PriceHigh,
    /// Furthest below what such cars are sold for first.
    OfMarket,
    /// Furthest above it first.
    OfMarketHigh,
    Looks,
    Shoppers,
    /// Fewest first.
    Miles,
    /// By make and model, the newest year first.
    Name,
    Status,
}

/// Which cars, in which order, and which stretch of them. Empty texts and `None` leave all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LotQuery {
    pub view: LotView,
    pub text: String,
    pub status: Option<s::StatusWord>,
    pub make: String,
    pub body: String,
    /// Both ends belong to it.
    pub price_cents: Option<RangeInclusive<i64>>,
    pub age_days: Option<RangeInclusive<u32>>,
    pub year: Option<u16>,
    /// Equipment that it has.
    pub feature: Option<Feature>,
    /// How many known shoppers.
    pub shoppers: Option<RangeInclusive<u32>>,
    pub sort: LotSort,
    pub offset: usize,
    pub limit: usize,
}

/// More cars than any small lot holds.
const LOT_MOST: usize = 5_000;
const AGING_DAYS: u32 = 45;
const NEW_DAYS: u32 = 7;

struct Car {
    row: s::VehicleRow,
    facts: CarFacts,
    features: Vec<Feature>,
}

/// One page of the lot.
pub fn page(rooms: &Rooms, query: &LotQuery, now: At) -> Result<s::Page<s::VehicleRow>, StoreError> {
    let rows = all(rooms, query, now)?;
    let total = rows.len();
    let end = query.offset.saturating_add(query.limit);
    let items = rows.into_iter().skip(query.offset).take(query.limit).collect();
    Ok(s::Page { items, next: (end < total).then(|| end.to_string()), total: total as u64 })
}

/// All of them, in the order of the list.
pub fn all(rooms: &Rooms, query: &LotQuery, now: At) -> Result<Vec<s::VehicleRow>, StoreError> {
    let tx = rooms.store.read()?;
    let retail = market::retail(rooms, now);
    let mut cars = Vec::new();
    for id in ids(rooms, &tx, &query.text)? {
        if let Some(vehicle) = tx.get(tables::VEHICLES, &id)? {
            let row = s::VehicleRow { of_market: retail.of(&vehicle), ..views::vehicle_row(&tx, &rooms.policy, &vehicle, now)? };
            let car = Car { row, facts: vehicle.facts, features: vehicle.listing.map(|l| l.features).unwrap_or_default() };
            if is_wanted(query, &car) {
                cars.push(car);
            }
        }
    }
    sort(&mut cars, query.sort);
    Ok(cars.into_iter().map(|car| car.row).collect())
}

fn ids(rooms: &Rooms, tx: &ReadTx, text: &str) -> Result<Vec<VehicleId>, StoreError> {
    if text.trim().is_empty() {
        return tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST);
    }
    index::freshen(rooms)?;
    let query = VehicleQuery { on_lot: Some(true), text: text.to_owned(), sort: VehicleSort::Age, limit: LOT_MOST, ..VehicleQuery::default() };
    Ok(rooms.search.list_vehicles(&query).0)
}

fn is_wanted(query: &LotQuery, Car { row, facts, features }: &Car) -> bool {
    let in_view = match query.view {
        LotView::All => true,
        LotView::Hot => row.looks_7d > 0,
        LotView::Aging => row.days_on_lot.is_some_and(|d| d >= AGING_DAYS),
        LotView::New => row.days_on_lot.is_some_and(|d| d <= NEW_DAYS),
        LotView::NoPhotos => row.photos == 0,
    };
    let is_word = |wanted: &str, word: &str| wanted.is_empty() || same_word(wanted, word);
    in_view
        && is_word(&query.make, &facts.make)
        && is_word(&query.body, &facts.body)
        && query.status.is_none_or(|status| row.status == Some(status))
        && query.price_cents.as_ref().is_none_or(|range| row.price_cents.is_some_and(|cents| range.contains(&cents)))
        && query.age_days.as_ref().is_none_or(|range| row.days_on_lot.is_some_and(|days| range.contains(&days)))
        && query.year.is_none_or(|year| facts.year == Some(year))
        && query.feature.is_none_or(|feature| features.contains(&feature))
        && query.shoppers.as_ref().is_none_or(|range| range.contains(&row.known_shoppers))
}

fn same_word(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn sort(cars: &mut [Car], by: LotSort) {
    match by {
        LotSort::Hot => cars.sort_by_key(|c| Reverse((c.row.known_shoppers * 3 + c.row.looks_7d, c.row.id))),
        // What has no number stands last, whichever end comes first.
        LotSort::Age => cars.sort_by_key(|c| (Reverse(c.row.days_on_lot), c.row.id)),
        LotSort::Newest => cars.sort_by_key(|c| (c.row.days_on_lot.unwrap_or(u32::MAX), c.row.id)),
        LotSort::Price => cars.sort_by_key(|c| (c.row.price_cents.unwrap_or(i64::MAX), c.row.id)),
        LotSort::PriceHigh => cars.sort_by_key(|c| (Reverse(c.row.price_cents), c.row.id)),
        LotSort::OfMarket => cars.sort_by_key(|c| (c.row.of_market.map_or(u32::MAX, |of| of.percent), c.row.id)),
        LotSort::OfMarketHigh => cars.sort_by_key(|c| (Reverse(c.row.of_market.map(|of| of.percent)), c.row.id)),
        LotSort::Looks => cars.sort_by_key(|c| Reverse((c.row.looks_7d, c.row.id))),
        LotSort::Shoppers => cars.sort_by_key(|c| Reverse((c.row.known_shoppers, c.row.looks_7d, c.row.id))),
        LotSort::Miles => cars.sort_by_key(|c| (c.row.odometer_mi.unwrap_or(u32::MAX), c.row.id)),
        LotSort::Name => {
            cars.sort_by_cached_key(|c| (c.facts.make.to_lowercase(), c.facts.model.to_lowercase(), Reverse(c.facts.year), c.row.id));
        }
        LotSort::Status => cars.sort_by_key(|c| (c.row.status.map_or(u8::MAX, status_place), c.row.id)),
    }
}

/// What can be sold today first, what is gone last.
fn status_place(status: s::StatusWord) -> u8 {
    match status {
        s::StatusWord::Available => 0,
        s::StatusWord::Hold => 1,
        s::StatusWord::Recon => 2,
        s::StatusWord::Inbound => 3,
        s::StatusWord::Sold => 4,
        s::StatusWord::Missing => 5,
    }
}

/// What the lot's filters offer: only what is there.
pub fn choices(rooms: &Rooms) -> Result<s::LotChoices, StoreError> {
    let tx = rooms.store.read()?;
    let (mut makes, mut bodies, mut years) = (Tally::default(), Tally::default(), Tally::default());
    let mut having: HashMap<Feature, u32> = HashMap::new();
    for id in tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST)? {
        if let Some(vehicle) = tx.get(tables::VEHICLES, &id)? {
            makes.count(&vehicle.facts.make);
            bodies.count(&vehicle.facts.body);
            for feature in vehicle.listing.iter().flat_map(|l| &l.features) {
                *having.entry(*feature).or_default() += 1;
            }
            years.count(&vehicle.facts.year.map(|year| year.to_string()).unwrap_or_default());
        }
    }
    let mut years = years.most_first();
    years.sort_by(|a, b| b.value.cmp(&a.value));
    let features = Feature::ALL.iter().filter_map(|f| Some(s::FeatureChoice { value: f.word(), label: f.label(), count: *having.get(f)? })).collect();
    Ok(s::LotChoices { makes: makes.most_first(), bodies: bodies.most_first(), years, features })
}

/// Words however they are capitalised, shown as they came first.
#[derive(Default)]
struct Tally(HashMap<String, s::LotChoice>);

impl Tally {
    fn count(&mut self, word: &str) {
        let word = word.trim();
        if !word.is_empty() {
            self.0.entry(word.to_lowercase()).or_insert_with(|| s::LotChoice { value: word.to_owned(), count: 0 }).count += 1;
        }
    }

    fn most_first(self) -> Vec<s::LotChoice> {
        let mut all: Vec<s::LotChoice> = self.0.into_values().collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        all
    }
}
