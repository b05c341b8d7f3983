//! Do all screens say the same of one person, and is it true now? The queue, the card, the page, the list and the search box side by side.

use crate::support::{Fails, Failure, Rooftop};
use headlight::{
    domain::import_run::ImportKind,
    service::{operator::Request, timers},
};
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;
const CAR: &str = "2HKRW2H8XNH614882";
const TRUCK: &str = "1FTFW1E50NFA12345";

async fn imported(rooftop: &Rooftop, kind: ImportKind, rows: &str) -> Fails {
    rooftop.operate(Request::Import { kind: Some(kind), rehearse: false, file: "rows.csv".to_owned(), bytes: rows.as_bytes().to_vec() }).await?;
    rooftop.settled().await
}

/// A store with two cars and Dana, who asked about the CR-V and may be texted.
async fn with_dana() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let lot = format!(
        "stock,vin,year,make,model,trim,price,miles\n24117,{CAR},2022,Honda,CR-V,EX-L,27650,31480\n24101,{TRUCK},2022,Ford,F-150,XLT,38900,41800\n"
    );
    imported(&rooftop, ImportKind::Inventory, &lot).await?;
    rooftop.from_outside("/collect", look("24117", CAR).as_bytes()).await?;
    rooftop.from_outside("/leads/adf", adf().as_bytes()).await?;
    rooftop.settled().await?;
    Ok(rooftop)
}

fn adf() -> String {
    r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Cars.com">1</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
    <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
    <customer><contact><name part="first">Dana</name><name part="last">Whitfield</name><phone>207-555-0148</phone><email>dana.w@example.com</email></contact>
    <comments>Is the white one still there?</comments></customer><provider><name>Cars.com</name></provider></prospect></adf>"#
        .to_owned()
}

fn look(stock: &str, vin: &str) -> String {
    json!({ "client_id": "browser-1", "events": [{ "name": "asc_item_pageview", "params": { "item_number": stock, "item_id": vin } }] }).to_string()
}

