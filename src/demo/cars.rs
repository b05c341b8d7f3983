//! What do people drive here? Cars with numbers that decode to them, miles that only grow and prices that fit their age.

use super::dice::{About, Dice, running};
use crate::domain::{
    money::Cents,
    time::{At, DAY_MS},
    vehicle::CarFacts,
    vin::Vin,
};
use std::sync::LazyLock;

/// One model in one trim, as the list has it.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) make: &'static str,
    pub(super) name: &'static str,
    pub(super) trim: &'static str,
    pub(super) body: &'static str,
    drivetrain: &'static str,
    engine: &'static str,
    pub(super) fuel: &'static str,
    transmission: &'static str,
    /// When new, in dollars of 2023.
    new_price: i64,
    weight: u32,
    plant: &'static str,
    spans: Vec<Span>,
}

/// The years in which one maker code and one description stood on it.
#[derive(Debug)]
struct Span {
    from: u16,
    to: u16,
    maker: &'static str,
    description: &'static str,
}

impl Model {
    fn read(line: &'static str) -> Option<Self> {
        let parts: Vec<&'static str> = line.split('|').collect();
        let [make, name, trim, body, drivetrain, engine, fuel, transmission, price, weight, plant, spans] = parts.as_slice() else { return None };
        Some(Self {
            make,
            name,
            trim,
            body,
            drivetrain,
            engine,
            fuel,
            transmission,
            new_price: price.parse().ok()?,
            weight: weight.parse().ok()?,
            plant,
            spans: spans.split(';').filter_map(Span::read).collect(),
        })
    }

    fn first_year(&self) -> u16 {
        self.spans.first().map_or(2012, |s| s.from)
    }

    fn last_year(&self) -> u16 {
        self.spans.last().map_or(2026, |s| s.to)
    }

    fn is_for_work(&self) -> bool {
        matches!(self.body, "Pickup" | "Van")
    }
}

impl Span {
    fn read(text: &'static str) -> Option<Self> {
        let (years, code) = text.split_once(' ')?;
        let ((from, to), (maker, description)) = (years.split_once('-')?, code.split_once(' ')?);
        Some(Self { from: from.parse().ok()?, to: to.parse().ok()?, maker, description })
    }
}

struct Showroom {
    models: Vec<Model>,
    all: Vec<u32>,
    for_work: Vec<u32>,
}

static SHOWROOM: LazyLock<Showroom> = LazyLock::new(|| {
    let models: Vec<Model> = include_str!("cars.txt").lines().filter_map(Model::read).collect();
    let all = running(models.iter().map(|m| m.weight));
    let for_work = running(models.iter().map(|m| if m.is_for_work() { m.weight } else { 0 }));
    Showroom { models, all, for_work }
});

const COLORS: [(&str, u32); 18] = [
    ("White", 14),
    ("Platinum White", 8),
    ("Black", 12),
    ("Crystal Black", 6),
    ("Gray", 9),
    ("Modern Steel", 8),
    ("Magnetic Gray", 6),
    ("Silver", 10),
    ("Ice Silver", 3),
    ("Blue", 7),
    ("Deep Blue", 4),
    ("Pacific Blue", 2),
    ("Red", 5),
    ("Ruby Red", 3),
    ("Crimson", 1),
    ("Green", 2),
    ("Autumn Green", 1),
    ("Bronze", 1),
];
const INTERIORS: [&str; 4] = ["Black", "Black", "Gray", "Tan"];
/// Model year letters and digits from 2010 on (49 CFR 565.15, table VII).
const YEAR_CODES: &[u8; 17] = b"ABCDEFGHJKLMNPRST";
/// The list has no older cars: what still runs of those is not worth a story.
const OLDEST: u16 = 2012;
const YEAR_MS: i64 = 31_556_952_000;
/// What is left of the price when new after 0, 1, 2 ... years, in thousandths, as stores ask for it.
const KEPT: [i64; 18] = [1000, 890, 830, 775, 715, 645, 580, 520, 465, 412, 362, 320, 282, 246, 215, 190, 170, 155];

/// One car: what it is, how fast its miles grow, and when it first went on the road.
#[derive(Debug, Clone)]
pub(super) struct Car {
    pub(super) model: &'static Model,
    pub(super) year: u16,
    pub(super) vin: Option<Vin>,
    color: &'static str,
    interior: &'static str,
    miles_a_year: i64,
    delivery_miles: i64,
    pub(super) on_road: At,
    /// How this one differs from the run of its kind, in thousandths.
    care: i64,
}

/// Which car of the store's world: owned, on the lot, or taken in trade. Below a million, so that serials never meet.
pub(super) type CarKey = u32;

