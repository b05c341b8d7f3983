//! What do three days of a lot leave behind? Snapshots of a feed by the wire: arrivals, prices, cars that go, refusals, and all of it
//! backwards.

use crate::support::{Answered, Fails, Failure, MORNING, Rooftop, rooms, send};
use headlight::{
    domain::{
        event::Entry,
        ids::{FeedId, Seq, VehicleId},
        import_run::ImportKind,
        money::Cents,
        time::{At, DAY_MS, HOUR_MS},
        vehicle::Condition,
    },
    service::{
        Rooms,
        feeds::{self, Brought},
        operator::Request,
        replay,
    },
    store::{Rows, Span, StoreError, tables},
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const TUESDAY: &str = include_str!("../fixtures/feeds/lot/1_tuesday.txt");
const WEDNESDAY: &str = include_str!("../fixtures/feeds/lot/2_wednesday.txt");
const THURSDAY: &str = include_str!("../fixtures/feeds/lot/3_thursday.txt");
const CUT_OFF: &str = include_str!("../fixtures/feeds/lot/cut_off.txt");

/// A store with one feed.
struct Lot {
    rooftop: Rooftop,
    feed: u64,
}

impl Lot {
    async fn open() -> Result<Self, Failure> {
        let rooftop = Rooftop::open().await?;
        let said = json!({ "name": "Website", "covers": "lot", "patience": 2, "most_gone_percent": 30 });
        let set = rooftop.post("/api/feeds", &said).await?;
        assert_eq!(set.status, StatusCode::CREATED, "{}", set.json());
        let feed = set.json()["feed"]["id"].as_u64().ok_or("a feed")?;
        Ok(Self { rooftop, feed })
    }

    async fn send(&self, path: &str, file: &str) -> Result<Answered, Failure> {
        let auth = format!("Bearer {}", self.rooftop.token);
        let headers = [("authorization", auth.as_str()), ("content-type", "application/octet-stream"), ("x-file-name", "lot.txt")];
        send(self.rooftop.lan, "POST", path, &headers, file.as_bytes()).await
    }

    /// Brings a snapshot; the newest reading of the feed after it.
    async fn bring(&self, file: &str) -> Result<Value, Failure> {
        let brought = self.send(&format!("/api/feeds/{}/snapshots", self.feed), file).await?;
        assert_eq!(brought.status, StatusCode::OK, "{}", brought.json());
        Ok(brought.json()["page"]["reads"][0].clone())
    }

    async fn post(&self, act: &str) -> Result<Answered, Failure> {
        self.rooftop.post(&format!("/api/feeds/{}/{act}", self.feed), &json!({})).await
    }

    async fn page(&self) -> Result<Value, Failure> {
        self.rooftop.get(&format!("/api/feeds/{}", self.feed)).await
    }

    fn pass(&self, ms: i64) {
        self.rooftop.clock.advance_ms(ms);
    }

    /// Stock numbers on the lot, in order.
    async fn on_lot(&self) -> Result<Vec<String>, Failure> {
        let lot = self.rooftop.get("/api/vehicles?limit=200").await?;
        let mut stocks: Vec<String> = lot["items"].as_array().into_iter().flatten().filter_map(|c| c["stock"].as_str().map(str::to_owned)).collect();
        stocks.sort();
        Ok(stocks)
    }

    async fn car(&self, stock: &str) -> Result<Value, Failure> {
        let id = self.id(stock)?;
        self.rooftop.get(&format!("/api/vehicles/{id}")).await
    }

    fn id(&self, stock: &str) -> Result<u64, Failure> {
        let tx = self.rooftop.house.rooms.store.read()?;
        Ok(tx.get(tables::STOCKS, &stock.to_owned())?.ok_or_else(|| format!("no car {stock}"))?.0)
    }

    async fn say(&self, stock: &str, said: Value) -> Result<Value, Failure> {
        let auth = format!("Bearer {}", self.rooftop.token);
        let path = format!("/api/vehicles/{}/standing", self.id(stock)?);
        let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
        let answered = send(self.rooftop.lan, "PUT", &path, &headers, said.to_string().as_bytes()).await?;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.json());
        Ok(answered.json())
    }
}

