//! Which car is in the row? Its VIN and its facts, by columns or by words such as "2018 PORSCHE MACAN SPORT UTILITY 4D".

use super::{
    cells,
    columns::Column,
    reader::{BROKEN_NUMBER, Reader, Row},
};
use crate::domain::{vehicle::CarFacts, vin::Vin};

const ODD_VIN: &str = "A VIN could not be read and was left out.";
const FAILING_VIN: &str = "The check digit of a VIN fails; the car was taken as it is written.";
const ODD_MILEAGE: &str = "A mileage could not be read, or is more than any car has run; it was left out.";

/// The VIN of the row. One with a failing check digit is kept, for feeds carry such numbers for real cars; only in North America it must hold.
pub(super) fn vin(reader: &mut Reader<'_>, row: Row<'_>) -> Option<Vin> {
    let text = reader.text(row, Column::Vin);
    let vin = Vin::parse(text);
    match &vin {
        Some(vin) if vin.fault().is_some() => reader.warn(row, Column::Vin, FAILING_VIN),
        None if cells::is_broken_number(text) => reader.warn(row, Column::Vin, BROKEN_NUMBER),
        None if text.bytes().any(|b| matches!(b, b'1'..=b'9')) => reader.warn(row, Column::Vin, ODD_VIN),
        Some(_) | None => {}
    }
    vin
}

/// What the row says the car is.
pub(super) fn facts(reader: &mut Reader<'_>, row: Row<'_>) -> CarFacts {
    let odometer_mi = reader.texts(row, Column::Odometer).find_map(|text| cells::odometer(text, reader.text(row, Column::OdometerUnit)));
    if odometer_mi.is_none() && reader.text(row, Column::Odometer).bytes().any(|b| matches!(b, b'1'..=b'9')) {
        reader.warn(row, Column::Odometer, ODD_MILEAGE);
    }
    let mut facts = CarFacts {
        year: cells::model_year(reader.text(row, Column::Year)),
        make: make(&reader.words(row, Column::Make)),
        model: spoken(&reader.words(row, Column::Model)),
        trim: reader.words(row, Column::Trim),
        body: shown(&reader.words(row, Column::Body)),
        drivetrain: drivetrain(&reader.words(row, Column::Drivetrain)),
        fuel: shown(&reader.words(row, Column::Fuel)),
        transmission: shown(&reader.words(row, Column::Transmission)),
        engine: reader.words(row, Column::Engine),
        exterior_color: color(&reader.words(row, Column::ExteriorColor)),
        interior_color: color(&reader.words(row, Column::InteriorColor)),
        odometer_mi,
        plate: reader.words(row, Column::Plate),
    };
    if facts.make.is_empty() && facts.model.is_empty() {
        facts.absorb(&from_words(&reader.words(row, Column::CarInWords)), false);
    }
    facts
}

/// "2018 PORSCHE MACAN SPORT UTILITY 4D": year, make, model and body in one cell. Without a year in front it is not read.
pub(super) fn from_words(text: &str) -> CarFacts {
    let Some((year, rest)) = text.split_once(' ') else { return CarFacts::default() };
    let Some(year) = cells::model_year(year) else { return CarFacts::default() };
    let words: Vec<&str> = rest.split(' ').collect();
    let two = words.get(..2).map(|w| w.join(" ")).filter(|two| TWO_WORD_MAKES.iter().any(|make| make.eq_ignore_ascii_case(two)));
    let made_of = if two.is_some() { 2 } else { 1 };
    let brand = two.unwrap_or_else(|| words[0].to_owned());
    let rest = words.get(made_of..).unwrap_or_default();
    let (model, body) = rest.split_at(body_begins(rest));
    CarFacts { year: Some(year), make: make(&brand), model: spoken(&model.join(" ")), body: shown(&body.join(" ")), ..CarFacts::default() }
}

const TWO_WORD_MAKES: [&str; 4] = ["land rover", "alfa romeo", "aston martin", "mercedes benz"];

/// A body at the end is two words before a count of doors: `SEDAN 4D`, `SPORT UTILITY 4D`.
fn body_begins(words: &[&str]) -> usize {
    let counts_doors = words.last().is_some_and(|last| matches!(last.as_bytes(), [b'2'..=b'5', b'D' | b'd']));
    let long = ["SPORT UTILITY", "CREW CAB", "EXTENDED CAB", "REGULAR CAB", "DOUBLE CAB"];
    let before = |n: usize| words.len().checked_sub(n).filter(|at| *at > 0);
    match (counts_doors, before(3), before(2)) {
        (true, Some(at), _) if long.iter().any(|body| words[at..at + 2].join(" ").eq_ignore_ascii_case(body)) => at,
        (true, _, Some(at)) => at,
        _ => words.len(),
    }
}

/// The make as its maker writes it; one spelling, so that rows about one car agree.
pub(super) fn make(text: &str) -> String {
    const KNOWN: [(&str, &str); 22] = [
        ("bmw", "BMW"),
        ("gmc", "GMC"),
        ("mini", "MINI"),
        ("ram", "Ram"),
        ("fiat", "FIAT"),
        ("kia", "Kia"),
        ("chevy", "Chevrolet"),
        ("chev", "Chevrolet"),
        ("vw", "Volkswagen"),
        ("mercedes", "Mercedes-Benz"),
        ("mercedes benz", "Mercedes-Benz"),
        ("mercedes-benz", "Mercedes-Benz"),
        ("land rover", "Land Rover"),
        ("landrover", "Land Rover"),
        ("alfa romeo", "Alfa Romeo"),
        ("aston martin", "Aston Martin"),
        ("rolls-royce", "Rolls-Royce"),
        ("mclaren", "McLaren"),
        ("tesla", "Tesla"),
        ("infiniti", "INFINITI"),
        ("smart", "smart"),
        ("byd", "BYD"),
    ];
    let found = KNOWN.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text));
    found.map_or_else(|| spoken(text), |(_, name)| (*name).to_owned())
}

