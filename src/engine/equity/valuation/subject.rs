//! Which car is asked about? Whatever a table or a record says of it, made comparable, the rest from its VIN.

use crate::{
    domain::{vehicle::CarFacts, vin::Vin},
    engine::{
        cars::{self, Decoded},
        matching::traits::{self, Body},
    },
};

/// A car whose value is asked. Names are in small letters and digits alone, so that `F-150` and `f150` are one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    pub(super) year: Option<u16>,
    pub(super) make: String,
    pub(super) model: String,
    pub(super) trim: String,
    pub(super) body: String,
    /// The body by the VIN, else as it is said: what is left to go by where make and model were never sold.
    pub(super) segment: String,
    /// The first eight of the VIN: model, engine and often equipment, as the maker tells them apart.
    pub(super) stem: String,
    /// Whatever else tells two of one model apart: engine, fuel, transmission, drive.
    pub(super) variants: Vec<String>,
    /// In whatever unit the sales are in; of one table always the same.
    pub(super) odometer: Option<f64>,
    /// From 1, rough, to 5, as new.
    pub(super) condition: Option<f64>,
    /// The day of the sale, or for which the value is asked; days since 1970-01-01.
    pub(super) day: Option<i32>,
}

impl Subject {
    /// What somebody said of the car wins over what its VIN says.
    #[must_use]
    pub fn of(facts: &CarFacts, vin: Option<&Vin>) -> Self {
        let decoded = vin.map(cars::decode).unwrap_or_default();
        let Decoded { year, make, model, body, .. } = &decoded;
        let or = |said: &str, decoded: &str| if plain(said).is_empty() { plain(decoded) } else { plain(said) };
        let said_body = plain(&facts.body);
        let variants = [&facts.engine, &facts.fuel, &facts.transmission, &facts.drivetrain];
        Self {
            year: facts.year.or(*year),
            make: same_make(or(&facts.make, make)),
            model: or(&facts.model, model),
            trim: or(&facts.trim, decoded.one_trim()),
            segment: if body.is_empty() { segment(&facts.body) } else { plain(body) },
            body: said_body,
            stem: vin.and_then(|vin| vin.as_str().get(..8)).unwrap_or_default().to_owned(),
            variants: variants.into_iter().enumerate().filter_map(variant).collect(),
            odometer: facts.odometer_mi.map(f64::from),
            condition: None,
            day: None,
        }
    }

    pub(super) fn names_its_model(&self) -> bool {
        !self.make.is_empty() && !self.model.is_empty()
    }

    /// Without one it has no value: a car of any age may be worth anything.
    #[must_use]
    pub fn has_year(&self) -> bool {
        self.year.is_some()
    }

    /// `condition` is from 1, rough, to 5, as new; `day` counts from 1970-01-01.
    #[must_use]
    pub fn sold(self, condition: Option<f64>, day: Option<i32>) -> Self {
        Self { condition: condition.filter(|c| c.is_finite()).map(|c| c.clamp(1.0, 5.0)), day, ..self }
    }
}

/// A body as numbers say it, of whatever a listing says.
fn segment(said: &str) -> String {
    let kind = match traits::body(said) {
        Some(Body::Van) if plain(said).contains("mini") => "minivan",
        Some(Body::Truck) => "pickup",
        Some(kind @ (Body::Suv | Body::Sedan | Body::Coupe | Body::Hatchback | Body::Wagon | Body::Van | Body::Convertible)) => kind.words(),
        None => said,
    };
    plain(kind)
}

fn variant((column, text): (usize, &String)) -> Option<String> {
    let plain = plain(text);
    // The column belongs to it: a 2 in engines is no 2 in drives.
    (!plain.is_empty()).then(|| format!("{column}{plain}"))
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One make under one name.
fn same_make(plain: String) -> String {
    let name = match plain.as_str() {
        "chev" | "chevy" => "chevrolet",
        "merc" | "mercedes" | "mercedesb" => "mercedesbenz",
        "vw" => "volkswagen",
        "landrov" | "rangerover" => "landrover",
        _ => return plain,
    };
    name.to_owned()
}