/// What is already settled about a car before chance has its say.
pub(super) enum Wish {
    /// Any car of this model year.
    Year(u16),
    /// A pickup or a van: a firm's car.
    ForWork(u16),
    /// This very model.
    Named { make: &'static str, model: &'static str, trim: &'static str, year: u16 },
}

impl Car {
    pub(super) fn new(seed: u64, key: CarKey, wish: &Wish) -> Self {
        let mut dice = Dice::of(seed, About::Car, u64::from(key));
        let (model, year) = chosen(&mut dice, wish);
        let span = model.spans.iter().find(|s| (s.from..=s.to).contains(&year)).or(model.spans.last());
        let serial = super::dice::shuffled(u64::from(key), 1_000_000, seed ^ 0x005E_71A1);
        let vin = span.and_then(|s| vin(s, year, model.plant, serial));
        let on_road = At((i64::from(year) - 1970) * YEAR_MS + dice.between(-100, 230) * DAY_MS);
        let base = if matches!(wish, Wish::ForWork(_)) { 11_000 } else { 4_500 };
        Self {
            model,
            year,
            vin,
            color: COLORS[dice.weighted(&COLORS.map(|c| c.1))].0,
            interior: dice.pick(&INTERIORS),
            miles_a_year: base + dice.between(0, 7_000) + dice.between(0, 7_000),
            delivery_miles: dice.between(6, 90),
            on_road,
            care: dice.between(-45, 45),
        }
    }

    /// The same car with a colour and odometer as given, reading `miles` at `at`.
    pub(super) fn known_as(mut self, color: Option<&'static str>, miles: u32, at: At) -> Self {
        self.color = color.unwrap_or(self.color);
        let years_ms = at.since(self.on_road).max(DAY_MS);
        self.delivery_miles = 20;
        self.miles_a_year = ((i64::from(miles) - 20) * YEAR_MS / years_ms).max(0);
        // The division loses less than a mile a year: put it right at the start.
        self.delivery_miles += i64::from(miles) - i64::from(self.odometer(at));
        self
    }

    pub(super) fn numbered(mut self, serial: u64) -> Self {
        let span = self.model.spans.iter().find(|s| (s.from..=s.to).contains(&self.year));
        self.vin = span.and_then(|s| vin(s, self.year, self.model.plant, serial)).or(self.vin);
        self
    }

    /// Miles at an instant: never fewer later.
    pub(super) fn odometer(&self, at: At) -> u32 {
        let driven = i128::from(self.miles_a_year) * i128::from(at.since(self.on_road).max(0)) / i128::from(YEAR_MS);
        u32::try_from(i128::from(self.delivery_miles.max(0)) + driven).unwrap_or(0)
    }

    pub(super) fn facts(&self, at: At) -> CarFacts {
        CarFacts { odometer_mi: Some(self.odometer(at)), ..self.described() }
    }

    /// As a page or a form describes it: without the miles of the day.
    pub(super) fn described(&self) -> CarFacts {
        CarFacts {
            year: Some(self.year),
            make: self.model.make.to_owned(),
            model: self.model.name.to_owned(),
            trim: self.model.trim.to_owned(),
            body: self.model.body.to_owned(),
            drivetrain: self.model.drivetrain.to_owned(),
            fuel: self.model.fuel.to_owned(),
            transmission: self.model.transmission.to_owned(),
            engine: self.model.engine.to_owned(),
            exterior_color: self.color.to_owned(),
            interior_color: self.interior.to_owned(),
            odometer_mi: None,
            plate: String::new(),
        }
    }

    /// What a shopper or a clerk knows of it without papers: year, make, model, trim.
    pub(super) fn named(&self) -> CarFacts {
        CarFacts {
            year: Some(self.year),
            make: self.model.make.to_owned(),
            model: self.model.name.to_owned(),
            trim: self.model.trim.to_owned(),
            ..CarFacts::default()
        }
    }

    /// `2022 Honda CR-V EX-L`.
    pub(super) fn label(&self) -> String {
        format!("{} {} {} {}", self.year, self.model.make, self.model.name, self.model.trim)
    }

    /// What a store asks for it, in whole dollars with the endings stores like.
    /// Source: price when new, brought to the model year at 2 % a year, times what is left after its age, less 0.4 % of value for every
    /// 1,000 miles over 12,000 a year or plus 0.25 % for every one under, within a quarter either way.
    pub(super) fn asking(&self, at: At) -> Cents {
        let when_new = self.model.new_price * (1_000 - 20 * (2023 - i64::from(self.year))) / 1_000;
        let age_ms = at.since(self.on_road).max(0);
        let (years, part) = (age_ms / YEAR_MS, age_ms % YEAR_MS * 1_000 / YEAR_MS);
        let kept = |y: i64| KEPT[usize::try_from(y).unwrap_or(0).min(KEPT.len() - 1)];
        let left = kept(years) - (kept(years) - kept(years + 1)) * part / 1_000 + self.following();
        let over = i64::from(self.odometer(at)) - 12_000 * age_ms / YEAR_MS;
        let miles = if over > 0 { -(over * 4 / 1_000) } else { -over * 25 / 10_000 };
        let worth = when_new * left / 1_000 * (1_000 + miles.clamp(-250, 250) + self.care) / 1_000;
        let ending = [95, 90, 50, 0, 88, 75][usize::try_from(self.care.unsigned_abs() % 6).unwrap_or(0)];
        Cents((worth.max(3_900) / 100 * 100 + ending) * 100)
    }

