//! How do dealers write that? Makers file `328i` and `Silverado HD`, `2500`; an advertisement says 3 Series and Silverado 2500HD.

use super::{
    Decoded,
    drive::{self, Known},
    table::Read,
};
use crate::domain::vin::Vin;

pub(super) fn dealers_write(vin: &Vin, year: Option<u16>, read: &Read<'_>) -> Decoded {
    let is_scion = read.model.is_some_and(|model| model.starts_with("Scion "));
    let make = if is_scion { "Scion".to_owned() } else { make(read.make.unwrap_or_default()) };
    let series = read.series.unwrap_or_default().trim().to_owned();
    let Named { model, trims } = named(vin, year, &make, read);
    let body = body(read.body.unwrap_or_default());
    let names = [read.model, read.series, read.trim].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let is_truck = matches!(body, "Pickup" | "Van" | "Cargo Van" | "Chassis Cab" | "Cutaway");
    let known = Known { vin: vin.as_str(), year, make: &make, model: &model, names: &names, is_truck };
    Decoded {
        drivetrain: drive::drivetrain(read.drive, &known),
        fuel: fuel(&make, &model, &names, year, read).to_owned(),
        body: body.to_owned(),
        cylinders: read.cylinders.and_then(|n| n.parse().ok()),
        deciliters: read.liters.and_then(deciliters),
        year,
        make,
        model,
        trims,
        series,
    }
}

/// Make and model as dealers write them, where no number tells more: `328i` is of the 3 Series, tons and engines stay unsaid.
pub(super) fn listed(filed_make: &str, filed_model: &str, year: u16) -> (String, String) {
    let make = if filed_model.starts_with("Scion ") { "Scion".to_owned() } else { make(filed_make) };
    let read = Read { make: Some(filed_make), model: Some(filed_model), ..Read::default() };
    let named = Vin::parse(NOBODYS).map(|vin| named(&vin, Some(year), &make, &read));
    (make, named.map(|named| named.model).unwrap_or_default())
}

/// A sound number that no maker gave.
const NOBODYS: &str = "11111111111111111";

/// `2.5`, `2`, `3.604`: to the tenth, as it stands on the car.
fn deciliters(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let hundredths: String = part.chars().chain("00".chars()).take(2).collect();
    let liters: u16 = whole.parse().ok().filter(|l| *l < 50)?;
    Some(liters * 10 + (hundredths.parse::<u16>().ok()? + 5) / 10)
}

/// As the house writes makes (`formats/car_rows.rs`): a name that is filed all in capitals is put as a name.
fn make(filed: &str) -> String {
    match filed {
        "Infiniti" => "INFINITI".to_owned(),
        "RIVIAN" => "Rivian".to_owned(),
        "SAAB" => "Saab".to_owned(),
        "KARMA" => "Karma".to_owned(),
        "MERKUR" => "Merkur".to_owned(),
        "Volvo Truck" => "Volvo".to_owned(),
        "Sprinter (Dodge or Freightliner)" => "Dodge".to_owned(),
        other => other.trim().to_owned(),
    }
}

struct Named {
    model: String,
    trims: Vec<String>,
}

