//! The service drive: who is due is here, an advisor asks sales over, and whoever says no is left in peace. Every step can be taken back.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{import_run::ImportKind, time::DAY_MS},
    service::{operator::Request, replay},
    store::{Rows, Span, Store, backend::Backend, seal::MasterKey, tables},
};
use serde_json::{Value, json};

pub(crate) const MINUTE_MS: i64 = 60_000;

const DEALS: &str = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Body,Mileage,Deal Type,Sales Price,Amount Financed,APR,Term,Bank Name\n\
    1,11/24/2024,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,2022,Ford,F-150,Pickup,31000,Finance,38900,20000,6.9,72,First Bank\n\
    2,9/24/2026,Olive,Brandt,207-555-0102,2HGFC2F59KH500001,2019,Honda,Civic,Sedan,40000,Cash,15900,,,,\n";

const ORDERS: &str = "RO Number,Open Date,First Name,Last Name,Cell Phone,VIN,Mileage,Customer Pay,License Plate\n\
    900,5/24/2026,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,54000,120,8ABC123\n";

const BOOKINGS: &str = "Appointment Number,Appointment Date,Appointment Time,First Name,Last Name,Cell Phone,VIN,Operation Description,Waiting Flag\n\
    A1,11/24/2026,9:30 AM,Marcus,Chen,207-555-0101,1FTFW1E50NFA12345,Brakes,Y\n\
    A2,11/24/2026,10:30 AM,Olive,Brandt,207-555-0102,2HGFC2F59KH500001,Oil,N\n\
    A3,11/25/2026,8:00 AM,Otis,Verner,207-555-0104,1HGCM82633A004352,Timing belt,N\n";

pub(crate) async fn imported(rooftop: &Rooftop, kind: ImportKind, rows: &str) -> Fails {
    rooftop.operate(Request::Import { kind: Some(kind), rehearse: false, file: "rows.csv".to_owned(), bytes: rows.as_bytes().to_vec() }).await?;
    rooftop.settled().await
}

/// A store with an advisor; whoever asks is the advisor.
pub(crate) async fn store() -> Result<Rooftop, Failure> {
    let mut rooftop = Rooftop::open().await?;
    let role = headlight::domain::staff::Role::Advisor;
    let password_hash = headlight::service::access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Lena Ortiz".to_owned(), role, password_hash }).await?;
    imported(&rooftop, ImportKind::Deals, DEALS).await?;
    imported(&rooftop, ImportKind::RepairOrders, ORDERS).await?;
    imported(&rooftop, ImportKind::Appointments, BOOKINGS).await?;
    rooftop.token = token(&rooftop, "Lena Ortiz").await?;
    Ok(rooftop)
}

pub(crate) async fn token(rooftop: &Rooftop, name: &str) -> Result<String, Failure> {
    let reply = rooftop.operate(Request::UserToken { name: name.to_owned() }).await?;
    let headlight::service::operator::Reply::Token { token } = reply else { return Err("no token".into()) };
    Ok(token)
}

pub(crate) async fn say(rooftop: &Rooftop, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.to_string().as_bytes()).await
}

pub(crate) async fn done(rooftop: &Rooftop, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
    let answered = say(rooftop, method, path, body).await?;
    assert!(answered.status.is_success(), "{method} {path}: {} {}", answered.status, answered.json());
    Ok(answered.json())
}

pub(crate) async fn refused(rooftop: &Rooftop, path: &str, body: &Value) -> Result<(u16, String), Failure> {
    let answered = say(rooftop, "POST", path, body).await?;
    Ok((answered.status.as_u16(), answered.json()["code"].as_str().unwrap_or_default().to_owned()))
}

pub(crate) async fn board(rooftop: &Rooftop, day: &str) -> Result<Value, Failure> {
    rooftop.get(&format!("/api/service?day={day}")).await
}

pub(crate) async fn card(rooftop: &Rooftop, last: &str) -> Result<Value, Failure> {
    let board = board(rooftop, "today").await?;
    let mut cards = board["cards"].as_array().into_iter().flatten();
    Ok(cards.find(|card| card["customer"]["name"].as_str().is_some_and(|name| name.ends_with(last))).cloned().unwrap_or(Value::Null))
}

