//! What customers' cars are worth, what is owed on them, and why to talk about it: from files as a DMS writes them to the page.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{import_run::ImportKind, staff::Role},
    service::{access, market, operator::Request, opportunities},
};
use serde_json::{Value, json};

pub(crate) const DAY_MS: i64 = 86_400_000;

pub(crate) async fn imported(rooftop: &Rooftop, kind: ImportKind, rows: &str) -> Fails {
    rooftop.operate(Request::Import { kind: Some(kind), rehearse: false, file: "rows.csv".to_owned(), bytes: rows.as_bytes().to_vec() }).await?;
    rooftop.settled().await
}

const DEALS: &str = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Body,Mileage,Deal Type,Sales Price,Amount Financed,APR,Term,Monthly Payment,Bank Name,Residual Amount,Allowed Miles\n\
    1,11/24/2024,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,2022,Ford,F-150,Pickup,31000,Finance,38900,30000,6.9,72,,First Bank,,\n\
    2,11/24/2024,Olive,Brandt,207-555-0102,2HGFC2F59KH500001,2019,Honda,Civic,Sedan,40000,Cash,15900,,,,,,,\n\
    3,6/1/2024,Ines,Marlow,207-555-0103,2HKRW2H8XNH614882,2022,Honda,CR-V,SUV,10,Lease,38000,38000,,36,583.28,Honda Finance,21500,30000\n\
    4,11/24/2024,Otis,Verner,207-555-0104,1HGCM82633A004352,2003,Honda,Accord,Sedan,140000,Finance,5900,,,48,,Credit Union,,\n";

const ORDERS: &str = "RO Number,Open Date,First Name,Last Name,Cell Phone,VIN,Mileage,Customer Pay,Recommendations\n\
    900,5/24/2025,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,37000,120,\n\
    901,11/10/2026,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,54700,1640,Rear tires\n";

pub(crate) async fn store() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    imported(&rooftop, ImportKind::Deals, DEALS).await?;
    imported(&rooftop, ImportKind::RepairOrders, ORDERS).await?;
    Ok(rooftop)
}

pub(crate) async fn customer(rooftop: &Rooftop, last: &str) -> Result<u64, Failure> {
    let list = rooftop.get("/api/customers").await?;
    let found = list["items"].as_array().into_iter().flatten().find(|c| c["name"].as_str().is_some_and(|n| n.ends_with(last)));
    Ok(found.and_then(|c| c["id"].as_u64()).ok_or("a customer")?)
}

pub(crate) async fn car(rooftop: &Rooftop, last: &str) -> Result<(u64, Value), Failure> {
    let id = customer(rooftop, last).await?;
    Ok((id, rooftop.get(&format!("/api/customers/{id}/equity")).await?["cars"][0].clone()))
}