/// The model and its trims, by the habits of each make.
fn named(vin: &Vin, year: Option<u16>, make: &str, read: &Read<'_>) -> Named {
    let filed = read.model.unwrap_or_default();
    let filed = filed.strip_prefix(make).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(filed);
    let series = read.series.unwrap_or_default();
    let mut trims = trims(read.trim.unwrap_or_default());
    let tons = series.split(' ').next().filter(|tons| tons.len() == 4 && tons.bytes().all(|b| b.is_ascii_digit()));
    let model = match (make, filed) {
        ("", _) | (_, "") => filed.to_owned(),
        ("BMW", _) => return bmw(filed, &trims),
        ("Lexus", _) => return lexus(filed, trims, read, year),
        ("Chevrolet" | "GMC", "Silverado" | "Sierra" | "Silverado HD" | "Sierra HD") => match tons {
            Some("1500") => format!("{} 1500", filed.trim_end_matches(" HD")),
            Some(tons) => format!("{} {tons}HD", filed.trim_end_matches(" HD")),
            None => filed.to_owned(),
        },
        ("Chevrolet", "Express") | ("GMC", "Savana") | ("Dodge", "Ram") | (_, "Sprinter") => match tons {
            Some(tons) => format!("{filed} {tons}"),
            None => filed.to_owned(),
        },
        ("Ford", "F-250" | "F-350" | "F-450" | "F-550" | "F-600") if year >= Some(1999) => format!("{filed} Super Duty"),
        ("MINI", "Hardtop" | "Convertible") => "Cooper".to_owned(),
        ("MINI", "Clubman" | "Countryman" | "Paceman" | "Coupe" | "Roadster") => format!("Cooper {filed}"),
        // Built in Georgia and with two rows, it was the Sport; the long one came from Korea.
        ("Hyundai", "Santa Fe") if (Some(2013)..=Some(2018)).contains(&year) && vin.as_str().starts_with("5XYZ") => "Santa Fe Sport".to_owned(),
        ("Subaru", "Impreza") if trims.iter().any(|trim| trim.starts_with("WRX") || trim.starts_with("STI")) => "Impreza WRX".to_owned(),
        ("Volkswagen", "Passat") if trims.first().is_some_and(|trim| trim.starts_with("CC")) => "CC".to_owned(),
        ("Hyundai" | "Kia", _) if is_hybrid_by_engine(make, filed, year, read) && !filed.contains("Hybrid") => format!("{filed} Hybrid"),
        ("Toyota" | "Hyundai" | "Kia", _) if !filed.contains("Hybrid") && !trims.is_empty() && trims.iter().all(|trim| is_hybrid(trim)) => {
            format!("{filed} Hybrid")
        }
        _ => filed.to_owned(),
    };
    if filed == "Sprinter" {
        // The maker's number for the whole line.
        trims.retain(|trim| trim.bytes().any(|b| b.is_ascii_alphabetic()));
    }
    if make == "MINI" && trims.is_empty() && series.starts_with("Cooper ") {
        trims.extend(series.strip_prefix("Cooper ").map(str::to_owned));
    }
    Named { model: model.trim().to_owned(), trims }
}

/// `328i`, `M340i`, `750Li, Alpina B7`: a series, and within it the car; `xDrive` and the like go with the car.
fn bmw(filed: &str, trims: &[String]) -> Named {
    let car = filed.split(',').next().unwrap_or(filed).trim();
    let digits = car.trim_start_matches('M');
    let is_of_series = digits.len() >= 3 && digits.bytes().take(3).all(|b| b.is_ascii_digit());
    let Some(series) = digits.get(..1).filter(|_| is_of_series) else { return Named { model: car.to_owned(), trims: trims.to_vec() } };
    let trims = match trims {
        [] => vec![car.to_owned()],
        named if named.iter().any(|trim| trim.contains(car)) => named.to_vec(),
        several => several.iter().map(|trim| format!("{car} {trim}")).collect(),
    };
    Named { model: format!("{series} Series"), trims }
}

/// `NX` with the trim `200t Luxury` is the NX 200t. Where no trim is filed, the number is the size of the engine, as it was until 2022.
fn lexus(filed: &str, mut trims: Vec<String>, read: &Read<'_>, year: Option<u16>) -> Named {
    let is_number = |word: &&str| word.len() >= 3 && word.starts_with(|c: char| c.is_ascii_digit());
    let number = trims.first().and_then(|trim| trim.split(' ').next()).filter(is_number).map(str::to_owned);
    if let Some(number) = number.filter(|number| trims.iter().all(|trim| trim.starts_with(number.as_str()))) {
        let after = |trim: &String| trim.strip_prefix(number.as_str()).map(|rest| rest.trim().to_owned());
        trims = trims.iter().filter_map(after).filter(|trim| !trim.is_empty()).collect();
        return Named { model: format!("{filed} {number}"), trims };
    }
    let size = read.liters.and_then(deciliters).filter(|d| *d >= 25 && trims.is_empty() && year <= Some(2022) && filed.len() == 2);
    Named { model: size.map_or_else(|| filed.to_owned(), |d| format!("{filed} {d}0")), trims }
}

