//! What do cars bring at this store? The market fitted to its own sales and trades; until there are any, that of the shipped curves.
//!
//! The fit follows from the deals alone. It is kept in memory, made anew once a night, and nothing that is journalled depends on it.

use super::{Rooms, aside::aside};
use crate::{
    domain::{
        deal::{Deal, NewDeal},
        money::Cents,
        time::{At, DAY_MS},
        vehicle::Vehicle,
    },
    engine::equity::valuation::{Market, Sale, Subject},
    store::{Rows, Span, StoreError, tables},
};
use std::sync::{Arc, PoisonError, RwLock};

/// Older sales tell of another market.
const FITTED_DAYS: i64 = 2 * 365;
/// The newest sales that are fitted; more would take longer and tell nothing more.
const FITTED_MOST: usize = 12_000;
/// Deals looked at from the newest; files are filed in any order, so that more are read than are fitted.
const LOOKED_AT_MOST: usize = 60_000;
/// What a dealer keeps of a used car's price where the books do not say the gross: the difference between what it sells for and what the
/// store gives for it.
///
/// Source: front gross and reconditioning of independents as dealer associations publish them, near an eighth of the price.
const USUAL_MARGIN: f64 = 0.12;

/// The market in force, and when it was fitted.
#[derive(Default)]
pub struct Kept(RwLock<Fitted>);

#[derive(Clone)]
struct Fitted {
    at: Option<At>,
    market: Arc<Market>,
    sales: u32,
}

impl Default for Fitted {
    fn default() -> Self {
        Self { at: None, market: Arc::new(Market::of_store(&[])), sales: 0 }
    }
}

/// The store's market: what it would give for a car, not what it would ask for it.
#[must_use]
pub fn of(rooms: &Rooms) -> Arc<Market> {
    Arc::clone(&rooms.market.0.read().unwrap_or_else(PoisonError::into_inner).market)
}

/// When it was last fitted, and to how many sales.
#[must_use]
pub fn standing(rooms: &Rooms) -> (Option<At>, u32) {
    let fitted = rooms.market.0.read().unwrap_or_else(PoisonError::into_inner);
    (fitted.at, fitted.sales)
}

/// Whether it was never fitted, or its day is over.
#[must_use]
pub fn is_stale(rooms: &Rooms, now: At) -> bool {
    standing(rooms).0.is_none_or(|at| now.since(at) >= DAY_MS)
}

/// Fits the market to the sales of the last two years, and says how many they are. Seconds of work.
pub async fn fit(rooms: &Rooms, now: At) -> Result<u32, StoreError> {
    let rooms = rooms.clone();
    aside("market", move || {
        let sales = sales(&rooms.store.read()?, now)?;
        let count = u32::try_from(sales.len()).unwrap_or(u32::MAX);
        let market = Arc::new(Market::of_store(&sales));
        *rooms.market.0.write().unwrap_or_else(PoisonError::into_inner) = Fitted { at: Some(now), market, sales: count };
        Ok(count)
    })
    .await
}

/// What the store gave for cars: in trade, and by what it sold less what it kept.
fn sales(tx: &impl Rows, now: At) -> Result<Vec<Sale>, StoreError> {
    let mut sales = Vec::new();
    for (_, deal) in tx.last(tables::DEALS, &Span::all(), LOOKED_AT_MOST)? {
        if sales.len() >= FITTED_MOST {
            break;
        }
        if now.since(deal.said.sold) > FITTED_DAYS * DAY_MS || deal.said.sold > now || deal.said.cancelled {
            continue;
        }
        sales.extend(traded(&deal.said));
        sales.extend(sold(tx, &deal)?);
    }
    Ok(sales)
}

fn traded(deal: &NewDeal) -> impl Iterator<Item = Sale> + '_ {
    deal.trades().filter_map(|trade| sale(Subject::of(&trade.facts, trade.vin.as_ref()), trade.acv?, deal.sold))
}

/// A used car that was sold, at what the store had in it.
fn sold(tx: &impl Rows, deal: &Deal) -> Result<Option<Sale>, StoreError> {
    let Some(price) = deal.said.price.filter(|_| deal.said.is_retail()) else { return Ok(None) };
    let vehicle: Option<Vehicle> = deal.vehicle.map(|id| tx.get(tables::VEHICLES, &id)).transpose()?.flatten();
    // What the deal says of the car is of the day of sale; the record of it may have grown older with it.
    let mut facts = deal.said.facts.clone();
    if let Some(vehicle) = &vehicle {
        let then = facts.odometer_mi;
        facts.absorb(&vehicle.facts, false);
        facts.odometer_mi = then;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a price of a car")]
    let given = deal.said.front_gross.map_or(Cents((price.0 as f64 * (1.0 - USUAL_MARGIN)) as i64), |gross| Cents(price.0 - gross.0));
    Ok(sale(Subject::of(&facts, deal.said.vin.as_ref()), given, deal.said.sold))
}

fn sale(subject: Subject, price: Cents, at: At) -> Option<Sale> {
    let day = i32::try_from(at.0.div_euclid(DAY_MS)).ok();
    (price.0 > 0 && subject.has_year()).then(|| Sale { subject: subject.sold(None, day), price })
}
