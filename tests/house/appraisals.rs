//! Does a worksheet keep who said what, what nobody said, and how to take it back?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{ids::VehicleId, time::DAY_MS},
    service::appraisals,
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