/// One name a trim: makers file `EXL/EXL-NAVI`, `SE, Sport, Limited` and `GL(Middle-low grade)`.
fn trims(filed: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let plain = without_brackets(filed);
    for part in plain.split([',', ';']).flat_map(by_slash) {
        let trim = part.split_whitespace().map(spoken).collect::<Vec<_>>().join(" ");
        let is_name = trim.bytes().any(|b| b.is_ascii_alphanumeric()) && trim != "All Trims";
        if is_name && !found.contains(&trim) {
            found.push(trim);
        }
    }
    found
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// A slash parts two trims, but belongs to `R/T` and `w/Navigation`.
fn by_slash(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let is_part = |part: &&str| part.len() >= 2 && !part.ends_with(" w");
    if parts.iter().all(is_part) { parts } else { vec![text.trim()] }
}

/// A word that is filed in capitals is put as a word; codes (`LTZ`, `SR5`, `PZEV`) stay.
fn spoken(word: &str) -> String {
    let is_name = word.len() >= 4 && word.bytes().all(|b| b.is_ascii_uppercase()) && !["PZEV", "SULEV", "PHEV", "BLUETEC"].contains(&word);
    match word.get(..1) {
        Some(first) if is_name => format!("{first}{}", word[1..].to_ascii_lowercase()),
        _ => word.to_owned(),
    }
}

fn is_hybrid(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| ["hybrid", "hev", "phev"].contains(&word.to_ascii_lowercase().as_str()))
}

fn body(filed: &str) -> &'static str {
    match filed {
        "Convertible/Cabriolet" | "Roadster" => "Convertible",
        "Coupe" => "Coupe",
        "Crossover Utility Vehicle (CUV)" | "Sport Utility Vehicle (SUV)/Multi-Purpose Vehicle (MPV)" => "SUV",
        "Hatchback/Liftback/Notchback" => "Hatchback",
        "Minivan" => "Minivan",
        "Pickup" | "Sport Utility Truck (SUT)" => "Pickup",
        "Sedan/Saloon" => "Sedan",
        "Van" => "Van",
        "Cargo Van" | "Step Van / Walk-in Van" => "Cargo Van",
        "Wagon" => "Wagon",
        "Truck" | "Truck-Tractor" => "Truck",
        "Limousine" => "Limousine",
        "Motorhome" | "Incomplete - Motor Home Chassis" => "Motorhome",
        "Bus" | "Bus - School Bus" => "Bus",
        "Incomplete - Cutaway" => "Cutaway",
        chassis if chassis.contains("Chassis Cab") => "Chassis Cab",
        _ => "",
    }
}

/// Models of which one engine is sold as a hybrid only: make, model, first year, tenths of a liter. Source: the makers' order guides.
const HYBRID_ENGINES: &[(&str, &str, u16, u16)] = &[
    ("Honda", "Accord", 2023, 20),
    ("Honda", "CR-V", 2020, 20),
    ("Hyundai", "Santa Fe", 2021, 16),
    ("Hyundai", "Sonata", 2020, 20),
    ("Hyundai", "Tucson", 2022, 16),
    ("Kia", "Sorento", 2021, 16),
    ("Kia", "Sportage", 2023, 16),
    ("Toyota", "Camry", 2025, 25),
];