fn counts(read: &Value, of: &[&str]) -> Vec<u64> {
    of.iter().map(|name| read["counts"][*name].as_u64().unwrap_or(u64::MAX)).collect()
}

/// What a reading did, one word and stock number a car.
fn did(read: &Value) -> Vec<String> {
    let cars = read["cars"].as_array().cloned().unwrap_or_default();
    cars.iter().map(|car| format!("{} {}", car["did"].as_str().unwrap_or_default(), car["stock"].as_str().unwrap_or_default())).collect()
}

#[tokio::test]
async fn three_days_of_a_lot_are_arrivals_prices_and_cars_that_go() -> Fails {
    let lot = Lot::open().await?;
    let first = lot.bring(TUESDAY).await?;
    assert_eq!(counts(&first, &["listed", "arrived", "held_back"]), [12, 12, 0], "{first}");
    lot.pass(DAY_MS);
    let second = lot.bring(WEDNESDAY).await?;
    assert_eq!(
        counts(&second, &["listed", "arrived", "changed", "cheaper", "dearer", "unchanged", "not_listed", "missing"]),
        [12, 2, 4, 3, 1, 6, 2, 0]
    );
    let expected =
        ["cheaper L1001", "cheaper L1005", "cheaper L1009", "dearer L1010", "arrived L1013", "arrived L1014", "not_listed L1003", "not_listed L1007"];
    assert_eq!(did(&second), expected);
    assert!(lot.on_lot().await?.contains(&"L1003".to_owned()), "absent once is an accident");
    lot.pass(DAY_MS);
    let third = lot.bring(THURSDAY).await?;
    assert_eq!(did(&third), ["cheaper L1001", "arrived L1015", "not_listed L1002", "missing L1003"], "{third}");
    let gone = lot.car("L1003").await?;
    assert_eq!(gone["status"], "missing", "absent twice is missing, never sold");
    assert!(!lot.on_lot().await?.contains(&"L1003".to_owned()));
    assert_eq!(lot.car("L1007").await?["status"], "available", "it came back in time");
    let prices: Vec<i64> =
        lot.car("L1001").await?["price_history"].as_array().into_iter().flatten().filter_map(|p| p["price_cents"].as_i64()).collect();
    assert_eq!(prices, [2_765_000, 2_715_000, 2_665_000]);
    // Back in the feed after it was missing, with the very row of before.
    lot.pass(DAY_MS);
    let fourth = lot.bring(&format!("{THURSDAY}{}\n", TUESDAY.lines().find(|l| l.contains("L1003")).ok_or("its row")?)).await?;
    assert!(did(&fourth).contains(&"arrived L1003".to_owned()), "{fourth}");
    assert_eq!(lot.car("L1003").await?["status"], "available");
    Ok(())
}

