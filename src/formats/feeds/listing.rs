//! What does a row say of a car on the lot? Price, status, age, photos; what it does not say stays unknown.

use crate::domain::{
    event::NewListing,
    money::Cents,
    time::DAY_MS,
    vehicle::{CarFacts, Condition, ListingStatus},
};
use crate::formats::{
    car_rows,
    cells::{self, When},
    columns::Column,
    reader::{Outcome, Problem, Reader, Row},
};

const NO_CAR: &str = "The row has neither a VIN that can be read nor a stock number.";
const ODD_STOCK_DATE: &str = "A date of arrival could not be read and was left out.";
const ODD_STATUS: &str = "A status is a word we do not know; the car was taken as available.";
const OTHER_MONEY: &str = "A price names a currency other than US dollars and was left out; the car was taken without a price.";
const ODD_PRICE: &str = "A price is below $100 or above $2,000,000, as systems write for \"call us\"; it was left out.";
const NO_CAR_OR_TRUCK: &str = "A row is of a motorcycle, a motor home, a trailer or the like; it was taken by what the row says of it.";

/// What a car, truck or van can cost. Cents.
const PRICES: std::ops::RangeInclusive<i64> = 10_000..=200_000_000;

/// Most photos kept of one car.
const MOST_PHOTOS: usize = 100;
/// Longest a car is believed to stand on a lot by a count of days: ten years.
const MOST_DAYS: u32 = 3_650;

pub(in crate::formats) fn read(reader: &mut Reader<'_>, row: Row<'_>) -> Outcome<NewListing> {
    let vin = car_rows::vin(reader, row);
    let vin_text = reader.text(row, Column::Vin);
    // Many feeds repeat the VIN where another's stock number stands.
    let stock = reader.texts(row, Column::Stock).find(|text| !text.eq_ignore_ascii_case(vin_text)).map(cells::words).unwrap_or_default();
    if vin.is_none() && stock.is_empty() {
        return Err(vec![Problem::of_row(NO_CAR)]);
    }
    let mut facts = car_rows::facts(reader, row);
    if is_of_another_kind(reader, row) {
        reader.warn(row, Column::VehicleKind, NO_CAR_OR_TRUCK);
    }
    from_title(&mut facts, &reader.words(row, Column::Title));
    let (condition, certified) = condition(reader, row);
    Ok(NewListing {
        vin,
        stock,
        facts,
        price: price(reader, row),
        cost: Cents::parse(reader.text(row, Column::Cost)).filter(|cost| cost.0 >= 0),
        status: status(reader, row),
        in_stock_since: in_stock_since(reader, row),
        photos: photos(reader, row),
        url: reader.texts(row, Column::Link).find_map(|text| cells::links(text).into_iter().next()),
        condition,
        certified: certified || cells::is_yes(reader.text(row, Column::Certified)),
        description: description(reader.text(row, Column::Description)),
        options: options(reader, row),
    })
}

/// The first price above nought, special prices before list prices; the manufacturer's suggestion is not the store's price.
fn price(reader: &mut Reader<'_>, row: Row<'_>) -> Option<Cents> {
    let (price, text) = reader.texts(row, Column::AskingPrice).find_map(|text| Some((cells::money_above_zero(text)?, text)))?;
    if is_other_money(text) || is_other_money(reader.text(row, Column::Currency)) {
        reader.warn(row, Column::AskingPrice, OTHER_MONEY);
        return None;
    }
    if !PRICES.contains(&price.0) {
        reader.warn(row, Column::AskingPrice, ODD_PRICE);
        return None;
    }
    Some(price)
}

/// A number of Canadian dollars says nothing of what the car costs here.
fn is_other_money(text: &str) -> bool {
    const OTHERS: [&str; 10] = ["CAD", "EUR", "GBP", "MXN", "AUD", "JPY", "CHF", "€", "£", "¥"];
    let text = text.to_ascii_uppercase();
    OTHERS.iter().any(|money| text.contains(money)) || text.contains("C$") || text.contains("CA$")
}