fn is_hybrid_by_engine(make: &str, model: &str, year: Option<u16>, read: &Read<'_>) -> bool {
    let size = read.liters.and_then(deciliters);
    HYBRID_ENGINES.iter().any(|(m, name, first, engine)| *m == make && model.starts_with(name) && year >= Some(*first) && size == Some(*engine))
}

/// Models that were never sold as anything else.
fn is_hybrid_only(make: &str, model: &str, year: Option<u16>) -> bool {
    match (make, model) {
        ("Toyota", "Venza" | "Sienna") => year >= Some(2021),
        ("Toyota", "Sequoia" | "Crown") => year >= Some(2023),
        ("Toyota", model) => model.starts_with("Prius"),
        ("Lexus", model) => model.ends_with('h'),
        ("Honda", "Insight" | "CR-Z") | ("Ford", "C-MAX") => true,
        _ => false,
    }
}

/// The table has no second fuel, so what names itself a hybrid, and models that are nothing else, are taken at their name.
fn fuel(make: &str, model: &str, names: &str, year: Option<u16>, read: &Read<'_>) -> &'static str {
    let is_hybrid = is_hybrid(names) || is_hybrid_only(make, model, year) || is_hybrid_by_engine(make, model, year, read);
    let words = names.to_ascii_lowercase();
    let has_plug = ["plug-in", "phev", "prime", "4xe"].iter().any(|word| words.contains(word));
    match read.fuel.unwrap_or_default() {
        "Gasoline" | "Electric" if has_plug => "Plug-in Hybrid",
        "Gasoline" | "Electric" if is_hybrid => "Hybrid",
        "Gasoline" => "Gasoline",
        "Diesel" => "Diesel",
        "Electric" => "Electric",
        "Flexible Fuel Vehicle (FFV)" | "Ethanol (E85)" => "Flex Fuel",
        "Compressed Natural Gas (CNG)" | "Natural Gas" | "Liquefied Natural Gas (LNG)" => "Natural Gas",
        "Liquefied Petroleum Gas (propane or LPG)" => "Propane",
        "Compressed Hydrogen/Hydrogen" | "Fuel Cell" => "Hydrogen",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cars::decode;

    /// What a number says, in a line: year, make, model, trims, body, drive, fuel, cylinders, tenths of a liter. The serial numbers are
    /// ours, the digit is made to hold.
    fn check(vin: &str, says: &str) {
        let car = decode(&Vin::with_check_digit(vin).unwrap());
        let number = |n: Option<u16>| n.map(|n| n.to_string()).unwrap_or_default();
        let said = [
            number(car.year),
            car.make,
            car.model,
            car.trims.join(" / "),
            car.body,
            car.drivetrain,
            car.fuel,
            number(car.cylinders.map(u16::from)),
            number(car.deciliters),
        ];
        assert_eq!(said.join("|"), says, "{vin}");
    }

    #[test]
    fn cars_are_named_as_dealers_write_them() {
        for (vin, says) in [
            ("2HKRW2H80NH614880", "2022|Honda|CR-V|EX-L|SUV|AWD|Gasoline|4|15"),
            ("4T1BF1FK0GU100001", "2016|Toyota|Camry||Sedan|FWD|Gasoline|4|25"),
            ("1FTFW1EF0EFA00001", "2014|Ford|F-150||Pickup|4WD|Gasoline|8|50"),
            ("1FT8W3BT0GEA00001", "2016|Ford|F-350 Super Duty||Pickup|4WD|Diesel|8|67"),
            ("3GCUYEED0MG250001", "2021|Chevrolet|Silverado 1500|RST|Pickup|4WD|Gasoline|8|53"),
            ("1GC4YPEY0RF140001", "2024|Chevrolet|Silverado 2500HD|LTZ|Pickup|4WD|Diesel|8|66"),
            ("WBA3A5C50DF350001", "2013|BMW|3 Series|328i|Sedan|RWD|Gasoline|4|20"),
            ("JTJBARBZ0F2000001", "2015|Lexus|NX 200t|Luxury|SUV|AWD|Gasoline|4|20"),
            ("2T2ZK1BA0FC150001", "2015|Lexus|RX 350||SUV|FWD||6|35"),
            ("JTKJF5C70D3050001", "2013|Scion|tC||Hatchback|FWD|Gasoline|4|25"),
            ("5XYZU3LB0HG480001", "2017|Hyundai|Santa Fe Sport|Popular / Premium / Tech / 2.0T / Limited / Ultimate|SUV|FWD|Gasoline|4|24"),
            ("KM8JCDD10SU370001", "2025|Hyundai|Tucson Hybrid|SEL Convenience|SUV|AWD|Hybrid||16"),
            ("1C6SRFLT0NN420001", "2022|Ram|1500|Crew Cab|Pickup|4WD|Gasoline|8|57"),
            ("WMWSX3C50CT400001", "2012|MINI|Cooper Coupe|S|Coupe|FWD|Gasoline|4|16"),
            ("3KPF34AD0RE820001", "2024|Kia|Forte||Sedan|FWD|Gasoline|4|20"),
            ("1GB4KSEY0TF220001", "2026|Chevrolet|Silverado 3500HD|Work Truck|Pickup|4WD|Diesel|8|66"),
            ("5PVNJ8AV0M5T50001", "2021|Hino|||||||"),
            ("JHHGDM2H0LK001001", "2020|Hino|||||||"),
            ("1G1YY26U065100001", "2006|Chevrolet|Corvette||Coupe|RWD|Gasoline|8|60"),
            ("JN1CV6AP0DM710001", "2013|INFINITI|G37||Sedan|RWD|Gasoline|6|37"),
            ("3FA6P0RU0KR119001", "2019|Ford|Fusion|Titanium HEV|Sedan|FWD|Hybrid|4|20"),
            ("5NPEC4AB0EH000001", "2014|Hyundai|Sonata|SE / SE Navi / Limited / Limited Navi|Sedan|FWD|Gasoline|4|20"),
            ("JM1BM1V70E1000001", "2014|Mazda|Mazda3|Touring / GS|Sedan|FWD|||20"),
            ("WVWZZZ1K0AW000001", "2010|Volkswagen|||||||"),
            ("VF1RFB00000000001", "|Renault|||||||"),
            ("ZZZZZZZZ0ZZZZZZZZ", "||||||||"),
            ("4JGDA5JB0DA160001", "2013|Mercedes-Benz|ML-Class|ML350|SUV||Gasoline|6|35"),
            ("1N4AL3AP0HC200001", "2017|Nissan|Altima||Sedan|FWD|Gasoline|4|25"),
            ("5YJ3E1EA0KF300001", "2019|Tesla|Model 3||Sedan|RWD|Electric||"),
            ("W1Y4NCVY0ST200001", "2025|Mercedes-Benz|Sprinter 2500||Cargo Van||Diesel||20"),
        ] {
            check(vin, says);
        }
    }

    #[test]
    fn filed_trims_are_parted_into_names() {
        for (filed, names) in [
            ("EXL/EXL-NAVI/EXL-RES", "EXL|EXL-NAVI|EXL-RES"),
            ("R/T", "R/T"),
            ("SEL w/ Convenience Pkg", "SEL w/ Convenience Pkg"),
            ("POPULAR, Premium, 2.0T", "Popular|Premium|2.0T"),
            ("GL(Middle-low grade)", "GL"),
            ("TOURING", "Touring"),
            ("-", ""),
            ("", ""),
        ] {
            assert_eq!(trims(filed).join("|"), names, "{filed}");
        }
    }

    #[test]
    fn liters_are_read_to_the_tenth() {
        for (text, tenths) in [("2.5", Some(25)), ("2", Some(20)), ("3.604", Some(36)), ("1.99", Some(20)), ("", None), ("999", None), ("x", None)] {
            assert_eq!(deciliters(text), tenths, "{text}");
        }
    }
}
