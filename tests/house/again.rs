//! Does what is sent twice, because no answer came, happen once, and is the answer the same?

use crate::support::{Fails, Failure, Rooftop, send};
use headlight::{
    domain::import_run::ImportKind,
    service::operator::Request,
    store::{Rows, Span, tables},
};
use hyper::StatusCode;
use serde_json::{Value, json};

const PEOPLE: &str = "customer number,first name,last name,phone,email\n\
    1,Dana,Whitfield,207-555-0148,dana@example.com\n\
    2,Danielle,Cole,207-555-0149,danielle@example.com\n\
    3,Dana,Whitfield,207-555-0148,dana@example.com\n\
    4,Sam,Lee,207-555-0150,sam@example.com\n";

async fn with_people() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let kind = Some(ImportKind::Customers);
    rooftop.operate(Request::Import { kind, rehearse: false, file: "people.csv".to_owned(), bytes: PEOPLE.into() }).await?;
    rooftop.settled().await?;
    Ok(rooftop)
}

fn journalled(rooftop: &Rooftop) -> Result<usize, Failure> {
    Ok(rooftop.house.rooms.store.read()?.keys(tables::JOURNAL, &Span::all(), usize::MAX)?.len())
}

/// Sends a write twice under one key. What came of it: the status and the body, the same both times. An import goes on by itself, so that
/// its counts may have moved between the two.
async fn twice(rooftop: &Rooftop, method: &str, path: &str, body: &[u8]) -> Result<(StatusCode, Value), Failure> {
    let auth = format!("Bearer {}", rooftop.token);
    let key = format!("twice-{:0>16}", journalled(rooftop)?.to_string() + &path.len().to_string() + method);
    let kind = if path.starts_with("/api/imports?") || path.ends_with("/files") { "application/octet-stream" } else { "application/json" };
    let headers = [("authorization", auth.as_str()), ("content-type", kind), ("idempotency-key", &key), ("x-file-name", "more.csv")];
    let first = send(rooftop.lan, method, path, &headers, body).await?;
    assert!(first.status.is_success(), "{method} {path}: {} {}", first.status, first.json());
    let entries = journalled(rooftop)?;
    let second = send(rooftop.lan, method, path, &headers, body).await?;
    if path.starts_with("/api/imports") {
        assert_eq!((second.status, &second.json()["run"]["id"]), (first.status, &first.json()["run"]["id"]), "{method} {path}");
    } else {
        assert_eq!((second.status, second.json()), (first.status, first.json()), "{method} {path}");
        assert_eq!(journalled(rooftop)?, entries, "{method} {path} had its effects twice");
    }
    Ok((first.status, first.json()))
}