#[tokio::test]
async fn the_same_snapshot_twice_changes_nothing() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let before = (lot.page().await?, lot.on_lot().await?);
    lot.pass(HOUR_MS);
    let again = lot.send(&format!("/api/feeds/{}/snapshots", lot.feed), TUESDAY).await?.json();
    assert_eq!(again["again"], true);
    assert_eq!((lot.page().await?, lot.on_lot().await?), before);
    // The next day the same bytes are the word of the next day, and still say nothing new.
    lot.pass(DAY_MS);
    let next = lot.bring(TUESDAY).await?;
    assert_eq!(counts(&next, &["unchanged", "changed", "arrived", "not_listed"]), [12, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn a_snapshot_without_a_third_of_the_lot_is_refused_until_somebody_says_that_it_is_right() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(WEDNESDAY).await?;
    lot.pass(HOUR_MS);
    let refused = lot.bring(CUT_OFF).await?;
    assert_eq!(refused["outcome"], "refused");
    let why = refused["why"].as_str().unwrap_or_default();
    assert!(why.contains("9 of the 12 cars") && why.contains("75 %"), "{why}");
    assert_eq!((lot.on_lot().await?.len(), &lot.page().await?["feed"]["may_take_anyway"]), (12, &json!(true)));
    assert_eq!(lot.car("L1001").await?["price_cents"], 2_715_000, "nothing of it was taken");
    let taken = lot.post("anyway").await?.json();
    assert_eq!((&taken["reads"][0]["outcome"], &taken["reads"][0]["by"]["name"]), (&json!("taken_anyway"), &json!("Sam Rourke")), "{taken}");
    assert_eq!(counts(&taken["reads"][0], &["not_listed", "cheaper"]), [9, 1]);
    assert_eq!(lot.post("anyway").await?.status, StatusCode::CONFLICT, "there is nothing left to take");
    Ok(())
}

#[tokio::test]
async fn what_a_host_repeats_by_itself_is_refused_once() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(WEDNESDAY).await?;
    let by_itself = async || {
        let (rooms, feed, now) = (&lot.rooftop.house.rooms, FeedId(lot.feed), lot.rooftop.clock.now());
        feeds::bring(rooms, feed, "lot.txt".to_owned(), CUT_OFF.into(), None, now).await
    };
    assert!(matches!(by_itself().await?, Ok(Brought::Refused { read: 2, .. })));
    assert!(matches!(by_itself().await?, Ok(Brought::Refused { read: 2, .. })), "it is the same refusal");
    assert_eq!(lot.page().await?["reads"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_car_that_comes_later_stands_on_the_lot_from_that_day() -> Fails {
    let lot = Lot::open().await?;
    let undated = |file: &str| file.replace("dateinstock", "unsaid");
    lot.bring(&undated(TUESDAY)).await?;
    assert_eq!(lot.car("L1001").await?["days_on_lot"], Value::Null, "nobody knows since when it stands there, and unknown is not nought");
    lot.pass(DAY_MS);
    lot.bring(&undated(WEDNESDAY)).await?;
    lot.pass(3 * DAY_MS);
    assert_eq!(lot.car("L1013").await?["days_on_lot"], 3);
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_feed_is_refused_and_cannot_be_taken_anyway() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    for (file, word) in [
        ("<!DOCTYPE html><html></html>", "web page"),
        ("stock\tvin\tprice\n", "no car"),
        ("Make,Model\nFord,F-150\n", "match its columns"),
        (&THURSDAY.replace("\nUsed\tL1", "\nUsed\t\tx\t"), "could be used"),
    ] {
        let refused = lot.bring(file).await?;
        assert!(refused["outcome"] == "refused" && refused["why"].as_str().is_some_and(|why| why.contains(word)), "{word}: {refused}");
        assert_eq!(lot.page().await?["feed"]["may_take_anyway"], false);
    }
    assert_eq!(lot.on_lot().await?.len(), 12);
    Ok(())
}

#[tokio::test]
async fn a_list_in_a_layout_of_its_own_is_read_as_it_was_matched_once() -> Fails {
    let lot = Lot::open().await?;
    let own = "our sign,what it is,sticker\nQ1,2019 Ford Focus,8995\nQ2,2020 Kia Rio,9995\n";
    let refused = lot.bring(own).await?;
    assert!(refused["why"].as_str().is_some_and(|why| why.contains("match its columns")), "{refused}");
    let brought = lot.send("/api/imports?kind=inventory", &own.replace("8995", "8500")).await?.json();
    let import = brought["run"]["id"].as_u64().ok_or("an import")?;
    lot.rooftop.drafted(import).await?;
    let mapping =
        json!({ "kind": "inventory", "system": "", "columns": ["stock", "car-in-words", "asking-price"], "dates": "month-first", "names": "guess" });
    let auth = format!("Bearer {}", lot.rooftop.token);
    let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let path = format!("/api/imports/{import}/mapping");
    let matched = send(lot.rooftop.lan, "PUT", &path, &headers, mapping.to_string().as_bytes()).await?;
    assert_eq!(matched.status, StatusCode::OK, "{}", matched.json());
    lot.rooftop.drafted(import).await?;
    lot.rooftop.post(&format!("/api/imports/{import}/run"), &json!({})).await?;
    lot.rooftop.settled().await?;
    let read = lot.bring(own).await?;
    assert_eq!(counts(&read, &["listed", "changed", "dearer"]), [2, 1, 1], "{read}");
    assert_eq!(lot.car("Q1").await?["price_cents"], 899_500);
    Ok(())
}

#[tokio::test]
async fn a_feed_takes_off_the_lot_only_what_it_listed_itself() -> Fails {
    let lot = Lot::open().await?;
    let other = lot.rooftop.post("/api/feeds", &json!({ "name": "Trucks", "covers": "part", "patience": 1, "most_gone_percent": 100 })).await?.json();
    let other = other["feed"]["id"].as_u64().ok_or("a feed")?;
    lot.rooftop
        .operate(Request::Import {
            kind: Some(ImportKind::Inventory),
            rehearse: false,
            file: "by hand.csv".to_owned(),
            bytes: b"stock,year,make,model,price\nH1,2018,Ford,Focus,8995\n".to_vec(),
        })
        .await?;
    lot.rooftop.settled().await?;
    lot.bring(TUESDAY).await?;
    assert_eq!(lot.rooftop.get("/api/feeds").await?["in_no_feed"], 1);
    let trucks: String = TUESDAY.lines().filter(|l| l.starts_with("type") || l.contains("Pickup")).flat_map(|l| [l, "\n"]).collect();
    lot.send(&format!("/api/feeds/{other}/snapshots"), &trucks).await?;
    lot.pass(DAY_MS);
    let one_truck: String = trucks.lines().filter(|l| !l.contains("L1007")).flat_map(|l| [l, "\n"]).collect();
    lot.send(&format!("/api/feeds/{other}/snapshots"), &one_truck).await?;
    assert!(lot.on_lot().await?.contains(&"L1007".to_owned()), "the other feed still lists it");
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    lot.pass(DAY_MS);
    lot.bring(&WEDNESDAY.replace("31204", "31300")).await?;
    let on_lot = lot.on_lot().await?;
    assert!(!on_lot.contains(&"L1007".to_owned()) && !on_lot.contains(&"L1003".to_owned()), "{on_lot:?}");
    assert!(on_lot.contains(&"H1".to_owned()), "no feed ever listed it");
    Ok(())
}

#[tokio::test]
async fn a_row_whose_stock_number_is_another_cars_is_held_back_and_neither_car_is_lost() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.pass(DAY_MS);
    // L1011's row bears the stock number of L1012.
    let wrong: String =
        TUESDAY.lines().filter(|l| !l.contains("\tL1012\t")).flat_map(|l| [l.replace("L1011\t", "L1012\t"), "\n".to_owned()]).collect();
    let read = lot.bring(&wrong).await?;
    assert_eq!(counts(&read, &["held_back", "not_listed", "changed"]), [1, 0, 0], "{read}");
    assert!(read["held_back"][0]["reason"].as_str().is_some_and(|r| r.contains("another VIN")), "{read}");
    assert_eq!(lot.on_lot().await?.len(), 12);
    Ok(())
}

#[tokio::test]
async fn what_a_feed_only_repeats_does_not_undo_what_somebody_did() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let held = lot.say("L1001", json!({ "t": "held", "customer": null, "until_ms": null, "note": "deposit taken" })).await?;
    assert_eq!(
        (&held["status"], &held["standing"]["note"], &held["standing"]["by"]["name"]),
        (&json!("hold"), &json!("deposit taken"), &json!("Sam Rourke"))
    );
    lot.say("L1003", json!({ "t": "recon", "step": "detail" })).await?;
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    let held = lot.car("L1001").await?;
    assert_eq!((&held["status"], &held["price_cents"]), (&json!("hold"), &json!(2_715_000)), "its price is news, that it is for sale is not");
    lot.pass(DAY_MS);
    lot.bring(THURSDAY).await?;
    assert_eq!(lot.car("L1003").await?["status"], "recon", "whoever has it in recon may have taken it out of the feed");
    // What the feed says anew is said over what was said by hand.
    lot.pass(DAY_MS);
    lot.bring(&THURSDAY.replace("L1001-2.jpg\tA", "L1001-2.jpg\tS")).await?;
    let sold = lot.car("L1001").await?;
    assert_eq!((&sold["status"], &sold["standing"]), (&json!("sold"), &Value::Null));
    Ok(())
}

#[tokio::test]
async fn a_snapshot_is_taken_back_exactly_or_not_at_all() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let pages = async |lot: &Lot| -> Result<Vec<Value>, Failure> {
        let mut pages = Vec::new();
        for stock in ["L1001", "L1003", "L1010"] {
            pages.push(lot.car(stock).await?);
        }
        Ok(pages)
    };
    let before = (lot.on_lot().await?, pages(&lot).await?);
    lot.bring(WEDNESDAY).await?;
    assert_ne!((lot.on_lot().await?, pages(&lot).await?), before);
    let back = lot.post("undo").await?;
    assert_eq!(back.status, StatusCode::OK, "{}", back.json());
    assert_eq!((lot.on_lot().await?, pages(&lot).await?), before);
    assert_eq!(back.json()["reads"][0]["outcome"], "taken_back");
    assert_eq!(lot.post("undo").await?.status, StatusCode::CONFLICT, "only the last can be taken back");
    // The same bytes do not come again by themselves, and are taken when somebody says so.
    let again = lot.bring(WEDNESDAY).await?;
    assert!(again["why"].as_str().is_some_and(|why| why.contains("taken back before")), "{again}");
    lot.post("anyway").await?;
    assert_eq!(lot.on_lot().await?.len(), 14);
    lot.say("L1005", json!({ "t": "recon", "step": null })).await?;
    let kept = lot.post("undo").await?;
    assert!(kept.json()["detail"].as_str().is_some_and(|why| why.contains("was changed since")), "{}", kept.json());
    assert_eq!(lot.on_lot().await?.len(), 14, "nothing of it was taken back");
    Ok(())
}

