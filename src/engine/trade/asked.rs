//! Which car do they mean, and can a table speak of it?

use crate::{
    domain::{
        vehicle::CarFacts,
        vin::{Fault, Vin, plain},
    },
    engine::cars,
};

/// What somebody typed of their car: a number, or year, make and model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub vin: String,
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
}

/// Somebody's car, so far as it can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TheirCar {
    pub vin: Option<Vin>,
    pub facts: CarFacts,
}

/// What becomes of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Car(TheirCar),
    /// No table speaks of it: a person of the store will. The sentence says why.
    NeedsAPerson(TheirCar, String),
    /// It cannot be so, or says too little; which field, a sentence, and the numbers that may have been meant.
    Again {
        field: Field,
        sentence: String,
        meant: Vec<Vin>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Vin,
    Year,
    Model,
    Odometer,
}

impl Field {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Vin => "vin",
            Self::Year => "year",
            Self::Model => "model",
            Self::Odometer => "odometer",
        }
    }
}

/// Numbers have 17 characters from this model year on (49 CFR 565).
const FIRST_YEAR: u16 = 1981;
/// Older cars are worth what somebody gives who loves them.
const OLDEST_YEARS: u16 = 30;
const WORD_MOST_CHARS: usize = 60;

/// Makes that build no car: their numbers, and names typed by hand.
const NO_CARS: &[&str] = &[
    "airstream",
    "coachmen",
    "ducati",
    "fleetwood",
    "forestriver",
    "harleydavidson",
    "indian",
    "jayco",
    "kawasaki",
    "keystone",
    "ktm",
    "polaris",
    "seadoo",
    "skidoo",
    "thormotorcoach",
    "tiffin",
    "triumph",
    "vespa",
    "winnebago",
    "yamaha",
];
/// Codes of motorcycles of makers that also build cars. Source: maker codes as registered under ISO 3780.
const MOTORCYCLES: &[&str] = &["JH2", "1HF", "MLH", "WB1", "WB3", "JS1"];
const NO_CARS_SENTENCE: &str =
    "This tool knows cars, trucks and vans. For a motorcycle, an RV, a trailer or a boat somebody of the store will work out a figure.";

/// Reads what was typed. `this_year` is the year of today by the store's calendar.
#[must_use]
pub fn read(typed: &Typed, this_year: u16) -> Told {
    if plain(&typed.vin).next().is_none() {
        return by_name(typed, None, this_year);
    }
    match Vin::read(&typed.vin) {
        Ok(vin) => by_number(typed, vin, this_year),
        Err(fault) => not_a_number(typed, fault, this_year),
    }
}

fn not_a_number(typed: &Typed, fault: Fault, this_year: u16) -> Told {
    let length = plain(&typed.vin).count();
    if typed.year.is_some_and(|year| year < FIRST_YEAR) {
        return by_name(typed, None, this_year);
    }
    let older = match length {
        5..=13 => format!(" Cars built before {FIRST_YEAR} have shorter numbers: for one of those leave it empty and fill in year, make and model."),
        _ => String::new(),
    };
    let sentence = format!("That number cannot be right: {fault}.{older}");
    Told::Again { field: Field::Vin, sentence, meant: cars::suggestions(&typed.vin) }
}

fn by_number(typed: &Typed, vin: Vin, this_year: u16) -> Told {
    let decoded = cars::decode(&vin);
    let car = |facts: CarFacts| TheirCar { vin: Some(vin.clone()), facts };
    if no_car(&decoded.make) || MOTORCYCLES.iter().any(|code| vin.as_str().starts_with(code)) || decoded.body == "Motorhome" {
        return Told::NeedsAPerson(car(decoded.facts()), NO_CARS_SENTENCE.to_owned());
    }
    if matches!(decoded.body.as_str(), "Truck" | "Bus" | "Cutaway" | "Chassis Cab") {
        let sentence = "Heavy trucks, buses and bare chassis differ too much for a table. Somebody of the store will work out a figure.";
        return Told::NeedsAPerson(car(decoded.facts()), sentence.to_owned());
    }
    if let Some(fault) = vin.fault() {
        let sentence = format!("One character is off: {fault}. Check it against the plate behind the windshield, or go on by year, make and model.");
        return Told::Again { field: Field::Vin, sentence, meant: cars::suggestions(vin.as_str()) };
    }
    if decoded.model.is_empty() {
        return unknown_number(typed, &vin, decoded.facts(), this_year);
    }
    let trim = if typed.trim.trim().is_empty() { decoded.one_trim().to_owned() } else { word(&typed.trim) };
    of_age(TheirCar { vin: Some(vin), facts: CarFacts { trim, ..decoded.facts() } }, this_year)
}

