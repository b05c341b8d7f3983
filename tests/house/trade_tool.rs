//! Does the trade-in tool tell a shopper the truth, and the store what they did?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{domain::time::MINUTE_MS, service::timers};
use serde_json::{Value, json};

const CRV: &str = "2HKRW2H84NH614880";

fn told(step: &str) -> Value {
    json!({
        "step": step, "run": "run0000000001", "client": "555.777", "page": "/sell?name=Dana", "vin": CRV, "odometer": "61,240", "unit": "miles",
        "state": { "drives": "good", "outside": "fair", "inside": "good", "tires": "good", "crashes": "good", "title": "good" },
    })
}

fn with(mut value: Value, changes: Value) -> Value {
    if let (Some(all), Value::Object(changes)) = (value.as_object_mut(), changes) {
        all.extend(changes);
    }
    value
}

/// What the contact form sends: the answers without a step.
fn contact(changes: Value) -> Value {
    let mut said = with(told("result"), changes);
    if let Some(all) = said.as_object_mut() {
        all.remove("step");
    }
    said
}

async fn post(rooftop: &Rooftop, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answered, Failure> {
    let headers = [&[("content-type", "application/json")], headers].concat();
    send(rooftop.public, "POST", &format!("{path}?key={}", rooftop.key), &headers, body.to_string().as_bytes()).await
}

async fn answered(rooftop: &Rooftop, body: &Value) -> Result<Value, Failure> {
    Ok(post(rooftop, "/trade/answers", body, &[]).await?.json())
}

/// A customer whose browser is known by the lead it sent.
async fn known_shopper(rooftop: &Rooftop) -> Result<u64, Failure> {
    let chat = json!({
        "client_id": "555.777", "event": "asc_comm_submission",
        "params": { "comm_type": "chat", "customer_name": "Dana Whitfield", "customer_phone": "207-555-0148", "conversation_id": "c-1001" },
    });
    rooftop.from_outside("/collect", chat.to_string().as_bytes()).await?;
    rooftop.settled().await?;
    // Somebody called them back: what they do from here on stands by itself.
    let card = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].clone();
    rooftop.post(&format!("/api/alerts/{card}/done"), &json!({ "outcome": "called", "note": "", "message": "" })).await?;
    let found = rooftop.get("/api/customers?limit=5").await?;
    found["items"][0]["id"].as_u64().ok_or_else(|| format!("no customer: {found}").into())
}

async fn story(rooftop: &Rooftop, customer: u64) -> Result<Vec<String>, Failure> {
    let story = rooftop.get(&format!("/api/customers/{customer}/story?limit=50")).await?;
    let mut titles = Vec::new();
    for line in story["items"].as_array().ok_or("lines")? {
        // Lines of one visit are drawn together in one that is named after the newest of them.
        let within = line["within"].as_array().filter(|within| !within.is_empty());
        let told = within.map_or_else(|| vec![line], |within| within.iter().collect());
        titles.extend(told.iter().filter_map(|line| line["title"].as_str().map(str::to_owned)));
    }
    Ok(titles)
}

