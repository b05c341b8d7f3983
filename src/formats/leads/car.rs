//! Which car is it? Years, makes, numbers and prices as senders write them.

use crate::{
    domain::{lead::LeadCar, money::Cents, vehicle::CarFacts, vin::Vin},
    formats::text,
};

/// Makes as people write them in one breath with year and model. Longer names stand before shorter ones that begin them.
const MAKES: &[&str] = &[
    "Acura",
    "Alfa Romeo",
    "Aston Martin",
    "Audi",
    "Bentley",
    "BMW",
    "Buick",
    "Cadillac",
    "Can-Am",
    "Chevrolet",
    "Chevy",
    "Chrysler",
    "Dodge",
    "Ducati",
    "Ferrari",
    "Fiat",
    "Fisker",
    "Ford",
    "Freightliner",
    "Genesis",
    "GMC",
    "Harley-Davidson",
    "Harley Davidson",
    "Honda",
    "Hummer",
    "Hyundai",
    "Indian",
    "Infiniti",
    "Isuzu",
    "Jaguar",
    "Jeep",
    "Kawasaki",
    "Kia",
    "KTM",
    "Lamborghini",
    "Land Rover",
    "Lexus",
    "Lincoln",
    "Lotus",
    "Lucid",
    "Maserati",
    "Mazda",
    "McLaren",
    "Mercedes-Benz",
    "Mercedes Benz",
    "Mercedes",
    "Mercury",
    "Mini",
    "Mitsubishi",
    "Nissan",
    "Oldsmobile",
    "Polaris",
    "Polestar",
    "Pontiac",
    "Porsche",
    "Ram",
    "Rivian",
    "Rolls-Royce",
    "Saab",
    "Saturn",
    "Scion",
    "Smart",
    "Subaru",
    "Suzuki",
    "Tesla",
    "Toyota",
    "Triumph",
    "Volkswagen",
    "Volvo",
    "VW",
    "Yamaha",
];

/// What senders write where a car's field is required.
const NOTHING: &[&str] = &[
    "",
    "0",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "null",
    "undefined",
    "unknown",
    "any",
    "other",
    "not specified",
    "not provided",
    "full line",
    "all",
    "tbd",
    "select",
    "no preference",
    "unspecified",
    "various",
    "0.00",
];

/// The text, or empty when it only fills a required field.
pub(in crate::formats) fn said(text: &str) -> String {
    let text = text::single_spaced(text);
    if NOTHING.contains(&text.to_lowercase().as_str()) { String::new() } else { text::cut(&text, 200).to_owned() }
}

/// A model year of the age of cars.
pub(in crate::formats) fn year(text: &str) -> Option<u16> {
    let digits: String = text.trim().trim_start_matches(['\'', '’']).chars().take_while(char::is_ascii_digit).collect();
    let year: u16 = digits.parse().ok()?;
    match digits.len() {
        2 if year <= 40 => Some(2000 + year),
        2 => Some(1900 + year),
        4 => (1900..=2100).contains(&year).then_some(year),
        _ => None,
    }
}

/// A make in the case of a name: `TOYOTA` is a shout, `BMW` and `KIA` are not.
pub(in crate::formats) fn make(text: &str) -> String {
    let make = said(text);
    MAKES.iter().find(|m| m.eq_ignore_ascii_case(&make)).map_or(make, |known| in_full(known).to_owned())
}

/// One make, one name: the lot says Chevrolet where people say Chevy.
fn in_full(make: &'static str) -> &'static str {
    match make {
        "Chevy" => "Chevrolet",
        "VW" => "Volkswagen",
        "Harley Davidson" => "Harley-Davidson",
        "Mercedes" | "Mercedes Benz" => "Mercedes-Benz",
        other => other,
    }
}

/// `$24,995` is a price, `0.00` and `call` are none.
pub(in crate::formats) fn price(text: &str) -> Option<Cents> {
    Cents::parse(text).filter(|c| c.0 > 0)
}

/// Miles; kilometres are turned into miles when the unit or the text says so.
pub(in crate::formats) fn miles(text: &str, unit: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let digits: String =
        lower.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == ',').filter(char::is_ascii_digit).collect();
    let mut number: u64 = digits.parse().ok()?;
    let after =
        lower.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | ' '));
    if after == "k" || after.starts_with("k ") {
        number *= 1_000;
    }
    if unit.to_lowercase().starts_with('k') || after.starts_with("km") || after.starts_with("kilo") {
        // 1 km is 0.621371 mi (NIST SP 811).
        number = number.saturating_mul(621_371) / 1_000_000;
    }
    u32::try_from(number).ok().filter(|m| (1..=3_000_000).contains(m))
}

