//! How well does a car meet what somebody seeks? Points of a hundred, with what of it fits.

use super::{
    columns::Row,
    traits::{Body, Color, Drive, Traits},
};

/// One thing people choose by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trait {
    Model,
    Make,
    Body,
    Price,
    Drive,
    Year,
    Seats,
    Color,
}

/// How well a car fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fit {
    /// 0 to 100: the share of what they seek that the car meets, each trait by its weight.
    pub points: u8,
    /// What fits, a bit each in the order of [`WEIGHTS`].
    hits: u8,
}

/// What each weighs. A model names the car; make and price narrow it; a colour is seldom why somebody comes.
/// Judgement, in the order in which marketplaces ask: make and model, price, body, then the rest.
const WEIGHTS: [(Trait, u16); 8] = [
    (Trait::Model, 34),
    (Trait::Make, 8),
    (Trait::Body, 20),
    (Trait::Price, 20),
    (Trait::Drive, 8),
    (Trait::Year, 6),
    (Trait::Seats, 6),
    (Trait::Color, 3),
];

/// Tenths of a trait's weight for a car that does not say.
const NOT_SAID_TENTHS: u16 = 4;

impl Fit {
    /// What fits, the most telling first.
    pub fn met(self) -> impl Iterator<Item = Trait> {
        WEIGHTS.into_iter().enumerate().filter(move |(place, _)| self.hits & (1 << place) != 0).map(|(_, (one, _))| one)
    }
}

/// How well a car meets what a row seeks. What the row does not know counts for nothing; one that knows less than body and price is met
/// by no car.
#[must_use]
pub fn fit(row: &Row, car: &Traits) -> Fit {
    const LEAST_KNOWN: u16 = 40;
    let (mut known, mut met, mut hits) = (0, 0, 0_u8);
    for (place, (one, weight)) in WEIGHTS.into_iter().enumerate() {
        let Some(tenths) = tenths(one, row, car) else { continue };
        known += weight;
        met += weight * tenths;
        if tenths >= 8 {
            hits |= 1 << place;
        }
    }
    let points = if known < LEAST_KNOWN { 0 } else { u8::try_from(met * 10 / known).unwrap_or(100) };
    Fit { points, hits }
}

/// How far one trait is met, in tenths; `None` when it is not sought.
fn tenths(one: Trait, row: &Row, car: &Traits) -> Option<u16> {
    let same = |sought: u32, is: u32| (sought != 0).then(|| all_or(is != 0, is == sought));
    let coded = |sought: u8, is: Option<u8>| (sought != 0).then(|| all_or(is.is_some(), is == Some(sought)));
    match one {
        Trait::Model => same(row.model, car.model),
        Trait::Make => same(row.make, car.make),
        Trait::Body => coded(row.body, car.body.map(Body::code)),
        Trait::Drive => coded(row.drive, car.drive.map(Drive::code)),
        Trait::Color => coded(row.color, car.color.map(Color::code)),
        Trait::Seats => (row.seats != 0).then(|| all_or(car.seats.is_some(), car.seats.is_some_and(|n| n >= row.seats))),
        Trait::Year => (row.year_high != 0).then(|| {
            let year = car.year.map(|y| u8::try_from(y.saturating_sub(1970)).unwrap_or(u8::MAX));
            all_or(year.is_some(), year.is_some_and(|y| (row.year_low.saturating_sub(1)..=row.year_high.saturating_add(1)).contains(&y)))
        }),
        Trait::Price => (row.price_high != 0).then(|| car.price_dollars.map_or(NOT_SAID_TENTHS, |price| price_tenths(row, price / 100))),
    }
}

fn all_or(is_said: bool, is_met: bool) -> u16 {
    match (is_said, is_met) {
        (false, _) => NOT_SAID_TENTHS,
        (true, true) => 10,
        (true, false) => 0,
    }
}

/// All within what they look at; dearer, one tenth less for every 2 % above; cheaper than all they look at, for every 4 % below.
fn price_tenths(row: &Row, hundreds: u32) -> u16 {
    let (low, high) = (u32::from(row.price_low), u32::from(row.price_high));
    let off = if hundreds > high { (hundreds - high) * 100 / high.max(1) / 2 } else { low.saturating_sub(hundreds) * 100 / low.max(1) / 4 };
    10_u16.saturating_sub(u16::try_from(off).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::CustomerId, engine::matching::traits::key};

    fn seeks_a_crv() -> Row {
        Row {
            customer: CustomerId(1),
            make: key("Honda"),
            model: key("CR-V"),
            price_low: 240,
            price_high: 290,
            last_day: 1,
            year_low: 50,
            year_high: 54,
            body: Body::Suv.code(),
            drive: Drive::All.code(),
            color: 0,
            seats: 0,
        }
    }

    fn crv() -> Traits {
        Traits {
            make: key("Honda"),
            model: key("CR-V"),
            body: Some(Body::Suv),
            drive: Some(Drive::All),
            price_dollars: Some(26_500),
            year: Some(2022),
            ..Traits::default()
        }
    }

    #[test]
    fn a_car_fits_by_what_of_it_is_sought() {
        for (what, car, points) in [
            ("all of it", crv(), 100),
            ("a year beside", Traits { year: Some(2025), ..crv() }, 100),
            ("front wheels", Traits { drive: Some(Drive::Front), ..crv() }, 91),
            ("wheels not said", Traits { drive: None, ..crv() }, 95),
            ("a tenth too dear", Traits { price_dollars: Some(32_000), ..crv() }, 89),
            ("far too dear", Traits { price_dollars: Some(60_000), ..crv() }, 79),
            ("another model of the make", Traits { model: key("HR-V"), ..crv() }, 64),
            ("another maker's SUV", Traits { make: key("Toyota"), model: key("RAV4"), ..crv() }, 56),
            ("a truck", Traits { make: key("Ford"), model: key("F-150"), body: Some(Body::Truck), drive: None, ..crv() }, 30),
        ] {
            assert_eq!(fit(&seeks_a_crv(), &car).points, points, "{what}");
        }
    }

    #[test]
    fn who_seeks_too_little_is_met_by_nothing() {
        let any_suv = Row { body: Body::Suv.code(), ..Row::default() };
        assert_eq!(fit(&any_suv, &crv()).points, 0);
        assert_eq!(fit(&Row { price_low: 200, price_high: 300, ..any_suv }, &crv()).points, 100);
    }

    #[test]
    fn what_fits_is_told_the_most_telling_first() {
        let met: Vec<Trait> = fit(&seeks_a_crv(), &Traits { make: 0, drive: None, ..crv() }).met().collect();
        assert_eq!(met, [Trait::Model, Trait::Body, Trait::Price, Trait::Year]);
    }
}