/// A snapshot without these cars.
fn without(file: &str, stocks: &[&str]) -> String {
    file.lines().filter(|line| !stocks.iter().any(|stock| line.contains(&format!("\t{stock}\t")))).flat_map(|line| [line, "\n"]).collect()
}

/// A snapshot in which the row of one car says something else.
fn with_row(file: &str, stock: &str, from: &str, to: &str) -> String {
    let row = format!("\t{stock}\t");
    file.lines().flat_map(|line| [if line.contains(&row) { line.replace(from, to) } else { line.to_owned() }, "\n".to_owned()]).collect()
}

async fn imported(lot: &Lot, kind: ImportKind, rows: &str) -> Fails {
    let bytes = rows.as_bytes().to_vec();
    lot.rooftop.operate(Request::Import { kind: Some(kind), rehearse: false, file: "rows.csv".to_owned(), bytes }).await?;
    lot.rooftop.settled().await
}

#[tokio::test]
async fn a_snapshot_is_measured_by_the_cars_that_stood_there_the_time_before() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.pass(DAY_MS);
    lot.bring(&without(TUESDAY, &["L1001", "L1002", "L1003"])).await?;
    lot.pass(DAY_MS);
    // Two of nine go; the three of yesterday were counted then.
    let next = lot.bring(&without(TUESDAY, &["L1001", "L1002", "L1003", "L1004", "L1005"])).await?;
    assert_eq!((&next["outcome"], counts(&next, &["missing", "not_listed"])), (&json!("taken"), vec![3, 2]), "{next}");

    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.pass(DAY_MS);
    let sold: Vec<&str> = vec!["L1001", "L1002", "L1003", "L1004", "L1005"];
    let all_sold = sold.iter().fold(TUESDAY.to_owned(), |file, stock| with_row(&file, stock, "jpg\tA", "jpg\tS"));
    assert_eq!(counts(&lot.bring(&all_sold).await?, &["sold"]), [5]);
    lot.pass(DAY_MS);
    let gone = lot.bring(&without(TUESDAY, &sold)).await?;
    assert_eq!(gone["outcome"], "taken", "what was sold may leave the feed: {gone}");
    Ok(())
}

