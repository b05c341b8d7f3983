//! Who waits for a car, or for a lower price? Wishes that reps took down, and price alerts that shoppers set on the website.

use super::{
    Plan, cast,
    dice::{About, Dice},
};
use crate::domain::{
    money::Cents,
    time::{At, DAY_MS, MINUTE_MS},
    vehicle::ListingStatus,
    wish::WishTerms,
};

/// A wish of a customer of the DMS, as somebody of the store took it down.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PastWish {
    pub at: At,
    /// The customer's number in the DMS.
    pub customer: String,
    pub by: &'static str,
    pub terms: WishTerms,
}

/// A price alert on a car of today's lot, by email.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PastWatch {
    pub at: At,
    pub stock: String,
    pub name: String,
    pub email: String,
}

struct Wished {
    make: &'static str,
    model: &'static str,
    body: &'static str,
    drivetrain: &'static str,
    most_dollars: i64,
    year_least: u16,
    seats_least: u8,
    words: &'static str,
}

const ANY: Wished = Wished { make: "", model: "", body: "", drivetrain: "", most_dollars: 0, year_least: 0, seats_least: 0, words: "" };

/// Some that a small lot meets, more that it seldom does.
const WISHES: [Wished; 6] = [
    Wished { make: "Toyota", model: "Tundra", most_dollars: 42_000, words: "Tows a camper, no hurry.", ..ANY },
    Wished { body: "Minivan", seats_least: 7, most_dollars: 30_000, words: "Third child in spring.", ..ANY },
    Wished { make: "Ford", model: "Bronco", year_least: 2021, words: "Only with the hardtop.", ..ANY },
    Wished { body: "SUV", drivetrain: "AWD", most_dollars: 22_000, words: "For the daughter, first winter.", ..ANY },
    Wished { make: "Honda", model: "Odyssey", most_dollars: 33_000, words: "Like the one they had.", ..ANY },
    Wished { make: "Lexus", model: "GX", words: "Would drive to Boston for it.", ..ANY },
];
const WATCHES: usize = 9;
/// Customers from here on, of whom no other part of the demo speaks by number.
const FIRST_WISHING: u32 = 410;
const FIRST_WATCHING: u32 = 520;

impl Plan {
    /// In time order.
    #[must_use]
    pub fn past_wishes(&self) -> Vec<PastWish> {
        let mut all: Vec<PastWish> = WISHES.iter().zip(FIRST_WISHING..).map(|(wished, i)| self.past_wish(wished, i)).collect();
        all.sort_by_key(|wish| wish.at);
        all
    }

    fn past_wish(&self, wished: &Wished, i: u32) -> PastWish {
        let mut dice = Dice::of(self.seed, About::Wish, u64::from(i));
        let day = self.calendar.today() - 2 - dice.below(24);
        let terms = WishTerms {
            make: wished.make.to_owned(),
            model: wished.model.to_owned(),
            body: wished.body.to_owned(),
            drivetrain: wished.drivetrain.to_owned(),
            price_most: (wished.most_dollars > 0).then_some(Cents(wished.most_dollars * 100)),
            year_least: (wished.year_least > 0).then_some(wished.year_least),
            seats_least: (wished.seats_least > 0).then_some(wished.seats_least),
            words: wished.words.to_owned(),
            ..WishTerms::default()
        };
        PastWish {
            at: self.calendar.selling(&mut dice, day),
            customer: format!("{:07}", 10_000 + i),
            by: cast::STAFF[dice.below(3) as usize].0,
            terms,
        }
    }

    /// In time order. Cars that the demo tells a story of are left out.
    #[must_use]
    pub fn past_watches(&self) -> Vec<PastWatch> {
        let is_star = |stock: &str| cast::STARS.iter().any(|star| star.stock == stock);
        let cars =
            self.lot.iter().filter(|car| car.status == ListingStatus::Available && !is_star(&car.stock) && self.now.since(car.since()) > 6 * DAY_MS);
        // Some cars are waited for by several.
        let cars = cars.flat_map(|car| [car, car, car]).step_by(2).take(WATCHES);
        let people = (FIRST_WATCHING..self.sizes.customers).filter_map(|i| {
            let person = self.person(i);
            let email = person.email.filter(|_| !person.name.is_business)?;
            Some((person.name.display()?, email.as_str().to_owned()))
        });
        let mut all: Vec<PastWatch> = cars
            .zip(people)
            .zip(0_i64..)
            .map(|((car, (name, email)), n)| {
                let at = self.now.plus_ms(-(n % 5 + 1) * DAY_MS - n * 37 * MINUTE_MS);
                PastWatch { at, stock: car.stock.clone(), name, email }
            })
            .collect();
        all.sort_by_key(|watch| watch.at);
        all
    }
}
