//! Does the story tell everything once, in words that are true, with what people put into it?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{
        alert::Icon,
        ids::{PartId, Seq},
        import_run::ImportKind,
        story::{Road, StoryRow},
    },
    service::{operator::Request, people},
    store::{Rows, Span, tables},
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, net::TcpStream};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const CRV: (&str, &str) = ("24117", "2HKRW2H8XNH614882");
const TRUCK: (&str, &str) = ("24101", "1FTFW1E50NFA12345");
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

async fn imported(rooftop: &Rooftop, kind: ImportKind, rows: &str) -> Fails {
    rooftop.operate(Request::Import { kind: Some(kind), rehearse: false, file: "rows.csv".to_owned(), bytes: rows.as_bytes().to_vec() }).await?;
    rooftop.settled().await
}

async fn lot(rooftop: &Rooftop, crv_price: u32) -> Fails {
    let rows = format!(
        "stock,vin,year,make,model,trim,price,miles\n{},{},2022,Honda,CR-V,EX-L,{crv_price},31480\n{},{},2022,Ford,F-150,XLT,38900,41800\n",
        CRV.0, CRV.1, TRUCK.0, TRUCK.1
    );
    imported(rooftop, ImportKind::Inventory, &rows).await
}

async fn did(rooftop: &Rooftop, name: &str, car: (&str, &str)) -> Fails {
    let event = json!({ "client_id": "browser-1", "events": [{ "name": name, "params": { "item_number": car.0, "item_id": car.1 } }] });
    let taken = rooftop.from_outside("/collect", event.to_string().as_bytes()).await?;
    assert_eq!(taken.status, StatusCode::ACCEPTED);
    rooftop.settled().await
}

fn adf(id: u32, first: &str, phone: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Cars.com">{id}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
    <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
    <customer><contact><name part="first">{first}</name><name part="last">Whitfield</name><phone>{phone}</phone></contact>
    <comments>Is it still there?</comments></customer><provider><name>Cars.com</name></provider></prospect></adf>"#
    )
}

/// A store whose only customer is Dana, who asked about the CR-V from a browser that looked at it. Gives her number.
async fn with_dana() -> Result<(Rooftop, u64), Failure> {
    let rooftop = Rooftop::open().await?;
    lot(&rooftop, 28_150).await?;
    did(&rooftop, "asc_item_pageview", CRV).await?;
    rooftop.from_outside("/leads/adf", adf(1, "Dana", "207-555-0148").as_bytes()).await?;
    rooftop.settled().await?;
    let dana = rooftop.get("/api/customers").await?["items"][0]["id"].as_u64().ok_or("Dana")?;
    Ok((rooftop, dana))
}

