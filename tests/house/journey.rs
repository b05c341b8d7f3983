//! The road, from the wire to a card: read this first. It walks the journey of ARCHITECTURE.md in its order.

use crate::support::{Fails, Failure, Rooftop};
use serde_json::json;

const CAR: &str = "2HKRW2H8XNH614882";

fn adf(id: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Cars.com">{id}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
        <customer><contact><name part="first">Dana</name><name part="last">Whitfield</name><phone>207-555-0148</phone><email>dana.w@example.com</email></contact>
        <comments>Is the white one still there?</comments></customer><provider><name>Cars.com</name></provider></prospect></adf>"#
    )
}

fn look(client: &str) -> String {
    json!({ "client_id": client, "events": [{ "name": "asc_item_pageview", "params": { "item_number": "24117", "item_id": CAR } }] }).to_string()
}

async fn stocked() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let feed = format!("stock,vin,year,make,model,trim,price,miles\n24117,{CAR},2022,Honda,CR-V,EX-L,27650,31480\n");
    let request = headlight::service::operator::Request::Import {
        kind: Some(headlight::domain::import_run::ImportKind::Inventory),
        rehearse: false,
        file: "lot.csv".to_owned(),
        bytes: feed.into_bytes(),
    };
    rooftop.operate(request).await?;
    rooftop.settled().await?;
    Ok(rooftop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_and_a_page_view_become_a_reasoned_card_with_a_clock() -> Fails {
    let rooftop = stocked().await?;

    // A shopper nobody knows looks at a car; it is on disk before the 202.
    assert_eq!(rooftop.from_outside("/collect", look("browser-1").as_bytes()).await?.status.as_u16(), 202);

    // A lead about the same car within five minutes says whose browser it is.
    let receipt = rooftop.from_outside("/leads/adf", adf("1").as_bytes()).await?;
    assert_eq!((receipt.status.as_u16(), receipt.json()["status"].as_str()), (201, Some("received")));
    rooftop.settled().await?;

    // One card, with its reasons, its clock, its person, and a message that uses only what Dana told us.
    let queue = rooftop.get("/api/alerts?state=open&scope=store").await?;
    assert_eq!(queue["total"], 1);
    let row = &queue["items"][0];
    assert_eq!((row["rule"].as_str(), row["customer"]["name"].as_str()), (Some("new_lead"), Some("Dana Whitfield")));
    let card = rooftop.get(&format!("/api/alerts/{}", row["id"])).await?;
    let parts: i64 = card["score_parts"].as_array().into_iter().flatten().filter_map(|p| p["points"].as_i64()).sum();
    assert_eq!(card["score"].as_i64(), Some(parts));
    assert!(card["clock"]["due_ms"].as_i64() > card["opened_ms"].as_i64());
    assert!(card["owner"]["name"].is_string());
    assert!(card["draft"]["text"].as_str().is_some_and(|t| t.contains("Dana") && t.contains("CR-V")), "{}", card["draft"]);

    // The browser's earlier look is in her story; she is found by the last four of her phone.
    let id = &row["customer"]["id"];
    let story = rooftop.get(&format!("/api/customers/{id}/story")).await?;
    let titles: Vec<&str> = story["items"].as_array().into_iter().flatten().filter_map(|l| l["title"].as_str()).collect();
    assert!(titles.iter().any(|t| t.starts_with("Looked at 2022 CR-V")), "{titles:?}");
    let found = rooftop.get("/api/search?q=0148").await?;
    assert_eq!(&found["hits"][0]["id"], id);

    // Each reason names the line of the story that it rests on.
    let lines = || story["items"].as_array().into_iter().flatten();
    for reason in card["why"].as_array().into_iter().flatten() {
        let line = lines().find(|line| line["id"] == reason["story_id"]).ok_or_else(|| format!("no line for {reason}"))?;
        let wanted = if reason["icon"] == "eye" { "Looked at 2022 CR-V" } else { "Asked about the 2022" };
        assert!(line["title"].as_str().is_some_and(|t| t.starts_with(wanted)), "{reason} rests on {line}");
    }
    assert_eq!(card["why"].as_array().map(Vec::len), Some(2), "{}", card["why"]);

    // Claimed by one, it is not claimed by another; done, it leaves the queue.
    let claimed = rooftop.post(&format!("/api/alerts/{}/claim", row["id"]), &json!({})).await?;
    assert_eq!(claimed.json()["state"], "claimed");
    let done = rooftop.post(&format!("/api/alerts/{}/done", row["id"]), &json!({ "outcome": "called" })).await?;
    assert_eq!(done.json()["state"], "closed");
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["total"], 0);

    // Taken back, it stands again.
    let undone = rooftop.post(&format!("/api/alerts/{}/undo", row["id"]), &json!({})).await?;
    assert_eq!(undone.json()["state"], "claimed");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_look_in_two_days_brings_the_card_back() -> Fails {
    const HOUR_MS: i64 = 3_600_000;
    let rooftop = stocked().await?;
    rooftop.from_outside("/collect", look("browser-1").as_bytes()).await?;
    rooftop.from_outside("/leads/adf", adf("1").as_bytes()).await?;
    rooftop.settled().await?;
    let first = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].clone();
    rooftop.post(&format!("/api/alerts/{first}/done"), &json!({ "outcome": "called" })).await?;
    for hours in [13, 26, 33] {
        rooftop.clock.advance_ms(hours * HOUR_MS - if hours > 13 { 13 * HOUR_MS } else { 0 });
        rooftop.from_outside("/collect", look("browser-1").as_bytes()).await?;
        rooftop.settled().await?;
        rooftop.clock.advance_ms(-(hours * HOUR_MS - if hours > 13 { 13 * HOUR_MS } else { 0 }));
        rooftop.clock.advance_ms(HOUR_MS * 13);
    }
    let queue = rooftop.get("/api/alerts?scope=store").await?;
    assert_eq!(queue["items"][0]["rule"], "back_on_same_car", "{queue}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_lead_twice_is_one_lead() -> Fails {
    let rooftop = stocked().await?;
    rooftop.from_outside("/leads/adf", adf("77").as_bytes()).await?;
    let again = rooftop.from_outside("/leads/adf", adf("77").as_bytes()).await?;
    assert_eq!(again.json()["status"], "already-received");
    rooftop.settled().await?;
    let found = rooftop.get("/api/customers?q=whitfield").await?;
    assert_eq!(found["total"], 1);
    let story = rooftop.get(&format!("/api/customers/{}/story", found["items"][0]["id"])).await?;
    assert_eq!(story["items"].as_array().map(Vec::len), Some(1));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_understood_is_set_aside_with_its_bytes() -> Fails {
    let rooftop = stocked().await?;
    let answer = rooftop.from_outside("/leads/adf", b"this is no lead at all").await?;
    assert_eq!((answer.status.as_u16(), answer.json()["status"].as_str()), (202, Some("set-aside")));
    let list = rooftop.get("/api/set-aside").await?;
    assert_eq!(list["items"][0]["preview"], "this is no lead at all");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_prospects_that_can_be_read_are_leads_and_the_rest_is_kept_with_its_reason() -> Fails {
    let rooftop = stocked().await?;
    let nobody = "<prospect><customer><contact><name part=\"full\">Wren Unreachable</name></contact></customer></prospect>";
    let mixed = adf("88").replace("</prospect></adf>", &format!("</prospect>{nobody}</adf>"));
    let answer = rooftop.from_outside("/leads/adf", mixed.as_bytes()).await?;
    assert_eq!((answer.status.as_u16(), answer.json()["status"].as_str()), (201, Some("received")));
    assert!(answer.json()["notes"][0].as_str().is_some_and(|note| note.contains("no phone and no email")), "{}", answer.json());
    // The sender tries again: one lead, kept once.
    let again = rooftop.from_outside("/leads/adf", mixed.as_bytes()).await?;
    assert_eq!(again.json()["status"], "already-received");
    rooftop.settled().await?;
    assert_eq!(rooftop.get("/api/customers?q=whitfield").await?["total"], 1);
    let kept = rooftop.get("/api/set-aside").await?;
    assert_eq!((&kept["total"], &kept["items"][0]["size_bytes"]), (&json!(1), &json!(mixed.len())));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_names_no_sender_is_from_whoever_brought_it() -> Fails {
    let rooftop = stocked().await?;
    let unnamed = adf("89").replace(" source=\"Cars.com\"", "").replace("<provider><name>Cars.com</name></provider>", "");
    let receipt = rooftop.from_outside("/leads/adf", unnamed.as_bytes()).await?;
    assert_eq!(receipt.json()["leads"][0]["source"], "test sender");
    rooftop.settled().await?;
    let id = rooftop.get("/api/customers?q=whitfield").await?["items"][0]["id"].clone();
    let page = rooftop.get(&format!("/api/customers/{id}")).await?;
    assert_eq!((&page["deal"]["source"], &page["sources"][0]["label"]), (&json!("test sender"), &json!("test sender")));
    rooftop.close().await;
    Ok(())
}

/// Living through the journal again gives the same cards, the same people and the same stories.
#[tokio::test(flavor = "multi_thread")]
async fn replaying_the_journal_gives_what_living_through_it_gave() -> Fails {
    use headlight::{
        domain::timer::{Timer, TimerKind},
        service::replay,
        store::{Rows, Span, Store, backend::Backend, seal::MasterKey, tables},
    };
    let rooftop = stocked().await?;
    for n in 0..12 {
        rooftop.from_outside("/collect", look(&format!("browser-{}", n % 3)).as_bytes()).await?;
        rooftop.from_outside("/leads/adf", adf(&format!("{}", n / 2)).as_bytes()).await?;
        if n % 4 == 3 {
            rooftop.settled().await?;
            if let Some(id) = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].as_u64() {
                rooftop.post(&format!("/api/alerts/{id}/claim"), &json!({})).await?;
                rooftop.post(&format!("/api/alerts/{id}/done"), &json!({ "outcome": "talked" })).await?;
            }
        }
        rooftop.clock.advance_ms(47 * 60_000);
    }
    rooftop.settled().await?;
    let lived = &rooftop.house.rooms;
    // One snapshot of both: the wheels go on meanwhile.
    let one = lived.store.read()?;
    let entries = one.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    assert!(entries.len() > 20);
    let again = Store::open(Backend::File(rooftop.folder.path().join("again.redb")), &MasterKey::random()?, |_| {})?;
    let policy = lived.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let two = again.read()?;
    macro_rules! same {
        ($($table:ident),+) => {$(
            let (lived, relived) = (one.some(tables::$table, &Span::all(), usize::MAX)?, two.some(tables::$table, &Span::all(), usize::MAX)?);
            assert_eq!(lived.len(), relived.len(), "rows of {}", stringify!($table));
            for (lived, relived) in lived.iter().zip(&relived) {
                assert_eq!(lived, relived, "{}", stringify!($table));
            }
        )+};
    }
    same!(STAFF, VEHICLES, CUSTOMERS, VISITORS, LEADS, STORY, MENTIONS, FILES, ALERTS, WORKLOADS, TIMERS, THINK_AGAIN);
    // However often a customer was thought of: one time to think of them again, and a timer that has fired is gone.
    let again = |(_, timer): &(_, Timer)| matches!(timer.what, TimerKind::ThinkAgain { .. });
    let waiting = one.some(tables::TIMERS, &Span::all(), usize::MAX)?;
    let customers = one.keys(tables::CUSTOMERS, &Span::all(), usize::MAX)?.len();
    assert!((1..=customers).contains(&waiting.iter().filter(|t| again(t)).count()), "{waiting:?} for {customers} customers");
    drop((one, two));
    rooftop.close().await;
    Ok(())
}