#[tokio::test]
async fn a_car_that_came_back_in_time_is_waited_for_as_long_as_any_other() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    for file in [without(TUESDAY, &["L1007"]), TUESDAY.to_owned(), without(TUESDAY, &["L1007"])] {
        lot.pass(DAY_MS);
        lot.bring(&file).await?;
    }
    assert_eq!(lot.car("L1007").await?["status"], "available", "absent twice, and not twice running");
    Ok(())
}

#[tokio::test]
async fn a_car_that_a_deal_sold_stays_sold_while_the_feed_lags_and_is_for_sale_when_it_comes_back() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let deal = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price\n\
        1,11/24/2026,Marcus,Chen,207-555-0101,2HKRW2H81NH700101,2022,Honda,CR-V,Cash,27000\n";
    imported(&lot, ImportKind::Deals, deal).await?;
    assert_eq!(lot.car("L1001").await?["status"], "sold");
    let of_before = deal.replace("\n1,11/24/2026", "\n2,11/20/2026").replace("2HKRW2H81NH700101", "1FTEW1EP7MF700114");
    imported(&lot, ImportKind::Deals, &of_before).await?;
    assert_eq!(lot.car("L1002").await?["status"], "available", "it came back since");
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    assert_eq!(lot.car("L1001").await?["status"], "sold", "the feed has it still, and dearer or cheaper it is sold");
    // Taken in again, it is listed by the very row of before.
    lot.pass(DAY_MS);
    lot.bring(&without(WEDNESDAY, &["L1001"])).await?;
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    assert_eq!(lot.car("L1001").await?["status"], "available");
    Ok(())
}