async fn story(rooftop: &Rooftop, id: u64, query: &str) -> Result<Value, Failure> {
    rooftop.get(&format!("/api/customers/{id}/story?{query}")).await
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"].as_array().into_iter().flatten().filter_map(|line| line["title"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_one_line_and_a_price_that_fell_since_is_told() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    // Nobody waits for an answer: else the store would give one by itself when the clock runs out.
    let (auth, why) = (format!("Bearer {}", rooftop.token), json!({ "why": "price" }).to_string());
    let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let lost = send(rooftop.lan, "PUT", &format!("/api/customers/{dana}/lost"), &headers, why.as_bytes()).await?;
    assert_eq!(lost.status, StatusCode::OK);
    for (name, car) in [("asc_item_pageview", TRUCK), ("asc_item_pageview", CRV)] {
        rooftop.clock.advance_ms(5 * MINUTE_MS);
        did(&rooftop, name, car).await?;
    }
    rooftop.clock.advance_ms(DAY_MS);
    lot(&rooftop, 27_650).await?;
    let page = story(&rooftop, dana, "").await?;
    let lines = titles(&page);
    assert_eq!(lines[0], "Price of the 2022 CR-V #24117 fell $500 to $27,650", "{lines:?}");
    let visit = &page["items"][1];
    assert_eq!(visit["title"], "Looked at 2022 CR-V #24117 and 2022 F-150 #24101");
    assert_eq!(visit["detail"], "3 looks at 2 cars");
    assert_eq!(visit["within"].as_array().map(Vec::len), Some(2), "{visit}");
    assert!(lines[2].starts_with("Asked about the 2022 CR-V"), "{lines:?}");
    assert_eq!(lines[3], "This browser is theirs: it was on the same car within five minutes of the lead from Cars.com");
    assert_eq!(page["total"], 4);
    assert_eq!((&page["roads"]["web"], &page["roads"]["sales"], &page["roads"]["all"]), (&json!(2), &json!(2), &json!(4)));

    let first = story(&rooftop, dana, "limit=1").await?;
    let next = first["next"].as_str().ok_or("a cursor")?;
    let rest = story(&rooftop, dana, &format!("before={next}")).await?;
    assert_eq!([titles(&first), titles(&rest)].concat(), lines, "pages cut no visit apart");
    assert_eq!(titles(&story(&rooftop, dana, "q=truck").await?), Vec::<&str>::new());
    assert_eq!(titles(&story(&rooftop, dana, "q=F-150+looked").await?), [lines[1]]);
    assert_eq!(titles(&story(&rooftop, dana, "road=web").await?), [lines[1], lines[3]]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_is_mentioned_finds_it_on_their_list_until_they_are_done() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    let people = rooftop.get("/api/me").await?["people"].clone();
    let jo = people.as_array().into_iter().flatten().find(|p| p["name"] == "Jo Lindqvist").ok_or("Jo")?["id"].clone();
    let lead_card = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].clone();
    let written = rooftop.post(&format!("/api/customers/{dana}/notes"), &json!({ "text": "@Jo can you call her?", "mentions": [jo] })).await?;
    assert_eq!(written.status, StatusCode::CREATED);
    assert_eq!(written.json()["mentions"][0]["name"], "Jo Lindqvist");

    let cookie = rooftop.sign_in("Jo Lindqvist").await?;
    let mine = || async { Ok::<Value, Failure>(send(rooftop.lan, "GET", "/api/alerts?scope=mine", &[("cookie", &cookie)], b"").await?.json()) };
    let card = mine().await?["items"].as_array().into_iter().flatten().find(|a| a["rule"] == "mentioned").cloned().ok_or("a card for Jo")?;
    assert_eq!(card["headline"], "Sam R. mentioned you in a note about Dana.");
    assert_eq!((&card["owner"]["id"], &card["clock"]), (&jo, &Value::Null));
    let page = rooftop.get(&format!("/api/customers/{dana}")).await?;
    assert_eq!(page["alert"]["id"], lead_card, "the lead's card stands beside it");

    rooftop.clock.advance_ms(MINUTE_MS);
    let done = rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &json!({ "outcome": "other" })).await?;
    assert_eq!(done.status, StatusCode::OK);
    assert!(mine().await?["items"].as_array().into_iter().flatten().all(|a| a["rule"] != "mentioned"));
    assert_eq!(rooftop.get(&format!("/api/customers/{dana}")).await?["alert"]["id"], lead_card, "nobody has answered the lead by that");

    rooftop.post(&format!("/api/alerts/{}/undo", card["id"]), &json!({})).await?;
    assert!(mine().await?["items"].as_array().into_iter().flatten().any(|a| a["rule"] == "mentioned"), "taken back, it is open again");
    let nobody = rooftop.post(&format!("/api/customers/{dana}/notes"), &json!({ "text": "@Nobody", "mentions": [999] })).await?;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    rooftop.close().await;
    Ok(())
}

async fn upload(rooftop: &Rooftop, id: u64, name: &str, key: &str, bytes: &[u8]) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    let headers = [("authorization", auth.as_str()), ("content-type", "application/octet-stream"), ("x-file-name", name), ("idempotency-key", key)];
    send(rooftop.lan, "POST", &format!("/api/customers/{id}/files"), &headers, bytes).await
}

