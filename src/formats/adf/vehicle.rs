//! Which cars does a prospect name, and what do they want with each?

use super::{Shape, foreign_line, shape};
use crate::{
    domain::{
        lead::{LeadCar, LeadInterest},
        vehicle::CarFacts,
        vin::Vin,
    },
    formats::{leads::car, markup::Element, text},
};

/// Further cars of one prospect are not read.
const MOST_VEHICLES: usize = 20;

/// Every vehicle of a prospect, also the empty ones: a comment may tell what they are.
pub(super) fn vehicles(prospect: &Element, warnings: &mut Vec<String>) -> Vec<LeadCar> {
    let mut cars = vec![];
    for element in &prospect.children {
        let interest = match element.name.as_str() {
            "vehicle" => interest(element),
            "tradein" | "trade-in" | "trade_in" | "trade" | "tradeinvehicle" if !element.children.is_empty() => LeadInterest::TradeIn,
            _ => continue,
        };
        if cars.len() < MOST_VEHICLES {
            cars.push(vehicle(element, interest, warnings));
        }
    }
    cars
}

/// Left out or unknown means buy, the default of the standard.
fn interest(vehicle: &Element) -> LeadInterest {
    let word: String = vehicle.attribute("interest").chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    match word.as_str() {
        "lease" => LeadInterest::Lease,
        "sell" => LeadInterest::Sell,
        "tradein" | "trade" | "appraisal" => LeadInterest::TradeIn,
        "testdrive" => LeadInterest::TestDrive,
        _ => LeadInterest::Buy,
    }
}

fn vehicle(vehicle: &Element, interest: LeadInterest, warnings: &mut Vec<String>) -> LeadCar {
    let value = |name: &str| car::said(vehicle.value(name));
    let mut lines: Vec<String> = vec![];
    for name in ["comments", "comment", "pricecomments", "description", "notes"] {
        let words = text::plain(text::cut(vehicle.value(name), 16 * 1024));
        if !words.is_empty() && !lines.contains(&words) {
            lines.push(words);
        }
    }
    let mut facts = CarFacts {
        year: car::year(vehicle.value("year")),
        make: car::make(vehicle.value("make")),
        model: value("model"),
        trim: value("trim"),
        body: value("bodystyle"),
        drivetrain: value("drivetrain"),
        fuel: value("fuel"),
        transmission: value("transmission"),
        engine: value("engine"),
        odometer_mi: odometer(vehicle),
        ..CarFacts::default()
    };
    if let Some(colors) = colors(vehicle) {
        facts.exterior_color = car::said(colors.value("exteriorcolor"));
        facts.interior_color = car::said(colors.value("interiorcolor"));
    }
    part_model(&mut facts);
    let vin = vin(vehicle, &mut lines, warnings);
    let stock = ["stock", "stocknumber"].iter().map(|n| car::stock(vehicle.value(n))).find(|s| !s.is_empty()).unwrap_or_default();
    other_lines(vehicle, &mut lines);
    LeadCar { interest, vin, stock, facts, price: price(vehicle), comments: lines.join("\n"), told: None }
}

/// "2022 Toyota Camry SE" in the model's place, year and make left empty.
fn part_model(facts: &mut CarFacts) {
    if !facts.make.is_empty() {
        return;
    }
    let told = car::described(&facts.model);
    if !told.make.is_empty() || facts.year.is_none() && told.year.is_some() {
        facts.model = told.model;
        facts.make = told.make;
        facts.year = facts.year.or(told.year);
    }
}

fn odometer(vehicle: &Element) -> Option<u32> {
    let odometer = vehicle.children("odometer").find(|o| !o.text.trim().is_empty())?;
    let unit = [odometer.attribute("units"), odometer.attribute("unit")].into_iter().find(|u| !u.is_empty()).unwrap_or("");
    car::miles(&odometer.text, unit)
}

/// The combination they prefer: the lowest rank.
fn colors(vehicle: &Element) -> Option<&Element> {
    vehicle.children("colorcombination").min_by_key(|c| c.value("preference").parse::<u8>().unwrap_or(u8::MAX))
}

/// A VIN as sent; what has not the shape of one is kept in words.
fn vin(vehicle: &Element, lines: &mut Vec<String>, warnings: &mut Vec<String>) -> Option<Vin> {
    let sent = car::said(vehicle.value("vin"));
    if sent.is_empty() {
        return None;
    }
    let vin = Vin::parse(&sent);
    match &vin {
        None => {
            warnings.push("A VIN is not 17 letters and digits; it is kept in the comments of the vehicle.".to_owned());
            lines.push(format!("VIN as sent: {}", text::cut(&sent, 40)));
        }
        Some(vin) if !vin.check_digit_holds() => warnings.push("The check digit of a VIN does not hold: it may be mistyped.".to_owned()),
        Some(_) => {}
    }
    vin
}

/// The price the shopper saw or was quoted. Differences and percentages are no price.
fn price(vehicle: &Element) -> Option<crate::domain::money::Cents> {
    let rank = |p: &&Element| match p.attribute("type").to_lowercase().as_str() {
        "quote" | "" => 1,
        "msrp" => 2,
        "invoice" | "offer" | "appraisal" | "call" => 3,
        // `asking`, and the words senders use for it.
        _ => 0,
    };
    let absolute = |p: &&Element| matches!(p.attribute("delta").to_lowercase().as_str(), "" | "absolute");
    let mut prices: Vec<&Element> = vehicle.children("price").filter(absolute).collect();
    prices.sort_by_key(rank);
    prices.into_iter().find_map(|p| car::price(&p.text))
}

/// Finance wishes, options and the sender's own elements, in a line each.
fn other_lines(vehicle: &Element, lines: &mut Vec<String>) {
    for finance in vehicle.children("finance") {
        for (label, text) in [("Pays by", finance.value("method")), ("Balance", finance.value("balance"))] {
            if !text.is_empty() {
                lines.push(format!("{label}: {}", text::cut(text, 60)));
            }
        }
        for amount in finance.children("amount").filter(|a| car::price(&a.text).is_some()) {
            let label = match amount.attribute("type").to_lowercase().as_str() {
                "downpayment" => "Down payment",
                "monthly" => "Monthly payment",
                _ => "Total amount",
            };
            lines.push(format!("{label}: {}", text::cut(amount.text.trim(), 40)));
        }
    }
    let options: Vec<String> = vehicle.children("option").take(50).map(|o| car::said(o.value("optionname"))).filter(|o| !o.is_empty()).collect();
    if !options.is_empty() {
        lines.push(format!("Options: {}", options.join(", ")));
    }
    lines.extend(vehicle.children.iter().filter(|c| shape(&c.name) == Shape::Foreign).take(20).filter_map(foreign_line));
}
