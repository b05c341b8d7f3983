//! Whose browser is this? Links, forms and chats that say so, in whatever order we hear of them; and taking it back without a trace.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{
        event::Event,
        ids::{CustomerId, OutboxId, PartId},
        import_run::ImportKind,
        time::{DAY_MS, HOUR_MS, MINUTE_MS},
    },
    service::{intake, links, operator::Request, replay},
    store::{Rows as _, Span, Store, backend::Backend, seal::MasterKey, tables},
};
use serde_json::{Value, json};

const CAR: &str = "2HKRW2H8XNH614882";
const OTHER_CAR: &str = "1HGCM82633A004352";

async fn stocked() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let feed =
        format!("stock,vin,year,make,model,trim,price\n24117,{CAR},2022,Honda,CR-V,EX-L,27650\n24200,{OTHER_CAR},2021,Honda,Accord,LX,21900\n");
    let request = Request::Import { kind: Some(ImportKind::Inventory), rehearse: false, file: "lot.csv".to_owned(), bytes: feed.into_bytes() };
    rooftop.operate(request).await?;
    rooftop.settled().await?;
    Ok(rooftop)
}

impl Rooftop {
    /// One event of a browser, so many milliseconds before now by the sender's clock.
    async fn sends(&self, client: &str, name: &str, ago_ms: i64, params: Value) -> Result<Answered, Failure> {
        let at = self.clock.now().0 - ago_ms;
        let body = json!({ "client_id": client, "events": [{ "name": name, "timestamp_micros": at * 1_000, "params": params }] });
        self.takes(&body).await
    }

    async fn takes(&self, body: &Value) -> Result<Answered, Failure> {
        let answered = self.from_outside("/collect", body.to_string().as_bytes()).await?;
        self.settled().await?;
        if answered.status.as_u16() == 202 { Ok(answered) } else { Err(format!("collect answered {}: {}", answered.status, answered.json()).into()) }
    }

    async fn looks(&self, client: &str, ago_ms: i64) -> Fails {
        self.sends(client, "asc_item_pageview", ago_ms, json!({ "item_id": CAR, "item_number": "24117" })).await.map(|_| ())
    }