/// The store's own number without the words around it: `Stock: A123`, `#24117`.
pub(in crate::formats) fn stock(text: &str) -> String {
    let text = said(text);
    let lower = text.to_lowercase();
    let words = ["stock number", "stock no.", "stock no", "stock id", "stock", "stk"];
    // `STK-001` is a number that begins with letters; `Stk 001` is a label and a number.
    let label = words.iter().find(|w| lower.strip_prefix(**w).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '#', ':', '.'])));
    let begin = label.map_or(0, |w| w.len());
    let stock = text.get(begin..).unwrap_or(&text).trim_matches([' ', '#', ':', '.', '-']);
    let filler = stock.bytes().all(|b| b == b'0') || NOTHING.contains(&stock.to_lowercase().as_str());
    if filler || stock.len() > 40 { String::new() } else { stock.to_owned() }
}

/// A car described in one line: `2022 Tesla Model 3 Long Range`, `Harley-Davidson Ultra Limited 2022 FLHTK`. Without a known make or a year
/// nothing is taken for granted.
pub(in crate::formats) fn described(line: &str) -> CarFacts {
    // What follows a comma or a bracket is about the car, not its name.
    let line = text::single_spaced(text::cut(line, 300).split([',', '(']).next().unwrap_or(""));
    let line = line.strip_prefix("Used ").or_else(|| line.strip_prefix("New ")).or_else(|| line.strip_prefix("Certified ")).unwrap_or(&line);
    let words: Vec<&str> = line.split(' ').collect();
    let year_place =
        words.iter().position(|w| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()) && year(w).is_some_and(|y| (1950..=2050).contains(&y)));
    let rest = match year_place {
        Some(0) => words[1..].join(" "),
        // A year in the middle ends the model; what follows are codes and colours.
        Some(place) => words[..place].join(" "),
        None => line.to_owned(),
    };
    let mut facts = CarFacts { year: year_place.and_then(|p| year(words[p])), ..CarFacts::default() };
    if let Some((known, model)) = known_make(&rest) {
        in_full(known).clone_into(&mut facts.make);
        facts.model = said(model);
    } else if facts.year.is_some() && year_place == Some(0) {
        facts.model = said(&rest);
    }
    facts
}

/// A car that running text speaks of: a model year and the names after it ("Is the 2019 Camry still available?").
pub(in crate::formats) fn mentioned(text: &str) -> Option<CarFacts> {
    let words: Vec<&str> = text.split_whitespace().take(4_000).collect();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_year = bare.len() == 4 && year(bare).is_some_and(|y| (1980..=2035).contains(&y)) && !word.ends_with([',', '.', '?', '!', ':']);
        if !is_year || !bare.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let mut line = bare.to_owned();
        for next in words[at + 1..].iter().take(5) {
            let name = next.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
            if !next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || name.is_empty() {
                break;
            }
            line.push(' ');
            line.push_str(name);
            if name.len() < next.len() {
                break;
            }
        }
        let facts = described(&line);
        // A year and then a number is a date or a price.
        if facts.model.len() > 1 && facts.model.starts_with(|c: char| c.is_alphabetic()) || !facts.make.is_empty() {
            return Some(facts);
        }
    }
    None
}

/// The known make a text begins with, and the rest.
pub(in crate::formats) fn known_make(text: &str) -> Option<(&'static str, &str)> {
    MAKES.iter().find_map(|make| {
        let head = text.get(..make.len())?;
        let rest = &text[make.len()..];
        (head.eq_ignore_ascii_case(make) && (rest.is_empty() || rest.starts_with(' '))).then(|| (*make, rest.trim()))
    })
}

/// The first number in running text that is a VIN for certain: its check digit holds and it has letters and digits.
pub(in crate::formats) fn vin_in(text: &str) -> Option<Vin> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| w.len() == 17 && w.bytes().any(|b| b.is_ascii_digit()) && w.bytes().any(|b| b.is_ascii_alphabetic()))
        .filter_map(Vin::parse)
        .find(Vin::check_digit_holds)
}

/// Words after which a number with a # is not a car's.
const NOT_STOCK: &[&str] =
    &["order", "case", "ticket", "ref", "reference", "apt", "apartment", "unit", "suite", "ste", "invoice", "id", "lead", "lot", "no", "room"];

