//! What of a car do people choose by? Words of listings, reduced to what can be compared.

use crate::domain::vehicle::{CarFacts, Vehicle};

/// A car as far as it matters to somebody who looks for one. Whatever is unknown is `None`, and 0 for the keys of make and model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traits {
    pub make: u32,
    pub model: u32,
    pub body: Option<Body>,
    pub drive: Option<Drive>,
    pub color: Option<Color>,
    pub seats: Option<u8>,
    pub price_dollars: Option<u32>,
    pub year: Option<u16>,
    pub odometer_mi: Option<u32>,
}

macro_rules! classes {
    ($(#[$doc:meta])* $name:ident { $($one:ident: $says:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($one),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$one),+];

            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$one => $says),+ }
            }

            /// A number that stays, from 1; 0 stands for not known.
            #[must_use]
            pub fn code(self) -> u8 {
                self as u8 + 1
            }

            #[must_use]
            pub fn of_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
            }
        }
    };
}

classes! {
    /// The shapes people ask for.
    Body {
        Suv: "SUV",
        Truck: "truck",
        Sedan: "sedan",
        Coupe: "coupe",
        Hatchback: "hatchback",
        Wagon: "wagon",
        Van: "van",
        Convertible: "convertible",
    }
}

classes! {
    /// All wheels and four wheels are one wish: to get through the winter.
    Drive {
        All: "all-wheel drive",
        Front: "front-wheel drive",
        Rear: "rear-wheel drive",
    }
}

classes! {
    Color {
        White: "white",
        Black: "black",
        Gray: "gray",
        Silver: "silver",
        Blue: "blue",
        Red: "red",
        Green: "green",
        Brown: "brown",
        Orange: "orange",
        Yellow: "yellow",
    }
}

/// Words by which a listing says it; the first that is met decides, so the telling ones stand first.
const BODIES: &[(&str, Body)] = &[
    ("convertible", Body::Convertible),
    ("cabrio", Body::Convertible),
    ("roadster", Body::Convertible),
    ("hatch", Body::Hatchback),
    ("wagon", Body::Wagon),
    ("van", Body::Van),
    ("suv", Body::Suv),
    ("sport utility", Body::Suv),
    ("crossover", Body::Suv),
    ("truck", Body::Truck),
    ("pickup", Body::Truck),
    ("crew cab", Body::Truck),
    ("coupe", Body::Coupe),
    ("sedan", Body::Sedan),
    ("saloon", Body::Sedan),
];

const DRIVES: &[(&str, Drive)] = &[
    ("awd", Drive::All),
    ("4wd", Drive::All),
    ("4x4", Drive::All),
    ("all", Drive::All),
    ("four", Drive::All),
    ("fwd", Drive::Front),
    ("front", Drive::Front),
    ("rwd", Drive::Rear),
    ("rear", Drive::Rear),
];

const COLORS: &[(&str, Color)] = &[
    ("white", Color::White),
    ("pearl", Color::White),
    ("black", Color::Black),
    ("silver", Color::Silver),
    ("gray", Color::Gray),
    ("grey", Color::Gray),
    ("graphite", Color::Gray),
    ("charcoal", Color::Gray),
    ("blue", Color::Blue),
    ("red", Color::Red),
    ("burgundy", Color::Red),
    ("maroon", Color::Red),
    ("green", Color::Green),
    ("brown", Color::Brown),
    ("beige", Color::Brown),
    ("tan", Color::Brown),
    ("bronze", Color::Brown),
    ("orange", Color::Orange),
    ("yellow", Color::Yellow),
    ("gold", Color::Yellow),
];

fn class<T: Copy>(words: &[(&str, T)], text: &str) -> Option<T> {
    let text = text.to_lowercase();
    words.iter().find(|(word, _)| text.contains(word)).map(|(_, class)| *class)
}

#[must_use]
pub fn body(text: &str) -> Option<Body> {
    class(BODIES, text)
}

