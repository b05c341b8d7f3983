//! What do cars bring at this store? The market fitted to its own sales and trades; until there are any, that of the shipped curves.
//!
//! The fit follows from the deals alone. It is kept in memory, made anew once a night, and nothing that is journalled depends on it.

use super::{Rooms, aside::aside, shapes as s};
use crate::{
    domain::{
        change::Changed,
        deal::{Deal, NewDeal},
        money::Cents,
        time::{At, DAY_MS},
        vehicle::{ListingStatus, Vehicle},
    },
    engine::equity::valuation::{Basis, Estimate, Market, Sale, Subject},
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
/// So many deals must say their gross before the store's own margin counts.
const MARGINS_LEAST: usize = 30;
/// Fewer sales of a model do not say what it is sold for.
const OF_MODEL_LEAST: u32 = 3;

/// The market in force, and when it was fitted.
#[derive(Default)]
pub struct Kept(RwLock<Fitted>);

#[derive(Clone)]
struct Fitted {
    at: Option<At>,
    market: Arc<Market>,
    sales: u32,
    /// What the store keeps of a used car's price, as a share of it.
    margin: f64,
}

impl Default for Fitted {
    fn default() -> Self {
        Self { at: None, market: Arc::new(Market::of_store(&[])), sales: 0, margin: USUAL_MARGIN }
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

/// Fits the market to the sales of the last two years, and says how many they are. Seconds of work; who shows values hears of it.
pub async fn fit(rooms: &Rooms, now: At) -> Result<u32, StoreError> {
    let own = rooms.clone();
    let count = aside("market", move || {
        let (sales, margin) = sales(&own.store.read()?, now)?;
        let count = u32::try_from(sales.len()).unwrap_or(u32::MAX);
        let market = Arc::new(Market::of_store(&sales));
        *own.market.0.write().unwrap_or_else(PoisonError::into_inner) = Fitted { at: Some(now), market, sales: count, margin };
        Ok::<u32, StoreError>(count)
    })
    .await?;
    rooms
        .store
        .write(|tx| {
            tx.announce(Changed::Market);
            Ok(())
        })
        .await?;
    Ok(count)
}

/// What cars are sold for here: what the store would give for one and what it keeps.
pub struct Retail {
    market: Arc<Market>,
    margin: f64,
    day: Option<i32>,
}

#[must_use]
pub fn retail(rooms: &Rooms, now: At) -> Retail {
    let fitted = rooms.market.0.read().unwrap_or_else(PoisonError::into_inner);
    Retail { market: Arc::clone(&fitted.market), margin: fitted.margin, day: day_of(now) }
}

impl Retail {
    /// How the price of a car stands to that. `None` without a price, or where too few of its model were sold here to say.
    #[must_use]
    pub fn of(&self, vehicle: &Vehicle) -> Option<s::OfMarket> {
        let price = vehicle.listing.as_ref().filter(|l| !matches!(l.status, ListingStatus::Sold | ListingStatus::Missing))?.price?;
        let worth = self.sold_for(vehicle, self.day)?;
        let middle_cents = worth.middle.0.max(1);
        Some(s::OfMarket {
            percent: u32::try_from((price.0 * 100 + middle_cents / 2) / middle_cents).unwrap_or(u32::MAX),
            middle_cents,
            low_cents: worth.low.0,
            high_cents: worth.high.0,
            sales: worth.comparables,
        })
    }

    /// What it would have been sold for on some days from `first` to `now`, as it stands: it ages while it waits.
    #[must_use]
    pub fn band(&self, vehicle: &Vehicle, first: At, now: At) -> Vec<s::MarketDay> {
        const STEPS: i64 = 6;
        let of_day = |n| {
            let at = first.plus_ms(now.since(first) * n / STEPS);
            let worth = self.sold_for(vehicle, day_of(at))?;
            Some(s::MarketDay { at_ms: at.0, low_cents: worth.low.0, high_cents: worth.high.0 })
        };
        (0..=STEPS).filter_map(of_day).collect()
    }

    fn sold_for(&self, vehicle: &Vehicle, day: Option<i32>) -> Option<Estimate> {
        let worth = self.market.value(&Subject::of(&vehicle.facts, vehicle.vin.as_ref()).sold(None, day))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a price of a car")]
        let asked = |given: Cents| Cents((given.0 as f64 / (1.0 - self.margin)).round() as i64);
        let says = worth.basis == Basis::Model && worth.comparables >= OF_MODEL_LEAST;
        says.then(|| Estimate { low: asked(worth.low), middle: asked(worth.middle), high: asked(worth.high), ..worth })
    }
}

/// The middle of what deals kept of their price; the usual, where too few say it.
fn margin_of(mut kept: Vec<f64>) -> f64 {
    const MOST: f64 = 0.4;
    if kept.len() < MARGINS_LEAST {
        return USUAL_MARGIN;
    }
    kept.sort_by(f64::total_cmp);
    kept[kept.len() / 2].clamp(0.0, MOST)
}

/// What the store gave for cars: in trade, and by what it sold less what it kept; and which share of the price it keeps.
fn sales(tx: &impl Rows, now: At) -> Result<(Vec<Sale>, f64), StoreError> {
    let (mut sales, mut kept) = (Vec::new(), Vec::new());
    for (_, deal) in tx.last(tables::DEALS, &Span::all(), LOOKED_AT_MOST)? {
        if sales.len() >= FITTED_MOST {
            break;
        }
        if now.since(deal.said.sold) > FITTED_DAYS * DAY_MS || deal.said.sold > now || deal.said.cancelled {
            continue;
        }
        sales.extend(traded(&deal.said));
        sales.extend(sold(tx, &deal)?);
        kept.extend(kept_of(&deal.said));
    }
    Ok((sales, margin_of(kept)))
}

#[expect(clippy::cast_precision_loss, reason = "a share of the price of a car")]
fn kept_of(deal: &NewDeal) -> Option<f64> {
    let (price, gross) = deal.price.filter(|price| price.0 > 0 && deal.is_retail()).zip(deal.front_gross)?;
    Some(gross.0 as f64 / price.0 as f64)
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
    let day = day_of(at);
    (price.0 > 0 && subject.has_year()).then(|| Sale { subject: subject.sold(None, day), price })
}

/// Days since 1970-01-01.
fn day_of(at: At) -> Option<i32> {
    i32::try_from(at.0.div_euclid(DAY_MS)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_is_the_middle_of_the_stores_own_and_the_usual_where_few_deals_say_it() {
        let is = |kept: Vec<f64>, share: f64| (margin_of(kept) - share).abs() < 1e-9;
        assert!(is(vec![0.3; MARGINS_LEAST - 1], USUAL_MARGIN));
        assert!(
            is((0..MARGINS_LEAST).map(|n| if n % 3 == 0 { -0.02 } else { 0.09 }).collect(), 0.09),
            "a few losses do not make a store without a margin"
        );
        assert!(is(vec![0.9; MARGINS_LEAST], 0.4), "a slip in a file is no margin");
    }
}
