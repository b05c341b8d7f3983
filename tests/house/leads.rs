//! Leads by every road: taken down by hand, told from what is none, and read as somebody showed us once.

use crate::support::{Fails, Rooftop, eventually};
use headlight::store::{Rows, Span, tables};
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_taken_down_once_and_whoever_was_spoken_to_waits_for_nobody() -> Fails {
    let rooftop = Rooftop::open().await?;
    let jo = rooftop.staff("Jo Lindqvist").await?;
    let due = rooftop.clock.now().0 + 3 * HOUR_MS;
    let call = json!({ "person": { "first": "Otis", "last": "Brandt", "phone": "207-555-0177" }, "road": "phone", "words": "Wants a truck below 25,000.",
        "to": jo, "spoke": true, "follow_up": { "due_ms": due, "what": "Pictures of the Ram" } });
    let keyed = [("idempotency-key", "the-call-of-otis-1")];
    let taken = rooftop.say_with(&keyed, "POST", "/api/leads", &call).await?;
    assert_eq!(taken.status.as_u16(), 200, "{}", taken.json());
    let again = rooftop.say_with(&keyed, "POST", "/api/leads", &call).await?;
    assert_eq!(again.json(), taken.json(), "a second try is the same lead");

    let page = rooftop.get(&format!("/api/customers/{}", taken.json()["customer"]["id"])).await?;
    assert_eq!((&page["owner"]["name"], &page["opportunity"]["follow_up"]["due_ms"]), (&json!("Jo Lindqvist"), &json!(due)));
    assert_eq!(rooftop.cards().await?, Vec::<Value>::new());
    let story = rooftop.get(&format!("/api/customers/{}/story", taken.json()["customer"]["id"])).await?;
    assert_eq!((&story["items"][0]["title"], &story["items"][0]["detail"]), (&json!("Called"), &json!("Wants a truck below 25,000.")));

    // What was promised comes up when it is due, for whoever promised.
    rooftop.clock.advance_ms(3 * HOUR_MS + 60_000);
    let due = eventually(async || Ok(rooftop.cards().await?.pop())).await?;
    assert_eq!((&due["rule"], &due["owner"]["name"]), (&json!("follow_up_due"), &json!("Jo Lindqvist")));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_to_be_called_back_has_a_clock_and_goes_to_whom_it_was_taken_down_for() -> Fails {
    let rooftop = Rooftop::open().await?;
    let jo = rooftop.staff("Jo Lindqvist").await?;
    let call = json!({ "person": { "first": "Otis", "last": "", "phone": "207-555-0177", "email": "" }, "road": "phone", "to": jo, "spoke": false });
    let taken = rooftop.post("/api/leads", &call).await?;
    assert_eq!(taken.status.as_u16(), 200, "{}", taken.json());
    let card = rooftop.cards().await?.pop().ok_or("a card")?;
    assert_eq!((&card["owner"]["name"], &card["routed_because"]), (&json!("Jo Lindqvist"), &json!("Taken down for them by Sam R.")));
    assert!(card["clock"]["due_ms"].is_i64(), "{card}");

    // The same person again, found by their number, is the same customer with one card.
    let known = json!({ "customer": taken.json()["customer"]["id"], "road": "phone", "spoke": false, "to": jo, "words": "Called again." });
    assert_eq!(rooftop.post("/api/leads", &known).await?.json()["customer"]["id"], taken.json()["customer"]["id"]);
    assert_eq!(rooftop.cards().await?.len(), 1);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_by_hand_that_cannot_be_used_is_refused_with_a_sentence() -> Fails {
    let rooftop = Rooftop::open().await?;
    let person = json!({ "first": "Otis", "phone": "207-555-0177" });
    for (body, says) in [
        (json!({ "road": "phone", "spoke": true }), "A lead is from a customer, or from somebody who is described."),
        (
            json!({ "person": { "first": "Otis" }, "road": "phone", "spoke": true }),
            "Nobody can get back to them: take down a phone number or an email address.",
        ),
        (json!({ "person": { "phone": "12" }, "road": "phone", "spoke": true }), "That phone number is none that can be dialed."),
        (json!({ "person": person, "road": "phone", "spoke": true, "to": 999 }), "Nobody of that number works here."),
        (json!({ "person": person, "road": "phone", "spoke": true, "vehicle": 999 }), "There is no such car any more."),
        (json!({ "person": person, "road": "phone", "spoke": true, "words": "x".repeat(2_001) }), "What they want takes at most 2000 characters."),
        (
            json!({ "person": person, "road": "phone", "spoke": true, "follow_up": { "due_ms": 1, "what": "" } }),
            "That day lies ahead, and no more than 400 days away.",
        ),
    ] {
        let refused = rooftop.post("/api/leads", &body).await?;
        assert_eq!((refused.status.as_u16(), refused.json()["detail"].as_str()), (422, Some(says)), "{body}");
    }
    assert_eq!(rooftop.get("/api/customers").await?["total"], 0, "nothing half done remains");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_is_none_is_set_aside_by_hand_and_taken_up_exactly() -> Fails {
    let rooftop = Rooftop::open().await?;
    let call = json!({ "person": { "first": "Otis", "phone": "207-555-0177" }, "road": "phone", "spoke": false, "words": "Sells toner." });
    let taken = rooftop.post("/api/leads", &call).await?.json();
    let (path, page) = (format!("/api/leads/{}/aside", taken["id"]), format!("/api/customers/{}", taken["customer"]["id"]));
    let before = rooftop.get(&page).await?;
    assert_eq!(rooftop.cards().await?.len(), 1);

    assert_eq!(rooftop.say("PUT", &path, &json!({ "why": "vendor" })).await?.status.as_u16(), 204);
    assert_eq!(rooftop.say("PUT", &path, &json!({ "why": "vendor" })).await?.status.as_u16(), 204, "said twice it is said once");
    assert_eq!(rooftop.say("PUT", &path, &json!({ "why": "spam" })).await?.json()["code"], "already-aside");
    assert_eq!(rooftop.cards().await?, Vec::<Value>::new());
    let aside = rooftop.get(&page).await?;
    assert_eq!((&aside["opportunity"], &aside["score"]), (&Value::Null, &json!(0)));
    let story = rooftop.get(&format!("{page}/story")).await?;
    assert_eq!(story["items"][0]["title"], "Called; set aside as somebody selling to the store");

    assert_eq!(rooftop.say("DELETE", &path, &json!({})).await?.status.as_u16(), 204);
    assert_eq!(rooftop.cards().await?.len(), 1, "it waits as before");
    let after = rooftop.get(&page).await?;
    assert_eq!((&after["score"], &after["opportunity"]["stage"]), (&before["score"], &before["opportunity"]["stage"]));
    assert_eq!(rooftop.get(&format!("{page}/story")).await?["items"][0]["title"], "Called");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_of_which_somebody_said_something_stays_when_its_lead_is_set_aside() -> Fails {
    let rooftop = Rooftop::open().await?;
    let due = rooftop.clock.now().0 + HOUR_MS;
    for (phone, says, body) in [
        ("207-555-0171", "stage", json!({ "stage": "engaged", "why": "Met her at the fair" })),
        ("207-555-0172", "follow-up", json!({ "due_ms": due, "what": "Numbers" })),
        ("207-555-0173", "lost", json!({ "why": "price" })),
    ] {
        let call = json!({ "person": { "first": "Otis", "phone": phone }, "road": "phone", "spoke": false });
        let taken = rooftop.post("/api/leads", &call).await?.json();
        let page = format!("/api/customers/{}", taken["customer"]["id"]);
        let said = rooftop.say("PUT", &format!("{page}/{says}"), &body).await?;
        assert_eq!(said.status.as_u16(), 200, "{}", said.json());
        assert_eq!(rooftop.say("PUT", &format!("/api/leads/{}/aside", taken["id"]), &json!({ "why": "vendor" })).await?.status.as_u16(), 204);
        let kept = rooftop.get(&page).await?["opportunity"].clone();
        assert!(kept.is_object(), "{says}: {kept}");
        let word = &said.json()["opportunity"];
        assert_eq!((&kept["lost"], &kept["follow_up"], &kept["by_hand"]), (&word["lost"], &word["follow_up"], &word["by_hand"]), "{says}");
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_twice_or_came_in_keeps_their_sale_when_the_first_lead_is_set_aside() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (phone, again) in [("207-555-0171", "/api/leads"), ("207-555-0172", "/api/visits")] {
        let call = json!({ "person": { "first": "Otis", "phone": phone }, "road": "phone", "spoke": false });
        let first = rooftop.post("/api/leads", &call).await?.json();
        let page = format!("/api/customers/{}", first["customer"]["id"]);
        let began = rooftop.get(&page).await?["opportunity"]["path"][0]["at_ms"].clone();
        rooftop.clock.advance_ms(HOUR_MS);
        let more = if again == "/api/leads" {
            json!({ "customer": first["customer"]["id"], "road": "email", "spoke": false })
        } else {
            json!({ "customer": first["customer"]["id"] })
        };
        let raised = rooftop.post(again, &more).await?;
        assert!(raised.status.is_success(), "{}", raised.json());
        let stood = rooftop.get(&page).await?["opportunity"].clone();
        let aside = format!("/api/leads/{}/aside", first["id"]);
        assert_eq!(rooftop.say("PUT", &aside, &json!({ "why": "mistake" })).await?.status.as_u16(), 204);
        let sale = rooftop.get(&page).await?["opportunity"].clone();
        assert_eq!((&sale["stage"], sale["path"][0]["at_ms"].as_i64()), (&stood["stage"], began.as_i64().map(|at| at + HOUR_MS)), "{again}: {sale}");
        assert_eq!(rooftop.say("DELETE", &aside, &json!({})).await?.status.as_u16(), 204);
        assert_eq!(rooftop.get(&page).await?["opportunity"], stood, "{again}: taken up, it began where it did");
        if again == "/api/leads" {
            rooftop.say("PUT", &format!("/api/leads/{}/aside", raised.json()["id"]), &json!({ "why": "mistake" })).await?;
            rooftop.say("PUT", &aside, &json!({ "why": "mistake" })).await?;
            assert_eq!(rooftop.get(&page).await?["opportunity"], Value::Null, "nobody ever asked");
        }
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_of_an_earlier_sale_that_is_taken_up_again_leaves_the_sale_of_today() -> Fails {
    let rooftop = Rooftop::open().await?;
    let call = json!({ "person": { "first": "Otis", "phone": "207-555-0171" }, "road": "phone", "spoke": false });
    let first = rooftop.post("/api/leads", &call).await?.json();
    let page = format!("/api/customers/{}", first["customer"]["id"]);
    rooftop.clock.advance_ms(HOUR_MS);
    rooftop.say("PUT", &format!("{page}/lost"), &json!({ "why": "price" })).await?;
    rooftop.clock.advance_ms(HOUR_MS);
    rooftop.post("/api/leads", &json!({ "customer": first["customer"]["id"], "road": "phone", "spoke": false })).await?;
    let today = rooftop.get(&page).await?["opportunity"].clone();
    assert!(today["lost"].is_null() && today["is_open"] == true, "{today}");
    let aside = format!("/api/leads/{}/aside", first["id"]);
    for method in ["PUT", "DELETE"] {
        assert_eq!(rooftop.say(method, &aside, &json!({ "why": "mistake" })).await?.status.as_u16(), 204);
        assert_eq!(rooftop.get(&page).await?["opportunity"], today, "{method}");
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_taken_down_by_mistake_reached_nobody() -> Fails {
    let rooftop = Rooftop::open().await?;
    rooftop.from_outside("/leads/adf", enquiry(14, "Is the CR-V still there?").as_bytes()).await?;
    rooftop.settled().await?;
    let customer = rooftop.get("/api/customers").await?["items"][0]["id"].clone();
    rooftop.clock.advance_ms(HOUR_MS);
    let call = json!({ "customer": customer, "road": "phone", "spoke": true });
    let taken = rooftop.post("/api/leads", &call).await?.json();
    let (path, page) = (format!("/api/leads/{}/aside", taken["id"]), format!("/api/customers/{customer}"));
    let stage = async || Ok::<_, crate::support::Failure>(rooftop.get(&page).await?["opportunity"]["stage"].clone());
    assert_eq!(stage().await?, "attempted");
    rooftop.say("PUT", &path, &json!({ "why": "mistake" })).await?;
    assert_eq!(stage().await?, "new", "nobody spoke to them");
    rooftop.say("DELETE", &path, &json!({})).await?;
    assert_eq!(stage().await?, "attempted");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appraisal_that_nobody_asked_for_counts_for_nothing() -> Fails {
    let rooftop = Rooftop::open().await?;
    let asked =
        enquiry(15, "What is it worth?").replace("<customer>", "<vehicle interest=\"trade-in\"><vin>1HGCM82633A004352</vin></vehicle><customer>");
    rooftop.from_outside("/leads/adf", asked.as_bytes()).await?;
    rooftop.settled().await?;
    let customer = rooftop.get("/api/customers").await?["items"][0]["id"].clone();
    let page = format!("/api/customers/{customer}");
    let score = rooftop.get(&page).await?["score"].clone();
    assert!(score.as_i64() > Some(0), "{score}");
    let lead = rooftop.house.rooms.store.read()?.last(tables::LEADS, &Span::all(), 1)?.pop().ok_or("a lead")?.0;
    rooftop.say("PUT", &format!("/api/leads/{lead}/aside"), &json!({ "why": "spam" })).await?;
    assert_eq!(rooftop.get(&page).await?["score"], 0);
    rooftop.say("DELETE", &format!("/api/leads/{lead}/aside"), &json!({})).await?;
    assert_eq!(rooftop.get(&page).await?["score"], score);
    rooftop.close().await;
    Ok(())
}

fn enquiry(id: u32, comments: &str) -> String {
    format!(
        r#"<?adf version="1.0"?><adf><prospect><id source="Website">{id}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <customer><contact><name part="full">Reader{id} Whitfield</name><phone>207-555-01{id:02}</phone></contact><comments>{comments}</comments></customer>
        <provider><name>Website</name></provider></prospect></adf>"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn advertisements_and_applications_are_set_aside_and_whoever_looks_may_take_them_up() -> Fails {
    let rooftop = Rooftop::open().await?;
    for (id, words) in
        [(11, "Our SEO and backlink packages start at $99."), (12, "Are you hiring? I turn wrenches."), (13, "Is the CR-V still there?")]
    {
        let sent = rooftop.from_outside("/leads/adf", enquiry(id, words).as_bytes()).await?;
        assert_eq!(sent.json()["status"], if id == 13 { "received" } else { "set-aside" }, "{words}");
    }
    rooftop.from_outside("/leads/adf", enquiry(12, "Are you hiring? I turn wrenches.").as_bytes()).await?;
    rooftop.settled().await?;
    let aside = rooftop.get("/api/set-aside").await?;
    let rows = aside["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(rows.iter().map(|r| &r["no_lead"]).collect::<Vec<_>>(), ["job_seeker", "spam"], "sent twice it is kept once");
    assert_eq!(rows[0]["reason"], "It looks like somebody looking for work. If it is a lead after all, take it up.");
    assert_eq!((rooftop.cards().await?.len(), &rooftop.get("/api/customers").await?["total"]), (1, &json!(1)), "they are nobody's customers");

    let again = format!("/api/set-aside/{}/again", rows[0]["id"]);
    assert_eq!(rooftop.post(&again, &json!({})).await?.json(), json!({ "leads": 1, "not": null }));
    assert_eq!(rooftop.post(&again, &json!({})).await?.json()["leads"], 1, "taken up twice it is one lead");
    rooftop.settled().await?;
    assert_eq!(rooftop.cards().await?.len(), 2);
    assert!(rooftop.get(&format!("/api/set-aside/{}", rows[0]["id"])).await?["restored_ms"].is_i64());
    rooftop.close().await;
    Ok(())
}

fn odd_mail(id: u32, name: &str, phone: &str, stock: &str) -> String {
    format!(
        "From: AutoGuru <buyers@autoguru.example>\r\nTo: leads@store.example\r\nSubject: Buyer\r\nMessage-ID: <{id}@autoguru.example>\r\nDate: Tue, 24 Nov 2026 09:40:30 -0500\r\n\r\nGood day!\r\n>> {name} <<\r\nring {phone} asap\r\nunit {stock} at your place\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_is_shown_once_and_its_next_mail_is_a_lead() -> Fails {
    let rooftop = Rooftop::open().await?;
    let sent = rooftop.from_outside("/leads/adf", odd_mail(1, "Jane Roe", "207-555-0134", "24117").as_bytes()).await?;
    assert_eq!(sent.json()["status"], "set-aside", "{}", sent.json());
    let row = rooftop.get("/api/set-aside").await?["items"][0].clone();
    let path = format!("/api/set-aside/{}", row["id"]);
    let shown = rooftop.get(&path).await?;
    assert_eq!(shown["sender"], "autoguru.example");
    assert!(shown["text"].as_str().is_some_and(|t| t.contains("ring 207-555-0134 asap")), "{shown}");
    assert_eq!(rooftop.post(&format!("{path}/again"), &json!({})).await?.json()["leads"], 0, "nobody showed us yet");

    let mark = |field: &str, value: &str| json!({ "field": field, "value": value });
    let wrong = json!({ "source": "AutoGuru", "marks": [mark("name", "Jane Roe")] });
    let refused = rooftop.post(&format!("{path}/teach"), &wrong).await?;
    assert_eq!(refused.json()["detail"], "Mark a phone number or an email address: without one nobody can be answered.");
    let marks = json!({ "source": "AutoGuru", "marks": [mark("name", "Jane Roe"), mark("phone", "207-555-0134"), mark("stock", "24117")] });
    let taught = rooftop.post(&format!("{path}/teach"), &marks).await?;
    assert_eq!((taught.status.as_u16(), taught.json()), (200, json!({ "leads": 1, "not": null })));
    rooftop.settled().await?;
    assert_eq!(rooftop.cards().await?[0]["customer"]["name"], "Jane Roe");

    let next = rooftop.from_outside("/leads/adf", odd_mail(2, "Otis Brandt", "(207) 555-0177", "24200").as_bytes()).await?;
    assert_eq!((&next.json()["status"], &next.json()["leads"][0]["source"]), (&json!("received"), &json!("AutoGuru")));
    rooftop.settled().await?;
    let names: Vec<Value> = rooftop.cards().await?.iter().map(|c| c["customer"]["name"].clone()).collect();
    assert!(names.contains(&json!("Otis Brandt")), "{names:?}");

    // A second kind of message of the same sender: both are read, and it is still one sender.
    let reminder = |id: u32, name: &str, phone: &str| odd_mail(id, name, phone, "24200").replace("ring ", "dial ");
    let strange = rooftop.from_outside("/leads/adf", reminder(5, "Ida Thorn", "207-555-0135").as_bytes()).await?;
    assert_eq!(strange.json()["status"], "set-aside");
    let aside = rooftop.get("/api/set-aside").await?["items"][0]["id"].clone();
    let marks = json!({ "source": "AutoGuru", "marks": [mark("name", "Ida Thorn"), mark("phone", "207-555-0135")] });
    assert_eq!(rooftop.post(&format!("/api/set-aside/{aside}/teach"), &marks).await?.json(), json!({ "leads": 1, "not": null }));
    for mail in [odd_mail(6, "Nora Vance", "207-555-0136", "24200"), reminder(7, "Sol Reed", "207-555-0137")] {
        assert_eq!(rooftop.from_outside("/leads/adf", mail.as_bytes()).await?.json()["status"], "received");
    }
    assert_eq!(rooftop.get("/api/lead-templates").await?["total"], 1);

    // Forgotten, it is as strange as before, in both.
    let known = rooftop.get("/api/lead-templates").await?;
    assert_eq!((&known["items"][0]["sender"], &known["items"][0]["fields"]), (&json!("autoguru.example"), &json!(["name", "phone", "stock"])));
    rooftop.say("DELETE", &format!("/api/lead-templates/{}", known["items"][0]["id"]), &json!({})).await?;
    let third = rooftop.from_outside("/leads/adf", odd_mail(3, "Vera Holt", "207-555-0178", "24200").as_bytes()).await?;
    assert_eq!(third.json()["status"], "set-aside");
    let fourth = rooftop.from_outside("/leads/adf", reminder(8, "Ana Pike", "207-555-0138").as_bytes()).await?;
    assert_eq!(fourth.json()["status"], "set-aside");
    assert_eq!(rooftop.get("/api/lead-templates").await?["total"], 0);
    rooftop.close().await;
    Ok(())
}