    /// A lead; a form's own id when it has one.
    async fn is_asked(&self, id: &str, web_id: Option<&str>) -> Fails {
        let sent_by = web_id.map(|id| format!(r#"<id source="ga">{id}</id>"#)).unwrap_or_default();
        let adf = format!(
            r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Website">{id}</id>{sent_by}
            <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>24117</stock></vehicle>
            <customer><contact><name part="first">Dana</name><name part="last">Whitfield</name><phone>207-555-0148</phone><email>dana.w@example.com</email></contact>
            </customer><provider><name>Website</name></provider></prospect></adf>"#
        );
        self.from_outside("/leads/adf", adf.as_bytes()).await?;
        self.settled().await
    }

    async fn marked(&self, customer: u64) -> Result<String, Failure> {
        let answered =
            self.post(&format!("/api/customers/{customer}/links"), &json!({ "address": "https://example.com/used/24117?utm_source=text" })).await?;
        let address = answered.json()["address"].as_str().map(str::to_owned).ok_or_else(|| format!("no address: {}", answered.json()))?;
        Ok(address.rsplit_once("hl=").ok_or("a mark")?.1.to_owned())
    }

    /// How the store sees somebody: their page, and the lines of their story.
    async fn sees(&self, customer: u64) -> Result<(Value, Vec<Value>), Failure> {
        let story = self.get(&format!("/api/customers/{customer}/story")).await?;
        let lines = story["items"].as_array().cloned().unwrap_or_default();
        Ok((self.get(&format!("/api/customers/{customer}")).await?, lines))
    }

    async fn line_of_the_browser(&self, customer: u64) -> Result<Option<(u64, String)>, Failure> {
        let (_, lines) = self.sees(customer).await?;
        let line = lines.into_iter().find(|line| line["browser_id"].is_u64());
        Ok(line.and_then(|line| Some((line["browser_id"].as_u64()?, line["title"].as_str()?.to_owned()))))
    }
}

fn titles(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["title"].as_str()).collect()
}

const DANA: u64 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_by_a_link_we_sent_is_known_with_all_they_did_before() -> Fails {
    let rooftop = stocked().await?;
    rooftop.is_asked("1", None).await?;
    rooftop.clock.advance_ms(HOUR_MS);
    rooftop.looks("browser-1", 20 * MINUTE_MS).await?;
    assert_eq!(rooftop.line_of_the_browser(DANA).await?, None);
    let hl = rooftop.marked(DANA).await?;
    let body = json!({ "client_id": "browser-1", "hl": hl, "events": [{ "name": "asc_pageview", "params": { "page_type": "home" } }] });
    rooftop.takes(&body).await?;
    let (_, said) = rooftop.line_of_the_browser(DANA).await?.ok_or("the browser")?;
    assert_eq!(said, "This browser is theirs: it came by a link we sent");
    let (_, lines) = rooftop.sees(DANA).await?;
    assert!(titles(&lines).iter().any(|t| t.starts_with("Looked at 2022 CR-V")), "{:?}", titles(&lines));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_of_long_ago_of_another_store_or_none_of_ours_says_nothing() -> Fails {
    let rooftop = stocked().await?;
    rooftop.is_asked("1", None).await?;
    rooftop.clock.advance_ms(HOUR_MS);
    let (store, now) = (&rooftop.house.rooms.store, rooftop.clock.now());
    let link = links::Link { part: PartId(DANA), message: Some(OutboxId(4)) };
    let old = links::mark(store.sealer(), link, now.plus_ms(-DAY_MS)).ok_or("a mark")?;
    let nobodys = links::mark(store.sealer(), links::Link { part: PartId(4_711), ..link }, now.plus_ms(DAY_MS)).ok_or("a mark")?;
    for hl in [old.as_str(), nobodys.as_str(), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "dana@example.com", ""] {
        rooftop.takes(&json!({ "client_id": "browser-1", "hl": hl, "events": [{ "name": "asc_pageview" }] })).await?;
        assert_eq!(rooftop.line_of_the_browser(DANA).await?, None, "{hl}");
    }
    let good = links::mark(store.sealer(), link, now.plus_ms(DAY_MS)).ok_or("a mark")?;
    rooftop.takes(&json!({ "client_id": "browser-1", "hl": good, "events": [{ "name": "asc_pageview" }] })).await?;
    assert!(rooftop.line_of_the_browser(DANA).await?.is_some());
    rooftop.close().await;
    Ok(())
}

/// A store where a browser was taken for Dana's and is not, beside one where nobody ever thought so.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_not_theirs_leaves_their_story_and_score_as_if_it_had_never_been() -> Fails {
    let (stitched, plain) = (stocked().await?, stocked().await?);
    for rooftop in [&stitched, &plain] {
        rooftop.is_asked("1", None).await?;
        let card = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].clone();
        rooftop.post(&format!("/api/alerts/{card}/done"), &json!({ "outcome": "called" })).await?;
        rooftop.clock.advance_ms(25 * HOUR_MS);
        for hours in [20, 9, 4] {
            rooftop.looks("browser-1", hours * HOUR_MS).await?;
        }
    }
    let hl = stitched.marked(DANA).await?;
    stitched.takes(&json!({ "client_id": "browser-1", "hl": hl, "events": [{ "name": "asc_pageview" }] })).await?;
    plain.takes(&json!({ "client_id": "browser-1", "events": [{ "name": "asc_pageview" }] })).await?;
    // More comes after it, from the browser and by other roads.
    for rooftop in [&stitched, &plain] {
        rooftop.clock.advance_ms(10 * MINUTE_MS);
        rooftop.looks("browser-1", 0).await?;
        rooftop.sends("browser-1", "asc_retail_process", 0, json!({ "flow_name": "trade", "flow_outcome": "start" })).await?;
        rooftop.post(&format!("/api/customers/{DANA}/notes"), &json!({ "text": "Wants a tow hitch." })).await?;
    }
    let (page, _) = stitched.sees(DANA).await?;
    assert_ne!(page["score"], plain.sees(DANA).await?.0["score"], "it counted while it was theirs");
    assert_eq!(stitched.get("/api/alerts?scope=store").await?["items"][0]["rule"], "back_on_same_car");
    let (browser, _) = stitched.line_of_the_browser(DANA).await?.ok_or("the browser")?;
    let before = stitched.sees(DANA).await?;
    let of_browser = |rooftop: &Rooftop| -> Result<_, Failure> {
        let tx = rooftop.house.rooms.store.read()?;
        let visitor = tx.some(tables::VISITORS, &Span::all(), 9)?.into_iter().map(|(_, v)| (v.activity, v.first_seen, v.last_seen, v.sessions));
        let told = tx.some(tables::STORY, &Span::all(), 99)?.into_iter().filter(|((of, _), _)| of.0 == tables::STORY_OF_VISITOR);
        let told: Vec<_> = told.map(|((_, (at, _)), row)| (at, row.title, row.times, row.until)).collect();
        Ok((visitor.collect::<Vec<_>>(), told))
    };
    let its_own = of_browser(&stitched)?;

