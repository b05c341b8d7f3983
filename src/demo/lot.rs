//! What stands on the lot, and what stood there before?

use super::{
    Plan,
    cars::{Car, Wish},
    cast::{self, Star},
    dice::{About, Dice},
};
use crate::domain::{
    event::{NewListing, WebCar},
    money::Cents,
    time::{At, DAY_MS, MINUTE_MS},
    vehicle::{Condition, ListingStatus, PricePoint},
};

/// One car for sale today.
#[derive(Debug)]
pub(super) struct LotCar {
    pub(super) stock: String,
    pub(super) car: Car,
    pub(super) status: ListingStatus,
    /// Oldest first; the first is the day it came.
    prices: Vec<PricePoint>,
}

/// A car that could be seen on the website at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// On the lot today.
    Here(u32),
    /// Sold since: its place among the sales.
    Gone(u32),
}

/// The newest stock number given out; a few numbers lie between two cars of the lot, taken by cars that have gone wholesale.
const NEWEST_STOCK: u32 = 24_150;
/// Stock numbers of sold cars go down from here; older ones carry an A, from the time before the store counted anew.
const SOLD_STOCK: u32 = 23_700;

impl LotCar {
    fn price_at(&self, at: At) -> Option<Cents> {
        self.prices.iter().rev().find(|p| p.at <= at).map(|p| p.price)
    }

    pub(super) fn since(&self) -> At {
        self.prices.first().map_or(At(0), |p| p.at)
    }

    fn listing(&self, at: At) -> NewListing {
        let facts = self.car.facts(at);
        let price = self.price_at(at);
        let slug = facts.label().to_lowercase().replace(' ', "-");
        NewListing {
            vin: self.car.vin.clone(),
            stock: self.stock.clone(),
            price,
            cost: self.prices.first().map(|p| Cents(p.price.0 * 89 / 100 / 100 * 100)),
            status: self.status,
            in_stock_since: Some(self.since()),
            photos: vec![],
            url: Some(format!("{}/used/{}-{slug}", Plan::SITE, self.stock)),
            condition: Condition::Used,
            certified: false,
            description: description(&self.car),
            options: String::new(),
            facts,
        }
    }
}

