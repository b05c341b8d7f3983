//! A car costs less: are those told who want to hear of it and may be written to, nobody else, once, in time, and so that it can be taken
//! back? And does a car that comes in find those who wished for it?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{
        address::Address,
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        deal::NewDeal,
        event::{Event, ImportRow, Reply},
        ids::{CustomerId, ImportId},
        import_run::ImportKind,
        outbox::{OutboxRow, OutboxState},
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
        vin::Vin,
    },
    service::{advance, operator::Request, replay},
    store::{Rows, Span, Store, backend::Backend, seal::MasterKey, tables},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

pub(crate) const CAR: &str = "2HKRW2H8XNH614882";
pub(crate) const OTHER_CAR: &str = "1HGCM82633A004352";

pub(crate) fn feed(price: u32, status: &str, url: &str) -> String {
    format!(
        "stock,vin,year,make,model,trim,body,drivetrain,price,cost,miles,status,url\n\
         24117,{CAR},2022,Honda,CR-V,EX-L,SUV,AWD,{price},25340,31480,{status},{url}\n"
    )
}

pub(crate) async fn list(rooftop: &Rooftop, rows: String) -> Fails {
    let kind = Some(ImportKind::Inventory);
    rooftop.operate(Request::Import { kind, rehearse: false, file: "lot.csv".to_owned(), bytes: rows.into_bytes() }).await?;
    rooftop.settled().await
}

pub(crate) async fn opened() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    list(&rooftop, feed(27_650, "available", "")).await?;
    Ok(rooftop)
}

pub(crate) async fn car(rooftop: &Rooftop) -> Result<Value, Failure> {
    let lot = rooftop.get("/api/vehicles").await?;
    rooftop.get(&format!("/api/vehicles/{}", lot["items"][0]["id"])).await
}

/// The ninth lives with others, and is nobody's double.
fn name_of(n: u32) -> String {
    if n == 9 { "Marion Whitfield".to_owned() } else { format!("Reader{n} Whitfield") }
}

fn phone_of(n: u32) -> String {
    format!("207-555-01{n:02}")
}

/// What the form of the website posts.
pub(crate) fn posted(n: u32, channel: &str) -> Value {
    let to = if channel == "text" { phone_of(n) } else { format!("reader{n}@example.com") };
    json!({
        "vin": CAR, "stock": "24117", "channel": channel, "to": to, "name": name_of(n), "below": null,
        "agreed": true, "similar": false, "client": format!("browser-{n}"),
    })
}

pub(crate) async fn post_form(rooftop: &Rooftop, form: &Value) -> Result<Answered, Failure> {
    let answered = rooftop.from_outside("/price-alerts", form.to_string().as_bytes()).await?;
    rooftop.settled().await?;
    Ok(answered)
}

pub(crate) async fn subscribe(rooftop: &Rooftop, n: u32, channel: &str) -> Fails {
    let answered = post_form(rooftop, &posted(n, channel)).await?;
    if answered.status.as_u16() == 201 { Ok(()) } else { Err(format!("{}: {}", answered.status, answered.json()).into()) }
}

pub(crate) async fn customer(rooftop: &Rooftop, n: u32) -> Result<u64, Failure> {
    let name = name_of(n);
    let page = rooftop.get("/api/customers?limit=100").await?;
    let found = page["items"].as_array().into_iter().flatten().find(|row| row["name"] == name.as_str()).and_then(|row| row["id"].as_u64());
    Ok(found.ok_or_else(|| format!("{name} is nobody: {page}"))?)
}

pub(crate) async fn happens(rooftop: &Rooftop, event: Event) -> Fails {
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    rooftop.house.rooms.store.write(move |tx| advance::append_applied(tx, &policy, event.clone(), now)).await?;
    rooftop.settled().await
}

pub(crate) fn reader(n: u32, at: At) -> Profile {
    let source = Source { kind: SourceKind::Dms, name: "DMS".into() };
    let mut reader = Profile::new(source, at);
    let first = name_of(n).replace(" Whitfield", "");
    reader.name = PersonName { first, last: "Whitfield".into(), ..PersonName::default() };
    reader.phones.extend(Phone::parse(&phone_of(n)));
    reader.emails.extend(headlight::domain::email::Email::parse(&format!("reader{n}@example.com")));
    reader
}