    // Twice, as a hand that slips does.
    for _ in 0..2 {
        let undone = stitched.post(&format!("/api/customers/{DANA}/browsers/{browser}/undo"), &json!({})).await?;
        assert_eq!(undone.status.as_u16(), 200, "{}", undone.json());
    }
    // Both are thought of again now, whoever was before.
    for rooftop in [&stitched, &plain] {
        let tag = json!({ "changes": [{ "edit": { "set": "tag", "tag": "VIP", "on": true }, "before": null }] });
        let auth = format!("Bearer {}", rooftop.token);
        let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
        send(rooftop.lan, "PUT", &format!("/api/customers/{DANA}/edits"), &headers, tag.to_string().as_bytes()).await?;
    }
    let customer = |rooftop: &Rooftop| -> Result<_, Failure> { Ok(rooftop.house.rooms.store.read()?.get(tables::CUSTOMERS, &CustomerId(DANA))?) };
    assert_eq!(customer(&stitched)?, customer(&plain)?);
    let without_causes = |lines: Vec<Value>| -> Vec<Value> {
        let without = |mut line: Value| {
            line["id"] = Value::Null;
            line
        };
        lines.into_iter().map(without).collect()
    };
    let (undone, never) = (stitched.sees(DANA).await?, plain.sees(DANA).await?);
    assert_eq!(undone.0["score"], never.0["score"]);
    assert_eq!(without_causes(undone.1), without_causes(never.1));
    assert_eq!(stitched.get("/api/alerts?scope=store").await?["total"], 0, "the card that only the browser made is gone");
    assert_eq!(its_own, of_browser(&stitched)?, "what the browser did is whole");
    assert_eq!(its_own, of_browser(&plain)?);

    // It stays so, by whatever link it comes again; taken back, all is as before.
    let hl = stitched.marked(DANA).await?;
    stitched.takes(&json!({ "client_id": "browser-1", "hl": hl, "events": [{ "name": "scroll" }] })).await?;
    assert_eq!(stitched.line_of_the_browser(DANA).await?, None);
    for _ in 0..2 {
        stitched.post(&format!("/api/customers/{DANA}/browsers/{browser}/return"), &json!({})).await?;
    }
    let after = stitched.sees(DANA).await?;
    assert_eq!((&after.0["score"], &after.1), (&before.0["score"], &before.1));
    assert_eq!(stitched.get("/api/alerts?scope=store").await?["items"][0]["rule"], "back_on_same_car");
    let nobody = stitched.post(&format!("/api/customers/{DANA}/browsers/4711/undo"), &json!({})).await?;
    assert_eq!(nobody.status.as_u16(), 404);
    lives_again(&stitched).await?;
    stitched.close().await;
    plain.close().await;
    Ok(())
}