async fn only_row(rooftop: &Rooftop) -> Result<Value, Failure> {
    let queue = rooftop.get("/api/alerts?scope=store").await?;
    assert_eq!(queue["total"], 1, "{queue}");
    Ok(queue["items"][0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_one_number_wherever_it_is_shown_and_hours_later_too() -> Fails {
    let rooftop = with_dana().await?;
    let row = only_row(&rooftop).await?;
    let first = row["score"].as_i64();
    let car = rooftop.get("/api/search?q=24117").await?["hits"][0]["id"].clone();
    for hours in [20, 40] {
        rooftop.clock.advance_ms(hours * HOUR_MS);
        let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
        rooftop.house.rooms.store.write(move |tx| timers::fire_due(tx, &policy, now, 50)).await?;
        one_number(&rooftop, &row, &car).await?;
    }
    let faded = only_row(&rooftop).await?["score"].as_i64();
    assert!(faded < first && faded > Some(0), "{first:?} {faded:?}");
    rooftop.close().await;
    Ok(())
}

async fn one_number(rooftop: &Rooftop, row: &Value, car: &Value) -> Fails {
    let card = rooftop.get(&format!("/api/alerts/{}", row["id"])).await?;
    let page = rooftop.get(&format!("/api/customers/{}", row["customer"]["id"])).await?;
    let list = rooftop.get("/api/customers?q=whitfield").await?;
    let found = rooftop.get("/api/search?q=whitfield").await?;
    let watchers = rooftop.get(&format!("/api/vehicles/{car}")).await?;
    let now = card["score"].as_i64();
    let parts = |shown: &Value| shown["score_parts"].as_array().into_iter().flatten().filter_map(|p| p["points"].as_i64()).sum::<i64>();
    assert_eq!((Some(parts(&card)), Some(parts(&page))), (now, now), "its parts make it");
    for (place, shown) in [
        ("queue", &only_row(rooftop).await?["score"]),
        ("page", &page["score"]),
        ("card of the page", &page["alert"]["score"]),
        ("list", &list["items"][0]["score"]),
        ("search", &found["hits"][0]["score"]),
        ("watchers of the car", &watchers["watchers"][0]["score"]),
    ] {
        assert_eq!(shown.as_i64(), now, "{place}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_read_hours_later_offers_no_hour_that_is_past_and_says_what_was_missed() -> Fails {
    let rooftop = with_dana().await?;
    let path = format!("/api/alerts/{}", only_row(&rooftop).await?["id"]);
    let draft = |card: &Value| card["draft"]["text"].as_str().unwrap_or_default().to_owned();
    let labels = |card: &Value| -> Vec<String> {
        card["steps"].as_array().into_iter().flatten().map(|s| format!("{}: {}", s["label"], s["text"]).replace('"', "")).collect()
    };
    let card = rooftop.get(&path).await?;
    assert!(draft(&card).contains("11:00 today or 2:00"), "{}", draft(&card));
    assert!(labels(&card)[1].starts_with("9:46 am: "), "{:?}", labels(&card));
    rooftop.clock.advance_ms(3 * HOUR_MS);
    let card = rooftop.get(&path).await?;
    assert!(draft(&card).contains("2:00 today or 5:00"), "{}", draft(&card));
    assert_eq!(labels(&card)[1], "Was due 11:41 am: Call at another time of day");
    assert!(labels(&card)[2].starts_with("6:00 pm: "), "{:?}", labels(&card));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_action_its_reason_and_the_card_speak_of_one_car() -> Fails {
    let rooftop = with_dana().await?;
    let first = only_row(&rooftop).await?;
    rooftop.post(&format!("/api/alerts/{}/done", first["id"]), &json!({ "outcome": "called" })).await?;
    for hours in [24, 8, 8, 6] {
        rooftop.clock.advance_ms(hours * HOUR_MS);
        rooftop.from_outside("/collect", look("24101", TRUCK).as_bytes()).await?;
        rooftop.settled().await?;
    }
    let page = rooftop.get(&format!("/api/customers/{}", first["customer"]["id"])).await?;
    let action = &page["next_action"];
    assert_eq!(page["alert"]["vehicle"]["stock"], "24101", "{page}");
    assert!(action["title"].as_str().is_some_and(|t| t.contains("F-150") && !t.contains("CR-V")), "{action}");
    assert!(action["why"].as_str().is_some_and(|t| t.contains("F-150")), "{action}");
    assert_eq!(action["alert_id"], page["alert"]["id"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn why_somebody_has_a_card_is_why_they_have_it_now() -> Fails {
    let rooftop = with_dana().await?;
    let offered = only_row(&rooftop).await?;
    let post = |act: &str, body: Value| {
        let path = format!("/api/alerts/{}/{act}", offered["id"]);
        let rooftop = &rooftop;
        async move { Ok::<Value, Failure>(rooftop.post(&path, &body).await?.json()) }
    };
    let why = |card: &Value| (card["owner"]["name"].clone(), card["routed_because"].clone());
    let sam = post("claim", json!({})).await?;
    assert_eq!(why(&sam), (json!("Sam Rourke"), json!("claimed it")));
    assert!(sam["draft"]["text"].as_str().is_some_and(|t| !t.contains("it's Priya")), "{}", sam["draft"]);
    let back = post("undo", json!({})).await?;
    assert_eq!(why(&back), why(&offered), "taken back, it is again with whom it was, for the same reason");
    assert!(back["draft"]["text"].as_str().is_some_and(|t| t.contains("it's Priya")), "{}", back["draft"]);
    post("claim", json!({})).await?;
    let jo = rooftop.get("/api/me").await?["people"].as_array().into_iter().flatten().find(|p| p["name"] == "Jo Lindqvist").map(|p| p["id"].clone());
    let handed = post("handoff", json!({ "to": jo })).await?;
    assert_eq!(why(&handed), (json!("Jo Lindqvist"), json!("Handed over by Sam R.")));
    let kept = post("undo", json!({})).await?;
    assert_eq!(why(&kept), (json!("Sam Rourke"), json!("claimed it")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lives_under_one_roof_is_a_household_and_stays_two_people() -> Fails {
    let rooftop = Rooftop::open().await?;
    let rows = "customer number,first name,last name,phone,address,city,state,zip\n\
        1,Dana,Whitfield,207-555-0148,84 Stevens Avenue,Portland,ME,04102\n\
        2,Sam,Whitfield,207-555-0149,84 STEVENS AVE.,Portland,ME,04102-1187\n\
        3,Pat,Okonkwo,207-555-0154,66 Brighton Avenue,Portland,ME,04102\n\
        4,Hope,Adeyemi,207-555-0140,123 Main Street,Portland,ME,04101\n\
        5,Mia,Castellanos,207-555-0151,123 Main Street,Portland,ME,04101\n"
        .to_owned();
    let names = ["Ana", "Ben", "Cleo", "Dov", "Elias", "Fay", "Gus", "Hal", "Ida", "Kit"];
    let tower: Vec<String> =
        (10..20).zip(names).map(|(n, name)| format!("{n},{name},Tower,207-555-01{n},1 Tower Road,Portland,ME,04101\n")).collect();
    let rows = rows + &tower.concat();
    imported(&rooftop, ImportKind::Customers, &rows).await?;
    let household = async |name: &str| -> Result<Vec<(String, String)>, Failure> {
        let found = rooftop.get(&format!("/api/customers?q={name}")).await?;
        let page = rooftop.get(&format!("/api/customers/{}", found["items"][0]["id"])).await?;
        let said = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        Ok(page["household"].as_array().into_iter().flatten().map(|m| (said(&m["name"]), said(&m["relation"]))).collect())
    };
    assert_eq!(household("dana").await?, [("Sam Whitfield".to_owned(), "same address".to_owned())]);
    assert_eq!(household("sam").await?, [("Dana Whitfield".to_owned(), "same address".to_owned())]);
    for alone in ["pat", "hope", "mia", "cleo"] {
        assert_eq!(household(alone).await?, [], "{alone}");
    }
    // Sam moves out.
    rooftop.clock.advance_ms(24 * HOUR_MS);
    imported(
        &rooftop,
        ImportKind::Customers,
        "customer number,first name,last name,phone,address,city,state,zip\n2,Sam,Whitfield,207-555-0149,12 Elm Street,Westbrook,ME,04092\n",
    )
    .await?;
    assert_eq!(household("dana").await?, []);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_never_in_touch_stands_last_under_last_touch() -> Fails {
    let rooftop = with_dana().await?;
    rooftop.clock.advance_ms(HOUR_MS);
    imported(&rooftop, ImportKind::Customers, "customer number,first name,last name,phone\n9,Wren,Quiet,207-555-0160\n").await?;
    let list = rooftop.get("/api/customers?sort=recent").await?;
    let names: Vec<&str> = list["items"].as_array().into_iter().flatten().filter_map(|r| r["name"].as_str()).collect();
    assert_eq!(names, ["Dana Whitfield", "Wren Quiet"]);
    assert_eq!(list["items"][1]["last_touch_ms"], Value::Null);
    rooftop.close().await;
    Ok(())
}
