//! Is a thing that is undone as if it had never been done, and is nothing undone that somebody else has done since?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{
        edit::Edit,
        ids::{CustomerId, Seq, StaffId},
        import_run::ImportKind,
    },
    service::{
        edits::{self, Change},
        operator::{Reply, Request},
        people, replay,
        seen::Asked,
        think,
    },
    store::{Rows, Span, Store, WriteTx, backend::Backend, seal::MasterKey, tables},
};
use hyper::StatusCode;
use serde_json::{Value, json};

const HEADER: &str = "customer number,first name,last name,phone,email,address,city,state,zip\n";
const PEOPLE: &str = "1,Dana,Whitfield,207-555-0148,dana@example.com,84 Stevens Avenue,Portland,ME,04102\n\
    2,Danielle,Cole,207-555-0149,danielle@example.com,12 Elm Street,Gray,ME,04039\n\
    3,Dana,Whitfield,207-555-0148,dana@example.com,,,,\n";

async fn bring(rooftop: &Rooftop, rows: &str) -> Fails {
    let (kind, file) = (Some(ImportKind::Customers), "people.csv".to_owned());
    rooftop.operate(Request::Import { kind, rehearse: false, file, bytes: format!("{HEADER}{rows}").into() }).await?;
    rooftop.settled().await
}

async fn with_people() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    bring(&rooftop, PEOPLE).await?;
    Ok(rooftop)
}

async fn token(rooftop: &Rooftop, name: &str) -> Result<String, Failure> {
    let Reply::Token { token } = rooftop.operate(Request::UserToken { name: name.to_owned() }).await? else { return Err("a token".into()) };
    Ok(token)
}

async fn write(rooftop: &Rooftop, token: &str, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
    let auth = format!("Bearer {token}");
    send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.to_string().as_bytes()).await
}

/// Says values by hand; gives the number by which that is undone.
async fn say(rooftop: &Rooftop, token: &str, id: u64, edits: &[Value]) -> Result<u64, Failure> {
    let changes: Vec<Value> = edits.iter().map(|edit| json!({ "edit": edit, "before": null })).collect();
    let said = write(rooftop, token, "PUT", &format!("/api/customers/{id}/edits"), &json!({ "changes": changes })).await?.json();
    said["undo"].as_u64().ok_or_else(|| format!("a number to undo by: {said}").into())
}

async fn undo(rooftop: &Rooftop, token: &str, id: u64, number: u64) -> Result<Answered, Failure> {
    write(rooftop, token, "POST", &format!("/api/customers/{id}/edits/{number}/undo"), &json!({})).await
}