/// The same journal gives the same browsers, customers and stories, under another key too: marks are read at the door.
async fn lives_again(rooftop: &Rooftop) -> Fails {
    let lived = rooftop.house.rooms.store.read()?;
    let entries = lived.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    assert_eq!(
        entries
            .iter()
            .filter(|(_, e)| matches!(e.event, Event::CameByLink { .. } | Event::BrowserParted { .. } | Event::BrowserReturned { .. }))
            .count(),
        4
    );
    let again = Store::open(Backend::File(rooftop.folder.path().join("again.redb")), &MasterKey::random()?, |_| {})?;
    let policy = rooftop.house.rooms.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let relived = again.read()?;
    assert_eq!(lived.some(tables::VISITORS, &Span::all(), 99)?, relived.some(tables::VISITORS, &Span::all(), 99)?);
    assert_eq!(lived.some(tables::CUSTOMERS, &Span::all(), 99)?, relived.some(tables::CUSTOMERS, &Span::all(), 99)?);
    assert_eq!(lived.some(tables::STORY, &Span::all(), 99)?, relived.some(tables::STORY, &Span::all(), 99)?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_meets_its_lead_whichever_we_hear_of_first() -> Fails {
    const FORM: &str = "asc_form_submission_sales";
    let car = || json!({ "item_id": CAR });
    // Hours later, by the id of the form, by the id of the browser, by the time and the car alone.
    for (client, lead_id, params) in [
        ("browser-1", Some("sub-99-4410"), json!({ "submission_id": "sub-99-4410" })),
        ("1184220377.1763990000", Some("1184220377.1763990000"), json!({})),
        ("browser-1", Some("1184220377.1763990000"), json!({ "ga_client_id": "1184220377.1763990000" })),
        ("browser-1", None, car()),
    ] {
        let rooftop = stocked().await?;
        rooftop.is_asked("1", lead_id).await?;
        rooftop.clock.advance_ms(6 * HOUR_MS);
        rooftop.sends(client, FORM, 6 * HOUR_MS - MINUTE_MS, params.clone()).await?;
        assert!(rooftop.line_of_the_browser(DANA).await?.is_some(), "{params}");
        rooftop.close().await;
    }
    // Another car, another hour, or two who may have sent it.
    let rooftop = stocked().await?;
    rooftop.is_asked("1", None).await?;
    rooftop.clock.advance_ms(6 * HOUR_MS);
    rooftop.sends("browser-1", FORM, 6 * HOUR_MS, json!({ "item_id": OTHER_CAR })).await?;
    rooftop.sends("browser-2", FORM, 5 * HOUR_MS, car()).await?;
    rooftop.looks("browser-3", 6 * HOUR_MS).await?;
    rooftop.sends("browser-4", FORM, 6 * HOUR_MS, car()).await?;
    assert_eq!(rooftop.line_of_the_browser(DANA).await?, None);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_gave_a_phone_is_a_lead_of_its_browser_and_of_nobody_twice() -> Fails {
    let rooftop = stocked().await?;
    rooftop.is_asked("1", None).await?;
    rooftop.clock.advance_ms(HOUR_MS);
    rooftop.looks("browser-1", 10 * MINUTE_MS).await?;
    let said = json!({ "comm_type": "chat", "event_owner": "Harbor", "phone": "207-555-0148", "comm_id": "C-104477", "item_id": OTHER_CAR });
    for name in ["asc_comm_engagement", "asc_comm_submission", "asc_comm_submission_sales"] {
        rooftop.sends("browser-1", name, 0, said.clone()).await?;
    }
    let (_, why) = rooftop.line_of_the_browser(DANA).await?.ok_or("the browser of the chat")?;
    assert_eq!(why, "This browser is theirs: it sent the form of the lead from Harbor chat");
    let (_, lines) = rooftop.sees(DANA).await?;
    assert_eq!(titles(&lines).iter().filter(|t| t.starts_with("Asked") && t.contains("Harbor chat")).count(), 1, "{:?}", titles(&lines));
    assert_eq!(rooftop.get("/api/customers").await?["total"], 1, "their phone was known");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn late_looks_score_by_their_time_and_open_nothing_until_one_is_fresh() -> Fails {
    let rooftop = stocked().await?;
    rooftop.is_asked("1", Some("sub-99-4410")).await?;
    let card = rooftop.get("/api/alerts?scope=store").await?["items"][0]["id"].clone();
    rooftop.post(&format!("/api/alerts/{card}/done"), &json!({ "outcome": "called" })).await?;
    rooftop.sends("browser-1", "asc_form_submission", 0, json!({ "submission_id": "sub-99-4410" })).await?;
    rooftop.clock.advance_ms(48 * HOUR_MS);
    let score = |page: Value| page["score"].as_i64().or(page["score"]["points"].as_i64());
    let before = score(rooftop.sees(DANA).await?.0);
    for hours in [30, 20, 10, 3] {
        rooftop.looks("browser-1", hours * HOUR_MS).await?;
    }
    let after = score(rooftop.sees(DANA).await?.0);
    assert!(after > before, "{before:?} {after:?}");
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["total"], 0);
    // Fifteen minutes later the same is thought again by itself; still nothing.
    rooftop.clock.advance_ms(15 * MINUTE_MS);
    rooftop.sends("browser-1", "scroll", 0, json!({})).await?;
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["total"], 0);
    rooftop.looks("browser-1", HOUR_MS).await?;
    assert_eq!(rooftop.get("/api/alerts?scope=store").await?["items"][0]["rule"], "back_on_same_car");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_sends_again_counts_once() -> Fails {
    let rooftop = stocked().await?;
    let at = rooftop.clock.now().0 * 1_000;
    let look = |micros: i64| json!({ "name": "asc_item_pageview", "timestamp_micros": at - micros, "params": { "item_id": CAR } });
    let body = json!({ "client_id": "browser-1", "events": [look(9_000_000), look(0)] });
    for _ in 0..3 {
        rooftop.takes(&body).await?;
        rooftop.clock.advance_ms(5_000);
    }
    let tx = rooftop.house.rooms.store.read()?;
    let looks: Vec<u32> = tx.some(tables::INTEREST, &Span::all(), 9)?.into_iter().map(|(_, interest)| interest.looks).collect();
    let lines: Vec<u16> = tx.some(tables::STORY, &Span::all(), 9)?.into_iter().map(|(_, row)| row.times).collect();
    assert_eq!((looks, lines), (vec![2], vec![2]));
    drop(tx);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_web_events_are_taken_once_and_what_cannot_be_used_is_set_aside() -> Fails {
    let rooftop = stocked().await?;
    let now = rooftop.clock.now();
    let row = |client: &str, hours: i64| {
        let at = now.plus_ms(-hours * HOUR_MS).0 * 1_000;
        format!(
            r#"{{"event_name":"asc_item_pageview","event_timestamp":"{at}","user_pseudo_id":"{client}","event_params":[{{"key":"item_id","value":{{"string_value":"{CAR}"}}}}]}}"#
        )
    };
    let many: Vec<String> = (0..1_200).map(|n| row(&format!("555.{n}"), 1 + n % 9)).collect();
    let monday = format!("{}\nnot a line\n", many.join("\n"));
    let tuesday = format!("{}\n{}\n", row("555.7", 8), row("555.7", 0));
    let rooms = &rooftop.house.rooms;
    let file = |taken, again, refused| intake::WebFile { taken, again, refused };
    assert_eq!(intake::receive_web_file(rooms, "monday.jsonl", monday.clone().into_bytes(), now).await?, Ok(file(1_200, 0, 1)));
    assert_eq!(intake::receive_web_file(rooms, "monday again.jsonl", monday.into_bytes(), now).await?, Ok(file(0, 1_200, 1)));
    assert_eq!(intake::receive_web_file(rooms, "tuesday.jsonl", tuesday.into_bytes(), now).await?, Ok(file(1, 1, 0)));
    rooftop.settled().await?;
    let looks: u32 = rooms.store.read()?.some(tables::INTEREST, &Span::all(), 9_999)?.into_iter().map(|(_, interest)| interest.looks).sum();
    assert_eq!(looks, 1_201);
    let aside = rooftop.get("/api/set-aside").await?;
    assert_eq!((&aside["total"], &aside["items"][0]["preview"]), (&json!(1), &json!("not a line")), "once");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_is_given_to_any_page_packed_and_known_again() -> Fails {
    let rooftop = Rooftop::open().await?;
    let ask = async |headers: &[(&str, &str)]| send(rooftop.public, "GET", "/tag.js?key=hlk_some", headers, b"").await;
    let plain = ask(&[]).await?;
    let header = |answered: &Answered, name: &str| answered.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    assert_eq!((plain.status.as_u16(), header(&plain, "content-type").as_deref()), (200, Some("text/javascript; charset=utf-8")));
    assert_eq!(header(&plain, "access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(header(&plain, "cross-origin-resource-policy").as_deref(), Some("cross-origin"));
    assert_eq!(header(&plain, "cache-control").as_deref(), Some("public, max-age=3600"));
    let packed = ask(&[("accept-encoding", "gzip, br")]).await?;
    assert_eq!(header(&packed, "content-encoding").as_deref(), Some("gzip"));
    assert!(packed.body.len() < 6_000 && packed.body.len() * 2 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    let etag = header(&packed, "etag").ok_or("an etag")?;
    assert_ne!(Some(&etag), header(&plain, "etag").as_ref());
    let known = ask(&[("accept-encoding", "gzip"), ("if-none-match", &etag)]).await?;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    // What the screens' side has no tag: there is nothing of it for a shopper.
    assert_eq!(send(rooftop.lan, "GET", "/tag.js", &[], b"").await?.status.as_u16(), 404);
    rooftop.close().await;
    Ok(())
}
