//! Does a car meet what somebody said they want? What they said is a limit that no car may break.

use super::traits::{self, Traits, plain};
use crate::domain::{money::grouped, vehicle::Vehicle, wish::WishTerms};

/// What a car that does not say takes from a hundred points, for each thing wished for.
const NOT_SAID: u8 = 8;

/// How well a car meets a wish, and what of it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    pub points: u8,
    pub because: Vec<String>,
}

/// `None` when the car breaks a limit, or when its price, year, make or model is wished for and not known. Wheels, seats, colour and miles
/// that are not known leave it in question, for a person to look.
#[must_use]
pub fn met(wish: &WishTerms, car: &Vehicle) -> Option<Met> {
    if !wish.says_something() {
        return None;
    }
    let is = Traits::of(car);
    let mut met = Met { points: 100, because: vec![] };
    named(&wish.make, &car.facts.make, &mut met)?;
    named(&wish.model, &car.facts.model, &mut met)?;
    let class = |wished: &str, code: fn(&str) -> Option<u8>| code(wished).or((!wished.trim().is_empty()).then_some(0));
    among(class(&wish.body, |text| traits::body(text).map(traits::Body::code)), is.body.map(traits::Body::code), &car.facts.body, &mut met)?;
    among(
        class(&wish.drivetrain, |text| traits::drive(text).map(traits::Drive::code)),
        is.drive.map(traits::Drive::code),
        &car.facts.drivetrain,
        &mut met,
    )?;
    among(
        class(&wish.color, |text| traits::color(text).map(traits::Color::code)),
        is.color.map(traits::Color::code),
        &car.facts.exterior_color,
        &mut met,
    )?;
    if let Some(most) = wish.price_most {
        let price = car.listing.as_ref().and_then(|l| l.price).filter(|price| *price <= most)?;
        met.because.push(format!("{price}, at most {most} was wished"));
    }
    if let Some(least) = wish.year_least {
        let year = car.facts.year.filter(|year| *year >= least)?;
        met.because.push(format!("{year}, {least} or newer was wished"));
    }
    number(wish.seats_least.map(u32::from), is.seats.map(u32::from), |least, is| is >= least, |n| format!("{n} seats"), &mut met)?;
    number(wish.odometer_most_mi, is.odometer_mi, |most, is| is <= most, |n| format!("{} mi", grouped(n.into())), &mut met)?;
    Some(met)
}

/// A name that begins with what was wished for: `CR-V` is met by `CR-V Hybrid`.
fn named(wished: &str, is: &str, met: &mut Met) -> Option<()> {
    let (wanted, is_plain) = (plain(wished), plain(is));
    if wanted.is_empty() {
        return Some(());
    }
    is_plain.starts_with(&wanted).then(|| met.because.push(format!("{is}, as they wished")))
}

/// `wished` is 0 for words that name no class we know: they are for a person to read.
fn among(wished: Option<u8>, is: Option<u8>, words: &str, met: &mut Met) -> Option<()> {
    match (wished, is) {
        (None, _) => Some(()),
        (Some(0), _) | (Some(_), None) => {
            met.points = met.points.saturating_sub(NOT_SAID);
            Some(())
        }
        (Some(wished), Some(is)) => (wished == is).then(|| met.because.push(format!("{words}, as they wished"))),
    }
}

fn number(wished: Option<u32>, is: Option<u32>, keeps: fn(u32, u32) -> bool, words: fn(u32) -> String, met: &mut Met) -> Option<()> {
    match (wished, is) {
        (None, _) => Some(()),
        (Some(_), None) => {
            met.points = met.points.saturating_sub(NOT_SAID);
            Some(())
        }
        (Some(wished), Some(is)) => keeps(wished, is).then(|| met.because.push(format!("{}, as they wished", words(is)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{money::Cents, vehicle::ListingStatus},
        engine::sample::{CRV, listed},
    };

    fn crv() -> Vehicle {
        let mut car = listed(CRV.0, "24117", "CR-V", ListingStatus::Available);
        (car.facts.make, car.facts.body, car.facts.drivetrain) = ("Honda".into(), "SUV".into(), "AWD".into());
        (car.facts.exterior_color, car.facts.odometer_mi) = ("Platinum White".into(), Some(31_480));
        car.listing.as_mut().unwrap().price = Some(Cents(2_700_000));
        car
    }

    #[test]
    fn a_limit_is_never_broken() {
        let wish = WishTerms::default;
        for (what, wish, points) in [
            ("nothing said", wish(), None),
            ("the model", WishTerms { model: "crv".into(), ..wish() }, Some(100)),
            ("another model", WishTerms { model: "HR-V".into(), ..wish() }, None),
            ("dear enough", WishTerms { price_most: Some(Cents(2_700_000)), ..wish() }, Some(100)),
            ("a dollar too dear", WishTerms { price_most: Some(Cents(2_699_900)), ..wish() }, None),
            ("too old", WishTerms { year_least: Some(2023), ..wish() }, None),
            ("too far", WishTerms { odometer_most_mi: Some(30_000), ..wish() }, None),
            ("the wheels", WishTerms { drivetrain: "4x4".into(), ..wish() }, Some(100)),
            ("other wheels", WishTerms { drivetrain: "FWD".into(), ..wish() }, None),
            ("another body", WishTerms { body: "truck".into(), ..wish() }, None),
            ("white", WishTerms { color: "white".into(), ..wish() }, Some(100)),
            ("a colour of their own", WishTerms { color: "puce".into(), ..wish() }, Some(92)),
            ("seats it does not say", WishTerms { seats_least: Some(7), ..wish() }, Some(92)),
        ] {
            assert_eq!(met(&wish, &crv()).map(|m| m.points), points, "{what}");
        }
    }

    #[test]
    fn what_is_not_known_of_price_or_year_meets_no_limit_on_it() {
        let mut unpriced = crv();
        unpriced.listing.as_mut().unwrap().price = None;
        unpriced.facts.year = None;
        assert_eq!(met(&WishTerms { price_most: Some(Cents(1)), ..WishTerms::default() }, &unpriced), None);
        assert_eq!(met(&WishTerms { year_least: Some(1990), ..WishTerms::default() }, &unpriced), None);
    }

    #[test]
    fn what_meets_it_is_told() {
        let wish = WishTerms { model: "CR-V".into(), drivetrain: "AWD".into(), price_most: Some(Cents(2_800_000)), ..WishTerms::default() };
        let because = met(&wish, &crv()).unwrap().because;
        assert_eq!(because, ["CR-V, as they wished", "AWD, as they wished", "$27,000, at most $28,000 was wished"]);
    }
}
