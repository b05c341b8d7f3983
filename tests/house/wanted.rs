//! A car is sold: is everybody who watched it offered the closest that can be had, and does the store hear which cars are wanted in vain?

use crate::support::{Fails, Failure, Rooftop, enquiry, send};
use headlight::{
    domain::{
        deal::NewDeal,
        event::{Event, ImportRow},
        ids::ImportId,
        import_run::ImportKind,
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        time::{DAY_MS, HOUR_MS, MINUTE_MS},
        vin::Vin,
    },
    service::{advance, operator::Request},
};
use serde_json::{Value, json};

const CRV: &str = "2HKRW2H8XNH614882";
const HEAD: &str = "stock,vin,year,make,model,body,drivetrain,price,status\n";

async fn list(rooftop: &Rooftop, rows: &str) -> Fails {
    let bytes = format!("{HEAD}{rows}").into_bytes();
    rooftop.operate(Request::Import { kind: Some(ImportKind::Inventory), rehearse: false, file: "lot.csv".to_owned(), bytes }).await?;
    rooftop.settled().await
}

/// A CR-V that is watched, another, an SUV of another kind, and a pickup.
async fn opened() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    list(&rooftop, &format!("24117,{CRV},2022,Honda,CR-V,SUV,AWD,27650,available\n")).await?;
    list(&rooftop, "24300,5J6RW2H51ML000007,2021,Honda,CR-V,SUV,AWD,26900,available\n").await?;
    list(&rooftop, "24400,JTMP1RFV6KD000003,2019,Toyota,RAV4,SUV,AWD,24650,available\n").await?;
    list(&rooftop, "24500,1FTFW1E55NFA12345,2022,Ford,F-150,Pickup,4WD,27600,available\n").await?;
    Ok(rooftop)
}

/// Somebody sets a price alert on the CR-V with the browser of their number.
async fn watches(rooftop: &Rooftop, n: u32) -> Fails {
    let form = json!({
        "vin": CRV, "stock": "24117", "channel": "email", "to": format!("reader{n}@example.com"), "name": format!("Reader{n} Whitfield"),
        "below": null, "agreed": true, "similar": false, "client": format!("browser-{n}"),
    });
    let answered = rooftop.from_outside("/price-alerts", form.to_string().as_bytes()).await?;
    assert_eq!(answered.status.as_u16(), 201, "{}", answered.json());
    rooftop.settled().await
}

async fn looks(rooftop: &Rooftop, browser: &str, hours_ago: &[i64]) -> Fails {
    for hours in hours_ago {
        let at = rooftop.clock.now().0 - hours * HOUR_MS;
        let look = json!({ "name": "asc_item_pageview", "timestamp_micros": at * 1_000, "params": { "item_number": "24117", "item_id": CRV } });
        rooftop.from_outside("/collect", json!({ "client_id": browser, "events": [look] }).to_string().as_bytes()).await?;
        rooftop.settled().await?;
    }
    Ok(())
}

/// The CR-V goes to the reader of this number.
async fn sold_to(rooftop: &Rooftop, n: u32) -> Fails {
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    let mut buyer = Profile::new(Source { kind: SourceKind::Dms, name: "DMS".into() }, now);
    buyer.name = PersonName { first: format!("Reader{n}"), last: "Whitfield".into(), ..PersonName::default() };
    buyer.emails.extend(headlight::domain::email::Email::parse(&format!("reader{n}@example.com")));
    buyer.phones.extend(Phone::parse(&format!("207-555-01{n:02}")));
    let mut deal = NewDeal::new("7001".into(), now.plus_ms(-HOUR_MS), buyer);
    deal.vin = Vin::parse(CRV);
    let event = Event::Imported { import: ImportId(90), rows: vec![ImportRow::Deal(deal)], lines: vec![] };
    rooftop.house.rooms.store.write(move |tx| advance::append_applied(tx, &policy, event.clone(), now)).await?;
    list(rooftop, &format!("24117,{CRV},2022,Honda,CR-V,SUV,AWD,27650,sold\n")).await
}