/// The number is sound and the table has no word of its car: a car made for elsewhere, or one that is too new.
fn unknown_number(typed: &Typed, vin: &Vin, told: CarFacts, this_year: u16) -> Told {
    if typed.year.is_none() && typed.model.trim().is_empty() {
        let why = if vin.is_north_american() {
            "Our table has no word of this number."
        } else {
            "This number was given in another country and does not say the model here."
        };
        let sentence = format!("{why} Fill in year, make and model.");
        return Told::Again { field: Field::Model, sentence, meant: vec![] };
    }
    let typed = Typed { make: if typed.make.trim().is_empty() { told.make } else { typed.make.clone() }, ..typed.clone() };
    by_name(&typed, Some(vin), this_year)
}

fn by_name(typed: &Typed, vin: Option<&Vin>, this_year: u16) -> Told {
    let again = |field, sentence: &str| Told::Again { field, sentence: sentence.to_owned(), meant: vec![] };
    let Some(year) = typed.year else { return again(Field::Year, "Which model year is it? It stands on the registration.") };
    if !(1900..=this_year.saturating_add(2)).contains(&year) {
        return again(Field::Year, "That is no model year of a car. It has four digits and stands on the registration.");
    }
    let (make, model) = (word(&typed.make), word(&typed.model));
    if make.is_empty() || model.is_empty() {
        return again(Field::Model, "Which make and model is it?");
    }
    let as_typed = |make: String, model: String| TheirCar {
        vin: vin.cloned(),
        facts: CarFacts { year: Some(year), make, model, trim: word(&typed.trim), ..CarFacts::default() },
    };
    if no_car(&make) {
        return Told::NeedsAPerson(as_typed(make, model), NO_CARS_SENTENCE.to_owned());
    }
    match cars::named(year, &make, &model) {
        Some((known_make, known_model)) => of_age(as_typed(known_make, known_model), this_year),
        None if year < FIRST_YEAR => of_age(as_typed(make, model), this_year),
        None => {
            let sentence =
                format!("We do not know a {year} {make} {model}. Check the spelling; if it is right, somebody of the store will work out a figure.");
            Told::NeedsAPerson(as_typed(make, model), sentence)
        }
    }
}

fn of_age(car: TheirCar, this_year: u16) -> Told {
    match car.facts.year {
        Some(year) if year < FIRST_YEAR || this_year.saturating_sub(year) > OLDEST_YEARS => {
            let sentence = "A car of this age is worth what somebody gives who loves it. Somebody of the store will look at it and name a figure.";
            Told::NeedsAPerson(car, sentence.to_owned())
        }
        Some(_) | None => Told::Car(car),
    }
}

fn no_car(make: &str) -> bool {
    let name: String = make.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NO_CARS.contains(&name.as_str())
}

/// A word as typed, tidied and cut.
fn word(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(WORD_MOST_CHARS).collect()
}

/// In what an odometer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OdometerUnit {
    #[default]
    Miles,
    Kilometers,
}

/// No car of this world has run more; six digits end here.
const ODOMETER_MOST: u32 = 999_999;
/// More than a taxi drives in a year.
const MOST_A_YEAR: u32 = 70_000;

