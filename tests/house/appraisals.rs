//! Does a worksheet keep who said what, what nobody said, and how to take it back?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{ids::VehicleId, staff::Role, time::DAY_MS},
    service::{access, appraisals, operator::Request},
    store::{Rows, tables},
};
use serde_json::{Value, json};

const VIN: &str = "1HGCM82633A004352";

/// A request of somebody's browser on the staff side.
async fn ask(rooftop: &Rooftop, cookie: &str, method: &str, path: &str, seen: Option<&Value>, body: &Value) -> Result<Answered, Failure> {
    let tag = seen.map(|revision| format!("\"{revision}\"")).unwrap_or_default();
    let mut headers = vec![("cookie", cookie), ("content-type", "application/json")];
    if seen.is_some() {
        headers.push(("if-match", tag.as_str()));
    }
    send(rooftop.lan, method, path, &headers, body.to_string().as_bytes()).await
}

async fn customer(rooftop: &Rooftop) -> Result<u64, Failure> {
    let adf = format!(
        "<?xml version=\"1.0\"?><adf><prospect><requestdate>2026-11-24T09:00:00-05:00</requestdate><vehicle interest=\"trade-in\"><year>2003</year>\
         <make>Honda</make><model>Accord</model><vin>{VIN}</vin></vehicle><customer><contact><name part=\"full\">Dana Whitfield</name>\
         <phone>207-555-0148</phone></contact></customer><provider><name>Example</name></provider></prospect></adf>"
    );
    rooftop.from_outside("/leads/adf", adf.as_bytes()).await?;
    rooftop.settled().await?;
    rooftop.get("/api/customers?limit=5").await?["items"][0]["id"].as_u64().ok_or_else(|| "a customer".into())
}

fn sheet() -> Value {
    json!({
        "vin": VIN, "year": 2003, "make": "Honda", "model": "Accord", "odometer": "150,000",
        "state": { "drives": "good", "tires": "fair" },
        "recon": [{ "id": 1, "what": "Four tires", "cost_cents": 60_000 }, { "id": 2, "what": "Detail" }],
        "acv_cents": 250_000,
        "payoff": { "amount_cents": 120_000, "said_by": "The bank, by phone" },
        "allowance_cents": 300_000,
    })
}

fn with(mut value: Value, changes: Value) -> Value {
    if let (Some(all), Value::Object(changes)) = (value.as_object_mut(), changes) {
        all.extend(changes);
    }
    value
}