#[tokio::test]
async fn a_new_number_under_the_stock_number_of_a_car_that_stands_there_is_held_back() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.pass(DAY_MS);
    let read = lot.bring(&with_row(TUESDAY, "L1012", "WA1BNAFY0K2700244", "1HGCM82633A004352")).await?;
    assert_eq!(counts(&read, &["held_back", "arrived", "not_listed"]), [1, 0, 0], "{read}");
    assert_eq!((&lot.car("L1012").await?["vin"], lot.on_lot().await?.len()), (&json!("WA1BNAFY0K2700244"), 12));
    Ok(())
}

#[tokio::test]
async fn what_a_file_leaves_blank_or_only_repeats_stays_as_it_was() -> Fails {
    let lot = Lot::open().await?;
    let file = |cost: &str, price: u32, miles: u32, photo: &str| {
        format!(
            "stock,vin,year,make,model,price,cost,miles,image list,status\nL1,2HKRW2H81NH700101,2022,Honda,CR-V,{price},{cost},{miles},{photo},available\n"
        )
    };
    let photo = "https://img.example.com/1.jpg";
    lot.bring(&file("21500", 27_650, 31_204, photo)).await?;
    let (id, auth) = (lot.id("L1")?, format!("Bearer {}", lot.rooftop.token));
    let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let set = send(lot.rooftop.lan, "PUT", &format!("/api/vehicles/{id}/price"), &headers, br#"{"price_cents":2600000}"#).await?;
    assert_eq!(set.status, StatusCode::OK, "{}", set.json());
    lot.pass(DAY_MS);
    lot.bring(&file("", 27_650, 31_300, "")).await?;
    let car = lot.rooftop.house.rooms.store.read()?.get(tables::VEHICLES, &VehicleId(id))?.ok_or("a car")?;
    let listing = car.listing.ok_or("a listing")?;
    assert_eq!((listing.cost, listing.price, listing.photos.len()), (Some(Cents(2_150_000)), Some(Cents(2_600_000)), 1));
    lot.pass(DAY_MS);
    lot.bring(&file("", 26_500, 31_300, "")).await?;
    assert_eq!(lot.car("L1").await?["price_cents"], 2_650_000, "another price is news");
    // A file that says the car is for sale does not know of the hold.
    lot.say("L1", json!({ "t": "held", "customer": null, "until_ms": null, "note": "deposit taken" })).await?;
    imported(&lot, ImportKind::Inventory, &file("", 26_500, 31_400, "")).await?;
    assert_eq!(lot.car("L1").await?["status"], "hold");
    Ok(())
}

#[tokio::test]
async fn a_snapshot_is_not_taken_back_when_somebody_asked_about_a_car_that_it_brought() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    let asked = "<?adf version=\"1.0\"?><adf><prospect><id source=\"Cars.com\">1</id><requestdate>2026-11-25T09:42:30-05:00</requestdate>\
        <vehicle interest=\"buy\"><stock>L1013</stock></vehicle><customer><contact><name part=\"full\">Dana Whitfield</name>\
        <phone>207-555-0148</phone></contact></customer><provider><name>Cars.com</name></provider></prospect></adf>";
    lot.rooftop.from_outside("/leads/adf", asked.as_bytes()).await?;
    lot.rooftop.settled().await?;
    let kept = lot.post("undo").await?;
    assert!(kept.json()["detail"].as_str().is_some_and(|why| why.contains("asked about since")), "{}", kept.json());
    assert_eq!(lot.on_lot().await?.len(), 14);
    Ok(())
}