/// A motorcycle, a motor home: the table of vehicle numbers knows none of them, and no rule of the trade in cars holds.
fn is_of_another_kind(reader: &Reader<'_>, row: Row<'_>) -> bool {
    const WORDS: [&str; 15] = [
        "motorcycle",
        "motorhome",
        "motor home",
        "rv",
        "recreational vehicle",
        "travel trailer",
        "fifth wheel",
        "trailer",
        "boat",
        "atv",
        "utv",
        "snowmobile",
        "personal watercraft",
        "golf cart",
        "scooter",
    ];
    [Column::VehicleKind, Column::Body].iter().any(|column| {
        let text = reader.text(row, *column).to_lowercase();
        WORDS.iter().any(|word| text == *word || text.split(['/', '>', ',']).any(|part| part.trim() == *word))
    })
}

fn status(reader: &mut Reader<'_>, row: Row<'_>) -> ListingStatus {
    const BY_WORD: [(&str, ListingStatus); 20] = [
        ("out of stock", ListingStatus::Sold),
        ("out_of_stock", ListingStatus::Sold),
        ("not available", ListingStatus::Sold),
        ("unavailable", ListingStatus::Sold),
        ("sold", ListingStatus::Sold),
        ("delivered", ListingStatus::Sold),
        ("wholesale", ListingStatus::Sold),
        ("pending", ListingStatus::Hold),
        ("hold", ListingStatus::Hold),
        ("deposit", ListingStatus::Hold),
        ("reserved", ListingStatus::Hold),
        ("recon", ListingStatus::Recon),
        ("service", ListingStatus::Recon),
        ("shop", ListingStatus::Recon),
        ("inbound", ListingStatus::Inbound),
        ("transit", ListingStatus::Inbound),
        ("on order", ListingStatus::Inbound),
        ("available", ListingStatus::Available),
        ("stock", ListingStatus::Available),
        ("inventory", ListingStatus::Available),
    ];
    let text = reader.text(row, Column::ListingStatus).to_lowercase();
    // What one letter means in DealerVault's file depends on the store's system.
    let letters = !reader.columns.has(Column::DealerVaultId);
    match (text.as_str(), letters) {
        ("" | "a" | "active" | "ready" | "frontline" | "front line" | "new" | "used" | "listed" | "live", _) => return ListingStatus::Available,
        ("s", true) => return ListingStatus::Sold,
        _ => {}
    }
    if let Some((_, status)) = BY_WORD.iter().find(|(word, _)| text.contains(word)) {
        return *status;
    }
    reader.warn(row, Column::ListingStatus, ODD_STATUS);
    ListingStatus::Available
}

fn in_stock_since(reader: &mut Reader<'_>, row: Row<'_>) -> Option<crate::domain::time::At> {
    match reader.date(row, Column::InStockSince) {
        When::Read(at) => return Some(at),
        When::Unreadable => reader.warn(row, Column::InStockSince, ODD_STOCK_DATE),
        When::Blank => {}
    }
    let days = cells::count(reader.text(row, Column::DaysOnLot)).filter(|days| *days <= MOST_DAYS)?;
    let local = reader.zone.local(reader.received.plus_ms(-i64::from(days) * DAY_MS));
    Some(reader.zone.instant(local.date().at(0, 0, 0, 0)))
}

fn photos(reader: &Reader<'_>, row: Row<'_>) -> Vec<String> {
    let mut photos: Vec<String> = Vec::new();
    for link in reader.texts(row, Column::Photos).flat_map(cells::links) {
        if photos.len() < MOST_PHOTOS && !photos.contains(&link) {
            photos.push(link);
        }
    }
    photos
}

/// All that the row says of its equipment, one after the other, without the tags of web pages.
fn options(reader: &Reader<'_>, row: Row<'_>) -> String {
    const MOST_CHARS: usize = 4_000;
    let all: Vec<String> = reader.texts(row, Column::Options).map(|text| text.replace('<', "|<")).map(|text| description(&text)).collect();
    all.join("|").chars().take(MOST_CHARS).collect()
}

/// New or used, and whether the same word says certified. A column of body types says neither.
fn condition(reader: &Reader<'_>, row: Row<'_>) -> (Condition, bool) {
    let say = |text: &str| match text.to_ascii_lowercase().as_str() {
        "new" | "n" => Some((Condition::New, false)),
        "used" | "u" | "pre-owned" | "preowned" | "pre owned" => Some((Condition::Used, false)),
        "cpo" | "certified" | "c" | "certified pre-owned" | "certified used" => Some((Condition::Used, true)),
        _ => None,
    };
    reader.texts(row, Column::Condition).find_map(say).unwrap_or_default()
}

