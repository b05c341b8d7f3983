//! Does a store set its rules as it wants them, does everybody it concerns hear of it, and is it lived through again in its place?

use crate::support::{Answered, Fails, Failure, Rooftop, eventually, send};
use headlight::{
    domain::{
        appointment::NewAppointment,
        deal::NewDeal,
        event::{Answer, Event, ImportRow, Reply, StaffAnswer},
        ids::{AlertId, ImportId, StaffId},
        profile::{PersonName, Profile, Source, SourceKind},
        time::At,
    },
    service::{advance, operator::Request, replay},
    store::{Rows, Span, Store, backend::Backend, seal::MasterKey, tables},
};
use serde_json::{Value, json};
use std::sync::Arc;

const HOUR_MS: i64 = 3_600_000;
const CAR: &str = "2HKRW2H8XNH614882";

fn feed(price: u32, status: &str) -> String {
    format!("stock,vin,year,make,model,trim,price,miles,status\n24117,{CAR},2022,Honda,CR-V,EX-L,{price},31480,{status}\n")
}

async fn list(rooftop: &Rooftop, rows: String) -> Fails {
    let kind = Some(headlight::domain::import_run::ImportKind::Inventory);
    rooftop.operate(Request::Import { kind, rehearse: false, file: "lot.csv".to_owned(), bytes: rows.into_bytes() }).await?;
    rooftop.settled().await
}

fn adf(id: u32, comments: &str) -> String {
    format!(
        r#"<?adf version="1.0"?><adf><prospect><id source="Cars.com">{id}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
        <customer><contact><name part="first">Reader{id}</name><name part="last">Whitfield</name><phone>207-555-01{id:02}</phone></contact>
        <comments>{comments}</comments></customer><provider><name>Cars.com</name></provider></prospect></adf>"#
    )
}

async fn does(rooftop: &Rooftop, client: u32, name: &str) -> Fails {
    let event =
        json!({ "client_id": format!("browser-{client}"), "events": [{ "name": name, "params": { "item_number": "24117", "item_id": CAR } }] });
    rooftop.from_outside("/collect", event.to_string().as_bytes()).await?;
    rooftop.settled().await
}

/// Somebody whose browser we know, whose lead was answered: they did nothing since.
async fn known(rooftop: &Rooftop, id: u32) -> Result<Value, Failure> {
    does(rooftop, id, "asc_item_pageview").await?;
    rooftop.from_outside("/leads/adf", adf(id, "Is it still there?").as_bytes()).await?;
    rooftop.settled().await?;
    let card = rooftop.card_of(id).await?;
    rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &json!({ "outcome": "called" })).await?;
    // Two who look at one car within minutes are not told apart.
    rooftop.clock.advance_ms(HOUR_MS);
    Ok(card["customer"]["id"].clone())
}

/// Waits until what stands open for somebody is this, by what turns by itself.
async fn comes_to(rooftop: &Rooftop, id: u32, rule: Option<&str>) -> Result<Value, Failure> {
    let come = eventually(async || Ok(Some(rooftop.card_of(id).await?).filter(|card| card["rule"].as_str() == rule))).await;
    let open = rooftop.card_of(id).await?;
    come.map_err(|_| format!("{rule:?} is not what stands open: {open}").into())
}

async fn rule(rooftop: &Rooftop, word: &str) -> Result<Value, Failure> {
    let all = rooftop.get("/api/rules").await?;
    all["items"].as_array().into_iter().flatten().find(|r| r["rule"] == word).cloned().ok_or_else(|| format!("no rule {word}").into())
}

async fn put(rooftop: &Rooftop, word: &str, setting: &Value, headers: &[(&str, &str)]) -> Result<Answered, Failure> {
    rooftop.say_with(headers, "PUT", &format!("/api/rules/{word}"), setting).await
}

async fn opened() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    list(&rooftop, feed(28_400, "available")).await?;
    Ok(rooftop)
}