#[tokio::test]
async fn a_feed_of_used_cars_takes_no_new_one() -> Fails {
    let lot = Lot::open().await?;
    let said = json!({ "name": "Used cars", "covers": "used", "patience": 2, "most_gone_percent": 30 });
    let used = lot.rooftop.post("/api/feeds", &said).await?.json()["feed"]["id"].clone();
    let brought = lot.send(&format!("/api/feeds/{used}/snapshots"), &with_row(TUESDAY, "L1004", "Used\t", "New\t")).await?.json();
    let read = &brought["page"]["reads"][0];
    assert_eq!(counts(read, &["arrived", "held_back"]), [11, 1], "{read}");
    assert!(read["held_back"][0]["reason"].as_str().is_some_and(|why| why.contains("one of used cars")), "{read}");
    // A row that says nothing of it is of a used car.
    lot.pass(DAY_MS);
    lot.send(&format!("/api/feeds/{used}/snapshots"), &TUESDAY.replacen("type", "unsaid", 1)).await?;
    let car = lot.rooftop.house.rooms.store.read()?.get(tables::VEHICLES, &VehicleId(lot.id("L1004")?))?;
    assert_eq!(car.and_then(|car| car.listing).map(|listing| listing.condition), Some(Condition::Used));
    Ok(())
}

#[tokio::test]
async fn a_feed_that_is_given_up_leaves_its_cars_and_nothing_else() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let removed = lot.rooftop.say("DELETE", &format!("/api/feeds/{}", lot.feed), &json!({})).await?;
    assert!(removed.status.is_success(), "{}", removed.json());
    assert_eq!(lot.on_lot().await?.len(), 12);
    let tx = lot.rooftop.house.rooms.store.read()?;
    assert_eq!((tx.count(tables::FEEDS)?, tx.count(tables::FEED_CARS)?, tx.count(tables::FEED_READS)?, tx.count(tables::FEED_UNDO)?), (0, 0, 0, 0));
    Ok(())
}

