//! The showroom: whoever is with a customer is busy, what waits for them goes on, and every visit has its end.

use crate::support::{Fails, Failure, Rooftop, eventually};
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;

async fn state_of(rooftop: &Rooftop, name: &str) -> Result<String, Failure> {
    let floor = rooftop.get("/api/floor").await?;
    let people = floor["people"].as_array().into_iter().flatten();
    let found = people.into_iter().find(|p| p["person"]["name"] == name).and_then(|p| p["state"].as_str());
    Ok(found.ok_or("nobody of that name")?.to_owned())
}

async fn walk_in(rooftop: &Rooftop, first: &str, with: u64) -> Result<Value, Failure> {
    let opened = rooftop.post("/api/visits", &json!({ "walk_in": { "first": first, "phone": "207-555-0177" }, "with": with })).await?;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.json());
    Ok(opened.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_meets_a_customer_is_busy_and_what_waits_for_them_goes_on_at_once() -> Fails {
    let rooftop = Rooftop::open().await?;
    let first = rooftop.asked_by(1, "Cars.com").await?;
    assert_eq!((first["owner"]["name"].as_str(), first["routed_because"].as_str()), (Some("Priya Nair"), Some("Next in turn")));
    let due = first["clock"]["due_ms"].as_i64();

    let (priya, jo) = (rooftop.staff("Priya Nair").await?, rooftop.staff("Jo Lindqvist").await?);
    let visit = walk_in(&rooftop, "Otis", priya).await?;
    assert_eq!(state_of(&rooftop, "Priya Nair").await?, "with_customer");
    let moved = rooftop.card_of(1).await?;
    assert_eq!(moved["owner"]["name"], "Jo Lindqvist");
    assert_eq!(moved["routed_because"], "Priya N. is with a customer; the only one free");
    assert_eq!(moved["clock"]["due_ms"].as_i64(), due, "the customer waits since then");

    // The next one does not even come to her; with both busy it is the manager's.
    let second = rooftop.asked_by(2, "Cars.com").await?;
    assert_eq!(second["owner"]["name"], "Jo Lindqvist");
    let other = rooftop.post("/api/visits", &json!({ "walk_in": { "first": "Vera", "email": "vera@example.com" }, "with": jo })).await?.json();
    let third = rooftop.asked_by(3, "Cars.com").await?;
    assert_eq!((third["owner"]["name"].as_str(), third["routed_because"].as_str()), (Some("Sam Rourke"), Some("Nobody on the floor is free")));
    assert_eq!(rooftop.card_of(1).await?["owner"]["name"], "Sam Rourke", "what Jo had went on as well");

    // When the visits end, both are free for the next.
    for (id, result) in [(&visit["id"], json!({ "how": "sold" })), (&other["id"], json!({ "how": "unsold", "why": "price" }))] {
        let ended = rooftop.post(&format!("/api/visits/{id}/end"), &json!({ "result": result })).await?;
        assert_eq!(ended.status.as_u16(), 200, "{}", ended.json());
    }
    let fourth = rooftop.asked_by(4, "Cars.com").await?;
    assert!(fourth["routed_because"] == "Next in turn" && fourth["owner"]["name"] != "Sam Rourke", "{fourth}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_card_stays_with_whoever_took_it() -> Fails {
    let rooftop = Rooftop::open().await?;
    let card = rooftop.asked_by(1, "Cars.com").await?;
    rooftop.post(&format!("/api/alerts/{}/claim", card["id"]), &json!({})).await?;
    let sam = rooftop.staff("Sam Rourke").await?;
    walk_in(&rooftop, "Otis", sam).await?;
    let held = rooftop.card_of(1).await?;
    assert_eq!((held["owner"]["name"].as_str(), held["state"].as_str()), (Some("Sam Rourke"), Some("claimed")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn meeting_a_customer_answers_their_lead() -> Fails {
    let rooftop = Rooftop::open().await?;
    let card = rooftop.asked_by(1, "Cars.com").await?;
    let jo = rooftop.staff("Jo Lindqvist").await?;
    let opened = rooftop.post("/api/visits", &json!({ "customer": card["customer"]["id"], "with": jo })).await?.json();
    assert_eq!(rooftop.card_of(1).await?, Value::Null, "nobody has to write to somebody who stands before them");

    // Opened by mistake, it never was: the lead waits as before and the story says nothing of it.
    let story = format!("/api/customers/{}/story", card["customer"]["id"]);
    assert_eq!(rooftop.get(&story).await?["items"][0]["title"], "Came into the showroom");
    rooftop.post(&format!("/api/visits/{}/end", opened["id"]), &json!({ "result": { "how": "mistake" } })).await?;
    assert!(rooftop.card_of(1).await?.is_object());
    assert_eq!(rooftop.get(&story).await?["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(rooftop.get("/api/floor").await?["today"]["visits"], 0);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_goes_its_steps_ends_and_who_comes_again_is_a_be_back() -> Fails {
    let rooftop = Rooftop::open().await?;
    let priya = rooftop.staff("Priya Nair").await?;
    let visit = walk_in(&rooftop, "Otis", priya).await?;
    assert_eq!(visit["be_back"], false);
    let path = format!("/api/visits/{}", visit["id"]);
    for step in ["greet", "demo_drive", "write_up"] {
        rooftop.post(&format!("{path}/steps"), &json!({ "step": step, "done": true })).await?;
    }
    let taken_back = rooftop.post(&format!("{path}/steps"), &json!({ "step": "write_up", "done": false })).await?.json();
    assert_eq!(taken_back["steps"].as_array().map(Vec::len), Some(2));

    rooftop.clock.advance_ms(48 * MINUTE_MS);
    let said = json!({ "result": { "how": "unsold", "why": "trade_value" }, "note": "Wants 9,000 for the Civic." });
    let ended = rooftop.post(&format!("{path}/end"), &said).await?;
    assert_eq!(ended.json()["end"]["result"]["why"], "trade_value");
    assert_eq!(rooftop.post(&format!("{path}/end"), &said).await?.status.as_u16(), 200, "said twice it is said once");
    let other = rooftop.post(&format!("{path}/end"), &json!({ "result": { "how": "sold" } })).await?;
    assert_eq!((other.status.as_u16(), other.json()["code"].as_str()), (409, Some("already-ended")));

    let story = rooftop.get(&format!("/api/customers/{}/story", visit["customer"]["id"])).await?;
    assert_eq!(story["items"][0]["title"], "Left unsold after 48 min: value of the trade");
    assert_eq!(story["items"][0]["detail"], "greeted, drove it\nWants 9,000 for the Civic.");

    // Taken back, they are still here, and whoever meets them elsewhere hears so.
    rooftop.post(&format!("{path}/reopen"), &json!({})).await?;
    let again = rooftop.post("/api/visits", &json!({ "customer": visit["customer"]["id"] })).await?;
    assert_eq!((again.status.as_u16(), again.json()["code"].as_str()), (409, Some("already-here")));
    rooftop.post(&format!("{path}/end"), &said).await?;

    rooftop.clock.advance_ms(2 * 24 * 60 * MINUTE_MS);
    let back = walk_in(&rooftop, "Otis", priya).await?;
    assert_eq!((&back["customer"]["id"], &back["be_back"]), (&visit["customer"]["id"], &json!(true)), "known by the phone");
    let log = rooftop.get("/api/visits?limit=1").await?;
    assert_eq!((&log["items"][0]["id"], log["total"].as_u64()), (&back["id"], Some(2)));
    let older = rooftop.get(&format!("/api/visits?limit=1&after={}", log["next"].as_str().unwrap_or_default())).await?;
    assert_eq!(older["items"][0]["id"], visit["id"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_visit_is_refused_with_a_sentence() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (body, status, says) in [
        (json!({}), 422, "for a customer, or for somebody who walked in"),
        (json!({ "walk_in": {} }), 422, "a first name will do"),
        (json!({ "walk_in": { "phone": "12" } }), 422, "none that can be dialed"),
        (json!({ "walk_in": { "first": "Otis" }, "with": 99 }), 422, "Nobody of that number"),
        (json!({ "walk_in": { "first": "Otis" }, "vehicle": 99 }), 422, "no such car"),
        (json!({ "customer": 99 }), 404, ""),
    ] {
        let refused = rooftop.post("/api/visits", &body).await?;
        let detail = refused.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert_eq!(refused.status.as_u16(), status, "{body}: {detail}");
        assert!(detail.contains(says), "{body}: {detail}");
    }
    let visit = walk_in(&rooftop, "Otis", rooftop.staff("Priya Nair").await?).await?;
    let yesterday = json!({ "result": { "how": "be_back", "on_ms": 1_000 } });
    assert_eq!(rooftop.post(&format!("/api/visits/{}/end", visit["id"]), &yesterday).await?.status.as_u16(), 422);
    assert_eq!(rooftop.get("/api/floor").await?["visits"].as_array().map(Vec::len), Some(1));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_a_closed_store_has_an_answer_waiting_to_leave_until_somebody_answers() -> Fails {
    let rooftop = Rooftop::open().await?;
    // A quarter to ten at night.
    rooftop.clock.advance_ms(12 * 3_600_000);
    let card = rooftop.asked_by(1, "Cars.com").await?;
    let story = rooftop.get(&format!("/api/customers/{}/story", card["customer"]["id"])).await?;
    let line = story["items"].as_array().into_iter().flatten().find(|l| l["title"] == "Answered by itself; waiting to leave").ok_or("an answer")?;
    let said = line["detail"].as_str().unwrap_or_default();
    assert!(said.starts_with("Hi Reader1, this is Our store. Thanks for asking about the 2022 CR-V. "), "{said}");
    assert!(said.contains("We are closed right now and open tomorrow at 9:00 am. Would 9:00 tomorrow or 12:00 work for a look?"), "{said}");
    let waiting = rooftop.get(&format!("/api/alerts/{}", card["id"])).await?["answered"].clone();
    assert_eq!((waiting["channel"].as_str(), waiting["text"].as_str()), (Some("text"), Some(said)));
    let eight = headlight::domain::time::At::parse_rfc3339("2026-11-25T08:00:00-05:00").ok_or("a time")?;
    assert_eq!(waiting["leaves_ms"].as_i64(), Some(eight.0), "nobody's phone buzzes at night");

    rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &json!({ "outcome": "called" })).await?;
    assert_eq!(rooftop.get(&format!("/api/alerts/{}", card["id"])).await?["answered"], Value::Null, "it stays");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_nobody_touched_in_time_is_answered_and_climbs() -> Fails {
    let rooftop = Rooftop::open().await?;
    let first = rooftop.asked_by(1, "Cars.com").await?;
    assert_eq!(rooftop.get(&format!("/api/alerts/{}", first["id"])).await?["answered"], Value::Null);
    let mut owners = vec![first["owner"]["name"].as_str().unwrap_or_default().to_owned()];
    for _ in 0..2 {
        rooftop.clock.advance_ms(5 * MINUTE_MS + 1_000);
        let next = eventually(async || {
            let now = rooftop.card_of(1).await?["owner"]["name"].as_str().unwrap_or_default().to_owned();
            Ok(Some(now).filter(|now| owners.last() != Some(now)))
        });
        let next = next.await?;
        owners.push(next);
    }
    assert_eq!(owners, ["Priya Nair", "Jo Lindqvist", "Sam Rourke"]);
    let answered = rooftop.get(&format!("/api/alerts/{}", first["id"])).await?["answered"].clone();
    assert!(answered["text"].as_str().is_some_and(|t| t.contains("Everybody is with a customer right now")), "{answered}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_by_a_way_they_did_not_allow() -> Fails {
    let rooftop = Rooftop::open().await?;
    rooftop.clock.advance_ms(12 * 3_600_000);
    let list = "First Name,Last Name,Phone,Do Not Text\nReader1,Whitfield,207-555-0101,Y\n";
    let request = headlight::service::operator::Request::Import {
        kind: Some(headlight::domain::import_run::ImportKind::Customers),
        rehearse: false,
        file: "people.csv".to_owned(),
        bytes: list.into(),
    };
    rooftop.operate(request).await?;
    rooftop.settled().await?;
    let card = rooftop.asked_by(1, "Cars.com").await?;
    assert_eq!(rooftop.get(&format!("/api/alerts/{}", card["id"])).await?["answered"], Value::Null);
    rooftop.close().await;
    Ok(())
}