/// The same, living where readers of this number live.
fn at_home(n: u32, house: u32, at: At) -> Profile {
    let address =
        Address { line1: format!("{house} Elm St"), city: "Portland".into(), region: "ME".into(), postal_code: "04102".into(), ..Address::default() };
    Profile { address, ..reader(n, at) }
}

pub(crate) async fn says(rooftop: &Rooftop, method: &str, path: &str, body: Value, headers: &[(&str, &str)]) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    let headers = [&[("authorization", auth.as_str()), ("content-type", "application/json")], headers].concat();
    send(rooftop.lan, method, path, &headers, body.to_string().as_bytes()).await
}

pub(crate) async fn price(rooftop: &Rooftop, dollars: i64) -> Result<Answered, Failure> {
    let id = car(rooftop).await?["id"].clone();
    let set = says(rooftop, "PUT", &format!("/api/vehicles/{id}/price"), json!({ "price_cents": dollars * 100 }), &[]).await?;
    rooftop.settled().await?;
    Ok(set)
}

pub(crate) async fn plan(rooftop: &Rooftop, dollars: i64) -> Result<Value, Failure> {
    let id = car(rooftop).await?["id"].clone();
    Ok(says(rooftop, "POST", &format!("/api/vehicles/{id}/price/plan"), json!({ "price_cents": dollars * 100 }), &[]).await?.json())
}

pub(crate) fn outbox(rooftop: &Rooftop) -> Result<Vec<OutboxRow>, Failure> {
    let rows = rooftop.house.rooms.store.read()?.some(tables::OUTBOX, &Span::all(), 1_000)?;
    Ok(rows.into_iter().map(|(_, row)| row).filter(|row| !row.purpose.is_answer()).collect())
}

pub(crate) fn waiting(rooftop: &Rooftop) -> Result<usize, Failure> {
    Ok(outbox(rooftop)?.iter().filter(|row| matches!(row.state, OutboxState::Waiting { .. })).count())
}

/// Waits for what turns by itself.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> Result<bool, Failure>) -> Fails {
    let waited = async {
        while !holds().await? {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), waited).await.map_err(|_| what.to_owned())?
}

