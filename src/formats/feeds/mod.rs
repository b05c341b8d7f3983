//! Which cars stand on the lot? Inventory feeds of any kind: Google's and Meta's, DealerCenter's, HomeNet's, vAuto's, AutoFunds',
//! DealerVault's, as delimited text, XML or JSON.
//!
//! A feed that cannot be read to its end is refused as a whole: a car that is only cut off must not be taken for a car that has gone.

mod json;
mod listing;
mod xml;

pub(in crate::formats) use listing::read as listing;

use super::{
    columns::{Column, Columns},
    delimited::{Read, Table, decoded},
    headers::{CAR, Dictionary, LISTING},
    reader::{Notes, Outcome, Problem, Reader, Row},
    sheet::Fixes,
};
use crate::domain::{
    event::NewListing,
    time::{At, Zone},
};
use std::collections::HashSet;

static DICTIONARIES: [&Dictionary; 2] = [&CAR, &LISTING];

/// Largest feed taken; that of a store with 2,000 cars and 40 photos each has about 10 MiB.
pub const MOST_FEED_BYTES: usize = 64 * 1024 * 1024;
/// Most cars of one feed.
pub const MOST_FEED_ROWS: usize = 200_000;

const TWICE: &str = "The car stands in the file more than once; its first row was taken.";

/// What a reader of one file form hands each row to.
type EachRow<'f> = dyn FnMut(&mut Reader<'_>, Row<'_>) -> Result<(), String> + 'f;

/// Reads an inventory feed.
pub fn inventory(bytes: &[u8], source: &str, received: At, zone: &Zone) -> Result<Read<NewListing>, String> {
    if bytes.len() > MOST_FEED_BYTES {
        return Err(format!("The file has {} MiB; an inventory feed of at most {} MiB is taken.", bytes.len() >> 20, MOST_FEED_BYTES >> 20));
    }
    let mut read = Read { rows: Vec::new(), held_back: Vec::new(), notes: Vec::new() };
    let mut met: HashSet<String> = HashSet::new();
    let mut notes = Notes::default();
    let mut take = |reader: &mut Reader<'_>, line: u64, row: Outcome<NewListing>| {
        notes.add(reader.warnings.drain(..), line);
        if read.rows.len() + read.held_back.len() >= MOST_FEED_ROWS {
            return Err(format!("The file lists more than {MOST_FEED_ROWS} cars."));
        }
        match row.and_then(|car| once(&mut met, car)) {
            Ok(car) => read.rows.push((line, car)),
            Err(problems) => read.held_back.extend(problems.into_iter().next().map(|problem| (line, problem.what))),
        }
        Ok(())
    };
    let mut reader = Reader::of_feed(Columns::new(&DICTIONARIES), source, received, zone);
    let (text, _) = decoded(bytes);
    let start = text.trim_start();
    let mut each = |reader: &mut Reader<'_>, row: Row<'_>| {
        let read = listing::read(reader, row);
        take(reader, row.line, read)
    };
    if start.starts_with(['{', '[']) {
        json::each_row(&text, &mut reader, &mut each)?;
    } else if start.starts_with('<') && !start.get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype")) && !start.starts_with("<html") {
        xml::each_row(&text, &mut reader, &mut each)?;
    } else {
        let table = Table::open(bytes)?;
        let columns = Columns::of_header(&DICTIONARIES, table.header.iter());
        if !columns.has(Column::Vin) && !columns.has(Column::Stock) {
            return Err("The file has no column with a VIN or a stock number.".to_owned());
        }
        reader.columns = columns;
        let mut too_many = Ok(());
        table.each_row(&Fixes::new(), &mut |line| {
            if too_many.is_ok() {
                let outcome = reader.outcome(&line, &mut listing::read);
                too_many = take(&mut reader, line.number, outcome);
            }
        });
        too_many?;
    }
    if read.rows.is_empty() && read.held_back.is_empty() {
        return Err("The file lists no car. A feed without cars would empty the lot, so it was not taken.".to_owned());
    }
    read.notes = notes.sentences();
    Ok(read)
}

/// The car, unless the file listed it before.
pub(super) fn once(met: &mut HashSet<String>, car: NewListing) -> Outcome<NewListing> {
    let key = car.vin.as_ref().map_or_else(|| format!("stock {}", car.stock), |vin| vin.as_str().to_owned());
    if met.insert(key) { Ok(car) } else { Err(vec![Problem::of_row(TWICE)]) }
}

