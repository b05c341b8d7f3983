//! A lower price: who is told all the same, in which order, by which road, and when is it too late?

use crate::{
    price_drops::{
        CAR, OTHER_CAR, adf, car, customer, feed, happens, list, opened, outbox, plan, post_form, posted, price, reader, says, subscribe, waiting,
    },
    support::{Fails, Failure, Rooftop, send},
};
use headlight::{
    domain::{
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        deal::NewDeal,
        event::{Event, ImportRow, Reply},
        ids::ImportId,
        time::{DAY_MS, HOUR_MS, MINUTE_MS},
        vin::Vin,
    },
    service::timers,
};
use serde_json::{Value, json};

async fn done(rooftop: &Rooftop, method: &str, path: &str, body: Value) -> Result<Value, Failure> {
    let answered = says(rooftop, method, path, body, &[]).await?;
    assert!(answered.status.is_success(), "{method} {path}: {} {}", answered.status, answered.json());
    Ok(answered.json())
}

async fn timers_turn(rooftop: &Rooftop) -> Fails {
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    rooftop.house.rooms.store.write(move |tx| timers::fire_due(tx, &policy, now, 500)).await?;
    rooftop.settled().await
}

/// Somebody of the books who agreed to messages.
async fn agreed(rooftop: &Rooftop, n: u32, channel: Channel) -> Fails {
    let now = rooftop.clock.now();
    let mut person = reader(n, now);
    person.consent = vec![ConsentFact { channel, state: ConsentState::Allowed, basis: ConsentBasis::Form, at: now, evidence: "A form".into() }];
    let rows = vec![ImportRow::Customer(person)];
    happens(rooftop, Event::Imported { import: ImportId(500 + u64::from(n)), rows, lines: vec![] }).await
}

async fn asks(rooftop: &Rooftop, n: u32) -> Fails {
    rooftop.from_outside("/leads/adf", adf(n).as_bytes()).await?;
    rooftop.settled().await
}

fn left_out(plan: &Value) -> Vec<String> {
    let groups = plan["left_out"].as_array().into_iter().flatten();
    groups
        .flat_map(|row| row["who"].as_array().into_iter().flatten().map(move |who| format!("{} {}", row["why"], who["name"]).replace('"', "")))
        .collect()
}