async fn card_of(rooftop: &Rooftop, id: u64) -> Result<Option<Value>, Failure> {
    let all = rooftop.get("/api/alerts?scope=store").await?;
    Ok(all["items"].as_array().into_iter().flatten().find(|row| row["customer"]["id"] == id).cloned())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_is_told_once_and_taken_back_it_is_as_if_nobody_had_been() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "text").await?;
    subscribe(&rooftop, 1, "text").await?;
    let mut low = posted(2, "email");
    low["below"] = json!(26_000);
    post_form(&rooftop, &low).await?;
    let page = car(&rooftop).await?;
    assert_eq!(page["pricing"]["alerts_set"], 2, "posted twice is one: {page}");

    // Having looked at it too changes nothing for who named a price.
    for client in ["browser-1", "browser-2"] {
        let look = json!({ "name": "asc_item_pageview", "params": { "item_number": "24117", "item_id": CAR } });
        rooftop.from_outside("/collect", json!({ "client_id": client, "events": [look] }).to_string().as_bytes()).await?;
    }
    rooftop.settled().await?;
    // One wants to hear of any drop that is worth a word, one from 26,000 on.
    for (dollars, met, told) in [(27_500, 0, 0), (27_000, 1, 1), (26_001, 1, 1), (26_000, 2, 2)] {
        let plan = plan(&rooftop, dollars).await?;
        assert_eq!((&plan["alerts_met"], &plan["told"]), (&json!(met), &json!(told)), "{dollars}: {plan}");
    }
    let planned = plan(&rooftop, 26_990).await?;
    assert_eq!((&planned["may_text"], &planned["may_email"], &planned["gross_cents"]), (&json!(1), &json!(0), &json!(165_000)), "{planned}");
    assert_eq!((&planned["left_out"], outbox(&rooftop)?), (&json!([]), vec![]), "a plan changes nothing");
    assert_eq!(plan(&rooftop, 27_650).await?["stop"], "The price does not come down.");

    let set = price(&rooftop, 26_990).await?;
    assert_eq!((set.status.as_u16(), &set.json()["price_cents"]), (200, &json!(2_699_000)), "{}", set.json());
    price(&rooftop, 26_990).await?;
    let rows = outbox(&rooftop)?;
    let [row] = rows.as_slice() else { return Err(format!("{rows:?}").into()) };
    assert_eq!((row.channel, row.to.as_str(), row.customer), (Channel::Text, "+12075550101", CustomerId(customer(&rooftop, 1).await?)));
    assert_eq!(
        row.text,
        "Hi Reader1, the 2022 CR-V (stock 24117) you asked us to watch is now $26,990, down $660. Price as of Nov 24. Our store. Reply STOP to end."
    );
    assert_eq!(row.text, planned["tell"][0]["text"].as_str().unwrap_or_default(), "as the plan said");
    assert_eq!(row.not_before, rooftop.clock.now().plus_ms(MINUTE_MS), "time to take it back");
    assert_eq!(row.not_after, row.not_before.plus_ms(3 * DAY_MS), "a price of last week is no news");
    let story = rooftop.get(&format!("/api/customers/{}/story", row.customer)).await?.to_string();
    assert!(story.contains("Told them of the lower price") && story.contains("Wants to hear when the 2022 CR-V #24117 costs less"), "{story}");
    assert!(story.contains("not a condition of buying"), "what was agreed to stands in the story: {story}");

    let id = car(&rooftop).await?["id"].clone();
    let back = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/undo"), json!({}), &[]).await?;
    assert_eq!((back.status.as_u16(), &back.json()["price_cents"], waiting(&rooftop)?), (200, &json!(2_765_000), 0), "{}", back.json());
    assert_eq!(rooftop.house.rooms.store.read()?.count(tables::OUTBOX_DUE)?, 0, "nobody sends it");
    assert_eq!(back.json()["price_history"].as_array().map(Vec::len), Some(1));
    let story = rooftop.get(&format!("/api/customers/{}/story", outbox(&rooftop)?[0].customer)).await?.to_string();
    assert!(!story.contains("Told them of the lower price"), "{story}");
    let again = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/undo"), json!({}), &[]).await?;
    assert_eq!((again.status.as_u16(), again.json()["code"].as_str()), (409, Some("stays")));
    // It is as if they had not been told: the next drop reaches them.
    price(&rooftop, 26_890).await?;
    assert_eq!(waiting(&rooftop)?, 1);
    rooftop.clock.advance_ms(HOUR_MS + 1);
    let late = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/undo"), json!({}), &[]).await?;
    assert_eq!(late.status.as_u16(), 409, "an hour has passed");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_back_when_a_message_has_left() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "email").await?;
    price(&rooftop, 26_990).await?;
    let mut row = outbox(&rooftop)?.pop().ok_or("a message")?;
    row.state = OutboxState::Sent { at: rooftop.clock.now() };
    rooftop.house.rooms.store.write(move |tx| tx.put(tables::OUTBOX, &row.id, &row)).await?;
    let id = car(&rooftop).await?["id"].clone();
    let back = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/undo"), json!({}), &[]).await?;
    assert_eq!((back.status.as_u16(), &car(&rooftop).await?["pricing"]["undo_until_ms"]), (409, &Value::Null));
    list(&rooftop, feed(27_990, "available", "")).await?;
    assert!(matches!(outbox(&rooftop)?[0].state, OutboxState::Sent { .. }), "what has left is not called back");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_be_left_in_peace_is() -> Fails {
    let rooftop = opened().await?;
    let now = rooftop.clock.now();
    // A car they had, bought long before it came back to the lot; the ninth lives with them.
    let mut deal = NewDeal::new("7001".into(), now.plus_ms(-900 * DAY_MS), at_home(1, 14, now));
    deal.vin = Vin::parse(CAR);
    happens(&rooftop, Event::Imported { import: ImportId(90), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    happens(&rooftop, Event::Imported { import: ImportId(93), rows: vec![ImportRow::Customer(at_home(9, 14, now))], lines: vec![] }).await?;
    for n in 1..=9 {
        subscribe(&rooftop, n, "email").await?;
    }
    rooftop.clock.advance_ms(MINUTE_MS);
    let now = rooftop.clock.now();
    // Another car of ours, since.
    let mut deal = NewDeal::new("7002".into(), now, reader(2, now));
    deal.vin = Vin::parse(OTHER_CAR);
    happens(&rooftop, Event::Imported { import: ImportId(91), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    // In the showroom.
    let here = json!({ "customer": customer(&rooftop, 3).await?, "with": 1 });
    let visit = says(&rooftop, "POST", "/api/visits", here, &[]).await?;
    assert!(visit.status.is_success(), "{}", visit.json());
    // Given up: they bought elsewhere.
    let asked = adf(4);
    rooftop.from_outside("/leads/adf", asked.as_bytes()).await?;
    rooftop.settled().await?;
    let path = format!("/api/customers/{}/lost", customer(&rooftop, 4).await?);
    let lost = says(&rooftop, "PUT", &path, json!({ "why": "bought_elsewhere", "note": "", "again_ms": null }), &[]).await?;
    assert!(lost.status.is_success(), "{}", lost.json());
    // They complained.
    let rude = Reply { person: reader(5, now), channel: Channel::Email, at: now, text: "Your salesman was rude".into(), external_id: None };
    happens(&rooftop, Event::Reply(rude)).await?;
    // They opted out.
    let mut stop = reader(6, now);
    stop.consent =
        vec![ConsentFact { channel: Channel::Email, state: ConsentState::Revoked, basis: ConsentBasis::Reply, at: now, evidence: "STOP".into() }];
    happens(&rooftop, Event::Imported { import: ImportId(92), rows: vec![ImportRow::Customer(stop)], lines: vec![] }).await?;
    // Somebody was in touch.
    rooftop.from_outside("/leads/adf", adf(7).as_bytes()).await?;
    rooftop.settled().await?;
    let card = card_of(&rooftop, customer(&rooftop, 7).await?).await?.ok_or("a card")?;
    rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &json!({ "outcome": "called" })).await?;

    let planned = plan(&rooftop, 26_990).await?;
    let left: Vec<(String, String)> = planned["left_out"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|row| row["who"].as_array().into_iter().flatten().map(move |who| (row["why"].to_string(), who["name"].to_string())))
        .collect();
    let expected = [("has_it", 1), ("has_it", 9), ("bought", 2), ("in_deal", 3), ("gone", 4), ("unhappy", 5), ("just_touched", 7), ("no_consent", 6)];
    let mut expected: Vec<(String, String)> = expected.iter().map(|(why, n)| (format!("\"{why}\""), format!("{:?}", name_of(*n)))).collect();
    let mut found = left;
    expected.sort();
    found.sort();
    assert_eq!(
        (found, &planned["told"], planned["tell"][0]["customer"]["name"].as_str()),
        (expected, &json!(1), Some("Reader8 Whitfield")),
        "{planned}"
    );
    price(&rooftop, 26_990).await?;
    assert_eq!(outbox(&rooftop)?.len(), 1);
    // Whoever was told rests for two weeks, whichever car it is.
    assert_eq!(plan(&rooftop, 25_990).await?["left_out"].as_array().map(|rows| rows.iter().any(|r| r["why"] == "told_lately")), Some(true));
    rooftop.clock.advance_ms(14 * DAY_MS);
    assert_eq!(plan(&rooftop, 25_990).await?["left_out"].as_array().map(|rows| rows.iter().any(|r| r["why"] == "told_lately")), Some(false));
    for status in ["hold", "sold"] {
        list(&rooftop, feed(26_990, status, "")).await?;
        let id = rooftop.house.rooms.store.read()?.keys(tables::VEHICLES, &Span::all(), 1)?[0];
        let stopped = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/plan"), json!({ "price_cents": 2_000_000 }), &[]).await?.json();
        assert!(stopped["stop"].is_string() || stopped["code"] == "price", "{status}: {stopped}");
    }
    rooftop.close().await;
    Ok(())
}

pub(crate) fn adf(n: u32) -> String {
    format!(
        r#"<?adf version="1.0"?><adf><prospect><id source="Cars.com">{n}</id><requestdate>2026-11-24T09:42:30-05:00</requestdate>
        <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
        <customer><contact><name part="first">Reader{n}</name><name part="last">Whitfield</name><email>reader{n}@example.com</email></contact></customer>
        <provider><name>Cars.com</name></provider></prospect></adf>"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enquiry_is_answered_and_no_more_until_they_agree() -> Fails {
    let rooftop = opened().await?;
    rooftop.from_outside("/leads/adf", adf(1).as_bytes()).await?;
    rooftop.settled().await?;
    let planned = plan(&rooftop, 26_990).await?;
    assert_eq!((&planned["told"], &planned["left_out"][0]["why"]), (&json!(0), &json!("no_consent")), "{planned}");
    let id = customer(&rooftop, 1).await?;
    let agreed = |channel: &str, how: &str| json!({ "vehicle": 1, "below_cents": null, "channel": channel, "how": how });
    let path = format!("/api/customers/{id}/price-alerts");
    let vehicle = car(&rooftop).await?["id"].clone();
    let with = |mut body: Value| {
        body["vehicle"] = vehicle.clone();
        body
    };
    let spoken = says(&rooftop, "POST", &path, with(agreed("text", "by_phone")), &[]).await?;
    assert_eq!((spoken.status.as_u16(), spoken.json()["code"].as_str()), (422, Some("price-alert")), "a text needs a signature");
    let emailed = says(&rooftop, "POST", &path, with(agreed("email", "by_phone")), &[]).await?;
    assert_eq!((emailed.status.as_u16(), &emailed.json()["price_alerts"][0]["by"]), (200, &json!("Sam R.")), "{}", emailed.json());
    rooftop.clock.advance_ms(21 * HOUR_MS);
    assert_eq!(plan(&rooftop, 26_990).await?["told"], 1);
    // Ended it is over, and taken up again it stands.
    let alert = emailed.json()["price_alerts"][0]["id"].clone();
    for (act, told) in [("end", 0), ("end", 0), ("resume", 1)] {
        let done = says(&rooftop, "POST", &format!("/api/price-alerts/{alert}/{act}"), json!({}), &[]).await?;
        assert_eq!((done.status.as_u16(), &plan(&rooftop, 26_990).await?["alerts_met"]), (200, &json!(told)), "{act}");
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_a_day_are_told_and_the_others_on_the_next_mornings() -> Fails {
    let rooftop = opened().await?;
    for n in 1..=18 {
        subscribe(&rooftop, n, "email").await?;
    }
    let planned = plan(&rooftop, 26_990).await?;
    let days: Vec<u64> = planned["tell"].as_array().into_iter().flatten().filter_map(|row| row["day"].as_u64()).collect();
    assert_eq!((days.iter().filter(|d| **d == 0).count(), days.iter().filter(|d| **d == 1).count()), (15, 3));
    price(&rooftop, 26_990).await?;
    assert_eq!(outbox(&rooftop)?.len(), 15);
    rooftop.clock.advance_ms(DAY_MS);
    until("the others are told", async || Ok(outbox(&rooftop)?.len() == 18)).await?;
    let mut who: Vec<u64> = outbox(&rooftop)?.iter().map(|row| row.customer.0).collect();
    who.sort_unstable();
    who.dedup();
    assert_eq!(who.len(), 18, "each once");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_waits_for_the_morning_and_an_email_does_not() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "text").await?;
    subscribe(&rooftop, 2, "email").await?;
    let late = At::parse_rfc3339("2026-11-24T21:30:00-05:00").ok_or("a time")?;
    rooftop.clock.advance_ms(late.since(rooftop.clock.now()));
    price(&rooftop, 26_990).await?;
    let mut leaves: Vec<(Channel, At)> = outbox(&rooftop)?.into_iter().map(|row| (row.channel, row.not_before)).collect();
    leaves.sort();
    let morning = At::parse_rfc3339("2026-11-25T09:00:00-05:00").ok_or("a time")?;
    assert_eq!(leaves, [(Channel::Text, morning), (Channel::Email, late.plus_ms(MINUTE_MS))]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_of_a_feed_goes_the_same_road_and_another_one_withdraws_what_was_written() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "email").await?;
    list(&rooftop, feed(26_990, "available", "")).await?;
    assert_eq!(waiting(&rooftop)?, 1);
    list(&rooftop, feed(26_990, "available", "")).await?;
    assert_eq!(outbox(&rooftop)?.len(), 1, "the same feed again tells nobody anything");
    list(&rooftop, feed(27_990, "available", "")).await?;
    assert_eq!(waiting(&rooftop)?, 0, "what was written of the lower price stays");
    list(&rooftop, feed(26_490, "available", "")).await?;
    assert_eq!(waiting(&rooftop)?, 1);
    // Something else of the car is said anew: the message stands, and is still known for one of this price.
    list(&rooftop, feed(26_490, "available", "https://example.com/used/24117")).await?;
    assert_eq!((waiting(&rooftop)?, outbox(&rooftop)?.len()), (1, 2));
    list(&rooftop, feed(26_490, "hold", "https://example.com/used/24117")).await?;
    assert_eq!(waiting(&rooftop)?, 0, "nobody is sent to a car that is on hold");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_the_message_has_a_card_at_once() -> Fails {
    let rooftop = Rooftop::open().await?;
    list(&rooftop, feed(27_650, "available", "https://example.com/used/24117")).await?;
    subscribe(&rooftop, 1, "text").await?;
    price(&rooftop, 26_990).await?;
    let text = outbox(&rooftop)?.pop().ok_or("a message")?.text;
    let mark = text.split("?hl=").nth(1).and_then(|rest| rest.split(' ').next()).ok_or("a mark")?.to_owned();
    let id = customer(&rooftop, 1).await?;
    assert!(card_of(&rooftop, id).await?.is_none());
    let arrives = |client: &str| {
        let look = json!({ "name": "asc_item_pageview", "params": { "item_number": "24117", "item_id": CAR, "hl": mark } });
        json!({ "client_id": client, "events": [look] }).to_string()
    };
    rooftop.from_outside("/collect", arrives("her-phone").as_bytes()).await?;
    rooftop.settled().await?;
    let card = card_of(&rooftop, id).await?.ok_or("a card")?;
    assert_eq!(card["rule"], "price_alert_used", "{card}");
    assert_eq!(card["headline"], "Reader1 followed the price alert on the 2022 CR-V (#24117).");
    let story = rooftop.get(&format!("/api/customers/{id}/story")).await?.to_string();
    assert!(story.contains("Followed a price alert on 2022 CR-V #24117"), "{story}");

    // Handed on to somebody whose browser is known for another, it is nobody's answer.
    subscribe(&rooftop, 2, "email").await?;
    let other = customer(&rooftop, 2).await?;
    rooftop.from_outside("/collect", arrives("browser-2").as_bytes()).await?;
    rooftop.settled().await?;
    assert!(card_of(&rooftop, other).await?.is_none_or(|card| card["rule"] != "price_alert_used"));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_says_too_little_is_told_what_is_missing() -> Fails {
    let rooftop = opened().await?;
    let with = |change: fn(&mut Value)| {
        let mut form = posted(1, "text");
        change(&mut form);
        form
    };
    for (form, status, code) in [
        (with(|f| f["agreed"] = json!(false)), 422, "agreed"),
        (with(|f| f["to"] = json!("12")), 422, "to"),
        (with(|f| (f["channel"], f["to"]) = (json!("email"), json!("nobody"))), 422, "to"),
        (with(|f| (f["stock"], f["vin"]) = (json!("99"), json!(""))), 422, "car"),
        (with(|f| f["below"] = json!(27_650)), 422, "below"),
        (with(|f| f["channel"] = json!("pigeon")), 400, "unreadable"),
        (with(|f| f["more"] = json!(1)), 400, "unreadable"),
    ] {
        let answered = post_form(&rooftop, &form).await?;
        assert_eq!((answered.status.as_u16(), answered.json()["code"].as_str()), (status, Some(code)), "{form}");
    }
    let wrong = send(rooftop.public, "POST", "/price-alerts?key=wrong", &[], posted(1, "text").to_string().as_bytes()).await?;
    assert_eq!(wrong.status.as_u16(), 401);
    assert_eq!(rooftop.house.rooms.store.read()?.count(tables::PRICE_ALERTS)?, 0);
    post_form(&rooftop, &with(|f| f["similar"] = json!(true))).await?;
    let cars = rooftop.get(&format!("/api/customers/{}/cars", customer(&rooftop, 1).await?)).await?;
    let (wish, alert) = (&cars["wishes"][0]["label"], &cars["price_alerts"][0]["to"]);
    assert_eq!((wish, alert), (&json!("Honda CR-V, at most $30,415"), &json!("+12075550101")), "{cars}");
    let script = send(rooftop.public, "GET", "/price-alert.js", &[], b"").await?;
    assert!(script.status.is_success() && String::from_utf8_lossy(&script.body).contains("Our store may send me automated texts"));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_for_managers_and_set_over_nobody() -> Fails {
    let rooftop = opened().await?;
    let page = car(&rooftop).await?;
    let (id, cookie) = (page["id"].clone(), rooftop.sign_in("Priya Nair").await?);
    let path = format!("/api/vehicles/{id}/price");
    let site = format!("http://{}", rooftop.lan);
    let rep = [("cookie", cookie.as_str()), ("content-type", "application/json"), ("origin", site.as_str())];
    let body = json!({ "price_cents": 2_699_000 }).to_string();
    assert_eq!(send(rooftop.lan, "PUT", &path, &rep, body.as_bytes()).await?.status.as_u16(), 403);
    let planned = send(rooftop.lan, "POST", &format!("{path}/plan"), &rep, body.as_bytes()).await?;
    assert_eq!((planned.status.as_u16(), &planned.json()["gross_cents"]), (200, &Value::Null), "gross is for managers");
    let seen = page["pricing"]["version"].as_str().ok_or("a version")?.to_owned();
    price(&rooftop, 27_000).await?;
    let stale = says(&rooftop, "PUT", &path, json!({ "price_cents": 2_699_000 }), &[("if-match", &format!("\"{seen}\""))]).await?;
    assert_eq!((stale.status.as_u16(), stale.json()["code"].as_str()), (409, Some("changed-since")));
    for cents in [0, -5, 900_000_000_000_i64] {
        let refused = says(&rooftop, "PUT", &path, json!({ "price_cents": cents }), &[]).await?;
        assert_eq!(refused.status.as_u16(), 422, "{cents}");
    }
    rooftop.close().await;
    Ok(())
}

fn arrival(stock: &str, vin: &str, price: u32) -> String {
    format!("stock,vin,year,make,model,body,drivetrain,price,status\n{stock},{vin},2021,Honda,CR-V,SUV,AWD,{price},available\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_comes_in_finds_whoever_wished_for_it_and_nobody_whose_household_had_it() -> Fails {
    let rooftop = opened().await?;
    let now = rooftop.clock.now();
    for n in [1, 2, 3, 9] {
        let reader = if n == 9 { at_home(9, 14, now) } else { reader(n, now) };
        happens(&rooftop, Event::Imported { import: ImportId(80 + u64::from(n)), rows: vec![ImportRow::Customer(reader)], lines: vec![] }).await?;
    }
    let mut deal = NewDeal::new("7001".into(), now.plus_ms(-900 * DAY_MS), at_home(2, 14, now));
    deal.vin = Vin::parse("5J6RW2H53ML000007");
    happens(&rooftop, Event::Imported { import: ImportId(90), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    for (n, most) in [(1, 25_000), (2, 25_000), (3, 20_000), (9, 25_000)] {
        let path = format!("/api/customers/{}/wishes", customer(&rooftop, n).await?);
        let said = says(&rooftop, "POST", &path, json!({ "model": "CR-V", "drivetrain": "AWD", "price_most_cents": most * 100 }), &[]).await?;
        assert_eq!((said.status.as_u16(), &said.json()["cars"]), (200, &json!([])), "{}", said.json());
    }
    list(&rooftop, arrival("24300", "5J6RW2H53ML000007", 23_900)).await?;
    let (wished, has, cheaper) = (customer(&rooftop, 1).await?, customer(&rooftop, 2).await?, customer(&rooftop, 3).await?);
    let lives_with_it = customer(&rooftop, 9).await?;
    until("the card is there", async || Ok(card_of(&rooftop, wished).await?.is_some_and(|card| card["rule"] == "wish_matched"))).await?;
    let card = card_of(&rooftop, wished).await?.ok_or("a card")?;
    assert_eq!(card["headline"], "Reader1 wished for a car like the 2021 CR-V (#24300), which came in.");
    assert!(card_of(&rooftop, has).await?.is_none() && card_of(&rooftop, cheaper).await?.is_none());
    assert!(card_of(&rooftop, lives_with_it).await?.is_none(), "a car of the same house");
    assert_eq!(rooftop.get(&format!("/api/customers/{lives_with_it}/cars")).await?["cars"], json!([]));
    let cars = rooftop.get(&format!("/api/customers/{wished}/cars")).await?;
    assert_eq!((&cars["cars"][0]["vehicle"]["stock"], &cars["cars"][0]["wished"]), (&json!("24300"), &json!(true)), "{cars}");
    let id = cars["cars"][0]["vehicle"]["id"].clone();
    let wanted = rooftop.get(&format!("/api/vehicles/{id}/wanted")).await?;
    assert_eq!((&wanted["who"][0]["how"], &wanted["who"][0]["customer"]["id"]), (&json!("wish"), &json!(wished)), "{wanted}");
    assert_eq!(wanted["total"], 1, "{wanted}");
    // A limit that the price now meets is as good as having asked.
    let set = says(&rooftop, "POST", &format!("/api/vehicles/{id}/price/plan"), json!({ "price_cents": 1_999_000 }), &[]).await?.json();
    assert!(set["left_out"].to_string().contains("Reader3"), "known by the wish, and nothing agreed to yet: {set}");
    // Ended it is over.
    let wish = cars["wishes"][0]["id"].clone();
    let ended = says(&rooftop, "POST", &format!("/api/wishes/{wish}/end"), json!({}), &[]).await?;
    assert_eq!(ended.json()["wishes"], json!([]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_like_those_they_look_at_finds_them_too() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "email").await?;
    for hours in [30, 20, 0] {
        let at = rooftop.clock.now().0 - hours * HOUR_MS;
        let look = json!({ "name": "asc_item_pageview", "timestamp_micros": at * 1_000, "params": { "item_number": "24117", "item_id": CAR } });
        rooftop.from_outside("/collect", json!({ "client_id": "browser-1", "events": [look] }).to_string().as_bytes()).await?;
        rooftop.settled().await?;
    }
    let id = customer(&rooftop, 1).await?;
    let cars = rooftop.get(&format!("/api/customers/{id}/cars")).await?;
    assert_eq!((&cars["seeks"]["words"], &cars["price_alerts"][0]["stock"]), (&json!("CR-V"), &json!("24117")), "{cars}");
    list(&rooftop, arrival("24300", "5J6RW2H53ML000007", 26_900)).await?;
    let found = rooftop.house.rooms.store.read()?.some(tables::MATCHES, &Span::all(), 10)?;
    assert_eq!(found.iter().map(|((part, _), m)| (part.0, m.wish.is_none(), m.fit > 80)).collect::<Vec<_>>(), [(id, true, true)], "{found:?}");
    let cars = rooftop.get(&format!("/api/customers/{id}/cars")).await?;
    assert_eq!((&cars["cars"][0]["vehicle"]["stock"], &cars["cars"][0]["wished"]), (&json!("24300"), &json!(false)), "{cars}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_journal_tells_the_same_people() -> Fails {
    let rooftop = opened().await?;
    for n in 1..=17 {
        subscribe(&rooftop, n, if n % 2 == 0 { "email" } else { "text" }).await?;
    }
    price(&rooftop, 26_990).await?;
    rooftop.clock.advance_ms(DAY_MS);
    until("the others are told", async || Ok(outbox(&rooftop)?.len() == 17)).await?;
    list(&rooftop, feed(28_000, "available", "")).await?;
    list(&rooftop, arrival("24300", "5J6RW2H53ML000007", 23_900)).await?;
    rooftop.settled().await?;
    let lived = rooftop.house.rooms.store.read()?;
    let journal = lived.some(tables::JOURNAL, &Span::all(), 10_000)?;
    let memory = Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))));
    let again = Store::open(memory, &MasterKey::from_bytes([7; 32]), |_| {})?;
    let policy = rooftop.house.rooms.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &journal)).await?;
    let again = again.read()?;
    macro_rules! same {
        ($($table:ident),+) => {$(
            assert_eq!(again.some(tables::$table, &Span::all(), 1_000)?, lived.some(tables::$table, &Span::all(), 1_000)?, stringify!($table));
        )+};
    }
    same!(OUTBOX, OUTBOX_DUE, PRICE_ALERTS, PRICE_MOVES, TOLD_OF_DROPS, SEEKERS, MATCHES, STORY);
    drop(lived);
    rooftop.close().await;
    Ok(())
}
