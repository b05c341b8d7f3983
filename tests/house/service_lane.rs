//! At the counter of the service lane: whose car is it, which booking do they come by, what stops a talk, and who sees amounts?

use crate::{
    service_drive::{MINUTE_MS, board, card, done, imported, lane_cards, marcus_in, refused, say, store, titles, token},
    support::{Fails, Rooftop},
};
use headlight::{
    domain::{
        consent::Channel,
        event::{Event, Reply},
        ids::CustomerId,
        import_run::ImportKind,
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        staff::Role,
        time::DAY_MS,
    },
    service::{access, advance, operator::Request, service_drive},
    store::{Rows, tables},
};
use serde_json::{Value, json};

async fn marcus_complains(rooftop: &Rooftop) -> Fails {
    let (policy, now) = (rooftop.house.rooms.policy.clone(), rooftop.clock.now());
    let mut person = Profile::new(Source { kind: SourceKind::Dms, name: "DMS".into() }, now);
    person.name = PersonName { first: "Marcus".into(), last: "Chen".into(), ..PersonName::default() };
    person.phones.extend(Phone::parse("207-555-0101"));
    let reply = Reply { person, channel: Channel::Text, at: now, text: "Your salesman was rude".into(), external_id: None };
    rooftop.house.rooms.store.write(move |tx| advance::append_applied(tx, &policy, Event::Reply(reply.clone()), now)).await?;
    rooftop.settled().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_stops_a_talk_stops_it_and_nothing_else_does() -> Fails {
    let rooftop = store().await?;
    let visit = marcus_in(&rooftop).await?;
    done(&rooftop, "PUT", &format!("/api/service/visits/{visit}/quote"), &json!({ "quote_cents": 360_000 })).await?;
    let talk = async || Ok::<_, crate::support::Failure>(card(&rooftop, "Chen").await?["talk"].clone());
    let goes_on = |talk: &Value| talk["is_worth_it"] == true && talk["stopped"].is_null();
    assert!(goes_on(&talk().await?), "{}", talk().await?);

    // Beside the card of the lane a complaint has one of its own.
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/sales"), &json!({})).await?;
    assert_eq!(lane_cards(&rooftop).await?.len(), 1);
    marcus_complains(&rooftop).await?;
    let stopped = talk().await?;
    assert_eq!((&stopped["stopped"]["kind"], &stopped["is_worth_it"]), (&json!("complaint"), &json!(false)), "{stopped}");
    let cards = rooftop.get("/api/alerts?scope=store").await?;
    let complaint = cards["items"].as_array().into_iter().flatten().find(|row| row["rule"] == "unhappy").cloned().ok_or("a card")?;
    done(&rooftop, "POST", &format!("/api/alerts/{}/done", complaint["id"]), &json!({ "outcome": "called" })).await?;
    assert!(goes_on(&talk().await?), "it was seen to: {}", talk().await?);

    let asks = "<?adf version=\"1.0\"?><adf><prospect><id source=\"Cars.com\">1</id><requestdate>2026-11-24T09:42:30-05:00</requestdate>\
        <customer><contact><name part=\"full\">Marcus Chen</name><phone>207-555-0101</phone></contact><comments>Is it there?</comments></customer>\
        <provider><name>Cars.com</name></provider></prospect></adf>";
    rooftop.from_outside("/leads/adf", asks.as_bytes()).await?;
    // A car of ours that goes to another dealer in his name is no purchase of his.
    let wholesale = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price\n\
        71,11/20/2026,Marcus,Chen,207-555-0101,5YFBURHE5HP600001,2017,Toyota,Corolla,Wholesale,5000\n";
    imported(&rooftop, ImportKind::Deals, wholesale).await?;
    assert!(goes_on(&talk().await?), "who asks for a car may be talked to: {}", talk().await?);

    let customer = card(&rooftop, "Chen").await?["customer"]["id"].clone();
    done(&rooftop, "POST", &format!("/api/customers/{customer}/talk/refuse"), &json!({ "how": "not_to_be_sold_to" })).await?;
    assert_eq!(talk().await?["stopped"]["kind"], "asked_not");
    done(&rooftop, "POST", &format!("/api/customers/{customer}/talk/allow"), &json!({})).await?;

    let vehicle = card(&rooftop, "Chen").await?["vehicle"]["id"].clone();
    done(&rooftop, "POST", &format!("/api/service/visits/{visit}/move"), &json!({ "to": "mistake" })).await?;
    let recall = json!({ "customer": customer, "vehicle": vehicle, "work": ["Recall 23TA-11"] });
    done(&rooftop, "POST", "/api/service/visits", &recall).await?;
    assert_eq!(talk().await?["stopped"]["kind"], "recall_only");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_known_car_can_ask_not_to_be_sold_to_as_well() -> Fails {
    let rooftop = store().await?;
    let walk_in = json!({ "first": "Vera", "last": "Marlow", "phone": "207-555-0177" });
    done(&rooftop, "POST", "/api/service/visits", &json!({ "walk_in": walk_in })).await?;
    let customer = card(&rooftop, "Marlow").await?["customer"]["id"].clone();
    for (how, kind) in [("not_today", "refused"), ("not_to_be_sold_to", "asked_not")] {
        done(&rooftop, "POST", &format!("/api/customers/{customer}/talk/refuse"), &json!({ "how": how })).await?;
        assert_eq!(card(&rooftop, "Marlow").await?["talk"]["stopped"]["kind"], kind);
    }
    // Of two records that turn out to be one person, the stricter word holds.
    let other = json!({ "first": "Vera", "last": "Marlowe", "phone": "207-555-0178" });
    rooftop.clock.advance_ms(MINUTE_MS);
    let other = done(&rooftop, "POST", "/api/service/visits", &json!({ "walk_in": other })).await?["card"]["customer"]["id"].clone();
    done(&rooftop, "POST", &format!("/api/customers/{other}/talk/refuse"), &json!({ "how": "not_today" })).await?;
    done(&rooftop, "POST", &format!("/api/customers/{customer}/merge"), &json!({ "other": other, "choices": [] })).await?;
    let tx = rooftop.house.rooms.store.read()?;
    let one = tx.get(tables::CUSTOMERS, &CustomerId(customer.as_u64().ok_or("a customer")?))?.ok_or("a customer")?;
    let held = service_drive::refusal_of(&tx, &one, rooftop.clock.now())?.ok_or("a refusal")?;
    assert_eq!((held.until, one.all_parts().count()), (None, 2));
    drop(tx);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_new_comes_without_a_name_and_nobody_is_asked_to_a_car_that_left() -> Fails {
    let rooftop = store().await?;
    let visit = marcus_in(&rooftop).await?;
    let path = format!("/api/service/visits/{visit}");
    for cents in [-1, 10_000_001] {
        let odd = say(&rooftop, "PUT", &format!("{path}/quote"), &json!({ "quote_cents": cents })).await?;
        assert_eq!(odd.status.as_u16(), 422, "{cents}");
    }
    done(&rooftop, "POST", &format!("{path}/move"), &json!({ "to": "gone" })).await?;
    assert_eq!(refused(&rooftop, &format!("{path}/sales"), &json!({})).await?, (409, "gone".to_owned()));
    assert!(lane_cards(&rooftop).await?.is_empty());
    assert_eq!(refused(&rooftop, "/api/service/visits", &json!({ "walk_in": { "first": " ", "last": "" } })).await?.0, 422);
    // What another system booked is taken back there.
    let due = card(&rooftop, "Brandt").await?["appointment"].clone();
    let kept = say(&rooftop, "DELETE", &format!("/api/service/bookings/{due}"), &json!({})).await?;
    assert_eq!(kept.status.as_u16(), 422, "{}", kept.json());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_come_by_once_with_its_own_car_and_is_open_again_after_a_mistake() -> Fails {
    let rooftop = store().await?;
    let due = card(&rooftop, "Chen").await?;
    let (customer, booking) = (&due["customer"]["id"], &due["appointment"]);
    let others = card(&rooftop, "Brandt").await?["vehicle"]["id"].clone();
    let second = done(&rooftop, "POST", "/api/service/visits", &json!({ "customer": customer, "vehicle": others })).await?;
    assert_eq!((&second["card"]["appointment"], &second["card"]["work"]), (&Value::Null, &json!([])), "booked is the truck");
    rooftop.clock.advance_ms(MINUTE_MS);
    let visit = marcus_in(&rooftop).await?;
    let path = format!("/api/service/visits/{visit}");
    assert_eq!(&rooftop.get(&path).await?["card"]["appointment"], booking);
    let go = async |to: &str, bay: &str| done(&rooftop, "POST", &format!("{path}/move"), &json!({ "to": to, "bay": bay })).await;
    let moved = go("in_bay", "2").await?["card"]["moved_ms"].clone();
    rooftop.clock.advance_ms(MINUTE_MS);
    assert_eq!(go("in_bay", "2").await?["card"]["moved_ms"], moved, "it stands there already");
    go("mistake", "").await?;
    let tx = rooftop.house.rooms.store.read()?;
    let marcus = tx.get(tables::CUSTOMERS, &CustomerId(customer.as_u64().ok_or("a customer")?))?.ok_or("a customer")?;
    let last = service_drive::last_arrival(&tx, &marcus)?;
    assert_eq!(last.map(|at| at.0), second["card"]["arrived_ms"].as_i64(), "a mistake was no arrival");
    drop(tx);
    let arrivals =
        async || Ok::<_, crate::support::Failure>(titles(&rooftop, customer).await?.iter().filter(|t| *t == "Came in for service").count());
    assert_eq!(arrivals().await?, 1);
    go("in_lane", "").await?;
    assert_eq!(arrivals().await?, 2, "it was no mistake");
    let again = json!({ "customer": customer, "vehicle": due["vehicle"]["id"], "appointment": booking });
    go("gone", "").await?;
    assert_eq!(refused(&rooftop, "/api/service/visits", &again).await?, (409, "already-here".to_owned()), "somebody came by it");
    // Back on the same day for something forgotten: not by the booking of the morning.
    let back = done(&rooftop, "POST", "/api/service/visits", &json!({ "customer": customer, "vehicle": due["vehicle"]["id"] })).await?;
    assert_eq!(back["card"]["appointment"], Value::Null);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_is_found_with_whoever_has_it_now() -> Fails {
    let rooftop = store().await?;
    let traded = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Deal Type,Sales Price,Trade 1 VIN\n\
        72,11/20/2026,Marcus,Chen,207-555-0101,5YFBURHE5HP600001,2023,Toyota,Corolla,Cash,19900,1FTFW1E50NFA12345\n\
        73,11/22/2026,Olive,Brandt,207-555-0102,1FTFW1E50NFA12345,2022,Ford,F-150,Cash,29900,\n";
    imported(&rooftop, ImportKind::Deals, traded).await?;
    rooftop.clock.advance_ms(2 * DAY_MS);
    let found = async |typed: &str| -> Result<Vec<(String, String)>, crate::support::Failure> {
        let found = rooftop.get(&format!("/api/service/find?q={typed}")).await?;
        let said = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let all = found["matches"].as_array().into_iter().flatten();
        Ok(all.map(|m| (said(&m["customer"]["name"]), said(&m["vehicle"]["short"]))).collect())
    };
    let truck = ("Olive Brandt".to_owned(), "2022 F-150".to_owned());
    assert_eq!(found("FA12345").await?.iter().filter(|m| m.1 == "2022 F-150").collect::<Vec<_>>(), [&truck]);
    assert_eq!(found("marcus").await?, [("Marcus Chen".to_owned(), "2023 Corolla".to_owned())]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_what_is_owed_reads_no_amount_on_the_board_or_behind_it() -> Fails {
    let mut rooftop = store().await?;
    let visit = marcus_in(&rooftop).await?;
    done(&rooftop, "PUT", &format!("/api/service/visits/{visit}/quote"), &json!({ "quote_cents": 360_000 })).await?;
    let path = format!("/api/service/visits/{visit}");
    let seen = rooftop.get(&path).await?;
    assert!(seen["card"]["quote_cents"].is_i64() && seen["card"]["left"].is_object() && seen["equity"].is_object(), "{seen}");
    assert!(seen["card"]["talk"].to_string().contains('$'));
    assert_eq!(board(&rooftop, "today").await?["next"]["worth"], json!([]), "nobody knows what is left of the car of tomorrow");

    let password_hash = access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Bea Dahl".to_owned(), role: Role::Bdc, password_hash }).await?;
    rooftop.token = token(&rooftop, "Bea Dahl").await?;
    let hidden = rooftop.get(&path).await?;
    assert_eq!((&hidden["equity"], &hidden["sees_money"]), (&Value::Null, &json!(false)));
    for shown in [&hidden["card"], &card(&rooftop, "Chen").await?] {
        assert_eq!((&shown["quote_cents"], &shown["left"], &shown["talk"]["is_worth_it"]), (&Value::Null, &Value::Null, &json!(true)));
        assert!(!shown.to_string().contains('$'), "{shown}");
    }
    rooftop.close().await;
    Ok(())
}
