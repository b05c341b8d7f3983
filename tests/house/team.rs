//! Who is asked: by schedule, skill, absence and the ladder of a source.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn lead(id: u32, source: &str) -> String {
    format!(
        r#"<?adf version="1.0"?><adf><prospect><id source="{source}">{id}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <vehicle interest="buy"><year>2022</year><make>Honda</make><model>CR-V</model></vehicle>
        <customer><contact><name part="first">Reader{id}</name><name part="last">Whitfield</name><phone>207-555-01{id:02}</phone></contact></customer>
        <provider><name>{source}</name></provider></prospect></adf>"#
    )
}

async fn say(rooftop: &Rooftop, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.to_string().as_bytes()).await
}

async fn member(rooftop: &Rooftop, name: &str) -> Result<Value, Failure> {
    let team = rooftop.get("/api/team").await?;
    let found = team["people"].as_array().into_iter().flatten().find(|p| p["person"]["name"] == name);
    Ok(found.cloned().ok_or("nobody of that name")?)
}

async fn card(rooftop: &Rooftop, id: u32) -> Result<Value, Failure> {
    let queue = rooftop.get("/api/alerts?scope=store").await?;
    let name = format!("Reader{id} Whitfield");
    Ok(queue["items"].as_array().into_iter().flatten().find(|row| row["customer"]["name"] == name.as_str()).cloned().unwrap_or_default())
}

async fn card_of_lead(rooftop: &Rooftop, id: u32, source: &str) -> Result<Value, Failure> {
    rooftop.from_outside("/leads/adf", lead(id, source).as_bytes()).await?;
    rooftop.settled().await?;
    card(rooftop, id).await
}