/// Miles of what was typed, or a sentence. Nothing typed is not known, and stays so.
pub fn odometer(typed: &str, unit: OdometerUnit, year: Option<u16>, this_year: u16) -> Result<Option<u32>, String> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '\u{a0}' | '\'')).collect();
    let lower = text.to_ascii_lowercase();
    let (number, unit) = match (lower.strip_suffix("km"), lower.strip_suffix("miles").or_else(|| lower.strip_suffix("mi"))) {
        (Some(number), _) => (number, OdometerUnit::Kilometers),
        (None, Some(number)) => (number, OdometerUnit::Miles),
        (None, None) => (lower.as_str(), unit),
    };
    if number.is_empty() {
        return Ok(None);
    }
    if number.starts_with(['-', '\u{2212}']) {
        return Err("An odometer does not go below zero.".to_owned());
    }
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    let shown: u32 = match whole.parse::<u64>() {
        Ok(shown) if shown <= u64::from(ODOMETER_MOST) => u32::try_from(shown).unwrap_or(ODOMETER_MOST),
        Ok(_) => return Err(format!("That is more than an odometer shows: at most {ODOMETER_MOST}.")),
        Err(_) => return Err("Write the odometer as a number, such as 61240.".to_owned()),
    };
    // 1 km is 0.621371 miles.
    let miles = match unit {
        OdometerUnit::Miles => shown,
        OdometerUnit::Kilometers => u32::try_from(u64::from(shown) * 621_371 / 1_000_000).unwrap_or(ODOMETER_MOST),
    };
    let most = year.map(|year| MOST_A_YEAR * (u32::from(this_year.saturating_sub(year)) + 1));
    match most {
        Some(most) if miles > most => {
            Err("That is more than a car of that year can have run. Check the number, and whether it counts in kilometers.".to_owned())
        }
        Some(_) | None => Ok(Some(miles)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIS_YEAR: u16 = 2026;

    fn named(year: u16, make: &str, model: &str) -> Told {
        read(&Typed { year: Some(year), make: make.into(), model: model.into(), ..Typed::default() }, THIS_YEAR)
    }

    fn number(vin: &str) -> Told {
        read(&Typed { vin: vin.into(), ..Typed::default() }, THIS_YEAR)
    }

    #[test]
    fn a_number_says_the_car() {
        let Told::Car(car) = number("2HKRW2H84NH614880") else { panic!("{:?}", number("2HKRW2H84NH614880")) };
        assert_eq!((car.facts.label().as_str(), car.vin.is_some()), ("2022 Honda CR-V EX-L", true));
        let Told::Car(car) = named(2019, "honda", "civic") else { panic!() };
        assert_eq!((car.facts.label().as_str(), car.vin), ("2019 Honda Civic", None));
    }

    #[test]
    fn a_slip_is_sent_back_with_what_was_meant() {
        let Told::Again { field, meant, .. } = number("1HGCM82633A004325") else { panic!() };
        assert_eq!(field, Field::Vin);
        assert!(meant.iter().any(|vin| vin.as_str() == "1HGCM82633A004352"), "{meant:?}");
        assert!(matches!(number("1HGCM8"), Told::Again { field: Field::Vin, .. }));
    }

    #[test]
    fn what_no_table_knows_goes_to_a_person_with_a_sentence() {
        for told in [
            number("1HD1ZH110PB311358"),
            named(2018, "Harley-Davidson", "Softail"),
            named(2015, "Winnebago", "View"),
            named(2019, "Honda", "Gold Wing"),
            named(1967, "Ford", "Mustang"),
            named(1990, "Honda", "Accord"),
        ] {
            let Told::NeedsAPerson(_, sentence) = &told else { panic!("{told:?}") };
            assert!(sentence.ends_with('.') && sentence.len() > 40, "{sentence}");
        }
    }

    #[test]
    fn a_car_made_for_elsewhere_is_asked_for_by_name_and_keeps_its_number() {
        let vin = "WVWZZZ1K0AW000001".to_owned();
        let Told::Again { field, sentence, .. } = number(&vin) else { panic!() };
        assert_eq!((field, sentence.contains("another country")), (Field::Model, true), "{sentence}");
        let told = read(&Typed { vin, year: Some(2010), model: "Golf".into(), ..Typed::default() }, THIS_YEAR);
        let Told::Car(car) = told else { panic!("{told:?}") };
        assert_eq!((car.facts.label().as_str(), car.vin.is_some()), ("2010 Volkswagen Golf", true));
    }

    #[test]
    fn too_little_and_what_cannot_be_is_asked_again() {
        for (told, asked) in [
            (read(&Typed::default(), THIS_YEAR), Field::Year),
            (named(1850, "Ford", "Model T"), Field::Year),
            (named(2040, "Ford", "F-150"), Field::Year),
            (named(2019, "Ford", " "), Field::Model),
        ] {
            assert!(matches!(&told, Told::Again { field, .. } if *field == asked), "{told:?}");
        }
    }

    #[test]
    fn an_odometer_is_read_in_its_unit_or_refused_with_a_sentence() {
        let read = |text: &str| odometer(text, OdometerUnit::Miles, Some(2019), THIS_YEAR);
        for (text, miles) in [("61,240", 61_240), ("61240 mi", 61_240), ("100000 km", 62_137), ("0", 0), ("61240.7", 61_240)] {
            assert_eq!(read(text), Ok(Some(miles)), "{text}");
        }
        assert_eq!(odometer("100000", OdometerUnit::Kilometers, None, THIS_YEAR), Ok(Some(62_137)));
        assert_eq!(read("  "), Ok(None), "not known is not zero");
        for text in ["-5", "12345678", "many", "900000", "61k"] {
            assert!(read(text).is_err_and(|sentence| sentence.ends_with('.')), "{text}");
        }
    }
}