#[tokio::test]
async fn a_hold_is_in_the_customers_story_ends_by_itself_and_can_be_taken_back() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.rooftop
        .operate(Request::Import {
            kind: Some(ImportKind::Customers),
            rehearse: false,
            file: "people.csv".to_owned(),
            bytes: b"customer number,first name,last name,phone\n1,Dana,Whitfield,207-555-0148\n".to_vec(),
        })
        .await?;
    lot.rooftop.settled().await?;
    let dana = lot.rooftop.get("/api/search?q=whitfield").await?["hits"][0]["id"].as_u64().ok_or("Dana")?;
    let story = async |lot: &Lot| -> Result<usize, Failure> {
        let story = lot.rooftop.get(&format!("/api/customers/{dana}/story")).await?;
        Ok(story["items"].as_array().into_iter().flatten().filter(|line| line["title"].as_str().is_some_and(|t| t.starts_with("Held the"))).count())
    };
    let until = At::parse_rfc3339(MORNING).ok_or("a morning")?.plus_ms(DAY_MS);
    let held = lot.say("L1001", json!({ "t": "held", "customer": dana, "until_ms": until.0, "note": "" })).await?;
    assert_eq!(held["standing"]["customer"]["name"], "Dana Whitfield");
    assert_eq!(story(&lot).await?, 1);
    let undone = lot.rooftop.post(&format!("/api/vehicles/{}/standing/undo", lot.id("L1001")?), &json!({})).await?;
    assert_eq!((undone.json()["status"].clone(), story(&lot).await?), (json!("available"), 0));
    lot.say("L1001", json!({ "t": "held", "customer": dana, "until_ms": until.0, "note": "" })).await?;
    lot.pass(DAY_MS + HOUR_MS);
    // The wheel of the timers turns twice a second.
    let ends = async {
        while lot.car("L1001").await?["status"] == "hold" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok::<_, Failure>(())
    };
    tokio::time::timeout(Duration::from_secs(20), ends).await??;
    let free = lot.car("L1001").await?;
    assert_eq!((&free["status"], &free["standing"], story(&lot).await?), (&json!("available"), &Value::Null, 1));
    Ok(())
}

#[tokio::test]
async fn equipment_is_shown_and_can_be_filtered_by() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    let car = lot.car("L1012").await?;
    let labels: Vec<&str> = car["features"].as_array().into_iter().flatten().filter_map(|f| f["label"].as_str()).collect();
    assert_eq!(labels, ["AWD or 4WD", "Leather", "Sunroof", "Panoramic roof", "Navigation", "Parking sensors"]);
    let third = lot.rooftop.get("/api/vehicles?feature=third-row").await?;
    assert_eq!(third["total"], 2, "{third}");
    let choices = lot.rooftop.get("/api/lot/choices").await?;
    let leather = choices["features"].as_array().into_iter().flatten().find(|f| f["value"] == "leather").cloned().ok_or("leather")?;
    assert_eq!(leather, json!({ "value": "leather", "label": "Leather", "count": 3 }));
    Ok(())
}

fn journal(rooms: &Rooms) -> Result<Vec<(Seq, Entry)>, StoreError> {
    rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)
}

#[tokio::test]
async fn the_journal_of_three_days_gives_the_same_lot_again() -> Fails {
    let lot = Lot::open().await?;
    lot.bring(TUESDAY).await?;
    lot.say("L1004", json!({ "t": "inbound", "due_ms": null })).await?;
    lot.pass(DAY_MS);
    lot.bring(WEDNESDAY).await?;
    lot.bring(CUT_OFF).await?;
    lot.post("undo").await?;
    lot.bring(WEDNESDAY).await?;
    lot.post("anyway").await?;
    lot.pass(DAY_MS);
    lot.bring(THURSDAY).await?;
    let lived = &lot.rooftop.house.rooms;
    let entries = journal(lived)?;
    let again = rooms()?;
    let policy = lived.policy.clone();
    again.store.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let (one, other) = (lived.store.read()?, again.store.read()?);
    macro_rules! same {
        ($($table:ident),+) => {$(
            assert_eq!(one.some(tables::$table, &Span::all(), usize::MAX)?, other.some(tables::$table, &Span::all(), usize::MAX)?, stringify!($table));
        )+};
    }
    same!(VEHICLES, ON_LOT, STOCKS, VINS, FEEDS, FEED_CARS, FEED_READS, FEED_UNDO);
    Ok(())
}