pub(crate) async fn say(rooftop: &Rooftop, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.to_string().as_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_financed_car_says_what_it_brings_what_is_owed_and_where_each_is_from() -> Fails {
    let rooftop = store().await?;
    let (_, truck) = car(&rooftop, "Chen").await?;
    // 30,000 at 6.9 % over 72 months, 24 of them paid, or 23 before the hour of the day.
    assert_eq!((&truck["owed"]["left"], &truck["owed"]["balance_cents"]), (&json!(49), &json!(2_172_542)), "{truck}");
    assert_eq!((&truck["owed"]["source"], &truck["lender"]), (&json!("Estimated from the deal, every payment taken as made"), &json!("First Bank")));
    assert_eq!((&truck["odometer"]["read_mi"], &truck["odometer"]["is_own_rate"]), (&json!(54_700), &json!(true)));
    let miles = truck["odometer"]["miles"].as_u64().unwrap_or_default();
    assert!((55_000..55_400).contains(&miles), "{truck}");
    let (worth, left) = (truck["worth"]["middle_cents"].as_i64().ok_or("a value")?, truck["left"]["middle_cents"].as_i64().ok_or("what is left")?);
    assert_eq!(left, worth - 2_172_542);
    assert!(truck["worth"]["low_cents"].as_i64() < Some(worth) && Some(worth) < truck["worth"]["high_cents"].as_i64());
    let kinds: Vec<&str> = truck["talk"]["reasons"].as_array().into_iter().flatten().filter_map(|r| r["kind"].as_str()).collect();
    assert!(kinds.contains(&"big_repair"), "{kinds:?}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn cash_is_free_and_clear_a_lease_has_its_end_and_what_is_unknown_says_why() -> Fails {
    let rooftop = store().await?;
    let (_, civic) = car(&rooftop, "Brandt").await?;
    assert_eq!((&civic["owed"]["balance_cents"], &civic["left"]["tier"]), (&json!(0), &json!("free_and_clear")));
    assert_eq!(civic["left"]["middle_cents"], civic["worth"]["middle_cents"]);

    let (_, lease) = car(&rooftop, "Marlow").await?;
    assert!(lease["lease"]["days"].as_i64().is_some_and(|days| (180..240).contains(&days)), "{lease}");
    assert_eq!(lease["owed"]["residual_cents"], 2_150_000);
    assert!(lease["owed"]["balance_cents"].as_i64().is_some_and(|cents| (2_300_000..2_500_000).contains(&cents)), "{lease}");

    let (_, accord) = car(&rooftop, "Verner").await?;
    assert_eq!((&accord["owed"], &accord["left"]), (&Value::Null, &Value::Null), "unknown is not nought");
    assert_eq!(accord["unclear"], "The deal does not say how much was financed.");
    assert!(accord["worth"]["middle_cents"].is_i64());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lender_said_counts_and_can_be_taken_back() -> Fails {
    let rooftop = store().await?;
    let (id, accord) = car(&rooftop, "Verner").await?;
    let path = format!("/api/customers/{id}/vehicles/{}/payoff", accord["vehicle_id"]);
    let good = rooftop.clock.now().0 + 10 * DAY_MS;
    let said = say(&rooftop, "PUT", &path, &json!({ "amount_cents": 123_456, "good_through_ms": good, "from": "Credit Union, by phone" })).await?;
    assert_eq!(said.status.as_u16(), 200, "{}", said.json());
    let owed = &said.json()["cars"][0]["owed"];
    assert_eq!((&owed["balance_cents"], &owed["source"]), (&json!(123_456), &json!("Asked of the lender by Sam R.")));
    let story = rooftop.get(&format!("/api/customers/{id}/story?road=finance")).await?;
    assert_eq!(
        (&story["items"][0]["title"], &story["items"][0]["detail"]),
        (&json!("Payoff of $1,234.56 written down"), &json!("Credit Union, by phone"))
    );

    for (body, word) in [
        (json!({ "amount_cents": -1 }), "cannot be one"),
        (json!({ "amount_cents": 100_000_001 }), "cannot be one"),
        (json!({ "amount_cents": 1, "good_through_ms": good - 30 * DAY_MS }), "no longer good"),
        (json!({ "amount_cents": 1, "good_through_ms": good + 300 * DAY_MS }), "120 days"),
    ] {
        let refused = say(&rooftop, "PUT", &path, &body).await?;
        assert_eq!(refused.status.as_u16(), 422, "{body}");
        assert!(refused.json()["sentence"].as_str().or(refused.json()["detail"].as_str()).is_some_and(|s| s.contains(word)), "{}", refused.json());
    }
    let elsewhere = say(&rooftop, "PUT", &format!("/api/customers/{id}/vehicles/999/payoff"), &json!({ "amount_cents": 1 })).await?;
    assert_eq!(elsewhere.status.as_u16(), 404);

    // A second word is taken back to the first, and the first to nothing.
    say(&rooftop, "PUT", &path, &json!({ "amount_cents": 99_900, "from": "A letter" })).await?;
    say(&rooftop, "DELETE", &path, &json!({})).await?;
    assert_eq!(car(&rooftop, "Verner").await?.1["owed"]["balance_cents"], 123_456);
    say(&rooftop, "DELETE", &path, &json!({})).await?;
    assert_eq!(car(&rooftop, "Verner").await?.1["owed"], Value::Null);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_was_given_in_trade_is_no_longer_reckoned() -> Fails {
    let rooftop = store().await?;
    assert_eq!(car(&rooftop, "Brandt").await?.1["short"], "2019 Civic");
    let traded = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price,Trade 1 VIN,Trade 1 Actual Cash Value\n\
        9,11/20/2026,Olive,Brandt,207-555-0102,5YFBURHE5HP600001,2023,Toyota,Corolla,Cash,19900,2HGFC2F59KH500001,11000\n";
    imported(&rooftop, ImportKind::Deals, traded).await?;
    let id = customer(&rooftop, "Brandt").await?;
    let cars = rooftop.get(&format!("/api/customers/{id}/equity")).await?;
    let shorts: Vec<&str> = cars["cars"].as_array().into_iter().flatten().filter_map(|c| c["short"].as_str()).collect();
    assert_eq!(shorts, ["2023 Corolla"]);
    assert_eq!(cars["cars"][0]["talk"]["stopped"]["kind"], "bought_lately");
    rooftop.close().await;
    Ok(())
}

pub(crate) async fn listed(rooftop: &Rooftop, kind: &str) -> Result<Vec<String>, Failure> {
    let (rooms, now) = (&rooftop.house.rooms, rooftop.clock.now());
    if market::is_stale(rooms, now) {
        market::fit(rooms, now).await?;
    }
    opportunities::turn(rooms, now).await?;
    let list = rooftop.get(&format!("/api/opportunities?kind={kind}")).await?;
    assert_eq!(list["is_ready"], true);
    let count = list["counts"].as_array().into_iter().flatten().find(|c| c["kind"] == kind).and_then(|c| c["count"].as_u64());
    let names: Vec<String> =
        list["items"].as_array().into_iter().flatten().filter_map(|r| r["customer"]["name"].as_str()).map(str::to_owned).collect();
    assert_eq!(count, Some(names.len() as u64), "{list}");
    Ok(names)
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_worth_a_call_are_on_lists_that_follow_every_change() -> Fails {
    let rooftop = store().await?;
    assert_eq!(listed(&rooftop, "equity").await?, ["Olive Brandt", "Marcus Chen"], "most is left of what is paid off");
    assert_eq!(listed(&rooftop, "lease_end").await?, Vec::<String>::new(), "more than half a year to go");
    assert_eq!(listed(&rooftop, "declined").await?, ["Marcus Chen"]);
    assert_eq!(listed(&rooftop, "no_owner").await?.len(), 4);

    // A lender's word takes one off, and taken back puts them on again.
    let (id, truck) = car(&rooftop, "Chen").await?;
    let path = format!("/api/customers/{id}/vehicles/{}/payoff", truck["vehicle_id"]);
    say(&rooftop, "PUT", &path, &json!({ "amount_cents": 4_900_000 })).await?;
    assert_eq!(listed(&rooftop, "equity").await?, ["Olive Brandt"]);
    say(&rooftop, "DELETE", &path, &json!({})).await?;
    assert_eq!(listed(&rooftop, "equity").await?.len(), 2);
    say(&rooftop, "PUT", &path, &json!({ "amount_cents": 500_000 })).await?;
    assert_eq!(listed(&rooftop, "equity").await?, ["Marcus Chen", "Olive Brandt"], "most is left of the truck now");

    // Weeks later nobody has asked the lender again, the lease is near its end, and it is a new day for the book.
    rooftop.clock.advance_ms(31 * DAY_MS);
    assert_eq!(listed(&rooftop, "equity").await?, ["Olive Brandt", "Marcus Chen"], "what was said a month ago comes behind");
    rooftop.clock.advance_ms(29 * DAY_MS);
    assert_eq!(listed(&rooftop, "lease_end").await?, ["Ines Marlow"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_finance_office_sees_what_is_left_to_do_and_nobody_else_does() -> Fails {
    let rooftop = store().await?;
    let deals = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price,Amount Financed,APR,Term,Bank Name,First Pay Date,Trade 1 VIN,Trade 1 Make,Trade 1 Model,Trade 1 Payoff\n\
        21,11/20/2026,Vera,Lonergan,207-555-0121,5YFBURHE5HP600001,2023,Toyota,Corolla,Finance,19900,15000,6.9,72,First Bank,12/1/2026,2HGFC2F59KH500777,Honda,Civic,6200\n\
        22,11/21/2026,Otto,Marsh,207-555-0122,5YFBURHE5HP600002,2023,Toyota,Corolla,Finance,19900,15000,,,,,,,,\n\
        23,11/22/2026,Ada,Finch,207-555-0123,5YFBURHE5HP600003,2023,Toyota,Corolla,Cash,19900,,,,,,,,,\n";
    imported(&rooftop, ImportKind::Deals, deals).await?;
    let list = rooftop.get("/api/finance").await?;
    let row = |number: &str| list["items"].as_array().into_iter().flatten().find(|r| r["deal"] == number).cloned().unwrap_or_default();
    assert_eq!((row("21")["payoffs"][0]["said_cents"].clone(), row("21")["missing"].clone()), (json!(620_000), json!([])));
    assert!(row("21")["first_payment_ms"].is_i64());
    assert_eq!(row("22")["missing"], json!(["lender", "term", "rate or payment"]));
    assert_eq!(row("23"), Value::Null, "a cash deal leaves nothing to do");

    let cookie = rooftop.sign_in("Jo Lindqvist").await?;
    let refused = send(rooftop.lan, "GET", "/api/finance", &[("cookie", &cookie)], b"").await?;
    assert_eq!(refused.status.as_u16(), 403);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_page_says_how_long_they_are_with_us_and_gross_only_to_whom_it_concerns() -> Fails {
    let rooftop = store().await?;
    let earned = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price,Front Gross,Back Gross\n\
        31,11/24/2021,Marcus,Chen,207-555-0101,5YFBURHE5HP600009,2019,Toyota,Corolla,Cash,19900,2100,-300\n";
    imported(&rooftop, ImportKind::Deals, earned).await?;
    let id = customer(&rooftop, "Chen").await?;
    let path = format!("/api/customers/{id}/equity");
    let lifecycle = rooftop.get(&path).await?["lifecycle"].clone();
    assert_eq!((&lifecycle["bought"], &lifecycle["visits"], &lifecycle["customer_pay_cents"]), (&json!(2), &json!(2), &json!(176_000)));
    assert_eq!(lifecycle["gross_cents"], 180_000);
    assert_eq!(lifecycle["next"], "Buys about every 36 months; the next car is due around November 2027");

    let password_hash = access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Bea Dahl".to_owned(), role: Role::Bdc, password_hash }).await?;
    let bdc = rooftop.sign_in("Bea Dahl").await?;
    let seen = send(rooftop.lan, "GET", &path, &[("cookie", &bdc)], b"").await?.json();
    assert_eq!((&seen["cars"][0]["owed"], &seen["cars"][0]["left"], &seen["cars"][0]["short"]), (&Value::Null, &Value::Null, &json!("2022 F-150")));
    assert!(!seen["cars"][0]["talk"].to_string().contains('$'), "{seen}");

    let cookie = rooftop.sign_in("Jo Lindqvist").await?;
    let seen = send(rooftop.lan, "GET", &path, &[("cookie", &cookie)], b"").await?.json();
    assert_eq!((&seen["lifecycle"]["gross_cents"], &seen["lifecycle"]["bought"]), (&Value::Null, &json!(2)));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booked_balance_is_of_its_own_day_and_a_service_contract_runs_from_the_day_of_sale() -> Fails {
    let rooftop = Rooftop::open().await?;
    let header = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Mileage,Deal Type,Sales Price,Amount Financed,APR,Term,Balance,Balance Date,Warranty Months";
    let rows = "1,11/24/2024,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,2022,Ford,F-150,31000,Finance,38900,30000,6.9,72,20000,11/1/2026,48\n\
        2,11/24/2024,Olive,Brandt,207-555-0102,2HGFC2F59KH500001,2019,Honda,Civic,40000,Finance,15900,12000,6.9,72,11000,,\n";
    imported(&rooftop, ImportKind::Deals, &format!("{header}\n{rows}")).await?;
    let day = |text: &str| headlight::domain::time::At::parse_rfc3339(text).map(|at| at.0).unwrap_or_default();
    let (_, truck) = car(&rooftop, "Chen").await?;
    let owed = truck["owed"]["at_ms"].as_i64().ok_or("a date")?;
    assert!((day("2026-11-01T00:00:00-04:00")..day("2026-11-02T00:00:00-05:00")).contains(&owed), "{}", truck["owed"]);
    let ends = truck["warranty_ends_ms"].as_i64().ok_or("an end")?;
    assert!((day("2028-11-22T00:00:00-05:00")..day("2028-11-27T00:00:00-05:00")).contains(&ends), "four years after the sale: {ends}");
    // Without a date the balance is of the day of sale: the two years since have paid it down.
    let (_, civic) = car(&rooftop, "Brandt").await?;
    assert!(civic["owed"]["balance_cents"].as_i64() < Some(1_100_000), "{}", civic["owed"]);
    assert_eq!(civic["warranty_ends_ms"], Value::Null);
    rooftop.close().await;
    Ok(())
}