async fn id_of(rooftop: &Rooftop, stock: &str) -> Result<u64, Failure> {
    let lot = rooftop.get("/api/vehicles?limit=100").await?;
    let found = lot["items"].as_array().into_iter().flatten().find(|car| car["stock"] == stock).and_then(|car| car["id"].as_u64());
    Ok(found.ok_or("a car")?)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watched_a_car_that_was_sold_is_offered_the_two_closest_and_its_buyer_nothing() -> Fails {
    let rooftop = opened().await?;
    for n in [1, 2, 3] {
        watches(&rooftop, n).await?;
    }
    looks(&rooftop, "browser-1", &[30, 20, 0]).await?;
    let id = id_of(&rooftop, "24117").await?;
    sold_to(&rooftop, 3).await?;
    assert_eq!(rooftop.get(&format!("/api/vehicles/{id}")).await?["status"], "sold");

    let instead = rooftop.get(&format!("/api/vehicles/{id}/instead")).await?;
    let who: Vec<(&str, &str)> =
        instead["who"].as_array().into_iter().flatten().filter_map(|one| Some((one["customer"]["name"].as_str()?, one["what"].as_str()?))).collect();
    assert_eq!(who, [("Reader1 Whitfield", "3 looks"), ("Reader2 Whitfield", "Set a price alert")], "{instead}");
    assert_eq!(instead["total"], 2);
    for one in instead["who"].as_array().into_iter().flatten() {
        let stocks: Vec<&Value> = one["cars"].as_array().into_iter().flatten().map(|car| &car["vehicle"]["stock"]).collect();
        assert_eq!(stocks, ["24300", "24400"], "never the pickup, though it costs the same: {one}");
    }
    let close = &instead["who"][1]["cars"][1]["because"];
    assert_eq!(close, &json!(["SUV like that one", "$3,000 less"]), "{instead}");
    let auth = format!("Bearer {}", rooftop.token);
    let nothing = send(rooftop.lan, "GET", "/api/vehicles/999999/instead", &[("authorization", &auth)], b"").await?;
    assert_eq!(nothing.status.as_u16(), 404);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_in_vain_is_told_until_such_a_car_stands_there() -> Fails {
    let rooftop = opened().await?;
    watches(&rooftop, 1).await?;
    looks(&rooftop, "browser-1", &[20, 0]).await?;
    looks(&rooftop, "browser-of-nobody", &[5]).await?;
    assert_eq!(rooftop.get("/api/wanted").await?["items"], json!([]), "everything they look at stands here");
    list(&rooftop, "24300,5J6RW2H51ML000007,2021,Honda,CR-V,SUV,AWD,26900,sold\n").await?;
    list(&rooftop, &format!("24117,{CRV},2022,Honda,CR-V,SUV,AWD,27650,sold\n")).await?;

    let customer = rooftop.get("/api/customers?q=reader1").await?["items"][0]["id"].clone();
    let auth = format!("Bearer {}", rooftop.token);
    let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let wish = json!({ "make": "Toyota", "model": "Tundra", "price_most_cents": 4_000_000 }).to_string();
    send(rooftop.lan, "POST", &format!("/api/customers/{customer}/wishes"), &headers, wish.as_bytes()).await?;

    let items = rooftop.get("/api/wanted").await?["items"].clone();
    let rows: Vec<Value> = items
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| json!([row["label"], row["wishes"], row["looked"], row["unknown"], row["who"][0]["name"]]))
        .collect();
    let name = "Reader1 Whitfield";
    assert_eq!(rows, [json!(["Honda CR-V", 0, 1, 1, name]), json!(["Toyota Tundra, at most $40,000", 1, 0, 0, name])], "{items}");

    list(&rooftop, "24600,5J6RW2H57ML000013,2023,Honda,CR-V,SUV,AWD,29900,available\n").await?;
    let items = rooftop.get("/api/wanted").await?["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
    assert_eq!(items[0]["label"], "Toyota Tundra, at most $40,000");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_writes_down_is_sought_at_once_and_no_more_when_it_is_taken_back() -> Fails {
    let rooftop = opened().await?;
    let lead = enquiry(1, "Website").replace("</model>", "</model><stock>24117</stock>");
    rooftop.from_outside("/leads/adf", lead.as_bytes()).await?;
    rooftop.settled().await?;
    let card = rooftop.card_of(1).await?;
    let customer = card["customer"]["id"].clone();
    let sought = async || -> Result<Value, Failure> {
        let found = rooftop.get(&format!("/api/customers/{customer}/cars")).await?;
        Ok(json!([found["seeks"]["words"], found["cars"][0]["vehicle"]["stock"]]))
    };
    assert_eq!(sought().await?, json!(["CR-V", "24300"]));
    rooftop.clock.advance_ms(MINUTE_MS);
    let done = json!({ "outcome": "talked", "note": "Drives a sedan. Wants a truck below 30k." });
    rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &done).await?;
    assert_eq!(sought().await?, json!(["truck", "24500"]));
    rooftop.post(&format!("/api/alerts/{}/undo", card["id"]), &json!({})).await?;
    assert_eq!(sought().await?, json!(["CR-V", "24300"]), "taken back");

    rooftop.clock.advance_ms(MINUTE_MS);
    let note = json!({ "text": "Has two kids. Looking for a pickup below 28k." });
    rooftop.post(&format!("/api/customers/{customer}/notes"), &note).await?;
    assert_eq!(sought().await?, json!(["truck", "24500"]));
    rooftop.clock.advance_ms(61 * DAY_MS);
    assert_eq!(sought().await?[0], Value::Null, "too long ago");
    rooftop.close().await;
    Ok(())
}