#[tokio::test]
async fn a_shopper_gets_a_range_with_its_reasons_and_never_one_number() -> Fails {
    let rooftop = Rooftop::open().await?;
    let next = answered(&rooftop, &told("vehicle")).await?;
    assert_eq!(next, json!({ "t": "next", "car": "2022 Honda CR-V EX-L" }));
    let range = answered(&rooftop, &told("result")).await?;
    let (low, high) = (range["low_cents"].as_i64().unwrap_or(0), range["high_cents"].as_i64().unwrap_or(0));
    assert!(low > 0 && high > low && low % 10_000 == 0 && high % 10_000 == 0, "{range}");
    assert!(range["reasons"].as_array().is_some_and(|all| all.len() >= 3), "{range}");
    assert!(range["raises"][0].as_str().is_some_and(|text| text.contains("clean outside")), "{range}");
    let kilometers = answered(&rooftop, &with(told("result"), json!({ "odometer": "98558", "unit": "kilometers" }))).await?;
    assert_eq!(kilometers["low_cents"], range["low_cents"], "61,240 miles are 98,558 km: {kilometers}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_asked_again_and_what_no_table_knows_goes_to_a_person() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (changes, step, kind, field) in [
        (json!({ "vin": "2HKRW2H84NH61488O" }), "vehicle", "again", "vin"),
        (json!({ "odometer": "-5" }), "miles", "again", "odometer"),
        (json!({ "odometer": "99999999" }), "miles", "again", "odometer"),
        (json!({ "vin": "", "year": 2019, "make": "", "model": "" }), "vehicle", "again", "model"),
        (json!({ "vin": "1HD1ZH110PB311358" }), "vehicle", "person", ""),
        (json!({ "vin": "", "year": 1967, "make": "Ford", "model": "Mustang" }), "vehicle", "person", ""),
        (json!({ "vin": "", "year": 2016, "make": "Winnebago", "model": "View" }), "vehicle", "person", ""),
        (json!({ "state": { "title": "poor" } }), "result", "person", ""),
    ] {
        let reply = answered(&rooftop, &with(told(step), changes.clone())).await?;
        assert_eq!((reply["t"].as_str(), reply["field"].as_str().unwrap_or_default()), (Some(kind), field), "{changes} {reply}");
        assert!(reply["sentence"].as_str().is_some_and(|text| text.ends_with(['.', '?'])), "{reply}");
    }
    let meant = answered(&rooftop, &with(told("vehicle"), json!({ "vin": "2HKRW2H84NH61488O" }))).await?;
    assert!(meant["meant"].as_array().is_some_and(|all| all.contains(&json!(CRV))), "{meant}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn each_step_is_heard_of_once_and_makes_the_cards_of_whom_it_is() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = known_shopper(&rooftop).await?;
    rooftop.clock.advance_ms(120 * MINUTE_MS);
    answered(&rooftop, &told("start")).await?;
    rooftop.settled().await?;
    let cards = rooftop.get("/api/alerts?scope=store").await?.to_string();
    assert!(cards.contains("started the trade-in tool"), "{cards}");
    answered(&rooftop, &told("miles")).await?;
    rooftop.settled().await?;
    let lines = story(&rooftop, customer).await?;
    assert!(!lines.contains(&"Finished the trade-in tool".to_owned()), "nobody saw a figure yet: {lines:?}");
    for step in ["vehicle", "miles", "result", "result", "contact"] {
        rooftop.clock.advance_ms(MINUTE_MS / 3);
        answered(&rooftop, &told(step)).await?;
    }
    rooftop.settled().await?;
    let cards = rooftop.get("/api/alerts?scope=store").await?.to_string();
    assert!(cards.contains("finished the trade-in tool"), "{cards}");
    let lines = story(&rooftop, customer).await?;
    let of = |title: &str| lines.iter().filter(|line| line.as_str() == title).count();
    assert_eq!((of("Finished the trade-in tool"), of("Began a form")), (1, 1), "{lines:?}");
    // The form is left: an hour later that counts, and the one card of this customer is refreshed by it.
    rooftop.clock.advance_ms(61 * MINUTE_MS);
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    rooftop.house.rooms.store.write(move |tx| timers::fire_due(tx, &policy, now, 50)).await?;
    rooftop.settled().await?;
    let page = rooftop.get(&format!("/api/customers/{customer}")).await?;
    assert!(page["score_parts"].to_string().contains("Left a form unfinished"), "{}", page["score_parts"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn who_asked_not_to_be_followed_gets_the_range_and_leaves_no_trace() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = known_shopper(&rooftop).await?;
    let before = story(&rooftop, customer).await?;
    for (body, headers) in [(told("result"), &[("sec-gpc", "1")][..]), (with(told("result"), json!({ "client": "" })), &[])] {
        let range = post(&rooftop, "/trade/answers", &body, headers).await?.json();
        assert_eq!(range["t"], "range", "{range}");
    }
    // What was asked again is no step that was taken.
    answered(&rooftop, &with(told("vehicle"), json!({ "vin": "2HKRW2H84NH61488O" }))).await?;
    rooftop.settled().await?;
    assert_eq!(story(&rooftop, customer).await?, before);
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_sent_result_is_one_lead_with_the_worksheet_of_the_car_and_meets_its_browser() -> Fails {
    let rooftop = Rooftop::open().await?;
    for step in ["start", "vehicle", "miles", "result", "contact"] {
        answered(&rooftop, &told(step)).await?;
    }
    let said = contact(json!({ "name": "Dana Whitfield", "phone": "207-555-0148", "may_text": false, "comments": "One key only" }));
    let first = post(&rooftop, "/trade/contact", &said, &[]).await?;
    assert_eq!((first.status.as_u16(), first.json()), (201, json!({ "again": false })));
    let again = post(&rooftop, "/trade/contact", &said, &[]).await?;
    assert_eq!((again.status.as_u16(), again.json()), (200, json!({ "again": true })));
    rooftop.settled().await?;

    let customers = rooftop.get("/api/customers?limit=5").await?;
    assert_eq!(customers["total"], 1, "{customers}");
    let customer = customers["items"][0]["id"].as_u64().ok_or("a customer")?;
    assert_eq!(customers["items"][0]["consent"], json!({ "text": "not_given", "call": "allowed", "email": "not_given" }), "{customers}");
    let lines = story(&rooftop, customer).await?;
    for title in ["Asked what their car is worth, from Trade-in tool", "Finished the trade-in tool", "Sent a form"] {
        assert!(lines.iter().any(|line| line == title), "{title}: {lines:?}");
    }
    assert!(rooftop.get("/api/alerts?scope=store").await?["items"].as_array().is_some_and(|cards| !cards.is_empty()));

    let sheets = rooftop.get(&format!("/api/customers/{customer}/appraisals")).await?;
    assert_eq!(
        (sheets["items"].as_array().map(Vec::len), &sheets["items"][0]["stage"], &sheets["items"][0]["by"]),
        (Some(1), &json!("draft"), &Value::Null)
    );
    let sheet = rooftop.get(&format!("/api/appraisals/{}", sheets["items"][0]["id"])).await?;
    assert_eq!((&sheet["car"]["vin"], &sheet["car"]["odometer_mi"], &sheet["state"]["outside"]), (&json!(CRV), &json!(61_240), &json!("fair")));
    assert_eq!(sheet["tool"], sheet["market"]["range"], "both look at the same market");
    assert_eq!((&sheet["acv"], &sheet["payoff"], &sheet["equity_cents"]), (&Value::Null, &Value::Null, &Value::Null), "not known is not zero");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_result_that_is_sent_by_who_is_not_followed_is_tied_to_no_browser() -> Fails {
    let rooftop = Rooftop::open().await?;
    answered(&rooftop, &told("result")).await?;
    let said = contact(json!({ "name": "Dana Whitfield", "phone": "207-555-0148", "may_text": false }));
    assert_eq!(post(&rooftop, "/trade/contact", &said, &[("sec-gpc", "1")]).await?.status.as_u16(), 201);
    // The same use of the tool with other words is the same lead.
    let again = post(&rooftop, "/trade/contact", &with(said, json!({ "comments": "One key only" })), &[("sec-gpc", "1")]).await?;
    assert_eq!(again.json(), json!({ "again": true }));
    rooftop.settled().await?;
    let customer = rooftop.get("/api/customers?limit=5").await?["items"][0]["id"].as_u64().ok_or("a customer")?;
    assert_eq!(story(&rooftop, customer).await?, ["Asked what their car is worth, from Trade-in tool"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn what_is_sent_wrong_is_refused_with_a_sentence() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (changes, status) in [
        (json!({ "name": "" , "phone": "207-555-0148" }), 422),
        (json!({ "name": "Dana" }), 422),
        (json!({ "name": "Dana", "phone": "12" }), 422),
        (json!({ "name": "Dana", "phone": "207-555-0148", "odometer": "-1" }), 422),
        (json!({ "name": "Dana", "phone": "207-555-0148", "run": "x" }), 422),
        (json!({ "name": "Dana", "phone": "207-555-0148", "comments": "x".repeat(20_000) }), 413),
    ] {
        let refused = post(&rooftop, "/trade/contact", &contact(changes.clone()), &[]).await?;
        assert_eq!(refused.status.as_u16(), status, "{changes}: {}", refused.json());
        assert!(refused.json()["detail"].as_str().is_some_and(|text| !text.is_empty()));
    }
    let keyless =
        send(rooftop.public, "POST", "/trade/answers?key=nobodys", &[("content-type", "application/json")], told("start").to_string().as_bytes())
            .await?;
    assert_eq!(keyless.status.as_u16(), 401);
    rooftop.settled().await?;
    assert_eq!(rooftop.get("/api/customers?limit=5").await?["total"], 0);
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn the_page_may_be_framed_by_any_site_and_runs_nothing_but_its_own() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (path, kind) in
        [("/trade", "text/html"), ("/trade.js", "text/javascript"), ("/trade/tool.js", "text/javascript"), ("/trade/tool.css", "text/css")]
    {
        let file = send(rooftop.public, "GET", path, &[("accept-encoding", "gzip")], b"").await?;
        let header = |name: &str| file.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(
            (file.status.as_u16(), header("content-type").starts_with(kind), header("content-encoding").as_str()),
            (200, true, "gzip"),
            "{path}"
        );
        assert!(header("set-cookie").is_empty() && header("cross-origin-resource-policy") == "cross-origin", "{path}");
        if path == "/trade" {
            let policy = header("content-security-policy");
            assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe") && !policy.contains("frame-ancestors"), "{policy}");
        }
    }
    let lines = send(rooftop.public, "GET", "/trade/lines?year=2019", &[], b"").await?.json();
    assert!(lines["makes"].as_array().is_some_and(|makes| makes.len() > 20), "{lines}");
    rooftop.close().await;
    Ok(())
}