fn journalled(rooftop: &Rooftop) -> Result<usize, Failure> {
    Ok(rooftop.house.rooms.store.read()?.keys(tables::JOURNAL, &Span::all(), usize::MAX)?.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_set_within_its_bounds_once_and_over_nobody() -> Fails {
    let rooftop = opened().await?;
    let before = rule(&rooftop, "back_on_same_car").await?;
    assert_eq!((&before["setting"], before["knobs"][0]["least"].as_u64()), (&before["defaults"], Some(2)));
    let mut wanted = before["setting"].clone();
    wanted["thresholds"][0]["value"] = json!(3);

    // A number nobody can mean changes nothing, and says which would do.
    let mut far = wanted.clone();
    far["thresholds"][0]["value"] = json!(1);
    let refused = put(&rooftop, "back_on_same_car", &far, &[]).await?;
    assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (422, Some("rule")));
    assert!(refused.json()["detail"].as_str().is_some_and(|d| d.starts_with("From 2 to 20")), "{}", refused.json());
    assert_eq!(put(&rooftop, "no_such_rule", &wanted, &[]).await?.status.as_u16(), 404);

    // Set under the version that was read; sent again by the same key it is set once.
    let version = before["version"].as_str().ok_or("a version")?.to_owned();
    let headers = [("if-match", version.as_str()), ("idempotency-key", "set-looks-to-three")];
    let set = put(&rooftop, "back_on_same_car", &wanted, &headers).await?;
    assert_eq!((set.status.as_u16(), &set.json()["setting"]), (200, &wanted));
    let entries = journalled(&rooftop)?;
    let again = put(&rooftop, "back_on_same_car", &wanted, &headers).await?;
    assert_eq!((again.status, again.json()), (set.status, set.json()));
    assert_eq!(journalled(&rooftop)?, entries);

    // Whoever looked at what stood before does not overwrite it unseen; the old values, sent over the new version, set it back.
    let stale = put(&rooftop, "back_on_same_car", &before["setting"], &[("if-match", &version)]).await?;
    assert_eq!((stale.status.as_u16(), stale.json()["code"].as_str()), (409, Some("changed-since")));
    assert!(stale.json()["detail"].as_str().is_some_and(|d| d.starts_with("Sam Rourke set this rule")), "{}", stale.json());
    let newer = set.json()["version"].as_str().ok_or("a version")?.to_owned();
    let back = put(&rooftop, "back_on_same_car", &before["setting"], &[("if-match", &newer)]).await?;
    assert_eq!((&back.json()["setting"], &back.json()["version"]), (&before["setting"], &before["version"]));

    // Everybody may read what they are asked by; it is no rep's to set.
    let cookie = rooftop.sign_in("Priya Nair").await?;
    let read = send(rooftop.lan, "GET", "/api/rules", &[("cookie", &cookie)], b"").await?;
    assert_eq!(read.status.as_u16(), 200);
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
    let set = send(rooftop.lan, "PUT", "/api/rules/back_on_same_car", &headers, wanted.to_string().as_bytes()).await?;
    assert_eq!((set.status.as_u16(), &rule(&rooftop, "back_on_same_car").await?["setting"]), (403, &before["setting"]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_change_concerns_is_thought_of_again_and_could_be_counted_before() -> Fails {
    let rooftop = opened().await?;
    let (first, second) = (known(&rooftop, 1).await?, known(&rooftop, 2).await?);
    rooftop.clock.advance_ms(30 * HOUR_MS);
    for _ in 0..2 {
        does(&rooftop, 1, "asc_item_pageview").await?;
        rooftop.clock.advance_ms(HOUR_MS);
    }
    does(&rooftop, 2, "asc_item_pageview").await?;
    assert_eq!(rooftop.cards().await?, Vec::<Value>::new());

    let mut wanted = rule(&rooftop, "back_on_same_car").await?["setting"].clone();
    wanted["thresholds"][0]["value"] = json!(3);
    let count = rooftop.post("/api/rules/back_on_same_car/matches", &wanted).await?.json();
    assert_eq!((count["matching"].as_u64(), count["is_all"].as_bool(), &count["examples"][0]["id"]), (Some(1), Some(true), &first), "{count}");
    assert_eq!(rooftop.cards().await?, Vec::<Value>::new(), "counting changes nothing");
    wanted["thresholds"][0]["value"] = json!(2);
    let count = rooftop.post("/api/rules/back_on_same_car/matches", &wanted).await?.json();
    assert_eq!((count["matching"].as_u64(), &count["examples"][0]["id"]), (Some(2), &second), "the newest customer first: {count}");

    put(&rooftop, "back_on_same_car", &wanted, &[]).await?;
    comes_to(&rooftop, 1, Some("back_on_same_car")).await?;
    comes_to(&rooftop, 2, Some("back_on_same_car")).await?;
    let counted = rule(&rooftop, "back_on_same_car").await?;
    assert_eq!((counted["cards_open"].as_u64(), counted["cards_30_days"].as_u64()), (Some(2), Some(2)));

    // Switched off, its cards go by themselves.
    wanted["on"] = json!(false);
    put(&rooftop, "back_on_same_car", &wanted, &[]).await?;
    comes_to(&rooftop, 1, None).await?;
    comes_to(&rooftop, 2, None).await?;

    // Lived through again, each entry is judged by the settings of its time.
    let lived = rooftop.house.rooms.store.read()?;
    let journal = lived.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    let memory = Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))));
    let again = Store::open(memory, &MasterKey::from_bytes([7; 32]), |_| {})?;
    let policy = rooftop.house.rooms.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &journal)).await?;
    let alerts = |tx: &headlight::store::ReadTx| tx.some(tables::ALERTS, &Span::all(), 100);
    assert_eq!(alerts(&again.read()?)?, alerts(&lived)?);
    drop(lived);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_goes_to_a_manager_and_sells_nothing() -> Fails {
    let rooftop = opened().await?;
    let channel = headlight::domain::consent::Channel::Text;
    let reply = Reply { person: reader(1), channel, at: rooftop.clock.now(), text: "Your salesman was rude".into(), external_id: None };
    happens(&rooftop, Event::Reply(reply)).await?;
    let row = rooftop.card_of(1).await?;
    assert_eq!((row["rule"].as_str(), row["owner"]["name"].as_str()), (Some("unhappy"), Some("Sam Rourke")), "{row}");
    assert_eq!(row["routed_because"], "This is for a manager");
    let card = rooftop.get(&format!("/api/alerts/{}", row["id"])).await?;
    let text = card["draft"]["text"].as_str().ok_or("a draft")?;
    assert!(text.contains("I am sorry") && !text.contains("CR-V"), "{text}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_leaves_the_rep_who_took_the_card_for_a_manager() -> Fails {
    let rooftop = opened().await?;
    let lead = rooftop.asked_by(1, "Cars.com").await?;
    let priya = StaffId(rooftop.staff("Priya Nair").await?);
    let alert = AlertId(lead["id"].as_u64().ok_or("a card")?);
    happens(&rooftop, Event::Answered(StaffAnswer { alert, by: priya, answer: Answer::Claimed })).await?;
    assert_eq!(rooftop.card_of(1).await?["state"], "claimed");
    let channel = headlight::domain::consent::Channel::Text;
    let reply = |text: &str| Reply { person: reader(1), channel, at: rooftop.clock.now(), text: text.to_owned(), external_id: None };
    happens(&rooftop, Event::Reply(reply("Saturday at ten works"))).await?;
    let hers = rooftop.card_of(1).await?;
    assert_eq!((hers["state"].as_str(), hers["owner"]["name"].as_str()), (Some("claimed"), Some("Priya Nair")), "{hers}");
    happens(&rooftop, Event::Reply(reply("Your salesman was rude"))).await?;
    let row = rooftop.card_of(1).await?;
    assert_eq!(
        (row["rule"].as_str(), row["state"].as_str(), row["owner"]["name"].as_str()),
        (Some("unhappy"), Some("open"), Some("Sam Rourke")),
        "{row}"
    );
    assert_eq!(row["routed_because"], "This is for a manager");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_about_a_car_hears_when_it_comes_down_and_when_it_is_sold() -> Fails {
    let rooftop = opened().await?;
    known(&rooftop, 1).await?;
    rooftop.clock.advance_ms(3 * HOUR_MS);
    list(&rooftop, feed(28_300, "available")).await?;
    list(&rooftop, feed(27_300, "available")).await?;
    let card = comes_to(&rooftop, 1, Some("watched_car_reduced")).await?;
    assert_eq!(card["short"], "#24117 came down $1,000 to $27,300");
    list(&rooftop, feed(27_300, "sold")).await?;
    let card = comes_to(&rooftop, 1, Some("watched_car_sold")).await?;
    assert_eq!(card["short"], "#24117 was sold to somebody else");
    // It was they who bought it, as the deal says the next night.
    let deal =
        NewDeal { stock: "24117".into(), vin: headlight::domain::vin::Vin::parse(CAR), ..NewDeal::new("D1".into(), rooftop.clock.now(), reader(1)) };
    happens(&rooftop, Event::Imported { import: ImportId(0), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    comes_to(&rooftop, 1, None).await?;
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_that_shops_and_an_appointment_that_was_missed_are_seen() -> Fails {
    let rooftop = opened().await?;
    let now = rooftop.clock.now();
    // Two signed together years ago; one of them is here again.
    let deal = NewDeal { co_buyer: Some(reader(2)), ..NewDeal::new("D1".into(), now.plus_ms(-900 * 24 * HOUR_MS), reader(1)) };
    let deal = NewDeal { vin: headlight::domain::vin::Vin::parse("1HGCM82633A004352"), ..deal };
    happens(&rooftop, Event::Imported { import: ImportId(0), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    known(&rooftop, 2).await?;
    for event in ["asc_form_submission_credit", "asc_click_to_call"] {
        does(&rooftop, 2, event).await?;
    }
    let card = comes_to(&rooftop, 1, Some("household_shopping")).await?;
    assert_eq!(card["short"], "Reader2 Whitfield looks at cars");

    // Expected tomorrow; nobody comes and no repair order says so.
    let visit = NewAppointment::new("A7".into(), now.plus_ms(24 * HOUR_MS), reader(3));
    happens(&rooftop, Event::Imported { import: ImportId(0), rows: vec![ImportRow::Appointment(visit)], lines: vec![] }).await?;
    rooftop.clock.advance_ms(49 * HOUR_MS);
    let card = comes_to(&rooftop, 3, Some("appointment_missed")).await?;
    assert_eq!(card["short"], "Missed the appointment of Nov 25");
    rooftop.close().await;
    Ok(())
}

fn profile(first: &str, last: &str) -> Profile {
    let name = PersonName { first: first.into(), last: last.into(), ..PersonName::default() };
    Profile { name, ..Profile::new(Source { kind: SourceKind::Import, name: "DMS".into() }, At(0)) }
}

fn reader(id: u32) -> Profile {
    let phones = headlight::domain::phone::Phone::parse(&format!("207-555-01{id:02}")).into_iter().collect();
    Profile { phones, ..profile(&format!("Reader{id}"), "Whitfield") }
}

async fn happens(rooftop: &Rooftop, event: Event) -> Fails {
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    rooftop.house.rooms.store.write(move |tx| advance::append_applied(tx, &policy, event.clone(), now).map(|_| ())).await?;
    Ok(())
}