async fn says(rooftop: &Rooftop, method: &str, path: &str, body: Value) -> Result<Value, Failure> {
    Ok(twice(rooftop, method, path, body.to_string().as_bytes()).await?.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_said_of_customers_is_said_once() -> Fails {
    let rooftop = with_people().await?;
    let (dana, danielle, sam) =
        (rooftop.found("dana%40example.com").await?, rooftop.found("danielle").await?, rooftop.found("sam%40example.com").await?);
    let of = |id: u64, what: &str| format!("/api/customers/{id}/{what}");
    let vip = json!({ "set": "tag", "tag": "vip", "on": true });
    let edited = says(&rooftop, "PUT", &of(danielle, "edits"), json!({ "changes": [{ "edit": vip, "before": null }] })).await?;
    says(&rooftop, "POST", &of(danielle, &format!("edits/{}/undo", edited["undo"])), json!({})).await?;
    let many = says(&rooftop, "POST", "/api/customers/bulk", json!({ "ids": [dana, danielle], "edit": vip })).await?;
    says(&rooftop, "POST", &format!("/api/bulk/{}/undo", many["id"]), json!({})).await?;
    says(&rooftop, "POST", &of(danielle, "notes"), json!({ "text": "Wants a truck" })).await?;
    let added = twice(&rooftop, "POST", &of(danielle, "files"), b"a contract").await?.1;
    twice(&rooftop, "DELETE", &format!("/api/files/{}", added["file"]["id"]), b"{}").await?;
    let part = rooftop.get(&format!("/api/customers/{dana}")).await?["parts"][1]["id"].clone();
    let out = says(&rooftop, "POST", &of(dana, &format!("parts/{part}/separate")), json!({})).await?;
    says(&rooftop, "POST", &format!("/api/apart/{}/undo", out["undo"]), json!({})).await?;
    let apart = says(&rooftop, "POST", &of(danielle, "apart"), json!({ "other": sam })).await?;
    says(&rooftop, "POST", &format!("/api/apart/{}/undo", apart["undo"]), json!({})).await?;
    says(&rooftop, "POST", &of(danielle, "apart/undo"), json!({ "other": sam })).await?;
    let merged = says(&rooftop, "POST", &of(danielle, "merge"), json!({ "other": sam, "choices": [] })).await?;
    assert!(merged["merge"].is_u64(), "{merged}");
    says(&rooftop, "POST", &format!("/api/merges/{}/undo", merged["merge"]), json!({})).await?;
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joining_is_answered_with_itself_though_another_came_since() -> Fails {
    let rooftop = with_people().await?;
    let (dana, danielle, sam) =
        (rooftop.found("dana%40example.com").await?, rooftop.found("danielle").await?, rooftop.found("sam%40example.com").await?);
    let join = async |other: u64, key: &str| {
        let auth = format!("Bearer {}", rooftop.token);
        let headers = [("authorization", auth.as_str()), ("content-type", "application/json"), ("idempotency-key", key)];
        let body = json!({ "other": other, "choices": [] }).to_string();
        send(rooftop.lan, "POST", &format!("/api/customers/{dana}/merge"), &headers, body.as_bytes()).await
    };
    let first = join(danielle, "the-first-joining").await?.json();
    let second = join(sam, "the-second-joining").await?.json();
    assert_ne!(first["merge"], second["merge"]);
    assert_eq!(join(danielle, "the-first-joining").await?.json(), first);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_views_are_changed_once() -> Fails {
    let rooftop = with_people().await?;
    let field = json!({ "label": "Next review", "kind": "date" });
    says(&rooftop, "PUT", "/api/fields/next-review", field).await?;
    says(&rooftop, "DELETE", "/api/fields/next-review", json!({})).await?;
    assert_eq!(rooftop.get("/api/fields").await?["fields"], json!([]));
    let view = |name: &str| json!({ "list": "customers", "name": name, "words": "tag=vip", "shared": false });
    let saved = says(&rooftop, "POST", "/api/views", view("VIPs")).await?;
    let path = format!("/api/views/{}", saved["id"]);
    says(&rooftop, "PUT", &path, view("Very important")).await?;
    says(&rooftop, "DELETE", &path, json!({})).await?;
    assert_eq!(rooftop.get("/api/views").await?["items"], json!([]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_mended_run_and_taken_back_once() -> Fails {
    let rooftop = with_people().await?;
    let rows = b"customer number,first name,last name,phone\n7,Ruth,Barros,207-555-0151\n8,,,nothing\n";
    let (status, brought) = twice(&rooftop, "POST", "/api/imports?kind=customers", rows).await?;
    assert_eq!(status, StatusCode::CREATED);
    let import = brought["run"]["id"].as_u64().ok_or("an import")?;
    let of = |what: &str| format!("/api/imports/{import}{what}");
    assert_eq!(rooftop.get("/api/imports").await?["items"].as_array().map(Vec::len), Some(2), "one draft beside what was there");
    twice(&rooftop, "PUT", &of("/rows/3"), json!({ "cells": [{ "place": 1, "text": "Otis" }] }).to_string().as_bytes()).await?;
    rooftop.drafted(import).await?;
    twice(&rooftop, "POST", &of("/run"), b"{}").await?;
    rooftop.settled().await?;
    let back = twice(&rooftop, "POST", &of("/undo"), b"{}").await?;
    assert_eq!(back.0, StatusCode::ACCEPTED);
    let other = twice(&rooftop, "POST", "/api/imports?kind=customers", b"customer number,first name\n9,Vera\n").await?.1;
    twice(&rooftop, "DELETE", &format!("/api/imports/{}", other["run"]["id"]), b"{}").await?;
    rooftop.close().await;
    Ok(())
}