/// Whether two listings say the same shape, each in its own words. What is not said is like nothing.
#[must_use]
pub fn is_same_body(one: &str, other: &str) -> bool {
    match (body(one), body(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => !one.trim().is_empty() && one.trim().eq_ignore_ascii_case(other.trim()),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[must_use]
pub fn drive(text: &str) -> Option<Drive> {
    class(DRIVES, text)
}

#[must_use]
pub fn color(text: &str) -> Option<Color> {
    class(COLORS, text)
}

/// Letters and digits in lower case: `CR-V`, `CRV` and `cr v` are one.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A number that stands for a word however it is written; 0 for none. FNV-1a, which stays the same from version to version.
#[must_use]
pub fn key(text: &str) -> u32 {
    let plain = plain(text);
    if plain.is_empty() {
        return 0;
    }
    let hash = plain.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.max(1)
}

/// Wheels in the name of a model are no other model: `CR-V AWD` is a `CR-V`.
fn model_key(model: &str) -> u32 {
    let is_drive = |word: &str| ["awd", "4wd", "fwd", "rwd", "2wd", "4x4"].contains(&word.to_lowercase().as_str());
    key(&model.split_whitespace().filter(|word| !is_drive(word)).collect::<Vec<_>>().join(" "))
}

/// How many it seats, where its text says so or its shape leaves no doubt.
fn seats(facts: &CarFacts, description: &str) -> Option<u8> {
    let text = format!("{} {} {description}", facts.trim, facts.body).to_lowercase().replace(['-', '\u{2011}'], " ");
    let before = |at: usize| text.get(..at).and_then(|head| head.trim_end().chars().last()).and_then(|c| c.to_digit(10));
    let counted = ["passenger", "seater", "seats"].into_iter().flat_map(|word| text.match_indices(word)).filter_map(|(at, _)| before(at));
    let said = counted.filter(|n| (2..=9).contains(n)).max().and_then(|n| u8::try_from(n).ok());
    let third_row = ["third row", "3rd row"].iter().any(|word| text.contains(word));
    said.or_else(|| third_row.then_some(7)).or_else(|| (body(&facts.body)? == Body::Van && text.contains("minivan")).then_some(7))
}

impl Traits {
    #[must_use]
    pub fn of(car: &Vehicle) -> Self {
        let listing = car.listing.as_ref();
        Self {
            price_dollars: listing.and_then(|l| l.price).and_then(|price| u32::try_from(price.0 / 100).ok()),
            seats: seats(&car.facts, listing.map_or("", |l| l.description.as_str())),
            ..Self::of_facts(&car.facts)
        }
    }

    /// Of a car that is only described.
    #[must_use]
    pub fn of_facts(facts: &CarFacts) -> Self {
        Self {
            make: key(&facts.make),
            model: model_key(&facts.model),
            body: body(&facts.body),
            drive: drive(&facts.drivetrain).or_else(|| drive(facts.model.rsplit(' ').next().filter(|word| word.len() == 3)?)),
            color: color(&facts.exterior_color),
            seats: seats(facts, ""),
            price_dollars: None,
            year: facts.year,
            odometer_mi: facts.odometer_mi,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_listings_are_reduced_to_what_people_ask_for() {
        for (text, expected) in [
            ("SUV", Some(Body::Suv)),
            ("4D Sport Utility", Some(Body::Suv)),
            ("Crew Cab Pickup", Some(Body::Truck)),
            ("Passenger Van", Some(Body::Van)),
            ("4dr Sedan", Some(Body::Sedan)),
            ("", None),
        ] {
            assert_eq!(body(text), expected, "{text}");
        }
        for (text, expected) in [("AWD", Some(Drive::All)), ("Four-Wheel Drive", Some(Drive::All)), ("FWD", Some(Drive::Front)), ("?", None)] {
            assert_eq!(drive(text), expected, "{text}");
        }
        for (text, expected) in [("Platinum White Pearl", Some(Color::White)), ("Midnight Black", Some(Color::Black)), ("Radiant", None)] {
            assert_eq!(color(text), expected, "{text}");
        }
    }

    #[test]
    fn a_model_is_the_same_however_it_is_written_and_whatever_it_drives() {
        let of = |model: &str| Traits::of_facts(&CarFacts { model: model.into(), ..CarFacts::default() });
        assert_eq!(of("CR-V").model, of("crv AWD").model);
        assert_eq!((of("CR-V AWD").drive, of("CR-V").drive), (Some(Drive::All), None));
        assert_ne!(of("CR-V").model, of("HR-V").model);
        assert_eq!((key(""), of("").model), (0, 0));
    }

    #[test]
    fn one_shape_is_the_same_in_any_words_and_what_is_not_said_is_like_nothing() {
        for (one, other, same) in [
            ("SUV", "Sport Utility Vehicle", true),
            ("4dr Sedan", "sedan", true),
            ("Crew Cab Pickup", "Truck", true),
            ("Limousine", "limousine", true),
            ("SUV", "Coupe", false),
            ("SUV", "", false),
            ("", "", false),
        ] {
            assert_eq!(is_same_body(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn seats_are_what_the_text_says_and_never_guessed() {
        let of = |body: &str, trim: &str| seats(&CarFacts { body: body.into(), trim: trim.into(), ..CarFacts::default() }, "");
        assert_eq!(
            (of("SUV", "EX-L 8-Passenger"), of("SUV", "w/ third row"), of("Minivan", ""), of("SUV", "EX-L")),
            (Some(8), Some(7), Some(7), None)
        );
    }

    #[test]
    fn a_class_has_a_number_and_comes_back_by_it() {
        for color in Color::ALL {
            assert_eq!(Color::of_code(color.code()), Some(*color));
        }
        assert_eq!((Body::of_code(0), Body::of_code(200)), (None, None));
    }
}