impl Plan {
    /// The lot as today's feed would bring it. Odometers and prices are those of now.
    pub fn listings(&self) -> impl Iterator<Item = NewListing> + '_ {
        self.lot.iter().map(|car| car.listing(self.now))
    }

    /// Every price each of these cars ever had, the day it came first, in time order. Taking them in one after the other and
    /// `listings` last gives the price history, with nothing left for `listings` to change.
    pub fn price_changes(&self) -> impl Iterator<Item = (At, NewListing)> + '_ {
        let mut changes: Vec<(At, usize)> = self.lot.iter().enumerate().flat_map(|(i, car)| car.prices.iter().map(move |p| (p.at, i))).collect();
        changes.sort_unstable();
        changes.into_iter().map(|(at, i)| {
            let now = self.lot[i].listing(self.now);
            (at, NewListing { price: self.lot[i].price_at(at), status: ListingStatus::Available, ..now })
        })
    }

    pub(super) fn cars_for_sale(&self) -> Vec<LotCar> {
        let mut cars: Vec<LotCar> = cast::STARS.iter().zip(0..).map(|(star, i)| self.star(star, i)).collect();
        let step = match self.sizes.lot {
            ..=70 => 3,
            71..=150 => 2,
            _ => 1,
        };
        let taken = |stock: u32| cast::STARS.iter().any(|s| s.stock == stock.to_string());
        let numbers = (0..).map(|n| NEWEST_STOCK - n * step).filter(|stock| !taken(*stock));
        let places = u32::try_from(cars.len()).unwrap_or(0)..self.sizes.lot;
        let span = self.sizes.lot * step;
        cars.extend(numbers.zip(places).map(|(stock, i)| self.lot_car(stock, i, (NEWEST_STOCK - stock) * 115 / span)));
        cars
    }

    fn star(&self, star: &Star, i: u32) -> LotCar {
        let wish = Wish::Named { make: star.make, model: star.model, trim: star.trim, year: star.year };
        let mut car = Car::new(self.seed, self.lot_key(i), &wish).known_as(Some(star.color), star.miles, self.now);
        if star.stock == cast::CRV {
            car = car.numbered(614_882);
        }
        let today = self.calendar.today();
        let when = |days: u32| if days == 0 { self.now.plus_ms(-39 * MINUTE_MS) } else { self.calendar.at(today - days, 542) };
        let prices = star.prices.iter().map(|(days, dollars)| PricePoint { at: when(*days), price: Cents(dollars * 100) }).collect();
        LotCar { stock: star.stock.to_owned(), car, status: ListingStatus::Available, prices }
    }

    fn lot_car(&self, stock: u32, i: u32, older_days: u32) -> LotCar {
        let mut dice = Dice::of(self.seed, About::Lot, u64::from(i));
        let age = 1 + u16::try_from(dice.low_below(12)).unwrap_or(0);
        let car = Car::new(self.seed, self.lot_key(i), &Wish::Year(self.year - age));
        let days = 1 + older_days + dice.below(10);
        let came = self.calendar.today() - days;
        let mut prices = vec![PricePoint { at: self.calendar.at(came, 560), price: car.asking(self.calendar.at(came, 560)) }];
        // A price comes down by 1 to 4 % every three weeks or so, in steps of $100 at least.
        let mut next = 18 + dice.below(12);
        while next < days {
            let was = prices.last().map_or(0, |p| p.price.0);
            let off = (was * dice.between(10, 40) / 1_000 / 10_000).max(1) * 10_000;
            prices.push(PricePoint { at: self.calendar.at(came + next, 542), price: Cents(was - off) });
            next += 16 + dice.below(14);
        }
        let status = match (days, dice.below(100)) {
            (..6, 0..60) => ListingStatus::Recon,
            (_, 96..) => ListingStatus::Hold,
            _ => ListingStatus::Available,
        };
        LotCar { stock: stock.to_string(), car, status, prices }
    }

    /// Cars of the lot are numbered after the owned ones.
    fn lot_key(&self, i: u32) -> u32 {
        self.cars_owned() + i
    }

    /// A car that was for sale at `at`, the ones that sold next more often: they were the ones that people looked for.
    /// The line of cars over the lot is the sales in their order and then today's lot; a store full of cars is the next few of that line.
    pub(super) fn for_sale(&self, dice: &mut Dice, at: At) -> Shown {
        let sold = u32::try_from(self.sales.partition_point(|(second, _)| self.calendar.of_second(*second) <= at)).unwrap_or(0);
        let all = u32::try_from(self.sales.len()).unwrap_or(0);
        for _ in 0..6 {
            let place = sold + dice.low_below(self.sizes.lot);
            let shown = if place < all { Shown::Gone(place) } else { Shown::Here(place - all) };
            if self.came(shown) <= at {
                return shown;
            }
        }
        if sold < all { Shown::Gone(sold) } else { Shown::Here(0) }
    }

    fn came(&self, shown: Shown) -> At {
        match shown {
            Shown::Here(i) => self.lot[i as usize].since(),
            Shown::Gone(place) => {
                let (second, car) = self.sales[place as usize];
                let days = 5 + Dice::of(self.seed, About::Lot, u64::from(car) << 20).low_below(90);
                self.calendar.of_second(second).plus_ms(-i64::from(days) * DAY_MS)
            }
        }
    }

    pub(super) fn here(&self, stock: &str) -> Shown {
        Shown::Here(self.lot.iter().zip(0..).find(|(c, _)| c.stock == stock).map_or(0, |(_, i)| i))
    }

    /// The car of a page as the site describes it.
    pub(super) fn web_car(&self, shown: Shown, at: At) -> WebCar {
        match shown {
            Shown::Here(i) => {
                let lot_car = &self.lot[i as usize];
                WebCar { vin: lot_car.car.vin.clone(), stock: lot_car.stock.clone(), facts: lot_car.car.described(), price: lot_car.price_at(at) }
            }
            Shown::Gone(place) => {
                let (second, key) = self.sales[place as usize];
                let car = self.owned_car(key).car;
                let price = Some(car.asking(self.calendar.of_second(second)));
                WebCar { stock: self.sold_stock(place), facts: car.described(), price, vin: car.vin }
            }
        }
    }

    /// The stock number under which the car of a sale stood on the lot.
    pub(super) fn sold_stock(&self, place: u32) -> String {
        let back = u32::try_from(self.sales.len()).unwrap_or(0) - place;
        if back < SOLD_STOCK - 100 { (SOLD_STOCK - back).to_string() } else { format!("A{:05}", 199_999 - back.min(199_999)) }
    }
}

fn description(car: &Car) -> String {
    let about = match car.model.body {
        "Pickup" => "Ready to work, bed in good order.",
        "Van" => "Clean cargo area, shelving can stay.",
        "Minivan" => "Both sliding doors and every seat in good order.",
        "Sedan" | "Hatchback" => "Easy to park and easy on fuel.",
        _ => "Room for a family and a dog, and it likes snow.",
    };
    format!("{}. Maine inspected, undercarriage looked over for rust, fresh oil. {about}", car.label())
}