fn emails(of: &str) -> Value {
    json!({ "set": "emails", "value": [of] })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_is_undone_lets_the_sources_speak_again() -> Fails {
    let rooftop = with_people().await?;
    let sam = rooftop.token.clone();
    let danielle = rooftop.found("danielle").await?;
    let path = format!("/api/customers/{danielle}");
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    let call_failed = move |tx: &WriteTx<'_>| {
        people::change(tx, CustomerId(danielle).into(), |own| own.wrong_number = true)?;
        think::think(tx, &policy, CustomerId(danielle), now)
    };
    rooftop.house.rooms.store.write(call_failed).await?;
    let before = rooftop.get(&path).await?;
    let address = json!({ "line1": "9 Oak Lane", "line2": "", "city": "Gray", "region": "ME", "postal_code": "04039", "country": "" });
    let phones = json!({ "set": "phones", "value": ["2075550160"] });
    let said = say(&rooftop, &sam, danielle, &[emails("d.cole@example.com"), json!({ "set": "address", "value": address }), phones]).await?;
    assert_ne!(rooftop.get(&path).await?["version"], before["version"]);
    let undone = undo(&rooftop, &sam, danielle, said).await?;
    assert_eq!((undone.status, &undone.json()), (StatusCode::OK, &before), "the whole page is as it was");
    assert_eq!(undo(&rooftop, &sam, danielle, said).await?.json(), before, "once more does nothing more");
    // What the DMS says next is shown: nobody stands in its way.
    rooftop.clock.advance_ms(60_000);
    bring(&rooftop, "2,Danielle,Cole,207-555-0149,cole@example.com,9 Harbor Road,Gray,ME,04039\n").await?;
    let page = rooftop.get(&path).await?;
    assert_eq!((&page["emails"][0], &page["details"]["address"]["line1"]), (&json!("cole@example.com"), &json!("9 Harbor Road")), "{page}");
    assert!(page["details"]["from"].as_array().is_some_and(|from| from.iter().all(|f| f["by_hand"] == json!(false))), "{page}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_said_of_the_same_value_since_is_not_undone_and_of_another_stays() -> Fails {
    let rooftop = with_people().await?;
    let (sam, priya) = (rooftop.token.clone(), token(&rooftop, "Priya Nair").await?);
    let danielle = rooftop.found("danielle").await?;
    let vip = json!({ "set": "tag", "tag": "vip", "on": true });
    // The clock stands still: all of it is said in one moment.
    let said = say(&rooftop, &sam, danielle, &[emails("d.cole@example.com"), vip.clone()]).await?;
    say(&rooftop, &priya, danielle, &[json!({ "set": "tag", "tag": "fleet", "on": true })]).await?;
    let since = say(&rooftop, &priya, danielle, &[emails("cole@example.com")]).await?;
    let path = format!("/api/customers/{danielle}");
    let stands = rooftop.get(&path).await?;
    let refused = undo(&rooftop, &sam, danielle, said).await?;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.json());
    assert_eq!(refused.json()["detail"], json!("Priya Nair changed the emails since, so nothing was undone."));
    assert_eq!(rooftop.get(&path).await?, stands, "nor was the tag that nobody touched");
    // Whoever undoes theirs first opens the way.
    assert_eq!(undo(&rooftop, &priya, danielle, since).await?.json()["emails"], json!(["d.cole@example.com"]));
    let page = undo(&rooftop, &sam, danielle, said).await?.json();
    assert_eq!((&page["emails"], &page["details"]["tags"]), (&json!(["danielle@example.com"]), &json!(["fleet"])));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_said_is_undone_by_a_manager_alone() -> Fails {
    let rooftop = with_people().await?;
    let (sam, priya, jo) = (rooftop.token.clone(), token(&rooftop, "Priya Nair").await?, token(&rooftop, "Jo Lindqvist").await?);
    let (dana, danielle) = (rooftop.found("dana%40example.com").await?, rooftop.found("danielle").await?);
    let said = say(&rooftop, &priya, danielle, &[emails("d.cole@example.com")]).await?;
    assert_eq!(undo(&rooftop, &jo, danielle, said).await?.status, StatusCode::FORBIDDEN);
    assert_eq!(undo(&rooftop, &sam, dana, said).await?.status, StatusCode::NOT_FOUND, "said of somebody else");
    assert_eq!(undo(&rooftop, &sam, danielle, said + 1).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(undo(&rooftop, &sam, danielle, said).await?.json()["emails"], json!(["danielle@example.com"]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_taken_out_comes_back_with_all_that_came_meanwhile() -> Fails {
    let rooftop = with_people().await?;
    let dana = rooftop.found("dana%40example.com").await?;
    let before = rooftop.get(&format!("/api/customers/{dana}")).await?;
    let part = before["parts"][1]["id"].as_u64().ok_or("two records")?;
    let apart = rooftop.post(&format!("/api/customers/{dana}/parts/{part}/separate"), &json!({})).await?.json();
    assert_eq!(apart["customers"], json!([dana, part]), "{apart}");
    rooftop.post(&format!("/api/customers/{part}/notes"), &json!({ "text": "Called about the truck" })).await?;
    let back = format!("/api/apart/{}/undo", apart["undo"]);
    let again = rooftop.post(&back, &json!({})).await?;
    assert_eq!((again.status, &again.json()["customers"]), (StatusCode::OK, &json!([dana])), "{}", again.json());
    assert_eq!(rooftop.post(&back, &json!({})).await?.json()["customers"], json!([dana]), "once more does nothing more");
    let page = rooftop.get(&format!("/api/customers/{part}")).await?;
    for value in ["id", "name", "phones", "emails", "place", "version", "parts", "merges", "likely", "details"] {
        assert_eq!(page[value], before[value], "{value}");
    }
    let story = rooftop.get(&format!("/api/customers/{dana}/story")).await?;
    assert!(story["items"].as_array().is_some_and(|lines| lines.iter().any(|l| l["detail"] == json!("Called about the truck"))), "{story}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_decided_of_two_since_is_not_undone() -> Fails {
    let rooftop = with_people().await?;
    let (dana, danielle) = (rooftop.found("dana%40example.com").await?, rooftop.found("danielle").await?);
    let apart = rooftop.post(&format!("/api/customers/{dana}/apart"), &json!({ "other": danielle })).await?.json();
    assert_eq!(apart["customers"], json!([dana, danielle]), "{apart}");
    let said_again = rooftop.post(&format!("/api/customers/{danielle}/apart"), &json!({ "other": dana })).await?.json();
    assert_eq!(said_again["undo"], Value::Null, "it was so already");
    let merged = rooftop.post(&format!("/api/customers/{dana}/merge"), &json!({ "other": danielle, "choices": [] })).await?.json();
    let back = format!("/api/apart/{}/undo", apart["undo"]);
    let refused = rooftop.post(&back, &json!({})).await?;
    assert_eq!((refused.status, refused.json()["code"].clone()), (StatusCode::CONFLICT, json!("changed-since")));
    assert_eq!(rooftop.get(&format!("/api/customers/{danielle}")).await?["id"], json!(dana), "they are one still");
    rooftop.clock.advance_ms(1_000);
    rooftop.post(&format!("/api/merges/{}/undo", merged["merge"]), &json!({})).await?;
    let refused = rooftop.post(&back, &json!({})).await?;
    assert_eq!(refused.status, StatusCode::CONFLICT, "two by another word than this one");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_things_done_and_undone_gives_the_same_again() -> Fails {
    macro_rules! state {
        ($tx:expr) => {{
            let tx = $tx;
            let mut customers = tx.some(tables::CUSTOMERS, &Span::all(), 100)?;
            let mut parts = tx.some(tables::PARTS, &Span::all(), 100)?;
            for customer in customers.iter_mut().map(|(_, c)| c).chain(parts.iter_mut().map(|(_, c)| c)) {
                // What is thought of somebody comes after what is known of them.
                (customer.score, customer.open_alert) = (headlight::domain::score::Score::default(), None);
            }
            let (bulks, partings) = (tx.some(tables::BULKS, &Span::all(), 100)?, tx.some(tables::PARTINGS, &Span::all(), 100)?);
            (customers, parts, bulks, partings, tx.some(tables::DECISIONS, &Span::all(), 100)?)
        }};
    }
    let rooftop = with_people().await?;
    let rooms = &rooftop.house.rooms;
    let (dana, danielle) = (CustomerId(rooftop.found("dana%40example.com").await?), CustomerId(rooftop.found("danielle").await?));
    let (me, now) = (Asked::without_key(StaffId(1)), rooftop.clock.now());
    let tag = |tag: &str| Edit::Tag { tag: tag.to_owned(), on: true };
    let refused = |refusal: edits::Refusal| format!("{refusal:?}");
    let first = edits::edit(rooms, danielle, None, vec![Change { edit: tag("vip"), before: None }], me.clone(), now).await?.map_err(refused)?;
    let many = edits::bulk(rooms, vec![dana, danielle], tag("fleet"), me.clone(), now).await?.map_err(refused)?;
    edits::bulk(rooms, vec![dana, danielle], tag("cash"), me.clone(), now).await?.map_err(refused)?;
    edits::undo_edit(rooms, danielle, first.ok_or("a number")?, me.by, headlight::domain::staff::Role::Rep, now).await?.map_err(refused)?;
    edits::undo_bulk(rooms, many.id, me.by, now).await?.map_err(refused)?;
    let other = rooms.store.read()?.get(tables::CUSTOMERS, &dana)?.and_then(|c| c.parts.last().copied()).ok_or("two records")?;
    let out = edits::separate(rooms, dana, other, me.clone(), now).await?.map_err(refused)?;
    let apart = edits::keep_apart(rooms, dana, danielle, me.clone(), now).await?.map_err(refused)?;
    edits::undo_parting(rooms, out.undo.ok_or("a number")?, me.by, now).await?.map_err(refused)?;
    let lived = state!(rooms.store.read()?);
    assert!(lived.2.iter().filter(|(_, b)| b.undone).count() == 2 && lived.3.len() == 2, "{:?}", lived.3);
    assert!(apart.undo > out.undo && lived.0.iter().all(|(_, c)| c.tags == ["cash"]), "{:?}", lived.0);
    let entries = rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    assert!(entries.iter().all(|(seq, _)| *seq > Seq(0)));
    let again = Store::open(Backend::File(rooftop.folder.path().join("again.redb")), &MasterKey::random()?, |_| {})?;
    let policy = rooms.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let relived = state!(again.read()?);
    assert!(relived == lived, "a replay gives another base:\n{relived:#?}\n{lived:#?}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_nobodys_is_nobodys_again_when_their_owner_is_taken_back() -> Fails {
    let rooftop = with_people().await?;
    let danielle = rooftop.found("danielle").await?;
    let path = format!("/api/customers/{danielle}");
    let jo = rooftop.staff("Jo Lindqvist").await?;
    assert_eq!(rooftop.get(&path).await?["owner"], Value::Null);
    let token = rooftop.token.clone();
    let given =
        write(&rooftop, &token, "POST", "/api/customers/bulk", &json!({ "ids": [danielle], "edit": { "set": "owner", "value": jo } })).await?.json();
    assert_eq!(rooftop.get(&path).await?["owner"]["name"], "Jo Lindqvist");
    write(&rooftop, &token, "POST", &format!("/api/bulk/{}/undo", given["id"]), &json!({})).await?;
    assert_eq!(rooftop.get(&path).await?["owner"], Value::Null);
    rooftop.close().await;
    Ok(())
}