/// Checks Marcus in as an advisor does: by the plate of his truck.
pub(crate) async fn marcus_in(rooftop: &Rooftop) -> Result<u64, Failure> {
    let found = rooftop.get("/api/service/find?q=8abc123").await?["matches"][0].clone();
    let body = json!({ "customer": found["customer"]["id"], "vehicle": found["vehicle"]["id"], "waiting": true });
    let here = done(rooftop, "POST", "/api/service/visits", &body).await?;
    Ok(here["card"]["visit"].as_u64().ok_or("a visit")?)
}

pub(crate) async fn lane_cards(rooftop: &Rooftop) -> Result<Vec<Value>, Failure> {
    let queue = rooftop.get("/api/alerts?scope=store").await?;
    Ok(queue["items"].as_array().into_iter().flatten().filter(|row| row["rule"] == "in_the_lane").cloned().collect())
}

pub(crate) async fn titles(rooftop: &Rooftop, customer: &Value) -> Result<Vec<String>, Failure> {
    let story = rooftop.get(&format!("/api/customers/{customer}/story?limit=50")).await?;
    Ok(story["items"].as_array().into_iter().flatten().filter_map(|line| line["title"].as_str().map(str::to_owned)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_shows_who_is_due_and_whoever_checks_in_goes_from_lane_to_lane_and_back() -> Fails {
    let rooftop = store().await?;
    let today = board(&rooftop, "today").await?;
    let lanes: Vec<(&str, &str)> =
        today["cards"].as_array().into_iter().flatten().filter_map(|c| Some((c["customer"]["name"].as_str()?, c["lane"].as_str()?))).collect();
    assert_eq!(lanes, [("Marcus Chen", "due_in"), ("Olive Brandt", "due_in")], "{today}");
    assert_eq!((&today["next"]["booked"], &today["is_today"], &today["may_write"]), (&json!(1), &json!(true), &json!(true)));
    assert_eq!(board(&rooftop, "tomorrow").await?["cards"][0]["customer"]["name"], "Otis Verner");
    assert_eq!(board(&rooftop, "2026-11-25").await?["cards"], board(&rooftop, "tomorrow").await?["cards"]);
    assert_eq!(say(&rooftop, "GET", "/api/service?day=someday", &json!({})).await?.status.as_u16(), 422);

    // By plate, by the end of the VIN, by phone and by name it is the same truck, with its booking.
    for typed in ["8ABC%20123", "FA12345", "207-555-0101", "marcus"] {
        let found = rooftop.get(&format!("/api/service/find?q={typed}")).await?["matches"][0].clone();
        assert_eq!((&found["customer"]["name"], &found["visit"]), (&json!("Marcus Chen"), &Value::Null), "{typed}: {found}");
        assert!(found["appointment"].is_u64() && found["vehicle"]["label"] == "2022 Ford F-150", "{typed}: {found}");
    }
    let visit = marcus_in(&rooftop).await?;
    let here = card(&rooftop, "Chen").await?;
    assert_eq!((&here["lane"], &here["work"], &here["advisor"]), (&json!("in_lane"), &json!(["Brakes"]), &json!("Lena O.")));
    assert!(here["appointment"].is_u64() && here["expected_ms"].is_i64(), "the booking was found: {here}");
    assert_eq!(board(&rooftop, "today").await?["cards"].as_array().map(Vec::len), Some(2), "who is here is due no longer");
    let body = json!({ "customer": here["customer"]["id"], "vehicle": here["vehicle"]["id"] });
    assert_eq!(refused(&rooftop, "/api/service/visits", &body).await?, (409, "already-here".to_owned()));

    for (to, bay) in [("in_bay", "2"), ("ready", ""), ("gone", "")] {
        rooftop.clock.advance_ms(20 * MINUTE_MS);
        done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": to, "bay": bay })).await?;
    }
    assert_eq!(card(&rooftop, "Chen").await?, Value::Null, "a car that was fetched is on no lane");
    assert_eq!(board(&rooftop, "today").await?["numbers"]["visits"], 2);
    let customer = &here["customer"]["id"];
    assert_eq!(titles(&rooftop, customer).await?[0], "Fetched their car from service after 60 min");
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "ready" })).await?;
    assert_eq!((card(&rooftop, "Chen").await?["lane"].as_str(), &titles(&rooftop, customer).await?[0][..]), (Some("ready"), "Came in for service"));
    // It was somebody else's truck: as if it had never been checked in.
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "mistake" })).await?;
    assert_eq!(card(&rooftop, "Chen").await?["lane"], "due_in");
    assert!(!titles(&rooftop, customer).await?.contains(&"Came in for service".to_owned()));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_odometer_is_mended_while_the_car_is_here_and_only_then() -> Fails {
    let rooftop = store().await?;
    let found = rooftop.get("/api/service/find?q=8abc123").await?["matches"][0].clone();
    let arriving = json!({ "customer": found["customer"]["id"], "vehicle": found["vehicle"]["id"], "odometer": "95,000", "odometer_is_right": true });
    let visit = done(&rooftop, "POST", "/api/service/visits", &arriving).await?["card"]["visit"].clone();
    let road = format!("/api/service/visits/{visit}/odometer");
    let equity = format!("/api/customers/{}/equity", found["customer"]["id"]);

    let doubted = say(&rooftop, "PUT", &road, &json!({ "odometer": "5,950" })).await?;
    let sentence = doubted.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(sentence.contains("less than the 54,000 mi on May 24"), "the slip itself is not what it is held against: {sentence}");
    let mended = done(&rooftop, "PUT", &road, &json!({ "odometer": "59,500" })).await?;
    assert_eq!(mended["card"]["odometer_mi"], 59_500);
    assert_eq!(rooftop.get(&equity).await?["cars"][0]["odometer"]["read_mi"], 59_500);
    assert_eq!(done(&rooftop, "PUT", &road, &json!({ "odometer": "" })).await?["card"]["odometer_mi"], Value::Null);
    assert_eq!(rooftop.get(&equity).await?["cars"][0]["odometer"]["read_mi"], 54_000, "what was not read is not known");

    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "gone" })).await?;
    let gone = say(&rooftop, "PUT", &road, &json!({ "odometer": "59,500" })).await?;
    assert_eq!((gone.status.as_u16(), gone.json()["code"].as_str()), (409, Some("gone")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn miles_read_at_check_in_count_at_once_and_what_can_hardly_be_is_asked_for_once_more() -> Fails {
    let rooftop = store().await?;
    let found = rooftop.get("/api/service/find?q=8abc123").await?["matches"][0].clone();
    let shows = |odometer: &str, is_right: bool| json!({ "customer": found["customer"]["id"], "vehicle": found["vehicle"]["id"], "odometer": odometer, "odometer_is_right": is_right });
    let equity = format!("/api/customers/{}/equity", found["customer"]["id"]);
    let before = rooftop.get(&equity).await?["cars"][0].clone();
    assert_eq!(before["odometer"]["read_mi"], 54_000, "of its last repair order: {before}");

    for (typed, is_right, status, says) in [
        ("-5", false, 422, "does not go below zero"),
        ("1,000,000", false, 422, "more than an odometer shows"),
        ("plenty", false, 422, "as a number"),
        ("390,000", true, 422, "more than a car of that year can have run"),
        ("53,900", false, 409, "53,900 mi is less than the 54,000 mi on May 24."),
        ("125,000", false, 409, "From 54,000 mi on May 24, no car gets to 125,000 mi by now."),
        ("80000 km", false, 409, "49,709 mi is less than"),
    ] {
        let answered = say(&rooftop, "POST", "/api/service/visits", &shows(typed, is_right)).await?;
        let (code, sentence) = (answered.status.as_u16(), answered.json()["detail"].as_str().unwrap_or_default().to_owned());
        assert!(code == status && sentence.contains(says), "{typed}: {code} {sentence}");
    }
    assert_eq!(card(&rooftop, "Chen").await?["lane"], "due_in", "a number that was refused checks nobody in");

    let here = done(&rooftop, "POST", "/api/service/visits", &shows("59,500", false)).await?;
    assert_eq!((&here["card"]["odometer_mi"], &here["card"]["vehicle"]["miles"]), (&json!(59_500), &json!(59_500)), "{here}");
    assert_eq!(here["equity"]["odometer"]["read_ms"].as_i64(), Some(rooftop.clock.now().0), "{here}");
    let now = rooftop.get(&equity).await?["cars"][0].clone();
    assert_eq!((&now["odometer"]["miles"], &now["odometer"]["left_out"]), (&json!(59_500), &json!(0)));
    let worth = |car: &Value| car["worth"]["middle_cents"].as_i64();
    assert!(worth(&now) > worth(&before), "fewer miles than were reckoned: {} {}", now["worth"], before["worth"]);

    // It was somebody else's truck, and so were its miles.
    let visit = &here["card"]["visit"];
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "mistake" })).await?;
    assert_eq!(rooftop.get(&equity).await?["cars"][0]["odometer"]["read_mi"], 54_000);
    // Somebody looked again: it is the older number that was wrong.
    let here = done(&rooftop, "POST", "/api/service/visits", &shows("53,900", true)).await?;
    assert_eq!(here["card"]["odometer_mi"], 53_900);
    let odometer = rooftop.get(&equity).await?["cars"][0]["odometer"].clone();
    assert_eq!((&odometer["read_mi"], &odometer["left_out"]), (&json!(53_900), &json!(1)), "{odometer}");
    // Nobody looked: that is not known, and not nought.
    let olive = rooftop.get("/api/service/find?q=olive").await?["matches"][0].clone();
    let body = json!({ "customer": olive["customer"]["id"], "vehicle": olive["vehicle"]["id"] });
    assert_eq!(done(&rooftop, "POST", "/api/service/visits", &body).await?["card"]["odometer_mi"], Value::Null);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_that_is_asked_over_has_three_minutes_and_both_see_what_becomes_of_it() -> Fails {
    let rooftop = store().await?;
    let visit = marcus_in(&rooftop).await?;
    done(&rooftop, "PUT", &format!("/api/service/visits/{visit}/quote"), &json!({ "quote_cents": 360_000 })).await?;
    let detail = rooftop.get(&format!("/api/service/visits/{visit}")).await?;
    assert!(detail["card"]["talk"]["is_worth_it"] == true && detail["equity"]["owed"]["payment_cents"].is_i64(), "{detail}");
    let says = detail["would_come"]["name"].as_str().and_then(|name| name.split(' ').next()).ok_or("somebody would come")?;
    assert!(detail["say"].as_str().is_some_and(|say| say.contains(&format!("{says} can tell you what your F-150 would bring"))), "{detail}");

    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/sales"), &json!({})).await?;
    let cards = lane_cards(&rooftop).await?;
    let asked = cards.first().ok_or("a card")?;
    assert_eq!(cards.len(), 1);
    assert_eq!((&asked["level"], &asked["owner"]["name"]), (&json!("act_now"), &detail["would_come"]["name"]));
    assert_eq!(asked["clock"]["due_ms"].as_i64(), Some(rooftop.clock.now().0 + 3 * MINUTE_MS), "{asked}");
    let id = &asked["id"];
    let whole = rooftop.get(&format!("/api/alerts/{id}")).await?;
    let why: Vec<&str> = whole["why"].as_array().into_iter().flatten().filter_map(|line| line["text"].as_str()).collect();
    assert!(why[0].starts_with("2022 Ford F-150, ") && why[0].ends_with(" mi: Brakes, waiting"), "{whole}");
    assert!(why.iter().any(|line| line.contains("$3,600")), "the repair speaks for it: {why:?}");
    assert!(whole["draft"].is_null(), "nobody writes to somebody at the counter");
    assert_eq!(refused(&rooftop, &format!("/api/service/visits/{visit}/sales"), &json!({})).await?, (409, "already-asked".to_owned()));

    // Nobody answers: it goes on, and nothing was sent to the customer by itself.
    rooftop.clock.advance_ms(3 * MINUTE_MS + 1_000);
    let first = asked["owner"]["name"].clone();
    let gone_on = async {
        while lane_cards(&rooftop).await?[0]["owner"]["name"] == first {
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        Ok::<(), Failure>(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone_on).await??;
    assert_eq!(rooftop.house.rooms.store.read()?.count(tables::OUTBOX)?, 0);
    let second = lane_cards(&rooftop).await?[0]["owner"]["name"].clone();
    assert_eq!(card(&rooftop, "Chen").await?["asked"]["who"]["name"], second);

    // Taken, done, and taken back: the advisor's board says each.
    let mut rep = rooftop;
    let theirs = token(&rep, second.as_str().ok_or("a name")?).await?;
    let advisor = std::mem::replace(&mut rep.token, theirs);
    for (act, body, state) in [("claim", json!({}), "coming"), ("done", json!({ "outcome": "talked" }), "done"), ("undo", json!({}), "coming")] {
        done(&rep, "POST", &format!("/api/alerts/{id}/{act}"), &body).await?;
        let shown = card(&rep, "Chen").await?;
        assert_eq!((&shown["asked"]["state"], &shown["asked"]["who"]["name"]), (&json!(state), &second), "{act}");
    }
    assert_eq!(refused(&rep, "/api/service/visits", &json!({ "customer": 1 })).await?.0, 403, "reps look");
    rep.token = advisor;
    done(&rep, "POST", &format!("/api/service/visits/{visit}/sales/undo"), &json!({})).await?;
    assert!(lane_cards(&rep).await?.is_empty() && card(&rep, "Chen").await?["asked"].is_null());
    // Asked again it is a new asking; and it ends when the car leaves.
    done(&rep, "POST", &format!("/api/service/visits/{visit}/sales"), &json!({})).await?;
    assert_eq!(lane_cards(&rep).await?.len(), 1);
    done(&rep, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "gone" })).await?;
    assert!(lane_cards(&rep).await?.is_empty());
    rep.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_no_is_left_in_peace_for_180_days_or_for_good() -> Fails {
    let rooftop = store().await?;
    let visit = marcus_in(&rooftop).await?;
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/sales"), &json!({})).await?;
    let customer = card(&rooftop, "Chen").await?["customer"]["id"].clone();
    let refuse = format!("/api/customers/{customer}/talk/refuse");
    let state = done(&rooftop, "POST", &refuse, &json!({ "how": "not_today" })).await?;
    let now = rooftop.clock.now();
    assert_eq!(state["refused"]["until_ms"].as_i64(), Some(now.0 + 180 * DAY_MS));
    assert!(lane_cards(&rooftop).await?.is_empty(), "nobody comes over to somebody who said no");
    let shown = card(&rooftop, "Chen").await?;
    assert_eq!((&shown["talk"]["is_worth_it"], &shown["talk"]["stopped"]["kind"]), (&json!(false), &json!("refused")));
    let ask = format!("/api/service/visits/{visit}/sales");
    assert_eq!(refused(&rooftop, &ask, &json!({})).await?, (409, "does-not-want".to_owned()));
    // Taken back, and said again as what holds for good.
    let allow = format!("/api/customers/{customer}/talk/allow");
    assert!(done(&rooftop, "POST", &allow, &json!({})).await?["refused"].is_null());
    assert_eq!(refused(&rooftop, &allow, &json!({})).await?, (409, "nothing-refused".to_owned()));
    assert!(!titles(&rooftop, &customer).await?.contains(&"Did not want to talk about another car".to_owned()));
    done(&rooftop, "POST", &refuse, &json!({ "how": "not_today" })).await?;
    rooftop.clock.advance_ms(179 * DAY_MS);
    assert!(rooftop.get(&format!("/api/service/visits/{visit}")).await?["refused"].is_object());
    rooftop.clock.advance_ms(2 * DAY_MS);
    assert!(rooftop.get(&format!("/api/service/visits/{visit}")).await?["refused"].is_null());
    done(&rooftop, "POST", &refuse, &json!({ "how": "not_to_be_sold_to" })).await?;
    assert_eq!(refused(&rooftop, &refuse, &json!({ "how": "not_today" })).await?, (409, "does-not-want".to_owned()));
    let held = rooftop.get(&format!("/api/service/visits/{visit}")).await?["refused"].clone();
    assert_eq!((&held["how"], &held["until_ms"]), (&json!("not_to_be_sold_to"), &Value::Null), "the stricter word stays");
    // Olive bought two months ago: nobody talks to her either, whoever she is.
    assert_eq!(rooftop.get("/api/service?day=2026-11-24").await?["cards"][1]["talk"]["is_worth_it"], false);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_booked_at_the_counter_and_a_replay_gives_the_same_lane() -> Fails {
    let rooftop = store().await?;
    let at = rooftop.clock.now().plus_ms(DAY_MS);
    let walk_in = json!({ "first": "Vera", "last": "Marlow", "phone": "207-555-0177" });
    let booked =
        done(&rooftop, "POST", "/api/service/bookings", &json!({ "walk_in": walk_in, "at_ms": at.0, "work": ["Oil", " "], "waiting": true })).await?;
    let number = booked["card"]["appointment"].as_u64().ok_or("a booking")?;
    assert_eq!((&booked["card"]["work"], &booked["card"]["lane"]), (&json!(["Oil"]), &json!("due_in")));
    assert_eq!(board(&rooftop, "today").await?["next"]["booked"], 2);
    assert_eq!(refused(&rooftop, "/api/service/bookings", &json!({ "walk_in": walk_in, "at_ms": at.0 - 2 * DAY_MS })).await?.0, 422);
    let other =
        done(&rooftop, "POST", "/api/service/bookings", &json!({ "walk_in": walk_in, "at_ms": at.0 + DAY_MS })).await?["card"]["appointment"].clone();
    done(&rooftop, "DELETE", &format!("/api/service/bookings/{other}"), &json!({})).await?;
    assert_eq!(say(&rooftop, "GET", &format!("/api/service/bookings/{other}"), &json!({})).await?.status.as_u16(), 404);

    let visit = marcus_in(&rooftop).await?;
    done(&rooftop, "PUT", &format!("/api/service/visits/{visit}/quote"), &json!({ "quote_cents": 124_000 })).await?;
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "in_bay", "bay": "4" })).await?;
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/sales"), &json!({})).await?;
    rooftop.clock.advance_ms(DAY_MS);
    let vera = json!({ "customer": booked["card"]["customer"]["id"], "appointment": number, "odometer": "41,200" });
    done(&rooftop, "POST", "/api/service/visits", &vera).await?;
    assert_eq!(say(&rooftop, "DELETE", &format!("/api/service/bookings/{number}"), &json!({})).await?.json()["code"], "kept");
    let customer = &booked["card"]["customer"]["id"];
    done(&rooftop, "POST", &format!("/api/customers/{customer}/talk/refuse"), &json!({ "how": "not_to_be_sold_to" })).await?;

    let lived = &rooftop.house.rooms;
    let one = lived.store.read()?;
    let entries = one.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    let again = Store::open(Backend::File(rooftop.folder.path().join("again.redb")), &MasterKey::random()?, |_| {})?;
    let policy = lived.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let two = again.read()?;
    macro_rules! same {
        ($($table:ident),+) => {$(
            let (lived, relived) = (one.some(tables::$table, &Span::all(), usize::MAX)?, two.some(tables::$table, &Span::all(), usize::MAX)?);
            assert_eq!(lived, relived, "{}", stringify!($table));
        )+};
    }
    same!(SERVICE_VISITS, SERVICE_VISITS_OPEN, CUSTOMER_SERVICE_VISITS, APPOINTMENTS, APPOINTMENTS_AT, APPOINTMENTS_KEPT, TALKS_REFUSED);
    same!(CUSTOMERS, STORY, ALERTS, OWNERS, TIMERS);
    drop((one, two));
    rooftop.close().await;
    Ok(())
}