    /// Some makes hold their price, some do not: thousandths of the price when new.
    fn following(&self) -> i64 {
        match (self.model.make, self.model.body, self.model.fuel) {
            (_, _, "Electric") => -80,
            ("Audi" | "BMW" | "Mercedes-Benz" | "Volvo" | "Acura", _, _) => -50,
            ("Toyota" | "Honda" | "Subaru" | "Lexus", _, _) | (_, "Pickup", _) => 45,
            _ => -10,
        }
    }

    /// What the store would give for it: asking price less preparation and margin.
    pub(super) fn trade_value(&self, at: At) -> Cents {
        let asking = self.asking(at).0;
        Cents(((asking * 88 / 100 - 160_000).max(40_000)) / 10_000 * 10_000)
    }
}

fn chosen(dice: &mut Dice, wish: &Wish) -> (&'static Model, u16) {
    let showroom = &*SHOWROOM;
    let built = |m: &Model, year| (m.first_year()..=m.last_year()).contains(&year);
    let by_chance = |dice: &mut Dice, sums: &[u32], year: u16| {
        let year = year.max(OLDEST);
        let model = (0..12).map(|_| &showroom.models[dice.by_weight(sums)]).find(|m| built(m, year));
        (model.unwrap_or(&showroom.models[0]), year)
    };
    match wish {
        Wish::Year(year) => by_chance(dice, &showroom.all, *year),
        Wish::ForWork(year) => by_chance(dice, &showroom.for_work, *year),
        Wish::Named { make, model, trim, year } => {
            let same = |m: &&Model| m.make == *make && m.name == *model;
            let found = showroom.models.iter().filter(same).find(|m| m.trim == *trim).or_else(|| showroom.models.iter().find(same));
            (found.unwrap_or(&showroom.models[0]), *year)
        }
    }
}

fn vin(span: &Span, year: u16, plant: &str, serial: u64) -> Option<Vin> {
    let code = char::from(YEAR_CODES[usize::from(year.saturating_sub(2010)).min(YEAR_CODES.len() - 1)]);
    Vin::with_check_digit(&format!("{}{}0{code}{plant}{serial:06}", span.maker, span.description))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn now() -> At {
        At::parse_rfc3339("2026-11-24T09:41:00-05:00").unwrap()
    }

    #[test]
    fn every_line_of_the_list_reads_and_every_year_of_it_gives_a_number_that_holds() {
        let lines = include_str!("cars.txt").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(SHOWROOM.models.len(), lines);
        for model in &SHOWROOM.models {
            assert!(!model.spans.is_empty(), "{model:?}");
            for span in &model.spans {
                for year in span.from..=span.to {
                    let vin = vin(span, year, model.plant, 123_456).unwrap();
                    assert!(vin.check_digit_holds(), "{vin:?}");
                    assert!(vin.as_str().as_bytes()[6].is_ascii_alphabetic(), "{vin:?} would read as a car of before 2010");
                }
            }
        }
    }

    #[test]
    fn no_two_cars_share_a_number() {
        let mut seen = HashSet::new();
        for key in 0..20_000 {
            let car = Car::new(7, key, &Wish::Year(2012 + u16::try_from(key % 14).unwrap()));
            assert!(seen.insert(car.vin.unwrap()), "{key}");
        }
    }

    #[test]
    fn a_price_falls_with_the_years_and_stays_within_reason() {
        for key in 0..2_000 {
            let car = Car::new(7, key, &Wish::Year(2014 + u16::try_from(key % 11).unwrap()));
            let mut before = i64::MAX - 10_000;
            for years in 1..6 {
                let price = car.asking(car.on_road.plus_ms(years * YEAR_MS)).0;
                assert!(price <= before + 10_000, "{} rises to {price} after {years} years", car.label());
                before = price;
            }
            let price = car.asking(now());
            assert!((390_000..7_500_000).contains(&price.0), "{} at {price}", car.label());
            assert!(car.trade_value(now()) < price);
        }
    }

    #[test]
    fn a_car_known_by_its_miles_shows_them_on_the_day() {
        let wish = Wish::Named { make: "Honda", model: "CR-V", trim: "EX-L", year: 2022 };
        let car = Car::new(7, 1, &wish).known_as(Some("Platinum White"), 31_480, now()).numbered(614_882);
        let facts = car.facts(now());
        assert_eq!((facts.label().as_str(), facts.odometer_mi), ("2022 Honda CR-V EX-L", Some(31_480)));
        assert!(car.vin.unwrap().as_str().starts_with("2HKRW2H8"));
    }
}