async fn open(rooftop: &Rooftop, id: &Value, auth: (&str, &str)) -> Result<Answered, Failure> {
    send(rooftop.lan, "GET", &format!("/api/files/{id}"), &[auth], b"").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_whole_and_opened_as_what_it_is() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    let bearer = format!("Bearer {}", rooftop.token);
    let auth = ("authorization", bearer.as_str());
    // More than one piece, and not a picture whatever it is called.
    let page: Vec<u8> = b"<script>alert(1)</script>".iter().copied().cycle().take(2_500_000).collect();
    let added = upload(&rooftop, dana, "photo.png", "0123456789abcdef", &page).await?;
    assert_eq!(added.status, StatusCode::CREATED);
    let again = upload(&rooftop, dana, "photo.png", "0123456789abcdef", &page).await?;
    assert_eq!(again.json()["file"]["id"], added.json()["file"]["id"], "the same key adds one file");
    assert_eq!(added.json()["title"], "Added photo.png");

    let opened = open(&rooftop, &added.json()["file"]["id"], auth).await?;
    assert!(opened.body == page, "every byte comes back");
    let header = |answer: &Answered, name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    assert_eq!(header(&opened, "content-type"), "application/octet-stream");
    assert_eq!(header(&opened, "content-disposition"), "attachment; filename=\"photo.png\"");
    assert_eq!(header(&opened, "x-content-type-options"), "nosniff");
    assert!(header(&opened, "content-security-policy").contains("default-src 'none'; sandbox"));
    let picture = upload(&rooftop, dana, "license.bin", "fedcba9876543210", PICTURE).await?;
    let opened = open(&rooftop, &picture.json()["file"]["id"], auth).await?;
    assert_eq!((header(&opened, "content-type").as_str(), header(&opened, "content-disposition").starts_with("inline")), ("image/png", true));

    // Everybody who works here may open what they may read the customer of, which today is everybody's; nobody else may.
    let cookie = rooftop.sign_in("Jo Lindqvist").await?;
    assert_eq!(open(&rooftop, &picture.json()["file"]["id"], ("cookie", &cookie)).await?.status, StatusCode::OK);
    assert_eq!(open(&rooftop, &picture.json()["file"]["id"], ("accept", "*/*")).await?.status, StatusCode::UNAUTHORIZED);
    assert_eq!(open(&rooftop, &json!(999), auth).await?.status, StatusCode::NOT_FOUND);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_added_a_file_or_a_manager_takes_it_away_and_the_story_says_so() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    let added = upload(&rooftop, dana, "license.png", "0123456789abcdef", PICTURE).await?.json();
    let address = format!("/api/files/{}", added["file"]["id"]);
    let cookie = rooftop.sign_in("Jo Lindqvist").await?;
    let origin = format!("http://{}", rooftop.lan);
    let by_jo =
        send(rooftop.lan, "DELETE", &address, &[("cookie", &cookie), ("origin", &origin), ("content-type", "application/json")], b"{}").await?;
    assert_eq!(by_jo.status, StatusCode::FORBIDDEN, "Sam added it, and Jo manages nobody");
    let auth = format!("Bearer {}", rooftop.token);
    for _ in 0..2 {
        assert_eq!(send(rooftop.lan, "DELETE", &address, &[("authorization", &auth)], b"").await?.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(send(rooftop.lan, "GET", &address, &[("authorization", &auth)], b"").await?.status, StatusCode::NOT_FOUND);
    assert_eq!(rooftop.house.rooms.store.read()?.keys(tables::FILE_PIECES, &Span::all(), 10)?, vec![]);
    let line =
        story(&rooftop, dana, "").await?["items"].as_array().into_iter().flatten().find(|l| l["id"] == added["id"]).cloned().ok_or("the line")?;
    assert_eq!((&line["title"], &line["detail"]), (&json!("license.png was added, and taken away again"), &json!("Taken away by Sam R.")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_nothing() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    let mut stream = TcpStream::connect(rooftop.lan).await?;
    let head = format!(
        "POST /api/customers/{dana}/files HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nx-file-name: a.png\r\ncontent-length: 3000000\r\n\r\n",
        rooftop.lan, rooftop.token
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&vec![7; 1_500_000]).await?;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let tx = rooftop.house.rooms.store.read()?;
    assert!(tx.keys(tables::FILES, &Span::all(), 10)?.is_empty() && tx.keys(tables::FILE_PIECES, &Span::all(), 10)?.is_empty());
    let too_large = upload(&rooftop, dana, "a.png", "0123456789abcdef", &vec![7; (20 << 20) + 1]).await;
    assert!(too_large.is_err() || too_large.is_ok_and(|a| a.status == StatusCode::PAYLOAD_TOO_LARGE));
    drop(tx);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_two_who_were_joined_is_one_and_says_why() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    upload(&rooftop, dana, "license.png", "0123456789abcdef", PICTURE).await?;
    let rows = "customer number,first name,last name,phone,email\n0017,Dana,Whitfield,207-555-0148,dana.w@example.com\n";
    imported(&rooftop, ImportKind::Customers, rows).await?;
    assert_eq!(rooftop.get("/api/customers").await?["total"], 1);
    let page = story(&rooftop, dana, "").await?;
    let joined =
        page["items"].as_array().into_iter().flatten().find(|l| l["title"].as_str().is_some_and(|t| t.starts_with("Joined with the record")));
    let joined = joined.ok_or_else(|| format!("a joining in {page}"))?;
    assert!(joined["part_id"].as_u64().is_some() && joined["merge_id"].is_null(), "{joined}");
    assert!(joined["detail"].as_str().is_some_and(|why| why.to_lowercase().contains("phone")), "{joined}");
    assert_eq!(joined["at_ms"].as_i64(), Some(rooftop.clock.now().0), "when it was found, not how old the record is");
    assert!(titles(&page).contains(&"Added license.png"));

    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    let part = PartId(joined["part_id"].as_u64().ok_or("a record")?);
    rooftop.house.rooms.store.write(move |tx| people::separate(tx, &policy, part, Seq(0), now)).await?;
    let hers = story(&rooftop, dana, "").await?;
    assert!(titles(&hers).contains(&"Added license.png"), "{hers}");
    assert!(titles(&hers).iter().all(|t| !t.starts_with("Joined")), "what was joined by a record alone leaves nothing behind");
    assert_eq!(titles(&story(&rooftop, part.0, "").await?), Vec::<&str>::new(), "a file lies under the record it was added to");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_story_is_read_by_pages_without_a_gap() -> Fails {
    const LINES: i64 = 5_000;
    let (rooftop, dana) = with_dana().await?;
    let now = rooftop.clock.now();
    rooftop
        .house
        .rooms
        .store
        .write(move |tx| {
            for n in 1..=LINES {
                let row = StoryRow::new(now.plus_ms(-n * 3 * MINUTE_MS), Road::Service, Icon::Wrench, format!("Visit {n}"), Seq(1_000_000));
                headlight::service::story::tell(tx, PartId(dana), &row)?;
            }
            Ok(())
        })
        .await?;
    let mut seen: Vec<String> = Vec::new();
    let mut next = Some(String::new());
    while let Some(before) = next {
        let page = story(&rooftop, dana, &format!("limit=200&road=service&before={before}")).await?;
        assert_eq!(page["total"], LINES);
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, (1..=LINES).map(|n| format!("Visit {n}")).collect::<Vec<_>>());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_brief_has_what_may_be_said_aloud_and_three_questions() -> Fails {
    let (rooftop, dana) = with_dana().await?;
    for (text, aloud) in [("Has a new dog", true), ("Haggles hard", false)] {
        rooftop.post(&format!("/api/customers/{dana}/notes"), &json!({ "text": text, "aloud": aloud })).await?;
    }
    let brief = rooftop.get(&format!("/api/customers/{dana}/brief")).await?;
    assert_eq!(brief["aloud"].as_array().into_iter().flatten().map(|l| &l["detail"]).collect::<Vec<_>>(), [&json!("Has a new dog")]);
    assert_eq!(brief["questions"].as_array().map(Vec::len), Some(3));
    assert_eq!(brief["exchange"][0]["text"], "Is it still there?");
    rooftop.close().await;
    Ok(())
}