/// A name all in capitals is put as people write it; short ones and ones with digits are codes (`CR-V`, `RAV4`, `GTI`) and stay.
pub(super) fn spoken(text: &str) -> String {
    if text.bytes().any(|b| b.is_ascii_lowercase()) {
        return text.to_owned();
    }
    text.split(' ').map(capitalised).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let is_name = word.len() >= 4 && word.bytes().all(|b| b.is_ascii_alphabetic());
    match word.get(..1) {
        Some(first) if is_name => format!("{}{}", first.to_ascii_uppercase(), word[1..].to_ascii_lowercase()),
        _ => word.to_owned(),
    }
}

/// The same for the values of feeds' lists, where short words are words: `PICKUP` but also `VAN`. `SUV` and the like stay.
fn shown(text: &str) -> String {
    const CODES: [&str; 7] = ["SUV", "CVT", "EV", "DCT", "MPV", "FFV", "PHEV"];
    const EMPTY: [&str; 3] = ["unspecified", "other", "unknown"];
    if EMPTY.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return String::new();
    }
    match text {
        "VAN" => "Van".to_owned(),
        "GAS" => "Gas".to_owned(),
        code if CODES.contains(&code) => code.to_owned(),
        other => spoken(other),
    }
}

/// The color's name alone: feeds add seats, accents and paint codes behind it, and some put equipment in its place.
fn color(text: &str) -> String {
    const LONGEST: usize = 40;
    const EQUIPMENT: [&str; 3] = ["includes", "seats", "-inc"];
    let name = text.split(',').next().unwrap_or("").split(" with ").next().unwrap_or("").trim();
    let lower = name.to_lowercase();
    if name.len() > LONGEST || EQUIPMENT.iter().any(|word| lower.contains(word)) {
        return String::new();
    }
    match name {
        "RED" => "Red".to_owned(),
        "TAN" => "Tan".to_owned(),
        _ => shown(name),
    }
}

/// The four ways a car is driven, under one name each; anything else as it is.
fn drivetrain(text: &str) -> String {
    let plain: String = text.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.strip_suffix("configuration").unwrap_or(&plain);
    match plain {
        "fwd" | "frontwheeldrive" | "frontwheel" | "2wdfront" => "FWD".to_owned(),
        "rwd" | "rearwheeldrive" | "rearwheel" => "RWD".to_owned(),
        "awd" | "allwheeldrive" | "allwheel" => "AWD".to_owned(),
        "4wd" | "4x4" | "fourwheeldrive" | "4wheeldrive" | "fourwheel" => "4WD".to_owned(),
        _ => shown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_in_words_is_parted() {
        for (text, year, make, model, body) in [
            ("2018 PORSCHE MACAN SPORT UTILITY 4D", Some(2018), "Porsche", "Macan", "Sport Utility 4D"),
            ("2016 LAND ROVER RANGE ROVER SPORT SPORT UTILITY 4D", Some(2016), "Land Rover", "Range Rover Sport", "Sport Utility 4D"),
            ("2012 BMW 3 SERIES SEDAN 4D", Some(2012), "BMW", "3 Series", "Sedan 4D"),
            ("2020 Ford F-150", Some(2020), "Ford", "F-150", ""),
            ("2020 Ford", Some(2020), "Ford", "", ""),
            ("PORSCHE MACAN", None, "", "", ""),
            ("2018", None, "", "", ""),
        ] {
            let facts = from_words(text);
            assert_eq!((facts.year, facts.make.as_str(), facts.model.as_str(), facts.body.as_str()), (year, make, model, body), "{text}");
        }
    }

    #[test]
    fn makes_and_models_are_written_one_way() {
        for (text, name) in [("HINO", "Hino"), ("chevy", "Chevrolet"), ("bmw", "BMW"), ("GMC", "GMC"), ("Land rover", "Land Rover"), ("FORD", "Ford")]
        {
            assert_eq!(make(text), name, "{text}");
        }
        for (text, name) in
            [("CIVIC", "Civic"), ("CR-V", "CR-V"), ("RAV4", "RAV4"), ("GTI", "GTI"), ("GRAND CHEROKEE L", "Grand Cherokee L"), ("iX", "iX")]
        {
            assert_eq!(spoken(text), name, "{text}");
        }
    }

    #[test]
    fn a_color_is_the_colors_name() {
        for (text, name) in [
            ("Summit White", "Summit White"),
            ("Jet Black, Perforated leather-appointed seat trim", "Jet Black"),
            ("EBONY, Cloth With Leatherette Seat Trim", "Ebony"),
            ("Dark Galvanized with Ebony interior accents", "Dark Galvanized"),
            ("Front Bucket Seats -inc: 8-way power driver seat", ""),
            ("Includes (MDP) Anthracite lower exterior accent color, Paint code W598F.", ""),
            ("Unspecified", ""),
            ("RED", "Red"),
        ] {
            assert_eq!(color(text), name, "{text}");
        }
    }

    #[test]
    fn a_drivetrain_has_one_name() {
        for (text, name) in [("FrontWheelDriveConfiguration", "FWD"), ("4X4", "4WD"), ("Rear Wheel Drive", "RWD"), ("4MATIC", "4MATIC"), ("", "")] {
            assert_eq!(drivetrain(text), name, "{text}");
        }
    }
}