/// A stock number people mention: `stock # A123`, `stk A123`, `about #24117`.
pub(in crate::formats) fn stock_in(text: &str) -> Option<String> {
    let numbered = |w: &str| {
        let w = w.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let plain = w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && (3..=20).contains(&w.len());
        (plain && w.bytes().filter(u8::is_ascii_digit).count() >= 2).then(|| w.to_owned())
    };
    let is_year = |w: &str| year(w).is_some_and(|y| w.len() == 4 && (1950..=2050).contains(&y));
    let mut before = String::new();
    let mut after_stock = 0;
    for word in text.split_whitespace() {
        let named = after_stock > 0 && !is_year(word);
        if named || word.starts_with('#') && !NOT_STOCK.contains(&before.as_str()) {
            let enough = if named { 2 } else { 3 };
            if let Some(stock) = numbered(word).filter(|s| s.bytes().filter(u8::is_ascii_digit).count() >= enough) {
                return Some(stock);
            }
        }
        let glued = ["stock#", "stk#", "stock:", "stock-no:"].iter().find(|g| word.get(..g.len()).is_some_and(|h| h.eq_ignore_ascii_case(g)));
        if let Some(stock) = glued.and_then(|g| numbered(&word[g.len()..])) {
            return Some(stock);
        }
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        // Up to two words such as `number` and `is` may stand between; a car "in stock" has no number there.
        let names = matches!(bare.as_str(), "stock" | "stk") && before != "in";
        after_stock = if names { 3 } else { after_stock.max(1) - 1 };
        before = bare;
    }
    None
}

/// Fills what a car lacks from another description of it.
pub(in crate::formats) fn fill(car: &mut LeadCar, other: &LeadCar) {
    if car.vin.is_none() {
        car.vin.clone_from(&other.vin);
    }
    if car.stock.is_empty() {
        car.stock.clone_from(&other.stock);
    }
    car.price = car.price.or(other.price);
    // A make from one description and a model from another would make a car that is neither.
    let same = car.facts.make.is_empty() || other.facts.make.is_empty() || car.facts.make.eq_ignore_ascii_case(&other.facts.make);
    if same {
        car.facts.absorb(&other.facts, false);
    }
}

/// Nothing is known of it.
pub(in crate::formats) fn is_empty(car: &LeadCar) -> bool {
    car.vin.is_none() && car.stock.is_empty() && car.facts == CarFacts::default() && car.price.is_none() && car.comments.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_in_one_line_is_parted() {
        for (line, year, make, model) in [
            ("2022 Tesla Model 3 Long Range AWD", Some(2022), "Tesla", "Model 3 Long Range AWD"),
            ("Harley-Davidson Ultra Limited 2022 FLHTK U876-22 Vivid Black", Some(2022), "Harley-Davidson", "Ultra Limited"),
            ("Used 2014 land rover LR4", Some(2014), "Land Rover", "LR4"),
            ("2019 Camry", Some(2019), "", "Camry"),
            ("something red", None, "", ""),
            ("Ramsey truck", None, "", ""),
        ] {
            let facts = described(line);
            assert_eq!((facts.year, facts.make.as_str(), facts.model.as_str()), (year, make, model), "{line}");
        }
    }

    #[test]
    fn a_car_is_heard_in_a_sentence() {
        for (text, label) in [
            ("Is the 2019 Camry still available?", Some("2019 Camry")),
            ("Phone Lead for Auto One - 2014 Cadillac Cts", Some("2014 Cadillac Cts")),
            ("in 2019 I moved", None),
            ("on May 1, 2026 at 10", None),
            ("since 2019, Camry is my car", None),
        ] {
            assert_eq!(mentioned(text).map(|f| f.label()).as_deref(), label, "{text}");
        }
    }

    #[test]
    fn stock_numbers_are_bare() {
        for (text, expected) in [
            ("#24117", "24117"),
            ("Stock: A123", "A123"),
            ("STK-001", "STK-001"),
            ("Stk# 001", "001"),
            ("FN-24-0112", "FN-24-0112"),
            ("N/A", ""),
            ("000000", ""),
            ("Stock Number", ""),
        ] {
            assert_eq!(stock(text), expected, "{text}");
        }
        for (text, expected) in [
            ("calling about #24117.", Some("24117")),
            ("Is stock number A123B still there", Some("A123B")),
            ("stk# 1234A", Some("1234A")),
            ("Stock:D9489 please", Some("D9489")),
            ("my order #24117", None),
            ("is it in stock today", None),
            ("do you have in stock A123", None),
            ("any stock 2019 Camry", None),
            ("we're #1", None),
        ] {
            assert_eq!(stock_in(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_vin_in_running_text_must_hold_its_check_digit() {
        assert_eq!(vin_in("the one (1HGCM82633A004352), please").map(|v| v.as_str().to_owned()), Some("1HGCM82633A004352".to_owned()));
        assert_eq!(vin_in("1HGCM82633A123456 11111111111111111"), None);
    }

    #[test]
    fn miles_are_miles() {
        for (text, unit, expected) in [
            ("65,325", "", Some(65_325)),
            ("100000", "km", Some(62_137)),
            ("10,000 km", "", Some(6_213)),
            ("42k", "", Some(42_000)),
            ("", "", None),
            ("0", "", None),
        ] {
            assert_eq!(miles(text, unit), expected, "{text}");
        }
    }
}