fn told(plan: &Value) -> Vec<String> {
    plan["tell"].as_array().into_iter().flatten().filter_map(|row| row["customer"]["name"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_left_out_for_what_was_before_or_does_not_weigh() -> Fails {
    let rooftop = opened().await?;
    let now = rooftop.clock.now();
    // Bought another car here, before they asked to hear of this one.
    let mut deal = NewDeal::new("7001".into(), now.plus_ms(-DAY_MS), reader(1, now));
    deal.vin = Vin::parse(OTHER_CAR);
    happens(&rooftop, Event::Imported { import: ImportId(90), rows: vec![ImportRow::Deal(deal)], lines: vec![] }).await?;
    // Bought elsewhere, and asks all the same to hear of this one.
    asks(&rooftop, 2).await?;
    let path = format!("/api/customers/{}/lost", customer(&rooftop, 2).await?);
    done(&rooftop, "PUT", &path, json!({ "why": "bought_elsewhere", "note": "", "again_ms": null })).await?;
    rooftop.clock.advance_ms(MINUTE_MS);
    for n in 1..=6 {
        subscribe(&rooftop, n, "email").await?;
    }
    rooftop.clock.advance_ms(MINUTE_MS);
    // It was too dear for them: whom else should it be told?
    asks(&rooftop, 3).await?;
    let path = format!("/api/customers/{}/lost", customer(&rooftop, 3).await?);
    done(&rooftop, "PUT", &path, json!({ "why": "price", "note": "", "again_ms": null })).await?;
    // They complained, and it was put right.
    let now = rooftop.clock.now();
    let rude = Reply { person: reader(4, now), channel: Channel::Email, at: now, text: "Your salesman was rude".into(), external_id: None };
    happens(&rooftop, Event::Reply(rude)).await?;
    let id = customer(&rooftop, 4).await?;
    assert_eq!(left_out(&plan(&rooftop, 26_990).await?), ["unhappy Reader4 Whitfield"]);
    let cards = rooftop.get("/api/alerts?scope=store").await?;
    let card = cards["items"].as_array().into_iter().flatten().find(|row| row["customer"]["id"] == id).cloned().ok_or("a card")?;
    rooftop.post(&format!("/api/alerts/{}/done", card["id"]), &json!({ "outcome": "called" })).await?;
    // They came with a car that they did not buy here.
    let trade = adf(5).replace("</vehicle>", &format!("</vehicle><vehicle interest=\"trade-in\"><vin>{OTHER_CAR}</vin></vehicle>"));
    rooftop.from_outside("/leads/adf", trade.as_bytes()).await?;
    rooftop.settled().await?;
    rooftop.clock.advance_ms(21 * HOUR_MS);
    let planned = plan(&rooftop, 26_990).await?;
    assert_eq!((left_out(&planned), &planned["told"]), (vec![], &json!(6)), "{planned}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_numbers_on_the_table_is_spoken_to_and_not_written_to() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "email").await?;
    let visit = done(&rooftop, "POST", "/api/visits", json!({ "customer": customer(&rooftop, 1).await?, "with": 1 })).await?;
    done(&rooftop, "POST", &format!("/api/visits/{}/steps", visit["id"]), json!({ "step": "write_up", "done": true })).await?;
    done(&rooftop, "POST", &format!("/api/visits/{}/end", visit["id"]), json!({ "result": { "how": "be_back" } })).await?;
    rooftop.clock.advance_ms(21 * HOUR_MS);
    assert_eq!(left_out(&plan(&rooftop, 26_990).await?), ["in_deal Reader1 Whitfield"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_just_here_is_told_the_next_morning_and_not_after_a_week() -> Fails {
    for (days, told) in [(1, 1), (8, 0)] {
        let rooftop = opened().await?;
        subscribe(&rooftop, 1, "email").await?;
        let visit = done(&rooftop, "POST", "/api/visits", json!({ "customer": customer(&rooftop, 1).await?, "with": 1 })).await?;
        price(&rooftop, 26_990).await?;
        assert_eq!(outbox(&rooftop)?.len(), 0, "they stand in the showroom");
        done(&rooftop, "POST", &format!("/api/visits/{}/end", visit["id"]), json!({ "result": { "how": "be_back" } })).await?;
        rooftop.clock.advance_ms(days * DAY_MS);
        timers_turn(&rooftop).await?;
        assert_eq!(outbox(&rooftop)?.len(), told, "after {days} days");
        rooftop.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_hear_nothing_the_next_morning_when_the_price_rose_or_the_car_is_on_hold() -> Fails {
    for (dollars, status) in [(27_400, "available"), (26_990, "hold")] {
        let rooftop = opened().await?;
        for n in 1..=17 {
            subscribe(&rooftop, n, "email").await?;
        }
        price(&rooftop, 26_990).await?;
        assert_eq!(outbox(&rooftop)?.len(), 15);
        list(&rooftop, feed(dollars, status, "")).await?;
        rooftop.clock.advance_ms(DAY_MS);
        timers_turn(&rooftop).await?;
        assert_eq!(outbox(&rooftop)?.len(), 15, "{dollars} {status}");
        rooftop.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_cannot_be_shown_is_told_to_nobody_until_it_can() -> Fails {
    let rooftop = opened().await?;
    subscribe(&rooftop, 1, "email").await?;
    for (dollars, status) in [(26_900, "in recon"), (26_200, "in transit"), (25_500, "hold"), (24_800, "sold")] {
        list(&rooftop, feed(dollars, status, "")).await?;
        assert_eq!(outbox(&rooftop)?.len(), 0, "{status}");
    }
    list(&rooftop, feed(24_000, "available", "")).await?;
    assert_eq!(outbox(&rooftop)?.len(), 1);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn interest_is_none_any_more_after_sixty_days() -> Fails {
    let rooftop = opened().await?;
    asks(&rooftop, 1).await?;
    rooftop.clock.advance_ms(59 * DAY_MS);
    assert_eq!(left_out(&plan(&rooftop, 26_990).await?), ["no_consent Reader1 Whitfield"]);
    rooftop.clock.advance_ms(2 * DAY_MS);
    assert_eq!(left_out(&plan(&rooftop, 26_990).await?), Vec::<String>::new());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_to_hear_of_it_comes_before_whoever_only_asked_about_it() -> Fails {
    let rooftop = opened().await?;
    agreed(&rooftop, 2, Channel::Email).await?;
    asks(&rooftop, 2).await?;
    subscribe(&rooftop, 1, "email").await?;
    let planned = plan(&rooftop, 26_990).await?;
    assert_eq!(told(&planned), ["Reader1 Whitfield", "Reader2 Whitfield"], "{planned}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_by_email_is_written_by_email_though_they_may_be_texted() -> Fails {
    let rooftop = opened().await?;
    agreed(&rooftop, 1, Channel::Text).await?;
    let mut form = posted(1, "email");
    form["vin"] = json!(CAR);
    post_form(&rooftop, &form).await?;
    price(&rooftop, 26_990).await?;
    let rows = outbox(&rooftop)?;
    assert_eq!(rows.iter().map(|row| (row.channel, row.to.as_str())).collect::<Vec<_>>(), [(Channel::Email, "reader1@example.com")]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_counts_for_a_car_as_they_wished_for_and_for_no_other() -> Fails {
    let rooftop = opened().await?;
    for (n, model) in [(1, "CR-V"), (2, "Accord")] {
        agreed(&rooftop, n, Channel::Email).await?;
        let path = format!("/api/customers/{}/wishes", customer(&rooftop, n).await?);
        done(&rooftop, "POST", &path, json!({ "model": model, "price_most_cents": 2_700_000 })).await?;
    }
    assert_eq!(car(&rooftop).await?["pricing"]["alerts_set"], 0);
    assert_eq!(told(&plan(&rooftop, 26_990).await?), ["Reader1 Whitfield"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_stays_when_its_car_goes_missing_or_its_snapshot_is_taken_back() -> Fails {
    for taken_back in [true, false] {
        let rooftop = Rooftop::open().await?;
        let said = json!({ "name": "Website", "covers": "lot", "patience": 1, "most_gone_percent": 100 });
        let id = done(&rooftop, "POST", "/api/feeds", said).await?["feed"]["id"].clone();
        let other = format!("24118,{OTHER_CAR},2003,Honda,Accord,EX,Sedan,FWD,4995,,112000,available,\n");
        let bring = async |file: String| -> Fails {
            let auth = format!("Bearer {}", rooftop.token);
            let headers = [("authorization", auth.as_str()), ("content-type", "application/octet-stream"), ("x-file-name", "lot.csv")];
            let brought = send(rooftop.lan, "POST", &format!("/api/feeds/{id}/snapshots"), &headers, file.as_bytes()).await?;
            assert!(brought.status.is_success(), "{}", brought.json());
            rooftop.settled().await
        };
        bring(feed(27_650, "available", "") + &other).await?;
        subscribe(&rooftop, 1, "email").await?;
        rooftop.clock.advance_ms(HOUR_MS);
        bring(feed(26_990, "available", "") + &other).await?;
        assert_eq!(waiting(&rooftop)?, 1);
        if taken_back {
            done(&rooftop, "POST", &format!("/api/feeds/{id}/undo"), json!({})).await?;
        } else {
            let header = feed(0, "", "").lines().next().unwrap_or_default().to_owned();
            bring(format!("{header}\n{other}")).await?;
        }
        assert_eq!((waiting(&rooftop)?, outbox(&rooftop)?.len()), (0, 1), "taken back: {taken_back}");
        rooftop.close().await;
    }
    Ok(())
}