#[tokio::test]
async fn a_worksheet_goes_from_draft_to_a_figure_that_is_taken_and_each_step_back() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let rep = rooftop.sign_in("Priya Nair").await?;
    let page = rooftop.get(&format!("/api/customers/{customer}")).await?;
    let vehicle = page["vehicles"][0]["vehicle_id"].as_u64().ok_or("their car")?;

    let opened = ask(&rooftop, &rep, "POST", &format!("/api/customers/{customer}/appraisals"), None, &json!({ "vehicle": vehicle })).await?;
    assert_eq!(opened.status.as_u16(), 201, "{}", opened.json());
    let draft = opened.json();
    let path = format!("/api/appraisals/{}", draft["id"]);
    assert_eq!((&draft["stage"], &draft["car"]["vin"], &draft["car"]["year"]), (&json!("draft"), &json!(VIN), &json!(2003)));
    assert_eq!((&draft["acv"], &draft["equity_cents"], &draft["recon_total_cents"]), (&Value::Null, &Value::Null, &Value::Null));

    let unsaid = ask(&rooftop, &rep, "POST", &format!("{path}/decision"), Some(&draft["revision"]), &json!({ "decision": "accepted" })).await?;
    assert_eq!(unsaid.status.as_u16(), 422, "there is no figure to take");

    let written = ask(&rooftop, &rep, "PUT", &path, Some(&draft["revision"]), &sheet()).await?.json();
    assert_eq!((&written["stage"], &written["acv"]["by"]["name"]), (&json!("appraised"), &json!("Priya Nair")), "{written}");
    assert_eq!((&written["equity_cents"], &written["allowance_cents"]), (&json!(180_000), &json!(300_000)));
    let stale = ask(&rooftop, &rep, "PUT", &path, Some(&draft["revision"]), &with(sheet(), json!({ "notes": "late" }))).await?;
    assert_eq!((stale.status.as_u16(), &stale.json()["code"]), (409, &json!("changed-since")));
    assert_eq!(ask(&rooftop, &rep, "PUT", &path, None, &sheet()).await?.status.as_u16(), 428);

    let said = appraisals::said_value(&rooftop.house.rooms.store.read()?, VehicleId(vehicle))?;
    assert_eq!(said.iter().map(|s| (s.value.0, s.is_appraisal)).collect::<Vec<_>>(), [(250_000, true)]);

    let taken =
        ask(&rooftop, &rep, "POST", &format!("{path}/decision"), Some(&written["revision"]), &json!({ "decision": "accepted" })).await?.json();
    assert_eq!(taken["stage"], "accepted");
    let story = rooftop.get(&format!("/api/customers/{customer}/story?limit=50")).await?.to_string();
    for line in ["Began the appraisal of the 2003 Honda Accord", "Appraised the 2003 Honda Accord at $2,500", "Took $3,000 for the 2003 Honda Accord"]
    {
        assert!(story.contains(line), "{line}: {story}");
    }

    let jo = rooftop.sign_in("Jo Lindqvist").await?;
    assert_eq!(ask(&rooftop, &jo, "POST", &format!("{path}/undo"), Some(&taken["revision"]), &json!({})).await?.status.as_u16(), 403);
    let back = ask(&rooftop, &rep, "POST", &format!("{path}/undo"), Some(&taken["revision"]), &json!({})).await?.json();
    assert_eq!(back["stage"], "appraised");
    let back = ask(&rooftop, &rep, "POST", &format!("{path}/undo"), Some(&back["revision"]), &json!({})).await?.json();
    assert_eq!((&back["stage"], &back["acv"], &back["undo"]), (&json!("draft"), &Value::Null, &Value::Null));
    let story = rooftop.get(&format!("/api/customers/{customer}/story?limit=50")).await?.to_string();
    assert!(!story.contains("Took $3,000") && !story.contains("at $2,500"), "{story}");
    assert!(appraisals::said_value(&rooftop.house.rooms.store.read()?, VehicleId(vehicle))?.is_empty());
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn cost_is_seen_and_set_by_few_and_kept_when_others_write() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let (rep, manager) = (rooftop.sign_in("Priya Nair").await?, rooftop.sign_in("Sam Rourke").await?);
    let opened = ask(&rooftop, &manager, "POST", &format!("/api/customers/{customer}/appraisals"), None, &json!({ "vin": VIN })).await?.json();
    let path = format!("/api/appraisals/{}", opened["id"]);
    let book = json!({ "value_cents": 280_000, "source": "A guide, average", "on_ms": 1_795_500_000_000_i64 });
    let full = with(sheet(), json!({ "book": book, "recon": [{ "id": 1, "what": "Four tires", "cost_cents": 60_000 }] }));
    let all = ask(&rooftop, &manager, "PUT", &path, Some(&opened["revision"]), &full).await?.json();
    assert_eq!((&all["recon_total_cents"], &all["over_allowance_cents"]), (&json!(60_000), &json!(50_000)), "{all}");

    let known = rooftop.house.rooms.store.read()?.get(tables::VINS, &VIN.to_owned())?.ok_or("a car")?;
    let said = appraisals::said_value(&rooftop.house.rooms.store.read()?, known)?;
    assert_eq!(said.iter().map(|s| (s.value.0, s.is_appraisal)).collect::<Vec<_>>(), [(250_000, true), (280_000, false)], "a guide did not see it");

    let seen = ask(&rooftop, &rep, "GET", &path, None, &Value::Null).await?.json();
    assert_eq!(
        (&seen["recon"][0]["cost_cents"], &seen["book"], &seen["over_allowance_cents"], &seen["recon_total_cents"]),
        (&Value::Null, &Value::Null, &Value::Null, &Value::Null)
    );
    let by_rep = with(sheet(), json!({ "recon": [{ "id": 1, "what": "Two tires" }], "notes": "Looked at it again" }));
    ask(&rooftop, &rep, "PUT", &path, Some(&seen["revision"]), &by_rep).await?;
    let kept = ask(&rooftop, &manager, "GET", &path, None, &Value::Null).await?.json();
    assert_eq!(
        (&kept["recon"][0]["what"], &kept["recon"][0]["cost_cents"], &kept["book"]["value_cents"]),
        (&json!("Two tires"), &json!(60_000), &json!(280_000))
    );
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn two_trades_on_one_deal_make_one_sum_once_both_are_known() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let rep = rooftop.sign_in("Priya Nair").await?;
    let open = format!("/api/customers/{customer}/appraisals");
    let first = ask(&rooftop, &rep, "POST", &open, None, &json!({ "vin": VIN })).await?.json();
    let second =
        ask(&rooftop, &rep, "POST", &open, None, &json!({ "year": 2012, "make": "Ford", "model": "Focus", "beside": first["id"] })).await?.json();
    let path = |sheet: &Value| format!("/api/appraisals/{}", sheet["id"]);
    ask(&rooftop, &rep, "PUT", &path(&first), Some(&json!(1)), &sheet()).await?;
    let one = ask(&rooftop, &rep, "GET", &path(&first), None, &Value::Null).await?.json();
    assert_eq!((&one["beside"]["id"], &one["both_equity_cents"]), (&second["id"], &Value::Null), "{one}");
    let other =
        json!({ "year": 2012, "make": "Ford", "model": "Focus", "acv_cents": 100_000, "payoff": { "amount_cents": 0, "said_by": "The customer" } });
    let both = ask(&rooftop, &rep, "PUT", &path(&second), Some(&second["revision"]), &other).await?.json();
    assert_eq!((&both["both_equity_cents"], &both["beside"]["id"]), (&json!(280_000), &first["id"]), "{both}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_figure_expires_and_is_said_anew() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let token = format!("Bearer {}", rooftop.token);
    let opened = rooftop.post(&format!("/api/customers/{customer}/appraisals"), &json!({ "vin": VIN })).await?.json();
    let path = format!("/api/appraisals/{}", opened["id"]);
    let put = |seen: String, body: Value| {
        let (path, token, lan) = (path.clone(), token.clone(), rooftop.lan);
        async move {
            send(
                lan,
                "PUT",
                &path,
                &[("authorization", &token), ("content-type", "application/json"), ("if-match", &seen)],
                body.to_string().as_bytes(),
            )
            .await
        }
    };
    put("1".to_owned(), with(sheet(), json!({ "acv_days": 2 }))).await?;
    rooftop.clock.advance_ms(3 * DAY_MS);
    let old = rooftop.get(&path).await?;
    assert_eq!(old["stage"], "expired");
    let anew = put(old["revision"].to_string(), with(sheet(), json!({ "acv_days": 5 }))).await?.json();
    assert_eq!((&anew["stage"], &anew["acv"]["days"]), (&json!("appraised"), &json!(5)), "{anew}");
    for wrong in [json!({ "acv_cents": -1 }), json!({ "odometer": "-3" }), json!({ "photos": [99] }), json!({ "vin": "X" })] {
        assert_eq!(put(anew["revision"].to_string(), with(sheet(), wrong.clone())).await?.status.as_u16(), 422, "{wrong}");
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_new_worksheet_begins_with_what_the_house_knows_and_lies_under_its_car_alone() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let vehicle = rooftop.get(&format!("/api/customers/{customer}")).await?["vehicles"][0]["vehicle_id"].as_u64().ok_or("their car")?;
    let owed = json!({ "amount_cents": 120_000, "from": "Credit Union" });
    rooftop.say("PUT", &format!("/api/customers/{customer}/vehicles/{vehicle}/payoff"), &owed).await?;
    let open =
        async || Ok::<_, Failure>(rooftop.post(&format!("/api/customers/{customer}/appraisals"), &json!({ "vehicle": vehicle })).await?.json());
    let first = open().await?;
    assert_eq!((&first["payoff"]["amount_cents"], &first["payoff"]["said_by"]), (&json!(120_000), &json!("Credit Union")), "{first}");
    let path = format!("/api/appraisals/{}", first["id"]);
    let put = async |seen: &Value, body: &Value| rooftop.say_with(&[("if-match", &seen.to_string())], "PUT", &path, body).await;
    let written = put(&first["revision"], &sheet()).await?.json();
    assert_eq!(open().await?["state"]["tires"], "fair", "as it was seen the last time");

    // It was another car: what was said is not said of this one.
    let said = |id: u64| Ok::<_, Failure>(appraisals::said_value(&rooftop.house.rooms.store.read()?, VehicleId(id))?.len());
    assert_eq!(said(vehicle)?, 1);
    let other = put(&written["revision"], &with(sheet(), json!({ "vin": "5YFBURHE5HP600001" }))).await?.json();
    assert_eq!((said(vehicle)?, said(other["vehicle_id"].as_u64().ok_or("a car")?)?), (0, 1), "{other}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn whoever_took_a_figure_took_that_figure_and_only_while_the_store_stands_by_it() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let opened = rooftop.post(&format!("/api/customers/{customer}/appraisals"), &json!({ "vin": VIN })).await?.json();
    let path = format!("/api/appraisals/{}", opened["id"]);
    let put = async |seen: &Value, body: &Value| rooftop.say_with(&[("if-match", &seen.to_string())], "PUT", &path, body).await;
    let decide = async |seen: &Value, decision: &str| {
        let body = json!({ "decision": decision });
        rooftop.say_with(&[("if-match", &seen.to_string())], "POST", &format!("{path}/decision"), &body).await
    };
    let written = put(&opened["revision"], &sheet()).await?.json();
    let taken = decide(&written["revision"], "accepted").await?.json();
    let noted = put(&taken["revision"], &with(sheet(), json!({ "notes": "Two keys" }))).await?.json();
    assert_eq!(noted["stage"], "accepted", "a note is no other figure");
    let less = put(&noted["revision"], &with(sheet(), json!({ "allowance_cents": 280_000 }))).await?.json();
    assert_eq!((&less["stage"], &less["decided"]), (&json!("appraised"), &Value::Null));
    rooftop.clock.advance_ms(8 * DAY_MS);
    let late = decide(&less["revision"], "accepted").await?;
    assert_eq!(late.status.as_u16(), 422, "{}", late.json());
    assert_eq!(decide(&less["revision"], "declined").await?.json()["stage"], "declined");
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_worksheet_is_written_by_whoever_may_and_lies_beside_one_of_the_same_customer() -> Fails {
    let rooftop = Rooftop::open().await?;
    let customer = customer(&rooftop).await?;
    let opened = rooftop.post(&format!("/api/customers/{customer}/appraisals"), &json!({ "vin": VIN })).await?.json();
    let call = json!({ "person": { "first": "Otis", "phone": "207-555-0177" }, "road": "phone", "spoke": false });
    let other = rooftop.post("/api/leads", &call).await?.json()["customer"]["id"].clone();
    let beside = json!({ "year": 2012, "make": "Ford", "model": "Focus", "beside": opened["id"] });
    let refused = rooftop.post(&format!("/api/customers/{other}/appraisals"), &beside).await?;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.json());

    let password_hash = access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Bea Dahl".to_owned(), role: Role::Bdc, password_hash }).await?;
    let bdc = rooftop.sign_in("Bea Dahl").await?;
    let path = format!("/api/appraisals/{}", opened["id"]);
    assert_eq!(ask(&rooftop, &bdc, "PUT", &path, Some(&opened["revision"]), &sheet()).await?.status.as_u16(), 403);
    assert_eq!(rooftop.get(&path).await?["revision"], opened["revision"]);
    rooftop.close().await;
    Ok(())
}
