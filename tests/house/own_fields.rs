//! Is what a store asks of its customers itself read from files, kept in its one form, and found again?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use hyper::StatusCode;
use serde_json::{Value, json};

const PEOPLE: &str = "Customer Number,First Name,Last Name,Email,Club level,Lease ends\n\
    1,Dana,Whitfield,dana@example.com,gold,9/30/2027\n\
    2,Omar,Haddad,omar@example.com,lead,soon\n";

async fn with_fields() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let level = json!({ "label": "Club level", "kind": "choice", "choices": ["Gold", "Silver"] });
    asked(&rooftop, "PUT", "/api/fields/club-level", &level).await?;
    asked(&rooftop, "PUT", "/api/fields/lease-ends", &json!({ "label": "Lease ends", "kind": "date" })).await?;
    Ok(rooftop)
}

async fn asked(rooftop: &Rooftop, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answered = send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.as_bytes()).await?;
    if answered.status.is_success() { Ok(answered) } else { Err(format!("{path}: {} {}", answered.status, answered.json()).into()) }
}

/// Brings a file; its draft when it is rehearsed.
async fn bring(rooftop: &Rooftop, text: &str) -> Result<Value, Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    let headers = [("authorization", auth.as_str()), ("x-file-name", "roster.csv"), ("content-type", "application/octet-stream")];
    let brought = send(rooftop.lan, "POST", "/api/imports?kind=customers", &headers, text.as_bytes()).await?;
    assert_eq!(brought.status, StatusCode::CREATED);
    let id = brought.json()["run"]["id"].as_u64().ok_or("an import")?;
    rooftop.drafted(id).await?;
    rooftop.get(&format!("/api/imports/{id}")).await
}

async fn begin(rooftop: &Rooftop, draft: &Value) -> Fails {
    asked(rooftop, "POST", &format!("/api/imports/{}/run", draft["run"]["id"]), &Value::Null).await?;
    rooftop.settled().await
}