fn owner(card: &Value) -> (Option<&str>, Option<&str>) {
    (card["owner"]["name"].as_str(), card["routed_because"].as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_away_hands_on_what_they_had_oldest_first_and_is_not_asked_until_they_are_back() -> Fails {
    let rooftop = Rooftop::open().await?;
    let priya = member(&rooftop, "Priya Nair").await?["person"]["id"].clone();
    let first = card_of_lead(&rooftop, 1, "Cars.com").await?;
    assert_eq!(owner(&first).0, Some("Priya Nair"));
    let path = format!("/api/team/{priya}/away");
    let now = rooftop.clock.now().0;

    // A day that lies ahead changes nothing yet.
    say(&rooftop, "PUT", &path, &json!({ "from_ms": now + DAY_MS, "until_ms": now + 2 * DAY_MS })).await?;
    assert_eq!(owner(&card(&rooftop, 1).await?).0, Some("Priya Nair"));
    let away = say(&rooftop, "PUT", &path, &json!({ "from_ms": now, "until_ms": now + 2 * DAY_MS })).await?;
    assert_eq!(away.status.as_u16(), 200, "{}", away.json());
    assert_eq!(owner(&card(&rooftop, 1).await?), (Some("Jo Lindqvist"), Some("Priya N. is away until Nov 26; the only one free")));
    assert_eq!(owner(&card_of_lead(&rooftop, 2, "Cars.com").await?).0, Some("Jo Lindqvist"));
    assert_eq!(member(&rooftop, "Priya Nair").await?["is_off"], true);

    say(&rooftop, "DELETE", &path, &json!({})).await?;
    assert_eq!(owner(&card_of_lead(&rooftop, 3, "Cars.com").await?), (Some("Priya Nair"), Some("Fewest open cards")));
    let wrong = say(&rooftop, "PUT", &path, &json!({ "from_ms": now, "until_ms": now - 1 })).await?;
    assert_eq!((wrong.status.as_u16(), wrong.json()["code"].as_str()), (422, Some("team")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_that_was_planned_begins_by_itself() -> Fails {
    let rooftop = Rooftop::open().await?;
    let priya = member(&rooftop, "Priya Nair").await?["person"]["id"].clone();
    card_of_lead(&rooftop, 1, "Cars.com").await?;
    let from = rooftop.clock.now().0 + 2 * MINUTE_MS;
    say(&rooftop, "PUT", &format!("/api/team/{priya}/away"), &json!({ "from_ms": from, "until_ms": from + DAY_MS })).await?;
    rooftop.clock.advance_ms(2 * MINUTE_MS + 1_000);
    let moved = async {
        while owner(&card(&rooftop, 1).await?).0 != Some("Jo Lindqvist") {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok::<(), Failure>(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), moved).await??;
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_their_hours_nobody_is_asked_and_a_skill_comes_before_a_turn() -> Fails {
    let rooftop = Rooftop::open().await?;
    let jo = member(&rooftop, "Jo Lindqvist").await?["person"]["id"].clone();
    let set = say(&rooftop, "PUT", &format!("/api/team/{jo}/work"), &json!({ "skills": ["Trucks", "trucks "] })).await?;
    assert_eq!(set.status.as_u16(), 200, "{}", set.json());
    assert_eq!(member(&rooftop, "Jo Lindqvist").await?["skills"], json!(["trucks"]));
    let ladder = json!({ "source": "Truck Trader", "first": "turn", "minutes": 3, "rungs": [{ "to": "manager", "minutes": 5 }], "skill": "trucks" });
    assert_eq!(say(&rooftop, "PUT", "/api/ladders", &ladder).await?.status.as_u16(), 200);
    let card = card_of_lead(&rooftop, 1, "Truck Trader").await?;
    assert_eq!(owner(&card), (Some("Jo Lindqvist"), Some("For trucks")));
    assert_eq!(card["clock"]["due_ms"].as_i64(), card["clock"]["started_ms"].as_i64().map(|s| s + 3 * MINUTE_MS));
    assert_eq!(card["clock"]["then_name"], "Sam R.");

    let never = json!({ "skills": ["trucks"], "schedule": [null, null, null, null, null, null, null] });
    say(&rooftop, "PUT", &format!("/api/team/{jo}/work"), &never).await?;
    assert_eq!(owner(&card_of_lead(&rooftop, 2, "Truck Trader").await?).0, Some("Priya Nair"));
    let wrong = json!({ "schedule": [{ "opens": 600, "closes": 540 }, null, null, null, null, null, null] });
    assert_eq!(say(&rooftop, "PUT", &format!("/api/team/{jo}/work"), &wrong).await?.status.as_u16(), 422);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_be_for_all_and_then_climbs_its_ladder() -> Fails {
    let rooftop = Rooftop::open().await?;
    let ladder = json!({ "source": "cars.com", "first": "claim", "minutes": 2, "rungs": [{ "to": "rep", "minutes": 2 }, { "to": "manager", "minutes": 5 }], "skill": "" });
    let set = say(&rooftop, "PUT", "/api/ladders", &ladder).await?;
    assert_eq!(set.json()["items"].as_array().map(Vec::len), Some(2), "{}", set.json());
    let open = card_of_lead(&rooftop, 1, "Cars.com").await?;
    assert_eq!((&open["owner"], &open["for_all"], &open["routed_because"]), (&Value::Null, &json!(true), &json!("Whoever takes it first")));

    // Who takes it has it; taken back, it is for all again.
    rooftop.post(&format!("/api/alerts/{}/claim", open["id"]), &json!({})).await?;
    assert_eq!((owner(&card(&rooftop, 1).await?).0, &card(&rooftop, 1).await?["for_all"]), (Some("Sam Rourke"), &json!(false)));
    rooftop.post(&format!("/api/alerts/{}/undo", open["id"]), &json!({})).await?;
    assert_eq!(card(&rooftop, 1).await?["for_all"], true);

    // Nobody does: it goes on by itself, and what nobody touched is answered.
    rooftop.clock.advance_ms(2 * MINUTE_MS + 1_000);
    let climbed = async {
        while owner(&card(&rooftop, 1).await?).0.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok::<(), Failure>(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), climbed).await??;
    assert_eq!(card(&rooftop, 1).await?["routed_because"], "Nobody took it in time");

    let headless = json!({ "source": "X", "first": "turn", "minutes": 2, "rungs": [{ "to": "rep", "minutes": 2 }], "skill": "" });
    let refused = say(&rooftop, "PUT", "/api/ladders", &headless).await?;
    assert_eq!(refused.json()["detail"], "The last step is a manager, so that no lead is left with nobody.");
    assert_eq!(say(&rooftop, "DELETE", "/api/ladders?source=Cars.com", &json!({})).await?.json()["items"].as_array().map(Vec::len), Some(1));
    rooftop.close().await;
    Ok(())
}