/// "Pre-Owned 2022 Chevrolet Equinox RS Front Wheel Drive SUV": what stands between the model and the way it is driven is the trim.
/// Where the row has no make and model of its own they are taken from there too.
fn from_title(facts: &mut CarFacts, title: &str) {
    let Some(start) = title.split(' ').position(|word| cells::model_year(word).is_some()) else { return };
    let leading = title.split(' ').take(start).all(|word| ["new", "used", "pre-owned", "certified", "cpo"].contains(&word.to_lowercase().as_str()));
    if !leading {
        return;
    }
    let plain = title.split(' ').skip(start).collect::<Vec<_>>().join(" ");
    if facts.make.is_empty() && facts.model.is_empty() {
        facts.absorb(&car_rows::from_words(&plain), false);
        return;
    }
    let known = CarFacts { trim: String::new(), ..facts.clone() }.label();
    let rest = plain.get(..known.len()).filter(|head| head.eq_ignore_ascii_case(&known)).and_then(|_| plain.get(known.len()..)?.strip_prefix(' '));
    if let (Some(rest), true) = (rest, facts.trim.is_empty()) {
        facts.trim = trim_of(rest);
    }
}

fn trim_of(rest: &str) -> String {
    const BODIES: [&str; 9] = ["suv", "sedan", "coupe", "hatchback", "convertible", "wagon", "van-minivan", "minivan", "pickup"];
    const DRIVES: [&str; 7] = ["fwd", "rwd", "awd", "4wd", "2wd", "4x4", "4x2"];
    const WHEELS: [&str; 4] = ["front", "rear", "all", "four"];
    let words: Vec<&str> = rest.split(' ').collect();
    let mut kept: Vec<&str> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let next = words.get(i + 1).map(|w| w.to_lowercase());
        let by_wheels = WHEELS.contains(&lower.as_str()) && next.as_deref() == Some("wheel");
        match () {
            () if by_wheels || *word == "-" || BODIES.contains(&lower.as_str()) => break,
            () if DRIVES.contains(&lower.as_str()) && kept.is_empty() => {}
            () if DRIVES.contains(&lower.as_str()) => break,
            () => kept.push(word),
        }
    }
    kept.join(" ")
}

/// Prose without the tags of web pages.
fn description(text: &str) -> String {
    if !text.contains('<') {
        return cells::prose(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        if let Some((_, after)) = after.split_once('>').filter(|_| is_tag) {
            plain.push(' ');
            rest = after;
        } else {
            plain.push('<');
            rest = after;
        }
    }
    plain.push_str(rest);
    cells::prose(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trim_is_found_in_a_title() {
        for (make, model, title, trim) in [
            ("Chevrolet", "Equinox", "Pre-Owned 2022 Chevrolet Equinox RS Front Wheel Drive SUV", "RS"),
            ("Nissan", "Rogue", "Pre-Owned 2022 Nissan Rogue FWD SV FWD Wagon 4 Dr.", "SV"),
            ("Toyota", "4Runner", "2022 Toyota 4Runner SR5 Premium 4WD 4WD Utility Body", "SR5 Premium"),
            ("Chevrolet", "Silverado 3500 HD", "New 2022 Chevrolet Silverado 3500 HD Work Truck Four Wheel Drive Crew Cab", "Work Truck"),
            ("Ford", "Transit", "2022 Ford Transit Cargo Van", "Cargo Van"),
            ("Hino", "155", "2022 Hino 155 Stake Bed - 2022 HINO 155 16FT", "Stake Bed"),
            ("Honda", "Civic", "2022 Honda Civic Hybrid-L", "Hybrid-L"),
            ("Honda", "Civic", "2022 Honda Civic", ""),
            ("Honda", "Civic", "2022 Honda Civics Special", ""),
            ("Honda", "Civic", "Great 2022 Honda Civic EX", ""),
        ] {
            let mut facts = CarFacts { year: Some(2022), make: make.to_owned(), model: model.to_owned(), ..CarFacts::default() };
            from_title(&mut facts, title);
            assert_eq!(facts.trim, trim, "{title}");
        }
    }

    #[test]
    fn a_title_alone_tells_the_car() {
        let mut facts = CarFacts::default();
        from_title(&mut facts, "New 2027 Hino L6");
        assert_eq!(facts.label(), "2027 Hino L6");
    }

    #[test]
    fn tags_of_web_pages_are_no_description() {
        assert_eq!(description("<p>One owner.<br/>0 < 5 miles</p>"), "One owner. 0 < 5 miles");
    }
}