/// Puts a value found under these names into its cell. A name met again in one row adds to photos and leaves the rest as it was.
fn put(reader: &mut Reader<'_>, cells: &mut Vec<String>, path: &[&str], value: &str) {
    let Some(cell) = reader.columns.cell_of_path(path) else { return };
    if cells.len() <= cell {
        cells.resize(cell + 1, String::new());
    }
    let is_photo = reader.columns.cells(Column::Photos, false).any(|photo| photo == cell);
    if cells[cell].is_empty() {
        value.clone_into(&mut cells[cell]);
    } else if is_photo {
        cells[cell].push('\n');
        cells[cell].push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        money::Cents,
        vehicle::{Condition, ListingStatus},
    };

    const RECEIVED: At = At(1_795_531_260_000);

    fn read(bytes: &[u8]) -> Read<NewListing> {
        inventory(bytes, "feed", RECEIVED, &Zone::utc()).unwrap()
    }

    /// One line a car: line, stock, VIN's tail, label, miles, price, status, photos.
    fn shown(read: &Read<NewListing>) -> Vec<String> {
        read.rows
            .iter()
            .map(|(line, car)| {
                let tail = car.vin.as_ref().map_or("", |vin| vin.tail());
                let miles = car.facts.odometer_mi.map_or(String::new(), |m| m.to_string());
                let price = car.price.map_or(String::new(), |p| p.to_string());
                format!("{line} {} {tail} {} | {miles} mi {price} {:?} {}", car.stock, car.facts.label(), car.status, car.photos.len())
            })
            .collect()
    }

    fn only(text: &str) -> NewListing {
        let read = read(text.as_bytes());
        assert_eq!((read.rows.len(), &read.held_back), (1, &vec![]), "{text}");
        read.rows.into_iter().next().unwrap().1
    }

    #[test]
    fn each_kind_of_feed_is_read() {
        for (name, bytes, cars) in [
            (
                "google",
                include_bytes!("../../../tests/fixtures/feeds/google.tsv").as_slice(),
                vec![
                    "2 024117 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 2",
                    "3 N0311 3A004352 2026 Honda Accord Sport | 62 mi $31,995 Available 1",
                ],
            ),
            (
                "google rss",
                include_bytes!("../../../tests/fixtures/feeds/google_rss.xml"),
                vec!["6  NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 3"],
            ),
            (
                "meta",
                include_bytes!("../../../tests/fixtures/feeds/meta.xml"),
                vec![
                    "5 13337 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 2",
                    "41  3A004352 2003 Honda Accord | 112000 mi $4,995 Sold 1",
                ],
            ),
            (
                "meta csv",
                include_bytes!("../../../tests/fixtures/feeds/meta_flat.csv"),
                vec!["2 13337 NH000009 2022 Honda CR-V EX-L | 62137 mi $26,650 Available 2"],
            ),
            (
                "dealercenter",
                include_bytes!("../../../tests/fixtures/feeds/dealercenter.csv"),
                vec![
                    "2 00417 NH000009 2018 Porsche Macan | 31204 mi $26,900 Available 2",
                    "3 00418 3A004352 2003 Honda Accord EX | 112000 mi $4,995 Recon 0",
                    "4 00419 DL536022 2013 Ford Focus SE |  mi  Inbound 0",
                ],
            ),
            (
                "homenet",
                include_bytes!("../../../tests/fixtures/feeds/homenet.txt"),
                vec![
                    "2 24117 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 2",
                    "3 24118 3A004352 2003 Honda Accord EX | 112000 mi $4,995 Sold 0",
                ],
            ),
            (
                "vauto",
                include_bytes!("../../../tests/fixtures/feeds/vauto.csv"),
                vec!["2 24117 NH000009 2022 Honda CR-V | 31204 mi $27,650 Available 0"],
            ),
            (
                "autofunds",
                include_bytes!("../../../tests/fixtures/feeds/autofunds.csv"),
                vec!["2 24117 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 2"],
            ),
            (
                "dealervault",
                include_bytes!("../../../tests/fixtures/feeds/dealervault_inv.csv"),
                vec!["2 024117 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 0"],
            ),
            (
                "json",
                include_bytes!("../../../tests/fixtures/feeds/site.json"),
                vec![
                    "1 13277 NH000009 2022 Honda CR-V EX-L | 31204 mi $27,650 Available 2",
                    "2 13278 3A004352 2003 Honda Accord | 112000 mi  Hold 0",
                ],
            ),
        ] {
            let read = read(bytes);
            assert_eq!((shown(&read), &read.held_back), (cars.into_iter().map(str::to_owned).collect(), &vec![]), "{name}");
        }
    }

    #[test]
    fn dates_costs_and_conditions_come_along() {
        let read = read(include_bytes!("../../../tests/fixtures/feeds/dealercenter.csv"));
        let (first, second) = (&read.rows[0].1, &read.rows[1].1);
        assert_eq!(first.in_stock_since, At::parse_rfc3339("2026-06-30T00:00:00Z"));
        assert_eq!((first.cost, second.cost), (Some(Cents(2_150_000)), None), "a missing cost is not a cost of nought");
        assert_eq!(first.facts.body, "Sport Utility 4D");
        assert_eq!(first.description, "One owner. Customers favorite.");
        let google = self::read(include_bytes!("../../../tests/fixtures/feeds/google.tsv"));
        assert_eq!(
            google.rows.iter().map(|(_, c)| (c.condition, c.certified)).collect::<Vec<_>>(),
            vec![(Condition::Used, true), (Condition::New, false)]
        );
    }

    #[test]
    fn a_row_without_vin_and_stock_is_held_back() {
        let read = read(b"Stock,VIN,Year,Make,Price\n,,2020,Ford,9000\n,1HGCM82633A0O4352,2020,Ford,9000\n,1HGCM82633A004352,2003,Honda,4000\n");
        assert_eq!(read.rows.len(), 1);
        assert_eq!(read.held_back.iter().map(|(line, _)| *line).collect::<Vec<_>>(), vec![2, 3]);
    }

    #[test]
    fn a_vin_with_a_failing_check_digit_is_kept_and_noted() {
        let read = read(b"Stock,VIN,Year,Make\n7,1HGCM82633A123456,2003,Honda\n");
        assert!(read.rows[0].1.vin.is_some());
        assert_eq!(read.notes, vec!["The check digit of a VIN fails; the car was taken as it is written (line 2).".to_owned()]);
    }

    #[test]
    fn one_car_has_one_price_in_one_feed() {
        let read = read(b"Stock,VIN,Price\n7,1HGCM82633A004352,4000\n7,1HGCM82633A004352,3500\n");
        assert_eq!((read.rows.len(), read.held_back), (1, vec![(3, TWICE.to_owned())]));
    }

    #[test]
    fn a_price_of_nought_is_no_price() {
        for (cell, price) in [("0", None), ("0.00", None), ("Call", None), ("", None), ("$12,995", Some(Cents(1_299_500)))] {
            assert_eq!(only(&format!("Stock,Price,Make\n7,\"{cell}\",Ford\n")).price, price, "{cell}");
        }
    }

    #[test]
    fn what_no_car_can_cost_or_have_run_is_left_unknown_and_said() {
        for (row, price, miles, word) in [
            ("12995,USD,41000", Some(Cents(1_299_500)), Some(41_000), ""),
            ("1,,41000", None, Some(41_000), "below $100"),
            ("9999999,,41000", None, Some(41_000), "above $2,000,000"),
            ("12995 CAD,,41000", None, Some(41_000), "currency other than US dollars"),
            ("12995,eur,41000", None, Some(41_000), "currency other than US dollars"),
            ("C$ 12995,,41000", None, Some(41_000), "currency other than US dollars"),
            ("12995,,9999999", Some(Cents(1_299_500)), None, "more than any car has run"),
            ("12995,,120k", Some(Cents(1_299_500)), None, "could not be read"),
            ("12995,,100000 km", Some(Cents(1_299_500)), Some(62_137), ""),
            ("12995,,", Some(Cents(1_299_500)), None, ""),
        ] {
            let read = read(format!("Stock,Price,Currency,Mileage\n7,{row}\n").as_bytes());
            let (car, said) = (&read.rows[0].1, read.notes.join(" "));
            assert_eq!((car.price, car.facts.odometer_mi), (price, miles), "{row}");
            assert!(if word.is_empty() { said.is_empty() } else { said.contains(word) }, "{row}: {said}");
        }
    }

    #[test]
    fn a_number_from_abroad_is_no_fault_and_a_motorcycle_is_named() {
        let read = read(
            b"Stock,VIN,Year,Make,Model,Body\n7,WVWZZZ1KZAW000001,2010,Volkswagen,Golf,Hatchback\n8,,2019,Harley-Davidson,Street Glide,Motorcycle\n",
        );
        assert_eq!((read.rows.len(), read.held_back.len()), (2, 0));
        assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
        assert!(read.notes[0].contains("motorcycle") && read.notes[0].contains("line 3"), "{:?}", read.notes);
    }

    #[test]
    fn options_of_every_kind_come_along() {
        let json = br#"{"vehicles":[{"vin":"2HKRW2H85NH000009","stock_number":"7","options":"Leather, Moonroof"}]}"#;
        for (file, has) in [
            (include_bytes!("../../../tests/fixtures/feeds/homenet.txt").as_slice(), "Moonroof|Leather"),
            (include_bytes!("../../../tests/fixtures/feeds/dealercenter.csv"), "ABS Alloy Wheels"),
            (json, "Leather, Moonroof"),
            (b"Stock,Features\n7,<ul><li>Sunroof</li><li>AWD</li></ul>\n", "|Sunroof|"),
        ] {
            let options = &read(file).rows[0].1.options;
            let plain: String = options.split_whitespace().collect::<Vec<_>>().join(" ").replace(" |", "|").replace("| ", "|");
            assert!(plain.contains(has), "{has}: {options}");
        }
    }

    #[test]
    fn a_status_is_read_in_the_words_of_every_system() {
        for (cell, status) in [
            ("IN INVENTORY", ListingStatus::Available),
            ("A", ListingStatus::Available),
            ("", ListingStatus::Available),
            ("in stock", ListingStatus::Available),
            ("Sale Pending", ListingStatus::Hold),
            ("IN RECON", ListingStatus::Recon),
            ("In Transit", ListingStatus::Inbound),
            ("SOLD", ListingStatus::Sold),
            ("S", ListingStatus::Sold),
            ("out of stock", ListingStatus::Sold),
            ("not available", ListingStatus::Sold),
        ] {
            assert_eq!(only(&format!("Stock,Status,Make\n7,{cell},Ford\n")).status, status, "{cell}");
        }
    }

    #[test]
    fn a_feed_that_breaks_off_is_refused_as_a_whole() {
        let whole = include_str!("../../../tests/fixtures/feeds/meta.xml");
        for cut in [whole.len() / 2, whole.len() - 14] {
            let refused = inventory(&whole.as_bytes()[..cut], "feed", RECEIVED, &Zone::utc()).unwrap_err();
            assert!(refused.contains("nothing of it was taken"), "{refused}");
        }
        let json = include_bytes!("../../../tests/fixtures/feeds/site.json");
        assert!(inventory(&json[..json.len() - 3], "feed", RECEIVED, &Zone::utc()).is_err());
    }

    #[test]
    fn a_hostile_or_empty_feed_is_refused() {
        for (text, word) in [
            ("<!DOCTYPE html><html></html>", "web page"),
            ("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><listings><listing><vin>&a;</vin></listing></listings>", "document type"),
            (&format!("<listings>{}", "<a>".repeat(100)), "deep"),
            ("<listings></listings>", "no car"),
            ("Stock,VIN,Price\n", "no car"),
            ("{\"vehicles\":[]}", "no car"),
            ("Make,Model\nFord,F-150\n", "VIN"),
        ] {
            let refused = inventory(text.as_bytes(), "feed", RECEIVED, &Zone::utc()).unwrap_err();
            assert!(refused.contains(word), "{text}: {refused}");
        }
    }

    /// Prints what real dealers' feeds give. The folder is named by HEADLIGHT_REAL_DATA; it is not part of the project.
    #[test]
    #[expect(clippy::print_stdout, reason = "the counts are what this test is run for")]
    fn feeds_of_real_dealers_are_read_without_losing_a_car() {
        let Ok(folder) = std::env::var("HEADLIGHT_REAL_DATA") else {
            println!("skipped: HEADLIGHT_REAL_DATA is not set");
            return;
        };
        for (name, cars) in [
            ("autodepot_feed.xml", 17),
            ("boyer_google_sample.tsv", 39),
            ("dealercenter_sample_feed.csv", 3),
            ("fikes_feed.xml", 57),
            ("netruck_feed.xml", 26),
        ] {
            let bytes = std::fs::read(format!("{folder}/inventory/{name}")).unwrap();
            let read = read(&bytes);
            println!("== {name}: {} cars, {} held back {:?}, notes {:?}", read.rows.len(), read.held_back.len(), read.held_back, read.notes);
            for (line, (_, car)) in shown(&read).iter().zip(&read.rows) {
                println!(
                    "{line} | {:?} {} {} {} {} {:?} {:?} {}",
                    car.condition,
                    car.facts.body,
                    car.facts.drivetrain,
                    car.facts.exterior_color,
                    car.facts.interior_color,
                    car.in_stock_since,
                    car.url,
                    car.description.get(..40).unwrap_or(&car.description)
                );
            }
            assert_eq!(read.rows.len() + read.held_back.len(), cars, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_feed_makes_it_stumble(part in "[<>/a-z&;\"={},:\\[\\] ]{0,80}") {
            for text in [format!("<listings><listing><vin>{part}</vin></listing></listings>"), format!("<listing {part}"), format!("{{\"vehicles\":[{{\"vin\":\"{part}\"}}]}}")] {
                let _ = inventory(text.as_bytes(), "feed", RECEIVED, &Zone::utc());
            }
        }
    }
}
