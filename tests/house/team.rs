//! Who is asked: by schedule, skill, absence and the ladder of a source.

use crate::support::{Fails, Failure, Rooftop, eventually};
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

async fn member(rooftop: &Rooftop, name: &str) -> Result<Value, Failure> {
    let team = rooftop.get("/api/team").await?;
    let found = team["people"].as_array().into_iter().flatten().find(|p| p["person"]["name"] == name);
    Ok(found.cloned().ok_or("nobody of that name")?)
}

fn owner(card: &Value) -> (Option<&str>, Option<&str>) {
    (card["owner"]["name"].as_str(), card["routed_because"].as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_away_hands_on_what_they_had_oldest_first_and_is_not_asked_until_they_are_back() -> Fails {
    let rooftop = Rooftop::open().await?;
    let priya = member(&rooftop, "Priya Nair").await?["person"]["id"].clone();
    let first = rooftop.asked_by(1, "Cars.com").await?;
    assert_eq!(owner(&first).0, Some("Priya Nair"));
    let path = format!("/api/team/{priya}/away");
    let now = rooftop.clock.now().0;

    // A day that lies ahead changes nothing yet.
    rooftop.say("PUT", &path, &json!({ "from_ms": now + DAY_MS, "until_ms": now + 2 * DAY_MS })).await?;
    assert_eq!(owner(&rooftop.card_of(1).await?).0, Some("Priya Nair"));
    let away = rooftop.say("PUT", &path, &json!({ "from_ms": now, "until_ms": now + 2 * DAY_MS })).await?;
    assert_eq!(away.status.as_u16(), 200, "{}", away.json());
    assert_eq!(owner(&rooftop.card_of(1).await?), (Some("Jo Lindqvist"), Some("Priya N. is away until Nov 26; the only one free")));
    assert_eq!(owner(&rooftop.asked_by(2, "Cars.com").await?).0, Some("Jo Lindqvist"));
    assert_eq!(member(&rooftop, "Priya Nair").await?["is_off"], true);

    rooftop.say("DELETE", &path, &json!({})).await?;
    assert_eq!(owner(&rooftop.asked_by(3, "Cars.com").await?), (Some("Priya Nair"), Some("Fewest open cards")));
    let wrong = rooftop.say("PUT", &path, &json!({ "from_ms": now, "until_ms": now - 1 })).await?;
    assert_eq!((wrong.status.as_u16(), wrong.json()["code"].as_str()), (422, Some("team")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_that_was_planned_begins_by_itself() -> Fails {
    let rooftop = Rooftop::open().await?;
    let priya = member(&rooftop, "Priya Nair").await?["person"]["id"].clone();
    rooftop.asked_by(1, "Cars.com").await?;
    let from = rooftop.clock.now().0 + 2 * MINUTE_MS;
    rooftop.say("PUT", &format!("/api/team/{priya}/away"), &json!({ "from_ms": from, "until_ms": from + DAY_MS })).await?;
    rooftop.clock.advance_ms(2 * MINUTE_MS + 1_000);
    let jos = async || Ok(Some(rooftop.card_of(1).await?).filter(|card| owner(card).0 == Some("Jo Lindqvist")));
    eventually(jos).await?;
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_their_hours_nobody_is_asked_and_a_skill_comes_before_a_turn() -> Fails {
    let rooftop = Rooftop::open().await?;
    let jo = member(&rooftop, "Jo Lindqvist").await?["person"]["id"].clone();
    let set = rooftop.say("PUT", &format!("/api/team/{jo}/work"), &json!({ "skills": ["Trucks", "trucks "] })).await?;
    assert_eq!(set.status.as_u16(), 200, "{}", set.json());
    assert_eq!(member(&rooftop, "Jo Lindqvist").await?["skills"], json!(["trucks"]));
    let ladder = json!({ "source": "Truck Trader", "first": "turn", "minutes": 3, "rungs": [{ "to": "manager", "minutes": 5 }], "skill": "trucks" });
    assert_eq!(rooftop.say("PUT", "/api/ladders", &ladder).await?.status.as_u16(), 200);
    let card = rooftop.asked_by(1, "Truck Trader").await?;
    assert_eq!(owner(&card), (Some("Jo Lindqvist"), Some("For trucks")));
    assert_eq!(card["clock"]["due_ms"].as_i64(), card["clock"]["started_ms"].as_i64().map(|s| s + 3 * MINUTE_MS));
    assert_eq!(card["clock"]["then_name"], "Sam R.");

    let never = json!({ "skills": ["trucks"], "schedule": [null, null, null, null, null, null, null] });
    rooftop.say("PUT", &format!("/api/team/{jo}/work"), &never).await?;
    assert_eq!(owner(&rooftop.asked_by(2, "Truck Trader").await?).0, Some("Priya Nair"));
    let wrong = json!({ "schedule": [{ "opens": 600, "closes": 540 }, null, null, null, null, null, null] });
    assert_eq!(rooftop.say("PUT", &format!("/api/team/{jo}/work"), &wrong).await?.status.as_u16(), 422);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_be_for_all_and_then_climbs_its_ladder() -> Fails {
    let rooftop = Rooftop::open().await?;
    let ladder = json!({ "source": "cars.com", "first": "claim", "minutes": 2, "rungs": [{ "to": "rep", "minutes": 2 }, { "to": "manager", "minutes": 5 }], "skill": "" });
    let set = rooftop.say("PUT", "/api/ladders", &ladder).await?;
    assert_eq!(set.json()["items"].as_array().map(Vec::len), Some(2), "{}", set.json());
    let open = rooftop.asked_by(1, "Cars.com").await?;
    assert_eq!((&open["owner"], &open["for_all"], &open["routed_because"]), (&Value::Null, &json!(true), &json!("Whoever takes it first")));

    // Who takes it has it; taken back, it is for all again.
    rooftop.post(&format!("/api/alerts/{}/claim", open["id"]), &json!({})).await?;
    assert_eq!((owner(&rooftop.card_of(1).await?).0, &rooftop.card_of(1).await?["for_all"]), (Some("Sam Rourke"), &json!(false)));
    rooftop.post(&format!("/api/alerts/{}/undo", open["id"]), &json!({})).await?;
    assert_eq!(rooftop.card_of(1).await?["for_all"], true);

    // Nobody does: it goes on by itself, and what nobody touched is answered.
    rooftop.clock.advance_ms(2 * MINUTE_MS + 1_000);
    let climbed = eventually(async || Ok(Some(rooftop.card_of(1).await?).filter(|card| owner(card).0.is_some()))).await?;
    assert_eq!(climbed["routed_because"], "Nobody took it in time");

    // Two managers at one ladder: the second sees what the first set before setting it otherwise; the same words again are no quarrel.
    let version = set.json()["items"][1]["version"].as_str().ok_or("a version")?.to_owned();
    let seen = format!("\"{version}\"");
    let mut longer = ladder.clone();
    longer["minutes"] = json!(3);
    let second = rooftop.say_with(&[("if-match", &seen)], "PUT", "/api/ladders", &longer).await?;
    assert_eq!((second.status.as_u16(), &second.json()["items"][1]["minutes"]), (200, &json!(3)));
    assert_eq!(rooftop.say_with(&[("if-match", &seen)], "PUT", "/api/ladders", &longer).await?.status.as_u16(), 200);
    let third = rooftop.say_with(&[("if-match", &seen)], "PUT", "/api/ladders", &ladder).await?;
    assert_eq!((third.status.as_u16(), third.json()["code"].as_str()), (409, Some("changed-since")));
    assert!(third.json()["detail"].as_str().is_some_and(|said| said.starts_with("Sam Rourke set this ladder meanwhile.")), "{}", third.json());
    assert_eq!(rooftop.say_with(&[("if-match", &seen)], "DELETE", "/api/ladders?source=Cars.com", &json!({})).await?.status.as_u16(), 409);
    let beside = json!({ "source": "New", "first": "turn", "minutes": 2, "rungs": [{ "to": "manager", "minutes": 2 }], "skill": "" });
    assert_eq!(rooftop.say_with(&[("if-match", &seen)], "PUT", "/api/ladders", &beside).await?.status.as_u16(), 409, "a new one has no version");
    assert_eq!(rooftop.say_with(&[("if-match", "\"none\"")], "PUT", "/api/ladders", &beside).await?.status.as_u16(), 200);
    assert_eq!(rooftop.say("DELETE", "/api/ladders?source=New", &json!({})).await?.status.as_u16(), 200);

    let headless = json!({ "source": "X", "first": "turn", "minutes": 2, "rungs": [{ "to": "rep", "minutes": 2 }], "skill": "" });
    let refused = rooftop.say("PUT", "/api/ladders", &headless).await?;
    assert_eq!(refused.json()["detail"], "The last step is a manager, so that no lead is left with nobody.");
    assert_eq!(rooftop.say("DELETE", "/api/ladders?source=Cars.com", &json!({})).await?.json()["items"].as_array().map(Vec::len), Some(1));
    rooftop.close().await;
    Ok(())
}