/// The values of a customer's own fields, by label.
async fn values(rooftop: &Rooftop, text: &str) -> Result<Value, Failure> {
    let found = rooftop.get(&format!("/api/search?q={text}")).await?;
    let page = rooftop.get(&format!("/api/customers/{}", found["hits"][0]["id"])).await?;
    Ok(page["details"]["fields"].as_array().ok_or("fields")?.iter().map(|f| f["value"].clone()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_is_shown_by_the_rehearsal_and_once_mended_comes_in_like_the_others() -> Fails {
    let rooftop = with_fields().await?;
    let draft = bring(&rooftop, PEOPLE).await?;
    let offered: Vec<&Value> = draft["targets"].as_array().ok_or("targets")?.iter().filter(|t| t["group"] == "Your own fields").collect();
    assert_eq!(offered.iter().map(|t| &t["word"]).collect::<Vec<_>>(), ["field:club-level", "field:lease-ends"]);
    assert_eq!(draft["mapping"]["columns"].as_array().ok_or("columns")?[4..], ["field:club-level", "field:lease-ends"]);
    assert_eq!((&draft["run"]["rehearsed"]["new"], &draft["run"]["rehearsed"]["held_back"]), (&json!(2), &json!(0)));
    let warnings = draft["run"]["rehearsed"]["warnings"].to_string();
    assert!(warnings.contains("Club level is one of Gold, Silver.") && warnings.contains("Lease ends is a date"), "{warnings}");

    let id = &draft["run"]["id"];
    let odd = rooftop.get(&format!("/api/imports/{id}/rows?which=odd")).await?;
    let places: Vec<&Value> = odd["items"][0]["problems"].as_array().ok_or("problems")?.iter().map(|p| &p["place"]).collect();
    assert_eq!((&odd["items"][0]["line"], places), (&json!(3), vec![&json!(4), &json!(5)]));
    asked(&rooftop, "PUT", &format!("/api/imports/{id}/rows/3"), &json!({ "cells": [{ "place": 4, "text": "SILVER" }] })).await?;
    rooftop.drafted(id.as_u64().ok_or("an id")?).await?;
    begin(&rooftop, &draft).await?;
    assert_eq!(values(&rooftop, "dana").await?, json!(["Gold", "2027-09-30"]));
    assert_eq!(values(&rooftop, "omar").await?, json!(["Silver", ""]));
    assert_eq!(values(&rooftop, "silver").await?, json!(["Silver", ""]), "a value finds whoever has it");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_column_whose_field_is_gone_is_left_out_and_said() -> Fails {
    let rooftop = with_fields().await?;
    let draft = bring(&rooftop, PEOPLE).await?;
    begin(&rooftop, &draft).await?;
    asked(&rooftop, "DELETE", "/api/fields/club-level", &Value::Null).await?;
    let again = bring(&rooftop, &PEOPLE.replace("gold", "silver")).await?;
    assert_eq!((&again["remembered"], &again["mapping"]["columns"][4]), (&json!(true), &json!("skip")));
    assert_eq!(again["notes"], json!(["The column Club level filled a field that this store no longer has; it is left out."]));
    begin(&rooftop, &again).await?;
    assert_eq!(values(&rooftop, "dana").await?, json!(["2027-09-30"]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_narrowed_by_what_a_field_holds_or_lacks_and_its_sheet_has_a_column_for_it() -> Fails {
    let rooftop = with_fields().await?;
    asked(&rooftop, "PUT", "/api/fields/spouse", &json!({ "label": "Spouse", "kind": "text" })).await?;
    let people = "First Name,Last Name,Email,Club level,Lease ends,Spouse\n\
        Dana,Whitfield,dana@example.com,gold,9/30/2027,Sam Whitfield\n\
        Omar,Haddad,omar@example.com,silver,,\n\
        Kit,Lowe,kit@example.com,,,\"=Sam, again\"\n";
    begin(&rooftop, &bring(&rooftop, people).await?).await?;
    for (query, expected) in [
        ("field[club-level]=GOLD", vec!["Dana Whitfield"]),
        ("field[club-level]=-", vec!["Kit Lowe"]),
        ("field[lease-ends]=9/30/2027", vec!["Dana Whitfield"]),
        ("field[lease-ends]=-&field[club-level]=silver", vec!["Omar Haddad"]),
        ("field[spouse]=sam", vec!["Kit Lowe", "Dana Whitfield"]),
        ("field[spouse]=sam&q=lowe", vec!["Kit Lowe"]),
        ("field[gone]=x", vec![]),
    ] {
        let query = format!("{}&sort=name", query.replace('[', "%5B").replace(']', "%5D"));
        let page = rooftop.get(&format!("/api/customers?{query}")).await?;
        assert_eq!(page["items"].as_array().ok_or("rows")?.iter().map(|row| &row["name"]).collect::<Vec<_>>(), expected, "{query}");
    }
    let auth = format!("Bearer {}", rooftop.token);
    let refused = send(rooftop.lan, "GET", "/api/customers?field%5Blease-ends%5D=soon", &[("authorization", &auth)], b"").await?;
    assert_eq!((refused.status, refused.json()["detail"].as_str()), (StatusCode::BAD_REQUEST, Some("Lease ends is a date, such as 11/24/2026.")));
    let sheet = send(rooftop.lan, "GET", "/api/customers.csv?sort=name&field%5Bspouse%5D=sam", &[("authorization", &auth)], b"").await?;
    let text = String::from_utf8(sheet.body.to_vec())?;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(",May email,Club level,Lease ends,Spouse"), "{text}");
    assert!(lines[1].ends_with(",,,\"'=Sam, again\"") && lines[2].ends_with(",Gold,2027-09-30,Sam Whitfield"), "{text}");
    rooftop.close().await;
    Ok(())
}
