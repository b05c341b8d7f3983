//! The sales under way: moved by facts, followed up, given up and tried again; none without a next step goes unseen.

use crate::support::{Fails, Failure, Rooftop, enquiry, eventually};
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

/// A customer with a lead, and their card.
async fn asking(rooftop: &Rooftop, id: u32) -> Result<(Value, Value), Failure> {
    let card = rooftop.asked_by(id, "Cars.com").await?;
    Ok((card["customer"]["id"].clone(), card["id"].clone()))
}

async fn opportunity(rooftop: &Rooftop, customer: &Value) -> Result<Value, Failure> {
    Ok(rooftop.get(&format!("/api/customers/{customer}")).await?["opportunity"].clone())
}

async fn void(rooftop: &Rooftop) -> Result<Vec<Value>, Failure> {
    Ok(rooftop.get("/api/void").await?["items"].as_array().cloned().unwrap_or_default())
}

async fn column(rooftop: &Rooftop, stage: &str) -> Result<u64, Failure> {
    let board = rooftop.get("/api/pipeline").await?;
    let columns = board["columns"].as_array().into_iter().flatten();
    Ok(columns.into_iter().find(|c| c["stage"] == stage).and_then(|c| c["total"].as_u64()).ok_or("a column")?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_moves_by_what_happens_and_what_has_no_next_step_lies_in_the_void() -> Fails {
    let rooftop = Rooftop::open().await?;
    let (customer, card) = asking(&rooftop, 1).await?;
    assert_eq!(opportunity(&rooftop, &customer).await?["stage"], "new");
    assert_eq!(void(&rooftop).await?, Vec::<Value>::new(), "a card stands open");

    // Reached for and silent: nothing stands open any more, and that is on the list.
    rooftop.post(&format!("/api/alerts/{card}/done"), &json!({ "outcome": "left_message" })).await?;
    assert_eq!((column(&rooftop, "attempted").await?, column(&rooftop, "new").await?), (1, 0));
    let lost = void(&rooftop).await?;
    assert_eq!((lost.len(), &lost[0]["customer"]["id"]), (1, &customer));
    assert_eq!(lost[0]["next"]["card"]["why"], "Left a message", "the last thing that came next");
    assert_eq!(rooftop.get("/api/pipeline").await?["in_void"], 1);

    // A follow-up is a next step; when it is due it is a card, once.
    let due = rooftop.clock.now().0 + 3 * HOUR_MS;
    let set = rooftop.say("PUT", &format!("/api/customers/{customer}/follow-up"), &json!({ "due_ms": due, "what": "Numbers" })).await?;
    assert_eq!((set.status.as_u16(), set.json()["opportunity"]["follow_up"]["what"].as_str()), (200, Some("Numbers")));
    assert_eq!(void(&rooftop).await?, Vec::<Value>::new());
    rooftop.clock.advance_ms(3 * HOUR_MS + 60_000);
    let reminder = eventually(async || Ok(rooftop.cards().await?.pop())).await?;
    assert_eq!((reminder["rule"].as_str(), reminder["short"].as_str()), (Some("follow_up_due"), Some("Follow up: \u{201c}Numbers\u{201d}")));

    // They come in, and are written up: the board says so by itself.
    let visit = rooftop.post("/api/visits", &json!({ "customer": customer })).await?.json();
    assert_eq!(column(&rooftop, "visit").await?, 1);
    rooftop.post(&format!("/api/visits/{}/steps", visit["id"]), &json!({ "step": "write_up", "done": true })).await?;
    rooftop.post(&format!("/api/visits/{}/end", visit["id"]), &json!({ "result": { "how": "sold" } })).await?;
    let sold = opportunity(&rooftop, &customer).await?;
    assert_eq!((sold["stage"].as_str(), sold["is_open"].as_bool()), (Some("sold"), Some(false)));
    let path: Vec<&str> = sold["path"].as_array().into_iter().flatten().filter_map(|r| r["stage"].as_str()).collect();
    assert_eq!(path, ["new", "attempted", "visit", "proposal", "sold"]);
    assert_eq!(void(&rooftop).await?, Vec::<Value>::new(), "what is sold is not lost");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_by_hand_needs_a_reason_and_can_be_taken_back() -> Fails {
    let rooftop = Rooftop::open().await?;
    let (customer, _) = asking(&rooftop, 1).await?;
    let path = format!("/api/customers/{customer}/stage");
    let without = rooftop.say("PUT", &path, &json!({ "stage": "engaged", "why": " " })).await?;
    assert_eq!(without.status.as_u16(), 422);
    let sold = rooftop.say("PUT", &path, &json!({ "stage": "sold", "why": "I say so" })).await?;
    assert_eq!(sold.status.as_u16(), 422);
    let said = rooftop.say("PUT", &path, &json!({ "stage": "engaged", "why": "Met her at the fair" })).await?.json();
    assert_eq!((said["opportunity"]["stage"].as_str(), said["opportunity"]["by_hand"].as_bool()), (Some("engaged"), Some(true)));
    let back = rooftop.say("DELETE", &path, &json!({})).await?.json();
    assert_eq!((back["opportunity"]["stage"].as_str(), back["opportunity"]["by_hand"].as_bool()), (Some("new"), Some(false)));
    assert_eq!(rooftop.say("DELETE", &path, &json!({})).await?.status.as_u16(), 409);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_leaves_the_desk_and_comes_back_when_its_reason_has_passed() -> Fails {
    let rooftop = Rooftop::open().await?;
    let (customer, _) = asking(&rooftop, 1).await?;
    let path = format!("/api/customers/{customer}/lost");
    let lost = rooftop.say("PUT", &path, &json!({ "why": "timing", "note": "After the move" })).await?.json();
    let again = lost["opportunity"]["lost"]["again_ms"].as_i64().ok_or("a day")?;
    assert_eq!(again - rooftop.clock.now().0, 45 * 24 * HOUR_MS);
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["total"], 0, "the card goes with the reason for it");

    // Not given up after all, it stands as before.
    rooftop.say("DELETE", &path, &json!({})).await?;
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["total"], 1);
    rooftop.say("PUT", &path, &json!({ "why": "bought_elsewhere" })).await?;

    // Who asks again begins a new one.
    rooftop.clock.advance_ms(30 * 24 * HOUR_MS);
    rooftop.from_outside("/leads/adf", enquiry(1, "Cars.com").replace(">1</id>", ">901</id>").as_bytes()).await?;
    rooftop.settled().await?;
    let new = opportunity(&rooftop, &customer).await?;
    assert_eq!((new["stage"].as_str(), new["lost"].is_null()), (Some("new"), true));
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["items"][0]["rule"], "asked_again");
    rooftop.close().await;
    Ok(())
}
